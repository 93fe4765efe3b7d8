//! Trips on which somebody brings somebody else.

use lifecircle_access::{Escort, EscortLimit, EscortTrip, WayBack, escort_trips};
use lifecircle_indicators::Range;
use lifecircle_types::{FacilityIx, FeatureTable, Progress, ServiceKey, TravelTime, UnitIx};
use serde::Serialize;

use super::config::{EscortConfig, EscortLimitConfig, WayBackConfig};
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::Told;
use crate::ways::{Ways, strict_and_lenient};

/// Trips on which somebody brings somebody else, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "EscortFound"))]
#[non_exhaustive]
pub struct CityEscorts {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: EscortConfig,
    /// Why nobody knows, where no source shows the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_assessed: Option<String>,
    /// The whole place.
    pub whole: Vec<Escorted>,
    /// Every unit with somebody to be brought.
    #[serde(skip)]
    pub units: Vec<Escorted>,
    /// The shortest trip of every resident place, strictly; `None` where none keeps within the limit.
    #[serde(skip)]
    pub places: Vec<Option<EscortTrip>>,
}

/// How some residents are brought.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Escorted {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// Those with a trip within the limit.
    pub within: Range,
    /// Minutes there, on average over those with a trip for certain.
    pub there_min: Option<f64>,
    /// Minutes back, likewise.
    pub back_min: Option<f64>,
}

impl Outcome<'_> {
    /// Who can be brought to a service by somebody else within a limit, there and back, when the slower of the two sets the
    /// pace.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn escort(&self, asked: &EscortConfig, progress: &dyn Progress) -> Result<CityEscorts> {
        self.study.can_answer("escort", asked)?;
        let mut city = CityEscorts {
            key: asked.key(),
            asked: asked.clone(),
            not_assessed: None,
            whole: vec![],
            units: vec![],
            places: vec![],
        };
        let Some(service) = &asked.service else { return Ok(city) };
        let counted = self.counted(service);
        if counted.no_data.is_some() {
            city.not_assessed = counted.no_data;
            return Ok(city);
        }
        self.walking(asked.walkers.first().map(String::as_str), progress, |ways| {
            let other;
            (city.places, other) = strict_and_lenient(core::slice::from_ref(&counted), |lists| {
                self.trips(ways, lists[0], asked)
            })?;
            let possible = other.as_ref().unwrap_or(&city.places);
            (city.whole, city.units) =
                self.parts().told(Told::Only(asked.residents.as_deref()), |part| Escorted {
                    unit: part.unit,
                    group: part.group.map(str::to_owned),
                    within: part
                        .range(|place| city.places[place].is_some(), |place| possible[place].is_some()),
                    there_min: part.mean_minutes(|place| Some(city.places[place]?.there)),
                    back_min: part.mean_minutes(|place| Some(city.places[place]?.back)),
                });
            Ok(())
        })?;
        Ok(city)
    }

    /// The shortest trips, with facilities of the study.
    fn trips(
        &self,
        ways: &Ways<'_>,
        to: &[FacilityIx],
        asked: &EscortConfig,
    ) -> Result<Vec<Option<EscortTrip>>> {
        let pace = |at: usize| self.study.pace(asked.walkers.get(at).map(String::as_str));
        let limit = TravelTime::from_minutes(asked.within_min);
        let escort = Escort {
            escorted: pace(0),
            escort: pace(1),
            back: match asked.way_back {
                WayBackConfig::Together => WayBack::Together,
                WayBackConfig::Alone => WayBack::Alone,
            },
            limit: match asked.limit {
                EscortLimitConfig::EachWay => EscortLimit::EachWay(limit),
                EscortLimitConfig::RoundTrip => EscortLimit::RoundTrip(limit),
            },
        };
        let farthest = escort.escorted.length_in(limit).min(escort.escort.length_in(limit));
        let mut found = escort_trips(&ways.walks(to, farthest)?, &escort)?;
        for trip in found.iter_mut().flatten() {
            trip.facility = to[trip.facility.index()];
        }
        Ok(found)
    }

    /// The table of `escort.csv`: for every question and unit who can be brought within the limit; `None` where the study does
    /// not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn escort_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.escort, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let number = |of: fn(&Escorted) -> Option<f64>| rows.number(|row| of(row.1?));
        let of_question = [
            ("escort", rows.text(|row| Some(row.0.key.as_str()))),
            ("service", rows.text(|row| row.0.asked.service.as_ref().map(ServiceKey::as_str))),
        ];
        let people = [
            ("people", number(|row| Some(row.within.strict.all.as_f64()))),
            ("limit_min", rows.whole(|row| Some(row.0.asked.within_min))),
        ];
        let within = ["within", "within_lenient", "within_share", "within_share_lenient"];
        let within = rows.range(within, |row| Some(row.1?.within));
        let means = [
            ("there_min", number(|row| row.there_min)),
            ("back_min", number(|row| row.back_min)),
            ("note", rows.text(|row| row.0.not_assessed.as_deref())),
        ];
        let figures = people.into_iter().chain(within).chain(means);
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("escort", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}
