//! Tables of one number per id: supply by facility, demand by place.

use crate::csv::Table;
use crate::error::Result;
use crate::rows::{Header, Row, Rows, check_unique, no_rows};

/// Numbers by id, with the file that they come from.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Amounts {
    /// Name of the file, for messages.
    pub file: String,
    /// Ids, ascending, each with its number.
    pub rows: Vec<(String, f64)>,
}

/// Reads a number per row: `id` and `column`; without a choice `supply`, `capacity`, `demand`, `population` or `people`.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy: a number that is
/// blank, negative or none, an id that stands twice.
///
/// ```
/// # use lifecircle_io::read_amounts_csv;
/// let read = read_amounts_csv(b"id,jobs,people\nb,5,70\na,2,30\n", "land_use.csv", Some("jobs"))?;
/// assert_eq!(read.rows, [("a".to_string(), 2.0), ("b".to_string(), 5.0)]);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_amounts_csv(bytes: &[u8], name: &str, column: Option<&str>) -> Result<Amounts> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let id = header.need(
        None,
        &["id", "facility", "place", "from_id", "to_id"],
        "add it with the ids of the matrix",
    )?;
    let aliases = ["supply", "capacity", "demand", "population", "people"];
    let amount = header.need(column, &aliases, "add it, or name the column that holds the numbers")?;
    let mut rows: Vec<(String, u64, f64)> = vec![];
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        let key = row.text(&id).ok_or_else(|| row.bad(name, &id, "write an id"))?.to_owned();
        let number = row.amount(name, &amount)?;
        let number =
            number.ok_or_else(|| row.bad(name, &amount, "write a number, 0 where there is nothing"))?;
        rows.push((key, row.number, number));
    }
    if rows.is_empty() {
        return Err(no_rows(name));
    }
    check_unique(name, &rows.iter().map(|(id, number, _)| (id.as_str(), *number)).collect::<Vec<_>>())?;
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(Amounts { file: name.into(), rows: rows.into_iter().map(|(id, _, number)| (id, number)).collect() })
}
