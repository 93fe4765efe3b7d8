//! Names of files, and what is in a file by its name.

use std::path::Path;

/// The name without the folders before it.
pub(super) fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.into(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// A raster has no columns to name.
pub(super) fn is_geotiff(path: &str) -> bool {
    has_extension(path, "tif") || has_extension(path, "tiff")
}

#[cfg(feature = "parquet")]
pub(super) fn is_parquet(path: &str) -> bool {
    has_extension(path, "parquet") || has_extension(path, "geoparquet")
}

pub(super) fn is_geojson(path: &str) -> bool {
    has_extension(path, "geojson") || has_extension(path, "json")
}
