//! Who is served where, at three sizes: places and facilities drawn over a square of 40 km, twenty facilities in
//! reach of each place, and capacity for somewhat fewer people than there are, so that it binds all over.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_access::{CapacityTask, UnknownCapacity, allocate, check_allocation, most_served};
use lifecircle_benches::draws;
use lifecircle_types::{DemandIx, FacilityIx, Millimetres, TravelMatrix, UnitIx};

const SIZES: [(&str, u32, u32); 3] =
    [("village", 1_000, 30), ("town", 10_000, 200), ("city", 100_000, 2_000)];

const SIDE_MM: u32 = 40_000_000;
const IN_REACH: usize = 20;
/// Units a side: a hundred in all.
const UNITS: u32 = 10;

struct Town {
    matrix: TravelMatrix,
    people: Vec<u64>,
    homes: Vec<Option<UnitIx>>,
    weight: Vec<u64>,
}

fn town(places: u32, facilities: u32) -> Town {
    let mut below = draws(7);
    let mut points =
        |count: u32| -> Vec<(u32, u32)> { (0..count).map(|_| (below(SIDE_MM), below(SIDE_MM))).collect() };
    let (places, facilities) = (points(places), points(facilities));
    let nearest = |place: &(u32, u32)| {
        let length = |facility: &(u32, u32)| place.0.abs_diff(facility.0) + place.1.abs_diff(facility.1);
        let mut nearest: Vec<(u32, u32)> = facilities.iter().map(length).zip(0..).collect();
        nearest.sort_unstable();
        nearest.truncate(IN_REACH);
        nearest
    };
    let rows = (0..).zip(&places);
    let trips: Vec<_> = rows
        .flat_map(|(row, place)| {
            let trips = nearest(place).into_iter();
            trips.map(move |(mm, facility)| (DemandIx(row), FacilityIx(facility), Millimetres::new(mm)))
        })
        .collect();
    let size = |points: &[(u32, u32)]| u32::try_from(points.len()).unwrap_or(u32::MAX);
    let cutoff = Millimetres::new(2 * SIDE_MM);
    Town {
        matrix: TravelMatrix::new(size(&places), size(&facilities), cutoff, trips)
            .expect("trips in the square"),
        people: places.iter().map(|_| u64::from(1 + below(200))).collect(),
        homes: places
            .iter()
            .map(|place| Some(UnitIx(place.0 / (SIDE_MM / UNITS) * UNITS + place.1 / (SIDE_MM / UNITS))))
            .collect(),
        weight: facilities.iter().map(|_| u64::from(50 + below(100))).collect(),
    }
}

fn capacity(c: &mut Criterion) {
    for (name, places, facilities) in SIZES {
        let town = town(places, facilities);
        let (people, weights): (u64, u64) = (town.people.iter().sum(), town.weight.iter().sum());
        let one_unit = vec![None; town.people.len()];
        for percent in [95, 100, 110] {
            let capacity: Vec<_> =
                town.weight.iter().map(|weight| Some(people * percent / 100 * weight / weights)).collect();
            let task = CapacityTask {
                matrix: &town.matrix,
                within: town.matrix.cutoff(),
                people: &town.people,
                homes: &one_unit,
                capacity: &capacity,
                unknown: UnknownCapacity::Refuse,
            };
            let with_units = CapacityTask { homes: &town.homes, ..task };
            let mut group = c.benchmark_group(format!("capacity_for_{percent}_percent"));
            group.sample_size(10);
            group.bench_function(format!("most_served/{name}"), |b| b.iter(|| most_served(&task)));
            group.bench_function(format!("allocate/{name}"), |b| b.iter(|| allocate(&task)));
            group.bench_function(format!("allocate_100_units/{name}"), |b| b.iter(|| allocate(&with_units)));
            let found = allocate(&with_units).expect("a task that can be answered");
            group.bench_function(format!("check_allocation/{name}"), |b| {
                b.iter(|| check_allocation(&with_units, &found).expect("a proof that holds"));
            });
        }
    }
}

criterion_group!(benches, capacity);
criterion_main!(benches);
