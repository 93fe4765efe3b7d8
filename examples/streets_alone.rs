//! The street network alone: how far is the nearest of two fountains from four doors?
//!
//! `cargo run -p lifecircle-examples --bin streets_alone`

use lifecircle_network::{
    BuildOptions, LinkOptions, Linker, NetworkBuilder, Target, WalkCosts, WalkGraph, WalkProfile,
    nearest_each, petgraph::algo::connected_components,
};
use lifecircle_types::{LonLat, NoProgress, StreetNode, StreetRecords, StreetWay, Tags};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // a square of four streets, about 111 m a side, and a path across
    let corner = |id, lon, lat| {
        Ok::<_, lifecircle_types::InvalidLonLat>(StreetNode {
            id,
            position: LonLat::new(lon, lat)?,
            tags: Tags::default(),
        })
    };
    let nodes =
        vec![corner(1, 0.0, 0.0)?, corner(2, 0.001, 0.0)?, corner(3, 0.001, 0.001)?, corner(4, 0.0, 0.001)?];
    let street = |id, nodes: &[i64], kind| StreetWay {
        id,
        nodes: nodes.to_vec(),
        tags: Tags::new([("highway", kind)]),
    };
    let records = StreetRecords::new(
        nodes,
        vec![street(10, &[1, 2, 3, 4, 1], "residential"), street(11, &[1, 3], "footway")],
    );

    let network = NetworkBuilder::new(BuildOptions::default()).build(&records)?.value;
    let lengths = WalkCosts::lengths(&network, &WalkProfile::standard());
    let graph = WalkGraph::new(&network, &lengths)?;
    print(&format!("{} junctions in {} component", network.node_count(), connected_components(graph)));

    let linker = Linker::new(graph, LinkOptions::default());
    let at = |lon, lat| LonLat::new(lon, lat).ok();
    let doors = linker.link(&[at(0.0005, -0.0001), at(0.0011, 0.0005), at(0.0005, 0.0005), at(1.0, 1.0)]);
    let fountains = linker.link(&[at(0.0, 0.0), at(0.001, 0.0008)]);
    let targets =
        (0..).zip(fountains.links()).filter_map(|(owner, link)| Some(Target { owner, link: *link? }));
    let trips = nearest_each(graph, &doors, &[targets.collect()], None, &NoProgress)?.remove(0);
    for (door, trip) in trips.iter().enumerate() {
        match trip {
            Some(trip) => print(&format!("door {door}: fountain {}, {}", trip.owner, trip.cost)),
            None => print(&format!("door {door}: no street within reach")),
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn print(line: &str) {
    println!("{line}");
}
