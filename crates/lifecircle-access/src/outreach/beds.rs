//! Family beds: a care bed at home, with an institution that stands behind it.

use lifecircle_types::{Cost, DemandIx, TravelMatrix};

use crate::pairs::{check_length, check_reach};
use crate::{CapacityTask, Error, Result, UnknownCapacity, most_served, nearest};

/// A care bed in a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyBed {
    /// The home.
    pub place: DemandIx,
    /// How often somebody of an institution comes, a month; `None` where that is not known.
    pub visits: Option<u32>,
}

/// What a bed at home needs behind it.
#[derive(Clone, Copy, Debug)]
pub struct Support<'a> {
    /// Ways between homes and supporting institutions.
    pub matrix: &'a TravelMatrix,
    /// The farthest that an institution may be, inclusive.
    pub within: Cost,
    /// Visits a month, at least.
    pub visits: u32,
    /// Beds that every institution can support; `None` where that is not known.
    pub capacity: &'a [Option<u64>],
    /// What that counts as.
    pub unknown: UnknownCapacity,
}

/// How a bed at home stands. The first that holds is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BedState {
    /// No supporting institution is near enough.
    TooFar,
    /// One is, and comes too seldom.
    TooSeldom,
    /// One is, and how often it comes is not known.
    Unknown,
    /// One is near enough and comes often enough.
    Supported,
}

/// How beds at home stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FamilyBeds {
    /// The way to the nearest supporting institution, per bed; `None` beyond the matrix.
    pub nearest: Vec<Option<Cost>>,
    /// How each bed stands.
    pub states: Vec<BedState>,
    /// The most beds with an institution near enough that the institutions have room for, however often they come.
    pub with_room: u64,
}

impl FamilyBeds {
    /// Beds in a state.
    #[must_use]
    pub fn count(&self, state: BedState) -> usize {
        self.states.iter().filter(|found| **found == state).count()
    }
}

/// How care beds at home are supported (policy 225): the nearest supporting institution within a norm, visits often
/// enough, and room for all.
///
/// # Errors
/// As [`most_served`]; [`Error::BadPlace`] for a bed at a place that the matrix does not have.
///
/// ```
/// # use lifecircle_access::{BedState, FamilyBed, Support, UnknownCapacity, family_beds};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(0, 10), (1, 25)].map(|(i, t)| (DemandIx(i), FacilityIx(0), min(t)));
/// let matrix = TravelMatrix::new(2, 1, min(30), times)?;
/// let (within, unknown) = (min(15).into(), UnknownCapacity::Refuse);
/// let support = Support { matrix: &matrix, within, visits: 4, capacity: &[Some(1)], unknown };
/// let bed = |place, visits| FamilyBed { place: DemandIx(place), visits };
/// let found = family_beds(&[bed(0, Some(4)), bed(0, Some(2)), bed(1, Some(9))], &support)?;
/// assert_eq!(found.states, [BedState::Supported, BedState::TooSeldom, BedState::TooFar]);
/// assert_eq!(found.with_room, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn family_beds(beds: &[FamilyBed], support: &Support<'_>) -> Result<FamilyBeds> {
    let matrix = support.matrix;
    check_reach(matrix, support.within)?;
    check_length("capacity", support.capacity.len(), matrix.columns())?;
    let mut people = vec![0; matrix.rows()];
    for (row, bed) in beds.iter().enumerate() {
        let place = bed.place.index();
        *people.get_mut(place).ok_or(Error::BadPlace { row, place, places: matrix.rows() })? += 1;
    }
    let ways = nearest(matrix, core::num::NonZeroU32::MIN);
    let homes = vec![None; matrix.rows()];
    let room = most_served(&CapacityTask {
        matrix,
        within: support.within,
        people: &people,
        homes: &homes,
        capacity: support.capacity,
        unknown: support.unknown,
    })?;
    let state = |bed: &FamilyBed| match (ways[bed.place.index()], bed.visits) {
        (Some(way), _) if way.raw() > support.within.raw() => BedState::TooFar,
        (None, _) => BedState::TooFar,
        (Some(_), None) => BedState::Unknown,
        (Some(_), Some(visits)) if visits < support.visits => BedState::TooSeldom,
        (Some(_), Some(_)) => BedState::Supported,
    };
    Ok(FamilyBeds {
        nearest: beds.iter().map(|bed| ways[bed.place.index()]).collect(),
        states: beds.iter().map(state).collect(),
        with_room: room.served,
    })
}
