//! Indicators of a county of four homes worked out on paper.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper county should stop the test")]

mod county;

use county::{County, RULES, county, site};
use lifecircle_indicators::{
    Attainment, IndicatorResult, Origin, UnitValue, applied_indicators, asked_values, indicators_table,
    measure_indicators,
};
use lifecircle_taxonomy::Pack;
use proptest::prelude::*;

fn indicator(key: &str, lines: &str) -> String {
    format!(
        "[[indicator]]\nkey = '{key}'\nen = 'E'\nunit = 'u'\nconfidence = 'derived'\nsource = 's'\n{lines}\n"
    )
}

trait Measure {
    fn measure(&self, rows: &str) -> Vec<IndicatorResult>;
    fn value(&self, key: &str, lines: &str, unit: Option<&str>) -> UnitValue;
}

impl Measure for County {
    fn measure(&self, rows: &str) -> Vec<IndicatorResult> {
        self.ask(rows, measure_indicators)
    }

    /// The value of one indicator in a unit, or in the whole place.
    fn value(&self, key: &str, lines: &str, unit: Option<&str>) -> UnitValue {
        let results = self.measure(&if lines.is_empty() { String::new() } else { indicator(key, lines) });
        let result = results.into_iter().find(|result| result.applied.indicator.key == key).unwrap();
        result.values.into_iter().find(|value| value.unit.as_deref() == unit).unwrap()
    }
}

fn near(value: Option<f64>, expected: f64) {
    let value = value.expect("there is a value");
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

#[test]
fn shares_of_units_and_floor_per_household_come_out_as_on_paper() {
    let county = county();
    let stations = "count = { what = 'units', kind = 'community', with = ['community_service_station'] }\n\
        of = { what = 'units', kind = 'community' }\nper = 100\nbetter = 'more'\ncounted_over = 'community'\n";
    let all = county.value("s", stations, None);
    near(all.value, 50.0);
    assert_eq!((all.count, all.of, all.is_exact), (Some(1.0), Some(2.0), true));
    near(county.value("s", stations, Some("t")).value, 100.0);
    near(county.value("s", stations, Some("v")).value, 0.0);
    let urban = format!("{stations}zone = 'urban'\ntarget_in = {{ urban = {{ at_least = 100 }} }}");
    let urban = county.value("s", &urban, None);
    near(urban.value, 100.0);
    assert_eq!(urban.attainment, Some(Attainment::Met));
    let floor = "count = { what = 'floor_area_m2', services = ['community_service_station'] }\n\
        of = { what = 'households' }\nper = 100\nbetter = 'more'\ncounted_over = 'community'\ntarget = { at_least = 30, strictly = true }";
    let all = county.value("f", floor, None);
    near(all.value, 30.0);
    assert_eq!(
        (all.attainment, all.short_by),
        (Some(Attainment::Missed), Some(0.0)),
        "more than 30 is asked"
    );
    near(county.value("f", floor, Some("t")).value, 45.0);
    let short = county.value("f", floor, Some("v"));
    assert_eq!((short.value, short.short_by), (Some(0.0), Some(30.0)));
}

#[test]
fn norms_become_indicators_with_their_targets_and_baselines() {
    let county = county();
    // 40 places for 600 residents, those outside every unit among them; from 50 to 60 the way is gone and more
    let places = county.value("places", "", None);
    near(places.value, 40.0 / 600.0 * 1000.0);
    assert_eq!((places.attainment, places.target.unwrap().year), (Some(Attainment::Met), Some(2025)));
    near(places.way_gone, (40.0 / 600.0 * 1000.0 - 50.0) / 10.0);
    // one of two keeps the floor, the other does not state it
    let floor = county.value("floor", "", None);
    assert_eq!((floor.value, floor.at_most, floor.is_exact), (Some(50.0), Some(100.0), false));
    assert_eq!(floor.attainment, Some(Attainment::Open), "what is not stated is neither met nor missed");
    let stations = county.value("stations", "", None);
    assert_eq!((stations.value, stations.attainment), (Some(50.0), Some(Attainment::Missed)));
    let lacking =
        "count = { what = 'shortage', norm = 'stations' }\nbetter = 'less'\ntarget = { at_most = 0 }";
    assert_eq!(county.value("lacking", lacking, None).value, Some(1.0));
    let origins = |results: Vec<IndicatorResult>| -> Vec<(String, Origin)> {
        results.into_iter().map(|result| (result.applied.indicator.key, result.applied.origin)).collect()
    };
    let expected = ["floor", "life", "places", "stations"].map(String::from);
    let found = origins(county.measure(""));
    assert_eq!(found.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(found[1].1, Origin::Figure);
}

#[test]
fn stated_values_are_the_latest_up_to_the_day() {
    let life = county().value("life", "", None);
    assert_eq!((life.value, life.year), (Some(79.0), Some(2024)));
    assert_eq!((life.attainment, life.short_by), (Some(Attainment::Missed), Some(1.0)));
    let mut without = county();
    without.values.clear();
    let life = without.value("life", "", None);
    assert_eq!((life.value, life.attainment), (None, None), "no data is no miss");
    assert!(life.note.unwrap().contains("no table states `life`"));
}

#[test]
fn people_are_covered_served_and_able_to_pay_as_on_paper() {
    let county = county();
    let share = |reach: &str, ages: &str| {
        format!(
            "count = {{ what = 'people', ages = '{ages}', {reach} }}\nof = {{ what = 'people', ages = '{ages}' }}\n\
             per = 100\nbetter = 'more'\ncounted_over = 'community'\n"
        )
    };
    // both communities have a kindergarten; the 5 children outside every unit have none
    let covered = share("covered_by = ['kindergarten']", "age_3_5");
    near(county.value("c", &covered, None).value, 90.0);
    // in `t` 30 places for 40 children, in `v` 10 for 5
    let served = share("served_by = 'kindergarten'", "age_3_5");
    near(county.value("c", &served, None).value, 35.0 / 50.0 * 100.0);
    near(county.value("c", &served, Some("t")).value, 75.0);
    near(county.value("c", &served, Some("v")).value, 100.0);
    let unserved =
        "count = { what = 'people', ages = 'age_3_5', unserved_by = 'kindergarten' }\nbetter = 'less'\n";
    assert_eq!(county.value("c", unserved, None).value, Some(15.0));
    // both services: in `v` day care is only planned
    let both = share("covered_by = ['kindergarten', 'elderly_day_care']", "age_60_plus");
    near(county.value("c", &both, None).value, 80.0 / 120.0 * 100.0);
    let any = share("covered_by = ['kindergarten', 'elderly_day_care'], need = 'any'", "age_60_plus");
    near(county.value("c", &any, None).value, 110.0 / 120.0 * 100.0);
    // 20 a day on 100 days: 2000 of 10000 a year is a fifth
    let affording = |share_of: f64| {
        share(
            &format!("affording = 'elderly_day_care', income = 'income', uses = 100, share = {share_of}"),
            "age_60_plus",
        )
    };
    near(county.value("c", &affording(0.2), None).value, 80.0 / 120.0 * 100.0);
    near(county.value("c", &affording(0.19), None).value, 0.0);
    let no_price = {
        let mut county = county::county();
        county.facilities[3].price = None;
        county.value("c", &affording(0.2), None)
    };
    assert_eq!(
        (no_price.value, no_price.is_exact),
        (Some(0.0), false),
        "a price that is not stated may be any"
    );
}

#[test]
fn what_is_not_known_is_named() {
    let county = county();
    let note = |lines: &str| {
        let value = county.value("x", lines, None);
        assert_eq!(value.value, None);
        value.note.unwrap()
    };
    let more = "better = 'more'\n";
    let sites = |rest: &str| format!("count = {{ what = 'sites', {rest} }}\n{more}");
    assert!(note(&sites("services = ['library_branch']")).contains("library_branch: no table lists it"));
    assert!(
        note(&sites("services = ['elderly_day_care'], that = 'keep_norms'")).contains("no norm per site")
    );
    let people = |rest: &str| format!("count = {{ what = 'people', {rest} }}\n{more}");
    assert!(note(&people("group = 'group_disabled'")).contains("no group `group_disabled`"));
    assert!(note(&people("base = 'registered'")).contains("not counted by registered"));
    assert!(note(&people("covered_by = ['pharmacy']")).contains("no pack has a rule for pharmacy"));
    assert!(note(&people("base = 'urban_residents'")).contains("town or country"));
    assert!(note(&format!("count = {{ what = 'buildings' }}\n{more}")).contains("`bases`"));
    assert!(note(&format!("count = {{ what = 'shortage', norm = 'none' }}\n{more}")).contains("`none`"));
    let divided = format!(
        "count = {{ what = 'sites', services = ['kindergarten'] }}\n\
         of = {{ what = 'sites', services = ['elderly_day_care'], that = 'are_free' }}\n{more}"
    );
    assert!(note(&divided).contains("nothing to divide by"));
}

#[test]
fn sites_and_ground_and_spread() {
    let county = county();
    let planned = "count = { what = 'sites', services = ['elderly_day_care'], that = 'are_not_open' }\nbetter = 'less'\n";
    assert_eq!(county.value("x", planned, None).value, Some(1.0));
    let land = "count = { what = 'land', covered_by = ['kindergarten'] }\nof = { what = 'land' }\nper = 100\nbetter = 'more'\n";
    near(county.value("x", land, None).value, 75.0);
    // staff per place: 5/30 and 2/10 around 7/40, weighted by places
    let spread = "count = { what = 'staff', services = ['kindergarten'] }\n\
        of = { what = 'capacity', services = ['kindergarten'] }\nspread = 'coefficient_of_variation'\nbetter = 'less'\ntarget = { at_most = 0.1 }";
    let unequal = county.value("x", spread, None);
    let mean = 7.0 / 40.0;
    let variance = (30.0 * (5.0_f64 / 30.0 - mean).powi(2) + 10.0 * (0.2_f64 - mean).powi(2)) / 40.0;
    near(unequal.value, variance.sqrt() / mean);
    assert_eq!(unequal.attainment, Some(Attainment::Met));
    let between = "count = { what = 'people', covered_by = ['elderly_day_care'] }\nof = { what = 'people' }\n\
        spread = 'gini'\ncounted_over = 'community'\nbetter = 'less'\n";
    // 400 people have all of it, 100 nothing: the Lorenz curve leaves out the first fifth
    near(county.value("x", between, None).value, 0.2);
}

#[test]
fn packs_say_what_the_table_of_values_is_asked_for() {
    let pack = Pack::from_toml("p.toml", RULES).unwrap();
    let applied = applied_indicators(&[pack], "2025-06-30".parse().unwrap());
    assert_eq!(asked_values(&applied).collect::<Vec<_>>(), ["life"]);
    let table = indicators_table(&county().measure("")).unwrap();
    assert_eq!(table.rows(), 1 + 1 + 1 + 4, "stations are counted over communities and the city");
}

#[test]
fn wrong_indicators_are_refused_with_line_and_remedy() {
    let refused = |lines: &str, expected: &str| {
        let text = format!("{RULES}{}", indicator("x", lines));
        let error = Pack::from_toml("p.toml", &text).unwrap_err().to_string();
        assert!(error.starts_with("p.toml, line ") && error.contains(expected), "{error}");
    };
    refused("better = 'more'", "`count` is missing");
    refused("count = { what = 'people' }", "`better` is missing");
    refused("better = 'more'\ncount = { ages = 'age_60_plus' }", "`what` is missing");
    refused(
        "better = 'more'\ncount = { what = 'people', services = ['pharmacy'] }",
        "`services` says nothing about people",
    );
    refused("better = 'more'\ncount = { what = 'sites' }", "need `services`");
    refused("better = 'more'\ncount = { what = 'sites', services = ['farmacy'] }", "did you mean `pharmacy`");
    refused("better = 'more'\ncount = { what = 'units' }", "need their `kind`");
    refused("better = 'more'\ncount = { what = 'people', affording = 'pharmacy' }", "`income`");
    refused("better = 'more'\ncount = { what = 'people', base = 'site' }", "none of people");
    refused("better = 'more'\nspread = 'gini'\ncount = { what = 'people' }", "`of` what");
    refused(
        "better = 'more'\ntarget = { year = 2025 }\ncount = { what = 'people' }",
        "`target`: a target needs",
    );
    refused("better = 'more'\nper = 0\ncount = { what = 'people' }", "above 0");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the sites that state nothing turn out to have, the value lies between the two ends.
    #[test]
    fn the_truth_lies_between_the_ends(floors in prop::collection::vec((1000.0..4000.0_f64, any::<bool>()), 1..12)) {
        let mut county = county();
        let sites = |hide: bool| floors.iter().enumerate().map(|(at, &(floor, hidden))| {
            let mut facility = site(&format!("k{at}"), "kindergarten", if at % 2 == 0 { -1.0 } else { 1.0 });
            facility.floor_area_m2 = (!(hide && hidden)).then_some(floor);
            facility
        }).collect::<Vec<_>>();
        county.facilities = sites(false);
        let sum = "count = { what = 'floor_area_m2', services = ['kindergarten'] }\nof = { what = 'people' }\nbetter = 'more'\n";
        let (all, truth) = (county.value("floor", "", None), county.value("x", sum, None));
        county.facilities = sites(true);
        let (seen, seen_sum) = (county.value("floor", "", None), county.value("x", sum, None));
        prop_assert!(all.is_exact);
        prop_assert!(seen.value <= all.value && seen.at_most.or(seen.value) >= all.value);
        prop_assert!(seen_sum.value <= truth.value);
        prop_assert!(seen_sum.is_exact || seen_sum.at_most.is_none());
        if seen.attainment != Some(Attainment::Open) {
            prop_assert_eq!(seen.attainment, all.attainment);
        }
        county.facilities.reverse();
        prop_assert_eq!(county.value("floor", "", None), seen);
    }
}
