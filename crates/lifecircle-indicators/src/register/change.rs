//! Two registers held against each other: years, scenarios, before and after.

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_types::word_enum;

use super::{Problem, problem_id};

word_enum! {
    /// What became of a problem between two runs.
    Change, "change" {
        /// Only the later run has it.
        New = "new",
        /// Both have it, and its gap has grown.
        Worse = "worse",
        /// Both have it, and its gap is the same.
        Unchanged = "unchanged",
        /// Both have it, and its gap has shrunk.
        Better = "better",
        /// Only the earlier run has it.
        Solved = "solved",
        /// Its unit is not in the other run, so that nobody can tell.
        Unmatched = "unmatched",
    }
}

/// A problem of either run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemChange {
    /// What became of it.
    pub change: Change,
    /// Its row in the earlier register.
    pub before: Option<usize>,
    /// Its row in the later register.
    pub after: Option<usize>,
}

/// What became of every problem: the later register in its order, then what only the earlier one has.
///
/// `renamed` gives the later code of every earlier unit that goes on, itself where its code stayed; the whole place,
/// `*`, always does. Gaps are compared to the millionth; where they are the same, people decide.
#[must_use]
pub fn compare_registers(
    before: &[Problem],
    after: &[Problem],
    renamed: &BTreeMap<String, String>,
) -> Vec<ProblemChange> {
    let later_code = |code: &str| if code == "*" { Some("*") } else { renamed.get(code).map(String::as_str) };
    let mut earlier: BTreeMap<String, usize> = BTreeMap::new();
    let mut unmatched = Vec::new();
    for (row, problem) in before.iter().enumerate() {
        match later_code(&problem.unit) {
            Some(code) => {
                earlier.insert(problem_id(code, &problem.service, problem.class, &problem.clause), row);
            }
            None => unmatched.push(row),
        }
    }
    let later: BTreeSet<&str> = renamed.values().map(String::as_str).chain(["*"]).collect();
    let mut changes = Vec::with_capacity(after.len());
    for (row, problem) in after.iter().enumerate() {
        let old = earlier.remove(&problem.id);
        let change = match old {
            Some(old) => grown(&before[old], problem),
            None if later.contains(problem.unit.as_str()) => Change::New,
            None => Change::Unmatched,
        };
        changes.push(ProblemChange { change, before: old, after: Some(row) });
    }
    let mut solved: Vec<usize> = earlier.into_values().collect();
    solved.sort_unstable();
    let only_before = |change| move |row| ProblemChange { change, before: Some(row), after: None };
    changes.extend(solved.into_iter().map(only_before(Change::Solved)));
    changes.extend(unmatched.into_iter().map(only_before(Change::Unmatched)));
    changes
}

fn grown(before: &Problem, after: &Problem) -> Change {
    let more = |before: f64, after: f64| {
        if (after - before).abs() < 1e-6 { None } else { Some(after > before) }
    };
    let people = || more(before.people.as_f64(), after.people.as_f64());
    match more(before.gap, after.gap).or_else(people) {
        None => Change::Unchanged,
        Some(true) => Change::Worse,
        Some(false) => Change::Better,
    }
}
