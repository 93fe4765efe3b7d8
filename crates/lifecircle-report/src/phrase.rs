//! Phrases that results hold in English. Those of packs may bring their Chinese; reasons of the engines follow a few
//! patterns, whose Chinese stands in `phrases.txt`. What has no Chinese stands as it is.

use std::borrow::Cow;

use lifecircle_taxonomy::{Base, Catalogue, Measure, Pack};
use lifecircle_types::{AgeBand, Group, ResidenceStatus, ServiceKey, Sex, UnitKind};

use crate::language::Language;
use crate::word::Word;

/// A line per pattern: English and Chinese parted by a tab, `{}` for what
/// may stand there; the Chinese may leave out the last holes.
const PATTERNS: &str = include_str!("phrases.txt");

/// Says phrases in the language of a report.
#[derive(Debug)]
pub(crate) struct Phrases<'a> {
    language: Language,
    packs: &'a [Pack],
    catalogue: &'a Catalogue,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// What stands around the holes.
    english: Vec<&'static str>,
    chinese: Vec<&'static str>,
}

impl Pattern {
    fn of(line: &'static str) -> Option<Self> {
        let (english, chinese) = line.split_once('\t')?;
        Some(Self { english: english.split("{}").collect(), chinese: chinese.split("{}").collect() })
    }

    /// What fills the holes where `phrase` follows the pattern.
    fn holes<'p>(&self, phrase: &'p str) -> Option<Vec<&'p str>> {
        let (first, others) = self.english.split_first()?;
        let mut rest = phrase.strip_prefix(first)?;
        let Some((last, between)) = others.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut holes = Vec::with_capacity(others.len());
        for literal in between {
            let (hole, after) = rest.split_once(literal)?;
            holes.push(hole);
            rest = after;
        }
        holes.push(rest.strip_suffix(last)?);
        holes.iter().all(|hole| !hole.is_empty()).then_some(holes)
    }
}

impl<'a> Phrases<'a> {
    pub(crate) fn new(language: Language, packs: &'a [Pack], catalogue: &'a Catalogue) -> Self {
        let patterns = match language {
            Language::English => vec![],
            Language::Chinese => PATTERNS.lines().filter_map(Pattern::of).collect(),
        };
        Self { language, packs, catalogue, patterns }
    }

    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    /// A phrase of a pack or of an engine.
    pub(crate) fn say(&self, phrase: &str) -> String {
        match self.language {
            Language::English => phrase.into(),
            Language::Chinese => self.chinese(phrase).into_owned(),
        }
    }

    fn chinese<'p>(&'p self, phrase: &'p str) -> Cow<'p, str> {
        if phrase.is_ascii() && !phrase.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return phrase.into();
        }
        if let Some(found) = self.packs.iter().find_map(|pack| pack.chinese(phrase)) {
            return found.into();
        }
        if let Some(found) = self.catalogue.chinese(phrase) {
            return found.into();
        }
        self.patterned(phrase).map_or_else(|| phrase.into(), Into::into)
    }

    /// A phrase that follows a pattern.
    fn patterned(&self, phrase: &str) -> Option<String> {
        for pattern in &self.patterns {
            let Some(holes) = pattern.holes(phrase) else { continue };
            let mut said = String::new();
            for (at, literal) in pattern.chinese.iter().enumerate() {
                if at > 0 {
                    said.push_str(&self.part(holes[at - 1]));
                }
                said.push_str(literal);
            }
            return Some(said);
        }
        None
    }

    /// What fills a hole: the key of a service, a word of a closed list, a list of such, another phrase, a name.
    fn part(&self, part: &str) -> String {
        if let Some(service) = part.parse::<ServiceKey>().ok().and_then(|key| self.catalogue.service(&key)) {
            return service.zh.clone();
        }
        if let Some(word) = closed_word(part) {
            return word.into();
        }
        if let Some(said) = self.patterned(part) {
            return said;
        }
        for (list, with) in [(", ", "、"), ("+", "和"), (" of ", "：")] {
            if part.contains(list) {
                return part.split(list).map(|part| self.part(part)).collect::<Vec<_>>().join(with);
            }
        }
        self.indicator(part).map_or_else(|| self.chinese(part).into_owned(), Into::into)
    }

    /// The name of an indicator or a score by its key.
    fn indicator(&self, key: &str) -> Option<&str> {
        self.packs.iter().find_map(|pack| {
            let indicator = pack.indicators().iter().find(|indicator| indicator.key == key);
            let score = pack.scores().iter().find(|score| score.key == key);
            let figure = pack.figures().iter().find(|figure| figure.key == key);
            indicator
                .and_then(|found| found.zh.as_deref())
                .or_else(|| score.and_then(|found| found.zh.as_deref()))
                .or_else(|| figure.and_then(|found| found.zh.as_deref()))
        })
    }

    /// The name of a service.
    pub(crate) fn service<'p>(&'p self, key: &'p ServiceKey) -> &'p str {
        self.catalogue
            .service(key)
            .map_or(key.as_str(), |service| self.language.pick(&service.en, &service.zh))
    }

    /// The name of a domain.
    pub(crate) fn domain<'p>(&'p self, key: &'p str) -> &'p str {
        let found = self.catalogue.domains().iter().find(|domain| domain.key == key);
        found.map_or(key, |domain| self.language.pick(&domain.en, &domain.zh))
    }

    /// A group of residents, such as "65 to 69".
    pub(crate) fn group(&self, group: &Group) -> String {
        let language = self.language;
        let mut parts = Vec::new();
        parts.extend(group.status.map(|status| match status {
            ResidenceStatus::Resident => language.pick("residents", "常住人口"),
            ResidenceStatus::Registered => language.pick("registered", "户籍人口"),
            ResidenceStatus::PermitHolder => language.pick("permit holders", "居住证持有人"),
        }));
        parts.extend(group.sex.map(|sex| match sex {
            Sex::Female => language.pick("women and girls", "女性"),
            Sex::Male => language.pick("men and boys", "男性"),
        }));
        let condition = group.vulnerability.as_deref().map(|key| {
            let found = self.catalogue.conditions().iter().find(|condition| condition.key == key);
            found.map_or(key, |condition| language.pick(&condition.en, &condition.zh))
        });
        parts.extend(condition);
        let age = group.age.map(|age| ages(age, language));
        parts.extend(age.as_deref());
        if parts.is_empty() { group.name.clone() } else { parts.join(language.pick(", ", "、")) }
    }
}

/// "60 to 64", "80 and over".
pub(crate) fn ages(band: AgeBand, language: Language) -> String {
    let AgeBand { from, to } = band;
    match (language, from, to) {
        (Language::English, from, None) => format!("{from} and over"),
        (Language::Chinese, from, None) => format!("{from}岁及以上"),
        (Language::English, 0, Some(to)) => format!("under {}", u16::from(to) + 1),
        (Language::English, from, Some(to)) => format!("{from} to {to}"),
        (Language::Chinese, from, Some(to)) => format!("{from}—{to}岁"),
    }
}

/// A word of a closed list that reasons are made of.
fn closed_word(part: &str) -> Option<&'static str> {
    let words = part.replace(' ', "_");
    let chinese = Language::Chinese;
    None.or_else(|| words.parse::<UnitKind>().ok().map(|kind| kind.say(chinese)))
        .or_else(|| words.parse::<Measure>().ok().map(|measure| measure.say(chinese)))
        .or_else(|| words.parse::<Base>().ok().map(|base| base.say(chinese)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_catch_what_stands_in_their_holes() {
        let pattern = Pattern::of("{} holds only {} of {} kinds\t{}只有{}/{}类").unwrap();
        assert_eq!(pattern.holes("a of b holds only 3 of 20 kinds"), Some(vec!["a of b", "3", "20"]));
        assert_eq!(pattern.holes("it holds only 3 kinds"), None);
        assert_eq!(pattern.holes(" holds only 3 of 20 kinds"), None, "a hole holds something");
        let fixed = Pattern::of("no value\t没有数值").unwrap();
        assert_eq!((fixed.holes("no value"), fixed.holes("no value x")), (Some(vec![]), None));
    }

    #[test]
    fn every_line_has_both_languages_and_no_hole_too_many() {
        for line in PATTERNS.lines() {
            let pattern = Pattern::of(line).unwrap_or_else(|| panic!("`{line}` has no tab"));
            assert!(pattern.chinese.len() <= pattern.english.len(), "{line}");
            let latin = pattern.chinese.concat();
            assert!(!latin.bytes().any(|byte| byte.is_ascii_lowercase()), "{line}");
        }
    }

    #[test]
    fn phrases_are_said_with_the_names_of_what_they_speak_of() {
        let catalogue = Catalogue::builtin();
        let packs = [Pack::builtin("international-15min").unwrap()];
        let phrases = Phrases::new(Language::Chinese, &packs, &catalogue);
        assert_eq!(phrases.say("no pack has a rule for pharmacy"), "所用标准没有药店的规则");
        assert_eq!(
            phrases.say("there are no units of kind street to state households"),
            "没有街道单元，无法说明户数"
        );
        assert_eq!(phrases.say("reach of pharmacy+park"), "药店和公园的可达");
        assert_eq!(phrases.say("a word that nobody knows"), "a word that nobody knows");
        let plain = Phrases::new(Language::English, &packs, &catalogue);
        assert_eq!(plain.say("no value"), "no value");
    }
}
