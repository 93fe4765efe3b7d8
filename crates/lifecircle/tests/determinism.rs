//! Same input, same bytes: on every run, on any number of threads, in any order of rows.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use lifecircle::Study;
use lifecircle::io::{OsmData, write_osm_pbf};
use lifecircle::types::{NoProgress, Tags};
use lifecircle_testkit::grid_town::GridTown;

const FILES: &[&str] = &[
    #[cfg(feature = "report")]
    "report.zh.html",
    "assessment.json",
    "residents.geojson",
    "units.geojson",
    "facilities.geojson",
    "links.geojson",
    "gaps.csv",
    "hours.csv",
    "levels.csv",
    "one_stop.csv",
    "escort.csv",
    "home_visits.csv",
    "mobile.csv",
    "online.csv",
    "care.csv",
    "family_beds.csv",
    "parity.csv",
    "seasons.csv",
    "severance.csv",
    "severance.geojson",
    "barriers.geojson",
    "crossings.geojson",
    "islands.geojson",
    "indicators.csv",
    "problems.csv",
    "problems.geojson",
];

/// Everything that a study can ask beside its rules.
const QUESTIONS: &str = "
levels = [{ services = ['community_health_station', 'pharmacy'], within_min = [10, 30] }]
one_stop = [{ services = ['community_health_station', 'pharmacy', 'children_play_space'], needed = 2, stop_m = 500 }]
parity = [{ groups = ['age_65_plus', 'age_0_14'] }]
seasons = [{ key = 'summer', days = 200 }, { key = 'winter', days = 165, walker = 'in_winter' }]
walkers = ['by_age', { key = 'in_winter', metres_per_second = 1.0, winter = 130 }]
mobile = [{ service = 'mobile_culture', stops = 'stops.csv' }]
online = [{ service = 'online_service_portal', able_percent = 70, help = ['community_health_station'] }]
family_beds = { beds = 'beds.csv', services = ['community_health_station'], beds_each = 2 }
[[escort]]
service = 'community_health_station'
walkers = ['older_65_plus', 'adult_15_64']
residents = 'age_65_plus'
[[home_visits]]
service = 'home_visit_care'
depots = ['community_health_station']
residents = 'age_65_plus'
visits_a_week = 0.7
[care]
bedside = ['community_health_station']
near = ['pharmacy']
around = ['children_play_space']
";

/// A town of 8 x 6 blocks of 200 m with shops, schools and homes; `turn` rotates the order of every input row.
fn write_town(folder: &Path, turn: usize) {
    let town = GridTown::new(8, 6, 200_000);
    let records = town.records();
    let mut nodes: Vec<_> =
        records.nodes().iter().map(|node| (node.id, node.position, node.tags.clone())).collect();
    for (at, (x, y)) in [(1, 1), (5, 2), (7, 6), (3, 3)].into_iter().enumerate() {
        let id = 9_000_000 + i64::try_from(at).expect("four places");
        let tags = [
            ("amenity", "pharmacy"),
            ("amenity", "school"),
            ("shop", "supermarket"),
            ("leisure", "playground"),
        ];
        nodes.push((id, town.position_at(x * 200_000 + 40_000, y * 200_000 + 30_000), Tags::new([tags[at]])));
    }
    let mut ways: Vec<_> =
        records.ways().iter().map(|way| (way.id, way.nodes.clone(), way.tags.clone())).collect();
    ways.retain(|way| way.0 != town.east_west(2));
    let private = Tags::new([("highway", "service"), ("access", "private")]);
    ways.push((town.east_west(2), (0..=8).map(|x| town.node_id(x, 2)).collect(), private));
    // a river, land and a home: a rectangle each
    let mut draw = |id: i64, (west, south, east, north): (i64, i64, i64, i64), tags: &[(&str, &str)]| {
        let corners = [(west, south), (east, south), (east, north), (west, north)];
        for ((x, y), node) in corners.into_iter().zip(10 * id..) {
            nodes.push((node, town.position_at(x * 1000, y * 1000), Tags::default()));
        }
        ways.push((
            id,
            vec![10 * id, 10 * id + 1, 10 * id + 2, 10 * id + 3, 10 * id],
            Tags::new(tags.iter().copied()),
        ));
    };
    draw(1_000_001, (-50, 690, 1700, 710), &[("natural", "water")]);
    draw(1_000_002, (100, 100, 900, 500), &[("landuse", "residential")]);
    draw(1_000_003, (310, 310, 330, 330), &[("building", "apartments"), ("building:flats", "12")]);
    draw(1_000_004, (1110, 110, 1130, 130), &[("building", "house")]);
    // a wall around the home at 259 m east and 371 m north, with a gate in its south-west corner
    draw(1_000_005, (210, 210, 390, 390), &[("barrier", "wall")]);
    let gate = nodes.iter_mut().find(|node| node.0 == 10_000_050).expect("it was just drawn");
    gate.2 = Tags::new([("barrier", "gate")]);
    let (nodes_turn, ways_turn) = (turn % nodes.len(), turn % ways.len());
    nodes.rotate_left(nodes_turn);
    ways.rotate_left(ways_turn);
    let mut pbf = Vec::new();
    write_osm_pbf(&mut pbf, &OsmData { nodes, ways, relations: vec![] }).expect("it fits");
    fs::write(folder.join("town.osm.pbf"), pbf).expect("the folder is writable");

    let mut rows: Vec<String> = (0..40_i64)
        .map(|n| {
            let at = town.position_at(n * 37_000 % 1_600_000, n * 53_000 % 1_200_000);
            format!("home-{n},{},{},{},{},{}", at.lon(), at.lat(), n * 7 % 90 + 1, n % 5, n % 4)
        })
        .collect();
    rows.rotate_left(turn % 40);
    let header = "id,lon,lat,people,age_0_14,age_65_plus\n";
    fs::write(folder.join("homes.csv"), format!("{header}{}\n", rows.join("\n"))).expect("writable");

    let mut clinics: Vec<String> = (0..5_i64)
        .map(|n| {
            let at = town.position_at(n * 311_000, n * 170_000);
            let hours = ["24/7", "", "Mo-Fr 08:00-12:00", "Su 20:00-02:00", "at noon"]
                [usize::try_from(n).unwrap_or(0)];
            format!("clinic-{n},{},{},community_health_station,{},{},{hours}", at.lon(), at.lat(), 10 + n, n)
        })
        .collect();
    clinics.rotate_left(turn % 5);
    let header = "id,lon,lat,service,capacity,staff,hours\n";
    fs::write(folder.join("clinics.csv"), format!("{header}{}\n", clinics.join("\n"))).expect("writable");

    let mut units = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    let mut halves = [("east", 800_000, 1_700_000), ("west", -100_000, 800_000)];
    halves.rotate_left(turn % 2);
    for (at, (code, from, to)) in halves.into_iter().enumerate() {
        let corners =
            [(from, -100_000), (to, -100_000), (to, 1_300_000), (from, 1_300_000), (from, -100_000)];
        let ring: Vec<String> = corners
            .into_iter()
            .map(|(x, y)| town.position_at(x, y))
            .map(|at| format!("[{},{}]", at.lon(), at.lat()))
            .collect();
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(
            units,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\",\"kind\":\"community\"}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}}}",
            ring.join(",")
        );
    }
    fs::write(folder.join("units.geojson"), units + "]}").expect("writable");
    let study = "name = 'town'\ndate = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'town.osm.pbf'\n\
                 residents = 'homes.csv'\nunits = 'units.geojson'\nfacilities = ['clinics.csv', { file = 'streets', complete = true }]\n\
                 bases = { land = 'streets', buildings = 'streets' }\nhours = { stay_min = 5 }\nseverance = {}\n";
    fs::write(folder.join("study.toml"), format!("{study}{QUESTIONS}")).expect("writable");
    let mut stops: Vec<String> = (0..6_i64)
        .map(|n| {
            let at = town.position_at(n * 290_000, n * 210_000);
            format!(
                "stop-{n},{},{},{}",
                at.lon(),
                at.lat(),
                ["12", "", "4"][usize::try_from(n % 3).unwrap_or(0)]
            )
        })
        .collect();
    stops.rotate_left(turn % 6);
    fs::write(folder.join("stops.csv"), format!("id,lon,lat,visits_a_year\n{}\n", stops.join("\n")))
        .expect("writable");
    let mut beds: Vec<String> = (0..8_i64).map(|n| format!("bed-{n},home-{},{}", n * 5, n)).collect();
    beds.rotate_left(turn % 8);
    fs::write(folder.join("beds.csv"), format!("id,place,visits_a_month\n{}\n", beds.join("\n")))
        .expect("writable");
}

fn outputs(folder: &Path) -> Vec<Vec<u8>> {
    let study = Study::open(folder, &NoProgress).expect("the town is sound");
    let out = folder.join("out");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    outcome.write(&out).expect("writable");
    #[cfg(feature = "report")]
    outcome.save_report(&out.join("report.zh.html"), lifecircle::Language::Chinese).expect("writable");
    FILES.iter().map(|file| fs::read(out.join(file)).expect("it was written")).collect()
}

#[test]
fn shuffled_rows_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    write_town(folder.path(), 0);
    let first = outputs(folder.path());
    assert_eq!(first, outputs(folder.path()), "a second run");
    for turn in [1, 3, 17] {
        write_town(folder.path(), turn);
        for (file, (before, after)) in FILES.iter().zip(first.iter().zip(outputs(folder.path()))) {
            assert!(*before == after, "{file} differs when rows are turned by {turn}");
        }
    }
    let file = |name| &first[FILES.iter().position(|file| *file == name).unwrap()];
    let json = String::from_utf8(file("assessment.json").clone()).unwrap();
    assert!(json.contains("© OpenStreetMap contributors"), "attribution is inside");
    let links = String::from_utf8(file("links.geojson").clone()).unwrap();
    assert!(json.contains("\"bases\"") && links.contains("\"gates\""), "the town has all of it");
}

#[test]
fn threads_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    write_town(folder.path(), 0);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| outputs(folder.path()))
    };
    let one = on(1);
    assert!(one == on(2) && one == on(8));
}
