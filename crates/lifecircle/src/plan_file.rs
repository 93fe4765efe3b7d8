//! A development plan in a file, checked against packs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lifecircle_indicators::{Plan, PlanCheck, PlannedFacility, Stage, check_plan};
use lifecircle_io::read_text;
use lifecircle_taxonomy::Catalogue;
use lifecircle_types::{
    AgeBand, Certainty, Date, Facility, LonLat, Millimetres, Offer, ServiceKey, UnitKind, ZoneType,
};
use serde::Deserialize;

use crate::builder::{check_pack, check_services};
use crate::config::{line_of, read_toml};
use crate::files::Folder;
use crate::load::open_pack_from;
use crate::{Error, Result};

/// A plan as it stands in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanConfig {
    name: String,
    #[serde(deserialize_with = "crate::config::date")]
    date: Date,
    jurisdiction: String,
    packs: Vec<String>,
    #[serde(default = "drawings")]
    stage: Stage,
    unit: UnitKind,
    #[serde(default)]
    levels: BTreeSet<String>,
    #[serde(default)]
    cases: BTreeSet<String>,
    zone: Option<ZoneType>,
    dwellings: Option<f64>,
    people: Option<f64>,
    #[serde(default)]
    ages: BTreeMap<String, f64>,
    building_floor_area_m2: Option<f64>,
    #[serde(default)]
    facility: Vec<FacilityConfig>,
}

fn drawings() -> Stage {
    Stage::Drawings
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FacilityConfig {
    name: Option<String>,
    services: Vec<ServiceKey>,
    #[serde(default)]
    outside: bool,
    longest_walk_m: Option<f64>,
    longest_line_m: Option<f64>,
    capacity: Option<f64>,
    floor_area_m2: Option<f64>,
    site_area_m2: Option<f64>,
    #[serde(default)]
    functions: Vec<String>,
    staff: Option<f64>,
}

/// Checks the plan in a file against the packs that it names ([`check_plan`]).
///
/// # Errors
/// [`Error`] with file and line: no TOML, an unknown key, service or pack, a negative figure, a pack that does not hold on
/// the plan's day or in its place.
pub fn check_plan_file(path: &Path) -> Result<PlanCheck> {
    let text = read_text(path)?;
    let file = path.display().to_string();
    let config: PlanConfig = read_toml(&file, &text)?;
    let fault = |keys: &[&str], problem: String| Error::Config {
        file: file.clone(),
        line: line_of(&text, keys),
        problem,
    };
    let catalogue = Catalogue::builtin();
    let folder = path.parent().unwrap_or(Path::new(""));
    if config.packs.is_empty() {
        return Err(fault(&["packs"], "name at least one pack".into()));
    }
    let mut packs = Vec::new();
    for (at, name) in config.packs.iter().enumerate() {
        let here = |error: Error| fault(&["packs", &at.to_string()], error.to_string());
        let pack = open_pack_from(&Folder(folder), name, &catalogue).map_err(here)?;
        check_pack(name, &pack, config.date, &config.jurisdiction, &catalogue).map_err(here)?;
        packs.push(pack);
    }
    let check = |keys: &[&str], value: Option<f64>| match value {
        Some(value) if !(value.is_finite() && value >= 0.0) => {
            Err(fault(keys, format!("{value} is no amount: write a number of 0 or more")))
        }
        other => Ok(other),
    };
    let mut ages = BTreeMap::new();
    for (name, people) in &config.ages {
        let band: AgeBand = name
            .parse()
            .map_err(|wrong: lifecircle_types::InvalidText| fault(&["ages", name], wrong.to_string()))?;
        ages.insert(band, check(&["ages", name], Some(*people))?.unwrap_or_default());
    }
    let counted: f64 = ages.values().sum();
    if let Some(people) = config.people.filter(|people| counted > *people) {
        return Err(fault(
            &["ages"],
            format!("{counted} people of stated ages are more than the {people} of the plan"),
        ));
    }
    let mut facilities = Vec::new();
    for (at, given) in config.facility.iter().enumerate() {
        let row = at.to_string();
        let here = |field: &str, value| check(&["facility", &row, field], value);
        let length = |field: &str, value: Option<f64>| {
            Ok::<_, Error>(here(field, value)?.map(|metres| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked and rounded up"
                )]
                let millimetres = (metres * 1000.0).ceil().min(f64::from(u32::MAX)) as u32;
                Millimetres::new(millimetres)
            }))
        };
        if given.services.is_empty() {
            return Err(fault(&["facility", &row], "name the `services` of every facility".into()));
        }
        check_services(&file, &given.services, &catalogue)
            .map_err(|error| fault(&["facility", &row, "services"], error.to_string()))?;
        let capacity = here("capacity", given.capacity)?;
        if capacity.is_some() && given.services.len() > 1 {
            let problem = "a `capacity` is that of one service: write a facility for each".into();
            return Err(fault(&["facility", &row, "capacity"], problem));
        }
        // of no account: a plan states walks
        let nowhere = LonLat::new(0.0, 0.0).map_err(|error| fault(&["facility", &row], error.to_string()))?;
        let mut facility = Facility::new(format!("facility {}", at + 1), nowhere, file.clone());
        facility.name.clone_from(&given.name);
        facility.offers = given
            .services
            .iter()
            .map(|service| Offer { service: service.clone(), certainty: Certainty::Known, capacity })
            .collect();
        facility.floor_area_m2 = here("floor_area_m2", given.floor_area_m2)?;
        facility.site_area_m2 = here("site_area_m2", given.site_area_m2)?;
        facility.staff = here("staff", given.staff)?;
        facility.functions.clone_from(&given.functions);
        facilities.push(PlannedFacility {
            facility,
            is_outside: given.outside,
            longest_walk: length("longest_walk_m", given.longest_walk_m)?,
            longest_line: length("longest_line_m", given.longest_line_m)?,
        });
    }
    let plan = Plan {
        name: config.name.clone(),
        stage: config.stage,
        unit: config.unit,
        levels: config.levels.clone(),
        cases: config.cases.clone(),
        zone: config.zone,
        dwellings: check(&["dwellings"], config.dwellings)?,
        people: check(&["people"], config.people)?,
        ages,
        building_floor_area_m2: check(&["building_floor_area_m2"], config.building_floor_area_m2)?,
        facilities,
    };
    let known =
        |of: &dyn Fn(&lifecircle_taxonomy::Pack) -> BTreeSet<String>, given: &BTreeSet<String>, key: &str| {
            let all: BTreeSet<String> = packs.iter().flat_map(of).collect();
            match given.iter().find(|word| !all.contains(*word)) {
                None => Ok(()),
                Some(word) => {
                    let words: Vec<&str> = all.iter().map(String::as_str).collect();
                    Err(fault(&[key], format!("the packs know no `{word}`; they know {}", words.join(", "))))
                }
            }
        };
    let levels = |pack: &lifecircle_taxonomy::Pack| {
        let norms = pack.norms().iter().filter_map(|norm| norm.level.clone());
        norms.chain(pack.rules().iter().filter_map(|rule| rule.level.clone())).collect()
    };
    let cases =
        |pack: &lifecircle_taxonomy::Pack| pack.norms().iter().filter_map(|norm| norm.case.clone()).collect();
    let all_levels: BTreeSet<String> = packs.iter().flat_map(levels).collect();
    if plan.levels.is_empty() && !all_levels.is_empty() {
        let words: Vec<&str> = all_levels.iter().map(String::as_str).collect();
        let problem =
            format!("say at which `levels` of the packs the plan is judged: some of {}", words.join(", "));
        return Err(fault(&["unit"], problem));
    }
    known(&levels, &plan.levels, "levels")?;
    known(&cases, &plan.cases, "cases")?;
    Ok(check_plan(&plan, &packs, &catalogue, config.date))
}
