//! Norms per site: whether a facility is as large, as staffed and as equipped as it has to be.

use lifecircle_taxonomy::{Base, Catalogue, Measure, Norm, Pack};
use lifecircle_types::{Date, Facility, ServiceKey};

use crate::rules::rows_by;

/// A norm with the pack it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedNorm {
    /// Key of the pack.
    pub pack: String,
    /// The norm.
    pub norm: Norm,
}

/// The norms of `packs` that hold on `day`, by key; where two packs name one key, the later pack holds. Norms of a
/// special case, such as new estates, are not among them.
#[must_use]
pub fn applied_norms(packs: &[Pack], day: Date) -> Vec<AppliedNorm> {
    let holds = |norm: &Norm| norm.validity.holds(day) && norm.case.is_none();
    rows_by(packs, Pack::norms, holds, |norm| &norm.key)
        .into_iter()
        .map(|(pack, norm)| AppliedNorm { pack: pack.key.clone(), norm: norm.clone() })
        .collect()
}

/// A norm that a site misses, or of which it does not say whether it keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteFault {
    /// Row of the norm.
    pub norm: usize,
    /// What the site has; `None` is not stated.
    pub has: Option<f64>,
    /// What it has to have: the end of the norm that it misses.
    pub needs: f64,
}

/// The norms per site of `service` that `facility` misses, and those of which it states nothing, in the order of
/// `norms`; `None` when no norm per site speaks of the service.
///
/// Where a norm states both ends, a site above the upper one keeps it: it offers more. Norms of width, classes and
/// residents are not asked of single sites, as registers do not state them. `hours_a_week` are those of the facility,
/// where they are known.
#[must_use]
pub fn site_faults(
    norms: &[AppliedNorm],
    catalogue: &Catalogue,
    facility: &Facility,
    hours_a_week: Option<f64>,
    service: &ServiceKey,
) -> Option<Vec<SiteFault>> {
    let mut faults = None;
    for (row, applied) in norms.iter().enumerate() {
        let norm = &applied.norm;
        if norm.base != Base::Site || !norm.services.contains(service) {
            continue;
        }
        let (end, is_least) = match (norm.amount.at_least, norm.amount.at_most) {
            (Some(least), _) => (least, true),
            (None, Some(most)) => (most, false),
            (None, None) => continue,
        };
        let has = if norm.measure == Measure::Hours {
            hours_a_week
        } else if norm.functions.is_empty() {
            let Some(has) = site_measure(norm.measure, catalogue, facility, std::slice::from_ref(service))
            else {
                continue;
            };
            has
        } else {
            let has = norm.functions.iter().filter(|function| facility.functions.contains(function)).count();
            #[expect(clippy::cast_precision_loss, reason = "a handful of functions")]
            let has = has as f64;
            (!facility.functions.is_empty()).then_some(has)
        };
        let faults: &mut Vec<SiteFault> = faults.get_or_insert_default();
        let needs = end * norm.per;
        if has.is_none_or(|has| if is_least { has < needs } else { has > needs }) {
            faults.push(SiteFault { norm: row, has, needs });
        }
    }
    faults
}

/// What a site has of a measure for some services; the inner `None` is "not stated", the outer "not asked of sites".
pub(crate) fn site_measure(
    measure: Measure,
    catalogue: &Catalogue,
    facility: &Facility,
    services: &[ServiceKey],
) -> Option<Option<f64>> {
    #[expect(clippy::cast_precision_loss, reason = "a handful of functions")]
    let functions = |count: usize| (count > 0).then_some(count as f64);
    Some(match measure {
        Measure::Sites => Some(1.0),
        Measure::Capacity => {
            let offers = facility
                .offers
                .iter()
                .filter(|offer| services.iter().any(|service| counts_as(catalogue, &offer.service, service)));
            offers.map(|offer| offer.capacity).try_fold(0.0, |sum, capacity| Some(sum + capacity?))
        }
        Measure::FloorArea => facility.floor_area_m2,
        Measure::SiteArea => facility.site_area_m2,
        Measure::Functions => functions(facility.functions.len()),
        Measure::Staff => facility.staff,
        Measure::Users => facility.users,
        Measure::YearlyCost => facility.yearly_cost,
        Measure::Width | Measure::Classes | Measure::Residents | Measure::Hours => return None,
    })
}

/// Whether a place of `offered` counts for `wanted`.
pub(crate) fn counts_as(catalogue: &Catalogue, offered: &ServiceKey, wanted: &ServiceKey) -> bool {
    offered == wanted || catalogue.satisfied_by(wanted).contains(offered)
}
