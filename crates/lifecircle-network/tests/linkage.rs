//! Linkage on squared paper: islands, water, walls with gates, private streets, bridges. Metres east and north of
//! the town's first corner.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::{
    Approach, Approaches, Barriers, BuildOptions, LinkOptions, Linker, NearestTrip, NetworkBuilder, Obstacle,
    Precincts, Standing, StreetNetwork, WalkCosts, WalkGraph, WalkProfile, motorways, nearest_trips,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{
    Barrier, BarrierKind, Cost, LonLat, Millimetres, NoProgress, StreetNode, StreetRecords, StreetWay, Tags,
};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

type Point = (i64, i64);

fn at((east, north): Point) -> LonLat {
    GridTown::new(1, 1, 1000).position_at(east * 1000, north * 1000)
}

type Marks<'a> = &'a [(&'a str, &'a str)];

/// Streets as tags and corners; corners at the same place are one node. `marks` tags nodes.
fn town(streets: &[(Marks<'_>, &[Point])], marks: &[(Point, Marks<'_>)]) -> StreetNetwork {
    let mut corners: Vec<Point> = streets.iter().flat_map(|(_, line)| line.iter().copied()).collect();
    corners.sort_unstable();
    corners.dedup();
    let id = |corner: &Point| i64::try_from(corners.binary_search(corner).unwrap()).unwrap() + 1;
    let tags = |corner: &Point| {
        let mark = marks.iter().find(|(at, _)| at == corner);
        mark.map_or_else(Tags::default, |(_, tags)| Tags::new(tags.iter().copied()))
    };
    let nodes = corners.iter().map(|c| StreetNode { id: id(c), position: at(*c), tags: tags(c) }).collect();
    let ways = (1..).zip(streets).map(|(way, (tags, line))| StreetWay {
        id: way,
        nodes: line.iter().map(id).collect(),
        tags: Tags::new(tags.iter().copied()),
    });
    let records = StreetRecords::new(nodes, ways.collect());
    NetworkBuilder::new(BuildOptions::default()).build(&records).unwrap().value
}

const STREET: &[(&str, &str)] = &[("highway", "residential")];
const PRIVATE: &[(&str, &str)] = &[("highway", "service"), ("access", "private")];

fn line(kind: BarrierKind, points: &[Point], gates: &[Point]) -> Barrier {
    let all = |points: &[Point]| points.iter().map(|&point| at(point)).collect();
    Barrier { id: "way/9".into(), kind, name: None, raised: false, line: all(points), gates: all(gates) }
}

fn approached(
    network: &StreetNetwork,
    walker: &WalkProfile,
    barriers: &[Barrier],
    points: &[Point],
) -> Approaches {
    let costs = WalkCosts::lengths(network, walker);
    let graph = WalkGraph::new(network, &costs).unwrap();
    let precincts = Precincts::new(graph, walker);
    let barriers = Barriers::new(barriers);
    let linker = Linker::with_precincts(graph, LinkOptions::default(), &precincts).barriers(&barriers);
    let points: Vec<_> = points.iter().map(|&point| Some(at(point))).collect();
    linker.approach(&points, &NoProgress).unwrap()
}

fn approach(network: &StreetNetwork, barriers: &[Barrier], point: Point) -> Approach {
    approached(network, &WalkProfile::standard(), barriers, &[point]).as_slice()[0]
}

/// Length of the trip between two points, by any of their ways.
fn trip(
    network: &StreetNetwork,
    walker: &WalkProfile,
    barriers: &[Barrier],
    ends: [Point; 2],
) -> Option<u32> {
    let costs = WalkCosts::lengths(network, walker);
    let graph = WalkGraph::new(network, &costs).unwrap();
    let precincts = Precincts::new(graph, walker);
    let [origins, doors] = ends.map(|end| approached(network, walker, barriers, &[end]));
    let found =
        nearest_trips(graph, &precincts, &origins, &doors, &[vec![(7, 0)]], None, &NoProgress).unwrap();
    let NearestTrip { owner, cost } = found[0][0]?;
    assert_eq!(owner, 7);
    let Cost::Length(length) = cost else { unreachable!("the graph counts lengths") };
    // metres: positions are exact to a few hundredths of a millimetre, sums of pieces to a millimetre each
    assert!(
        length.get().abs_diff(length.get().next_multiple_of(1000)) < 5 || length.get() % 1000 < 5,
        "{length}"
    );
    Some((length.get() + 5) / 1000)
}

fn metres(link: Option<lifecircle_network::Link>) -> Option<u32> {
    link.map(|link| (link.off_street.get() + 5) / 1000)
}

#[test]
fn nobody_goes_over_water_while_a_street_on_the_same_side_is_in_reach() {
    let network = town(&[(STREET, &[(0, 0), (1000, 0)]), (STREET, &[(0, 0), (0, 300), (1000, 300)])], &[]);
    let river = [line(BarrierKind::Water, &[(-100, 50), (1100, 50)], &[])];
    // 90 m from the street beyond the river, 210 m from the one on this side
    let dry = approach(&network, &river, (600, 90));
    assert_eq!((dry.standing, metres(dry.link)), (Standing::Street, Some(210)));
    assert_eq!(dry.nearest, Some(Millimetres::from_metres(90)), "the one passed over is known");
    let free = approach(&network, &[], (600, 90));
    assert_eq!((free.standing, metres(free.link)), (Standing::Street, Some(90)));
    // a home between two rivers has no side of its own: it goes over the nearer, and says so
    let rivers = [river[0].clone(), line(BarrierKind::Railway, &[(-100, 200), (1100, 200)], &[])];
    let cut_off = approach(&network, &rivers, (600, 90));
    assert_eq!((cut_off.standing, metres(cut_off.link)), (Standing::Across, Some(90)));
    assert_eq!(cut_off.obstacle, Some(Obstacle::Water));
    let other = approach(&network, &rivers, (600, 190));
    assert_eq!((other.standing, other.obstacle), (Standing::Across, Some(Obstacle::Railway)));
    // beyond the maximum there is no street, dry or not
    let lost = approach(&network, &river, (600, 801));
    assert_eq!((lost.standing, lost.link), (Standing::TooFar, None));
    assert_eq!(lost.nearest, Some(Millimetres::from_metres(501)));
}

#[test]
fn an_island_will_do_only_where_the_main_component_is_far() {
    let network = town(&[(STREET, &[(0, 0), (1000, 0)]), (STREET, &[(0, 400), (200, 400)])], &[]);
    let standing = |north| approach(&network, &[], (100, north)).standing;
    // 300 m from the one and 100 m from the other: 200 m farther, inclusive
    assert_eq!(standing(300), Standing::Street);
    assert_eq!(standing(301), Standing::Island);
    // the main component would win, but a river lies before it
    let river = [line(BarrierKind::Water, &[(-100, 50), (1100, 50)], &[])];
    assert_eq!(approach(&network, &river, (100, 210)).standing, Standing::Island);
}

#[test]
fn motorways_bar_and_their_bridges_do_not() {
    let fast: &[(&str, &str)] = &[("highway", "motorway")];
    let bridge: &[(&str, &str)] = &[("highway", "motorway"), ("bridge", "yes")];
    let network = town(
        &[(STREET, &[(0, 0), (1000, 0)]), (fast, &[(0, 50), (500, 50)]), (bridge, &[(500, 50), (1000, 50)])],
        &[],
    );
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let barriers = motorways(WalkGraph::new(&network, &costs).unwrap());
    assert_eq!(barriers.iter().map(|barrier| barrier.raised).collect::<Vec<_>>(), [false, true]);
    let across = approach(&network, &barriers, (250, 90));
    assert_eq!((across.standing, across.obstacle), (Standing::Across, Some(Obstacle::Motorway)));
    assert_eq!(approach(&network, &barriers, (750, 90)).standing, Standing::Street, "below the bridge");
}

#[test]
fn bridges_and_tunnels_are_entered_at_their_ends() {
    let bridge: &[(&str, &str)] = &[("highway", "residential"), ("bridge", "yes")];
    let network = town(&[(STREET, &[(0, 0), (100, 0)]), (bridge, &[(100, 0), (400, 0)])], &[]);
    // 20 m below the middle of the bridge: the street at its end is 102 m away
    let below = approach(&network, &[], (200, 20));
    assert_eq!((below.standing, metres(below.link)), (Standing::Street, Some(101)));
    // who stands on it is on it
    assert_eq!(metres(approach(&network, &[], (200, 0)).link), Some(0));
    // at its far end it may be entered, as nothing else meets it there
    let end = approach(&network, &[], (450, 0));
    assert_eq!((end.standing, metres(end.link)), (Standing::Street, Some(50)));
}

#[test]
fn residents_walk_their_private_street_and_strangers_do_not() {
    // a private drive 500 m long, and a public way round: (100, 0) to (100, 500) takes 1100 m by (400, 0)
    let network = town(
        &[
            (STREET, &[(0, 0), (100, 0), (400, 0), (400, 500), (100, 500)]),
            (PRIVATE, &[(100, 0), (100, 250), (100, 500)]),
        ],
        &[],
    );
    let walker = WalkProfile::standard();
    // 5 m from the drive and 200 m from the open street: no farther than the penalty
    assert_eq!(approach(&network, &[], (105, 200)).standing, Standing::Street);
    let home = (105, 250);
    let all = approached(&network, &walker, &[], &[home]);
    let drive = all.as_slice()[0];
    assert_eq!((drive.standing, metres(drive.link)), (Standing::Private, Some(5)));
    assert_eq!(all.links(0).len(), 2, "an exit at either end");
    assert!(all.links(0).iter().all(|link| link.off_street == Millimetres::from_metres(255)));

    let strangers = [(50, 0), (150, 500)];
    assert_eq!(trip(&network, &walker, &[], strangers), Some(50 + 300 + 500 + 300 - 50));
    assert_eq!(trip(&network, &walker, &[], [home, (0, 0)]), Some(5 + 250 + 100));
    assert_eq!(trip(&network, &walker, &[], [(0, 0), home]), Some(5 + 250 + 100), "visitors are let in");
    assert_eq!(trip(&network, &walker, &[], [home, (150, 500)]), Some(5 + 250 + 50), "by the other exit");
    assert_eq!(trip(&network, &walker, &[], [home, (95, 270)]), Some(5 + 20 + 5), "neighbours stay inside");
    let opened = walker.with_gates_open();
    assert_eq!(trip(&network, &opened, &[], strangers), Some(50 + 500 + 50));
    assert_eq!(approached(&network, &opened, &[], &[home]).as_slice()[0].standing, Standing::Street);
}

#[test]
fn a_private_gate_stops_strangers_and_hides_what_lies_behind() {
    let gate: &[(&str, &str)] = &[("barrier", "gate"), ("access", "private")];
    let streets: &[(Marks<'_>, &[Point])] = &[
        (STREET, &[(0, 0), (100, 0), (500, 0), (500, 900)]),
        // an estate street with its only gate near the south, and a lane that hangs off it
        (STREET, &[(100, 0), (100, 20), (100, 600)]),
        (STREET, &[(100, 600), (0, 600)]),
    ];
    let walker = WalkProfile::standard();
    let ends = [(100, 500), (0, 0)];
    let closed = town(streets, &[((100, 20), gate)]);
    let costs = WalkCosts::lengths(&closed, &walker);
    let graph = WalkGraph::new(&closed, &costs).unwrap();
    let precincts = Precincts::new(graph, &walker);
    assert_eq!((precincts.segment_count(&closed), precincts.exits().len()), (3, 1));
    let inside = approached(&closed, &walker, &[], &[(100, 500), (10, 605)]);
    assert!(inside.as_slice().iter().all(|point| point.standing == Standing::Private));
    assert_eq!(trip(&closed, &walker, &[], ends), Some(500 + 100));
    let opened = walker.clone().with_gates_open();
    assert_eq!(trip(&closed, &opened, &[], ends), Some(500 + 100));
    // bollards hold up nobody
    let bollard: &[(&str, &str)] = &[("barrier", "bollard"), ("access", "no")];
    let open = town(streets, &[((100, 20), bollard)]);
    assert!(
        Precincts::new(WalkGraph::new(&open, &WalkCosts::lengths(&open, &walker)).unwrap(), &walker)
            .is_empty()
    );
}

#[test]
fn a_walled_estate_without_streets_is_left_by_its_gates() {
    let network = town(&[(STREET, &[(0, 0), (600, 0), (600, 500), (0, 500), (0, 0)])], &[]);
    let ring = [(50, 20), (550, 20), (550, 480), (50, 480), (50, 20)];
    let wall = [line(BarrierKind::Wall, &ring, &[(550, 200), (300, 480)])];
    let walker = WalkProfile::standard();
    let home = (300, 200);
    let all = approached(&network, &walker, &wall, &[home]);
    assert_eq!((all.as_slice()[0].standing, all.links(0).len()), (Standing::Gates, 2));
    // 250 m to the eastern gate and 50 m on, or 280 m to the northern one and 20 m on: 300 m either way
    assert!(all.links(0).iter().all(|link| link.off_street == Millimetres::from_metres(300)));
    assert_eq!(trip(&network, &walker, &wall, [home, (600, 100)]), Some(300 + 100));
    assert_eq!(trip(&network, &walker, &wall, [home, (100, 500)]), Some(300 + 200));
    // without the wall it is the nearest street
    assert_eq!(metres(approach(&network, &[], home).link), Some(200));
    // a wall whose gates lead nowhere is climbed, and the leg says so
    let shut = [line(BarrierKind::Wall, &ring, &[])];
    let climbed = approach(&network, &shut, home);
    assert_eq!((climbed.standing, climbed.obstacle), (Standing::Across, Some(Obstacle::Wall)));
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    proptest::collection::vec((-300_i64..700, -300_i64..700), 1..12)
}

fn barriers() -> impl Strategy<Value = Vec<Barrier>> {
    let kind = proptest::sample::select(BarrierKind::ALL);
    let coordinate = || (-30_i64..70).prop_map(|ten| ten * 10 + 3);
    let point = (coordinate(), coordinate());
    let one = (kind, proptest::collection::vec(point, 2..5), any::<bool>()).prop_map(
        |(kind, mut points, close)| {
            if close {
                points.push(points[0]);
            }
            line(kind, &points, &points[..1])
        },
    );
    proptest::collection::vec(one, 0..6)
}

/// A metre beyond `spot`, seen from `point`: a barrier may touch the street itself.
fn beyond(point: LonLat, spot: LonLat) -> LonLat {
    let share = 1.0 + 1.0 / point.metres_to(spot).max(1.0);
    let on = |from: f64, to: f64| from + (to - from) * share;
    LonLat::new(on(point.lon(), spot.lon()), on(point.lat(), spot.lat())).unwrap()
}

proptest! {
    /// Free links cross nothing, and a link crosses something only where no sampled spot of a street is free.
    #[test]
    fn a_leg_crosses_only_where_it_must(points in points(), barriers in barriers()) {
        let network = town(
            &[(STREET, &[(0, 0), (400, 0), (400, 400)]), (STREET, &[(0, 0), (0, 400), (400, 400)])],
            &[],
        );
        let spots: Vec<LonLat> = (0..=400)
            .step_by(5)
            .flat_map(|step| [(step, 0), (400, step), (0, step), (step, 400)])
            .map(at)
            .collect();
        let index = Barriers::new(&barriers);
        let all = approached(&network, &WalkProfile::standard(), &barriers, &points);
        for (&point, approach) in points.iter().zip(all.as_slice()) {
            let near = |east: i64, north: i64| at((point.0 + east, point.1 + north));
            let legs = [(near(-2, 0), near(2, 0)), (near(0, -2), near(0, 2)), (near(-2, -2), near(2, 2)), (near(-2, 2), near(2, -2))];
            if legs.iter().any(|&(from, to)| index.between(from, to).is_some()) {
                continue; // whoever stands in a barrier has no side
            }
            let point = at(point);
            let free = spots
                .iter()
                .filter(|&&spot| index.between(point, beyond(point, spot)).is_none())
                .map(|&spot| point.length_to(spot))
                .filter(|&leg| leg <= Millimetres::from_metres(499))
                .min();
            match (approach.standing, approach.link) {
                (Standing::Street, Some(link)) => {
                    prop_assert_eq!(index.between(point, link.position), None);
                    prop_assert_eq!(approach.obstacle, None);
                    prop_assert!(link.off_street <= Millimetres::from_metres(500));
                    // a leg keeps a little distance from the corners of barriers
                    prop_assert!(free.is_none_or(|free| link.off_street <= free + Millimetres::from_metres(1)));
                }
                (Standing::Across, Some(link)) => {
                    prop_assert_eq!(index.between(point, link.position), approach.obstacle);
                    prop_assert!(approach.obstacle.is_some());
                    prop_assert_eq!(free, None);
                }
                (Standing::Gates, Some(_)) => {
                    prop_assert!(!index.gates_around(point).is_empty());
                    prop_assert_eq!(free, None);
                }
                (Standing::TooFar, None) => prop_assert_eq!(free, None),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    /// The order of points and barriers changes nothing.
    #[test]
    fn turned_rows_change_nothing(points in points(), barriers in barriers()) {
        let network = town(&[(STREET, &[(0, 0), (400, 0), (400, 400)]), (PRIVATE, &[(0, 0), (0, 400)])], &[]);
        let forth = approached(&network, &WalkProfile::standard(), &barriers, &points);
        let turned = |points: &[Point]| points.iter().rev().copied().collect::<Vec<_>>();
        let barriers: Vec<_> = barriers.into_iter().rev().collect();
        let back = approached(&network, &WalkProfile::standard(), &barriers, &turned(&points));
        for row in 0..points.len() {
            let other = points.len() - 1 - row;
            prop_assert_eq!(forth.as_slice()[row], back.as_slice()[other]);
            prop_assert_eq!(forth.links(row), back.links(other));
        }
    }
}
