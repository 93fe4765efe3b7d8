//! Trips by car: from homes to facilities, and from stations to homes, or as another tool measured them.

use std::collections::BTreeMap;

use lifecircle_indicators::EvidenceColumn;
use lifecircle_network::{
    Barriers, DriveProfile, LinkFate, Linkage, Linker, StreetNetwork, Target, WalkCosts, WalkGraph,
    nearest_each,
};
use lifecircle_types::{
    Cost, Evidence, FacilityIx, Fate, Issues, LonLat, Millimetres, People, Progress, ServiceKey, Severity,
    TravelTime,
};

use crate::builder::input_names;
use crate::provenance::{DriveRecord, InputRecord, InputRole};
use crate::study::Study;
use crate::{Error, Result};

/// How a study measures trips by car.
#[derive(Clone, Debug)]
pub(crate) enum Driving {
    /// On its streets.
    Streets {
        profile: DriveProfile,
        /// Services that come to people: the trip is from the facility to the home.
        responding: Vec<ServiceKey>,
    },
    /// By times that another tool measured.
    Times(DriveTimes),
}

/// Times between resident places and facilities, measured elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct DriveTimes {
    pub(crate) name: String,
    /// Public ids of a resident place and a facility, and the time.
    pub(crate) pairs: Vec<(String, String, TravelTime)>,
}

/// The drives of one study.
pub(crate) enum Drives {
    Streets(Box<Roads>),
    /// For every resident place the facilities with times, by facility.
    Times(Vec<Vec<(FacilityIx, TravelTime)>>),
}

/// The streets as a car drives them, with homes and doors linked to them.
pub(crate) struct Roads {
    there: WalkCosts,
    back: WalkCosts,
    homes: Linkage,
    doors: Linkage,
    responding: Vec<ServiceKey>,
}

impl Driving {
    pub(crate) fn record(&self) -> DriveRecord {
        match self {
            Self::Streets { profile, responding } => DriveRecord {
                peak_percent: Some(profile.peak_percent),
                signal_ms: Some(profile.signal.as_millis()),
                turn_restrictions: "not applied",
                responding: responding.clone(),
                matrix: None,
            },
            Self::Times(times) => DriveRecord {
                peak_percent: None,
                signal_ms: None,
                turn_restrictions: "those of the matrix",
                responding: vec![],
                matrix: Some(times.name.clone()),
            },
        }
    }
}

impl Study {
    /// The drives, and the account of what was linked or read, where the study measures driving.
    pub(crate) fn drives(
        &self,
        network: &StreetNetwork,
        barriers: &Barriers,
        arrivals: &[(FacilityIx, LonLat)],
    ) -> Result<Option<(Drives, InputRecord)>> {
        match &self.driving {
            None => Ok(None),
            Some(Driving::Times(times)) => Ok(Some(self.times(times))),
            Some(Driving::Streets { profile, responding }) => {
                let there = profile.costs(network);
                let graph = WalkGraph::new(network, &there).map_err(|error| match error {
                    lifecircle_network::Error::NoWalkableStreet { .. } => {
                        Error::NoDrivableStreet { input: input_names(&self.inputs, InputRole::Streets) }
                    }
                    other => other.into(),
                })?;
                let linker = Linker::new(graph, self.link).barriers(barriers);
                let homes = linker.link(self.residents.positions());
                let doors = linker.link(&arrivals.iter().map(|&(_, at)| Some(at)).collect::<Vec<_>>());
                let record = self.homes_by_roads(&homes);
                let (back, responding) = (there.reversed(network), responding.clone());
                let roads = Roads { there, back, homes, doors, responding };
                Ok(Some((Drives::Streets(Box::new(roads)), record)))
            }
        }
    }

    fn homes_by_roads(&self, homes: &Linkage) -> InputRecord {
        let mut fate = Fate { rows: self.residents.len() as u64, ..Fate::default() };
        let mut without = People::ZERO;
        for (row, people) in self.residents.people().iter().enumerate() {
            match homes.fate(row) {
                LinkFate::Linked(_) => fate.used += 1,
                LinkFate::TooFar { .. } => {
                    fate.reject(&format!("no road for cars within {}", self.link.max_off_street));
                    without += *people;
                }
                LinkFate::NoPosition => {
                    fate.reject("no position");
                    without += *people;
                }
            }
        }
        let mut issues = Issues::new();
        let name = input_names(&self.inputs, InputRole::Residents);
        if without > People::ZERO {
            let detail = format!("{without} people, who stay in every share as unserved");
            issues.push(Severity::Warning, "homes without a road for cars", &name, detail);
        }
        let rows_are = "homes linked to roads for cars".into();
        InputRecord { name, role: InputRole::Driving, rows_are, fate, moves: None, issues }
    }

    /// Times by row, and what became of the pairs. Of a pair that stands twice the shorter time counts.
    fn times(&self, times: &DriveTimes) -> (Drives, InputRecord) {
        let homes: BTreeMap<&str, usize> =
            self.residents.ids().iter().enumerate().map(|(row, id)| (id.as_str(), row)).collect();
        let facilities: BTreeMap<&str, FacilityIx> =
            self.facilities.iter().map(|(ix, facility)| (facility.id.as_str(), ix)).collect();
        let mut fate = Fate { rows: times.pairs.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut rows = vec![Vec::new(); self.residents.len()];
        for (home, facility, time) in &times.pairs {
            match (homes.get(home.as_str()), facilities.get(facility.as_str())) {
                (Some(&row), Some(&ix)) => {
                    fate.used += 1;
                    rows[row].push((ix, *time));
                }
                (None, _) => {
                    fate.reject("unknown resident place");
                    issues.push(Severity::Warning, "time of an unknown resident place", home, "left out");
                }
                (_, None) => {
                    fate.reject("unknown facility");
                    issues.push(Severity::Warning, "time to an unknown facility", facility, "left out");
                }
            }
        }
        for row in &mut rows {
            row.sort_unstable();
            row.dedup_by_key(|pair| pair.0);
        }
        let rows_are = "pairs with a time by car".into();
        let name = times.name.clone();
        let record = InputRecord { name, role: InputRole::Driving, rows_are, fate, moves: None, issues };
        (Drives::Times(rows), record)
    }
}

impl Drives {
    /// The nearest of `facilities` by car, from every resident place; ties go to the facility with the smaller id.
    pub(crate) fn evidence(
        &self,
        network: &StreetNetwork,
        arrivals: &[(FacilityIx, LonLat)],
        service: &ServiceKey,
        facilities: &[FacilityIx],
        progress: &dyn Progress,
    ) -> Result<EvidenceColumn> {
        let evidence = |facility, time| Evidence {
            facility,
            length: None,
            time: Some(time),
            straight_length: None::<Millimetres>,
        };
        let counts = |facility: &FacilityIx| facilities.binary_search(facility).is_ok();
        let roads = match self {
            Self::Streets(roads) => roads,
            Self::Times(rows) => {
                let nearest = |row: &Vec<(FacilityIx, TravelTime)>| {
                    let found = row.iter().filter(|(facility, _)| counts(facility));
                    found
                        .min_by_key(|&&(facility, time)| (time, facility))
                        .map(|&(ix, time)| evidence(ix, time))
                };
                return Ok(rows.iter().map(nearest).collect());
            }
        };
        let costs = if roads.responding.contains(service) { &roads.back } else { &roads.there };
        let graph = WalkGraph::new(network, costs)?;
        let door = |(row, &(facility, _)): (usize, &(FacilityIx, LonLat))| {
            let link = counts(&facility).then(|| roads.doors.get(row)).flatten()?;
            Some(Target { owner: facility.0, link: *link })
        };
        let targets: Vec<Target> = arrivals.iter().enumerate().filter_map(door).collect();
        let trips = nearest_each(graph, &roads.homes, &[targets], None, progress)?.pop().unwrap_or_default();
        let one = |trip: Option<lifecircle_network::NearestTrip>| {
            let trip = trip?;
            let Cost::Time(time) = trip.cost else { return None };
            Some(evidence(FacilityIx(trip.owner), time))
        };
        Ok(trips.into_iter().map(one).collect())
    }
}
