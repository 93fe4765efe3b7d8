//! Services without a walking catchment, worked out on paper.

use lifecircle_access::{
    BedState, CareLimits, Error, FamilyBed, HomeVisitTask, HomeVisits, OnlineGroup, Support, UnknownCapacity,
    VisitTravel, care_distances, family_beds, home_visits, mobile_days, mobile_visits, online, tally,
};
use lifecircle_types::{Cost, Date, DemandIx, FacilityIx, Millimetres, People, TravelMatrix, TravelTime};

const fn minutes(minutes: u32) -> TravelTime {
    TravelTime::from_minutes(minutes)
}

const fn whole(people: u64) -> People {
    People::whole(people)
}

/// Trips of so many minutes, none longer than half an hour.
fn matrix(rows: u32, columns: u32, trips: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips = trips.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), minutes(m)));
    TravelMatrix::new(rows, columns, minutes(30), trips).expect("trips within half an hour")
}

fn visits<'a>(
    matrix: &'a TravelMatrix,
    needed: &'a [Option<u64>],
    hours: &'a [Option<u64>],
    travel: VisitTravel,
) -> HomeVisitTask<'a> {
    HomeVisitTask {
        matrix,
        within: minutes(20),
        needed,
        minutes: hours,
        unknown: UnknownCapacity::Refuse,
        care: minutes(30),
        travel,
    }
}

fn found(task: &HomeVisitTask<'_>) -> HomeVisits {
    home_visits(task).expect("a task that can be answered")
}

#[test]
fn one_depot_visits_the_nearest_first_and_that_is_the_best() {
    // visits of 30 + 2·5 = 40, 30 + 2·10 = 50 and 30 + 2·20 = 70 minutes; the fourth home is beyond 20 minutes
    let town = matrix(4, 1, &[(0, 0, 20), (1, 0, 5), (2, 0, 10), (3, 0, 21)]);
    let needed = [Some(2), Some(3), Some(4), Some(5)];
    let answer = found(&visits(&town, &needed, &[Some(390)], VisitTravel::ThereAndBack));
    // 3·40 = 120, 4·50 = 200, and of the 70 left one visit of 70
    assert_eq!((answer.needed, answer.reached, answer.made, answer.bound), (14, 9, 8, 8));
    assert!(answer.is_exact());
    assert_eq!(answer.work, 390 * 60_000);
    assert_eq!(answer.work_needed, (120 + 200 + 140) * 60_000);
    assert_eq!(answer.response, [Some(minutes(20)), Some(minutes(5)), Some(minutes(10)), None]);
    // a minute less, and the last visit cannot be made
    let less = found(&visits(&town, &needed, &[Some(389)], VisitTravel::ThereAndBack));
    assert_eq!((less.made, less.bound, less.unmade()), (7, 7, 2));
}

#[test]
fn a_depot_leaves_those_who_have_another_to_it() {
    // home A reaches both depots, nearer to the first; home B the first alone. Nearest first, A would take the first depot
    // and leave B out. Each visit lasts 40 or 50 minutes; each depot has 100 minutes
    let town = matrix(2, 2, &[(0, 0, 5), (0, 1, 10), (1, 0, 10)]);
    let answer =
        found(&visits(&town, &[Some(2), Some(2)], &[Some(100), Some(100)], VisitTravel::ThereAndBack));
    assert_eq!((answer.made, answer.bound), (4, 4));
    assert_eq!(
        answer.plan,
        [(DemandIx(0), FacilityIx(1), 2), (DemandIx(1), FacilityIx(0), 2)],
        "A is visited from the second depot, though the first is nearer"
    );
    assert_eq!(answer.work, 200 * 60_000);
}

#[test]
fn equal_visits_are_a_flow() {
    // 40 minutes each, whoever goes where: 90 minutes are two visits at each depot, not four and a half in all
    let town = matrix(2, 2, &[(0, 0, 5), (0, 1, 10), (1, 0, 10)]);
    let answer =
        found(&visits(&town, &[Some(3), Some(3)], &[Some(90), Some(90)], VisitTravel::Each(minutes(10))));
    assert_eq!((answer.made, answer.bound, answer.unmade()), (4, 4, 2));
    assert_eq!(answer.work, 4 * 40 * 60_000);
}

#[test]
fn what_is_not_known_is_listed_and_assumed_only_when_asked() {
    let town = matrix(2, 2, &[(0, 0, 5), (1, 1, 5)]);
    let (needed, hours) = ([Some(2), None], [None, Some(400)]);
    let mut task = visits(&town, &needed, &hours, VisitTravel::ThereAndBack);
    assert_eq!(home_visits(&task), Err(Error::UnknownCapacity { facility: 0 }));
    task.unknown = UnknownCapacity::Nobody;
    let least = found(&task);
    assert_eq!((least.needed, least.reached, least.made, least.bound), (2, 2, 0, 0));
    assert_eq!(
        (least.unknown_need.as_slice(), least.assumed.as_slice()),
        ([DemandIx(1)].as_slice(), [FacilityIx(0)].as_slice())
    );
    task.unknown = UnknownCapacity::Everybody;
    assert_eq!((found(&task).made, found(&task).bound), (2, 2));
}

#[test]
fn visits_that_cannot_be_counted_are_refused() {
    let town = matrix(1, 1, &[(0, 0, 0)]);
    let mut task = visits(&town, &[Some(1)], &[Some(60)], VisitTravel::ThereAndBack);
    task.care = TravelTime::ZERO;
    assert!(matches!(home_visits(&task), Err(Error::BadParameter { .. })), "endless visits in no time");
    task.care = minutes(1);
    task.minutes = &[Some(u64::MAX)];
    assert_eq!(home_visits(&task), Err(Error::TooLarge { what: "minutes of working time" }));
    task.minutes = &[Some(1), Some(2)];
    assert!(matches!(home_visits(&task), Err(Error::LengthMismatch { expected: 1, found: 2, .. })));
    task.minutes = &[Some(1)];
    task.within = minutes(31);
    assert!(matches!(home_visits(&task), Err(Error::MatrixTooShort { .. })));
    task.within = minutes(20);
    task.needed = &[Some(u64::MAX)];
    assert!(matches!(home_visits(&task), Err(Error::TooLarge { .. })));
    let metres = TravelMatrix::new(
        1,
        1,
        Millimetres::from_metres(9),
        [(DemandIx(0), FacilityIx(0), Millimetres::ZERO)],
    )
    .unwrap();
    let task = HomeVisitTask { matrix: &metres, needed: &[Some(1)], ..task };
    assert!(matches!(home_visits(&task), Err(Error::OtherUnit { .. })));
}

#[test]
fn a_library_bus_comes_by() {
    // two stops for the first place, of which one is 12 minutes away; the second place has a stop of unknown frequency
    let town = matrix(3, 3, &[(0, 0, 4), (0, 1, 12), (1, 2, 3)]);
    let frequency = [Some(24), Some(50), None];
    let near = mobile_visits(&town, minutes(10), &frequency).unwrap();
    assert_eq!((near[0].all, near[0].best, near[0].unknown), (24, 24, 0));
    assert_eq!((near[1].all, near[1].unknown, near[2].all), (0, 1, 0));
    let wide = mobile_visits(&town, minutes(12), &frequency).unwrap();
    assert_eq!((wide[0].all, wide[0].best), (74, 50));
    let weekly: Vec<_> = wide.iter().map(|found| found.best_at_least(52)).collect();
    assert_eq!(weekly, [Some(false), None, Some(false)], "50 are not enough, and of one stop nobody knows");
    let together: Vec<_> = wide.iter().map(|found| found.all_at_least(52)).collect();
    assert_eq!(together, [Some(true), None, Some(false)]);
    // 60 people with enough, 30 of whom nobody knows, 10 without
    let people = [whole(60), whole(30), whole(10)];
    let counted = tally(&people, &people.map(Some), &together).unwrap();
    assert_eq!((counted.strict().share(), counted.lenient().share()), (Some(0.6), Some(0.9)));
}

#[test]
fn days_on_which_two_stops_are_served_count_once() {
    let town = matrix(2, 2, &[(0, 0, 4), (0, 1, 4)]);
    let day = |month, day| Date::new(2025, month, day).unwrap();
    let days = [Some(vec![day(3, 1), day(9, 1), day(3, 1)]), Some(vec![day(9, 1), day(12, 31)])];
    let (first, last) = (day(1, 1), day(12, 31));
    let found = mobile_days(&town, minutes(30), &days, first, last).unwrap();
    // 1 March to 1 September: 31 + 30 + 31 + 30 + 31 + 31 = 184 days; to 31 December 121; round to 1 March 60
    assert_eq!((found[0].days, found[0].longest_wait), (3, Some(184)));
    assert_eq!((found[1].days, found[1].longest_wait), (0, None));
    // a single day a year is a year away from the next
    let once = [Some(vec![day(3, 1), Date::new(2024, 3, 1).unwrap()]), None];
    let found = mobile_days(&town, minutes(30), &once, first, last).unwrap();
    assert_eq!((found[0].days, found[0].longest_wait, found[0].unknown), (1, Some(365), 1));
    assert!(matches!(mobile_days(&town, minutes(30), &once, last, first), Err(Error::BadParameter { .. })));
}

#[test]
fn a_screen_serves_those_who_can_use_it() {
    // help at the first place; of the third place nobody knows who is entitled
    let help = matrix(3, 1, &[(0, 0, 10), (1, 0, 16)]);
    let people = [whole(50), whole(50), whole(20)];
    let entitled = [Some(whole(40)), Some(whole(30)), None];
    let group = |able| OnlineGroup { people: &people, entitled: &entitled, able };
    let found = online(&[group(Some(0.7)), group(None)], &help, minutes(15)).unwrap();
    let known = found[0];
    // 28 + 21 alone, 12 with help, 9 without
    assert_eq!((known.alone, known.assisted, known.unable), (whole(49), whole(12), whole(9)));
    assert_eq!((known.unasked, known.not_entitled), (whole(20), whole(30)));
    let unknown = found[1];
    assert_eq!((unknown.either, unknown.undecided, unknown.alone), (whole(40), whole(30), People::ZERO));
    for found in found {
        assert_eq!(found.tally().all(), whole(120), "nobody is dropped");
    }
    let bad = online(&[group(Some(1.1))], &help, minutes(15));
    assert!(matches!(bad, Err(Error::BadParameter { .. })));
    let too_many = OnlineGroup { people: &people, entitled: &[Some(whole(51)); 3], able: None };
    assert_eq!(
        online(&[too_many], &help, minutes(15)),
        Err(Error::MoreThanAll { row: 0, part: whole(51), all: whole(50) })
    );
}

#[test]
fn beds_at_home_have_an_institution_behind_them() {
    let town = matrix(3, 2, &[(0, 0, 10), (1, 0, 12), (1, 1, 15), (2, 1, 16)]);
    let support = Support {
        matrix: &town,
        within: minutes(15).into(),
        visits: 4,
        capacity: &[Some(1), Some(1)],
        unknown: UnknownCapacity::Refuse,
    };
    let bed = |place, visits| FamilyBed { place: DemandIx(place), visits };
    let beds = [bed(0, Some(4)), bed(0, None), bed(1, Some(8)), bed(1, Some(3)), bed(2, None)];
    let found = family_beds(&beds, &support).unwrap();
    use BedState::{Supported, TooFar, TooSeldom, Unknown};
    assert_eq!(found.states, [Supported, Unknown, Supported, TooSeldom, TooFar]);
    assert_eq!(found.nearest[2], Some(minutes(12).into()));
    // four beds are near enough, and each institution takes one
    assert_eq!((found.count(Supported), found.with_room), (2, 2));
    let nowhere = family_beds(&[bed(3, None)], &support);
    assert_eq!(nowhere, Err(Error::BadPlace { row: 0, place: 3, places: 3 }));
}

#[test]
fn care_at_three_distances() {
    let cost = |at: u32| Some(Cost::from(minutes(at)));
    let people = [whole(100), whole(100), whole(100), whole(100)];
    let older = [Some(whole(40)), Some(whole(30)), Some(whole(20)), None];
    let bedside = [cost(15), cost(16), None, cost(1)];
    let near = [cost(5), cost(5), cost(6), cost(1)];
    let around = [cost(15), None, cost(16), cost(1)];
    let found = care_distances(&people, &older, &bedside, &near, &around, CareLimits::default()).unwrap();
    assert_eq!(found.by_number, [whole(20), whole(30), People::ZERO, whole(40)]);
    assert_eq!(
        (found.bedside.covered, found.near.covered, found.around.covered),
        (whole(40), whole(70), whole(40))
    );
    assert_eq!((found.every.covered, found.every.unasked), (whole(40), whole(100)));
    assert_eq!(found.every.all(), whole(400));
    let metres = [Some(Cost::from(Millimetres::from_metres(1))); 4];
    let mixed = care_distances(&people, &older, &metres, &near, &around, CareLimits::default());
    assert!(matches!(mixed, Err(Error::OtherUnit { .. })));
}
