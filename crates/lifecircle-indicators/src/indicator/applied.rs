//! From the rows of packs to one list of indicators.

use lifecircle_taxonomy::{
    Amount, Base, Baseline, Better, FacilityCount, Figure, FigureKind, Goal, Indicator, Measure, Norm, Pack,
    PeopleCount, PeopleReach, Quantity, SiteCondition, UnitCount,
};
use lifecircle_types::Date;

use super::Origin;
use super::norms::{AppliedNorm, applied_norms};
use crate::rules::{override_by, rows_by};

/// An indicator with the pack it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedIndicator {
    /// Key of the pack.
    pub pack: String,
    /// Where its formula comes from.
    pub origin: Origin,
    /// The indicator.
    pub indicator: Indicator,
}

/// The indicators of `packs` on `day`, by key: the stated ones, those that follow from norms, and target figures.
/// Where two packs name one key, the later pack holds; where an indicator has the key of a norm or a figure, target,
/// year and baseline that it does not state are theirs.
///
/// A figure of kind `baseline` belongs to the key before its year: `places_2020` is where `places` stood in 2020. Of
/// several the latest up to `day` counts.
#[must_use]
pub fn applied_indicators(packs: &[Pack], day: Date) -> Vec<AppliedIndicator> {
    let mut found: Vec<AppliedIndicator> = Vec::new();
    let mut add = |new: AppliedIndicator| override_by(&mut found, new, |known| &known.indicator.key);
    let norms = applied_norms(packs, day);
    let targets = figures(packs, day, FigureKind::Target);
    for (pack, figure) in &targets {
        if figure.case.as_deref().is_none_or(|case| zone_of(case).is_some()) && figure.amount.is_stated() {
            add(AppliedIndicator {
                pack: pack.key.clone(),
                origin: Origin::Figure,
                indicator: of_figure(figure),
            });
        }
    }
    for AppliedNorm { pack, norm } in &norms {
        if let Some(indicator) = of_norm(norm) {
            add(AppliedIndicator { pack: pack.clone(), origin: Origin::Norm, indicator });
        }
    }
    for pack in packs {
        for indicator in pack.indicators().iter().filter(|indicator| indicator.validity.holds(day)) {
            let mut indicator = indicator.clone();
            if indicator.target.is_none() && indicator.target_in.is_empty() {
                let norm = norms.iter().find(|applied| applied.norm.key == indicator.key);
                let figure = targets.iter().find(|(_, figure)| figure.key == indicator.key);
                indicator.target = norm
                    .filter(|applied| states_a_goal(&applied.norm))
                    .map(|applied| goal(applied.norm.amount, applied.norm.year))
                    .or_else(|| figure.map(|(_, figure)| goal(figure.amount, figure.year)))
                    .filter(|goal| goal.amount.is_stated());
            }
            add(AppliedIndicator { pack: pack.key.clone(), origin: Origin::Indicator, indicator });
        }
    }
    let baselines = figures(packs, day, FigureKind::Baseline);
    for applied in &mut found {
        let indicator = &mut applied.indicator;
        indicator.baseline = indicator.baseline.or_else(|| baseline(&indicator.key, &baselines, day));
    }
    found
}

/// The keys of the stated values that indicators ask for.
pub fn asked_values(indicators: &[AppliedIndicator]) -> impl Iterator<Item = &str> {
    let quantities = indicators
        .iter()
        .flat_map(|applied| core::iter::once(&applied.indicator.count).chain(applied.indicator.of.as_ref()));
    quantities.filter_map(|quantity| match quantity {
        Quantity::Value { key } => Some(key.as_str()),
        Quantity::People(PeopleCount { reach: PeopleReach::Affording { income, .. }, .. }) => {
            Some(income.as_str())
        }
        _ => None,
    })
}

/// The figures of a kind that hold on `day`, by key, of the latest pack.
fn figures(packs: &[Pack], day: Date, kind: FigureKind) -> Vec<(&Pack, &Figure)> {
    let holds = |figure: &Figure| figure.kind == kind && figure.validity.holds(day);
    rows_by(packs, Pack::figures, holds, |figure| &figure.key)
}

fn baseline(key: &str, baselines: &[(&Pack, &Figure)], day: Date) -> Option<Baseline> {
    let known = baselines.iter().filter_map(|(_, figure)| {
        let year = figure.year.filter(|year| i32::from(*year) <= i32::from(day.year()))?;
        (figure.key.strip_prefix(key)? == format!("_{year}")).then_some(())?;
        Some(Baseline { value: figure.amount.at_least.or(figure.amount.at_most)?, year })
    });
    known.max_by_key(|baseline| baseline.year)
}

fn goal(amount: Amount, year: Option<u16>) -> Goal {
    Goal { amount, strictly: false, year }
}

const fn better(amount: Amount) -> Better {
    match (amount.at_least, amount.at_most) {
        (Some(_), Some(_)) => Better::Within,
        (None, Some(_)) => Better::Less,
        _ => Better::More,
    }
}

/// A case that is a kind of place.
fn zone_of(case: &str) -> Option<lifecircle_types::ZoneType> {
    case.parse().ok()
}

/// A target whose value is stated by the study.
fn of_figure(figure: &Figure) -> Indicator {
    Indicator {
        key: figure.key.clone(),
        en: figure.en.clone(),
        zh: figure.zh.clone(),
        count: Quantity::Value { key: figure.key.clone() },
        of: None,
        per: 1.0,
        spread: None,
        unit: figure.unit.clone(),
        better: better(figure.amount),
        zone: figure.case.as_deref().and_then(zone_of),
        counted_over: figure.counted_over,
        target: Some(goal(figure.amount, figure.year)),
        target_in: std::collections::BTreeMap::default(),
        standing: None,
        baseline: None,
        domain: None,
        about: figure.services.clone(),
        problem: None,
        note: figure.note.clone(),
        validity: figure.validity,
        backing: figure.backing.clone(),
    }
}

/// Whether the amount of a norm is itself the target of its indicator.
fn states_a_goal(norm: &Norm) -> bool {
    !matches!(norm.base, Base::Site | Base::Unit) || norm.measure == Measure::Residents
}

/// The indicator that a norm asks for.
fn of_norm(norm: &Norm) -> Option<Indicator> {
    let supply = |services: &[_], measure, that: Option<SiteCondition>| {
        let norm = that.map(|_| norm.key.clone());
        Quantity::Facilities(FacilityCount { services: services.to_vec(), measure, that, norm })
    };
    let all = Amount { at_least: Some(100.0), at_most: None };
    let counted = counted(norm);
    // doctors, land for transport, widths: somebody has to count them
    let stated = || {
        let unit = per_base(norm);
        let en = format!("{counted} {unit}");
        (Quantity::Value { key: norm.key.clone() }, None, 1.0, norm.amount, unit, en)
    };
    let (count, of, per, amount, unit, en) = if norm.services.is_empty() {
        stated()
    } else {
        match norm.base {
            Base::Residents
            | Base::Registered
            | Base::PermitHolders
            | Base::UrbanResidents
            | Base::Households => {
                let of = if norm.base == Base::Households {
                    Quantity::Households
                } else {
                    Quantity::People(PeopleCount {
                        base: norm.base,
                        ages: norm.ages,
                        group: None,
                        reach: PeopleReach::All,
                    })
                };
                let count = supply(&norm.services, norm.measure, None);
                let unit = per_base(norm);
                (count, Some(of), norm.per, norm.amount, unit.clone(), format!("{counted} {unit}"))
            }
            Base::Whole => {
                if norm.of.is_empty() {
                    return None;
                }
                let (count, of) =
                    (supply(&norm.services, norm.measure, None), supply(&norm.of, norm.measure, None));
                (count, Some(of), norm.per, norm.amount, "%".into(), format!("{counted}, share of all"))
            }
            Base::Site if norm.measure == Measure::Residents => {
                let people =
                    PeopleCount { base: Base::Residents, ages: None, group: None, reach: PeopleReach::All };
                let sites = supply(&norm.services, Measure::Sites, None);
                let en = format!("residents per site of {}", words(norm));
                (Quantity::People(people), Some(sites), 1.0, norm.amount, "residents per site".into(), en)
            }
            Base::Site if !matches!(norm.measure, Measure::Width | Measure::Classes) => {
                let keeping = supply(&norm.services, Measure::Sites, Some(SiteCondition::KeepNorms));
                let sites = supply(&norm.services, Measure::Sites, None);
                let en = format!("sites that keep the norm: {counted}");
                (keeping, Some(sites), 100.0, all, "%".into(), en)
            }
            Base::Unit if norm.measure == Measure::Sites => {
                let kind = norm.counted_over?;
                let units = |with: &[_], at_least| {
                    Quantity::Units(UnitCount {
                        kind,
                        with: with.to_vec(),
                        without: vec![],
                        at_least,
                        that: None,
                        covered: None,
                    })
                };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a handful of sites"
                )]
                let least = norm.amount.at_least.filter(|_| norm.per <= 1.0)?.clamp(0.0, 1e6).ceil() as u32;
                let en = format!("units of kind {kind} with at least {least} of {}", words(norm));
                (units(&norm.services, least), Some(units(&[], 1)), 100.0, all, "%".into(), en)
            }
            Base::Site | Base::Unit | Base::Class | Base::BuildingFloorArea => stated(),
        }
    };
    if !amount.is_stated() {
        return None;
    }
    Some(Indicator {
        key: norm.key.clone(),
        en,
        zh: None,
        count,
        of,
        per,
        spread: None,
        unit,
        better: better(amount),
        zone: None,
        counted_over: norm.counted_over,
        target: Some(goal(amount, norm.year)),
        target_in: std::collections::BTreeMap::default(),
        standing: None,
        baseline: None,
        domain: None,
        about: vec![],
        problem: None,
        note: norm.note.clone(),
        validity: norm.validity,
        backing: norm.backing.clone(),
    })
}

/// "kindergarten, nursery 0 3 and 2 more".
fn words(norm: &Norm) -> String {
    let names: Vec<String> =
        norm.services.iter().take(3).map(|service| service.as_str().replace('_', " ")).collect();
    let more = norm.services.len().saturating_sub(names.len());
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

/// What is counted, in the standard's words or in ours.
fn counted(norm: &Norm) -> String {
    let measured = match norm.measure {
        Measure::Sites => "sites",
        Measure::Capacity => "capacity",
        Measure::FloorArea => "floor area (m2)",
        Measure::SiteArea => "site area (m2)",
        Measure::Width => "width (m)",
        Measure::Classes => "classes",
        Measure::Functions => "functions",
        Measure::Staff => "staff",
        Measure::Users => "uses a year",
        Measure::YearlyCost => "yearly cost",
        Measure::Residents => "residents",
        Measure::Hours => "hours a week",
    };
    match (&norm.what, norm.services.is_empty()) {
        (Some(what), true) => format!("{measured}, {what}"),
        (Some(what), false) => format!("{measured}, {what}, of {}", words(norm)),
        (None, _) => format!("{measured} of {}", words(norm)),
    }
}

/// "per 1000 residents of 60 and over", "per household".
fn per_base(norm: &Norm) -> String {
    let plural = norm.base.as_str().replace('_', " ");
    let ages = norm.ages.map_or_else(String::new, |ages| format!(" of {ages}"));
    if norm.per > 1.0 {
        return format!("per {} {plural}{ages}", norm.per);
    }
    let one =
        if norm.base == Base::Registered { "registered resident" } else { plural.trim_end_matches('s') };
    let one = if norm.base == Base::Class { "class" } else { one };
    format!("per {one}{ages}")
}
