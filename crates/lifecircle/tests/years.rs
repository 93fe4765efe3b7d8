//! Two years of Xinan New Town: what the list of changes says happened is what the registers show.

#![cfg(feature = "osm-xml")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lifecircle::indicators::{Change, Problem, RUN};
use lifecircle::taxonomy::ProblemClass;
use lifecircle::types::{NoProgress, ProblemEvent, ProblemStatus};
use lifecircle::{Comparison, Error, Study};

fn town(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town").join(file)
}

/// Subjects of changes by kind of change.
fn changes() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(town("changes.csv")).unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split(',');
        let (change, subject) = (cells.next().unwrap(), cells.next().unwrap());
        found.entry(change.into()).or_default().insert(subject.into());
    }
    found
}

#[test]
fn a_year_of_changes_by_construction() {
    let (before, after) =
        ["gb50180.toml", "next-year.toml"].map(|file| Study::open(&town(file), &NoProgress).unwrap()).into();
    let (earlier, later) = (before.assess(&NoProgress).unwrap(), after.assess(&NoProgress).unwrap());
    let comparison = Comparison::new(&earlier, &later).unwrap();
    assert!(comparison.units.gone.is_empty() && comparison.units.new.is_empty());
    assert_eq!(comparison.count(Change::Unmatched), 0);
    let total: usize = Change::ALL.iter().map(|&change| comparison.count(change)).sum();
    assert_eq!(total, comparison.problems.len());

    let made = changes();
    let of = |kind: &str| made.get(kind).cloned().unwrap_or_default();
    let ids = |problem: &Problem, study: &Study| -> BTreeSet<String> {
        problem.facilities.iter().map(|&site| study.facilities()[site].id.clone()).collect()
    };
    // sites too small: what was enlarged is gone from the register or smaller in it, and nothing else is
    let mut enlarged = 0;
    for change in &comparison.problems {
        let problem = comparison.problem(change).unwrap();
        if problem.class != ProblemClass::BelowStandard || problem.facilities.is_empty() {
            continue;
        }
        let old = change.before.map(|row| ids(&earlier.problems[row], &before)).unwrap_or_default();
        let new = change.after.map(|row| ids(&later.problems[row], &after)).unwrap_or_default();
        for site in old.difference(&new) {
            let why = ["enlarged", "capacity_raised", "closed"].iter().any(|kind| of(kind).contains(site));
            assert!(why, "{site} was mended by nobody");
            enlarged += 1;
        }
        for site in new.difference(&old) {
            assert!(of("opened").contains(site), "{site} became too small by itself");
        }
        match change.change {
            Change::Unchanged => assert_eq!(old, new),
            Change::Solved => assert!(new.is_empty()),
            Change::New => assert!(old.is_empty()),
            Change::Better => {
                let larger =
                    |site: &String| of("enlarged").contains(site) || of("capacity_raised").contains(site);
                let gap = |problem: &Problem| problem.gap;
                let shrunk = change.before.map(|row| gap(&earlier.problems[row]))
                    > change.after.map(|row| gap(&later.problems[row]));
                // the gap may stay, with fewer people behind it
                assert!(!shrunk || old.iter().any(larger), "{old:?} got larger by themselves");
                enlarged += usize::from(shrunk && old == new);
            }
            Change::Worse | Change::Unmatched => {}
        }
    }
    assert!(enlarged >= 2, "{enlarged}");

    // sites that were opened are idle no more
    let idle = |outcome: &lifecircle::Outcome<'_>, study: &Study| -> BTreeSet<String> {
        let problems = outcome.problems.iter();
        let problems = problems.filter(|problem| problem.class == ProblemClass::ServiceInadequate);
        problems.flat_map(|problem| ids(problem, study)).collect()
    };
    let (idle_before, idle_after) = (idle(&earlier, &before), idle(&later, &after));
    let opened: BTreeSet<String> = of("opened").intersection(&idle_before).cloned().collect();
    assert!(opened.len() > 3, "{opened:?}");
    assert!(opened.is_disjoint(&idle_after));
    for site in idle_after.difference(&idle_before) {
        assert!(of("closed").contains(site), "{site} stands idle for no reason");
    }
    // a run against itself shows nothing
    let same = Comparison::new(&earlier, &earlier).unwrap();
    assert_eq!(same.count(Change::Unchanged), earlier.problems.len());
    let table = comparison.changes_table().unwrap();
    assert_eq!(table.rows(), comparison.problems.len());
}

#[test]
fn runs_by_other_standards_are_refused() {
    let (before, after) = ["gb50180.toml", "health-check.toml"]
        .map(|file| Study::open(&town(file), &NoProgress).unwrap())
        .into();
    let (earlier, later) = (before.assess(&NoProgress).unwrap(), after.assess(&NoProgress).unwrap());
    let refused = Comparison::new(&earlier, &later).unwrap_err();
    assert!(matches!(refused, Error::NotComparable { what: "packs", .. }), "{refused}");
    assert!(refused.to_string().contains("cn-gb50180 before, cn-health-check after"), "{refused}");
}

/// A folder with the two years, which keep a history.
fn with_history(history: &str, year: &str) -> (tempfile::TempDir, Study) {
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(town("")).unwrap() {
        let file = file.unwrap().path();
        if file.is_file() {
            std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    std::fs::write(folder.path().join("history.csv"), history).unwrap();
    let text = std::fs::read_to_string(town(year)).unwrap();
    std::fs::write(folder.path().join("study.toml"), format!("{text}\nhistory = \"history.csv\"\n")).unwrap();
    let study = Study::open(folder.path(), &NoProgress).unwrap();
    (folder, study)
}

#[test]
fn a_history_runs_from_found_to_closed_and_only_grows() {
    let begun = "problem,date,status,by,note,mode,due,budget\n";
    let (folder, study) = with_history(begun, "gb50180.toml");
    let first = study.assess(&NoProgress).unwrap();
    first.write(&folder.path().join("out")).unwrap();
    let written = std::fs::read_to_string(folder.path().join("out/history.csv")).unwrap();
    assert!(first.problems.iter().all(|problem| problem.status == ProblemStatus::Found));
    assert_eq!(first.history.as_ref().unwrap().events().len(), first.problems.len());

    // somebody mends a site: planned, accepted, and next year it is measured again
    let next = Study::open(&town("next-year.toml"), &NoProgress).unwrap();
    let next = next.assess(&NoProgress).unwrap();
    let stays_away = |problem: &&Problem| {
        problem.class == ProblemClass::ServiceInadequate
            && next.problems.iter().all(|other| other.id != problem.id)
    };
    let mended = first.problems.iter().find(stays_away).unwrap();
    let is_there = |problem: &&Problem| {
        problem.class == ProblemClass::OutOfReach && next.problems.iter().any(|other| other.id == problem.id)
    };
    let stays = first.problems.iter().find(is_there).unwrap();
    let line = |id: &str, status: &str, rest: &str| format!("{id},2025-09-01,{status},Jinxiu,{rest}\n");
    let history = format!(
        "{written}{}{}{}",
        line(&mended.id, "planned", ",rent,2026-06-30,250000"),
        line(&mended.id, "accepted", ",,,"),
        line(&stays.id, "accepted", ",,,"),
    );
    let (folder, study) = with_history(&history, "next-year.toml");
    let second = study.assess(&NoProgress).unwrap();
    let after = second.history.as_ref().unwrap();
    let status = |id: &str| after.last(id).map(|event: &ProblemEvent| (event.status, event.by.clone()));
    assert_eq!(status(&mended.id), Some((ProblemStatus::Closed, Some(RUN.into()))));
    assert_eq!(status(&stays.id).unwrap().0, ProblemStatus::Reopened, "accepted, and still there");
    second.write(&folder.path().join("out")).unwrap();
    let grown = std::fs::read_to_string(folder.path().join("out/history.csv")).unwrap();
    let rows = |text: &str| text.lines().filter(|line| !line.is_empty()).count();
    assert!(rows(&grown) > rows(&history), "it only grows");
    for (old, new) in written.lines().zip(grown.lines()) {
        assert_eq!(old, new, "what was written stays as it was");
    }
    for file in ["rectification", "projects", "plan"] {
        for extension in ["csv", "json", "geojson"] {
            assert!(folder.path().join(format!("out/{file}.{extension}")).is_file(), "{file}.{extension}");
        }
    }
    let projects = &second.projects;
    let bundled: usize = projects.iter().map(|project| project.problems.len()).sum();
    let open = second.problems.iter().filter(|problem| problem.class != ProblemClass::NoData).count();
    assert_eq!(bundled, open, "every problem is in one project");
}

#[test]
fn nobody_closes_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let history =
        "problem,date,status,by\nabc,2025-01-01,found,re-measurement\nabc,2025-02-01,closed,Jinxiu\n";
    for (name, text) in [
        ("history.csv", history.to_owned()),
        (
            "study.toml",
            std::fs::read_to_string(town("gb50180.toml")).unwrap() + "\nhistory = \"history.csv\"\n",
        ),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for file in ["streets.osm", "residents.csv", "facilities.csv", "units.geojson"] {
        std::fs::copy(town(file), folder.path().join(file)).unwrap();
    }
    let refused = Study::open(folder.path(), &NoProgress).unwrap_err();
    let Error::History { input, source } = refused else { panic!("{refused}") };
    assert_eq!((input.as_str(), source.number), ("history.csv", 2));
    assert!(source.to_string().contains("only a run says so"), "{source}");
}
