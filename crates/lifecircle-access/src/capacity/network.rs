//! The part of a task in which somebody can go somewhere.
//!
//! Places are those with people and a facility within the cutoff, in the order of the matrix; the pairs of
//! place `i` are `row_start[i]..row_start[i + 1]`, by facility. Facilities keep their columns. `room[j]` is
//! the capacity of facility `j`, and one more than all people where nothing limits it.

use core::ops::Range;

use super::{CapacityTask, UnknownCapacity};
use crate::pairs::{check_length, check_reach};
use crate::{Error, Result};

/// More people than this are refused, so that no sum of theirs leaves 64 bits.
const MOST_PEOPLE: u64 = 1 << 62;

/// More facilities than this are refused: potentials of the search stay within 63 bits.
const MOST_FACILITIES: usize = 1 << 29;

pub(super) struct Network {
    /// Row of the matrix, per place.
    pub(super) row: Vec<usize>,
    pub(super) people: Vec<u64>,
    row_start: Vec<usize>,
    /// Facility, per pair.
    pub(super) facility: Vec<usize>,
    /// Milliseconds or millimetres, per pair.
    pub(super) cost: Vec<u32>,
    /// Per facility.
    pub(super) room: Vec<u64>,
    /// Per facility; `None` where nothing limits it.
    pub(super) limit: Vec<Option<u64>>,
}

impl Network {
    pub(super) fn new(task: &CapacityTask<'_>) -> Result<Self> {
        check_length("people", task.people.len(), task.matrix.rows())?;
        check_length("capacity", task.capacity.len(), task.matrix.columns())?;
        check_reach(task.matrix, task.within)?;
        let all = task.people.iter().try_fold(0_u64, |all, &people| all.checked_add(people));
        let all = all.filter(|&all| all < MOST_PEOPLE && task.capacity.len() < MOST_FACILITIES);
        let all = all.ok_or(Error::TooLarge { what: "people or facilities" })?;
        let mut network = Self {
            row: vec![],
            people: vec![],
            row_start: vec![0],
            facility: vec![],
            cost: vec![],
            room: Vec::with_capacity(task.capacity.len()),
            limit: Vec::with_capacity(task.capacity.len()),
        };
        for (facility, &capacity) in task.capacity.iter().enumerate() {
            let capacity = match (capacity, task.unknown) {
                (Some(capacity), _) => Some(capacity),
                (None, UnknownCapacity::Refuse) => return Err(Error::UnknownCapacity { facility }),
                (None, UnknownCapacity::Nobody) => Some(0),
                (None, UnknownCapacity::Everybody) => None,
            };
            network.room.push(capacity.map_or(all + 1, |capacity| capacity.min(all + 1)));
            network.limit.push(capacity);
        }
        for (row, &people) in task.people.iter().enumerate() {
            if people == 0 {
                continue;
            }
            let before = network.cost.len();
            for (facility, cost) in task.matrix.row(lifecircle_types::DemandIx::new(row)) {
                if cost.raw() <= task.within.raw() {
                    network.facility.push(facility.index());
                    network.cost.push(cost.raw());
                }
            }
            if network.cost.len() > before {
                network.row.push(row);
                network.people.push(people);
                network.row_start.push(network.cost.len());
            }
        }
        Ok(network)
    }

    pub(super) fn places(&self) -> usize {
        self.people.len()
    }

    pub(super) fn facilities(&self) -> usize {
        self.room.len()
    }

    /// The pairs of a place.
    pub(super) fn pairs(&self, place: usize) -> Range<usize> {
        self.row_start[place]..self.row_start[place + 1]
    }
}

/// Who goes where: people per pair, and people per place who go nowhere.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) people: Vec<u64>,
    pub(super) unserved: Vec<u64>,
}

impl Plan {
    /// People who come to every facility.
    pub(super) fn loads(&self, network: &Network) -> Vec<u64> {
        let mut loads = vec![0; network.facilities()];
        for (&facility, &people) in network.facility.iter().zip(&self.people) {
            loads[facility] += people;
        }
        loads
    }
}
