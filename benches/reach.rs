//! A hundred searches of 15 minutes, on the walking graph and on the same streets as a petgraph graph, beside
//! one search of petgraph's own.

use core::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_benches::{SIZES, costs, network, town};
use lifecircle_network::petgraph::algo::dijkstra;
use lifecircle_network::petgraph::graph::{DiGraph, NodeIndex};
use lifecircle_network::petgraph::visit::{EdgeRef, IntoEdgeReferences};
use lifecircle_network::{NodeIx, SearchSpace, WalkGraph};
use lifecircle_types::TravelTime;

const SEARCHES: u32 = 100;

fn reach(c: &mut Criterion) {
    let mut group = c.benchmark_group("reach");
    group.sample_size(10);
    let cutoff = TravelTime::from_minutes(15).as_millis();
    for (name, blocks) in SIZES {
        let network = network(&town(blocks));
        let costs = costs(&network);
        let walk = WalkGraph::new(&network, &costs).expect("streets to walk on");
        let nodes = NodeIx::new(network.node_count()).0;
        let starts: Vec<u32> = (0..SEARCHES).map(|n| nodes / SEARCHES * n).collect();
        let mut space = SearchSpace::new();
        group.bench_function(format!("hundred_origins/{name}"), |b| {
            b.iter(|| {
                for &start in &starts {
                    let seeds = [(NodeIx(start), 0)];
                    black_box(space.reach(walk, &seeds, cutoff, |arc| *arc.weight()).len());
                }
            });
        });
        let mut foreign = DiGraph::<(), u32>::new();
        for _ in 0..nodes {
            foreign.add_node(());
        }
        for arc in walk.edge_references() {
            let [tail, head] = [arc.source(), arc.target()].map(|end| NodeIndex::new(end.index()));
            foreign.add_edge(tail, head, *arc.weight());
        }
        group.bench_function(format!("hundred_origins_in_a_petgraph/{name}"), |b| {
            b.iter(|| {
                for &start in &starts {
                    let seeds = [(NodeIndex::new(start as usize), 0)];
                    black_box(space.reach(&foreign, &seeds, cutoff, |arc| *arc.weight()).len());
                }
            });
        });
        group.bench_function(format!("one_origin_by_petgraph_dijkstra/{name}"), |b| {
            b.iter(|| dijkstra(walk, NodeIx(nodes / 2), None, |arc| *arc.weight()).len());
        });
    }
}

criterion_group!(benches, reach);
criterion_main!(benches);
