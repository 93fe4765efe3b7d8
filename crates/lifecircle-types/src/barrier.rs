//! What nobody walks across away from a street: water, railways, motorways, walls.

use crate::position::LonLat;

crate::word_enum! {
    /// The kind of a barrier.
    BarrierKind, "barrier kind" {
        /// A river, a canal, a lake, the sea.
        Water = "water",
        /// A railway in use, on the level.
        Railway = "railway",
        /// A road that walkers may not use.
        Motorway = "motorway",
        /// A wall or a fence.
        Wall = "wall",
    }
}

/// A line that nobody crosses off the streets.
#[derive(Clone, Debug, PartialEq)]
pub struct Barrier {
    /// Public id, such as `way/123`. A line that a map shows in pieces appears once per piece.
    pub id: String,
    /// Kind.
    pub kind: BarrierKind,
    /// Name, where it has one, such as that of a river: lines of one kind and name are one barrier.
    pub name: Option<String>,
    /// Whether it lies on a bridge: then it bars nobody, and a street that meets it passes under it.
    pub raised: bool,
    /// The line, at least two points; closed when it ends where it starts.
    pub line: Vec<LonLat>,
    /// Openings of a wall: its gates and entrances, and where streets pass.
    pub gates: Vec<LonLat>,
}

impl Barrier {
    /// Whether the line comes back to its first point, and so has an inside.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.line.len() > 3 && self.line.first() == self.line.last()
    }
}
