//! The schemas of results against results: every file of real studies keeps its schema, every column that is described is
//! written somewhere, and what is broken on purpose is refused.

#![cfg(all(feature = "bundle", feature = "hours", feature = "osm-xml", feature = "schema"))]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lifecircle::indicators::clauses_table;
use lifecircle::io::{write_csv, write_json};
use lifecircle::schema::{SchemaFile, schema_files};
use lifecircle::types::NoProgress;
use lifecircle::{Comparison, Study, check_plan_file};
use serde_json::Value;
use tempfile::TempDir;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// Schemas by the files that they describe.
fn schemas() -> BTreeMap<String, Value> {
    let described = |file: SchemaFile| {
        let name = file.name.strip_suffix(".schema.json")?.to_owned();
        Some((name, serde_json::from_str(&file.text).unwrap()))
    };
    schema_files().into_iter().filter_map(described).collect()
}

/// The same schema, with every object closed: what is not described is refused.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            for member in members.values_mut() {
                *member = closed(member.take());
            }
            if members.get("properties").is_some_and(|named| named.values().all(Value::is_object)) {
                members.insert("additionalProperties".into(), false.into());
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                *entry = closed(entry.take());
            }
        }
        _ => {}
    }
    schema
}

trait Values {
    fn values(&self) -> Box<dyn Iterator<Item = &Value> + '_>;
}

impl Values for Value {
    fn values(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        Box::new(self.as_object().into_iter().flat_map(|members| members.values()))
    }
}

/// What a JSON Schema has against a document.
fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator
        .iter_errors(document)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .take(5)
        .collect()
}

/// A field of a table description that is meant for a column.
fn field<'a>(schema: &'a Value, column: &str) -> Vec<&'a Value> {
    let named = schema["fields"].as_array().unwrap().iter().filter(|field| field["name"] == column);
    let like = schema["patternFields"].as_array().into_iter().flatten();
    named.chain(like.filter(|field| matches(field["pattern"].as_str().unwrap(), column))).collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    let schema = serde_json::json!({ "pattern": pattern });
    jsonschema::is_valid(&schema, &Value::from(name))
}

/// What the description of a table has against a CSV.
fn table_faults(schema: &Value, bytes: &[u8]) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let mut faults = Vec::new();
    for field in schema["fields"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        if field.get("optional").is_none() && !header.iter().any(|column| column == name) {
            faults.push(format!("no column {name}"));
        }
    }
    let fields: Vec<Option<&Value>> = header
        .iter()
        .map(|column| match field(schema, column)[..] {
            [one] => Some(one),
            ref found => {
                faults.push(format!("{} descriptions of {column}", found.len()));
                None
            }
        })
        .collect();
    for (row, record) in reader.records().enumerate() {
        for ((cell, field), column) in record.unwrap().iter().zip(&fields).zip(&header) {
            let Some(field) = field else { continue };
            let words = field["constraints"]["enum"].as_array();
            let sound = match field["type"].as_str().unwrap() {
                _ if cell.is_empty() => field["constraints"]["required"] == false,
                "string" => words.is_none_or(|words| words.iter().any(|word| word == cell)),
                "date" => cell.parse::<lifecircle::types::Date>().is_ok(),
                "integer" => cell.parse::<i64>().is_ok(),
                "number" => cell.parse::<f64>().is_ok_and(f64::is_finite),
                "boolean" => matches!(cell, "true" | "false"),
                other => panic!("{other}"),
            };
            if !sound {
                faults.push(format!("row {}, {column}: `{cell}`", row + 1));
            }
        }
    }
    faults.truncate(5);
    faults
}

/// Real results: everything that a study can ask for, two years of it, their comparison, and a plan.
fn results() -> (TempDir, Vec<PathBuf>) {
    let place = tempfile::tempdir().unwrap();
    let town = place.path().join("town");
    fs::create_dir(&town).unwrap();
    for entry in fs::read_dir(example("xinan-new-town")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), town.join(entry.file_name())).unwrap();
    }
    let everything = "history = 'history.csv'\nbands = { draws = 9 }\nhours = { days = 'days.csv' }\nseverance = {}\n\
                      bases = { land = 'streets', buildings = 'streets' }\n\
                      drive = { peak_percent = 130 }\nwalkers = ['by_age', 'wheelchair']\n";
    let monitored = fs::read_to_string(town.join("monitoring.toml")).unwrap();
    fs::write(town.join("first.toml"), format!("{everything}{monitored}")).unwrap();
    fs::write(town.join("history.csv"), "problem,date,status,by,note,mode,due,budget\n").unwrap();
    let first = place.path().join("first");
    let earlier = Study::open(&town.join("first.toml"), &NoProgress).unwrap();
    let earlier = earlier.assess(&NoProgress).unwrap();
    earlier.write(&first).unwrap();

    // a year later: somebody has planned, and tables come with shifted coordinates
    let mut history = fs::read_to_string(first.join("history.csv")).unwrap();
    let solvable = earlier.projects[0].problems[0].clone();
    history.push_str(&format!("{solvable},2025-07-02,planned,office,a note,build,2025-12-01,1000\n"));
    fs::write(town.join("history.csv"), history).unwrap();
    let later = monitored
        .replace("date = 2025-07-01", "date = 2025-12-01")
        .replace("residents = \"residents.csv\"", "residents = { file = \"residents.csv\", crs = \"gcj02\" }")
        .replace("file = \"facilities.csv\"", "file = \"facilities.csv\", crs = \"gcj02\"");
    assert!(later.matches("gcj02").count() == 2 && later.contains("2025-12-01"));
    fs::write(town.join("second.toml"), format!("{everything}{later}")).unwrap();
    let second = place.path().join("second");
    let later = Study::open(&town.join("second.toml"), &NoProgress).unwrap();
    let later = later.assess(&NoProgress).unwrap();
    later.write(&second).unwrap();
    let compared = place.path().join("compared");
    Comparison::new(&earlier, &later).unwrap().write(&compared).unwrap();

    let isle = place.path().join("isle");
    let island = Study::open(&example("isle-of-man"), &NoProgress).unwrap();
    island.assess(&NoProgress).unwrap().write(&isle).unwrap();
    // grades and choices of a health check have columns of their own
    let checked = place.path().join("health");
    let health = Study::open(&town.join("health-check.toml"), &NoProgress).unwrap();
    health.assess(&NoProgress).unwrap().write(&checked).unwrap();
    // what is asked beside the rules
    let (journeys, care) = (place.path().join("journeys"), place.path().join("care"));
    for (study, folder) in [("journeys.toml", &journeys), ("care.toml", &care)] {
        let study = Study::open(&town.join(study), &NoProgress).unwrap();
        study.assess(&NoProgress).unwrap().write(folder).unwrap();
    }

    let plan = place.path().join("plan");
    fs::create_dir(&plan).unwrap();
    let check = check_plan_file(&town.join("plan.toml")).unwrap();
    write_json(fs::File::create(plan.join("check.json")).unwrap(), &check).unwrap();
    write_csv(fs::File::create(plan.join("check.csv")).unwrap(), &clauses_table(&check).unwrap()).unwrap();
    (place, vec![first, second, compared, isle, checked, journeys, care, plan])
}

#[test]
fn every_file_of_real_studies_keeps_its_schema_and_every_column_is_written() {
    let schemas = schemas();
    let (_place, folders) = results();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut rows = 0;
    for folder in folders {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let schema = schemas.get(&name).unwrap_or_else(|| panic!("{name} has no schema"));
            let bytes = fs::read(&path).unwrap();
            let columns = seen.entry(name.clone()).or_default();
            if name.ends_with(".csv") {
                assert_eq!(table_faults(schema, &bytes), [""; 0], "{}", path.display());
                let mut reader = csv::Reader::from_reader(bytes.as_slice());
                columns.extend(reader.headers().unwrap().iter().map(String::from));
                rows += reader.records().count();
            } else {
                let document: Value = serde_json::from_slice(&bytes).unwrap();
                let strict = closed(schema.clone());
                assert_eq!(faults(&strict, &document), [""; 0], "{}", path.display());
                if let Some(features) = document["features"].as_array() {
                    let properties = features.iter().filter_map(|feature| feature["properties"].as_object());
                    columns.extend(properties.flat_map(|properties| properties.keys().cloned()));
                    rows += features.len();
                }
            }
        }
    }
    assert!(rows > 10_000, "{rows}");
    let described: BTreeSet<&String> = schemas.keys().collect();
    assert_eq!(seen.keys().collect::<BTreeSet<_>>(), described, "files that are described and not written");
    for (file, schema) in &schemas {
        let written = &seen[file];
        let (named, like): (Vec<String>, Vec<String>) = if file.ends_with(".csv") {
            let names = |key: &str, of: &str| {
                let fields = schema[key].as_array().into_iter().flatten();
                fields.map(|field| field[of].as_str().unwrap().to_owned()).collect()
            };
            (names("fields", "name"), names("patternFields", "pattern"))
        } else {
            let of = &schema["properties"]["features"]["items"]["properties"]["properties"];
            let keys =
                |key: &str| of[key].as_object().into_iter().flat_map(|of| of.keys().cloned()).collect();
            (keys("properties"), keys("patternProperties"))
        };
        for name in &named {
            // a file without rows shows no properties
            assert!(written.contains(name), "{file}: {name} is described and never written");
        }
        for pattern in &like {
            let own = |name: &&String| !named.contains(name) && matches(pattern, name);
            assert!(written.iter().any(|name| own(&name)), "{file}: nothing is like {pattern}");
        }
        // no column is described by two patterns
        for name in written.iter().filter(|name| !named.contains(name)) {
            let by = like.iter().filter(|pattern| matches(pattern, name)).count();
            assert_eq!(by, 1, "{file}: {name}");
        }
    }
}

#[test]
fn what_is_broken_on_purpose_is_refused() {
    let schemas = schemas();
    let place = tempfile::tempdir().unwrap();
    let study = Study::open(&example("xinan-new-town/gb50180.toml"), &NoProgress).unwrap();
    study.assess(&NoProgress).unwrap().write(place.path()).unwrap();
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    let check = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut document: Value = serde_json::from_str(&read(name)).unwrap();
        assert_eq!(faults(&schemas[name], &document), [""; 0]);
        let sound = document.clone();
        change(&mut document);
        assert_ne!(document, sound);
        assert_ne!(faults(&schemas[name], &document), [""; 0], "{name}");
    };
    check("assessment.json", &|document| document["format"] = "1".into());
    check("assessment.json", &|document| document["provenance"]["inputs"][0]["role"] = "street".into());
    check("assessment.json", &|document| {
        document["assessment"]["services"][0].as_object_mut().unwrap().remove("tier");
    });
    check("assessment.json", &|document| document["assessment"]["services"][0]["service"] = "No Key".into());
    check("assessment.json", &|document| {
        document["assessment"]["services"][0]["rule"]["kind"] = "walk".into()
    });
    check("assessment.json", &|document| {
        document["assessment"]["shares"][0]["every"]["strict"]["covered"] = Value::Null;
    });
    let first = |document: &mut Value, key: &str, value: Value| {
        document["features"][0]["properties"][key] = value;
    };
    check("residents.geojson", &|document| first(document, "placement", "somewhere".into()));
    check("residents.geojson", &|document| first(document, "required", 1.5.into()));
    check("residents.geojson", &|document| first(document, "pharmacy_m", "near".into()));
    check("residents.geojson", &|document| {
        document["features"][0]["properties"].as_object_mut().unwrap().remove("people");
    });
    check("units.geojson", &|document| document["features"][0]["geometry"]["type"] = "Point".into());
    check("facilities.geojson", &|document| {
        document["features"][0]["geometry"]["coordinates"] = serde_json::json!([1.0]);
    });
    check("facilities.geojson", &|document| {
        document.as_object_mut().unwrap().remove("attribution");
    });
    // a file may have more than is described, for readers of an earlier version; the tests of this version refuse it
    let mut more: Value = serde_json::from_str(&read("units.geojson")).unwrap();
    first(&mut more, "Novel", 1.into());
    assert_eq!(faults(&schemas["units.geojson"], &more), [""; 0]);
    assert_ne!(faults(&closed(schemas["units.geojson"].clone()), &more), [""; 0]);

    let gaps = read("gaps.csv");
    assert_eq!(table_faults(&schemas["gaps.csv"], gaps.as_bytes()), [""; 0]);
    let refused = |from: &str, to: &str, expected: &str| {
        assert!(gaps.contains(from), "{from}");
        let faults = table_faults(&schemas["gaps.csv"], gaps.replacen(from, to, 1).as_bytes());
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{faults:?}");
    };
    refused("cause", "reason", "no column cause");
    refused(",distance,", ",far,", "cause: `far`");
    refused(",distance,", ",,", "cause: ``");
    refused("people", "people,people_more", "descriptions of people_more");
}

#[test]
fn schemas_are_those_that_are_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/v1");
    let files = schema_files();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(&folder).unwrap();
        for file in &files {
            fs::write(folder.join(&file.name), &file.text).unwrap();
        }
    }
    for file in &files {
        let published = fs::read_to_string(folder.join(&file.name)).unwrap_or_default();
        assert!(
            published == file.text,
            "{}: run with UPDATE_GOLDEN=1 and say in the changelog what changed",
            file.name
        );
    }
    let names: BTreeSet<String> = files.into_iter().map(|file| file.name).collect();
    let published =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(published.collect::<BTreeSet<_>>(), names, "nothing else lies there");
}

#[test]
fn every_schema_is_one_and_no_name_is_taken_twice() {
    for (file, schema) in schemas() {
        if !file.ends_with(".csv") {
            assert!(jsonschema::meta::is_valid(&schema), "{file}");
        }
        // a second type of a name would be called `Name2`
        let twice = |name: &&String| name.ends_with(char::is_numeric);
        let definitions = schema["$defs"].as_object().into_iter().flat_map(|all| all.keys());
        assert_eq!(definitions.filter(twice).collect::<Vec<_>>(), [""; 0], "{file}");
    }
}
