//! Who has how much, worked out on paper, and vectors computed independently from the formulas.

use lifecircle_access::{
    Chance, Distribution, Error, Neighbours, Preference, Resampled, Undefined, bootstrap, moran,
    parity_ratio, permutation_test, spatial_gini, stacked,
};

fn spread(values: &[f64], people: &[f64]) -> Distribution {
    Distribution::new(values, people).expect("columns that fit")
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

#[track_caller]
fn undefined<T: std::fmt::Debug>(found: Result<T, Error>, reason: Undefined) {
    assert!(matches!(found, Err(Error::Undefined(why)) if why == reason), "{found:?} is not {reason:?}");
}

/// Supply per person in the four zones of `golden_vectors.rs`, of which the last has none, to six digits as
/// the vectors were computed from it.
const ACCESS: [f64; 4] = [0.061_786, 0.111_048, 0.132_236, 0.0];
const PEOPLE: [f64; 4] = [1000.0, 2000.0, 500.0, 1500.0];
const INCOME_RANK: [f64; 4] = [3.0, 1.0, 1.0, 2.0];

#[test]
fn four_zones() {
    let zones = spread(&ACCESS, &PEOPLE);
    near(zones.mean().unwrap(), 0.07);
    near(zones.gini().unwrap(), 0.388_535);
    near(zones.theil_t().unwrap(), 0.390_958);
    let parts = zones.theil_t_by(&[7, 7, 9, 9]).unwrap();
    near(parts.between, 0.102_785);
    near(parts.within, 0.288_173);
    assert_eq!(parts.groups.iter().map(|part| part.group).collect::<Vec<_>>(), [7, 9]);
    assert_eq!(zones.theil_l(), Err(Undefined::SomebodyHasNothing));
    undefined(zones.theil_l_by(&[7, 7, 9, 9]), Undefined::SomebodyHasNothing);
    near(zones.atkinson(0.5).unwrap(), 0.312_505);
    near(zones.hoover().unwrap(), 0.323_469);
    let kolm = zones.kolm_pollak(1.0, Preference::More).unwrap();
    near(kolm.kappa, 9.402_534);
    near(kolm.equivalent, 0.057_657);
    near(kolm.index, 0.07 - 0.057_657);
    near(zones.concentration(&INCOME_RANK).unwrap(), -0.270_509);
    near(zones.palma(&INCOME_RANK).unwrap(), 0.535_939);
    for (alpha, expected) in [(0.0, 0.5), (1.0, 0.345_535), (2.0, 0.310_367)] {
        near(zones.below(0.08, alpha).unwrap(), expected);
    }
    // 4 · .07 · −.270509 of a measure between 0 and 1
    near(zones.erreygers(&INCOME_RANK, (0.0, 1.0)).unwrap(), -0.075_743);
}

#[test]
fn four_people() {
    let equal = spread(&[10.0, 20.0, 30.0, 40.0], &[1.0; 4]);
    near(equal.gini().unwrap(), 0.25);
    near(equal.variation().unwrap(), 0.447_214);
    near(equal.theil_t().unwrap(), 0.106_440);
    near(equal.theil_l().unwrap(), 0.121_777);
    let parts = equal.theil_t_by(&[0, 0, 1, 1]).unwrap();
    near(parts.between, 0.082_283);
    near(parts.within, 0.024_157);
    near(parts.total, 0.106_440);
    // half the distance to the mean of 25: (15 + 5 + 5 + 15) / (2 · 4 · 25)
    near(equal.hoover().unwrap(), 0.2);
    // the richest tenth has 40 each; the first four tenths are the 10 and six tenths of the 20
    near(equal.palma(&[1.0, 2.0, 3.0, 4.0]).unwrap(), 40.0 / ((10.0 + 0.6 * 20.0) / 1.6));
    // along the values themselves it is the Gini index, against them its negative
    near(equal.concentration(&[1.0, 2.0, 3.0, 4.0]).unwrap(), 0.25);
    near(equal.concentration(&[-1.0, -2.0, -3.0, -4.0]).unwrap(), -0.25);
    // √(10·20·30·40)^½ = 22.1336 of 25
    near(equal.atkinson(1.0).unwrap(), 1.0 - 22.133_638 / 25.0);
    // the harmonic mean is 4/(1/10 + 1/20 + 1/30 + 1/40) = 19.2
    near(equal.atkinson(2.0).unwrap(), 1.0 - 19.2 / 25.0);
    assert!(equal.atkinson(0.0).unwrap() < 1e-12);
    near(equal.percentile_ratio().unwrap(), 4.0);
    // below 25: two of four, who lack 15 and 5 of it
    near(equal.below(25.0, 0.0).unwrap(), 0.5);
    near(equal.below(25.0, 1.0).unwrap(), 0.2);
    let points = [(0.0, 0.0), (0.25, 0.1), (0.5, 0.3), (0.75, 0.6), (1.0, 1.0)];
    for (found, expected) in equal.lorenz().unwrap().into_iter().zip(points) {
        near(found.0, expected.0);
        near(found.1, expected.1);
    }
    let falling = spread(&[10.0, 20.0, 30.0, 40.0], &[400.0, 300.0, 200.0, 100.0]);
    near(falling.gini().unwrap(), 0.27);
    assert!((falling.people() - 1000.0).abs() < 1e-9);
}

#[test]
fn percentiles_are_values_that_somebody_has() {
    let town = spread(&[10.0, 20.0, 30.0, 40.0, 5.0], &[10.0, 70.0, 10.0, 10.0, 0.0]);
    // the first ten of a hundred have 10, the first ninety at most 30; of 5 there is nobody
    for (part, expected) in [(0.0, 10.0), (0.1, 10.0), (0.11, 20.0), (0.8, 20.0), (0.9, 30.0), (1.0, 40.0)] {
        assert!((town.percentile(part).unwrap() - expected).abs() < 1e-12, "{part}");
    }
    near(town.percentile_ratio().unwrap(), 3.0);
    let tenths = spread(&[1.0; 3], &[0.1, 0.2, 0.3]);
    assert_eq!(tenths.percentile(1.0), Ok(1.0), "rounded sums lose nobody");
}

#[test]
fn what_cannot_be_said_is_said_to_be_so() {
    let nobody = spread(&[1.0, 2.0], &[0.0, 0.0]);
    let nothing = spread(&[0.0, 0.0], &[3.0, 4.0]);
    let poor = spread(&[0.0, 8.0], &[50.0, 50.0]);
    for measure in [
        Distribution::gini,
        Distribution::hoover,
        Distribution::variation,
        Distribution::theil_t,
        Distribution::theil_l,
    ] {
        assert_eq!(measure(&nobody), Err(Undefined::Nobody));
        assert_eq!(measure(&nothing), Err(Undefined::NothingToShare));
    }
    assert_eq!(nobody.mean(), Err(Undefined::Nobody));
    assert_eq!(nobody.lorenz(), Err(Undefined::Nobody));
    assert_eq!(nothing.mean(), Ok(0.0), "nothing is a mean");
    undefined(nobody.below(1.0, 0.0), Undefined::Nobody);
    undefined(nobody.percentile(0.5), Undefined::Nobody);
    assert_eq!(nothing.below(1.0, 2.0).unwrap().to_bits(), 1.0_f64.to_bits(), "nothing is below a minimum");
    undefined(nothing.kolm_pollak(1.0, Preference::Less), Undefined::NothingToShare);
    undefined(nobody.worst_group(&[0, 1]), Undefined::Nobody);
    assert_eq!(poor.percentile_ratio(), Err(Undefined::ComparedWithNothing));
    undefined(poor.palma(&[1.0, 2.0]), Undefined::ComparedWithNothing);
    assert_eq!(parity_ratio(&poor, &nothing), Err(Undefined::ComparedWithNothing));
    assert_eq!(parity_ratio(&poor, &nobody), Err(Undefined::Nobody));
    // half have nothing: from an aversion of 1 on nothing else counts
    assert_eq!(poor.atkinson(1.0).unwrap().to_bits(), 1.0_f64.to_bits());
    near(poor.atkinson(0.5).unwrap(), 0.5);
    // who has nothing adds nothing to T, and stays among the people: ½ · 2 ln 2
    near(poor.theil_t().unwrap(), std::f64::consts::LN_2);
    // −0 is nothing, and nobody with nothing is nobody
    assert_eq!(spread(&[-0.0, 0.0, 2.0], &[1.0; 3]).lorenz().unwrap().len(), 3);
    assert!(spread(&[0.0, 8.0], &[0.0, 5.0]).theil_l().unwrap().abs() < 1e-12);
    let groups = spread(&[0.0, 0.0, 5.0], &[1.0, 1.0, 2.0]).theil_t_by(&[1, 1, 2]).unwrap();
    assert_eq!(groups.groups[0].inside, Err(Undefined::NothingToShare));
    near(groups.between, groups.total);
}

#[test]
fn what_does_not_fit_is_refused() {
    let bad = |values: &[f64], people: &[f64]| Distribution::new(values, people).unwrap_err();
    assert!(matches!(bad(&[1.0], &[1.0, 2.0]), Error::LengthMismatch { .. }));
    assert!(matches!(bad(&[1.0, f64::NAN], &[1.0, 2.0]), Error::BadValue { what: "values", row: 1, .. }));
    assert!(matches!(bad(&[1.0, 2.0], &[-1.0, 2.0]), Error::BadValue { what: "people", row: 0, .. }));
    assert!(matches!(bad(&[1e308, 1e308], &[1.0, 1e10]), Error::TooLarge { .. }));
    let two = spread(&[1.0, 2.0], &[1.0, 1.0]);
    assert!(matches!(two.atkinson(-1.0), Err(Error::BadParameter { .. })));
    assert!(matches!(two.kolm_pollak(0.0, Preference::More), Err(Error::BadParameter { .. })));
    assert!(matches!(two.percentile(1.1), Err(Error::BadParameter { .. })));
    assert!(matches!(two.below(0.0, 1.0), Err(Error::BadParameter { .. })));
    assert!(matches!(two.below(1.0, -1.0), Err(Error::BadParameter { .. })));
    assert!(matches!(two.concentration(&[1.0]), Err(Error::LengthMismatch { .. })));
    assert!(matches!(two.palma(&[1.0, f64::INFINITY]), Err(Error::BadValue { row: 1, .. })));
    // a value outside the range that the quantity is said to have
    assert!(matches!(two.erreygers(&[1.0, 2.0], (0.0, 1.0)), Err(Error::BadParameter { .. })));
    assert!(matches!(two.theil_t_by(&[1]), Err(Error::LengthMismatch { .. })));
    assert!(matches!(two.worst_group(&[1]), Err(Error::LengthMismatch { .. })));
    assert!(stacked(&[1.0, 2.0], &[&[1.0]]).is_err());
}

#[test]
fn the_floor_and_who_stands_on_it() {
    let town = spread(&[2.0, 4.0, 6.0, 8.0], &[10.0, 20.0, 30.0, 40.0]);
    // below 6: the ten lack 4/6, the twenty 2/6; who has exactly 6 has enough
    near(town.below(6.0, 0.0).unwrap(), 0.3);
    near(town.below(6.0, 1.0).unwrap(), (10.0 * 4.0 + 20.0 * 2.0) / 600.0);
    near(town.below(6.0, 2.0).unwrap(), (10.0 * 16.0 + 20.0 * 4.0) / 3600.0);
    // 100/30 against 500/70; of equal means the lower label
    let worst = town.worst_group(&[5, 5, 2, 2]).unwrap();
    assert_eq!((worst.group, worst.people.to_bits()), (5, 30.0_f64.to_bits()));
    near(worst.mean, 100.0 / 30.0);
    assert_eq!(spread(&[1.0, 1.0, 0.0], &[1.0, 2.0, 0.0]).worst_group(&[9, 4, 1]).unwrap().group, 4);
    // the better off of two are the ones with more; minutes of walking are the other way round
    let minutes = spread(&[5.0, 25.0], &[1.0, 1.0]);
    let [more, less] = [Preference::More, Preference::Less].map(|by| minutes.kolm_pollak(0.5, by).unwrap());
    assert!(more.equivalent < 15.0 && less.equivalent > 15.0);
    near(more.kappa, 0.5 * 15.0 / 325.0);
    near(less.kappa, -more.kappa);
    near(more.index, less.index);
}

#[test]
fn groups_at_the_same_places() {
    // permit holders live mostly where there is less: 2.5 against 3 on average
    let (both, groups) = stacked(&[4.0, 2.0], &[&[100.0, 300.0], &[500.0, 500.0]]).unwrap();
    assert!((both.people() - 1400.0).abs() < 1e-9);
    let parts = both.theil_l_by(&groups).unwrap();
    let mean = (400.0 * 2.5 + 1000.0 * 3.0) / 1400.0;
    near(parts.between, 4.0 / 14.0 * f64::ln(mean / 2.5) + 10.0 / 14.0 * f64::ln(mean / 3.0));
    near(parts.between + parts.within, both.theil_l().unwrap());
    near(parts.groups[0].people, 4.0 / 14.0);
    near(parts.groups[0].amount, 1.0 / 4.0);
}

/// A street of places, each the neighbour of the next.
fn street(places: usize) -> Neighbours {
    let entries = (1..places).flat_map(|at| [(at - 1, at, 1.0), (at, at - 1, 1.0)]);
    Neighbours::new(places, entries).expect("a street")
}

#[test]
fn neighbours_who_are_alike() {
    // z of ±½: four like pairs and two unlike: 4/6 · 2(¼ − ¼ + ¼)/1; turn and turn about they are all unlike
    near(moran(&[1.0, 1.0, 0.0, 0.0], &street(4)).unwrap().index, 1.0 / 3.0);
    let alternating = moran(&[1.0, 0.0, 1.0, 0.0], &street(4)).unwrap();
    near(alternating.index, -1.0);
    near(alternating.expected, -1.0 / 3.0);
    // ends have one neighbour of weight 1, the others two of ½: 4/4 · (¼ − 0 − 0 + ¼)/1 and so on
    near(moran(&[1.0, 1.0, 0.0, 0.0], &street(4).row_standardised()).unwrap().index, 0.5);
    assert!(moran(&[1.0, 2.0, 3.0], &street(3)).unwrap().variance.is_none());
    undefined(moran(&[2.0; 4], &street(4)), Undefined::AllEqual);
    undefined(moran(&[0.1 + 0.2, 0.3, 0.3, 0.3], &street(4)), Undefined::AllEqual);
    undefined(moran(&[1.0, 2.0], &Neighbours::new(2, []).unwrap()), Undefined::NoNeighbours);
    let bad = |entries: &[(usize, usize, f64)]| Neighbours::new(2, entries.iter().copied()).unwrap_err();
    assert_eq!(bad(&[(0, 2, 1.0)]), Error::BadPair { from: 0, to: 2 });
    assert_eq!(bad(&[(1, 1, 1.0)]), Error::BadPair { from: 1, to: 1 });
    assert_eq!(bad(&[(0, 1, 1.0), (0, 1, 2.0)]), Error::BadPair { from: 0, to: 1 });
    assert!(matches!(bad(&[(0, 1, 0.0)]), Error::BadValue { .. }));
}

#[test]
fn all_moments_of_all_orders() {
    // every order of 0, 1, 2, 4, 9 on a street: what the formula says of random placing is their mean and variance
    let values = [0.0, 1.0, 2.0, 4.0, 9.0];
    let mut orders = vec![vec![]];
    for value in values {
        orders = orders
            .into_iter()
            .flat_map(|order: Vec<f64>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, value);
                    longer
                })
            })
            .collect();
    }
    assert_eq!(orders.len(), 120);
    for neighbours in [street(5), street(5).row_standardised()] {
        let found: Vec<f64> = orders.iter().map(|order| moran(order, &neighbours).unwrap().index).collect();
        let mean = found.iter().sum::<f64>() / 120.0;
        let variance = found.iter().map(|index| (index - mean) * (index - mean)).sum::<f64>() / 120.0;
        let said = moran(&values, &neighbours).unwrap();
        assert!((said.expected - mean).abs() < 1e-12);
        assert!((said.variance.unwrap() - variance).abs() < 1e-12, "{said:?} is not {variance}");
    }
}

#[test]
fn the_gini_index_near_and_far() {
    // pairs of 1, 1, 0, 0 that differ: four, each way; on the street only the middle one is of neighbours
    let town = spread(&[1.0, 1.0, 0.0, 0.0], &[5.0; 4]);
    let found = spatial_gini(&town, &street(4)).unwrap();
    near(found.total, 0.5);
    near(found.near, 0.125);
    near(found.far, 0.375);
    assert!(spatial_gini(&town, &street(3)).is_err());
}

#[test]
fn chance_is_named_and_repeats() {
    let town = spread(&[1.0, 2.0, 3.0, 4.0], &[10.0; 4]);
    let gini = |chance, resampled| {
        bootstrap(&town, resampled, 0.9, chance, |spread| Ok(spread.gini()?)).expect("columns that fit")
    };
    let first = gini(Chance::default(), Resampled::Places);
    assert_eq!(first, gini(Chance::default(), Resampled::Places));
    assert_ne!(first.interval, gini(Chance { draws: 999, seed: 2 }, Resampled::Places).interval);
    assert_eq!((first.resampled, first.units, first.draws, first.seed), ("places", 4, 999, 1));
    let (low, high) = first.interval.unwrap();
    let gini_index = first.estimate.unwrap();
    assert!(low < gini_index && gini_index < high, "{first:?}");
    // of two districts either both are drawn or one twice: 2.5, 1.5 or 3.5 on average, one time in two, four, four
    let mean = |labels: &[usize], level| {
        bootstrap(&town, Resampled::Districts(labels), level, Chance::default(), |spread| Ok(spread.mean()?))
    };
    let districts = mean(&[8, 8, 3, 3], 0.95).unwrap();
    assert_eq!(districts.interval, Ok((1.5, 3.5)));
    assert_eq!((districts.resampled, districts.units), ("districts", 2));
    assert_eq!(mean(&[8, 8, 3, 3], 0.4).unwrap().interval, Ok((2.5, 2.5)));
    assert!(matches!(mean(&[8, 8], 0.95), Err(Error::LengthMismatch { .. })));
    assert!(matches!(mean(&[8; 4], 1.0), Err(Error::BadParameter { .. })));
    // one district is no chance
    assert_eq!(mean(&[8; 4], 0.95).unwrap().interval, Ok((2.5, 2.5)));
}

#[test]
fn undefined_draws_are_counted() {
    let town = spread(&[0.0, 5.0], &[1.0, 1.0]);
    let chance = Chance { draws: 400, seed: 3 };
    let found = bootstrap(&town, Resampled::Places, 0.9, chance, |spread| Ok(spread.gini()?)).unwrap();
    // the first place twice is nothing at all: one draw in four
    assert!((70..130).contains(&found.undefined), "{found:?}");
    assert_eq!(found.interval, Ok((0.0, 0.5)));
    let nothing = spread(&[0.0, 0.0], &[1.0, 1.0]);
    let found = bootstrap(&nothing, Resampled::Places, 0.9, chance, |spread| Ok(spread.gini()?)).unwrap();
    assert_eq!((found.estimate, found.undefined), (Err(Undefined::NothingToShare), 400));
    assert_eq!(found.interval, Err(Undefined::NothingToShare));
}

#[test]
fn shuffled_values() {
    let alike = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let index = |values: &[f64]| moran(values, &street(8)).map(|found| found.index);
    let chance = Chance { draws: 20_000, seed: 1 };
    let found = permutation_test(&alike, chance, index).unwrap();
    // two of the 70 ways to place four ones have a single step; the index varies by .374 around −1/7
    assert!((found.p_value - 2.0 / 70.0).abs() < 0.005, "{found:?}");
    assert!((found.expected + 1.0 / 7.0).abs() < 0.01, "{found:?}");
    assert_eq!(found, permutation_test(&alike, chance, index).unwrap());
    assert!(permutation_test(&alike, Chance { draws: 0, seed: 1 }, index).is_err());
}
