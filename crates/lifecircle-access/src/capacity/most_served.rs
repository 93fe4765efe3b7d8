//! How many people can be served, and where capacity binds, by a maximum flow: without asking who walks where.

use lifecircle_types::FacilityIx;

use super::cut::Shortages;
use super::flow::{ENDLESS, FlowGraph, Way};
use super::network::{Network, Plan};
use super::{Bottleneck, CapacityTask};
use crate::Result;
use crate::pairs::facilities_where;

/// How many people can be served within the cutoff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MostServed {
    /// All people.
    pub people: u64,
    /// People with a facility within the cutoff, whatever its capacity.
    pub reached: u64,
    /// The most people who can be served.
    pub served: u64,
    /// Where capacity binds, by the first of their places.
    pub bottlenecks: Vec<Bottleneck>,
    /// Facilities whose capacity was not known.
    pub assumed: Vec<FacilityIx>,
}

impl MostServed {
    /// People who reach a facility and are not served: covered, but without a place.
    #[must_use]
    pub const fn unserved(&self) -> u64 {
        self.reached.saturating_sub(self.served)
    }

    /// People with no facility within the cutoff.
    #[must_use]
    pub const fn unreached(&self) -> u64 {
        self.people.saturating_sub(self.reached)
    }

    pub(super) fn new(
        task: &CapacityTask<'_>,
        network: &Network,
        plan: &Plan,
        shortages: &Shortages,
    ) -> Self {
        let reached: u64 = network.people.iter().sum();
        Self {
            people: task.people.iter().sum(),
            reached,
            served: reached - plan.unserved.iter().sum::<u64>(),
            bottlenecks: shortages.bottlenecks(network),
            assumed: facilities_where(task.capacity.len(), |facility| task.capacity[facility].is_none()),
        }
    }
}

/// The most people that facilities within the cutoff can serve, and where capacity binds; none of it depends
/// on who is served.
///
/// The same counts and bottlenecks as [`allocate`](crate::allocate) finds, sooner and by another way: a
/// maximum flow (Dinitz 1970). Who has no facility within the cutoff is not reached; who has one and finds no
/// room is reached and unserved.
///
/// # Errors
/// As [`allocate`](crate::allocate).
///
/// ```
/// # use lifecircle_access::{CapacityTask, UnknownCapacity, most_served};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let matrix = TravelMatrix::new(3, 1, min(15), [0, 1].map(|i| (DemandIx(i), FacilityIx(0), min(9))))?;
/// let task = CapacityTask {
///     matrix: &matrix,
///     within: min(15).into(),
///     people: &[60, 50, 40],
///     homes: &[None; 3],
///     capacity: &[Some(80)],
///     unknown: UnknownCapacity::Refuse,
/// };
/// let found = most_served(&task)?;
/// assert_eq!((found.served, found.unserved(), found.unreached()), (80, 30, 40));
/// assert_eq!(found.bottlenecks[0].shortage(), 30);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn most_served(task: &CapacityTask<'_>) -> Result<MostServed> {
    let network = Network::new(task)?;
    let plan = largest_flow(&network);
    Ok(MostServed::new(task, &network, &plan, &Shortages::new(&network, &plan)))
}

fn largest_flow(network: &Network) -> Plan {
    let (facilities, places) = (network.facilities(), network.places());
    let (source, sink) = (facilities + places, facilities + places + 1);
    let rooms = network.room.iter().enumerate().map(|(facility, &room)| (facility, sink, room, 0));
    let mut arcs: Vec<_> = rooms.collect();
    for place in 0..places {
        arcs.push((source, facilities + place, network.people[place], 0));
    }
    for place in 0..places {
        let pairs = network.pairs(place);
        arcs.extend(pairs.map(|pair| (facilities + place, network.facility[pair], ENDLESS, 0)));
    }
    let (mut graph, at) = FlowGraph::new(sink + 1, &arcs);
    graph.run(source, sink, Way::Along, u64::MAX);
    let (of_places, of_pairs) = at[facilities..].split_at(places);
    Plan {
        people: of_pairs.iter().map(|&arc| graph.room_back(arc)).collect(),
        unserved: of_places.iter().map(|&arc| graph.room[arc]).collect(),
    }
}
