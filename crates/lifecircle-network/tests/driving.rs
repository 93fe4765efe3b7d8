//! Driving worked out on paper: a town of squared paper with blocks of 500 m, 72 s each at 25 km/h.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::{
    BuildOptions, DriveProfile, LinkOptions, Linkage, Linker, NetworkBuilder, SearchSpace, StreetNetwork,
    Target, WalkCosts, WalkGraph, nearest_each, route,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{CostUnit, LonLat, NoProgress, StreetNode, StreetRecords, StreetWay, Tags};

const BLOCK_MS: u32 = 72_000;

fn town() -> GridTown {
    GridTown::new(2, 2, 500_000)
}

/// The town with other tags on one street, and tags on one corner.
fn network(way: i64, street: &[(&str, &str)], corner: i64, point: &[(&str, &str)]) -> StreetNetwork {
    let records = town().records();
    let tags = |tags: &[(&str, &str)]| Tags::new(tags.iter().copied());
    let ways = records.ways().iter().map(|known| StreetWay {
        tags: if known.id == way { tags(street) } else { known.tags.clone() },
        ..known.clone()
    });
    let nodes = records.nodes().iter().map(|known| StreetNode {
        tags: if known.id == corner { tags(point) } else { Tags::default() },
        ..known.clone()
    });
    let records = StreetRecords::new(nodes.collect(), ways.collect());
    NetworkBuilder::new(BuildOptions::default()).build(&records).unwrap().value
}

fn link(costs: &WalkCosts, network: &StreetNetwork, at: LonLat) -> Linkage {
    let graph = WalkGraph::new(network, costs).unwrap();
    Linker::new(graph, LinkOptions::default()).link(&[Some(at)])
}

/// Milliseconds of a trip; both searches and the route agree on it.
fn drive(network: &StreetNetwork, costs: &WalkCosts, from: LonLat, to: LonLat) -> Option<u32> {
    let graph = WalkGraph::new(network, costs).unwrap();
    let [from, to] = [from, to].map(|at| link(costs, network, at));
    let target = Target { owner: 0, link: *to.get(0).unwrap() };
    let found = nearest_each(graph, &from, &[vec![target]], None, &NoProgress).unwrap()[0][0];
    let routed = route(graph, from.get(0).unwrap(), &target.link, &mut SearchSpace::new()).unwrap();
    assert_eq!(routed.map(|route| route.cost), found.map(|trip| trip.cost));
    assert_eq!(graph.unit(), CostUnit::Time);
    found.map(|trip| trip.cost.raw())
}

#[test]
fn a_one_way_street_is_driven_around() {
    // the southern street runs one way to the east: back it is four blocks around
    let network = network(town().east_west(0), &[("highway", "residential"), ("oneway", "yes")], 0, &[]);
    let costs = DriveProfile::new(100).costs(&network);
    let [west, east] = [town().position(0, 0), town().position(1, 0)];
    assert_eq!(drive(&network, &costs, west, east), Some(BLOCK_MS));
    assert_eq!(drive(&network, &costs, east, west), Some(3 * BLOCK_MS)); // up, west and down
    // from a station to a home: the same street asked from the other end
    let back = costs.reversed(&network);
    assert_eq!(drive(&network, &back, west, east), Some(3 * BLOCK_MS));
    assert_eq!(drive(&network, &back, east, west), Some(BLOCK_MS));
    // inside the street a car can only go on
    let middle = town().position_at(250_000, 0);
    assert_eq!(drive(&network, &costs, middle, east), Some(BLOCK_MS / 2));
    assert_eq!(drive(&network, &costs, middle, west), Some(BLOCK_MS / 2 + 3 * BLOCK_MS));
}

/// A point at the end of a one-way street stands on the junction: it leaves by the other streets.
#[test]
fn a_point_at_the_end_of_a_one_way_street_takes_the_others() {
    let network = network(town().east_west(0), &[("highway", "residential"), ("oneway", "-1")], 0, &[]);
    let costs = DriveProfile::new(100).costs(&network);
    // the corner is linked to the one-way street, the first of those that meet there; north of it is another street
    let corner = town().position(0, 0);
    let linked = link(&costs, &network, corner);
    assert_eq!(network.way_id(linked.get(0).unwrap().arc), town().east_west(0));
    assert_eq!(drive(&network, &costs, corner, town().position(0, 1)), Some(BLOCK_MS));
    assert_eq!(drive(&network, &costs, town().position(0, 1), corner), Some(BLOCK_MS));
    let east = town().position(2, 0);
    assert_eq!(drive(&network, &costs, east, town().position(2, 1)), Some(BLOCK_MS));
    assert_eq!(drive(&network, &costs, town().position(2, 1), east), Some(BLOCK_MS));
}

#[test]
fn peaks_and_signals_are_paid() {
    let corner = town().node_id(1, 1);
    let streets = [("highway", "residential")];
    let network = network(town().east_west(1), &streets, corner, &[("highway", "traffic_signals")]);
    let [west, east] = [town().position(0, 1), town().position(2, 1)];
    for (peak, expected) in [(100, 2 * BLOCK_MS), (150, 3 * BLOCK_MS), (75, 108_000)] {
        let costs = DriveProfile::new(peak).costs(&network);
        assert_eq!(drive(&network, &costs, west, east), Some(expected + 10_000));
    }
}

#[test]
fn quick_roads_and_blocks() {
    // a main road of 50 km/h, driven at 40: 45 s a block
    let primary = [("highway", "primary"), ("maxspeed", "50")];
    let fast = network(town().east_west(1), &primary, 0, &[]);
    let costs = DriveProfile::new(100).costs(&fast);
    let [west, east] = [town().position(0, 1), town().position(2, 1)];
    assert_eq!(drive(&fast, &costs, west, east), Some(90_000));
    // nobody drives on a footway; its corners are reached by the other streets, eastwards two more blocks
    let foot = network(town().east_west(1), &[("highway", "footway")], 0, &[]);
    let costs = DriveProfile::new(100).costs(&foot);
    assert_eq!(drive(&foot, &costs, west, east), Some(4 * BLOCK_MS));
    // a bollard where two pieces of a way meet closes both; at a junction of more it closes none
    let corner = town().node_id(1, 1);
    let bollard = [("barrier", "bollard")];
    let costs_at = |network: &StreetNetwork| DriveProfile::new(100).costs(network);
    let crossing = network(town().east_west(1), &primary, corner, &bollard);
    assert_eq!(drive(&crossing, &costs_at(&crossing), west, east), Some(90_000));
}

#[test]
fn motorways_stay_in_the_network() {
    let network = network(town().east_west(1), &[("highway", "motorway")], 0, &[]);
    let costs = DriveProfile::new(100).costs(&network);
    let [west, east] = [town().position(0, 1), town().position(2, 1)];
    assert_eq!(drive(&network, &costs, west, east), Some(40_000)); // 1000 m at 90 km/h
    assert_eq!(drive(&network, &costs, east, west), Some(4 * BLOCK_MS));
}
