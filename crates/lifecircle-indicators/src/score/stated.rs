//! Scores of units of which nothing but stated values is known.

use std::collections::BTreeSet;

use lifecircle_taxonomy::{Catalogue, Pack, Quantity, Scored};
use lifecircle_types::{Date, DemandSet, FacilitySet, StatedValue, Unit, UnitSet};

use super::scorecard::{AppliedScore, ScoreResult, applied_scores, measure_score};
use crate::assess::{Inputs, assess};
use crate::indicator::{AppliedIndicator, Measured, applied_indicators, measure_indicators};

/// Scores units from a table of values alone: cities that want to go first, communities judged on site.
///
/// Of each score the units are the codes for which a value that it asks for is stated; parts that need streets,
/// residents or facilities are not known.
///
/// ```
/// use lifecircle_indicators::score_stated;
/// use lifecircle_taxonomy::Pack;
/// use lifecircle_types::StatedValue;
///
/// let guide = Pack::builtin("cn-embedded-guide")?;
/// let value = |key: &str, unit: &str, value| StatedValue {
///     key: key.into(), unit: Some(unit.into()), year: None, value, source: None,
/// };
/// let judged = ["economy", "plan", "support", "readiness"].map(|part| format!("pilot_{part}"));
/// let mut values: Vec<StatedValue> = judged.iter().map(|key| value(key, "Large", 80.0)).collect();
/// values.extend(judged.iter().map(|key| value(key, "Small", 95.0)));
/// values.extend([value("pilot_urban_residents", "Large", 2.1e6), value("pilot_urban_residents", "Small", 0.4e6)]);
/// let scored = score_stated(&[guide], &values, "2024-06-01".parse()?);
/// let cities = &scored.iter().find(|result| result.applied.score.key == "pilot_cities").unwrap().units;
/// let chosen: Vec<_> = cities.iter().filter(|city| city.is_chosen).map(|city| city.label.as_str()).collect();
/// assert_eq!(chosen, ["Large"], "the other is under a million");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn score_stated(packs: &[Pack], values: &[StatedValue], date: Date) -> Vec<ScoreResult> {
    let indicators = applied_indicators(packs, date);
    let catalogue = Catalogue::builtin();
    let scores = applied_scores(packs, date);
    let scored = scores.iter().enumerate().filter_map(|(at, applied)| {
        let units = units_of(applied, &indicators, values)?;
        let inputs = Inputs {
            catalogue: &catalogue,
            date,
            jurisdiction: "*",
            residents: &DemandSet::default(),
            homes: &[],
            units: &units,
            rules: &[],
            inventory: &[],
            no_rule: &[],
            evidence: &[],
            walkers: &[],
        };
        let all = Measured {
            inputs: &inputs,
            assessment: &assess(&inputs),
            packs,
            facilities: &FacilitySet::default(),
            facility_units: &[],
            sources: &[],
            reach: &[],
            values,
            grounds: &[],
            hours_a_week: &[],
        };
        let mut result = measure_score(&all, &measure_indicators(&all), &scores, at)?;
        result.units.retain(|unit| unit.unit.is_some());
        Some(result)
    });
    scored.collect()
}

/// The units that a table of values names for a score; `None` where it names none.
fn units_of(
    applied: &AppliedScore,
    indicators: &[AppliedIndicator],
    values: &[StatedValue],
) -> Option<UnitSet> {
    let score = &applied.score;
    let parts = score.parts.iter().filter_map(|part| match &part.of {
        Scored::Indicator(key) => Some(key),
        Scored::Axis(..) | Scored::FriendlyFor(..) | Scored::Score(_) => None,
    });
    let asked: BTreeSet<&String> =
        parts.chain(score.eligible.iter().map(|condition| &condition.indicator)).collect();
    let keys: BTreeSet<&str> = indicators
        .iter()
        .filter(|applied| asked.contains(&applied.indicator.key))
        .filter_map(|applied| match &applied.indicator.count {
            Quantity::Value { key } => Some(key.as_str()),
            _ => None,
        })
        .collect();
    let codes: BTreeSet<&str> = values
        .iter()
        .filter(|value| keys.contains(value.key.as_str()))
        .filter_map(|value| value.unit.as_deref())
        .collect();
    let kind = score.counted_over?;
    let units = UnitSet::new(codes.into_iter().map(|code| Unit::new(code, kind)).collect()).ok()?;
    (!units.is_empty()).then_some(units)
}
