//! The researchers' commands: measures from files, and the travel matrix of a study.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const MATRIX: &str = "from_id,to_id,travel_time_min\nnorth,clinic,5\nmiddle,clinic,10\nmiddle,surgery,8\n";
const SUPPLY: &str = "id,supply\nclinic,10\nsurgery,6\n";
const DEMAND: &str = "id,people\nfar,10\nmiddle,40\nnorth,60\n";

fn run(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lifecircle"));
    command.current_dir(folder).args(arguments.split(' ')).output().expect("the command starts")
}

fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    for (name, text) in [("matrix.csv", MATRIX), ("supply.csv", SUPPLY), ("demand.csv", DEMAND)] {
        fs::write(folder.path().join(name), text).expect("the folder is writable");
    }
    folder
}

const ALL: &str = "access --matrix matrix.csv --supply supply.csv --demand demand.csv --out out.csv";

#[test]
fn measures_from_files() {
    let folder = files();
    let check = |options: &str, expected: &str| {
        let output = run(folder.path(), &format!("{ALL} {options}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_to_string(folder.path().join("out.csv")).unwrap(), expected, "{options}");
    };
    check(
        "--measure nearest,cumulative --cutoff 9",
        "id,nearest,cumulative\nfar,,0.0\nmiddle,8.0,6.0\nnorth,5.0,10.0\n",
    );
    // 10 rooms for 100 people and 6 for 40: the place that reaches nothing has 0
    check("--measure 2sfca --cutoff 10", "id,2sfca\nfar,0.0\nmiddle,0.25\nnorth,0.1\n");
    // the middle counts half at the clinic: 10/80 and 6/40
    check(
        "--measure e2sfca --decay stepped --steps 8:1,10:0.5",
        "id,e2sfca\nfar,0.0\nmiddle,0.2125\nnorth,0.125\n",
    );
    check("--measure passive --cutoff 10", "id,passive\nclinic,100.0\nsurgery,40.0\n");
    // 16 minutes to 0: 8 minutes count half, 10 three eighths, 5 eleven sixteenths
    check(
        "--measure gravity --decay linear --cutoff 16 --complete 16",
        "id,gravity\nfar,0.0\nmiddle,6.75\nnorth,6.875\n",
    );
    // farther than its largest cost the matrix has to be said to be complete
    check(
        "--measure cumulative --cutoff 20 --complete 20",
        "id,cumulative\nfar,0.0\nmiddle,16.0\nnorth,10.0\n",
    );
}

#[test]
fn what_does_not_fit_is_said_and_nothing_is_written() {
    let folder = files();
    let check = |arguments: &str, says: &[&str]| {
        let output = run(folder.path(), arguments);
        let message = String::from_utf8_lossy(&output.stderr).replace("\n  │ ", " ");
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments}");
        for part in says {
            assert!(message.contains(part), "{arguments}: `{part}` is not in\n{message}");
        }
        assert!(!folder.path().join("out.csv").exists(), "{arguments}");
    };
    let all = |options: &str| format!("{ALL} {options}");
    check(&all("--measure e2sfa"), &["there is no such measure; do you mean `e2sfca`?", "cumulative, "]);
    check(&all("--measure e2sfca --cutoff 10"), &["`e2sfca`: it needs a decay", "truncated_gaussian"]);
    check(&all("--measure 2sfca"), &["`cutoff`: it is needed"]);
    check(&all("--measure 2sfca --cutoff 10 --half 5"), &["`half`: it is not used by 2sfca"]);
    check(&all("--measure nearest --cutoff 5"), &["`cutoff`: it is not used by nearest"]);
    check(&all("--measure 2sfca --cutoff 11"), &["reaches to 11 min", "ends at 10 min"]);
    check(&all("--measure 2sfca,passive --cutoff 9"), &["`passive`", "ask for them apart"]);
    check(&all("--measure 2sfca,2sfca --cutoff 9"), &["it stands twice"]);
    check(
        &all("--measure 2sfca --decay stepped --steps 8"),
        &["write costs with a weight each, such as 10:1,20:0.68"],
    );
    check("access --matrix matrix.csv --measure 2sfca --cutoff 9 --out out.csv", &["it needs supply"]);
    fs::write(folder.path().join("demand.csv"), "id,people\nmiddle,40\n").unwrap();
    check(&all("--measure 2sfca --cutoff 9"), &["demand.csv", "no row for `north`, which is a place"]);
    fs::write(folder.path().join("demand.csv"), "id,people\nnorth,few\n").unwrap();
    check(&all("--measure 2sfca --cutoff 9"), &["demand.csv, row 2, field `people`", "few"]);
    check(&all("--measure nearest --supply-column rooms"), &["supply.csv", "rooms"]);
}

/// The walks of Xinan New Town of at most 200 m, under a name in `folder`.
fn xinan_walks(folder: &Path, name: &str) -> Output {
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town");
    run(folder, &format!("matrix {} --cutoff-m 200 --quiet --out {name}", study.display()))
}

#[test]
fn a_study_gives_its_walks() {
    let folder = tempfile::tempdir().unwrap();
    let output = xinan_walks(folder.path(), "walks.csv");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let walks = fs::read_to_string(folder.path().join("walks.csv")).unwrap();
    let mut lines = walks.lines();
    assert_eq!(lines.next(), Some("from_id,to_id,length_m,travel_time_min"));
    let mut rows = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let [length, minutes] = [2, 3].map(|at| fields[at].parse::<f64>().unwrap());
        // the standard walker: 1000 m in 15 minutes
        assert!(length <= 200.0 && (minutes - length * 0.015).abs() < 1e-4, "{line}");
        rows += 1;
    }
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(rows > 1000 && told.starts_with(&format!("{rows} walks of at most 200 m")), "{told}");
    // every home and every facility is accounted for
    for part in ["homes linked to streets: 849 rows", "facilities linked to streets: 535 rows"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    // what was written is read back, and nothing else lies beside it
    let arguments = "access --matrix walks.csv --measure nearest --out nearest.csv";
    assert!(run(folder.path(), arguments).status.success());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn walks_look_at_nothing_but_streets_residents_and_facilities() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("homes.csv"), "id,lon,lat,people\nh,104.0000,30.0001,5\nfar,104.2,30.2,3\n")
        .unwrap();
    fs::write(folder.path().join("sites.csv"), "id,lon,lat,service\nc,104.0010,30.0000,primary_school\n")
        .unwrap();
    fs::write(folder.path().join("nodes.csv"), "id,lon,lat\n1,104.0,30.0\n2,104.001,30.0\n").unwrap();
    fs::write(folder.path().join("edges.csv"), "from,to\n1,2\n").unwrap();
    let study = "date = 2025-06-30\njurisdiction = 'CN'\nstreets = { edges = 'edges.csv', nodes = 'nodes.csv' }\nresidents = 'homes.csv'\n\
                 facilities = 'sites.csv'\nvalues = 'nobody-wrote-this.csv'\nhistory = 'nor-this.csv'\n";
    fs::write(folder.path().join("study.toml"), study).unwrap();
    assert!(!run(folder.path(), "assess . --quiet").status.success(), "an assessment needs the values");
    let output = run(folder.path(), "matrix . --quiet --out walks.csv");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("1 walks of at most 1000 m"), "{told}");
    assert!(told.contains("home beyond every street: 1 (far)"), "{told}");
    // a file that cannot be written leaves the one before as it was
    let before = fs::read(folder.path().join("walks.csv")).unwrap();
    fs::write(folder.path().join("edges.csv"), "from,to\n1,3\n").unwrap();
    assert!(!run(folder.path(), "matrix . --quiet --out walks.csv").status.success());
    assert_eq!(fs::read(folder.path().join("walks.csv")).unwrap(), before);
}

#[cfg(feature = "parquet")]
#[test]
fn walks_in_parquet_are_those_in_csv() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["walks.csv", "walks.parquet"] {
        assert!(xinan_walks(folder.path(), name).status.success());
        let to = name.replace('.', "-");
        let measures = format!("access --matrix {name} --measure nearest,mean_of_nearest --out {to}.csv");
        assert!(run(folder.path(), &measures).status.success());
    }
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("walks.parquet").starts_with(b"PAR1"));
    assert_eq!(read("walks-csv.csv"), read("walks-parquet.csv"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_is_asked_for_by_its_feature() {
    let folder = tempfile::tempdir().unwrap();
    let output = xinan_walks(folder.path(), "walks.parquet");
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).replace("\n  │ ", " ");
    assert!(
        message.contains("walks.parquet would be Parquet") && message.contains("--features parquet"),
        "{message}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
