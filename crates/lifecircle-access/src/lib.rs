#![doc = include_str!("../README.md")]

mod catchment;
mod coverage;
mod decay;
mod error;
mod place;

pub use catchment::two_step_fca;
pub use coverage::{Coverage, coverage};
pub use decay::{Binary, Decay, Exponential, Gaussian, Linear, Stepped, check_decay};
pub use error::Error;
pub use place::{cumulative, gravity, nearest};

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;
