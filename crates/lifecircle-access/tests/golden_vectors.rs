//! Four zones, three facilities, costs in minutes: values computed independently from the formulas.

use std::num::NonZeroU32;

use lifecircle_access::{
    Binary, Decay, Error, Exponential, Stepped, cumulative, gravity, nearest, two_step_fca,
};
use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, TravelTime};

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

fn check(found: &[f64], expected: [f64; 4]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }
    assert_eq!(found.len(), 4, "a place without access stays");
}

#[test]
fn place_measures() {
    check(&cumulative(&matrix(60), &SUPPLY, minutes(15)).unwrap(), [150.0, 150.0, 250.0, 0.0]);
    let half = TravelTime::try_from_secs_f64(60.0 * 10.0 * std::f64::consts::LN_2).unwrap();
    let decay = Exponential::half_at(half, minutes(60));
    let found = gravity(&matrix(60), &SUPPLY, &decay).unwrap();
    for (found, expected) in found.iter().zip([92.129_776, 115.033_585, 143.624_339, 10.718_067]) {
        assert!(
            (found - expected).abs() < 2e-4,
            "{found} is not {expected}: the half-weight point is whole ms"
        );
    }
    let second = nearest(&matrix(30), NonZeroU32::new(2).unwrap());
    assert_eq!(second, [Some(minutes(12)), Some(minutes(8)), Some(minutes(9)), None]);
}

#[test]
fn two_step_catchments() {
    let binary = two_step_fca(&matrix(60), &SUPPLY, &PEOPLE, &Binary::within(minutes(15))).unwrap();
    check(&binary, [0.047_619, 0.047_619, 0.414_286, 0.0]);
    let steps = Stepped::new(vec![(minutes(10), 1.0), (minutes(20), 0.68), (minutes(30), 0.22)]).unwrap();
    let enhanced = two_step_fca(&matrix(60), &SUPPLY, &PEOPLE, &steps).unwrap();
    check(&enhanced, [0.061_786, 0.111_048, 0.132_236, 0.0]);
    let conserved: f64 = enhanced.iter().zip(PEOPLE).map(|(a, p)| a * p).sum();
    assert!((conserved - 350.0).abs() < 1e-9, "supply is conserved: {conserved}");
}

#[test]
fn a_measure_that_needs_more_than_the_matrix_refuses() {
    let short = cumulative(&matrix(10), &SUPPLY, minutes(15));
    assert_eq!(short, Err(Error::MatrixTooShort { needed: minutes(15), has: minutes(10) }));
    let metres = Binary::within(lifecircle_types::Millimetres::from_metres(500));
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
    assert!(Binary::within(minutes(5)).zero_beyond() == minutes(5));
}
