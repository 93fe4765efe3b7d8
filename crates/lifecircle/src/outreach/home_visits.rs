//! Workers who come to homes.

use std::collections::BTreeMap;

use lifecircle_access::{
    HomeVisitTask, HomeVisits, UnknownCapacity, VisitTravel, home_visits, whole_persons,
};
use lifecircle_types::{
    DemandIx, FacilityIx, FeatureTable, Millimetres, People, Progress, ServiceKey, TravelTime, UnitIx,
};
use serde::Serialize;

use super::config::HomeVisitsConfig;
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::Told;
use crate::walks::travel_matrix;
use crate::ways::Ways;

/// Visits to homes, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "HomeVisitsFound"))]
#[non_exhaustive]
pub struct CityVisits {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: HomeVisitsConfig,
    /// Why nobody knows, where no source shows a depot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_assessed: Option<String>,
    /// Services of depots that no source shows; none of theirs is counted.
    pub no_data: Vec<ServiceKey>,
    /// Depots that count for certain.
    pub depots: usize,
    /// Depots, certain or not, that do not state their staff: strictly they make no visit, leniently all that are needed.
    pub depots_without_staff: usize,
    /// No plan makes more visits a week than these, strictly.
    pub bound: u64,
    /// Working hours a week that all visits in reach take, each from the nearest depot, strictly.
    pub hours_needed: f64,
    /// Working hours a week of the plan, strictly.
    pub hours_planned: f64,
    /// The whole place.
    pub whole: Vec<Visited>,
    /// Every unit with somebody to be visited.
    #[serde(skip)]
    pub units: Vec<Visited>,
    /// Response and plan of every place, strictly; facilities are those of the study.
    #[serde(skip)]
    pub places: HomeVisits,
}

/// How some residents are visited.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Visited {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// Those who are to be visited.
    pub people: People,
    /// Visits a week that they need.
    pub needed: u64,
    /// Those at homes within the longest way from a depot, for certain.
    pub reached: u64,
    /// The same from depots that may count.
    pub reached_lenient: u64,
    /// Those that the workers have time for, for certain.
    pub made: u64,
    /// The same from depots that may count and where staff that is not stated is enough.
    pub made_lenient: u64,
    /// Minutes from the nearest depot, on average over people with one in reach, for certain.
    pub response_min: Option<f64>,
}

impl Outcome<'_> {
    /// How many of the visits to homes that residents need the workers of depots have time for, and how soon one of them is
    /// there.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn home_visits(&self, asked: &HomeVisitsConfig, progress: &dyn Progress) -> Result<CityVisits> {
        let known = self.study.can_answer("home_visits", asked)?;
        let (found, no_data) = self.any_of(asked.depots());
        let mut city = CityVisits {
            key: asked.key(),
            asked: asked.clone(),
            not_assessed: found.no_data,
            no_data,
            depots: found.strict.len(),
            depots_without_staff: 0,
            bound: 0,
            hours_needed: 0.0,
            hours_planned: 0.0,
            whole: vec![],
            units: vec![],
            places: HomeVisits::default(),
        };
        if city.not_assessed.is_some() {
            return Ok(city);
        }
        let staff = |facility: &FacilityIx| self.study.facilities[*facility].staff;
        city.depots_without_staff = found.lenient.iter().filter(|facility| staff(facility).is_none()).count();
        let people = known.group("residents", asked.residents.as_deref()).unwrap_or_default();
        let visits = |people: &People| {
            let thousandths = u128::from(people.as_millionths()) * u128::from(asked.thousandths());
            People::from_millionths(u64::try_from((thousandths + 500) / 1000).unwrap_or(u64::MAX))
        };
        let visits: Vec<People> = people.iter().map(visits).collect();
        let homes: Vec<Option<UnitIx>> = self.homes.iter().map(|home| home.unit).collect();
        let needed: Vec<u64> = whole_persons(&visits, &homes)?;
        self.walking(asked.walker.as_deref(), progress, |ways| {
            let plan = |from: &[FacilityIx], unknown| self.visits_from(ways, from, &needed, asked, unknown);
            city.places = plan(&found.strict, UnknownCapacity::Nobody)?;
            let possible = plan(&found.lenient, UnknownCapacity::Everybody)?;
            let (strict, lenient) = (made_at(&city.places), made_at(&possible));
            let reached = |found: &HomeVisits, place: usize| {
                if found.response[place].is_some() { needed[place] } else { 0 }
            };
            (city.whole, city.units) =
                self.parts().told(Told::Only(asked.residents.as_deref()), |part| Visited {
                    unit: part.unit,
                    group: part.group.map(str::to_owned),
                    people: part.all(),
                    needed: part.sum(|place| needed[place]),
                    reached: part.sum(|place| reached(&city.places, place)),
                    reached_lenient: part.sum(|place| reached(&possible, place)),
                    made: part.sum(|place| strict.get(&place).copied().unwrap_or(0)),
                    made_lenient: part.sum(|place| lenient.get(&place).copied().unwrap_or(0)),
                    response_min: part.mean_minutes(|place| city.places.response[place]),
                });
            Ok(())
        })?;
        city.bound = city.places.bound;
        city.hours_needed = hours(city.places.work_needed);
        city.hours_planned = hours(city.places.work);
        Ok(city)
    }

    fn visits_from(
        &self,
        ways: &Ways<'_>,
        depots: &[FacilityIx],
        needed: &[u64],
        asked: &HomeVisitsConfig,
        unknown: UnknownCapacity,
    ) -> Result<HomeVisits> {
        let within = TravelTime::from_minutes(asked.within_min);
        let walks = ways.walks(depots, ways.length_in(within))?;
        let times = walks
            .entries()
            .map(|(place, depot, cost)| (place, depot, ways.time_for(Millimetres::new(cost.raw()))));
        let matrix = travel_matrix(walks.rows(), depots.len(), within, times)?;
        let minutes: Vec<Option<u64>> = depots
            .iter()
            .map(|&depot| self.study.facilities[depot].staff.map(|staff| worked(staff, asked.hours_a_week)))
            .collect();
        let needed: Vec<Option<u64>> = needed.iter().copied().map(Some).collect();
        let mut found = home_visits(&HomeVisitTask {
            matrix: &matrix,
            within,
            needed: &needed,
            minutes: &minutes,
            unknown,
            care: TravelTime::from_minutes(asked.care_min),
            travel: asked.travel_min.map_or(VisitTravel::ThereAndBack, |travel| {
                VisitTravel::Each(TravelTime::from_minutes(travel))
            }),
        })?;
        for (_, depot, _) in &mut found.plan {
            *depot = depots[depot.index()];
        }
        for depot in &mut found.assumed {
            *depot = depots[depot.index()];
        }
        Ok(found)
    }

    /// The table of `home_visits.csv`: for every question and unit how many of the visits that are needed can be made; `None`
    /// where the study does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn home_visits_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.home_visits, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let whole = |of: fn(&Visited) -> u64| rows.whole(|row| row.1.map(of));
        let number = |of: fn(&Visited) -> Option<f64>| rows.number(|row| of(row.1?));
        let of_question = [
            ("home_visits", rows.text(|row| Some(row.0.key.as_str()))),
            ("service", rows.text(|row| row.0.asked.service.as_ref().map(ServiceKey::as_str))),
        ];
        let figures = [
            ("people", number(|row| Some(row.people.as_f64()))),
            ("needed", whole(|row| row.needed)),
            ("reached", whole(|row| row.reached)),
            ("reached_lenient", whole(|row| row.reached_lenient)),
            ("made", whole(|row| row.made)),
            ("made_lenient", whole(|row| row.made_lenient)),
            ("made_share", number(|row| share(row.made, row.needed))),
            ("made_share_lenient", number(|row| share(row.made_lenient, row.needed))),
            ("response_min", number(|row| row.response_min)),
            ("note", rows.text(|row| row.0.not_assessed.as_deref())),
        ];
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("home visits", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}

/// Visits of the plan by place.
fn made_at(found: &HomeVisits) -> BTreeMap<usize, u64> {
    let mut made = BTreeMap::new();
    for &(place, _, visits) in &found.plan {
        *made.entry(DemandIx::index(place)).or_insert(0) += visits;
    }
    made
}

/// Whole minutes a week that full-time workers work.
fn worked(staff: f64, hours_a_week: u32) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative; `as` saturates"
    )]
    let minutes = (staff * f64::from(hours_a_week) * 60.0) as u64;
    minutes
}

fn hours(millis: u128) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "formed once")]
    let millis = millis as f64;
    millis / 3_600_000.0
}

fn share(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a share, formed once")]
    (whole > 0).then(|| part as f64 / whole as f64)
}
