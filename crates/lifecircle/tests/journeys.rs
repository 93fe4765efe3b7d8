//! Journeys of several parts in a town on squared paper, and what is said about questions that cannot be answered.
//!
//! A street of ten blocks of 100 m, a minute and a half each; homes at its west end and at the sixth corner, and one that
//! nobody knows where it is. Figures are derived beside every question.
//!
//! ```text
//!  0       1       2       3       4       5       6       7       8       9
//!  west ---- . --- school - market - pharmacy - parcels - east --- . --- station - centre
//!                                               station
//! ```

mod town;

#[cfg(all(feature = "osm-xml", feature = "hours"))]
use std::path::Path;

#[cfg(all(feature = "osm-xml", feature = "hours"))]
use lifecircle::Study;

use lifecircle::config::{
    EscortConfig, EscortLimitConfig, LevelsConfig, OneStopConfig, ReferralConfig, WayBackConfig,
};
use lifecircle::network::WalkProfile;
use lifecircle::types::{
    AgeBand, Certainty, Facility, FacilityIx, Millimetres, NoProgress, Offer, People, ServiceKey, Speed,
    TravelTime,
};
use lifecircle::{Error, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

use town::{Home, place, rows, study};

const TOWN: GridTown = GridTown::new(10, 1, 100_000);

fn key(service: &str) -> ServiceKey {
    service.parse().expect("a key")
}

fn keys(services: &[&str]) -> Vec<ServiceKey> {
    services.iter().map(|service| key(service)).collect()
}

fn facilities() -> Vec<Facility> {
    [
        ("a kindergarten", 2, "kindergarten"),
        ("b market", 3, "fresh_food_market"),
        ("c pharmacy", 4, "pharmacy"),
        ("d parcels", 5, "parcel_point"),
        ("e station", 5, "community_health_station"),
        ("f station", 8, "community_health_station"),
        ("g centre", 9, "community_health_centre"),
    ]
    .map(|(id, corner, service)| place(TOWN, id, corner, service, Certainty::Known))
    .into()
}

/// 100 people in the west, 40 of them children; 50 in the east, 10 children; 10 of whom nobody knows where, 5 children.
fn town(facilities: Vec<Facility>) -> StudyBuilder {
    let homes: [Home<'_>; 3] = [
        ("east", Some(6), 50, &[10], "E"),
        ("nowhere", None, 10, &[5], "E"),
        ("west", Some(0), 100, &[40], "W"),
    ];
    let walker = |key: &str, metres| {
        let speed = Speed::covering(Millimetres::from_metres(metres), TravelTime::from_minutes(1));
        WalkProfile::new(key, speed.expect("a pace"))
    };
    let child = WalkProfile { ages: Some(AgeBand { from: 0, to: Some(14) }), ..walker("child", 50) };
    study(TOWN, &homes, &["age_3_5"], facilities).walkers([child, walker("parent", 100)])
}

fn care() -> LevelsConfig {
    LevelsConfig {
        key: Some("care".into()),
        services: keys(&["community_health_station", "community_health_centre"]),
        within_min: vec![5, 10],
        ..LevelsConfig::default()
    }
}

#[test]
fn levels_on_paper() {
    // from the west the station at 5 is 500 m away and the centre 400 m farther; from the east the stations are 100 and
    // 200 m away, the centre 100 + 400 by the near one and 200 + 100 by the other
    let study = town(facilities()).levels([care()]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.levels_table().unwrap().unwrap();
    let columns = [
        "unit_code",
        "group",
        "level",
        "people",
        "reached",
        "mean_min",
        "limit_min",
        "within",
        "within_share",
    ];
    let whole = [
        // (100 * 7.5 + 50 * 1.5) / 150, and (100 * 13.5 + 50 * 4.5) / 150
        "- - 1 160.0000 150.0000 5.5000 5 50.0000 0.3125",
        "- - 2 160.0000 150.0000 10.5000 10 50.0000 0.3125",
        // (40 * 7.5 + 10 * 1.5) / 50, and (40 * 13.5 + 10 * 4.5) / 50
        "- age_3_5 1 55.0000 50.0000 6.3000 5 10.0000 0.1818",
        "- age_3_5 2 55.0000 50.0000 11.7000 10 10.0000 0.1818",
    ];
    let found = rows(&table, &columns);
    assert_eq!(found[..4], whole);
    assert_eq!(found[4], "E - 1 60.0000 50.0000 1.5000 5 50.0000 0.8333");
    assert_eq!(found[9], "W - 2 100.0000 100.0000 13.5000 10 0.0000 0.0000");
    assert_eq!(found.len(), 12);
    // two chains from the west cost 900 m: the one by the first station is taken
    let chain = |ids: [usize; 2]| ids.map(FacilityIx::new).to_vec();
    let chains = &outcome.levels[0].places.chain;
    assert_eq!(chains[..], [chain([5, 6]), vec![], chain([4, 6])]);

    // step by step people of the east go to the near station, and 400 m on
    let stepwise = LevelsConfig { referral: ReferralConfig::Stepwise, ..care() };
    let found = outcome.levels(&stepwise, &NoProgress).unwrap();
    assert_eq!(found.whole[1].mean_min, Some((100.0 * 13.5 + 50.0 * 7.5) / 150.0));
    // a leg of more than 5 minutes, 333 m, is not seen: the west finds no station, and the east goes on from the far one
    let short = LevelsConfig { leg_min: 5, ..care() };
    let found = outcome.levels(&LevelsConfig { within_min: vec![], ..short }, &NoProgress).unwrap();
    let reached: Vec<_> = found.whole[..2].iter().map(|row| row.reached.strict.covered).collect();
    assert_eq!((reached, found.whole[1].mean_min), (vec![People::whole(50); 2], Some(4.5)));
    // a child of 50 m a minute takes twice the time of somebody of 100
    let child =
        outcome.levels(&LevelsConfig { walker: Some("child".into()), ..care() }, &NoProgress).unwrap();
    assert_eq!(child.whole[0].mean_min, Some((100.0 * 10.0 + 50.0 * 2.0) / 150.0));
}

#[test]
fn a_place_that_offers_two_levels_is_no_walk_from_itself() {
    let mut all = facilities();
    let centre =
        Offer { service: key("community_health_centre"), certainty: Certainty::Known, capacity: None };
    all[4].offers.push(centre);
    let study = town(all).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let found = outcome.levels(&care(), &NoProgress).unwrap();
    assert_eq!(found.whole[0].mean_min, found.whole[1].mean_min);
}

fn errands() -> OneStopConfig {
    OneStopConfig {
        key: Some("errands".into()),
        services: keys(&["fresh_food_market", "pharmacy", "parcel_point"]),
        within_min: 5,
        ..OneStopConfig::default()
    }
}

#[test]
fn one_stop_on_paper() {
    // 5 minutes are 333 m: the west comes as far as the market, beside which is the pharmacy; the east as far as the
    // pharmacy, 100 m from both others
    let study = town(facilities()).one_stop([errands()]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.one_stop_table().unwrap().unwrap();
    let columns = [
        "unit_code",
        "group",
        "services",
        "needed",
        "people",
        "found",
        "found_share",
        "mean_services",
        "mean_min",
    ];
    let expected = [
        // (100 * 2 + 50 * 3) / 160 services, (100 * 4.5 + 50 * 3) / 150 minutes
        "- - 3 3 160.0000 50.0000 0.3125 2.1875 4.0000",
        "- age_3_5 3 3 55.0000 10.0000 0.1818 2.0000 4.2000",
        "E - 3 3 60.0000 50.0000 0.8333 2.5000 3.0000",
        "E age_3_5 3 3 15.0000 10.0000 0.6667 2.0000 3.0000",
        "W - 3 3 100.0000 0.0000 0.0000 2.0000 4.5000",
        "W age_3_5 3 3 40.0000 0.0000 0.0000 2.0000 4.5000",
    ];
    assert_eq!(rows(&table, &columns), expected);
    let anchors: Vec<_> =
        outcome.one_stop[0].places.iter().map(|stop| stop.anchor.map(|(facility, _)| facility)).collect();
    assert_eq!(anchors, [Some(FacilityIx(2)), None, Some(FacilityIx(1))]);
    // two are enough for both; a step of less than a block leaves one at a stop
    let found =
        |asked: &OneStopConfig| outcome.one_stop(asked, &NoProgress).unwrap().whole[0].found.strict.covered;
    assert_eq!(found(&OneStopConfig { needed: Some(2), ..errands() }), People::whole(150));
    assert_eq!(found(&OneStopConfig { needed: Some(2), stop_m: 99, ..errands() }), People::ZERO);
}

#[test]
fn services_that_no_source_shows_are_no_data() {
    // the register lists no library: strictly there is none at a stop, leniently at every one
    let study = town(facilities()).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let services = keys(&["fresh_food_market", "library_branch"]);
    let found = outcome.one_stop(&OneStopConfig { services, ..errands() }, &NoProgress).unwrap();
    assert_eq!(found.no_data, keys(&["library_branch"]));
    assert_eq!(found.whole[0].found.strict.covered, People::ZERO);
    assert_eq!(found.whole[0].found.lenient.covered, People::whole(150));
    let services = keys(&["library_branch", "public_library_main"]);
    let levels = LevelsConfig { services, within_min: vec![], ..care() };
    let escort = EscortConfig { service: Some(key("library_branch")), ..to_kindergarten() };
    let study = town(facilities()).levels([levels]).escort([escort]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let note = "no table lists it and no map of places was read";
    let table = outcome.levels_table().unwrap().unwrap();
    assert_eq!(
        rows(&table, &["levels", "level", "unit_label", "people", "note"]),
        [format!("care - the whole place - library_branch: {note}")]
    );
    let table = outcome.escort_table().unwrap().unwrap();
    assert_eq!(rows(&table, &["escort", "people", "note"]), [format!("library_branch - {note}")]);
}

fn to_kindergarten() -> EscortConfig {
    EscortConfig {
        service: Some(key("kindergarten")),
        walkers: vec!["child".into(), "parent".into()],
        residents: Some("age_3_5".into()),
        way_back: WayBackConfig::Alone,
        within_min: 7,
        ..EscortConfig::default()
    }
}

#[test]
fn escorts_on_paper() {
    // 200 m from the west: 4 minutes with the child, 2 back; 400 m from the east: 8 and 4
    let study = town(facilities()).escort([to_kindergarten()]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.escort_table().unwrap().unwrap();
    let columns = ["escort", "unit_code", "group", "people", "limit_min", "within", "there_min", "back_min"];
    let expected = [
        "kindergarten - age_3_5 55.0000 7 40.0000 4.0000 2.0000",
        "kindergarten E age_3_5 15.0000 7 0.0000 - -",
        "kindergarten W age_3_5 40.0000 7 40.0000 4.0000 2.0000",
    ];
    assert_eq!(rows(&table, &columns), expected);
    let trips = |asked: EscortConfig| {
        let found = outcome.escort(&asked, &NoProgress).unwrap();
        let all = found.whole[0].clone();
        (all.within.strict.covered.rounded(), all.there_min, all.back_min)
    };
    // both ways together, 6 and 12 minutes
    let round = EscortConfig { limit: EscortLimitConfig::RoundTrip, within_min: 12, ..to_kindergarten() };
    assert_eq!(trips(round.clone()), (50, Some((40.0 * 4.0 + 10.0 * 8.0) / 50.0), Some(2.4)));
    assert_eq!(trips(EscortConfig { within_min: 11, ..round.clone() }), (40, Some(4.0), Some(2.0)));
    // who walks home together is as slow as the child: 8 and 16 minutes
    let together = EscortConfig { way_back: WayBackConfig::Together, ..round };
    assert_eq!(trips(together), (40, Some(4.0), Some(4.0)));
}

#[test]
fn places_that_may_count_count_leniently() {
    // a school at the east corner does not say of which level it is
    let mut all = facilities();
    all.push(place(TOWN, "h school", 2, "primary_school", Certainty::Known));
    all.push(place(TOWN, "i school", 6, "primary_school", Certainty::LevelUnknown));
    let study = town(all).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let asked = EscortConfig { service: Some(key("primary_school")), ..to_kindergarten() };
    let within = outcome.escort(&asked, &NoProgress).unwrap().whole[0].within;
    assert_eq!((within.strict.covered, within.lenient.covered), (People::whole(40), People::whole(50)));
    let services = keys(&["primary_school", "parcel_point"]);
    let found =
        outcome.one_stop(&OneStopConfig { services, ..errands() }, &NoProgress).unwrap().whole[0].found;
    assert_eq!((found.strict.covered, found.lenient.covered), (People::ZERO, People::whole(50)));
    let services = keys(&["primary_school", "parcel_point"]);
    let levels = LevelsConfig { services, ..care() };
    let within = outcome.levels(&levels, &NoProgress).unwrap().whole[0].within.unwrap();
    assert_eq!((within.strict.covered, within.lenient.covered), (People::whole(100), People::whole(150)));
}

#[test]
fn a_question_that_cannot_be_answered_says_why() {
    let said = |builder: StudyBuilder| {
        let error = builder.build().expect_err("it cannot be answered");
        assert!(matches!(error, Error::Asked { .. }), "{error}");
        error.to_string()
    };
    let levels =
        |asked: LevelsConfig| said(town(facilities()).levels([care(), LevelsConfig { key: None, ..asked }]));
    assert_eq!(
        levels(LevelsConfig { services: keys(&["pharmacy"]), ..care() }),
        "levels, number 2, `services`: name at least 2, by their keys in the catalogue"
    );
    assert_eq!(
        levels(LevelsConfig { within_min: vec![10], ..care() }),
        "levels, number 2, `within_min`: 1 limits for 2 levels: write one for each"
    );
    assert!(levels(LevelsConfig { within_min: vec![10, 5], ..care() }).contains("let limits rise"));
    assert!(levels(LevelsConfig { leg_min: 4, ..care() }).contains("write a longer `leg_min`"));
    assert!(levels(LevelsConfig { leg_min: 0, ..care() }).contains("write minutes from 1 to 240"));
    assert!(
        levels(LevelsConfig { walker: Some("chidl".into()), ..care() })
            .contains("`chidl` is no walker of the study; did you mean `child`? There are child, parent")
    );
    let twice = said(town(facilities()).levels([care(), care()]));
    assert_eq!(twice, "levels, number 2, `key`: number 1 is called `care` as well: give each a `key`");
    let stop = |asked| said(town(facilities()).one_stop([asked]));
    assert!(
        stop(OneStopConfig { needed: Some(4), ..errands() })
            .contains("`needed`: 4 of 3 services: write 1 to 3")
    );
    assert!(stop(OneStopConfig { stop_m: 0, ..errands() }).contains("write 1 to 1000 m"));
    assert!(
        stop(OneStopConfig { services: keys(&["pharmacy", "parcel_points"]), ..errands() })
            .contains("did you mean `parcel_point`?")
    );
    let escort = |asked| said(town(facilities()).escort([asked]));
    assert!(
        escort(EscortConfig { service: None, ..to_kindergarten() }).contains("`service`: name at least 1")
    );
    assert!(
        escort(EscortConfig { walkers: vec!["child".into()], ..to_kindergarten() })
            .contains("name two walkers: who is brought, and who brings them")
    );
    assert!(
        escort(EscortConfig { residents: Some("age_3_6".into()), ..to_kindergarten() })
            .contains("`age_3_6` is no group of the residents; did you mean `age_3_5`? There are age_3_5")
    );
    let builder = town(facilities())
        .walkers([WalkProfile::wheelchair(), WalkProfile::new("parent", WalkProfile::standard().speed)]);
    let walkers = vec!["wheelchair".into(), "parent".into()];
    let rules = said(builder.escort([EscortConfig { walkers, ..to_kindergarten() }]));
    assert!(rules.contains("`wheelchair` and `parent` walk by different rules"), "{rules}");
}

#[cfg(all(feature = "osm-xml", feature = "hours"))]
#[test]
fn a_fault_in_a_file_names_its_line() {
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town");
    let text = std::fs::read_to_string(town.join("journeys.toml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let absolute = |file: &str| format!("\"{}\"", town.join(file).display());
    let text = ["streets.osm", "residents.csv", "facilities.csv", "units.geojson"]
        .iter()
        .fold(text, |text, file| text.replace(&format!("\"{file}\""), &absolute(file)));
    let file = folder.path().join("journeys.toml");
    let said = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let said = Study::open(&file, &NoProgress).expect_err(to).to_string();
        let line = 1 + text[..text.find(from).unwrap()].matches('\n').count();
        let place = format!("{}, line {line}: ", file.display());
        said.strip_prefix(&place).unwrap_or_else(|| panic!("{place}: {said}")).to_owned()
    };
    assert!(
        said("residents = \"age_3_5\"", "residents = \"age_4_5\"")
            .starts_with("escort: `residents`: `age_4_5`")
    );
    assert!(said("needed = 3 ", "needed = 5 ").contains("5 of 4 services"));
    assert!(said("within_min = [10, 25, 60]", "within_min = [10, 25]").contains("write one for each"));
    assert!(said("way_back = \"alone\"", "way_back = \"aone\"").contains("unknown variant `aone`"));
    assert!(said("stop_m = 100", "stop = 100").contains("unknown field `stop`"));
}
