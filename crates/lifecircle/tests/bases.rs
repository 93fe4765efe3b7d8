//! One coverage on several bases, worked out on squared paper: blocks of 200 m, one park on the corner (0, 0).
//!
//! Within a walk of 200 m lie two streets of 200 m. Land is a strip of 400 m by 40 m along the southern street; beside
//! its reached half it is all within 50 m of a street, and 50 m more at its end.

#![expect(clippy::float_cmp, reason = "shares of small counts are exact")]

use lifecircle::taxonomy::Pack;
use lifecircle::types::{
    Building, BuildingUse, Certainty, DemandSet, Facility, FacilitySet, LonLat, Millimetres, NoProgress,
    Offer, People, Placement, ResidentPlace, ResidentialLand, Rule, ServiceKey, Unit, UnitKind, UnitSet,
};
use lifecircle::{Bases, BasesOptions, Error, SizeBand, Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

const TOWN: GridTown = GridTown::new(2, 2, 200_000);

fn at(east: i64, north: i64) -> LonLat {
    TOWN.position_at(east * 1000, north * 1000)
}

fn rectangle(low: (i64, i64), high: (i64, i64)) -> geo_types::MultiPolygon<f64> {
    let ring: Vec<_> = [(low.0, low.1), (high.0, low.1), (high.0, high.1), (low.0, high.1), (low.0, low.1)]
        .map(|(east, north)| at(east, north))
        .map(|at| (at.lon(), at.lat()))
        .into();
    geo_types::Polygon::new(ring.into(), vec![]).into()
}

fn park(id: &str, position: LonLat, area: Option<f64>) -> Facility {
    let mut park = Facility::new(id, position, "table");
    let service = "park".parse().expect("a key");
    park.offers = vec![Offer { service, certainty: Certainty::Known, capacity: None }];
    park.site_area_m2 = area;
    park
}

fn study(rule: &str, parks: Vec<Facility>) -> StudyBuilder {
    let pack = format!(
        "key = 'parks'\ntitle = 'Parks'\n[[rule]]\nservice = 'park'\n{rule}\nrequirement = 'must'\n\
         confidence = 'derived'\nsource = 's'\n"
    );
    let home = |id: &str, position: LonLat, people: u64| ResidentPlace {
        id: id.into(),
        position: Some(position),
        people: People::whole(people),
        unit: None,
        placement: Placement::Given,
        groups: vec![],
    };
    let building = |id: &str, east: i64, dwellings: Option<u32>, usage: BuildingUse| Building {
        id: id.into(),
        position: at(east, 0),
        footprint_m2: 100.0,
        levels: None,
        dwellings,
        usage,
    };
    let unit = |code: &str, from: i64, to: i64| {
        let mut unit = Unit::new(code, UnitKind::Community);
        unit.boundary = Some(rectangle((from, -100), (to, 500)));
        unit
    };
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(TOWN.records())
        .residents(
            DemandSet::new(
                vec![home("a", at(100, 0), 30), home("b", at(400, 0), 10), home("c", at(0, 390), 60)],
                vec![],
            )
            .expect("three homes"),
        )
        .facilities(FacilitySet::new(parks).expect("sound parks"))
        .units(UnitSet::new(vec![unit("west", -100, 150), unit("east", 150, 500)]).expect("two units"))
        .residential_land(vec![
            ResidentialLand { id: "strip".into(), boundary: rectangle((0, 0), (400, 40)) },
            ResidentialLand { id: "again".into(), boundary: rectangle((0, 0), (100, 40)) },
        ])
        .buildings(vec![
            building("near", 150, Some(4), BuildingUse::Residential),
            building("far", 350, Some(1), BuildingUse::Residential),
            building("unknown", 50, None, BuildingUse::Residential),
            building("shop", 10, None, BuildingUse::Other),
        ])
        .packs([Pack::from_toml("parks.toml", &pack).expect("a sound pack")])
}

fn bases(study: StudyBuilder, options: &BasesOptions) -> Bases {
    let study = study.build().expect("a sound study");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    let service: ServiceKey = "park".parse().expect("a key");
    outcome.bases(&service, options, &NoProgress).expect("the pack has a rule")
}

fn share(portion: Option<lifecircle::access::Portion>) -> f64 {
    portion.expect("the study holds it").share().expect("it is not empty")
}

#[test]
fn people_land_and_buildings_by_a_walk() {
    let found = bases(study("walk_metres = 200", vec![park("p", at(0, 0), None)]), &BasesOptions::default());
    let people = found.people.expect("it is assessed").strict;
    assert_eq!((people.covered, people.all), (People::whole(30), People::whole(100)));
    // 200 m of the strip, and what lies within 50 m of the street's cut end: from 50 m at the street to 30 m at 40 m
    let end = disc_end(50.0, 40.0);
    let expected = (200.0 * 40.0 + end) / (400.0 * 40.0);
    assert!((share(found.land) - expected).abs() < 0.002, "{} {expected}", share(found.land));
    assert_eq!(found.land.expect("land").whole.round(), 16_000.0, "land given twice counts once");
    assert_eq!((share(found.buildings), share(found.dwellings)), (2.0 / 3.0, 0.8));
    assert_eq!(found.units.len(), 1);
    assert_eq!((found.units[0].units.part, found.units[0].units.whole), (1.0, 2.0));
    let density = found.density.expect("land and people");
    assert_eq!(density.off_land, People::whole(60), "the home in the north");
    assert!(density.within_per_ha > density.beyond_per_ha.map(|beyond| beyond / 10.0));
}

/// Area of a quarter disc of radius `r` below the height `h`.
fn disc_end(r: f64, h: f64) -> f64 {
    0.5 * (h * (r * r - h * h).sqrt() + r * r * (h / r).asin())
}

#[test]
fn a_straight_line_needs_no_street() {
    let found =
        bases(study("straight_metres = 200", vec![park("p", at(0, 0), None)]), &BasesOptions::default());
    let expected = disc_end(200.0, 40.0) / (400.0 * 40.0);
    assert!((share(found.land) - expected).abs() < 0.002, "{} {expected}", share(found.land));
    assert_eq!(share(found.buildings), 2.0 / 3.0);
}

#[test]
fn sizes_have_bands_of_their_own() {
    let straight = |metres| Rule::StraightRadius(Millimetres::from_metres(metres));
    let bands = BasesOptions::default().bands([
        SizeBand { from_m2: 5000.0, below_m2: None, rule: straight(500) },
        SizeBand { from_m2: 2000.0, below_m2: Some(5000.0), rule: straight(300) },
    ]);
    let parks = |area| vec![park("p", at(0, 0), area)];
    let rule = "straight_metres = 500";
    assert_eq!(share(bases(study(rule, parks(Some(5000.0))), &bands).buildings), 1.0);
    let small = bases(study(rule, parks(Some(4999.0))), &bands);
    assert_eq!(share(small.buildings), 2.0 / 3.0);
    assert_eq!(small.people.expect("bands").strict.covered, People::whole(30));
    assert_eq!(share(bases(study(rule, parks(Some(1999.0))), &bands).buildings), 0.0);
    let unknown = bases(study(rule, parks(None)), &bands);
    assert_eq!((share(unknown.land), unknown.without_size), (0.0, 1));
}

#[test]
fn facilities_outside_every_unit_count_and_what_is_not_there_is_absent() {
    let outside = vec![park("p", at(-150, 0), None)];
    let found = bases(study("straight_metres = 300", outside.clone()), &BasesOptions::default());
    assert!(share(found.land) > 0.3, "from beyond the boundary");
    assert_eq!(found.units[0].units.part, 0.0);
    let nothing = study("straight_metres = 300", outside).residential_land(vec![]).buildings(vec![]);
    let found = bases(nothing, &BasesOptions::default());
    assert_eq!((found.land, found.buildings, found.dwellings, found.density), (None, None, None, None));

    let study =
        study("one_in = 'community'", vec![park("p", at(0, 0), None)]).build().expect("a sound study");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    let service: ServiceKey = "park".parse().expect("a key");
    let refused = outcome.bases(&service, &BasesOptions::default(), &NoProgress);
    assert!(matches!(refused, Err(Error::NoRule { .. })));
}
