//! The trips of all rules: from every resident place to the nearest facility that counts.

use core::mem::take;

use lifecircle_indicators::{AppliedRule, Candidates, EvidenceColumn, ServiceEvidence};
use lifecircle_network::{
    Approaches, NearestTrip, Precincts, WalkGraph, nearest_straight, nearest_trips, straight_within,
    trips_within,
};
use lifecircle_population::UnitIndex;
use lifecircle_types::{
    Cost, DemandIx, Evidence, FacilityIx, LonLat, Millimetres, Progress, Rule, TravelMatrix, UnitIx, UnitKind,
};

use crate::Result;
use crate::driving::Drives;
use crate::study::Study;

/// Everything that trips need.
pub(crate) struct Trips<'a> {
    /// Trips by car, where they are measured.
    pub(crate) drives: Option<&'a Drives>,
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
        let mut elsewhere_of = vec![None; rules.len()];
        for (row, rule) in rules.iter().enumerate() {
            if !matches!(rule.rule.rule, Rule::WalkTime(_) | Rule::WalkDistance(_)) {
                if matches!(rule.rule.rule, Rule::PresenceInUnit(_)) && !found[row].strict.is_empty() {
                    elsewhere_of[row] = Some(walks.len());
                    walks.push(self.doors_of(&found[row].strict));
                }
                continue;
            }
            for (reading, facilities) in readings[row].iter().enumerate() {
                if let Some(facilities) = facilities {
                    walk_of[row][reading] = Some(walks.len());
                    walks.push(self.doors_of(facilities));
                }
            }
        }
        let mut walked =
            nearest_trips(self.graph, self.precincts, self.origins, self.doors, &walks, None, progress)?;
        let mut evidence = Vec::with_capacity(rules.len());
        for (row, rule) in rules.iter().enumerate() {
            let mut driven: [Option<EvidenceColumn>; 3] = Default::default();
            if let (Rule::DriveTime(_), Some(drives)) = (rule.rule.rule, self.drives) {
                for (driven, facilities) in driven.iter_mut().zip(&readings[row]) {
                    if let Some(facilities) = facilities {
                        let (network, service) = (self.graph.network(), &rule.rule.service);
                        *driven =
                            Some(drives.evidence(network, self.arrivals, service, facilities, progress)?);
                    }
                }
            }
            let mut trips = |reading: usize| -> Option<EvidenceColumn> {
                let facilities = readings[row][reading].as_ref()?;
                Some(match rule.rule.rule {
                    Rule::WalkTime(_) | Rule::WalkDistance(_) => {
                        let walk: usize = walk_of[row][reading]?;
                        self.walk_evidence(take(&mut walked[walk]), rule)
                    }
                    Rule::StraightRadius(_) => self.straight_evidence(facilities),
                    Rule::PresenceInUnit(kind) => self.presence_evidence(facilities, home_units, kind),
                    Rule::DriveTime(_) | Rule::NoWalkingCatchment => {
                        driven[reading].take().unwrap_or_else(|| home_units.iter().map(|_| None).collect())
                    }
                })
            };
            let strict = trips(0).unwrap_or_default();
            let (lenient, any_level) = (trips(1), trips(2));
            let elsewhere =
                elsewhere_of[row].map(|walk: usize| self.walk_evidence(take(&mut walked[walk]), rule));
            evidence.push(ServiceEvidence { strict, lenient, any_level, elsewhere });
        }
        Ok(evidence)
    }

    /// Every one of `facilities` within a rule of every resident place, by length; a facility in the same unit is at
    /// length 0. `None` for rules without a walk, a line or a unit.
    pub(crate) fn within(
        &self,
        applied: &AppliedRule,
        facilities: &[FacilityIx],
        home_units: &[Option<UnitIx>],
        progress: &dyn Progress,
    ) -> Result<Option<TravelMatrix>> {
        let limit = |rule: Rule| match rule {
            Rule::StraightRadius(length) => Some(length),
            Rule::PresenceInUnit(_) => Some(Millimetres::ZERO),
            other => applied.walk_limit(other),
        };
        let rule = &applied.rule;
        let limits = core::iter::once(rule.rule).chain(rule.rule_in.values().copied()).map(limit);
        let Some(farthest) = limits.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max()) else {
            return Ok(None);
        };
        let columns = u32::try_from(self.study.facilities.len()).expect("rows of a set fit 32 bits");
        let all = match rule.rule {
            Rule::StraightRadius(_) => {
                let doors: Vec<(u32, LonLat)> = self
                    .doors_of(facilities)
                    .iter()
                    .map(|&(owner, door)| (owner, self.arrivals[door].1))
                    .collect();
                let rows = straight_within(self.study.residents.positions(), &doors, farthest);
                matrix(columns, farthest, &rows)
            }
            Rule::PresenceInUnit(kind) => {
                let units = &self.study.units;
                let index = UnitIndex::new(units);
                let of_kind = |unit: UnitIx| units.lineage(unit).find(|&unit| units[unit].kind == kind);
                let mut inside: Vec<Vec<(u32, Millimetres)>> = vec![Vec::new(); units.len()];
                for &facility in facilities {
                    let position = self.study.facilities[facility].position;
                    if let Some(unit) = index.locate(position).and_then(of_kind) {
                        inside[unit.index()].push((facility.0, Millimetres::ZERO));
                    }
                }
                let row = |unit: &Option<UnitIx>| {
                    unit.and_then(of_kind).map_or_else(Vec::new, |unit| inside[unit.index()].clone())
                };
                matrix(columns, farthest, &home_units.iter().map(row).collect::<Vec<_>>())
            }
            _ => trips_within(
                self.graph,
                self.precincts,
                self.origins,
                self.doors,
                &self.doors_of(facilities),
                columns,
                farthest,
                progress,
            )?,
        };
        if rule.rule_in.is_empty() {
            return Ok(Some(all));
        }
        let units = &self.study.units;
        let rows: Vec<Vec<(u32, Millimetres)>> = home_units
            .iter()
            .enumerate()
            .map(|(place, unit)| {
                let zone = unit.and_then(|unit| units.zone(unit));
                let limit = limit(rule.rule_for(zone)).unwrap_or(farthest);
                let kept = all.row(DemandIx::new(place)).filter(|(_, cost)| cost.raw() <= limit.get());
                kept.map(|(facility, cost)| (facility.0, Millimetres::new(cost.raw()))).collect()
            })
            .collect();
        Ok(Some(matrix(columns, farthest, &rows)))
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

    fn walk_evidence(&self, walked: Vec<Option<NearestTrip>>, rule: &AppliedRule) -> EvidenceColumn {
        let positions = self.study.residents.positions();
        let one = |(at, trip): (&Option<LonLat>, Option<NearestTrip>)| {
            let trip = trip?;
            let Cost::Length(length) = trip.cost else {
                return None;
            };
            let facility = FacilityIx(trip.owner);
            Some(Evidence {
                facility,
                length: Some(length),
                time: None,
                straight_length: at.map(|at| self.crow_flight(at, facility)),
            })
        };
        EvidenceColumn::walks(rule.standard_walker, positions.iter().zip(walked).map(one))
    }

    /// To the nearest arrival of a facility as the crow flies.
    fn crow_flight(&self, from: LonLat, facility: FacilityIx) -> Millimetres {
        let arrivals = self.study.facilities[facility].arrivals();
        arrivals.iter().map(|&to| from.length_to(to)).min().unwrap_or(Millimetres::MAX)
    }

    fn straight_evidence(&self, facilities: &[FacilityIx]) -> EvidenceColumn {
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
    ) -> EvidenceColumn {
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

/// Rows of ascending facilities as a matrix.
fn matrix(columns: u32, cutoff: Millimetres, rows: &[Vec<(u32, Millimetres)>]) -> TravelMatrix {
    let mut row_start = vec![0];
    for row in rows {
        row_start.push(row_start[row_start.len() - 1] + row.len());
    }
    let entries = || rows.iter().flatten();
    let column = entries().map(|entry| entry.0).collect();
    let cost = entries().map(|entry| entry.1.get()).collect();
    TravelMatrix::from_rows(columns, cutoff, row_start, column, cost)
        .expect("each facility once, within the cutoff")
}
