#![doc = include_str!("../README.md")]

mod assess;
mod assessment;
mod base;
mod candidates;
mod indicator;
mod inventory;
mod register;
mod rules;
mod score;
mod tables;

pub use assess::{Home, Inputs, ServiceEvidence, Walker, assess};
pub use assessment::{
    Assessment, Attainment, Gap, GapCause, GroupTotal, PaceCoverage, Range, ResidentTotals, ServiceResult,
    Shares, UnitCoverage, UnitResult,
};
pub use base::base_of;
pub use candidates::{Candidates, candidates, without_rule};
pub use indicator::{
    AppliedIndicator, AppliedNorm, GroundCoverage, IndicatorResult, Measured, Origin, SiteFault, UnitValue,
    applied_indicators, applied_norms, asked_values, indicators_table, measure_indicators, site_faults,
};
pub use inventory::{InventoryEntry, InventoryState, Source, inventory};
pub use register::{
    Alternative, Change, Funding, History, InvalidEvent, Problem, ProblemCause, ProblemChange, Project, RUN,
    RegisterOptions, Remedy, changes_table, compare_registers, find_problems, history_table, plan_of,
    problems_table, projects, projects_table, to_rectify,
};
pub use rules::{AppliedRule, applied_rules};
pub use score::{
    AppliedScore, Normaliser, Ranked, ScoreRange, ScoreResult, UnitAxes, UnitScore, WEIGHTS_MOVE,
    applied_scores, axes_table, blended_weights, combined_score, entropy_weights, measure_axes,
    measure_scores, rank_ranges, ranks, score_parts_table, score_stated, scores_table, topsis,
};
pub use tables::{facilities_table, gaps_table, residents_table, units_table};
