//! What a leg off the street must not cross.
//!
//! Barriers are lines in degrees, cut into their straight pieces and held in an R-tree; a leg is a straight line in
//! degrees too, which over the length of a leg departs from the great circle by millimetres. A leg crosses a
//! barrier when it passes from one side of a piece to the other more than [`TOUCH_M`] away from both of its own
//! ends: a wall may touch the street it runs along, and a home may stand in a wall.

use lifecircle_types::{Barrier, BarrierKind, LonLat, Tags};
use rstar::primitives::{GeomWithData, Line, Rectangle};
use rstar::{AABB, RTree};

use crate::graph::WalkGraph;
use crate::network::Segment;

lifecircle_types::word_enum! {
    /// What lies between a point and its street.
    Obstacle, "obstacle" {
        /// Water.
        Water = "water",
        /// A railway on the level.
        Railway = "railway",
        /// A road that walkers may not use.
        Motorway = "motorway",
        /// A wall or a fence.
        Wall = "wall",
        /// The street is a bridge, entered at its ends only.
        Bridge = "bridge",
        /// The street is a tunnel, entered at its ends only.
        Tunnel = "tunnel",
    }
}

impl From<BarrierKind> for Obstacle {
    fn from(kind: BarrierKind) -> Self {
        match kind {
            BarrierKind::Water => Self::Water,
            BarrierKind::Railway => Self::Railway,
            BarrierKind::Motorway => Self::Motorway,
            BarrierKind::Wall => Self::Wall,
        }
    }
}

impl Obstacle {
    /// Why a street with these tags cannot be entered between its ends.
    pub(crate) fn of_street(tags: &Tags) -> Option<Self> {
        let other_than = |key: &str, ground: &[&str]| tags.get(key).is_some_and(|v| !ground.contains(&v));
        if other_than("bridge", &["no", "boardwalk", "low_water_crossing"]) {
            Some(Self::Bridge)
        } else if other_than("tunnel", &["no", "building_passage", "covered"]) {
            Some(Self::Tunnel)
        } else {
            None
        }
    }
}

/// How near to an end of a leg a barrier may lie without barring it, in metres.
pub(crate) const TOUCH_M: f64 = 0.3;

/// How far from the corner of a barrier a leg passes it, measured along the street, in metres.
const CLEAR_M: f64 = 0.1;

/// The barriers of a place, for legs to be tested against.
///
/// ```
/// # use lifecircle_network::{Barriers, Obstacle};
/// # use lifecircle_types::{Barrier, BarrierKind, LonLat};
/// let at = |lon, lat| LonLat::new(lon, lat);
/// let river = Barrier {
///     id: "way/1".into(),
///     kind: BarrierKind::Water,
///     name: None,
///     raised: false,
///     line: vec![at(0.0, -0.01)?, at(0.0, 0.01)?],
///     gates: vec![],
/// };
/// let barriers = Barriers::new(&[river]);
/// assert_eq!(barriers.between(at(-0.001, 0.0)?, at(0.001, 0.0)?), Some(Obstacle::Water));
/// assert_eq!(barriers.between(at(-0.001, 0.0)?, at(-0.001, 0.005)?), None);
/// # Ok::<(), lifecircle_types::InvalidLonLat>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Barriers {
    pub(crate) pieces: RTree<Piece>,
    /// Boxes around rings, with their rows.
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    rings: Vec<Ring>,
}

/// A straight piece of a barrier: its kind, and its row among the barriers.
pub(crate) type Piece = GeomWithData<Line<[f64; 2]>, (BarrierKind, u32)>;

/// A closed wall with gates, or the shore of a water.
#[derive(Clone, Debug)]
struct Ring {
    corners: Vec<[f64; 2]>,
    kind: BarrierKind,
    gates: Vec<LonLat>,
    /// Twice the area in square degrees.
    doubled: f64,
}

impl Barriers {
    /// Indexes barriers, in O(n log n) of their points. Their order changes nothing; raised ones bar nobody.
    #[must_use]
    pub fn new(barriers: &[Barrier]) -> Self {
        let mut pieces = Vec::new();
        let mut rings = Vec::new();
        for (row, barrier) in (0..).zip(barriers).filter(|(_, barrier)| !barrier.raised) {
            let line: Vec<[f64; 2]> = barrier.line.iter().map(|&at| plane(at)).collect();
            let piece =
                |ends: &[[f64; 2]]| GeomWithData::new(Line::new(ends[0], ends[1]), (barrier.kind, row));
            pieces.extend(line.windows(2).map(piece));
            let encloses = match barrier.kind {
                BarrierKind::Water => true,
                BarrierKind::Wall => !barrier.gates.is_empty(),
                BarrierKind::Railway | BarrierKind::Motorway => false,
            };
            if encloses && barrier.is_closed() {
                let doubled = line.windows(2).map(|ends| cross(line[0], ends[0], ends[1])).sum::<f64>().abs();
                let (kind, gates) = (barrier.kind, barrier.gates.clone());
                rings.push(Ring { corners: line, kind, gates, doubled });
            }
        }
        let boxes = rings.iter().enumerate().map(|(row, ring)| {
            let bounds = AABB::from_points(&ring.corners);
            GeomWithData::new(Rectangle::from_corners(bounds.lower(), bounds.upper()), row)
        });
        Self { pieces: RTree::bulk_load(pieces), boxes: RTree::bulk_load(boxes.collect()), rings }
    }

    /// What a straight leg from `from` to `to` crosses first; of several kinds at one spot the first of
    /// [`BarrierKind`]. Whoever stands in a water has no side of it: from there water bars nothing. Legs across the
    /// date line are not tested.
    #[must_use]
    pub fn between(&self, from: LonLat, to: LonLat) -> Option<Obstacle> {
        self.first_between(from, to, self.is_in_water(from))
    }

    fn first_between(&self, from: LonLat, to: LonLat, in_water: bool) -> Option<Obstacle> {
        let (a, b) = (plane(from), plane(to));
        let length_m = from.metres_to(to);
        if self.pieces.size() == 0 || length_m <= 2.0 * TOUCH_M || (b[0] - a[0]).abs() > 180.0 {
            return None;
        }
        let touch = TOUCH_M / length_m;
        let envelope = AABB::from_corners(a, b);
        let crossed = self.pieces.locate_in_envelope_intersecting(&envelope).filter_map(|piece| {
            let kind = piece.data.0;
            if in_water && kind == BarrierKind::Water {
                return None;
            }
            let share = share_crossed(a, b, piece.geom().from, piece.geom().to)?;
            (touch < share && share < 1.0 - touch).then_some((share, kind))
        });
        let first = crossed.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        first.map(|(_, kind)| kind.into())
    }

    /// Boxes around the closed lines that nobody leaves from `at`: whatever lies outside of one is barred.
    pub(crate) fn yards(&self, at: LonLat) -> Vec<AABB<[f64; 2]>> {
        let in_water = self.is_in_water(at);
        let bars = |ring: &&Ring| !(in_water && ring.kind == BarrierKind::Water);
        self.rings_around(at).filter(bars).map(|ring| AABB::from_points(&ring.corners)).collect()
    }

    /// The share of the way from `from` to `to` nearest to `share` that is seen from `at` with nothing between, to
    /// about [`CLEAR_M`]; `None` where no part of that line is seen.
    ///
    /// What is seen changes only where a sight line grazes the end of a piece, or where a barrier meets the line
    /// itself. The line is cut there, and the middle of each part tells whether the part is seen.
    pub(crate) fn nearest_seen(&self, at: LonLat, from: LonLat, to: LonLat, share: f64) -> Option<f64> {
        let (eye, a, b) = (plane(at), plane(from), plane(to));
        let on_line =
            |share: f64| LonLat::new(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])).ok();
        let in_water = self.is_in_water(at);
        let seen =
            |share: f64| on_line(share).is_some_and(|spot| self.first_between(at, spot, in_water).is_none());
        let mut cuts = vec![0.0, 1.0];
        for piece in self.pieces.locate_in_envelope_intersecting(&AABB::from_points(&[eye, a, b])) {
            let (c, d) = (piece.geom().from, piece.geom().to);
            for end in [c, d] {
                // where the line from the eye through the end meets the line
                let (at_a, at_b) = (cross(eye, end, a), cross(eye, end, b));
                cuts.push(at_a / (at_a - at_b));
            }
            let (at_a, at_b) = (cross(c, d, a), cross(c, d, b));
            cuts.push(at_a / (at_a - at_b));
        }
        cuts.retain(|cut| (0.0..=1.0).contains(cut));
        cuts.sort_by(f64::total_cmp);
        let clear = CLEAR_M / from.metres_to(to).max(CLEAR_M);
        // between two sight lines that all but meet nothing keeps its distance from both
        let is_wide = |ends: &&[f64]| ends[1] - ends[0] > clear || ends[0] <= 0.0 && ends[1] >= 1.0;
        let parts = cuts.windows(2).filter(is_wide);
        let nearest = parts.filter_map(|ends| {
            let middle = f64::midpoint(ends[0], ends[1]);
            // the ends of the line itself need no distance from a corner
            let low = if ends[0] > 0.0 { (ends[0] + clear).min(middle) } else { 0.0 };
            let high = if ends[1] < 1.0 { (ends[1] - clear).max(middle) } else { 1.0 };
            let spot = share.clamp(low, high);
            (seen(middle) && seen(spot)).then_some(spot)
        });
        nearest.min_by(|one, other| (one - share).abs().total_cmp(&(other - share).abs()))
    }

    /// The gates of the smallest closed wall around `at`; none where there is no such wall.
    #[must_use]
    pub fn gates_around(&self, at: LonLat) -> &[LonLat] {
        let first = |ring: &Ring| ring.gates.first().map_or([0.0; 2], |&gate| plane(gate));
        let walls = self.rings_around(at).filter(|ring| ring.kind == BarrierKind::Wall);
        let smallest = walls.min_by(|a, b| {
            let (p, q) = (first(a), first(b));
            a.doubled.total_cmp(&b.doubled).then(p[0].total_cmp(&q[0])).then(p[1].total_cmp(&q[1]))
        });
        smallest.map_or(&[], |wall| &wall.gates)
    }

    /// Whether `at` lies in a water whose whole shore is one closed line. A shore around an island inside counts out
    /// again.
    #[must_use]
    pub fn is_in_water(&self, at: LonLat) -> bool {
        self.rings_around(at).filter(|ring| ring.kind == BarrierKind::Water).count() % 2 == 1
    }

    fn rings_around(&self, at: LonLat) -> impl Iterator<Item = &Ring> {
        let point = plane(at);
        let boxes = self.boxes.locate_in_envelope_intersecting(&AABB::from_point(point));
        let rings: Vec<&Ring> = boxes.map(|ring| &self.rings[ring.data]).collect();
        rings.into_iter().filter(move |ring| holds(&ring.corners, point))
    }
}

/// The roads that the walker of `graph` may not use because they are built for fast traffic, as barriers by way:
/// motorways and trunk roads with their links, but for their tunnels. Their bridges are raised.
#[must_use]
pub fn motorways(graph: WalkGraph<'_>) -> Vec<Barrier> {
    const FAST: [&str; 4] = ["motorway", "motorway_link", "trunk", "trunk_link"];
    let bars = |segment: &Segment<'_>| {
        let walked = [segment.along(), segment.against()].iter().any(|&arc| graph.costs().permits(arc));
        !walked && FAST.contains(&segment.highway())
    };
    let barrier = |segment: Segment<'_>| {
        let lies = Obstacle::of_street(segment.tags());
        (lies != Some(Obstacle::Tunnel)).then(|| Barrier {
            id: format!("way/{}", segment.way_id()),
            kind: BarrierKind::Motorway,
            name: segment.name().map(String::from),
            raised: lies == Some(Obstacle::Bridge),
            line: segment.shape().to_vec(),
            gates: vec![],
        })
    };
    graph.network().segments().filter(bars).filter_map(barrier).collect()
}

pub(crate) fn plane(at: LonLat) -> [f64; 2] {
    [at.lon(), at.lat()]
}

/// Twice the signed area of the triangle `a`, `b`, `c`.
fn cross(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The share of the way from `a` to `b` at which it passes from one side of `c`-`d` to the other. A line through
/// the very end of a piece passes it on one side only, so that a chain is crossed once at its corner.
pub(crate) fn share_crossed(a: [f64; 2], b: [f64; 2], c: [f64; 2], d: [f64; 2]) -> Option<f64> {
    let (at_c, at_d) = (cross(a, b, c), cross(a, b, d));
    if (at_c >= 0.0) == (at_d >= 0.0) {
        return None;
    }
    let (at_a, at_b) = (cross(c, d, a), cross(c, d, b));
    if (at_a > 0.0) == (at_b > 0.0) {
        return None;
    }
    Some(at_a / (at_a - at_b))
}

/// Whether a closed ring holds a point.
fn holds(ring: &[[f64; 2]], at: [f64; 2]) -> bool {
    let crossings = ring.windows(2).filter(|ends| {
        let (from, to) = (ends[0], ends[1]);
        (from[1] > at[1]) != (to[1] > at[1])
            && at[0] < from[0] + (at[1] - from[1]) / (to[1] - from[1]) * (to[0] - from[0])
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    fn line(kind: BarrierKind, points: &[(f64, f64)]) -> Barrier {
        let line = points.iter().map(|&(lon, lat)| at(lon, lat)).collect();
        Barrier { id: "b".into(), kind, name: None, raised: false, line, gates: vec![] }
    }

    #[test]
    fn a_corner_is_crossed_once_and_a_touch_is_no_crossing() {
        let bend = line(BarrierKind::Water, &[(0.0, -0.01), (0.0, 0.0), (0.001, 0.01)]);
        let barriers = Barriers::new(&[bend]);
        assert_eq!(barriers.between(at(-0.001, 0.0), at(0.001, 0.0)), Some(Obstacle::Water));
        // to a street that lies in the line, and from a home that stands in it
        assert_eq!(barriers.between(at(-0.001, -0.005), at(0.0, -0.005)), None);
        assert_eq!(barriers.between(at(0.0, -0.005), at(0.001, -0.005)), None);
        // beside the end of the line
        assert_eq!(barriers.between(at(-0.001, -0.011), at(0.001, -0.011)), None);
        // the tip of a bend that turns back is touched, not crossed
        let tip = line(BarrierKind::Water, &[(-0.001, 0.001), (0.0, 0.0), (0.001, 0.001)]);
        assert_eq!(Barriers::new(&[tip]).between(at(-0.001, 0.0), at(0.001, 0.0)), None);
    }

    #[test]
    fn the_first_obstacle_is_named_in_any_order() {
        let lines = [
            line(BarrierKind::Wall, &[(0.0005, -0.01), (0.0005, 0.01)]),
            line(BarrierKind::Railway, &[(0.0, -0.01), (0.0, 0.01)]),
        ];
        let turned = [lines[1].clone(), lines[0].clone()];
        for barriers in [Barriers::new(&lines), Barriers::new(&turned)] {
            assert_eq!(barriers.between(at(-0.001, 0.0), at(0.001, 0.0)), Some(Obstacle::Railway));
            assert_eq!(barriers.between(at(0.001, 0.0), at(-0.001, 0.0)), Some(Obstacle::Wall));
        }
    }

    #[test]
    fn in_a_lake_water_bars_nothing_and_on_its_island_it_does() {
        let ring = |low: f64, high: f64| {
            line(BarrierKind::Water, &[(low, low), (high, low), (high, high), (low, high), (low, low)])
        };
        let barriers = Barriers::new(&[ring(0.0, 0.01), ring(0.004, 0.006)]);
        let shore = at(0.02, 0.005);
        assert!(barriers.is_in_water(at(0.002, 0.005)) && !barriers.is_in_water(at(0.005, 0.005)));
        assert_eq!(barriers.between(at(0.002, 0.005), shore), None);
        assert_eq!(barriers.between(at(0.005, 0.005), shore), Some(Obstacle::Water));
        assert_eq!(barriers.between(shore, at(0.005, 0.005)), Some(Obstacle::Water));
    }

    #[test]
    fn the_smallest_wall_around_gives_the_gates() {
        let yard = |size: f64, gate: f64| Barrier {
            gates: vec![at(gate, 0.0)],
            ..line(BarrierKind::Wall, &[(0.0, 0.0), (size, 0.0), (size, size), (0.0, size), (0.0, 0.0)])
        };
        let barriers = Barriers::new(&[yard(0.01, 0.007), yard(0.002, 0.001)]);
        assert_eq!(barriers.gates_around(at(0.001, 0.001)), [at(0.001, 0.0)]);
        assert_eq!(barriers.gates_around(at(0.005, 0.005)), [at(0.007, 0.0)]);
        assert!(barriers.gates_around(at(0.02, 0.005)).is_empty());
        // a wall without a gate tells nothing
        let shut = Barrier { gates: vec![], ..yard(0.01, 0.0) };
        assert!(Barriers::new(&[shut]).gates_around(at(0.001, 0.001)).is_empty());
    }

    #[test]
    fn bridges_and_tunnels_are_entered_at_their_ends() {
        let of =
            |key: &str, value: &str| Obstacle::of_street(&Tags::new([("highway", "path"), (key, value)]));
        assert_eq!(of("bridge", "viaduct"), Some(Obstacle::Bridge));
        assert_eq!(of("tunnel", "yes"), Some(Obstacle::Tunnel));
        for (key, value) in [("bridge", "no"), ("bridge", "boardwalk"), ("tunnel", "building_passage")] {
            assert_eq!(of(key, value), None, "{key}={value}");
        }
    }
}
