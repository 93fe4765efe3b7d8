//! Mobile services, which stop at places on some days of the year.

use lifecircle_access::{mobile_days, mobile_visits};
use lifecircle_indicators::Range;
use lifecircle_network::Approach;
use lifecircle_types::{Date, FeatureTable, LonLat, MobileStop, Progress, ServiceKey, TravelTime, UnitIx};
use serde::Serialize;

use super::config::MobileConfig;
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::Told;

/// A mobile service, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "MobileFound"))]
#[non_exhaustive]
pub struct CityMobile {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: MobileConfig,
    /// Its stops.
    pub stops: usize,
    /// Those of which nobody knows how often they are served: leniently often enough.
    pub stops_unknown: usize,
    /// Whether days were counted, on which several stops count once; else visits of all stops together.
    pub counted_by_days: bool,
    /// The whole place, everybody before groups.
    pub whole: Vec<MobileReach>,
    /// Every unit with residents, likewise.
    #[serde(skip)]
    pub units: Vec<MobileReach>,
    /// How every stop comes to the streets.
    #[serde(skip)]
    pub approaches: Vec<Approach>,
}

/// How often some residents meet a mobile service.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MobileReach {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// Those with as many visits a year in reach as were asked for.
    pub enough: Range,
    /// Visits a year in reach, as far as they are known, on average.
    pub mean_visits: Option<f64>,
    /// The longest time from one day to the next, in days, on average over those with any, where days are known.
    pub mean_wait_days: Option<f64>,
}

/// What a home meets: visits, the longest wait, and whether stops of which nothing is known are in reach.
#[derive(Clone, Copy)]
struct Met {
    visits: u64,
    wait: Option<u32>,
    is_unknown: bool,
}

impl Outcome<'_> {
    /// How often residents meet a mobile service at stops within a walk: visits a year of all stops together, or, where the
    /// days of all stops are known, days of the study's year on which at least one is served.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn mobile(
        &self,
        asked: &MobileConfig,
        stops: &[MobileStop],
        progress: &dyn Progress,
    ) -> Result<CityMobile> {
        self.study.can_answer("mobile", asked)?;
        let by_days = stops.iter().any(|stop| stop.days.is_some())
            && stops.iter().all(|stop| stop.days.is_some() || stop.visits.is_none());
        self.walking(asked.walker.as_deref(), progress, |ways| {
            let within = ways.length_in(TravelTime::from_minutes(asked.within_min));
            let at: Vec<Option<LonLat>> = stops.iter().map(|stop| stop.position).collect();
            let points = ways.approach(&at)?;
            let walks = ways.walks_to(&points, within)?;
            let year = self.study.date.year();
            let (first, last) = (Date::new(year, 1, 1), Date::new(year, 12, 31));
            let met: Vec<Met> = match (by_days, first, last) {
                (true, Some(first), Some(last)) => {
                    let days: Vec<Option<Vec<Date>>> = stops.iter().map(|stop| stop.days.clone()).collect();
                    let found = mobile_days(&walks, within, &days, first, last)?;
                    let met = found.iter().map(|found| Met {
                        visits: found.days.into(),
                        wait: found.longest_wait,
                        is_unknown: found.unknown > 0,
                    });
                    met.collect()
                }
                _ => {
                    let visits: Vec<Option<u32>> = stops.iter().map(|stop| stop.visits).collect();
                    let found = mobile_visits(&walks, within, &visits)?;
                    let met = found.iter().map(|found| Met {
                        visits: found.all,
                        wait: None,
                        is_unknown: found.unknown > 0,
                    });
                    met.collect()
                }
            };
            let wanted = u64::from(asked.visits_a_year);
            let (whole, units) = self.parts().told(Told::EveryGroup, |part| MobileReach {
                unit: part.unit,
                group: part.group.map(str::to_owned),
                enough: part.range(|place| met[place].visits >= wanted, |place| met[place].is_unknown),
                mean_visits: part.mean(|place| Some(met[place].visits)),
                mean_wait_days: part.mean(|place| met[place].wait.map(u64::from)),
            });
            let unknown = |stop: &&MobileStop| stop.visits.is_none() && stop.days.is_none();
            Ok(CityMobile {
                key: asked.key(),
                asked: asked.clone(),
                stops: stops.len(),
                stops_unknown: stops.iter().filter(unknown).count(),
                counted_by_days: by_days,
                whole,
                units,
                approaches: points.as_slice().to_vec(),
            })
        })
    }

    /// The table of `mobile.csv`: for every question, unit and group how often the service is met; `None` where the study does
    /// not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn mobile_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.mobile, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let number = |of: fn(&MobileReach) -> Option<f64>| rows.number(|row| of(row.1?));
        let of_question = [
            ("mobile", rows.text(|row| Some(row.0.key.as_str()))),
            ("service", rows.text(|row| row.0.asked.service.as_ref().map(ServiceKey::as_str))),
        ];
        let people = [
            ("people", number(|row| Some(row.enough.strict.all.as_f64()))),
            ("visits_asked", rows.whole(|row| Some(row.0.asked.visits_a_year))),
        ];
        let enough = ["enough", "enough_lenient", "enough_share", "enough_share_lenient"];
        let enough = rows.range(enough, |row| Some(row.1?.enough));
        let means = [
            ("mean_visits", number(|row| row.mean_visits)),
            ("mean_wait_days", number(|row| row.mean_wait_days)),
        ];
        let figures = people.into_iter().chain(enough).chain(means);
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("mobile services", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}
