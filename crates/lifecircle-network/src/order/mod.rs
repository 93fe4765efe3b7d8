//! The streets in an order made once, so that one sweep up and one down answer many questions side by side.
//!
//! # The order
//!
//! Nodes are eliminated one after the other (see `eliminate`). When node `v` goes, its remaining neighbours
//! are joined to each other; those are the nodes *above* `v`, all of which go later, and the one that goes
//! first among them is its parent. Parents make a forest in which everything above `v` is an ancestor of `v`:
//! a shortest trip climbs from its start along arcs to nodes above, and descends to its end the same way.
//! The order depends on the topology alone. What an arc costs is filled in by one pass per graph
//! (see `customise`), after which the same order serves every walker.
//!
//! Nodes are kept by *place*: the forest in preorder, so that a subtree is a range of places.
//!
//! | Array | Holds |
//! |---|---|
//! | `node[p]`, `place[v]` | the node at place `p`, the place of node `v` |
//! | `depth[p]` | number of ancestors of `p` |
//! | `end[p]` | the place after the subtree of `p` |
//! | `first[p]..first[p + 1]` in `head` | places above `p`, ascending, so that the parent is the last |
//! | `rung[i]` | `depth[head[i]]` |
//!
//! # The sweep
//!
//! The ancestors of a place are a path, and preorder enters and leaves paths like a ladder: while a sweep is
//! at `p`, row `rung` of its ladder is about the ancestor of that depth. So a sweep touches the ladder, which
//! stays in the cache, and reads everything else in a line; see `sweep`.

pub(crate) mod customise;
mod eliminate;
pub(crate) mod lanes;
mod saved;
pub(crate) mod select;
pub(crate) mod sweep;

pub use customise::PreparedGraph;

use lifecircle_types::Progress;

use crate::error::Result;
use crate::network::StreetNetwork;
use crate::queries::Ticks;

use eliminate::{Elimination, Limits, eliminate};
use sweep::Ladders;

/// An order in which the nodes of a network are eliminated, for fast answers to many questions at once.
///
/// It depends on the topology alone and serves every cost on the same network. Make a [`PreparedGraph`] of
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EliminationOrder {
    pub(crate) node: Vec<u32>,
    pub(crate) place: Vec<u32>,
    pub(crate) depth: Vec<u32>,
    pub(crate) end: Vec<u32>,
    pub(crate) first: Vec<u32>,
    pub(crate) head: Vec<u32>,
    pub(crate) rung: Vec<u32>,
    /// Rows of the ladder: one more than the greatest depth.
    pub(crate) rungs: usize,
}

impl EliminationOrder {
    /// The order of `network`: greedy, always a node with the fewest neighbours, ties along the curve.
    ///
    /// Takes about as long as building the network: real streets leave three to four neighbours above a node.
    /// Graphs that are not like streets may leave far more, so that time and memory are bounded: 64 a node
    /// and 2^10 steps a node on average, 2^22 and 2^28 in any case.
    ///
    /// # Errors
    /// [`Error::TooTangled`](crate::Error::TooTangled) beyond these bounds; search such a graph with
    /// [`SearchSpace`](crate::SearchSpace). [`Error::Cancelled`](crate::Error::Cancelled) when `progress` asks
    /// to stop.
    pub fn new(network: &StreetNetwork, progress: &dyn Progress) -> Result<Self> {
        Self::limited(network, Limits::of(network.node_count()), progress)
    }

    /// The order of `network`, if making it reads no more than about `work` entries of lists, judged early on.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub(crate) fn within(network: &StreetNetwork, work: u64, progress: &dyn Progress) -> Result<Self> {
        Self::limited(network, Limits::within(network.node_count(), work), progress)
    }

    fn limited(network: &StreetNetwork, limits: Limits, progress: &dyn Progress) -> Result<Self> {
        let ticks = Ticks::new("ordering streets", network.node_count(), progress)?;
        Self::from_elimination(&eliminate(network, limits, &ticks)?, &ticks)
    }

    fn from_elimination(done: &Elimination, ticks: &Ticks<'_>) -> Result<Self> {
        let nodes = done.sequence.len();
        let mut turn = vec![0_u32; nodes];
        for (at, &node) in (0_u32..).zip(&done.sequence) {
            ticks.ask(at as usize)?;
            turn[node as usize] = at;
        }
        // from here on, nodes are known by their turns
        let above = |at: usize| &done.above[done.first[at] as usize..done.first[at + 1] as usize];
        let mut parent = Vec::with_capacity(nodes);
        for at in 0..nodes {
            ticks.ask(at)?;
            parent.push(above(at).iter().map(|&node| turn[node as usize]).min().unwrap_or(NONE));
        }
        let mut size = vec![1_u32; nodes];
        for at in 0..nodes {
            ticks.ask(at)?;
            if parent[at] != NONE {
                size[parent[at] as usize] += size[at];
            }
        }
        // the next free place below a node; children follow each other backwards in time
        let mut free = vec![0_u32; nodes];
        let mut roots = 0;
        let mut place = vec![0_u32; nodes];
        let mut node = vec![0_u32; nodes];
        for at in (0..nodes).rev() {
            ticks.ask(at)?;
            let next = if parent[at] == NONE { &mut roots } else { &mut free[parent[at] as usize] };
            let mine = *next;
            *next += size[at];
            free[at] = mine + 1;
            place[done.sequence[at] as usize] = mine;
            node[mine as usize] = done.sequence[at];
        }
        let mut first = Vec::with_capacity(nodes + 1);
        let mut head = Vec::with_capacity(done.above.len());
        first.push(0);
        for (at, &node) in node.iter().enumerate() {
            ticks.ask(at)?;
            let from = head.len();
            head.extend(above(turn[node as usize] as usize).iter().map(|&node| place[node as usize]));
            head[from..].sort_unstable();
            first.push(u32::try_from(head.len()).expect("as many as were eliminated"));
        }
        Self::laid_out(node, first, head, |at| Ok(ticks.ask(at)?))
    }

    /// The order of the nodes at every place and what is above them; `ask`, which is told a place, may stop it.
    fn laid_out(
        node: Vec<u32>,
        first: Vec<u32>,
        head: Vec<u32>,
        ask: impl Fn(usize) -> Result<()>,
    ) -> Result<Self> {
        let nodes = node.len();
        let mut place = vec![0_u32; nodes];
        for (at, &node) in (0..).zip(&node) {
            place[node as usize] = at;
        }
        let parent =
            |at: usize| head[first[at] as usize..first[at + 1] as usize].last().map(|&up| up as usize);
        let mut depth = vec![0_u32; nodes];
        for at in 0..nodes {
            ask(at)?;
            depth[at] = parent(at).map_or(0, |parent| depth[parent] + 1);
        }
        let mut end: Vec<u32> = (1..).zip(&node).map(|(end, _)| end).collect();
        for at in (0..nodes).rev() {
            ask(at)?;
            if let Some(parent) = parent(at) {
                end[parent] = end[at].max(end[parent]);
            }
        }
        let rung = head.iter().map(|&place| depth[place as usize]).collect();
        let rungs = depth.iter().max().map_or(0, |&depth| depth as usize + 1);
        Ok(Self { node, place, depth, end, first, head, rung, rungs })
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.node.len()
    }

    /// Number of pairs of a node and a node above it: what a sweep reads.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.head.len()
    }

    /// All places, with what the arcs to what is above them cost.
    pub(crate) fn ladders<'a>(&'a self, cost: &'a [u32]) -> Ladders<'a> {
        Ladders { place: None, depth: &self.depth, first: &self.first, rung: &self.rung, cost }
    }

    /// The lowest place above `place`.
    pub(crate) fn parent(&self, place: usize) -> Option<u32> {
        self.head[self.above(place)].last().copied()
    }

    /// The entries of `head` above `place`.
    pub(crate) fn above(&self, place: usize) -> core::ops::Range<usize> {
        self.first[place] as usize..self.first[place + 1] as usize
    }
}

const NONE: u32 = u32::MAX;
