//! A town of three homes worked out on paper.
//!
//! Home `a`: 100 people, 10 of them 80 or older; `b`: 50 people; `c`: 50 people without a street.
//! Pharmacy: 400 m from `a`, 990 m from `b`. School of unknown level: 200 m from `a`; a known one 1200 m from `a`.
//! The standard walker makes 1000 m in 15 minutes. The old walk 0.71 m/s: 639 m in 15 minutes.

use lifecircle_indicators::{
    Attainment, Candidates, GapCause, Home, Inputs, InventoryState, ServiceEvidence, Source, Walker,
    applied_rules, assess, gaps, gaps_table, inventory, residents_table, units_table,
};
use lifecircle_taxonomy::{Catalogue, Pack};
use lifecircle_types::{
    AgeBand, ColumnValues, DemandSet, Evidence, FacilityIx, FacilitySet, Group, LonLat, Millimetres, People,
    Placement, ResidentPlace, Speed, TravelTime, Unit, UnitIx, UnitKind, UnitSet,
};

const PACK: &str = "key = 'p'\ntitle = 'P'\nstandard_walker = { metres = 1000, minutes = 15 }\n\
    target = { share = 0.75, confidence = 'derived', source = 's' }\n\
    [[rule]]\nservice = 'pharmacy'\nwalk_minutes = 15\nrequirement = 'must'\nconfidence = 'memory'\nsource = 's'\n\
    [[rule]]\nservice = 'primary_school'\nwalk_minutes = 15\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n\
    [[rule]]\nservice = 'library_branch'\nwalk_minutes = 15\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n";

fn place(id: &str, people: u64, old: u64) -> ResidentPlace {
    ResidentPlace {
        id: id.into(),
        position: LonLat::new(0.0, 0.0).ok(),
        people: People::whole(people),
        unit: None,
        placement: Placement::Given,
        groups: vec![People::whole(old)],
    }
}

fn trip(metres: u32) -> Option<Evidence> {
    let length = Millimetres::from_metres(metres);
    let walker =
        Speed::covering(Millimetres::from_metres(1000), TravelTime::from_minutes(15)).expect("not zero");
    Some(Evidence {
        facility: FacilityIx(0),
        length: Some(length),
        time: Some(walker.time_for(length)),
        straight_length: None,
    })
}

#[test]
fn the_town_comes_out_as_on_paper() {
    let old = Group::from_column("age_80_plus").unwrap();
    let residents =
        DemandSet::new(vec![place("a", 100, 10), place("b", 50, 0), place("c", 50, 0)], vec![old]).unwrap();
    let units =
        UnitSet::new(vec![Unit::new("u", UnitKind::Community), Unit::new("v", UnitKind::Community)]).unwrap();
    let home = |unit, on_street| Home { unit: Some(UnitIx(unit)), on_street, on_main_network: on_street };
    let homes = [home(0, true), home(1, true), home(1, false)];
    let catalogue = Catalogue::builtin();
    let rules = applied_rules(&[Pack::from_toml("p.toml", PACK).unwrap()], "2025-01-01".parse().unwrap());
    let keys: Vec<_> = rules.iter().map(|rule| rule.rule.service.as_str()).collect();
    assert_eq!(keys, ["library_branch", "pharmacy", "primary_school"]);
    let table = Source::Table {
        name: "places.csv".into(),
        shows: vec!["pharmacy".parse().unwrap(), "primary_school".parse().unwrap()],
    };
    let facilities =
        FacilitySet::new(vec![lifecircle_types::Facility::new("f", LonLat::new(0.0, 0.0).unwrap(), "t")])
            .unwrap();
    let found = vec![Candidates::default(); 3];
    let inventory = inventory(&catalogue, &rules, &found, &[table], &facilities, &[Ok(()), Ok(()), Ok(())]);
    assert_eq!(
        inventory[0].state,
        InventoryState::NotAssessed,
        "no source lists libraries: no data, not 0 %"
    );
    let evidence = [
        ServiceEvidence::default(),
        ServiceEvidence {
            strict: [trip(400), trip(990), None].into_iter().collect(),
            ..ServiceEvidence::default()
        },
        ServiceEvidence {
            strict: [trip(1200), None, None].into_iter().collect(),
            lenient: Some([trip(200), None, None].into_iter().collect()),
            any_level: Some([trip(200), trip(800), None].into_iter().collect()),
            elsewhere: None,
        },
    ];
    let speed = |mps| Speed::try_from_metres_per_second(mps).unwrap();
    let band = |from, to| Some(AgeBand { from, to });
    let walkers = [
        Walker { key: "adult".into(), speed: speed(1.2), ages: band(15, Some(64)), trips: None },
        Walker { key: "age_75_84".into(), speed: speed(0.75), ages: band(75, Some(84)), trips: None },
        Walker { key: "age_85_plus".into(), speed: speed(0.71), ages: band(85, None), trips: None },
    ];
    let inputs = Inputs {
        catalogue: &catalogue,
        date: "2025-01-01".parse().unwrap(),
        jurisdiction: "CN",
        residents: &residents,
        homes: &homes,
        units: &units,
        rules: &rules,
        inventory: &inventory,
        no_rule: &[],
        evidence: &evidence,
        walkers: &walkers,
    };
    let result = assess(&inputs);

    // 2 of 3 required services could be assessed
    assert_eq!((result.must, result.assessed_share()), (3, Some(2.0 / 3.0)));
    // pharmacy: a and b, 150 of 200; c has no street and stays in the denominator
    let pharmacy = &result.services[1];
    assert_eq!(pharmacy.coverage.unwrap().strict.share(), Some(0.75));
    assert_eq!(pharmacy.attainment, Some(Attainment::Met));
    assert!(pharmacy.is_unconfirmed());
    // school: nobody for certain, the 100 of a if the unknown school is a primary school
    let school = &result.services[2];
    let range = school.coverage.unwrap();
    assert_eq!((range.strict.share(), range.lenient.share()), (Some(0.0), Some(0.5)));
    assert_eq!(school.attainment, Some(Attainment::Missed));
    assert_eq!(school.any_level.unwrap().share(), Some(0.75), "b walks 800 m to a school of another level");
    assert_eq!(result.services[0].coverage, None);
    // the old of a reach the pharmacy at 400 m: 400 / 0.71 = 563 s; the band 80+ touches two walkers, the slower counts
    let pace = &pharmacy.pace[0];
    assert_eq!(pace.walker.as_deref(), Some("age_85_plus"));
    assert_eq!(pace.own_pace.unwrap().strict.share(), Some(1.0));
    // everyone at own pace: 10 old at 0.71, the rest as adults at 1.2 m/s, who make 1080 m
    let all = &pharmacy.pace[1];
    assert_eq!((all.group.as_deref(), all.own_pace.unwrap().strict.covered), (None, People::whole(150)));
    // three shares, strict: every 0, none 50 (c); mean: a 1/2, b 1/2, c 0 -> 75 of 200
    let shares = &result.shares[0];
    assert_eq!(shares.every.strict.covered, People::ZERO);
    assert_eq!(shares.every.lenient.covered, People::whole(100));
    assert_eq!(shares.none.strict.covered, People::whole(50));
    assert_eq!(shares.mean.strict.covered, People::whole(75));
    assert_eq!(shares.mean.lenient.covered, People::whole(125));
    // units: u holds a, v holds b and c; v is worse
    let worst: Vec<_> = result.worst_units(10).iter().map(|unit| unit.code.as_str()).collect();
    assert_eq!(worst, ["v", "u"]);
    assert_eq!(result.units[1].shares.mean.strict.share(), Some(0.25));
    let parts: People = result.units.iter().map(|unit| unit.shares.mean.strict.covered).sum();
    assert_eq!(parts, shares.mean.strict.covered, "parts add up to the whole");
    // gaps: a lacks a school of known level, b has none to walk to, c has no street for either service
    let causes: Vec<_> =
        gaps(&inputs, &result, 0..3).map(|gap| (gap.place, gap.service, gap.cause)).collect();
    let expected = [
        (0, 2, GapCause::LevelUnknown),
        (1, 2, GapCause::Unreachable),
        (2, 1, GapCause::NoStreet),
        (2, 2, GapCause::NoStreet),
    ];
    assert_eq!(causes, expected);
    assert_eq!(result.met, [(2, 1, 2), (2, 1, 1), (2, 0, 0)]);
    assert_eq!(residents_table(&inputs, &result).unwrap().rows(), 3);
    assert_eq!(units_table(&inputs, &result).unwrap().rows(), 2);
    let causes_of = |places: core::ops::Range<usize>| {
        let table = gaps_table(&inputs, &facilities, &result, places).unwrap();
        table.columns().iter().find(|column| column.name == "cause").unwrap().values.clone()
    };
    let (ColumnValues::Text(mut parts), ColumnValues::Text(rest)) = (causes_of(0..2), causes_of(2..3)) else {
        panic!("causes are words");
    };
    parts.extend(rest);
    assert_eq!(causes_of(0..3), ColumnValues::Text(parts));
}
