//! What people live in and on, as a map shows it: the ground on which residents are placed.

use geo_types::MultiPolygon;

use crate::position::LonLat;

crate::word_enum! {
    /// What a building is used for, as far as the map tells.
    BuildingUse, "building use" {
        /// People live there.
        Residential = "residential",
        /// The map only says that it is a building.
        Unspecified = "unspecified",
        /// Something else: a shop, a church, a shed.
        Other = "other",
    }
}

/// A building.
#[derive(Clone, Debug, PartialEq)]
pub struct Building {
    /// Public id, such as `way/123`.
    pub id: String,
    /// A position inside it.
    pub position: LonLat,
    /// Footprint in square metres.
    pub footprint_m2: f64,
    /// Storeys, where the map says so.
    pub levels: Option<u16>,
    /// Dwellings in it, where the map says so.
    pub dwellings: Option<u32>,
    /// Use.
    pub usage: BuildingUse,
}

/// A piece of residential land.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidentialLand {
    /// Public id, such as `way/123`.
    pub id: String,
    /// Boundary in degrees.
    pub boundary: MultiPolygon<f64>,
}

/// A counted number of residents for one area, or for several areas together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    /// Names or codes of the areas that share the total, at least one.
    pub areas: Vec<String>,
    /// Whole residents.
    pub people: u64,
}
