//! Planning units from rows.

use lifecircle_types::{Fate, Imported, Issues, Severity, Unit, UnitKind, UnitSet};

use crate::crs::Crs;
use crate::error::{Error, Result};
use crate::rows::{Header, Row, RowGeometry, Rows, check_unique, column_setters, no_rows};

/// The columns of a file of units; a column that is not named is found by its usual names.
///
/// | What | Usual names |
/// |---|---|
/// | code | `code`, `id` |
/// | kind: estate, community, block, street, district or city | `kind`, `unit_kind` |
/// | name; code of the unit it lies in | `name`; `parent` |
/// | kind of place; number of households | `zone`, `zone_type`; `households` |
///
/// ```
/// # use lifecircle_io::{Crs, UnitColumns};
/// let columns = UnitColumns::default().code("GB_CODE").crs(Crs::GCJ02);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnitColumns {
    /// Column of the code.
    pub code: Option<String>,
    /// Column of the kind.
    pub kind: Option<String>,
    /// Kind of every unit, for a file that does not tell it.
    pub every_kind: Option<UnitKind>,
    /// Column of the name.
    pub name: Option<String>,
    /// Coordinate system of the boundaries; degrees on WGS 84, or what the file itself names, when `None`.
    pub crs: Option<Crs>,
}

impl UnitColumns {
    column_setters! {
        code => "the code",
        kind => "the kind",
        name => "the name",
    }

    /// Says what kind every unit is.
    #[must_use]
    pub fn every_kind(mut self, kind: UnitKind) -> Self {
        self.every_kind = Some(kind);
        self
    }

    /// Names the coordinate system of the boundaries.
    #[must_use]
    pub fn crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
    }
}

const KIND: &[&str] = &["kind", "unit_kind"];

pub(crate) fn read(rows: &mut dyn Rows, columns: &UnitColumns) -> Result<Imported<UnitSet>> {
    let header = Header::of(rows);
    let file = header.file.to_owned();
    let code =
        header.need(columns.code.as_deref(), &["code", "id"], "add it, with a code of its own per row")?;
    let remedy = "add it: estate, community, block, street, district or city";
    let kind = match (columns.every_kind, header.find(columns.kind.as_deref(), KIND)?) {
        (Some(_), Some(column)) => return Err(Error::ToldTwice { file, column: column.name }),
        (Some(_), None) => None,
        (None, _) => Some(header.need(columns.kind.as_deref(), KIND, remedy)?),
    };
    let name = header.find(columns.name.as_deref(), &["name"])?;
    let parent = header.find(None, &["parent"])?;
    let zone = header.find(None, &["zone", "zone_type"])?;
    let households = header.find(None, &["households"])?;

    let mut issues = Issues::new();
    let mut fate = Fate::default();
    let mut units: Vec<(u64, Unit)> = vec![];
    let mut row = Row::default();
    while rows.next_row(&mut row)? {
        fate.rows += 1;
        let key = row.text(&code).ok_or_else(|| row.bad(&file, &code, "give every unit a code"))?;
        let unit_kind = match &kind {
            None => columns.every_kind.unwrap_or(UnitKind::Community),
            Some(field) => row.word::<UnitKind>(&file, Some(field))?.ok_or_else(|| {
                row.bad(&file, field, "write estate, community, block, street, district or city")
            })?,
        };
        let mut unit = Unit::new(key, unit_kind);
        unit.name = row.text_of(name.as_ref());
        unit.parent = row.text_of(parent.as_ref());
        unit.zone = row.word(&file, zone.as_ref())?;
        unit.households = match &households {
            Some(field) => row.whole(&file, field)?,
            None => None,
        };
        match core::mem::take(&mut row.geometry) {
            RowGeometry::Area { boundary, .. } => unit.boundary = Some(boundary),
            RowGeometry::Point(..) => issues.push(
                Severity::Warning,
                "unit with a point for a boundary",
                unit.code.as_str(),
                "it was taken without a boundary",
            ),
            RowGeometry::InColumns | RowGeometry::Missing => {}
        }
        fate.used += 1;
        units.push((row.number, unit));
    }
    if fate.rows == 0 {
        return Err(no_rows(&file));
    }
    let codes: Vec<_> = units.iter().map(|(number, unit)| (unit.code.as_str(), *number)).collect();
    check_unique(&file, &codes)?;
    let units = units.into_iter().map(|(_, unit)| unit).collect();
    let value = UnitSet::new(units).map_err(|source| Error::Set { file, source })?;
    Ok(Imported { value, issues, fate })
}
