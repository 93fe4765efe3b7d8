//! Care at three distances: at the bedside, near the home, around it.

use lifecircle_access::{CareDistances, CareLimits, care_distances, nearest};
use lifecircle_types::{Cost, FeatureTable, Millimetres, People, Progress, ServiceKey, TravelTime, UnitIx};
use serde::Serialize;

use super::config::CareConfig;
use crate::Result;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::{Part, Told};
use crate::ways::{Counted, Ways};

/// Care at three distances, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CareFound"))]
#[non_exhaustive]
pub struct CityCare {
    /// What was asked.
    pub asked: CareConfig,
    /// Why nobody knows, where no source shows any service of a distance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_assessed: Option<String>,
    /// Services that no source shows; none of theirs is counted.
    pub no_data: Vec<ServiceKey>,
    /// The whole place.
    pub whole: Vec<CareAt>,
    /// Every unit with somebody in question.
    #[serde(skip)]
    pub units: Vec<CareAt>,
}

/// Who has care at which distance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CareAt {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// Those in question.
    pub people: People,
    /// Those to whose bedside care comes, for certain.
    pub bedside: People,
    /// Those with care near the home.
    pub near: People,
    /// Those with care around it.
    pub around: People,
    /// Those with all three.
    pub every: People,
    /// Those with none.
    pub none: People,
    /// Those with all three where places that may count do.
    pub every_lenient: People,
}

impl Outcome<'_> {
    /// Who has care at the bedside, near the home and around it.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn care(&self, asked: &CareConfig, progress: &dyn Progress) -> Result<CityCare> {
        self.study.can_answer("care", asked)?;
        let (found, hidden): (Vec<Counted>, Vec<Vec<ServiceKey>>) =
            [&asked.bedside, &asked.near, &asked.around]
                .map(|services| self.any_of(services))
                .into_iter()
                .unzip();
        let mut no_data = hidden.concat();
        no_data.sort_unstable();
        no_data.dedup();
        let not_assessed = found.iter().find_map(|found| found.no_data.clone());
        let mut city = CityCare { asked: asked.clone(), not_assessed, no_data, whole: vec![], units: vec![] };
        if city.not_assessed.is_some() {
            return Ok(city);
        }
        let minutes = |minutes| TravelTime::from_minutes(minutes);
        let within = [asked.bedside_min, asked.near_min, asked.around_min].map(minutes);
        let limits =
            CareLimits { bedside: within[0].into(), near: within[1].into(), around: within[2].into() };
        self.walking(asked.walker.as_deref(), progress, |ways| {
            let times = |lenient: bool| -> Result<Vec<Vec<Option<Cost>>>> {
                let lists = found.iter().map(|found| if lenient { &found.lenient } else { &found.strict });
                lists.zip(within).map(|(list, within)| times_to(ways, list, within)).collect()
            };
            let (strict, lenient) = (times(false)?, times(true)?);
            let count = |part: &Part<'_>, times: &[Vec<Option<Cost>>]| -> Result<CareDistances> {
                let (places, people): (Vec<usize>, Vec<People>) = part.iter().unzip();
                let of = |column: &Vec<Option<Cost>>| {
                    places.iter().map(|&place| column[place]).collect::<Vec<_>>()
                };
                let all: Vec<Option<People>> = people.iter().copied().map(Some).collect();
                let [bedside, near, around] = [&times[0], &times[1], &times[2]].map(of);
                Ok(care_distances(&people, &all, &bedside, &near, &around, limits)?)
            };
            let row = |part: &Part<'_>| -> Result<CareAt> {
                let (certain, possible) = (count(part, &strict)?, count(part, &lenient)?);
                Ok(CareAt {
                    unit: part.unit,
                    group: part.group.map(str::to_owned),
                    people: part.all(),
                    bedside: certain.bedside.covered,
                    near: certain.near.covered,
                    around: certain.around.covered,
                    every: certain.every.covered,
                    none: certain.by_number[0],
                    every_lenient: possible.every.covered,
                })
            };
            let (whole, units) = self.parts().told(Told::Only(asked.residents.as_deref()), row);
            city.whole = whole.into_iter().collect::<Result<_>>()?;
            city.units = units.into_iter().collect::<Result<_>>()?;
            Ok(())
        })?;
        Ok(city)
    }

    /// The table of `care.csv`: for the whole place and every unit who has care at which distance; `None` where the study does
    /// not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn care_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(self.care.as_slice(), |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let people = |of: fn(&CareAt) -> People| rows.number(|row| Some(of(row.1?).as_f64()));
        let share = |of: fn(&CareAt) -> People| rows.number(|row| of(row.1?).share_of(row.1?.people));
        let figures = [
            ("people", people(|row| row.people)),
            ("bedside", people(|row| row.bedside)),
            ("near", people(|row| row.near)),
            ("around", people(|row| row.around)),
            ("every", people(|row| row.every)),
            ("none", people(|row| row.none)),
            ("bedside_share", share(|row| row.bedside)),
            ("near_share", share(|row| row.near)),
            ("around_share", share(|row| row.around)),
            ("every_share", share(|row| row.every)),
            ("every_share_lenient", share(|row| row.every_lenient)),
            ("note", rows.text(|row| row.0.not_assessed.as_deref())),
        ];
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("care", &rows, part.into_iter().chain(figures))
    }
}

/// The time to the nearest of some facilities within a time.
fn times_to(
    ways: &Ways<'_>,
    to: &[lifecircle_types::FacilityIx],
    within: TravelTime,
) -> Result<Vec<Option<Cost>>> {
    let walks = ways.walks(to, ways.length_in(within))?;
    let time = |cost: Option<Cost>| Some(Cost::Time(ways.time_for(Millimetres::new(cost?.raw()))));
    Ok(nearest(&walks, core::num::NonZeroU32::MIN).into_iter().map(time).collect())
}
