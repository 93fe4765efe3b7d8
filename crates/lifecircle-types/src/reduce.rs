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
        let next = self.sum + value;
        let (larger, smaller) =
            if self.sum.abs() >= value.abs() { (self.sum, value) } else { (value, self.sum) };
        self.lost += (larger - next) + smaller;
        self.sum = next;
    }

    /// The sum so far.
    #[must_use]
    pub fn total(self) -> f64 {
        self.sum + self.lost
    }
}
