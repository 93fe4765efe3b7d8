//! Geometries as well-known binary: a byte order, a kind, and numbers.
//!
//! Kinds of more dimensions, in the notation of ISO (1001, 2001, 3001) and of PostGIS (the top bits), are read without
//! their heights and measures. Counts are believed only as far as bytes follow.

use geo_types::{Geometry, LineString, Polygon};
use lifecircle_types::FeatureTable;

use crate::crs::{Crs, Remedy};
use crate::rows::RowGeometry;

const KIND: Remedy = Remedy::Borrowed("give a Point, a Polygon or a MultiPolygon");
const CUT: Remedy = Remedy::Borrowed("export the geometry again, its bytes are damaged");

/// Bytes still to be read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Remedy> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(CUT)?;
        self.0 = rest;
        Ok(*head)
    }

    fn count(&mut self, little: bool) -> Result<u32, Remedy> {
        let bytes = self.bytes::<4>()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self, little: bool) -> Result<f64, Remedy> {
        let bytes = self.bytes::<8>()?;
        Ok(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// Byte order, kind without its dimensions, and numbers of a position.
    fn head(&mut self) -> Result<(bool, u32, usize), Remedy> {
        const POSTGIS_Z: u32 = 1 << 31;
        const POSTGIS_M: u32 = 1 << 30;
        const POSTGIS_SRID: u32 = 1 << 29;
        let little = match self.bytes::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err(CUT),
        };
        let raw = self.count(little)?;
        if raw & POSTGIS_SRID != 0 {
            self.count(little)?;
        }
        let kind = raw & !(POSTGIS_Z | POSTGIS_M | POSTGIS_SRID);
        let extra = match kind / 1000 {
            0 => usize::from(raw & POSTGIS_Z != 0) + usize::from(raw & POSTGIS_M != 0),
            1 | 2 => 1,
            3 => 2,
            _ => return Err(KIND),
        };
        Ok((little, kind % 1000, 2 + extra))
    }

    fn position(&mut self, little: bool, numbers: usize) -> Result<[f64; 2], Remedy> {
        let at = [self.number(little)?, self.number(little)?];
        for _ in 2..numbers {
            self.number(little)?;
        }
        Ok(at)
    }

    fn rings(&mut self, little: bool, numbers: usize) -> Result<Vec<Vec<[f64; 2]>>, Remedy> {
        let mut rings = vec![];
        for _ in 0..self.count(little)? {
            let mut ring = vec![];
            for _ in 0..self.count(little)? {
                ring.push(self.position(little, numbers)?);
            }
            rings.push(ring);
        }
        Ok(rings)
    }
}

/// The geometry of a row; a point of no numbers and an area of no parts are missing.
pub(crate) fn read(bytes: &[u8], crs: Crs) -> Result<RowGeometry, Remedy> {
    let mut input = Input(bytes);
    let (little, kind, numbers) = input.head()?;
    let polygons = match kind {
        1 => {
            let at = input.position(little, numbers)?;
            if at.iter().all(|number| number.is_nan()) {
                return Ok(RowGeometry::Missing);
            }
            return RowGeometry::point(crs, at);
        }
        3 => vec![input.rings(little, numbers)?],
        6 => {
            let mut polygons = vec![];
            for _ in 0..input.count(little)? {
                let (little, kind, numbers) = input.head()?;
                if kind != 3 {
                    return Err(CUT);
                }
                polygons.push(input.rings(little, numbers)?);
            }
            polygons
        }
        _ => return Err(KIND),
    };
    if polygons.iter().all(Vec::is_empty) {
        return Ok(RowGeometry::Missing);
    }
    RowGeometry::area(crs, polygons)
}

/// Appends a geometry, little end first.
pub(crate) fn write(bytes: &mut Vec<u8>, shape: &Geometry<f64>) {
    let head = |bytes: &mut Vec<u8>, kind: u32| {
        bytes.push(1);
        bytes.extend(kind.to_le_bytes());
    };
    match shape {
        Geometry::Point(point) => {
            head(bytes, 1);
            bytes.extend(point.x().to_le_bytes());
            bytes.extend(point.y().to_le_bytes());
        }
        Geometry::Line(line) => write(bytes, &LineString(vec![line.start, line.end]).into()),
        Geometry::Rect(rect) => write(bytes, &rect.to_polygon().into()),
        Geometry::Triangle(triangle) => write(bytes, &triangle.to_polygon().into()),
        Geometry::LineString(line) => {
            head(bytes, 2);
            write_line(bytes, line);
        }
        Geometry::Polygon(polygon) => {
            head(bytes, 3);
            write_rings(bytes, polygon);
        }
        Geometry::MultiPoint(points) => write_all(bytes, 4, points.0.iter().map(|&part| part.into())),
        Geometry::MultiLineString(lines) => {
            write_all(bytes, 5, lines.0.iter().map(|part| part.clone().into()))
        }
        Geometry::MultiPolygon(parts) => write_all(bytes, 6, parts.0.iter().map(|part| part.clone().into())),
        Geometry::GeometryCollection(parts) => write_all(bytes, 7, parts.0.iter().cloned()),
    }
}

fn write_all(bytes: &mut Vec<u8>, kind: u32, parts: impl ExactSizeIterator<Item = Geometry<f64>>) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
    write_count(bytes, parts.len());
    for part in parts {
        write(bytes, &part);
    }
}

fn write_count(bytes: &mut Vec<u8>, count: usize) {
    // four thousand million corners would take 64 GiB
    bytes.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn write_line(bytes: &mut Vec<u8>, line: &LineString<f64>) {
    write_count(bytes, line.0.len());
    for corner in &line.0 {
        bytes.extend(corner.x.to_le_bytes());
        bytes.extend(corner.y.to_le_bytes());
    }
}

fn write_rings(bytes: &mut Vec<u8>, polygon: &Polygon<f64>) {
    if polygon.exterior().0.is_empty() {
        return write_count(bytes, 0);
    }
    write_count(bytes, 1 + polygon.interiors().len());
    for ring in core::iter::once(polygon.exterior()).chain(polygon.interiors()) {
        write_line(bytes, ring);
    }
}

/// West, south, east and north of all geometries.
pub(crate) fn bounds(t: &FeatureTable) -> Option<[f64; 4]> {
    fn corners(shape: &Geometry<f64>, visit: &mut dyn FnMut(f64, f64)) {
        let mut line = |line: &LineString<f64>| line.0.iter().for_each(|at| visit(at.x, at.y));
        match shape {
            Geometry::Point(point) => visit(point.x(), point.y()),
            Geometry::Line(piece) => line(&vec![piece.start, piece.end].into()),
            Geometry::LineString(piece) => line(piece),
            Geometry::Polygon(polygon) => line(polygon.exterior()),
            Geometry::Rect(rect) => line(rect.to_polygon().exterior()),
            Geometry::Triangle(triangle) => line(triangle.to_polygon().exterior()),
            Geometry::MultiPoint(points) => points.0.iter().for_each(|point| visit(point.x(), point.y())),
            Geometry::MultiLineString(lines) => lines.0.iter().for_each(line),
            Geometry::MultiPolygon(parts) => parts.0.iter().for_each(|part| line(part.exterior())),
            Geometry::GeometryCollection(parts) => parts.0.iter().for_each(|part| corners(part, visit)),
        }
    }
    let mut found: Option<[f64; 4]> = None;
    for shape in t.geometry().into_iter().flatten().flatten() {
        corners(shape, &mut |x, y| {
            let [west, south, east, north] = found.unwrap_or([x, y, x, y]);
            found = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
        });
    }
    found
}
