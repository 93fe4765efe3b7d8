//! Columns about courses to targets, what people say and what they ask for.

use lifecircle_indicators::{KanoClass, Light, Quadrant};
use lifecircle_taxonomy::Tier;

use super::{POINTS, SHARE};
use crate::schema::column::{Column, day, figure, flag, number, text, word};

pub(super) const MONITORING: &[Column] = &[
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

pub(super) const SERIES: &[Column] = &[
    day("date", "The day of the run."),
    text("indicator", "Key of the indicator."),
    text("unit", "Code of the unit; empty is the whole place.").or_blank(),
    figure("value", "The value."),
    text("pack", "Key of the pack."),
];

pub(super) const SATISFACTION: &[Column] = &[
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

pub(super) const TICKETS: &[Column] = &[
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

pub(super) const TICKETS_GRID: &[Column] = &[
    number("tickets", "requests", "Requests in the square."),
    number("in_time_percent", "percent", "In time, of those that were due.").or_blank(),
    number("problems", "problems", "Problems in the square."),
];

pub(super) const PROMOTION: &[Column] = &[
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
