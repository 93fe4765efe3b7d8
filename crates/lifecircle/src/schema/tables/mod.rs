//! Every column of every table: what it holds, in which unit, and whether it may be empty. A test holds these rows
//! against the files of real studies, both ways.

/// The words of an enum.
macro_rules! of {
    ($name:ty) => {
        |generator| generator.subschema_for::<$name>()
    };
}

mod journey;
mod monitoring;
mod outreach;
mod place;
mod register;
mod severance;
mod standard;

use self::journey::{ESCORT, LEVELS, NOT_ASSESSED, OF_ESCORT, OF_GROUP, OF_LEVELS, OF_ONE_STOP, ONE_STOP};
use self::monitoring::{MONITORING, PROMOTION, SATISFACTION, SERIES, TICKETS, TICKETS_GRID};
use self::outreach::{CARE, FAMILY_BEDS, HOME_VISITS, MOBILE, OF_HOME_VISITS, OF_MOBILE, OF_ONLINE, ONLINE};
use self::place::{
    BANDS, FACILITIES, GAPS, GIVEN, HOURS, LINKED, LINKS, NEAREST_STREET, OF_PARITY, PARITY, RESIDENTS,
    SEASONS, SHARES, UNITS, UNREACHED,
};
use self::register::{CHANGE, CHANGES, HISTORY, PLACE, PROBLEM, PROBLEM_HEAD, PROJECTS};
use self::severance::{BARRIERS, CROSSINGS, ISLANDS, PLACES_SEVERED, SEVERANCE};
use self::standard::{
    AXES, BACKING, CLAUSES, INDICATORS, NOTE, OF_INDICATOR, OF_SCORE, OF_UNIT, SCOPE, SCORE_PARTS, SCORES,
};
use super::column::Table;

const SHARE: &str = "share, 0 to 1";
const POINTS: &str = "points, 0 to 100";

const POINT: &[&str] = &["Point"];
const PROBLEM_ROWS: &str = "A row per problem, the floor first, then by priority.";
const PROJECT_ROWS: &str = "A row per project: problems of a unit and a service with one remedy.";
const PLAN_ROWS: &str = "Projects that are planned or in progress and due by the end of the year.";
const RECTIFY_ROWS: &str = "Problems that somebody has to solve.";
const CHANGE_ROWS: &str = "A row per problem of either run.";

/// Every table, by the name of its file.
pub(super) const TABLES: &[Table] = &[
    Table::csv("axes.csv", "A row per scope and unit, the whole place first.", &[SCOPE, OF_UNIT, AXES]),
    Table::csv("bands.csv", "A row per service and unit: how far coverages could be off.", &[BANDS]),
    Table::geojson("barriers.geojson", "A feature per whole barrier.", &["MultiLineString"], &[BARRIERS]),
    Table::csv(
        "care.csv",
        "A row for the whole place and for every unit.",
        &[OF_UNIT, OF_GROUP, CARE, NOT_ASSESSED],
    ),
    Table::csv("changes.csv", CHANGE_ROWS, &[CHANGE, PROBLEM_HEAD, CHANGES, PLACE]),
    Table::geojson("changes.geojson", CHANGE_ROWS, POINT, &[CHANGE, PROBLEM_HEAD, CHANGES]).or_nowhere(),
    Table::csv("check.csv", "A row per clause, norms by key, then rules by service.", &[CLAUSES, BACKING]),
    Table::geojson("crossings.geojson", "A feature per crossing of a barrier.", POINT, &[CROSSINGS]),
    Table::csv(
        "escort.csv",
        "A row per question and unit, the whole place first.",
        &[OF_ESCORT, OF_UNIT, OF_GROUP, ESCORT, NOT_ASSESSED],
    ),
    Table::geojson("facilities.geojson", "A feature per facility.", POINT, &[FACILITIES, GIVEN, LINKED]),
    Table::csv(
        "family_beds.csv",
        "A row for the whole place and for every unit.",
        &[OF_UNIT, FAMILY_BEDS, NOT_ASSESSED],
    ),
    Table::csv("gaps.csv", "A row per resident place and required service outside its rule.", &[GAPS]),
    Table::csv("history.csv", "A row per event of a problem, the oldest first.", &[HISTORY]),
    Table::csv(
        "home_visits.csv",
        "A row per question and unit, the whole place first.",
        &[OF_HOME_VISITS, OF_UNIT, OF_GROUP, HOME_VISITS, NOT_ASSESSED],
    ),
    Table::csv("hours.csv", "A row per service, day and hour.", &[HOURS]),
    Table::csv(
        "indicators.csv",
        "A row per indicator and unit, the whole place first.",
        &[OF_INDICATOR, OF_UNIT, INDICATORS, BACKING, NOTE],
    ),
    Table::geojson(
        "islands.geojson",
        "A feature per component of the streets, the main one first.",
        POINT,
        &[ISLANDS],
    ),
    Table::csv(
        "levels.csv",
        "A row per question, unit, group and level, the whole place first.",
        &[OF_LEVELS, OF_UNIT, OF_GROUP, LEVELS, NOT_ASSESSED],
    ),
    Table::geojson(
        "links.geojson",
        "A feature per home and door: the leg to its street, or where it is if it found none.",
        &["LineString", "Point"],
        &[LINKS, LINKED, NEAREST_STREET],
    )
    .or_nowhere(),
    Table::csv(
        "mobile.csv",
        "A row per question, unit and group, the whole place first.",
        &[OF_MOBILE, OF_UNIT, OF_GROUP, MOBILE],
    ),
    Table::csv("monitoring.csv", "A row per indicator with a target year.", &[OF_INDICATOR, MONITORING]),
    Table::csv(
        "one_stop.csv",
        "A row per question, unit and group, the whole place first.",
        &[OF_ONE_STOP, OF_UNIT, OF_GROUP, ONE_STOP],
    ),
    Table::csv(
        "online.csv",
        "A row per question, unit and group, the whole place first.",
        &[OF_ONLINE, OF_UNIT, OF_GROUP, ONLINE],
    ),
    Table::csv(
        "parity.csv",
        "A row per question, unit and service, the whole place first.",
        &[OF_PARITY, OF_UNIT, PARITY],
    ),
    Table::csv("plan.csv", PLAN_ROWS, &[PROJECTS, PLACE]),
    Table::geojson("plan.geojson", PLAN_ROWS, POINT, &[PROJECTS]).or_nowhere(),
    Table::csv("problems.csv", PROBLEM_ROWS, &[PROBLEM_HEAD, PROBLEM]),
    Table::geojson("problems.geojson", PROBLEM_ROWS, POINT, &[PROBLEM_HEAD, PROBLEM]).or_nowhere(),
    Table::csv("projects.csv", PROJECT_ROWS, &[PROJECTS, PLACE]),
    Table::geojson("projects.geojson", PROJECT_ROWS, POINT, &[PROJECTS]).or_nowhere(),
    Table::csv("promotion.csv", "A row per service that ought to be promoted.", &[PROMOTION]),
    Table::csv("rectification.csv", RECTIFY_ROWS, &[PROBLEM_HEAD, PROBLEM]),
    Table::geojson("rectification.geojson", RECTIFY_ROWS, POINT, &[PROBLEM_HEAD, PROBLEM]).or_nowhere(),
    Table::geojson("residents.geojson", "A feature per resident place.", POINT, &[RESIDENTS, GIVEN, LINKED])
        .or_nowhere(),
    Table::csv("satisfaction.csv", "A row per thing that was asked about and unit.", &[SATISFACTION]),
    Table::csv("score_parts.csv", "A row per score, unit and part.", &[SCORE_PARTS]),
    Table::csv(
        "scores.csv",
        "A row per score and unit, the whole place first.",
        &[OF_SCORE, OF_UNIT, SCORES, BACKING, NOTE],
    ),
    Table::csv(
        "seasons.csv",
        "A row per unit, service and season, the whole place first.",
        &[OF_UNIT, SEASONS],
    ),
    Table::csv("series.csv", "A row per value of a run.", &[SERIES]),
    Table::csv("severance.csv", "A row for the whole place and for every unit.", &[SEVERANCE]),
    Table::geojson("severance.geojson", "A feature per resident place.", POINT, &[PLACES_SEVERED])
        .or_nowhere(),
    Table::csv("tickets.csv", "A row per thing that was asked for and unit.", &[TICKETS]),
    Table::geojson(
        "tickets_grid.geojson",
        "A feature per square of a kilometre.",
        &["Polygon"],
        &[TICKETS_GRID],
    ),
    Table::geojson("units.geojson", "A feature per unit.", &["MultiPolygon"], &[UNITS, SHARES]).or_nowhere(),
    Table::csv(
        "unreached.csv",
        "A row per group, unit and service that its members do not reach.",
        &[UNREACHED],
    ),
];
