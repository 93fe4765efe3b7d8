//! Values over people, and the measures that need nothing else.

use lifecircle_types::reduce::{self, Running};

use super::{Measured, Undefined};
use crate::pairs::check_column;
use crate::{Error, Result};

/// Values and the people who have them, ready to be measured.
///
/// Rows are summed by rising value, then by people, so their order changes no bit of any measure.
///
/// ```
/// # use lifecircle_access::Distribution;
/// let spread = Distribution::new(&[10.0, 20.0, 30.0, 40.0], &[400.0, 300.0, 200.0, 100.0])?;
/// assert!((spread.mean().unwrap() - 20.0).abs() < 1e-12);
/// assert!((spread.gini().unwrap() - 0.27).abs() < 1e-12);
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    pub(super) values: Vec<f64>,
    pub(super) people: Vec<f64>,
    /// Rows by rising value, then by people.
    pub(super) order: Vec<usize>,
    /// All people.
    pub(super) all: f64,
    /// What they have in all.
    pub(super) amount: f64,
}

impl Distribution {
    /// Values and people by row. A place without access has the value 0: what has no value at all cannot be
    /// compared, and has to be given one. O(n log n).
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] when there are not as many values as people; [`Error::BadValue`] for a value
    /// that is negative or no number, or such people; [`Error::TooLarge`] where their sum is no number.
    pub fn new(values: &[f64], people: &[f64]) -> Result<Self> {
        check_column("values", values, people.len())?;
        check_column("people", people, people.len())?;
        // −0 is 0
        let values: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&one, &other| {
            values[one].total_cmp(&values[other]).then(people[one].total_cmp(&people[other]))
        });
        let spread = Self::sorted(values, people.to_vec(), order);
        if !(spread.all.is_finite() && spread.amount.is_finite()) {
            return Err(Error::TooLarge { what: "people and what they have" });
        }
        Ok(spread)
    }

    /// Rows that fit, in their order.
    pub(super) fn sorted(values: Vec<f64>, people: Vec<f64>, order: Vec<usize>) -> Self {
        let all = reduce::sum(order.iter().map(|&row| people[row]));
        let amount = reduce::sum(order.iter().map(|&row| people[row] * values[row]));
        Self { values, people, order, all, amount }
    }

    /// The same values over people who count `times` over, by row.
    pub(super) fn repeated(&self, times: &[f64]) -> Self {
        let people = self.people.iter().zip(times).map(|(people, times)| people * times).collect();
        Self::sorted(self.values.clone(), people, self.order.clone())
    }

    /// Rows.
    pub(super) fn rows(&self) -> usize {
        self.values.len()
    }

    /// `term(share, value)` summed over rows with people.
    pub(super) fn sum(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        let rows = self.order.iter().filter(|&&row| self.people[row] > 0.0);
        reduce::sum(rows.map(|&row| term(self.people[row] / self.all, self.values[row])))
    }

    /// Whether somebody has nothing.
    pub(super) fn lacks(&self) -> bool {
        self.order.iter().any(|&row| self.people[row] > 0.0 && self.values[row] <= 0.0)
    }

    /// The mean, where there is something to share.
    pub(super) fn positive_mean(&self) -> Measured {
        match self.mean()? {
            mean if mean > 0.0 => Ok(mean),
            _ => Err(Undefined::NothingToShare),
        }
    }

    /// All people.
    #[must_use]
    pub const fn people(&self) -> f64 {
        self.all
    }

    /// The mean over people, `μ = Σ xᵢ Aᵢ`, in the unit of the values.
    ///
    /// # Errors
    /// [`Undefined::Nobody`].
    pub fn mean(&self) -> Measured {
        if self.all > 0.0 { Ok(self.amount / self.all) } else { Err(Undefined::Nobody) }
    }

    /// The points `(F, L)` of the Lorenz curve: the share `L` of the whole that the share `F` of people with
    /// least have, from `(0, 0)` to `(1, 1)`, one point per value (Lorenz 1905).
    ///
    /// # Errors
    /// [`Undefined::Nobody`], [`Undefined::NothingToShare`].
    pub fn lorenz(&self) -> Measured<Vec<(f64, f64)>> {
        self.positive_mean()?;
        let (mut points, mut people, mut amount) = (vec![(0.0, 0.0)], Running::default(), Running::default());
        for value in
            self.order.chunk_by(|&one, &other| self.values[one].total_cmp(&self.values[other]).is_eq())
        {
            let before = people.total();
            for &row in value {
                people.add(self.people[row]);
                amount.add(self.people[row] * self.values[row]);
            }
            if people.total() > before {
                points.push((people.total() / self.all, amount.total() / self.amount));
            }
        }
        Ok(points)
    }

    /// The Gini index `1 − Σ (Fₖ − Fₖ₋₁)(Lₖ + Lₖ₋₁)` over the points of the Lorenz curve: 0 where all have the
    /// same, towards 1 where few have all (Gini 1912).
    ///
    /// # Errors
    /// [`Undefined::Nobody`], [`Undefined::NothingToShare`].
    pub fn gini(&self) -> Measured {
        let points = self.lorenz()?;
        let twice_below = points.windows(2).map(|ends| (ends[1].0 - ends[0].0) * (ends[1].1 + ends[0].1));
        Ok((1.0 - reduce::sum(twice_below)).max(0.0))
    }

    /// The Hoover index `½ Σ xᵢ |Aᵢ/μ − 1|`: the share of the whole that would have to change hands (Hoover
    /// 1936; also Schutz, Robin Hood).
    ///
    /// # Errors
    /// [`Undefined::Nobody`], [`Undefined::NothingToShare`].
    pub fn hoover(&self) -> Measured {
        let mean = self.positive_mean()?;
        Ok(self.sum(|share, value| share * (value / mean - 1.0).abs()) / 2.0)
    }

    /// The coefficient of variation `σ/μ`, with the standard deviation over all people.
    ///
    /// # Errors
    /// [`Undefined::Nobody`], [`Undefined::NothingToShare`].
    pub fn variation(&self) -> Measured {
        let mean = self.positive_mean()?;
        Ok(self.sum(|share, value| share * (value / mean - 1.0) * (value / mean - 1.0)).sqrt())
    }

    /// The least value that at least the share `part` of people do not exceed; no values are averaged.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a part that is not from 0 to 1; [`Error::Undefined`] where there is nobody.
    pub fn percentile(&self, part: f64) -> Result<f64> {
        if !(0.0..=1.0).contains(&part) {
            let (what, expected) = ("the part of people", "a share from 0 to 1");
            return Err(Error::BadParameter { what, value: part, expected });
        }
        self.quantile(part).map_err(Error::Undefined)
    }

    fn quantile(&self, part: f64) -> Measured {
        let mut people = Running::default();
        let enough = |row: &&usize| {
            people.add(self.people[**row]);
            // what rounding of the sums may take away is not a person
            self.people[**row] > 0.0 && people.total() >= part * self.all * (1.0 - 1e-12)
        };
        let row = self.order.iter().find(enough);
        row.map(|&row| self.values[row]).ok_or(Undefined::Nobody)
    }

    /// P90/P10: the 90th over the 10th percentile.
    ///
    /// # Errors
    /// [`Undefined::Nobody`]; [`Undefined::ComparedWithNothing`] where a tenth has nothing.
    pub fn percentile_ratio(&self) -> Measured {
        let (high, low) = (self.quantile(0.9)?, self.quantile(0.1)?);
        if low > 0.0 { Ok(high / low) } else { Err(Undefined::ComparedWithNothing) }
    }
}
