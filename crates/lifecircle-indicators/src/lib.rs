#![doc = include_str!("../README.md")]

mod area;
mod assess;
mod assessment;
mod base;
mod between;
mod board;
mod candidates;
mod evidence;
mod gaps;
mod indicator;
mod inventory;
mod monitor;
mod pace;
mod plan;
mod register;
mod rules;
mod score;
mod tables;
mod threads;

pub use assess::{Home, Inputs, Walker, assess};
pub use assessment::{
    Assessment, Attainment, GroupTotal, PaceCoverage, Range, ResidentTotals, ServiceResult, Shares,
    UnitCoverage, UnitResult,
};
pub use base::base_of;
pub use candidates::{Candidates, candidates, candidates_without_rule, without_rule};
pub use evidence::{EvidenceColumn, ServiceEvidence};
pub use gaps::{Gap, GapCause, gaps, gaps_table};
pub use indicator::{
    AppliedIndicator, AppliedNorm, GroundCoverage, IndicatorResult, Measured, Origin, SiteFault, UnitValue,
    applied_indicators, applied_norms, asked_values, indicators_table, measure_indicators, site_faults,
};
pub use inventory::{InventoryEntry, InventoryState, Source, inventory, shown_by};
pub use monitor::{
    Course, Estimate, Kano, KanoClass, Light, Opinion, Path, Promotion, Quadrant, TicketCell, TicketCount,
    Unreached, Urgency, WIDE_SHORTAGE, continued_series, count_tickets, courses, courses_table, opinions,
    opinions_table, promotions, promotions_table, series_table, ticket_cells, ticket_cells_table,
    tickets_table, trend, unreached, unreached_table,
};
pub use pace::verdicts_of_walker;
pub use plan::{Clause, Gate, Plan, PlanCheck, PlannedFacility, Stage, Verdict, check_plan, clauses_table};
pub use register::{
    Alternative, Asked, Change, Finding, Funding, History, InvalidEvent, Problem, ProblemCause,
    ProblemChange, Project, RUN, RegisterOptions, Remedy, SiteBelow, SiteFull, changes_table,
    compare_registers, find_problems, history_table, plan_of, problems_table, projects, projects_table,
    to_rectify,
};
pub use rules::{AppliedRule, applied_rules};
pub use score::{
    AppliedScore, Normaliser, Ranked, ScoreRange, ScoreResult, UnitAxes, UnitScore, WEIGHTS_MOVE,
    applied_scores, axes_and_scores, axes_table, blended_weights, combined_score, entropy_weights,
    measure_axes, measure_scores, rank_ranges, ranks, score_parts_table, score_stated, scores_table, topsis,
};
pub use tables::{facilities_table, residents_table, units_table};
