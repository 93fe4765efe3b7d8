//! Laws of inequality on random populations.

use lifecircle_access::{
    Chance, Distribution, Error, Neighbours, Preference, Resampled, Undefined, bootstrap, moran,
    spatial_gini, stacked,
};
use proptest::prelude::*;

type Row = (f64, f64);

/// Values and people, some of them 0, with ties.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = prop_oneof![1 => Just(0.0), 2 => (1..6_u32).prop_map(f64::from), 3 => 0.01..100.0_f64];
    let people = prop_oneof![1 => Just(0.0), 2 => (1..5_u32).prop_map(f64::from), 3 => 0.1..50.0_f64];
    prop::collection::vec((value, people), 1..20)
}

fn spread(rows: &[Row]) -> Distribution {
    let (values, people): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    Distribution::new(&values, &people).expect("columns that fit")
}

fn ranks(rows: &[Row]) -> Vec<f64> {
    // some order with ties that is not that of the values
    rows.iter().map(|row| (row.0 * 7.0 % 5.0).floor()).collect()
}

type Numbers = Vec<(&'static str, Result<f64, Error>)>;

/// Numbers that have no unit and need nothing but the distribution.
fn relative(spread: &Distribution) -> Numbers {
    vec![
        ("gini", spread.gini().map_err(Error::Undefined)),
        ("hoover", spread.hoover().map_err(Error::Undefined)),
        ("variation", spread.variation().map_err(Error::Undefined)),
        ("theil_t", spread.theil_t().map_err(Error::Undefined)),
        ("theil_l", spread.theil_l().map_err(Error::Undefined)),
        ("percentiles", spread.percentile_ratio().map_err(Error::Undefined)),
        ("atkinson half", spread.atkinson(0.5)),
        ("atkinson 1", spread.atkinson(1.0)),
        ("atkinson 2", spread.atkinson(2.0)),
    ]
}

/// Every number of a distribution, by name.
fn everything(rows: &[Row]) -> Numbers {
    let (spread, ranks) = (spread(rows), ranks(rows));
    let groups: Vec<usize> = rows.iter().map(|row| usize::from(row.0 > 3.0)).collect();
    let mut numbers = relative(&spread);
    numbers.extend([
        ("between t", spread.theil_t_by(&groups).map(|parts| parts.between)),
        ("between l", spread.theil_l_by(&groups).map(|parts| parts.between)),
        ("concentration", spread.concentration(&ranks)),
        ("palma", spread.palma(&ranks)),
        ("mean", spread.mean().map_err(Error::Undefined)),
        ("median", spread.percentile(0.5)),
        ("kolm", spread.kolm_pollak(1.0, Preference::More).map(|found| found.equivalent)),
        ("worst", spread.worst_group(&groups).map(|worst| worst.mean)),
        ("below", spread.below(3.0, 1.0)),
    ]);
    numbers
}

#[track_caller]
fn all_close(one: &[(&str, Result<f64, Error>)], other: &[(&str, Result<f64, Error>)], scale: f64) {
    for ((name, one), (_, other)) in one.iter().zip(other) {
        match (one, other) {
            (Ok(one), Ok(other)) => {
                let (one, other) = (one * scale, *other);
                let close = (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-3);
                assert!(close, "{name}: {one} is not {other}");
            }
            (one, other) => assert_eq!(one, other, "{name}"),
        }
    }
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_no_bit(mut rows in rows()) {
        let found = everything(&rows);
        rows.reverse();
        prop_assert_eq!(&found, &everything(&rows));
        let middle = rows.len() / 2;
        rows.rotate_left(middle);
        prop_assert_eq!(found, everything(&rows));
    }

    #[test]
    fn another_currency_changes_nothing(rows in rows(), shift in -3..4_i32) {
        let scaled: Vec<Row> = rows.iter().map(|row| (row.0 * 2_f64.powi(shift), row.1)).collect();
        all_close(&relative(&spread(&rows)), &relative(&spread(&scaled)), 1.0);
        let kolm = |rows: &[Row]| spread(rows).kolm_pollak(0.7, Preference::Less).map(|found| found.index);
        all_close(&[("kolm", kolm(&rows))], &[("kolm", kolm(&scaled))], 2_f64.powi(shift));
    }

    #[test]
    fn more_of_the_same_people_change_nothing(rows in rows(), times in 2..5_usize, factor in 0.1..9.0_f64) {
        let replicated: Vec<Row> = rows.iter().flat_map(|row| std::iter::repeat_n(*row, times)).collect();
        let grown: Vec<Row> = rows.iter().map(|row| (row.0, row.1 * factor)).collect();
        all_close(&everything(&rows), &everything(&replicated), 1.0);
        all_close(&everything(&rows), &everything(&grown), 1.0);
    }

    #[test]
    fn rows_of_nobody_change_nothing(rows in rows(), value in 0.0..200.0_f64) {
        let mut more = rows.clone();
        more.push((value, 0.0));
        all_close(&everything(&rows), &everything(&more), 1.0);
    }

    #[test]
    fn numbers_stay_within_their_bounds(rows in rows()) {
        for (name, found) in everything(&rows) {
            let Ok(found) = found else { continue };
            let most = match name {
                "gini" | "hoover" | "atkinson half" | "atkinson 1" | "atkinson 2" | "below" | "concentration" => 1.0,
                _ => f64::MAX,
            };
            let least = if name == "concentration" { -1.0 } else { -1e-12 };
            prop_assert!((least..=most).contains(&found), "{name}: {found}");
        }
        // the Hoover index is the largest distance of the Lorenz curve from the diagonal, Gini twice the area
        let spread = spread(&rows);
        if let (Ok(points), Ok(hoover), Ok(gini)) = (spread.lorenz(), spread.hoover(), spread.gini()) {
            let distance = points.iter().map(|point| point.0 - point.1).fold(0.0, f64::max);
            prop_assert!((distance - hoover).abs() < 1e-9);
            prop_assert!(hoover <= gini + 1e-12);
            prop_assert!(points.windows(2).all(|ends| ends[0].0 < ends[1].0 && ends[0].1 <= ends[1].1));
        }
    }

    #[test]
    fn giving_to_the_poorer_lowers_inequality(rows in rows(), part in 0.01..0.5_f64) {
        let mut transferred = rows.clone();
        transferred.retain(|row| row.1 > 0.0);
        transferred.sort_by(|one, other| one.0.total_cmp(&other.0));
        let before = transferred.clone();
        let last = transferred.len().saturating_sub(1);
        prop_assume!(last > 0 && before[last].0 > before[0].0 + 1e-6);
        // so much that the richest do not fall below the poorest
        let (poor, rich) = (before[0], before[last]);
        let moved = part * (rich.0 - poor.0) / (1.0 / poor.1 + 1.0 / rich.1);
        transferred[0].0 += moved / poor.1;
        transferred[last].0 -= moved / rich.1;
        let (before, after) = (spread(&before), spread(&transferred));
        prop_assert!(after.gini().unwrap() <= before.gini().unwrap() + 1e-12);
        prop_assert!(after.hoover().unwrap() <= before.hoover().unwrap() + 1e-12);
        prop_assert!(after.theil_t().unwrap() < before.theil_t().unwrap() + 1e-12);
        prop_assert!(after.variation().unwrap() < before.variation().unwrap() + 1e-12);
        prop_assert!(after.atkinson(0.5).unwrap() < before.atkinson(0.5).unwrap() + 1e-12);
        if let (Ok(before), Ok(after)) = (before.theil_l(), after.theil_l()) {
            prop_assert!(after < before + 1e-12);
        }
    }

    #[test]
    fn parts_add_up_to_the_whole(rows in rows(), labels in prop::collection::vec(0..4_usize, 20)) {
        let (spread, labels) = (spread(&rows), &labels[..rows.len()]);
        for found in [spread.theil_t_by(labels), spread.theil_l_by(labels)].into_iter().flatten() {
            prop_assert!((found.between + found.within - found.total).abs() <= 1e-9 * found.total.max(1e-3));
            prop_assert!(found.between >= -1e-12 && found.within >= -1e-12);
            let sums = found.groups.iter().fold((0.0, 0.0), |sums, part| (sums.0 + part.people, sums.1 + part.amount));
            prop_assert!((sums.0 - 1.0).abs() < 1e-9 && (sums.1 - 1.0).abs() < 1e-9);
        }
        // one group has nothing between, and everybody for themselves nothing within
        if let Ok(one) = spread.theil_t_by(&vec![3; rows.len()]) {
            prop_assert!(one.between.abs() < 1e-12);
        }
        if let Ok(each) = spread.theil_t_by(&(0..rows.len()).collect::<Vec<_>>()) {
            prop_assert!(each.within.abs() < 1e-12);
        }
    }

    #[test]
    fn along_the_values_concentration_is_the_gini_index(rows in rows()) {
        let spread = spread(&rows);
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let back: Vec<f64> = values.iter().map(|value| -value).collect();
        if let Ok(gini) = spread.gini() {
            prop_assert!((spread.concentration(&values).unwrap() - gini).abs() < 1e-9);
            prop_assert!((spread.concentration(&back).unwrap() + gini).abs() < 1e-9);
            prop_assert!(spread.concentration(&ranks(&rows)).unwrap().abs() <= gini + 1e-9);
            prop_assert!(spread.concentration(&vec![1.0; rows.len()]).unwrap().abs() < 1e-9, "all of one rank");
            prop_assert!((spread.palma(&vec![1.0; rows.len()]).unwrap() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn split_rows_are_the_people_one_by_one(rows in prop::collection::vec((0..20_u32, 1..6_usize), 1..8)) {
        // weighted rows against ten rows for every person, counted without weights
        let rows: Vec<(f64, usize)> = rows.into_iter().map(|(value, people)| (f64::from(value), people)).collect();
        let weighted: Vec<Row> =
            rows.iter().map(|&(value, people)| (value, f64::from(u32::try_from(people).unwrap()))).collect();
        let mut persons: Vec<f64> =
            rows.iter().flat_map(|&(value, people)| std::iter::repeat_n(value, 10 * people)).collect();
        persons.sort_by(f64::total_cmp);
        let (spread, n) = (spread(&weighted), persons.len());
        let sum: f64 = persons.iter().sum();
        prop_assume!(sum > 0.0);
        let count = |n: usize| f64::from(u32::try_from(n).unwrap());
        let pairs: f64 = persons.iter().flat_map(|one| persons.iter().map(move |other| (one - other).abs())).sum();
        prop_assert!((spread.gini().unwrap() - pairs / (2.0 * count(n) * sum)).abs() < 1e-9);
        // a tenth and four tenths are whole persons
        let mean = |persons: &[f64]| persons.iter().sum::<f64>() / count(persons.len());
        let (first, last) = (mean(&persons[..4 * n / 10]), mean(&persons[n - n / 10..]));
        let values: Vec<f64> = weighted.iter().map(|row| row.0).collect();
        match spread.palma(&values) {
            Ok(palma) => prop_assert!((palma - last / first).abs() < 1e-9 * palma),
            Err(error) => prop_assert!(first <= 0.0 && error == Undefined::ComparedWithNothing.into()),
        }
        for part in [1, 5, 9] {
            let found = spread.percentile(count(part) / 10.0).unwrap();
            prop_assert_eq!(found.to_bits(), persons[part * n / 10 - 1].to_bits());
        }
    }

    #[test]
    fn neighbours_and_others_are_all(rows in prop::collection::vec((0.0..9.0_f64, 0.0..9.0_f64), 2..12), some in any::<u64>()) {
        let n = rows.len();
        let all = (0..n).flat_map(|i| (0..n).filter(move |&j| j != i).map(move |j| (i, j, 1.0)));
        let some = all.clone().filter(|&(i, j, _)| some >> ((i * 7 + j) % 64) & 1 == 1);
        let (all, some) = (Neighbours::new(n, all).unwrap(), Neighbours::new(n, some).unwrap());
        let spread = spread(&rows);
        if let Ok(found) = spatial_gini(&spread, &some) {
            prop_assert!((found.near + found.far - found.total).abs() < 1e-12);
            let all = spatial_gini(&spread, &all).unwrap();
            prop_assert!(all.far < 1e-9 && (all.near - all.total).abs() < 1e-9);
        }
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        if let Ok(found) = moran(&values, &all) {
            // with everybody a neighbour of everybody else it is what it is expected to be
            prop_assert!((found.index - found.expected).abs() < 1e-9);
            let moved: Vec<f64> = values.iter().map(|value| 100.0 - 3.0 * value).collect();
            prop_assert!((moran(&moved, &all).unwrap().index - found.index).abs() < 1e-6);
        }
    }

    #[test]
    fn an_interval_lies_where_numbers_can(rows in rows(), seed in any::<u64>()) {
        let spread = spread(&rows);
        let labels: Vec<usize> = (0..rows.len()).map(|row| row / 3).collect();
        let chance = Chance { draws: 40, seed };
        let found = bootstrap(&spread, Resampled::Districts(&labels), 0.9, chance, |spread| Ok(spread.mean()?)).unwrap();
        if let Ok((low, high)) = found.interval {
            let values = rows.iter().filter(|row| row.1 > 0.0).map(|row| row.0);
            let (least, most) = values.fold((f64::MAX, 0.0_f64), |ends, value| (ends.0.min(value), ends.1.max(value)));
            prop_assert!(low <= high && least - 1e-9 <= low && high <= most + 1e-9);
        }
        // every row of one value: nothing to vary
        let flat: Vec<Row> = rows.iter().map(|row| (5.0, row.1 + 1.0)).collect();
        let flat = self::spread(&flat);
        let found = bootstrap(&flat, Resampled::Places, 0.9, chance, |spread| Ok(spread.gini()?)).unwrap();
        prop_assert!(found.interval.unwrap().1 < 1e-9 && found.undefined == 0);
    }

    #[test]
    fn stacked_groups_are_all_their_people(rows in rows()) {
        let values: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let people: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let (both, groups) = stacked(&values, &[&people, &people]).unwrap();
        prop_assert!((both.people() - 2.0 * spread(&rows).people()).abs() < 1e-9);
        if let Ok(parts) = both.theil_t_by(&groups) {
            prop_assert!(parts.between.abs() < 1e-12, "two groups alike");
        }
    }
}
