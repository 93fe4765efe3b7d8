//! The crate graph of `docs/architecture.md`, held by the resolve graph of cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Normal dependencies that a library crate may have, optional ones included. Every crate may name `types`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("lifecircle-types", &["geo-types", "libm", "schemars", "serde", "thiserror"]),
    ("lifecircle-taxonomy", &["lifecircle-types", "schemars", "serde", "thiserror", "toml"]),
    (
        "lifecircle-network",
        &["geo", "libm", "lifecircle-types", "petgraph", "rayon", "rstar", "schemars", "serde", "thiserror"],
    ),
    (
        "lifecircle-access",
        &["libm", "lifecircle-types", "opening-hours", "rand_pcg", "rayon", "schemars", "serde", "thiserror"],
    ),
    ("lifecircle-population", &["geo", "libm", "lifecircle-types", "thiserror"]),
    ("lifecircle-synth", &["geo-types", "libm", "lifecircle-types", "rand_pcg", "thiserror"]),
    (
        "lifecircle-indicators",
        &[
            "geo-types",
            "libm",
            "lifecircle-access",
            "lifecircle-taxonomy",
            "lifecircle-types",
            "rayon",
            "schemars",
            "serde",
            "thiserror",
        ],
    ),
    (
        "lifecircle-report",
        &[
            "geo",
            "lifecircle-access",
            "lifecircle-indicators",
            "lifecircle-taxonomy",
            "lifecircle-types",
            "maud",
            "serde_json",
        ],
    ),
    (
        "lifecircle-io",
        &[
            "bytes",
            "csv",
            "geo-types",
            "libm",
            "lifecircle-types",
            "parquet",
            "quick-xml",
            "rayon",
            "rusqlite",
            "serde",
            "serde_json",
            "thiserror",
            "tiff",
            "zlib-rs",
        ],
    ),
    (
        "lifecircle",
        &[
            "csv",
            "geo-types",
            "lifecircle-access",
            "lifecircle-indicators",
            "lifecircle-io",
            "lifecircle-network",
            "lifecircle-population",
            "lifecircle-report",
            "lifecircle-synth",
            "lifecircle-taxonomy",
            "lifecircle-types",
            "miniz_oxide",
            "rawzip",
            "schemars",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "toml",
        ],
    ),
    ("lifecircle-cli", &["clap", "comfy-table", "indicatif", "lifecircle", "miette"]),
    ("lifecircle-testkit", &["lifecircle-io", "lifecircle-types", "proptest", "serde_json"]),
    (
        "lifecircle-benches",
        &[
            "lifecircle",
            "lifecircle-access",
            "lifecircle-network",
            "lifecircle-testkit",
            "lifecircle-types",
            "rayon",
        ],
    ),
    (
        "lifecircle-examples",
        &["lifecircle", "lifecircle-access", "lifecircle-io", "lifecircle-network", "lifecircle-types"],
    ),
];

/// Crates that read no file, open no socket and start no thread of their own.
const PURE: &[&str] = &[
    "lifecircle-types",
    "lifecircle-taxonomy",
    "lifecircle-network",
    "lifecircle-access",
    "lifecircle-population",
    "lifecircle-synth",
    "lifecircle-indicators",
];

const BANNED_FROM_PURE: &[&str] =
    &["memmap2", "tokio", "reqwest", "pyo3", "clap", "anyhow", "csv", "serde_json", "zlib-rs"];

/// Of these a second version would split the types that pass between crates.
const ONE_VERSION: &[&str] = &["geo-types", "petgraph", "rstar"];

fn cargo(arguments: &[&str]) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

fn metadata() -> Value {
    // what other platforms need is not on this one
    let json =
        cargo(&["metadata", "--format-version", "1", "--all-features", "--filter-platform", "host-tuple"]);
    serde_json::from_str(&json).expect("cargo prints JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Names of all packages that `cargo tree` shows for the arguments.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    // `metadata` lists optional dependencies of dependencies that nobody turns on; `tree` leaves them out
    let format = ["tree", "--all-features", "--prefix", "none", "--format", "{p}"];
    let tree = cargo(&[&format, arguments].concat());
    tree.lines().map(|line| line.split(" (").next().unwrap_or(line).into()).collect()
}

#[test]
fn arrows_point_down_only() {
    let metadata = metadata();
    let members: BTreeSet<&str> = list(&metadata, "workspace_members").filter_map(Value::as_str).collect();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut seen = 0;
    for package in list(&metadata, "packages").filter(|package| members.contains(text(package, "id"))) {
        let name = text(package, "name");
        let allowed =
            allowed.get(name).unwrap_or_else(|| panic!("{name} is not in the table of the crate graph"));
        for dependency in list(package, "dependencies").filter(|dependency| dependency["kind"].is_null()) {
            let dependency = text(dependency, "name");
            assert!(
                allowed.contains(&dependency),
                "{name} depends on {dependency}, which the crate graph does not allow"
            );
        }
        seen += 1;
    }
    assert_eq!(seen, members.len());
}

#[test]
fn pure_crates_stay_pure() {
    for pure in PURE {
        let arguments = ["--package", pure, "--edges", "normal"];
        let mut packages = tree(&arguments);
        // schemas hold JSON in memory; nothing else may
        if packages.iter().any(|package| package.starts_with("schemars ")) {
            packages = tree(&[&arguments[..], &["--prune", "schemars"]].concat());
        }
        assert!(packages.len() > 1, "{pure} has dependencies");
        for package in &packages {
            let name = package.split(' ').next().unwrap_or_default();
            assert!(!BANNED_FROM_PURE.contains(&name), "{pure} pulls in {package}");
        }
    }
}

#[test]
fn shared_types_come_in_one_version() {
    let packages = tree(&["--workspace"]);
    for single in ONE_VERSION {
        let versions: Vec<_> =
            packages.iter().filter(|package| package.split(' ').next() == Some(single)).collect();
        assert_eq!(versions.len(), 1, "{versions:?}");
    }
}

#[test]
fn every_package_keeps_the_house_rules() {
    let metadata = metadata();
    let members: BTreeSet<&str> = list(&metadata, "workspace_members").filter_map(Value::as_str).collect();
    for package in list(&metadata, "packages").filter(|package| members.contains(text(package, "id"))) {
        let name = text(package, "name");
        for key in ["rust_version", "description", "license"] {
            assert!(!text(package, key).is_empty(), "{name} has no {key}");
        }
        let manifest = PathBuf::from(text(package, "manifest_path"));
        let toml = std::fs::read_to_string(&manifest).unwrap();
        assert!(toml.contains("[lints]\nworkspace = true"), "{name} does not take the workspace's lints");
        if manifest.components().any(|part| part.as_os_str() == "crates") {
            assert!(manifest.with_file_name("README.md").is_file(), "{name} has no README.md");
        }
    }
}
