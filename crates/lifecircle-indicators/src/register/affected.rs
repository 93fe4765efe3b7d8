//! Who is affected: people of places, by group and weighted.

use lifecircle_types::{AgeBand, DemandSet, Group, People};

use super::RegisterOptions;

/// People affected, with their weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Affected {
    pub(super) people: People,
    pub(super) by_group: Vec<People>,
    /// People, each counted as much as the groups they belong to say.
    pub(super) weight: f64,
}

/// How much a person of each group counts beyond 1.
pub(super) fn group_weights(residents: &DemandSet, options: &RegisterOptions) -> Vec<f64> {
    let weight = |group: &Group| options.weights.get(&group.name).copied().unwrap_or_else(|| usual(group));
    residents.groups().iter().map(|(group, _)| weight(group)).collect()
}

/// Old and young first; a group that is part of another by sex or status adds nothing of its own.
fn usual(group: &Group) -> f64 {
    if group.sex.is_some() || group.status.is_some() {
        return 0.0;
    }
    if group.vulnerability.is_some() {
        return if group.age.is_none() { 1.0 } else { 0.0 };
    }
    match group.age {
        Some(AgeBand { from, .. }) if from >= 80 => 1.0,
        Some(AgeBand { from, .. }) if from >= 60 => 0.5,
        Some(AgeBand { to: Some(to), .. }) if to <= 14 => 0.5,
        _ => 0.0,
    }
}

impl Affected {
    /// The people of `places`.
    pub(super) fn of(
        residents: &DemandSet,
        weights: &[f64],
        places: impl IntoIterator<Item = usize>,
    ) -> Self {
        let groups = residents.groups();
        let mut all = Self { by_group: vec![People::ZERO; weights.len()], ..Self::default() };
        for place in places {
            all.people += residents.people()[place];
            for (at, (_, people)) in groups.iter().enumerate() {
                all.by_group[at] += people[place];
            }
        }
        // weighted once, from whole sums, so that the order of places does not matter
        let extra = weights.iter().zip(&all.by_group).map(|(weight, people)| weight * people.as_f64());
        all.weight = all.people.as_f64() + lifecircle_types::reduce::sum(extra);
        all
    }
}
