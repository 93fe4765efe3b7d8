//! Reading an extract: the embedded place, bytes in memory to records.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lifecircle::io::{OsmOptions, read_osm_pbf};
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::NoProgress;

fn read_pbf(criterion: &mut Criterion) {
    let bytes = include_bytes!("../examples/isle-of-man/isle_of_man_2020-03-14.osm.pbf");
    let catalogue = Catalogue::builtin();
    let mut group = criterion.benchmark_group("read_pbf");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);
    for (name, options) in [
        ("everything", OsmOptions::default()),
        (
            "streets and places",
            OsmOptions::default().without_buildings().without_residential_land().without_areas(),
        ),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                read_osm_pbf(bytes, "isle of man", &catalogue, &options, &NoProgress).expect("it is whole")
            });
        });
    }
    // the peer walks over every element and keeps nothing
    group.bench_function("osmpbf, one thread, keeping nothing", |bencher| {
        bencher.iter(|| {
            let mut elements = 0_u64;
            let count = |_: osmpbf::Element<'_>| elements += 1;
            osmpbf::ElementReader::new(bytes.as_slice()).for_each(count).expect("it is whole");
            elements
        });
    });
    group.finish();
}

criterion_group!(benches, read_pbf);
criterion_main!(benches);
