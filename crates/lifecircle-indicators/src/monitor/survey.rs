//! What people think of services: how content they are, how much it matters, and what they could not do without.

use std::collections::BTreeMap;

use lifecircle_types::{SurveyAnswer, word_enum};

/// A figure from a sample, with the interval that covers the true one 95 times in 100.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower end; `None` where there are too few answers to tell.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

word_enum! {
    /// Where a service stands among the others of a survey, by importance and performance (IPA: Martilla and James 1977).
    Quadrant, "quadrant" {
        /// Matters and disappoints: concentrate here.
        Concentrate = "concentrate_here",
        /// Matters and contents: keep it up.
        KeepUp = "keep_up",
        /// Matters little and disappoints.
        LowPriority = "low_priority",
        /// Matters little and contents.
        Overkill = "possible_overkill",
    }
}

word_enum! {
    /// What a service is to people (Kano 1984).
    KanoClass, "Kano class" {
        /// Taken for granted: without it people are unhappy.
        MustBe = "must_be",
        /// The more of it, the better.
        OneDimensional = "one_dimensional",
        /// Welcome, and not missed.
        Attractive = "attractive",
        /// All the same.
        Indifferent = "indifferent",
        /// Unwanted.
        Reverse = "reverse",
        /// The answers contradict each other.
        Questionable = "questionable",
    }
}

/// What answers with and without a service tell of it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Kano {
    /// The class that most answers give; of equals the one that asks for more.
    pub class: KanoClass,
    /// How much having it contents: `(A + O)/(A + O + M + I)`.
    pub better: Option<f64>,
    /// How much lacking it disappoints: `−(O + M)/(A + O + M + I)`.
    pub worse: Option<f64>,
}

impl Kano {
    /// The class of one pair of answers, each from 1 (delighted) to 5 (a nuisance).
    ///
    /// ```
    /// use lifecircle_indicators::{Kano, KanoClass};
    /// assert_eq!(Kano::class_of(2, 5), KanoClass::MustBe, "as it has to be, and a nuisance without");
    /// ```
    #[must_use]
    pub fn class_of(with_it: u8, without_it: u8) -> KanoClass {
        match (with_it, without_it) {
            (1, 1) | (5, 5) => KanoClass::Questionable,
            (1, 5) => KanoClass::OneDimensional,
            (1, _) => KanoClass::Attractive,
            (5, _) | (_, 1) => KanoClass::Reverse,
            (_, 5) => KanoClass::MustBe,
            _ => KanoClass::Indifferent,
        }
    }

    /// From the weights of answers by class.
    ///
    /// ```
    /// use lifecircle_indicators::{Kano, KanoClass::*};
    /// let kano = Kano::of(&[(Attractive, 30.0), (OneDimensional, 25.0), (MustBe, 20.0), (Indifferent, 25.0)]).unwrap();
    /// assert_eq!((kano.class, kano.better, kano.worse), (Attractive, Some(0.55), Some(-0.45)));
    /// ```
    #[must_use]
    pub fn of(answers: &[(KanoClass, f64)]) -> Option<Self> {
        let weight = |class| -> f64 {
            answers.iter().filter(|(of, _)| *of == class).map(|(_, weight)| weight).fold(0.0, |a, b| a + b)
        };
        // those that ask for more come first
        let class = KanoClass::ALL.iter().copied().rev().max_by(|a, b| weight(*a).total_cmp(&weight(*b)))?;
        if weight(class) <= 0.0 {
            return None;
        }
        let [m, o, a, i] = [
            weight(KanoClass::MustBe),
            weight(KanoClass::OneDimensional),
            weight(KanoClass::Attractive),
            weight(KanoClass::Indifferent),
        ];
        let all = m + o + a + i;
        let share = |part: f64| (all > 0.0).then(|| part / all);
        Some(Self { class, better: share(a + o), worse: share(o + m).map(|share| -share) })
    }
}

/// What people of a unit, or of the whole place, think of one thing.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Opinion {
    /// What was asked about.
    pub about: String,
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// Answers.
    pub answers: usize,
    /// Whether answers were weighted to the groups of the residents.
    pub is_weighted: bool,
    /// Mean satisfaction from 0 to 100.
    pub satisfaction: Option<Estimate>,
    /// Per cent who are content (4 or 5).
    pub content: Option<Estimate>,
    /// Mean importance from 0 to 100.
    pub importance: Option<f64>,
    /// Where it stands among the others of the same unit, with the means as cross-lines.
    pub quadrant: Option<Quadrant>,
    /// `importance/100 · (target − satisfaction)`, 0 where the target is reached.
    pub priority: Option<f64>,
    /// What it is to people.
    pub kano: Option<Kano>,
}

/// Opinions for the whole place and for every unit of whose residents somebody answered, by thing, then by unit.
///
/// `members` gives the people of a group in a unit, or in the whole place: where every answer of a unit names a group that
/// it knows, answers are weighted so that groups count as they do among residents; they should then part the residents.
/// Means are `(x − 1)/4·100`; their intervals are `± 1.96·s/√n` with the effective number of weighted answers
/// `n = (Σw)²/Σw²` (Kish); intervals of shares are Wilson's, which stay within 0 and 100 and do not vanish at the ends.
/// `target` is the satisfaction that is wanted, from 0 to 100.
#[must_use]
pub fn opinions(
    answers: &[SurveyAnswer],
    members: &dyn Fn(Option<&str>, &str) -> Option<f64>,
    target: f64,
) -> Vec<Opinion> {
    let mut asked: BTreeMap<(&str, Option<&str>), Vec<&SurveyAnswer>> = BTreeMap::new();
    for answer in answers {
        asked.entry((&answer.about, None)).or_default().push(answer);
        if let Some(unit) = answer.unit.as_deref() {
            asked.entry((&answer.about, Some(unit))).or_default().push(answer);
        }
    }
    let of = |((about, unit), answers): (_, Vec<_>)| opinion(about, unit, &answers, members, target);
    let mut found: Vec<Opinion> = asked.into_iter().map(of).collect();
    let mut by_unit: BTreeMap<Option<String>, Vec<&mut Opinion>> = BTreeMap::new();
    for opinion in &mut found {
        by_unit.entry(opinion.unit.clone()).or_default().push(opinion);
    }
    by_unit.into_values().for_each(place_in_quadrants);
    found
}

fn opinion(
    about: &str,
    unit: Option<&str>,
    answers: &[&SurveyAnswer],
    members: &dyn Fn(Option<&str>, &str) -> Option<f64>,
    target: f64,
) -> Opinion {
    let weights = group_weights(unit, answers, members);
    let is_weighted = weights.is_some();
    let weights = weights.unwrap_or_else(|| vec![1.0; answers.len()]);
    let of = |what: fn(&SurveyAnswer) -> Option<u8>| -> Vec<(f64, f64)> {
        let steps = answers.iter().zip(&weights);
        steps.filter_map(|(answer, weight)| Some((f64::from(what(answer)?), *weight))).collect()
    };
    let satisfaction = mean_of(&of(|answer| answer.satisfaction));
    let importance = mean_of(&of(|answer| answer.importance)).map(|mean| mean.value);
    let classes: Vec<(KanoClass, f64)> = answers
        .iter()
        .zip(&weights)
        .filter_map(|(answer, weight)| Some((Kano::class_of(answer.with_it?, answer.without_it?), *weight)))
        .collect();
    let priority = importance
        .zip(satisfaction)
        .map(|(importance, satisfaction)| importance / 100.0 * (target - satisfaction.value).max(0.0));
    Opinion {
        about: about.into(),
        unit: unit.map(Into::into),
        answers: answers.len(),
        is_weighted,
        satisfaction,
        content: share_of(&of(|answer| answer.satisfaction), |step| step >= 4.0),
        importance,
        quadrant: None,
        priority,
        kano: Kano::of(&classes),
    }
}

/// Weights by which groups count as they do among residents; `None` where an answer names no group that is known.
#[expect(clippy::cast_precision_loss, reason = "a number of answers")]
fn group_weights(
    unit: Option<&str>,
    answers: &[&SurveyAnswer],
    members: &dyn Fn(Option<&str>, &str) -> Option<f64>,
) -> Option<Vec<f64>> {
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in answers {
        *asked.entry(answer.group.as_deref()?).or_default() += 1;
    }
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for (group, count) in asked {
        weights.insert(group, members(unit, group)? / count as f64);
    }
    let weights: Vec<f64> =
        answers.iter().map(|answer| answer.group.as_deref().map_or(0.0, |group| weights[group])).collect();
    (weights.iter().sum::<f64>() > 0.0).then_some(weights)
}

/// The number of equal answers that would tell as much.
fn effective(values: &[(f64, f64)]) -> f64 {
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    let squares: f64 = values.iter().map(|(_, weight)| weight * weight).sum();
    if squares > 0.0 { all * all / squares } else { 0.0 }
}

/// Mean of steps from 1 to 5 on 0 to 100.
fn mean_of(steps: &[(f64, f64)]) -> Option<Estimate> {
    let all: f64 = steps.iter().map(|(_, weight)| weight).sum();
    if all <= 0.0 {
        return None;
    }
    let mean = steps.iter().map(|(step, weight)| step * weight).sum::<f64>() / all;
    let on_hundred = |step: f64| (step - 1.0) / 4.0 * 100.0;
    let count = effective(steps);
    let ends = (count > 1.0).then(|| {
        let spread =
            steps.iter().map(|(step, weight)| weight * (step - mean) * (step - mean)).sum::<f64>() / all;
        let error = Z * (spread / (count - 1.0)).sqrt();
        (on_hundred((mean - error).max(1.0)), on_hundred((mean + error).min(5.0)))
    });
    Some(Estimate {
        value: on_hundred(mean),
        low: ends.map(|(low, _)| low),
        high: ends.map(|(_, high)| high),
    })
}

/// 95 of 100 lie within this many deviations.
const Z: f64 = 1.96;

/// Per cent of the weight whose value `keeps`, with Wilson's interval.
fn share_of(values: &[(f64, f64)], keeps: fn(f64) -> bool) -> Option<Estimate> {
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    if all <= 0.0 {
        return None;
    }
    let kept: f64 =
        values.iter().filter(|(value, _)| keeps(*value)).map(|(_, weight)| weight).fold(0.0, |a, b| a + b);
    Some(wilson(kept / all, effective(values)))
}

/// A share of `count` answers in per cent, with the interval of Wilson (1927).
pub(super) fn wilson(share: f64, count: f64) -> Estimate {
    if count <= 0.0 {
        return Estimate { value: 100.0 * share, low: None, high: None };
    }
    let square = Z * Z / count;
    let middle = (share + square / 2.0) / (1.0 + square);
    let half = Z * (share * (1.0 - share) / count + square / (4.0 * count)).sqrt() / (1.0 + square);
    let per_cent = |share: f64| Some(100.0 * share.clamp(0.0, 1.0));
    Estimate { value: 100.0 * share, low: per_cent(middle - half), high: per_cent(middle + half) }
}

/// Tells the things of one unit apart by the means of their importance and satisfaction; needs two things.
#[expect(clippy::cast_precision_loss, reason = "a number of things")]
fn place_in_quadrants(opinions: Vec<&mut Opinion>) {
    let both = |opinion: &Opinion| Some((opinion.importance?, opinion.satisfaction?.value));
    let points: Vec<(f64, f64)> = opinions.iter().filter_map(|opinion| both(opinion)).collect();
    if points.len() < 2 {
        return;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (line_importance, line_satisfaction) = (mean(|point| point.0), mean(|point| point.1));
    for opinion in opinions {
        opinion.quadrant = both(opinion).map(|(importance, satisfaction)| {
            match (importance >= line_importance, satisfaction >= line_satisfaction) {
                (true, false) => Quadrant::Concentrate,
                (true, true) => Quadrant::KeepUp,
                (false, false) => Quadrant::LowPriority,
                (false, true) => Quadrant::Overkill,
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(about: &str, group: &str, satisfaction: u8, importance: u8) -> SurveyAnswer {
        SurveyAnswer {
            about: about.into(),
            group: (!group.is_empty()).then(|| group.into()),
            satisfaction: Some(satisfaction),
            importance: Some(importance),
            ..SurveyAnswer::default()
        }
    }

    #[track_caller]
    fn near(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-6), "{found:?} is not {expected}");
    }

    #[test]
    fn answers_count_as_their_groups_do_among_residents() {
        // the young were asked three times as often and are a quarter of the people
        let answers = [
            answer("library", "young", 5, 3),
            answer("library", "young", 5, 3),
            answer("library", "young", 5, 3),
            answer("library", "old", 1, 3),
        ];
        let people = |_: Option<&str>, group: &str| Some(if group == "old" { 75.0 } else { 25.0 });
        let weighted = &opinions(&answers, &people, 90.0)[0];
        near(weighted.satisfaction.map(|mean| mean.value), 25.0);
        assert!(weighted.is_weighted);
        let plain = &opinions(&answers, &|_, _| None, 90.0)[0];
        near(plain.satisfaction.map(|mean| mean.value), 75.0);
        near(plain.priority, 0.5 * 15.0);
        assert!(!plain.is_weighted);
    }

    #[test]
    fn intervals_are_those_of_the_textbook() {
        // 4 of 5 content: Wilson 0.3755 to 0.9638
        let answers: Vec<SurveyAnswer> =
            [5, 4, 4, 4, 2].iter().map(|step| answer("park", "", *step, 3)).collect();
        let opinion = &opinions(&answers, &|_, _| None, 90.0)[0];
        let content = opinion.content.unwrap();
        near(Some(content.value), 80.0);
        assert!((content.low.unwrap() - 37.553).abs() < 0.01, "{content:?}");
        assert!((content.high.unwrap() - 96.379).abs() < 0.01, "{content:?}");
        // mean 3.8, deviation 1.0954: 3.8 ± 1.96·1.0954/√5
        let mean = opinion.satisfaction.unwrap();
        near(Some(mean.value), 70.0);
        assert!((mean.low.unwrap() - (3.8 - 0.960_167 - 1.0) / 4.0 * 100.0).abs() < 0.01, "{mean:?}");
        let alone = &opinions(&answers[..1], &|_, _| None, 90.0)[0];
        assert_eq!(alone.satisfaction.unwrap().low, None, "one answer tells no spread");
    }

    #[test]
    fn things_are_told_apart_by_the_means() {
        let answers =
            [answer("a", "", 1, 5), answer("b", "", 5, 5), answer("c", "", 1, 1), answer("d", "", 5, 1)];
        let quadrants: Vec<_> =
            opinions(&answers, &|_, _| None, 90.0).into_iter().filter_map(|one| one.quadrant).collect();
        assert_eq!(
            quadrants,
            [Quadrant::Concentrate, Quadrant::KeepUp, Quadrant::LowPriority, Quadrant::Overkill]
        );
        assert_eq!(opinions(&answers[..1], &|_, _| None, 90.0)[0].quadrant, None);
    }
}
