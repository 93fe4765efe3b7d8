//! Tables in other coordinate systems: converted where the study says so, suspected where it does not.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::fmt::Write as _;

use lifecircle::io::{Crs, OsmData, write_osm_pbf};
use lifecircle::types::{ColumnValues, LonLat, NoProgress, Tags};
use lifecircle::{Outcome, Study};

const CHENGDU: (f64, f64) = (104.06, 30.65);
const SIDE: i64 = 21;
/// Degrees between streets, some 200 m; a home stands a twentieth of it off its street.
const BLOCK: f64 = 0.002;

/// A town of streets like a chessboard, with a home and a school beside many of them, in `crs`.
fn town(crs: Crs, origin: (f64, f64), says: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |x: f64, y: f64| LonLat::new(origin.0 + x * BLOCK, origin.1 + y * BLOCK).unwrap();
    let mut map = OsmData::default();
    for x in 0..SIDE {
        for y in 0..SIDE {
            map.nodes.push((x * 100 + y, at(x as f64, y as f64), Tags::default()));
        }
        let street = Tags::new([("highway", "residential")]);
        map.ways.push((x, (0..SIDE).map(|y| x * 100 + y).collect(), street.clone()));
        map.ways.push((x + 100, (0..SIDE).map(|y| y * 100 + x).collect(), street));
    }
    let mut bytes = vec![];
    write_osm_pbf(&mut bytes, &map).unwrap();
    std::fs::write(folder.path().join("town.osm.pbf"), bytes).unwrap();
    let (mut homes, mut schools) = (String::from("id,x,y,people\n"), String::from("id,x,y,service\n"));
    // golden-ratio steps spread places evenly over the streets
    for n in 0..80 {
        let along = 3.0 + (f64::from(n) * 0.618_034).fract() * 14.0;
        let street = f64::from(4 + n % 12);
        let [x, y] = crs.coordinates(at(along, street + 0.05)).unwrap();
        writeln!(homes, "h{n},{x},{y},10").unwrap();
        let [x, y] = crs.coordinates(at(street - 0.05, along)).unwrap();
        writeln!(schools, "c{n},{x},{y},primary_school").unwrap();
    }
    std::fs::write(folder.path().join("homes.csv"), homes).unwrap();
    std::fs::write(folder.path().join("schools.csv"), schools).unwrap();
    let columns = format!("lon = 'x'\nlat = 'y'\n{says}");
    let study = format!(
        "date = 2025-06-30\njurisdiction = 'CN-51'\nstreets = 'town.osm.pbf'\n[residents]\nfile = 'homes.csv'\n{columns}\n\
         [[facilities]]\nfile = 'schools.csv'\n{columns}\n"
    );
    std::fs::write(folder.path().join("study.toml"), study).unwrap();
    folder
}

fn suspicions(outcome: &Outcome<'_>) -> Vec<(String, String)> {
    let kinds = outcome.provenance.inputs.iter().flat_map(|input| input.issues.kinds());
    kinds
        .filter(|kind| kind.kind.starts_with("positions look like"))
        .map(|kind| (kind.kind.clone(), kind.examples[0].subject.clone()))
        .collect()
}

#[test]
fn shifted_positions_are_suspected_and_left_alone() {
    for (crs, word) in [(Crs::GCJ02, "gcj02"), (Crs::BD09, "bd09")] {
        let folder = town(crs, CHENGDU, "");
        let study = Study::open(folder.path(), &NoProgress).unwrap();
        let outcome = study.assess(&NoProgress).unwrap();
        let kind = format!("positions look like {word}");
        let expected = [(kind.clone(), "homes.csv".to_string()), (kind, "schools.csv".to_string())];
        assert_eq!(suspicions(&outcome), expected);
        // nothing was moved
        assert!(study.residents().given().is_empty());
        let read = study.residents().positions()[0].unwrap();
        let text = std::fs::read_to_string(folder.path().join("homes.csv")).unwrap();
        let cells: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(read, LonLat::new(cells[1].parse().unwrap(), cells[2].parse().unwrap()).unwrap());
    }
}

#[test]
fn what_lies_right_is_not_suspected() {
    for origin in [CHENGDU, (-51.2, -30.03)] {
        let folder = town(Crs::WGS84, origin, "");
        let study = Study::open(folder.path(), &NoProgress).unwrap();
        assert_eq!(suspicions(&study.assess(&NoProgress).unwrap()), []);
    }
}

#[test]
fn a_named_system_is_converted_and_its_coordinates_are_kept() {
    let plain = town(Crs::WGS84, CHENGDU, "");
    let plain = Study::open(plain.path(), &NoProgress).unwrap();
    let expected = plain.assess(&NoProgress).unwrap();
    for name in ["gcj02", "bd09", "epsg:32648", "epsg:4526", "epsg:4547", "epsg:3857"] {
        let crs: Crs = name.parse().unwrap();
        let folder = town(crs, CHENGDU, &format!("crs = '{name}'"));
        let study = Study::open(folder.path(), &NoProgress).unwrap();
        let outcome = study.assess(&NoProgress).unwrap();
        assert_eq!(suspicions(&outcome), [], "{name}");
        for (converted, stated) in study.residents().positions().iter().zip(plain.residents().positions()) {
            // positions are kept to ten-millionths of a degree
            assert!(converted.unwrap().metres_to(stated.unwrap()) < 0.012, "{name}");
        }
        assert_eq!(outcome.assessment.residents, expected.assessment.residents, "{name}");
        for table in [outcome.residents_table().unwrap(), outcome.facilities_table().unwrap()] {
            let column =
                |name: &str| &table.columns().iter().find(|column| column.name == name).unwrap().values;
            let (ColumnValues::Number(xs), ColumnValues::Text(systems)) =
                (column("given_x"), column("given_crs"))
            else {
                panic!("numbers and words");
            };
            assert_eq!(systems[0].as_deref(), Some(name));
            assert_eq!(xs.iter().flatten().count(), 80);
        }
        let file = std::fs::read_to_string(folder.path().join("homes.csv")).unwrap();
        let stated: f64 = file.lines().nth(1).unwrap().split(',').nth(1).unwrap().parse().unwrap();
        assert_eq!(study.residents().given()[0].as_ref().unwrap().x.to_bits(), stated.to_bits());
    }
}

#[test]
fn unknown_systems_and_places_outside_are_refused() {
    let folder = town(Crs::WGS84, CHENGDU, "crs = 'epsg:2056'");
    let text = Study::open(folder.path(), &NoProgress).unwrap_err().to_string();
    assert!(text.contains("study.toml, line ") && text.contains("epsg:32601 to epsg:32660"), "{text}");
    let folder = town(Crs::WGS84, CHENGDU, "crs = 'epsg:4547'");
    let text = Study::open(folder.path(), &NoProgress).unwrap_err().to_string();
    assert!(
        text.contains(".csv, row 2, field `x`") && text.contains("looks like degrees, but epsg:4547"),
        "{text}"
    );
}
