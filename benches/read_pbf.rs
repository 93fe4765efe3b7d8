//! Reading extracts: bytes in memory to records, and on to a network.
//!
//! The embedded place, and a city grown here ([`city_map`]): of 300,000 nodes, or of as many millions as
//! `LIFECIRCLE_BENCH_MILLION_NODES` says; 14 make a file of more than 100 MB. It is written to the temporary folder as
//! well, for other programs. Threads are those of rayon (`RAYON_NUM_THREADS`).

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use lifecircle::io::{OsmOptions, read_osm_pbf, write_osm_pbf};
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::{NoFacilities, NoProgress, StreetRecords, TagClassifier};
use lifecircle_benches::city_map::city_map;
use lifecircle_network::{BuildOptions, NetworkBuilder, StreetNetwork};

const NODES: usize = 300_000;

/// The city as a file.
fn city() -> Vec<u8> {
    let millions = std::env::var("LIFECIRCLE_BENCH_MILLION_NODES").ok();
    let nodes = millions.map_or(NODES, |text| {
        1_000_000 * text.parse::<usize>().expect("LIFECIRCLE_BENCH_MILLION_NODES is a whole number")
    });
    let mut bytes = vec![];
    write_osm_pbf(&mut bytes, &city_map(nodes)).expect("memory takes everything");
    let path = std::env::temp_dir().join("lifecircle_bench_city.osm.pbf");
    std::fs::write(path, &bytes).expect("the temporary folder takes the city");
    bytes
}

fn streets(bytes: &[u8]) -> StreetRecords {
    let read = read_osm_pbf(bytes, "map", &NoFacilities, &OsmOptions::streets(), &NoProgress);
    read.expect("it is whole").value.streets
}

fn network(streets: &StreetRecords) -> StreetNetwork {
    NetworkBuilder::new(BuildOptions::default()).build(streets).expect("cities fit a network").value
}

/// What is dropped is not timed.
fn time<T>(group: &mut BenchmarkGroup<'_, WallTime>, name: String, what: impl Fn() -> T) {
    group.bench_function(name, |bencher| {
        bencher.iter_batched(|| (), |()| what(), BatchSize::PerIteration);
    });
}

fn bench(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, bytes: &[u8]) {
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let catalogue = Catalogue::builtin();
    let places = OsmOptions::default().without_buildings().without_residential_land().without_areas();
    let everything = OsmOptions::default();
    let readings: [(&str, &dyn TagClassifier, &OsmOptions); 2] =
        [("everything", &catalogue, &everything), ("streets and places", &catalogue, &places)];
    for (what, classifier, options) in readings {
        time(group, format!("{name}/{what}"), || {
            read_osm_pbf(bytes, "map", classifier, options, &NoProgress).expect("it is whole")
        });
    }
    time(group, format!("{name}/streets"), || streets(bytes));
    let read = streets(bytes);
    time(group, format!("{name}/network of the streets"), || network(&read));
    drop(read);
    time(group, format!("{name}/streets and their network"), || {
        let streets = streets(bytes);
        (network(&streets), streets)
    });
    // the peer walks over every element and keeps nothing
    time(group, format!("{name}/osmpbf, one thread, keeping nothing"), || {
        let mut elements = 0_u64;
        let count = |_: osmpbf::Element<'_>| elements += 1;
        osmpbf::ElementReader::new(bytes).for_each(count).expect("it is whole");
        elements
    });
    time(group, format!("{name}/osmpbf, all threads, keeping nothing"), || {
        let reader = osmpbf::ElementReader::new(bytes);
        reader.par_map_reduce(|_| 1_u64, || 0, |a, b| a + b).expect("it is whole")
    });
}

fn read_pbf(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read_pbf");
    group.sample_size(10);
    bench(
        &mut group,
        "isle of man",
        include_bytes!("../examples/isle-of-man/isle_of_man_2020-03-14.osm.pbf"),
    );
    bench(&mut group, "city", &city());
    group.finish();
}

criterion_group!(benches, read_pbf);
criterion_main!(benches);
