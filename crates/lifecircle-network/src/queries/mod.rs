//! Questions to a [`PreparedGraph`](crate::PreparedGraph).
//!
//! Sources and answers lie on nodes here, or on links inside streets (`trips`).

mod dense;
mod nearest;
mod pairs;
mod trips;

use core::sync::atomic::{AtomicU64, Ordering};

use lifecircle_types::{Cancelled, Progress};

pub use dense::CostTable;
pub use nearest::{NearestCosts, NearestRanks, PreparedSpace};
pub(crate) use pairs::{Entrance, Entry, STEP, matrix};

/// How many nodes are looked at between two questions whether to go on: less than a millisecond's work.
const ONCE_IN: usize = 1 << 12;

/// Counts the finished parts of a step, on any number of threads, and asks whether to go on.
pub(crate) struct Ticks<'a> {
    step: &'static str,
    done: AtomicU64,
    total: u64,
    progress: &'a dyn Progress,
}

impl<'a> Ticks<'a> {
    pub(crate) fn new(
        step: &'static str,
        total: usize,
        progress: &'a dyn Progress,
    ) -> Result<Self, Cancelled> {
        let total = total as u64;
        progress.advance(step, 0, total)?;
        Ok(Self { step, done: AtomicU64::new(0), total, progress })
    }

    /// One more part is finished.
    pub(crate) fn one(&self) -> Result<(), Cancelled> {
        self.some(1)
    }

    /// Counts what a single thread does very many times, starting at one; asks once in a while.
    pub(crate) fn nth(&self, at: usize) -> Result<(), Cancelled> {
        if at.is_multiple_of(ONCE_IN) { self.some(ONCE_IN) } else { Ok(()) }
    }

    /// Asks whether to go on, once in a while: `at` counts what is being done.
    pub(crate) fn ask(&self, at: usize) -> Result<(), Cancelled> {
        if at.is_multiple_of(ONCE_IN) { self.now() } else { Ok(()) }
    }

    /// Asks whether to go on.
    pub(crate) fn now(&self) -> Result<(), Cancelled> {
        self.progress.advance(self.step, self.done.load(Ordering::Relaxed), self.total)
    }

    /// `parts` more are finished.
    pub(crate) fn some(&self, parts: usize) -> Result<(), Cancelled> {
        let parts = parts as u64;
        self.progress.advance(self.step, self.done.fetch_add(parts, Ordering::Relaxed) + parts, self.total)
    }
}
