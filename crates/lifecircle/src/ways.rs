//! Walks beside those of the rules: of any walker, to any facilities, from one facility to another, and to points of a
//! table.

use std::collections::BTreeMap;

use lifecircle_indicators::{Candidates, candidates_without_rule, shown_by};
use lifecircle_network::{Approaches, Linker, Precincts, WalkGraph, trips_within};
use lifecircle_types::{
    DemandIx, FacilityIx, LonLat, Millimetres, Progress, Rule, ServiceKey, Speed, TravelMatrix, TravelTime,
};

use crate::Result;
use crate::outcome::Outcome;
use crate::walkers::{has_rules, own_costs};
use crate::walks::travel_matrix;

/// The streets as one walker walks them, with homes and doors linked to them.
pub(crate) struct Ways<'a> {
    outcome: &'a Outcome<'a>,
    graph: WalkGraph<'a>,
    precincts: &'a Precincts,
    origins: &'a Approaches,
    doors: &'a Approaches,
    speed: Speed,
    progress: &'a dyn Progress,
}

/// The facilities that count for a service, whether or not a rule asks for it.
pub(crate) struct Counted {
    /// Those that count for certain, ascending.
    pub(crate) strict: Vec<FacilityIx>,
    /// Those that count or may count, ascending.
    pub(crate) lenient: Vec<FacilityIx>,
    /// Why nobody knows where the service is; `None` where a source shows it.
    pub(crate) no_data: Option<String>,
}

/// What comes of the facilities of each service: of those that count for certain, and of those that may, where these are
/// others.
pub(crate) fn strict_and_lenient<T>(
    services: &[Counted],
    of: impl Fn(&[&[FacilityIx]]) -> Result<T>,
) -> Result<(T, Option<T>)> {
    let strict: Vec<&[FacilityIx]> = services.iter().map(|found| found.strict.as_slice()).collect();
    let lenient: Vec<&[FacilityIx]> = services.iter().map(|found| found.lenient.as_slice()).collect();
    let certain = of(&strict)?;
    let possible = if lenient == strict { None } else { Some(of(&lenient)?) };
    Ok((certain, possible))
}

impl Outcome<'_> {
    /// Calls `then` with the streets as a walker of the study walks them, by key; as the standard walker does, at the pace of
    /// the last pack, where none is named.
    pub(crate) fn walking<T>(
        &self,
        walker: Option<&str>,
        progress: &dyn Progress,
        then: impl FnOnce(&Ways<'_>) -> Result<T>,
    ) -> Result<T> {
        let study = self.study;
        let Some(own) = study.walker(walker).filter(|walker| has_rules(walker)) else {
            let speed = study.pace(walker);
            return study.on_streets(&self.network, |graph, precincts| {
                let (origins, doors) = (&self.origins, &self.doors);
                then(&Ways { outcome: self, graph, precincts, origins, doors, speed, progress })
            });
        };
        let terrain = study.terrain(&self.network)?.map(|(terrain, _)| terrain);
        let [open, everything] = own_costs(&self.network, &study.opened(own), terrain.as_ref())?;
        let graph = WalkGraph::new(&self.network, &open)?;
        let precincts = Precincts::with_costs(graph, &everything);
        let barriers = study.obstacles(graph);
        let linker = Linker::with_precincts(graph, study.link, &precincts).barriers(&barriers);
        let origins = linker.approach(study.residents.positions(), progress)?;
        let at: Vec<Option<LonLat>> = self.arrivals.iter().map(|&(_, at)| Some(at)).collect();
        let doors = linker.approach(&at, progress)?;
        let (precincts, origins, doors) = (&precincts, &origins, &doors);
        then(&Ways { outcome: self, graph, precincts, origins, doors, speed: own.speed, progress })
    }

    /// The facilities that count for a service: by its rule, or by the catalogue where no pack has one.
    pub(crate) fn counted(&self, service: &ServiceKey) -> Counted {
        let study = self.study;
        let rule = self.rules.iter().position(|rule| rule.rule.service == *service);
        let rule = rule.filter(|&row| self.rules[row].rule.rule != Rule::NoWalkingCatchment);
        let by_catalogue: Candidates;
        let (found, counting): (&Candidates, Vec<&ServiceKey>) = match rule {
            Some(row) => (&self.candidates[row], self.rules[row].rule.counting(&study.catalogue).collect()),
            None => {
                by_catalogue =
                    candidates_without_rule(&study.catalogue, service, &study.facilities, study.date);
                (&by_catalogue, study.catalogue.satisfied_by(service).iter().collect())
            }
        };
        let mut lenient = [found.strict.as_slice(), &found.lenient_only].concat();
        lenient.sort_unstable();
        let places = lenient.len();
        let shown = shown_by(&study.catalogue, &counting, places, &study.sources, &study.facilities);
        Counted { strict: found.strict.clone(), lenient, no_data: shown.err() }
    }

    /// The facilities that count for any of some services, and the services that no source shows; without data where that is
    /// all of them.
    pub(crate) fn any_of(&self, services: &[ServiceKey]) -> (Counted, Vec<ServiceKey>) {
        let mut all = Counted { strict: vec![], lenient: vec![], no_data: None };
        let (mut hidden, mut reason) = (vec![], None);
        for service in services {
            let found = self.counted(service);
            all.strict.extend(found.strict);
            all.lenient.extend(found.lenient);
            if let Some(why) = found.no_data {
                reason.get_or_insert_with(|| format!("{service}: {why}"));
                hidden.push(service.clone());
            }
        }
        for list in [&mut all.strict, &mut all.lenient] {
            list.sort_unstable();
            list.dedup();
        }
        all.no_data = reason.filter(|_| hidden.len() == services.len());
        (all, hidden)
    }
}

impl Ways<'_> {
    /// The length on the level that the walker walks in a time.
    pub(crate) fn length_in(&self, time: TravelTime) -> Millimetres {
        self.speed.length_in(time)
    }

    /// The time that the walker takes for a length on the level.
    pub(crate) fn time_for(&self, length: Millimetres) -> TravelTime {
        self.speed.time_for(length)
    }

    /// Every walk of at most `limit` from homes (rows) to facilities (columns, in their order here): lengths on the level.
    pub(crate) fn walks(&self, to: &[FacilityIx], limit: Millimetres) -> Result<TravelMatrix> {
        self.matrix(self.origins, self.doors, &self.doors_of(to), to.len(), limit)
    }

    /// Every walk of at most `limit` from facilities (rows) to facilities (columns), from any door to any door; none from a
    /// facility to itself.
    pub(crate) fn between(
        &self,
        from: &[FacilityIx],
        to: &[FacilityIx],
        limit: Millimetres,
    ) -> Result<TravelMatrix> {
        let starts = self.doors_of(from);
        let at: Vec<Option<LonLat>> =
            starts.iter().map(|&(_, door)| Some(self.outcome.arrivals[door].1)).collect();
        let origins = self.approach(&at)?;
        let by_door = self.matrix(&origins, self.doors, &self.doors_of(to), to.len(), limit)?;
        let mut nearest: BTreeMap<(u32, FacilityIx), Millimetres> = BTreeMap::new();
        for (door, column, cost) in by_door.entries() {
            let row = starts[door.index()].0;
            let length = Millimetres::new(cost.raw());
            let known = nearest.entry((row, column)).or_insert(length);
            *known = length.min(*known);
        }
        for (row, facility) in from.iter().enumerate() {
            if let Ok(column) = to.binary_search(facility) {
                nearest.insert((DemandIx::new(row).0, FacilityIx::new(column)), Millimetres::ZERO);
            }
        }
        let entries = nearest.into_iter().map(|((row, column), length)| (DemandIx(row), column, length));
        travel_matrix(from.len(), to.len(), limit, entries)
    }

    /// How points that are no doors come to these streets.
    pub(crate) fn approach(&self, points: &[Option<LonLat>]) -> Result<Approaches> {
        let study = self.outcome.study;
        let barriers = study.obstacles(self.graph);
        let linker = Linker::with_precincts(self.graph, study.link, self.precincts).barriers(&barriers);
        Ok(linker.approach(points, self.progress)?)
    }

    /// Every walk of at most `limit` from homes (rows) to points (columns).
    pub(crate) fn walks_to(&self, points: &Approaches, limit: Millimetres) -> Result<TravelMatrix> {
        let all: Vec<(u32, usize)> = (0..).zip(0..points.len()).collect();
        self.matrix(self.origins, points, &all, points.len(), limit)
    }

    fn matrix(
        &self,
        from: &Approaches,
        doors: &Approaches,
        to: &[(u32, usize)],
        columns: usize,
        limit: Millimetres,
    ) -> Result<TravelMatrix> {
        let columns = FacilityIx::new(columns).0;
        Ok(trips_within(self.graph, self.precincts, from, doors, to, columns, limit, self.progress)?)
    }

    /// The doors of ascending `facilities`: the place of the facility among them, and the row among all doors.
    fn doors_of(&self, facilities: &[FacilityIx]) -> Vec<(u32, usize)> {
        let arrivals = self.outcome.arrivals.iter().enumerate();
        let door = |(row, &(facility, _)): (usize, &(FacilityIx, LonLat))| {
            let column = facilities.binary_search(&facility).ok()?;
            Some((FacilityIx::new(column).0, row))
        };
        arrivals.filter_map(door).collect()
    }
}
