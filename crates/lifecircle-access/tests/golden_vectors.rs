//! Four zones, three facilities, costs in minutes: values computed independently from the formulas.

use std::num::NonZeroU32;

use lifecircle_access::{
    Binary, Catchment, CatchmentForm, Crowding, Decay, Error, Exponential, Stepped, TruncatedGaussian,
    catchment, catchments, check_conservation, check_equilibrium, crowdedness, cumulative, gravity, nearest,
    raam, singly_constrained, spatial_availability, totally_constrained, two_step_fca,
};
use lifecircle_types::{Cost, DemandIx, FacilityIx, Millimetres, TravelMatrix, TravelTime};

const PEOPLE: [f64; 4] = [1000.0, 2000.0, 500.0, 1500.0];
const SUPPLY: [f64; 3] = [100.0, 50.0, 200.0];

fn minutes(minutes: u32) -> Cost {
    TravelTime::from_minutes(minutes).into()
}

fn matrix(cutoff: u32) -> TravelMatrix {
    let rows = [[5, 12, 25], [8, 3, 18], [20, 9, 6], [40, 35, 33]];
    let entries = (0_u32..).zip(rows).flat_map(|(i, row)| {
        (0_u32..).zip(row).map(move |(j, cost)| (DemandIx(i), FacilityIx(j), minutes(cost)))
    });
    TravelMatrix::new(4, 3, minutes(cutoff), entries.filter(|entry| entry.2.raw() <= minutes(cutoff).raw()))
        .expect("costs are within the cutoff")
}

fn steps() -> Stepped {
    Stepped::new(vec![(minutes(10), 1.0), (minutes(20), 0.68), (minutes(30), 0.22)]).expect("rising bands")
}

#[track_caller]
fn check<const N: usize>(found: &[f64], expected: [f64; N]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
    assert_eq!(found.len(), N, "a place without access stays");
}

#[test]
fn place_measures() {
    check(&cumulative(&matrix(60), &SUPPLY, minutes(15)).unwrap(), [150.0, 150.0, 250.0, 0.0]);
    // β = 0.1 per minute
    let decay = Exponential::scaled(minutes(10), minutes(60)).unwrap();
    let found = gravity(&matrix(60), &SUPPLY, &decay).unwrap();
    check(&found, [92.129_776, 115.033_585, 143.624_339, 10.718_067]);
    let second = nearest(&matrix(30), NonZeroU32::new(2).unwrap());
    assert_eq!(second, [Some(minutes(12)), Some(minutes(8)), Some(minutes(9)), None]);
}

#[test]
fn two_step_catchments() {
    let find = |decay: &dyn Decay| -> Catchment {
        let found = two_step_fca(&matrix(60), &SUPPLY, &PEOPLE, decay).unwrap();
        check_conservation(&found, &SUPPLY, &PEOPLE).unwrap();
        assert!(found.unused.is_empty());
        found
    };
    let binary = find(&Binary::within(minutes(15)));
    check(&binary.access, [0.047_619, 0.047_619, 0.414_286, 0.0]);
    check(&binary.ratio, [0.033_333, 0.014_286, 0.4]);
    let enhanced = find(&steps());
    check(&enhanced.access, [0.061_786, 0.111_048, 0.132_236, 0.0]);
    check(&enhanced.ratio, [0.029_940, 0.015_723, 0.096_154]);
    let gaussian = find(&TruncatedGaussian::to_zero_at(minutes(30)));
    check(&gaussian.access, [0.071_181, 0.106_801, 0.130_435, 0.0]);
    check(&gaussian.ratio, [0.032_958, 0.015_512, 0.105_710]);
}

#[test]
fn the_other_forms() {
    let forms =
        [CatchmentForm::THREE_STEP, CatchmentForm::MODIFIED, CatchmentForm::HUFF, CatchmentForm::BALANCED];
    let found = catchments(&matrix(60), &SUPPLY, &PEOPLE, &steps(), &forms).unwrap();
    let [three, modified, huff, balanced] = found.try_into().unwrap();
    let received = |found: &Catchment| -> f64 { found.access.iter().zip(PEOPLE).map(|(a, p)| a * p).sum() };
    check(&three.access, [0.058_223, 0.105_261, 0.162_511, 0.0]);
    check(&three.ratio, [0.073_591, 0.042_510, 0.358_992]);
    check_conservation(&three, &SUPPLY, &PEOPLE).unwrap();
    check(&modified.access, [0.041_864, 0.090_125, 0.125_721, 0.0]);
    assert!((received(&modified) - 284.975).abs() < 1e-3);
    check(&huff.access, [0.058_744, 0.082_426, 0.106_477, 0.0]);
    check(&huff.ratio, [0.073_099, 0.080_739, 0.132_213]);
    assert!((received(&huff) - 276.8347).abs() < 1e-4);
    check(&balanced.access, [0.065_088, 0.129_506, 0.162_569, 0.0]);
    check(&balanced.ratio, [0.071_457, 0.038_738, 0.246_969]);
    let sums = [&balanced.access, &balanced.ratio].map(|values| values.iter().sum::<f64>());
    assert!((sums[0] - sums[1]).abs() < 1e-12, "levels of service are conserved: {sums:?}");
    assert!(matches!(check_conservation(&huff, &SUPPLY, &PEOPLE), Err(Error::Unequal { .. })));
    // several forms at once are what each is alone, to the bit
    let alone = catchment(&matrix(60), &SUPPLY, &PEOPLE, &steps(), CatchmentForm::HUFF).unwrap();
    assert_eq!(alone, huff);
}

#[test]
fn inverted_catchments() {
    let found = crowdedness(&matrix(60), &SUPPLY, &PEOPLE, &steps()).unwrap();
    check(&found.crowdedness, [13.680_167, 12.385_559, 7.563_527]);
    let people: f64 = found.crowdedness.iter().zip(SUPPLY).map(|(c, s)| c * s).sum();
    assert!((people - 3500.0).abs() < 1e-9, "the people with supply in reach: {people}");
    assert_eq!(found.excluded, [DemandIx(3)]);
}

#[test]
fn constrained_measures() {
    let found = spatial_availability(&matrix(60), &SUPPLY, &PEOPLE, &steps(), 1.0).unwrap();
    check(&found.available, [61.785_790, 222.096_011, 66.118_199, 0.0]);
    assert_eq!(found, singly_constrained(&matrix(60), &SUPPLY, &PEOPLE, &steps()).unwrap());
    let total = totally_constrained(&matrix(60), &SUPPLY, &steps()).unwrap();
    check(&total.available, [79.667_519, 128.005_115, 142.327_366, 0.0]);
    assert!((total.available.iter().sum::<f64>() - 350.0).abs() < 1e-9);
}

#[test]
fn rational_agents() {
    for (scale, cost, load) in [
        (60, [1.166_667, 1.216_667, 1.016_667, 1.466_667], [1547.62, 833.33, 2619.05]),
        (15, [1.622_222, 1.822_222, 1.1, 2.9], [1841.27, 1158.73, 2000.0]),
    ] {
        let crowding = Crowding { scale: minutes(scale), within: minutes(60), people_per_supply: None };
        let found = raam(&matrix(60), &SUPPLY, &PEOPLE, &crowding).unwrap();
        check(&found.cost.iter().map(|cost| cost.unwrap()).collect::<Vec<_>>(), cost);
        for (found, expected) in found.load.iter().zip(load) {
            assert!((found - expected).abs() < 0.005, "{found} is not {expected}");
        }
        check_equilibrium(&found, &matrix(60), &SUPPLY, &PEOPLE, &crowding, 1e-14).unwrap();
    }
    // within half an hour the fourth zone has no choice at all
    let crowding = Crowding { scale: minutes(15), within: minutes(30), people_per_supply: None };
    let found = raam(&matrix(60), &SUPPLY, &PEOPLE, &crowding).unwrap();
    assert_eq!((found.excluded, found.excluded_people, found.cost[3]), (vec![DemandIx(3)], 1500.0, None));
}

#[test]
fn three_people_groups_and_two_places() {
    // two facilities; catchments of 15 minutes and the truncated Gaussian over them
    let rows = [[5, 20], [10, 8], [25, 12]];
    let entries = (0_u32..).zip(rows).flat_map(|(i, row)| {
        (0_u32..).zip(row).map(move |(j, cost)| (DemandIx(i), FacilityIx(j), minutes(cost)))
    });
    let matrix = TravelMatrix::new(3, 2, minutes(30), entries).unwrap();
    let (people, supply) = ([100.0, 200.0, 300.0], [10.0, 20.0]);
    let binary = two_step_fca(&matrix, &supply, &people, &Binary::within(minutes(15))).unwrap();
    check(&binary.ratio, [0.033_333, 0.04]);
    check(&binary.access, [0.033_333, 0.073_333, 0.04]);
    let decay = TruncatedGaussian::to_zero_at(minutes(15));
    let gaussian = two_step_fca(&matrix, &supply, &people, &decay).unwrap();
    check(&gaussian.ratio, [0.054_060, 0.089_359]);
    check(&gaussian.access, [0.046_635, 0.085_934, 0.027_166]);
}

#[test]
fn a_measure_that_needs_more_than_the_matrix_refuses() {
    let short = cumulative(&matrix(10), &SUPPLY, minutes(15));
    assert_eq!(short, Err(Error::MatrixTooShort { needed: minutes(15), has: minutes(10) }));
    let metres = Binary::within(Millimetres::from_metres(500));
    assert!(matches!(gravity(&matrix(10), &SUPPLY, &metres), Err(Error::OtherUnit { .. })));
    assert!(matches!(
        gravity(&matrix(10), &SUPPLY[..2], &Binary::within(minutes(5))),
        Err(Error::LengthMismatch { .. })
    ));
    let negative = [1.0, -1.0, 1.0];
    assert!(matches!(
        gravity(&matrix(10), &negative, &Binary::within(minutes(5))),
        Err(Error::BadValue { row: 1, .. })
    ));
}
