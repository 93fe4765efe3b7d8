//! People by what is known of them.

use lifecircle_types::People;

use crate::pairs::check_length;
use crate::{Coverage, Error, Result};

/// Everybody, by whether a service is asked for them and whether they have it. The parts add up to all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tally {
    /// Entitled people who have it.
    pub covered: People,
    /// Entitled people who do not.
    pub uncovered: People,
    /// Entitled people of whom it is not known.
    pub undecided: People,
    /// People of whom it is not known whether they are entitled.
    pub unasked: People,
    /// People who are not.
    pub not_entitled: People,
}

impl Tally {
    /// Everybody.
    #[must_use]
    pub fn all(&self) -> People {
        self.in_question() + self.not_entitled
    }

    /// The least that is certain: whoever is not known to be covered counts as entitled and uncovered.
    #[must_use]
    pub fn strict(&self) -> Coverage {
        Coverage { covered: self.covered, all: self.in_question() }
    }

    /// The most that is possible: whoever is not known to be uncovered counts as entitled and covered.
    #[must_use]
    pub fn lenient(&self) -> Coverage {
        let covered = self.covered + self.undecided + self.unasked;
        Coverage { covered, all: self.in_question() }
    }

    fn in_question(&self) -> People {
        self.covered + self.uncovered + self.undecided + self.unasked
    }
}

impl core::ops::Add for Tally {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            covered: self.covered + other.covered,
            uncovered: self.uncovered + other.uncovered,
            undecided: self.undecided + other.undecided,
            unasked: self.unasked + other.unasked,
            not_entitled: self.not_entitled + other.not_entitled,
        }
    }
}

impl core::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), core::ops::Add::add)
    }
}

/// Counts `people` of every place by how many of them are `entitled` and whether the rule `holds` at the place; `None`
/// is "not known". Linear in the places.
///
/// # Errors
/// [`Error::LengthMismatch`] when the columns differ in length; [`Error::MoreThanAll`] where more are entitled than
/// live there.
///
/// ```
/// # use lifecircle_access::tally;
/// # use lifecircle_types::People;
/// let whole = People::whole;
/// let people = [whole(100), whole(50), whole(10)];
/// let older = [Some(whole(20)), Some(whole(10)), None];
/// let found = tally(&people, &older, &[Some(true), Some(false), Some(true)])?;
/// assert_eq!((found.covered, found.uncovered, found.not_entitled), (whole(20), whole(10), whole(120)));
/// // of the ten nobody knows: 20 of 40 at least, 30 of 40 at most
/// assert_eq!((found.strict().share(), found.lenient().share()), (Some(0.5), Some(0.75)));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn tally(people: &[People], entitled: &[Option<People>], holds: &[Option<bool>]) -> Result<Tally> {
    check_length("entitled people", entitled.len(), people.len())?;
    check_length("verdicts", holds.len(), people.len())?;
    let rows = people.iter().zip(entitled).zip(holds).enumerate();
    rows.map(|(row, ((&people, &entitled), &holds))| of_place(row, people, entitled, holds)).sum()
}

/// The people of one place.
pub(super) fn of_place(
    row: usize,
    people: People,
    entitled: Option<People>,
    holds: Option<bool>,
) -> Result<Tally> {
    let Some(entitled) = entitled else {
        return Ok(Tally { unasked: people, ..Tally::default() });
    };
    if entitled > people {
        return Err(Error::MoreThanAll { row, part: entitled, all: people });
    }
    let mut found = Tally { not_entitled: people - entitled, ..Tally::default() };
    match holds {
        Some(true) => found.covered = entitled,
        Some(false) => found.uncovered = entitled,
        None => found.undecided = entitled,
    }
    Ok(found)
}
