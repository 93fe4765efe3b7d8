//! Covered is not served: how many people the facilities within a norm can take, and where they cannot.
//!
//! Place `i` has `dᵢ` people, facility `j` takes `Sⱼ` of them, `xᵢⱼ` go from one to the other. Everything is a
//! whole number: people, and milliseconds or millimetres.
//!
//! ```text
//! Σⱼ xᵢⱼ ≤ dᵢ     Σᵢ xᵢⱼ ≤ Sⱼ     xᵢⱼ = 0 where cᵢⱼ > T
//! ```
//!
//! Of all such plans the answer is one that, in this order,
//!
//! 1. serves the most people, `max Σ xᵢⱼ`,
//! 2. makes them walk the least, `min Σ cᵢⱼ xᵢⱼ`,
//! 3. evens out what is missing: with `u` people of a unit's `r` in reach unserved, `min Σ u²/r` over units.
//!    Between units that can trade, shares `u/r` become equal up to whole people.
//!
//! What still is open then (which of two places of one unit goes without) is decided by the order of the
//! rows. So a number for a unit can rest on the second and third rule; beside it stand the least and the most
//! unserved people of the unit over **all** plans that serve the most.

mod certificate;
mod cut;
mod even;
mod exchange;
mod flow;
mod most_served;
mod network;
mod persons;
mod provision;
mod simplex;

use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, UnitIx};

pub use certificate::check_allocation;
use cut::Shortages;
use exchange::Homes;
pub use most_served::{MostServed, most_served};
use network::Network;
pub use persons::whole_persons;
pub use provision::{Need, ProvisionNorm};
use simplex::Optimum;

use crate::Result;
use crate::pairs::check_length;

/// What a facility of unknown capacity counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownCapacity {
    /// It is an error: nothing is assumed.
    #[default]
    Refuse,
    /// It takes nobody: what can be relied on.
    Nobody,
    /// It takes everybody who comes: what would be if it never filled up.
    Everybody,
}

/// Who has to be served by what.
#[derive(Clone, Copy, Debug)]
pub struct CapacityTask<'a> {
    /// Costs from places to facilities.
    pub matrix: &'a TravelMatrix,
    /// The farthest that anybody is sent, inclusive.
    pub within: Cost,
    /// Whole people per place, as [`whole_persons`] makes them.
    pub people: &'a [u64],
    /// The unit of every place; `None` where it lies in none.
    pub homes: &'a [Option<UnitIx>],
    /// People whom every facility can take; `None` where that is not known.
    pub capacity: &'a [Option<u64>],
    /// What that counts as.
    pub unknown: UnknownCapacity,
}

/// Places and facilities that compete for the same room, all of which is taken.
///
/// Nobody of these places can go elsewhere, and nobody from elsewhere takes the room, so the shortage is the
/// people less the capacity. One more person is served for every further person that one of these facilities
/// takes, until another limit binds, and for no other facility. This does not depend on who is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bottleneck {
    /// The places, ascending.
    pub places: Vec<DemandIx>,
    /// The facilities, ascending.
    pub facilities: Vec<FacilityIx>,
    /// People of the places.
    pub people: u64,
    /// People whom the facilities take.
    pub capacity: u64,
}

impl Bottleneck {
    /// People who cannot be served.
    #[must_use]
    pub const fn shortage(&self) -> u64 {
        self.people.saturating_sub(self.capacity)
    }
}

/// How a unit fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnitService {
    /// The unit; `None` for the places that lie in none.
    pub unit: Option<UnitIx>,
    /// Its people.
    pub people: u64,
    /// Those with a facility within the cutoff.
    pub reached: u64,
    /// Those who are served.
    pub served: u64,
    /// The fewest reached people who can be left unserved while as many as possible are served in all.
    pub least_unserved: u64,
    /// The most of them.
    pub most_unserved: u64,
}

impl UnitService {
    /// People who reach a facility and are not served.
    #[must_use]
    pub const fn unserved(&self) -> u64 {
        self.reached.saturating_sub(self.served)
    }
}

/// Prices that prove a plan to be the cheapest: see [`check_allocation`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// Per facility, what room for one person fewer would cost, in milliseconds or millimetres: the walking of
    /// those who have to give way, and `worth` where somebody loses service.
    pub price: Vec<u64>,
    /// What serving a further person is worth: more than walking can ever save.
    pub worth: u64,
}

/// Who is served where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allocation {
    /// How many are reached and served, and where capacity binds.
    pub totals: MostServed,
    /// The walking of all who are served, in milliseconds or millimetres times people: as little as possible.
    pub walking: u128,
    /// Whether a facility stands within the cutoff, per place.
    pub in_reach: Vec<bool>,
    /// People who are served, per place.
    pub served_at: Vec<u64>,
    /// People who come, per facility.
    pub used: Vec<u64>,
    /// Further people whom a facility could take; `None` where nothing limits it.
    pub free: Vec<Option<u64>>,
    /// Who goes where, in the order of the matrix.
    pub flows: Vec<(DemandIx, FacilityIx, u64)>,
    /// Units with people, ascending; places in none come first.
    pub units: Vec<UnitService>,
    /// The proof.
    pub certificate: Certificate,
    /// Pivots of the search.
    pub pivots: u64,
}

/// The best plan, and where capacity binds.
struct Best {
    network: Network,
    shortages: Shortages,
    homes: Homes,
    optimum: Optimum,
}

impl Best {
    fn new(task: &CapacityTask<'_>) -> Result<Self> {
        check_length("homes", task.homes.len(), task.people.len())?;
        let network = Network::new(task)?;
        let mut optimum = simplex::least_walking(&network);
        let shortages = Shortages::new(&network, &optimum.plan);
        let homes = Homes::new(task, &network);
        even::even_out(&network, &shortages, &homes, &mut optimum);
        Ok(Self { network, shortages, homes, optimum })
    }

    /// People who are served, per row of the matrix.
    fn served_at(&self, rows: usize) -> Vec<u64> {
        let mut served_at = vec![0; rows];
        let places = self.network.row.iter().zip(&self.network.people);
        for ((&row, people), unserved) in places.zip(&self.optimum.plan.unserved) {
            served_at[row] = people - unserved;
        }
        served_at
    }
}

/// People who are served, per place: [`Allocation::served_at`] without the rest of what [`allocate`] finds, which on a
/// large city is a quarter of the work.
///
/// # Errors
/// As [`allocate`].
///
/// ```
/// # use lifecircle_access::{CapacityTask, UnknownCapacity, served_at};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let ten = TravelTime::from_minutes(10);
/// let matrix = TravelMatrix::new(1, 1, ten, [(DemandIx(0), FacilityIx(0), ten)])?;
/// let task = CapacityTask {
///     matrix: &matrix,
///     within: ten.into(),
///     people: &[1000],
///     homes: &[None],
///     capacity: &[Some(600)],
///     unknown: UnknownCapacity::Refuse,
/// };
/// assert_eq!(served_at(&task)?, [600]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn served_at(task: &CapacityTask<'_>) -> Result<Vec<u64>> {
    Ok(Best::new(task)?.served_at(task.people.len()))
}

/// Serves the most people within the cutoff, with the least walking, evenly between units, and says where
/// capacity binds.
///
/// The search is a network simplex on a tree of facilities and split places; the proof that it carries is
/// checked by [`check_allocation`]. A pivot walks at most the facilities; measured figures stand in
/// `docs/measurements.md`. Ranges and evening out take two maximum flows per unit with a bottleneck.
///
/// # Errors
/// [`Error::LengthMismatch`](crate::Error::LengthMismatch) when a column does not fit the matrix;
/// [`Error::MatrixTooShort`](crate::Error::MatrixTooShort) and
/// [`Error::OtherUnit`](crate::Error::OtherUnit) as for every measure;
/// [`Error::UnknownCapacity`](crate::Error::UnknownCapacity) unless the task says what it counts as;
/// [`Error::TooLarge`](crate::Error::TooLarge) from 2⁶² people or 2²⁹ facilities.
///
/// ```
/// # use lifecircle_access::{CapacityTask, UnknownCapacity, allocate, check_allocation};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(0, 0, 10), (0, 1, 5), (1, 1, 12)];
/// let times = times.map(|(i, j, t)| (DemandIx(i), FacilityIx(j), min(t)));
/// let matrix = TravelMatrix::new(2, 2, min(15), times)?;
/// let task = CapacityTask {
///     matrix: &matrix,
///     within: min(15).into(),
///     people: &[1000, 1000],
///     homes: &[None, None],
///     capacity: &[Some(1000), Some(1000)],
///     unknown: UnknownCapacity::Refuse,
/// };
/// let found = allocate(&task)?;
/// // the first place leaves the nearer facility to the second, which has no other
/// assert_eq!((found.totals.served, found.served_at.as_slice()), (2000, [1000, 1000].as_slice()));
/// assert_eq!(found.walking, 1000 * (10 + 12) * 60_000);
/// check_allocation(&task, &found)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn allocate(task: &CapacityTask<'_>) -> Result<Allocation> {
    let best = Best::new(task)?;
    let served_at = best.served_at(task.people.len());
    let Best { network, shortages, homes, optimum } = best;
    let ranges = exchange::ranges(&network, &shortages, &homes, &optimum.plan);
    let plan = &optimum.plan;

    let used = plan.loads(&network);
    let mut found = Allocation {
        totals: MostServed::new(task, &network, plan, &shortages),
        in_reach: vec![false; task.people.len()],
        served_at,
        free: network.limit.iter().zip(&used).map(|(limit, used)| limit.map(|limit| limit - used)).collect(),
        used,
        units: homes.units.iter().map(|&unit| UnitService { unit, ..UnitService::default() }).collect(),
        certificate: Certificate {
            // neither is negative: see the search
            price: optimum.price.iter().map(|price| price.unsigned_abs()).collect(),
            worth: optimum.worth.unsigned_abs(),
        },
        pivots: optimum.pivots,
        ..Allocation::default()
    };
    for (place, &row) in network.row.iter().enumerate() {
        found.in_reach[row] = true;
        for pair in network.pairs(place).filter(|&pair| plan.people[pair] > 0) {
            let people = plan.people[pair];
            found.walking += u128::from(network.cost[pair]) * u128::from(people);
            found.flows.push((DemandIx::new(row), FacilityIx::new(network.facility[pair]), people));
        }
    }
    for (row, &people) in task.people.iter().enumerate().filter(|(_, people)| **people > 0) {
        let unit = &mut found.units[homes.of_row[row]];
        unit.people += people;
        unit.served += found.served_at[row];
        if found.in_reach[row] {
            unit.reached += people;
        }
    }
    for (unit, (least, most)) in found.units.iter_mut().zip(ranges) {
        (unit.least_unserved, unit.most_unserved) = (least, most);
    }
    Ok(found)
}
