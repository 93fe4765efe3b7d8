//! Heights of the ground.

use super::Loader;
use crate::Result;
use crate::builder::StudyBuilder;
#[cfg(feature = "geotiff")]
use {
    super::{formats::file_name, record},
    crate::provenance::InputRole,
    lifecircle_io::read_elevation_geotiff,
    lifecircle_network::TerrainOptions,
    lifecircle_types::Millimetres,
};

impl Loader<'_> {
    /// Adds the heights of the ground.
    #[cfg(feature = "geotiff")]
    pub(super) fn elevation(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        let Some(elevation) = &self.config.elevation else { return Ok(builder) };
        let (name, bytes) = (file_name(&elevation.file), self.files.bytes(&elevation.file)?);
        let read = read_elevation_geotiff(&bytes, &name, elevation.crs)?;
        let mut options = TerrainOptions::default();
        if let Some(metres) = elevation.stretch_m {
            options = options.stretch(Millimetres::from_metres(metres));
        }
        let heights = read.value;
        let input = record(&name, InputRole::Elevation, "cells of heights", read.fate, read.issues);
        Ok(builder.elevation(name, options, move |at| heights.at(at)).input(input))
    }

    /// Refuses heights, which are rasters.
    #[cfg(not(feature = "geotiff"))]
    pub(super) fn elevation(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        match &self.config.elevation {
            None => Ok(builder),
            Some(_) => Err(self
                .fault(&["elevation"], "heights are read from GeoTIFF, which needs the feature `geotiff`")),
        }
    }
}
