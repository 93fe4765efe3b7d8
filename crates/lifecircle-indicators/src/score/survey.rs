//! What the axes and scores of a place are counted from.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use lifecircle_access::Distribution;
use lifecircle_taxonomy::{Better, LifeStage, Scale, ServiceScope};
use lifecircle_types::{
    AgeBand, Evidence, Facility, OperatingMode, People, Provider, Rule, ServiceKey, UnitIx, ZoneType,
};

use super::axes::{ScoreRange, UnitAxes};
use super::normalise::Normaliser;
use crate::area::Area;
use crate::assess::required_rows;
use crate::between::Between;
use crate::indicator::{IndicatorResult, Measured};
use crate::pace::{disjoint_ages, strict_verdicts_of, walker_for};
use crate::threads::each;

/// The whole place and its units, from the largest kind, by code.
fn slots(all: &Measured<'_>) -> Vec<Option<UnitIx>> {
    let mut units: Vec<UnitIx> = all.inputs.units.iter().map(|(unit, _)| unit).collect();
    units.sort_by_key(|&unit| core::cmp::Reverse(all.inputs.units[unit].kind));
    core::iter::once(None).chain(units.into_iter().map(Some)).collect()
}

/// A group of residents as fairness and friendliness see it.
struct GroupView<'a> {
    name: &'a str,
    people: &'a [People],
    /// Per row of `Survey::rows`: whether the service is for the group.
    serves: Vec<bool>,
    /// Per row: verdicts at the pace of the group, where they differ from everyone's.
    own: Vec<Option<usize>>,
    stage: Option<LifeStage>,
}

/// What the axes of every scope are counted from.
pub(super) struct Survey<'a> {
    pub(super) all: &'a Measured<'a>,
    pub(super) indicators: &'a [IndicatorResult],
    zones: Vec<Option<ZoneType>>,
    /// Rows of rules that are required somewhere and were assessed.
    rows: Vec<usize>,
    groups: Vec<GroupView<'a>>,
    own: Vec<Vec<bool>>,
    /// Per facility: whether it is inclusive, where that is known.
    inclusive: Vec<Option<bool>>,
    /// Per indicator with a target: the services it speaks of and its domain, and scores per slot.
    quality: Vec<(Subject<'a>, Vec<Option<ScoreRange>>)>,
    slots: Vec<Option<UnitIx>>,
    members: Vec<Vec<usize>>,
    /// The axes of the scopes that were asked for.
    known: RefCell<BTreeMap<ServiceScope, Rc<Vec<UnitAxes>>>>,
}

struct Subject<'a> {
    services: Vec<&'a ServiceKey>,
    domain: Option<&'a str>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(all: &'a Measured<'a>, indicators: &'a [IndicatorResult]) -> Self {
        let inputs = all.inputs;
        let zones = inputs.zones();
        let rows = required_rows(inputs);
        let slots = slots(all);
        let quality = indicators
            .iter()
            .map(|result| {
                let indicator = &result.applied.indicator;
                let subject =
                    Subject { services: indicator.services().collect(), domain: indicator.domain.as_deref() };
                (subject, attained(all, result, &slots))
            })
            .collect();
        let mut own = Vec::new();
        let groups = group_views(all, &zones, &rows, &mut own);
        Self {
            all,
            indicators,
            zones,
            rows,
            groups,
            own,
            inclusive: all.facilities.as_slice().iter().map(is_inclusive).collect(),
            quality,
            slots,
            members: inputs.places_by_unit(),
            known: RefCell::default(),
        }
    }

    pub(super) fn slots(&self) -> &[Option<UnitIx>] {
        &self.slots
    }

    /// Whether a service belongs to a scope.
    fn holds(&self, scope: &ServiceScope, service: &ServiceKey) -> bool {
        let inputs = self.all.inputs;
        match scope {
            ServiceScope::All => true,
            ServiceScope::Tier(tier) => inputs
                .catalogue
                .tier(service, inputs.date, inputs.jurisdiction)
                .map_or(tier == "none", |of| of.as_str() == tier),
            ServiceScope::Domain(domain) => {
                inputs.catalogue.service(service).is_some_and(|record| record.domain == *domain)
            }
            ServiceScope::Services(services) => services.contains(service),
        }
    }

    /// The axes over the services of `scope`, by slot; measured once.
    pub(super) fn axes(&self, scope: &ServiceScope) -> Rc<Vec<UnitAxes>> {
        if let Some(known) = self.known.borrow().get(scope) {
            return Rc::clone(known);
        }
        let axes = Rc::new(self.measure(scope));
        self.known.borrow_mut().insert(scope.clone(), Rc::clone(&axes));
        axes
    }

    /// As [`Survey::axes`], for whoever asks last.
    pub(super) fn take_axes(&self, scope: &ServiceScope) -> Vec<UnitAxes> {
        let known = self.known.borrow_mut().remove(scope);
        known.map_or_else(|| self.measure(scope), Rc::unwrap_or_clone)
    }

    fn measure(&self, scope: &ServiceScope) -> Vec<UnitAxes> {
        let inputs = self.all.inputs;
        let chosen: Vec<usize> = (0..self.rows.len())
            .filter(|&at| self.holds(scope, &inputs.rules[self.rows[at]].rule.service))
            .collect();
        let stands = self.stands(&chosen);
        let everywhere: Vec<usize> = (0..inputs.residents.len()).collect();
        let (people, groups, members) = (inputs.residents.people(), &self.groups, &self.members);
        let sums = each(&self.slots, |unit| {
            let places = unit.map_or(&everywhere, |unit| &members[unit.index()]);
            sum(people, groups, places, &stands)
        });
        self.slots
            .iter()
            .zip(sums)
            .enumerate()
            .map(|(slot, (unit, mut axes))| {
                Area { unit: axes.unit, label: axes.label, kind: axes.kind } = Area::of(inputs.units, *unit);
                axes.scope = scope.to_string();
                axes.services = chosen.len();
                (axes.quality, axes.quality_of) = self.quality(scope, slot);
                axes
            })
            .collect()
    }

    /// How every place stands to some of the services, column by column.
    fn stands(&self, chosen: &[usize]) -> Stands {
        let (inputs, assessment) = (self.all.inputs, self.all.assessment);
        let (places, width) = (inputs.residents.len(), self.groups.len());
        let mut stands =
            Stands { all: vec![Stand::default(); places], groups: vec![(0, 0, 0); places * width], width };
        for &at in chosen {
            let row = self.rows[at];
            let (applied, trips) = (&inputs.rules[row], &inputs.evidence[row].strict);
            let (strict, lenient) = (&assessment.verdicts[row], &assessment.lenient[row]);
            let served: Vec<(usize, &[bool])> = (0..width)
                .filter(|&group| self.groups[group].serves[at])
                .map(|group| {
                    (group, self.groups[group].own[at].map_or(strict.as_slice(), |own| &self.own[own]))
                })
                .collect();
            for (place, stand) in stands.all.iter_mut().enumerate() {
                let zone = self.zones[place];
                if !applied.is_must(zone) {
                    continue;
                }
                let trip = trips.get(place);
                stand.required += 1;
                stand.met += u16::from(strict[place]);
                stand.may_meet += u16::from(lenient[place]);
                stand.near += nearness(applied.rule.rule_for(zone), trip);
                if let Some(trip) = trip.filter(|_| strict[place]) {
                    match self.inclusive[trip.facility.index()] {
                        Some(true) => stand.inclusive += 1,
                        Some(false) => {}
                        None => stand.unknown += 1,
                    }
                }
                let tallies = &mut stands.groups[place * width..][..width];
                for &(group, own) in &served {
                    let tally = &mut tallies[group];
                    tally.0 += 1;
                    tally.1 += u16::from(own[place]);
                    tally.2 += u16::from(strict[place]);
                }
            }
        }
        stands
    }

    /// The mean over the indicators of a scope that have a target and a value in the slot.
    #[expect(clippy::cast_precision_loss, reason = "a number of indicators")]
    fn quality(&self, scope: &ServiceScope, slot: usize) -> (Option<ScoreRange>, usize) {
        let speaks_of = |subject: &Subject<'_>| {
            let domain =
                matches!((scope, subject.domain), (ServiceScope::Domain(scope), Some(of)) if scope == of);
            *scope == ServiceScope::All
                || domain
                || subject.services.iter().any(|service| self.holds(scope, service))
        };
        let scores: Vec<ScoreRange> = self
            .quality
            .iter()
            .filter(|(subject, _)| speaks_of(subject))
            .filter_map(|(_, scores)| scores[slot])
            .collect();
        let mean = |of: fn(&ScoreRange) -> f64| scores.iter().map(of).sum::<f64>() / scores.len() as f64;
        let range = (!scores.is_empty()).then(|| ScoreRange {
            certain: mean(|score| score.certain),
            at_most: mean(|score| score.at_most),
        });
        (range, scores.len())
    }

    /// The part of the people of a slot who have a service, in the strict and in the lenient reading; `None` where it
    /// is not assessed or nobody lives there.
    pub(super) fn covered(&self, service: &ServiceKey, slot: usize) -> Option<Between> {
        let (inputs, assessment) = (self.all.inputs, self.all.assessment);
        let row = crate::rules::rule_of(inputs.rules, service)?;
        let (strict, lenient) = (&assessment.verdicts[row], &assessment.lenient[row]);
        if strict.is_empty() {
            return None;
        }
        let sum = |holds: &dyn Fn(usize) -> bool| -> f64 {
            let people = inputs.residents.people();
            let of = |place: usize| if holds(place) { people[place] } else { People::ZERO };
            match self.slots[slot] {
                None => (0..people.len()).map(of).sum::<People>().as_f64(),
                Some(unit) => {
                    self.members[unit.index()].iter().map(|&place| of(place)).sum::<People>().as_f64()
                }
            }
        };
        let all = sum(&|_| true);
        let share = |verdicts: &[bool]| sum(&|place| verdicts[place]) / all;
        (all > 0.0).then(|| Between { low: share(strict), high: Some(share(lenient)) })
    }
}

/// How one place stands to the services of a scope.
#[derive(Clone, Copy, Debug, Default)]
struct Stand {
    required: u16,
    met: u16,
    may_meet: u16,
    /// Of those met: with an inclusive site, and with one of which that is unknown.
    inclusive: u16,
    unknown: u16,
    /// Sum of the nearness of the services.
    near: f64,
}

/// How every place does.
struct Stands {
    all: Vec<Stand>,
    /// Place by place and per group: services for it, those it reaches at its pace, those that everyone reaches.
    groups: Vec<(u16, u16, u16)>,
    /// Number of groups.
    width: usize,
}

impl Stands {
    fn groups(&self, place: usize) -> &[(u16, u16, u16)] {
        &self.groups[place * self.width..][..self.width]
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    members: f64,
    reach: f64,
    everyone: f64,
    everyone_reach: f64,
}

/// The axes of the people of some places, but quality.
fn sum(column: &[People], views: &[GroupView<'_>], places: &[usize], stands: &Stands) -> UnitAxes {
    let (mut people, mut reach, mut may_reach, mut near) = (0.0, 0.0, 0.0, 0.0);
    let (mut reached, mut inclusive, mut unknown) = (0.0, 0.0, 0.0);
    let mut levels: BTreeMap<(u16, u16), People> = BTreeMap::new();
    let mut groups = vec![Tally::default(); views.len()];
    for &place in places {
        let (stand, here) = (&stands.all[place], column[place].as_f64());
        if stand.required == 0 {
            continue;
        }
        let share = |part: u16| here * f64::from(part) / f64::from(stand.required);
        people += here;
        reach += share(stand.met);
        may_reach += share(stand.may_meet);
        near += here * stand.near / f64::from(stand.required);
        reached += here * f64::from(stand.met);
        inclusive += here * f64::from(stand.inclusive);
        unknown += here * f64::from(stand.unknown);
        *levels.entry((stand.met, stand.required)).or_default() += column[place];
        for ((group, tally), &(required, own, everyone)) in
            views.iter().zip(&mut groups).zip(stands.groups(place))
        {
            if required > 0 {
                let members = group.people[place].as_f64();
                tally.members += members;
                tally.reach += members * f64::from(own) / f64::from(required);
                tally.everyone += here;
                tally.everyone_reach += here * f64::from(everyone) / f64::from(required);
            }
        }
    }
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| 100.0 * part / whole);
    let range = |certain: f64, at_most: f64, whole: f64| {
        Some(ScoreRange { certain: share(certain, whole)?, at_most: share(at_most, whole)? })
    };
    let worst = views.iter().zip(&groups).filter_map(|(group, tally)| {
        let (own, all) = (share(tally.reach, tally.members)?, share(tally.everyone_reach, tally.everyone)?);
        (tally.members >= 1.0 && all > 0.0).then(|| (100.0 * (own / all).min(1.0), group.name))
    });
    let worst = worst.fold(None, |worst: Option<(f64, &str)>, one| {
        Some(worst.filter(|worst| worst.0 <= one.0).unwrap_or(one))
    });
    let friendly = |stage| {
        let of_stage = || views.iter().zip(&groups).filter(|(group, _)| group.stage == Some(stage));
        share(
            of_stage().map(|(_, tally)| tally.reach).sum(),
            of_stage().map(|(_, tally)| tally.members).sum(),
        )
    };
    UnitAxes {
        unit: None,
        label: String::new(),
        kind: None,
        scope: String::new(),
        services: 0,
        people,
        reach: range(reach, may_reach, people),
        quality: None,
        quality_of: 0,
        balance: balance(&levels),
        inclusiveness: range(inclusive, inclusive + unknown, reached),
        fairness: worst.map(|(score, _)| score),
        worst_group: worst.filter(|(score, _)| *score < 100.0).map(|(_, name)| name.into()),
        convenience: share(near, people),
        friendly_young: friendly(LifeStage::Young),
        friendly_working: friendly(LifeStage::Working),
        friendly_old: friendly(LifeStage::Old),
    }
}

/// The groups of the residents, with the verdicts of their pace.
fn group_views<'a>(
    all: &'a Measured<'a>,
    zones: &[Option<ZoneType>],
    rows: &[usize],
    own: &mut Vec<Vec<bool>>,
) -> Vec<GroupView<'a>> {
    let inputs = all.inputs;
    let columns = inputs.residents.groups();
    let of_stage: Vec<(LifeStage, usize)> = LifeStage::ALL
        .iter()
        .flat_map(|&stage| {
            disjoint_ages(columns, |ages| stage_of(ages) == stage).into_iter().map(move |(_, at)| (stage, at))
        })
        .collect();
    let mut of_walker: BTreeMap<(usize, usize), Option<usize>> = BTreeMap::new();
    let mut views: Vec<GroupView<'a>> = Vec::new();
    for (at, (group, people)) in columns.iter().enumerate() {
        let serves = rows.iter().map(|&row| {
            let service = &inputs.rules[row].rule.service;
            inputs.catalogue.service(service).is_none_or(|record| record.is_for(group))
        });
        let walker = group.age.and_then(|ages| walker_for(inputs.walkers, ages));
        let own = rows.iter().map(|&row| {
            // groups of one walker share their verdicts
            *of_walker.entry((walker?, row)).or_insert_with(|| {
                own.push(strict_verdicts_of(inputs, zones, row, walker?)?);
                Some(own.len() - 1)
            })
        });
        views.push(GroupView {
            name: &group.name,
            people,
            serves: serves.collect(),
            own: own.collect(),
            stage: of_stage.iter().find(|(_, row)| *row == at).map(|(stage, _)| *stage),
        });
    }
    views
}

fn stage_of(ages: AgeBand) -> LifeStage {
    if ages.to.is_some_and(|to| to <= 17) {
        LifeStage::Young
    } else if ages.from >= 60 {
        LifeStage::Old
    } else {
        LifeStage::Working
    }
}

/// Whether a site is free, public or publicly aided; `None` where nothing of it is stated.
fn is_inclusive(facility: &Facility) -> Option<bool> {
    let is_free = facility.price.map(|price| price <= 0.0);
    let is_public = facility.provider.map(|provider| !matches!(provider, Provider::Enterprise));
    let is_aided = facility.operating_mode.map(|mode| mode != OperatingMode::Private);
    let known = [is_free, is_public, is_aided];
    if known.contains(&Some(true)) {
        Some(true)
    } else if known.contains(&Some(false)) {
        Some(false)
    } else {
        None
    }
}

/// The part of the way to the nearest site that a rule allows, at most 1.
fn nearness(rule: Rule, trip: Option<Evidence>) -> f64 {
    let Some(trip) = trip else {
        return 0.0;
    };
    let part = |limit: f64, found: Option<f64>| {
        found.map_or(0.0, |found| if found > limit { limit / found } else { 1.0 })
    };
    match rule {
        Rule::WalkTime(limit) | Rule::DriveTime(limit) => {
            part(limit.as_minutes_f64(), trip.time.map(|time| time.as_minutes_f64()))
        }
        Rule::WalkDistance(limit) => {
            part(limit.as_metres_f64(), trip.length.map(|length| length.as_metres_f64()))
        }
        Rule::StraightRadius(limit) => {
            part(limit.as_metres_f64(), trip.straight_length.map(|length| length.as_metres_f64()))
        }
        Rule::PresenceInUnit(_) => 1.0,
        Rule::NoWalkingCatchment => 0.0,
    }
}

/// `1 − Gini` of the shares that people have; `None` where nobody has anything.
fn balance(levels: &BTreeMap<(u16, u16), People>) -> Option<f64> {
    let (values, people): (Vec<f64>, Vec<f64>) = levels
        .iter()
        .map(|((met, required), people)| (f64::from(*met) / f64::from(*required), people.as_f64()))
        .unzip();
    let gini = Distribution::new(&values, &people).ok()?.gini().ok()?;
    Some(100.0 * (1.0 - gini))
}

/// How much of its target an indicator reaches, by slot.
fn attained(
    all: &Measured<'_>,
    result: &IndicatorResult,
    slots: &[Option<UnitIx>],
) -> Vec<Option<ScoreRange>> {
    let normaliser = Normaliser::new(Scale::Target, Better::More, &[]);
    let by_unit = result.by_unit();
    let score = |unit: &Option<UnitIx>| {
        let code = unit.map(|unit| all.inputs.units[unit].code.as_str());
        let value = by_unit.get(&code)?;
        normaliser.score_of(value.known()?, Some(&value.target?), None)
    };
    slots.iter().map(score).collect()
}
