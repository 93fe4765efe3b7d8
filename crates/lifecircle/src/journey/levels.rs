//! Time to the first level of a service and on to the others.

use lifecircle_access::{Levels, Referral, levels};
use lifecircle_indicators::Range;
use lifecircle_types::{
    FacilityIx, FeatureTable, Millimetres, Progress, ServiceKey, TravelMatrix, TravelTime, UnitIx,
};
use serde::Serialize;

use super::config::{LevelsConfig, ReferralConfig};
use crate::Result;
use crate::asked::Question;
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::Told;
use crate::ways::{Counted, Ways, strict_and_lenient};

/// A service of several levels, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LevelsFound"))]
#[non_exhaustive]
pub struct CityLevels {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: LevelsConfig,
    /// Why nobody knows, where no source shows one of the services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_assessed: Option<String>,
    /// The whole place, everybody before groups, level by level.
    pub whole: Vec<LevelReach>,
    /// Every unit with residents, likewise.
    #[serde(skip)]
    pub units: Vec<LevelReach>,
    /// Per level and resident place the length to it on the level, and the facilities on the way, strictly.
    #[serde(skip)]
    pub places: Levels,
}

/// How some residents come to a level.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LevelReach {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub group: Option<String>,
    /// The level, counted from one.
    pub level: u32,
    /// Its service.
    pub service: ServiceKey,
    /// Those whom a chain of walks brings there.
    pub reached: Range,
    /// Those whom it brings there within the limit, where one is set.
    pub within: Option<Range>,
    /// Minutes from home, along all levels before, on average over those who get there for certain.
    pub mean_min: Option<f64>,
}

impl Outcome<'_> {
    /// How residents come to the first level of a service and on to the others, in the order of the question's services: by
    /// walks from home and from door to door.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; cancelled by `progress`.
    pub fn levels(&self, asked: &LevelsConfig, progress: &dyn Progress) -> Result<CityLevels> {
        self.study.can_answer("levels", asked)?;
        let mut city = CityLevels {
            key: asked.key(),
            asked: asked.clone(),
            not_assessed: None,
            whole: vec![],
            units: vec![],
            places: Levels::default(),
        };
        let counted: Vec<Counted> = asked.services.iter().map(|service| self.counted(service)).collect();
        if let Some((service, reason)) =
            asked.services.iter().zip(&counted).find_map(|(key, found)| Some((key, found.no_data.as_ref()?)))
        {
            city.not_assessed = Some(format!("{service}: {reason}"));
            return Ok(city);
        }
        self.walking(asked.walker.as_deref(), progress, |ways| {
            let leg = ways.length_in(TravelTime::from_minutes(asked.leg_min));
            let other;
            (city.places, other) =
                strict_and_lenient(&counted, |lists| chains(ways, lists, leg, asked.referral))?;
            let time = |levels: &Levels, level: usize, place: usize| {
                let length = Millimetres::new(levels.cost[level][place]?.raw());
                Some(ways.time_for(length))
            };
            let possible = other.as_ref().unwrap_or(&city.places);
            let parts = self.parts();
            let rows = |level: usize| {
                let service = asked.services[level].clone();
                let limit = asked.within_min.get(level).map(|&limit| TravelTime::from_minutes(limit));
                let within = |levels: &Levels, place, limit| {
                    time(levels, level, place).is_some_and(|time| time <= limit)
                };
                parts.told(Told::EveryGroup, |part| LevelReach {
                    unit: part.unit,
                    group: part.group.map(str::to_owned),
                    level: u32::try_from(level + 1).unwrap_or(u32::MAX),
                    service: service.clone(),
                    reached: part.range(
                        |place| time(&city.places, level, place).is_some(),
                        |place| time(possible, level, place).is_some(),
                    ),
                    within: limit.map(|limit| {
                        let strict = |place| within(&city.places, place, limit);
                        part.range(strict, |place| within(possible, place, limit))
                    }),
                    mean_min: part.mean_minutes(|place| time(&city.places, level, place)),
                })
            };
            let all: Vec<_> = (0..asked.services.len()).map(rows).collect();
            (city.whole, city.units) = sorted(all);
            Ok(())
        })?;
        Ok(city)
    }

    /// The table of `levels.csv`: for every question, level, unit and group how residents come there; `None` where the study
    /// does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn levels_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.levels, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let number = |of: fn(&LevelReach) -> Option<f64>| rows.number(|row| of(row.1?));
        let limit = |city: &CityLevels, level: u32| city.asked.within_min.get(level as usize - 1).copied();
        let of_question = [
            ("levels", rows.text(|row| Some(row.0.key.as_str()))),
            ("level", rows.whole(|row| Some(row.1?.level))),
            ("service", rows.text(|row| Some(row.1?.service.as_str()))),
        ];
        let people = [("people", number(|row| Some(row.reached.strict.all.as_f64())))];
        let reached = ["reached", "reached_lenient", "reached_share", "reached_share_lenient"];
        let reached = rows.range(reached, |row| Some(row.1?.reached));
        let minutes = [
            ("mean_min", number(|row| row.mean_min)),
            ("limit_min", rows.whole(|row| limit(row.0, row.1?.level))),
        ];
        let within = ["within", "within_lenient", "within_share", "within_share_lenient"];
        let within = rows.range(within, |row| row.1?.within);
        let note = [("note", rows.text(|row| row.0.not_assessed.as_deref()))];
        let figures = people.into_iter().chain(reached).chain(minutes).chain(within).chain(note);
        let part = self.part_columns(&rows, |row| row.1.map(|row| (row.unit, row.group.as_deref())));
        self.answers_table("levels", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}

/// By unit and group, then by level.
fn sorted(by_level: Vec<(Vec<LevelReach>, Vec<LevelReach>)>) -> (Vec<LevelReach>, Vec<LevelReach>) {
    let (whole, units): (Vec<_>, Vec<_>) = by_level.into_iter().unzip();
    let mixed = |levels: Vec<Vec<LevelReach>>| {
        let count = levels.first().map_or(0, Vec::len);
        let mut levels: Vec<_> = levels.into_iter().map(Vec::into_iter).collect();
        (0..count).flat_map(|_| levels.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()).collect()
    };
    (mixed(whole), mixed(units))
}

/// Costs and chains over facilities of the study.
fn chains(
    ways: &Ways<'_>,
    lists: &[&[FacilityIx]],
    leg: Millimetres,
    referral: ReferralConfig,
) -> Result<Levels> {
    let first = ways.walks(lists[0], leg)?;
    let links: Vec<TravelMatrix> =
        lists.windows(2).map(|pair| ways.between(pair[0], pair[1], leg)).collect::<Result<_>>()?;
    let links: Vec<&TravelMatrix> = links.iter().collect();
    let referral = match referral {
        ReferralConfig::Cheapest => Referral::Cheapest,
        ReferralConfig::Stepwise => Referral::Stepwise,
    };
    let mut found = levels(&first, &links, referral)?;
    for chain in &mut found.chain {
        for (facility, list) in chain.iter_mut().zip(lists) {
            *facility = list[facility.index()];
        }
    }
    Ok(found)
}
