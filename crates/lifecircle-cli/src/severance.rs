//! What barriers cost, on the terminal.

use lifecircle::network::Divide;
use lifecircle::types::People;
use lifecircle::{CitySeverance, Outcome, UnitSeverance};

use crate::summary::{people, percent, right, table};

/// Barriers that are listed.
const LISTED: usize = 10;

/// The barriers that cost most, how far people walk around, and the islands of streets; where the study asks for it.
pub(crate) fn severance(outcome: &Outcome<'_>) -> String {
    let Some(city) = &outcome.severance else { return String::new() };
    let mut table = table(&[
        "Barrier",
        "kind",
        "km",
        "crossings",
        "m a crossing",
        "residents beside it",
        "severed from each",
        "m to a crossing",
    ]);
    let worst = city.worst();
    let number = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.0}"));
    for (divide, cost) in worst.iter().take(LISTED) {
        table.add_row(vec![
            name(divide).to_string(),
            divide.kind.to_string(),
            format!("{:.1}", divide.length_m / 1000.0),
            divide.crossings.len().to_string(),
            number(divide.spacing_m()),
            people(cost.affected),
            number(cost.severed),
            number(cost.to_crossing_m),
        ]);
    }
    right(&mut table, 2);
    let whole = city.units.first().map(|all| notes(city, all)).unwrap_or_default();
    if worst.is_empty() {
        return whole;
    }
    let more = worst.len().saturating_sub(LISTED);
    let more = if more > 0 { format!("and {more} more in barriers.geojson\n") } else { String::new() };
    format!("{table}\n{more}{whole}")
}

fn name(divide: &Divide) -> &str {
    divide.name.as_deref().unwrap_or(&divide.id)
}

fn notes(city: &CitySeverance, all: &UnitSeverance) -> String {
    let options = &city.settings.options;
    let share = |part: People, whole: People| percent(part.share_of(whole));
    let mut lines = vec![format!(
        "within {} m as the crow flies: barriers sever {} of residents from somebody, {} of all pairs of residents; \
         severed is across a barrier and by a walk of more than {} % of the straight line",
        options.radius.as_metres_f64(),
        share(all.affected, all.people),
        percent(all.severed_share),
        options.detour_percent,
    )];
    if let Some(index) = all.detour_index {
        lines.push(format!(
            "walks to them are {index:.2} times the straight line on average, more than {:.2} times for {} of residents",
            f64::from(city.settings.indirect_percent) / 100.0,
            share(all.indirect, all.measured),
        ));
    }
    let islands = || city.components.iter().filter(|row| row.component.cause.is_some());
    if islands().next().is_some() {
        let living: People = islands().map(|row| row.people).sum();
        let facilities: usize = islands().map(|row| row.facilities).sum();
        let metres = islands().map(|row| row.component.length_m).sum::<f64>();
        lines.push(format!(
            "{} islands of streets, {:.1} km, {} residents, {} facilities: see islands.geojson",
            islands().count(),
            metres / 1000.0,
            people(living),
            facilities,
        ));
    }
    lines.join("\n")
}
