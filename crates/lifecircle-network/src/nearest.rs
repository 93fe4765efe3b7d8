//! The nearest facility of every origin, service by service.
//!
//! For one service every target is a source of a single search over the reversed graph: a node's label is then
//! the cheapest way *from* the node *to* a target, right on asymmetric costs too. An origin tries both ends
//! of its street, and the direct stretch to the targets on its own segment. Targets that cannot be reached,
//! or only at 2^32 - 1 or more, are nobody's nearest.
//!
//! Services are searched one by one, or 16 at a time by the sweeps of a [`PreparedGraph`]. Making one for a
//! single run costs at least as much as settling about [`PREPARING`] times all nodes, so it is begun when the first
//! service settles so many nodes that the others can be expected to settle more. On streets it does not cost much
//! more; perfect blocks take many times as long, so it is given up when it is foreseen to read more than
//! [`ENTRIES`] for every node that the searches can be expected to settle. All of this is counted and not timed, so
//! the same run always goes the same way; both ways give the same answers.

use lifecircle_types::{Cost, Progress};
use petgraph::visit::{EdgeRef, Reversed};

use crate::error::{Error, Result};
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::linkage::{Link, Linkage};
use crate::network::StreetNetwork;
use crate::order::{EliminationOrder, PreparedGraph};
use crate::queries::Ticks;
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
/// `cutoff` (inclusive; no limit without one). Takes one search a service, O((n + m) log n), independent of
/// the number of origins but for one look-up each; many services are answered side by side, as by
/// [`PreparedGraph::nearest_each`]. Link origins and targets with the same graph.
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
    let mut answers = nearest_for_walkers(&[Errand { graph, origins, services, cutoff }], progress)?;
    Ok(answers.pop().unwrap_or_default())
}

/// What one walker asks: which services, from where, within which cutoff.
#[derive(Clone, Copy, Debug)]
pub struct Errand<'a> {
    /// The streets as the walker walks them.
    pub graph: WalkGraph<'a>,
    /// The origins, linked with that graph.
    pub origins: &'a Linkage,
    /// The targets of each service, linked with that graph.
    pub services: &'a [Vec<Target>],
    /// The longest trip, inclusive; no limit without one.
    pub cutoff: Option<Cost>,
}

/// What [`nearest_each`] answers, for several walkers or cutoffs in one call: `answer[errand][service][origin]`.
///
/// Streets are ordered at most once, as an order serves every walker of a network.
///
/// # Errors
/// As [`nearest_each`].
pub fn nearest_for_walkers(
    errands: &[Errand<'_>],
    progress: &dyn Progress,
) -> Result<Vec<Vec<Vec<Option<NearestTrip>>>>> {
    let mut known: Option<(&StreetNetwork, Ordered)> = None;
    errands.iter().map(|errand| nearest_for(errand, &mut known, progress)).collect()
}

/// What became of the wish to order a network.
enum Ordered {
    Made(EliminationOrder),
    /// It would cost more than searches that settle so many nodes.
    GivenUp(u64),
}

/// One errand; `known` holds the order of a network, where one was asked for.
fn nearest_for<'a>(
    errand: &Errand<'a>,
    known: &mut Option<(&'a StreetNetwork, Ordered)>,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Option<NearestTrip>>>> {
    let graph = errand.graph;
    let cutoff = errand.cutoff.map_or(Ok(LONGEST), |cutoff| raw_cutoff(graph, cutoff))?;
    let origins = spots(graph, errand.origins)?;
    let services =
        errand.services.iter().map(|targets| Service::new(graph, targets)).collect::<Result<Vec<_>>>()?;
    let ticks = Ticks::new(STEP, services.len(), progress)?;
    let Some((first, others)) = services.split_first() else { return Ok(Vec::new()) };
    let mut space = SearchSpace::new();
    let mut answers = vec![first.search(graph, &origins, cutoff, &mut space, &ticks)?];
    ticks.one()?;
    let expected = space.settled_count() as u64 * others.len() as u64;
    let network = graph.network();
    let of_network = known.take().filter(|(known, _)| core::ptr::eq(*known, network));
    let is_open = match &of_network {
        None => true,
        // twice the searches allow twice the work, so that what is given up adds up to less than twice the last
        Some((_, Ordered::GivenUp(before))) => expected >= before.saturating_mul(2),
        Some((_, Ordered::Made(_))) => false,
    };
    *known = if is_open && expected >= PREPARING * network.node_count() as u64 {
        let order = order_of(graph, expected.saturating_mul(ENTRIES), progress)?;
        Some((network, order.map_or(Ordered::GivenUp(expected), Ordered::Made)))
    } else {
        of_network
    };
    if let Some((_, Ordered::Made(order))) = known {
        let prepared = PreparedGraph::new(graph, order, progress)?;
        answers.extend(prepared.nearest_of_services(&origins, others, cutoff, &ticks)?);
    } else {
        answers.extend(map_rows(others, SearchSpace::new, |space, service| {
            let answer = service.search(graph, &origins, cutoff, space, &ticks)?;
            ticks.one()?;
            Ok::<_, Error>(answer)
        })?);
    }
    Ok(answers)
}

pub(crate) const STEP: &str = "nearest facilities";

/// The greatest cost of a trip.
pub(crate) const LONGEST: u32 = u32::MAX - 1;

/// How many times all nodes are settled in the time it takes to order and prepare a network.
const PREPARING: u64 = 6;

/// Entries of lists that an order may read for every node that searches can be expected to settle: with all that follows
/// from them they take less time than that.
const ENTRIES: u64 = 24;

/// The targets of a service: where their trips leave the network, and on which segments they lie.
pub(crate) struct Service {
    /// Node, cost from there, owner.
    pub(crate) sources: Vec<(NodeIx, u32, u32)>,
    /// Spot and owner, by segment.
    on_segment: Vec<(Spot, u32)>,
}

impl Service {
    pub(crate) fn new(graph: WalkGraph<'_>, targets: &[Target]) -> Result<Self> {
        let mut on_segment = Vec::with_capacity(targets.len());
        let mut sources = Vec::with_capacity(2 * targets.len());
        for target in targets {
            let spot = Spot::new(graph, &target.link)?;
            sources.extend(spot.arrivals().map(|(node, cost)| (node, cost, target.owner)));
            on_segment.push((spot, target.owner));
        }
        on_segment.sort_by_key(|(spot, owner)| (spot.segment, *owner));
        Ok(Self { sources, on_segment })
    }

    fn search(
        &self,
        graph: WalkGraph<'_>,
        origins: &[Option<Spot>],
        cutoff: u32,
        space: &mut SearchSpace,
        ticks: &Ticks<'_>,
    ) -> Result<Vec<Option<NearestTrip>>> {
        let ask = |settled| ticks.ask(settled);
        let nearest =
            space.nearest_unless(Reversed(graph), &self.sources, cutoff, |arc| *arc.weight(), ask)?;
        Ok(self.answers(graph, origins, cutoff, |node| nearest.get(node)))
    }

    /// Costs and owners of the trips that stay on the origin's segment.
    pub(crate) fn direct<'s>(&'s self, origin: &'s Spot) -> impl Iterator<Item = (u32, u32)> + use<'s> {
        let start = self.on_segment.partition_point(|(spot, _)| spot.segment < origin.segment);
        let here = self.on_segment[start..].iter().take_while(|(spot, _)| spot.segment == origin.segment);
        here.filter_map(|(spot, owner)| Some((origin.direct(spot)?, *owner)))
    }

    /// The nearest target of every origin, given cost and owner of the one nearest to a node.
    pub(crate) fn answers(
        &self,
        graph: WalkGraph<'_>,
        origins: &[Option<Spot>],
        cutoff: u32,
        label: impl Fn(NodeIx) -> Option<(u32, u32)>,
    ) -> Vec<Option<NearestTrip>> {
        let answer = |origin: &Spot| {
            let around = origin.departures().filter_map(|(node, cost)| {
                let (rest, owner) = label(node)?;
                Some((cost.checked_add(rest)?, owner))
            });
            let trips = around.chain(self.direct(origin));
            let (cost, owner) = trips.filter(|&(cost, _)| cost <= cutoff).min()?;
            Some(NearestTrip { owner, cost: graph.unit().cost(cost) })
        };
        origins.iter().map(|origin| origin.as_ref().and_then(answer)).collect()
    }
}

/// The order of the graph's network; `None` when it takes more than about `work` entries of lists.
pub(crate) fn order_of(
    graph: WalkGraph<'_>,
    work: u64,
    progress: &dyn Progress,
) -> Result<Option<EliminationOrder>> {
    match EliminationOrder::within(graph.network(), work, progress) {
        Ok(order) => Ok(Some(order)),
        Err(Error::TooTangled { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The raw number of `cutoff`, if it counts what the graph counts; at most [`LONGEST`].
pub(crate) fn raw_cutoff(graph: WalkGraph<'_>, cutoff: Cost) -> Result<u32> {
    if cutoff.unit() == graph.unit() {
        Ok(cutoff.raw().min(LONGEST))
    } else {
        Err(Error::WrongUnit { expected: graph.unit(), found: cutoff.unit() })
    }
}

/// The spots of linked points, in their order.
pub(crate) fn spots(graph: WalkGraph<'_>, linkage: &Linkage) -> Result<Vec<Option<Spot>>> {
    linkage.links().map(|link| link.map(|link| Spot::new(graph, link)).transpose()).collect()
}
