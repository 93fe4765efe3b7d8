//! What the arcs of an order cost.
//!
//! | Array | Holds |
//! |---|---|
//! | `up[i]` | cost from `p` to `head[i]`, for `i` in `first[p]..first[p + 1]` |
//! | `down[i]` | cost from `head[i]` to `p`; absent where every street costs the same both ways |
//!
//! Costs start as those of the streets, the cheapest of parallels. From the deepest place up, every pair of
//! nodes above `p` learns what the way over `p` costs; elimination has joined them, so there is an arc to
//! hold it. [`NO_WAY`] stands for no way, and for ways of 2^32 - 1 and more.

use lifecircle_types::Progress;
use petgraph::Direction;

use crate::costs::Step;
use crate::error::{Error, Result};
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::order::EliminationOrder;
use crate::queries::Ticks;

/// No way, or none below 2^32 - 1.
pub(crate) const NO_WAY: u32 = u32::MAX;

/// A graph laid out along an [`EliminationOrder`], for fast answers to many questions at once.
#[derive(Clone, Debug)]
pub struct PreparedGraph<'a> {
    graph: WalkGraph<'a>,
    order: &'a EliminationOrder,
    up: Vec<u32>,
    down: Option<Vec<u32>>,
    /// No shortest way costs more.
    farthest: u32,
}

impl<'a> PreparedGraph<'a> {
    /// Fills the costs of `graph` into `order`, in one pass over the arcs of the order and over every two arcs
    /// that share their lower end.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`] when the order is of another network, [`Error::Cancelled`] when `progress` asks
    /// to stop.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, EliminationOrder, NetworkBuilder, NodeIx, PreparedGraph, WalkCosts, WalkGraph, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # use lifecircle_types::NoProgress;
    /// # let town = GridTown::new(1, 1, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// let order = EliminationOrder::new(&network, &NoProgress)?; // once for all walkers
    /// let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    /// let prepared = PreparedGraph::new(WalkGraph::new(&network, &costs)?, &order, &NoProgress)?;
    /// let corners: Vec<NodeIx> = network.nodes().collect(); // around one block of 100 m
    /// let table = prepared.costs_between(&corners, &corners, &NoProgress)?;
    /// let row: u32 = table.row(0).flatten().sum();
    /// assert_eq!(row, 100_000 + 100_000 + 200_000); // two neighbours and the opposite corner
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn new(graph: WalkGraph<'a>, order: &'a EliminationOrder, progress: &dyn Progress) -> Result<Self> {
        let (expected, found) = (graph.network().node_count(), order.node_count());
        if expected != found {
            return Err(Error::OtherNetwork { what: "nodes", expected, found });
        }
        let ticks = Ticks::new("preparing streets", 3 * order.node_count(), progress)?;
        let symmetric = is_symmetric(graph);
        let mut up = vec![NO_WAY; order.arc_count()];
        let mut down = if symmetric { Vec::new() } else { up.clone() };
        for place in 0..order.node_count() {
            ticks.nth(place + 1)?;
            let node = NodeIx(order.node[place]);
            enter(order, place, graph.costs().steps_out(node), &mut up)?;
            if !symmetric {
                enter(order, place, graph.costs().steps_in(node), &mut down)?;
            }
        }
        let mut unasked = 0;
        for place in (0..order.node_count()).rev() {
            ticks.nth(place + 1)?;
            let above = order.above(place).len();
            unasked += above * above / 2;
            if unasked >= PAIRS_ONCE_IN {
                unasked = 0;
                ticks.now()?;
            }
            if symmetric {
                close(order, place, &mut up);
            } else {
                close_both(order, place, &mut up, &mut down);
            }
        }
        let farthest = farthest(order, &up, if symmetric { &up } else { &down }, &ticks)?;
        Ok(Self { graph, order, up, down: (!symmetric).then_some(down), farthest })
    }

    /// The graph.
    #[must_use]
    pub const fn graph(&self) -> WalkGraph<'a> {
        self.graph
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> &'a EliminationOrder {
        self.order
    }

    /// What sweeps pay upward and downward: away from the sources (`Outgoing`), or towards them.
    pub(crate) fn costs(&self, direction: Direction) -> (&[u32], &[u32]) {
        let down = self.down.as_ref().unwrap_or(&self.up);
        match direction {
            Direction::Outgoing => (&self.up, down),
            Direction::Incoming => (down, &self.up),
        }
    }

    /// Whether every way from a source that starts at no more than `start` costs less than `bound`.
    pub(crate) fn stays_below(&self, bound: u32, start: u32) -> bool {
        self.farthest.checked_add(start).is_some_and(|farthest| farthest < bound)
    }
}

/// Pairs of places above a place that are told between two questions whether to go on: a few milliseconds' work.
const PAIRS_ONCE_IN: usize = 1 << 20;

/// A cost that no shortest way exceeds.
///
/// Every place learns the way from the top of its streets, and the way to it; the top is the place that has
/// no passable arc to anything above. A way over the top is no shorter than the shortest. Where some place
/// can be left but not reached, or the other way round, there is no such bound.
fn farthest(order: &EliminationOrder, up: &[u32], down: &[u32], ticks: &Ticks<'_>) -> Result<u32> {
    let mut ways = vec![(0_u32, 0_u32); order.node_count()];
    let mut farthest = (0, 0);
    for place in 0..order.node_count() {
        ticks.nth(place + 1)?;
        let (mut to, mut from) = (NO_WAY, NO_WAY);
        let mut top = true;
        for arc in order.above(place) {
            let above = ways[order.head[arc] as usize];
            to = above.0.saturating_add(up[arc]).min(to);
            from = above.1.saturating_add(down[arc]).min(from);
            top &= up[arc] == NO_WAY && down[arc] == NO_WAY;
        }
        ways[place] = if top { (0, 0) } else { (to, from) };
        farthest = (ways[place].0.max(farthest.0), ways[place].1.max(farthest.1));
    }
    Ok(farthest.0.saturating_add(farthest.1))
}

/// Whether both arcs of every segment cost the same.
fn is_symmetric(graph: WalkGraph<'_>) -> bool {
    let cost = |arc| graph.costs().raw(arc);
    graph.network().segments().all(|segment| cost(segment.along()) == cost(segment.against()))
}

/// Enters the costs of the streets between `place` and places above it.
fn enter(order: &EliminationOrder, place: usize, steps: &[Step], cost: &mut [u32]) -> Result<()> {
    let arcs = order.above(place);
    let heads = &order.head[arcs.clone()];
    for step in steps {
        let other = order.place[step.node as usize];
        if (other as usize) < place {
            let Ok(at) = heads.binary_search(&other) else {
                return Err(Error::OtherOrder { node: order.node[place], neighbour: step.node });
            };
            let arc = &mut cost[arcs.start + at];
            *arc = step.cost.min(*arc);
        }
    }
    Ok(())
}

/// Tells every pair of places above `place` what the way over it costs, the same both ways.
fn close(order: &EliminationOrder, place: usize, cost: &mut [u32]) {
    for_pairs(order, place, |lower, upper, between| {
        cost[between] = cost[lower].saturating_add(cost[upper]).min(cost[between]);
    });
}

/// Tells every pair of places above `place` what the way over it costs, up and down.
fn close_both(order: &EliminationOrder, place: usize, up: &mut [u32], down: &mut [u32]) {
    for_pairs(order, place, |lower, upper, between| {
        up[between] = down[lower].saturating_add(up[upper]).min(up[between]);
        down[between] = down[upper].saturating_add(up[lower]).min(down[between]);
    });
}

/// Calls `tell` with the arcs of `place` to two places above it, and the arc between these.
fn for_pairs(order: &EliminationOrder, place: usize, mut tell: impl FnMut(usize, usize, usize)) {
    let mine = order.above(place);
    for lower in mine.clone().skip(1) {
        // the lower of the two has all that is above it in `place`, among others, in the same order
        let theirs = order.above(order.head[lower] as usize);
        let mut between = theirs.start;
        for upper in mine.start..lower {
            while order.head[between] != order.head[upper] {
                between += 1;
            }
            tell(lower, upper, between);
        }
    }
}
