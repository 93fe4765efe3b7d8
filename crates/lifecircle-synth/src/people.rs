//! Who lives in a building: ages, sex, residence status, households.
//!
//! Every kind of estate has shares by age, so that estates of work units are old and new towns full of children. A
//! building of `n` people receives `floor(n c_b + r) - floor(n c_(b-1) + r)` of age band `b`, with `c` the cumulated
//! shares and `r` drawn once per building: whole people, right on average, and of exactly `n` in all.
//!
//! Bands nest with 0-14, 15-64 and 65 and over, with 60, 70 and 80 and over, and with the ages of nurseries,
//! kindergartens and schools.

use lifecircle_types::{Group, People, Placement, ResidentPlace};

use crate::draws::{Draws, Purpose, whole};
use crate::estates::{Entrance, Estate};
use crate::layout::EstateKind;
use crate::plan::Plan;

const AGES: [&str; 10] = [
    "age_0_2",
    "age_3_5",
    "age_6_11",
    "age_12_14",
    "age_15_17",
    "age_18_59",
    "age_60_64",
    "age_65_69",
    "age_70_79",
    "age_80_plus",
];
const OTHERS: [&str; 6] =
    ["female", "male", "registered", "permit_holder", "group_disabled", "group_low_income"];

/// Women among a thousand of each band.
const WOMEN: [u64; 10] = [470, 468, 466, 465, 468, 492, 505, 515, 530, 580];

/// How people live in a kind of estate.
struct Way {
    /// Of a thousand people, those in each band.
    ages: [u32; 10],
    /// Shares that are registered here, hold a permit, and have a low income.
    registered: f64,
    permit: f64,
    low_income: f64,
    household: f64,
    /// Change of people in a year.
    growth: f64,
}

impl EstateKind {
    fn way(self) -> Way {
        let way = |ages, registered, permit, low_income, household, growth| Way {
            ages,
            registered,
            permit,
            low_income,
            household,
            growth,
        };
        match self {
            Self::OldLane => way([16, 20, 48, 26, 26, 574, 84, 76, 88, 42], 0.78, 0.12, 0.035, 2.4, -0.02),
            Self::WorkUnit => way([15, 18, 42, 24, 24, 537, 92, 88, 108, 52], 0.85, 0.08, 0.03, 2.3, -0.015),
            Self::Commodity => way([24, 30, 68, 34, 32, 638, 50, 46, 56, 22], 0.7, 0.2, 0.012, 2.8, 0.005),
            Self::New => way([40, 48, 84, 30, 22, 676, 34, 30, 28, 8], 0.55, 0.3, 0.006, 2.9, 0.04),
            Self::Rental => way([22, 20, 30, 12, 18, 850, 20, 14, 10, 4], 0.2, 0.55, 0.02, 1.9, 0.02),
            Self::Village => way([24, 30, 66, 34, 30, 546, 84, 78, 78, 30], 0.9, 0.05, 0.045, 3.1, -0.01),
        }
    }

    /// Households among `people`.
    pub(crate) fn households(self, people: u64) -> u64 {
        whole(people as f64 / self.way().household + 0.5).max(1)
    }
}

/// The groups, in the order of their columns.
pub(crate) fn groups() -> Vec<Group> {
    AGES.iter().chain(&OTHERS).filter_map(|name| Group::from_column(name)).collect()
}

/// The people of every building in a year after the first; 0 is the first itself.
pub(crate) fn counts(plan: &Plan, estates: &[Estate], entrances: &[Entrance], later: u32) -> Vec<u64> {
    let mut counts = Vec::with_capacity(entrances.len());
    for (number, estate) in estates.iter().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::Growth, number);
        for entrance in &entrances[estate.entrances.clone()] {
            let growth = estate.kind.way().growth + 0.01 * chance.around();
            let factor = (0..later).fold(1.0, |factor, _| factor * (1.0 + growth));
            counts.push(if later == 0 {
                entrance.people
            } else {
                chance.rounded(entrance.people as f64 * factor)
            });
        }
    }
    counts
}

/// Resident places, one an entrance, in their order.
pub(crate) fn places(
    plan: &Plan,
    estates: &[Estate],
    entrances: &[Entrance],
    counts: &[u64],
) -> Vec<ResidentPlace> {
    let mut places = Vec::with_capacity(entrances.len());
    for (number, estate) in estates.iter().enumerate() {
        let mut chance = Draws::new(plan.options.seed, Purpose::People, number);
        let way = estate.kind.way();
        for (k, entrance) in estate.entrances.clone().enumerate() {
            places.push(ResidentPlace {
                id: format!("{}-{:03}", estate.code, k + 1),
                position: Some(plan.position(entrances[entrance].at)),
                people: People::whole(counts[entrance]),
                unit: Some(estate.code.clone()),
                placement: Placement::Given,
                groups: members(counts[entrance], &way, &mut chance).into_iter().map(People::whole).collect(),
            });
        }
    }
    places
}

/// Members of each group among `people`.
fn members(people: u64, way: &Way, chance: &mut Draws) -> [u64; 16] {
    let mut groups = [0; 16];
    let start = whole(1000.0 * chance.unit());
    let mut share = 0;
    let mut given = start / 1000;
    let mut women = 0.0;
    let mut old = 0.0;
    for (band, thousandth) in way.ages.iter().enumerate() {
        share += u64::from(*thousandth);
        let until = (people * share + start) / 1000;
        groups[band] = until - given;
        women += groups[band] as f64 * WOMEN[band] as f64 / 1000.0;
        old += if band >= 6 { groups[band] as f64 } else { 0.0 };
        given = until;
    }
    let all = people as f64;
    groups[10] = chance.rounded(women).min(people);
    groups[11] = people - groups[10];
    groups[12] = chance.rounded(all * way.registered).min(people);
    groups[13] = chance.rounded(all * way.permit).min(people - groups[12]);
    groups[14] = chance.rounded(0.02 * all + 0.17 * old).min(people);
    groups[15] = chance.rounded(all * way.low_income).min(people);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_thousandths_and_members_add_up() {
        let kinds = [
            EstateKind::OldLane,
            EstateKind::WorkUnit,
            EstateKind::Commodity,
            EstateKind::New,
            EstateKind::Rental,
            EstateKind::Village,
        ];
        let mut chance = Draws::new(1, Purpose::People, 0);
        for kind in kinds {
            let way = kind.way();
            assert_eq!(way.ages.iter().sum::<u32>(), 1000, "{kind:?}");
            for people in [0, 1, 2, 37, 500, 100_000] {
                let groups = members(people, &way, &mut chance);
                assert_eq!(groups[..10].iter().sum::<u64>(), people);
                assert_eq!(groups[10] + groups[11], people);
                assert!(groups[12] + groups[13] <= people);
                assert!(groups.iter().all(|&group| group <= people));
            }
        }
        assert_eq!(groups().len(), 16);
    }

    #[test]
    fn small_buildings_are_right_on_average() {
        // 10,000 buildings of 20: a band of 1.6 % holds 0.32 people each
        let way = EstateKind::OldLane.way();
        let mut chance = Draws::new(1, Purpose::People, 0);
        let infants: u64 = (0..10_000).map(|_| members(20, &way, &mut chance)[0]).sum();
        assert!((3000..3400).contains(&infants), "{infants}");
    }
}
