//! Oracle tables: answers that other tools gave to the same questions.
//!
//! They lie in a folder `shared` that is not part of the project: beside the workspace, or wherever
//! `LIFECIRCLE_SHARED` says. Where it is missing an oracle test prints that it was skipped, and fails if
//! `LIFECIRCLE_REQUIRE_ORACLES` is `1`. Where `LIFECIRCLE_ORACLE_LOG` names a file, each test adds the line
//! `compared <cases> <name>` or `skipped <name>` to it.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

/// The file `path` of the oracle folder, if the folder has it.
///
/// # Panics
/// When the file is missing and `LIFECIRCLE_REQUIRE_ORACLES` is `1`.
#[must_use]
pub fn file(test: &str, path: &str) -> Option<PathBuf> {
    let folder = env::var_os("LIFECIRCLE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = folder.join(path);
    if file.is_file() {
        return Some(file);
    }
    log(&format!("skipped {test}"));
    assert!(
        env::var_os("LIFECIRCLE_REQUIRE_ORACLES").is_none_or(|required| required != "1"),
        "{test}: {} is missing",
        file.display()
    );
    #[expect(clippy::print_stdout, reason = "a skipped test says so")]
    {
        println!("skipped: {test} ({} is missing)", file.display());
    }
    None
}

/// Records that `test` compared `cases` values.
///
/// # Panics
/// When the log cannot be written, or there was nothing to compare.
pub fn compared(test: &str, cases: usize) {
    assert!(cases > 0, "{test} compared nothing");
    log(&format!("compared {cases} {test}"));
}

fn log(line: &str) {
    if let Some(path) = env::var_os("LIFECIRCLE_ORACLE_LOG") {
        let mut file =
            OpenOptions::new().create(true).append(true).open(path).expect("the oracle log can be opened");
        file.write_all(format!("{line}\n").as_bytes()).expect("the oracle log can be written");
    }
}

/// A table of comma-separated values without quotes.
#[derive(Clone, Debug)]
pub struct OracleTable {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl OracleTable {
    /// Reads the file `path` of the oracle folder; `None` when the test has to be skipped.
    ///
    /// # Panics
    /// When the file cannot be read, a row has more or fewer fields than the header, or the file is missing
    /// and `LIFECIRCLE_REQUIRE_ORACLES` is `1`.
    #[must_use]
    pub fn read(test: &str, path: &str) -> Option<Self> {
        let text = fs::read_to_string(file(test, path)?).expect("oracle tables are text");
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let header = lines.next().expect("oracle tables have a header");
        let rows: Vec<_> = lines.collect();
        for row in &rows {
            assert_eq!(row.len(), header.len(), "{path}: ragged row {row:?}");
        }
        Some(Self { header, rows })
    }

    /// Column names.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Rows of fields, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The fields of column `name`.
    ///
    /// # Panics
    /// When there is no such column.
    #[must_use]
    pub fn texts<'a>(&'a self, name: &str) -> impl ExactSizeIterator<Item = &'a str> + use<'a> {
        let at = self.header.iter().position(|known| known == name);
        let at = at.unwrap_or_else(|| panic!("no column {name} among {:?}", self.header));
        self.rows.iter().map(move |row| row[at].as_str())
    }

    /// The numbers of column `name`; a blank field is `None`.
    ///
    /// # Panics
    /// When there is no such column, or a field is neither blank nor a number.
    #[must_use]
    pub fn numbers<'a>(&'a self, name: &str) -> impl ExactSizeIterator<Item = Option<f64>> + use<'a> {
        self.texts(name).map(number)
    }
}

/// The number a field holds; `None` for a blank one.
///
/// # Panics
/// When the field is neither blank nor a number.
#[must_use]
pub fn number(field: &str) -> Option<f64> {
    let number = || field.parse().unwrap_or_else(|_| panic!("{field} is no number"));
    (!field.is_empty()).then(number)
}
