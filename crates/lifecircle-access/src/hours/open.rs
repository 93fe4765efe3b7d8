//! When a facility is open, as plain numbers.

use super::spans::{join, lay, round};
use crate::{Error, Result};

const MINUTES_A_DAY: u32 = 24 * 60;

/// Whole days, round which time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    days: u32,
}

impl Period {
    /// Seven days, from Monday to Sunday.
    pub const WEEK: Self = Self { days: 7 };

    /// So many days, 1 to 49; `None` for others.
    #[must_use]
    pub const fn of_days(days: u32) -> Option<Self> {
        if days >= 1 && days <= 49 { Some(Self { days }) } else { None }
    }

    /// Its days.
    #[must_use]
    pub const fn days(self) -> u32 {
        self.days
    }

    /// Its minutes.
    #[must_use]
    pub const fn minutes(self) -> u32 {
        self.days * MINUTES_A_DAY
    }

    /// Its milliseconds: 49 days are 0.99 of what 32 bits hold.
    pub(super) const fn millis(self) -> u32 {
        self.minutes() * 60_000
    }
}

/// When a facility is open, when it is closed, and when nobody knows, to the minute.
///
/// ```
/// # use lifecircle_access::{OpenHours, Period};
/// const HOUR: u32 = 60;
/// // Monday from 8 to 12, Sunday from 22 into Monday at 2; Tuesday nobody knows
/// let day = |n: u32| n * 24 * HOUR;
/// let open = [(8 * HOUR, 12 * HOUR), (day(6) + 22 * HOUR, day(7) + 2 * HOUR)];
/// let hours = OpenHours::new(Period::WEEK, open, [(day(1), day(2))])?;
/// assert_eq!(hours.at(11 * HOUR), Some(true));
/// assert_eq!(hours.at(12 * HOUR), Some(false));
/// assert_eq!(hours.at(HOUR), Some(true));
/// assert_eq!(hours.at(day(1)), None);
/// assert_eq!((hours.open_minutes(), hours.possible_minutes()), (8 * HOUR, 32 * HOUR));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHours {
    period: Period,
    /// Joined spans of minutes from 0 to the end of the period.
    open: Vec<(u32, u32)>,
    /// The same with what is not known.
    possible: Vec<(u32, u32)>,
}

impl OpenHours {
    /// Hours from spans of minutes, from their first minute up to, and without, their last, in any order. A span may run
    /// past the end of the period, and goes on at its start; spans may overlap, and what is both open and unknown is
    /// open. O(n log n).
    ///
    /// # Errors
    /// [`Error::BadSpan`] for a span that starts after the period, does not end after it starts, or is longer than the
    /// period.
    pub fn new(
        period: Period,
        open: impl IntoIterator<Item = (u32, u32)>,
        unknown: impl IntoIterator<Item = (u32, u32)>,
    ) -> Result<Self> {
        let line = |spans: &mut dyn Iterator<Item = (u32, u32)>| {
            let mut line = vec![];
            for (start, end) in spans {
                let fits = start < period.minutes() && start < end && end - start <= period.minutes();
                if !fits {
                    return Err(Error::BadSpan { start, end, period: period.minutes() });
                }
                lay(start.into(), (end - start).into(), period.minutes(), &mut line);
            }
            Ok(line)
        };
        let mut open = line(&mut open.into_iter())?;
        let mut possible = line(&mut unknown.into_iter())?;
        join(&mut open);
        possible.extend(&open);
        join(&mut possible);
        Ok(Self { period, open, possible })
    }

    /// Open all the time.
    #[must_use]
    pub fn always(period: Period) -> Self {
        let all = vec![(0, period.minutes())];
        Self { period, open: all.clone(), possible: all }
    }

    /// Hours that nobody knows.
    #[must_use]
    pub fn unknown(period: Period) -> Self {
        Self { period, open: vec![], possible: vec![(0, period.minutes())] }
    }

    /// The period.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }

    /// Whether the facility is open in a minute of the period, counted round it; `None` where nobody knows.
    #[must_use]
    pub fn at(&self, minute: u32) -> Option<bool> {
        let minute = minute % self.period.minutes();
        let within = |line: &[(u32, u32)]| {
            let next = line.partition_point(|span| span.0 <= minute);
            next > 0 && minute < line[next - 1].1
        };
        match (within(&self.open), within(&self.possible)) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        }
    }

    /// Minutes of the period in which it is open for certain.
    #[must_use]
    pub fn open_minutes(&self) -> u32 {
        self.open.iter().map(|(start, end)| end - start).sum()
    }

    /// Minutes of the period in which it may be open.
    #[must_use]
    pub fn possible_minutes(&self) -> u32 {
        self.possible.iter().map(|(start, end)| end - start).sum()
    }

    /// The spans of minutes in which it is open for certain, in order, within the period.
    #[must_use]
    pub fn open_spans(&self) -> &[(u32, u32)] {
        &self.open
    }

    /// The spans of minutes in which it may be open, in order, within the period.
    #[must_use]
    pub fn possible_spans(&self) -> &[(u32, u32)] {
        &self.possible
    }

    /// Adds the times at which somebody `travel` milliseconds away may set out to stay `stay` milliseconds.
    pub(super) fn departures(&self, reading: Reading, travel: u32, stay: u32, line: &mut Vec<(u32, u32)>) {
        let spans = match reading {
            Reading::Strict => &self.open,
            Reading::Lenient => &self.possible,
        };
        let millis = u64::from(self.period.millis());
        // as far before the opening as it takes, counted round the period
        let early = millis - u64::from(travel) % millis;
        for (start, length) in round(spans, self.period.minutes()) {
            let (start, length) = (u64::from(start) * 60_000, u64::from(length) * 60_000);
            if length == millis {
                line.push((0, self.period.millis()));
            } else if length > u64::from(stay) {
                lay(start + early, length - u64::from(stay), self.period.millis(), line);
            }
        }
    }
}

/// What unknown hours count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Closed.
    Strict,
    /// Open.
    Lenient,
}
