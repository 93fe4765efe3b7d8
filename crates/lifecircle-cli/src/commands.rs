//! One function per subcommand.

use std::io::Write;
use std::path::{Path, PathBuf};

use lifecircle::Study;
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::bars::Bars;
use crate::summary::summary;

pub(crate) fn assess(study: &Path, out: Option<PathBuf>, quiet: bool) -> Result<()> {
    let what = || format!("{} cannot be assessed", study.display());
    let bars = Bars::new(quiet);
    let loaded = Study::open(study, &bars).into_diagnostic().wrap_err_with(what)?;
    let outcome = loaded.assess(&bars).into_diagnostic().wrap_err_with(what)?;
    drop(bars);
    let beside = if study.is_dir() { Some(study) } else { study.parent() };
    let out = out.unwrap_or_else(|| beside.unwrap_or(Path::new(".")).join("out"));
    outcome.write(&out).into_diagnostic().wrap_err_with(what)?;
    let text = format!("{}\n\nResults: {}\n", summary(&outcome), out.display());
    match std::io::stdout().write_all(text.as_bytes()) {
        // a reader such as `head` may have seen enough
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.into_diagnostic().wrap_err("the table cannot be printed"),
    }
}
