//! Street records: what a map says about streets, in no particular format.

use crate::position::LonLat;

/// Key-value tags of a map element, by key; a key appears once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tags(Vec<(Box<str>, Box<str>)>);

impl Tags {
    /// Tags from pairs; of a repeated key the first value in alphabetical order stays.
    ///
    /// ```
    /// # use lifecircle_types::Tags;
    /// let tags = Tags::new([("foot", "yes"), ("highway", "steps")]);
    /// assert_eq!(tags.get("highway"), Some("steps"));
    /// assert!(tags.has("foot", "yes"));
    /// ```
    pub fn new<K: Into<Box<str>>, V: Into<Box<str>>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        pairs.sort();
        pairs.dedup_by(|later, earlier| later.0 == earlier.0);
        Self(pairs)
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.binary_search_by(|(k, _)| (**k).cmp(key)).ok().map(|at| &*self.0[at].1)
    }

    /// Whether `key` has exactly `value`.
    #[must_use]
    pub fn has(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether there is no tag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pairs by key.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (&**k, &**v))
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
        nodes.sort_by_key(|node| node.id);
        nodes.dedup_by_key(|node| node.id);
        ways.sort_by_key(|way| way.id);
        ways.dedup_by_key(|way| way.id);
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
