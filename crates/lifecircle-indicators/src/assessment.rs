//! The assessment of a place: plain data, by names and ids, ready for any interface.

use std::collections::BTreeMap;

use lifecircle_access::Coverage;
use lifecircle_taxonomy::{Confidence, Requirement, Target, Tier};
use lifecircle_types::{Group, Placement, Rule, ServiceKey, Speed, UnitKind, word_enum};

use crate::inventory::InventoryEntry;

/// A figure in the strict and in the lenient reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Range {
    /// Places of unknown level count for none.
    pub strict: Coverage,
    /// Places of unknown level count for their family's usual level.
    pub lenient: Coverage,
}

impl Range {
    /// Whether both readings agree.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.strict == self.lenient
    }
}

word_enum! {
    /// How a coverage stands to its target.
    Attainment, "attainment" {
        /// The strict reading reaches it.
        Met = "met",
        /// Only the lenient reading reaches it.
        Open = "open",
        /// Neither does.
        Missed = "missed",
    }
}

/// Coverage of one group at its own pace, or of everyone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaceCoverage {
    /// The group; `None` is everyone, each at the pace of their age, or all as the walker.
    pub group: Option<String>,
    /// The walker; `None` where several walkers stand behind the figure. Without a group everyone walks as this one does.
    pub walker: Option<String>,
    /// With the standard walker.
    pub standard: Range,
    /// At the walker's own pace; `None` where the rule does not depend on pace.
    pub own_pace: Option<Range>,
}

/// What came out for one service.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceResult {
    /// The service.
    pub service: ServiceKey,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: String,
    /// Key of the domain.
    pub domain: String,
    /// Tier on the study's day in its place.
    pub tier: Option<Tier>,
    /// What the pack asks, where a resident's kind of place does not ask otherwise.
    pub requirement: Requirement,
    /// Key of the pack.
    pub pack: String,
    /// The rule.
    pub rule: Rule,
    /// The standard walker.
    pub standard_walker: Speed,
    /// How sure the rule's figure is.
    pub confidence: Confidence,
    /// Whether it could be assessed.
    pub inventory: InventoryEntry,
    /// Coverage of all residents; `None` where the service is not assessed.
    pub coverage: Option<Range>,
    /// Coverage if every level of the service's family counted; `None` where it is no level.
    pub any_level: Option<Coverage>,
    /// The pack's target.
    pub target: Option<Target>,
    /// How the coverage of an assessed service stands to the target.
    pub attainment: Option<Attainment>,
    /// Groups beside all residents.
    pub pace: Vec<PaceCoverage>,
}

impl ServiceResult {
    /// Whether the rule rests on a figure that nobody has confirmed.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.confidence == Confidence::Memory
    }
}

/// The three shares of the residents of a place, tier or domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shares {
    /// `all`, `tier:basic`, `tier:none` for services without a tier here, `domain:health`, …
    pub scope: String,
    /// Required services in the scope.
    pub services: Vec<ServiceKey>,
    /// Residents with every required service.
    pub every: Range,
    /// The mean over required services, as people weighted by the share of their services that they have.
    pub mean: Range,
    /// Residents with none; the lenient reading is the smaller figure.
    pub none: Range,
}

/// What came out for one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitResult {
    /// Code.
    pub code: String,
    /// Name, or the code.
    pub label: String,
    /// Kind.
    pub kind: UnitKind,
    /// The three shares over all required services.
    pub shares: Shares,
    /// Coverage per required service, in their order.
    pub coverage: Vec<UnitCoverage>,
}

/// Coverage of one service in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitCoverage {
    /// The service.
    pub service: ServiceKey,
    /// Coverage of the unit's residents of whom it is required.
    pub coverage: Range,
}

/// Residents and how they were placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResidentTotals {
    /// Resident places.
    pub places: u64,
    /// Everyone.
    pub people: lifecircle_types::People,
    /// People by how their position was found.
    pub by_placement: BTreeMap<Placement, lifecircle_types::People>,
    /// People without a street in reach; they count as unserved.
    pub without_street: lifecircle_types::People,
    /// People whose street does not hang together with the main part of the network: they reach what lies on
    /// their island of streets and nothing else.
    pub on_islands: lifecircle_types::People,
    /// People outside every unit.
    pub outside_units: lifecircle_types::People,
    /// Groups.
    pub groups: Vec<GroupTotal>,
}

/// A group in the whole place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupTotal {
    /// The group, and whether it was counted place by place.
    pub group: Group,
    /// Its people.
    pub people: lifecircle_types::People,
}

/// Everything that came out.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assessment {
    /// Residents.
    pub residents: ResidentTotals,
    /// Services in the order of their keys.
    pub services: Vec<ServiceResult>,
    /// Services that the packs call `must`, assessed or not.
    pub must: usize,
    /// Services that are offered somewhere and for which no pack has a rule.
    pub no_rule: Vec<ServiceKey>,
    /// Shares of the whole place first, then of tiers and domains.
    pub shares: Vec<Shares>,
    /// Units by code.
    pub units: Vec<UnitResult>,
    /// Per service, in their order, and per place: whether the rule holds in the strict reading; empty where the
    /// service is not assessed.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub verdicts: Vec<Vec<bool>>,
    /// As `verdicts`, in the lenient reading.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub lenient: Vec<Vec<bool>>,
    /// Per place: required services, and those met in the strict and in the lenient reading.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub met: Vec<(u16, u16, u16)>,
}

impl Assessment {
    /// Required services that could be assessed, as a share of all that the packs call `must`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of services")]
    pub fn assessed_share(&self) -> Option<f64> {
        let required = self.shares.first().map_or(0, |all| all.services.len());
        (self.must > 0).then(|| required as f64 / self.must as f64)
    }

    /// Units of the smallest kind that has residents, worst mean first, at most `count`.
    #[must_use]
    pub fn worst_units(&self, count: usize) -> Vec<&UnitResult> {
        let lived_in = |unit: &&UnitResult| unit.shares.mean.strict.all > lifecircle_types::People::ZERO;
        let Some(smallest) = self.units.iter().filter(lived_in).map(|unit| unit.kind).min() else {
            return vec![];
        };
        let mut units: Vec<_> =
            self.units.iter().filter(lived_in).filter(|unit| unit.kind == smallest).collect();
        units.sort_by(|a, b| {
            let share = |unit: &UnitResult| unit.shares.mean.strict.share().unwrap_or(1.0);
            share(a).total_cmp(&share(b)).then_with(|| a.code.cmp(&b.code))
        });
        units.truncate(count);
        units
    }
}
