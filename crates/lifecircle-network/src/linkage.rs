//! Linking points to streets: where a home or an entrance touches the network.
//!
//! A link lies inside a street, at `offset` mm from the tail of an arc, at the point of all passable streets
//! that is nearest to the linked one: to the millimetre, along great circles, wherever on the earth. The
//! index holds the straight pieces of all passable segments as chords between unit vectors (long pieces in
//! parts), so that its distances bound the distance on the ground from below; candidates are taken in the
//! order of that bound and measured on the sphere until no other can be nearer.
//!
//! An island is a component of streets that the main one does not join ([`WalkCosts`](crate::WalkCosts)).
//! A point is linked to an island only where the main component is more than a penalty farther away.

use lifecircle_types::{LonLat, Millimetres};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::graph::WalkGraph;
use crate::ids::ArcIx;
use crate::network::piece_mm;
use crate::rows::map_rows;
use crate::sphere::{Vector, between, chord_2, chord_mm, position, share_nearest, vector};

/// How far a point may lie from its street, and when an island will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct LinkOptions {
    /// Longest leg off the street, inclusive; 500 m unless set.
    pub max_off_street: Millimetres,
    /// How much farther away the main component may lie than an island and still be taken, inclusive;
    /// 200 m unless set.
    pub island_penalty: Millimetres,
}

impl Default for LinkOptions {
    fn default() -> Self {
        Self { max_off_street: Millimetres::from_metres(500), island_penalty: Millimetres::from_metres(200) }
    }
}

impl LinkOptions {
    /// Sets the longest leg off the street, inclusive.
    #[must_use]
    pub const fn max_off_street(mut self, length: Millimetres) -> Self {
        self.max_off_street = length;
        self
    }

    /// Sets how much farther away the main component may lie than an island, inclusive.
    #[must_use]
    pub const fn island_penalty(mut self, length: Millimetres) -> Self {
        self.island_penalty = length;
        self
    }
}

/// A point on a street that stands for a linked point.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Link {
    /// The arc; of the two arcs of a street the one along the way, if it is passable.
    pub arc: ArcIx,
    /// Length from the tail of the arc, at most the arc's length.
    pub offset: Millimetres,
    /// Great-circle length from the linked point to the street.
    pub off_street: Millimetres,
    /// Where it touches the street.
    pub position: LonLat,
}

/// What became of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum LinkFate {
    /// It is linked.
    Linked(Link),
    /// The nearest street lies beyond the maximum.
    TooFar {
        /// How far away the nearest passable street is.
        nearest: Option<Millimetres>,
    },
    /// The point has no position.
    NoPosition,
}

/// The fate of many points, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Linkage {
    fates: Vec<LinkFate>,
}

impl Linkage {
    /// A linkage from fates that are already known.
    #[must_use]
    pub const fn new(fates: Vec<LinkFate>) -> Self {
        Self { fates }
    }

    /// Number of points, linked or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fates.len()
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fates.is_empty()
    }

    /// The link of every point; `None` for those without.
    #[must_use]
    pub fn links(&self) -> impl ExactSizeIterator<Item = Option<&Link>> {
        (0..self.len()).map(|point| self.get(point))
    }

    /// The link of point `point`; `None` when it has none.
    ///
    /// # Panics
    /// When there is no such point.
    #[must_use]
    pub fn get(&self, point: usize) -> Option<&Link> {
        match self.fate(point) {
            LinkFate::Linked(link) => Some(link),
            LinkFate::TooFar { .. } | LinkFate::NoPosition => None,
        }
    }

    /// What became of point `point`.
    ///
    /// # Panics
    /// When there is no such point.
    #[must_use]
    pub fn fate(&self, point: usize) -> &LinkFate {
        &self.fates[point]
    }
}

/// Links points to the passable streets of one graph.
///
/// A linkage serves every graph of the same network in which the same streets are passable, whatever they
/// cost there.
#[derive(Clone, Debug)]
pub struct Linker<'a> {
    graph: WalkGraph<'a>,
    options: LinkOptions,
    pieces: RTree<Chord>,
}

impl<'a> Linker<'a> {
    /// Indexes every street that is passable in at least one direction, in O(n log n).
    #[must_use]
    pub fn new(graph: WalkGraph<'a>, options: LinkOptions) -> Self {
        let network = graph.network();
        let mut chords = Vec::new();
        for (row, segment) in (0_u32..).zip(network.segments()) {
            let costs = graph.costs();
            if costs.permits(segment.along()) || costs.permits(segment.against()) {
                for (piece, ends) in (0_u32..).zip(segment.shape().windows(2)) {
                    chords.extend(Chord::along(ends[0], ends[1], row, piece));
                }
            }
        }
        Self { graph, options, pieces: RTree::bulk_load(chords) }
    }

    /// Links every point; `None` is a point without position.
    ///
    /// Streets at the same distance (in whole millimetres) are told apart by way id, then by their place
    /// along the way. Takes O(log n) a point, a little more near islands.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, LinkOptions, Linker, NetworkBuilder, WalkCosts, WalkGraph, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # use lifecircle_types::Millimetres;
    /// # let town = GridTown::new(2, 2, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    /// let linker = Linker::new(WalkGraph::new(&network, &costs)?, LinkOptions::default());
    /// let linkage = linker.link(&[Some(town.position_at(30_000, 4_000)), None]);
    /// let link = linkage.get(0).unwrap(); // 30 m along the first street, 4 m off it
    /// assert_eq!(link.offset, Millimetres::from_metres(30));
    /// assert_eq!(link.off_street, Millimetres::from_metres(4));
    /// assert_eq!(linkage.get(1), None);
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    #[must_use]
    pub fn link(&self, points: &[Option<LonLat>]) -> Linkage {
        let fates: Result<Vec<LinkFate>, core::convert::Infallible> = map_rows(
            points,
            || (),
            |(), point| Ok(point.map_or(LinkFate::NoPosition, |point| self.link_one(point))),
        );
        match fates {
            Ok(fates) => Linkage { fates },
        }
    }

    fn link_one(&self, point: LonLat) -> LinkFate {
        let max = self.options.max_off_street;
        let from = vector(point);
        let (mut main, mut island): (Option<Candidate>, Option<Candidate>) = (None, None);
        for (chord, chord_2) in self.pieces.nearest_neighbor_iter_with_distance_2(&from) {
            // beyond this length nothing can change the outcome
            let enough = match (&main, &island) {
                (Some(main), _) => Some(main.off_street),
                (None, Some(island)) if island.off_street <= max => {
                    Some((island.off_street + self.options.island_penalty).min(max))
                }
                (None, Some(island)) => Some(island.off_street),
                (None, None) => None,
            };
            if enough.is_some_and(|enough| chord_mm(chord_2) > f64::from(enough.get()) + SLACK_MM) {
                break;
            }
            let candidate = self.candidate(point, from, chord);
            let node = self.graph.network().tail(ArcIx(self.arcs(chord)[0]));
            let best = if self.graph.costs().is_main(node) { &mut main } else { &mut island };
            if best.as_ref().is_none_or(|best| candidate.rank() < best.rank()) {
                *best = Some(candidate);
            }
        }
        let main_will_do = match (&main, &island) {
            (Some(main), Some(island)) => {
                main.off_street <= island.off_street + self.options.island_penalty && main.off_street <= max
                    || island.off_street > max
            }
            (main, _) => main.is_some(),
        };
        let nearest = main.iter().chain(&island).map(|c| c.off_street).min();
        match if main_will_do { main } else { island } {
            Some(found) if found.off_street <= max => LinkFate::Linked(self.finished(&found)),
            _ => LinkFate::TooFar { nearest },
        }
    }

    fn arcs(&self, chord: &Chord) -> [u32; 2] {
        self.graph.network().arcs_of[chord.segment as usize]
    }

    /// The point of `chord` nearest to `point`, whose vector is `from`.
    fn candidate(&self, point: LonLat, from: Vector, chord: &Chord) -> Candidate {
        let network = self.graph.network();
        let segment = chord.segment as usize;
        let piece = chord.piece as usize;
        let shape = network.shape_of(segment);
        let (start, end) = (shape[piece], shape[piece + 1]);
        let whole = piece_mm(start, end);
        let share = share_nearest(chord.from, chord.to, from);
        let there = position(between(chord.from, chord.to, share)).unwrap_or(start);
        let along = share_of(whole, start.metres_to(there), start.metres_to(end));
        // ends are met exactly, so that all streets of a junction are equally near
        let there = match along {
            0 => start,
            _ if along == whole => end,
            _ => there,
        };
        Candidate {
            off_street: point.length_to(there),
            way: network.ways[network.way_of[segment] as usize].id,
            segment: chord.segment,
            piece: chord.piece,
            along,
            position: there,
        }
    }

    fn finished(&self, candidate: &Candidate) -> Link {
        let network = self.graph.network();
        let segment = candidate.segment as usize;
        let [along, against] = network.arcs_of[segment].map(ArcIx);
        let length = Millimetres::new(network.length_mm[segment]);
        let shape = network.shape_of(segment);
        let before: Millimetres = shape[..=candidate.piece as usize]
            .windows(2)
            .map(|ends| Millimetres::new(piece_mm(ends[0], ends[1])))
            .sum();
        let offset = before + Millimetres::new(candidate.along);
        let (arc, offset) =
            if self.graph.costs().permits(along) { (along, offset) } else { (against, length - offset) };
        Link { arc, offset, off_street: candidate.off_street, position: candidate.position }
    }
}

/// A possible link: `along` mm from the start of a piece of a segment, in the segment's canonical direction.
struct Candidate {
    off_street: Millimetres,
    way: i64,
    segment: u32,
    piece: u32,
    along: u32,
    position: LonLat,
}

impl Candidate {
    fn rank(&self) -> (Millimetres, i64, u32, u32, u32) {
        (self.off_street, self.way, self.segment, self.piece, self.along)
    }
}

/// `whole * part / all` in whole millimetres, at most `whole`; zero when `all` is.
fn share_of(whole: u32, part: f64, all: f64) -> u32 {
    if all > 0.0 {
        let share = libm::round(f64::from(whole) * (part / all)).clamp(0.0, f64::from(whole));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to whole")]
        let share = share as u32;
        share
    } else {
        0
    }
}

/// Longest chord of the index in metres. Over 1 km a chord runs 0.020 m below the ground.
const LONGEST_CHORD_M: f64 = 1000.0;

/// Enough parts for any piece whose length a network can hold.
const MOST_PARTS: i32 = 10_000;

/// How much shorter than a chord's bound a measured length can be: the depth of the longest chord, and the
/// rounding of lengths and offsets to whole millimetres.
const SLACK_MM: f64 = 22.0;

/// A straight piece of a segment, or a part of one.
#[derive(Clone, Copy, Debug)]
struct Chord {
    from: Vector,
    to: Vector,
    segment: u32,
    piece: u32,
}

impl Chord {
    /// The chords of a piece from `start` to `end`, each at most [`LONGEST_CHORD_M`] long.
    fn along(start: LonLat, end: LonLat, segment: u32, piece: u32) -> impl Iterator<Item = Self> {
        let (from, to) = (vector(start), vector(end));
        let length = start.metres_to(end);
        // equal shares of a chord are unequal arcs; half as long on average keeps the longest short enough
        let parts = if length > LONGEST_CHORD_M {
            (2..MOST_PARTS).find(|&parts| 2.0 * length <= LONGEST_CHORD_M * f64::from(parts))
        } else {
            Some(1)
        };
        let parts = parts.unwrap_or(MOST_PARTS);
        let cut = move |at: i32| {
            let point = between(from, to, f64::from(at) / f64::from(parts));
            if at == 0 || at == parts { point } else { position(point).map_or(point, vector) }
        };
        (0..parts).map(move |part| Self { from: cut(part), to: cut(part + 1), segment, piece })
    }
}

impl RTreeObject for Chord {
    type Envelope = AABB<Vector>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.from, self.to)
    }
}

impl PointDistance for Chord {
    fn distance_2(&self, point: &Vector) -> f64 {
        let share = share_nearest(self.from, self.to, *point);
        chord_2(between(self.from, self.to, share), *point)
    }
}
