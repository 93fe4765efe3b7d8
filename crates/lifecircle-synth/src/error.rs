//! Why no city can be grown.

use lifecircle_types::{Cancelled, InvalidSet};
use thiserror::Error as ThisError;

/// Why no city can be grown.
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An option out of its range.
    #[error("{option} is {value}: expected {expected}")]
    Option {
        /// The option, as the field of [`SynthOptions`](crate::SynthOptions) is called.
        option: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// More parts than a set holds.
    #[error(transparent)]
    Set(#[from] InvalidSet),
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;
