//! Least costs within a cutoff, with the nodes in no order.
//!
//! Where nobody asks for owners or for an order, nothing has to be sorted. Labels wait in bins of 2^[`BIN_BITS`]
//! units (about four metres or four seconds), and bins are worked off one after the other, each as it was
//! filled, until nothing enters it any more. A node whose cost falls after it was passed on is passed on again;
//! in street networks that is rare, as few arcs are shorter than a bin. Least costs do not depend on the order
//! in which they are found, so they are those of [`SearchSpace::reach`](crate::SearchSpace::reach).

use petgraph::visit::{EdgeRef, IntoEdges, NodeIndexable};

use crate::search::turn::Turn;

const BIN_BITS: u32 = 12;

/// Bins of one search: enough for four kilometres or an hour on foot.
const MOST_BINS: u32 = 1024;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    turn: Turn,
    cost: u32,
}

/// The scratch space of such searches, one per thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnorderedSpace {
    turn: Turn,
    /// The least cost found for every node in the turn that is stamped on it.
    slots: Vec<Slot>,
    /// The nodes that have a slot in this turn.
    found: Vec<u32>,
    /// Costs and rows of nodes.
    bins: Vec<Vec<(u32, u32)>>,
    open: Vec<(u32, u32)>,
}

impl UnorderedSpace {
    /// Whether a search up to `cutoff` has few enough bins.
    pub(crate) const fn reaches(cutoff: u32) -> bool {
        cutoff >> BIN_BITS < MOST_BINS
    }

    /// Rows and least costs of the nodes within `cutoff` (inclusive) of `seeds`; stops when `ask`, which is told how
    /// many labels were passed on, says so. Takes O(n + m) for the n nodes and m arcs within reach where arcs are
    /// longer than bins, and at worst n times that inside a bin.
    pub(crate) fn costs<G, E>(
        &mut self,
        graph: G,
        seeds: impl Iterator<Item = (G::NodeId, u32)>,
        cutoff: u32,
        mut ask: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<impl ExactSizeIterator<Item = (usize, u32)> + '_, E>
    where
        G: IntoEdges<EdgeWeight = u32> + NodeIndexable,
    {
        self.begin(graph.node_bound(), cutoff);
        for (node, cost) in seeds.filter(|&(_, cost)| cost <= cutoff) {
            self.lower(graph.to_index(node), cost);
        }
        let mut passed = 0;
        for bin in 0..self.bins.len() {
            while !self.bins[bin].is_empty() {
                let mut open = core::mem::replace(&mut self.bins[bin], core::mem::take(&mut self.open));
                for (cost, row) in open.drain(..) {
                    if self.slots[row as usize].cost != cost {
                        continue;
                    }
                    ask(passed)?;
                    passed += 1;
                    for arc in graph.edges(graph.from_index(row as usize)) {
                        if let Some(next) = cost.checked_add(*arc.weight())
                            && next <= cutoff
                        {
                            self.lower(graph.to_index(arc.target()), next);
                        }
                    }
                }
                self.open = open;
            }
        }
        Ok(self.found.iter().map(|&row| (row as usize, self.slots[row as usize].cost)))
    }

    fn begin(&mut self, nodes: usize, cutoff: u32) {
        self.found.clear();
        self.bins.iter_mut().for_each(Vec::clear);
        self.bins.resize_with((cutoff >> BIN_BITS) as usize + 1, Vec::new);
        self.turn.begin(&mut self.slots, nodes);
    }

    fn lower(&mut self, row: usize, cost: u32) {
        let slot = &mut self.slots[row];
        let new = slot.turn != self.turn;
        if new || cost < slot.cost {
            *slot = Slot { turn: self.turn, cost };
            let row = u32::try_from(row).expect("graphs have at most 2^32 nodes");
            if new {
                self.found.push(row);
            }
            self.bins[(cost >> BIN_BITS) as usize].push((cost, row));
        }
    }
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use petgraph::graph::{DiGraph, NodeIndex};
    use proptest::prelude::*;

    use super::*;
    use crate::search::SearchSpace;

    proptest! {
        /// Parallel, zero-length, very short, very long and looping arcs, seeds that repeat, and a space that is used again.
        #[test]
        fn costs_are_those_of_the_search_in_order(
            arcs in prop::collection::vec((0..12_u32, 0..12_u32, any::<u32>(), 0..33_u32), 0..60),
            seeds in prop::collection::vec((0..12_u32, 0..20_000_u32), 1..4),
            cutoffs in prop::collection::vec(0..4_000_000_u32, 1..4),
        ) {
            let mut graph = DiGraph::<(), u32>::new();
            let nodes: Vec<NodeIndex> = (0..12).map(|_| graph.add_node(())).collect();
            for (tail, head, cost, shift) in arcs {
                graph.add_edge(nodes[tail as usize], nodes[head as usize], cost.checked_shr(shift).unwrap_or(0));
            }
            let seeds: Vec<_> = seeds.into_iter().map(|(node, cost)| (nodes[node as usize], cost)).collect();
            let (mut unordered, mut ordered) = (UnorderedSpace::default(), SearchSpace::new());
            for cutoff in cutoffs {
                prop_assert!(UnorderedSpace::reaches(cutoff));
                let ask = |_| Ok::<_, Infallible>(());
                let Ok(found) = unordered.costs(&graph, seeds.iter().copied(), cutoff, ask);
                let mut found: Vec<_> = found.collect();
                found.sort_unstable();
                let reached = ordered.reach(&graph, &seeds, cutoff, |arc| *arc.weight());
                let mut expected: Vec<_> = reached.iter().map(|(node, cost)| (node.index(), cost)).collect();
                expected.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }

        #[test]
        fn a_search_that_was_stopped_leaves_nothing_behind(stop in 0..6_usize) {
            let path = DiGraph::<(), u32>::from_edges((0..6_u32).map(|node| (node, node + 1, 1_000)));
            let mut space = UnorderedSpace::default();
            let start = || core::iter::once((NodeIndex::new(0), 0));
            let halt = |passed| if passed == stop { Err(()) } else { Ok(()) };
            prop_assert!(space.costs(&path, start(), 9_000, halt).is_err());
            let Ok(found) = space.costs(&path, start(), 2_000, |_| Ok::<_, Infallible>(()));
            let found: Vec<_> = found.collect();
            prop_assert_eq!(found, [(0, 0), (1, 1_000), (2, 2_000)]);
        }
    }
}
