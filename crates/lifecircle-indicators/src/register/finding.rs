//! What a clause asks and what was found instead: data for interfaces of any language; [`Display`](fmt::Display) and files
//! have them in English.

use core::fmt;

use lifecircle_taxonomy::{Amount, Base, Measure};
use lifecircle_types::{FacilityState, People, Rule};

/// What a clause asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Residents within a rule.
    Rule(Rule),
    /// So much at every site.
    Site {
        /// Of what.
        measure: Measure,
        /// How much.
        amount: Amount,
    },
    /// A value of an indicator.
    Indicator {
        /// English name.
        en: String,
        /// Chinese name.
        zh: Option<String>,
        /// Unit of the value.
        unit: String,
        /// How much.
        amount: Amount,
    },
    /// Fewer users than places.
    Room,
}

/// A site that misses a norm.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteBelow {
    /// Id of the facility.
    pub facility: String,
    /// What it has.
    pub has: f64,
    /// What it needs.
    pub needs: f64,
    /// Functions that it lacks.
    pub without: Vec<String>,
}

/// A site all of whose places are taken.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteFull {
    /// Id of the facility.
    pub facility: String,
    /// Who uses it.
    pub users: f64,
    /// Its places.
    pub places: f64,
}

/// What was found, which shows that there is a problem.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Residents outside a rule.
    Outside {
        /// They.
        people: People,
        /// All of whom the service is required.
        of: People,
        /// The rule.
        rule: Rule,
        /// How far their nearest site is on average, in metres; `None` where nobody has a way to one.
        mean_m: Option<f64>,
        /// Whether the place has a site at all.
        has_sites: bool,
    },
    /// Sites that miss a norm.
    Below(Vec<SiteBelow>),
    /// Sites that do not say how they stand to a norm.
    Silent {
        /// How many.
        sites: usize,
        /// What they do not say.
        measure: Measure,
    },
    /// Sites that are not in use, by id; `Open` is open on other days.
    NotInUse(Vec<(String, FacilityState)>),
    /// Sites without room.
    Full(Vec<SiteFull>),
    /// An indicator short of its target.
    Missed {
        /// Its value.
        value: f64,
        /// Unit of the value.
        unit: String,
        /// What is asked.
        amount: Amount,
    },
    /// No source shows the service, in the words of the inventory.
    NotAssessed(String),
}

/// "at least 90": the end that is asked; the lower where there are two.
fn wanted(amount: Amount) -> (&'static str, f64) {
    match (amount.at_least, amount.at_most) {
        (Some(least), _) => ("at least", least),
        (None, most) => ("at most", most.unwrap_or_default()),
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => rule.fmt(f),
            Self::Site { measure, amount } if !amount.is_stated() => measure.fmt(f),
            Self::Site { measure, amount } => {
                let (wanted, end) = wanted(*amount);
                write!(f, "{wanted} {end} {measure} per {}", Base::Site)
            }
            Self::Indicator { en, unit, amount, .. } => {
                let (wanted, end) = wanted(*amount);
                write!(f, "{en}: {wanted} {end} {unit}")
            }
            Self::Room => f.write_str("fewer users than places"),
        }
    }
}

impl fmt::Display for SiteBelow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has {}", self.facility, self.has)?;
        if !self.without.is_empty() {
            write!(f, " (no {})", self.without.join(", "))?;
        }
        write!(f, " of {}", self.needs)
    }
}

impl fmt::Display for SiteFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has {} users for {} places", self.facility, self.users, self.places)
    }
}

#[cfg(feature = "schema")]
lifecircle_types::schema_by!(
    Asked,
    schemars::json_schema!({ "description": "What a clause asks, in words.", "type": "string" })
);

#[cfg(feature = "schema")]
lifecircle_types::schema_by!(
    Finding,
    schemars::json_schema!({ "description": "What was found, in words.", "type": "string" })
);

fn listed<T>(
    f: &mut fmt::Formatter<'_>,
    parts: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str("; ")?;
        }
        write(f, part)?;
    }
    Ok(())
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { people, of, rule, mean_m, has_sites } => {
                write!(f, "{} of {} residents are outside the rule, {rule}", people.rounded(), of.rounded())?;
                match mean_m {
                    Some(metres) => write!(f, "; the nearest site is {metres:.0} m away on average"),
                    None if !has_sites => f.write_str("; there is no site"),
                    None => Ok(()),
                }
            }
            Self::Below(sites) => listed(f, sites, |f, site| site.fmt(f)),
            Self::Silent { sites, measure } => write!(f, "{sites} sites do not state their {measure}"),
            Self::NotInUse(sites) => listed(f, sites, |f, (facility, state)| match state {
                FacilityState::Open => write!(f, "{facility} is open on other days"),
                state => write!(f, "{facility} is {state}"),
            }),
            Self::Full(sites) => listed(f, sites, |f, site| site.fmt(f)),
            Self::Missed { value, unit, amount } => {
                let (wanted, end) = wanted(*amount);
                write!(f, "{value} {unit}, {wanted} {end} asked")
            }
            Self::NotAssessed(reason) => f.write_str(reason),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Asked {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
