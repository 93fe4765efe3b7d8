//! Bytes that should be text, and what bytes look like when they are something else.

use crate::error::{Error, Result};

/// The text of `bytes`, without a byte order mark.
pub(crate) fn utf8<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    core::str::from_utf8(body).map_err(|error| Error::NotUtf8 {
        file: file.into(),
        offset: (bytes.len() - body.len() + error.valid_up_to()) as u64,
    })
}

/// The format that the first bytes of a file give away, where they do.
#[cfg(any(
    feature = "osm-pbf",
    feature = "csv",
    feature = "geojson",
    feature = "geotiff",
    feature = "gpkg",
    feature = "parquet"
))]
pub(crate) fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 12] = [
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"SQLite format 3", "an SQLite database or GeoPackage"),
        (b"PAR1", "a Parquet file"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"%PDF", "a PDF document"),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
    ];
    if let Some((_, name)) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(name);
    }
    if bytes.get(4..).is_some_and(|rest| rest.starts_with(b"\x0a\x09OSMHeader")) {
        return Some("an OpenStreetMap PBF file");
    }
    let head = &bytes[..bytes.len().min(512)];
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if start.starts_with(b"<?xml") || start.starts_with(b"<osm") {
        return Some("XML");
    }
    if start.starts_with(b"<!DOCTYPE html") || start.starts_with(b"<html") {
        return Some("a web page");
    }
    if start.starts_with(b"{") || start.starts_with(b"[") {
        return Some("JSON");
    }
    None
}

/// The shortest decimal that reads back as the same double, without exponent; `None` when it is not finite. A
/// whole number keeps its `.0`, so that a column of numbers is never read as one of integers.
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
pub(crate) fn number_text(value: f64) -> Option<String> {
    let text = plain_text(value)?;
    Some(if text.contains('.') { text } else { text + ".0" })
}

#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
fn plain_text(value: f64) -> Option<String> {
    // adding zero turns -0 into 0
    value.is_finite().then(|| (value + 0.0).to_string())
}

/// Degrees with at most seven decimals and no trailing zeros; `None` when they are not finite.
#[cfg(any(feature = "csv", feature = "geojson"))]
pub(crate) fn degrees_text(degrees: f64) -> Option<String> {
    plain_text(libm::round(degrees * 1e7) / 1e7)
}

#[cfg(all(test, any(feature = "csv", feature = "geojson")))]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        let check = |value: f64, number: Option<&str>, degrees: Option<&str>| {
            assert_eq!(number_text(value).as_deref(), number, "{value}");
            assert_eq!(degrees_text(value).as_deref(), degrees, "{value}");
        };
        check(0.1 + 0.2, Some("0.30000000000000004"), Some("0.3"));
        check(-0.0, Some("0.0"), Some("0"));
        check(104.061_234_567_8, Some("104.0612345678"), Some("104.0612346"));
        check(-1e-9, Some("-0.000000001"), Some("0"));
        check(5.0, Some("5.0"), Some("5"));
        check(f64::NAN, None, None);
        check(f64::NEG_INFINITY, None, None);
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(utf8(b"\xef\xbb\xbfid", "x").unwrap(), "id");
        assert!(matches!(utf8(b"\xef\xbb\xbfi\xff", "x"), Err(Error::NotUtf8 { offset: 4, .. })));
    }
}
