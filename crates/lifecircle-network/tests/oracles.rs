//! The answers of other tools on a real city.
//!
//! Tolerances: the tables round edge lengths to the millimetre as the network does, and print sums with three
//! decimals, so sums of whole millimetres must agree to the last printed digit. The pandana tables print two
//! decimals and hold lengths as 32-bit floats; there a length may differ by 0.01 m, and a pair within 0.01 m
//! of a cutoff may fall on either side of it, which is counted.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::BTreeMap;

use lifecircle_network::petgraph::visit::EdgeRef;
use lifecircle_network::{
    BuildOptions, NetworkBuilder, NodeIx, SearchSpace, StreetNetwork, WalkCosts, WalkGraph, WalkProfile,
};
use lifecircle_testkit::oracle::{self, OracleTable};
use lifecircle_types::{LonLat, StreetNode, StreetRecords, StreetWay, Tags};

const CITY: &str = "oracles/porto_alegre";

/// A network of two-node streets; ids of the tables are moved up by one, so that none is zero.
fn network(nodes: &OracleTable, id: &str, edges: &OracleTable) -> StreetNetwork {
    let ids: Vec<i64> = nodes.texts(id).map(|id| id.parse::<i64>().unwrap() + 1).collect();
    let positions = nodes.numbers("lon").zip(nodes.numbers("lat"));
    let nodes = ids.into_iter().zip(positions).map(|(id, (lon, lat))| StreetNode {
        id,
        position: LonLat::new(lon.unwrap(), lat.unwrap()).unwrap(),
        tags: Tags::default(),
    });
    let tags = Tags::new([("highway", "residential")]);
    let ends = edges.texts("u").zip(edges.texts("v"));
    let ways = (1..).zip(ends).map(|(id, (u, v))| StreetWay {
        id,
        nodes: [u, v].map(|end| end.parse::<i64>().unwrap() + 1).to_vec(),
        tags: tags.clone(),
    });
    let records = StreetRecords::new(nodes.collect(), ways.collect());
    let built = NetworkBuilder::new(BuildOptions::default()).build(&records).unwrap();
    assert!(built.fate.balances() && built.fate.rejected.is_empty());
    built.value
}

fn city(test: &str) -> Option<StreetNetwork> {
    let nodes = OracleTable::read(test, &format!("{CITY}/nodes.csv"))?;
    let edges = OracleTable::read(test, &format!("{CITY}/edges.csv"))?;
    Some(network(&nodes, "node", &edges))
}

fn node(network: &StreetNetwork, id: &str) -> Option<NodeIx> {
    network.node(id.parse::<i64>().unwrap() + 1)
}

fn millimetres(metres: f64) -> u32 {
    lifecircle_types::Millimetres::try_from_metres_f64(metres).unwrap().get()
}

#[test]
fn edges_are_as_long() {
    let test = "edges are as long";
    let Some(network) = city(test) else { return };
    let Some(edges) = OracleTable::read(test, &format!("{CITY}/edges.csv")) else {
        return;
    };
    let mut ends = BTreeMap::new();
    for arc in network.arcs() {
        ends.insert((network.tail(arc), network.head(arc)), network.length(arc).get());
    }
    for ((u, v), length) in edges.texts("u").zip(edges.texts("v")).zip(edges.numbers("length_m")) {
        let pair = (node(&network, u).unwrap(), node(&network, v).unwrap());
        assert_eq!(ends[&pair], millimetres(length.unwrap()), "{u} - {v}");
    }
    oracle::compared(test, edges.rows().len());
}

/// Compares one search from every origin of `table` with its columns `f<node>`.
fn check_searches(test: &str, table: &str, cutoff: u32) {
    let Some(network) = city(test) else { return };
    let Some(table) = OracleTable::read(test, &format!("{CITY}/{table}")) else {
        return;
    };
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let mut space = SearchSpace::new();
    let mut compared = 0;
    let targets: Vec<_> = table.header()[1..]
        .iter()
        .map(|name| node(&network, name.strip_prefix('f').unwrap()).unwrap())
        .collect();
    for row in table.rows() {
        let origin = node(&network, &row[0]).unwrap();
        let reached = space.reach(walk, &[(origin, 0)], cutoff, |arc| *arc.weight());
        for (target, field) in targets.iter().zip(&row[1..]) {
            assert_eq!(
                reached.cost(*target),
                oracle::number(field).map(millimetres),
                "from {} to {}",
                row[0],
                network.osm_id(*target) - 1
            );
            compared += 1;
        }
    }
    oracle::compared(test, compared);
}

#[test]
fn shortest_paths_without_cutoff() {
    check_searches("shortest paths without cutoff", "shortest_unbounded.csv", u32::MAX);
}

#[test]
fn shortest_paths_within_1080_metres() {
    check_searches("shortest paths within 1080 m", "shortest_cut1080.csv", 1_080_000);
}

#[test]
fn the_nearest_school_and_clinic_of_every_node() {
    let test = "nearest of every node";
    let Some(network) = city(test) else { return };
    let (Some(hexes), Some(table)) = (
        OracleTable::read(test, &format!("{CITY}/hexes.csv")),
        OracleTable::read(test, &format!("{CITY}/nearest_every_node.csv")),
    ) else {
        return;
    };
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let mut space = SearchSpace::new();
    for (service, column) in [("schools", "schools_m"), ("healthcare", "healthcare_m")] {
        let sources: Vec<_> = (0..)
            .zip(hexes.texts("node").zip(hexes.numbers(service)))
            .filter(|(_, (_, places))| places.unwrap_or(0.0) > 0.0)
            .map(|(owner, (at, _))| (node(&network, at).unwrap(), 0, owner))
            .collect();
        let nearest = space.nearest(walk, &sources, u32::MAX, |arc| *arc.weight());
        for (at, expected) in table.texts("node").zip(table.numbers(column)) {
            // a node that no edge touches is not part of the network
            let found = node(&network, at).and_then(|at| nearest.get(at)).map(|(cost, _)| cost);
            assert_eq!(found, expected.map(millimetres), "{service} of {at}");
        }
    }
    oracle::compared(test, 2 * table.rows().len());
}

/// Counts comparisons, and those that a cutoff decides by less than 0.01 m.
#[derive(Default)]
struct Tally {
    compared: usize,
    borderline: usize,
}

#[test]
fn sums_within_cutoffs_and_the_three_nearest_of_pandana() {
    let test = "pandana sums and nearest";
    let folder = "data/poa";
    let (Some(nodes), Some(edges), Some(hexes), Some(expected)) = (
        OracleTable::read(test, &format!("{folder}/walk_graph/nodes.csv")),
        OracleTable::read(test, &format!("{folder}/walk_graph/edges.csv")),
        OracleTable::read(test, &format!("{folder}/poa_hexgrid.csv")),
        OracleTable::read(test, &format!("{folder}/expected_pandana.csv")),
    ) else {
        return;
    };
    let network = network(&nodes, "osm_node_id", &edges);
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs).unwrap();
    let at: Vec<NodeIx> = expected.texts("node").map(|id| node(&network, id).unwrap()).collect();
    assert!(hexes.texts("id").eq(expected.texts("id")));

    let mut hexes_at: Vec<Vec<usize>> = vec![vec![]; network.node_count()];
    for (hex, node) in at.iter().enumerate() {
        hexes_at[node.index()].push(hex);
    }
    // lengths from every hex to the hexes up to `far` away, ascending
    let far = 40_000_000;
    let mut space = SearchSpace::new();
    let lengths: Vec<Vec<(usize, u32)>> = at
        .iter()
        .map(|&origin| {
            let reached = space.reach(walk, &[(origin, 0)], far, |arc| *arc.weight());
            let hexes = reached
                .iter()
                .flat_map(|(node, length)| hexes_at[node.index()].iter().map(move |&hex| (hex, length)));
            hexes.collect()
        })
        .collect();

    let mut tally = Tally::default();
    for service in ["population", "schools", "jobs", "healthcare"] {
        let amounts: Vec<f64> = hexes.numbers(service).map(|n| n.unwrap_or(0.0)).collect();
        for cutoff in [400, 800, 1000, 1200, 1500] {
            let sums = expected.numbers(&format!("{service}_{cutoff}m"));
            check_sums(&lengths, &amounts, cutoff * 1000, sums, &mut tally);
        }
        if matches!(service, "schools" | "healthcare") {
            for rank in 0..3 {
                let column = format!("{service}_nearest{}_m", rank + 1);
                for (hex, expected) in expected.numbers(&column).enumerate() {
                    let mut offered = lengths[hex].iter().filter(|(other, _)| amounts[*other] > 0.0);
                    let found = offered.nth(rank).map(|&(_, length)| f64::from(length) / 1000.0);
                    let (found, expected) = (found.unwrap(), expected.unwrap());
                    assert!((found - expected).abs() <= 0.01, "{column} of {hex}: {found}, not {expected}");
                    tally.compared += 1;
                }
            }
        }
    }
    assert!(tally.borderline * 1000 < tally.compared, "{} borderline", tally.borderline);
    oracle::compared(test, tally.compared);
}

fn check_sums(
    lengths: &[Vec<(usize, u32)>],
    amounts: &[f64],
    cutoff: u32,
    expected: impl Iterator<Item = Option<f64>>,
    tally: &mut Tally,
) {
    for (hex, expected) in expected.enumerate() {
        let sum = |cutoff: u32| -> f64 {
            let within = lengths[hex].iter().take_while(|&&(_, length)| length <= cutoff);
            within.map(|&(other, _)| amounts[other]).sum()
        };
        let expected = expected.unwrap();
        tally.compared += 1;
        if (sum(cutoff) - expected).abs() > 1e-6 {
            let either_side = sum(cutoff - 10)..=sum(cutoff + 10);
            assert!(
                either_side.contains(&expected) && either_side.start() < either_side.end(),
                "hex {hex} within {cutoff} mm: {}, not {expected}",
                sum(cutoff)
            );
            tally.borderline += 1;
        }
    }
}
