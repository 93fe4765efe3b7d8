//! The problem register of the paper county: every class has a site of its own.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper county should stop the test")]

mod county;

use std::collections::BTreeSet;

use county::{County, county, site};
use lifecircle_indicators::{
    Funding, Problem, ProblemCause, RegisterOptions, Remedy, find_problems, measure_indicators,
    problems_table,
};
use lifecircle_taxonomy::ProblemClass;
use lifecircle_types::{FacilitySet, ProblemStatus, UnitKind};
use proptest::prelude::*;

/// Norms that stations, kindergartens and day care miss, and indicators that are problems where they are missed.
const ROWS: &str = "\
    [[norm]]\nkey = 'station_floor'\nservices = ['community_service_station']\nmeasure = 'floor_area_m2'\nat_least = 180\nbase = 'site'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'station_functions'\nservices = ['community_service_station']\nmeasure = 'functions'\nfunctions = ['registration', 'activities']\nbase = 'site'\nconfidence = 'memory'\nsource = 's'\n\
    [[norm]]\nkey = 'station_hours'\nservices = ['community_service_station']\nmeasure = 'hours_a_week'\nat_least = 40\nbase = 'site'\nconfidence = 'derived'\nsource = 's'\n\
    [[indicator]]\nkey = 'unserved'\nen = 'Children without a place'\nunit = 'children'\nbetter = 'less'\ncounted_over = 'community'\n\
    target = { at_most = 0 }\nproblem = 'over_capacity'\ncount = { what = 'people', ages = 'age_3_5', unserved_by = 'kindergarten' }\nconfidence = 'derived'\nsource = 's'\n\
    [[indicator]]\nkey = 'affordable'\nen = 'Able to pay'\nunit = '%'\nper = 100\nbetter = 'more'\ncounted_over = 'community'\n\
    target = { at_least = 90 }\nproblem = 'unaffordable'\nconfidence = 'derived'\nsource = 's'\n\
    count = { what = 'people', ages = 'age_60_plus', affording = 'elderly_day_care', income = 'income', uses = 100, share = 0.1 }\n\
    of = { what = 'people', ages = 'age_60_plus', covered_by = ['elderly_day_care'] }\n\
    [[indicator]]\nkey = 'content'\nen = 'Content'\nunit = '%'\nbetter = 'more'\ntarget = { at_least = 90 }\nproblem = 'low_satisfaction'\n\
    about = ['kindergarten']\ncount = { what = 'value', key = 'content' }\nconfidence = 'derived'\nsource = 's'\n";

fn register(county: &County, rows: &str) -> Vec<Problem> {
    county.ask(rows, |all| find_problems(all, &measure_indicators(all), &RegisterOptions::default()))
}

/// The county with a station 90 m2 under the minimum, without rooms for activities, open for 20 hours.
fn faulty() -> County {
    let mut county = county();
    let station = &mut county.facilities[2];
    station.functions = vec!["registration".into()];
    county.facilities[0].users = Some(33.0);
    // in the order of ids: dc1, dc2, kg1, kg2, st
    county.hours = vec![None, None, None, None, Some(20.0)];
    let mut content = county.values[0].clone();
    (content.key, content.value) = ("content".into(), 71.0);
    county.values.push(content);
    county
}

fn one<'p>(problems: &'p [Problem], class: ProblemClass, clause: &str, unit: &str) -> &'p Problem {
    let mut found = problems
        .iter()
        .filter(|problem| problem.class == class && problem.clause == clause && problem.unit == unit);
    let problem = found.next().unwrap_or_else(|| panic!("no {class} by {clause} in {unit}"));
    assert!(found.next().is_none(), "two of one kind");
    problem
}

#[test]
fn every_class_has_its_site() {
    let problems = register(&faulty(), ROWS);
    let small = one(&problems, ProblemClass::BelowStandard, "station_floor", "t");
    assert_eq!((small.gap, small.gap_in.as_str(), small.severity), (90.0, "floor_area_m2", 0.5));
    assert_eq!((small.cause, small.people.rounded()), (ProblemCause::Size, 400));
    assert_eq!(small.evidence.to_string(), "st has 90 of 180");
    assert_eq!(small.remedies, [Remedy::Enlarge, Remedy::UseVacantSpace]);
    let function = one(&problems, ProblemClass::FunctionIncomplete, "station_functions", "t");
    assert_eq!(function.evidence.to_string(), "st has 1 (no activities) of 2");
    let hours = one(&problems, ProblemClass::ClosedWhenNeeded, "station_hours", "t");
    assert_eq!((hours.gap, hours.cause), (20.0, ProblemCause::Hours));
    // day care in `v` is planned, and its 100 residents have no other
    let idle = one(&problems, ProblemClass::ServiceInadequate, "rule", "v");
    assert_eq!(
        (idle.people.rounded(), idle.severity, idle.evidence.to_string().as_str()),
        (100, 1.0, "dc2 is planned")
    );
    let absent = one(&problems, ProblemClass::BelowStandard, "rule", "v");
    assert_eq!((absent.service.as_str(), absent.cause), ("elderly_day_care", ProblemCause::Absent));
    // 33 children in 30 places
    let full = one(&problems, ProblemClass::OverCapacity, "full", "t");
    assert_eq!((full.gap, full.severity), (3.0, 0.55));
    let unserved = one(&problems, ProblemClass::OverCapacity, "unserved", "t");
    assert_eq!((unserved.gap, unserved.people.rounded()), (10.0, 10));
    // 20 a day on 100 days is more than a tenth of 10000 a year
    let dear = one(&problems, ProblemClass::Unaffordable, "affordable", "t");
    assert_eq!((dear.people.rounded(), dear.cause), (80, ProblemCause::Price));
    let discontent = one(&problems, ProblemClass::LowSatisfaction, "content", "*");
    assert_eq!((discontent.gap, discontent.evidence.to_string().as_str()), (19.0, "71 %, at least 90 asked"));
    // the second kindergarten does not state its floor
    let silent = one(&problems, ProblemClass::NoData, "floor", "*");
    assert_eq!((silent.gap, silent.remedies.as_slice()), (1.0, [Remedy::Survey].as_slice()));
    assert!(problems.iter().all(|problem| problem.status == ProblemStatus::Found));
}

#[test]
fn the_floor_comes_first_and_levels_are_named() {
    let problems = register(&faulty(), ROWS);
    let ids: BTreeSet<&str> = problems.iter().map(|problem| problem.id.as_str()).collect();
    assert_eq!(ids.len(), problems.len(), "an id is one problem's alone");
    let floor = problems.iter().take_while(|problem| problem.is_floor).count();
    assert_eq!(floor, problems.iter().filter(|problem| problem.is_floor).count());
    for part in [&problems[..floor], &problems[floor..]] {
        assert!(part.windows(2).all(|pair| pair[0].priority >= pair[1].priority));
    }
    // the county has no sub-districts: what a community lacks is the city's to solve
    let absent = one(&problems, ProblemClass::BelowStandard, "rule", "v");
    assert_eq!(
        (absent.responsible, absent.within.as_slice()),
        (UnitKind::City, ["city".to_string()].as_slice())
    );
    assert_ne!(absent.funding, Funding::Unsettled);
    // whoever lives outside every unit is not lost: their problem is the whole place's
    let outside = problems
        .iter()
        .find(|problem| {
            problem.unit == "*" && problem.service.as_str() == "kindergarten" && problem.clause == "rule"
        })
        .unwrap();
    assert_eq!(outside.people.rounded(), 100);
    // 100 residents, 30 of them 60 or over and 5 of 3 to 5: each of these counts a half more
    let weight = 100.0 + 0.5 * 35.0;
    assert!((absent.priority / weight - absent.severity * 0.5 * importance(absent)).abs() < 1e-9);
    let table =
        county().ask("", |all| problems_table(&problems, all.inputs.residents, all.facilities).unwrap());
    assert_eq!(table.rows(), problems.len());
}

fn importance(problem: &Problem) -> f64 {
    match problem.tier.unwrap() {
        lifecircle_taxonomy::Tier::Basic => 1.0,
        lifecircle_taxonomy::Tier::InclusiveNonBasic => 0.8,
        lifecircle_taxonomy::Tier::LifeService => 0.5,
    }
}

#[test]
fn a_place_in_order_has_no_problem() {
    let mut county = county();
    county.facilities[1].floor_area_m2 = Some(2300.0);
    county.facilities[1].offers[0].capacity = Some(100.0);
    county.facilities[4].status = lifecircle_types::Status::OPEN;
    let mut station = site("st2", "community_service_station", 1.0);
    station.floor_area_m2 = Some(300.0);
    county.facilities.push(station);
    let kept: Vec<Problem> = register(&county, "")
        .into_iter()
        .filter(|problem| problem.unit != "*" || problem.people.rounded() != 100)
        .collect();
    assert_eq!(kept, [], "but for the people outside every unit");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The order of rows changes nothing, a larger site never makes a problem worse, and shares stay shares.
    #[test]
    fn larger_sites_are_smaller_problems(floor in 1.0..400.0_f64, more in 0.0..200.0_f64, turn in 0..5_usize) {
        let mut county = faulty();
        let (mut hours, day) = (county.hours.clone(), 4);
        county.facilities[2].floor_area_m2 = Some(floor);
        let before = register(&county, ROWS);
        county.facilities.rotate_left(turn);
        hours[day] = Some(20.0);
        prop_assert_eq!(&register(&county, ROWS), &before);
        county.facilities.rotate_right(turn);
        county.facilities[2].floor_area_m2 = Some(floor + more);
        let after = register(&county, ROWS);
        let gap = |problems: &[Problem]| {
            problems.iter().find(|problem| problem.clause == "station_floor").map_or(0.0, |problem| problem.gap)
        };
        prop_assert!(gap(&after) <= gap(&before));
        prop_assert!(before.iter().all(|problem| (0.0..=1.0).contains(&problem.severity) && problem.priority >= 0.0));
        let _ = FacilitySet::new(county.facilities).unwrap();
    }
}
