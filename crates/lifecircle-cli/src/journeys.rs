//! Journeys of several parts, on the terminal.

use lifecircle::Outcome;
use lifecircle::journey::{CityEscorts, CityLevels, CityStops};
use lifecircle::types::ServiceKey;

use crate::summary::range;

/// A line or two for every journey that the study asks about.
pub(crate) fn journeys(outcome: &Outcome<'_>) -> String {
    let levels = outcome.levels.iter().map(levels);
    let stops = outcome.one_stop.iter().map(stops);
    let escorts = outcome.escort.iter().map(escorts);
    levels.chain(stops).chain(escorts).collect::<Vec<_>>().join("\n")
}

fn levels(city: &CityLevels) -> String {
    let everybody = city.whole.iter().filter(|reach| reach.group.is_none());
    let level = |reach: &lifecircle::journey::LevelReach| {
        let within = reach.within.as_ref().zip(city.asked.within_min.get(reach.level as usize - 1));
        let within = within
            .map_or_else(String::new, |(share, limit)| format!(", {} within {limit} min", range(share)));
        format!(
            "{} {} ({} of residents{within})",
            spaced(&reach.service),
            mean(reach.mean_min),
            range(&reach.reached)
        )
    };
    let found: Vec<String> = everybody.map(level).collect();
    let told = told(city.not_assessed.as_deref(), || found.join(", then "));
    format!("Levels of {}: {told}", spaced(&city.key))
}

fn stops(city: &CityStops) -> String {
    let asked = &city.asked;
    let found = city.whole.first().map_or_else(
        || "-".into(),
        |all| {
            format!(
                "{} of residents find {} of {} services within {} m of each other and {} min from home; {} on average",
                range(&all.found),
                asked.needed(),
                asked.services.len(),
                asked.stop_m,
                asked.within_min,
                one_decimal(all.mean_services),
            )
        },
    );
    format!("One stop for {}: {found}{}", spaced(&city.key), hidden(&city.no_data))
}

fn escorts(city: &CityEscorts) -> String {
    let found = || {
        let Some(all) = city.whole.first() else { return "nobody to be brought".into() };
        let who = all.group.as_ref().map_or_else(|| "residents".into(), spaced);
        format!(
            "{} of {who} can be brought within {} min; there in {}, back in {}",
            range(&all.within),
            city.asked.within_min,
            mean(all.there_min),
            mean(all.back_min)
        )
    };
    format!("Escorts to {}: {}", spaced(&city.key), told(city.not_assessed.as_deref(), found))
}

/// The figure, or why there is none.
pub(crate) fn told(not_assessed: Option<&str>, found: impl FnOnce() -> String) -> String {
    not_assessed.map_or_else(found, |reason| format!("not assessed, {reason}"))
}

/// Services that no source shows.
pub(crate) fn hidden(services: &[ServiceKey]) -> String {
    let names: Vec<String> = services.iter().map(spaced).collect();
    if names.is_empty() { String::new() } else { format!("; no data on {}", names.join(", ")) }
}

pub(crate) fn one_decimal(mean: Option<f64>) -> String {
    mean.map_or_else(|| "-".into(), |mean| format!("{mean:.1}"))
}

pub(crate) fn mean(minutes: Option<f64>) -> String {
    minutes.map_or_else(|| "-".into(), |minutes| format!("{minutes:.1} min"))
}

pub(crate) fn spaced(key: &impl ToString) -> String {
    key.to_string().replace('_', " ")
}
