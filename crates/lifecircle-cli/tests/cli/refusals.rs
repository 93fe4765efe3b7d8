//! What the command says about bad input.
//!
//! Every case is run twice on a sound town with one thing spoiled: without results, and with those of an earlier run. Both
//! times the command has to refuse with one message and leave the results alone.

use std::fs;
use std::path::Path;

use crate::town::{
    FILES, HOMES, MIDTOWN, PACK, STUDY, WHOLE, assess, fault, listing, map, put, sound_town, study_with,
    unit, units,
};

const CENSUS_STUDY: &str = "date = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'town.osm.pbf'\n\
                            units = 'units.geojson'\nresidents = { census = 'census.csv' }\n";

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
