//! Coverage by the time of the day and the day of the week.

use lifecircle_types::{DemandIx, People, TravelMatrix, TravelTime};

use super::open::{OpenHours, Period, Reading};
use super::spans::join;
use crate::gravity::rows;
use crate::pairs::{check_length, check_reach};
use crate::{Coverage, Error, Result};

const MINUTES_A_DAY: u32 = 24 * 60;
const MILLIS_A_MINUTE: u32 = 60_000;

/// Who goes where, when it is open, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct HoursTask<'a> {
    /// Times between places and facilities: all in reach count, as the nearest may be closed.
    pub matrix: &'a TravelMatrix,
    /// How far people go, inclusive.
    pub within: TravelTime,
    /// The period; all hours are of it.
    pub period: Period,
    /// The hours of every facility.
    pub hours: &'a [OpenHours],
    /// The people of every place.
    pub people: &'a [People],
    /// How long it has to stay open after they arrive.
    pub stay: TravelTime,
    /// Minutes of a slot, which divide a day; 60 gives weekdays by hour.
    pub slot: u32,
}

/// Coverage over a period in one reading of unknown hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimedCoverage {
    /// Per slot: the people who are covered in it, on average over its moments, to the millionth.
    pub slots: Vec<Coverage>,
    /// The same over the whole period: the share of all person-time.
    pub overall: Coverage,
    /// The milliseconds of the period at which every place may set out.
    pub time: Vec<u32>,
    /// The fewest people who are covered at any moment.
    pub worst: Coverage,
    /// The first moment at which it is so few, in milliseconds of the period.
    pub worst_at: u32,
}

impl TimedCoverage {
    /// The slot in which the fewest people are covered on average; of several the first.
    #[must_use]
    pub fn worst_slot(&self) -> Option<usize> {
        (0..self.slots.len()).min_by_key(|&slot| self.slots[slot].covered)
    }

    /// The mean over some slots, to the millionth; nobody of nobody where there are none.
    #[must_use]
    pub fn mean_over(&self, slots: &[usize]) -> Coverage {
        let chosen = || slots.iter().filter_map(|&slot| self.slots.get(slot));
        let count = chosen().count() as u128;
        let sum: u128 = chosen().map(|slot| u128::from(slot.covered.as_millionths())).sum();
        let Some(mean) = (sum + count / 2).checked_div(count) else {
            return Coverage::default();
        };
        let covered = People::from_millionths(u64::try_from(mean).unwrap_or(u64::MAX));
        Coverage { covered, all: self.overall.all }
    }

    /// Of `people` those who may set out during at least so much of the period: others live in what is called a temporal
    /// desert.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] when there are not as many people as places.
    pub fn with_at_least(&self, least: TravelTime, people: &[People]) -> Result<Coverage> {
        check_length("people", people.len(), self.time.len())?;
        let holds: Vec<bool> = self.time.iter().map(|&time| time >= least.as_millis()).collect();
        crate::coverage(people, &holds)
    }
}

/// Coverage by time: at least what is strict, at most what is lenient.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HoursCoverage {
    /// The period.
    pub period: Period,
    /// Minutes of a slot.
    pub slot: u32,
    /// Unknown hours count as closed.
    pub strict: TimedCoverage,
    /// Unknown hours count as open.
    pub lenient: TimedCoverage,
}

impl HoursCoverage {
    /// The day of the period, from 0, and the minute of the day at which a slot starts.
    #[must_use]
    pub const fn start_of(&self, slot: usize) -> (usize, usize) {
        let a_day = (MINUTES_A_DAY / self.slot) as usize;
        (slot / a_day, slot % a_day * self.slot as usize)
    }
}

/// Who finds a door open when: coverage by weekday and hour, over the whole week, at its worst moment, and the time of
/// the week that every place has (policies 162 and 345).
///
/// People set out at any moment, and need a facility in reach that is open when they arrive and stays open, without a
/// break, for [`HoursTask::stay`]. O(n log n) in the opening spans of all pairs in reach.
///
/// For a season with another walker, such as winter, take the matrix of that walker; see [`over_seasons`].
///
/// # Errors
/// [`Error::LengthMismatch`] when a column does not fit the matrix or hours are of another period;
/// [`Error::MatrixTooShort`] and [`Error::OtherUnit`] as for every measure; [`Error::BadParameter`] for a slot that does
/// not divide a day.
///
/// ```
/// # use lifecircle_access::{HoursTask, OpenHours, Period, coverage_by_time};
/// # use lifecircle_types::{DemandIx, FacilityIx, People, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let day = Period::of_days(1).unwrap();
/// // open from 9 to 12, ten minutes away
/// let hours = [OpenHours::new(day, [(9 * 60, 12 * 60)], [])?];
/// let matrix = TravelMatrix::new(2, 1, min(15), [(DemandIx(0), FacilityIx(0), min(10))])?;
/// let found = coverage_by_time(&HoursTask {
///     matrix: &matrix,
///     within: min(15),
///     period: day,
///     hours: &hours,
///     people: &[People::whole(60), People::whole(40)],
///     stay: min(20),
///     slot: 60,
/// })?;
/// // one may set out from 8:50 to 11:30, 160 minutes of the day
/// assert_eq!(found.strict.time, [160 * 60_000, 0]);
/// assert_eq!(found.strict.slots[8].covered, People::whole(10)); // the last 10 minutes of the hour
/// assert_eq!(found.strict.slots[9].share(), Some(0.6));
/// assert_eq!((found.strict.worst.share(), found.strict.worst_at), (Some(0.0), 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage_by_time(task: &HoursTask<'_>) -> Result<HoursCoverage> {
    check_reach(task.matrix, task.within.into())?;
    check_length("opening hours", task.hours.len(), task.matrix.columns())?;
    check_length("people", task.people.len(), task.matrix.rows())?;
    if task.slot == 0 || !MINUTES_A_DAY.is_multiple_of(task.slot) {
        let (what, value) = ("the length of a slot in minutes", f64::from(task.slot));
        return Err(Error::BadParameter { what, value, expected: "a number that divides the 1440 of a day" });
    }
    let (days, other) = (task.period.days(), |hours: &&OpenHours| hours.period() != task.period);
    if let Some(other) = task.hours.iter().find(other) {
        let found = other.period().days() as usize;
        return Err(Error::LengthMismatch {
            what: "the days of opening hours",
            expected: days as usize,
            found,
        });
    }
    Ok(HoursCoverage {
        period: task.period,
        slot: task.slot,
        strict: timed(task, Reading::Strict),
        lenient: timed(task, Reading::Lenient),
    })
}

fn timed(task: &HoursTask<'_>, reading: Reading) -> TimedCoverage {
    let period = task.period.millis();
    let slot = task.slot * MILLIS_A_MINUTE;
    let mut slots = Slots::new(slot, (period / slot) as usize);
    let (mut time, mut events) = (Vec::with_capacity(task.people.len()), Vec::new());
    let mut line = Vec::new();
    for (row, &people) in rows(task.matrix).zip(task.people) {
        departures(task, row, reading, &mut line);
        time.push(line.iter().map(|(start, end)| end - start).sum::<u32>());
        if people == People::ZERO {
            continue;
        }
        for &(start, end) in &line {
            slots.add(start, end, people);
            // comes and goes
            events.push((start, people, People::ZERO));
            if end < period {
                events.push((end, People::ZERO, people));
            }
        }
    }
    let all: People = task.people.iter().copied().sum();
    let (worst_at, worst) = fewest(&mut events);
    let (slots, overall) = slots.means(all);
    TimedCoverage { slots, overall, time, worst: Coverage { covered: worst, all }, worst_at }
}

/// The times at which `row` may set out, joined.
fn departures(task: &HoursTask<'_>, row: DemandIx, reading: Reading, line: &mut Vec<(u32, u32)>) {
    line.clear();
    for (facility, cost) in task.matrix.row(row).filter(|(_, cost)| cost.raw() <= task.within.as_millis()) {
        task.hours[facility.index()].departures(reading, cost.raw(), task.stay.as_millis(), line);
    }
    join(line);
}

/// The first moment with the fewest people, and their number.
fn fewest(events: &mut [(u32, People, People)]) -> (u32, People) {
    events.sort_unstable_by_key(|event| event.0);
    let mut moments = events.chunk_by(|one, other| one.0 == other.0).peekable();
    let mut now = People::ZERO;
    let mut turn = |moment: &[(u32, People, People)]| {
        let (come, gone) = (moment.iter().map(|event| event.1), moment.iter().map(|event| event.2));
        now = now + come.sum() - gone.sum();
        now
    };
    let mut best = match moments.next_if(|moment| moment[0].0 == 0) {
        Some(first) => (0, turn(first)),
        None => (0, People::ZERO),
    };
    for moment in moments {
        let people = turn(moment);
        if people < best.1 {
            best = (moment[0].0, people);
        }
    }
    best
}

/// People times milliseconds by slot.
struct Slots {
    slot: u32,
    /// In slots that are covered in part.
    part: Vec<u128>,
    /// People who come to be covered all through a slot and those that follow, and those who cease to be.
    come: Vec<u128>,
    gone: Vec<u128>,
}

impl Slots {
    fn new(slot: u32, count: usize) -> Self {
        Self { slot, part: vec![0; count], come: vec![0; count + 1], gone: vec![0; count + 1] }
    }

    fn add(&mut self, start: u32, end: u32, people: People) {
        let people = u128::from(people.as_millionths());
        let (first, last) = ((start / self.slot) as usize, (end / self.slot) as usize);
        let (into_first, into_last) = (start % self.slot, end % self.slot);
        if first == last {
            self.part[first] += people * u128::from(end - start);
            return;
        }
        // the slots from the first to before the last, less what lies before the start, and the beginning of the last
        self.come[first] += people;
        self.gone[last] += people;
        if into_last > 0 {
            self.part[last] += people * u128::from(into_last);
        }
        if into_first > 0 {
            self.come[first] -= people;
            self.come[first + 1] += people;
            self.part[first] += people * u128::from(self.slot - into_first);
        }
    }

    /// Mean people by slot and over all of them, rounded to the millionth.
    fn means(self, all: People) -> (Vec<Coverage>, Coverage) {
        let mean = |amount: u128, time: u128| {
            let millionths = (amount + time / 2) / time;
            let covered = People::from_millionths(u64::try_from(millionths).unwrap_or(u64::MAX));
            Coverage { covered, all }
        };
        let (mut through, mut total) = (0, 0);
        let mut slots = Vec::with_capacity(self.part.len());
        let time = u128::from(self.slot);
        for (slot, part) in self.part.iter().enumerate() {
            through = through + self.come[slot] - self.gone[slot];
            let amount = part + through * time;
            total += amount;
            slots.push(mean(amount, time));
        }
        let whole = time * slots.len() as u128;
        (slots, mean(total, whole))
    }
}

/// Coverage over a year from that of its seasons, each with its days: the mean over all days, to the millionth.
///
/// A season has a matrix of its own where its walkers are slower or its ways others, and hours of its own where places
/// close for it: `coverage_by_time` of both, then [`TimedCoverage::overall`], or any other coverage.
///
/// # Errors
/// [`Error::Unequal`] where seasons are shares of different numbers of people; [`Error::BadParameter`] where they have no
/// days.
///
/// ```
/// # use lifecircle_access::{Coverage, over_seasons};
/// # use lifecircle_types::People;
/// let season = |days, covered| (days, Coverage { covered: People::whole(covered), all: People::whole(100) });
/// let year = over_seasons(&[season(240, 80), season(120, 50)])?;
/// assert_eq!(year.share(), Some(0.7));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn over_seasons(seasons: &[(u32, Coverage)]) -> Result<Coverage> {
    let days: u128 = seasons.iter().map(|(days, _)| u128::from(*days)).sum();
    if days == 0 {
        return Err(Error::BadParameter {
            what: "the days of the seasons",
            value: 0.0,
            expected: "at least one",
        });
    }
    let all = seasons[0].1.all;
    if let Some((_, other)) = seasons.iter().find(|(_, coverage)| coverage.all != all) {
        return Err(Error::Unequal {
            left_name: "the people of the first season",
            left: all.as_f64(),
            right_name: "those of another",
            right: other.all.as_f64(),
            remedy: "count the same people in every season",
        });
    }
    let covered =
        |(days, coverage): &(u32, Coverage)| u128::from(*days) * u128::from(coverage.covered.as_millionths());
    let covered: u128 = seasons.iter().map(covered).sum();
    let mean = u64::try_from((covered + days / 2) / days).unwrap_or(u64::MAX);
    Ok(Coverage { covered: People::from_millionths(mean), all })
}
