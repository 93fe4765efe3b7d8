//! A network and its costs, as one graph that is passed around by value.
//!
//! A [`WalkGraph`] shows every node of the network and the passable arcs only; an arc keeps the index it has
//! in the network. It implements the visit traits of [`petgraph`], so petgraph's algorithms run on it as they
//! are, and is its own reference type: it is two pointers, and copying it copies no street.

use core::iter::Map;
use core::ops::Range;
use core::slice;

use lifecircle_types::{CostUnit, LonLat};
use petgraph::visit::{
    Data, EdgeCount, EdgeIndexable, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges,
    IntoEdgesDirected, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences,
    NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};
use petgraph::{Directed, Direction};

use crate::costs::{Step, WalkCosts};
use crate::error::{Error, Result};
use crate::ids::{ArcIx, NodeIx};
use crate::network::StreetNetwork;

/// A street network as one profile walks it.
///
/// ```
/// # use lifecircle_network::{BuildOptions, NetworkBuilder, WalkCosts, WalkGraph, WalkProfile, petgraph};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # let town = GridTown::new(2, 2, 100_000);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
/// let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
/// let walk = WalkGraph::new(&network, &costs)?;
/// assert_eq!(petgraph::algo::kosaraju_scc(walk).len(), 1); // from everywhere to everywhere
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WalkGraph<'a> {
    network: &'a StreetNetwork,
    costs: &'a WalkCosts,
}

impl<'a> WalkGraph<'a> {
    /// Joins a network and costs made for it.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`] when the costs count other nodes or arcs, [`Error::NoWalkableStreet`] when no
    /// arc is passable.
    pub fn new(network: &'a StreetNetwork, costs: &'a WalkCosts) -> Result<Self> {
        let (arcs, nodes) = costs.covers();
        for (what, expected, found) in
            [("arcs", network.arc_count(), arcs), ("nodes", network.node_count(), nodes)]
        {
            if expected != found {
                return Err(Error::OtherNetwork { what, expected, found });
            }
        }
        if costs.passable_count() == 0 {
            return Err(Error::NoWalkableStreet { profile: costs.profile().into() });
        }
        Ok(Self { network, costs })
    }

    /// The network.
    #[must_use]
    pub const fn network(self) -> &'a StreetNetwork {
        self.network
    }

    /// The costs.
    #[must_use]
    pub const fn costs(self) -> &'a WalkCosts {
        self.costs
    }

    /// The unit of every cost.
    #[must_use]
    pub const fn unit(self) -> CostUnit {
        self.costs.unit()
    }
}

/// A passable arc with its ends and its cost in raw units: the edge reference of [`WalkGraph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkArc {
    arc: ArcIx,
    tail: NodeIx,
    head: NodeIx,
    cost: u32,
}

impl WalkArc {
    /// Cost in milliseconds or millimetres.
    #[must_use]
    pub const fn cost(self) -> u32 {
        self.cost
    }
}

impl EdgeRef for WalkArc {
    type NodeId = NodeIx;
    type EdgeId = ArcIx;
    type Weight = u32;

    fn source(&self) -> NodeIx {
        self.tail
    }
    fn target(&self) -> NodeIx {
        self.head
    }
    fn weight(&self) -> &u32 {
        &self.cost
    }
    fn id(&self) -> ArcIx {
        self.arc
    }
}

/// The passable arcs that leave or enter one node.
#[derive(Clone, Debug)]
pub struct WalkArcs<'a> {
    node: NodeIx,
    direction: Direction,
    steps: slice::Iter<'a, Step>,
}

impl Iterator for WalkArcs<'_> {
    type Item = WalkArc;

    fn next(&mut self) -> Option<WalkArc> {
        self.steps.next().map(|step| {
            let (tail, head) = match self.direction {
                Direction::Outgoing => (self.node, NodeIx(step.node)),
                Direction::Incoming => (NodeIx(step.node), self.node),
            };
            WalkArc { arc: ArcIx(step.arc), tail, head, cost: step.cost }
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.steps.size_hint()
    }
}

impl ExactSizeIterator for WalkArcs<'_> {}

/// The nodes next to one node; a node appears once for every passable arc that leads there.
#[derive(Clone, Debug)]
pub struct WalkNeighbors<'a> {
    steps: slice::Iter<'a, Step>,
}

impl Iterator for WalkNeighbors<'_> {
    type Item = NodeIx;

    fn next(&mut self) -> Option<NodeIx> {
        self.steps.next().map(|step| NodeIx(step.node))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.steps.size_hint()
    }
}

impl ExactSizeIterator for WalkNeighbors<'_> {}

/// Every passable arc of a graph, by tail.
#[derive(Clone, Debug)]
pub struct AllWalkArcs<'a> {
    network: &'a StreetNetwork,
    steps: slice::Iter<'a, Step>,
}

impl Iterator for AllWalkArcs<'_> {
    type Item = WalkArc;

    fn next(&mut self) -> Option<WalkArc> {
        self.steps.next().map(|step| WalkArc {
            arc: ArcIx(step.arc),
            tail: self.network.tail(ArcIx(step.arc)),
            head: NodeIx(step.node),
            cost: step.cost,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.steps.size_hint()
    }
}

impl ExactSizeIterator for AllWalkArcs<'_> {}

/// Every node of a graph with its position.
#[derive(Clone, Debug)]
pub struct WalkNodes<'a> {
    rows: core::iter::Enumerate<slice::Iter<'a, LonLat>>,
}

impl<'a> Iterator for WalkNodes<'a> {
    type Item = (NodeIx, &'a LonLat);

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next().map(|(row, position)| (NodeIx::new(row), position))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl ExactSizeIterator for WalkNodes<'_> {}

/// The nodes a traversal has visited, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visited(Vec<u64>);

impl VisitMap<NodeIx> for Visited {
    fn visit(&mut self, node: NodeIx) -> bool {
        let new = !self.is_visited(&node);
        self.0[node.index() / 64] |= 1 << (node.index() % 64);
        new
    }
    fn is_visited(&self, node: &NodeIx) -> bool {
        self.0[node.index() / 64] >> (node.index() % 64) & 1 == 1
    }
    fn unvisit(&mut self, node: NodeIx) -> bool {
        let visited = self.is_visited(&node);
        self.0[node.index() / 64] &= !(1 << (node.index() % 64));
        visited
    }
}

impl GraphBase for WalkGraph<'_> {
    type NodeId = NodeIx;
    type EdgeId = ArcIx;
}

impl GraphRef for WalkGraph<'_> {}

impl GraphProp for WalkGraph<'_> {
    type EdgeType = Directed;
}

impl Data for WalkGraph<'_> {
    type NodeWeight = LonLat;
    type EdgeWeight = u32;
}

impl NodeCount for WalkGraph<'_> {
    fn node_count(&self) -> usize {
        self.network.node_count()
    }
}

impl EdgeCount for WalkGraph<'_> {
    fn edge_count(&self) -> usize {
        self.costs.passable_count()
    }
}

impl NodeIndexable for WalkGraph<'_> {
    fn node_bound(&self) -> usize {
        self.network.node_count()
    }
    fn to_index(&self, node: NodeIx) -> usize {
        node.index()
    }
    fn from_index(&self, row: usize) -> NodeIx {
        NodeIx::new(row)
    }
}

impl NodeCompactIndexable for WalkGraph<'_> {}

impl EdgeIndexable for WalkGraph<'_> {
    fn edge_bound(&self) -> usize {
        self.network.arc_count()
    }
    fn to_index(&self, arc: ArcIx) -> usize {
        arc.index()
    }
    fn from_index(&self, row: usize) -> ArcIx {
        ArcIx::new(row)
    }
}

impl IntoNodeIdentifiers for WalkGraph<'_> {
    type NodeIdentifiers = Map<Range<u32>, fn(u32) -> NodeIx>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..NodeIx::new(self.network.node_count()).0).map(NodeIx)
    }
}

impl<'a> IntoNodeReferences for WalkGraph<'a> {
    type NodeRef = (NodeIx, &'a LonLat);
    type NodeReferences = WalkNodes<'a>;

    fn node_references(self) -> WalkNodes<'a> {
        WalkNodes { rows: self.network.position.iter().enumerate() }
    }
}

impl<'a> IntoEdgeReferences for WalkGraph<'a> {
    type EdgeRef = WalkArc;
    type EdgeReferences = AllWalkArcs<'a>;

    fn edge_references(self) -> AllWalkArcs<'a> {
        AllWalkArcs { network: self.network, steps: self.costs.steps().iter() }
    }
}

impl<'a> IntoNeighbors for WalkGraph<'a> {
    type Neighbors = WalkNeighbors<'a>;

    fn neighbors(self, node: NodeIx) -> WalkNeighbors<'a> {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoNeighborsDirected for WalkGraph<'a> {
    type NeighborsDirected = WalkNeighbors<'a>;

    fn neighbors_directed(self, node: NodeIx, direction: Direction) -> WalkNeighbors<'a> {
        WalkNeighbors { steps: self.steps(node, direction).iter() }
    }
}

impl<'a> IntoEdges for WalkGraph<'a> {
    type Edges = WalkArcs<'a>;

    fn edges(self, node: NodeIx) -> WalkArcs<'a> {
        self.edges_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoEdgesDirected for WalkGraph<'a> {
    type EdgesDirected = WalkArcs<'a>;

    fn edges_directed(self, node: NodeIx, direction: Direction) -> WalkArcs<'a> {
        WalkArcs { node, direction, steps: self.steps(node, direction).iter() }
    }
}

impl<'a> WalkGraph<'a> {
    fn steps(self, node: NodeIx, direction: Direction) -> &'a [Step] {
        match direction {
            Direction::Outgoing => self.costs.steps_out(node),
            Direction::Incoming => self.costs.steps_in(node),
        }
    }
}

impl Visitable for WalkGraph<'_> {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![0; self.network.node_count().div_ceil(64)])
    }
    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.network.node_count().div_ceil(64), 0);
    }
}
