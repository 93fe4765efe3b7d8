//! Laws that a decay or a measure of your own can be held to.

use lifecircle_types::reduce;

use crate::{Catchment, Decay, Error, Result};

/// Checks the contract of a decay at a thousand costs up to 1.2 times its limit, at the limit, at the ends of its
/// bands and one beyond each: weights are numbers from 0 to 1, never rise, are 0 beyond the limit, and those of
/// its bands.
///
/// # Errors
/// [`Error::BadDecay`] with the first cost at which it breaks.
///
/// ```
/// # use lifecircle_access::{Custom, check_decay};
/// # use lifecircle_types::{Cost, TravelTime};
/// let rising = Custom::new(TravelTime::from_minutes(10), |cost: Cost| f64::from(cost.raw()) / 1e6);
/// assert!(check_decay(&rising).is_err());
/// ```
pub fn check_decay(decay: &dyn Decay) -> Result<()> {
    let limit = decay.zero_beyond();
    let step = (u64::from(limit.raw()) * 6 / 5 / 1000).max(1);
    let regular = (0..=1000).map(|n| u32::try_from(n * step).unwrap_or(u32::MAX));
    let bands = decay.bands();
    let ends = bands.iter().map(|(upper, _)| upper.raw()).chain([limit.raw()]);
    let mut costs: Vec<u32> = regular.chain(ends.flat_map(|end| [end, end.saturating_add(1)])).collect();
    costs.sort_unstable();
    let mut together = vec![0.0; costs.len()];
    decay.weigh_all(limit.unit(), &costs, &mut together);
    let mut last = 1.0;
    for (at, together) in costs.into_iter().zip(together) {
        let cost = limit.unit().cost(at);
        let weight = decay.weight(cost);
        let of_band = bands.iter().find(|(upper, _)| at <= upper.raw()).map_or(0.0, |&(_, weight)| weight);
        let problem = if weight.to_bits() != together.to_bits() {
            "`weigh_all` gives another weight"
        } else if !bands.is_empty() && weight.to_bits() != of_band.to_bits() {
            "`bands` gives another weight"
        } else if bands.windows(2).any(|pair| pair[0].0.raw() >= pair[1].0.raw()) {
            "the ends of `bands` rise"
        } else if !(0.0..=1.0).contains(&weight) {
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

/// Checks that what places receive, `Σ Aᵢ Pᵢ`, is the supply of the facilities in use, to a part in a
/// billion.
///
/// It holds for [`CatchmentForm::TWO_STEP`] and [`CatchmentForm::THREE_STEP`] with any decay. The other forms
/// give away less or more on purpose.
///
/// [`CatchmentForm::TWO_STEP`]: crate::CatchmentForm::TWO_STEP
/// [`CatchmentForm::THREE_STEP`]: crate::CatchmentForm::THREE_STEP
///
/// # Errors
/// [`Error::Unequal`]; [`Error::LengthMismatch`] when a column does not fit the catchments.
///
/// ```
/// # use lifecircle_access::{Binary, CatchmentForm, catchment, check_conservation};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(1), FacilityIx(0), min(9))];
/// let matrix = TravelMatrix::new(2, 1, min(15), times)?;
/// let found = catchment(&matrix, &[6.0], &[1.0, 2.0], &Binary::within(min(15)), CatchmentForm::TWO_STEP)?;
/// check_conservation(&found, &[6.0], &[1.0, 2.0])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_conservation(catchment: &Catchment, supply: &[f64], demand: &[f64]) -> Result<()> {
    let lengths =
        [("supply", catchment.ratio.len(), supply.len()), ("demand", catchment.access.len(), demand.len())];
    for (what, expected, found) in lengths {
        if expected != found {
            return Err(Error::LengthMismatch { what, expected, found });
        }
    }
    let mut in_use = supply.to_vec();
    for facility in &catchment.unused {
        in_use[facility.index()] = 0.0;
    }
    let left = reduce::sum(in_use);
    let right = reduce::sum(catchment.access.iter().zip(demand).map(|(access, people)| access * people));
    if (left - right).abs() <= 1e-9 * left.max(right) {
        return Ok(());
    }
    let remedy = "this measure does not conserve supply";
    Err(Error::Unequal { left_name: "supplies in use", left, right_name: "shares received", right, remedy })
}
