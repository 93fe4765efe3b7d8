//! Which ends reach which within a bound: many searches side by side.
//!
//! Every near end is a lane. Near ends in one sweep lie side by side on the ground and share most of their way;
//! far ends hang at places and are met on the way down.

use lifecircle_types::{Cost, Progress, TravelMatrix};
use petgraph::Direction;

use crate::error::{Error, Result, count};
use crate::ids::NodeIx;
use crate::order::PreparedGraph;
use crate::order::lanes::{Costs, Kernel, LANES, NARROW_NONE};
use crate::order::sweep::{Seed, Sweep};
use crate::queries::Ticks;
use crate::rows::map_rows;
use crate::trip::Grouped;

pub(crate) const STEP: &str = "travel matrix";

/// Lines of near ends in a sweep.
const LINES: usize = 2;

/// Row of the near end, row of the far end, cost.
pub(crate) type Entry = (u32, u32, u32);

/// An end of trips: its row, a node where its trips enter or leave the network, and what they cost up to
/// there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entrance {
    pub(crate) row: u32,
    pub(crate) node: NodeIx,
    pub(crate) cost: u32,
}

impl PreparedGraph<'_> {
    /// The costs from every node of `from` to every node of `to` that are at most `cutoff` (inclusive).
    ///
    /// Row `i` is `from[i]`, column `j` is `to[j]`. Searches from the side with fewer nodes, 32 at a time.
    ///
    /// # Errors
    /// [`Error::WrongUnit`] when the cutoff is not in the unit of the graph, [`Error::TooMany`] beyond
    /// 2^32 - 2 nodes of a side, [`Error::Cancelled`] when `progress` asks to stop.
    ///
    /// # Panics
    /// When a node is not of the graph.
    pub fn costs_within(
        &self,
        from: &[NodeIx],
        to: &[NodeIx],
        cutoff: Cost,
        progress: &dyn Progress,
    ) -> Result<TravelMatrix> {
        let bound = crate::nearest::raw_cutoff(self.graph(), cutoff)?;
        let rows = count("origins", from.len(), u32::MAX - 1)?;
        let columns = count("destinations", to.len(), u32::MAX - 1)?;
        let ends = |nodes: &[NodeIx]| -> Vec<Entrance> {
            (0_u32..).zip(nodes).map(|(row, &node)| Entrance { row, node, cost: 0 }).collect()
        };
        let (from, to) = (ends(from), ends(to));
        let entries = self.pairs(&from, &to, bound, progress)?;
        matrix(rows, columns, cutoff, &entries, progress)
    }

    /// Pairs of a row of `from` and a row of `to` and what a trip costs, if at most `bound`; both sides are
    /// sorted by row. A pair with several entrances may appear several times.
    pub(crate) fn pairs(
        &self,
        from: &[Entrance],
        to: &[Entrance],
        bound: u32,
        progress: &dyn Progress,
    ) -> Result<Vec<Entry>> {
        if from.len() <= to.len() {
            self.search(Direction::Outgoing, from, to, bound, progress)
        } else {
            let mut entries = self.search(Direction::Incoming, to, from, bound, progress)?;
            entries.iter_mut().for_each(|entry| *entry = (entry.1, entry.0, entry.2));
            Ok(entries)
        }
    }

    fn search(
        &self,
        direction: Direction,
        near: &[Entrance],
        far: &[Entrance],
        bound: u32,
        progress: &dyn Progress,
    ) -> Result<Vec<Entry>> {
        let place = |end: &Entrance| self.order().place[end.node.index()];
        let hung = far.iter().map(|end| (place(end), (end.cost, end.row))).collect();
        let far = Grouped::new(self.order().node_count(), hung);
        let mut rows: Vec<&[Entrance]> = near.chunk_by(|a, b| a.row == b.row).collect();
        // along the curve
        rows.sort_by_key(|ends| ends[0].node);
        let groups: Vec<&[&[Entrance]]> = rows.chunks(LINES * LANES).collect();
        let ticks = Ticks::new(STEP, rows.len(), progress)?;
        let limit = bound.saturating_add(1);
        let find = Find { graph: self, direction, far: &far, limit, ticks: &ticks };
        let found = map_rows(
            &groups,
            || (Sweep::default(), Vec::new()),
            |(sweep, seeds), group| {
                let entries = if find.limit <= NARROW_NONE {
                    find.group::<Costs<false>>(sweep, seeds, group)?
                } else {
                    find.group::<Costs<true>>(sweep, seeds, group)?
                };
                ticks.some(group.len())?;
                Ok::<_, Error>(entries)
            },
        )?;
        Ok(found.concat())
    }
}

struct Find<'a> {
    graph: &'a PreparedGraph<'a>,
    direction: Direction,
    far: &'a Grouped<(u32, u32)>,
    /// One more than what a trip may cost.
    limit: u32,
    ticks: &'a Ticks<'a>,
}

impl Find<'_> {
    fn group<K: Kernel<LINES>>(
        &self,
        sweep: &mut Sweep,
        seeds: &mut Vec<Seed>,
        group: &[&[Entrance]],
    ) -> Result<Vec<Entry>> {
        let order = self.graph.order();
        seeds.clear();
        for (lane, ends) in (0_u32..).zip(group) {
            let seed = |end: &Entrance| Seed {
                place: order.place[end.node.index()],
                lane,
                cost: end.cost,
                owner: 0,
            };
            seeds.extend(ends.iter().filter(|end| end.cost < self.limit).map(seed));
        }
        seeds.sort_unstable_by_key(|seed| seed.place);
        let (climb, descent) = self.graph.costs(self.direction);
        sweep.climb::<LINES, K>(order, climb, seeds, self.limit, self.ticks)?;
        let mut entries = Vec::new();
        let wanted = |place: u32, end: u32| self.far.holds(place as usize..end as usize);
        sweep.descend_below::<LINES, K>(order, descent, self.limit, self.ticks, wanted, |place, label| {
            for &(rest, row) in self.far.of(place as usize) {
                let left = self.limit.saturating_sub(rest);
                // every lane writes, and those within the limit stay: no branch to guess
                let mut hits = [(0, 0); LINES * LANES];
                let mut count = 0;
                for (lane, cost) in label.iter().flat_map(|line| line.0).enumerate() {
                    hits[count % (LINES * LANES)] = (lane, cost);
                    count += usize::from(cost < left);
                }
                let hits = &hits[..count];
                entries.extend(hits.iter().map(|&(lane, cost)| (group[lane][0].row, row, cost + rest)));
            }
        })?;
        Ok(entries)
    }
}

/// The matrix of `entries` (row, column, cost) in any order; of several entries of a pair the cheapest counts.
pub(crate) fn matrix(
    rows: u32,
    columns: u32,
    cutoff: Cost,
    entries: &[Entry],
    progress: &dyn Progress,
) -> Result<TravelMatrix> {
    let ticks = Ticks::new("gathering the travel matrix", rows as usize, progress)?;
    let (_, by_column) = sorted(entries, columns, |entry| entry.1, &ticks)?;
    let (first, by_row) = sorted(&by_column, rows, |entry| entry.0, &ticks)?;
    let mut row_start = Vec::with_capacity(first.len());
    let (mut column, mut cost): (Vec<u32>, Vec<u32>) =
        (Vec::with_capacity(by_row.len()), Vec::with_capacity(by_row.len()));
    row_start.push(0);
    for row in first.windows(2) {
        let start = column.len();
        for (at, entry) in (row[0]..).zip(&by_row[row[0]..row[1]]) {
            ticks.ask(at)?;
            if column.len() > start && column.last() == Some(&entry.1) {
                let last = column.len() - 1;
                cost[last] = entry.2.min(cost[last]);
            } else {
                column.push(entry.1);
                cost.push(entry.2);
            }
        }
        row_start.push(column.len());
    }
    Ok(TravelMatrix::from_rows(columns, cutoff, row_start, column, cost)?)
}

/// Sorts `entries` by a key below `keys`, keeping the order of equals; the entries of key `k` are
/// `first[k]..first[k + 1]`.
fn sorted(
    entries: &[Entry],
    keys: u32,
    key: impl Fn(&Entry) -> u32,
    ticks: &Ticks<'_>,
) -> Result<(Vec<usize>, Vec<Entry>)> {
    let mut first = vec![0_usize; keys as usize + 1];
    for (at, entry) in entries.iter().enumerate() {
        ticks.ask(at)?;
        first[key(entry) as usize + 1] += 1;
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    let mut next = first.clone();
    let mut sorted = vec![(0, 0, 0); entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        ticks.ask(at)?;
        let next = &mut next[key(entry) as usize];
        sorted[*next] = *entry;
        *next += 1;
    }
    Ok((first, sorted))
}
