//! Capsules: what lies within one radius `r` of a straight axis; a disc is one without length.
//!
//! A capsule is convex, and so is the disc it is widened by. Its part of a straight line is therefore one stretch, and
//! its part of a circle of radius `r` around a point off its axis is one arc: such outlines cross at most twice.

use core::f64::consts::TAU;

use geo::Coord;

/// The middle line of a capsule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// The nodes at its ends, the smaller number first; twice the same for a disc.
    pub ends: [u32; 2],
    /// Where the first end lies.
    pub from: Coord<f64>,
    /// Where the second end lies.
    pub to: Coord<f64>,
    /// Direction from the first end to the second, of length 1.
    pub along: Coord<f64>,
    /// Metres.
    pub length: f64,
    /// Direction from the first end to the second, in radians from the east.
    pub angle: f64,
}

impl Axis {
    pub(super) fn new(ends: [u32; 2], [from, to]: [Coord<f64>; 2]) -> Self {
        let step = to - from;
        let length = dot(step, step).sqrt();
        let along = if length > 0.0 { step / length } else { Coord { x: 1.0, y: 0.0 } };
        Self { ends, from, to, along, length, angle: libm::atan2(along.y, along.x) }
    }

    /// The square of the distance to a point.
    pub(super) fn distance_squared(&self, at: Coord<f64>) -> f64 {
        let rel = at - self.from;
        let off = rel - self.along * dot(rel, self.along).clamp(0.0, self.length);
        dot(off, off)
    }

    /// Whether two axes come closer to each other than the root of `squared`.
    pub(super) fn comes_within(&self, other: &Self, squared: f64) -> bool {
        let near = |axis: &Self, at| axis.distance_squared(at) < squared;
        near(self, other.from)
            || near(self, other.to)
            || near(other, self.from)
            || near(other, self.to)
            || (self.parts(other) && other.parts(self))
    }

    /// Whether the ends of `other` lie on different sides of the line through this axis.
    fn parts(&self, other: &Self) -> bool {
        let side = |at: Coord<f64>| cross(self.along, at - self.from) > 0.0;
        side(other.from) != side(other.to)
    }

    /// The stretch of the line `start + t * along` that lies in the capsule, as a range of `t`.
    ///
    /// The line is the side of a capsule that ends at the nodes `ends`: a disc around one of them touches it and is
    /// passed over.
    pub(super) fn cover_of_line(
        &self,
        start: Coord<f64>,
        along: Coord<f64>,
        ends: [u32; 2],
        radius: f64,
    ) -> Option<(f64, f64)> {
        let rel = start - self.from;
        // on the axis: x along it, y to its left
        let (x, y) = (dot(rel, self.along), cross(self.along, rel));
        let (dx, dy) = (dot(along, self.along), cross(self.along, along));
        let mut cover = (f64::INFINITY, f64::NEG_INFINITY);
        let mut extend = |low: f64, high: f64| {
            if low < high {
                cover = (cover.0.min(low), cover.1.max(high));
            }
        };
        let (within, beside) = (slab(x, dx, 0.0, self.length), slab(y, dy, -radius, radius));
        extend(within.0.max(beside.0), within.1.min(beside.1));
        for (end, at) in self.ends.into_iter().zip([0.0, self.length]) {
            let aside = (x - at) * dy - y * dx;
            if !ends.contains(&end) && aside.abs() < radius {
                let half = ((radius - aside) * (radius + aside)).sqrt();
                let middle = -((x - at) * dx + y * dy);
                extend(middle - half, middle + half);
            }
        }
        (cover.0 < cover.1).then_some(cover)
    }

    /// The arc of the circle of radius `radius` around `centre` that lies in the capsule, as a range of angles whose
    /// first is at least 0 and less than a full turn.
    pub(super) fn cover_of_circle(&self, centre: Coord<f64>, radius: f64) -> Option<(f64, f64)> {
        let rel = centre - self.from;
        // on the axis, turned over so that the centre lies to its left
        let (x, aside) = (dot(rel, self.along), cross(self.along, rel));
        let y = aside.abs();
        if y >= 2.0 * radius {
            return None;
        }
        // where the circle crosses the side of the capsule at y = radius, should it be as long as that
        let half = (y * (2.0 * radius - y)).sqrt();
        let leaves = |sign: f64| {
            let at = x + sign * half;
            if (0.0..=self.length).contains(&at) {
                return Some(libm::atan2(radius - y, sign * half));
            }
            let end = if at < 0.0 { -x } else { self.length - x };
            let distance = (end * end + y * y).sqrt();
            (distance < 2.0 * radius)
                .then(|| libm::atan2(-y, end) + sign * libm::acos(distance / (2.0 * radius)))
        };
        let (first, last) = (leaves(-1.0)?, leaves(1.0)?);
        let mut turn = full(last - first);
        if (0.0..=self.length).contains(&x) && y < radius && turn < 1e-9 {
            turn = TAU;
        }
        let first = if aside < 0.0 { self.angle - first - turn } else { self.angle + first };
        let first = full(first);
        Some((first, first + turn))
    }
}

pub(super) fn dot(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.x + a.y * b.y
}

pub(super) fn cross(a: Coord<f64>, b: Coord<f64>) -> f64 {
    a.x * b.y - a.y * b.x
}

/// An angle from 0 to a full turn.
pub(super) fn full(angle: f64) -> f64 {
    let turned = angle - TAU * libm::floor(angle / TAU);
    if turned < TAU { turned } else { 0.0 }
}

/// The point at `radius` from `centre` in a direction.
pub(super) fn off(centre: Coord<f64>, angle: f64, radius: f64) -> Coord<f64> {
    Coord { x: centre.x + radius * libm::cos(angle), y: centre.y + radius * libm::sin(angle) }
}

/// The `t` for which `from + t * step` lies between `low` and `high`.
fn slab(from: f64, step: f64, low: f64, high: f64) -> (f64, f64) {
    if step.abs() < f64::MIN_POSITIVE {
        let within = low < from && from < high;
        return if within { (f64::NEG_INFINITY, f64::INFINITY) } else { (0.0, 0.0) };
    }
    let (a, b) = ((low - from) / step, (high - from) / step);
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use core::f64::consts::{FRAC_PI_2, PI};

    use super::*;

    fn axis(from: (f64, f64), to: (f64, f64)) -> Axis {
        Axis::new([0, 1], [from.into(), to.into()])
    }

    #[test]
    fn a_line_is_covered_from_side_to_side_and_from_cap_to_cap() {
        let across = axis((-10.0, 0.0), (10.0, 0.0));
        let along = Coord { x: 0.0, y: 1.0 };
        let cover = |at: (f64, f64), along| across.cover_of_line(at.into(), along, [7, 8], 5.0);
        // straight across the middle; through the cap 3 m beyond the end, where a disc of 5 m is 4 m high
        assert_eq!(cover((0.0, -20.0), along), Some((15.0, 25.0)));
        assert_eq!(cover((13.0, -20.0), along), Some((16.0, 24.0)));
        assert_eq!(cover((15.5, -20.0), along), None);
        // beside the axis at 3 m: 20 m and 4 m into each cap
        let cover_along = cover((-50.0, 3.0), Coord { x: 1.0, y: 0.0 }).unwrap();
        assert_eq!(cover_along, (36.0, 64.0));
        // the side of a neighbour that ends at node 1 leaves the disc there out
        let beyond = across.cover_of_line(Coord { x: 13.0, y: -20.0 }, along, [1, 8], 5.0);
        assert_eq!(beyond, None);
    }

    #[test]
    fn a_circle_is_covered_along_one_arc() {
        let across = axis((-100.0, 0.0), (100.0, 0.0));
        let near = |found: Option<(f64, f64)>, first: f64, last: f64| {
            let found = found.unwrap();
            assert!((found.0 - first).abs() < 1e-9 && (found.1 - last).abs() < 1e-9, "{found:?}");
        };
        // 5 m above the axis of a capsule of 5 m: the lower half; from below: the upper one
        near(across.cover_of_circle(Coord { x: 0.0, y: 5.0 }, 5.0), PI, 2.0 * PI);
        near(across.cover_of_circle(Coord { x: 0.0, y: -5.0 }, 5.0), 0.0, PI);
        // 5 m beyond the end of the axis: 60 degrees to each side of the way back
        near(across.cover_of_circle(Coord { x: 105.0, y: 0.0 }, 5.0), PI * 2.0 / 3.0, PI * 4.0 / 3.0);
        // the axis turned by a quarter
        let up = axis((0.0, -100.0), (0.0, 100.0));
        near(up.cover_of_circle(Coord { x: -5.0, y: 0.0 }, 5.0), 3.0 * FRAC_PI_2, 5.0 * FRAC_PI_2);
        assert_eq!(across.cover_of_circle(Coord { x: 0.0, y: 10.0 }, 5.0), None);
        assert_eq!(across.cover_of_circle(Coord { x: 108.0, y: 8.0 }, 5.0), None);
    }

    #[test]
    fn axes_come_near_at_ends_and_where_they_cross() {
        let across = axis((-10.0, 0.0), (10.0, 0.0));
        assert!(across.comes_within(&axis((3.0, -100.0), (4.0, 100.0)), 1.0));
        assert!(across.comes_within(&axis((3.0, 0.9), (40.0, 100.0)), 1.0));
        assert!(!across.comes_within(&axis((3.0, 1.1), (40.0, 100.0)), 1.0));
        assert!(!across.comes_within(&axis((12.0, -5.0), (12.0, 5.0)), 1.0));
    }
}
