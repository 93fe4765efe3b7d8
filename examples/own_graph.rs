//! A petgraph graph of one's own: searched within a bound, made a network of, and taken back.
//!
//! `cargo run -p lifecircle-examples --bin own_graph`

use lifecircle_network::petgraph::algo::connected_components;
use lifecircle_network::petgraph::dot::{Config, Dot};
use lifecircle_network::petgraph::graph::UnGraph;
use lifecircle_network::{LinkOptions, Linker, SearchSpace, StreetNetwork, Target, WalkGraph, nearest_each};
use lifecircle_types::{CostUnit, InvalidLonLat, LonLat, NoProgress};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // a square of paths about 111 m a side, in seconds: the northern one is steep
    let mut paths = UnGraph::<LonLat, u32>::new_undirected();
    let corners = [(0.0, 0.0), (0.001, 0.0), (0.001, 0.001), (0.0, 0.001)];
    let corners: Result<Vec<_>, InvalidLonLat> =
        corners.into_iter().map(|(lon, lat)| Ok(paths.add_node(LonLat::new(lon, lat)?))).collect();
    let corners = corners?;
    for (from, to, seconds) in [(0, 1, 100), (1, 2, 110), (2, 3, 240), (3, 0, 90)] {
        paths.add_edge(corners[from], corners[to], seconds);
    }

    // petgraph's own Dijkstra cannot be bounded; this search settles what lies within 200 seconds, and nothing else
    let mut space = SearchSpace::new();
    let reached = space.reach(&paths, &[(corners[0], 0)], 200, |path| *path.weight());
    for (corner, seconds) in reached.iter() {
        print(&format!("corner {}: {seconds} s", corner.index()));
    }

    // as a network, points in the middle of its streets can be linked to it
    let (network, costs) = StreetNetwork::from_petgraph(
        &paths,
        CostUnit::Time,
        |corner| paths[corner],
        |path| Some(1000 * path.weight()),
    )?;
    let walk = WalkGraph::new(&network, &costs)?;
    let linker = Linker::new(walk, LinkOptions::default());
    let doors = linker.link(&[LonLat::new(0.0005, -0.0001).ok(), LonLat::new(0.0005, 0.001).ok()]);
    let fountain = *linker.link(&[LonLat::new(0.001, 0.001).ok()]).get(0).ok_or("no street")?;
    let targets = vec![Target { owner: 0, link: fountain }];
    for (door, trip) in nearest_each(walk, &doors, &[targets], None, &NoProgress)?[0].iter().enumerate() {
        print(&format!("door {door}: {}", trip.ok_or("no way")?.cost));
    }

    // petgraph's algorithms run on the network as it is; a graph of petgraph's own can be changed and drawn
    print(&format!("{} component", connected_components(walk)));
    let mut back = walk.to_petgraph();
    back.retain_edges(|graph, arc| graph[arc].cost() <= 100_000);
    let quick = back.map(|node, _| node.index(), |_, arc| arc.cost() / 1000);
    print(&format!("{}", Dot::with_config(&quick, &[Config::NodeIndexLabel])));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn print(line: &str) {
    println!("{line}");
}
