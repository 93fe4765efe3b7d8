//! Indicators as they stand in a file.

use std::collections::BTreeMap;

use lifecircle_types::{AgeBand, ServiceKey, UnitKind, ZoneType, word_enum};
use serde::Deserialize;

use super::indicator::{
    Baseline, Better, FacilityCount, Goal, Ground, Indicator, Need, PeopleCount, PeopleReach, ProblemClass,
    Quantity, SiteCondition, Spread, Standing, UnitCount,
};
use super::rows::{Row, amount, backing, inherit, keyed_row, validity};
use super::{Base, Measure};

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

keyed_row!(IndicatorRow {
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
});

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
        inherit!(self, parent; en, zh, count, of, per, spread, unit, better, zone, counted_over, target, target_in, standing, baseline, domain, about, problem, note);
    }
}
