//! Measures of a place without competition for supply. Each returns one value per row of the matrix.

use core::num::NonZeroU32;

use lifecircle_types::{Cost, DemandIx, TravelMatrix, reduce};

use crate::{Binary, Decay, Error, Result};

/// The cost of the `k`-th nearest facility of every place; `None` beyond the matrix's cutoff.
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
    let mut costs = Vec::new();
    rows(matrix)
        .map(|row| {
            costs.clear();
            costs.extend(matrix.row(row).map(|(_, cost)| cost.raw()));
            costs.sort_unstable();
            costs.get(k.get() as usize - 1).map(|&raw| matrix.unit().cost(raw))
        })
        .collect()
}

/// The opportunities within `cutoff` (inclusive) of every place: `Σ Sⱼ [cᵢⱼ ≤ T]`.
///
/// # Errors
/// As [`gravity`].
pub fn cumulative(matrix: &TravelMatrix, opportunities: &[f64], cutoff: impl Into<Cost>) -> Result<Vec<f64>> {
    gravity(matrix, opportunities, &Binary::within(cutoff))
}

/// The opportunities around every place, weighted by decay: `Σ Sⱼ f(cᵢⱼ)` (Hansen 1959).
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::BadValue`] for a negative or undefined opportunity,
/// [`Error::OtherUnit`], and [`Error::MatrixTooShort`] when the decay reaches beyond the matrix.
pub fn gravity(matrix: &TravelMatrix, opportunities: &[f64], decay: &dyn Decay) -> Result<Vec<f64>> {
    check_column("opportunities", opportunities, matrix.columns())?;
    check_reach(matrix, decay.zero_beyond())?;
    let weighted = |row| matrix.row(row).map(|(f, cost)| opportunities[f.index()] * decay.weight(cost));
    Ok(rows(matrix).map(|row| reduce::sum(weighted(row))).collect())
}

pub(crate) fn rows(matrix: &TravelMatrix) -> impl Iterator<Item = DemandIx> + use<> {
    (0..matrix.rows()).map(DemandIx::new)
}

pub(crate) fn check_column(what: &'static str, column: &[f64], expected: usize) -> Result<()> {
    if column.len() != expected {
        return Err(Error::LengthMismatch { what, expected, found: column.len() });
    }
    match column.iter().position(|value| !value.is_finite() || *value < 0.0) {
        Some(row) => Err(Error::BadValue { what, row, value: column[row] }),
        None => Ok(()),
    }
}

pub(crate) fn check_reach(matrix: &TravelMatrix, needed: Cost) -> Result<()> {
    let has = matrix.cutoff();
    if needed.unit() != has.unit() {
        return Err(Error::OtherUnit { matrix: has.unit(), measure: needed.unit() });
    }
    if needed.raw() > has.raw() { Err(Error::MatrixTooShort { needed, has }) } else { Ok(()) }
}
