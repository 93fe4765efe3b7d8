//! Online services: some manage alone, others with help nearby.

use lifecircle_access::{OnlineGroup, OnlineUse, online};
use lifecircle_indicators::Range;
use lifecircle_types::{
    DemandIx, FacilityIx, FeatureTable, InvalidSet, Millimetres, People, Progress, ServiceKey, TravelTime,
    UnitIx,
};
use serde::Serialize;

use super::config::OnlineConfig;
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::{Part, Told};
use crate::walks::travel_matrix;

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
        self.walking(asked.walker.as_deref(), progress, |ways| {
            let within = ways.length_in(TravelTime::from_minutes(asked.within_min));
            let walks = ways.walks(&found.lenient, within)?;
            let certain =
                |facility: FacilityIx| found.strict.binary_search(&found.lenient[facility.index()]).is_ok();
            let helped = |place: usize, is_certain: bool| {
                let near =
                    || walks.row(DemandIx::new(place)).any(|(facility, _)| !is_certain || certain(facility));
                (!is_certain && !no_data.is_empty()) || near()
            };
            let count = |part: &Part<'_>, only: Option<&str>| -> Result<[OnlineUse; 2]> {
                let places: Vec<usize> = part.iter().map(|(place, _)| place).collect();
                let mut both = [OnlineUse::default(); 2];
                for (sum, is_certain) in both.iter_mut().zip([true, false]) {
                    let near = places.iter().enumerate().filter(|(_, place)| helped(**place, is_certain));
                    let near = near.map(|(row, _)| (DemandIx::new(row), FacilityIx(0), Millimetres::ZERO));
                    let help = travel_matrix(places.len(), 1, Millimetres::ZERO, near)?;
                    for (name, people, able) in &groups {
                        if only.is_some_and(|only| name.as_deref() != Some(only)) {
                            continue;
                        }
                        let people: Vec<People> = places.iter().map(|&place| people[place]).collect();
                        let entitled: Vec<Option<People>> = people.iter().copied().map(Some).collect();
                        let group = OnlineGroup { people: &people, entitled: &entitled, able: *able };
                        for found in online(&[group], &help, Millimetres::ZERO)? {
                            *sum = added(*sum, found);
                        }
                    }
                }
                Ok(both)
            };
            let row = |part: &Part<'_>, only: Option<&str>| -> Result<OnlineReach> {
                let [strict, lenient] = count(part, only)?;
                Ok(OnlineReach {
                    unit: part.unit,
                    group: part.group.map(str::to_owned),
                    covered: Range { strict: strict.tally().strict(), lenient: lenient.tally().lenient() },
                    alone: strict.alone,
                    assisted: strict.assisted,
                    either: strict.either,
                    unable: strict.unable,
                    undecided: strict.undecided,
                })
            };
            let parts = self.parts();
            let all = parts.told(Told::Only(asked.residents.as_deref()), |part| row(part, None));
            let mut rows: [Vec<OnlineReach>; 2] =
                [all.0.into_iter().collect::<Result<_>>()?, all.1.into_iter().collect::<Result<_>>()?];
            if groups.len() > 1 {
                for (name, ..) in &groups {
                    let Some(name) = name.as_deref() else { continue };
                    let (whole, units) = parts.told(Told::Only(Some(name)), |part| row(part, Some(name)));
                    rows[0].extend(whole.into_iter().collect::<Result<Vec<_>>>()?);
                    rows[1].extend(units.into_iter().collect::<Result<Vec<_>>>()?);
                }
                rows[1].sort_by_key(|row| row.unit);
            }
            let [whole, units] = rows;
            let no_data = no_data.clone();
            Ok(CityOnline { key: asked.key(), asked: asked.clone(), no_data, whole, units })
        })
    }

    /// The table of `online.csv`: for every question, unit and group who comes to the service and how; `None` where the study
    /// does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn online_table(&self) -> Result<Option<FeatureTable>> {
        if self.online.is_empty() {
            return Ok(None);
        }
        self.noted("online services", self.table_of_online()).map(Some)
    }

    fn table_of_online(&self) -> core::result::Result<FeatureTable, InvalidSet> {
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
        let part = self.part_columns(&all, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        rows.table(of_question.into_iter().chain(part).chain(figures))
    }
}

fn added(one: OnlineUse, other: OnlineUse) -> OnlineUse {
    OnlineUse {
        alone: one.alone + other.alone,
        assisted: one.assisted + other.assisted,
        either: one.either + other.either,
        unable: one.unable + other.unable,
        undecided: one.undecided + other.undecided,
        unasked: one.unasked + other.unasked,
        not_entitled: one.not_entitled + other.not_entitled,
    }
}
