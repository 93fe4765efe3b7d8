//! The axes of an assessment: how services reach people, looked at from every side that the policy names.
//!
//! Policy #6 wants services balanced, inclusive, fair and convenient; #70 and #104 want quality and balance together, and
//! neither traded for the other. Each axis is therefore a figure of its own, from 0 to 100, for the whole place and every
//! unit, over all required services, those of a tier and those of a domain:
//!
//! | axis | formula |
//! |---|---|
//! | reach | `Σ p·m/r / Σ p`: of the services that are required of a place (`r`), the part within its rule (`m`), by people `p` |
//! | quality | mean over the indicators and norms of these services that have a target here of the part of it that is reached |
//! | balance | `1 − G` with the coefficient of Gini of `m/r` between people |
//! | inclusiveness | of what people reach, the part whose nearest site is free, or public, or publicly aided |
//! | fairness | the least over groups of `reach of the group / reach of everyone`, over the services for that group, at most 1 |
//! | convenience | mean of `limit / trip`, at most 1: the part of the way to the nearest site that the rule allows |
//!
//! A group reaches services at its own pace. *Friendliness* for a stage of life is what its people reach, at their pace,
//! of the services for everyone and for their age (policy #265). What is not known is told by two figures, from what is
//! certain to what may be; what nobody has is no figure: where nobody reaches anything, nothing is balanced.

use lifecircle_taxonomy::{Axis, LifeStage, ServiceScope};
use lifecircle_types::UnitKind;

use super::survey::Survey;
use crate::indicator::{IndicatorResult, Measured};

/// A score from 0 to 100: what is certain, and what may be.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ScoreRange {
    /// Where whatever is unknown counts for nothing.
    pub certain: f64,
    /// Where whatever is unknown turns out well.
    pub at_most: f64,
}

impl ScoreRange {
    /// A score that nothing unknown touches.
    #[must_use]
    pub fn exactly(score: f64) -> Self {
        Self { certain: score, at_most: score }
    }
}

/// The axes of a unit, or of the whole place, over some services.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnitAxes {
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// Its name, or its code.
    pub label: String,
    /// Its kind.
    pub kind: Option<UnitKind>,
    /// Which services: `all`, `tier:basic`, `domain:health` ….
    pub scope: String,
    /// How many services are required there.
    pub services: usize,
    /// People of whom at least one of them is required.
    pub people: f64,
    /// How much is within its rule.
    pub reach: Option<ScoreRange>,
    /// How well targets and norms are kept.
    pub quality: Option<ScoreRange>,
    /// Indicators and norms behind `quality`.
    pub quality_of: usize,
    /// How evenly people have it.
    pub balance: Option<f64>,
    /// How much of it is free, public or publicly aided.
    pub inclusiveness: Option<ScoreRange>,
    /// How close the worst-off group comes to everyone.
    pub fairness: Option<f64>,
    /// That group.
    pub worst_group: Option<String>,
    /// How near it is.
    pub convenience: Option<f64>,
    /// What young people reach.
    pub friendly_young: Option<f64>,
    /// What people of working age reach.
    pub friendly_working: Option<f64>,
    /// What older people reach.
    pub friendly_old: Option<f64>,
}

impl UnitAxes {
    pub(super) fn axis(&self, axis: Axis) -> Option<ScoreRange> {
        match axis {
            Axis::Reach => self.reach,
            Axis::Quality => self.quality,
            Axis::Balance => self.balance.map(ScoreRange::exactly),
            Axis::Inclusiveness => self.inclusiveness,
            Axis::Fairness => self.fairness.map(ScoreRange::exactly),
            Axis::Convenience => self.convenience.map(ScoreRange::exactly),
        }
    }

    pub(super) fn friendly_for(&self, stage: LifeStage) -> Option<ScoreRange> {
        let friendly = match stage {
            LifeStage::Young => self.friendly_young,
            LifeStage::Working => self.friendly_working,
            LifeStage::Old => self.friendly_old,
        };
        friendly.map(ScoreRange::exactly)
    }
}

/// The axes over all required services, and over those of every tier and every domain, for the whole place first, then
/// for units from the largest kind, by code.
///
/// # Panics
/// When the columns of `all` do not belong together.
#[must_use]
pub fn measure_axes(all: &Measured<'_>, indicators: &[IndicatorResult]) -> Vec<UnitAxes> {
    axes_of(&Survey::new(all, indicators))
}

/// As [`measure_axes`], of what a survey has seen.
pub(super) fn axes_of(survey: &Survey<'_>) -> Vec<UnitAxes> {
    let shares = &survey.all.assessment.shares;
    let scopes = shares.iter().map(|shares| match shares.scope.split_once(':') {
        Some(("tier", tier)) => ServiceScope::Tier(tier.into()),
        Some((_, domain)) => ServiceScope::Domain(domain.into()),
        None => ServiceScope::All,
    });
    scopes.flat_map(|scope| survey.take_axes(&scope)).collect()
}
