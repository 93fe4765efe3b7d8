//! Positions as unit vectors, for indices that know neither poles nor a date line.
//!
//! The straight chord between two unit vectors is never longer than the arc between them and grows with it,
//! so what is near by chord is near on the ground. Rounding moves a vector by less than a nanometre on the
//! ground.

use lifecircle_types::{EARTH_RADIUS_M, LonLat};

pub(crate) type Vector = [f64; 3];

/// The unit vector of `position`.
pub(crate) fn vector(position: LonLat) -> Vector {
    let (lon, lat) = (position.lon().to_radians(), position.lat().to_radians());
    let across = libm::cos(lat);
    [across * libm::cos(lon), across * libm::sin(lon), libm::sin(lat)]
}

/// The position above the point `v`, which is not the middle of the earth.
pub(crate) fn position(v: Vector) -> Option<LonLat> {
    let lon = libm::atan2(v[1], v[0]).to_degrees();
    let lat = libm::atan2(v[2], (v[0] * v[0] + v[1] * v[1]).sqrt()).to_degrees();
    LonLat::new(lon, lat).ok()
}

/// The point a share `t` of the way from `a` to `b` along the chord.
pub(crate) fn between(a: Vector, b: Vector, t: f64) -> Vector {
    [0, 1, 2].map(|axis| a[axis] + t * (b[axis] - a[axis]))
}

/// The share of the way from `a` to `b`, 0 to 1, at which the chord comes nearest to `q`.
pub(crate) fn share_nearest(a: Vector, b: Vector, q: Vector) -> f64 {
    let along = difference(b, a);
    let length_2 = dot(along, along);
    if length_2 > 0.0 { (dot(difference(q, a), along) / length_2).clamp(0.0, 1.0) } else { 0.0 }
}

/// Squared length of the chord from `a` to `b`, in earth radii.
pub(crate) fn chord_2(a: Vector, b: Vector) -> f64 {
    let d = difference(a, b);
    dot(d, d)
}

/// Millimetres of a chord of squared length `chord_2`.
pub(crate) fn chord_mm(chord_2: f64) -> f64 {
    chord_2.sqrt() * EARTH_RADIUS_M * 1000.0
}

fn difference(a: Vector, b: Vector) -> Vector {
    [0, 1, 2].map(|axis| a[axis] - b[axis])
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
