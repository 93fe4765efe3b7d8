//! `lifecircle bundle` and `lifecircle verify`: results with all they follow from, and the check that they do.

use std::path::Path;
use std::process::ExitCode;

use lifecircle::bundle::{Bundled, FileRole, Verification, verify_bundle, write_bundle};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::bars::Bars;
use crate::commands::print;

/// Bundles a study.
pub(crate) fn bundle(study: &Path, out: &Path, quiet: bool) -> Result<()> {
    let bars = Bars::new(quiet);
    let bundled = write_bundle(study, out, &bars)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be bundled", study.display()))?;
    drop(bars);
    print(&written(out, &bundled))
}

fn written(out: &Path, bundled: &Bundled) -> String {
    let Bundled { manifest, bytes, sha256, .. } = bundled;
    let count = |role| manifest.files_of(role).count();
    let mut text = format!(
        "{}, {}: {} results with {} inputs and {} packs\n",
        manifest.study,
        manifest.date,
        count(FileRole::Result),
        count(FileRole::Input),
        count(FileRole::Pack),
    );
    for file in manifest.files_of(FileRole::Input).filter(|file| file.path.starts_with("outside/")) {
        text.push_str(&format!("  from outside the study's folder: {}\n", file.named.join(", ")));
    }
    let kilobytes = bytes.div_ceil(1000);
    text.push_str(&format!("\n{}, {kilobytes} kB\nSHA-256 {sha256}\n", out.display()));
    text
}

/// Checks a bundle: 0 when everything is the same, 2 when something differs.
pub(crate) fn verify(file: &Path, quiet: bool) -> Result<ExitCode> {
    let bars = Bars::new(quiet);
    let checked = verify_bundle(file, &bars)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be verified", file.display()))?;
    drop(bars);
    print(&told(&checked))?;
    Ok(if checked.holds() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn told(checked: &Verification) -> String {
    let mut text = String::new();
    if let Some(manifest) = &checked.manifest {
        text.push_str(&format!(
            "{}, {}, by {} {}\n",
            manifest.study, manifest.date, manifest.software, manifest.version
        ));
    }
    text.push_str(&format!("SHA-256 {}\n\n", checked.sha256));
    for note in &checked.notes {
        text.push_str(&format!("Note: {note}\n"));
    }
    let same = checked.same.len();
    if checked.holds() {
        let files = checked.manifest.as_ref().map_or(0, |manifest| manifest.files.len());
        text.push_str(&format!(
            "HOLDS: all {files} files are as they were bundled, and the study run again gives the same {same} results\n"
        ));
    } else {
        let points = if checked.findings.len() == 1 { "point" } else { "points" };
        text.push_str(&format!("DOES NOT HOLD: {} {points}\n", checked.findings.len()));
        for finding in &checked.findings {
            text.push_str(&format!("- {finding}\n"));
        }
        if same > 0 {
            text.push_str(&format!("\n{same} results came out the same\n"));
        }
    }
    text
}
