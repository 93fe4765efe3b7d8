//! Verdicts at other paces than the standard walker's.

use lifecircle_types::{AgeBand, Evidence, Group, GroupColumns, Millimetres, People, Rule, Speed, ZoneType};

use crate::assess::{Inputs, Verdicts, Walker, add, covered};
use crate::assessment::{PaceCoverage, Range};
use crate::rules::AppliedRule;

/// Groups beside everyone: with the standard walker, and at their own pace.
pub(crate) fn pace(
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
    let slowness = |speed: Speed| speed.time_for(Millimetres::from_metres(1000));
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
