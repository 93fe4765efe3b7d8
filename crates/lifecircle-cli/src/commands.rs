//! One function per subcommand.

use std::io::Write;
use std::path::{Path, PathBuf};

use lifecircle::taxonomy::{Catalogue, Pack};
use lifecircle::types::Date;
use lifecircle::{Study, open_pack};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::bars::Bars;
use crate::packs::pack_tables;
use crate::summary::{summary, table};

pub(crate) fn assess(study: &Path, out: Option<PathBuf>, summary_only: bool, quiet: bool) -> Result<()> {
    let what = || format!("{} cannot be assessed", study.display());
    let bars = Bars::new(quiet);
    let loaded = Study::open(study, &bars).into_diagnostic().wrap_err_with(what)?;
    let outcome = loaded.assess(&bars).into_diagnostic().wrap_err_with(what)?;
    drop(bars);
    let out = out.unwrap_or_else(|| beside(study).join("out"));
    let written = if summary_only { outcome.write_summary(&out) } else { outcome.write(&out) };
    written.into_diagnostic().wrap_err_with(what)?;
    print(&format!("{}\n\nResults: {}\n", summary(&outcome), out.display()))
}

/// The folder of a study.
pub(crate) fn beside(study: &Path) -> &Path {
    if study.is_dir() { study } else { study.parent().unwrap_or(Path::new(".")) }
}

pub(crate) fn check_pack(name: &str, date: Option<&str>) -> Result<()> {
    let what = || format!("the pack {name} cannot be used");
    let day: Option<Date> = date.map(str::parse).transpose().into_diagnostic().wrap_err_with(what)?;
    let catalogue = Catalogue::builtin();
    let pack = open_pack(name, &catalogue).into_diagnostic().wrap_err_with(what)?;
    print(&format!("{}\n", pack_tables(&pack, &catalogue, day)))
}

pub(crate) fn list_packs() -> Result<()> {
    let mut table = table(&["Pack", "place", "title"]);
    let catalogue = Catalogue::builtin();
    for key in Pack::builtin_keys() {
        let pack = Pack::builtin_with(key, &catalogue).into_diagnostic()?;
        let place = if pack.jurisdiction == "*" { "anywhere".into() } else { pack.jurisdiction };
        table.add_row(vec![pack.key, place, pack.title]);
    }
    print(&format!("{table}\n"))
}

/// Prints a result.
pub(crate) fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // a reader such as `head` may have seen enough
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.into_diagnostic().wrap_err("the result cannot be printed"),
    }
}
