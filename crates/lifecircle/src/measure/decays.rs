//! Decays by name, with their parameters.

use lifecircle_access::{
    Binary, Decay, Exponential, Gaussian, Kernel, Linear, LogGaussian, Logistic, Plateau, Power,
    RootExponential, SoftThreshold, Stepped, TruncatedGaussian,
};
use lifecircle_types::Cost;

use super::named::named;
use super::parameters::Parameter;
use super::{Task, fault};
use crate::Result;

pub(super) struct Row {
    name: &'static str,
    about: &'static str,
    /// One way to state it, or two that differ in a parameter each.
    ways: &'static [Way],
}

/// A way to state a decay: by all of these parameters.
struct Way {
    takes: &'static [Parameter],
    build: fn(&Task<'_>) -> Result<Box<dyn Decay>>,
}

/// `name: kind Parameter` for everything that a decay is made of, and what makes it.
macro_rules! way {
    (|$($value:ident: $kind:ident $parameter:ident),+| $decay:expr) => {
        Way {
            takes: &[$(Parameter::$parameter),+],
            build: |task| {
                $(let $value = task.$kind(Parameter::$parameter)?;)+
                Ok(Box::new($decay))
            },
        }
    };
}

static DECAYS: [Row; 13] = [
    Row {
        name: "binary",
        about: "1 up to the cutoff",
        ways: &[way!(|cutoff: cost Cutoff| Binary::within(cutoff))],
    },
    Row {
        name: "stepped",
        about: "a weight per band",
        ways: &[way!(|bands: bands Steps| Stepped::new(bands)?)],
    },
    Row {
        name: "linear",
        about: "1 - c/T",
        ways: &[
            way!(|cutoff: cost Cutoff| Linear::to_zero_at(cutoff)),
            way!(|half: cost Half| Linear::half_at(half)),
        ],
    },
    Row {
        name: "exponential",
        about: "exp(-c/s)",
        ways: &[
            way!(|half: cost Half, cutoff: cost Cutoff| Exponential::half_at(half, cutoff)?),
            way!(|scale: cost DecayScale, cutoff: cost Cutoff| Exponential::scaled(scale, cutoff)?),
        ],
    },
    Row {
        name: "root_exponential",
        about: "exp(-√(c/s))",
        ways: &[
            way!(|half: cost Half, cutoff: cost Cutoff| RootExponential::half_at(half, cutoff)?),
            way!(|scale: cost DecayScale, cutoff: cost Cutoff| RootExponential::scaled(scale, cutoff)?),
        ],
    },
    Row {
        name: "power",
        about: "(c/a)^-β, 1 up to a",
        ways: &[
            way!(|half: cost Half, a: cost FullTo, cutoff: cost Cutoff| Power::half_at(half, a, cutoff)?),
            way!(|beta: number Exponent, a: cost FullTo, cutoff: cost Cutoff| Power::new(beta, a, cutoff)?),
        ],
    },
    Row {
        name: "log_gaussian",
        about: "exp(-β ln²(c/a)), 1 up to a",
        ways: &[
            way!(|half: cost Half, a: cost FullTo, cutoff: cost Cutoff| LogGaussian::half_at(half, a, cutoff)?),
            way!(|beta: number Rate, a: cost FullTo, cutoff: cost Cutoff| LogGaussian::new(beta, a, cutoff)?),
        ],
    },
    Row {
        name: "gaussian",
        about: "exp(-c²/2σ²)",
        ways: &[
            way!(|half: cost Half, cutoff: cost Cutoff| Gaussian::half_at(half, cutoff)?),
            way!(|sigma: cost Sigma, cutoff: cost Cutoff| Gaussian::new(sigma, cutoff)?),
        ],
    },
    Row {
        name: "truncated_gaussian",
        about: "a Gaussian that reaches 0 at the cutoff",
        ways: &[
            way!(|cutoff: cost Cutoff| TruncatedGaussian::to_zero_at(cutoff)),
            way!(|half: cost Half| TruncatedGaussian::half_at(half)),
        ],
    },
    Row {
        name: "kernel",
        about: "1 - (c/T)²",
        ways: &[
            way!(|cutoff: cost Cutoff| Kernel::to_zero_at(cutoff)),
            way!(|half: cost Half| Kernel::half_at(half)),
        ],
    },
    Row {
        name: "logistic",
        about: "g(0)/g(c), g(c) = 1 + exp((c - m)π/s√3)",
        ways: &[
            way!(|half: cost Half, s: cost Deviation, cutoff: cost Cutoff| Logistic::half_at(half, s, cutoff)?),
            way!(|mean: cost Mean, s: cost Deviation, cutoff: cost Cutoff| Logistic::new(mean, s, cutoff)?),
        ],
    },
    Row {
        name: "soft_threshold",
        about: "1/(1 + exp(k(c - T)/T)), T its half",
        ways: &[way!(|half: cost Half, k: number Steepness, cutoff: cost Cutoff| {
            SoftThreshold::half_at(half, k, cutoff)?
        })],
    },
    Row {
        name: "plateau",
        about: "1 up to full-to, then a Gaussian of the rest",
        ways: &[way!(|full: cost FullTo, half: cost Half, cutoff: cost Cutoff| plateau(full, half, cutoff)?)],
    },
];

named! {
    /// How weight falls with cost, by name.
    ///
    /// ```
    /// # use lifecircle::NamedDecay;
    /// let kernel: NamedDecay = "kernel".parse()?;
    /// assert_eq!(kernel.about(), "1 - (c/T)²");
    /// let message = "kernal".parse::<NamedDecay>().unwrap_err().to_string();
    /// assert!(message.starts_with("`kernal`: there is no such decay; do you mean `kernel`?"));
    /// # Ok::<(), lifecircle::Error>(())
    /// ```
    NamedDecay, DECAYS, "decay"
}

impl NamedDecay {
    /// What takes its place where a measure is not told: everything within the cutoff counts fully.
    pub(super) const DEFAULT: Self = Self(&DECAYS[0]);

    /// The ways to state it, each by all of its parameters; those with a default may be left out.
    #[must_use]
    pub fn ways(self) -> impl ExactSizeIterator<Item = &'static [Parameter]> {
        self.0.ways.iter().map(|way| way.takes)
    }

    /// The decay that the options of `task` state: the way that has a given parameter of its own, else the first.
    pub(super) fn build(self, task: &Task<'_>) -> Result<Box<dyn Decay>> {
        let own = |way: &Way| {
            let others = || self.0.ways.iter().filter(|other| other.takes != way.takes);
            let alone = |parameter: &Parameter| others().all(|other| !other.takes.contains(parameter));
            way.takes.iter().copied().find(|parameter| task.is_given(*parameter) && alone(parameter))
        };
        let mut chosen = self.0.ways.iter().filter_map(|way| own(way).map(|parameter| (way, parameter)));
        match (chosen.next(), chosen.next()) {
            (Some((_, one)), Some((_, other))) => {
                let problem = format!("this decay is stated by it or by `{one}`: leave out one");
                Err(fault(other.as_str(), problem))
            }
            (Some((way, _)), None) if self.0.ways.len() > 1 => (way.build)(task),
            _ => (self.0.ways[0].build)(task),
        }
    }
}

/// A Gaussian of what a cost has above `full`; `half` and `cutoff` count from 0, as in every decay.
fn plateau(full: Cost, half: Cost, cutoff: Cost) -> Result<Plateau<Gaussian>> {
    let above = |parameter: Parameter, cost: Cost| {
        let above = cost.raw().checked_sub(full.raw()).map(|raw| full.unit().cost(raw));
        above.ok_or_else(|| fault(parameter.as_str(), "it lies before full-to: give more"))
    };
    let gaussian = Gaussian::half_at(above(Parameter::Half, half)?, above(Parameter::Cutoff, cutoff)?)?;
    Ok(Plateau::then(full, gaussian)?)
}
