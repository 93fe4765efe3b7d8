//! Journeys of more than one errand: from a first level of care to the next, several services at one stop, and with
//! somebody by the hand.

mod escort;
mod levels;
mod one_stop;

pub use escort::{Escort, EscortLimit, EscortTrip, WayBack, escort_trips};
pub use levels::{Levels, Referral, levels};
pub use one_stop::{OneStop, one_stop};
