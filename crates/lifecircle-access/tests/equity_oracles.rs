//! Porto Alegre and Belo Horizonte against PySAL `inequality` 1.1.2 and `esda` 2.9.0, numpy, and the R package
//! `accessibility` 1.4.

use std::fs;

use lifecircle_access::{Distribution, Neighbours, moran};
use lifecircle_testkit::oracle::{self, OracleTable};

/// The number at the end of `keys` in a JSON text whose keys stand in that order.
fn number(text: &str, keys: &[&str]) -> f64 {
    let after = keys.iter().fold(text, |text, key| {
        let quoted = format!("\"{key}\":");
        &text[text.find(&quoted).unwrap_or_else(|| panic!("no {key} in {keys:?}")) + quoted.len()..]
    });
    let after = after.trim_start();
    let end = after.find([',', '}', ']', '\n']).expect("a number ends");
    after[..end].trim().parse().expect("a number")
}

fn text(test: &str, path: &str) -> Option<String> {
    Some(fs::read_to_string(oracle::file(test, path)?).expect("a text"))
}

fn column(table: &OracleTable, name: &str) -> Vec<f64> {
    table.numbers(name).map(Option::unwrap_or_default).collect()
}

fn labels(table: &OracleTable, name: &str) -> Vec<usize> {
    table.texts(name).map(|label| label.parse().expect("a small number")).collect()
}

#[track_caller]
fn check(case: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{case}: {found} is not {expected}");
}

#[test]
fn five_columns_of_a_city() {
    const TEST: &str = "inequality of five columns by PySAL and numpy";
    let Some(input) = OracleTable::read(TEST, "oracles/porto_alegre/inequality_input.csv") else { return };
    let Some(results) = text(TEST, "oracles/porto_alegre/inequality_results.json") else { return };
    let (people, groups) = (column(&input, "population"), ["region", "pop_quintile"]);
    let mut compared = 0;
    for name in ["population", "jobs15", "e2", "cum", "near_health"] {
        let values = column(&input, name);
        let mut same = |key: &str, found: f64| {
            check(&format!("{name}, {key}"), found, number(&results, &[name, key]), 1e-9);
            compared += 1;
        };
        // PySAL counts places, not people
        let places = Distribution::new(&values, &vec![1.0; values.len()]).unwrap();
        same("gini", places.gini().unwrap());
        same("theil_T", places.theil_t().unwrap());
        for group in groups {
            let parts = places.theil_t_by(&labels(&input, group)).unwrap();
            same(&format!("theil_between_{group}"), parts.between);
            same(&format!("theil_within_{group}"), parts.within);
        }
        same("schutz_distance", places.hoover().unwrap());
        // it takes no zeros for Atkinson's index, so they were left out there
        let positive: Vec<f64> = values.iter().copied().filter(|&value| value > 0.0).collect();
        let positive = Distribution::new(&positive, &vec![1.0; positive.len()]).unwrap();
        for epsilon in [0.5, 1.0, 2.0] {
            same(&format!("atkinson_{epsilon}_positive_only"), positive.atkinson(epsilon).unwrap());
        }
        let over_people = Distribution::new(&values, &people).unwrap();
        same("np_gini_weighted_lorenz_trapezoid", over_people.gini().unwrap());
        same("np_hoover_weighted", over_people.hoover().unwrap());
        same("np_theil_T_weighted_zero_as_0", over_people.theil_t().unwrap());
    }
    assert_eq!(compared, 5 * 13);
    oracle::compared(TEST, compared);
}

#[test]
fn alike_among_six_nearest_neighbours() {
    const TEST: &str = "Moran's I by esda";
    let Some(input) = OracleTable::read(TEST, "oracles/porto_alegre/inequality_input.csv") else { return };
    let Some(pairs) = OracleTable::read(TEST, "oracles/porto_alegre/moran_knn6.csv") else { return };
    let Some(results) = text(TEST, "oracles/porto_alegre/mcda_stats_results.json") else { return };
    let entries = labels(&pairs, "i").into_iter().zip(labels(&pairs, "j")).map(|(i, j)| (i, j, 1.0));
    let neighbours = Neighbours::new(input.rows().len(), entries).unwrap().row_standardised();
    let mut compared = 0;
    for name in ["population", "jobs15", "e2", "near_health"] {
        let found = moran(&column(&input, name), &neighbours).unwrap();
        let moments = [
            ("I", found.index),
            ("EI", found.expected),
            ("VI_rand", found.variance.unwrap()),
            ("z_rand", found.deviations.unwrap()),
        ];
        for (key, found) in moments {
            check(&format!("{name}, {key}"), found, number(&results, &["moran", name, key]), 1e-9);
            compared += 1;
        }
    }
    oracle::compared(TEST, compared);
}

struct City {
    access: Vec<f64>,
    people: Vec<f64>,
    income: Vec<f64>,
    /// 0 where it is not known.
    decile: Vec<usize>,
}

impl City {
    fn read(test: &str, land: &str, access: &str, column: &str) -> Option<Self> {
        let (land, access) = (OracleTable::read(test, land)?, OracleTable::read(test, access)?);
        let row_of = |id: &str| land.texts("id").position(|known| known == id).expect("a known cell");
        let rows: Vec<usize> = access.texts("id").map(row_of).collect();
        let by_cell = |name: &str| -> Vec<f64> {
            let of_land: Vec<_> =
                land.texts(name).map(|field| field.parse().unwrap_or(f64::NEG_INFINITY)).collect();
            rows.iter().map(|&row| of_land[row]).collect()
        };
        let (income, people) = (by_cell("income_per_capita"), by_cell("population"));
        let decile: Vec<usize> =
            land.texts("income_decile").map(|field| field.parse().unwrap_or(0)).collect();
        Some(Self {
            access: self::column(&access, column),
            people,
            income,
            decile: rows.iter().map(|&row| decile[row]).collect(),
        })
    }

    fn spread(&self) -> Distribution {
        Distribution::new(&self.access, &self.people).expect("columns that fit")
    }

    /// Without cells whose income is not known, in which nobody lives.
    fn of_known_income(mut self) -> Self {
        let known: Vec<bool> = self.income.iter().map(|income| income.is_finite()).collect();
        for (people, known) in self.people.iter().zip(&known) {
            assert!(*known || *people <= 0.0, "people of unknown income");
        }
        let keep = |column: &mut Vec<f64>| {
            let mut known = known.iter();
            column.retain(|_| *known.next().expect("one per row"));
        };
        keep(&mut self.access);
        keep(&mut self.people);
        keep(&mut self.income);
        let mut rows = known.iter();
        self.decile.retain(|_| *rows.next().expect("one per row"));
        self
    }

    /// What the package calls the Palma ratio: of whole cells with incomes above the one at 90 % of people over
    /// that of whole cells with incomes up to the one at 40 %. The income at 90 % comes out of an interpolation
    /// between equal incomes, whose rounding `error` decides whether that cell itself is among the last.
    fn palma_of_whole_cells(&self, error: f64) -> f64 {
        let incomes = Distribution::new(&self.income, &self.people).expect("columns that fit");
        let [poor, rich] = [0.4, 0.9].map(|part| incomes.percentile(part).expect("people"));
        let mean = |inside: &dyn Fn(f64) -> bool| {
            let people = self
                .people
                .iter()
                .zip(&self.income)
                .map(|(people, income)| if inside(*income) { *people } else { 0.0 });
            let people: Vec<f64> = people.collect();
            Distribution::new(&self.access, &people).and_then(|part| Ok(part.mean()?)).expect("people")
        };
        mean(&|income| income > rich - error) / mean(&|income| income <= poor)
    }

    /// Ranks in which no two cells are equal: of equal incomes the earlier row comes first.
    fn by_row(&self) -> Vec<f64> {
        let mut rows: Vec<usize> = (0..self.income.len()).collect();
        rows.sort_by(|&one, &other| self.income[one].total_cmp(&self.income[other]));
        let mut ranks = vec![0.0; rows.len()];
        for (rank, row) in (0..).zip(rows) {
            ranks[row] = f64::from(rank);
        }
        ranks
    }
}

#[test]
fn two_cities_by_the_r_package() {
    const TEST: &str = "inequality of two cities by the R package accessibility";
    let Some(part) = City::read(
        TEST,
        "oracles/porto_alegre/rpkg_example_land_use.csv",
        "oracles/porto_alegre/rpkg_example_access.csv",
        "cumulative_30",
    ) else {
        return;
    };
    let Some(results) = text(TEST, "oracles/porto_alegre/rpkg_example_inequality.json") else { return };
    let spread = part.spread();
    check("Gini", spread.gini().unwrap(), number(&results, &["gini_index"]), 1e-12);
    for line in ["q5", "q10", "q30"] {
        let at = format!("fgt_poverty_line_{line}");
        let minimum = number(&results, &[&at, "line"]);
        for (alpha, key) in [(0.0, "FGT0"), (1.0, "FGT1"), (2.0, "FGT2")] {
            check(key, spread.below(minimum, alpha).unwrap(), number(&results, &[&at, key]), 1e-12);
        }
    }
    // no two incomes are equal here
    check(
        "concentration",
        spread.concentration(&part.income).unwrap(),
        number(&results, &["ci_standard", "concentration_index"]),
        1e-12,
    );
    let most = part.access.iter().copied().fold(0.0, f64::max);
    check(
        "Erreygers",
        spread.erreygers(&part.income, (0.0, most)).unwrap(),
        number(&results, &["ci_corrected", "concentration_index"]),
        1e-12,
    );
    // the package leaves people without access out of the sum, but not out of the mean, and divides by the rest
    let without: f64 = part
        .access
        .iter()
        .zip(&part.people)
        .filter(|(access, _)| **access <= 0.0)
        .map(|(_, people)| people)
        .sum();
    let theirs = number(&results, &["theil_t"]);
    let ours = spread.theil_t().unwrap();
    check("Theil, the rest inflated", ours / (1.0 - without / spread.people()), theirs, 1e-12);
    assert!(ours < theirs * 0.9995, "all people count: {ours} against {theirs}");
    let component = |name: &str| {
        let at = results.find(&format!("\"{name}\"")).expect("a component");
        number(&results[at..], &["value"])
    };
    // which also leaves its parts apart from its whole; ours add up, and differ from theirs by that little
    let parts = spread.theil_t_by(&part.decile).unwrap();
    check("parts", parts.between + parts.within, ours, 1e-12);
    check("between", parts.between, component("between_group"), 0.006);
    check("within", parts.within, component("within_group"), 0.008);
    let (theirs, ours) = (number(&results, &["palma_ratio"]), spread.palma(&part.income).unwrap());
    check("Palma of whole cells", part.palma_of_whole_cells(1e-9), theirs, 1e-11);
    assert!((ours - 3.676_753).abs() < 1e-6, "cells at the ends are split: {ours}");
    let mut compared = 16;

    let Some(city) = City::read(
        TEST,
        "data/belo_horizonte_access/land_use_data.csv",
        "data/belo_horizonte_access/expected/cumulative_jobs_30.csv",
        "jobs",
    ) else {
        return;
    };
    let Some(results) = text(TEST, "data/belo_horizonte_access/expected/inequality_jobs_cutoff30.json")
    else {
        return;
    };
    let spread = city.spread();
    check("Gini", spread.gini().unwrap(), number(&results, &["gini_jobs30"]), 1e-11);
    check("Theil", spread.theil_t().unwrap(), number(&results, &["theil_t"]), 1e-11);
    for (alpha, key) in [(0.0, "FGT0"), (1.0, "FGT1"), (2.0, "FGT2")] {
        check(key, spread.below(95_368.0, alpha).unwrap(), number(&results, &[key]), 1e-11);
    }
    let city = city.of_known_income();
    let spread = city.spread();
    // sixteen incomes stand twice or more: the package takes them in the order of rows
    let most = 377_747.0;
    check(
        "concentration by rows",
        spread.concentration(&city.by_row()).unwrap(),
        number(&results, &["ci_standard"]),
        1e-11,
    );
    check(
        "Erreygers by rows",
        spread.erreygers(&city.by_row(), (0.0, most)).unwrap(),
        number(&results, &["ci_corrected"]),
        1e-11,
    );
    check(
        "concentration with ties",
        spread.concentration(&city.income).unwrap(),
        0.286_475_550_106_833,
        1e-12,
    );
    let (theirs, ours) = (number(&results, &["palma_jobs30"]), spread.palma(&city.income).unwrap());
    check("Palma of whole cells", city.palma_of_whole_cells(0.0), theirs, 1e-11);
    assert!((ours - 3.779).abs() < 1e-3, "cells at the ends are split, those of one income share: {ours}");
    compared += 9;
    oracle::compared(TEST, compared);
}
