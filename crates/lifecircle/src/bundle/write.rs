//! From a study to a bundle.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use lifecircle_io::{OutputFolder, read_bytes, read_text};
use lifecircle_types::Progress;

use super::archive::{Packed, archive, is_plain};
use super::manifest::{BundledFile, FileRole, Manifest, readme, sha256};
use super::{MANIFEST, PACKS, README, RESULTS, STUDY};
use crate::files::{Files, Folder};
use crate::load::{STUDY_FILE, folder_name};
use crate::outcome::{HomeFiles, Outcome};
use crate::study::Study;
use crate::{Error, Result};

/// A bundle that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bundled {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of the whole: publish it beside the bundle.
    pub sha256: String,
}

/// Runs a study and writes one ZIP file with the study, every file it reads, the text of every pack it uses, the results
/// and a manifest. The same inputs give the same bytes, on any machine.
///
/// The study is a folder with a `study.toml`, or the file itself. Files inside its folder keep their paths; those that it
/// calls from elsewhere go to `outside/`, and the manifest says by which name the study calls them. All is held in memory,
/// packed.
///
/// # Errors
/// As [`Study::open`] and [`Study::assess`]; [`Error::Io`] when the file cannot be written. After an error there is none.
pub fn write_bundle(study: &Path, out: &Path, progress: &dyn Progress) -> Result<Bundled> {
    let file = if study.is_dir() { study.join(STUDY_FILE) } else { study.to_path_buf() };
    let own_name = file.file_name().map_or_else(|| STUDY_FILE.into(), |name| name.to_string_lossy());
    let text = read_text(&file)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let reading = Recorded { folder: Folder(folder), read: RefCell::default(), packs: RefCell::default() };
    let opened =
        Study::open_from(&reading, (&file.display().to_string(), &text), &folder_name(folder), progress)?;
    let outcome = opened.assess(progress)?;

    let mut contents = Collected::default();
    contents.add(format!("{STUDY}/{own_name}"), FileRole::Study, vec![], Packed::new(read_bytes(&file)?));
    contents.add_inputs(reading.read.into_inner());
    for (name, text) in reading.packs.into_inner() {
        let path = format!("{PACKS}/{name}");
        contents.add(path, FileRole::Pack, vec![], Packed::new(text.into_bytes()));
    }
    contents.add_results(&outcome)?;
    let outside: Vec<BundledFile> =
        contents.files.iter().filter(|file| file.path.starts_with(super::OUTSIDE)).cloned().collect();
    let words = Packed::new(readme(&outcome.provenance, &outside).into_bytes());
    contents.add(README.into(), FileRole::Readme, vec![], words);

    let manifest = Manifest::new(&outcome.provenance, contents.files);
    let mut json = Vec::new();
    lifecircle_io::write_json(&mut json, &manifest)?;
    contents.packed.insert(MANIFEST.into(), Packed::new(json));
    let bytes = archive(contents.packed.iter().map(|(path, packed)| (path.as_str(), packed)))?;
    write(out, &bytes)?;
    Ok(Bundled { manifest, bytes: bytes.len() as u64, sha256: sha256(&bytes) })
}

/// The file appears as a whole or not at all.
fn write(out: &Path, bytes: &[u8]) -> Result<()> {
    let beside = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let mut folder = OutputFolder::new(beside)?;
    folder.add(&name, |w| {
        w.write_all(bytes).map_err(|source| lifecircle_io::Error::Write { what: "the bundle", source })
    })?;
    Ok(folder.commit()?)
}

/// The files of a folder, each kept as it was read.
struct Recorded<'a> {
    folder: Folder<'a>,
    /// By the name that the study gives it.
    read: RefCell<BTreeMap<String, Packed>>,
    /// Built-in packs by the names of their files.
    packs: RefCell<BTreeMap<String, String>>,
}

impl Recorded<'_> {
    fn keep(&self, named: &str, bytes: Vec<u8>) {
        self.read.borrow_mut().entry(named.into()).or_insert_with(|| Packed::new(bytes));
    }
}

impl Files for Recorded<'_> {
    fn bytes(&self, named: &str) -> Result<Vec<u8>> {
        let bytes = self.folder.bytes(named)?;
        self.keep(named, bytes.clone());
        Ok(bytes)
    }

    fn text(&self, named: &str) -> Result<String> {
        self.bytes(named)?;
        self.folder.text(named)
    }

    fn builtin_pack(&self, key: &str) -> Option<(String, String)> {
        let (file, text) = self.folder.builtin_pack(key)?;
        self.packs.borrow_mut().insert(file.clone(), text.clone());
        Some((file, text))
    }
}

/// The path of a file inside the study's folder; `None` for one outside it, or with a name that not every system takes.
fn inside(named: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in Path::new(named).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/")).filter(|path| is_plain(path))
}

/// The files of a bundle to be.
#[derive(Default)]
struct Collected {
    files: Vec<BundledFile>,
    packed: BTreeMap<String, Packed>,
}

impl Collected {
    fn add(&mut self, path: String, role: FileRole, named: Vec<String>, packed: Packed) {
        let (bytes, sha256) = (packed.bytes, packed.sha256.clone());
        self.files.push(BundledFile { path: path.clone(), role, named, bytes, sha256 });
        self.packed.insert(path, packed);
    }

    fn add_inputs(&mut self, read: BTreeMap<String, Packed>) {
        // one file may be called by several names; names come in alphabetical order
        let mut by_path: BTreeMap<String, (BTreeSet<String>, Packed)> = BTreeMap::new();
        let mut outside = 0;
        for (named, packed) in read {
            let path = inside(&named).map_or_else(
                || {
                    outside += 1;
                    let name = named.rsplit(['/', '\\']).next().unwrap_or_default();
                    format!("{}/{outside}-{}", super::OUTSIDE, name.replace([':', '\0'], "_"))
                },
                |path| format!("{STUDY}/{path}"),
            );
            by_path.entry(path).or_insert_with(|| (BTreeSet::new(), packed)).0.insert(named);
        }
        for (path, (named, packed)) in by_path {
            self.add(path, FileRole::Input, named.into_iter().collect(), packed);
        }
    }

    fn add_results(&mut self, outcome: &Outcome<'_>) -> Result<()> {
        outcome.each_file(HomeFiles::Written, &mut |name, contents| {
            let mut bytes = Vec::new();
            contents(&mut bytes)?;
            self.add(format!("{RESULTS}/{name}"), FileRole::Result, vec![], Packed::new(bytes));
            Ok::<_, Error>(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_or_go_outside() {
        let check = |named, expected: Option<&str>| assert_eq!(inside(named).as_deref(), expected, "{named}");
        check("homes.csv", Some("homes.csv"));
        check("./data//homes.csv", Some("data/homes.csv"));
        check("data/../homes.csv", Some("homes.csv"));
        check("../homes.csv", None);
        check("data/../../homes.csv", None);
        check("/data/homes.csv", None);
        check("a:b.csv", None);
        check("..", None);
    }

    #[test]
    fn a_file_called_by_two_names_is_held_once() {
        let mut contents = Collected::default();
        let read = ["./a.csv", "../b.csv", "a.csv", "/x/b.csv"];
        contents.add_inputs(read.map(|name| (name.to_string(), Packed::new(b"1".to_vec()))).into());
        let found: Vec<(&str, Vec<&str>)> = contents
            .files
            .iter()
            .map(|file| (file.path.as_str(), file.named.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            found,
            [
                ("outside/1-b.csv", vec!["../b.csv"]),
                ("outside/2-b.csv", vec!["/x/b.csv"]),
                ("study/a.csv", vec!["./a.csv", "a.csv"]),
            ]
        );
    }
}
