//! The container: a ZIP archive whose bytes depend on its contents alone, and whose reader trusts nothing.
//!
//! Written: entries in the order in which they are given, no times, no permissions, deflate by one encoder in pure Rust,
//! and stored as it is what deflate does not shorten. Read: in memory, one entry at a time, nothing is unpacked.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchive, ZipArchiveWriter, ZipVerification, crc32};

use super::manifest::sha256;
use crate::{Error, Result};

/// Entries that an archive may have.
const MOST_ENTRIES: u64 = 10_000;
/// Bytes that all its files together may have.
const MOST_BYTES: u64 = 64 << 30;
/// Deflate makes a byte of at most 1032.
const LARGEST_RATIO: u64 = 1032;
/// Level of the encoder: the point from which more time gains little.
const LEVEL: u8 = 6;

/// A file, ready to be put into an archive.
pub(super) struct Packed {
    pub(super) bytes: u64,
    pub(super) sha256: String,
    crc: u32,
    method: CompressionMethod,
    data: Vec<u8>,
}

impl Packed {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let (crc, sha256, length) = (crc32(&bytes), sha256(&bytes), bytes.len() as u64);
        let deflated = compress_to_vec(&bytes, LEVEL);
        let (method, data) = if deflated.len() < bytes.len() {
            (CompressionMethod::DEFLATE, deflated)
        } else {
            (CompressionMethod::STORE, bytes)
        };
        Self { bytes: length, sha256, crc, method, data }
    }
}

/// The bytes of an archive of these files, in their order.
pub(super) fn archive<'a>(files: impl Iterator<Item = (&'a str, &'a Packed)>) -> Result<Vec<u8>> {
    let failed = |source: rawzip::Error| not_written(std::io::Error::other(source));
    let mut writer = ZipArchiveWriter::new(Vec::new());
    for (path, packed) in files {
        let entry = writer.new_file(EntryPath::conformant(path)).compression_method(packed.method);
        let (mut entry, _) = entry.start().map_err(failed)?;
        entry.write_all(&packed.data).map_err(not_written)?;
        entry.finish(DataDescriptorOutput::new(packed.crc, packed.bytes)).map_err(failed)?;
    }
    writer.finish().map_err(failed)
}

fn not_written(source: std::io::Error) -> Error {
    Error::Io(lifecircle_io::Error::Write { what: "the bundle", source })
}

/// Whether a path stays inside whatever it is unpacked to, on any system.
pub(super) fn is_plain(path: &str) -> bool {
    let sound = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    path.split('/').all(sound)
}

struct Entry {
    data: Range<usize>,
    method: CompressionMethod,
    claim: ZipVerification,
}

/// An archive in memory, its names and sizes checked.
pub(super) struct Archive {
    bytes: Vec<u8>,
    entries: BTreeMap<String, Entry>,
}

impl Archive {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// [`Error::NoBundle`] when it is no ZIP archive, ends early, or has names or sizes that no bundle has.
    pub(super) fn open(file: &str, bytes: Vec<u8>) -> Result<Self> {
        let refused = |problem: String| Error::NoBundle { file: file.into(), problem };
        let broken = |error: rawzip::Error| refused(format!("it is no whole ZIP archive ({error})"));
        let zip = ZipArchive::from_slice(&bytes).map_err(broken)?;
        if zip.entries_hint() > MOST_ENTRIES {
            return Err(refused(format!("it has {} files; a bundle has a few dozen", zip.entries_hint())));
        }
        let mut entries = BTreeMap::new();
        let (mut all, mut counted) = (0_u64, 0);
        let mut directory = zip.entries();
        while let Some(record) = directory.next_entry().map_err(broken)? {
            let path = record.file_path();
            let name = String::from_utf8_lossy(path.as_bytes()).into_owned();
            let entry = zip.get_entry(record.wayfinder()).map_err(broken)?;
            if !is_plain(&name) || entry.local_header().file_path().as_bytes() != name.as_bytes() {
                return Err(refused(format!("`{name}` would be unpacked outside the folder it belongs to")));
            }
            let (start, end) = entry.compressed_data_range();
            let claim = entry.claim_verifier();
            all = all.saturating_add(claim.uncompressed_size);
            let largest = (end - start).saturating_mul(LARGEST_RATIO);
            if claim.uncompressed_size > largest || all > MOST_BYTES {
                let size = claim.uncompressed_size;
                return Err(refused(format!("`{name}` says to have {size} bytes, more than it can have")));
            }
            let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
                return Err(refused("it is larger than the memory of this machine".into()));
            };
            let found = Entry { data: start..end, method: record.compression_method(), claim };
            if entries.insert(name.clone(), found).is_some() {
                return Err(refused(format!("it has two files `{name}`")));
            }
            counted += 1;
        }
        if counted != zip.entries_hint() {
            return Err(refused(format!("it says to have {} files and has {counted}", zip.entries_hint())));
        }
        let mut ranges: Vec<(&Range<usize>, &String)> =
            entries.iter().map(|(name, entry)| (&entry.data, name)).collect();
        ranges.sort_by_key(|(range, _)| (range.start, range.end));
        if let Some(pair) = ranges.windows(2).find(|pair| pair[0].0.end > pair[1].0.start) {
            return Err(refused(format!("`{}` and `{}` share their bytes", pair[0].1, pair[1].1)));
        }
        Ok(Self { bytes, entries })
    }

    /// Names of all files, in alphabetical order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// A file, or why it cannot be had.
    pub(super) fn file(&self, name: &str) -> core::result::Result<Vec<u8>, String> {
        let entry = self.entries.get(name).ok_or_else(|| "it is not there".to_owned())?;
        let data = &self.bytes[entry.data.clone()];
        let limit = usize::try_from(entry.claim.uncompressed_size).unwrap_or(usize::MAX);
        let bytes = match entry.method {
            CompressionMethod::STORE => data.to_vec(),
            CompressionMethod::DEFLATE => decompress_to_vec_with_limit(data, limit)
                .map_err(|_| "it cannot be unpacked: its bytes are damaged".to_owned())?,
            _ => return Err("it is packed in a way that bundles are not".into()),
        };
        let found = ZipVerification { crc: crc32(&bytes), uncompressed_size: bytes.len() as u64 };
        match entry.claim.valid(found) {
            Ok(()) => Ok(bytes),
            Err(_) => Err("its bytes are not those that were packed".into()),
        }
    }
}
