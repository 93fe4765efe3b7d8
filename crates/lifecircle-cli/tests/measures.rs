//! Every measure and every decay that `lifecircle access` knows, on towns worked out on paper.
//!
//! Four places with 60, 40, 20 and 10 people; two clinics with 10 and 6 rooms. The first place reaches the left clinic,
//! the second both, the third the right one, the fourth nothing.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Minutes from the first, second, second and third place.
const TOWNS: [(&str, [u32; 4]); 3] = [("near", [5; 4]), ("far", [2, 4, 6, 8]), ("split", [0, 10, 0, 0])];

/// Measure, town, options and what comes out.
type Case = (&'static str, &'static str, String, Vec<f64>);

const NONE: f64 = f64::NAN;

fn run(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lifecircle"));
    command.current_dir(folder).args(arguments.split_whitespace()).output().expect("the command starts")
}

fn towns() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("the folder is writable");
    };
    for (name, minutes) in TOWNS {
        let pairs = ["a,left", "b,left", "b,right", "c,right"].iter().zip(minutes);
        let rows: String = pairs.map(|(pair, minutes)| format!("{pair},{minutes}\n")).collect();
        write(&format!("{name}.csv"), &format!("from_id,to_id,travel_time_min\n{rows}"));
    }
    write("rooms.csv", "id,supply\nleft,10\nright,6\n");
    write("people.csv", "id,people\na,60\nb,40\nc,20\nd,10\n");
    write("homes.csv", "from_id,to_id,travel_time_min\na,a,0\nb,b,0\nc,c,0\nd,d,0\na,b,3\nb,a,3\n");
    // the second place sends nothing left: whoever lives left fills the left clinic
    write("trips.csv", "id,people\na,10\nb,4\nc,2\nd,0\n");
    folder
}

/// The last column of what a call writes, and what it tells.
#[track_caller]
fn column(folder: &Path, arguments: &str) -> (Vec<f64>, String) {
    let output = run(folder, &format!("access {arguments} --out out.csv"));
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(folder.join("out.csv")).unwrap();
    let last = |line: &str| {
        let field = line.rsplit(',').next().unwrap_or_default();
        if field.is_empty() { NONE } else { field.parse().unwrap() }
    };
    (text.lines().skip(1).map(last).collect(), String::from_utf8(output.stdout).unwrap())
}

#[track_caller]
fn check(folder: &Path, arguments: &str, expected: &[f64]) {
    let found = column(folder, arguments).0;
    assert_eq!(found.len(), expected.len(), "{arguments}: {found:?}");
    for (found, expected) in found.iter().zip(expected) {
        let near = (found - expected).abs() < 1e-9 || (found.is_nan() && expected.is_nan());
        assert!(near, "{arguments}: {found} is not {expected}");
    }
}

/// The first words of the lines of a section of `access --help`.
fn listed(section: &str) -> BTreeSet<String> {
    let output = run(Path::new("."), "access --help");
    let help = String::from_utf8(output.stdout).unwrap();
    let from = help.find(section).unwrap_or_else(|| panic!("no {section} in\n{help}"));
    let lines = help[from..].lines().skip(1).take_while(|line| !line.is_empty());
    // a line that was broken goes on with a blank in the column of what a measure is
    let names = lines
        .filter(|line| line.chars().nth(26).is_some_and(|c| c != ' ') && line.chars().nth(25) == Some(' '));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_measure_on_paper() {
    let linear = "--decay linear --cutoff 16 --complete 16";
    let log_sum = |terms: &[(f64, f64)]| -> f64 {
        10.0 * terms.iter().map(|(rooms, minutes)| rooms * (-minutes / 10.0).exp()).sum::<f64>().ln()
    };
    let (pull, stay) = ([10.0, 16.0, 6.0], 40.0);
    let part = pull.map(|pull| pull / (stay + pull));
    let cases: Vec<Case> = vec![
        ("nearest", "far", String::new(), vec![2.0, 4.0, 8.0, NONE]),
        ("nearest", "far", "--k 2".into(), vec![NONE, 6.0, NONE, NONE]),
        ("mean_of_nearest", "far", "--k 2".into(), vec![NONE, 5.0, NONE, NONE]),
        ("cost_of_supply", "far", "--need 10".into(), vec![2.0, 4.0, NONE, NONE]),
        // 12, 8, 4 and 2 rooms are needed
        ("cost_of_supply", "far", "--need-per-person 0.2".into(), vec![NONE, 4.0, 8.0, NONE]),
        // within four minutes of b live 100 people, who need just the ten rooms
        (
            "balancing_cost",
            "far",
            "--need-per-person 0.1 --neighbours homes.csv --complete 8".into(),
            vec![2.0, 4.0, 8.0, NONE],
        ),
        ("coverage", "far", "--cutoff 6".into(), vec![100.0 / 130.0]),
        ("cumulative", "far", "--cutoff 6".into(), vec![10.0, 16.0, 0.0, 0.0]),
        ("interval_median", "far", "--cutoffs 2,4,8".into(), vec![10.0, 10.0, 0.0, 0.0]),
        ("interval_mean", "far", "--cutoffs 2,4,8".into(), vec![10.0, 26.0 / 3.0, 2.0, 0.0]),
        // weights of 7/8, 3/4, 5/8 and 1/2
        ("gravity", "far", linear.into(), vec![8.75, 11.25, 3.0, 0.0]),
        ("weighted_mean", "far", linear.into(), vec![10.0, 11.25 / 1.375, 6.0, NONE]),
        ("ranked", "far", format!("{linear} --ranks 1,0.5"), vec![0.875, 1.0625, 0.5, 0.0]),
        ("passive", "far", linear.into(), vec![82.5, 35.0]),
        (
            "log_sum",
            "far",
            "--scale 10 --cutoff 8".into(),
            vec![log_sum(&[(10.0, 2.0)]), log_sum(&[(10.0, 4.0), (6.0, 6.0)]), log_sum(&[(6.0, 8.0)]), NONE],
        ),
        ("2sfca", "near", "--cutoff 5".into(), vec![0.1, 0.2, 0.1, 0.0]),
        // 10 rooms for 60 + 40, 6 for 40/2 + 20/2
        ("e2sfca", "far", "--decay stepped --steps 4:1,8:0.5".into(), vec![0.1, 0.2, 0.1, 0.0]),
        ("3sfca", "near", "--cutoff 5".into(), vec![0.125, 0.1375, 0.15, 0.0]),
        // half of everybody competes, and receives a quarter
        ("m2sfca", "near", "--decay stepped --steps 5:0.5".into(), vec![0.05, 0.1, 0.05, 0.0]),
        (
            "mh3sfca",
            "near",
            "--cutoff 5".into(),
            vec![10.0 / 85.0, 0.625 * 10.0 / 85.0 + 0.375 * 6.0 / 35.0, 6.0 / 35.0, 0.0],
        ),
        ("bfca", "near", "--cutoff 5".into(), vec![0.0625, 0.1375, 0.075, 0.0]),
        (
            "v2sfca",
            "far",
            "--enough-people 50 --enough-supply 0.1 --cutoff 8".into(),
            vec![10.0 / 60.0, 10.0 / 60.0, 0.1, 0.0],
        ),
        ("i2sfca", "near", "--cutoff 5".into(), vec![8.5, 2.5 + 20.0 / 6.0]),
        ("pressure", "near", "--cutoff 5".into(), vec![6.0, 2.5, 20.0 / 6.0, 0.0]),
        // 11.25 of the forty go left, where that costs ten minutes
        (
            "raam",
            "split",
            "--scale 10 --cutoff 10 --people-per-supply 1".into(),
            vec![7.125, 8.125, 8.125, NONE],
        ),
        ("raam_load", "split", "--scale 10 --cutoff 10 --people-per-supply 1".into(), vec![71.25, 48.75]),
        (
            "raam_flows",
            "split",
            "--scale 10 --cutoff 10 --people-per-supply 1".into(),
            vec![60.0, 11.25, 28.75, 20.0],
        ),
        ("spatial_availability", "near", "--cutoff 5".into(), vec![6.0, 8.0, 2.0, 0.0]),
        ("spatial_availability", "near", "--cutoff 5 --alpha 0".into(), vec![5.0, 8.0, 3.0, 0.0]),
        ("availability_per_person", "near", "--cutoff 5".into(), vec![0.1, 0.2, 0.1, 0.0]),
        ("singly_constrained", "near", "--cutoff 5".into(), vec![6.0, 8.0, 2.0, 0.0]),
        ("totally_constrained", "near", "--cutoff 5".into(), vec![5.0, 8.0, 3.0, 0.0]),
        ("huff", "near", "--cutoff 5".into(), vec![85.0, 35.0]),
        ("huff_shares", "near", "--cutoff 5".into(), vec![1.0, 0.625, 0.375, 1.0]),
        // the median person sees ten rooms, so staying at home pulls like forty
        (
            "participation",
            "near",
            "--cutoff 5 --typical-share 0.2".into(),
            vec![part[0], part[1], part[2], 0.0],
        ),
        (
            "participation_users",
            "near",
            "--cutoff 5 --typical-share 0.2".into(),
            vec![60.0 * part[0] + 40.0 * part[1] * 0.625, 40.0 * part[1] * 0.375 + 20.0 * part[2]],
        ),
        ("choice_diversity", "near", "--cutoff 5 --order 2".into(), vec![1.0, 64.0 / 34.0, 1.0, 0.0]),
    ];
    let folder = towns();
    let mut seen = BTreeSet::from(["doubly_constrained".to_string()]);
    for (measure, town, options, expected) in cases {
        let tables = format!("--matrix {town}.csv --supply rooms.csv --demand people.csv");
        check(folder.path(), &format!("{tables} --measure {measure} {options}"), &expected);
        seen.insert(measure.into());
    }
    // 10 from the first place fill the left clinic, so what the second sends left tends to nothing
    let trips =
        "--matrix near.csv --supply rooms.csv --demand trips.csv --measure doubly_constrained --cutoff 5";
    let (flows, told) = column(folder.path(), &format!("{trips} --tolerance 0.001"));
    assert_eq!(flows.len(), 4);
    assert!(
        (flows[0] + flows[1] - 10.0).abs() < 1e-9 && (flows[2] + flows[3] - 6.0).abs() < 1e-9,
        "{flows:?}"
    );
    assert!(told.contains("doubly_constrained: flows are at most") && told.contains("rounds"), "{told}");

    let known: BTreeSet<String> = ["places", "facilities", "pairs, each alone", "everybody"]
        .iter()
        .flat_map(|of| listed(&format!("Measures of {of}:")))
        .collect();
    assert_eq!(seen, known, "every measure has a case here");
}

#[test]
fn every_decay_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("one.csv"), "from_id,to_id,travel_time_min\nhome,clinic,8\n").unwrap();
    fs::write(folder.path().join("clinic.csv"), "id,supply\nclinic,1\n").unwrap();
    let e = |x: f64| x.exp();
    // g(0) / g(8) with g(8) = 2
    let logistic = (1.0 + e(-8.0 * std::f64::consts::PI / (3.0 * 3.0_f64.sqrt()))) / 2.0;
    let truncated = (e(-0.125) - e(-0.5)) / (1.0 - e(-0.5));
    let cases = [
        ("binary", "--cutoff 8", 1.0),
        ("stepped", "--steps 7:1,8:0.3", 0.3),
        ("linear", "--cutoff 16", 0.5),
        ("linear", "--half 8", 0.5),
        ("exponential", "--half 8 --cutoff 20", 0.5),
        ("exponential", "--decay-scale 8 --cutoff 20", e(-1.0)),
        ("root_exponential", "--half 8 --cutoff 20", 0.5),
        ("root_exponential", "--decay-scale 8 --cutoff 20", e(-1.0)),
        ("power", "--half 8 --full-to 2 --cutoff 20", 0.5),
        ("power", "--exponent 1 --full-to 2 --cutoff 20", 0.25),
        ("log_gaussian", "--half 8 --full-to 2 --cutoff 20", 0.5),
        ("log_gaussian", "--rate 1 --full-to 2 --cutoff 20", e(-4.0_f64.ln().powi(2))),
        ("gaussian", "--half 8 --cutoff 20", 0.5),
        ("gaussian", "--sigma 8 --cutoff 20", e(-0.5)),
        ("truncated_gaussian", "--cutoff 16", truncated),
        ("truncated_gaussian", "--half 8", 0.5),
        ("kernel", "--cutoff 16", 0.75),
        ("kernel", "--half 8", 0.5),
        ("logistic", "--half 8 --deviation 3 --cutoff 20", 0.5),
        ("logistic", "--mean 8 --deviation 3 --cutoff 20", logistic),
        ("soft_threshold", "--half 8 --cutoff 20", 0.5),
        // a quarter before its half, and 4 times as steep: 1 / (1 + e^-1)
        ("soft_threshold", "--half 10.666667 --steepness 4 --cutoff 20", 1.0 / (1.0 + e(-1.0))),
        ("plateau", "--full-to 2 --half 8 --cutoff 20", 0.5),
        ("plateau", "--full-to 8 --half 10 --cutoff 20", 1.0),
    ];
    for (decay, options, expected) in cases {
        let all = "--matrix one.csv --supply clinic.csv --complete 20 --measure gravity";
        let found = column(folder.path(), &format!("{all} --decay {decay} {options}")).0;
        // costs are whole milliseconds
        assert!((found[0] - expected).abs() < 1e-6, "{decay} {options}: {} is not {expected}", found[0]);
    }
    let seen: BTreeSet<String> = cases.iter().map(|case| case.0.to_string()).collect();
    assert_eq!(seen, listed("Decays;"), "every decay has a case here");
}

#[test]
fn an_option_that_nothing_uses_is_refused_by_its_name() {
    let folder = towns();
    let tables = "access --matrix far.csv --supply rooms.csv --demand people.csv --out out.csv";
    let refused = |options: &str, says: &str| {
        let output = run(folder.path(), &format!("{tables} {options}"));
        let message = String::from_utf8_lossy(&output.stderr).replace("\n  │ ", " ");
        assert!(
            !output.status.success() && message.contains(says),
            "{options}: `{says}` is not in\n{message}"
        );
        assert!(!folder.path().join("out.csv").exists(), "{options}");
    };
    // what a nearest does not look at is everything but k
    let help = String::from_utf8(run(Path::new("."), "access --help").stdout).unwrap();
    let from = help.find("Parameters").unwrap();
    let parameters = help[from..].lines().skip(1).take_while(|line| !line.is_empty());
    let parameters: Vec<&str> = parameters
        .filter_map(|line| line.trim_start().strip_prefix("--")?.split_whitespace().next())
        .collect();
    assert!(parameters.len() > 20, "{parameters:?}");
    for parameter in parameters.into_iter().filter(|&parameter| parameter != "k") {
        let value = if parameter == "steps" { "3:1" } else { "3" };
        refused(
            &format!("--measure nearest --{parameter} {value}"),
            &format!("`{parameter}`: it is not used by nearest"),
        );
    }
    refused("--measure nearest --neighbours homes.csv", "`neighbours`: it is not used by nearest");
    refused("--measure nearest --decay kernel", "`decay`: it is not used by nearest");
    refused("--measure gravity --decay kernel --cutoff 8 --sigma 3", "`sigma`: it is not used by gravity");
    refused("--measure gravity --decay kernel --cutoff 8 --half 3", "stated by it or by");
    // what is missing
    refused("--measure raam --cutoff 8", "`scale`: it is needed");
    refused("--measure interval_mean", "`cutoffs`: it is needed: give several costs");
    refused("--measure balancing_cost --need-per-person 1", "`balancing_cost`: it needs neighbours");
    refused("--measure cost_of_supply --need 1 --need-per-person 1", "leave out one");
    refused("--measure nearest --k 1.5", "1.5 is no rank");
    refused("--measure cumulative --cutoff 3,4", "write a number");
    // farther than the matrix
    for measure in ["coverage", "cumulative", "2sfca", "choice_diversity", "huff"] {
        refused(&format!("--measure {measure} --cutoff 9"), "ends at 8 min");
    }
    refused("--measure v2sfca --enough-people 1 --enough-supply 1 --cutoff 9", "ends at 8 min");
    refused("--measure raam --scale 3 --cutoff 9", "ends at 8 min");
    refused("--measure log_sum --scale 3 --cutoff 9", "ends at 8 min");
    refused("--measure interval_mean --cutoffs 8,9", "ends at 8 min");
    refused("--measure balancing_cost --need-per-person 1 --neighbours homes.csv", "ends at 3 min");
    refused("--measure huff_shares,raam_flows --scale 3 --cutoff 8", "ask for it alone");
    refused(
        "--measure 2sfca,huff --cutoff 8",
        "`huff`: it does not have a value for each of what `2sfca` has",
    );
}

#[test]
fn who_is_left_out_is_told() {
    let folder = towns();
    let tables = "--matrix near.csv --supply rooms.csv --demand people.csv";
    let told = |options: &str| column(folder.path(), &format!("{tables} {options}")).1;
    assert!(
        told("--measure huff --cutoff 5").contains("huff: places that reach nothing, of 10 people: 1 (d)")
    );
    let raam = told("--measure raam --scale 10 --cutoff 5");
    assert!(
        raam.contains("raam: places that reach nothing, of 10 people")
            && raam.contains("above the least total"),
        "{raam}"
    );
    fs::write(folder.path().join("rooms.csv"), "id,supply\nleft,10\nright,6\nshut,9\n").unwrap();
    assert!(
        told("--measure 2sfca,bfca --cutoff 5").contains("bfca: facilities to which nobody comes: 1 (shut)")
    );
}
