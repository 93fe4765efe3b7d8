//! Scores of units by the rows of packs.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Better, Pack, Score, Scored};
use lifecircle_types::{Date, UnitIx, UnitKind};

use super::axes::{ScoreRange, UnitAxes, axes_of};
use super::card::{Card, Cell, Column};
use super::survey::Survey;
use crate::assessment::Attainment;
use crate::indicator::{IndicatorResult, Measured};
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
    scores_of(&Survey::new(all, indicators))
}

/// What [`measure_axes`](super::measure_axes) and [`measure_scores`] give, with what both need counted once.
///
/// # Panics
/// When the columns of `all` do not belong together.
#[must_use]
pub fn axes_and_scores(
    all: &Measured<'_>,
    indicators: &[IndicatorResult],
) -> (Vec<UnitAxes>, Vec<ScoreResult>) {
    let survey = Survey::new(all, indicators);
    let scores = scores_of(&survey);
    (axes_of(&survey), scores)
}

fn scores_of(survey: &Survey<'_>) -> Vec<ScoreResult> {
    let applied = applied_scores(survey.all.packs, survey.all.inputs.date);
    let mut cards = Cards::new(survey, &applied);
    for at in 0..applied.len() {
        cards.fill(at);
    }
    cards.results.into_iter().flatten().collect()
}

/// One score, with those it is made of behind it.
pub(super) fn measure_score(
    all: &Measured<'_>,
    indicators: &[IndicatorResult],
    applied: &[AppliedScore],
    at: usize,
) -> Option<ScoreResult> {
    let survey = Survey::new(all, indicators);
    let mut cards = Cards::new(&survey, applied);
    cards.fill(at);
    cards.results.swap_remove(at)
}

/// The results of scores, as far as they are filled in.
struct Cards<'a> {
    survey: &'a Survey<'a>,
    applied: &'a [AppliedScore],
    results: Vec<Option<ScoreResult>>,
}

impl<'a> Cards<'a> {
    fn new(survey: &'a Survey<'a>, applied: &'a [AppliedScore]) -> Self {
        Self { survey, applied, results: vec![None; applied.len()] }
    }

    /// Fills the result of a score after those it is made of. Packs refuse scores that come back to themselves; where
    /// those of two packs do, the part is not known.
    fn fill(&mut self, at: usize) {
        if self.results[at].is_some() {
            return;
        }
        let applied = &self.applied[at];
        let result =
            |weights, units, note| Some(ScoreResult { applied: applied.clone(), weights, units, note });
        self.results[at] = result(vec![], vec![], None);
        for part in &applied.score.parts {
            if let Scored::Score(key) = &part.of
                && let Ok(next) = self.applied.binary_search_by(|known| known.score.key.as_str().cmp(key))
            {
                self.fill(next);
            }
        }
        let columns = applied.score.parts.iter().map(|part| self.column(&part.of)).collect();
        let mut card = Card::new(&applied.score, columns, self.survey);
        card.judge();
        self.results[at] = result(card.weights, card.units, card.note);
    }

    /// What a part looks at.
    fn column(&self, of: &Scored) -> Column<'a> {
        let survey = self.survey;
        let units = survey.all.inputs.units;
        let code = |unit: Option<UnitIx>| unit.map(|unit| units[unit].code.as_str());
        let scores = |cells: Vec<Option<ScoreRange>>| Column {
            better: Better::More,
            cells: cells.into_iter().map(|cell| cell.map(|score| Cell::Score(score, 1.0))).collect(),
        };
        match of {
            Scored::Indicator(key) => {
                let of_key = |result: &&IndicatorResult| result.applied.indicator.key == *key;
                let Some(result) = survey.indicators.iter().find(of_key) else {
                    return scores(vec![None; survey.slots().len()]);
                };
                let by_unit = result.by_unit();
                let cell = |unit: &Option<UnitIx>| {
                    let value = *by_unit.get(&code(*unit))?;
                    value.value.map(|_| Cell::Value(value))
                };
                let better = result.applied.indicator.better;
                Column { better, cells: survey.slots().iter().map(cell).collect() }
            }
            Scored::Axis(axis, scope) => {
                scores(survey.axes(scope).iter().map(|axes| axes.axis(*axis)).collect())
            }
            Scored::FriendlyFor(stage, scope) => {
                scores(survey.axes(scope).iter().map(|axes| axes.friendly_for(*stage)).collect())
            }
            Scored::Score(key) => {
                let mut results = self.results.iter().flatten();
                let result = results.find(|result| result.applied.score.key == *key);
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
}
