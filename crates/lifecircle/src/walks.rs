//! Every walk between residents and facilities, as a matrix and as a table.

use core::ops::Range;

use lifecircle_network::{Approaches, Linker, Precincts, StreetNetwork, WalkCosts, WalkGraph, trips_within};
use lifecircle_types::{
    Cost, DemandIx, FacilityIx, FeatureTable, InvalidSet, LonLat, Millimetres, Progress, ServiceKey,
    TravelMatrix,
};

use crate::columns::Rows;
use crate::links::nearest_doors;
use crate::outcome::Outcome;
use crate::provenance::InputRecord;
use crate::study::Study;
use crate::{Error, Result};

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
        self.on_streets(&network, |graph, precincts| {
            let barriers = self.obstacles(graph);
            let linker = Linker::with_precincts(graph, self.link, precincts).barriers(&barriers);
            let Linked { origins, arrivals, doors } = self.linked(&linker, progress)?;
            let open = |facility: FacilityIx| self.facilities[facility].status.is_open_on(self.date);
            let to = doors_of(&arrivals, open);
            let columns = FacilityIx::new(self.facilities.len()).0;
            let matrix = trips_within(graph, precincts, &origins, &doors, &to, columns, limit, progress)?;
            let nearest = nearest_doors(&self.facilities, &arrivals, &doors);
            let links = [self.homes_linked(&network, &origins), self.facilities_linked(&network, &nearest)];
            Ok(Walks { study: self, matrix, links })
        })
    }

    /// Calls `then` with the streets as the standard walker walks them.
    pub(crate) fn on_streets<T>(
        &self,
        network: &StreetNetwork,
        then: impl FnOnce(WalkGraph<'_>, &Precincts) -> Result<T>,
    ) -> Result<T> {
        let walker = self.standard_walker();
        let lengths = WalkCosts::lengths(network, &walker);
        let graph = self.walk_graph(network, &lengths)?;
        then(graph, &Precincts::new(graph, &walker))
    }

    /// Links every home and every door.
    pub(crate) fn linked(&self, linker: &Linker<'_>, progress: &dyn Progress) -> Result<Linked> {
        let origins = linker.approach(self.residents.positions(), progress)?;
        let arrivals: Vec<(FacilityIx, LonLat)> =
            self.facilities.iter().flat_map(|(ix, f)| f.arrivals().iter().map(move |&at| (ix, at))).collect();
        let points: Vec<Option<LonLat>> = arrivals.iter().map(|&(_, at)| Some(at)).collect();
        let doors = linker.approach(&points, progress)?;
        Ok(Linked { origins, arrivals, doors })
    }
}

/// How homes and doors come to the streets.
pub(crate) struct Linked {
    pub(crate) origins: Approaches,
    /// Every door: its facility and where it is.
    pub(crate) arrivals: Vec<(FacilityIx, LonLat)>,
    pub(crate) doors: Approaches,
}

/// The doors of the facilities that `wanted` takes: column and row.
fn doors_of(arrivals: &[(FacilityIx, LonLat)], wanted: impl Fn(FacilityIx) -> bool) -> Vec<(u32, usize)> {
    let doors = arrivals.iter().enumerate().filter(|(_, (facility, _))| wanted(*facility));
    doors.map(|(row, (facility, _))| (facility.0, row)).collect()
}

/// A matrix of costs between `places` and `facilities`.
pub(crate) fn travel_matrix<C: Into<Cost>>(
    places: usize,
    facilities: usize,
    cutoff: impl Into<Cost>,
    entries: impl IntoIterator<Item = (DemandIx, FacilityIx, C)>,
) -> Result<TravelMatrix> {
    let (rows, columns) = (DemandIx::new(places).0, FacilityIx::new(facilities).0);
    TravelMatrix::new(rows, columns, cutoff, entries).map_err(|source| Error::Network(source.into()))
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
        let of = |place| {
            let walks = self.matrix.row(place);
            walks.map(move |(facility, cost)| (place, facility, Millimetres::new(cost.raw())))
        };
        let walks: Vec<(DemandIx, FacilityIx, Millimetres)> =
            places.map(DemandIx::new).flat_map(of).collect();
        let rows = Rows(&walks);
        rows.table([
            ("from_id", rows.text(|(place, ..)| Some(study.residents.ids()[place.index()].as_str()))),
            ("to_id", rows.text(|(_, facility, _)| Some(study.facilities[*facility].id.as_str()))),
            ("length_m", rows.number(|(.., length)| Some(length.as_metres_f64()))),
            ("travel_time_min", rows.number(|(.., length)| Some(pace.time_for(*length).as_minutes_f64()))),
        ])
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
        let doors = doors_of(&self.arrivals, |facility| facilities.binary_search(&facility).is_ok());
        let columns = FacilityIx::new(self.study.facilities.len()).0;
        let (from, to) = (&self.origins, &self.doors);
        self.study.on_streets(&self.network, |graph, precincts| {
            Ok(trips_within(graph, precincts, from, to, &doors, columns, limit, progress)?)
        })
    }

    /// The rules of a walk to assessed services, with the lengths that they allow.
    pub(crate) fn rules_of_walks(&self) -> Vec<WalkRule> {
        let zones = self.inputs().zones();
        let of_service = |service: &ServiceKey| {
            let row = self.rules.iter().position(|rule| rule.rule.service == *service)?;
            let rule = &self.rules[row];
            let limit = |zone: &Option<_>| rule.walk_limit(rule.rule.rule_for(*zone));
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
