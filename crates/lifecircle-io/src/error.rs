//! What can go wrong when a file is read or written, so that a reader of the message can put it right.
//!
//! Dirty rows are no errors: they are counted in a `Fate` and described in `Issues`. An [`Error`] means that
//! nothing useful can be read or written at all.

use std::io;
use std::path::PathBuf;

use lifecircle_types::{Cancelled, InvalidSet};
use thiserror::Error;

/// The result of reading or writing.
pub type Result<T> = core::result::Result<T, Error>;

/// Why a file cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refuses to read, write, rename or create something.
    #[error("cannot {action} {}: {remedy}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What would help.
        remedy: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A folder stands where a file is expected, or the other way round.
    #[error("{} is a {found}, expected a {expected}: {remedy}", path.display())]
    WrongKind {
        /// The path.
        path: PathBuf,
        /// What is there.
        found: &'static str,
        /// What should be there.
        expected: &'static str,
        /// What would help.
        remedy: &'static str,
    },
    /// A name of an output file that is not a plain file name, or was added before.
    #[error("`{name}` cannot be the name of an output file: {problem}")]
    OutputName {
        /// The name.
        name: String,
        /// What is wrong with it, and what would be right.
        problem: &'static str,
    },
    /// A writer that was handed in fails.
    #[error("cannot write {what}: the writer refuses, see the cause")]
    Write {
        /// What was being written.
        what: &'static str,
        /// What the writer said.
        source: io::Error,
    },
    /// Text that is not in UTF-8.
    #[error("{file} is not UTF-8 text (byte {offset} does not fit): save it as UTF-8")]
    NotUtf8 {
        /// The file.
        file: String,
        /// Byte at which it stops being UTF-8, from 0.
        offset: u64,
    },
    /// A file without a single row or element.
    #[error("{file} holds no {what}: {remedy}")]
    Empty {
        /// The file.
        file: String,
        /// What is missing.
        what: &'static str,
        /// What would help.
        remedy: &'static str,
    },
    /// A file of another format.
    #[error("{file} is not {expected}, it looks like {found}: {remedy}")]
    WrongFormat {
        /// The file.
        file: String,
        /// The format that is read here.
        expected: &'static str,
        /// What the file looks like.
        found: &'static str,
        /// What would help.
        remedy: &'static str,
    },
    /// A binary file that breaks the rules of its format.
    #[error("{file} is damaged at byte {offset}: {what}; fetch or export the file again")]
    Damaged {
        /// The file.
        file: String,
        /// Byte in the file, from 0; for damage inside a compressed block, the byte at which the block starts.
        offset: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// A file that keeps to its format, but uses a part of it that is not read here.
    #[error("{file} needs {feature}, which is not read: {remedy}")]
    Unsupported {
        /// The file.
        file: String,
        /// What it needs.
        feature: String,
        /// What would help.
        remedy: &'static str,
    },
    /// XML that cannot be read as a map.
    #[error(
        "{file} is no OpenStreetMap XML at line {line}: {problem}; correct it, or fetch or export it again"
    )]
    Xml {
        /// The file.
        file: String,
        /// Line, from 1; of compressed text the line of the text.
        line: u64,
        /// What is wrong there.
        problem: String,
    },
    /// A raster that cannot be read.
    #[error("{file} cannot be read as a GeoTIFF ({problem}): fetch or export it again")]
    Raster {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// A GeoPackage that cannot be read or written.
    #[error("{file} is no usable GeoPackage ({problem}): correct it, or export it again")]
    Database {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// A Parquet file that cannot be read.
    #[error("{file} is no usable Parquet file ({problem}): correct it, or export it again")]
    Parquet {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// A layer that a file does not have, or none named of several.
    #[error(
        "{file} {}: name one of its layers, which are {}",
        wanted.as_ref().map_or_else(|| "has no single layer".into(), |layer| format!("has no layer `{layer}`")),
        list(found),
    )]
    Layer {
        /// The file.
        file: String,
        /// The layer that was named.
        wanted: Option<String>,
        /// The layers it has.
        found: Vec<String>,
    },
    /// JSON that cannot be parsed.
    #[error(
        "{file} is not valid JSON at line {line}, column {column} ({problem}): correct it or export it again"
    )]
    Json {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser said.
        problem: String,
    },
    /// JSON that is no collection of features.
    #[error("{file} is no GeoJSON FeatureCollection: {problem}")]
    GeoJson {
        /// The file.
        file: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// Coordinates in a system that is not read, or in another than was said.
    #[error(
        "{file} has its coordinates in {crs}: name that system and no other, if it is one of wgs84, gcj02, bd09, UTM, \
         CGCS2000 Gauss-Krüger and web Mercator; otherwise export the file in WGS 84 (EPSG:4326), longitude first"
    )]
    CoordinateSystem {
        /// The file.
        file: String,
        /// The system it names.
        crs: String,
    },
    /// A column that is needed is not there.
    #[error(
        "{file} has no column `{column}`{}; it has {}: {remedy}",
        suggestion.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default(),
        list(found),
    )]
    MissingColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The columns it has.
        found: Vec<String>,
        /// The column whose name is nearest, where one is near.
        suggestion: Option<String>,
        /// What would help.
        remedy: &'static str,
    },
    /// Something is said of every row that the file tells row by row.
    #[error("{file} has a column `{column}` of its own: say nothing about all rows, or remove the column")]
    ToldTwice {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// Two columns of one name.
    #[error("{file} has two columns `{column}`: rename or remove one")]
    DuplicateColumn {
        /// The file.
        file: String,
        /// The name.
        column: String,
    },
    /// A row with more or fewer fields than the header.
    #[error(
        "{file}, row {row}: {found} fields, expected {expected}: {}",
        if found > expected { "quote fields that hold the separator" } else { "leave no field of a row out" }
    )]
    RowLength {
        /// The file.
        file: String,
        /// Line of the file, from 1, the header included.
        row: u64,
        /// Fields of the header.
        expected: u64,
        /// Fields of the row.
        found: u64,
    },
    /// A value that cannot be what its field is meant to be.
    #[error("{file}, row {row}, field `{field}`: `{value}` cannot be used: {remedy}")]
    BadValue {
        /// The file.
        file: String,
        /// Line of the file from 1, the header included; in GeoJSON the number of the feature, from 1.
        row: u64,
        /// The field.
        field: String,
        /// The value, shortened when it is very long.
        value: String,
        /// What would be right.
        remedy: String,
    },
    /// Two rows of one id.
    #[error(
        "{file}, rows {first_row} and {second_row}: both have the id `{id}`: give every row an id of its own"
    )]
    DuplicateId {
        /// The file.
        file: String,
        /// The id.
        id: String,
        /// The first row that has it.
        first_row: u64,
        /// The next row that has it.
        second_row: u64,
    },
    /// Rows that are right one by one, but do not fit together.
    #[error("{file} does not hold together: see the cause")]
    Set {
        /// The file.
        file: String,
        /// What does not fit.
        source: InvalidSet,
    },
    /// Entries that make no matrix, such as lengths for a cutoff in minutes.
    #[error("{file} does not make a travel matrix: see the cause")]
    Matrix {
        /// The file.
        file: String,
        /// What does not fit.
        source: lifecircle_types::InvalidMatrix,
    },
    /// A number of a table that no file can hold.
    #[error("column `{column}`, row {row}: the number is not finite; leave the cell empty instead")]
    NotFinite {
        /// The column.
        column: String,
        /// Row of the table, from 0.
        row: usize,
    },
    /// A part of a table that does not go on with the columns of the first.
    #[error(
        "a part of the table has the columns {found}, and the first has {expected}: write parts of the same columns"
    )]
    Parts {
        /// Columns of the first part.
        expected: String,
        /// Columns of this one.
        found: String,
    },
    /// A note whose key means something else in the file format, or is taken.
    #[error("a note cannot be called `{key}` in GeoJSON: {problem}")]
    NoteKey {
        /// The key.
        key: String,
        /// What is wrong, and what would be right.
        problem: &'static str,
    },
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Names for a message, shortened when there are many.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    if names.is_empty() {
        return "none".into();
    }
    let mut text = names.iter().take(SHOWN).map(|name| shorten(name)).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

/// A value for a message: at most 80 characters of it.
pub(crate) fn shorten(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_shortened_between_characters() {
        assert_eq!(shorten("社区"), "社区");
        assert_eq!(shorten(&"社".repeat(100)).chars().count(), 81);
    }

    #[test]
    fn messages_name_the_file_the_row_the_field_and_the_remedy() {
        let error = Error::BadValue {
            file: "people.csv".into(),
            row: 7,
            field: "people".into(),
            value: "many".into(),
            remedy: "write a number from 0".into(),
        };
        assert_eq!(
            error.to_string(),
            "people.csv, row 7, field `people`: `many` cannot be used: write a number from 0"
        );
        let error = Error::MissingColumn {
            file: "people.csv".into(),
            column: "lon".into(),
            found: vec!["id".into(), "long".into()],
            suggestion: Some("long".into()),
            remedy: "add it",
        };
        assert_eq!(
            error.to_string(),
            "people.csv has no column `lon` (did you mean `long`?); it has id, long: add it"
        );
    }
}
