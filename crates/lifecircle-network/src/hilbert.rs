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

/// Walks down the quadrants, turning the curve as it goes.
fn key(mut x: u32, mut y: u32) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
