//! Macau's peninsula from tables alone: an edge list, parishes, dwellings, places known by their street node.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

mod laws;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use lifecircle::types::{ColumnValues, NoProgress, People, Placement};
use lifecircle::{InputRole, Study};
use lifecircle_testkit::oracle::{self, OracleTable, number};

const FILES: [&str; 6] = [
    "edges_directed.csv",
    "nodes.csv",
    "parishes.geojson",
    "residential_buildings.geojson",
    "pois_snapped.csv",
    "expected_pandana.csv",
];

/// The census of 2021 by parish, as the notes beside the data have it.
const CENSUS: [(&str, u64); 5] = [
    ("Nossa Senhora de Fátima", 256_381),
    ("Santo António", 133_920),
    ("Sé", 55_275),
    ("São Lourenço", 53_840),
    ("São Lázaro", 33_442),
];

/// Words of the places, the column of pandana's answer, and the service they stand for here.
const SERVICES: [(&str, &str, &str); 6] = [
    ("park", "park_m", "park"),
    ("school", "school_m", "primary_school"),
    ("pharmacy", "pharmacy_m", "pharmacy"),
    ("clinic", "clinic_m", "primary_care"),
    ("supermarket", "supermarket_m", "food_shop"),
    ("library", "library_m", "library_branch"),
];

/// A study with these residents; `None` without the data.
fn study(test: &str, residents: &str) -> Option<(tempfile::TempDir, Study)> {
    let mut paths = BTreeMap::new();
    for file in FILES {
        paths.insert(file, oracle::file(test, &format!("data/macau/{file}"))?);
    }
    let path = |file: &str| paths[file].display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let mut census = String::from("area,people\n");
    for (parish, people) in CENSUS {
        writeln!(census, "{parish},{people}").unwrap();
    }
    put("census.csv", &census);
    // a place is known only as its street node: that node is where it is said to stand, which moves nothing. Places
    // whose node is not on the peninsula have no position, and are rejected as such
    let places = OracleTable::read(test, "data/macau/pois_snapped.csv")?;
    let mut table = String::from("id,lon,lat,service\n");
    for (row, place) in places.rows().iter().enumerate() {
        if let Some((_, _, service)) = SERVICES.iter().find(|(word, ..)| *word == place[1]) {
            writeln!(table, "{row},{},{},{service}", place[4], place[5]).unwrap();
        }
    }
    put("places.csv", &table);
    // homes of pandana's answer, row by row
    let homes = OracleTable::read(test, "data/macau/expected_pandana.csv")?;
    let mut table = String::from("id,lon,lat,unit,people\n");
    for (row, home) in homes.rows().iter().enumerate() {
        writeln!(table, "{row:04},{}", home[..4].join(",")).unwrap();
    }
    put("homes.csv", &table);
    let residents = residents.replace("BUILDINGS", &path("residential_buildings.geojson"));
    put(
        "study.toml",
        &format!(
            "date = 2026-05-26\njurisdiction = 'MO'\nfacilities = 'places.csv'\n\
             [streets]\nedges = '{}'\nnodes = '{}'\n\
             [units]\nfile = '{}'\ncode = 'pt'\nkind = 'district'\n[residents]\n{residents}\n",
            path("edges_directed.csv"),
            path("nodes.csv"),
            path("parishes.geojson"),
        ),
    );
    let study = Study::open(Path::new(folder.path()), &NoProgress).unwrap();
    Some((folder, study))
}

#[test]
fn a_census_on_dwellings_balances() {
    let test = "a_census_on_dwellings_balances";
    let Some((_folder, study)) = study(test, "census = 'census.csv'\nbuildings = 'BUILDINGS'") else {
        return;
    };
    let residents = study.residents();
    assert_eq!(residents.total(), People::whole(532_858));
    let mut by_parish: BTreeMap<&str, People> = BTreeMap::new();
    let mut on_dwellings = People::ZERO;
    for row in 0..residents.len() {
        let people = residents.people()[row];
        let sum = by_parish.entry(residents.unit_codes()[row].as_deref().unwrap()).or_default();
        *sum = [*sum, people].into_iter().sum();
        if residents.placements()[row] == Placement::Dwelling {
            on_dwellings = [on_dwellings, people].into_iter().sum();
        }
    }
    assert_eq!(by_parish, CENSUS.map(|(parish, people)| (parish, People::whole(people))).into());
    assert!(on_dwellings > People::ZERO);
    let outcome = study.assess(&NoProgress).unwrap();
    for input in &outcome.provenance.inputs {
        assert!(input.fate.balances(), "{}: {}", input.name, input.fate);
    }
    let account = |role, rows: &str| {
        let inputs = &outcome.provenance.inputs;
        inputs.iter().find(|input| input.role == role && input.rows_are == rows).unwrap().fate.clone()
    };
    // every directed row, all 1,092 outlines
    assert_eq!(account(InputRole::Streets, "edges").rows, 4372);
    let dwellings = account(InputRole::Residents, "dwellings");
    assert_eq!((dwellings.rows, dwellings.used), (1092, 1092));
    laws::hold(&outcome);
    assert!(outcome.scores.iter().all(|result| result.units.len() > CENSUS.len()));
    let assessed = outcome.assessment.residents.people;
    assert_eq!(assessed, People::whole(532_858));
    // no attribution of a map that was not used
    assert!(outcome.provenance.attribution.is_empty());
    oracle::compared(test, 5);
}

/// People within 1,000 m by pandana, from street node to street node, against 1,000 m from home to place.
///
/// Streets end at longitude 113.55, where pandana links everyone beyond to the last nodes: only homes within 100 m of a
/// street are compared. They are linked to the inside of streets here and to junctions there, and the way to the
/// street counts here, so that single ways may differ by some dozen metres and shares by some hundredths.
#[test]
fn coverage_is_near_that_of_another_tool() {
    let test = "coverage_is_near_that_of_another_tool";
    let Some((_folder, study)) = study(test, "file = 'homes.csv'") else { return };
    let expected = OracleTable::read(test, "data/macau/expected_pandana.csv").unwrap();
    let people: Vec<f64> = expected.texts("population").map(|text| number(text).unwrap()).collect();
    let outcome = study.assess(&NoProgress).unwrap();
    let table = outcome.residents_table().unwrap();
    let metres = |name: &str| {
        let column = table.columns().iter().find(|column| column.name == name).unwrap();
        let ColumnValues::Number(metres) = &column.values else { panic!("{name} holds metres") };
        metres.clone()
    };
    let near_street: Vec<bool> =
        metres("off_street_m").iter().map(|metres| metres.is_some_and(|metres| metres <= 100.0)).collect();
    // two in three: most others stand on the clipped eastern edge
    assert!(near_street.iter().filter(|near| **near).count() > 450);
    for (_, column, service) in SERVICES {
        let theirs: Vec<Option<f64>> = expected.numbers(column).collect();
        let ours = metres(&format!("{service}_m"));
        let share = |metres: &[Option<f64>]| {
            let rows = metres.iter().zip(&people).zip(&near_street).filter(|(_, near)| **near);
            let (mut near, mut all) = (0.0, 0.0);
            for ((metres, people), _) in rows {
                all += people;
                near += if metres.is_some_and(|metres| metres <= 1000.0) { *people } else { 0.0 };
            }
            near / all
        };
        let mut apart: Vec<f64> = (ours.iter().zip(&theirs).zip(&near_street))
            .filter(|(_, near)| **near)
            .filter_map(|((ours, theirs), _)| Some(((*ours)? - (*theirs)?).abs()))
            .collect();
        apart.sort_by(f64::total_cmp);
        let median = apart[apart.len() / 2];
        assert!((share(&ours) - share(&theirs)).abs() < 0.03, "{service}");
        assert!(median < 50.0, "{service}: {median} m");
    }
    oracle::compared(test, 2 * SERVICES.len());
}
