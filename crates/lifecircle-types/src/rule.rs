//! What a standard asks of a service, and the trip that answers it.

use core::fmt;

use crate::ids::FacilityIx;
use crate::quantity::{Millimetres, TravelTime};
use crate::unit::UnitKind;

/// When a service counts as reached. The kind is part of every verdict: a share of residents within a
/// straight radius and one within a walk are different figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A walk of at most this time.
    WalkTime(TravelTime),
    /// A walk of at most this length along streets.
    WalkDistance(Millimetres),
    /// At most this far as the crow flies.
    StraightRadius(Millimetres),
    /// A drive of at most this time.
    DriveTime(TravelTime),
    /// At least one facility inside the resident's unit of this kind.
    PresenceInUnit(UnitKind),
    /// The service comes to people or is used from afar: no walk is asked for.
    NoWalkingCatchment,
}

impl Rule {
    /// The kind as it stands in files.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::WalkTime(_) => "walk_time",
            Self::WalkDistance(_) => "walk_distance",
            Self::StraightRadius(_) => "straight_radius",
            Self::DriveTime(_) => "drive_time",
            Self::PresenceInUnit(_) => "presence_in_unit",
            Self::NoWalkingCatchment => "no_walking_catchment",
        }
    }

    /// The limit as it stands in tables, or an empty text where the rule has none.
    #[must_use]
    pub fn limit(self) -> String {
        match self {
            Self::WalkTime(time) | Self::DriveTime(time) => time.to_string(),
            Self::WalkDistance(length) | Self::StraightRadius(length) => length.to_string(),
            Self::PresenceInUnit(kind) => kind.to_string(),
            Self::NoWalkingCatchment => String::new(),
        }
    }
}

/// As `{ kind, limit_min | limit_m | unit }`.
#[cfg(feature = "serde")]
impl serde::Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let limited = !matches!(self, Self::NoWalkingCatchment);
        let mut fields = serializer.serialize_struct("Rule", 1 + usize::from(limited))?;
        fields.serialize_field("kind", self.kind())?;
        match self {
            Self::WalkTime(time) | Self::DriveTime(time) => {
                fields.serialize_field("limit_min", &time.as_minutes_f64())?;
            }
            Self::WalkDistance(length) | Self::StraightRadius(length) => {
                fields.serialize_field("limit_m", &length.as_metres_f64())?;
            }
            Self::PresenceInUnit(kind) => fields.serialize_field("unit", kind)?,
            Self::NoWalkingCatchment => {}
        }
        fields.end()
    }
}

/// A rule as it is written.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(tag = "kind", rename_all = "snake_case")]
#[expect(dead_code, reason = "its schema alone is used")]
enum Written {
    /// A walk of at most this time.
    WalkTime {
        /// Minutes.
        limit_min: f64,
    },
    /// A walk of at most this length along streets.
    WalkDistance {
        /// Metres.
        limit_m: f64,
    },
    /// At most this far as the crow flies.
    StraightRadius {
        /// Metres.
        limit_m: f64,
    },
    /// A drive of at most this time.
    DriveTime {
        /// Minutes.
        limit_min: f64,
    },
    /// At least one facility inside the resident's unit of this kind.
    PresenceInUnit {
        /// The kind.
        unit: UnitKind,
    },
    /// The service comes to people or is used from afar: no walk is asked for.
    NoWalkingCatchment,
}

#[cfg(feature = "schema")]
crate::schema_by!(Rule, |generator| {
    let mut schema = <Written as schemars::JsonSchema>::json_schema(generator);
    schema.insert("description".into(), "When a service counts as reached.".into());
    schema
});

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WalkTime(time) => write!(f, "walk of {time}"),
            Self::WalkDistance(length) => write!(f, "walk of {length}"),
            Self::StraightRadius(length) => write!(f, "{length} in a straight line"),
            Self::DriveTime(time) => write!(f, "drive of {time}"),
            Self::PresenceInUnit(kind) => write!(f, "one in the {kind}"),
            Self::NoWalkingCatchment => f.write_str("no walking catchment"),
        }
    }
}

/// The trip behind a verdict: from a resident place to the nearest facility of a service.
///
/// The walk includes the off-street legs at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The facility.
    pub facility: FacilityIx,
    /// Length of the walk along streets.
    #[cfg_attr(feature = "serde", serde(rename = "length_mm"))]
    pub length: Option<Millimetres>,
    /// Time of the walk for the walker it was measured for.
    #[cfg_attr(feature = "serde", serde(rename = "time_ms"))]
    pub time: Option<TravelTime>,
    /// Length as the crow flies.
    #[cfg_attr(feature = "serde", serde(rename = "straight_length_mm"))]
    pub straight_length: Option<Millimetres>,
}
