//! Axes and scores as tables.

use lifecircle_taxonomy::Confidence;
use lifecircle_types::{FeatureTable, InvalidSet};

use super::axes::{ScoreRange, UnitAxes};
use super::scorecard::{ScoreResult, UnitScore};
use crate::tables::{flag, number, text};

/// A row per scope and unit, the whole place first; scores run from 0 to 100, empty is not known.
///
/// # Errors
/// Never: columns have names of their own.
pub fn axes_table(axes: &[UnitAxes]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(axes.len());
    let own = |what: fn(&UnitAxes) -> Option<String>| text(axes.iter().map(what));
    let figure = |what: fn(&UnitAxes) -> Option<f64>| number(axes.iter().map(what));
    #[expect(clippy::cast_precision_loss, reason = "a count of services or indicators")]
    let count = |count: usize| Some(count as f64);
    table.push("scope", own(|axes| Some(axes.scope.clone())))?;
    table.push("unit_code", own(|axes| axes.unit.clone()))?;
    table.push("unit_label", own(|axes| Some(axes.label.clone())))?;
    table.push("unit_kind", own(|axes| axes.kind.map(|kind| kind.to_string())))?;
    table.push("services", number(axes.iter().map(|axes| count(axes.services))))?;
    table.push("people", figure(|axes| Some(axes.people)))?;
    table.push("reach", figure(|axes| axes.reach.map(|range| range.certain)))?;
    table.push("reach_at_most", figure(|axes| axes.reach.map(|range| range.at_most)))?;
    table.push("quality", figure(|axes| axes.quality.map(|range| range.certain)))?;
    table.push("quality_at_most", figure(|axes| axes.quality.map(|range| range.at_most)))?;
    table.push("quality_of", number(axes.iter().map(|axes| count(axes.quality_of))))?;
    table.push("balance", figure(|axes| axes.balance))?;
    table.push("inclusiveness", figure(|axes| axes.inclusiveness.map(|range| range.certain)))?;
    table.push("inclusiveness_at_most", figure(|axes| axes.inclusiveness.map(|range| range.at_most)))?;
    table.push("fairness", figure(|axes| axes.fairness))?;
    table.push("worst_group", own(|axes| axes.worst_group.clone()))?;
    table.push("convenience", figure(|axes| axes.convenience))?;
    table.push("friendly_young", figure(|axes| axes.friendly_young))?;
    table.push("friendly_working", figure(|axes| axes.friendly_working))?;
    table.push("friendly_old", figure(|axes| axes.friendly_old))?;
    Ok(table)
}

/// A row per score and unit, the whole place first.
///
/// # Errors
/// Never: columns have names of their own.
pub fn scores_table(results: &[ScoreResult]) -> Result<FeatureTable, InvalidSet> {
    let rows: Vec<(&ScoreResult, &UnitScore)> =
        results.iter().flat_map(|result| result.units.iter().map(move |unit| (result, unit))).collect();
    let mut table = FeatureTable::new(rows.len());
    let of = |what: fn(&ScoreResult) -> Option<String>| text(rows.iter().map(|(result, _)| what(result)));
    let own = |what: fn(&UnitScore) -> Option<String>| text(rows.iter().map(|(_, unit)| what(unit)));
    let figure = |what: fn(&UnitScore) -> Option<f64>| number(rows.iter().map(|(_, unit)| what(unit)));
    table.push("score", of(|result| Some(result.applied.score.key.clone())))?;
    table.push("en", of(|result| Some(result.applied.score.en.clone())))?;
    table.push("zh", of(|result| result.applied.score.zh.clone()))?;
    table.push("unit_code", own(|unit| unit.unit.clone()))?;
    table.push("unit_label", own(|unit| Some(unit.label.clone())))?;
    table.push("unit_kind", own(|unit| unit.kind.map(|kind| kind.to_string())))?;
    table.push("value", figure(|unit| unit.score.map(|score| score.certain)))?;
    table.push("at_most", figure(|unit| unit.score.map(|score| score.at_most)))?;
    table.push("grade", own(|unit| unit.grade.clone()))?;
    table.push("is_capped", flag(rows.iter().map(|(_, unit)| unit.score.map(|_| unit.is_capped))))?;
    table.push("bottom_line", own(|unit| unit.bottom_line.map(|stands| stands.to_string())))?;
    table.push("assessed_percent", figure(|unit| Some(100.0 * unit.assessed)))?;
    table.push("rank", figure(|unit| unit.rank.map(f64::from)))?;
    table.push("rank_best", figure(|unit| unit.rank_range.map(|(best, _)| f64::from(best))))?;
    table.push("rank_worst", figure(|unit| unit.rank_range.map(|(_, worst)| f64::from(worst))))?;
    table.push("eligible", own(|unit| unit.eligible.map(|stands| stands.to_string())))?;
    table.push("is_chosen", flag(rows.iter().map(|(_, unit)| unit.eligible.map(|_| unit.is_chosen))))?;
    table.push("pack", of(|result| Some(result.applied.pack.clone())))?;
    table.push("confidence", of(|result| Some(result.applied.score.backing.confidence.to_string())))?;
    let unconfirmed = |result: &ScoreResult| result.applied.score.backing.confidence == Confidence::Memory;
    table.push("unconfirmed", flag(rows.iter().map(|(result, _)| Some(unconfirmed(result)))))?;
    table.push("source", of(|result| Some(result.applied.score.backing.source.clone())))?;
    let note = |(result, unit): &(&ScoreResult, &UnitScore)| {
        let why = result.note.clone().or_else(|| unit.note.clone());
        why.or_else(|| result.applied.score.note.clone())
    };
    table.push("note", text(rows.iter().map(note)))?;
    Ok(table)
}

/// A row per score, unit and part, with the weight of the part as it was used.
///
/// # Errors
/// Never: columns have names of their own.
pub fn score_parts_table(results: &[ScoreResult]) -> Result<FeatureTable, InvalidSet> {
    let rows: Vec<(&ScoreResult, &UnitScore, usize, Option<ScoreRange>)> = results
        .iter()
        .flat_map(|result| result.units.iter().map(move |unit| (result, unit)))
        .flat_map(|(result, unit)| {
            unit.parts.iter().enumerate().map(move |(part, scored)| (result, unit, part, *scored))
        })
        .collect();
    let mut table = FeatureTable::new(rows.len());
    table.push("score", text(rows.iter().map(|row| Some(row.0.applied.score.key.clone()))))?;
    table.push("unit_code", text(rows.iter().map(|row| row.1.unit.clone())))?;
    table.push("unit_label", text(rows.iter().map(|row| Some(row.1.label.clone()))))?;
    table.push("part", text(rows.iter().map(|row| Some(row.0.applied.score.parts[row.2].of.to_string()))))?;
    table.push("weight", number(rows.iter().map(|row| row.0.weights.get(row.2).copied())))?;
    table.push("value", number(rows.iter().map(|row| row.3.map(|score| score.certain))))?;
    table.push("at_most", number(rows.iter().map(|row| row.3.map(|score| score.at_most))))?;
    Ok(table)
}
