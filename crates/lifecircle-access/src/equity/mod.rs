//! How evenly something is spread over people.
//!
//! Row `i` has the value `Aᵢ` and `Pᵢ` people, so a share `xᵢ = Pᵢ / ΣP` of all; `μ = Σ xᵢ Aᵢ`. People are
//! weights, never rows: a row of nobody changes nothing, and splitting a row changes nothing.
//!
//! A measure that has no answer says why, as an [`Undefined`]; no row is dropped to get one. Where it also takes
//! columns or parameters that may not fit, the reason comes as [`Error::Undefined`](crate::Error::Undefined).

mod chance;
mod distribution;
mod entropy;
mod floor;
mod ranked;
mod spatial;

pub use chance::{Bootstrap, Chance, PermutationTest, Resampled, bootstrap, permutation_test};
pub(crate) use chance::{Draws, check_draws, rank};
pub use distribution::Distribution;
pub use entropy::{Decomposition, GroupPart, KolmPollak, Preference};
pub use floor::{WorstGroup, parity_ratio, stacked};
pub use spatial::{Moran, Neighbours, SpatialGini, moran, spatial_gini};
use thiserror::Error as ThisError;

/// Why a measure has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Undefined {
    /// There is nobody to be compared.
    #[error("there is nobody")]
    Nobody,
    /// Everybody has nothing, and shares of nothing are no numbers.
    #[error("everybody has 0")]
    NothingToShare,
    /// Somebody has nothing, and the measure takes the logarithm of what each has.
    #[error("somebody has 0, of which there is no logarithm")]
    SomebodyHasNothing,
    /// Those by whom is divided have nothing.
    #[error("those who are compared with have 0")]
    ComparedWithNothing,
    /// All values are equal, and there is nothing to explain.
    #[error("all values are equal")]
    AllEqual,
    /// Nobody has a neighbour.
    #[error("no place has a neighbour")]
    NoNeighbours,
    /// Fewer rows than the measure needs.
    #[error("too few rows")]
    TooFew,
}

/// The value of a measure, or why it has none.
pub type Measured<T = f64> = Result<T, Undefined>;
