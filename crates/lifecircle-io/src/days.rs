//! Tables of holidays and of days that count as others.

use std::collections::BTreeMap;

use lifecircle_types::{Date, DayKind, SpecialDay, Weekday};

use crate::csv::Table;
use crate::error::{Error, Result};
use crate::rows::{Header, Row, Rows, no_rows};

/// Reads days that are not like others: `date` (`2025-10-01`), `kind` (`holiday`, `school_holiday` or `working_day`) and
/// `as`, the weekday as which a day counts (`Mo` to `Su`); by date, then by kind.
///
/// A working day has to say as what it counts; a holiday may. A day may be a public holiday and one of the school.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; a day that stands
/// there twice as the same kind, or both as a holiday and as a working day.
///
/// ```
/// # use lifecircle_io::read_days_csv;
/// let text = b"date,kind,as\n2025-10-01,holiday,Su\n2025-09-28,working_day,Tu\n";
/// let days = read_days_csv(text, "days.csv")?;
/// assert_eq!(days[0].date.to_string(), "2025-09-28");
/// assert_eq!(days[0].counts_as.map(|day| day.as_str()), Some("Tu"));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_days_csv(bytes: &[u8], name: &str) -> Result<Vec<SpecialDay>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let date = header.need(None, &["date", "day"], "add it with days such as 2025-10-01")?;
    let kind = header.need(None, &["kind"], "add it with holiday, school_holiday or working_day")?;
    let counts_as = header.find(None, &["as", "counts_as"])?;
    let mut days: BTreeMap<(Date, DayKind), (u64, SpecialDay)> = BTreeMap::new();
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        let blank = |field, remedy| row.bad(name, field, remedy);
        let day = row.word::<Date>(name, Some(&date))?.ok_or_else(|| blank(&date, "write a day"))?;
        let words = "write holiday, school_holiday or working_day";
        let what = row.word::<DayKind>(name, Some(&kind))?.ok_or_else(|| blank(&kind, words))?;
        let counts = row.word::<Weekday>(name, counts_as.as_ref())?;
        if what == DayKind::WorkingDay && counts.is_none() {
            let remedy = "a working day counts as a weekday: write it into the column `as`, Mo to Su";
            return Err(blank(counts_as.as_ref().unwrap_or(&kind), remedy));
        }
        let opposite = match what {
            DayKind::Holiday => Some(DayKind::WorkingDay),
            DayKind::WorkingDay => Some(DayKind::Holiday),
            DayKind::SchoolHoliday => None,
        };
        let before = days.get(&(day, what)).or_else(|| days.get(&(day, opposite?)));
        if let Some((first_row, _)) = before {
            let (file, id) = (name.into(), day.to_string());
            return Err(Error::DuplicateId { file, id, first_row: *first_row, second_row: row.number });
        }
        days.insert((day, what), (row.number, SpecialDay { date: day, kind: what, counts_as: counts }));
    }
    if days.is_empty() {
        return Err(no_rows(name));
    }
    Ok(days.into_values().map(|(_, day)| day).collect())
}
