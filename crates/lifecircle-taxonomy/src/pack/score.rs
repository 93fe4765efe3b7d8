//! Scores: how what was measured is brought onto one scale, weighed, combined and graded, as data.
//!
//! A score has parts: indicators, axes of the assessment, other scores. Every part is brought onto a scale from 0 to
//! 100, weighed, and combined with the others. Rows are dated, so weights may rise from year to year (policy #286).

use lifecircle_types::{Date, ServiceKey, UnitKind, word_enum};
use serde::{Deserialize, Serialize};

use super::judgement::Judgement;
use super::rows::{Row, amount, backing, dated_and_backed, inherit, validity};
use super::{Amount, Backing, Validity};
use crate::tier::{Confidence, Tier};

word_enum! {
    /// A way of looking at how services reach people; each comes as a score from 0 to 100.
    Axis, "axis" {
        /// How much of what the packs ask for is within its rule of the people (覆盖).
        Reach = "reach",
        /// How well the targets and norms of the services are kept (优质).
        Quality = "quality",
        /// How evenly people have it (均衡).
        Balance = "balance",
        /// How much of what people reach is free, public or publicly aided (普惠).
        Inclusiveness = "inclusiveness",
        /// How close the worst-off group comes to everyone (公平).
        Fairness = "fairness",
        /// How near it is (便捷).
        Convenience = "convenience",
    }
}

word_enum! {
    /// Ages of life.
    LifeStage, "stage of life" {
        /// Children and young people, up to 17.
        Young = "young",
        /// Of working age.
        Working = "working",
        /// Older people, from 60 on.
        Old = "old",
    }
}

/// Which services a score speaks of: `all`, `tier:basic`, `domain:health`, or a list of services.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceScope {
    /// Every required service.
    #[default]
    All,
    /// Those of a tier, or `none`.
    Tier(String),
    /// Those of a domain.
    Domain(String),
    /// These.
    Services(Vec<ServiceKey>),
}

impl core::fmt::Display for ServiceScope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::All => f.pad("all"),
            Self::Tier(tier) => write!(f, "tier:{tier}"),
            Self::Domain(domain) => write!(f, "domain:{domain}"),
            Self::Services(services) => {
                let keys: Vec<&str> = services.iter().map(ServiceKey::as_str).collect();
                f.write_str(&keys.join("+"))
            }
        }
    }
}

/// What a part of a score looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Scored {
    /// The value of an indicator, a norm or a figure, by key.
    Indicator(String),
    /// An axis over some services.
    Axis(Axis, ServiceScope),
    /// What people of a stage of life reach of the services for them and for everyone, at their own pace.
    FriendlyFor(LifeStage, ServiceScope),
    /// Another score, by key.
    Score(String),
}

impl core::fmt::Display for Scored {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Indicator(key) | Self::Score(key) => f.pad(key),
            Self::Axis(axis, scope) => write!(f, "{axis} of {scope}"),
            Self::FriendlyFor(stage, scope) => write!(f, "friendly for {stage}: {scope}"),
        }
    }
}

/// How values come onto the scale from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The part of the target that is reached: `x/t` where more is better, `t/x` where less is, at most 1. Stable over
    /// the years.
    Target,
    /// The part of the way from the baseline to the target, `(x − b)/(t − b)`, from 0 to 1.
    FromBaseline,
    /// Between a worst and a best value, `(x − worst)/(best − worst)`, from 0 to 1.
    Goalposts {
        /// Scores 0.
        worst: f64,
        /// Scores 100.
        best: f64,
    },
    /// Full between `from` and `to`, down to nothing at `zero_below` and `zero_above`.
    Interval {
        /// Lower end of what is best.
        from: f64,
        /// Upper end of what is best.
        to: f64,
        /// Scores 0 below the interval.
        zero_below: f64,
        /// Scores 0 above it.
        zero_above: f64,
    },
    /// `60·exp(−ln 0.6·(x − unacceptable)/(satisfactory − unacceptable))`: 60 at the one end, 100 at the other, and
    /// beyond them as it goes on (功效系数).
    Power {
        /// Scores 60.
        unacceptable: f64,
        /// Scores 100.
        satisfactory: f64,
    },
    /// Between the worst and the best of the units compared. Another unit changes every score.
    MinMax,
    /// `50 + 10·(x − mean)/deviation` over the units compared.
    ZScore,
}

impl Scale {
    /// Whether a unit's score depends on the other units.
    #[must_use]
    pub fn is_relative(self) -> bool {
        matches!(self, Self::MinMax | Self::ZScore)
    }

    fn check(self) -> Result<Self, String> {
        let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
        let apart = |a: f64, b: f64| (a - b).abs() > 0.0;
        let good = match self {
            Self::Goalposts { worst, best } => finite(&[worst, best]) && apart(worst, best),
            Self::Power { unacceptable, satisfactory } => {
                finite(&[unacceptable, satisfactory]) && apart(unacceptable, satisfactory)
            }
            Self::Interval { from, to, zero_below, zero_above } => {
                finite(&[from, to, zero_below, zero_above])
                    && zero_below < from
                    && from <= to
                    && to < zero_above
            }
            Self::Target | Self::FromBaseline | Self::MinMax | Self::ZScore => true,
        };
        if good { Ok(self) } else { Err("`scale`: its ends must be numbers, in order and apart".into()) }
    }
}

word_enum! {
    /// How parts become one.
    Combination, "combination" {
        /// Weighted mean: a strong part makes up for a weak one.
        Arithmetic = "arithmetic",
        /// Weighted geometric mean: weak parts count for more, and a part at 0 leaves nothing.
        Geometric = "geometric",
        /// The worst part (木桶).
        Worst = "worst",
        /// Nearness to the best and distance from the worst of the units compared (TOPSIS).
        Topsis = "topsis",
        /// Coupling co-ordination of the parts (耦合协调度): how far they have come together.
        Coupling = "coupling",
    }
}

/// A part of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct ScorePart {
    /// What it looks at.
    pub of: Scored,
    /// How its values come onto the scale; `None` is the target for indicators, and nothing for what is a score already.
    pub scale: Option<Scale>,
}

/// A grade, from a score on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Its name.
    pub grade: String,
    /// The least score.
    pub from: f64,
}

/// Services without which a unit is not good, whatever else it has (底线).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BottomLine {
    /// The services.
    pub services: Vec<ServiceKey>,
    /// A unit has a service when at least this share of its residents do, from 0 to 1, above 0.
    pub covered: f64,
    /// The best grade that a unit without them may have.
    pub cap: String,
}

/// What a unit has to be in order to be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCondition {
    /// Key of the indicator.
    pub indicator: String,
    /// What its value has to keep.
    pub amount: Amount,
}

/// How a place scores itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Key, unique in the pack on each day.
    pub key: String,
    /// Name in English.
    pub en: String,
    /// Name in Chinese.
    pub zh: Option<String>,
    /// What it is made of.
    pub parts: Vec<ScorePart>,
    /// Stated weights of the parts, summing to 1: given, judged in pairs, or equal.
    pub weights: Vec<f64>,
    /// The judgements behind the weights, where they were judged in pairs.
    pub judgement: Option<Judgement>,
    /// The share of the weights that is told from how much each part tells units apart (熵权法), from 0 to 1.
    pub entropy_share: f64,
    /// How parts become one.
    pub combine: Combination,
    /// The smallest units that are scored, and the ones that relative scales compare; `None` is the whole place alone.
    pub counted_over: Option<UnitKind>,
    /// The share of the weights that has to be known for a score, from 0 to 1; what is not known is left out.
    pub least_assessed: f64,
    /// Grades, the best first.
    pub grades: Vec<Grade>,
    /// Services without which the grade is capped.
    pub bottom_line: Option<BottomLine>,
    /// What a unit has to be in order to be chosen.
    pub eligible: Vec<ScoreCondition>,
    /// How many of the eligible units are chosen, the best first.
    pub choose: Option<u32>,
    /// What else to know.
    pub note: Option<String>,
    /// Days on which it holds.
    pub validity: Validity,
    /// What it rests on.
    pub backing: Backing,
}

impl Score {
    /// Whether a unit's score depends on the other units.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        self.combine == Combination::Topsis
            || self.entropy_share > 0.0
            || self.parts.iter().any(|part| part.scale.is_some_and(Scale::is_relative))
    }

    /// The grade of a score; `None` below the last.
    #[must_use]
    pub fn grade(&self, score: f64) -> Option<&Grade> {
        self.grades.iter().find(|grade| score >= grade.from)
    }

    /// The grade of a score where a bottom-line service is missing: no better than the cap.
    #[must_use]
    pub fn capped_grade(&self, score: f64) -> Option<&Grade> {
        let cap = self
            .bottom_line
            .as_ref()
            .and_then(|line| self.grades.iter().find(|grade| grade.grade == line.cap));
        self.grade(cap.map_or(score, |cap| score.min(cap.from)))
    }
}

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

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoreRow {
    key: String,
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
    note: Option<String>,
    only_here: Option<bool>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    confidence: Option<Confidence>,
    source: Option<String>,
    pub cites: Option<Vec<String>>,
    drop: Option<bool>,
}

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
    dated_and_backed!();

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
        inherit!(self, parent; en, zh, parts, scale, judgements, entropy_share, combine, counted_over, least_assessed, grades, bottom_line, eligible, choose, note, valid_from, valid_to, confidence, source, cites);
    }
}
