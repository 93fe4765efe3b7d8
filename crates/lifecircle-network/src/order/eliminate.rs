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

use lifecircle_types::Progress;

use crate::error::{Error, Result};
use crate::network::StreetNetwork;
use crate::queries::Ticks;

/// Rounds up to this one join at most two neighbours and lengthen no list.
const CHAINS: u32 = 2;

/// How far an elimination may go: in arcs left above nodes, and in entries of lists read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) arcs: u64,
    pub(super) work: u64,
}

impl Limits {
    /// 64 arcs and 2^10 steps a node, and 2^22 and 2^28 in any case.
    pub(super) const fn of(nodes: usize) -> Self {
        let nodes = nodes as u64;
        Self { arcs: (1 << 22) + (nodes << 6), work: (1 << 28) + (nodes << 10) }
    }
}

pub(super) struct Elimination {
    pub(super) sequence: Vec<u32>,
    pub(super) first: Vec<u32>,
    pub(super) above: Vec<u32>,
}

/// Eliminates all nodes of `network`, within `limits`.
pub(super) fn eliminate(
    network: &StreetNetwork,
    limits: Limits,
    progress: &dyn Progress,
) -> Result<Elimination> {
    let nodes = network.node_count();
    let ticks = Ticks::new("ordering streets", nodes, progress)?;
    let mut graph = Shrinking::of(network, limits)?;
    let everywhere: Vec<u32> = (0..).zip(&graph.start).map(|(node, _)| node).collect();
    let junctions = graph.round(CHAINS, everywhere, &ticks)?;
    let (mut graph, mut left) = graph.renumbered(&junctions)?;
    while let Some(fewest) = left.iter().map(|&node| graph.len[node as usize]).min() {
        left = graph.round(fewest, left, &ticks)?;
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
        self.limits.work = self.spend(self.limits.work, self.len[row] as usize + neighbours.len())?;
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
    use lifecircle_testkit::grid_town::GridTown;
    use lifecircle_types::NoProgress;

    #[test]
    fn a_graph_beyond_its_limits_is_given_up() {
        let town = GridTown::new(8, 8, 100_000);
        let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
        let plenty = Limits::of(network.node_count());
        let done = eliminate(&network, plenty, &NoProgress).unwrap();
        let arcs = done.above.len() as u64;
        // exactly as many arcs as there are will do, one fewer will not
        assert!(eliminate(&network, Limits { arcs, ..plenty }, &NoProgress).is_ok());
        for limits in [Limits { arcs: arcs - 1, ..plenty }, Limits { work: arcs, ..plenty }] {
            let given_up = eliminate(&network, limits, &NoProgress).map(|done| done.sequence);
            assert_eq!(given_up, Err(Error::TooTangled { nodes: 81 }));
        }
    }

    #[test]
    fn neighbours_of_one_that_goes_are_joined() {
        // a square: the first corner joins its two neighbours, and the rest is a triangle
        let town = GridTown::new(1, 1, 100_000);
        let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
        let done = eliminate(&network, Limits::of(4), &NoProgress).unwrap();
        let counts: Vec<u32> = done.first.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(counts, [2, 2, 1, 0]);
    }
}
