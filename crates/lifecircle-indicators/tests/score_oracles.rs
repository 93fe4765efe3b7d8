//! Weights and rankings of 25 places of Porto Alegre against numpy and `pymcdm`.

use std::fs;

use lifecircle_indicators::{entropy_weights, topsis};
use lifecircle_taxonomy::{Better, Judgement};
use lifecircle_testkit::oracle::{self, OracleTable};

/// The numbers of the list behind `keys` in a JSON text whose keys stand in that order.
fn numbers(text: &str, keys: &[&str]) -> Vec<f64> {
    let after = keys.iter().fold(text, |text, key| {
        let quoted = format!("\"{key}\":");
        &text[text.find(&quoted).unwrap_or_else(|| panic!("no {key} in {keys:?}")) + quoted.len()..]
    });
    let after = after.trim_start();
    let list = after.strip_prefix('[').map_or_else(
        || &after[..after.find([',', '}']).expect("a number ends")],
        |list| &list[..list.find(']').expect("a list ends")],
    );
    list.split(',').map(|number| number.trim().parse().expect("a number")).collect()
}

#[track_caller]
fn check(case: &str, found: &[f64], expected: &[f64]) -> usize {
    assert_eq!(found.len(), expected.len(), "{case}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{case}: {found} is not {expected}");
    }
    found.len()
}

#[test]
fn weights_and_nearness_are_those_of_other_tools() {
    const TEST: &str = "weights and TOPSIS by numpy and pymcdm";
    let Some(matrix) = OracleTable::read(TEST, "oracles/porto_alegre/mcda_matrix.csv") else { return };
    let Some(results) = oracle::file(TEST, "oracles/porto_alegre/mcda_stats_results.json") else { return };
    let results = fs::read_to_string(results).expect("a text");
    let columns: Vec<Vec<f64>> = ["acc", "jobs_k", "near_health", "dens"]
        .map(|name| matrix.numbers(name).map(Option::unwrap_or_default).collect())
        .to_vec();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let judged = Judgement::of_pairs(&[vec![2.0, 3.0, 5.0], vec![2.0, 4.0], vec![2.0]]).expect("judgements");
    let told = entropy_weights(&columns).expect("columns that differ");
    let better = [Better::More, Better::More, Better::Less, Better::More];
    let nearness = |weights: &[f64]| topsis(&columns, weights, &better).expect("rows that differ");
    let mut compared = check("AHP weights", &judged.weights, &numbers(&results, &["ahp", "weights_eigen"]));
    compared += check("λ", &[judged.eigenvalue], &numbers(&results, &["ahp", "lambda_max"]));
    compared += check("CR", &[judged.consistency_ratio], &numbers(&results, &["ahp", "CR"]));
    compared += check("entropy weights", &told, &numbers(&results, &["entropy", "weights"]));
    let by_ahp = nearness(&judged.weights);
    compared += check("TOPSIS", &by_ahp, &numbers(&results, &["topsis", "vector_norm_ahp_weights"]));
    compared += check("TOPSIS of pymcdm", &by_ahp, &numbers(&results, &["topsis", "pymcdm_vector_ahp"]));
    compared +=
        check("TOPSIS", &nearness(&told), &numbers(&results, &["topsis", "vector_norm_entropy_weights"]));
    oracle::compared(TEST, compared);
}
