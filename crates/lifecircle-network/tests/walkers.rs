//! Walkers by their own rules, worked out on paper: slopes, crossings, wheels and winter in a town of squared paper.
//!
//! A street of 100 m has three stretches of 33.3 m. On a plane every stretch has the grade of the plane, so a street up
//! a grade `s` takes `100 m x e^(3.5 (|s + 0.05| - 0.05))` on the level by Tobler:
//!
//! | Grade | Level length of 100 m |
//! |---|---|
//! | +10 % | 100 e^0.35 = 141.907 m |
//! | -10 % | 100 e^0 = 100 m |
//! | -5 % | 100 e^-0.175 = 83.946 m |
//! | +20 % | 100 e^0.7 = 201.375 m |
//! | -20 % | 100 e^0.35 = 141.907 m |

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::{
    ArcIx, Beyond, BuildOptions, Crossings, Errand, GradeLimits, LinkOptions, Linkage, Linker, MainRoad,
    NetworkBuilder, Slope, StreetNetwork, Target, Terrain, TerrainOptions, WalkCosts, WalkGraph, WalkProfile,
    WheelAudit, WheelBar, Winter, gap_wait, nearest_each, nearest_for_walkers, signal_wait,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{
    Cost, EARTH_RADIUS_M, LonLat, Millimetres, NoProgress, Speed, StreetNode, StreetRecords, StreetWay, Tags,
    TravelTime,
};

fn built(records: &StreetRecords) -> StreetNetwork {
    NetworkBuilder::new(BuildOptions::default()).build(records).unwrap().value
}

fn terrain(network: &StreetNetwork, height: impl Fn(LonLat) -> Option<f64>) -> Terrain {
    Terrain::new(network, TerrainOptions::default(), height).unwrap()
}

/// Metres east and north of the south-west corner.
fn metres(at: LonLat) -> [f64; 2] {
    [at.lon(), at.lat()].map(|degrees| degrees.to_radians() * EARTH_RADIUS_M)
}

/// A plane that rises to the east and to the north.
fn plane(east: f64, north: f64) -> impl Fn(LonLat) -> Option<f64> {
    move |at| {
        let [x, y] = metres(at);
        Some(x * east + y * north)
    }
}

fn arc(network: &StreetNetwork, from: i64, to: i64) -> ArcIx {
    let is =
        |&arc: &ArcIx| network.osm_id(network.tail(arc)) == from && network.osm_id(network.head(arc)) == to;
    network.arcs().find(is).unwrap()
}

fn raw(costs: &WalkCosts, arc: ArcIx) -> Option<u32> {
    costs.cost(arc).map(Cost::raw)
}

/// A walker of 1 m/s: milliseconds are millimetres.
fn metre_a_second(slope: Slope) -> WalkProfile {
    WalkProfile::new("walker", Speed::try_from_metres_per_second(1.0).unwrap()).slope(slope)
}

const UP: u32 = 141_907;
const DOWN: u32 = 100_000;

/// A street of several pieces, from west to east: nodes 1, 2, ... 100 m apart, with tags of nodes and one way a piece.
fn chain(nodes: &[&[(&str, &str)]], pieces: &[&[(&str, &str)]]) -> StreetRecords {
    let town = GridTown::new(20, 1, 100_000);
    let nodes = (0..).zip(nodes).map(|(at, tags)| StreetNode {
        id: i64::from(at) + 1,
        position: town.position(at, 0),
        tags: Tags::new(tags.iter().copied()),
    });
    let ways = (1..).zip(pieces).map(|(id, tags)| StreetWay {
        id,
        nodes: vec![id, id + 1],
        tags: Tags::new(tags.iter().copied()),
    });
    StreetRecords::new(nodes.collect(), ways.collect())
}

const PLAIN: &[(&str, &str)] = &[];
const FOOTWAY: &[(&str, &str)] = &[("highway", "footway")];

#[test]
fn tobler_on_an_inclined_plane() {
    let town = GridTown::new(2, 2, 100_000);
    let network = built(&town.records());
    let terrain = terrain(&network, plane(0.1, -0.05));
    let costs = WalkCosts::times_on(&network, &metre_a_second(Slope::Tobler), Some(&terrain)).unwrap();
    let check = |from: (u32, u32), to: (u32, u32), expected: u32| {
        let arc = arc(&network, town.node_id(from.0, from.1), town.node_id(to.0, to.1));
        let found = raw(&costs, arc).unwrap();
        // rises are whole millimetres: a grade is off by 1 mm in 33 m, a time by 0.01 %
        assert!(found.abs_diff(expected) <= 15, "{from:?} to {to:?}: {found} instead of {expected}");
    };
    check((0, 0), (1, 0), UP);
    check((1, 0), (0, 0), DOWN);
    check((1, 1), (2, 1), UP);
    check((0, 0), (0, 1), 83_946); // down 5 %
    check((0, 1), (0, 0), 119_125); // up 5 %: 100 e^0.175
    let account = terrain.account();
    assert!((account.known_m - 1200.0).abs() < 0.01 && account.unknown_m.abs() < 1e-9);
    let climb = terrain.rise(arc(&network, town.node_id(0, 0), town.node_id(1, 0))).unwrap();
    assert!((climb - 10.0).abs() < 0.002);
}

#[test]
fn a_hill_in_the_middle_of_a_street_is_climbed() {
    // 300 m along a roof that rises 10 % to its middle: end to end the street is level
    let town = GridTown::new(3, 1, 100_000);
    let ends = [0, 3].map(|x| StreetNode {
        id: i64::from(x) + 1,
        position: town.position(x, 0),
        tags: Tags::default(),
    });
    let way = StreetWay { id: 1, nodes: vec![1, 4], tags: Tags::new(FOOTWAY.iter().copied()) };
    let network = built(&StreetRecords::new(ends.to_vec(), vec![way]));
    let roof = |at: LonLat| Some((150.0 - (metres(at)[0] - 150.0).abs()) * 0.1);
    let costs = WalkCosts::times_on(&network, &metre_a_second(Slope::Tobler), Some(&terrain(&network, roof)))
        .unwrap();
    // ten stretches of 30 m, five up and five down
    let expected = (150_000.0 * (0.35_f64.exp() + 1.0)).round();
    for arc in network.arcs() {
        assert!((f64::from(raw(&costs, arc).unwrap()) - expected).abs() <= 30.0);
    }
}

#[test]
fn bridges_and_tunnels_are_level_between_their_ends() {
    // a valley 20 m deep between 100 and 300 m, crossed by a bridge of two pieces whose middle hangs over it
    const BRIDGE: &[(&str, &str)] = &[("highway", "footway"), ("bridge", "yes")];
    let records = chain(&[PLAIN; 5], &[FOOTWAY, BRIDGE, BRIDGE, FOOTWAY]);
    let valley = |at: LonLat| {
        let x = metres(at)[0];
        Some(if (100.5..299.5).contains(&x) {
            -20.0
        } else if x > 200.0 {
            10.0
        } else {
            0.0
        })
    };
    let network = built(&records);
    let terrain = terrain(&network, valley);
    for (from, to, rise) in [(1, 2, 0.0), (2, 3, 5.0), (3, 4, 5.0), (4, 5, 0.0), (3, 2, -5.0)] {
        let found = terrain.rise(arc(&network, from, to)).unwrap();
        assert!((found - rise).abs() < 0.01, "{from} to {to}: {found} instead of {rise}");
    }
    assert!((terrain.account().spanned_m - 200.0).abs() < 0.01);
}

#[test]
fn a_place_without_height_is_level_and_counted() {
    let records = chain(&[PLAIN; 3], &[FOOTWAY, FOOTWAY]);
    let network = built(&records);
    let terrain = terrain(&network, |at| {
        let x = metres(at)[0];
        (x < 150.0).then_some(x * 0.1)
    });
    let costs = WalkCosts::times_on(&network, &metre_a_second(Slope::Tobler), Some(&terrain)).unwrap();
    assert!(raw(&costs, arc(&network, 1, 2)).unwrap().abs_diff(UP) <= 15);
    // of the second street one stretch of three has both heights: 100 e^0.35 / 3 + 66.667 m
    assert!(raw(&costs, arc(&network, 2, 3)).unwrap().abs_diff(UP / 3 + 66_667) <= 15);
    assert_eq!(terrain.rise(arc(&network, 2, 3)), None);
    let account = terrain.account();
    assert!((account.unknown_m - 200.0 / 3.0).abs() < 0.01 && (account.known_m - 400.0 / 3.0).abs() < 0.01);
}

#[test]
fn a_bound_closes_or_slows_what_is_steeper() {
    let town = GridTown::new(1, 1, 100_000);
    let network = built(&town.records());
    let terrain = terrain(&network, plane(0.1, 0.05));
    let limits = GradeLimits { up_permille: 60, down_permille: 120, beyond: Beyond::Impassable };
    let (east, north) = (arc(&network, 1, 2), arc(&network, 1, 3));
    let costs = |limits| {
        WalkCosts::times_on(&network, &metre_a_second(Slope::Bounded(limits)), Some(&terrain)).unwrap()
    };
    let closed = costs(limits);
    assert_eq!(raw(&closed, east), None); // up 10 %
    assert_eq!(raw(&closed, network.opposite(east)), Some(100_000)); // down 10 %
    assert_eq!(raw(&closed, north), Some(100_000)); // up 5 %
    let slow = costs(GradeLimits { beyond: Beyond::Percent(250), ..limits });
    assert_eq!(raw(&slow, east), Some(250_000));
    assert_eq!(raw(&slow, network.opposite(east)), Some(100_000));
}

#[test]
fn waits_of_the_capacity_manual() {
    let seconds = TravelTime::from_secs;
    assert_eq!(signal_wait(seconds(90), seconds(30)), seconds(20));
    assert_eq!(signal_wait(seconds(120), seconds(60)), seconds(15)); // 60 x 60 / 240
    assert_eq!(signal_wait(seconds(90), seconds(90)), seconds(0));
    assert_eq!(signal_wait(seconds(0), seconds(0)), seconds(0));
    // 14 m at 1.4 m/s and 3 s: t = 13 s; 900 vehicles an hour: v t = 3.25, (e^3.25 - 4.25) / 0.25 = 86.161 s
    let speed = Speed::try_from_metres_per_second(1.4).unwrap();
    let wait = gap_wait(Millimetres::from_metres(14), speed, 900).as_secs_f64();
    assert!((wait - 86.161).abs() < 0.001, "{wait}");
    assert_eq!(gap_wait(Millimetres::from_metres(14), speed, 0), seconds(0));
}

fn times(records: &StreetRecords, walker: &WalkProfile) -> (StreetNetwork, WalkCosts) {
    let network = built(records);
    let costs = WalkCosts::times_on(&network, walker, None).unwrap();
    (network, costs)
}

#[test]
fn a_signal_on_the_only_path_adds_twenty_seconds() {
    let walker = metre_a_second(Slope::Ignored).crossings(Crossings::typical());
    let signal: &[(&str, &str)] = &[("highway", "traffic_signals")];
    // at a junction of two ways, half to each; both ways
    let (network, costs) = times(&chain(&[&[], signal, &[]], &[FOOTWAY, FOOTWAY]), &walker);
    for (from, to) in [(1, 2), (2, 3), (3, 2), (2, 1)] {
        assert_eq!(raw(&costs, arc(&network, from, to)), Some(110_000));
    }
    // inside a way, whole
    let town = GridTown::new(2, 1, 100_000);
    let mut nodes: Vec<StreetNode> = (0..3)
        .map(|x| StreetNode { id: i64::from(x) + 1, position: town.position(x, 0), tags: Tags::default() })
        .collect();
    nodes[1].tags = Tags::new(signal.iter().copied());
    let way = StreetWay { id: 1, nodes: vec![1, 2, 3], tags: Tags::new([("highway", "residential")]) };
    let (network, costs) = times(&StreetRecords::new(nodes, vec![way]), &walker);
    for arc in network.arcs() {
        assert_eq!(raw(&costs, arc), Some(220_000));
    }
}

/// A main road from west to east and a foot way from south to north, crossing at node 5 of a town of 2 x 2 blocks.
fn crossroads(main: &[(&str, &str)], crossing: &[(&str, &str)]) -> StreetRecords {
    let town = GridTown::new(2, 2, 100_000);
    let mut nodes = town.records().nodes().to_vec();
    for node in nodes.iter_mut().filter(|node| node.id == 5) {
        node.tags = Tags::new(crossing.iter().copied());
    }
    let way = |id, nodes: [i64; 3], tags: &[(&str, &str)]| StreetWay {
        id,
        nodes: nodes.to_vec(),
        tags: Tags::new(tags.iter().copied()),
    };
    let ways = vec![way(1, [4, 5, 6], main), way(2, [2, 5, 8], FOOTWAY)];
    StreetRecords::new(nodes, ways)
}

#[test]
fn a_main_road_is_waited_for_by_those_who_cross_it() {
    let fixed = MainRoad::Fixed(TravelTime::from_secs(12));
    let rule = Crossings { signal: TravelTime::from_secs(20), main_road: fixed };
    let walker = metre_a_second(Slope::Ignored).crossings(rule);
    let check = |main: &[(&str, &str)], crossing: &[(&str, &str)], along: u32, across: u32| {
        let (network, costs) = times(&crossroads(main, crossing), &walker);
        for (from, to) in [(4, 5), (5, 4), (5, 6)] {
            assert_eq!(raw(&costs, arc(&network, from, to)), Some(along), "{main:?} {crossing:?}");
        }
        for (from, to) in [(2, 5), (5, 2), (5, 8)] {
            assert_eq!(raw(&costs, arc(&network, from, to)), Some(across), "{main:?} {crossing:?}");
        }
    };
    let primary: &[(&str, &str)] = &[("highway", "primary")];
    let residential: &[(&str, &str)] = &[("highway", "residential")];
    check(primary, &[], 100_000, 106_000); // a crossing that is not mapped
    check(primary, &[("highway", "crossing"), ("crossing", "zebra")], 100_000, 106_000);
    check(primary, &[("highway", "crossing"), ("crossing", "traffic_signals")], 100_000, 110_000);
    check(primary, &[("highway", "traffic_signals")], 110_000, 110_000);
    check(primary, &[("highway", "crossing"), ("crossing", "no")], 100_000, 100_000);
    check(residential, &[], 100_000, 100_000);
    check(residential, &[("highway", "crossing"), ("crossing", "traffic_signals")], 100_000, 110_000);
}

#[test]
fn a_wheelchair_goes_around_stairs() {
    // the direct street of 100 m between (0, 0) and (1, 0) is a flight of stairs: around the block it is 300 m
    let town = GridTown::new(1, 1, 100_000);
    let mut ways = town.records().ways().to_vec();
    ways[0].tags = Tags::new([("highway", "steps")]);
    let network = built(&StreetRecords::new(town.records().nodes().to_vec(), ways.clone()));
    let walk = |walker: &WalkProfile, network: &StreetNetwork| {
        let costs = WalkCosts::level_lengths(network, walker, None).unwrap();
        let graph = WalkGraph::new(network, &costs).unwrap();
        let linker = Linker::new(graph, LinkOptions::default());
        let [from, to] = [town.position(0, 0), town.position(1, 0)].map(|at| linker.link(&[Some(at)]));
        let target = Target { owner: 0, link: *to.get(0).unwrap() };
        nearest_each(graph, &from, &[vec![target]], None, &NoProgress).unwrap()[0][0].unwrap().cost.raw()
    };
    assert_eq!(walk(&WalkProfile::standard(), &network), 100_000);
    assert_eq!(walk(&WalkProfile::wheelchair(), &network), 300_000);
    let mut slow = WalkProfile::standard();
    slow.stairs_percent = 250;
    assert_eq!(walk(&slow, &network), 250_000);
    slow.stairs_percent = 350;
    assert_eq!(walk(&slow, &network), 300_000); // around
    let audit = WheelAudit::new(&network, &WalkProfile::wheelchair(), None);
    assert_eq!(audit.closed_by_m.into_iter().collect::<Vec<_>>(), [(WheelBar::Stairs, 100.0)]);
    assert_eq!((audit.streets_m, audit.closed_m, audit.untold_m), (400.0, 100.0, 300.0));
    // a ramp beside the stairs opens them
    ways[0].tags = Tags::new([("highway", "steps"), ("ramp:wheelchair", "yes")]);
    let network = built(&StreetRecords::new(town.records().nodes().to_vec(), ways));
    assert_eq!(walk(&WalkProfile::wheelchair(), &network), 100_000);
}

#[test]
fn what_bars_wheels_is_counted_and_what_is_not_told_too() {
    let mud: &[(&str, &str)] = &[("highway", "path"), ("surface", "mud")];
    let paved: &[(&str, &str)] = &[("highway", "path"), ("surface", "asphalt")];
    let kerb: &[(&str, &str)] = &[("kerb", "raised")];
    // mud, paved up to a kerb, untold from the kerb, untold
    let records = chain(&[&[], &[], kerb, &[], &[]], &[mud, paved, FOOTWAY, FOOTWAY]);
    let (network, costs) = times(&records, &WalkProfile::wheelchair());
    let open: Vec<i64> =
        network.arcs().filter(|&arc| costs.permits(arc)).map(|arc| network.way_id(arc)).collect();
    assert_eq!(open, [4, 4]);
    let audit = WheelAudit::new(&network, &WalkProfile::wheelchair(), None);
    assert_eq!((audit.streets_m, audit.closed_m, audit.untold_m), (400.0, 300.0, 100.0));
    let closed: Vec<_> = audit.closed_by_m.into_iter().collect();
    assert_eq!(closed, [(WheelBar::Surface, 100.0), (WheelBar::Kerb, 200.0)]);
    assert!(audit.unknown_m.values().all(|&metres| metres.to_bits() == 100.0_f64.to_bits()));
    assert_eq!(audit.unknown_m.len(), 5);
    // a kerb beside a road stops nobody on the road
    let road: &[(&str, &str)] = &[("highway", "residential")];
    let (network, costs) = times(&chain(&[&[], kerb, &[]], &[road, road]), &WalkProfile::wheelchair());
    assert!(network.arcs().all(|arc| costs.permits(arc)));
}

#[test]
fn winter_slows_and_closes() {
    let summer: &[(&str, &str)] = &[("highway", "footway"), ("seasonal", "spring;summer")];
    let unserved: &[(&str, &str)] = &[("highway", "footway"), ("winter_service", "no")];
    let yearly: &[(&str, &str)] = &[("highway", "footway"), ("seasonal", "summer; winter")];
    let records = chain(&[PLAIN; 5], &[summer, unserved, yearly, FOOTWAY]);
    let walker = metre_a_second(Slope::Ignored).winter(Winter::TYPICAL);
    let (network, costs) = times(&records, &walker);
    let found: Vec<Option<u32>> = (1..5).map(|at| raw(&costs, arc(&network, at, at + 1))).collect();
    assert_eq!(found, [None, None, Some(125_000), Some(125_000)]);
}

#[test]
fn costs_of_ones_own_ask_what_is_known_of_a_street() {
    let lit: &[(&str, &str)] = &[("highway", "footway"), ("lit", "yes")];
    let records = chain(&[PLAIN; 3], &[lit, FOOTWAY]);
    let network = built(&records);
    let terrain = terrain(&network, plane(0.1, 0.0));
    let walker = metre_a_second(Slope::Tobler);
    // unlit streets count double, and none is taken uphill
    let costs = WalkCosts::times_by(&network, &walker, Some(&terrain), |street| {
        if street.grade()? > 0.0 {
            return None;
        }
        let time = street.time()?;
        Some(if street.tags().has("lit", "yes") { time } else { time + time })
    })
    .unwrap();
    assert_eq!(raw(&costs, arc(&network, 1, 2)), None);
    assert!(raw(&costs, arc(&network, 2, 1)).unwrap().abs_diff(DOWN) <= 15);
    assert!(raw(&costs, arc(&network, 3, 2)).unwrap().abs_diff(2 * DOWN) <= 30);
}

#[test]
fn a_terrain_of_another_network_is_refused() {
    let [one, two] = [1, 2].map(|blocks| built(&GridTown::new(blocks, 1, 100_000).records()));
    let terrain = terrain(&one, plane(0.1, 0.0));
    let error = WalkCosts::times_on(&two, &WalkProfile::standard(), Some(&terrain)).unwrap_err();
    assert!(error.to_string().contains("14"), "{error}"); // seven segments
}

/// Where costs are proportional one search over level lengths answers as one search for each walker; where they are
/// not, each walker has a search, and one call answers as several.
#[test]
fn one_search_serves_walkers_of_one_rule() {
    let town = GridTown::new(6, 6, 100_000);
    let network = built(&town.records());
    let terrain = terrain(&network, plane(0.09, -0.13));
    let speed = |metres_per_second| Speed::try_from_metres_per_second(metres_per_second).unwrap();
    // whole milliseconds a millimetre, so that no search rounds
    let [quick, slow] = [1.0, 0.5].map(|pace| WalkProfile::new("walker", speed(pace)).slope(Slope::Tobler));
    assert!(quick.is_proportional_to(&slow) && slow.is_proportional_to(&quick));
    assert!(!quick.is_proportional_to(&slow.clone().slope(Slope::Ignored)));
    let waits = quick.clone().crossings(Crossings::typical());
    assert!(!waits.is_proportional_to(&waits) && !quick.is_proportional_to(&waits));

    let homes: Vec<Option<LonLat>> = (0..40)
        .map(|at| Some(town.position_at(i64::from(at) * 14_700, i64::from(at * at % 37) * 16_100)))
        .collect();
    let doors: Vec<LonLat> = (0..9).map(|at| town.position_at(at * 61_000, (at * 7 % 9) * 66_000)).collect();
    let linked = |graph: WalkGraph<'_>| {
        let linker = Linker::new(graph, LinkOptions::default());
        let links = linker.link(&doors.iter().copied().map(Some).collect::<Vec<_>>());
        let target = |owner: u32| Target { owner, link: *links.get(owner as usize).unwrap() };
        let services: Vec<Vec<Target>> =
            (0..3).map(|service| (0..3).map(|at| target(3 * service + at)).collect()).collect();
        (linker.link(&homes), services)
    };
    let shared = WalkCosts::level_lengths(&network, &quick, Some(&terrain)).unwrap();
    let graph = WalkGraph::new(&network, &shared).unwrap();
    let (origins, services) = linked(graph);
    let by_length = nearest_each(graph, &origins, &services, None, &NoProgress).unwrap();
    let walkers = [quick, slow, waits];
    let costs: Vec<WalkCosts> =
        walkers.iter().map(|walker| WalkCosts::times_on(&network, walker, Some(&terrain)).unwrap()).collect();
    let graphs: Vec<WalkGraph<'_>> =
        costs.iter().map(|costs| WalkGraph::new(&network, costs).unwrap()).collect();
    let errand = |graph: &WalkGraph<'_>, origins: &'_ Linkage| -> Vec<Vec<Option<_>>> {
        nearest_each(*graph, origins, &services, None, &NoProgress).unwrap()
    };
    let separate: Vec<_> = graphs.iter().map(|graph| errand(graph, &origins)).collect();
    let errands: Vec<Errand<'_>> = graphs
        .iter()
        .map(|&graph| Errand { graph, origins: &origins, services: &services, cutoff: None })
        .collect();
    assert_eq!(nearest_for_walkers(&errands, &NoProgress).unwrap(), separate);
    let mut compared = 0;
    for ((walker, answers), most) in walkers.iter().zip(&separate).zip([0, 2]) {
        for (times, lengths) in answers.iter().flatten().zip(by_length.iter().flatten()) {
            let (time, length) = (times.unwrap(), lengths.unwrap());
            assert_eq!(time.owner, length.owner);
            let Cost::Length(level) = length.cost else { panic!("{:?} is no length", length.cost) };
            // a street split at a door is rounded in its own unit: half a millimetre at each end
            let apart = time.cost.raw().abs_diff(walker.speed.time_for(level).as_millis());
            assert!(apart <= most, "{time:?} and {length:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * 3 * 40);
}
