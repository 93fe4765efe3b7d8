//! From problems to lists of work: the rectification list, the project list and the plan of a year.

use std::collections::BTreeMap;

use lifecircle_taxonomy::ProblemClass;
use lifecircle_types::{AcquisitionMode, Date, LonLat, People, ProblemStatus, ServiceKey, UnitKind};

use super::{Funding, History, Problem, Remedy, problem_id};

/// Work that solves some problems: one remedy for one service in one unit.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Project {
    /// Sixteen hexadecimal digits.
    pub id: String,
    /// Code of the unit; `*` is the whole place.
    pub unit: String,
    /// Its name.
    pub label: String,
    /// The service.
    pub service: ServiceKey,
    /// What is done.
    pub remedy: Remedy,
    /// The level in charge.
    pub responsible: UnitKind,
    /// Who pays.
    pub funding: Funding,
    /// Ids of the problems, the weightiest first.
    pub problems: Vec<String>,
    /// People of the problem that affects most: problems of one unit affect the same people.
    pub people: People,
    /// Sum of the problems' priorities.
    pub priority: f64,
    /// Whether one of them lies below the floor.
    pub is_floor: bool,
    /// How far the slowest of them has come.
    pub status: ProblemStatus,
    /// How space is come by, where the history says so.
    pub mode: Option<AcquisitionMode>,
    /// The last day by which one of them is to be solved.
    pub due: Option<Date>,
    /// Sum of their budgets, where any is stated.
    pub budget: Option<f64>,
    /// Where it shows on a map.
    pub position: Option<LonLat>,
}

/// Problems that somebody has to solve: all but those that lack data alone.
pub fn to_rectify(problems: &[Problem]) -> impl Iterator<Item = &Problem> {
    problems.iter().filter(|problem| problem.class != ProblemClass::NoData)
}

/// Bundles problems into projects by unit, service and easiest remedy; the floor first, then by priority, then by id.
#[must_use]
pub fn projects(problems: &[Problem], history: &History) -> Vec<Project> {
    let mut bundles: BTreeMap<(&str, &ServiceKey, Remedy), Vec<&Problem>> = BTreeMap::new();
    for problem in to_rectify(problems) {
        if let Some(&remedy) = problem.remedies.first() {
            bundles.entry((&problem.unit, &problem.service, remedy)).or_default().push(problem);
        }
    }
    let mut projects: Vec<Project> = bundles
        .into_iter()
        .map(|((unit, service, remedy), bundle)| {
            let first = bundle[0];
            let of_history = |problem: &&Problem| history.latest(&problem.id, |event| event.budget);
            let budgets: Vec<f64> = bundle.iter().filter_map(of_history).collect();
            Project {
                id: problem_id(unit, service, first.class, &format!("project {remedy}")),
                unit: unit.into(),
                label: first.label.clone(),
                service: service.clone(),
                remedy,
                responsible: first.responsible,
                funding: first.funding,
                problems: bundle.iter().map(|problem| problem.id.clone()).collect(),
                people: bundle.iter().map(|problem| problem.people).max().unwrap_or_default(),
                priority: lifecircle_types::reduce::sum(bundle.iter().map(|problem| problem.priority)),
                is_floor: bundle.iter().any(|problem| problem.is_floor),
                status: bundle
                    .iter()
                    .map(|problem| step(problem.status))
                    .min()
                    .map_or(ProblemStatus::Found, |step| step.1),
                mode: bundle.iter().find_map(|problem| history.latest(&problem.id, |event| event.mode)),
                due: bundle.iter().filter_map(|problem| history.latest(&problem.id, |event| event.due)).max(),
                budget: (!budgets.is_empty()).then(|| lifecircle_types::reduce::sum(budgets)),
                position: bundle.iter().find_map(|problem| problem.position),
            }
        })
        .collect();
    projects.sort_by(|a, b| {
        b.is_floor.cmp(&a.is_floor).then(b.priority.total_cmp(&a.priority)).then_with(|| a.id.cmp(&b.id))
    });
    projects
}

/// What is reopened has as far to go as what is found.
const fn step(status: ProblemStatus) -> (u8, ProblemStatus) {
    let far = match status {
        ProblemStatus::Found | ProblemStatus::Reopened => 0,
        ProblemStatus::Verified => 1,
        ProblemStatus::Assigned => 2,
        ProblemStatus::Planned => 3,
        ProblemStatus::InProgress => 4,
        ProblemStatus::Accepted => 5,
        ProblemStatus::Closed => 6,
    };
    (far, status)
}

/// The projects of a year's plan: those that are planned or in progress, and due by the end of the year or undated.
pub fn plan_of(projects: &[Project], year: u16) -> impl Iterator<Item = &Project> {
    projects.iter().filter(move |project| {
        matches!(project.status, ProblemStatus::Planned | ProblemStatus::InProgress)
            && project.due.is_none_or(|due| due.year() <= year)
    })
}
