//! The nearest facility of every origin, service by service.
//!
//! For one service every target is a source of a single sweep over the reversed graph: a node's label is then
//! the cheapest way *from* the node *to* a target, right on asymmetric costs too. An origin tries both ends
//! of its street, and the direct stretch to the targets on its own segment. Targets that cannot be reached,
//! or only at 2^32 - 1 or more, are nobody's nearest.

use core::sync::atomic::{AtomicU64, Ordering};

use lifecircle_types::{Cost, Progress};
use petgraph::visit::{EdgeRef, Reversed};

use crate::error::{Error, Result};
use crate::graph::WalkGraph;
use crate::linkage::{Link, Linkage};
use crate::rows::map_rows;
use crate::search::SearchSpace;
use crate::trip::Spot;

/// One way in of a facility: a facility with several entrances has several targets with one owner.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Target {
    /// The facility, in the caller's numbering.
    pub owner: u32,
    /// Where it touches the street.
    pub link: Link,
}

/// The trip to the nearest facility of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NearestTrip {
    /// The facility, in the caller's numbering.
    pub owner: u32,
    /// Cost of the whole trip, both legs off the street included.
    pub cost: Cost,
}

/// For each of `services` the nearest target of every origin: `answer[service][origin]`.
///
/// Costs are those of whole trips, from the origin's leg to its street to the target's leg from the street;
/// ties go to the smaller owner. `None` where the origin has no link, or no target can be reached within
/// `cutoff` (inclusive; no limit without one). Takes one sweep a service, O((n + m) log n), independent of
/// the number of origins but for one look-up each. Link origins and targets with the same graph.
///
/// # Errors
/// [`Error::WrongUnit`] when the cutoff is not in the unit of the graph, [`Error::OtherLink`] when a link does
/// not lie on the network, [`Error::Cancelled`] when `progress` asks to stop.
pub fn nearest_each(
    graph: WalkGraph<'_>,
    origins: &Linkage,
    services: &[Vec<Target>],
    cutoff: Option<Cost>,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Option<NearestTrip>>>> {
    let cutoff = cutoff.map_or(Ok(u32::MAX), |cutoff| raw_cutoff(graph, cutoff))?;
    let origins = spots(graph, origins)?;
    let total = services.len() as u64;
    let done = AtomicU64::new(0);
    progress.advance(STEP, 0, total)?;
    map_rows(services, SearchSpace::new, |space, targets| {
        let answer = nearest_of(graph, &origins, targets, cutoff, space)?;
        progress.advance(STEP, done.fetch_add(1, Ordering::Relaxed) + 1, total)?;
        Ok(answer)
    })
}

const STEP: &str = "nearest facilities";

fn nearest_of(
    graph: WalkGraph<'_>,
    origins: &[Option<Spot>],
    targets: &[Target],
    cutoff: u32,
    space: &mut SearchSpace,
) -> Result<Vec<Option<NearestTrip>>> {
    let mut on_segment = Vec::with_capacity(targets.len());
    let mut sources = Vec::with_capacity(2 * targets.len());
    for target in targets {
        let spot = Spot::new(graph, &target.link)?;
        sources.extend(spot.arrivals().map(|(node, cost)| (node, cost, target.owner)));
        on_segment.push((spot, target.owner));
    }
    on_segment.sort_by_key(|(spot, owner)| (spot.segment, *owner));
    let nearest = space.nearest(Reversed(graph), &sources, cutoff, |arc| *arc.weight());
    let answer = |origin: &Spot| {
        let around = origin.departures().filter_map(|(node, cost)| {
            let (rest, owner) = nearest.get(node)?;
            Some((cost.checked_add(rest)?, owner))
        });
        let start = on_segment.partition_point(|(spot, _)| spot.segment < origin.segment);
        let direct = on_segment[start..]
            .iter()
            .take_while(|(spot, _)| spot.segment == origin.segment)
            .filter_map(|(spot, owner)| Some((origin.direct(spot)?, *owner)));
        let (cost, owner) = around.chain(direct).filter(|&(cost, _)| cost <= cutoff).min()?;
        Some(NearestTrip { owner, cost: graph.unit().cost(cost) })
    };
    Ok(origins.iter().map(|origin| origin.as_ref().and_then(answer)).collect())
}

/// The raw number of `cutoff`, if it counts what the graph counts.
pub(crate) fn raw_cutoff(graph: WalkGraph<'_>, cutoff: Cost) -> Result<u32> {
    if cutoff.unit() == graph.unit() {
        Ok(cutoff.raw())
    } else {
        Err(Error::WrongUnit { expected: graph.unit(), found: cutoff.unit() })
    }
}

/// The spots of linked points, in their order.
pub(crate) fn spots(graph: WalkGraph<'_>, linkage: &Linkage) -> Result<Vec<Option<Spot>>> {
    linkage.links().map(|link| link.map(|link| Spot::new(graph, link)).transpose()).collect()
}
