//! What comes to people: stops of mobile services, and care beds in homes.

use crate::date::Date;
use crate::position::LonLat;

/// A stop of a mobile service.
#[derive(Clone, Debug, PartialEq)]
pub struct MobileStop {
    /// Id, unique in the table.
    pub id: String,
    /// Where it is; `None` where nobody knows.
    pub position: Option<LonLat>,
    /// Visits a year; `None` where that is not known.
    pub visits: Option<u32>,
    /// The days on which it is served, ascending, each once; `None` where they are not known.
    pub days: Option<Vec<Date>>,
}

/// A care bed in a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeBed {
    /// Id, unique in the table.
    pub id: String,
    /// Id of the resident place.
    pub place: String,
    /// How often somebody of an institution comes, a month; `None` where that is not known.
    pub visits: Option<u32>,
}
