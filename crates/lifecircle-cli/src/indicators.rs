//! Indicators on the terminal: how many stand where, and those that miss their target.

use lifecircle::Outcome;
use lifecircle::indicators::{Attainment, IndicatorResult, UnitScore, UnitValue};
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
pub(crate) fn figure(value: f64) -> String {
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

/// Scores of the whole place, and which units are best and worst.
pub(crate) fn scores(outcome: &Outcome<'_>) -> String {
    if outcome.scores.is_empty() {
        return String::new();
    }
    let mut table =
        table(&["Scores from 0 to 100", "the place", "best unit", "", "worst unit", "", "known", "pack"]);
    for result in &outcome.scores {
        let whole = result.units.iter().find(|unit| unit.unit.is_none());
        let least = result.applied.score.counted_over;
        let ranked = || result.units.iter().filter(|unit| unit.kind == least && unit.rank.is_some());
        let best = ranked().min_by_key(|unit| unit.rank);
        let worst = ranked().rev().max_by_key(|unit| unit.rank).filter(|worst| best != Some(*worst));
        let mut row = vec![result.applied.score.en.clone(), whole.map_or_else(String::new, score)];
        for unit in [best, worst] {
            row.push(unit.map_or_else(String::new, |unit| unit.label.clone()));
            row.push(unit.map_or_else(String::new, score));
        }
        let known = result.units.first().map_or(0.0, |unit| unit.assessed);
        row.push(format!("{:.0} %", 100.0 * known));
        row.push(result.applied.pack.clone());
        table.add_row(row);
    }
    for column in [1, 3, 5, 6] {
        right(&mut table, column);
    }
    let is_capped = outcome.scores.iter().any(|result| result.units.iter().any(|unit| unit.is_capped));
    let capped = if is_capped {
        "
! without a bottom-line service: the grade is capped, and the rank is below all that have it"
    } else {
        ""
    };
    format!(
        "{table}{capped}
with grades, ranks and parts in scores.csv and score_parts.csv; all sides of every domain in axes.csv"
    )
}

pub(crate) fn score(unit: &UnitScore) -> String {
    let Some(score) = unit.score else {
        return "-".into();
    };
    let grade = unit.grade.as_deref().map_or_else(String::new, |grade| format!(" {grade}"));
    let capped = if unit.is_capped { "!" } else { "" };
    let at_most =
        if score.at_most > score.certain + 0.05 { format!("-{:.1}", score.at_most) } else { String::new() };
    format!("{:.1}{at_most}{grade}{capped}", score.certain)
}
