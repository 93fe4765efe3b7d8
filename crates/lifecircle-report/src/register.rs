//! The problem register as data: words once, rows by columns, for `script.js` and for programs.

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_indicators::{Finding, Problem, Remedy};
use lifecircle_taxonomy::{Confidence, Measure};
use lifecircle_types::{Group, GroupBasis, ServiceKey};
use serde_json::{Value, json};

use crate::Report;
use crate::map::Plane;
use crate::number;
use crate::phrase::Phrases;
use crate::sentence;
use crate::word::Word;

/// A problem in the words of a reader.
pub(crate) struct Entry<'a> {
    pub(crate) unit: String,
    pub(crate) service: &'a str,
    pub(crate) asks: String,
    pub(crate) clause: String,
    pub(crate) evidence: String,
    /// Of the people affected those whom the service is for, by group.
    pub(crate) audience: Vec<(String, String)>,
    /// The nearest site of the home where most of them live, and how far it is.
    pub(crate) nearest: Option<(String, f64)>,
    /// How far their nearest site is on average, in metres.
    pub(crate) mean_m: Option<f64>,
    pub(crate) route: Option<String>,
    pub(crate) remedies: Vec<&'static str>,
    /// The day on which it was found.
    pub(crate) since: String,
}

/// Says what a problem is.
pub(crate) fn entry<'a>(report: &Report<'a>, phrases: &'a Phrases<'a>, problem: &'a Problem) -> Entry<'a> {
    let name = |id: &str| facility_name(report, id);
    let instead = problem.alternative.as_ref();
    let found = report.history.and_then(|history| history.found_on(&problem.id));
    Entry {
        unit: phrases.say(&problem.label),
        service: phrases.service(&problem.service),
        asks: sentence::asked(problem, report, phrases)
            + if problem.confidence == Confidence::Memory { UNCONFIRMED } else { "" },
        clause: phrases.say(&problem.source),
        evidence: sentence::finding(&problem.evidence, name, phrases),
        audience: audience(report, phrases, problem),
        nearest: instead.and_then(|instead| {
            let length = instead.trip.length.or(instead.trip.straight_length)?;
            Some((name(&instead.facility), length.as_metres_f64()))
        }),
        mean_m: match problem.evidence {
            Finding::Outside { mean_m, .. } => mean_m,
            _ => None,
        },
        route: instead
            .and_then(|instead| instead.route.as_deref())
            .map(|route| sentence::route(route, phrases)),
        remedies: problem.remedies.iter().map(|remedy: &Remedy| remedy.say(phrases.language())).collect(),
        since: found.unwrap_or(report.inputs.date).to_string(),
    }
}

/// Stands behind figures that nobody has confirmed.
pub(crate) const UNCONFIRMED: &str = "*";

/// Stands before people of groups that were not counted place by place.
const ESTIMATED: &str = "≈";

/// The name of a facility, or its id.
fn facility_name(report: &Report<'_>, id: &str) -> String {
    let found = report.facilities.find(id).map(|ix| &report.facilities[ix]);
    found.and_then(|facility| facility.name.clone()).unwrap_or_else(|| id.into())
}

/// Groups that a service is for, and not everyone.
pub(crate) fn audience_groups<'a>(report: &Report<'a>, service: &ServiceKey) -> Vec<(usize, &'a Group)> {
    let groups = report.inputs.residents.groups().groups().iter().enumerate();
    let Some(record) = report.inputs.catalogue.service(service) else { return vec![] };
    if !record.is_for_some() {
        return vec![];
    }
    let mut found: Vec<_> = groups.filter(|(_, group)| record.is_for(group)).collect();
    found.sort_by_key(|(_, group)| group.age.map_or((true, 0), |age| (false, age.from)));
    found
}

fn audience(report: &Report<'_>, phrases: &Phrases<'_>, problem: &Problem) -> Vec<(String, String)> {
    let of = |(at, group): (usize, &Group)| {
        let people = problem.by_group.get(at)?.rounded();
        let about = if group.basis == GroupBasis::Counted { "" } else { ESTIMATED };
        (people > 0).then(|| (phrases.group(group), format!("{about}{}", number::grouped(people))))
    };
    audience_groups(report, &problem.service).into_iter().filter_map(of).collect()
}

/// What a gap is counted in.
fn gap_in(word: &str, phrases: &Phrases<'_>) -> String {
    let measure = word.parse::<Measure>().ok();
    measure.map_or_else(|| phrases.say(word), |measure| measure.say(phrases.language()).into())
}

/// Words by number, in the order in which they are met.
#[derive(Default)]
struct Words {
    known: BTreeMap<String, usize>,
    all: Vec<String>,
}

impl Words {
    fn number(&mut self, word: &str) -> Value {
        if let Some(&at) = self.known.get(word) {
            return at.into();
        }
        self.known.insert(word.into(), self.all.len());
        self.all.push(word.into());
        (self.all.len() - 1).into()
    }
}

/// Columns whose cells are numbers of words.
const WORDS: [&str; 17] = [
    "unit",
    "unit_name",
    "unit_kind",
    "within",
    "service",
    "service_name",
    "domain",
    "tier",
    "class",
    "cause",
    "asks",
    "clause",
    "pack",
    "remedies",
    "responsible",
    "funding",
    "status",
];

/// Columns whose cells are what they say.
const PLAIN: [&str; 16] = [
    "id",
    "since",
    "floor",
    "unconfirmed",
    "priority",
    "people",
    "groups",
    "gap",
    "gap_in",
    "evidence",
    "nearest",
    "nearest_m",
    "mean_m",
    "route",
    "x",
    "y",
];

/// The register: `columns` name the cells of `rows`; a cell of a column in `worded` is the number of one of `words`;
/// `groups` name the numbers in the column of that name, counted from the first group.
pub(crate) fn register(report: &Report<'_>, phrases: &Phrases<'_>, plane: Option<&Plane>) -> Value {
    let language = phrases.language();
    let mut words = Words::default();
    let rows: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| {
            let entry = entry(report, phrases, problem);
            let domain = report.inputs.catalogue.service(&problem.service);
            let domain =
                domain.map_or_else(String::new, |service| phrases.domain(&service.domain).to_string());
            let units = report.inputs.units;
            let label = |code| units.find(code).map_or(code, |unit| units[unit].label());
            let within: Vec<&str> = problem.within.iter().map(|code| label(code.as_str())).collect();
            let kind = problem.kind.map_or("", |kind| kind.say(language));
            let pack = report.packs.iter().find(|pack| pack.key == problem.pack);
            let pack = pack.map_or_else(String::new, |pack| phrases.say(&pack.title));
            let tier = problem.tier.map_or("", |tier| tier.say(language));
            let texts = [
                problem.unit.as_str(),
                &entry.unit,
                kind,
                &within.join(language.pick(", ", "、")),
                problem.service.as_str(),
                entry.service,
                &domain,
                tier,
                problem.class.say(language),
                problem.cause.say(language),
                &entry.asks,
                &entry.clause,
                &pack,
                &entry.remedies.join(language.pick("; ", "；")),
                problem.responsible.say(language),
                problem.funding.say(language),
                problem.status.say(language),
            ];
            let mut row: Vec<Value> = texts.iter().map(|text| words.number(text)).collect();
            let at = problem.position.zip(plane).map(|(at, plane)| plane.at(at));
            let groups: Vec<Value> = problem
                .by_group
                .iter()
                .enumerate()
                .filter(|(_, people)| people.rounded() > 0)
                .flat_map(|(group, people)| [json!(group), json!(people.rounded())])
                .collect();
            row.extend([
                json!(problem.id),
                json!(entry.since),
                json!(u8::from(problem.is_floor)),
                json!(u8::from(problem.confidence == Confidence::Memory)),
                json!((problem.priority * 10.0).round() / 10.0),
                json!(problem.people.rounded()),
                Value::Array(groups),
                json!((problem.gap * 1000.0).round() / 1000.0),
                words.number(&gap_in(&problem.gap_in, phrases)),
                json!(entry.evidence),
                entry.nearest.as_ref().map_or(Value::Null, |(name, _)| words.number(name)),
                json!(entry.nearest.as_ref().map(|(_, metres)| metres.round())),
                json!(entry.mean_m.map(f64::round)),
                json!(entry.route),
                json!(at.map(|(x, _)| x)),
                json!(at.map(|(_, y)| y)),
            ]);
            Value::Array(row)
        })
        .collect();
    let groups: Vec<String> =
        report.inputs.residents.groups().groups().iter().map(|group| phrases.group(group)).collect();
    let of_residents = report.inputs.residents.groups().groups().iter().enumerate();
    let estimated: Vec<usize> =
        of_residents.filter(|(_, group)| group.basis != GroupBasis::Counted).map(|(at, _)| at).collect();
    let services: BTreeSet<&ServiceKey> = report.problems.iter().map(|problem| &problem.service).collect();
    let audience: BTreeMap<&str, Vec<usize>> = services
        .into_iter()
        .map(|service| {
            let groups = audience_groups(report, service);
            (service.as_str(), groups.into_iter().map(|(at, _)| at).collect())
        })
        .collect();
    json!({
        "columns": WORDS.iter().chain(&PLAIN).collect::<Vec<_>>(),
        "worded": WORDS.iter().chain(&["gap_in", "nearest"]).collect::<Vec<_>>(),
        "words": words.all,
        "groups": groups,
        "estimated": estimated,
        "audience": audience,
        "rows": rows,
    })
}

/// "under 3: 45; 3 to 5: 12".
pub(crate) fn audience_text(entry: &Entry<'_>, phrases: &Phrases<'_>) -> String {
    let language = phrases.language();
    let parts: Vec<String> = entry
        .audience
        .iter()
        .map(|(group, people)| format!("{group}{}{people}", language.pick(": ", "：")))
        .collect();
    parts.join(language.pick("; ", "；"))
}
