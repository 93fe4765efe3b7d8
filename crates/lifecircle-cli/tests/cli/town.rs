//! The command, and a sound town to run it on.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use lifecircle::io::{OsmData, write_osm_pbf};
use lifecircle::types::{LonLat, Tags};
use lifecircle_testkit::grid_town::GridTown;
use tempfile::TempDir;

pub(crate) const FILES: [&str; 13] = [
    "assessment.json",
    "axes.csv",
    "facilities.geojson",
    "gaps.csv",
    "indicators.csv",
    "links.geojson",
    "problems.csv",
    "problems.geojson",
    "residents.geojson",
    "score_parts.csv",
    "scores.csv",
    "units.geojson",
    "unreached.csv",
];

pub(crate) const STUDY: &str = "name = 'town'\ndate = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'town.osm.pbf'\n\
     residents = 'homes.csv'\nunits = 'units.geojson'\n\
     facilities = ['clinics.csv', { file = 'streets', complete = true }]\n";

pub(crate) const HOMES: &str = "id,lon,lat,people,age_65_plus\n\
     north,20.001,0.003,50,5\n\
     south,20.002,0.001,30,3\n\
     away,20.002,-0.02,20,2\n\
     nowhere,,,10,1\n";

pub(crate) const CLINICS: &str = "id,lon,lat,service\nclinic,20.003,0.002,community_health_station\n";

pub(crate) const PACK: &str = "key = 'own'\ntitle = 'Own'\n[[rule]]\nservice = 'pharmacy'\nwalk_minutes = 15\n\
     requirement = 'must'\nconfidence = 'memory'\nsource = 'nobody'\n";

/// A town of 4 x 3 blocks of 200 m at 20° east, on the equator.
const TOWN: GridTown = GridTown::new(4, 3, 200_000);

fn east(at: LonLat) -> LonLat {
    LonLat::new(at.lon() + 20.0, at.lat()).expect("towns are small")
}

/// The map of the town: a pharmacy, a playground, and its streets with the given tag.
pub(crate) fn map(highway: &str, with_streets: bool) -> Vec<u8> {
    let records = TOWN.records();
    let mut nodes: Vec<_> =
        records.nodes().iter().map(|node| (node.id, east(node.position), node.tags.clone())).collect();
    for (id, tag) in [(900, ("amenity", "pharmacy")), (901, ("leisure", "playground"))] {
        nodes.push((id, east(TOWN.position_at(id * 400, 30_000)), Tags::new([tag])));
    }
    let tags = Tags::new([("highway", highway)]);
    let ways = if with_streets { records.ways() } else { &[] };
    let ways = ways.iter().map(|way| (way.id, way.nodes.clone(), tags.clone())).collect();
    let mut pbf = Vec::new();
    write_osm_pbf(&mut pbf, &OsmData { nodes, ways, relations: vec![] }).expect("it fits");
    pbf
}

/// A unit with the given corners, in thousandths of a degree from the town's south-west corner.
pub(crate) fn unit(properties: &str, corners: &[(f64, f64)]) -> String {
    let ring: Vec<String> =
        corners.iter().map(|(x, y)| format!("[{},{}]", 20.0 + x / 1000.0, y / 1000.0)).collect();
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Polygon\",\
         \"coordinates\":[[{}]]}}}}",
        ring.join(",")
    )
}

pub(crate) fn units(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

pub(crate) const WHOLE: [(f64, f64); 5] = [(-1.0, -1.0), (9.0, -1.0), (9.0, 9.0), (-1.0, 9.0), (-1.0, -1.0)];

pub(crate) const MIDTOWN: &str = "\"code\":\"u1\",\"name\":\"Midtown\",\"kind\":\"community\"";

pub(crate) fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).expect("the folder is writable");
}

pub(crate) fn sound_town() -> TempDir {
    let town = tempfile::tempdir().expect("there is room");
    let folder = town.path();
    put(folder, "study.toml", STUDY);
    put(folder, "town.osm.pbf", map("residential", true));
    put(folder, "homes.csv", HOMES);
    put(folder, "clinics.csv", CLINICS);
    put(folder, "units.geojson", units(&[unit(MIDTOWN, &WHOLE)]));
    town
}

/// The study with other text in the place of `old`.
pub(crate) fn study_with(old: &str, new: &str) -> String {
    assert!(STUDY.contains(old), "{old}");
    STUDY.replace(old, new)
}

pub(crate) fn lifecircle() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lifecircle"))
}

pub(crate) fn assess(study: &Path, more: &[&OsStr]) -> Output {
    lifecircle().arg("assess").arg(study).args(more).output().expect("the command starts")
}

/// Names and bytes of all files of a folder; `None` where there is no folder.
pub(crate) fn listing(folder: &Path) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .ok()?
        .map(|entry| entry.expect("the folder is readable"))
        .map(|entry| {
            let bytes = fs::read(entry.path()).expect("the file is readable");
            (entry.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect();
    files.sort();
    Some(files)
}

/// What is wrong with a refusal, if anything.
pub(crate) fn fault(output: &Output, says: &[&str]) -> Option<String> {
    let message = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Some("it succeeded".into());
    }
    if !output.stdout.is_empty() {
        return Some("it printed results".into());
    }
    if let Some(missing) = says.iter().find(|part| !message.contains(**part)) {
        return Some(format!("it does not say `{missing}`"));
    }
    let dumps = ["panicked", "Some(", "None", "Err(", "Error {", "Box<", "RUST_BACKTRACE", "Ok("];
    if let Some(dump) = dumps.iter().find(|dump| message.contains(**dump)) {
        return Some(format!("it says `{dump}`"));
    }
    let links: Vec<&str> = message
        .lines()
        .map(|line| line.trim_start_matches([' ', '×', '├', '╰', '─', '▶', '│']).trim_end_matches('.'))
        .filter(|line| !line.is_empty())
        .collect();
    for (at, link) in links.iter().enumerate() {
        if links.iter().enumerate().any(|(other, text)| other != at && text.contains(link)) {
            return Some(format!("it says `{link}` twice"));
        }
    }
    None
}
