//! Networks from plain arrays: equal to built ones, and refused when they do not fit together.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::{
    BuildOptions, Error, LinkOptions, Linker, NetworkBuilder, NetworkParts, NodePart, SegmentPart,
    StreetNetwork, WalkCosts, WalkGraph, WalkProfile, WayPart,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{LonLat, Millimetres, Tags};

/// The parts of a built network, nodes in any order.
fn parts(network: &StreetNetwork) -> NetworkParts {
    let mut nodes: Vec<_> = network
        .nodes()
        .map(|node| NodePart { id: network.osm_id(node), position: network.position(node) })
        .collect();
    nodes.reverse();
    let row = |id| u32::try_from(nodes.iter().position(|node| node.id == id).unwrap()).unwrap();
    let mut ways: Vec<WayPart> = network
        .segments()
        .map(|segment| WayPart { id: segment.way_id(), tags: segment.tags().clone() })
        .collect();
    ways.dedup();
    let segment = |segment: lifecircle_network::Segment<'_>| SegmentPart {
        way: u32::try_from(ways.iter().position(|way| way.id == segment.way_id()).unwrap()).unwrap(),
        tail: row(network.osm_id(network.tail(segment.along()))),
        head: row(network.osm_id(network.head(segment.along()))),
        length: segment.length(),
        between: segment.shape()[1..segment.shape().len() - 1].to_vec(),
    };
    let segments = network.segments().map(segment).collect();
    NetworkParts { nodes, ways, segments }
}

#[test]
fn parts_of_a_built_network_build_it_again() {
    let town = GridTown::new(5, 4, 100_000);
    let built = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    assert_eq!(StreetNetwork::from_parts(parts(&built)).unwrap(), built);
}

#[test]
fn a_point_lies_at_the_same_share_of_a_stated_length() {
    // a street of about 222 m that counts as 1000 m, and a point a quarter along it
    let node = |id, lon| NodePart { id, position: LonLat::new(lon, 0.0).unwrap() };
    let network = StreetNetwork::from_parts(NetworkParts {
        nodes: vec![node(1, 0.0), node(2, 0.002)],
        ways: vec![WayPart { id: 1, tags: Tags::new([("highway", "footway")]) }],
        segments: vec![SegmentPart {
            way: 0,
            tail: 0,
            head: 1,
            length: Millimetres::from_metres(1000),
            between: Vec::new(),
        }],
    })
    .unwrap();
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let linker = Linker::new(WalkGraph::new(&network, &costs).unwrap(), LinkOptions::default());
    let links = linker.link(&[Some(LonLat::new(0.0005, 0.0).unwrap())]);
    let offset = links.get(0).unwrap().offset.get();
    assert!(offset.abs_diff(250_000) <= 5, "{offset} mm"); // a millimetre of the course is five of the length
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let town = GridTown::new(1, 1, 100_000);
    let built = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    let check = |what: &str, row: usize, spoil: &dyn Fn(&mut NetworkParts)| {
        let mut parts = parts(&built);
        spoil(&mut parts);
        match StreetNetwork::from_parts(parts) {
            Err(Error::InvalidPart { what: found, row: at }) => {
                assert!(found.contains(what), "{found}");
                assert_eq!(at, row, "{found}");
            }
            other => panic!("{what}: {other:?}"),
        }
    };
    check("id of another", 3, &|parts| parts.nodes[3].id = parts.nodes[0].id);
    check("order of their ids", 1, &|parts| parts.ways[1].id = parts.ways[0].id);
    check("order of their ways", 1, &|parts| parts.segments[0].way = 3);
    check("names no node", 2, &|parts| parts.segments[2].head = 4);
    check("names no way", 3, &|parts| parts.segments[3].way = 9);
    check("no length", 1, &|parts| parts.segments[1].length = Millimetres::new(0));
}
