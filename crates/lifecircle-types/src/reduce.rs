//! The only place where floats are summed in bulk: in index order, with compensation, so that neither
//! threads nor chunking change a bit.

/// The sum of `values` in their order (Neumaier's compensated summation).
///
/// ```
/// # use lifecircle_types::reduce;
/// assert_eq!(reduce::sum([1e100, 1.0, -1e100]), 1.0);
/// ```
#[must_use]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = sum + value;
        lost += if sum.abs() >= value.abs() { (sum - next) + value } else { (value - next) + sum };
        sum = next;
    }
    sum + lost
}
