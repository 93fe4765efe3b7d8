//! Walkers by rules of their own, and cars: what they reach, and why.

use std::fmt::Write;

use lifecircle::network::{Beyond, Crossings, MainRoad, Slope, Stairs};
use lifecircle::{Changed, Outcome, SlopeEffect, WalkerRules};

use crate::summary::{grouped, percent};

/// A few lines a walker; nothing where no walker has rules.
pub(crate) fn walkers(outcome: &Outcome<'_>) -> String {
    let mut text = String::new();
    for account in &outcome.by_walker {
        if text.is_empty() {
            text.push_str(
                "Walkers by rules of their own (the standard walker stays on the level and waits nowhere)\n",
            );
        }
        let record = outcome.provenance.walkers.iter().find(|record| record.key == account.key);
        let rules = record.and_then(|record| record.rules.as_ref()).map(words).unwrap_or_default();
        let pace = record.map_or(0.0, |record| f64::from(record.millimetres_in_15_min) / 900_000.0);
        let _ = writeln!(text, "  {} ({pace:.2} m/s on the level; {rules})", account.key);
        if let Some((own, standard)) = means(outcome, &account.key) {
            let _ = writeln!(
                text,
                "    if everybody walked like this, a service would be within its limit for {} of the residents on \
                 average (standard walker: {})",
                percent(Some(own)),
                percent(Some(standard))
            );
        }
        if let Some(wheels) = &account.wheels {
            let closed: Vec<_> = wheels
                .closed_by_m
                .iter()
                .map(|(bar, metres)| format!("{bar} {}", kilometres(*metres)))
                .collect();
            let closed = if closed.is_empty() { String::new() } else { format!(" ({})", closed.join(", ")) };
            let _ = writeln!(
                text,
                "    of {} of street {} are closed to wheels{closed}; of {} the map says nothing about wheelchair, \
                 surface, smoothness, incline or width: they count as open, which nobody knows",
                kilometres(wheels.streets_m),
                kilometres(wheels.closed_m),
                kilometres(wheels.untold_m)
            );
        }
        if let Some(SlopeEffect { pairs, there, back }) = account.slopes {
            let _ = writeln!(
                text,
                "    slopes, of {} pairs of home and service: there {}; back {}",
                grouped(pairs),
                changed(there, pairs),
                changed(back, pairs)
            );
        }
    }
    text
}

/// How trips by car were measured; nothing where they were not.
pub(crate) fn driving(outcome: &Outcome<'_>) -> String {
    let Some(drive) = &outcome.provenance.drive else { return String::new() };
    let mut text = match (&drive.matrix, drive.peak_percent, drive.signal_ms) {
        (Some(matrix), ..) => format!("Driving: times of {matrix}, as another tool measured them"),
        (None, Some(peak), Some(signal)) => format!(
            "Driving: {peak} % of the time on empty streets (the stated peak factor), {:.0} s at a signal; turn restrictions \
             are {}",
            f64::from(signal) / 1000.0,
            drive.turn_restrictions
        ),
        _ => String::new(),
    };
    if !drive.responding.is_empty() {
        let services: Vec<_> =
            drive.responding.iter().map(|service| service.as_str().replace('_', " ")).collect();
        let _ = write!(text, "; from the facility to the home: {}", services.join(", "));
    }
    text
}

/// The mean over services of what all residents would reach as this walker, and as the standard walker.
fn means(outcome: &Outcome<'_>, key: &str) -> Option<(f64, f64)> {
    let shares: Vec<(f64, f64)> = outcome
        .assessment
        .services
        .iter()
        .filter_map(|service| {
            let pace = service.pace.iter().find(|pace| {
                pace.group.is_none() && pace.walker.as_deref() == Some(key) && pace.own_pace.is_some()
            })?;
            Some((pace.own_pace?.strict.share()?, pace.standard.strict.share()?))
        })
        .collect();
    let count = u32::try_from(shares.len()).ok().filter(|&count| count > 0)?;
    let mean = |of: fn(&(f64, f64)) -> f64| shares.iter().map(of).sum::<f64>() / f64::from(count);
    Some((mean(|share| share.0), mean(|share| share.1)))
}

fn changed(changed: Changed, pairs: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "for display")]
    let share = |part: u64| percent((pairs > 0).then(|| part as f64 / pairs as f64));
    format!(
        "{} ({}) fall out of the limit and {} ({}) come within it",
        grouped(changed.lost),
        share(changed.lost),
        grouped(changed.gained),
        share(changed.gained)
    )
}

fn kilometres(metres: f64) -> String {
    format!("{:.1} km", metres / 1000.0)
}

fn words(rules: &WalkerRules) -> String {
    let mut words = Vec::new();
    match rules.slope {
        Slope::Ignored => {}
        Slope::Tobler => words.push("slopes by Tobler".to_string()),
        Slope::Bounded(limits) => words.push(format!(
            "slopes to {:.1} % up and {:.1} % down, {}",
            f64::from(limits.up_permille) / 10.0,
            f64::from(limits.down_permille) / 10.0,
            match limits.beyond {
                Beyond::Impassable => "impassable beyond".into(),
                Beyond::Percent(percent) => format!("{percent} % of the time beyond"),
            }
        )),
    }
    match (rules.stairs, rules.stairs_percent) {
        (Stairs::Impassable, _) => words.push("no stairs".into()),
        (Stairs::Allowed, 100) => {}
        (Stairs::Allowed, percent) => words.push(format!("stairs in {percent} % of the time")),
    }
    if rules.crossings != Crossings::NONE {
        let road = match rules.crossings.main_road {
            MainRoad::Fixed(wait) => format!("{:.0} s", wait.as_secs_f64()),
            MainRoad::Gaps { vehicles_per_hour, at_most } => {
                format!(
                    "a gap in {vehicles_per_hour} vehicles an hour, {:.0} s at most",
                    at_most.as_secs_f64()
                )
            }
        };
        let signal = rules.crossings.signal.as_secs_f64();
        words.push(format!("waits {signal:.0} s at signals and for {road} at main roads"));
    }
    if rules.wheels.is_some() {
        words.push("on wheels".into());
    }
    if let Some(winter) = rules.winter {
        words.push(format!("winter, {} % of the time (assumed)", winter.percent));
    }
    words.join("; ")
}
