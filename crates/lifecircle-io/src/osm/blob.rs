//! The frame of a PBF file: a chain of blobs, each a length (four bytes, big end first), a header and a body.
//!
//! The reader is this crate's own: it walks the wire format in place and decodes only what is asked for, it needs
//! no code generator in the build, and it knows the byte at which a file is damaged. A reader that builds every
//! message, `osmpbf`, is the oracle of the tests; `docs/measurements.md` has the times of both.
//!
//! A header is at most 64 KiB, a body at most 32 MiB before compression; more is refused. Memory for a body is
//! set aside by what its compressed bytes can hold at most, not by what the file claims.

use std::borrow::Cow;

use zlib_rs::{Inflate, InflateFlush, Status};

use super::wire::{Broken, Wire};
use crate::error::{Error, Result, shorten};
use crate::text::looks_like;

const LARGEST_HEADER: usize = 64 * 1024;
pub(super) const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// Deflate makes at most 1032 bytes of one.
const LARGEST_RATIO: usize = 1032;

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
                    let header = blob.content(name)?;
                    check_features(&header, name).map_err(|wrong| match wrong {
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
    /// The body, inflated where it is compressed.
    pub(super) fn content(&self, name: &str) -> Result<Cow<'a, [u8]>> {
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
            return Ok(raw.into());
        }
        if let Some(zlib) = zlib {
            let size = raw_size
                .and_then(|size| usize::try_from(size).ok())
                .filter(|&size| size <= LARGEST_BODY)
                .ok_or(Broken("a block states no size, or more than 32 MiB"))
                .map_err(damaged)?;
            return inflate(zlib, size).map(Cow::Owned).map_err(damaged);
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

fn inflate(zlib: &[u8], size: usize) -> core::result::Result<Vec<u8>, Broken> {
    if size > zlib.len().saturating_mul(LARGEST_RATIO) {
        return Err(Broken("a block states a size that its bytes cannot hold"));
    }
    let mut content = vec![0; size];
    let mut inflate = Inflate::new(true, 15);
    let end = inflate.decompress(zlib, &mut content, InflateFlush::Finish);
    if end == Ok(Status::StreamEnd) && inflate.total_out() == size as u64 {
        Ok(content)
    } else {
        Err(Broken("the compressed bytes of a block are broken"))
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
