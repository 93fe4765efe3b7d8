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
    let mut sum = Running::default();
    for value in values {
        sum.add(value);
    }
    sum.total()
}

/// The sum of `term(left[k], right[k])` over all `k`, compensated like [`sum`] and faster on long rows: terms are dealt to
/// four running sums by their index, so that no addition waits for the one before, and the four are added in their order.
///
/// The bits depend on the terms and their indices alone. They are those of [`sum`] where both are exact, and within a
/// rounding of it elsewhere. Of sides of different lengths the longer is cut.
///
/// ```
/// # use lifecircle_types::reduce;
/// let (amounts, weights) = ([1e100, 1.0, -1e100, 2.0, 3.0], [1.0, 1.0, 1.0, 0.5, 2.0]);
/// assert_eq!(reduce::sum_of(&amounts, &weights, |amount, weight| amount * weight), 8.0);
/// ```
#[must_use]
pub fn sum_of<L: Copy, R: Copy>(left: &[L], right: &[R], term: impl Fn(L, R) -> f64) -> f64 {
    const ABREAST: usize = 4;
    let terms = left.len().min(right.len());
    let (fours_left, rest_left) = left[..terms].as_chunks::<ABREAST>();
    let (fours_right, rest_right) = right[..terms].as_chunks::<ABREAST>();
    let mut abreast = [Running::default(); ABREAST];
    for (left, right) in fours_left.iter().zip(fours_right) {
        let terms: [f64; ABREAST] = core::array::from_fn(|at| term(left[at], right[at]));
        abreast.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term));
    }
    let mut together = Running::default();
    for sum in abreast {
        together.add(sum.sum);
        together.lost += sum.lost;
    }
    rest_left.iter().zip(rest_right).for_each(|(&left, &right)| together.add(term(left, right)));
    together.total()
}

/// A [`sum`] on its way, for values that come mixed with those of other sums.
///
/// ```
/// # use lifecircle_types::reduce::Running;
/// let mut sums = [Running::default(); 2];
/// for (which, value) in [(0, 1e100), (1, 0.5), (0, 1.0), (0, -1e100)] {
///     sums[which].add(value);
/// }
/// assert_eq!(sums.map(Running::total), [1.0, 0.5]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Running {
    sum: f64,
    lost: f64,
}

impl Running {
    /// Adds the next value.
    pub fn add(&mut self, value: f64) {
        // what rounding loses, without asking which is larger (Knuth's two-sum): the same number, and no branch
        let next = self.sum + value;
        let added = next - self.sum;
        self.lost += (self.sum - (next - added)) + (value - added);
        self.sum = next;
    }

    /// The sum so far.
    #[must_use]
    pub fn total(self) -> f64 {
        self.sum + self.lost
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        /// Dealt to four sums, terms add up to what they add up to in a row: exactly where that is exact, else to a rounding.
        #[test]
        fn terms_side_by_side_add_up_to_the_same(
            whole in prop::collection::vec(-1_000_000_000..1_000_000_000_i64, 0..200),
            scale in prop::collection::vec(-40..40_i32, 200),
        ) {
            let quarters: Vec<f64> = whole.iter().map(|&whole| whole as f64 / 4.0).collect();
            let exact = whole.iter().sum::<i64>() as f64 / 4.0;
            prop_assert_eq!(super::sum_of(&quarters, &quarters, |term, _| term).to_bits(), (exact + 0.0).to_bits());
            let far: Vec<f64> = quarters.iter().zip(scale).map(|(value, scale)| value * (2.0_f64).powi(scale)).collect();
            let (dealt, in_a_row) = (super::sum_of(&far, &far, |term, _| term), super::sum(far.iter().copied()));
            let rounding = f64::EPSILON * in_a_row.abs() + 1e-28 * far.iter().map(|value| value.abs()).sum::<f64>();
            prop_assert!((dealt - in_a_row).abs() <= rounding, "{dealt} and {in_a_row}");
        }
    }

    proptest! {
        /// What rounding loses is one number, however it is found: here as Neumaier finds it, by asking which is larger.
        #[test]
        fn compensation_asks_for_no_order(values in prop::collection::vec(-1e9..1e9_f64, 0..40), scale in -30..30_i32) {
            let (mut sum, mut lost) = (0.0_f64, 0.0);
            let scaled = |value: &f64| value * (10.0_f64).powi(scale) * if *value > 0.0 { 1.0 } else { 1e-12 };
            for value in values.iter().map(scaled) {
                let next = sum + value;
                let (larger, smaller) = if sum.abs() >= value.abs() { (sum, value) } else { (value, sum) };
                lost += (larger - next) + smaller;
                sum = next;
            }
            let found = super::sum(values.iter().map(scaled));
            prop_assert_eq!(found.to_bits(), (sum + lost).to_bits());
        }
    }
}
