//! The outline of a union of capsules of one radius, without a general union of polygons.
//!
//! The outline of the ground within `r` of straight axes consists of parts of their *sides*, the two lines at `r` from an
//! axis, and of *arcs* around the nodes where they end. A point at `r` from a node is nearest to that node, and not to
//! an axis at it, in those directions only that lean toward no such axis: none where axes leave within every half plane,
//! a wedge outside of a bend, half a circle at an end, a whole circle around a lone node. What other capsules cover of
//! a side is one stretch each, of an arc one arc each ([`capsule`](super::capsule)); what none covers is an [`Edge`] of
//! the outline, with the ground on its left. [`stitch`](super::stitch) joins the edges to rings.
//!
//! Streets like to be degenerate: two ways along one line, blocks exactly as wide as the ground of their streets. Every
//! node is therefore nudged by up to [`NUDGE`] in a direction that only its own position decides, which leaves no
//! coincidence standing, and the radius is longer by [`MARGIN`] nudges, so that what touches overlaps. Capsules that hang
//! together make one polygon: their outline has exactly one outer ring. A set whose edges do not close to rings, or to no
//! single outer one, is nudged otherwise, and after [`ATTEMPTS`] left to [`union`](super::union).
//!
//! With `n` axes, each near `k` others, everything takes O(n k log k + n log n).

use core::f64::consts::{PI, TAU};

use geo::{Coord, MultiPolygon, Polygon};
use lifecircle_types::LonLat;

use super::capsule::{Axis, full, off};
use super::grid::Grid;
use super::stitch::{Tolerance, canonical, polygons};
use super::union::united;

/// Metres by which a node is moved at most, along each axis of the plane; less for a radius below [`FULL_NUDGE_FROM`].
const NUDGE: f64 = 1e-4;

/// Metres of radius from which on the whole nudge is used.
const FULL_NUDGE_FROM: f64 = 10.0;

/// Nudges by which the radius is longer: two points that part along the diagonal still overlap.
const MARGIN: f64 = 1.5;

/// Ways to nudge before the general union.
const ATTEMPTS: u64 = 3;

/// Arcs of a turn below this are none.
const LEAST_TURN: f64 = 1e-9;

/// A node: its position, which also names it, and where that is on the plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub position: LonLat,
    pub at: Coord<f64>,
}

/// A stretch of the outline, the ground on its left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// The set of capsules it belongs to.
    pub set: u32,
    pub start: Coord<f64>,
    pub end: Coord<f64>,
    /// `None` for a straight stretch.
    pub bend: Option<Bend>,
}

/// An arc, counter-clockwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bend {
    pub centre: Coord<f64>,
    pub radius: f64,
    pub from: f64,
    pub turn: f64,
}

/// The ground within `radius` of axes between `nodes`, each a pair of rows of `nodes`, the smaller first; a pair of equal
/// rows is a disc. `pairs` are sorted and without repeats.
///
/// Polygons and holes are sorted by their first corners, the most western ones.
pub(super) fn dissolved(nodes: &[Node], pairs: Vec<[u32; 2]>, radius: f64) -> MultiPolygon<f64> {
    let (mut polygons, open) = stitched(nodes, pairs, radius);
    polygons.extend(united(nodes, &open, radius));
    canonical(polygons)
}

/// The polygons of the sets of capsules whose edges close, and the axes of the others.
pub(super) fn stitched(
    nodes: &[Node],
    pairs: Vec<[u32; 2]>,
    radius: f64,
) -> (Vec<Polygon<f64>>, Vec<[u32; 2]>) {
    let mut closed: Vec<Polygon<f64>> = Vec::new();
    let mut open = pairs;
    for attempt in 0..ATTEMPTS {
        if open.is_empty() {
            break;
        }
        let outline = Outline::new(nodes, &open, radius, attempt);
        let found = polygons(&outline.edges, &outline.sets, &Tolerance::of_nudge(nudge(radius)));
        let mut set = outline.sets.iter();
        open.retain(|_| set.next().is_some_and(|&set| found[set as usize].is_none()));
        closed.extend(found.into_iter().flatten());
    }
    (closed, open)
}

fn nudge(radius: f64) -> f64 {
    NUDGE * (radius / FULL_NUDGE_FROM).min(1.0)
}

/// Where a node is after the nudge number `attempt`.
fn nudged(node: &Node, attempt: u64, nudge: f64) -> Coord<f64> {
    let mixed = |word: u64| {
        // the finaliser of SplitMix64: every bit of the word moves every bit of the result
        let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    };
    let position = node.position;
    let east = mixed(mixed(position.lon().to_bits() ^ attempt) ^ position.lat().to_bits());
    let north = mixed(east ^ 0x9e37_79b9_7f4a_7c15);
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    let share = |word: u64| (word >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
    Coord { x: node.at.x + nudge * share(east), y: node.at.y + nudge * share(north) }
}

/// The edges of a union of capsules, by capsule, and the set each capsule belongs to.
struct Outline {
    edges: Vec<Edge>,
    /// By capsule: the number of its set, counted in the order of their first capsules.
    sets: Vec<u32>,
}

impl Outline {
    fn new(nodes: &[Node], pairs: &[[u32; 2]], radius: f64, attempt: u64) -> Self {
        let nudge = nudge(radius);
        let radius = radius + MARGIN * nudge;
        let places: Vec<Coord<f64>> = nodes.iter().map(|node| nudged(node, attempt, nudge)).collect();
        let axes: Vec<Axis> =
            pairs.iter().map(|&ends| Axis::new(ends, ends.map(|end| places[end as usize]))).collect();
        let grid = Grid::new(&axes, radius);
        let mut wedges = Wedge::all(&axes, nodes.len());
        let mut sets = Sets::new(axes.len());
        let mut cutter = Cutter { radius, least: nudge * 1e-2, covers: vec![], edges: vec![] };
        let mut near: Vec<u32> = Vec::new();
        let mut seen: Vec<u32> = vec![u32::MAX; axes.len()];
        for (number, axis) in (0_u32..).zip(&axes) {
            near.clear();
            grid.each_near(axis, |other| {
                if core::mem::replace(&mut seen[other as usize], number) != number && other != number {
                    near.push(other);
                }
            });
            for &other in &near {
                if sets.root(other) != sets.root(number)
                    && axis.comes_within(&axes[other as usize], 4.0 * radius * radius)
                {
                    sets.join(number, other);
                }
            }
            cutter.sides(number, axis, near.iter().map(|&other| &axes[other as usize]));
            for end in axis.ends {
                if let Some(wedge) = wedges[end as usize].take() {
                    let others = near.iter().map(|&other| &axes[other as usize]);
                    cutter.arc(number, end, places[end as usize], wedge, others);
                }
            }
        }
        let sets = sets.numbered();
        let mut edges = cutter.edges;
        edges.iter_mut().for_each(|edge| edge.set = sets[edge.set as usize]);
        Self { edges, sets }
    }
}

/// Cuts sides and arcs into what is exposed; `Edge::set` is the number of the capsule meanwhile.
struct Cutter {
    radius: f64,
    /// Metres below which an exposed stretch is left out.
    least: f64,
    /// Covered stretches of the line or arc at hand.
    covers: Vec<(f64, f64)>,
    edges: Vec<Edge>,
}

impl Cutter {
    /// Cuts both sides of an axis that has a length.
    fn sides<'a>(&mut self, number: u32, axis: &Axis, near: impl Iterator<Item = &'a Axis> + Clone) {
        if axis.length <= 0.0 {
            return;
        }
        let half = axis.length / 2.0;
        for (from, along) in [(axis.from, axis.along), (axis.to, -axis.along)] {
            let start = from + Coord { x: along.y, y: -along.x } * self.radius;
            let middle = start + along * half;
            self.covers.clear();
            let beyond = (self.radius + half) * (self.radius + half);
            let inside = (self.radius - half).max(0.0) * (self.radius - half).max(0.0);
            let mut hidden = false;
            for other in near.clone() {
                let squared = other.distance_squared(middle);
                if squared < inside {
                    hidden = true;
                    break;
                }
                if squared < beyond {
                    self.covers.extend(other.cover_of_line(start, along, axis.ends, self.radius));
                }
            }
            if hidden {
                continue;
            }
            let point = |t: f64| start + along * t;
            let edges = &mut self.edges;
            exposed(&mut self.covers, axis.length, self.least, |from, to| {
                edges.push(Edge { set: number, start: point(from), end: point(to), bend: None });
            });
        }
    }

    /// Cuts the arc around a node; axes at the node have shaped it already.
    fn arc<'a>(
        &mut self,
        number: u32,
        node: u32,
        centre: Coord<f64>,
        wedge: Wedge,
        near: impl Iterator<Item = &'a Axis>,
    ) {
        let (mut from, turn) = (wedge.from, wedge.turn);
        let radius = self.radius;
        let middle = off(centre, from + turn / 2.0, radius);
        let half = radius * turn / 2.0;
        let beyond = (radius + half) * (radius + half);
        let inside = (radius - half).max(0.0) * (radius - half).max(0.0);
        self.covers.clear();
        for other in near.filter(|other| !other.ends.contains(&node)) {
            let squared = other.distance_squared(middle);
            if squared < inside {
                return;
            }
            if squared < beyond {
                self.covers.extend(other.cover_of_circle(centre, radius));
            }
        }
        if turn >= TAU
            && let Some(&(first, _)) = self.covers.first()
        {
            // a circle is cut open where it is covered
            from = first;
        }
        for row in 0..self.covers.len() {
            let (first, last) = self.covers[row];
            let (start, width) = (full(first - from), last - first);
            self.covers[row] = (start, start + width);
            if start + width > TAU {
                self.covers.push((0.0, start + width - TAU));
            }
        }
        let edges = &mut self.edges;
        exposed(&mut self.covers, turn, self.least / radius, |first, last| {
            let [start, end] = [first, last].map(|angle| off(centre, from + angle, radius));
            let bend = Bend { centre, radius, from: from + first, turn: last - first };
            edges.push(Edge { set: number, start, end, bend: Some(bend) });
        });
    }
}

/// What is left of the stretch from 0 to `length` without `covers`, in parts of at least `least`.
fn exposed(covers: &mut [(f64, f64)], length: f64, least: f64, mut part: impl FnMut(f64, f64)) {
    covers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut open = 0.0;
    for &(from, to) in covers.iter() {
        if from >= length {
            break;
        }
        if from - open > least {
            part(open, from);
        }
        open = to.max(open);
    }
    if length - open > least {
        part(open, length);
    }
}

/// The directions at a node that lean toward no axis there.
#[derive(Clone, Copy, Debug)]
struct Wedge {
    from: f64,
    turn: f64,
}

impl Wedge {
    /// By node; `None` where axes leave within every half plane, or none leaves at all.
    fn all(axes: &[Axis], nodes: usize) -> Vec<Option<Self>> {
        let mut leaving: Vec<(u32, f64)> = Vec::with_capacity(2 * axes.len());
        let mut wedges = vec![None; nodes];
        for axis in axes {
            if axis.length > 0.0 {
                leaving.push((axis.ends[0], full(axis.angle)));
                leaving.push((axis.ends[1], full(axis.angle + PI)));
            } else {
                wedges[axis.ends[0] as usize] = Some(Self { from: 0.0, turn: TAU });
            }
        }
        leaving.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for at in leaving.chunk_by(|a, b| a.0 == b.0) {
            let next = |row: usize| if row + 1 < at.len() { at[row + 1].1 } else { at[0].1 + TAU };
            let gaps = (0..at.len()).map(|row| (next(row) - at[row].1, at[row].1));
            let widest = gaps.max_by(|a, b| a.0.total_cmp(&b.0));
            wedges[at[0].0 as usize] = widest
                .map(|(gap, from)| Self { from: from + PI / 2.0, turn: gap - PI })
                .filter(|wedge| wedge.turn > LEAST_TURN);
        }
        wedges
    }
}

/// Sets of capsules that hang together.
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0_u32..).take(count).collect())
    }

    fn root(&mut self, mut of: u32) -> u32 {
        while self.0[of as usize] != of {
            let above = self.0[of as usize];
            self.0[of as usize] = self.0[above as usize];
            of = above;
        }
        of
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// By capsule: the number of its set.
    fn numbered(mut self) -> Vec<u32> {
        let mut count = 0;
        let mut numbers = vec![u32::MAX; self.0.len()];
        for capsule in (0_u32..).take(self.0.len()) {
            let root = self.root(capsule) as usize;
            if numbers[root] == u32::MAX {
                numbers[root] = count;
                count += 1;
            }
            numbers[capsule as usize] = numbers[root];
        }
        numbers
    }
}
