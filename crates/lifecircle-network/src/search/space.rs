//! Dijkstra's algorithm within a cutoff, from one place or from many.
//!
//! A label is the pair (cost, owner), compared cost first; it is kept as one number `cost << 32 | owner`.
//! `slots[v]` holds the best label found for node `v` in the turn that is stamped on it; a slot with an older
//! stamp is empty, so that starting a new search costs nothing. `settled` lists nodes in the order in which
//! their labels became final. A label only ever falls, and each fall enters the queue; an entry that no
//! longer equals its node's label is stale. Sums beyond 2^32 - 1 lie beyond every cutoff.

use core::convert::Infallible;

use petgraph::visit::{EdgeRef, IntoEdges, NodeIndexable};

use crate::search::queue::Queue;
use crate::search::turn::Turn;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    turn: Turn,
    cost: u32,
    owner: u32,
}

impl Slot {
    fn label(self) -> u64 {
        u64::from(self.cost) << 32 | u64::from(self.owner)
    }
}

/// The scratch space of searches. Keep one per thread: after the first search on a graph, further ones
/// allocate nothing.
#[derive(Clone, Debug, Default)]
pub struct SearchSpace {
    turn: Turn,
    slots: Vec<Slot>,
    settled: Vec<u32>,
    queue: Queue,
}

impl SearchSpace {
    /// An empty space; it grows with the first search.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What can be reached from `seeds` at a cost of at most `cutoff` (inclusive).
    ///
    /// Each seed is a node and the cost at which the search starts there; seeds beyond the cutoff are not
    /// reached. `cost` gives what an arc costs, and must give the same whenever it is asked. Takes
    /// O((n + m) log n) for the n nodes and m arcs within reach.
    ///
    /// # Panics
    /// When a seed is not a node of `graph`, or the graph has more than 2^32 nodes.
    ///
    /// ```
    /// # use lifecircle_network::{SearchSpace, petgraph};
    /// use petgraph::graph::UnGraph;
    /// let streets = UnGraph::<(), u32>::from_edges([(0, 1, 40), (1, 2, 50), (2, 3, 60)]);
    /// let mut space = SearchSpace::new();
    /// let reached = space.reach(&streets, &[(0.into(), 0)], 90, |arc| *arc.weight());
    /// let found: Vec<_> = reached.iter().map(|(node, cost)| (node.index(), cost)).collect();
    /// assert_eq!(found, [(0, 0), (1, 40), (2, 90)]); // the cutoff itself is within reach
    /// ```
    pub fn reach<G, F>(
        &mut self,
        graph: G,
        seeds: &[(G::NodeId, u32)],
        cutoff: u32,
        cost: F,
    ) -> Reached<'_, G>
    where
        G: IntoEdges + NodeIndexable,
        F: FnMut(G::EdgeRef) -> u32,
    {
        let seeds = seeds.iter().map(|&(node, cost)| (node, cost, 0));
        let Ok(()) = self.run(graph, seeds, cutoff, cost, |_| Ok::<_, Infallible>(()));
        Reached { space: self, graph }
    }

    /// The nearest of `sources` for every node at a cost of at most `cutoff` (inclusive), in one sweep.
    ///
    /// Each source is a node, the cost at which it starts there and the owner that wins the nodes nearest to
    /// it; several sources may share an owner, and ties go to the smaller owner. Costs count from the
    /// source: to ask how far it is *to* the nearest source, search a
    /// [`Reversed`](petgraph::visit::Reversed) graph. Takes O((n + m) log n) within reach.
    ///
    /// # Panics
    /// When a source is not at a node of `graph`, or the graph has more than 2^32 nodes.
    pub fn nearest<G, F>(
        &mut self,
        graph: G,
        sources: &[(G::NodeId, u32, u32)],
        cutoff: u32,
        cost: F,
    ) -> Nearest<'_, G>
    where
        G: IntoEdges + NodeIndexable,
        F: FnMut(G::EdgeRef) -> u32,
    {
        let sources = sources.iter().copied();
        let Ok(()) = self.run(graph, sources, cutoff, cost, |_| Ok::<_, Infallible>(()));
        Nearest { space: self, graph }
    }

    /// As [`SearchSpace::reach`], but stops when `ask`, which is told how many nodes are settled, says so.
    pub(crate) fn reach_unless<G, F, E>(
        &mut self,
        graph: G,
        seeds: &[(G::NodeId, u32)],
        cutoff: u32,
        cost: F,
        ask: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<Reached<'_, G>, E>
    where
        G: IntoEdges + NodeIndexable,
        F: FnMut(G::EdgeRef) -> u32,
    {
        let seeds = seeds.iter().map(|&(node, cost)| (node, cost, 0));
        self.run(graph, seeds, cutoff, cost, ask)?;
        Ok(Reached { space: self, graph })
    }

    /// As [`SearchSpace::nearest`], but stops when `ask`, which is told how many nodes are settled, says so.
    pub(crate) fn nearest_unless<G, F, E>(
        &mut self,
        graph: G,
        sources: &[(G::NodeId, u32, u32)],
        cutoff: u32,
        cost: F,
        ask: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<Nearest<'_, G>, E>
    where
        G: IntoEdges + NodeIndexable,
        F: FnMut(G::EdgeRef) -> u32,
    {
        self.run(graph, sources.iter().copied(), cutoff, cost, ask)?;
        Ok(Nearest { space: self, graph })
    }

    /// Number of nodes that the last search settled.
    pub(crate) fn settled_count(&self) -> usize {
        self.settled.len()
    }

    fn run<G, F, E>(
        &mut self,
        graph: G,
        sources: impl Iterator<Item = (G::NodeId, u32, u32)>,
        cutoff: u32,
        mut cost: F,
        mut ask: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<(), E>
    where
        G: IntoEdges + NodeIndexable,
        F: FnMut(G::EdgeRef) -> u32,
    {
        self.begin(graph.node_bound());
        for (node, cost, owner) in sources {
            if cost <= cutoff {
                self.lower(graph.to_index(node), cost, owner);
            }
        }
        while let Some((label, row)) = self.queue.pop() {
            let slot = self.slots[row as usize];
            if slot.label() != label {
                continue;
            }
            ask(self.settled.len())?;
            self.settled.push(row);
            for arc in graph.edges(graph.from_index(row as usize)) {
                if let Some(next) = slot.cost.checked_add(cost(arc))
                    && next <= cutoff
                {
                    self.lower(graph.to_index(arc.target()), next, slot.owner);
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, nodes: usize) {
        self.settled.clear();
        self.queue.restart();
        self.turn.begin(&mut self.slots, nodes);
    }

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call an arc costs a reach of 15 minutes two fifths of its time"
    )]
    fn lower(&mut self, row: usize, cost: u32, owner: u32) {
        let slot = &mut self.slots[row];
        let new = Slot { turn: self.turn, cost, owner };
        if slot.turn != self.turn || new.label() < slot.label() {
            *slot = new;
            let row = u32::try_from(row).expect("graphs have at most 2^32 nodes");
            self.queue.push((new.label(), row));
        }
    }

    fn slot(&self, row: usize) -> Option<Slot> {
        self.slots.get(row).copied().filter(|slot| slot.turn == self.turn)
    }
}

/// What a search reached, and at which cost.
#[derive(Clone, Copy, Debug)]
pub struct Reached<'s, G> {
    space: &'s SearchSpace,
    graph: G,
}

impl<G: NodeIndexable> Reached<'_, G> {
    /// Number of nodes reached.
    #[must_use]
    pub fn len(&self) -> usize {
        self.space.settled.len()
    }

    /// Whether nothing was reached.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.space.settled.is_empty()
    }

    /// The least cost of reaching `node`; `None` beyond the cutoff.
    #[must_use]
    pub fn cost(&self, node: G::NodeId) -> Option<u32> {
        self.space.slot(self.graph.to_index(node)).map(|slot| slot.cost)
    }

    /// Nodes and costs, in ascending order of cost.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (G::NodeId, u32)> + '_ {
        self.space.settled.iter().map(|&row| {
            let row = row as usize;
            (self.graph.from_index(row), self.space.slots[row].cost)
        })
    }
}

/// Which source is nearest to every node, and at which cost.
#[derive(Clone, Copy, Debug)]
pub struct Nearest<'s, G> {
    space: &'s SearchSpace,
    graph: G,
}

impl<G: NodeIndexable> Nearest<'_, G> {
    /// Number of nodes within reach of a source.
    #[must_use]
    pub fn len(&self) -> usize {
        self.space.settled.len()
    }

    /// Whether no node is within reach of a source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.space.settled.is_empty()
    }

    /// Cost and owner of the source nearest to `node`; `None` beyond the cutoff.
    #[must_use]
    pub fn get(&self, node: G::NodeId) -> Option<(u32, u32)> {
        let slot = self.space.slot(self.graph.to_index(node))?;
        Some((slot.cost, slot.owner))
    }

    /// Nodes with cost and owner, in ascending order of cost, then of owner.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (G::NodeId, u32, u32)> + '_ {
        self.space.settled.iter().map(|&row| {
            let slot = self.space.slots[row as usize];
            (self.graph.from_index(row as usize), slot.cost, slot.owner)
        })
    }
}
