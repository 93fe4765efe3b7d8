//! Rows of a file that was read whole: cells as text, geometries as well-known binary.

use crate::crs::Crs;
use crate::error::{Error, Result};
use crate::rows::{Row, RowGeometry, Rows};
use crate::wkb;

/// A row: its cells, and its geometry where it has one.
pub(crate) type Record = (Vec<String>, Option<Vec<u8>>);

/// A layer or table.
pub(crate) struct Records<'a> {
    pub(crate) file: &'a str,
    pub(crate) columns: Vec<String>,
    /// Name of the column of geometries; without one, coordinates stand in columns.
    pub(crate) geometry: Option<String>,
    pub(crate) crs: Crs,
    pub(crate) records: std::vec::IntoIter<Record>,
    /// Rows handed out.
    pub(crate) next: u64,
}

impl Rows for Records<'_> {
    fn file(&self) -> &str {
        self.file
    }

    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_geometry(&self) -> bool {
        self.geometry.is_some()
    }

    fn crs(&self) -> Crs {
        self.crs
    }

    fn next_row(&mut self, row: &mut Row) -> Result<bool> {
        let Some((cells, shape)) = self.records.next() else {
            return Ok(false);
        };
        self.next += 1;
        row.number = self.next;
        row.cells = cells;
        row.geometry = match (&self.geometry, shape) {
            (None, _) => RowGeometry::InColumns,
            (Some(_), None) => RowGeometry::Missing,
            (Some(field), Some(bytes)) => wkb::read(&bytes, self.crs).map_err(|remedy| Error::BadValue {
                file: self.file.into(),
                row: self.next,
                field: field.clone(),
                value: format!("{} bytes", bytes.len()),
                remedy: remedy.into_owned(),
            })?,
        };
        Ok(true)
    }
}
