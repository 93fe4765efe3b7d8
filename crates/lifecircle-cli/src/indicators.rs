//! Indicators on the terminal: how many stand where, and those that miss their target.

use lifecircle::Outcome;
use lifecircle::indicators::{Attainment, IndicatorResult, UnitValue};
use lifecircle::taxonomy::{Confidence, Goal};

use crate::summary::{right, table};

/// Lines of the table.
const SHOWN: usize = 12;

pub(crate) fn indicators(outcome: &Outcome<'_>) -> String {
    let whole = || outcome.indicators.iter().filter_map(|result| Some((result, result.values.first()?)));
    if whole().next().is_none() {
        return String::new();
    }
    let count = |keep: &dyn Fn(&UnitValue) -> bool| whole().filter(|(_, value)| keep(value)).count();
    let stands = |wanted| count(&|value: &UnitValue| value.attainment == Some(wanted));
    let counts = [
        (stands(Attainment::Met), "at or beyond the target"),
        (stands(Attainment::Missed), "short of it"),
        (stands(Attainment::Open), "not to be told from what is stated"),
        (count(&|value| value.value.is_some() && value.attainment.is_none()), "without a target"),
        (count(&|value| value.value.is_none()), "without data"),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    let text = format!("Indicators of the packs: {}", parts.join(", "));
    let mut missed: Vec<(&IndicatorResult, &UnitValue)> =
        whole().filter(|(_, value)| value.attainment == Some(Attainment::Missed)).collect();
    // those farthest behind, as a part of what is asked; of equals in the order of their keys
    missed.sort_by(|a, b| behind(b.1).total_cmp(&behind(a.1)));
    if missed.is_empty() {
        return text;
    }
    let mut table = table(&["Misses its target by most", "value", "target", "", "pack"]);
    for (result, value) in missed.iter().take(SHOWN) {
        let indicator = &result.applied.indicator;
        let star = if indicator.backing.confidence == Confidence::Memory { "*" } else { "" };
        let number = value.value.map_or_else(|| "-".into(), figure);
        table.add_row(vec![
            format!("{}{star}", indicator.en),
            number,
            value.target.as_ref().map_or_else(String::new, goal),
            indicator.unit.clone(),
            result.applied.pack.clone(),
        ]);
    }
    right(&mut table, 1);
    let more = missed.len().saturating_sub(SHOWN);
    let rest =
        if more > 0 { format!("\n{more} more, and every unit, in indicators.csv") } else { String::new() };
    format!("{text}\n\n{table}{rest}")
}

/// How much is lacking, as a part of the target.
fn behind(value: &UnitValue) -> f64 {
    let end = value.target.and_then(|goal| goal.amount.at_least.or(goal.amount.at_most)).unwrap_or(0.0);
    value.short_by.unwrap_or(0.0) / end.abs().max(1e-9)
}

fn goal(goal: &Goal) -> String {
    let more = if goal.strictly { "more than" } else { "at least" };
    let less = if goal.strictly { "less than" } else { "at most" };
    let amount = match (goal.amount.at_least, goal.amount.at_most) {
        (Some(low), Some(high)) if low.total_cmp(&high).is_eq() => figure(low),
        (Some(low), Some(high)) => format!("{} to {}", figure(low), figure(high)),
        (Some(low), None) => format!("{more} {}", figure(low)),
        (None, Some(high)) => format!("{less} {}", figure(high)),
        (None, None) => return String::new(),
    };
    goal.year.map_or_else(|| amount.clone(), |year| format!("{amount} by {year}"))
}

/// Four digits that matter, no zeros behind them.
fn figure(value: f64) -> String {
    let decimals = if value.abs() >= 1000.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        Some((whole, part)) if part.bytes().all(|digit| digit == b'0') => whole.into(),
        _ => text,
    }
}
