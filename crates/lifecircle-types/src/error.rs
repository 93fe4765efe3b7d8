//! What can be wrong with a value of this crate.

use thiserror::Error;

/// A number that cannot be the quantity it is meant to be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what} is {value}, expected {expected}")]
pub struct InvalidQuantity {
    /// The quantity.
    pub what: &'static str,
    /// The value as given.
    pub value: String,
    /// What would be right.
    pub expected: &'static str,
}

/// A longitude or latitude that is not finite or out of range.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("longitude {lon}, latitude {lat} is no position: expected -180 to 180 and -90 to 90 degrees")]
pub struct InvalidLonLat {
    /// Longitude as given.
    pub lon: f64,
    /// Latitude as given.
    pub lat: f64,
}

/// A text that is not a calendar date, a service key or another word with a fixed form.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{value}` is no {what}: expected {expected}")]
pub struct InvalidText {
    /// What it should have been.
    pub what: &'static str,
    /// The text as given.
    pub value: String,
    /// What would be right.
    pub expected: &'static str,
}

/// A set whose columns or ids do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidSet {
    /// Two columns of one set differ in length.
    #[error("{what} has {found} rows, expected {expected}")]
    LengthMismatch {
        /// The column.
        what: &'static str,
        /// Rows of the set.
        expected: usize,
        /// Rows of the column.
        found: usize,
    },
    /// An id appears twice.
    #[error("{what} `{id}` appears more than once: give every row an id of its own")]
    DuplicateId {
        /// What the set holds.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// More rows than an index can count.
    #[error("{what} has {rows} rows, more than 4294967294")]
    TooMany {
        /// What the set holds.
        what: &'static str,
        /// Rows given.
        rows: usize,
    },
    /// A unit names a parent that is not in the set, or is its own ancestor.
    #[error("unit `{unit}` names `{parent}` as its parent, which {problem}: correct it, or leave it empty")]
    BadParent {
        /// The unit.
        unit: String,
        /// The parent it names.
        parent: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Entries that do not make a travel matrix.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidMatrix {
    /// A cost above the cutoff, or in the other unit.
    #[error("entry ({row}, {column}) costs {cost}, beyond the cutoff of {cutoff}")]
    BeyondCutoff {
        /// Row of the entry.
        row: u32,
        /// Column of the entry.
        column: u32,
        /// Its cost.
        cost: crate::Cost,
        /// The matrix's cutoff.
        cutoff: crate::Cost,
    },
    /// An index outside the matrix.
    #[error("entry ({row}, {column}) lies outside a matrix of {rows} x {columns}")]
    OutOfRange {
        /// Row of the entry.
        row: u32,
        /// Column of the entry.
        column: u32,
        /// Rows of the matrix.
        rows: u32,
        /// Columns of the matrix.
        columns: u32,
    },
    /// Rows that do not add up to the entries.
    #[error(
        "the rows do not add up to the {entries} entries: `row_start` begins with 0, ascends, and ends there"
    )]
    Rows {
        /// Entries given.
        entries: usize,
    },
    /// An entry that does not follow the one before it, by column.
    #[error("entry ({row}, {column}) stands after a greater or equal column of its row")]
    Unsorted {
        /// Row of the entry.
        row: u32,
        /// Column of the entry.
        column: u32,
    },
    /// One pair has two entries.
    #[error("entry ({row}, {column}) is given twice")]
    Duplicate {
        /// Row of the entry.
        row: u32,
        /// Column of the entry.
        column: u32,
    },
}
