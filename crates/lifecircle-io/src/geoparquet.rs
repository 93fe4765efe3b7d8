//! Tables in Parquet, with geometries as GeoParquet 1.1 describes them.
//!
//! A file names its columns of geometries in the entry `geo` of its metadata; they hold well-known binary. A file
//! without that entry is a table with columns of coordinates. Row numbers in messages count rows from 1.
//!
//! Files come from anywhere, and the decoder is not ours: should it panic over damaged bytes, that is an error of the
//! file like any other.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use geo_types::Geometry;
use lifecircle_types::{ColumnValues, DemandSet, FacilitySet, FeatureTable, Imported, UnitSet};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::Field;
use parquet::schema::types::Type;
use serde_json::{Value, json};

use crate::crs::{Crs, agreed};
use crate::error::{Error, Result, shorten};
use crate::facilities::{self, FacilityColumns};
use crate::records::{Record, Records};
use crate::residents::{self, ResidentColumns};
use crate::rows::{check_part, no_rows};
use crate::text::{looks_like, number_text};
use crate::units::{self, UnitColumns};
use crate::wkb;

/// Rows of one group.
const GROUP: usize = 100_000;

/// Reads residents: one place a row.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, column and remedy.
pub fn read_residents_parquet(bytes: &[u8], name: &str, c: &ResidentColumns) -> Result<Imported<DemandSet>> {
    residents::read(&mut rows(bytes, name, c.crs)?, c)
}

/// Reads facilities: one site a row.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, column and remedy.
pub fn read_facilities_parquet(
    bytes: &[u8],
    name: &str,
    c: &FacilityColumns,
) -> Result<Imported<FacilitySet>> {
    facilities::read(&mut rows(bytes, name, c.crs)?, c)
}

/// Reads planning units with their boundaries.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, column and remedy.
pub fn read_units_parquet(bytes: &[u8], name: &str, c: &UnitColumns) -> Result<Imported<UnitSet>> {
    units::read(&mut rows(bytes, name, c.crs)?, c)
}

/// The rows of a file.
pub(crate) fn rows<'a>(bytes: &[u8], name: &'a str, crs: Option<Crs>) -> Result<Records<'a>> {
    if bytes.is_empty() {
        return Err(no_rows(name));
    }
    if !bytes.starts_with(b"PAR1") {
        return Err(Error::WrongFormat {
            file: name.into(),
            expected: "a Parquet file",
            found: looks_like(bytes).unwrap_or("something unknown"),
            remedy: "export it as Parquet",
        });
    }
    let broken = |problem: String| Error::Parquet { file: name.into(), problem: shorten(&problem) };
    let decoded = catch_unwind(AssertUnwindSafe(|| decode(Bytes::copy_from_slice(bytes))));
    let table =
        decoded.map_err(|_| broken("its bytes make no sense".into()))?.map_err(|error| {
            match error.to_string() {
                text if text.contains("Disabled feature") => Error::Unsupported {
                    file: name.into(),
                    feature: "another compression than snappy, gzip and lz4".into(),
                    remedy: "write it with one of these",
                },
                text => broken(text),
            }
        })?;
    let place = match &table.geo {
        None => None,
        Some(text) => Some(Place::of(text, name, crs)?),
    };
    let (geometry, crs) = match place {
        None => (None, crs.unwrap_or_default()),
        Some(Place { column, crs }) => (Some(column), crs),
    };
    let at = match &geometry {
        None => None,
        Some(column) => Some(table.columns.iter().position(|name| name == column).ok_or_else(|| {
            broken(format!("its geometries should be in `{}`, which it does not have", shorten(column)))
        })?),
    };
    let mut columns = table.columns;
    at.map(|at| columns.remove(at));
    let record = |mut fields: Vec<Field>| -> Record {
        let shape = at.map(|at| fields.remove(at)).and_then(|field| match field {
            Field::Bytes(bytes) => Some(bytes.data().to_vec()),
            Field::Str(text) => Some(text.into_bytes()),
            _ => None,
        });
        (fields.iter().map(text).collect(), shape)
    };
    let records: Vec<Record> = table.rows.into_iter().map(record).collect();
    Ok(Records { file: name, columns, geometry, crs, records: records.into_iter(), next: 0 })
}

/// What a file holds.
struct Decoded {
    columns: Vec<String>,
    /// Fields in the order of the columns.
    rows: Vec<Vec<Field>>,
    geo: Option<String>,
}

fn decode(bytes: Bytes) -> core::result::Result<Decoded, ParquetError> {
    let reader = SerializedFileReader::new(bytes)?;
    let meta = reader.metadata().file_metadata();
    let columns: Vec<String> =
        meta.schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
    let entries = meta.key_value_metadata().into_iter().flatten();
    let geo = entries.into_iter().find(|entry| entry.key == "geo").and_then(|entry| entry.value.clone());
    let mut rows = vec![];
    for row in reader.get_row_iter(None)? {
        let fields: Vec<Field> = row?.into_columns().into_iter().map(|(_, field)| field).collect();
        if fields.len() != columns.len() {
            return Err(ParquetError::General("a row has more or fewer fields than columns".into()));
        }
        rows.push(fields);
    }
    Ok(Decoded { columns, rows, geo })
}

/// Which column holds the geometries, and in which system.
struct Place {
    column: String,
    crs: Crs,
}

impl Place {
    fn of(text: &str, name: &str, chosen: Option<Crs>) -> Result<Self> {
        let broken = |problem: &str| Error::Parquet { file: name.into(), problem: problem.into() };
        let geo: Value =
            serde_json::from_str(text).map_err(|_| broken("the entry `geo` of its metadata is no JSON"))?;
        let column = geo.get("primary_column").and_then(Value::as_str);
        let column = column.ok_or_else(|| broken("it names no `primary_column` of geometries"))?;
        let about = geo.get("columns").and_then(|columns| columns.get(column));
        let about = about.ok_or_else(|| broken("it does not describe its `primary_column`"))?;
        if about.get("encoding").and_then(Value::as_str) != Some("WKB") {
            return Err(Error::Unsupported {
                file: name.into(),
                feature: "geometries in another form than WKB".into(),
                remedy: "write it with the encoding WKB",
            });
        }
        let crs = match about.get("crs") {
            // what is not said is degrees on WGS 84
            None => agreed(name, "OGC:CRS84", Some(Crs::WGS84), chosen)?,
            Some(Value::Null) if chosen.is_some() => chosen.unwrap_or_default(),
            Some(crs) => {
                let id = |key: &str| crs.get("id").and_then(|id| id.get(key));
                let code =
                    id("code").map(|code| code.to_string().trim_matches('"').to_owned()).unwrap_or_default();
                let authority = id("authority").and_then(Value::as_str).unwrap_or("an unknown system");
                let known = match (authority, code.as_str()) {
                    ("OGC", "CRS84") => Some(Crs::WGS84),
                    ("EPSG", code) => code.parse().ok().and_then(Crs::from_epsg),
                    _ => None,
                };
                agreed(name, shorten(format!("{authority}:{code}").trim_end_matches(':')), known, chosen)?
            }
        };
        Ok(Self { column: column.into(), crs })
    }
}

fn text(field: &Field) -> String {
    match field {
        Field::Str(text) => text.clone(),
        Field::Bool(flag) => flag.to_string(),
        Field::Byte(number) => number.to_string(),
        Field::Short(number) => number.to_string(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::UByte(number) => number.to_string(),
        Field::UShort(number) => number.to_string(),
        Field::UInt(number) => number.to_string(),
        Field::ULong(number) => number.to_string(),
        Field::Float(number) => decimal(f64::from(*number)),
        Field::Double(number) => decimal(*number),
        Field::Bytes(bytes) => bytes.as_utf8().map(str::to_owned).unwrap_or_default(),
        Field::Decimal(_) | Field::Date(_) => field.to_string().trim_matches('"').replace(" +00:00", ""),
        // times, lists and structures are nothing that a column of a table here holds
        _ => String::new(),
    }
}

/// A whole number without a point: tools write columns of integers with gaps as doubles.
fn decimal(number: f64) -> String {
    let text = number_text(number).unwrap_or_else(|| number.to_string());
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// Writes a table as GeoParquet 1.1, compressed with snappy.
///
/// Geometries stand in the column `geometry` as well-known binary, in degrees on WGS 84, longitude first. Notes of the
/// table are entries of the metadata. Equal tables give equal bytes.
///
/// # Errors
/// [`Error::NotFinite`] for a number that is none, [`Error::NoteKey`] for the note `geo`, [`Error::ToldTwice`] for a
/// column `geometry` beside geometries, [`Error::Write`] when `w` refuses.
pub fn write_parquet(w: impl Write, t: &FeatureTable) -> Result<()> {
    let mut groups = Groups::new(w, t)?;
    groups.rows(t)?;
    groups.finish()
}

/// Writes a table that comes in parts of the same columns, one after another, as [`write_parquet`] writes it whole; each
/// part is a group of rows of its own, and only the part at hand is in memory. No part at all is no file: at least one is
/// needed, without rows if there are none.
///
/// # Errors
/// As [`write_parquet`]; [`Error::Parts`] for a part with other columns than the first, or none.
///
/// ```
/// # use lifecircle_io::write_parquet_parts;
/// # use lifecircle_types::{ColumnValues, FeatureTable};
/// let part = |metres: f64| {
///     let mut table = FeatureTable::new(1);
///     table.push("length_m", ColumnValues::Number(vec![Some(metres)])).map(|()| table)
/// };
/// let mut bytes = vec![];
/// write_parquet_parts(&mut bytes, [part(250.0)?, part(400.5)?])?;
/// assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_parquet_parts(w: impl Write, parts: impl IntoIterator<Item = FeatureTable>) -> Result<()> {
    let mut parts = parts.into_iter();
    let first =
        parts.next().ok_or_else(|| Error::Parts { expected: "at least one".into(), found: "none".into() })?;
    let names: Vec<String> = first.columns().iter().map(|column| column.name.clone()).collect();
    let mut groups = Groups::new(w, &first)?;
    groups.rows(&first)?;
    drop(first);
    for part in parts {
        check_part(&names, &part)?;
        groups.rows(&part)?;
    }
    groups.finish()
}

const GEOMETRY: &str = "geometry";

/// A file on its way: what the encoder has made goes out after every group.
struct Groups<W: Write> {
    w: W,
    writer: SerializedFileWriter<Vec<u8>>,
}

fn refused(error: ParquetError) -> Error {
    Error::Write { what: "the table", source: std::io::Error::other(error) }
}

impl<W: Write> Groups<W> {
    fn new(w: W, t: &FeatureTable) -> Result<Self> {
        if t.notes().iter().any(|(key, _)| key == "geo") {
            return Err(Error::NoteKey {
                key: "geo".into(),
                problem: "the entry describes geometries, use another",
            });
        }
        if t.geometry().is_some() && t.columns().iter().any(|column| column.name == GEOMETRY) {
            return Err(Error::ToldTwice { file: "the table".into(), column: GEOMETRY.into() });
        }
        Ok(Self { w, writer: writer(t).map_err(refused)? })
    }

    fn rows(&mut self, t: &FeatureTable) -> Result<()> {
        for column in t.columns() {
            if let ColumnValues::Number(values) = &column.values
                && let Some(row) =
                    values.iter().position(|value| value.is_some_and(|value| !value.is_finite()))
            {
                return Err(Error::NotFinite { column: column.name.clone(), row });
            }
        }
        for from in (0..t.rows()).step_by(GROUP) {
            group(&mut self.writer, t, from..t.rows().min(from + GROUP)).map_err(refused)?;
            let made = core::mem::take(self.writer.inner_mut());
            self.w.write_all(&made).map_err(|source| Error::Write { what: "the table", source })?;
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        let Self { mut w, writer } = self;
        let rest = writer.into_inner().map_err(refused)?;
        w.write_all(&rest)
            .and_then(|()| w.flush())
            .map_err(|source| Error::Write { what: "the table", source })
    }
}

/// A file of the columns of a table, without rows.
fn writer(t: &FeatureTable) -> core::result::Result<SerializedFileWriter<Vec<u8>>, ParquetError> {
    let mut fields = vec![];
    for column in t.columns() {
        let (physical, logical) = match column.values {
            ColumnValues::Integer(_) => (Physical::INT64, None),
            ColumnValues::Number(_) => (Physical::DOUBLE, None),
            ColumnValues::Flag(_) => (Physical::BOOLEAN, None),
            _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let field =
            Type::primitive_type_builder(&column.name, physical).with_repetition(Repetition::OPTIONAL);
        fields.push(Arc::new(field.with_logical_type(logical).build()?));
    }
    if t.geometry().is_some() {
        let field = Type::primitive_type_builder(GEOMETRY, Physical::BYTE_ARRAY);
        fields.push(Arc::new(field.with_repetition(Repetition::OPTIONAL).build()?));
    }
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let mut entries: Vec<KeyValue> =
        t.notes().iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    if t.geometry().is_some() {
        entries.push(KeyValue::new("geo".into(), geo(t).to_string()));
    }
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("lifecircle ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata(Some(entries))
        .build();
    SerializedFileWriter::new(vec![], schema, Arc::new(properties))
}

/// Writes rows of a table as a group.
fn group(
    writer: &mut SerializedFileWriter<Vec<u8>>,
    t: &FeatureTable,
    rows: Range<usize>,
) -> core::result::Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in t.columns() {
        match &column.values {
            ColumnValues::Integer(values) => {
                put::<Int64Type>(&mut group, values[rows.clone()].iter().copied())?;
            }
            ColumnValues::Number(values) => {
                put::<DoubleType>(&mut group, values[rows.clone()].iter().copied())?;
            }
            ColumnValues::Flag(values) => {
                put::<BoolType>(&mut group, values[rows.clone()].iter().copied())?;
            }
            ColumnValues::Text(values) => {
                let texts = values[rows.clone()].iter();
                put::<ByteArrayType>(&mut group, texts.map(|text| text.as_deref().map(ByteArray::from)))?;
            }
            // kinds that this version does not know are written as absent
            _ => put::<ByteArrayType>(&mut group, rows.clone().map(|_| None))?,
        }
    }
    if let Some(shapes) = t.geometry() {
        let binary = |shape: &Geometry<f64>| {
            let mut bytes = vec![];
            wkb::write(&mut bytes, shape);
            ByteArray::from(bytes)
        };
        put::<ByteArrayType>(&mut group, shapes[rows].iter().map(|shape| shape.as_ref().map(binary)))?;
    }
    group.close()?;
    Ok(())
}

/// Writes the next column: the values that are there, and which rows have one.
fn put<T: parquet::data_type::DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: impl Iterator<Item = Option<T::T>>,
) -> core::result::Result<(), ParquetError> {
    let (mut present, mut levels) = (vec![], vec![]);
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(&present, Some(&levels), None)?;
        column.close()?;
    }
    Ok(())
}

/// The description of the geometries.
fn geo(t: &FeatureTable) -> Value {
    let kind = |shape: &Geometry<f64>| match shape {
        Geometry::Point(_) => "Point",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    };
    let kinds: BTreeSet<&str> = t.geometry().into_iter().flatten().flatten().map(kind).collect();
    let mut about = json!({ "encoding": "WKB", "geometry_types": kinds });
    if let Some(bounds) = wkb::bounds(t) {
        about["bbox"] = json!(bounds);
    }
    json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: about } })
}
