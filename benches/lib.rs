//! Towns for the benches: grids of three sizes with points drawn from a seed, the same on every machine.
//!
//! Blocks are 60 m; a town of `n` has `n` by `n` blocks and `(n + 1)^2` corners.

use lifecircle_network::{
    BuildOptions, LinkOptions, Linkage, Linker, NetworkBuilder, StreetNetwork, Target, WalkCosts, WalkGraph,
    WalkProfile,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::LonLat;

/// Names and blocks a side: about a thousand, thirty thousand and two hundred thousand corners.
pub const SIZES: [(&str, u32); 3] = [("village", 30), ("town", 170), ("city", 450)];

const BLOCK_MM: u32 = 60_000;

/// A grid town of `blocks` by `blocks`.
#[must_use]
pub const fn town(blocks: u32) -> GridTown {
    GridTown::new(blocks, blocks, BLOCK_MM)
}

/// Its network.
///
/// # Panics
/// Never: the towns fit a network.
#[must_use]
pub fn network(town: &GridTown) -> StreetNetwork {
    NetworkBuilder::new(BuildOptions::default())
        .build(&town.records())
        .expect("grid towns fit a network")
        .value
}

/// Times of the standard walker on it.
#[must_use]
pub fn costs(network: &StreetNetwork) -> WalkCosts {
    WalkCosts::times(network, &WalkProfile::standard())
}

/// `count` positions in the town, drawn from `seed`.
#[must_use]
pub fn points(town: &GridTown, count: usize, seed: u64) -> Vec<Option<LonLat>> {
    let mut below = draws(seed);
    let side = town.blocks_x * town.block_mm;
    let mut along = || i64::from(below(side));
    (0..count).map(|_| Some(town.position_at(along(), along()))).collect()
}

/// Whole numbers below a bound, drawn from `seed` (`SplitMix64`).
pub fn draws(seed: u64) -> impl FnMut(u32) -> u32 {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((z ^ (z >> 31)) % u64::from(bound)).unwrap_or_default()
    }
}

/// The links of `points`.
#[must_use]
pub fn links(walk: WalkGraph<'_>, points: &[Option<LonLat>]) -> Linkage {
    Linker::new(walk, LinkOptions::default()).link(points)
}

/// One target for every linked point, each its own facility.
#[must_use]
pub fn targets(linkage: &Linkage) -> Vec<Target> {
    (0..).zip(linkage.links().flatten()).map(|(owner, &link)| Target { owner, link }).collect()
}
