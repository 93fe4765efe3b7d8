//! Porto Alegre from its map extract against tables of another tool: the reader, the building of streets, the
//! linkage to the inside of streets and the search, all in one.

use lifecircle::io::{OsmOptions, read_bytes, read_osm_pbf};
use lifecircle::network::{
    BuildOptions, LinkOptions, Linker, NetworkBuilder, StreetNetwork, Target, WalkCosts, WalkGraph,
    WalkProfile, nearest_each,
};
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::{Cost, CostUnit, LonLat, NoProgress, Tags};
use lifecircle_testkit::oracle::{self, OracleTable};

fn network(pbf: &std::path::Path) -> StreetNetwork {
    let bytes = read_bytes(pbf).expect("the extract is there");
    let options = OsmOptions::default();
    let extract =
        read_osm_pbf(&bytes, "poa", &Catalogue::builtin(), &options, &NoProgress).expect("it is whole");
    NetworkBuilder::new(BuildOptions::default()).build(&extract.value.streets).expect("it has streets").value
}

/// The oracle's graph has every point of a street as a node; ours has only junctions, so each of its nodes is
/// linked to the inside of a street, at no distance. Both round the length of every piece of street to the
/// millimetre, so the lengths of trips are equal.
#[test]
fn nearest_from_every_point_of_every_street() {
    const TEST: &str = "nearest from every street point, from the extract";
    let (Some(pbf), Some(nodes), Some(hexes), Some(nearest)) = (
        oracle::file(TEST, "data/poa/poa_osm.pbf"),
        OracleTable::read(TEST, "oracles/porto_alegre/nodes.csv"),
        OracleTable::read(TEST, "oracles/porto_alegre/hexes.csv"),
        OracleTable::read(TEST, "oracles/porto_alegre/nearest_every_node.csv"),
    ) else {
        return;
    };
    let network = network(&pbf);
    let walker = WalkProfile::standard();
    // the oracle closes every trunk road without a sidewalk, the profile only fast ones
    let sidewalks = ["sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both"];
    let closed = |tags: &Tags| {
        matches!(tags.get("highway"), Some("trunk" | "trunk_link"))
            && tags.get("foot").is_none()
            && !sidewalks.iter().any(|key| tags.get(key).is_some_and(|value| !matches!(value, "no" | "none")))
    };
    let lengths = WalkCosts::custom(&network, &walker, CostUnit::Length, |arc| {
        let tags = network.tags(arc);
        (walker.permits(tags) && !closed(tags)).then(|| network.length(arc).get())
    });
    let graph = WalkGraph::new(&network, &lengths).unwrap();
    let points: Vec<Option<LonLat>> = nodes
        .numbers("lon")
        .zip(nodes.numbers("lat"))
        .map(|(lon, lat)| LonLat::new(lon.unwrap(), lat.unwrap()).ok())
        .collect();
    // nodes of islands are linked to their island: the oracle knows no preference
    let options = LinkOptions::default().island_penalty(lifecircle::types::Millimetres::ZERO);
    let links = Linker::new(graph, options).link(&points);
    let farthest = links.links().map(|link| link.unwrap().off_street.get()).max().unwrap();
    assert!(farthest <= 5, "every node lies on a street, the farthest {farthest} mm away");

    let mut compared = 0;
    for service in ["schools", "healthcare"] {
        let targets: Vec<Target> = hexes
            .numbers(service)
            .zip(hexes.numbers("node"))
            .filter(|(count, _)| count.is_some_and(|count| count > 0.0))
            .map(|(_, node)| format!("{}", node.unwrap()).parse::<u32>().unwrap())
            .map(|node| Target { owner: node, link: *links.get(node as usize).unwrap() })
            .collect();
        let ours = nearest_each(graph, &links, &[targets], None, &NoProgress).unwrap().remove(0);
        for (row, (trip, expected)) in ours.iter().zip(nearest.numbers(&format!("{service}_m"))).enumerate() {
            match (trip, expected) {
                (Some(trip), Some(expected)) => {
                    let Cost::Length(length) = trip.cost else { panic!("lengths were asked for") };
                    let gap = (length.as_metres_f64() - expected).abs();
                    assert!(gap < 0.0005, "node {row}: {length} is not {expected} m to {service}");
                }
                (None, None) => {}
                (ours, theirs) => panic!("node {row}: {ours:?} here, {theirs:?} there"),
            }
            compared += 1;
        }
    }
    assert!(compared > 75_000, "{compared}");
    oracle::compared(TEST, compared);
}
