//! Problems before they are weighed.

use lifecircle_taxonomy::{Confidence, ProblemClass};
use lifecircle_types::{FacilityIx, LonLat, ServiceKey, UnitIx, ZoneType};

use super::affected::Affected;
use super::{Alternative, Asked, Finding, ProblemCause};
use crate::rules::AppliedRule;

/// What a problem is, before it is weighed.
pub(super) struct Draft {
    pub(super) unit: Option<UnitIx>,
    pub(super) service: ServiceKey,
    pub(super) class: ProblemClass,
    pub(super) cause: ProblemCause,
    pub(super) clause: Clause,
    pub(super) facilities: Vec<FacilityIx>,
    pub(super) affected: Affected,
    pub(super) gap: f64,
    pub(super) gap_in: String,
    pub(super) evidence: Finding,
    pub(super) alternative: Option<Alternative>,
    pub(super) severity: f64,
    pub(super) position: Option<LonLat>,
}

/// What is asked, and by whom.
#[derive(Clone)]
pub(super) struct Clause {
    pub(super) pack: String,
    pub(super) key: String,
    pub(super) asks: Asked,
    pub(super) source: String,
    pub(super) confidence: Confidence,
}

impl Clause {
    pub(super) fn of_rule(applied: &AppliedRule, zone: Option<ZoneType>) -> Self {
        let rule = &applied.rule;
        Self {
            pack: applied.pack.clone(),
            key: "rule".into(),
            asks: Asked::Rule(rule.rule_for(zone)),
            source: rule.backing.source.clone(),
            confidence: rule.backing.confidence,
        }
    }
}
