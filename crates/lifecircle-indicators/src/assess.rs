//! From evidence to the assessment.
//!
//! For every rule `s` and resident place `i` there is a trip to the nearest facility, or none. The rule holds
//! at `i` when the trip exists and keeps the limit (inclusive). Sums run over whole millionths of people, so the
//! order of places and threads does not matter.

use std::sync::Arc;

use lifecircle_access::Coverage;
use lifecircle_taxonomy::{Catalogue, Requirement};
use lifecircle_types::{
    AgeBand, Date, DemandSet, Evidence, People, Placement, Rule, ServiceKey, Speed, UnitIx, UnitSet, ZoneType,
};

use crate::assessment::{Assessment, GroupTotal, Range, ResidentTotals, ServiceResult};
use crate::between::Between;
use crate::board::Board;
use crate::evidence::{EvidenceColumn, ServiceEvidence};
use crate::inventory::{InventoryEntry, InventoryState};
use crate::pace::pace;
use crate::rules::AppliedRule;
use crate::threads::each;

/// What is known about where a resident place stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The smallest unit it lies in.
    pub unit: Option<UnitIx>,
    /// Whether a street is in reach.
    pub on_street: bool,
    /// Whether that street hangs together with the main part of the network.
    pub on_main_network: bool,
}

/// Someone with a pace.
#[derive(Clone, Debug, PartialEq)]
pub struct Walker {
    /// Key, such as `age_75_84`.
    pub key: String,
    /// Speed on the level.
    pub speed: Speed,
    /// Ages, where the walker stands for an age band.
    pub ages: Option<AgeBand>,
    /// Trips by rules of the walker's own, per rule, in metres on the level that take as long; `None` walks as the
    /// standard walker does, at another pace.
    pub trips: Option<Arc<[ServiceEvidence]>>,
}

impl Walker {
    /// The trips of the rule `row`.
    pub(crate) fn evidence<'a>(&'a self, inputs: &'a Inputs<'_>, row: usize) -> &'a ServiceEvidence {
        self.trips.as_ref().map_or(&inputs.evidence[row], |trips| &trips[row])
    }
}

/// All that an assessment needs.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The study's day.
    pub date: Date,
    /// The study's place, such as `CN-51` or `IM`.
    pub jurisdiction: &'a str,
    /// Residents.
    pub residents: &'a DemandSet,
    /// Where each resident place stands.
    pub homes: &'a [Home],
    /// Units.
    pub units: &'a UnitSet,
    /// Rules by service.
    pub rules: &'a [AppliedRule],
    /// Inventory of the rules.
    pub inventory: &'a [InventoryEntry],
    /// Services that are offered somewhere and for which no rule asks.
    pub no_rule: &'a [ServiceKey],
    /// Evidence of the rules; what is not assessed may be empty.
    pub evidence: &'a [ServiceEvidence],
    /// Walkers for own pace.
    pub walkers: &'a [Walker],
}

impl Inputs<'_> {
    /// The kind of place where each resident place lies, of the smallest unit around it that states one.
    #[must_use]
    pub fn zones(&self) -> Vec<Option<ZoneType>> {
        (0..self.homes.len()).map(|place| self.zone(place)).collect()
    }

    /// That of one place.
    pub(crate) fn zone(&self, place: usize) -> Option<ZoneType> {
        self.units.zone(self.homes[place].unit?)
    }

    /// The resident places of every unit, those of the units inside it among them; rows ascend.
    #[must_use]
    pub fn places_by_unit(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.units.len()];
        for (place, home) in self.homes.iter().enumerate() {
            for unit in home.unit.into_iter().flat_map(|unit| self.units.lineage(unit)) {
                members[unit.index()].push(place);
            }
        }
        members
    }
}

/// Applies the rules to the evidence.
///
/// # Panics
/// When the columns of `inputs` do not belong together: homes per resident place, inventory and evidence per rule.
#[must_use]
pub fn assess(inputs: &Inputs<'_>) -> Assessment {
    assert_eq!(inputs.homes.len(), inputs.residents.len(), "one home per resident place");
    assert_eq!(inputs.inventory.len(), inputs.rules.len(), "one inventory entry per rule");
    assert_eq!(inputs.evidence.len(), inputs.rules.len(), "evidence for every rule");
    let zones = inputs.zones();
    let rows: Vec<usize> = (0..inputs.rules.len()).collect();
    let verdicts: Vec<Verdicts> = each(&rows, |&row| Verdicts::of(inputs, &zones, row));
    let services: Vec<ServiceResult> = each(&rows, |&row| service(inputs, &zones, row, &verdicts[row]));
    let required = required_rows(inputs);
    let board = Board { inputs, verdicts: &verdicts, zones: &zones };
    let everywhere = || 0..inputs.residents.len();
    let mut shares = vec![board.shares("all".into(), &required, everywhere())];
    let scoped = |scope: &dyn Fn(&ServiceResult) -> Option<String>| {
        let mut scopes: Vec<(String, Vec<usize>)> = Vec::new();
        for &row in &required {
            let Some(name) = scope(&services[row]) else {
                continue;
            };
            match scopes.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(at) => scopes[at].1.push(row),
                Err(at) => scopes.insert(at, (name, vec![row])),
            }
        }
        scopes
    };
    let tiers = scoped(&|service| {
        Some(service.tier.map_or_else(|| "tier:none".to_string(), |tier| format!("tier:{tier}")))
    });
    let domains = scoped(&|service| Some(format!("domain:{}", service.domain)));
    shares.extend(
        tiers.into_iter().chain(domains).map(|(scope, rows)| board.shares(scope, &rows, everywhere())),
    );
    let (units, met) = (board.units(&required), board.met(&required));
    let (strict, lenient) = verdicts.into_iter().map(|verdicts| (verdicts.strict, verdicts.lenient)).unzip();
    Assessment {
        residents: totals(inputs),
        must: inputs.rules.iter().filter(|applied| may_be_required(applied)).count(),
        no_rule: inputs.no_rule.to_vec(),
        shares,
        units,
        met,
        verdicts: strict,
        lenient,
        services,
    }
}

/// The rules whose verdicts count for what places have of all that is required of them.
pub(crate) fn required_rows(inputs: &Inputs<'_>) -> Vec<usize> {
    (0..inputs.rules.len())
        .filter(|&row| inputs.inventory[row].state == InventoryState::Assessed)
        .filter(|&row| may_be_required(&inputs.rules[row]))
        .collect()
}

pub(crate) fn may_be_required(applied: &AppliedRule) -> bool {
    let rule = &applied.rule;
    let anywhere = rule.requirement == Requirement::Must
        || rule.requirement_in.values().any(|r| *r == Requirement::Must);
    anywhere && rule.rule != Rule::NoWalkingCatchment
}

/// Whether a trip keeps a rule.
fn holds(rule: Rule, trip: Option<Evidence>) -> bool {
    trip.is_some_and(|trip| match rule {
        Rule::WalkTime(limit) | Rule::DriveTime(limit) => trip.time.is_some_and(|time| time <= limit),
        Rule::WalkDistance(limit) => trip.length.is_some_and(|length| length <= limit),
        Rule::StraightRadius(limit) => trip.straight_length.is_some_and(|length| length <= limit),
        Rule::PresenceInUnit(_) => true,
        Rule::NoWalkingCatchment => false,
    })
}

/// Verdicts of one rule, per resident place.
pub(crate) struct Verdicts {
    pub(crate) strict: Vec<bool>,
    pub(crate) lenient: Vec<bool>,
    /// Whether both readings are one.
    alike: bool,
}

impl Verdicts {
    /// What holds in the strict reading holds in the lenient one; without a lenient one both are alike.
    pub(crate) fn new(strict: Vec<bool>, lenient: Option<Vec<bool>>) -> Self {
        let alike = lenient.is_none();
        let mut lenient = lenient.unwrap_or_else(|| strict.clone());
        for (lenient, strict) in lenient.iter_mut().zip(&strict) {
            *lenient |= strict;
        }
        Self { strict, lenient, alike }
    }

    fn of(inputs: &Inputs<'_>, zones: &[Option<ZoneType>], row: usize) -> Self {
        if !inputs.inventory[row].state.has_verdicts() {
            return Self::new(vec![], None);
        }
        let rule = &inputs.rules[row].rule;
        let evidence = &inputs.evidence[row];
        let verdicts = |trips: &EvidenceColumn| {
            trips.iter().zip(zones).map(|(trip, zone)| holds(rule.rule_for(*zone), trip)).collect()
        };
        let strict: Vec<bool> = verdicts(&evidence.strict);
        assert_eq!(strict.len(), inputs.residents.len(), "evidence for every resident place");
        Self::new(strict, evidence.lenient.as_ref().map(verdicts))
    }

    pub(crate) fn range(&self, people: &[People]) -> Range {
        let strict = covered(people, &self.strict);
        Range { strict, lenient: if self.alike { strict } else { covered(people, &self.lenient) } }
    }
}

pub(crate) fn covered(people: &[People], holds: &[bool]) -> Coverage {
    lifecircle_access::coverage(people, holds).expect("columns of one demand set are equally long")
}

fn service(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    verdicts: &Verdicts,
) -> ServiceResult {
    let applied = &inputs.rules[row];
    let rule = &applied.rule;
    let record = inputs.catalogue.service(&rule.service);
    let assessed = inputs.inventory[row].state.has_verdicts();
    let coverage = assessed.then(|| verdicts.range(inputs.residents.people()));
    let compared = coverage.filter(|_| inputs.inventory[row].state == InventoryState::Assessed);
    let attainment = compared.zip(rule.target.as_ref()).and_then(|(range, target)| {
        let (strict, lenient) = (range.strict.share()?, range.lenient.share()?);
        Some(Between { low: strict, high: Some(lenient) }.reaches(target.share))
    });
    ServiceResult {
        service: rule.service.clone(),
        en: record.map_or_else(|| rule.service.to_string(), |record| record.en.clone()),
        zh: record.map_or_else(|| rule.service.to_string(), |record| record.zh.clone()),
        domain: record.map_or_else(String::new, |record| record.domain.clone()),
        tier: inputs.catalogue.tier(&rule.service, inputs.date, inputs.jurisdiction),
        requirement: rule.requirement,
        pack: applied.pack.clone(),
        rule: rule.rule,
        standard_walker: applied.standard_walker,
        confidence: rule.backing.confidence,
        inventory: inputs.inventory[row].clone(),
        coverage,
        target: rule.target.clone(),
        attainment,
        any_level: if assessed { any_level(inputs, zones, row) } else { None },
        pace: if assessed { pace(inputs, zones, row, verdicts) } else { vec![] },
    }
}

/// Coverage if every level of the family counted.
fn any_level(inputs: &Inputs<'_>, zones: &[Option<ZoneType>], row: usize) -> Option<Coverage> {
    let trips = inputs.evidence[row].any_level.as_ref()?;
    let rule = &inputs.rules[row].rule;
    let reached: Vec<bool> =
        trips.iter().zip(zones).map(|(trip, zone)| holds(rule.rule_for(*zone), trip)).collect();
    Some(covered(inputs.residents.people(), &reached))
}

pub(crate) fn add(a: Range, b: Range) -> Range {
    Range { strict: a.strict + b.strict, lenient: a.lenient + b.lenient }
}

fn totals(inputs: &Inputs<'_>) -> ResidentTotals {
    let residents = inputs.residents;
    let people_where = |keep: &dyn Fn(usize) -> bool| -> People {
        residents.people().iter().enumerate().filter(|(row, _)| keep(*row)).map(|(_, people)| *people).sum()
    };
    let by_placement = Placement::ALL
        .iter()
        .map(|&placement| (placement, people_where(&|row| residents.placements()[row] == placement)))
        .filter(|(_, people)| *people > People::ZERO)
        .collect();
    ResidentTotals {
        places: residents.len() as u64,
        people: residents.total(),
        by_placement,
        without_street: people_where(&|row| !inputs.homes[row].on_street),
        on_islands: people_where(&|row| inputs.homes[row].on_street && !inputs.homes[row].on_main_network),
        outside_units: people_where(&|row| inputs.homes[row].unit.is_none()),
        groups: residents
            .groups()
            .iter()
            .map(|(group, people)| GroupTotal { group: group.clone(), people: people.iter().copied().sum() })
            .collect(),
    }
}
