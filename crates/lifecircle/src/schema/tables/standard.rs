//! Columns about what packs ask: indicators, axes, scores, clauses of plans.

use lifecircle_indicators::{Attainment, Origin, Verdict};
use lifecircle_taxonomy::{Better, Confidence, Requirement};
use lifecircle_types::{UnitKind, ZoneType};
use schemars::JsonSchema;

use super::POINTS;
use crate::schema::column::{Column, figure, flag, number, text, word};

/// The unit that a row is about.
pub(super) const OF_UNIT: &[Column] = &[
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    text("unit_label", "Its name."),
    word("unit_kind", of!(UnitKind), "Its kind.").or_blank(),
];

pub(super) const OF_INDICATOR: &[Column] = &[
    text("indicator", "Key of the indicator."),
    text("en", "English name."),
    text("zh", "Chinese name.").or_blank(),
];

pub(super) const INDICATORS: &[Column] = &[
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
pub(super) const BACKING: &[Column] = &[
    word("confidence", of!(Confidence), "How sure the figure is."),
    flag("unconfirmed", "Whether nobody has confirmed it."),
    text("source", "Where it comes from."),
];

pub(super) const NOTE: &[Column] =
    &[text("note", "Why there is no value, or what to know about it.").or_blank()];

pub(super) const SCOPE: &[Column] =
    &[text("scope", "all, tier:<tier> or domain:<domain>: the services that are looked at.")];

pub(super) const AXES: &[Column] = &[
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

pub(super) const OF_SCORE: &[Column] = &[
    text("score", "Key of the score."),
    text("en", "English name."),
    text("zh", "Chinese name.").or_blank(),
];

pub(super) const SCORES: &[Column] = &[
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

pub(super) const SCORE_PARTS: &[Column] = &[
    text("score", "Key of the score."),
    text("unit_code", "Code of the unit; empty is the whole place.").or_blank(),
    text("unit_label", "Its name."),
    text("part", "What the part is of."),
    number("weight", "share", "The weight of the part, as it was used.").or_blank(),
    number("value", POINTS, "What is certain.").or_blank(),
    number("at_most", POINTS, "The most that it can be.").or_blank(),
];

pub(super) const CLAUSES: &[Column] = &[
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
