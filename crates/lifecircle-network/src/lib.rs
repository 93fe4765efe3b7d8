#![doc = include_str!("../README.md")]

mod build;
mod costs;
mod error;
mod graph;
mod hilbert;
mod ids;
mod linkage;
mod matrix;
mod nearest;
mod network;
mod order;
mod parts;
mod profile;
mod queries;
mod rows;
mod search;
mod sphere;
mod straight;
mod trip;

pub use build::{BuildOptions, NetworkBuilder};
pub use costs::WalkCosts;
pub use error::{Error, Result};
pub use graph::{AllWalkArcs, Visited, WalkArc, WalkArcs, WalkGraph, WalkNeighbors, WalkNodes};
pub use ids::{ArcIx, NodeIx};
pub use linkage::{Link, LinkFate, LinkOptions, Linkage, Linker};
pub use matrix::{MatrixOptions, travel_matrix};
pub use nearest::{NearestTrip, Target, nearest_each};
pub use network::{Segment, StreetNetwork};
pub use order::{EliminationOrder, PreparedGraph};
pub use parts::{NetworkParts, NodePart, SegmentPart, WayPart};
pub use petgraph;
pub use profile::{Stairs, WalkProfile, is_street};
pub use queries::{CostTable, NearestCosts, NearestRanks, PreparedSpace};
pub use search::{Nearest, Reached, SearchSpace};
pub use straight::nearest_straight;
