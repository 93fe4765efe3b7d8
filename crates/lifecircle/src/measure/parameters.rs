//! Parameters of measures and decays, by name.

use std::collections::BTreeMap;

use lifecircle_types::word_enum;

use super::{NamedDecay, fault};
use crate::Error;

word_enum! {
    /// A parameter of a measure or of a decay, by name.
    Parameter, "parameter" {
        /// The farthest that counts, inclusive.
        Cutoff = "cutoff",
        /// Cutoffs of an interval.
        Cutoffs = "cutoffs",
        /// The cost at which a facility counts half.
        Half = "half",
        /// The cost at which an exponential falls to 1/e.
        DecayScale = "decay-scale",
        /// Bands of a stepped decay.
        Steps = "steps",
        /// The cost up to which a decay is 1.
        FullTo = "full-to",
        /// The exponent of a power.
        Exponent = "exponent",
        /// The rate of a log-Gaussian.
        Rate = "rate",
        /// The standard deviation of a Gaussian.
        Sigma = "sigma",
        /// The mean of a logistic.
        Mean = "mean",
        /// The standard deviation of a logistic.
        Deviation = "deviation",
        /// How steep a soft threshold is.
        Steepness = "steepness",
        /// How many of the nearest.
        K = "k",
        /// Weights of the nearest by rank.
        Ranks = "ranks",
        /// The supply that every place needs.
        Need = "need",
        /// The supply that a person needs.
        NeedPerPerson = "need-per-person",
        /// The cost that counts as one.
        Scale = "scale",
        /// The exponent of people who claim supply.
        Alpha = "alpha",
        /// The order of a diversity.
        Order = "order",
        /// The share of people who take part around the median person.
        TypicalShare = "typical-share",
        /// People at whom a catchment stops growing.
        EnoughPeople = "enough-people",
        /// Supply per person at which a catchment stops growing.
        EnoughSupply = "enough-supply",
        /// The people per unit of supply that make a crowd of one.
        PeoplePerSupply = "people-per-supply",
        /// How far totals of flows may be off.
        Tolerance = "tolerance",
    }
}

/// What a parameter's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// Minutes, or metres for a matrix of lengths.
    Cost,
    /// Several of these.
    Costs,
    /// A whole number from 1.
    Count,
    /// A number.
    Number,
    /// Several numbers.
    Numbers,
    /// Costs, each with a weight.
    Bands,
}

impl Parameter {
    /// What its value is.
    #[must_use]
    pub const fn kind(self) -> ParameterKind {
        self.row().0
    }

    /// What it means, and what holds where it is not given.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.row().1
    }

    /// What it is where it is not given; `None` where it has to be.
    #[must_use]
    pub const fn default(self) -> Option<f64> {
        match self {
            Self::K | Self::Alpha | Self::Order => Some(1.0),
            Self::Steepness => Some(5.0),
            Self::Tolerance => Some(1e-6),
            _ => None,
        }
    }

    const fn row(self) -> (ParameterKind, &'static str) {
        use ParameterKind::{Bands, Cost, Costs, Count, Number, Numbers};
        match self {
            Self::Cutoff => (Cost, "The farthest that counts, inclusive"),
            Self::Cutoffs => (Costs, "Cutoffs of an interval, such as 20,25,30"),
            Self::Half => (Cost, "The cost at which a facility counts half"),
            Self::DecayScale => (Cost, "The cost at which an exponential falls to 1/e: one over its beta"),
            Self::Steps => {
                (Bands, "Bands of a stepped decay, as upper cost and weight: 10:1,20:0.68,30:0.22")
            }
            Self::FullTo => (Cost, "The cost up to which a power, log_gaussian or plateau counts fully"),
            Self::Exponent => (Number, "The exponent of a power"),
            Self::Rate => (Number, "The rate of a log_gaussian"),
            Self::Sigma => (Cost, "The standard deviation of a gaussian"),
            Self::Mean => (Cost, "The mean of a logistic"),
            Self::Deviation => (Cost, "The standard deviation of a logistic"),
            Self::Steepness => (Number, "How steep a soft_threshold is; 5 unless given"),
            Self::K => (Count, "How many of the nearest; 1 unless given"),
            Self::Ranks => (Numbers, "Weights of the nearest, the second, …, such as 1,0.5"),
            Self::Need => (Number, "The supply that every place needs"),
            Self::NeedPerPerson => (Number, "The supply that a person needs"),
            Self::Scale => {
                (Cost, "Of log_sum: one over its lambda; of raam: what weighs as much as a crowd of 1")
            }
            Self::Alpha => (Number, "The exponent of people who claim supply; 1 unless given"),
            Self::Order => (Number, "The order of a diversity: 0 counts facilities; 1 unless given"),
            Self::TypicalShare => (Number, "The share of people who take part around the median person"),
            Self::EnoughPeople => (Number, "People at whom the catchment of a facility stops growing"),
            Self::EnoughSupply => {
                (Number, "Supply per person at which the catchment of a place stops growing")
            }
            Self::PeoplePerSupply => {
                (Number, "People per unit of supply that make a crowd of 1; all by all unless given")
            }
            Self::Tolerance => {
                (Number, "How far a place's flows may be off, relatively; 0.000001 unless given")
            }
        }
    }
}

/// Parameters of measures, in minutes for a matrix of times and in metres for one of lengths.
///
/// ```
/// # use lifecircle::{MeasureOptions, Parameter};
/// let options = MeasureOptions::default().decay("gaussian".parse()?).with(Parameter::Sigma, [8.0]);
/// assert_eq!(options.given(Parameter::Sigma), [8.0]);
/// # Ok::<(), lifecircle::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasureOptions {
    pub(super) decay: Option<NamedDecay>,
    values: BTreeMap<Parameter, Vec<f64>>,
    pub(super) complete: Option<f64>,
}

impl MeasureOptions {
    /// Names how weight falls; measures that do not ask for a decay take `binary` without being told.
    #[must_use]
    pub const fn decay(mut self, decay: NamedDecay) -> Self {
        self.decay = Some(decay);
        self
    }

    /// Sets a parameter: one number, a list, or for [`Parameter::Steps`] each band's cost and weight in turn.
    #[must_use]
    pub fn with(mut self, parameter: Parameter, values: impl IntoIterator<Item = f64>) -> Self {
        self.values.insert(parameter, values.into_iter().collect());
        self
    }

    /// States up to which cost the matrix holds every pair, where that is more than its largest.
    #[must_use]
    pub const fn complete(mut self, cost: f64) -> Self {
        self.complete = Some(cost);
        self
    }

    /// The values of a parameter; none where it is not given.
    #[must_use]
    pub fn given(&self, parameter: Parameter) -> &[f64] {
        self.values.get(&parameter).map_or(&[], Vec::as_slice)
    }

    pub(super) fn all_given(&self) -> impl Iterator<Item = Parameter> + '_ {
        self.values.keys().copied()
    }
}

/// Says that a parameter has to be given.
pub(super) fn missing(parameter: Parameter) -> Error {
    let remedy = match parameter.kind() {
        ParameterKind::Cost => "give it in minutes, or in metres for a matrix of lengths",
        ParameterKind::Costs => "give several costs, such as 20,25,30",
        ParameterKind::Bands => "give bands such as 10:1,20:0.68,30:0.22",
        ParameterKind::Numbers => "give several numbers, such as 1,0.5",
        ParameterKind::Count | ParameterKind::Number => "give a number",
    };
    fault(parameter.as_str(), format!("it is needed: {remedy}"))
}
