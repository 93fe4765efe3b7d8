//! The same ground by a general union of polygons: slow, and sure to end.
//!
//! A rectangle on both sides of every axis, and at every node the sector of those directions that lean toward no axis
//! there.

use core::f64::consts::{FRAC_PI_2, PI, TAU};

use geo::orient::Direction;
use geo::{Coord, LineString, Orient, Polygon, unary_union};

use super::capsule::{Axis, full, off};
use super::dissolve::Node;
use super::stitch::STEP;

/// By how much neighbouring shapes overlap, so that no gap opens between them: metres, and the same along an arc.
const OVERLAP_M: f64 = 0.0005;

/// The ground within `radius` of the axes `pairs` between `nodes`; a pair of equal rows is a disc.
pub(super) fn united(nodes: &[Node], pairs: &[[u32; 2]], radius: f64) -> Vec<Polygon<f64>> {
    let mut shapes = Vec::new();
    let mut leaving: Vec<(u32, f64)> = Vec::new();
    for &ends in pairs {
        let axis = Axis::new(ends, ends.map(|end| nodes[end as usize].at));
        if axis.length > 0.0 {
            shapes.push(band(&axis, radius));
            leaving.push((ends[0], full(axis.angle)));
            leaving.push((ends[1], full(axis.angle + PI)));
        } else {
            shapes.push(arc(axis.from, 0.0, TAU, radius));
        }
    }
    leaving.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    shapes.extend(leaving.chunk_by(|a, b| a.0 == b.0).filter_map(|at| sector(nodes, at, radius)));
    unary_union(&shapes).orient(Direction::Default).0
}

/// Both sides of an axis.
fn band(axis: &Axis, radius: f64) -> Polygon<f64> {
    let (from, to) = (axis.from - axis.along * OVERLAP_M, axis.to + axis.along * OVERLAP_M);
    let left = Coord { x: -axis.along.y, y: axis.along.x } * radius;
    Polygon::new(LineString(vec![from - left, to - left, to + left, from + left]), vec![])
}

/// The part of a disc around a node that leans toward no axis; `at` holds the directions of its axes.
fn sector(nodes: &[Node], at: &[(u32, f64)], radius: f64) -> Option<Polygon<f64>> {
    let next = |row: usize| if row + 1 < at.len() { at[row + 1].1 } else { at[0].1 + TAU };
    let gaps = (0..at.len()).map(|row| (next(row) - at[row].1, at[row].1));
    let (gap, from) = gaps.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let turn = gap - PI;
    if turn <= 1e-9 {
        return None;
    }
    let overlap = OVERLAP_M / radius;
    let centre = nodes[at[0].0 as usize].at;
    Some(arc(centre, from + FRAC_PI_2 - overlap, turn + 2.0 * overlap, radius))
}

/// A sector of a disc from the direction `start` on, or a whole disc.
fn arc(at: Coord<f64>, start: f64, turn: f64, radius: f64) -> Polygon<f64> {
    let steps = libm::ceil(turn / STEP);
    let mut ring = if turn < TAU { vec![at] } else { vec![] };
    let mut step = 0.0;
    while step <= steps {
        ring.push(off(at, start + turn * (step / steps), radius));
        step += 1.0;
    }
    Polygon::new(LineString(ring), vec![])
}
