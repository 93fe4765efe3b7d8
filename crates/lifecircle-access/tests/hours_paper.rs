//! Access by time of day, worked out on paper.

use lifecircle_access::{
    Coverage, Error, HoursCoverage, HoursTask, OpenHours, Period, coverage_by_time, over_seasons,
};
use lifecircle_types::{DemandIx, FacilityIx, Millimetres, People, TravelMatrix, TravelTime};

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

const fn minutes(minutes: u32) -> TravelTime {
    TravelTime::from_minutes(minutes)
}

fn matrix(rows: u32, columns: u32, trips: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips = trips.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), minutes(m)));
    TravelMatrix::new(rows, columns, minutes(30), trips).expect("trips within half an hour")
}

fn week(open: &[(u32, u32)], unknown: &[(u32, u32)]) -> OpenHours {
    let spans = |spans: &[(u32, u32)]| spans.to_vec();
    OpenHours::new(Period::WEEK, spans(open), spans(unknown)).expect("spans of a week")
}

/// The same hours on the days from Monday on.
fn daily(days: u32, start: u32, end: u32) -> Vec<(u32, u32)> {
    (0..days).map(|day| (day * DAY + start, day * DAY + end)).collect()
}

fn found(matrix: &TravelMatrix, hours: &[OpenHours], people: &[u64], stay: u32) -> HoursCoverage {
    let people: Vec<_> = people.iter().copied().map(People::whole).collect();
    coverage_by_time(&HoursTask {
        matrix,
        within: minutes(15),
        period: Period::WEEK,
        hours,
        people: &people,
        stay: minutes(stay),
        slot: HOUR,
    })
    .expect("a task that can be answered")
}

/// 60 people 10 minutes from a window that is open from 9 to 17 on working days; 40 people 5 minutes from a shop that is
/// open from 8 to 22 every day, and 12 minutes from the window; 20 who reach nothing within 15 minutes.
fn town() -> (TravelMatrix, [OpenHours; 2], [u64; 3]) {
    let trips = [(0, 0, 10), (1, 1, 5), (1, 0, 12), (2, 0, 16)];
    let hours = [week(&daily(5, 9 * HOUR, 17 * HOUR), &[]), week(&daily(7, 8 * HOUR, 22 * HOUR), &[])];
    (matrix(3, 2, &trips), hours, [60, 40, 20])
}

#[test]
fn a_week_by_the_hour() {
    let (matrix, hours, people) = town();
    let answer = found(&matrix, &hours, &people, 0);
    assert_eq!(answer.strict, answer.lenient, "every hour is known");
    let strict = &answer.strict;
    // the first may set out from 8:50 to 16:50 on five days; the second from 7:55 to 21:55 on seven, in which its window
    // lies; the third never
    assert_eq!(strict.time, [5 * 8 * HOUR, 7 * 14 * HOUR, 0].map(|minutes| minutes * 60_000));
    let at = |day: usize, hour: usize| strict.slots[day * 24 + hour].covered;
    // the 40 come in for five minutes of an hour
    assert_eq!(at(0, 7).as_millionths(), 3_333_333);
    assert_eq!(at(0, 8), People::whole(40 + 10), "the 60 come in for a sixth of the hour");
    assert_eq!(at(0, 9), People::whole(100));
    assert_eq!(at(0, 16), People::whole(40 + 50));
    assert_eq!(at(5, 9), People::whole(40), "on Saturday the window is shut");
    assert_eq!(at(6, 23), People::ZERO);
    assert_eq!(answer.start_of(24 + 16), (1, 16 * 60));
    // 60 · 40 h + 40 · 98 h of 120 · 168 h
    let share = (60.0 * 40.0 + 40.0 * 98.0) / (120.0 * 168.0);
    assert!((strict.overall.share().unwrap() - share).abs() < 1e-8);
    assert_eq!((strict.worst.covered, strict.worst_at), (People::ZERO, 0));
    assert_eq!(strict.worst_slot(), Some(0));
    let all: Vec<_> = people.iter().copied().map(People::whole).collect();
    // Monday to Friday from 8 to 10: 50 and 100 people, of slots that are not there nobody
    let mornings: Vec<usize> = (0..5).flat_map(|day| [day * 24 + 8, day * 24 + 9]).collect();
    assert_eq!(strict.mean_over(&mornings).covered, People::whole(75));
    assert_eq!(strict.mean_over(&[999]), Coverage::default());
    let enough = |hours| strict.with_at_least(minutes(hours * HOUR), &all).unwrap().covered;
    assert_eq!([40, 41, 99].map(enough), [People::whole(100), People::whole(40), People::ZERO]);
}

#[test]
fn who_stays_has_to_come_earlier() {
    let (matrix, hours, people) = town();
    // half an hour less at the end of each opening
    let stay = found(&matrix, &hours, &people, 30).strict;
    assert_eq!(stay.time, [5 * 8 * HOUR - 5 * 30, 7 * 14 * HOUR - 7 * 30, 0].map(|minutes| minutes * 60_000));
    // nobody may stay longer than the doors are open
    let all_day = found(&matrix, &hours, &people, 14 * HOUR).strict;
    assert_eq!(all_day.time, [0; 3]);
}

#[test]
fn a_break_at_noon_ends_a_stay() {
    // open from 10 to 12 and from 14 to 16; who stays two and a half hours is there in no single opening, though a
    // facility is open when they come at 11:45 and again when they leave at 14:15
    let hours = [week(&[(10 * HOUR, 12 * HOUR), (14 * HOUR, 16 * HOUR)], &[])];
    let matrix = matrix(1, 1, &[(0, 0, 0)]);
    assert_eq!(found(&matrix, &hours, &[1], 60).strict.time, [2 * HOUR * 60_000]);
    assert_eq!(found(&matrix, &hours, &[1], 150).strict.time, [0]);
}

#[test]
fn nights_and_weeks_go_round() {
    // open on Sunday from 22 to Monday at 2, ten minutes away: from Sunday 21:50 to Monday 1:50
    let matrix = matrix(1, 1, &[(0, 0, 10)]);
    let night = [week(&[(6 * DAY + 22 * HOUR, 7 * DAY + 2 * HOUR)], &[])];
    let answer = found(&matrix, &night, &[60], 0).strict;
    assert_eq!(answer.time, [4 * HOUR * 60_000]);
    let at = |slot: usize| answer.slots[slot].covered;
    assert_eq!([at(0), at(1), at(2)], [60, 50, 0].map(People::whole));
    assert_eq!([at(165), at(166), at(167)], [10, 60, 60].map(People::whole));
    assert_eq!((answer.worst_at, answer.worst.covered), (110 * 60_000, People::ZERO));
    // open for the first ten minutes of Monday: one has to set out on Sunday
    let early = [week(&[(0, 10)], &[])];
    let answer = found(&matrix, &early, &[60], 0).strict;
    assert_eq!((answer.slots[167].covered, answer.slots[0].covered), (People::whole(10), People::ZERO));
    // two halves of a night are one opening
    let halves = [week(&[(0, 2 * HOUR), (6 * DAY + 22 * HOUR, 7 * DAY)], &[])];
    assert_eq!(found(&matrix, &halves, &[60], 3 * HOUR).strict.time, [HOUR * 60_000]);
}

#[test]
fn what_never_shuts_is_open_for_any_stay() {
    let matrix = matrix(1, 1, &[(0, 0, 10)]);
    let answer = found(&matrix, &[OpenHours::always(Period::WEEK)], &[3], 20 * DAY).strict;
    assert_eq!(answer.time, [7 * DAY * 60_000]);
    assert_eq!((answer.worst.share(), answer.overall.share()), (Some(1.0), Some(1.0)));
    // day by day it is the same
    let daily = [week(&daily(7, 0, DAY), &[])];
    assert_eq!(found(&matrix, &daily, &[3], 20 * DAY).strict, answer);
}

#[test]
fn unknown_hours_are_neither_open_nor_closed() {
    let matrix = matrix(2, 2, &[(0, 0, 0), (1, 1, 0)]);
    // Monday from 8 to 10 for certain, from 10 to 12 perhaps; of the other nothing is known
    let hours = [week(&[(8 * HOUR, 10 * HOUR)], &[(9 * HOUR, 12 * HOUR)]), OpenHours::unknown(Period::WEEK)];
    let answer = found(&matrix, &hours, &[70, 30], 60);
    // certain and possible hours are one opening, as far as is possible
    assert_eq!(answer.strict.time, [HOUR * 60_000, 0]);
    assert_eq!(answer.lenient.time, [3 * HOUR * 60_000, 7 * DAY * 60_000]);
    assert_eq!((answer.strict.slots[8].share(), answer.lenient.slots[8].share()), (Some(0.7), Some(1.0)));
    assert_eq!((answer.strict.worst.share(), answer.lenient.worst.share()), (Some(0.0), Some(0.3)));
    assert_eq!([9 * HOUR, 10 * HOUR, 12 * HOUR].map(|at| hours[0].at(at)), [Some(true), None, Some(false)]);
}

#[test]
fn hours_that_do_not_fit_are_refused() {
    let bad = |start, end| OpenHours::new(Period::WEEK, [(start, end)], []);
    for (start, end) in [(7 * DAY, 7 * DAY + 1), (60, 60), (60, 59), (1, 7 * DAY + 2)] {
        assert_eq!(bad(start, end), Err(Error::BadSpan { start, end, period: 7 * DAY }));
    }
    assert_eq!(bad(1, 7 * DAY + 1), Ok(OpenHours::always(Period::WEEK)), "once round the week");
    assert!(Period::of_days(0).is_none() && Period::of_days(50).is_none());
    let (matrix, hours, _) = town();
    let people = [People::ZERO; 3];
    let task = HoursTask {
        matrix: &matrix,
        within: minutes(15),
        period: Period::WEEK,
        hours: &hours,
        people: &people,
        stay: minutes(0),
        slot: 60,
    };
    let nobody = coverage_by_time(&task).unwrap().strict;
    assert_eq!((nobody.overall.share(), nobody.time[0]), (None, 40 * HOUR * 60_000));
    for slot in [0, 7, 1441] {
        let refused = coverage_by_time(&HoursTask { slot, ..task });
        assert!(matches!(refused, Err(Error::BadParameter { .. })), "{slot}");
    }
    let other = coverage_by_time(&HoursTask { period: Period::of_days(1).unwrap(), ..task });
    assert!(matches!(other, Err(Error::LengthMismatch { expected: 1, found: 7, .. })));
    let few = coverage_by_time(&HoursTask { hours: &hours[..1], ..task });
    assert!(matches!(few, Err(Error::LengthMismatch { .. })));
    let far = coverage_by_time(&HoursTask { within: minutes(31), ..task });
    assert!(matches!(far, Err(Error::MatrixTooShort { .. })));
    let metre = Millimetres::from_metres(1);
    let lengths = TravelMatrix::new(3, 2, metre, [(DemandIx(0), FacilityIx(0), metre)]).unwrap();
    assert!(matches!(
        coverage_by_time(&HoursTask { matrix: &lengths, ..task }),
        Err(Error::OtherUnit { .. })
    ));
}

#[test]
fn a_year_is_the_mean_of_its_days() {
    let part = |covered, all| Coverage { covered: People::whole(covered), all: People::whole(all) };
    // 120 days of winter with 30 of 90, 245 others with 60: (120·30 + 245·60) / 365
    let year = over_seasons(&[(120, part(30, 90)), (245, part(60, 90))]).unwrap();
    // 18,300 / 365 = 50.1369863
    assert_eq!(year.covered.as_millionths(), 50_136_986);
    assert!(matches!(over_seasons(&[(1, part(1, 2)), (1, part(1, 3))]), Err(Error::Unequal { .. })));
    assert!(matches!(over_seasons(&[(0, part(1, 2))]), Err(Error::BadParameter { .. })));
    assert!(matches!(over_seasons(&[]), Err(Error::BadParameter { .. })));
}
