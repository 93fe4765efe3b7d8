//! From a petgraph graph of one's own to a network, and back.
//!
//! An edge of the graph becomes a segment: of an undirected graph passable both ways, of a directed one from its source to
//! its target alone, so that two opposite edges are two segments. Parallel edges and loops stay as they are, and a node
//! without edges stays too. Nodes get the index of theirs as id, segments that of their edge as the id of their way, so both
//! are found again; a graph with holes in its indices, such as a `StableGraph`, keeps them.

use lifecircle_types::{CostUnit, LonLat, Millimetres, Tags};
use petgraph::graph::DiGraph;
use petgraph::visit::{
    EdgeIndexable, EdgeRef, GraphProp, IntoEdgeReferences, IntoNodeIdentifiers, NodeIndexable,
};

use crate::costs::WalkCosts;
use crate::error::{Result, count};
use crate::graph::{WalkArc, WalkGraph};
use crate::network::{StreetNetwork, piece_mm};
use crate::parts::{NetworkParts, NodePart, SegmentPart, WayPart};
use crate::profile::WalkProfile;

impl StreetNetwork {
    /// Builds a network and its costs from a petgraph graph: `position` says where a node is, `cost` what an edge takes in
    /// `unit`, `None` for one that cannot be passed.
    ///
    /// Where costs are lengths a segment is as long as it costs, at least a millimetre; where they are times, or there is
    /// no cost, it is as long as the straight line between its ends. Its way has the tag `highway=footway`; the costs
    /// alone decide who passes. They have the key and the pace of [`WalkProfile::standard`]. Takes O(n log n).
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::Error::TooMany) beyond 2^32 - 2 nodes or 2^31 - 1 edges.
    ///
    /// # Panics
    /// When the graph numbers two nodes or two edges alike.
    ///
    /// ```
    /// # use lifecircle_network::{StreetNetwork, WalkGraph, petgraph};
    /// # use lifecircle_types::{CostUnit, LonLat, Millimetres};
    /// use petgraph::graph::UnGraph;
    /// // three corners in a row, 111 m apart, with a steep street that counts 150 m
    /// let streets = UnGraph::<(), u32>::from_edges([(0, 1, 111_195), (1, 2, 150_000)]);
    /// let corners = [LonLat::new(0.0, 0.0)?, LonLat::new(0.001, 0.0)?, LonLat::new(0.002, 0.0)?];
    /// let at = |node: petgraph::graph::NodeIndex| corners[node.index()];
    /// let (network, costs) =
    ///     StreetNetwork::from_petgraph(&streets, CostUnit::Length, at, |edge| Some(*edge.weight()))?;
    /// let walk = WalkGraph::new(&network, &costs)?;
    /// let last = network.node(2).expect("the id is the index");
    /// let arc = network.out_arcs(last).next().unwrap();
    /// assert_eq!((network.way_id(arc), network.length(arc)), (1, Millimetres::from_metres(150)));
    /// assert_eq!(walk.to_petgraph().edge_count(), 4); // both ways
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_petgraph<G>(
        graph: G,
        unit: CostUnit,
        mut position: impl FnMut(G::NodeId) -> LonLat,
        mut cost: impl FnMut(G::EdgeRef) -> Option<u32>,
    ) -> Result<(Self, WalkCosts)>
    where
        G: IntoNodeIdentifiers + IntoEdgeReferences + NodeIndexable + EdgeIndexable + GraphProp,
    {
        let mut parts = NetworkParts::default();
        let mut row_of = vec![None; graph.node_bound()];
        for node in graph.node_identifiers() {
            let index = NodeIndexable::to_index(&graph, node);
            let row = count("nodes", parts.nodes.len(), u32::MAX - 1)?;
            assert!(row_of[index].replace(row).is_none(), "two nodes are numbered {index}");
            parts.nodes.push(NodePart { id: id(index), position: position(node) });
        }
        let row =
            |node| row_of[NodeIndexable::to_index(&graph, node)].expect("an edge joins nodes of its graph");
        let mut edges: Vec<(usize, u32, u32, Option<u32>)> = graph
            .edge_references()
            .map(|edge| {
                let index = EdgeIndexable::to_index(&graph, edge.id());
                (index, row(edge.source()), row(edge.target()), cost(edge))
            })
            .collect();
        edges.sort_unstable_by_key(|edge| edge.0);
        for &(index, tail, head, cost) in &edges {
            let ends = [tail, head].map(|end| parts.nodes[end as usize].position);
            let length = match cost.filter(|_| unit == CostUnit::Length) {
                Some(cost) => cost.max(1),
                None => piece_mm(ends[0], ends[1]),
            };
            let way = count("edges", parts.ways.len(), u32::MAX / 2)?;
            let unlike = parts.ways.last().is_none_or(|last| last.id != id(index));
            assert!(unlike, "two edges are numbered {index}");
            parts.ways.push(WayPart { id: id(index), tags: Tags::new([("highway", "footway")]) });
            let length = Millimetres::new(length);
            parts.segments.push(SegmentPart { way, tail, head, length, between: vec![] });
        }
        let network = Self::from_parts(parts)?;
        let both_ways = !graph.is_directed();
        let costs = WalkCosts::custom(&network, &WalkProfile::standard(), unit, |arc| {
            // one way an edge, in their order: a segment has the row of its edge
            let passes = both_ways || !network.is_against(arc);
            edges[network.segment_of(arc)].3.filter(|_| passes)
        });
        Ok((network, costs))
    }
}

fn id(index: usize) -> i64 {
    i64::try_from(index).expect("indices of what lies in memory are below 2^63")
}

impl WalkGraph<'_> {
    /// The graph as one of petgraph's own, to be changed, drawn or given to who wants a `DiGraph`: node `v` has the index
    /// `v` and its position as weight; edges are the passable arcs in their order, each with its [`WalkArc`].
    ///
    /// Takes O(n + m) and a copy. petgraph's algorithms need none: they run on a `WalkGraph` as it is.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, NetworkBuilder, WalkCosts, WalkGraph, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # let town = GridTown::new(1, 1, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    /// let mut graph = WalkGraph::new(&network, &costs)?.to_petgraph();
    /// assert_eq!((graph.node_count(), graph.edge_count()), (4, 8));
    /// graph.retain_edges(|graph, edge| graph[edge].cost() < 100_000); // all are a block of 100 m
    /// assert_eq!(graph.edge_count(), 0);
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    #[must_use]
    pub fn to_petgraph(self) -> DiGraph<LonLat, WalkArc> {
        let network = self.network();
        let mut graph = DiGraph::with_capacity(network.node_count(), self.costs().passable_count());
        for node in network.nodes() {
            graph.add_node(network.position(node));
        }
        for arc in self.edge_references() {
            graph.add_edge(arc.source().0.into(), arc.target().0.into(), arc);
        }
        graph
    }
}
