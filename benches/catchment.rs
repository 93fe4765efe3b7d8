//! Measures of a travel matrix of 392,474 pairs: ten thousand places, two thousand facilities, 39 or 40 in reach.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_access::{Distribution, Stepped, cumulative, two_step_fca};
use lifecircle_benches::{Scatter, draws};
use lifecircle_types::Millimetres;

const PAIRS: usize = 392_474;

fn catchment(c: &mut Criterion) {
    let scatter = Scatter::new(10_000, 2_000, 3);
    let matrix = scatter.matrix(|row| 39 + usize::from(row < 2_474));
    assert_eq!(matrix.len(), PAIRS);
    let mut below = draws(4);
    let mut column =
        |rows: usize, most: u32| -> Vec<f64> { (0..rows).map(|_| f64::from(1 + below(most))).collect() };
    let (people, supply) = (column(10_000, 1999), column(2_000, 99));
    let metres = |metres| Millimetres::from_metres(metres).into();
    // the farthest pair lies within the last band
    let steps = Stepped::new(vec![(metres(2_000), 1.0), (metres(4_000), 0.68), (metres(80_000), 0.22)])
        .expect("rising bands");
    let mut group = c.benchmark_group("catchment");
    group.bench_function("cumulative/392474_pairs", |b| {
        b.iter(|| cumulative(&matrix, &supply, metres(80_000)))
    });
    group.bench_function("e2sfca/392474_pairs", |b| {
        b.iter(|| two_step_fca(&matrix, &supply, &people, &steps))
    });
    let access = two_step_fca(&matrix, &supply, &people, &steps).expect("columns that fit").access;
    group.bench_function("gini/10000_places", |b| {
        b.iter(|| Distribution::new(&access, &people).map(|it| it.gini()))
    });
}

criterion_group!(benches, catchment);
criterion_main!(benches);
