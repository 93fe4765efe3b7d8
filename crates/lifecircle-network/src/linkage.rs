//! Linking points to streets: where a home or an entrance touches the network.
//!
//! A link lies inside a street, at `offset` mm from the tail of an arc, at the point of all passable streets
//! that is nearest to the linked one: to the millimetre, along great circles, wherever on the earth. The
//! index holds the straight pieces of all passable segments as chords between unit vectors (long pieces in
//! parts), so that its distances bound the distance on the ground from below; candidates are taken in the
//! order of that bound and measured on the sphere until no other can be nearer.
//!
//! An island is a component of streets that the main one does not join ([`WalkCosts`](crate::WalkCosts)), and a
//! private street one that strangers may not use ([`Precincts`]). The rules, in this order:
//!
//! 1. a street farther away than the maximum is out of reach;
//! 2. a street is *barred* when the straight leg to it crosses a barrier ([`Barriers`]), or when the leg would end
//!    between the ends of a bridge or a tunnel; a barred street is taken only where no other is in reach;
//! 3. a street of the main component is preferred unless it is more than a penalty farther away than one of an
//!    island or a private one;
//! 4. then the nearest; at the same distance in whole millimetres by way id, then by the place along the way.

use lifecircle_types::{LonLat, Millimetres};
use rstar::{AABB, Envelope, PointDistance, RTree, RTreeObject};

use crate::graph::WalkGraph;
use crate::ids::ArcIx;
use crate::network::piece_mm;
use crate::obstacle::{Barriers, Obstacle, TOUCH_M, plane};
use crate::precinct::Precincts;
use crate::rows::map_rows;
use crate::sphere::{Vector, between, chord_2, chord_mm, position, share_nearest, vector};
use crate::trip::part;

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
    pub(crate) graph: WalkGraph<'a>,
    options: LinkOptions,
    pub(crate) precincts: Option<&'a Precincts>,
    pub(crate) barriers: Option<&'a Barriers>,
    pieces: RTree<Chord>,
}

impl<'a> Linker<'a> {
    /// Indexes every street that is passable in at least one direction, in O(n log n).
    #[must_use]
    pub fn new(graph: WalkGraph<'a>, options: LinkOptions) -> Self {
        Self::with(graph, options, None)
    }

    /// Indexes private streets as well, for [`approach`](Self::approach); [`link`](Self::link) passes them over.
    #[must_use]
    pub fn with_precincts(graph: WalkGraph<'a>, options: LinkOptions, precincts: &'a Precincts) -> Self {
        Self::with(graph, options, Some(precincts))
    }

    fn with(graph: WalkGraph<'a>, options: LinkOptions, precincts: Option<&'a Precincts>) -> Self {
        let network = graph.network();
        let permits =
            |arc| graph.costs().permits(arc) || precincts.is_some_and(|precincts| precincts.permits(arc));
        let mut chords = Vec::new();
        for (row, segment) in (0_u32..).zip(network.segments()) {
            if permits(segment.along()) || permits(segment.against()) {
                for (piece, ends) in (0_u32..).zip(segment.shape().windows(2)) {
                    chords.extend(Chord::along(ends[0], ends[1], row, piece));
                }
            }
        }
        Self { graph, options, precincts, barriers: None, pieces: RTree::bulk_load(chords) }
    }

    /// Sets what legs must not cross.
    #[must_use]
    pub const fn barriers(mut self, barriers: &'a Barriers) -> Self {
        self.barriers = Some(barriers);
        self
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
        let sought = self.seek(point, false);
        match sought.free.or(sought.barred) {
            Some(found) => LinkFate::Linked(self.finished(&found.candidate)),
            None => LinkFate::TooFar { nearest: sought.nearest },
        }
    }

    /// The streets that will do for `point`, by the rules of the module.
    pub(crate) fn seek(&self, point: LonLat, private: bool) -> Sought {
        let max = self.options.max_off_street;
        let from = vector(point);
        let mut sought = Sought::default();
        let yards = self.barriers.map_or_else(Vec::new, |barriers| barriers.yards(point));
        let yard_ends = yards.iter().map(|yard| farthest_mm(point, yard)).fold(f64::INFINITY, f64::min);
        for (chord, chord_2) in self.pieces.nearest_neighbor_iter_with_distance_2(&from) {
            // beyond this length nothing can change the outcome
            let enough = match &sought.free {
                Some(free) => f64::from(free.weighed.min(max).get()).min(yard_ends),
                None => f64::from(max.get()),
            };
            let at_least = chord_mm(chord_2) - SLACK_MM;
            if sought.nearest.is_some() && at_least > enough {
                break;
            }
            let ground = self.ground(chord);
            if ground == Ground::Private && !private {
                continue;
            }
            let is_outside = yards.iter().any(|yard| !yard.intersects(&self.bounds(chord)));
            let is_nearest = sought.nearest.is_none_or(|nearest| at_least <= f64::from(nearest.get()));
            if is_outside && sought.free.is_some() && !is_nearest {
                continue;
            }
            let penalty =
                if ground == Ground::Main { Millimetres::ZERO } else { self.options.island_penalty };
            let weighs = at_least + f64::from(penalty.get());
            let is_beaten = sought.free.as_ref().is_some_and(|free| weighs > f64::from(free.weighed.get()));
            if is_beaten && !is_nearest {
                continue;
            }
            let candidate = self.candidate(point, from, chord);
            sought.nearest =
                Some(sought.nearest.map_or(candidate.off_street, |n| n.min(candidate.off_street)));
            let found = |candidate: Candidate| Found {
                weighed: candidate.off_street + penalty,
                ground,
                obstacle: self.obstacle(point, &candidate),
                candidate,
            };
            let beats = |found: &Found, known: &Option<Found>| {
                known.as_ref().is_none_or(|known| found.rank() < known.rank())
            };
            if candidate.off_street > max || is_outside && sought.free.is_some() {
                continue;
            }
            let nearest = found(candidate);
            if nearest.obstacle.is_none() {
                if beats(&nearest, &sought.free) {
                    sought.free = Some(nearest);
                }
                continue;
            }
            let seen = if is_outside { None } else { self.seen_candidate(point, from, chord).map(found) };
            let seen = seen.filter(|seen| seen.obstacle.is_none() && seen.candidate.off_street <= max);
            if let Some(seen) = seen.filter(|seen| beats(seen, &sought.free)) {
                sought.free = Some(seen);
            }
            if beats(&nearest, &sought.barred) {
                sought.barred = Some(nearest);
            }
        }
        sought
    }

    /// The box around the piece that `chord` is part of.
    fn bounds(&self, chord: &Chord) -> AABB<[f64; 2]> {
        let shape = self.graph.network().shape_of(chord.segment as usize);
        let piece = chord.piece as usize;
        AABB::from_corners(plane(shape[piece]), plane(shape[piece + 1]))
    }

    fn ground(&self, chord: &Chord) -> Ground {
        let arcs = self.arcs(chord).map(ArcIx);
        if self.precincts.is_some_and(|precincts| arcs.iter().any(|&arc| precincts.permits(arc))) {
            Ground::Private
        } else if self.graph.costs().is_main(self.graph.network().tail(arcs[0])) {
            Ground::Main
        } else {
            Ground::Island
        }
    }

    /// What bars the leg from `point`.
    fn obstacle(&self, point: LonLat, to: &Candidate) -> Option<Obstacle> {
        let network = self.graph.network();
        let segment = to.segment as usize;
        let shape = network.shape_of(segment);
        let at_end = [shape[0], shape[shape.len() - 1]].contains(&to.position);
        let way = &network.ways[network.way_of[segment] as usize];
        let between = self.barriers.and_then(|barriers| barriers.between(point, to.position));
        let is_on_it = to.off_street.as_metres_f64() <= TOUCH_M;
        between.or_else(|| Obstacle::of_street(&way.tags).filter(|_| !(at_end || is_on_it)))
    }

    fn arcs(&self, chord: &Chord) -> [u32; 2] {
        self.graph.network().arcs_of[chord.segment as usize]
    }

    /// The point of `chord` nearest to `point`, whose vector is `from`.
    fn candidate(&self, point: LonLat, from: Vector, chord: &Chord) -> Candidate {
        self.candidate_at(point, chord, share_nearest(chord.from, chord.to, from))
    }

    /// The point of `chord` nearest to `point` that is seen from there with no barrier between.
    fn seen_candidate(&self, point: LonLat, from: Vector, chord: &Chord) -> Option<Candidate> {
        let (start, end) = (position(chord.from)?, position(chord.to)?);
        let share = share_nearest(chord.from, chord.to, from);
        let seen = self.barriers?.nearest_seen(point, start, end, share)?;
        Some(self.candidate_at(point, chord, seen))
    }

    /// The point a share of the way along `chord`, as a link of `point`.
    fn candidate_at(&self, point: LonLat, chord: &Chord, share: f64) -> Candidate {
        let network = self.graph.network();
        let segment = chord.segment as usize;
        let piece = chord.piece as usize;
        let shape = network.shape_of(segment);
        let (start, end) = (shape[piece], shape[piece + 1]);
        let whole = piece_mm(start, end);
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

    pub(crate) fn finished(&self, candidate: &Candidate) -> Link {
        let network = self.graph.network();
        let segment = candidate.segment as usize;
        let [along, against] = network.arcs_of[segment].map(ArcIx);
        let length = Millimetres::new(network.length_mm[segment]);
        let shape = network.shape_of(segment);
        let course = |shape: &[LonLat]| -> Millimetres {
            shape.windows(2).map(|ends| Millimetres::new(piece_mm(ends[0], ends[1]))).sum()
        };
        let along_course = course(&shape[..=candidate.piece as usize]) + Millimetres::new(candidate.along);
        // the same share of the length, where one is stated that is not that of the course
        let offset = Millimetres::new(part(length.get(), along_course.get(), course(shape).get()));
        let permits = |arc| {
            self.graph.costs().permits(arc) || self.precincts.is_some_and(|precincts| precincts.permits(arc))
        };
        let (arc, offset) = if permits(along) { (along, offset) } else { (against, length - offset) };
        Link { arc, offset, off_street: candidate.off_street, position: candidate.position }
    }
}

/// What a street belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ground {
    /// The main component.
    Main,
    /// The private streets.
    Private,
    /// An island.
    Island,
}

/// A street that would do for a point.
#[derive(Debug)]
pub(crate) struct Found {
    /// Leg off the street with the penalty of its ground.
    weighed: Millimetres,
    pub(crate) ground: Ground,
    pub(crate) candidate: Candidate,
    pub(crate) obstacle: Option<Obstacle>,
}

impl Found {
    fn rank(&self) -> impl Ord + use<> {
        (self.weighed, self.ground, self.candidate.rank())
    }
}

/// What was found around a point.
#[derive(Debug, Default)]
pub(crate) struct Sought {
    /// The best street with nothing between.
    pub(crate) free: Option<Found>,
    /// The best street with something between, as far as it was looked for.
    pub(crate) barred: Option<Found>,
    /// The leg to the nearest street, however far.
    pub(crate) nearest: Option<Millimetres>,
}

/// A possible link: `along` mm from the start of a piece of a segment, in the segment's canonical direction.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) off_street: Millimetres,
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

/// How far the farthest corner of a box is from a point, and a hundredth and a metre more, as its sides are no great
/// circles: nothing farther away reaches into the box.
fn farthest_mm(point: LonLat, yard: &AABB<[f64; 2]>) -> f64 {
    let ([west, south], [east, north]) = (yard.lower(), yard.upper());
    let corners = [(west, south), (west, north), (east, south), (east, north)];
    let metres = |(lon, lat)| LonLat::new(lon, lat).map_or(f64::INFINITY, |corner| point.metres_to(corner));
    1010.0 * corners.into_iter().map(metres).fold(0.0, f64::max) + 1000.0
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
