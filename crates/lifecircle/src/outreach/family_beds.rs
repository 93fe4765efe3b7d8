//! Care beds in homes, with institutions that stand behind them.

use std::collections::BTreeMap;

use lifecircle_access::{BedState, FamilyBed, FamilyBeds, Support, UnknownCapacity, family_beds};
use lifecircle_types::{DemandIx, FeatureTable, HomeBed, Progress, ServiceKey, TravelTime, UnitIx};
use serde::Serialize;

use super::config::FamilyBedsConfig;
use crate::Result;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::Told;

/// Care beds in homes, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FamilyBedsFound"))]
#[non_exhaustive]
pub struct CityBeds {
    /// What was asked.
    pub asked: FamilyBedsConfig,
    /// Why nobody knows, where no source shows any of the services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_assessed: Option<String>,
    /// Services that no source shows; none of theirs is counted.
    pub no_data: Vec<ServiceKey>,
    /// The most beds with an institution near enough that the institutions have room for.
    pub with_room: u64,
    /// The whole place.
    pub whole: Vec<BedsOf>,
    /// Every unit with residents.
    #[serde(skip)]
    pub units: Vec<BedsOf>,
    /// How every bed stands, in the order of the beds.
    #[serde(skip)]
    pub places: FamilyBeds,
}

/// How the beds of a unit stand: a bed is counted once, as the first that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BedsOf {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// Its beds.
    pub beds: u64,
    /// Those with no institution near enough, for certain.
    pub too_far: u64,
    /// Those to which somebody comes too seldom.
    pub too_seldom: u64,
    /// Those of which nobody knows how often somebody comes.
    pub unknown: u64,
    /// Those with an institution near enough, from which somebody comes often enough.
    pub supported: u64,
}

impl Outcome<'_> {
    /// How care beds in homes stand: whether an institution is near enough, and somebody comes often enough.
    ///
    /// A bed at a place that the study does not have is left out; [`Study::open`](crate::Study::open) lists them.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn family_beds(
        &self,
        asked: &FamilyBedsConfig,
        beds: &[HomeBed],
        progress: &dyn Progress,
    ) -> Result<CityBeds> {
        self.study.can_answer("family_beds", asked)?;
        let (found, no_data) = self.any_of(&asked.services);
        let mut city = CityBeds {
            asked: asked.clone(),
            not_assessed: found.no_data,
            no_data,
            with_room: 0,
            whole: vec![],
            units: vec![],
            places: FamilyBeds::default(),
        };
        if city.not_assessed.is_some() {
            return Ok(city);
        }
        let ids = self.study.residents.ids();
        let bed = |bed: &HomeBed| {
            let place = DemandIx::new(ids.binary_search(&bed.place).ok()?);
            Some(FamilyBed { place, visits: bed.visits })
        };
        let beds: Vec<FamilyBed> = beds.iter().filter_map(bed).collect();
        city.places = self.walking(asked.walker.as_deref(), progress, |ways| {
            let within = ways.length_in(TravelTime::from_minutes(asked.within_min));
            let matrix = ways.walks(&found.strict, within)?;
            let capacity = vec![asked.beds_each; found.strict.len()];
            let support = Support {
                matrix: &matrix,
                within: within.into(),
                visits: asked.visits_a_month,
                capacity: &capacity,
                unknown: UnknownCapacity::Everybody,
            };
            Ok(family_beds(&beds, &support)?)
        })?;
        city.with_room = city.places.with_room;
        let mut by_place: BTreeMap<usize, BedsOf> = BTreeMap::new();
        for (bed, state) in beds.iter().zip(&city.places.states) {
            let of = by_place.entry(bed.place.index()).or_default();
            of.beds += 1;
            *match state {
                BedState::TooFar => &mut of.too_far,
                BedState::TooSeldom => &mut of.too_seldom,
                BedState::Unknown => &mut of.unknown,
                BedState::Supported => &mut of.supported,
            } += 1;
        }
        (city.whole, city.units) = self.parts().told(Told::Only(None), |part| {
            let sum = |of: fn(&BedsOf) -> u64| part.sum(|place| by_place.get(&place).map_or(0, of));
            BedsOf {
                unit: part.unit,
                beds: sum(|of| of.beds),
                too_far: sum(|of| of.too_far),
                too_seldom: sum(|of| of.too_seldom),
                unknown: sum(|of| of.unknown),
                supported: sum(|of| of.supported),
            }
        });
        Ok(city)
    }

    /// The table of `family_beds.csv`: for the whole place and every unit how beds stand; `None` where the study does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn family_beds_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(self.family_beds.as_slice(), |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let beds = |of: fn(&BedsOf) -> u64| rows.whole(|row| row.1.map(of));
        let figures = [
            ("beds", beds(|row| row.beds)),
            ("too_far", beds(|row| row.too_far)),
            ("too_seldom", beds(|row| row.too_seldom)),
            ("unknown", beds(|row| row.unknown)),
            ("supported", beds(|row| row.supported)),
            ("note", rows.text(|row| row.0.not_assessed.as_deref())),
        ];
        let part = self.unit_columns(&rows, |row| row.1?.unit);
        self.answers_table("family beds", &rows, part.into_iter().chain(figures))
    }
}
