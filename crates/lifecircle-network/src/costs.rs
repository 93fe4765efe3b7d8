//! What a walker pays on every arc: the metric, apart from the topology.
//!
//! Costs are whole milliseconds or millimetres, one `u32` per arc of the network. An arc without a cost is
//! impassable. The passable arcs are laid out once more, with their costs, as rows of [`Step`]s: those that
//! leave a node in `out`, those that enter it in `into`. Searches read only these rows.
//!
//! Nodes that passable arcs join, in whatever direction, form a component. The main component is the one
//! with the greatest total length of passable segments, ties going to the smallest node id in the map; every
//! other is an island.

use lifecircle_types::{CostUnit, Speed};
use petgraph::unionfind::UnionFind;

use crate::build::first_rows;
use crate::ids::{ArcIx, NodeIx};
use crate::network::StreetNetwork;
use crate::profile::{PrivateStreets, WalkProfile};

/// Marks an impassable arc in the array of costs; real costs stay below.
const IMPASSABLE: u32 = u32::MAX;

/// A passable arc as seen from one of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The other end.
    pub(crate) node: u32,
    /// Cost of the arc.
    pub(crate) cost: u32,
    /// The arc.
    pub(crate) arc: u32,
}

/// The costs of one profile on one network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkCosts {
    profile: String,
    unit: CostUnit,
    speed: Speed,
    cost: Vec<u32>,
    first_out: Vec<u32>,
    out: Vec<Step>,
    first_in: Vec<u32>,
    into: Vec<Step>,
    component: Vec<u32>,
    main: Option<u32>,
}

impl WalkCosts {
    /// Costs in millimetres: every street the profile may use by its tags costs its length.
    #[must_use]
    pub fn lengths(network: &StreetNetwork, profile: &WalkProfile) -> Self {
        let permitted = permitted(network, profile);
        Self::custom(network, profile, CostUnit::Length, |arc| {
            permitted(arc).then(|| network.length(arc).get())
        })
    }

    /// Costs in milliseconds at the profile's speed on the level, without waits; each arc is rounded to the nearest
    /// millisecond. [`times_on`](Self::times_on) counts slopes, stairs, winter and crossings as well.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, NetworkBuilder, WalkCosts, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # use lifecircle_types::TravelTime;
    /// let town = GridTown::new(1, 1, 100_000); // a block of 100 m
    /// let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// let costs = WalkCosts::times(&network, &WalkProfile::standard());
    /// for arc in network.arcs() {
    ///     assert_eq!(costs.cost(arc), Some(TravelTime::from_secs(90).into())); // 1000 m in 15 minutes
    /// }
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    #[must_use]
    pub fn times(network: &StreetNetwork, profile: &WalkProfile) -> Self {
        let permitted = permitted(network, profile);
        Self::custom(network, profile, CostUnit::Time, |arc| {
            permitted(arc).then(|| profile.speed.time_for(network.length(arc)).as_millis())
        })
    }

    /// Costs of your own, in `unit`: `cost` says what an arc takes, `None` for an impassable one. It alone
    /// decides who passes; the profile lends its key and, for legs off the street, its speed. Costs may
    /// differ between the two directions of a street; 2^32 - 1 saturates to one less.
    #[must_use]
    pub fn custom(
        network: &StreetNetwork,
        profile: &WalkProfile,
        unit: CostUnit,
        cost: impl FnMut(ArcIx) -> Option<u32>,
    ) -> Self {
        Self::laid(network, &profile.key, profile.speed, unit, cost)
    }

    /// The same costs of some arcs alone.
    pub(crate) fn only(&self, network: &StreetNetwork, keep: impl Fn(ArcIx) -> bool) -> Self {
        let kept = |arc| if keep(arc) { self.raw(arc) } else { None };
        Self::laid(network, &self.profile, self.speed, self.unit, kept)
    }

    /// The opposite costs: of every arc that of the one back, for the way home.
    #[must_use]
    pub fn reversed(&self, network: &StreetNetwork) -> Self {
        Self::laid(network, &self.profile, self.speed, self.unit, |arc| self.raw(network.opposite(arc)))
    }

    fn laid(
        network: &StreetNetwork,
        profile: &str,
        speed: Speed,
        unit: CostUnit,
        mut cost: impl FnMut(ArcIx) -> Option<u32>,
    ) -> Self {
        let cost: Vec<u32> =
            network.arcs().map(|arc| cost(arc).map_or(IMPASSABLE, |cost| cost.min(IMPASSABLE - 1))).collect();
        let (first_out, out) = rows(network, &cost, network.arcs(), &network.tail, &network.head);
        let entering = network.in_arc.iter().map(|&arc| ArcIx(arc));
        let (first_in, into) = rows(network, &cost, entering, &network.head, &network.tail);
        let (component, main) = components(network, &cost);
        Self { profile: profile.into(), unit, speed, cost, first_out, out, first_in, into, component, main }
    }

    /// The unit of every cost.
    #[must_use]
    pub const fn unit(&self) -> CostUnit {
        self.unit
    }

    /// The pace of legs off the street.
    #[must_use]
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// Key of the profile the costs were made for.
    #[must_use]
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// What `arc` costs; `None` when it is impassable.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn cost(&self, arc: ArcIx) -> Option<lifecircle_types::Cost> {
        self.raw(arc).map(|cost| self.unit.cost(cost))
    }

    /// Whether `arc` can be walked.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn permits(&self, arc: ArcIx) -> bool {
        self.raw(arc).is_some()
    }

    /// Whether `node` belongs to the main component.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn is_main(&self, node: NodeIx) -> bool {
        Some(self.component[node.index()]) == self.main
    }

    /// The component of `node`, named by its first node.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn component(&self, node: NodeIx) -> NodeIx {
        NodeIx(self.component[node.index()])
    }

    /// Number of passable arcs.
    #[must_use]
    pub fn passable_count(&self) -> usize {
        self.out.len()
    }

    pub(crate) fn raw(&self, arc: ArcIx) -> Option<u32> {
        Some(self.cost[arc.index()]).filter(|&cost| cost != IMPASSABLE)
    }

    /// Arcs and nodes the costs cover.
    pub(crate) fn covers(&self) -> (usize, usize) {
        (self.cost.len(), self.component.len())
    }

    /// All passable arcs, by tail.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.out
    }

    /// Passable arcs that leave `node`.
    pub(crate) fn steps_out(&self, node: NodeIx) -> &[Step] {
        &self.out[self.first_out[node.index()] as usize..self.first_out[node.index() + 1] as usize]
    }

    /// Passable arcs that enter `node`.
    pub(crate) fn steps_in(&self, node: NodeIx) -> &[Step] {
        &self.into[self.first_in[node.index()] as usize..self.first_in[node.index() + 1] as usize]
    }
}

/// Whether the profile may use an arc; tags are read once per way. Where gates are closed, the segments at a private
/// gate are private.
pub(crate) fn permitted<'a>(
    network: &'a StreetNetwork,
    profile: &WalkProfile,
) -> impl Fn(ArcIx) -> bool + use<'a> {
    let ways: Vec<bool> = network.ways.iter().map(|way| profile.permits(&way.tags)).collect();
    let passes_gates = profile.private_streets == PrivateStreets::Open || network.private_gates.is_empty();
    let at_gate =
        move |arc| network.is_private_gate(network.tail(arc)) || network.is_private_gate(network.head(arc));
    move |arc| ways[network.way_of[network.segment_of(arc)] as usize] && (passes_gates || !at_gate(arc))
}

/// The passable among `arcs`, in rows by the end `here`, leading to the end `there`.
fn rows(
    network: &StreetNetwork,
    cost: &[u32],
    arcs: impl Iterator<Item = ArcIx>,
    here: &[u32],
    there: &[u32],
) -> (Vec<u32>, Vec<Step>) {
    let passable: Vec<ArcIx> = arcs.filter(|arc| cost[arc.index()] != IMPASSABLE).collect();
    let ends: Vec<u32> = passable.iter().map(|arc| here[arc.index()]).collect();
    let steps = passable
        .iter()
        .map(|arc| Step { node: there[arc.index()], cost: cost[arc.index()], arc: arc.0 })
        .collect();
    (first_rows(NodeIx::new(network.node_count()).0, ends.into_iter()), steps)
}

/// The component of every node, and the main one; of two equally long the one with the smallest node id in
/// the map.
fn components(network: &StreetNetwork, cost: &[u32]) -> (Vec<u32>, Option<u32>) {
    let nodes = NodeIx::new(network.node_count()).0;
    let mut joined = UnionFind::<u32>::new(network.node_count());
    for arc in network.arcs().filter(|arc| cost[arc.index()] != IMPASSABLE) {
        joined.union(network.tail(arc).0, network.head(arc).0);
    }
    let root = joined.into_labeling();
    let mut first_of_root = vec![u32::MAX; network.node_count()];
    let component: Vec<u32> = (0..nodes)
        .map(|node| {
            let first = &mut first_of_root[root[node as usize] as usize];
            *first = node.min(*first);
            *first
        })
        .collect();
    let mut length = vec![0_u64; network.node_count()];
    for segment in network.segments() {
        let ends = [segment.along(), segment.against()];
        if ends.iter().any(|arc| cost[arc.index()] != IMPASSABLE) {
            let node = network.tail(segment.along());
            length[component[node.index()] as usize] += u64::from(segment.length().get());
        }
    }
    // of equally long components the last one wins, which is the one with the smallest id
    let by_falling_id = network.by_osm_id.iter().rev();
    let main = by_falling_id
        .map(|&node| component[node as usize])
        .filter(|&component| length[component as usize] > 0)
        .max_by_key(|&component| length[component as usize]);
    (component, main)
}
