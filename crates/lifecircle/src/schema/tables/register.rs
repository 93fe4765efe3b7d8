//! Columns about problems and the work that solves them.

use lifecircle_indicators::{Change, Funding, ProblemCause, Remedy};
use lifecircle_taxonomy::{Confidence, ProblemClass, Requirement, Tier};
use lifecircle_types::{AcquisitionMode, ProblemStatus, UnitKind};

use super::SHARE;
use crate::schema::column::{Column, day, figure, flag, number, text, word};

pub(super) const PROBLEM_HEAD: &[Column] = &[
    text("id", "Sixteen hexadecimal digits: the same problem has the same id in every run."),
    text("unit", "Code of the unit; * is the whole place."),
    text("unit_name", "Its name."),
    word("unit_kind", of!(UnitKind), "Its kind.").or_blank(),
];

pub(super) const PROBLEM: &[Column] = &[
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
pub(super) const PLACE: &[Column] = &[
    number("lon", "degrees", "Longitude on WGS 84 of where it shows.").or_blank().or_absent(),
    number("lat", "degrees", "Latitude on WGS 84.").or_blank().or_absent(),
];

pub(super) const HISTORY: &[Column] = &[
    text("problem", "Id of the problem."),
    day("date", "When it happened."),
    word("status", of!(ProblemStatus), "What the problem became."),
    text("by", "Who did it; re-measurement is a run.").or_blank(),
    text("note", "Words.").or_blank(),
    word("mode", of!(AcquisitionMode), "How space is come by.").or_blank(),
    day("due", "The day by which it is to be solved.").or_blank(),
    figure("budget", "Its budget.").or_blank(),
];

pub(super) const PROJECTS: &[Column] = &[
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

pub(super) const CHANGE: &[Column] = &[word("change", of!(Change), "What became of the problem.")];

pub(super) const CHANGES: &[Column] = &[
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
