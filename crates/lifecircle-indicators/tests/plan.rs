//! A plan on paper: 500 dwellings, 1500 people, held against a pack of a few lines.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper plan should stop the test")]

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_indicators::{
    Clause, Gate, Plan, PlanCheck, PlannedFacility, Stage, Verdict, check_plan, clauses_table,
};
use lifecircle_taxonomy::{Catalogue, Pack};
use lifecircle_types::{Certainty, Facility, LonLat, Millimetres, Offer, UnitKind};
use proptest::prelude::*;

const HEAD: &str = "key = 'paper'\ntitle = 'Paper'\nstandard_walker = { metres = 1000, minutes = 15 }\n";

fn norm(key: &str, lines: &str) -> String {
    format!("[[norm]]\nkey = '{key}'\nconfidence = 'policy'\nsource = 's'\n{lines}\n")
}

fn facility(service: &str) -> PlannedFacility {
    let mut facility = Facility::new(service, LonLat::new(0.0, 0.0).unwrap(), "plan");
    let service = service.parse().unwrap();
    facility.offers = vec![Offer { service, certainty: Certainty::Known, capacity: None }];
    PlannedFacility { facility, is_outside: false, longest_walk: None, longest_line: None }
}

fn with_floor(service: &str, floor: f64) -> PlannedFacility {
    let mut planned = facility(service);
    planned.facility.floor_area_m2 = Some(floor);
    planned
}

fn plan(facilities: Vec<PlannedFacility>) -> Plan {
    Plan {
        name: "Paper Court".into(),
        stage: Stage::Drawings,
        unit: UnitKind::Estate,
        levels: BTreeSet::new(),
        cases: BTreeSet::new(),
        zone: None,
        dwellings: Some(500.0),
        people: Some(1500.0),
        ages: BTreeMap::new(),
        building_floor_area_m2: None,
        facilities,
    }
}

fn check(plan: &Plan, rows: &str) -> PlanCheck {
    let pack = Pack::from_toml("p.toml", &format!("{HEAD}{rows}")).unwrap();
    let found = check_plan(plan, &[pack], &Catalogue::builtin(), "2025-07-01".parse().unwrap());
    assert_eq!(clauses_table(&found).unwrap().rows(), found.clauses.len());
    found
}

fn only(check: &PlanCheck) -> &Clause {
    assert_eq!(check.clauses.len(), 1);
    &check.clauses[0]
}

const AREA: &str = "services = ['elderly_day_care']\nmeasure = 'floor_area_m2'\nat_least = 20\nper = 100\nbase = 'households'";

#[test]
fn an_amount_is_asked_per_dwelling() {
    let rows = norm("area", AREA);
    let found = |floor: f64| check(&plan(vec![with_floor("elderly_day_care", floor)]), &rows);
    assert_eq!((only(&found(100.0)).verdict, found(100.0).gate), (Verdict::Pass, Gate::Passed));
    let short = found(99.9);
    assert_eq!((only(&short).verdict, short.gate), (Verdict::Refuse, Gate::Refused));
    assert_eq!((only(&short).needs, only(&short).has), (Some(100.0), Some(99.9)));
    let mut outside = with_floor("elderly_day_care", 500.0);
    outside.is_outside = true;
    assert_eq!(only(&check(&plan(vec![outside]), &rows)).verdict, Verdict::Refuse, "its own space counts");
    let unstated = check(&plan(vec![facility("elderly_day_care")]), &rows);
    assert_eq!((only(&unstated).verdict, unstated.gate), (Verdict::Unstated, Gate::Open));
    let enough =
        check(&plan(vec![facility("elderly_day_care"), with_floor("elderly_day_care", 100.0)]), &rows);
    assert_eq!(only(&enough).verdict, Verdict::Pass, "what is stated is enough");
    let mut no_dwellings = plan(vec![]);
    no_dwellings.dwellings = None;
    assert_eq!(only(&check(&no_dwellings, &rows)).verdict, Verdict::Unstated);
}

#[test]
fn cases_levels_and_larger_units_are_not_asked_unless_they_are_those_of_the_plan() {
    let bare = plan(vec![]);
    let verdict =
        |plan: &Plan, more: &str| only(&check(plan, &norm("area", &format!("{AREA}\n{more}")))).verdict;
    assert_eq!(verdict(&bare, "case = 'new'"), Verdict::NotAsked);
    assert_eq!(verdict(&bare, "level = 'circle_5'"), Verdict::NotAsked);
    assert_eq!(verdict(&bare, "counted_over = 'community'"), Verdict::NotAsked);
    assert_eq!(verdict(&bare, "counted_over = 'estate'"), Verdict::Refuse);
    let mut new = plan(vec![]);
    new.cases.insert("new".into());
    new.levels.insert("circle_5".into());
    assert_eq!(verdict(&new, "case = 'new'"), Verdict::Refuse);
    assert_eq!(verdict(&new, "level = 'circle_5'"), Verdict::Refuse);
}

#[test]
fn a_case_of_a_later_pack_holds_where_it_is_that_of_the_plan() {
    let pack = |key: &str, rows: &str| {
        Pack::from_toml("p.toml", &format!("key = '{key}'\ntitle = 'T'\n{rows}")).unwrap()
    };
    let old = norm("area", &format!("{}\ncase = 'old'", AREA.replace("20", "10")));
    let packs = [pack("nation", &norm("area", AREA)), pack("city", &old)];
    let needs = |plan: &Plan| {
        let found = check_plan(plan, &packs, &Catalogue::builtin(), "2025-07-01".parse().unwrap());
        (only(&found).pack.clone(), only(&found).needs)
    };
    let mut bare = plan(vec![]);
    assert_eq!(needs(&bare), ("nation".into(), Some(100.0)));
    bare.cases.insert("old".into());
    assert_eq!(needs(&bare), ("city".into(), Some(50.0)));
}

#[test]
fn whole_sites_are_asked_of_plans_that_are_large_enough() {
    let rows = norm(
        "sites",
        "services = ['kindergarten']\nmeasure = 'sites'\nat_least = 1\nper = 1000\nbase = 'households'",
    );
    assert_eq!(only(&check(&plan(vec![]), &rows)).verdict, Verdict::Pass, "500 dwellings need half of one");
    let mut large = plan(vec![facility("kindergarten")]);
    large.dwellings = Some(2100.0);
    let found = check(&large, &rows);
    assert_eq!(
        (only(&found).needs, only(&found).has, only(&found).verdict),
        (Some(2.0), Some(1.0), Verdict::Refuse)
    );
}

#[test]
fn every_site_has_to_keep_a_norm_per_site() {
    let rows = norm(
        "size",
        "services = ['kindergarten']\nmeasure = 'floor_area_m2'\nat_least = 2200\nbase = 'site'",
    );
    let found = |sites: Vec<PlannedFacility>| check(&plan(sites), &rows);
    assert_eq!(only(&found(vec![])).verdict, Verdict::NotAsked);
    let both = found(vec![with_floor("kindergarten", 2500.0), with_floor("kindergarten", 2000.0)]);
    assert_eq!((only(&both).verdict, only(&both).has), (Verdict::Refuse, Some(2000.0)));
    assert!(only(&both).reason.as_ref().unwrap().contains("2000"));
    assert_eq!(only(&found(vec![facility("kindergarten")])).verdict, Verdict::Unstated);
    assert_eq!(only(&found(vec![with_floor("kindergarten", 2200.0)])).verdict, Verdict::Pass);
}

#[test]
fn people_of_an_age_are_summed_where_ages_leave_no_gap() {
    let rows = norm(
        "places",
        "services = ['kindergarten']\nmeasure = 'capacity'\nat_least = 1\nbase = 'residents'\nages = 'age_3_5'",
    );
    let mut aged = plan(vec![]);
    assert_eq!(only(&check(&aged, &rows)).verdict, Verdict::Unstated);
    aged.ages = [("age_3_3", 10.0), ("age_4_5", 25.0), ("age_60_plus", 90.0)]
        .map(|(band, people)| (band.parse().unwrap(), people))
        .into();
    assert_eq!(only(&check(&aged, &rows)).needs, Some(35.0));
    aged.ages.remove(&"age_4_5".parse().unwrap());
    assert_eq!(only(&check(&aged, &rows)).verdict, Verdict::Unstated);
}

#[test]
fn rules_ask_for_the_longest_walk() {
    let rule = |lines: &str| {
        format!(
            "[[rule]]\nservice = 'pharmacy'\nrequirement = 'must'\nconfidence = 'policy'\nsource = 's'\n{lines}\n"
        )
    };
    let walked = |metres: Option<u32>, lines: &str| {
        let mut site = facility("pharmacy");
        (site.is_outside, site.longest_walk) = (true, metres.map(Millimetres::from_metres));
        only(&check(&plan(vec![site]), &rule(lines))).verdict
    };
    // 15 minutes of the standard walker are 1000 m
    assert_eq!(walked(Some(1000), "walk_minutes = 15"), Verdict::Pass);
    assert_eq!(walked(Some(1001), "walk_minutes = 15"), Verdict::Refuse);
    assert_eq!(walked(None, "walk_metres = 500"), Verdict::Unstated);
    assert_eq!(walked(Some(10), "straight_metres = 500"), Verdict::Unstated, "a walk is no straight line");
    assert_eq!(walked(Some(10), "one_in = 'community'"), Verdict::NotAsked);
    assert_eq!(walked(Some(10), "one_in = 'estate'"), Verdict::Refuse, "outside is not in the estate");
    let none = check(&plan(vec![]), &rule("walk_minutes = 15"));
    assert_eq!((only(&none).verdict, none.gate), (Verdict::Refuse, Gate::Refused));
}

#[test]
fn a_figure_that_nobody_has_confirmed_refuses_nothing() {
    let found = check(&plan(vec![]), &norm("area", AREA).replace("'policy'", "'memory'"));
    assert_eq!((only(&found).verdict, found.gate), (Verdict::Refuse, Gate::Open));
}

fn rank(gate: Gate) -> u8 {
    match gate {
        Gate::Refused => 0,
        Gate::Open => 1,
        Gate::Passed => 2,
    }
}

proptest! {
    #[test]
    fn more_floor_never_closes_the_gate(floors in prop::collection::vec(0.0f64..80.0, 0..5), more in 0.0f64..80.0) {
        let rows = norm("area", AREA);
        let sites = |floors: &[f64]| floors.iter().map(|floor| with_floor("elderly_day_care", *floor)).collect();
        let before = check(&plan(sites(&floors)), &rows);
        let mut grown = floors;
        grown.push(more);
        prop_assert!(rank(check(&plan(sites(&grown)), &rows).gate) >= rank(before.gate));
        let turned: Vec<f64> = grown.iter().rev().copied().collect();
        let (one, other) = (check(&plan(sites(&grown)), &rows), check(&plan(sites(&turned)), &rows));
        prop_assert_eq!(one.gate, other.gate);
    }
}
