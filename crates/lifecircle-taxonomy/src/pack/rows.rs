//! Rows as they stand in a file: every field may be missing, because a parent may have it.

use std::collections::BTreeMap;

use lifecircle_types::{AgeBand, Date, Millimetres, Rule, ServiceKey, TravelTime, UnitKind, ZoneType};
use serde::Deserialize;

use super::{
    Amount, Backing, Base, Figure, FigureKind, Measure, Norm, PackRule, Requirement, Target, Validity,
};
use crate::tier::Confidence;

/// What rows of all kinds have.
pub(super) trait Backed {
    fn validity(&self) -> Validity;
    /// Whether the row takes the parent's row away.
    fn drops(&self) -> bool;
    /// Whether the row says where its number comes from.
    fn is_backed(&self) -> bool;
    /// The texts that back the row's number.
    fn cites(&mut self) -> &mut Option<Vec<String>>;
    /// Takes days and backing from the parent, as far as the row does not say them.
    fn rest_on(&mut self, parent: &Self);
}

/// What rows of all kinds do.
pub(super) trait Row: Backed + Clone {
    /// What it is called in messages.
    const KIND: &'static str;
    /// What a row of a child overrides a row of the parent by.
    fn id(&self) -> &str;
    /// Whether the row speaks of its own place alone, so that no child inherits it.
    fn stays(&self) -> bool;
    /// Whether the row states a number of its own.
    fn states(&self) -> bool;
    /// What the row says in free words.
    fn phrases(&self) -> impl Iterator<Item = &str>;
    /// Takes from the parent each field of its own kind that the row does not say.
    fn complete(&mut self, parent: &Self);

    /// What the row does not say is as in the parent's; texts that back the parent's number do not back a new one.
    fn inherit(&mut self, parent: &Self) {
        if self.is_backed() {
            self.cites().get_or_insert_default();
        }
        self.complete(parent);
        self.rest_on(parent);
    }
}

/// A row: the fields of its kind, then its days and its backing, which every row has. They are written out, as `serde`
/// refuses no unknown field where one struct is flattened into another, and then knows no lines.
macro_rules! row {
    ($name:ident { $($see:vis $field:ident: $kind:ty,)* }) => {
        #[derive(Clone, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($see $field: $kind,)*
            valid_from: Option<lifecircle_types::Date>,
            valid_to: Option<lifecircle_types::Date>,
            confidence: Option<$crate::tier::Confidence>,
            source: Option<String>,
            pub cites: Option<Vec<String>>,
            drop: Option<bool>,
        }

        impl $crate::pack::rows::Backed for $name {
            fn validity(&self) -> $crate::pack::Validity {
                $crate::pack::Validity { from: self.valid_from, to: self.valid_to }
            }
            fn drops(&self) -> bool {
                self.drop == Some(true)
            }
            fn is_backed(&self) -> bool {
                self.confidence.is_some() && self.source.is_some()
            }
            fn cites(&mut self) -> &mut Option<Vec<String>> {
                &mut self.cites
            }
            fn rest_on(&mut self, parent: &Self) {
                $crate::pack::rows::inherit!(self, parent; valid_from, valid_to, confidence, source, cites);
            }
        }
    };
}

/// A row with a key of its own, which may stay in its place: see [`row`].
macro_rules! keyed_row {
    ($name:ident { $($see:vis $field:ident: $kind:ty,)* }) => {
        $crate::pack::rows::row!($name {
            key: String,
            $($see $field: $kind,)*
            note: Option<String>,
            only_here: Option<bool>,
        });
    };
}

/// Takes from the parent what the child does not say.
macro_rules! inherit {
    ($child:expr, $parent:expr; $($field:ident),* $(,)?) => {
        $(if $child.$field.is_none() { $child.$field = $parent.$field.clone(); })*
    };
}

pub(super) use {inherit, keyed_row, row};

/// The limits that a rule may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    walk_minutes: Option<u32>,
    walk_metres: Option<u32>,
    straight_metres: Option<u32>,
    drive_minutes: Option<u32>,
    one_in: Option<UnitKind>,
    no_walking_catchment: Option<bool>,
}

impl Limits {
    fn rules(&self) -> Result<Vec<Rule>, String> {
        let mut found: Vec<Rule> = Vec::new();
        for (minutes, kind) in [
            (self.walk_minutes, Rule::WalkTime as fn(TravelTime) -> Rule),
            (self.drive_minutes, Rule::DriveTime as fn(TravelTime) -> Rule),
        ] {
            if let Some(minutes) = minutes {
                found.push(kind(TravelTime::from_minutes(within(minutes, 1, 600, "minutes")?)));
            }
        }
        for (metres, kind) in [
            (self.walk_metres, Rule::WalkDistance as fn(Millimetres) -> Rule),
            (self.straight_metres, Rule::StraightRadius as fn(Millimetres) -> Rule),
        ] {
            if let Some(metres) = metres {
                found.push(kind(Millimetres::from_metres(within(metres, 1, 100_000, "metres")?)));
            }
        }
        found.extend(self.one_in.map(Rule::PresenceInUnit));
        if self.no_walking_catchment == Some(true) {
            found.push(Rule::NoWalkingCatchment);
        }
        Ok(found)
    }
}

pub(super) fn within(value: u32, low: u32, high: u32, unit: &str) -> Result<u32, String> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(format!("{value} {unit} is outside {low} to {high}"))
    }
}

row!(RuleRow {
    pub service: ServiceKey,
    walk_minutes: Option<u32>,
    walk_metres: Option<u32>,
    straight_metres: Option<u32>,
    drive_minutes: Option<u32>,
    one_in: Option<UnitKind>,
    no_walking_catchment: Option<bool>,
    binds: Option<String>,
    limit_in: Option<BTreeMap<ZoneType, Limits>>,
    pub accepts: Option<Vec<ServiceKey>>,
    requirement: Option<Requirement>,
    requirement_in: Option<BTreeMap<ZoneType, Requirement>>,
    counted_over: Option<UnitKind>,
    level: Option<String>,
    target: Option<Target>,
});

impl RuleRow {
    fn limits(&self) -> Limits {
        Limits {
            walk_minutes: self.walk_minutes,
            walk_metres: self.walk_metres,
            straight_metres: self.straight_metres,
            drive_minutes: self.drive_minutes,
            one_in: self.one_in,
            no_walking_catchment: self.no_walking_catchment,
        }
    }

    /// The rule that binds and the one that is only said.
    fn rules(&self) -> Result<(Rule, Option<Rule>), String> {
        match (self.limits().rules()?.as_slice(), self.binds.as_deref()) {
            (&[rule], None) => Ok((rule, None)),
            (&[time @ Rule::WalkTime(_), length @ Rule::WalkDistance(_)], Some(binds)) => match binds {
                "time" => Ok((time, Some(length))),
                "distance" => Ok((length, Some(time))),
                _ => Err(format!("`binds` is `{binds}`, expected `time` or `distance`")),
            },
            ([Rule::WalkTime(_), Rule::WalkDistance(_)], None) => Err(
                "the rule gives minutes and metres: say which one binds, `binds = \"time\"` or `\"distance\"`".into(),
            ),
            (&[_], Some(_)) => Err("`binds` needs both `walk_minutes` and `walk_metres`".into()),
            _ => Err("give one of walk_minutes, walk_metres, straight_metres, drive_minutes, one_in or \
                      no_walking_catchment = true (walk_minutes and walk_metres may stand together with `binds`)"
                .into()),
        }
    }

    pub(super) fn build(self, pack_target: Option<&Target>) -> Result<PackRule, String> {
        let (rule, also) = self.rules()?;
        let mut rule_in = BTreeMap::new();
        if self.limit_in.is_some() && matches!(rule, Rule::PresenceInUnit(_) | Rule::NoWalkingCatchment) {
            return Err("`limit_in` needs a rule in minutes or metres".into());
        }
        for (zone, limits) in self.limit_in.iter().flatten() {
            match limits.rules()?.as_slice() {
                &[other] if other.kind() == rule.kind() => rule_in.insert(*zone, other),
                _ => return Err(format!("`limit_in.{zone}` needs one limit of the kind {}", rule.kind())),
            };
        }
        if let Some(target) = &self.target {
            check_target(target)?;
        }
        let missing = "`requirement` is missing: write \"must\", \"as_needed\" or \"feature\"";
        Ok(PackRule {
            requirement: self.requirement.ok_or(missing)?,
            validity: validity(self.valid_from, self.valid_to)?,
            backing: backing(self.confidence, self.source, self.cites)?,
            service: self.service,
            rule,
            also,
            rule_in,
            accepts: self.accepts.unwrap_or_default(),
            requirement_in: self.requirement_in.unwrap_or_default(),
            counted_over: self.counted_over,
            level: self.level,
            target: self.target.or_else(|| pack_target.cloned()),
        })
    }
}

impl Row for RuleRow {
    const KIND: &'static str = "rule";

    fn id(&self) -> &str {
        self.service.as_str()
    }
    fn stays(&self) -> bool {
        false
    }
    fn states(&self) -> bool {
        self.limits() != Limits::default() || self.limit_in.is_some()
    }
    fn phrases(&self) -> impl Iterator<Item = &str> {
        let target = self.target.iter().map(|target| &target.source);
        self.source.iter().chain(&self.level).chain(target).map(String::as_str)
    }
    fn complete(&mut self, parent: &Self) {
        if self.limits() == Limits::default() {
            inherit!(self, parent; walk_minutes, walk_metres, straight_metres, drive_minutes, one_in, no_walking_catchment, binds, limit_in);
        }
        inherit!(self, parent; accepts, requirement, requirement_in, counted_over, level, target);
    }
}

/// An amount as it stands in a file.
pub(super) fn amount(
    at_least: Option<f64>,
    at_most: Option<f64>,
    exactly: Option<f64>,
) -> Result<Amount, String> {
    for value in [at_least, at_most, exactly].into_iter().flatten() {
        if !value.is_finite() {
            return Err(format!("{value} is no amount"));
        }
    }
    match (at_least, at_most, exactly) {
        (None, None, exactly) => Ok(Amount { at_least: exactly, at_most: exactly }),
        (Some(low), Some(high), None) if low > high => {
            Err(format!("at_least {low} is more than at_most {high}: swap them"))
        }
        (at_least, at_most, None) => Ok(Amount { at_least, at_most }),
        _ => Err("`exactly` stands alone, without `at_least` and `at_most`".into()),
    }
}

pub(super) fn validity(from: Option<Date>, to: Option<Date>) -> Result<Validity, String> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(format!("valid_from {from} is later than valid_to {to}")),
        _ => Ok(Validity { from, to }),
    }
}

pub(super) fn check_target(target: &Target) -> Result<(), String> {
    if (0.0..=1.0).contains(&target.share) {
        Ok(())
    } else {
        Err(format!("target share {} is outside 0 to 1 (85 % is 0.85)", target.share))
    }
}

pub(super) fn backing(
    confidence: Option<Confidence>,
    source: Option<String>,
    cites: Option<Vec<String>>,
) -> Result<Backing, String> {
    Ok(Backing {
        confidence: confidence
            .ok_or("`confidence` is missing: write policy, verified, derived, partial or memory")?,
        source: source.ok_or("`source` is missing: say where the figure comes from")?,
        cites: cites.unwrap_or_default(),
    })
}

keyed_row!(NormRow {
    pub services: Option<Vec<ServiceKey>>,
    pub of: Option<Vec<ServiceKey>>,
    measure: Option<Measure>,
    what: Option<String>,
    functions: Option<Vec<String>>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    exactly: Option<f64>,
    per: Option<f64>,
    base: Option<Base>,
    ages: Option<AgeBand>,
    case: Option<String>,
    counted_over: Option<UnitKind>,
    level: Option<String>,
    year: Option<u16>,
    preferred: Option<f64>,
});

impl NormRow {
    pub(super) fn build(self) -> Result<Norm, String> {
        let mut amount = amount(self.at_least, self.at_most, self.exactly)?;
        let functions = self.functions.unwrap_or_default();
        if !functions.is_empty() {
            if self.measure != Some(Measure::Functions) {
                return Err("`functions` go with the measure `functions`".into());
            }
            #[expect(clippy::cast_precision_loss, reason = "a handful of functions")]
            let every = functions.len() as f64;
            // without an amount a site needs them all
            amount.at_least = amount.at_least.or(Some(every));
        }
        if !amount.is_stated() && self.preferred.is_none() {
            return Err("give `at_least`, `at_most`, both, or `exactly`".into());
        }
        let per = self.per.unwrap_or(1.0);
        if !(per.is_finite() && per > 0.0) {
            return Err(format!("`per` is {per}: write a number above 0"));
        }
        let base =
            self.base.ok_or("`base` is missing: say what the amount is per, such as residents or site")?;
        if base == Base::Unit && self.counted_over.is_none() {
            return Err("the base `unit` needs `counted_over`, such as \"community\"".into());
        }
        let services = self.services.unwrap_or_default();
        if services.is_empty() && self.what.is_none() {
            return Err("name the `services` that are counted, or say `what` is".into());
        }
        let people = [Base::Residents, Base::Registered, Base::PermitHolders, Base::UrbanResidents];
        if self.ages.is_some() && !people.contains(&base) {
            return Err(format!("`ages` limit a base of people, not `{base}`"));
        }
        Ok(Norm {
            key: self.key,
            services,
            of: self.of.unwrap_or_default(),
            measure: self
                .measure
                .ok_or("`measure` is missing: say what is counted, such as sites or capacity")?,
            what: self.what,
            functions,
            amount,
            per,
            base,
            ages: self.ages,
            case: self.case,
            counted_over: self.counted_over,
            level: self.level,
            year: self.year,
            preferred: self.preferred,
            note: self.note,
            validity: validity(self.valid_from, self.valid_to)?,
            backing: backing(self.confidence, self.source, self.cites)?,
        })
    }
}

impl Row for NormRow {
    const KIND: &'static str = "norm";

    fn id(&self) -> &str {
        &self.key
    }
    fn stays(&self) -> bool {
        self.only_here == Some(true)
    }
    fn states(&self) -> bool {
        self.at_least.is_some()
            || self.at_most.is_some()
            || self.exactly.is_some()
            || self.per.is_some()
            || self.functions.is_some()
    }
    fn phrases(&self) -> impl Iterator<Item = &str> {
        let words = [&self.source, &self.what, &self.case, &self.level, &self.note].into_iter().flatten();
        words.chain(self.functions.iter().flatten()).map(String::as_str)
    }
    fn complete(&mut self, parent: &Self) {
        if self.at_least.is_none() && self.at_most.is_none() && self.exactly.is_none() {
            inherit!(self, parent; at_least, at_most, exactly);
        }
        inherit!(self, parent; services, of, measure, what, functions, per, base, ages, case, counted_over, level, year, preferred, note);
    }
}

keyed_row!(FigureRow {
    en: Option<String>,
    zh: Option<String>,
    kind: Option<FigureKind>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    exactly: Option<f64>,
    unit: Option<String>,
    pub services: Option<Vec<ServiceKey>>,
    level: Option<String>,
    case: Option<String>,
    counted_over: Option<UnitKind>,
    year: Option<u16>,
});

impl FigureRow {
    pub(super) fn build(self) -> Result<Figure, String> {
        let kind = self
            .kind
            .ok_or("`kind` is missing: write target, baseline, definition, milestone or statement")?;
        let amount = amount(self.at_least, self.at_most, self.exactly)?;
        let wordless = [FigureKind::Statement, FigureKind::Milestone, FigureKind::Target];
        if !amount.is_stated() && !wordless.contains(&kind) {
            return Err(format!("a {kind} needs `at_least`, `at_most`, both, or `exactly`"));
        }
        if amount.is_stated() && self.unit.is_none() {
            return Err("`unit` is missing: say what the number counts".into());
        }
        Ok(Figure {
            key: self.key,
            en: self.en.ok_or("`en` is missing: say what the figure is about")?,
            zh: self.zh,
            kind,
            amount,
            unit: self.unit.unwrap_or_default(),
            services: self.services.unwrap_or_default(),
            level: self.level,
            case: self.case,
            counted_over: self.counted_over,
            year: self.year,
            note: self.note,
            validity: validity(self.valid_from, self.valid_to)?,
            backing: backing(self.confidence, self.source, self.cites)?,
        })
    }
}

impl Row for FigureRow {
    const KIND: &'static str = "figure";

    fn id(&self) -> &str {
        &self.key
    }
    fn stays(&self) -> bool {
        self.only_here == Some(true)
    }
    fn states(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some() || self.exactly.is_some()
    }
    fn phrases(&self) -> impl Iterator<Item = &str> {
        let words = [&self.source, &self.unit, &self.case, &self.level, &self.note];
        words.into_iter().flatten().map(String::as_str)
    }
    fn complete(&mut self, parent: &Self) {
        if !self.states() {
            inherit!(self, parent; at_least, at_most, exactly);
        }
        inherit!(self, parent; en, zh, kind, unit, services, level, case, counted_over, year, note);
    }
}
