//! Floating catchments: supply shared among those who compete for it.

use lifecircle_types::{TravelMatrix, reduce};

use crate::place::{check_column, check_reach, rows};
use crate::{Decay, Result};

/// Supply per person around every place by the two-step floating catchment method.
///
/// First each facility's supply is divided by the demand around it, `Rⱼ = Sⱼ / Σᵢ Pᵢ f(cᵢⱼ)`; then each place
/// adds up the ratios around it, `Aᵢ = Σⱼ Rⱼ f(cᵢⱼ)`. With [`Binary`](crate::Binary) this is Luo & Wang 2003, with
/// [`Stepped`](crate::Stepped) the enhanced form of Luo & Qi 2009. A facility with no demand in reach adds nothing;
/// a place with nothing in reach has 0. `Σ Aᵢ Pᵢ` equals the supply of the facilities with demand in reach.
///
/// # Errors
/// As [`gravity`](crate::gravity), for both columns.
pub fn two_step_fca(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
) -> Result<Vec<f64>> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    check_reach(matrix, decay.zero_beyond())?;
    let mut around: Vec<Vec<f64>> = vec![Vec::new(); matrix.columns()];
    for (place, facility, cost) in matrix.entries() {
        around[facility.index()].push(demand[place.index()] * decay.weight(cost));
    }
    let ratio: Vec<f64> = around
        .into_iter()
        .zip(supply)
        .map(|(demand, supply)| match reduce::sum(demand) {
            demand if demand > 0.0 => supply / demand,
            _ => 0.0,
        })
        .collect();
    Ok(rows(matrix)
        .map(|row| reduce::sum(matrix.row(row).map(|(f, cost)| ratio[f.index()] * decay.weight(cost))))
        .collect())
}
