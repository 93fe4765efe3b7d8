//! The nearest of each of many services, for every node.

use lifecircle_types::Progress;
use petgraph::Direction;

use crate::error::{Error, Result};
use crate::ids::NodeIx;
use crate::order::PreparedGraph;
use crate::order::lanes::{Costs, Kernel, LANES, Line, NARROW_NONE, Ranked, none};
use crate::order::sweep::{NO_LIMIT, Seed, Sweep};
use crate::queries::Ticks;

/// The most ranks that are asked for at once.
pub(crate) const MOST_RANKS: u32 = 8;

/// Scratch of the questions to a [`PreparedGraph`]. Keep one per thread: after the first question, further
/// ones of the same size allocate nothing.
#[derive(Clone, Debug, Default)]
pub struct PreparedSpace {
    seeds: Vec<Seed>,
    sweep: Sweep,
    rows: Vec<Vec<Line>>,
}

impl PreparedSpace {
    /// An empty space; it grows with the first question.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The least cost between every node and any source of each of `services`, in one sweep for every 32
    /// services.
    ///
    /// A source is a node and the cost at which the search starts there. Costs count from the sources to the
    /// nodes (`Outgoing`) or from the nodes to the sources (`Incoming`). Takes O(n + a) for a sweep over n nodes
    /// and the a arcs of the order.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `progress` asks to stop.
    ///
    /// # Panics
    /// When a source is not a node of the graph.
    pub fn nearest_costs(
        &mut self,
        graph: &PreparedGraph<'_>,
        services: &[Vec<(NodeIx, u32)>],
        direction: Direction,
        progress: &dyn Progress,
    ) -> Result<NearestCosts<'_>> {
        let ticks = Ticks::new("nearest sources", services.len(), progress)?;
        let most = services.iter().flatten().map(|source| source.1).max().unwrap_or(0);
        let wide = !graph.stays_below(NARROW_NONE, most);
        let groups = services.chunks(2 * LANES);
        self.rows.resize_with(groups.len(), Vec::new);
        for (number, group) in groups.enumerate() {
            self.seed(graph, group.iter().map(|sources| sources.iter().map(|&(node, cost)| (node, cost, 0))));
            match (group.len() > LANES, wide) {
                (true, true) => self.sweep_all::<2, Costs<true>>(graph, direction, number, &ticks)?,
                (true, false) => self.sweep_all::<2, Costs<false>>(graph, direction, number, &ticks)?,
                (false, true) => self.sweep_all::<1, Costs<true>>(graph, direction, number, &ticks)?,
                (false, false) => self.sweep_all::<1, Costs<false>>(graph, direction, number, &ticks)?,
            }
        }
        Ok(NearestCosts { rows: &self.rows, services: services.len(), none: none(wide) })
    }

    /// The `ranks` nearest sources of each of `services` for every node, of different owners, in one sweep for
    /// every 16 services.
    ///
    /// A source is a node, the cost at which the search starts there, and its owner; ties go to the smaller
    /// owner. Directions are those of [`PreparedSpace::nearest_costs`]. Takes O(k^2 (n + a)) for a sweep.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond 8 ranks, [`Error::Cancelled`] when `progress` asks to stop.
    ///
    /// # Panics
    /// When a source is not a node of the graph.
    pub fn nearest_ranks(
        &mut self,
        graph: &PreparedGraph<'_>,
        services: &[Vec<(NodeIx, u32, u32)>],
        ranks: u32,
        direction: Direction,
        progress: &dyn Progress,
    ) -> Result<NearestRanks<'_>> {
        let ticks = Ticks::new("nearest sources", services.len(), progress)?;
        let most = services.iter().flatten().map(|source| source.1).max().unwrap_or(0);
        let wide = !graph.stays_below(NARROW_NONE, most);
        let groups = services.chunks(LANES);
        self.rows.resize_with(groups.len(), Vec::new);
        for (number, group) in groups.enumerate() {
            self.seed(graph, group.iter().map(|sources| sources.iter().copied()));
            match (ranks, wide) {
                (0 | 1, true) => self.sweep_all::<2, Ranked<true>>(graph, direction, number, &ticks)?,
                (0 | 1, false) => self.sweep_all::<2, Ranked<false>>(graph, direction, number, &ticks)?,
                (2, true) => self.sweep_all::<4, Ranked<true>>(graph, direction, number, &ticks)?,
                (2, false) => self.sweep_all::<4, Ranked<false>>(graph, direction, number, &ticks)?,
                (3, true) => self.sweep_all::<6, Ranked<true>>(graph, direction, number, &ticks)?,
                (3, false) => self.sweep_all::<6, Ranked<false>>(graph, direction, number, &ticks)?,
                (4..=MOST_RANKS, true) => {
                    self.sweep_all::<16, Ranked<true>>(graph, direction, number, &ticks)?
                }
                (4..=MOST_RANKS, false) => {
                    self.sweep_all::<16, Ranked<false>>(graph, direction, number, &ticks)?
                }
                _ => return Err(Error::TooMany { what: "ranks", count: ranks as usize, most: MOST_RANKS }),
            }
        }
        let rows = &self.rows;
        Ok(NearestRanks {
            rows,
            services: services.len(),
            ranks: ranks as usize,
            none: none(wide),
            nodes: graph.order().node_count(),
        })
    }

    fn seed<S: Iterator<Item = (NodeIx, u32, u32)>>(
        &mut self,
        graph: &PreparedGraph<'_>,
        services: impl Iterator<Item = S>,
    ) {
        let place = &graph.order().place;
        self.seeds.clear();
        for (lane, sources) in (0_u32..).zip(services) {
            self.seeds.extend(sources.map(|(node, cost, owner)| Seed {
                place: place[node.index()],
                lane,
                cost,
                owner,
            }));
        }
        self.seeds.sort_unstable_by_key(|seed| seed.place);
    }

    fn sweep_all<const N: usize, K: Kernel<N>>(
        &mut self,
        graph: &PreparedGraph<'_>,
        direction: Direction,
        number: usize,
        ticks: &Ticks<'_>,
    ) -> Result<()> {
        let order = graph.order();
        let (climb, descent) = graph.costs(direction);
        self.sweep.climb::<N, K>(order, climb, &self.seeds, NO_LIMIT, ticks)?;
        self.rows[number].resize(order.node_count() * N, Line::of(0));
        let (rows, _) = self.rows[number].as_chunks_mut::<N>();
        self.sweep.descend::<N, K>(order.ladders(descent), ticks, |place, label| {
            rows[order.node[place] as usize] = *label;
        })
    }
}

/// The least cost between every node and any source of each of some services.
#[derive(Clone, Copy, Debug)]
pub struct NearestCosts<'s> {
    /// For every 32 services one or two lines a node.
    rows: &'s [Vec<Line>],
    services: usize,
    none: u32,
}

impl<'s> NearestCosts<'s> {
    /// The least cost between `node` and any source of each service, by service; `None` where there is no way
    /// below 2^32 - 1.
    ///
    /// # Panics
    /// When `node` is not of the graph.
    pub fn of(self, node: NodeIx) -> impl Iterator<Item = Option<u32>> + use<'s> {
        let services = (0..self.services).step_by(2 * LANES).zip(self.rows);
        services.flat_map(move |(first, rows)| {
            let here = (self.services - first).min(2 * LANES);
            let lines = here.div_ceil(LANES);
            let row = rows[node.index() * lines..][..lines].iter().flat_map(|line| &line.0);
            row.take(here).map(move |&cost| Some(cost).filter(|&cost| cost < self.none))
        })
    }
}

/// The nearest sources of each of some services, for every node.
#[derive(Clone, Copy, Debug)]
pub struct NearestRanks<'s> {
    /// For every 16 services the lines of costs and of owners of a node.
    rows: &'s [Vec<Line>],
    services: usize,
    ranks: usize,
    nodes: usize,
    none: u32,
}

impl<'s> NearestRanks<'s> {
    /// Cost and owner of the sources of `service` nearest to `node`, ascending, equals by owner.
    ///
    /// # Panics
    /// When there is no such node or service.
    pub fn of(self, node: NodeIx, service: usize) -> impl Iterator<Item = (u32, u32)> + use<'s> {
        assert!(service < self.services, "service {service} of {}", self.services);
        let rows = &self.rows[service / LANES];
        let lines = rows.len() / self.nodes;
        let (costs, owners) = rows[node.index() * lines..][..lines].split_at(lines / 2);
        let lane = service % LANES;
        let ranks = costs.iter().zip(owners).map(move |(costs, owners)| (costs.0[lane], owners.0[lane]));
        ranks.take(self.ranks).take_while(move |&(cost, _)| cost < self.none)
    }
}
