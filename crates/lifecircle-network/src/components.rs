//! The parts of a network between which nobody can walk.

use std::collections::BTreeMap;

use lifecircle_types::{BoundingBox, CostUnit, LonLat};

use crate::costs::WalkCosts;
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::network::StreetNetwork;
use crate::profile::WalkProfile;

lifecircle_types::word_enum! {
    /// Why streets do not hang together with the main component, as far as the map tells.
    IslandCause, "cause of an island" {
        /// Private streets or closed gates lie between: with gates open it is part of the main component.
        Private = "private",
        /// Streets that this walker may not use lie between.
        Closed = "closed",
        /// It comes within 100 m of the edge of the map, beyond which streets may go on.
        Edge = "edge",
        /// No street of the map leads to it.
        Apart = "apart",
    }
}

/// Nodes and streets that hang together.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct StreetComponent {
    /// Its first node, by which [`WalkCosts::component`] names it.
    pub first: NodeIx,
    /// Nodes.
    pub nodes: usize,
    /// Segments that can be walked, in either direction.
    pub segments: usize,
    /// Their length in metres.
    pub length_m: f64,
    /// The smallest rectangle around them.
    pub bounds: BoundingBox,
    /// Where its first node is.
    pub position: LonLat,
    /// Why it is an island; `None` of the main component.
    pub cause: Option<IslandCause>,
}

/// How near to the edge of the map streets end there, in metres.
const EDGE_M: f64 = 100.0;

/// Every component of `graph` with its size, the main one first, then the longest, equals by first node; and why islands
/// are islands. `walker` is the one whose costs the graph has. Takes O((n + m) log n).
///
/// ```
/// # use lifecircle_network::{BuildOptions, IslandCause, NetworkBuilder, WalkCosts, WalkGraph, WalkProfile, street_components};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # use lifecircle_types::{StreetRecords, StreetWay, Tags};
/// # let town = GridTown::new(3, 1, 500_000);
/// # let records = town.records();
/// // three blocks of which the streets of the middle one may not be walked
/// # let mut ways = records.ways().to_vec();
/// # ways.retain(|way| way.id > 2);
/// # for (id, nodes, access) in [(10, vec![1, 2], "yes"), (11, vec![3, 4], "yes"), (12, vec![2, 3], "no")] {
/// #     ways.push(StreetWay { id, nodes, tags: Tags::new([("highway", "footway"), ("access", access)]) });
/// # }
/// # let records = StreetRecords::new(records.nodes().to_vec(), ways);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&records)?.value;
/// let walker = WalkProfile::standard();
/// let costs = WalkCosts::lengths(&network, &walker);
/// let components = street_components(WalkGraph::new(&network, &costs)?, &walker);
/// assert_eq!(components.len(), 2);
/// assert_eq!((components[0].segments, components[0].cause), (3, None));
/// assert_eq!(components[1].cause, Some(IslandCause::Closed));
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
#[must_use]
pub fn street_components(graph: WalkGraph<'_>, walker: &WalkProfile) -> Vec<StreetComponent> {
    let (network, costs) = (graph.network(), graph.costs());
    let mut found: BTreeMap<NodeIx, (StreetComponent, u64)> = BTreeMap::new();
    for segment in network.segments() {
        if ![segment.along(), segment.against()].iter().any(|&arc| costs.permits(arc)) {
            continue;
        }
        let first = costs.component(network.tail(segment.along()));
        let Some(here) = BoundingBox::around(segment.shape().iter().copied()) else { continue };
        let (component, length) = found.entry(first).or_insert_with(|| {
            let position = network.position(first);
            let empty = StreetComponent {
                first,
                nodes: 0,
                segments: 0,
                length_m: 0.0,
                bounds: here,
                position,
                cause: None,
            };
            (empty, 0)
        });
        component.segments += 1;
        *length += u64::from(segment.length().get());
        let corners = [component.bounds.min, component.bounds.max, here.min, here.max];
        component.bounds = BoundingBox::around(corners).unwrap_or(here);
    }
    for node in network.nodes() {
        if let Some((component, _)) = found.get_mut(&costs.component(node)) {
            component.nodes += 1;
        }
    }
    let opened = WalkCosts::lengths(network, &walker.clone().with_gates_open());
    let everything =
        WalkCosts::custom(network, walker, CostUnit::Length, |arc| Some(network.length(arc).get()));
    let main = network.nodes().find(|&node| costs.is_main(node));
    let joined =
        |costs: &WalkCosts, node| main.is_some_and(|main| costs.component(main) == costs.component(node));
    let mut all: Vec<(StreetComponent, u64)> = found.into_values().collect();
    for (component, length) in &mut all {
        #[expect(clippy::cast_precision_loss, reason = "lengths of streets, for display")]
        let length_m = *length as f64 / 1000.0;
        component.length_m = length_m;
        component.cause = (!costs.is_main(component.first)).then(|| {
            if joined(&opened, component.first) {
                IslandCause::Private
            } else if joined(&everything, component.first) {
                IslandCause::Closed
            } else if touches_edge(network, &component.bounds) {
                IslandCause::Edge
            } else {
                IslandCause::Apart
            }
        });
    }
    all.sort_by_key(|(component, length)| {
        (component.cause.is_some(), core::cmp::Reverse(*length), component.first)
    });
    all.into_iter().map(|(component, _)| component).collect()
}

/// Whether `bounds` comes near an edge of the map.
fn touches_edge(network: &StreetNetwork, bounds: &BoundingBox) -> bool {
    let Some(map) = network.bounding_box() else { return false };
    let at = |lon, lat| LonLat::new(lon, lat).ok();
    let near = |from: Option<LonLat>, to: Option<LonLat>| {
        from.zip(to).is_some_and(|(from, to)| from.metres_to(to) <= EDGE_M)
    };
    let (low, high) = (bounds.min, bounds.max);
    near(at(low.lon(), low.lat()), at(map.min.lon(), low.lat()))
        || near(at(high.lon(), high.lat()), at(map.max.lon(), high.lat()))
        || near(at(low.lon(), low.lat()), at(low.lon(), map.min.lat()))
        || near(at(high.lon(), high.lat()), at(high.lon(), map.max.lat()))
}
