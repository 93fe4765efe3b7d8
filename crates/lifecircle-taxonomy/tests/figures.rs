//! Every figure that the collection of standards has for a place stands in a pack of that place.

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_taxonomy::Pack;
use lifecircle_types::{Date, Rule};
use serde_json::Value;

const TEST: &str = "figures of the packs";

/// Parts of the collection that hold no figures of a pack: words, formulas, walking speeds of groups, forms.
const ELSEWHERE: [&str; 12] = [
    "meta",
    "sources",
    "tiers",
    "tier_change_rule",
    "domains",
    "domain_aliases",
    "domain_to_national_area",
    "detour",
    "coverage_definitions",
    "coverage_rules",
    "population_bases",
    "walking_speed",
];

/// Fields that number, name or date an entry and are no figures of it.
const NO_FIGURES: [&str; 9] =
    ["no", "id", "sources", "confidence", "zh", "when", "in_force", "published", "threshold_confidence"];

/// Keys of rows that hold an entry; a key stands for every row whose key begins with it, a key in `()` for a rule.
type Rows = &'static [&'static str];

/// Where the capacity norms stand: id, pack, rows.
const CAPACITY: [(&str, &str, Rows); 23] = [
    ("childcare_places", "cn-plan-145", &["childcare_places"]),
    ("nursing_bed_share_national", "cn-plan-145", &["nursing_bed_share_national"]),
    ("nursing_bed_share_shanghai", "cn-shanghai", &["nursing_bed_share_national"]),
    ("care_beds_shanghai_total", "cn-shanghai", &["care_beds_shanghai_total", "dementia_beds"]),
    ("care_beds_shanghai_ratio", "cn-shanghai", &["care_beds_ratio"]),
    ("home_community_elderly_area_shanghai", "cn-shanghai", &["elderly_floor"]),
    (
        "elderly_area_guizhou",
        "cn-guizhou",
        &["elderly_area", "elderly_day_care_floor", "elderly_care_complex_floor"],
    ),
    ("elderly_area_yinchuan", "cn-yinchuan", &["elderly_area"]),
    ("elderly_new_build_compliance", "cn-plan-145", &["elderly_new_build_compliance"]),
    ("community_service_area", "cn-plan-145", &["community_service_area"]),
    ("community_workers", "cn-plan-145", &["community_workers"]),
    ("doctors", "cn-plan-145", &["doctors"]),
    ("nurses", "cn-plan-145", &["nurses"]),
    ("sport_area", "cn-plan-145", &["sport_area"]),
    ("culture_visits", "cn-plan-145", &["culture_visits"]),
    ("kindergarten_gross_enrolment", "cn-plan-145", &["kindergarten_gross_enrolment"]),
    ("retention_nine_year", "cn-plan-145", &["retention_nine_year"]),
    ("senior_high_gross_enrolment", "cn-plan-145", &["senior_high_gross_enrolment"]),
    (
        "class_size_shandong",
        "cn-shandong",
        &[
            "kindergarten_class",
            "primary_school_class",
            "junior_middle_school_class",
            "senior_high_school_class",
            "nine_year_school_class",
            "(kindergarten)",
            "(primary_school)",
            "(junior_middle_school)",
        ],
    ),
    ("school_places_per_1000_planning", "cn-plan-145", &["school_places"]),
    ("beijing_kindergarten_service_scale", "cn-beijing", &["beijing_kindergarten_service_scale"]),
    ("beijing_health_station", "cn-beijing", &["beijing_health_station"]),
    ("meals_shanghai", "cn-shanghai", &["meals_shanghai"]),
];

/// Where the values of the national plan stand, in the collection's order of words.
const NATIONAL: [(&str, &str); 19] = [
    ("childcare places per 1000", "childcare_places"),
    ("preschool gross enrolment %", "kindergarten_gross_enrolment"),
    ("nine-year retention %", "retention_nine_year"),
    ("senior-high gross enrolment %", "senior_high_gross_enrolment"),
    ("mean schooling of working-age population (years)", "schooling_years"),
    ("subsidised trainings (persons)", "subsidised_trainings"),
    ("life expectancy (years)", "life_expectancy"),
    ("doctors per 1000", "doctors"),
    ("nurses per 1000", "nurses"),
    ("medical insurance enrolment %", "medical_insurance"),
    ("nursing-bed share %", "nursing_bed_share_national"),
    ("new areas meeting elderly facility norm %", "elderly_new_build_compliance"),
    ("pension insurance enrolment %", "pension_insurance"),
    ("care beds (total)", "care_beds_total"),
    ("old estates renewed", "old_estates_renewed"),
    ("benefit coverage of disabled target groups %", "disabled_benefit"),
    ("culture visits per 10 000", "culture_visits"),
    ("sport area m2 per person", "sport_area"),
    ("community service area m2 per 100 households", "community_service_area"),
];

/// Numbers as text, so that a set can hold them.
fn figure(number: f64) -> String {
    format!("{number}")
}

/// The figures of an entry: its numbers, and texts such as `>90`.
fn figures(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => {
            found.insert(figure(number.as_f64().expect("a number")));
        }
        Value::String(text) => {
            if let Some(number) = text.strip_prefix('>').and_then(|text| text.parse().ok()) {
                found.insert(figure(number));
            }
        }
        Value::Array(list) => list.iter().for_each(|value| figures(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if !NO_FIGURES.contains(&name.as_str()) {
                    figures(value, found);
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The packs, read once.
struct Packs(BTreeMap<String, Pack>);

impl Packs {
    /// The figures of some rows of a pack.
    fn held(&self, pack: &str, rows: &[&str]) -> BTreeSet<String> {
        let pack = &self.0[pack];
        let day: Date = "2025-06-30".parse().expect("a day");
        let mut held = BTreeSet::new();
        let mut hold = |number: f64| held.insert(figure(number));
        for wanted in rows {
            let mut hits = 0;
            if let Some(service) = wanted.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
                let rule = pack.rule(&service.parse().expect("a key"), day);
                let rule = rule.unwrap_or_else(|| panic!("{}: no rule for {service}", pack.key));
                for limit in [Some(rule.rule), rule.also].into_iter().flatten() {
                    match limit {
                        Rule::WalkTime(time) | Rule::DriveTime(time) => hold(time.as_minutes_f64()),
                        Rule::WalkDistance(length) | Rule::StraightRadius(length) => {
                            hold(f64::from(length.get()) / 1000.0)
                        }
                        Rule::PresenceInUnit(_) | Rule::NoWalkingCatchment => hold(1.0),
                    };
                }
                hits += 1;
            }
            for norm in pack.norms().iter().filter(|norm| norm.key.starts_with(wanted)) {
                let numbers =
                    [norm.amount.at_least, norm.amount.at_most, norm.preferred, norm.year.map(f64::from)];
                numbers.into_iter().flatten().for_each(|number| {
                    hold(number);
                });
                hold(norm.per);
                hits += 1;
            }
            for row in pack.figures().iter().filter(|row| row.key.starts_with(wanted)) {
                let numbers = [row.amount.at_least, row.amount.at_most, row.year.map(f64::from)];
                numbers.into_iter().flatten().for_each(|number| {
                    hold(number);
                });
                hits += 1;
            }
            assert!(hits > 0, "{} has no row `{wanted}`", pack.key);
        }
        held
    }

    /// Checks an entry and says how many figures it has.
    fn check(&self, entry: &Value, pack: &str, rows: &[&str]) -> usize {
        let mut wanted = BTreeSet::new();
        figures(entry, &mut wanted);
        let held = self.held(pack, rows);
        let missing: Vec<_> = wanted.difference(&held).collect();
        assert!(missing.is_empty(), "{pack} {rows:?} lacks {missing:?} of {entry}");
        wanted.len()
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list").iter()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().expect("a text")
}

fn part(value: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| value[*field].clone()).collect()
}

#[test]
fn every_figure_of_a_place_stands_in_its_pack() {
    let Some(path) = lifecircle_testkit::oracle::file(TEST, "standards/standards.json") else { return };
    let all: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let packs = Packs(Pack::builtin_keys().map(|key| (key.into(), Pack::builtin(key).unwrap())).collect());
    let mut seen: BTreeMap<&str, usize> = ELSEWHERE.iter().map(|name| (*name, 0)).collect();
    let mut count = |section: &'static str, figures: usize| *seen.entry(section).or_default() += figures;

    for level in list(&all["circle_levels"]) {
        let rows = text(level, "id").replace("block", "residential_block") + "_";
        count("circle_levels", packs.check(level, "cn-gb50180", &[&rows]));
    }
    for at in 1..=5 {
        let text = all["circle_rules"][at - 1]["rule"].as_str().unwrap();
        let floor = if text.contains("35 m2") { 35 } else { 0 };
        let held = packs.held("cn-gb50180", &[&format!("circle_rule_{at}")]);
        assert!(floor == 0 || held.contains("35"));
        count("circle_rules", usize::from(floor > 0));
    }
    for pace in list(&all["walking_speed"]["implied_by_gb50180"]) {
        let rows = format!("{}_pace", text(pace, "level"));
        count("walking_speed", packs.check(&part(pace, &["m_per_min", "km_per_h"]), "cn-gb50180", &[&rows]));
    }
    for row in list(&all["thousand_person_land_floor_gb50180"]["rows"]) {
        count("thousand_person_land_floor_gb50180", packs.check(row, "cn-gb50180", &["per_1000_"]));
    }
    for green in list(&all["public_green_gb50180"]) {
        let park = text(green, "level").replace("circle_", "circle_park_");
        count("public_green_gb50180", packs.check(green, "cn-gb50180", &[&park]));
    }
    for definition in list(&all["other_circle_definitions"]) {
        let held: (&str, &[&str]) = match text(definition, "id") {
            "shanghai_2016" => ("cn-shanghai-2016", &["walk_minutes", "area", "population"]),
            "shanghai_2024_draft" => ("cn-shanghai-2024-draft", &["radius_", "population_", "bus_"]),
            "complete_community" => ("cn-complete-community", &["unit_population", "walk_minutes"]),
            "medical_circle_shanghai" => ("cn-shanghai", &["sh_medical_circle"]),
            "elderly_circle_chengdu_harbin" => ("cn-harbin", &["hrb_elderly15_walk"]),
            "elderly_radius_guizhou" => ("cn-guizhou", &["elderly_radius"]),
            "convenience_circle_mofcom" => ("cn-plan-145", &["convenience_circle"]),
            "tdt1062_2021" => ("cn-tdt1063", &["tdt1062"]),
            other => panic!("{other} stands in no pack"),
        };
        count("other_circle_definitions", packs.check(definition, held.0, held.1));
    }
    for norm in list(&all["capacity_norms"]) {
        let (_, pack, rows) = CAPACITY.iter().find(|(id, ..)| *id == text(norm, "id")).expect("a known norm");
        count("capacity_norms", packs.check(norm, pack, rows));
    }
    for indicator in list(&all["community_plan_indicators"]["items"]) {
        let row = format!("community_indicator_{}", indicator["no"]);
        count("community_plan_indicators", packs.check(indicator, "cn-plan-145", &[&row]));
    }
    for section in ["policy_targets", "policy_baselines"] {
        for entry in list(&all[section]) {
            let pack = match text(entry, "place") {
                "China" => "cn-plan-145".to_owned(),
                city => format!("cn-{}", city.to_lowercase()),
            };
            count(section, packs.check(entry, &pack, &[text(entry, "id")]));
        }
    }
    let national = &all["national_public_service_plan_145"];
    let totals = part(national, &["indicators_total", "binding", "expected"]);
    count("national_public_service_plan_145", packs.check(&totals, "cn-plan-145", &["indicators_"]));
    let values = national["values_2025"].as_object().unwrap();
    assert_eq!(values.len(), NATIONAL.len());
    for (name, row) in NATIONAL {
        count("national_public_service_plan_145", packs.check(&values[name], "cn-plan-145", &[row]));
    }
    let lists = part(&all["national_areas"], &["items"]);
    let counted = packs.check(&lists, "cn-plan-145", &["basic_items"]);
    let changes = packs.held("cn-plan-145", &["basic_2023"]);
    assert!(["1", "3", "2", "41", "10"].iter().all(|number| changes.contains(*number)), "{changes:?}");
    count("national_areas", counted + 5);
    count(
        "national_areas",
        packs.check(&all["national_areas"]["chengdu_2021"], "cn-chengdu", &["basic_list"]),
    );
    count(
        "national_areas",
        packs.check(&all["national_areas"]["shanghai_2017"], "cn-shanghai", &["basic_list_2017"]),
    );
    count("chengdu_plan", packs.check(&all["chengdu_plan"], "cn-chengdu", &["indicators_"]));
    let guide = ["complex_floor", "functions", "preferred_functions", "area_per_100_households"];
    count("embedded_guide_2024", packs.check(&all["embedded_guide_2024"], "cn-embedded-guide", &guide));
    let community = &all["complete_community_standard_2020"];
    let whole = part(community, &["items_total", "unit_population"]);
    count(
        "complete_community_standard_2020",
        packs.check(&whole, "cn-complete-community", &["items_total", "unit_population"]),
    );
    for (row, number) in [
        ("community_service_station_floor", "800"),
        ("kindergarten_classes", "6"),
        ("kindergarten_floor", "2200"),
        ("kindergarten_site", "3500"),
        ("nursery_0_3_floor", "200"),
        ("elderly_day_care_floor", "350"),
        ("community_health_station_floor", "120"),
        ("general_supermarket_floor", "300"),
        ("public_activity_ground_site", "150"),
    ] {
        let said = list(&community["items"])
            .any(|item| text(item, "rule").split(|c: char| !c.is_ascii_digit()).any(|word| word == number));
        assert!(said && packs.held("cn-complete-community", &[row]).contains(number), "{row}");
        count("complete_community_standard_2020", 1);
    }
    assert_eq!(packs.held("cn-complete-community", &["item_"]).len(), 0, "statements hold no number");
    let check = &all["urban_health_check"];
    for (section, prefix) in [("estate_indicators", "e"), ("block_indicators", "b")] {
        for indicator in list(&check[section]) {
            let no = text(indicator, "no").replace('.', "_");
            let named = if prefix == "e" { format!("estate_{no}") } else { format!("block_{no}") };
            packs.held("cn-health-check", &[&named]);
            if !indicator["threshold"].is_object() {
                continue;
            }
            let own = if prefix == "e" { format!("e{no}") } else { no.clone() };
            let service = indicator["services"][0].as_str();
            let rule = service.map(|service| format!("({service})"));
            let mut rows: Vec<&str> = vec![];
            let pack = &packs.0["cn-health-check"];
            let keys =
                pack.norms().iter().map(|norm| &norm.key).chain(pack.figures().iter().map(|row| &row.key));
            if keys.clone().any(|key| key.starts_with(&own)) {
                rows.push(&own);
            }
            rows.extend(rule.as_deref());
            let mut wanted = BTreeSet::new();
            figures(&indicator["threshold"], &mut wanted);
            if !wanted.is_empty() {
                count("urban_health_check", packs.check(&indicator["threshold"], "cn-health-check", &rows));
            }
        }
    }
    count(
        "urban_health_check",
        packs.check(&check["basic_indicator_total"], "cn-health-check", &["basic_indicator_total"]),
    );
    for item in list(&all["walking_coverage_indicators_tdt1063"]["items"]) {
        let row = item["service"]
            .as_str()
            .map_or("football_ground_minutes".into(), |service| format!("({service})"));
        count("walking_coverage_indicators_tdt1063", packs.check(item, "cn-tdt1063", &[&row]));
    }

    let unseen: Vec<_> =
        all.as_object().unwrap().keys().filter(|name| !seen.contains_key(name.as_str())).collect();
    assert!(unseen.is_empty(), "no pack was asked for {unseen:?}");
    let compared: usize = seen.values().sum();
    assert_eq!(compared, 341, "figures by section: {seen:#?}");
    lifecircle_testkit::oracle::compared(TEST, compared);
}
