//! The whole chain on the embedded places: from a map to scores, problems and whom services miss.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-xml"))]
#![expect(clippy::unwrap_used, reason = "a place that cannot be assessed fails the test")]

mod laws;

use std::path::Path;

use lifecircle::Study;
use lifecircle::types::NoProgress;

fn study(name: &str) -> Study {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    Study::open(&path, &NoProgress).unwrap()
}

#[test]
fn the_isle_of_man_keeps_the_laws() {
    let study = study("isle-of-man");
    let outcome = study.assess(&NoProgress).unwrap();
    laws::hold(&outcome);
    assert!(outcome.scores.iter().any(|result| result.applied.score.key == "fifteen_minute_city"));
    assert!(!outcome.unreached.is_empty() && !outcome.problems.is_empty());
}

#[test]
fn xinan_new_town_keeps_the_laws_and_keeps_its_ids() {
    let study = study("xinan-new-town/monitoring.toml");
    let (first, again) = (study.assess(&NoProgress).unwrap(), study.assess(&NoProgress).unwrap());
    laws::hold(&first);
    let ids = |outcome: &lifecircle::Outcome<'_>| -> Vec<String> {
        outcome.problems.iter().map(|problem| problem.id.clone()).collect()
    };
    assert_eq!(ids(&first), ids(&again));
    assert_eq!(first.axes, again.axes);
    assert_eq!(first.scores, again.scores);
    assert_eq!(first.monitoring, again.monitoring);
}
