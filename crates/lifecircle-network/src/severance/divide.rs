//! The lines of a map joined to whole barriers, and the streets that cross them.
//!
//! Lines of one kind and name are one barrier; lines without a name are one where they share an end. A street crosses a
//! barrier where its course passes from one side of a line to the other, or meets a raised line, under which it passes.
//! Crossings of one barrier that lie on one segment, or within [`ONE_CROSSING_M`] of each other in a chain, are one:
//! the two banks of a river, the lanes of a bridge.

use std::collections::BTreeMap;

use lifecircle_types::{Barrier, BarrierKind, LonLat, Millimetres};
use petgraph::unionfind::UnionFind;
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use crate::graph::WalkGraph;
use crate::linkage::Link;
use crate::network::Segment;
use crate::obstacle::{Barriers, Piece, plane, share_crossed};

/// Crossings nearer to each other than this are one, in metres.
const ONE_CROSSING_M: f64 = 50.0;

/// A whole barrier on the ground: a river, a railway, a road for fast traffic, a wall.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Divide {
    /// The least of the ids of its lines.
    pub id: String,
    /// Kind.
    pub kind: BarrierKind,
    /// Name, where it has one.
    pub name: Option<String>,
    /// Its lines on the ground, as rows of the barriers.
    pub lines: Vec<u32>,
    /// Length of those lines in metres; a river that is drawn with both banks has both.
    pub length_m: f64,
    /// Where streets cross it, by segment: bridges, underpasses, level crossings, gates.
    pub crossings: Vec<Link>,
}

impl Divide {
    /// Metres of barrier a crossing; `None` where nothing crosses it.
    #[must_use]
    pub fn spacing_m(&self) -> Option<f64> {
        let crossings = u32::try_from(self.crossings.len()).ok().filter(|&count| count > 0)?;
        Some(self.length_m / f64::from(crossings))
    }
}

/// The whole barriers among `barriers`, by kind, name and id, and that of each row; `None` of raised lines.
pub(super) fn divides(
    barriers: &[Barrier],
    on_ground: &Barriers,
    graph: WalkGraph<'_>,
) -> (Vec<Divide>, Vec<Option<u32>>) {
    let group = groups(barriers);
    let mut rows: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (row, _) in (0_u32..).zip(barriers).filter(|(_, barrier)| !barrier.raised) {
        rows.entry(group[row as usize]).or_default().push(row);
    }
    let mut keyed: Vec<(Divide, usize)> = rows
        .into_iter()
        .map(|(group, lines)| {
            let all = || lines.iter().map(|&row| &barriers[row as usize]);
            let first = &barriers[lines[0] as usize];
            let id = all().map(|line| line.id.as_str()).min().unwrap_or_default().to_string();
            let pieces = all().flat_map(|line| line.line.windows(2));
            let length_m = lifecircle_types::reduce::sum(pieces.map(|ends| ends[0].metres_to(ends[1])));
            let (kind, name) = (first.kind, first.name.clone());
            (Divide { id, kind, name, lines, length_m, crossings: vec![] }, group)
        })
        .collect();
    keyed.sort_by(|(a, _), (b, _)| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    let of_group: BTreeMap<usize, u32> = (0..).zip(&keyed).map(|(at, (_, group))| (*group, at)).collect();
    let divide_of: Vec<Option<u32>> = group.iter().map(|group| of_group.get(group).copied()).collect();
    let mut divides: Vec<Divide> = keyed.into_iter().map(|(divide, _)| divide).collect();
    let crossings = crossings(barriers, &divide_of, divides.len(), on_ground, graph);
    for (divide, crossings) in divides.iter_mut().zip(crossings) {
        divide.crossings = crossings;
    }
    (divides, divide_of)
}

/// A number for every barrier, the same for lines of one whole.
fn groups(barriers: &[Barrier]) -> Vec<usize> {
    let mut joined = UnionFind::<usize>::new(barriers.len());
    let mut named: BTreeMap<(BarrierKind, &str), usize> = BTreeMap::new();
    let mut ends: BTreeMap<(BarrierKind, u64, u64), usize> = BTreeMap::new();
    for (row, barrier) in barriers.iter().enumerate() {
        if let Some(name) = &barrier.name {
            joined.union(row, *named.entry((barrier.kind, name)).or_insert(row));
        } else {
            for end in barrier.line.first().into_iter().chain(barrier.line.last()) {
                let at = (barrier.kind, end.lon().to_bits(), end.lat().to_bits());
                joined.union(row, *ends.entry(at).or_insert(row));
            }
        }
    }
    joined.into_labeling()
}

/// A street that meets a line: place on the segment, position.
type Met = (u32, Millimetres, LonLat);

fn crossings(
    barriers: &[Barrier],
    divide_of: &[Option<u32>],
    divides: usize,
    on_ground: &Barriers,
    graph: WalkGraph<'_>,
) -> Vec<Vec<Link>> {
    let raised = (0_u32..).zip(barriers).filter(|(_, barrier)| barrier.raised);
    let raised: Vec<Piece> = raised
        .flat_map(|(row, barrier)| {
            let piece = move |ends: &[LonLat]| {
                GeomWithData::new(Line::new(plane(ends[0]), plane(ends[1])), (barrier.kind, row))
            };
            barrier.line.windows(2).map(piece)
        })
        .collect();
    let raised = RTree::bulk_load(raised);
    let mut met: Vec<Vec<Met>> = vec![Vec::new(); divides];
    let network = graph.network();
    for (row, segment) in (0_u32..).zip(network.segments()) {
        if ![segment.along(), segment.against()].iter().any(|&arc| graph.costs().permits(arc)) {
            continue;
        }
        let mut meets = |share: f64, ends: &[LonLat], before: u32, piece: &Piece| {
            let Some(divide) = divide_of[piece.data.1 as usize] else { return };
            let at = spot(ends, share);
            let offset = Millimetres::new(before.saturating_add(ends[0].length_to(at).get()));
            met[divide as usize].push((row, offset.min(segment.length()), at));
        };
        let mut before = 0_u32;
        for ends in segment.shape().windows(2) {
            let (a, b) = (plane(ends[0]), plane(ends[1]));
            let envelope = AABB::from_corners(a, b);
            for tree in [&on_ground.pieces, &raised] {
                for piece in tree.locate_in_envelope_intersecting(&envelope) {
                    if let Some(share) = share_crossed(a, b, piece.geom().from, piece.geom().to) {
                        meets(share, ends, before, piece);
                    }
                }
            }
            before = before.saturating_add(crate::network::piece_mm(ends[0], ends[1]));
        }
    }
    let segments: Vec<Segment<'_>> = network.segments().collect();
    let link = |(row, offset, position): Met| {
        let segment = &segments[row as usize];
        let (arc, offset) = if graph.costs().permits(segment.along()) {
            (segment.along(), offset)
        } else {
            (segment.against(), segment.length() - offset)
        };
        Link { arc, offset, position, off_street: Millimetres::ZERO }
    };
    met.into_iter().map(|met| merged(met).into_iter().map(link).collect()).collect()
}

/// The first of those that are one crossing, by segment and place on it.
fn merged(mut met: Vec<Met>) -> Vec<Met> {
    met.sort_by_key(|one| (one.0, one.1));
    let mut one = UnionFind::<usize>::new(met.len());
    for at in 1..met.len() {
        if met[at].0 == met[at - 1].0 {
            one.union(at, at - 1);
        }
    }
    let mut by_latitude: Vec<usize> = (0..met.len()).collect();
    by_latitude.sort_by(|&a, &b| met[a].2.lat().total_cmp(&met[b].2.lat()).then(a.cmp(&b)));
    // a degree of latitude is longer than 110 km everywhere
    let farthest = ONE_CROSSING_M / 110_000.0;
    for (at, &low) in by_latitude.iter().enumerate() {
        let near = |high: &&usize| met[**high].2.lat() - met[low].2.lat() <= farthest;
        for &high in by_latitude[at + 1..].iter().take_while(near) {
            if met[low].2.metres_to(met[high].2) <= ONE_CROSSING_M {
                one.union(low, high);
            }
        }
    }
    let label = one.into_labeling();
    let mut seen = vec![false; met.len()];
    let first = |at: &usize| !core::mem::replace(&mut seen[label[*at]], true);
    let kept: Vec<usize> = (0..met.len()).filter(first).collect();
    kept.into_iter().map(|at| met[at]).collect()
}

/// The position a share of the way along a straight piece.
fn spot(ends: &[LonLat], share: f64) -> LonLat {
    let between = |from: f64, to: f64| from + share * (to - from);
    let (from, to) = (ends[0], ends[1]);
    LonLat::new(between(from.lon(), to.lon()), between(from.lat(), to.lat())).unwrap_or(from)
}
