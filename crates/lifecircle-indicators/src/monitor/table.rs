//! Monitoring as tables.

use geo_types::{Geometry, Rect, coord};
use lifecircle_types::{FeatureTable, InvalidSet, SeriesValue};

use super::course::Course;
use super::promotion::Promotion;
use super::survey::{Estimate, Opinion};
use super::tickets::{TicketCell, TicketCount};
use super::unreached::Unreached;
use crate::assess::Inputs;
use crate::tables::{flag, measure, number, text};

#[expect(clippy::cast_precision_loss, reason = "a count")]
fn count(count: usize) -> Option<f64> {
    Some(count as f64)
}

fn words(words: impl IntoIterator<Item = impl ToString>) -> Option<String> {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// A row per course.
///
/// # Errors
/// Never: columns have names of their own.
pub fn courses_table(courses: &[Course]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(courses.len());
    let own = |what: fn(&Course) -> Option<String>| text(courses.iter().map(what));
    let figure = |what: fn(&Course) -> Option<f64>| number(courses.iter().map(what));
    table.push("indicator", own(|course| Some(course.indicator.clone())))?;
    table.push("en", own(|course| Some(course.en.clone())))?;
    table.push("zh", own(|course| course.zh.clone()))?;
    table.push("unit_code", own(|course| course.unit.clone()))?;
    table.push("unit_label", own(|course| Some(course.label.clone())))?;
    table.push("measured_in", own(|course| Some(course.measured_in.clone())))?;
    table.push("value", figure(|course| course.value))?;
    table.push("expected", figure(|course| Some(course.expected)))?;
    table.push("light", own(|course| course.light.map(|light| light.to_string())))?;
    table.push("baseline", figure(|course| Some(course.baseline)))?;
    table.push("baseline_time", figure(|course| Some(course.baseline_time)))?;
    table.push("begins_with_series", flag(courses.iter().map(|course| Some(course.begins_with_series))))?;
    table.push("target", figure(|course| Some(course.target)))?;
    table.push("target_year", figure(|course| Some(course.target_year.into())))?;
    table.push("way_gone", figure(|course| course.way_gone))?;
    table.push("points", number(courses.iter().map(|course| count(course.points))))?;
    table.push("per_year", figure(|course| course.per_year))?;
    table.push("forecast", figure(|course| course.forecast))?;
    table.push("on_course", flag(courses.iter().map(|course| course.on_course)))?;
    Ok(table)
}

/// A row per value of a series, as it is read again.
///
/// # Errors
/// Never: columns have names of their own.
pub fn series_table(series: &[SeriesValue]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(series.len());
    table.push("date", text(series.iter().map(|value| Some(value.date.to_string()))))?;
    table.push("indicator", text(series.iter().map(|value| Some(value.indicator.clone()))))?;
    table.push("unit", text(series.iter().map(|value| value.unit.clone())))?;
    table.push("value", number(series.iter().map(|value| Some(value.value))))?;
    table.push("pack", text(series.iter().map(|value| Some(value.pack.clone()))))?;
    Ok(table)
}

/// A row per thing that was asked about and unit.
///
/// # Errors
/// Never: columns have names of their own.
pub fn opinions_table(opinions: &[Opinion]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(opinions.len());
    let own = |what: fn(&Opinion) -> Option<String>| text(opinions.iter().map(what));
    let figure = |what: fn(&Opinion) -> Option<f64>| number(opinions.iter().map(what));
    table.push("about", own(|opinion| Some(opinion.about.clone())))?;
    table.push("unit_code", own(|opinion| opinion.unit.clone()))?;
    table.push("answers", number(opinions.iter().map(|opinion| count(opinion.answers))))?;
    table.push("is_weighted", flag(opinions.iter().map(|opinion| Some(opinion.is_weighted))))?;
    for (name, of) in [
        ("satisfaction", (|opinion| opinion.satisfaction) as fn(&Opinion) -> Option<Estimate>),
        ("content_percent", |opinion| opinion.content),
    ] {
        let part = |part: fn(Estimate) -> Option<f64>| number(opinions.iter().map(|one| part(of(one)?)));
        table.push(name, part(|estimate| Some(estimate.value)))?;
        table.push(format!("{name}_low"), part(|estimate| estimate.low))?;
        table.push(format!("{name}_high"), part(|estimate| estimate.high))?;
    }
    table.push("importance", figure(|opinion| opinion.importance))?;
    table.push("quadrant", own(|opinion| opinion.quadrant.map(|quadrant| quadrant.to_string())))?;
    table.push("priority", figure(|opinion| opinion.priority))?;
    table.push("kano", own(|opinion| opinion.kano.as_ref().map(|kano| kano.class.to_string())))?;
    table.push("better", figure(|opinion| opinion.kano.as_ref()?.better))?;
    table.push("worse", figure(|opinion| opinion.kano.as_ref()?.worse))?;
    Ok(table)
}

/// A row per thing and unit, everything in the whole place first.
///
/// # Errors
/// Never: columns have names of their own.
pub fn tickets_table(counts: &[TicketCount]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(counts.len());
    let own = |what: fn(&TicketCount) -> Option<String>| text(counts.iter().map(what));
    let counted = |what: fn(&TicketCount) -> usize| number(counts.iter().map(|one| count(what(one))));
    let figure = |what: fn(&TicketCount) -> Option<f64>| number(counts.iter().map(what));
    table.push("about", own(|count| count.about.clone()))?;
    table.push("unit_code", own(|count| count.unit.clone()))?;
    table.push("tickets", counted(|count| count.tickets))?;
    table.push("in_time", counted(|count| count.in_time))?;
    table.push("late", counted(|count| count.late))?;
    table.push("overdue", counted(|count| count.overdue))?;
    table.push("pending", counted(|count| count.pending))?;
    table.push("without_due", counted(|count| count.without_due))?;
    table.push("in_time_percent", figure(|count| Some(count.in_time_percent?.value)))?;
    table.push("in_time_percent_low", figure(|count| count.in_time_percent?.low))?;
    table.push("in_time_percent_high", figure(|count| count.in_time_percent?.high))?;
    table.push("median_days", figure(|count| count.median_days))?;
    Ok(table)
}

/// A row per square of a kilometre, with its outline.
///
/// # Errors
/// Never: columns have names of their own.
pub fn ticket_cells_table(cells: &[TicketCell]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(cells.len());
    table.push("tickets", number(cells.iter().map(|cell| count(cell.tickets))))?;
    table.push("in_time_percent", number(cells.iter().map(|cell| cell.in_time_percent)))?;
    table.push("problems", number(cells.iter().map(|cell| count(cell.problems))))?;
    let square = |cell: &TicketCell| {
        let (low, high) = cell.corners;
        let corners = (coord! { x: low.lon(), y: low.lat() }, coord! { x: high.lon(), y: high.lat() });
        Some(Geometry::Polygon(Rect::new(corners.0, corners.1).to_polygon()))
    };
    table.set_geometry(cells.iter().map(square).collect())?;
    Ok(table)
}

/// A row per service that ought to be promoted.
///
/// # Errors
/// Never: columns have names of their own.
pub fn promotions_table(promotions: &[Promotion]) -> Result<FeatureTable, InvalidSet> {
    let mut table = FeatureTable::new(promotions.len());
    let own = |what: fn(&Promotion) -> Option<String>| text(promotions.iter().map(what));
    let figure = |what: fn(&Promotion) -> Option<f64>| number(promotions.iter().map(what));
    table.push("service", own(|one| Some(one.service.to_string())))?;
    table.push("en", own(|one| Some(one.en.clone())))?;
    table.push("zh", own(|one| Some(one.zh.clone())))?;
    table.push("tier", own(|one| one.tier.map(|tier| tier.to_string())))?;
    table.push("to", own(|one| Some(one.to.to_string())))?;
    table.push("without_percent", figure(|one| Some(100.0 * one.without)))?;
    table.push("people", figure(|one| Some(one.people)))?;
    table.push("urgency", own(|one| words(&one.urgency)))?;
    table.push("tickets", number(promotions.iter().map(|one| count(one.tickets))))?;
    table.push("satisfaction", figure(|one| one.satisfaction))?;
    Ok(table)
}

/// A row per group, unit and service that its members do not reach, with the names of `inputs`, from which it was found.
///
/// # Errors
/// Never: columns have names of their own.
pub fn unreached_table(rows: &[Unreached], inputs: &Inputs<'_>) -> Result<FeatureTable, InvalidSet> {
    let unit = |row: &Unreached| inputs.units.find(&row.unit).map(|unit| &inputs.units[unit]);
    let service = |row: &Unreached| inputs.catalogue.service(&row.service);
    let mut table = FeatureTable::new(rows.len());
    let own = |what: fn(&Unreached) -> Option<String>| text(rows.iter().map(what));
    let figure = |what: fn(&Unreached) -> Option<f64>| number(rows.iter().map(what));
    table.push("group", own(|row| Some(row.group.clone())))?;
    table.push("unit_code", own(|row| Some(row.unit.clone())))?;
    table.push("unit_label", text(rows.iter().map(|row| Some(unit(row)?.label()))))?;
    table.push("unit_kind", text(rows.iter().map(|row| Some(unit(row)?.kind.as_str()))))?;
    table.push("rank", figure(|row| Some(row.rank.into())))?;
    table.push("service", own(|row| Some(row.service.to_string())))?;
    table.push("en", text(rows.iter().map(|row| Some(service(row)?.en.as_str()))))?;
    table.push("zh", text(rows.iter().map(|row| Some(service(row)?.zh.as_str()))))?;
    table.push("tier", own(|row| row.tier.map(|tier| tier.to_string())))?;
    table.push("is_for_group", flag(rows.iter().map(|row| Some(row.is_for_group))))?;
    table.push("members", figure(|row| Some(row.members)))?;
    table.push("unreached", figure(|row| Some(row.unreached)))?;
    table.push("nearest_m", measure(rows.iter().map(|row| row.nearest_m)))?;
    table.push("comes", own(|row| words(&row.comes)))?;
    Ok(table)
}
