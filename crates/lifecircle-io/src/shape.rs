//! Points and areas of rows, from the coordinates of their files.

use geo_types::{Coord, LineString, Polygon};

use crate::area::{canonical, measure};
use crate::crs::{Crs, Remedy, located};
use crate::rows::RowGeometry;

impl RowGeometry {
    pub(crate) fn point(crs: Crs, at: [f64; 2]) -> Result<Self, Remedy> {
        located(crs, at).map(|(at, given)| Self::Point(at, given))
    }

    /// An area of polygons, each an outer ring and its holes.
    pub(crate) fn area(crs: Crs, polygons: Vec<Vec<Vec<[f64; 2]>>>) -> Result<Self, Remedy> {
        let ring = |corners: Vec<[f64; 2]>| {
            let corner = |at| located(crs, at).map(|(at, _)| Coord { x: at.lon(), y: at.lat() });
            let line: Vec<Coord<f64>> = corners.into_iter().map(corner).collect::<Result<_, _>>()?;
            if line.len() < 4 || line.first() != line.last() {
                return Err(Remedy::from("give rings of at least four positions, the last like the first"));
            }
            Ok(LineString(line))
        };
        let polygon = |rings: Vec<Vec<[f64; 2]>>| {
            let mut rings = rings.into_iter().map(ring);
            let outer = rings.next().ok_or("give a polygon at least one ring")??;
            Ok::<_, Remedy>(Polygon::new(outer, rings.collect::<Result<_, _>>()?))
        };
        let polygons = polygons.into_iter().map(polygon).collect::<Result<_, _>>()?;
        let boundary = canonical(polygons);
        let measured = measure(&boundary).ok_or("give an area that encloses something")?;
        Ok(Self::Area { boundary, inside: measured.inside, area_m2: measured.area_m2 })
    }
}
