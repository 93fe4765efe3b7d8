//! The queue of a search: labels leave in ascending order.
//!
//! A label is `cost << 32 | owner`. Costs are cut into bins of 2^[`BIN_BITS`] units (about four metres or four
//! seconds); `ring[b % RING]` collects bin `b` while it lies less than [`RING`] bins ahead, and a bit of
//! `filled` says whether it holds anything; `far` holds what lies farther. When a bin is opened, it is sorted
//! into `near`, the least label last; what enters the open bin later waits in `late`. Most labels of a street
//! search thus wait unsorted and are sorted by the handful; whatever the costs, an operation takes
//! logarithmic time.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

const BIN_BITS: u32 = 12;
const RING: usize = 256;

/// A label and the row of its node.
pub(crate) type Entry = (u64, u32);

#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    open: usize,
    near: Vec<Entry>,
    late: BinaryHeap<Reverse<Entry>>,
    ring: Vec<Vec<Entry>>,
    filled: [u64; RING / 64],
    far: BinaryHeap<Reverse<Entry>>,
}

fn bin(entry: Entry) -> usize {
    (entry.0 >> 32 >> BIN_BITS) as usize
}

impl Queue {
    /// Empties the queue and starts at cost zero.
    pub(crate) fn restart(&mut self) {
        self.ring.resize_with(RING, Vec::new);
        if self.filled != [0; RING / 64] {
            self.ring.iter_mut().for_each(Vec::clear);
            self.filled = [0; RING / 64];
        }
        self.near.clear();
        self.late.clear();
        self.far.clear();
        self.open = 0;
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as `SearchSpace::lower`")]
    pub(crate) fn push(&mut self, entry: Entry) {
        let bin = bin(entry);
        if bin <= self.open {
            self.late.push(Reverse(entry));
        } else if bin - self.open < RING {
            self.ring[bin % RING].push(entry);
            self.filled[bin % RING / 64] |= 1 << (bin % 64);
        } else {
            self.far.push(Reverse(entry));
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as `SearchSpace::lower`")]
    pub(crate) fn pop(&mut self) -> Option<Entry> {
        loop {
            match (self.near.last(), self.late.peek()) {
                (Some(&near), Some(&Reverse(late))) if late < near => {
                    self.late.pop();
                    return Some(late);
                }
                (Some(_), _) => return self.near.pop(),
                (None, Some(_)) => return self.late.pop().map(|Reverse(entry)| entry),
                (None, None) => self.open_next_bin()?,
            }
        }
    }

    #[inline(never)]
    fn open_next_bin(&mut self) -> Option<()> {
        let in_ring = self.next_filled();
        let in_far = self.far.peek().map(|&Reverse(entry)| bin(entry));
        self.open = in_ring.into_iter().chain(in_far).min()?;
        if in_ring == Some(self.open) {
            self.filled[self.open % RING / 64] &= !(1 << (self.open % 64));
            core::mem::swap(&mut self.near, &mut self.ring[self.open % RING]);
        }
        while let Some(&Reverse(entry)) = self.far.peek()
            && bin(entry) == self.open
        {
            self.far.pop();
            self.near.push(entry);
        }
        self.near.sort_unstable_by(|a, b| b.cmp(a));
        Some(())
    }

    /// The first bin of the ring, after the open one, that holds anything.
    fn next_filled(&self) -> Option<usize> {
        let first = self.open + 1;
        // the rest of the first word, the other words, and the start of the first word again
        (0..=RING / 64).find_map(|word| {
            let start = first / 64 * 64 + 64 * word;
            let bits = self.filled[start / 64 % (RING / 64)];
            let bits = match word {
                0 => bits & (u64::MAX << (first % 64)),
                _ if word == RING / 64 => bits & !(u64::MAX << (first % 64)),
                _ => bits,
            };
            (bits != 0).then(|| start + bits.trailing_zeros() as usize)
        })
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
