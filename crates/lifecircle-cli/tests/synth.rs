//! `lifecircle synth`: a city that can be assessed at once, and clear words where none can be grown.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn lifecircle(arguments: &[&str], folder: &Path) -> Output {
    let (verb, rest) = arguments.split_first().unwrap();
    Command::new(env!("CARGO_BIN_EXE_lifecircle")).arg(verb).arg(folder).args(rest).output().unwrap()
}

fn grown(arguments: &[&str], folder: &Path) -> String {
    let output = lifecircle(arguments, folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn a_city_can_be_assessed_at_once() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("town");
    let profile = grown(&["synth", "--people", "60000", "--seed", "7", "--years", "2"], &folder);
    assert!(profile.contains("people               60000\n"), "{profile}");
    assert!(profile.contains("detour factor"), "{profile}");
    let names: Vec<String> = files(&folder).into_keys().collect();
    let expected = [
        "changes.csv",
        "facilities.csv",
        "facilities_2026.csv",
        "flaws.csv",
        "residents.csv",
        "residents_2026.csv",
        "streets.osm.pbf",
        "study.toml",
        "units.geojson",
        "vacant.csv",
    ];
    assert_eq!(names, expected);
    let table = grown(&["assess"], &folder);
    assert!(table.contains("Kindergarten"), "{table}");
    // nobody is lost: every home is on a street, in its estate, and on no island
    let assessment = fs::read_to_string(folder.join("out/assessment.json")).unwrap();
    let zero = ["without_street", "on_islands", "outside_units"].map(|key| format!("\"{key}\": 0.0"));
    for figure in zero.iter().map(String::as_str).chain(["\"people\": 60000.0"]) {
        assert!(assessment.contains(figure), "{figure}");
    }
    assert!(table.contains("60,000"), "{table}");
    assert!(!table.contains("rejected (") && !table.contains("island"), "{table}");
}

#[test]
fn its_map_shows_its_places() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("town");
    grown(&["synth", "--people", "20000"], &folder);
    let study = fs::read_to_string(folder.join("study.toml")).unwrap();
    fs::write(folder.join("study.toml"), study.replace("\"facilities.csv\"", "\"streets\"")).unwrap();
    let table = grown(&["assess"], &folder);
    assert!(table.contains("places of the map"), "{table}");
    assert!(table.contains("Kindergarten"), "{table}");
}

#[test]
fn equal_options_give_equal_bytes() {
    let place = tempfile::tempdir().unwrap();
    let arguments = ["synth", "--people", "20000", "--years", "2", "--format", "pbf,osm,csv,geojson"];
    let [one, two] = ["one", "two"].map(|name| {
        let folder = place.path().join(name);
        grown(&arguments, &folder);
        files(&folder)
    });
    assert!(one.contains_key("streets.osm") && one.contains_key("streets.geojson"));
    assert!(one == two, "the same options gave other bytes");
    let folder = place.path().join("three");
    grown(&["synth", "--people", "20000", "--seed", "2"], &folder);
    assert_ne!(one["streets.osm.pbf"], files(&folder)["streets.osm.pbf"]);
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("residents.csv"), "mine").unwrap();
    let refused = lifecircle(&["synth", "--people", "20000"], place.path());
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && message.contains("is not empty"), "{message}");
    assert_eq!(files(place.path()).len(), 1);
    grown(&["synth", "--people", "20000", "--replace"], place.path());
    assert_ne!(files(place.path())["residents.csv"], b"mine");
}

#[test]
fn what_cannot_be_grown_is_said_by_name() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("none");
    let cases: [(&[&str], &str); 9] = [
        (&["--people", "0"], "people is 0: expected 10000 to 20000000"),
        (&["--people", "18446744073709551615"], "people is 18446744073709551615"),
        (&["--lat", "90"], "anchor is 90: expected a latitude from -65 to 65 degrees"),
        (&["--lon", "NaN"], "is no position"),
        (&["--lat", "-100"], "is no position"),
        (&["--years", "0"], "years is 0: expected 1 or 2"),
        (&["--walled-share", "1.5"], "walled_share is 1.5: expected 0 to 1"),
        (&["--format", "csv"], "a study needs a map of its streets: add the format `pbf` or `osm`"),
        (&["--format", "pbf"], "tables of residents and facilities"),
    ];
    for (arguments, says) in cases {
        let output = lifecircle(&[&["synth"], arguments].concat(), &folder);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(message.contains(says), "{arguments:?}: {message}");
        assert!(!folder.exists(), "{arguments:?}");
    }
}
