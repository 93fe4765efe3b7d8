//! Laws of walkers on random streets over random ground.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_network::petgraph::algo::dijkstra;
use lifecircle_network::petgraph::visit::EdgeRef;
use lifecircle_network::{
    BuildOptions, Crossings, GradeLimits, NetworkBuilder, Slope, StreetNetwork, Terrain, TerrainOptions,
    WalkCosts, WalkGraph, WalkProfile, Wheels,
};
use lifecircle_types::{EARTH_RADIUS_M, LonLat, Millimetres, StreetNode, StreetRecords, StreetWay, Tags};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

fn at(east: u32, north: u32) -> LonLat {
    let degrees = |metres: u32| (f64::from(metres) / EARTH_RADIUS_M).to_degrees();
    LonLat::new(degrees(east), degrees(north)).unwrap()
}

const CLASSES: [&[(&str, &str)]; 9] = [
    &[("highway", "footway")],
    &[("highway", "residential")],
    &[("highway", "secondary")],
    &[("highway", "primary"), ("lanes", "4")],
    &[("highway", "steps")],
    &[("highway", "path"), ("surface", "gravel")],
    &[("highway", "path"), ("wheelchair", "no")],
    &[("highway", "footway"), ("footway", "crossing"), ("crossing", "traffic_signals")],
    &[("highway", "footway"), ("bridge", "yes")],
];

const POINTS: [&[(&str, &str)]; 6] = [
    &[],
    &[],
    &[("highway", "traffic_signals")],
    &[("highway", "crossing"), ("crossing", "zebra")],
    &[("kerb", "raised")],
    &[("highway", "crossing"), ("crossing", "no")],
];

type Drawn = (Vec<(u32, u32, usize)>, Vec<(Vec<usize>, usize)>);

/// Nodes with a kind of point, and ways through some of them with a class.
fn drawn() -> impl Strategy<Value = Drawn> {
    vec((0..800_u32, 0..800_u32, 0..POINTS.len()), 3..14).prop_flat_map(|nodes| {
        let ways = vec((vec(0..nodes.len(), 2..5), 0..CLASSES.len()), 1..14);
        (Just(nodes), ways)
    })
}

fn network((nodes, ways): &Drawn) -> Option<StreetNetwork> {
    let tags = |tags: &[(&str, &str)]| Tags::new(tags.iter().copied());
    let nodes = (1..).zip(nodes).map(|(id, &(east, north, point))| StreetNode {
        id,
        position: at(east, north),
        tags: tags(POINTS[point]),
    });
    let ways = (1..).zip(ways).map(|(id, (nodes, class))| StreetWay {
        id,
        nodes: nodes.iter().map(|&node| i64::try_from(node).unwrap() + 1).collect(),
        tags: tags(CLASSES[*class]),
    });
    let records = StreetRecords::new(nodes.collect(), ways.collect());
    let network = NetworkBuilder::new(BuildOptions::default()).build(&records).unwrap().value;
    (network.segment_count() > 0).then_some(network)
}

/// Waves of some metres, 200 m long.
fn waves(up: f64) -> impl Fn(LonLat) -> Option<f64> {
    move |at| {
        let [x, y] = [at.lon(), at.lat()].map(|degrees| degrees.to_radians() * EARTH_RADIUS_M);
        Some(up * ((x / 30.0).sin() + (y / 40.0).cos()))
    }
}

fn terrain(network: &StreetNetwork, height: impl Fn(LonLat) -> Option<f64>) -> Terrain {
    Terrain::new(network, TerrainOptions::default().stretch(Millimetres::from_metres(25)), height).unwrap()
}

fn raw(costs: &WalkCosts, network: &StreetNetwork) -> Vec<Option<u32>> {
    network.arcs().map(|arc| costs.cost(arc).map(lifecircle_types::Cost::raw)).collect()
}

/// The costs between all nodes.
fn table(network: &StreetNetwork, costs: &WalkCosts) -> Vec<Vec<Option<u32>>> {
    let Ok(graph) = WalkGraph::new(network, costs) else { return vec![] };
    let row = |node| {
        let found = dijkstra(graph, node, None, |arc| *arc.weight());
        network.nodes().map(|to| found.get(&to).copied()).collect()
    };
    network.nodes().map(row).collect()
}

proptest! {
    #![proptest_config(Config::with_cases(200))]

    #[test]
    fn level_ground_is_no_ground(drawn in drawn(), height in -100.0..3000.0_f64) {
        let Some(network) = network(&drawn) else { return Ok(()) };
        let flat = terrain(&network, |_| Some(height));
        for slope in [Slope::Ignored, Slope::Tobler, Slope::Bounded(GradeLimits::RAMP)] {
            let walker = WalkProfile::standard().slope(slope).crossings(Crossings::typical());
            let without = WalkCosts::times_on(&network, &walker, None).unwrap();
            prop_assert_eq!(&WalkCosts::times_on(&network, &walker, Some(&flat)).unwrap(), &without);
        }
        // and without any rule the costs are those of lengths alone
        let plain = WalkProfile::standard();
        let times = WalkCosts::times_on(&network, &plain, Some(&terrain(&network, waves(9.0)))).unwrap();
        prop_assert_eq!(times, WalkCosts::times(&network, &plain));
    }

    #[test]
    fn there_and_back_is_never_quicker_than_on_the_level(grade in -2.0..2.0_f64) {
        let both = Slope::Tobler.factor(grade).unwrap() + Slope::Tobler.factor(-grade).unwrap();
        prop_assert!(both >= 2.0 - 1e-12, "{both}");
    }

    #[test]
    fn a_mirrored_ground_swaps_the_directions(drawn in drawn(), up in 0.0..15.0_f64) {
        let Some(network) = network(&drawn) else { return Ok(()) };
        let walker = WalkProfile::standard().slope(Slope::Tobler);
        let [there, back] =
            [up, -up].map(|up| WalkCosts::times_on(&network, &walker, Some(&terrain(&network, waves(up)))).unwrap());
        let (there, back) = (raw(&there, &network), raw(&back, &network));
        for arc in network.arcs() {
            let pair = (there[arc.index()].unwrap(), back[network.opposite(arc).index()].unwrap());
            // the factors are summed from the other end, which may round the other way
            prop_assert!(pair.0.abs_diff(pair.1) <= 1, "{arc}: {pair:?}");
        }
    }

    #[test]
    fn wheels_reach_nothing_that_feet_do_not(drawn in drawn(), up in 0.0..6.0_f64) {
        let Some(network) = network(&drawn) else { return Ok(()) };
        let ground = terrain(&network, waves(up));
        let adult = WalkProfile::standard().crossings(Crossings::typical());
        let chair = WalkProfile { crossings: adult.crossings, ..WalkProfile::wheelchair() };
        let [adult, chair] =
            [adult, chair].map(|walker| WalkCosts::times_on(&network, &walker, Some(&ground)).unwrap());
        let (on_foot, on_wheels) = (table(&network, &adult), table(&network, &chair));
        for (feet, wheels) in on_foot.iter().flatten().zip(on_wheels.iter().flatten()) {
            prop_assert!(wheels.is_none_or(|wheels| feet.is_some_and(|feet| feet <= wheels)), "{feet:?}, {wheels:?}");
        }
    }

    /// While waits and heights stay: a foot way changes the waits of no other street, and without bridges no heights.
    #[test]
    fn an_added_street_never_lengthens_a_trip(
        drawn in drawn(),
        ends in (0..14_usize, 0..14_usize),
        up in 0.0..15.0_f64,
        on_wheels in proptest::bool::ANY,
    ) {
        let mut drawn = drawn;
        for (_, class) in &mut drawn.1 {
            *class %= CLASSES.len() - 1;
        }
        let Some(before) = network(&drawn) else { return Ok(()) };
        let nodes = before.node_count();
        let id = |at: usize| before.nodes().nth(at % nodes).map(|node| before.osm_id(node)).unwrap();
        let (from, to) = (id(ends.0), id(ends.1));
        if from == to {
            return Ok(());
        }
        let mut more = drawn.clone();
        let row = |id: i64| usize::try_from(id - 1).unwrap();
        more.1.push((vec![row(from), row(to)], 0));
        let after = network(&more).unwrap();
        prop_assert_eq!(after.node_count(), nodes);
        let mut walker =
            WalkProfile::standard().slope(Slope::Tobler).crossings(Crossings::typical());
        walker.wheels = on_wheels.then(Wheels::default);
        let [before, after] = [before, after].map(|network| {
            let ground = terrain(&network, waves(up));
            table(&network, &WalkCosts::times_on(&network, &walker, Some(&ground)).unwrap())
        });
        for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
            let no_longer = before.is_none_or(|before| after.is_some_and(|after| after <= before));
            prop_assert!(no_longer, "{before:?}, then {after:?}");
        }
    }
}
