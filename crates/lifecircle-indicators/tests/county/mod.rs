//! A county of four homes.
//!
//! | Home | Unit | People | 60 and over | 3 to 5 |
//! |---|---|---|---|---|
//! | `t1` | community `t`, urban, 200 households | 300 | 60 | 30 |
//! | `t2` | community `t` | 100 | 20 | 10 |
//! | `v1` | community `v`, rural, 100 households | 100 | 30 | 5 |
//! | `o1` | none | 100 | 10 | 5 |
//!
//! Kindergartens: 30 places, 5 staff, 2500 m2 in `t`; 10 places, 2 staff, floor not stated in `v`. A service station of
//! 90 m2 in `t`. Day care in `t` for 20 a day, a second one planned in `v`.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper county should stop the test")]

use lifecircle_indicators::{
    GroundCoverage, Home, Inputs, Measured, ServiceEvidence, Source, applied_rules, assess, candidates,
    inventory,
};
use lifecircle_taxonomy::{Catalogue, Ground, Pack};
use lifecircle_types::{
    Certainty, DemandIx, DemandSet, Evidence, Facility, FacilityIx, FacilitySet, FacilityState, Group,
    LonLat, Millimetres, Offer, People, Placement, ResidentPlace, StatedValue, Status, TravelMatrix, Unit,
    UnitIx, UnitKind, UnitSet, ZoneType,
};

pub(crate) const RULES: &str = "key = 'paper'\ntitle = 'Paper'\n\
    [[rule]]\nservice = 'kindergarten'\none_in = 'community'\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n\
    [[rule]]\nservice = 'elderly_day_care'\none_in = 'community'\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'floor'\nservices = ['kindergarten']\nmeasure = 'floor_area_m2'\nat_least = 2200\nbase = 'site'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'stations'\nservices = ['community_service_station']\nmeasure = 'sites'\nat_least = 1\nbase = 'unit'\ncounted_over = 'community'\nconfidence = 'derived'\nsource = 's'\n\
    [[norm]]\nkey = 'places'\nservices = ['kindergarten']\nmeasure = 'capacity'\nat_least = 60\nper = 1000\nbase = 'residents'\nyear = 2025\nconfidence = 'derived'\nsource = 's'\n\
    [[figure]]\nkey = 'places_2020'\nen = 'Places'\nkind = 'baseline'\nexactly = 50\nunit = 'per 1000'\nyear = 2020\nconfidence = 'derived'\nsource = 's'\n\
    [[figure]]\nkey = 'life'\nen = 'Life expectancy'\nkind = 'target'\nat_least = 80\nunit = 'years'\nyear = 2025\nconfidence = 'derived'\nsource = 's'\n";

pub(crate) fn site(id: &str, service: &str, lon: f64) -> Facility {
    let mut facility = Facility::new(id, LonLat::new(lon, 0.0).unwrap(), "sites.csv");
    let service = service.parse().unwrap();
    facility.offers = vec![Offer { service, certainty: Certainty::Known, capacity: None }];
    facility
}

/// What the county consists of; tests change it.
pub(crate) struct County {
    pub(crate) residents: DemandSet,
    pub(crate) units: UnitSet,
    pub(crate) facilities: Vec<Facility>,
    pub(crate) values: Vec<StatedValue>,
    pub(crate) hours: Vec<Option<f64>>,
}

pub(crate) fn county() -> County {
    let groups = ["age_60_plus", "age_3_5"].map(|name| Group::from_column(name).unwrap());
    let place = |id: &str, unit: Option<&str>, people: [u64; 3]| ResidentPlace {
        id: id.into(),
        position: LonLat::new(0.0, 0.0).ok(),
        people: People::whole(people[0]),
        unit: unit.map(Into::into),
        placement: Placement::Given,
        groups: people[1..].iter().map(|&people| People::whole(people)).collect(),
    };
    let places = vec![
        place("o1", None, [100, 10, 5]),
        place("t1", Some("t"), [300, 60, 30]),
        place("t2", Some("t"), [100, 20, 10]),
        place("v1", Some("v"), [100, 30, 5]),
    ];
    let unit = |code: &str, kind, zone, households| {
        let mut unit = Unit::new(code, kind);
        unit.zone = zone;
        unit.households = Some(households);
        unit.parent = (kind == UnitKind::Community).then(|| "city".into());
        unit
    };
    let units = vec![
        unit("city", UnitKind::City, None, 300),
        unit("t", UnitKind::Community, Some(ZoneType::Urban), 200),
        unit("v", UnitKind::Community, Some(ZoneType::Rural), 100),
    ];
    // facilities lie west in `t`, east in `v`
    let mut first = site("kg1", "kindergarten", -1.0);
    (first.offers[0].capacity, first.staff, first.floor_area_m2) = (Some(30.0), Some(5.0), Some(2500.0));
    let mut second = site("kg2", "kindergarten", 1.0);
    (second.offers[0].capacity, second.staff) = (Some(10.0), Some(2.0));
    let mut station = site("st", "community_service_station", -1.0);
    station.floor_area_m2 = Some(90.0);
    let mut care = site("dc1", "elderly_day_care", -1.0);
    care.price = Some(20.0);
    let mut planned = site("dc2", "elderly_day_care", 1.0);
    planned.status = Status { state: FacilityState::Planned, ..Status::OPEN };
    let value = |key: &str, unit: Option<&str>, year, value| StatedValue {
        key: key.into(),
        unit: unit.map(Into::into),
        year,
        value,
        source: None,
    };
    County {
        residents: DemandSet::new(places, groups.into()).unwrap(),
        units: UnitSet::new(units).unwrap(),
        facilities: vec![first, second, station, care, planned],
        values: vec![
            value("income", None, None, 10_000.0),
            value("life", None, Some(2023), 78.0),
            value("life", None, Some(2024), 79.0),
            value("life", None, Some(2026), 99.0),
        ],
        hours: vec![],
    }
}

impl County {
    /// Hands all that indicators and problems are found from to `ask`, with the rows of the pack added to the rules.
    pub(crate) fn ask<T>(&self, rows: &str, ask: impl FnOnce(&Measured<'_>) -> T) -> T {
        let pack = Pack::from_toml("p.toml", &format!("{RULES}{rows}")).unwrap();
        let day = "2025-06-30".parse().unwrap();
        let catalogue = Catalogue::builtin();
        let facilities = FacilitySet::new(self.facilities.clone()).unwrap();
        let unit_of = |west: bool| self.units.find(if west { "t" } else { "v" });
        let facility_units: Vec<Option<UnitIx>> =
            facilities.as_slice().iter().map(|facility| unit_of(facility.position.lon() < 0.0)).collect();
        let homes: Vec<Home> = ["", "t", "t", "v"]
            .iter()
            .map(|code| Home { unit: self.units.find(code), on_street: true, on_main_network: true })
            .collect();
        let packs = [pack];
        let rules = applied_rules(&packs, day);
        let found: Vec<_> =
            rules.iter().map(|rule| candidates(&catalogue, &rule.rule, &facilities, day)).collect();
        let mut shows: Vec<_> = facilities.services().into_iter().cloned().collect();
        shows.sort();
        let sources = [Source::Table { name: "sites.csv".into(), shows }];
        let usable = vec![Ok(()); rules.len()];
        let inventory = inventory(&catalogue, &rules, &found, &sources, &facilities, &usable);
        let nearest = |facility| Some(Evidence { facility, length: None, time: None, straight_length: None });
        let in_unit = |found: &lifecircle_indicators::Candidates, home: &Home| {
            let inside =
                |facility: &&FacilityIx| facility_units[facility.index()] == home.unit && home.unit.is_some();
            found.strict.iter().find(inside).copied()
        };
        let evidence: Vec<ServiceEvidence> = found
            .iter()
            .map(|found| ServiceEvidence {
                strict: homes.iter().map(|home| in_unit(found, home).and_then(nearest)).collect(),
                ..ServiceEvidence::default()
            })
            .collect();
        let reach: Vec<Option<TravelMatrix>> = found
            .iter()
            .map(|found| {
                let entries = homes.iter().enumerate().flat_map(|(place, home)| {
                    let inside = found.strict.iter().copied();
                    let inside =
                        inside.filter(|ix| home.unit.is_some() && facility_units[ix.index()] == home.unit);
                    inside
                        .map(move |facility| (DemandIx::new(place), facility, Millimetres::ZERO))
                        .collect::<Vec<_>>()
                });
                let columns = u32::try_from(facilities.len()).unwrap();
                Some(TravelMatrix::new(4, columns, Millimetres::ZERO, entries).unwrap())
            })
            .collect();
        let inputs = Inputs {
            catalogue: &catalogue,
            date: day,
            jurisdiction: "CN",
            residents: &self.residents,
            homes: &homes,
            units: &self.units,
            rules: &rules,
            inventory: &inventory,
            no_rule: &[],
            evidence: &evidence,
            walkers: &[],
        };
        let ground = GroundCoverage {
            service: "kindergarten".parse().unwrap(),
            ground: Ground::Land,
            covered: 30.0,
            all: 40.0,
        };
        ask(&Measured {
            inputs: &inputs,
            assessment: &assess(&inputs),
            packs: &packs,
            facilities: &facilities,
            facility_units: &facility_units,
            sources: &sources,
            reach: &reach,
            values: &self.values,
            grounds: &[ground],
            hours_a_week: &self.hours,
        })
    }
}
