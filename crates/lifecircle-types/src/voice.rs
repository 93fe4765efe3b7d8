//! What people say about services, and what was measured before.

use crate::date::Date;
use crate::position::LonLat;

/// An answer of somebody who was asked about a service. Steps go from 1, the worst, to 5, the best.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyAnswer {
    /// What was asked about: the key of a service, or any other word.
    pub about: String,
    /// Code of the unit where they live.
    pub unit: Option<String>,
    /// The group they belong to, by the name of its column of residents.
    pub group: Option<String>,
    /// How content they are.
    pub satisfaction: Option<u8>,
    /// How much it matters to them.
    pub importance: Option<u8>,
    /// What they would say if it were there: 1 delighted, 2 as it has to be, 3 all the same, 4 bearable, 5 a nuisance.
    pub with_it: Option<u8>,
    /// What they would say if it were not there, in the same steps.
    pub without_it: Option<u8>,
}

/// A request that somebody made, by telephone or at a meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// Id, unique in the table.
    pub id: String,
    /// What it is about: the key of a service, or any other word.
    pub about: Option<String>,
    /// Code of the unit.
    pub unit: Option<String>,
    /// Where it was.
    pub position: Option<LonLat>,
    /// The day it was made.
    pub opened: Date,
    /// The day it was answered; `None` is not yet.
    pub closed: Option<Date>,
    /// The day by which it has to be answered.
    pub due: Option<Date>,
}

/// The value of an indicator on a day, as an earlier run measured it.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesValue {
    /// The day.
    pub date: Date,
    /// Key of the indicator.
    pub indicator: String,
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// Its value, known exactly.
    pub value: f64,
    /// Key of the pack that it was measured by.
    pub pack: String,
}
