//! Columns about homes, units, facilities and how people reach them.

use lifecircle_indicators::GapCause;
use lifecircle_network::{Obstacle, Standing};
use lifecircle_taxonomy::Tier;
use lifecircle_types::{FacilityState, Placement, UnitKind, Weekday};

use super::{POINTS, SHARE};
use crate::schema::column::{Column, choice, day, figure, flag, integer, number, text, word};

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
pub(super) const LINKED: &[Column] = &[
    word("standing", of!(Standing), "How it comes to the streets."),
    word("obstacle", of!(Obstacle), "What the way to its street crosses for want of a better one.")
        .or_blank(),
    number("off_street_m", "m", "Length of the straight way to its street.").or_blank(),
    text("street", "Name and id of that street.").or_blank(),
];

/// Coordinates as the source has them.
pub(super) const GIVEN: &[Column] = &[
    figure("given_x", "Easting or longitude as the source gives it.").or_blank().or_absent(),
    figure("given_y", "Northing or latitude as the source gives it.").or_blank().or_absent(),
    text("given_crs", "The coordinate system of the source, such as gcj02.").or_blank().or_absent(),
];

pub(super) const RESIDENTS: &[Column] = &[
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

pub(super) const SHARES: &[Column] = &[
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

pub(super) const UNITS: &[Column] = &[
    text("code", "Code of the unit."),
    text("name", "Its name, or the code."),
    word("kind", of!(UnitKind), "Its kind."),
    text("parent", "Code of the unit around it.").or_blank(),
    number("people", "people", "Its residents."),
];

pub(super) const FACILITIES: &[Column] = &[
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

pub(super) const LINKS: &[Column] = &[
    choice("what", &["home", "door"], "A resident place, or a door of a facility."),
    text("id", "Id of the resident place or the facility."),
];

pub(super) const NEAREST_STREET: &[Column] =
    &[number("nearest_street_m", "m", "The straight way to the nearest open street, chosen or not.")
        .or_blank()];

pub(super) const GAPS: &[Column] = &[
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

pub(super) const BANDS: &[Column] = &[
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

pub(super) const HOURS: &[Column] = &[
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

pub(super) const OF_PARITY: &[Column] = &[text("parity", "Name of the question.")];

pub(super) const PARITY: &[Column] = &[
    text("service", "The service; empty are all required services together.").or_blank(),
    text("group", "The first group of residents."),
    text("against", "The second, against which it is held."),
    number("people", "people", "Residents of the first."),
    number("people_against", "people", "Residents of the second."),
    number("share", SHARE, "Who of the first has it for certain; of all required services the mean share.")
        .or_blank(),
    number("share_against", SHARE, "Who of the second has it for certain.").or_blank(),
    number("share_lenient", SHARE, "Who of the first has it at most.").or_blank(),
    number("share_lenient_against", SHARE, "Who of the second has it at most.").or_blank(),
    figure("ratio", "The first share over the second, for certain; 1 is parity.").or_blank(),
    figure("gap", "The first share less the second, from -1 to 1, for certain.").or_blank(),
];

pub(super) const SEASONS: &[Column] = &[
    text("service", "The service."),
    text("season", "The season; empty is the mean over all of them, by their days.").or_blank(),
    integer("days", "days", "Its days."),
    number("people", "people", "Residents."),
    number(
        "covered",
        "people",
        "Residents who have the service for certain, if everybody walked as in the season.",
    ),
    number("covered_lenient", "people", "The same where places that may count do."),
    number("share", SHARE, "Their share."),
    number("share_lenient", SHARE, "Their share."),
];

pub(super) const UNREACHED: &[Column] = &[
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
