//! Coverage by time of day on the terminal.

use comfy_table::CellAlignment;
use lifecircle::types::Weekday;
use lifecircle::{Hours, Outcome, ServiceHours};

use crate::summary::{range, right, table, title};

/// Coverage by parts of the week, where the study asks for it.
pub(crate) fn hours(outcome: &Outcome<'_>) -> String {
    let Some(hours) = outcome.hours.as_ref().filter(|hours| !hours.services.is_empty()) else {
        return String::new();
    };
    let (working, weekend) = Weekday::ALL.split_at(5);
    let mut table = table(&[
        "Open on arrival",
        "at any time",
        "over the week",
        "Mo-Fr 9-17",
        "Mo-Fr 18-21",
        "Sa-Su 9-17",
        "nights 22-6",
        "worst hour of 8-20",
    ]);
    for service in &hours.services {
        let whole = lifecircle::indicators::Range {
            strict: service.coverage.strict.overall,
            lenient: service.coverage.lenient.overall,
        };
        table.add_row(vec![
            title(outcome, &service.service).to_string(),
            range(&service.at_any_time),
            range(&whole),
            range(&service.over(working, 9, 17)),
            range(&service.over(working, 18, 21)),
            range(&service.over(weekend, 9, 17)),
            range(&service.over(Weekday::ALL, 22, 6)),
            worst(hours, service),
        ]);
    }
    right(&mut table, 1);
    if let Some(column) = table.column_mut(7) {
        column.set_cell_alignment(CellAlignment::Left);
    }
    format!("{table}\n{}", notes(hours))
}

/// The hour between 8 and 20 in which the fewest residents find it open, strictly.
fn worst(hours: &Hours, service: &ServiceHours) -> String {
    let days = hours.days.iter().map(|day| day.weekday());
    let each = days.flat_map(|day| (8..20).map(move |hour| (day, hour)));
    let found = each
        .map(|(day, hour)| (service.over(&[day], hour, hour + 1), day, hour))
        .min_by_key(|(coverage, ..)| coverage.strict.covered);
    found.map_or_else(String::new, |(coverage, day, hour)| {
        format!("{} {day} {hour}-{}", range(&coverage), hour + 1)
    })
}

fn notes(hours: &Hours) -> String {
    let mut notes = Vec::new();
    if let (Some(first), Some(last)) = (hours.days.first(), hours.days.last()) {
        let stay = match hours.stay.as_millis() {
            0 => "on arrival".into(),
            _ => format!("on arrival and for {} after it", hours.stay),
        };
        notes.push(format!(
            "{first} to {last}: residents who find a place in reach open {stay}, on average over the hours"
        ));
    }
    let unknown = hours.unstated.len() + hours.refused.len();
    if unknown > 0 {
        notes.push(format!(
            "a-b: of {} places {} state no hours and {} state some that cannot be read: closed, or open",
            hours.facilities.len(),
            hours.unstated.len(),
            hours.refused.len()
        ));
    }
    notes.join("\n")
}
