//! Slots of nodes that are emptied all at once.

/// The number of the present search, stamped on the slots that it fills: a slot with an older stamp is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn(u32);

impl Turn {
    /// Begins the next turn, with all of at least `count` slots empty. Costs nothing where there are so many.
    #[inline]
    pub(super) fn begin<S: Copy + Default>(&mut self, slots: &mut Vec<S>, count: usize) {
        if slots.len() < count {
            slots.resize(count, S::default());
        }
        let next = self.0.checked_add(1).unwrap_or_else(|| {
            // the stamps were all given: what is left of them must not come true again
            slots.fill(S::default());
            1
        });
        *self = Self(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_that_come_round_find_no_slot_filled() {
        let mut turn = Turn(u32::MAX - 1);
        let mut slots = vec![Turn(1)];
        turn.begin(&mut slots, 2);
        assert_eq!((turn, slots.as_slice()), (Turn(u32::MAX), &[Turn(1), Turn(0)][..]));
        turn.begin(&mut slots, 2);
        assert_eq!((turn, slots.as_slice()), (Turn(1), &[Turn(0), Turn(0)][..]));
    }
}
