//! Who is served where, at three sizes: places and facilities drawn over a square of 40 km, twenty facilities in
//! reach of each place, and capacity for somewhat fewer people than there are, so that it binds all over.

use criterion::{Criterion, criterion_group, criterion_main};
use lifecircle_access::{CapacityTask, UnknownCapacity, allocate, check_allocation, most_served};
use lifecircle_benches::{SIDE_MM, Scatter, draws};
use lifecircle_types::{TravelMatrix, UnitIx};

const SIZES: [(&str, u32, u32); 3] =
    [("village", 1_000, 30), ("town", 10_000, 200), ("city", 100_000, 2_000)];

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
    let scatter = Scatter::new(places, facilities, 7);
    let mut below = draws(8);
    let unit = |place: &(u32, u32)| place.0 / (SIDE_MM / UNITS) * UNITS + place.1 / (SIDE_MM / UNITS);
    Town {
        matrix: scatter.matrix(|_| IN_REACH),
        people: scatter.places.iter().map(|_| u64::from(1 + below(200))).collect(),
        homes: scatter.places.iter().map(|place| Some(UnitIx(unit(place)))).collect(),
        weight: scatter.facilities.iter().map(|_| u64::from(50 + below(100))).collect(),
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
            let found = allocate(&task).expect("a task that can be answered");
            group.bench_function(format!("check_allocation/{name}"), |b| {
                b.iter(|| check_allocation(&task, &found).expect("a proof that holds"));
            });
        }
    }
}

criterion_group!(benches, capacity);
criterion_main!(benches);
