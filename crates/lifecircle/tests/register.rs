//! The problem register of Xinan New Town against what is wrong with it by construction.

#![cfg(feature = "osm-xml")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lifecircle::indicators::ProblemCause;
use lifecircle::taxonomy::{Base, Catalogue, Measure, Pack, ProblemClass};
use lifecircle::types::{Certainty, FacilityState, NoProgress, People, ServiceKey};
use lifecircle::{Outcome, Study};

fn town(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town").join(file)
}

/// Flaws of a kind: service and facility.
fn flaws(kind: &str) -> Vec<(ServiceKey, String)> {
    let text = std::fs::read_to_string(town("flaws.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[0] == kind).map(|row| (row[2].parse().unwrap(), row[3].into())).collect()
}

/// Facilities at fault by class and clause.
fn listed(outcome: &Outcome<'_>, class: ProblemClass) -> BTreeSet<(String, String)> {
    let problems = outcome.problems.iter().filter(|problem| problem.class == class);
    let facilities = outcome.study().facilities();
    problems
        .flat_map(|problem| {
            problem.facilities.iter().map(|&site| (facilities[site].id.clone(), problem.clause.clone()))
        })
        .collect()
}

#[test]
fn what_is_wrong_by_construction_is_found_and_nothing_else() {
    let study = Study::open(&town("study.toml"), &NoProgress).unwrap();
    let outcome = study.assess(&NoProgress).unwrap();

    // sizes, worked out again from the rows of the packs and the table of facilities
    let packs = ["cn-gb50180", "cn-chengdu"].map(|key| Pack::builtin(key).unwrap());
    let day = "2025-07-01".parse().unwrap();
    let norms: Vec<_> =
        packs.iter().flat_map(|pack| pack.norms()).filter(|norm| norm.validity.holds(day)).collect();
    let mut expected = BTreeSet::new();
    for facility in
        study.facilities().as_slice().iter().filter(|facility| facility.status.state == FacilityState::Open)
    {
        for offer in facility.offers.iter().filter(|offer| offer.certainty == Certainty::Known) {
            for norm in norms.iter().filter(|norm| norm.base == Base::Site && norm.case.is_none()) {
                let has = match norm.measure {
                    Measure::FloorArea => facility.floor_area_m2,
                    Measure::SiteArea => facility.site_area_m2,
                    Measure::Capacity => offer.capacity,
                    _ => None,
                };
                if norm.services.contains(&offer.service)
                    && has.zip(norm.amount.at_least).is_some_and(|(has, least)| has < least)
                {
                    expected.insert((facility.id.clone(), norm.key.clone()));
                }
            }
        }
    }
    assert!(expected.len() > 20, "{}", expected.len());
    assert_eq!(listed(&outcome, ProblemClass::BelowStandard), expected);
    let undersized: BTreeSet<String> = flaws("undersized").into_iter().map(|(_, site)| site).collect();
    assert!(expected.iter().any(|(site, _)| undersized.contains(site)));

    // the one station that lacks a room is found, and it is the one made so
    let lacking: BTreeSet<(String, String)> = flaws("lacks_function")
        .into_iter()
        .filter(|(service, _)| service.as_str() == "community_service_station")
        .map(|(_, site)| (site, "station_functions".to_string()))
        .collect();
    assert_eq!(lacking.len(), 1);
    assert_eq!(listed(&outcome, ProblemClass::FunctionIncomplete), lacking);

    // hours: what was shortened to twenty a week misses 35, where a norm speaks of the service
    let norm = norms.iter().find(|norm| norm.key == "service_hours").unwrap();
    let short: BTreeSet<(String, String)> = flaws("short_hours")
        .into_iter()
        .filter(|(service, _)| norm.services.contains(service))
        .map(|(_, site)| (site, "service_hours".to_string()))
        .collect();
    assert!(short.len() > 5, "{}", short.len());
    assert_eq!(listed(&outcome, ProblemClass::ClosedWhenNeeded), short);

    // places that are all taken, where places are people's
    let full = listed(&outcome, ProblemClass::OverCapacity);
    let catalogue = Catalogue::builtin();
    for (service, site) in flaws("full") {
        let unit = catalogue.service(&service).unwrap().capacity_unit.as_str();
        let in_people = ["place", "seat", "bed"].contains(&unit);
        assert_eq!(full.contains(&(site.clone(), "full".into())), in_people, "{site}");
    }

    // sites that are not in use, of services that a rule asks for
    let rules: BTreeSet<&ServiceKey> =
        outcome.assessment.services.iter().map(|service| &service.service).collect();
    let idle = listed(&outcome, ProblemClass::ServiceInadequate);
    let mut found = 0;
    for (service, site) in flaws("not_open") {
        let is_listed = idle.contains(&(site.clone(), "rule".into()));
        assert!(rules.contains(&service) || !is_listed, "{site}");
        found += usize::from(is_listed);
    }
    assert_eq!(found, idle.len(), "every site that is not in use was made so");
    assert!(found > 10);

    for class in [
        ProblemClass::OutOfReach,
        ProblemClass::Unaffordable,
        ProblemClass::LowSatisfaction,
        ProblemClass::ClosedWhenNeeded,
        ProblemClass::NoData,
    ] {
        assert!(outcome.problems.iter().any(|problem| problem.class == class), "no {class}");
    }
    let barred = outcome.problems.iter().filter(|problem| problem.cause == ProblemCause::Barrier).count();
    assert!(barred > 0, "walls and a river stand between people and services");
}

#[test]
fn people_outside_rules_add_up() {
    let study = Study::open(&town("gb50180.toml"), &NoProgress).unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let mut outside: BTreeMap<&ServiceKey, People> = BTreeMap::new();
    for problem in outcome.problems.iter().filter(|problem| problem.clause == "rule") {
        let is_rule = matches!(problem.class, ProblemClass::OutOfReach | ProblemClass::BelowStandard);
        if is_rule {
            *outside.entry(&problem.service).or_default() += problem.people;
        }
    }
    let mut compared = 0;
    let gaps = outcome.gaps();
    for (row, service) in outcome.assessment.services.iter().enumerate() {
        let lacking = gaps.iter().filter(|gap| gap.service == row);
        let people: People = lacking.map(|gap| study.residents().people()[gap.place]).sum();
        assert_eq!(outside.get(&service.service).copied().unwrap_or_default(), people, "{}", service.service);
        compared += usize::from(people > People::ZERO);
    }
    assert!(compared > 20, "{compared}");
    let ids: BTreeSet<&str> = outcome.problems.iter().map(|problem| problem.id.as_str()).collect();
    assert_eq!(ids.len(), outcome.problems.len());
    let routed = outcome.problems.iter().filter_map(|problem| problem.alternative.as_ref()?.route.as_deref());
    assert!(routed.filter(|route| route.contains(" m")).count() > 50);
}
