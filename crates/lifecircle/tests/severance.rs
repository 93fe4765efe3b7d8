//! What barriers cost: a whole island against a program of its own, and the files of a study that asks for it.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]

use std::path::Path;

use lifecircle::io::{OsmOptions, read_bytes, read_osm_pbf};
use lifecircle::network::{
    BuildOptions, LinkOptions, Linker, NetworkBuilder, PlaceSeverance, Precincts, SeveranceOptions,
    SeveranceTask, WalkCosts, WalkGraph, WalkProfile, severance,
};
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::{
    Barrier, BarrierKind, ColumnValues, CostUnit, DemandSet, FacilitySet, FeatureTable, LonLat, Millimetres,
    NoProgress, People, Placement, ResidentPlace, StreetRecords, StreetWay, Unit, UnitKind, UnitSet,
};
use lifecircle::{SeveranceSettings, Study};
use lifecircle_testkit::grid_town::GridTown;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/isle-of-man");

/// Classes of streets that the check walks, whatever else their tags say.
const OPEN: [&str; 18] = [
    "residential",
    "living_street",
    "unclassified",
    "tertiary",
    "secondary",
    "primary",
    "trunk",
    "service",
    "footway",
    "path",
    "steps",
    "track",
    "pedestrian",
    "cycleway",
    "tertiary_link",
    "secondary_link",
    "primary_link",
    "trunk_link",
];

/// The Isle of Man by a program of its own in Python: every point of a street is a node, waters and railways are read with
/// osmium 4.3.2 by the rules of `docs/linkage.md`, walks are those of scipy 1.17 `dijkstra`, and every line is tried against
/// every water and railway with shapely 2.2. Homes are the points of streets whose id is a multiple of twenty, the one
/// with the id `n` with `1 + n / 20 mod 7` people: 3,625 homes of 14,428 people. Its sums, over pairs of people: 1,707,958
/// around, 1,500,536 reached, 138,792 severed, 98,830 lost, with somebody severed from 5,389 people; walks of
/// 1,095,442,897,186 mm over 710,016,788,528 mm, 1.5428 times as far.
#[test]
fn an_island_by_another_program() {
    let bytes =
        read_bytes(&Path::new(FOLDER).join("isle_of_man_2020-03-14.osm.pbf")).expect("it is embedded");
    let extract = read_osm_pbf(&bytes, "island", &Catalogue::builtin(), &OsmOptions::default(), &NoProgress);
    let extract = extract.expect("it is whole").value;
    let network = NetworkBuilder::new(BuildOptions::default()).build(&extract.streets).unwrap().value;
    let open = |highway: Option<&str>| highway.is_some_and(|class| OPEN.contains(&class));
    let lengths = WalkCosts::custom(&network, &WalkProfile::standard(), CostUnit::Length, |arc| {
        open(network.tags(arc).get("highway")).then(|| network.length(arc).get())
    });
    let graph = WalkGraph::new(&network, &lengths).unwrap();
    let mut homes: Vec<i64> = extract
        .streets
        .ways()
        .iter()
        .filter(|way| open(way.tags.get("highway")))
        .flat_map(|way| way.nodes.iter().copied().filter(|id| id % 20 == 0))
        .collect();
    homes.sort_unstable();
    homes.dedup();
    homes.retain(|&id| extract.streets.node(id).is_some());
    let positions: Vec<Option<LonLat>> =
        homes.iter().map(|&id| extract.streets.node(id).map(|node| node.position)).collect();
    let people: Vec<People> =
        homes.iter().map(|id| People::whole((1 + id / 20 % 7).unsigned_abs())).collect();
    let options = LinkOptions::default().island_penalty(Millimetres::ZERO);
    let approaches = Linker::new(graph, options).approach(&positions, &NoProgress).unwrap();
    let mut barriers = extract.barriers;
    barriers.retain(|barrier| barrier.kind != BarrierKind::Wall);
    let task = SeveranceTask {
        graph,
        precincts: &Precincts::with_costs(graph, &lengths),
        positions: &positions,
        approaches: &approaches,
        people: &people,
        barriers: &barriers,
    };
    let found = severance(&task, &SeveranceOptions::default(), &NoProgress).unwrap();
    let pairs = |of: &dyn Fn(&PlaceSeverance) -> People| -> u64 {
        found.places.iter().zip(&people).map(|(place, people)| of(place).rounded() * people.rounded()).sum()
    };
    let affected = found.places.iter().zip(&people).filter(|(place, _)| place.severed > People::ZERO);
    let affected: u64 = affected.map(|(_, people)| people.rounded()).sum();
    assert_eq!((homes.len(), people.iter().map(|people| people.rounded()).sum::<u64>()), (3_625, 14_428));
    assert_eq!((pairs(&|place| place.around), pairs(&|place| place.reached)), (1_707_958, 1_500_536));
    assert_eq!(
        (pairs(&|place| place.severed), pairs(&|place| place.lost), affected),
        (138_792, 98_830, 5_389)
    );
}

const TOWN: GridTown = GridTown::new(4, 1, 100_000);

/// A town of two streets 100 m apart with a river between them, joined at both ends; homes opposite each other in the
/// middle, at the west end, and on a street of its own beside the town.
///
/// ```text
///  c ---- . ---- b ---- . ---- .
///  |~~~~~~~~~~~~~~ river ~~~~~~|~~~~~~~~~~~~~~~
///  . ---- . ---- a ---- . ---- .        d ---- .
/// ```
fn study() -> Study {
    let records = TOWN.records();
    let keep = [TOWN.east_west(0), TOWN.east_west(1), TOWN.north_south(0), TOWN.north_south(4)];
    let mut ways: Vec<StreetWay> =
        records.ways().iter().filter(|way| keep.contains(&way.id)).cloned().collect();
    let mut nodes = records.nodes().to_vec();
    for (id, east) in [(101, 600_000), (102, 700_000)] {
        nodes.push(lifecircle::types::StreetNode {
            id,
            position: TOWN.position_at(east, 0),
            tags: lifecircle::types::Tags::default(),
        });
    }
    ways.push(StreetWay { id: 100, nodes: vec![101, 102], tags: ways[0].tags.clone() });
    let river = Barrier {
        id: "way/50".into(),
        kind: BarrierKind::Water,
        name: Some("Fu".into()),
        raised: false,
        line: vec![TOWN.position_at(-50_000, 40_000), TOWN.position_at(700_000, 40_000)],
        gates: vec![],
    };
    let homes = [
        ("a", TOWN.position(2, 0), 10, "south"),
        ("b", TOWN.position(2, 1), 30, "north"),
        ("c", TOWN.position(0, 1), 5, "north"),
        ("d", TOWN.position_at(620_000, 0), 2, "south"),
    ];
    let home = |(id, position, people, unit): (&str, LonLat, u64, &str)| ResidentPlace {
        id: id.into(),
        position: Some(position),
        people: People::whole(people),
        unit: Some(unit.into()),
        placement: Placement::Given,
        groups: vec![],
    };
    let units = ["north", "south"].map(|code| Unit::new(code, UnitKind::Community));
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(StreetRecords::new(nodes, ways))
        .barriers(vec![river])
        .residents(DemandSet::new(homes.into_iter().map(home).collect(), vec![]).expect("four homes"))
        .facilities(FacilitySet::new(vec![]).expect("no place"))
        .units(UnitSet::new(units.into()).expect("two units"))
        .severance(SeveranceSettings::default())
        .build()
        .expect("a sound study")
}

/// Cells of a column as text, empty ones as "-".
fn column(table: &FeatureTable, name: &str) -> Vec<String> {
    let column = table.columns().iter().find(|column| column.name == name).expect(name);
    match &column.values {
        ColumnValues::Text(cells) => {
            cells.iter().map(|cell| cell.clone().unwrap_or_else(|| "-".into())).collect()
        }
        ColumnValues::Number(cells) => {
            cells.iter().map(|cell| cell.map_or_else(|| "-".into(), |cell| format!("{cell:.3}"))).collect()
        }
        ColumnValues::Integer(cells) => {
            cells.iter().map(|cell| cell.map_or_else(|| "-".into(), |cell| cell.to_string())).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tables_of_a_town_with_a_river() {
    let study = study();
    let outcome = study.assess(&NoProgress).unwrap();
    let tables = outcome.severance_tables().unwrap();
    let names: Vec<&str> = tables.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["severance.csv", "severance.geojson", "barriers.geojson", "crossings.geojson", "islands.geojson"]
    );
    let [units, places, barriers, crossings, islands] = [0, 1, 2, 3, 4].map(|at| &tables[at].1);

    // a to b: 100 m as the crow flies, 200 + 100 + 200 m by street, severed; a to c: sqrt(5) and 3 blocks, which is 1.34
    // times as far; b to c two blocks; a to d 420 m without a walk, but no river between; b and c to d across it
    assert_eq!(column(places, "around"), ["37.000", "17.000", "42.000", "45.000"]);
    assert_eq!(column(places, "reached"), ["35.000", "15.000", "40.000", "0.000"]);
    assert_eq!(column(places, "severed"), ["30.000", "12.000", "2.000", "35.000"]);
    assert_eq!(column(places, "lost"), ["0.000", "2.000", "2.000", "35.000"]);
    // a: (30 * 5 + 5 * 3) / (30 * 1 + 5 * 2.2361); b: (10 * 5 + 5 * 2) / (10 + 5 * 2)
    assert_eq!(column(places, "detour_index"), ["4.007", "3.000", "1.093", "-"]);
    assert_eq!(column(places, "barrier_name"), ["Fu", "Fu", "Fu", "Fu"]);
    // the river is 40 m north of the southern row: from a 200 + 40 m, from b 200 + 60, from c 60, from d none
    assert_eq!(column(places, "to_crossing_m"), ["240.000", "260.000", "60.000", "-"]);

    assert_eq!(column(units, "unit_code"), ["-", "north", "south"]);
    assert_eq!(column(units, "people"), ["47.000", "35.000", "12.000"]);
    assert_eq!(column(units, "measured"), ["45.000", "35.000", "10.000"]);
    // (30 * 3 + 5 * 1.0928) / 35, and a alone
    assert_eq!(column(units, "detour_index")[1..], ["2.728", "4.007"]);
    assert_eq!(column(units, "indirect"), ["40.000", "30.000", "10.000"]);
    assert_eq!(column(units, "affected"), ["47.000", "35.000", "12.000"]);
    // north: (30 * 12 + 5 * 2) / (30 * 17 + 5 * 42)
    assert_eq!(column(units, "severed_share")[1], "0.514");
    assert_eq!(column(units, "without_crossing"), ["2.000", "0.000", "2.000"]);
    // (30 * 260 + 5 * 60) / 35
    assert_eq!(column(units, "to_crossing_m")[1], "231.429");

    assert_eq!(column(barriers, "id"), ["way/50"]);
    assert_eq!(column(barriers, "length_m"), ["750.000"]);
    assert_eq!(
        (column(barriers, "crossings"), column(barriers, "spacing_m")),
        (vec!["2".into()], vec!["375.000".into()])
    );
    assert_eq!(
        (column(barriers, "affected"), column(barriers, "losing")),
        (vec!["47.000".into()], vec!["37.000".into()])
    );
    // (10 * 30 + 30 * 12 + 5 * 2 + 2 * 35) / 47
    assert_eq!(column(barriers, "severed_mean"), ["15.745"]);
    assert_eq!(column(crossings, "street"), ["way/3", "way/7"]);

    assert_eq!(column(islands, "cause"), ["main", "edge"]);
    assert_eq!(
        (column(islands, "people"), column(islands, "places")),
        (vec!["45.000".into(), "2.000".into()], vec!["3".into(), "1".into()])
    );
    assert_eq!(column(islands, "length_m"), ["1000.000", "100.000"]);
}

#[test]
fn keys_of_severance_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("study.toml");
    let check = |severance: &str, expected: &str| {
        let text = format!(
            "date = '2025-06-30'\njurisdiction = 'XX'\nstreets = 'map.osm.pbf'\nresidents = 'homes.csv'\n[severance]\n{severance}\n"
        );
        std::fs::write(&file, text).unwrap();
        let error = Study::open(&file, &NoProgress).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("radius_m = 6000", "at most 5000 m");
    check("near_m = 900", "write less than the radius");
    check("detour_percent = 90", "write 100 to 1000");
    check("radius = 800", "unknown field `radius`");
}
