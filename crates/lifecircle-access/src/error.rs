use lifecircle_types::{Cost, CostUnit};
use thiserror::Error as ThisError;

/// Why a measure cannot be computed.
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A column does not fit the matrix.
    #[error("{what} has {found} values, the travel matrix has {expected}")]
    LengthMismatch {
        /// The column.
        what: &'static str,
        /// Rows or columns of the matrix.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// The measure looks further than the matrix was computed.
    #[error("the measure reaches to {needed}, the travel matrix ends at {has}: compute it up to {needed}")]
    MatrixTooShort {
        /// Cost the measure needs.
        needed: Cost,
        /// Cutoff of the matrix.
        has: Cost,
    },
    /// A cutoff or decay counts in the other unit.
    #[error("the travel matrix counts {matrix:?}, the measure {measure:?}")]
    OtherUnit {
        /// Unit of the matrix.
        matrix: CostUnit,
        /// Unit of the measure.
        measure: CostUnit,
    },
    /// A value that is negative or no number.
    #[error("{what} holds {value} in row {row}: expected a finite number of at least zero")]
    BadValue {
        /// The column.
        what: &'static str,
        /// Its row, from zero.
        row: usize,
        /// The value.
        value: f64,
    },
    /// A decay function that breaks its contract.
    #[error("the decay gives {weight} at {cost}: {problem}")]
    BadDecay {
        /// Where.
        cost: Cost,
        /// What it gives there.
        weight: f64,
        /// What is wrong.
        problem: &'static str,
    },
}
