//! Bands of coverages by a study: on paper, and the same on any number of threads.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::fs;
use std::path::Path;

use lifecircle::Study;
use lifecircle::types::NoProgress;

/// A street of 2 km with a school at its start; homes at 500, 900 and 1100 m, in a unit each.
fn town(folder: &Path, bands: &str) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    // metres east on the equator, at 111,195 m a degree
    let lon = |metres: f64| metres / 111_195.08;
    write("nodes.csv", &format!("id,lon,lat\n1,0.0,0.0\n2,{:.9},0.0\n", lon(2000.0)));
    write("edges.csv", "from,to\n1,2\n");
    write("schools.csv", "id,lon,lat,service\ns,0.0,0.0,primary_school\n");
    let homes = [("near", 500.0, 80), ("edge", 900.0, 10), ("beyond", 1100.0, 10)];
    let rows = homes.map(|(id, metres, people)| format!("{id},{:.9},0.0,{people},{id}\n", lon(metres)));
    write("homes.csv", &format!("id,lon,lat,people,unit\n{}", rows.concat()));
    write("units.csv", "code,kind\nnear,community\nedge,community\nbeyond,community\n");
    let study = "date = '2025-06-30'\njurisdiction = 'CN'\nstreets = { edges = 'edges.csv', nodes = 'nodes.csv' }\n\
                 residents = 'homes.csv'\nfacilities = 'schools.csv'\nunits = 'units.csv'\npacks = ['school.toml']\n";
    write("study.toml", &format!("{study}{bands}"));
    let pack = "key = 'school'\ntitle = 'A school'\njurisdiction = '*'\nstandard_walker = { metres = 1000, minutes = 15 }\n\
                [[rule]]\nservice = 'primary_school'\nrequirement = 'must'\nwalk_metres = 1000\n\
                confidence = 'derived'\nsource = 'a test'\n";
    write("school.toml", pack);
}

fn table(folder: &Path) -> String {
    let study = Study::open(folder, &NoProgress).unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    outcome.write(&folder.join("out")).unwrap();
    fs::read_to_string(folder.join("out/bands.csv")).unwrap()
}

#[test]
fn a_pace_decides_for_who_lives_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path(), "bands = { ends_m = 0 }\n");
    let text = table(folder.path());
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("unit,service,residents,coverage,low,middle,high,target,verdict_turns"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    // paces from 0.8 to 1.2: 900 m are walked in three of four draws, 1100 m in one; all walk at one pace
    assert_eq!(rows[0][..7], ["*", "primary_school", "100.0", "0.9", "0.8", "0.9", "1.0"]);
    let told = |unit: &str| rows.iter().find(|row| row[0] == unit).unwrap()[8];
    let turns = |unit: &str| -> f64 { told(unit).parse().unwrap() };
    // five standard deviations of 999 draws are 0.07
    assert!((turns("edge") - 0.25).abs() < 0.07 && (turns("beyond") - 0.25).abs() < 0.07, "{text}");
    assert_eq!(told("near"), "0.0");
    assert_eq!(told("*"), "0.0", "80 % are covered in every draw");
}

#[test]
fn what_makes_no_sense_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    for (bands, says) in [
        ("pace_percent = [120, 80]", "the slowest pace first"),
        ("pace_percent = [0, 80]", "out of range"),
        ("level_percent = 100", "out of range"),
        ("target_percent = 101", "out of range"),
        ("draws = 0", "at least 1"),
        ("ends_m = 1001", "at most 1000"),
        ("drows = 5", "unknown field `drows`"),
    ] {
        town(folder.path(), &format!("[bands]\n{bands}\n"));
        let message = Study::open(folder.path(), &NoProgress).unwrap_err().to_string();
        assert!(message.contains(says) && message.contains("line 9"), "{bands}: {message}");
    }
}

#[test]
fn draws_are_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    town(folder.path(), "bands = { draws = 200, redraw_residents = true, ends_m = 60 }\n");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| table(folder.path()))
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}
