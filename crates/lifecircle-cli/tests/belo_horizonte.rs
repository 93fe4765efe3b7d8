//! Belo Horizonte through `lifecircle access`, against the R package `accessibility`: files in, files out.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use lifecircle_testkit::oracle::{self, OracleTable};
use zlib_rs::{Inflate, InflateFlush};

/// Supply, options, and the table that every measure has to equal.
type Run = (&'static str, String, Vec<(&'static str, String)>);

const TEST: &str = "Belo Horizonte by the R package accessibility, through the command";

/// The bytes of a gzip file.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    let length = packed[packed.len() - 4..].try_into().map(u32::from_le_bytes).expect("a gzip trailer");
    let mut text = vec![0; usize::try_from(length).expect("it fits memory")];
    Inflate::new(true, 16 + 15).decompress(packed, &mut text, InflateFlush::Finish).expect("a whole archive");
    text
}

/// The columns that a call writes, by name; a blank is `None`.
fn columns(folder: &Path, supply: &str, options: &str) -> BTreeMap<String, Vec<Option<f64>>> {
    let tables =
        "--matrix travel_matrix.csv --complete 120 --supply land_use_data.csv --demand land_use_data.csv";
    let all = format!(
        "access {tables} --supply-column {supply} --demand-column population {options} --out out.csv"
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_lifecircle"));
    let output = command.current_dir(folder).args(all.split(' ')).output().expect("the command starts");
    assert!(output.status.success(), "{options}: {}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(folder.join("out.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().expect("a header");
    let rows: Vec<Vec<&str>> = lines.collect();
    assert!(rows.is_sorted_by(|one, other| one[0] < other[0]), "rows are in the order of their ids");
    let column = |at: usize| rows.iter().map(|row| oracle::number(row[at])).collect();
    names.iter().enumerate().skip(1).map(|(at, name)| ((*name).to_owned(), column(at))).collect()
}

#[test]
fn belo_horizonte_through_the_command() {
    let read = |file: &str| oracle::file(TEST, &format!("data/belo_horizonte_access/{file}"));
    let (Some(land), Some(trips)) = (read("land_use_data.csv"), read("travel_matrix.csv.gz")) else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::copy(land, folder.path().join("land_use_data.csv")).unwrap();
    fs::write(folder.path().join("travel_matrix.csv"), unpacked(&fs::read(trips).unwrap())).unwrap();

    // a step of the package begins at its cost, a band of ours ends there: one millisecond apart
    let steps = [(10, "1"), (20, "0.67"), (30, "0.33")];
    let steps = steps.map(|(to, weight)| format!("{:.9}:{weight}", f64::from(to) - 1.0 / 60_000.0)).join(",");
    let interval: Vec<String> = (20..=30).map(|cutoff| cutoff.to_string()).collect();
    let exponential = "--decay exponential --decay-scale 10 --cutoff 120";
    let mut runs: Vec<Run> = vec![
        (
            "jobs",
            format!("--measure 2sfca,bfca,spatial_availability {exponential}"),
            vec![
                ("2sfca", "fca_2sfca_jobs_exp_0.1".into()),
                ("bfca", "fca_bfca_jobs_exp_0.1".into()),
                ("spatial_availability", "spatial_availability_jobs_exp_0.1".into()),
            ],
        ),
        (
            "schools",
            format!("--measure gravity,2sfca,bfca {exponential}"),
            vec![
                ("gravity", "gravity_schools_exp_0.1".into()),
                ("2sfca", "fca_2sfca_schools_exp_0.1".into()),
                ("bfca", "fca_bfca_schools_exp_0.1".into()),
            ],
        ),
        (
            "jobs",
            format!("--measure interval_median --cutoffs {}", interval.join(",")),
            vec![("interval_median", "cumulative_interval_jobs_20_30_mean".into())],
        ),
    ];
    for (table, decay) in [
        ("linear_50", "linear --cutoff 50".to_string()),
        ("logistic_30_5", "logistic --mean 30 --deviation 5 --cutoff 120".to_string()),
        ("power_0.1", "power --exponent 0.1 --full-to 1 --cutoff 120".to_string()),
        ("stepped_10_20_30__0.67_0.33_0", format!("stepped --steps {steps}")),
    ] {
        let options = format!("--measure gravity --decay {decay}");
        runs.push(("jobs", options, vec![("gravity", format!("gravity_jobs_{table}"))]));
    }
    for supply in ["jobs", "schools"] {
        for cutoff in [15, 30, 45] {
            let mut tables = vec![("cumulative", format!("cumulative_{supply}_{cutoff}"))];
            if cutoff == 30 {
                tables.extend(["2sfca", "bfca"].map(|form| (form, format!("fca_{form}_{supply}_binary_30"))));
            }
            let measures: Vec<&str> = tables.iter().map(|table| table.0).collect();
            runs.push((supply, format!("--measure {} --cutoff {cutoff}", measures.join(",")), tables));
        }
    }
    let mut compared = 0;
    let mut expected = |file: &str, column: &str| -> Option<Vec<Option<f64>>> {
        let table = OracleTable::read(TEST, &format!("data/belo_horizonte_access/expected/{file}.csv"))?;
        let mut rows: Vec<_> = table.texts("id").zip(table.numbers(column)).collect();
        rows.sort_by_key(|row| row.0);
        compared += rows.len();
        Some(rows.into_iter().map(|row| row.1).collect())
    };
    for (supply, options, tables) in runs {
        let found = columns(folder.path(), supply, &options);
        for (measure, file) in tables {
            let Some(expected) = expected(&file, supply) else { return };
            assert_eq!(found[measure].len(), expected.len(), "{file}");
            for (row, (found, expected)) in found[measure].iter().zip(expected).enumerate() {
                // the package leaves a blank where nothing is in reach
                let (found, expected) = (found.unwrap(), expected.unwrap_or(0.0));
                assert!((found - expected).abs() <= 1e-11 * expected.abs(), "{file}, row {row}: {found}");
            }
        }
    }
    for (need, file) in [("1", "cost_to_closest_schools"), ("3", "cost_to_closest_schools_n3")] {
        let found = columns(folder.path(), "schools", &format!("--measure cost_of_supply --need {need}"));
        let Some(expected) = expected(file, "travel_time") else { return };
        let finite: Vec<_> = expected.into_iter().map(|cost| cost.filter(|cost| cost.is_finite())).collect();
        assert_eq!(found["cost_of_supply"], finite, "{file}");
    }
    // the package asks for more jobs than people, though it documents as many, in whole minutes: two cells are ties
    let found = columns(folder.path(), "jobs", "--measure cost_of_supply --need-per-person 1");
    let Some(expected) = expected("balancing_cost_jobs", "travel_time") else { return };
    let pairs = found["cost_of_supply"].iter().zip(expected);
    let ties: Vec<_> = pairs.filter(|(found, peer)| found.map(f64::ceil) != *peer).collect();
    assert_eq!(ties, [(&Some(8.0), Some(12.0)), (&Some(14.0), Some(15.0))], "exactly as many jobs as people");
    assert_eq!(compared, 24 * 898);
    oracle::compared(TEST, compared);
}
