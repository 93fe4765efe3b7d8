//! Towns on squared paper: every number here is worked out by hand.
//!
//! Blocks are 100 m; corners are (blocks east, blocks north).

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::{
    BuildOptions, Error, Link, LinkFate, LinkOptions, Linkage, Linker, MatrixOptions, NearestTrip,
    NetworkBuilder, SearchSpace, StreetNetwork, Target, WalkCosts, WalkGraph, WalkProfile, nearest_each,
    petgraph::visit::EdgeRef, travel_matrix,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{
    Cancelled, Cost, CostUnit, DemandIx, FacilityIx, Imported, LonLat, Millimetres, NoProgress, Progress,
    StreetNode, StreetRecords, StreetWay, Tags, TravelTime,
};

const BLOCK: u32 = 100_000;

fn built(records: &StreetRecords) -> Imported<StreetNetwork> {
    let built = NetworkBuilder::new(BuildOptions::default()).build(records).unwrap();
    assert!(built.fate.balances(), "{}", built.fate);
    built
}

fn link(walk: WalkGraph<'_>, position: LonLat) -> Link {
    *Linker::new(walk, LinkOptions::default()).link(&[Some(position)]).get(0).unwrap()
}

/// The cost of the trip between two positions, checked against the matrix, in both its directions.
fn trip(walk: WalkGraph<'_>, from: LonLat, to: LonLat) -> Option<Cost> {
    let linker = Linker::new(walk, LinkOptions::default());
    let origins = linker.link(&[Some(from)]);
    let target = Target { owner: 0, link: link(walk, to) };
    let nearest = nearest_each(walk, &origins, &[vec![target]], None, &NoProgress).unwrap();
    let cost = nearest[0][0].map(|trip| trip.cost);
    let far = MatrixOptions::new(walk.unit().cost(u32::MAX));
    let matrix = travel_matrix(walk, &origins, &[target], 1, &far, &NoProgress).unwrap();
    assert_eq!(matrix.get(DemandIx(0), FacilityIx(0)), cost);
    // two origins against one facility: the matrix searches from the facility
    let twice = linker.link(&[Some(from), Some(from)]);
    let matrix = travel_matrix(walk, &twice, &[target], 1, &far, &NoProgress).unwrap();
    assert_eq!(matrix.get(DemandIx(1), FacilityIx(0)), cost);
    cost
}

fn metres(metres: u32) -> Option<Cost> {
    Some(Millimetres::from_metres(metres).into())
}

#[test]
fn every_block_is_as_long_as_drawn() {
    let town = GridTown::new(30, 20, BLOCK);
    let network = built(&town.records()).value;
    assert_eq!(network.node_count(), 31 * 21);
    assert_eq!(network.segment_count(), 30 * 21 + 20 * 31);
    assert_eq!(
        (town.corners() as usize, town.pieces() as usize),
        (network.node_count(), network.segment_count())
    );
    for arc in network.arcs() {
        assert_eq!(network.length(arc).get(), BLOCK);
        let ends: Vec<_> = network.shape(arc).collect();
        assert_eq!(ends, [network.position(network.tail(arc)), network.position(network.head(arc))]);
        assert_eq!(network.opposite(network.opposite(arc)), arc);
        assert_eq!(network.tail(network.opposite(arc)), network.head(arc));
    }
    for node in network.nodes() {
        assert!(network.out_arcs(node).all(|arc| network.tail(arc) == node));
        assert!(network.in_arcs(node).all(|arc| network.head(arc) == node));
        assert_eq!(network.in_arcs(node).len(), network.out_arcs(node).len());
        assert_eq!(network.node(network.osm_id(node)), Some(node));
    }
}

#[test]
fn reach_is_a_diamond() {
    let town = GridTown::new(20, 20, BLOCK);
    let network = built(&town.records()).value;
    let middle = network.node(town.node_id(10, 10)).unwrap();
    let times = WalkCosts::times(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &times).unwrap();
    let mut space = SearchSpace::new();
    for k in 0..=10 {
        // a block takes 90 s: after k * 90 s, inclusive, all corners within k blocks are reached
        let mut reach = |millis| space.reach(walk, &[(middle, 0)], millis, |arc| *arc.weight()).len();
        assert_eq!(reach(k * 90_000), GridTown::diamond(k) as usize);
        if k > 0 {
            assert_eq!(reach(k * 90_000 - 1), GridTown::diamond(k - 1) as usize);
        }
    }
    // 1000 m in 15 minutes: 10 blocks, 2 * 10 * 11 + 1 corners
    let quarter = TravelTime::from_minutes(15).as_millis();
    assert_eq!(space.reach(walk, &[(middle, 0)], quarter, |arc| *arc.weight()).len(), 221);
}

#[test]
fn part_of_a_street_at_either_end_and_the_legs_off_the_street() {
    let town = GridTown::new(4, 4, BLOCK);
    let network = built(&town.records()).value;
    let lengths = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &lengths).unwrap();
    // 30 m east of (0, 0) on the southern edge, 7 m south of it; to 20 m north of (3, 1), 5 m east of that street:
    // 7 + (100 - 30) to (1, 0) + 2 blocks to (3, 0) + 1 block to (3, 1) + 20 + 5
    let (from, to) = (town.position_at(30_000, -7_000), town.position_at(305_000, 120_000));
    assert_eq!(trip(walk, from, to), metres(7 + 70 + 200 + 100 + 20 + 5));
    assert_eq!(trip(walk, to, from), metres(7 + 70 + 200 + 100 + 20 + 5));
    // the same at 1000 m in 15 minutes, 0.9 s a metre
    let times = WalkCosts::times(&network, &WalkProfile::standard());
    let timed = WalkGraph::new(&network, &times).unwrap();
    assert_eq!(trip(timed, from, to), Some(TravelTime::from_millis(402 * 900).into()));
}

#[test]
fn two_points_on_one_street_take_the_direct_stretch() {
    let town = GridTown::new(2, 2, BLOCK);
    let network = built(&town.records()).value;
    let lengths = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &lengths).unwrap();
    // 20 m and 70 m along the same block, 3 m and 4 m off it on both sides: 3 + 50 + 4
    let (a, b) = (town.position_at(20_000, 3_000), town.position_at(70_000, -4_000));
    assert_eq!(trip(walk, a, b), metres(57));
    assert_eq!(trip(walk, b, a), metres(57));
    // in the same place: the two legs
    assert_eq!(trip(walk, a, town.position_at(20_000, -9_000)), metres(12));
    // where the street may only be walked eastwards the way back goes round the block:
    // from 70 m on to the corner 30, three blocks, and 20 to the start, which is entered from the west
    let south = town.east_west(0);
    let one_way = WalkCosts::custom(&network, &WalkProfile::standard(), CostUnit::Length, |arc| {
        let east = network.position(network.tail(arc)).lon() < network.position(network.head(arc)).lon();
        (network.way_id(arc) != south || east).then(|| network.length(arc).get())
    });
    let walk = WalkGraph::new(&network, &one_way).unwrap();
    assert_eq!(trip(walk, a, b), metres(57));
    assert_eq!(trip(walk, b, a), metres(4 + 30 + 300 + 20 + 3));
}

#[test]
fn the_nearest_facility_and_its_owner() {
    let town = GridTown::new(10, 1, BLOCK);
    let network = built(&town.records()).value;
    let lengths = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &lengths).unwrap();
    let homes: Vec<_> = (0..=10).map(|x| Some(town.position(x, 0))).collect();
    let homes = Linker::new(walk, LinkOptions::default()).link(&homes);
    let target = |owner, x| Target { owner, link: link(walk, town.position(x, 0)) };
    // schools at 2 and 8, the second with another entrance at 10: the middle, 5, is 3 blocks from both
    let schools = vec![target(7, 2), target(4, 8), target(4, 10)];
    let cutoff = Some(Millimetres::from_metres(200).into());
    let answer = nearest_each(walk, &homes, &[schools.clone(), vec![]], None, &NoProgress).unwrap();
    let found: Vec<_> = answer[0].iter().map(|trip| trip.map(|t| (t.owner, t.cost.raw() / BLOCK))).collect();
    let expected = [(7, 2), (7, 1), (7, 0), (7, 1), (7, 2), (4, 3), (4, 2), (4, 1), (4, 0), (4, 1), (4, 0)];
    assert_eq!(found, expected.map(Some));
    assert_eq!(answer[1], [None; 11]);
    let near = nearest_each(walk, &homes, &[schools], cutoff, &NoProgress).unwrap();
    let beyond: Vec<usize> = (0..11).filter(|&home| near[0][home].is_none()).collect();
    assert_eq!(beyond, [5]); // all others are at most two blocks away, inclusive
    assert_eq!(near[0][0], Some(NearestTrip { owner: 7, cost: Millimetres::from_metres(200).into() }));
}

#[test]
fn circles_and_parallel_streets_stay_as_they_are() {
    let town = GridTown::new(3, 1, BLOCK);
    // two ways from (0, 0) to (1, 0), the second over (0, 1) and (1, 1); and a circle at (1, 0) over (2, 0), (2, 1)
    let corners = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (2, 1)];
    let nodes = corners.map(|(x, y)| StreetNode {
        id: town.node_id(x, y),
        position: town.position(x, y),
        tags: Tags::default(),
    });
    let way = |id, corners: &[(u32, u32)]| StreetWay {
        id,
        nodes: corners.iter().map(|&(x, y)| town.node_id(x, y)).collect(),
        tags: Tags::new([("highway", "residential"), ("name", "Ring")]),
    };
    let records = StreetRecords::new(
        nodes.to_vec(),
        vec![
            way(1, &[(0, 0), (1, 0)]),
            way(2, &[(0, 0), (0, 1), (1, 1), (1, 0)]),
            way(3, &[(1, 0), (2, 0), (2, 1), (1, 0)]),
        ],
    );
    let network = built(&records).value;
    assert_eq!((network.node_count(), network.segment_count(), network.arc_count()), (2, 3, 6));
    let lengths = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &lengths).unwrap();
    // inside the circle, 10 m south of (2, 1): to (1, 0) it is the rest of the way round, 10 + the diagonal,
    // or 90 + 100 back; the diagonal of a block is 141,421 mm
    let inside = town.position_at(200_000, 90_000);
    assert_eq!(trip(walk, inside, town.position(1, 0)), Some(Millimetres::new(151_421).into()));
    // on the long way between the two corners, 40 m up: 40 to the south-west corner, then the short way
    let detour = town.position_at(0, 40_000);
    assert_eq!(trip(walk, detour, town.position(1, 0)), metres(140));
    // both on the circle, 30 m after its start and 10 m after (2, 1): 40 + 10 .. round is 70 + 100 + 10 = 180,
    // across the junction 30 + (141.421 - 10)
    let start = town.position_at(130_000, 0);
    let diagonal = LonLat::new(
        town.position(2, 1).lon()
            - (town.position(2, 1).lon() - town.position(1, 0).lon()) * 10.0 / 141.421_356,
        town.position(2, 1).lat() * (1.0 - 10.0 / 141.421_356),
    )
    .unwrap();
    assert_eq!(trip(walk, start, diagonal), Some(Millimetres::new(30_000 + 131_421).into()));
    let ring = network.segments().find(|segment| segment.way_id() == 3).unwrap();
    assert_eq!((ring.shape().len(), ring.name(), ring.highway()), (4, Some("Ring"), "residential"));
    assert_eq!(network.street_name(ring.along()), Some("Ring"));
    assert_eq!(network.tail(ring.along()), network.head(ring.along()));
}

#[test]
fn a_missing_node_breaks_a_street_and_is_never_bridged() {
    let town = GridTown::new(5, 1, BLOCK);
    let id = |x| town.node_id(x, 0);
    let node = |x| StreetNode { id: id(x), position: town.position(x, 0), tags: Tags::default() };
    let way = |way, corners: &[u32], class: &str| StreetWay {
        id: way,
        nodes: corners.iter().map(|&x| id(x)).collect(),
        tags: Tags::new([("highway", class)]),
    };
    let records = StreetRecords::new(
        [0, 1, 3, 4, 5].map(node).to_vec(),
        vec![
            way(1, &[0, 1, 1, 2, 3, 4], "residential"), // 2 is missing, 1 repeats itself
            way(2, &[3, 2, 5], "residential"),          // no two known nodes in a row
            way(3, &[4, 5], "proposed"),
            way(4, &[4, 4], "footway"),
        ],
    );
    let imported = built(&records);
    let network = &imported.value;
    assert_eq!((network.node_count(), network.segment_count()), (4, 2));
    assert!([0, 1, 3, 4].iter().all(|&x| network.node(id(x)).is_some()));
    assert_eq!((imported.fate.rows, imported.fate.used), (4, 1));
    let rejected = [("fewer than two known nodes in a row", 2), ("not a street", 1)];
    assert_eq!(imported.fate.rejected, rejected.map(|(reason, n)| (reason.to_owned(), n)));
    let issues: Vec<_> =
        imported.issues.kinds().iter().map(|kind| (kind.kind.as_str(), kind.count)).collect();
    assert_eq!(issues, [("street with missing nodes", 2), ("street with repeated nodes", 2)]);
}

#[test]
fn nodes_in_one_place_are_a_millimetre_apart() {
    let town = GridTown::new(1, 1, BLOCK);
    let node = |id, x| StreetNode { id, position: town.position(x, 0), tags: Tags::default() };
    let way = StreetWay { id: 1, nodes: vec![1, 2, 3], tags: Tags::new([("highway", "path")]) };
    let imported = built(&StreetRecords::new(vec![node(1, 0), node(2, 0), node(3, 1)], vec![way]));
    let lengths: Vec<_> = imported.value.segments().map(|segment| segment.length().get()).collect();
    assert_eq!(lengths, [1 + BLOCK]);
    assert_eq!(imported.issues.kinds()[0].kind, "street piece without length");
}

#[test]
fn nobody_is_linked_to_a_street_they_cannot_use() {
    let town = GridTown::new(3, 3, BLOCK);
    let records = town.records();
    let mut ways = records.ways().to_vec();
    // the southern edge becomes a flight of stairs
    ways[0].tags = Tags::new([("highway", "steps")]);
    let records = StreetRecords::new(records.nodes().to_vec(), ways);
    let network = built(&records).value;
    let wheelchair = WalkCosts::lengths(&network, &WalkProfile::wheelchair());
    let walk = WalkGraph::new(&network, &wheelchair).unwrap();
    // 45 m from the western street and 10 m from the stairs
    let home = town.position_at(45_000, 10_000);
    let found = link(walk, home);
    assert_eq!(
        (network.way_id(found.arc), found.off_street),
        (town.north_south(0), Millimetres::from_metres(45))
    );
    let on_foot = WalkCosts::lengths(&network, &WalkProfile::standard());
    let found = link(WalkGraph::new(&network, &on_foot).unwrap(), home);
    assert_eq!((network.way_id(found.arc), found.off_street), (1, Millimetres::from_metres(10)));
}

#[test]
fn a_town_without_walkable_streets_is_an_error() {
    let town = GridTown::new(1, 1, BLOCK);
    let records = town.records();
    let ways = records
        .ways()
        .iter()
        .cloned()
        .map(|way| StreetWay { tags: Tags::new([("highway", "motorway")]), ..way });
    let records = StreetRecords::new(records.nodes().to_vec(), ways.collect());
    for network in [built(&records).value, built(&StreetRecords::default()).value] {
        let costs = WalkCosts::times(&network, &WalkProfile::standard());
        let profile = "standard".to_owned();
        assert_eq!(WalkGraph::new(&network, &costs).err(), Some(Error::NoWalkableStreet { profile }));
    }
}

#[test]
fn too_far_says_how_far_and_the_maximum_is_inclusive() {
    let town = GridTown::new(3, 3, BLOCK);
    let network = built(&town.records()).value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let south = |mm: i64| Some(town.position_at(50_000, -mm));
    let linkage = Linker::new(walk, LinkOptions::default()).link(&[south(500_000), south(500_001), None]);
    assert_eq!(linkage.get(0).unwrap().off_street, Millimetres::from_metres(500));
    let nearest = Some(Millimetres::new(500_001));
    assert_eq!(*linkage.fate(1), LinkFate::TooFar { nearest });
    assert_eq!(*linkage.fate(2), LinkFate::NoPosition);
    assert_eq!(linkage.links().flatten().count(), 1);
    let near = LinkOptions::default().max_off_street(Millimetres::from_metres(499));
    assert_eq!(Linker::new(walk, near).link(&[south(500_000)]).get(0), None);
}

#[test]
fn an_island_is_taken_only_when_the_main_streets_are_much_farther() {
    let town = GridTown::new(9, 1, BLOCK);
    let node =
        |id, east, north| StreetNode { id, position: town.position_at(east, north), tags: Tags::default() };
    let way = |id, nodes: [i64; 2]| StreetWay {
        id,
        nodes: nodes.to_vec(),
        tags: Tags::new([("highway", "footway")]),
    };
    // a main street of 900 m, and an island of 300 m, 260 m north of it
    let records = StreetRecords::new(
        vec![node(1, 0, 0), node(2, 900_000, 0), node(3, 0, 260_000), node(4, 300_000, 260_000)],
        vec![way(1, [1, 2]), way(2, [3, 4])],
    );
    let network = built(&records).value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let way_at = |north, options| {
        let linkage = Linker::new(walk, options).link(&[Some(town.position_at(150_000, north))]);
        linkage.get(0).map(|link| network.way_id(link.arc))
    };
    let options = LinkOptions::default();
    // 230 m north: the island is 30 m away, the main street 230 m, 200 m farther: still the main street
    assert_eq!(way_at(230_000, options), Some(1));
    assert_eq!(way_at(230_001, options), Some(2));
    // with a maximum of 100 m the main street is out of the question
    let near = options.max_off_street(Millimetres::from_metres(100));
    assert_eq!(way_at(230_000, near), Some(2));
    // 90 m north: the main street is beyond 80 m, the island 170 m away: nothing
    assert_eq!(way_at(90_000, options.max_off_street(Millimetres::from_metres(80))), None);
}

#[test]
fn of_two_equally_long_components_the_one_with_the_smallest_id_is_main() {
    let town = GridTown::new(9, 9, BLOCK);
    for far_first in [false, true] {
        let node = |id: i64, x, y| StreetNode {
            id: if far_first { 5 - id } else { id },
            position: town.position(x, y),
            tags: Tags::default(),
        };
        let way = |id, nodes: [i64; 2]| StreetWay {
            id,
            nodes: nodes.to_vec(),
            tags: Tags::new([("highway", "footway")]),
        };
        let nodes = vec![node(1, 0, 0), node(2, 0, 1), node(3, 9, 8), node(4, 9, 9)];
        let network = built(&StreetRecords::new(nodes, vec![way(1, [1, 2]), way(2, [3, 4])])).value;
        let costs = WalkCosts::times(&network, &WalkProfile::standard());
        let at = |id| network.node(id).unwrap();
        assert!(costs.is_main(at(1)) && costs.is_main(at(2)));
        assert!(!costs.is_main(at(3)) && !costs.is_main(at(4)));
        assert_eq!(costs.component(at(3)), costs.component(at(4)));
        assert_ne!(costs.component(at(1)), costs.component(at(3)));
    }
}

#[test]
fn all_streets_of_a_junction_are_equally_near() {
    let town = GridTown::new(3, 3, 100_003);
    let network = built(&town.records()).value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    // outside each corner of the town the nearest point is the corner itself, met by the east-west street,
    // whose id is the smaller one
    let side = 3 * 100_003;
    for (x, y, east, north) in [(0, 0, -1, -1), (3, 0, 1, -1), (0, 3, -1, 1), (3, 3, 1, 1)] {
        for step in 1..60 {
            let (dx, dy) = (east * step * 777, north * (61 - step) * 555);
            let point = town.position_at(i64::from(x) / 3 * side + dx, i64::from(y) / 3 * side + dy);
            let found = link(walk, point);
            assert_eq!(network.way_id(found.arc), town.east_west(y));
            assert_eq!(found.position, town.position(x, y));
            assert_eq!(found.offset.get(), if x == 0 { 0 } else { 100_003 });
        }
    }
}

#[test]
fn questions_in_the_wrong_unit_or_about_other_networks_are_refused() {
    let town = GridTown::new(2, 2, BLOCK);
    let network = built(&town.records()).value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let none = Linkage::default();
    let minute = Cost::Time(TravelTime::from_minutes(1));
    let wrong = Error::WrongUnit { expected: CostUnit::Length, found: CostUnit::Time };
    assert_eq!(nearest_each(walk, &none, &[], Some(minute), &NoProgress).err(), Some(wrong.clone()));
    let options = MatrixOptions::new(minute);
    assert_eq!(travel_matrix(walk, &none, &[], 0, &options, &NoProgress).err(), Some(wrong));

    let target = Target { owner: 1, link: link(walk, town.position(0, 0)) };
    let options = MatrixOptions::new(Millimetres::from_metres(1));
    let refused = travel_matrix(walk, &none, &[target], 1, &options, &NoProgress).err();
    assert_eq!(refused, Some(Error::OwnerOutOfRange { owner: 1, facilities: 1 }));

    let small = built(&GridTown::new(1, 1, 50_000).records()).value;
    assert_eq!(
        WalkGraph::new(&small, &costs).err(),
        Some(Error::OtherNetwork { what: "arcs", expected: 8, found: 24 })
    );
    let small_costs = WalkCosts::lengths(&small, &WalkProfile::standard());
    let small_walk = WalkGraph::new(&small, &small_costs).unwrap();
    let foreign = Target { link: link(walk, town.position(2, 2)), ..target };
    let refused = nearest_each(small_walk, &none, &[vec![foreign]], None, &NoProgress).err();
    assert!(matches!(refused, Some(Error::OtherLink { .. })));
}

#[test]
fn links_are_exact_on_long_streets_far_from_the_equator() {
    // a street along a meridian, from 54 to 55 degrees north: 111,195 m in one piece. A point beside it lies
    // asin(cos(latitude) sin(difference of longitude)) earth radii away.
    let (meridian, beside, latitude) = (-4.5_f64, 0.005_f64, 54.3_f64);
    let node = |id, latitude| StreetNode {
        id,
        position: LonLat::new(meridian, latitude).unwrap(),
        tags: Tags::default(),
    };
    let way = StreetWay { id: 1, nodes: vec![1, 2], tags: Tags::new([("highway", "track")]) };
    let network = built(&StreetRecords::new(vec![node(1, 54.0), node(2, 55.0)], vec![way])).value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let found = link(walk, LonLat::new(meridian + beside, latitude).unwrap());
    let sine = latitude.to_radians().cos() * beside.to_radians().sin();
    let expected = lifecircle_types::EARTH_RADIUS_M * sine.asin();
    assert_eq!(found.off_street, Millimetres::try_from_metres_f64(expected).unwrap());
    // the foot lies on the meridian, a little north of the point: 33.36 km along the street
    let along = network.position(network.tail(found.arc)).length_to(found.position);
    assert!(found.offset.get().abs_diff(along.get()) <= 1);
    assert!((found.position.lon() - meridian).abs() < 1e-12 && found.position.lat() > latitude);
}

/// Stops a step when its first part is done.
struct Impatient;

impl Progress for Impatient {
    fn advance(&self, _: &str, done: u64, _: u64) -> Result<(), Cancelled> {
        if done > 0 { Err(Cancelled) } else { Ok(()) }
    }
}

#[test]
fn long_steps_can_be_stopped() {
    let town = GridTown::new(2, 2, BLOCK);
    let network = built(&town.records()).value;
    let costs = WalkCosts::times(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let homes = Linker::new(walk, LinkOptions::default()).link(&[Some(town.position(1, 1))]);
    let target = Target { owner: 0, link: link(walk, town.position(0, 0)) };
    let stopped = Some(Error::Cancelled(Cancelled));
    assert_eq!(nearest_each(walk, &homes, &[vec![target]], None, &Impatient).err(), stopped);
    let options = MatrixOptions::new(TravelTime::from_minutes(15));
    assert_eq!(travel_matrix(walk, &homes, &[target], 1, &options, &Impatient).err(), stopped);
}

#[test]
fn everything_can_be_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<(StreetNetwork, WalkCosts, WalkGraph<'_>, Linker<'_>, Linkage, SearchSpace, Error)>();
}
