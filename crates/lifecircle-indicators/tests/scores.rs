//! Axes and scores of the county on paper, and the laws of ranks.

#![expect(clippy::unwrap_used, reason = "a mistake in the paper county should stop the test")]

mod county;

use county::{County, county};
use lifecircle_indicators::{
    Attainment, Ranked, ScoreRange, ScoreResult, UnitAxes, UnitScore, axes_table, combined_score,
    measure_axes, measure_indicators, measure_scores, ranks, score_parts_table, scores_table,
};
use lifecircle_taxonomy::{Combination, Pack};
use lifecircle_types::{DemandSet, Group, People, Placement, ResidentPlace, StatedValue};
use proptest::prelude::*;

fn axes(county: &County, scope: &str, unit: Option<&str>) -> UnitAxes {
    let all = county.ask("", |all| measure_axes(all, &measure_indicators(all)));
    assert_eq!(axes_table(&all).unwrap().rows(), all.len());
    all.into_iter().find(|axes| axes.scope == scope && axes.unit.as_deref() == unit).unwrap()
}

fn score(key: &str, lines: &str) -> String {
    format!("[[score]]\nkey = '{key}'\nen = 'E'\nconfidence = 'derived'\nsource = 's'\n{lines}\n")
}

fn scores(county: &County, rows: &str) -> Vec<ScoreResult> {
    let results = county.ask(rows, |all| measure_scores(all, &measure_indicators(all)));
    assert!(scores_table(&results).is_ok() && score_parts_table(&results).is_ok());
    results
}

fn unit(results: &[ScoreResult], key: &str, unit: Option<&str>) -> UnitScore {
    let result = results.iter().find(|result| result.applied.score.key == key).unwrap();
    result.units.iter().find(|scored| scored.unit.as_deref() == unit).unwrap().clone()
}

/// A value of every community, from a table.
fn with_values(key: &str, values: [(&str, f64); 2]) -> (County, String) {
    let mut county = county();
    county.values.extend(values.map(|(unit, value)| StatedValue {
        key: key.into(),
        unit: Some(unit.into()),
        year: None,
        value,
        source: None,
    }));
    county.values.sort_by(|a, b| (&a.key, &a.unit, a.year).cmp(&(&b.key, &b.unit, b.year)));
    let row = format!(
        "[[indicator]]\nkey = '{key}'\nen = 'E'\nunit = 'u'\ncount = {{ what = 'value', key = '{key}' }}\nbetter = 'more'\n\
         counted_over = 'community'\nconfidence = 'derived'\nsource = 's'\n"
    );
    (county, row)
}

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{found:?} is not {expected}");
}

#[track_caller]
fn is(found: Option<ScoreRange>, expected: (f64, f64)) {
    near(found.map(|range| range.certain), expected.0);
    near(found.map(|range| range.at_most), expected.1);
}

#[test]
fn the_axes_are_those_of_the_paper() {
    let county = county();
    // of two services: 100 people have none, 400 both, 100 one
    let all = axes(&county, "all", None);
    assert_eq!((all.services, all.people), (2, 600.0));
    is(all.reach, (75.0, 75.0));
    near(all.balance, 100.0 * 41.0 / 54.0);
    near(all.convenience, 75.0);
    // 500 reach a kindergarten of which nothing is stated, 400 day care that costs 20
    is(all.inclusiveness, (0.0, 500.0 / 9.0));
    // floor 50 to 100, stations 50, places and more, life 79 of 80
    is(all.quality, ((50.0 + 50.0 + 100.0 + 98.75) / 4.0, (100.0 + 50.0 + 100.0 + 98.75) / 4.0));
    assert_eq!(all.quality_of, 4);
    // day care for 80 of 120 and for 400 of 600; kindergarten for 45 of 50 and for 500 of 600
    near(all.fairness, 100.0);
    assert_eq!(all.worst_group, None);
    near(all.friendly_old, 200.0 / 3.0);
    near(all.friendly_young, 90.0);
    assert_eq!(all.friendly_working, None, "nobody counts people of working age");
    let city = axes(&county, "all", Some("city"));
    is(city.reach, (90.0, 90.0));
    near(axes(&county, "all", Some("t")).balance, 100.0);
    let v = axes(&county, "domain:elderly_care", Some("v"));
    is(v.reach, (0.0, 0.0));
    assert_eq!(
        (v.balance, v.inclusiveness, v.fairness),
        (None, None, None),
        "nothing is shared out evenly by all"
    );
}

#[test]
fn the_group_that_reaches_least_makes_fairness() {
    let mut county = county();
    let place = |id: &str, unit: Option<&str>, people: u64, old: u64| ResidentPlace {
        id: id.into(),
        position: None,
        people: People::whole(people),
        unit: unit.map(Into::into),
        placement: Placement::Given,
        groups: vec![People::whole(old)],
    };
    let places = vec![
        place("o1", None, 100, 10),
        place("t1", Some("t"), 300, 10),
        place("t2", Some("t"), 100, 20),
        place("v1", Some("v"), 100, 30),
    ];
    county.residents = DemandSet::new(places, vec![Group::from_column("age_60_plus").unwrap()]).unwrap();
    let all = axes(&county, "all", None);
    // 30 of 70 have day care, of everyone 400 of 600
    near(all.fairness, 100.0 * (30.0 / 70.0) / (400.0 / 600.0));
    assert_eq!(all.worst_group.as_deref(), Some("age_60_plus"));
}

#[test]
fn parts_are_weighed_combined_and_graded() {
    let rows = score(
        "both",
        "parts = [{ axis = 'reach', weight = 3 }, { axis = 'balance', weight = 1 }]\ncounted_over = 'community'",
    );
    let results = scores(&county(), &rows);
    let of = |code| unit(&results, "both", code);
    near(of(None).score.map(|score| score.certain), 0.75 * 75.0 + 0.25 * 100.0 * 41.0 / 54.0);
    near(of(Some("city")).score.map(|score| score.certain), 0.75 * 90.0 + 0.25 * (100.0 - 80.0 / 9.0));
    near(of(Some("t")).score.map(|score| score.certain), 100.0);
    near(of(Some("v")).score.map(|score| score.certain), 62.5);
    let grades = [None, Some("city"), Some("t"), Some("v")].map(|code| of(code).grade.unwrap());
    assert_eq!(grades, ["C", "A", "A", "D"]);
    assert_eq!((of(Some("t")).rank, of(Some("v")).rank, of(None).rank), (Some(1), Some(2), None));
    assert_eq!(of(Some("v")).rank_range, Some((2, 2)));
}

#[test]
fn without_the_bottom_line_no_unit_ranks_above_one_that_has_it() {
    // `v` has everything but day care, `t` nothing but day care
    let (county, indicator) = with_values("stated", [("t", 10.0), ("v", 100.0)]);
    let rows = indicator
        + &score(
            "pair",
            "parts = [{ indicator = 'stated', scale = { goalposts = { worst = 0.0, best = 100.0 } } }]\n\
             counted_over = 'community'\n\
             bottom_line = { services = ['elderly_day_care'], covered = 0.5, cap = 'D' }",
        );
    let results = scores(&county, &rows);
    let (t, v) = (unit(&results, "pair", Some("t")), unit(&results, "pair", Some("v")));
    near(v.score.map(|score| score.certain), 100.0);
    assert_eq!((v.grade.as_deref(), v.is_capped, v.bottom_line), (Some("D"), true, Some(Attainment::Missed)));
    assert_eq!((t.grade.as_deref(), t.is_capped, t.bottom_line), (Some("E"), false, Some(Attainment::Met)));
    assert_eq!((t.rank, v.rank), (Some(1), Some(2)));
    assert_eq!((t.rank_range, v.rank_range), (Some((1, 1)), Some((2, 2))));
}

#[test]
fn what_is_not_known_is_left_out_as_long_as_enough_is() {
    let (mut county, indicator) = with_values("stated", [("t", 10.0), ("v", 100.0)]);
    county.values.retain(|value| value.unit.as_deref() != Some("v"));
    let parts = "parts = [{ axis = 'reach' }, { indicator = 'stated', scale = { goalposts = { worst = 0.0, best = 100.0 } } }]\n\
        counted_over = 'community'\n";
    let rows = indicator + &score("half", parts) + &score("most", &format!("{parts}least_assessed = 0.6"));
    let results = scores(&county, &rows);
    let (half, most) = (unit(&results, "half", Some("v")), unit(&results, "most", Some("v")));
    near(half.score.map(|score| score.certain), 50.0);
    near(Some(half.assessed), 0.5);
    assert_eq!((most.score, most.grade, most.rank), (None, None, None));
    near(unit(&results, "half", Some("t")).score.map(|score| score.certain), 55.0);
}

#[test]
fn scores_are_made_of_scores_and_compare_units() {
    let (county, indicator) = with_values("stated", [("t", 10.0), ("v", 100.0)]);
    let gp = "scale = { goalposts = { worst = 0.0, best = 100.0 } }";
    let rows = indicator
        + &score(
            "aa_whole",
            "parts = [{ score = 'zz_field' }, { axis = 'reach' }]\ncombine = 'worst'\ncounted_over = 'community'",
        )
        + &score(
            "zz_field",
            &format!("parts = [{{ indicator = 'stated', {gp} }}]\ncounted_over = 'community'"),
        )
        + &score(
            "near",
            "parts = [{ indicator = 'stated' }]\ncombine = 'topsis'\ncounted_over = 'community'",
        )
        + &score(
            "told",
            &format!(
                "parts = [{{ indicator = 'stated', {gp} }}, {{ axis = 'balance' }}]\nentropy_share = 1.0\n\
                 counted_over = 'community'"
            ),
        );
    let results = scores(&county, &rows);
    near(unit(&results, "aa_whole", Some("t")).score.map(|score| score.certain), 10.0);
    near(unit(&results, "aa_whole", Some("v")).score.map(|score| score.certain), 50.0);
    near(unit(&results, "near", Some("t")).score.map(|score| score.certain), 0.0);
    near(unit(&results, "near", Some("v")).score.map(|score| score.certain), 100.0);
    let near_units = &results.iter().find(|result| result.applied.score.key == "near").unwrap().units;
    assert_eq!(near_units.len(), 2, "units are compared with their like alone");
    // balance is 100 in both communities and tells nothing
    let told = results.iter().find(|result| result.applied.score.key == "told").unwrap();
    assert_eq!(told.weights, [1.0, 0.0]);
    near(unit(&results, "told", Some("t")).score.map(|score| score.certain), 10.0);
}

#[test]
fn the_first_of_those_that_keep_the_conditions_are_chosen() {
    let (county, indicator) = with_values("stated", [("t", 10.0), ("v", 100.0)]);
    let choice = |condition: &str| {
        indicator.clone()
            + &score(
                "first",
                &format!(
                    "parts = [{{ axis = 'reach' }}]\ncounted_over = 'community'\nchoose = 1\n\
                     eligible = [{{ indicator = 'stated', {condition} }}]"
                ),
            )
    };
    let chosen = |condition: &str| -> Vec<(Option<Attainment>, bool)> {
        let results = scores(&county, &choice(condition));
        ["t", "v"]
            .map(|code| unit(&results, "first", Some(code)))
            .map(|unit| (unit.eligible, unit.is_chosen))
            .to_vec()
    };
    let (met, missed) = (Some(Attainment::Met), Some(Attainment::Missed));
    assert_eq!(chosen("at_least = 0"), [(met, true), (met, false)]);
    assert_eq!(chosen("at_least = 50"), [(missed, false), (met, true)]);
    assert_eq!(chosen("at_least = 500"), [(missed, false), (missed, false)]);
}

#[test]
fn weights_carry_dates() {
    let dated = |from: &str, to: &str, weight: u32| {
        score(
            "rising",
            &format!(
                "parts = [{{ axis = 'reach', weight = {weight} }}, {{ axis = 'balance', weight = 1 }}]\nvalid_from = '{from}'\n\
                 valid_to = '{to}'"
            ),
        )
    };
    let rows = dated("2024-01-01", "2024-12-31", 1) + &dated("2025-01-01", "2025-12-31", 3);
    let results = scores(&county(), &rows);
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].weights, [0.75, 0.25], "those of the study's day");
}

#[test]
fn a_score_that_cannot_be_says_why() {
    let refusal = |lines: &str| {
        let text = format!("{}{}", county::RULES, score("bad", lines));
        Pack::from_toml("p.toml", &text).unwrap_err().to_string()
    };
    let cases = [
        ("parts = [{ indicator = 'flor' }]", "did you mean `floor`?"),
        ("parts = [{ score = 'bad' }]", "bad → bad: cut the circle"),
        ("parts = [{ axis = 'reach', score = 'bad' }]", "one of `indicator`"),
        ("parts = [{ axis = 'reach', scale = 'target' }]", "has no target"),
        ("parts = [{ indicator = 'floor', scope = 'tier:basic' }]", "its own services"),
        ("parts = [{ axis = 'reach', weight = 1 }, { axis = 'balance' }]", "1 of 2 parts have a `weight`"),
        (
            "parts = [{ axis = 'reach' }, { axis = 'balance' }, { axis = 'fairness' }]\njudgements = [[5, 0.2], [5]]",
            "contradict",
        ),
        ("parts = [{ axis = 'reach' }]\ncombine = 'topsis'", "`counted_over`"),
        (
            "parts = [{ axis = 'reach' }]\nbottom_line = { services = ['kindergarten'], covered = 0.5, cap = 'F' }",
            "none of the grades",
        ),
        (
            "parts = [{ axis = 'reach' }]\ngrades = [{ grade = 'A', from = 50 }, { grade = 'B', from = 60 }]",
            "from the best",
        ),
        ("parts = [{ axis = 'reach', services = ['kindergarden'] }]", "kindergarten"),
        (
            "parts = [{ axis = 'reach', scale = { goalposts = { worst = 1.0, best = 1.0 } } }]",
            "in order and apart",
        ),
        ("parts = []", "`parts` are missing"),
    ];
    for (lines, expected) in cases {
        let message = refusal(lines);
        assert!(message.contains(expected) && message.contains("p.toml"), "{lines}: {message}");
    }
}

fn any_units() -> impl Strategy<Value = Vec<Ranked>> {
    let score = prop::option::weighted(0.9, (0u8..20).prop_map(f64::from));
    let unit =
        (score, any::<bool>()).prop_map(|(score, lacks_bottom_line)| Ranked { score, lacks_bottom_line });
    prop::collection::vec(unit, 0..40)
}

proptest! {
    #[test]
    fn ranks_put_the_bottom_line_first_and_do_not_care_for_order(units in any_units(), turn in 0usize..40) {
        let found = ranks(&units);
        for (a, rank_a) in units.iter().zip(&found) {
            prop_assert_eq!(a.score.is_some(), rank_a.is_some());
            for (b, rank_b) in units.iter().zip(&found) {
                if let (Some(rank_a), Some(rank_b)) = (rank_a, rank_b) {
                    if a.lacks_bottom_line && !b.lacks_bottom_line {
                        prop_assert!(rank_a > rank_b);
                    } else if a.lacks_bottom_line == b.lacks_bottom_line && a.score > b.score {
                        prop_assert!(rank_a < rank_b);
                    } else if a == b {
                        prop_assert_eq!(rank_a, rank_b);
                    }
                }
            }
        }
        let by = turn.min(units.len());
        let mut turned = units.clone();
        turned.rotate_left(by);
        let mut expected = found;
        expected.rotate_left(by);
        prop_assert_eq!(ranks(&turned), expected);
    }

    #[test]
    fn combined_scores_lie_between_their_parts_and_do_not_care_how_weights_are_written(
        parts in prop::collection::vec((0.0f64..=100.0, 0.01f64..10.0), 1..8),
        times in 0.1f64..10.0,
    ) {
        let (least, most) = parts.iter().fold((100.0f64, 0.0f64), |(least, most), (score, _)| {
            (least.min(*score), most.max(*score))
        });
        let scaled: Vec<(f64, f64)> = parts.iter().map(|(score, weight)| (*score, weight * times)).collect();
        let of = |combine| combined_score(combine, &parts).unwrap();
        for combine in [Combination::Arithmetic, Combination::Geometric, Combination::Worst] {
            prop_assert!(of(combine) >= least - 1e-9 && of(combine) <= most + 1e-9);
            prop_assert!((combined_score(combine, &scaled).unwrap() - of(combine)).abs() < 1e-9);
        }
        prop_assert!(of(Combination::Worst) <= of(Combination::Geometric) + 1e-9);
        prop_assert!(of(Combination::Geometric) <= of(Combination::Arithmetic) + 1e-9);
        prop_assert!((0.0..=100.0 + 1e-9).contains(&of(Combination::Coupling)));
    }
}
