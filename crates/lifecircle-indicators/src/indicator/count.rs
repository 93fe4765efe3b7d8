//! Counting a quantity in a unit or in the whole place.

use std::cell::RefCell;
use std::collections::BTreeMap;

use lifecircle_access::{CapacityTask, UnknownCapacity, served_at, whole_persons};
use lifecircle_taxonomy::{
    Base, Catalogue, FacilityCount, Measure, Need, Norm, PeopleCount, PeopleReach, Quantity, UnitCount,
};
use lifecircle_types::{
    Date, DemandIx, People, ResidenceStatus, ServiceKey, StatedValue, UnitIx, UnitKind, ZoneType,
};

use super::Measured;
use super::supply::{NoData, Site, Supply, That};
use crate::base::columns;
use crate::between::Between;
use crate::rules::rule_of;

/// Where something is counted: a unit or the whole place, and in it one kind of place or all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) unit: Option<UnitIx>,
    pub(super) zone: Option<ZoneType>,
}

/// Whether the capacity of a service counts people.
pub(crate) fn takes_people(catalogue: &Catalogue, service: &ServiceKey) -> bool {
    let units = ["bed", "nursing_bed", "family_bed", "place", "seat", "desk"];
    catalogue.service(service).is_some_and(|record| units.contains(&record.capacity_unit.as_str()))
}

/// People per place: served for certain, served perhaps, all.
type Served = [Vec<u64>; 3];

/// Counts, with what several indicators share.
pub(super) struct Counter<'a> {
    pub(super) all: &'a Measured<'a>,
    pub(super) supply: Supply<'a>,
    zones: Vec<Option<ZoneType>>,
    unit_zones: Vec<Option<ZoneType>>,
    /// Resident places per unit.
    members: Vec<Vec<usize>>,
    everyone: Vec<usize>,
    /// Per unit: itself and the units inside it, in the order of units.
    inside: Vec<Vec<UnitIx>>,
    /// By key and code of the unit: the stated value of the latest year up to the study's, of equals the last.
    stated: BTreeMap<(&'a str, Option<&'a str>), &'a StatedValue>,
    /// Per service and group: people served per place, relying on stated capacity and imagining the rest; and all.
    served: RefCell<BTreeMap<String, Result<Served, NoData>>>,
}

impl<'a> Counter<'a> {
    pub(super) fn new(all: &'a Measured<'a>, supply: Supply<'a>) -> Self {
        let (inputs, units) = (all.inputs, all.inputs.units);
        let unit_zones = units.iter().map(|(unit, _)| units.zone(unit)).collect();
        let mut inside = vec![Vec::new(); units.len()];
        for (unit, _) in units.iter() {
            units.lineage(unit).for_each(|around| inside[around.index()].push(unit));
        }
        Self {
            all,
            supply,
            zones: inputs.zones(),
            unit_zones,
            members: inputs.places_by_unit(),
            everyone: (0..inputs.residents.len()).collect(),
            inside,
            stated: latest(all.values, inputs.date),
            served: RefCell::default(),
        }
    }

    pub(super) fn zone_of(&self, unit: UnitIx) -> Option<ZoneType> {
        self.unit_zones[unit.index()]
    }

    /// The zone of all people of a scope, where it is one.
    pub(super) fn common_zone(&self, unit: Option<UnitIx>) -> Option<ZoneType> {
        let places = self.places(Scope { unit, zone: None });
        let mut zones = places.filter(|&place| self.all.inputs.residents.people()[place] > People::ZERO);
        let first =
            zones.next().map_or_else(|| unit.and_then(|unit| self.zone_of(unit)), |at| self.zones[at])?;
        zones.all(|place| self.zones[place] == Some(first)).then_some(first)
    }

    /// The resident places of a scope.
    fn places(&self, scope: Scope) -> impl Iterator<Item = usize> + '_ {
        let places = scope.unit.map_or(&self.everyone, |unit| &self.members[unit.index()]);
        places.iter().copied().filter(move |&place| scope.zone.is_none() || self.zones[place] == scope.zone)
    }

    /// The sites of a scope that offer any of `services`.
    pub(super) fn sites(&self, services: &[ServiceKey], scope: Scope) -> impl Iterator<Item = Site> {
        let zone =
            |site: Site| self.all.facility_units[site.facility.index()].and_then(|unit| self.zone_of(unit));
        let sites = self.supply.sites(services, scope.unit).into_iter();
        sites.filter(move |&site| scope.zone.is_none() || zone(site) == scope.zone)
    }

    /// The units of a kind in a scope, by code; the unit itself where it is of the kind.
    pub(super) fn units_of(&self, kind: UnitKind, scope: Scope) -> Vec<UnitIx> {
        let units = self.all.inputs.units;
        let counts = |unit: &UnitIx| {
            units[*unit].kind == kind && (scope.zone.is_none() || self.zone_of(*unit) == scope.zone)
        };
        match scope.unit {
            Some(around) => self.inside[around.index()].iter().copied().filter(counts).collect(),
            None => units.iter().map(|(unit, _)| unit).filter(counts).collect(),
        }
    }

    pub(super) fn count(&self, quantity: &Quantity, scope: Scope) -> Result<Between, NoData> {
        match quantity {
            Quantity::People(people) => self.people(people, scope),
            Quantity::Households => self.households(scope),
            Quantity::Facilities(count @ FacilityCount { services, measure, that, .. }) => {
                self.supply.check_shown(services)?;
                if matches!(
                    that,
                    Some(
                        lifecircle_taxonomy::SiteCondition::KeepNorms
                            | lifecircle_taxonomy::SiteCondition::MissNorms
                    )
                ) {
                    self.supply.check_norms(services)?;
                }
                self.supply.sum(self.sites(services, scope), services, *measure, That::of(count))
            }
            Quantity::Units(units) => self.units(units, scope),
            Quantity::Ground { ground, covered_by } => {
                if scope.unit.is_some() || scope.zone.is_some() {
                    return Err(format!("{ground} are measured for the whole place alone"));
                }
                let of_service = |by: &ServiceKey| {
                    self.all.grounds.iter().find(|one| one.ground == *ground && one.service == *by)
                };
                let found = match covered_by {
                    Some(by) => of_service(by).map(|one| one.covered),
                    None => self.all.grounds.iter().find(|one| one.ground == *ground).map(|one| one.all),
                };
                let missing = || match covered_by {
                    Some(by) if self.all.grounds.iter().any(|one| one.ground == *ground) => {
                        format!("no pack has a rule of a walk or a straight line for {by}")
                    }
                    _ => format!("the study measures no {ground}: name their source in `bases`"),
                };
                found.map(Between::exactly).ok_or_else(missing)
            }
            Quantity::Shortage { norm } => self.shortage(norm, scope),
            Quantity::Value { key } => {
                let stated = self
                    .stated(key, scope.unit)
                    .ok_or_else(|| format!("nothing measures it and no table states `{key}`"))?;
                Ok(Between::exactly(stated.value))
            }
        }
    }

    /// The value that the study states for exactly this unit, of the latest year up to the study's.
    pub(super) fn stated(&self, key: &str, unit: Option<UnitIx>) -> Option<&'a StatedValue> {
        let code = unit.map(|unit| self.all.inputs.units[unit].code.as_str());
        self.stated.get(&(key, code)).copied()
    }

    /// As [`Counter::stated`], of the smallest unit around a place for which it is stated.
    fn stated_around(&self, key: &str, place: usize) -> Option<f64> {
        let units = self.all.inputs.units;
        let around = self.all.inputs.homes[place].unit.into_iter().flat_map(|unit| units.lineage(unit));
        let mut stated = around.map(Some).chain([None]).filter_map(|unit| self.stated(key, unit));
        stated.next().map(|stated| stated.value)
    }

    fn households(&self, scope: Scope) -> Result<Between, NoData> {
        let units = self.all.inputs.units;
        let Some(unit) = scope.unit.filter(|_| scope.zone.is_none()) else {
            // the units that no other unit of the kind surrounds state them best
            let largest = units.as_slice().iter().map(|unit| unit.kind).max().ok_or("there are no units")?;
            let kind = if scope.zone.is_some() { UnitKind::Community } else { largest };
            let among = self.units_of(kind, scope);
            if among.is_empty() {
                return Err(format!("there are no units of kind {kind} to state households"));
            }
            let stated: Option<u64> = among.iter().map(|&unit| units[unit].households).sum();
            return stated.map(whole).ok_or_else(|| format!("not every {kind} states its households"));
        };
        units[unit].households.map(whole).ok_or_else(|| "the unit does not state its households".into())
    }

    /// The columns that hold the people of a count, each person once.
    fn columns(&self, count: &PeopleCount) -> Result<Vec<&'a [People]>, NoData> {
        let residents = self.all.inputs.residents;
        if let Some(group) = &count.group {
            let found = residents.groups().iter().find(|(known, _)| known.name == *group);
            return found
                .map(|(_, people)| vec![people])
                .ok_or_else(|| format!("the residents have no group `{group}`"));
        }
        let status = match count.base {
            Base::Registered => Some(ResidenceStatus::Registered),
            Base::PermitHolders => Some(ResidenceStatus::PermitHolder),
            _ => None,
        };
        columns(residents, status, count.ages).ok_or_else(|| {
            let of = count.ages.map_or_else(String::new, |ages| format!(" of {ages}"));
            format!("the residents are not counted by {}{of}", count.base.as_str().replace('_', " "))
        })
    }

    fn people(&self, count: &PeopleCount, scope: Scope) -> Result<Between, NoData> {
        let columns = self.columns(count)?;
        if count.base == Base::UrbanResidents && self.places(scope).any(|place| self.zones[place].is_none()) {
            return Err("not every place states whether it is town or country".into());
        }
        let in_town = |place: usize| {
            count.base != Base::UrbanResidents
                || matches!(self.zones[place], Some(ZoneType::Urban | ZoneType::NewCity))
        };
        let sum = |keep: &dyn Fn(usize) -> bool| -> f64 {
            let places = self.places(scope).filter(|&place| in_town(place) && keep(place));
            places
                .map(|place| columns.iter().map(|column| column[place]).sum::<People>())
                .sum::<People>()
                .as_f64()
        };
        match &count.reach {
            PeopleReach::All => Ok(Between::exactly(sum(&|_| true))),
            PeopleReach::Covered { by, need } => {
                let rows: Vec<usize> =
                    by.iter().map(|service| self.rule_row(service)).collect::<Result<_, _>>()?;
                let holds = |place: usize, lenient: bool| {
                    let verdicts =
                        if lenient { &self.all.assessment.lenient } else { &self.all.assessment.verdicts };
                    let mut kept = rows.iter().map(|&row| verdicts[row][place]);
                    match need {
                        Need::Every => kept.all(|kept| kept),
                        Need::Any => kept.any(|kept| kept),
                    }
                };
                Ok(Between {
                    low: sum(&|place| holds(place, false)),
                    high: Some(sum(&|place| holds(place, true))),
                })
            }
            PeopleReach::Served { by } | PeopleReach::Unserved { by } => {
                let key = format!("{by} {:?} {:?} {:?}", count.base, count.ages, count.group);
                let mut known = self.served.borrow_mut();
                let served = known.entry(key).or_insert_with(|| self.serve(by, &columns, &in_town));
                let [sure, perhaps, persons] = served.as_ref().map_err(Clone::clone)?;
                let sum = |served: &[u64]| whole(self.places(scope).map(|place| served[place]).sum()).low;
                let (sure, perhaps) = (sum(sure), sum(perhaps));
                Ok(if matches!(count.reach, PeopleReach::Unserved { .. }) {
                    let all = whole(self.places(scope).map(|place| persons[place]).sum()).low;
                    Between { low: all - perhaps, high: Some(all - sure) }
                } else {
                    Between { low: sure, high: Some(perhaps) }
                })
            }
            PeopleReach::Affording { by, income, uses, share } => {
                let row = self.rule_row(by)?;
                let reach = self.all.reach[row].as_ref().ok_or("what is in reach was not measured")?;
                let missing = || format!("no table states the income `{income}`");
                for place in self.places(scope) {
                    self.stated_around(income, place).ok_or_else(missing)?;
                }
                let can = |place: usize, lenient: bool| {
                    let limit = self.stated_around(income, place).unwrap_or_default() * share;
                    reach.row(DemandIx::new(place)).any(|(facility, _)| {
                        let price = self.all.facilities[facility].price;
                        price.map_or(lenient, |price| price * uses <= limit)
                    })
                };
                Ok(Between {
                    low: sum(&|place| can(place, false)),
                    high: Some(sum(&|place| can(place, true))),
                })
            }
        }
    }

    /// The row of the rule of a service that was assessed.
    fn rule_row(&self, service: &ServiceKey) -> Result<usize, NoData> {
        let inputs = self.all.inputs;
        let row =
            rule_of(inputs.rules, service).ok_or_else(|| format!("no pack has a rule for {service}"))?;
        let entry = &inputs.inventory[row];
        if !entry.state.has_verdicts() {
            return Err(format!("{service}: {}", entry.reason));
        }
        Ok(row)
    }

    /// People served per place when the capacity in reach is shared out as well as can be.
    fn serve(
        &self,
        service: &ServiceKey,
        columns: &[&[People]],
        counts: &dyn Fn(usize) -> bool,
    ) -> Result<Served, NoData> {
        let inputs = self.all.inputs;
        let row = self.rule_row(service)?;
        let reach = self.all.reach[row].as_ref().ok_or("what is in reach was not measured")?;
        if !takes_people(inputs.catalogue, service) {
            let unit = inputs.catalogue.service(service).map_or("", |service| service.capacity_unit.as_str());
            return Err(format!("the capacity of {service} is stated in {unit}, not in people"));
        }
        let people: Vec<People> = (0..inputs.residents.len())
            .map(|place| {
                let all = columns.iter().map(|column| column[place]).sum::<People>();
                if counts(place) { all } else { People::ZERO }
            })
            .collect();
        let homes: Vec<Option<UnitIx>> = inputs.homes.iter().map(|home| home.unit).collect();
        let problem = |error: lifecircle_access::Error| error.to_string();
        let persons = whole_persons(&people, &homes).map_err(problem)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 and 2^52")]
        let floor = |capacity: f64| capacity.clamp(0.0, 4.5e15) as u64;
        let capacity: Vec<Option<u64>> = self
            .all
            .facilities
            .as_slice()
            .iter()
            .map(|facility| {
                let of_service = std::slice::from_ref(service);
                super::norms::site_measure(Measure::Capacity, inputs.catalogue, facility, of_service)
                    .flatten()
                    .map(floor)
            })
            .collect();
        let serve = |unknown| {
            let task = CapacityTask {
                matrix: reach,
                within: reach.cutoff(),
                people: &persons,
                homes: &homes,
                capacity: &capacity,
                unknown,
            };
            served_at(&task).map_err(problem)
        };
        let sure = serve(UnknownCapacity::Nobody)?;
        let all_known = capacity.iter().all(Option::is_some);
        let perhaps = if all_known { sure.clone() } else { serve(UnknownCapacity::Everybody)? };
        Ok([sure, perhaps, persons])
    }

    fn units(&self, count: &UnitCount, scope: Scope) -> Result<Between, NoData> {
        for services in [&count.with, &count.without] {
            self.supply.check_shown(services)?;
        }
        let that = That { condition: count.that, norm: None };
        let sites_of = |services: &[ServiceKey], unit: UnitIx| -> Result<Between, NoData> {
            let mut sum = Between::ZERO;
            for service in services {
                let one = std::slice::from_ref(service);
                let around = self.supply.present_in(service, unit);
                let sites = self.supply.sites(one, Some(around));
                sum = sum.add(self.supply.sum(sites, one, Measure::Sites, that)?);
            }
            Ok(sum)
        };
        let (mut low, mut high) = (0_u64, 0_u64);
        for unit in self.units_of(count.kind, scope) {
            let (mut certain, mut perhaps) = (true, true);
            if !count.with.is_empty() {
                let sites = sites_of(&count.with, unit)?;
                let enough = f64::from(count.at_least);
                certain &= sites.low >= enough;
                perhaps &= sites.high.is_none_or(|high| high >= enough);
            }
            if !count.without.is_empty() {
                let (mut lacks, mut may_lack) = (false, false);
                for service in &count.without {
                    let sites = sites_of(std::slice::from_ref(service), unit)?;
                    lacks |= sites.high.is_some_and(|high| high < f64::from(count.at_least));
                    may_lack |= sites.low < f64::from(count.at_least);
                }
                certain &= lacks;
                perhaps &= may_lack;
            }
            if let Some(share) = count.covered {
                let every = &self.all.assessment.units[unit.index()].shares.every;
                let reaches = |share_now: Option<f64>| share_now.is_some_and(|now| now >= share);
                certain &= reaches(every.strict.share());
                perhaps &= reaches(every.lenient.share());
            }
            low += u64::from(certain);
            high += u64::from(perhaps);
        }
        Ok(Between { low: whole(low).low, high: whole(high).high })
    }

    /// What units, sites or the scope lack of a norm.
    fn shortage(&self, key: &str, scope: Scope) -> Result<Between, NoData> {
        let norm: &Norm = self
            .supply
            .norms
            .iter()
            .map(|applied| &applied.norm)
            .find(|norm| norm.key == key)
            .ok_or_else(|| format!("no pack states the norm `{key}` here and now"))?;
        let least =
            norm.amount.at_least.ok_or_else(|| format!("the norm `{key}` asks for no least amount"))?;
        self.supply.check_shown(&norm.services)?;
        let lack = |need: f64, has: Between| Between {
            low: has.high.map_or(0.0, |high| (need - high).max(0.0)),
            high: Some((need - has.low).max(0.0)),
        };
        let sum = |scope: Scope| {
            let sites = self.sites(&norm.services, scope);
            self.supply.sum(sites, &norm.services, norm.measure, That::default())
        };
        let scopes = match norm.counted_over {
            Some(kind) => {
                let units = self.units_of(kind, scope);
                units.into_iter().map(|unit| Scope { unit: Some(unit), zone: None }).collect()
            }
            None => vec![scope],
        };
        let mut missing = Between::ZERO;
        for part in scopes {
            let base = match norm.base {
                Base::Unit => Between::exactly(norm.per),
                Base::Households => self.households(part)?,
                Base::Residents | Base::Registered | Base::PermitHolders | Base::UrbanResidents => {
                    let reach = PeopleReach::All;
                    self.people(&PeopleCount { base: norm.base, ages: norm.ages, group: None, reach }, part)?
                }
                Base::Site | Base::Class | Base::Whole | Base::BuildingFloorArea => {
                    return Err(format!(
                        "the norm `{key}` is per {}: it has no shortage of a place",
                        norm.base
                    ));
                }
            };
            missing = missing.add(lack(least * base.low / norm.per, sum(part)?));
        }
        Ok(missing)
    }
}

/// By key and code of the unit the value of the latest year up to that of `day`, of equals the last.
fn latest(values: &[StatedValue], day: Date) -> BTreeMap<(&str, Option<&str>), &StatedValue> {
    let mut latest: BTreeMap<_, &StatedValue> = BTreeMap::new();
    for value in values.iter().filter(|value| value.year.is_none_or(|year| year <= day.year())) {
        let known = latest.entry((value.key.as_str(), value.unit.as_deref())).or_insert(value);
        if known.year <= value.year {
            *known = value;
        }
    }
    latest
}

#[expect(clippy::cast_precision_loss, reason = "people and units are far below 2^52")]
fn whole(count: u64) -> Between {
    Between::exactly(count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_value_up_to_the_year_counts() {
        let value = |unit: Option<&str>, year, value| StatedValue {
            key: "k".into(),
            unit: unit.map(Into::into),
            year,
            value,
            source: None,
        };
        let values = [
            value(Some("a"), Some(2023), 1.0),
            value(Some("a"), Some(2025), 2.0),
            value(Some("a"), None, 3.0),
            value(Some("a"), Some(2024), 4.0),
            value(None, None, 5.0),
            value(None, None, 6.0),
            value(Some("b"), Some(2025), 7.0),
        ];
        let found = latest(&values, Date::new(2024, 6, 1).unwrap());
        let of = |unit| found.get(&("k", unit)).map(|value| value.value);
        assert_eq!(of(Some("a")), Some(4.0), "2025 is to come, and a year beats none");
        assert_eq!(of(None), Some(6.0), "of equals the last");
        assert_eq!(of(Some("b")), None);
    }
}
