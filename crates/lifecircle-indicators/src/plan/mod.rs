//! Development plans: whether what is to be built keeps the standards, clause by clause.
//!
//! The drawings of an estate are reviewed before it is built, and an estate that misses the standard at acceptance must
//! not be handed over (policy #361, #362). A plan states its dwellings, people and facilities; every norm and every rule
//! of the packs is then asked of it, or it is said why not.

mod check;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_taxonomy::{Confidence, Requirement};
use lifecircle_types::{AgeBand, Facility, Millimetres, UnitKind, ZoneType, word_enum};

pub use check::check_plan;
pub use table::clauses_table;

word_enum! {
    /// When a plan is checked.
    Stage, "stage of a plan" {
        /// Its drawings are reviewed (施工图审查).
        Drawings = "drawings",
        /// What was built is accepted (竣工验收).
        Acceptance = "acceptance",
    }
}

word_enum! {
    /// How a plan stands to a clause.
    Verdict, "verdict" {
        /// It keeps it.
        Pass = "pass",
        /// It misses it.
        Refuse = "refuse",
        /// It does not state what the clause asks.
        Unstated = "unstated",
        /// The clause is not asked of it.
        NotAsked = "not_asked",
    }
}

word_enum! {
    /// What becomes of a plan.
    Gate, "gate" {
        /// It keeps every clause that is asked of it.
        Passed = "passed",
        /// It misses none for certain: it leaves something unstated, misses figures that nobody has confirmed, or nothing was
        /// asked of it.
        Open = "open",
        /// It misses at least one.
        Refused = "refused",
    }
}

/// What is to be built.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// When it is checked.
    pub stage: Stage,
    /// What kind of unit it makes; clauses of larger units are not asked of it.
    pub unit: UnitKind,
    /// Levels of the standards at which it is judged, such as `circle_5`; clauses of other levels are not asked of it.
    pub levels: BTreeSet<String>,
    /// Cases that hold for it, such as `new`.
    pub cases: BTreeSet<String>,
    /// The kind of place.
    pub zone: Option<ZoneType>,
    /// Dwellings, taken for households.
    pub dwellings: Option<f64>,
    /// People who will live there.
    pub people: Option<f64>,
    /// People by age, where they are stated.
    pub ages: BTreeMap<AgeBand, f64>,
    /// Floor area of its buildings in square metres.
    pub building_floor_area_m2: Option<f64>,
    /// What it builds for services, and what serves it from outside.
    pub facilities: Vec<PlannedFacility>,
}

/// A facility of a plan. Its position is of no account: the longest walk is stated.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedFacility {
    /// The record.
    pub facility: Facility,
    /// Whether it stands outside the plan: it may serve its people, and does not count towards its amounts.
    pub is_outside: bool,
    /// The longest walk to it from any dwelling; `None` is not stated.
    pub longest_walk: Option<Millimetres>,
    /// The longest straight line to it from any dwelling.
    pub longest_line: Option<Millimetres>,
}

/// A clause of a pack, and how a plan stands to it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Clause {
    /// Key of the norm, or the service of the rule.
    pub key: String,
    /// Key of the pack.
    pub pack: String,
    /// What it asks, in words.
    pub asks: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What a plan like this needs, in the measure of the clause.
    pub needs: Option<f64>,
    /// What it has for certain.
    pub has: Option<f64>,
    /// Why it was not asked, what is not stated, or which sites are at fault.
    pub reason: Option<String>,
    /// How strongly the pack asks, where the clause is a rule.
    pub requirement: Option<Requirement>,
    /// How sure the figure is.
    pub confidence: Confidence,
    /// Where it comes from.
    pub source: String,
}

/// What came out for a plan.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanCheck {
    /// Name of the plan.
    pub name: String,
    /// When it was checked.
    pub stage: Stage,
    /// What becomes of it.
    pub gate: Gate,
    /// Every clause of the packs, norms by key, then rules by service.
    pub clauses: Vec<Clause>,
}

impl PlanCheck {
    /// Clauses with a verdict.
    pub fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(move |clause| clause.verdict == verdict)
    }
}
