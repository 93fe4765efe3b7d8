//! Features in GeoJSON (RFC 7946): degrees on WGS 84, longitude first, unless a coordinate system is named.
//!
//! Properties are what columns are in a table, with the same names. A feature may be a point or an area; of an
//! area a position inside is taken, and its size in square metres where it is a site. Row numbers in messages
//! count features from 1.

use std::collections::BTreeSet;
use std::io::Write;

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use lifecircle_types::{
    Building, Column, ColumnValues, DemandSet, FacilitySet, FeatureTable, Imported, UnitSet,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::buildings;
use crate::crs::{Crs, Remedy, agreed};
use crate::error::{Error, Result, shorten};
use crate::facilities::{self, FacilityColumns};
use crate::residents::{self, ResidentColumns};
use crate::rows::{Row, RowGeometry, Rows, no_rows};
use crate::text::{degrees_text, looks_like, number_text, utf8};
use crate::units::{self, UnitColumns};

/// Reads residents: one place a feature; features without a geometry are kept as unplaced.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, feature, property and remedy.
///
/// ```
/// # use lifecircle_io::{ResidentColumns, read_residents_geojson};
/// let text = br#"{"type": "FeatureCollection", "features": [{"type": "Feature",
///     "geometry": {"type": "Point", "coordinates": [104.06, 30.66]}, "properties": {"id": "a", "people": 12}}]}"#;
/// let read = read_residents_geojson(text, "people.geojson", &ResidentColumns::default())?;
/// assert_eq!(read.value.total().rounded(), 12);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_residents_geojson(bytes: &[u8], name: &str, c: &ResidentColumns) -> Result<Imported<DemandSet>> {
    residents::read(&mut Features::new(bytes, name, c.crs)?, c)
}

/// Reads facilities: one site a feature; an area gives the site its size.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, feature, property and remedy.
pub fn read_facilities_geojson(
    bytes: &[u8],
    name: &str,
    c: &FacilityColumns,
) -> Result<Imported<FacilitySet>> {
    facilities::read(&mut Features::new(bytes, name, c.crs)?, c)
}

/// Reads dwellings: an outline a feature, with `id`, and `levels` (`building:levels`) and `dwellings`
/// (`building:flats`) where they are known. Every feature counts as a residential building.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, feature, property and remedy.
pub fn read_buildings_geojson(bytes: &[u8], name: &str, crs: Option<Crs>) -> Result<Imported<Vec<Building>>> {
    buildings::read(&mut Features::new(bytes, name, crs)?)
}

/// Reads planning units with their boundaries; properties are named as the columns of a table of units.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, feature, property and remedy.
pub fn read_units_geojson(bytes: &[u8], name: &str, c: &UnitColumns) -> Result<Imported<UnitSet>> {
    units::read(&mut Features::new(bytes, name, c.crs)?, c)
}

/// A feature collection, handed out feature by feature.
struct Features<'a> {
    file: &'a str,
    columns: Vec<String>,
    crs: Crs,
    /// Whether the column `id` holds the ids of features, not a property.
    own_ids: bool,
    features: std::vec::IntoIter<Value>,
    next: u64,
}

impl<'a> Features<'a> {
    fn new(bytes: &[u8], name: &'a str, crs: Option<Crs>) -> Result<Self> {
        let text = utf8(bytes, name).map_err(|error| match looks_like(bytes) {
            Some(found) => wrong_format(name, found),
            None => error,
        })?;
        if text.trim().is_empty() {
            return Err(no_rows(name));
        }
        if let Some(found) = looks_like(bytes).filter(|&found| found != "JSON") {
            return Err(wrong_format(name, found));
        }
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let text = error.to_string();
            Error::Json {
                file: name.into(),
                line: error.line(),
                column: error.column(),
                problem: text.split(" at line ").next().unwrap_or_default().into(),
            }
        })?;
        let Value::Object(mut root) = value else {
            return Err(problem(name, "the file holds no object, wrap the features in a FeatureCollection"));
        };
        match root.get("type").and_then(Value::as_str) {
            Some("FeatureCollection") => {}
            Some("Topology") => return Err(problem(name, "it is TopoJSON, export it as GeoJSON")),
            Some(other) => {
                let text = format!("it is a single {}, wrap it in a FeatureCollection", shorten(other));
                return Err(problem(name, text));
            }
            None => return Err(problem(name, "it has no `type`, export it as GeoJSON")),
        }
        let crs = crs_of(&root, name, crs)?;
        let Some(Value::Array(features)) = root.remove("features") else {
            return Err(problem(name, "it has no list of `features`"));
        };
        if features.is_empty() {
            return Err(no_rows(name));
        }
        let mut columns = BTreeSet::new();
        let mut own_ids = true;
        for feature in &features {
            if let Some(Value::Object(properties)) = feature.get("properties") {
                columns.extend(
                    properties.keys().filter(|key| !columns.contains(*key)).cloned().collect::<Vec<_>>(),
                );
            }
            own_ids &= feature.get("id").is_some_and(|id| !id.is_null());
        }
        own_ids &= !columns.contains("id");
        if own_ids {
            columns.insert("id".into());
        }
        Ok(Self {
            file: name,
            columns: columns.into_iter().collect(),
            crs,
            own_ids,
            features: features.into_iter(),
            next: 0,
        })
    }
}

impl Rows for Features<'_> {
    fn file(&self) -> &str {
        self.file
    }

    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_geometry(&self) -> bool {
        true
    }

    fn crs(&self) -> Crs {
        self.crs
    }

    fn next_row(&mut self, row: &mut Row) -> Result<bool> {
        let Some(feature) = self.features.next() else {
            return Ok(false);
        };
        self.next += 1;
        row.number = self.next;
        if feature.get("type").and_then(Value::as_str) != Some("Feature") {
            let text = format!("entry {} of `features` is no Feature", self.next);
            return Err(problem(self.file, text));
        }
        row.cells.resize_with(self.columns.len(), String::new);
        for (cell, name) in row.cells.iter_mut().zip(&self.columns) {
            cell.clear();
            let own = (self.own_ids && name == "id").then(|| feature.get("id")).flatten();
            let value = own.or_else(|| feature.get("properties").and_then(|all| all.get(name)));
            if let Some(value) = value {
                push_text(cell, value);
            }
        }
        row.geometry = match feature.get("geometry") {
            None | Some(Value::Null) => RowGeometry::Missing,
            Some(value) => geometry(value, self.crs).map_err(|remedy| Error::BadValue {
                file: self.file.into(),
                row: self.next,
                field: "geometry".into(),
                value: shorten(&value.to_string()),
                remedy: remedy.into_owned(),
            })?,
        };
        Ok(true)
    }
}

fn push_text(cell: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => cell.push_str(text),
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    cell.push(';');
                }
                push_text(cell, value);
            }
        }
        other => cell.push_str(&other.to_string()),
    }
}

fn problem(file: &str, problem: impl Into<String>) -> Error {
    Error::GeoJson { file: file.into(), problem: problem.into() }
}

fn wrong_format(file: &str, found: &'static str) -> Error {
    Error::WrongFormat {
        file: file.into(),
        expected: "GeoJSON",
        found,
        remedy: "export it as GeoJSON in UTF-8",
    }
}

/// The system that the file names, which `chosen` may not contradict; WGS 84 where neither names one.
fn crs_of(root: &Map<String, Value>, file: &str, chosen: Option<Crs>) -> Result<Crs> {
    let crs = match root.get("crs") {
        None | Some(Value::Null) => return Ok(chosen.unwrap_or_default()),
        Some(crs) => crs,
    };
    let name = crs.pointer("/properties/name").and_then(Value::as_str);
    let known = name.and_then(|name| {
        let name = name.to_ascii_uppercase();
        if name.ends_with("CRS84") {
            return Some(Crs::WGS84);
        }
        let code =
            name.strip_prefix("EPSG:").or_else(|| Some(name.split_once(":EPSG:")?.1.split_once(':')?.1))?;
        Crs::from_epsg(code.parse().ok()?)
    });
    agreed(file, name.map_or_else(|| shorten(&crs.to_string()), shorten), known, chosen)
}

fn geometry(value: &Value, crs: Crs) -> core::result::Result<RowGeometry, Remedy> {
    let coordinates = value.get("coordinates");
    let polygons = match (value.get("type").and_then(Value::as_str), coordinates) {
        (Some("Point"), Some(at)) => return RowGeometry::point(crs, position(at)?),
        (Some("Polygon"), Some(rings)) => vec![polygon(rings)?],
        (Some("MultiPolygon"), Some(Value::Array(list))) => {
            list.iter().map(polygon).collect::<core::result::Result<_, _>>()?
        }
        _ => return Err("give a Point, a Polygon or a MultiPolygon with coordinates".into()),
    };
    RowGeometry::area(crs, polygons)
}

fn polygon(value: &Value) -> core::result::Result<Vec<Vec<[f64; 2]>>, Remedy> {
    let ring = |ring: &Value| {
        let corners = ring.as_array().ok_or("give a ring as a list of positions")?;
        corners.iter().map(position).collect()
    };
    value.as_array().ok_or("give a polygon as a list of rings")?.iter().map(ring).collect()
}

fn position(value: &Value) -> core::result::Result<[f64; 2], Remedy> {
    let number = |at: usize| value.get(at).and_then(Value::as_f64);
    let (Some(x), Some(y)) = (number(0), number(1)) else {
        return Err("give a position as two numbers, longitude and latitude".into());
    };
    Ok([x, y])
}

/// Writes a table as a `FeatureCollection`, one feature a line.
///
/// Members come in a fixed order: `type`, the notes of the table as members of the collection, `features`; in a
/// feature `type`, `geometry`, `properties` in the order of the columns. Coordinates have at most seven decimals
/// (about a centimetre), numbers are the shortest decimal that reads back as the same double. Absent values and
/// geometries are `null`. Equal tables give equal bytes.
///
/// # Errors
/// [`Error::NotFinite`] for a number or coordinate that is none, [`Error::NoteKey`] for a note whose key is
/// taken, [`Error::Write`] when `w` refuses.
///
/// ```
/// # use lifecircle_io::write_geojson;
/// # use lifecircle_types::{ColumnValues, FeatureTable};
/// let mut table = FeatureTable::new(1);
/// table.push("people", ColumnValues::Integer(vec![Some(12)]))?;
/// table.note("attribution", "a census");
/// let mut bytes = vec![];
/// write_geojson(&mut bytes, &table)?;
/// let text = r#"{"type":"FeatureCollection","attribution":"a census","features":[
/// {"type":"Feature","geometry":null,"properties":{"people":12}}
/// ]}
/// "#;
/// assert_eq!(String::from_utf8(bytes)?, text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_geojson(mut w: impl Write, t: &FeatureTable) -> Result<()> {
    let mut text = String::from(r#"{"type":"FeatureCollection""#);
    for (at, (key, value)) in t.notes().iter().enumerate() {
        check_note(t, at, key)?;
        text.push(',');
        push_quoted(&mut text, key);
        text.push(':');
        push_quoted(&mut text, value);
    }
    text.push_str(r#","features":["#);
    for row in 0..t.rows() {
        text.push_str(if row == 0 { "\n" } else { ",\n" });
        text.push_str(r#"{"type":"Feature","geometry":"#);
        match t.geometry().and_then(|geometry| geometry[row].as_ref()) {
            None => text.push_str("null"),
            Some(shape) => push_geometry(&mut text, shape)
                .ok_or_else(|| Error::NotFinite { column: "geometry".into(), row })?,
        }
        text.push_str(r#","properties":{"#);
        for (at, column) in t.columns().iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            push_quoted(&mut text, &column.name);
            text.push(':');
            push_cell(&mut text, column, row)?;
        }
        text.push_str("}}");
        w.write_all(text.as_bytes()).map_err(refused)?;
        text.clear();
    }
    text.push_str("\n]}\n");
    w.write_all(text.as_bytes()).map_err(refused)?;
    w.flush().map_err(refused)
}

/// Writes any plain value as JSON: two blanks of indent, a line end at the end.
///
/// Numbers that are not finite become `null`; the order of keys is that of the value's fields.
///
/// # Errors
/// [`Error::Write`] when `w` refuses or the value cannot be written as JSON, such as a map with keys that are no
/// texts.
///
/// ```
/// # use lifecircle_io::write_json;
/// let mut bytes = vec![];
/// write_json(&mut bytes, &std::collections::BTreeMap::from([("people", 12)]))?;
/// assert_eq!(bytes, b"{\n  \"people\": 12\n}\n");
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn write_json(mut w: impl Write, value: &impl Serialize) -> Result<()> {
    serde_json::to_writer_pretty(&mut w, value)
        .map_err(std::io::Error::from)
        .and_then(|()| w.write_all(b"\n"))
        .and_then(|()| w.flush())
        .map_err(refused)
}

fn refused(source: std::io::Error) -> Error {
    Error::Write { what: "the features", source }
}

fn check_note(t: &FeatureTable, at: usize, key: &str) -> Result<()> {
    const RESERVED: [&str; 8] =
        ["type", "features", "geometry", "properties", "coordinates", "geometries", "bbox", "crs"];
    let problem = if RESERVED.contains(&key) {
        "the word has a meaning in GeoJSON, use another"
    } else if t.notes()[..at].iter().any(|(other, _)| other == key) {
        "another note has this key, use another"
    } else {
        return Ok(());
    };
    Err(Error::NoteKey { key: key.into(), problem })
}

fn push_quoted(text: &mut String, value: &str) {
    // Display of a JSON value writes it with quotes and escapes
    text.push_str(&Value::from(value).to_string());
}

fn push_cell(text: &mut String, column: &Column, row: usize) -> Result<()> {
    let plain = match &column.values {
        ColumnValues::Text(values) => {
            if let Some(value) = &values[row] {
                push_quoted(text, value);
                return Ok(());
            }
            None
        }
        ColumnValues::Integer(values) => values[row].map(|value| value.to_string()),
        ColumnValues::Flag(values) => values[row].map(|value| value.to_string()),
        ColumnValues::Number(values) => match values[row] {
            None => None,
            Some(value) => Some(
                number_text(value).ok_or_else(|| Error::NotFinite { column: column.name.clone(), row })?,
            ),
        },
        // kinds that this version does not know are written as absent
        _ => None,
    };
    text.push_str(plain.as_deref().unwrap_or("null"));
    Ok(())
}

/// `None` when a coordinate is not finite; geometries without any position are `null`.
fn push_geometry(text: &mut String, shape: &Geometry<f64>) -> Option<()> {
    if is_empty(shape) {
        text.push_str("null");
        return Some(());
    }
    let (kind, member) = match shape {
        Geometry::Point(_) => ("Point", "coordinates"),
        Geometry::Line(_) | Geometry::LineString(_) => ("LineString", "coordinates"),
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => ("Polygon", "coordinates"),
        Geometry::MultiPoint(_) => ("MultiPoint", "coordinates"),
        Geometry::MultiLineString(_) => ("MultiLineString", "coordinates"),
        Geometry::MultiPolygon(_) => ("MultiPolygon", "coordinates"),
        Geometry::GeometryCollection(_) => ("GeometryCollection", "geometries"),
    };
    text.push_str(&format!(r#"{{"type":"{kind}","{member}":"#));
    match shape {
        Geometry::Point(point) => push_position(text, point.0)?,
        Geometry::Line(line) => push_line(text, &[line.start, line.end])?,
        Geometry::LineString(line) => push_line(text, &line.0)?,
        Geometry::Polygon(polygon) => push_polygon(text, polygon)?,
        Geometry::Rect(rect) => push_polygon(text, &rect.to_polygon())?,
        Geometry::Triangle(triangle) => push_polygon(text, &triangle.to_polygon())?,
        Geometry::MultiPoint(points) => {
            push_list(text, &points.0, |text, point| push_position(text, point.0))?
        }
        Geometry::MultiLineString(lines) => push_list(text, &lines.0, |text, line| push_line(text, &line.0))?,
        Geometry::MultiPolygon(MultiPolygon(polygons)) => {
            let filled: Vec<_> = polygons.iter().filter(|polygon| !polygon.exterior().0.is_empty()).collect();
            push_list(text, &filled, |text, polygon| push_polygon(text, polygon))?;
        }
        Geometry::GeometryCollection(shapes) => push_list(text, &shapes.0, push_geometry)?,
    }
    text.push('}');
    Some(())
}

fn is_empty(shape: &Geometry<f64>) -> bool {
    match shape {
        Geometry::LineString(line) => line.0.is_empty(),
        Geometry::Polygon(polygon) => polygon.exterior().0.is_empty(),
        Geometry::MultiPolygon(MultiPolygon(all)) => {
            all.iter().all(|polygon| polygon.exterior().0.is_empty())
        }
        _ => false,
    }
}

fn push_list<T>(text: &mut String, values: &[T], push: impl Fn(&mut String, &T) -> Option<()>) -> Option<()> {
    text.push('[');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push(text, value)?;
    }
    text.push(']');
    Some(())
}

fn push_polygon(text: &mut String, polygon: &Polygon<f64>) -> Option<()> {
    let rings: Vec<&LineString<f64>> =
        core::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    push_list(text, &rings, |text, ring| push_line(text, &ring.0))
}

fn push_line(text: &mut String, line: &[Coord<f64>]) -> Option<()> {
    push_list(text, line, |text, &position| push_position(text, position))
}

fn push_position(text: &mut String, position: Coord<f64>) -> Option<()> {
    text.push('[');
    text.push_str(&degrees_text(position.x)?);
    text.push(',');
    text.push_str(&degrees_text(position.y)?);
    text.push(']');
    Some(())
}
