//! The answers of prepared graphs: worked out on grid towns, and equal to those of bucket search on random
//! graphs with parallel, free, very long, one-way and closed streets, circles, islands and single nodes.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::sync::atomic::{AtomicU64, Ordering};

use lifecircle_network::petgraph::Direction;
use lifecircle_network::petgraph::visit::{EdgeRef, Reversed};
use lifecircle_network::{
    BuildOptions, EliminationOrder, Errand, Error, Link, LinkFate, LinkOptions, Linkage, Linker,
    MatrixOptions, NetworkBuilder, NetworkParts, NodeIx, NodePart, PreparedGraph, PreparedSpace, SearchSpace,
    SegmentPart, StreetNetwork, Target, WalkCosts, WalkGraph, WalkProfile, WayPart, nearest_each,
    nearest_for_walkers, travel_matrix,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{
    Cancelled, Cost, CostUnit, DemandIx, FacilityIx, LonLat, Millimetres, NoProgress, Progress,
    StreetRecords, StreetWay, Tags,
};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config;

const METRES: u32 = 1000;

/// A network of `nodes` nodes in a row and of segments between any two of them.
fn network(nodes: u32, segments: &[(u32, u32, u32)]) -> StreetNetwork {
    let segment = |&(tail, head, length): &(u32, u32, u32)| SegmentPart {
        way: 0,
        tail: tail % nodes,
        head: head % nodes,
        length: Millimetres::new(length.max(1)),
        between: Vec::new(),
    };
    let position = |node: u32| LonLat::new(f64::from(node) / 1000.0, 0.0).unwrap();
    StreetNetwork::from_parts(NetworkParts {
        nodes: (0..nodes).map(|node| NodePart { id: i64::from(node), position: position(node) }).collect(),
        ways: vec![WayPart { id: 1, tags: Tags::new([("highway", "footway")]) }],
        segments: segments.iter().map(segment).collect(),
    })
    .unwrap()
}

fn networks() -> impl Strategy<Value = StreetNetwork> {
    (1..24_u32, vec((any::<u32>(), any::<u32>(), 1..9_u32), 1..60))
        .prop_map(|(nodes, segments)| network(nodes, &segments))
}

/// What streets cost.
#[derive(Clone, Copy, Debug)]
enum Streets {
    /// The same both ways, some of them free.
    Symmetric,
    /// Drawn for either direction, some closed.
    OneWay,
    /// So long that a few of them sum to more than 2^32.
    Long,
}

fn streets() -> impl Strategy<Value = Streets> {
    proptest::sample::select(vec![Streets::Symmetric, Streets::OneWay, Streets::Long])
}

fn costs(network: &StreetNetwork, streets: Streets, seed: u64) -> WalkCosts {
    let mut state = seed;
    WalkCosts::custom(network, &WalkProfile::standard(), CostUnit::Length, |arc| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = u32::try_from(state >> 40).unwrap();
        match streets {
            Streets::Symmetric => Some(network.length(arc).get() / 2),
            Streets::OneWay => (!drawn.is_multiple_of(6)).then_some(drawn % 5),
            Streets::Long => (!drawn.is_multiple_of(9)).then(|| drawn.wrapping_mul(1 << 9)),
        }
    })
}

fn node(network: &StreetNetwork, draw: u32) -> NodeIx {
    NodeIx(draw % NodeIx::new(network.node_count()).0)
}

fn services() -> impl Strategy<Value = Vec<Vec<(u32, u32, u32)>>> {
    let cost = prop_oneof![3 => 0..6_u32, 1 => any::<u32>()];
    vec(vec((any::<u32>(), cost, 0..4_u32), 0..6), 0..70)
}

/// Cost and owner of the nearest source by bucket search.
fn searched(
    walk: WalkGraph<'_>,
    sources: &[(NodeIx, u32, u32)],
    direction: Direction,
) -> Vec<Option<(u32, u32)>> {
    let mut space = SearchSpace::new();
    let most = u32::MAX - 1;
    let nodes = walk.network().nodes();
    match direction {
        Direction::Outgoing => {
            let found = space.nearest(walk, sources, most, |arc| *arc.weight());
            nodes.map(|node| found.get(node)).collect()
        }
        Direction::Incoming => {
            let found = space.nearest(Reversed(walk), sources, most, |arc| *arc.weight());
            nodes.map(|node| found.get(node)).collect()
        }
    }
}

fn direction() -> impl Strategy<Value = Direction> {
    proptest::sample::select(vec![Direction::Outgoing, Direction::Incoming])
}

fn links(network: &StreetNetwork, draws: &[(u32, u32, u32)]) -> Vec<Link> {
    let segments: Vec<_> = network.segments().collect();
    let link = |&(segment, offset, leg): &(u32, u32, u32)| {
        let segment = segments[segment as usize % segments.len()];
        Link {
            arc: if leg % 2 == 0 { segment.along() } else { segment.against() },
            offset: Millimetres::new(offset % (segment.length().get() + 1)),
            off_street: Millimetres::new(leg),
            position: segment.shape()[0],
        }
    };
    draws.iter().map(link).collect()
}

fn linkage(links: &[Link]) -> Linkage {
    Linkage::new(links.iter().map(|&link| LinkFate::Linked(link)).collect())
}

fn draws() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    vec((any::<u32>(), any::<u32>(), 0..3_u32), 0..20)
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_sweep_finds_what_bucket_search_finds(network in networks(), streets in streets(), seed: u64, services in services(), direction in direction()) {
        let costs = costs(&network, streets, seed);
        let Ok(walk) = WalkGraph::new(&network, &costs) else { return Ok(()) };
        let order = EliminationOrder::new(&network, &NoProgress).unwrap();
        let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
        let owned: Vec<Vec<_>> = services.iter().map(|sources| sources.iter().map(|&(draw, cost, owner)| (node(&network, draw), cost, owner)).collect()).collect();
        let bare: Vec<Vec<_>> = owned.iter().map(|sources| sources.iter().map(|&(node, cost, _)| (node, cost)).collect()).collect();
        let expected: Vec<_> = owned.iter().map(|sources| searched(walk, sources, direction)).collect();
        let mut space = PreparedSpace::new();
        let found = space.nearest_costs(&prepared, &bare, direction, &NoProgress).unwrap();
        for node in network.nodes() {
            let expected: Vec<_> = expected.iter().map(|nearest| nearest[node.index()].map(|label| label.0)).collect();
            prop_assert_eq!(found.of(node).collect::<Vec<_>>(), expected);
        }
        let found = space.nearest_ranks(&prepared, &owned, 1, direction, &NoProgress).unwrap();
        for node in network.nodes() {
            for (service, expected) in expected.iter().enumerate() {
                prop_assert_eq!(found.of(node, service).next(), expected[node.index()]);
            }
        }
    }

    #[test]
    fn ranks_are_the_nearest_of_different_owners(network in networks(), streets in streets(), seed: u64, services in services(), direction in direction(), ranks in 0..9_u32) {
        let costs = costs(&network, streets, seed);
        let Ok(walk) = WalkGraph::new(&network, &costs) else { return Ok(()) };
        let order = EliminationOrder::new(&network, &NoProgress).unwrap();
        let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
        let services: Vec<Vec<_>> = services.iter().map(|sources| sources.iter().map(|&(draw, cost, owner)| (node(&network, draw), cost, owner)).collect()).collect();
        let mut space = PreparedSpace::new();
        let found = space.nearest_ranks(&prepared, &services, ranks, direction, &NoProgress).unwrap();
        for (service, sources) in services.iter().enumerate() {
            // one search for every owner
            let by_owner: Vec<_> = (0..4).map(|owner| {
                let own: Vec<_> = sources.iter().copied().filter(|source| source.2 == owner).collect();
                searched(walk, &own, direction)
            }).collect();
            for node in network.nodes() {
                let mut expected: Vec<_> = by_owner.iter().filter_map(|nearest| nearest[node.index()]).collect();
                expected.sort_unstable();
                expected.truncate(ranks as usize);
                prop_assert_eq!(found.of(node, service).collect::<Vec<_>>(), expected);
            }
        }
    }

    #[test]
    fn tables_and_pairs_are_single_searches(network in networks(), streets in streets(), seed: u64, from in vec(any::<u32>(), 0..80), to in vec(any::<u32>(), 0..80), cutoff in prop_oneof![0..20_u32, any::<u32>()]) {
        let costs = costs(&network, streets, seed);
        let Ok(walk) = WalkGraph::new(&network, &costs) else { return Ok(()) };
        let order = EliminationOrder::new(&network, &NoProgress).unwrap();
        let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
        let [from, to] = [from, to].map(|draws| draws.iter().map(|&draw| node(&network, draw)).collect::<Vec<_>>());
        let table = prepared.costs_between(&from, &to, &NoProgress).unwrap();
        let matrix = prepared.costs_within(&from, &to, CostUnit::Length.cost(cutoff), &NoProgress).unwrap();
        prop_assert_eq!((table.rows(), table.columns()), (from.len(), to.len()));
        for (row, &origin) in from.iter().enumerate() {
            let costs = searched(walk, &[(origin, 0, 0)], Direction::Outgoing);
            let expected: Vec<_> = to.iter().map(|node| costs[node.index()].map(|label| label.0)).collect();
            prop_assert_eq!(table.row(row).collect::<Vec<_>>(), expected.clone());
            for (column, expected) in expected.into_iter().enumerate() {
                let found = matrix.get(DemandIx::new(row), FacilityIx::new(column));
                prop_assert_eq!(found.map(|cost| cost.raw()), expected.filter(|&cost| cost <= cutoff));
            }
        }
    }

    #[test]
    fn prepared_trips_are_searched_trips(network in networks(), streets in streets(), seed: u64, from in draws(), to in vec(draws(), 1..20), cutoff in prop_oneof![0..20_u32, any::<u32>()], bounded: bool) {
        let costs = costs(&network, streets, seed);
        let Ok(walk) = WalkGraph::new(&network, &costs) else { return Ok(()) };
        let order = EliminationOrder::new(&network, &NoProgress).unwrap();
        let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
        let from = linkage(&links(&network, &from));
        let services: Vec<Vec<_>> = to.iter().map(|draws| {
            let links = links(&network, draws);
            // two entrances to every facility
            (0..).zip(links).map(|(at, link)| Target { owner: at / 2, link }).collect()
        }).collect();
        let cutoff = CostUnit::Length.cost(cutoff);
        let limit = bounded.then_some(cutoff);
        let found = prepared.nearest_each(&from, &services, limit, &NoProgress).unwrap();
        for (service, found) in services.iter().zip(found) {
            // a single service is never worth an order
            let expected = nearest_each(walk, &from, std::slice::from_ref(service), limit, &NoProgress).unwrap();
            prop_assert_eq!(&found, &expected[0]);
        }
        // the nearest of each facility alone, sorted, are the nearest several
        let ranks = u32::try_from(seed % 9).unwrap();
        let several = prepared.nearest_several(&from, &services, ranks, limit, &NoProgress).unwrap();
        for (service, several) in services.iter().zip(several) {
            let alone: Vec<_> = (0..10).map(|owner| {
                let own: Vec<_> = service.iter().copied().filter(|target| target.owner == owner).collect();
                nearest_each(walk, &from, &[own], limit, &NoProgress).unwrap().remove(0)
            }).collect();
            for (origin, several) in several.into_iter().enumerate() {
                let mut expected: Vec<_> = alone.iter().filter_map(|trips| trips[origin]).collect();
                expected.sort_unstable_by_key(|trip| (trip.cost.raw(), trip.owner));
                expected.truncate(ranks as usize);
                prop_assert_eq!(several, expected);
            }
        }
        // several walkers in one call are several calls
        let errands = [limit, None, limit].map(|cutoff| Errand { graph: walk, origins: &from, services: &services, cutoff });
        let together = nearest_for_walkers(&errands, &NoProgress).unwrap();
        for (errand, found) in errands.iter().zip(together) {
            prop_assert_eq!(found, nearest_each(walk, &from, &services, errand.cutoff, &NoProgress).unwrap());
        }
        let options = MatrixOptions::new(cutoff);
        let expected = travel_matrix(walk, &from, &services[0], 10, &options, &NoProgress).unwrap();
        prop_assert_eq!(prepared.travel_matrix(&from, &services[0], 10, &options, &NoProgress).unwrap(), expected);
    }

    #[test]
    fn an_order_comes_back_from_its_bytes(network in networks(), flipped: usize, bit in 0..8_u32, other in networks()) {
        let order = EliminationOrder::new(&network, &NoProgress).unwrap();
        let bytes = order.to_bytes(&network);
        prop_assert_eq!(EliminationOrder::from_bytes(&network, &bytes), Ok(order.clone()));
        let mut changed = bytes.clone();
        changed[flipped % bytes.len()] ^= 1 << bit;
        let refused = EliminationOrder::from_bytes(&network, &changed);
        prop_assert_eq!(matches!(refused, Err(Error::InvalidOrder { .. })), true);
        let cut = EliminationOrder::from_bytes(&network, &bytes[..flipped % bytes.len()]);
        prop_assert_eq!(matches!(cut, Err(Error::InvalidOrder { .. })), true);
        let ends = |network: &StreetNetwork| network.arcs().map(|arc| (network.tail(arc), network.head(arc))).collect::<Vec<_>>();
        if ends(&network) != ends(&other) || network.node_count() != other.node_count() {
            let foreign = EliminationOrder::from_bytes(&other, &bytes);
            prop_assert_eq!(matches!(foreign, Err(Error::InvalidOrder { .. })), true);
        }
    }
}

/// Grid towns of 100 m blocks: a walk is as long as its blocks.
#[test]
fn in_a_grid_town_costs_count_blocks() {
    let town = GridTown::new(9, 6, 100 * METRES);
    let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let order = EliminationOrder::new(&network, &NoProgress).unwrap();
    let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
    let corners: Vec<(u32, u32)> = (0..=9).flat_map(|x| (0..=6).map(move |y| (x, y))).collect();
    let nodes: Vec<NodeIx> = corners
        .iter()
        .map(|&(x, y)| {
            let at = town.position(x, y);
            network.nodes().find(|&node| network.position(node) == at).unwrap()
        })
        .collect();
    let table = prepared.costs_between(&nodes, &nodes, &NoProgress).unwrap();
    let cutoff = Millimetres::from_metres(300).into();
    let within = prepared.costs_within(&nodes, &nodes, cutoff, &NoProgress).unwrap();
    let mut pairs = 0;
    for (row, from) in corners.iter().enumerate() {
        for (column, to) in corners.iter().enumerate() {
            let blocks = from.0.abs_diff(to.0) + from.1.abs_diff(to.1);
            assert_eq!(table.get(row, column), Some(blocks * 100 * METRES));
            pairs += usize::from(blocks <= 3);
        }
    }
    assert_eq!(within.len(), pairs);

    // a school at one corner and two at others: the nearest two, ties to the smaller owner
    let at = |x, y| nodes[corners.iter().position(|&corner| corner == (x, y)).unwrap()];
    let schools = vec![vec![(at(0, 0), 0, 7), (at(9, 0), 0, 5), (at(0, 6), 0, 6)]];
    let mut space = PreparedSpace::new();
    let ranks = space.nearest_ranks(&prepared, &schools, 2, Direction::Incoming, &NoProgress).unwrap();
    // three blocks up the west side: as far from the school at either end
    let west: Vec<_> = ranks.of(at(0, 3), 0).collect();
    assert_eq!(west, [(300 * METRES, 6), (300 * METRES, 7)]);
    let east: Vec<_> = ranks.of(at(8, 1), 0).collect();
    assert_eq!(east, [(200 * METRES, 5), (900 * METRES, 7)]);
}

#[test]
fn one_node_and_no_street() {
    // a circle alone, and a node that no street touches
    let network = network(2, &[(0, 0, 5)]);
    let order = EliminationOrder::new(&network, &NoProgress).unwrap();
    assert_eq!((order.node_count(), order.arc_count()), (2, 0));
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let prepared =
        PreparedGraph::new(WalkGraph::new(&network, &costs).unwrap(), &order, &NoProgress).unwrap();
    let both: Vec<_> = network.nodes().collect();
    let table = prepared.costs_between(&both, &both, &NoProgress).unwrap();
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert_eq!(table.get(row, column), (row == column).then_some(0));
    }
    let nothing = prepared.costs_between(&[], &[], &NoProgress).unwrap();
    assert_eq!((nothing.rows(), nothing.columns()), (0, 0));
}

/// 4000 spokes meet at a hub. 3998 ends go, each with the hub above it; then the hub has two neighbours left and
/// goes, then one end with the other above it.
#[test]
fn a_hub_joins_no_more_than_two() {
    let spokes: Vec<_> = (1..=4000).map(|end| (0, end, 1000)).collect();
    let network = network(4001, &spokes);
    let order = EliminationOrder::new(&network, &NoProgress).unwrap();
    assert_eq!(order.arc_count(), 3998 + 2 + 1);
}

#[test]
fn an_order_of_another_network_is_refused() {
    let (one, other) = (network(3, &[(0, 1, 1), (1, 2, 1)]), network(4, &[(0, 1, 1), (1, 2, 1), (2, 3, 1)]));
    let order = EliminationOrder::new(&other, &NoProgress).unwrap();
    let costs = WalkCosts::lengths(&one, &WalkProfile::standard());
    let walk = WalkGraph::new(&one, &costs).unwrap();
    assert!(matches!(PreparedGraph::new(walk, &order, &NoProgress), Err(Error::OtherNetwork { .. })));
    let mut bytes = order.to_bytes(&other);
    bytes[8] = 2;
    let foreign = EliminationOrder::from_bytes(&other, &bytes);
    assert!(matches!(foreign, Err(Error::InvalidOrder { what }) if what.contains("version")));
}

/// Forty services and eighty homes in a town of 900 corners are worth an order, a single service is not.
#[test]
fn the_path_taken_changes_no_answer() {
    let town = GridTown::new(29, 29, 100 * METRES);
    let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    let costs = WalkCosts::times(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let linker = Linker::new(walk, LinkOptions::default());
    let mut state = 7_u32;
    let mut draw = |count: usize| {
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i64::from(state >> 8) % 2_900_000
        };
        let points: Vec<_> = (0..count).map(|_| Some(town.position_at(next(), next()))).collect();
        linker.link(&points)
    };
    let homes = draw(80);
    let services: Vec<Vec<Target>> = (0..40)
        .map(|_| (0..).zip(draw(5).links().flatten()).map(|(owner, &link)| Target { owner, link }).collect())
        .collect();
    let together = nearest_each(walk, &homes, &services, None, &NoProgress).unwrap();
    // two walkers of one network share an order, one of another network does not
    let slow = WalkCosts::lengths(&network, &WalkProfile::wheelchair());
    let slow = WalkGraph::new(&network, &slow).unwrap();
    let copy = network.clone();
    let copied = WalkGraph::new(&copy, &costs).unwrap();
    let errands = [walk, slow, copied].map(|graph| Errand {
        graph,
        origins: &homes,
        services: &services,
        cutoff: None,
    });
    let of_all = nearest_for_walkers(&errands, &NoProgress).unwrap();
    assert_eq!(of_all[0], together);
    assert_eq!(of_all[1], nearest_each(slow, &homes, &services, None, &NoProgress).unwrap());
    assert_eq!(of_all[2], together);
    for (service, together) in services.iter().zip(together) {
        let alone = nearest_each(walk, &homes, std::slice::from_ref(service), None, &NoProgress).unwrap();
        assert_eq!(together, alone[0]);
    }

    // the whole town within the cutoff: 80 searches are worth an order, one home at a time is not
    let targets: Vec<Target> =
        (0..).zip(draw(90).links().flatten()).map(|(owner, &link)| Target { owner, link }).collect();
    let options = MatrixOptions::new(lifecircle_types::TravelTime::from_minutes(90));
    let together = travel_matrix(walk, &homes, &targets, 90, &options, &NoProgress).unwrap();
    assert!(together.len() > 7000, "most of 7200 pairs");
    for row in 0..80 {
        let home = Linkage::new(vec![*homes.fate(row)]);
        let alone = travel_matrix(walk, &home, &targets, 90, &options, &NoProgress).unwrap();
        let row = together.row(DemandIx::new(row)).collect::<Vec<_>>();
        assert_eq!(row, alone.row(DemandIx(0)).collect::<Vec<_>>());
    }
}

/// 5000 homes, more than are searched at once, along one street: streamed rows are those of the matrix.
#[test]
fn streamed_rows_are_those_of_the_matrix() {
    let town = GridTown::new(6, 1, 100 * METRES);
    let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let order = EliminationOrder::new(&network, &NoProgress).unwrap();
    let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
    let linker = Linker::new(walk, LinkOptions::default());
    let points: Vec<_> = (0..5000).map(|at| Some(town.position_at(at * 120, 0))).collect();
    let homes = linker.link(&points);
    let corners = linker.link(&[Some(town.position(0, 0)), Some(town.position(6, 1))]);
    let targets: Vec<Target> =
        (0..).zip(corners.links().flatten()).map(|(owner, &link)| Target { owner, link }).collect();
    let options = MatrixOptions::new(Millimetres::from_metres(250));
    let matrix = prepared.travel_matrix(&homes, &targets, 2, &options, &NoProgress).unwrap();
    let mut rows = 0;
    let visit = |home: DemandIx, row: &[(FacilityIx, Cost)]| {
        assert_eq!(home.index(), rows);
        assert_eq!(row, matrix.row(home).collect::<Vec<_>>());
        rows += 1;
    };
    prepared.travel_rows(&homes, &targets, 2, &options, &NoProgress, visit).unwrap();
    assert_eq!(rows, 5000);
    assert!(matrix.len() > 2000, "250 m of 600 m reach the one corner, 150 m the other");
}

/// With the feature `parallel` or without it, on one thread or on many.
#[test]
fn threads_change_no_answer() {
    let town = GridTown::new(19, 14, 100 * METRES);
    let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    let costs = WalkCosts::times(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let order = EliminationOrder::new(&network, &NoProgress).unwrap();
    let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
    let nodes: Vec<_> = network.nodes().collect();
    let linker = Linker::new(walk, LinkOptions::default());
    let corners: Vec<_> = (0..40).map(|at| Some(town.position(at % 19, at / 3))).collect();
    let homes = linker.link(&corners);
    let services: Vec<Vec<Target>> =
        (0..40).map(|service| vec![Target { owner: 0, link: *homes.get(service).unwrap() }]).collect();
    let cutoff = CostUnit::Time.cost(900_000);
    let answers = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let table = prepared.costs_between(&nodes, &nodes, &NoProgress).unwrap();
            let matrix = prepared.costs_within(&nodes, &nodes, cutoff, &NoProgress).unwrap();
            let nearest = prepared.nearest_each(&homes, &services, None, &NoProgress).unwrap();
            (table, matrix, nearest)
        })
    };
    let alone = answers(1);
    for threads in [2, 8] {
        assert_eq!(answers(threads), alone);
    }
}

/// Goes on for a number of questions.
struct Patience(AtomicU64);

impl Progress for Patience {
    fn advance(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        left.map(|_| ()).map_err(|_| Cancelled)
    }
}

/// Whenever the caller stops, everything stops: at the first question, at the second, ... until none is left.
#[test]
fn everything_can_be_cancelled_at_every_question() {
    let town = GridTown::new(79, 59, 100 * METRES);
    let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records()).unwrap().value;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let order = EliminationOrder::new(&network, &NoProgress).unwrap();
    let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
    let nodes: Vec<_> = network.nodes().step_by(7).collect();
    let sources = vec![vec![(nodes[0], 0)], vec![(nodes[1], 0)]];
    let links = Linker::new(walk, LinkOptions::default()).link(&[Some(town.position(3, 4))]);
    let targets = vec![Target { owner: 0, link: *links.get(0).unwrap() }];
    let cutoff = Millimetres::from_metres(2000).into();
    type Step<'a> = Box<dyn Fn(&Patience) -> Result<(), Error> + 'a>;
    let steps: [(&str, u64, Step<'_>); 6] = [
        ("order", 2, Box::new(|p| EliminationOrder::new(&network, p).map(drop))),
        ("prepare", 4, Box::new(|p| PreparedGraph::new(walk, &order, p).map(drop))),
        (
            "nearest",
            4,
            Box::new(|p| {
                PreparedSpace::new().nearest_costs(&prepared, &sources, Direction::Incoming, p).map(drop)
            }),
        ),
        ("table", 40, Box::new(|p| prepared.costs_between(&nodes, &nodes, p).map(drop))),
        ("pairs", 20, Box::new(|p| prepared.costs_within(&nodes, &nodes, cutoff, p).map(drop))),
        (
            "search",
            4,
            Box::new(|p| nearest_each(walk, &links, std::slice::from_ref(&targets), None, p).map(drop)),
        ),
    ];
    for (name, least, step) in steps {
        let questions = (0..1000).find(|&patience| {
            let found = step(&Patience(AtomicU64::new(patience)));
            assert!(matches!(found, Ok(()) | Err(Error::Cancelled(Cancelled))), "{name}: {found:?}");
            found.is_ok()
        });
        assert!(questions >= Some(least), "{name}: {questions:?}");
    }
}

/// Perfect blocks are searched without an order and gappy ones with one, and nobody can tell from the answers.
#[test]
fn one_run_gives_the_answers_of_a_prepared_graph() {
    let town = GridTown::new(80, 80, 100 * METRES);
    let records = town.records();
    let gappy = records.ways().iter().enumerate().flat_map(|(row, way)| {
        let pieces = way.nodes.windows(2).enumerate().filter(move |(at, _)| (row * 80 + at) % 3 > 0);
        pieces.map(move |(at, ends)| StreetWay {
            id: i64::try_from(row * 80 + at).unwrap() + 1,
            nodes: ends.to_vec(),
            tags: way.tags.clone(),
        })
    });
    let gappy = StreetRecords::new(records.nodes().to_vec(), gappy.collect());
    for records in [&records, &gappy] {
        let network = NetworkBuilder::new(BuildOptions::default()).build(records).unwrap().value;
        let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
        let walk = WalkGraph::new(&network, &costs).unwrap();
        let spots: Vec<_> = (0..400_i64)
            .map(|at| Some(town.position_at(at * 7_919_000 % 8_000_000, at * 104_729_000 % 8_000_000)))
            .collect();
        let links = Linker::new(walk, LinkOptions::default()).link(&spots);
        let target =
            |owner: usize| Target { owner: u32::try_from(owner).unwrap(), link: *links.get(owner).unwrap() };
        let services: Vec<Vec<Target>> =
            (0..20).map(|service| (service..400).step_by(23 + service).map(target).collect()).collect();
        let order = EliminationOrder::new(&network, &NoProgress).unwrap();
        let prepared = PreparedGraph::new(walk, &order, &NoProgress).unwrap();
        let near = Cost::from(Millimetres::from_metres(500));
        for cutoff in [None, Some(near)] {
            let one_run = nearest_each(walk, &links, &services, cutoff, &NoProgress).unwrap();
            assert_eq!(one_run, prepared.nearest_each(&links, &services, cutoff, &NoProgress).unwrap());
            assert!(one_run.iter().flatten().any(Option::is_some));
        }
    }
}
