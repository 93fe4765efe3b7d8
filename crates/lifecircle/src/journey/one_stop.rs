//! Several services within one stop.

use lifecircle_access::{OneStop, one_stop};
use lifecircle_indicators::Range;
use lifecircle_types::{FacilityIx, FeatureTable, Millimetres, Progress, ServiceKey, TravelTime, UnitIx};
use serde::Serialize;

use super::config::OneStopConfig;
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::Told;
use crate::ways::{Counted, Ways, strict_and_lenient};

/// Several services at one stop, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "OneStopFound"))]
#[non_exhaustive]
pub struct CityStops {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: OneStopConfig,
    /// Services that no source shows: strictly they are at no stop, leniently at every one.
    pub no_data: Vec<ServiceKey>,
    /// The whole place, everybody before groups.
    pub whole: Vec<AtOneStop>,
    /// Every unit with residents, likewise.
    #[serde(skip)]
    pub units: Vec<AtOneStop>,
    /// The best stop of every resident place, strictly.
    #[serde(skip)]
    pub places: Vec<OneStop>,
}

/// What some residents find at one stop.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AtOneStop {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// Those who find as many services at one stop as it needs.
    pub found: Range,
    /// Services at the best stop in reach, on average, strictly.
    pub mean_services: Option<f64>,
    /// Minutes to the best stop, on average over those who have one, strictly.
    pub mean_min: Option<f64>,
}

impl Outcome<'_> {
    /// Who finds how many of some services at one stop within a walk: at a place and the doors at most so many metres of
    /// street from it.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn one_stop(&self, asked: &OneStopConfig, progress: &dyn Progress) -> Result<CityStops> {
        self.study.can_answer("one_stop", asked)?;
        let counted: Vec<Counted> = asked.services.iter().map(|service| self.counted(service)).collect();
        let unknown = asked.services.iter().zip(&counted).filter(|(_, found)| found.no_data.is_some());
        let no_data: Vec<ServiceKey> = unknown.map(|(service, _)| service.clone()).collect();
        let hidden = u32::try_from(no_data.len()).unwrap_or(u32::MAX);
        self.walking(asked.walker.as_deref(), progress, |ways| {
            let (places, other) = strict_and_lenient(&counted, |lists| stops(ways, lists, asked))?;
            let possible = other.as_ref().unwrap_or(&places);
            let (whole, units) = self.parts().told(Told::EveryGroup, |part| AtOneStop {
                unit: part.unit,
                group: part.group.map(str::to_owned),
                found: part.range(
                    |place| places[place].services >= asked.needed(),
                    |place| possible[place].services + hidden >= asked.needed(),
                ),
                mean_services: part.mean(|place| Some(u64::from(places[place].services))),
                mean_min: part.mean_minutes(|place| {
                    let (_, cost) = places[place].anchor?;
                    Some(ways.time_for(Millimetres::new(cost.raw())))
                }),
            });
            Ok(CityStops { key: asked.key(), asked: asked.clone(), no_data, whole, units, places })
        })
    }

    /// The table of `one_stop.csv`: for every question, unit and group who finds how much at one stop; `None` where the study
    /// does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn one_stop_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.one_stop, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let number = |of: fn(&AtOneStop) -> Option<f64>| rows.number(|row| of(row.1?));
        let of_question = [
            ("one_stop", rows.text(|row| Some(row.0.key.as_str()))),
            ("services", rows.whole(|row| Some(row.0.asked.services.len()))),
            ("needed", rows.whole(|row| Some(row.0.asked.needed()))),
        ];
        let people = [("people", number(|row| Some(row.found.strict.all.as_f64())))];
        let found = ["found", "found_lenient", "found_share", "found_share_lenient"];
        let found = rows.range(found, |row| Some(row.1?.found));
        let means = [
            ("mean_services", number(|row| row.mean_services)),
            ("mean_min", number(|row| row.mean_min)),
            ("no_data", rows.text(|row| Some(joined(&row.0.no_data)).filter(|keys| !keys.is_empty()))),
        ];
        let figures = people.into_iter().chain(found).chain(means);
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("one stop", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}

fn joined(services: &[ServiceKey]) -> String {
    services.iter().map(ServiceKey::as_str).collect::<Vec<_>>().join(";")
}

/// The best stop of every place.
fn stops(ways: &Ways<'_>, lists: &[&[FacilityIx]], asked: &OneStopConfig) -> Result<Vec<OneStop>> {
    let mut all: Vec<FacilityIx> = lists.concat();
    all.sort_unstable();
    all.dedup();
    let offers: Vec<Vec<u32>> = all
        .iter()
        .map(|facility| {
            (0..)
                .zip(lists)
                .filter(|(_, list)| list.binary_search(facility).is_ok())
                .map(|(number, _)| number)
                .collect()
        })
        .collect();
    let within = ways.length_in(TravelTime::from_minutes(asked.within_min));
    let radius = Millimetres::from_metres(asked.stop_m);
    let (walks, around) = (ways.walks(&all, within)?, ways.between(&all, &all, radius)?);
    let mut found = one_stop(&walks, within, &around, radius, &offers)?;
    for (anchor, _) in found.iter_mut().filter_map(|stop| stop.anchor.as_mut()) {
        *anchor = all[anchor.index()];
    }
    Ok(found)
}
