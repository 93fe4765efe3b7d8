//! Opening hours of the two embedded places, and coverage by them.
#![cfg(feature = "hours")]

use std::collections::BTreeSet;
use std::path::Path;

use lifecircle::access::{HoursRefused, StudyDays, parse_hours};
use lifecircle::io::{OsmOptions, read_bytes, read_facilities_csv, read_osm_pbf};
use lifecircle::types::{Certainty, FacilitySet, NoProgress, Offer, Shape, TagClassifier, Tags};
#[cfg(feature = "osm-xml")]
use lifecircle::{
    HoursOptions, Study,
    types::{Date, People, TravelTime, Weekday},
};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

/// Takes whatever states hours for a place.
struct Anything;

impl TagClassifier for Anything {
    fn keys(&self) -> Vec<&str> {
        vec!["opening_hours"]
    }

    fn classify(&self, _: &Tags, _: Shape) -> Vec<Offer> {
        let service = "anything".parse().expect("a key");
        vec![Offer { service, certainty: Certainty::Known, capacity: None }]
    }
}

#[cfg(feature = "osm-xml")]
fn xinan(study: &str) -> Study {
    Study::open(&Path::new(EXAMPLES).join("xinan-new-town").join(study), &NoProgress)
        .expect("the study is sound")
}

/// Texts that can be read, and the others with the reason, of all facilities in the week of a date.
fn read(facilities: &FacilitySet, date: &str) -> (usize, Vec<(String, HoursRefused)>) {
    let week = StudyDays::week_of(date.parse().expect("a date"), &[]).expect("a week of this century");
    let texts: BTreeSet<&str> =
        facilities.as_slice().iter().filter_map(|facility| facility.hours.as_deref()).collect();
    let (mut read, mut refused) = (0, vec![]);
    for text in texts {
        match parse_hours(text, &week) {
            Ok(_) => read += 1,
            Err(reason) => refused.push((text.to_owned(), reason)),
        }
    }
    (read, refused)
}

#[test]
fn every_text_of_the_embedded_extract_is_read_or_refused_with_a_reason() {
    let file = Path::new(EXAMPLES).join("isle-of-man/isle_of_man_2020-03-14.osm.pbf");
    let bytes = read_bytes(&file).unwrap();
    let options = OsmOptions::default().source("map").without_buildings().without_areas();
    let extract = read_osm_pbf(&bytes, "map", &Anything, &options, &NoProgress).unwrap().value;
    let (known, refused) = read(&extract.places, "2020-03-14");
    // neither is in the notation: the first breaks off where `to` stands for `-`, the second is prose
    let refused: Vec<_> = refused.iter().map(|(text, reason)| (text.as_str(), reason.clone())).collect();
    let prose = "During Summer season open 7 days a week from 10am";
    let syntax = |at| HoursRefused::Syntax { at };
    assert_eq!((known, refused), (104, vec![("9:30 to 5:30", syntax(5)), (prose, syntax(1))]));
}

#[test]
fn every_text_of_xinan_new_town_is_read() {
    for (file, date) in [("facilities.csv", "2025-07-01"), ("facilities_2026.csv", "2026-07-01")] {
        let bytes = read_bytes(&Path::new(EXAMPLES).join("xinan-new-town").join(file)).unwrap();
        let facilities =
            read_facilities_csv(&bytes, file, &lifecircle::io::FacilityColumns::default()).unwrap().value;
        let (known, refused) = read(&facilities, date);
        assert_eq!((known, refused), (41, vec![]), "{file}");
    }
}

#[cfg(feature = "osm-xml")]
#[test]
fn hours_only_take_away_from_coverage() {
    let study = xinan("study.toml");
    let outcome = study.assess(&NoProgress).unwrap();
    assert!(outcome.hours.is_none(), "nobody asked");
    let hours = outcome.hours(&HoursOptions::default(), &NoProgress).unwrap();
    let stays = HoursOptions::default().stay(TravelTime::from_minutes(60));
    let stays = outcome.hours(&stays, &NoProgress).unwrap();
    assert!(hours.services.len() > 30 && hours.refused.is_empty() && hours.unstated.len() > 5);
    let (mut always, mut never_shut) = (0, 0);
    for (service, longer) in hours.services.iter().zip(&stays.services) {
        let any_time = &service.at_any_time;
        for (found, any_time) in
            [(&service.coverage.strict, any_time.strict), (&service.coverage.lenient, any_time.lenient)]
        {
            assert_eq!(found.overall.all, any_time.all);
            for slot in &found.slots {
                assert!(slot.covered <= any_time.covered, "{}", service.service);
            }
        }
        assert!(service.coverage.strict.overall.covered <= service.coverage.lenient.overall.covered);
        assert!(longer.coverage.strict.overall.covered <= service.coverage.strict.overall.covered);
        // who reaches a place of which nobody knows the hours, or one that never shuts, may find it open at any time: all
        // facilities in reach were walked to, and the nearest is one of them
        let open = service.coverage.lenient.worst;
        always += usize::from(open == any_time.lenient && any_time.lenient.covered > People::ZERO);
        never_shut += usize::from(service.coverage.strict.worst == any_time.strict);
    }
    assert!(always >= 5 && never_shut >= 5, "{always} {never_shut}");
}

#[cfg(feature = "osm-xml")]
#[test]
fn holidays_are_as_the_table_says() {
    let study = xinan("hours.toml");
    let outcome = study.assess(&NoProgress).unwrap();
    let hours = outcome.hours.as_ref().expect("the study asks for them");
    assert_eq!(
        (hours.days[0], hours.days[6]),
        (Date::new(2025, 10, 6).unwrap(), Date::new(2025, 10, 12).unwrap())
    );
    // offices work from Monday to Friday: of this week on Thursday, Friday, and Saturday in the place of a Wednesday
    let office = hours.services.iter().find(|found| found.service.as_str() == "subdistrict_office").unwrap();
    let noon = |day: &Weekday| office.over(&[*day], 10, 11).strict;
    let open: Vec<bool> = Weekday::ALL.iter().map(|day| noon(day).covered > People::ZERO).collect();
    assert_eq!(open, [false, false, false, true, true, true, false]);
    assert_eq!(noon(&Weekday::Saturday), office.at_any_time.strict);
    // nights run from one day into the next
    let night = office.over(&[Weekday::Monday], 22, 6);
    assert_eq!((night.strict.covered, night.strict.all), (People::ZERO, office.at_any_time.strict.all));
    let record =
        outcome.provenance.inputs.iter().find(|input| input.rows_are.contains("opening hours")).unwrap();
    assert!(record.fate.balances() && record.fate.rows == hours.facilities.len() as u64);
    let table = outcome.hours_table().unwrap().expect("there are hours");
    assert_eq!(table.rows(), hours.services.len() * 7 * 24);
}
