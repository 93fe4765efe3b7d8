//! The travel matrix of ten thousand homes and two hundred facilities within 15 minutes.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_benches::{SIZES, costs, links, network, points, targets, town};
use lifecircle_network::{MatrixOptions, WalkGraph, travel_matrix};
use lifecircle_types::{NoProgress, TravelTime};

fn matrix(c: &mut Criterion) {
    let mut group = c.benchmark_group("matrix");
    group.sample_size(10);
    let options = MatrixOptions::new(TravelTime::from_minutes(15));
    for (name, blocks) in SIZES {
        let town = town(blocks);
        let network = network(&town);
        let costs = costs(&network);
        let walk = WalkGraph::new(&network, &costs).expect("streets to walk on");
        let homes = links(walk, &points(&town, 10_000, 1));
        let targets = targets(&links(walk, &points(&town, 200, 2)));
        group.bench_function(format!("two_hundred_facilities/{name}"), |b| {
            b.iter(|| travel_matrix(walk, &homes, &targets, 200, &options, &NoProgress));
        });
    }
}

criterion_group!(benches, matrix);
criterion_main!(benches);
