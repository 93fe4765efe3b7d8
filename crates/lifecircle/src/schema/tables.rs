//! Every column of every table: what it holds, in which unit, and whether it may be empty. A test holds these rows
//! against the files of real studies, both ways.

use lifecircle_indicators::{
    Attainment, Change, Funding, GapCause, KanoClass, Light, Origin, ProblemCause, Quadrant, Remedy, Verdict,
};
use lifecircle_network::{Obstacle, Standing};
use lifecircle_taxonomy::{Better, Confidence, ProblemClass, Requirement, Tier};
use lifecircle_types::{
    AcquisitionMode, BarrierKind, FacilityState, Placement, ProblemStatus, UnitKind, Weekday, ZoneType,
};
use schemars::JsonSchema;

use super::column::{Column, Table, choice, day, figure, flag, integer, number, text, word};

/// The words of an enum.
macro_rules! of {
    ($name:ty) => {
        |generator| generator.subschema_for::<$name>()
    };
}

const SHARE: &str = "share, 0 to 1";
const POINTS: &str = "points, 0 to 100";

/// A column for each group of residents.
const fn groups(name: &'static str, about: &'static str) -> Column {
    number(name, "people", about).for_each(
        r"^(age_\d|group_|(female|male|resident|registered|permit_holder)(_|$))",
        &[
            "age_${string}",
            "group_${string}",
            "female${string}",
            "male${string}",
            "registered${string}",
            "permit_holder${string}",
        ],
    )
}

/// How points come to the streets.
const LINKED: &[Column] = &[
    word("standing", of!(Standing), "How it comes to the streets."),
    word("obstacle", of!(Obstacle), "What the way to its street crosses for want of a better one.")
        .or_blank(),
    number("off_street_m", "m", "Length of the straight way to its street.").or_blank(),
    text("street", "Name and id of that street.").or_blank(),
];

/// Coordinates as the source has them.
const GIVEN: &[Column] = &[
    figure("given_x", "Easting or longitude as the source gives it.").or_blank().or_absent(),
    figure("given_y", "Northing or latitude as the source gives it.").or_blank().or_absent(),
    text("given_crs", "The coordinate system of the source, such as gcj02.").or_blank().or_absent(),
];

const RESIDENTS: &[Column] = &[
    text("id", "Id of the resident place."),
    number("people", "people", "Residents."),
    text("unit", "Code of the smallest unit around it.").or_blank(),
    word("placement", of!(Placement), "How its position was found."),
    flag("on_street", "Whether it comes to a street."),
    groups("<group>", "Residents of a group."),
    integer("required", "services", "Services that are required here."),
    integer("met", "services", "Of these, services whose rule holds for certain."),
    integer("met_lenient", "services", "The same where places of unknown level count."),
    number("<service>_m", "m", "The walk to the nearest place of the service that counts for certain.")
        .or_blank()
        .for_each(r"^[a-z][a-z0-9_]*_m$", &["${string}_m"]),
    number("<service>_min", "min", "The time of that walk, for the standard walker.")
        .or_blank()
        .for_each(r"^[a-z][a-z0-9_]*_min$", &["${string}_min"]),
    flag("<service>_met", "Whether the rule of the service holds for certain.")
        .for_each(r"^[a-z][a-z0-9_]*[a-z0-9]_met$", &["${string}_met"]),
];

const SHARES: &[Column] = &[
    number("every_share", SHARE, "Residents with every required service.").or_blank(),
    number("mean_share", SHARE, "The mean over required services.").or_blank(),
    number("none_share", SHARE, "Residents with none.").or_blank(),
    number("<service>_share", SHARE, "Residents for whom the rule of a required service holds.")
        .or_blank()
        .for_each(r"^[a-z][a-z0-9_]*_share$", &["${string}_share"]),
    number("<share>_lenient", SHARE, "A share where places of unknown level count; only where it differs.")
        .or_blank()
        .for_each(r"^[a-z][a-z0-9_]*_share_lenient$", &["${string}_share_lenient"]),
    number("score_<score>", POINTS, "A score of the packs.")
        .or_blank()
        .for_each(r"^score_[a-z0-9_]+$", &["score_${string}"]),
    text("grade_<score>", "The grade of that score.")
        .or_blank()
        .for_each(r"^grade_[a-z0-9_]+$", &["grade_${string}"]),
];

const UNITS: &[Column] = &[
    text("code", "Code of the unit."),
    text("name", "Its name, or the code."),
    word("kind", of!(UnitKind), "Its kind."),
    text("parent", "Code of the unit around it.").or_blank(),
    number("people", "people", "Its residents."),
];

const FACILITIES: &[Column] = &[
    text("id", "Id of the facility."),
    text("name", "Its name.").or_blank(),
    text("services", "Services that it offers, joined by ;").or_blank(),
    text("certainty", "How sure each of them is, in their order, joined by ;").or_blank(),
    text("capacity", "Capacities as service=number, joined by ;").or_blank(),
    integer("entrances", "points", "Points at which visitors arrive."),
    text("hours", "Opening hours in the notation of OpenStreetMap.").or_blank(),
    figure("price", "What it costs, in the currency of the source.").or_blank(),
    word("state", of!(FacilityState), "Whether it is in use."),
    number("floor_area_m2", "m2", "Floor area.").or_blank(),
    number("site_area_m2", "m2", "Area of the site.").or_blank(),
    text("source", "The input that it comes from."),
];

const LINKS: &[Column] = &[
    choice("what", &["home", "door"], "A resident place, or a door of a facility."),
    text("id", "Id of the resident place or the facility."),
];

const NEAREST_STREET: &[Column] =
    &[number("nearest_street_m", "m", "The straight way to the nearest open street, chosen or not.")
        .or_blank()];

const GAPS: &[Column] = &[
    text("place", "Id of the resident place."),
    text("unit", "Code of the smallest unit around it.").or_blank(),
    text("unit_name", "Name of that unit.").or_blank(),
    number("lon", "degrees", "Longitude on WGS 84.").or_blank(),
    number("lat", "degrees", "Latitude on WGS 84.").or_blank(),
    number("people", "people", "Residents."),
    text("service", "The required service outside its rule."),
    text("pack", "Key of the pack that asks for it."),
    choice(
        "rule",
        &["walk_time", "walk_distance", "straight_radius", "drive_time", "presence_in_unit"],
        "The kind of rule.",
    ),
    text("limit", "The limit of the rule, with its unit."),
    word("cause", of!(GapCause), "Why the place is outside."),
    text("nearest_facility", "Id of the nearest facility there is.").or_blank(),
    text("nearest_name", "Its name.").or_blank(),
    number("nearest_m", "m", "The walk to it.").or_blank(),
    number("nearest_min", "min", "The time of the walk.").or_blank(),
    number("straight_m", "m", "The straight line to it.").or_blank(),
    text("attribution", "Attribution and licences, in full in the first row."),
];

/// The unit that a row is about.
const OF_UNIT: &[Column] = &[
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    text("unit_label", "Its name."),
    word("unit_kind", of!(UnitKind), "Its kind.").or_blank(),
];

const OF_INDICATOR: &[Column] = &[
    text("indicator", "Key of the indicator."),
    text("en", "English name."),
    text("zh", "Chinese name.").or_blank(),
];

const INDICATORS: &[Column] = &[
    word("zone", of!(ZoneType), "The kind of place.").or_blank(),
    figure("value", "What is certain, in the unit of measured_in.").or_blank(),
    figure("at_most", "The most that it can be; empty has no upper end.").or_blank(),
    flag("is_exact", "Whether the value is all there is.").or_blank(),
    text("measured_in", "The unit of the values."),
    figure("count", "The numerator.").or_blank(),
    figure("of", "The denominator.").or_blank(),
    figure("per", "How many of the denominator the value is per."),
    word("better", of!(Better), "Which way is better."),
    figure("target_at_least", "The least that the target takes.").or_blank(),
    figure("target_at_most", "The most that the target takes.").or_blank(),
    text("target_year", "The year by which.").or_blank(),
    word("standing", lifecircle_taxonomy::Standing::json_schema, "How binding the target is.").or_blank(),
    word("attainment", of!(Attainment), "How the value stands to the target.").or_blank(),
    figure("short_by", "What lacks to the target.").or_blank(),
    figure("baseline", "Where things stood.").or_blank(),
    text("baseline_year", "When.").or_blank(),
    number("way_gone", "share", "The part of the way from baseline to target that is behind.").or_blank(),
    text("value_year", "The year of a stated value.").or_blank(),
    text("pack", "Key of the pack."),
    word("origin", of!(Origin), "What kind of row of the pack it comes from."),
];

/// What a figure of a pack rests on.
const BACKING: &[Column] = &[
    word("confidence", of!(Confidence), "How sure the figure is."),
    flag("unconfirmed", "Whether nobody has confirmed it."),
    text("source", "Where it comes from."),
];

const NOTE: &[Column] = &[text("note", "Why there is no value, or what to know about it.").or_blank()];

const SCOPE: &[Column] =
    &[text("scope", "all, tier:<tier> or domain:<domain>: the services that are looked at.")];

const AXES: &[Column] = &[
    number("services", "services", "Required services of the scope."),
    number("people", "people", "Residents."),
    number("reach", POINTS, "How many reach them, for certain.").or_blank(),
    number("reach_at_most", POINTS, "The most that it can be.").or_blank(),
    number("quality", POINTS, "How good they are, for certain.").or_blank(),
    number("quality_at_most", POINTS, "The most that it can be.").or_blank(),
    number("quality_of", "indicators", "Indicators behind the quality."),
    number("balance", POINTS, "How alike the units are.").or_blank(),
    number("inclusiveness", POINTS, "What the worst off have, for certain.").or_blank(),
    number("inclusiveness_at_most", POINTS, "The most that it can be.").or_blank(),
    number("fairness", POINTS, "How alike groups are.").or_blank(),
    text("worst_group", "The group that is worst off.").or_blank(),
    number("convenience", POINTS, "How short the ways are.").or_blank(),
    number("friendly_young", POINTS, "What the young have.").or_blank(),
    number("friendly_working", POINTS, "What people of working age have.").or_blank(),
    number("friendly_old", POINTS, "What the old have.").or_blank(),
];

const OF_SCORE: &[Column] = &[
    text("score", "Key of the score."),
    text("en", "English name."),
    text("zh", "Chinese name.").or_blank(),
];

const SCORES: &[Column] = &[
    number("value", POINTS, "What is certain.").or_blank(),
    number("at_most", POINTS, "The most that it can be.").or_blank(),
    text("grade", "The class of the score.").or_blank(),
    flag("is_capped", "Whether the bottom line caps the grade.").or_blank(),
    word("bottom_line", of!(Attainment), "How the services stand without which the grade is capped.")
        .or_blank(),
    number("assessed_percent", "percent", "The part of the weights that could be assessed."),
    number("rank", "place", "Rank among units of a kind.").or_blank(),
    number("rank_best", "place", "The best rank when a weight moves by 10 %.").or_blank(),
    number("rank_worst", "place", "The worst.").or_blank(),
    word("eligible", of!(Attainment), "Whether it may be chosen.").or_blank(),
    flag("is_chosen", "Whether it is among those that go first.").or_blank(),
    text("pack", "Key of the pack."),
];

const SCORE_PARTS: &[Column] = &[
    text("score", "Key of the score."),
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    text("unit_label", "Its name."),
    text("part", "What the part is of."),
    number("weight", "share", "The weight of the part, as it was used.").or_blank(),
    number("value", POINTS, "What is certain.").or_blank(),
    number("at_most", POINTS, "The most that it can be.").or_blank(),
];

const PROBLEM_HEAD: &[Column] = &[
    text("id", "Sixteen hexadecimal digits: the same problem has the same id in every run."),
    text("unit", "Code of the unit; * is the whole place."),
    text("unit_name", "Its name."),
    word("unit_kind", of!(UnitKind), "Its kind.").or_blank(),
];

const PROBLEM: &[Column] = &[
    text("within", "Codes of the units around it, the smallest first, joined by ;").or_blank(),
    text("service", "The service."),
    word("class", of!(ProblemClass), "What kind of problem it is."),
    word("cause", of!(ProblemCause), "Why there is one."),
    flag("is_floor", "Whether residents lack what is the floor."),
    figure("priority", "Severity times weighted people, importance and feasibility."),
    number("severity", SHARE, "How bad it is."),
    number("people", "people", "People affected."),
    number("people_<group>", "people", "Of them, people of a group.")
        .for_each(r"^people_[a-z].*$", &["people_${string}"]),
    figure("gap", "Size of the gap, in the unit of gap_in."),
    text("gap_in", "What the gap is counted in."),
    text("evidence", "What shows it, in words."),
    text("facilities", "Ids of the sites at fault, joined by ;").or_blank(),
    text("nearest_facility", "Id of the facility that people have instead.").or_blank(),
    number("nearest_m", "m", "The walk to it.").or_blank(),
    text("route", "The streets of that walk.").or_blank(),
    word("tier", of!(Tier), "Tier of the service.").or_blank(),
    word("requirement", of!(Requirement), "How strongly it is asked for.").or_blank(),
    text("pack", "Key of the pack.").or_blank(),
    text("clause", "What the pack asks: rule, or the key of a norm or an indicator."),
    text("asks", "What that says, in words."),
    text("source", "Where it comes from."),
    word("confidence", of!(Confidence), "How sure that is."),
    flag("unconfirmed", "Whether nobody has confirmed it."),
    text("remedies", "What can be done, the easiest first, joined by ;"),
    word("responsible", of!(UnitKind), "The kind of unit whose government is in charge."),
    word("funding", of!(Funding), "Who pays."),
    word("status", of!(ProblemStatus), "How far it has come."),
    number("lon", "degrees", "Longitude on WGS 84 of where it shows.").or_blank(),
    number("lat", "degrees", "Latitude on WGS 84.").or_blank(),
];

/// Where a row of a CSV shows.
const PLACE: &[Column] = &[
    number("lon", "degrees", "Longitude on WGS 84 of where it shows.").or_blank().or_absent(),
    number("lat", "degrees", "Latitude on WGS 84.").or_blank().or_absent(),
];

const UNREACHED: &[Column] = &[
    text("group", "The group of residents."),
    text("unit_code", "Code of the unit."),
    text("unit_label", "Its name."),
    word("unit_kind", of!(UnitKind), "Its kind."),
    number("rank", "place", "Place in the list of the group and the unit."),
    text("service", "The service that its members are entitled to and do not reach."),
    text("en", "English name."),
    text("zh", "Chinese name."),
    word("tier", of!(Tier), "Tier of the service.").or_blank(),
    flag("is_for_group", "Whether the service is for this group."),
    number("members", "people", "Members of the group who are entitled."),
    number("unreached", "people", "Of them, members who do not reach it."),
    number("nearest_m", "m", "The least walk of any of them.").or_blank(),
    text("comes", "How it can come to them (home, mobile, online), joined by ;").or_blank(),
];

const MONITORING: &[Column] = &[
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    text("unit_label", "Its name."),
    text("measured_in", "The unit of the values."),
    figure("value", "The value of this run.").or_blank(),
    figure("expected", "What the straight path to the target expects."),
    word("light", of!(Light), "How it moves along the path.").or_blank(),
    figure("baseline", "Where the path begins."),
    number("baseline_time", "year", "When; ends of years are whole numbers."),
    flag("begins_with_series", "Whether the path begins with the series and not with the pack."),
    figure("target", "Where the path ends."),
    number("target_year", "year", "When."),
    number("way_gone", "share", "The part of the way that is behind.").or_blank(),
    number("points", "values", "Values of the series."),
    figure("per_year", "The change in a year, by least squares.").or_blank(),
    figure("forecast", "Where that leads by the target year.").or_blank(),
    flag("on_course", "Whether the forecast reaches the target.").or_blank(),
];

const SERIES: &[Column] = &[
    day("date", "The day of the run."),
    text("indicator", "Key of the indicator."),
    text("unit", "Code of the unit; empty is the whole place.").or_blank(),
    figure("value", "The value."),
    text("pack", "Key of the pack."),
];

const SATISFACTION: &[Column] = &[
    text("about", "What was asked about."),
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    number("answers", "answers", "Answers."),
    flag("is_weighted", "Whether they are weighted to the groups of residents."),
    number("satisfaction", POINTS, "Mean satisfaction.").or_blank(),
    number("satisfaction_low", POINTS, "Lower end of 95 %.").or_blank(),
    number("satisfaction_high", POINTS, "Upper end.").or_blank(),
    number("content_percent", "percent", "Answers of 4 or 5.").or_blank(),
    number("content_percent_low", "percent", "Lower end of 95 %.").or_blank(),
    number("content_percent_high", "percent", "Upper end.").or_blank(),
    number("importance", POINTS, "Mean importance.").or_blank(),
    word("quadrant", of!(Quadrant), "Where satisfaction and importance put it.").or_blank(),
    figure("priority", "Importance times what lacks to the wanted satisfaction.").or_blank(),
    word("kano", of!(KanoClass), "Its Kano class.").or_blank(),
    number("better", SHARE, "How much having it pleases.").or_blank(),
    number("worse", "share, -1 to 0", "How much lacking it displeases.").or_blank(),
];

const TICKETS: &[Column] = &[
    text("about", "What was asked for; empty is everything.").or_blank(),
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    number("tickets", "requests", "Requests."),
    number("in_time", "requests", "Answered in time."),
    number("late", "requests", "Answered late."),
    number("overdue", "requests", "Not answered, and due."),
    number("pending", "requests", "Not answered, and not due."),
    number("without_due", "requests", "Without a day by which."),
    number("in_time_percent", "percent", "In time, of those that were due.").or_blank(),
    number("in_time_percent_low", "percent", "Lower end of 95 %.").or_blank(),
    number("in_time_percent_high", "percent", "Upper end.").or_blank(),
    number("median_days", "days", "Days to the answer of half of them.").or_blank(),
];

const TICKETS_GRID: &[Column] = &[
    number("tickets", "requests", "Requests in the square."),
    number("in_time_percent", "percent", "In time, of those that were due.").or_blank(),
    number("problems", "problems", "Problems in the square."),
];

const PROMOTION: &[Column] = &[
    text("service", "The service."),
    text("en", "English name."),
    text("zh", "Chinese name."),
    word("tier", of!(Tier), "Its tier.").or_blank(),
    word("to", of!(Tier), "The tier above."),
    number("without_percent", "percent", "Residents without it."),
    number("people", "people", "How many that are."),
    text("urgency", "Why it is urgent (taken_for_granted, matters_and_disappoints, asked_for), joined by ;"),
    number("tickets", "requests", "Requests for it."),
    number("satisfaction", POINTS, "Satisfaction with it.").or_blank(),
];

const HISTORY: &[Column] = &[
    text("problem", "Id of the problem."),
    day("date", "When it happened."),
    word("status", of!(ProblemStatus), "What the problem became."),
    text("by", "Who did it; re-measurement is a run.").or_blank(),
    text("note", "Words.").or_blank(),
    word("mode", of!(AcquisitionMode), "How space is come by.").or_blank(),
    day("due", "The day by which it is to be solved.").or_blank(),
    figure("budget", "Its budget.").or_blank(),
];

const PROJECTS: &[Column] = &[
    text("id", "Sixteen hexadecimal digits."),
    text("unit", "Code of the unit; * is the whole place."),
    text("unit_name", "Its name."),
    text("service", "The service."),
    word("remedy", of!(Remedy), "What is done."),
    word("responsible", of!(UnitKind), "The kind of unit whose government is in charge."),
    word("funding", of!(Funding), "Who pays."),
    flag("is_floor", "Whether one of its problems lies below the floor."),
    figure("priority", "Sum of the priorities of its problems."),
    number("people", "people", "People of the problem that affects most."),
    word("status", of!(ProblemStatus), "How far the slowest of them has come."),
    word("mode", of!(AcquisitionMode), "How space is come by.").or_blank(),
    day("due", "The last day by which one of them is to be solved.").or_blank(),
    figure("budget", "Sum of their budgets.").or_blank(),
    text("problems", "Ids of its problems, the weightiest first, joined by ;"),
];

const CHANGE: &[Column] = &[word("change", of!(Change), "What became of the problem.")];

const CHANGES: &[Column] = &[
    text("service", "The service."),
    word("class", of!(ProblemClass), "What kind of problem it is."),
    word("cause", of!(ProblemCause), "Why there is one."),
    text("clause", "What the pack asks: rule, or the key of a norm or an indicator."),
    text("pack", "Key of the pack.").or_blank(),
    figure("gap_before", "Size of the gap in the earlier run, in the unit of gap_in.").or_blank(),
    figure("gap_after", "In the later run.").or_blank(),
    text("gap_in", "What the gap is counted in."),
    number("people_before", "people", "People affected in the earlier run.").or_blank(),
    number("people_after", "people", "In the later run.").or_blank(),
    text("evidence_before", "What showed it, in words.").or_blank(),
    text("evidence_after", "What shows it.").or_blank(),
];

const BANDS: &[Column] = &[
    text("unit", "Code of the unit; * is everybody, empty are homes in no unit.").or_blank(),
    text("service", "The service."),
    number("residents", "people", "Residents."),
    number("coverage", SHARE, "The coverage as it is assessed.").or_blank(),
    number("low", SHARE, "Lower end of the draws.").or_blank(),
    number("middle", SHARE, "Their middle.").or_blank(),
    number("high", SHARE, "Upper end.").or_blank(),
    number("target", SHARE, "The coverage from which on a unit keeps the rule."),
    number("verdict_turns", SHARE, "Draws in which the verdict of the unit is another.").or_blank(),
];

const HOURS: &[Column] = &[
    text("service", "The service."),
    day("date", "The day."),
    word("weekday", of!(Weekday), "Its day of the week."),
    text("hour", "When the hour begins, HH:MM."),
    number("residents", "people", "Residents."),
    number("open_strict", "people", "Residents who find a place open for certain, on average over the hour."),
    number("open_lenient", "people", "The same where unknown hours count as open."),
    number("share_strict", SHARE, "Their share.").or_blank(),
    number("share_lenient", SHARE, "Their share.").or_blank(),
];

const SEVERANCE: &[Column] = &[
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    text("unit_label", "Its name.").or_blank(),
    word("unit_kind", of!(UnitKind), "Its kind.").or_blank(),
    number("people", "people", "Residents."),
    number("measured", "people", "Of them, residents with a detour index."),
    figure("detour_index", "Walked over straight length to the people around, on average.").or_blank(),
    number("indirect", "people", "Residents whose index is above the limit."),
    number("indirect_share", SHARE, "Their share of those measured.").or_blank(),
    number("around_mean", "people", "People around a resident, on average.").or_blank(),
    number("reached_share", SHARE, "People around who are reached by a walk within the limit.").or_blank(),
    number("affected", "people", "Residents severed from somebody."),
    number("affected_share", SHARE, "Their share.").or_blank(),
    number("severed_share", SHARE, "People around who are severed.").or_blank(),
    number("lost_share", SHARE, "People around who are lost.").or_blank(),
    number("to_crossing_m", "m", "The walk to the next crossing, on average.").or_blank(),
    number("without_crossing", "people", "Affected residents who find no crossing."),
];

const PLACES_SEVERED: &[Column] = &[
    text("id", "Id of the resident place."),
    text("unit", "Code of the smallest unit around it.").or_blank(),
    number("people", "people", "Residents."),
    number("around", "people", "People around it."),
    number("reached", "people", "Of them, people reached by a walk within the limit."),
    figure("detour_index", "Walked over straight length to the people around.").or_blank(),
    number("severed", "people", "People across a barrier and by a detour."),
    number("lost", "people", "People across a barrier and without a walk within the limit."),
    text("barrier", "Id of the barrier that severs most.").or_blank(),
    word("barrier_kind", of!(BarrierKind), "Its kind.").or_blank(),
    text("barrier_name", "Its name.").or_blank(),
    number("to_crossing_m", "m", "The walk to its next crossing.").or_blank(),
];

const BARRIERS: &[Column] = &[
    text("id", "Id of the barrier."),
    word("kind", of!(BarrierKind), "Its kind."),
    text("name", "Its name.").or_blank(),
    number("length_m", "m", "Its length."),
    integer("crossings", "crossings", "Streets over, under or through it."),
    number("spacing_m", "m", "Its length over its crossings.").or_blank(),
    number("affected", "people", "Residents whom it severs from somebody."),
    number("losing", "people", "Of them, residents who lose somebody from their walk."),
    number("severed_mean", "people", "People from whom they are severed, on average.").or_blank(),
    number("to_crossing_m", "m", "The walk to the next crossing, on average.").or_blank(),
];

const CROSSINGS: &[Column] = &[
    text("barrier", "Id of the barrier."),
    word("barrier_kind", of!(BarrierKind), "Its kind."),
    text("barrier_name", "Its name.").or_blank(),
    text("street", "Id of the street."),
    text("street_name", "Its name.").or_blank(),
];

const ISLANDS: &[Column] = &[
    choice(
        "cause",
        &["main", "private", "closed", "edge", "apart"],
        "Why the component does not hang together with the main one.",
    ),
    integer("nodes", "nodes", "Its nodes."),
    integer("segments", "segments", "Its segments."),
    number("length_m", "m", "Their length."),
    number("people", "people", "Residents linked to it."),
    integer("places", "places", "Resident places linked to it."),
    integer("facilities", "facilities", "Facilities linked to it."),
    number("west", "degrees", "Its western end."),
    number("south", "degrees", "Its southern end."),
    number("east", "degrees", "Its eastern end."),
    number("north", "degrees", "Its northern end."),
];

const CLAUSES: &[Column] = &[
    text("key", "Key of the norm, or the service of the rule."),
    text("pack", "Key of the pack."),
    text("asks", "What it asks, in words."),
    word("verdict", of!(Verdict), "How the plan stands to it."),
    figure("needs", "What a plan like this needs, in the measure of the clause.").or_blank(),
    figure("has", "What it has for certain.").or_blank(),
    text("reason", "Why it was not asked, what is not stated, or which sites are at fault.").or_blank(),
    word("requirement", of!(Requirement), "How strongly the pack asks, where the clause is a rule.")
        .or_blank(),
];

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
    Table::csv("changes.csv", CHANGE_ROWS, &[CHANGE, PROBLEM_HEAD, CHANGES, PLACE]),
    Table::geojson("changes.geojson", CHANGE_ROWS, POINT, &[CHANGE, PROBLEM_HEAD, CHANGES]).or_nowhere(),
    Table::csv("check.csv", "A row per clause, norms by key, then rules by service.", &[CLAUSES, BACKING]),
    Table::geojson("crossings.geojson", "A feature per crossing of a barrier.", POINT, &[CROSSINGS]),
    Table::geojson("facilities.geojson", "A feature per facility.", POINT, &[FACILITIES, GIVEN, LINKED]),
    Table::csv("gaps.csv", "A row per resident place and required service outside its rule.", &[GAPS]),
    Table::csv("history.csv", "A row per event of a problem, the oldest first.", &[HISTORY]),
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
    Table::geojson(
        "links.geojson",
        "A feature per home and door: the leg to its street, or where it is if it found none.",
        &["LineString", "Point"],
        &[LINKS, LINKED, NEAREST_STREET],
    )
    .or_nowhere(),
    Table::csv("monitoring.csv", "A row per indicator with a target year.", &[OF_INDICATOR, MONITORING]),
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
