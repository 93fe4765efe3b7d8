//! Coordinate systems of tables, and the way from each to degrees on WGS 84 and back.
//!
//! `x` is the easting or longitude, `y` the northing or latitude, in metres or degrees. Everything is computed
//! with `libm`, so that the same table gives the same bits on every platform; this, and that one formula serves
//! all of them, is why the transverse Mercator is our own (`proj4rs` is the oracle of its tests).
//!
//! - Transverse Mercator: Krüger's series to the fourth order in the third flattening `n` (Karney 2011, Journal of
//!   Geodesy 85, eq. 35 and 36); PROJ's answers are met to a tenth of a millimetre. `xi` and `eta` are northing and
//!   easting over the rectifying radius.
//! - GCJ-02 and BD-09: the published formulas. They move positions inside a rectangle around China by some hundred
//!   metres and leave all others where they are; the way back is found by iteration.
//!
//! CGCS2000 and ETRS89 are taken for WGS 84, from which they differ by less than a metre.

#[cfg(any(
    feature = "csv",
    feature = "geojson",
    feature = "geotiff",
    feature = "gpkg",
    feature = "parquet"
))]
use std::borrow::Cow;

use core::f64::consts::PI;
use core::fmt;
use core::str::FromStr;

#[cfg(any(
    feature = "csv",
    feature = "geojson",
    feature = "geotiff",
    feature = "gpkg",
    feature = "parquet"
))]
use lifecircle_types::GivenPosition;
use lifecircle_types::{InvalidText, LonLat};

/// A coordinate system of a table, named `wgs84`, `gcj02`, `bd09` or `epsg:<code>`.
///
/// Codes: 4326, 4258 and 4490 (degrees), 3857 (web Mercator), 32601 to 32660 and 32701 to 32760 (UTM), 25828 to 25838
/// (UTM on ETRS89), 4491 to 4554 (CGCS2000 Gauss-Krüger in zones of 6 and 3 degrees, with the zone before the
/// easting and without), 3873 to 3885 (Finland's GK zones).
///
/// ```
/// # use lifecircle_io::Crs;
/// let utm: Crs = "epsg:32648".parse()?;
/// let at = utm.position(410_489.069, 3_392_272.401).unwrap();
/// assert!((at.lon() - 104.0657).abs() < 1e-7 && (at.lat() - 30.6598).abs() < 1e-7);
/// let [x, y] = utm.coordinates(at).unwrap();
/// assert!((x - 410_489.069).abs() < 1e-3 && (y - 3_392_272.401).abs() < 1e-3);
/// assert!("epsg:2056".parse::<Crs>().is_err());
/// # Ok::<(), lifecircle_types::InvalidText>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crs(Name);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Name {
    #[default]
    Wgs84,
    Gcj02,
    Bd09,
    /// A code of [`Projection::of`].
    Epsg(u16),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Projection {
    Degrees,
    WebMercator,
    TransverseMercator(Zone),
}

/// A zone of a transverse Mercator projection.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Zone {
    inverse_flattening: f64,
    /// Central meridian in degrees.
    meridian: f64,
    scale: f64,
    false_easting: f64,
    false_northing: f64,
}

const SEMI_MAJOR_AXIS: f64 = 6_378_137.0;
const WGS84_FLATTENING: f64 = 298.257_223_563;
const GRS80_FLATTENING: f64 = 298.257_222_101;
/// Farther than this from the central meridian nothing is projected, in metres.
const REACH: f64 = 1_000_000.0;
/// From the equator to a pole along a meridian, in metres, and a little more.
const QUARTER: f64 = 10_002_000.0;

impl Projection {
    fn of(code: u16) -> Option<Self> {
        let zone = |first: u16| f64::from(code - first);
        let utm = |inverse_flattening, number: f64, false_northing| {
            let meridian = 6.0 * number - 183.0;
            Zone { inverse_flattening, meridian, scale: 0.9996, false_easting: 500_000.0, false_northing }
        };
        let gauss = |meridian: f64, prefix: f64| Zone {
            inverse_flattening: GRS80_FLATTENING,
            meridian,
            scale: 1.0,
            false_easting: prefix * 1e6 + 500_000.0,
            false_northing: 0.0,
        };
        Some(Self::TransverseMercator(match code {
            4326 | 4258 | 4490 => return Some(Self::Degrees),
            3857 => return Some(Self::WebMercator),
            32601..=32660 => utm(WGS84_FLATTENING, zone(32600), 0.0),
            32701..=32760 => utm(WGS84_FLATTENING, zone(32700), 1e7),
            25828..=25838 => utm(GRS80_FLATTENING, zone(25800), 0.0),
            // zones 13 to 23 of 6 degrees, 25 to 45 of 3 degrees: with and without their number
            4491..=4501 => gauss(75.0 + 6.0 * zone(4491), 13.0 + zone(4491)),
            4502..=4512 => gauss(75.0 + 6.0 * zone(4502), 0.0),
            4513..=4533 => gauss(75.0 + 3.0 * zone(4513), 25.0 + zone(4513)),
            4534..=4554 => gauss(75.0 + 3.0 * zone(4534), 0.0),
            3873..=3885 => gauss(19.0 + zone(3873), 19.0 + zone(3873)),
            _ => return None,
        }))
    }
}

impl Crs {
    /// Degrees on WGS 84.
    pub const WGS84: Self = Self(Name::Wgs84);
    /// China's shifted degrees of maps by Amap, Tencent and Google.
    pub const GCJ02: Self = Self(Name::Gcj02);
    /// Baidu's further shifted degrees.
    pub const BD09: Self = Self(Name::Bd09);

    /// The system of an EPSG code; `None` when it is not among the supported ones.
    ///
    /// ```
    /// # use lifecircle_io::Crs;
    /// assert_eq!(Crs::from_epsg(4326), Some(Crs::WGS84));
    /// assert_eq!(Crs::from_epsg(2056), None);
    /// ```
    #[must_use]
    pub fn from_epsg(code: u16) -> Option<Self> {
        Projection::of(code).map(|_| Self(if code == 4326 { Name::Wgs84 } else { Name::Epsg(code) }))
    }

    /// Whether coordinates are degrees; they are metres otherwise.
    #[must_use]
    pub fn is_in_degrees(self) -> bool {
        !matches!(self.projection(), Projection::WebMercator | Projection::TransverseMercator(_))
    }

    /// The position on WGS 84 of `x`, `y`; `None` when they lie outside the system.
    #[must_use]
    pub fn position(self, x: f64, y: f64) -> Option<LonLat> {
        let [lon, lat] = match (self.0, self.projection()) {
            (Name::Gcj02, _) => gcj02_to_wgs84(LonLat::new(x, y).ok().map(|_| [x, y])?),
            (Name::Bd09, _) => gcj02_to_wgs84(bd09_to_gcj02(LonLat::new(x, y).ok().map(|_| [x, y])?)),
            (_, Projection::Degrees) => [x, y],
            (_, Projection::WebMercator) => web_mercator_to_degrees([x, y])?,
            (_, Projection::TransverseMercator(zone)) => zone.degrees([x, y])?,
        };
        LonLat::new(lon, lat).ok()
    }

    /// The coordinates of a position; `None` when it lies outside the system.
    #[must_use]
    pub fn coordinates(self, at: LonLat) -> Option<[f64; 2]> {
        let degrees = [at.lon(), at.lat()];
        match (self.0, self.projection()) {
            (Name::Gcj02, _) => Some(wgs84_to_gcj02(degrees)),
            (Name::Bd09, _) => Some(gcj02_to_bd09(wgs84_to_gcj02(degrees))),
            (_, Projection::Degrees) => Some(degrees),
            (_, Projection::WebMercator) => degrees_to_web_mercator(degrees),
            (_, Projection::TransverseMercator(zone)) => zone.metres(degrees),
        }
    }

    fn projection(self) -> Projection {
        match self.0 {
            Name::Epsg(code) => Projection::of(code).unwrap_or(Projection::Degrees),
            Name::Wgs84 | Name::Gcj02 | Name::Bd09 => Projection::Degrees,
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Name::Wgs84 => f.write_str("wgs84"),
            Name::Gcj02 => f.write_str("gcj02"),
            Name::Bd09 => f.write_str("bd09"),
            Name::Epsg(code) => write!(f, "epsg:{code}"),
        }
    }
}

impl FromStr for Crs {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let plain = text.trim().to_ascii_lowercase();
        let code = plain.strip_prefix("epsg:").and_then(|code| code.parse().ok());
        match plain.as_str() {
            "wgs84" => Some(Self::WGS84),
            "gcj02" => Some(Self::GCJ02),
            "bd09" => Some(Self::BD09),
            _ => code.and_then(Self::from_epsg),
        }
        .ok_or_else(|| InvalidText {
            what: "coordinate system",
            value: text.into(),
            expected: "wgs84, gcj02, bd09, epsg:4326, epsg:4258, epsg:4490, epsg:3857, epsg:32601 to epsg:32660, epsg:32701 \
                       to epsg:32760, epsg:25828 to epsg:25838, epsg:4491 to epsg:4554 or epsg:3873 to epsg:3885; \
                       convert other systems to one of these first",
        })
    }
}

/// What would be right instead of a value that cannot be used.
#[cfg(any(feature = "csv", feature = "geojson", feature = "geotiff", feature = "gpkg", feature = "parquet"))]
pub(crate) type Remedy = Cow<'static, str>;

/// The position of coordinates, and the coordinates where they are others.
#[cfg(any(feature = "csv", feature = "geojson", feature = "geotiff", feature = "gpkg", feature = "parquet"))]
pub(crate) fn located(crs: Crs, [x, y]: [f64; 2]) -> Result<(LonLat, Option<GivenPosition>), Remedy> {
    if crs == Crs::WGS84 {
        return LonLat::new(x, y).map(|at| (at, None)).map_err(|_| match LonLat::new(y, x) {
            Ok(_) => "longitude comes first, latitude second: they seem to be swapped".into(),
            Err(_) => "give degrees on WGS 84: longitude -180 to 180, latitude -90 to 90".into(),
        });
    }
    if !crs.is_in_degrees() && LonLat::new(x, y).is_ok() {
        return Err(
            format!("it looks like degrees, but {crs} counts metres: name the system it is in").into()
        );
    }
    match crs.position(x, y) {
        Some(at) => Ok((at.rounded(), Some(GivenPosition { x, y, crs: crs.to_string() }))),
        None if crs.position(y, x).is_some() => Err("x and y seem to be swapped, exchange them".into()),
        None => {
            Err(format!("it lies outside {crs}: give coordinates of that system, or name another").into())
        }
    }
}

/// The system of a file that names one, as `said`, which `chosen` may not contradict.
#[cfg(any(feature = "geojson", feature = "geotiff", feature = "gpkg", feature = "parquet"))]
pub(crate) fn agreed(
    file: &str,
    said: impl Into<String>,
    known: Option<Crs>,
    chosen: Option<Crs>,
) -> crate::error::Result<Crs> {
    match (known, chosen) {
        (Some(known), None) => Ok(known),
        (Some(known), Some(chosen)) if known == chosen => Ok(known),
        // programs write WGS 84 into every file; China's shifted degrees have no name to write
        (Some(Crs::WGS84), Some(chosen)) if chosen.is_in_degrees() => Ok(chosen),
        _ => Err(crate::error::Error::CoordinateSystem { file: file.into(), crs: said.into() }),
    }
}

/// The series and radius of an ellipsoid.
struct Series {
    eccentricity: f64,
    /// Rectifying radius in metres.
    radius: f64,
    alpha: [f64; 4],
    beta: [f64; 4],
}

impl Series {
    fn of(inverse_flattening: f64) -> Self {
        let f = 1.0 / inverse_flattening;
        let n = f / (2.0 - f);
        let n2 = n * n;
        Self {
            eccentricity: (f * (2.0 - f)).sqrt(),
            radius: SEMI_MAJOR_AXIS / (1.0 + n) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0),
            alpha: [
                n * (1.0 / 2.0 + n * (-2.0 / 3.0 + n * (5.0 / 16.0 + n * (41.0 / 180.0)))),
                n2 * (13.0 / 48.0 + n * (-3.0 / 5.0 + n * (557.0 / 1440.0))),
                n2 * n * (61.0 / 240.0 - n * (103.0 / 140.0)),
                n2 * n2 * (49561.0 / 161_280.0),
            ],
            beta: [
                n * (1.0 / 2.0 + n * (-2.0 / 3.0 + n * (37.0 / 96.0 - n / 360.0))),
                n2 * (1.0 / 48.0 + n * (1.0 / 15.0 - n * (437.0 / 1440.0))),
                n2 * n * (17.0 / 480.0 - n * (37.0 / 840.0)),
                n2 * n2 * (4397.0 / 161_280.0),
            ],
        }
    }

    /// Tangent of the conformal latitude from that of the latitude.
    fn conformal(&self, tan: f64) -> f64 {
        let e = self.eccentricity;
        let sigma = libm::sinh(e * libm::atanh(e * tan / libm::hypot(1.0, tan)));
        tan * libm::hypot(1.0, sigma) - sigma * libm::hypot(1.0, tan)
    }
}

/// What the terms of a series add to `xi` and `eta`.
fn terms(series: [f64; 4], xi: f64, eta: f64) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (factor, term) in [2.0, 4.0, 6.0, 8.0].into_iter().zip(series) {
        sums[0] += term * libm::sin(factor * xi) * libm::cosh(factor * eta);
        sums[1] += term * libm::cos(factor * xi) * libm::sinh(factor * eta);
    }
    sums
}

impl Zone {
    fn metres(self, [lon, lat]: [f64; 2]) -> Option<[f64; 2]> {
        let series = Series::of(self.inverse_flattening);
        // the shorter way around the earth
        let east = (lon - self.meridian + 540.0).rem_euclid(360.0) - 180.0;
        if east.abs() >= 60.0 {
            return None;
        }
        let (sin, cos) = (libm::sin(east.to_radians()), libm::cos(east.to_radians()));
        let tan = series.conformal(libm::tan(lat.to_radians()));
        let (xi, eta) = (libm::atan2(tan, cos), libm::asinh(sin / libm::hypot(tan, cos)));
        let [up, right] = terms(series.alpha, xi, eta);
        let scale = self.scale * series.radius;
        let easting = scale * (eta + right);
        let within = easting.abs() <= REACH;
        within.then_some([self.false_easting + easting, self.false_northing + scale * (xi + up)])
    }

    fn degrees(self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let (easting, northing) = (x - self.false_easting, y - self.false_northing);
        let within = |metres: f64, most: f64| (-most..=most).contains(&metres);
        if !(within(easting, REACH) && within(northing, QUARTER)) {
            return None;
        }
        let series = Series::of(self.inverse_flattening);
        let scale = self.scale * series.radius;
        let (xi, eta) = (northing / scale, easting / scale);
        let [up, right] = terms(series.beta, xi, eta);
        let (xi, eta) = (xi - up, eta - right);
        let (sinh, cos) = (libm::sinh(eta), libm::cos(xi));
        let conformal = libm::sin(xi) / libm::hypot(sinh, cos);
        // Newton's method; three turns reach the last bit (Karney 2011, eq. 19 to 21)
        let e2 = series.eccentricity * series.eccentricity;
        let mut tan = conformal / (1.0 - e2);
        for _ in 0..3 {
            let there = series.conformal(tan);
            let step = (conformal - there) / libm::hypot(1.0, there) * (1.0 + (1.0 - e2) * tan * tan)
                / ((1.0 - e2) * libm::hypot(1.0, tan));
            tan += step;
        }
        let lon = self.meridian + libm::atan2(sinh, cos).to_degrees();
        Some([(lon + 540.0).rem_euclid(360.0) - 180.0, libm::atan(tan).to_degrees()])
    }
}

fn web_mercator_to_degrees([x, y]: [f64; 2]) -> Option<[f64; 2]> {
    let most = PI * SEMI_MAJOR_AXIS;
    // what a file has rounded at the edge stays inside
    let within = |metres: f64| metres.abs() <= most + 0.01;
    (within(x) && within(y)).then(|| {
        let lat = libm::atan(libm::sinh(y / SEMI_MAJOR_AXIS)).to_degrees();
        [(x / SEMI_MAJOR_AXIS).to_degrees().clamp(-180.0, 180.0), lat]
    })
}

fn degrees_to_web_mercator([lon, lat]: [f64; 2]) -> Option<[f64; 2]> {
    let y = SEMI_MAJOR_AXIS * libm::asinh(libm::tan(lat.to_radians()));
    (y.abs() <= PI * SEMI_MAJOR_AXIS + 0.01).then(|| [SEMI_MAJOR_AXIS * lon.to_radians(), y])
}

/// Whether the shift of GCJ-02 and BD-09 holds at a position: inside the rectangle of the published formula.
pub(crate) fn is_shifted([lon, lat]: [f64; 2]) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

fn wgs84_to_gcj02([lon, lat]: [f64; 2]) -> [f64; 2] {
    // Krassovsky's ellipsoid: semi-major axis and squared eccentricity
    const A: f64 = 6_378_245.0;
    const EE: f64 = 0.006_693_421_622_965_943;
    if !is_shifted([lon, lat]) {
        return [lon, lat];
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |size: f64, at: f64| size * libm::sin(at * PI) * 2.0 / 3.0;
    let common = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + wave(20.0, y)
        + wave(40.0, y / 3.0)
        + wave(160.0, y / 12.0)
        + wave(320.0, y / 30.0);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + wave(20.0, x)
        + wave(40.0, x / 3.0)
        + wave(150.0, x / 12.0)
        + wave(300.0, x / 30.0);
    let sin = libm::sin(lat.to_radians());
    let magic = 1.0 - EE * sin * sin;
    let root = magic.sqrt();
    [
        lon + (east / (A / root * libm::cos(lat.to_radians()))).to_degrees(),
        lat + (north / (A * (1.0 - EE) / (magic * root))).to_degrees(),
    ]
}

fn gcj02_to_bd09([x, y]: [f64; 2]) -> [f64; 2] {
    if !is_shifted([x, y]) {
        return [x, y];
    }
    let turn = PI * 3000.0 / 180.0;
    let radius = libm::hypot(x, y) + 0.000_02 * libm::sin(y * turn);
    let angle = libm::atan2(y, x) + 0.000_003 * libm::cos(x * turn);
    [radius * libm::cos(angle) + 0.0065, radius * libm::sin(angle) + 0.006]
}

fn gcj02_to_wgs84(shifted: [f64; 2]) -> [f64; 2] {
    undone(shifted, wgs84_to_gcj02)
}

fn bd09_to_gcj02(shifted: [f64; 2]) -> [f64; 2] {
    undone(shifted, gcj02_to_bd09)
}

/// What `shift` moves to `shifted`: it moves near positions nearly alike, so that a few turns leave next to nothing.
fn undone(shifted: [f64; 2], shift: fn([f64; 2]) -> [f64; 2]) -> [f64; 2] {
    if !is_shifted(shifted) {
        return shifted;
    }
    let mut at = shifted;
    for _ in 0..10 {
        let there = shift(at);
        at = [at[0] + shifted[0] - there[0], at[1] + shifted[1] - there[1]];
    }
    at
}

#[cfg(test)]
#[path = "crs_tests.rs"]
mod tests;
