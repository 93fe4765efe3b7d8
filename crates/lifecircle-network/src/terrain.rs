//! How streets rise and fall, from heights of the ground.
//!
//! A segment is cut into stretches of equal length, as few as are at least [`TerrainOptions::stretch`] long and still
//! one: a raster's heights are not finer than its cells, so the grade of a shorter piece would be its noise. The
//! stretches lie along the course, so a street over a hill climbs even where it ends as high as it started.
//!
//! | Array | Holds |
//! |---|---|
//! | `first[s]..first[s + 1]` in `rise` | millimetres that each stretch of segment `s` rises in its canonical direction |
//!
//! What lies on a bridge or in a tunnel rises evenly between its ends. A node between bridges alone, two or more, has no ground
//! under it: its height is the mean of its neighbours', each weighed by one over its distance, which along a chain of bridges
//! is the straight line. Where a height is not known the stretch has no grade: it is walked as level, and counted.

use lifecircle_types::{LonLat, Millimetres, reduce};

use crate::error::{Result, count};
use crate::ids::{ArcIx, NodeIx};
use crate::network::{StreetNetwork, piece_mm};
use crate::obstacle::Obstacle;
use crate::sphere::{between, position, vector};

/// How streets are cut for their grades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TerrainOptions {
    /// Shortest stretch that has a grade of its own, unless its whole segment is shorter; 30 m unless set, the cell of
    /// the common global rasters.
    pub stretch: Millimetres,
}

impl Default for TerrainOptions {
    fn default() -> Self {
        Self { stretch: Millimetres::from_metres(30) }
    }
}

impl TerrainOptions {
    /// Sets the shortest stretch that has a grade of its own; at least a millimetre.
    #[must_use]
    pub fn stretch(mut self, length: Millimetres) -> Self {
        self.stretch = length.max(Millimetres::new(1));
        self
    }
}

/// How much of a network has grades.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TerrainAccount {
    /// Metres of street with a grade.
    pub known_m: f64,
    /// Of these, metres on bridges and in tunnels, which rise evenly between their ends.
    pub spanned_m: f64,
    /// Metres of street whose height is not known: walked as level.
    pub unknown_m: f64,
    /// Metres that rise or fall by more than one in four: more often a fault of the raster than a street.
    pub steep_m: f64,
}

/// The rises of every street of one network.
///
/// ```
/// # use lifecircle_network::{BuildOptions, NetworkBuilder, Slope, Terrain, TerrainOptions, WalkCosts, WalkProfile};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # let town = GridTown::new(1, 1, 100_000);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
/// // a plane that rises by 10 m in 100 m to the east
/// let plane = |at: lifecircle_types::LonLat| Some(at.lon().to_radians() * lifecircle_types::EARTH_RADIUS_M * 0.1);
/// let terrain = Terrain::new(&network, TerrainOptions::default(), plane)?;
/// let east = network.arcs().find(|&arc| network.tail(arc) == network.node(1).unwrap() && network.head(arc) == network.node(2).unwrap());
/// let grades: Vec<_> = terrain.grades(east.unwrap()).map(|grade| (grade.unwrap() * 1000.0).round()).collect();
/// assert_eq!(grades, [100.0; 3]); // three stretches of 33 m, in thousandths
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Terrain {
    first: Vec<u32>,
    rise: Vec<Option<i32>>,
    /// Of every arc its segment, and whether it runs against it.
    side: Vec<u32>,
    length_mm: Vec<u32>,
    account: TerrainAccount,
}

impl Terrain {
    /// Reads the heights of every street: `height` gives metres above some level, `None` where none is known.
    ///
    /// Takes one height a stretch and node, in O(n + m).
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::Error::TooMany) beyond 2^32 - 1 stretches.
    pub fn new(
        network: &StreetNetwork,
        options: TerrainOptions,
        height: impl Fn(LonLat) -> Option<f64>,
    ) -> Result<Self> {
        let spans: Vec<bool> =
            network.ways.iter().map(|way| Obstacle::of_street(&way.tags).is_some()).collect();
        let is_span = |segment: usize| spans[network.way_of[segment] as usize];
        let nodes = node_heights(network, &is_span, &height);
        let (mut first, mut rise) = (vec![0], Vec::new());
        let (mut known, mut spanned, mut unknown, mut steep) = (vec![], vec![], vec![], vec![]);
        for (row, segment) in network.segments().enumerate() {
            let length = network.length_mm[row];
            let ends = [network.tail(segment.along()), network.head(segment.along())]
                .map(|node| nodes[node.index()]);
            let stretches = (length / options.stretch.get()).max(1);
            let inner =
                if is_span(row) { vec![] } else { course_heights(segment.shape(), stretches, &height) };
            let at = |cut: u32| match cut {
                0 => ends[0],
                _ if cut == stretches => ends[1],
                _ if is_span(row) => {
                    let share = f64::from(cut) / f64::from(stretches);
                    ends[0].zip(ends[1]).map(|(from, to)| from + share * (to - from))
                }
                _ => inner[cut as usize - 1],
            };
            let metres = f64::from(length) / 1000.0 / f64::from(stretches);
            for cut in 0..stretches {
                let stretch = at(cut).zip(at(cut + 1)).and_then(|(from, to)| whole_mm(to - from));
                let grade = stretch.map(|rise| f64::from(rise) / 1000.0 / metres);
                match grade {
                    None => unknown.push(metres),
                    Some(grade) => {
                        known.push(metres);
                        spanned.extend(is_span(row).then_some(metres));
                        steep.extend((grade.abs() > 0.25).then_some(metres));
                    }
                }
                rise.push(stretch);
            }
            first.push(count("stretches", rise.len(), u32::MAX - 1)?);
        }
        let account = TerrainAccount {
            known_m: reduce::sum(known),
            spanned_m: reduce::sum(spanned),
            unknown_m: reduce::sum(unknown),
            steep_m: reduce::sum(steep),
        };
        Ok(Self { first, rise, side: network.side.clone(), length_mm: network.length_mm.clone(), account })
    }

    /// Metres of street with and without a grade.
    #[must_use]
    pub const fn account(&self) -> TerrainAccount {
        self.account
    }

    /// The grades of `arc`, stretch by stretch in its direction, all stretches being equally long: the rise over the
    /// length, negative downhill; `None` where a height is not known.
    ///
    /// # Panics
    /// When `arc` is not of the network.
    #[must_use]
    pub fn grades(&self, arc: ArcIx) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
        let side = self.side[arc.index()];
        let segment = side as usize / 2;
        let rises = &self.rise[self.first[segment] as usize..self.first[segment + 1] as usize];
        let stretches = u32::try_from(rises.len()).unwrap_or(u32::MAX);
        let length = f64::from(self.length_mm[segment]) / f64::from(stretches);
        let against = side % 2 == 1;
        (0..rises.len()).map(move |at| {
            let rise = rises[if against { rises.len() - 1 - at } else { at }]?;
            Some(f64::from(if against { -rise } else { rise }) / length)
        })
    }

    /// Metres that `arc` rises from its tail to its head; `None` where a part of it has no height.
    ///
    /// # Panics
    /// When `arc` is not of the network.
    #[must_use]
    pub fn rise(&self, arc: ArcIx) -> Option<f64> {
        let side = self.side[arc.index()];
        let segment = side as usize / 2;
        let rises = &self.rise[self.first[segment] as usize..self.first[segment + 1] as usize];
        let rise = rises.iter().try_fold(0_i64, |sum, rise| Some(sum + i64::from((*rise)?)))?;
        #[expect(clippy::cast_precision_loss, reason = "no street rises by 2^53 mm")]
        let metres = if side % 2 == 1 { -rise } else { rise } as f64 / 1000.0;
        Some(metres)
    }

    pub(crate) fn arc_count(&self) -> usize {
        self.side.len()
    }

    /// Whether it was made for this network.
    pub(crate) fn covers(&self, network: &StreetNetwork) -> bool {
        self.side == network.side && self.length_mm == network.length_mm
    }
}

/// The height of every node, in metres.
fn node_heights(
    network: &StreetNetwork,
    is_span: &dyn Fn(usize) -> bool,
    height: &dyn Fn(LonLat) -> Option<f64>,
) -> Vec<Option<f64>> {
    let hangs = |node: NodeIx| {
        network.out_arcs(node).len() > 1 && network.out_arcs(node).all(|arc| is_span(network.segment_of(arc)))
    };
    let hanging: Vec<NodeIx> = network.nodes().filter(|&node| hangs(node)).collect();
    let mut heights: Vec<Option<f64>> = network.nodes().map(|node| height(network.position(node))).collect();
    for &node in &hanging {
        heights[node.index()] = None;
    }
    // heights spread from the ends of the bridges and settle
    for _ in 0..ROUNDS {
        let mut moved = false;
        for &node in &hanging {
            let weighed: Vec<(f64, f64)> = network
                .out_arcs(node)
                .filter_map(|arc| {
                    let weight = 1.0 / f64::from(network.length(arc).get());
                    Some((weight, weight * heights[network.head(arc).index()]?))
                })
                .collect();
            let weight = reduce::sum(weighed.iter().map(|one| one.0));
            if weight > 0.0 {
                let settled = reduce::sum(weighed.iter().map(|one| one.1)) / weight;
                moved |= heights[node.index()].is_none_or(|before| (before - settled).abs() > SETTLED_M);
                heights[node.index()] = Some(settled);
            }
        }
        if !moved {
            break;
        }
    }
    heights
}

/// Rounds in which the heights of nodes between bridges settle, at most.
const ROUNDS: usize = 1000;

/// Metres by which a height may still move when it counts as settled.
const SETTLED_M: f64 = 1e-4;

/// Heights at the cuts between `stretches` parts of equal length of a course.
fn course_heights(
    shape: &[LonLat],
    stretches: u32,
    height: &dyn Fn(LonLat) -> Option<f64>,
) -> Vec<Option<f64>> {
    let whole: u64 = shape.windows(2).map(|ends| u64::from(piece_mm(ends[0], ends[1]))).sum();
    let mut pieces = shape.windows(2).map(|ends| (ends[0], ends[1], piece_mm(ends[0], ends[1])));
    let mut piece = pieces.next();
    let mut before = 0_u64;
    let cut = |at: u32| {
        let target = whole * u64::from(at) / u64::from(stretches);
        while let Some((_, _, length)) = piece
            && before + u64::from(length) < target
        {
            before += u64::from(length);
            piece = pieces.next();
        }
        let (from, to, length) = piece?;
        let along = u32::try_from(target - before).unwrap_or(length).min(length);
        let share = f64::from(along) / f64::from(length);
        height(position(between(vector(from), vector(to), share))?)
    };
    (1..stretches).map(cut).collect()
}

/// Metres as whole millimetres; `None` when they are no number or beyond what the earth has.
fn whole_mm(metres: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "less than 100 km")]
    let millimetres = (metres.abs() < 100_000.0).then(|| libm::round(metres * 1000.0) as i32);
    millimetres
}
