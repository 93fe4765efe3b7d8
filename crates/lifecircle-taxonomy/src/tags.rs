//! Tag rules: how a tagged map element is recognised as a service.
//!
//! A condition is `key=value|value|…`, where a value may end in `*` (`category=1412*`), or `key=*`. A tag with several values (`isced:level=1;2`, `1-2`) meets a
//! condition when any of them does. A rule holds when all of `all`, one of `any` (if given), none of `none`, one
//! of `names` (if given) and the area limits hold. Of the rules of one level family that hold, the one with the
//! highest priority decides; equal priorities fall to the level nearest to home.

use lifecircle_types::{ServiceKey, Shape, Tags, word_enum};
use serde::Deserialize;

word_enum! {
    /// How well the tags of a rule show that a service is really there.
    Quality, "quality" {
        /// The tags mean this service.
        Good = "good",
        /// The tags mean it mostly.
        Partial = "partial",
        /// The tags only hint at it.
        Weak = "weak",
    }
}

/// A condition on one key.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TagCondition {
    key: String,
    values: Vec<String>,
}

impl TagCondition {
    fn holds(&self, tags: &Tags) -> bool {
        tags.get(&self.key).is_some_and(|value| {
            self.values.is_empty()
                || values_of(value).any(|value| {
                    self.values.iter().any(|wanted| match wanted.strip_suffix('*') {
                        Some(prefix) => value.starts_with(prefix),
                        None => wanted == value,
                    })
                })
        })
    }
}

impl<'de> Deserialize<'de> for TagCondition {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        match text.split_once('=') {
            Some((key, "*")) if !key.is_empty() => Ok(Self { key: key.into(), values: vec![] }),
            Some((key, values)) if !key.is_empty() && values.split('|').all(is_value) => {
                Ok(Self { key: key.into(), values: values.split('|').map(String::from).collect() })
            }
            _ => Err(serde::de::Error::custom(format!(
                "`{text}` is no condition: write key=value|value, key=beginning* or key=*"
            ))),
        }
    }
}

/// A value to compare with: not empty, with a `*` at its end at most.
fn is_value(value: &str) -> bool {
    let beginning = value.strip_suffix('*').unwrap_or(value);
    !beginning.is_empty() && !beginning.contains('*')
}

/// The values of a tag: split at `;`, and `1-3` read as 1, 2, 3.
fn values_of(value: &str) -> impl Iterator<Item = &str> {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    value.split(';').map(str::trim).flat_map(|part| {
        let span = match *part.as_bytes() {
            [low @ b'0'..=b'9', b'-', high @ b'0'..=b'9'] if low < high => {
                usize::from(low - b'0')..usize::from(high - b'0') + 1
            }
            _ => 0..0,
        };
        let whole = span.is_empty().then_some(part);
        whole.into_iter().chain(DIGITS[span].iter().copied())
    })
}

/// A rule that recognises a service.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRule {
    /// The service that it recognises.
    pub service: ServiceKey,
    #[serde(default)]
    all: Vec<TagCondition>,
    #[serde(default)]
    any: Vec<TagCondition>,
    #[serde(default)]
    none: Vec<TagCondition>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    area_from_m2: Option<f64>,
    #[serde(default)]
    area_below_m2: Option<f64>,
    /// How well the tags show the service.
    pub quality: Quality,
    /// Which rule of a family decides: the highest.
    #[serde(default)]
    pub priority: i32,
    /// The rule shows membership of the family, not the level.
    #[serde(default)]
    pub level_unknown: bool,
}

impl TagRule {
    /// Keys of which an element needs at least one for this rule to hold.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let decisive = if self.all.is_empty() { &self.any[..] } else { &self.all[..1] };
        decisive.iter().map(|condition| condition.key.as_str())
    }

    /// A rule without `all` and `any` would hold for everything; this says so.
    pub(crate) fn is_unbounded(&self) -> bool {
        self.all.is_empty() && self.any.is_empty()
    }

    /// Whether the rule holds for an element.
    #[must_use]
    pub fn holds(&self, tags: &Tags, shape: Shape) -> bool {
        self.all.iter().all(|condition| condition.holds(tags))
            && (self.any.is_empty() || self.any.iter().any(|condition| condition.holds(tags)))
            && !self.none.iter().any(|condition| condition.holds(tags))
            && (self.names.is_empty() || self.names.iter().any(|wanted| is_named(tags, wanted)))
            && self.area_from_m2.is_none_or(|from| shape.area_m2.is_some_and(|area| area >= from))
            && self.area_below_m2.is_none_or(|below| shape.area_m2.is_some_and(|area| area < below))
    }
}

/// Whether any name of the element holds `wanted`, as whole words where it is written in Latin letters.
fn is_named(tags: &Tags, wanted: &str) -> bool {
    tags.iter().filter(|(key, _)| *key == "name" || key.starts_with("name:") || *key == "official_name").any(
        |(_, name)| {
            let name = name.to_lowercase();
            name.match_indices(wanted).any(|(at, _)| {
                let before = name[..at].chars().next_back();
                let after = name[at + wanted.len()..].chars().next();
                let edge = |next: Option<char>, own: Option<char>| {
                    !own.is_some_and(is_word) || !next.is_some_and(is_word)
                };
                edge(before, wanted.chars().next()) && edge(after, wanted.chars().next_back())
            })
        },
    )
}

/// Whether the letter belongs to a script that parts its words.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() && !('\u{2E80}'..='\u{9FFF}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> TagRule {
        toml::from_str(&format!("service = 'x'\n{text}")).unwrap()
    }

    #[test]
    fn several_values_are_read_one_by_one() {
        let list = |text| values_of(text).collect::<Vec<_>>();
        assert_eq!(list("1;2"), ["1", "2"]);
        assert_eq!(list("1-3; 5"), ["1", "2", "3", "5"]);
        assert_eq!(list("3-1"), ["3-1"]);
        assert_eq!(list("yes"), ["yes"]);
    }

    #[test]
    fn names_match_whole_words_in_latin_and_parts_in_chinese() {
        let check = |name: &str, wanted: &str, expected: bool| {
            assert_eq!(is_named(&Tags::new([("name", name)]), wanted), expected, "{name} / {wanted}");
        };
        check("Ashley Hill Primary School", "primary school", true);
        check("Preprimary Schoolhouse", "primary school", false);
        check("成都市实验小学", "小学", true);
        check("Lycée Molière", "lycée", true);
    }

    #[test]
    fn area_limits_need_an_area() {
        let large = rule("all = ['leisure=park']\narea_from_m2 = 4000\nquality = 'good'");
        let park = Tags::new([("leisure", "park")]);
        assert!(large.holds(&park, Shape { area_m2: Some(4000.0) }));
        assert!(!large.holds(&park, Shape { area_m2: Some(3999.9) }));
        assert!(!large.holds(&park, Shape::default()));
    }

    #[test]
    fn codes_match_by_their_beginning() {
        let schools = rule("all = ['category=1412*|150']\nquality = 'good'");
        let holds = |code: &str| schools.holds(&Tags::new([("category", code)]), Shape::default());
        assert!(holds("141202") && holds("1412") && holds("150"));
        assert!(!holds("141") && !holds("1501"));
    }
}
