//! Bundles: what is written can be checked, what was changed is told, what is hostile is refused.

#![cfg(all(feature = "bundle", feature = "osm-xml"))]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use lifecircle::bundle::{FileRole, Finding, Manifest, Note, Verification, verify_bundle, write_bundle};
use lifecircle::types::{Cancelled, NoProgress, Progress};
use lifecircle::{Error, Study};
use miniz_oxide::inflate::decompress_to_vec;
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use tempfile::TempDir;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// A street of three nodes with homes and a pharmacy; a pack of its own that inherits, and homes outside its folder.
fn town() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    for folder in ["study", "study/data", "shared"] {
        fs::create_dir(place.path().join(folder)).unwrap();
    }
    write(
        "study/study.toml",
        "date = '2025-06-30'\njurisdiction = 'XX'\nstreets = { edges = 'data/edges.csv', nodes = 'data/nodes.csv' }\n\
         residents = '../shared/homes.csv'\nfacilities = ['./data/facilities.csv']\npacks = ['data/own.toml']\n\
         history = 'history.csv'\nattribution = ['Invented']\n",
    );
    write("study/data/edges.csv", "u,v\n1,2\n2,3\n");
    write("study/data/nodes.csv", "node,lon,lat\n1,20,0\n2,20.004,0\n3,20.03,0\n");
    write("study/data/facilities.csv", "id,lon,lat,service,name\np,20.001,0,pharmacy,\"Drugs, and more\"\n");
    write("study/data/own.toml", "key = 'own'\ntitle = 'Own'\ninherits = 'international-15min'\n");
    write("study/history.csv", "problem,date,status,by,note,mode,due,budget\n");
    write("shared/homes.csv", "id,lon,lat,people\nnear,20.002,0,50\nfar,20.029,0,30\n");
    place
}

/// The bundle of the town.
fn bundle(place: &TempDir) -> PathBuf {
    let out = place.path().join("bundle.zip");
    write_bundle(&place.path().join("study"), &out, &NoProgress).unwrap();
    out
}

type Files = Vec<(String, Vec<u8>)>;

/// The files of an archive, in their order.
fn files(bytes: &[u8]) -> Option<Files> {
    let zip = ZipArchive::from_slice(bytes).ok()?;
    let mut entries = zip.entries();
    let mut files = Vec::new();
    while let Some(record) = entries.next_entry().ok()? {
        let name = String::from_utf8(record.file_path().as_bytes().to_vec()).ok()?;
        let data = zip.get_entry(record.wayfinder()).ok()?.data().to_vec();
        let is_deflated = record.compression_method() == CompressionMethod::DEFLATE;
        files.push((name, if is_deflated { decompress_to_vec(&data).ok()? } else { data }));
    }
    Some(files)
}

/// An archive of files by whatever names they have.
fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in files {
        let (mut entry, config) = writer.new_file(EntryPath::verbatim(name.as_bytes())).start().unwrap();
        let mut data = config.wrap(&mut entry);
        data.write_all(bytes).unwrap();
        let (_, end) = data.finish().unwrap();
        entry.finish(end).unwrap();
    }
    writer.finish().unwrap()
}

/// What is found after the files of the town's bundle were changed.
fn changed(change: impl FnOnce(&mut Files)) -> Result<Verification, Error> {
    let place = town();
    let path = bundle(&place);
    let mut all = files(&fs::read(&path).unwrap()).unwrap();
    change(&mut all);
    fs::write(&path, zip(&all)).unwrap();
    verify_bundle(&path, &NoProgress)
}

fn file<'a>(files: &'a mut Files, name: &str) -> &'a mut Vec<u8> {
    &mut files.iter_mut().find(|(known, _)| known == name).unwrap().1
}

fn replace(files: &mut Files, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(file(files, name).clone()).unwrap();
    assert!(text.contains(from), "{text}");
    *file(files, name) = text.replacen(from, to, 1).into_bytes();
}

fn told(checked: &Verification) -> Vec<String> {
    checked.findings.iter().map(ToString::to_string).collect()
}

/// A copy of a folder of plain files.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn the_isle_of_man_holds_and_gives_the_same_bytes_elsewhere() {
    let place = tempfile::tempdir().unwrap();
    let elsewhere = place.path().join("deep/er/isle");
    copy(&example("isle-of-man"), &elsewhere);
    let (first, second) = (place.path().join("a.zip"), place.path().join("b.zip"));
    let bundled = write_bundle(&example("isle-of-man"), &first, &NoProgress).unwrap();
    write_bundle(&elsewhere.join("study.toml"), &second, &NoProgress).unwrap();
    assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());

    let checked = verify_bundle(&first, &NoProgress).unwrap();
    assert_eq!(told(&checked), [""; 0]);
    assert_eq!((checked.notes.len(), &checked.sha256), (0, &bundled.sha256));
    // the results are those that `write` writes
    let out = place.path().join("out");
    let study = Study::open(&example("isle-of-man"), &NoProgress).unwrap();
    study.assess(&NoProgress).unwrap().write(&out).unwrap();
    let held = files(&fs::read(&first).unwrap()).unwrap();
    let results: Vec<_> =
        held.iter().filter_map(|(name, bytes)| Some((name.strip_prefix("results/")?, bytes))).collect();
    assert_eq!(results.len(), fs::read_dir(&out).unwrap().count());
    for (name, bytes) in &results {
        assert!(fs::read(out.join(name)).unwrap() == **bytes, "{name}");
    }
    assert_eq!(checked.same.len(), results.len());
    let packs: Vec<&str> = bundled.manifest.files_of(FileRole::Pack).map(|file| file.path.as_str()).collect();
    assert_eq!(packs, ["packs/international-15min.toml"]);
}

#[test]
fn every_study_of_xinan_new_town_holds() {
    let place = tempfile::tempdir().unwrap();
    for study in ["study", "monitoring", "health-check", "severance"] {
        let out = place.path().join(format!("{study}.zip"));
        let bundled =
            write_bundle(&example(&format!("xinan-new-town/{study}.toml")), &out, &NoProgress).unwrap();
        let checked = verify_bundle(&out, &NoProgress).unwrap();
        assert_eq!(told(&checked), [""; 0], "{study}");
        assert_eq!(checked.same.len(), bundled.manifest.files_of(FileRole::Result).count());
    }
}

#[test]
fn a_run_that_continues_a_history_and_a_series_sees_those_that_were_bundled() {
    // the results hold the old rows and those of the run; what is run again begins with the old rows alone
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("town");
    copy(&example("xinan-new-town"), &folder);
    let text = fs::read_to_string(folder.join("monitoring.toml")).unwrap();
    fs::write(folder.join("monitoring.toml"), format!("history = \"history.csv\"\n{text}")).unwrap();
    fs::write(folder.join("history.csv"), "problem,date,status,by,note,mode,due,budget\n").unwrap();
    let out = place.path().join("a.zip");
    write_bundle(&folder.join("monitoring.toml"), &out, &NoProgress).unwrap();
    assert_eq!(told(&verify_bundle(&out, &NoProgress).unwrap()), [""; 0]);

    // the year after: the history of the results is copied back
    let held = files(&fs::read(&out).unwrap()).unwrap();
    for name in ["history.csv", "series.csv"] {
        let (_, bytes) = held.iter().find(|(known, _)| *known == format!("results/{name}")).unwrap();
        assert!(bytes.len() > fs::read(folder.join(name)).unwrap().len(), "{name} grows");
        fs::write(folder.join(name), bytes).unwrap();
    }
    write_bundle(&folder.join("monitoring.toml"), &out, &NoProgress).unwrap();
    assert_eq!(told(&verify_bundle(&out, &NoProgress).unwrap()), [""; 0]);
}

#[test]
fn a_bundle_holds_what_the_study_reads_wherever_it_lies() {
    let place = town();
    let path = bundle(&place);
    let checked = verify_bundle(&path, &NoProgress).unwrap();
    assert_eq!(told(&checked), [""; 0]);
    let manifest = checked.manifest.unwrap();
    let held: Vec<(&str, FileRole, Vec<&str>)> = manifest
        .files
        .iter()
        .filter(|file| file.role != FileRole::Result)
        .map(|file| (file.path.as_str(), file.role, file.named.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        held,
        [
            ("README.txt", FileRole::Readme, vec![]),
            ("outside/1-homes.csv", FileRole::Input, vec!["../shared/homes.csv"]),
            ("packs/international-15min.toml", FileRole::Pack, vec![]),
            ("study/data/edges.csv", FileRole::Input, vec!["data/edges.csv"]),
            ("study/data/facilities.csv", FileRole::Input, vec!["./data/facilities.csv"]),
            ("study/data/nodes.csv", FileRole::Input, vec!["data/nodes.csv"]),
            ("study/data/own.toml", FileRole::Input, vec!["data/own.toml"]),
            ("study/history.csv", FileRole::Input, vec!["history.csv"]),
            ("study/study.toml", FileRole::Study, vec![]),
        ]
    );
    // a study without a name is called by its folder, in the bundle as well
    assert_eq!(
        (manifest.study.as_str(), manifest.packs.as_slice()),
        ("study", ["own".to_owned()].as_slice())
    );
    assert_eq!(manifest.attribution, ["Invented"]);
    let words = files(&fs::read(&path).unwrap()).unwrap();
    let words = String::from_utf8(words[0].1.clone()).unwrap();
    assert!(words.contains("outside/1-homes.csv   called ../shared/homes.csv"), "{words}");
}

#[test]
fn another_packer_changes_nothing() {
    let checked = changed(|files| files.reverse()).unwrap();
    assert_eq!(told(&checked), [""; 0]);
}

#[test]
fn a_changed_input_is_told_with_what_it_changes() {
    let checked =
        changed(|files| replace(files, "outside/1-homes.csv", "near,20.002,0,50", "near,20.002,0,51"))
            .unwrap();
    let lines = told(&checked);
    assert_eq!(
        lines[0],
        "outside/1-homes.csv: was changed after the bundle was made (its SHA-256 is another)"
    );
    // 50 people in the published results, 51 now
    let residents = lines.iter().find(|line| line.starts_with("residents.geojson: ")).unwrap();
    assert!(residents.contains("feature 2 (near), people: 50.0 in the bundle, 51.0 now"), "{residents}");
    assert!(lines.iter().any(|line| line.starts_with("manifest.json: hashes of the inputs: ")), "{lines:?}");
}

#[test]
fn a_changed_result_is_told_by_row_and_column() {
    let checked = changed(|files| replace(files, "results/gaps.csv", ",30.0,", ",3.0,")).unwrap();
    let lines = told(&checked);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0], "results/gaps.csv: was changed after the bundle was made (its SHA-256 is another)");
    assert_eq!(
        lines[1],
        "gaps.csv: 1 value came out differently\n  row 1 (far), column people: 3.0 in the bundle, 30.0 now"
    );
}

#[test]
fn a_result_that_was_changed_with_its_hash_is_told_all_the_same() {
    let checked = changed(|files| {
        replace(files, "results/gaps.csv", ",30.0,", ",31.0,");
        let gaps = file(files, "results/gaps.csv").clone();
        let manifest: Manifest = serde_json::from_slice(file(files, "manifest.json")).unwrap();
        let old = &manifest.files.iter().find(|file| file.path == "results/gaps.csv").unwrap().sha256;
        let new: String = sha2_of(&gaps);
        replace(files, "manifest.json", old, &new);
    })
    .unwrap();
    let lines = told(&checked);
    assert_eq!(
        lines,
        [
            "gaps.csv: 1 value came out differently\n  row 1 (far), column people: 31.0 in the bundle, 30.0 now"
        ]
    );
}

fn sha2_of(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_changed_manifest_is_told() {
    let check = |from: &str, to: &str, expected: &str| {
        let lines = told(&changed(|files| replace(files, "manifest.json", from, to)).unwrap());
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{from}: {lines:?}");
    };
    check("\"XX\"", "\"XY\"", "manifest.json: jurisdiction: XY in the bundle, XX now");
    check("Invented", "Inverted", "manifest.json: attribution: Inverted in the bundle, Invented now");
    check("2025-06-30", "2025-06-29", "manifest.json: date");
    check("\"role\": \"input\"", "\"role\": \"inputs\"", "manifest.json: cannot be read: ");
    check("{", "[", "manifest.json: cannot be read: ");
    // the study has no name of its own: it takes the one of the manifest, and its results tell
    check("\"study\": \"study\"", "\"study\": \"stud\"", "assessment.json: 1 value came out differently");
}

#[test]
fn missing_and_added_files_are_told() {
    let remove =
        |name: &'static str| told(&changed(|files| files.retain(|(known, _)| known != name)).unwrap());
    assert_eq!(
        remove("results/gaps.csv"),
        [
            "results/gaps.csv: was removed after the bundle was made",
            "gaps.csv: this run writes it, the bundle does not have it"
        ]
    );
    assert_eq!(remove("README.txt"), ["README.txt: was removed after the bundle was made"]);
    let lines = remove("outside/1-homes.csv");
    assert_eq!(lines[0], "outside/1-homes.csv: was removed after the bundle was made");
    assert!(lines[1].starts_with("the study cannot be run again: ") && lines.len() == 2, "{lines:?}");
    let added = changed(|files| files.push(("results/more.csv".into(), b"x\n".to_vec()))).unwrap();
    assert_eq!(
        told(&added),
        [
            "results/more.csv: was added after the bundle was made",
            "more.csv: the bundle has it, this run does not write it"
        ]
    );
}

#[test]
fn other_versions_and_packs_are_noted() {
    let own = env!("CARGO_PKG_VERSION");
    let checked = changed(|files| {
        replace(files, "manifest.json", &format!("\"version\": \"{own}\""), "\"version\": \"0.0.9\"");
    })
    .unwrap();
    assert_eq!(checked.notes, [Note::Version { bundled: "0.0.9".into(), own: own.into() }]);

    // the bundle's pack is used, so that a comment in it changes nothing but its hash
    let checked = changed(|files| file(files, "packs/international-15min.toml").extend(b"# seen\n")).unwrap();
    assert_eq!(checked.notes, [Note::Pack { key: "international-15min".into(), is_known: true }]);
    assert_eq!(checked.findings, [Finding::Changed { file: "packs/international-15min.toml".into() }]);
}

#[test]
fn what_is_no_bundle_is_refused() {
    let place = town();
    let path = bundle(&place);
    let whole = fs::read(&path).unwrap();
    let sound = files(&whole).unwrap();
    let refused = |bytes: &[u8], expected: &str| {
        fs::write(&path, bytes).unwrap();
        let error = verify_bundle(&path, &NoProgress).unwrap_err().to_string();
        assert!(error.contains("is no bundle of results: ") && error.contains(expected), "{error}");
    };
    refused(b"", "no whole ZIP archive");
    refused(b"name,people\na,1\n", "no whole ZIP archive");
    refused(&whole[..whole.len() / 2], "no whole ZIP archive");
    refused(&whole[..whole.len() - 1], "no whole ZIP archive");
    refused(&zip(&sound[..1]), "it has no manifest.json");
    refused(&zip(&[("manifest.json".into(), b"{}".to_vec())]), "is none of a bundle");
    refused(&zip(&[("manifest.json".into(), b"{\"bundle\":2}".to_vec())]), "a bundle of format 2");
    let with = |name: &str| {
        let mut files = sound.clone();
        files.push((name.into(), b"x".to_vec()));
        zip(&files)
    };
    for evil in
        ["../evil", "study/../../evil", "/etc/evil", "C:/evil", "study\\..\\evil", "a//b", "./a", "folder/"]
    {
        refused(&with(evil), "would be unpacked outside");
    }
    refused(&with("manifest.json"), "two files `manifest.json`");
    refused(&with("study/study.toml"), "two files `study/study.toml`");
}

#[test]
fn a_file_that_says_to_be_huge_is_refused() {
    let place = town();
    let path = bundle(&place);
    let mut bytes = fs::read(&path).unwrap();
    // the length of the first file, in its row of the directory: 24 bytes behind the row's signature
    let row = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bytes[row + 24..row + 28].copy_from_slice(&0xF000_0000_u32.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let error = verify_bundle(&path, &NoProgress).unwrap_err().to_string();
    assert!(error.contains("more than it can have"), "{error}");
}

#[test]
fn a_flipped_byte_is_noticed_or_changes_nothing_that_is_held() {
    let place = town();
    let path = bundle(&place);
    let sound = fs::read(&path).unwrap();
    let held = files(&sound).unwrap();
    let (mut noticed, mut harmless) = (0, 0);
    // a prime, so that all parts of all rows are met
    for at in (0..sound.len()).step_by(211) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        match verify_bundle(&path, &NoProgress) {
            Ok(checked) if checked.holds() => {
                assert!(files(&bytes).unwrap() == held, "byte {at}");
                harmless += 1;
            }
            _ => noticed += 1,
        }
    }
    // times, versions and attributes of rows are of no account
    assert!(noticed > 5 * harmless, "{noticed} {harmless}");
}

#[test]
fn a_study_that_cannot_be_run_leaves_no_bundle() {
    let place = town();
    fs::remove_file(place.path().join("shared/homes.csv")).unwrap();
    let out = place.path().join("bundle.zip");
    let error = write_bundle(&place.path().join("study"), &out, &NoProgress).unwrap_err().to_string();
    assert!(error.contains("homes.csv"), "{error}");
    assert!(!out.exists());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing is left");
}

#[test]
fn a_check_that_is_stopped_is_no_finding() {
    #[derive(Debug)]
    struct Stop;
    impl Progress for Stop {
        fn advance(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
            Err(Cancelled)
        }
    }
    let place = town();
    assert!(verify_bundle(&bundle(&place), &Stop).is_err());
}
