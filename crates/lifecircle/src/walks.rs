//! Every walk between residents and facilities, as a matrix and as a table.

use core::ops::Range;

use lifecircle_indicators::Home;
use lifecircle_network::{Linker, Precincts, WalkCosts, WalkGraph, trips_within};
use lifecircle_types::{
    ColumnValues, DemandIx, FacilityIx, FeatureTable, InvalidSet, Millimetres, Progress, ServiceKey,
    TravelMatrix, ZoneType,
};

use crate::Result;
use crate::links::nearest_doors;
use crate::outcome::Outcome;
use crate::provenance::InputRecord;
use crate::study::Study;

/// Rows of a part of the table of walks.
const PART: usize = 100_000;

/// The walks of a study: a row for every walk within a limit between a resident place and a facility in use on the
/// study's day.
#[derive(Debug)]
#[non_exhaustive]
pub struct Walks<'a> {
    study: &'a Study,
    /// Lengths: rows are the resident places, columns the facilities of the study.
    pub matrix: TravelMatrix,
    /// What became of homes and facilities: who came to no street, and why.
    pub links: [InputRecord; 2],
}

impl Study {
    /// Walks everyone to every facility in use on the study's day, within `limit`, as the assessment's trips go: by exits,
    /// gates and nearest doors. Nothing else of an assessment is done.
    ///
    /// # Errors
    /// No walkable street ([`Error::NoWalkableStreet`](crate::Error::NoWalkableStreet)), a row far away from every street ([`Error::FarAway`](crate::Error::FarAway)), or
    /// cancelled.
    pub fn walks(&self, limit: Millimetres, progress: &dyn Progress) -> Result<Walks<'_>> {
        let network = self.street_network(progress)?.value;
        let walker = self.standard_walker();
        let lengths = WalkCosts::lengths(&network, &walker);
        let graph = self.walk_graph(&network, &lengths)?;
        let precincts = Precincts::new(graph, &walker);
        let barriers = self.obstacles(graph);
        let linker = Linker::with_precincts(graph, self.link, &precincts).barriers(&barriers);
        let origins = linker.approach(self.residents.positions(), progress)?;
        let arrivals = self.arrivals();
        let points: Vec<_> = arrivals.iter().map(|&(_, at)| Some(at)).collect();
        let doors = linker.approach(&points, progress)?;
        let open = |facility: FacilityIx| self.facilities[facility].status.is_open_on(self.date);
        let to: Vec<(u32, usize)> = arrivals
            .iter()
            .enumerate()
            .filter(|(_, (facility, _))| open(*facility))
            .map(|(row, (facility, _))| (facility.0, row))
            .collect();
        let columns = FacilityIx::new(self.facilities.len()).0;
        let matrix = trips_within(graph, &precincts, &origins, &doors, &to, columns, limit, progress)?;
        let nearest = nearest_doors(&self.facilities, &arrivals, &doors);
        let links = [self.homes_linked(&network, &origins), self.facilities_linked(&network, &nearest)];
        Ok(Walks { study: self, matrix, links })
    }
}

impl Walks<'_> {
    /// The table of the walks in parts of at most 100,000 rows: `from_id`, `to_id`, `length_m` and `travel_time_min` of the
    /// standard walker; by place, then by facility. Pairs that are farther apart have no row; without any there is one part
    /// without rows.
    ///
    /// # Panics
    /// Never: the columns are as long as the table, each named once.
    #[must_use]
    pub fn parts(&self) -> impl ExactSizeIterator<Item = FeatureTable> {
        let (mut parts, mut from, mut count) = (vec![], 0, 0);
        for place in 0..self.matrix.rows() {
            let more = self.matrix.row(DemandIx::new(place)).len();
            if count > 0 && count + more > PART {
                parts.push(from..place);
                (from, count) = (place, 0);
            }
            count += more;
        }
        parts.push(from..self.matrix.rows());
        parts.into_iter().map(|places| self.part(places).expect("columns as long as the table"))
    }

    fn part(&self, places: Range<usize>) -> core::result::Result<FeatureTable, InvalidSet> {
        let study = self.study;
        let pace = study.standard_walker().speed;
        let walks = || {
            let of = |place| self.matrix.row(place).map(move |(facility, cost)| (place, facility, cost));
            places.clone().map(DemandIx::new).flat_map(of)
        };
        let from = walks().map(|(place, ..)| Some(study.residents.ids()[place.index()].clone())).collect();
        let to = walks().map(|(_, facility, _)| Some(study.facilities[facility].id.clone())).collect();
        let number = |of: &dyn Fn(Millimetres) -> f64| {
            ColumnValues::Number(walks().map(|(.., cost)| Some(of(Millimetres::new(cost.raw())))).collect())
        };
        let mut table = FeatureTable::new(walks().count());
        table.push("from_id", ColumnValues::Text(from))?;
        table.push("to_id", ColumnValues::Text(to))?;
        table.push("length_m", number(&Millimetres::as_metres_f64))?;
        table.push("travel_time_min", number(&|length| pace.time_for(length).as_minutes_f64()))?;
        Ok(table)
    }
}

impl Outcome<'_> {
    /// Every walk of at most `limit` from a resident place to one of `facilities`, which ascend: rows are the places,
    /// columns the facilities of the study. A walk goes as the assessment's trips do, by exits, gates and nearest doors.
    ///
    /// # Errors
    /// Cancelled by `progress`.
    pub fn walks_within(
        &self,
        facilities: &[FacilityIx],
        limit: Millimetres,
        progress: &dyn Progress,
    ) -> Result<TravelMatrix> {
        let walker = self.study.standard_walker();
        let lengths = WalkCosts::lengths(&self.network, &walker);
        let graph = WalkGraph::new(&self.network, &lengths)?;
        let precincts = Precincts::new(graph, &walker);
        let arrivals = self.arrivals.iter().enumerate();
        let doors = arrivals.filter(|(_, (facility, _))| facilities.binary_search(facility).is_ok());
        let doors: Vec<(u32, usize)> = doors.map(|(row, (facility, _))| (facility.0, row)).collect();
        let columns = FacilityIx::new(self.study.facilities.len()).0;
        let (from, to) = (&self.origins, &self.doors);
        Ok(trips_within(graph, &precincts, from, to, &doors, columns, limit, progress)?)
    }

    /// The rules of a walk to assessed services, with the lengths that they allow.
    pub(crate) fn rules_of_walks(&self) -> Vec<WalkRule> {
        let units = &self.study.units;
        let zone = |home: &Home| units.zone(home.unit?);
        let zones: Vec<Option<ZoneType>> = self.homes.iter().map(zone).collect();
        let of_service = |service: &ServiceKey| {
            let row = self.rules.iter().position(|rule| rule.rule.service == *service)?;
            let rule = &self.rules[row];
            let limit = |zone: &Option<ZoneType>| rule.walk_limit(rule.rule.rule_for(*zone));
            Some(WalkRule { row, limits: zones.iter().map(limit).collect::<Option<_>>()? })
        };
        let assessed = self.assessment.services.iter().filter(|service| service.coverage.is_some());
        assessed.filter_map(|service| of_service(&service.service)).collect()
    }
}

/// A rule of a walk.
pub(crate) struct WalkRule {
    /// Its row.
    pub(crate) row: usize,
    /// The length that it allows from every place, by the kind of place.
    pub(crate) limits: Vec<Millimetres>,
}
