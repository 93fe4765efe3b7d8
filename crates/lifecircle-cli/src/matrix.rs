//! `lifecircle matrix`: a travel matrix out of a study.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use lifecircle::types::{Millimetres, Progress};
use lifecircle::{InputRecord, Study};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::bars::Bars;
use crate::commands::print;
use crate::tables::write_parts;

/// How many rows of a kind are named.
const NAMED: usize = 5;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A folder with a `study.toml`, or the file itself.
    study: PathBuf,
    /// The longest walk in metres, inclusive.
    #[arg(long, default_value_t = 1000)]
    cutoff_m: u32,
    /// The file to write: CSV, or under the feature `parquet` what ends in `.parquet`.
    #[arg(long)]
    out: PathBuf,
    /// Prints no progress.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn matrix(arguments: &Arguments) -> Result<()> {
    let what = || format!("the walks of {} cannot be written", arguments.study.display());
    let bars = Bars::new(arguments.quiet);
    let study = Study::open_for_walks(&arguments.study, &bars).into_diagnostic().wrap_err_with(what)?;
    let limit = Millimetres::from_metres(arguments.cutoff_m);
    let walks = study.walks(limit, &bars).into_diagnostic().wrap_err_with(what)?;
    let rows = walks.matrix.len();
    let mut written = 0;
    let parts = walks.parts().inspect(|part| {
        written += part.rows() as u64;
        // progress of the command line never cancels
        let _ = bars.advance("writing walks", written, rows as u64);
    });
    write_parts(&arguments.out, parts).wrap_err_with(what)?;
    drop(bars);
    let mut told = format!("{rows} walks of at most {limit}: {}\n", arguments.out.display());
    for links in &walks.links {
        told.push_str(&account(links));
    }
    print(&told)
}

/// What became of homes or facilities, and the first of those that stand apart.
fn account(links: &InputRecord) -> String {
    let mut told = format!("{}: {}\n", links.rows_are, links.fate);
    for kind in links.issues.kinds() {
        let named: Vec<&str> = kind.examples.iter().take(NAMED).map(|issue| issue.subject.as_str()).collect();
        let more = if kind.count > NAMED as u64 { ", …" } else { "" };
        let _ = writeln!(told, "  {}: {} ({}{more})", kind.kind, kind.count, named.join(", "));
    }
    told
}
