//! Laws of capacity on random towns, and every plan of small ones.

use std::collections::BTreeMap;

use lifecircle_access::{
    Allocation, CapacityTask, MostServed, UnknownCapacity, allocate, check_allocation, most_served,
    served_at, whole_persons,
};
use lifecircle_types::{DemandIx, FacilityIx, People, TravelMatrix, TravelTime, UnitIx};
use proptest::prelude::*;

const CUTOFF: TravelTime = TravelTime::from_minutes(15);

#[derive(Clone, Debug)]
struct Town {
    people: Vec<u64>,
    homes: Vec<Option<UnitIx>>,
    capacity: Vec<Option<u64>>,
    /// Minutes per place and facility; more than 15 is out of reach.
    minutes: Vec<Vec<u32>>,
}

impl Town {
    fn matrix(&self) -> TravelMatrix {
        let rows = self.minutes.iter().enumerate();
        let trips = rows.flat_map(|(i, row)| {
            row.iter()
                .enumerate()
                .map(move |(j, &m)| (DemandIx::new(i), FacilityIx::new(j), TravelTime::from_minutes(m)))
        });
        let (rows, columns) = (self.people.len(), self.capacity.len());
        let [rows, columns] = [rows, columns].map(|count| u32::try_from(count).expect("small towns"));
        TravelMatrix::new(rows, columns, TravelTime::from_minutes(30), trips).expect("at most half an hour")
    }

    fn task<'a>(&'a self, matrix: &'a TravelMatrix) -> CapacityTask<'a> {
        CapacityTask {
            matrix,
            within: CUTOFF.into(),
            people: &self.people,
            homes: &self.homes,
            capacity: &self.capacity,
            unknown: UnknownCapacity::Everybody,
        }
    }

    fn allocated(&self) -> Allocation {
        let matrix = self.matrix();
        let task = self.task(&matrix);
        let found = allocate(&task).expect("a task that can be answered");
        check_allocation(&task, &found).expect("a proof that holds");
        found
    }

    fn most(&self) -> MostServed {
        most_served(&self.task(&self.matrix())).expect("a task that can be answered")
    }
}

/// Towns of up to so many places and facilities; costs tie often, some capacities are unknown.
fn towns(rows: usize, columns: usize, people: u64, capacity: u64) -> impl Strategy<Value = Town> {
    let unit = prop_oneof![1 => Just(None), 6 => (0..3_u32).prop_map(|unit| Some(UnitIx(unit)))];
    let room = prop_oneof![12 => (0..=capacity).prop_map(Some), 1 => Just(None)];
    (1..=rows, 1..=columns, any::<bool>()).prop_flat_map(move |(rows, columns, equal)| {
        let near = if equal { 10..11_u32 } else { 1..16 };
        let minutes = prop_oneof![3 => near, 2 => 16..20_u32];
        (
            prop::collection::vec(0..=people, rows),
            prop::collection::vec(unit.clone(), rows),
            prop::collection::vec(room.clone(), columns),
            prop::collection::vec(prop::collection::vec(minutes, columns), rows),
        )
            .prop_map(|(people, homes, capacity, minutes)| Town { people, homes, capacity, minutes })
    })
}

/// What every plan of a town comes to: unserved people of units, with the least walking that gets there.
fn every_plan(town: &Town) -> BTreeMap<BTreeMap<Option<UnitIx>, u64>, u64> {
    type Room = Vec<Option<u64>>;
    let mut plans: BTreeMap<(Room, BTreeMap<Option<UnitIx>, u64>), u64> = BTreeMap::new();
    plans.insert((town.capacity.clone(), BTreeMap::new()), 0);
    for (place, &people) in town.people.iter().enumerate() {
        let reach: Vec<usize> = (0..town.capacity.len()).filter(|&j| town.minutes[place][j] <= 15).collect();
        let mut further = BTreeMap::new();
        for ((room, unserved), walking) in plans {
            // people left, rooms and walking after each facility in turn
            let mut open = vec![(people, room, walking)];
            for &facility in &reach {
                let mut next = vec![];
                for (left, room, walking) in open {
                    for sent in 0..=room[facility].map_or(left, |room| room.min(left)) {
                        let mut room = room.clone();
                        room[facility] = room[facility].map(|room| room - sent);
                        next.push((
                            left - sent,
                            room,
                            walking + sent * u64::from(town.minutes[place][facility]),
                        ));
                    }
                }
                open = next;
            }
            for (left, room, walking) in open {
                let mut unserved = unserved.clone();
                if !reach.is_empty() && people > 0 {
                    *unserved.entry(town.homes[place]).or_default() += left;
                }
                let best = further.entry((room, unserved)).or_insert(u64::MAX);
                *best = walking.min(*best);
            }
        }
        plans = further;
    }
    let mut by_unserved = BTreeMap::new();
    for ((_, unserved), walking) in plans {
        let best = by_unserved.entry(unserved).or_insert(u64::MAX);
        *best = walking.min(*best);
    }
    by_unserved
}

/// `Σ u²/r` times the product of all `r`.
fn unevenness(unserved: &BTreeMap<Option<UnitIx>, u64>, reached: &BTreeMap<Option<UnitIx>, u64>) -> u128 {
    let of_unit = |(unit, &unserved): (&Option<UnitIx>, &u64)| {
        let others = reached.iter().filter(|(other, people)| *other != unit && **people > 0);
        u128::from(unserved).pow(2) * others.map(|(_, &people)| u128::from(people)).product::<u128>()
    };
    unserved.iter().map(of_unit).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_plan_of_a_small_town_is_better(town in prop_oneof![towns(6, 4, 2, 3), towns(4, 3, 4, 6), towns(5, 2, 5, 8)]) {
        let found = town.allocated();
        let plans = every_plan(&town);
        let short = |unserved: &BTreeMap<_, u64>| -> u64 { unserved.values().sum() };
        let shortage = plans.keys().map(short).min().unwrap();
        prop_assert_eq!(found.totals.unserved(), shortage);
        let most: Vec<_> = plans.iter().filter(|(unserved, _)| short(unserved) == shortage).collect();
        for unit in &found.units {
            let counts = most.iter().map(|(unserved, _)| unserved.get(&unit.unit).copied().unwrap_or(0));
            let range = (counts.clone().min().unwrap(), counts.max().unwrap());
            prop_assert_eq!((unit.least_unserved, unit.most_unserved), range, "{:?}", unit);
        }
        let walking = most.iter().map(|(_, walking)| **walking).min().unwrap();
        prop_assert_eq!(found.walking, u128::from(walking) * 60_000);
        let reached: BTreeMap<_, _> = found.units.iter().map(|unit| (unit.unit, unit.reached)).collect();
        let least = most.iter().filter(|(_, found)| **found == walking);
        let least = least.map(|(unserved, _)| unevenness(unserved, &reached)).min().unwrap();
        let ours = found.units.iter().map(|unit| (unit.unit, unit.unserved())).collect();
        prop_assert_eq!(unevenness(&ours, &reached), least);
    }

    #[test]
    fn prices_are_what_a_lost_room_costs(town in towns(8, 4, 6, 12)) {
        let found = town.allocated();
        let value = |found: &Allocation| {
            i128::try_from(found.walking).unwrap()
                - i128::from(found.totals.served) * i128::from(found_worth(&town))
        };
        for (facility, capacity) in town.capacity.iter().enumerate() {
            if let Some(fewer) = capacity.and_then(|capacity| capacity.checked_sub(1)) {
                let mut smaller = town.clone();
                smaller.capacity[facility] = Some(fewer);
                let lost = value(&smaller.allocated()) - value(&found);
                prop_assert_eq!(i128::from(found.certificate.price[facility]), lost, "facility {}", facility);
            }
        }
    }

    #[test]
    fn a_maximum_flow_finds_the_same(town in towns(30, 8, 20, 60)) {
        prop_assert_eq!(town.allocated().totals, town.most());
    }

    #[test]
    fn the_served_alone_are_those_of_the_whole_answer(town in towns(30, 8, 20, 60)) {
        let alone = served_at(&town.task(&town.matrix())).expect("a task that can be answered");
        prop_assert_eq!(alone, town.allocated().served_at);
    }

    #[test]
    fn one_more_room_serves_one_more_exactly_where_capacity_binds(town in towns(12, 6, 5, 10)) {
        let before = town.most();
        let binding = |facility| before.bottlenecks.iter().any(|found| found.facilities.contains(&facility));
        for (facility, capacity) in town.capacity.iter().enumerate() {
            let mut larger = town.clone();
            larger.capacity[facility] = capacity.map(|capacity| capacity + 1);
            let after = larger.most().served;
            prop_assert_eq!(after, before.served + u64::from(binding(FacilityIx::new(facility))));
        }
        let short: u64 = before.bottlenecks.iter().map(|found| found.shortage()).sum();
        prop_assert_eq!(short, before.unserved());
    }

    #[test]
    fn numbers_stay_within_their_bounds(town in towns(20, 6, 9, 30)) {
        let found = town.allocated();
        let totals = &found.totals;
        prop_assert!(totals.served <= totals.reached && totals.reached <= totals.people);
        prop_assert_eq!(totals.served, found.used.iter().sum::<u64>());
        let [unserved, least, most] = [0, 1, 2].map(|which| -> u64 {
            found.units.iter().map(|unit| [unit.unserved(), unit.least_unserved, unit.most_unserved][which]).sum()
        });
        prop_assert!(least <= totals.unserved() && totals.unserved() == unserved && unserved <= most);
        // a unit that has it all has no range
        if let [unit] = found.units.as_slice() {
            prop_assert_eq!((unit.least_unserved, unit.most_unserved), (unserved, unserved));
        }
    }

    #[test]
    fn the_order_of_places_changes_nothing(town in towns(12, 5, 6, 12), turn in 0..12_usize) {
        let mut turned = town.clone();
        let turn = turn % town.people.len();
        turned.people.rotate_left(turn);
        turned.homes.rotate_left(turn);
        turned.minutes.rotate_left(turn);
        let (found, again) = (town.allocated(), turned.allocated());
        prop_assert_eq!((&found.units, found.walking), (&again.units, again.walking));
        prop_assert_eq!(&found.certificate, &again.certificate);
        let sizes = |found: &Allocation| {
            let sizes = found.totals.bottlenecks.iter().map(|found| (found.facilities.clone(), found.people));
            sizes.collect::<std::collections::BTreeSet<_>>()
        };
        prop_assert_eq!(sizes(&found), sizes(&again));
        prop_assert_eq!(found, town.allocated(), "and the same question has the same answer");
    }

    #[test]
    fn splitting_a_place_changes_nothing(town in towns(8, 4, 6, 12), place in 0..8_usize) {
        let place = place % town.people.len();
        let mut split = town.clone();
        let half = town.people[place] / 2;
        split.people[place] -= half;
        split.people.push(half);
        split.homes.push(town.homes[place]);
        split.minutes.push(town.minutes[place].clone());
        let (found, again) = (town.allocated(), split.allocated());
        prop_assert_eq!((&found.units, found.walking), (&again.units, again.walking));
        prop_assert_eq!(found.totals.served, again.totals.served);
    }

    #[test]
    fn whole_people_are_their_quota_rounded(
        places in prop::collection::vec((0..50_000_000_u64, 0..3_u32), 0..30),
    ) {
        let people: Vec<_> = places.iter().map(|place| People::from_millionths(place.0)).collect();
        let homes: Vec<_> = places.iter().map(|place| Some(UnitIx(place.1))).collect();
        let whole = whole_persons(&people, &homes).unwrap();
        for unit in 0..3 {
            let inside: Vec<_> = (0..places.len()).filter(|&row| places[row].1 == unit).collect();
            let total: People = inside.iter().map(|&row| people[row]).sum();
            prop_assert_eq!(inside.iter().map(|&row| whole[row]).sum::<u64>(), total.rounded());
        }
        for (&whole, people) in whole.iter().zip(&people) {
            let down = people.as_millionths() / 1_000_000;
            prop_assert!(whole == down || whole == people.as_millionths().div_ceil(1_000_000));
        }
    }
}

/// What the search takes a served person to be worth, from the rule it documents.
fn found_worth(town: &Town) -> u64 {
    town.allocated().certificate.worth
}
