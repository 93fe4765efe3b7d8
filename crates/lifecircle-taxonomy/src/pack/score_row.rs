//! Scores as they stand in a file.

use lifecircle_types::{ServiceKey, UnitKind};
use serde::Deserialize;

use super::judgement::Judgement;
use super::rows::{Row, amount, backing, inherit, keyed_row, validity};
use super::score::{
    Axis, BottomLine, Combination, Grade, LifeStage, Scale, Score, ScoreCondition, ScorePart, Scored,
    ServiceScope,
};
use crate::tier::Tier;

/// A part as it stands in a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    indicator: Option<String>,
    axis: Option<Axis>,
    friendly_for: Option<LifeStage>,
    score: Option<String>,
    scope: Option<String>,
    services: Option<Vec<ServiceKey>>,
    scale: Option<Scale>,
    weight: Option<f64>,
}

impl RawPart {
    fn scope(&self) -> Result<ServiceScope, String> {
        match (self.scope.as_deref(), &self.services) {
            (None, None) | (Some("all"), None) => Ok(ServiceScope::All),
            (None, Some(services)) if !services.is_empty() => Ok(ServiceScope::Services(services.clone())),
            (Some(scope), None) => match scope.split_once(':') {
                Some(("tier", tier)) => match tier.parse::<Tier>() {
                    _ if tier == "none" => Ok(ServiceScope::Tier(tier.into())),
                    Ok(_) => Ok(ServiceScope::Tier(tier.into())),
                    Err(wrong) => Err(wrong.to_string()),
                },
                Some(("domain", domain)) if !domain.is_empty() => Ok(ServiceScope::Domain(domain.into())),
                _ => {
                    Err(format!("`{scope}` is no scope: write \"all\", \"tier:basic\" or \"domain:health\""))
                }
            },
            _ => Err("say `scope` or `services`, not both, and at least one service".into()),
        }
    }

    fn build(&self, scale: Option<Scale>) -> Result<ScorePart, String> {
        let of = match (&self.indicator, self.axis, self.friendly_for, &self.score) {
            (Some(key), None, None, None) => Scored::Indicator(key.clone()),
            (None, Some(axis), None, None) => Scored::Axis(axis, self.scope()?),
            (None, None, Some(stage), None) => Scored::FriendlyFor(stage, self.scope()?),
            (None, None, None, Some(key)) => Scored::Score(key.clone()),
            _ => return Err("a part has one of `indicator`, `axis`, `friendly_for` and `score`".into()),
        };
        if matches!(of, Scored::Indicator(_) | Scored::Score(_)) && self.scope()? != ServiceScope::All {
            return Err(format!("`{of}` has its own services: leave `scope` and `services` out"));
        }
        let scale = self.scale.or(scale).map(Scale::check).transpose()?;
        let needs_target = matches!(scale, Some(Scale::Target | Scale::FromBaseline));
        if needs_target && !matches!(of, Scored::Indicator(_)) {
            return Err(format!("`{of}` has no target: it is a score already, or takes another scale"));
        }
        Ok(ScorePart { of, scale })
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    indicator: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

keyed_row!(ScoreRow {
    en: Option<String>,
    zh: Option<String>,
    parts: Option<Vec<RawPart>>,
    scale: Option<Scale>,
    judgements: Option<Vec<Vec<f64>>>,
    entropy_share: Option<f64>,
    combine: Option<Combination>,
    counted_over: Option<UnitKind>,
    least_assessed: Option<f64>,
    grades: Option<Vec<Grade>>,
    bottom_line: Option<BottomLine>,
    eligible: Option<Vec<RawCondition>>,
    choose: Option<u32>,
});

/// The grades of a score that states none; no source fixes any.
const GRADES: [(&str, f64); 5] = [("A", 90.0), ("B", 80.0), ("C", 70.0), ("D", 60.0), ("E", 0.0)];

impl ScoreRow {
    pub(super) fn services(&self) -> impl Iterator<Item = &ServiceKey> {
        let parts = self.parts.iter().flatten().flat_map(|part| part.services.iter().flatten());
        parts.chain(self.bottom_line.iter().flat_map(|line| &line.services))
    }

    pub(super) fn build(self) -> Result<Score, String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if self.key.is_empty() || !self.key.bytes().all(is_plain) {
            return Err("`key` names columns of files: write letters, digits, _ and -".into());
        }
        let raw = self.parts.unwrap_or_default();
        if raw.is_empty() {
            return Err("`parts` are missing: say what it is made of, { indicator = \"…\" }".into());
        }
        // what is a score already keeps its scale, unless the row or the part asks for a relative one
        let scale_of = |part: &RawPart| {
            let keeps =
                matches!(self.scale, Some(Scale::Target | Scale::FromBaseline)) && part.indicator.is_none();
            self.scale.filter(|_| !keeps)
        };
        let parts = raw
            .iter()
            .enumerate()
            .map(|(row, part)| {
                part.build(scale_of(part)).map_err(|problem| format!("part {}: {problem}", row + 1))
            })
            .collect::<Result<Vec<_>, String>>()?;
        let (weights, judgement) = stated_weights(&raw, self.judgements.as_deref())?;
        let share = |field: &str, value: f64| {
            let good = (0.0..=1.0).contains(&value);
            good.then_some(value).ok_or_else(|| format!("`{field}` is {value}: a share from 0 to 1"))
        };
        let entropy_share = share("entropy_share", self.entropy_share.unwrap_or(0.0))?;
        let least_assessed = share("least_assessed", self.least_assessed.unwrap_or(0.5))?;
        let grades = self.grades.unwrap_or_else(|| {
            GRADES.into_iter().map(|(grade, from)| Grade { grade: grade.into(), from }).collect()
        });
        if grades.is_empty() || grades.windows(2).any(|pair| pair[0].from <= pair[1].from) {
            return Err("`grades` go from the best to the worst, each from a lower score on".into());
        }
        if let Some(line) = &self.bottom_line {
            if line.services.is_empty() || !(line.covered > 0.0 && line.covered <= 1.0) {
                return Err(
                    "`bottom_line` needs `services` and `covered`, a share above 0 and up to 1".into()
                );
            }
            if !grades.iter().any(|grade| grade.grade == line.cap) {
                return Err(format!("`bottom_line`: `{}` is none of the grades", line.cap));
            }
        }
        let eligible = self
            .eligible
            .unwrap_or_default()
            .into_iter()
            .map(|condition| {
                let amount = amount(condition.at_least, condition.at_most, None)?;
                if !amount.is_stated() {
                    return Err(format!(
                        "`eligible`: say `at_least` or `at_most` of `{}`",
                        condition.indicator
                    ));
                }
                Ok(ScoreCondition { indicator: condition.indicator, amount })
            })
            .collect::<Result<Vec<_>, String>>()?;
        let score = Score {
            key: self.key,
            en: self.en.ok_or("`en` is missing: name the score")?,
            zh: self.zh,
            parts,
            weights,
            judgement,
            entropy_share,
            combine: self.combine.unwrap_or(Combination::Arithmetic),
            counted_over: self.counted_over,
            least_assessed,
            grades,
            bottom_line: self.bottom_line,
            eligible,
            choose: self.choose,
            note: self.note,
            validity: validity(self.valid_from, self.valid_to)?,
            backing: backing(self.confidence, self.source, self.cites)?,
        };
        let compares = score.is_relative() || score.choose.is_some() || !score.eligible.is_empty();
        if compares && score.counted_over.is_none() {
            return Err("it compares units: say which, `counted_over`".into());
        }
        Ok(score)
    }
}

/// Weights that sum to 1: judged, given, or equal.
fn stated_weights(
    parts: &[RawPart],
    judgements: Option<&[Vec<f64>]>,
) -> Result<(Vec<f64>, Option<Judgement>), String> {
    let given: Vec<f64> = parts.iter().filter_map(|part| part.weight).collect();
    if let Some(above) = judgements {
        if !given.is_empty() {
            return Err("weights are either judged in pairs or given".into());
        }
        let judged = Judgement::of_pairs(above).map_err(|problem| format!("`judgements`: {problem}"))?;
        if judged.weights.len() != parts.len() {
            return Err(format!("`judgements` weigh {} parts of {}", judged.weights.len(), parts.len()));
        }
        if judged.contradicts_itself() {
            return Err(format!(
                "`judgements` contradict one another: their consistency ratio is {:.3} and has to stay under {}",
                judged.consistency_ratio,
                Judgement::CONTRADICTION
            ));
        }
        return Ok((judged.weights.clone(), Some(judged)));
    }
    if given.is_empty() {
        #[expect(clippy::cast_precision_loss, reason = "a handful of parts")]
        let equal = 1.0 / parts.len() as f64;
        return Ok((vec![equal; parts.len()], None));
    }
    if given.len() != parts.len() {
        return Err(format!(
            "{} of {} parts have a `weight`: give one to each, or to none",
            given.len(),
            parts.len()
        ));
    }
    if let Some(bad) = given.iter().find(|weight| !(weight.is_finite() && **weight > 0.0)) {
        return Err(format!("a weight is {bad}: write a number above 0"));
    }
    let all: f64 = given.iter().sum();
    Ok((given.into_iter().map(|weight| weight / all).collect(), None))
}

impl Row for ScoreRow {
    const KIND: &'static str = "score";

    fn id(&self) -> &str {
        &self.key
    }
    fn stays(&self) -> bool {
        self.only_here == Some(true)
    }
    fn states(&self) -> bool {
        self.parts.is_some()
            || self.scale.is_some()
            || self.judgements.is_some()
            || self.entropy_share.is_some()
            || self.combine.is_some()
            || self.grades.is_some()
            || self.bottom_line.is_some()
            || self.eligible.is_some()
    }
    fn phrases(&self) -> impl Iterator<Item = &str> {
        let grades = self.grades.iter().flatten().map(|grade| &grade.grade);
        self.source.iter().chain(&self.note).chain(grades).map(String::as_str)
    }
    fn complete(&mut self, parent: &Self) {
        inherit!(self, parent; en, zh, parts, scale, judgements, entropy_share, combine, counted_over, least_assessed, grades, bottom_line, eligible, choose, note);
    }
}
