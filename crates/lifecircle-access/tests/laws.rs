//! Laws of coverage and catchments on random matrices.

use lifecircle_access::{Binary, Linear, coverage, cumulative, nearest, two_step_fca};
use lifecircle_types::{DemandIx, FacilityIx, People, TravelMatrix, TravelTime};
use proptest::prelude::*;
use std::num::NonZeroU32;

const ROWS: u32 = 12;
const COLUMNS: u32 = 6;
const CUTOFF: TravelTime = TravelTime::from_minutes(30);

fn entries() -> impl Strategy<Value = Vec<(DemandIx, FacilityIx, TravelTime)>> {
    let entry = (0..ROWS, 0..COLUMNS, 0..=CUTOFF.as_millis());
    prop::collection::vec(entry, 0..60).prop_map(|raw| {
        let mut seen = std::collections::BTreeMap::new();
        for (row, column, cost) in raw {
            seen.insert((row, column), cost);
        }
        seen.into_iter().map(|((r, c), t)| (DemandIx(r), FacilityIx(c), TravelTime::from_millis(t))).collect()
    })
}

proptest! {
    #[test]
    fn supply_with_demand_in_reach_is_conserved(
        entries in entries(),
        supply in prop::collection::vec(0.0..500.0f64, COLUMNS as usize),
        demand in prop::collection::vec(1.0..500.0f64, ROWS as usize),
    ) {
        let matrix = TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).unwrap();
        let access = two_step_fca(&matrix, &supply, &demand, &Linear::to_zero_at(CUTOFF)).unwrap().access;
        let reached: f64 = (0..COLUMNS)
            .filter(|&column| matrix.entries().any(|(_, f, c)| f.0 == column && c.raw() < CUTOFF.as_millis()))
            .map(|column| supply[column as usize])
            .sum();
        let received: f64 = access.iter().zip(&demand).map(|(a, p)| a * p).sum();
        prop_assert!((received - reached).abs() <= 1e-6 * reached.max(1.0), "{received} of {reached}");
    }

    #[test]
    fn another_facility_never_lowers_coverage(entries in entries(), limit in 0..=30u32) {
        let limit = TravelTime::from_minutes(limit);
        let people = vec![People::whole(7); ROWS as usize];
        let share = |entries: Vec<_>| {
            let matrix = TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).unwrap();
            let reached: Vec<_> = nearest(&matrix, NonZeroU32::MIN)
                .into_iter()
                .map(|cost| cost.is_some_and(|cost| cost.raw() <= limit.as_millis()))
                .collect();
            coverage(&people, &reached).unwrap().covered
        };
        let fewer: Vec<_> = entries.iter().copied().filter(|(_, f, _)| f.0 != 3).collect();
        prop_assert!(share(fewer) <= share(entries));
    }

    #[test]
    fn the_order_of_entries_changes_no_bit(entries in entries(), demand in prop::collection::vec(0.1..9.9f64, ROWS as usize)) {
        let supply = [3.3; COLUMNS as usize];
        let access = |entries: Vec<_>| {
            let matrix = TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).unwrap();
            let floating = two_step_fca(&matrix, &supply, &demand, &Binary::within(CUTOFF)).unwrap().access;
            let plain = cumulative(&matrix, &supply, CUTOFF).unwrap();
            (floating.into_iter().map(f64::to_bits).collect::<Vec<_>>(), plain.into_iter().map(f64::to_bits).collect::<Vec<_>>())
        };
        let backwards: Vec<_> = entries.iter().rev().copied().collect();
        prop_assert_eq!(access(entries), access(backwards));
    }
}
