//! Graphs of one's own: searched by the bounded searches, made networks of, and turned back.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::petgraph::algo::dijkstra;
use lifecircle_network::petgraph::graph::{DiGraph, NodeIndex, UnGraph};
use lifecircle_network::petgraph::stable_graph::StableDiGraph;
use lifecircle_network::petgraph::visit::{EdgeRef, Reversed};
use lifecircle_network::{
    LinkOptions, Linker, SearchSpace, StreetNetwork, Target, WalkCosts, WalkGraph, nearest_each,
};
use lifecircle_types::{CostUnit, LonLat, Millimetres, NoProgress};
use proptest::prelude::{Strategy, prop_assert_eq, proptest};

fn at(node: usize) -> LonLat {
    let node = u32::try_from(node).unwrap();
    LonLat::new(f64::from(node % 8) / 1000.0, f64::from(node / 8) / 1000.0).unwrap()
}

/// Edges among twelve nodes, with parallel ones and loops; free ones too.
fn edges() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    proptest::collection::vec((0..12_u32, 0..12_u32, 0..500_000_u32), 0..40)
}

fn graph(edges: &[(u32, u32, u32)]) -> DiGraph<(), u32> {
    let mut graph = DiGraph::new();
    for _ in 0..12 {
        graph.add_node(());
    }
    for &(from, to, cost) in edges {
        graph.add_edge(from.into(), to.into(), cost);
    }
    graph
}

/// Edge, ends and cost of every passable arc, by the ids of the network.
fn arcs(network: &StreetNetwork, costs: &WalkCosts) -> Vec<(i64, i64, i64, u32)> {
    let mut arcs: Vec<_> = network
        .arcs()
        .filter_map(|arc| {
            let (tail, head) = (network.tail(arc), network.head(arc));
            Some((network.way_id(arc), network.osm_id(tail), network.osm_id(head), costs.cost(arc)?.raw()))
        })
        .collect();
    arcs.sort_unstable();
    arcs
}

fn listed<N, E>(
    graph: &DiGraph<N, E>,
    cost: impl Fn(&E) -> (i64, u32),
    id: impl Fn(usize) -> i64,
) -> Vec<(i64, i64, i64, u32)> {
    let mut arcs: Vec<_> = graph
        .edge_references()
        .map(|edge| {
            let (way, cost) = cost(edge.weight());
            (way, id(edge.source().index()), id(edge.target().index()), cost)
        })
        .collect();
    arcs.sort_unstable();
    arcs
}

proptest! {
    #[test]
    fn a_directed_graph_comes_back_as_it_was(edges in edges(), times in proptest::bool::ANY) {
        let mut given = DiGraph::new();
        for _ in 0..12 {
            given.add_node(());
        }
        for (row, &(from, to, cost)) in edges.iter().enumerate() {
            given.add_edge(from.into(), to.into(), (i64::try_from(row).unwrap(), cost));
        }
        let unit = if times { CostUnit::Time } else { CostUnit::Length };
        let built = StreetNetwork::from_petgraph(&given, unit, |node| at(node.index()), |edge| Some(edge.weight().1));
        let (network, costs) = built.unwrap();
        prop_assert_eq!((network.node_count(), network.segment_count()), (12, edges.len()));
        let expected = listed(&given, |&weight| weight, |index| i64::try_from(index).unwrap());
        prop_assert_eq!(&arcs(&network, &costs), &expected);
        let Ok(walk) = WalkGraph::new(&network, &costs) else {
            prop_assert_eq!(edges.len(), 0);
            return Ok(());
        };
        let back = walk.to_petgraph();
        let id = |index| network.osm_id(lifecircle_network::NodeIx(u32::try_from(index).unwrap()));
        prop_assert_eq!(listed(&back, |arc| (network.way_id(arc.id()), arc.cost()), id), expected);
        for node in back.node_indices() {
            prop_assert_eq!(back[node], at(usize::try_from(id(node.index())).unwrap()));
        }
    }

    #[test]
    fn bounded_searches_run_on_a_graph_of_ones_own(edges in edges(), from in 0..12_u32, cutoff in 0..800_000_u32) {
        let graph = graph(&edges);
        let mut stable: StableDiGraph<(), u32> = graph.clone().into();
        let mut space = SearchSpace::new();
        let expected = dijkstra(&graph, from.into(), None, |edge| *edge.weight());
        let reached = space.reach(&graph, &[(from.into(), 0)], cutoff, |edge| *edge.weight());
        for node in graph.node_indices() {
            let cost = expected.get(&node).copied().filter(|&cost| cost <= cutoff);
            prop_assert_eq!(reached.cost(node), cost);
        }
        // the same on the network made of it, by id
        let built = StreetNetwork::from_petgraph(&graph, CostUnit::Length, |node| at(node.index()), |edge| Some(*edge.weight()));
        let (network, costs) = built.unwrap();
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let seed = network.node(from.into()).unwrap();
            let reached = space.reach(walk, &[(seed, 0)], cutoff, |arc| arc.cost());
            for node in graph.node_indices() {
                let cost = expected.get(&node).copied().filter(|&cost| cost <= cutoff);
                let here = network.node(i64::try_from(node.index()).unwrap()).unwrap();
                prop_assert_eq!(reached.cost(here), cost);
            }
        }
        // a graph with a hole in its indices, and the way there instead of the way back
        let hole = NodeIndex::new(usize::try_from((from + 1) % 12).unwrap());
        stable.remove_node(hole);
        let there = dijkstra(Reversed(&stable), from.into(), None, |edge| *edge.weight());
        let nearest = space.nearest(Reversed(&stable), &[(from.into(), 0, 7)], cutoff, |edge| *edge.weight());
        for node in stable.node_indices() {
            let cost = there.get(&node).copied().filter(|&cost| cost <= cutoff);
            prop_assert_eq!(nearest.get(node), cost.map(|cost| (cost, 7)));
        }
    }
}

#[test]
fn an_undirected_edge_is_walked_both_ways() {
    let mut streets = UnGraph::<LonLat, u32>::new_undirected();
    let [a, b, c] = [0, 1, 2].map(|node| streets.add_node(at(node)));
    streets.add_edge(a, b, 120_000);
    streets.add_edge(a, b, 130_000); // beside it
    streets.add_edge(c, c, 50_000); // around a square
    let closed = streets.add_edge(b, c, 111_000);
    let built = StreetNetwork::from_petgraph(
        &streets,
        CostUnit::Length,
        |node| streets[node],
        |edge| (edge.id() != closed).then_some(*edge.weight()),
    );
    let (network, costs) = built.unwrap();
    let expected = [
        (0, 0, 1, 120_000),
        (0, 1, 0, 120_000),
        (1, 0, 1, 130_000),
        (1, 1, 0, 130_000),
        (2, 2, 2, 50_000),
        (2, 2, 2, 50_000),
    ];
    assert_eq!(arcs(&network, &costs), expected);
    // the closed street is there, as long as its line
    assert_eq!(network.segment_count(), 4);
    let lengths: Vec<u32> = network.segments().map(|segment| segment.length().get()).collect();
    assert_eq!(lengths, [120_000, 130_000, 50_000, at(1).length_to(at(2)).get()]);
}

#[test]
fn holes_in_the_indices_stay_ids() {
    let mut graph = StableDiGraph::<LonLat, u32>::new();
    let nodes = [0, 1, 2, 3].map(|node| graph.add_node(at(node)));
    let edges =
        [(0, 1), (1, 2), (2, 3), (0, 3)].map(|(from, to)| graph.add_edge(nodes[from], nodes[to], 60_000));
    graph.remove_node(nodes[1]); // and two edges with it
    let built =
        StreetNetwork::from_petgraph(&graph, CostUnit::Time, |node| graph[node], |edge| Some(*edge.weight()));
    let (network, costs) = built.unwrap();
    assert_eq!(network.node_count(), 3);
    assert_eq!(arcs(&network, &costs), [(2, 2, 3, 60_000), (3, 0, 3, 60_000)]);
    assert_eq!(edges[3].index(), 3);
}

#[test]
fn whole_trips_run_on_the_network_of_a_graph() {
    let streets = UnGraph::<(), u32>::from_edges([(0, 1, 200_000), (1, 2, 300_000)]);
    let built = StreetNetwork::from_petgraph(
        &streets,
        CostUnit::Length,
        |node| at(node.index()),
        |edge| Some(*edge.weight()),
    );
    let (network, costs) = built.unwrap();
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let linker = Linker::new(walk, LinkOptions::default());
    // a quarter along the first street to the end of the second
    let points = linker.link(&[LonLat::new(0.000_25, 0.0).ok(), Some(at(2))]);
    let target = Target { owner: 3, link: *points.get(1).unwrap() };
    let trip = nearest_each(walk, &points, &[vec![target]], None, &NoProgress).unwrap()[0][0].unwrap();
    let expected = Millimetres::new(150_000 + 300_000);
    assert!(trip.cost.raw().abs_diff(expected.get()) <= 2, "{trip:?}");
}
