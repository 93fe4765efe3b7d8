//! From evidence to the assessment.
//!
//! For every rule `s` and resident place `i` there is a trip to the nearest facility, or none. The rule holds
//! at `i` when the trip exists and keeps the limit (inclusive). Sums run over whole millionths of people, so the
//! order of places and threads does not matter.

use std::collections::BTreeMap;
use std::sync::Arc;

use lifecircle_access::Coverage;
use lifecircle_taxonomy::{Catalogue, Requirement};
use lifecircle_types::{
    AgeBand, Date, DemandSet, Evidence, Group, GroupColumns, People, Placement, Rule, ServiceKey, Speed,
    UnitIx, UnitSet, ZoneType,
};

use crate::assessment::{
    Assessment, Attainment, Gap, GapCause, GroupTotal, PaceCoverage, Range, ResidentTotals, ServiceResult,
    Shares, UnitCoverage, UnitResult,
};
use crate::inventory::{InventoryEntry, InventoryState};
use crate::rules::AppliedRule;

/// What is known about where a resident place stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The smallest unit it lies in.
    pub unit: Option<UnitIx>,
    /// Whether a street is in reach.
    pub on_street: bool,
    /// Whether that street hangs together with the main part of the network.
    pub on_main_network: bool,
}

/// Someone with a pace.
#[derive(Clone, Debug, PartialEq)]
pub struct Walker {
    /// Key, such as `age_75_84`.
    pub key: String,
    /// Speed on the level.
    pub speed: Speed,
    /// Ages, where the walker stands for an age band.
    pub ages: Option<AgeBand>,
    /// Trips by rules of the walker's own, per rule, in metres on the level that take as long; `None` walks as the
    /// standard walker does, at another pace.
    pub trips: Option<Arc<[ServiceEvidence]>>,
}

impl Walker {
    /// The trips of the rule `row`.
    fn evidence<'a>(&'a self, inputs: &'a Inputs<'_>, row: usize) -> &'a ServiceEvidence {
        self.trips.as_ref().map_or(&inputs.evidence[row], |trips| &trips[row])
    }
}

/// The trips of one rule: for each resident place the nearest facility that counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceEvidence {
    /// To facilities that count for certain.
    pub strict: Vec<Option<Evidence>>,
    /// To facilities of either reading; `None` when there are no others.
    pub lenient: Option<Vec<Option<Evidence>>>,
    /// To facilities of any level of the service's family; `None` when it is no level.
    pub any_level: Option<Vec<Option<Evidence>>>,
    /// Walks to facilities that count for certain, wherever they are; `None` where the rule itself asks for a trip.
    pub elsewhere: Option<Vec<Option<Evidence>>>,
}

impl ServiceEvidence {
    fn lenient(&self) -> &[Option<Evidence>] {
        self.lenient.as_deref().unwrap_or(&self.strict)
    }
}

/// All that an assessment needs.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The study's day.
    pub date: Date,
    /// The study's place, such as `CN-51` or `IM`.
    pub jurisdiction: &'a str,
    /// Residents.
    pub residents: &'a DemandSet,
    /// Where each resident place stands.
    pub homes: &'a [Home],
    /// Units.
    pub units: &'a UnitSet,
    /// Rules by service.
    pub rules: &'a [AppliedRule],
    /// Inventory of the rules.
    pub inventory: &'a [InventoryEntry],
    /// Services that are offered somewhere and for which no rule asks.
    pub no_rule: &'a [ServiceKey],
    /// Evidence of the rules; what is not assessed may be empty.
    pub evidence: &'a [ServiceEvidence],
    /// Walkers for own pace.
    pub walkers: &'a [Walker],
}

/// Applies the rules to the evidence.
///
/// # Panics
/// When the columns of `inputs` do not belong together: homes per resident place, inventory and evidence per rule.
#[must_use]
pub fn assess(inputs: &Inputs<'_>) -> Assessment {
    assert_eq!(inputs.homes.len(), inputs.residents.len(), "one home per resident place");
    assert_eq!(inputs.inventory.len(), inputs.rules.len(), "one inventory entry per rule");
    assert_eq!(inputs.evidence.len(), inputs.rules.len(), "evidence for every rule");
    let zones = zones(inputs);
    let verdicts: Vec<Verdicts> =
        (0..inputs.rules.len()).map(|row| Verdicts::of(inputs, &zones, row)).collect();
    let services: Vec<ServiceResult> =
        (0..inputs.rules.len()).map(|row| service(inputs, &zones, row, &verdicts[row])).collect();
    let required: Vec<usize> = (0..services.len())
        .filter(|&row| inputs.inventory[row].state == InventoryState::Assessed)
        .filter(|&row| may_be_required(&inputs.rules[row]))
        .collect();
    let board = Board { inputs, verdicts: &verdicts, zones: &zones };
    let everywhere = || 0..inputs.residents.len();
    let mut shares = vec![board.shares("all".into(), &required, everywhere())];
    let scoped = |scope: &dyn Fn(&ServiceResult) -> Option<String>| {
        let mut scopes: Vec<(String, Vec<usize>)> = Vec::new();
        for &row in &required {
            let Some(name) = scope(&services[row]) else {
                continue;
            };
            match scopes.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(at) => scopes[at].1.push(row),
                Err(at) => scopes.insert(at, (name, vec![row])),
            }
        }
        scopes
    };
    let tiers = scoped(&|service| {
        Some(service.tier.map_or_else(|| "tier:none".to_string(), |tier| format!("tier:{tier}")))
    });
    let domains = scoped(&|service| Some(format!("domain:{}", service.domain)));
    shares.extend(
        tiers.into_iter().chain(domains).map(|(scope, rows)| board.shares(scope, &rows, everywhere())),
    );
    let (units, gaps, met) = (units(&board, &required), board.gaps(&required), board.met(&required));
    let (strict, lenient) = verdicts.into_iter().map(|verdicts| (verdicts.strict, verdicts.lenient)).unzip();
    Assessment {
        residents: totals(inputs),
        must: inputs.rules.iter().filter(|applied| may_be_required(applied)).count(),
        no_rule: inputs.no_rule.to_vec(),
        shares,
        units,
        gaps,
        met,
        verdicts: strict,
        lenient,
        services,
    }
}

/// The kind of place where each resident place lies, of the smallest unit that states one.
pub(crate) fn zones(inputs: &Inputs<'_>) -> Vec<Option<ZoneType>> {
    inputs.homes.iter().map(|home| inputs.units.zone(home.unit?)).collect()
}

/// The resident places of every unit, those of the units inside it among them.
pub(crate) fn places_by_unit(inputs: &Inputs<'_>) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); inputs.units.len()];
    for (place, home) in inputs.homes.iter().enumerate() {
        for unit in home.unit.into_iter().flat_map(|unit| inputs.units.lineage(unit)) {
            members[unit.index()].push(place);
        }
    }
    members
}

pub(crate) fn may_be_required(applied: &AppliedRule) -> bool {
    let rule = &applied.rule;
    let anywhere = rule.requirement == Requirement::Must
        || rule.requirement_in.values().any(|r| *r == Requirement::Must);
    anywhere && rule.rule != Rule::NoWalkingCatchment
}

/// Whether a trip keeps a rule.
fn holds(rule: Rule, trip: Option<&Evidence>) -> bool {
    trip.is_some_and(|trip| match rule {
        Rule::WalkTime(limit) | Rule::DriveTime(limit) => trip.time.is_some_and(|time| time <= limit),
        Rule::WalkDistance(limit) => trip.length.is_some_and(|length| length <= limit),
        Rule::StraightRadius(limit) => trip.straight_length.is_some_and(|length| length <= limit),
        Rule::PresenceInUnit(_) => true,
        Rule::NoWalkingCatchment => false,
    })
}

/// Whether a trip keeps the time that a rule allows at another pace; `None` when pace does not matter to it.
fn holds_at(
    applied: &AppliedRule,
    zone: Option<ZoneType>,
    speed: Speed,
    trip: Option<&Evidence>,
) -> Option<bool> {
    let time_limit =
        [Some(applied.rule.rule_for(zone)), applied.rule.also].into_iter().flatten().find_map(|rule| {
            match rule {
                Rule::WalkTime(limit) => Some(limit),
                _ => None,
            }
        })?;
    Some(trip.and_then(|trip| trip.length).is_some_and(|length| speed.time_for(length) <= time_limit))
}

/// Verdicts of one rule, per resident place.
struct Verdicts {
    strict: Vec<bool>,
    lenient: Vec<bool>,
}

impl Verdicts {
    fn of(inputs: &Inputs<'_>, zones: &[Option<ZoneType>], row: usize) -> Self {
        if inputs.inventory[row].state == InventoryState::NotAssessed {
            return Self { strict: vec![], lenient: vec![] };
        }
        let rule = &inputs.rules[row].rule;
        let evidence = &inputs.evidence[row];
        let verdicts = |trips: &[Option<Evidence>]| {
            let held = |(trip, zone): (&Option<Evidence>, &_)| holds(rule.rule_for(*zone), trip.as_ref());
            trips.iter().zip(zones).map(held).collect()
        };
        let strict: Vec<bool> = verdicts(&evidence.strict);
        assert_eq!(strict.len(), inputs.residents.len(), "evidence for every resident place");
        let mut lenient: Vec<bool> = verdicts(evidence.lenient());
        for (lenient, strict) in lenient.iter_mut().zip(&strict) {
            *lenient |= strict;
        }
        Self { strict, lenient }
    }

    fn range(&self, people: &[People]) -> Range {
        Range { strict: covered(people, &self.strict), lenient: covered(people, &self.lenient) }
    }
}

fn covered(people: &[People], holds: &[bool]) -> Coverage {
    lifecircle_access::coverage(people, holds).expect("columns of one demand set are equally long")
}

fn service(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    verdicts: &Verdicts,
) -> ServiceResult {
    let applied = &inputs.rules[row];
    let rule = &applied.rule;
    let record = inputs.catalogue.service(&rule.service);
    let assessed = inputs.inventory[row].state != InventoryState::NotAssessed;
    let coverage = assessed.then(|| verdicts.range(inputs.residents.people()));
    let compared = coverage.filter(|_| inputs.inventory[row].state == InventoryState::Assessed);
    let attainment = compared.zip(rule.target.as_ref()).and_then(|(range, target)| {
        let (strict, lenient) = (range.strict.share()?, range.lenient.share()?);
        Some(if strict >= target.share {
            Attainment::Met
        } else if lenient >= target.share {
            Attainment::Open
        } else {
            Attainment::Missed
        })
    });
    ServiceResult {
        service: rule.service.clone(),
        en: record.map_or_else(|| rule.service.to_string(), |record| record.en.clone()),
        zh: record.map_or_else(|| rule.service.to_string(), |record| record.zh.clone()),
        domain: record.map_or_else(String::new, |record| record.domain.clone()),
        tier: inputs.catalogue.tier(&rule.service, inputs.date, inputs.jurisdiction),
        requirement: rule.requirement,
        pack: applied.pack.clone(),
        rule: rule.rule,
        standard_walker: applied.standard_walker,
        confidence: rule.backing.confidence,
        inventory: inputs.inventory[row].clone(),
        coverage,
        target: rule.target.clone(),
        attainment,
        any_level: if assessed { any_level(inputs, zones, row) } else { None },
        pace: if assessed { pace(inputs, zones, row, verdicts) } else { vec![] },
    }
}

/// Coverage if every level of the family counted.
fn any_level(inputs: &Inputs<'_>, zones: &[Option<ZoneType>], row: usize) -> Option<Coverage> {
    let trips = inputs.evidence[row].any_level.as_ref()?;
    let rule = &inputs.rules[row].rule;
    let held = |(trip, zone): (&Option<Evidence>, &_)| holds(rule.rule_for(*zone), trip.as_ref());
    let reached: Vec<bool> = trips.iter().zip(zones).map(held).collect();
    Some(covered(inputs.residents.people(), &reached))
}

/// Groups beside everyone: with the standard walker, and at their own pace.
fn pace(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    verdicts: &Verdicts,
) -> Vec<PaceCoverage> {
    let groups = inputs.residents.groups();
    let mut result = Vec::new();
    for (group, people) in groups.iter() {
        let walker = group.age.and_then(|age| walker_for(inputs.walkers, age));
        result.push(PaceCoverage {
            group: Some(group.name.clone()),
            walker: walker.map(|walker| walker.key.clone()),
            standard: verdicts.range(people),
            own_pace: walker.and_then(|walker| at_pace(inputs, zones, row, walker, people)),
        });
    }
    if let Some(own_pace) = everyone_at_own_pace(inputs, zones, row) {
        let standard = verdicts.range(inputs.residents.people());
        result.push(PaceCoverage { group: None, walker: None, standard, own_pace: Some(own_pace) });
    }
    for walker in inputs.walkers.iter().filter(|walker| walker.trips.is_some()) {
        let people = inputs.residents.people();
        result.push(PaceCoverage {
            group: None,
            walker: Some(walker.key.clone()),
            standard: verdicts.range(people),
            own_pace: at_pace(inputs, zones, row, walker, people),
        });
    }
    result
}

/// The walker with the narrowest band around the whole group, else the slowest whose band touches it.
fn walker_for(walkers: &[Walker], group: AgeBand) -> Option<&Walker> {
    let end = |band: AgeBand| band.to.unwrap_or(u8::MAX);
    let aged = || walkers.iter().filter_map(|walker| Some((walker, walker.ages?)));
    let around = aged().filter(|(_, band)| band.from <= group.from && end(group) <= end(*band));
    let slowness = |speed: Speed| speed.time_for(lifecircle_types::Millimetres::from_metres(1000));
    around.min_by_key(|(_, band)| end(*band) - band.from).map(|(walker, _)| walker).or_else(|| {
        let touching = aged().filter(|(_, band)| band.from <= end(group) && group.from <= end(*band));
        touching.max_by_key(|(walker, _)| slowness(walker.speed)).map(|(walker, _)| walker)
    })
}

fn at_pace(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    walker: &Walker,
    people: &[People],
) -> Option<Range> {
    let evidence = walker.evidence(inputs, row);
    let strict = verdicts_at_pace(inputs, zones, row, walker, &evidence.strict)?;
    let lenient = verdicts_at_pace(inputs, zones, row, walker, evidence.lenient())?;
    let lenient: Vec<bool> =
        lenient.iter().zip(&strict).map(|(lenient, strict)| *lenient || *strict).collect();
    Some(Range { strict: covered(people, &strict), lenient: covered(people, &lenient) })
}

fn verdicts_at_pace(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    walker: &Walker,
    trips: &[Option<Evidence>],
) -> Option<Vec<bool>> {
    let holds = |(trip, zone): (&Option<Evidence>, &Option<ZoneType>)| {
        holds_at(&inputs.rules[row], *zone, walker.speed, trip.as_ref())
    };
    trips.iter().zip(zones).map(holds).collect()
}

/// The strict verdicts of a rule for people of some ages at their own pace; `None` where pace does not matter to the
/// rule, or nobody is known who walks like them.
pub(crate) fn verdicts_of_ages(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    ages: AgeBand,
) -> Option<Vec<bool>> {
    let walker = walker_for(inputs.walkers, ages)?;
    verdicts_at_pace(inputs, zones, row, walker, &walker.evidence(inputs, row).strict)
}

/// Everyone at the pace of their age: disjoint age groups at theirs, the rest as adults.
fn everyone_at_own_pace(inputs: &Inputs<'_>, zones: &[Option<ZoneType>], row: usize) -> Option<Range> {
    let groups = inputs.residents.groups();
    let bands = disjoint_ages(groups, |_| true);
    if bands.is_empty() {
        return None;
    }
    let mut rest = inputs.residents.people().to_vec();
    let mut total = Range::default();
    for (band, at) in bands {
        let people = groups.people(at);
        for (rest, people) in rest.iter_mut().zip(people) {
            *rest = *rest - *people;
        }
        let part = at_pace(inputs, zones, row, walker_for(inputs.walkers, band)?, people)?;
        total = add(total, part);
    }
    let adult = walker_for(inputs.walkers, AgeBand { from: 15, to: Some(64) })?;
    Some(add(total, at_pace(inputs, zones, row, adult, &rest)?))
}

/// Groups of an age and nothing else that `keep` takes and that do not overlap, the widest of those that begin alike.
pub(crate) fn disjoint_ages(groups: &GroupColumns, keep: impl Fn(AgeBand) -> bool) -> Vec<(AgeBand, usize)> {
    let end = |band: AgeBand| band.to.map_or(u16::from(u8::MAX) + 1, u16::from);
    let plain = groups.groups().iter().enumerate().filter(|(_, group)| is_plain_age(group));
    let mut bands: Vec<(AgeBand, usize)> =
        plain.filter_map(|(at, group)| Some((group.age.filter(|age| keep(*age))?, at))).collect();
    bands.sort_by_key(|(band, _)| (band.from, core::cmp::Reverse(end(*band))));
    let mut next_free = 0;
    bands.retain(|(band, _)| {
        let free = u16::from(band.from) >= next_free;
        if free {
            next_free = end(*band).saturating_add(1);
        }
        free
    });
    bands
}

fn is_plain_age(group: &Group) -> bool {
    group.sex.is_none() && group.status.is_none() && group.vulnerability.is_none()
}

fn add(a: Range, b: Range) -> Range {
    Range { strict: a.strict + b.strict, lenient: a.lenient + b.lenient }
}

fn totals(inputs: &Inputs<'_>) -> ResidentTotals {
    let residents = inputs.residents;
    let people_where = |keep: &dyn Fn(usize) -> bool| -> People {
        residents.people().iter().enumerate().filter(|(row, _)| keep(*row)).map(|(_, people)| *people).sum()
    };
    let by_placement = Placement::ALL
        .iter()
        .map(|&placement| (placement, people_where(&|row| residents.placements()[row] == placement)))
        .filter(|(_, people)| *people > People::ZERO)
        .collect();
    ResidentTotals {
        places: residents.len() as u64,
        people: residents.total(),
        by_placement,
        without_street: people_where(&|row| !inputs.homes[row].on_street),
        on_islands: people_where(&|row| inputs.homes[row].on_street && !inputs.homes[row].on_main_network),
        outside_units: people_where(&|row| inputs.homes[row].unit.is_none()),
        groups: residents
            .groups()
            .iter()
            .map(|(group, people)| GroupTotal { group: group.clone(), people: people.iter().copied().sum() })
            .collect(),
    }
}

/// Rules, places and their verdicts.
struct Board<'a> {
    inputs: &'a Inputs<'a>,
    verdicts: &'a [Verdicts],
    /// Kind of place, per resident place.
    zones: &'a [Option<ZoneType>],
}

impl Board<'_> {
    /// Whether `row` is required of place `place`.
    fn is_required(&self, row: usize, place: usize) -> bool {
        self.inputs.rules[row].rule.requirement_for(self.zones[place]) == Requirement::Must
    }

    /// Required services of a place, and those met in both readings.
    fn score(&self, place: usize, rows: &[usize]) -> (u16, u16, u16) {
        let mut score = (0, 0, 0);
        for &row in rows.iter().filter(|&&row| self.is_required(row, place)) {
            score.0 += 1;
            score.1 += u16::from(self.verdicts[row].strict[place]);
            score.2 += u16::from(self.verdicts[row].lenient[place]);
        }
        score
    }

    fn met(&self, rows: &[usize]) -> Vec<(u16, u16, u16)> {
        (0..self.inputs.residents.len()).map(|place| self.score(place, rows)).collect()
    }

    fn shares(&self, scope: String, rows: &[usize], places: impl Iterator<Item = usize>) -> Shares {
        let services = rows.iter().map(|&row| self.inputs.rules[row].rule.service.clone()).collect();
        let mut shares = Shares { scope, services, ..Shares::default() };
        // people times services met, by number of required services: divided once, at the end
        let mut met_by_required: BTreeMap<u16, (u128, u128, People)> = BTreeMap::new();
        for place in places {
            let people = self.inputs.residents.people()[place];
            let (required, strict, lenient) = self.score(place, rows);
            if required == 0 {
                continue;
            }
            let range = |covered: fn(u16, u16) -> bool| {
                let part = |met| Coverage {
                    covered: if covered(met, required) { people } else { People::ZERO },
                    all: people,
                };
                Range { strict: part(strict), lenient: part(lenient) }
            };
            shares.every = add(shares.every, range(|met, required| met == required));
            shares.none = add(shares.none, range(|met, _| met == 0));
            let sums = met_by_required.entry(required).or_default();
            let times = |met: u16| u128::from(people.as_millionths()) * u128::from(met);
            *sums = (sums.0 + times(strict), sums.1 + times(lenient), sums.2 + people);
        }
        for (required, (strict, lenient, all)) in met_by_required {
            let divided = |sum: u128| {
                let rounded = (sum + u128::from(required) / 2) / u128::from(required);
                let covered = People::from_millionths(u64::try_from(rounded).unwrap_or(u64::MAX));
                Coverage { covered, all }
            };
            shares.mean = add(shares.mean, Range { strict: divided(strict), lenient: divided(lenient) });
        }
        shares
    }

    fn gaps(&self, rows: &[usize]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for place in 0..self.inputs.residents.len() {
            if self.inputs.residents.people()[place] == People::ZERO {
                continue;
            }
            for &row in rows {
                if self.verdicts[row].strict[place] || !self.is_required(row, place) {
                    continue;
                }
                let nearest = self.inputs.evidence[row].strict[place];
                let rule = self.inputs.rules[row].rule.rule;
                let walks = matches!(rule, Rule::WalkTime(_) | Rule::WalkDistance(_));
                let cause = if self.verdicts[row].lenient[place] {
                    GapCause::LevelUnknown
                } else if self.inputs.residents.positions()[place].is_none() {
                    GapCause::Unplaced
                } else if matches!(rule, Rule::PresenceInUnit(_)) {
                    GapCause::AbsentInUnit
                } else if walks && !self.inputs.homes[place].on_street {
                    GapCause::NoStreet
                } else if nearest.is_none() {
                    GapCause::Unreachable
                } else {
                    GapCause::Distance
                };
                gaps.push(Gap { place, service: row, cause, nearest });
            }
        }
        gaps
    }
}

fn units(board: &Board<'_>, required: &[usize]) -> Vec<UnitResult> {
    let inputs = board.inputs;
    inputs
        .units
        .iter()
        .zip(places_by_unit(inputs))
        .map(|((_, unit), members)| {
            let coverage = required.iter().map(|&row| {
                let part = |holds: &[bool]| -> Coverage {
                    members
                        .iter()
                        .filter(|&&place| board.is_required(row, place))
                        .map(|&place| {
                            let all = inputs.residents.people()[place];
                            Coverage { covered: if holds[place] { all } else { People::ZERO }, all }
                        })
                        .sum()
                };
                let verdicts = &board.verdicts[row];
                let coverage = Range { strict: part(&verdicts.strict), lenient: part(&verdicts.lenient) };
                UnitCoverage { service: inputs.rules[row].rule.service.clone(), coverage }
            });
            UnitResult {
                code: unit.code.clone(),
                label: unit.label().into(),
                kind: unit.kind,
                coverage: coverage.collect(),
                shares: board.shares("all".into(), required, members.iter().copied()),
            }
        })
        .collect()
}
