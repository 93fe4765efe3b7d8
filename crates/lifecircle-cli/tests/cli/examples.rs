//! The examples: what the command says of them, and where they come from.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::town::{PACK, assess, fault, lifecircle, listing, put};

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
