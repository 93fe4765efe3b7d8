//! What can keep the network from answering.

use lifecircle_types::{Cancelled, CostUnit, InvalidMatrix};
use thiserror::Error;

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;

/// Why a network, a search or a matrix could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The profile may use no street at all.
    #[error(
        "profile `{profile}` may walk on no street of the network: check the profile and the streets' tags"
    )]
    NoWalkableStreet {
        /// Key of the profile.
        profile: String,
    },
    /// Costs were made for another network.
    #[error("costs cover {found} {what}, the network has {expected}: make the costs from this network")]
    OtherNetwork {
        /// What was counted: nodes or arcs.
        what: &'static str,
        /// How many the network has.
        expected: usize,
        /// How many the costs cover.
        found: usize,
    },
    /// Columns of one set differ in length.
    #[error("{found} {what} for {expected} places: give one for each")]
    LengthMismatch {
        /// What was counted.
        what: &'static str,
        /// How many there are places.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A link names an arc or an offset that the network does not have.
    #[error(
        "link to arc {arc} at {offset_mm} mm does not lie on the network: link the points to this network"
    )]
    OtherLink {
        /// The arc.
        arc: u32,
        /// Millimetres from its tail.
        offset_mm: u32,
    },
    /// A cutoff counts in another unit than the costs.
    #[error(
        "the cutoff counts {found:?} and the costs count {expected:?}: state the cutoff in the unit of the costs"
    )]
    WrongUnit {
        /// Unit of the costs.
        expected: CostUnit,
        /// Unit of the cutoff.
        found: CostUnit,
    },
    /// A target belongs to a facility beyond the stated number.
    #[error("a target belongs to facility {owner}, expected less than {facilities}")]
    OwnerOutOfRange {
        /// The facility.
        owner: u32,
        /// Facilities stated.
        facilities: u32,
    },
    /// Plain arrays do not make a network.
    #[error("row {row}: {what}")]
    InvalidPart {
        /// What is wrong.
        what: &'static str,
        /// Row of the node, way or segment, counted from 0.
        row: usize,
    },
    /// The graph is not like streets: eliminating its nodes joins too many others.
    #[error("the streets of {nodes} nodes are too tangled to be ordered: search them without an order")]
    TooTangled {
        /// Nodes of the network.
        nodes: usize,
    },
    /// Two neighbours of the network do not stand one above the other in the order.
    #[error(
        "nodes {node} and {neighbour} are neighbours in the network and not in the order: make the order from this network"
    )]
    OtherOrder {
        /// A node.
        node: u32,
        /// Its neighbour.
        neighbour: u32,
    },
    /// Bytes are not an order of the network.
    #[error("{what}: make the order from this network again")]
    InvalidOrder {
        /// What is wrong.
        what: &'static str,
    },
    /// More of something than 32 bits can count.
    #[error("{count} {what} are too many: at most {most}")]
    TooMany {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: u32,
    },
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The entries found do not make a matrix.
    #[error(transparent)]
    Matrix(#[from] InvalidMatrix),
}

/// `count` as 32 bits, if it is at most `most`.
pub(crate) fn count(what: &'static str, count: usize, most: u32) -> Result<u32> {
    u32::try_from(count).ok().filter(|&number| number <= most).ok_or(Error::TooMany { what, count, most })
}
