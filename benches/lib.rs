//! Towns for the benches: grids of three sizes with points drawn from a seed, and places and facilities scattered over
//! a square, the same on every machine.
//!
//! Blocks are 60 m; a town of `n` has `n` by `n` blocks and `(n + 1)^2` corners.

pub mod city_map;

use lifecircle_network::{
    BuildOptions, LinkOptions, Linkage, Linker, NetworkBuilder, StreetNetwork, Target, WalkCosts, WalkGraph,
    WalkProfile,
};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_types::{DemandIx, FacilityIx, LonLat, Millimetres, TravelMatrix};

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

/// Side of the square of a [`Scatter`].
pub const SIDE_MM: u32 = 40_000_000;

/// Places and facilities drawn over a square of 40 km; ways go along its sides.
#[derive(Debug)]
pub struct Scatter {
    /// Places, millimetres east and north.
    pub places: Vec<(u32, u32)>,
    /// Facilities, likewise.
    pub facilities: Vec<(u32, u32)>,
}

impl Scatter {
    /// So many of them, drawn from `seed`.
    #[must_use]
    pub fn new(places: u32, facilities: u32, seed: u64) -> Self {
        let mut below = draws(seed);
        let mut points = |count: u32| (0..count).map(|_| (below(SIDE_MM), below(SIDE_MM))).collect();
        Self { places: points(places), facilities: points(facilities) }
    }

    /// Lengths to the nearest facilities, `in_reach` of them for every place.
    ///
    /// # Panics
    /// Never: the square is small.
    #[must_use]
    pub fn matrix(&self, in_reach: impl Fn(u32) -> usize) -> TravelMatrix {
        let nearest = |(row, place): (u32, &(u32, u32))| {
            let length = |to: &(u32, u32)| place.0.abs_diff(to.0) + place.1.abs_diff(to.1);
            let mut nearest: Vec<(u32, u32)> = self.facilities.iter().map(length).zip(0..).collect();
            nearest.sort_unstable();
            nearest.truncate(in_reach(row));
            nearest
                .into_iter()
                .map(move |(mm, facility)| (DemandIx(row), FacilityIx(facility), Millimetres::new(mm)))
        };
        let entries: Vec<_> = (0..).zip(&self.places).flat_map(nearest).collect();
        let [rows, columns] =
            [self.places.len(), self.facilities.len()].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        TravelMatrix::new(rows, columns, Millimetres::new(2 * SIDE_MM), entries)
            .expect("ways within the square")
    }
}
