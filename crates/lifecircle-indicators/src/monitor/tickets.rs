//! Requests of residents: how many, on what, where, and whether they were answered in time.

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_types::{Date, LonLat, Ticket, UnitIx, UnitSet};

use super::survey::{Estimate, wilson};

/// Requests about one thing, or about anything, in a unit or in the whole place.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TicketCount {
    /// What they are about; `None` is everything together.
    pub about: Option<String>,
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// All of them.
    pub tickets: usize,
    /// Answered by their day.
    pub in_time: usize,
    /// Answered after their day.
    pub late: usize,
    /// Not answered, and their day is over.
    pub overdue: usize,
    /// Not answered, and there is time left.
    pub pending: usize,
    /// Without a day by which they have to be answered.
    pub without_due: usize,
    /// Per cent answered in time of those whose day is over or that were answered.
    pub in_time_percent: Option<Estimate>,
    /// Days until half of those answered were.
    pub median_days: Option<f64>,
}

/// Counts requests up to `day` for the whole place and for every unit around them, everything together first.
///
/// `homes` is the smallest unit around each. A request without a day of its own has to be answered within `answer_days`,
/// where those are stated. Requests made after `day` are left out; answers after it have not come yet.
///
/// # Panics
/// When `homes` are not one per request.
#[must_use]
pub fn count_tickets(
    tickets: &[Ticket],
    homes: &[Option<UnitIx>],
    units: &UnitSet,
    day: Date,
    answer_days: Option<u16>,
) -> Vec<TicketCount> {
    assert_eq!(homes.len(), tickets.len(), "one home per request");
    let mut groups: BTreeMap<(Option<&str>, Option<&str>), Vec<&Ticket>> = BTreeMap::new();
    for (ticket, home) in tickets.iter().zip(homes).filter(|(ticket, _)| ticket.opened <= day) {
        let around = home.iter().flat_map(|&home| units.lineage(home));
        let around = around.map(|unit| Some(units[unit].code.as_str()));
        let around: BTreeSet<Option<&str>> = core::iter::once(None).chain(around).collect();
        let about: BTreeSet<Option<&str>> = [None, ticket.about.as_deref()].into();
        for &about in &about {
            for &unit in &around {
                groups.entry((about, unit)).or_default().push(ticket);
            }
        }
    }
    let count = |((about, unit), tickets): ((Option<&str>, Option<&str>), Vec<&Ticket>)| {
        let mut found = TicketCount {
            about: about.map(Into::into),
            unit: unit.map(Into::into),
            tickets: tickets.len(),
            ..TicketCount::default()
        };
        let mut days: Vec<i32> = Vec::new();
        for ticket in tickets {
            found.add(ticket, day, answer_days);
            days.extend(answered(ticket, day).map(|closed| closed.days_since(ticket.opened)));
        }
        let decided = found.in_time + found.late + found.overdue;
        #[expect(clippy::cast_precision_loss, reason = "a number of requests")]
        let share = |part: usize| wilson(part as f64 / decided as f64, decided as f64);
        found.in_time_percent = (decided > 0).then(|| share(found.in_time));
        found.median_days = median(&mut days);
        found
    };
    groups.into_iter().map(count).collect()
}

impl TicketCount {
    fn add(&mut self, ticket: &Ticket, day: Date, answer_days: Option<u16>) {
        let due = ticket.due.or_else(|| ticket.opened.after(answer_days?.into()));
        let counter = match (due, answered(ticket, day)) {
            (None, _) => &mut self.without_due,
            (Some(due), Some(closed)) if closed <= due => &mut self.in_time,
            (Some(_), Some(_)) => &mut self.late,
            (Some(due), None) if due < day => &mut self.overdue,
            (Some(_), None) => &mut self.pending,
        };
        *counter += 1;
    }
}

fn answered(ticket: &Ticket, day: Date) -> Option<Date> {
    ticket.closed.filter(|closed| *closed <= day)
}

fn median(days: &mut [i32]) -> Option<f64> {
    days.sort_unstable();
    let (lower, upper) = (days.get(days.len().checked_sub(1)? / 2)?, days.get(days.len() / 2)?);
    Some(f64::from(lower + upper) / 2.0)
}

/// A square of the ground of one kilometre by one, with the requests and the problems in it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketCell {
    /// South-western and north-eastern corner.
    pub corners: (LonLat, LonLat),
    /// Requests.
    pub tickets: usize,
    /// Per cent of them answered in time, of those decided.
    pub in_time_percent: Option<f64>,
    /// Problems of the register, by where they are shown.
    pub problems: usize,
}

/// Requests and problems by squares of a kilometre, from south to north, then from west to east; squares with neither
/// are left out. Rows follow latitude from the equator; in each, columns follow longitude from Greenwich at the middle
/// latitude of the row, so that a square keeps its place whatever else there is.
#[must_use]
pub fn ticket_cells(
    tickets: &[Ticket],
    problems: &[LonLat],
    day: Date,
    answer_days: Option<u16>,
) -> Vec<TicketCell> {
    let mut cells: BTreeMap<(i32, i32), (Vec<&Ticket>, usize)> = BTreeMap::new();
    for ticket in tickets.iter().filter(|ticket| ticket.opened <= day) {
        if let Some(at) = ticket.position {
            cells.entry(cell_of(at)).or_default().0.push(ticket);
        }
    }
    for &at in problems {
        cells.entry(cell_of(at)).or_default().1 += 1;
    }
    let cell = |((row, column), (tickets, problems)): ((i32, i32), (Vec<&Ticket>, usize))| {
        let mut count = TicketCount::default();
        for ticket in &tickets {
            count.add(ticket, day, answer_days);
        }
        let decided = count.in_time + count.late + count.overdue;
        #[expect(clippy::cast_precision_loss, reason = "a number of requests")]
        let share = (decided > 0).then(|| 100.0 * count.in_time as f64 / decided as f64);
        Some(TicketCell {
            corners: (corner(row, column, row)?, corner(row + 1, column + 1, row)?),
            tickets: tickets.len(),
            in_time_percent: share,
            problems,
        })
    };
    cells.into_iter().filter_map(cell).collect()
}

/// Kilometres in a degree of latitude, on the sphere of the whole project.
const KM_PER_DEGREE: f64 = 6_371.008_8 * core::f64::consts::PI / 180.0;

/// Degrees of longitude in a kilometre at the middle of a row.
fn degrees_per_km(row: i32) -> f64 {
    let middle = (f64::from(row) + 0.5) / KM_PER_DEGREE;
    1.0 / (KM_PER_DEGREE * libm::cos(middle.to_radians()).max(1e-6))
}

#[expect(clippy::cast_possible_truncation, reason = "at most 20,016 kilometres either way")]
fn cell_of(at: LonLat) -> (i32, i32) {
    let row = libm::floor(at.lat() * KM_PER_DEGREE) as i32;
    (row, libm::floor(at.lon() / degrees_per_km(row)) as i32)
}

fn corner(row: i32, column: i32, of_row: i32) -> Option<LonLat> {
    let lat = (f64::from(row) / KM_PER_DEGREE).clamp(-90.0, 90.0);
    let lon = (f64::from(column) * degrees_per_km(of_row)).clamp(-180.0, 180.0);
    LonLat::new(lon, lat).ok()
}

#[cfg(test)]
mod tests {
    use lifecircle_types::{Unit, UnitKind};

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn ticket(id: &str, about: &str, opened: &str, closed: &str, due: &str) -> Ticket {
        let date = |text: &str| (!text.is_empty()).then(|| day(text));
        Ticket {
            id: id.into(),
            about: Some(about.into()),
            unit: None,
            position: LonLat::new(104.0, 30.0).ok(),
            opened: day(opened),
            closed: date(closed),
            due: date(due),
        }
    }

    fn tickets() -> Vec<Ticket> {
        vec![
            ticket("1", "park", "2025-03-01", "2025-03-05", "2025-03-10"),
            ticket("2", "park", "2025-03-01", "2025-03-15", "2025-03-10"),
            ticket("3", "park", "2025-03-01", "", "2025-03-10"),
            ticket("4", "park", "2025-06-25", "", "2025-07-10"),
            ticket("5", "library", "2025-03-01", "2025-03-08", ""),
            ticket("6", "library", "2025-08-01", "", ""),
        ]
    }

    #[test]
    fn requests_are_counted_as_on_paper() {
        let mut community = Unit::new("c", UnitKind::Community);
        community.parent = Some("d".into());
        let units = UnitSet::new(vec![community, Unit::new("d", UnitKind::District)]).unwrap();
        let mut homes = vec![None; 6];
        homes[0] = units.find("c");
        let counts = count_tickets(&tickets(), &homes, &units, day("2025-07-01"), None);
        let of = |about: Option<&str>, unit: Option<&str>| {
            counts
                .iter()
                .find(|count| count.about.as_deref() == about && count.unit.as_deref() == unit)
                .unwrap()
        };
        let all = of(None, None);
        assert_eq!(
            (all.tickets, all.in_time, all.late, all.overdue, all.pending, all.without_due),
            (5, 1, 1, 1, 1, 1)
        );
        assert!((all.in_time_percent.unwrap().value - 100.0 / 3.0).abs() < 1e-9);
        assert_eq!(all.median_days, Some(7.0), "of 4, 7 and 14");
        assert_eq!((of(None, Some("d")).tickets, of(Some("park"), Some("c")).in_time), (1, 1));
        assert_eq!(of(Some("library"), None).in_time_percent, None);
        let within = count_tickets(&tickets(), &homes, &units, day("2025-07-01"), Some(7));
        let library = within.iter().find(|count| count.about.as_deref() == Some("library")).unwrap();
        assert_eq!((library.in_time, library.without_due), (1, 0));
    }

    #[test]
    fn squares_are_a_kilometre_wide_and_keep_their_place() {
        let cells = ticket_cells(&tickets(), &[LonLat::new(104.0, 30.0).unwrap()], day("2025-07-01"), None);
        assert_eq!((cells.len(), cells[0].tickets, cells[0].problems), (1, 5, 1));
        let (low, high) = cells[0].corners;
        assert!(low.lat() <= 30.0 && 30.0 < high.lat() && low.lon() <= 104.0 && 104.0 < high.lon());
        assert!(((high.lat() - low.lat()) * KM_PER_DEGREE - 1.0).abs() < 1e-9);
        let width = (high.lon() - low.lon())
            * KM_PER_DEGREE
            * libm::cos(f64::midpoint(low.lat(), high.lat()).to_radians());
        assert!((width - 1.0).abs() < 1e-9);
    }
}
