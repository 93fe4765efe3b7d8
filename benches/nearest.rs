//! The nearest of twenty facilities for thirty services and ten thousand homes, for one walker and for one of every age.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_benches::{SIZES, costs, links, network, points, targets, town};
use lifecircle_network::{Errand, WalkCosts, WalkGraph, WalkProfile, nearest_each, nearest_for_walkers};
use lifecircle_types::NoProgress;

fn nearest(c: &mut Criterion) {
    let mut group = c.benchmark_group("nearest");
    group.sample_size(10);
    for (name, blocks) in SIZES {
        let town = town(blocks);
        let network = network(&town);
        let costs = costs(&network);
        let walk = WalkGraph::new(&network, &costs).expect("streets to walk on");
        let homes = links(walk, &points(&town, 10_000, 1));
        let services: Vec<_> =
            (0..30).map(|service| targets(&links(walk, &points(&town, 20, 100 + service)))).collect();
        group.bench_function(format!("thirty_services/{name}"), |b| {
            b.iter(|| nearest_each(walk, &homes, &services, None, &NoProgress));
        });
        let profiles = WalkProfile::by_age();
        let of_walkers: Vec<WalkCosts> =
            profiles.iter().map(|profile| WalkCosts::times(&network, profile)).collect();
        let errands: Vec<Errand<'_>> = of_walkers
            .iter()
            .map(|costs| Errand {
                graph: WalkGraph::new(&network, costs).expect("streets to walk on"),
                origins: &homes,
                services: &services,
                cutoff: None,
            })
            .collect();
        group.bench_function(format!("thirty_services_for_every_age/{name}"), |b| {
            b.iter(|| nearest_for_walkers(&errands, &NoProgress));
        });
    }
}

criterion_group!(benches, nearest);
criterion_main!(benches);
