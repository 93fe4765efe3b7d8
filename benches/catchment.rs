//! Measures of a travel matrix of 392,474 pairs: ten thousand places, two thousand facilities, 39 or 40 in reach.
//!
//! `LIFECIRCLE_BENCH_PAIRS` names a file of other pairs, for comparisons side by side: place, facility and millimetres, each a
//! little-endian number of 32 bits. People and supply are then those of the workload W3, bands end at 5, 10 and 15 minutes
//! at 1.2 m/s.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_access::{Binary, CatchmentForm, Distribution, Stepped, catchments, cumulative, two_step_fca};
use lifecircle_benches::{Scatter, draws};
use lifecircle_types::{DemandIx, FacilityIx, Millimetres, TravelMatrix};

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

/// The same measures over the pairs of a file.
fn pairs_of_a_file(c: &mut Criterion) {
    let Some(file) = std::env::var_os("LIFECIRCLE_BENCH_PAIRS") else { return };
    let bytes = std::fs::read(file).expect("a file of pairs");
    let numbers: Vec<u32> = bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let (pairs, _) = numbers.as_chunks::<3>();
    let count = |side: usize| pairs.iter().map(|pair| pair[side] + 1).max().unwrap_or(0);
    let (rows, columns) = (count(0), count(1));
    let entries =
        pairs.iter().map(|&[row, column, mm]| (DemandIx(row), FacilityIx(column), Millimetres::new(mm)));
    let metres = |metres| Millimetres::from_metres(metres).into();
    let matrix =
        TravelMatrix::new(rows, columns, Millimetres::from_metres(1080), entries).expect("pairs in reach");
    let people: Vec<f64> = (0..rows).map(|row| f64::from(1 + row * 7_919 % 2_000)).collect();
    let supply: Vec<f64> = (0..columns).map(|column| f64::from(1 + column * 104_729 % 100)).collect();
    let broken: Vec<f64> = supply.iter().map(|supply| supply + 0.5).collect();
    let steps = Stepped::new(vec![(metres(360), 1.0), (metres(720), 0.68), (metres(1080), 0.22)])
        .expect("rising bands");
    let mut group = c.benchmark_group("pairs_of_a_file");
    group.bench_function("cumulative", |b| b.iter(|| cumulative(&matrix, &supply, metres(1080))));
    group.bench_function("cumulative_within_half", |b| b.iter(|| cumulative(&matrix, &supply, metres(540))));
    group.bench_function("cumulative_of_broken_numbers", |b| {
        b.iter(|| cumulative(&matrix, &broken, metres(1080)))
    });
    group.bench_function("e2sfca", |b| b.iter(|| two_step_fca(&matrix, &supply, &people, &steps)));
    let within = Binary::within(metres(1080));
    group.bench_function("2sfca", |b| b.iter(|| two_step_fca(&matrix, &supply, &people, &within)));
    let forms = [
        CatchmentForm::TWO_STEP,
        CatchmentForm::THREE_STEP,
        CatchmentForm::MODIFIED,
        CatchmentForm::BALANCED,
    ];
    group.bench_function("four_forms_in_one_pass", |b| {
        b.iter(|| catchments(&matrix, &supply, &people, &steps, &forms));
    });
}

criterion_group!(benches, catchment, pairs_of_a_file);
criterion_main!(benches);
