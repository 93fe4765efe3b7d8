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
