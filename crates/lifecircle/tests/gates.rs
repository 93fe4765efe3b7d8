//! A walled estate on squared paper: blocks of 200 m, a wall 20 m inside of the first block, one gate in its east.
//!
//! The home stands in the middle of the block, the pharmacy on the corner (0, 1), north-west of it.

use lifecircle::network::Standing;
use lifecircle::taxonomy::Pack;
use lifecircle::types::{
    Certainty, DemandSet, Facility, FacilitySet, LonLat, Millimetres, NoProgress, Offer, People, Placement,
    ResidentPlace, StreetRecords, StreetWay, Tags, Unit, UnitKind, UnitSet,
};
use lifecircle::{Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

const PACK: &str = "key = 'walk'\ntitle = 'Walk'\n[[rule]]\nservice = 'pharmacy'\nwalk_metres = 1000\n\
                    requirement = 'must'\nconfidence = 'derived'\nsource = 's'\n";

const TOWN: GridTown = GridTown::new(2, 2, 200_000);

fn at(east: i64, north: i64) -> LonLat {
    TOWN.position_at(east * 1000, north * 1000)
}

fn study(gates: &[LonLat], streets: StreetRecords) -> StudyBuilder {
    let home = ResidentPlace {
        id: "home".into(),
        position: Some(at(100, 90)),
        people: People::whole(10),
        unit: None,
        placement: Placement::Given,
        groups: vec![],
    };
    let mut pharmacy = Facility::new("pharmacy", at(0, 200), "table");
    pharmacy.offers = vec![Offer {
        service: "pharmacy".parse().expect("a key"),
        certainty: Certainty::Known,
        capacity: None,
    }];
    let ring: Vec<_> = [(20, 20), (180, 20), (180, 180), (20, 180), (20, 20)]
        .map(|(east, north)| at(east, north))
        .map(|at| (at.lon(), at.lat()))
        .into();
    let mut estate = Unit::new("estate", UnitKind::Estate);
    estate.boundary = Some(geo_types::Polygon::new(ring.into(), vec![]).into());
    estate.gates = gates.to_vec();
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(streets)
        .residents(DemandSet::new(vec![home], vec![]).expect("one home"))
        .facilities(FacilitySet::new(vec![pharmacy]).expect("one place"))
        .units(UnitSet::new(vec![estate]).expect("one unit"))
        .packs([Pack::from_toml("walk.toml", PACK).expect("a sound pack")])
}

/// To the nearest metre.
fn metres(length: Millimetres) -> u32 {
    (length.get() + 500) / 1000
}

/// Metres to the pharmacy, and how the home comes to the streets.
fn walk(study: StudyBuilder) -> (u32, Standing) {
    let study = study.build().expect("a sound study");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    let evidence = outcome.inputs().evidence[0].strict.get(0).expect("the pharmacy is in reach");
    let length = evidence.length.expect("a walk");
    (metres(length), outcome.origins.as_slice()[0].standing)
}

#[test]
fn residents_leave_by_their_gate() {
    // by the nearest street in the south: 90 + 100 + 200 m
    assert_eq!(walk(study(&[], TOWN.records())), (390, Standing::Street));
    // by the gate at (180, 90): 80 m to it, 20 m on, 110 m north, 200 m west
    assert_eq!(walk(study(&[at(180, 90)], TOWN.records())), (410, Standing::Gates));
    // by the better of two gates for this trip: 80 m to (20, 90), 20 m on, 110 m north
    assert_eq!(walk(study(&[at(180, 90), at(20, 90)], TOWN.records())), (210, Standing::Gates));
}

#[test]
fn the_route_behind_the_number_starts_at_the_gate() {
    let study = study(&[at(180, 90)], TOWN.records()).build().expect("a sound study");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    let service = "pharmacy".parse().expect("a key");
    let place = study.residents().indices().next().expect("one home");
    let route = outcome.route(place, &service).expect("of this study").expect("a walk");
    assert_eq!(metres(route.first_leg), 100);
    let steps: Vec<_> = route.steps.iter().map(|step| metres(step.length)).collect();
    assert_eq!(steps, [110, 200]);
    assert_eq!(
        Some(route.length()),
        outcome.inputs().evidence[0].strict.get(0).and_then(|found| found.length)
    );
    assert_eq!(outcome.route(place, &"library".parse().expect("a key")).expect("of this study"), None);
}

#[test]
fn opened_gates_let_everybody_through() {
    // the street in the west, 200 m north of the corner, is private
    let records = TOWN.records();
    let ways = records.ways().iter().cloned().map(|way| match way.id {
        id if id == TOWN.north_south(0) => {
            StreetWay { tags: Tags::new([("highway", "service"), ("access", "private")]), ..way }
        }
        _ => way,
    });
    let streets = StreetRecords::new(records.nodes().to_vec(), ways.collect());
    let closed = walk(study(&[at(100, 20)], streets.clone()));
    // 70 m to the gate, 20 m on, 100 m east, 200 m north, 200 m west: the pharmacy's corner is open from the north
    assert_eq!(closed, (590, Standing::Gates));
    let opened = walk(study(&[at(100, 20)], streets).open_gates(true));
    assert_eq!(opened, (390, Standing::Gates));
}
