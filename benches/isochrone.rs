//! A 15-minute reach as clipped street pieces, as lines, and as a polygon with holes; a route across the town. On grid
//! towns, and on the streets of a map whose path stands in `LIFECIRCLE_BENCH_MAP`.

use core::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use lifecircle_benches::{SIZES, costs, network, town};
use lifecircle_network::petgraph::Direction;
use lifecircle_network::{
    BuildOptions, Link, LinkOptions, Linker, NetworkBuilder, NodeIx, SearchSpace, StreetNetwork, WalkGraph,
    isochrones, route,
};
use lifecircle_types::{Cost, Millimetres, TravelTime};

const STARTS: u32 = 200;

fn bench(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, network: &StreetNetwork) {
    let costs = costs(network);
    let walk = WalkGraph::new(network, &costs).expect("streets to walk on");
    let nodes = NodeIx::new(network.node_count()).0;
    let main: Vec<NodeIx> =
        (0..STARTS).map(|n| NodeIx(nodes / STARTS * n)).filter(|&node| costs.is_main(node)).collect();
    let linker = Linker::new(walk, LinkOptions::default());
    let positions: Vec<_> = main.iter().map(|&node| Some(network.position(node))).collect();
    let starts: Vec<Link> = linker.link(&positions).links().flatten().copied().collect();
    let quarter: [Cost; 1] = [TravelTime::from_minutes(15).into()];
    let mut space = SearchSpace::new();
    let mut each = starts.iter().cycle();
    let mut next = || core::slice::from_ref(each.next().expect("the town has streets"));
    let reach = |start: &[Link], space: &mut SearchSpace| {
        isochrones(walk, start, &quarter, Direction::Outgoing, space)
            .expect("links of this network")
            .remove(0)
    };
    group.bench_function(format!("pieces/{name}"), |b| {
        b.iter(|| black_box(reach(next(), &mut space).pieces().len()));
    });
    group.bench_function(format!("ground_25_m/{name}"), |b| {
        b.iter(|| black_box(reach(next(), &mut space).polygons(Millimetres::from_metres(25)).0.len()));
    });
    let ends = [starts[0], starts[starts.len() / 2]];
    group.bench_function(format!("route/{name}"), |b| {
        b.iter(|| {
            black_box(route(walk, &ends[0], &ends[1], &mut space).expect("links of this network").is_some())
        });
    });
}

fn isochrone(c: &mut Criterion) {
    let mut group = c.benchmark_group("isochrone");
    group.sample_size(20);
    for (name, blocks) in SIZES {
        bench(&mut group, name, &network(&town(blocks)));
    }
    if let Some(map) = std::env::var_os("LIFECIRCLE_BENCH_MAP") {
        let bytes = lifecircle::io::read_bytes(map.as_ref()).expect("the map can be read");
        let catalogue = lifecircle::taxonomy::Catalogue::builtin();
        let options = lifecircle::io::OsmOptions::default();
        let extract =
            lifecircle::io::read_osm_pbf(&bytes, "map", &catalogue, &options, &lifecircle_types::NoProgress)
                .expect("a sound map");
        let built = NetworkBuilder::new(BuildOptions::default()).build(&extract.value.streets);
        bench(&mut group, "map", &built.expect("a network").value);
    }
}

criterion_group!(benches, isochrone);
criterion_main!(benches);
