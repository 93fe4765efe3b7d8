//! Services without a walking catchment: they come to people, pass by, or are used from a screen.
//!
//! | Service | Question | Answer |
//! |---|---|---|
//! | home visits | who can be visited, and how much work that is | [`home_visits`] |
//! | mobile services | how often they come past a place | [`mobile_visits`], [`mobile_days`] |
//! | online services | who can use them, alone or with help | [`online`] |
//! | beds at home | which are supported by an institution | [`family_beds`] |
//! | care at three distances | bedside, near, around | [`care_distances`] |
//!
//! People are counted by what is known of them: a [`Tally`] has a column for those of whom a service is not asked, for
//! those of whom nobody knows whether it is, and for those of whom nobody knows whether they get it. None is dropped.

mod beds;
mod care;
mod mobile;
mod online;
mod tally;
mod visits;

pub use beds::{BedState, FamilyBed, FamilyBeds, Support, family_beds};
pub use care::{CareDistances, CareLimits, care_distances};
pub use mobile::{DaysInReach, VisitsInReach, mobile_days, mobile_visits};
pub use online::{OnlineGroup, OnlineUse, online};
pub use tally::{Tally, tally};
pub use visits::{HomeVisitTask, HomeVisits, VisitTravel, home_visits};
