//! Calendar dates. Nothing in lifecircle reads the clock: a study states its date.

use core::fmt;
use core::str::FromStr;

use crate::day::Weekday;
use crate::error::InvalidText;

/// A day of the Gregorian calendar, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if the calendar has it.
    ///
    /// ```
    /// # use lifecircle_types::Date;
    /// assert!(Date::new(2024, 2, 29).is_some());
    /// assert!(Date::new(2025, 2, 29).is_none());
    /// ```
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days from `earlier` to this day; negative where it comes later.
    ///
    /// ```
    /// # use lifecircle_types::Date;
    /// let day = |text: &str| text.parse::<Date>();
    /// assert_eq!(day("2024-03-01")?.days_since(day("2024-02-28")?), 2);
    /// assert_eq!(day("2025-06-30")?.days_since(day("2025-07-01")?), -1);
    /// # Ok::<(), lifecircle_types::InvalidText>(())
    /// ```
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.number() - earlier.number()
    }

    /// The day `days` later, or earlier where they are negative; `None` outside the years 0 to 65535.
    ///
    /// ```
    /// # use lifecircle_types::Date;
    /// let eve = Date::new(2024, 12, 31).unwrap();
    /// assert_eq!(eve.after(1), Date::new(2025, 1, 1));
    /// assert_eq!(eve.after(-366), Date::new(2023, 12, 31));
    /// ```
    #[must_use]
    pub fn after(self, days: i32) -> Option<Self> {
        let number = self.number().checked_add(days)?;
        let first_of = |year, month| Self { year, month, day: 1 };
        // 146,097 days are 400 years: the guess is off by a year at most
        let guess = i64::from(number) * 400 / 146_097;
        let year = (guess - 1..=guess + 1)
            .rev()
            .filter_map(|year| u16::try_from(year).ok())
            .find(|&year| first_of(year, 1).number() <= number)?;
        let mut month = 12;
        while first_of(year, month).number() > number {
            month -= 1;
        }
        let day = number - first_of(year, month).number() + 1;
        Self::new(year, month, u8::try_from(day).ok()?)
    }

    /// The day of the week.
    ///
    /// ```
    /// # use lifecircle_types::{Date, Weekday};
    /// assert_eq!(Date::new(2020, 3, 14).unwrap().weekday(), Weekday::Saturday);
    /// ```
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1 January 0000 was a Saturday
        let days = usize::try_from((self.number() + 5).rem_euclid(7)).unwrap_or(0);
        Weekday::ALL[days]
    }

    /// Days since 1 January 0000.
    const fn number(self) -> i32 {
        const BEFORE: [i32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        let year = self.year as i32;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        // leap days of the years before this one; year 0 was one
        let leaps = if year == 0 { 0 } else { (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 };
        let late = if leap && self.month > 2 { 1 } else { 0 };
        year * 365 + leaps + BEFORE[self.month as usize - 1] + late + self.day as i32 - 1
    }
}

impl FromStr for Date {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())?
        };
        let date = (|| {
            let (year, month, day) = (number(4)?, number(2)?, number(2)?);
            Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
        })();
        match (date, parts.next()) {
            (Some(date), None) => Ok(date),
            _ => Err(InvalidText {
                what: "date",
                value: text.into(),
                expected: "YYYY-MM-DD, such as 2025-06-30",
            }),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

crate::serde_as_text!(Date);

#[cfg(feature = "schema")]
crate::schema_by!(
    Date,
    schemars::json_schema!({
        "description": "A day, YYYY-MM-DD.",
        "type": "string",
        "pattern": r"^\d{4}-\d{2}-\d{2}$"
    })
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_one_another() {
        // every day from 1896 to 2104, over three centuries' ends of which one has a leap day
        let mut day = Date::new(1896, 1, 1).unwrap();
        let first = day;
        for count in 0..(209 * 365 + 51) {
            assert_eq!((day.days_since(first), first.after(count)), (count, Some(day)));
            let next = day.after(1).unwrap();
            assert!(next > day);
            assert_eq!(next.weekday() as u8, (day.weekday() as u8 + 1) % 7);
            day = next;
        }
        // 209 years with 51 leap days: 1896, 1904 to 2096 (49 of them), 2104
        assert_eq!(day, Date::new(2105, 1, 1).unwrap());
        // the day on which the calendar of 2000 began was a Saturday
        assert_eq!(Date::new(2000, 1, 1).unwrap().weekday(), Weekday::Saturday);
        assert_eq!(Date::new(0, 1, 1).unwrap().after(-1), None);
        assert_eq!(Date::new(65535, 12, 31).unwrap().after(1), None);
        assert_eq!(Date::new(65535, 12, 31).unwrap().after(-1), Date::new(65535, 12, 30));
    }

    #[test]
    fn dates_read_back_as_written_and_nonsense_is_refused() {
        assert_eq!("2020-03-14".parse::<Date>().unwrap().to_string(), "2020-03-14");
        for bad in
            ["", "2020-3-14", "2020-13-01", "2020-03-14-1", "14.03.2020", "2020-02-30", "２０２０-01-01"]
        {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }
}
