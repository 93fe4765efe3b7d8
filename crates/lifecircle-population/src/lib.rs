#![doc = include_str!("../README.md")]

mod areal;
mod error;
mod fitting;
mod groups;
mod matching;
mod remainder;
mod spread;

pub use areal::{AreaIndex, UnitIndex, check_boundary, home_units};
pub use error::Error;
pub use fitting::fit_groups;
pub use groups::lay_group_share;
pub use matching::{MatchedBy, UnitMatching, UnitPair, match_units};
pub use remainder::largest_remainder;
pub use spread::{Ground, SpreadOptions, spread};

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;
