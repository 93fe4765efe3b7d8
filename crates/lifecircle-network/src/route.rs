//! The way behind a number: which streets, how far on each, and what that costs.
//!
//! The search that gives the cost is run once more, bounded by it, and walked back from the target: of all nodes that
//! were settled before `v` and lie exactly the cost of an arc before it, the one whose arc has the smallest index.
//! The route is thus one of the cheapest, always the same one, and its costs add up to the number.

use lifecircle_types::{Cost, LonLat, Millimetres};
use petgraph::Direction;
use petgraph::visit::{EdgeRef, IntoEdgesDirected};

use crate::error::Result;
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::isochrone::clipped;
use crate::linkage::Link;
use crate::network::StreetNetwork;
use crate::search::{Reached, SearchSpace};
use crate::trip::{Spot, Stretch};

/// A stretch of one street.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RouteStep {
    /// Name of the street, where it has one.
    pub street: Option<String>,
    /// Way of the map, the first of several of one name.
    pub way: i64,
    /// Class of the street: the value of `highway`.
    pub highway: String,
    /// Length.
    pub length: Millimetres,
    /// Cost.
    pub cost: Cost,
}

/// A trip from door to door.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Route {
    /// Leg from the origin to its street.
    pub first_leg: Millimetres,
    /// Streets in order; neighbours differ in name, or in way where they have none.
    pub steps: Vec<RouteStep>,
    /// Leg from the street to the target.
    pub last_leg: Millimetres,
    /// Cost of the whole trip, legs included: that of the matrix and of the nearest facility.
    pub cost: Cost,
    /// Positions along the streets, from link to link.
    pub shape: Vec<LonLat>,
}

impl Route {
    /// Length of the whole trip, legs included.
    #[must_use]
    pub fn length(&self) -> Millimetres {
        self.first_leg + self.steps.iter().map(|step| step.length).sum::<Millimetres>() + self.last_leg
    }
}

/// How far a search for a route looks first: about a kilometre, or 17 minutes; four times as far each time it fails.
const FIRST_LOOK: u32 = 1 << 20;

/// The cheapest trip between two links; `None` when there is none, or only at 2^32 - 1 or more.
///
/// Takes O(k log k), k being the nodes up to four times as far as the target; all of them where there is no trip.
///
/// # Errors
/// [`Error::OtherLink`](crate::Error::OtherLink) when a link does not lie on the network.
///
/// ```
/// # use lifecircle_network::{BuildOptions, LinkOptions, Linker, NetworkBuilder, SearchSpace, WalkCosts, WalkGraph, WalkProfile, route};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # use lifecircle_types::Millimetres;
/// # let town = GridTown::new(4, 1, 100_000);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
/// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
/// # let walk = WalkGraph::new(&network, &costs)?;
/// let linker = Linker::new(walk, LinkOptions::default());
/// let linkage = linker.link(&[Some(town.position_at(30_000, -5_000)), Some(town.position_at(204_000, 50_000))]);
/// let (from, to) = (linkage.get(0).unwrap(), linkage.get(1).unwrap());
/// let route = route(walk, from, to, &mut SearchSpace::new())?.expect("a town without islands");
/// assert_eq!(route.length(), Millimetres::from_metres(5 + 170 + 50 + 4));
/// assert_eq!(route.steps.len(), 2); // east, then north
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
pub fn route(graph: WalkGraph<'_>, from: &Link, to: &Link, space: &mut SearchSpace) -> Result<Option<Route>> {
    let (start, end) = (Spot::new(graph, from)?, Spot::new(graph, to)?);
    let network = graph.network();
    let direct = start.directly(network, &end);
    let least =
        direct.map_or(u32::MAX, |direct| direct.cost.saturating_add(start.leg()).saturating_add(end.leg()));
    let seeds: Vec<(NodeIx, u32)> = start.departures().collect();
    let mut cutoff = least.min(FIRST_LOOK);
    let (cost, stretches) = loop {
        let reached = space.reach(graph, &seeds, cutoff, |arc| *arc.weight());
        let ends =
            end.arrivals().filter_map(|(node, rest)| Some((reached.cost(node)?.checked_add(rest)?, node)));
        let around = ends.min().filter(|&(cost, _)| direct.is_none() || cost < least);
        // what costs no more than the cutoff cannot be beaten by what lies beyond it
        let is_least = around.is_some_and(|(cost, _)| cost <= cutoff);
        if !is_least && cutoff < least {
            cutoff = cutoff.saturating_mul(4).min(least);
            continue;
        }
        match (around, direct) {
            (Some((cost, last)), _) => break (cost, way_back(graph, &reached, [&start, &end], last)),
            (None, Some(direct)) => break (least, vec![direct]),
            (None, None) => return Ok(None),
        }
    };
    Ok(Some(Route {
        first_leg: from.off_street,
        steps: steps(graph, &stretches),
        last_leg: to.off_street,
        cost: graph.unit().cost(cost),
        shape: shape(network, &stretches),
    }))
}

/// The stretches of a cheapest trip that leaves the network by way of the node `last`.
fn way_back(
    graph: WalkGraph<'_>,
    reached: &Reached<'_, WalkGraph<'_>>,
    [start, end]: [&Spot; 2],
    last: NodeIx,
) -> Vec<Stretch> {
    let network = graph.network();
    let mut order: Vec<(NodeIx, u32)> = reached.iter().map(|(node, _)| node).zip(0..).collect();
    order.sort_unstable();
    let rank = |node: NodeIx| order.binary_search_by_key(&node, |entry| entry.0).ok().map(|at| order[at].1);
    let cheapest = |stretches: &mut dyn Iterator<Item = (NodeIx, Stretch)>, node: NodeIx| {
        stretches.filter(|&(at, _)| at == node).map(|(_, stretch)| stretch).min_by_key(|stretch| stretch.cost)
    };
    let mut stretches: Vec<Stretch> = Vec::new();
    stretches.extend(cheapest(&mut end.arriving(network), last));
    let mut node = last;
    while let (Some(cost), Some(at)) = (reached.cost(node), rank(node)) {
        let first = cheapest(&mut start.departing(network), node);
        if let Some(first) = first.filter(|first| first.cost.checked_add(start.leg()) == Some(cost)) {
            stretches.push(first);
            break;
        }
        let before = graph.edges_directed(node, Direction::Incoming).filter(|arc| {
            let tail = arc.source();
            rank(tail).is_some_and(|rank| rank < at)
                && reached.cost(tail).and_then(|tail| tail.checked_add(*arc.weight())) == Some(cost)
        });
        let Some(arc) = before.min_by_key(EdgeRef::id) else { break };
        let to = network.length(arc.id()).get();
        stretches.push(Stretch { arc: arc.id(), from: 0, to, cost: *arc.weight() });
        node = arc.source();
    }
    stretches.reverse();
    stretches
}

/// Stretches of one name after another as one step; those without a name by way. Stretches without length are none.
fn steps(graph: WalkGraph<'_>, stretches: &[Stretch]) -> Vec<RouteStep> {
    let network = graph.network();
    let mut steps: Vec<RouteStep> = Vec::new();
    let mut cost = 0_u32;
    for stretch in stretches.iter().filter(|stretch| stretch.from < stretch.to) {
        let segment = network.segment(stretch.arc);
        let length = Millimetres::new(stretch.to - stretch.from);
        match steps.last_mut() {
            Some(last)
                if last.street.as_deref() == segment.name()
                    && (segment.name().is_some() || last.way == segment.way_id()) =>
            {
                cost = cost.saturating_add(stretch.cost);
                last.length += length;
                last.cost = graph.unit().cost(cost);
            }
            _ => {
                cost = stretch.cost;
                steps.push(RouteStep {
                    street: segment.name().map(str::to_owned),
                    way: segment.way_id(),
                    highway: segment.highway().into(),
                    length,
                    cost: graph.unit().cost(cost),
                });
            }
        }
    }
    steps
}

fn shape(network: &StreetNetwork, stretches: &[Stretch]) -> Vec<LonLat> {
    let mut shape: Vec<LonLat> = Vec::new();
    for stretch in stretches {
        let points: Vec<LonLat> = network.shape(stretch.arc).collect();
        for at in clipped(&points, stretch.from, stretch.to) {
            if shape.last() != Some(&at) {
                shape.push(at);
            }
        }
    }
    shape
}
