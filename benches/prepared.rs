//! Making an order and preparing it, and every question to a prepared graph.

use core::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_benches::{costs, links, network, points, targets, town};
use lifecircle_network::petgraph::Direction;
use lifecircle_network::{
    EliminationOrder, MatrixOptions, NodeIx, PreparedGraph, PreparedSpace, StreetNetwork, WalkGraph,
};
use lifecircle_types::{NoProgress, TravelTime};

/// Names and blocks a side. A perfect grid of 300 by 300 blocks is too tangled for an order.
const SIZES: [(&str, u32); 3] = [("village", 30), ("suburb", 90), ("town", 170)];

/// Nodes drawn evenly, starting at `first`.
fn drawn(network: &StreetNetwork, first: usize, count: usize) -> Vec<NodeIx> {
    let every = (network.node_count() / count).max(1);
    network.nodes().skip(first).step_by(every).take(count).collect()
}

fn prepared(c: &mut Criterion) {
    let mut group = c.benchmark_group("prepared");
    group.sample_size(10);
    for (name, blocks) in SIZES {
        let town = town(blocks);
        let network = network(&town);
        let costs = costs(&network);
        let walk = WalkGraph::new(&network, &costs).expect("streets to walk on");
        group.bench_function(format!("order/{name}"), |b| {
            b.iter(|| EliminationOrder::new(&network, &NoProgress));
        });
        let order = EliminationOrder::new(&network, &NoProgress).expect("a grid has an order");
        let bytes = order.to_bytes(&network);
        group.bench_function(format!("read_order/{name}"), |b| {
            b.iter(|| EliminationOrder::from_bytes(&network, &bytes));
        });
        group.bench_function(format!("prepare/{name}"), |b| {
            b.iter(|| PreparedGraph::new(walk, &order, &NoProgress));
        });
        let prepared = PreparedGraph::new(walk, &order, &NoProgress).expect("its own order");
        let mut space = PreparedSpace::new();
        let services: Vec<Vec<_>> = (0..30)
            .map(|service| drawn(&network, service, 20).into_iter().map(|node| (node, 0)).collect())
            .collect();
        group.bench_function(format!("nearest_of_thirty_services/{name}"), |b| {
            b.iter(|| {
                space.nearest_costs(&prepared, &services, Direction::Incoming, &NoProgress).map(|_| ())
            });
        });
        let owned: Vec<Vec<_>> = services[..10]
            .iter()
            .map(|sources| (0..).zip(sources).map(|(owner, source)| (source.0, source.1, owner)).collect())
            .collect();
        group.bench_function(format!("three_nearest_of_ten_services/{name}"), |b| {
            b.iter(|| {
                let direction = Direction::Incoming;
                space.nearest_ranks(&prepared, &owned, 3, direction, &NoProgress).map(|_| ())
            });
        });
        let (from, to) = (drawn(&network, 0, 1000), drawn(&network, 3, 200));
        let cutoff = TravelTime::from_minutes(15).into();
        group.bench_function(format!("pairs_within_15_minutes/{name}"), |b| {
            b.iter(|| prepared.costs_within(&from, &to, cutoff, &NoProgress));
        });
        group.bench_function(format!("table_1000_by_200/{name}"), |b| {
            b.iter(|| prepared.costs_between(&from, &to, &NoProgress));
        });
        let homes = links(walk, &points(&town, 10_000, 1));
        let schools = targets(&links(walk, &points(&town, 200, 2)));
        let ten: Vec<Vec<_>> =
            (0..10).map(|service| targets(&links(walk, &points(&town, 20, 100 + service)))).collect();
        group.bench_function(format!("three_nearest_of_10_000_homes/{name}"), |b| {
            b.iter(|| prepared.nearest_several(&homes, &ten, 3, None, &NoProgress));
        });
        group.bench_function(format!("rows_of_10_000_homes/{name}"), |b| {
            b.iter(|| {
                let options = MatrixOptions::new(TravelTime::from_minutes(15));
                let mut entries = 0;
                let rows = prepared.travel_rows(&homes, &schools, 200, &options, &NoProgress, |_, row| {
                    entries += row.len();
                });
                black_box((rows.is_ok(), entries))
            });
        });
    }
}

criterion_group!(benches, prepared);
criterion_main!(benches);
