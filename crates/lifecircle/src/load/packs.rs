//! The catalogue, packs and walkers of a study.

use std::path::Path;

use lifecircle_network::WalkProfile;
use lifecircle_taxonomy::{Catalogue, Pack};

use super::Loader;
use super::formats::has_extension;
use crate::builder::check_pack;
use crate::files::{Files, Folder};
use crate::{Error, Result};

impl Loader<'_> {
    pub(super) fn catalogue(&self) -> Result<Catalogue> {
        let names = &self.config.catalogue;
        let texts: Vec<String> = names.iter().map(|name| self.files.text(name)).collect::<Result<_>>()?;
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Ok(Catalogue::builtin_with(&files)?)
    }

    pub(super) fn packs(&self, catalogue: &Catalogue) -> Result<Vec<Pack>> {
        if self.config.packs.is_empty() {
            return Err(self.fault(&["packs"], "name at least one pack, or leave `packs` out"));
        }
        let mut packs = Vec::new();
        for (at, name) in self.config.packs.iter().enumerate() {
            let here = |error: Error| self.fault(&["packs", &at.to_string()], error.to_string());
            let is_file = has_extension(name, "toml");
            let input = if is_file { name.clone() } else { format!("the pack `{name}`") };
            let opened = open_pack_from(self.files, name, catalogue);
            let pack = opened.map_err(|error| if is_file { error } else { here(error) })?;
            let checked = check_pack(&input, &pack, self.config.date, &self.config.jurisdiction, catalogue);
            checked.map_err(|error| match error {
                Error::PackDoesNotHold { .. } => here(error),
                other => other,
            })?;
            packs.push(pack);
        }
        Ok(packs)
    }

    pub(super) fn walkers(&self) -> Result<Vec<WalkProfile>> {
        let mut walkers = Vec::new();
        for (at, walker) in self.config.walkers.iter().enumerate() {
            let at = at.to_string();
            let found = walker.profiles(self.config.elevation.is_some());
            walkers.extend(found.map_err(|(key, problem)| self.fault(&["walkers", &at, key], problem))?);
        }
        Ok(walkers)
    }
}

/// Opens a pack: a `.toml` file, or the key of a built-in pack. A file may inherit from a file beside it or from a
/// built-in pack.
///
/// ```
/// # use lifecircle::taxonomy::Catalogue;
/// let pack = lifecircle::open_pack("cn-shanghai", &Catalogue::builtin())?;
/// assert_eq!(pack.lineage, ["cn-plan-145"]);
/// # Ok::<(), lifecircle::Error>(())
/// ```
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Taxonomy`] when it is no sound pack or there is none.
pub fn open_pack(name: &str, catalogue: &Catalogue) -> Result<Pack> {
    open_pack_from(&Folder(Path::new("")), name, catalogue)
}

pub(crate) fn open_pack_from(files: &dyn Files, name: &str, catalogue: &Catalogue) -> Result<Pack> {
    let builtin = |key: &str| files.builtin_pack(key);
    if !has_extension(name, "toml") {
        return match builtin(name) {
            Some((file, text)) => Ok(Pack::read_with(&file, &text, catalogue, &builtin, &builtin)?),
            None => Ok(Pack::builtin_with(name, catalogue)?),
        };
    }
    let beside = Path::new(name).parent().unwrap_or(Path::new(""));
    let find = |parent: &str| {
        if has_extension(parent, "toml") {
            let text = files.text(&beside.join(parent).to_string_lossy());
            text.ok().map(|text| (parent.to_owned(), text))
        } else {
            builtin(parent)
        }
    };
    Ok(Pack::read_with(name, &files.text(name)?, catalogue, &find, &builtin)?)
}
