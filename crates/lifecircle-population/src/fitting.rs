//! Groups fitted to the totals of areas (iterative proportional fitting, Deming and Stephan 1940).
//!
//! People differ in age, sex, residence status and vulnerabilities. The groups that are counted cut ages into spans;
//! a *kind* `k` is one span, one sex, one status and a yes or no to each vulnerability, and a group is a set of kinds.
//! Places that lie in the same areas of every table form a *zone* `z`. The fit holds people `n[z][k]`, zone by zone, and
//! scales them in turn until every zone has its people and every group its total in every area that states one:
//!
//! ```text
//! n[z][k] *= people[z] / Σ_k n[z][k]                                 for every zone
//! n[z][k] *= total / Σ_{z in area, k in group} n[z][k]               inside the group, and likewise outside
//! ```
//!
//! The start is a population even over years of age, sexes and the rest; a zone that no area holds has the mix of all
//! others. Within a zone every place has the same mix, so that a fitted group says where it lives as finely as the areas
//! do and no finer. Groups that nest or part the people do so at every place to the millionth.

use std::collections::BTreeMap;

use lifecircle_types::{
    AreaGroups, DemandSet, Group, GroupBasis, Issues, People, ResidenceStatus, Severity, Sex, UnitIx, UnitSet,
};

use crate::areal::find_area;
use crate::remainder::largest_remainder;
use crate::{Error, Result};

/// Rounds of scaling after which tables that do not agree are given up.
const MOST_ROUNDS: u32 = 2000;
/// A fit ends when no total is missed by more, in people.
const CLOSE: f64 = 1e-6;
/// Totals that are missed by more contradict one another, in people.
const CONTRADICTION: f64 = 0.5;
/// Most kinds of people: beyond, tables are too many to be fitted together.
const MOST_KINDS: usize = 4096;
/// Years over which the start spreads people.
const YEARS: u8 = 100;

/// The kinds of people that the groups of some tables tell apart.
struct Kinds {
    /// First years of the spans of age, from 0, then the end of the last.
    cuts: Vec<u8>,
    sexes: bool,
    statuses: bool,
    vulnerabilities: Vec<String>,
}

impl Kinds {
    fn of(groups: &[Group]) -> Self {
        let mut cuts = vec![0, YEARS];
        for age in groups.iter().filter_map(|group| group.age) {
            cuts.push(age.from);
            cuts.extend(age.to.map(|to| to.saturating_add(1)));
        }
        cuts.retain(|&cut| cut <= YEARS);
        cuts.sort_unstable();
        cuts.dedup();
        let mut vulnerabilities: Vec<String> =
            groups.iter().filter_map(|group| group.vulnerability.clone()).collect();
        vulnerabilities.sort_unstable();
        vulnerabilities.dedup();
        Self {
            cuts,
            sexes: groups.iter().any(|group| group.sex.is_some()),
            statuses: groups.iter().any(|group| group.status.is_some()),
            vulnerabilities,
        }
    }

    fn ages(&self) -> usize {
        self.cuts.len() - 1
    }

    fn len(&self) -> Option<usize> {
        let others = if self.sexes { 2 } else { 1 } * if self.statuses { 3 } else { 1 };
        let yes_or_no = 1_usize.checked_shl(u32::try_from(self.vulnerabilities.len()).ok()?)?;
        (self.ages() * others).checked_mul(yes_or_no).filter(|&kinds| kinds <= MOST_KINDS)
    }

    /// The span, sex, status and vulnerabilities of a kind.
    fn parts(&self, kind: usize) -> (usize, usize, usize, usize) {
        let (age, rest) = (kind % self.ages(), kind / self.ages());
        let (sexes, statuses) = (if self.sexes { 2 } else { 1 }, if self.statuses { 3 } else { 1 });
        (age, rest % sexes, rest / sexes % statuses, rest / sexes / statuses)
    }

    /// Years of age of a kind, with which the start weighs it.
    fn weight(&self, kind: usize) -> f64 {
        let age = self.parts(kind).0;
        f64::from(self.cuts[age + 1] - self.cuts[age])
    }

    fn holds(&self, group: &Group, kind: usize) -> bool {
        let (age, sex, status, vulnerable) = self.parts(kind);
        let from = self.cuts[age];
        let is_of_age = group.age.is_none_or(|age| age.from <= from && age.to.is_none_or(|to| from <= to));
        let is_of_sex = match group.sex {
            None => true,
            Some(Sex::Female) => sex == 0,
            Some(Sex::Male) => sex == 1,
        };
        let is_of_status = match group.status {
            None | Some(ResidenceStatus::Resident) => true,
            Some(ResidenceStatus::Registered) => status == 0,
            Some(ResidenceStatus::PermitHolder) => status == 1,
        };
        let is_vulnerable = group.vulnerability.as_ref().is_none_or(|word| {
            self.vulnerabilities.binary_search(word).is_ok_and(|bit| vulnerable >> bit & 1 == 1)
        });
        is_of_age && is_of_sex && is_of_status && is_vulnerable
    }
}

/// What an area states of a group.
struct Total<'a> {
    area: &'a str,
    group: usize,
    wanted: u64,
    people: f64,
    zones: Vec<usize>,
}

/// Adds the groups that `tables` count by area to the residents, fitted to all tables together.
///
/// `homes` are the units in which the places lie. An area is found by code or name of a unit, and holds the places of
/// every unit inside it. Tables may cut the place differently; each may count other groups.
///
/// Returns what there is to know: people who live in no area of any table, tables that agree only nearly.
///
/// # Errors
/// [`Error::UnknownArea`]; [`Error::CountedTwice`] when one table names an area twice; [`Error::GroupTooLarge`] when an
/// area has fewer people than one of its groups; [`Error::TotalsDisagree`] when no mix of people fits all tables;
/// [`Error::TooManyKinds`]; [`Error::Set`] when the residents have a group of that name.
///
/// # Panics
/// When `homes` are not one per resident place.
///
/// ```
/// # use lifecircle_types::{AreaGroups, DemandSet, Group, People, Placement, ResidentPlace, Unit, UnitKind, UnitSet};
/// # let place = |id: &str, people| ResidentPlace { id: id.into(), position: None, people: People::whole(people),
/// #     unit: None, placement: Placement::Unplaced, groups: vec![] };
/// let mut residents = DemandSet::new(vec![place("a", 30), place("b", 10)], vec![])?;
/// let units = UnitSet::new(vec![Unit::new("town", UnitKind::Community)])?;
/// let homes = [units.find("town"), units.find("town")];
/// let old = Group::from_column("age_65_plus").unwrap();
/// let table = vec![AreaGroups { areas: vec!["town".into()], groups: vec![(old, 8)] }];
/// lifecircle_population::fit_groups(&mut residents, &homes, &units, &[table])?;
/// assert_eq!(residents.groups().people(0), [People::whole(6), People::whole(2)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit_groups(
    residents: &mut DemandSet,
    homes: &[Option<UnitIx>],
    units: &UnitSet,
    tables: &[Vec<AreaGroups>],
) -> Result<Issues> {
    assert_eq!(homes.len(), residents.len(), "one home per resident place");
    let mut groups: Vec<Group> = Vec::new();
    for (group, _) in tables.iter().flatten().flat_map(|area| &area.groups) {
        if groups.iter().all(|known| known.name != group.name) {
            groups.push(Group { basis: GroupBasis::Fitted, ..group.clone() });
        }
    }
    let kinds = Kinds::of(&groups);
    let count = kinds.len().ok_or(Error::TooManyKinds { groups: groups.len(), most: MOST_KINDS })?;
    let zones = Zones::new(residents, homes, units, tables)?;
    let totals = zones.totals(&groups, tables)?;
    let members: Vec<Vec<bool>> =
        groups.iter().map(|group| (0..count).map(|kind| kinds.holds(group, kind)).collect()).collect();
    let start: Vec<f64> = (0..count).map(|kind| kinds.weight(kind)).collect();
    let bound: Vec<bool> =
        (0..zones.len()).map(|z| totals.iter().any(|total| total.zones.contains(&z))).collect();
    let mut issues = Issues::new();
    let mut mix = vec![start; zones.len()];
    fit(&mut mix, &zones.people, &members, &totals);
    // zones that nothing binds, and groups that nothing states there, have the mix of all others
    let mut average = vec![0.0; count];
    for (z, mix) in mix.iter().enumerate().filter(|(z, _)| bound[*z]) {
        let people = zones.people[z];
        average.iter_mut().zip(mix).for_each(|(sum, kind)| *sum += if people > 0.0 { *kind } else { 0.0 });
    }
    if bound.iter().any(|bound| !bound) {
        let people: f64 = (0..zones.len()).filter(|&z| !bound[z]).map(|z| zones.people[z]).sum();
        if people > 0.0 {
            let example = zones.unbound_example(residents, &bound).to_owned();
            let detail = format!(
                "{people:.0} people live in no area of the tables of groups: they are given the mix of all others"
            );
            issues.push(Severity::Warning, "home in no area of the tables of groups", example, detail);
        }
    }
    if average.iter().sum::<f64>() > 0.0 {
        mix = vec![average; zones.len()];
    }
    let (worst, gap) = fit(&mut mix, &zones.people, &members, &totals);
    if gap > CONTRADICTION {
        let total = &totals[worst];
        return Err(Error::TotalsDisagree {
            area: total.area.into(),
            group: groups[total.group].name.clone(),
            wanted: total.wanted,
            reached: rounded(reached(total, &mix, &members)),
        });
    }
    let mut columns = vec![vec![People::ZERO; residents.len()]; groups.len()];
    for (z, places) in zones.places.iter().enumerate() {
        let weights = whole_weights(&mix[z]);
        for &place in places {
            let shares = largest_remainder(residents.people()[place].as_millionths(), &weights);
            for (column, members) in columns.iter_mut().zip(&members) {
                let people =
                    shares.iter().zip(members).filter(|(_, member)| **member).map(|(share, _)| share);
                column[place] = People::from_millionths(people.sum());
            }
        }
    }
    for (group, column) in groups.into_iter().zip(columns) {
        residents.push_group(group, column)?;
    }
    Ok(issues)
}

/// Places that lie in the same areas.
struct Zones {
    places: Vec<Vec<usize>>,
    people: Vec<f64>,
    /// Rows of the tables that hold the zone: table and row.
    areas: Vec<Vec<(usize, usize)>>,
}

impl Zones {
    fn new(
        residents: &DemandSet,
        homes: &[Option<UnitIx>],
        units: &UnitSet,
        tables: &[Vec<AreaGroups>],
    ) -> Result<Self> {
        let mut rows: Vec<Vec<(usize, usize)>> = vec![vec![]; units.len()];
        for (table, areas) in tables.iter().enumerate() {
            for (row, area) in areas.iter().enumerate() {
                for name in &area.areas {
                    let unit = find_area(units, name)?;
                    if rows[unit.index()].iter().any(|&(known, _)| known == table) {
                        return Err(Error::CountedTwice { name: name.clone() });
                    }
                    rows[unit.index()].push((table, row));
                }
            }
        }
        let mut by_areas: BTreeMap<Vec<(usize, usize)>, Vec<usize>> = BTreeMap::new();
        for (place, home) in homes.iter().enumerate() {
            let around = home.iter().flat_map(|&unit| units.lineage(unit));
            let mut areas: Vec<_> = around.flat_map(|unit| rows[unit.index()].iter().copied()).collect();
            areas.sort_unstable();
            areas.dedup();
            by_areas.entry(areas).or_default().push(place);
        }
        let people_of = |places: &Vec<usize>| -> f64 {
            places.iter().map(|&place| residents.people()[place]).sum::<People>().as_f64()
        };
        let people = by_areas.values().map(people_of).collect();
        let (areas, places) = by_areas.into_iter().unzip();
        Ok(Self { places, people, areas })
    }

    fn len(&self) -> usize {
        self.people.len()
    }

    fn totals<'a>(&self, groups: &[Group], tables: &'a [Vec<AreaGroups>]) -> Result<Vec<Total<'a>>> {
        let mut totals = Vec::new();
        for (table, areas) in tables.iter().enumerate() {
            for (row, area) in areas.iter().enumerate() {
                let zones: Vec<usize> =
                    (0..self.len()).filter(|&z| self.areas[z].contains(&(table, row))).collect();
                let people: f64 = zones.iter().map(|&z| self.people[z]).sum();
                for (group, wanted) in &area.groups {
                    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
                    let wanted_people = *wanted as f64;
                    if wanted_people > people + CLOSE {
                        return Err(Error::GroupTooLarge {
                            group: format!("{} of {}", group.name, area.areas.join(", ")),
                            group_people: *wanted,
                            people: rounded(people),
                        });
                    }
                    let group = groups.iter().position(|known| known.name == group.name).unwrap_or_default();
                    let zones = zones.clone();
                    totals.push(Total {
                        area: &area.areas[0],
                        group,
                        wanted: *wanted,
                        people: wanted_people,
                        zones,
                    });
                }
            }
        }
        Ok(totals)
    }

    /// The id of a place that no area holds.
    fn unbound_example<'a>(&self, residents: &'a DemandSet, bound: &[bool]) -> &'a str {
        let place =
            self.places.iter().zip(bound).find(|(_, bound)| !**bound).and_then(|(places, _)| places.first());
        place.map_or("", |&place| residents.ids()[place].as_str())
    }
}

fn rounded(people: f64) -> u64 {
    People::try_from_f64(people).map_or(0, People::rounded)
}

fn reached(total: &Total<'_>, mix: &[Vec<f64>], members: &[Vec<bool>]) -> f64 {
    let inside = |z: &usize| {
        let kinds = mix[*z].iter().zip(&members[total.group]);
        kinds.filter(|(_, member)| **member).map(|(people, _)| people).sum::<f64>()
    };
    total.zones.iter().map(inside).sum()
}

/// Scales until every total is met; returns the total that is missed most, and by how many people.
fn fit(mix: &mut [Vec<f64>], people: &[f64], members: &[Vec<bool>], totals: &[Total<'_>]) -> (usize, f64) {
    let mut worst = (0, f64::INFINITY);
    for _ in 0..MOST_ROUNDS {
        for (mix, &people) in mix.iter_mut().zip(people) {
            let sum: f64 = mix.iter().sum();
            if sum > 0.0 {
                mix.iter_mut().for_each(|kind| *kind *= people / sum);
            }
        }
        worst = (0, 0.0);
        for (at, total) in totals.iter().enumerate() {
            let gap = (reached(total, mix, members) - total.people).abs();
            if gap > worst.1 {
                worst = (at, gap);
            }
        }
        if worst.1 <= CLOSE {
            break;
        }
        for total in totals {
            let all: f64 = total.zones.iter().map(|&z| people[z]).sum();
            let inside = reached(total, mix, members);
            let outside: f64 = total.zones.iter().map(|&z| mix[z].iter().sum::<f64>()).sum::<f64>() - inside;
            let scale = |sum: f64, wanted: f64| if sum > 0.0 { (wanted / sum).max(0.0) } else { 1.0 };
            let (within, without) = (scale(inside, total.people), scale(outside, all - total.people));
            for &z in &total.zones {
                for (kind, member) in mix[z].iter_mut().zip(&members[total.group]) {
                    *kind *= if *member { within } else { without };
                }
            }
        }
    }
    worst
}

/// Shares as whole weights, fine enough that nobody notices.
fn whole_weights(mix: &[f64]) -> Vec<u64> {
    let sum: f64 = mix.iter().sum();
    let fine = |kind: f64| if sum > 0.0 { libm::round(kind / sum * 1e15) } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1e15")]
    let weights: Vec<u64> = mix.iter().map(|&kind| fine(kind) as u64).collect();
    weights
}

#[cfg(test)]
mod tests {
    use lifecircle_types::{Placement, ResidentPlace, Unit, UnitKind};
    use proptest::prelude::*;

    use super::*;

    fn group(name: &str) -> Group {
        Group::from_column(name).unwrap()
    }

    fn table(rows: &[(&str, &[(&str, u64)])]) -> Vec<AreaGroups> {
        let area = |(area, groups): &(&str, &[(&str, u64)])| AreaGroups {
            areas: vec![(*area).to_owned()],
            groups: groups.iter().map(|(name, people)| (group(name), *people)).collect(),
        };
        rows.iter().map(area).collect()
    }

    /// Four places of 100 people: communities `n` and `s`, each with a place in either block.
    fn town(people: [u64; 4]) -> (DemandSet, UnitSet, Vec<Option<UnitIx>>) {
        let mut units = Vec::new();
        for street in ["n", "s"] {
            units.push(Unit::new(street, UnitKind::Street));
            for side in ["east", "west"] {
                let mut estate = Unit::new(format!("{street}_{side}"), UnitKind::Estate);
                estate.parent = Some(street.into());
                units.push(estate);
            }
        }
        let units = UnitSet::new(units).unwrap();
        let names = ["n_east", "n_west", "s_east", "s_west"];
        let place = |(name, people): (&str, u64)| ResidentPlace {
            id: name.into(),
            position: None,
            people: People::whole(people),
            unit: None,
            placement: Placement::Unplaced,
            groups: vec![],
        };
        let places = names.into_iter().zip(people).map(place).collect();
        let homes = names.iter().map(|name| units.find(name)).collect();
        (DemandSet::new(places, vec![]).unwrap(), units, homes)
    }

    fn of<'a>(residents: &'a DemandSet, name: &str) -> &'a [People] {
        let at = residents.groups().groups().iter().position(|group| group.name == name).unwrap();
        residents.groups().people(at)
    }

    /// Two tables that cut the town crosswise: 120 old people live north and 80 south, 130 east and 70 west. Of all
    /// answers the fit is the one whose odds of being old multiply, as those of the even start do.
    #[test]
    fn margins_that_cross_are_both_met() {
        let (mut residents, units, homes) = town([100; 4]);
        let east_and_west = vec![
            AreaGroups {
                areas: vec!["n_east".into(), "s_east".into()],
                groups: vec![(group("age_65_plus"), 130)],
            },
            AreaGroups {
                areas: vec!["n_west".into(), "s_west".into()],
                groups: vec![(group("age_65_plus"), 70)],
            },
        ];
        let north_and_south = table(&[("n", &[("age_65_plus", 120)]), ("s", &[("age_65_plus", 80)])]);
        fit_groups(&mut residents, &homes, &units, &[east_and_west, north_and_south]).unwrap();
        let old: Vec<f64> = of(&residents, "age_65_plus").iter().map(|people| people.as_f64()).collect();
        let [ne, nw, se, sw] = old[..] else { panic!("four places") };
        let close = |a: f64, b: f64| (a - b).abs() < 1e-4;
        assert!(close(ne + nw, 120.0) && close(se + sw, 80.0) && close(ne + se, 130.0), "{old:?}");
        // no interaction that the margins do not ask for: the odds multiply
        let odds = |old: f64| old / (100.0 - old);
        assert!((odds(ne) * odds(sw) / (odds(nw) * odds(se)) - 1.0).abs() < 1e-4, "{old:?}");
    }

    #[test]
    fn joint_groups_nest_and_part_the_people_at_every_place() {
        let (mut residents, units, homes) = town([101, 57, 3, 0]);
        let rows: &[(&str, &[(&str, u64)])] = &[
            (
                "n",
                &[
                    ("age_0_2", 5),
                    ("age_0_14", 30),
                    ("female", 80),
                    ("male", 78),
                    ("female_age_65_plus", 20),
                    ("group_disabled", 9),
                ],
            ),
            ("s", &[("age_0_14", 1), ("female", 2), ("male", 1), ("registered", 3)]),
        ];
        fit_groups(&mut residents, &homes, &units, &[table(rows)]).unwrap();
        let column = |name| of(&residents, name);
        for place in 0..residents.len() {
            let people = residents.people()[place];
            assert_eq!(column("female")[place] + column("male")[place], people);
            assert!(column("age_0_2")[place] <= column("age_0_14")[place]);
            assert!(column("female_age_65_plus")[place] <= column("female")[place]);
        }
        let north = |name: &str| (of(&residents, name)[0] + of(&residents, name)[1]).as_f64();
        for (name, wanted) in rows[0].1 {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let wanted = *wanted as f64;
            assert!((north(name) - wanted).abs() < 0.001, "{name}: {}", north(name));
        }
        assert_eq!(residents.groups().groups()[0].basis, GroupBasis::Fitted);
    }

    #[test]
    fn totals_that_cannot_be_are_refused_by_name() {
        let refused = |rows: &[(&str, &[(&str, u64)])]| {
            let (mut residents, units, homes) = town([100; 4]);
            fit_groups(&mut residents, &homes, &units, &[table(rows)]).unwrap_err().to_string()
        };
        assert_eq!(
            refused(&[("n", &[("age_65_plus", 201)])]),
            "age_65_plus of n is 201 people of only 200 residents: correct the total"
        );
        assert!(refused(&[("m", &[("female", 1)])]).contains("`m`"));
        assert!(refused(&[("n", &[("female", 1)]), ("n", &[("male", 1)])]).contains("two control totals"));
        let contradiction = refused(&[("n", &[("female", 150), ("male", 40)])]);
        assert!(contradiction.contains("contradict") && contradiction.contains("of n"), "{contradiction}");
    }

    #[test]
    fn homes_in_no_area_get_the_mix_of_the_others() {
        let (mut residents, units, mut homes) = town([100, 100, 50, 0]);
        homes[2] = None;
        let issues =
            fit_groups(&mut residents, &homes, &units, &[table(&[("n", &[("age_65_plus", 40)])])]).unwrap();
        assert_eq!(issues.total(), 1);
        let old = of(&residents, "age_65_plus");
        assert_eq!((old[0], old[2]), (People::whole(20), People::whole(10)));
    }

    proptest! {
        #[test]
        fn what_a_mix_of_people_can_give_is_fitted(
            cells in prop::collection::vec(0..400_u64, 16), order in Just([3_usize, 1, 0, 2]).prop_shuffle(),
        ) {
            // cells: 4 estates x (old, young) x (female, male): margins of a population that exists
            let cell = |place: usize, kind: usize| cells[place * 4 + kind];
            let people: Vec<u64> = (0..4).map(|place| (0..4).map(|kind| cell(place, kind)).sum()).collect();
            let (mut residents, units, homes) = town([people[0], people[1], people[2], people[3]]);
            let names = ["n_east", "n_west", "s_east", "s_west"];
            let ages: Vec<AreaGroups> = order.iter().map(|&place| AreaGroups {
                areas: vec![names[place].into()],
                groups: vec![(group("age_65_plus"), cell(place, 0) + cell(place, 1))],
            }).collect();
            let women = |a: usize, b: usize| cell(a, 0) + cell(a, 2) + cell(b, 0) + cell(b, 2);
            let sexes = table(&[("n", &[("female", women(0, 1))]), ("s", &[("female", women(2, 3))])]);
            fit_groups(&mut residents, &homes, &units, &[ages, sexes]).unwrap();
            let sum = |name: &str, places: &[usize]| -> f64 {
                places.iter().map(|&place| of(&residents, name)[place]).sum::<People>().as_f64()
            };
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            for place in 0..4 {
                let wanted = (cell(place, 0) + cell(place, 1)) as f64;
                prop_assert!((sum("age_65_plus", &[place]) - wanted).abs() < 0.01);
            }
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let wanted = women(0, 1) as f64;
            prop_assert!((sum("female", &[0, 1]) - wanted).abs() < 0.01);
        }
    }
}
