//! The embedded place: what must be true of it, whatever the figures.
#![cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]

use std::collections::BTreeMap;
use std::path::Path;

use lifecircle::Study;
use lifecircle::io::{OsmOptions, read_bytes, read_osm_pbf};
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::{GroupBasis, NoProgress, People, Placement};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/isle-of-man");

#[test]
fn the_census_is_placed_without_losing_or_inventing_a_person() {
    let study = Study::open(Path::new(FOLDER), &NoProgress).unwrap();
    let residents = study.residents();
    assert_eq!(residents.total(), People::whole(83_314), "the island total of the census");

    // every control total, whole, inside its areas
    let mut by_area: BTreeMap<&str, u64> = BTreeMap::new();
    for (people, code) in residents.people().iter().zip(residents.unit_codes()) {
        let unit = study.units().find(code.as_deref().unwrap()).unwrap();
        *by_area.entry(study.units()[unit].label()).or_default() += people.as_millionths();
    }
    let census = std::fs::read_to_string(Path::new(FOLDER).join("census.csv")).unwrap();
    let mut areas_counted = 0;
    for line in census.lines().skip(1) {
        let mut fields = line.split(',');
        let areas: Vec<&str> = fields.next().unwrap().split('|').collect();
        let total: u64 = fields.next().unwrap().parse().unwrap();
        let placed: u64 = areas.iter().map(|area| by_area[area]).sum();
        assert_eq!(placed, total * 1_000_000, "{areas:?}");
        areas_counted += areas.len();
    }
    assert_eq!(areas_counted, 24);

    // no more than 1 % of an area's people on one point, unless its building says so
    let extract = extract();
    let stated: BTreeMap<&str, bool> = extract
        .buildings
        .iter()
        .map(|building| (building.id.as_str(), building.levels.is_some() || building.dwellings.is_some()))
        .collect();
    for (row, people) in residents.people().iter().enumerate() {
        let unit = study.units().find(residents.unit_codes()[row].as_deref().unwrap()).unwrap();
        let of_area = by_area[study.units()[unit].label()].max(100_000_000);
        let says_so = stated.get(residents.ids()[row].as_str()) == Some(&true);
        let joint =
            ["Port Erin", "Port Saint Mary", "Rushen", "Santon"].contains(&study.units()[unit].label());
        let of_area = if joint { 7_637_000_000 } else { of_area };
        assert!(says_so || people.as_millionths() * 100 <= of_area, "{} of {of_area}", residents.ids()[row]);
    }

    // groups are whole-island shares, and say so
    let totals: Vec<_> = residents
        .groups()
        .iter()
        .map(|(group, people)| (group.name.as_str(), group.basis, people.iter().copied().sum::<People>()))
        .collect();
    let share = GroupBasis::WholePlaceShare;
    assert_eq!(
        totals,
        [("age_0_14", share, People::whole(13_300)), ("age_65_plus", share, People::whole(17_200))]
    );
    for placement in [Placement::Dwelling, Placement::Land, Placement::Street] {
        assert!(residents.placements().contains(&placement), "{placement}");
    }
}

#[test]
fn schools_are_a_range_and_no_place_counts_for_two_levels() {
    let study = Study::open(Path::new(FOLDER), &NoProgress).unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let schools =
        outcome.assessment.services.iter().find(|s| s.service.as_str() == "primary_school").unwrap();
    let range = schools.coverage.unwrap();
    let (strict, lenient) = (range.strict.share().unwrap(), range.lenient.share().unwrap());
    assert!(0.0 < strict && strict < lenient && lenient < 1.0, "{strict} to {lenient}");

    let catalogue = Catalogue::builtin();
    for facility in study.facilities().as_slice() {
        for family in catalogue.families() {
            let levels =
                facility.offers.iter().filter(|offer| family.levels.contains(&offer.service)).count();
            assert!(levels <= 1, "{} satisfies {levels} levels of {}", facility.id, family.key);
        }
    }
    for input in &outcome.provenance.inputs {
        assert!(input.fate.balances(), "{} ({}): {}", input.name, input.rows_are, input.fate);
    }
    // parts add up to the whole: units hold everyone
    let assessment = &outcome.assessment;
    let everyone: People = assessment.units.iter().map(|unit| unit.shares.mean.strict.all).sum();
    assert_eq!(everyone, People::whole(83_314));
}

fn extract() -> lifecircle::io::OsmExtract {
    let bytes =
        read_bytes(&Path::new(FOLDER).join("isle_of_man_2020-03-14.osm.pbf")).expect("it is embedded");
    let options = OsmOptions::default();
    read_osm_pbf(&bytes, "isle_of_man", &Catalogue::builtin(), &options, &NoProgress)
        .expect("it is whole")
        .value
}
