//! From street records to a network with its costs.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_benches::{SIZES, costs, network, town};
use lifecircle_network::{BuildOptions, NetworkBuilder};

fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build_network");
    group.sample_size(10);
    for (name, blocks) in SIZES {
        let town = town(blocks);
        let records = town.records();
        group.bench_function(format!("network/{name}"), |b| {
            b.iter(|| NetworkBuilder::new(BuildOptions::default()).build(&records));
        });
        let network = network(&town);
        group.bench_function(format!("costs/{name}"), |b| b.iter(|| costs(&network)));
    }
}

criterion_group!(benches, build);
criterion_main!(benches);
