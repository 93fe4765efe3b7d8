//! What holds of every outcome, whatever the place.

use std::collections::{BTreeMap, BTreeSet};

use lifecircle::Outcome;
use lifecircle::indicators::{Attainment, UnitAxes};

/// Checks that sums over units equal the place, that scores and ranks keep their laws, and that nothing stands twice.
pub(crate) fn hold(outcome: &Outcome<'_>) {
    sums_over_units_equal_the_place(outcome);
    scores_keep_their_laws(outcome);
    #[cfg(feature = "report")]
    a_report_holds_every_problem_and_closes_what_it_opens(outcome);
    let ids: BTreeSet<&str> = outcome.problems.iter().map(|problem| problem.id.as_str()).collect();
    assert_eq!(ids.len(), outcome.problems.len(), "an id for every problem");
    let mut ranks: BTreeMap<(&str, &str), Vec<u32>> = BTreeMap::new();
    for row in &outcome.unreached {
        assert!(row.unreached > 0.0 && row.unreached <= row.members + 1e-6, "{row:?}");
        ranks.entry((&row.group, &row.unit)).or_default().push(row.rank);
    }
    for ranks in ranks.into_values() {
        let last = u32::try_from(ranks.len()).unwrap();
        assert_eq!(ranks, (1..=last).collect::<Vec<_>>());
    }
}

fn sums_over_units_equal_the_place(outcome: &Outcome<'_>) {
    let units = outcome.study().units();
    let outside = outcome.inputs().homes.iter().filter(|home| home.unit.is_none()).count();
    let mut by_scope: BTreeMap<&str, Vec<&UnitAxes>> = BTreeMap::new();
    for axes in &outcome.axes {
        by_scope.entry(&axes.scope).or_default().push(axes);
    }
    for (scope, all) in by_scope {
        let (whole, parts) = (all[0], &all[1..]);
        assert!(whole.unit.is_none(), "{scope}: the whole place comes first");
        for axes in &all {
            let figures =
                [axes.balance, axes.fairness, axes.convenience, axes.friendly_old, axes.friendly_young];
            assert!(
                figures.into_iter().flatten().all(|score| (0.0..=100.0 + 1e-9).contains(&score)),
                "{axes:?}"
            );
            for range in [axes.reach, axes.quality, axes.inclusiveness].into_iter().flatten() {
                assert!(range.certain <= range.at_most + 1e-9 && range.at_most <= 100.0 + 1e-9, "{axes:?}");
            }
        }
        // units without one around them part what lies in any
        let top = |axes: &&&UnitAxes| {
            let code = axes.unit.as_deref().unwrap();
            units.find(code).is_some_and(|unit| units.parent(unit).is_none())
        };
        if outside == 0 && !parts.is_empty() {
            let people: f64 = parts.iter().filter(top).map(|axes| axes.people).sum();
            assert!((people - whole.people).abs() < 1e-3, "{scope}: {people} and {}", whole.people);
            let reached = |axes: &UnitAxes| axes.reach.map_or(0.0, |reach| reach.certain) * axes.people;
            let sum: f64 = parts.iter().filter(top).map(|axes| reached(axes)).sum();
            assert!((sum - reached(whole)).abs() <= 1e-9 * reached(whole).max(1.0), "{scope}");
        }
    }
}

#[cfg(feature = "report")]
fn a_report_holds_every_problem_and_closes_what_it_opens(outcome: &Outcome<'_>) {
    for language in [lifecircle::Language::English, lifecircle::Language::Chinese] {
        let mut html = Vec::new();
        outcome.write_report(&mut html, language).unwrap();
        let html = String::from_utf8(html).unwrap();
        for problem in &outcome.problems {
            assert!(html.contains(&problem.id), "{}", problem.id);
        }
        for name in ["section", "table", "tr", "td", "th", "svg", "g", "div", "script", "select", "details"] {
            let opened =
                html.matches(&format!("<{name}>")).count() + html.matches(&format!("<{name} ")).count();
            assert_eq!(opened, html.matches(&format!("</{name}>")).count(), "{name}");
        }
        assert!(!html.contains("NaN") && !html.contains(">inf"), "every figure is a number");
    }
}

fn scores_keep_their_laws(outcome: &Outcome<'_>) {
    for result in &outcome.scores {
        for unit in &result.units {
            assert_eq!(unit.parts.len(), result.applied.score.parts.len());
            assert!(unit.assessed >= 0.0 && unit.assessed <= 1.0 + 1e-9, "{unit:?}");
            if let Some(score) = unit.score {
                assert!(score.certain >= 0.0 && score.certain <= score.at_most + 1e-9, "{unit:?}");
            }
            if let (Some(rank), Some((best, worst))) = (unit.rank, unit.rank_range) {
                assert!(best <= rank && rank <= worst, "{unit:?}");
            }
        }
        for a in &result.units {
            for b in result.units.iter().filter(|b| a.kind == b.kind) {
                let lacks = a.bottom_line == Some(Attainment::Missed);
                let has = b.bottom_line == Some(Attainment::Met);
                if let (true, true, Some(a), Some(b)) = (lacks, has, a.rank, b.rank) {
                    assert!(
                        a > b,
                        "{}: without the bottom line a unit ranks below",
                        result.applied.score.key
                    );
                }
            }
        }
    }
}
