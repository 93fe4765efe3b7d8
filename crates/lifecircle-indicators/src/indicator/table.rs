//! Indicators as a table.

use lifecircle_taxonomy::Confidence;
use lifecircle_types::{FeatureTable, InvalidSet};

use super::{IndicatorResult, UnitValue};
use crate::tables::{flag, number, text};

/// A row per indicator and unit, the whole place first; `unconfirmed` marks figures that nobody has checked.
///
/// # Errors
/// Never: columns have names of their own.
pub fn indicators_table(results: &[IndicatorResult]) -> Result<FeatureTable, InvalidSet> {
    let rows: Vec<(&IndicatorResult, &UnitValue)> =
        results.iter().flat_map(|result| result.values.iter().map(move |value| (result, value))).collect();
    let mut table = FeatureTable::new(rows.len());
    let of = |what: fn(&IndicatorResult) -> Option<String>| text(rows.iter().map(|(result, _)| what(result)));
    let own = |what: fn(&UnitValue) -> Option<String>| text(rows.iter().map(|(_, value)| what(value)));
    let figure = |what: fn(&UnitValue) -> Option<f64>| number(rows.iter().map(|(_, value)| what(value)));
    table.push("indicator", of(|result| Some(result.applied.indicator.key.clone())))?;
    table.push("en", of(|result| Some(result.applied.indicator.en.clone())))?;
    table.push("zh", of(|result| result.applied.indicator.zh.clone()))?;
    table.push("unit_code", own(|value| value.unit.clone()))?;
    table.push("unit_label", own(|value| Some(value.label.clone())))?;
    table.push("unit_kind", own(|value| value.kind.map(|kind| kind.to_string())))?;
    table.push("zone", own(|value| value.zone.map(|zone| zone.to_string())))?;
    table.push("value", figure(|value| value.value))?;
    table.push("at_most", figure(|value| value.at_most))?;
    table.push("is_exact", flag(rows.iter().map(|(_, value)| value.value.map(|_| value.is_exact))))?;
    table.push("measured_in", of(|result| Some(result.applied.indicator.unit.clone())))?;
    table.push("count", figure(|value| value.count))?;
    table.push("of", figure(|value| value.of))?;
    table.push("per", number(rows.iter().map(|(result, _)| Some(result.applied.indicator.per))))?;
    table.push("better", of(|result| Some(result.applied.indicator.better.to_string())))?;
    table.push("target_at_least", figure(|value| value.target?.amount.at_least))?;
    table.push("target_at_most", figure(|value| value.target?.amount.at_most))?;
    table.push("target_year", own(|value| Some(value.target?.year?.to_string())))?;
    table.push(
        "standing",
        of(|result| result.applied.indicator.standing.map(|standing| standing.to_string())),
    )?;
    table.push("attainment", own(|value| value.attainment.map(|attainment| attainment.to_string())))?;
    table.push("short_by", figure(|value| value.short_by))?;
    table.push("baseline", figure(|value| value.baseline.map(|baseline| baseline.value)))?;
    table.push("baseline_year", own(|value| value.baseline.map(|baseline| baseline.year.to_string())))?;
    table.push("way_gone", figure(|value| value.way_gone))?;
    table.push("value_year", own(|value| value.year.map(|year| year.to_string())))?;
    table.push("pack", of(|result| Some(result.applied.pack.clone())))?;
    table.push("origin", of(|result| Some(result.applied.origin.to_string())))?;
    table.push("confidence", of(|result| Some(result.applied.indicator.backing.confidence.to_string())))?;
    let unconfirmed =
        |result: &IndicatorResult| result.applied.indicator.backing.confidence == Confidence::Memory;
    table.push("unconfirmed", flag(rows.iter().map(|(result, _)| Some(unconfirmed(result)))))?;
    table.push("source", of(|result| Some(result.applied.indicator.backing.source.clone())))?;
    table.push("note", own(|value| value.note.clone()))?;
    Ok(table)
}
