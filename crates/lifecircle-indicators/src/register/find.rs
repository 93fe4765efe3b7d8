//! Finding problems: unit by unit, rule by rule, site by site.

use core::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use lifecircle_taxonomy::{ProblemClass, Quantity, Requirement};
use lifecircle_types::{
    DemandIx, Evidence, FacilityIx, Millimetres, People, ProblemStatus, Rule, ServiceKey, UnitIx, UnitKind,
    ZoneType,
};

use super::affected::{Affected, group_weights};
use super::draft::{Clause, Draft};
use super::priority::{feasibility, funding, importance, remedies, responsible};
use super::{Alternative, Asked, Finding, Problem, ProblemCause, RegisterOptions, problem_id};
use crate::area::Area;
use crate::assessment::Attainment;
use crate::indicator::{AppliedNorm, IndicatorResult, Measured, Origin, UnitValue, applied_norms};
use crate::inventory::InventoryState;
use crate::rules::{AppliedRule, rule_of};

/// Every problem of a place: the floor first, then by priority, then by id.
///
/// `indicators` are those of [`measure_indicators`](crate::measure_indicators) for the same place.
#[must_use]
pub fn find_problems(
    all: &Measured<'_>,
    indicators: &[IndicatorResult],
    options: &RegisterOptions,
) -> Vec<Problem> {
    let mut finder = Finder::new(all, options);
    finder.outside_rules();
    finder.sites_at_fault();
    finder.sites_not_open();
    finder.full_sites();
    finder.missed_indicators(indicators);
    finder.not_assessed();
    let mut problems = finder.problems;
    problems.sort_by(|a, b| {
        let first = |problem: &Problem| (!problem.is_floor, core::cmp::Reverse(Bits(problem.priority)));
        first(a).cmp(&first(b)).then_with(|| a.id.cmp(&b.id))
    });
    problems
}

/// A number in total order.
#[derive(Clone, Copy, PartialEq)]
struct Bits(f64);

impl Eq for Bits {}

impl PartialOrd for Bits {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bits {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

pub(super) struct Finder<'a> {
    pub(super) all: &'a Measured<'a>,
    pub(super) norms: Vec<AppliedNorm>,
    options: &'a RegisterOptions,
    weights: Vec<f64>,
    zones: Vec<Option<ZoneType>>,
    /// Resident places per unit.
    members: Vec<Vec<usize>>,
    everyone: Vec<usize>,
    /// By row of the rules, once somebody asks: the places inside the rule by their nearest site.
    pub(super) nearest: Vec<OnceCell<Vec<(FacilityIx, DemandIx)>>>,
    smallest: Option<UnitKind>,
    /// Kinds of units that the place has.
    kinds: Vec<UnitKind>,
    problems: Vec<Problem>,
}

impl<'a> Finder<'a> {
    fn new(all: &'a Measured<'a>, options: &'a RegisterOptions) -> Self {
        let (inputs, units) = (all.inputs, all.inputs.units);
        let members = inputs.places_by_unit();
        let lived_in = units.iter().filter(|(unit, _)| !members[unit.index()].is_empty());
        let smallest = lived_in.map(|(_, unit)| unit.kind).min();
        Self {
            all,
            norms: applied_norms(all.packs, inputs.date),
            options,
            weights: group_weights(inputs.residents, options),
            zones: inputs.zones(),
            members,
            nearest: vec![OnceCell::new(); inputs.rules.len()],
            everyone: (0..inputs.residents.len()).collect(),
            smallest,
            kinds: units.iter().map(|(_, unit)| unit.kind).collect::<BTreeSet<_>>().into_iter().collect(),
            problems: vec![],
        }
    }

    pub(super) fn people(&self, places: impl IntoIterator<Item = usize>) -> Affected {
        Affected::of(self.all.inputs.residents, &self.weights, places)
    }

    /// The resident places of a unit, or of the whole place.
    pub(super) fn places(&self, unit: Option<UnitIx>) -> &[usize] {
        unit.map_or(&self.everyone, |unit| &self.members[unit.index()])
    }

    /// The unit of a kind around `unit`; `unit` itself where there is none.
    pub(super) fn up_to(&self, unit: Option<UnitIx>, kind: Option<UnitKind>) -> Option<UnitIx> {
        let units = self.all.inputs.units;
        let (unit, Some(kind)) = (unit?, kind) else {
            return unit;
        };
        units.lineage(unit).find(|&around| units[around].kind == kind).or(Some(unit))
    }

    /// The row of the rule of a service that was assessed.
    pub(super) fn rule_row(&self, service: &ServiceKey) -> Option<usize> {
        let inputs = self.all.inputs;
        let row = rule_of(inputs.rules, service)?;
        inputs.inventory[row].state.has_verdicts().then_some(row)
    }

    /// The kind of unit over which shortfalls of a rule are listed.
    pub(super) fn kind_of(&self, applied: &AppliedRule) -> Option<UnitKind> {
        let presence = match applied.rule.rule {
            Rule::PresenceInUnit(kind) => Some(kind),
            _ => None,
        };
        applied.rule.counted_over.or(presence).or(self.smallest)
    }

    pub(super) fn lacks(&self, row: usize, place: usize) -> bool {
        !self.all.assessment.verdicts[row][place]
    }

    fn requires(&self, row: usize, place: usize) -> bool {
        self.all.inputs.rules[row].is_must(self.zones[place])
    }

    /// Weighs a problem and lists it.
    pub(super) fn list(&mut self, draft: Draft) {
        let (inputs, units) = (self.all.inputs, self.all.inputs.units);
        let Area { unit: code, label, kind } = Area::of(units, draft.unit);
        let code = code.unwrap_or_else(|| "*".into());
        let tier = inputs.catalogue.tier(&draft.service, inputs.date, inputs.jurisdiction);
        let zone = draft.unit.and_then(|unit| units.zone(unit));
        let requirement =
            rule_of(inputs.rules, &draft.service).map(|row| inputs.rules[row].rule.requirement_for(zone));
        let within = draft.unit.into_iter().flat_map(|unit| units.lineage(unit).skip(1));
        let severity = draft.severity.clamp(0.0, 1.0);
        let unmet =
            matches!(draft.cause, ProblemCause::Distance | ProblemCause::Barrier | ProblemCause::Absent);
        let service = inputs.catalogue.service(&draft.service);
        let delivery = service.map_or(&[][..], |service| &service.delivery);
        self.problems.push(Problem {
            id: problem_id(&code, &draft.service, draft.class, &draft.clause.key),
            unit: code,
            label,
            kind,
            within: within.map(|unit| units[unit].code.clone()).collect(),
            tier,
            requirement,
            class: draft.class,
            pack: draft.clause.pack,
            clause: draft.clause.key,
            asks: draft.clause.asks,
            source: draft.clause.source,
            confidence: draft.clause.confidence,
            facilities: draft.facilities,
            people: draft.affected.people,
            by_group: draft.affected.by_group,
            gap: draft.gap,
            gap_in: draft.gap_in,
            cause: draft.cause,
            evidence: draft.evidence,
            alternative: draft.alternative,
            severity,
            priority: severity
                * draft.affected.weight
                * importance(tier, requirement)
                * feasibility(draft.cause),
            is_floor: unmet
                && tier == Some(lifecircle_taxonomy::Tier::Basic)
                && requirement == Some(Requirement::Must),
            remedies: remedies(draft.cause, delivery),
            responsible: responsible(kind, &self.kinds),
            funding: funding(tier),
            status: ProblemStatus::Found,
            position: draft.position,
            service: draft.service,
        });
    }

    /// Residents outside the rules of required services.
    fn outside_rules(&mut self) {
        let inputs = self.all.inputs;
        for (row, applied) in inputs.rules.iter().enumerate() {
            let is_assessed = inputs.inventory[row].state == InventoryState::Assessed;
            if !is_assessed || applied.rule.rule == Rule::NoWalkingCatchment {
                continue;
            }
            let kind = self.kind_of(applied);
            let mut outside: BTreeMap<Option<UnitIx>, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
            for place in 0..inputs.residents.len() {
                if inputs.residents.people()[place] == People::ZERO || !self.requires(row, place) {
                    continue;
                }
                let unit = self.up_to(inputs.homes[place].unit, kind);
                let (asked, without) = outside.entry(unit).or_default();
                asked.push(place);
                if self.lacks(row, place) {
                    without.push(place);
                }
            }
            for (unit, (asked, without)) in outside {
                if !without.is_empty() {
                    self.outside_rule(row, unit, &asked, &without);
                }
            }
        }
    }

    fn outside_rule(&mut self, row: usize, unit: Option<UnitIx>, asked: &[usize], without: &[usize]) {
        let inputs = self.all.inputs;
        let applied = &inputs.rules[row];
        let people = inputs.residents.people();
        let trips = inputs.evidence[row].nearest();
        let causes = without.iter().map(|&place| (self.cause(row, place), people[place]));
        let mut by_cause: BTreeMap<ProblemCause, People> = BTreeMap::new();
        for (cause, people) in causes {
            *by_cause.entry(cause).or_default() += people;
        }
        let cause = by_cause.iter().max_by_key(|(cause, people)| (**people, core::cmp::Reverse(**cause)));
        let cause = cause.map_or(ProblemCause::Distance, |(cause, _)| *cause);
        let affected = self.people(without.iter().copied());
        let all: People = asked.iter().map(|&place| people[place]).sum();
        // the place that stands for them: most people, and of equals the first
        let most = |with_trip: bool| {
            let places =
                without.iter().copied().filter(move |&place| !with_trip || trips.get(place).is_some());
            places.max_by_key(|&place| (people[place], core::cmp::Reverse(place)))
        };
        let alternative = most(true).and_then(|place| {
            let trip = trips.get(place)?;
            let facility = self.all.facilities[trip.facility].id.clone();
            Some(Alternative { place: DemandIx::new(place), trip, facility, route: None })
        });
        let zone = most(false).and_then(|place| self.zones[place]);
        let clause = Clause::of_rule(applied, zone);
        let class = match applied.rule.rule {
            Rule::PresenceInUnit(_) => ProblemClass::BelowStandard,
            _ => ProblemClass::OutOfReach,
        };
        let evidence = Finding::Outside {
            people: affected.people,
            of: all,
            rule: applied.rule.rule_for(zone),
            mean_m: self.mean_metres(row, without),
            has_sites: inputs.inventory[row].facilities > 0,
        };
        let share = affected.people.share_of(all).unwrap_or(0.0);
        self.list(Draft {
            unit,
            service: applied.rule.service.clone(),
            class,
            cause,
            clause,
            facilities: vec![],
            gap: affected.people.as_f64(),
            gap_in: "people".into(),
            affected,
            evidence,
            alternative,
            severity: share,
            position: most(false).and_then(|place| inputs.residents.positions()[place]),
        });
    }

    /// Why a place is outside a rule.
    fn cause(&self, row: usize, place: usize) -> ProblemCause {
        let inputs = self.all.inputs;
        let applied = &inputs.rules[row];
        if self.all.assessment.lenient[row][place] {
            return ProblemCause::Data;
        }
        let Some(trip) = inputs.evidence[row].strict.get(place) else {
            return if inputs.residents.positions()[place].is_none() {
                ProblemCause::Data
            } else if inputs.inventory[row].facilities == 0
                || matches!(applied.rule.rule, Rule::PresenceInUnit(_))
            {
                ProblemCause::Absent
            } else {
                ProblemCause::Distance
            };
        };
        let Some(limit) = applied.walk_limit(applied.rule.rule_for(self.zones[place])) else {
            return ProblemCause::Distance;
        };
        let detour = |length: Millimetres, straight: Millimetres| {
            f64::from(length.get()) >= self.options.detour * f64::from(straight.get())
        };
        match trip.length.zip(trip.straight_length) {
            Some((length, straight)) if straight <= limit && detour(length, straight) => {
                ProblemCause::Barrier
            }
            _ => ProblemCause::Distance,
        }
    }

    /// How far the nearest site is from places on average, weighted by their people.
    fn mean_metres(&self, row: usize, places: &[usize]) -> Option<f64> {
        let inputs = self.all.inputs;
        let length = |trip: Evidence| trip.length.or(trip.straight_length);
        let trips = inputs.evidence[row].nearest();
        let (mut metres, mut weight) = (0.0, 0.0);
        for &place in places {
            if let Some(length) = trips.get(place).and_then(length) {
                let people = inputs.residents.people()[place].as_f64();
                metres += people * length.as_metres_f64();
                weight += people;
            }
        }
        (weight > 0.0).then(|| metres / weight)
    }

    /// Indicators that say of what class a miss is, and norms per people or households.
    fn missed_indicators(&mut self, indicators: &[IndicatorResult]) {
        let units = self.all.inputs.units;
        for result in indicators {
            let indicator = &result.applied.indicator;
            let of_norm = result.applied.origin == Origin::Norm
                && matches!(&indicator.count, Quantity::Facilities(count) if count.that.is_none());
            let Some(class) = indicator.problem.or(of_norm.then_some(ProblemClass::BelowStandard)) else {
                continue;
            };
            let Some(service) = indicator.services().next() else {
                continue;
            };
            let of_kind = |value: &&UnitValue| value.kind == indicator.counted_over && value.kind.is_some();
            let is_counted = result.values.iter().any(|value| of_kind(&value));
            for value in &result.values {
                let listed = if is_counted { of_kind(&value) } else { value.unit.is_none() };
                if listed && value.attainment == Some(Attainment::Missed) {
                    let unit = value.unit.as_deref().and_then(|code| units.find(code));
                    self.missed_indicator(result, value, class, service, unit);
                }
            }
        }
    }

    fn missed_indicator(
        &mut self,
        result: &IndicatorResult,
        value: &UnitValue,
        class: ProblemClass,
        service: &ServiceKey,
        unit: Option<UnitIx>,
    ) {
        let indicator = &result.applied.indicator;
        let found = value.value.unwrap_or_default();
        let short = value.short_by.unwrap_or_default();
        let mut affected = self.people(self.places(unit).iter().copied());
        let all = affected.people;
        if let Quantity::People(_) = indicator.count {
            // the indicator counts the people themselves
            let count = value.count.unwrap_or_default();
            let counted = value.of.map_or(count, |of| of - count).max(0.0);
            affected = Affected {
                people: People::try_from_f64(counted).unwrap_or(all),
                by_group: vec![People::ZERO; affected.by_group.len()],
                weight: counted,
            };
        }
        let end = value.target.and_then(|goal| goal.amount.at_least.or(goal.amount.at_most)).unwrap_or(0.0);
        let severity = if end > 0.0 { short / end } else { affected.people.share_of(all).unwrap_or(1.0) };
        let (gap, gap_in) = match value.of {
            Some(of) => (short * of / indicator.per, counted_in(&indicator.count)),
            None => (short, indicator.unit.clone()),
        };
        let cause = match class {
            ProblemClass::BelowStandard if found <= 0.0 => ProblemCause::Absent,
            ProblemClass::BelowStandard => ProblemCause::Size,
            ProblemClass::FunctionIncomplete => ProblemCause::Function,
            ProblemClass::ServiceInadequate => ProblemCause::NotOpen,
            ProblemClass::OutOfReach => ProblemCause::Distance,
            ProblemClass::OverCapacity => ProblemCause::Capacity,
            ProblemClass::ClosedWhenNeeded => ProblemCause::Hours,
            ProblemClass::Unaffordable => ProblemCause::Price,
            ProblemClass::LowSatisfaction => ProblemCause::Quality,
            ProblemClass::NoData => ProblemCause::Data,
        };
        let most = self.places(unit).iter().copied();
        let people = self.all.inputs.residents.people();
        let most = most.max_by_key(|&place| (people[place], core::cmp::Reverse(place)));
        let amount = value.target.map(|goal| goal.amount).unwrap_or_default();
        self.list(Draft {
            unit,
            service: service.clone(),
            class,
            cause,
            clause: Clause {
                pack: result.applied.pack.clone(),
                key: indicator.key.clone(),
                asks: Asked::Indicator {
                    en: indicator.en.clone(),
                    zh: indicator.zh.clone(),
                    unit: indicator.unit.clone(),
                    amount,
                },
                source: indicator.backing.source.clone(),
                confidence: indicator.backing.confidence,
            },
            facilities: vec![],
            affected,
            gap,
            gap_in,
            evidence: Finding::Missed { value: rounded(found), unit: indicator.unit.clone(), amount },
            alternative: None,
            severity,
            position: most.and_then(|place| self.all.inputs.residents.positions()[place]),
        });
    }

    /// Required services that no source shows.
    fn not_assessed(&mut self) {
        let inputs = self.all.inputs;
        for (row, applied) in inputs.rules.iter().enumerate() {
            let entry = &inputs.inventory[row];
            let required = applied.rule.requirement == Requirement::Must;
            if entry.state == InventoryState::Assessed
                || !required
                || applied.rule.rule == Rule::NoWalkingCatchment
            {
                continue;
            }
            self.list(Draft {
                unit: None,
                service: applied.rule.service.clone(),
                class: ProblemClass::NoData,
                cause: ProblemCause::Data,
                clause: Clause::of_rule(applied, None),
                facilities: vec![],
                affected: self.people(self.everyone.iter().copied()),
                gap: 1.0,
                gap_in: "service".into(),
                evidence: Finding::NotAssessed(entry.reason.clone()),
                alternative: None,
                severity: 0.1,
                position: None,
            });
        }
    }
}

/// Six digits.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// What the numerator of an indicator counts.
fn counted_in(quantity: &Quantity) -> String {
    match quantity {
        Quantity::People(_) => "people".into(),
        Quantity::Households => "households".into(),
        Quantity::Facilities(count) => count.measure.to_string(),
        Quantity::Units(count) => count.kind.to_string(),
        Quantity::Ground { ground, .. } => ground.to_string(),
        Quantity::Shortage { .. } | Quantity::Value { .. } => "units of the indicator".into(),
    }
}
