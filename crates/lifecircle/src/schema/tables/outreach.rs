//! Columns about services that come to people.

use super::SHARE;
use crate::schema::column::{Column, integer, number, text};

pub(super) const OF_HOME_VISITS: &[Column] =
    &[text("home_visits", "Name of the question."), text("service", "The service.")];

pub(super) const HOME_VISITS: &[Column] = &[
    number("people", "people", "Residents to be visited.").or_blank(),
    integer("needed", "visits a week", "Visits that they need.").or_blank(),
    integer("reached", "visits a week", "Of them, visits at homes in reach of a depot for certain.")
        .or_blank(),
    integer("reached_lenient", "visits a week", "The same from depots that may count.").or_blank(),
    integer("made", "visits a week", "Visits that workers have time for, for certain.").or_blank(),
    integer("made_lenient", "visits a week", "The same where staff that is not stated is enough.").or_blank(),
    number("made_share", SHARE, "Their share of those needed.").or_blank(),
    number("made_share_lenient", SHARE, "Their share of those needed.").or_blank(),
    number("response_min", "min", "From the nearest depot, on average over residents with one in reach.")
        .or_blank(),
];

pub(super) const OF_MOBILE: &[Column] =
    &[text("mobile", "Name of the question."), text("service", "The service.")];

pub(super) const MOBILE: &[Column] = &[
    number("people", "people", "Residents."),
    integer("visits_asked", "visits a year", "Visits that ought to be in reach."),
    number("enough", "people", "Residents with as many in reach for certain."),
    number("enough_lenient", "people", "The same where stops of which nobody knows are served often enough."),
    number("enough_share", SHARE, "Their share."),
    number("enough_share_lenient", SHARE, "Their share."),
    number("mean_visits", "visits a year", "Visits in reach, as far as they are known, on average."),
    number(
        "mean_wait_days",
        "days",
        "The longest wait from one day to the next, where days are known, on average.",
    )
    .or_blank(),
];

pub(super) const OF_ONLINE: &[Column] =
    &[text("online", "Name of the question."), text("service", "The service.")];

pub(super) const ONLINE: &[Column] = &[
    number("people", "people", "Residents in question."),
    number("alone", "people", "Residents who manage alone."),
    number("assisted", "people", "Residents who do not and have help in reach."),
    number("either", "people", "Residents with help in reach of whom nobody knows whether they need it."),
    number("unable", "people", "Residents who neither manage nor find help."),
    number("undecided", "people", "Residents without help of whom nobody knows whether they manage."),
    number("covered_share", SHARE, "Who uses it alone or with help, for certain."),
    number("covered_share_lenient", SHARE, "The same at most."),
];

pub(super) const CARE: &[Column] = &[
    number("people", "people", "Residents in question.").or_blank(),
    number("bedside", "people", "Residents to whose bedside care comes.").or_blank(),
    number("near", "people", "Residents with care near the home.").or_blank(),
    number("around", "people", "Residents with care around it.").or_blank(),
    number("every", "people", "Residents with all three.").or_blank(),
    number("none", "people", "Residents with none.").or_blank(),
    number("bedside_share", SHARE, "Share of those with care at the bedside.").or_blank(),
    number("near_share", SHARE, "Share of those with care near the home.").or_blank(),
    number("around_share", SHARE, "Share of those with care around it.").or_blank(),
    number("every_share", SHARE, "Share of those with all three.").or_blank(),
    number("every_share_lenient", SHARE, "The same where places that may count do.").or_blank(),
];

pub(super) const FAMILY_BEDS: &[Column] = &[
    integer("beds", "beds", "Care beds in homes.").or_blank(),
    integer("too_far", "beds", "Of them, beds with no institution near enough.").or_blank(),
    integer("too_seldom", "beds", "Other beds to which somebody comes too seldom.").or_blank(),
    integer("unknown", "beds", "Other beds of which nobody knows how often somebody comes.").or_blank(),
    integer("supported", "beds", "Other beds: near enough, and visited often enough.").or_blank(),
];
