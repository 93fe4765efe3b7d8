//! What the command writes about a sound town.

use std::ffi::OsStr;
use std::fs;
use std::process::Stdio;

use tempfile::TempDir;

use crate::town::{
    CLINICS, FILES, PACK, STUDY, assess, fault, lifecircle, listing, put, sound_town, study_with,
};

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
