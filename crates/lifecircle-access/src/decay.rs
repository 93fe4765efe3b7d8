//! Decay: how the weight of a facility falls with the cost of reaching it.

use lifecircle_types::{Cost, CostUnit};

use crate::{Error, Result};

/// A weight from 0 to 1 that does not rise with cost.
///
/// Implement it for a decay of your own and run [`check_decay`] on it once.
pub trait Decay: Sync {
    /// The weight at `cost`, from 0 to 1; 0 beyond [`Decay::zero_beyond`].
    fn weight(&self, cost: Cost) -> f64;

    /// The cost beyond which the weight is 0: a measure needs a travel matrix up to here.
    fn zero_beyond(&self) -> Cost;
}

/// All within a cutoff count fully (inclusive), all beyond not at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binary(Cost);

impl Binary {
    /// Counts what costs at most `cutoff`.
    #[must_use]
    pub fn within(cutoff: impl Into<Cost>) -> Self {
        Self(cutoff.into())
    }
}

impl Decay for Binary {
    fn weight(&self, cost: Cost) -> f64 {
        f64::from(u8::from(cost.raw() <= self.0.raw()))
    }

    fn zero_beyond(&self) -> Cost {
        self.0
    }
}

/// Falls in a straight line from 1 at no cost to 0 at the cutoff: `1 - c / T`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear(Cost);

impl Linear {
    /// Reaches 0 at `cutoff`.
    #[must_use]
    pub fn to_zero_at(cutoff: impl Into<Cost>) -> Self {
        Self(cutoff.into())
    }
}

impl Decay for Linear {
    fn weight(&self, cost: Cost) -> f64 {
        if cost.raw() < self.0.raw() { 1.0 - f64::from(cost.raw()) / f64::from(self.0.raw()) } else { 0.0 }
    }

    fn zero_beyond(&self) -> Cost {
        self.0
    }
}

/// Negative exponential `2^(-c / h)`, cut at an outer limit (Hansen 1959).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    half: Cost,
    limit: Cost,
}

impl Exponential {
    /// Weighs ½ at `half` and nothing beyond `limit`.
    #[must_use]
    pub fn half_at(half: impl Into<Cost>, limit: impl Into<Cost>) -> Self {
        Self { half: half.into(), limit: limit.into() }
    }
}

impl Decay for Exponential {
    fn weight(&self, cost: Cost) -> f64 {
        within(cost, self.limit, |c| libm::exp2(-c / f64::from(self.half.raw().max(1))))
    }

    fn zero_beyond(&self) -> Cost {
        self.limit
    }
}

/// Gaussian `exp(-c² / 2σ²)`, cut at an outer limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussian {
    sigma: Cost,
    limit: Cost,
}

impl Gaussian {
    /// Standard deviation `sigma`, nothing beyond `limit`.
    #[must_use]
    pub fn new(sigma: impl Into<Cost>, limit: impl Into<Cost>) -> Self {
        Self { sigma: sigma.into(), limit: limit.into() }
    }
}

impl Decay for Gaussian {
    fn weight(&self, cost: Cost) -> f64 {
        within(cost, self.limit, |c| {
            let z = c / f64::from(self.sigma.raw().max(1));
            libm::exp(-z * z / 2.0)
        })
    }

    fn zero_beyond(&self) -> Cost {
        self.limit
    }
}

/// Constant weights in bands, as the enhanced two-step method uses them (Luo & Qi 2009).
#[derive(Clone, Debug, PartialEq)]
pub struct Stepped {
    bands: Vec<(Cost, f64)>,
}

impl Stepped {
    /// Bands as (upper cost, inclusive; weight), from near to far.
    ///
    /// # Errors
    /// [`Error::BadDecay`] when there is no band, costs do not rise or weights rise or leave 0 to 1;
    /// [`Error::OtherUnit`] when bands mix units.
    pub fn new(bands: Vec<(Cost, f64)>) -> Result<Self> {
        let Some(&(first, _)) = bands.first() else {
            let none = CostUnit::Time.cost(0);
            return Err(Error::BadDecay { cost: none, weight: 0.0, problem: "there is no band" });
        };
        let mut last = (None, 1.0);
        for &(cost, weight) in &bands {
            if cost.unit() != first.unit() {
                return Err(Error::OtherUnit { matrix: first.unit(), measure: cost.unit() });
            }
            let problem = if last.0.is_some_and(|before| before >= cost.raw()) {
                "the bands are not in rising order"
            } else if !(0.0..=last.1).contains(&weight) {
                "weights must lie between 0 and 1 and not rise"
            } else {
                last = (Some(cost.raw()), weight);
                continue;
            };
            return Err(Error::BadDecay { cost, weight, problem });
        }
        Ok(Self { bands })
    }
}

impl Decay for Stepped {
    fn weight(&self, cost: Cost) -> f64 {
        let band = self.bands.partition_point(|(upper, _)| upper.raw() < cost.raw());
        self.bands.get(band).map_or(0.0, |(_, weight)| *weight)
    }

    fn zero_beyond(&self) -> Cost {
        self.bands[self.bands.len() - 1].0
    }
}

fn within(cost: Cost, limit: Cost, weight: impl Fn(f64) -> f64) -> f64 {
    if cost.raw() <= limit.raw() { weight(f64::from(cost.raw())) } else { 0.0 }
}

/// Checks the contract of a decay at a thousand costs up to 1.2 times its limit: weights are numbers from 0 to
/// 1, never rise, and are 0 beyond the limit.
///
/// # Errors
/// [`Error::BadDecay`] with the first cost at which it breaks.
pub fn check_decay(decay: &dyn Decay) -> Result<()> {
    let limit = decay.zero_beyond();
    let step = (u64::from(limit.raw()) * 6 / 5 / 1000).max(1);
    let mut last = 1.0;
    for at in (0..=1000).map(|n| u32::try_from(n * step).unwrap_or(u32::MAX)) {
        let cost = limit.unit().cost(at);
        let weight = decay.weight(cost);
        let problem = if !(0.0..=1.0).contains(&weight) {
            "a weight lies between 0 and 1"
        } else if weight > last {
            "a weight never rises with cost"
        } else if at > limit.raw() && weight > 0.0 {
            "a weight beyond `zero_beyond` is 0"
        } else {
            last = weight;
            continue;
        };
        return Err(Error::BadDecay { cost, weight, problem });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lifecircle_types::TravelTime;

    #[test]
    fn every_family_keeps_the_contract() {
        let min = TravelTime::from_minutes;
        let stepped =
            Stepped::new(vec![(min(10).into(), 1.0), (min(20).into(), 0.68), (min(30).into(), 0.22)])
                .unwrap();
        let families: [&dyn Decay; 5] = [
            &Binary::within(min(15)),
            &Linear::to_zero_at(min(15)),
            &Exponential::half_at(min(5), min(30)),
            &Gaussian::new(min(7), min(45)),
            &stepped,
        ];
        for decay in families {
            check_decay(decay).unwrap();
        }
        assert!((Exponential::half_at(min(5), min(30)).weight(min(5).into()) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn a_rising_decay_is_caught() {
        struct Rising;
        impl Decay for Rising {
            fn weight(&self, cost: Cost) -> f64 {
                if cost.raw() > 5000 { 1.0 } else { 0.5 }
            }
            fn zero_beyond(&self) -> Cost {
                TravelTime::from_secs(10).into()
            }
        }
        assert!(matches!(
            check_decay(&Rising),
            Err(Error::BadDecay { problem: "a weight never rises with cost", .. })
        ));
        let min = |m| Cost::from(TravelTime::from_minutes(m));
        assert!(Stepped::new(vec![(min(10), 0.5), (min(20), 0.9)]).is_err());
        assert!(Stepped::new(vec![(min(10), 0.5), (min(10), 0.4)]).is_err());
    }
}
