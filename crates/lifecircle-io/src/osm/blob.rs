//! The frame of a PBF file: a chain of blobs, each a length (four bytes, big end first), a header and a body.
//!
//! The reader is this crate's own: it walks the wire format in place and decodes only what is asked for, it needs
//! no code generator in the build, and it knows the byte at which a file is damaged. A reader that builds every
//! message, `osmpbf`, is the oracle of the tests; `docs/measurements.md` has the times of both.
//!
//! A header is at most 64 KiB, a body at most 32 MiB before compression; more is refused. Memory for a body is
//! set aside by what its compressed bytes can hold at most, not by what the file claims.

use std::sync::{Mutex, PoisonError};

use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::wire::{Broken, Wire};
use crate::error::{Error, Result, shorten};
use crate::text::looks_like;

const LARGEST_HEADER: usize = 64 * 1024;
pub(super) const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// Deflate makes at most 1032 bytes of one.
const LARGEST_RATIO: usize = 1032;
/// Bytes of a block that are inflated before its beginning is first looked at.
const BEGINNING: usize = 1024;

/// A data blob: its body is read when it is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Blob<'a> {
    /// Byte of the file at which the blob starts.
    pub(super) offset: u64,
    body: &'a [u8],
}

/// The data blobs of a file, whose header was checked.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) blobs: Vec<Blob<'a>>,
}

impl<'a> Frame<'a> {
    /// Walks the frame and checks the header.
    pub(super) fn read(bytes: &'a [u8], name: &str) -> Result<Self> {
        if bytes.is_empty() {
            return Err(no_data(name));
        }
        let mut blobs = vec![];
        let mut rest = bytes;
        let mut first = true;
        while !rest.is_empty() {
            let offset = (bytes.len() - rest.len()) as u64;
            let damaged = |what| damaged(name, offset, what);
            let (kind, body, after) = match split_blob(rest) {
                Ok(parts) => parts,
                Err(_) if first && !looks_like_pbf(bytes) => return Err(wrong_format(bytes, name)),
                Err(Broken(what)) => return Err(damaged(what)),
            };
            match (kind, first) {
                (b"OSMHeader", true) => {
                    let blob = Blob { offset, body };
                    let mut room = Room::new();
                    check_features(room.content(&blob, name)?, name).map_err(|wrong| match wrong {
                        Wrong::Broken(Broken(what)) => damaged(what),
                        Wrong::Unsupported(error) => error,
                    })?;
                }
                (b"OSMData", true) => return Err(damaged("the file does not begin with its header")),
                (_, true) => return Err(wrong_format(bytes, name)),
                (b"OSMData", false) => blobs.push(Blob { offset, body }),
                // kinds of blobs that are not known are to be skipped
                (_, false) => {}
            }
            first = false;
            rest = after;
        }
        if blobs.is_empty() {
            return Err(no_data(name));
        }
        Ok(Self { blobs })
    }
}

impl<'a> Blob<'a> {
    /// The body as it stands in the file.
    fn body(&self, name: &str) -> Result<Body<'a>> {
        let damaged = |Broken(what)| damaged(name, self.offset, what);
        let mut raw = None;
        let mut zlib = None;
        let mut raw_size = None;
        let mut other = None;
        let mut wire = Wire(self.body);
        while let Some((field, value)) = wire.field().map_err(damaged)? {
            match field {
                1 => raw = Some(value.bytes().map_err(damaged)?),
                2 => raw_size = Some(value.varint().map_err(damaged)?),
                3 => zlib = Some(value.bytes().map_err(damaged)?),
                4 => other = Some("lzma"),
                5 => other = Some("bzip2"),
                6 => other = Some("lz4"),
                7 => other = Some("zstd"),
                _ => {}
            }
        }
        if let Some(raw) = raw {
            if raw.len() > LARGEST_BODY {
                return Err(damaged(Broken("a block is larger than 32 MiB")));
            }
            return Ok(Body::Raw(raw));
        }
        if let Some(zlib) = zlib {
            let size = raw_size
                .and_then(|size| usize::try_from(size).ok())
                .filter(|&size| size <= LARGEST_BODY)
                .ok_or(Broken("a block states no size, or more than 32 MiB"))
                .map_err(damaged)?;
            if size > zlib.len().saturating_mul(LARGEST_RATIO) {
                return Err(damaged(Broken("a block states a size that its bytes cannot hold")));
            }
            return Ok(Body::Zlib { packed: zlib, size });
        }
        match other {
            Some(compression) => Err(Error::Unsupported {
                file: name.into(),
                feature: format!("{compression} compression"),
                remedy: "rewrite it with zlib, for example by `osmium cat in.osm.pbf -o out.osm.pbf -f pbf,pbf_compression=zlib`",
            }),
            None => Err(damaged(Broken("a block holds no data"))),
        }
    }
}

/// The body of a blob.
#[derive(Clone, Copy)]
enum Body<'a> {
    Raw(&'a [u8]),
    Zlib { packed: &'a [u8], size: usize },
}

/// Where a body is inflated; reused, as its memory is dear.
pub(super) struct Room {
    inflate: Inflate,
    content: Vec<u8>,
}

impl Room {
    fn new() -> Self {
        Self { inflate: Inflate::new(true, 15), content: vec![] }
    }

    /// The content of a blob, inflated where it is compressed.
    pub(super) fn content<'r>(&'r mut self, blob: &Blob<'r>, name: &str) -> Result<&'r [u8]> {
        self.content_unless(blob, name, |_| None::<()>).map(|(content, _)| content)
    }

    /// The content of a blob, or only its beginning when that tells `enough`: it is asked with more and more of it.
    pub(super) fn content_unless<'r, T>(
        &'r mut self,
        blob: &Blob<'r>,
        name: &str,
        enough: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<(&'r [u8], Option<T>)> {
        let (packed, size) = match blob.body(name)? {
            Body::Raw(raw) => return Ok((raw, enough(raw))),
            Body::Zlib { packed, size } => (packed, size),
        };
        self.inflate.reset(true);
        if self.content.len() < size {
            self.content.resize(size, 0);
        }
        let content = &mut self.content[..size];
        let mut reach = BEGINNING;
        while reach < size / 2 {
            // what is broken shows when the rest is inflated
            let _ = step(&mut self.inflate, packed, &mut content[..reach], InflateFlush::NoFlush);
            let told = enough(&content[..usize::try_from(self.inflate.total_out()).unwrap_or(0)]);
            if told.is_some() {
                return Ok((&self.content[..reach], told));
            }
            reach *= 4;
        }
        let end = step(&mut self.inflate, packed, content, InflateFlush::Finish);
        if end == Ok(Status::StreamEnd) && self.inflate.total_out() == size as u64 {
            Ok((&self.content[..size], None))
        } else {
            Err(damaged(name, blob.offset, "the compressed bytes of a block are broken"))
        }
    }
}

/// Goes on inflating `packed` until `content` is full.
fn step(
    inflate: &mut Inflate,
    packed: &[u8],
    content: &mut [u8],
    flush: InflateFlush,
) -> core::result::Result<Status, InflateError> {
    let at = |total: u64| usize::try_from(total).unwrap_or(usize::MAX);
    let (read, made) = (at(inflate.total_in()), at(inflate.total_out()));
    inflate.decompress(
        packed.get(read..).unwrap_or_default(),
        content.get_mut(made..).unwrap_or_default(),
        flush,
    )
}

/// Rooms that are free, for whoever inflates next.
#[derive(Default)]
pub(super) struct Rooms(Mutex<Vec<Room>>);

impl Rooms {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(&self) -> Room {
        self.free().pop().unwrap_or_else(Room::new)
    }

    pub(super) fn give_back(&self, room: Room) {
        self.free().push(room);
    }
}

type Parts<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Kind, body and what follows of the blob at the start of `bytes`.
fn split_blob(bytes: &[u8]) -> core::result::Result<Parts<'_>, Broken> {
    let (length, rest) =
        bytes.split_first_chunk::<4>().ok_or(Broken("the file ends within the length of a block"))?;
    let length = u32::from_be_bytes(*length) as usize;
    if length > LARGEST_HEADER {
        return Err(Broken("the header of a block is larger than 64 KiB"));
    }
    let (header, rest) =
        rest.split_at_checked(length).ok_or(Broken("the file ends within the header of a block"))?;
    let (mut kind, mut size) = (None, None);
    let mut wire = Wire(header);
    while let Some((field, value)) = wire.field()? {
        match field {
            1 => kind = Some(value.bytes()?),
            3 => size = Some(value.varint()?),
            _ => {}
        }
    }
    let (Some(kind), Some(size)) = (kind, size) else {
        return Err(Broken("the header of a block lacks its kind or its size"));
    };
    let size = usize::try_from(size)
        .ok()
        // a body that deflate could not shrink is a little larger than its content
        .filter(|&size| size <= LARGEST_BODY + LARGEST_HEADER)
        .ok_or(Broken("a block is larger than 32 MiB"))?;
    let (body, rest) = rest.split_at_checked(size).ok_or(Broken("the file ends within a block"))?;
    Ok((kind, body, rest))
}

enum Wrong {
    Broken(Broken),
    Unsupported(Error),
}

impl From<Broken> for Wrong {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

fn check_features(header: &[u8], name: &str) -> core::result::Result<(), Wrong> {
    let mut wire = Wire(header);
    while let Some((field, value)) = wire.field()? {
        if field != 4 {
            continue;
        }
        let remedy = match value.bytes()? {
            b"OsmSchema-V0.6" | b"DenseNodes" => continue,
            b"HistoricalInformation" => {
                "cut out one date, for example by `osmium time-filter history.osm.pbf -o now.osm.pbf`"
            }
            _ => "rewrite it without, for example by `osmium cat in.osm.pbf -o out.osm.pbf`",
        };
        return Err(Wrong::Unsupported(Error::Unsupported {
            file: name.into(),
            feature: format!("the feature {}", shorten(&String::from_utf8_lossy(value.bytes()?))),
            remedy,
        }));
    }
    Ok(())
}

/// Whether the file starts like a PBF file, even if it is cut within its first bytes.
fn looks_like_pbf(bytes: &[u8]) -> bool {
    const START: &[u8] = b"\x0a\x09OSMHeader";
    let rest = bytes.get(4..).unwrap_or_default();
    let known = rest.len().min(START.len());
    known > 0 && rest[..known] == START[..known]
}

fn wrong_format(bytes: &[u8], name: &str) -> Error {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(64)]);
    let plain = |c: char| c.is_whitespace() || !(c.is_control() || c == char::REPLACEMENT_CHARACTER);
    // the last character may be cut
    let text = head.trim_end_matches(char::REPLACEMENT_CHARACTER).chars().all(plain)
        && !head.starts_with(char::REPLACEMENT_CHARACTER);
    let found = looks_like(bytes).unwrap_or(if text { "text" } else { "something unknown" });
    let remedy = match found {
        "XML" => {
            "convert it, for example by `osmium cat city.osm -o city.osm.pbf`, or turn on the feature `osm-xml`"
        }
        "a zip archive" | "a gzip archive" | "a bzip2 archive" | "an xz archive" | "a zstd archive" => {
            "unpack it first"
        }
        _ => "fetch or export it again, as .osm.pbf",
    };
    Error::WrongFormat { file: name.into(), expected: "an OpenStreetMap PBF file", found, remedy }
}

pub(super) fn damaged(name: &str, offset: u64, what: &'static str) -> Error {
    Error::Damaged { file: name.into(), offset, what }
}

pub(super) fn no_data(name: &str) -> Error {
    Error::Empty {
        file: name.into(),
        what: "map data",
        remedy: "fetch or export the extract again; a download may have been cut short",
    }
}
