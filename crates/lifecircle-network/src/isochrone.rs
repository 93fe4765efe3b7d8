//! What lies within reach: street pieces clipped at the cutoff, and the ground beside them.
//!
//! One bounded search serves all cutoffs. A settled node `v` at cost `d` reaches into every street at it: over the
//! first `length * (cutoff - d) / cost` of the arc, rounded down to the millimetre. Both ends of a street reach into
//! it, and so does a start that lies inside of it; what they cover is merged.
//!
//! The ground beside the pieces is in the module `reach_area`.

use geo::{Coord, LineString, MultiLineString, MultiPolygon};
use lifecircle_types::{Cost, LonLat, Millimetres};
use petgraph::Direction;
use petgraph::visit::{EdgeRef, IntoEdges, NodeIndexable, Reversed};

use crate::error::Result;
use crate::graph::WalkGraph;
use crate::ids::{ArcIx, NodeIx};
use crate::linkage::Link;
use crate::nearest::raw_cutoff;
use crate::network::{StreetNetwork, piece_mm};
use crate::reach_area::ReachArea;
use crate::search::SearchSpace;
use crate::trip::{Spot, covered};

/// A reached part of a street: from `from` to `to` along the arc in the direction of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReachedPiece {
    /// The arc along the way.
    pub arc: ArcIx,
    /// Where the part starts, from the tail of the arc.
    pub from: Millimetres,
    /// Where it ends; at least `from`.
    pub to: Millimetres,
}

/// Everything within one cutoff.
#[derive(Clone, Debug, PartialEq)]
pub struct Isochrone<'a> {
    network: &'a StreetNetwork,
    cutoff: Cost,
    pieces: Vec<ReachedPiece>,
}

/// What is within reach of `starts` for each of `cutoffs` (inclusive), in one search.
///
/// A start counts with its leg off the street. [`Direction::Outgoing`] asks where one gets to from the starts,
/// [`Direction::Incoming`] from where one gets to them: who reaches a facility. Takes O(k log k), k being the nodes
/// within the largest cutoff.
///
/// # Errors
/// [`Error::WrongUnit`](crate::Error::WrongUnit) when a cutoff is not in the unit of the graph,
/// [`Error::OtherLink`](crate::Error::OtherLink) when a start does not lie on the network.
///
/// ```
/// # use lifecircle_network::{BuildOptions, LinkOptions, Linker, NetworkBuilder, SearchSpace, WalkCosts, WalkGraph, WalkProfile, isochrones, petgraph::Direction};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # use lifecircle_types::Millimetres;
/// # let town = GridTown::new(4, 4, 100_000);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
/// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
/// # let walk = WalkGraph::new(&network, &costs)?;
/// let centre = *Linker::new(walk, LinkOptions::default()).link(&[Some(town.position(2, 2))]).get(0).unwrap();
/// let cutoff = Millimetres::from_metres(150).into();
/// let reach = &isochrones(walk, &[centre], &[cutoff], Direction::Outgoing, &mut SearchSpace::new())?[0];
/// // four arms of 100 m, each with three of 50 m at its end
/// assert_eq!(reach.length().as_metres_f64().round(), 4.0 * (100.0 + 3.0 * 50.0));
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
pub fn isochrones<'a>(
    graph: WalkGraph<'a>,
    starts: &[Link],
    cutoffs: &[Cost],
    direction: Direction,
    space: &mut SearchSpace,
) -> Result<Vec<Isochrone<'a>>> {
    let raw: Vec<u32> = cutoffs.iter().map(|&cutoff| raw_cutoff(graph, cutoff)).collect::<Result<_>>()?;
    let spots: Vec<Spot> = starts.iter().map(|link| Spot::new(graph, link)).collect::<Result<_>>()?;
    let parts = match direction {
        Direction::Outgoing => parts(graph, graph, direction, &spots, &raw, space),
        Direction::Incoming => parts(graph, Reversed(graph), direction, &spots, &raw, space),
    };
    let network = graph.network();
    let isochrone =
        |(parts, &cutoff): (Vec<Part>, &Cost)| Isochrone { network, cutoff, pieces: merged(network, parts) };
    Ok(parts.into_iter().zip(cutoffs).map(isochrone).collect())
}

/// A segment with a covered stretch in its canonical direction.
type Part = (u32, u32, u32);

/// What is covered, by cutoff, in no order and with overlaps.
fn parts<G>(
    graph: WalkGraph<'_>,
    search: G,
    direction: Direction,
    spots: &[Spot],
    cutoffs: &[u32],
    space: &mut SearchSpace,
) -> Vec<Vec<Part>>
where
    G: IntoEdges<NodeId = NodeIx, EdgeId = ArcIx, EdgeWeight = u32> + NodeIndexable,
{
    let network = graph.network();
    let most = cutoffs.iter().copied().max().unwrap_or_default();
    let mut seeds: Vec<(NodeIx, u32)> = Vec::new();
    for spot in spots {
        match direction {
            Direction::Outgoing => seeds.extend(spot.departures()),
            Direction::Incoming => seeds.extend(spot.arrivals()),
        }
    }
    let mut parts = vec![Vec::new(); cutoffs.len()];
    for spot in spots {
        for (parts, &cutoff) in parts.iter_mut().zip(cutoffs) {
            let around = spot.around(cutoff, direction, network);
            parts.extend(around.map(|(from, to)| (spot.segment, from, to)));
        }
    }
    let reached = space.reach(search, &seeds, most, |arc| *arc.weight());
    for (node, cost) in reached.iter() {
        for arc in search.edges(node) {
            let side = network.side[arc.id().index()];
            let length = network.length_mm[side as usize / 2];
            // the end of the canonical direction at which `node` lies
            let at_tail = side.is_multiple_of(2) == (direction == Direction::Outgoing);
            for (parts, &cutoff) in parts.iter_mut().zip(cutoffs) {
                if cost <= cutoff {
                    let covered = covered(length, *arc.weight(), cutoff - cost);
                    let (from, to) = if at_tail { (0, covered) } else { (length - covered, length) };
                    parts.push((side / 2, from, to));
                }
            }
        }
    }
    parts
}

/// Overlapping and touching parts as one piece each, by segment and along it; points are left out.
fn merged(network: &StreetNetwork, mut parts: Vec<Part>) -> Vec<ReachedPiece> {
    parts.sort_unstable();
    let mut pieces: Vec<Part> = Vec::with_capacity(parts.len());
    for (segment, from, to) in parts {
        match pieces.last_mut() {
            Some(last) if last.0 == segment && from <= last.2 => last.2 = last.2.max(to),
            _ => pieces.push((segment, from, to)),
        }
    }
    pieces
        .into_iter()
        .filter(|(_, from, to)| from < to)
        .map(|(segment, from, to)| ReachedPiece {
            arc: ArcIx(network.arcs_of[segment as usize][0]),
            from: Millimetres::new(from),
            to: Millimetres::new(to),
        })
        .collect()
}

impl Isochrone<'_> {
    /// The cutoff, inclusive.
    #[must_use]
    pub const fn cutoff(&self) -> Cost {
        self.cutoff
    }

    /// The reached pieces, by way and along it; no two overlap or touch.
    #[must_use]
    pub fn pieces(&self) -> &[ReachedPiece] {
        &self.pieces
    }

    /// Length of all pieces together.
    #[must_use]
    pub fn length(&self) -> Millimetres {
        self.pieces.iter().map(|piece| piece.to - piece.from).sum()
    }

    /// The pieces as lines in degrees.
    #[must_use]
    pub fn lines(&self) -> MultiLineString<f64> {
        let degrees = |at: LonLat| Coord { x: at.lon(), y: at.lat() };
        let line = |piece: &ReachedPiece| LineString(self.shape(piece).into_iter().map(degrees).collect());
        MultiLineString(self.pieces.iter().map(line).collect())
    }

    /// Everything within `width` of a reached piece, in degrees; empty where nothing is reached or `width` is zero.
    ///
    /// Blocks that are walked around and deeper than `width` are holes. Outer rings run counter-clockwise, holes
    /// clockwise; each starts at its most western corner, and they are sorted by it. Rings have their corners to seven
    /// decimal places of a degree, about a centimetre. Takes O(n k log k + n log n) for `n` straight pieces, each within
    /// twice the width of `k` others.
    #[must_use]
    pub fn polygons(&self, width: Millimetres) -> MultiPolygon<f64> {
        ReachArea::beside(&self.shapes(), width)
            .map_or_else(|| MultiPolygon(vec![]), |area| area.in_degrees())
    }

    fn shapes(&self) -> Vec<Vec<LonLat>> {
        self.pieces.iter().map(|piece| self.shape(piece)).collect()
    }

    /// Positions along a piece, its cut ends included.
    fn shape(&self, piece: &ReachedPiece) -> Vec<LonLat> {
        let shape = self.network.shape_of(self.network.segment_of(piece.arc));
        clipped(shape, piece.from.get(), piece.to.get())
    }

    /// The same on a plane of metres, to measure shares of areas with.
    #[must_use]
    pub fn area(&self, width: Millimetres) -> Option<ReachArea> {
        ReachArea::beside(&self.shapes(), width)
    }
}

/// The positions of a line between `from` and `to` mm along it, its cut ends included.
pub(crate) fn clipped(line: &[LonLat], from: u32, to: u32) -> Vec<LonLat> {
    let mut cut: Vec<LonLat> = Vec::new();
    let mut start = 0_u32;
    for ends in line.windows(2) {
        let length = piece_mm(ends[0], ends[1]);
        let end = start.saturating_add(length);
        if start <= to && from <= end {
            for offset in [from, to] {
                let at = along(ends, offset.saturating_sub(start).min(length), length);
                if cut.last() != Some(&at) {
                    cut.push(at);
                }
            }
        }
        start = end;
    }
    cut
}

/// The position `offset` of `length` mm along a straight piece.
fn along(ends: &[LonLat], offset: u32, length: u32) -> LonLat {
    let share = f64::from(offset) / f64::from(length.max(1));
    let between = |from: f64, to: f64| from + (to - from) * share;
    match offset {
        0 => ends[0],
        _ if offset == length => ends[1],
        _ => LonLat::new(between(ends[0].lon(), ends[1].lon()), between(ends[0].lat(), ends[1].lat()))
            .unwrap_or(ends[0]),
    }
}
