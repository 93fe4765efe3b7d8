//! The register as a table.

use core::borrow::Borrow;

use geo_types::{Geometry, Point};
use lifecircle_taxonomy::Confidence;
use lifecircle_types::{ColumnValues, DemandSet, FacilitySet, FeatureTable, InvalidSet, ProblemEvent};

use super::{History, Problem, ProblemChange, Project};
use crate::tables::{flag, measure, number, people, text};

/// A row per problem, in their order, with a point where it shows; `people_<group>` for every group of residents.
///
/// # Errors
/// Never: columns have names of their own.
pub fn problems_table(
    problems: &[impl Borrow<Problem>],
    residents: &DemandSet,
    facilities: &FacilitySet,
) -> Result<FeatureTable, InvalidSet> {
    let problems: Vec<&Problem> = problems.iter().map(Borrow::borrow).collect();
    let mut table = FeatureTable::new(problems.len());
    let words =
        |what: &dyn Fn(&Problem) -> Option<String>| text(problems.iter().map(|problem| what(problem)));
    table.push("id", words(&|problem| Some(problem.id.clone())))?;
    table.push("unit", words(&|problem| Some(problem.unit.clone())))?;
    table.push("unit_name", words(&|problem| Some(problem.label.clone())))?;
    table.push("unit_kind", words(&|problem| problem.kind.map(|kind| kind.to_string())))?;
    table
        .push("within", words(&|problem| Some(problem.within.join(";")).filter(|codes| !codes.is_empty())))?;
    table.push("service", words(&|problem| Some(problem.service.to_string())))?;
    table.push("class", words(&|problem| Some(problem.class.to_string())))?;
    table.push("cause", words(&|problem| Some(problem.cause.to_string())))?;
    table.push("is_floor", flag(problems.iter().map(|problem| Some(problem.is_floor))))?;
    table.push("priority", number(problems.iter().map(|problem| Some(problem.priority))))?;
    table.push("severity", number(problems.iter().map(|problem| Some(problem.severity))))?;
    table.push("people", people(problems.iter().map(|problem| problem.people)))?;
    for (at, group) in residents.groups().groups().iter().enumerate() {
        table.push(
            format!("people_{}", group.name),
            people(problems.iter().map(|problem| problem.by_group[at])),
        )?;
    }
    table.push("gap", number(problems.iter().map(|problem| Some(problem.gap))))?;
    table.push("gap_in", words(&|problem| Some(problem.gap_in.clone())))?;
    table.push("evidence", words(&|problem| Some(problem.evidence.to_string())))?;
    let sites = |problem: &Problem| {
        let ids: Vec<&str> = problem.facilities.iter().map(|&site| facilities[site].id.as_str()).collect();
        Some(ids.join(";")).filter(|ids| !ids.is_empty())
    };
    table.push("facilities", words(&sites))?;
    let nearest = |problem: &Problem| Some(problem.alternative.as_ref()?.facility.clone());
    table.push("nearest_facility", words(&nearest))?;
    let metres = |problem: &Problem| {
        let trip = problem.alternative.as_ref()?.trip;
        trip.length.or(trip.straight_length).map(|length| f64::from(length.get()) / 1000.0)
    };
    table.push("nearest_m", measure(problems.iter().map(|problem| metres(problem))))?;
    table.push("route", words(&|problem| problem.alternative.as_ref()?.route.clone()))?;
    table.push("tier", words(&|problem| problem.tier.map(|tier| tier.to_string())))?;
    table.push("requirement", words(&|problem| problem.requirement.map(|asked| asked.to_string())))?;
    table.push("pack", words(&|problem| Some(problem.pack.clone()).filter(|pack| !pack.is_empty())))?;
    table.push("clause", words(&|problem| Some(problem.clause.clone())))?;
    table.push("asks", words(&|problem| Some(problem.asks.to_string())))?;
    table.push("source", words(&|problem| Some(problem.source.clone())))?;
    table.push("confidence", words(&|problem| Some(problem.confidence.to_string())))?;
    let unconfirmed = |problem: &Problem| Some(problem.confidence == Confidence::Memory);
    table.push("unconfirmed", flag(problems.iter().map(|problem| unconfirmed(problem))))?;
    let remedies = |problem: &Problem| {
        let words: Vec<&str> = problem.remedies.iter().map(|remedy| remedy.as_str()).collect();
        Some(words.join(";"))
    };
    table.push("remedies", words(&remedies))?;
    table.push("responsible", words(&|problem| Some(problem.responsible.to_string())))?;
    table.push("funding", words(&|problem| Some(problem.funding.to_string())))?;
    table.push("status", words(&|problem| Some(problem.status.to_string())))?;
    let lon = |problem: &Problem| problem.position.map(lifecircle_types::LonLat::lon);
    let lat = |problem: &Problem| problem.position.map(lifecircle_types::LonLat::lat);
    table.push("lon", ColumnValues::Number(problems.iter().map(|problem| lon(problem)).collect()))?;
    table.push("lat", ColumnValues::Number(problems.iter().map(|problem| lat(problem)).collect()))?;
    let point =
        |problem: &Problem| problem.position.map(|at| Geometry::Point(Point::new(at.lon(), at.lat())));
    table.set_geometry(problems.iter().map(|problem| point(problem)).collect())?;
    Ok(table)
}

/// A row per problem of either run: `change`, gap, people and class before and after, at the place of the later.
///
/// # Errors
/// Never: columns have names of their own.
pub fn changes_table(
    changes: &[ProblemChange],
    before: &[Problem],
    after: &[Problem],
) -> Result<FeatureTable, InvalidSet> {
    let old = |change: &ProblemChange| change.before.map(|row| &before[row]);
    let new = |change: &ProblemChange| change.after.map(|row| &after[row]);
    let one = |change: &ProblemChange| new(change).or(old(change));
    let mut table = FeatureTable::new(changes.len());
    let words =
        |what: &dyn Fn(&Problem) -> Option<String>| text(changes.iter().map(|change| what(one(change)?)));
    let figure = |of: &dyn Fn(&ProblemChange) -> Option<f64>| number(changes.iter().map(of));
    table.push("change", text(changes.iter().map(|change| Some(change.change.as_str()))))?;
    table.push("id", words(&|problem| Some(problem.id.clone())))?;
    table.push("unit", words(&|problem| Some(problem.unit.clone())))?;
    table.push("unit_name", words(&|problem| Some(problem.label.clone())))?;
    table.push("unit_kind", words(&|problem| problem.kind.map(|kind| kind.to_string())))?;
    table.push("service", words(&|problem| Some(problem.service.to_string())))?;
    table.push("class", words(&|problem| Some(problem.class.to_string())))?;
    table.push("cause", words(&|problem| Some(problem.cause.to_string())))?;
    table.push("clause", words(&|problem| Some(problem.clause.clone())))?;
    table.push("pack", words(&|problem| Some(problem.pack.clone()).filter(|pack| !pack.is_empty())))?;
    table.push("gap_before", figure(&|change| Some(old(change)?.gap)))?;
    table.push("gap_after", figure(&|change| Some(new(change)?.gap)))?;
    table.push("gap_in", words(&|problem| Some(problem.gap_in.clone())))?;
    table.push("people_before", figure(&|change| Some(old(change)?.people.as_f64())))?;
    table.push("people_after", figure(&|change| Some(new(change)?.people.as_f64())))?;
    table.push(
        "evidence_before",
        text(changes.iter().map(|change| Some(old(change)?.evidence.to_string()))),
    )?;
    table
        .push("evidence_after", text(changes.iter().map(|change| Some(new(change)?.evidence.to_string()))))?;
    let point = |change: &ProblemChange| {
        let at = one(change)?.position?;
        Some(Geometry::Point(Point::new(at.lon(), at.lat())))
    };
    table.set_geometry(changes.iter().map(point).collect())?;
    Ok(table)
}

/// A row per project, with a point where it shows.
///
/// # Errors
/// Never: columns have names of their own.
pub fn projects_table(projects: &[impl Borrow<Project>]) -> Result<FeatureTable, InvalidSet> {
    let projects: Vec<&Project> = projects.iter().map(Borrow::borrow).collect();
    let mut table = FeatureTable::new(projects.len());
    let words =
        |what: &dyn Fn(&Project) -> Option<String>| text(projects.iter().map(|project| what(project)));
    table.push("id", words(&|project| Some(project.id.clone())))?;
    table.push("unit", words(&|project| Some(project.unit.clone())))?;
    table.push("unit_name", words(&|project| Some(project.label.clone())))?;
    table.push("service", words(&|project| Some(project.service.to_string())))?;
    table.push("remedy", words(&|project| Some(project.remedy.to_string())))?;
    table.push("responsible", words(&|project| Some(project.responsible.to_string())))?;
    table.push("funding", words(&|project| Some(project.funding.to_string())))?;
    table.push("is_floor", flag(projects.iter().map(|project| Some(project.is_floor))))?;
    table.push("priority", number(projects.iter().map(|project| Some(project.priority))))?;
    table.push("people", people(projects.iter().map(|project| project.people)))?;
    table.push("status", words(&|project| Some(project.status.to_string())))?;
    table.push("mode", words(&|project| project.mode.map(|mode| mode.to_string())))?;
    table.push("due", words(&|project| project.due.map(|due| due.to_string())))?;
    table.push("budget", number(projects.iter().map(|project| project.budget)))?;
    table.push("problems", words(&|project| Some(project.problems.join(";"))))?;
    let point =
        |project: &Project| project.position.map(|at| Geometry::Point(Point::new(at.lon(), at.lat())));
    table.set_geometry(projects.iter().map(|project| point(project)).collect())?;
    Ok(table)
}

/// A row per event, the oldest first, as a history is read back.
///
/// # Errors
/// Never: columns have names of their own.
pub fn history_table(history: &History) -> Result<FeatureTable, InvalidSet> {
    let events = history.events();
    let mut table = FeatureTable::new(events.len());
    let words = |what: &dyn Fn(&ProblemEvent) -> Option<String>| text(events.iter().map(what));
    table.push("problem", words(&|event| Some(event.problem.clone())))?;
    table.push("date", words(&|event| Some(event.date.to_string())))?;
    table.push("status", words(&|event| Some(event.status.to_string())))?;
    table.push("by", words(&|event| event.by.clone()))?;
    table.push("note", words(&|event| event.note.clone()))?;
    table.push("mode", words(&|event| event.mode.map(|mode| mode.to_string())))?;
    table.push("due", words(&|event| event.due.map(|due| due.to_string())))?;
    table.push("budget", number(events.iter().map(|event| event.budget)))?;
    Ok(table)
}
