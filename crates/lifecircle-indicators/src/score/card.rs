//! One score of all units: parts on their scales, weights, grades, ranks and choice.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Better, Combination, Goal, Scale, Score, ScoreCondition};
use lifecircle_types::{UnitIx, UnitKind};

use super::axes::ScoreRange;
use super::combine::{combined_score, topsis};
use super::normalise::Normaliser;
use super::rank::{Ranked, moved_ranks, ranks};
use super::scorecard::{UnitScore, WEIGHTS_MOVE};
use super::survey::Survey;
use super::weights::{blended_weights, entropy_weights};
use crate::area::Area;
use crate::assessment::Attainment;
use crate::between::Between;
use crate::indicator::{IndicatorResult, UnitValue};

/// What a part looks at, by slot.
pub(super) struct Column<'a> {
    pub(super) better: Better,
    pub(super) cells: Vec<Option<Cell<'a>>>,
}

pub(super) enum Cell<'a> {
    /// A score already, and how much of it is known.
    Score(ScoreRange, f64),
    /// A value, with its target.
    Value(&'a UnitValue),
}

impl Cell<'_> {
    /// What is certain.
    fn low(&self) -> Option<f64> {
        match self {
            Self::Score(score, _) => Some(score.certain),
            Self::Value(value) => value.value,
        }
    }
}

/// Units with their parts on the scale, being scored.
pub(super) struct Card<'a> {
    score: &'a Score,
    survey: &'a Survey<'a>,
    /// Slots that are scored.
    slots: Vec<usize>,
    pub(super) units: Vec<UnitScore>,
    columns: Vec<Column<'a>>,
    pub(super) weights: Vec<f64>,
    pub(super) note: Option<String>,
}

impl<'a> Card<'a> {
    pub(super) fn new(score: &'a Score, columns: Vec<Column<'a>>, survey: &'a Survey<'a>) -> Self {
        let units = survey.all.inputs.units;
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

    /// Scores, grades and ranks the units, and chooses among them.
    pub(super) fn judge(&mut self) {
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
        self.choose();
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
    fn choose(&mut self) {
        if self.score.eligible.is_empty() && self.score.choose.is_none() {
            return;
        }
        let by_condition: Vec<(&ScoreCondition, BTreeMap<Option<&str>, &UnitValue>)> = self
            .score
            .eligible
            .iter()
            .map(|condition| {
                let of_key = |result: &&IndicatorResult| result.applied.indicator.key == condition.indicator;
                (
                    condition,
                    self.survey
                        .indicators
                        .iter()
                        .find(of_key)
                        .map(IndicatorResult::by_unit)
                        .unwrap_or_default(),
                )
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
            unit.eligible = by_condition.iter().map(stands).max().or(Some(Attainment::Met));
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
    let covered: Vec<Option<Between>> =
        line.services.iter().map(|service| survey.covered(service, slot)).collect();
    if covered.iter().all(Option::is_none) {
        return None;
    }
    // of several the worst: met, open and missed stand in this order
    covered.into_iter().map(|found| found.map_or(Attainment::Open, |it| it.reaches(line.covered))).max()
}

/// Whether a unit keeps a condition; open where its value is not known, or not well enough.
fn condition_holds(condition: &ScoreCondition, value: Option<&UnitValue>) -> Attainment {
    let goal = Goal { amount: condition.amount, ..Goal::default() };
    value.and_then(UnitValue::known).map_or(Attainment::Open, |known| known.stands_to(&goal))
}
