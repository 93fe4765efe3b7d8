//! Every kind of rule on a grid town worked out on paper: blocks of 200 m, streets along all of their sides.
//!
//! One pharmacy, library, school and hospital stand together on the corner (0, 0). Homes of 10 people each: `a` on
//! the corner (1, 1), 400 m along the streets and 282.8 m as the crow flies; `b` on (3, 0), 600 m either way; `c` on
//! (4, 4), 1600 m and 1131 m. The western unit holds `a` and the corner, the eastern one `b` and `c`.

use lifecircle::indicators::{Assessment, Gap, GapCause, InventoryState};
use lifecircle::taxonomy::{Catalogue, Pack, Tier};
use lifecircle::types::{
    Certainty, DemandSet, Facility, FacilitySet, LonLat, NoProgress, Offer, People, Placement, ResidentPlace,
    Unit, UnitKind, UnitSet, ZoneType,
};
use lifecircle::{Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

const PACK: &str = "key = 'kinds'\ntitle = 'Kinds'\n";

fn assessment(rules: &str, zone: Option<ZoneType>) -> Assessment {
    assess(study(rules, zone, &[4])).0
}

fn assess(study: StudyBuilder) -> (Assessment, Vec<Gap>) {
    let study = study.build().expect("a sound study");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    let gaps = outcome.gaps();
    (outcome.assessment, gaps)
}

/// The town, its units parted at some half blocks from the west; the kind of place is that of the last.
fn study(rules: &str, zone: Option<ZoneType>, cuts: &[i64]) -> StudyBuilder {
    let town = GridTown::new(4, 4, 200_000);
    let corner = |x: i64, y: i64| town.position_at(x * 200_000, y * 200_000);
    let home = |id: &str, position: LonLat| ResidentPlace {
        id: id.into(),
        position: Some(position),
        people: People::whole(10),
        unit: None,
        placement: Placement::Given,
        groups: vec![],
    };
    let homes = vec![home("a", corner(1, 1)), home("b", corner(3, 0)), home("c", corner(4, 4))];
    let mut site = Facility::new("site", corner(0, 0), "table");
    site.offers = ["pharmacy", "library_branch", "primary_school", "general_hospital", "home_visit_care"]
        .map(|key| Offer {
            service: key.parse().expect("a key"),
            certainty: Certainty::Known,
            capacity: None,
        })
        .into();
    let unit = |number: usize, from: i64, to: i64| {
        let ring: Vec<_> = [(from, -1), (to, -1), (to, 9), (from, 9), (from, -1)]
            .map(|(x, y)| town.position_at(x * 100_000, y * 100_000))
            .map(|at| (at.lon(), at.lat()))
            .into();
        let mut unit = Unit::new(number.to_string(), UnitKind::Community);
        unit.boundary = Some(geo_types::Polygon::new(ring.into(), vec![]).into());
        unit.zone = zone.filter(|_| number == cuts.len());
        unit
    };
    let from = std::iter::once(-1).chain(cuts.iter().copied());
    let to = cuts.iter().copied().chain([9]);
    let units = from.zip(to).enumerate().map(|(number, (from, to))| unit(number, from, to)).collect();
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(town.records())
        .facilities(FacilitySet::new(vec![site]).expect("one site"))
        .residents(DemandSet::new(homes, vec![]).expect("three homes"))
        .units(UnitSet::new(units).expect("sound units"))
        .packs([Pack::from_toml("kinds.toml", &format!("{PACK}{rules}")).expect("a sound pack")])
}

fn rule(service: &str, limit: &str) -> String {
    format!(
        "[[rule]]\nservice = '{service}'\n{limit}\nrequirement = 'must'\nconfidence = 'derived'\nsource = 's'\n"
    )
}

fn covered(service: &str, limit: &str) -> Option<u64> {
    let result = assessment(&rule(service, limit), None);
    result.services[0].coverage.map(|range| range.strict.covered.rounded())
}

#[test]
fn each_kind_covers_whom_it_should() {
    let check =
        |limit: &str, expected: u64| assert_eq!(covered("pharmacy", limit), Some(expected), "{limit}");
    // 400, 600, 1600 m along the streets; lengths on a sphere differ by millimetres, limits are inclusive
    check("walk_metres = 399", 0);
    check("walk_metres = 401", 10);
    check("walk_metres = 601", 20);
    check("walk_metres = 1601", 30);
    // the standard walker makes 1000 m in 15 minutes: 6, 9 and 24 minutes
    check("walk_minutes = 5", 0);
    check("walk_minutes = 7", 10);
    check("walk_minutes = 10", 20);
    check("walk_minutes = 25", 30);
    // 282.8, 600 and 1131 m as the crow flies
    check("straight_metres = 282", 0);
    check("straight_metres = 283", 10);
    check("straight_metres = 1132", 30);
    // metres and minutes together: the one that binds
    check("walk_metres = 601\nwalk_minutes = 5\nbinds = 'distance'", 20);
    check("walk_metres = 601\nwalk_minutes = 5\nbinds = 'time'", 0);
    // the western unit has one, the eastern none
    check("one_in = 'community'", 10);
}

#[test]
fn what_cannot_be_measured_is_not_assessed() {
    for (service, limit, reason) in [
        ("general_hospital", "drive_minutes = 30", "driving is not measured yet"),
        ("home_visit_care", "no_walking_catchment = true", "no walk to measure"),
        ("pharmacy", "one_in = 'street'", "no units of kind street"),
        ("park", "walk_minutes = 15", "no table lists it"),
    ] {
        let (result, gaps) = assess(study(&rule(service, limit), None, &[4]));
        let service = &result.services[0];
        assert_eq!(service.inventory.state, InventoryState::NotAssessed, "{limit}");
        assert!(service.inventory.reason.contains(reason), "{}", service.inventory.reason);
        assert!(service.coverage.is_none() && gaps.is_empty() && result.shares[0].services.is_empty());
    }
}

#[test]
fn requirements_depend_on_the_kind_of_place() {
    let rules = rule("pharmacy", "walk_metres = 401") + "requirement_in = { rural = 'as_needed' }\n";
    let (everywhere, gaps) = assess(study(&rules, None, &[4]));
    assert_eq!(everywhere.shares[0].every.strict.share(), Some(1.0 / 3.0));
    let causes: Vec<_> = gaps.iter().map(|gap| (gap.place, gap.cause)).collect();
    assert_eq!(causes, [(1, GapCause::Distance), (2, GapCause::Distance)]);
    // where the east is rural nothing is required of it: a alone is asked about
    let (rural_east, gaps) = assess(study(&rules, Some(ZoneType::Rural), &[4]));
    assert_eq!(rural_east.shares[0].every.strict.share(), Some(1.0));
    assert!(gaps.is_empty());
    assert_eq!(rural_east.met, [(1, 1, 1), (0, 0, 0), (0, 0, 0)]);
}

#[test]
fn limits_depend_on_the_kind_of_place_and_on_the_day() {
    let rural = rule("pharmacy", "walk_metres = 401\nlimit_in = { rural = { walk_metres = 601 } }");
    let covered = |rules: &str, zone| {
        assessment(rules, zone).services[0].coverage.map(|range| range.strict.covered.rounded())
    };
    assert_eq!(covered(&rural, None), Some(10));
    assert_eq!(covered(&rural, Some(ZoneType::Urban)), Some(10));
    assert_eq!(covered(&rural, Some(ZoneType::Rural)), Some(20), "b walks 600 m in the country");
    // the study is about 30 June 2025
    let dated = |day: &str, next: &str| {
        rule("pharmacy", &format!("walk_metres = 401\nvalid_to = '{day}'"))
            + &rule("pharmacy", &format!("walk_metres = 601\nvalid_from = '{next}'"))
    };
    assert_eq!(covered(&dated("2025-06-29", "2025-06-30"), None), Some(20));
    assert_eq!(covered(&dated("2025-06-30", "2025-07-01"), None), Some(10));
}

#[test]
fn a_tier_that_moves_changes_tiers_and_no_verdict() {
    let rules = rule("pharmacy", "walk_metres = 401") + &rule("primary_school", "walk_metres = 601");
    let from = |day: &str| {
        let text = format!(
            "[[tier]]\ntier = 'basic'\nservices = ['pharmacy']\njurisdiction = 'XX'\nvalid_from = '{day}'\n\
             confidence = 'derived'\nsources = []\nreason = 'urgent'"
        );
        let catalogue = Catalogue::builtin_with(&[("mine.toml", &text)]).expect("a sound catalogue");
        assess(study(&rules, None, &[4]).catalogue(catalogue))
    };
    let ((before, gaps_before), (after, gaps_after)) = (from("2025-07-01"), from("2025-06-30"));
    let tiers =
        |assessment: &Assessment| assessment.services.iter().map(|service| service.tier).collect::<Vec<_>>();
    assert_eq!(tiers(&before), [Some(Tier::LifeService), Some(Tier::Basic)]);
    assert_eq!(tiers(&after), [Some(Tier::Basic), Some(Tier::Basic)]);
    assert_eq!((&before.verdicts, &gaps_before, &before.met), (&after.verdicts, &gaps_after, &after.met));
    let all = |assessment: &Assessment| assessment.shares[0].clone();
    assert_eq!(all(&before), all(&after));
    let basic = |assessment: &Assessment| {
        let shares = assessment.shares.iter().find(|shares| shares.scope == "tier:basic").expect("a tier");
        shares.services.len()
    };
    assert_eq!((basic(&before), basic(&after)), (1, 2));
}

#[test]
fn splitting_a_unit_loses_nobody() {
    let rules = rule("pharmacy", "walk_metres = 601");
    let sums = |cuts: &[i64]| {
        let units = assess(study(&rules, None, cuts)).0.units;
        let sum = |part: fn(lifecircle::access::Coverage) -> People| -> People {
            units.iter().map(|unit| part(unit.coverage[0].coverage.strict)).sum()
        };
        (sum(|coverage| coverage.covered), sum(|coverage| coverage.all))
    };
    let whole = sums(&[]);
    assert_eq!(whole, (People::whole(20), People::whole(30)));
    for cut in 0..9 {
        assert_eq!(sums(&[cut]), whole, "cut at {cut}");
        for second in cut + 1..9 {
            assert_eq!(sums(&[cut, second]), whole, "cut at {cut} and {second}");
        }
    }
}
