//! A town on squared paper, whose answers can be worked out by hand.
//!
//! Corners are `(x, y)` with `0 <= x <= blocks_x` and `0 <= y <= blocks_y`; `(0, 0)` is the south-west corner
//! and lies at longitude 0, latitude 0. Every block is `block_mm` long. There is one street (way) for each
//! line of the paper: east-west streets first, from south to north, then north-south streets, from west to
//! east. So near the equator a degree of longitude is as long as one of latitude: within 6 km of the origin
//! blocks of up to 100 m are off by less than 0.05 mm, and every block is `block_mm` long to the millimetre.

use lifecircle_types::{EARTH_RADIUS_M, LonLat, StreetNode, StreetRecords, StreetWay, Tags};

/// A town of `blocks_x` by `blocks_y` square blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridTown {
    /// Blocks from west to east.
    pub blocks_x: u32,
    /// Blocks from south to north.
    pub blocks_y: u32,
    /// Side of a block in millimetres.
    pub block_mm: u32,
}

impl GridTown {
    /// A town of `blocks_x` by `blocks_y` blocks of `block_mm` millimetres.
    #[must_use]
    pub const fn new(blocks_x: u32, blocks_y: u32, block_mm: u32) -> Self {
        Self { blocks_x, blocks_y, block_mm }
    }

    /// Number of corners.
    #[must_use]
    pub const fn corners(&self) -> u32 {
        (self.blocks_x + 1) * (self.blocks_y + 1)
    }

    /// Number of street pieces between neighbouring corners.
    #[must_use]
    pub const fn pieces(&self) -> u32 {
        self.blocks_x * (self.blocks_y + 1) + self.blocks_y * (self.blocks_x + 1)
    }

    /// The id of corner `(x, y)`: counted row by row from 1.
    #[must_use]
    pub fn node_id(&self, x: u32, y: u32) -> i64 {
        i64::from(y) * i64::from(self.blocks_x + 1) + i64::from(x) + 1
    }

    /// The id of the east-west street through the corners `(.., y)`: counted from 1.
    #[must_use]
    pub fn east_west(&self, y: u32) -> i64 {
        i64::from(y) + 1
    }

    /// The id of the north-south street through the corners `(x, ..)`: counted on from the last east-west one.
    #[must_use]
    pub fn north_south(&self, x: u32) -> i64 {
        i64::from(self.blocks_y) + 2 + i64::from(x)
    }

    /// Where corner `(x, y)` is.
    #[must_use]
    pub fn position(&self, x: u32, y: u32) -> LonLat {
        let mm = |blocks: u32| i64::from(blocks) * i64::from(self.block_mm);
        self.position_at(mm(x), mm(y))
    }

    /// The position `east_mm` and `north_mm` of corner `(0, 0)`; negative is west and south.
    ///
    /// # Panics
    /// When that leaves the earth.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "2^53 mm is farther than the earth is round")]
    pub fn position_at(&self, east_mm: i64, north_mm: i64) -> LonLat {
        let degrees = |mm: i64| (mm as f64 / 1000.0 / EARTH_RADIUS_M).to_degrees();
        LonLat::new(degrees(east_mm), degrees(north_mm)).expect("towns are small")
    }

    /// Corners at most `k` blocks' walk from one that has `k` blocks of town on every side: the diamond
    /// 1 + 4 (1 + 2 + ... + k) = 2 k (k + 1) + 1.
    #[must_use]
    pub const fn diamond(k: u32) -> u32 {
        2 * k * (k + 1) + 1
    }

    /// The streets of the town, all `highway=residential`.
    #[must_use]
    pub fn records(&self) -> StreetRecords {
        let tags = Tags::new([("highway", "residential")]);
        let across = 0..=self.blocks_x;
        let up = 0..=self.blocks_y;
        let nodes = up
            .clone()
            .flat_map(|y| across.clone().map(move |x| (x, y)))
            .map(|(x, y)| StreetNode {
                id: self.node_id(x, y),
                position: self.position(x, y),
                tags: Tags::default(),
            })
            .collect();
        let way = |id, nodes| StreetWay { id, nodes, tags: tags.clone() };
        let rows =
            up.clone().map(|y| way(self.east_west(y), across.clone().map(|x| self.node_id(x, y)).collect()));
        let columns = across
            .clone()
            .map(|x| way(self.north_south(x), up.clone().map(|y| self.node_id(x, y)).collect()));
        StreetRecords::new(nodes, rows.chain(columns).filter(|way: &StreetWay| way.nodes.len() > 1).collect())
    }
}
