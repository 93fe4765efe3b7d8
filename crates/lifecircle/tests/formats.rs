//! The same homes from every format that a study reads.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::path::Path;

use lifecircle::io::{write_csv, write_geojson};
use lifecircle::types::{ColumnValues, FeatureTable, NoProgress};
use lifecircle::{Result, Study};

const MAP: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/isle-of-man/isle_of_man_2020-03-14.osm.pbf");

fn homes() -> FeatureTable {
    let mut table = FeatureTable::new(2);
    table.push("id", ColumnValues::Text(vec![Some("a".into()), Some("b".into())])).unwrap();
    table.push("people", ColumnValues::Integer(vec![Some(120), Some(30)])).unwrap();
    // Douglas and Peel
    let at = |lon: f64, lat: f64| Some(geo_types::Point::new(lon, lat).into());
    table.set_geometry(vec![at(-4.4814, 54.15), at(-4.6915, 54.2218)]).unwrap();
    table
}

fn opened(file: &str, bytes: &[u8], more: &str) -> Result<Study> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), bytes).unwrap();
    let study = format!(
        "date = 2020-03-14\njurisdiction = 'IM'\nstreets = '{MAP}'\n[residents]\nfile = '{file}'\n{more}\n"
    );
    std::fs::write(folder.path().join("study.toml"), study).unwrap();
    Study::open(Path::new(folder.path()), &NoProgress)
}

#[test]
fn homes_are_the_same_from_every_format() {
    let table = homes();
    let mut files: Vec<(&str, Vec<u8>, &str)> = vec![];
    let mut bytes = vec![];
    write_csv(&mut bytes, &table).unwrap();
    files.push(("homes.csv", bytes, ""));
    let mut bytes = vec![];
    write_geojson(&mut bytes, &table).unwrap();
    files.push(("homes.geojson", bytes, ""));
    #[cfg(feature = "gpkg")]
    {
        let mut bytes = vec![];
        lifecircle::io::write_gpkg(&mut bytes, &table, "homes").unwrap();
        files.push(("homes.gpkg", bytes, "layer = 'homes'"));
    }
    #[cfg(feature = "parquet")]
    {
        let mut bytes = vec![];
        lifecircle::io::write_parquet(&mut bytes, &table).unwrap();
        files.push(("homes.parquet", bytes, ""));
    }
    let expected = opened(files[0].0, &files[0].1, files[0].2).unwrap();
    for (file, bytes, more) in &files[1..] {
        let study = opened(file, bytes, more).unwrap();
        assert_eq!(study.residents(), expected.residents(), "{file}");
    }
}

#[test]
fn keys_without_effect_are_refused() {
    let fault = |file: &str, more: &str| {
        opened(file, b"id,lon,lat,people\na,-4.5,54.2,3\n", more).unwrap_err().to_string()
    };
    assert!(fault("homes.csv", "layer = 'x'").contains("`layer` goes with a GeoPackage"));
    assert!(fault("homes.tif", "people = 'x'").contains("`people` names a column of a table"));
}
