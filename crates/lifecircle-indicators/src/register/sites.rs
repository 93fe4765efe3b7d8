//! Problems of single sites: too small, lacking a function, not in use, closed when needed, full.

use std::collections::BTreeMap;

use lifecircle_taxonomy::{Measure, ProblemClass, Requirement};
use lifecircle_types::{Certainty, DemandIx, FacilityIx, FacilityState, ServiceKey, UnitIx};

use super::draft::{Clause, Draft};
use super::find::{Finder, rounded};
use super::{Asked, Finding, ProblemCause, SiteBelow, SiteFull};
use crate::indicator::{site_faults, takes_people};

/// What one site lacks of a norm.
struct Lack {
    facility: FacilityIx,
    has: Option<f64>,
    needs: f64,
}

/// A site all of whose places are taken.
struct Full {
    facility: FacilityIx,
    users: f64,
    places: f64,
}

impl Finder<'_> {
    fn unit_of(&self, facility: FacilityIx) -> Option<UnitIx> {
        self.all.facility_units[facility.index()]
    }

    /// Resident places whose nearest site within the rule this is; all of the unit where nothing says so.
    fn users_of(&self, service: &ServiceKey, facilities: &[FacilityIx], unit: Option<UnitIx>) -> Vec<usize> {
        let Some(row) = self.rule_row(service) else {
            return self.places(unit).to_vec();
        };
        let nearest = self.nearest[row].get_or_init(|| self.places_by_nearest(row));
        let mut users: Vec<usize> = facilities
            .iter()
            .flat_map(|facility| {
                let first = nearest.partition_point(|(nearest, _)| nearest < facility);
                nearest[first..].iter().take_while(move |(nearest, _)| nearest == facility)
            })
            .map(|(_, place)| place.index())
            .collect();
        users.sort_unstable();
        if users.is_empty() { self.places(unit).to_vec() } else { users }
    }

    /// The places inside a rule with their nearest site, by that site.
    fn places_by_nearest(&self, row: usize) -> Vec<(FacilityIx, DemandIx)> {
        let trips = self.all.inputs.evidence[row].strict.iter().enumerate();
        let inside = trips.filter(|&(place, _)| !self.lacks(row, place));
        let mut nearest: Vec<_> =
            inside.filter_map(|(place, trip)| Some((trip?.facility, DemandIx::new(place)))).collect();
        nearest.sort_unstable();
        nearest
    }

    /// Open sites that miss a norm, and norms of which sites say nothing.
    pub(super) fn sites_at_fault(&mut self) {
        let all = self.all;
        let mut lacking: BTreeMap<(Option<UnitIx>, ServiceKey, usize), Vec<Lack>> = BTreeMap::new();
        let mut silent: BTreeMap<(ServiceKey, usize), Vec<FacilityIx>> = BTreeMap::new();
        for (ix, facility) in all.facilities.iter() {
            if !facility.status.is_open_on(all.inputs.date) {
                continue;
            }
            let hours = all.hours_a_week.get(ix.index()).copied().flatten();
            for offer in facility.offers.iter().filter(|offer| offer.certainty == Certainty::Known) {
                let faults = site_faults(&self.norms, all.inputs.catalogue, facility, hours, &offer.service);
                for fault in faults.into_iter().flatten() {
                    let norm = &self.norms[fault.norm].norm;
                    if fault.has.is_none() {
                        silent.entry((offer.service.clone(), fault.norm)).or_default().push(ix);
                        continue;
                    }
                    let unit = self.up_to(self.unit_of(ix), norm.counted_over);
                    let lack = Lack { facility: ix, has: fault.has, needs: fault.needs };
                    lacking.entry((unit, offer.service.clone(), fault.norm)).or_default().push(lack);
                }
            }
        }
        for ((unit, service, norm), lacks) in lacking {
            self.site_below(unit, &service, norm, &lacks);
        }
        for ((service, norm), facilities) in silent {
            self.silent_sites(&service, norm, facilities);
        }
    }

    fn site_below(&mut self, unit: Option<UnitIx>, service: &ServiceKey, norm: usize, lacks: &[Lack]) {
        let applied = &self.norms[norm];
        let measure = applied.norm.measure;
        let (class, cause) = match measure {
            Measure::Functions => (ProblemClass::FunctionIncomplete, ProblemCause::Function),
            Measure::Hours => (ProblemClass::ClosedWhenNeeded, ProblemCause::Hours),
            Measure::Staff => (ProblemClass::ServiceInadequate, ProblemCause::Size),
            _ => (ProblemClass::BelowStandard, ProblemCause::Size),
        };
        let clause = self.clause_of(norm);
        let facilities: Vec<FacilityIx> = lacks.iter().map(|lack| lack.facility).collect();
        let behind = |lack: &Lack| (lack.needs - lack.has.unwrap_or_default()).abs();
        let gap: f64 = lifecircle_types::reduce::sum(lacks.iter().map(behind));
        let parts = lacks.iter().map(|lack| behind(lack) / lack.needs.max(f64::MIN_POSITIVE));
        #[expect(clippy::cast_precision_loss, reason = "a handful of sites")]
        let severity = lifecircle_types::reduce::sum(parts) / lacks.len() as f64;
        let named = |lack: &Lack| {
            let facility = &self.all.facilities[lack.facility];
            let has = rounded(lack.has.unwrap_or_default());
            let lacking =
                self.norms[norm].norm.functions.iter().filter(|word| !facility.functions.contains(word));
            let without = lacking.cloned().collect();
            SiteBelow { facility: facility.id.clone(), has, needs: rounded(lack.needs), without }
        };
        let draft = Draft {
            unit,
            service: service.clone(),
            class,
            cause,
            clause,
            affected: self.people(self.users_of(service, &facilities, unit)),
            gap,
            gap_in: measure.to_string(),
            evidence: Finding::Below(lacks.iter().map(named).collect()),
            alternative: None,
            severity,
            position: facilities.first().map(|&site| self.all.facilities[site].position),
            facilities,
        };
        self.list(draft);
    }

    fn silent_sites(&mut self, service: &ServiceKey, norm: usize, facilities: Vec<FacilityIx>) {
        let clause = self.clause_of(norm);
        #[expect(clippy::cast_precision_loss, reason = "sites of a place")]
        let gap = facilities.len() as f64;
        let draft = Draft {
            unit: None,
            service: service.clone(),
            class: ProblemClass::NoData,
            cause: ProblemCause::Data,
            evidence: Finding::Silent { sites: facilities.len(), measure: self.norms[norm].norm.measure },
            clause,
            affected: self.people(self.users_of(service, &facilities, None)),
            gap,
            gap_in: "sites".into(),
            alternative: None,
            severity: 0.1,
            position: None,
            facilities,
        };
        self.list(draft);
    }

    fn clause_of(&self, norm: usize) -> Clause {
        let applied = &self.norms[norm];
        let norm = &applied.norm;
        Clause {
            pack: applied.pack.clone(),
            key: norm.key.clone(),
            asks: Asked::Site { measure: norm.measure, amount: norm.amount },
            source: norm.backing.source.clone(),
            confidence: norm.backing.confidence,
        }
    }

    /// Sites of services with a rule that stand and are not in use.
    pub(super) fn sites_not_open(&mut self) {
        let all = self.all;
        let mut idle: BTreeMap<(Option<UnitIx>, usize), Vec<FacilityIx>> = BTreeMap::new();
        for (ix, facility) in all.facilities.iter() {
            if facility.status.is_open_on(all.inputs.date) {
                continue;
            }
            for offer in facility.offers.iter().filter(|offer| offer.certainty == Certainty::Known) {
                let Some(row) = self.rule_row(&offer.service) else {
                    continue;
                };
                let applied = &all.inputs.rules[row];
                if applied.rule.requirement == Requirement::Feature {
                    continue;
                }
                let unit = self.up_to(self.unit_of(ix), self.kind_of(applied));
                idle.entry((unit, row)).or_default().push(ix);
            }
        }
        for ((unit, row), facilities) in idle {
            let places = self.places(unit);
            let without: Vec<usize> =
                places.iter().copied().filter(|&place| self.lacks(row, place)).collect();
            let given_up = |site: &FacilityIx| {
                matches!(all.facilities[*site].status.state, FacilityState::Closed | FacilityState::Planned)
            };
            // a plan or an end is no problem where nobody goes without
            if without.is_empty() && facilities.iter().all(given_up) {
                continue;
            }
            let applied = &all.inputs.rules[row];
            let everyone = self.people(places.iter().copied()).people;
            let affected = self.people(without);
            let state = |site: &FacilityIx| {
                let facility = &all.facilities[*site];
                (facility.id.clone(), facility.status.state)
            };
            #[expect(clippy::cast_precision_loss, reason = "a handful of sites")]
            let gap = facilities.len() as f64;
            let draft = Draft {
                unit,
                service: applied.rule.service.clone(),
                class: ProblemClass::ServiceInadequate,
                cause: ProblemCause::NotOpen,
                clause: Clause::of_rule(applied, None),
                severity: affected.people.share_of(everyone).unwrap_or(0.0).max(0.1),
                affected,
                gap,
                gap_in: "sites".into(),
                evidence: Finding::NotInUse(facilities.iter().map(state).collect()),
                alternative: None,
                position: facilities.first().map(|&site| all.facilities[site].position),
                facilities,
            };
            self.list(draft);
        }
    }

    /// Open sites all of whose places are taken.
    pub(super) fn full_sites(&mut self) {
        let all = self.all;
        let mut full: BTreeMap<(Option<UnitIx>, ServiceKey), Vec<Full>> = BTreeMap::new();
        for (ix, facility) in all.facilities.iter() {
            let [offer] = facility.offers.as_slice() else {
                continue; // users are not told by service
            };
            let in_people = takes_people(all.inputs.catalogue, &offer.service);
            let (Some(users), Some(places)) = (facility.users, offer.capacity) else {
                continue;
            };
            if in_people && places > 0.0 && users >= places && facility.status.is_open_on(all.inputs.date) {
                let kind = self.rule_row(&offer.service).and_then(|row| self.kind_of(&all.inputs.rules[row]));
                let unit = self.up_to(self.unit_of(ix), kind);
                full.entry((unit, offer.service.clone())).or_default().push(Full {
                    facility: ix,
                    users,
                    places,
                });
            }
        }
        for ((unit, service), sites) in full {
            let facilities: Vec<FacilityIx> = sites.iter().map(|site| site.facility).collect();
            let users = lifecircle_types::reduce::sum(sites.iter().map(|site| site.users));
            let places = lifecircle_types::reduce::sum(sites.iter().map(|site| site.places));
            let rule = self.rule_row(&service).map(|row| &all.inputs.rules[row]);
            let clause = rule.map(|applied| Clause::of_rule(applied, None));
            let clause = clause.unwrap_or_else(|| Clause {
                pack: String::new(),
                key: String::new(),
                asks: Asked::Room,
                source: "no pack speaks of it: a full site is a problem by itself".into(),
                confidence: lifecircle_taxonomy::Confidence::Derived,
            });
            let clause = Clause { key: "full".into(), asks: Asked::Room, ..clause };
            let named = |site: &Full| SiteFull {
                facility: all.facilities[site.facility].id.clone(),
                users: site.users,
                places: site.places,
            };
            let evidence = Finding::Full(sites.iter().map(named).collect());
            let draft = Draft {
                unit,
                affected: self.people(self.users_of(&service, &facilities, unit)),
                service,
                class: ProblemClass::OverCapacity,
                cause: ProblemCause::Capacity,
                clause,
                gap: users - places,
                gap_in: "people".into(),
                evidence,
                alternative: None,
                severity: users / places / 2.0,
                position: facilities.first().map(|&site| all.facilities[site].position),
                facilities,
            };
            self.list(draft);
        }
    }
}
