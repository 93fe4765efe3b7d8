//! The report: what its reader learns from the file alone, and that it says it in one language.

#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "helpers of tests; figures that were rounded alike"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn lifecircle(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lifecircle")).args(arguments).output().unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder with the files of Xinan New Town.
fn town() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(examples().join("xinan-new-town")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

/// Writes the report of a study beside it and reads it.
fn report(study: &Path, language: &str) -> String {
    let file = study.with_extension(format!("{language}.html"));
    let done = lifecircle(&["report", path(study), "--quiet", "--language", language, "--out", path(&file)]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    fs::read_to_string(file).unwrap()
}

/// The data that the page holds for programs.
fn data(html: &str, id: &str) -> Value {
    let begin = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = html.split_once(&begin).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// The register of the page as rows by the names of their columns.
fn register(html: &str) -> Vec<BTreeMap<String, Value>> {
    let register = data(html, "register-data");
    let texts = |key: &str| -> Vec<String> { serde_json::from_value(register[key].clone()).unwrap() };
    let (columns, worded) = (texts("columns"), texts("worded"));
    let rows = register["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let cells = columns.iter().zip(row.as_array().unwrap()).map(|(column, cell)| {
                let word = cell.as_u64().filter(|_| worded.contains(column));
                let cell = word
                    .map_or(cell.clone(), |word| register["words"][usize::try_from(word).unwrap()].clone());
                (column.clone(), cell)
            });
            cells.collect()
        })
        .collect()
}

/// Rows of a table of results by the names of their columns.
fn table(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(file).unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    rows.deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_reader_learns_from_the_file_alone_where_childcare_is_worst() {
    let town = town();
    let first = town.path().join("complete-community.toml");
    let next = town.path().join("next.toml");
    let kept = "\nhistory = \"history.csv\"\n";
    let study = fs::read_to_string(&first).unwrap();
    fs::write(&first, format!("{study}{kept}")).unwrap();
    fs::write(town.path().join("history.csv"), "problem,date,status,by\n").unwrap();
    let done = lifecircle(&["assess", path(&first), "--quiet"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    fs::copy(town.path().join("out/history.csv"), town.path().join("history.csv")).unwrap();
    let later = study.replace("date = 2025-07-01", "date = 2026-07-01");
    fs::write(&next, format!("{later}{kept}")).unwrap();
    let done = lifecircle(&["assess", path(&next), "--quiet"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    // the truth, from the tables of the run
    let problems = table(&town.path().join("out/problems.csv"));
    let priority = |row: &&BTreeMap<String, String>| row["priority"].parse::<f64>().unwrap();
    let truth = problems
        .iter()
        .filter(|row| row["service"] == "nursery_0_3" && row["unit_kind"] == "community")
        .max_by(|a, b| priority(a).total_cmp(&priority(b)))
        .unwrap();

    // the reader, from the page
    let html = report(&next, "zh");
    let answers = register(&html);
    let answer = answers
        .iter()
        .find(|row| row["service_name"].as_str().unwrap().contains('托') && row["unit_kind"] == "社区")
        .expect("the register is in the order of weight");
    assert_eq!(answer["unit_name"], Value::from(truth["unit_name"].clone()), "which community");
    let groups = &data(&html, "register-data")["groups"];
    let toddlers = groups.as_array().unwrap().iter().position(|group| group == "0—2岁").unwrap();
    let pairs = answer["groups"].as_array().unwrap().chunks(2);
    let counted = pairs.filter(|pair| pair[0] == toddlers).map(|pair| pair[1].as_f64().unwrap());
    assert_eq!(
        counted.sum::<f64>(),
        truth["people_age_0_2"].parse::<f64>().unwrap().round(),
        "how many toddlers"
    );
    assert!(
        answer["clause"].as_str().unwrap().contains("完整居住社区"),
        "which clause: {}",
        answer["clause"]
    );
    let metres = truth["nearest_m"].parse::<f64>().unwrap().round();
    assert_eq!(answer["nearest_m"].as_f64().unwrap(), metres, "how far the next place is for most of them");
    let mean =
        truth["evidence"].split_once("the nearest site is ").unwrap().1.split_once(" m away").unwrap().0;
    assert_eq!(answer["mean_m"].as_f64().unwrap(), mean.parse::<f64>().unwrap(), "and on average");
    assert_eq!(answer["since"], "2025-07-01", "since when: the first run found it, a year ago");

    // the same stands in the page for those who do not run its script
    let visible = visible(&html);
    for said in [truth["unit_name"].as_str(), "2025-07-01", "0—2岁"] {
        assert!(visible.contains(said), "{said}");
    }
}

/// The text of a page, without what is not to be translated: names, codes.
fn visible(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    let mut skipped: Option<String> = None;
    while let Some((before, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').unwrap();
        if skipped.is_none() {
            text.push_str(before);
            for attribute in ["title=\"", "aria-label=\"", "label=\""] {
                if let Some((_, value)) = tag.split_once(attribute) {
                    text.push('\n');
                    text.push_str(value.split('"').next().unwrap());
                }
            }
        }
        text.push('\n');
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        match &skipped {
            Some(open) if tag.starts_with('/') && *open == name => skipped = None,
            None if ["script", "style"].contains(&name.as_str()) || tag.contains("translate=\"no\"") => {
                skipped = Some(name);
            }
            _ => {}
        }
        rest = after;
    }
    text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
}

/// Latin words: runs of letters, digits and the signs of codes that hold a small letter and are no unit.
fn latin_words(text: &str) -> BTreeSet<String> {
    let is_code = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    let runs = text.split(|letter| !is_code(letter));
    let is_id = |run: &str| run.len() == 16 && run.bytes().all(|digit| digit.is_ascii_hexdigit());
    let is_number = |run: &str| {
        run.bytes().any(|digit| digit.is_ascii_digit())
            && run.bytes().filter(|letter| letter.is_ascii_alphabetic()).count() < 2
    };
    runs.filter(|run| run.bytes().any(|letter| letter.is_ascii_lowercase()) && !is_number(run))
        .filter(|run| !["m", "km"].contains(&run.trim_matches(['.', '/', '-'])) && !is_id(run))
        .map(str::to_owned)
        .collect()
}

/// Proper names: of units, facilities and streets, ids, and the names of files.
fn proper_names(study: &Path) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    let done = lifecircle(&["assess", path(study), "--quiet", "--out", path(out.path())]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut names = BTreeSet::new();
    for file in ["units.geojson", "facilities.geojson"] {
        let features: Value = serde_json::from_slice(&fs::read(out.path().join(file)).unwrap()).unwrap();
        for feature in features["features"].as_array().unwrap() {
            let texts = ["code", "label", "id", "name"].map(|key| feature["properties"][key].as_str());
            names.extend(texts.into_iter().flatten().map(str::to_owned));
        }
    }
    for row in table(&out.path().join("problems.csv")) {
        let steps = row["route"]
            .split(", ")
            .filter_map(|step| Some(step.rsplit_once(' ')?.0.rsplit_once(' ')?.0.to_owned()));
        // streets are written with capitals, classes of streets are not
        names.extend(steps.filter(|street| street.chars().next().is_some_and(char::is_uppercase)));
    }
    let assessment: Value =
        serde_json::from_slice(&fs::read(out.path().join("assessment.json")).unwrap()).unwrap();
    names.insert(assessment["provenance"]["study"].as_str().unwrap().to_owned());
    let mut names: Vec<String> = names.into_iter().filter(|name| !latin_words(name).is_empty()).collect();
    // a name may hold a shorter one
    names.sort_by_key(|name| core::cmp::Reverse(name.len()));
    names
}

#[test]
fn no_latin_word_stands_in_a_chinese_report_but_names_units_and_codes() {
    let studies = ["monitoring", "complete-community", "health-check", "next-year", "severance"];
    let town = examples().join("xinan-new-town");
    let studies = studies.map(|study| town.join(study).with_extension("toml"));
    for study in studies.into_iter().chain([examples().join("isle-of-man/study.toml")]) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        let done = lifecircle(&["report", path(&study), "--quiet", "--language", "zh", "--out", path(&file)]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let html = fs::read_to_string(file).unwrap();
        let mut said = visible(&html);
        let register = data(&html, "register-data");
        for row in register["rows"].as_array().unwrap() {
            for cell in row.as_array().unwrap().iter().filter_map(Value::as_str) {
                said.push('\n');
                said.push_str(cell);
            }
        }
        let columns = register["columns"].as_array().unwrap();
        let keys: Vec<usize> = ["unit", "within", "service"]
            .map(|key| columns.iter().position(|column| column == key).unwrap())
            .into();
        let is_key = |word: usize| {
            let rows = register["rows"].as_array().unwrap();
            rows.iter().any(|row| keys.iter().any(|&key| row[key] == word))
        };
        for (at, word) in register["words"].as_array().unwrap().iter().enumerate() {
            if !is_key(at) {
                said.push('\n');
                said.push_str(word.as_str().unwrap());
            }
        }
        for word in data(&html, "words").as_object().unwrap().values() {
            said.push('\n');
            said.push_str(word.as_str().unwrap());
        }
        for service in data(&html, "map-data")["services"].as_array().unwrap() {
            for text in [&service["name"], &service["rule"]] {
                said.push('\n');
                said.push_str(text.as_str().unwrap());
            }
        }
        for name in proper_names(&study) {
            said = said.replace(&name, "");
        }
        let latin = latin_words(&said);
        assert!(latin.is_empty(), "{}: {latin:?}", study.display());
    }
}

#[test]
fn a_report_has_the_same_bytes_on_any_number_of_threads_and_asks_for_no_other_file() {
    let study = examples().join("xinan-new-town/monitoring.toml");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, threads: &str| {
        let file = folder.path().join(name);
        let arguments = ["report", path(&study), "--quiet", "--out", path(&file)];
        let done = Command::new(env!("CARGO_BIN_EXE_lifecircle"))
            .args(arguments)
            .env("RAYON_NUM_THREADS", threads)
            .status()
            .unwrap();
        assert!(done.success());
        fs::read_to_string(file).unwrap()
    };
    let html = write("one.html", "1");
    assert!(html == write("three.html", "3"), "threads change nothing");
    for asking in ["src=", "url(", "@import", "href=\"http", "fetch(", "XMLHttpRequest"] {
        assert!(!html.contains(asking), "{asking}");
    }
    let first = html.split_once("<p class=\"lead\">").unwrap().1;
    assert!(
        first.starts_with("35 of 35 required services could be assessed (100%)."),
        "the assessed share comes first"
    );
    assert!(html.len() < 1_000_000, "a town is no five megabytes: {}", html.len());
}

#[test]
fn the_map_draws_what_the_tables_say() {
    let study = examples().join("xinan-new-town/gb50180.toml");
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("report.html");
    for done in [
        lifecircle(&["report", path(&study), "--quiet", "--out", path(&file)]),
        lifecircle(&["assess", path(&study), "--quiet", "--out", path(out.path())]),
    ] {
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let map = data(&fs::read_to_string(&file).unwrap(), "map-data");
    let numbers = |key: &str| -> Vec<f64> { serde_json::from_value(map["marks"][key].clone()).unwrap() };
    let (people, lacking) = (numbers("people"), numbers("lacking"));
    assert_eq!(people.iter().sum::<f64>(), 60_000.0, "every resident is on the map");

    let assessment: Value =
        serde_json::from_slice(&fs::read(out.path().join("assessment.json")).unwrap()).unwrap();
    let assessed = assessment["assessment"]["services"].as_array().unwrap();
    let services = map["services"].as_array().unwrap();
    assert!(services.len() > 40, "{}", services.len());
    for drawn in services {
        let table = assessed.iter().find(|service| service["service"] == drawn["key"]).unwrap();
        let strict = &table["coverage"]["strict"];
        let within =
            drawn["marks"].as_str().unwrap().bytes().zip(&people).filter(|(letter, _)| *letter == b'X');
        let drawn_share = within.map(|(_, people)| people).sum::<f64>() / 60_000.0;
        let share = strict["covered"].as_f64().unwrap() / strict["all"].as_f64().unwrap();
        assert!((drawn_share - share).abs() < 1e-9, "{}: {drawn_share}, {share}", drawn["key"]);
    }
    // who lacks nothing, and how much is lacked on average
    let every = &assessment["assessment"]["shares"][0];
    let without = lacking
        .iter()
        .zip(&people)
        .filter(|(lacks, _)| **lacks == 0.0)
        .map(|(_, people)| people)
        .sum::<f64>();
    assert_eq!(without, every["every"]["strict"]["covered"].as_f64().unwrap());
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing() {
    let study = examples().join("xinan-new-town/gb50180.toml");
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("report.html");
    fs::create_dir(&taken).unwrap();
    let done = lifecircle(&["report", path(&study), "--quiet", "--out", path(&taken)]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success());
    assert!(said.contains("report.html") && said.contains("folder"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the folder alone");

    let table = folder.path().join("residents.csv");
    fs::write(&table, "id\n").unwrap();
    let done = lifecircle(&["report", path(&study), "--quiet", "--out", path(&table)]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && said.contains(".html"), "a table is no page: {said}");
    assert_eq!(fs::read_to_string(&table).unwrap(), "id\n");

    let done = lifecircle(&["report", path(&folder.path().join("none.toml")), "--quiet"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && said.contains("none.toml"), "{said}");

    let done = lifecircle(&["report", path(&study), "--language", "fr"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.status.success() && said.contains("en") && said.contains("zh"), "{said}");
}
