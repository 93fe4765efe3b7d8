//! A town worked out on paper. Four places with 60, 40, 20 and 10 people; two clinics with 10 and 6 rooms.
//! The first place reaches the first clinic, the second both, the third the second clinic, the fourth
//! nothing; whatever is in reach counts fully.
//!
//! ```text
//! 60 ── clinic 10 ── 40 ── clinic 6 ── 20        10
//! ```

use lifecircle_access::{
    Binary, Catchment, CatchmentForm, Crowding, Custom, Error, Group, Growth, Raam, balancing_cost,
    catchment, check_decay, check_equilibrium, choice_diversity, crowdedness, doubly_constrained, gravity,
    grouped_catchment, huff, participation, passive, raam, spatial_availability, totally_constrained,
    variable_two_step_fca, weighted_mean,
};
use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};

const PEOPLE: [f64; 4] = [60.0, 40.0, 20.0, 10.0];
const ROOMS: [f64; 2] = [10.0, 6.0];
const QUARTER: TravelTime = TravelTime::from_minutes(15);

/// The town, with these minutes from the first, second, second and third place.
fn town(minutes: [u32; 4]) -> TravelMatrix {
    let pairs = [(0, 0), (1, 0), (1, 1), (2, 1)].into_iter().zip(minutes);
    let trips =
        pairs.map(|((i, j), minutes)| (DemandIx(i), FacilityIx(j), TravelTime::from_minutes(minutes)));
    TravelMatrix::new(4, 2, QUARTER, trips).expect("trips within a quarter of an hour")
}

fn within() -> Binary {
    Binary::within(QUARTER)
}

#[track_caller]
fn check(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12);
    assert!(near, "{found:?} is not {expected:?}");
}

#[test]
fn every_form_of_catchment() {
    let find = |form| -> Catchment { catchment(&town([5; 4]), &ROOMS, &PEOPLE, &within(), form).unwrap() };
    // 100 people share ten rooms, 60 share six: a tenth of a room each, twice for those between
    let two = find(CatchmentForm::TWO_STEP);
    check(&two.ratio, &[0.1, 0.1]);
    check(&two.access, &[0.1, 0.2, 0.1, 0.0]);
    // without decay there is nothing to modify
    assert_eq!(find(CatchmentForm::MODIFIED), two);
    // the forty divide themselves: 80 people for ten rooms, 40 for six
    let three = find(CatchmentForm::THREE_STEP);
    check(&three.ratio, &[0.125, 0.15]);
    check(&three.access, &[0.125, 0.1375, 0.15, 0.0]);
    // they divide themselves by rooms: 25 go left, 15 right
    let by_rooms = find(CatchmentForm::HUFF);
    check(&by_rooms.ratio, &[10.0 / 85.0, 6.0 / 35.0]);
    check(&by_rooms.access, &[10.0 / 85.0, 0.625 * 10.0 / 85.0 + 0.375 * 6.0 / 35.0, 6.0 / 35.0, 0.0]);
    // and every clinic divides its level of service among the two places that reach it
    let balanced = find(CatchmentForm::BALANCED);
    check(&balanced.ratio, &[0.125, 0.15]);
    check(&balanced.access, &[0.0625, 0.1375, 0.075, 0.0]);
}

#[test]
fn rooms_seen_by_people_and_people_seen_by_rooms() {
    // 60 on ten rooms, 40 on sixteen, 20 on six
    let found = crowdedness(&town([5; 4]), &ROOMS, &PEOPLE, &within()).unwrap();
    check(&found.pressure, &[6.0, 2.5, 20.0 / 6.0, 0.0]);
    check(&found.crowdedness, &[8.5, 2.5 + 20.0 / 6.0]);
    assert_eq!(found.excluded, [DemandIx(3)]);
    check(&passive(&town([5; 4]), &PEOPLE, &within()).unwrap(), &[100.0, 60.0]);
    let mean = weighted_mean(&town([5; 4]), &[3.0, 5.0], &within()).unwrap();
    assert_eq!(mean, [Some(3.0), Some(4.0), Some(5.0), None]);
}

#[test]
fn rooms_divided_among_places() {
    let by = |alpha| spatial_availability(&town([5; 4]), &ROOMS, &PEOPLE, &within(), alpha).unwrap();
    // 60 : 40 for ten, 40 : 20 for six
    check(&by(1.0).available, &[6.0, 8.0, 2.0, 0.0]);
    // all places alike
    check(&by(0.0).available, &[5.0, 8.0, 3.0, 0.0]);
    assert_eq!(by(1.0).per_person[3], Some(0.0), "people without a clinic have none, and stay");
    // gravity finds 10, 16 and 6 rooms: twice as many as there are
    let found = totally_constrained(&town([5; 4]), &ROOMS, &within()).unwrap();
    check(&found.available, &[5.0, 8.0, 3.0, 0.0]);
    assert_eq!(found.factor, Some(0.5));
}

#[test]
fn who_goes_where() {
    let found = huff(&town([5; 4]), &ROOMS, &PEOPLE, &within()).unwrap();
    check(&found.users, &[85.0, 35.0]);
    check(&found.taking_part, &[1.0, 1.0, 1.0, 0.0]);
    // the median person sees ten rooms, so staying at home pulls like forty
    let found = participation(&town([5; 4]), &ROOMS, &PEOPLE, &within(), 0.2).unwrap();
    check(&found.taking_part, &[0.2, 16.0 / 56.0, 6.0 / 46.0, 0.0]);
    // shares of 5/8 and 3/8 leave as much choice as 64/34 equal clinics
    let found = choice_diversity(&town([5; 4]), &ROOMS, &within(), 2.0).unwrap();
    check(&found, &[1.0, 64.0 / 34.0, 1.0, 0.0]);
    // at the highest orders the largest share alone counts
    let found = choice_diversity(&town([5; 4]), &ROOMS, &within(), 1e300).unwrap();
    check(&found, &[1.0, 1.6, 1.0, 0.0]);
}

#[test]
fn agents_fill_the_rooms_evenly() {
    // going costs nothing, so both clinics are equally full: 120 people on 16 rooms, 75 and 45
    let crowding = |scale| Crowding {
        scale: TravelTime::from_minutes(scale).into(),
        within: QUARTER.into(),
        people_per_supply: Some(1.0),
    };
    let found = raam(&town([0; 4]), &ROOMS, &PEOPLE, &crowding(10)).unwrap();
    check(&found.load, &[75.0, 45.0]);
    assert!(found.cost[..3].iter().all(|cost| cost.is_some_and(|cost| (cost - 7.5).abs() < 1e-12)));
    assert_eq!((found.cost[3], found.excluded_people), (None, 10.0));
    // x of the forty go left. Left is ten minutes further, as much as one more person per room:
    // 1 + (60 + x)/10 = (20 + 40 − x)/6, so x = 11.25; the first place has no choice
    let found = raam(&town([0, 10, 0, 0]), &ROOMS, &PEOPLE, &crowding(10)).unwrap();
    check(&found.load, &[71.25, 48.75]);
    let costs: Vec<f64> = found.cost.iter().flatten().copied().collect();
    check(&costs, &[7.125, 8.125, 8.125]);
    // quarter of an hour weighs like five people per room, and the crowds differ by four: nobody splits
    let found = raam(&town([0, 15, 0, 0]), &ROOMS, &PEOPLE, &crowding(3)).unwrap();
    check(&found.load, &[60.0, 60.0]);
    assert_eq!(found.flows.len(), 3);
}

#[test]
fn catchments_that_stop_when_they_have_enough() {
    // the first clinic has enough with the 60 at two minutes, the second needs both of its places
    let growth = Growth { enough_people: 50.0, enough_supply: 0.1, at_most: QUARTER.into() };
    let found = variable_two_step_fca(&town([2, 4, 6, 8]), &ROOMS, &PEOPLE, growth).unwrap();
    let minutes =
        |minutes: &[u32]| -> Vec<_> { minutes.iter().map(|&m| TravelTime::from_minutes(m).into()).collect() };
    assert_eq!(found.facility_range, minutes(&[2, 8]));
    check(&found.catchment.ratio, &[10.0 / 60.0, 0.1]);
    // the second place has enough with the first clinic, though that stopped short of it
    assert_eq!(found.place_range, minutes(&[2, 4, 8, 15]));
    check(&found.catchment.access, &[10.0 / 60.0, 10.0 / 60.0, 0.1, 0.0]);
}

#[test]
fn groups_that_go_different_ways() {
    // the old go five minutes, the young fifteen; clinics stand at three and ten
    let trips = [(0, 0, 3), (0, 1, 10)];
    let trips = trips.map(|(i, j, m)| (DemandIx(i), FacilityIx(j), TravelTime::from_minutes(m)));
    let matrix = TravelMatrix::new(1, 2, QUARTER, trips).unwrap();
    let (far, near) = (within(), Binary::within(TravelTime::from_minutes(5)));
    let young = Group { matrix: &matrix, demand: &[30.0], decay: &far };
    let old = Group { matrix: &matrix, demand: &[10.0], decay: &near };
    // forty share ten rooms, thirty share six
    let found = grouped_catchment(&ROOMS, &[young, old], CatchmentForm::TWO_STEP).unwrap();
    check(&found.ratio, &[0.25, 0.2]);
    check(&found.access[0], &[0.45]);
    check(&found.access[1], &[0.25]);
}

#[test]
fn flows_that_fit_and_flows_that_do_not() {
    // the first place can only go left, the third only right: 10 and 2, so the second sends nothing left and
    // 4 right
    let (matrix, rooms) = (town([5; 4]), [10.0, 6.0]);
    let found = doubly_constrained(&matrix, &[10.0, 4.0, 2.0, 7.0], &rooms, &within(), 1e-3).unwrap();
    let right: f64 = found.flows.iter().filter(|flow| flow.1 == FacilityIx(1)).map(|flow| flow.2).sum();
    assert!((right - 6.0).abs() < 1e-9, "facilities receive theirs to rounding");
    assert!(found.residual <= 1e-3 && found.rounds > 1);
    assert_eq!((found.excluded, found.unused), (vec![DemandIx(3)], vec![]));
    // with 12 at the first place no flows fit its ten rooms
    let none = doubly_constrained(&matrix, &[12.0, 2.0, 2.0, 0.0], &rooms, &within(), 1e-6);
    assert!(matches!(none, Err(Error::NoConvergence { .. })), "{none:?}");
    let unequal = doubly_constrained(&matrix, &[10.0, 4.0, 3.0, 0.0], &rooms, &within(), 1e-6);
    assert!(matches!(unequal, Err(Error::Unequal { left, right, .. }) if left > right), "{unequal:?}");
}

#[test]
fn a_stranger_s_decay_is_checked_where_it_is_used() {
    for weight in [f64::NAN, -0.5, 1.5] {
        let decay = Custom::new(QUARTER, move |_| weight);
        let refused = [
            gravity(&town([5; 4]), &ROOMS, &decay).err(),
            passive(&town([5; 4]), &PEOPLE, &decay).err(),
            huff(&town([5; 4]), &ROOMS, &PEOPLE, &decay).err(),
            check_decay(&decay).err(),
        ];
        for error in refused {
            assert!(matches!(error, Some(Error::BadDecay { .. })), "{weight}: {error:?}");
        }
    }
}

#[test]
fn flows_that_are_no_equilibrium_are_told() {
    let crowding = Crowding { scale: QUARTER.into(), within: QUARTER.into(), people_per_supply: None };
    let matrix = town([5; 4]);
    let checked = |found: &Raam| check_equilibrium(found, &matrix, &ROOMS, &PEOPLE, &crowding, 1e-9);
    let found = raam(&matrix, &ROOMS, &PEOPLE, &crowding).unwrap();
    checked(&found).unwrap();
    let mut moved = found.clone();
    let split: Vec<usize> = (0..moved.flows.len()).filter(|&at| moved.flows[at].0 == DemandIx(1)).collect();
    moved.flows[split[0]].2 += 1.0;
    assert!(matches!(checked(&moved), Err(Error::Unequal { left_name: "flows of a place", .. })));
    moved.flows[split[1]].2 -= 1.0;
    assert!(matches!(checked(&moved), Err(Error::Unequal { left_name: "costs that people bear", .. })));
    moved.flows[0].1 = FacilityIx(1);
    assert!(matches!(checked(&moved), Err(Error::Unequal { left_name: "a flow's people", .. })));
}

#[test]
fn rooms_keep_up_with_people() {
    // neighbours: everybody at home at once, the forty live ten minutes from the sixty
    let homes = [(0, 0, 0), (0, 1, 10), (1, 1, 0), (1, 0, 10), (2, 2, 0), (3, 3, 0)];
    let homes = homes.map(|(i, j, m)| (DemandIx(i), FacilityIx(j), TravelTime::from_minutes(m)));
    let homes = TravelMatrix::new(4, 4, QUARTER, homes).unwrap();
    // a person needs a sixth of a room: ten for the 60 at five minutes; sixteen for the 40 of the second
    // place at five, before the 60 count; six for 20; none for the fourth place, which needs some
    let found = balancing_cost(&town([5; 4]), &ROOMS, &homes, &PEOPLE, 1.0 / 6.0).unwrap();
    let five = Some(TravelTime::from_minutes(5).into());
    assert_eq!(found, [five, five, five, None]);
}
