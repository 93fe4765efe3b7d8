//! Reached pieces, the ground beside them, and routes: on squared paper, then as laws.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use geo_types::{MultiPolygon, Polygon};
use lifecircle_network::petgraph::Direction;
use lifecircle_network::{
    BuildOptions, Isochrone, Link, LinkFate, LinkOptions, Linkage, Linker, NetworkBuilder, SearchSpace,
    StreetNetwork, Target, WalkCosts, WalkGraph, WalkProfile, isochrones, nearest_each, route,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{CostUnit, LonLat, Millimetres, NoProgress, StreetRecords, StreetWay, Tags};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

const BLOCK: u32 = 100_000;

fn network(records: &StreetRecords) -> StreetNetwork {
    NetworkBuilder::new(BuildOptions::default()).build(records).unwrap().value
}

fn link(walk: WalkGraph<'_>, at: LonLat) -> Link {
    *Linker::new(walk, LinkOptions::default()).link(&[Some(at)]).get(0).unwrap()
}

fn reach<'a>(walk: WalkGraph<'a>, start: Link, metres: &[u32]) -> Vec<Isochrone<'a>> {
    let cutoffs: Vec<_> = metres.iter().map(|&m| Millimetres::from_metres(m).into()).collect();
    isochrones(walk, &[start], &cutoffs, Direction::Outgoing, &mut SearchSpace::new()).unwrap()
}

fn near(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} and not {expected}");
}

#[test]
fn streets_are_clipped_at_the_cutoff() {
    let town = GridTown::new(6, 6, BLOCK);
    let network = network(&town.records());
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    // from the middle of a street, 4 m off it: 46 m to either corner and 50 m, 96 m and 100 m, 146 m and 150 m
    let start = link(walk, town.position_at(350_000, 304_000));
    let found = reach(walk, start, &[4, 54, 104]);
    let lengths: Vec<_> = found.iter().map(Isochrone::length).collect();
    assert_eq!(lengths[0], Millimetres::ZERO);
    assert_eq!(lengths[1], Millimetres::from_metres(100), "to both corners");
    assert_eq!(lengths[2], Millimetres::from_metres(100 + 6 * 50), "and 50 m into three streets at each");
    // one piece per street, each with its cut ends
    assert_eq!(found[2].pieces().len(), 7);
    let lines = found[2].lines();
    assert_eq!(lines.0.len(), 7);
    let cut = town.position_at(250_000, 300_000);
    let ends = lines.0.iter().flat_map(|line| [line.0[0], line.0[1]]);
    assert!(ends.into_iter().any(|end| (end.x - cut.lon()).abs() < 1e-8 && (end.y - cut.lat()).abs() < 1e-8));
}

#[test]
fn the_two_ends_of_a_street_meet_in_its_middle() {
    let town = GridTown::new(1, 1, BLOCK);
    let network = network(&town.records());
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let start = link(walk, town.position(0, 0));
    let lengths: Vec<_> = reach(walk, start, &[150, 199, 200, 5000]).iter().map(Isochrone::length).collect();
    let metres = |metres| Millimetres::from_metres(metres);
    assert_eq!(lengths, [metres(300), metres(398), metres(400), metres(400)]);
}

#[test]
fn one_way_streets_tell_where_to_and_where_from_apart() {
    let town = GridTown::new(1, 1, BLOCK);
    let network = network(&town.records());
    // only in the direction of the ways: east and north
    let along: Vec<_> = network.segments().map(|segment| segment.along()).collect();
    let costs = WalkCosts::custom(&network, &WalkProfile::standard(), CostUnit::Length, |arc| {
        along.contains(&arc).then(|| network.length(arc).get())
    });
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let start = link(walk, town.position_at(10_000, 0));
    let cutoff = [Millimetres::from_metres(500).into()];
    let length = |direction| {
        isochrones(walk, &[start], &cutoff, direction, &mut SearchSpace::new()).unwrap()[0].length()
    };
    assert_eq!(length(Direction::Outgoing), Millimetres::from_metres(90 + 100));
    assert_eq!(length(Direction::Incoming), Millimetres::from_metres(10));
}

#[test]
fn the_ground_is_what_lies_beside_the_pieces() {
    let line = StreetRecords::new(
        GridTown::new(5, 1, BLOCK).records().nodes().to_vec(),
        vec![StreetWay { id: 1, nodes: (1..=6).collect(), tags: Tags::new([("highway", "footway")]) }],
    );
    let lone = network(&line);
    let costs = WalkCosts::lengths(&lone, &WalkProfile::standard());
    let walk = WalkGraph::new(&lone, &costs).unwrap();
    let town = GridTown::new(5, 1, BLOCK);
    let start = link(walk, town.position_at(250_000, 0));
    let width = Millimetres::from_metres(25);
    // 200 m of street: a band with two half circles
    let found = reach(walk, start, &[100]);
    let ground = found[0].area(width).unwrap();
    near(ground.area_m2(), 200.0 * 50.0 + core::f64::consts::PI * 625.0, 0.001);
    assert!(found[0].polygons(Millimetres::ZERO).0.is_empty());

    // a block walked around is a hole where it is deeper than the band
    let town = GridTown::new(1, 1, BLOCK);
    let block = network(&town.records());
    let costs = WalkCosts::lengths(&block, &WalkProfile::standard());
    let walk = WalkGraph::new(&block, &costs).unwrap();
    let start = link(walk, town.position(0, 0));
    let found = reach(walk, start, &[200]);
    let ground = found[0].polygons(width);
    assert_eq!((ground.0.len(), ground.0[0].interiors().len()), (1, 1));
    let outer = 150.0 * 150.0 - (4.0 - core::f64::consts::PI) * 625.0;
    near(found[0].area(width).unwrap().area_m2(), outer - 50.0 * 50.0, 0.001);
    assert!(found[0].polygons(Millimetres::from_metres(51)).0[0].interiors().is_empty());

    // shares of land: the band takes 25 m of a square of 100 m on each side
    let square = |low: i64, high: i64| {
        let corner = |x: i64, y: i64| town.position_at(x * 1000, y * 1000);
        let ring: Vec<_> =
            [corner(low, low), corner(high, low), corner(high, high), corner(low, high), corner(low, low)]
                .map(|at| (at.lon(), at.lat()))
                .into();
        Polygon::new(ring.into(), vec![])
    };
    let ground = found[0].area(width).unwrap();
    near(ground.share_of(&MultiPolygon(vec![square(0, 100)])).unwrap(), 0.75, 1e-4);
    assert_eq!(ground.share_of(&MultiPolygon(vec![square(30, 70)])), Some(0.0));
    // land given twice counts once
    near(ground.share_of(&MultiPolygon(vec![square(0, 100), square(0, 100)])).unwrap(), 0.75, 1e-4);
    assert_eq!(ground.share_of(&MultiPolygon(vec![])), None);
}

#[test]
fn a_route_names_its_streets() {
    let records = GridTown::new(3, 1, BLOCK).records();
    let named = records.ways().iter().map(|way| StreetWay {
        tags: Tags::new([
            ("highway", "residential"),
            ("name", if way.id == 1 { "South Street" } else { "Lane" }),
        ]),
        ..way.clone()
    });
    let town = GridTown::new(3, 1, BLOCK);
    let network = network(&StreetRecords::new(records.nodes().to_vec(), named.collect()));
    let costs = WalkCosts::times(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let (from, to) =
        (link(walk, town.position_at(50_000, -9_000)), link(walk, town.position_at(300_000, 60_000)));
    let found = route(walk, &from, &to, &mut SearchSpace::new()).unwrap().unwrap();
    let metres: Vec<_> = found.steps.iter().map(|s| (s.street.as_deref(), s.length.get() / 1000)).collect();
    assert_eq!(metres, [(Some("South Street"), 250), (Some("Lane"), 60)]);
    assert_eq!((found.first_leg, found.last_leg), (Millimetres::from_metres(9), Millimetres::ZERO));
    assert_eq!(found.length(), Millimetres::from_metres(319));
    // 319 m at 1000 m in 15 minutes
    assert_eq!(found.cost, lifecircle_types::TravelTime::from_millis(287_100).into());
    let ends = [(found.shape[0], from.position), (*found.shape.last().unwrap(), to.position)];
    assert!(ends.iter().all(|(drawn, linked)| drawn.metres_to(*linked) < 0.001));
}

/// A town with costs of its own in each direction, some arcs impassable, and links in it.
fn drawn() -> impl Strategy<Value = (u64, Vec<(u32, u32, u32)>)> {
    let links = proptest::collection::vec((0..24_u32, any::<u32>(), 0..3_000_u32), 2..6);
    (any::<u64>(), links)
}

fn costs(network: &StreetNetwork, seed: u64) -> WalkCosts {
    let mut state = seed;
    WalkCosts::custom(network, &WalkProfile::standard(), CostUnit::Length, |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = state >> 40;
        (!drawn.is_multiple_of(7)).then(|| u32::try_from(drawn % 5).unwrap() * 40_000)
    })
}

fn links(network: &StreetNetwork, costs: &WalkCosts, draws: &[(u32, u32, u32)]) -> Vec<Link> {
    let segments: Vec<_> = network.segments().collect();
    let draw = |&(segment, offset, leg): &(u32, u32, u32)| {
        let segment = segments[segment as usize % segments.len()];
        let arcs = [segment.along(), segment.against()];
        let arc = *arcs.iter().find(|&&arc| costs.permits(arc))?;
        let offset = Millimetres::new(offset % (segment.length().get() + 1));
        Some(Link { arc, offset, off_street: Millimetres::new(leg), position: segment.shape()[0] })
    };
    draws.iter().filter_map(draw).collect()
}

fn linkage(links: &[Link]) -> Linkage {
    Linkage::new(links.iter().map(|&link| LinkFate::Linked(link)).collect())
}

proptest! {
    /// A spot lies in a piece if and only if the trip to it costs no more than the cutoff; a millimetre at the cut is
    /// left to rounding.
    #[test]
    fn pieces_hold_what_trips_reach((seed, draws) in drawn(), cutoff in 0..300_000_u32, incoming in any::<bool>()) {
        let network = network(&GridTown::new(3, 3, BLOCK).records());
        let costs = costs(&network, seed);
        let walk = WalkGraph::new(&network, &costs).unwrap();
        let starts = links(&network, &costs, &draws);
        let direction = if incoming { Direction::Incoming } else { Direction::Outgoing };
        let cutoff_cost = Millimetres::new(cutoff).into();
        let all = isochrones(walk, &starts, &[cutoff_cost], direction, &mut SearchSpace::new()).unwrap();
        for segment in network.segments() {
            let arc = segment.along();
            let Some(usable) = [arc, segment.against()].into_iter().find(|&arc| costs.permits(arc)) else { continue };
            let both_ways = costs.permits(arc) && costs.permits(segment.against());
            for share in 0..=8_u32 {
                // a spot on a junction may be reached by another street than its own
                if share % 8 == 0 && !both_ways {
                    continue;
                }
                let offset = segment.length().get() / 8 * share;
                let along = if usable == arc { offset } else { segment.length().get() - offset };
                let spot = Link {
                    arc: usable,
                    offset: Millimetres::new(along),
                    off_street: Millimetres::ZERO,
                    position: segment.shape()[0],
                };
                let target = |link| Target { owner: 0, link };
                let nearest = |origins: &[Link], targets: Vec<Target>| {
                    nearest_each(walk, &linkage(origins), &[targets], None, &NoProgress).unwrap()[0]
                        .iter()
                        .filter_map(|trip| trip.map(|trip| trip.cost.raw()))
                        .min()
                };
                let cost = if incoming {
                    nearest(&[spot], starts.iter().copied().map(target).collect())
                } else {
                    nearest(&starts, vec![target(spot)])
                };
                let held = |slack: u32| all[0].pieces().iter().any(|piece| {
                    piece.arc == arc
                        && piece.from.get() <= offset.saturating_add(slack)
                        && offset <= piece.to.get().saturating_add(slack)
                });
                match cost {
                    // pieces without length are left out: a spot that is just reached may be one
                    Some(cost) if cost.saturating_add(2) <= cutoff => prop_assert!(held(2), "{cost} {cutoff}"),
                    Some(cost) if cost <= cutoff.saturating_add(2) => {}
                    _ => prop_assert!(!held(0) || costs.cost(usable).is_none(), "{cost:?} {cutoff} at {offset}"),
                }
            }
        }
    }

    /// A route costs what the nearest trip costs, its parts add up to it, and its line runs from link to link.
    #[test]
    fn routes_cost_what_trips_cost((seed, draws) in drawn()) {
        let network = network(&GridTown::new(3, 3, BLOCK).records());
        let costs = costs(&network, seed);
        let walk = WalkGraph::new(&network, &costs).unwrap();
        let links = links(&network, &costs, &draws);
        for from in &links {
            for to in &links {
                let targets = vec![Target { owner: 0, link: *to }];
                let trip = nearest_each(walk, &linkage(&[*from]), &[targets], None, &NoProgress).unwrap()[0][0];
                let found = route(walk, from, to, &mut SearchSpace::new()).unwrap();
                prop_assert_eq!(found.as_ref().map(|route| route.cost), trip.map(|trip| trip.cost));
                if let Some(route) = found {
                    let legs = from.off_street.get() + to.off_street.get();
                    let steps: u32 = route.steps.iter().map(|step| step.cost.raw()).sum();
                    prop_assert_eq!(legs + steps, route.cost.raw());
                    let drawn: f64 = route.shape.windows(2).map(|ends| ends[0].metres_to(ends[1])).sum();
                    let stated: u32 = route.steps.iter().map(|step| step.length.get()).sum();
                    prop_assert!((drawn - f64::from(stated) / 1000.0).abs() < 0.1, "{drawn} {stated}");
                }
            }
        }
    }
}
