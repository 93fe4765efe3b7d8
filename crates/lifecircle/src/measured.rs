//! What indicators are measured from.

use std::collections::BTreeSet;

use lifecircle_indicators::{
    AppliedRule, Candidates, GroundCoverage, IndicatorResult, InventoryEntry, InventoryState, Measured,
    applied_indicators, measure_indicators,
};
use lifecircle_population::UnitIndex;
use lifecircle_taxonomy::{Ground, PeopleReach, Quantity};
use lifecircle_types::{Progress, ServiceKey, TravelMatrix, UnitIx};

use crate::Result;
use crate::outcome::Outcome;
use crate::trips::Trips;

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
            let wanted = asked.contains(&applied.rule.service) && entry.state != InventoryState::NotAssessed;
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

    /// The indicators of the packs.
    pub(crate) fn measure(&self, reach: &[Option<TravelMatrix>]) -> Vec<IndicatorResult> {
        measure_indicators(&Measured {
            inputs: &self.inputs(),
            assessment: &self.assessment,
            packs: &self.study.packs,
            facilities: &self.study.facilities,
            facility_units: &self.facility_units(),
            sources: &self.study.sources,
            reach,
            values: &self.study.values,
            grounds: &self.grounds(),
        })
    }
}
