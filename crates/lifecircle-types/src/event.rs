//! What happens to problems of the register over time.

use crate::date::Date;

crate::word_enum! {
    /// How far a problem has come.
    ProblemStatus, "status of a problem" {
        /// Found by a run.
        Found = "found",
        /// Somebody has looked.
        Verified = "verified",
        /// Somebody is in charge.
        Assigned = "assigned",
        /// In a plan.
        Planned = "planned",
        /// Being solved.
        InProgress = "in_progress",
        /// Solved, as those in charge say.
        Accepted = "accepted",
        /// Solved, as a re-measurement shows.
        Closed = "closed",
        /// There again.
        Reopened = "reopened",
    }
}

crate::word_enum! {
    /// How space for a remedy is come by.
    AcquisitionMode, "way of acquisition" {
        /// New building.
        Build = "build",
        /// Bought.
        Buy = "buy",
        /// Exchanged.
        Swap = "swap",
        /// Rented.
        Rent = "rent",
        /// Another use of what stands.
        Convert = "convert",
    }
}

/// Something that happened to a problem.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProblemEvent {
    /// Id of the problem.
    pub problem: String,
    /// The day.
    pub date: Date,
    /// How far the problem came.
    pub status: ProblemStatus,
    /// Who says so.
    pub by: Option<String>,
    /// In words.
    pub note: Option<String>,
    /// How space is come by.
    pub mode: Option<AcquisitionMode>,
    /// By when it is to be solved.
    pub due: Option<Date>,
    /// What it may cost, in the study's currency.
    pub budget: Option<f64>,
}
