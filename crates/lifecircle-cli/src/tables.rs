//! Tables as files, each written as a whole or not at all, in the format that the name of the file asks for.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

use lifecircle::io::{MatrixTable, OutputFolder, read_bytes, read_matrix_csv, write_csv_parts};
#[cfg(feature = "parquet")]
use lifecircle::io::{read_matrix_parquet, write_parquet_parts};
use lifecircle::types::FeatureTable;
use miette::{IntoDiagnostic, Result, miette};

/// Reads a travel matrix.
pub(crate) fn read_matrix(path: &Path) -> Result<MatrixTable> {
    let (bytes, name) = (read_bytes(path).into_diagnostic()?, path.display().to_string());
    match Format::of(path)? {
        Format::Csv => read_matrix_csv(&bytes, &name).into_diagnostic(),
        #[cfg(feature = "parquet")]
        Format::Parquet => read_matrix_parquet(&bytes, &name).into_diagnostic(),
    }
}

/// Writes a table that comes in parts of the same columns.
pub(crate) fn write_parts(out: &Path, parts: impl Iterator<Item = FeatureTable>) -> Result<()> {
    match Format::of(out)? {
        Format::Csv => write_file(out, |w| write_csv_parts(w, parts)),
        #[cfg(feature = "parquet")]
        Format::Parquet => write_file(out, |w| write_parquet_parts(w, parts)),
    }
}

enum Format {
    Csv,
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    fn of(path: &Path) -> Result<Self> {
        if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("parquet")) {
            return Ok(Self::Csv);
        }
        #[cfg(feature = "parquet")]
        return Ok(Self::Parquet);
        #[cfg(not(feature = "parquet"))]
        Err(miette!(
            "{} would be Parquet, which this build leaves out: name a CSV, or build with `--features parquet`",
            path.display()
        ))
    }
}

fn write_file(out: &Path, write: impl FnOnce(&mut dyn Write) -> lifecircle::io::Result<()>) -> Result<()> {
    let beside = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = out.file_name().and_then(OsStr::to_str);
    let name = name.ok_or_else(|| miette!("{} names no file: name one to write", out.display()))?;
    let mut folder = OutputFolder::new(beside).into_diagnostic()?;
    folder.add(name, write).into_diagnostic()?;
    folder.commit().into_diagnostic()
}
