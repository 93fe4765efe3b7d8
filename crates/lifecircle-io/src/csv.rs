//! Tables: text in UTF-8, one row a line, separated by commas, semicolons or tabs (told from the header).
//!
//! Fields may be quoted; a byte order mark and either kind of line end are fine; blank lines are skipped. Row
//! numbers in messages are lines of the file, from 1, the header included.

use std::io::Write;

use geo_types::Geometry;
use lifecircle_types::{
    AreaGroups, Column, ColumnValues, ControlTotal, DemandSet, FacilitySet, Fate, FeatureTable, Group,
    Imported, Issues, LonLat, Severity, UnitSet,
};

use crate::crs::Crs;
use crate::error::{Error, Result};
use crate::facilities::{self, FacilityColumns};
use crate::gates;
use crate::residents::{self, ResidentColumns};
use crate::rows::{Field, Header, Row, Rows, check_part, check_unique, no_rows};
use crate::text::{looks_like, number_text, utf8};
use crate::units::{self, UnitColumns};

/// Reads residents: one place a row.
///
/// Rows without a number of people are rejected; rows without a position are kept as unplaced. Rows of a file
/// without ids are numbered in the order of their positions, so that the order of rows does not matter.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy.
///
/// ```
/// # use lifecircle_io::{ResidentColumns, read_residents_csv};
/// let text = b"id;lon;lat;people;age_0_14\na;104.06;30.66;120;20\nb;104.07;30.66;;\n";
/// let read = read_residents_csv(text, "people.csv", &ResidentColumns::default())?;
/// assert_eq!(read.value.total().rounded(), 120);
/// assert_eq!(read.fate.to_string(), "2 rows: 1 used, 0 moved, 1 rejected (1 no number of people)");
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_residents_csv(bytes: &[u8], name: &str, c: &ResidentColumns) -> Result<Imported<DemandSet>> {
    residents::read(&mut Table::new(bytes, name)?.located_in(c.crs), c)
}

/// Reads facilities: one site a row.
///
/// Rows without a position or without any service are rejected.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy.
///
/// ```
/// # use lifecircle_io::{FacilityColumns, read_facilities_csv};
/// let text = b"id,lon,lat,service,capacity\ns1,104.06,30.66,primary_school;nursery_0_3,600;40\n";
/// let read = read_facilities_csv(text, "schools.csv", &FacilityColumns::default())?;
/// assert_eq!(read.value.as_slice()[0].offers[1].capacity, Some(600.0));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_facilities_csv(bytes: &[u8], name: &str, c: &FacilityColumns) -> Result<Imported<FacilitySet>> {
    facilities::read(&mut Table::new(bytes, name)?.located_in(c.crs), c)
}

/// Reads planning units: `code`, `kind`, and where known `name`, `parent`, `zone`, `households`.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy.
///
/// ```
/// # use lifecircle_io::{UnitColumns, read_units_csv};
/// let text = "code,name,kind,parent\nc1,玉林,community,d1\nd1,武侯,district,\n";
/// let units = read_units_csv(text.as_bytes(), "units.csv", &UnitColumns::default())?.value;
/// assert_eq!(units.parent(units.find("c1").unwrap()), units.find("d1"));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_units_csv(bytes: &[u8], name: &str, c: &UnitColumns) -> Result<Imported<UnitSet>> {
    units::read(&mut Table::new(bytes, name)?, c)
}

/// Reads the gates of units: `unit` (or `unit_code`, `code`), and `lon` and `lat`, or `x` and `y` in another system;
/// in the order of codes, then from west to east.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy.
///
/// ```
/// # use lifecircle_io::read_gates_csv;
/// let read = read_gates_csv(b"unit,lon,lat\ne1,104.06,30.66\ne1,104.05,30.66\n", "gates.csv", None)?;
/// assert_eq!(read.value[0].1.lon(), 104.05);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_gates_csv(bytes: &[u8], name: &str, crs: Option<Crs>) -> Result<Imported<Vec<(String, LonLat)>>> {
    gates::read_gates(&mut Table::new(bytes, name)?.located_in(crs))
}

/// Reads counted totals: `area` and `population` (or `people`); several areas that share a total are joined by
/// `|`. Other columns are not looked at.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; an area
/// that has two totals is refused.
///
/// ```
/// # use lifecircle_io::read_control_totals_csv;
/// let totals = read_control_totals_csv(b"area,population\nPeel,5374\nRushen|Santon,2500\n", "census.csv")?;
/// assert_eq!(totals[1].areas, ["Rushen", "Santon"]);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_control_totals_csv(bytes: &[u8], name: &str) -> Result<Vec<ControlTotal>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let area = header.need(None, &["area", "areas"], "add it with the names or codes of the areas")?;
    let aliases = ["population", "people", "residents", "pop"];
    let people = header.need(None, &aliases, "add it with the counted residents")?;
    let mut totals: Vec<(u64, ControlTotal)> = vec![];
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        let areas = areas(&row, name, &area)?;
        let Some(people) = row.whole(name, &people)? else {
            return Err(row.bad(name, &people, "write the whole number of residents"));
        };
        totals.push((row.number, ControlTotal { areas, people }));
    }
    if totals.is_empty() {
        return Err(no_rows(name));
    }
    check_unique(name, &named_areas(totals.iter().map(|(number, total)| (*number, &total.areas))))?;
    Ok(totals.into_iter().map(|(_, total)| total).collect())
}

/// Reads people of groups by area: `area`, and a column for every group, such as `age_65_plus`, `female` or
/// `group_disabled`; areas that share a row are joined by `|`. A blank cell is "not stated". Other columns are named in
/// the issues: a census of totals has them, and a group that is spelt wrongly is one of them.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; an area
/// that has two rows is refused.
///
/// ```
/// # use lifecircle_io::read_area_groups_csv;
/// let rows = read_area_groups_csv(b"area,population,age_65_plus\nPeel,5374,1100\n", "census.csv")?;
/// let (group, people) = &rows.value[0].groups[0];
/// assert_eq!((group.name.as_str(), *people), ("age_65_plus", 1100));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_area_groups_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<AreaGroups>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let area = header.need(None, &["area", "areas"], "add it with the names or codes of the areas")?;
    let mut groups: Vec<(Group, Field)> = vec![];
    let mut issues = Issues::new();
    for column in header.names {
        match Group::from_column(column) {
            Some(group) => groups.push((group, header.named(column)?)),
            None if *column == area.name => {}
            None => {
                issues.push(
                    Severity::Note,
                    "column that is no group",
                    column.as_str(),
                    "it is not looked at",
                );
            }
        }
    }
    let mut rows: Vec<(u64, AreaGroups)> = vec![];
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        let areas = areas(&row, name, &area)?;
        let mut stated = vec![];
        for (group, field) in &groups {
            if let Some(people) = row.whole(name, field)? {
                stated.push((group.clone(), people));
            }
        }
        rows.push((row.number, AreaGroups { areas, groups: stated }));
    }
    if rows.is_empty() {
        return Err(no_rows(name));
    }
    check_unique(name, &named_areas(rows.iter().map(|(number, row)| (*number, &row.areas))))?;
    let count = rows.len() as u64;
    let fate = Fate { rows: count, used: count, ..Fate::default() };
    Ok(Imported { value: rows.into_iter().map(|(_, row)| row).collect(), issues, fate })
}

/// The areas that a cell names, joined by `|`.
fn areas(row: &Row, file: &str, field: &Field) -> Result<Vec<String>> {
    let names = row.text(field).unwrap_or_default().split('|').map(str::trim);
    let areas: Vec<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    if areas.is_empty() { Err(row.bad(file, field, "name at least one area")) } else { Ok(areas) }
}

/// Areas with the rows that name them.
fn named_areas<'a>(rows: impl Iterator<Item = (u64, &'a Vec<String>)>) -> Vec<(&'a str, u64)> {
    rows.flat_map(|(number, areas)| areas.iter().map(move |area| (area.as_str(), number))).collect()
}

/// A table that is read row by row.
pub(crate) struct Table<'a> {
    file: &'a str,
    text: &'a str,
    columns: Vec<String>,
    crs: Crs,
    reader: csv::Reader<&'a [u8]>,
    record: csv::StringRecord,
}

impl<'a> Table<'a> {
    pub(crate) fn new(bytes: &'a [u8], name: &'a str) -> Result<Self> {
        if let Some(found) = looks_like(bytes) {
            return Err(Error::WrongFormat {
                file: name.into(),
                expected: "a table in CSV",
                found,
                remedy: "export it as CSV in UTF-8",
            });
        }
        let text = utf8(bytes, name)?;
        if text.trim().is_empty() {
            return Err(no_rows(name));
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator(text))
            .has_headers(true)
            .flexible(false)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| broken(name, text, &error))?;
        let columns: Vec<String> = header.iter().map(|column| column.trim().to_owned()).collect();
        let mut sorted: Vec<&String> = columns.iter().filter(|column| !column.is_empty()).collect();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::DuplicateColumn { file: name.into(), column: pair[0].clone() });
        }
        Ok(Self { file: name, text, columns, crs: Crs::WGS84, reader, record: csv::StringRecord::new() })
    }

    /// The table with its coordinates in `crs`, where one is named.
    pub(crate) fn located_in(mut self, crs: Option<Crs>) -> Self {
        self.crs = crs.unwrap_or_default();
        self
    }
}

impl Rows for Table<'_> {
    fn file(&self) -> &str {
        self.file
    }

    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_geometry(&self) -> bool {
        false
    }

    fn crs(&self) -> Crs {
        self.crs
    }

    fn next_row(&mut self, row: &mut Row) -> Result<bool> {
        if !self.reader.read_record(&mut self.record).map_err(|error| broken(self.file, self.text, &error))? {
            return Ok(false);
        }
        row.number = line(self.text, self.record.position());
        row.cells.resize_with(self.record.len(), String::new);
        for (cell, field) in row.cells.iter_mut().zip(&self.record) {
            cell.clear();
            cell.push_str(field);
        }
        Ok(true)
    }
}

/// The separator that the header has most of, outside quotes; a comma where it has none.
fn separator(text: &str) -> u8 {
    let header = text.trim_start_matches(['\r', '\n']).lines().next().unwrap_or_default();
    let mut counts = [(0_u32, b','), (0, b';'), (0, b'\t')];
    let mut quoted = false;
    for byte in header.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if let Some(count) = counts.iter_mut().find(|count| count.1 == byte && !quoted) {
            count.0 += 1;
        }
    }
    // of equals the first stays
    counts
        .into_iter()
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map_or(b',', |best| best.1)
}

/// The line on which a record starts: its position is that before the blank lines it skipped.
fn line(text: &str, position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..));
    let blank = rest.unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + blank.filter(|&&byte| byte == b'\n').count() as u64
}

fn broken(file: &str, text: &str, error: &csv::Error) -> Error {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => Error::RowLength {
            file: file.into(),
            row: line(text, pos.as_ref()),
            expected: *expected_len,
            found: *len,
        },
        // the bytes were checked before and lie in memory
        _ => Error::NotUtf8 { file: file.into(), offset: error.position().map_or(0, csv::Position::byte) },
    }
}

/// Writes a table: RFC 4180 with `\n` at line ends, a header, empty cells for what is absent.
///
/// Numbers are the shortest decimal that reads back as the same double, never with an exponent. Of geometries
/// points are written, as the last columns `lon` and `lat` (rounded to seven decimals), unless the table has
/// columns of these names. Notes have no place in a CSV file. Equal tables give equal bytes.
///
/// # Errors
/// [`Error::NotFinite`] for a number that is none, [`Error::Write`] when `w` refuses.
///
/// ```
/// # use lifecircle_io::write_csv;
/// # use lifecircle_types::{ColumnValues, FeatureTable};
/// let mut table = FeatureTable::new(2);
/// table.push("unit", ColumnValues::Text(vec![Some("a,b".into()), None]))?;
/// table.push("share", ColumnValues::Number(vec![Some(0.5), Some(1e-7)]))?;
/// let mut bytes = vec![];
/// write_csv(&mut bytes, &table)?;
/// assert_eq!(bytes, b"unit,share\n\"a,b\",0.5\n,0.0000001\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_csv(w: impl Write, t: &FeatureTable) -> Result<()> {
    let points = t.geometry().filter(|geometry| {
        geometry.iter().any(|shape| matches!(shape, Some(Geometry::Point(_))))
            && t.columns().iter().all(|column| !matches!(column.name.as_str(), "lon" | "lat"))
    });
    let mut lines = Lines::new(w);
    lines.header(t, points.is_some())?;
    lines.rows(t, points)?;
    lines.finish()
}

/// Writes a table that comes in parts of the same columns, one after another, as [`write_csv`] writes it whole; only
/// the part at hand is in memory. Geometries are left out.
///
/// # Errors
/// As [`write_csv`]; [`Error::Parts`] for a part with other columns than the first.
///
/// ```
/// # use lifecircle_io::write_csv_parts;
/// # use lifecircle_types::{ColumnValues, FeatureTable};
/// let part = |metres: f64| {
///     let mut table = FeatureTable::new(1);
///     table.push("length_m", ColumnValues::Number(vec![Some(metres)])).map(|()| table)
/// };
/// let mut bytes = vec![];
/// write_csv_parts(&mut bytes, [part(250.0)?, part(400.5)?])?;
/// assert_eq!(bytes, b"length_m\n250.0\n400.5\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_csv_parts(w: impl Write, parts: impl IntoIterator<Item = FeatureTable>) -> Result<()> {
    let mut lines = Lines::new(w);
    let mut first: Option<Vec<String>> = None;
    for part in parts {
        match &first {
            None => {
                lines.header(&part, false)?;
                first = Some(part.columns().iter().map(|column| column.name.clone()).collect());
            }
            Some(names) => check_part(names, &part)?,
        }
        lines.rows(&part, None)?;
    }
    lines.finish()
}

/// The lines of a table.
struct Lines<W: Write> {
    writer: csv::Writer<W>,
    fields: Vec<String>,
}

impl<W: Write> Lines<W> {
    fn new(w: W) -> Self {
        let mut builder = csv::WriterBuilder::new();
        Self { writer: builder.terminator(csv::Terminator::Any(b'\n')).from_writer(w), fields: vec![] }
    }

    fn header(&mut self, t: &FeatureTable, points: bool) -> Result<()> {
        self.fields = t.columns().iter().map(|column| column.name.clone()).collect();
        if points {
            self.fields.extend(["lon", "lat"].map(String::from));
        }
        self.write()
    }

    fn rows(&mut self, t: &FeatureTable, points: Option<&[Option<Geometry<f64>>]>) -> Result<()> {
        for row in 0..t.rows() {
            self.fields.clear();
            for column in t.columns() {
                self.fields.push(cell(column, row)?);
            }
            if let Some(points) = points {
                let place = match &points[row] {
                    Some(Geometry::Point(point)) => [("lon", point.x()), ("lat", point.y())].map(Some),
                    _ => [None, None],
                };
                for coordinate in place {
                    self.fields.push(match coordinate {
                        None => String::new(),
                        Some((name, degrees)) => {
                            crate::text::degrees_text(degrees).ok_or_else(|| not_finite(name, row))?
                        }
                    });
                }
            }
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let refused = |error: csv::Error| Error::Write { what: "the table", source: error.into() };
        self.writer.write_record(&self.fields).map_err(refused)
    }

    fn finish(mut self) -> Result<()> {
        self.writer.flush().map_err(|source| Error::Write { what: "the table", source })
    }
}

fn cell(column: &Column, row: usize) -> Result<String> {
    Ok(match &column.values {
        ColumnValues::Text(values) => values[row].clone().unwrap_or_default(),
        ColumnValues::Integer(values) => values[row].map(|value| value.to_string()).unwrap_or_default(),
        ColumnValues::Flag(values) => values[row].map(|value| value.to_string()).unwrap_or_default(),
        ColumnValues::Number(values) => match values[row] {
            None => String::new(),
            Some(value) => number_text(value).ok_or_else(|| not_finite(&column.name, row))?,
        },
        other => unknown(other),
    })
}

/// Kinds of columns that this version does not know are written as empty cells.
fn unknown(_: &ColumnValues) -> String {
    String::new()
}

fn not_finite(column: &str, row: usize) -> Error {
    Error::NotFinite { column: column.into(), row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_separator() {
        let check = |text: &str, expected: u8| assert_eq!(separator(text), expected, "{text}");
        check("id,lon;x,lat\n1;2;3;4;5", b',');
        check("id;lon;lat", b';');
        check("id\tlon\tlat,y", b'\t');
        check("\"a,b,c\";d", b';');
        check("id", b',');
        check("", b',');
    }
}
