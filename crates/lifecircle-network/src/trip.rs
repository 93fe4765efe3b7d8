//! Where a trip starts or ends on the network, and what the first and last stretch cost.
//!
//! A trip is: the leg from the origin to its street, part of an arc, arcs, part of an arc, the leg from the
//! street to the target. When both ends lie on one segment it may take the direct stretch instead.
//!
//! A [`Spot`] is a linked point at `offset` mm from the canonical tail of a segment of `length` mm. An arc of
//! cost `c` is split there into `done = round(c * offset / length)`, seen from the canonical tail, and
//! `c - done`. The parts always sum to the arc's cost, and where both directions cost the same, so do their
//! parts.
//!
//! A point at an end of its segment stands on the node there: it leaves and is reached by every street that meets there,
//! even where its own may not be taken in that direction.

use lifecircle_types::CostUnit;
use petgraph::Direction;

use crate::error::{Error, Result};
use crate::graph::WalkGraph;
use crate::ids::{ArcIx, NodeIx};
use crate::linkage::Link;
use crate::network::StreetNetwork;

/// A linked point with the costs of leaving and reaching it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) segment: u32,
    offset: u32,
    length: u32,
    tail: NodeIx,
    head: NodeIx,
    /// Walking along the segment: cost from the tail to here, and from here to the head.
    along: Option<(u32, u32)>,
    /// Walking against it: cost from here to the tail, and from the head to here.
    against: Option<(u32, u32)>,
    off_street: u32,
}

impl Spot {
    pub(crate) fn new(graph: WalkGraph<'_>, link: &Link) -> Result<Self> {
        let network = graph.network();
        let valid = link.arc.index() < network.arc_count() && link.offset <= network.length(link.arc);
        if !valid {
            return Err(Error::OtherLink { arc: link.arc.0, offset_mm: link.offset.get() });
        }
        let segment = network.segment(link.arc);
        let length = segment.length();
        let offset = if network.is_against(link.arc) { length - link.offset } else { link.offset }.get();
        let split = |arc| {
            let cost = graph.costs().raw(arc)?;
            let done = part(cost, offset, length.get());
            Some((done, cost - done))
        };
        Ok(Self {
            segment: network.side[link.arc.index()] / 2,
            offset,
            length: length.get(),
            tail: network.tail(segment.along()),
            head: network.head(segment.along()),
            along: split(segment.along()),
            against: split(segment.against()),
            off_street: match graph.unit() {
                CostUnit::Length => link.off_street.get(),
                CostUnit::Time => graph.costs().speed().time_for(link.off_street).as_millis(),
            },
        })
    }

    /// Nodes at which a trip from here enters the network, with its cost up to there.
    pub(crate) fn departures(&self) -> impl Iterator<Item = (NodeIx, u32)> + use<> {
        let [at_tail, at_head] = self.at_nodes();
        let to_head = self.along.map(|(_, rest)| (self.head, rest)).or(at_head);
        let to_tail = self.against.map(|(done, _)| (self.tail, done)).or(at_tail);
        self.with_leg(self.needed(to_tail, to_head))
    }

    /// The ends on which the point stands, without a cost.
    fn at_nodes(&self) -> [Option<(NodeIx, u32)>; 2] {
        [(self.offset == 0).then_some((self.tail, 0)), (self.offset == self.length).then_some((self.head, 0))]
    }

    /// Nodes at which a trip to here leaves the network, with its cost from there.
    pub(crate) fn arrivals(&self) -> impl Iterator<Item = (NodeIx, u32)> + use<> {
        let [at_tail, at_head] = self.at_nodes();
        let from_tail = self.along.map(|(done, _)| (self.tail, done)).or(at_tail);
        let from_head = self.against.map(|(_, rest)| (self.head, rest)).or(at_head);
        self.with_leg(self.needed(from_tail, from_head))
    }

    /// Of the trips by the tail and by the head those that are not the other one and the whole arc.
    fn needed(&self, tail: Option<(NodeIx, u32)>, head: Option<(NodeIx, u32)>) -> [Option<(NodeIx, u32)>; 2] {
        match (self.along, self.against) {
            (Some((0, _)), Some((0, _))) => [tail, None],
            (Some((_, 0)), Some((_, 0))) => [None, head],
            _ => [tail, head],
        }
    }

    /// Cost of the trip to `other` along their common segment, legs included; `None` when they lie on
    /// different segments or the direction is impassable.
    pub(crate) fn direct(&self, other: &Self) -> Option<u32> {
        if self.segment != other.segment {
            return None;
        }
        let forth = || Some(other.along?.0 - self.along?.0);
        let back = || Some(self.against?.0 - other.against?.0);
        let stretch = match self.offset.cmp(&other.offset) {
            core::cmp::Ordering::Less => forth(),
            core::cmp::Ordering::Equal => forth().or_else(back),
            core::cmp::Ordering::Greater => back(),
        }?;
        stretch.checked_add(self.off_street)?.checked_add(other.off_street)
    }

    /// The stretches by which a trip from here enters the network, with the nodes they lead to.
    pub(crate) fn departing(
        &self,
        network: &StreetNetwork,
    ) -> impl Iterator<Item = (NodeIx, Stretch)> + use<> {
        let ([along, against], length) = self.street(network);
        let [at_tail, at_head] = self.at_nodes();
        let to_head = self
            .along
            .map(|(_, cost)| (self.head, cost))
            .or(at_head)
            .map(|(node, cost)| (node, Stretch { arc: along, from: self.offset, to: length, cost }));
        let to_tail = self.against.map(|(cost, _)| (self.tail, cost)).or(at_tail).map(|(node, cost)| {
            (node, Stretch { arc: against, from: length - self.offset, to: length, cost })
        });
        [to_head, to_tail].into_iter().flatten()
    }

    /// The stretches by which a trip to here leaves the network, with the nodes they come from.
    pub(crate) fn arriving(
        &self,
        network: &StreetNetwork,
    ) -> impl Iterator<Item = (NodeIx, Stretch)> + use<> {
        let ([along, against], length) = self.street(network);
        let [at_tail, at_head] = self.at_nodes();
        let from_tail = self
            .along
            .map(|(cost, _)| (self.tail, cost))
            .or(at_tail)
            .map(|(node, cost)| (node, Stretch { arc: along, from: 0, to: self.offset, cost }));
        let from_head =
            self.against.map(|(_, cost)| (self.head, cost)).or(at_head).map(|(node, cost)| {
                (node, Stretch { arc: against, from: 0, to: length - self.offset, cost })
            });
        [from_tail, from_head].into_iter().flatten()
    }

    /// The stretch to `other` along their common segment, where [`direct`](Self::direct) has a cost.
    pub(crate) fn directly(&self, network: &StreetNetwork, other: &Self) -> Option<Stretch> {
        let cost = self.direct(other)? - self.off_street - other.off_street;
        let ([along, against], length) = self.street(network);
        Some(if self.offset < other.offset || self.offset == other.offset && self.along.is_some() {
            Stretch { arc: along, from: self.offset, to: other.offset, cost }
        } else {
            Stretch { arc: against, from: length - self.offset, to: length - other.offset, cost }
        })
    }

    /// The stretch of this segment, in its canonical direction, within `cutoff` of a trip that starts or ends here.
    pub(crate) fn around(
        &self,
        cutoff: u32,
        direction: Direction,
        network: &StreetNetwork,
    ) -> Option<(u32, u32)> {
        let rest = cutoff.checked_sub(self.off_street)?;
        let (_, length) = self.street(network);
        let whole = |parts: Option<(u32, u32)>| parts.and_then(|(done, rest)| done.checked_add(rest));
        let reach = |parts| whole(parts).map_or(0, |cost| covered(length, cost, rest));
        let (along, against) = (reach(self.along), reach(self.against));
        let (ahead, behind) = match direction {
            Direction::Outgoing => (along, against),
            Direction::Incoming => (against, along),
        };
        Some((self.offset.saturating_sub(behind), self.offset.saturating_add(ahead).min(length)))
    }

    /// Cost of the leg off the street.
    pub(crate) const fn leg(&self) -> u32 {
        self.off_street
    }

    fn street(&self, network: &StreetNetwork) -> ([ArcIx; 2], u32) {
        let segment = self.segment as usize;
        (network.arcs_of[segment].map(ArcIx), network.length_mm[segment])
    }

    fn with_leg(&self, ends: [Option<(NodeIx, u32)>; 2]) -> impl Iterator<Item = (NodeIx, u32)> + use<> {
        let leg = self.off_street;
        ends.into_iter().flatten().filter_map(move |(node, cost)| Some((node, cost.checked_add(leg)?)))
    }
}

/// A part of an arc, in the direction of the trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) arc: ArcIx,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) cost: u32,
}

/// Millimetres of an arc of `length` and `cost` that `rest` pays for.
pub(crate) fn covered(length: u32, cost: u32, rest: u32) -> u32 {
    if cost <= rest {
        return length;
    }
    let covered = u64::from(length) * u64::from(rest) / u64::from(cost);
    u32::try_from(covered).unwrap_or(length)
}

/// `cost * offset / length`, rounded to nearest; `offset` is at most `length`, which is not zero.
pub(crate) fn part(cost: u32, offset: u32, length: u32) -> u32 {
    let product = u64::from(cost) * u64::from(offset);
    let rounded = (product + u64::from(length) / 2) / u64::from(length);
    u32::try_from(rounded).unwrap_or(cost)
}

/// Spots grouped by some row, such as the node at which they are entered: those of row `r` are
/// `entries[first[r]..first[r + 1]]`.
#[derive(Clone, Debug)]
pub(crate) struct Grouped<T> {
    first: Vec<u32>,
    entries: Vec<T>,
}

impl<T: Copy + Ord> Grouped<T> {
    /// Groups `entries` under their rows, which lie below `rows`; within a row they are sorted.
    pub(crate) fn new(rows: usize, mut entries: Vec<(u32, T)>) -> Self {
        entries.sort_unstable();
        let mut first = vec![0; rows + 1];
        for &(row, _) in &entries {
            first[row as usize + 1] += 1;
        }
        for row in 0..rows {
            first[row + 1] += first[row];
        }
        Self { first, entries: entries.into_iter().map(|(_, entry)| entry).collect() }
    }

    /// Whether some row of `rows` has an entry.
    pub(crate) fn holds(&self, rows: core::ops::Range<usize>) -> bool {
        self.first[rows.start] < self.first[rows.end]
    }

    pub(crate) fn of(&self, row: usize) -> &[T] {
        &self.entries[self.first[row] as usize..self.first[row + 1] as usize]
    }
}
