//! One sweep up and one down.
//!
//! Row `d` of the ladder is about the ancestor of depth `d` of the current place; `held[d]` says that it holds
//! a label, and otherwise it holds [`Kernel::NONE`].
//!
//! Upward, every place that holds a label hands it to the places above it; what has gathered at a place when
//! its turn comes is final for trips that only climb. Only paths from sources to roots are walked, from the
//! last place to the first. That order needs no queue: of two sources, all that is above the later one alone
//! comes after the earlier one. A walk ends where nothing waits on the ladder. `touched` lists the places that
//! held a label, last first, and `labels` their labels.
//!
//! Downward, from the first place to the last, a place takes the best of its label and of what comes from
//! above it: over all places of some [`Ladders`], or over those with a label within a bound. In the latter a
//! subtree is left out when none of the places above its root holds such a label and no touched place lies
//! in it, which is sound because whatever is above a place of a subtree lies in it or above its root. `open` lists
//! the ancestors that hold such a label, by the end of their subtrees and their depths.

use crate::error::Result;
use crate::order::EliminationOrder;
use crate::order::lanes::{Kernel, Line, pull, push};
use crate::queries::Ticks;

/// Places in preorder and the arcs to what is above them: all places of an order, or a selection that holds
/// every ancestor of its places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ladders<'a> {
    /// The places; all, if absent.
    pub(crate) place: Option<&'a [u32]>,
    /// Depth of every place.
    pub(crate) depth: &'a [u32],
    /// Arcs of the `p`-th place are `first[p]..first[p + 1]`.
    pub(crate) first: &'a [u32],
    /// Depth of the head of every arc.
    pub(crate) rung: &'a [u32],
    /// Cost of every arc, downward.
    pub(crate) cost: &'a [u32],
}

/// A source: where it enters the order, at what cost, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seed {
    pub(crate) place: u32,
    pub(crate) lane: u32,
    pub(crate) cost: u32,
    pub(crate) owner: u32,
}

/// Stands for a climb that goes all the way.
pub(crate) const NO_LIMIT: u32 = u32::MAX;

/// Scratch of sweeps, whatever their rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sweep {
    ladder: Vec<Line>,
    held: Vec<bool>,
    waiting: usize,
    touched: Vec<u32>,
    labels: Vec<Line>,
    open: Vec<(u32, u32)>,
}

impl Sweep {
    /// Climbs from `seeds`, which are sorted by place, along arcs of `cost`; labels with nothing below `limit`
    /// go no further.
    pub(crate) fn climb<const N: usize, K: Kernel<N>>(
        &mut self,
        order: &EliminationOrder,
        cost: &[u32],
        seeds: &[Seed],
        limit: u32,
        ticks: &Ticks<'_>,
    ) -> Result<()> {
        self.restart::<N, K>(order);
        let mut groups = seeds.chunk_by(|a, b| a.place == b.place).rev().peekable();
        while let Some(group) = groups.next() {
            let next = groups.peek().map(|group| group[0].place);
            let mut place = group[0].place;
            let depth = order.depth[place as usize];
            self.hold(depth);
            let (ladder, _) = self.ladder.as_chunks_mut::<N>();
            for seed in group {
                K::put(&mut ladder[depth as usize], seed.lane as usize, seed.cost, seed.owner);
            }
            while self.waiting > 0
                && next.is_none_or(|next| next < place || order.end[place as usize] <= next)
            {
                ticks.ask(self.touched.len())?;
                self.hand_up::<N, K>(order, cost, place, limit);
                match order.parent(place as usize) {
                    Some(parent) => place = parent,
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn restart<const N: usize, K: Kernel<N>>(&mut self, order: &EliminationOrder) {
        self.ladder.resize(order.rungs * N, Line::of(0));
        self.ladder.as_chunks_mut::<N>().0.fill(K::NONE);
        self.held.clear();
        self.held.resize(order.rungs, false);
        self.waiting = 0;
        self.touched.clear();
        self.labels.clear();
        self.open.clear();
    }

    fn hold(&mut self, rung: u32) {
        let held = &mut self.held[rung as usize];
        self.waiting += usize::from(!*held);
        *held = true;
    }

    fn hand_up<const N: usize, K: Kernel<N>>(
        &mut self,
        order: &EliminationOrder,
        cost: &[u32],
        place: u32,
        limit: u32,
    ) {
        let depth = order.depth[place as usize] as usize;
        if !core::mem::take(&mut self.held[depth]) {
            return;
        }
        self.waiting -= 1;
        let (ladder, _) = self.ladder.as_chunks_mut::<N>();
        let gathered = &mut ladder[depth];
        if limit == NO_LIMIT || some_below(&gathered[..K::COSTS], limit) {
            self.touched.push(place);
            self.labels.extend_from_slice(gathered);
            *gathered = K::NONE;
            let arcs = order.above(place as usize);
            let rungs = &order.rung[arcs.clone()];
            let (labels, _) = self.labels.as_chunks::<N>();
            push::<N, K>(ladder, &labels[labels.len() - 1], rungs, &cost[arcs]);
            rungs.iter().for_each(|&rung| self.hold(rung));
        } else {
            *gathered = K::NONE;
        }
    }

    /// Descends over `ladders` and shows every place there and its label to `visit`, by its row in `ladders`.
    pub(crate) fn descend<const N: usize, K: Kernel<N>>(
        &mut self,
        ladders: Ladders<'_>,
        ticks: &Ticks<'_>,
        mut visit: impl FnMut(usize, &[Line; N]),
    ) -> Result<()> {
        let (ladder, _) = self.ladder.as_chunks_mut::<N>();
        let (labels, _) = self.labels.as_chunks::<N>();
        let mut touched = self.touched.iter().zip(labels).rev().peekable();
        for (row, &depth) in ladders.depth.iter().enumerate() {
            ticks.ask(row)?;
            let place = ladders.place.map_or(row, |place| place[row] as usize);
            let mut label = K::NONE;
            while let Some((&at, gathered)) = touched.next_if(|&(&at, _)| at as usize <= place) {
                if at as usize == place {
                    label = *gathered;
                }
            }
            let arcs = ladders.first[row] as usize..ladders.first[row + 1] as usize;
            pull::<N, K>(&mut label, ladder, &ladders.rung[arcs.clone()], &ladders.cost[arcs]);
            ladder[depth as usize] = label;
            visit(row, &label);
        }
        Ok(())
    }

    /// Descends to every place with something below `limit` in its label, and shows both to `visit`; leaves
    /// out subtrees, given by their first place and their end, that are not `wanted`.
    pub(crate) fn descend_below<const N: usize, K: Kernel<N>>(
        &mut self,
        order: &EliminationOrder,
        cost: &[u32],
        limit: u32,
        ticks: &Ticks<'_>,
        wanted: impl Fn(u32, u32) -> bool,
        mut visit: impl FnMut(u32, &[Line; N]),
    ) -> Result<()> {
        let (ladder, _) = self.ladder.as_chunks_mut::<N>();
        let (labels, _) = self.labels.as_chunks::<N>();
        let mut touched = self.touched.iter().zip(labels).rev().peekable();
        let mut place = 0;
        loop {
            while let Some((_, depth)) = self.open.pop_if(|&mut (end, _)| end <= place) {
                ladder[depth as usize] = K::NONE;
                self.held[depth as usize] = false;
            }
            ticks.ask(place as usize)?;
            if self.open.is_empty() {
                // nothing is in reach before the next touched place
                let Some(&(&next, _)) = touched.peek() else { break };
                place = next;
            }
            let at = place as usize;
            let end = order.end[at];
            if !wanted(place, end) {
                while touched.next_if(|&(&at, _)| at < end).is_some() {}
                place = end;
                continue;
            }
            let arcs = order.above(at);
            let rungs = &order.rung[arcs.clone()];
            let gathered = touched.next_if(|&(&at, _)| at == place);
            let mut label = gathered.map_or(K::NONE, |(_, label)| *label);
            let reached = gathered.is_some() || rungs.iter().any(|&rung| self.held[rung as usize]);
            if reached {
                pull::<N, K>(&mut label, ladder, rungs, &cost[arcs]);
            }
            if reached && some_below(&label[..K::COSTS], limit) {
                let depth = order.depth[at];
                ladder[depth as usize] = label;
                self.held[depth as usize] = true;
                self.open.push((end, depth));
                visit(place, &label);
                place += 1;
            } else if reached || touched.peek().is_some_and(|&(&at, _)| at < end) {
                place += 1;
            } else {
                place = end;
            }
        }
        Ok(())
    }
}

/// Whether some lane holds less than `limit`.
fn some_below(costs: &[Line], limit: u32) -> bool {
    let mut some = 0;
    for line in costs {
        for &cost in &line.0 {
            some |= u32::from(cost < limit);
        }
    }
    some != 0
}
