//! The language of a report.

use lifecircle_types::word_enum;

word_enum! {
    /// The language of a report.
    Language, "language" {
        /// English.
        English = "en",
        /// Simplified Chinese.
        Chinese = "zh",
    }
}

impl Language {
    /// One of two texts that say the same.
    pub(crate) const fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::English => en,
            Self::Chinese => zh,
        }
    }

    /// A name that may have no Chinese.
    pub(crate) const fn named<'a>(self, en: &'a str, zh: Option<&'a str>) -> &'a str {
        match zh {
            Some(zh) => self.pick(en, zh),
            None => en,
        }
    }

    /// The tag of the language by BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }
}
