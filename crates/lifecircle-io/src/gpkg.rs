//! Layers of GeoPackages: SQLite files with a table of tables.
//!
//! A file is read from memory. Only plain tables are looked at, never views or virtual tables, so that nothing in a
//! file is carried out. Row numbers in messages count the rows of the layer from 1, in the order of their ids.

use std::collections::BTreeSet;
use std::io::Write;

use geo_types::Geometry;
use lifecircle_types::{ColumnValues, DemandSet, FacilitySet, FeatureTable, Imported, UnitSet};
use rusqlite::limits::Limit;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, MAIN_DB};

use crate::crs::{Crs, agreed};
use crate::error::{Error, Result, shorten};
use crate::facilities::{self, FacilityColumns};
use crate::records::{Record, Records};
use crate::residents::{self, ResidentColumns};
use crate::rows::no_rows;
use crate::text::{looks_like, number_text};
use crate::units::{self, UnitColumns};
use crate::wkb;

/// Bytes of one cell.
const LARGEST_CELL: i32 = 256 << 20;
const SIGNATURE: &[u8] = b"SQLite format 3\0";

/// Reads residents: one place a row; `layer` may be left out where the file has one layer.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, column and remedy.
pub fn read_residents_gpkg(
    bytes: &[u8],
    name: &str,
    layer: Option<&str>,
    c: &ResidentColumns,
) -> Result<Imported<DemandSet>> {
    residents::read(&mut rows(bytes, name, layer, c.crs)?, c)
}

/// Reads facilities: one site a row; `layer` may be left out where the file has one layer.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, column and remedy.
pub fn read_facilities_gpkg(
    bytes: &[u8],
    name: &str,
    layer: Option<&str>,
    c: &FacilityColumns,
) -> Result<Imported<FacilitySet>> {
    facilities::read(&mut rows(bytes, name, layer, c.crs)?, c)
}

/// Reads planning units with their boundaries; `layer` may be left out where the file has one layer.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, column and remedy.
pub fn read_units_gpkg(
    bytes: &[u8],
    name: &str,
    layer: Option<&str>,
    c: &UnitColumns,
) -> Result<Imported<UnitSet>> {
    units::read(&mut rows(bytes, name, layer, c.crs)?, c)
}

fn rows<'a>(bytes: &[u8], name: &'a str, layer: Option<&str>, crs: Option<Crs>) -> Result<Records<'a>> {
    if bytes.is_empty() {
        return Err(no_rows(name));
    }
    if !bytes.starts_with(SIGNATURE) {
        return Err(Error::WrongFormat {
            file: name.into(),
            expected: "a GeoPackage",
            found: looks_like(bytes).unwrap_or("something unknown"),
            remedy: "export it as a GeoPackage",
        });
    }
    // the bytes that tell how the file was last written
    if bytes.get(18..20).is_some_and(|versions| versions.contains(&2)) {
        return Err(Error::Unsupported {
            file: name.into(),
            feature: "the log of another program beside it".into(),
            remedy: "close the program that has it open, or export the layer again",
        });
    }
    Layer { name, crs }.read(bytes, layer).map_err(|fault| match fault {
        Fault::Sql(error) => Error::Database { file: name.into(), problem: shorten(&error.to_string()) },
        Fault::Told(error) => error,
    })
}

/// What can go wrong between the file and the rows.
enum Fault {
    Sql(rusqlite::Error),
    Told(Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

/// A layer on its way out of its file.
struct Layer<'a> {
    name: &'a str,
    crs: Option<Crs>,
}

impl<'a> Layer<'a> {
    fn read(&self, bytes: &[u8], layer: Option<&str>) -> core::result::Result<Records<'a>, Fault> {
        let mut db = Connection::open_in_memory()?;
        db.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), true)?;
        db.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST_CELL)?;
        db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        let tables = plain_tables(&db)?;
        for needed in ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"] {
            if !tables.contains(needed) {
                let problem = format!("it has no table `{needed}`");
                return Err(Error::Database { file: self.name.into(), problem }.into());
            }
        }
        let mut contents =
            db.prepare("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY 1")?;
        let layers: Vec<String> =
            contents.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let layer = match (layer, layers.as_slice()) {
            (Some(layer), _) if layers.iter().any(|known| known == layer) => layer.to_owned(),
            (None, [only]) => only.clone(),
            (wanted, _) => {
                return Err(Error::Layer {
                    file: self.name.into(),
                    wanted: wanted.map(shorten),
                    found: layers.iter().map(|layer| shorten(layer)).collect(),
                }
                .into());
            }
        };
        if !tables.contains(&layer) {
            let problem = format!("the layer `{}` is no table", shorten(&layer));
            return Err(Error::Database { file: self.name.into(), problem }.into());
        }
        let (geometry, srs): (String, i64) = db.query_row(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1",
            [&layer],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (organisation, code): (String, i64) = db.query_row(
            "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
            [srs],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let is_epsg = organisation.eq_ignore_ascii_case("epsg");
        let known = u16::try_from(code).ok().filter(|_| is_epsg).and_then(Crs::from_epsg);
        // -1 and 0 stand for coordinates of which nothing is known
        let crs = match self.crs {
            Some(chosen) if matches!(srs, -1 | 0) => chosen,
            chosen => agreed(self.name, format!("{}:{code}", shorten(&organisation)), known, chosen)?,
        };
        let (columns, records) = self.records(&db, &layer, &geometry)?;
        Ok(Records {
            file: self.name,
            columns,
            geometry: Some(geometry),
            crs,
            records: records.into_iter(),
            next: 0,
        })
    }

    fn records(
        &self,
        db: &Connection,
        layer: &str,
        geometry: &str,
    ) -> core::result::Result<(Vec<String>, Vec<Record>), Fault> {
        let quoted = layer.replace('"', "\"\"");
        let mut query = db.prepare(&format!("SELECT * FROM \"{quoted}\" ORDER BY rowid"))?;
        let names: Vec<String> = query.column_names().map(str::to_owned).collect();
        let mut rows = query.query([])?;
        let mut records: Vec<Record> = vec![];
        while let Some(row) = rows.next()? {
            let (mut cells, mut shape) = (vec![], None);
            for (at, name) in names.iter().enumerate() {
                let value = row.get_ref(at)?;
                if name != geometry {
                    cells.push(text(value));
                } else if let ValueRef::Blob(blob) = value {
                    let body = body_of(blob).ok_or_else(|| Error::BadValue {
                        file: self.name.into(),
                        row: records.len() as u64 + 1,
                        field: name.clone(),
                        value: format!("{} bytes", blob.len()),
                        remedy: "export the geometry again, its header is damaged".into(),
                    })?;
                    shape = body.map(<[u8]>::to_vec);
                }
            }
            records.push((cells, shape));
        }
        Ok((names.into_iter().filter(|name| name != geometry).collect(), records))
    }
}

/// Tables that hold rows themselves: no views, which may compute without end, and nothing virtual.
fn plain_tables(db: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut query = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))?;
    let mut tables = BTreeSet::new();
    for row in rows {
        let (name, sql) = row?;
        let sql = sql.unwrap_or_default().to_ascii_uppercase();
        if sql.starts_with("CREATE TABLE") && !sql.contains("GENERATED ALWAYS") {
            tables.insert(name);
        }
    }
    Ok(tables)
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number_text(number).unwrap_or_else(|| number.to_string()),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// The well-known binary after the header of a geometry; `Some(None)` when it is marked as empty.
fn body_of(blob: &[u8]) -> Option<Option<&[u8]>> {
    let flags = *blob.strip_prefix(b"GP")?.get(1)?;
    let envelope = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    let body = blob.get(8 + envelope..)?;
    Some((flags & 0x10 == 0).then_some(body))
}

/// Writes a table as the one layer of a GeoPackage, which QGIS and GeoPandas open.
///
/// Positions are degrees on WGS 84 (EPSG:4326). Notes of the table stand in the description of the layer. Rows are
/// numbered in the column `fid` and have their geometry in `geom`, with `_` added while a column has that name. The
/// date of the last change is always 1970-01-01: equal tables give equal bytes.
///
/// # Errors
/// [`Error::NotFinite`] for a number that is none, [`Error::Database`] for a name that SQLite refuses, such as two
/// columns that differ in case alone, [`Error::Write`] when `w` refuses.
pub fn write_gpkg(mut w: impl Write, t: &FeatureTable, layer: &str) -> Result<()> {
    let failed =
        |error: rusqlite::Error| Error::Database { file: layer.into(), problem: shorten(&error.to_string()) };
    for column in t.columns() {
        if let ColumnValues::Number(values) = &column.values
            && let Some(row) = values.iter().position(|value| value.is_some_and(|value| !value.is_finite()))
        {
            return Err(Error::NotFinite { column: column.name.clone(), row });
        }
    }
    let mut db = Connection::open_in_memory().map_err(failed)?;
    fill(&mut db, t, layer).map_err(failed)?;
    let bytes = db.serialize(MAIN_DB).map_err(failed)?;
    w.write_all(&bytes).and_then(|()| w.flush()).map_err(|source| Error::Write { what: "the layer", source })
}

const SCHEMA: &str = "
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL),
    ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4326\"]]', NULL);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
    srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL REFERENCES gpkg_contents(table_name),
    column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL,
    PRIMARY KEY (table_name, column_name));
";

fn fill(db: &mut Connection, t: &FeatureTable, layer: &str) -> rusqlite::Result<()> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let free = |wanted: &str| {
        let mut name = wanted.to_owned();
        while t.columns().iter().any(|column| column.name.eq_ignore_ascii_case(&name)) {
            name.push('_');
        }
        name
    };
    let (fid, geom) = (free("fid"), free("geom"));
    db.execute_batch(SCHEMA)?;
    let mut columns =
        vec![format!("{} INTEGER PRIMARY KEY NOT NULL", quoted(&fid)), format!("{} GEOMETRY", quoted(&geom))];
    for column in t.columns() {
        let kind = match column.values {
            ColumnValues::Integer(_) => "INTEGER",
            ColumnValues::Number(_) => "DOUBLE",
            ColumnValues::Flag(_) => "BOOLEAN",
            _ => "TEXT",
        };
        columns.push(format!("{} {kind}", quoted(&column.name)));
    }
    db.execute_batch(&format!("CREATE TABLE {} ({})", quoted(layer), columns.join(", ")))?;
    let notes: Vec<String> = t.notes().iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let bounds = wkb::bounds(t);
    let corner = |at: usize| bounds.map(|bounds| bounds[at]);
    db.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, ?2, '1970-01-01T00:00:00.000Z', ?3, ?4, ?5, ?6, 4326)",
        (layer, notes.join("\n"), corner(0), corner(1), corner(2), corner(3)),
    )?;
    db.execute("INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, 'GEOMETRY', 4326, 0, 0)", (layer, &geom))?;
    let marks = vec!["?"; columns.len()].join(", ");
    let transaction = db.transaction()?;
    {
        let mut insert = transaction.prepare(&format!("INSERT INTO {} VALUES ({marks})", quoted(layer)))?;
        for row in 0..t.rows() {
            let mut values = vec![Value::Integer(i64::try_from(row).unwrap_or(i64::MAX).saturating_add(1))];
            values.push(match t.geometry().and_then(|geometry| geometry[row].as_ref()) {
                None => Value::Null,
                Some(shape) => Value::Blob(blob(shape)),
            });
            values.extend(t.columns().iter().map(|column| value(&column.values, row)));
            insert.execute(rusqlite::params_from_iter(values))?;
        }
    }
    transaction.commit()
}

fn value(column: &ColumnValues, row: usize) -> Value {
    let found = match column {
        ColumnValues::Text(values) => values[row].clone().map(Value::Text),
        ColumnValues::Integer(values) => values[row].map(Value::Integer),
        ColumnValues::Flag(values) => values[row].map(|flag| Value::Integer(i64::from(flag))),
        ColumnValues::Number(values) => values[row].map(Value::Real),
        // kinds that this version does not know are written as absent
        _ => None,
    };
    found.unwrap_or(Value::Null)
}

/// The header, of version 0, without an envelope, little end first, and the well-known binary.
fn blob(shape: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = b"GP\0\x01".to_vec();
    bytes.extend(4326_i32.to_le_bytes());
    wkb::write(&mut bytes, shape);
    bytes
}
