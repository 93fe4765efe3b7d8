//! Where residents live and which groups they belong to.
//!
//! A [`DemandSet`] holds resident places in the order of their public ids. Row `i` of every column belongs
//! to `DemandIx(i)`. People in a group are counted among the people of their place; groups may overlap
//! (a girl of ten is in `age_0_14` and in `female`).

use core::fmt;
use core::str::FromStr;

use crate::error::{InvalidSet, InvalidText};
use crate::ids::DemandIx;
use crate::position::{GivenPosition, LonLat};
use crate::quantity::People;

crate::word_enum! {
    /// Sex, as censuses count it.
    Sex, "sex" {
        /// Women and girls.
        Female = "female",
        /// Men and boys.
        Male = "male",
    }
}

crate::word_enum! {
    /// What ties a person to the place (policy: services for permanent residents, not only the registered).
    ResidenceStatus, "residence status" {
        /// Lives here (常住人口).
        Resident = "resident",
        /// Registered here (户籍人口).
        Registered = "registered",
        /// Holds a residence permit (居住证持有人).
        PermitHolder = "permit_holder",
    }
}

/// Ages in completed years, both ends inclusive; no upper end means "and over".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgeBand {
    /// Youngest age of the band.
    pub from: u8,
    /// Oldest age of the band; `None` is "and over".
    pub to: Option<u8>,
}

impl AgeBand {
    /// Whether everyone in this band is younger than `age`.
    #[must_use]
    pub fn is_under(self, age: u8) -> bool {
        self.to.is_some_and(|to| to < age)
    }
}

impl fmt::Display for AgeBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "age_{}_{to}", self.from),
            None => write!(f, "age_{}_plus", self.from),
        }
    }
}

impl FromStr for AgeBand {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let band = (|| {
            let (from, to) = text.strip_prefix("age_")?.split_once('_')?;
            let from: u8 = from.parse().ok()?;
            if to == "plus" {
                return Some(Self { from, to: None });
            }
            let to: u8 = to.parse().ok()?;
            (from <= to).then_some(Self { from, to: Some(to) })
        })();
        band.ok_or_else(|| InvalidText {
            what: "age band",
            value: text.into(),
            expected: "age_<from>_<to> or age_<from>_plus, such as age_0_14 or age_65_plus",
        })
    }
}

crate::serde_as_text!(AgeBand);

#[cfg(feature = "schema")]
crate::schema_by!(
    AgeBand,
    schemars::json_schema!({
        "description": "Ages in completed years, both ends inclusive, such as age_0_14 or age_65_plus.",
        "type": "string",
        "pattern": r"^age_\d+_(\d+|plus)$"
    })
);

crate::word_enum! {
    /// Where the numbers of a group come from.
    GroupBasis, "group basis" {
        /// Counted or estimated place by place.
        Counted = "counted",
        /// Fitted to totals of areas: inside an area it says nothing about where the group lives.
        Fitted = "fitted",
        /// One share of the whole study laid over every place alike: it says nothing about where the group lives.
        WholePlaceShare = "whole_place_share",
    }
}

/// A group of residents: what its members have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// Column name in files, such as `age_65_plus`, `female` or `permit_holder`.
    pub name: String,
    /// Ages, where the group is an age band.
    pub age: Option<AgeBand>,
    /// Sex, where the group has one.
    pub sex: Option<Sex>,
    /// Residence status, where the group has one.
    pub status: Option<ResidenceStatus>,
    /// A vulnerability in the source's own word, such as `disabled` or `living_alone`.
    pub vulnerability: Option<String>,
    /// Where the numbers come from.
    pub basis: GroupBasis,
}

impl Group {
    /// The group a column name stands for.
    ///
    /// Known forms are `age_0_14`, `age_65_plus`, `female`, `male`, `registered`, `permit_holder`, two of them
    /// joined (`female_age_65_plus`), and `group_<word>` for any vulnerability.
    ///
    /// ```
    /// # use lifecircle_types::Group;
    /// let group = Group::from_column("female_age_65_plus").unwrap();
    /// assert_eq!(group.age.unwrap().from, 65);
    /// assert!(Group::from_column("street_name").is_none());
    /// ```
    #[must_use]
    pub fn from_column(name: &str) -> Option<Self> {
        let mut group = Self {
            name: name.into(),
            age: None,
            sex: None,
            status: None,
            vulnerability: None,
            basis: GroupBasis::Counted,
        };
        if let Some(word) = name.strip_prefix("group_").filter(|word| !word.is_empty()) {
            group.vulnerability = Some(word.into());
            return Some(group);
        }
        let (front, age) = match name.find("age_") {
            Some(0) => ("", name),
            Some(at) => (name[..at].strip_suffix('_')?, &name[at..]),
            None => (name, ""),
        };
        if !age.is_empty() {
            group.age = Some(age.parse().ok()?);
        }
        if !front.is_empty() {
            group.sex = front.parse().ok();
            group.status = front.parse().ok();
            if group.sex.is_none() && group.status.is_none() {
                return None;
            }
        }
        (!name.is_empty()).then_some(group)
    }
}

/// Counted people of groups in an area, or in several areas together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaGroups {
    /// Names or codes of the areas that share the totals, at least one.
    pub areas: Vec<String>,
    /// Groups with their whole people; a group that is not stated is absent.
    pub groups: Vec<(Group, u64)>,
}

/// People by group: one column per group, aligned with the places of a [`DemandSet`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GroupColumns {
    groups: Vec<Group>,
    people: Vec<Vec<People>>,
}

impl GroupColumns {
    /// No groups.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a group with its people per place.
    ///
    /// # Errors
    /// [`InvalidSet`] when the column differs in length from the others or the name is taken.
    pub fn push(&mut self, group: Group, people: Vec<People>) -> Result<(), InvalidSet> {
        if let Some(first) = self.people.first()
            && first.len() != people.len()
        {
            return Err(InvalidSet::LengthMismatch {
                what: "a group column",
                expected: first.len(),
                found: people.len(),
            });
        }
        if self.groups.iter().any(|g| g.name == group.name) {
            return Err(InvalidSet::DuplicateId { what: "group", id: group.name });
        }
        self.groups.push(group);
        self.people.push(people);
        Ok(())
    }

    /// The groups, in the order they were added.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// People per place of group number `group`.
    #[must_use]
    pub fn people(&self, group: usize) -> &[People] {
        &self.people[group]
    }

    /// Groups with their columns.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Group, &[People])> {
        self.groups.iter().zip(self.people.iter().map(Vec::as_slice))
    }
}

crate::word_enum! {
    /// How the position of a resident place was found.
    Placement, "placement" {
        /// As the source says.
        Given = "given",
        /// On a dwelling that the map shows.
        Dwelling = "dwelling",
        /// On residential land, for want of dwellings.
        Land = "land",
        /// Along a residential street, for want of land.
        Street = "street",
        /// Nowhere: the source gives no position, or an area without anything to stand on.
        Unplaced = "unplaced",
    }
}

/// One resident place on its way into a [`DemandSet`].
#[derive(Clone, Debug, PartialEq)]
pub struct ResidentPlace {
    /// Public id, unique in the set.
    pub id: String,
    /// Where it is; `None` keeps its people in every denominator as unserved.
    pub position: Option<LonLat>,
    /// Everyone who lives there.
    pub people: People,
    /// Code of the smallest unit it belongs to, where the source says so.
    pub unit: Option<String>,
    /// How the position was found.
    pub placement: Placement,
    /// People by group, in the order of the set's groups.
    pub groups: Vec<People>,
}

/// Resident places in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DemandSet {
    ids: Vec<String>,
    positions: Vec<Option<LonLat>>,
    people: Vec<People>,
    units: Vec<Option<String>>,
    placements: Vec<Placement>,
    groups: GroupColumns,
    given: Vec<Option<GivenPosition>>,
}

impl DemandSet {
    /// Puts places into canonical order, that of their ids.
    ///
    /// # Errors
    /// [`InvalidSet`] when an id appears twice, a place has another number of groups than `groups`, or there
    /// are more than 2^32 - 2 places.
    pub fn new(mut places: Vec<ResidentPlace>, groups: Vec<Group>) -> Result<Self, InvalidSet> {
        crate::set::check_size("the set of resident places", places.len())?;
        places.sort_by(|a, b| a.id.cmp(&b.id));
        crate::set::check_unique("resident place", places.iter().map(|p| p.id.as_str()))?;
        let mut columns = vec![Vec::with_capacity(places.len()); groups.len()];
        let mut set = Self::default();
        for place in places {
            if place.groups.len() != groups.len() {
                return Err(InvalidSet::LengthMismatch {
                    what: "the groups of a place",
                    expected: groups.len(),
                    found: place.groups.len(),
                });
            }
            for (column, people) in columns.iter_mut().zip(place.groups) {
                column.push(people);
            }
            set.ids.push(place.id);
            set.positions.push(place.position);
            set.people.push(place.people);
            set.units.push(place.unit);
            set.placements.push(place.placement);
        }
        for (group, column) in groups.into_iter().zip(columns) {
            set.groups.push(group, column)?;
        }
        Ok(set)
    }

    /// Number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no place at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Every index, in order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = DemandIx> + use<> {
        (0..self.ids.len()).map(DemandIx::new)
    }

    /// Public ids, ascending.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Positions; `None` where the source gives none.
    #[must_use]
    pub fn positions(&self) -> &[Option<LonLat>] {
        &self.positions
    }

    /// Everyone, per place.
    #[must_use]
    pub fn people(&self) -> &[People] {
        &self.people
    }

    /// Codes of the units that the source names, per place.
    #[must_use]
    pub fn unit_codes(&self) -> &[Option<String>] {
        &self.units
    }

    /// How each position was found.
    #[must_use]
    pub fn placements(&self) -> &[Placement] {
        &self.placements
    }

    /// People by group.
    #[must_use]
    pub const fn groups(&self) -> &GroupColumns {
        &self.groups
    }

    /// Adds a group with its people per place.
    ///
    /// # Errors
    /// [`InvalidSet`] when the column has another number of places or the group's name is taken.
    pub fn push_group(&mut self, group: Group, people: Vec<People>) -> Result<(), InvalidSet> {
        if people.len() != self.len() {
            return Err(InvalidSet::LengthMismatch {
                what: "a group column",
                expected: self.len(),
                found: people.len(),
            });
        }
        self.groups.push(group, people)
    }

    /// Coordinates in the source, per place; empty where all are degrees on WGS 84.
    #[must_use]
    pub fn given(&self) -> &[Option<GivenPosition>] {
        &self.given
    }

    /// Keeps the coordinates of the source, per place.
    ///
    /// # Errors
    /// [`InvalidSet`] when the column has another number of places.
    pub fn keep_given(&mut self, given: Vec<Option<GivenPosition>>) -> Result<(), InvalidSet> {
        if given.len() != self.len() {
            return Err(InvalidSet::LengthMismatch {
                what: "a column of given positions",
                expected: self.len(),
                found: given.len(),
            });
        }
        self.given = given;
        Ok(())
    }

    /// Everyone in the set.
    #[must_use]
    pub fn total(&self) -> People {
        self.people.iter().copied().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, people: u64) -> ResidentPlace {
        ResidentPlace {
            id: id.into(),
            position: None,
            people: People::whole(people),
            unit: None,
            placement: Placement::Unplaced,
            groups: vec![],
        }
    }

    #[test]
    fn input_order_does_not_matter() {
        let forth = DemandSet::new(vec![place("a", 1), place("b", 2)], vec![]).unwrap();
        let back = DemandSet::new(vec![place("b", 2), place("a", 1)], vec![]).unwrap();
        assert_eq!(forth, back);
        assert_eq!(forth.total(), People::whole(3));
    }

    #[test]
    fn ids_are_unique() {
        let twice = DemandSet::new(vec![place("a", 1), place("a", 2)], vec![]);
        assert_eq!(twice, Err(InvalidSet::DuplicateId { what: "resident place", id: "a".into() }));
    }

    #[test]
    fn column_names_say_their_group() {
        let check = |name: &str, age: Option<(u8, Option<u8>)>, sex, status| {
            let group = Group::from_column(name).unwrap();
            assert_eq!(group.age, age.map(|(from, to)| AgeBand { from, to }), "{name}");
            assert_eq!((group.sex, group.status), (sex, status), "{name}");
        };
        check("age_0_14", Some((0, Some(14))), None, None);
        check("age_65_plus", Some((65, None)), None, None);
        check("female", None, Some(Sex::Female), None);
        check("permit_holder_age_0_5", Some((0, Some(5))), None, Some(ResidenceStatus::PermitHolder));
        for other in ["", "people", "village_age_x", "age_9_3", "age_", "average_age_of_house"] {
            assert_eq!(Group::from_column(other), None, "{other}");
        }
    }
}
