//! Covered and served, worked out on paper.

use lifecircle_access::{
    Allocation, CapacityTask, Error, Need, ProvisionNorm, UnitService, UnknownCapacity, allocate,
    check_allocation, most_served, whole_persons,
};
use lifecircle_types::{Cost, DemandIx, FacilityIx, Millimetres, People, TravelMatrix, TravelTime, UnitIx};

const QUARTER: TravelTime = TravelTime::from_minutes(15);

/// Trips of so many minutes, none longer than half an hour.
fn matrix(rows: u32, columns: u32, trips: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips = trips.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), TravelTime::from_minutes(m)));
    TravelMatrix::new(rows, columns, TravelTime::from_minutes(30), trips).expect("trips within half an hour")
}

fn task<'a>(
    matrix: &'a TravelMatrix,
    people: &'a [u64],
    homes: &'a [Option<UnitIx>],
    capacity: &'a [Option<u64>],
) -> CapacityTask<'a> {
    CapacityTask {
        matrix,
        within: QUARTER.into(),
        people,
        homes,
        capacity,
        unknown: UnknownCapacity::default(),
    }
}

fn served(task: &CapacityTask<'_>) -> Allocation {
    let found = allocate(task).expect("a task that can be answered");
    check_allocation(task, &found).expect("a proof that holds");
    assert_eq!(most_served(task), Ok(found.totals.clone()), "a maximum flow finds the same");
    found
}

/// Unserved people per unit: those of the answer, the least and the most.
fn unserved(units: &[UnitService]) -> Vec<(u64, u64, u64)> {
    units.iter().map(|unit| (unit.unserved(), unit.least_unserved, unit.most_unserved)).collect()
}

const UNITS: [Option<UnitIx>; 4] = [Some(UnitIx(0)), Some(UnitIx(1)), Some(UnitIx(2)), Some(UnitIx(3))];

#[test]
fn most_people_come_before_short_ways() {
    // A reaches both facilities, the nearer of which is all that B has: maximising Σ x/d would serve A there
    // (200 > 183) and leave B out
    let town = matrix(2, 2, &[(0, 0, 10), (0, 1, 5), (1, 1, 12)]);
    let found = served(&task(&town, &[1000, 1000], &UNITS[..2], &[Some(1000), Some(1000)]));
    assert_eq!((found.totals.reached, found.totals.served), (2000, 2000));
    assert_eq!(found.flows, [(DemandIx(0), FacilityIx(0), 1000), (DemandIx(1), FacilityIx(1), 1000)]);
    assert_eq!(found.walking, 1000 * 22 * 60_000);
    assert!(found.totals.bottlenecks.is_empty());
    assert_eq!(unserved(&found.units), [(0, 0, 0), (0, 0, 0)]);
}

/// 60 ── clinic for 50 ── 40 ── clinic for 30 ── 20        10 who reach nothing
const TOWN: [u64; 4] = [60, 40, 20, 10];
const CLINICS: [Option<u64>; 2] = [Some(50), Some(30)];

#[test]
fn shortage_is_spread_evenly_where_ways_are_equal() {
    let town = matrix(4, 2, &[(0, 0, 5), (1, 0, 5), (1, 1, 5), (2, 1, 5)]);
    let found = served(&task(&town, &TOWN, &UNITS, &CLINICS));
    let totals = &found.totals;
    assert_eq!((totals.people, totals.reached, totals.served), (130, 120, 80));
    assert_eq!((totals.unserved(), totals.unreached()), (40, 10));
    // a third of everyone in reach: 20 of 60, 13⅓ of 40, 6⅔ of 20; in whole people 20²/60 + 13²/40 + 7²/20
    // is least. Alone the 60 lose 10, the others nothing; when all others go first 20 of the 60, 10 of the 40
    // (who find what 60 and 20 leave of 80) and nobody of the 20 are served
    assert_eq!(unserved(&found.units), [(20, 10, 40), (13, 0, 30), (7, 0, 20), (0, 0, 0)]);
    assert_eq!(found.units[3].reached, 0, "who reaches nothing is not unserved");
    let [bottleneck] = totals.bottlenecks.as_slice() else { panic!("both clinics bind together") };
    assert_eq!((bottleneck.people, bottleneck.capacity, bottleneck.shortage()), (120, 80, 40));
    assert_eq!(bottleneck.places, [0, 1, 2].map(DemandIx));
    assert_eq!(bottleneck.facilities, [0, 1].map(FacilityIx));
    assert_eq!((found.used, found.free), (vec![50, 30], vec![Some(0), Some(0)]));
}

#[test]
fn less_walking_comes_before_evenness() {
    // the forty walk nine minutes to the first clinic, which therefore serves fifty of the sixty; only the
    // second clinic is open to evening out: of 60 in reach 30 find no room, half of the 40 and of the 20
    let town = matrix(4, 2, &[(0, 0, 5), (1, 0, 9), (1, 1, 5), (2, 1, 5)]);
    let found = served(&task(&town, &TOWN, &UNITS, &CLINICS));
    assert_eq!(unserved(&found.units), [(10, 10, 40), (20, 0, 30), (10, 0, 20), (0, 0, 0)]);
    assert_eq!(found.walking, 80 * 5 * 60_000);
    // the same the other way round
    let turned = matrix(4, 2, &[(3, 0, 5), (2, 0, 9), (2, 1, 5), (1, 1, 5)]);
    let found = served(&task(&turned, &[10, 20, 40, 60], &UNITS, &CLINICS));
    assert_eq!(unserved(&found.units), [(0, 0, 0), (10, 0, 20), (20, 0, 30), (10, 10, 40)]);
}

#[test]
fn a_unit_that_can_give_nothing_leaves_the_others_even() {
    // a hundred reach only a clinic for one, which the first ten reach too; twenty share a clinic for ten. All
    // alike would be 91, 9 and 9 of 109 unserved; as the hundred can have no more than the one, the twenty are
    // even on their own
    let town = matrix(3, 2, &[(0, 0, 5), (1, 0, 5), (1, 1, 5), (2, 1, 5)]);
    let found = served(&task(&town, &[100, 10, 10], &UNITS[..3], &[Some(1), Some(10)]));
    assert_eq!(unserved(&found.units), [(99, 99, 100), (5, 0, 10), (5, 0, 10)]);
    // and the same where the many come last
    let town = matrix(3, 2, &[(2, 0, 5), (1, 0, 5), (1, 1, 5), (0, 1, 5)]);
    let found = served(&task(&town, &[10, 10, 100], &UNITS[..3], &[Some(1), Some(10)]));
    assert_eq!(unserved(&found.units), [(5, 0, 10), (5, 0, 10), (99, 99, 100)]);
}

#[test]
fn units_that_share_no_facility_are_apart() {
    // two clinics, each for itself: 10 of 20 and 5 of 30 are unserved, whatever happens elsewhere
    let town = matrix(3, 2, &[(0, 0, 5), (1, 1, 5), (2, 1, 5)]);
    let found = served(&task(&town, &[20, 15, 15], &UNITS[..3], &[Some(10), Some(25)]));
    let short: Vec<_> = found.totals.bottlenecks.iter().map(|found| (found.people, found.capacity)).collect();
    assert_eq!(short, [(20, 10), (30, 25)]);
    // five people over two equal units: the earlier one bears the odd person
    assert_eq!(unserved(&found.units), [(10, 10, 10), (3, 0, 5), (2, 0, 5)]);
    // places of one unit are one: it has ten or fifteen unserved of its thirty-five
    let homes = [UNITS[0], UNITS[0], UNITS[1]];
    let found = served(&task(&town, &[20, 15, 15], &homes, &[Some(10), Some(25)]));
    // only the five can move: 12²/35 + 3²/15 is more than 11²/35 + 4²/15 = 10²/35 + 5²/15 = 475/105, and of
    // two equal plans the earlier unit bears the odd person
    assert_eq!(unserved(&found.units), [(11, 10, 15), (4, 0, 5)]);
}

#[test]
fn capacity_that_nobody_told_is_never_guessed() {
    let town = matrix(2, 2, &[(0, 0, 5), (1, 0, 5), (1, 1, 9)]);
    let unknown = [Some(10), None];
    let mut asked = task(&town, &[8, 12], &UNITS[..2], &unknown);
    assert_eq!(allocate(&asked), Err(Error::UnknownCapacity { facility: 1 }));
    assert_eq!(most_served(&asked), Err(Error::UnknownCapacity { facility: 1 }));
    asked.unknown = UnknownCapacity::Nobody;
    let found = served(&asked);
    assert_eq!((found.totals.served, &found.free), (10, &vec![Some(0), Some(0)]));
    assert_eq!(found.totals.assumed, [FacilityIx(1)]);
    // whoever reaches a facility is reached, even one that takes nobody, and it is part of what binds
    assert_eq!(found.totals.reached, 20);
    assert_eq!(found.totals.bottlenecks[0].facilities, [FacilityIx(0), FacilityIx(1)]);
    asked.unknown = UnknownCapacity::Everybody;
    let found = served(&asked);
    assert_eq!((found.totals.served, found.free), (20, vec![Some(0), None]));
    assert_eq!(found.used, [10, 10], "whom the nearer facility has no room for");
}

#[test]
fn a_facility_without_room_reaches_people_and_serves_none() {
    let town = matrix(2, 1, &[(0, 0, 5), (1, 0, 16)]);
    let found = served(&task(&town, &[7, 9], &UNITS[..2], &[Some(0)]));
    assert_eq!((found.totals.reached, found.totals.served, found.totals.unreached()), (7, 0, 9));
    assert_eq!(found.totals.bottlenecks[0].capacity, 0);
    assert_eq!(unserved(&found.units), [(7, 7, 7), (0, 0, 0)]);
    assert!(found.flows.is_empty());
}

#[test]
fn the_cutoff_is_inclusive_and_free_room_is_real() {
    let town = matrix(1, 2, &[(0, 0, 15), (0, 1, 16)]);
    let found = served(&task(&town, &[3], &[None], &[Some(1_000_000), Some(5)]));
    assert_eq!(found.in_reach, [true]);
    assert_eq!((found.used, found.free), (vec![3, 0], vec![Some(999_997), Some(5)]));
    let nobody = served(&task(&town, &[0], &[None], &[Some(1), Some(1)]));
    assert_eq!((nobody.in_reach, nobody.units.len()), (vec![false], 0), "nobody lives there");
}

#[test]
fn what_does_not_fit_is_refused() {
    let town = matrix(1, 1, &[(0, 0, 5)]);
    let wrong = |found: Result<Allocation, Error>| matches!(found, Err(Error::LengthMismatch { .. }));
    assert!(wrong(allocate(&task(&town, &[1, 2], &[None; 2], &[Some(1)]))));
    assert!(wrong(allocate(&task(&town, &[1], &[None; 2], &[Some(1)]))));
    assert!(wrong(allocate(&task(&town, &[1], &[None], &[]))));
    let huge = allocate(&task(&town, &[u64::MAX], &[None], &[Some(1)]));
    assert!(matches!(huge, Err(Error::TooLarge { .. })));
    let hour: Cost = TravelTime::from_minutes(60).into();
    let far = CapacityTask { within: hour, ..task(&town, &[1], &[None], &[Some(1)]) };
    assert!(matches!(allocate(&far), Err(Error::MatrixTooShort { .. })));
    let metres = CapacityTask { within: Millimetres::from_metres(1).into(), ..far };
    assert!(matches!(allocate(&metres), Err(Error::OtherUnit { .. })));
}

#[test]
fn a_changed_number_breaks_the_proof() {
    let town = matrix(4, 2, &[(0, 0, 5), (1, 0, 9), (1, 1, 5), (2, 1, 5)]);
    let asked = task(&town, &TOWN, &UNITS, &CLINICS);
    let found = served(&asked);
    let broken = |what: &str, change: &dyn Fn(&mut Allocation)| {
        let mut changed = found.clone();
        change(&mut changed);
        let checked = check_allocation(&asked, &changed);
        assert!(matches!(checked, Err(Error::Uncertified { .. })), "{what}: {checked:?}");
    };
    broken("a flow too many", &|found| found.flows[0].2 += 1);
    broken("a flow fewer", &|found| found.flows.truncate(2));
    broken("a flow twice", &|found| found.flows.push(found.flows[0]));
    broken("a flow to nowhere", &|found| found.flows[0].1 = FacilityIx(9));
    broken("a flow beyond the cutoff", &|found| found.flows[0].1 = FacilityIx(1));
    broken("a place served less", &|found| found.served_at[1] -= 1);
    broken("a place in reach of nothing", &|found| found.in_reach[3] = true);
    broken("a facility less used", &|found| found.used[0] -= 1);
    broken("a facility with room", &|found| found.free[1] = Some(1));
    broken("a facility without a limit", &|found| found.free[1] = None);
    broken("more served in all", &|found| found.totals.served += 1);
    broken("more reached in all", &|found| found.totals.reached += 1);
    broken("less walking", &|found| found.walking -= 1);
    broken("a unit better served", &|found| found.units[0].served += 1);
    broken("a unit missing", &|found| found.units.retain(|unit| unit.unit != UNITS[1]));
    broken("a range beside the number", &|found| found.units[0].most_unserved = 9);
    broken("no bottleneck", &|found| found.totals.bottlenecks.clear());
    broken("a wider bottleneck", &|found| found.totals.bottlenecks[0].capacity += 1);
    broken("a bottleneck left by a place", &|found| {
        found.totals.bottlenecks[0].facilities.truncate(1);
        found.totals.bottlenecks[0].capacity = 50;
    });
    broken("a price that is too low", &|found| found.certificate.price[0] -= 1);
    broken("a price that is too high", &|found| found.certificate.price[1] += 1);
    broken("a worth that is too low", &|found| found.certificate.worth -= 1);
    // a plan that adds up and serves as many, but walks more: one of the forty at the far clinic for one of
    // the sixty at five minutes, one of the twenty in his stead
    broken("a longer way", &|found| {
        let minute = 60_000_u128;
        let change = |found: &mut Allocation, place: usize, by: i64| {
            found.served_at[place] = found.served_at[place].saturating_add_signed(by);
            found.units[place].served = found.units[place].served.saturating_add_signed(by);
        };
        found.flows[0].2 -= 1;
        change(found, 0, -1);
        found.flows.insert(1, (DemandIx(1), FacilityIx(0), 1));
        change(found, 1, 1);
        found.walking += 4 * minute;
    });
}

#[test]
fn whole_people_keep_the_total_of_their_unit() {
    let people = [0.5, 0.5, 1.4, 2.0, 0.3, 0.3].map(|people| People::try_from_f64(people).unwrap());
    let homes = [UNITS[0], UNITS[0], UNITS[0], UNITS[1], UNITS[1], None];
    // 2.4 are two: one besides the whole one, for the first of the largest remainders; 2.3 are two; .3 nobody
    assert_eq!(whole_persons(&people, &homes).unwrap(), [1, 0, 1, 2, 0, 0]);
    assert!(whole_persons(&people, &homes[1..]).is_err());
}

#[test]
fn norms_add_up_over_levels() {
    // beds: 3 per 1000 older people at the community, 2 at the district; 2 tables per 100 there
    let older = People::whole(1300);
    let norm = |amount, per| ProvisionNorm::new(amount, per).unwrap();
    let need = |levels: &[_]| Need::of(levels).unwrap();
    let both = need(&[(norm(3.0, 1000.0), older), (norm(2.0, 1000.0), older)]);
    // 3.9 + 2.6 = 6.5 beds are seven
    assert_eq!((both.as_f64(), both.whole(), both.shortfall(5), both.shortfall(7)), (6.5, 7, 2, 0));
    assert_eq!(both.share_met(13), Some(2.0));
    // thirds add up to a whole, which floats would miss by a bit and round up
    let third = (norm(1.0, 3.0), People::whole(1));
    assert_eq!(need(&[third, third, third]).whole(), 1);
    let tenth = (norm(0.1, 1.0), People::whole(1));
    assert_eq!(need(&[tenth; 10]).whole(), 1);
    let nobody = need(&[(norm(3.0, 1000.0), People::ZERO)]);
    assert_eq!((nobody.whole(), nobody.share_met(3)), (0, None));
    assert_eq!(need(&[]).whole(), 0);
    assert!(matches!(ProvisionNorm::new(1.0, 0.0), Err(Error::BadParameter { .. })));
    assert!(matches!(ProvisionNorm::per_thousand(-1.0), Err(Error::BadParameter { .. })));
    assert!(matches!(ProvisionNorm::per_thousand(f64::NAN), Err(Error::BadParameter { .. })));
    // denominators without a common divisor do not fit for ever
    let primes = [9_999_999_967.0, 9_999_999_943.0, 9_999_999_929.0, 9_999_999_881.0, 9_999_999_851.0];
    let odd = primes.map(|per| (norm(1.000_001, per), People::from_millionths(999_983)));
    assert!(matches!(Need::of(&odd), Err(Error::TooLarge { .. })));
}
