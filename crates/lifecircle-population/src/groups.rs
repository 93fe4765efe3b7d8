//! Groups of which only a total for the whole study is known.

use lifecircle_types::{DemandSet, Group, GroupBasis, People};

use crate::remainder::largest_remainder;
use crate::{Error, Result};

/// Lays one share of a group over every place: where the group lives stays unknown, and its basis says so.
///
/// The group's people add up to `group_people` to the millionth.
///
/// # Errors
/// [`Error::GroupTooLarge`] when the group has more people than the set; [`Error::Set`] when its name is taken.
///
/// ```
/// # use lifecircle_types::{DemandSet, Group, People, Placement, ResidentPlace};
/// # let place = |id: &str, people| ResidentPlace { id: id.into(), position: None, people: People::whole(people),
/// #     unit: None, placement: Placement::Unplaced, groups: vec![] };
/// let mut residents = DemandSet::new(vec![place("a", 30), place("b", 10)], vec![])?;
/// let old = Group::from_column("age_65_plus").unwrap();
/// lifecircle_population::lay_group_share(&mut residents, old, 8)?;
/// assert_eq!(residents.groups().people(0), [People::whole(6), People::whole(2)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lay_group_share(residents: &mut DemandSet, mut group: Group, group_people: u64) -> Result<()> {
    let all = residents.total();
    let wanted = People::whole(group_people);
    if wanted > all {
        return Err(Error::GroupTooLarge { group: group.name, group_people, people: all.rounded() });
    }
    let weights: Vec<u64> = residents.people().iter().map(|people| people.as_millionths()).collect();
    let shares = largest_remainder(wanted.as_millionths(), &weights);
    group.basis = GroupBasis::WholePlaceShare;
    residents.push_group(group, shares.into_iter().map(People::from_millionths).collect())?;
    Ok(())
}
