//! From the scores of parts to one.

use lifecircle_taxonomy::{Better, Combination};

/// One score from the scores of parts, each with its weight; weights need not sum to 1.
///
/// With `w` summing to 1 after division by their sum: arithmetic `Σ w·s`, geometric `exp Σ w·ln s`, worst `min s`,
/// coupling `100·√(C·T)` of `u = s/100` with `T = Σ w·u` and `C = (Π u)^(1/n) / mean u`, which is `2√(u₁u₂)/(u₁ + u₂)` of
/// two. `None` without parts, with a negative score where roots are drawn, or for [`Combination::Topsis`], which
/// compares units: see [`topsis`].
///
/// ```
/// use lifecircle_indicators::combined_score;
/// use lifecircle_taxonomy::Combination;
/// let parts = [(60.0, 1.0), (80.0, 1.0)];
/// assert_eq!(combined_score(Combination::Arithmetic, &parts), Some(70.0));
/// let coupling = combined_score(Combination::Coupling, &parts).unwrap();
/// assert!((coupling - 83.2358).abs() < 1e-4);
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a handful of parts")]
pub fn combined_score(combine: Combination, parts: &[(f64, f64)]) -> Option<f64> {
    let weight: f64 = parts.iter().map(|(_, weight)| weight).sum();
    if parts.is_empty() || weight <= 0.0 {
        return None;
    }
    let least = parts.iter().map(|(score, _)| *score).fold(f64::INFINITY, f64::min);
    let mean = || parts.iter().map(|(score, weight)| score * weight).sum::<f64>() / weight;
    match combine {
        Combination::Arithmetic => Some(mean()),
        Combination::Worst => Some(least),
        Combination::Topsis => None,
        Combination::Geometric | Combination::Coupling if least < 0.0 => None,
        Combination::Geometric | Combination::Coupling if least <= 0.0 => Some(0.0),
        Combination::Geometric => {
            let logs: f64 = parts.iter().map(|(score, weight)| weight * libm::log(*score)).sum();
            Some(libm::exp(logs / weight))
        }
        Combination::Coupling => {
            let n = parts.len() as f64;
            let logs: f64 = parts.iter().map(|(score, _)| libm::log(score / 100.0)).sum();
            let plain = parts.iter().map(|(score, _)| score / 100.0).sum::<f64>() / n;
            let coupling = libm::exp(logs / n) / plain;
            Some(100.0 * (coupling * mean() / 100.0).sqrt())
        }
    }
}

/// Nearness to the best and distance from the worst of the rows compared, from 0 to 1 (TOPSIS: Hwang and Yoon 1981).
///
/// `v = w·x/√Σx²` per column; the best and the worst take from every column its better and its worse end;
/// `d⁻/(d⁺ + d⁻)` by Euclidean distance. `None` where all rows are alike.
///
/// ```
/// use lifecircle_indicators::topsis;
/// use lifecircle_taxonomy::Better;
/// let more = Better::More;
/// let nearness = topsis(&[&[0.2, 0.4, 1.0], &[0.9, 0.6, 0.5]], &[0.862889, 0.137111], &[more, more]);
/// assert!((nearness.unwrap()[1] - 0.25).abs() < 1e-6);
/// ```
///
/// # Panics
/// When columns, weights and directions are not equally many, or columns not equally long.
#[must_use]
pub fn topsis(columns: &[&[f64]], weights: &[f64], better: &[Better]) -> Option<Vec<f64>> {
    assert!(
        columns.len() == weights.len() && columns.len() == better.len(),
        "one weight and direction per column"
    );
    let rows = columns.first()?.len();
    let mut to_best = vec![0.0; rows];
    let mut to_worst = vec![0.0; rows];
    for ((column, weight), better) in columns.iter().zip(weights).zip(better) {
        assert_eq!(column.len(), rows, "columns are equally long");
        let norm = column.iter().map(|x| x * x).sum::<f64>().sqrt();
        let scaled = |x: f64| if norm > 0.0 { weight * x / norm } else { 0.0 };
        let least = column.iter().copied().fold(f64::INFINITY, f64::min);
        let most = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (best, worst) = match better {
            Better::More => (scaled(most), scaled(least)),
            Better::Less => (scaled(least), scaled(most)),
            Better::Within => return None,
        };
        for (row, x) in column.iter().enumerate() {
            let v = scaled(*x);
            to_best[row] += (v - best) * (v - best);
            to_worst[row] += (v - worst) * (v - worst);
        }
    }
    let nearness = |(best, worst): (&f64, &f64)| {
        let (best, worst) = (best.sqrt(), worst.sqrt());
        (best + worst > 0.0).then(|| worst / (best + worst))
    };
    to_best.iter().zip(&to_worst).map(nearness).collect()
}

/// Mean and deviation, both 0 without values.
#[expect(clippy::cast_precision_loss, reason = "a number of units")]
pub(super) fn moments(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_at_nothing_leaves_nothing_of_a_geometric_mean() {
        let parts = [(0.0, 0.1), (100.0, 0.9)];
        assert_eq!(combined_score(Combination::Geometric, &parts), Some(0.0));
        assert_eq!(combined_score(Combination::Arithmetic, &parts), Some(90.0));
        assert_eq!(combined_score(Combination::Worst, &parts), Some(0.0));
    }

    #[test]
    fn geometric_is_under_arithmetic_and_over_the_worst() {
        let parts = [(40.0, 1.0), (90.0, 2.0)];
        let of = |combine| combined_score(combine, &parts).unwrap();
        let geometric = of(Combination::Geometric);
        assert!((geometric - libm::cbrt(40.0 * 90.0 * 90.0)).abs() < 1e-9);
        assert!(of(Combination::Worst) < geometric && geometric < of(Combination::Arithmetic));
    }

    #[test]
    fn nothing_to_combine_is_no_score() {
        assert_eq!(combined_score(Combination::Arithmetic, &[]), None);
        assert_eq!(combined_score(Combination::Geometric, &[(-1.0, 1.0)]), None);
        assert_eq!(topsis(&[&[1.0, 1.0]], &[1.0], &[Better::More]), None);
    }
}
