//! Indicators: what a place measures itself by, as data.
//!
//! `value = per · count / of`, with the same filter of places on both. What is counted is a [`Quantity`]; without `of`
//! the count itself is the value. With `spread` the value is how unequal `count / of` is between sites or units.

use std::collections::BTreeMap;

use lifecircle_types::{AgeBand, Date, ServiceKey, UnitKind, ZoneType, word_enum};
use serde::{Deserialize, Serialize};

use super::rows::{Row, amount, backing, dated_and_backed, inherit, validity};
use super::{Amount, Backing, Base, Measure, Validity};
use crate::tier::Confidence;

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

word_enum! {
    /// What `what` may be.
    What, "thing to count" {
        /// People.
        People = "people",
        /// Households.
        Households = "households",
        /// Sites of services.
        Sites = "sites",
        /// Their capacity.
        Capacity = "capacity",
        /// Their floor area.
        FloorArea = "floor_area_m2",
        /// The area of their sites.
        SiteArea = "site_area_m2",
        /// Their staff.
        Staff = "staff",
        /// Their uses in a year.
        Users = "users",
        /// What they cost to run in a year.
        YearlyCost = "yearly_cost",
        /// Units.
        Units = "units",
        /// Residential land.
        Land = "land",
        /// Residential buildings.
        Buildings = "buildings",
        /// Dwellings.
        Dwellings = "dwellings",
        /// What is lacking of a norm.
        Shortage = "shortage",
        /// A stated value.
        Value = "value",
    }
}

/// A quantity as it stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawQuantity {
    what: Option<What>,
    base: Option<Base>,
    ages: Option<AgeBand>,
    group: Option<String>,
    covered_by: Option<Vec<ServiceKey>>,
    need: Option<Need>,
    served_by: Option<ServiceKey>,
    unserved_by: Option<ServiceKey>,
    affording: Option<ServiceKey>,
    income: Option<String>,
    uses: Option<f64>,
    share: Option<f64>,
    services: Option<Vec<ServiceKey>>,
    that: Option<SiteCondition>,
    kind: Option<UnitKind>,
    with: Option<Vec<ServiceKey>>,
    without: Option<Vec<ServiceKey>>,
    at_least: Option<u32>,
    covered: Option<f64>,
    norm: Option<String>,
    key: Option<String>,
}

impl RawQuantity {
    /// The services it names.
    pub(super) fn services(&self) -> impl Iterator<Item = &ServiceKey> {
        let lists = [&self.covered_by, &self.services, &self.with, &self.without];
        let lists = lists.into_iter().flatten().flatten();
        lists.chain(&self.served_by).chain(&self.unserved_by).chain(&self.affording)
    }

    /// The fields that are given, by name.
    fn given(&self) -> Vec<&'static str> {
        macro_rules! names {
            ($($field:ident),*) => { [$((stringify!($field), self.$field.is_some())),*] };
        }
        let all = names![
            base,
            ages,
            group,
            covered_by,
            need,
            served_by,
            unserved_by,
            affording,
            income,
            uses,
            share,
            services,
            that,
            kind,
            with,
            without,
            at_least,
            covered,
            norm,
            key
        ];
        all.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    fn allow(&self, what: What, allowed: &[&str]) -> Result<(), String> {
        match self.given().into_iter().find(|name| !allowed.contains(name)) {
            None => Ok(()),
            Some(name) if allowed.is_empty() => {
                Err(format!("`{name}` says nothing about {what}: leave it out"))
            }
            Some(name) => {
                Err(format!("`{name}` says nothing about {what}; it may have {}", allowed.join(", ")))
            }
        }
    }

    fn build(&self) -> Result<Quantity, String> {
        let what = self.what.ok_or_else(|| {
            let words: Vec<&str> = What::ALL.iter().map(|what| what.as_str()).collect();
            format!("`what` is missing: write one of {}", words.join(", "))
        })?;
        let facilities = |measure| {
            self.allow(what, &["services", "that", "norm"])?;
            let services = self.services.clone().unwrap_or_default();
            if services.is_empty() {
                return Err(format!("{what} need `services`"));
            }
            let of_norms = matches!(self.that, Some(SiteCondition::KeepNorms | SiteCondition::MissNorms));
            if self.norm.is_some() && !of_norms {
                return Err("`norm` says which norm the sites keep or miss: say `that`".into());
            }
            Ok(Quantity::Facilities(FacilityCount {
                services,
                measure,
                that: self.that,
                norm: self.norm.clone(),
            }))
        };
        let ground = |ground| {
            self.allow(what, &["covered_by"])?;
            match self.covered_by.as_deref() {
                None => Ok(Quantity::Ground { ground, covered_by: None }),
                Some([one]) => Ok(Quantity::Ground { ground, covered_by: Some(one.clone()) }),
                Some(_) => Err(format!("{what} are `covered_by` one service")),
            }
        };
        match what {
            What::People => self.people(),
            What::Households => self.allow(what, &[]).map(|()| Quantity::Households),
            What::Sites => facilities(Measure::Sites),
            What::Capacity => facilities(Measure::Capacity),
            What::FloorArea => facilities(Measure::FloorArea),
            What::SiteArea => facilities(Measure::SiteArea),
            What::Staff => facilities(Measure::Staff),
            What::Users => facilities(Measure::Users),
            What::YearlyCost => facilities(Measure::YearlyCost),
            What::Units => self.units(),
            What::Land => ground(Ground::Land),
            What::Buildings => ground(Ground::Buildings),
            What::Dwellings => ground(Ground::Dwellings),
            What::Shortage => {
                self.allow(what, &["norm"])?;
                let norm = self.norm.clone().ok_or("a shortage needs the key of its `norm`")?;
                Ok(Quantity::Shortage { norm })
            }
            What::Value => {
                self.allow(what, &["key"])?;
                let key = self.key.clone().ok_or("a value needs its `key` in the table of values")?;
                Ok(Quantity::Value { key })
            }
        }
    }

    fn people(&self) -> Result<Quantity, String> {
        let allowed = [
            "base",
            "ages",
            "group",
            "covered_by",
            "need",
            "served_by",
            "unserved_by",
            "affording",
            "income",
            "uses",
            "share",
        ];
        self.allow(What::People, &allowed)?;
        let base = self.base.unwrap_or(Base::Residents);
        if !matches!(base, Base::Residents | Base::Registered | Base::PermitHolders | Base::UrbanResidents) {
            return Err(format!("the base `{base}` is none of people"));
        }
        if self.group.is_some() && (self.ages.is_some() || self.base.is_some()) {
            return Err("a `group` is a column of its own: leave `base` and `ages` out".into());
        }
        let reach = match (&self.covered_by, &self.served_by, &self.unserved_by, &self.affording) {
            (None, None, None, None) => PeopleReach::All,
            (None, None, Some(by), None) => PeopleReach::Unserved { by: by.clone() },
            (Some(by), None, None, None) if !by.is_empty() => {
                PeopleReach::Covered { by: by.clone(), need: self.need.unwrap_or(Need::Every) }
            }
            (None, Some(by), None, None) => PeopleReach::Served { by: by.clone() },
            (None, None, None, Some(by)) => {
                let share = self.share.filter(|share| *share > 0.0 && *share <= 1.0);
                let uses = self.uses.filter(|uses| uses.is_finite() && *uses > 0.0);
                let missing = "`affording` needs `income` (a key of the table of values, a year's per person), `uses` in \
                               a year and `share` of the income, above 0 and up to 1";
                let (Some(income), Some(uses), Some(share)) = (self.income.clone(), uses, share) else {
                    return Err(missing.into());
                };
                PeopleReach::Affording { by: by.clone(), income, uses, share }
            }
            _ => return Err("give at most one of covered_by, served_by, unserved_by and affording".into()),
        };
        if self.need.is_some() && !matches!(reach, PeopleReach::Covered { .. }) {
            return Err("`need` belongs to `covered_by`".into());
        }
        Ok(Quantity::People(PeopleCount { base, ages: self.ages, group: self.group.clone(), reach }))
    }

    fn units(&self) -> Result<Quantity, String> {
        self.allow(What::Units, &["kind", "with", "without", "at_least", "that", "covered"])?;
        if self.covered.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err("`covered` is a share from 0 to 1".into());
        }
        if (self.at_least.is_some() || self.that.is_some()) && self.with.is_none() && self.without.is_none() {
            return Err(
                "`at_least` and `that` say which sites: name the services, `with` or `without`".into()
            );
        }
        Ok(Quantity::Units(UnitCount {
            kind: self.kind.ok_or("units need their `kind`, such as \"community\"")?,
            with: self.with.clone().unwrap_or_default(),
            without: self.without.clone().unwrap_or_default(),
            at_least: self.at_least.unwrap_or(1),
            that: self.that,
            covered: self.covered,
        }))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawGoal {
    at_least: Option<f64>,
    at_most: Option<f64>,
    exactly: Option<f64>,
    strictly: bool,
    year: Option<u16>,
}

impl RawGoal {
    fn build(&self) -> Result<Goal, String> {
        let amount = amount(self.at_least, self.at_most, self.exactly)?;
        if !amount.is_stated() {
            return Err("a target needs `at_least`, `at_most`, both, or `exactly`".into());
        }
        if self.strictly && self.exactly.is_some() {
            return Err("`strictly` goes with `at_least` or `at_most`".into());
        }
        Ok(Goal { amount, strictly: self.strictly, year: self.year })
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorRow {
    key: String,
    en: Option<String>,
    zh: Option<String>,
    count: Option<RawQuantity>,
    of: Option<RawQuantity>,
    per: Option<f64>,
    spread: Option<Spread>,
    unit: Option<String>,
    better: Option<Better>,
    zone: Option<ZoneType>,
    counted_over: Option<UnitKind>,
    target: Option<RawGoal>,
    target_in: Option<BTreeMap<ZoneType, RawGoal>>,
    standing: Option<Standing>,
    baseline: Option<Baseline>,
    domain: Option<String>,
    pub about: Option<Vec<ServiceKey>>,
    problem: Option<ProblemClass>,
    note: Option<String>,
    only_here: Option<bool>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    confidence: Option<Confidence>,
    source: Option<String>,
    pub cites: Option<Vec<String>>,
    drop: Option<bool>,
}

impl IndicatorRow {
    pub(super) fn services(&self) -> impl Iterator<Item = &ServiceKey> {
        self.count.iter().chain(&self.of).flat_map(RawQuantity::services).chain(self.about.iter().flatten())
    }

    pub(super) fn build(self) -> Result<Indicator, String> {
        let within = |field: &str, problem: String| format!("`{field}`: {problem}");
        let count = self.count.ok_or("`count` is missing: say what is counted, { what = \"people\" }")?;
        let count = count.build().map_err(|problem| within("count", problem))?;
        let of = self.of.map(|of| of.build().map_err(|problem| within("of", problem))).transpose()?;
        let per = self.per.unwrap_or(1.0);
        if !(per.is_finite() && per > 0.0) {
            return Err(format!("`per` is {per}: write a number above 0"));
        }
        if self.spread.is_some() && of.is_none() {
            return Err("`spread` compares ratios: say `of` what".into());
        }
        if self.spread.is_some()
            && self.counted_over.is_none()
            && !matches!((&count, &of), (Quantity::Facilities(_), Some(Quantity::Facilities(_))))
        {
            return Err("`spread` needs `counted_over`, the units between which it is taken, or facilities in `count` \
                        and `of`"
                .into());
        }
        let goal = |field: &str, goal: &RawGoal| goal.build().map_err(|problem| within(field, problem));
        let target = self.target.as_ref().map(|target| goal("target", target)).transpose()?;
        let target_in = self.target_in.iter().flatten();
        let target_in = target_in
            .map(|(zone, target)| Ok((*zone, goal("target_in", target)?)))
            .collect::<Result<_, String>>()?;
        if self.baseline.is_some_and(|baseline| !baseline.value.is_finite()) {
            return Err("`baseline`: the value is no number".into());
        }
        Ok(Indicator {
            key: self.key,
            en: self.en.ok_or("`en` is missing: name the indicator")?,
            zh: self.zh,
            count,
            of,
            per,
            spread: self.spread,
            unit: self.unit.ok_or("`unit` is missing: say what the value counts, such as \"%\"")?,
            better: self.better.ok_or("`better` is missing: write \"more\", \"less\" or \"within\"")?,
            zone: self.zone,
            counted_over: self.counted_over,
            target,
            target_in,
            standing: self.standing,
            baseline: self.baseline,
            domain: self.domain,
            about: self.about.unwrap_or_default(),
            problem: self.problem,
            note: self.note,
            validity: validity(self.valid_from, self.valid_to)?,
            backing: backing(self.confidence, self.source, self.cites)?,
        })
    }
}

impl Row for IndicatorRow {
    const KIND: &'static str = "indicator";

    fn id(&self) -> &str {
        &self.key
    }
    dated_and_backed!();

    fn stays(&self) -> bool {
        self.only_here == Some(true)
    }
    fn states(&self) -> bool {
        self.count.is_some() || self.of.is_some() || self.target.is_some() || self.target_in.is_some()
    }
    fn phrases(&self) -> impl Iterator<Item = &str> {
        [&self.source, &self.unit, &self.note].into_iter().flatten().map(String::as_str)
    }
    fn complete(&mut self, parent: &Self) {
        inherit!(self, parent; en, zh, count, of, per, spread, unit, better, zone, counted_over, target, target_in, standing, baseline, domain, about, problem, note, valid_from, valid_to, confidence, source, cites);
    }
}
