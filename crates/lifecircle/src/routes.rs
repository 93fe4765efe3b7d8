//! The walks behind numbers, street by street.

use lifecircle_network::{
    Approach, Approaches, Link, Precincts, Route, SearchSpace, Standing, WalkGraph, route,
};
use lifecircle_types::{DemandIx, FacilityIx, Millimetres, ServiceKey};

use crate::Result;
use crate::outcome::Outcome;

/// Searches for routes in one network.
struct Routes<'a> {
    outcome: &'a Outcome<'a>,
    graph: WalkGraph<'a>,
    precincts: &'a Precincts,
    space: SearchSpace,
}

impl Outcome<'_> {
    /// The walk behind a number: from a resident place to the facility of its evidence for `service`, street by street,
    /// with the standard walker's length. `None` where there is no walk: another kind of rule, nothing in reach, or no
    /// such service or place.
    ///
    /// A walk that leaves a private street or a walled estate starts at the exit or gate: what lies before is in its
    /// first leg. Takes a search of the network, some milliseconds.
    ///
    /// # Errors
    /// Never for places and services of this study.
    pub fn route(&self, place: DemandIx, service: &ServiceKey) -> Result<Option<Route>> {
        let row = self.rules.iter().position(|rule| rule.rule.service == *service);
        let evidence = row.and_then(|row| self.evidence[row].strict.get(place.index()));
        let Some((facility, length)) = evidence.and_then(|found| Some((found.facility, found.length?)))
        else {
            return Ok(None);
        };
        Ok(self.routes(&[(place, facility, length)])?.pop().flatten())
    }

    /// The walks of a known length from places to facilities.
    pub(crate) fn routes(&self, walks: &[(DemandIx, FacilityIx, Millimetres)]) -> Result<Vec<Option<Route>>> {
        self.study.on_streets(&self.network, |graph, precincts| {
            let mut routes = Routes { outcome: self, graph, precincts, space: SearchSpace::new() };
            walks.iter().map(|&(place, facility, length)| routes.find(place, facility, length)).collect()
        })
    }
}

impl Routes<'_> {
    fn find(&mut self, place: DemandIx, facility: FacilityIx, length: Millimetres) -> Result<Option<Route>> {
        let Outcome { network, arrivals, origins, doors, .. } = self.outcome;
        let links = |points: &Approaches, row: usize| points.links(row).to_vec();
        let mut pairs: Vec<(WalkGraph<'_>, Link, Link)> = Vec::new();
        for (door, _) in arrivals.iter().enumerate().filter(|(_, door)| door.0 == facility) {
            for from in links(origins, place.index()) {
                pairs.extend(links(doors, door).into_iter().map(|to| (self.graph, from, to)));
            }
            let inside = |point: &Approach| point.link.filter(|_| point.standing == Standing::Private);
            let ends = (inside(&origins.as_slice()[place.index()]), inside(&doors.as_slice()[door]));
            if let (Some(from), Some(to)) = ends {
                pairs.push((self.precincts.graph(network)?, from, to));
            }
        }
        for (graph, from, to) in pairs {
            let found = route(graph, &from, &to, &mut self.space)?;
            if let Some(found) = found.filter(|found| found.cost == length.into()) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
