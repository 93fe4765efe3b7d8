//! Services that come to people, in a town on squared paper.
//!
//! A street of ten blocks of 100 m, a minute and a half each; homes at its west end and at the sixth corner, and one that
//! nobody knows where it is. Figures are derived beside every question.
//!
//! ```text
//!  0      1           2                 3       4       5       6      7       8
//!  west - day care -- station, library -- . --- . --- . --- east -- . --- station without staff, home for the elderly
//! ```

mod town;

use lifecircle::config::{
    AbleConfig, CareConfig, FamilyBedsConfig, HomeVisitsConfig, MobileConfig, OnlineConfig,
};
use lifecircle::indicators::InventoryState;
use lifecircle::taxonomy::Pack;
use lifecircle::types::{
    Certainty, DemandIx, FacilityIx, Group, HomeBed, MobileStop, NoProgress, People, ServiceKey,
};
use lifecircle::{Error, Outcome, Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;
#[cfg(all(feature = "osm-xml", feature = "hours"))]
use {lifecircle::InputRole, std::path::Path};

use town::{Home, place, rows, study};

const TOWN: GridTown = GridTown::new(10, 1, 100_000);

fn keys(services: &[&str]) -> Vec<ServiceKey> {
    services.iter().map(|service| service.parse().expect("a key")).collect()
}

fn key(service: &str) -> Option<ServiceKey> {
    keys(&[service]).pop()
}

/// 100 people in the west, 20 of them old; 50 in the east, 10 old; 10 of whom nobody knows where, 4 old.
fn town() -> StudyBuilder {
    let facility = |(id, corner, service, staff): (&str, u32, &str, Option<f64>)| {
        let mut facility = place(TOWN, id, corner, service, Certainty::Known);
        facility.staff = staff;
        facility
    };
    let facilities = [
        ("a day care", 1, "elderly_day_care", None),
        ("b station", 2, "elderly_service_station", Some(0.25)),
        ("c library", 2, "library_branch", None),
        ("d station", 8, "elderly_service_station", None),
        ("e home", 8, "elderly_home", None),
    ];
    let homes: [Home<'_>; 3] = [
        ("east", Some(6), 50, &[40, 10], "E"),
        ("nowhere", None, 10, &[6, 4], "E"),
        ("west", Some(0), 100, &[80, 20], "W"),
    ];
    let facilities = facilities.map(facility).into();
    study(TOWN, &homes, &["age_0_64", "age_65_plus"], facilities).jurisdiction("CN-51-01")
}

fn home_care() -> HomeVisitsConfig {
    HomeVisitsConfig {
        service: key("home_visit_care"),
        depots: keys(&["elderly_service_station"]),
        residents: Some("age_65_plus".into()),
        care_min: 30,
        within_min: 10,
        ..HomeVisitsConfig::default()
    }
}

#[test]
fn home_visits_on_paper() {
    // 10 minutes are 667 m. From the station at 2 a visit in the west takes 30 + 2 * 3 minutes, in the east 30 + 2 * 6; from
    // that at 8 one in the east takes 36. A quarter of a worker has 600 minutes: 16 visits of 36 in the west, 24 are left.
    // The other station does not say who works there: strictly nobody, leniently as many as it takes.
    let study = town().home_visits([home_care()]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.home_visits_table().unwrap().unwrap();
    let columns =
        ["unit_code", "group", "people", "needed", "reached", "made", "made_lenient", "response_min"];
    let expected = [
        "- age_65_plus 34.0000 34 30 16 26 3.0000",
        "E age_65_plus 14.0000 14 10 0 10 3.0000",
        "W age_65_plus 20.0000 20 20 16 16 3.0000",
    ];
    assert_eq!(rows(&table, &columns), expected);
    let city = &outcome.home_visits[0];
    assert_eq!((city.depots, city.depots_without_staff, city.bound), (2, 1, 16));
    // each from the nearest depot: 30 visits of 36 minutes; planned are 16
    assert_eq!((city.hours_needed, city.hours_planned), (18.0, 9.6));
    assert_eq!(city.places.plan, [(DemandIx(2), FacilityIx(1), 16)]);

    // every other week: 10 visits in the west, 7 in the unit of the east, of which 5 at the home that is known; when the west
    // is done 240 minutes are left, 5 visits of 42
    let half = HomeVisitsConfig { visits_a_week: 0.5, ..home_care() };
    let found = outcome.home_visits(&half, &NoProgress).unwrap();
    assert_eq!((found.whole[0].needed, found.whole[0].reached, found.whole[0].made), (17, 15, 15));
    // on a round every visit takes 6 minutes of the way: 600 / 36, and the same for both homes
    let round = HomeVisitsConfig { travel_min: Some(6), ..home_care() };
    assert_eq!(outcome.home_visits(&round, &NoProgress).unwrap().whole[0].made, 16);
    // with twice the hours all 30 fit: 720 + 420 of 1200
    let more = HomeVisitsConfig { hours_a_week: 80, ..home_care() };
    assert_eq!(outcome.home_visits(&more, &NoProgress).unwrap().whole[0].made, 30);
}

#[test]
fn a_service_that_is_measured_otherwise_is_in_the_inventory() {
    let packs = || ["cn-gb50180", "cn-chengdu"].map(|pack| Pack::builtin(pack).unwrap());
    let entry = |study: &Study, service: &str| {
        let outcome = study.assess(&NoProgress).unwrap();
        let found =
            outcome.assessment.services.iter().find(|found| found.service.as_str() == service).unwrap();
        assert!(found.coverage.is_none(), "no walk tells who has it");
        (found.inventory.state, found.inventory.reason.clone(), outcome.assessment.must)
    };
    let plain = town().packs(packs()).build().unwrap();
    let asked = town().packs(packs()).home_visits([home_care()]).build().unwrap();
    let (before, reason, must) = entry(&plain, "home_visit_care");
    assert_eq!(before, InventoryState::NotAssessed);
    assert_eq!(reason, "comes to people or is used from afar: no walk to measure");
    let found = entry(&asked, "home_visit_care");
    assert_eq!(found, (InventoryState::MeasuredOtherwise, "measured by home visits".into(), must));
    assert_eq!(entry(&asked, "mobile_culture").0, InventoryState::NotAssessed, "nobody asked");
}

fn stop(id: &str, corner: u32, visits: Option<u32>, days: Option<&[&str]>) -> MobileStop {
    let day = |day: &&str| day.parse().expect("a day");
    let days = days.map(|days| days.iter().map(day).collect());
    MobileStop { id: id.into(), position: Some(TOWN.position(corner, 0)), visits, days }
}

fn culture_bus() -> MobileConfig {
    let service = key("mobile_culture");
    MobileConfig { service, stops: "stops.csv".into(), within_min: 5, ..MobileConfig::default() }
}

#[test]
fn mobile_services_on_paper() {
    // 5 minutes are 333 m: the west has the stop at 1, the east those at 5 and 7, of which one is not known
    let stops = vec![stop("a", 1, Some(12), None), stop("b", 5, Some(6), None), stop("c", 7, None, None)];
    let study = town().mobile(culture_bus(), stops.clone()).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.mobile_table().unwrap().unwrap();
    let columns =
        ["unit_code", "group", "people", "enough", "enough_lenient", "mean_visits", "mean_wait_days"];
    let expected = [
        // (100 * 12 + 50 * 6) / 160
        "- - 160.0000 100.0000 150.0000 9.3750 -",
        "- age_0_64 126.0000 80.0000 120.0000 9.5238 -",
        "- age_65_plus 34.0000 20.0000 30.0000 8.8235 -",
    ];
    assert_eq!(rows(&table, &columns)[..3], expected);
    assert_eq!((outcome.mobile[0].stops_unknown, outcome.mobile[0].counted_by_days), (1, false));

    // two stops on one day count once; another year does not count; waits go round the 365 days of 2025
    let (west, east) = (["2025-01-10", "2025-07-10"], ["2025-03-01", "2025-03-11"]);
    let stops = [
        stop("a", 1, Some(2), Some(&west)),
        stop("b", 5, Some(2), Some(&east)),
        stop("c", 7, Some(2), Some(&["2024-12-31", "2025-03-11"])),
    ];
    let twice = MobileConfig { visits_a_year: 2, ..culture_bus() };
    let found = outcome.mobile(&twice, &stops, &NoProgress).unwrap();
    let all = &found.whole[0];
    assert_eq!((all.enough.strict.covered, found.counted_by_days), (People::whole(150), true));
    // from 10 July to 10 January 184 days, from 11 March to 1 March 355
    assert_eq!(all.mean_wait_days, Some((100.0 * 184.0 + 50.0 * 355.0) / 150.0));
    let often = MobileConfig { visits_a_year: 3, ..culture_bus() };
    assert_eq!(
        outcome.mobile(&often, &stops, &NoProgress).unwrap().whole[0].enough.strict.covered,
        People::ZERO
    );
}

#[test]
fn a_stop_beyond_every_street_is_told() {
    let mut lost = stop("z", 1, Some(52), None);
    lost.position = Some(TOWN.position_at(0, 5_000_000));
    let study = town().mobile(culture_bus(), vec![stop("a", 1, Some(12), None), lost]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let record =
        outcome.provenance.inputs.iter().find(|input| input.rows_are == "stops linked to streets").unwrap();
    assert_eq!(record.fate.to_string(), "2 rows: 0 used, 1 moved, 1 rejected (1 no street within 500 m)");
    assert!(outcome.provenance.hashes.len() > 4, "stops are hashed");
}

fn portal() -> OnlineConfig {
    let able = [("age_0_64".to_string(), 90.0), ("age_65_plus".to_string(), 40.0)];
    OnlineConfig {
        service: key("online_service_portal"),
        able_percent: Some(AbleConfig::Groups(able.into())),
        help: keys(&["library_branch"]),
        within_min: 5,
        ..OnlineConfig::default()
    }
}

#[test]
fn online_services_on_paper() {
    // the library helps in the west, 200 m away, and not in the east, 400 m away. Alone are 0.9 * 126 + 0.4 * 34, helped are
    // 8 young and 12 old of the west, unable 4 + 6 of the east and 0.6 + 2.4 of those nobody finds
    let study = town().online([portal()]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.online_table().unwrap().unwrap();
    let columns =
        ["unit_code", "group", "people", "alone", "assisted", "unable", "undecided", "covered_share"];
    let expected = [
        "- - 160.0000 127.0000 20.0000 13.0000 0.0000 0.9187",
        "- age_0_64 126.0000 113.4000 8.0000 4.6000 0.0000 0.9635",
        "- age_65_plus 34.0000 13.6000 12.0000 8.4000 0.0000 0.7529",
        "E - 60.0000 47.0000 0.0000 13.0000 0.0000 0.7833",
        "E age_0_64 46.0000 41.4000 0.0000 4.6000 0.0000 0.9000",
        "E age_65_plus 14.0000 5.6000 0.0000 8.4000 0.0000 0.4000",
    ];
    assert_eq!(rows(&table, &columns)[..6], expected);
    let parts = |asked: OnlineConfig| {
        let found = outcome.online(&asked, &NoProgress).unwrap().whole[0].clone();
        let numbers = [found.alone, found.assisted, found.either, found.unable, found.undecided];
        let at_most = found.covered.lenient.covered.as_f64();
        (numbers.map(People::as_f64), found.covered.strict.covered.as_f64(), at_most)
    };
    // of the young nobody knows whether they manage: 80 have help if they need it, 46 do not
    let old = AbleConfig::Groups([("age_65_plus".to_string(), 40.0)].into());
    let some = OnlineConfig { able_percent: Some(old), ..portal() };
    assert_eq!(parts(some), ([13.6, 12.0, 80.0, 8.4, 46.0], 105.6, 151.6));
    // half of the old, one by one
    let half = OnlineConfig {
        able_percent: Some(AbleConfig::All(50.0)),
        residents: Some("age_65_plus".into()),
        ..portal()
    };
    assert_eq!(parts(half), ([17.0, 10.0, 0.0, 7.0, 0.0], 27.0, 27.0));
    // where somebody may help that no source shows, everybody may have help
    let hidden = OnlineConfig { help: keys(&["subdistrict_office"]), ..portal() };
    assert_eq!(parts(hidden), ([127.0, 0.0, 0.0, 33.0, 0.0], 127.0, 160.0));
}

fn three_distances() -> CareConfig {
    CareConfig {
        residents: Some("age_65_plus".into()),
        bedside: keys(&["elderly_service_station"]),
        near: keys(&["elderly_day_care"]),
        around: keys(&["elderly_home"]),
        ..CareConfig::default()
    }
}

#[test]
fn care_at_three_distances_on_paper() {
    // west: a station 3 minutes away, day care 1.5, the home for the elderly 12; east: 3, 7.5 (not near) and 3
    let study = town().care(three_distances()).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.care_table().unwrap().unwrap();
    let columns =
        ["unit_code", "group", "people", "bedside", "near", "around", "every", "none", "near_share"];
    let expected = [
        "- age_65_plus 34.0000 30.0000 20.0000 30.0000 20.0000 4.0000 0.5882",
        "E age_65_plus 14.0000 10.0000 0.0000 10.0000 0.0000 4.0000 0.0000",
        "W age_65_plus 20.0000 20.0000 20.0000 20.0000 20.0000 0.0000 1.0000",
    ];
    assert_eq!(rows(&table, &columns), expected);
    let nobody_shows = CareConfig { near: keys(&["dementia_support"]), ..three_distances() };
    let found = outcome.care(&nobody_shows, &NoProgress).unwrap();
    assert!(found.whole.is_empty() && found.not_assessed.unwrap().starts_with("dementia_support: "));
}

fn bed(id: &str, place: &str, visits: Option<u32>) -> HomeBed {
    HomeBed { id: id.into(), place: place.into(), visits }
}

#[test]
fn care_beds_on_paper() {
    // the home for the elderly is 12 minutes from the west, 3 from the east, and stands behind two beds
    let asked = FamilyBedsConfig {
        beds: "beds.csv".into(),
        services: keys(&["elderly_home"]),
        within_min: 12,
        beds_each: Some(2),
        ..FamilyBedsConfig::default()
    };
    let beds = vec![
        bed("1", "west", Some(4)),
        bed("2", "west", Some(3)),
        bed("3", "east", None),
        bed("4", "nowhere", Some(9)),
    ];
    let study = town().family_beds(asked.clone(), beds.clone()).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.family_beds_table().unwrap().unwrap();
    let columns = ["unit_code", "beds", "too_far", "too_seldom", "unknown", "supported"];
    assert_eq!(rows(&table, &columns), ["- 4 1 1 1 1", "E 2 1 0 1 0", "W 2 0 1 0 1"]);
    assert_eq!(outcome.family_beds.as_ref().unwrap().with_room, 2);
    let near = FamilyBedsConfig { within_min: 11, ..asked };
    assert_eq!(outcome.family_beds(&near, &beds, &NoProgress).unwrap().whole[0].too_far, 3);
}

#[test]
fn what_cannot_be_asked_says_why() {
    let said = |builder: StudyBuilder| {
        let error = builder.build().expect_err("it cannot be answered");
        assert!(matches!(error, Error::Asked { .. }), "{error}");
        error.to_string()
    };
    let visits = |asked| said(town().home_visits([asked]));
    assert!(
        visits(HomeVisitsConfig { visits_a_week: 0.0, ..home_care() })
            .contains("write visits from 0.001 to 100")
    );
    assert!(visits(HomeVisitsConfig { service: None, ..home_care() }).contains("`service`: name at least 1"));
    assert!(
        visits(HomeVisitsConfig { hours_a_week: 0, ..home_care() }).contains("write hours from 1 to 168")
    );
    assert!(
        visits(HomeVisitsConfig { residents: Some("age_80_plus".into()), ..home_care() })
            .contains("`age_80_plus` is no group of the residents; did you mean `age_65_plus`?")
    );
    let bus = |asked| said(town().mobile(asked, vec![]));
    assert!(bus(MobileConfig { visits_a_year: 0, ..culture_bus() }).contains("write visits from 1 to 10000"));
    let online = |asked| said(town().online([asked]));
    assert!(
        online(OnlineConfig { able_percent: Some(AbleConfig::All(101.0)), ..portal() })
            .contains("write per cent from 0 to 100")
    );
    assert!(
        online(OnlineConfig { residents: Some("age_0_64".into()), ..portal() })
            .contains("remove `residents`, or write one number")
    );
    let mut doubled = town();
    let girls = Group::from_column("female").unwrap();
    let mut residents = town().build().unwrap().residents().clone();
    residents.push_group(girls, [30, 5, 60].map(People::whole).into()).unwrap();
    doubled = doubled.residents(residents);
    let groups = [("age_0_64".to_string(), 90.0), ("female".to_string(), 50.0)];
    let overlapping = OnlineConfig { able_percent: Some(AbleConfig::Groups(groups.into())), ..portal() };
    assert!(
        said(doubled.online([overlapping]))
            .contains("its groups count more people at `east` than live there")
    );
    assert!(
        said(town().care(CareConfig { near: vec![], ..three_distances() }))
            .contains("`near`: name at least 1")
    );
}

#[cfg(all(feature = "osm-xml", feature = "hours"))]
#[test]
fn a_fault_in_a_file_names_file_and_line() {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town");
    let text = std::fs::read_to_string(town.join("care.toml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let absolute = |file: &str| format!("\"{}\"", town.join(file).display());
    let text = ["streets.osm", "residents.csv", "facilities.csv", "units.geojson"]
        .iter()
        .fold(text, |text, file| text.replace(&format!("\"{file}\""), &absolute(file)));
    let file = folder.path().join("care.toml");
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for table in ["mobile_stops.csv", "care_beds.csv"] {
        put(table, &std::fs::read_to_string(town.join(table)).unwrap());
    }
    let open = || Study::open(&file, &NoProgress);
    let said = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        put("care.toml", &text.replace(from, to));
        let said = open().expect_err(to).to_string();
        let line = 1 + text[..text.find(from).unwrap()].matches('\n').count();
        let place = format!("{}, line {line}: ", file.display());
        said.strip_prefix(&place).unwrap_or_else(|| panic!("{place}: {said}")).to_owned()
    };
    assert!(
        said("visits_a_week = 2", "visits_a_week = 0")
            .starts_with("home_visits: `visits_a_week`: 0 is out of range")
    );
    assert!(
        said("walker = \"carer_on_bicycle\"", "walker = \"carer_on_bicycel\"")
            .contains("did you mean `carer_on_bicycle`?")
    );
    assert!(
        said("near = [\"elderly_activity_room\"", "near = [\"elderly_activty_room\"")
            .contains("care: `near`")
    );
    assert!(said("beds_each = 10", "beds_each = 0").contains("family_beds: `beds_each`"));
    assert!(said("stops = \"mobile_stops.csv\"", "stops = \"\"").contains("name the CSV with the stops"));
    assert!(
        said("age_18_59 = 90", "age_18_59 = \"most\"")
            .contains("able_percent is a number such as 70, or a table")
    );

    put("care.toml", &text);
    put("mobile_stops.csv", "id,lon,lat,visits_a_year\na,105.2,30.4,twelve\n");
    let fault = open().expect_err("no number").to_string();
    assert!(
        fault.contains("mobile_stops.csv") && fault.contains("row 2") && fault.contains("visits_a_year"),
        "{fault}"
    );
    put("mobile_stops.csv", "id,lon,lat,visits_a_year\na,105.2,30.4,12\nb,,,12\n");
    put("care_beds.csv", "id,place,visits_a_month\n1,519901001001e01-001,4\n2,nowhere,4\n");
    let study = open().expect("rows that cannot be used are counted");
    let outcome = study.assess(&NoProgress).unwrap();
    let fates: Vec<String> = outcome
        .provenance
        .inputs
        .iter()
        .filter(|input| input.role == InputRole::Outreach)
        .map(|input| format!("{}, {}: {}", input.name, input.rows_are, input.fate))
        .collect();
    let expected = [
        "mobile_stops.csv, stops of mobile services: 2 rows: 1 used, 0 moved, 1 rejected (1 no position)",
        "care_beds.csv, care beds in homes: 2 rows: 1 used, 0 moved, 1 rejected (1 unknown resident place)",
        "mobile_stops.csv, stops linked to streets: 1 rows: 0 used, 1 moved, 0 rejected",
    ];
    assert_eq!(fates, expected);
}

#[test]
fn the_order_of_stops_does_not_matter() {
    let stops = [stop("a", 1, Some(12), None), stop("b", 5, Some(6), None)];
    let found = |stops: Vec<MobileStop>| {
        let study = town().mobile(culture_bus(), stops).build().unwrap();
        let outcome: Outcome<'_> = study.assess(&NoProgress).unwrap();
        (outcome.mobile[0].whole.clone(), outcome.mobile[0].units.clone())
    };
    assert_eq!(found(stops.to_vec()), found(stops.iter().rev().cloned().collect()));
}
