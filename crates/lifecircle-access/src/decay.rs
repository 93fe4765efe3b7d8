//! Decay: how the weight of a facility falls with the cost of reaching it.
//!
//! A decay `f` gives a weight from 0 to 1 that does not rise with the cost `c`, and 0 beyond its limit.
//! Parameters are costs, so a decay in minutes and one in metres cannot be confused. Families with an endless
//! tail are cut at a limit, inclusive: a measure needs a travel matrix up to there and refuses a shorter one.
//!
//! The safest way to state a decay is its half-weight point `h`, the cost at which a facility counts half:
//!
//! | Family | `f(c)` | from `h` | Source |
//! |---|---|---|---|
//! | [`Binary`] | 1 for c ≤ T | no such point | |
//! | [`Stepped`] | a weight per band | no such point | Luo & Qi 2009 |
//! | [`Linear`] | 1 − c/T | T = 2h | |
//! | [`Exponential`] | exp(−c/s) | s = h / ln 2 | Hansen 1959 |
//! | [`RootExponential`] | exp(−√(c/s)) | s = h / ln² 2 | |
//! | [`Power`] | (c/a)^−β, 1 up to a | β = ln 2 / ln(h/a) | |
//! | [`LogGaussian`] | exp(−β ln²(c/a)), 1 up to a | β = ln 2 / ln²(h/a) | |
//! | [`Gaussian`] | exp(−c²/2σ²) | σ = h / √(2 ln 2) | |
//! | [`TruncatedGaussian`] | (exp(−c²/2T²) − e^−½) / (1 − e^−½) | T = h / 0.6655… | Dai 2010 |
//! | [`Kernel`] | 1 − (c/T)² | T = h √2 | Dai & Wang 2011 |
//! | [`Logistic`] | g(0)/g(c), g(c) = 1 + exp((c − m)π / s√3) | m = ln(e^{hk} − 2)/k, k = π / s√3 | Bauer & Groneberg 2016 |
//! | [`SoftThreshold`] | 1 / (1 + exp(k(c − T)/T)) | T = h | Higgs et al. 2019 |
//! | [`Plateau`] | 1 up to a, then another decay of c − a | | Vale & Pereira 2017 |
//! | [`Custom`] | yours | | |

use core::f64::consts::{LN_2, PI, SQRT_2};
use core::fmt;

use lifecircle_types::{Cost, CostUnit};

use crate::{Error, Result};

/// A weight from 0 to 1 that does not rise with cost.
///
/// Implement it for a decay of your own, or wrap a function in [`Custom`], and run [`check_decay`] on it
/// once.
///
/// [`check_decay`]: crate::check_decay
pub trait Decay: Sync {
    /// The weight at `cost`, from 0 to 1; 0 beyond [`Decay::zero_beyond`].
    fn weight(&self, cost: Cost) -> f64;

    /// The cost beyond which the weight is 0: a measure needs a travel matrix up to here.
    fn zero_beyond(&self) -> Cost;

    /// The bands of a decay that weighs in bands: the cost up to which each goes, inclusive and rising, and its
    /// weight; nothing weighs beyond the last. Empty for a decay that falls otherwise. Measures then keep the band of a
    /// pair, a byte, instead of its weight, up to fifteen bands.
    fn bands(&self) -> Vec<(Cost, f64)> {
        Vec::new()
    }

    /// The weights of several `costs`, in raw units of `unit`, to as many `weights`: the same bits as
    /// [`Decay::weight`] of each. Measures ask for whole blocks; write it where many at once are faster.
    fn weigh_all(&self, unit: CostUnit, costs: &[u32], weights: &mut [f64]) {
        for (weight, &cost) in weights.iter_mut().zip(costs) {
            *weight = self.weight(unit.cost(cost));
        }
    }
}

impl<D: Decay + ?Sized> Decay for &D {
    fn weight(&self, cost: Cost) -> f64 {
        (**self).weight(cost)
    }

    fn weigh_all(&self, unit: CostUnit, costs: &[u32], weights: &mut [f64]) {
        (**self).weigh_all(unit, costs, weights);
    }

    fn zero_beyond(&self) -> Cost {
        (**self).zero_beyond()
    }

    fn bands(&self) -> Vec<(Cost, f64)> {
        (**self).bands()
    }
}

/// Implements [`Decay`] for a family: its weight at `c` raw units up to `limit`, and 0 beyond.
macro_rules! weight_up_to_limit {
    ($name:ident, |$decay:ident, $c:ident| $weight:expr) => {
        impl Decay for $name {
            fn weight(&self, cost: Cost) -> f64 {
                let ($decay, $c) = (self, f64::from(cost.raw()));
                if cost.raw() <= self.limit.raw() { $weight } else { 0.0 }
            }

            fn zero_beyond(&self) -> Cost {
                self.limit
            }
        }
    };
}

/// All within a cutoff count fully (inclusive), all beyond not at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binary {
    limit: Cost,
}

impl Binary {
    /// Counts what costs at most `cutoff`.
    #[must_use]
    pub fn within(cutoff: impl Into<Cost>) -> Self {
        Self { limit: cutoff.into() }
    }
}

impl Decay for Binary {
    fn weight(&self, cost: Cost) -> f64 {
        if cost.raw() <= self.limit.raw() { 1.0 } else { 0.0 }
    }

    fn zero_beyond(&self) -> Cost {
        self.limit
    }

    fn bands(&self) -> Vec<(Cost, f64)> {
        vec![(self.limit, 1.0)]
    }
}

/// Falls in a straight line from 1 at no cost to 0 at the cutoff: `1 - c / T`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    limit: Cost,
}

impl Linear {
    /// Reaches 0 at `cutoff`.
    #[must_use]
    pub fn to_zero_at(cutoff: impl Into<Cost>) -> Self {
        Self { limit: cutoff.into() }
    }

    /// Weighs ½ at `half` and reaches 0 at twice that.
    #[must_use]
    pub fn half_at(half: impl Into<Cost>) -> Self {
        let half = half.into();
        Self { limit: half.unit().cost(half.raw().saturating_mul(2)) }
    }
}

weight_up_to_limit!(Linear, |decay, c| 1.0 - c / raw(decay.limit).max(1.0));

/// Negative exponential `exp(-c / s)`, cut at an outer limit (Hansen 1959). `s` is one over the β of the
/// literature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    scale: f64,
    limit: Cost,
}

impl Exponential {
    /// Weighs ½ at `half` and nothing beyond `limit`.
    ///
    /// # Errors
    /// [`Error::BadParameter`] when `half` is zero; [`Error::OtherUnit`].
    ///
    /// ```
    /// # use lifecircle_access::{Decay, Exponential};
    /// # use lifecircle_types::TravelTime;
    /// let min = TravelTime::from_minutes;
    /// let decay = Exponential::half_at(min(5), min(30))?;
    /// assert!((decay.weight(min(10).into()) - 0.25).abs() < 1e-15);
    /// assert_eq!(decay.weight(min(31).into()), 0.0);
    /// # Ok::<(), lifecircle_access::Error>(())
    /// ```
    pub fn half_at(half: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        Ok(Self { scale: positive("the half-weight point", half.into(), limit)? / LN_2, limit })
    }

    /// Weighs 1/e at `scale`: β is one over it, so 10 minutes mean β = 0.1 per minute.
    ///
    /// # Errors
    /// As [`Exponential::half_at`].
    pub fn scaled(scale: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        Ok(Self { scale: positive("the scale", scale.into(), limit)?, limit })
    }

    /// Falls to `weight` at `limit` and to nothing beyond.
    ///
    /// # Errors
    /// [`Error::BadParameter`] when `weight` does not lie between 0 and 1 or `limit` is zero.
    pub fn falling_to(weight: f64, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        if !(weight > 0.0 && weight < 1.0) {
            let expected = "more than 0 and less than 1";
            return Err(Error::BadParameter { what: "the weight at the limit", value: weight, expected });
        }
        Ok(Self { scale: positive("the limit", limit, limit)? / -libm::log(weight), limit })
    }
}

weight_up_to_limit!(Exponential, |decay, c| libm::exp(-c / decay.scale));

/// Exponential of the root of the cost `exp(-√(c / s))`, cut at an outer limit: steep at first, with a long
/// tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RootExponential {
    scale: f64,
    limit: Cost,
}

impl RootExponential {
    /// Weighs ½ at `half` (and ¼ at four times `half`) and nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Exponential::half_at`].
    pub fn half_at(half: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        Ok(Self { scale: positive("the half-weight point", half.into(), limit)? / (LN_2 * LN_2), limit })
    }

    /// Weighs 1/e at `scale`: β is one over its root.
    ///
    /// # Errors
    /// As [`Exponential::half_at`].
    pub fn scaled(scale: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        Ok(Self { scale: positive("the scale", scale.into(), limit)?, limit })
    }
}

weight_up_to_limit!(RootExponential, |decay, c| libm::exp(-(c / decay.scale).sqrt()));

/// Power `(c / a)^-β`, 1 up to `a`, cut at an outer limit.
///
/// A bare `c^-β` depends on the unit and has no value at 0; `a` is the cost that says both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    exponent: f64,
    full_to: f64,
    limit: Cost,
}

impl Power {
    /// The exponent β, above zero; weighs 1 up to `full_to` and nothing beyond `limit`.
    ///
    /// # Errors
    /// [`Error::BadParameter`] when a parameter is not above zero; [`Error::OtherUnit`].
    pub fn new(exponent: f64, full_to: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        let exponent = positive_number("the exponent", exponent)?;
        Ok(Self { exponent, full_to: positive("the cost of full weight", full_to.into(), limit)?, limit })
    }

    /// Weighs 1 up to `full_to`, ½ at `half` and nothing beyond `limit`.
    ///
    /// # Errors
    /// [`Error::BadParameter`] when `half` is not above `full_to` or that not above zero;
    /// [`Error::OtherUnit`].
    pub fn half_at(half: impl Into<Cost>, full_to: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let (limit, full_to) = (limit.into(), full_to.into());
        let distance = log_ratio(half.into(), full_to, limit)?;
        Self::new(LN_2 / distance, full_to, limit)
    }
}

weight_up_to_limit!(Power, |decay, c| libm::pow((c / decay.full_to).max(1.0), -decay.exponent));

/// Gaussian of the logarithm of the cost `exp(-β ln²(c / a))`, 1 up to `a`, cut at an outer limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogGaussian {
    rate: f64,
    full_to: f64,
    limit: Cost,
}

impl LogGaussian {
    /// The rate β, above zero; weighs 1 up to `full_to` and nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Power::new`].
    pub fn new(rate: f64, full_to: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        let rate = positive_number("the rate", rate)?;
        Ok(Self { rate, full_to: positive("the cost of full weight", full_to.into(), limit)?, limit })
    }

    /// Weighs 1 up to `full_to`, ½ at `half` and nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Power::half_at`].
    pub fn half_at(half: impl Into<Cost>, full_to: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let (limit, full_to) = (limit.into(), full_to.into());
        let distance = log_ratio(half.into(), full_to, limit)?;
        Self::new(LN_2 / (distance * distance), full_to, limit)
    }
}

weight_up_to_limit!(LogGaussian, |decay, c| {
    let distance = libm::log((c / decay.full_to).max(1.0));
    libm::exp(-decay.rate * distance * distance)
});

/// Gaussian `exp(-c² / 2σ²)`, cut at an outer limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussian {
    sigma: f64,
    limit: Cost,
}

impl Gaussian {
    /// Standard deviation `sigma`, nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Exponential::half_at`].
    pub fn new(sigma: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        Ok(Self { sigma: positive("the standard deviation", sigma.into(), limit)?, limit })
    }

    /// Weighs ½ at `half` and nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Exponential::half_at`].
    pub fn half_at(half: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        let half = positive("the half-weight point", half.into(), limit)?;
        Ok(Self { sigma: half / (2.0 * LN_2).sqrt(), limit })
    }
}

weight_up_to_limit!(Gaussian, |decay, c| {
    let z = c / decay.sigma;
    libm::exp(-z * z / 2.0)
});

/// Gaussian that reaches 0 at the edge of the catchment `(exp(-c² / 2T²) - e^-½) / (1 - e^-½)` (Dai 2010).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedGaussian {
    range: f64,
    limit: Cost,
}

impl TruncatedGaussian {
    /// Reaches 0 at `cutoff`.
    #[must_use]
    pub fn to_zero_at(cutoff: impl Into<Cost>) -> Self {
        let limit = cutoff.into();
        Self { range: raw(limit).max(1.0), limit }
    }

    /// Weighs ½ at `half` and reaches 0 at 1.503 times that.
    #[must_use]
    pub fn half_at(half: impl Into<Cost>) -> Self {
        let half = half.into();
        // exp(-x²/2) stands half-way between 1 and e^-½ at this share x of the range
        let share = (-2.0 * libm::log(f64::midpoint(1.0, libm::exp(-0.5)))).sqrt();
        let range = (raw(half) / share).max(1.0);
        Self { range, limit: at_most(half.unit(), range) }
    }
}

weight_up_to_limit!(TruncatedGaussian, |decay, c| {
    let (z, edge) = (c / decay.range, libm::exp(-0.5));
    ((libm::exp(-z * z / 2.0) - edge) / (1.0 - edge)).max(0.0)
});

/// Epanechnikov kernel `1 - (c / T)²`, 0 at the edge of the catchment (Dai & Wang 2011, without their factor
/// ¾, which cancels out of every ratio).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kernel {
    range: f64,
    limit: Cost,
}

impl Kernel {
    /// Reaches 0 at `cutoff`.
    #[must_use]
    pub fn to_zero_at(cutoff: impl Into<Cost>) -> Self {
        let limit = cutoff.into();
        Self { range: raw(limit).max(1.0), limit }
    }

    /// Weighs ½ at `half` and reaches 0 at √2 times that.
    #[must_use]
    pub fn half_at(half: impl Into<Cost>) -> Self {
        let half = half.into();
        let range = (raw(half) * SQRT_2).max(1.0);
        Self { range, limit: at_most(half.unit(), range) }
    }
}

weight_up_to_limit!(Kernel, |decay, c| {
    let z = c / decay.range;
    (1.0 - z * z).max(0.0)
});

/// Logistic `g(0) / g(c)` with `g(c) = 1 + exp((c - m) π / s√3)`, 1 at no cost, cut at an outer limit
/// (Bauer & Groneberg 2016).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logistic {
    mean: f64,
    slope: f64,
    limit: Cost,
}

impl Logistic {
    /// Mean `m` and standard deviation `s`, nothing beyond `limit`. The weight at `m` is a little above ½.
    ///
    /// # Errors
    /// As [`Exponential::half_at`].
    pub fn new(mean: impl Into<Cost>, deviation: impl Into<Cost>, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        let mean = positive("the mean", mean.into(), limit)?;
        Ok(Self { mean, slope: slope(deviation.into(), limit)?, limit })
    }

    /// Weighs exactly ½ at `half`, with standard deviation `deviation`, and nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Exponential::half_at`], and [`Error::BadParameter`] when the deviation is more than 2.61 times
    /// `half`, where no logistic decay has this half-weight point.
    pub fn half_at(
        half: impl Into<Cost>,
        deviation: impl Into<Cost>,
        limit: impl Into<Cost>,
    ) -> Result<Self> {
        let limit = limit.into();
        let half = positive("the half-weight point", half.into(), limit)?;
        let slope = slope(deviation.into(), limit)?;
        // g(h) = 2 g(0) has the solution e^{mk} = e^{hk} - 2, written so that e^{hk} cannot overflow
        let mean = half + libm::log1p(-2.0 * libm::exp(-half * slope)) / slope;
        if mean.is_finite() {
            return Ok(Self { mean, slope, limit });
        }
        let expected = "at most 2.61 times the half-weight point";
        Err(Error::BadParameter {
            what: "the standard deviation over it",
            value: PI / (slope * half),
            expected,
        })
    }
}

weight_up_to_limit!(Logistic, |decay, c| {
    let g = |c: f64| 1.0 + libm::exp((c - decay.mean) * decay.slope);
    g(0.0) / g(c)
});

/// Soft threshold `1 / (1 + exp(k (c - T) / T))`, ½ at `T`, cut at an outer limit (Higgs et al. 2019: `k` =
/// 5). The weight at no cost is `1 / (1 + e^-k)`, a little below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoftThreshold {
    half: f64,
    steepness: f64,
    limit: Cost,
}

impl SoftThreshold {
    /// Weighs ½ at `half`, the steeper the higher `steepness` (above zero), and nothing beyond `limit`.
    ///
    /// # Errors
    /// As [`Power::new`].
    pub fn half_at(half: impl Into<Cost>, steepness: f64, limit: impl Into<Cost>) -> Result<Self> {
        let limit = limit.into();
        let half = positive("the half-weight point", half.into(), limit)?;
        Ok(Self { half, steepness: positive_number("the steepness", steepness)?, limit })
    }
}

weight_up_to_limit!(SoftThreshold, |decay, c| {
    1.0 / (1.0 + libm::exp(decay.steepness * (c - decay.half) / decay.half))
});

/// Full weight up to a cost, then another decay of what is above it.
///
/// Over a [`Gaussian`] this is the cumulative Gaussian that Vale & Pereira 2017 found the most robust for
/// walking.
///
/// ```
/// # use lifecircle_access::{Decay, Gaussian, Plateau};
/// # use lifecircle_types::TravelTime;
/// let min = TravelTime::from_minutes;
/// // full weight for 10 minutes, half at 15
/// let walk = Plateau::then(min(10), Gaussian::half_at(min(5), min(20))?)?;
/// assert_eq!(walk.weight(min(10).into()), 1.0);
/// assert!((walk.weight(min(15).into()) - 0.5).abs() < 1e-15);
/// assert_eq!(walk.zero_beyond(), min(30).into());
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau<D> {
    full_to: Cost,
    decay: D,
}

impl<D: Decay> Plateau<D> {
    /// Weighs 1 up to `full_to`, inclusive, and `decay` of what a cost has above that.
    ///
    /// # Errors
    /// [`Error::OtherUnit`] when `decay` counts in the other unit.
    pub fn then(full_to: impl Into<Cost>, decay: D) -> Result<Self> {
        let full_to = full_to.into();
        same_unit(decay.zero_beyond(), full_to)?;
        Ok(Self { full_to, decay })
    }
}

impl<D: Decay> Decay for Plateau<D> {
    fn weight(&self, cost: Cost) -> f64 {
        match cost.raw().checked_sub(self.full_to.raw()) {
            None | Some(0) => 1.0,
            Some(above) => self.decay.weight(cost.unit().cost(above)),
        }
    }

    fn zero_beyond(&self) -> Cost {
        let inner = self.decay.zero_beyond();
        inner.unit().cost(inner.raw().saturating_add(self.full_to.raw()))
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
            same_unit(first, cost)?;
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

    fn bands(&self) -> Vec<(Cost, f64)> {
        self.bands.clone()
    }

    fn zero_beyond(&self) -> Cost {
        self.bands[self.bands.len() - 1].0
    }
}

/// A decay of your own from a function of the cost.
///
/// ```
/// # use lifecircle_access::{Custom, Decay, check_decay};
/// # use lifecircle_types::{Cost, Millimetres};
/// let metres = Millimetres::from_metres;
/// // full weight to 500 m, then exp(-d² / 129,842 m²)
/// let decay = Custom::new(metres(1500), |cost: Cost| {
///     let d = f64::from(cost.raw()) / 1000.0;
///     if d <= 500.0 { 1.0 } else { (-d * d / 129_842.0).exp() }
/// });
/// check_decay(&decay)?;
/// assert_eq!(decay.weight(metres(500).into()), 1.0);
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Custom<F> {
    function: F,
    limit: Cost,
}

impl<F: Fn(Cost) -> f64 + Sync> Custom<F> {
    /// Weighs `function` up to `limit`, inclusive, and nothing beyond.
    #[must_use]
    pub fn new(limit: impl Into<Cost>, function: F) -> Self {
        Self { function, limit: limit.into() }
    }
}

impl<F> fmt::Debug for Custom<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Custom").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl<F: Fn(Cost) -> f64 + Sync> Decay for Custom<F> {
    fn weight(&self, cost: Cost) -> f64 {
        if cost.raw() <= self.limit.raw() { (self.function)(cost) } else { 0.0 }
    }

    fn zero_beyond(&self) -> Cost {
        self.limit
    }
}

fn raw(cost: Cost) -> f64 {
    f64::from(cost.raw())
}

fn at_most(unit: CostUnit, raw: f64) -> Cost {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and `as` saturates"
    )]
    unit.cost(raw as u32)
}

fn same_unit(expected: Cost, found: Cost) -> Result<()> {
    let (expected, found) = (expected.unit(), found.unit());
    if expected == found { Ok(()) } else { Err(Error::OtherUnit { expected, found }) }
}

fn positive_number(what: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(Error::BadParameter { what, value, expected: "a finite number above zero" })
}

fn positive(what: &'static str, cost: Cost, limit: Cost) -> Result<f64> {
    same_unit(limit, cost)?;
    positive_number(what, raw(cost))
}

fn log_ratio(half: Cost, full_to: Cost, limit: Cost) -> Result<f64> {
    let full = positive("the cost of full weight", full_to, limit)?;
    let ratio = positive("the half-weight point", half, limit)? / full;
    if ratio > 1.0 {
        return Ok(libm::log(ratio));
    }
    let what = "the half-weight point over the cost of full weight";
    Err(Error::BadParameter { what, value: ratio, expected: "more than 1" })
}

fn slope(deviation: Cost, limit: Cost) -> Result<f64> {
    Ok(PI / (positive("the standard deviation", deviation, limit)? * 3.0_f64.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_decay;
    use lifecircle_types::{Millimetres, TravelTime};

    fn min(minutes: u32) -> Cost {
        TravelTime::from_minutes(minutes).into()
    }

    #[test]
    fn every_family_keeps_the_contract_and_its_half_weight_point() {
        let far = min(90);
        let halves: [(&str, &dyn Decay); 12] = [
            ("linear", &Linear::half_at(min(12))),
            ("exponential", &Exponential::half_at(min(12), far).unwrap()),
            ("root", &RootExponential::half_at(min(12), far).unwrap()),
            ("power", &Power::half_at(min(12), min(1), far).unwrap()),
            ("log", &LogGaussian::half_at(min(12), min(1), far).unwrap()),
            ("gaussian", &Gaussian::half_at(min(12), far).unwrap()),
            ("truncated", &TruncatedGaussian::half_at(min(12))),
            ("kernel", &Kernel::half_at(min(12))),
            ("logistic", &Logistic::half_at(min(12), min(5), far).unwrap()),
            ("wide logistic", &Logistic::half_at(min(12), min(30), far).unwrap()),
            ("soft", &SoftThreshold::half_at(min(12), 5.0, far).unwrap()),
            ("plateau", &Plateau::then(min(4), Gaussian::half_at(min(8), far).unwrap()).unwrap()),
        ];
        for (name, decay) in halves {
            check_decay(decay).unwrap();
            assert!((decay.weight(min(12)) - 0.5).abs() < 1e-14, "{name}: {}", decay.weight(min(12)));
            let start = if name == "soft" { 1.0 / (1.0 + (-5.0_f64).exp()) } else { 1.0 };
            assert!((decay.weight(min(0)) - start).abs() < 1e-15, "{name} at no cost");
        }
        let steps = [(min(10), 1.0), (min(20), 0.68), (min(30), 0.22)];
        let others: [&dyn Decay; 7] = [
            &Binary::within(min(15)),
            &Linear::to_zero_at(min(15)),
            &Linear::to_zero_at(min(0)),
            &Kernel::to_zero_at(min(15)),
            &TruncatedGaussian::to_zero_at(min(15)),
            &Exponential::falling_to((-4.0_f64).exp(), min(15)).unwrap(),
            &Stepped::new(steps.to_vec()).unwrap(),
        ];
        for decay in others {
            check_decay(decay).unwrap();
        }
    }

    #[test]
    fn values_worked_out_on_paper() {
        let at = |decay: &dyn Decay, minutes| decay.weight(min(minutes));
        // 1 - 9/15; exp(-9/10); (9/3)^-2; exp(-½ (9/9)²); 1 - (9/15)²
        let close =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        close(at(&Linear::to_zero_at(min(15)), 9), 0.4);
        close(at(&Exponential::scaled(min(10), min(30)).unwrap(), 9), (-0.9_f64).exp());
        close(at(&RootExponential::scaled(min(4), min(30)).unwrap(), 9), (-1.5_f64).exp());
        close(at(&Power::new(2.0, min(3), min(30)).unwrap(), 9), 1.0 / 9.0);
        close(at(&LogGaussian::new(1.0, min(3), min(30)).unwrap(), 9), (-(3.0_f64.ln().powi(2))).exp());
        close(at(&Gaussian::new(min(9), min(30)).unwrap(), 9), (-0.5_f64).exp());
        close(at(&Kernel::to_zero_at(min(15)), 9), 0.64);
        close(at(&TruncatedGaussian::to_zero_at(min(15)), 15), 0.0);
        // twice the half-weight point of a soft threshold: 1 / (1 + e^k)
        close(at(&SoftThreshold::half_at(min(10), 5.0, min(30)).unwrap(), 20), 1.0 / (1.0 + 5.0_f64.exp()));
        close(at(&Exponential::falling_to(0.2, min(15)).unwrap(), 15), 0.2);
        assert_eq!(at(&Binary::within(min(15)), 15).to_bits(), 1.0_f64.to_bits(), "cutoffs are inclusive");
    }

    #[test]
    fn nonsense_is_refused() {
        let metres = Cost::from(Millimetres::from_metres(5));
        assert!(matches!(Exponential::half_at(metres, min(9)), Err(Error::OtherUnit { .. })));
        assert!(matches!(Exponential::half_at(min(0), min(9)), Err(Error::BadParameter { .. })));
        assert!(Exponential::falling_to(1.0, min(9)).is_err());
        assert!(Power::new(f64::NAN, min(1), min(9)).is_err());
        assert!(Power::half_at(min(1), min(1), min(9)).is_err());
        assert!(Logistic::half_at(min(1), min(3), min(9)).is_err());
        assert!(Plateau::then(metres, Binary::within(min(9))).is_err());
        assert!(Stepped::new(vec![]).is_err());
        assert!(Stepped::new(vec![(min(10), 0.5), (min(20), 0.9)]).is_err());
        assert!(Stepped::new(vec![(min(10), 0.5), (min(10), 0.4)]).is_err());
        assert!(Stepped::new(vec![(min(10), 0.5), (metres, 0.4)]).is_err());
    }
}
