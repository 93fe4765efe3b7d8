//! Rasters in GeoTIFF: one band, a number per cell; of people, and as the cells of other readers.
//!
//! Cell (`row`, `column`), both from 1 at the north-west corner, is a resident place at its centre. The band is read
//! chunk by chunk, and only cells in which somebody lives are kept. A raster has at most 25 million cells, and its
//! rows run along the axes of its coordinate system.

use std::io::Cursor;

use lifecircle_types::{
    DemandSet, Fate, GivenPosition, Imported, Issues, People, Placement, ResidentPlace, Severity,
};
use tiff::TiffError;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use crate::crs::{Crs, agreed, located};
use crate::error::{Error, Result, shorten};
use crate::text::looks_like;

const MOST_CELLS: usize = 25_000_000;
/// Bytes of one chunk; a raster of one strip is one chunk.
const LARGEST_CHUNK: usize = MOST_CELLS * 8;
const LARGEST_TAG: usize = 64 << 20;
const GEOGRAPHIC: u16 = 2048;
const PROJECTED: u16 = 3072;
const RASTER_TYPE: u16 = 1025;

/// Where cells lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    pub(crate) crs: Crs,
    /// Centre of the first cell.
    pub(crate) first: [f64; 2],
    /// From a cell to the next in its row, and in its column.
    pub(crate) step: [f64; 2],
}

/// Reads residents from a raster of people per cell; `crs` names the coordinate system of a raster that does not.
///
/// Cells without data and cells in which nobody lives are rejected and counted. The ids are `r<row>c<column>`.
///
/// # Errors
/// [`Error::WrongFormat`], [`Error::Raster`] with the part that is damaged or missing, [`Error::Unsupported`] for
/// several bands, a turned raster or more than 25 million cells, [`Error::CoordinateSystem`], and
/// [`Error::BadValue`] for a cell of fewer than zero people.
pub fn read_residents_geotiff(bytes: &[u8], name: &str, crs: Option<Crs>) -> Result<Imported<DemandSet>> {
    let mut band = Band::open(bytes, name, crs)?;
    let mut cells = Cells { name, grid: band.grid, fate: Fate::default(), places: vec![], given: vec![] };
    band.each(|row, column, value| cells.take(row, column, value))?;
    cells.finish()
}

/// The one band of a raster, before its cells are read.
pub(crate) struct Band<'a> {
    name: &'a str,
    decoder: Decoder<Cursor<&'a [u8]>>,
    pub(crate) grid: Grid,
    no_data: Option<f64>,
    /// Columns and rows.
    pub(crate) size: [u32; 2],
}

impl<'a> Band<'a> {
    /// Reads what a raster says of itself.
    pub(crate) fn open(bytes: &'a [u8], name: &'a str, crs: Option<Crs>) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::Empty { file: name.into(), what: "cells", remedy: "export the raster again" });
        }
        let found = looks_like(bytes);
        // the signature of the large form of the format stands for 43 instead of 42
        let is_tiff =
            found == Some("a TIFF image") || bytes.starts_with(b"II+\0") || bytes.starts_with(b"MM\0+");
        if !is_tiff {
            return Err(Error::WrongFormat {
                file: name.into(),
                expected: "a GeoTIFF",
                found: found.unwrap_or("something unknown"),
                remedy: "export the raster as GeoTIFF",
            });
        }
        let broken = |error: TiffError| Error::Raster { file: name.into(), problem: error.to_string() };
        let mut limits = Limits::default();
        limits.decoding_buffer_size = LARGEST_CHUNK;
        limits.intermediate_buffer_size = LARGEST_CHUNK;
        limits.ifd_value_size = LARGEST_TAG;
        let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(broken)?.with_limits(limits);
        let (width, height) = decoder.dimensions().map_err(broken)?;
        let unsupported = |feature: String, remedy| Error::Unsupported { file: name.into(), feature, remedy };
        if u64::from(width) * u64::from(height) > MOST_CELLS as u64 {
            return Err(unsupported(
                format!("{width} x {height} cells, more than 25 million"),
                "cut the city out, for example by `gdal_translate -projwin`",
            ));
        }
        let colour = decoder.colortype().map_err(broken)?;
        if colour.num_samples() != 1 {
            return Err(unsupported(
                format!("{} bands", colour.num_samples()),
                "export the wanted band alone, for example by `gdal_translate -b 1`",
            ));
        }
        let grid = Grid::of(&mut decoder, name, crs)?;
        let no_data = match decoder.find_tag(Tag::GdalNodata).map_err(broken)? {
            None => None,
            Some(value) => {
                let text = value.into_string().map_err(broken)?;
                let number = text.trim_matches(['\0', ' ']).parse::<f64>().map_err(|_| Error::Raster {
                    file: name.into(),
                    problem: format!("its no-data value `{}` is no number", shorten(&text)),
                })?;
                Some(number)
            }
        };
        Ok(Self { name, decoder, grid, no_data, size: [width, height] })
    }

    /// Hands every cell to `take`, by row and column from 0, chunk by chunk; `None` is a cell without data.
    pub(crate) fn each(&mut self, mut take: impl FnMut(u32, u32, Option<f64>) -> Result<()>) -> Result<()> {
        let broken = |error: TiffError| Error::Raster { file: self.name.into(), problem: error.to_string() };
        let [width, height] = self.size;
        let (chunk_width, chunk_height) = self.decoder.chunk_dimensions();
        let (across, down) = (width.div_ceil(chunk_width.max(1)), height.div_ceil(chunk_height.max(1)));
        for chunk in 0..across.saturating_mul(down) {
            let (columns, rows) = self.decoder.chunk_data_dimensions(chunk);
            let values = numbers(self.decoder.read_chunk(chunk).map_err(broken)?);
            let corner = [chunk / across * chunk_height, chunk % across * chunk_width];
            if values.len() < columns as usize * rows as usize {
                let problem = format!("chunk {chunk} holds fewer cells than it should");
                return Err(Error::Raster { file: self.name.into(), problem });
            }
            for (at, value) in (0_u32..).zip(values.into_iter().take(columns as usize * rows as usize)) {
                let value = Some(value).filter(|value| !self.is_no_data(*value));
                take(corner[0] + at / columns, corner[1] + at % columns, value)?;
            }
        }
        Ok(())
    }

    fn is_no_data(&self, value: f64) -> bool {
        // a band of single precision holds the no-data value in single precision
        #[expect(clippy::cast_possible_truncation, reason = "both are rounded alike")]
        let same = |no_data: f64| {
            no_data.to_bits() == value.to_bits() || (no_data as f32).to_bits() == (value as f32).to_bits()
        };
        value.is_nan() || self.no_data.is_some_and(same)
    }
}

struct Cells<'a> {
    name: &'a str,
    grid: Grid,
    fate: Fate,
    places: Vec<ResidentPlace>,
    given: Vec<(String, GivenPosition)>,
}

impl Cells<'_> {
    fn take(&mut self, row: u32, column: u32, value: Option<f64>) -> Result<()> {
        self.fate.rows += 1;
        let Some(value) = value else {
            self.fate.reject("no data");
            return Ok(());
        };
        let bad = |remedy: String| Error::BadValue {
            file: self.name.into(),
            row: u64::from(row) + 1,
            field: format!("column {}", column + 1),
            value: value.to_string(),
            remedy,
        };
        if value < 0.0 {
            return Err(bad(
                "a cell cannot hold fewer than 0 people: state the no-data value of the raster".into()
            ));
        }
        let people = People::try_from_f64(value).map_err(|wrong| bad(format!("write {}", wrong.expected)))?;
        if people == People::ZERO {
            self.fate.reject("nobody lives in the cell");
            return Ok(());
        }
        let Grid { crs, first, step } = self.grid;
        let at = [first[0] + f64::from(column) * step[0], first[1] + f64::from(row) * step[1]];
        let (position, given) = located(crs, at)
            .map_err(|remedy| bad(format!("its centre is {}, {}: {remedy}", at[0], at[1])))?;
        let id = format!("r{:05}c{:05}", row + 1, column + 1);
        self.given.extend(given.map(|given| (id.clone(), given)));
        self.fate.used += 1;
        self.places.push(ResidentPlace {
            id,
            position: Some(position.rounded()),
            people,
            unit: None,
            placement: Placement::Given,
            groups: vec![],
        });
        Ok(())
    }

    fn finish(mut self) -> Result<Imported<DemandSet>> {
        let file = self.name;
        let mut issues = Issues::new();
        if let Some((_, first)) = self.given.first() {
            let detail = format!("{} cells from {} to degrees on WGS 84", self.given.len(), first.crs);
            issues.push(Severity::Note, "coordinates were converted", file, detail);
        }
        self.given.sort_by(|a, b| a.0.cmp(&b.0));
        let set = || {
            let mut set = DemandSet::new(self.places, vec![])?;
            if !self.given.is_empty() {
                // every cell is converted, or none
                set.keep_given(self.given.into_iter().map(|(_, given)| Some(given)).collect())?;
            }
            Ok(set)
        };
        let value = set().map_err(|source| Error::Set { file: file.into(), source })?;
        Ok(Imported { value, issues, fate: self.fate })
    }
}

impl Grid {
    fn of(decoder: &mut Decoder<Cursor<&[u8]>>, name: &str, chosen: Option<Crs>) -> Result<Self> {
        let broken = |error: TiffError| Error::Raster { file: name.into(), problem: error.to_string() };
        let mut doubles = |tag| -> Result<Option<Vec<f64>>> {
            decoder
                .find_tag(tag)
                .map_err(broken)?
                .map(|value| value.into_f64_vec().map_err(broken))
                .transpose()
        };
        let (scale, tie) = (doubles(Tag::ModelPixelScaleTag)?, doubles(Tag::ModelTiepointTag)?);
        let matrix = doubles(Tag::ModelTransformationTag)?;
        let keys = match decoder.find_tag(Tag::GeoKeyDirectoryTag).map_err(broken)? {
            Some(value) => value.into_u16_vec().map_err(broken)?,
            None => vec![],
        };
        // entries of four numbers after a header of four: key, place of the value, count, value
        let key = |wanted: u16| {
            let entries = keys.get(4..).unwrap_or_default().chunks_exact(4);
            entries.into_iter().find(|entry| entry[0] == wanted && entry[1] == 0).map(|entry| entry[3])
        };
        let (corner, step) = match (scale.as_deref(), tie.as_deref(), matrix.as_deref()) {
            (Some(&[dx, dy, ..]), Some(&[column, row, _, x, y, ..]), _) => {
                ([x - column * dx, y + row * dy], [dx, -dy])
            }
            (_, _, Some(&[dx, 0.0, _, x, 0.0, dy, _, y, ..])) => ([x, y], [dx, dy]),
            (_, _, Some(_)) => {
                return Err(Error::Unsupported {
                    file: name.into(),
                    feature: "a raster that is turned against its coordinate system".into(),
                    remedy: "straighten it, for example by `gdalwarp`",
                });
            }
            _ => {
                let problem = "it does not say where it lies, export it with its georeference".into();
                return Err(Error::Raster { file: name.into(), problem });
            }
        };
        if ![corner[0], corner[1], step[0], step[1]].iter().all(|number| number.is_finite())
            || step.contains(&0.0)
        {
            let problem = "its corner or the size of its cells is no number".into();
            return Err(Error::Raster { file: name.into(), problem });
        }
        let code = key(PROJECTED).or_else(|| key(GEOGRAPHIC));
        let crs = match code {
            Some(code) => agreed(name, format!("EPSG:{code}"), Crs::from_epsg(code), chosen)?,
            None => chosen.unwrap_or_default(),
        };
        // a raster of points is tied by the centres of its cells, one of areas by their corners
        let half = if key(RASTER_TYPE) == Some(2) { 0.0 } else { 0.5 };
        Ok(Self { crs, first: [corner[0] + half * step[0], corner[1] + half * step[1]], step })
    }
}

#[expect(clippy::cast_precision_loss, reason = "more people than a double holds exactly live in no cell")]
fn numbers(values: DecodingResult) -> Vec<f64> {
    match values {
        DecodingResult::U8(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::U16(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::U32(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::U64(values) => values.into_iter().map(|value| value as f64).collect(),
        DecodingResult::I8(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::I16(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::I32(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::I64(values) => values.into_iter().map(|value| value as f64).collect(),
        DecodingResult::F16(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::F32(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::F64(values) => values,
    }
}
