//! Groups side by side and seasons, on the terminal.

use lifecircle::{CityParity, CitySeasons, Outcome};

use crate::journeys::spaced;
use crate::summary::{percent, table, title};

/// Services that are listed.
const LISTED: usize = 5;

/// A line for every pair of groups that the study compares, with the services that are farthest apart.
pub(crate) fn parity(outcome: &Outcome<'_>) -> String {
    outcome.parity.iter().map(|city| pair(outcome, city)).collect::<Vec<_>>().join("\n")
}

fn pair(outcome: &Outcome<'_>, city: &CityParity) -> String {
    let names: Vec<String> = city.asked.groups.iter().map(spaced).collect();
    let name = |at: usize| names.get(at).map_or("", String::as_str);
    let Some(all) = city.whole.iter().find(|row| row.service.is_none()) else {
        return format!("Parity of {} and {}: one of them is nobody", name(0), name(1));
    };
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "-".into(), |ratio| format!("{ratio:.3}"));
    let mut apart: Vec<_> =
        city.whole.iter().filter_map(|row| Some((row.service.as_ref()?, row.ratio?))).collect();
    apart.sort_by(|a, b| a.1.total_cmp(&b.1));
    let least = apart.iter().take(LISTED).filter(|(_, ratio)| *ratio < 1.0);
    let least: Vec<String> =
        least.map(|(service, ratio)| format!("{} {ratio:.2}", title(outcome, service))).collect();
    let least = if least.is_empty() { String::new() } else { format!("; least: {}", least.join(", ")) };
    format!(
        "Parity: {} have {} of required services on average, {} {}: a ratio of {}{least}",
        name(0),
        percent(all.one.strict),
        name(1),
        percent(all.other.strict),
        ratio(all.ratio)
    )
}

/// The services that a season takes most from.
pub(crate) fn seasons(outcome: &Outcome<'_>) -> String {
    let Some(city) = outcome.seasons.as_ref().filter(|city| !city.whole.is_empty()) else {
        return String::new();
    };
    let keys: Vec<String> = city.asked.iter().map(|season| season.key.clone().unwrap_or_default()).collect();
    let mut header = vec!["Over the seasons"];
    header.extend(keys.iter().map(String::as_str));
    header.push("all of them");
    let mut table = table(&header);
    let mut services: Vec<&[lifecircle::SeasonCoverage]> = city.whole.chunks(city.asked.len() + 1).collect();
    services.sort_by(|a, b| loss(b).total_cmp(&loss(a)));
    for rows in services.iter().take(LISTED) {
        let Some(first) = rows.first() else { continue };
        let mut cells = vec![title(outcome, &first.service).to_string()];
        cells.extend(rows.iter().map(|row| percent(row.covered.strict.share())));
        table.add_row(cells);
    }
    format!("{table}\n{}", left(city)).trim_end().into()
}

/// By how much coverage differs over the seasons.
fn loss(rows: &[lifecircle::SeasonCoverage]) -> f64 {
    let shares = || rows.iter().filter_map(|row| row.covered.strict.share());
    shares().fold(0.0, f64::max) - shares().fold(1.0, f64::min)
}

fn left(city: &CitySeasons) -> String {
    let services = city.whole.len() / (city.asked.len() + 1);
    if services > LISTED {
        format!("the {LISTED} of {services} services that differ most; all of them in seasons.csv")
    } else {
        String::new()
    }
}
