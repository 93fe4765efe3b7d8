//! What indicators are measured from.

#[cfg(feature = "hours")]
use std::collections::BTreeMap;
use std::collections::BTreeSet;

#[cfg(feature = "hours")]
use lifecircle_access::{StudyDays, parse_hours};
use lifecircle_indicators::{
    AppliedRule, Candidates, GroundCoverage, InventoryEntry, Measured, applied_indicators, axes_and_scores,
    find_problems, measure_indicators, projects, unreached,
};
use lifecircle_network::Route;
use lifecircle_population::UnitIndex;
use lifecircle_taxonomy::{Ground, PeopleReach, Quantity};
use lifecircle_types::{Progress, ServiceKey, TravelMatrix, UnitIx};

use crate::outcome::Outcome;
use crate::trips::Trips;
use crate::{Error, Result};

impl Trips<'_> {
    /// Per rule what is in reach of every place, where an indicator asks for it.
    pub(crate) fn reach(
        &self,
        rules: &[AppliedRule],
        found: &[Candidates],
        inventory: &[InventoryEntry],
        home_units: &[Option<UnitIx>],
        progress: &dyn Progress,
    ) -> Result<Vec<Option<TravelMatrix>>> {
        let indicators = applied_indicators(&self.study.packs, self.study.date);
        let quantities = indicators.iter().flat_map(|applied| {
            core::iter::once(&applied.indicator.count).chain(applied.indicator.of.as_ref())
        });
        let asked: BTreeSet<&ServiceKey> = quantities
            .filter_map(|quantity| match quantity {
                Quantity::People(people) => match &people.reach {
                    PeopleReach::Served { by }
                    | PeopleReach::Unserved { by }
                    | PeopleReach::Affording { by, .. } => Some(by),
                    PeopleReach::All | PeopleReach::Covered { .. } => None,
                },
                _ => None,
            })
            .collect();
        let mut reach = Vec::with_capacity(rules.len());
        for ((applied, found), entry) in rules.iter().zip(found).zip(inventory) {
            let wanted = asked.contains(&applied.rule.service) && entry.state.has_verdicts();
            reach.push(if wanted {
                self.within(applied, &found.strict, home_units, progress)?
            } else {
                None
            });
        }
        Ok(reach)
    }
}

impl Outcome<'_> {
    /// The smallest unit around each facility.
    pub(crate) fn facility_units(&self) -> Vec<Option<UnitIx>> {
        let index = UnitIndex::new(&self.study.units);
        self.study.facilities.as_slice().iter().map(|facility| index.locate(facility.position)).collect()
    }

    /// Hours that each facility is open in the week of the study's date; `None` where it says nothing or nothing certain.
    #[cfg(feature = "hours")]
    fn hours_a_week(&self) -> Result<Vec<Option<f64>>> {
        let special = self.study.hours.as_ref().map_or(&[][..], |options| &options.special_days);
        let days = StudyDays::week_of(self.study.date, special)?;
        let mut read: BTreeMap<&str, Option<f64>> = BTreeMap::new();
        let mut of = |text| {
            *read.entry(text).or_insert_with(|| {
                let open = parse_hours(text, &days).ok()?;
                (open.open_minutes() == open.possible_minutes())
                    .then(|| f64::from(open.open_minutes()) / 60.0)
            })
        };
        let facilities = self.study.facilities.as_slice().iter();
        Ok(facilities.map(|facility| facility.hours.as_deref().and_then(&mut of)).collect())
    }

    #[cfg(not(feature = "hours"))]
    #[expect(clippy::unnecessary_wraps, reason = "with opening hours a date may be out of their range")]
    fn hours_a_week(&self) -> Result<Vec<Option<f64>>> {
        Ok(vec![None; self.study.facilities.len()])
    }

    /// Coverage of ground by service, as far as it was measured.
    fn grounds(&self) -> Vec<GroundCoverage> {
        let mut grounds = Vec::new();
        for bases in &self.bases {
            let all = [
                (Ground::Land, bases.land),
                (Ground::Buildings, bases.buildings),
                (Ground::Dwellings, bases.dwellings),
            ];
            grounds.extend(all.into_iter().filter_map(|(ground, portion)| {
                let portion = portion?;
                let service = bases.service.clone();
                Some(GroundCoverage { service, ground, covered: portion.part, all: portion.whole })
            }));
        }
        grounds
    }

    /// Measures the indicators of the packs and lists the problems, with the routes of the first.
    pub(crate) fn measure(&mut self, reach: &[Option<TravelMatrix>], progress: &dyn Progress) -> Result<()> {
        progress.advance(STEPS[0], 0, 1)?;
        let (indicators, axes, scores, missed, problems) = {
            let all = Measured {
                inputs: &self.inputs(),
                assessment: &self.assessment,
                packs: &self.study.packs,
                facilities: &self.study.facilities,
                facility_units: &self.facility_units(),
                sources: &self.study.sources,
                reach,
                values: &self.study.values,
                grounds: &self.grounds(),
                hours_a_week: &self.hours_a_week()?,
            };
            let indicators = measure_indicators(&all);
            progress.advance(STEPS[1], 0, 1)?;
            let problems = find_problems(&all, &indicators, &self.study.register);
            progress.advance(STEPS[2], 0, 1)?;
            let (axes, scores) = axes_and_scores(&all, &indicators);
            progress.advance(STEPS[3], 0, 1)?;
            (indicators, axes, scores, unreached(&all), problems)
        };
        (self.indicators, self.problems) = (indicators, problems);
        (self.axes, self.scores, self.unreached) = (axes, scores, missed);
        self.tell_routes()?;
        self.continue_history()?;
        self.monitor()?;
        Ok(progress.advance(STEPS[3], 1, 1)?)
    }

    /// Holds the problems against the history, and bundles them into work.
    fn continue_history(&mut self) -> Result<()> {
        let Some((input, history)) = &self.study.history else {
            return Ok(());
        };
        let mut history = history.clone();
        history
            .remeasure(&mut self.problems, self.study.date)
            .map_err(|source| Error::History { input: input.clone(), source })?;
        self.projects = projects(&self.problems, &history);
        self.history = Some(history);
        Ok(())
    }

    /// Tells the streets of the way that the people of the first problems have to go instead.
    fn tell_routes(&mut self) -> Result<()> {
        let (mut rows, mut walks) = (Vec::new(), Vec::new());
        for (row, problem) in self.problems.iter().enumerate() {
            if let Some(instead) = &problem.alternative
                && let Some(length) = instead.trip.length
                && rows.len() < ROUTES
            {
                rows.push(row);
                walks.push((instead.place, instead.trip.facility, length));
            }
        }
        if walks.is_empty() {
            return Ok(());
        }
        for (row, route) in rows.into_iter().zip(self.routes(&walks)?) {
            if let (Some(instead), Some(route)) = (&mut self.problems[row].alternative, route) {
                instead.route = Some(streets(&route));
            }
        }
        Ok(())
    }
}

const STEPS: [&str; 4] =
    ["measuring indicators", "listing problems", "scoring units", "finding who goes without"];

/// Problems of which the route is told.
const ROUTES: usize = 200;

/// "Renmin Road 320 m, Jiefang Road 410 m".
fn streets(route: &Route) -> String {
    let steps = route.steps.iter().map(|step| {
        let name = step.street.as_deref().unwrap_or(&step.highway);
        format!("{name} {:.0} m", f64::from(step.length.get()) / 1000.0)
    });
    steps.collect::<Vec<_>>().join(", ")
}
