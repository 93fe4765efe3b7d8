//! Mobile services: a stop is served a few days a year, and has no catchment of its own beyond the walk to it.

use lifecircle_types::{Cost, Date, TravelMatrix};

use crate::gravity::rows;
use crate::pairs::{check_length, check_reach};
use crate::{Error, Result};

/// How often a mobile service can be met at the stops in reach of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VisitsInReach {
    /// Visits a year at all stops in reach together: `Σⱼ vⱼ [cᵢⱼ ≤ T]`.
    pub all: u64,
    /// Visits a year at the stop in reach that has the most: `maxⱼ vⱼ [cᵢⱼ ≤ T]`.
    pub best: u32,
    /// Stops in reach of which the number of visits is not known; they add nothing to the others.
    pub unknown: u32,
}

impl VisitsInReach {
    /// Whether there are at least so many a year at all stops together; `None` where stops of which it is not known
    /// decide.
    #[must_use]
    pub const fn all_at_least(self, visits: u64) -> Option<bool> {
        enough(self.all >= visits, self.unknown)
    }

    /// Whether there are at least so many a year at one stop; `None` as for all together.
    #[must_use]
    pub const fn best_at_least(self, visits: u32) -> Option<bool> {
        enough(self.best >= visits, self.unknown)
    }
}

const fn enough(holds: bool, unknown: u32) -> Option<bool> {
    if holds {
        Some(true)
    } else if unknown > 0 {
        None
    } else {
        Some(false)
    }
}

/// Visits a year of a mobile service at the stops within `within` (inclusive) of every place (policy 96).
///
/// `visits` holds visits a year per stop, `None` where that is not known. Two stops may be served on the same day: where
/// the days are known, [`mobile_days`] counts them once. Linear in the pairs.
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::MatrixTooShort`] and [`Error::OtherUnit`].
///
/// ```
/// # use lifecircle_access::mobile_visits;
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(0, 3), (1, 9), (2, 9)].map(|(j, t)| (DemandIx(0), FacilityIx(j), min(t)));
/// let matrix = TravelMatrix::new(1, 3, min(15), times)?;
/// let found = mobile_visits(&matrix, min(10), &[Some(12), Some(26), None])?[0];
/// assert_eq!((found.all, found.best, found.unknown), (38, 26, 1));
/// assert_eq!((found.all_at_least(38), found.all_at_least(39)), (Some(true), None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mobile_visits(
    matrix: &TravelMatrix,
    within: impl Into<Cost>,
    visits: &[Option<u32>],
) -> Result<Vec<VisitsInReach>> {
    let within = within.into();
    check_reach(matrix, within)?;
    check_length("visits", visits.len(), matrix.columns())?;
    let around = |row| {
        let mut found = VisitsInReach::default();
        for (stop, _) in matrix.row(row).filter(|(_, cost)| cost.raw() <= within.raw()) {
            match visits[stop.index()] {
                Some(visits) => {
                    found.all += u64::from(visits);
                    found.best = found.best.max(visits);
                }
                None => found.unknown += 1,
            }
        }
        found
    };
    Ok(rows(matrix).map(around).collect())
}

/// On how many days a mobile service can be met from a place, and how long one may have to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaysInReach {
    /// Days on which at least one stop in reach is served.
    pub days: u32,
    /// The longest time from one such day to the next, in days; `None` where there is none.
    pub longest_wait: Option<u32>,
    /// Stops in reach of which no days are known.
    pub unknown: u32,
}

/// Days on which a mobile service is within `within` (inclusive) of every place, from `first` to `last`.
///
/// `days` holds the days of every stop, in any order, `None` where they are not known; days outside the period do not
/// count, and a day on which several stops are served counts once. Waits go round: after the last day comes the first,
/// as routes repeat. Sorts the days of every row.
///
/// # Errors
/// As [`mobile_visits`]; [`Error::BadParameter`] when the period ends before it starts.
///
/// ```
/// # use lifecircle_access::mobile_days;
/// # use lifecircle_types::{Date, DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [0, 1].map(|j| (DemandIx(0), FacilityIx(j), min(5)));
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// let june = |day| Date::new(2025, 6, day).unwrap();
/// let stops = [Some(vec![june(3), june(17)]), Some(vec![june(17), june(20)])];
/// let found = mobile_days(&matrix, min(15), &stops, june(1), june(30))?[0];
/// // the 3rd, 17th and 20th; from the 3rd to the 17th it takes 14 days, from the 20th round to the 3rd 13
/// assert_eq!((found.days, found.longest_wait), (3, Some(14)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mobile_days(
    matrix: &TravelMatrix,
    within: impl Into<Cost>,
    days: &[Option<Vec<Date>>],
    first: Date,
    last: Date,
) -> Result<Vec<DaysInReach>> {
    let within = within.into();
    check_reach(matrix, within)?;
    check_length("days", days.len(), matrix.columns())?;
    let bad = || Error::BadParameter {
        what: "the length of the period in days",
        value: 0.0,
        expected: "at least one: its last day may not come before its first",
    };
    let period = u32::try_from(last.days_since(first)).map_err(|_| bad())? + 1;
    let offset = |day: &Date| u32::try_from(day.days_since(first)).ok().filter(|&offset| offset < period);
    let offsets: Vec<Option<Vec<u32>>> =
        days.iter().map(|days| days.as_ref().map(|days| days.iter().filter_map(offset).collect())).collect();
    let mut met = Vec::new();
    let mut around = |row| {
        let mut found = DaysInReach::default();
        met.clear();
        for (stop, _) in matrix.row(row).filter(|(_, cost)| cost.raw() <= within.raw()) {
            match &offsets[stop.index()] {
                Some(days) => met.extend_from_slice(days),
                None => found.unknown += 1,
            }
        }
        met.sort_unstable();
        met.dedup();
        found.days = u32::try_from(met.len()).unwrap_or(u32::MAX);
        if let (Some(&first), Some(&last)) = (met.first(), met.last()) {
            let between = met.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
            found.longest_wait = Some(between.max(period - last + first));
        }
        found
    };
    Ok(rows(matrix).map(&mut around).collect())
}
