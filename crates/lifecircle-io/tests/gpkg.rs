//! GeoPackages: what is written is read again, a real layer agrees with its table, damage is an error.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use geo_types::{Geometry, Point, polygon};
use lifecircle_io::{
    FacilityColumns, ResidentColumns, UnitColumns, read_bytes, read_facilities_gpkg, read_residents_gpkg,
    read_units_gpkg, write_gpkg,
};
use lifecircle_testkit::hostile::{damaged, noise};
use lifecircle_testkit::oracle::{self, OracleTable};
use lifecircle_types::{ColumnValues, FeatureTable, LonLat, UnitKind};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

fn table() -> FeatureTable {
    let mut table = FeatureTable::new(3);
    let text =
        |values: [Option<&str>; 3]| ColumnValues::Text(values.map(|value| value.map(String::from)).into());
    table.push("id", text([Some("a"), Some("b"), Some("玉林")])).unwrap();
    table.push("service", text([Some("clinic"), Some("park;library"), Some("clinic")])).unwrap();
    table.push("people", ColumnValues::Number(vec![Some(12.5), Some(3.0), None])).unwrap();
    table.push("age_65_plus", ColumnValues::Integer(vec![Some(2), None, None])).unwrap();
    table.push("open", ColumnValues::Flag(vec![Some(true), Some(false), None])).unwrap();
    let square =
        polygon![(x: 104.0, y: 30.0), (x: 104.01, y: 30.0), (x: 104.01, y: 30.01), (x: 104.0, y: 30.0)];
    let shapes: Vec<Option<Geometry<f64>>> =
        vec![Some(Point::new(104.06, 30.66).into()), Some(square.into()), None];
    table.set_geometry(shapes).unwrap();
    table.note("attribution", "a census");
    table
}

fn written(table: &FeatureTable) -> Vec<u8> {
    let mut bytes = vec![];
    write_gpkg(&mut bytes, table, "homes \"1\"").unwrap();
    bytes
}

#[test]
fn what_is_written_is_read_again() {
    let bytes = written(&table());
    assert_eq!(bytes, written(&table()));
    let read = read_residents_gpkg(&bytes, "homes.gpkg", None, &ResidentColumns::default()).unwrap();
    assert_eq!(read.fate.to_string(), "3 rows: 2 used, 0 moved, 1 rejected (1 no number of people)");
    assert_eq!(read.value.positions()[0], LonLat::new(104.06, 30.66).ok());
    assert_eq!(read.value.groups().groups()[0].name, "age_65_plus");
    let facilities =
        read_facilities_gpkg(&bytes, "homes.gpkg", Some("homes \"1\""), &FacilityColumns::default());
    let facilities = facilities.unwrap();
    assert_eq!((facilities.value.len(), facilities.fate.used), (2, 2));
    assert!(facilities.value.as_slice()[1].site_area_m2.is_some());
    let columns = UnitColumns::default().every_kind(UnitKind::Block);
    let units = read_units_gpkg(&bytes, "homes.gpkg", None, &columns).unwrap();
    assert!(units.value.as_slice()[1].boundary.is_some());
}

/// The cells of the grid as another tool turned them into centroids.
#[test]
fn a_real_grid_is_that_of_its_table() {
    let test = "a_real_grid_is_that_of_its_table";
    let Some(path) = oracle::file(test, "data/helsinki/helsinki_population_grid_2020.gpkg") else { return };
    let Some(cells) = OracleTable::read(test, "data/helsinki/population_grid.csv") else { return };
    let read =
        read_residents_gpkg(&read_bytes(&path).unwrap(), "grid.gpkg", None, &ResidentColumns::default());
    let read = read.unwrap();
    assert!(read.fate.balances());
    assert_eq!(read.value.total().rounded(), 71_724);
    assert_eq!((read.value.len(), cells.rows().len()), (92, 92));
    // the grid lies in EPSG:3879; centroids of squares of 250 m are found to some centimetres
    let mut near = 0;
    let positions = cells.numbers("lon").zip(cells.numbers("lat"));
    let theirs: Vec<LonLat> =
        positions.map(|(lon, lat)| LonLat::new(lon.unwrap(), lat.unwrap()).unwrap()).collect();
    for at in read.value.positions().iter().flatten() {
        let nearest = theirs.iter().map(|other| other.metres_to(*at)).fold(f64::INFINITY, f64::min);
        assert!(nearest < 0.1, "{nearest}");
        near += 1;
    }
    oracle::compared(test, near);
}

#[test]
fn faults_name_the_file_and_the_remedy() {
    let message = |bytes: &[u8], layer: Option<&str>, columns: &ResidentColumns| {
        read_residents_gpkg(bytes, "homes.gpkg", layer, columns).unwrap_err().to_string()
    };
    let plain = ResidentColumns::default();
    let bytes = written(&table());
    assert_eq!(
        message(&bytes, Some("roads"), &plain),
        "homes.gpkg has no layer `roads`: name one of its layers, which are homes \"1\""
    );
    let utm = plain.clone().crs("epsg:32648".parse().unwrap());
    assert!(message(&bytes, None, &utm).contains("coordinates in EPSG:4326"));
    assert!(message(&bytes[..bytes.len() / 2], None, &plain).contains("no usable GeoPackage"));
    assert!(message(b"", None, &plain).contains("holds no rows"));
    assert!(message(b"id,lon,lat\n", None, &plain).contains("is not a GeoPackage"));
    assert!(message(&bytes, None, &plain.clone().people("pepole")).contains("did you mean `people`?"));
    let empty = rusqlite::Connection::open_in_memory().unwrap();
    empty.execute_batch("CREATE TABLE t (a)").unwrap();
    let mut empty = empty;
    let database = empty.serialize(rusqlite::MAIN_DB).unwrap().to_vec();
    assert!(message(&database, None, &plain).contains("it has no table `gpkg_contents`"));
    let mut table = FeatureTable::new(1);
    table.push("share", ColumnValues::Number(vec![Some(f64::NAN)])).unwrap();
    assert!(write_gpkg(&mut vec![], &table, "x").unwrap_err().to_string().contains("not finite"));
    let mut table = FeatureTable::new(0);
    table.push("a", ColumnValues::Flag(vec![])).unwrap();
    table.push("A", ColumnValues::Flag(vec![])).unwrap();
    assert!(write_gpkg(&mut vec![], &table, "x").unwrap_err().to_string().contains("duplicate column name"));
}

/// A view may compute without end, and nobody asked it to.
#[test]
fn views_are_no_layers() {
    let mut db = rusqlite::Connection::open_in_memory().unwrap();
    db.deserialize_read_exact(
        rusqlite::MAIN_DB,
        written(&table()).as_slice(),
        written(&table()).len(),
        false,
    )
    .unwrap();
    db.execute_batch(
        "DROP TABLE \"homes \"\"1\"\"\"; CREATE VIEW \"homes \"\"1\"\"\" AS
         WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, NULL AS geom FROM n;",
    )
    .unwrap();
    let bytes = db.serialize(rusqlite::MAIN_DB).unwrap().to_vec();
    let text =
        read_residents_gpkg(&bytes, "x.gpkg", None, &ResidentColumns::default()).unwrap_err().to_string();
    assert!(text.contains("is no table"), "{text}");
}

fn is_balanced(bytes: &[u8]) -> bool {
    let residents = read_residents_gpkg(bytes, "x", None, &ResidentColumns::default());
    let facilities = read_facilities_gpkg(bytes, "x", None, &FacilityColumns::default());
    residents.map_or(true, |read| read.fate.balances())
        && facilities.map_or(true, |read| read.fate.balances())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn damaged_layers(bytes in damaged(written(&table()))) {
        prop_assert!(is_balanced(&bytes));
    }

    #[test]
    fn bytes_without_sense(bytes in noise()) {
        prop_assert!(is_balanced(&[b"SQLite format 3\0".as_slice(), &bytes].concat()));
    }
}

/// Leaves a written file where `LIFECIRCLE_WRITE_SAMPLES` says, for other programs to open.
#[test]
fn a_sample_for_other_programs() {
    if let Some(folder) = std::env::var_os("LIFECIRCLE_WRITE_SAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join("sample.gpkg"), written(&table())).unwrap();
    }
}
