use std::ops::Range;

use thiserror::Error as ThisError;

/// What can be wrong with a catalogue or a pack.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A file that is no TOML, or has a key or a value that does not belong.
    #[error("{file}, line {line}: {problem}")]
    File {
        /// Name of the file.
        file: String,
        /// Line, counted from one.
        line: usize,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// No built-in pack has this key.
    #[error("no built-in pack is called `{key}`; there are: {known}")]
    UnknownPack {
        /// The key asked for.
        key: String,
        /// The keys there are.
        known: String,
    },
}

impl Error {
    /// The line, counted from one, of a byte.
    pub(crate) fn line(text: &str, byte: usize) -> usize {
        text.as_bytes()[..byte.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
    }

    pub(crate) fn at(file: &str, text: &str, span: Option<Range<usize>>, problem: impl Into<String>) -> Self {
        let line = Self::line(text, span.map_or(0, |span| span.start));
        Self::File { file: file.into(), line, problem: problem.into() }
    }
}

/// Reads TOML into a value; errors name file and line.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> crate::Result<T> {
    toml::from_str(text)
        .map_err(|error| Error::at(file, text, error.span(), error.message().trim().replace('\n', "; ")))
}
