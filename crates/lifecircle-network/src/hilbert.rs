//! The Hilbert curve, which visits a square so that what is near on the ground is near in the order.

use lifecircle_types::LonLat;

/// The place of `position` on a Hilbert curve over the whole earth, 2^32 cells a side (about 1 cm).
///
/// The cells do not depend on the extent of a network, so that a new street far away reorders nothing.
pub(crate) fn hilbert_key(position: LonLat) -> u64 {
    let x = cell((position.lon() + 180.0) / 360.0);
    let y = cell((position.lat() + 90.0) / 180.0);
    key(x, y)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the share is clamped to 0 to 1")]
fn cell(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * f64::from(u32::MAX)) as u32
}

/// Levels that are walked down in one step.
const STEP: u32 = 4;
const CELLS: usize = 1 << STEP;

/// By turn of the curve and by the next four bits of `x` and of `y`: the next eight bits of the key, and the turn from
/// there on.
///
/// The curve turns in two ways, which are independent: bit 0 of a turn exchanges `x` and `y`, bit 1 runs both backwards.
const STEPS: [[(u8, u8); CELLS * CELLS]; 4] = {
    let mut steps = [[(0, 0); CELLS * CELLS]; 4];
    let mut at = 0;
    while at < 4 * CELLS * CELLS {
        let (mut turn, x, y) = (at / (CELLS * CELLS), at / CELLS % CELLS, at % CELLS);
        let mut key = 0_u8;
        let mut level = STEP;
        while level > 0 {
            level -= 1;
            let (x, y) = (x >> level & 1, y >> level & 1);
            let (right, upper) = if turn & 1 == 0 { (x, y) } else { (y, x) };
            let (right, upper) = (right ^ turn >> 1, upper ^ turn >> 1);
            key = key << 2 | (if upper == 1 { 1 } else { 0 }) ^ (if right == 1 { 3 } else { 0 });
            if upper == 0 {
                turn ^= 1 | right << 1;
            }
        }
        steps[at / (CELLS * CELLS)][at % (CELLS * CELLS)] = (key, turn.to_le_bytes()[0]);
        at += 1;
    }
    steps
};

/// Walks down the quadrants, turning the curve as it goes.
fn key(x: u32, y: u32) -> u64 {
    let (mut key, mut turn) = (0, 0);
    for level in (0..u32::BITS).step_by(STEP as usize).rev() {
        let cell = |coordinate: u32| (coordinate >> level) as usize % CELLS;
        let (bits, next) = STEPS[turn][cell(x) * CELLS + cell(y)];
        key = key << (2 * STEP) | u64::from(bits);
        turn = usize::from(next);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn the_curve_visits_every_cell_once_and_steps_to_a_neighbour() {
        // the top three bits of either coordinate: 8 x 8 cells, whose keys are the top six bits of 64
        let mut cells: Vec<_> =
            (0..8_u32).flat_map(|x| (0..8_u32).map(move |y| (key(x << 29, y << 29) >> 58, x, y))).collect();
        cells.sort_unstable();
        for (at, pair) in cells.windows(2).enumerate() {
            assert_eq!(pair[0].0, at as u64);
            assert_eq!(pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2), 1);
        }
    }

    /// One level at a time.
    fn key_by_levels(mut x: u32, mut y: u32) -> u64 {
        let mut key = 0;
        for level in (0..u32::BITS).rev() {
            let (right, upper) = ((x >> level) & 1, (y >> level) & 1);
            key = key << 2 | u64::from((3 * right) ^ upper);
            if upper == 0 {
                if right == 1 {
                    (x, y) = (!x, !y);
                }
                core::mem::swap(&mut x, &mut y);
            }
        }
        key
    }

    proptest! {
        #[test]
        fn four_levels_at_once_are_four_levels(x in any::<u32>(), y in any::<u32>()) {
            prop_assert_eq!(key(x, y), key_by_levels(x, y));
        }
    }
}
