use super::*;
use crate::service::{Circle, Fact};
use crate::tier::Confidence;

fn offers(tags: &[(&str, &str)], area_m2: Option<f64>) -> Vec<(String, Certainty)> {
    let tags = Tags::new(tags.iter().copied());
    let found = Catalogue::builtin().classify(&tags, Shape { area_m2 });
    found.into_iter().map(|offer| (offer.service.to_string(), offer.certainty)).collect()
}

#[test]
fn places_are_recognised() {
    use Certainty::{Known, LevelUnknown};
    let check = |tags: &[(&str, &str)], area, expected: &[(&str, Certainty)]| {
        let expected: Vec<_> = expected.iter().map(|&(key, c)| (key.to_string(), c)).collect();
        assert_eq!(offers(tags, area), expected, "{tags:?}");
    };
    let school = ("amenity", "school");
    check(&[school], None, &[("primary_school", LevelUnknown)]);
    check(&[school, ("name", "Ashley Hill Primary School")], None, &[("primary_school", Known)]);
    check(
        &[school, ("name", "Queen Elizabeth II High School")],
        None,
        &[("complete_secondary_school", Known)],
    );
    check(&[school, ("isced:level", "1;2")], None, &[("nine_year_school", Known)]);
    check(&[school, ("isced:level", "1-2")], None, &[("nine_year_school", Known)]);
    check(
        &[school, ("isced:level", "2"), ("name", "X Primary School")],
        None,
        &[("junior_middle_school", Known)],
    );
    check(&[school, ("name", "成都七中高中部高级中学")], None, &[("senior_high_school", Known)]);
    check(&[school, ("school", "driving")], None, &[]);
    check(&[("leisure", "park")], Some(60_000.0), &[("circle_park_15", Known), ("park_green_radius", Known)]);
    check(&[("leisure", "park")], Some(500.0), &[("pocket_park", Known)]);
    check(&[("leisure", "park")], None, &[("pocket_park", LevelUnknown)]);
    check(&[("leisure", "pitch")], Some(7000.0), &[("large_multi_sports_ground", Known)]);
    check(&[("leisure", "pitch"), ("access", "private")], Some(7000.0), &[]);
    check(&[("amenity", "pharmacy")], None, &[("pharmacy", Known)]);
    check(&[("amenity", "bench")], None, &[]);
}

#[test]
fn nobody_satisfies_two_levels_of_a_family() {
    let catalogue = Catalogue::builtin();
    let values = ["school", "clinic", "doctors", "community_centre", "hospital"];
    for value in values {
        for name in ["Primary School and High School", "Health Centre Surgery", "服务站服务中心", ""] {
            for level in ["1", "2", "1-3", "x"] {
                let tags = Tags::new([("amenity", value), ("name", name), ("isced:level", level)]);
                let offers = catalogue.classify(&tags, Shape::default());
                for family in catalogue.families() {
                    let levels = offers.iter().filter(|o| family.levels.contains(&o.service)).count();
                    assert!(levels <= 1, "{value} {name} {level}: {offers:?}");
                }
            }
        }
    }
}

#[test]
fn a_larger_park_counts_as_a_park_but_not_as_a_smaller_level() {
    let catalogue = Catalogue::builtin();
    let by = |key: &str| {
        catalogue.satisfied_by(&key.parse().unwrap()).iter().map(ServiceKey::to_string).collect::<Vec<_>>()
    };
    assert_eq!(by("park"), ["park", "circle_park_10", "circle_park_15", "circle_park_5", "pocket_park"]);
    assert_eq!(by("circle_park_5"), ["circle_park_5"]);
    assert_eq!(by("primary_school"), ["primary_school", "nine_year_school"]);
}

/// Two services, a clinic that is a branch of a hospital, in a catalogue small enough to read at a glance.
const TOY: &str = "
[[domain]]
key = 'health'
en = 'Health'
zh = '卫生'

[[condition]]
key = 'chronic'
en = 'Chronic'
zh = '慢性病'

[[source]]
key = 'plan'
kind = 'policy'
title = 'A plan'

[[service]]
key = 'clinic'
en = 'Clinic'
zh = '诊所'
domain = 'health'
delivery = ['site', 'home']
capacity_unit = 'consultation'
groups = ['everyone', 'chronic']
frequency = 'monthly'
circle = 'circle_5'
main = 'hospital'
cites = [
  { of = ['circle', 'main'], confidence = 'policy', sources = ['plan'] },
  { confidence = 'derived', sources = [] },
]

[[service]]
key = 'hospital'
en = 'Hospital'
zh = '医院'
domain = 'health'
delivery = ['site']
capacity_unit = 'bed'
groups = ['everyone']
frequency = 'rare'
circle = 'city'
cites = [{ confidence = 'derived', sources = [] }]

[[tier]]
tier = 'inclusive_non_basic'
services = ['clinic', 'hospital']
confidence = 'policy'
sources = ['plan']
reason = 'until it is taken into basic cover'
valid_to = '2024-12-31'

[[tier]]
tier = 'basic'
services = ['clinic']
confidence = 'policy'
sources = ['plan']
reason = 'urgent'
valid_from = '2025-01-01'

[[tags]]
service = 'clinic'
all = ['category=0901*']
quality = 'good'
";

fn toy(change: &[(&str, &str)]) -> crate::Result<Catalogue> {
    let text = change.iter().fold(TOY.to_string(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    Catalogue::from_files(&[("toy.toml", &text)])
}

#[test]
fn a_toy_catalogue_says_what_stands_in_it() {
    let toy = toy(&[]).unwrap();
    let clinic: ServiceKey = "clinic".parse().unwrap();
    let service = toy.service(&clinic).unwrap();
    assert_eq!(service.citation(Fact::Circle).confidence, Confidence::Policy);
    assert_eq!(service.citation(Fact::Frequency).confidence, Confidence::Derived);
    assert_eq!(toy.mains(&clinic).map(ServiceKey::as_str).collect::<Vec<_>>(), ["hospital"]);
    let tier = |day: &str, key: &str| toy.tier(&key.parse().unwrap(), day.parse().unwrap(), "CN-51");
    assert_eq!(tier("2024-12-31", "clinic"), Some(Tier::InclusiveNonBasic));
    assert_eq!(tier("2025-01-01", "clinic"), Some(Tier::Basic));
    assert_eq!(tier("2025-01-01", "hospital"), None, "its tier has ended and no other began");
    let found = toy.classify(&Tags::new([("category", "090102")]), Shape::default());
    assert_eq!(found.iter().map(|offer| offer.service.as_str()).collect::<Vec<_>>(), ["clinic"]);
}

#[test]
fn faults_name_file_line_and_remedy() {
    let check = |change: &[(&str, &str)], line: usize, expected: &str| {
        let error = toy(change).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("toy.toml, line {line}: ")) && error.contains(expected),
            "{error}"
        );
    };
    check(
        &[("domain = 'health'\ndelivery = ['site', 'h", "domain = 'healt'\ndelivery = ['site', 'h")],
        17,
        "did you mean `health`",
    );
    check(&[("zh = '卫生'", "zz = '卫生'")], 5, "unknown field `zz`");
    check(&[("'chronic']\nfreq", "'chronik']\nfreq")], 17, "no condition `chronik`; did you mean `chronic`?");
    check(&[("main = 'hospital'", "main = 'hospitl'")], 17, "no service `hospitl`; did you mean `hospital`?");
    check(&[("circle = 'city'", "circle = 'city'\nmain = 'clinic'")], 17, "a branch of itself");
    check(&[("  { confidence = 'derived', sources = [] },\n", "")], 17, "nothing is cited for its existence");
    check(&[("'plan'] },", "'plam'] },")], 17, "no source `plam`; did you mean `plan`?");
    check(&[("'derived', sources = [] },", "'memory', sources = [] },")], 17, "`memory` needs a source");
    check(&[("valid_from = '2025-01-01'", "valid_from = '2024-12-31'")], 53, "has another tier in `*`");
    check(
        &[("valid_to = '2024-12-31'", "valid_from = '2024-12-31'\nvalid_to = '2024-12-30'")],
        45,
        "is later than valid_to",
    );
    check(&[("key = 'hospital'", "key = 'clinic'")], 33, "described twice, first in toy.toml, line 17");
    check(&[("all = ['category=0901*']", "none = ['category=0901*']")], 61, "would hold for everything");
    check(&[("all = ['category=0901*']", "all = ['category']")], 63, "is no condition");
    let zh = |table: &str| {
        let files = [("toy.toml", TOY), ("zh.toml", table), ("more.toml", "[zh]\nbed = '床'")];
        Catalogue::from_files(&files).map_err(|error| error.to_string())
    };
    let toy = zh("[zh]\n'A plan' = '规划'\n'urgent' = '急需'").unwrap();
    assert_eq!((toy.chinese("A plan"), toy.chinese("bed")), (Some("规划"), Some("床")));
    assert_eq!((toy.chinese("policy"), toy.chinese("Clinic")), (None, None));
    let wrong = "zh.toml, line 2: zh: nothing says `Clinic`";
    assert!(zh("[zh]\nClinic = '诊所'").unwrap_err().starts_with(wrong));
    let twice =
        "more.toml, line 2: the Chinese of `bed` is described twice, first in zh.toml, line 2: keep one";
    assert_eq!(zh("[zh]\nbed = '床位'").unwrap_err(), twice);
    let error = Catalogue::from_files(&[("empty.toml", "")]).unwrap_err();
    assert_eq!(error.to_string(), "empty.toml, line 1: there is no service: add a [[service]]");
}

#[test]
fn the_built_in_catalogue_is_whole() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.domains().len(), 13);
    for service in catalogue.services() {
        assert!(!service.tiers.is_empty(), "{} has no tier", service.key);
        let levels = [Circle::None, Circle::City, Circle::Region];
        assert!(
            service.has_sites() || levels.contains(&service.circle) || service.circle <= Circle::Five,
            "{}",
            service.key
        );
        for &fact in Fact::ALL {
            let citation = service.citation(fact);
            assert!(citation.sources.iter().all(|key| catalogue.reference(key).is_some()));
        }
    }
    let national = catalogue.crosswalk("national_areas").unwrap();
    let classes = |key: &str| -> Vec<&str> {
        let service = catalogue.service(&key.parse().unwrap()).unwrap();
        national.classes_of(service).map(|class| class.zh.as_str()).collect()
    };
    assert_eq!(classes("kindergarten"), ["学有所教"]);
    assert_eq!(classes("affordable_rental_housing"), ["住有所居"]);
    assert_eq!(classes("severe_disability_care"), ["弱有所扶"]);
    assert!(classes("pharmacy") == ["病有所医"] && classes("public_toilet").is_empty());
    let mains = |key: &str| {
        let key = key.parse().unwrap();
        catalogue.mains(&key).map(ServiceKey::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        mains("community_health_station"),
        ["community_health_centre", "general_hospital", "regional_medical_centre"]
    );
    assert_eq!(mains("elderly_meal_point"), ["central_kitchen"]);
}

#[test]
fn a_tier_moved_by_date_moves_no_other() {
    let row = |to: &str| {
        format!(
            "[[tier]]\ntier = 'basic'\nservices = ['community_canteen', 'gym']\njurisdiction = 'CN-31'\n\
             valid_from = '2026-07-01'\nvalid_to = '{to}'\nconfidence = 'derived'\nsources = []\nreason = 'r'"
        )
    };
    let before = Catalogue::builtin();
    let after = Catalogue::builtin_with(&[("mine.toml", &row("2026-12-31"))]).unwrap();
    for service in before.services() {
        for place in ["CN-31", "CN-31-15", "CN-51", "IM"] {
            for day in ["2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01"] {
                let day: Date = day.parse().unwrap();
                let moved = ["community_canteen", "gym"].contains(&service.key.as_str())
                    && place.starts_with("CN-31")
                    && ("2026-07-01".parse().unwrap()..="2026-12-31".parse().unwrap()).contains(&day);
                let expected = if moved { Some(Tier::Basic) } else { before.tier(&service.key, day, place) };
                assert_eq!(after.tier(&service.key, day, place), expected, "{} {day} {place}", service.key);
            }
        }
    }
}
