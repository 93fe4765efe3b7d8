//! Journeys of several parts: to a first level of a service and on to the next, several services at one stop, and with
//! somebody by the hand.
//!
//! A study asks for them by `[[levels]]`, `[[one_stop]]` and `[[escort]]`, whose fields are those of the types here;
//! [`Outcome`](crate::Outcome) answers. Figures stand for the whole place and for every unit, for everybody and for every
//! group of residents; strictly, only places count that count for certain, leniently those as well that may.

mod config;
mod escort;
mod levels;
mod one_stop;

pub use config::{
    EscortConfig, EscortLimitConfig, LevelsConfig, OneStopConfig, ReferralConfig, WayBackConfig,
};
pub use escort::{CityEscorts, Escorted};
pub use levels::{CityLevels, LevelReach};
pub use one_stop::{AtOneStop, CityStops};
