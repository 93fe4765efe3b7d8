use lifecircle_types::{Cost, CostUnit, People};
use thiserror::Error as ThisError;

use crate::Undefined;

/// Why a measure cannot be computed.
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A column does not fit the matrix, or the others.
    #[error("{what} has {found} values, expected {expected}")]
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
    /// A cutoff, a decay or one of its parameters counts in the other unit.
    #[error("a cost counts {found:?} where {expected:?} is counted: use one unit throughout")]
    OtherUnit {
        /// Unit of the matrix, or of the decay.
        expected: CostUnit,
        /// Unit of what was given with it.
        found: CostUnit,
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
    /// A part of the people of a place that is more than all of them.
    #[error("row {row} has {part} entitled people, and only {all} live there: check both columns")]
    MoreThanAll {
        /// The place, from zero.
        row: usize,
        /// The part.
        part: People,
        /// All of them.
        all: People,
    },
    /// A parameter outside its range.
    #[error("{what} is {value}: expected {expected}")]
    BadParameter {
        /// The parameter.
        what: &'static str,
        /// The value.
        value: f64,
        /// The range.
        expected: &'static str,
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
    /// Two totals that had to be equal.
    #[error("{left_name} add up to {left}, {right_name} to {right}: {remedy}")]
    Unequal {
        /// The first total.
        left_name: &'static str,
        /// Its value.
        left: f64,
        /// The second total.
        right_name: &'static str,
        /// Its value.
        right: f64,
        /// What to do.
        remedy: &'static str,
    },
    /// An iteration that did not arrive.
    #[error("after {rounds} rounds totals are still {residual} apart: no flows fit who reaches what")]
    NoConvergence {
        /// Rounds made.
        rounds: usize,
        /// The largest relative difference left.
        residual: f64,
    },
    /// A facility whose capacity nobody told.
    #[error(
        "the capacity of facility {facility} is not known: give it, or say what unknown capacity counts as"
    )]
    UnknownCapacity {
        /// The facility, from zero.
        facility: usize,
    },
    /// More than sums and potentials have room for.
    #[error("{what} are more than this can count")]
    TooLarge {
        /// What.
        what: &'static str,
    },
    /// A claim of a result that its own numbers do not bear out.
    #[error("row {row} breaks the rule that {claim}")]
    Uncertified {
        /// The claim.
        claim: &'static str,
        /// The row that breaks it, from zero.
        row: usize,
    },
    /// A measure that has no value for these people.
    #[error("undefined: {0}")]
    Undefined(#[from] Undefined),
    /// A span of opening hours that is none.
    #[error(
        "opening hours from minute {start} to minute {end}: expected a start within the {period} minutes of the period, \
         and an end after it that is at most a period away"
    )]
    BadSpan {
        /// Its first minute.
        start: u32,
        /// The minute before which it ends.
        end: u32,
        /// Minutes of the period.
        period: u32,
    },
    /// A row that names a place which the matrix does not have.
    #[error("row {row} names place {place}, the travel matrix has {places}, counted from zero")]
    BadPlace {
        /// The row, from zero.
        row: usize,
        /// The place.
        place: usize,
        /// Places of the matrix.
        places: usize,
    },
    /// An entry of neighbours that names no two places, or stands twice.
    #[error("place {from} and its neighbour {to}: expected two places of the list, each pair once")]
    BadPair {
        /// The place, from zero.
        from: usize,
        /// Its neighbour.
        to: usize,
    },
}
