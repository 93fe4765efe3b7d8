//! Verdicts at other paces than the standard walker's.

use core::cell::OnceCell;
use std::collections::BTreeMap;

use lifecircle_types::{AgeBand, Group, GroupColumns, Millimetres, People, Rule, Speed, ZoneType};

use crate::assess::{Inputs, Verdicts, Walker, add};
use crate::assessment::{PaceCoverage, Range};
use crate::evidence::EvidenceColumn;
use crate::rules::AppliedRule;

/// Groups beside everyone: with the standard walker, and at their own pace.
pub(crate) fn pace(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    verdicts: &Verdicts,
) -> Vec<PaceCoverage> {
    let groups = inputs.residents.groups();
    let own = OwnPace { inputs, zones, row, known: inputs.walkers.iter().map(|_| OnceCell::new()).collect() };
    let mut result = Vec::new();
    for (group, people) in groups.iter() {
        let walker = group.age.and_then(|age| walker_for(inputs.walkers, age));
        result.push(PaceCoverage {
            group: Some(group.name.clone()),
            walker: walker.map(|walker| inputs.walkers[walker].key.clone()),
            standard: verdicts.range(people),
            own_pace: walker.and_then(|walker| own.range(walker, people)),
        });
    }
    if let Some(own_pace) = own.everyone() {
        let standard = verdicts.range(inputs.residents.people());
        result.push(PaceCoverage { group: None, walker: None, standard, own_pace: Some(own_pace) });
    }
    for (at, walker) in inputs.walkers.iter().enumerate().filter(|(_, walker)| walker.trips.is_some()) {
        let people = inputs.residents.people();
        result.push(PaceCoverage {
            group: None,
            walker: Some(walker.key.clone()),
            standard: verdicts.range(people),
            own_pace: own.range(at, people),
        });
    }
    result
}

/// The row of the walker with the narrowest band around the whole group, else of the slowest whose band touches it.
pub(crate) fn walker_for(walkers: &[Walker], group: AgeBand) -> Option<usize> {
    let end = |band: AgeBand| band.to.unwrap_or(u8::MAX);
    let aged = || walkers.iter().enumerate().filter_map(|(at, walker)| Some((at, walker.ages?)));
    let around = aged().filter(|(_, band)| band.from <= group.from && end(group) <= end(*band));
    let slowness = |speed: Speed| speed.time_for(Millimetres::from_metres(1000));
    around.min_by_key(|(_, band)| end(*band) - band.from).map(|(walker, _)| walker).or_else(|| {
        let touching = aged().filter(|(_, band)| band.from <= end(group) && group.from <= end(*band));
        touching.max_by_key(|&(at, _)| slowness(walkers[at].speed)).map(|(walker, _)| walker)
    })
}

/// The verdicts of one rule at the paces of the walkers, each found once.
struct OwnPace<'a> {
    inputs: &'a Inputs<'a>,
    zones: &'a [Option<ZoneType>],
    row: usize,
    /// By walker; `None` where pace does not matter.
    known: Vec<OnceCell<Option<Verdicts>>>,
}

impl OwnPace<'_> {
    /// Who of `people` is covered at the pace of a walker; `None` where pace does not matter to the rule.
    fn range(&self, walker: usize, people: &[People]) -> Option<Range> {
        let verdicts = self.known[walker]
            .get_or_init(|| both_readings(self.inputs, self.zones, self.row, &self.inputs.walkers[walker]));
        verdicts.as_ref().map(|verdicts| verdicts.range(people))
    }

    /// Everyone at the pace of their age: disjoint age groups at theirs, the rest as adults.
    fn everyone(&self) -> Option<Range> {
        let groups = self.inputs.residents.groups();
        let bands = disjoint_ages(groups, |_| true);
        if bands.is_empty() {
            return None;
        }
        let mut rest = self.inputs.residents.people().to_vec();
        let mut total = Range::default();
        for (band, at) in bands {
            let people = groups.people(at);
            for (rest, people) in rest.iter_mut().zip(people) {
                *rest = *rest - *people;
            }
            total = add(total, self.range(walker_for(self.inputs.walkers, band)?, people)?);
        }
        let adult = walker_for(self.inputs.walkers, AgeBand { from: 15, to: Some(64) })?;
        Some(add(total, self.range(adult, &rest)?))
    }
}

fn verdicts_at_pace(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    walker: &Walker,
    trips: &EvidenceColumn,
) -> Option<Vec<bool>> {
    let mut by_zone: BTreeMap<Option<ZoneType>, Option<Millimetres>> = BTreeMap::new();
    let mut verdicts = Vec::with_capacity(zones.len());
    for (place, &zone) in zones.iter().enumerate().take(trips.len()) {
        let known = by_zone.entry(zone);
        let farthest = (*known.or_insert_with(|| farthest_at(&inputs.rules[row], zone, walker.speed)))?;
        verdicts.push(trips.length(place).is_some_and(|length| length <= farthest));
    }
    Some(verdicts)
}

/// The verdicts of the rule `row`, in the strict and in the lenient reading, if everybody walked as `walker` does; `None`
/// where the rule allows no time on foot, so that pace does not matter to it, or was not assessed.
#[must_use]
pub fn verdicts_of_walker(inputs: &Inputs<'_>, row: usize, walker: &Walker) -> Option<[Vec<bool>; 2]> {
    if !inputs.inventory[row].state.has_verdicts() {
        return None;
    }
    let Verdicts { strict, lenient, .. } = both_readings(inputs, &inputs.zones(), row, walker)?;
    Some([strict, lenient])
}

/// The verdicts of a rule if everybody walked as `walker` does; `None` where pace does not matter to it.
fn both_readings(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    walker: &Walker,
) -> Option<Verdicts> {
    let evidence = walker.evidence(inputs, row);
    let strict = verdicts_at_pace(inputs, zones, row, walker, &evidence.strict)?;
    let lenient = match &evidence.lenient {
        Some(trips) => Some(verdicts_at_pace(inputs, zones, row, walker, trips)?),
        None => None,
    };
    Some(Verdicts::new(strict, lenient))
}

/// The strict verdicts of a rule at the pace of a walker, by its number; `None` where pace does not matter to the rule.
pub(crate) fn strict_verdicts_of(
    inputs: &Inputs<'_>,
    zones: &[Option<ZoneType>],
    row: usize,
    walker: usize,
) -> Option<Vec<bool>> {
    let walker = &inputs.walkers[walker];
    verdicts_at_pace(inputs, zones, row, walker, &walker.evidence(inputs, row).strict)
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

/// The longest walk that keeps the time which a rule allows, at another pace; `None` when pace does not matter to it.
fn farthest_at(applied: &AppliedRule, zone: Option<ZoneType>, speed: Speed) -> Option<Millimetres> {
    let time_limit =
        [Some(applied.rule.rule_for(zone)), applied.rule.also].into_iter().flatten().find_map(|rule| {
            match rule {
                Rule::WalkTime(limit) => Some(limit),
                _ => None,
            }
        })?;
    Some(speed.farthest_within(time_limit))
}
