//! The trips of all rules: from every resident place to the nearest facility that counts.

use lifecircle_indicators::{AppliedRule, Candidates, ServiceEvidence};
use lifecircle_network::{Approaches, NearestTrip, Precincts, WalkGraph, nearest_straight, nearest_trips};
use lifecircle_population::UnitIndex;
use lifecircle_types::{Cost, Evidence, FacilityIx, LonLat, Millimetres, Progress, Rule, UnitIx, UnitKind};

use crate::Result;
use crate::study::Study;

/// Everything that trips need.
pub(crate) struct Trips<'a> {
    pub(crate) study: &'a Study,
    pub(crate) graph: WalkGraph<'a>,
    pub(crate) precincts: &'a Precincts,
    pub(crate) origins: &'a Approaches,
    /// Points at which visitors arrive.
    pub(crate) arrivals: &'a [(FacilityIx, LonLat)],
    pub(crate) doors: &'a Approaches,
}

impl Trips<'_> {
    /// For every rule the trips of both readings, and to any level of its family.
    pub(crate) fn evidence(
        &self,
        rules: &[AppliedRule],
        found: &[Candidates],
        home_units: &[Option<UnitIx>],
        progress: &dyn Progress,
    ) -> Result<Vec<ServiceEvidence>> {
        // the walks of all rules go into one call, so that they share threads
        let mut walks: Vec<Vec<(u32, usize)>> = Vec::new();
        let readings: Vec<[Option<Vec<FacilityIx>>; 3]> = found
            .iter()
            .map(|found| {
                let both = || merged(&found.strict, &found.lenient_only);
                [
                    Some(found.strict.clone()),
                    (!found.lenient_only.is_empty()).then(both),
                    found.any_level.clone(),
                ]
            })
            .collect();
        let mut walk_of = vec![[None; 3]; rules.len()];
        for (row, rule) in rules.iter().enumerate() {
            if !matches!(rule.rule.rule, Rule::WalkTime(_) | Rule::WalkDistance(_)) {
                continue;
            }
            for (reading, facilities) in readings[row].iter().enumerate() {
                if let Some(facilities) = facilities {
                    walk_of[row][reading] = Some(walks.len());
                    walks.push(self.doors_of(facilities));
                }
            }
        }
        let walked =
            nearest_trips(self.graph, self.precincts, self.origins, self.doors, &walks, None, progress)?;
        let mut evidence = Vec::with_capacity(rules.len());
        for (row, rule) in rules.iter().enumerate() {
            let trips = |reading: usize| -> Option<Vec<Option<Evidence>>> {
                let facilities = readings[row][reading].as_ref()?;
                Some(match rule.rule.rule {
                    Rule::WalkTime(_) | Rule::WalkDistance(_) => {
                        let walk: usize = walk_of[row][reading]?;
                        self.walk_evidence(&walked[walk], rule)
                    }
                    Rule::StraightRadius(_) => self.straight_evidence(facilities),
                    Rule::PresenceInUnit(kind) => self.presence_evidence(facilities, home_units, kind),
                    Rule::DriveTime(_) | Rule::NoWalkingCatchment => vec![None; home_units.len()],
                })
            };
            let strict = trips(0).unwrap_or_default();
            evidence.push(ServiceEvidence { strict, lenient: trips(1), any_level: trips(2) });
        }
        Ok(evidence)
    }

    /// The doors of `facilities`, as rows of all doors.
    fn doors_of(&self, facilities: &[FacilityIx]) -> Vec<(u32, usize)> {
        self.arrivals
            .iter()
            .enumerate()
            .filter(|(_, (facility, _))| facilities.binary_search(facility).is_ok())
            .map(|(row, (facility, _))| (facility.0, row))
            .collect()
    }

    fn walk_evidence(&self, walked: &[Option<NearestTrip>], rule: &AppliedRule) -> Vec<Option<Evidence>> {
        let positions = self.study.residents.positions();
        let one = |(at, trip): (&Option<LonLat>, &Option<NearestTrip>)| {
            let trip = trip.as_ref()?;
            let Cost::Length(length) = trip.cost else {
                return None;
            };
            let facility = FacilityIx(trip.owner);
            Some(Evidence {
                facility,
                length: Some(length),
                time: Some(rule.standard_walker.time_for(length)),
                straight_length: at.map(|at| self.crow_flight(at, facility)),
            })
        };
        positions.iter().zip(walked).map(one).collect()
    }

    /// To the nearest arrival of a facility as the crow flies.
    fn crow_flight(&self, from: LonLat, facility: FacilityIx) -> Millimetres {
        let arrivals = self.study.facilities[facility].arrivals();
        arrivals.iter().map(|&to| from.length_to(to)).min().unwrap_or(Millimetres::MAX)
    }

    fn straight_evidence(&self, facilities: &[FacilityIx]) -> Vec<Option<Evidence>> {
        let to: Vec<(u32, LonLat)> = self
            .arrivals
            .iter()
            .filter(|(facility, _)| facilities.binary_search(facility).is_ok())
            .map(|&(facility, at)| (facility.0, at))
            .collect();
        let nearest = nearest_straight(self.study.residents.positions(), &to);
        let evidence = |(owner, length)| Evidence {
            facility: FacilityIx(owner),
            length: None,
            time: None,
            straight_length: Some(length),
        };
        nearest.into_iter().map(|found| found.map(evidence)).collect()
    }

    fn presence_evidence(
        &self,
        facilities: &[FacilityIx],
        home_units: &[Option<UnitIx>],
        kind: UnitKind,
    ) -> Vec<Option<Evidence>> {
        let units = &self.study.units;
        let index = UnitIndex::new(units);
        let of_kind = |unit: UnitIx| units.lineage(unit).find(|&unit| units[unit].kind == kind);
        let mut first: Vec<Option<FacilityIx>> = vec![None; units.len()];
        for &facility in facilities {
            if let Some(unit) = index.locate(self.study.facilities[facility].position).and_then(of_kind) {
                first[unit.index()].get_or_insert(facility);
            }
        }
        let evidence = |facility| Evidence { facility, length: None, time: None, straight_length: None };
        home_units.iter().map(|unit| first[unit.and_then(of_kind)?.index()].map(evidence)).collect()
    }
}

/// Two ascending lists as one.
fn merged(a: &[FacilityIx], b: &[FacilityIx]) -> Vec<FacilityIx> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all
}
