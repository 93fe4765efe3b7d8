//! Scores: how what was measured is brought onto one scale, weighed, combined and graded, as data.
//!
//! A score has parts: indicators, axes of the assessment, other scores. Every part is brought onto a scale from 0 to
//! 100, weighed, and combined with the others. Rows are dated, so weights may rise from year to year (policy #286).

use lifecircle_types::{ServiceKey, UnitKind, word_enum};
use serde::{Deserialize, Serialize};

use super::judgement::Judgement;
use super::{Amount, Backing, Validity};

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

    pub(super) fn check(self) -> Result<Self, String> {
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
