//! All costs between some nodes and some others, without a bound.
//!
//! Destinations lie side by side, 32 to a sweep; the sweep descends to the origins and their ancestors alone,
//! which are few: whatever the size of the city, most ancestors are shared.

use petgraph::Direction;

use crate::error::{Error, Result};
use crate::ids::NodeIx;
use crate::order::PreparedGraph;
use crate::order::lanes::{Costs, Kernel, LANES, Line, NARROW_NONE, none};
use crate::order::select::Selection;
use crate::order::sweep::{NO_LIMIT, Seed, Sweep};
use crate::rows::map_rows;
use lifecircle_types::Progress;

/// Lines of destinations in a sweep.
const LINES: usize = 2;

const WIDTH: usize = LINES * LANES;

/// The costs between all of some origins and all of some destinations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostTable {
    /// For every 32 destinations, in the order of their places, a row for every origin.
    blocks: Vec<Vec<[Line; LINES]>>,
    /// Where a destination stands in that order.
    slot: Vec<u32>,
    rows: usize,
    none: u32,
}

impl CostTable {
    /// Number of origins.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Number of destinations.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.slot.len()
    }

    /// The least cost from origin `row` to destination `column`; `None` where there is no way below 2^32 - 1.
    ///
    /// # Panics
    /// When there is no such origin or destination.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<u32> {
        let slot = self.slot[column] as usize;
        let cost = self.blocks[slot / WIDTH][row][slot % WIDTH / LANES].0[slot % LANES];
        Some(cost).filter(|&cost| cost < self.none)
    }

    /// The costs from origin `row` to every destination.
    ///
    /// # Panics
    /// When there is no such origin.
    #[must_use]
    pub fn row(&self, row: usize) -> impl ExactSizeIterator<Item = Option<u32>> + '_ {
        (0..self.columns()).map(move |column| self.get(row, column))
    }
}

impl PreparedGraph<'_> {
    /// The least costs from every node of `from` to every node of `to`, without a bound.
    ///
    /// Takes O(a) for every 32 destinations, a being the arcs above the origins and their ancestors, and memory
    /// for every pair.
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::Error::TooMany) beyond 2^32 - 1 origins or destinations,
    /// [`Error::Cancelled`](crate::Error::Cancelled) when `progress` asks to stop.
    ///
    /// # Panics
    /// When a node is not of the graph.
    pub fn costs_between(
        &self,
        from: &[NodeIx],
        to: &[NodeIx],
        progress: &dyn Progress,
    ) -> Result<CostTable> {
        if self.stays_below(NARROW_NONE, 0) {
            self.table::<Costs<false>>(from, to, none(false), progress)
        } else {
            self.table::<Costs<true>>(from, to, none(true), progress)
        }
    }

    fn table<K: Kernel<LINES>>(
        &self,
        from: &[NodeIx],
        to: &[NodeIx],
        none: u32,
        progress: &dyn Progress,
    ) -> Result<CostTable> {
        let order = self.order();
        let rows = crate::error::count("origins", from.len(), u32::MAX)?;
        let columns = crate::error::count("destinations", to.len(), u32::MAX)?;
        let place = |node: NodeIx| order.place[node.index()];
        let (climb, descent) = self.costs(Direction::Incoming);
        let selection = Selection::of(order, descent, from.iter().map(|&node| place(node)));
        let mut origins: Vec<(usize, u32)> =
            from.iter().zip(0..rows).map(|(&node, row)| (selection.row(place(node)), row)).collect();
        origins.sort_unstable();

        let mut by_place: Vec<u32> = (0..columns).collect();
        by_place.sort_by_key(|&column| place(to[column as usize]));
        let mut slot = vec![0; to.len()];
        for (at, &column) in (0..columns).zip(&by_place) {
            slot[column as usize] = at;
        }
        let groups: Vec<&[u32]> = by_place.chunks(WIDTH).collect();
        let ticks = crate::queries::Ticks::new("cost table", groups.len(), progress)?;
        let blocks = map_rows(&groups, Sweep::default, |sweep, group| {
            let seed = |(lane, &column): (u32, &u32)| Seed {
                place: place(to[column as usize]),
                lane,
                cost: 0,
                owner: 0,
            };
            let seeds: Vec<Seed> = (0..).zip(*group).map(seed).collect();
            sweep.climb::<LINES, K>(order, climb, &seeds, NO_LIMIT, &ticks)?;
            let mut block = vec![K::NONE; from.len()];
            let mut next = origins.iter().peekable();
            sweep.descend::<LINES, K>(selection.ladders(), &ticks, |at, label| {
                while let Some(&(_, row)) = next.next_if(|origin| origin.0 == at) {
                    block[row as usize] = *label;
                }
            })?;
            ticks.one()?;
            Ok::<_, Error>(block)
        })?;
        Ok(CostTable { blocks, slot, rows: from.len(), none })
    }
}
