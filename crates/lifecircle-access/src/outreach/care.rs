//! Care for older people at three distances (policy 429): at the bedside, near the home, around it.

use lifecircle_types::{Cost, People, TravelTime};

use super::tally::{Tally, of_place};
use crate::pairs::check_length;
use crate::{Error, Result};

/// How far each of the three distances reaches, inclusive.
///
/// The policy names the three and gives no figures; the defaults are conventions of this project. Near is the 5-minute
/// circle, as it speaks of the building and the estate; around is the 15-minute circle; a worker who comes to the
/// bedside sets out within the same 15 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CareLimits {
    /// From the nearest provider of care at home to the home.
    pub bedside: Cost,
    /// From the home to the nearest station in the building or estate.
    pub near: Cost,
    /// From the home to the nearest institution of the life circle.
    pub around: Cost,
}

impl Default for CareLimits {
    fn default() -> Self {
        let minutes = |minutes| Cost::from(TravelTime::from_minutes(minutes));
        Self { bedside: minutes(15), near: minutes(5), around: minutes(15) }
    }
}

/// Who has care at which distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CareDistances {
    /// Care comes to the bed.
    pub bedside: Tally,
    /// Care is near.
    pub near: Tally,
    /// Care is around.
    pub around: Tally,
    /// All three at once.
    pub every: Tally,
    /// Entitled people with care at none, one, two and three of the distances.
    pub by_number: [People; 4],
}

/// Counts older people by the distances at which they have care.
///
/// The three columns hold the cost to the nearest provider of each kind per place, `None` where none can be reached;
/// what belongs to which kind is the caller's to say. `entitled` are those who need the care, `None` where that is not
/// known.
///
/// # Errors
/// [`Error::LengthMismatch`]; [`Error::OtherUnit`] where a cost and its limit count differently;
/// [`Error::MoreThanAll`] where more are entitled than live there.
///
/// ```
/// # use lifecircle_access::{CareLimits, care_distances};
/// # use lifecircle_types::{Cost, People, TravelTime};
/// let min = |minutes| Some(Cost::from(TravelTime::from_minutes(minutes)));
/// let people = [People::whole(70), People::whole(30)];
/// let older = people.map(Some);
/// let nearest = [[min(10), min(20)], [min(5), min(6)], [min(12), None]];
/// let [bedside, near, around] = &nearest;
/// let found = care_distances(&people, &older, bedside, near, around, CareLimits::default())?;
/// assert_eq!(found.every.strict().share(), Some(0.7));
/// assert_eq!(found.by_number, [30, 0, 0, 70].map(People::whole));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn care_distances(
    people: &[People],
    entitled: &[Option<People>],
    bedside: &[Option<Cost>],
    near: &[Option<Cost>],
    around: &[Option<Cost>],
    limits: CareLimits,
) -> Result<CareDistances> {
    check_length("entitled people", entitled.len(), people.len())?;
    let columns = [
        ("bedside", bedside, limits.bedside),
        ("near", near, limits.near),
        ("around", around, limits.around),
    ];
    for (what, column, limit) in columns {
        check_length(what, column.len(), people.len())?;
        if let Some(cost) = column.iter().flatten().find(|cost| cost.unit() != limit.unit()) {
            return Err(Error::OtherUnit { expected: limit.unit(), found: cost.unit() });
        }
    }
    let mut found = CareDistances::default();
    for (row, (&people, &entitled)) in people.iter().zip(entitled).enumerate() {
        let holds =
            columns.map(|(_, column, limit)| column[row].is_some_and(|cost| cost.raw() <= limit.raw()));
        let tally = |holds| of_place(row, people, entitled, Some(holds));
        found.bedside = found.bedside + tally(holds[0])?;
        found.near = found.near + tally(holds[1])?;
        found.around = found.around + tally(holds[2])?;
        found.every = found.every + tally(holds == [true; 3])?;
        found.by_number[holds.iter().filter(|holds| **holds).count()] += entitled.unwrap_or_default();
    }
    Ok(found)
}
