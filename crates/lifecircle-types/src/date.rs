//! Calendar dates. Nothing in lifecircle reads the clock: a study states its date.

use core::fmt;
use core::str::FromStr;

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

#[cfg(test)]
mod tests {
    use super::*;

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
