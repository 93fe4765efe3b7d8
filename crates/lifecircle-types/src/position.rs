//! Positions on the earth and the local metre plane.
//!
//! Lengths between positions are great-circle lengths on a sphere of the mean earth radius
//! ([`EARTH_RADIUS_M`]), the convention of `OSMnx`, pandana and most street tools; the error against the
//! ellipsoid is below 0.56 %.

use geo_types::Coord;

use crate::error::InvalidLonLat;
use crate::quantity::Millimetres;

/// Mean radius of the earth in metres (IUGG R1).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A position in degrees on WGS 84, longitude first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

impl LonLat {
    /// A position from degrees.
    ///
    /// # Errors
    /// [`InvalidLonLat`] when a coordinate is not finite or out of range.
    ///
    /// ```
    /// # use lifecircle_types::LonLat;
    /// assert!(LonLat::new(104.06, 30.66).is_ok());
    /// assert!(LonLat::new(30.66, 104.06).is_err()); // latitude first
    /// ```
    #[inline]
    pub fn new(lon: f64, lat: f64) -> Result<Self, InvalidLonLat> {
        if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
            // adding zero turns -0.0 into 0.0, so that equal positions have equal bytes
            Ok(Self { lon: lon + 0.0, lat: lat + 0.0 })
        } else {
            Err(InvalidLonLat { lon, lat })
        }
    }

    /// Degrees east.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// This position to 7 decimals, about a centimetre: the precision of maps and of written files. What is
    /// computed on goes through here, so that a file tells the very position that was used.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |degrees: f64| libm::round(degrees * 1e7) / 1e7 + 0.0;
        Self { lon: round(self.lon), lat: round(self.lat) }
    }

    /// Great-circle length to `other` in metres, by the haversine formula.
    ///
    /// ```
    /// # use lifecircle_types::LonLat;
    /// let (a, b) = (LonLat::new(0.0, 0.0)?, LonLat::new(0.0, 1.0)?);
    /// assert!((a.metres_to(b) - 111_195.08).abs() < 0.01); // one degree of a meridian
    /// # Ok::<(), lifecircle_types::InvalidLonLat>(())
    /// ```
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        let (p1, p2) = (self.lat.to_radians(), other.lat.to_radians());
        let (s1, s2) = (libm::sin((p2 - p1) / 2.0), libm::sin((other.lon - self.lon).to_radians() / 2.0));
        let a = s1 * s1 + libm::cos(p1) * libm::cos(p2) * s2 * s2;
        2.0 * EARTH_RADIUS_M * libm::asin(a.min(1.0).sqrt())
    }

    /// Great-circle length to `other`, rounded to the nearest millimetre; saturates at 4,294 km.
    #[must_use]
    pub fn length_to(self, other: Self) -> Millimetres {
        Millimetres::try_from_metres_f64(self.metres_to(other)).unwrap_or(Millimetres::MAX)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for LonLat {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Raw {
            lon: f64,
            lat: f64,
        }
        let raw = Raw::deserialize(deserializer)?;
        Self::new(raw.lon, raw.lat).map_err(serde::de::Error::custom)
    }
}

/// The coordinates of a place as its source gives them, where those are not degrees on WGS 84.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GivenPosition {
    /// Easting or longitude, in the unit of the system.
    pub x: f64,
    /// Northing or latitude.
    pub y: f64,
    /// Name of the coordinate system, such as `gcj02` or `epsg:32648`.
    pub crs: String,
}

/// The smallest rectangle of degrees around some positions.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BoundingBox {
    /// South-west corner.
    pub min: LonLat,
    /// North-east corner.
    pub max: LonLat,
}

impl BoundingBox {
    /// The box around `positions`, or `None` when there are none.
    pub fn around(positions: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        let mut positions = positions.into_iter();
        let first = positions.next()?;
        Some(positions.fold(Self { min: first, max: first }, |b, p| Self {
            min: LonLat { lon: b.min.lon.min(p.lon), lat: b.min.lat.min(p.lat) },
            max: LonLat { lon: b.max.lon.max(p.lon), lat: b.max.lat.max(p.lat) },
        }))
    }

    /// The middle of the box.
    #[must_use]
    pub fn centre(&self) -> LonLat {
        LonLat {
            lon: f64::midpoint(self.min.lon, self.max.lon),
            lat: f64::midpoint(self.min.lat, self.max.lat),
        }
    }

    /// Whether `position` lies in the box or on its edge.
    #[must_use]
    pub fn contains(&self, position: LonLat) -> bool {
        (self.min.lon..=self.max.lon).contains(&position.lon)
            && (self.min.lat..=self.max.lat).contains(&position.lat)
    }
}

/// A plane of metres that touches the earth at a reference position: x east, y north.
///
/// Equirectangular: within 30 km of the reference and 60 degrees of the equator lengths are right to
/// about 0.8 %; it is meant for finding what is near and for the areas of single sites, not for the
/// lengths of streets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalFrame {
    reference: LonLat,
    metres_per_degree_lon: f64,
    metres_per_degree_lat: f64,
}

impl LocalFrame {
    /// The plane around `reference`.
    #[must_use]
    pub fn around(reference: LonLat) -> Self {
        let metres_per_degree_lat = EARTH_RADIUS_M.to_radians();
        Self {
            reference,
            metres_per_degree_lon: metres_per_degree_lat * libm::cos(reference.lat.to_radians()),
            metres_per_degree_lat,
        }
    }

    /// Metres east and north of the reference.
    #[must_use]
    pub fn project(&self, position: LonLat) -> Coord<f64> {
        Coord {
            x: (position.lon - self.reference.lon) * self.metres_per_degree_lon,
            y: (position.lat - self.reference.lat) * self.metres_per_degree_lat,
        }
    }

    /// The position at `metres` east and north of the reference, or `None` when that leaves the earth.
    #[must_use]
    pub fn unproject(&self, metres: Coord<f64>) -> Option<LonLat> {
        LonLat::new(
            self.reference.lon + metres.x / self.metres_per_degree_lon,
            self.reference.lat + metres.y / self.metres_per_degree_lat,
        )
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert, proptest};

    proptest! {
        #[test]
        fn projecting_and_back_moves_less_than_a_micrometre(
            lon in -170.0..170.0f64, lat in -80.0..80.0f64, dx in -0.2..0.2f64, dy in -0.2..0.2f64,
        ) {
            let frame = LocalFrame::around(LonLat::new(lon, lat).unwrap());
            let there = LonLat::new(lon + dx, lat + dy).unwrap();
            let back = frame.unproject(frame.project(there)).unwrap();
            prop_assert!(there.metres_to(back) < 1e-6);
        }

        #[test]
        fn lengths_are_symmetric(a in -179.0..179.0f64, b in -89.0..89.0f64, c in -179.0..179.0f64, d in -89.0..89.0f64) {
            let (p, q) = (LonLat::new(a, b).unwrap(), LonLat::new(c, d).unwrap());
            prop_assert!((p.metres_to(q) - q.metres_to(p)).abs() < 1e-6);
        }
    }
}
