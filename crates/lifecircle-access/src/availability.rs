//! The constrained family: what the measures give away is what there is.
//!
//! `Pᵢ` people or trips of place `i`, `Sⱼ` supply of facility `j`, `Wᵢⱼ` the weight a decay gives to their
//! cost. The members differ in which totals they keep: all of the supply at once (total), that of every
//! facility (single), or that of every facility and of every place (double).

use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, reduce};

use crate::catchment::share_out;
use crate::pairs::{Pairs, check_amount, check_column, facilities_where, places_where};
use crate::{CatchmentForm, Decay, Error, Result};

/// Supply that the people of every place can call theirs.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Availability {
    /// Supply of every place; adds up to the supply of the facilities in use.
    pub available: Vec<f64>,
    /// Supply per person; `None` for a place without people.
    pub per_person: Vec<Option<f64>>,
    /// Facilities that nobody claims.
    pub unused: Vec<FacilityIx>,
}

/// Spatial availability: every facility is divided among the places in proportion to `Pᵢ^α Wᵢⱼ`
/// (Soukhov et al. 2023), `Vᵢ = Σⱼ Sⱼ Pᵢ^α Wᵢⱼ / Σₖ Pₖ^α Wₖⱼ`.
///
/// `alpha` above 1 favours large places, below 1 small ones. With 1 it is [`singly_constrained`], and the
/// supply per person is that of [`two_step_fca`](crate::two_step_fca). A place without people claims nothing,
/// whatever `alpha`. Linear in the pairs.
///
/// # Errors
/// As [`catchment`](crate::catchment); [`Error::BadParameter`] when `alpha` is negative or no number.
///
/// ```
/// # use lifecircle_access::{Binary, spatial_availability};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(1), FacilityIx(0), min(9))];
/// let matrix = TravelMatrix::new(2, 1, min(15), times)?;
/// let within = Binary::within(min(15));
/// let found = spatial_availability(&matrix, &[80.0], &[10.0, 30.0], &within, 1.0)?;
/// assert_eq!(found.available, [20.0, 60.0]);
/// // squares of people: 100 to 900
/// let found = spatial_availability(&matrix, &[80.0], &[10.0, 30.0], &within, 2.0)?;
/// assert!((found.available[0] - 8.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn spatial_availability(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
    alpha: f64,
) -> Result<Availability> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    let alpha = check_amount("alpha", alpha)?;
    // relative to the largest place, so that no power overflows; the factor cancels out
    let largest = demand.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let claim = |&people: &f64| if people > 0.0 { libm::pow(people / largest, alpha) } else { 0.0 };
    let claims: Vec<f64> = demand.iter().map(claim).collect();
    let found = share_out(&[(Pairs::weighed(matrix, decay)?, &claims)], supply, CatchmentForm::TWO_STEP);
    let available: Vec<f64> =
        found.access[0].iter().zip(&claims).map(|(access, claim)| access * claim).collect();
    let per_person = available.iter().zip(demand);
    let per_person = per_person.map(|(&supply, &people)| (people > 0.0).then(|| supply / people)).collect();
    Ok(Availability { available, per_person, unused: found.unused })
}

/// The singly constrained model: every facility gives exactly its supply, in proportion to `Pᵢ Wᵢⱼ`.
///
/// [`spatial_availability`] with `alpha` 1.
///
/// # Errors
/// As [`spatial_availability`].
pub fn singly_constrained(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
) -> Result<Availability> {
    spatial_availability(matrix, supply, demand, decay, 1.0)
}

/// Accessibility by the totally constrained model.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct TotallyConstrained {
    /// Supply of every place; adds up to the supply in reach.
    pub available: Vec<f64>,
    /// The factor `K` on plain gravity; `None` when nothing is in reach.
    pub factor: Option<f64>,
    /// Facilities that no place has a weight for: they give nothing away.
    pub unused: Vec<FacilityIx>,
}

/// The totally constrained model: gravity scaled so that all places together have the supply in reach,
/// `Aᵢ = K Σⱼ Sⱼ Wᵢⱼ` with `K = Σ S / Σᵢ Σⱼ Sⱼ Wᵢⱼ` (Soukhov et al. 2025). People do not enter. Linear in the
/// pairs.
///
/// # Errors
/// As [`gravity`](crate::gravity).
///
/// ```
/// # use lifecircle_access::{Linear, totally_constrained};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(1), FacilityIx(0), min(15))];
/// let matrix = TravelMatrix::new(2, 1, min(20), times)?;
/// // weights of ¾ and ¼ divide the twelve
/// let found = totally_constrained(&matrix, &[12.0], &Linear::to_zero_at(min(20)))?;
/// assert_eq!((found.available, found.factor), (vec![9.0, 3.0], Some(1.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn totally_constrained(
    matrix: &TravelMatrix,
    supply: &[f64],
    decay: &dyn Decay,
) -> Result<TotallyConstrained> {
    check_column("supply", supply, matrix.columns())?;
    let pairs = Pairs::weighed(matrix, decay)?;
    let reached = pairs.facility_sums(|k| pairs.value[k]);
    let unreached = |facility: usize| reached[facility] <= 0.0;
    let in_reach =
        (0..supply.len()).filter(|&facility| !unreached(facility)).map(|facility| supply[facility]);
    let around = pairs.around_places(supply, &pairs.value);
    let total = reduce::sum(around.iter().copied());
    let factor = (total > 0.0).then(|| reduce::sum(in_reach) / total);
    let available = around.into_iter().map(|around| factor.unwrap_or(0.0) * around).collect();
    Ok(TotallyConstrained { available, factor, unused: facilities_where(supply.len(), unreached) })
}

/// Flows by the doubly constrained model.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DoublyConstrained {
    /// Flows by place and facility, in the order of the matrix.
    pub flows: Vec<(DemandIx, FacilityIx, f64)>,
    /// Rounds of balancing made.
    pub rounds: usize,
    /// The largest relative difference between what a place sends and what it has.
    pub residual: f64,
    /// Places with something to send and nothing in reach that takes it.
    pub excluded: Vec<DemandIx>,
    /// Facilities to which nothing can be sent.
    pub unused: Vec<FacilityIx>,
}

/// Rounds after which [`doubly_constrained`] gives up.
const MOST_ROUNDS: usize = 10_000;

/// The doubly constrained model: `Tᵢⱼ = aᵢ Oᵢ bⱼ Dⱼ Wᵢⱼ` with the factors that make every place send `Oᵢ` and
/// every facility receive `Dⱼ` (Wilson 1971).
///
/// The factors are balanced in turn until no place is off by more than `tolerance` of what it has (1e-6 is
/// plenty); facilities then receive theirs to rounding. Places and facilities without a partner are listed
/// and left out; what the others send and receive must be equal. Linear in the pairs per round.
///
/// # Errors
/// As [`catchment`](crate::catchment); [`Error::Unequal`] when the totals differ by more than a part in a
/// billion; [`Error::NoConvergence`] after 10,000 rounds, as when no flows fit; [`Error::BadParameter`] for
/// the tolerance.
///
/// ```
/// # use lifecircle_access::{Binary, doubly_constrained};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(i, j)| (DemandIx(i), FacilityIx(j), min(5)));
/// let matrix = TravelMatrix::new(2, 2, min(15), times)?;
/// // all equally far: flows are products of the shares
/// let found = doubly_constrained(&matrix, &[30.0, 10.0], &[20.0, 20.0], &Binary::within(min(15)), 1e-9)?;
/// assert_eq!(found.flows[0], (DemandIx(0), FacilityIx(0), 15.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn doubly_constrained(
    matrix: &TravelMatrix,
    origins: &[f64],
    destinations: &[f64],
    decay: &dyn Decay,
    tolerance: f64,
) -> Result<DoublyConstrained> {
    check_column("origins", origins, matrix.rows())?;
    check_column("destinations", destinations, matrix.columns())?;
    let tolerance = check_amount("the tolerance", tolerance)?;
    let pairs = Pairs::weighed(matrix, decay)?;
    let pull = |column: &[f64]| pairs.around_places(column, &pairs.value);
    let push = |column: &[f64]| pairs.around_facilities(column, &pairs.value);
    // partners are pairs with something on both sides
    let (pulled, pushed) = (pull(destinations), push(origins));
    let (sends, receives) = (|i: usize| pulled[i] > 0.0, |j: usize| pushed[j] > 0.0);
    let kept = |column: &[f64], keep: &dyn Fn(usize) -> bool| -> Vec<f64> {
        column.iter().enumerate().map(|(at, &amount)| if keep(at) { amount } else { 0.0 }).collect()
    };
    let (sent, received) = (kept(origins, &sends), kept(destinations, &receives));
    let [left, right] = [&sent, &received].map(|column| reduce::sum(column.iter().copied()));
    if (left - right).abs() > 1e-9 * left.max(right) {
        let (left_name, right_name) = ("origins with a partner", "destinations with a partner");
        let remedy = "scale one column to the other";
        return Err(Error::Unequal { left_name, left, right_name, right, remedy });
    }
    let quotients = |column: &[f64], sums: &[f64]| -> Vec<f64> {
        column.iter().zip(sums).map(|(&amount, &sum)| if sum > 0.0 { amount / sum } else { 0.0 }).collect()
    };
    let excluded = places_where(sent.len(), |place| origins[place] > 0.0 && !sends(place));
    let unused = facilities_where(received.len(), |facility| !receives(facility));
    // a O, and b D below
    let mut from = quotients(&sent, &pull(&received));
    let mut rounds = 0;
    loop {
        rounds += 1;
        let to = quotients(&received, &push(&from));
        let sums = pull(&to);
        let off = |i: usize| if sent[i] > 0.0 { (from[i] * sums[i] / sent[i] - 1.0).abs() } else { 0.0 };
        let residual = (0..sent.len()).map(off).fold(0.0, f64::max);
        if residual <= tolerance {
            let flow = |k| pairs.at_place(&from, k) * pairs.at_facility(&to, k) * pairs.value[k];
            let flows =
                (0..pairs.len()).map(|k| pairs.named(k, flow(k))).filter(|flow| flow.2 > 0.0).collect();
            return Ok(DoublyConstrained { flows, rounds, residual, excluded, unused });
        }
        if rounds == MOST_ROUNDS {
            return Err(Error::NoConvergence { rounds, residual });
        }
        from = quotients(&sent, &sums);
    }
}
