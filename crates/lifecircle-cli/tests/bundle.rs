//! Bundles by the command: what it prints and with which exit code it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn lifecircle(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lifecircle")).args(arguments).arg("--quiet").output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_bundle_is_written_checked_and_found_changed() {
    let place = tempfile::tempdir().expect("a folder");
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town/gb50180.toml");
    let bundle = place.path().join("xinan.zip");
    let out = Path::new("--out");
    let written = lifecircle(&["bundle".as_ref(), &study, out, &bundle]);
    assert!(written.status.success(), "{}", text(&written.stderr));
    assert!(text(&written.stdout).contains("results with 4 inputs and 1 packs"), "{}", text(&written.stdout));

    let checked = lifecircle(&["verify".as_ref(), &bundle]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
    let hash = text(&written.stdout).lines().find(|line| line.starts_with("SHA-256")).map(String::from);
    let shown = text(&checked.stdout);
    assert_eq!(shown.lines().find(|line| line.starts_with("SHA-256")).map(String::from), hash);
    assert!(shown.contains("HOLDS: all ") && !shown.contains("DOES NOT"), "{shown}");

    let mut bytes = fs::read(&bundle).expect("it is there");
    // inside the data of some file: far from the ends
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&bundle, &bytes).expect("it is written");
    let checked = lifecircle(&["verify".as_ref(), &bundle]);
    assert_eq!(checked.status.code(), Some(2), "{}", text(&checked.stdout));
    assert!(text(&checked.stdout).contains("DOES NOT HOLD: "), "{}", text(&checked.stdout));

    fs::write(&bundle, &bytes[..middle]).expect("it is written");
    let checked = lifecircle(&["verify".as_ref(), &bundle]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked.stderr).contains("is no bundle of results"), "{}", text(&checked.stderr));
    assert_eq!(text(&checked.stdout), "");
}

#[test]
fn a_study_that_lacks_an_input_is_not_bundled() {
    let place = tempfile::tempdir().expect("a folder");
    let study = place.path().join("study.toml");
    let toml = "date = 2025-01-01\njurisdiction = 'XX'\nstreets = 'map.osm.pbf'\nresidents = 'homes.csv'\n";
    fs::write(&study, toml).expect("it is written");
    let bundle = place.path().join("a.zip");
    let written = lifecircle(&["bundle".as_ref(), &study, Path::new("--out"), &bundle]);
    assert_eq!(written.status.code(), Some(1));
    assert!(text(&written.stderr).contains("map.osm.pbf"), "{}", text(&written.stderr));
    assert!(!bundle.exists());
}
