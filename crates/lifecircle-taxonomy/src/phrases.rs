//! What files say in free words, and the same in Chinese.
//!
//! A *phrase* is a title, a source, a note, a unit: words for people, which no field has in a second language. A table
//! `[zh]` maps phrases, letter by letter as they stand, to Chinese. It may only hold what is said, so a phrase that
//! somebody rewords without its translation is told when the file is read.

use std::collections::BTreeMap;
use std::ops::Range;

use lifecircle_types::most_alike;
use toml::Spanned;

/// A table `[zh]` as it stands in a file.
pub(crate) type ChineseTable = BTreeMap<Spanned<String>, Spanned<String>>;

/// Phrases with their Chinese, as far as somebody wrote it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Phrases(BTreeMap<String, Option<String>>);

impl Phrases {
    pub(crate) fn say(&mut self, phrase: &str) {
        if !self.0.contains_key(phrase) {
            self.0.insert(phrase.to_owned(), None);
        }
    }

    pub(crate) fn chinese(&self, phrase: &str) -> Option<&str> {
        self.0.get(phrase)?.as_deref()
    }

    /// By phrase.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(phrase, chinese)| (phrase.as_str(), chinese.as_deref()))
    }

    /// Puts phrases into Chinese; what had a translation gets the new one.
    ///
    /// The error is the place in the file and what is wrong there.
    pub(crate) fn translate(&mut self, table: ChineseTable) -> Result<(), (Range<usize>, String)> {
        for (phrase, chinese) in table {
            let span = phrase.span();
            let phrase = phrase.into_inner();
            if chinese.get_ref().trim().is_empty() {
                let problem =
                    format!("zh: `{phrase}` is put into no words: write them, or leave the row out");
                return Err((span, problem));
            }
            let Some(slot) = self.0.get_mut(&phrase) else {
                let said = self.0.keys().map(String::as_str);
                let remedy = match most_alike(&phrase, said) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => "leave the row out".into(),
                };
                return Err((span, format!("zh: nothing says `{phrase}`: {remedy}")));
            };
            *slot = Some(chinese.into_inner());
        }
        Ok(())
    }

    /// These phrases alone, each with its Chinese.
    pub(crate) fn only<'a>(&self, phrases: impl Iterator<Item = &'a str>) -> Self {
        Self(phrases.map(|phrase| (phrase.to_owned(), self.chinese(phrase).map(str::to_owned))).collect())
    }
}
