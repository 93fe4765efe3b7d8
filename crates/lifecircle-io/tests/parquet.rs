//! Parquet: what is written is read again, and damage is an error.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use geo_types::{Geometry, Point, polygon};
use lifecircle_io::{
    FacilityColumns, ResidentColumns, UnitColumns, read_facilities_parquet, read_residents_parquet,
    read_units_parquet, write_parquet, write_parquet_parts,
};
use lifecircle_testkit::hostile::{damaged, noise};
use lifecircle_types::{ColumnValues, FeatureTable, LonLat, UnitKind};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

fn columns() -> FeatureTable {
    let mut table = FeatureTable::new(3);
    let text =
        |values: [Option<&str>; 3]| ColumnValues::Text(values.map(|value| value.map(String::from)).into());
    table.push("id", text([Some("a"), Some("b"), Some("玉林")])).unwrap();
    table.push("service", text([Some("clinic"), Some("park;library"), Some("clinic")])).unwrap();
    table.push("people", ColumnValues::Number(vec![Some(12.5), Some(3.0), None])).unwrap();
    table.push("age_65_plus", ColumnValues::Integer(vec![Some(2), None, None])).unwrap();
    table.push("open", ColumnValues::Flag(vec![Some(true), Some(false), None])).unwrap();
    table.note("attribution", "a census");
    table
}

fn table() -> FeatureTable {
    let mut table = columns();
    let square =
        polygon![(x: 104.0, y: 30.0), (x: 104.01, y: 30.0), (x: 104.01, y: 30.01), (x: 104.0, y: 30.0)];
    let shapes: Vec<Option<Geometry<f64>>> =
        vec![Some(Point::new(104.06, 30.66).into()), Some(square.into()), None];
    table.set_geometry(shapes).unwrap();
    table
}

fn written(table: &FeatureTable) -> Vec<u8> {
    let mut bytes = vec![];
    write_parquet(&mut bytes, table).unwrap();
    bytes
}

#[test]
fn what_is_written_is_read_again() {
    let bytes = written(&table());
    assert_eq!(bytes, written(&table()));
    let read = read_residents_parquet(&bytes, "homes.parquet", &ResidentColumns::default()).unwrap();
    assert_eq!(read.fate.to_string(), "3 rows: 2 used, 0 moved, 1 rejected (1 no number of people)");
    assert_eq!(read.value.positions()[0], LonLat::new(104.06, 30.66).ok());
    assert_eq!(read.value.groups().groups()[0].name, "age_65_plus");
    let facilities = read_facilities_parquet(&bytes, "homes.parquet", &FacilityColumns::default()).unwrap();
    assert_eq!((facilities.value.len(), facilities.fate.used), (2, 2));
    assert!(facilities.value.as_slice()[1].site_area_m2.is_some());
    let columns = UnitColumns::default().every_kind(UnitKind::Block);
    let units = read_units_parquet(&bytes, "homes.parquet", &columns).unwrap();
    assert!(units.value.as_slice()[1].boundary.is_some());
}

#[test]
fn a_table_without_geometries_has_columns_of_coordinates() {
    let mut table = columns();
    table.push("lon", ColumnValues::Number(vec![Some(104.06), Some(104.0), None])).unwrap();
    table.push("lat", ColumnValues::Number(vec![Some(30.66), Some(30.0), None])).unwrap();
    let read =
        read_residents_parquet(&written(&table), "homes.parquet", &ResidentColumns::default()).unwrap();
    assert_eq!(read.value.positions(), [LonLat::new(104.06, 30.66).ok(), LonLat::new(104.0, 30.0).ok()]);
}

/// Walks as rows of a travel matrix.
fn walks(rows: &[(&str, &str, f64)]) -> FeatureTable {
    let mut table = FeatureTable::new(rows.len());
    let text =
        |of: fn(&(&str, &str, f64)) -> String| ColumnValues::Text(rows.iter().map(of).map(Some).collect());
    table.push("from_id", text(|row| row.0.into())).unwrap();
    table.push("to_id", text(|row| row.1.into())).unwrap();
    table.push("length_m", ColumnValues::Number(rows.iter().map(|row| Some(row.2)).collect())).unwrap();
    table
}

#[test]
fn parts_are_rows_of_one_table() {
    let rows = [("a", "x", 10.5), ("a", "y", 20.0), ("b", "x", 0.001)];
    let mut bytes = vec![];
    write_parquet_parts(&mut bytes, [walks(&rows[..2]), walks(&[]), walks(&rows[2..])]).unwrap();
    let whole = written(&walks(&rows));
    // a group of rows for each part, so other bytes, and the same rows
    assert_ne!(bytes, whole);
    #[cfg(feature = "csv")]
    {
        use lifecircle_io::{read_matrix_csv, read_matrix_parquet, write_csv, write_csv_parts};
        let [parts, once] = [&bytes, &whole].map(|bytes| read_matrix_parquet(bytes, "walks").unwrap());
        assert_eq!(parts, once);
        let (mut csv, mut csv_parts) = (vec![], vec![]);
        write_csv(&mut csv, &walks(&rows)).unwrap();
        write_csv_parts(&mut csv_parts, [walks(&rows[..2]), walks(&[]), walks(&rows[2..])]).unwrap();
        assert_eq!(csv, csv_parts);
        assert_eq!(read_matrix_csv(&csv, "walks").unwrap(), once);
        let other = write_csv_parts(&mut vec![], [walks(&rows), columns()]).unwrap_err().to_string();
        assert!(other.contains("the first has from_id, to_id, length_m"), "{other}");
    }
    let other = write_parquet_parts(&mut vec![], [walks(&rows), columns()]).unwrap_err().to_string();
    assert!(other.contains("a part of the table has the columns id, service"), "{other}");
    assert!(write_parquet_parts(&mut vec![], []).is_err());
}

#[test]
fn faults_name_the_file_and_the_remedy() {
    let message = |bytes: &[u8], columns: &ResidentColumns| {
        read_residents_parquet(bytes, "homes.parquet", columns).unwrap_err().to_string()
    };
    let plain = ResidentColumns::default();
    let bytes = written(&table());
    assert!(message(&bytes[..bytes.len() / 2], &plain).contains("no usable Parquet file"));
    assert!(message(b"", &plain).contains("holds no rows"));
    assert!(message(b"id,lon,lat\n", &plain).contains("is not a Parquet file"));
    assert!(message(&bytes, &plain.clone().people("pepole")).contains("did you mean `people`?"));
    assert!(message(&bytes, &plain.clone().crs("epsg:32648".parse().unwrap())).contains("OGC:CRS84"));
    let mut table = FeatureTable::new(1);
    table.push("geometry", ColumnValues::Number(vec![Some(f64::INFINITY)])).unwrap();
    assert!(write_parquet(&mut vec![], &table).unwrap_err().to_string().contains("not finite"));
}

fn is_balanced(bytes: &[u8]) -> bool {
    let residents = read_residents_parquet(bytes, "x", &ResidentColumns::default());
    residents.map_or(true, |read| read.fate.balances())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn damaged_tables(bytes in damaged(written(&table()))) {
        prop_assert!(is_balanced(&bytes));
    }

    #[test]
    fn bytes_without_sense(bytes in noise()) {
        prop_assert!(is_balanced(&[b"PAR1".as_slice(), &bytes, b"PAR1"].concat()));
    }
}

/// Leaves a written file where `LIFECIRCLE_WRITE_SAMPLES` says, for other programs to open.
#[test]
fn a_sample_for_other_programs() {
    if let Some(folder) = std::env::var_os("LIFECIRCLE_WRITE_SAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join("sample.parquet"), written(&table())).unwrap();
    }
}
