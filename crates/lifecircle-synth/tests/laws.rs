//! What must be true of every city, whatever the options.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use geo_types::{Coord, MultiPolygon};
use lifecircle_synth::{City, SynthOptions, grow};
use lifecircle_types::{Facility, LonLat, NoProgress, People, StreetRecords, UnitKind};
use proptest::prelude::*;

fn options() -> impl Strategy<Value = SynthOptions> {
    let whole = (any::<u64>(), 10_000_u64..200_000, -170.0..170.0_f64, -60.0..60.0_f64, 1_u8..4);
    let barriers = (proptest::option::of(0_u32..6), proptest::option::of(0_u32..6));
    let shares = (0.0..=1.0_f64, 0.0..=1.0_f64, 0.0..=1.0_f64, 0.0..=1.0_f64);
    (whole, barriers, shares).prop_map(
        |((seed, people, lon, lat, entrances), (bridges, rail_crossings), shares)| SynthOptions {
            seed,
            people,
            anchor: LonLat::new(lon, lat).unwrap(),
            years: 2,
            walled_share: shares.0,
            bridges,
            rail_crossings,
            irregularity: shares.1,
            flaws: shares.2,
            entrances,
            door_ways: shares.3,
            ..SynthOptions::default()
        },
    )
}

fn city(options: &SynthOptions) -> City {
    grow(options, &NoProgress).unwrap()
}

/// Whether the point lies inside, by the even-odd rule.
fn holds(area: &MultiPolygon<f64>, at: LonLat) -> bool {
    area.iter().any(|polygon| {
        let ring: Vec<&Coord<f64>> = polygon.exterior().coords().collect();
        let crossed = ring.windows(2).filter(|side| {
            let (a, b) = (side[0], side[1]);
            (a.y > at.lat()) != (b.y > at.lat())
                && at.lon() < (b.x - a.x) * (at.lat() - a.y) / (b.y - a.y) + a.x
        });
        crossed.count() % 2 == 1
    })
}

/// The nodes that ways lead to from the first way on.
fn reached(streets: &StreetRecords) -> BTreeSet<i64> {
    let mut beside: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for way in streets.ways() {
        for pair in way.nodes.windows(2) {
            beside.entry(pair[0]).or_default().push(pair[1]);
            beside.entry(pair[1]).or_default().push(pair[0]);
        }
    }
    let mut open: Vec<i64> = beside.keys().next().copied().into_iter().collect();
    let mut seen: BTreeSet<i64> = open.iter().copied().collect();
    while let Some(node) = open.pop() {
        for &next in &beside[&node] {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

fn total(people: &[People]) -> People {
    people.iter().copied().sum()
}

/// Code of the smallest unit that an id begins with.
fn unit_of<'a>(city: &'a City, id: &str) -> Option<&'a lifecircle_types::Unit> {
    let code = id.split('-').next()?;
    city.units.find(code).map(|unit| &city.units[unit])
}

fn check_people(city: &City) {
    assert_eq!(city.residents.total(), People::whole(city.options.people));
    // up the tree: estates, communities, blocks, streets, districts, city
    let mut people: BTreeMap<&str, u64> = BTreeMap::new();
    let mut levels: BTreeMap<UnitKind, u64> = BTreeMap::new();
    for (code, count) in city.residents.unit_codes().iter().zip(city.residents.people()) {
        let home = city.units.find(code.as_ref().unwrap()).expect("homes name their estate");
        assert_eq!(city.units.lineage(home).count(), 6);
        for unit in city.units.lineage(home) {
            *people.entry(&city.units[unit].code).or_default() += count.rounded();
            *levels.entry(city.units[unit].kind).or_default() += count.rounded();
        }
    }
    assert!(levels.values().all(|&level| level == city.options.people), "{levels:?}");
    for estate in &city.estates {
        assert_eq!(people.get(estate.unit.as_str()).copied().unwrap_or(0), estate.people);
    }
    // households add up too
    for (at, unit) in city.units.iter().filter(|(_, unit)| unit.kind != UnitKind::Estate) {
        let parts = city.units.iter().filter(|(part, _)| city.units.parent(*part) == Some(at));
        let sum: u64 = parts.map(|(_, part)| part.households.unwrap()).sum();
        assert_eq!(unit.households, Some(sum), "{}", unit.code);
    }
    for community in city.units.as_slice().iter().filter(|unit| unit.kind == UnitKind::Community) {
        assert!((5000..=12_000).contains(&people[community.code.as_str()]), "{}", community.code);
    }
}

fn check_groups(city: &City) {
    let groups = city.residents.groups();
    let sum = |names: &dyn Fn(&str) -> bool| -> u64 {
        groups.iter().filter(|(group, _)| names(&group.name)).map(|(_, people)| total(people).rounded()).sum()
    };
    assert_eq!(sum(&|name| name.starts_with("age_")), city.options.people);
    assert_eq!(sum(&|name| name == "female" || name == "male"), city.options.people);
    for (group, members) in groups.iter() {
        let fits = members.iter().zip(city.residents.people()).all(|(members, people)| members <= people);
        assert!(fits, "{}", group.name);
    }
}

fn check_places(city: &City) {
    for ((at, code), id) in
        city.residents.positions().iter().zip(city.residents.unit_codes()).zip(city.residents.ids())
    {
        let estate = &city.units[city.units.find(code.as_ref().unwrap()).unwrap()];
        assert!(holds(estate.boundary.as_ref().unwrap(), at.unwrap()), "{id} lies outside its estate");
        let community = city.units.find(estate.parent.as_ref().unwrap()).unwrap();
        assert!(holds(city.units[community].boundary.as_ref().unwrap(), at.unwrap()), "{id}");
    }
    let inside = |facility: &Facility| {
        unit_of(city, &facility.id)
            .is_none_or(|unit| holds(unit.boundary.as_ref().unwrap(), facility.position))
    };
    let years = [Some(&city.facilities), city.second_year.as_ref().map(|year| &year.facilities)];
    for facility in years.into_iter().flatten().flat_map(|set| set.as_slice()) {
        assert!(inside(facility), "{} lies outside its unit", facility.id);
        assert_eq!(facility.offers.len(), 1);
    }
    for space in &city.vacant {
        let unit = city.units.find(&space.unit).expect("spaces name their unit");
        assert!(holds(city.units[unit].boundary.as_ref().unwrap(), space.position), "{}", space.id);
    }
}

fn check_streets(city: &City) {
    let streets = &city.streets;
    let passed: BTreeSet<i64> = streets.ways().iter().flat_map(|way| way.nodes.iter().copied()).collect();
    assert_eq!(reached(streets), passed, "streets are one piece");
    assert!(passed.iter().all(|&node| streets.node(node).is_some()), "every node is there");
    let ids: BTreeSet<i64> = streets.nodes().iter().chain(&city.ground.nodes).map(|node| node.id).collect();
    assert_eq!(ids.len(), streets.nodes().len() + city.ground.nodes.len(), "ids differ");
    for way in &city.ground.ways {
        assert!(way.nodes.len() > 1 && way.nodes.iter().all(|node| ids.contains(node)));
    }
    // a wall meets streets in gates only
    for wall in city.ground.ways.iter().filter(|way| way.tags.has("barrier", "wall")) {
        let on_streets: Vec<_> = wall.nodes.iter().filter_map(|&node| streets.node(node)).collect();
        assert!(!on_streets.is_empty(), "a walled estate has a gate");
        assert!(on_streets.iter().all(|node| node.tags.has("barrier", "gate")));
    }
    for estate in city.estates.iter().filter(|estate| estate.walled) {
        assert!(estate.gates > 0, "{} has no gate", estate.unit);
    }
}

fn check_references(city: &City) {
    let ids: BTreeSet<&str> =
        city.facilities.as_slice().iter().map(|facility| facility.id.as_str()).collect();
    for facility in city.facilities.as_slice() {
        assert!(facility.parent.as_deref().is_none_or(|parent| ids.contains(parent)), "{}", facility.id);
    }
    for flaw in &city.flaws {
        assert!(flaw.facility.as_deref().is_none_or(|id| ids.contains(id)));
        assert!(city.units.find(&flaw.unit).is_some());
    }
}

/// Applies the listed changes to the first year's table and expects the second year's.
fn check_changes(city: &City) {
    let next = city.second_year.as_ref().unwrap();
    let row = |facility: &Facility| -> BTreeMap<&'static str, Option<String>> {
        let number = |value: Option<f64>| value.map(|value| value.to_string());
        BTreeMap::from([
            ("state", Some(facility.status.state.to_string())),
            ("floor_area_m2", number(facility.floor_area_m2)),
            ("site_area_m2", number(facility.site_area_m2)),
            ("functions", Some(facility.functions.join(";")).filter(|functions| !functions.is_empty())),
            ("hours", facility.hours.clone()),
            ("price", number(facility.price)),
            ("capacity", number(facility.offers[0].capacity)),
        ])
    };
    let mut rows: BTreeMap<&str, _> =
        city.facilities.as_slice().iter().map(|facility| (facility.id.as_str(), row(facility))).collect();
    let mut opened = BTreeSet::new();
    for change in next.changes.iter().filter(|change| change.field != "people") {
        assert_ne!(change.before, change.after, "{change:?}");
        if change.before.is_none() {
            assert!(opened.insert(change.subject.as_str()));
        } else {
            let cell = rows.get_mut(change.subject.as_str()).unwrap().get_mut(change.field).unwrap();
            assert_eq!(*cell, change.before, "{change:?}");
            cell.clone_from(&change.after);
        }
    }
    for facility in next.facilities.as_slice() {
        match rows.remove(facility.id.as_str()) {
            Some(expected) => assert_eq!(row(facility), expected, "{}", facility.id),
            None => assert!(opened.remove(facility.id.as_str()), "{} is not listed", facility.id),
        }
    }
    assert!(rows.is_empty() && opened.is_empty());
    let people = |change: &Option<String>| change.as_ref().unwrap().parse::<i64>().unwrap();
    let moved: i64 = next
        .changes
        .iter()
        .filter(|change| change.field == "people")
        .map(|change| people(&change.after) - people(&change.before))
        .sum();
    let residents = |set: &lifecircle_types::DemandSet| i64::try_from(set.total().rounded()).unwrap();
    assert_eq!(residents(&next.residents) - residents(&city.residents), moved);
}

/// Squared distance in metres, nearly, from a point to a street.
fn distance(city: &City, at: LonLat, way: &lifecircle_types::StreetWay) -> f64 {
    let frame = lifecircle_types::LocalFrame::around(at);
    let place = |id: &i64| frame.project(city.streets.node(*id).unwrap().position);
    let corners: Vec<Coord<f64>> = way.nodes.iter().map(place).collect();
    let to_piece = |pair: &[Coord<f64>]| {
        let (a, d) = (pair[0], pair[1] - pair[0]);
        let t = (-(a.x * d.x + a.y * d.y) / (d.x * d.x + d.y * d.y).max(1e-9)).clamp(0.0, 1.0);
        let nearest = a + d * t;
        nearest.x * nearest.x + nearest.y * nearest.y
    };
    corners.windows(2).map(to_piece).fold(f64::MAX, f64::min)
}

#[test]
fn homes_behind_walls_are_nearest_to_their_own_footways() {
    for seed in 0..4 {
        let city = city(&SynthOptions { people: 16_000, walled_share: 1.0, seed, ..SynthOptions::default() });
        let walled: BTreeSet<&str> =
            city.estates.iter().filter(|estate| estate.walled).map(|estate| estate.unit.as_str()).collect();
        let public = ["primary", "secondary", "tertiary", "residential", "living_street"];
        for (at, unit) in city.residents.positions().iter().zip(city.residents.unit_codes()) {
            if !walled.contains(unit.as_deref().unwrap()) {
                continue;
            }
            let near = city
                .streets
                .ways()
                .iter()
                .min_by(|a, b| distance(&city, at.unwrap(), a).total_cmp(&distance(&city, at.unwrap(), b)))
                .unwrap();
            let class = near.tags.get("highway").unwrap();
            assert!(!public.contains(&class), "a home of {unit:?} is nearest to a {class} street");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_city_is_sound(options in options()) {
        let city = city(&options);
        check_people(&city);
        check_groups(&city);
        check_places(&city);
        check_streets(&city);
        check_references(&city);
        check_changes(&city);
    }

    #[test]
    fn equal_options_give_equal_cities(seed in any::<u64>()) {
        let options = SynthOptions { seed, people: 30_000, years: 2, ..SynthOptions::default() };
        let one = city(&options);
        prop_assert_eq!(&one, &city(&options));
        let other = city(&SynthOptions { seed: seed.wrapping_add(1), ..options });
        prop_assert_ne!(one.streets, other.streets);
        prop_assert_ne!(one.residents, other.residents);
    }
}

#[test]
fn nothing_is_wrong_with_a_city_without_flaws() {
    let city = city(&SynthOptions { flaws: 0.0, ..SynthOptions::default() });
    assert!(city.flaws.is_empty());
}

#[test]
fn whoever_asks_to_stop_is_heard() {
    struct Never;
    impl lifecircle_types::Progress for Never {
        fn advance(&self, _: &str, _: u64, _: u64) -> Result<(), lifecircle_types::Cancelled> {
            Err(lifecircle_types::Cancelled)
        }
    }
    let refused = grow(&SynthOptions::default(), &Never).unwrap_err();
    assert_eq!(refused, lifecircle_synth::Error::Cancelled(lifecircle_types::Cancelled));
}
