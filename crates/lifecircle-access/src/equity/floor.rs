//! Whether everybody has enough, and who has least.

use super::{Distribution, Measured, Undefined};
use crate::pairs::{check_amount, check_length};
use crate::{Error, Result};

/// The group that is worst off.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct WorstGroup {
    /// Its label.
    pub group: usize,
    /// The mean of its people.
    pub mean: f64,
    /// Its people.
    pub people: f64,
}

impl Distribution {
    /// The poverty measure of Foster, Greer and Thorbecke (1984): `Σ xᵢ ((z − Aᵢ)/z)^α` over those who have less
    /// than the minimum `z`. α = 0 is the share of people below it, α = 1 their gap as a share of `z`, over all
    /// people, α = 2 weighs larger gaps more.
    ///
    /// Who has exactly `z` has enough.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for a minimum that is not above zero or an exponent that is negative;
    /// [`Error::Undefined`] where there is nobody.
    pub fn below(&self, minimum: f64, alpha: f64) -> Result<f64> {
        if !(minimum.is_finite() && minimum > 0.0) {
            let (what, expected) = ("the minimum", "a finite number above zero");
            return Err(Error::BadParameter { what, value: minimum, expected });
        }
        let alpha = check_amount("the exponent", alpha)?;
        let gap = |value: f64| (minimum - value) / minimum;
        let term = |value: f64| if value < minimum { libm::pow(gap(value), alpha) } else { 0.0 };
        self.mean()?;
        Ok(self.sum(|share, value| share * term(value)))
    }

    /// The group with the lowest mean, of several the one with the lowest label; groups of nobody are none.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] when there is not one group per row; [`Error::Undefined`] where there is
    /// nobody.
    pub fn worst_group(&self, groups: &[usize]) -> Result<WorstGroup> {
        check_length("groups", groups.len(), self.rows())?;
        let means = self.by_group(groups).into_iter().map(|(group, inside)| WorstGroup {
            group,
            mean: inside.amount / inside.all,
            people: inside.all,
        });
        let worst = means.reduce(|worst, group| if group.mean < worst.mean { group } else { worst });
        worst.ok_or(Undefined::Nobody.into())
    }
}

/// What `one` has on average over what `other` has: permit holders over registered people, rural over urban
/// residents. 1 is parity.
///
/// # Errors
/// [`Undefined::Nobody`] where either is nobody; [`Undefined::ComparedWithNothing`] where the other has nothing.
///
/// ```
/// # use lifecircle_access::{Distribution, parity_ratio};
/// let access = [4.0, 2.0];
/// let permit_holders = Distribution::new(&access, &[100.0, 300.0])?;
/// let registered = Distribution::new(&access, &[500.0, 500.0])?;
/// assert!((parity_ratio(&permit_holders, &registered).unwrap() - 2.5 / 3.0).abs() < 1e-12);
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn parity_ratio(one: &Distribution, other: &Distribution) -> Measured {
    let (one, other) = (one.mean()?, other.mean()?);
    if other > 0.0 { Ok(one / other) } else { Err(Undefined::ComparedWithNothing) }
}

/// Groups who live at the same places as one distribution, with the label of every row: the people of the first
/// group over all places come first, then those of the second, and so on. Its decomposition by these labels is
/// that between groups such as permit holders and registered people.
///
/// # Errors
/// As [`Distribution::new`] for every group.
///
/// ```
/// # use lifecircle_access::stacked;
/// let (spread, groups) = stacked(&[4.0, 2.0], &[&[100.0, 300.0], &[500.0, 500.0]])?;
/// assert_eq!(groups, [0, 0, 1, 1]);
/// let parts = spread.theil_t_by(&groups)?;
/// assert_eq!((parts.groups[0].mean, parts.groups[1].mean), (2.5, 3.0));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn stacked(values: &[f64], people: &[&[f64]]) -> Result<(Distribution, Vec<usize>)> {
    for people in people {
        check_length("the people of a group", people.len(), values.len())?;
    }
    let groups = (0..people.len()).flat_map(|group| core::iter::repeat_n(group, values.len())).collect();
    Ok((Distribution::new(&values.repeat(people.len()), &people.concat())?, groups))
}
