//! Planning units: nested areas from the estate to the city.

use std::collections::BTreeMap;

use geo_types::MultiPolygon;

use crate::error::InvalidSet;
use crate::ids::UnitIx;
use crate::position::LonLat;

crate::word_enum! {
    /// The kind of a unit, from small to large.
    UnitKind, "unit kind" {
        /// Housing estate (小区).
        Estate = "estate",
        /// Community, village or neighbourhood (社区).
        Community = "community",
        /// Block of several communities (街区).
        Block = "block",
        /// Sub-district or town (街道).
        Street = "street",
        /// District or county (区县).
        District = "district",
        /// The whole city.
        City = "city",
    }
}

crate::word_enum! {
    /// The kind of place a unit is; standards differ between them.
    ZoneType, "zone type" {
        /// Built-up city.
        Urban = "urban",
        /// Countryside.
        Rural = "rural",
        /// New city or development area.
        NewCity = "new_city",
    }
}

/// A planning unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Code, unique in the set and stable over years.
    pub code: String,
    /// Name, where it has one.
    pub name: Option<String>,
    /// Kind.
    pub kind: UnitKind,
    /// Code of the unit it lies in.
    pub parent: Option<String>,
    /// Kind of place.
    pub zone: Option<ZoneType>,
    /// Households.
    pub households: Option<u64>,
    /// Boundary in degrees.
    pub boundary: Option<MultiPolygon<f64>>,
    /// Gates of a walled estate; none means that its boundary is no wall.
    pub gates: Vec<LonLat>,
}

impl Unit {
    /// A unit with a code and a kind, everything else unknown.
    #[must_use]
    pub fn new(code: impl Into<String>, kind: UnitKind) -> Self {
        Self {
            code: code.into(),
            name: None,
            kind,
            parent: None,
            zone: None,
            households: None,
            boundary: None,
            gates: vec![],
        }
    }

    /// The name, or the code of a nameless unit.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.code)
    }
}

/// Units in the order of their codes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitSet {
    units: Vec<Unit>,
    parents: Vec<Option<UnitIx>>,
    by_code: BTreeMap<String, UnitIx>,
}

impl UnitSet {
    /// Puts units into canonical order and resolves their parents.
    ///
    /// # Errors
    /// [`InvalidSet`] when a code appears twice, a parent is missing or of a kind that is not larger, or
    /// there are more than 2^32 - 2 units.
    pub fn new(mut units: Vec<Unit>) -> Result<Self, InvalidSet> {
        crate::set::check_size("the set of units", units.len())?;
        units.sort_by(|a, b| a.code.cmp(&b.code));
        crate::set::check_unique("unit", units.iter().map(|u| u.code.as_str()))?;
        let by_code: BTreeMap<_, _> =
            units.iter().enumerate().map(|(row, unit)| (unit.code.clone(), UnitIx::new(row))).collect();
        let mut parents = Vec::with_capacity(units.len());
        for unit in &units {
            let Some(parent) = &unit.parent else {
                parents.push(None);
                continue;
            };
            let problem = match by_code.get(parent) {
                None => "is not among the units",
                Some(ix) if units[ix.index()].kind <= unit.kind => "is not of a larger kind",
                Some(&ix) => {
                    parents.push(Some(ix));
                    continue;
                }
            };
            return Err(InvalidSet::BadParent { unit: unit.code.clone(), parent: parent.clone(), problem });
        }
        Ok(Self { units, parents, by_code })
    }

    /// Number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// The units, by code.
    #[must_use]
    pub fn as_slice(&self) -> &[Unit] {
        &self.units
    }

    /// Units with their indices.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (UnitIx, &Unit)> {
        self.units.iter().enumerate().map(|(row, unit)| (UnitIx::new(row), unit))
    }

    /// The unit with `code`.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<UnitIx> {
        self.by_code.get(code).copied()
    }

    /// The unit that `unit` lies in.
    #[must_use]
    pub fn parent(&self, unit: UnitIx) -> Option<UnitIx> {
        self.parents[unit.index()]
    }

    /// `unit` itself, then everything it lies in, from small to large.
    pub fn lineage(&self, unit: UnitIx) -> impl Iterator<Item = UnitIx> + '_ {
        core::iter::successors(Some(unit), |&unit| self.parent(unit))
    }

    /// The kind of place of `unit`: its own, else that of the smallest unit around it that states one.
    #[must_use]
    pub fn zone(&self, unit: UnitIx) -> Option<ZoneType> {
        self.lineage(unit).find_map(|around| self[around].zone)
    }
}

impl core::ops::Index<UnitIx> for UnitSet {
    type Output = Unit;
    fn index(&self, index: UnitIx) -> &Unit {
        &self.units[index.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lineage_runs_from_small_to_large() {
        let mut estate = Unit::new("e1", UnitKind::Estate);
        estate.parent = Some("c1".into());
        let mut community = Unit::new("c1", UnitKind::Community);
        community.parent = Some("d1".into());
        let set = UnitSet::new(vec![estate, Unit::new("d1", UnitKind::District), community]).unwrap();
        let codes: Vec<_> = set.lineage(set.find("e1").unwrap()).map(|u| set[u].code.as_str()).collect();
        assert_eq!(codes, ["e1", "c1", "d1"]);
    }

    #[test]
    fn parents_exist_and_are_larger() {
        let mut orphan = Unit::new("a", UnitKind::Community);
        orphan.parent = Some("nowhere".into());
        assert!(matches!(UnitSet::new(vec![orphan]), Err(InvalidSet::BadParent { .. })));
        let mut a = Unit::new("a", UnitKind::Community);
        a.parent = Some("a".into());
        assert!(matches!(UnitSet::new(vec![a]), Err(InvalidSet::BadParent { .. })));
    }
}
