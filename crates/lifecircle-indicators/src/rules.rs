//! The rules of several packs as one list.

use lifecircle_taxonomy::{Pack, PackRule};
use lifecircle_types::{Date, Speed};

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

/// The rules of `packs` that hold on `day`, by service; where two packs name one service, the later pack holds.
#[must_use]
pub fn applied_rules(packs: &[Pack], day: Date) -> Vec<AppliedRule> {
    let mut rules: Vec<AppliedRule> = Vec::new();
    for pack in packs {
        for rule in pack.rules().iter().filter(|rule| rule.validity.holds(day)) {
            let applied = AppliedRule {
                pack: pack.key.clone(),
                standard_walker: pack.standard_walker,
                rule: rule.clone(),
            };
            match rules.binary_search_by(|known| known.rule.service.cmp(&rule.service)) {
                Ok(at) => rules[at] = applied,
                Err(at) => rules.insert(at, applied),
            }
        }
    }
    rules
}
