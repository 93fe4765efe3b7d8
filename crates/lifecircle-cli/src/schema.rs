//! `lifecircle schema`: what results look like, for programs that read them.

use std::path::Path;

use lifecircle::RESULTS_FORMAT;
use lifecircle::io::{Error, OutputFolder};
use lifecircle::schema::schema_files;
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::commands::print;

/// Writes every schema into a folder, all or none.
pub(crate) fn schema(out: &Path) -> Result<()> {
    let files = schema_files();
    let write = || {
        let mut folder = OutputFolder::new(out)?;
        for file in &files {
            folder.add(&file.name, |w| {
                w.write_all(file.text.as_bytes())
                    .map_err(|source| Error::Write { what: "the schema", source })
            })?;
        }
        folder.commit()
    };
    write().into_diagnostic().wrap_err("the schemas cannot be written")?;
    print(&format!("{} files for results of format {RESULTS_FORMAT}: {}\n", files.len(), out.display()))
}
