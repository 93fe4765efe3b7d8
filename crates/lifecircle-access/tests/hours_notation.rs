//! Opening hours as maps and registers write them.
#![cfg(feature = "hours")]

use lifecircle_access::{Error, HoursRefused, OpenHours, Period, StudyDays, parse_hours};
use lifecircle_types::{Date, DayKind, SpecialDay, Weekday};

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// The week of Wednesday, 2 July 2025.
fn week() -> StudyDays {
    StudyDays::week_of(date("2025-07-02"), &[]).expect("a week of this century")
}

fn hours(text: &str) -> OpenHours {
    parse_hours(text, &week()).unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

/// Monday to Sunday.
const MO: u32 = 0;
const SA: u32 = 5 * DAY;
const SU: u32 = 6 * DAY;

#[test]
fn hours_of_a_week() {
    let check = |text: &str, open: &[(u32, u32)], unknown: &[(u32, u32)]| {
        let expected = OpenHours::new(Period::WEEK, open.to_vec(), unknown.to_vec()).unwrap();
        assert_eq!(hours(text), expected, "{text}");
    };
    let all = &[(0, 7 * DAY)];
    check("24/7", all, &[]);
    check("Mo 08:00-12:00,14:00-17:30", &[(8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR + 30)], &[]);
    check("Sa-Su 10:00-16:00", &[(SA + 10 * HOUR, SA + 16 * HOUR), (SU + 10 * HOUR, SU + 16 * HOUR)], &[]);
    check("off", &[], &[]);
    // past midnight, and past the week: what Sunday of the week before left open is there on Monday
    check("Su 22:00-02:00", &[(MO, 2 * HOUR), (SU + 22 * HOUR, 7 * DAY)], &[]);
    check("Sa 22:00-26:00", &[(SA + 22 * HOUR, SU + 2 * HOUR)], &[]);
    // months that hold on 2 July, and those that do not
    check("Apr-Sep Mo 10:00-18:00; Oct-Mar Mo 10:00-16:00", &[(10 * HOUR, 18 * HOUR)], &[]);
    check("Dec Mo 10:00-18:00", &[], &[]);
    // what is marked so is unknown, and what carries a comment; an open end is unknown to midnight
    check("Mo 10:00-18:00 unknown", &[], &[(10 * HOUR, 18 * HOUR)]);
    check("\"by appointment\"", &[], all);
    check("Mo 10:00-18:00 \"ring the bell\"", &[], &[(10 * HOUR, 18 * HOUR)]);
    check("Mo 10:00+", &[], &[(10 * HOUR, DAY)]);
    check("Mo 10:00-18:00+", &[(10 * HOUR, 18 * HOUR)], &[(18 * HOUR, DAY)]);
    check("Mo 08:00-09:00,10:00+", &[(8 * HOUR, 9 * HOUR)], &[(10 * HOUR, DAY)]);
}

#[test]
fn what_cannot_be_used_says_why() {
    let refused = |text: &str| parse_hours(text, &week()).unwrap_err();
    assert_eq!(refused("by appointment"), HoursRefused::Syntax { at: 1 });
    assert_eq!(refused("Mo-Fr 9-5"), HoursRefused::Syntax { at: 7 });
    assert_eq!(refused("周一至周五"), HoursRefused::Syntax { at: 1 });
    assert_eq!(refused("Mo 08:00-12:00;\nTu"), HoursRefused::Syntax { at: 16 }, "a line break");
    assert_eq!(refused(""), HoursRefused::Syntax { at: 1 });
    assert_eq!(refused("sunrise-sunset"), HoursRefused::Sun);
    assert_eq!(refused("Mo 08:00-(sunset+01:00)"), HoursRefused::Sun);
    assert_eq!(refused("10:00-16:00/01:30"), HoursRefused::Moment);
    assert!(refused("Mo-Fr 9-5").to_string().contains("from character 7 on"));
}

fn special(day: &str, kind: DayKind, counts_as: Option<Weekday>) -> SpecialDay {
    SpecialDay { date: date(day), kind, counts_as }
}

/// The days, from 0, on which it is open at eleven.
fn open_days(text: &str, days: &StudyDays) -> Vec<u32> {
    let hours = parse_hours(text, days).expect("hours that can be read");
    (0..days.period().days()).filter(|day| hours.at(day * DAY + 11 * HOUR) == Some(true)).collect()
}

#[test]
fn holidays_and_shifted_working_days() {
    // China in 2025: 1 to 8 October are free, Sunday 28 September and Saturday 11 October make up for it
    let mut table: Vec<_> = (1..=8)
        .map(|day| special(&format!("2025-10-{day:02}"), DayKind::Holiday, Some(Weekday::Sunday)))
        .collect();
    table.push(special("2025-09-28", DayKind::WorkingDay, Some(Weekday::Tuesday)));
    table.push(special("2025-10-11", DayKind::WorkingDay, Some(Weekday::Wednesday)));
    let week = |day| StudyDays::week_of(date(day), &table).unwrap();
    let (before, free, after) = (week("2025-09-24"), week("2025-10-01"), week("2025-10-10"));
    let office = "Mo-Fr 09:00-17:00";
    assert_eq!(open_days(office, &before), [0, 1, 2, 3, 4, 6], "on Sunday as on Tuesday");
    assert_eq!(open_days(office, &free), [0, 1], "29 and 30 September; then as on Sundays");
    assert_eq!(open_days(office, &after), [3, 4, 5]);
    let park = "Mo-Su 09:00-17:00";
    assert_eq!(open_days(park, &free), [0, 1, 2, 3, 4, 5, 6]);
    // hours that speak of holidays say themselves what holds, also where a holiday counts as a Sunday
    assert_eq!(open_days("Mo-Fr 09:00-17:00; PH 10:00-12:00", &free), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(open_days("Mo-Su 09:00-17:00; PH off", &free), [0, 1]);
    // a working Saturday is none of the weekend
    assert_eq!(open_days("Sa-Su 09:00-17:00", &after), [0, 1, 2, 6]);
    // a holiday that counts as nothing else is a day like others, unless hours speak of it
    let plain =
        StudyDays::week_of(date("2025-07-02"), &[special("2025-07-04", DayKind::Holiday, None)]).unwrap();
    assert_eq!(open_days(office, &plain), [0, 1, 2, 3, 4]);
    assert_eq!(open_days("Mo-Fr 09:00-17:00; PH off", &plain), [0, 1, 2, 3]);
    let school = special("2025-07-03", DayKind::SchoolHoliday, None);
    let school = StudyDays::week_of(date("2025-07-02"), &[school]).unwrap();
    assert_eq!(open_days("Mo-Fr 09:00-17:00; SH off", &school), [0, 1, 2, 4]);
}

#[test]
fn study_days_are_days_that_can_be_asked() {
    let week = week();
    assert_eq!(week.dates().map(|date| date.to_string()).next(), Some("2025-06-30".into()));
    assert_eq!((week.period(), week.dates().count()), (Period::WEEK, 7));
    let unsaid = special("2025-07-05", DayKind::WorkingDay, None);
    let refused = StudyDays::week_of(date("2025-07-02"), &[unsaid]);
    assert!(matches!(refused, Err(Error::BadParameter { .. })));
    for year in ["1899-12-31", "9998-12-31"] {
        assert!(StudyDays::new(date(year), Period::WEEK, &[]).is_err(), "{year}");
    }
    let two = StudyDays::new(date("2025-07-05"), Period::of_days(2).unwrap(), &[]).unwrap();
    assert_eq!(open_days("Su 09:00-12:00", &two), [1]);
}
