//! From values to scores from 0 to 100.

use lifecircle_taxonomy::{Baseline, Better, Goal, Scale};

use super::axes::ScoreRange;
use super::combine::moments;
use crate::between::Between;

/// Brings values of one indicator onto one scale from 0 to 100.
///
/// ```
/// use lifecircle_indicators::Normaliser;
/// use lifecircle_taxonomy::{Better, Scale};
///
/// let scale = Scale::Power { unacceptable: 0.0, satisfactory: 1.0 };
/// let power = Normaliser::new(scale, Better::More, &[]);
/// let scores: Vec<f64> = [0.0, 0.5, 1.0].iter().filter_map(|x| power.score(*x, None, None)).collect();
/// assert!((scores[1] - 77.459667).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normaliser {
    scale: Scale,
    better: Better,
    least: f64,
    most: f64,
    mean: f64,
    deviation: f64,
}

impl Normaliser {
    /// A scale for values of which `better` is good; `compared` are the values that relative scales compare.
    #[must_use]
    pub fn new(scale: Scale, better: Better, compared: &[f64]) -> Self {
        let (mean, deviation) = moments(compared);
        Self {
            scale,
            better,
            least: compared.iter().copied().fold(f64::INFINITY, f64::min),
            most: compared.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            mean,
            deviation,
        }
    }

    /// The score of `value`; `None` where the scale needs a target or a baseline that there is not, or compares units
    /// that are all alike, or has no better end.
    #[must_use]
    pub fn score(&self, value: f64, goal: Option<&Goal>, baseline: Option<&Baseline>) -> Option<f64> {
        let part = match self.scale {
            Scale::Target => attained(value, goal?),
            Scale::FromBaseline => {
                let (from, target) = (baseline?.value, goal?.amount.at_least.or(goal?.amount.at_most)?);
                between(value, from, target)?
            }
            Scale::Goalposts { worst, best } => between(value, worst, best)?,
            Scale::Interval { from, to, zero_below, zero_above } => {
                if value < from {
                    between(value, zero_below, from)?
                } else if value > to {
                    between(value, zero_above, to)?
                } else {
                    1.0
                }
            }
            Scale::Power { unacceptable, satisfactory } => {
                let way = (value - unacceptable) / (satisfactory - unacceptable);
                0.6 * libm::exp(-libm::log(0.6) * way)
            }
            Scale::MinMax => match self.better {
                Better::More => between(value, self.least, self.most)?,
                Better::Less => between(value, self.most, self.least)?,
                Better::Within => return None,
            },
            Scale::ZScore => {
                let sign = match self.better {
                    Better::More => 1.0,
                    Better::Less => -1.0,
                    Better::Within => return None,
                };
                if self.deviation <= 0.0 {
                    return None;
                }
                0.5 + 0.1 * sign * (value - self.mean) / self.deviation
            }
        };
        part.is_finite().then_some(100.0 * part.clamp(0.0, 1.0))
    }

    /// The scores of the least and of the most that a value may be; `high` without an end may be anything. Where the
    /// best lies in between, the second is the best.
    #[must_use]
    pub fn range(
        &self,
        (low, high): (f64, Option<f64>),
        goal: Option<&Goal>,
        baseline: Option<&Baseline>,
    ) -> Option<(f64, f64)> {
        let far = high.unwrap_or(FAR);
        let score = |value| self.score(value, goal, baseline);
        let (at_low, at_high) = (score(low)?, score(far)?);
        let inner = match self.scale {
            Scale::Target => goal.and_then(|goal| goal.amount.at_least.or(goal.amount.at_most)),
            Scale::Interval { from, .. } => Some(from),
            _ => None,
        };
        let at_inner = inner.filter(|inner| low <= *inner && *inner <= far).and_then(score);
        let best = at_inner.map_or(at_low.max(at_high), |inner| inner.max(at_low).max(at_high));
        Some((at_low.min(at_high), best))
    }

    /// As [`Normaliser::range`], of what is known of a value.
    pub(super) fn score_of(
        &self,
        known: Between,
        goal: Option<&Goal>,
        baseline: Option<&Baseline>,
    ) -> Option<ScoreRange> {
        let (certain, at_most) = self.range((known.low, known.high), goal, baseline)?;
        Some(ScoreRange { certain, at_most })
    }
}

/// Stands for no upper end where only what lies beyond every target matters.
const FAR: f64 = 1e18;

/// How much of a goal `value` reaches, from 0 to 1.
fn attained(value: f64, goal: &Goal) -> f64 {
    let below =
        goal.amount.at_least.map_or(1.0, |least| if value >= least { 1.0 } else { ratio(value, least) });
    let above = goal.amount.at_most.map_or(1.0, |most| if value <= most { 1.0 } else { ratio(most, value) });
    below.min(above)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

/// How far `value` has come from one end to the other, from 0 to 1; `None` where there is no way between.
fn between(value: f64, from: f64, to: f64) -> Option<f64> {
    let way = to - from;
    (way.is_finite() && way.abs() > 0.0).then(|| ((value - from) / way).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use lifecircle_taxonomy::Amount;

    use super::*;

    fn score(scale: Scale, better: Better, value: f64) -> Option<f64> {
        Normaliser::new(scale, better, &[2.0, 4.0, 6.0, 8.0]).score(value, None, None)
    }

    fn close(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} is not {b}");
    }

    fn goal(at_least: Option<f64>, at_most: Option<f64>) -> Goal {
        Goal { amount: Amount { at_least, at_most }, strictly: false, year: None }
    }

    #[test]
    fn a_target_is_reached_in_part_from_either_side() {
        let target = |value, goal: &Goal| {
            Normaliser::new(Scale::Target, Better::More, &[]).score(value, Some(goal), None)
        };
        let more = goal(Some(80.0), None);
        close(target(60.0, &more), 75.0);
        close(target(90.0, &more), 100.0);
        let less = goal(None, Some(10.0));
        close(target(25.0, &less), 40.0);
        close(target(0.0, &less), 100.0);
        let within = goal(Some(10.0), Some(20.0));
        close(target(5.0, &within), 50.0);
        close(target(40.0, &within), 50.0);
        close(target(15.0, &within), 100.0);
        // none at all is wanted
        close(target(3.0, &goal(None, Some(0.0))), 0.0);
        close(target(0.0, &goal(None, Some(0.0))), 100.0);
        assert_eq!(Normaliser::new(Scale::Target, Better::More, &[]).score(1.0, None, None), None);
    }

    #[test]
    fn the_way_from_the_baseline_is_that_of_the_plan() {
        // evaluation.md 11: 65.7 to 80, at 73.0
        let normaliser = Normaliser::new(Scale::FromBaseline, Better::More, &[]);
        let baseline = Baseline { value: 65.7, year: 2020 };
        close(normaliser.score(73.0, Some(&goal(Some(80.0), None)), Some(&baseline)), 100.0 * 7.3 / 14.3);
    }

    #[test]
    fn ends_goalposts_intervals_and_deviations() {
        close(score(Scale::Goalposts { worst: 10.0, best: 2.0 }, Better::Less, 4.0), 75.0);
        let interval = Scale::Interval { from: 4.0, to: 6.0, zero_below: 0.0, zero_above: 16.0 };
        close(score(interval, Better::Within, 3.0), 75.0);
        close(score(interval, Better::Within, 5.0), 100.0);
        close(score(interval, Better::Within, 6.0), 100.0);
        close(score(interval, Better::Within, 11.0), 50.0);
        close(score(interval, Better::Within, 20.0), 0.0);
        close(score(Scale::MinMax, Better::More, 4.0), 100.0 / 3.0);
        close(score(Scale::MinMax, Better::Less, 4.0), 200.0 / 3.0);
        // deviation of 2, 4, 6, 8 is the root of 5
        close(score(Scale::ZScore, Better::More, 8.0), 50.0 + 10.0 * 3.0 / 5.0_f64.sqrt());
        assert_eq!(score(Scale::MinMax, Better::Within, 4.0), None);
        assert_eq!(Normaliser::new(Scale::ZScore, Better::More, &[3.0, 3.0]).score(3.0, None, None), None);
    }

    #[test]
    fn what_is_not_known_is_scored_from_both_ends() {
        let normaliser = Normaliser::new(Scale::Target, Better::Within, &[]);
        let band = goal(Some(10.0), Some(20.0));
        let range = normaliser.range((5.0, Some(40.0)), Some(&band), None).unwrap();
        assert_eq!(range, (50.0, 100.0));
        assert_eq!(normaliser.range((5.0, None), Some(&goal(Some(10.0), None)), None), Some((50.0, 100.0)));
    }
}
