//! Scores: how the axes, indicators and other scores of a place become figures that can be weighed, graded and ranked.

mod axes;
mod card;
mod combine;
mod normalise;
mod rank;
mod scorecard;
mod stated;
mod survey;
mod table;
mod weights;

pub use axes::{ScoreRange, UnitAxes, measure_axes};
pub use combine::{combined_score, topsis};
pub use normalise::Normaliser;
pub use rank::{Ranked, rank_ranges, ranks};
pub use scorecard::{
    AppliedScore, ScoreResult, UnitScore, WEIGHTS_MOVE, applied_scores, axes_and_scores, measure_scores,
};
pub use stated::score_stated;
pub use table::{axes_table, score_parts_table, scores_table};
pub use weights::{blended_weights, entropy_weights};
