//! What lies around a place, or around a facility, without competition for it.
//!
//! `Sⱼ` are the opportunities of facility `j`, `Pᵢ` the people of place `i`, `cᵢⱼ` their cost, `f` a decay.
//! Sums leave out pairs that the matrix does not have.

use core::hint::select_unpredictable;

use lifecircle_types::{Cost, CostUnit, DemandIx, TravelMatrix, reduce};

use crate::pairs::{Pairs, check_column, check_reach, weigh};
use crate::{Decay, Error, Result};

/// The opportunities within `cutoff` (inclusive) of every place: `Σ Sⱼ [cᵢⱼ ≤ T]`. Linear in the pairs.
///
/// # Errors
/// As [`gravity`].
///
/// ```
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(9)), (DemandIx(0), FacilityIx(1), min(5))];
/// let matrix = TravelMatrix::new(2, 2, min(15), times)?;
/// assert_eq!(lifecircle_access::cumulative(&matrix, &[3.0, 4.0], min(5))?, [4.0, 0.0]);
/// assert!(lifecircle_access::cumulative(&matrix, &[3.0, 4.0], min(16)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cumulative(matrix: &TravelMatrix, opportunities: &[f64], cutoff: impl Into<Cost>) -> Result<Vec<f64>> {
    let cutoff = cutoff.into();
    check_column("opportunities", opportunities, matrix.columns())?;
    check_reach(matrix, cutoff)?;
    let (row_start, facility, costs) = matrix.as_rows();
    if cutoff.raw() == matrix.cutoff().raw() {
        // all that the matrix holds
        let near = |row: &[usize]| facility[row[0]..row[1]].iter().map(|&facility| facility as usize);
        return Ok(sums_of_rows(row_start, opportunities, near));
    }
    let cutoff = cutoff.raw();
    // what is too far counts as what stands behind the last facility, where nothing does: no branch to guess
    let none = opportunities.len();
    let near = |row: &[usize]| {
        let pairs = facility[row[0]..row[1]].iter().zip(&costs[row[0]..row[1]]);
        pairs.map(move |(&facility, &cost)| select_unpredictable(cost <= cutoff, facility as usize, none))
    };
    Ok(sums_of_rows(row_start, &[opportunities, &[0.0]].concat(), near))
}

/// The sum of every row over `amounts` at what is `near`.
fn sums_of_rows<N: Iterator<Item = usize>>(
    row_start: &[usize],
    amounts: &[f64],
    near: impl Fn(&[usize]) -> N,
) -> Vec<f64> {
    // sums of whole numbers that a double holds are exact, whether they are made of doubles or of integers
    if let Some(whole) = whole_numbers(amounts) {
        #[expect(clippy::cast_precision_loss, reason = "all of them together are at most 2^53")]
        let within = |row: &[usize]| near(row).map(|at| whole[at]).sum::<u64>() as f64;
        return row_start.windows(2).map(within).collect();
    }
    let within = |row: &[usize]| reduce::sum(near(row).map(|at| amounts[at]));
    row_start.windows(2).map(within).collect()
}

/// The numbers as integers, where all are whole and their sum is one that a double holds.
fn whole_numbers(numbers: &[f64]) -> Option<Vec<u64>> {
    const MOST: u64 = 1 << 53;
    let mut all = 0_u64;
    let whole = |&number: &f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "compared on the next lines"
        )]
        let whole = number as u64;
        all = all.checked_add(whole).filter(|&all| all <= MOST)?;
        #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
        let same = (whole as f64).total_cmp(&number.abs()).is_eq();
        same.then_some(whole)
    };
    numbers.iter().map(whole).collect()
}

/// How an interval of cutoffs becomes one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Middle {
    /// The median, as published; the mean of the two middle values where their number is even.
    Median,
    /// The mean.
    Mean,
}

/// The opportunities within an interval of cutoffs: the median or mean of `Σ Sⱼ [cᵢⱼ ≤ T]` over all
/// `cutoffs`, so that no single threshold decides (Tomasiello, Giannotti & Feitosa 2023, who take every
/// minute). Linear in the pairs and in places times cutoffs.
///
/// # Errors
/// As [`gravity`]; [`Error::BadParameter`] when there is no cutoff.
///
/// ```
/// # use lifecircle_access::{Middle, cumulative_interval};
/// # use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = |minutes| Cost::from(TravelTime::from_minutes(minutes));
/// let times = [(DemandIx(0), FacilityIx(0), min(11)), (DemandIx(0), FacilityIx(1), min(12))];
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// let cutoffs = [10, 11, 12].map(min);
/// // 0 within 10 minutes, 3 within 11, 9 within 12
/// assert_eq!(cumulative_interval(&matrix, &[3.0, 6.0], &cutoffs, Middle::Median)?, [3.0]);
/// assert_eq!(cumulative_interval(&matrix, &[3.0, 6.0], &cutoffs, Middle::Mean)?, [4.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cumulative_interval(
    matrix: &TravelMatrix,
    opportunities: &[f64],
    cutoffs: &[Cost],
    middle: Middle,
) -> Result<Vec<f64>> {
    check_column("opportunities", opportunities, matrix.columns())?;
    for &cutoff in cutoffs {
        check_reach(matrix, cutoff)?;
    }
    if cutoffs.is_empty() {
        return Err(Error::BadParameter {
            what: "the number of cutoffs",
            value: 0.0,
            expected: "at least 1",
        });
    }
    let count = u32::try_from(cutoffs.len()).map_or(f64::from(u32::MAX), f64::from);
    let mut steps: Vec<u32> = cutoffs.iter().map(|cutoff| cutoff.raw()).collect();
    steps.sort_unstable();
    let mut rows_by_step: Vec<Vec<f64>> = vec![vec![]; steps.len()];
    let mut within = Vec::with_capacity(steps.len());
    let mut value = |row| {
        for entries in &mut rows_by_step {
            entries.clear();
        }
        for (facility, cost) in matrix.row(row) {
            if let Some(step) = rows_by_step.get_mut(steps.partition_point(|&step| step < cost.raw())) {
                step.push(opportunities[facility.index()]);
            }
        }
        // the steps rise, so what lies within them does too
        within.clear();
        for step in &rows_by_step {
            let before = within.last().copied().unwrap_or(0.0);
            within.push(reduce::sum(core::iter::once(before).chain(step.iter().copied())));
        }
        match middle {
            Middle::Median => f64::midpoint(within[(within.len() - 1) / 2], within[within.len() / 2]),
            Middle::Mean => reduce::sum(within.iter().copied()) / count,
        }
    };
    Ok(rows(matrix).map(&mut value).collect())
}

/// The opportunities around every place, weighted by decay: `Σ Sⱼ f(cᵢⱼ)` (Hansen 1959). Linear in the
/// pairs.
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::BadValue`] for a negative or undefined opportunity,
/// [`Error::OtherUnit`], [`Error::MatrixTooShort`] when the decay reaches beyond the matrix, and
/// [`Error::BadDecay`] for a weight that is none.
///
/// ```
/// # use lifecircle_access::{Linear, gravity};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(0), FacilityIx(1), min(10))];
/// let matrix = TravelMatrix::new(1, 2, min(20), times)?;
/// // 8 · ¾ + 6 · ½
/// assert_eq!(gravity(&matrix, &[8.0, 6.0], &Linear::to_zero_at(min(20)))?, [9.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gravity(matrix: &TravelMatrix, opportunities: &[f64], decay: &dyn Decay) -> Result<Vec<f64>> {
    check_column("opportunities", opportunities, matrix.columns())?;
    let pairs = Pairs::weighed(matrix, decay)?;
    Ok(pairs.around_places(opportunities, &pairs.value))
}

/// The mean of `values` around every place, weighted by decay: `Σ vⱼ f(cᵢⱼ) / Σ f(cᵢⱼ)`; `None` where nothing
/// has a weight.
///
/// # Errors
/// As [`gravity`].
///
/// ```
/// # use lifecircle_access::{Linear, weighted_mean};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(0), FacilityIx(1), min(15))];
/// let matrix = TravelMatrix::new(2, 2, min(20), times)?;
/// // (8 · ¾ + 4 · ¼) / 1
/// assert_eq!(weighted_mean(&matrix, &[8.0, 4.0], &Linear::to_zero_at(min(20)))?, [Some(7.0), None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn weighted_mean(matrix: &TravelMatrix, values: &[f64], decay: &dyn Decay) -> Result<Vec<Option<f64>>> {
    check_column("values", values, matrix.columns())?;
    over_rows(matrix, decay, |around| {
        let total = reduce::sum(around.iter().map(|&(_, weight)| weight));
        let sum = reduce::sum(around.iter().map(|&(facility, weight)| values[facility] * weight));
        (total > 0.0).then(|| sum / total)
    })
}

/// The nearest facilities of every place, each weighted by its rank and by decay: `Σₖ wₖ f(cᵢ₍ₖ₎)`.
///
/// `rank_weights` holds `w₁, w₂, …`; facilities of higher rank do not count. Sorts every row by cost.
///
/// # Errors
/// As [`gravity`], for the weights.
///
/// ```
/// # use lifecircle_access::{Linear, ranked};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(15)), (DemandIx(0), FacilityIx(1), min(5))];
/// let matrix = TravelMatrix::new(1, 2, min(20), times)?;
/// // the nearest counts 3, the next 1: 3 · ¾ + 1 · ¼
/// assert_eq!(ranked(&matrix, &[3.0, 1.0], &Linear::to_zero_at(min(20)))?, [2.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn ranked(matrix: &TravelMatrix, rank_weights: &[f64], decay: &dyn Decay) -> Result<Vec<f64>> {
    check_column("rank weights", rank_weights, rank_weights.len())?;
    check_reach(matrix, decay.zero_beyond())?;
    let mut costs = vec![];
    let mut value = |row| {
        costs.clear();
        costs.extend(matrix.row(row).map(|(_, cost)| cost.raw()));
        costs.sort_unstable();
        let weights: Result<Vec<f64>> = costs
            .iter()
            .zip(rank_weights)
            .map(|(&raw, rank)| Ok(rank * weigh(decay, matrix.unit().cost(raw))?))
            .collect();
        Ok(reduce::sum(weights?))
    };
    rows(matrix).map(&mut value).collect()
}

/// The people around every facility, weighted by decay: `Bⱼ = Σᵢ Pᵢ f(cᵢⱼ)`, one value per column.
///
/// # Errors
/// As [`gravity`], for the people.
///
/// ```
/// # use lifecircle_access::{Linear, passive};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let matrix = TravelMatrix::new(1, 2, min(20), [(DemandIx(0), FacilityIx(1), min(5))])?;
/// assert_eq!(passive(&matrix, &[40.0], &Linear::to_zero_at(min(20)))?, [0.0, 30.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn passive(matrix: &TravelMatrix, people: &[f64], decay: &dyn Decay) -> Result<Vec<f64>> {
    check_column("people", people, matrix.rows())?;
    let pairs = Pairs::weighed(matrix, decay)?;
    Ok(pairs.around_facilities(people, &pairs.value))
}

/// The log-sum of the opportunities around every place: `s ln Σ Sⱼ exp(-cᵢⱼ / s)`, the expected benefit of
/// the best choice, in minutes or metres (Ben-Akiva & Lerman 1985).
///
/// `scale` is `s`, one over the λ of the literature; only costs of at most `limit` count. The result may be
/// negative: it is 0 where one opportunity stands at no cost, and `-c` where one stands at cost `c`. `None`
/// where no opportunity is in reach, since nothing has no benefit, not a benefit of 0.
///
/// # Errors
/// As [`gravity`]; [`Error::BadParameter`] when `scale` is zero.
///
/// ```
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let matrix = TravelMatrix::new(2, 1, min(15), [(DemandIx(0), FacilityIx(0), min(7))])?;
/// let found = lifecircle_access::log_sum(&matrix, &[1.0], min(10), min(15))?;
/// assert_eq!(found, [Some(-7.0), None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn log_sum(
    matrix: &TravelMatrix,
    opportunities: &[f64],
    scale: impl Into<Cost>,
    limit: impl Into<Cost>,
) -> Result<Vec<Option<f64>>> {
    let (scale, limit) = (scale.into(), limit.into());
    check_column("opportunities", opportunities, matrix.columns())?;
    check_reach(matrix, limit)?;
    if scale.unit() != limit.unit() {
        return Err(Error::OtherUnit { expected: limit.unit(), found: scale.unit() });
    }
    if scale.raw() == 0 {
        return Err(Error::BadParameter { what: "the scale", value: 0.0, expected: "a cost above zero" });
    }
    let (s, unit) = (f64::from(scale.raw()), raw_per_unit(matrix.unit()));
    Ok(rows(matrix)
        .map(|row| {
            let around = || {
                matrix
                    .row(row)
                    .map(|(facility, cost)| (opportunities[facility.index()], cost.raw()))
                    .filter(|&(amount, cost)| amount > 0.0 && cost <= limit.raw())
            };
            // relative to the least cost, so that no exponential underflows
            let least = f64::from(around().map(|(_, cost)| cost).min()?);
            let sum =
                reduce::sum(around().map(|(amount, cost)| amount * libm::exp((least - f64::from(cost)) / s)));
            Some((s * libm::log(sum) - least) / unit)
        })
        .collect())
}

/// Milliseconds in a minute, millimetres in a metre: the units of results that are no whole costs.
pub(crate) fn raw_per_unit(unit: CostUnit) -> f64 {
    match unit {
        CostUnit::Time => 60_000.0,
        CostUnit::Length => 1000.0,
    }
}

pub(crate) fn rows(matrix: &TravelMatrix) -> impl Iterator<Item = DemandIx> + use<> {
    (0..matrix.rows()).map(DemandIx::new)
}

/// What `summary` makes of the facilities of every row and their weights.
fn over_rows<T>(
    matrix: &TravelMatrix,
    decay: &dyn Decay,
    summary: impl Fn(&[(usize, f64)]) -> T,
) -> Result<Vec<T>> {
    check_reach(matrix, decay.zero_beyond())?;
    let mut around = vec![];
    let mut values = Vec::with_capacity(matrix.rows());
    for row in rows(matrix) {
        around.clear();
        for (facility, cost) in matrix.row(row) {
            around.push((facility.index(), weigh(decay, cost)?));
        }
        values.push(summary(&around));
    }
    Ok(values)
}
