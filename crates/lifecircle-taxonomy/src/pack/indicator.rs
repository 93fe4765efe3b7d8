//! Indicators: what a place measures itself by, as data.
//!
//! `value = per · count / of`, with the same filter of places on both. What is counted is a [`Quantity`]; without `of`
//! the count itself is the value. With `spread` the value is how unequal `count / of` is between sites or units.

use std::collections::BTreeMap;

use lifecircle_types::{AgeBand, ServiceKey, UnitKind, ZoneType, word_enum};
use serde::{Deserialize, Serialize};

use super::{Amount, Backing, Base, Measure, Validity};

word_enum! {
    /// Which way an indicator is to move.
    Better, "direction" {
        /// The more the better.
        More = "more",
        /// The less the better.
        Less = "less",
        /// Between two ends.
        Within = "within",
    }
}

word_enum! {
    /// Whether a target is an obligation.
    Standing, "standing of a target" {
        /// It has to be reached (约束性).
        Binding = "binding",
        /// It is expected to be reached (预期性).
        Expected = "expected",
    }
}

word_enum! {
    /// What kind of problem a shortfall is. The first three are those of the urban health check.
    ProblemClass, "problem class" {
        /// Missing or smaller than the standard (配建不达标).
        BelowStandard = "below_standard",
        /// There, without what it has to be equipped for (功能不完善).
        FunctionIncomplete = "function_incomplete",
        /// Built and not in use, or without the people to run it (服务不到位).
        ServiceInadequate = "service_inadequate",
        /// Too far to walk.
        OutOfReach = "out_of_reach",
        /// More people than places.
        OverCapacity = "over_capacity",
        /// Closed when people need it.
        ClosedWhenNeeded = "closed_when_needed",
        /// Too dear.
        Unaffordable = "unaffordable",
        /// People are not content with it.
        LowSatisfaction = "low_satisfaction",
        /// Nobody knows.
        NoData = "no_data",
    }
}

word_enum! {
    /// Which of the named services people have to have.
    Need, "need" {
        /// Every one of them.
        Every = "every",
        /// At least one of them.
        Any = "any",
    }
}

word_enum! {
    /// What sites have to be, in order to be counted.
    SiteCondition, "condition" {
        /// They keep every norm per site that the packs state for the services.
        KeepNorms = "keep_norms",
        /// They miss at least one of those norms.
        MissNorms = "miss_norms",
        /// They cost nothing.
        AreFree = "are_free",
        /// They are planned, under construction, suspended or closed.
        AreNotOpen = "are_not_open",
        /// Every place is taken: as many users as capacity.
        AreFull = "are_full",
    }
}

word_enum! {
    /// How unequal values are.
    Spread, "spread" {
        /// Standard deviation over mean, weighted by the denominator.
        CoefficientOfVariation = "coefficient_of_variation",
        /// The coefficient of Gini, weighted by the denominator.
        Gini = "gini",
    }
}

/// Which people an indicator counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeopleCount {
    /// Of which status; residents, registered people, permit holders or residents of towns.
    pub base: Base,
    /// Of which ages.
    pub ages: Option<AgeBand>,
    /// Only this group of the residents' table, such as `group_disabled`.
    pub group: Option<String>,
    /// What they have to do with services; everyone where nothing is said.
    pub reach: PeopleReach,
}

/// What counted people have to do with services.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleReach {
    /// Nothing.
    #[default]
    All,
    /// The packs' rules for the services hold where they live.
    Covered {
        /// The services.
        by: Vec<ServiceKey>,
        /// Every one or any.
        need: Need,
    },
    /// A facility of the service within its rule can take them, if places are shared out as well as can be.
    Served {
        /// The service.
        by: ServiceKey,
    },
    /// No facility of the service within its rule can take them, however well places are shared out.
    Unserved {
        /// The service.
        by: ServiceKey,
    },
    /// A facility of the service within its rule costs no more than a share of their income.
    Affording {
        /// The service.
        by: ServiceKey,
        /// Key of the yearly income per person among the stated values.
        income: String,
        /// Uses in a year.
        uses: f64,
        /// Share of the income, from 0 to 1.
        share: f64,
    },
}

/// Which facilities an indicator counts, and what of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FacilityCount {
    /// Their services; a site counts once.
    pub services: Vec<ServiceKey>,
    /// What is summed.
    pub measure: Measure,
    /// What they have to be.
    pub that: Option<SiteCondition>,
    /// Key of the one norm that is meant, where not all of them are.
    pub norm: Option<String>,
}

/// Which units an indicator counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitCount {
    /// Their kind.
    pub kind: UnitKind,
    /// With enough sites of any of these services.
    pub with: Vec<ServiceKey>,
    /// Without a site of one of these services.
    pub without: Vec<ServiceKey>,
    /// Sites that make enough.
    pub at_least: u32,
    /// What the sites have to be.
    pub that: Option<SiteCondition>,
    /// Units of whose residents at least this share has every required service.
    pub covered: Option<f64>,
}

word_enum! {
    /// Ground that services cover.
    Ground, "ground" {
        /// Residential land, in square metres.
        Land = "land",
        /// Residential buildings.
        Buildings = "buildings",
        /// Dwellings.
        Dwellings = "dwellings",
    }
}

/// What an indicator counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// People.
    People(PeopleCount),
    /// Households, as units state them.
    Households,
    /// Facilities, or what they measure.
    Facilities(FacilityCount),
    /// Units.
    Units(UnitCount),
    /// Residential ground; all of it where no service is named.
    Ground {
        /// Which.
        ground: Ground,
        /// Within the rule of this service.
        covered_by: Option<ServiceKey>,
    },
    /// What units of a kind lack of what a norm asks for, summed.
    Shortage {
        /// Key of the norm.
        norm: String,
    },
    /// A value that the study's table states.
    Value {
        /// Its key.
        key: String,
    },
}

impl Quantity {
    /// The services that it names.
    pub fn services(&self) -> impl Iterator<Item = &ServiceKey> {
        let none: &[ServiceKey] = &[];
        let (first, second) = match self {
            Self::People(people) => match &people.reach {
                PeopleReach::All => (none, none),
                PeopleReach::Covered { by, .. } => (by.as_slice(), none),
                PeopleReach::Served { by }
                | PeopleReach::Unserved { by }
                | PeopleReach::Affording { by, .. } => (core::slice::from_ref(by), none),
            },
            Self::Facilities(count) => (count.services.as_slice(), none),
            Self::Units(count) => (count.with.as_slice(), count.without.as_slice()),
            Self::Ground { covered_by, .. } => (covered_by.as_slice(), none),
            Self::Households | Self::Shortage { .. } | Self::Value { .. } => (none, none),
        };
        first.iter().chain(second)
    }
}

/// What is to be reached, and by when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Goal {
    /// How much.
    pub amount: Amount,
    /// Whether the end itself is not enough: "more than 90".
    pub strictly: bool,
    /// By the end of this year.
    pub year: Option<u16>,
}

impl Goal {
    /// Whether `value` reaches it.
    ///
    /// ```
    /// # use lifecircle_taxonomy::{Amount, Goal};
    /// let goal = Goal { amount: Amount { at_least: Some(90.0), at_most: None }, strictly: true, year: Some(2025) };
    /// assert!(goal.holds(90.1) && !goal.holds(90.0));
    /// ```
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let past = |end: Option<f64>| end.is_none_or(|end| value.total_cmp(&end).is_ne());
        self.amount.holds(value)
            && (!self.strictly || past(self.amount.at_least) && past(self.amount.at_most))
    }
}

/// Where an indicator stood.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Its value.
    pub value: f64,
    /// In this year.
    pub year: u16,
}

/// What a place measures itself by.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Key, unique in the pack on each day. Where a norm or a target figure has the same key, the indicator measures it:
    /// target, year and baseline that the indicator does not state are theirs.
    pub key: String,
    /// Name in English.
    pub en: String,
    /// Name in Chinese.
    pub zh: Option<String>,
    /// The numerator, or all of it.
    pub count: Quantity,
    /// The denominator.
    pub of: Option<Quantity>,
    /// What the ratio is multiplied by: 100 for percent, 1000 for so many per 1000.
    pub per: f64,
    /// Unequal by how much, between the units of `counted_over`, or between sites where there is none.
    pub spread: Option<Spread>,
    /// Unit of the value.
    pub unit: String,
    /// Which way it is to move.
    pub better: Better,
    /// Places of this kind alone.
    pub zone: Option<ZoneType>,
    /// The unit over which it is counted; larger ones and the whole place follow.
    pub counted_over: Option<UnitKind>,
    /// What is to be reached.
    pub target: Option<Goal>,
    /// Where a kind of place has another target.
    pub target_in: BTreeMap<ZoneType, Goal>,
    /// Whether the target binds.
    pub standing: Option<Standing>,
    /// Where it stood.
    pub baseline: Option<Baseline>,
    /// Domains or fields it speaks of, for scores.
    pub domain: Option<String>,
    /// Services that it speaks of, where its quantities name none.
    pub about: Vec<ServiceKey>,
    /// The problem that a unit has which misses its target; none where the register is not to list it.
    pub problem: Option<ProblemClass>,
    /// What else to know.
    pub note: Option<String>,
    /// Days on which it holds.
    pub validity: Validity,
    /// What it rests on.
    pub backing: Backing,
}

impl Indicator {
    /// The services that it names, the first of the numerator first.
    pub fn services(&self) -> impl Iterator<Item = &ServiceKey> {
        core::iter::once(&self.count).chain(&self.of).flat_map(Quantity::services).chain(&self.about)
    }

    /// The target in a kind of place.
    #[must_use]
    pub fn target_for(&self, zone: Option<ZoneType>) -> Option<&Goal> {
        zone.and_then(|zone| self.target_in.get(&zone)).or(self.target.as_ref())
    }
}
