#![doc = include_str!("../README.md")]

mod approach;
mod build;
mod costs;
mod error;
mod graph;

mod hilbert;
mod ids;
mod isochrone;
mod linkage;
mod matrix;
mod nearest;
mod network;
mod obstacle;
mod precinct;
mod profile;
mod reach_area;
mod route;
mod rows;
mod search;
mod sphere;
mod straight;
mod trip;

pub use approach::{Approach, Approaches, Standing, nearest_trips};
pub use build::{BuildOptions, NetworkBuilder};
pub use costs::WalkCosts;
pub use error::{Error, Result};
pub use graph::{AllWalkArcs, Visited, WalkArc, WalkArcs, WalkGraph, WalkNeighbors, WalkNodes};
pub use ids::{ArcIx, NodeIx};
pub use isochrone::{Isochrone, ReachedPiece, isochrones};
pub use linkage::{Link, LinkFate, LinkOptions, Linkage, Linker};
pub use matrix::{MatrixOptions, travel_matrix};
pub use nearest::{NearestTrip, Target, nearest_each};
pub use network::{Segment, StreetNetwork};
pub use obstacle::{Barriers, Obstacle, motorways};
pub use petgraph;
pub use precinct::Precincts;
pub use profile::{PrivateStreets, Stairs, WalkProfile, is_street};
pub use reach_area::ReachArea;
pub use route::{Route, RouteStep, route};
pub use search::{Nearest, Reached, SearchSpace};
pub use straight::nearest_straight;
