//! Hierarchies: to a facility of the first level, and from there on, level by level.
//!
//! A chain `j₁, j₂, …, jₗ` has one facility of every level. It costs `c(i, j₁) + Σ r(jₖ, jₖ₊₁)`, where `c` leads from
//! homes to the first level and `r` along referrals.

use lifecircle_types::{Cost, FacilityIx, TravelMatrix};

use crate::gravity::rows;
use crate::pairs::check_length;
use crate::{Error, Result};

/// Which way people go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Referral {
    /// By the chain that is cheapest to the level in question, though its first steps may be longer.
    #[default]
    Cheapest,
    /// To the nearest facility of the first level, and from each to the nearest of the next; of equally near ones to the
    /// first in the order of columns.
    Stepwise,
}

/// What it costs to get to every level, per level and place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Levels {
    /// `cost[l][i]`: from place `i` to level `l` (0 is the first), along all levels between; `None` where no chain leads
    /// there.
    pub cost: Vec<Vec<Option<Cost>>>,
    /// `chain[i]`: the facilities on the way to the last level that is reached, one of every level.
    pub chain: Vec<Vec<FacilityIx>>,
}

/// The cost from every place to the first level of a service and on to the others, such as from a health station to a
/// community centre and to a hospital.
///
/// `first` leads from places to the first level; `links[k]` from the facilities of level `k` (its rows) to those of level
/// `k + 1` (its columns): with the pairs of a register of referrals alone, people go only where they are sent; with all
/// pairs, anywhere. A leg beyond the cutoff of its matrix is not seen. Of chains that cost as much the one is taken whose
/// first facility comes first, then its second, and so on. O(pairs) of all matrices.
///
/// # Errors
/// [`Error::LengthMismatch`] where a link does not start where the one before ends; [`Error::OtherUnit`] where matrices
/// count differently.
///
/// ```
/// # use lifecircle_access::{Referral, levels};
/// # use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let to = |i, j, t| (DemandIx(i), FacilityIx(j), min(t));
/// // the near station is 5 minutes away and 30 from the hospital, the far one 10 and 12
/// let stations = TravelMatrix::new(1, 2, min(60), [to(0, 0, 5), to(0, 1, 10)])?;
/// let hospital = TravelMatrix::new(2, 1, min(60), [to(0, 0, 30), to(1, 0, 12)])?;
/// let cheapest = levels(&stations, &[&hospital], Referral::Cheapest)?;
/// assert_eq!(cheapest.cost, [[Some(min(5).into())], [Some(min(22).into())]]);
/// assert_eq!(cheapest.chain, [[FacilityIx(1), FacilityIx(0)]]);
/// let stepwise = levels(&stations, &[&hospital], Referral::Stepwise)?;
/// assert_eq!(stepwise.cost[1], [Some(Cost::from(min(35)))]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn levels(first: &TravelMatrix, links: &[&TravelMatrix], referral: Referral) -> Result<Levels> {
    let mut columns = first.columns();
    for link in links {
        check_length("a level of referrals", link.rows(), columns)?;
        if link.unit() != first.unit() {
            return Err(Error::OtherUnit { expected: first.unit(), found: link.unit() });
        }
        columns = link.columns();
    }
    Ok(match referral {
        Referral::Cheapest => cheapest(first, links),
        Referral::Stepwise => stepwise(first, links),
    })
}

/// The cheapest way on from a facility: its cost and its next facility.
type Step = Option<(u64, FacilityIx)>;

/// The least of the entries of every row, each with what comes after it; of equals the first.
fn least_of_rows(matrix: &TravelMatrix, after: impl Fn(FacilityIx) -> Option<u64>) -> Vec<Step> {
    let total = |(to, cost): (FacilityIx, Cost)| Some((u64::from(cost.raw()) + after(to)?, to));
    rows(matrix).map(|row| matrix.row(row).filter_map(total).min()).collect()
}

fn cheapest(first: &TravelMatrix, links: &[&TravelMatrix]) -> Levels {
    let mut found = Levels { cost: vec![], chain: vec![vec![]; first.rows()] };
    for level in 0..=links.len() {
        // from the last link back: what it costs from a facility to this level
        let mut ways: Vec<Vec<Step>> = Vec::new();
        for link in links[..level].iter().rev() {
            ways.push(least_of_rows(link, |to| on(ways.last(), to)));
        }
        let starts = least_of_rows(first, |to| on(ways.last(), to));
        for (chain, start) in found.chain.iter_mut().zip(&starts) {
            let mut next = start.map(|(_, facility)| facility);
            if next.is_some() {
                chain.clear();
            }
            let mut ahead = ways.iter().rev();
            while let Some(facility) = next {
                chain.push(facility);
                next = ahead.next().and_then(|steps| steps[facility.index()]).map(|(_, facility)| facility);
            }
        }
        found.cost.push(starts.iter().map(|start| start.map(|(raw, _)| cost(first, raw))).collect());
    }
    found
}

/// What is left to pay at `facility` where `steps` lead on, nothing where the level is reached.
fn on(steps: Option<&Vec<Step>>, facility: FacilityIx) -> Option<u64> {
    match steps {
        Some(steps) => steps[facility.index()].map(|(raw, _)| raw),
        None => Some(0),
    }
}

fn stepwise(first: &TravelMatrix, links: &[&TravelMatrix]) -> Levels {
    let mut at = least_of_rows(first, |_| Some(0));
    let mut found = Levels { cost: vec![], chain: vec![vec![]; first.rows()] };
    for level in 0..=links.len() {
        if level > 0 {
            let steps = least_of_rows(links[level - 1], |_| Some(0));
            for at in &mut at {
                *at = at.and_then(|(paid, facility)| {
                    steps[facility.index()].map(|(more, next)| (paid + more, next))
                });
            }
        }
        for (chain, at) in found.chain.iter_mut().zip(&at) {
            chain.extend(at.map(|(_, facility)| facility));
        }
        found.cost.push(at.iter().map(|at| at.map(|(raw, _)| cost(first, raw))).collect());
    }
    found
}

fn cost(matrix: &TravelMatrix, raw: u64) -> Cost {
    matrix.unit().cost(u32::try_from(raw).unwrap_or(u32::MAX))
}
