//! What results are about: a unit, or the whole place.

use lifecircle_types::{UnitIx, UnitKind, UnitSet};

/// A unit or the whole place, as results name it.
pub(crate) struct Area {
    /// Code of the unit; `None` is the whole place.
    pub(crate) unit: Option<String>,
    /// Name of the unit, or its code.
    pub(crate) label: String,
    pub(crate) kind: Option<UnitKind>,
}

impl Area {
    pub(crate) fn of(units: &UnitSet, unit: Option<UnitIx>) -> Self {
        let record = unit.map(|unit| &units[unit]);
        Self {
            unit: record.map(|record| record.code.clone()),
            label: record.map_or("the whole place", |record| record.label()).into(),
            kind: record.map(|record| record.kind),
        }
    }
}
