//! Rows of named cells: what a table and a feature collection have in common.
//!
//! A reader of residents, facilities or units asks for columns by name and for cells as numbers, words or
//! positions; what is wrong is named with file, row and field. Column names are compared without regard to
//! case, surrounding blanks, and `-` or blanks in place of `_`.

use geo_types::MultiPolygon;
#[cfg(any(feature = "csv", feature = "parquet"))]
use lifecircle_types::FeatureTable;
use lifecircle_types::{GivenPosition, Issues, LonLat, Severity, spelling_distance};

use crate::crs::{Crs, located};
use crate::error::{Error, Result, shorten};

/// Setters of the columns of a file, each with what it holds.
macro_rules! column_setters {
    ($($field:ident => $what:literal),+ $(,)?) => {$(
        #[doc = concat!("Names the column of ", $what, ".")]
        #[must_use]
        pub fn $field(mut self, column: impl Into<String>) -> Self {
            self.$field = Some(column.into());
            self
        }
    )+};
}
pub(crate) use column_setters;

/// The geometry of a row, where its file has geometries.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    not(any(feature = "geojson", feature = "gpkg", feature = "parquet")),
    expect(dead_code, reason = "tables have columns of coordinates instead")
)]
pub(crate) enum RowGeometry {
    /// The file has coordinates in columns, or none at all.
    #[default]
    InColumns,
    /// This row has none.
    Missing,
    /// A point, with its coordinates in the file where those are others.
    Point(LonLat, Option<GivenPosition>),
    /// An area, with a position inside it.
    Area { boundary: MultiPolygon<f64>, inside: LonLat, area_m2: f64 },
}

/// One row; its cells stand in the order of the columns.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Line of the file, or number of the feature, from 1.
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
    pub(crate) geometry: RowGeometry,
}

/// A file of rows.
pub(crate) trait Rows {
    /// Name of the file.
    fn file(&self) -> &str;

    /// Names of the columns.
    fn columns(&self) -> &[String];

    /// Whether rows carry a geometry of their own.
    fn has_geometry(&self) -> bool;

    /// The system of the coordinates in its columns, and of the geometries it carries.
    fn crs(&self) -> Crs;

    /// Fills `row` with the next row; `false` at the end.
    fn next_row(&mut self, row: &mut Row) -> Result<bool>;
}

/// Refuses a part that does not go on with the columns of the first.
#[cfg(any(feature = "csv", feature = "parquet"))]
pub(crate) fn check_part(names: &[String], part: &FeatureTable) -> Result<()> {
    if part.columns().iter().map(|column| &column.name).eq(names) {
        return Ok(());
    }
    let found = part.columns().iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
    Err(Error::Parts { expected: names.join(", "), found })
}

/// The columns of a file, found by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header<'a> {
    pub(crate) file: &'a str,
    pub(crate) names: &'a [String],
}

/// A column that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    at: usize,
    /// Its name as the file writes it.
    pub(crate) name: String,
}

impl<'a> Header<'a> {
    pub(crate) fn of(rows: &'a dyn Rows) -> Self {
        Self { file: rows.file(), names: rows.columns() }
    }

    /// The column `chosen`, which must be there; without a choice the first of `aliases` that is.
    pub(crate) fn find(&self, chosen: Option<&str>, aliases: &[&str]) -> Result<Option<Field>> {
        match chosen {
            Some(name) => self.named(name).map(Some),
            None => Ok(aliases.iter().find_map(|alias| self.look(alias))),
        }
    }

    /// As [`Header::find`], but one of them must be there.
    pub(crate) fn need(&self, chosen: Option<&str>, aliases: &[&str], remedy: &'static str) -> Result<Field> {
        match self.find(chosen, aliases)? {
            Some(field) => Ok(field),
            None => Err(self.missing(aliases, remedy)),
        }
    }

    /// The column of this name.
    pub(crate) fn named(&self, name: &str) -> Result<Field> {
        self.look(name).ok_or_else(|| self.missing(&[name], "name a column of the file, or add this one"))
    }

    /// Every column.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> + 'a {
        self.names.iter().enumerate().map(|(at, name)| Field { at, name: name.clone() })
    }

    fn look(&self, name: &str) -> Option<Field> {
        let exact = self.names.iter().position(|known| known == name);
        let at = exact.or_else(|| {
            let name = plain(name);
            self.names.iter().position(|known| plain(known) == name)
        })?;
        Some(Field { at, name: self.names[at].clone() })
    }

    fn missing(&self, aliases: &[&str], remedy: &'static str) -> Error {
        let nearest = aliases
            .iter()
            .flat_map(|alias| {
                self.names
                    .iter()
                    .map(move |name| (spelling_distance(&plain(alias), &plain(name)), alias.len(), name))
            })
            .filter(|&(steps, length, _)| steps <= length.div_ceil(3))
            .min();
        Error::MissingColumn {
            file: self.file.into(),
            column: aliases.first().copied().unwrap_or_default().into(),
            found: self.names.to_vec(),
            suggestion: nearest.map(|(.., name)| name.clone()),
            remedy,
        }
    }
}

/// A name as it is compared.
pub(crate) fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

impl Row {
    /// The cell of `field` without surrounding blanks; `None` when it is blank.
    pub(crate) fn text(&self, field: &Field) -> Option<&str> {
        self.cells.get(field.at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// As [`Row::text`], for a column that may not be there.
    pub(crate) fn text_of(&self, field: Option<&Field>) -> Option<String> {
        self.text(field?).map(str::to_owned)
    }

    /// The cell as a finite number that is not negative; `None` when it is blank.
    pub(crate) fn amount(&self, file: &str, field: &Field) -> Result<Option<f64>> {
        match self.number(file, field)? {
            Some(number) if number < 0.0 => Err(self.bad(file, field, "write a number that is not negative")),
            other => Ok(other),
        }
    }

    /// The cell as a finite number; `None` when it is blank.
    pub(crate) fn number(&self, file: &str, field: &Field) -> Result<Option<f64>> {
        let Some(text) = self.text(field) else {
            return Ok(None);
        };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => {
                let remedy = if text.contains(',') {
                    "write a number with a decimal point and without separators between thousands"
                } else {
                    "write a plain number, or leave the cell empty where it is not known"
                };
                Err(self.bad(file, field, remedy))
            }
        }
    }

    /// The cell as a whole number; `None` when it is blank.
    pub(crate) fn whole(&self, file: &str, field: &Field) -> Result<Option<u64>> {
        match self.amount(file, field)? {
            None => Ok(None),
            Some(number) if number <= 1e15 && number.fract() <= 0.0 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked above: whole, 0 to 1e15"
                )]
                let whole = number as u64;
                Ok(Some(whole))
            }
            Some(_) => Err(self.bad(file, field, "write a whole number")),
        }
    }

    /// The cell as a word with a fixed form; `None` when it is blank.
    pub(crate) fn word<T: core::str::FromStr<Err = lifecircle_types::InvalidText>>(
        &self,
        file: &str,
        field: Option<&Field>,
    ) -> Result<Option<T>> {
        let Some((field, text)) = field.and_then(|field| Some((field, self.text(field)?))) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|wrong: lifecircle_types::InvalidText| {
            self.bad(file, field, &format!("write {}", wrong.expected))
        })
    }

    /// The position of the row, from its geometry or its columns, and its coordinates in the file where those are
    /// others; `None` when it has none.
    pub(crate) fn position(
        &self,
        file: &str,
        columns: Option<&(Field, Field)>,
        crs: Crs,
    ) -> Result<Option<(LonLat, Option<GivenPosition>)>> {
        match (&self.geometry, columns) {
            (RowGeometry::Point(position, given), _) => Ok(Some((*position, given.clone()))),
            (RowGeometry::Area { inside, .. }, _) => Ok(Some((*inside, None))),
            (RowGeometry::InColumns, Some((x, y))) => self.position_in(file, x, y, crs),
            (RowGeometry::Missing | RowGeometry::InColumns, _) => Ok(None),
        }
    }

    fn position_in(
        &self,
        file: &str,
        x: &Field,
        y: &Field,
        crs: Crs,
    ) -> Result<Option<(LonLat, Option<GivenPosition>)>> {
        let both = "give both longitude and latitude, or neither";
        match (self.number(file, x)?, self.number(file, y)?) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(self.bad(file, x, both)),
            (Some(_), None) => Err(self.bad(file, y, both)),
            (Some(lon), Some(lat)) => located(crs, [lon, lat]).map(Some).map_err(|remedy| {
                if crs != Crs::WGS84 {
                    return self.bad(file, x, &remedy);
                }
                let field = if (-180.0..=180.0).contains(&lon) { y } else { x };
                let remedy = if LonLat::new(lat, lon).is_ok() {
                    "longitude and latitude seem to be swapped, exchange the columns"
                } else {
                    "write degrees on WGS 84: longitude -180 to 180, latitude -90 to 90; or name the coordinate system \
                     in `crs`"
                };
                self.bad(file, field, remedy)
            }),
        }
    }

    /// The error of a value that cannot be used.
    pub(crate) fn bad(&self, file: &str, field: &Field, remedy: &str) -> Error {
        Error::BadValue {
            file: file.into(),
            row: self.number,
            field: field.name.clone(),
            value: shorten(self.text(field).unwrap_or_default()),
            remedy: remedy.into(),
        }
    }
}

/// The columns of longitude and latitude, or of easting and northing, needed unless rows carry a geometry.
pub(crate) fn position_columns(
    rows: &dyn Rows,
    lon: Option<&str>,
    lat: Option<&str>,
) -> Result<Option<(Field, Field)>> {
    if rows.has_geometry() {
        return Ok(None);
    }
    let header = Header::of(rows);
    let remedy = "add it, in degrees on WGS 84, or name the column that holds it";
    let (mut x, mut y) = (vec!["lon", "lng", "long", "longitude"], vec!["lat", "latitude"]);
    if rows.crs() != Crs::WGS84 {
        x.extend(["x", "easting", "xcoord", "x_coord"]);
        y.extend(["y", "northing", "ycoord", "y_coord"]);
    }
    Ok(Some((header.need(lon, &x, remedy)?, header.need(lat, &y, remedy)?)))
}

/// Says once that coordinates were converted.
pub(crate) fn tell_of_conversion(issues: &mut Issues, file: &str, given: &[&GivenPosition]) {
    if let Some(first) = given.first() {
        let detail = format!("{} positions from {} to degrees on WGS 84", given.len(), first.crs);
        issues.push(Severity::Note, "coordinates were converted", file, detail);
    }
}

/// Refuses two rows of one id. `ids` holds ids with their rows in the order of the file.
pub(crate) fn check_unique(file: &str, ids: &[(&str, u64)]) -> Result<()> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let twice = sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0).min_by_key(|pair| pair[1].1);
    match twice {
        None => Ok(()),
        Some(pair) => Err(Error::DuplicateId {
            file: file.into(),
            id: shorten(pair[0].0),
            first_row: pair[0].1,
            second_row: pair[1].1,
        }),
    }
}

/// The error of a file without rows.
pub(crate) fn no_rows(file: &str) -> Error {
    Error::Empty { file: file.into(), what: "rows", remedy: "add at least one, or leave the file out" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_forgiven_in_suggestions_and_case_everywhere() {
        let names = ["ID", "Longitde", "lat", "Age 0-14"].map(String::from);
        let header = Header { file: "x", names: &names };
        assert_eq!(header.find(None, &["id"]).unwrap().unwrap().name, "ID");
        assert_eq!(header.find(None, &["age_0_14"]).unwrap().unwrap().name, "Age 0-14");
        assert!(header.find(None, &["people"]).unwrap().is_none());
        let Err(Error::MissingColumn { suggestion, .. }) = header.need(None, &["lon", "longitude"], "add it")
        else {
            panic!("there is no such column");
        };
        assert_eq!(suggestion.as_deref(), Some("Longitde"));
        assert!(header.find(Some("people"), &["id"]).is_err());
    }
}
