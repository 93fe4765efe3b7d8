//! Two groups side by side, and seasons, in a town on squared paper.
//!
//! A street of twelve blocks of 100 m, a minute and a half each, with a pharmacy at the first corner; the pack asks for one
//! within 15 minutes, 1000 m.

mod town;

use lifecircle::network::{WalkProfile, Winter};
use lifecircle::types::{Certainty, NoProgress};
use lifecircle::{ParityConfig, SeasonConfig, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

use town::{Home, place, rows, study};

const TOWN: GridTown = GridTown::new(12, 1, 100_000);

/// Registered people and permit holders at the west end, 600 m and 1100 m from the pharmacy, and where nobody knows.
fn town() -> StudyBuilder {
    town_with(1)
}

/// The same with the pharmacy at another corner.
fn town_with(corner: u32) -> StudyBuilder {
    let pharmacy = place(TOWN, "a pharmacy", corner, "pharmacy", Certainty::Known);
    let homes: [Home<'_>; 4] = [
        ("east", Some(12), 40, &[0, 40], "E"),
        ("middle", Some(7), 50, &[30, 20], "E"),
        ("nowhere", None, 10, &[0, 10], "E"),
        ("west", Some(0), 100, &[70, 30], "W"),
    ];
    let winter = Winter { percent: 200 };
    let snow = WalkProfile { key: "in_snow".into(), winter: Some(winter), ..WalkProfile::standard() };
    study(TOWN, &homes, &["registered", "permit_holder"], vec![pharmacy]).walkers([snow])
}

fn holders() -> ParityConfig {
    ParityConfig { key: None, groups: vec!["permit_holder".into(), "registered".into()] }
}

#[test]
fn permit_holders_beside_registered_people() {
    let study = town().parity([holders()]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.parity_table().unwrap().unwrap();
    let columns =
        ["unit_code", "service", "people", "people_against", "share", "share_against", "ratio", "gap"];
    let found: Vec<String> =
        rows(&table, &columns).into_iter().filter(|row| row.contains("pharmacy")).collect();
    let expected = [
        // 50 of 100 holders and everybody who is registered
        "- pharmacy 100.0000 100.0000 0.5000 1.0000 0.5000 -0.5000",
        // 20 of 70, and 30 of 30
        "E pharmacy 70.0000 30.0000 0.2857 1.0000 0.2857 -0.7143",
        "W pharmacy 30.0000 70.0000 1.0000 1.0000 1.0000 0.0000",
    ];
    assert_eq!(found, expected);
    // the pharmacy is the only required service that the register shows
    let all = &outcome.parity[0].whole[0];
    assert_eq!((all.service.as_ref(), all.one.strict, all.ratio), (None, Some(0.5), Some(0.5)));
    // the other way round it is twice as much, and what is held against nothing has no ratio
    let registered = ParityConfig { groups: vec!["registered".into(), "permit_holder".into()], ..holders() };
    let found = outcome.parity(&registered).unwrap();
    assert_eq!((found.key.as_str(), found.whole[0].ratio), ("registered:permit_holder", Some(2.0)));
    // where nobody of the second group has it there is no ratio: at the east end of the street
    let west = town_with(12).build().unwrap();
    let found = west.assess(&NoProgress).unwrap().parity(&holders()).unwrap();
    let in_west = found.units.iter().rfind(|row| row.service.is_some()).unwrap();
    assert_eq!((in_west.one.strict, in_west.ratio, in_west.gap), (Some(0.0), None, Some(0.0)));
    let said = |groups: &[&str]| {
        let groups = groups.iter().map(|group| (*group).into()).collect();
        town().parity([ParityConfig { key: None, groups }]).build().expect_err("a fault").to_string()
    };
    assert!(said(&["registered"]).contains("name two groups of the residents"));
    assert!(said(&["registered", "registered"]).contains("is held against itself"));
    assert!(said(&["registered", "permit_holders"]).contains("did you mean `permit_holder`?"));
}

fn season(key: &str, days: u32, walker: Option<&str>) -> SeasonConfig {
    SeasonConfig { key: Some(key.into()), days, walker: walker.map(str::to_owned) }
}

#[test]
fn a_year_with_a_winter() {
    // in snow 1000 m take 30 minutes, so 600 m are too far: 150 of 200 in summer, 100 in winter. Over 240 days and 120 that is
    // (240 * 150 + 120 * 100) / 360
    let year = [season("summer", 240, None), season("winter", 120, Some("in_snow"))];
    let study = town().seasons(year.clone()).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.seasons_table().unwrap().unwrap();
    let columns = ["unit_code", "service", "season", "days", "people", "covered", "share"];
    let expected = [
        "- pharmacy summer 240 200.0000 150.0000 0.7500",
        "- pharmacy winter 120 200.0000 100.0000 0.5000",
        "- pharmacy - 360 200.0000 133.3333 0.6667",
        "E pharmacy summer 240 100.0000 50.0000 0.5000",
        "E pharmacy winter 120 100.0000 0.0000 0.0000",
        "E pharmacy - 360 100.0000 33.3333 0.3333",
        "W pharmacy summer 240 100.0000 100.0000 1.0000",
        "W pharmacy winter 120 100.0000 100.0000 1.0000",
        "W pharmacy - 360 100.0000 100.0000 1.0000",
    ];
    assert_eq!(rows(&table, &columns), expected);
    // two seasons of one walker are one
    let twice = [season("first", 1, None), season("second", 300, None)];
    let found = outcome.seasons(&twice).unwrap();
    assert_eq!(found.whole[2].covered, found.whole[0].covered);
    let said = |season: SeasonConfig| town().seasons([season]).build().expect_err("a fault").to_string();
    assert!(said(season("winter", 0, None)).contains("write days from 1 to 366"));
    assert!(said(season("winter", 9, Some("snow"))).contains("`snow` is no walker of the study"));
    assert!(said(season("", 9, None)).contains("name the season"));
    let twice = town().seasons([season("a", 1, None), season("a", 2, None)]).build().expect_err("a fault");
    assert!(twice.to_string().contains("number 1 is called `a` as well"));
}
