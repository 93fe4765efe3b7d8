//! The index of streets, and ten thousand homes linked to them.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_benches::{SIZES, costs, network, points, town};
use lifecircle_network::{LinkOptions, Linker, WalkGraph};

fn link(c: &mut Criterion) {
    let mut group = c.benchmark_group("link");
    group.sample_size(10);
    for (name, blocks) in SIZES {
        let town = town(blocks);
        let network = network(&town);
        let costs = costs(&network);
        let walk = WalkGraph::new(&network, &costs).expect("streets to walk on");
        group.bench_function(format!("index/{name}"), |b| {
            b.iter(|| Linker::new(walk, LinkOptions::default()));
        });
        let linker = Linker::new(walk, LinkOptions::default());
        let homes = points(&town, 10_000, 1);
        group.bench_function(format!("ten_thousand_homes/{name}"), |b| {
            b.iter(|| linker.link(&homes));
        });
    }
}

criterion_group!(benches, link);
criterion_main!(benches);
