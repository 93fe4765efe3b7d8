//! The queue of a search: labels leave in ascending order.
//!
//! A label is `cost << 32 | owner`. Costs are cut into bins of 2^[`BIN_BITS`] units (about four metres or four
//! seconds); `ring[b % RING]` collects bin `b` while it lies less than [`RING`] bins ahead, `far` holds what
//! lies farther, and `near` orders the open bin alone. Most labels of a street search thus wait unsorted and
//! meet a heap of a handful; whatever the costs, an operation takes logarithmic time.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

const BIN_BITS: u32 = 12;
const RING: usize = 256;

/// A label and the row of its node.
pub(crate) type Entry = (u64, u32);

#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    open: usize,
    near: BinaryHeap<Reverse<Entry>>,
    ring: Vec<Vec<Entry>>,
    in_ring: usize,
    far: BinaryHeap<Reverse<Entry>>,
}

fn bin(entry: Entry) -> usize {
    (entry.0 >> 32 >> BIN_BITS) as usize
}

impl Queue {
    /// Empties the queue and starts at cost zero.
    pub(crate) fn restart(&mut self) {
        self.ring.resize_with(RING, Vec::new);
        if self.in_ring > 0 {
            self.ring.iter_mut().for_each(Vec::clear);
        }
        self.near.clear();
        self.far.clear();
        self.in_ring = 0;
        self.open = 0;
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        let bin = bin(entry);
        if bin <= self.open {
            self.near.push(Reverse(entry));
        } else if bin - self.open < RING {
            self.ring[bin % RING].push(entry);
            self.in_ring += 1;
        } else {
            self.far.push(Reverse(entry));
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Entry> {
        loop {
            if let Some(Reverse(entry)) = self.near.pop() {
                return Some(entry);
            }
            self.open_next_bin()?;
        }
    }

    fn open_next_bin(&mut self) -> Option<()> {
        let in_ring = (self.in_ring > 0)
            .then(|| (self.open + 1..).find(|bin| !self.ring[bin % RING].is_empty()))
            .flatten();
        let in_far = self.far.peek().map(|&Reverse(entry)| bin(entry));
        self.open = in_ring.into_iter().chain(in_far).min()?;
        if in_ring == Some(self.open) {
            let waiting = &mut self.ring[self.open % RING];
            self.in_ring -= waiting.len();
            self.near.extend(waiting.drain(..).map(Reverse));
        }
        while let Some(&Reverse(entry)) = self.far.peek()
            && bin(entry) == self.open
        {
            self.far.pop();
            self.near.push(Reverse(entry));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn labels_leave_in_order(steps in proptest::collection::vec((any::<u32>(), 0..32_u32, 0..3_usize), 1..200)) {
            let (mut queue, mut plain) = (Queue::default(), BinaryHeap::new());
            queue.restart();
            let mut now = 0;
            for (node, (step, shift, pops)) in (0_u32..).zip(steps) {
                // no label below the last one out, as in a search
                let entry = (u64::saturating_add(now, u64::from(step >> shift) << 32), node);
                queue.push(entry);
                plain.push(Reverse(entry));
                for _ in 0..pops {
                    let expected = plain.pop().map(|Reverse(entry)| entry);
                    prop_assert_eq!(queue.pop(), expected);
                    now = expected.map_or(now, |(label, _)| label);
                }
            }
            while let Some(Reverse(entry)) = plain.pop() {
                prop_assert_eq!(queue.pop(), Some(entry));
            }
            prop_assert_eq!(queue.pop(), None);
        }
    }
}
