//! Where the files that a study names are read from: its folder, or a bundle.

use std::path::Path;

use lifecircle_io::{read_bytes, read_text};
use lifecircle_taxonomy::Pack;

use crate::Result;

/// Files by the names that a study gives them, and the packs that are called by their keys.
pub(crate) trait Files {
    /// What stands in a file.
    fn bytes(&self, named: &str) -> Result<Vec<u8>>;

    /// What stands in a text file, without a byte order mark.
    fn text(&self, named: &str) -> Result<String>;

    /// A built-in pack: the name of its file and its text.
    fn builtin_pack(&self, key: &str) -> Option<(String, String)> {
        Pack::builtin_text(key)
    }
}

/// The folder of a study.
pub(crate) struct Folder<'a>(pub(crate) &'a Path);

impl Files for Folder<'_> {
    fn bytes(&self, named: &str) -> Result<Vec<u8>> {
        Ok(read_bytes(&self.0.join(named))?)
    }

    fn text(&self, named: &str) -> Result<String> {
        Ok(read_text(&self.0.join(named))?)
    }
}
