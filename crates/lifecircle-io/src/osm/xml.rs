//! Maps in XML (`.osm`, `.osm.gz`), rewritten into blocks of the PBF format.
//!
//! The text is read once, element by element, and packed into blocks in memory, some thousand elements of one kind
//! each; the walks over blocks are then those of a PBF file, and so is the result.
//!
//! A document type is refused, and of entities only the five of XML itself are known, so that nothing expands. A
//! gzip file may hold at most 4 GiB of text, a tag or an element 8 MiB.

use std::io::{self, BufRead, Read};

use lifecircle_types::Tags;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zlib_rs::{Inflate, InflateFlush, Status};

use super::write::{Compression, MemberKind, OsmMember, OsmWriter, RawNode};
use crate::error::{Error, Result, shorten};
use crate::text::looks_like;

const GZIP: &[u8] = b"\x1f\x8b";
/// Elements of one kind that are packed into a block.
const BLOCK_ELEMENTS: usize = 8000;
/// Text of the elements of one block; four times as much fits.
const BLOCK_BYTES: usize = 8 << 20;
/// Text of one tag, and of one element with its tags and members.
const LARGEST_ELEMENT: usize = 8 << 20;
/// Text of a whole compressed file.
const LARGEST_TEXT: u64 = 4 << 30;
const WINDOW: usize = 64 << 10;
/// Ids beyond this stand nowhere, and differences of them would not fit 64 bits.
const LARGEST_ID: u64 = 1 << 60;

/// A map of the XML form in PBF blocks, and how many elements were left out because they are deleted.
pub(super) fn to_blocks(bytes: &[u8], name: &str) -> Result<(Vec<u8>, u64)> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if body.is_empty() {
        return Err(super::blob::no_data(name));
    }
    let packed = bytes.starts_with(GZIP);
    if let Some(found) = looks_like(bytes).filter(|&found| !packed && found != "XML") {
        return Err(Error::WrongFormat {
            file: name.into(),
            expected: "an OpenStreetMap XML file",
            found,
            remedy: "fetch or export it again, as .osm, .osm.gz or .osm.pbf",
        });
    }
    let text = if packed { Text::Packed(Box::new(Gunzip::new(body))) } else { Text::Plain(body) };
    let source = Source { text, line: 1, allowance: LARGEST_ELEMENT, fault: None };
    let mut reader = Reader::from_reader(source);
    reader.config_mut().expand_empty_elements = true;
    Walk { name, reader, blocks: Blocks::new()?, depth: 0, open: None, deleted: 0 }.read()
}

/// The text of the file, counted in lines, a tag at most [`LARGEST_ELEMENT`] long.
struct Source<'a> {
    text: Text<'a>,
    line: u64,
    /// Bytes that may still be read for the present tag.
    allowance: usize,
    /// Why no more is read; the parser wraps what it is told.
    fault: Option<Fault>,
}

enum Text<'a> {
    Plain(&'a [u8]),
    Packed(Box<Gunzip<'a>>),
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    LongTag,
    LargeText,
    /// Damage at this byte of the compressed file.
    Packed(u64, &'static str),
}

impl Source<'_> {
    fn stop(&mut self, fault: Fault) -> io::Error {
        self.fault = Some(fault);
        io::Error::other("the text cannot be read on")
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowance == 0 {
            return Err(self.stop(Fault::LongTag));
        }
        if let Text::Packed(gunzip) = &mut self.text
            && let Err(fault) = gunzip.fill()
        {
            return Err(self.stop(fault));
        }
        let ready = match &self.text {
            Text::Plain(rest) => rest,
            Text::Packed(gunzip) => gunzip.ready(),
        };
        Ok(&ready[..ready.len().min(WINDOW).min(self.allowance)])
    }

    fn consume(&mut self, count: usize) {
        let read = match &mut self.text {
            Text::Plain(rest) => {
                let (read, after) = rest.split_at(count);
                *rest = after;
                read
            }
            Text::Packed(gunzip) => gunzip.take(count),
        };
        self.line += read.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.allowance = self.allowance.saturating_sub(count);
    }
}

/// Inflates a gzip file window by window; members that follow one another are one text.
struct Gunzip<'a> {
    bytes: &'a [u8],
    /// Where the present member starts.
    start: usize,
    inflate: Inflate,
    at_end: bool,
    total: u64,
    window: Vec<u8>,
    /// What of the window is still to be read.
    from: usize,
    to: usize,
}

/// Inflates with the header and the checksum of gzip.
fn member() -> Inflate {
    Inflate::new(true, 16 + 15)
}

impl<'a> Gunzip<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let window = vec![0; WINDOW];
        Self { bytes, start: 0, inflate: member(), at_end: false, total: 0, window, from: 0, to: 0 }
    }

    fn ready(&self) -> &[u8] {
        &self.window[self.from..self.to]
    }

    fn take(&mut self, count: usize) -> &[u8] {
        self.from += count;
        &self.window[self.from - count..self.from]
    }

    /// Makes at least one byte ready, unless the text is at its end.
    fn fill(&mut self) -> core::result::Result<(), Fault> {
        while self.from == self.to && !self.at_end {
            // totals count bytes that lie in memory
            let read = |inflate: &Inflate| usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
            let at = self.start.saturating_add(read(&self.inflate));
            let broken = |what| Fault::Packed(at as u64, what);
            let rest = self.bytes.get(at..).unwrap_or_default();
            let before = self.inflate.total_out();
            let status = self
                .inflate
                .decompress(rest, &mut self.window, InflateFlush::NoFlush)
                .map_err(|_| broken("the compressed bytes are broken"))?;
            let made = self.inflate.total_out() - before;
            self.total += made;
            if self.total > LARGEST_TEXT {
                return Err(Fault::LargeText);
            }
            (self.from, self.to) = (0, usize::try_from(made).unwrap_or(0));
            let end = self.start.saturating_add(read(&self.inflate));
            if status == Status::StreamEnd {
                if self.bytes.get(end..).unwrap_or_default().starts_with(GZIP) {
                    (self.start, self.inflate) = (end, member());
                } else {
                    self.at_end = true;
                }
            } else if made == 0 && end == at {
                return Err(broken("the file ends within its compressed bytes"));
            }
        }
        Ok(())
    }
}

/// Elements that wait for their block.
struct Blocks {
    writer: OsmWriter,
    packed: Vec<u8>,
    nodes: Waiting<RawNode>,
    ways: Waiting<(i64, Vec<i64>, Tags)>,
    relations: Waiting<(i64, Vec<OsmMember>, Tags)>,
}

struct Waiting<T> {
    elements: Vec<T>,
    bytes: usize,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self { elements: vec![], bytes: 0 }
    }
}

impl<T> Waiting<T> {
    /// Adds an element; hands out a full block.
    fn push(&mut self, element: T, bytes: usize) -> Option<Vec<T>> {
        let full = self.elements.len() == BLOCK_ELEMENTS || self.bytes + bytes > BLOCK_BYTES;
        let block = if full { core::mem::take(self).elements } else { vec![] };
        self.elements.push(element);
        self.bytes += bytes;
        (!block.is_empty()).then_some(block)
    }
}

impl Blocks {
    fn new() -> Result<Self> {
        let writer = OsmWriter::default().compression(Compression::Raw);
        let mut packed = vec![];
        writer.header(&mut packed)?;
        Ok(Self {
            writer,
            packed,
            nodes: Waiting::default(),
            ways: Waiting::default(),
            relations: Waiting::default(),
        })
    }

    fn push(&mut self, open: Open) -> Result<()> {
        let (id, tags, bytes) = (open.id, Tags::new(open.tags), open.bytes);
        match open.kind {
            MemberKind::Node => match self.nodes.push((id, open.units, tags), bytes) {
                Some(block) => self.writer.nodes(&mut self.packed, &block),
                None => Ok(()),
            },
            MemberKind::Way => match self.ways.push((id, open.nodes, tags), bytes) {
                Some(block) => self.writer.ways(&mut self.packed, &block),
                None => Ok(()),
            },
            MemberKind::Relation => match self.relations.push((id, open.members, tags), bytes) {
                Some(block) => self.writer.relations(&mut self.packed, &block),
                None => Ok(()),
            },
        }
    }

    fn finish(mut self) -> Result<Vec<u8>> {
        self.writer.nodes(&mut self.packed, &self.nodes.elements)?;
        self.writer.ways(&mut self.packed, &self.ways.elements)?;
        self.writer.relations(&mut self.packed, &self.relations.elements)?;
        Ok(self.packed)
    }
}

/// An element that is being read.
struct Open {
    kind: MemberKind,
    id: i64,
    /// Ten-millionths of a degree: longitude, latitude.
    units: [i64; 2],
    tags: Vec<(String, String)>,
    nodes: Vec<i64>,
    members: Vec<OsmMember>,
    /// Text read for it so far.
    bytes: usize,
    deleted: bool,
}

struct Walk<'a> {
    name: &'a str,
    reader: Reader<Source<'a>>,
    blocks: Blocks,
    /// Tags that are open.
    depth: usize,
    open: Option<Open>,
    deleted: u64,
}

impl Walk<'_> {
    fn read(mut self) -> Result<(Vec<u8>, u64)> {
        let mut buffer = vec![];
        let mut rooted = false;
        loop {
            buffer.clear();
            self.reader.get_mut().allowance = LARGEST_ELEMENT;
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.broken(&error)),
            };
            match event {
                Event::Start(tag) => {
                    self.start(&tag)?;
                    rooted = true;
                    self.depth += 1;
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 1
                        && let Some(open) = self.open.take()
                    {
                        if open.deleted {
                            self.deleted += 1;
                        } else {
                            self.blocks.push(open)?;
                        }
                    }
                }
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().and_then(core::result::Result::ok);
                    if let Some(other) = encoding.filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
                        let problem = format!("its encoding is {}, not UTF-8", shorten(&other));
                        return Err(self.fault(problem));
                    }
                }
                Event::DocType(_) => {
                    return Err(self.fault("a document type is not read, remove `<!DOCTYPE …>`"));
                }
                Event::Eof if !rooted => return Err(self.fault("there is no `<osm>` in it")),
                Event::Eof if self.depth > 0 => {
                    return Err(self.fault("the file ends before `</osm>`, it was cut"));
                }
                Event::Eof => return Ok((self.blocks.finish()?, self.deleted)),
                _ => {}
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let name = tag.name();
        match (self.depth, name.as_ref()) {
            (0, "osm") => Ok(()),
            (0, "osmChange") => Err(Error::Unsupported {
                file: self.name.into(),
                feature: "a list of changes".into(),
                remedy: "apply it to a map first, for example by `osmium apply-changes`",
            }),
            (0, other) => Err(self.fault(format!("it begins with `<{}>`, not `<osm>`", shorten(other)))),
            (1, "node") => self.open(tag, MemberKind::Node),
            (1, "way") => self.open(tag, MemberKind::Way),
            (1, "relation") => self.open(tag, MemberKind::Relation),
            (2, "tag" | "nd" | "member") => self.part(tag),
            _ => Ok(()),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, kind: MemberKind) -> Result<()> {
        let [id, lon, lat, visible, action] =
            self.attributes(tag, ["id", "lon", "lat", "visible", "action"])?;
        let deleted = visible.as_deref() == Some("false") || action.as_deref() == Some("delete");
        let id = self.id(id, "id")?;
        let units = match kind {
            MemberKind::Node if !deleted => [self.units(lon, "lon")?, self.units(lat, "lat")?],
            _ => [0; 2],
        };
        let (tags, nodes, members) = (vec![], vec![], vec![]);
        self.open = Some(Open { kind, id, units, tags, nodes, members, bytes: tag.len(), deleted });
        Ok(())
    }

    /// A tag, a node of a way or a member of a relation.
    fn part(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        open.bytes += tag.len();
        if open.bytes > LARGEST_ELEMENT {
            return Err(self.fault("an element is larger than 8 MiB"));
        }
        match (tag.name().as_ref(), open.kind) {
            ("tag", _) => {
                let [key, value] = self.attributes(tag, ["k", "v"])?;
                let (Some(key), Some(value)) = (key, value) else {
                    return Err(self.fault("a tag lacks `k` or `v`"));
                };
                open.tags.push((key, value));
            }
            ("nd", MemberKind::Way) => {
                let [id] = self.attributes(tag, ["ref"])?;
                open.nodes.push(self.id(id, "ref")?);
            }
            ("member", MemberKind::Relation) => {
                let [kind, id, role] = self.attributes(tag, ["type", "ref", "role"])?;
                let kind = match kind.as_deref() {
                    Some("node") => MemberKind::Node,
                    Some("way") => MemberKind::Way,
                    Some("relation") => MemberKind::Relation,
                    _ => return Err(self.fault("a member has no `type` of node, way or relation")),
                };
                open.members.push(OsmMember {
                    kind,
                    id: self.id(id, "ref")?,
                    role: role.unwrap_or_default(),
                });
            }
            _ => {}
        }
        self.open = Some(open);
        Ok(())
    }

    /// The values of these attributes.
    fn attributes<const N: usize>(
        &self,
        tag: &BytesStart<'_>,
        names: [&str; N],
    ) -> Result<[Option<String>; N]> {
        let mut values = [const { None }; N];
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.fault(error.to_string()))?;
            if let Some(at) = names.iter().position(|&name| name == attribute.key.as_ref()) {
                let value = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| self.fault(error.to_string()))?;
                values[at] = Some(value.into_owned());
            }
        }
        Ok(values)
    }

    fn id(&self, text: Option<String>, attribute: &str) -> Result<i64> {
        let number = text.as_deref().and_then(|text| text.parse::<i64>().ok());
        number.filter(|id| id.unsigned_abs() < LARGEST_ID).ok_or_else(|| {
            let given = text.map_or_else(|| "missing".into(), |text| format!("`{}`", shorten(&text)));
            self.fault(format!("`{attribute}` is {given}, it must be a whole number"))
        })
    }

    /// Degrees as ten-millionths; what is far outside the earth stays outside.
    fn units(&self, text: Option<String>, attribute: &str) -> Result<i64> {
        let degrees = text.as_deref().and_then(|text| text.parse::<f64>().ok()).filter(|d| d.is_finite());
        let degrees = degrees.ok_or_else(|| {
            let given = text.map_or_else(|| "missing".into(), |text| format!("`{}`", shorten(&text)));
            self.fault(format!("`{attribute}` of a node is {given}, it must be a number of degrees"))
        })?;
        #[expect(clippy::cast_possible_truncation, reason = "at most ten thousand degrees")]
        let units = libm::round(degrees.clamp(-1e4, 1e4) * 1e7) as i64;
        Ok(units)
    }

    fn fault(&self, problem: impl Into<String>) -> Error {
        Error::Xml { file: self.name.into(), line: self.reader.get_ref().line, problem: problem.into() }
    }

    fn broken(&self, error: &quick_xml::Error) -> Error {
        match self.reader.get_ref().fault {
            None => self.fault(error.to_string()),
            Some(Fault::LongTag) => self.fault("a tag or a text is longer than 8 MiB"),
            Some(Fault::LargeText) => Error::Unsupported {
                file: self.name.into(),
                feature: "more than 4 GiB of text".into(),
                remedy: "convert it, for example by `osmium cat city.osm.gz -o city.osm.pbf`",
            },
            Some(Fault::Packed(offset, what)) => Error::Damaged { file: self.name.into(), offset, what },
        }
    }
}
