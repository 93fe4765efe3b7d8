//! Whole people out of parts of people.

use lifecircle_types::{People, UnitIx};

use crate::Result;
use crate::pairs::check_length;

/// Whole people per place: every unit keeps its total, rounded to whole people, and shares it by largest
/// remainder.
///
/// A place has its people rounded down or up; of equal remainders the earlier place is rounded up. Places in
/// no unit share one total. O(n log n).
///
/// # Errors
/// [`Error::LengthMismatch`](crate::Error::LengthMismatch) when there is not one home per place.
///
/// ```
/// # use lifecircle_access::whole_persons;
/// # use lifecircle_types::People;
/// let third = People::from_millionths(33_333_333);
/// assert_eq!(whole_persons(&[third, third, third], &[None; 3])?, [34, 33, 33]);
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn whole_persons(people: &[People], homes: &[Option<UnitIx>]) -> Result<Vec<u64>> {
    check_length("homes", homes.len(), people.len())?;
    let millionths = |row: usize| people[row].as_millionths();
    let mut whole: Vec<u64> = (0..people.len()).map(|row| millionths(row) / People::MILLIONTHS).collect();
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|&row| (homes[row], core::cmp::Reverse(millionths(row) % People::MILLIONTHS), row));
    for unit in order.chunk_by(|&one, &other| homes[one] == homes[other]) {
        let parts: u128 = unit.iter().map(|&row| u128::from(millionths(row) % People::MILLIONTHS)).sum();
        let million = u128::from(People::MILLIONTHS);
        let more = usize::try_from((parts + million / 2) / million).unwrap_or(unit.len());
        for &row in unit.iter().take(more) {
            whole[row] += 1;
        }
    }
    Ok(whole)
}
