//! What the layers of the map show.

use lifecircle_indicators::{Inputs, InventoryState, candidates};
use lifecircle_taxonomy::Requirement;
use lifecircle_types::{LonLat, People, UnitIx, UnitKind};
use serde_json::{Map, Value, json};

use super::ground::{Ground, ground, simple};
use super::marks::{Mark, Marks, marks};
use super::{Path, Plane};
use crate::Report;
use crate::language::Language;
use crate::number;
use crate::phrase::Phrases;
use crate::sentence;

/// Facilities that are drawn with their names; beyond, without.
const NAMED: usize = 5_000;

/// All that the map draws.
#[derive(Debug)]
pub(crate) struct Layers {
    pub(crate) plane: Plane,
    pub(crate) ground: Ground,
    /// Units with an outline: their row, and their path.
    pub(crate) units: Vec<(usize, String)>,
    /// Kinds of units with an outline, the smallest first.
    pub(crate) kinds: Vec<UnitKind>,
    /// Keys and names of scores with grades.
    pub(crate) grades: Vec<(String, String)>,
    /// Services with verdicts: key and name.
    pub(crate) services: Vec<(String, String)>,
    /// The side of a square in metres, where marks are squares.
    pub(crate) side_m: Option<f64>,
    /// People without a position, whom no map shows.
    pub(crate) unplaced: People,
    /// What `script.js` reads.
    pub(crate) data: Value,
}

/// What there is to draw; `None` where nothing has a position.
pub(crate) fn layers(report: &Report<'_>, phrases: &Phrases<'_>) -> Option<Layers> {
    let plane = Plane::of(report)?;
    let (inputs, language) = (&report.inputs, phrases.language());
    let marks = marks(inputs, &plane);
    let units: Vec<(usize, String)> = inputs
        .units
        .iter()
        .filter_map(|(unit, record)| {
            let mut path = Path::default();
            for polygon in record.boundary.as_ref()? {
                for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                    let corners = ring.coords().filter_map(|corner| LonLat::new(corner.x, corner.y).ok());
                    let corners = corners.map(|corner| plane.at(corner)).collect();
                    let mut corners = simple(corners);
                    corners.pop();
                    path.line(corners, true);
                }
            }
            Some((unit.index(), path.d))
        })
        .collect();
    let mut kinds: Vec<UnitKind> =
        units.iter().map(|&(unit, _)| inputs.units.as_slice()[unit].kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let graded = report
        .scores
        .iter()
        .filter(|result| result.units.iter().any(|unit| unit.unit.is_some() && unit.grade.is_some()));
    let grades: Vec<(String, String)> = graded
        .map(|result| {
            let score = &result.applied.score;
            (score.key.clone(), language.named(&score.en, score.zh.as_deref()).into())
        })
        .collect();
    let shown = shown_services(report);
    let services: Vec<(String, String)> = shown
        .iter()
        .map(|&row| {
            let service = &report.assessment.services[row];
            (service.service.to_string(), language.pick(&service.en, &service.zh).into())
        })
        .collect();
    let positions = inputs.residents.positions().iter().zip(inputs.residents.people());
    let data = json!({
        "unit_m": plane.unit_m,
        "width": plane.width,
        "height": plane.height,
        "side": marks.side_m.map(|side| side / plane.unit_m),
        "units": unit_rows(report, &units, &grades),
        "marks": mark_rows(report, &marks, &units),
        "services": service_rows(report, &marks, &shown, phrases),
        "facilities": facility_rows(report, &plane, &shown),
    });
    Some(Layers {
        ground: ground(report.ground, &plane),
        units,
        kinds,
        grades,
        services,
        side_m: marks.side_m,
        unplaced: positions.filter(|(at, _)| at.is_none()).map(|(_, people)| *people).sum(),
        data,
        plane,
    })
}

/// Rows of the services that have verdicts of places.
fn shown_services(report: &Report<'_>) -> Vec<usize> {
    let has_verdicts = |row: &usize| !report.assessment.verdicts[*row].is_empty();
    (0..report.assessment.services.len()).filter(has_verdicts).collect()
}

fn unit_rows(report: &Report<'_>, units: &[(usize, String)], grades: &[(String, String)]) -> Value {
    let results = &report.assessment.units;
    let set = report.inputs.units;
    let around = |unit: usize| -> Vec<&str> {
        set.lineage(UnitIx::new(unit)).skip(1).map(|unit| set[unit].code.as_str()).collect()
    };
    let rows = units.iter().map(|&(unit, _)| {
        let record = &report.inputs.units.as_slice()[unit];
        let result =
            results.binary_search_by(|result| result.code.cmp(&record.code)).ok().map(|at| &results[at]);
        let mean = result.and_then(|result| result.shares.mean.strict.share());
        let mut row = Map::from_iter([
            ("code".to_string(), json!(record.code)),
            ("name".to_string(), json!(record.label())),
            ("within".to_string(), json!(around(unit))),
            ("kind".to_string(), json!(record.kind)),
            ("people".to_string(), json!(result.map(|result| result.shares.mean.strict.all.rounded()))),
            ("mean".to_string(), json!(mean.map(thousandth))),
        ]);
        for (key, _) in grades {
            let scored = report.scores.iter().find(|result| result.applied.score.key == *key);
            let scored = scored.and_then(|result| {
                result.units.iter().find(|scored| scored.unit.as_deref() == Some(record.code.as_str()))
            });
            let grade = scored.and_then(|scored| scored.grade.as_deref());
            let value = scored.and_then(|scored| scored.score).map(|score| tenth(score.certain));
            row.insert(format!("grade:{key}"), json!(grade));
            row.insert(format!("score:{key}"), json!(value));
        }
        Value::Object(row)
    });
    rows.collect()
}

fn thousandth(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Columns of the marks: where, how many people, in which unit, how many services they lack of how many.
fn mark_rows(report: &Report<'_>, marks: &Marks, units: &[(usize, String)]) -> Value {
    let inputs = &report.inputs;
    let mut drawn = vec![None; inputs.units.len()];
    for (at, &(unit, _)) in units.iter().enumerate() {
        drawn[unit] = Some(at);
    }
    let home = |mark: &Mark| {
        let unit = inputs.homes[mark.places[0]].unit?;
        inputs.units.lineage(unit).find_map(|around| drawn[around.index()])
    };
    let lacking = |mark: &Mark| {
        let of = |place: usize| {
            let (required, strict, _) = report.assessment.met[place];
            f64::from(required - strict)
        };
        tenth(mean(inputs, mark, of))
    };
    let required = |mark: &Mark| tenth(mean(inputs, mark, |place| f64::from(report.assessment.met[place].0)));
    let column = |of: &dyn Fn(&Mark) -> Value| marks.marks.iter().map(of).collect::<Value>();
    json!({
        "x": column(&|mark| json!(whole(mark.x))),
        "y": column(&|mark| json!(whole(mark.y))),
        "people": column(&|mark| json!(mark.people.rounded())),
        "unit": column(&|mark| json!(home(mark))),
        "lacking": column(&|mark| json!(lacking(mark))),
        "required": column(&|mark| json!(required(mark))),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "map units are few")]
fn whole(value: f64) -> i64 {
    value as i64
}

/// A mean over the places of a mark, by their people.
fn mean(inputs: &Inputs<'_>, mark: &Mark, of: impl Fn(usize) -> f64) -> f64 {
    let people = inputs.residents.people();
    let sum =
        lifecircle_types::reduce::sum(mark.places.iter().map(|&place| people[place].as_f64() * of(place)));
    sum / mark.people.as_f64()
}

/// Per service its name, rule, coverage and a character per mark: the tenths of the people within the rule, `X` for all
/// of them, `u` where only a place of unknown level is near.
fn service_rows(report: &Report<'_>, marks: &Marks, shown: &[usize], phrases: &Phrases<'_>) -> Value {
    let (inputs, assessment) = (&report.inputs, report.assessment);
    let rows = shown.iter().map(|&row| {
        let service = &assessment.services[row];
        let applied = &inputs.rules[row];
        let letter = |mark: &Mark| {
            let within = mean(inputs, mark, |place| f64::from(u8::from(assessment.verdicts[row][place])));
            if within <= 0.0
                && mean(inputs, mark, |place| f64::from(u8::from(assessment.lenient[row][place]))) > 0.0
            {
                'u'
            } else if within >= 1.0 {
                'X'
            } else {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 9")]
                let tenths = (10.0 * within).floor() as u8;
                char::from(b'0' + tenths.min(9))
            }
        };
        json!({
            "key": service.service,
            "name": phrases.language().pick(&service.en, &service.zh),
            "rule": sentence::rule(service.rule, phrases.language()),
            "required": applied.rule.requirement == Requirement::Must,
            "partial": service.inventory.state == InventoryState::Partial,
            "coverage": service.coverage.as_ref().map(number::range),
            "marks": marks.marks.iter().map(letter).collect::<String>(),
        })
    });
    rows.collect()
}

/// Facilities that count for a service that is shown: where, their name, and the rows of the services.
fn facility_rows(report: &Report<'_>, plane: &Plane, shown: &[usize]) -> Value {
    let inputs = &report.inputs;
    let mut serves = vec![Vec::new(); report.facilities.len()];
    for (at, &row) in shown.iter().enumerate() {
        let found = candidates(inputs.catalogue, &inputs.rules[row].rule, report.facilities, inputs.date);
        for facility in found.strict {
            serves[facility.index()].push(at);
        }
    }
    let counted: Vec<_> =
        report.facilities.as_slice().iter().zip(serves).filter(|(_, rows)| !rows.is_empty()).collect();
    let with_names = counted.len() <= NAMED;
    let rows = counted.iter().map(|(record, rows)| {
        let (x, y) = plane.at(record.position);
        let name = record.name.as_deref().unwrap_or(&record.id);
        json!([whole(x), whole(y), if with_names { name } else { "" }, rows])
    });
    rows.collect()
}

/// What a layer of marks is made of, in words.
pub(crate) fn marks_are(side_m: Option<f64>, language: Language) -> String {
    match (side_m, language) {
        (None, Language::English) => "Every dot is a resident place; its size tells its people.".into(),
        (None, Language::Chinese) => "每个圆点是一处居住地，大小表示人数。".into(),
        (Some(side), Language::English) => {
            format!("Every square of {} holds the resident places inside it.", number::metres(side))
        }
        (Some(side), Language::Chinese) => {
            format!("每个方格边长 {}，汇总其中的居住地。", number::metres(side))
        }
    }
}
