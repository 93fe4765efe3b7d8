use lifecircle_types::InvalidSet;
use thiserror::Error as ThisError;

/// Why residents cannot be placed.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A control total names an area that is not among the units.
    #[error(
        "the control total names the area `{name}`, which is not among the units; did you mean `{nearest}`?"
    )]
    UnknownArea {
        /// The name.
        name: String,
        /// The unit whose name is most alike.
        nearest: String,
    },
    /// A control total for an area without a boundary.
    #[error(
        "the area `{name}` has no boundary: residents cannot be placed inside it; give the unit a polygon"
    )]
    NoBoundary {
        /// The area.
        name: String,
    },
    /// Two control totals cover one area.
    #[error("the area `{name}` stands in two control totals: leave it in one")]
    CountedTwice {
        /// The area.
        name: String,
    },
    /// A boundary that is no sound polygon.
    #[error(
        "the boundary crosses or touches itself or is not closed: {problem}; repair it (in QGIS: Fix geometries)"
    )]
    BadBoundary {
        /// What is wrong.
        problem: String,
    },
    /// More people in a group than there are residents.
    #[error("{group} is {group_people} people of only {people} residents: correct the total")]
    GroupTooLarge {
        /// Name of the group.
        group: String,
        /// People in the group.
        group_people: u64,
        /// Residents.
        people: u64,
    },
    /// Totals that no mix of people fits.
    #[error(
        "the totals of groups contradict one another: {group} of {area} is {wanted} people, and the other totals leave \
         room for {reached}; correct the tables"
    )]
    TotalsDisagree {
        /// The area whose total is missed most.
        area: String,
        /// Name of the group.
        group: String,
        /// People it states.
        wanted: u64,
        /// People that fit best.
        reached: u64,
    },
    /// More groups than can be fitted together.
    #[error(
        "{groups} groups tell apart more than {most} kinds of people: leave out ages or vulnerabilities that no rule asks for"
    )]
    TooManyKinds {
        /// Number of groups.
        groups: usize,
        /// Most kinds.
        most: usize,
    },
    /// Placed residents that do not make a set.
    #[error(transparent)]
    Set(#[from] InvalidSet),
}
