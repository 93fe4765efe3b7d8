//! Costs to what is near: how far until there is one, `k`, or enough.
//!
//! Costs are inclusive and within the matrix; what would lie beyond its cutoff is `None`, never a large
//! number.

use core::num::NonZeroU32;

use lifecircle_types::{Cost, DemandIx, TravelMatrix, reduce};

use crate::Result;
use crate::gravity::rows;
use crate::pairs::{check_amount, check_column, check_reach, cost_of_amount};

/// The cost of the `k`-th nearest facility of every place; `None` beyond the matrix's cutoff. Sorts every
/// row.
///
/// ```
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// # use core::num::NonZeroU32;
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(9)), (DemandIx(0), FacilityIx(1), min(4))];
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// let second = NonZeroU32::new(2).unwrap();
/// assert_eq!(lifecircle_access::nearest(&matrix, second), [Some(min(9).into())]);
/// # Ok::<(), lifecircle_types::InvalidMatrix>(())
/// ```
#[must_use]
pub fn nearest(matrix: &TravelMatrix, k: NonZeroU32) -> Vec<Option<Cost>> {
    of_nearest(matrix, k, |nearest| nearest[nearest.len() - 1])
}

/// The mean cost of the `k` nearest facilities of every place, rounded to the nearest millisecond or
/// millimetre; `None` where fewer than `k` stand within the matrix's cutoff.
///
/// ```
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// # use core::num::NonZeroU32;
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(9)), (DemandIx(0), FacilityIx(1), min(5))];
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// let two = NonZeroU32::new(2).unwrap();
/// assert_eq!(lifecircle_access::mean_of_nearest(&matrix, two), [Some(min(7).into())]);
/// # Ok::<(), lifecircle_types::InvalidMatrix>(())
/// ```
#[must_use]
pub fn mean_of_nearest(matrix: &TravelMatrix, k: NonZeroU32) -> Vec<Option<Cost>> {
    of_nearest(matrix, k, |nearest| {
        let (sum, k) = (nearest.iter().copied().map(u64::from).sum::<u64>(), u64::from(k.get()));
        u32::try_from((sum + k / 2) / k).unwrap_or(u32::MAX)
    })
}

/// What `summary` makes of the costs of the `k` nearest, which rise.
fn of_nearest(matrix: &TravelMatrix, k: NonZeroU32, summary: impl Fn(&[u32]) -> u32) -> Vec<Option<Cost>> {
    let mut costs = Vec::new();
    rows(matrix)
        .map(|row| {
            costs.clear();
            costs.extend(matrix.row(row).map(|(_, cost)| cost.raw()));
            costs.sort_unstable();
            costs.get(..k.get() as usize).map(|nearest| matrix.unit().cost(summary(nearest)))
        })
        .collect()
}

/// The least cost within which every place finds the supply that it needs: `min { t : Σ Sⱼ [cᵢⱼ ≤ t] ≥ nᵢ }`.
///
/// With one unit per facility and a need of `k` it is the `k`-th nearest; with the people of each place as
/// its need it is the balancing cost of those who live there alone. A need of 0 is met at no cost; one that
/// is not met within the matrix's cutoff gives `None`. Sorts every row by cost.
///
/// # Errors
/// [`Error::LengthMismatch`](crate::Error::LengthMismatch) and [`Error::BadValue`](crate::Error::BadValue)
/// for either column.
///
/// ```
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(9)), (DemandIx(0), FacilityIx(1), min(5))];
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// let jobs = [40.0, 60.0];
/// assert_eq!(lifecircle_access::cost_of_supply(&matrix, &jobs, &[60.0])?, [Some(min(5).into())]);
/// assert_eq!(lifecircle_access::cost_of_supply(&matrix, &jobs, &[61.0])?, [Some(min(9).into())]);
/// assert_eq!(lifecircle_access::cost_of_supply(&matrix, &jobs, &[101.0])?, [None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cost_of_supply(matrix: &TravelMatrix, supply: &[f64], needed: &[f64]) -> Result<Vec<Option<Cost>>> {
    check_column("supply", supply, matrix.columns())?;
    check_column("needed supply", needed, matrix.rows())?;
    let mut rising = vec![];
    let mut cost = |row: DemandIx| {
        by_cost(matrix, row, supply, &mut rising);
        cost_of_amount(&rising, needed[row.index()]).map(|raw| matrix.unit().cost(raw))
    };
    Ok(rows(matrix).map(&mut cost).collect())
}

/// The least cost within which supply keeps up with people: `min { t : Σ Sⱼ [cᵢⱼ ≤ t] ≥ r Σₖ Pₖ [cᵢₖ ≤ t] }`
/// (Barboza et al. 2021).
///
/// `neighbours` holds the costs between places, each with itself; it has to reach as far as `matrix`. `ratio`
/// is the supply that a person needs. `None` where supply never keeps up within the matrix's cutoff. Sorts
/// every row of both.
///
/// # Errors
/// As [`cost_of_supply`]; [`Error::BadParameter`](crate::Error::BadParameter) for the ratio;
/// [`Error::MatrixTooShort`](crate::Error::MatrixTooShort) and [`Error::OtherUnit`](crate::Error::OtherUnit)
/// for the neighbours.
///
/// ```
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let jobs = [(0, 3), (1, 9)].map(|(j, t)| (DemandIx(0), FacilityIx(j), min(t)));
/// let jobs = TravelMatrix::new(1, 2, min(15), jobs)?;
/// let homes = TravelMatrix::new(1, 1, min(15), [(DemandIx(0), FacilityIx(0), min(0))])?;
/// // one job per person: the 30 at three minutes do not do for 50 people, the 60 within nine do
/// let found = lifecircle_access::balancing_cost(&jobs, &[30.0, 30.0], &homes, &[50.0], 1.0)?;
/// assert_eq!(found, [Some(min(9).into())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn balancing_cost(
    matrix: &TravelMatrix,
    supply: &[f64],
    neighbours: &TravelMatrix,
    demand: &[f64],
    ratio: f64,
) -> Result<Vec<Option<Cost>>> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    check_column("demand", demand, neighbours.rows())?;
    check_column("demand", demand, neighbours.columns())?;
    check_reach(neighbours, matrix.cutoff())?;
    let ratio = check_amount("the supply that a person needs", ratio)?;
    let (mut offers, mut people) = (vec![], vec![]);
    let mut cost = |row: DemandIx| {
        by_cost(matrix, row, supply, &mut offers);
        by_cost(neighbours, row, demand, &mut people);
        let (mut offered, mut living) = (0.0, 0.0);
        let (mut next_offer, mut next_person) = (0, 0);
        // people only make it worse, so supply catches up at no cost or where there is more of it
        for at in core::iter::once(0).chain(offers.iter().map(|&(cost, _)| cost)) {
            while let Some(&(_, amount)) = offers.get(next_offer).filter(|offer| offer.0 <= at) {
                offered = reduce::sum([offered, amount]);
                next_offer += 1;
            }
            while let Some(&(_, amount)) = people.get(next_person).filter(|person| person.0 <= at) {
                living = reduce::sum([living, amount]);
                next_person += 1;
            }
            if offered >= ratio * living {
                return Some(matrix.unit().cost(at));
            }
        }
        None
    };
    Ok(rows(matrix).map(&mut cost).collect())
}

/// What `amounts` hold in a row, from near to far, ties by index.
fn by_cost(matrix: &TravelMatrix, row: DemandIx, amounts: &[f64], rising: &mut Vec<(u32, f64)>) {
    rising.clear();
    rising.extend(matrix.row(row).map(|(column, cost)| (cost.raw(), amounts[column.index()])));
    rising.sort_by_key(|&(cost, _)| cost);
}
