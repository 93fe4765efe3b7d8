//! Columns about journeys of several parts.

use super::SHARE;
use crate::schema::column::{Column, integer, number, text};

/// Which residents of a unit.
pub(super) const OF_GROUP: &[Column] =
    &[text("group", "The group of residents; empty is everybody.").or_blank()];

pub(super) const NOT_ASSESSED: &[Column] =
    &[text("note", "Why nobody knows, where no source shows the service.").or_blank()];

pub(super) const OF_LEVELS: &[Column] = &[
    text("levels", "Name of the question."),
    integer("level", "place", "The level, counted from one.").or_blank(),
    text("service", "Its service.").or_blank(),
];

pub(super) const LEVELS: &[Column] = &[
    number("people", "people", "Residents.").or_blank(),
    number("reached", "people", "Residents whom a chain of walks brings there for certain.").or_blank(),
    number("reached_lenient", "people", "The same where places that may count do.").or_blank(),
    number("reached_share", SHARE, "Their share.").or_blank(),
    number("reached_share_lenient", SHARE, "Their share.").or_blank(),
    number("mean_min", "min", "From home, along all levels before, on average over those reached.")
        .or_blank(),
    integer("limit_min", "min", "The limit that was asked.").or_blank(),
    number("within", "people", "Residents who get there within it for certain.").or_blank(),
    number("within_lenient", "people", "The same where places that may count do.").or_blank(),
    number("within_share", SHARE, "Their share.").or_blank(),
    number("within_share_lenient", SHARE, "Their share.").or_blank(),
];

pub(super) const OF_ONE_STOP: &[Column] = &[
    text("one_stop", "Name of the question."),
    integer("services", "services", "Services that were asked for."),
    integer("needed", "services", "How many of them a stop needs."),
];

pub(super) const ONE_STOP: &[Column] = &[
    number("people", "people", "Residents."),
    number("found", "people", "Residents who find as many at one stop for certain."),
    number("found_lenient", "people", "The same where places that may count do."),
    number("found_share", SHARE, "Their share."),
    number("found_share_lenient", SHARE, "Their share."),
    number("mean_services", "services", "Services at the best stop in reach, on average."),
    number("mean_min", "min", "The walk to it, on average over those who have one.").or_blank(),
    text("no_data", "Services that no source shows, joined by semicolons.").or_blank(),
];

pub(super) const OF_ESCORT: &[Column] =
    &[text("escort", "Name of the question."), text("service", "Where they go.")];

pub(super) const ESCORT: &[Column] = &[
    number("people", "people", "Residents to be brought.").or_blank(),
    integer("limit_min", "min", "How long it may take."),
    number("within", "people", "Residents with a trip within it for certain.").or_blank(),
    number("within_lenient", "people", "The same where places that may count do.").or_blank(),
    number("within_share", SHARE, "Their share.").or_blank(),
    number("within_share_lenient", SHARE, "Their share.").or_blank(),
    number("there_min", "min", "The way there, on average over those with a trip.").or_blank(),
    number("back_min", "min", "The way back, likewise.").or_blank(),
];
