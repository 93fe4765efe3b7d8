//! The view of petgraph: its algorithms run on a `WalkGraph` as they are, and say what a small town shows.
//!
//! The town is one block with a dead end (ids in brackets, lengths in blocks of 100 m):
//!
//! ```text
//! [3]---[4]
//!  |     |
//! [1]---[2]---[5]
//! ```

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::petgraph::algo::{
    all_simple_paths, articulation_points::articulation_points, astar, connected_components, dijkstra,
    dominators, floyd_warshall, has_path_connecting, is_cyclic_directed, k_shortest_path, kosaraju_scc,
    min_spanning_tree, tarjan_scc,
};
use lifecircle_network::petgraph::data::Element;
use lifecircle_network::petgraph::dot::Dot;
use lifecircle_network::petgraph::visit::{
    Bfs, Dfs, EdgeCount, EdgeFiltered, EdgeIndexable, EdgeRef, IntoEdgeReferences, IntoEdges,
    IntoEdgesDirected, IntoNeighbors, IntoNodeIdentifiers, IntoNodeReferences, NodeCount, NodeFiltered,
    NodeIndexable, Reversed, UndirectedAdaptor, VisitMap, Visitable,
};
use lifecircle_network::petgraph::{Direction, visit::GraphProp};
use lifecircle_network::{
    ArcIx, BuildOptions, NetworkBuilder, NodeIx, StreetNetwork, WalkCosts, WalkGraph, WalkProfile,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{StreetNode, StreetRecords, StreetWay, Tags, TravelTime};

const BLOCK: u32 = 100_000;

fn network() -> StreetNetwork {
    let town = GridTown::new(1, 1, BLOCK);
    let records = town.records();
    let (mut nodes, mut ways) = (records.nodes().to_vec(), records.ways().to_vec());
    nodes.push(StreetNode { id: 5, position: town.position(2, 0), tags: Tags::default() });
    ways.push(StreetWay { id: 9, nodes: vec![2, 5], tags: Tags::new([("highway", "footway")]) });
    let records = StreetRecords::new(nodes, ways);
    NetworkBuilder::new(BuildOptions::default()).build(&records).unwrap().value
}

fn with_walk(test: impl FnOnce(WalkGraph<'_>, &dyn Fn(i64) -> NodeIx)) {
    let network = network();
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    test(WalkGraph::new(&network, &costs).unwrap(), &|id| network.node(id).unwrap());
}

#[test]
fn shortest_paths() {
    with_walk(|walk, node| {
        for costs in [
            dijkstra(walk, node(5), None, |arc| *arc.weight()),
            dijkstra(Reversed(walk), node(5), None, |arc| *arc.weight()),
        ] {
            // from the dead end: itself, one block, two blocks twice, three blocks
            let mut blocks: Vec<_> = costs.values().map(|cost| cost / BLOCK).collect();
            blocks.sort_unstable();
            assert_eq!(blocks, [0, 1, 2, 2, 3]);
        }
        let (cost, path) = astar(&walk, node(5), |at| at == node(1), |arc| *arc.weight(), |_| 0).unwrap();
        assert_eq!((cost, path), (2 * BLOCK, vec![node(5), node(2), node(1)]));
        // without the dead end's street nobody gets out of it
        let without = EdgeFiltered::from_fn(walk, |arc| arc.source() != node(5) && arc.target() != node(5));
        assert_eq!(dijkstra(&without, node(5), None, |arc| *arc.weight()).len(), 1);
    });
}

#[test]
fn a_time_is_a_measure_and_the_view_is_its_own_reference() {
    with_walk(|walk, node| {
        let minute = |blocks: u32| TravelTime::from_minutes(blocks);
        let by_value = dijkstra(walk, node(5), None, |arc| minute(arc.cost() / BLOCK));
        let by_reference = dijkstra(&walk, node(5), None, |arc| minute(arc.cost() / BLOCK));
        assert_eq!(by_value[&node(3)], minute(3));
        assert_eq!(by_value, by_reference);
    });
    fn shared_between_threads<T: Copy + Send + Sync>() {}
    shared_between_threads::<WalkGraph<'_>>();
}

#[test]
fn second_ways_and_all_pairs() {
    with_walk(|walk, node| {
        // from the dead end to [1]: two blocks, or four around the block (or there and back)
        let second = k_shortest_path(walk, node(5), Some(node(1)), 2, |arc| *arc.weight());
        assert_eq!(second[&node(1)], 4 * BLOCK);
        let pairs = floyd_warshall(walk, |arc| *arc.weight()).unwrap();
        assert_eq!(pairs.len(), 25);
        assert_eq!((pairs[&(node(5), node(3))], pairs[&(node(3), node(5))]), (3 * BLOCK, 3 * BLOCK));
        let paths = all_simple_paths::<Vec<_>, _, std::hash::RandomState>(walk, node(5), node(1), 0, None);
        let mut lengths: Vec<usize> = paths.map(|path| path.len()).collect();
        lengths.sort_unstable();
        assert_eq!(lengths, [3, 5]);
    });
}

#[test]
fn parts_and_adaptors() {
    with_walk(|walk, node| {
        assert_eq!(tarjan_scc(walk).len(), 1);
        assert!(is_cyclic_directed(walk));
        assert!(has_path_connecting(walk, node(5), node(3), None));
        // whoever comes from the dead end passes its corner
        let above = dominators::simple_fast(walk, node(5));
        assert_eq!(above.immediate_dominator(node(3)), Some(node(2)));
        // without that corner the dead end is alone
        let without = NodeFiltered::from_fn(walk, |at| at != node(2));
        assert!(!has_path_connecting(&without, node(5), node(1), None));
        assert_eq!(dijkstra(&without, node(1), None, |arc| *arc.weight()).len(), 3);
        // every street both ways, twice
        assert_eq!(UndirectedAdaptor(walk).neighbors(node(2)).count(), 6);
        let drawn = format!("{:?}", Dot::new(walk));
        assert_eq!((drawn.matches("->").count(), drawn.matches("label").count()), (10, 15));
    });
}

#[test]
fn traversals_and_components() {
    with_walk(|walk, node| {
        let mut bfs = Bfs::new(walk, node(1));
        let mut order = vec![];
        while let Some(at) = bfs.next(walk) {
            order.push(at);
        }
        assert_eq!((order.len(), order[0], order[4]), (5, node(1), node(5).max(order[4])));
        let mut dfs = Dfs::new(&walk, node(5));
        let mut seen = 0;
        while dfs.next(&walk).is_some() {
            seen += 1;
        }
        assert_eq!(seen, 5);
        assert_eq!(kosaraju_scc(walk).len(), 1);
        assert_eq!(connected_components(walk), 1);
        let points: Vec<_> = articulation_points(walk).into_iter().collect();
        assert_eq!(points, [node(2)]); // whoever goes to the dead end passes it
        let edges = min_spanning_tree(walk).filter(|element| matches!(element, Element::Edge { .. }));
        assert_eq!(edges.count(), 4); // five nodes, one tree
    });
}

#[test]
fn counts_indices_and_exact_sizes() {
    with_walk(|walk, node| {
        assert_eq!((walk.node_count(), walk.edge_count()), (5, 10));
        assert_eq!((walk.node_bound(), walk.edge_bound()), (5, 10));
        assert!(walk.is_directed());
        assert_eq!(walk.node_identifiers().len(), 5);
        assert_eq!(walk.node_references().len(), 5);
        assert_eq!(walk.edge_references().len(), 10);
        assert_eq!(walk.edges(node(2)).len(), 3);
        assert_eq!(walk.neighbors(node(2)).len(), 3);
        for at in walk.node_identifiers() {
            assert_eq!(NodeIndexable::from_index(&walk, NodeIndexable::to_index(&walk, at)), at);
            let entering = walk.edges_directed(at, Direction::Incoming);
            assert!(entering.clone().all(|arc| arc.target() == at));
            assert_eq!(entering.len(), walk.edges(at).len());
        }
        for arc in walk.edge_references() {
            assert_eq!(walk.network().tail(arc.id()), arc.source());
            assert_eq!(walk.network().head(arc.id()), arc.target());
            assert_eq!(<WalkGraph<'_> as EdgeIndexable>::from_index(&walk, arc.id().index()), arc.id());
        }
        let mut map = walk.visit_map();
        assert!(map.visit(node(1)) && !map.visit(node(1)) && map.is_visited(&node(1)));
        assert!(map.unvisit(node(1)) && !map.unvisit(node(1)) && !map.is_visited(&node(1)));
    });
}

#[test]
fn impassable_arcs_are_not_shown_but_keep_their_index() {
    let network = network();
    let one_way =
        WalkCosts::custom(&network, &WalkProfile::standard(), lifecircle_types::CostUnit::Length, |arc| {
            (network.way_id(arc) != 9 || network.osm_id(network.head(arc)) == 5).then_some(1)
        });
    let walk = WalkGraph::new(&network, &one_way).unwrap();
    let (dead_end, corner) = (network.node(5).unwrap(), network.node(2).unwrap());
    assert_eq!((walk.edge_count(), walk.edge_bound()), (9, 10));
    assert_eq!((walk.edges(dead_end).len(), walk.edges(corner).len()), (0, 3));
    assert_eq!(walk.edges_directed(dead_end, Direction::Incoming).len(), 1);
    assert_eq!(kosaraju_scc(walk).len(), 2);
    let shown: Vec<ArcIx> = walk.edge_references().map(|arc| arc.id()).collect();
    assert!(network.arcs().all(|arc| shown.contains(&arc) == one_way.permits(arc)));
}
