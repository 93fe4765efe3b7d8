//! Chance: one generator for every part of the city, so that parts can be made in any order.
//!
//! A part is named by the seed, a purpose and a number; its generator depends on these three and on nothing drawn
//! before. The generator is PCG-64 (`Lcg128Xsl64`), the same on every platform.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// What a generator is for; each purpose has a sequence of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Strip = 1,
    Corner,
    Edge,
    Barriers,
    NewTowns,
    Land,
    Weight,
    Layout,
    Houses,
    People,
    CityFacilities,
    DistrictFacilities,
    StreetFacilities,
    Stock,
    Growth,
    Development,
    Opening,
    Doors,
}

/// A sequence of draws.
pub(crate) struct Draws(Pcg64);

/// Bijective scrambling of 64 bits (the finaliser of `SplitMix64`).
const fn scramble(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Draws {
    /// The sequence of `part` for `purpose`.
    pub(crate) fn new(seed: u64, purpose: Purpose, part: usize) -> Self {
        let key = scramble(scramble(seed) ^ (purpose as u64) << 48 ^ part as u64);
        Self(Pcg64::new(
            u128::from(key) << 64 | u128::from(scramble(key)),
            u128::from(scramble(key ^ u64::MAX)),
        ))
    }

    /// In `[0, 1)`, with 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// In `[from, to)`.
    pub(crate) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// In `(-1, 1)`, more often near 0.
    pub(crate) fn around(&mut self) -> f64 {
        self.unit() - self.unit()
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A row of a list of `rows`; 0 of an empty one.
    pub(crate) fn row(&mut self, rows: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * rows as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// One of `items`, which is not empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.row(items.len())]
    }

    /// `value` rounded down or up, so that it is right on average.
    pub(crate) fn rounded(&mut self, value: f64) -> u64 {
        let start = self.unit();
        whole(value + start)
    }
}

/// The whole part of a number that is at least 0 and far below 2^53.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a u32 holds")]
pub(crate) fn whole(value: f64) -> u64 {
    libm::floor(value.clamp(0.0, 4_294_967_295.0)) as u64
}

/// [`whole`] as a count of rows.
pub(crate) fn count(value: f64) -> usize {
    usize::try_from(whole(value)).unwrap_or(usize::MAX)
}

/// Shares of `total` in proportion to `weights`, whole and of exactly that sum; the weights must not all be 0.
///
/// Part `k` receives `floor(total W_k / W) - floor(total W_(k-1) / W)` with `W_k` the weight up to and with it.
pub(crate) fn apportion(total: u64, weights: impl Iterator<Item = u64> + Clone) -> Vec<u64> {
    let all: u128 = weights.clone().map(u128::from).sum();
    let mut before = 0_u128;
    let mut given = 0_u64;
    weights
        .map(|weight| {
            before += u128::from(weight);
            let until = u64::try_from(u128::from(total) * before / all.max(1)).unwrap_or(total);
            let share = until - given;
            given = until;
            share
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(apportion(10, [1, 1, 1].into_iter()), [3, 3, 4]);
        assert_eq!(apportion(7, [0, 5, 0].into_iter()), [0, 7, 0]);
        assert_eq!(apportion(u64::MAX, [1, 1].into_iter()).iter().sum::<u64>(), u64::MAX);
    }

    #[test]
    fn parts_differ_and_repeat() {
        let first = |seed, part| Draws::new(seed, Purpose::Edge, part).unit().to_bits();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(1, 3));
        assert_ne!(first(1, 2), first(2, 2));
    }
}
