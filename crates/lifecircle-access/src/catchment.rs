//! Floating catchments: supply shared among those who compete for it.
//!
//! `Pᵢ` people of place `i`, `Sⱼ` supply of facility `j`, `Wᵢⱼ` the weight a decay gives to their cost. Every
//! measure here is one kernel with two weights per pair: `aᵢⱼ`, how much the people of `i` compete for `j`,
//! and `bᵢⱼ`, how much of what `j` offers each of them `i` receives.
//!
//! ```text
//! Rⱼ = Sⱼ / Σᵢ Pᵢ aᵢⱼ        supply per person who competes
//! Aᵢ = Σⱼ Rⱼ bᵢⱼ             supply per person of the place
//! ```
//!
//! A [`CatchmentForm`] names both as products of [`Factor`]s, so a further measure is a constant of this
//! type. A facility for which nobody competes has `R = 0` and is listed; a place with nothing in reach
//! has `A = 0`.

use std::borrow::Cow;

use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, reduce};

use crate::pairs::{
    Pairs, Weights, check_amount, check_column, check_reach, cost_of_amount, facilities_where, places_where,
    share,
};
use crate::{Decay, Result};

/// One factor of the weight of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// The decay `Wᵢⱼ`.
    Decay,
    /// The pair's share of the weights of its place `Wᵢⱼ / Σₖ Wᵢₖ`: people divide themselves.
    PlaceShare,
    /// The pair's share of the weights of its facility `Wᵢⱼ / Σₖ Wₖⱼ`: supply divides itself.
    FacilityShare,
    /// The share of people who choose the facility by its supply and weight `Sⱼ Wᵢⱼ / Σₖ Sₖ Wᵢₖ` (Huff).
    HuffShare,
}

/// A catchment measure: the weights with which people compete for supply, and with which they receive it.
///
/// ```
/// # use lifecircle_access::{CatchmentForm, Factor};
/// // a form of your own: people divide themselves, what they receive decays
/// let receiving = &[Factor::PlaceShare, Factor::Decay];
/// let own = CatchmentForm { competing: &[Factor::PlaceShare], receiving };
/// assert_ne!(own, CatchmentForm::THREE_STEP);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatchmentForm {
    /// The factors of `a`.
    pub competing: &'static [Factor],
    /// The factors of `b`.
    pub receiving: &'static [Factor],
}

impl CatchmentForm {
    /// 2SFCA with [`Binary`](crate::Binary) (Luo & Wang 2003), E2SFCA with [`Stepped`](crate::Stepped) (Luo &
    /// Qi 2009), G2SFCA with [`TruncatedGaussian`](crate::TruncatedGaussian) (Dai 2010), KD2SFCA with
    /// [`Kernel`](crate::Kernel) (Dai & Wang 2011): `a = b = W`. Conserves supply.
    pub const TWO_STEP: Self = Self { competing: &[Factor::Decay], receiving: &[Factor::Decay] };
    /// 3SFCA: `a = b = G W` with `G` the share among the facilities in reach (Wan, Zou & Sternberg 2012).
    /// Conserves supply.
    pub const THREE_STEP: Self = Self {
        competing: &[Factor::PlaceShare, Factor::Decay],
        receiving: &[Factor::PlaceShare, Factor::Decay],
    };
    /// M2SFCA: `a = W, b = W²`, so that distance lowers the total too (Delamater 2013).
    pub const MODIFIED: Self =
        Self { competing: &[Factor::Decay], receiving: &[Factor::Decay, Factor::Decay] };
    /// MH3SFCA: `a = H, b = H W` with `H` Huff's share (Jörg et al. 2019). Gives away at most the supply.
    pub const HUFF: Self =
        Self { competing: &[Factor::HuffShare], receiving: &[Factor::HuffShare, Factor::Decay] };
    /// BFCA: `a` the share of the place, `b` that of the facility (Páez, Higgins & Vivona 2019).
    /// `Σ Aᵢ = Σ Rⱼ`; what it gives is a level of service, not to be multiplied by people.
    pub const BALANCED: Self = Self { competing: &[Factor::PlaceShare], receiving: &[Factor::FacilityShare] };
}

/// What a catchment measure finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catchment {
    /// Supply per person of every place; 0 where nothing is in reach.
    pub access: Vec<f64>,
    /// Supply per competing person of every facility; 0 where nobody competes.
    pub ratio: Vec<f64>,
    /// Facilities for which nobody competes: no place with people has a weight for them.
    pub unused: Vec<FacilityIx>,
}

/// One group of people: where they live and how far they go.
#[derive(Clone, Copy)]
pub struct Group<'a> {
    /// Costs at the group's own pace; the columns are those of every other group.
    pub matrix: &'a TravelMatrix,
    /// People of the group by row.
    pub demand: &'a [f64],
    /// How the group's weight falls.
    pub decay: &'a dyn Decay,
}

impl core::fmt::Debug for Group<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Group").field("demand", &self.demand).finish_non_exhaustive()
    }
}

/// What a catchment measure finds for groups that share supply.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GroupedCatchment {
    /// Per group, supply per person of every place.
    pub access: Vec<Vec<f64>>,
    /// Supply per competing person of every facility, the same for all groups.
    pub ratio: Vec<f64>,
    /// Facilities for which nobody of any group competes.
    pub unused: Vec<FacilityIx>,
}

/// Supply per person around every place by the two-step floating catchment method: the form to report by
/// default.
///
/// [`catchment`] with [`CatchmentForm::TWO_STEP`].
///
/// # Errors
/// As [`catchment`].
///
/// ```
/// # use lifecircle_access::{Binary, two_step_fca};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(1), FacilityIx(0), min(9))];
/// let matrix = TravelMatrix::new(3, 2, min(15), times)?;
/// // six places for one and two people; nobody reaches the second facility, the third place reaches nothing
/// let found = two_step_fca(&matrix, &[6.0, 4.0], &[1.0, 2.0, 8.0], &Binary::within(min(15)))?;
/// assert_eq!(found.access, [2.0, 2.0, 0.0]);
/// assert_eq!(found.unused, [FacilityIx(1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn two_step_fca(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
) -> Result<Catchment> {
    catchment(matrix, supply, demand, decay, CatchmentForm::TWO_STEP)
}

/// Supply per person around every place, by the measure that `form` names; linear in the pairs.
///
/// # Errors
/// As [`gravity`](crate::gravity), for both columns.
///
/// ```
/// # use lifecircle_access::{CatchmentForm, Linear, catchment};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let matrix = TravelMatrix::new(1, 1, min(20), [(DemandIx(0), FacilityIx(0), min(5))])?;
/// // W = ¾: R = 6 / (2 · ¾) = 4, A = 4 · (¾)²
/// let found = catchment(&matrix, &[6.0], &[2.0], &Linear::to_zero_at(min(20)), CatchmentForm::MODIFIED)?;
/// assert_eq!((found.ratio[0], found.access[0]), (4.0, 2.25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn catchment(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
    form: CatchmentForm,
) -> Result<Catchment> {
    let found = catchments(matrix, supply, demand, decay, &[form])?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Several forms at once: the decay is evaluated once per pair. One result per form, in their order; linear
/// in the pairs times the forms.
///
/// # Errors
/// As [`catchment`].
pub fn catchments(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
    forms: &[CatchmentForm],
) -> Result<Vec<Catchment>> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    let groups = [(Pairs::weighed(matrix, decay)?, demand)];
    let ungrouped = |found: GroupedCatchment| Catchment {
        access: found.access.into_iter().next().unwrap_or_default(),
        ratio: found.ratio,
        unused: found.unused,
    };
    Ok(forms.iter().map(|&form| ungrouped(share_out(&groups, supply, form))).collect())
}

/// Catchments of groups that share supply but differ in pace or range: one ratio per facility,
/// `Rⱼ = Sⱼ / Σ_g Σᵢ P_gᵢ a_gᵢⱼ`.
///
/// Catchments that differ by service are calls of their own, since services share nothing. Linear in the
/// pairs.
///
/// # Errors
/// As [`catchment`], for every group; the supply has to fit the columns of each.
///
/// ```
/// # use lifecircle_access::{Binary, CatchmentForm, Group, grouped_catchment};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let matrix = TravelMatrix::new(1, 1, min(15), [(DemandIx(0), FacilityIx(0), min(12))])?;
/// // thirty adults go 15 minutes, ten children only 10: all of the supply is left to the adults
/// let adults = Group { matrix: &matrix, demand: &[30.0], decay: &Binary::within(min(15)) };
/// let children = Group { matrix: &matrix, demand: &[10.0], decay: &Binary::within(min(10)) };
/// let found = grouped_catchment(&[60.0], &[adults, children], CatchmentForm::TWO_STEP)?;
/// assert_eq!(found.access, [[2.0], [0.0]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grouped_catchment(
    supply: &[f64],
    groups: &[Group<'_>],
    form: CatchmentForm,
) -> Result<GroupedCatchment> {
    let mut weighed = Vec::with_capacity(groups.len());
    for group in groups {
        check_column("supply", supply, group.matrix.columns())?;
        check_column("demand", group.demand, group.matrix.rows())?;
        weighed.push((Pairs::weighed(group.matrix, group.decay)?, group.demand));
    }
    Ok(share_out(&weighed, supply, form))
}

/// The kernel. `groups` are pairs with their people.
pub(crate) fn share_out<'p>(
    groups: &'p [(Pairs<'p>, &[f64])],
    supply: &[f64],
    form: CatchmentForm,
) -> GroupedCatchment {
    let over_groups = |sums: Vec<Vec<f64>>| -> Vec<f64> {
        (0..supply.len()).map(|facility| reduce::sum(sums.iter().map(|sums| sums[facility]))).collect()
    };
    let used = |factor| form.competing.contains(&factor) || form.receiving.contains(&factor);
    // only the totals that the form divides by
    let column_total = if used(Factor::FacilityShare) {
        over_groups(groups.iter().map(|(pairs, _)| pairs.facility_sums(|k| pairs.value[k])).collect())
    } else {
        vec![]
    };
    let weights = |(pairs, _): &'p (Pairs<'p>, &[f64])| -> [Cow<'p, Weights>; 2] {
        let row_total = if used(Factor::PlaceShare) { pairs.place_sums(|k| pairs.value[k]) } else { vec![] };
        let pull = |k| pairs.at_facility(supply, k) * pairs.value[k];
        let pull_total =
            if used(Factor::HuffShare) { pairs.around_places(supply, &pairs.value) } else { vec![] };
        let factor = |factor: &Factor, k: usize| match factor {
            Factor::Decay => pairs.value[k],
            Factor::PlaceShare => share(pairs.value[k], pairs.at_place(&row_total, k)),
            Factor::FacilityShare => share(pairs.value[k], pairs.at_facility(&column_total, k)),
            Factor::HuffShare => share(pull(k), pairs.at_place(&pull_total, k)),
        };
        [form.competing, form.receiving].map(|factors| match factors {
            [Factor::Decay] => Cow::Borrowed(&pairs.value),
            factors => {
                let product = |k| factors.iter().map(|f| factor(f, k)).product();
                Cow::Owned(Weights::Each((0..pairs.len()).map(product).collect()))
            }
        })
    };
    let weights: Vec<_> = groups.iter().map(weights).collect();
    let competing = groups
        .iter()
        .zip(&weights)
        .map(|((pairs, demand), [competing, _])| pairs.around_facilities(demand, competing));
    let competing = over_groups(competing.collect());
    let ratio: Vec<f64> =
        supply.iter().zip(&competing).map(|(&supply, &people)| share(supply, people)).collect();
    let access = groups
        .iter()
        .zip(&weights)
        .map(|((pairs, _), [_, receiving])| pairs.around_places(&ratio, receiving));
    let access = access.collect();
    let unused = facilities_where(supply.len(), |facility| competing[facility] <= 0.0);
    GroupedCatchment { access, ratio, unused }
}

/// What the inverted catchments find.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Crowdedness {
    /// People per unit of supply at every facility; 0 where nobody comes.
    pub crowdedness: Vec<f64>,
    /// People per unit of supply around every place; 0 where there is none.
    pub pressure: Vec<f64>,
    /// Places with people and no supply in reach: they crowd nothing.
    pub excluded: Vec<DemandIx>,
}

/// People per unit of supply at every facility by the inverted two-step method: `rᵢ = Pᵢ / Σₗ Sₗ Wᵢₗ`, then
/// `Cⱼ = Σᵢ rᵢ Wᵢⱼ` (i2SFCA, Wang 2018). `Σ Cⱼ Sⱼ` are the people with supply in reach. Linear in the pairs.
///
/// # Errors
/// As [`catchment`].
///
/// ```
/// # use lifecircle_access::{Binary, crowdedness};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(5)), (DemandIx(0), FacilityIx(1), min(9))];
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// // twelve people on four places: three on each
/// let found = crowdedness(&matrix, &[1.0, 3.0], &[12.0], &Binary::within(min(15)))?;
/// assert_eq!(found.crowdedness, [3.0, 3.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn crowdedness(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    decay: &dyn Decay,
) -> Result<Crowdedness> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    let pairs = Pairs::weighed(matrix, decay)?;
    let around = pairs.around_places(supply, &pairs.value);
    let pressure: Vec<f64> =
        demand.iter().zip(&around).map(|(&people, &supply)| share(people, supply)).collect();
    let crowdedness = pairs.around_facilities(&pressure, &pairs.value);
    let excluded = places_where(demand.len(), |place| demand[place] > 0.0 && around[place] <= 0.0);
    Ok(Crowdedness { crowdedness, pressure, excluded })
}

/// How far catchments grow that stop when they have enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// People at whom a facility's catchment stops growing.
    pub enough_people: f64,
    /// Supply per person at which a place's catchment stops growing.
    pub enough_supply: f64,
    /// The cost at which every catchment stops, inclusive.
    pub at_most: Cost,
}

/// What catchments of variable size find.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VariableCatchment {
    /// Access, ratios and unused facilities.
    pub catchment: Catchment,
    /// How far the catchment of every facility grew.
    pub facility_range: Vec<Cost>,
    /// How far the catchment of every place grew.
    pub place_range: Vec<Cost>,
}

/// Two-step catchments that grow until they hold enough (V2SFCA, Luo & Whippo 2012).
///
/// The catchment of facility `j` grows until it holds `enough_people`, then `Rⱼ = Sⱼ / Σ Pᵢ` over it; the
/// catchment of place `i` grows until the ratios in it add up to `enough_supply`, then `Aᵢ = Σ Rⱼ` over it.
/// Ranges are costs of the matrix, not steps of minutes; whatever stands at the range counts. Supply is not
/// conserved, since a place may look further than the facility it finds. The pairs of every place and
/// facility are sorted by cost.
///
/// # Errors
/// As [`catchment`]; [`Error::BadParameter`](crate::Error::BadParameter) for a target that is negative or no
/// number.
///
/// ```
/// # use lifecircle_access::{Growth, variable_two_step_fca};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(DemandIx(0), FacilityIx(0), min(4)), (DemandIx(1), FacilityIx(0), min(9))];
/// let matrix = TravelMatrix::new(2, 1, min(15), times)?;
/// // the ten people at four minutes are enough; the second place still finds the facility
/// let growth = Growth { enough_people: 10.0, enough_supply: 1.0, at_most: min(15).into() };
/// let found = variable_two_step_fca(&matrix, &[20.0], &[10.0, 30.0], growth)?;
/// assert_eq!(found.facility_range, [min(4).into()]);
/// assert_eq!(found.catchment.access, [2.0, 2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn variable_two_step_fca(
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    growth: Growth,
) -> Result<VariableCatchment> {
    check_column("supply", supply, matrix.columns())?;
    check_column("demand", demand, matrix.rows())?;
    check_reach(matrix, growth.at_most)?;
    check_amount("enough people", growth.enough_people)?;
    check_amount("enough supply", growth.enough_supply)?;
    let limit = growth.at_most.raw();
    let mut costs = vec![];
    let pairs = Pairs::new(matrix, |_, cost| {
        let within = cost.raw() <= limit;
        if within {
            costs.push(cost.raw());
        }
        Ok(within.then_some(1.0))
    })?;
    let grow = |mut around: Vec<(u32, f64)>, enough: f64| {
        around.sort_by_key(|&(cost, _)| cost);
        let range = cost_of_amount(&around, enough).unwrap_or(limit);
        (range, reduce::sum(around.iter().take_while(|&&(cost, _)| cost <= range).map(|&(_, amount)| amount)))
    };
    let by_facility = pairs.by_facility();
    let around_facility = |facility| -> Vec<(u32, f64)> {
        by_facility.of(facility).iter().map(|&k| (costs[k], pairs.at_place(demand, k))).collect()
    };
    let grown = (0..supply.len()).map(|facility| grow(around_facility(facility), growth.enough_people));
    let (facility_range, people): (Vec<u32>, Vec<f64>) = grown.unzip();
    let ratio: Vec<f64> =
        supply.iter().zip(&people).map(|(&supply, &people)| share(supply, people)).collect();
    let around_place = |place| -> Vec<_> {
        pairs.of_place(place).map(|k| (costs[k], pairs.at_facility(&ratio, k))).collect()
    };
    let grown = (0..demand.len()).map(|place| grow(around_place(place), growth.enough_supply));
    let (place_range, access): (Vec<u32>, Vec<f64>) = grown.unzip();
    let unused = facilities_where(supply.len(), |facility| people[facility] <= 0.0);
    let costs = |raw: Vec<u32>| raw.into_iter().map(|raw| matrix.unit().cost(raw)).collect();
    Ok(VariableCatchment {
        catchment: Catchment { access, ratio, unused },
        facility_range: costs(facility_range),
        place_range: costs(place_range),
    })
}
