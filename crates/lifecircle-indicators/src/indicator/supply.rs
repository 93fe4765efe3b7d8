//! What facilities offer, unit by unit, and what the sources show at all.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{FacilityCount, Measure, SiteCondition};
use lifecircle_types::{Certainty, FacilityIx, Rule, ServiceKey, UnitIx};

use super::Measured;
use super::count::takes_people;
use super::norms::{AppliedNorm, counts_as, site_faults, site_measure};
use crate::between::Between;
use crate::inventory::shown;
use crate::rules::rule_of;

/// A facility that offers one of some services.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) facility: FacilityIx,
    /// Whether it offers it for certain.
    pub(super) certain: bool,
}

/// What sites have to be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct That<'a> {
    pub(super) condition: Option<SiteCondition>,
    /// The one norm that is meant.
    pub(super) norm: Option<&'a str>,
}

impl<'a> That<'a> {
    pub(super) fn of(count: &'a FacilityCount) -> Self {
        Self { condition: count.that, norm: count.norm.as_deref() }
    }
}

/// Facilities by service, with norms.
pub(super) struct Supply<'a> {
    pub(super) all: &'a Measured<'a>,
    pub(super) norms: Vec<AppliedNorm>,
    /// By service: the facilities that offer it or what counts as it, open or not.
    by_service: BTreeMap<&'a ServiceKey, Vec<Site>>,
    /// By service: the same with every unit around each, by unit.
    by_unit: BTreeMap<&'a ServiceKey, Vec<(UnitIx, Site)>>,
    /// Whether a source shows each service, and if not, why.
    shown: BTreeMap<&'a ServiceKey, Result<(), NoData>>,
    /// By unit: itself and the units around it.
    lineages: Vec<Vec<UnitIx>>,
}

/// Why there is no figure.
pub(super) type NoData = String;

impl<'a> Supply<'a> {
    pub(super) fn new(all: &'a Measured<'a>, norms: Vec<AppliedNorm>) -> Self {
        let mut by_service: BTreeMap<&ServiceKey, Vec<Site>> = BTreeMap::new();
        for (ix, facility) in all.facilities.iter() {
            let mut wanted: BTreeMap<&ServiceKey, bool> = BTreeMap::new();
            for service in all.inputs.catalogue.services().iter().map(|service| &service.key) {
                let offers = facility
                    .offers
                    .iter()
                    .filter(|offer| counts_as(all.inputs.catalogue, &offer.service, service));
                if let Some(certain) = offers.map(|offer| offer.certainty == Certainty::Known).max() {
                    wanted.insert(service, certain);
                }
            }
            for (service, certain) in wanted {
                by_service.entry(service).or_default().push(Site { facility: ix, certain });
            }
        }
        let units = all.inputs.units;
        let lineages: Vec<Vec<UnitIx>> =
            units.iter().map(|(unit, _)| units.lineage(unit).collect()).collect();
        let around = |site: &Site| {
            let home = all.facility_units[site.facility.index()];
            let units = home.map_or(&[][..], |home| &lineages[home.index()]);
            units.iter().map(|&unit| (unit, *site)).collect::<Vec<_>>()
        };
        let by_unit = |sites: &Vec<Site>| {
            let mut sites: Vec<_> = sites.iter().flat_map(around).collect();
            sites.sort_by_key(|&(unit, _)| unit);
            sites
        };
        let by_unit = by_service.iter().map(|(&service, sites)| (service, by_unit(sites))).collect();
        let places = |service: &ServiceKey| by_service.get(service).map_or(0, Vec::len);
        let shown = shown(all.inputs.catalogue, all.sources, all.facilities, places);
        Self { all, norms, by_service, by_unit, shown, lineages }
    }

    /// Fails unless a source shows every one of `services`.
    pub(super) fn check_shown(&self, services: &[ServiceKey]) -> Result<(), NoData> {
        for service in services {
            match self.shown.get(service) {
                Some(Ok(())) => {}
                Some(Err(reason)) => return Err(format!("{service}: {reason}")),
                None => return Err(format!("the catalogue has no service {service}")),
            }
        }
        Ok(())
    }

    /// Sites of any of `services` in a unit, or in the whole place, each once, in the order of facilities.
    pub(super) fn sites(&self, services: &[ServiceKey], unit: Option<UnitIx>) -> Vec<Site> {
        let mut sites: BTreeMap<FacilityIx, bool> = BTreeMap::new();
        let mut add = |site: &Site| *sites.entry(site.facility).or_default() |= site.certain;
        for service in services {
            match unit {
                None => self.by_service.get(service).into_iter().flatten().for_each(&mut add),
                Some(unit) => {
                    let by_unit = self.by_unit.get(service).map_or(&[][..], Vec::as_slice);
                    let first = by_unit.partition_point(|&(around, _)| around < unit);
                    let inside = by_unit[first..].iter().take_while(|&&(around, _)| around == unit);
                    inside.for_each(|(_, site)| add(site));
                }
            }
        }
        sites.into_iter().map(|(facility, certain)| Site { facility, certain }).collect()
    }

    /// Whether a site is what it has to be: for certain, and perhaps.
    pub(super) fn keeps(&self, site: Site, services: &[ServiceKey], that: That<'_>) -> (bool, bool) {
        let facility = &self.all.facilities[site.facility];
        let open = facility.status.is_open_on(self.all.inputs.date);
        let known = |kept: Option<bool>| (kept == Some(true), kept != Some(false));
        let (certain, perhaps) = match that.condition {
            Some(SiteCondition::AreNotOpen) => return (site.certain && !open, !open),
            _ if !open => return (false, false),
            None => (true, true),
            Some(SiteCondition::KeepNorms) => known(self.keeps_norms(site, services, that.norm)),
            Some(SiteCondition::MissNorms) => {
                known(self.keeps_norms(site, services, that.norm).map(|keeps| !keeps))
            }
            Some(SiteCondition::AreFree) => known(facility.price.map(|price| price <= 0.0)),
            Some(SiteCondition::AreFull) => known(self.is_full(site, services)),
        };
        (certain && site.certain, perhaps)
    }

    /// Whether every place is taken; `None` where users and places are not stated in people.
    fn is_full(&self, site: Site, services: &[ServiceKey]) -> Option<bool> {
        let (facility, catalogue) = (&self.all.facilities[site.facility], self.all.inputs.catalogue);
        if !facility.offers.iter().any(|offer| takes_people(catalogue, &offer.service)) {
            return None;
        }
        let places = site_measure(Measure::Capacity, catalogue, facility, services).flatten();
        facility.users.zip(places).map(|(users, places)| users >= places)
    }

    /// Whether the site keeps every norm of the services that it offers; `None` is not stated.
    fn keeps_norms(&self, site: Site, services: &[ServiceKey], only: Option<&str>) -> Option<bool> {
        let facility = &self.all.facilities[site.facility];
        let catalogue = self.all.inputs.catalogue;
        let mut keeps = Some(true);
        for service in services {
            if !facility.offers.iter().any(|offer| counts_as(catalogue, &offer.service, service)) {
                continue;
            }
            let hours = self.all.hours_a_week.get(site.facility.index()).copied().flatten();
            for fault in site_faults(&self.norms, catalogue, facility, hours, service).into_iter().flatten() {
                if only.is_some_and(|key| self.norms[fault.norm].norm.key != key) {
                    continue;
                }
                if fault.has.is_some() {
                    return Some(false);
                }
                keeps = None;
            }
        }
        keeps
    }

    /// Whether any norm per site speaks of one of the services.
    pub(super) fn check_norms(&self, services: &[ServiceKey]) -> Result<(), NoData> {
        let asks = |applied: &AppliedNorm| {
            applied.norm.base == lifecircle_taxonomy::Base::Site
                && applied.norm.services.iter().any(|service| services.contains(service))
        };
        if self.norms.iter().any(asks) {
            Ok(())
        } else {
            Err("no norm per site speaks of the services".into())
        }
    }

    /// The sum of a measure over sites.
    pub(super) fn sum(
        &self,
        sites: impl IntoIterator<Item = Site>,
        services: &[ServiceKey],
        measure: Measure,
        that: That<'_>,
    ) -> Result<Between, NoData> {
        let mut sum = Between::ZERO;
        for site in sites {
            let (certain, perhaps) = self.keeps(site, services, that);
            if !perhaps {
                continue;
            }
            let facility = &self.all.facilities[site.facility];
            let stated = site_measure(measure, self.all.inputs.catalogue, facility, services)
                .ok_or_else(|| format!("registers do not state the {measure} of sites"))?;
            sum = sum.add(match stated {
                Some(value) => Between { low: if certain { value } else { 0.0 }, high: Some(value) },
                None => Between { low: 0.0, high: None },
            });
        }
        Ok(sum)
    }

    /// The unit in which a service has to be present for `unit` to have it: the kind that its rule names, where that is
    /// larger.
    pub(super) fn present_in(&self, service: &ServiceKey, unit: UnitIx) -> UnitIx {
        let inputs = self.all.inputs;
        let rule = rule_of(inputs.rules, service).map(|row| inputs.rules[row].rule.rule);
        let Some(Rule::PresenceInUnit(kind)) = rule else {
            return unit;
        };
        if kind <= inputs.units[unit].kind {
            return unit;
        }
        let around = &self.lineages[unit.index()];
        around.iter().copied().find(|&unit| inputs.units[unit].kind == kind).unwrap_or(unit)
    }
}
