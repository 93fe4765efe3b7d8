//! Online services: no way at all for those who can use a screen, a short way to help for the others.

use lifecircle_types::{Cost, People, TravelMatrix};

use super::Tally;
use crate::gravity::rows;
use crate::pairs::{check_length, check_reach};
use crate::{Error, Result};

/// A group of people who use online services alike.
#[derive(Clone, Copy, Debug)]
pub struct OnlineGroup<'a> {
    /// Its people at every place.
    pub people: &'a [People],
    /// Those of them who are entitled to the service; `None` where that is not known.
    pub entitled: &'a [Option<People>],
    /// The share of them who manage on their own, from 0 to 1; `None` where that is not known.
    pub able: Option<f64>,
}

/// How a group comes to an online service. The parts add up to its people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnlineUse {
    /// Entitled people who use it on their own.
    pub alone: People,
    /// Entitled people who do not manage alone and have help within reach.
    pub assisted: People,
    /// Entitled people with help within reach of whom it is not known whether they need it.
    pub either: People,
    /// Entitled people who neither manage nor find help.
    pub unable: People,
    /// Entitled people without help of whom it is not known whether they manage.
    pub undecided: People,
    /// People of whom it is not known whether they are entitled.
    pub unasked: People,
    /// People who are not entitled.
    pub not_entitled: People,
}

impl OnlineUse {
    /// How the `entitled` people of one place come to it, of whom a share of `able` manages alone, from 0 to 1; `None`
    /// where that is not known. Rounded to the millionth of a person.
    ///
    /// ```
    /// # use lifecircle_access::OnlineUse;
    /// # use lifecircle_types::People;
    /// let found = OnlineUse::at_place(People::whole(10), Some(0.6), true);
    /// assert_eq!((found.alone, found.assisted), (People::whole(6), People::whole(4)));
    /// ```
    #[must_use]
    pub fn at_place(entitled: People, able: Option<f64>, has_help: bool) -> Self {
        let mut found = Self::default();
        let Some(able) = able else {
            *(if has_help { &mut found.either } else { &mut found.undecided }) = entitled;
            return found;
        };
        found.alone = part_of(entitled, able);
        *(if has_help { &mut found.assisted } else { &mut found.unable }) = entitled - found.alone;
        found
    }

    /// The same by whether people are covered, alone or with help.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally {
            covered: self.alone + self.assisted + self.either,
            uncovered: self.unable,
            undecided: self.undecided,
            unasked: self.unasked,
            not_entitled: self.not_entitled,
        }
    }
}

impl core::ops::Add for OnlineUse {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            alone: self.alone + other.alone,
            assisted: self.assisted + other.assisted,
            either: self.either + other.either,
            unable: self.unable + other.unable,
            undecided: self.undecided + other.undecided,
            unasked: self.unasked + other.unasked,
            not_entitled: self.not_entitled + other.not_entitled,
        }
    }
}

impl core::iter::Sum for OnlineUse {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), core::ops::Add::add)
    }
}

/// Who can use an online service, by group (policies 32, 173 and 303): `e a` people of `e` entitled ones at a place
/// manage alone, the other `e (1 − a)` where a point of help stands within `within` (inclusive).
///
/// `help` holds the ways to the points of help: windows, stations, libraries where somebody assists. Rounded to the
/// millionth of a person. Linear in the pairs and in places times groups.
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::MatrixTooShort`] and [`Error::OtherUnit`]; [`Error::BadParameter`] for a share
/// outside 0 to 1; [`Error::MoreThanAll`] where more are entitled than there are.
///
/// ```
/// # use lifecircle_access::{OnlineGroup, online};
/// # use lifecircle_types::{DemandIx, FacilityIx, People, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let whole = People::whole;
/// // the library helps at the first place, nobody does at the second
/// let help = TravelMatrix::new(2, 1, min(15), [(DemandIx(0), FacilityIx(0), min(10))])?;
/// let older = OnlineGroup {
///     people: &[whole(100), whole(50)],
///     entitled: &[Some(whole(100)), Some(whole(40))],
///     able: Some(0.6),
/// };
/// let found = online(&[older], &help, min(15))?[0];
/// assert_eq!((found.alone, found.assisted, found.unable), (whole(60 + 24), whole(40), whole(16)));
/// assert_eq!(found.tally().strict().share(), Some(124.0 / 140.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn online(
    groups: &[OnlineGroup<'_>],
    help: &TravelMatrix,
    within: impl Into<Cost>,
) -> Result<Vec<OnlineUse>> {
    let within = within.into();
    check_reach(help, within)?;
    let helped: Vec<bool> =
        rows(help).map(|row| help.row(row).any(|(_, cost)| cost.raw() <= within.raw())).collect();
    groups.iter().map(|group| of_group(group, &helped)).collect()
}

fn of_group(group: &OnlineGroup<'_>, helped: &[bool]) -> Result<OnlineUse> {
    check_length("people", group.people.len(), helped.len())?;
    check_length("entitled people", group.entitled.len(), helped.len())?;
    if let Some(value) = group.able.filter(|able| !(0.0..=1.0).contains(able)) {
        let (what, expected) = ("the share who manage alone", "a number from 0 to 1");
        return Err(Error::BadParameter { what, value, expected });
    }
    let rows = group.people.iter().zip(group.entitled).zip(helped).enumerate();
    rows.map(|(row, ((&people, &entitled), &has_help))| {
        let Some(entitled) = entitled else {
            return Ok(OnlineUse { unasked: people, ..OnlineUse::default() });
        };
        if entitled > people {
            return Err(Error::MoreThanAll { row, part: entitled, all: people });
        }
        let found = OnlineUse::at_place(entitled, group.able, has_help);
        Ok(OnlineUse { not_entitled: people - entitled, ..found })
    })
    .sum()
}

/// A share of people, to the millionth.
fn part_of(people: People, share: f64) -> People {
    #[expect(clippy::cast_precision_loss, reason = "exact up to nine billion people")]
    let part = libm::round(people.as_millionths() as f64 * share);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most the people, and none is less"
    )]
    let part = People::from_millionths(part as u64);
    part.min(people)
}
