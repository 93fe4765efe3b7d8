//! Walkers by rules of their own on a hillside worked out on paper.
//!
//! A town of blocks of 100 m lies on a plane that rises by 10 m in 100 m to the east. Its one school stands 600 m east of
//! home `low` (60 m above it), on the street of home `high`, 400 m farther east. The rule is a walk of 10 minutes; the
//! standard walker of 1000 m in 15 minutes takes 9 minutes from `low` and 6 from `high`, whatever the ground.
//!
//! By Tobler a street up 10 % takes `e^0.35 = 1.419` times as long, and down 10 % as long as on the level. So the walker
//! `climber` at the same pace takes 12.8 minutes from `low` and 9 back; from `high` 6, and 8.5 back.

use lifecircle::indicators::PaceCoverage;
use lifecircle::network::{Crossings, Slope, TerrainOptions, WalkProfile, WheelBar};
use lifecircle::taxonomy::Pack;
use lifecircle::types::{
    Certainty, DemandSet, EARTH_RADIUS_M, Facility, FacilitySet, LonLat, NoProgress, Offer, People,
    Placement, ResidentPlace, StreetNode, StreetRecords, Tags,
};
use lifecircle::{Changed, SlopeEffect, Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

const PACK: &str = "key = 'hill'\ntitle = 'Hill'\n[[rule]]\nservice = 'primary_school'\nwalk_minutes = 10\n\
                    requirement = 'must'\nconfidence = 'derived'\nsource = 's'\n";

fn study(streets: StreetRecords) -> StudyBuilder {
    let town = GridTown::new(10, 1, 100_000);
    let home = |id: &str, x: u32, people: u64| ResidentPlace {
        id: id.into(),
        position: Some(town.position(x, 0)),
        people: People::whole(people),
        unit: None,
        placement: Placement::Given,
        groups: vec![],
    };
    let mut school = Facility::new("school", town.position(6, 0), "table");
    school.offers = vec![Offer {
        service: "primary_school".parse().expect("a key"),
        certainty: Certainty::Known,
        capacity: None,
    }];
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(streets)
        .facilities(FacilitySet::new(vec![school]).expect("one site"))
        .residents(DemandSet::new(vec![home("high", 10, 30), home("low", 0, 70)], vec![]).expect("two homes"))
        .packs([Pack::from_toml("hill.toml", PACK).expect("a sound pack")])
}

fn hillside(at: LonLat) -> Option<f64> {
    Some(at.lon().to_radians() * EARTH_RADIUS_M * 0.1)
}

fn records() -> StreetRecords {
    GridTown::new(10, 1, 100_000).records()
}

fn named(key: &str, mut walker: WalkProfile) -> WalkProfile {
    walker.key = key.into();
    walker
}

fn covered(pace: &[PaceCoverage], key: &str) -> u64 {
    let found = pace.iter().find(|pace| pace.walker.as_deref() == Some(key)).expect("a line of the walker");
    assert_eq!(found.group, None);
    assert_eq!(found.standard.strict.covered.rounded(), 100);
    found.own_pace.expect("a rule of minutes").strict.covered.rounded()
}

#[test]
fn a_hillside_is_climbed_by_those_who_climb() {
    let climber = named("climber", WalkProfile::standard().slope(Slope::Tobler));
    let mut quicker = named("quicker", climber.clone());
    quicker.speed = lifecircle::types::Speed::try_from_metres_per_second(1.5).unwrap();
    let plain = named("plain", WalkProfile::standard());
    let study = study(records())
        .elevation("hill", TerrainOptions::default(), hillside)
        .walkers([climber, quicker, plain, WalkProfile::wheelchair()])
        .build()
        .unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let service = &outcome.assessment.services[0];
    assert_eq!(service.coverage.unwrap().strict.covered.rounded(), 100); // the standard walker's, on the level
    assert_eq!(covered(&service.pace, "climber"), 30);
    assert_eq!(covered(&service.pace, "quicker"), 100); // 851 m at 1.5 m/s: 9.5 minutes
    assert_eq!(covered(&service.pace, "wheelchair"), 0); // the hillside is steeper than a ramp
    assert!(service.pace.iter().all(|pace| pace.walker.as_deref() != Some("plain")));

    let keys: Vec<&str> = outcome.by_walker.iter().map(|account| account.key.as_str()).collect();
    assert_eq!(keys, ["climber", "quicker", "wheelchair"]);
    let none = Changed::default();
    let there = Changed { lost: 1, gained: 0 };
    assert_eq!(outcome.by_walker[0].slopes, Some(SlopeEffect { pairs: 2, there, back: none }));
    assert_eq!(outcome.by_walker[1].slopes, Some(SlopeEffect { pairs: 2, there: none, back: none }));
    let wheels = outcome.by_walker[2].wheels.as_ref().unwrap();
    // two streets of 1000 m uphill, eleven level ones of 100 m
    let closed: Vec<_> = wheels.closed_by_m.iter().map(|(bar, metres)| (*bar, metres.round())).collect();
    assert_eq!((closed, wheels.streets_m.round()), (vec![(WheelBar::Slope, 2000.0)], 3100.0));

    let provenance = &outcome.provenance;
    let heights = provenance.inputs.last().unwrap();
    assert_eq!((heights.name.as_str(), heights.fate.rows, heights.fate.used), ("hill", 3100, 3100));
    assert_eq!(provenance.hashes.len(), 5);
    let rules = provenance.walkers[0].rules.as_ref().unwrap();
    assert_eq!((rules.slope, rules.crossings), (Slope::Tobler, Crossings::NONE));
    assert_eq!(provenance.walkers[2].rules, None);
}

#[test]
fn waits_count_for_those_who_wait() {
    // signals at the corners (1, 0) to (5, 0): five waits of 20 s on 9 minutes from `low`
    let town = GridTown::new(10, 1, 100_000);
    let nodes = town.records().nodes().to_vec().into_iter().map(|node| StreetNode {
        tags: if (2..=6).contains(&node.id) {
            Tags::new([("highway", "traffic_signals")])
        } else {
            node.tags
        },
        ..node
    });
    let records = StreetRecords::new(nodes.collect(), town.records().ways().to_vec());
    let patient = named("patient", WalkProfile::standard().crossings(Crossings::typical()));
    let study = study(records).walkers([patient]).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    // 540 s and 100 s are more than 10 minutes; around by the other street it is 200 m more, 720 s
    assert_eq!(covered(&outcome.assessment.services[0].pace, "patient"), 30);
    assert_eq!(outcome.by_walker[0].slopes, None);
}
