//! Online services: some manage alone, others with help nearby.

use lifecircle_access::OnlineUse;
use lifecircle_indicators::Range;
use lifecircle_types::{
    DemandIx, FacilityIx, FeatureTable, People, Progress, ServiceKey, TravelTime, UnitIx,
};
use serde::Serialize;

use super::config::OnlineConfig;
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::{Part, Told};

/// An online service, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "OnlineFound"))]
#[non_exhaustive]
pub struct CityOnline {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: OnlineConfig,
    /// Services of help that no source shows: strictly they help nowhere, leniently everywhere.
    pub no_data: Vec<ServiceKey>,
    /// The whole place: all in question, then the groups whose share is stated.
    pub whole: Vec<OnlineReach>,
    /// Every unit with somebody in question, likewise.
    #[serde(skip)]
    pub units: Vec<OnlineReach>,
}

/// How some residents come to an online service.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OnlineReach {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// Those who use it alone or with help: for certain, and at most.
    pub covered: Range,
    /// Those who manage alone.
    pub alone: People,
    /// Those who do not and have help in reach.
    pub assisted: People,
    /// Those with help in reach of whom nobody knows whether they need it.
    pub either: People,
    /// Those who neither manage nor find help.
    pub unable: People,
    /// Those without help of whom nobody knows whether they manage.
    pub undecided: People,
}

impl Outcome<'_> {
    /// Who uses an online service alone, who with help within a walk, and who not at all.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn online(&self, asked: &OnlineConfig, progress: &dyn Progress) -> Result<CityOnline> {
        let known = self.study.can_answer("online", asked)?;
        let groups = asked.groups(&|name| known.group("residents", name).unwrap_or_default());
        let (found, no_data) = self.any_of(&asked.help);
        // where somebody helps: for certain, and at most
        let [certain, possible]: [Vec<bool>; 2] =
            self.walking(asked.walker.as_deref(), progress, |ways| {
                let within = ways.length_in(TravelTime::from_minutes(asked.within_min));
                let walks = ways.walks(&found.lenient, within)?;
                let is_certain = |facility: FacilityIx| {
                    found.strict.binary_search(&found.lenient[facility.index()]).is_ok()
                };
                let near = |place| walks.row(DemandIx::new(place)).map(|(facility, _)| facility);
                let places = 0..walks.rows();
                Ok([
                    places.clone().map(|place| near(place).any(is_certain)).collect(),
                    places.map(|place| !no_data.is_empty() || near(place).next().is_some()).collect(),
                ])
            })?;
        let row = |part: &Part<'_>, only: Option<&str>| {
            let found = |helped: &[bool]| -> OnlineUse {
                let groups =
                    groups.iter().filter(|(name, ..)| only.is_none_or(|only| name.as_deref() == Some(only)));
                let of_group = |(_, people, able): &(_, Vec<People>, _)| -> OnlineUse {
                    let at = part.iter();
                    at.map(|(place, _)| OnlineUse::at_place(people[place], *able, helped[place])).sum()
                };
                groups.map(of_group).sum()
            };
            let (strict, lenient) = (found(&certain), found(&possible));
            OnlineReach {
                unit: part.unit,
                group: part.group.map(str::to_owned),
                covered: Range { strict: strict.tally().strict(), lenient: lenient.tally().lenient() },
                alone: strict.alone,
                assisted: strict.assisted,
                either: strict.either,
                unable: strict.unable,
                undecided: strict.undecided,
            }
        };
        let (parts, all) = (self.parts(), Told::Only(asked.residents.as_deref()));
        let (mut whole, mut units) = parts.told(all, |part| row(part, None));
        if groups.len() > 1 {
            for name in groups.iter().filter_map(|(name, ..)| name.as_deref()) {
                let (here, there) = parts.told(Told::Only(Some(name)), |part| row(part, Some(name)));
                whole.extend(here);
                units.extend(there);
            }
            units.sort_by_key(|row| row.unit);
        }
        Ok(CityOnline { key: asked.key(), asked: asked.clone(), no_data, whole, units })
    }

    /// The table of `online.csv`: for every question, unit and group who comes to the service and how; `None` where the study
    /// does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn online_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.online, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let number = |of: fn(&OnlineReach) -> Option<f64>| rows.number(|row| of(row.1?));
        let of_question = [
            ("online", rows.text(|row| Some(row.0.key.as_str()))),
            ("service", rows.text(|row| row.0.asked.service.as_ref().map(ServiceKey::as_str))),
        ];
        let figures = [
            ("people", number(|row| Some(row.covered.strict.all.as_f64()))),
            ("alone", number(|row| Some(row.alone.as_f64()))),
            ("assisted", number(|row| Some(row.assisted.as_f64()))),
            ("either", number(|row| Some(row.either.as_f64()))),
            ("unable", number(|row| Some(row.unable.as_f64()))),
            ("undecided", number(|row| Some(row.undecided.as_f64()))),
            ("covered_share", number(|row| row.covered.strict.share())),
            ("covered_share_lenient", number(|row| row.covered.lenient.share())),
        ];
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("online services", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}
