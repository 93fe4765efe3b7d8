#![doc = include_str!("../README.md")]
//!
//! | You look for | It is |
//! |---|---|
//! | a time, a length, a speed, a number of people | [`TravelTime`], [`Millimetres`], [`Speed`], [`People`] |
//! | either a time or a length | [`Cost`], [`CostUnit`] |
//! | where something is | [`LonLat`], [`GivenPosition`], [`BoundingBox`], [`LocalFrame`] |
//! | who lives where | [`DemandSet`], [`ResidentPlace`], [`Group`], [`GroupColumns`], [`AgeBand`] |
//! | what is offered where | [`FacilitySet`], [`Facility`], [`Offer`], [`ServiceKey`], [`Status`] |
//! | planning areas | [`UnitSet`], [`Unit`], [`UnitKind`], [`ZoneType`] |
//! | what a standard asks, and the trip that answers | [`Rule`], [`Evidence`] |
//! | streets, buildings and land as a map shows them | [`StreetRecords`], [`Tags`], [`Building`], [`ResidentialLand`] |
//! | what nobody walks across | [`Barrier`], [`BarrierKind`] |
//! | a value from a yearbook or a budget | [`StatedValue`] |
//! | what happened to a problem of a register | [`ProblemEvent`], [`ProblemStatus`], [`AcquisitionMode`] |
//! | a counted total for areas | [`ControlTotal`] |
//! | who reaches what | [`TravelMatrix`] |
//! | a table for any file format | [`FeatureTable`] |
//! | what was dropped, and why | [`Fate`], [`Issues`], [`Imported`] |
//! | holidays and days that count as others | [`SpecialDay`], [`Weekday`], [`Date`] |
//! | which word was meant | [`most_alike`], [`spelling_distance`] |
//!
//! Rule of entry: a type lives here only when two sibling crates name it in their public interface, a function only when two
//! call it.

mod barrier;
mod classify;
mod date;
mod day;
mod dwelling;
mod error;
mod event;
mod facility;
mod ids;
mod issue;
mod matrix;
mod outreach;
mod position;
mod progress;
mod quantity;
pub mod reduce;
mod residents;
mod rule;
#[cfg(feature = "schema")]
#[doc(hidden)]
pub mod schema;
mod set;
mod spelling;
mod stated;
mod street;
mod table;
mod unit;
mod voice;
mod words;

#[cfg(feature = "schema")]
#[doc(hidden)]
pub use schemars;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde;

pub use barrier::{Barrier, BarrierKind};
pub use classify::{NoFacilities, Shape, TagClassifier};
pub use date::Date;
pub use day::{DayKind, SpecialDay, Weekday};
pub use dwelling::{Building, BuildingUse, ControlTotal, ResidentialLand};
pub use error::{InvalidLonLat, InvalidMatrix, InvalidQuantity, InvalidSet, InvalidText};
pub use event::{AcquisitionMode, ProblemEvent, ProblemStatus};
pub use facility::{
    Certainty, Facility, FacilitySet, FacilityState, Offer, OperatingMode, Provider, ServiceKey, Status,
};
pub use ids::{DemandIx, FacilityIx, ServiceIx, UnitIx};
pub use issue::{Fate, Imported, Issue, IssueCount, Issues, Severity};
pub use matrix::TravelMatrix;
pub use outreach::{HomeBed, MobileStop};
pub use position::{BoundingBox, EARTH_RADIUS_M, GivenPosition, LocalFrame, LonLat};
pub use progress::{Cancelled, NoProgress, Progress};
pub use quantity::{Cost, CostUnit, Millimetres, People, Speed, TravelTime};
pub use residents::{
    AgeBand, AreaGroups, DemandSet, Group, GroupBasis, GroupColumns, Placement, ResidenceStatus,
    ResidentPlace, Sex,
};
pub use rule::{Evidence, Rule};
pub use spelling::{most_alike, spelling_distance};
pub use stated::StatedValue;
pub use street::{StreetNode, StreetRecords, StreetWay, Tags};
pub use table::{Column, ColumnValues, FeatureTable};
pub use unit::{Unit, UnitKind, UnitSet, ZoneType};
pub use voice::{SeriesValue, SurveyAnswer, Ticket};
