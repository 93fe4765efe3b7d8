//! Progress and cancelling. Libraries neither print nor read clocks; they report here.

use thiserror::Error;

/// The caller asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Watches a long step and may stop it.
pub trait Progress: Sync {
    /// `done` of `total` parts of `step` are finished; `total` 0 means that the end is not known.
    ///
    /// # Errors
    /// [`Cancelled`] asks the step to stop as soon as it can.
    fn advance(&self, step: &str, done: u64, total: u64) -> Result<(), Cancelled>;
}

/// Watches nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn advance(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        Ok(())
    }
}
