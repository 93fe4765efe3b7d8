//! Charts, drawn as SVG with their figures in words beside them.

mod bars;
mod lorenz;

pub(crate) use bars::{Bar, bars};
pub(crate) use lorenz::{curve, lorenz};
