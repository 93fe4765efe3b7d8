//! Weights that follow from the values themselves.

/// Weights by entropy (熵权法): the more a column tells its rows apart, the more it weighs. They sum to 1.
///
/// `p = r/Σr`, `e = −Σ p·ln p / ln m` with `0·ln 0 = 0`, `w = (1 − e)/Σ(1 − e)` over `m` rows. Columns are scores of the
/// same rows, 0 or more. A column without differences weighs nothing. The weights move with the rows: freeze them
/// for series over years.
///
/// ```
/// use lifecircle_indicators::entropy_weights;
/// let weights = entropy_weights(&[&[0.2, 0.4, 1.0], &[0.9, 0.6, 0.5]])?;
/// assert!((weights[0] - 0.862889).abs() < 1e-6);
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// A message: columns of different length, fewer than two rows, a value that is negative or no number, or no column
/// that tells any rows apart.
pub fn entropy_weights(columns: &[&[f64]]) -> Result<Vec<f64>, String> {
    let rows = columns.first().map_or(0, |column| column.len());
    if columns.iter().any(|column| column.len() != rows) {
        return Err("columns have to be equally long".into());
    }
    if rows < 2 {
        return Err("weights by entropy need at least two units to tell apart".into());
    }
    if let Some(bad) =
        columns.iter().flat_map(|column| column.iter()).find(|x| !(x.is_finite() && **x >= 0.0))
    {
        return Err(format!("weights by entropy need scores of 0 or more, not {bad}"));
    }
    let told: Vec<f64> = columns.iter().map(|column| tells_apart(column)).collect();
    let all: f64 = told.iter().sum();
    if all <= 0.0 {
        return Err("no part tells units apart".into());
    }
    Ok(told.into_iter().map(|told| told / all).collect())
}

/// `1 − e`; 0 for a column whose values are all the same, without the rounding of logarithms.
#[expect(clippy::cast_precision_loss, reason = "a number of rows")]
fn tells_apart(column: &[f64]) -> f64 {
    let sum: f64 = column.iter().sum();
    let alike = column.iter().all(|value| value.total_cmp(&column[0]).is_eq());
    if alike || sum <= 0.0 {
        return 0.0;
    }
    let entropy: f64 = column
        .iter()
        .map(|value| value / sum)
        .filter(|share| *share > 0.0)
        .map(|share| -share * libm::log(share))
        .sum::<f64>()
        / libm::log(column.len() as f64);
    (1.0 - entropy).max(0.0)
}

/// Two sets of weights in one, `share` of it the second, each summing to 1.
///
/// # Panics
/// When they are not equally long.
#[must_use]
pub fn blended_weights(stated: &[f64], told: &[f64], share: f64) -> Vec<f64> {
    assert_eq!(stated.len(), told.len(), "one weight per part in both");
    stated.iter().zip(told).map(|(stated, told)| (1.0 - share) * stated + share * told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_without_differences_weighs_nothing() {
        let weights = entropy_weights(&[&[0.2, 0.4, 1.0], &[0.7, 0.7, 0.7], &[0.0, 0.0, 0.0]]).unwrap();
        assert_eq!(weights, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn what_cannot_be_weighed_is_said() {
        assert!(entropy_weights(&[&[1.0], &[2.0]]).unwrap_err().contains("two units"));
        assert!(entropy_weights(&[&[1.0, -2.0]]).unwrap_err().contains("-2"));
        assert!(entropy_weights(&[&[1.0, 1.0]]).unwrap_err().contains("apart"));
        assert!(entropy_weights(&[&[1.0, 2.0], &[1.0]]).unwrap_err().contains("equally long"));
    }

    #[test]
    fn blends_are_between_their_ends() {
        let blended = blended_weights(&[0.5, 0.5], &[0.9, 0.1], 0.25);
        assert!((blended[0] - 0.6).abs() < 1e-12 && (blended[1] - 0.4).abs() < 1e-12);
    }
}
