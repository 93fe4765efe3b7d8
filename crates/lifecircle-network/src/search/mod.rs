//! Bounded searches over any petgraph graph, with a scratch space that is used again and again.

mod queue;
mod space;

pub use space::{Nearest, Reached, SearchSpace};
