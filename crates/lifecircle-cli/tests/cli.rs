//! The real command: what it writes when all is well, and what it says when something is not.
//!
//! Every case of bad input is run twice on a sound town with one thing spoiled: without results, and with those
//! of an earlier run. Both times the command has to refuse with one message and leave the results alone.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use lifecircle::io::{OsmData, write_osm_pbf};
use lifecircle::types::{LonLat, Tags};
use lifecircle_testkit::grid_town::GridTown;
use tempfile::TempDir;

const FILES: [&str; 13] = [
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
const STUDY: &str = "name = 'town'\ndate = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'town.osm.pbf'\n\
                     residents = 'homes.csv'\nunits = 'units.geojson'\n\
                     facilities = ['clinics.csv', { file = 'streets', complete = true }]\n";
const HOMES: &str = "id,lon,lat,people,age_65_plus\n\
                     north,20.001,0.003,50,5\n\
                     south,20.002,0.001,30,3\n\
                     away,20.002,-0.02,20,2\n\
                     nowhere,,,10,1\n";
const CLINICS: &str = "id,lon,lat,service\nclinic,20.003,0.002,community_health_station\n";
const PACK: &str = "key = 'own'\ntitle = 'Own'\n[[rule]]\nservice = 'pharmacy'\nwalk_minutes = 15\n\
                    requirement = 'must'\nconfidence = 'memory'\nsource = 'nobody'\n";
const CENSUS_STUDY: &str = "date = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'town.osm.pbf'\n\
                            units = 'units.geojson'\nresidents = { census = 'census.csv' }\n";

/// A town of 4 x 3 blocks of 200 m at 20° east, on the equator.
const TOWN: GridTown = GridTown::new(4, 3, 200_000);

fn east(at: LonLat) -> LonLat {
    LonLat::new(at.lon() + 20.0, at.lat()).expect("towns are small")
}

/// The map of the town: a pharmacy, a playground, and its streets with the given tag.
fn map(highway: &str, with_streets: bool) -> Vec<u8> {
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
fn unit(properties: &str, corners: &[(f64, f64)]) -> String {
    let ring: Vec<String> =
        corners.iter().map(|(x, y)| format!("[{},{}]", 20.0 + x / 1000.0, y / 1000.0)).collect();
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Polygon\",\
         \"coordinates\":[[{}]]}}}}",
        ring.join(",")
    )
}

fn units(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

const WHOLE: [(f64, f64); 5] = [(-1.0, -1.0), (9.0, -1.0), (9.0, 9.0), (-1.0, 9.0), (-1.0, -1.0)];
const MIDTOWN: &str = "\"code\":\"u1\",\"name\":\"Midtown\",\"kind\":\"community\"";

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).expect("the folder is writable");
}

fn sound_town() -> TempDir {
    let town = tempfile::tempdir().expect("there is room");
    let folder = town.path();
    put(folder, "study.toml", STUDY);
    put(folder, "town.osm.pbf", map("residential", true));
    put(folder, "homes.csv", HOMES);
    put(folder, "clinics.csv", CLINICS);
    put(folder, "units.geojson", units(&[unit(MIDTOWN, &WHOLE)]));
    town
}

fn lifecircle() -> Command {
    Command::new(env!("CARGO_BIN_EXE_lifecircle"))
}

fn assess(study: &Path, more: &[&OsStr]) -> Output {
    lifecircle().arg("assess").arg(study).args(more).output().expect("the command starts")
}

/// Names and bytes of all files of a folder; `None` where there is no folder.
fn listing(folder: &Path) -> Option<Vec<(String, Vec<u8>)>> {
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
fn fault(output: &Output, says: &[&str]) -> Option<String> {
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

/// What is spoiled, how, and what the message has to say.
type Case = (&'static str, Box<dyn Fn(&Path)>, &'static [&'static str]);

fn case(name: &'static str, spoil: impl Fn(&Path) + 'static, says: &'static [&'static str]) -> Case {
    (name, Box::new(spoil), says)
}

/// A case in which one file has other content.
fn with(
    name: &'static str,
    file: &'static str,
    content: impl AsRef<[u8]> + 'static,
    says: &'static [&'static str],
) -> Case {
    case(name, move |folder| put(folder, file, &content), says)
}

/// A case in which a line is added to the study.
fn line(name: &'static str, line: &'static str, says: &'static [&'static str]) -> Case {
    with(name, "study.toml", format!("{STUDY}{line}\n"), says)
}

fn refused(cases: Vec<Case>) {
    let mut faults = Vec::new();
    for (name, spoil, says) in cases {
        for earlier in [false, true] {
            let town = sound_town();
            let out = town.path().join("out");
            if earlier {
                fs::create_dir(&out).expect("there is room");
                FILES.iter().for_each(|file| put(&out, file, format!("earlier {file}")));
            }
            let before = listing(&out);
            spoil(town.path());
            let output = assess(town.path(), &[]);
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            let found = fault(&output, says)
                .or_else(|| (listing(&out) != before).then(|| "it touched the results".into()));
            if let Some(found) = found {
                let state = if earlier { " (with results of an earlier run)" } else { "" };
                faults.push(format!("{name}{state}: {found}\n{message}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n"));
}

/// The study with other text in the place of `old`.
fn study_with(old: &str, new: &str) -> String {
    assert!(STUDY.contains(old), "{old}");
    STUDY.replace(old, new)
}

#[test]
fn a_sound_town_gets_its_files_and_a_table() {
    let town = sound_town();
    let output = assess(town.path(), &[]);
    let (table, message) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{message}");
    assert_eq!(message, "", "nothing to complain about");
    let first = table.lines().next().unwrap();
    assert!(first.contains(" required services could be assessed (") && first.contains(" %)"), "{first}");
    let files = listing(&town.path().join("out")).unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, FILES);

    // the same files in another folder, and nothing beside them
    let elsewhere = town.path().join("some/where");
    let output = assess(&town.path().join("study.toml"), &["--out".as_ref(), elsewhere.as_os_str()]);
    assert!(output.status.success());
    assert!(listing(&elsewhere).unwrap() == files, "another folder, another result");
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.ends_with(&format!("\nResults: {}\n", elsewhere.display())), "{table}");
}

/// A summary has the same files but those with rows for every home.
#[test]
fn a_summary_leaves_out_the_homes() {
    let town = sound_town();
    let files = |more: &[&OsStr]| {
        let out = TempDir::new().unwrap();
        let output = assess(town.path(), &[&[OsStr::new("--out"), out.path().as_os_str()], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        listing(out.path()).unwrap()
    };
    let mut all = files(&[]);
    all.retain(|(name, _)| !["gaps.csv", "links.geojson", "residents.geojson"].contains(&name.as_str()));
    assert_eq!(all.len() + 3, FILES.len());
    assert_eq!(files(&[OsStr::new("--summary")]), all);
}

#[test]
fn the_account_of_rows_balances() {
    let town = sound_town();
    let output = assess(town.path(), &[]);
    let table = String::from_utf8(output.stdout).unwrap();
    // four homes: two beside streets, one 2 km south of them, one without a position
    for part in [
        "homes.csv (residents, homes linked to streets): 4 rows: 0 used, 2 moved, 2 rejected \
         (1 no position, 1 no street within 500 m)",
        "facilities linked to streets): 3 rows: 0 used, 3 moved, 0 rejected",
    ] {
        assert!(table.contains(part), "{part}\n{table}");
    }
    assert!(table.contains("residents of homes without a street: 30 (27.3 %), in every share"), "{table}");
    assert!(!table.contains("DOES NOT BALANCE"), "{table}");
    let json = fs::read_to_string(town.path().join("out/assessment.json")).unwrap();
    assert!(json.contains("\"rows_are\": \"homes linked to streets\""), "{json}");

    // what a table lists is left out of the map's places, and said so; a code that no unit has is told
    put(town.path(), "clinics.csv", CLINICS.replace("community_health_station", "pharmacy"));
    put(town.path(), "homes.csv", "id,lon,lat,people,unit\na,20.001,0.003,50,u1\nb,20.001,0.003,5,u9\n");
    let table = String::from_utf8(assess(town.path(), &[]).stdout).unwrap();
    for part in [
        "places of the map beside tables): 2 rows: 1 used, 0 moved, 1 rejected \
         (1 a table lists all places of its services)",
        "1 x unit code that no unit has, such as b: `u9`",
    ] {
        assert!(table.contains(part), "{part}\n{table}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_panic() {
    let town = sound_town();
    let mut command = lifecircle();
    command.arg("assess").arg(town.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn bad_studies() {
    refused(vec![
        case(
            "no study.toml",
            |folder| fs::remove_file(folder.join("study.toml")).unwrap(),
            &["study.toml", "check the spelling"],
        ),
        with("not TOML", "study.toml", "date 2025\n", &["study.toml, line 1", "expected"]),
        with("a CSV for a study", "study.toml", HOMES, &["study.toml, line 1", "expected"]),
        with("not UTF-8", "study.toml", b"name = '\xff'\n".as_slice(), &["study.toml", "save it as UTF-8"]),
        line("unknown key", "wakers = 'by_age'", &["study.toml, line 8", "`wakers`", "`walkers`"]),
        with(
            "wrong date",
            "study.toml",
            study_with("2025-06-30", "2025-06-31"),
            &["study.toml, line 2", "`2025-06-31`", "YYYY-MM-DD"],
        ),
        with(
            "no residents",
            "study.toml",
            study_with("residents = 'homes.csv'\n", ""),
            &["study.toml: ", "`residents`", "add"],
        ),
        with(
            "two ways to say residents",
            "study.toml",
            study_with("'homes.csv'", "{ file = 'homes.csv', census = 'census.csv' }"),
            &["study.toml, line 5", "`file` or `census`"],
        ),
        with(
            "units neither from a file nor from the map",
            "study.toml",
            study_with("'units.geojson'", "{ kind = 'community' }"),
            &["study.toml, line 6", "`file` or `admin_level`"],
        ),
        with(
            "kinds of places for units of a file",
            "study.toml",
            study_with("'units.geojson'", "{ file = 'units.geojson', kind = 'community' }"),
            &["units.geojson", "`kind`", "of its own"],
        ),
        with(
            "columns for a census",
            "study.toml",
            study_with("'homes.csv'", "{ census = 'census.csv', people = 'pop' }"),
            &["study.toml, line 5", "`people`", "`file`"],
        ),
        with(
            "the map's places twice",
            "study.toml",
            study_with("'clinics.csv'", "'streets'"),
            &["study.toml, line 7", "`streets`", "twice"],
        ),
        line(
            "a walker without pace",
            "[[walkers]]\nkey = 'by_age'\n[[walkers]]\nkey = 'slow'",
            &["study.toml, line 10", "`slow`", "metres_per_second"],
        ),
        line(
            "a walker with a nonsense pace",
            "walkers = [{ key = 'slow', metres_per_second = -1 }]",
            &["study.toml, line 8", "`slow`", "expected"],
        ),
        line("a drive without a peak", "drive = {}", &["study.toml, line 8", "missing field `peak_percent`"]),
        line(
            "no time at all",
            "drive = { peak_percent = 0 }",
            &["study.toml, line 8", "more than 0 per cent"],
        ),
        line(
            "two ways to drive",
            "drive = { peak_percent = 130 }\ndrive_matrix = 'times.csv'",
            &["study.toml, line 9", "leave out [drive] or drive_matrix"],
        ),
        line("no matrix", "drive_matrix = 'times.csv'", &["times.csv", "check the spelling"]),
        line("no heights", "elevation = 'dem.tif'", &["dem.tif", "check the spelling"]),
        line(
            "slopes without heights",
            "walkers = ['by_age', { key = 'w', metres_per_second = 1, slope = 'tobler' }]",
            &["study.toml, line 8", "add elevation"],
        ),
        line(
            "an unknown slope",
            "walkers = { key = 'w', metres_per_second = 1, slope = 'steep' }",
            &["study.toml, line 8", "slope is \"ignored\", \"tobler\""],
        ),
        line("no pack at all", "packs = []", &["study.toml, line 8", "at least one"]),
        line("unknown pack", "packs = ['cn-gb50181']", &["study.toml, line 8", "`cn-gb50181`", "cn-gb50180"]),
        line("no pack file", "packs = ['own.toml']", &["own.toml", "check the spelling"]),
        line(
            "a pack of another place",
            "packs = ['cn-gb50180']",
            &["study.toml, line 8", "cn-gb50180", "2025-06-30", "`XX`", "`CN`"],
        ),
    ]);
}

#[test]
fn a_study_that_is_not_there() {
    let town = sound_town();
    let output = assess(&town.path().join("elsewhere"), &[]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(fault(&output, &["cannot read", "elsewhere", "check the spelling"]), None, "{message}");
    assert!(!town.path().join("elsewhere").exists() && !town.path().join("out").exists());
}

#[test]
fn bad_packs() {
    let pack = |name, text: String, says| {
        case(
            name,
            move |folder| {
                put(folder, "study.toml", format!("{STUDY}packs = ['own.toml']\n"));
                put(folder, "own.toml", &text);
            },
            says,
        )
    };
    let rule = &PACK[PACK.find("[[rule]]").unwrap()..];
    refused(vec![
        pack("unknown key", format!("colour = 'red'\n{PACK}"), &["own.toml, line 1", "`colour`", "expected"]),
        pack(
            "two rules",
            format!("{PACK}{rule}"),
            &["own.toml, line 9", "rule `pharmacy` stands twice for the same days", "line 3"],
        ),
        pack(
            "unknown service",
            PACK.replace("'pharmacy'", "'farmacy'"),
            &["own.toml", "`farmacy`", "did you mean `pharmacy`?"],
        ),
        pack(
            "not yet",
            format!("valid_from = '2026-01-01'\n{PACK}"),
            &["`own`", "from 2026-01-01", "2025-06-30"],
        ),
        pack(
            "no more",
            format!("valid_to = '2024-12-31'\n{PACK}"),
            &["`own`", "until 2024-12-31", "2025-06-30"],
        ),
        pack("elsewhere", format!("jurisdiction = 'CN-51'\n{PACK}"), &["`own`", "`CN-51`", "`XX`"]),
    ]);
}

#[test]
fn bad_maps() {
    let map_is = |name, bytes: Vec<u8>, says| with(name, "town.osm.pbf", bytes, says);
    let whole = map("residential", true);
    let mut cases = vec![
        case(
            "no map",
            |folder| fs::remove_file(folder.join("town.osm.pbf")).unwrap(),
            &["town.osm.pbf", "check the spelling"],
        ),
        map_is("empty", vec![], &["town.osm.pbf"]),
        map_is("text", b"These are the streets of the town.".to_vec(), &["town.osm.pbf"]),
        map_is(
            "XML",
            b"<?xml version='1.0'?><osm version='0.6'/>".to_vec(),
            &["town.osm.pbf", "no map data"],
        ),
        map_is(
            "gzip",
            b"\x1f\x8b\x08\0\0\0\0\0".to_vec(),
            &["town.osm.pbf", "within its compressed bytes", "again"],
        ),
        map_is("zip", b"PK\x03\x04\x14\0\0\0".to_vec(), &["town.osm.pbf", "zip"]),
        map_is("GeoJSON", units(&[]).into_bytes(), &["town.osm.pbf", "JSON"]),
        map_is("only motorways", map("motorway", true), &["town.osm.pbf", "walk"]),
        map_is("only points", map("residential", false), &["town.osm.pbf", "walk"]),
    ];
    for part in [1, 3, 10, 100, 300, whole.len() / 2, whole.len() - 1] {
        cases.push(map_is("cut", whole[..part].to_vec(), &["town.osm.pbf", "again"]));
    }
    refused(cases);
}

/// A flipped bit may leave a sound map of another town; it may never leave half a result.
#[test]
fn maps_with_flipped_bits() {
    let whole = map("residential", true);
    for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
        let town = sound_town();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        put(town.path(), "town.osm.pbf", bytes);
        let output = assess(town.path(), &[]);
        let files = listing(&town.path().join("out"));
        if output.status.success() {
            assert_eq!(files.map(|files| files.len()), Some(FILES.len()), "byte {at}");
        } else {
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(fault(&output, &["town.osm.pbf"]), None, "byte {at}: {message}");
            assert_eq!(files, None, "byte {at}");
        }
    }
}

#[test]
fn bad_tables_of_residents() {
    let homes = |name, text: String, says| with(name, "homes.csv", text, says);
    let row = |name, row: &str, says| {
        with(
            name,
            "homes.csv",
            format!("id,lon,lat,people,age_65_plus\nfirst,20.001,0.001,9,1\n{row}\n"),
            says,
        )
    };
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(HOMES.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    refused(vec![
        homes(
            "missing column",
            HOMES.replace("lon", "lonn"),
            &["homes.csv", "`lon`", "did you mean `lonn`?"],
        ),
        homes("no people", HOMES.replace("people", "peple"), &["`people`", "did you mean `peple`?"]),
        row("NaN people", "a,20.001,0.001,NaN,1", &["homes.csv, row 3, field `people`", "`NaN`", "write"]),
        row("negative people", "a,20.001,0.001,-4,1", &["homes.csv, row 3, field `people`", "not negative"]),
        row("text as people", "a,20.001,0.001,many,1", &["homes.csv, row 3, field `people`", "`many`"]),
        row("endless people", "a,20.001,0.001,1e300,1", &["homes.csv, row 3, field `people`", "`1e300`"]),
        row("negative group", "a,20.001,0.001,4,-1", &["homes.csv, row 3, field `age_65_plus`"]),
        row("longitude out of range", "a,200,0.001,4,1", &["homes.csv, row 3, field `lon`", "-180 to 180"]),
        row("swapped out of range", "a,0.001,104.1,4,1", &["homes.csv, row 3", "swapped"]),
        row("swapped within range", "a,0.001,20.001,4,1", &["homes.csv", "`a`", "seem to be swapped"]),
        row("far away", "a,4.9,52.3,4,1", &["homes.csv", "`a`", "km from the streets", "check"]),
        homes("no rows", "id,lon,lat,people\n".into(), &["homes.csv holds no rows", "add"]),
        homes("empty", String::new(), &["homes.csv holds no rows", "add"]),
        homes("all people 0", "id,lon,lat,people\na,20.001,0.001,0\n".into(), &["homes.csv", "`people`"]),
        homes("all people blank", "id,lon,lat,people\na,20.001,0.001,\n".into(), &["homes.csv", "`people`"]),
        row(
            "duplicate id",
            "first,20.002,0.001,4,1",
            &["homes.csv, rows 2 and 3", "`first`", "id of its own"],
        ),
        row("fields too many", "a,20.001,0.001,4,1,7", &["homes.csv, row 3", "6 fields, expected 5"]),
        row("fields too few", "a,20.001,0.001", &["homes.csv, row 3", "3 fields, expected 5"]),
        with(
            "not UTF-8",
            "homes.csv",
            b"id,lon,lat,people\n\xe9,20,0,4\n".as_slice(),
            &["homes.csv", "UTF-8"],
        ),
        with("UTF-16", "homes.csv", utf16, &["homes.csv", "UTF-16", "UTF-8"]),
        with("a spreadsheet", "homes.csv", b"PK\x03\x04\x14\0".as_slice(), &["homes.csv", "zip", "CSV"]),
        case(
            "no file",
            |folder| fs::remove_file(folder.join("homes.csv")).unwrap(),
            &["homes.csv", "check the spelling"],
        ),
    ]);
}

#[test]
fn bad_features_of_residents() {
    let features = |name, text: &str, says| {
        let text = text.to_owned();
        case(
            name,
            move |folder| {
                put(folder, "study.toml", study_with("homes.csv", "homes.geojson"));
                put(folder, "homes.geojson", &text);
            },
            says,
        )
    };
    let home = |lon: f64, lat: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"id\":\"a\",\"people\":4}},\
             \"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},{lat}]}}}}"
        )
    };
    let crs = "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\
               \"urn:ogc:def:crs:EPSG::2056\"}},\"features\":[]}";
    refused(vec![
        features("not JSON", "{\"type\": \"FeatureCollection\",", &["homes.geojson", "line 1, column 29"]),
        features(
            "a single Feature",
            &home(20.001, 0.001),
            &["homes.geojson", "wrap it in a FeatureCollection"],
        ),
        features("wrong CRS", crs, &["homes.geojson", "EPSG::2056", "WGS 84"]),
        features("no features", &units(&[]), &["homes.geojson holds no rows"]),
        features("swapped", &units(&[home(0.001, 104.0)]), &["homes.geojson, row 1", "swapped"]),
        features("CSV inside", HOMES, &["homes.geojson", "JSON"]),
    ]);
}

#[test]
fn bad_facilities() {
    let clinics = |name, text: &str, says| {
        case(
            name,
            {
                let text = text.to_owned();
                move |folder| put(folder, "clinics.csv", &text)
            },
            says,
        )
    };
    let head = "id,lon,lat,service\n";
    refused(vec![
        clinics(
            "a thousand kilometres away",
            &format!("{head}ok,20.001,0.001,pharmacy\nfar,29.1,0.001,pharmacy\n"),
            &["clinics.csv", "`far`", "km from the streets", "check"],
        ),
        clinics(
            "unknown service",
            &format!("{head}ok,20.001,0.001,pharmacy\nodd,20.001,0.002,farmacy\n"),
            &["clinics.csv", "`odd`", "`farmacy`", "did you mean `pharmacy`?"],
        ),
        clinics(
            "a nonsense key",
            &format!("{head}odd,20.001,0.002,Drug Store\n"),
            &["clinics.csv, row 2, field `service`"],
        ),
        clinics("no service column", "id,lon,lat\na,20.001,0.001\n", &["clinics.csv", "`service`", "add it"]),
        clinics("no service in any row", &format!("{head}a,20.001,0.001,\n"), &["clinics.csv", "service"]),
        case(
            "the column of a service is missing",
            |folder| {
                let table = "{ file = 'clinics.csv', services = { pharmacy = 'pharmacies' } }";
                put(folder, "study.toml", study_with("'clinics.csv'", table));
            },
            &["clinics.csv", "`pharmacies`"],
        ),
        case(
            "a column for an unknown service",
            |folder| {
                let table = "{ file = 'clinics.csv', services = { farmacy = 'id' } }";
                put(folder, "study.toml", study_with("'clinics.csv'", table));
                put(folder, "clinics.csv", "id,lon,lat\n1,20.001,0.001\n");
            },
            &["study.toml, line 7", "`farmacy`", "did you mean `pharmacy`?"],
        ),
    ]);
}

#[test]
fn bad_units() {
    let is = |name, features: &[String], says| with(name, "units.geojson", units(features), says);
    let bow = [(-1.0, -1.0), (9.0, 9.0), (9.0, -1.0), (-1.0, 8.0), (-1.0, -1.0)];
    let (town, parish) = (MIDTOWN.replace("community", "town"), format!("{MIDTOWN},\"parent\":\"u2\""));
    refused(vec![
        is("a self-crossing polygon", &[unit(MIDTOWN, &bow)], &["units.geojson", "`u1`", "Fix geometries"]),
        is(
            "unknown kind",
            &[unit(&town, &WHOLE)],
            &["units.geojson, row 1, field `kind`", "`town`", "community"],
        ),
        is("missing parent", &[unit(&parish, &WHOLE)], &["units.geojson", "`u1`", "`u2`", "parent"]),
        is(
            "two of one code",
            &[unit(MIDTOWN, &WHOLE), unit(MIDTOWN, &WHOLE)],
            &["units.geojson, rows 1 and 2"],
        ),
        with(
            "a level that the map lacks",
            "study.toml",
            study_with("'units.geojson'", "{ admin_level = 8 }"),
            &["study.toml, line 6", "level 8"],
        ),
    ]);
}

#[test]
fn bad_groups_and_censuses() {
    let census = |name, text: &'static str, says| {
        case(
            name,
            move |folder| {
                put(folder, "study.toml", CENSUS_STUDY);
                put(folder, "census.csv", text);
            },
            says,
        )
    };
    refused(vec![
        line(
            "a table after a name",
            "[residents.group_totals]\nage_65_plus = 111",
            &["study.toml, line 8", "as a table"],
        ),
        with(
            "a group larger than the population",
            "study.toml",
            study_with("'homes.csv'", "{ file = 'homes.csv', group_totals = { female = 111 } }"),
            &["study.toml, line 5", "female", "111", "110"],
        ),
        with(
            "a group with a nonsense name",
            "study.toml",
            study_with("'homes.csv'", "{ file = 'homes.csv', group_totals = { the_old = 5 } }"),
            &["study.toml, line 5", "`the_old`", "age_65_plus"],
        ),
        with(
            "a group that is counted twice",
            "study.toml",
            study_with("'homes.csv'", "{ file = 'homes.csv', group_totals = { age_65_plus = 5 } }"),
            &["study.toml, line 5", "age_65_plus"],
        ),
        census(
            "unknown area",
            "area,population\nMitown,50\n",
            &["census.csv", "`Mitown`", "did you mean `Midtown`?"],
        ),
        census(
            "non-numeric population",
            "area,population\nMidtown,many\n",
            &["census.csv, row 2, field `population`"],
        ),
        census("half a person", "area,population\nMidtown,1.5\n", &["census.csv, row 2", "whole number"]),
        census("nobody", "area,population\nMidtown,0\n", &["census.csv", "population"]),
    ]);
}

#[test]
fn a_file_in_the_place_of_the_output_folder() {
    for place in ["out", "out/deeper"] {
        let town = sound_town();
        put(town.path(), "out", "a file");
        let out = town.path().join(place);
        let output = assess(town.path(), &["--out".as_ref(), out.as_os_str()]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(fault(&output, &["out", "move the file away"]), None, "{place}: {message}");
        assert_eq!(fs::read(town.path().join("out")).unwrap(), b"a file", "{place}");
    }
    // a folder in the place of a file: the others stay as they were
    let town = sound_town();
    let out = town.path().join("out");
    fs::create_dir_all(out.join("gaps.csv")).unwrap();
    put(&out, "assessment.json", "earlier");
    let output = assess(town.path(), &[]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(fault(&output, &["gaps.csv", "folder"]), None, "{message}");
    assert_eq!(fs::read(out.join("assessment.json")).unwrap(), b"earlier");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 2);
}

/// The table of a study of `examples`, all but the last line, which names a folder, against its golden file.
fn golden_table(study: &str, golden: &str) {
    let out = tempfile::tempdir().expect("there is room");
    golden_text(&assess(&example(study), &["--out".as_ref(), out.path().as_os_str()]), golden);
}

fn example(study: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(study)
}

fn golden_text(output: &Output, golden: &str) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter(|line| !line.starts_with("Results: ")).map(str::trim_end);
    let table = lines.collect::<Vec<_>>().join("\n").trim_end().to_string() + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&file, &table).expect("the golden file is writable");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    let differs = table.lines().zip(expected.lines()).find(|(new, old)| new != old);
    assert!(
        table == expected,
        "the table differs from tests/golden/{golden}, first in\n{differs:#?}\n(new, old). If the new one is right, run \
         the test with UPDATE_GOLDEN=1 and say in the changelog why.\n\n{table}"
    );
}

/// `lifecircle compare` of two studies of `examples`.
fn compare(before: &str, after: &str, out: &Path) -> Output {
    let mut command = lifecircle();
    command.arg("compare").arg(example(before)).arg(example(after)).arg("--out").arg(out).arg("--quiet");
    command.output().expect("the command starts")
}

#[test]
fn two_years_of_xinan_new_town() {
    let out = tempfile::tempdir().expect("there is room");
    let output = compare("xinan-new-town/gb50180.toml", "xinan-new-town/next-year.toml", out.path());
    golden_text(&output, "xinan-compare.txt");
    let names: Vec<String> = listing(out.path()).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["changes.csv", "changes.geojson"]);
}

#[test]
fn monitoring_of_xinan_new_town() {
    golden_table("xinan-new-town/monitoring.toml", "xinan-monitoring.txt");
}

#[test]
fn a_series_is_continued_and_measuring_again_changes_nothing() {
    let town = sound_town();
    let folder = town.path();
    let pack = PACK.to_owned()
        + "[[indicator]]\nkey = 'near'\nen = 'Near'\nunit = '%'\nper = 100\nbetter = 'more'\nconfidence = 'derived'\n\
           source = 's'\ncount = { what = 'people', covered_by = ['pharmacy'] }\nof = { what = 'people' }\n\
           target = { at_least = 90, year = 2030 }\n";
    put(folder, "own.toml", pack);
    put(folder, "series.csv", "date,indicator,unit,value,pack\n2024-06-30,near,,10,own\n");
    let study = format!("{STUDY}packs = ['own.toml']\nmonitoring = {{ series = 'series.csv' }}\n");
    put(folder, "study.toml", study);
    let run = || {
        let output = assess(folder, &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let series = fs::read_to_string(folder.join("out/series.csv")).expect("a series");
        (String::from_utf8_lossy(&output.stdout).into_owned(), series)
    };
    let (said, once) = run();
    assert!(said.contains("On the way to their targets"), "{said}");
    assert!(
        once.starts_with("date,indicator,unit,value,pack\n2024-06-30,near,,10.0,own\n2025-06-30,near,,"),
        "{once}"
    );
    put(folder, "series.csv", &once);
    assert_eq!(run().1, once);
    let bad = |file: &str, text: &str, says: &[&str]| {
        put(folder, "bad.csv", text);
        put(folder, "study.toml", format!("{STUDY}monitoring = {{ {file} = 'bad.csv' }}\n"));
        assert_eq!(fault(&assess(folder, &[]), says), None);
    };
    bad("survey", "about,satisfaction\npark,7\n", &["bad.csv", "row 2", "satisfaction", "from 1 to 5"]);
    bad(
        "tickets",
        "id,opened,closed\n1,2025-01-02,2025-01-01\n",
        &["bad.csv", "row 2", "closed", "made later"],
    );
    bad("series", "date,indicator,value\n2025-01-01,a,1\n", &["bad.csv", "pack"]);
    bad("serie", "", &["serie"]);
}

#[test]
fn a_plan_is_checked_clause_by_clause() {
    let out = TempDir::new().expect("a folder");
    let check = |plan: &Path| {
        lifecircle()
            .arg("check")
            .arg(plan)
            .arg("--out")
            .arg(out.path().join("out"))
            .output()
            .expect("it starts")
    };
    let example = check(&example("xinan-new-town/plan.toml"));
    assert_eq!(example.status.code(), Some(2), "it is refused");
    let text = String::from_utf8_lossy(&example.stdout).into_owned();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/xinan-plan.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&golden, lines.join("\n") + "\n").expect("the golden file is writable");
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(lines, expected.lines().collect::<Vec<_>>());
    let names: Vec<String> =
        listing(&out.path().join("out")).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["check.csv", "check.json"]);
    put(out.path(), "own.toml", PACK.replace("'memory'", "'policy'"));
    let plan = |lines: &str| {
        let text = format!(
            "name = 'p'\ndate = 2025-07-01\njurisdiction = 'XX'\npacks = ['own.toml']\nunit = 'estate'\n{lines}\n"
        );
        put(out.path(), "plan.toml", text);
        check(&out.path().join("plan.toml"))
    };
    let pharmacy = "[[facility]]\nservices = ['pharmacy']\n";
    assert_eq!(plan("").status.code(), Some(2));
    assert_eq!(plan(pharmacy).status.code(), Some(3), "its walk is not stated");
    assert_eq!(plan(&format!("{pharmacy}longest_walk_m = 900")).status.code(), Some(0));
    let accepted = plan("stage = 'acceptance'");
    assert!(String::from_utf8_lossy(&accepted.stdout).contains("may not be handed over"));
    for (lines, says) in [
        ("dwellings = -1", &["plan.toml", "line 6", "0 or more"][..]),
        ("levels = ['circle_99']", &["line 6", "circle_99"]),
        ("[[facility]]\nservices = ['farmacy']", &["line 7", "pharmacy"]),
        ("[[facility]]\nservices = []", &["name the `services`"]),
        ("ages = { old = 3 }", &["line 6", "old"]),
        ("flats = 3", &["line 6", "flats"]),
    ] {
        assert_eq!(fault(&plan(lines), says), None, "{lines}");
    }
}

#[test]
fn runs_that_cannot_be_compared() {
    let out = tempfile::tempdir().expect("there is room");
    let folder = out.path().join("compare");
    let output = compare("xinan-new-town/gb50180.toml", "xinan-new-town/health-check.toml", &folder);
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        fault(&output, &["packs differ", "cn-gb50180", "cn-health-check", "alike"]),
        None,
        "{message}"
    );
    assert!(listing(&folder).is_none(), "nothing is left behind");
}

#[test]
fn hours_that_cannot_be_measured() {
    let days = |name: &'static str, table: &'static str, says: &'static [&'static str]| {
        let spoil = move |folder: &Path| {
            put(folder, "days.csv", table);
            put(folder, "study.toml", format!("{STUDY}hours = {{ days = 'days.csv' }}\n"));
        };
        case(name, spoil, says)
    };
    refused(vec![
        line("a key", "hours = { day = 'x.csv' }", &["study.toml, line 8", "unknown field `day`"]),
        line("a stay", "hours = { stay_min = 1440 }", &["study.toml, line 8", "write minutes below 1440"]),
        line("no file", "hours = { days = 'no.csv' }", &["no.csv", "check the spelling"]),
        days(
            "a kind",
            "date,kind\n2025-06-30,feast\n",
            &["days.csv, row 2", "holiday school_holiday working_day"],
        ),
        days("a working day", "date,kind\n2025-07-05,working_day\n", &["days.csv, row 2", "the column `as`"]),
        days("twice", "date,kind\n2025-07-01,holiday\n2025-07-01,holiday\n", &["days.csv", "rows 2 and 3"]),
    ]);
}

#[test]
fn the_table_of_the_isle_of_man() {
    golden_table("isle-of-man", "isle-of-man.txt");
}

#[test]
fn the_tables_of_xinan_new_town() {
    golden_table("xinan-new-town", "xinan-new-town.txt");
    golden_table("xinan-new-town/complete-community.toml", "xinan-complete-community.txt");
    golden_table("xinan-new-town/health-check.toml", "xinan-health-check.txt");
    golden_table("xinan-new-town/gb50180.toml", "xinan-gb50180.txt");
    golden_table("xinan-new-town/next-year.toml", "xinan-next-year.txt");
    golden_table("xinan-new-town/hours.toml", "xinan-hours.txt");
    golden_table("xinan-new-town/severance.toml", "xinan-severance.txt");
    golden_table("xinan-new-town/journeys.toml", "xinan-journeys.txt");
    golden_table("xinan-new-town/care.toml", "xinan-care.txt");
}

/// The files of the example are what its seed grows, byte for byte; its studies are written by hand.
#[test]
fn xinan_new_town_grows_from_its_seed() {
    let folder = tempfile::tempdir().expect("there is room");
    let arguments = "--people 60000 --communities 6 --seed 351 --years 2 --format osm,csv --quiet";
    let output = lifecircle()
        .arg("synth")
        .arg(folder.path())
        .args(arguments.split(' '))
        .output()
        .expect("the command starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town");
    let grown = listing(folder.path()).expect("the city is written");
    let files: Vec<&str> =
        grown.iter().map(|(name, _)| name.as_str()).filter(|name| !name.ends_with(".toml")).collect();
    assert_eq!(files.len(), 9, "{files:?}");
    for (name, bytes) in grown.iter().filter(|(name, _)| files.contains(&name.as_str())) {
        let committed = fs::read(example.join(name)).unwrap_or_default();
        assert!(
            &committed == bytes,
            "{name} differs; grow it anew: lifecircle synth examples/xinan-new-town {arguments} --replace"
        );
    }
}

const CODES: &str = "[[tags]]\nservice = 'pharmacy'\nall = ['category=0906*']\nquality = 'good'\n\
                     [[tier]]\ntier = 'basic'\nservices = ['pharmacy']\njurisdiction = 'XX'\n\
                     confidence = 'derived'\nsources = []\nreason = 'ours'\n";

#[test]
fn categories_of_a_map_provider() {
    let town = sound_town();
    let folder = town.path();
    let study = "date = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'town.osm.pbf'\nresidents = 'homes.csv'\n\
                 catalogue = ['codes.toml']\n\
                 facilities = { file = 'poi.csv', tags = { category = 'typecode' } }\n";
    put(folder, "study.toml", study);
    put(folder, "codes.toml", CODES);
    put(
        folder,
        "poi.csv",
        "id,lon,lat,typecode\na,20.003,0.002,090601\nb,20.003,0.002,050000\nc,20.004,0.002,090602\n",
    );
    let output = assess(folder, &[]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let account =
        "poi.csv (facilities, rows): 3 rows: 2 used, 0 moved, 1 rejected (1 no service has its tags)";
    assert!(text.contains(account), "{text}");
    assert!(text.contains("tier basic (1 services)"), "the tier of the study's own file: {text}");
    put(folder, "codes.toml", CODES.replace("'pharmacy'", "'farmacy'"));
    let output = assess(folder, &[]);
    let says = ["codes.toml, line 5", "`farmacy`; did you mean `pharmacy`?"];
    assert_eq!(fault(&output, &says), None, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn packs_are_checked_and_shown() {
    let town = sound_town();
    let folder = town.path();
    put(folder, "nation.toml", PACK.replace("'own'", "'nation'"));
    let child = "key = 'city'\ntitle = 'City'\ninherits = 'nation.toml'\n[[rule]]\nservice = 'pharmacy'\n\
                 requirement = 'as_needed'\n[[rule]]\nservice = 'beautiful_space'\none_in = 'community'\n\
                 requirement = 'must'\nconfidence = 'policy'\nsource = 'city'\n";
    put(folder, "city.toml", child);
    let check = |pack: &str| {
        lifecircle().arg("check-pack").arg(folder.join(pack)).output().expect("the command starts")
    };
    let output = check("city.toml");
    let text = String::from_utf8_lossy(&output.stdout);
    for part in [
        "city: City",
        "inherits from nation",
        "2 rules (1 must, 1 as needed, 0 feature), 0 norms, 0 indicators, 0 scores, 0 figures",
        "1 policy, 1 memory",
        "walk of 15 min",
        "no map shows these, which are required; they need a table: beautiful space",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    put(
        folder,
        "nation.toml",
        PACK.replace("'own'", "'nation'").replace("title = 'Own'", "title = 'Own'\ninherits = 'city.toml'"),
    );
    let circle = check("city.toml");
    assert_eq!(fault(&circle, &["nation.toml, line 3", "city → nation → city", "cut the circle"]), None);
    let unknown = lifecircle().args(["check-pack", "cn-shangai"]).output().expect("the command starts");
    assert_eq!(fault(&unknown, &["cn-shangai", "cn-shanghai", "international-15min"]), None);
}

#[test]
fn cities_that_go_first_are_chosen_from_a_table() {
    let folder = TempDir::new().expect("a folder");
    let judged = |city: &str, points: [u32; 4], people: u32| {
        let keys = ["pilot_economy", "pilot_plan", "pilot_support", "pilot_readiness"];
        let points: Vec<String> =
            keys.iter().zip(points).map(|(key, points)| format!("{key},{city},{points}\n")).collect();
        points.concat() + &format!("pilot_urban_residents,{city},{people}\n")
    };
    let values = [
        "key,unit,value\n".to_owned(),
        judged("Large", [90, 80, 85, 75], 15_000_000),
        judged("Small", [95, 95, 95, 95], 900_000),
        judged("Middling", [70, 60, 50, 40], 1_000_000),
    ];
    put(folder.path(), "cities.csv", values.concat());
    let out = folder.path().join("out");
    let score = |more: &[&str]| {
        let mut command = lifecircle();
        command.arg("score").arg("cn-embedded-guide").arg(folder.path().join("cities.csv"));
        command.args(["--date", "2025-01-01", "--out"]).arg(&out).args(more).output().expect("it starts")
    };
    let said = score(&[]);
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(text.contains("pilot_cities: 2 of 3 units chosen, up to 50 wanted"), "{text}");
    let table = fs::read_to_string(out.join("scores.csv")).expect("a table");
    let row = |city: &str| table.lines().find(|line| line.contains(city)).expect("a row").to_owned();
    assert!(row("Small").contains(",95.0,95.0,A,") && row("Small").contains(",missed,false,"), "{table}");
    assert!(row("Large").contains(",82.5,82.5,B,") && row("Large").contains(",met,true,"), "{table}");
    assert!(row("Middling").contains(",met,true,"), "a million is enough: {table}");
    let unknown = score(&["--key", "pilot_villages"]);
    assert_eq!(fault(&unknown, &["cities.csv", "pilot_cities, pilot_communities", "column `key`"]), None);
}

#[test]
fn groups_of_areas_are_fitted() {
    let town = sound_town();
    let folder = town.path();
    let study = STUDY.replace(
        "residents = 'homes.csv'\nunits",
        "residents = { file = 'homes.csv', groups_by_area = ['groups.csv'] }\nunits",
    );
    put(folder, "study.toml", study);
    put(folder, "groups.csv", "area,age_0_14,female,femail\nMidtown,16,,9\n");
    let output = assess(folder, &[]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for part in [
        "groups.csv (residents, groups of areas): 1 rows: 1 used",
        "under 15: fitted to totals of areas",
        "warning: 1 x home in no area of the tables of groups",
        "note: 1 x column that is no group, such as femail: it is not looked at",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // 80 of the 110 people live in Midtown: 16 of them are 20 %, and so are 6 of the others
    let results = fs::read_to_string(folder.join("out/assessment.json")).expect("results are written");
    let compact: String = results.split_whitespace().collect();
    let people =
        compact.split("\"name\":\"age_0_14\"").nth(1).and_then(|rest| rest.split("\"people\":").nth(1));
    let people = people.and_then(|rest| rest.split([',', '}']).next()?.parse::<f64>().ok());
    assert!(people.is_some_and(|people| (people - 22.0).abs() < 1e-3), "{people:?} in {results}");
    let refused = |groups: &str, says: &[&str]| {
        put(folder, "groups.csv", groups);
        let output = assess(folder, &[]);
        assert_eq!(fault(&output, says), None, "{}", String::from_utf8_lossy(&output.stderr));
    };
    refused("area,age_65_plus\nMidtown,9\n", &["groups.csv", "age_65_plus"]);
    refused("area,age_0_14\nMitdown,9\n", &["groups.csv", "`Mitdown`", "did you mean `Midtown`?"]);
    refused("area,age_0_14\nMidtown,81\n", &["groups.csv", "81 people of only 80", "correct the total"]);
    refused("area,colour\nMidtown,81\n", &["study.toml", "no column of a group"]);
    refused("area,age_0_14\nMidtown,1.5\n", &["groups.csv", "row", "whole number"]);
    refused("area,female,male\nMidtown,10,20\n", &["groups.csv", "contradict", "Midtown"]);
}

#[test]
fn what_a_complete_table_does_not_list_is_not_there() {
    let pharmacy = |facilities: &str| {
        let town = sound_town();
        put(
            town.path(),
            "study.toml",
            study_with("['clinics.csv', { file = 'streets', complete = true }]", facilities),
        );
        let output = assess(town.path(), &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().find(|line| line.starts_with(" Pharmacy")).expect("a row").to_owned()
    };
    assert!(pharmacy("'clinics.csv'").contains("not assessed"));
    assert!(pharmacy("{ file = 'clinics.csv', complete = true }").contains(" 0.0 %"));
}
