//! From the edges of an outline to polygons with holes.
//!
//! The end of an edge and the start of the next are one point, found twice, from either edge. Pairs of an end and a
//! start that lie within a tolerance are therefore joined, the closest first. `next[edge]` is the edge that follows; the
//! rings are its cycles. Rings run with the ground on their left: the outer one of a set of capsules counter-clockwise,
//! its holes clockwise. Nothing else tells which hole belongs where, as each set has one outer ring.

use core::f64::consts::FRAC_PI_2;

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::capsule::{cross, dot, off};
use super::dissolve::Edge;

/// Angle between the corners of an arc, in radians.
pub(super) const STEP: f64 = FRAC_PI_2 / 12.0;

/// What counts as nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tolerance {
    /// Metres between an end and a start that are one point, and between corners that are one.
    apart: f64,
    /// Metres by which a corner stands off the line between its neighbours and is left out.
    off_line: f64,
}

impl Tolerance {
    /// Ten nudges between points, four beside a line: straight streets bend by no more than that.
    pub(super) fn of_nudge(nudge: f64) -> Self {
        Self { apart: 10.0 * nudge, off_line: 4.0 * nudge }
    }
}

/// One polygon for each set of capsules; `None` where its edges do not close to one outer ring and holes.
///
/// `sets` are the numbers of sets in use. Takes O(n log n) for `n` edges in general position.
pub(super) fn polygons(edges: &[Edge], sets: &[u32], tolerance: &Tolerance) -> Vec<Option<Polygon<f64>>> {
    let count = sets.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sound = vec![true; count];
    let next = followers(edges, tolerance);
    for (edge, next) in edges.iter().zip(&next) {
        if next.is_none() {
            sound[edge.set as usize] = false;
        }
    }
    let mut outers: Vec<Option<LineString<f64>>> = vec![None; count];
    let mut holes: Vec<Vec<LineString<f64>>> = vec![Vec::new(); count];
    let mut seen = vec![false; edges.len()];
    let mut corners = Vec::new();
    for first in 0..edges.len() {
        let set = edges[first].set as usize;
        corners.clear();
        let mut row = first;
        while sound[set] && !core::mem::replace(&mut seen[row], true) {
            draw(&edges[row], &mut corners);
            row = next[row].unwrap_or(row);
        }
        let Some(ring) = tidied(&corners, tolerance) else { continue };
        if doubled_area(&ring) < 0.0 {
            holes[set].push(ring);
        } else if outers[set].replace(ring).is_some() {
            sound[set] = false;
        }
    }
    let polygon = |((outer, holes), sound): ((Option<LineString<f64>>, Vec<_>), bool)| {
        outer.filter(|_| sound).map(|outer| Polygon::new(outer, holes))
    };
    outers.into_iter().zip(holes).zip(sound).map(polygon).collect()
}

/// The edge that starts where an edge ends.
fn followers(edges: &[Edge], tolerance: &Tolerance) -> Vec<Option<usize>> {
    // along a line that no street and no grid runs across
    let tilted = |at: Coord<f64>| 0.764_842_187 * at.x + 0.644_217_687 * at.y;
    let mut starts: Vec<(f64, usize)> =
        edges.iter().enumerate().map(|(row, edge)| (tilted(edge.start), row)).collect();
    starts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let most = tolerance.apart * tolerance.apart;
    let mut pairs: Vec<(f64, usize, usize)> = Vec::with_capacity(edges.len());
    for (row, edge) in edges.iter().enumerate() {
        let at = tilted(edge.end);
        let first = starts.partition_point(|start| start.0 < at - tolerance.apart);
        for &(_, other) in starts[first..].iter().take_while(|start| start.0 <= at + tolerance.apart) {
            let between = edges[other].start - edge.end;
            let squared = dot(between, between);
            // only a whole circle follows itself
            let itself = row == other && edge.bend.is_none_or(|bend| bend.turn < 6.0);
            if squared <= most && edges[other].set == edge.set && !itself {
                pairs.push((squared, row, other));
            }
        }
    }
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut next = vec![None; edges.len()];
    let mut taken = vec![false; edges.len()];
    for (_, row, other) in pairs {
        if next[row].is_none() && !taken[other] {
            next[row] = Some(other);
            taken[other] = true;
        }
    }
    next
}

/// Adds the corners of an edge but for its end.
fn draw(edge: &Edge, corners: &mut Vec<Coord<f64>>) {
    corners.push(edge.start);
    if let Some(bend) = edge.bend {
        let steps = libm::ceil(bend.turn / STEP);
        let mut step = 1.0;
        while step < steps {
            corners.push(off(bend.centre, bend.from + bend.turn * (step / steps), bend.radius));
            step += 1.0;
        }
    }
}

/// The closed ring without corners that stand nowhere, from its most western corner on; `None` for one whose mean width,
/// twice the area by the length around, is below the tolerance.
fn tidied(corners: &[Coord<f64>], tolerance: &Tolerance) -> Option<LineString<f64>> {
    let (west, _) = corners.iter().enumerate().min_by(|a, b| order(*a.1, *b.1))?;
    let mut ring: Vec<Coord<f64>> = Vec::with_capacity(corners.len() + 1);
    let start = corners[west];
    // corners left out since the last one kept
    let mut pending: Vec<Coord<f64>> = Vec::new();
    ring.push(start);
    for &at in corners[west + 1..].iter().chain(&corners[..=west]) {
        let kept = ring[ring.len() - 1];
        if pending.iter().any(|&corner| !on_line(corner, kept, at, tolerance)) {
            ring.extend(pending.last());
            pending.clear();
        }
        pending.push(at);
    }
    ring.push(start);
    let around: f64 = ring.windows(2).map(|ends| length(ends[1] - ends[0])).sum();
    let ring = LineString(ring);
    (doubled_area(&ring).abs() > tolerance.apart * around).then_some(ring)
}

/// Whether a corner adds nothing to the line between two others.
fn on_line(corner: Coord<f64>, from: Coord<f64>, to: Coord<f64>, tolerance: &Tolerance) -> bool {
    let (step, rel) = (to - from, corner - from);
    let long = length(step);
    let apart = |a: Coord<f64>| length(a) < tolerance.apart;
    if apart(rel) || apart(corner - to) {
        return true;
    }
    let along = dot(rel, step);
    cross(step, rel).abs() <= tolerance.off_line * long && 0.0 < along && along < long * long
}

fn length(step: Coord<f64>) -> f64 {
    dot(step, step).sqrt()
}

/// Twice the area of a closed ring, negative when it runs clockwise.
fn doubled_area(ring: &LineString<f64>) -> f64 {
    let Some(&origin) = ring.0.first() else { return 0.0 };
    ring.0.windows(2).map(|ends| cross(ends[0] - origin, ends[1] - origin)).sum()
}

fn order(a: Coord<f64>, b: Coord<f64>) -> core::cmp::Ordering {
    a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
}

/// Polygons and their holes by their first corners, the most western ones of each ring.
pub(super) fn canonical(polygons: Vec<Polygon<f64>>) -> MultiPolygon<f64> {
    let first = |ring: &LineString<f64>| ring.0.first().copied().unwrap_or_default();
    let by_first = |a: &LineString<f64>, b: &LineString<f64>| order(first(a), first(b));
    let sorted = |polygon: Polygon<f64>| {
        let (outer, holes) = polygon.into_inner();
        let mut holes: Vec<_> = holes.into_iter().map(from_west).collect();
        holes.sort_by(by_first);
        Polygon::new(from_west(outer), holes)
    };
    let mut polygons: Vec<_> = polygons.into_iter().map(sorted).collect();
    polygons.sort_by(|a, b| by_first(a.exterior(), b.exterior()));
    MultiPolygon(polygons)
}

/// A closed ring from its most western corner on.
fn from_west(mut ring: LineString<f64>) -> LineString<f64> {
    let corners = ring.0.len().saturating_sub(1);
    let west = ring.0[..corners].iter().enumerate().min_by(|a, b| order(*a.1, *b.1));
    if let Some((west, _)) = west
        && west > 0
    {
        ring.0.truncate(corners);
        ring.0.rotate_left(west);
        ring.0.push(ring.0[0]);
    }
    ring
}

#[cfg(test)]
mod tests {
    use geo::Area;

    use super::*;

    /// The sides of a square, counter-clockwise around the ground on their left, or turned round: a hole.
    fn square(set: u32, (x, y): (f64, f64), side: f64, hole: bool) -> Vec<Edge> {
        let corner = |n: usize| {
            let (right, up) = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)][n % 4];
            Coord { x: x + right * side, y: y + up * side }
        };
        let edge = |n| match hole {
            true => Edge { set, start: corner(n + 1), end: corner(n), bend: None },
            false => Edge { set, start: corner(n), end: corner(n + 1), bend: None },
        };
        (0..4).map(edge).collect()
    }

    fn stitched(edges: &[Edge]) -> Vec<Option<f64>> {
        let found = polygons(edges, &[0, 1], &Tolerance::of_nudge(1e-4));
        found.into_iter().map(|polygon| polygon.map(|polygon| polygon.unsigned_area())).collect()
    }

    #[test]
    fn a_set_that_does_not_close_is_left_out_alone() {
        let mut edges = square(0, (0.0, 0.0), 10.0, false);
        edges.extend(square(0, (2.0, 2.0), 3.0, true));
        edges.extend(square(1, (20.0, 0.0), 5.0, false));
        assert_eq!(stitched(&edges), [Some(91.0), Some(25.0)]);
        // without one side of the hole
        let mut open = edges.clone();
        open.remove(5);
        assert_eq!(stitched(&open), [None, Some(25.0)]);
        // an end that lies a centimetre beside the start
        let mut apart = edges.clone();
        apart[9].end.y += 0.01;
        assert_eq!(stitched(&apart), [Some(91.0), None]);
        // with a second outer ring, and with none
        let mut twice = edges.clone();
        twice.extend(square(1, (40.0, 0.0), 5.0, false));
        assert_eq!(stitched(&twice), [Some(91.0), None]);
        assert_eq!(stitched(&edges[4..]), [None, Some(25.0)]);
        // a hole of a tenth of a millimetre is none
        edges.extend(square(1, (21.0, 1.0), 1e-4, true));
        assert_eq!(stitched(&edges), [Some(91.0), Some(25.0)]);
    }

    #[test]
    fn the_closest_start_follows() {
        // two squares that share a corner but for 0.2 mm: each closes by itself
        let mut edges = square(0, (0.0, 0.0), 10.0, false);
        edges.extend(square(1, (10.0, 10.0002), 10.0, false));
        assert_eq!(stitched(&edges), [Some(100.0), Some(100.0)]);
    }

    #[test]
    fn corners_on_a_line_are_left_out() {
        let ring: Vec<Coord<f64>> = [
            (0.0, 0.0),
            (4.0, 0.0),
            (7.0, 1e-4),
            (10.0, 0.0),
            (10.0, 1e-4),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 5.0),
        ]
        .map(Coord::from)
        .into();
        let tidy = tidied(&ring, &Tolerance::of_nudge(1e-4)).unwrap();
        let corners: Vec<(f64, f64)> = tidy.0.iter().map(|at| (at.x, at.y)).collect();
        assert_eq!(corners[0], (0.0, 0.0));
        assert_eq!(corners.len(), 5, "{corners:?}");
        // a gentle bend is no line, however fine its steps are
        let bend: Vec<Coord<f64>> = (0..=1000)
            .map(|n| f64::from(n) / 1000.0)
            .map(|turn| Coord { x: 50.0 * libm::sin(turn), y: -50.0 * libm::cos(turn) })
            .chain([Coord { x: 0.0, y: 0.0 }])
            .collect();
        let tidy = tidied(&bend, &Tolerance::of_nudge(1e-4)).unwrap();
        let sector = 50.0 * 50.0 / 2.0;
        assert!((doubled_area(&tidy) / 2.0 - sector).abs() < 50.0 * 5e-4);
    }
}
