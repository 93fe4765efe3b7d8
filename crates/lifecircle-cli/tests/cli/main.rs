//! The real command: what it writes when all is well, and what it says when something is not.

mod examples;
mod packs;
mod refusals;
mod results;
mod town;
