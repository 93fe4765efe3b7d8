//! Streets that only those who live or arrive there may use.
//!
//! Strangers walk the *open* streets; the *private* ones are those that only a profile with opened gates
//! ([`WalkProfile::with_gates_open`](crate::WalkProfile::with_gates_open)) joins to the main component: private ways,
//! the segments at private gates, and whatever lies behind them. A trip may start or end on a private street, and pass
//! from it to the open ones at an *exit*, a node where the two meet; no trip passes through.

use lifecircle_types::Millimetres;

use crate::costs::WalkCosts;
use crate::error::Result;
use crate::graph::WalkGraph;
use crate::ids::{ArcIx, NodeIx};
use crate::linkage::Link;
use crate::network::StreetNetwork;
use crate::profile::WalkProfile;

/// The private streets of one network, and their exits.
///
/// ```
/// # use lifecircle_network::{BuildOptions, NetworkBuilder, Precincts, WalkCosts, WalkGraph, WalkProfile};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # let town = GridTown::new(2, 2, 100_000);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
/// let walker = WalkProfile::standard();
/// let costs = WalkCosts::lengths(&network, &walker);
/// let precincts = Precincts::new(WalkGraph::new(&network, &costs)?, &walker);
/// assert!(precincts.is_empty()); // the grid town has no private street
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Precincts {
    costs: WalkCosts,
    exits: Vec<NodeIx>,
}

impl Precincts {
    /// The private streets beside the open ones of `open`, for the walker whose costs those are; in O(n + m).
    #[must_use]
    pub fn new(open: WalkGraph<'_>, walker: &WalkProfile) -> Self {
        Self::with_costs(open, &WalkCosts::lengths(open.network(), &walker.clone().with_gates_open()))
    }

    /// The private streets beside the open ones of `open`, which `with_gates_open`, the lengths or level lengths of the
    /// same walker with all gates opened, tells; in O(n + m). For walkers whom more than tags keep from a street.
    ///
    /// # Panics
    /// When the costs are of another network.
    #[must_use]
    pub fn with_costs(open: WalkGraph<'_>, with_gates_open: &WalkCosts) -> Self {
        let (network, strangers, everything) = (open.network(), open.costs(), with_gates_open);
        assert_eq!(everything.covers(), strangers.covers(), "the costs are of one network");
        let main = network.nodes().find(|&node| strangers.is_main(node));
        let main = main.map(|node| everything.component(node));
        let is_open = |arc: ArcIx| strangers.permits(arc) && strangers.is_main(network.tail(arc));
        let is_joined = |node: NodeIx| Some(everything.component(node)) == main;
        let costs = everything.only(network, |arc| !is_open(arc) && is_joined(network.tail(arc)));
        let touches = |&node: &NodeIx| {
            strangers.is_main(node)
                && network.out_arcs(node).chain(network.in_arcs(node)).any(|arc| costs.permits(arc))
        };
        let exits = network.nodes().filter(touches).collect();
        Self { costs, exits }
    }

    /// Whether there is no private street.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.costs.passable_count() == 0
    }

    /// Number of private segments that can be walked.
    #[must_use]
    pub fn segment_count(&self, network: &StreetNetwork) -> usize {
        let private = |arcs: [ArcIx; 2]| arcs.iter().any(|&arc| self.permits(arc));
        network.segments().filter(|segment| private([segment.along(), segment.against()])).count()
    }

    /// Whether `arc` is a private street.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn permits(&self, arc: ArcIx) -> bool {
        self.costs.permits(arc)
    }

    /// The nodes at which private and open streets meet, ascending.
    #[must_use]
    pub fn exits(&self) -> &[NodeIx] {
        &self.exits
    }

    /// A link at every exit, on the open streets of `open` and on the private ones, in the order of
    /// [`exits`](Self::exits); an exit that lacks either is left out.
    #[must_use]
    pub fn links(&self, open: WalkGraph<'_>) -> Vec<[Link; 2]> {
        let network = open.network();
        let at_node = |node: NodeIx, permits: &dyn Fn(ArcIx) -> bool| {
            let arc = network.out_arcs(node).find(|&arc| permits(arc))?;
            let position = network.position(node);
            Some(Link { arc, offset: Millimetres::ZERO, off_street: Millimetres::ZERO, position })
        };
        let both = |&exit: &NodeIx| {
            let outside = at_node(exit, &|arc| open.costs().permits(arc) && !self.permits(arc))?;
            Some([outside, at_node(exit, &|arc| self.permits(arc))?])
        };
        self.exits.iter().filter_map(both).collect()
    }

    /// The private streets alone; their costs are lengths.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`](crate::Error::OtherNetwork) for another network,
    /// [`Error::NoWalkableStreet`](crate::Error::NoWalkableStreet) when there is none.
    pub fn graph<'a>(&'a self, network: &'a StreetNetwork) -> Result<WalkGraph<'a>> {
        WalkGraph::new(network, &self.costs)
    }
}
