//! Severance on squared paper: a river with one bridge, railways on bridges, islands of streets.
//!
//! The town has 11 by 5 corners, 100 m apart. A river runs from west to east at 250 m, between the rows y = 2 and y = 3;
//! the north-south streets end at it, but for the one over the bridge at x = 5:
//!
//! ```text
//! y=5   +--+--+--+--+--+--+--+--+--+--+
//!       |  |  |  |  |  |  |  |  |  |  |
//! y=3   +--+--+--+--+--+--+--+--+--+--+
//! ~~~~~~~~~~~~~~~~~~~~~=~~~~~~~~~~~~~~~~~~   river
//! y=2   +--+--+--+--+--+--+--+--+--+--+
//!       |  |  |  |  |  |  |  |  |  |  |
//! y=0   +--+--+--+--+--+--+--+--+--+--+
//! ```

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::petgraph::algo::dijkstra;
use lifecircle_network::{
    Barriers, BuildOptions, IslandCause, LinkOptions, Linker, NetworkBuilder, Precincts, Severance,
    SeveranceOptions, SeveranceTask, StreetNetwork, WalkCosts, WalkGraph, WalkProfile, motorways, severance,
    street_components,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{
    Barrier, BarrierKind, LonLat, Millimetres, NoProgress, People, StreetNode, StreetRecords, StreetWay, Tags,
};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

const TOWN: GridTown = GridTown::new(10, 5, 100_000);

/// The streets of the town; north-south ones cross the river at the columns of `bridges` alone.
fn streets(bridges: &[u32]) -> StreetRecords {
    let records = TOWN.records();
    let mut ways = Vec::new();
    for way in records.ways() {
        let column = (0..=10).find(|&x| TOWN.north_south(x) == way.id);
        match column {
            Some(x) if !bridges.contains(&x) => {
                let (south, north) = way.nodes.split_at(3);
                for (id, nodes) in [(way.id, south), (way.id + 100, north)] {
                    ways.push(StreetWay { id, nodes: nodes.to_vec(), tags: way.tags.clone() });
                }
            }
            _ => ways.push(way.clone()),
        }
    }
    StreetRecords::new(records.nodes().to_vec(), ways)
}

fn network(records: &StreetRecords) -> StreetNetwork {
    NetworkBuilder::new(BuildOptions::default()).build(records).unwrap().value
}

fn at(east_m: i64, north_m: i64) -> LonLat {
    TOWN.position_at(east_m * 1000, north_m * 1000)
}

fn line(id: &str, kind: BarrierKind, name: Option<&str>, points: &[(i64, i64)]) -> Barrier {
    Barrier {
        id: id.into(),
        kind,
        name: name.map(String::from),
        raised: false,
        line: points.iter().map(|&(east, north)| at(east, north)).collect(),
        gates: vec![],
    }
}

fn river() -> Barrier {
    line("way/7", BarrierKind::Water, Some("Fu"), &[(-100, 250), (1100, 250)])
}

/// Severance between homes at corners, each with its people.
fn severed(
    network: &StreetNetwork,
    homes: &[((u32, u32), u64)],
    barriers: &[Barrier],
    options: &SeveranceOptions,
) -> Severance {
    let walker = WalkProfile::standard();
    let costs = WalkCosts::lengths(network, &walker);
    let graph = WalkGraph::new(network, &costs).unwrap();
    let precincts = Precincts::new(graph, &walker);
    let index = Barriers::new(barriers);
    let linker = Linker::with_precincts(graph, LinkOptions::default(), &precincts).barriers(&index);
    let positions: Vec<_> = homes.iter().map(|&((x, y), _)| Some(TOWN.position(x, y))).collect();
    let approaches = linker.approach(&positions, &NoProgress).unwrap();
    let people: Vec<People> = homes.iter().map(|&(_, people)| People::whole(people)).collect();
    let task = SeveranceTask {
        graph,
        precincts: &precincts,
        positions: &positions,
        approaches: &approaches,
        people: &people,
        barriers,
    };
    severance(&task, options, &NoProgress).unwrap()
}

/// To the tenth of a per mille: lengths are whole millimetres.
fn assert_index(found: Option<f64>, expected: f64) {
    assert!((found.unwrap() - expected).abs() < 1e-4, "{found:?}, {expected}");
}

#[test]
fn a_river_with_one_bridge() {
    let network = network(&streets(&[5]));
    let homes = [((2, 2), 10), ((2, 3), 20), ((5, 2), 40), ((5, 3), 80)];
    let found = severed(&network, &homes, &[river()], &SeveranceOptions::default());
    let [west, _, middle, _] = &found.places[..] else { panic!("{found:?}") };
    // from (2, 2): (2, 3) is 100 m away and by the bridge 3 + 1 + 3 blocks; (5, 2) is 300 m and 3 blocks; (5, 3) is
    // sqrt(10) blocks away and 4 blocks by street, 1.265 times as far
    assert_eq!((west.around, west.reached), (People::whole(140), People::whole(140)));
    let straight = 20.0 * 1.0 + 40.0 * 3.0 + 80.0 * 10_f64.sqrt();
    assert_index(west.detour_index(), (20.0 * 7.0 + 40.0 * 3.0 + 80.0 * 4.0) / straight);
    // only the home opposite is severed, and 700 m are still within the walk
    assert_eq!((west.severed, west.lost), (People::whole(20), People::ZERO));
    assert_eq!(west.by.len(), 1);
    // the bridge's middle is three and a half blocks away
    assert_eq!(west.by[0].to_crossing, Some(Millimetres::from_metres(350)));
    // from (5, 2) nobody is: over the bridge it is as far as the crow flies
    assert_eq!((middle.severed, middle.by.len()), (People::ZERO, 0));

    // with a walk of 600 m the home opposite is lost as well
    let short = SeveranceOptions::default().walk(Millimetres::from_metres(600));
    let lost = &severed(&network, &homes, &[river()], &short).places[0];
    assert_eq!((lost.severed, lost.lost), (People::whole(20), People::whole(20)));
    // where walks are not looked for as far, it is not found, which is longer than every limit
    let nearest = short.radius(Millimetres::from_metres(330));
    let cut = &severed(&network, &homes, &[river()], &nearest).places[0];
    assert_eq!((cut.around, cut.reached), (People::whole(140), People::whole(120)));
    assert_eq!((cut.severed, cut.lost), (People::whole(20), People::whole(20)));

    let [fu] = &found.divides[..] else { panic!("{:?}", found.divides) };
    assert_eq!((fu.id.as_str(), fu.name.as_deref(), fu.crossings.len()), ("way/7", Some("Fu"), 1));
    assert!((fu.crossings[0].position.metres_to(at(500, 250))) < 0.001);
    assert_index(fu.spacing_m(), 1200.0);
    // without a barrier the detour is as long, but nothing severs
    let open = severed(&network, &homes, &[], &SeveranceOptions::default());
    assert_eq!(open.places[0].severed, People::ZERO);
    assert_eq!(open.places[0].detour_index(), west.detour_index());
}

#[test]
fn near_ones_and_far_ones_are_left_out() {
    let network = network(&streets(&[]));
    let homes = [((2, 2), 1), ((2, 3), 2), ((4, 3), 4), ((9, 2), 8)];
    let around = |near: u32, radius: u32| {
        let options = SeveranceOptions::default()
            .near(Millimetres::from_metres(near))
            .radius(Millimetres::from_metres(radius));
        severed(&network, &homes, &[river()], &options).places[0].around
    };
    assert_eq!(around(50, 800), People::whole(14));
    // both limits are inclusive: 100 m and 700 m
    assert_eq!(around(100, 700), People::whole(14));
    assert_eq!(around(101, 699), People::whole(4));
    // nobody comes across
    let found = severed(&network, &homes, &[river()], &SeveranceOptions::default());
    let first = &found.places[0];
    assert_eq!(
        (first.reached, first.severed, first.lost),
        (People::whole(8), People::whole(6), People::whole(6))
    );
    assert_eq!((first.by[0].to_crossing, found.divides[0].spacing_m()), (None, None));
    assert_index(first.detour_index(), 1.0);
}

#[test]
fn two_banks_are_one_river_and_two_lanes_one_bridge() {
    let mut records = streets(&[5]);
    // a sidewalk 20 m beside the bridge, from row to row
    let mut nodes = records.nodes().to_vec();
    let mut ways = records.ways().to_vec();
    for (id, north) in [(1001, 200), (1002, 300)] {
        nodes.push(StreetNode { id, position: at(520, north), tags: Tags::default() });
    }
    let nodes_of = [TOWN.node_id(5, 2), 1001, 1002, TOWN.node_id(5, 3)];
    ways.push(StreetWay { id: 999, nodes: nodes_of.into(), tags: Tags::new([("highway", "footway")]) });
    records = StreetRecords::new(nodes, ways);
    let bank = |id: &str, north| line(id, BarrierKind::Water, Some("Fu"), &[(-100, north), (1100, north)]);
    // the same river in two lines, and another without a name in two lines that share an end
    let barriers = [
        bank("way/8", 270),
        bank("way/7", 230),
        line("way/9", BarrierKind::Water, None, &[(-100, 450), (700, 450)]),
        line("way/10", BarrierKind::Water, None, &[(700, 450), (1100, 450)]),
        Barrier { raised: true, ..line("way/11", BarrierKind::Railway, None, &[(650, -100), (650, 600)]) },
        line("way/12", BarrierKind::Railway, None, &[(650, 600), (650, 900)]),
    ];
    let found =
        severed(&network(&records), &[((2, 2), 1), ((2, 3), 1)], &barriers, &SeveranceOptions::default());
    let short: Vec<_> = found
        .divides
        .iter()
        .map(|divide| {
            (divide.id.as_str(), divide.name.as_deref(), divide.lines.as_slice(), divide.crossings.len())
        })
        .collect();
    // kinds in their order, no name first: eleven streets cross the stream that is no river, one bridge the river, and
    // six rows pass under the railway's bridge
    assert_eq!(
        short,
        [
            ("way/10", None, &[2, 3][..], 11),
            ("way/7", Some("Fu"), &[0, 1][..], 1),
            ("way/12", None, &[5][..], 6),
        ]
    );
    assert_index(Some(found.divides[1].length_m), 2400.0);
    assert_index(Some(found.divides[2].length_m), 300.0);
    // across both banks a pair is severed once
    assert_eq!(found.places[0].severed, People::whole(1));
    assert_eq!(found.places[0].by[0].severed, People::whole(1));
}

#[test]
fn several_barriers_share_a_pair() {
    let network = network(&streets(&[5]));
    let rail = line("way/20", BarrierKind::Railway, None, &[(-100, 260), (1100, 260)]);
    let beyond = line("way/21", BarrierKind::Wall, None, &[(-100, 550), (1100, 550)]);
    let barriers = [river(), rail, beyond];
    let found = severed(&network, &[((2, 2), 1), ((2, 3), 5)], &barriers, &SeveranceOptions::default());
    let by: Vec<_> = found.places[0].by.iter().map(|by| (by.divide, by.severed)).collect();
    assert_eq!(by, [(0, People::whole(5)), (1, People::whole(5))]);
    assert_eq!(found.places[0].severed, People::whole(5));
}

#[test]
fn whoever_has_no_street_is_not_cut_off_by_a_barrier() {
    // the three rows south of the river alone: a home at (5, 4) is 200 m from the nearest
    let mut ways = streets(&[]).ways().to_vec();
    ways.retain(|way| way.id <= 3);
    let network = network(&StreetRecords::new(TOWN.records().nodes().to_vec(), ways));
    let walker = WalkProfile::standard();
    let costs = WalkCosts::lengths(&network, &walker);
    let graph = WalkGraph::new(&network, &costs).unwrap();
    let positions = [Some(TOWN.position(5, 2)), Some(TOWN.position(5, 4)), None];
    let options = LinkOptions::default().max_off_street(Millimetres::from_metres(150));
    let approaches = Linker::new(graph, options).approach(&positions, &NoProgress).unwrap();
    let people = [People::whole(1); 3];
    let task = SeveranceTask {
        graph,
        precincts: &Precincts::new(graph, &walker),
        positions: &positions,
        approaches: &approaches,
        people: &people,
        barriers: &[river()],
    };
    let found = severance(&task, &SeveranceOptions::default(), &NoProgress).unwrap();
    let first = &found.places[0];
    assert_eq!((first.around, first.reached, first.severed), (People::whole(1), People::ZERO, People::ZERO));
    assert_eq!(found.places[2].around, People::ZERO);
    let short = SeveranceTask { people: &people[..2], ..task };
    let refused = severance(&short, &SeveranceOptions::default(), &NoProgress).unwrap_err();
    assert_eq!(refused.to_string(), "2 people for 3 places: give one for each");
}

#[test]
fn a_motorway_is_passed_under_its_bridges() {
    let mut ways = streets(&[5]).ways().to_vec();
    let mut nodes = TOWN.records().nodes().to_vec();
    let fast = [("highway", "motorway")];
    let on_bridge = [("highway", "motorway"), ("bridge", "yes")];
    let in_tunnel = [("highway", "motorway"), ("tunnel", "yes")];
    for (id, east, north) in
        [(501, -100, 255), (502, 400, 255), (503, 600, 255), (504, 900, 255), (505, 1100, 255)]
    {
        nodes.push(StreetNode { id, position: at(east, north), tags: Tags::default() });
    }
    for (id, ends, tags) in [
        (601, [501, 502], &fast[..]),
        (602, [502, 503], &on_bridge[..]),
        (603, [503, 504], &in_tunnel[..]),
        (604, [504, 505], &fast[..]),
    ] {
        ways.push(StreetWay { id, nodes: ends.into(), tags: Tags::new(tags.iter().copied()) });
    }
    let network = network(&StreetRecords::new(nodes, ways));
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let lines = motorways(WalkGraph::new(&network, &costs).unwrap());
    let short: Vec<_> = lines.iter().map(|line| (line.id.as_str(), line.raised)).collect();
    assert_eq!(short, [("way/601", false), ("way/602", true), ("way/604", false)]);
    let homes = [((2, 2), 1), ((2, 3), 1), ((8, 2), 1), ((8, 3), 1)];
    let found = severed(&network, &homes, &lines, &SeveranceOptions::default());
    let short: Vec<_> =
        found.divides.iter().map(|divide| (divide.id.as_str(), divide.crossings.len())).collect();
    assert_eq!(short, [("way/601", 1), ("way/604", 0)]);
    assert_eq!(found.places[0].severed, People::whole(1));
    // over the tunnel nothing is in the way, however far the walk
    assert_eq!(found.places[2].severed, People::ZERO);
}

#[test]
fn islands_and_why() {
    let mut nodes = Vec::new();
    let mut ways = Vec::new();
    let street = [("highway", "footway")];
    let private = [("highway", "footway"), ("access", "private")];
    let closed = [("highway", "motorway")];
    let corners =
        [(0, 0), (400, 0), (500, 0), (620, 0), (0, 200), (0, 300), (200, 500), (200, 650), (700, 1000)];
    for (id, &(east, north)) in (1..).zip(&corners) {
        nodes.push(StreetNode { id, position: at(east, north), tags: Tags::default() });
    }
    for (id, ends, tags) in [
        (1, [1, 2], &street[..]),
        (2, [2, 3], &private[..]), // to 4 only over a private street
        (3, [3, 4], &street[..]),
        (4, [1, 5], &closed[..]), // to 6 only over a motorway
        (5, [5, 6], &street[..]),
        (6, [7, 8], &street[..]), // from nowhere
    ] {
        ways.push(StreetWay { id, nodes: ends.into(), tags: Tags::new(tags.iter().copied()) });
    }
    // the map goes on to the north-east
    ways.push(StreetWay { id: 7, nodes: vec![2, 9], tags: Tags::new([("highway", "footway")]) });
    let network = network(&StreetRecords::new(nodes, ways));
    let walker = WalkProfile::standard();
    let costs = WalkCosts::lengths(&network, &walker);
    let found = street_components(WalkGraph::new(&network, &costs).unwrap(), &walker);
    let short: Vec<_> =
        found.iter().map(|one| (one.cause, one.nodes, one.segments, whole(one.length_m))).collect();
    assert_eq!(
        short,
        [
            (None, 3, 2, 1444), // 400 m, and from (400, 0) to (700, 1000): sqrt(300^2 + 1000^2) = 1044 m
            (Some(IslandCause::Apart), 2, 1, 150),
            (Some(IslandCause::Private), 2, 1, 120),
            (Some(IslandCause::Closed), 2, 1, 100),
        ]
    );
    assert!(found[1].bounds.min.metres_to(at(200, 500)) < 0.01);
    assert!(found[1].bounds.max.metres_to(at(200, 650)) < 0.01);
}

#[test]
fn streets_at_the_edge_of_the_map_may_go_on() {
    let ends = [(0, 0), (900, 0), (850, 500), (850, 800), (300, 300), (400, 300)];
    let node = |(id, &(east, north)): (i64, &(i64, i64))| StreetNode {
        id,
        position: at(east, north),
        tags: Tags::default(),
    };
    let way = |id: i64| StreetWay {
        id,
        nodes: vec![2 * id - 1, 2 * id],
        tags: Tags::new([("highway", "footway")]),
    };
    let records = StreetRecords::new((1..).zip(&ends).map(node).collect(), (1..=3).map(way).collect());
    let network = network(&records);
    let walker = WalkProfile::standard();
    let costs = WalkCosts::lengths(&network, &walker);
    let found = street_components(WalkGraph::new(&network, &costs).unwrap(), &walker);
    // the map ends 50 m east of the second street, and 300 m from the third
    let causes: Vec<_> = found.iter().map(|one| one.cause).collect();
    assert_eq!(causes, [None, Some(IslandCause::Edge), Some(IslandCause::Apart)]);
}

fn whole(metres: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small length")]
    let rounded = metres.round() as u64;
    rounded
}

proptest! {
    #[test]
    fn one_more_bridge_severs_nobody(
        bridges in proptest::collection::vec(0..=10_u32, 0..4),
        more in 0..=10_u32,
        homes in proptest::collection::vec(((0..=10_u32, 0..=5_u32), 1..50_u64), 2..12),
        detour in 100..300_u32,
    ) {
        let options = SeveranceOptions::default().detour_percent(detour);
        let before = severed(&network(&streets(&bridges)), &homes, &[river()], &options);
        let with_more = [&bridges[..], &[more]].concat();
        let after = severed(&network(&streets(&with_more)), &homes, &[river()], &options);
        for (before, after) in before.places.iter().zip(&after.places) {
            prop_assert_eq!(before.around, after.around);
            prop_assert!(after.severed <= before.severed && after.lost <= before.lost);
            prop_assert!(after.reached >= before.reached);
            prop_assert!(after.severed <= after.around && after.lost <= after.severed);
            // an index of the same people never rises, and no walk is shorter than the line but for rounding
            if let Some((was, is)) = before.detour_index().zip(after.detour_index()) {
                prop_assert!(is >= 1.0 - 1e-4);
                prop_assert!(before.reached != after.reached || is <= was);
            }
        }
    }

    #[test]
    fn who_is_severed_is_found_pair_by_pair(
        bridges in proptest::collection::vec(0..=10_u32, 0..3),
        homes in proptest::collection::vec(((0..=10_u32, 0..=5_u32), 1..50_u64), 2..12),
        walls in proptest::collection::vec(((-50..1050_i64, -50..550_i64), (-50..1050_i64, -50..550_i64)), 0..8),
        shuffled in any::<bool>(),
    ) {
        let network = network(&streets(&bridges));
        let mut barriers = vec![river()];
        for (at, &(from, to)) in walls.iter().enumerate() {
            barriers.push(line(&format!("way/{}", 100 + at), BarrierKind::Railway, None, &[from, to]));
        }
        if shuffled {
            barriers.reverse();
        }
        let options = SeveranceOptions::default();
        let found = severed(&network, &homes, &barriers, &options);
        let index = Barriers::new(&barriers);
        // homes stand on corners, so walks are those of petgraph between corners
        let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
        let graph = WalkGraph::new(&network, &costs).unwrap();
        for (row, &((x, y), _)) in homes.iter().enumerate() {
            let from = network.node(TOWN.node_id(x, y)).unwrap();
            let walks = dijkstra(graph, from, None, |arc| arc.cost());
            let (mut around, mut severed) = (People::ZERO, People::ZERO);
            for &((to_x, to_y), people) in &homes {
                let straight = TOWN.position(x, y).length_to(TOWN.position(to_x, to_y));
                if straight < options.near || straight > options.radius {
                    continue;
                }
                around += People::whole(people);
                let walk = walks.get(&network.node(TOWN.node_id(to_x, to_y)).unwrap());
                let far = walk.is_none_or(|&walk| u64::from(walk) * 100 > u64::from(straight.get()) * 180);
                if far && index.between(TOWN.position(x, y), TOWN.position(to_x, to_y)).is_some() {
                    severed += People::whole(people);
                }
            }
            prop_assert_eq!((found.places[row].around, found.places[row].severed), (around, severed));
        }
    }
}
