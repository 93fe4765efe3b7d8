//! The parts of `study.toml` that ask for services that come to people.

use std::collections::BTreeMap;

use lifecircle_types::{People, ServiceKey};
use serde::{Deserialize, Serialize};

use crate::asked::{Fault, Known, Question, minutes, name_of};

/// Workers come to homes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct HomeVisitsConfig {
    /// Its name in results; its service unless set.
    pub key: Option<String>,
    /// The service; needed.
    pub service: Option<ServiceKey>,
    /// Services from whose places the workers set out; the service's own places unless set.
    pub depots: Vec<ServiceKey>,
    /// Who is visited, by the name of a group of residents; everybody unless set.
    pub residents: Option<String>,
    /// Visits a week that one of them needs, to the thousandth, such as 0.5; 1 unless set.
    pub visits_a_week: f64,
    /// Minutes that a visit takes at the home; 60 unless set.
    pub care_min: u32,
    /// The longest way from a depot to a home, in minutes; 15 unless set.
    pub within_min: u32,
    /// Minutes on the way that every visit takes, as on a round from home to home; unless set the way there and back.
    pub travel_min: Option<u32>,
    /// Hours a week that a full-time worker of a depot (its `staff`) works on visits, ways among them; 40 unless set.
    pub hours_a_week: u32,
    /// How a worker goes, by the key of a walker of the study; as the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for HomeVisitsConfig {
    fn default() -> Self {
        Self {
            key: None,
            service: None,
            depots: vec![],
            residents: None,
            visits_a_week: 1.0,
            care_min: 60,
            within_min: 15,
            travel_min: None,
            hours_a_week: 40,
            walker: None,
        }
    }
}

impl HomeVisitsConfig {
    /// Services from whose places the workers set out.
    #[must_use]
    pub fn depots(&self) -> &[ServiceKey] {
        if self.depots.is_empty() { self.service.as_slice() } else { &self.depots }
    }

    /// Visits a week that one resident needs, in thousandths.
    pub(crate) fn thousandths(&self) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked: 0.001 to 100")]
        let thousandths = (self.visits_a_week * 1000.0).round() as u64;
        thousandths
    }
}

/// A mobile service stops at places on some days of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MobileConfig {
    /// Its name in results; its service unless set.
    pub key: Option<String>,
    /// The service; needed.
    pub service: Option<ServiceKey>,
    /// CSV with its stops: `id`, `lon`, `lat`, `visits_a_year`, `days`; needed.
    pub stops: String,
    /// Visits a year that ought to be in reach of a home, at all stops together; 12 unless set.
    pub visits_a_year: u32,
    /// The longest walk to a stop, in minutes; 15 unless set.
    pub within_min: u32,
    /// The walker, by the key of one of the study; the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for MobileConfig {
    fn default() -> Self {
        let (visits_a_year, within_min) = (12, 15);
        Self { key: None, service: None, stops: String::new(), visits_a_year, within_min, walker: None }
    }
}

/// An online service: some manage alone, others with help nearby.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OnlineConfig {
    /// Its name in results; its service unless set.
    pub key: Option<String>,
    /// The service; needed.
    pub service: Option<ServiceKey>,
    /// How many per cent of people manage alone: one number, or a number by group of residents, of which none overlap.
    /// Of whom nothing is said it is not known.
    pub able_percent: Option<AbleConfig>,
    /// Whom one number of `able_percent` is about, by the name of a group of residents; everybody unless set.
    pub residents: Option<String>,
    /// Services at whose places somebody helps; none unless set.
    pub help: Vec<ServiceKey>,
    /// The longest walk to help, in minutes; 15 unless set.
    pub within_min: u32,
    /// The walker, by the key of one of the study; the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for OnlineConfig {
    fn default() -> Self {
        Self {
            key: None,
            service: None,
            able_percent: None,
            residents: None,
            help: vec![],
            within_min: 15,
            walker: None,
        }
    }
}

/// How many per cent of people manage alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "able_percent is a number such as 70, or a table such as { age_65_plus = 45 }")]
pub enum AbleConfig {
    /// Of all in question.
    All(f64),
    /// By group of residents.
    Groups(BTreeMap<String, f64>),
}

/// Care at three distances: at the bedside, near the home, around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CareConfig {
    /// Who needs the care, by the name of a group of residents; everybody unless set.
    pub residents: Option<String>,
    /// Services whose workers come to the bedside; needed.
    pub bedside: Vec<ServiceKey>,
    /// Services near the home; needed.
    pub near: Vec<ServiceKey>,
    /// Services around it; needed.
    pub around: Vec<ServiceKey>,
    /// Minutes from a provider to the bedside; 15 unless set.
    pub bedside_min: u32,
    /// Minutes that are near; 5 unless set.
    pub near_min: u32,
    /// Minutes that are around; 15 unless set.
    pub around_min: u32,
    /// The walker, by the key of one of the study; the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for CareConfig {
    fn default() -> Self {
        Self {
            residents: None,
            bedside: vec![],
            near: vec![],
            around: vec![],
            bedside_min: 15,
            near_min: 5,
            around_min: 15,
            walker: None,
        }
    }
}

/// Care beds in homes, with institutions that stand behind them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FamilyBedsConfig {
    /// CSV with the beds: `id`, `place`, `visits_a_month`; needed.
    pub beds: String,
    /// Services whose places stand behind them; needed.
    pub services: Vec<ServiceKey>,
    /// The longest way from one of them to a bed, in minutes; 15 unless set.
    pub within_min: u32,
    /// Visits a month that a bed needs; 4 unless set.
    pub visits_a_month: u32,
    /// Beds that a place can stand behind; unless set any number.
    pub beds_each: Option<u64>,
    /// How a worker goes, by the key of a walker of the study; as the standard walker unless set.
    pub walker: Option<String>,
}

impl Default for FamilyBedsConfig {
    fn default() -> Self {
        Self {
            beds: String::new(),
            services: vec![],
            within_min: 15,
            visits_a_month: 4,
            beds_each: None,
            walker: None,
        }
    }
}

fn in_range(field: &'static str, value: u64, most: u64, unit: &str) -> Result<(), Fault> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    Err((field, format!("{value} is out of range: write {unit} from 1 to {most}")))
}

impl Question for HomeVisitsConfig {
    fn key(&self) -> String {
        name_of(self.key.as_ref(), self.service.as_slice())
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("service", self.service.as_slice(), 1)?;
        known.services("depots", &self.depots, 0)?;
        known.group("residents", self.residents.as_deref())?;
        known.walker("walker", self.walker.as_deref())?;
        if !(0.001..=100.0).contains(&self.visits_a_week) {
            let visits = self.visits_a_week;
            return Err((
                "visits_a_week",
                format!("{visits} is out of range: write visits from 0.001 to 100"),
            ));
        }
        minutes("care_min", self.care_min)?;
        minutes("within_min", self.within_min)?;
        self.travel_min.map_or(Ok(()), |travel| minutes("travel_min", travel))?;
        in_range("hours_a_week", self.hours_a_week.into(), 168, "hours")
    }
}

impl Question for MobileConfig {
    fn key(&self) -> String {
        name_of(self.key.as_ref(), self.service.as_slice())
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("service", self.service.as_slice(), 1)?;
        known.walker("walker", self.walker.as_deref())?;
        minutes("within_min", self.within_min)?;
        in_range("visits_a_year", self.visits_a_year.into(), 10_000, "visits")
    }
}

impl Question for OnlineConfig {
    fn key(&self) -> String {
        name_of(self.key.as_ref(), self.service.as_slice())
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("service", self.service.as_slice(), 1)?;
        known.services("help", &self.help, 0)?;
        known.group("residents", self.residents.as_deref())?;
        known.walker("walker", self.walker.as_deref())?;
        minutes("within_min", self.within_min)?;
        let percents: Vec<f64> = match &self.able_percent {
            None => vec![],
            Some(AbleConfig::All(percent)) => vec![*percent],
            Some(AbleConfig::Groups(groups)) => groups.values().copied().collect(),
        };
        if let Some(percent) = percents.iter().find(|percent| !(0.0..=100.0).contains(*percent)) {
            return Err(("able_percent", format!("{percent} is out of range: write per cent from 0 to 100")));
        }
        let Some(AbleConfig::Groups(groups)) = &self.able_percent else { return Ok(()) };
        if self.residents.is_some() {
            let problem = "`able_percent` names groups by itself: remove `residents`, or write one number";
            return Err(("residents", problem.into()));
        }
        let mut rest = known.residents.people().to_vec();
        for name in groups.keys() {
            let people = known.group("able_percent", Some(name))?;
            for ((rest, people), id) in rest.iter_mut().zip(people).zip(known.residents.ids()) {
                if *people > *rest {
                    let problem = format!(
                        "its groups count more people at `{id}` than live there: name groups that do not overlap"
                    );
                    return Err(("able_percent", problem));
                }
                *rest = *rest - *people;
            }
        }
        Ok(())
    }
}

impl OnlineConfig {
    /// The groups of people with the share who manage alone, those of whom nothing is said last; `residents` gives the people
    /// of a group per place, `None` being everybody.
    pub(crate) fn groups<'a>(
        &self,
        residents: &dyn Fn(Option<&str>) -> &'a [People],
    ) -> Vec<(Option<String>, Vec<People>, Option<f64>)> {
        match &self.able_percent {
            Some(AbleConfig::Groups(groups)) => {
                let mut rest = residents(None).to_vec();
                let mut all = Vec::new();
                for (name, percent) in groups {
                    let people = residents(Some(name)).to_vec();
                    for (rest, people) in rest.iter_mut().zip(&people) {
                        *rest = *rest - *people;
                    }
                    all.push((Some(name.clone()), people, Some(percent / 100.0)));
                }
                all.push((None, rest, None));
                all
            }
            able => {
                let share = able.as_ref().and_then(|able| match able {
                    AbleConfig::All(percent) => Some(percent / 100.0),
                    AbleConfig::Groups(_) => None,
                });
                vec![(self.residents.clone(), residents(self.residents.as_deref()).to_vec(), share)]
            }
        }
    }
}

impl Question for CareConfig {
    fn key(&self) -> String {
        "care".into()
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.group("residents", self.residents.as_deref())?;
        known.walker("walker", self.walker.as_deref())?;
        known.services("bedside", &self.bedside, 1)?;
        known.services("near", &self.near, 1)?;
        known.services("around", &self.around, 1)?;
        minutes("bedside_min", self.bedside_min)?;
        minutes("near_min", self.near_min)?;
        minutes("around_min", self.around_min)
    }
}

impl Question for FamilyBedsConfig {
    fn key(&self) -> String {
        "family_beds".into()
    }

    fn check(&self, known: &Known<'_>) -> Result<(), Fault> {
        known.services("services", &self.services, 1)?;
        known.walker("walker", self.walker.as_deref())?;
        minutes("within_min", self.within_min)?;
        in_range("visits_a_month", self.visits_a_month.into(), 1000, "visits")?;
        self.beds_each.map_or(Ok(()), |beds| in_range("beds_each", beds, 1_000_000, "beds"))
    }
}
