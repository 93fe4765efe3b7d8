//! Choice: who goes where, when people weigh supply against cost.
//!
//! The people of place `i` go to facility `j` with the share `pᵢⱼ = Sⱼ Wᵢⱼ / (K + Σₖ Sₖ Wᵢₖ)`. `K` is the
//! pull of staying at home, 0 in Huff's model, where everybody who can go goes.

use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, reduce};

use crate::pairs::{Pairs, check_amount, check_column, places_where, share};
use crate::{Decay, Error, Result};

/// Who goes where.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Choice {
    /// Shares of a place's people who go to a facility, in the order of the matrix; shares of zero are left
    /// out.
    pub shares: Vec<(DemandIx, FacilityIx, f64)>,
    /// People expected at every facility.
    pub users: Vec<f64>,
    /// Share of every place's people who go anywhere; 0 where nothing is in reach.
    pub taking_part: Vec<f64>,
    /// Places with people and nothing in reach: they are no facility's users.
    pub excluded: Vec<DemandIx>,
}

/// Huff's model: `pᵢⱼ = Sⱼ Wᵢⱼ / Σₖ Sₖ Wᵢₖ`, and `Σᵢ Pᵢ pᵢⱼ` users of facility `j` (Huff 1963).
/// Linear in the pairs.
///
/// # Errors
/// As [`catchment`](crate::catchment).
///
/// ```
/// # use lifecircle_access::{Linear, huff};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(0), FacilityIx(1), min(15))];
/// let matrix = TravelMatrix::new(2, 2, min(20), times)?;
/// // one at ¾ against nine at ¼
/// let found = huff(&matrix, &[1.0, 9.0], &[40.0, 5.0], &Linear::to_zero_at(min(20)))?;
/// assert_eq!(found.users, [10.0, 30.0]);
/// assert_eq!(found.excluded, [DemandIx(1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn huff(matrix: &TravelMatrix, supply: &[f64], demand: &[f64], decay: &dyn Decay) -> Result<Choice> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    let pairs = Pairs::weighed(matrix, decay)?;
    let pull = pull(&pairs, supply);
    Ok(choose(&pairs, supply, demand, &pull, 0.0))
}

/// Huff's model with the choice to stay at home: `K = A (1 - s) / s`, where `A` is the pull `Σ S W` around
/// the median person among those who reach something, so that people there take part with the share `s`.
///
/// `typical_share` is `s`, above 0 and at most 1; a fifth is a usual share of walking trips.
///
/// # Errors
/// As [`huff`]; [`Error::BadParameter`] for a share outside its range.
///
/// ```
/// # use lifecircle_access::{Binary, participation};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let matrix = TravelMatrix::new(1, 1, min(15), [(DemandIx(0), FacilityIx(0), min(5))])?;
/// let found = participation(&matrix, &[7.0], &[40.0], &Binary::within(min(15)), 0.25)?;
/// assert_eq!((found.users[0], found.taking_part[0]), (10.0, 0.25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn participation(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
    typical_share: f64,
) -> Result<Choice> {
    if !(typical_share > 0.0 && typical_share <= 1.0) {
        let expected = "more than 0 and at most 1";
        return Err(Error::BadParameter { what: "the typical share", value: typical_share, expected });
    }
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    let pairs = Pairs::weighed(matrix, decay)?;
    let pull = pull(&pairs, supply);
    let staying = median_pull(&pull, demand) * (1.0 - typical_share) / typical_share;
    Ok(choose(&pairs, supply, demand, &pull, staying))
}

/// The diversity of choice of every place: the Hill number of Huff's shares, the number of equally attractive
/// facilities that would leave as much choice, `(Σ pᵢⱼ^q)^(1/(1-q))` (Hill 1973).
///
/// `order` is `q`: 0 counts facilities, 1 is the exponential of the Shannon entropy, 2 one over the chance
/// that two people meet. 0 where nothing is in reach. Linear in the pairs.
///
/// # Errors
/// As [`gravity`](crate::gravity); [`Error::BadParameter`] when `order` is negative or no number.
///
/// ```
/// # use lifecircle_access::{Binary, choice_diversity};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [0, 1, 2].map(|j| (DemandIx(0), FacilityIx(j), min(5)));
/// let matrix = TravelMatrix::new(2, 3, min(15), times)?;
/// let within = Binary::within(min(15));
/// assert_eq!(choice_diversity(&matrix, &[1.0, 1.0, 0.0], &within, 2.0)?, [2.0, 0.0]);
/// // shares of ¾ and ¼: 1 / (9/16 + 1/16)
/// let found = choice_diversity(&matrix, &[3.0, 1.0, 0.0], &within, 2.0)?;
/// assert!((found[0] - 1.6).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn choice_diversity(
    matrix: &TravelMatrix,
    supply: &[f64],
    decay: &dyn Decay,
    order: f64,
) -> Result<Vec<f64>> {
    check_column("supply", supply, matrix.columns())?;
    let order = check_amount("the order", order)?;
    let pairs = Pairs::weighed(matrix, decay)?;
    let pull = pull(&pairs, supply);
    let number = |place: usize| {
        let p = |pair: usize| share(pairs.at_facility(supply, pair) * pairs.value[pair], pull[place]);
        let shares = || pairs.of_place(place).map(p).filter(|&p| p > 0.0);
        let largest = shares().fold(0.0, f64::max);
        if largest <= 0.0 {
            return 0.0;
        }
        if (order - 1.0).abs() < 1e-9 {
            return libm::exp(reduce::sum(shares().map(|p| -p * libm::log(p))));
        }
        // relative to the largest share, whose power would underflow at high orders
        let sum = reduce::sum(shares().map(|p| libm::pow(p / largest, order)));
        libm::pow(largest, order / (1.0 - order)) * libm::pow(sum, 1.0 / (1.0 - order))
    };
    Ok((0..pairs.places()).map(number).collect())
}

fn pull(pairs: &Pairs<'_>, supply: &[f64]) -> Vec<f64> {
    pairs.around_places(supply, &pairs.value)
}

fn choose(pairs: &Pairs<'_>, supply: &[f64], demand: &[f64], pull: &[f64], staying: f64) -> Choice {
    let p =
        |k: usize| share(pairs.at_facility(supply, k) * pairs.value[k], staying + pairs.at_place(pull, k));
    Choice {
        shares: (0..pairs.len()).map(|k| pairs.named(k, p(k))).filter(|share| share.2 > 0.0).collect(),
        users: pairs.facility_sums(|k| pairs.at_place(demand, k) * p(k)),
        taking_part: pull.iter().map(|&pull| share(pull, staying + pull)).collect(),
        excluded: places_where(demand.len(), |place| demand[place] > 0.0 && pull[place] <= 0.0),
    }
}

/// The least pull at which half of the people who reach something have at most that; 0 when nobody does.
fn median_pull(pull: &[f64], demand: &[f64]) -> f64 {
    let mut people: Vec<(f64, f64)> = pull
        .iter()
        .zip(demand)
        .map(|(&pull, &people)| (pull, people))
        .filter(|&(pull, _)| pull > 0.0)
        .collect();
    people.sort_by(|one, other| one.0.total_cmp(&other.0));
    let half = reduce::sum(people.iter().map(|&(_, people)| people)) / 2.0;
    let mut below = 0.0;
    for &(pull, count) in &people {
        below = reduce::sum([below, count]);
        if below >= half && half > 0.0 {
            return pull;
        }
    }
    0.0
}
