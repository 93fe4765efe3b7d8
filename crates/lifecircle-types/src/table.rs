//! The neutral table between results and file formats: named, typed columns of one length, and at most one
//! geometry column.

use geo_types::Geometry;

use crate::error::InvalidSet;

/// The values of a column; `None` is an empty cell.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ColumnValues {
    /// Texts.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Numbers; every one finite.
    Number(Vec<Option<f64>>),
    /// True or false.
    Flag(Vec<Option<bool>>),
}

impl ColumnValues {
    fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Flag(values) => values.len(),
        }
    }
}

/// A named column. A name with a unit ends in it: `nearest_min`, `length_m`.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name in the file.
    pub name: String,
    /// Values, one per row.
    pub values: ColumnValues,
}

/// A table of features, ready for any writer.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureTable {
    rows: usize,
    columns: Vec<Column>,
    geometry: Option<Vec<Option<Geometry<f64>>>>,
    notes: Vec<(String, String)>,
}

impl FeatureTable {
    /// An empty table of `rows` rows.
    ///
    /// ```
    /// # use lifecircle_types::{ColumnValues, FeatureTable};
    /// let mut table = FeatureTable::new(2);
    /// table.push("people", ColumnValues::Integer(vec![Some(3), None]))?;
    /// assert!(table.push("short", ColumnValues::Integer(vec![])).is_err());
    /// # Ok::<(), lifecircle_types::InvalidSet>(())
    /// ```
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { rows, columns: vec![], geometry: None, notes: vec![] }
    }

    /// Adds a column.
    ///
    /// # Errors
    /// [`InvalidSet`] when it has another number of rows or its name is taken.
    pub fn push(&mut self, name: impl Into<String>, values: ColumnValues) -> Result<(), InvalidSet> {
        let name = name.into();
        self.check_rows("a column", values.len())?;
        if self.columns.iter().any(|column| column.name == name) {
            return Err(InvalidSet::DuplicateId { what: "column", id: name });
        }
        self.columns.push(Column { name, values });
        Ok(())
    }

    /// Sets the geometry column, in degrees, longitude first.
    ///
    /// # Errors
    /// [`InvalidSet`] when it has another number of rows.
    pub fn set_geometry(&mut self, geometry: Vec<Option<Geometry<f64>>>) -> Result<(), InvalidSet> {
        self.check_rows("the geometry column", geometry.len())?;
        self.geometry = Some(geometry);
        Ok(())
    }

    /// Adds a note that travels inside the file, such as the attribution of the data.
    pub fn note(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.notes.push((key.into(), value.into()));
    }

    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The geometry column.
    #[must_use]
    pub fn geometry(&self) -> Option<&[Option<Geometry<f64>>]> {
        self.geometry.as_deref()
    }

    /// Notes, in order.
    #[must_use]
    pub fn notes(&self) -> &[(String, String)] {
        &self.notes
    }

    fn check_rows(&self, what: &'static str, found: usize) -> Result<(), InvalidSet> {
        if found == self.rows {
            Ok(())
        } else {
            Err(InvalidSet::LengthMismatch { what, expected: self.rows, found })
        }
    }
}
