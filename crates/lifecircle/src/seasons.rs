//! Coverage over the seasons of a year, each with a walker of its own.

use lifecircle_access::{Coverage, over_seasons};
use lifecircle_indicators::{Range, verdicts_of_walker};
use lifecircle_types::{FeatureTable, ServiceKey, UnitIx};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::asked::{Fault, Known, Question};
use crate::columns::Rows;
use crate::outcome::Outcome;
use crate::parts::Told;

/// A season of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SeasonConfig {
    /// Its name in results; needed.
    pub key: Option<String>,
    /// Its days; needed.
    pub days: u32,
    /// How everybody walks in it, by the key of a walker of the study, such as one with `winter`; as the standard walker unless
    /// set.
    pub walker: Option<String>,
}

impl Question for SeasonConfig {
    fn key(&self) -> String {
        self.key.clone().unwrap_or_default()
    }

    fn check(&self, known: &Known<'_>) -> core::result::Result<(), Fault> {
        if self.key.as_ref().is_none_or(String::is_empty) {
            return Err(("key", "name the season, such as \"winter\"".into()));
        }
        known.walker("walker", self.walker.as_deref())?;
        if (1..=366).contains(&self.days) {
            return Ok(());
        }
        Err(("days", format!("{} is out of range: write days from 1 to 366", self.days)))
    }
}

/// One service in a season, or over all of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SeasonCoverage {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The service.
    pub service: ServiceKey,
    /// The season; `None` is the mean over all of them, by their days.
    pub season: Option<String>,
    /// Its days.
    pub days: u32,
    /// Who has the service.
    pub covered: Range,
}

/// Coverage over the seasons of a year.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SeasonsFound"))]
#[non_exhaustive]
pub struct CitySeasons {
    /// The seasons.
    pub asked: Vec<SeasonConfig>,
    /// The whole place, by service: every season, then all of them.
    pub whole: Vec<SeasonCoverage>,
    /// Every unit with residents, likewise.
    #[serde(skip)]
    pub units: Vec<SeasonCoverage>,
}

impl Outcome<'_> {
    /// Coverage of every assessed service whose rule states minutes on foot, alone or beside metres, season by season and over all
    /// of them: everybody walks as the walker of the season does.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for what cannot be asked of this study; [`Error::Access`](crate::Error::Access)
    /// where there is no season.
    pub fn seasons(&self, asked: &[SeasonConfig]) -> Result<CitySeasons> {
        for season in asked {
            self.study.can_answer("seasons", season)?;
        }
        let (inputs, parts) = (self.inputs(), self.parts());
        let (mut whole, mut units) = (vec![], vec![]);
        for (row, service) in self.assessment.services.iter().enumerate() {
            if service.coverage.is_none() {
                continue;
            }
            let verdicts: Option<Vec<[Vec<bool>; 2]>> = asked
                .iter()
                .map(|season| {
                    let Some(key) = &season.walker else {
                        return Some([
                            self.assessment.verdicts[row].clone(),
                            self.assessment.lenient[row].clone(),
                        ]);
                    };
                    let walker = self.walkers.iter().find(|walker| walker.key == *key)?;
                    verdicts_of_walker(&inputs, row, walker)
                })
                .collect();
            // without minutes in the rule or beside it pace does not matter
            let Some(verdicts) = verdicts else { continue };
            let days: u32 = asked.iter().map(|season| season.days).sum();
            let (here, there) = parts.told(Told::Only(None), |part| -> Result<Vec<SeasonCoverage>> {
                let by_season: Vec<Range> = verdicts
                    .iter()
                    .map(|[strict, lenient]| part.range(|place| strict[place], |place| lenient[place]))
                    .collect();
                let mean = |of: fn(&Range) -> Coverage| {
                    let each = asked.iter().zip(&by_season).map(|(season, range)| (season.days, of(range)));
                    over_seasons(&each.collect::<Vec<_>>())
                };
                let year =
                    Range { strict: mean(|range| range.strict)?, lenient: mean(|range| range.lenient)? };
                let seasons = asked.iter().zip(by_season);
                let seasons = seasons.map(|(season, range)| (season.key.clone(), season.days, range));
                let rows =
                    seasons.chain([(None, days, year)]).map(|(season, days, covered)| SeasonCoverage {
                        unit: part.unit,
                        service: service.service.clone(),
                        season,
                        days,
                        covered,
                    });
                Ok(rows.collect())
            });
            for (rows, found) in [(&mut whole, here), (&mut units, there)] {
                for part in found {
                    rows.extend(part?);
                }
            }
        }
        units.sort_by_key(|row: &SeasonCoverage| row.unit);
        Ok(CitySeasons { asked: asked.to_vec(), whole, units })
    }

    /// The table of `seasons.csv`: for every service and unit the coverage of every season and of all of them; `None` where the
    /// study does not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn seasons_table(&self) -> Result<Option<FeatureTable>> {
        let Some(city) = &self.seasons else { return Ok(None) };
        let all: Vec<&SeasonCoverage> = city.whole.iter().chain(&city.units).collect();
        let rows = Rows(&all);
        let part = self.unit_columns(&rows, |row| row.unit);
        let season = [
            ("service", rows.text(|row| Some(row.service.as_str()))),
            ("season", rows.text(|row| row.season.as_deref())),
            ("days", rows.whole(|row| Some(row.days))),
            ("people", rows.number(|row| Some(row.covered.strict.all.as_f64()))),
        ];
        let covered = ["covered", "covered_lenient", "share", "share_lenient"];
        let covered = rows.range(covered, |row| Some(row.covered));
        self.noted("seasons", rows.table(part.into_iter().chain(season).chain(covered))).map(Some)
    }
}
