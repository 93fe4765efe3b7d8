//! Monitoring on the terminal: lights, opinions, requests, and what ought to be promoted.

use lifecircle::Outcome;
use lifecircle::indicators::{Course, Light, Quadrant};

use crate::indicators::figure;
use crate::summary::{right, table};

/// Lines of the table.
const SHOWN: usize = 10;

pub(crate) fn monitoring(outcome: &Outcome<'_>) -> String {
    let Some(monitoring) = &outcome.monitoring else {
        return String::new();
    };
    let mut lines = Vec::new();
    let whole: Vec<&Course> = monitoring.courses.iter().filter(|course| course.unit.is_none()).collect();
    if !whole.is_empty() {
        let count = |light| whole.iter().filter(|course| course.light == Some(light)).count();
        lines.push(format!(
            "On the way to their targets: {} green, {} amber, {} red, {} not known exactly",
            count(Light::Green),
            count(Light::Amber),
            count(Light::Red),
            whole.iter().filter(|course| course.light.is_none()).count()
        ));
        lines.extend(behind(&whole));
    }
    if let Some(all) = monitoring.tickets.iter().find(|count| count.about.is_none() && count.unit.is_none()) {
        let in_time = all.in_time_percent.map_or_else(String::new, |share| {
            let range = share
                .low
                .zip(share.high)
                .map_or_else(String::new, |(low, high)| format!(" ({low:.0} to {high:.0})"));
            format!(", {:.0} %{range} of those decided answered in time", share.value)
        });
        let days =
            all.median_days.map_or_else(String::new, |days| format!(", half of them within {days} days"));
        lines.push(format!("{} requests{in_time}{days}; {} overdue", all.tickets, all.overdue));
    }
    let concentrate: Vec<&str> = monitoring
        .opinions
        .iter()
        .filter(|opinion| opinion.unit.is_none() && opinion.quadrant == Some(Quadrant::Concentrate))
        .map(|opinion| opinion.about.as_str())
        .collect();
    if !concentrate.is_empty() {
        lines.push(format!(
            "Matters more and contents less than others: {}",
            concentrate.join(", ").replace('_', " ")
        ));
    }
    for promotion in &monitoring.promotions {
        let urgency: Vec<String> =
            promotion.urgency.iter().map(|why| why.to_string().replace('_', " ")).collect();
        lines.push(format!(
            "To be promoted to {}: {} ({:.0} % without it; {})",
            promotion.to.to_string().replace('_', " "),
            promotion.en,
            100.0 * promotion.without,
            urgency.join(", ")
        ));
    }
    lines.join("\n")
}

/// Indicators that are behind, the farthest first.
fn behind(courses: &[&Course]) -> Option<String> {
    let mut late: Vec<&&Course> =
        courses.iter().filter(|course| matches!(course.light, Some(Light::Amber | Light::Red))).collect();
    late.sort_by(|a, b| a.way_gone.unwrap_or(0.0).total_cmp(&b.way_gone.unwrap_or(0.0)));
    if late.is_empty() {
        return None;
    }
    let mut table =
        table(&["Behind its path", "light", "value", "expected", "target", "by", "a year", "on course"]);
    let figure = |value: Option<f64>| value.map_or_else(|| "-".into(), figure);
    for course in late.iter().take(SHOWN) {
        table.add_row(vec![
            course.en.clone(),
            course.light.map_or_else(String::new, |light| light.to_string()),
            figure(course.value),
            figure(Some(course.expected)),
            figure(Some(course.target)),
            course.target_year.to_string(),
            figure(course.per_year),
            course.on_course.map_or("", |on_course| if on_course { "yes" } else { "no" }).into(),
        ]);
    }
    for column in 2..7 {
        right(&mut table, column);
    }
    let more = late.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!("\n{more} more in monitoring.csv") } else { String::new() };
    Some(format!("{table}{rest}"))
}
