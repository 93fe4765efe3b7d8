//! The only place that touches the file system: whole files in, whole folders out.
//!
//! Readers of this crate take bytes and a name for messages; [`read_bytes`] and [`read_text`] fetch the bytes,
//! and every error names the path. [`OutputFolder`] writes all files of a result or none: each goes to a
//! temporary sibling first, and only [`OutputFolder::commit`] gives them their names.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Reads a whole file.
///
/// # Errors
/// [`Error::WrongKind`] for a folder, [`Error::File`] when the system refuses.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        return Err(Error::WrongKind {
            path: path.into(),
            found: "folder",
            expected: "file",
            remedy: "name a file inside it",
        });
    }
    fs::read(path).map_err(|source| file_error("read", path, source))
}

/// Reads a whole text file in UTF-8; a byte order mark at its start is left out.
///
/// # Errors
/// Those of [`read_bytes`], and [`Error::NotUtf8`].
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = read_bytes(path)?;
    crate::text::utf8(&bytes, &path.display().to_string()).map(str::to_owned)
}

/// A folder that receives several files, all or none.
///
/// Each file is written to `<name>.tmp` beside its final place; [`OutputFolder::commit`] renames them all. A
/// folder that is dropped before, or whose writing fails, removes what it wrote, and earlier files of the same
/// names stay as they were. (A system that fails in the middle of the renaming leaves whole files, some new
/// and some old.)
///
/// ```
/// # use lifecircle_io::OutputFolder;
/// # let place = tempfile::tempdir()?;
/// # let path = place.path().join("result");
/// let mut folder = OutputFolder::new(&path)?;
/// folder.add("notes.txt", |w| {
///     w.write_all(b"done\n")
///         .map_err(|source| lifecircle_io::Error::Write { what: "the notes", source })
/// })?;
/// assert!(!path.join("notes.txt").exists());
/// folder.commit()?;
/// assert!(path.join("notes.txt").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
    made: bool,
    names: Vec<String>,
    kept: bool,
}

impl OutputFolder {
    /// A folder at `path`, made if it is not there.
    ///
    /// # Errors
    /// [`Error::WrongKind`] when a file is in the way, [`Error::File`] when the folder cannot be made.
    pub fn new(path: &Path) -> Result<Self> {
        if path.is_file() {
            return Err(Error::WrongKind {
                path: path.into(),
                found: "file",
                expected: "folder",
                remedy: "name another folder, or move the file away",
            });
        }
        let made = !path.is_dir();
        if made {
            fs::create_dir_all(path).map_err(|source| file_error("create the folder", path, source))?;
        }
        Ok(Self { path: path.into(), made, names: vec![], kept: false })
    }

    /// Writes the file `name` with `write`, for now under a temporary name.
    ///
    /// # Errors
    /// [`Error::OutputName`] when `name` is no plain file name or was added before, [`Error::WrongKind`] when a
    /// folder is in the way, [`Error::File`] when the file cannot be written, and whatever `write` returns. After an error nothing of this file is left.
    pub fn add(&mut self, name: &str, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        self.check_name(name)?;
        let temporary = self.temporary(name);
        let place = self.path.join(name);
        // a device or a socket is no file to put another in the place of
        if place.exists() && !place.is_dir() && !place.is_file() {
            return Err(Error::WrongKind {
                path: place,
                found: "device",
                expected: "file",
                remedy: "name a file that may be replaced",
            });
        }
        if place.is_dir() {
            return Err(Error::WrongKind {
                path: place,
                found: "folder",
                expected: "file",
                remedy: "move the folder away, or name another folder for the results",
            });
        }
        let failed = |source| file_error("write", &place, source);
        let file = File::create(&temporary).map_err(failed)?;
        let mut buffered = BufWriter::new(file);
        let written =
            write(&mut buffered).and_then(|()| buffered.flush().map_err(failed)).map_err(
                |error| match error {
                    Error::Write { source, .. } => failed(source),
                    other => other,
                },
            );
        drop(buffered);
        match written {
            Ok(()) => {
                self.names.push(name.into());
                Ok(())
            }
            Err(error) => {
                // the error of the writer says more than one about the left-over
                let _ = fs::remove_file(&temporary);
                Err(error)
            }
        }
    }

    /// Gives every file its name, replacing earlier ones.
    ///
    /// # Errors
    /// [`Error::File`] when a file cannot be renamed; files not yet renamed are removed.
    pub fn commit(mut self) -> Result<()> {
        self.kept = true;
        let names = core::mem::take(&mut self.names);
        for (at, name) in names.iter().enumerate() {
            let place = self.path.join(name);
            if let Err(source) = fs::rename(self.temporary(name), &place) {
                self.names = names[at..].to_vec();
                return Err(file_error("write", &place, source));
            }
        }
        Ok(())
    }

    fn temporary(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}.tmp"))
    }

    fn check_name(&self, name: &str) -> Result<()> {
        let plain = !name.is_empty()
            && !matches!(name, "." | "..")
            && !name.contains(['/', '\\', '\0', ':'])
            && !name.ends_with(".tmp");
        let problem = if !plain {
            "use a plain file name, without folders and not ending in .tmp"
        } else if self.names.iter().any(|known| known == name) {
            "it was added before, give every file a name of its own"
        } else {
            return Ok(());
        };
        Err(Error::OutputName { name: name.into(), problem })
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // a destructor has nobody to report to; a temporary that cannot be removed is harmless
        for name in &self.names {
            let _ = fs::remove_file(self.temporary(name));
        }
        if self.made && !self.kept {
            // only an empty folder goes
            let _ = fs::remove_dir(&self.path);
        }
    }
}

fn file_error(action: &'static str, path: &Path, source: io::Error) -> Error {
    let remedy = match source.kind() {
        io::ErrorKind::NotFound => "check the spelling and the folder it is looked for in",
        io::ErrorKind::PermissionDenied => "check the permissions",
        io::ErrorKind::StorageFull => "make room on the disk",
        io::ErrorKind::NotADirectory => {
            "a file stands where a folder is needed: name another folder, or move the file away"
        }
        _ => "see the cause",
    };
    Error::File { action, path: path.into(), remedy, source }
}
