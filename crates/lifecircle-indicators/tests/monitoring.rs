//! Monitoring of the county on paper.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper county should stop the test")]

mod county;

use county::{County, county};
use lifecircle_indicators::{
    Course, Light, Promotion, Unreached, Urgency, continued_series, count_tickets, courses, courses_table,
    measure_indicators, opinions, promotions, promotions_table, series_table, unreached, unreached_table,
};
use lifecircle_taxonomy::{Delivery, Tier};
use lifecircle_types::{Date, SeriesValue, SurveyAnswer, Ticket, UnitSet};
use proptest::prelude::*;

fn day() -> Date {
    "2025-06-30".parse().unwrap()
}

fn measured(date: &str, indicator: &str, unit: Option<&str>, value: f64) -> SeriesValue {
    SeriesValue {
        date: date.parse().unwrap(),
        indicator: indicator.into(),
        unit: unit.map(Into::into),
        value,
        pack: "paper".into(),
    }
}

fn course(county: &County, series: &[SeriesValue], key: &str) -> Option<Course> {
    let all = county.ask("", |all| courses(&measure_indicators(all), series, day(), 0.1));
    assert_eq!(courses_table(&all).unwrap().rows(), all.len());
    all.into_iter().find(|course| course.indicator == key && course.unit.is_none())
}

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{found:?} is not {expected}");
}

#[test]
fn places_are_beyond_their_path() {
    // from 50 per 1000 at the end of 2020 to 60 at the end of 2025; at the end of June 2025, 181 days of 365 gone
    let places = course(&county(), &[], "places").unwrap();
    let now = 2024.0 + 181.0 / 365.0;
    near(Some(places.expected), 50.0 + 10.0 * (now - 2020.0) / 5.0);
    near(places.value, 200.0 / 3.0);
    assert_eq!(places.light, Some(Light::Green));
    near(places.way_gone, 5.0 / 3.0);
    assert_eq!((places.points, places.on_course, places.begins_with_series), (2, Some(true), false));
    near(places.per_year, (200.0 / 3.0 - 50.0) / (now - 2020.0));
}

#[test]
fn a_series_gives_a_baseline_and_a_trend() {
    let county = county();
    assert!(course(&county, &[], "life").is_none(), "without a baseline there is no path");
    // 77 at the end of 2021 to 80 at the end of 2025; stated for the end of 2024: 79
    let mut series = vec![
        measured("2021-12-31", "life", None, 77.0),
        measured("2022-12-31", "life", None, 77.5),
        measured("2026-12-31", "life", None, 99.0),
    ];
    let life = course(&county, &series, "life").unwrap();
    assert!(life.begins_with_series);
    near(Some(life.expected), 77.0 + 3.0 * 3.0 / 4.0);
    assert_eq!((life.light, life.points), (Some(Light::Amber), 3), "a quarter behind, of a way of three");
    // least squares through 2021: 77, 2022: 77.5, 2024: 79
    near(life.per_year, 0.678_571_428_571_428_6);
    assert_eq!(life.on_course, Some(false));
    series[1].pack = "another".into();
    assert_eq!(
        course(&county, &series, "life").unwrap().points,
        2,
        "what another pack measured does not count"
    );
}

#[test]
fn a_series_grows_and_measuring_again_changes_nothing() {
    let old = vec![measured("2024-06-30", "gone", Some("t"), 1.0), measured("2025-06-30", "life", None, 1.0)];
    let grown = |series: &[SeriesValue]| {
        county().ask("", |all| continued_series(&measure_indicators(all), series, day()))
    };
    let once = grown(&old);
    assert_eq!(once[0], old[0], "what other days say stays");
    let life: Vec<f64> =
        once.iter().filter(|value| value.indicator == "life").map(|value| value.value).collect();
    assert_eq!(life, [79.0], "the value of this day is measured anew");
    assert!(once.iter().all(|value| value.indicator != "floor"), "what is not known exactly is no value");
    assert_eq!(grown(&once), once);
    assert_eq!(series_table(&once).unwrap().rows(), once.len());
}

fn find(rows: &[Unreached], group: &str, unit: &str) -> Vec<(u32, String, f64)> {
    let of = rows.iter().filter(|row| row.group == group && row.unit == unit);
    of.map(|row| (row.rank, row.service.to_string(), row.unreached)).collect()
}

#[test]
fn services_find_the_people_who_do_not_reach_them() {
    let rows = county().ask("", |all| {
        let rows = unreached(all);
        assert_eq!(unreached_table(&rows, all.inputs).unwrap().rows(), rows.len());
        rows
    });
    // day care in `v` is only planned: its 30 older people have none
    assert_eq!(find(&rows, "age_60_plus", "v"), [(1, "elderly_day_care".to_string(), 30.0)]);
    assert!(find(&rows, "age_3_5", "v").is_empty(), "a kindergarten is there, and day care is not for them");
    assert!(find(&rows, "age_60_plus", "t").is_empty());
    let care = rows.iter().find(|row| row.unit == "v").unwrap();
    assert!(care.is_for_group && care.comes.iter().all(|way| *way != Delivery::Site));
    assert!((care.members - 30.0).abs() < 1e-9);
}

fn promoted(county: &County, survey: &[SurveyAnswer], tickets: &[Ticket]) -> Vec<Promotion> {
    let opinions = opinions(survey, &|_, _| None, 90.0);
    let counts = count_tickets(tickets, &vec![None; tickets.len()], &UnitSet::default(), day(), None);
    let found = county.ask("", |all| promotions(all.assessment, &opinions, &counts));
    assert_eq!(promotions_table(&found).unwrap().rows(), found.len());
    found
}

#[test]
fn what_many_lack_and_take_for_granted_is_to_be_promoted() {
    let mut county = county();
    let must_be = SurveyAnswer {
        about: "elderly_day_care".into(),
        with_it: Some(2),
        without_it: Some(5),
        ..SurveyAnswer::default()
    };
    assert!(promoted(&county, core::slice::from_ref(&must_be), &[]).is_empty(), "400 of 600 have day care");
    county.facilities.retain(|facility| facility.id != "dc1");
    let found = promoted(&county, &[must_be], &[]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].service.as_str(), found[0].people), ("elderly_day_care", 600.0));
    assert_eq!(found[0].urgency, [Urgency::TakenForGranted]);
    assert_ne!(found[0].tier, Some(Tier::Basic));
    assert!(promoted(&county, &[], &[]).is_empty(), "a shortage alone is not urgent");
    let ticket = |id: &str, about: &str| Ticket {
        id: id.into(),
        about: Some(about.into()),
        unit: None,
        position: None,
        opened: "2025-05-01".parse().unwrap(),
        closed: None,
        due: None,
    };
    let asked = [ticket("1", "elderly_day_care"), ticket("2", "elderly_day_care"), ticket("3", "noise")];
    assert_eq!(promoted(&county, &[], &asked)[0].urgency, [Urgency::AskedFor]);
}

proptest! {
    #[test]
    fn the_order_of_answers_changes_nothing(steps in prop::collection::vec((1u8..=5, 1u8..=5, 0usize..2), 1..30), turn in 0usize..30) {
        let answers: Vec<SurveyAnswer> = steps
            .iter()
            .map(|(satisfaction, importance, about)| SurveyAnswer {
                about: ["a", "b"][*about].into(),
                satisfaction: Some(*satisfaction),
                importance: Some(*importance),
                ..SurveyAnswer::default()
            })
            .collect();
        let mut turned = answers.clone();
        turned.rotate_left(turn.min(answers.len()));
        let of = |answers: &[SurveyAnswer]| opinions(answers, &|_, _| None, 90.0);
        for (a, b) in of(&answers).iter().zip(of(&turned)) {
            prop_assert_eq!(a.quadrant, b.quadrant);
            let (a, b) = (a.satisfaction.unwrap(), b.satisfaction.unwrap());
            prop_assert!((a.value - b.value).abs() < 1e-9);
            if let (Some(low), Some(high)) = (a.low, a.high) {
                prop_assert!(low <= a.value && a.value <= high && low >= 0.0 && high <= 100.0);
            }
        }
    }
}
