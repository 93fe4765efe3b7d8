//! Scores of units by the rows of packs.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Better, Combination, Goal, Pack, Scale, Score, ScoreCondition, Scored};
use lifecircle_types::{Date, UnitIx, UnitKind};

use super::axes::{ScoreRange, Survey};
use super::combine::{combined_score, topsis};
use super::normalise::Normaliser;
use super::rank::{Ranked, moved_ranks, ranks};
use super::weights::{blended_weights, entropy_weights};
use crate::area::Area;
use crate::assessment::Attainment;
use crate::between::Between;
use crate::indicator::{IndicatorResult, Measured, UnitValue};
use crate::rules::rows_by;

/// How far weights move when the firmness of ranks is tried.
pub const WEIGHTS_MOVE: f64 = 0.1;

/// A score with the pack it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedScore {
    /// Key of the pack.
    pub pack: String,
    /// The score.
    pub score: Score,
}

/// The scores of `packs` on `day`, by key; where two packs name one key, the later pack holds.
#[must_use]
pub fn applied_scores(packs: &[Pack], day: Date) -> Vec<AppliedScore> {
    rows_by(packs, Pack::scores, |score| score.validity.holds(day), |score| &score.key)
        .into_iter()
        .map(|(pack, score)| AppliedScore { pack: pack.key.clone(), score: score.clone() })
        .collect()
}

/// What came out for one score.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreResult {
    /// The score.
    pub applied: AppliedScore,
    /// The weights of its parts, as they were used.
    pub weights: Vec<f64>,
    /// The whole place first where it has a score, then units from the largest kind, by code.
    pub units: Vec<UnitScore>,
    /// Why nothing could be scored, if so.
    pub note: Option<String>,
}

/// The score of a unit, or of the whole place.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnitScore {
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// Its name, or its code.
    pub label: String,
    /// Its kind.
    pub kind: Option<UnitKind>,
    /// The score from 0 to 100; `None` where too little is known.
    pub score: Option<ScoreRange>,
    /// Its grade.
    pub grade: Option<String>,
    /// Whether the grade would be better with the bottom-line services.
    pub is_capped: bool,
    /// How the unit stands to the bottom line; `None` where there is none or nothing is known.
    pub bottom_line: Option<Attainment>,
    /// The share of the weights that is known, from 0 to 1; of a part that is a score, the share of that.
    pub assessed: f64,
    /// Its rank among units of its kind, from 1.
    pub rank: Option<u32>,
    /// The best and the worst rank when weights move by [`WEIGHTS_MOVE`], one at a time.
    pub rank_range: Option<(u32, u32)>,
    /// How it stands to the conditions of being chosen; `None` where there are none.
    pub eligible: Option<Attainment>,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// The scores of the parts; `None` is not known.
    pub parts: Vec<Option<ScoreRange>>,
    /// Why there is no score, if so.
    pub note: Option<String>,
}

/// Scores the whole place and its units by the rows of the packs.
///
/// Every part is brought onto its scale; parts that are not known are left out, and the others share their weight; where
/// less than `least_assessed` of the weights is known there is no score. Scores that compare units (relative scales,
/// weights by entropy, TOPSIS) are given to units of `counted_over` alone. A unit without a bottom-line service has no
/// better grade than the cap and ranks below all that have them. The first `choose` of the eligible units by rank are
/// chosen; of equals the one whose code comes first.
#[must_use]
pub fn measure_scores(all: &Measured<'_>, indicators: &[IndicatorResult]) -> Vec<ScoreResult> {
    let applied = applied_scores(all.packs, all.inputs.date);
    if applied.is_empty() {
        return vec![];
    }
    let mut results: Vec<Option<ScoreResult>> = vec![None; applied.len()];
    let survey = Survey::new(all, indicators);
    for at in 0..applied.len() {
        fill(at, &applied, &survey, all, indicators, &mut results);
    }
    results.into_iter().flatten().collect()
}

/// One score, with those it is made of behind it.
pub(super) fn measure_score(
    all: &Measured<'_>,
    indicators: &[IndicatorResult],
    applied: &[AppliedScore],
    at: usize,
) -> Option<ScoreResult> {
    let mut results: Vec<Option<ScoreResult>> = vec![None; applied.len()];
    fill(at, applied, &Survey::new(all, indicators), all, indicators, &mut results);
    results.swap_remove(at)
}

/// Fills the result of a score after those it is made of. Packs refuse scores that come back to themselves; where those
/// of two packs do, the part is not known.
fn fill(
    at: usize,
    applied: &[AppliedScore],
    survey: &Survey<'_>,
    all: &Measured<'_>,
    indicators: &[IndicatorResult],
    results: &mut Vec<Option<ScoreResult>>,
) {
    if results[at].is_some() {
        return;
    }
    results[at] =
        Some(ScoreResult { applied: applied[at].clone(), weights: vec![], units: vec![], note: None });
    let score = &applied[at].score;
    for part in &score.parts {
        if let Scored::Score(key) = &part.of
            && let Ok(next) = applied.binary_search_by(|known| known.score.key.as_str().cmp(key))
        {
            fill(next, applied, survey, all, indicators, results);
        }
    }
    let columns: Vec<Column> =
        score.parts.iter().map(|part| column(&part.of, survey, all, indicators, results)).collect();
    let mut card = Card::new(score, columns, survey, all);
    card.judge(indicators);
    results[at] = Some(ScoreResult {
        applied: applied[at].clone(),
        weights: card.weights,
        units: card.units,
        note: card.note,
    });
}

/// What a part looks at, by slot.
struct Column {
    better: Better,
    cells: Vec<Option<Cell>>,
}

enum Cell {
    /// A score already, and how much of it is known.
    Score(ScoreRange, f64),
    /// A value, with its target.
    Value(Box<UnitValue>),
}

impl Cell {
    /// What is certain.
    fn low(&self) -> Option<f64> {
        match self {
            Self::Score(score, _) => Some(score.certain),
            Self::Value(value) => value.value,
        }
    }
}

fn column(
    of: &Scored,
    survey: &Survey<'_>,
    all: &Measured<'_>,
    indicators: &[IndicatorResult],
    results: &[Option<ScoreResult>],
) -> Column {
    let code = |unit: Option<UnitIx>| unit.map(|unit| all.inputs.units[unit].code.as_str());
    let scores = |cells: Vec<Option<ScoreRange>>| Column {
        better: Better::More,
        cells: cells.into_iter().map(|cell| cell.map(|score| Cell::Score(score, 1.0))).collect(),
    };
    match of {
        Scored::Indicator(key) => {
            let Some(result) = indicators.iter().find(|result| result.applied.indicator.key == *key) else {
                return scores(vec![None; survey.slots().len()]);
            };
            let by_unit = result.by_unit();
            let cell = |unit: &Option<UnitIx>| {
                let value = *by_unit.get(&code(*unit))?;
                value.value.map(|_| Cell::Value(Box::new(value.clone())))
            };
            Column {
                better: result.applied.indicator.better,
                cells: survey.slots().iter().map(cell).collect(),
            }
        }
        Scored::Axis(axis, scope) => scores(survey.axes(scope).iter().map(|axes| axes.axis(*axis)).collect()),
        Scored::FriendlyFor(stage, scope) => {
            scores(survey.axes(scope).iter().map(|axes| axes.friendly_for(*stage)).collect())
        }
        Scored::Score(key) => {
            let result = results.iter().flatten().find(|result| result.applied.score.key == *key);
            let by_unit: BTreeMap<Option<&str>, &UnitScore> = result
                .iter()
                .flat_map(|result| &result.units)
                .map(|scored| (scored.unit.as_deref(), scored))
                .collect();
            let cell = |unit: &Option<UnitIx>| {
                let scored = *by_unit.get(&code(*unit))?;
                scored.score.map(|score| Cell::Score(score, scored.assessed))
            };
            Column { better: Better::More, cells: survey.slots().iter().map(cell).collect() }
        }
    }
}

/// Units with their parts on the scale, being scored.
struct Card<'a> {
    score: &'a Score,
    survey: &'a Survey<'a>,
    /// Slots that are scored.
    slots: Vec<usize>,
    units: Vec<UnitScore>,
    columns: Vec<Column>,
    weights: Vec<f64>,
    note: Option<String>,
}

impl<'a> Card<'a> {
    fn new(score: &'a Score, columns: Vec<Column>, survey: &'a Survey<'a>, all: &'a Measured<'a>) -> Self {
        let units = all.inputs.units;
        let is_scored = |unit: Option<UnitIx>| match (unit, score.counted_over) {
            (None, _) => !score.is_relative(),
            (Some(_), None) => false,
            (Some(unit), Some(least)) => {
                let kind = units[unit].kind;
                kind == least || (kind > least && !score.is_relative())
            }
        };
        let slots: Vec<usize> =
            (0..survey.slots().len()).filter(|&slot| is_scored(survey.slots()[slot])).collect();
        let blank = |&slot: &usize| {
            let Area { unit, label, kind } = Area::of(units, survey.slots()[slot]);
            UnitScore {
                unit,
                label,
                kind,
                score: None,
                grade: None,
                is_capped: false,
                bottom_line: None,
                assessed: 0.0,
                rank: None,
                rank_range: None,
                eligible: None,
                is_chosen: false,
                parts: vec![],
                note: None,
            }
        };
        let blanks = slots.iter().map(blank).collect();
        Self { score, survey, slots, units: blanks, columns, weights: score.weights.clone(), note: None }
    }

    fn judge(&mut self, indicators: &[IndicatorResult]) {
        self.bring_onto_scales();
        if let Err(reason) = self.weigh() {
            self.note = Some(reason);
            return;
        }
        for (slot, unit) in self.slots.iter().zip(&mut self.units) {
            unit.bottom_line = bottom_line(self.score, self.survey, *slot);
        }
        let lacks: Vec<bool> =
            self.units.iter().map(|unit| unit.bottom_line == Some(Attainment::Missed)).collect();
        let certain = self.certain(&self.weights);
        let at_most = self.at_most();
        for row in 0..self.units.len() {
            let known =
                |part: usize| match (&self.columns[part].cells[self.slots[row]], self.known(row, part)) {
                    (Some(Cell::Score(_, of_it)), Some(_)) => self.weights[part] * of_it,
                    (Some(Cell::Value(_)), Some(_)) => self.weights[part],
                    _ => 0.0,
                };
            let known = (0..self.weights.len()).map(known).fold(0.0, |sum, weight| sum + weight);
            self.units[row].assessed = known;
        }
        for ((unit, certain), at_most) in self.units.iter_mut().zip(certain).zip(at_most) {
            // weights sum to one only nearly
            let enough = unit.assessed >= self.score.least_assessed - 1e-9;
            unit.score = certain.filter(|_| enough).map(|certain| ScoreRange {
                certain,
                at_most: at_most.map_or(certain, |at_most| at_most.max(certain)),
            });
            unit.note = unit.score.is_none().then(|| why_not(self.score, unit));
            if let Some(found) = unit.score {
                let earned = self.score.grade(found.certain);
                let lacks = unit.bottom_line == Some(Attainment::Missed);
                let grade = if lacks { self.score.capped_grade(found.certain) } else { earned };
                unit.is_capped = grade != earned;
                unit.grade = grade.map(|grade| grade.grade.clone());
            }
        }
        self.rank(&lacks);
        self.choose(indicators);
    }

    /// The parts of every unit, on their scales.
    fn bring_onto_scales(&mut self) {
        let compared: Vec<usize> = self
            .slots
            .iter()
            .zip(&self.units)
            .filter(|(_, unit)| unit.kind == self.score.counted_over)
            .map(|(slot, _)| *slot)
            .collect();
        for (part, column) in self.score.parts.iter().zip(&self.columns) {
            let lows: Vec<f64> =
                compared.iter().filter_map(|&slot| column.cells[slot].as_ref()?.low()).collect();
            let of = |scale| Normaliser::new(scale, column.better, &lows);
            let (given, targets) = (part.scale.map(of), of(Scale::Target));
            for (slot, unit) in self.slots.iter().zip(&mut self.units) {
                let scored = column.cells[*slot].as_ref().and_then(|cell| match (cell, &given) {
                    (Cell::Score(score, _), None) => Some(*score),
                    (Cell::Score(score, _), Some(given)) => {
                        let score = Between { low: score.certain, high: Some(score.at_most) };
                        given.score_of(score, None, None)
                    }
                    (Cell::Value(value), given) => given.as_ref().unwrap_or(&targets).score_of(
                        value.known()?,
                        value.target.as_ref(),
                        value.baseline.as_ref(),
                    ),
                });
                unit.parts.push(scored);
            }
        }
    }

    /// The weights that are told from the units compared.
    fn weigh(&mut self) -> Result<(), String> {
        if self.score.entropy_share <= 0.0 {
            return Ok(());
        }
        let complete: Vec<Vec<f64>> = self
            .units
            .iter()
            .filter(|unit| unit.kind == self.score.counted_over)
            .filter_map(|unit| unit.parts.iter().map(|part| part.map(|part| part.certain)).collect())
            .collect();
        let columns: Vec<Vec<f64>> =
            (0..self.weights.len()).map(|part| complete.iter().map(|unit| unit[part]).collect()).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let told = entropy_weights(&columns)?;
        self.weights = blended_weights(&self.score.weights, &told, self.score.entropy_share);
        Ok(())
    }

    fn certain(&self, weights: &[f64]) -> Vec<Option<f64>> {
        if self.score.combine == Combination::Topsis {
            return self.nearness(weights);
        }
        self.units
            .iter()
            .map(|unit| combined(self.score.combine, unit, weights, |part| part.certain))
            .collect()
    }

    fn at_most(&self) -> Vec<Option<f64>> {
        if self.score.combine == Combination::Topsis {
            return vec![None; self.units.len()];
        }
        let one = |unit| combined(self.score.combine, unit, &self.weights, |part: ScoreRange| part.at_most);
        self.units.iter().map(one).collect()
    }

    /// What is certain of a part: its score, or for TOPSIS its value where it is brought onto no scale.
    fn known(&self, row: usize, part: usize) -> Option<f64> {
        if self.score.combine == Combination::Topsis && self.score.parts[part].scale.is_none() {
            self.columns[part].cells[self.slots[row]].as_ref()?.low()
        } else {
            self.units[row].parts[part].map(|scored| scored.certain)
        }
    }

    /// TOPSIS over the units of which every part is known.
    fn nearness(&self, weights: &[f64]) -> Vec<Option<f64>> {
        let mut found = vec![None; self.units.len()];
        let mut rows = Vec::new();
        let mut complete: Vec<Vec<f64>> = Vec::new();
        for row in 0..self.units.len() {
            let parts = (0..self.weights.len()).map(|part| self.known(row, part));
            if let Some(values) = parts.collect::<Option<Vec<f64>>>() {
                rows.push(row);
                complete.push(values);
            }
        }
        let columns: Vec<Vec<f64>> =
            (0..weights.len()).map(|part| complete.iter().map(|unit| unit[part]).collect()).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let better: Vec<Better> = self
            .score
            .parts
            .iter()
            .zip(&self.columns)
            .map(|(part, column)| if part.scale.is_some() { Better::More } else { column.better })
            .collect();
        for (row, near) in rows.into_iter().zip(topsis(&columns, weights, &better).unwrap_or_default()) {
            found[row] = Some(100.0 * near);
        }
        found
    }

    /// Ranks the units of every kind.
    fn rank(&mut self, lacks: &[bool]) {
        let mut kinds: Vec<UnitKind> = self.units.iter().filter_map(|unit| unit.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let rows: Vec<usize> =
                (0..self.units.len()).filter(|&row| self.units[row].kind == Some(kind)).collect();
            let lacks: Vec<bool> = rows.iter().map(|&row| lacks[row]).collect();
            let has_score: Vec<bool> = rows.iter().map(|&row| self.units[row].score.is_some()).collect();
            let of_rows = |scores: Vec<Option<f64>>| -> Vec<Option<f64>> {
                rows.iter().zip(&has_score).map(|(&row, has)| scores[row].filter(|_| *has)).collect()
            };
            let ranked: Vec<Ranked> = of_rows(self.certain(&self.weights))
                .into_iter()
                .zip(&lacks)
                .map(|(score, lacks)| Ranked { score, lacks_bottom_line: *lacks })
                .collect();
            let ranges =
                moved_ranks(&self.weights, &lacks, WEIGHTS_MOVE, |weights| of_rows(self.certain(weights)));
            for ((&row, rank), range) in rows.iter().zip(ranks(&ranked)).zip(ranges) {
                (self.units[row].rank, self.units[row].rank_range) = (rank, range);
            }
        }
    }

    /// Chooses the first of the eligible units.
    fn choose(&mut self, indicators: &[IndicatorResult]) {
        if self.score.eligible.is_empty() && self.score.choose.is_none() {
            return;
        }
        let by_condition: Vec<(&ScoreCondition, BTreeMap<Option<&str>, &UnitValue>)> = self
            .score
            .eligible
            .iter()
            .map(|condition| {
                let of_key = |result: &&IndicatorResult| result.applied.indicator.key == condition.indicator;
                (condition, indicators.iter().find(of_key).map(IndicatorResult::by_unit).unwrap_or_default())
            })
            .collect();
        let mut order: Vec<(u32, usize)> = Vec::new();
        for (row, unit) in self.units.iter_mut().enumerate() {
            if unit.kind != self.score.counted_over {
                continue;
            }
            let stands = |(condition, values): &(&ScoreCondition, BTreeMap<Option<&str>, &UnitValue>)| {
                condition_holds(condition, values.get(&unit.unit.as_deref()).copied())
            };
            let eligible = by_condition.iter().map(stands).max_by_key(|stands| match stands {
                Attainment::Met => 0,
                Attainment::Open => 1,
                Attainment::Missed => 2,
            });
            unit.eligible = Some(eligible.unwrap_or(Attainment::Met));
            if let Some(rank) = unit.rank.filter(|_| unit.eligible == Some(Attainment::Met)) {
                order.push((rank, row));
            }
        }
        let Some(many) = self.score.choose else {
            return;
        };
        // units stand by code, so of equals the first code comes first
        order.sort_unstable();
        for (_, row) in order.into_iter().take(many as usize) {
            self.units[row].is_chosen = true;
        }
    }
}

/// Why a unit has no score.
fn why_not(score: &Score, unit: &UnitScore) -> String {
    let missing: Vec<String> = score
        .parts
        .iter()
        .zip(&unit.parts)
        .filter(|(_, scored)| scored.is_none())
        .map(|(part, _)| part.of.to_string())
        .collect();
    if unit.assessed < score.least_assessed - 1e-9 || missing.len() == score.parts.len() {
        return format!(
            "{:.0} % of the weights are known and {:.0} % are needed: no value, target, baseline or difference for {}",
            100.0 * unit.assessed,
            100.0 * score.least_assessed,
            missing.join(", ")
        );
    }
    if missing.is_empty() {
        "units do not differ, or a part is below 0".into()
    } else {
        format!("it needs every part, and there is none for {}", missing.join(", "))
    }
}

fn combined(
    combine: Combination,
    unit: &UnitScore,
    weights: &[f64],
    reading: fn(ScoreRange) -> f64,
) -> Option<f64> {
    let known: Vec<(f64, f64)> = unit
        .parts
        .iter()
        .zip(weights)
        .filter_map(|(part, weight)| Some((reading((*part)?), *weight)))
        .collect();
    combined_score(combine, &known)
}

/// How a unit stands to the bottom line: it misses it for certain, keeps it for certain, or neither.
fn bottom_line(score: &Score, survey: &Survey<'_>, slot: usize) -> Option<Attainment> {
    let line = score.bottom_line.as_ref()?;
    let mut stands = Attainment::Met;
    let mut any_known = false;
    for service in &line.services {
        match survey.covered(service, slot) {
            None => stands = if stands == Attainment::Missed { stands } else { Attainment::Open },
            Some((strict, lenient)) => {
                any_known = true;
                if lenient < line.covered {
                    stands = Attainment::Missed;
                } else if strict < line.covered && stands == Attainment::Met {
                    stands = Attainment::Open;
                }
            }
        }
    }
    any_known.then_some(stands)
}

/// Whether a unit keeps a condition; open where its value is not known, or not well enough.
fn condition_holds(condition: &ScoreCondition, value: Option<&UnitValue>) -> Attainment {
    let goal = Goal { amount: condition.amount, ..Goal::default() };
    value.and_then(UnitValue::known).map_or(Attainment::Open, |known| known.stands_to(&goal))
}
