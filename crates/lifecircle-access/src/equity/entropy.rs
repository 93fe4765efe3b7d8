//! Measures that weigh what people at the bottom have: entropies and equivalents.

use lifecircle_types::reduce;

use super::{Distribution, Measured, Undefined};
use crate::pairs::{check_amount, check_length};
use crate::{Error, Result};

/// An inequality as what lies between groups and what lies within them.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Decomposition {
    /// The whole: `between + within`.
    pub total: f64,
    /// What would be left if everybody had the mean of their group.
    pub between: f64,
    /// What the groups have inside, each by its weight.
    pub within: f64,
    /// The groups with people, by rising label.
    pub groups: Vec<GroupPart>,
}

/// A group within a [`Decomposition`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct GroupPart {
    /// Its label.
    pub group: usize,
    /// Its share of all people.
    pub people: f64,
    /// Its share of all that is shared.
    pub amount: f64,
    /// The mean of its people.
    pub mean: f64,
    /// Its own inequality; undefined where the group has nothing in all.
    pub inside: Measured,
}

/// Whether people want more of something, such as access, or less, such as minutes of walking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// The more, the better.
    More,
    /// The less, the better.
    Less,
}

/// The Kolm-Pollak equivalent of a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct KolmPollak {
    /// The aversion per unit of the values, κ.
    pub kappa: f64,
    /// What everybody could have alike instead and be as well off, in the unit of the values.
    pub equivalent: f64,
    /// How far the equivalent is from the mean, to the worse, in the unit of the values.
    pub index: f64,
}

/// Which entropy is decomposed.
#[derive(Clone, Copy)]
enum Theil {
    T,
    L,
}

fn x_ln_x(value: f64) -> f64 {
    if value > 0.0 { value * libm::log(value) } else { 0.0 }
}

impl Distribution {
    /// Theil's T, `Σ xᵢ rᵢ ln rᵢ` with `r = A/μ`: from 0 to the logarithm of all people over those who have
    /// all. Who has nothing adds 0 and stays among the people (Theil 1967).
    ///
    /// # Errors
    /// [`Undefined::Nobody`], [`Undefined::NothingToShare`].
    pub fn theil_t(&self) -> Measured {
        let mean = self.positive_mean()?;
        Ok(self.sum(|share, value| share * x_ln_x(value / mean)))
    }

    /// Theil's L, the mean logarithmic deviation `Σ xᵢ ln(μ/Aᵢ)`.
    ///
    /// # Errors
    /// [`Undefined::Nobody`], [`Undefined::NothingToShare`], and [`Undefined::SomebodyHasNothing`]: it would be
    /// infinite.
    pub fn theil_l(&self) -> Measured {
        let mean = self.positive_mean()?;
        if self.lacks() {
            return Err(Undefined::SomebodyHasNothing);
        }
        Ok(self.sum(|share, value| share * libm::log(mean / value)))
    }

    /// Theil's T between and within groups: `Σ s_g ln(μ_g/μ) + Σ s_g T_g`, `s_g` the group's share of the
    /// whole.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] when there is not one group per row; [`Error::Undefined`] as for
    /// [`Distribution::theil_t`].
    ///
    /// ```
    /// # use lifecircle_access::Distribution;
    /// let spread = Distribution::new(&[10.0, 20.0, 30.0, 40.0], &[1.0; 4])?;
    /// let parts = spread.theil_t_by(&[1, 1, 2, 2])?;
    /// assert!((parts.between - 0.082283).abs() < 1e-6 && (parts.within - 0.024157).abs() < 1e-6);
    /// # Ok::<(), lifecircle_access::Error>(())
    /// ```
    pub fn theil_t_by(&self, groups: &[usize]) -> Result<Decomposition> {
        self.decomposed(groups, Theil::T)
    }

    /// Theil's L between and within groups: `Σ x_g ln(μ/μ_g) + Σ x_g L_g`, `x_g` the group's share of people.
    ///
    /// # Errors
    /// As [`Distribution::theil_t_by`], undefined as for [`Distribution::theil_l`].
    pub fn theil_l_by(&self, groups: &[usize]) -> Result<Decomposition> {
        self.decomposed(groups, Theil::L)
    }

    fn decomposed(&self, groups: &[usize], theil: Theil) -> Result<Decomposition> {
        check_length("groups", groups.len(), self.rows())?;
        let total = match theil {
            Theil::T => self.theil_t(),
            Theil::L => self.theil_l(),
        };
        let (total, mean) = (total?, self.positive_mean()?);
        let parts: Vec<GroupPart> = self
            .by_group(groups)
            .into_iter()
            .map(|(group, inside)| {
                let (people, amount) = (inside.all / self.all, inside.amount / self.amount);
                let measured = match theil {
                    Theil::T => inside.theil_t(),
                    Theil::L => inside.theil_l(),
                };
                GroupPart { group, people, amount, mean: inside.amount / inside.all, inside: measured }
            })
            .collect();
        let weight = |part: &GroupPart| match theil {
            Theil::T => part.amount,
            Theil::L => part.people,
        };
        let between = parts.iter().map(|part| match theil {
            Theil::T => part.people * x_ln_x(part.mean / mean),
            Theil::L => part.people * libm::log(mean / part.mean),
        });
        // a group that has nothing weighs nothing in T, and makes L undefined before
        let within = parts.iter().map(|part| weight(part) * part.inside.unwrap_or(0.0));
        let (between, within) = (reduce::sum(between), reduce::sum(within));
        Ok(Decomposition { total, between, within, groups: parts })
    }

    /// The groups with people, by rising label, each as a distribution of its own.
    pub(super) fn by_group(&self, groups: &[usize]) -> Vec<(usize, Self)> {
        let mut rows: Vec<usize> = self.order.iter().copied().filter(|&row| self.people[row] > 0.0).collect();
        rows.sort_by_key(|&row| groups[row]);
        let group = |rows: &[usize]| {
            let pick = |column: &[f64]| rows.iter().map(|&row| column[row]).collect();
            (groups[rows[0]], Self::sorted(pick(&self.values), pick(&self.people), (0..rows.len()).collect()))
        };
        rows.chunk_by(|&one, &other| groups[one] == groups[other]).map(group).collect()
    }

    /// The Atkinson index `1 − EDE/μ`: the share of the whole that could go without loss if everybody had the
    /// same, `EDE = (Σ xᵢ Aᵢ^(1−ε))^(1/(1−ε))`, and the geometric mean for ε = 1 (Atkinson 1970).
    ///
    /// From ε = 1 somebody who has nothing makes it 1.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for an aversion `epsilon` that is negative or no number; [`Error::Undefined`] for
    /// [`Undefined::Nobody`] and [`Undefined::NothingToShare`].
    pub fn atkinson(&self, epsilon: f64) -> Result<f64> {
        let epsilon = check_amount("the aversion", epsilon)?;
        let mean = self.positive_mean()?;
        if epsilon >= 1.0 && self.lacks() {
            return Ok(1.0);
        }
        let power = 1.0 - epsilon;
        let equivalent = if power.abs() < 1e-9 {
            libm::exp(self.sum(|share, value| share * libm::log(value / mean)))
        } else {
            libm::pow(self.sum(|share, value| share * libm::pow(value / mean, power)), 1.0 / power)
        };
        Ok((1.0 - equivalent).clamp(0.0, 1.0))
    }

    /// The Kolm-Pollak equivalent `EDE = −(1/κ) ln Σ xᵢ e^(−κ Aᵢ)` with `κ = ε Σ xᵢ Aᵢ / Σ xᵢ Aᵢ²`, and with −κ
    /// where less is better (Logan et al. 2021).
    ///
    /// It is defined where somebody has nothing, and for walking times as well as for access.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for an aversion `epsilon` that is not above zero; [`Error::Undefined`] for
    /// [`Undefined::Nobody`] and [`Undefined::NothingToShare`].
    pub fn kolm_pollak(&self, epsilon: f64, preference: Preference) -> Result<KolmPollak> {
        if !(epsilon.is_finite() && epsilon > 0.0) {
            let (what, expected) = ("the aversion", "a finite number above zero");
            return Err(Error::BadParameter { what, value: epsilon, expected });
        }
        let mean = self.positive_mean()?;
        // in values relative to the mean, so that no square leaves the range
        let relative = epsilon / self.sum(|share, value| share * (value / mean) * (value / mean));
        let sign = match preference {
            Preference::More => 1.0,
            Preference::Less => -1.0,
        };
        let kappa = sign * relative / mean;
        let exponent = |value: f64| -sign * relative * (value / mean);
        let with_people = self.order.iter().filter(|&&row| self.people[row] > 0.0);
        let largest = with_people.map(|&row| exponent(self.values[row])).fold(f64::NEG_INFINITY, f64::max);
        let sum = self.sum(|share, value| share * libm::exp(exponent(value) - largest));
        let equivalent = -(largest + libm::log(sum)) / kappa;
        Ok(KolmPollak { kappa, equivalent, index: (sign * (mean - equivalent)).max(0.0) })
    }
}
