//! Columns about barriers and islands of streets.

use lifecircle_types::{BarrierKind, UnitKind};

use super::SHARE;
use crate::schema::column::{Column, choice, figure, integer, number, text, word};

pub(super) const SEVERANCE: &[Column] = &[
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

pub(super) const PLACES_SEVERED: &[Column] = &[
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

pub(super) const BARRIERS: &[Column] = &[
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

pub(super) const CROSSINGS: &[Column] = &[
    text("barrier", "Id of the barrier."),
    word("barrier_kind", of!(BarrierKind), "Its kind."),
    text("barrier_name", "Its name.").or_blank(),
    text("street", "Id of the street."),
    text("street_name", "Its name.").or_blank(),
];

pub(super) const ISLANDS: &[Column] = &[
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
