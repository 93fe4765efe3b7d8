//! Outputs: the same bytes for the same table, all files or none, and what other tools can read.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::fs;
use std::io::{self, Write};

use geo_types::{
    Coord, Geometry, GeometryCollection, Line, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon, Rect, Triangle,
};
use lifecircle_io::{
    Error, OutputFolder, ResidentColumns, read_bytes, read_residents_csv, read_residents_geojson, read_text,
    write_csv, write_geojson, write_json,
};
use lifecircle_types::{ColumnValues, FeatureTable, LonLat};
use serde_json::Value;

fn table() -> FeatureTable {
    let mut table = FeatureTable::new(3);
    table
        .push(
            "id",
            ColumnValues::Text(vec![Some("a".into()), Some("b, \"c\"".into()), Some("社区\n2".into())]),
        )
        .unwrap();
    table.push("people", ColumnValues::Integer(vec![Some(120), Some(0), None])).unwrap();
    table.push("share", ColumnValues::Number(vec![Some(0.1 + 0.2), Some(-0.0), None])).unwrap();
    table.push("covered", ColumnValues::Flag(vec![Some(true), Some(false), None])).unwrap();
    let point = |x, y| Some(Geometry::Point(Point::new(x, y)));
    table.set_geometry(vec![point(104.061_234_567_89, 30.5), point(-0.000_000_001, -90.0), None]).unwrap();
    table.note("attribution", "© OpenStreetMap contributors");
    table
}

fn bytes_of(write: impl Fn(&mut Vec<u8>) -> Result<(), Error>) -> Vec<u8> {
    let mut bytes = vec![];
    write(&mut bytes).unwrap();
    let mut again = vec![];
    write(&mut again).unwrap();
    assert_eq!(bytes, again);
    bytes
}

#[test]
fn tables_as_csv() {
    let bytes = bytes_of(|w| write_csv(w, &table()));
    let expected = "id,people,share,covered,lon,lat\n\
        a,120,0.30000000000000004,true,104.0612346,30.5\n\
        \"b, \"\"c\"\"\",0,0.0,false,0,-90\n\
        \"社区\n2\",,,,,\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[test]
fn tables_as_geojson() {
    let bytes = bytes_of(|w| write_geojson(w, &table()));
    let text = String::from_utf8(bytes.clone()).unwrap();
    let expected = [
        r#"{"type":"FeatureCollection","attribution":"© OpenStreetMap contributors","features":["#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[104.0612346,30.5]},"properties":{"id":"a","people":120,"share":0.30000000000000004,"covered":true}},"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[0,-90]},"properties":{"id":"b, \"c\"","people":0,"share":0.0,"covered":false}},"#,
        r#"{"type":"Feature","geometry":null,"properties":{"id":"社区\n2","people":null,"share":null,"covered":null}}"#,
        "]}\n",
    ];
    assert_eq!(text, expected.join("\n"));
    let parsed: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(parsed["features"].as_array().unwrap().len(), 3);
    let empty = bytes_of(|w| write_geojson(w, &FeatureTable::new(0)));
    assert_eq!(serde_json::from_slice::<Value>(&empty).unwrap()["features"], Value::Array(vec![]));
}

#[test]
fn what_is_written_is_read_again() {
    let geojson = bytes_of(|w| write_geojson(w, &table()));
    let read = read_residents_geojson(&geojson, "x", &ResidentColumns::default()).unwrap();
    assert_eq!((read.value.len(), read.value.total().rounded()), (2, 120));
    assert_eq!(read.value.positions()[0], LonLat::new(104.061_234_6, 30.5).ok());
    let csv = bytes_of(|w| write_csv(w, &table()));
    let read = read_residents_csv(&csv, "x", &ResidentColumns::default()).unwrap();
    assert_eq!(read.value.ids(), ["a", "b, \"c\""]);
}

#[test]
fn every_geometry_is_geojson() {
    let c = |x: f64, y: f64| Coord { x, y };
    let ring = LineString(vec![c(0.0, 0.0), c(4.0, 0.0), c(4.0, 4.0), c(0.0, 0.0)]);
    let hole = LineString(vec![c(2.0, 1.0), c(3.0, 1.0), c(3.0, 2.0), c(2.0, 1.0)]);
    let polygon = Polygon::new(ring.clone(), vec![hole]);
    let outer = "[[0,0],[4,0],[4,4],[0,0]]";
    let inner = "[[2,1],[3,1],[3,2],[2,1]]";
    let check = |shape: Geometry<f64>, kind: &str, expected: &str| {
        let mut table = FeatureTable::new(1);
        table.set_geometry(vec![Some(shape)]).unwrap();
        let bytes = bytes_of(|w| write_geojson(w, &table));
        let parsed: Value = serde_json::from_slice(&bytes).unwrap();
        let geometry = &parsed["features"][0]["geometry"];
        if kind == "null" {
            assert!(geometry.is_null());
            return;
        }
        assert_eq!(geometry["type"], kind);
        let member = if kind == "GeometryCollection" { "geometries" } else { "coordinates" };
        assert_eq!(geometry[member], serde_json::from_str::<Value>(expected).unwrap(), "{kind}");
    };
    check(Line::new(c(0.0, 0.0), c(1.0, 2.0)).into(), "LineString", "[[0,0],[1,2]]");
    check(ring.clone().into(), "LineString", outer);
    check(polygon.clone().into(), "Polygon", &format!("[{outer},{inner}]"));
    check(MultiPoint(vec![Point::new(1.0, 2.0)]).into(), "MultiPoint", "[[1,2]]");
    check(MultiLineString(vec![ring]).into(), "MultiLineString", &format!("[{outer}]"));
    check(MultiPolygon(vec![polygon]).into(), "MultiPolygon", &format!("[[{outer},{inner}]]"));
    check(MultiPolygon::<f64>(vec![]).into(), "null", "");
    check(Rect::new(c(0.0, 0.0), c(1.0, 1.0)).into(), "Polygon", "[[[1,0],[1,1],[0,1],[0,0],[1,0]]]");
    check(
        Triangle::new(c(0.0, 0.0), c(1.0, 0.0), c(1.0, 1.0)).into(),
        "Polygon",
        "[[[0,0],[1,0],[1,1],[0,0]]]",
    );
    let collection = GeometryCollection(vec![Geometry::Point(Point::new(1.0, 2.0))]);
    check(
        Geometry::GeometryCollection(collection),
        "GeometryCollection",
        r#"[{"type":"Point","coordinates":[1,2]}]"#,
    );
}

#[test]
fn numbers_that_are_none_are_refused() {
    for bad in [f64::NAN, f64::INFINITY] {
        let mut table = FeatureTable::new(1);
        table.push("share", ColumnValues::Number(vec![Some(bad)])).unwrap();
        for result in [write_csv(vec![], &table), write_geojson(vec![], &table)] {
            assert!(matches!(result, Err(Error::NotFinite { ref column, row: 0 }) if column == "share"));
        }
        let mut table = FeatureTable::new(1);
        table.set_geometry(vec![Some(Geometry::Point(Point::new(bad, 0.0)))]).unwrap();
        for result in [write_csv(vec![], &table), write_geojson(vec![], &table)] {
            assert!(matches!(result, Err(Error::NotFinite { .. })));
        }
    }
}

#[test]
fn notes_keep_off_the_words_of_the_format() {
    for (first, second) in [("type", "x"), ("features", "x"), ("source", "source")] {
        let mut table = FeatureTable::new(0);
        table.note(first, "");
        table.note(second, "");
        assert!(matches!(write_geojson(vec![], &table), Err(Error::NoteKey { .. })), "{first}");
    }
}

#[test]
fn plain_values_as_json() {
    let value = serde_json::json!({"b": [1, 2.5], "a": null});
    let bytes = bytes_of(|w| write_json(w, &value));
    assert!(bytes.ends_with(b"}\n") && bytes.starts_with(b"{\n  \""));
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_refuses_is_an_error() {
    for result in [write_csv(Full, &table()), write_geojson(Full, &table()), write_json(Full, &1)] {
        assert!(matches!(result, Err(Error::Write { .. })));
    }
}

fn files(path: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_gets_all_files_or_none() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("deep/result");
    let mut folder = OutputFolder::new(&path).unwrap();
    folder.add("people.csv", |w| write_csv(w, &table())).unwrap();
    folder.add("people.geojson", |w| write_geojson(w, &table())).unwrap();
    assert_eq!(files(&path), ["people.csv.tmp", "people.geojson.tmp"]);
    folder.commit().unwrap();
    assert_eq!(files(&path), ["people.csv", "people.geojson"]);
    assert_eq!(read_bytes(&path.join("people.csv")).unwrap(), bytes_of(|w| write_csv(w, &table())));

    // a second result whose last file fails leaves the first as it was
    let before = read_text(&path.join("people.csv")).unwrap();
    let mut folder = OutputFolder::new(&path).unwrap();
    folder.add("people.csv", |w| write_csv(w, &FeatureTable::new(0))).unwrap();
    let failed = folder.add("people.geojson", |w| {
        w.write_all(b"half of it").unwrap();
        write_csv(Full, &table())
    });
    let Err(Error::File { path: named, .. }) = failed else { panic!("{failed:?}") };
    assert_eq!(named, path.join("people.geojson"));
    assert_eq!(files(&path), ["people.csv", "people.csv.tmp", "people.geojson"]);
    drop(folder);
    assert_eq!(files(&path), ["people.csv", "people.geojson"]);
    assert_eq!(read_text(&path.join("people.csv")).unwrap(), before);
}

#[test]
fn a_folder_that_was_made_for_nothing_goes_again() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("result");
    let mut folder = OutputFolder::new(&path).unwrap();
    folder.add("people.csv", |w| write_csv(w, &table())).unwrap();
    drop(folder);
    assert!(!path.exists());
}

#[test]
fn output_names_are_plain_and_used_once() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = OutputFolder::new(place.path()).unwrap();
    for bad in ["", ".", "..", "a/b", "/etc/x", "a\\b", "a.tmp"] {
        let added = folder.add(bad, |_| Ok(()));
        assert!(matches!(added, Err(Error::OutputName { .. })), "{bad}");
    }
    folder.add("a", |_| Ok(())).unwrap();
    assert!(matches!(folder.add("a", |_| Ok(())), Err(Error::OutputName { .. })));
}

#[test]
fn paths_stand_in_every_error() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, b"\xef\xbb\xbftext").unwrap();
    assert_eq!(read_text(&file).unwrap(), "text");
    assert!(matches!(read_bytes(place.path()), Err(Error::WrongKind { expected: "file", .. })));
    assert!(matches!(OutputFolder::new(&file), Err(Error::WrongKind { expected: "folder", .. })));
    let missing = place.path().join("missing.csv");
    let error = read_bytes(&missing).unwrap_err();
    assert!(
        error.to_string().contains("missing.csv") && error.to_string().contains("check the spelling"),
        "{error}"
    );
    fs::write(&file, b"\xff").unwrap();
    assert!(read_text(&file).unwrap_err().to_string().contains("not UTF-8"));
}
