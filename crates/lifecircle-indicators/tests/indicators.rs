//! Indicators of a county of four homes worked out on paper.
//!
//! | Home | Unit | People | 60 and over | 3 to 5 |
//! |---|---|---|---|---|
//! | `t1` | community `t`, urban, 200 households | 300 | 60 | 30 |
//! | `t2` | community `t` | 100 | 20 | 10 |
//! | `v1` | community `v`, rural, 100 households | 100 | 30 | 5 |
//! | `o1` | none | 100 | 10 | 5 |
//!
//! Kindergartens: 30 places, 5 staff, 2500 m2 in `t`; 10 places, 2 staff, floor not stated in `v`. A service station of
//! 90 m2 in `t`. Day care in `t` for 20 a day, a second one planned in `v`.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper county should stop the test")]

use lifecircle_indicators::{
    Attainment, GroundCoverage, Home, IndicatorResult, Inputs, Measured, Origin, ServiceEvidence, Source,
    UnitValue, applied_indicators, applied_rules, asked_values, assess, candidates, indicators_table,
    inventory, measure_indicators,
};
use lifecircle_taxonomy::{Catalogue, Ground, Pack};
use lifecircle_types::{
    Certainty, DemandIx, DemandSet, Evidence, Facility, FacilityIx, FacilitySet, FacilityState, Group,
    LonLat, Millimetres, Offer, People, Placement, ResidentPlace, StatedValue, Status, TravelMatrix, Unit,
    UnitIx, UnitKind, UnitSet, ZoneType,
};
use proptest::prelude::*;

const RULES: &str = "key = 'paper'\ntitle = 'Paper'\n\
    [[rule]]\nservice = 'kindergarten'\none_in = 'community'\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n\
    [[rule]]\nservice = 'elderly_day_care'\none_in = 'community'\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'floor'\nservices = ['kindergarten']\nmeasure = 'floor_area_m2'\nat_least = 2200\nbase = 'site'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'stations'\nservices = ['community_service_station']\nmeasure = 'sites'\nat_least = 1\nbase = 'unit'\ncounted_over = 'community'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'places'\nservices = ['kindergarten']\nmeasure = 'capacity'\nat_least = 60\nper = 1000\nbase = 'residents'\nyear = 2025\nconfidence = 'derived'\nsource = 's'\n\
    [[figure]]\nkey = 'places_2020'\nen = 'Places'\nkind = 'baseline'\nexactly = 50\nunit = 'per 1000'\nyear = 2020\nconfidence = 'derived'\nsource = 's'\n\
    [[figure]]\nkey = 'life'\nen = 'Life expectancy'\nkind = 'target'\nat_least = 80\nunit = 'years'\nyear = 2025\nconfidence = 'derived'\nsource = 's'\n";

fn indicator(key: &str, lines: &str) -> String {
    format!(
        "[[indicator]]\nkey = '{key}'\nen = 'E'\nunit = 'u'\nconfidence = 'derived'\nsource = 's'\n{lines}\n"
    )
}

fn site(id: &str, service: &str, lon: f64) -> Facility {
    let mut facility = Facility::new(id, LonLat::new(lon, 0.0).unwrap(), "sites.csv");
    let service = service.parse().unwrap();
    facility.offers = vec![Offer { service, certainty: Certainty::Known, capacity: None }];
    facility
}

struct County {
    residents: DemandSet,
    units: UnitSet,
    facilities: Vec<Facility>,
    values: Vec<StatedValue>,
}

fn county() -> County {
    let groups = ["age_60_plus", "age_3_5"].map(|name| Group::from_column(name).unwrap());
    let place = |id: &str, unit: Option<&str>, people: [u64; 3]| ResidentPlace {
        id: id.into(),
        position: LonLat::new(0.0, 0.0).ok(),
        people: People::whole(people[0]),
        unit: unit.map(Into::into),
        placement: Placement::Given,
        groups: people[1..].iter().map(|&people| People::whole(people)).collect(),
    };
    let places = vec![
        place("o1", None, [100, 10, 5]),
        place("t1", Some("t"), [300, 60, 30]),
        place("t2", Some("t"), [100, 20, 10]),
        place("v1", Some("v"), [100, 30, 5]),
    ];
    let unit = |code: &str, kind, zone, households| {
        let mut unit = Unit::new(code, kind);
        unit.zone = zone;
        unit.households = Some(households);
        unit.parent = (kind == UnitKind::Community).then(|| "city".into());
        unit
    };
    let units = vec![
        unit("city", UnitKind::City, None, 300),
        unit("t", UnitKind::Community, Some(ZoneType::Urban), 200),
        unit("v", UnitKind::Community, Some(ZoneType::Rural), 100),
    ];
    // facilities lie west in `t`, east in `v`
    let mut first = site("kg1", "kindergarten", -1.0);
    (first.offers[0].capacity, first.staff, first.floor_area_m2) = (Some(30.0), Some(5.0), Some(2500.0));
    let mut second = site("kg2", "kindergarten", 1.0);
    (second.offers[0].capacity, second.staff) = (Some(10.0), Some(2.0));
    let mut station = site("st", "community_service_station", -1.0);
    station.floor_area_m2 = Some(90.0);
    let mut care = site("dc1", "elderly_day_care", -1.0);
    care.price = Some(20.0);
    let mut planned = site("dc2", "elderly_day_care", 1.0);
    planned.status = Status { state: FacilityState::Planned, ..Status::OPEN };
    let value = |key: &str, unit: Option<&str>, year, value| StatedValue {
        key: key.into(),
        unit: unit.map(Into::into),
        year,
        value,
        source: None,
    };
    County {
        residents: DemandSet::new(places, groups.into()).unwrap(),
        units: UnitSet::new(units).unwrap(),
        facilities: vec![first, second, station, care, planned],
        values: vec![
            value("income", None, None, 10_000.0),
            value("life", None, Some(2023), 78.0),
            value("life", None, Some(2024), 79.0),
            value("life", None, Some(2026), 99.0),
        ],
    }
}

impl County {
    fn measure(&self, indicators: &str) -> Vec<IndicatorResult> {
        let pack = Pack::from_toml("p.toml", &format!("{RULES}{indicators}")).unwrap();
        let day = "2025-06-30".parse().unwrap();
        let catalogue = Catalogue::builtin();
        let facilities = FacilitySet::new(self.facilities.clone()).unwrap();
        let unit_of = |west: bool| self.units.find(if west { "t" } else { "v" });
        let facility_units: Vec<Option<UnitIx>> =
            facilities.as_slice().iter().map(|facility| unit_of(facility.position.lon() < 0.0)).collect();
        let homes: Vec<Home> = ["", "t", "t", "v"]
            .iter()
            .map(|code| Home { unit: self.units.find(code), on_street: true, on_main_network: true })
            .collect();
        let packs = [pack];
        let rules = applied_rules(&packs, day);
        let found: Vec<_> =
            rules.iter().map(|rule| candidates(&catalogue, &rule.rule, &facilities, day)).collect();
        let mut shows: Vec<_> = facilities.services().into_iter().cloned().collect();
        shows.sort();
        let sources = [Source::Table { name: "sites.csv".into(), shows }];
        let usable = vec![Ok(()); rules.len()];
        let inventory = inventory(&catalogue, &rules, &found, &sources, &facilities, &usable);
        let nearest = |facility| Some(Evidence { facility, length: None, time: None, straight_length: None });
        let in_unit = |found: &lifecircle_indicators::Candidates, home: &Home| {
            let inside =
                |facility: &&FacilityIx| facility_units[facility.index()] == home.unit && home.unit.is_some();
            found.strict.iter().find(inside).copied()
        };
        let evidence: Vec<ServiceEvidence> = found
            .iter()
            .map(|found| ServiceEvidence {
                strict: homes.iter().map(|home| in_unit(found, home).and_then(nearest)).collect(),
                ..ServiceEvidence::default()
            })
            .collect();
        let reach: Vec<Option<TravelMatrix>> = found
            .iter()
            .map(|found| {
                let entries = homes.iter().enumerate().flat_map(|(place, home)| {
                    let inside = found.strict.iter().copied();
                    let inside =
                        inside.filter(|ix| home.unit.is_some() && facility_units[ix.index()] == home.unit);
                    inside
                        .map(move |facility| (DemandIx::new(place), facility, Millimetres::ZERO))
                        .collect::<Vec<_>>()
                });
                let columns = u32::try_from(facilities.len()).unwrap();
                Some(TravelMatrix::new(4, columns, Millimetres::ZERO, entries).unwrap())
            })
            .collect();
        let inputs = Inputs {
            catalogue: &catalogue,
            date: day,
            jurisdiction: "CN",
            residents: &self.residents,
            homes: &homes,
            units: &self.units,
            rules: &rules,
            inventory: &inventory,
            no_rule: &[],
            evidence: &evidence,
            walkers: &[],
        };
        let ground = GroundCoverage {
            service: "kindergarten".parse().unwrap(),
            ground: Ground::Land,
            covered: 30.0,
            all: 40.0,
        };
        measure_indicators(&Measured {
            inputs: &inputs,
            assessment: &assess(&inputs),
            packs: &packs,
            facilities: &facilities,
            facility_units: &facility_units,
            sources: &sources,
            reach: &reach,
            values: &self.values,
            grounds: &[ground],
        })
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
        let mut county = self::county();
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
