//! How far coverages could be off: on paper, and by law.

use lifecircle_access::{BandTask, Chance, CoverageBands, DrawnPeople, Error, coverage_bands};
use lifecircle_types::{DemandIx, FacilityIx, Millimetres, People, TravelMatrix, TravelTime, UnitIx};
use proptest::prelude::*;

const fn metres(metres: u32) -> Millimetres {
    Millimetres::from_metres(metres)
}

fn matrix(rows: u32, columns: u32, walks: &[(u32, u32, u32)]) -> TravelMatrix {
    let walks = walks.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), metres(m)));
    TravelMatrix::new(rows, columns, metres(2000), walks).expect("walks within two kilometres")
}

fn task<'a>(matrix: &'a TravelMatrix, people: &'a [u64], homes: &'a [Option<UnitIx>]) -> BandTask<'a> {
    BandTask {
        matrix,
        limits: &LIMITS[..people.len()],
        people,
        homes,
        target: 0.5,
        pace: (1.0, 1.0),
        ends: metres(0),
        drawn: DrawnPeople::Counted,
    }
}

const LIMITS: [Millimetres; 4] = [metres(1000); 4];
const UNITS: [Option<UnitIx>; 3] = [Some(UnitIx(0)), Some(UnitIx(1)), None];

fn found(task: &BandTask<'_>) -> CoverageBands {
    coverage_bands(task, 0.9, Chance::default()).expect("a task that can be answered")
}

#[test]
fn what_is_known_has_no_width() {
    let town = matrix(3, 1, &[(0, 0, 1000), (1, 0, 1001)]);
    let answer = found(&task(&town, &[30, 50, 20], &UNITS));
    assert_eq!(answer.all.estimate.covered, People::whole(30));
    assert_eq!((answer.all.shares, answer.all.flips, answer.all.draws), (Some([0.3; 3]), 0, 999));
    let units: Vec<_> = answer.units.iter().map(|(unit, band)| (*unit, band.shares)).collect();
    assert_eq!(units, [(None, Some([0.0; 3])), (UNITS[0], Some([1.0; 3])), (UNITS[1], Some([0.0; 3]))]);
}

#[test]
fn a_pace_decides_for_who_lives_at_the_limit() {
    // from 0.8 to 1.2 of the pace: 900 m are walked in three of four draws, 1100 m in one, 500 m in all
    let town = matrix(3, 1, &[(0, 0, 900), (1, 0, 1100), (2, 0, 500)]);
    let mut task = task(&town, &[10, 10, 80], &UNITS);
    task.pace = (0.8, 1.2);
    let answer = found(&task);
    let flips = |unit: usize| answer.units[unit].1.flip_share().unwrap();
    // five standard deviations of 999 draws are 0.07
    assert!((flips(1) - 0.25).abs() < 0.07 && (flips(2) - 0.25).abs() < 0.07, "{} {}", flips(1), flips(2));
    assert_eq!(answer.units[0].1.flips, 0);
    // all walk at one pace: 80, 90 or 100 of 100
    assert_eq!(answer.all.shares, Some([0.8, 0.9, 1.0]));
}

#[test]
fn ends_are_off_on_both_sides() {
    // ends of up to 30 m on both sides: the sum lies at 40 m or more in 1/2 · (20/60)² = 1/18 of the draws
    let town = matrix(1, 1, &[(0, 0, 960)]);
    let mut task = task(&town, &[10], &UNITS[..1]);
    task.ends = metres(30);
    let flips = found(&task).all.flip_share().unwrap();
    assert!((flips - 1.0 / 18.0).abs() < 0.037, "{flips}");
    // a second facility as far away is off in another way: both are too far in (1/18) given the place, less than that
    let two = matrix(1, 2, &[(0, 0, 960), (0, 1, 960)]);
    let fewer = found(&BandTask { matrix: &two, ..task }).all.flip_share().unwrap();
    assert!(fewer < flips, "{fewer}");
}

#[test]
fn people_who_are_drawn_anew_are_as_many() {
    // 50 of 100 live within reach: the drawn share is that of a binomial draw, sd 0.05; 5 % and 95 % lie at ±1.645 sd
    let town = matrix(2, 1, &[(0, 0, 500)]);
    let mut task = task(&town, &[50, 50], &UNITS[..2]);
    task.drawn = DrawnPeople::Redrawn;
    let answer = found(&task);
    let [low, middle, high] = answer.all.shares.unwrap();
    assert!((low - 0.42).abs() < 0.015 && (middle - 0.5).abs() < 0.015 && (high - 0.58).abs() < 0.015);
    // less than half in about half of the draws, without those at half
    let flips = answer.all.flip_share().unwrap();
    assert!((flips - 0.46).abs() < 0.08, "{flips}");
    // a unit where nobody lives has no share, and one person may be drawn away
    let empty = found(&BandTask { people: &[0, 3], ..task });
    assert_eq!((empty.units[0].1.shares, empty.units[0].1.draws), (None, 0));
    assert_eq!(empty.units[1].1.shares, Some([0.0; 3]));
    let seed = |seed| coverage_bands(&task, 0.9, Chance { draws: 50, seed }).unwrap();
    assert_eq!(seed(7), seed(7));
    assert_ne!(seed(7), seed(8));
}

#[test]
fn tasks_that_make_no_sense_are_refused() {
    let town = matrix(1, 1, &[(0, 0, 500)]);
    let sound = task(&town, &[1], &UNITS[..1]);
    let refused = |task: BandTask<'_>| coverage_bands(&task, 0.9, Chance::default()).unwrap_err();
    for pace in [(0.0, 1.0), (1.2, 0.8), (1.0, 11.0), (f64::NAN, 1.0)] {
        assert!(matches!(refused(BandTask { pace, ..sound }), Error::BadParameter { .. }), "{pace:?}");
    }
    assert!(matches!(refused(BandTask { target: 1.1, ..sound }), Error::BadParameter { .. }));
    assert!(matches!(refused(BandTask { pace: (1.0, 2.1), ..sound }), Error::MatrixTooShort { .. }));
    assert!(matches!(refused(BandTask { ends: metres(501), ..sound }), Error::MatrixTooShort { .. }));
    assert!(matches!(refused(BandTask { people: &[], ..sound }), Error::LengthMismatch { .. }));
    let minute = TravelTime::from_minutes(1);
    let times = TravelMatrix::new(1, 1, minute, [(DemandIx(0), FacilityIx(0), minute)]).unwrap();
    assert!(matches!(refused(BandTask { matrix: &times, ..sound }), Error::OtherUnit { .. }));
    for (level, draws) in [(0.0, 9), (1.0, 9), (0.9, 0)] {
        assert!(coverage_bands(&sound, level, Chance { draws, seed: 1 }).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bands_hold_what_they_say(
        walks in prop::collection::btree_map((0..4_u32, 0..3_u32), 0..1800_u32, 0..10),
        people in prop::collection::vec(0..30_u64, 4),
        slow in 0.5..1.0_f64,
        quick in 1.0..1.5_f64,
        ends in 0..100_u32,
        redrawn: bool,
    ) {
        let walks: Vec<_> = walks.into_iter().map(|((i, j), m)| (i, j, m)).collect();
        let town = matrix(4, 3, &walks);
        let homes = [UNITS[0], UNITS[1], UNITS[1], None];
        let mut task = task(&town, &people, &homes);
        (task.pace, task.ends) = ((slow, quick), metres(ends));
        task.drawn = if redrawn { DrawnPeople::Redrawn } else { DrawnPeople::Counted };
        let chance = Chance { draws: 60, seed: 3 };
        let at = |level| coverage_bands(&task, level, chance).unwrap();
        let (narrow, wide) = (at(0.5), at(0.9));
        let bands = |found: &CoverageBands| -> Vec<_> {
            found.units.iter().map(|(_, band)| band.clone()).chain([found.all.clone()]).collect()
        };
        for (narrow, wide) in bands(&narrow).iter().zip(bands(&wide)) {
            prop_assert_eq!((narrow.estimate, narrow.flips), (wide.estimate, wide.flips));
            prop_assert!(wide.flips <= wide.draws && wide.draws <= 60);
            let (Some(narrow), Some(wide)) = (narrow.shares, wide.shares) else {
                prop_assert_eq!(wide.draws, 0);
                continue;
            };
            prop_assert!(0.0 <= wide[0] && wide[0] <= narrow[0] && narrow[0] <= narrow[1]);
            prop_assert!(narrow[1] <= narrow[2] && narrow[2] <= wide[2] && wide[2] <= 1.0);
        }
        let all: People = wide.units.iter().map(|(_, band)| band.estimate.all).sum();
        prop_assert_eq!(all, wide.all.estimate.all);
    }
}
