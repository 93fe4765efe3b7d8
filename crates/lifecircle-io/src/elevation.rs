//! Rasters of heights in GeoTIFF: one band, metres above some level per cell.
//!
//! A height between the centres of four cells is their bilinear mean. Around the outer centres half a cell more belongs
//! to the raster and has the height of its edge. A place of which a needed cell has no data has no height: never 0 m.

use lifecircle_types::{Fate, Imported, Issues, LonLat};

use crate::crs::Crs;
use crate::error::Result;
use crate::raster::{Band, Grid};

/// Heights of the ground.
#[derive(Clone, Debug)]
pub struct Elevation {
    grid: Grid,
    columns: u32,
    rows: u32,
    /// By row and column; not a number where there is no data.
    cells: Vec<f32>,
}

/// Reads heights in metres; `crs` names the coordinate system of a raster that does not.
///
/// The fate counts cells: used, or rejected as `no data`. What the heights are measured from does not matter to grades.
///
/// # Errors
/// Those of [`read_residents_geotiff`](crate::read_residents_geotiff), but for people.
///
/// ```no_run
/// # use lifecircle_types::LonLat;
/// let bytes = lifecircle_io::read_bytes("dem.tif".as_ref())?;
/// let heights = lifecircle_io::read_elevation_geotiff(&bytes, "dem.tif", None)?.value;
/// let metres = heights.at(LonLat::new(-51.2, -30.05)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_elevation_geotiff(bytes: &[u8], name: &str, crs: Option<Crs>) -> Result<Imported<Elevation>> {
    let mut band = Band::open(bytes, name, crs)?;
    let (grid, [columns, rows]) = (band.grid, band.size);
    let mut cells = vec![f32::NAN; columns as usize * rows as usize];
    let mut fate = Fate::default();
    band.each(|row, column, value| {
        fate.rows += 1;
        match value {
            Some(metres) => {
                #[expect(clippy::cast_possible_truncation, reason = "to less than a millimetre on the earth")]
                let metres = metres as f32;
                cells[row as usize * columns as usize + column as usize] = metres;
                fate.used += 1;
            }
            None => fate.reject("no data"),
        }
        Ok(())
    })?;
    Ok(Imported { value: Elevation { grid, columns, rows, cells }, issues: Issues::new(), fate })
}

impl Elevation {
    /// Metres at a place; `None` outside the raster, and where it has no data.
    #[must_use]
    pub fn at(&self, place: LonLat) -> Option<f64> {
        let [x, y] = self.grid.crs.coordinates(place)?;
        let Grid { first, step, .. } = self.grid;
        let [columns, rows] = [self.columns, self.rows];
        let (left, right_share) = between((x - first[0]) / step[0], columns)?;
        let (upper, lower_share) = between((y - first[1]) / step[1], rows)?;
        let corner = |row: u32, column: u32, weight: f64| {
            if weight > 0.0 {
                let cell = f64::from(self.cells[row as usize * columns as usize + column as usize]);
                (!cell.is_nan()).then_some(weight * cell)
            } else {
                Some(0.0)
            }
        };
        let (right, lower) = ((left + 1).min(columns - 1), (upper + 1).min(rows - 1));
        Some(
            corner(upper, left, (1.0 - lower_share) * (1.0 - right_share))?
                + corner(upper, right, (1.0 - lower_share) * right_share)?
                + corner(lower, left, lower_share * (1.0 - right_share))?
                + corner(lower, right, lower_share * right_share)?,
        )
    }
}

/// The cell before a place counted in cells from the first centre, and the share of the way to the next.
fn between(at: f64, cells: u32) -> Option<(u32, f64)> {
    let last = f64::from(cells.checked_sub(1)?);
    if !(-0.5..=last + 0.5).contains(&at) {
        return None;
    }
    // a place on a centre has the height of that cell alone, whatever its neighbours are
    let centre = libm::round(at);
    let at = if (at - centre).abs() < ON_CENTRE { centre } else { at }.clamp(0.0, last);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of cells"
    )]
    let before = at as u32;
    Some((before, at - f64::from(before)))
}

/// Shares of a cell within which a place lies on its centre: less than a millimetre.
const ON_CENTRE: f64 = 1e-6;
