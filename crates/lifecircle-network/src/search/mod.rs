//! Bounded searches over any petgraph graph, with a scratch space that is used again and again.

mod queue;
mod space;
mod turn;
mod unordered;

pub use space::{Nearest, Reached, SearchSpace};
pub(crate) use unordered::UnorderedSpace;
