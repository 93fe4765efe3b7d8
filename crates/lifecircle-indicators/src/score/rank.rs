//! Ranks, and how firmly they stand.

use lifecircle_taxonomy::Combination;

use super::combine::combined_score;

/// What a unit is ranked by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Its score; `None` has no rank.
    pub score: Option<f64>,
    /// Whether it lacks a bottom-line service: such a unit never ranks above one that lacks none.
    pub lacks_bottom_line: bool,
}

/// The rank of each unit, the best first, from 1; equal units share the better rank, and the next one is as far down
/// as there are units above it.
///
/// ```
/// use lifecircle_indicators::{Ranked, ranks};
/// let unit = |score, lacks_bottom_line| Ranked { score, lacks_bottom_line };
/// let units = [unit(Some(95.0), true), unit(Some(40.0), false), unit(None, false), unit(Some(40.0), false)];
/// assert_eq!(ranks(&units), [Some(3), Some(1), None, Some(1)]);
/// ```
#[must_use]
pub fn ranks(units: &[Ranked]) -> Vec<Option<u32>> {
    let mut order: Vec<(usize, bool, f64)> = units
        .iter()
        .enumerate()
        .filter_map(|(row, unit)| Some((row, unit.lacks_bottom_line, unit.score?)))
        .collect();
    order.sort_by(|a, b| a.1.cmp(&b.1).then(b.2.total_cmp(&a.2)));
    let mut ranks = vec![None; units.len()];
    let mut rank = 0;
    for (at, unit) in order.iter().enumerate() {
        let ties = at > 0 && (order[at - 1].1, order[at - 1].2.total_cmp(&unit.2).is_eq()) == (unit.1, true);
        if !ties {
            rank = u32::try_from(at + 1).unwrap_or(u32::MAX);
        }
        ranks[unit.0] = Some(rank);
    }
    ranks
}

/// The best and the worst rank of each unit when the weights of parts move, one at a time, by `part` of themselves up
/// and down, and the others share the rest: 0.1 is the ±10 % of the field.
///
/// `scores[unit][part]` may lack a value; it is then left out, and the other parts share its weight. Each of the two
/// moves of every part ranks all units once.
///
/// # Panics
/// When a unit has not one score per weight, or `lacks_bottom_line` not one entry per unit.
#[must_use]
pub fn rank_ranges(
    combine: Combination,
    scores: &[Vec<Option<f64>>],
    weights: &[f64],
    lacks_bottom_line: &[bool],
    part: f64,
) -> Vec<Option<(u32, u32)>> {
    let again = |weights: &[f64]| -> Vec<Option<f64>> {
        let one = |scores: &Vec<Option<f64>>| {
            assert_eq!(scores.len(), weights.len(), "one score per part");
            let known: Vec<(f64, f64)> =
                scores.iter().zip(weights).filter_map(|(score, weight)| Some(((*score)?, *weight))).collect();
            combined_score(combine, &known)
        };
        scores.iter().map(one).collect()
    };
    moved_ranks(weights, lacks_bottom_line, part, again)
}

/// As [`rank_ranges`], for whatever scores units by weights.
pub(super) fn moved_ranks(
    weights: &[f64],
    lacks_bottom_line: &[bool],
    part: f64,
    score: impl Fn(&[f64]) -> Vec<Option<f64>>,
) -> Vec<Option<(u32, u32)>> {
    let ranked = |weights: &[f64]| -> Vec<Option<u32>> {
        let scores = score(weights);
        assert_eq!(scores.len(), lacks_bottom_line.len(), "one entry per unit");
        let units: Vec<Ranked> = scores
            .into_iter()
            .zip(lacks_bottom_line)
            .map(|(score, lacks)| Ranked { score, lacks_bottom_line: *lacks })
            .collect();
        ranks(&units)
    };
    let mut ranges: Vec<Option<(u32, u32)>> =
        ranked(weights).into_iter().map(|rank| rank.map(|rank| (rank, rank))).collect();
    for moved in 0..weights.len() {
        for factor in [1.0 - part, 1.0 + part] {
            let others: f64 = weights.iter().sum::<f64>() - weights[moved];
            let own = weights[moved] * factor;
            let rest = weights.iter().sum::<f64>() - own;
            let shared = |at: usize| {
                if at == moved {
                    own
                } else if others > 0.0 {
                    weights[at] * rest / others
                } else {
                    weights[at]
                }
            };
            let new: Vec<f64> = (0..weights.len()).map(shared).collect();
            for (range, rank) in ranges.iter_mut().zip(ranked(&new)) {
                if let (Some(range), Some(rank)) = (range, rank) {
                    *range = (range.0.min(rank), range.1.max(rank));
                }
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_units_change_places_and_far_ones_do_not() {
        // weights 0.5 and 0.5: 70, 69, 20; with 0.55 and 0.45 the second overtakes: 70 and 72
        let scores =
            [vec![Some(70.0), Some(70.0)], vec![Some(99.0), Some(39.0)], vec![Some(20.0), Some(20.0)]];
        let ranges = rank_ranges(Combination::Arithmetic, &scores, &[0.5, 0.5], &[false; 3], 0.1);
        assert_eq!(ranges, [Some((1, 2)), Some((1, 2)), Some((3, 3))]);
    }

    #[test]
    fn the_worst_part_does_not_care_for_weights() {
        let scores = [vec![Some(70.0), Some(10.0)], vec![Some(20.0), Some(30.0)], vec![None, None]];
        let ranges = rank_ranges(Combination::Worst, &scores, &[0.9, 0.1], &[false; 3], 0.1);
        assert_eq!(ranges, [Some((2, 2)), Some((1, 1)), None]);
    }

    #[test]
    fn who_lacks_the_bottom_line_stays_below() {
        let scores = [vec![Some(100.0)], vec![Some(1.0)]];
        assert_eq!(
            rank_ranges(Combination::Arithmetic, &scores, &[1.0], &[true, false], 0.1),
            [Some((2, 2)), Some((1, 1))]
        );
    }
}
