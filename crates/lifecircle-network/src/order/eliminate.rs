//! Greedy elimination: which node goes next, and whom it leaves joined.
//!
//! Streets are taken here as an undirected graph without loops and parallels. Eliminating a node joins all its
//! neighbours to each other, so that the trips between those that stay need it no more. The node with the
//! fewest neighbours goes first. To stay near in memory, nodes go in rounds: round `d` walks along the curve
//! and eliminates every node with at most `d` neighbours, and at once those neighbours that fall to `d`.
//!
//! | Array | Holds |
//! |---|---|
//! | `start[v]`, `len[v]`, `room[v]` | neighbours of `v` are `pool[start[v]..start[v] + len[v]]`, with room for `room[v]` |
//! | `sequence[k]` | the node that went `k`-th |
//! | `above[first[k]..first[k + 1]]` | its neighbours at that time, all of which go later |
//!
//! A list that outgrows its room moves to the end of the pool with twice the room. Once only junctions with
//! three neighbours or more are left, they are numbered anew, still along the curve, so that what is worked
//! on stays close together; `name` leads back.
//!
//! Streets are nearly planar and leave short lists. A graph that does not is given up at its [`Limits`].
//!
//! What is left of a plane mesh, `l` nodes with `d` neighbours each, halves while `d` doubles, so that `l d` stays; it ends
//! in a clique of `sqrt(2 l d)` nodes, and the last cliques take nearly all the work, `l d sqrt(2 l d)` entries. On streets
//! and on perfect blocks, from rounds of [`FORESEEN`] neighbours on, this forecast is within a factor of four of
//! what is then still to come. An order that is wanted for one run alone is given up when the forecast exceeds
//! [`FAR_TOO_MUCH`] times what it may still take.

use crate::error::{Error, Result};
use crate::network::StreetNetwork;
use crate::queries::Ticks;

/// Rounds up to this one join at most two neighbours and lengthen no list.
const CHAINS: u32 = 2;

/// The first round that tells what is to come.
const FORESEEN: u32 = 8;

/// How many times what is left a forecast may be.
const FAR_TOO_MUCH: u64 = 4;

/// Entries read between two questions whether to go on: a few milliseconds' work.
const ONCE_IN: u64 = 1 << 21;

/// How far an elimination may go: in arcs left above nodes, and in entries of lists read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) arcs: u64,
    pub(super) work: u64,
    /// Whether it is given up as soon as a forecast says so.
    pub(super) foresees: bool,
}

impl Limits {
    /// 64 arcs and 2^10 steps a node, and 2^22 and 2^28 in any case.
    pub(super) const fn of(nodes: usize) -> Self {
        let nodes = nodes as u64;
        Self { arcs: (1 << 22) + (nodes << 6), work: (1 << 28) + (nodes << 10), foresees: false }
    }

    /// Those, and no more than `work` entries, given up as soon as more is foreseen.
    pub(super) fn within(nodes: usize, work: u64) -> Self {
        let most = Self::of(nodes);
        Self { work: work.min(most.work), foresees: true, ..most }
    }

    /// Whether `left` nodes with `fewest` neighbours or more may be eliminated.
    fn allow(&self, left: usize, fewest: u32) -> bool {
        let entries = (left as u64).saturating_mul(fewest.into());
        let forecast = entries.saturating_mul(entries.saturating_mul(2).isqrt());
        !self.foresees || fewest < FORESEEN || forecast / FAR_TOO_MUCH <= self.work
    }
}

pub(super) struct Elimination {
    pub(super) sequence: Vec<u32>,
    pub(super) first: Vec<u32>,
    pub(super) above: Vec<u32>,
}

/// Eliminates all nodes of `network`, within `limits`.
pub(super) fn eliminate(network: &StreetNetwork, limits: Limits, ticks: &Ticks<'_>) -> Result<Elimination> {
    let nodes = network.node_count();
    let mut graph = Shrinking::of(network, limits)?;
    let everywhere: Vec<u32> = (0..).zip(&graph.start).map(|(node, _)| node).collect();
    let junctions = graph.round(CHAINS, everywhere, ticks)?;
    let (mut graph, mut left) = graph.renumbered(&junctions)?;
    while let Some(fewest) = left.iter().map(|&node| graph.len[node as usize]).min() {
        if !graph.limits.allow(left.len(), fewest) {
            return Err(Error::TooTangled { nodes });
        }
        left = graph.round(fewest, left, ticks)?;
    }
    Ok(graph.done)
}

/// What is left of the graph.
struct Shrinking {
    start: Vec<u32>,
    len: Vec<u32>,
    room: Vec<u32>,
    pool: Vec<u32>,
    gone: Vec<bool>,
    name: Vec<u32>,
    /// The last list in which a node was seen.
    seen: Vec<u32>,
    reading: u32,
    stack: Vec<u32>,
    limits: Limits,
    /// Entries read since somebody was asked whether to go on.
    unasked: u64,
    done: Elimination,
    nodes: usize,
}

impl Shrinking {
    fn of(network: &StreetNetwork, limits: Limits) -> Result<Self> {
        let nodes = network.node_count();
        let mut pool = Vec::with_capacity(network.arc_count());
        let mut start = Vec::with_capacity(nodes + 1);
        start.push(0);
        for (node, row) in (0_u32..).zip(network.first_out.windows(2)) {
            let from = pool.len();
            for &head in &network.head[row[0] as usize..row[1] as usize] {
                // heads ascend, so that parallels follow each other
                if head != node && (pool.len() == from || pool[pool.len() - 1] != head) {
                    pool.push(head);
                }
            }
            start.push(number(pool.len(), nodes)?);
        }
        let len: Vec<u32> = start.windows(2).map(|pair| pair[1] - pair[0]).collect();
        start.pop();
        let mut first = Vec::with_capacity(nodes + 1);
        first.push(0);
        let sequence = Vec::with_capacity(nodes);
        Ok(Self {
            room: len.clone(),
            start,
            len,
            pool,
            gone: vec![false; nodes],
            name: (0..number(nodes, nodes)?).collect(),
            seen: vec![0; nodes],
            reading: 0,
            stack: Vec::new(),
            limits,
            unasked: 0,
            done: Elimination { sequence, first, above: Vec::with_capacity(4 * nodes) },
            nodes,
        })
    }

    /// The graph of the nodes in `left` alone, under new numbers, with room for lists to grow; and these
    /// numbers.
    fn renumbered(self, left: &[u32]) -> Result<(Self, Vec<u32>)> {
        let mut new = vec![0; self.len.len()];
        for (at, &node) in (0_u32..).zip(left) {
            new[node as usize] = at;
        }
        let (mut start, mut room) = (Vec::with_capacity(left.len()), Vec::with_capacity(left.len()));
        let mut pool = Vec::with_capacity(8 * left.len());
        for &node in left {
            let from = self.start[node as usize] as usize;
            let list = &self.pool[from..from + self.len[node as usize] as usize];
            let wide = (list.len() + list.len() / 2).next_multiple_of(4);
            start.push(number(pool.len(), self.nodes)?);
            room.push(number(wide, self.nodes)?);
            pool.extend(list.iter().map(|&other| new[other as usize]));
            pool.resize(pool.len() + wide - list.len(), 0);
        }
        let graph = Self {
            start,
            len: left.iter().map(|&node| self.len[node as usize]).collect(),
            room,
            pool,
            gone: vec![false; left.len()],
            name: left.iter().map(|&node| self.name[node as usize]).collect(),
            seen: vec![0; left.len()],
            reading: 0,
            ..self
        };
        Ok((graph, (0_u32..).zip(left).map(|(at, _)| at).collect()))
    }

    /// Eliminates every node of `nodes` with at most `most` neighbours; returns the others.
    fn round(&mut self, most: u32, mut nodes: Vec<u32>, ticks: &Ticks<'_>) -> Result<Vec<u32>> {
        for &node in &nodes {
            self.stack.push(node);
            while let Some(node) = self.stack.pop() {
                if !self.gone[node as usize] && self.len[node as usize] <= most {
                    self.eliminate(node, most)?;
                    ticks.nth(self.done.sequence.len())?;
                    if self.unasked >= ONCE_IN {
                        self.unasked = 0;
                        ticks.now()?;
                    }
                }
            }
        }
        nodes.retain(|&node| !self.gone[node as usize]);
        Ok(nodes)
    }

    fn eliminate(&mut self, node: u32, most: u32) -> Result<()> {
        self.gone[node as usize] = true;
        let start = self.start[node as usize] as usize;
        let neighbours = start..start + self.len[node as usize] as usize;
        self.limits.arcs = self.spend(self.limits.arcs, neighbours.len())?;
        for at in neighbours.clone() {
            let neighbour = self.pool[at];
            self.join(neighbour, node, neighbours.clone())?;
            if self.len[neighbour as usize] <= most {
                self.stack.push(neighbour);
            }
        }
        self.done.sequence.push(self.name[node as usize]);
        self.done.above.extend(self.pool[neighbours].iter().map(|&other| self.name[other as usize]));
        self.done.first.push(number(self.done.above.len(), self.nodes)?);
        Ok(())
    }

    /// Takes `gone` off the list of `node` and puts on it what stands in the pool at `neighbours`.
    fn join(&mut self, node: u32, gone: u32, neighbours: core::ops::Range<usize>) -> Result<()> {
        let row = node as usize;
        let entries = self.len[row] as usize + neighbours.len();
        self.limits.work = self.spend(self.limits.work, entries)?;
        self.unasked += entries as u64;
        self.reading = self.reading.checked_add(1).ok_or(Error::TooTangled { nodes: self.nodes })?;
        let start = self.start[row] as usize;
        let list = start..start + self.len[row] as usize;
        let mut hole = list.start;
        for at in list.clone() {
            let other = self.pool[at];
            self.seen[other as usize] = self.reading;
            if other == gone {
                hole = at;
            }
        }
        self.pool[hole] = self.pool[list.end - 1];
        self.len[row] -= 1;
        self.seen[row] = self.reading;
        for at in neighbours {
            let other = self.pool[at];
            if self.seen[other as usize] != self.reading {
                self.put(row, other)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, row: usize, other: u32) -> Result<()> {
        if self.len[row] == self.room[row] {
            let start = self.start[row] as usize;
            let list = start..start + self.len[row] as usize;
            self.start[row] = number(self.pool.len(), self.nodes)?;
            self.room[row] = 2 * self.room[row].max(2);
            self.pool.extend_from_within(list);
            self.pool.resize(self.start[row] as usize + self.room[row] as usize, 0);
        }
        self.pool[self.start[row] as usize + self.len[row] as usize] = other;
        self.len[row] += 1;
        Ok(())
    }

    fn spend(&self, left: u64, steps: usize) -> Result<u64> {
        left.checked_sub(steps as u64).ok_or(Error::TooTangled { nodes: self.nodes })
    }
}

/// `count` in 32 bits; pools that do not fit belong to tangled graphs.
fn number(count: usize, nodes: usize) -> Result<u32> {
    u32::try_from(count).map_err(|_| Error::TooTangled { nodes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{BuildOptions, NetworkBuilder};
    use core::sync::atomic::{AtomicU64, Ordering};
    use lifecircle_testkit::grid_town::GridTown;
    use lifecircle_types::{Cancelled, NoProgress, Progress, StreetRecords, StreetWay};

    fn eliminated(network: &StreetNetwork, limits: Limits) -> Result<Elimination> {
        let ticks = Ticks::new("ordering streets", network.node_count(), &NoProgress)?;
        eliminate(network, limits, &ticks)
    }

    #[test]
    fn a_graph_beyond_its_limits_is_given_up() {
        let town = GridTown::new(8, 8, 100_000);
        let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
        let plenty = Limits::of(network.node_count());
        let done = eliminated(&network, plenty).unwrap();
        let arcs = done.above.len() as u64;
        // exactly as many arcs as there are will do, one fewer will not
        assert!(eliminated(&network, Limits { arcs, ..plenty }).is_ok());
        for limits in [Limits { arcs: arcs - 1, ..plenty }, Limits { work: arcs, ..plenty }] {
            let given_up = eliminated(&network, limits).map(|done| done.sequence);
            assert_eq!(given_up, Err(Error::TooTangled { nodes: 81 }));
        }
    }

    #[test]
    fn neighbours_of_one_that_goes_are_joined() {
        // a square: the first corner joins its two neighbours, and the rest is a triangle
        let town = GridTown::new(1, 1, 100_000);
        let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
        let done = eliminated(&network, Limits::of(4)).unwrap();
        let counts: Vec<u32> = done.first.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(counts, [2, 2, 1, 0]);
    }

    /// Blocks of 100 m; of the streets between corners those are left out whose number is a multiple of one of `gaps`.
    fn blocks(side: u32, gaps: &[i64]) -> StreetNetwork {
        let records = GridTown::new(side, side, 100_000).records();
        let pieces = records.ways().iter().flat_map(|way| way.nodes.windows(2).map(move |ends| (way, ends)));
        let ways = (1..)
            .zip(pieces)
            .filter(|(id, _)| gaps.iter().all(|gap| id % gap != 0))
            .map(|(id, (way, ends))| StreetWay { id, nodes: ends.to_vec(), tags: way.tags.clone() });
        let records = StreetRecords::new(records.nodes().to_vec(), ways.collect());
        NetworkBuilder::new(BuildOptions::default()).build(&records).unwrap().value
    }

    #[test]
    fn perfect_blocks_are_foreseen_to_take_too_much_and_gappy_ones_are_not() {
        // what thirty services would settle, at 24 entries a node
        let budget = |network: &StreetNetwork| 24 * 29 * network.node_count() as u64;
        let perfect = blocks(120, &[]);
        let gappy = blocks(120, &[3, 7]);
        for (network, made) in [(&perfect, false), (&gappy, true)] {
            let limits = Limits::within(network.node_count(), budget(network));
            assert_eq!(eliminated(network, limits).is_ok(), made);
        }
        // with all the work in the world it is made, and the forecast was not far off
        let all = eliminated(&perfect, Limits::within(perfect.node_count(), u64::MAX)).unwrap();
        let pairs = |above: u64| above * above.saturating_sub(1) / 2;
        let pairs: u64 = all.first.windows(2).map(|ends| pairs(u64::from(ends[1] - ends[0]))).sum();
        assert!(4 * pairs > budget(&perfect), "an elimination reads more than four entries a pair");
    }

    /// Counts questions whether to go on.
    #[derive(Default)]
    struct Asked(AtomicU64);

    impl Progress for Asked {
        fn advance(&self, _: &str, _: u64, _: u64) -> core::result::Result<(), Cancelled> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }

    #[test]
    fn somebody_is_asked_after_bounded_work() {
        let network = blocks(100, &[]);
        let asked = Asked::default();
        let ticks = Ticks::new("ordering streets", network.node_count(), &asked).unwrap();
        let done = eliminate(&network, Limits::of(network.node_count()), &ticks).unwrap();
        // each of `d` neighbours reads the list of the one that goes
        let entries: u64 = done.first.windows(2).map(|ends| u64::from(ends[1] - ends[0]).pow(2)).sum();
        assert!(entries > 4 * ONCE_IN, "the last cliques take millions of entries");
        // a node is eliminated whole: its entries may come on top
        let most = done.first.windows(2).map(|ends| 4 * u64::from(ends[1] - ends[0]).pow(2)).max().unwrap();
        assert!(asked.0.into_inner() >= entries / (ONCE_IN + most));
    }

    #[test]
    fn a_forecast_is_that_of_a_mesh() {
        let limits = |work| Limits { work, ..Limits::within(1000, u64::MAX) };
        // 200 nodes with 8 neighbours: 1600 * sqrt(3200) = 1600 * 56 = 89,600 entries
        assert!(limits(89_600 / 4).allow(200, 8) && !limits(89_600 / 4 - 1).allow(200, 8));
        // rounds before the eighth tell nothing, and who does not foresee goes on to the limit
        assert!(limits(0).allow(200, 7));
        assert!(Limits { foresees: false, ..limits(0) }.allow(200, 8));
    }
}
