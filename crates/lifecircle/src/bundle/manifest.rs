//! What a bundle says about itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lifecircle_types::word_enum;
use sha2::{Digest, Sha256};

use crate::provenance::Provenance;
use crate::{InputRole, RESULTS_FORMAT};

/// The format of bundles. It rises when an older `verify` could misread a newer bundle.
pub const BUNDLE_FORMAT: u32 = 1;

word_enum! {
    /// What a file is to a bundle.
    FileRole, "file role" {
        /// The study's own file.
        Study = "study",
        /// What the study reads.
        Input = "input",
        /// A pack, or one that it inherits from.
        Pack = "pack",
        /// A result.
        Result = "result",
        /// Words for whoever opens it.
        Readme = "readme",
    }
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundledFile {
    /// Where it lies in the bundle.
    pub path: String,
    /// What it is.
    pub role: FileRole,
    /// The names by which the study calls it, where it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// What a bundle holds, and where it comes from: `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The format of the bundle, [`BUNDLE_FORMAT`].
    pub bundle: u32,
    /// The format of its results, [`RESULTS_FORMAT`].
    pub results_format: u32,
    /// `lifecircle`.
    pub software: String,
    /// The version that ran the study.
    pub version: String,
    /// Name of the study.
    pub study: String,
    /// The study's day.
    pub date: String,
    /// The study's place.
    pub jurisdiction: String,
    /// Packs, in the order in which they override one another.
    pub packs: Vec<String>,
    /// SHA-256 of the canonical inputs, as in the provenance of the results.
    pub hashes: BTreeMap<InputRole, String>,
    /// Attribution and licences of the data.
    pub attribution: Vec<String>,
    /// Every file but the manifest, by path.
    pub files: Vec<BundledFile>,
}

impl Manifest {
    pub(super) fn new(provenance: &Provenance, mut files: Vec<BundledFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self {
            bundle: BUNDLE_FORMAT,
            results_format: RESULTS_FORMAT,
            software: provenance.software.clone(),
            version: provenance.version.clone(),
            study: provenance.study.clone(),
            date: provenance.date.clone(),
            jurisdiction: provenance.jurisdiction.clone(),
            packs: provenance.packs.iter().map(|pack| pack.key.clone()).collect(),
            hashes: provenance.hashes.clone(),
            attribution: provenance.attribution.clone(),
            files,
        }
    }

    /// Files of a role, by path.
    pub fn files_of(&self, role: FileRole) -> impl Iterator<Item = &BundledFile> {
        self.files.iter().filter(move |file| file.role == role)
    }
}

/// 64 hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // a String takes everything
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Words for whoever opens a bundle without knowing what it is.
pub(super) fn readme(provenance: &Provenance, outside: &[BundledFile]) -> String {
    let Provenance { study, date, jurisdiction, software, version, .. } = provenance;
    let packs: Vec<&str> = provenance.packs.iter().map(|pack| pack.key.as_str()).collect();
    let mut text = format!(
        "{study}\n{date}, {jurisdiction}, measured by {packs}\n\n\
         This file holds the results of an assessment and everything they follow from, so that anybody can check them.\n\n\
         manifest.json   what is in here: length and SHA-256 of every file, versions, attribution\n\
         study/          the study and the files that it reads\n",
        packs = packs.join(", ")
    );
    if !outside.is_empty() {
        text.push_str("outside/        files that the study reads from elsewhere\n");
    }
    text.push_str(
        "packs/          the standards that come with the software, as they were used\n\
         results/        the results\n\n",
    );
    // a String takes everything
    let _ = writeln!(
        text,
        "To check it: lifecircle verify FILE.zip\n\
         It compares every file with its hash, runs the study again and compares every result. These results were made by\n\
         {software} {version}; `lifecircle --version` tells yours."
    );
    if !outside.is_empty() {
        text.push_str("\nTo run it by hand, put these files where the study looks for them:\n");
        for file in outside {
            let _ = writeln!(text, "{}   called {}", file.path, file.named.join(", "));
        }
    }
    text.push_str("\nThe data keep their own licences:\n");
    for line in &provenance.attribution {
        let _ = writeln!(text, "{line}");
    }
    text
}
