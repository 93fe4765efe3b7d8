//! Access and time of day: who finds a door open, when.
//!
//! Time runs round a period of whole days, a week unless said otherwise: what lies beyond its end is its start. Place
//! `i` sets out at `t`, is at facility `j` at `t + cᵢⱼ` and stays for `δ`:
//!
//! ```text
//! Cov(t) = Σ Pᵢ [some j: cᵢⱼ ≤ T, open from t + cᵢⱼ to t + cᵢⱼ + δ] / Σ Pᵢ
//! ```
//!
//! Hours are known to the minute and costs to the millisecond, and so is every answer: it is found from the moments at
//! which a door opens or closes, not from samples. A door is open from its first minute up to, and without, its last.
//!
//! Hours that nobody knows are neither open nor closed. Strictly they count as closed, leniently as open; the truth
//! lies between.

mod coverage;
#[cfg(feature = "hours")]
mod notation;
mod open;
mod spans;

pub use coverage::{HoursCoverage, HoursTask, TimedCoverage, coverage_by_time, over_seasons};
#[cfg(feature = "hours")]
pub use notation::{HoursRefused, StudyDays, parse_hours};
pub use open::{OpenHours, Period};
