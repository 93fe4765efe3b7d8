//! The problem register on the terminal: how many of each class, and the first.

use std::collections::BTreeMap;

use lifecircle::Outcome;
use lifecircle::taxonomy::{Confidence, ProblemClass};

use crate::summary::{people, right, table, title};

/// Lines of the table.
const SHOWN: usize = 10;

pub(crate) fn problems(outcome: &Outcome<'_>) -> String {
    if outcome.problems.is_empty() {
        return String::new();
    }
    let mut by_class: BTreeMap<ProblemClass, usize> = BTreeMap::new();
    for problem in &outcome.problems {
        *by_class.entry(problem.class).or_default() += 1;
    }
    let classes: Vec<String> = by_class
        .iter()
        .map(|(class, count)| format!("{count} {}", class.as_str().replace('_', " ")))
        .collect();
    let floor = outcome.problems.iter().filter(|problem| problem.is_floor).count();
    let text = format!(
        "{} problems, {floor} of them below the floor: {}",
        outcome.problems.len(),
        classes.join(", ")
    );
    let mut table = table(&["First problems", "service", "class", "cause", "people", "asked"]);
    for problem in outcome.problems.iter().take(SHOWN) {
        let star = if problem.confidence == Confidence::Memory { "*" } else { "" };
        table.add_row(vec![
            problem.label.clone(),
            title(outcome, &problem.service).to_string(),
            problem.class.as_str().replace('_', " "),
            problem.cause.as_str().replace('_', " "),
            people(problem.people),
            format!("{}{star}", problem.asks),
        ]);
    }
    right(&mut table, 4);
    let more = outcome.problems.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!("\n{more} more in problems.csv") } else { String::new() };
    format!("{text}\n\n{table}{rest}")
}
