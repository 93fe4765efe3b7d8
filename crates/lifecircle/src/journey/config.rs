//! The parts of `study.toml` that ask for journeys.

use lifecircle_types::ServiceKey;
use serde::{Deserialize, Serialize};

use crate::asked::{Fault, Known, Question, minutes, name_of};

/// A service of several levels: to the first, and from there on to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LevelsConfig {
    /// Its name in results; its services joined by `+` unless set.
    pub key: Option<String>,
    /// The services, the lowest level first; two at least.
    pub services: Vec<ServiceKey>,
    /// Minutes from home within which each level ought to be, along all levels before it, in the order of `services`; unless
    /// set nothing is asked.
    pub within_min: Vec<u32>,
    /// The longest walk from home to a first level, or from a level to the next, that is looked at, in minutes; 60 unless set.
    pub leg_min: u32,
    /// Which way people go on; `cheapest` unless set.
    pub referral: ReferralConfig,
    /// The walker, by the key of one of the study; the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for LevelsConfig {
    fn default() -> Self {
        Self {
            key: None,
            services: vec![],
            within_min: vec![],
            leg_min: 60,
            referral: ReferralConfig::Cheapest,
            walker: None,
        }
    }
}

/// Which way people go on from a level to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReferralConfig {
    /// By the chain that is shortest to the level in question.
    Cheapest,
    /// To the nearest of the first level, and from each to the nearest of the next.
    Stepwise,
}

/// Several services at one stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OneStopConfig {
    /// Its name in results; its services joined by `+` unless set.
    pub key: Option<String>,
    /// The services; two at least.
    pub services: Vec<ServiceKey>,
    /// How many of them a stop needs; all of them unless set.
    pub needed: Option<u32>,
    /// The longest walk from one door to another of a stop, in metres along the streets; 100 unless set.
    pub stop_m: u32,
    /// The longest walk from home to a stop, in minutes; 15 unless set.
    pub within_min: u32,
    /// The walker, by the key of one of the study; the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for OneStopConfig {
    fn default() -> Self {
        Self { key: None, services: vec![], needed: None, stop_m: 100, within_min: 15, walker: None }
    }
}

impl OneStopConfig {
    /// How many of the services a stop needs.
    #[must_use]
    pub fn needed(&self) -> u32 {
        self.needed.unwrap_or_else(|| u32::try_from(self.services.len()).unwrap_or(u32::MAX))
    }
}

/// Somebody is brought by somebody else: the slower sets the pace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct EscortConfig {
    /// Its name in results; its service unless set.
    pub key: Option<String>,
    /// Where they go; needed.
    pub service: Option<ServiceKey>,
    /// Who is brought, and who brings them: two walkers of the study, by key; needed.
    pub walkers: Vec<String>,
    /// Whose trips are counted, by the name of a group of residents; everybody unless set.
    pub residents: Option<String>,
    /// What comes after; `together` unless set.
    pub way_back: WayBackConfig,
    /// How long it may take, in minutes; 15 unless set.
    pub within_min: u32,
    /// What that holds for; `each_way` unless set.
    pub limit: EscortLimitConfig,
}

impl Default for EscortConfig {
    fn default() -> Self {
        Self {
            key: None,
            service: None,
            walkers: vec![],
            residents: None,
            way_back: WayBackConfig::Together,
            within_min: 15,
            limit: EscortLimitConfig::EachWay,
        }
    }
}

/// What comes after somebody was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WayBackConfig {
    /// Both walk home, as after a visit to the clinic.
    Together,
    /// Who brought them walks home alone, as from the kindergarten.
    Alone,
}

/// What a limit of time holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EscortLimitConfig {
    /// Each of the two ways.
    EachWay,
    /// Both together.
    RoundTrip,
}

impl Question for LevelsConfig {
    fn key(&self) -> String {
        name_of(self.key.as_ref(), &self.services)
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("services", &self.services, 2)?;
        known.walker("walker", self.walker.as_deref())?;
        minutes("leg_min", self.leg_min)?;
        let limits = &self.within_min;
        if !limits.is_empty() && limits.len() != self.services.len() {
            let (found, expected) = (limits.len(), self.services.len());
            return Err(("within_min", format!("{found} limits for {expected} levels: write one for each")));
        }
        for &limit in limits {
            minutes("within_min", limit)?;
        }
        let longest = u32::try_from(self.services.len()).unwrap_or(u32::MAX).saturating_mul(self.leg_min);
        if limits.first().is_some_and(|first| *first > self.leg_min)
            || limits.iter().any(|limit| *limit > longest)
        {
            let problem = "a limit is longer than the walks that are looked at: write a longer `leg_min`";
            return Err(("within_min", problem.into()));
        }
        if limits.windows(2).any(|pair| pair[1] < pair[0]) {
            return Err(("within_min", "a level lies beyond those before it: let limits rise".into()));
        }
        Ok(())
    }
}

impl Question for OneStopConfig {
    fn key(&self) -> String {
        name_of(self.key.as_ref(), &self.services)
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("services", &self.services, 2)?;
        known.walker("walker", self.walker.as_deref())?;
        minutes("within_min", self.within_min)?;
        if !(1..=self.services.len()).contains(&(self.needed() as usize)) {
            let all = self.services.len();
            return Err(("needed", format!("{} of {all} services: write 1 to {all}", self.needed())));
        }
        if !(1..=1000).contains(&self.stop_m) {
            return Err(("stop_m", "a stop is a few steps wide: write 1 to 1000 m".into()));
        }
        Ok(())
    }
}

impl Question for EscortConfig {
    fn key(&self) -> String {
        name_of(self.key.as_ref(), self.service.as_slice())
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("service", self.service.as_slice(), 1)?;
        known.group("residents", self.residents.as_deref())?;
        minutes("within_min", self.within_min)?;
        let [escorted, escort] = self.walkers.as_slice() else {
            return Err(("walkers", "name two walkers: who is brought, and who brings them".into()));
        };
        let escorted = known.walker("walkers", Some(escorted))?;
        let escort = known.walker("walkers", Some(escort))?;
        if let (Some(escorted), Some(escort)) = (escorted, escort)
            && !escorted.is_proportional_to(escort)
        {
            let problem = format!(
                "`{}` and `{}` walk by different rules, and two who walk together take one way: give both the same \
                 slopes, stairs and winter, and no waits",
                escorted.key, escort.key
            );
            return Err(("walkers", problem));
        }
        Ok(())
    }
}
