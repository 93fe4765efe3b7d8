//! Writes extracts: for tests, and for tools that cut or make maps.
//!
//! Elements are written as they are given, in blocks of some thousand: nodes packed by column, then ways, then
//! relations. Equal data gives equal bytes.

use std::collections::BTreeMap;
use std::io::Write;

use lifecircle_types::{LonLat, Tags};
use zlib_rs::{Deflate, DeflateFlush, Status};

use super::blob::LARGEST_BODY;
use crate::error::{Error, Result};

/// The kind of a member of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberKind {
    /// A node.
    Node,
    /// A way.
    Way,
    /// Another relation.
    Relation,
}

/// A member of a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OsmMember {
    /// Its kind.
    pub kind: MemberKind,
    /// Its id.
    pub id: i64,
    /// Its role, such as `outer`; may be empty.
    pub role: String,
}

/// Elements of a map, each with its id and tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OsmData {
    /// Nodes: id, position (kept to seven decimals), tags.
    pub nodes: Vec<(i64, LonLat, Tags)>,
    /// Ways: id, ids of their nodes in order, tags.
    pub ways: Vec<(i64, Vec<i64>, Tags)>,
    /// Relations: id, members in order, tags.
    pub relations: Vec<(i64, Vec<OsmMember>, Tags)>,
}

/// A node: id, longitude and latitude in ten-millionths of a degree, tags.
pub(super) type RawNode = (i64, [i64; 2], Tags);

/// How blocks are packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// With zlib, as every reader expects.
    #[default]
    Zlib,
    /// Not at all.
    Raw,
}

/// How an extract is written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OsmWriter {
    /// How blocks are packed.
    pub compression: Compression,
    /// Most elements in a block, 8000 by default; taken as 1 to 32,000.
    pub elements_per_block: usize,
}

impl Default for OsmWriter {
    fn default() -> Self {
        Self { compression: Compression::default(), elements_per_block: 8000 }
    }
}

impl OsmWriter {
    /// Sets how blocks are packed.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// Sets the most elements in a block; taken as 1 to 32,000.
    #[must_use]
    pub fn elements_per_block(mut self, elements: usize) -> Self {
        self.elements_per_block = elements;
        self
    }

    /// Writes `data` in the PBF format.
    ///
    /// # Errors
    /// [`Error::Write`] when `w` refuses; [`Error::Unsupported`] when the elements of one block take more than
    /// 32 MiB.
    pub fn write(&self, mut w: impl Write, data: &OsmData) -> Result<()> {
        let size = self.elements_per_block.clamp(1, 32_000);
        self.header(&mut w)?;
        for nodes in data.nodes.chunks(size) {
            let raw: Vec<RawNode> = nodes
                .iter()
                .map(|(id, at, tags)| (*id, [units(at.lon()), units(at.lat())], tags.clone()))
                .collect();
            self.nodes(&mut w, &raw)?;
        }
        for ways in data.ways.chunks(size) {
            self.ways(&mut w, ways)?;
        }
        for relations in data.relations.chunks(size) {
            self.relations(&mut w, relations)?;
        }
        w.flush().map_err(refused)
    }

    pub(super) fn header(&self, w: &mut impl Write) -> Result<()> {
        let mut header = Message::default();
        header.bytes(4, b"OsmSchema-V0.6");
        header.bytes(4, b"DenseNodes");
        header.bytes(16, b"lifecircle");
        self.blob(w, "OSMHeader", &header.0)
    }

    /// Writes a block of nodes; nothing when there are none.
    pub(super) fn nodes(&self, w: &mut impl Write, nodes: &[RawNode]) -> Result<()> {
        let mut strings = Strings::default();
        let group = nodes_group(nodes, &mut strings);
        self.block(w, nodes.len(), strings, &group)
    }

    /// Writes a block of ways; nothing when there are none.
    pub(super) fn ways(&self, w: &mut impl Write, ways: &[(i64, Vec<i64>, Tags)]) -> Result<()> {
        let mut strings = Strings::default();
        let mut group = Message::default();
        for (id, nodes, tags) in ways {
            let mut way = element(*id, tags, &mut strings);
            way.bytes(8, &differences(nodes.iter().copied()));
            group.bytes(3, &way.0);
        }
        self.block(w, ways.len(), strings, &group)
    }

    /// Writes a block of relations; nothing when there are none.
    pub(super) fn relations(
        &self,
        w: &mut impl Write,
        relations: &[(i64, Vec<OsmMember>, Tags)],
    ) -> Result<()> {
        let mut strings = Strings::default();
        let mut group = Message::default();
        for (id, members, tags) in relations {
            let mut relation = element(*id, tags, &mut strings);
            let roles = members.iter().map(|member| u64::from(strings.index(&member.role)));
            relation.bytes(8, &packed(roles.collect::<Vec<_>>()));
            relation.bytes(9, &differences(members.iter().map(|member| member.id)));
            relation.bytes(10, &packed(members.iter().map(|member| member.kind as u64)));
            group.bytes(4, &relation.0);
        }
        self.block(w, relations.len(), strings, &group)
    }

    fn block(&self, w: &mut impl Write, elements: usize, strings: Strings, group: &Message) -> Result<()> {
        if elements == 0 {
            return Ok(());
        }
        let mut block = Message::default();
        block.bytes(1, &strings.message().0);
        block.bytes(2, &group.0);
        self.blob(w, "OSMData", &block.0)
    }

    fn blob(&self, w: &mut impl Write, kind: &str, content: &[u8]) -> Result<()> {
        if content.len() > LARGEST_BODY {
            return Err(Error::Unsupported {
                file: "the map".into(),
                feature: "a block of more than 32 MiB".into(),
                remedy: "write fewer elements per block",
            });
        }
        let mut body = Message::default();
        let packed = match self.compression {
            Compression::Raw => None,
            Compression::Zlib => deflate(content),
        };
        match packed {
            None => body.bytes(1, content),
            Some(packed) => {
                body.number(2, content.len() as u64);
                body.bytes(3, &packed);
            }
        }
        let mut header = Message::default();
        header.bytes(1, kind.as_bytes());
        header.number(3, body.0.len() as u64);
        // a header is some dozen bytes long
        let length = u32::try_from(header.0.len()).unwrap_or(u32::MAX);
        for part in [length.to_be_bytes().as_slice(), &header.0, &body.0] {
            w.write_all(part).map_err(refused)?;
        }
        Ok(())
    }
}

/// Writes `data` in the PBF format, compressed with zlib.
///
/// ```
/// # use lifecircle_io::{OsmData, OsmOptions, read_osm_pbf, write_osm_pbf};
/// # use lifecircle_types::{LonLat, NoFacilities, NoProgress, Tags};
/// let at = |lon| LonLat::new(lon, 54.15);
/// let map = OsmData {
///     nodes: vec![(1, at(-4.48)?, Tags::default()), (2, at(-4.47)?, Tags::default())],
///     ways: vec![(7, vec![1, 2], Tags::new([("highway", "residential")]))],
///     ..OsmData::default()
/// };
/// let mut bytes = vec![];
/// write_osm_pbf(&mut bytes, &map)?;
/// let read = read_osm_pbf(&bytes, "town.osm.pbf", &NoFacilities, &OsmOptions::default(), &NoProgress)?;
/// assert_eq!(read.value.streets.ways()[0].nodes, [1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`OsmWriter::write`].
pub fn write_osm_pbf(w: impl Write, data: &OsmData) -> Result<()> {
    OsmWriter::default().write(w, data)
}

fn refused(source: std::io::Error) -> Error {
    Error::Write { what: "the map", source }
}

fn nodes_group(nodes: &[RawNode], strings: &mut Strings) -> Message {
    let mut dense = Message::default();
    let mut pairs = vec![];
    for (.., tags) in nodes {
        for (key, value) in tags.iter() {
            pairs.extend([key, value].map(|text| u64::from(strings.index(text))));
        }
        pairs.push(0);
    }
    dense.bytes(1, &differences(nodes.iter().map(|node| node.0)));
    dense.bytes(8, &differences(nodes.iter().map(|node| node.1[1])));
    dense.bytes(9, &differences(nodes.iter().map(|node| node.1[0])));
    dense.bytes(10, &packed(pairs));
    let mut group = Message::default();
    group.bytes(2, &dense.0);
    group
}

/// Ten-millionths of a degree.
fn units(degrees: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a position is at most 180 degrees")]
    let units = libm::round(degrees * 1e7) as i64;
    units
}

/// A way or a relation with its id and tags.
fn element(id: i64, tags: &Tags, strings: &mut Strings) -> Message {
    let mut element = Message::default();
    element.number(1, id.cast_unsigned());
    let mut index = |text: &str| u64::from(strings.index(text));
    let (keys, values): (Vec<u64>, Vec<u64>) =
        tags.iter().map(|(key, value)| (index(key), index(value))).unzip();
    element.bytes(2, &packed(keys));
    element.bytes(3, &packed(values));
    element
}

/// The strings of a block in the order of their first use; number 0 ends a list of tags and stays empty.
#[derive(Default)]
struct Strings {
    index: BTreeMap<String, u32>,
    texts: Vec<String>,
}

impl Strings {
    fn index(&mut self, text: &str) -> u32 {
        if let Some(&known) = self.index.get(text) {
            return known;
        }
        self.texts.push(text.into());
        // blocks hold at most 32,000 elements within 32 MiB
        let index = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.index.insert(text.into(), index);
        index
    }

    fn message(&self) -> Message {
        let mut message = Message::default();
        message.bytes(1, b"");
        for text in &self.texts {
            message.bytes(1, text.as_bytes());
        }
        message
    }
}

#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(&mut self, field: u64, value: u64) {
        push_varint(&mut self.0, field << 3);
        push_varint(&mut self.0, value);
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        push_varint(&mut self.0, field << 3 | 2);
        push_varint(&mut self.0, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }
}

fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f).to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

fn packed(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let mut bytes = vec![];
    for value in values {
        push_varint(&mut bytes, value);
    }
    bytes
}

/// Each value less the one before, in zigzag order; wraps at 64 bits.
fn differences(values: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let mut last = 0_i64;
    packed(values.into_iter().map(|value| {
        let difference = value.wrapping_sub(last);
        last = value;
        (difference << 1 ^ difference >> 63).cast_unsigned()
    }))
}

/// `None` when the compressor gives up; raw bytes are as good.
fn deflate(content: &[u8]) -> Option<Vec<u8>> {
    let mut deflate = Deflate::new(6, true, 15);
    let mut packed = vec![0; content.len() / 2 + 64];
    loop {
        let read = usize::try_from(deflate.total_in()).ok()?;
        let written = usize::try_from(deflate.total_out()).ok()?;
        match deflate.compress(content.get(read..)?, packed.get_mut(written..)?, DeflateFlush::Finish) {
            Ok(Status::StreamEnd) => {
                packed.truncate(usize::try_from(deflate.total_out()).ok()?);
                return Some(packed);
            }
            Ok(_) => packed.resize(packed.len() * 2, 0),
            Err(_) => return None,
        }
    }
}
