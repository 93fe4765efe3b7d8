//! The year after: the same city with changes that are listed one by one.
//!
//! A service that lacked something may have got it, a missing one may have opened (in vacant space of its community
//! where some was large enough), a sound one may have closed; residents move and age. Whoever compares the tables of
//! the two years finds the listed changes and no others.

use std::collections::BTreeMap;

use lifecircle_types::{DemandSet, Facility, FacilitySet, FacilityState, ServiceKey};

use crate::draws::{Draws, Purpose};
use crate::facilities::{FlawKind, Provision, Spots, enlarged, kind_of, sound};
use crate::people;
use crate::services::KINDS;
use crate::stock::VacantSpace;

lifecircle_types::word_enum! {
    /// What changed.
    ChangeKind, "change" {
        /// A facility opened: a new one, or one that was planned.
        Opened = "opened",
        /// A facility closed for good.
        Closed = "closed",
        /// Floor or site grew.
        Enlarged = "enlarged",
        /// Longer hours.
        HoursExtended = "hours_extended",
        /// A lower price.
        PriceLowered = "price_lowered",
        /// A function was added.
        FunctionAdded = "function_added",
        /// More places.
        CapacityRaised = "capacity_raised",
        /// The number of residents of a community.
        Residents = "residents",
    }
}

/// One change between two years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed.
    pub kind: ChangeKind,
    /// Id of the facility, or code of the community whose residents changed.
    pub subject: String,
    /// The service of the facility.
    pub service: Option<ServiceKey>,
    /// The column in which the tables differ; `state` for what opened or closed.
    pub field: &'static str,
    /// Value in the first year, as it stands in the table; `None` where the row or value is new.
    pub before: Option<String>,
    /// Value in the second year.
    pub after: Option<String>,
    /// Id of the vacant space that was taken.
    pub vacant: Option<String>,
}

/// The year after the first.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondYear {
    /// The year.
    pub year: u16,
    /// Residents in the same buildings.
    pub residents: DemandSet,
    /// Facilities; closed ones keep their row.
    pub facilities: FacilitySet,
    /// Everything that changed, residents by community.
    pub changes: Vec<Change>,
}

/// Lets a year pass.
pub(crate) fn next_year(
    spots: &Spots<'_>,
    provision: &Provision,
    facilities: &FacilitySet,
    vacant: &[VacantSpace],
) -> crate::Result<SecondYear> {
    let plan = spots.plan;
    let mut changes = Vec::new();
    let flaws: BTreeMap<&str, FlawKind> =
        provision.flaws.iter().filter_map(|flaw| Some((flaw.facility.as_deref()?, flaw.kind))).collect();
    let mut rows = facilities.as_slice().to_vec();
    for (number, facility) in rows.iter_mut().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::Development, number);
        let flaw = flaws.get(facility.id.as_str()).copied();
        if let Some((kind, field, before, after)) = develop(facility, flaw, &mut chance) {
            let service = facility.offers.first().map(|offer| offer.service.clone());
            let subject = facility.id.clone();
            changes.push(Change { kind, subject, service, field, before, after, vacant: None });
        }
    }
    let mut free: BTreeMap<&str, Vec<&VacantSpace>> = BTreeMap::new();
    for space in vacant {
        free.entry(&space.unit).or_default().push(space);
    }
    for (number, site) in provision.missing.iter().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::Opening, number);
        if !chance.chance(0.15) {
            continue;
        }
        let mut facility = sound(plan, site, &mut chance);
        let fits =
            |space: &&VacantSpace| facility.floor_area_m2.is_some_and(|floor| floor <= space.floor_area_m2);
        // spaces lie in communities: what an estate lacks opens inside it
        let spaces = free.get_mut(site.unit.as_str());
        let taken = spaces.and_then(|spaces| Some(spaces.remove(spaces.iter().position(fits)?)));
        if let Some(space) = taken {
            facility.position = space.position;
        }
        changes.push(Change {
            kind: ChangeKind::Opened,
            subject: facility.id.clone(),
            service: facility.offers.first().map(|offer| offer.service.clone()),
            field: "state",
            before: None,
            after: Some(FacilityState::Open.to_string()),
            vacant: taken.map(|space| space.id.clone()),
        });
        rows.push(facility);
    }
    let counts = people::counts(plan, spots.estates, spots.entrances, 1);
    changes.extend(moves(spots, &counts));
    let places = people::places(plan, spots.estates, spots.entrances, &counts);
    Ok(SecondYear {
        year: plan.options.year + 1,
        residents: DemandSet::new(places, people::groups())?,
        facilities: FacilitySet::new(rows)?,
        changes,
    })
}

/// Changes in the number of residents, community by community.
fn moves(spots: &Spots<'_>, counts: &[u64]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (cell, homes) in spots.plan.cells.iter().zip(spots.homes) {
        let Some(code) = &cell.code else { continue };
        let rows = || spots.estates[homes.clone()].iter().flat_map(|estate| estate.entrances.clone());
        let before: u64 = rows().map(|row| spots.entrances[row].people).sum();
        let after: u64 = rows().map(|row| counts[row]).sum();
        if before != after {
            changes.push(Change {
                kind: ChangeKind::Residents,
                subject: code.clone(),
                service: None,
                field: "people",
                before: Some(before.to_string()),
                after: Some(after.to_string()),
                vacant: None,
            });
        }
    }
    changes
}

type Difference = (ChangeKind, &'static str, Option<String>, Option<String>);

/// Changes a facility, perhaps, and tells how.
fn develop(facility: &mut Facility, flaw: Option<FlawKind>, chance: &mut Draws) -> Option<Difference> {
    let kind = kind_of(&facility.offers.first()?.service).map(|row| &KINDS[row])?;
    let number = |value: Option<f64>| value.map(|value| value.to_string());
    if !chance.chance(match flaw {
        None => 0.01,
        Some(FlawKind::NotOpen) => 0.6,
        Some(_) => 0.35,
    }) {
        return None;
    }
    Some(match flaw {
        None => {
            let before = facility.status.state;
            facility.status.state = FacilityState::Closed;
            facility.users = None;
            let words = [before, facility.status.state].map(|state| Some(state.to_string()));
            let [before, after] = words;
            (ChangeKind::Closed, "state", before, after)
        }
        Some(FlawKind::NotOpen) => {
            if facility.status.state != FacilityState::Planned {
                return None;
            }
            facility.status.state = FacilityState::Open;
            (ChangeKind::Opened, "state", Some("planned".into()), Some("open".into()))
        }
        Some(FlawKind::Undersized) => {
            let (field, area) = if kind.floor_m2.is_some() {
                ("floor_area_m2", &mut facility.floor_area_m2)
            } else {
                ("site_area_m2", &mut facility.site_area_m2)
            };
            let before = *area;
            *area = area.map(|area| enlarged(area / 0.9));
            (ChangeKind::Enlarged, field, number(before), number(*area))
        }
        Some(FlawKind::LacksFunction) => {
            let before = facility.functions.join(";");
            facility.functions = kind.functions.iter().map(|&function| function.to_owned()).collect();
            facility.functions.sort();
            (ChangeKind::FunctionAdded, "functions", Some(before), Some(facility.functions.join(";")))
        }
        Some(FlawKind::ShortHours) => {
            let before = facility.hours.take();
            facility.hours = kind.hours.map(str::to_owned);
            (ChangeKind::HoursExtended, "hours", before, facility.hours.clone())
        }
        Some(FlawKind::Expensive) => {
            let before = facility.price;
            facility.price = before.map(|price| libm::floor(price / 2.5));
            (ChangeKind::PriceLowered, "price", number(before), number(facility.price))
        }
        Some(FlawKind::Full) => {
            let before = facility.offers[0].capacity;
            facility.offers[0].capacity = before.map(|places| enlarged(places.max(2.0)));
            (ChangeKind::CapacityRaised, "capacity", number(before), number(facility.offers[0].capacity))
        }
        Some(FlawKind::Missing) => return None,
    })
}
