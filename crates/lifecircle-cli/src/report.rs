//! `lifecircle report`: a study as one HTML file.

use std::path::PathBuf;

use lifecircle::{Language, Study};
use miette::{IntoDiagnostic, Result, WrapErr, miette};

use crate::bars::Bars;
use crate::commands::{beside, print};

/// What the command is asked.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A folder with a `study.toml`, or the file itself.
    study: PathBuf,
    /// The file to write; `report.en.html` or `report.zh.html` in the folder `out` beside the study unless given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The language: `en` or `zh`.
    #[arg(long, default_value_t = Language::English)]
    language: Language,
    /// Prints no progress.
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn report(arguments: &Arguments) -> Result<()> {
    let Arguments { study, out, language, quiet } = arguments;
    let what = || format!("there is no report of {}", study.display());
    let named = || beside(study).join("out").join(format!("report.{language}.html"));
    let file = out.clone().unwrap_or_else(named);
    let ends = |end| file.extension().is_some_and(|found| found.eq_ignore_ascii_case(end));
    if !ends("html") && !ends("htm") {
        return Err(miette!("--out is {}: name a file that ends with .html", file.display()))
            .wrap_err_with(what);
    }
    let bars = Bars::new(*quiet);
    let loaded = Study::open(study, &bars).into_diagnostic().wrap_err_with(what)?;
    let outcome = loaded.assess(&bars).into_diagnostic().wrap_err_with(what)?;
    drop(bars);
    outcome.save_report(&file, *language).into_diagnostic().wrap_err_with(what)?;
    print(&format!("Report: {}\n", file.display()))
}
