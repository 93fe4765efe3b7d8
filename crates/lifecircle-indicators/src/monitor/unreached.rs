//! Services find people (服务找人): what the members of a group are entitled to where they live and do not reach.

use lifecircle_taxonomy::{Delivery, Tier};
use lifecircle_types::{Group, People, ServiceKey};

use crate::indicator::Measured;
use crate::pace::{strict_verdicts_of, walker_for};
use crate::threads::each;

/// Members of a group in a unit who do not reach a service that they are entitled to.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Unreached {
    /// The group, by the name of its column.
    pub group: String,
    /// Code of the unit.
    pub unit: String,
    /// Place of the service among those of the group in the unit, from 1.
    pub rank: u32,
    /// The service.
    pub service: ServiceKey,
    /// Its tier.
    pub tier: Option<Tier>,
    /// Whether it is for the group, and not for everyone.
    pub is_for_group: bool,
    /// Members of the group who live in the unit.
    pub members: f64,
    /// Those of them who do not reach it at their pace.
    pub unreached: f64,
    /// The least walk of any of them to a site, in metres; `None` where none has a way, or the rule is no walk.
    pub nearest_m: Option<f64>,
    /// How it can come to them, where it does not only wait at a site.
    pub comes: Vec<Delivery>,
}

/// For every group and every unit of the smallest kind with residents: services that its members are entitled to and do
/// not reach, ranked.
///
/// A group is entitled to what the packs require where its members live and to basic services that a pack has a rule for,
/// as far as they are for everyone, for its ages, or for what its members have in common. A service is reached when the
/// rule holds at the pace of the group, in the strict reading. Basic services come first, then those that are for the
/// group, then by the number of people. Services that could not be assessed are not in the list: nobody knows.
#[must_use]
pub fn unreached(all: &Measured<'_>) -> Vec<Unreached> {
    let inputs = all.inputs;
    let zones = inputs.zones();
    let members = inputs.places_by_unit();
    let columns = inputs.residents.people();
    let has_people = |unit: usize| members[unit].iter().any(|&place| columns[place] > People::ZERO);
    let Some(least) =
        inputs.units.iter().filter(|(unit, _)| has_people(unit.index())).map(|(_, unit)| unit.kind).min()
    else {
        return vec![];
    };
    let groups: Vec<(&Group, &[People])> = inputs.residents.groups().iter().collect();
    let of_groups = each(&groups, |&(group, people)| {
        let mut found = Vec::new();
        let walker = group.age.and_then(|ages| walker_for(inputs.walkers, ages));
        let mut services = Vec::new();
        for (row, applied) in inputs.rules.iter().enumerate() {
            let strict = &all.assessment.verdicts[row];
            let Some(record) = inputs.catalogue.service(&applied.rule.service).filter(|_| !strict.is_empty())
            else {
                continue;
            };
            if !record.is_for(group) {
                continue;
            }
            let own = walker.and_then(|walker| strict_verdicts_of(inputs, &zones, row, walker));
            services.push((row, record, own));
        }
        for (unit, record) in inputs.units.iter().filter(|(_, unit)| unit.kind == least) {
            let places = &members[unit.index()];
            let all_members: People = places.iter().map(|&place| people[place]).sum();
            if all_members == People::ZERO {
                continue;
            }
            let first = found.len();
            for (row, service, own) in &services {
                let rule = &inputs.rules[*row];
                let tier = all.assessment.services[*row].tier;
                let reached = own.as_ref().unwrap_or(&all.assessment.verdicts[*row]);
                let lacking: Vec<usize> = places
                    .iter()
                    .copied()
                    .filter(|&place| {
                        let entitled = tier == Some(Tier::Basic) || rule.is_must(zones[place]);
                        entitled && !reached[place] && people[place] > People::ZERO
                    })
                    .collect();
                if lacking.is_empty() {
                    continue;
                }
                let trips = &inputs.evidence[*row].strict;
                let lengths = lacking.iter().filter_map(|&place| trips.length(place));
                found.push(Unreached {
                    group: group.name.clone(),
                    unit: record.code.clone(),
                    rank: 0,
                    service: service.key.clone(),
                    tier,
                    is_for_group: service.is_for_some(),
                    members: all_members.as_f64(),
                    unreached: lacking.iter().map(|&place| people[place]).sum::<People>().as_f64(),
                    nearest_m: lengths.min().map(|length| length.as_metres_f64()),
                    comes: service
                        .delivery
                        .iter()
                        .copied()
                        .filter(|way| matches!(way, Delivery::Home | Delivery::Mobile | Delivery::Online))
                        .collect(),
                });
            }
            let rows = &mut found[first..];
            rows.sort_by(|a, b| {
                let later = |row: &Unreached| (row.tier != Some(Tier::Basic), !row.is_for_group);
                later(a)
                    .cmp(&later(b))
                    .then_with(|| b.unreached.total_cmp(&a.unreached))
                    .then_with(|| a.service.cmp(&b.service))
            });
            for (row, rank) in rows.iter_mut().zip(1..) {
                row.rank = rank;
            }
        }
        found
    });
    of_groups.into_iter().flatten().collect()
}
