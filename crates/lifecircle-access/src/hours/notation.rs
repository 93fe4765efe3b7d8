//! Opening hours in the notation of OpenStreetMap, read by the `opening-hours` crate.
//!
//! What the notation says depends on the date: on the month, the week, on holidays. So it is read for stated days, and
//! what it says of them becomes plain [`OpenHours`].

use std::sync::Arc;

use lifecircle_types::{Date, DayKind, SpecialDay, Weekday};
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};
use thiserror::Error as ThisError;

use super::{OpenHours, Period};
use crate::{Error, Result};

const MINUTES_A_DAY: u32 = 24 * 60;

/// Opening hours that cannot be used; they are unknown, neither open nor closed.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum HoursRefused {
    /// They are not in the notation.
    #[error(
        "not in the notation of opening hours from character {at} on: write them as in \"Mo-Fr 08:00-17:30\""
    )]
    Syntax {
        /// The first character that does not fit, from one.
        at: usize,
    },
    /// They are in the notation, and use a part of it that is not understood.
    #[error("{problem}")]
    Unsupported {
        /// What is not understood.
        problem: String,
    },
    /// They depend on where the sun stands.
    #[error("they depend on the sun: write times of the clock")]
    Sun,
    /// They name moments that repeat, such as departures: `10:00-16:00/01:30`.
    #[error("they name moments and no hours: write from when to when")]
    Moment,
}

/// Days in a row, with what is special about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyDays {
    days: Vec<StudyDay>,
    period: Period,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct StudyDay {
    date: Date,
    holiday: bool,
    school_holiday: bool,
    working_day: bool,
    counts_as: Option<Weekday>,
}

impl StudyDays {
    /// The week of a date, from Monday to Sunday.
    ///
    /// # Errors
    /// As [`StudyDays::new`].
    ///
    /// ```
    /// # use lifecircle_access::StudyDays;
    /// # use lifecircle_types::Date;
    /// let days = StudyDays::week_of(Date::new(2025, 7, 2).unwrap(), &[])?;
    /// assert_eq!(days.dates().next(), Date::new(2025, 6, 30));
    /// # Ok::<(), lifecircle_access::Error>(())
    /// ```
    pub fn week_of(date: Date, special: &[SpecialDay]) -> Result<Self> {
        let since_monday = i32::from(date.weekday() as u8);
        Self::new(date.after(-since_monday).unwrap_or(date), Period::WEEK, special)
    }

    /// The days of a period from `first` on; special days outside it do not matter.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for years before 1900 or after 9998, of which the notation says nothing, and for a working
    /// day of which it is not said as what it counts.
    pub fn new(first: Date, period: Period, special: &[SpecialDay]) -> Result<Self> {
        let year = |date: Option<Date>| date.filter(|date| (1900..=9998).contains(&date.year()));
        let day = |offset: u32| {
            let date = year(first.after(offset.cast_signed())).ok_or(Error::BadParameter {
                what: "the year of opening hours",
                value: f64::from(first.year()),
                expected: "1900 to 9998",
            })?;
            let mut day =
                StudyDay { date, holiday: false, school_holiday: false, working_day: false, counts_as: None };
            for special in special.iter().filter(|special| special.date == date) {
                match special.kind {
                    DayKind::Holiday => day.holiday = true,
                    DayKind::SchoolHoliday => day.school_holiday = true,
                    DayKind::WorkingDay => day.working_day = true,
                }
                day.counts_as = day.counts_as.or(special.counts_as);
            }
            if day.working_day && day.counts_as.is_none() {
                return Err(Error::BadParameter {
                    what: "a working day of the weekend without a weekday",
                    value: f64::from(offset),
                    expected: "the weekday as which it counts",
                });
            }
            Ok(day)
        };
        Ok(Self { days: (0..period.days()).map(day).collect::<Result<_>>()?, period })
    }

    /// How many days these are.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The days, in order.
    pub fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.days.iter().map(|day| day.date)
    }
}

/// When a facility is open on `days`, from opening hours in the notation of OpenStreetMap, such as
/// `Mo-Fr 08:00-17:30; PH off`.
///
/// Rules for public holidays (`PH`) and school holidays (`SH`) hold on the days that are such. A holiday of which the text
/// says nothing is a day like others, unless it counts as another weekday; a working day of the weekend is what it counts
/// as. What runs past midnight into a day that counts as another follows that other day.
///
/// Unknown are times that are marked so, that lie behind an open end up to midnight (`18:00+`), and that carry a comment
/// (`"by appointment"`), which nobody can count.
///
/// # Errors
/// [`HoursRefused`]: then nothing is known of the hours.
///
/// ```
/// # use lifecircle_access::{StudyDays, parse_hours};
/// # use lifecircle_types::{Date, DayKind, SpecialDay};
/// let date = |day| Date::new(2025, 10, day).unwrap();
/// let holiday = SpecialDay { date: date(8), kind: DayKind::Holiday, counts_as: None };
/// let week = StudyDays::week_of(date(8), &[holiday])?; // a Wednesday
/// let hours = parse_hours("Mo-Fr 08:00-12:00; PH off", &week)?;
/// let noon = |day: u32| hours.at(day * 24 * 60 + 11 * 60);
/// assert_eq!([0, 1, 2, 3, 4, 5].map(noon), [true, true, false, true, true, false].map(Some));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse_hours(text: &str, days: &StudyDays) -> core::result::Result<OpenHours, HoursRefused> {
    let hours: OpeningHours = text.parse().map_err(|error| refused(text, &error))?;
    let expression = hours.get_expression();
    let spans = || expression.rules.iter().flat_map(|rule| &rule.time_selector.spans);
    for span in spans() {
        if span.range.start.as_time_event().or(span.range.end.as_time_event()).is_some() {
            return Err(HoursRefused::Sun);
        }
        if span.repeats.is_some() {
            return Err(HoursRefused::Moment);
        }
    }
    // where a time is followed by `+`: from when it is open, and from when on nobody knows
    let open_ends: Vec<(u32, u32)> = spans()
        .filter(|span| span.open_end)
        .filter_map(|span| Some((clock(&span.range.start)?, clock(&span.range.end)?)))
        .collect();
    let speaks_of_holidays = expression
        .rules
        .iter()
        .flat_map(|rule| &rule.day_selector.weekday)
        .any(|selector| selector.to_string().starts_with("PH"));
    let ordinary = hours.clone().with_context(days.context(|_| false));
    let special = hours.with_context(days.context(|day| day.holiday));
    let (mut open, mut unknown) = (Vec::new(), Vec::new());
    for (offset, day) in (0..).zip(&days.days) {
        let other = day.counts_as.filter(|_| day.working_day || !(day.holiday && speaks_of_holidays));
        let (reading, date) = match other {
            Some(weekday) => (&ordinary, day.on(weekday)),
            None => (&special, day.date),
        };
        let Some(date) = calendar(date) else { continue };
        let midnight = offset * MINUTES_A_DAY;
        for found in reading.schedule_at(date) {
            let minute = |time: u16| u32::from(time).min(MINUTES_A_DAY);
            let start = minute(found.range.start.mins_from_midnight());
            let end = minute(found.range.end.mins_from_midnight());
            if found.kind == RuleKind::Closed || start >= end {
                continue;
            }
            // an open end from here on, or from within
            let from = open_ends.iter().filter(|(from, until)| *from >= start && *until == end);
            let from = from.map(|(from, _)| if end == MINUTES_A_DAY { *from } else { end }).min();
            let known = from.unwrap_or(end).min(end);
            let certain = found.kind == RuleKind::Open && found.comment.is_empty();
            if start < known {
                (if certain { &mut open } else { &mut unknown }).push((midnight + start, midnight + known));
            }
            if let Some(from) = from.filter(|from| *from < MINUTES_A_DAY) {
                unknown.push((midnight + from, midnight + MINUTES_A_DAY));
            }
        }
    }
    let broken = |error: Error| HoursRefused::Unsupported { problem: error.to_string() };
    OpenHours::new(days.period, open, unknown).map_err(broken)
}

impl StudyDays {
    /// What the notation has to know of these days.
    fn context(&self, is_holiday: impl Fn(&StudyDay) -> bool) -> Context {
        let dates = |holds: &dyn Fn(&StudyDay) -> bool| {
            self.days.iter().filter(|day| holds(day)).filter_map(|day| calendar(day.date)).collect()
        };
        let school = dates(&|day| day.school_holiday);
        Context::default().with_holidays(ContextHolidays::new(Arc::new(dates(&is_holiday)), Arc::new(school)))
    }
}

impl StudyDay {
    /// The day of the same week that is a `weekday`.
    fn on(&self, weekday: Weekday) -> Date {
        let back = i32::from(self.date.weekday() as u8) - i32::from(weekday as u8);
        self.date.after(-back).unwrap_or(self.date)
    }
}

/// The minute that a time of the clock, which is written as `08:00`, names; the sun's times have no such.
fn clock(time: &dyn core::fmt::Display) -> Option<u32> {
    let text = time.to_string();
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
}

/// A date of the calendar of `opening-hours`, which reads what ours writes.
fn calendar<T: core::str::FromStr>(date: Date) -> Option<T> {
    date.to_string().parse().ok()
}

/// Why `opening-hours` does not take `text`; it tells the line and the character in words.
fn refused(text: &str, error: &dyn core::fmt::Display) -> HoursRefused {
    let message = error.to_string();
    let place = message.split_once("-->").and_then(|(_, rest)| rest.lines().next()?.trim().split_once(':'));
    let at = place.and_then(|(line, at)| Some((line.parse::<usize>().ok()?, at.parse::<usize>().ok()?)));
    match at {
        Some((line, at)) => {
            let before: usize =
                text.split_inclusive('\n').take(line - 1).map(|line| line.chars().count()).sum();
            HoursRefused::Syntax { at: before + at }
        }
        None => HoursRefused::Unsupported { problem: message.lines().next().unwrap_or_default().into() },
    }
}
