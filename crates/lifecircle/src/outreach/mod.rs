//! Services without a walk of people's own: workers who come to homes, mobile services that pass by, online services with
//! help nearby, care at three distances, and care beds at home.
//!
//! A study asks for them by `[[home_visits]]`, `[[mobile]]`, `[[online]]`, `[care]` and `[family_beds]`, whose fields are
//! those of the types here; [`Outcome`](crate::Outcome) answers. Of what nobody knows the strict reading takes the worst and
//! the lenient one the best.

mod care;
mod config;
mod family_beds;
mod home_visits;
mod mobile;
mod online;

pub use care::{CareAt, CityCare};
pub use config::{AbleConfig, CareConfig, FamilyBedsConfig, HomeVisitsConfig, MobileConfig, OnlineConfig};
pub use family_beds::{BedsOf, CityBeds};
pub use home_visits::{CityVisits, Visited};
pub use mobile::{CityMobile, MobileReach};
pub use online::{CityOnline, OnlineReach};
