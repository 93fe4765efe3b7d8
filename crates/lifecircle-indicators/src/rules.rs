//! The rules of several packs as one list.

use lifecircle_taxonomy::{Pack, PackRule, Requirement};
use lifecircle_types::{Date, Millimetres, Rule, ServiceKey, Speed, ZoneType};

/// A rule with the pack it comes from and that pack's standard walker.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedRule {
    /// Key of the pack.
    pub pack: String,
    /// The pack's standard walker.
    pub standard_walker: Speed,
    /// The rule.
    pub rule: PackRule,
}

impl AppliedRule {
    /// Whether the service must be there for places of a kind.
    pub(crate) fn is_must(&self, zone: Option<ZoneType>) -> bool {
        self.rule.requirement_for(zone) == Requirement::Must
    }

    /// The length that a rule of a walk, this one or that of a kind of place, allows with the standard walker; `None` for
    /// other kinds of rules.
    #[must_use]
    pub fn walk_limit(&self, rule: Rule) -> Option<Millimetres> {
        match rule {
            Rule::WalkTime(time) => Some(self.standard_walker.length_in(time)),
            Rule::WalkDistance(length) => Some(length),
            Rule::StraightRadius(_)
            | Rule::DriveTime(_)
            | Rule::PresenceInUnit(_)
            | Rule::NoWalkingCatchment => None,
        }
    }
}

/// The row of the rule of a service among rules by service.
pub(crate) fn rule_of(rules: &[AppliedRule], service: &ServiceKey) -> Option<usize> {
    rules.binary_search_by(|applied| applied.rule.service.cmp(service)).ok()
}

/// Puts `new` into a list sorted by `key`, in the place of what has the same key: a later pack overrides an earlier one.
pub(crate) fn override_by<T, K: Ord + ?Sized>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> &K) {
    match list.binary_search_by(|known| key(known).cmp(key(&new))) {
        Ok(at) => list[at] = new,
        Err(at) => list.insert(at, new),
    }
}

/// The rows of `packs` that hold, by key, each with its pack; where two packs name one key, the later pack holds.
pub(crate) fn rows_by<R, K: Ord + ?Sized>(
    packs: &[Pack],
    rows: fn(&Pack) -> &[R],
    holds: impl Fn(&R) -> bool,
    key: fn(&R) -> &K,
) -> Vec<(&Pack, &R)> {
    let mut list: Vec<(&Pack, &R)> = Vec::new();
    for pack in packs {
        for row in rows(pack).iter().filter(|row| holds(row)) {
            override_by(&mut list, (pack, row), |known| key(known.1));
        }
    }
    list
}

/// The rules of `packs` that hold on `day`, by service; where two packs name one service, the later pack holds.
#[must_use]
pub fn applied_rules(packs: &[Pack], day: Date) -> Vec<AppliedRule> {
    rows_by(packs, Pack::rules, |rule| rule.validity.holds(day), |rule| &rule.service)
        .into_iter()
        .map(|(pack, rule)| AppliedRule {
            pack: pack.key.clone(),
            standard_walker: pack.standard_walker,
            rule: rule.clone(),
        })
        .collect()
}
