//! Laws that hold on every network: random small ones with parallel streets, circles, islands, stairs and
//! one-way costs, anywhere on the earth.
//!
//! The oracles are petgraph's own `dijkstra` and plain search over all candidates.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::BTreeMap;

use lifecircle_network::petgraph::algo::dijkstra;
use lifecircle_network::petgraph::graph::DiGraph;
use lifecircle_network::petgraph::visit::{EdgeRef, Reversed};
use lifecircle_network::{
    ArcIx, BuildOptions, Link, LinkFate, LinkOptions, Linkage, Linker, MatrixOptions, NetworkBuilder, NodeIx,
    SearchSpace, StreetNetwork, Target, WalkCosts, WalkGraph, WalkProfile, nearest_each, nearest_straight,
    travel_matrix,
};
use lifecircle_types::{
    CostUnit, DemandIx, FacilityIx, LonLat, Millimetres, NoProgress, StreetNode, StreetRecords, StreetWay,
    Tags,
};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

const KILOMETRE: f64 = 1.0 / 111.195_08; // in degrees of a meridian

/// A position `east` and `north` metres of `centre`, wrapped at the date line.
fn beside(centre: (f64, f64), east: i32, north: i32) -> LonLat {
    let lat = centre.1 + f64::from(north) / 1000.0 * KILOMETRE;
    let lon = centre.0 + f64::from(east) / 1000.0 * KILOMETRE / centre.1.to_radians().cos();
    LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, lat).unwrap()
}

fn centre() -> impl Strategy<Value = (f64, f64)> {
    (
        proptest::prop_oneof![-179.0..179.0, Just(180.0), Just(0.0)],
        proptest::prop_oneof![-80.0..80.0, Just(0.0)],
    )
}

/// Streets around a centre; some nodes are missing, some streets impassable.
fn records() -> impl Strategy<Value = ((f64, f64), StreetRecords)> {
    let node = (-1500..1500_i32, -1500..1500_i32);
    let class = proptest::sample::select(vec!["residential", "footway", "steps", "motorway", "proposed"]);
    (centre(), vec(node, 1..14)).prop_flat_map(move |(centre, nodes)| {
        let count = i64::try_from(nodes.len()).unwrap();
        let nodes: Vec<_> = (1..)
            .zip(nodes)
            .map(|(id, (east, north))| StreetNode {
                id,
                position: beside(centre, east, north),
                tags: Tags::default(),
            })
            .collect();
        let way = (vec(1..=count + 1, 2..6), class.clone());
        vec(way, 1..16).prop_map(move |ways| {
            let ways = (1..).zip(ways).map(|(id, (nodes, class))| StreetWay {
                id,
                nodes,
                tags: Tags::new([("highway", class)]),
            });
            (centre, StreetRecords::new(nodes.clone(), ways.collect()))
        })
    })
}

fn network(records: &StreetRecords) -> StreetNetwork {
    let built = NetworkBuilder::new(BuildOptions::default()).build(records).unwrap();
    assert!(built.fate.balances());
    built.value
}

/// Costs that differ by direction, with impassable arcs, drawn from `seed`.
fn one_way_costs(network: &StreetNetwork, seed: u64) -> WalkCosts {
    let mut state = seed;
    WalkCosts::custom(network, &WalkProfile::standard(), CostUnit::Length, |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = state >> 40;
        // few costs, so that ties are common, and some of them zero
        (!drawn.is_multiple_of(7)).then(|| u32::try_from(drawn % 5).unwrap() * 10_000)
    })
}

/// Links of all sorts, in the middle of streets and at their ends.
fn links(network: &StreetNetwork, draws: &[(u32, u32, u32)]) -> Vec<Link> {
    let segments: Vec<_> = network.segments().collect();
    let draw = |&(segment, offset, leg): &(u32, u32, u32)| {
        let segment = segments[segment as usize % segments.len()];
        let arc = if leg % 2 == 0 { segment.along() } else { segment.against() };
        Link {
            arc,
            offset: Millimetres::new(offset % (segment.length().get() + 1)),
            off_street: Millimetres::new(leg),
            position: segment.shape()[0],
        }
    };
    draws.iter().map(draw).collect()
}

fn draws() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    vec((0..20_u32, proptest::prop_oneof![Just(0), any::<u32>()], 0..3_u32), 1..8)
}

fn linkage(links: &[Link]) -> Linkage {
    Linkage::new(links.iter().map(|&link| LinkFate::Linked(link)).collect())
}

fn targets(links: &[Link]) -> Vec<Target> {
    // two entrances to every facility
    (0..).zip(links).map(|(at, &link)| Target { owner: at / 2, link }).collect()
}

/// The trip from `from` to `to` by petgraph, on a graph in which both are nodes of their own.
fn trip(network: &StreetNetwork, costs: &WalkCosts, from: &Link, to: &Link) -> Option<u32> {
    let mut graph = DiGraph::<(), u32>::new();
    let nodes: Vec<_> = network.nodes().map(|_| graph.add_node(())).collect();
    let cost = |arc: ArcIx| costs.cost(arc).map(|cost| cost.raw());
    for arc in network.arcs() {
        if let Some(cost) = cost(arc) {
            graph.add_edge(nodes[network.tail(arc).index()], nodes[network.head(arc).index()], cost);
        }
    }
    // cost from the tail of `arc` to the link, and from there to its head: split in the way's direction
    let split = |link: &Link, arc: ArcIx| {
        let cost = cost(arc)?;
        let length = network.length(arc).get();
        let along = network.segment(arc).along();
        let offset = if link.arc == along { link.offset.get() } else { length - link.offset.get() };
        let (cost_64, offset, length) = (u64::from(cost), u64::from(offset), u64::from(length));
        let first = u32::try_from((2 * cost_64 * offset + length) / (2 * length)).unwrap();
        Some(if arc == along { (first, cost - first) } else { (cost - first, first) })
    };
    let (start, end) = (graph.add_node(()), graph.add_node(()));
    for arc in [from.arc, network.opposite(from.arc)] {
        if let Some((_, rest)) = split(from, arc) {
            graph.add_edge(start, nodes[network.head(arc).index()], rest + from.off_street.get());
        }
    }
    for arc in [to.arc, network.opposite(to.arc)] {
        if let Some((done, _)) = split(to, arc) {
            graph.add_edge(nodes[network.tail(arc).index()], end, done + to.off_street.get());
        }
        // the direct stretch, if both lie on this street and the target comes later
        let position = |link: &Link| {
            let length = network.length(arc);
            if link.arc == arc { link.offset } else { length - link.offset }
        };
        let shared = from.arc == arc || network.opposite(from.arc) == arc;
        if shared
            && position(from) <= position(to)
            && let (Some((start_done, _)), Some((end_done, _))) = (split(from, arc), split(to, arc))
        {
            let legs = from.off_street.get() + to.off_street.get();
            graph.add_edge(start, end, end_done - start_done + legs);
        }
    }
    // a link at an end of its street stands on the node there
    let node_at = |link: &Link| {
        let ends = [(0, network.tail(link.arc)), (network.length(link.arc).get(), network.head(link.arc))];
        let at_end = ends.into_iter().filter(|(offset, _)| *offset == link.offset.get());
        at_end.map(|(_, node)| nodes[node.index()]).collect::<Vec<_>>()
    };
    for node in node_at(from) {
        graph.add_edge(start, node, from.off_street.get());
    }
    for node in node_at(to) {
        graph.add_edge(node, end, to.off_street.get());
    }
    dijkstra(&graph, start, Some(end), |arc| *arc.weight()).get(&end).copied()
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn reach_is_dijkstra_within_the_cutoff((_, records) in records(), seed: u64, start: u32, cutoff in 0..100_000_u32) {
        let network = network(&records);
        let costs = one_way_costs(&network, seed);
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let start = NodeIx(start % NodeIx::new(network.node_count()).0);
            let mut space = SearchSpace::new();
            let bounded = |all: &mut dyn Iterator<Item = (NodeIx, u32)>| -> BTreeMap<NodeIx, u32> {
                all.filter(|&(_, cost)| cost <= cutoff).collect()
            };
            let found: Vec<_> = space.reach(walk, &[(start, 0)], cutoff, |arc| *arc.weight()).iter().collect();
            prop_assert!(found.is_sorted_by_key(|&(_, cost)| cost));
            let expected = dijkstra(walk, start, None, |arc| *arc.weight());
            prop_assert_eq!(found.len(), bounded(&mut found.iter().copied()).len());
            prop_assert_eq!(bounded(&mut found.into_iter()), bounded(&mut network.nodes().filter_map(|at| Some((at, *expected.get(&at)?)))));
            // the same space, the other way round
            let back = space.reach(Reversed(walk), &[(start, 0)], cutoff, |arc| *arc.weight());
            let expected = dijkstra(Reversed(walk), start, None, |arc| *arc.weight());
            for at in network.nodes() {
                prop_assert_eq!(back.cost(at), expected.get(&at).copied().filter(|&cost| cost <= cutoff));
            }
        }
    }

    #[test]
    fn nearest_is_the_best_of_single_searches((_, records) in records(), seed: u64, draws in vec((any::<u32>(), 0..4_u32, 0..5_u32), 0..6), cutoff in 0..100_000_u32) {
        let network = network(&records);
        let costs = one_way_costs(&network, seed);
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let count = NodeIx::new(network.node_count()).0;
            let sources: Vec<_> = draws.iter().map(|&(node, cost, owner)| (NodeIx(node % count), cost * 10_000, owner)).collect();
            let single: Vec<_> = sources.iter().map(|source| dijkstra(walk, source.0, None, |arc| *arc.weight())).collect();
            let mut space = SearchSpace::new();
            let nearest = space.nearest(walk, &sources, cutoff, |arc| *arc.weight());
            let mut reached = 0;
            for at in network.nodes() {
                let expected = single.iter().zip(&sources)
                    .filter_map(|(costs, &(_, start, owner))| Some((costs.get(&at)? + start, owner)))
                    .filter(|&(cost, _)| cost <= cutoff)
                    .min();
                reached += usize::from(expected.is_some());
                prop_assert_eq!(nearest.get(at), expected);
            }
            prop_assert_eq!(nearest.len(), reached);
            prop_assert!(nearest.iter().is_sorted_by_key(|(_, cost, owner)| (cost, owner)));
        }
    }

    #[test]
    fn trips_are_those_of_a_graph_with_the_ends_as_nodes((_, records) in records(), seed: u64, from in draws(), to in draws(), cutoff in 0..120_000_u32) {
        let network = network(&records);
        let costs = one_way_costs(&network, seed);
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let (from, to) = (links(&network, &from), targets(&links(&network, &to)));
            let facilities = to.last().unwrap().owner + 1;
            let cutoff = CostUnit::Length.cost(cutoff);
            let matrix = travel_matrix(walk, &linkage(&from), &to, facilities, &MatrixOptions::new(cutoff), &NoProgress).unwrap();
            let nearest = nearest_each(walk, &linkage(&from), std::slice::from_ref(&to), Some(cutoff), &NoProgress).unwrap();
            for (row, origin) in from.iter().enumerate() {
                let costs: Vec<_> = (0..facilities).map(|owner| {
                    let entrances = to.iter().filter(|target| target.owner == owner);
                    entrances.filter_map(|target| trip(&network, &costs, origin, &target.link)).min()
                        .filter(|&cost| cost <= cutoff.raw())
                }).collect();
                for (owner, cost) in (0..).zip(&costs) {
                    let entry = matrix.get(DemandIx::new(row), FacilityIx(owner));
                    prop_assert_eq!(entry.map(|cost| cost.raw()), *cost);
                }
                let best = (0..).zip(&costs).filter_map(|(owner, cost)| Some(((*cost)?, owner))).min();
                prop_assert_eq!(nearest[0][row].map(|trip| (trip.cost.raw(), trip.owner)), best);
            }
        }
    }

    #[test]
    fn the_way_there_is_as_long_as_the_way_back((_, records) in records(), draws in draws()) {
        let network = network(&records);
        let profile = WalkProfile::standard();
        for costs in [WalkCosts::lengths(&network, &profile), WalkCosts::times(&network, &profile)] {
            let Ok(walk) = WalkGraph::new(&network, &costs) else { continue };
            let links = links(&network, &draws);
            let ends: Vec<_> = (0..).zip(&links).map(|(owner, &link)| Target { owner, link }).collect();
            let options = MatrixOptions::new(costs.unit().cost(u32::MAX));
            let matrix = travel_matrix(walk, &linkage(&links), &ends, 8, &options, &NoProgress).unwrap();
            for (a, b, cost) in matrix.entries() {
                prop_assert_eq!(matrix.get(DemandIx(b.0), FacilityIx(a.0)), Some(cost));
            }
        }
    }

    #[test]
    fn a_new_street_lengthens_no_trip((centre, records) in records(), ends in (1..8_i64, 1..8_i64), draws in draws()) {
        // streets of two nodes each, so that a new one splits none
        let pairs = records.ways().iter().flat_map(|way| way.nodes.windows(2).map(move |pair| (way, pair.to_vec())));
        let mut ways: Vec<_> = (1..).zip(pairs).map(|(id, (way, nodes))| StreetWay { id, nodes, tags: way.tags.clone() }).collect();
        let nodes: Vec<_> = (1..8).map(|id| StreetNode {
            id,
            position: records.node(id).map_or(beside(centre, 0, 0), |node| node.position),
            tags: Tags::default(),
        }).collect();
        let before = network(&StreetRecords::new(nodes.clone(), ways.clone()));
        ways.push(StreetWay { id: 1000, nodes: vec![ends.0, ends.1], tags: Tags::new([("highway", "path")]) });
        let after = network(&StreetRecords::new(nodes, ways));
        let profile = WalkProfile::standard();
        let (costs_before, costs_after) = (WalkCosts::lengths(&before, &profile), WalkCosts::lengths(&after, &profile));
        if let (Ok(walk_before), Ok(walk_after)) = (WalkGraph::new(&before, &costs_before), WalkGraph::new(&after, &costs_after)) {
            let links = links(&before, &draws);
            // the new street comes last, so the others keep their place among the segments
            let moved: Vec<_> = links.iter().map(|link| {
                let row = before.segments().position(|segment| segment.along() == link.arc || segment.against() == link.arc).unwrap();
                let (old, new) = (before.segments().nth(row).unwrap(), after.segments().nth(row).unwrap());
                assert_eq!((old.way_id(), old.shape()), (new.way_id(), new.shape()));
                Link { arc: if link.arc == old.along() { new.along() } else { new.against() }, ..*link }
            }).collect();
            let matrix = |walk, links: &[Link]| {
                let ends: Vec<_> = (0..).zip(links).map(|(owner, &link)| Target { owner, link }).collect();
                travel_matrix(walk, &linkage(links), &ends, 8, &MatrixOptions::new(Millimetres::MAX), &NoProgress).unwrap()
            };
            let after = matrix(walk_after, &moved);
            for (row, column, cost) in matrix(walk_before, &links).entries() {
                prop_assert!(after.get(row, column).unwrap().raw() <= cost.raw());
            }
        }
    }

    #[test]
    fn a_longer_cutoff_only_adds((_, records) in records(), seed: u64, from in draws(), to in draws(), cutoffs in (0..50_000_u32, 0..50_000_u32)) {
        let network = network(&records);
        let costs = one_way_costs(&network, seed);
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let (from, to) = (linkage(&links(&network, &from)), targets(&links(&network, &to)));
            let within = |cutoff| {
                let options = MatrixOptions::new(Millimetres::new(cutoff));
                travel_matrix(walk, &from, &to, 4, &options, &NoProgress).unwrap()
            };
            let (near, far) = (within(cutoffs.0), within(cutoffs.0 + cutoffs.1));
            let kept: Vec<_> = far.entries().filter(|(_, _, cost)| cost.raw() <= cutoffs.0).collect();
            prop_assert_eq!(near.entries().collect::<Vec<_>>(), kept);
        }
    }

    #[test]
    fn the_order_of_the_records_changes_nothing((_, records) in records(), seed: u64) {
        let (mut nodes, mut ways) = (records.nodes().to_vec(), records.ways().to_vec());
        let key = |id: i64| id.wrapping_mul(seed.cast_signed() | 1);
        nodes.sort_by_key(|node| key(node.id));
        ways.sort_by_key(|way| key(way.id));
        let builder = NetworkBuilder::new(BuildOptions::default());
        let shuffled = builder.build(&StreetRecords::new(nodes, ways)).unwrap();
        prop_assert_eq!(builder.build(&records).unwrap(), shuffled);
    }

    #[test]
    fn a_link_is_the_nearest_point_of_any_street((centre, records) in records(), points in vec((-3000..3000_i32, -3000..3000_i32), 1..20)) {
        let network = network(&records);
        let costs = WalkCosts::lengths(&network, &WalkProfile::wheelchair());
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let points: Vec<_> = points.into_iter().map(|(east, north)| Some(beside(centre, east, north))).collect();
            let far = LinkOptions::default()
                .max_off_street(Millimetres::from_metres(100_000))
                .island_penalty(Millimetres::ZERO);
            let linkage = Linker::new(walk, far).link(&points);
            for (point, link) in points.iter().zip(linkage.links()) {
                let (point, link) = (point.unwrap(), link.unwrap());
                prop_assert!(costs.permits(link.arc));
                prop_assert_eq!(point.length_to(link.position), link.off_street);
                let nearest = network.arcs().filter(|&arc| costs.permits(arc)).map(|arc| nearest_of(&network, arc, point));
                let expected = nearest.min_by(f64::total_cmp).unwrap();
                prop_assert!((link.off_street.as_metres_f64() - expected).abs() < 0.0016, "{link:?}, not {expected}");
                // the offset leads to the position, up to the rounding of every piece to a millimetre
                let shape: Vec<_> = network.shape(link.arc).collect();
                if link.offset == Millimetres::ZERO {
                    prop_assert_eq!(link.position, shape[0]);
                }
                let mut left = link.offset.as_metres_f64();
                let piece = shape.windows(2).find(|ends| {
                    let length = ends[0].metres_to(ends[1]);
                    let here = left <= length + 0.01;
                    left -= if here { 0.0 } else { length };
                    here
                }).unwrap();
                prop_assert!((piece[0].metres_to(link.position) - left).abs() < 0.02);
            }
        }
    }

    #[test]
    fn straight_nearest_is_the_least_of_all(centre in centre(), from in vec((-3000..3000_i32, -3000..3000_i32), 1..10), to in vec((0..9_u32, -30..30_i32, -30..30_i32), 0..20)) {
        let from: Vec<_> = from.into_iter().map(|(east, north)| Some(beside(centre, east, north))).collect();
        let to: Vec<_> = to.into_iter().map(|(owner, east, north)| (owner, beside(centre, east * 100, north * 100))).collect();
        for (from, found) in from.iter().zip(nearest_straight(&from, &to)) {
            let expected = to.iter().map(|&(owner, position)| (from.unwrap().length_to(position), owner)).min();
            prop_assert_eq!(found, expected.map(|(length, owner)| (owner, length)));
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing((centre, records) in records(), points in vec((-1500..1500_i32, -1500..1500_i32), 1..40)) {
        let network = network(&records);
        let costs = WalkCosts::times(&network, &WalkProfile::standard());
        if let Ok(walk) = WalkGraph::new(&network, &costs) {
            let points: Vec<_> = points.into_iter().map(|(east, north)| Some(beside(centre, east, north))).collect();
            let answers = || {
                let homes = Linker::new(walk, LinkOptions::default()).link(&points);
                let ends: Vec<_> = (0..).zip(homes.links().flatten()).map(|(owner, &link)| Target { owner, link }).collect();
                let services: Vec<_> = ends.chunks(3).map(<[Target]>::to_vec).collect();
                let options = MatrixOptions::new(costs.unit().cost(900_000));
                let matrix = travel_matrix(walk, &homes, &ends, 40, &options, &NoProgress).unwrap();
                let nearest = nearest_each(walk, &homes, &services, None, &NoProgress).unwrap();
                (homes, matrix, nearest)
            };
            let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(pool(1).install(answers), pool(2).install(answers));
        }
    }
}

/// Metres from `point` to the nearest point of `arc`, by ternary search along the great circle of each piece.
fn nearest_of(network: &StreetNetwork, arc: ArcIx, point: LonLat) -> f64 {
    let vector = |p: LonLat| {
        let (lon, lat) = (p.lon().to_radians(), p.lat().to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    };
    let shape: Vec<_> = network.shape(arc).collect();
    let pieces = shape.windows(2).map(|ends| {
        let (a, b) = (vector(ends[0]), vector(ends[1]));
        let metres = |t: f64| {
            let [x, y, z] = [0, 1, 2].map(|axis| a[axis] * (1.0 - t) + b[axis] * t);
            let there = LonLat::new(y.atan2(x).to_degrees(), z.atan2(x.hypot(y)).to_degrees()).unwrap();
            point.metres_to(there)
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..80 {
            let (left, right) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if metres(left) < metres(right) { high = right } else { low = left }
        }
        metres(low)
    });
    pieces.min_by(f64::total_cmp).unwrap()
}
