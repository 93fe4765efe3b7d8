//! Every walk between residents and facilities, as a matrix and as a table.

use lifecircle_network::{Precincts, WalkCosts, WalkGraph, trips_within};
use lifecircle_types::{ColumnValues, Cost, FacilityIx, FeatureTable, Millimetres, Progress, TravelMatrix};

use crate::outcome::Outcome;
use crate::{Error, Result};

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

    /// The table of a travel matrix: a row for every walk of at most `limit` between a resident place and a facility in
    /// use on the study's day, with `from_id`, `to_id`, `length_m` and `travel_time_min` of the standard walker; by place,
    /// then by facility. Pairs that are farther apart have no row.
    ///
    /// # Errors
    /// Cancelled by `progress`.
    pub fn walks_table(&self, limit: Millimetres, progress: &dyn Progress) -> Result<FeatureTable> {
        let facilities = &self.study.facilities;
        let open: Vec<FacilityIx> = facilities
            .iter()
            .filter(|(_, facility)| facility.status.is_open_on(self.study.date))
            .map(|(ix, _)| ix)
            .collect();
        let matrix = self.walks_within(&open, limit, progress)?;
        let pace = self.study.standard_walker().speed;
        let mut table = FeatureTable::new(matrix.len());
        let from =
            matrix.entries().map(|(place, ..)| Some(self.study.residents.ids()[place.index()].clone()));
        let to = matrix.entries().map(|(_, facility, _)| Some(facilities[facility].id.clone()));
        let number = |of: &dyn Fn(Millimetres) -> f64| {
            let each = matrix.entries().map(|(.., cost)| match cost {
                Cost::Length(length) => Some(of(length)),
                Cost::Time(_) => None,
            });
            ColumnValues::Number(each.collect())
        };
        let columns = [
            ("from_id", ColumnValues::Text(from.collect())),
            ("to_id", ColumnValues::Text(to.collect())),
            ("length_m", number(&Millimetres::as_metres_f64)),
            ("travel_time_min", number(&|length| pace.time_for(length).as_minutes_f64())),
        ];
        for (name, values) in columns {
            let problem = |source| Error::Set { input: "the table of walks".into(), source };
            table.push(name, values).map_err(problem)?;
        }
        Ok(table)
    }
}
