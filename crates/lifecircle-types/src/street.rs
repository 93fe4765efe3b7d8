//! Street records: what a map says about streets, in no particular format.

use core::fmt;
use std::sync::Arc;

use crate::position::LonLat;

/// Key-value tags of a map element, by key; a key appears once. Copies share one text.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Vec<(String, String)>", into = "Vec<(String, String)>"))]
pub struct Tags(
    /// The number of pairs, then keys and values by key, each after its length; `None` without any, as of most nodes.
    /// Numbers are written in base 32, the least digit first: each but the last as a character from 32 to 63, the last
    /// from 0 to 31.
    Option<Arc<str>>,
);

impl Tags {
    /// Tags from pairs; of a repeated key the first value in alphabetical order stays.
    ///
    /// ```
    /// # use lifecircle_types::Tags;
    /// let tags = Tags::new([("foot", "yes"), ("highway", "steps")]);
    /// assert_eq!(tags.get("highway"), Some("steps"));
    /// assert!(tags.has("foot", "yes"));
    /// ```
    pub fn new<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut pairs: Vec<(K, V)> = pairs.into_iter().collect();
        if pairs.is_empty() {
            return Self(None);
        }
        let texts = |(key, value): &(K, V)| -> usize { key.as_ref().len() + value.as_ref().len() };
        pairs.sort_by(|a, b| (a.0.as_ref(), a.1.as_ref()).cmp(&(b.0.as_ref(), b.1.as_ref())));
        pairs.dedup_by(|later, earlier| later.0.as_ref() == earlier.0.as_ref());
        let mut text = String::with_capacity(pairs.iter().map(texts).sum::<usize>() + 4 * pairs.len() + 2);
        push_number(&mut text, pairs.len());
        for (key, value) in &pairs {
            for part in [key.as_ref(), value.as_ref()] {
                push_number(&mut text, part.len());
                text.push_str(part);
            }
        }
        Self(Some(text.into()))
    }

    /// The value of `key`. Takes time in the order of the number of tags.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let text = self.0.as_deref()?;
        let bytes = text.as_bytes();
        let mut at = 0;
        for _ in 0..number(bytes, &mut at) {
            let length = number(bytes, &mut at);
            if length > 0 && bytes.get(at) > key.as_bytes().first() {
                return None;
            }
            let is_found = length == key.len() && bytes[at..at + length] == *key.as_bytes();
            at += length;
            let length = number(bytes, &mut at);
            if is_found {
                return Some(&text[at..at + length]);
            }
            at += length;
        }
        None
    }

    /// Whether `key` has exactly `value`.
    #[must_use]
    pub fn has(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether there is no tag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Pairs by key.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        let text = self.0.as_deref().unwrap_or_default();
        let mut at = 0;
        let pairs = number(text.as_bytes(), &mut at);
        let mut next = move || {
            let length = number(text.as_bytes(), &mut at);
            at += length;
            &text[at - length..at]
        };
        (0..pairs).map(move |_| (next(), next()))
    }
}

const DIGIT_BITS: u32 = 5;

fn push_number(text: &mut String, mut number: usize) {
    let mut push = |digit: usize| text.push(char::from(digit.to_le_bytes()[0]));
    while number >> DIGIT_BITS > 0 {
        push(number & 31 | 32);
        number >>= DIGIT_BITS;
    }
    push(number);
}

/// The number that is written at `at`, which moves behind it; zero at the end.
#[inline]
fn number(bytes: &[u8], at: &mut usize) -> usize {
    let (mut number, mut shift) = (0, 0);
    while let Some(&digit) = bytes.get(*at) {
        *at += 1;
        number |= usize::from(digit & 31) << shift;
        if digit < 32 {
            break;
        }
        shift += DIGIT_BITS;
    }
    number
}

impl fmt::Debug for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tags").field(&self.iter().collect::<Vec<_>>()).finish()
    }
}

impl From<Vec<(String, String)>> for Tags {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self::new(pairs)
    }
}

impl From<Tags> for Vec<(String, String)> {
    fn from(tags: Tags) -> Self {
        tags.iter().map(|(key, value)| (key.into(), value.into())).collect()
    }
}

/// A node that some street passes.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetNode {
    /// Id in the source.
    pub id: i64,
    /// Where it is.
    pub position: LonLat,
    /// Its tags, such as a crossing, a gate or steps.
    pub tags: Tags,
}

/// A street: a chain of nodes with tags. Every `highway=*` of the source is one; who may walk on it is for
/// a walking profile to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreetWay {
    /// Id in the source.
    pub id: i64,
    /// Ids of its nodes, in order.
    pub nodes: Vec<i64>,
    /// Its tags.
    pub tags: Tags,
}

/// Nodes and ways of a street map, each by id.
///
/// A way may name nodes that are missing: an extract cuts streets at its edge. Builders count such pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreetRecords {
    nodes: Vec<StreetNode>,
    ways: Vec<StreetWay>,
}

impl StreetRecords {
    /// Puts nodes and ways into the order of their ids; of a repeated id the first given stays.
    #[must_use]
    pub fn new(mut nodes: Vec<StreetNode>, mut ways: Vec<StreetWay>) -> Self {
        in_order(&mut nodes, |node| node.id);
        in_order(&mut ways, |way| way.id);
        Self { nodes, ways }
    }

    /// Nodes by id.
    #[must_use]
    pub fn nodes(&self) -> &[StreetNode] {
        &self.nodes
    }

    /// Ways by id.
    #[must_use]
    pub fn ways(&self) -> &[StreetWay] {
        &self.ways
    }

    /// The node with `id`.
    #[must_use]
    pub fn node(&self, id: i64) -> Option<&StreetNode> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok().map(|at| &self.nodes[at])
    }
}

/// Sorts by id and keeps the first of equal ids; most lists come as they should be.
fn in_order<T>(list: &mut Vec<T>, id: impl Fn(&T) -> i64) {
    if !list.is_sorted_by(|earlier, later| id(earlier) < id(later)) {
        list.sort_by_key(&id);
        list.dedup_by_key(|entry| id(entry));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_kept_by_key_whatever_their_length() {
        let long = "ß".repeat(40_000);
        let pairs = [("b", "2"), ("", "empty"), ("a", &long), ("b", "1"), ("c", ""), (&long, "x")];
        let tags = Tags::new(pairs);
        let expected = [("", "empty"), ("a", &long), ("b", "1"), ("c", ""), (&long, "x")];
        assert_eq!(tags.iter().collect::<Vec<_>>(), expected);
        assert_eq!(tags.iter().len(), 5);
        assert_eq!((tags.get("b"), tags.get("c"), tags.get("")), (Some("1"), Some(""), Some("empty")));
        assert_eq!((tags.get("bb"), tags.get("A"), tags.get("z")), (None, None, None));
        assert_eq!((tags.get("a"), tags.get(&long)), (Some(long.as_str()), Some("x")));
        assert_eq!(Tags::new([("a", "1")]).get(""), None);
        assert_eq!(tags, Tags::new(expected));
        assert_eq!(format!("{:?}", Tags::new([("k", "v")])), r#"Tags([("k", "v")])"#);
        let many: Vec<(String, String)> = (1000..2000).map(|n| (n.to_string(), String::new())).collect();
        assert_eq!(Vec::from(Tags::new(many.clone())), many);
        assert!(Tags::new([("", ""); 0]).is_empty() && Tags::default().iter().next().is_none());
    }

    #[test]
    fn records_come_in_the_order_of_their_ids_and_once() {
        let way = |id, node| StreetWay { id, nodes: vec![node], tags: Tags::default() };
        let records = StreetRecords::new(vec![], vec![way(2, 1), way(1, 2), way(2, 3), way(1, 4)]);
        assert_eq!(records.ways(), [way(1, 2), way(2, 1)]);
        let records = StreetRecords::new(vec![], vec![way(1, 1), way(1, 2), way(2, 3)]);
        assert_eq!(records.ways(), [way(1, 1), way(2, 3)]);
    }
}
