//! The problem register (问题台账): every shortfall of a place, with its clause, its cause and what to do.
//!
//! A problem is a service, a class and a clause in a unit: "kindergarten, below standard, floor area, in Jinxiu
//! community". Several sites at fault by one clause in one unit are one problem. It is found in one of five ways:
//!
//! | Found | Class |
//! |---|---|
//! | residents of a unit outside the rule of a required service | out of reach; below standard where a unit has no site |
//! | a site that misses a norm | below standard, function incomplete, closed when needed |
//! | a site not in use, in a unit that the service is required in | service inadequate |
//! | a site as many of whose places are taken as it has | over capacity |
//! | an indicator with a `problem`, or of a norm per people or households, short of its target in a unit | as it says |
//! | a required service that no source shows, a norm of which a site says nothing | no data |
//!
//! Its id depends on what it is, not on how bad it is, so that two runs can be held against each other.

mod affected;
mod change;
mod draft;
mod find;
mod finding;
mod history;
mod priority;
mod project;
mod sites;
mod table;

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Confidence, ProblemClass, Requirement, Tier};
use lifecircle_types::{
    DemandIx, Evidence, FacilityIx, LonLat, People, ProblemStatus, ServiceKey, UnitKind, word_enum,
};

pub use change::{Change, ProblemChange, compare_registers};
pub use find::find_problems;
pub use finding::{Asked, Finding, SiteBelow, SiteFull};
pub use history::{History, InvalidEvent, RUN};
pub use project::{Project, plan_of, projects, to_rectify};
pub use table::{changes_table, history_table, problems_table, projects_table};

word_enum! {
    /// Why there is a problem.
    ProblemCause, "cause of a problem" {
        /// The nearest site is too far.
        Distance = "distance",
        /// The nearest site is near as the crow flies, and something is in the way.
        Barrier = "barrier",
        /// There is no site.
        Absent = "absent",
        /// Too small, too few staff.
        Size = "size",
        /// Lacks a function.
        Function = "function",
        /// Not in use.
        NotOpen = "not_open",
        /// Fewer places than people.
        Capacity = "capacity",
        /// Open for too few hours.
        Hours = "hours",
        /// Too dear.
        Price = "price",
        /// People are not content.
        Quality = "quality",
        /// Not known.
        Data = "data",
    }
}

word_enum! {
    /// What can be done.
    Remedy, "remedy" {
        /// Build a new site.
        Build = "build",
        /// Let the service into vacant or shared space.
        UseVacantSpace = "use_vacant_space",
        /// Open gates, or build a crossing.
        OpenTheWay = "open_the_way",
        /// Enlarge the site, or add a branch.
        Enlarge = "enlarge",
        /// Equip the site with what it lacks.
        AddFunction = "add_function",
        /// Put the site into use.
        PutIntoUse = "put_into_use",
        /// Add places or staff.
        AddPlaces = "add_places",
        /// Open longer.
        ExtendHours = "extend_hours",
        /// Lower the price, or support those who cannot pay it.
        SupportPrice = "support_price",
        /// Bring the service to people, at home, by vehicle or online.
        BringToPeople = "bring_to_people",
        /// Raise the quality, with those who use it.
        RaiseQuality = "raise_quality",
        /// Find out.
        Survey = "survey",
    }
}

word_enum! {
    /// Who pays, as the tier of a service has it.
    Funding, "funding source" {
        /// Government guarantees it.
        Government = "government",
        /// Government supports it, society and market provide it.
        Shared = "shared",
        /// The market.
        Market = "market",
        /// The service has no tier here.
        Unsettled = "unsettled",
    }
}

/// What makes one problem weigh more than another; every default stands in its field.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RegisterOptions {
    /// What a person of a group counts beyond 1, by the name of the group. Where a group is not named: 0.5 for ages up
    /// to 14 and from 60 on, 1 from 80 on, 1 for any vulnerability; old and young first.
    pub weights: BTreeMap<String, f64>,
    /// Length of the way over the straight line from which on something is in the way.
    pub detour: f64,
}

impl Default for RegisterOptions {
    fn default() -> Self {
        Self { weights: BTreeMap::new(), detour: 1.8 }
    }
}

/// The nearest facility that people have instead.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alternative {
    /// The place whose walk it is: of those affected the one with most people.
    pub place: DemandIx,
    /// The trip.
    pub trip: Evidence,
    /// Id of the facility.
    pub facility: String,
    /// The streets of the way, where somebody asked.
    pub route: Option<String>,
}

/// A shortfall of a unit.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Sixteen hexadecimal digits, a hash of unit, service, class and clause.
    pub id: String,
    /// Code of the unit; `*` is the whole place.
    pub unit: String,
    /// Its name.
    pub label: String,
    /// Its kind; `None` for the whole place.
    pub kind: Option<UnitKind>,
    /// Codes of the units around it, the smallest first.
    pub within: Vec<String>,
    /// The service.
    pub service: ServiceKey,
    /// Its tier.
    pub tier: Option<Tier>,
    /// How strongly it is asked for.
    pub requirement: Option<Requirement>,
    /// What kind of problem it is.
    pub class: ProblemClass,
    /// Key of the pack.
    pub pack: String,
    /// What the pack asks: `rule`, or the key of a norm or an indicator.
    pub clause: String,
    /// What that says.
    pub asks: Asked,
    /// Where it comes from.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Sites at fault.
    pub facilities: Vec<FacilityIx>,
    /// People affected.
    pub people: People,
    /// Of them by group, in the order of the residents' groups.
    pub by_group: Vec<People>,
    /// Size of the gap.
    pub gap: f64,
    /// What the gap is counted in.
    pub gap_in: String,
    /// Why.
    pub cause: ProblemCause,
    /// What shows it.
    pub evidence: Finding,
    /// What people have instead.
    pub alternative: Option<Alternative>,
    /// How bad it is, from 0 to 1.
    pub severity: f64,
    /// Severity times people weighted by group, importance of the service and feasibility of the remedy.
    pub priority: f64,
    /// Whether residents lack what is the floor: a basic service that every unit must have.
    pub is_floor: bool,
    /// What can be done, the easiest first.
    pub remedies: Vec<Remedy>,
    /// The kind of unit whose government is in charge.
    pub responsible: UnitKind,
    /// Who pays.
    pub funding: Funding,
    /// How far it has come.
    pub status: ProblemStatus,
    /// Where it shows on a map: the site at fault, or the home of most people affected.
    pub position: Option<LonLat>,
}

/// The id of a problem: FNV-1a over the parts, none of which can run into the next.
pub(crate) fn problem_id(unit: &str, service: &ServiceKey, class: ProblemClass, clause: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in [unit, service.as_str(), class.as_str(), clause] {
        part.bytes().for_each(&mut feed);
        feed(0);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_tell_every_part_from_the_next() {
        let service = |key: &str| key.parse::<ServiceKey>().unwrap();
        let id = |unit, key, clause| problem_id(unit, &service(key), ProblemClass::OutOfReach, clause);
        assert_eq!(id("5101", "pharmacy", "rule"), id("5101", "pharmacy", "rule"));
        assert_ne!(id("510", "pharmacy", "1rule"), id("5101", "pharmacy", "rule"));
        assert_ne!(id("5101", "pharmacy", "rule"), id("5101", "park", "rule"));
        // FNV-1a of nothing but four ends, as its authors state the constants
        let mut hash: u64 = 14_695_981_039_346_656_037;
        for byte in b"u\0park\0no_data\0c\0" {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(1_099_511_628_211);
        }
        assert_eq!(problem_id("u", &service("park"), ProblemClass::NoData, "c"), format!("{hash:016x}"));
    }
}
