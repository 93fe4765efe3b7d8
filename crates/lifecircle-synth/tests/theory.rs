//! A city on squared paper, worked out by hand.
//!
//! 32,000 people are 4 communities of 8,000. Without irregularity the 4 cells lie around the centre, all alike, between
//! lines `w` apart from west to east and `0.9 w` from south to north, with
//! `w = 500 - 40 log10(32000 / 10000) = 479.8 m`. A cell is cut into blocks of about 200 m: `round(480 / 200) = 2`
//! across and `round(432 / 200) = 2` up.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use lifecircle_synth::{City, CityProfile, SynthOptions, grow};
use lifecircle_types::{NoProgress, StreetWay, UnitKind};

/// Metres between lines.
fn width() -> f64 {
    500.0 - 40.0 * libm::log10(3.2)
}

fn squared_paper() -> City {
    with_doors(1, 0.0)
}

fn with_doors(entrances: u8, door_ways: f64) -> City {
    let options = SynthOptions {
        entrances,
        door_ways,
        people: 32_000,
        irregularity: 0.0,
        walled_share: 1.0,
        bridges: Some(0),
        rail_crossings: Some(0),
        flaws: 0.0,
        ..SynthOptions::default()
    };
    grow(&options, &NoProgress).unwrap()
}

#[test]
fn units() {
    let city = squared_paper();
    let number = |kind| city.units.as_slice().iter().filter(|unit| unit.kind == kind).count();
    // the line between the two rows and the two columns bounds blocks, not streets
    let kinds = [
        (UnitKind::City, 1),
        (UnitKind::District, 1),
        (UnitKind::Street, 1),
        (UnitKind::Block, 4),
        (UnitKind::Community, 4),
        (UnitKind::Estate, 4 * 4),
    ];
    for (kind, expected) in kinds {
        assert_eq!(number(kind), expected, "{kind}");
    }
    // 2 w x 1.8 w
    let area = CityProfile::of(&city).area_km2;
    let expected = 2.0 * width() * 1.8 * width() / 1e6;
    assert!((area / expected - 1.0).abs() < 1e-4, "{area} {expected}");
}

#[test]
fn streets() {
    let city = squared_paper();
    let is = |class: &'static str| {
        city.streets.ways().iter().filter(move |way| way.tags.has("highway", class)).collect::<Vec<_>>()
    };
    let length = |way: &&StreetWay| -> f64 {
        let at = |id: i64| city.streets.node(id).unwrap().position;
        way.nodes.windows(2).map(|pair| at(pair[0]).metres_to(at(pair[1]))).sum()
    };
    // lines -1 and 1 are tertiary, line 0 is secondary; each has 2 pieces
    assert_eq!((is("secondary").len(), is("tertiary").len(), is("primary").len()), (4, 8, 0));
    let sides: f64 = is("secondary").iter().chain(&is("tertiary")).map(length).sum();
    // 3 lines of 2 w and 3 of 1.8 w
    assert!((sides / (11.4 * width()) - 1.0).abs() < 1e-4, "{sides}");
    // in each cell one cut of w between two bands, and one of 0.45 w through each band
    let branches: f64 = is("residential").iter().map(length).sum();
    assert_eq!(is("residential").len(), 4 * (1 + 2));
    assert!((branches / (4.0 * (1.0 + 2.0 * 0.45) * width()) - 1.0).abs() < 1e-4, "{branches}");
}

#[test]
fn walls_and_gates() {
    let city = squared_paper();
    let walls: Vec<_> = city.ground.ways.iter().filter(|way| way.tags.has("barrier", "wall")).collect();
    assert_eq!(walls.len(), 16);
    // four corners, two gates, and back
    assert!(walls.iter().all(|wall| wall.nodes.len() == 7 && wall.nodes[0] == wall.nodes[6]));
    let gates = city.streets.nodes().iter().filter(|node| node.tags.has("barrier", "gate")).count();
    assert_eq!(gates, 32);
    assert!((CityProfile::of(&city).gates - 2.0).abs() < 1e-12);
}

#[test]
fn ways_to_doors() {
    let (without, with) = (squared_paper(), with_doors(1, 1.0));
    assert_eq!(with.residents, without.residents);
    assert_eq!(with.facilities, without.facilities);
    // one for each building: from the footway over 11 - 12 / 2 = 5 m to the door
    let buildings = without.residents.len();
    assert_eq!(with.streets.nodes().len(), without.streets.nodes().len() + 2 * buildings);
    assert_eq!(with.streets.ways().len(), without.streets.ways().len() + buildings);
    let at = |id: i64| with.streets.node(id).unwrap().position;
    let length = |way: &StreetWay| at(way.nodes[0]).metres_to(at(way.nodes[1]));
    let to_doors =
        with.streets.ways().iter().filter(|way| way.nodes.len() == 2 && (length(way) - 5.0).abs() < 0.02);
    assert_eq!(to_doors.count(), buildings);
    let half = with_doors(1, 0.5).streets.ways().len() - without.streets.ways().len();
    assert!((buildings * 2 / 5..buildings * 3 / 5).contains(&half), "{half} of {buildings}");
}

#[test]
fn entrances() {
    let (one, three) = (squared_paper(), with_doors(3, 1.0));
    assert_eq!(three.residents.len(), 3 * one.residents.len());
    assert_eq!(three.residents.total(), one.residents.total());
    assert_eq!(CityProfile::of(&three).buildings, one.residents.len());
    assert_eq!(three.streets.ways().len(), one.streets.ways().len() + 3 * one.residents.len());
    for (building, place) in one.residents.positions().iter().enumerate() {
        let doors = [0, 1, 2].map(|door| three.residents.positions()[3 * building + door].unwrap());
        // 36 m of building are three parts of 12 m, the second where the building is
        assert!(doors[1].metres_to(place.unwrap()) < 0.02);
        assert!((doors[0].metres_to(doors[2]) - 24.0).abs() < 0.05);
        let people = [0, 1, 2].map(|door| three.residents.people()[3 * building + door].rounded());
        assert_eq!(people.iter().sum::<u64>(), one.residents.people()[building].rounded());
        assert!(people.iter().max().unwrap() - people.iter().min().unwrap() <= 1, "{people:?}");
    }
}

#[test]
fn people_and_services() {
    let city = squared_paper();
    // the four estates of a community have equal ground, to the rounding of positions
    assert!(city.estates.iter().all(|estate| (1999..=2001).contains(&estate.people)));
    let number = |service: &str| {
        let key = service.parse().unwrap();
        city.facilities.as_slice().iter().filter(|facility| facility.offer(&key).is_some()).count()
    };
    // one for 12,000 people in each community of 8,000; one for 20,000 in each block of 8,000; one for 65,000
    assert_eq!(number("community_service_station"), 4);
    assert_eq!(number("primary_school"), 4);
    assert_eq!(number("community_health_centre"), 1);
    // round(8000 / 2500) = 3 a community
    assert_eq!(number("convenience_store"), 12);
    // nothing is missing: the communities' stations answer to the one centre
    let stations =
        city.facilities.as_slice().iter().filter(|facility| facility.id.contains("health_station"));
    for station in stations {
        assert_eq!(station.parent.as_deref(), Some("519901001-community_health_centre-1"));
    }
}
