//! From a bundle to an answer: whether its results follow from its inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use lifecircle_io::read_bytes;
use lifecircle_taxonomy::Pack;
use lifecircle_types::Progress;

use super::archive::Archive;
use super::difference::{Difference, Differences};
use super::manifest::{BUNDLE_FORMAT, FileRole, Manifest, readme, sha256};
use super::{MANIFEST, PACKS, README, RESULTS};
use crate::files::Files;
use crate::outcome::{HomeFiles, Outcome};
use crate::provenance::Provenance;
use crate::study::Study;
use crate::{Error, Result};

/// Something that is not as the bundle says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A file whose bytes cannot be had.
    Damaged {
        /// Its path.
        file: String,
        /// Why.
        reason: String,
    },
    /// A file with other bytes than those the manifest states.
    Changed {
        /// Its path.
        file: String,
    },
    /// A file of the manifest that is not there.
    Missing {
        /// Its path.
        file: String,
    },
    /// A file that the manifest does not state.
    Added {
        /// Its path.
        file: String,
    },
    /// The study cannot be run again.
    NotRun {
        /// Why.
        reason: String,
    },
    /// The manifest states something else than the run.
    Stated {
        /// What it states.
        what: &'static str,
        /// In the manifest.
        bundled: String,
        /// By the run.
        again: String,
    },
    /// A result that came out differently.
    Differs {
        /// Name of the file.
        file: String,
        /// Values that differ.
        count: u64,
        /// The first of them.
        first: Vec<Difference>,
    },
    /// A result that the bundle has and the run does not write.
    NotWritten {
        /// Name of the file.
        file: String,
    },
    /// A result that the run writes and the bundle does not have.
    NotBundled {
        /// Name of the file.
        file: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { file, reason } => write!(f, "{file}: {reason}"),
            Self::Changed { file } => {
                write!(f, "{file}: was changed after the bundle was made (its SHA-256 is another)")
            }
            Self::Missing { file } => write!(f, "{file}: was removed after the bundle was made"),
            Self::Added { file } => write!(f, "{file}: was added after the bundle was made"),
            Self::NotRun { reason } => write!(f, "the study cannot be run again: {reason}"),
            Self::Stated { what, bundled, again } => {
                write!(f, "{MANIFEST}: {what}: {bundled} in the bundle, {again} now")
            }
            Self::Differs { file, count, first } => {
                let values = if *count == 1 { "value" } else { "values" };
                write!(f, "{file}: {count} {values} came out differently")?;
                first.iter().try_for_each(|difference| write!(f, "\n  {difference}"))?;
                let more = count.saturating_sub(first.len() as u64);
                if more > 0 { write!(f, "\n  and {more} more") } else { Ok(()) }
            }
            Self::NotWritten { file } => write!(f, "{file}: the bundle has it, this run does not write it"),
            Self::NotBundled { file } => write!(f, "{file}: this run writes it, the bundle does not have it"),
        }
    }
}

/// Something to know when findings are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The results were made by another version.
    Version {
        /// The one that made them.
        bundled: String,
        /// This one.
        own: String,
    },
    /// A pack that is not the one built into this version; the run took that of the bundle.
    Pack {
        /// Its key.
        key: String,
        /// Whether this version has one with the key.
        is_known: bool,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { bundled, own } => {
                write!(f, "the results were made by version {bundled}, this is {own}")
            }
            Self::Pack { key, is_known: true } => {
                write!(f, "the pack {key} is not the one of this version; the bundle's was used")
            }
            Self::Pack { key, is_known: false } => {
                write!(f, "this version has no pack {key}; the bundle's was used")
            }
        }
    }
}

/// What the check of a bundle found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// What the bundle says about itself; `None` where its manifest cannot be read.
    pub manifest: Option<Manifest>,
    /// SHA-256 of the whole bundle, to be compared with the one that was published.
    pub sha256: String,
    /// Results that came out the same, byte for byte.
    pub same: Vec<String>,
    /// Other versions, other packs.
    pub notes: Vec<Note>,
    /// What is not as the bundle says.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether every file is as it was and every result came out the same.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks a bundle: every file against its hash, and every result against a run of the bundled study, by the bundled
/// packs. All of it is done in memory; nothing is unpacked.
///
/// What is damaged, changed or comes out differently is a [`Finding`], not an error. Whoever changes inputs, results and
/// manifest alike makes another bundle, which holds: compare [`Verification::sha256`] with what was published.
///
/// # Errors
/// [`Error::NoBundle`] for a file that is none, [`Error::Io`] when it cannot be read, cancelled by `progress`.
pub fn verify_bundle(file: &Path, progress: &dyn Progress) -> Result<Verification> {
    let (name, bytes) = (file.display().to_string(), read_bytes(file)?);
    let sha256 = sha256(&bytes);
    let archive = Archive::open(&name, bytes)?;
    let refused = |problem: String| Error::NoBundle { file: name.clone(), problem };
    if !archive.has(MANIFEST) {
        return Err(refused(format!("it has no {MANIFEST}")));
    }
    let mut checked = Verification { manifest: None, sha256, same: vec![], notes: vec![], findings: vec![] };
    let read = archive.file(MANIFEST).and_then(|bytes| {
        serde_json::from_slice::<serde_json::Value>(&bytes)
            .map_err(|error| format!("cannot be read: {error}"))
    });
    let value = match read {
        Ok(value) => value,
        Err(reason) => {
            checked.findings.push(Finding::Damaged { file: MANIFEST.into(), reason });
            return Ok(checked);
        }
    };
    match value.get("bundle").and_then(serde_json::Value::as_u64) {
        Some(format) if format == u64::from(BUNDLE_FORMAT) => {}
        Some(format) => {
            let problem = format!("it is a bundle of format {format}, this version reads {BUNDLE_FORMAT}");
            return Err(refused(problem));
        }
        None => return Err(refused(format!("its {MANIFEST} is none of a bundle"))),
    }
    let manifest: Manifest = match serde_json::from_value(value) {
        Ok(manifest) => manifest,
        Err(error) => {
            let reason = format!("cannot be read: {error}");
            checked.findings.push(Finding::Damaged { file: MANIFEST.into(), reason });
            return Ok(checked);
        }
    };
    checked.compare_files(&archive, &manifest);
    checked.compare_builtin(&archive, &manifest);
    checked.run_again(&name, &archive, &manifest, progress)?;
    checked.manifest = Some(manifest);
    Ok(checked)
}

impl Verification {
    /// Every file of the manifest by length and hash, and files that it does not state.
    fn compare_files(&mut self, archive: &Archive, manifest: &Manifest) {
        for stated in &manifest.files {
            let file = stated.path.clone();
            self.findings.extend(if archive.has(&file) {
                match archive.file(&file) {
                    Err(reason) => Some(Finding::Damaged { file, reason }),
                    Ok(bytes) if bytes.len() as u64 != stated.bytes || sha256(&bytes) != stated.sha256 => {
                        Some(Finding::Changed { file })
                    }
                    Ok(_) => None,
                }
            } else {
                Some(Finding::Missing { file })
            });
        }
        let is_stated = |name: &str| name == MANIFEST || manifest.files.iter().any(|file| file.path == name);
        let added = archive.names().filter(|name| !is_stated(name));
        self.findings.extend(added.map(|name| Finding::Added { file: name.into() }));
    }

    /// The version and the built-in packs against those of this software.
    fn compare_builtin(&mut self, archive: &Archive, manifest: &Manifest) {
        let own = env!("CARGO_PKG_VERSION");
        if manifest.version != own {
            self.notes.push(Note::Version { bundled: manifest.version.clone(), own: own.into() });
        }
        for file in manifest.files_of(FileRole::Pack) {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            let key = name.strip_suffix(".toml").unwrap_or(name);
            let builtin = Pack::builtin_text(key).map(|(_, text)| text.into_bytes());
            if builtin.is_none() || archive.file(&file.path).ok() != builtin {
                self.notes.push(Note::Pack { key: key.into(), is_known: builtin.is_some() });
            }
        }
    }

    fn run_again(
        &mut self,
        name: &str,
        archive: &Archive,
        manifest: &Manifest,
        progress: &dyn Progress,
    ) -> Result<()> {
        let files = Unopened::new(name, archive, manifest);
        let (file, text) = match files.study() {
            Ok(own) => own,
            Err(error) => return self.not_run(error),
        };
        let study = match Study::open_from(&files, (&file, &text), &manifest.study, progress) {
            Ok(study) => study,
            Err(error) => return self.not_run(error),
        };
        match study.assess(progress) {
            Ok(outcome) => self.compare_run(archive, manifest, &outcome),
            Err(error) => self.not_run(error),
        }
    }

    /// A run that fails is a finding, unless the caller asked it to stop.
    fn not_run(&mut self, error: Error) -> Result<()> {
        let asked = matches!(
            error,
            Error::Cancelled(_)
                | Error::Io(lifecircle_io::Error::Cancelled(_))
                | Error::Network(lifecircle_network::Error::Cancelled(_))
        );
        if asked {
            return Err(error);
        }
        self.findings.push(Finding::NotRun { reason: with_causes(&error) });
        Ok(())
    }

    fn compare_run(&mut self, archive: &Archive, manifest: &Manifest, outcome: &Outcome<'_>) -> Result<()> {
        self.compare_statements(archive, manifest, &outcome.provenance);
        let mut left: BTreeSet<&str> =
            archive.names().filter_map(|path| path.strip_prefix(RESULTS)?.strip_prefix('/')).collect();
        outcome.each_file(HomeFiles::Written, &mut |name, contents| {
            let mut again = Vec::new();
            contents(&mut again)?;
            let file = name.to_owned();
            if !left.remove(name) {
                self.findings.push(Finding::NotBundled { file });
                return Ok(());
            }
            match archive.file(&format!("{RESULTS}/{name}")) {
                Ok(bundled) if bundled == again => self.same.push(file),
                Ok(bundled) => {
                    let Differences { count, first } = Differences::between(name, &bundled, &again);
                    self.findings.push(Finding::Differs { file, count, first });
                }
                // told with the other files
                Err(_) => {}
            }
            Ok(())
        })?;
        self.findings.extend(left.into_iter().map(|file| Finding::NotWritten { file: file.into() }));
        Ok(())
    }

    /// What the manifest and the words of a bundle say beside its files.
    fn compare_statements(&mut self, archive: &Archive, manifest: &Manifest, provenance: &Provenance) {
        let again = Manifest::new(provenance, vec![]);
        for ((what, bundled), (_, again)) in statements(manifest).into_iter().zip(statements(&again)) {
            if bundled != again {
                self.findings.push(Finding::Stated { what, bundled, again });
            }
        }
        if manifest.version == again.version {
            let outside: Vec<_> =
                manifest.files.iter().filter(|file| file.path.starts_with(super::OUTSIDE)).cloned().collect();
            let words = readme(provenance, &outside);
            if archive.file(README).is_ok_and(|found| found != words.as_bytes()) {
                let found = Finding::Changed { file: README.into() };
                if !self.findings.contains(&found) {
                    self.findings.push(found);
                }
            }
        }
    }
}

/// What a manifest says that a run says as well.
fn statements(manifest: &Manifest) -> [(&'static str, String); 8] {
    let hashes: Vec<String> = manifest.hashes.iter().map(|(role, hash)| format!("{role} {hash}")).collect();
    [
        ("study", manifest.study.clone()),
        ("date", manifest.date.clone()),
        ("jurisdiction", manifest.jurisdiction.clone()),
        ("packs", manifest.packs.join(", ")),
        ("hashes of the inputs", hashes.join(", ")),
        ("attribution", manifest.attribution.join("; ")),
        ("software", manifest.software.clone()),
        ("format of results", manifest.results_format.to_string()),
    ]
}

/// The error with its causes, in one line.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// The files of a study, inside a bundle.
struct Unopened<'a> {
    name: &'a str,
    archive: &'a Archive,
    manifest: &'a Manifest,
    /// Paths by the names that the study gives.
    paths: BTreeMap<&'a str, &'a str>,
}

impl<'a> Unopened<'a> {
    fn new(name: &'a str, archive: &'a Archive, manifest: &'a Manifest) -> Self {
        let calls = manifest
            .files
            .iter()
            .flat_map(|file| file.named.iter().map(move |named| (named.as_str(), file.path.as_str())));
        Self { name, archive, manifest, paths: calls.collect() }
    }

    fn refused(&self, problem: String) -> Error {
        Error::NoBundle { file: self.name.into(), problem }
    }

    fn file(&self, path: &str) -> Result<Vec<u8>> {
        self.archive.file(path).map_err(|reason| self.refused(format!("{path}: {reason}")))
    }

    fn text_of(&self, path: &str) -> Result<String> {
        let text = String::from_utf8(self.file(path)?);
        let text = text.map_err(|_| self.refused(format!("{path}: it is no text in UTF-8")))?;
        Ok(text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text))
    }

    /// The study's own file: its name for messages, and its text.
    fn study(&self) -> Result<(String, String)> {
        let file = self.manifest.files_of(FileRole::Study).next();
        let file = file.ok_or_else(|| self.refused(format!("its {MANIFEST} names no study")))?;
        Ok((format!("{}: {}", self.name, file.path), self.text_of(&file.path)?))
    }

    fn path(&self, named: &str) -> Result<&'a str> {
        let path = self.paths.get(named).copied();
        path.ok_or_else(|| self.refused(format!("it does not hold `{named}`, which the study reads")))
    }
}

impl Files for Unopened<'_> {
    fn bytes(&self, named: &str) -> Result<Vec<u8>> {
        self.file(self.path(named)?)
    }

    fn text(&self, named: &str) -> Result<String> {
        self.text_of(self.path(named)?)
    }

    fn builtin_pack(&self, key: &str) -> Option<(String, String)> {
        let name = format!("{key}.toml");
        let text = self.text_of(&format!("{PACKS}/{name}")).ok()?;
        Some((name, text))
    }
}
