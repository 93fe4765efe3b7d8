//! Coverage: the share of people for whom a rule holds; of land, buildings or units the same.

use lifecircle_types::People;

use crate::{Error, Result};

/// People for whom a rule holds, out of all; kept as integers so that coverages of parts add up exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// People for whom the rule holds.
    pub covered: People,
    /// Everyone who was asked about, the unplaced and unserved included.
    pub all: People,
}

impl Coverage {
    /// Covered people as a share of all; `None` when there is nobody.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        self.covered.share_of(self.all)
    }

    /// People for whom the rule does not hold.
    #[must_use]
    pub fn uncovered(self) -> People {
        self.all - self.covered
    }
}

/// People as numbers, with the share beside them.
#[cfg(feature = "serde")]
impl serde::Serialize for Coverage {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Coverage", 3)?;
        fields.serialize_field("covered", &self.covered)?;
        fields.serialize_field("all", &self.all)?;
        fields.serialize_field("share", &self.share())?;
        fields.end()
    }
}

#[cfg(feature = "schema")]
lifecircle_types::schema_by!(Coverage, |generator| schemars::json_schema!({
    "description": "People for whom a rule holds, out of all.",
    "type": "object",
    "properties": {
        "covered": generator.subschema_for::<People>(),
        "all": generator.subschema_for::<People>(),
        "share": {
            "description": "Covered people as a share of all, from 0 to 1; null when there is nobody.",
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1
        }
    },
    "required": ["covered", "all", "share"]
}));

impl core::ops::Add for Coverage {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { covered: self.covered + other.covered, all: self.all + other.all }
    }
}

impl core::iter::Sum for Coverage {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), core::ops::Add::add)
    }
}

/// Coverage of `people` by the verdicts of their places.
///
/// # Errors
/// [`Error::LengthMismatch`] when the columns differ in length.
///
/// ```
/// # use lifecircle_types::People;
/// let people = [People::whole(60), People::whole(40)];
/// let coverage = lifecircle_access::coverage(&people, &[true, false])?;
/// assert_eq!(coverage.share(), Some(0.6));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn coverage(people: &[People], holds: &[bool]) -> Result<Coverage> {
    if people.len() != holds.len() {
        return Err(Error::LengthMismatch { what: "verdicts", expected: people.len(), found: holds.len() });
    }
    let covered = people.iter().zip(holds).filter(|(_, holds)| **holds).map(|(people, _)| *people).sum();
    Ok(Coverage { covered, all: people.iter().copied().sum() })
}

/// A part of a whole that is not people: square metres of land, buildings, dwellings, units. Parts and wholes of
/// groups add up, and the share is formed at the end.
///
/// ```
/// # use lifecircle_access::Portion;
/// let blocks = [Portion { part: 3.0, whole: 4.0 }, Portion { part: 0.0, whole: 2.0 }];
/// assert_eq!(blocks.into_iter().sum::<Portion>().share(), Some(0.5));
/// assert_eq!(Portion::default().share(), None); // of nothing there is no share
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Portion {
    /// The part that is covered.
    pub part: f64,
    /// All of it.
    pub whole: f64,
}

impl Portion {
    /// Counts of things.
    #[must_use]
    pub fn of_counts(part: usize, whole: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "2^53 of anything are more than a place has")]
        let number = |count: usize| count as f64;
        Self { part: number(part), whole: number(whole) }
    }

    /// The part as a share of the whole; `None` where there is no whole.
    #[must_use]
    pub fn share(self) -> Option<f64> {
        (self.whole > 0.0).then(|| self.part / self.whole)
    }
}

impl core::ops::Add for Portion {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { part: self.part + other.part, whole: self.whole + other.whole }
    }
}

impl core::iter::Sum for Portion {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), core::ops::Add::add)
    }
}

/// Part and whole, with the share beside them.
#[cfg(feature = "serde")]
impl serde::Serialize for Portion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Portion", 3)?;
        fields.serialize_field("part", &self.part)?;
        fields.serialize_field("whole", &self.whole)?;
        fields.serialize_field("share", &self.share())?;
        fields.end()
    }
}

#[cfg(feature = "schema")]
lifecircle_types::schema_by!(
    Portion,
    schemars::json_schema!({
        "description": "A part of a whole that is not people: square metres, buildings, dwellings, units.",
        "type": "object",
        "properties": {
            "part": { "description": "The part that is covered.", "type": "number", "minimum": 0 },
            "whole": { "description": "All of it.", "type": "number", "minimum": 0 },
            "share": {
                "description": "The part as a share of the whole; null where there is no whole.",
                "type": ["number", "null"]
            }
        },
        "required": ["part", "whole", "share"]
    })
);
