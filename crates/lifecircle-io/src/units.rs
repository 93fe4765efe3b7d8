//! Planning units from rows.

use lifecircle_types::{Fate, Imported, Issues, Severity, Unit, UnitKind, UnitSet};

use crate::error::{Error, Result};
use crate::rows::{Header, Row, RowGeometry, Rows, check_unique, no_rows};

pub(crate) fn read(rows: &mut dyn Rows) -> Result<Imported<UnitSet>> {
    let header = Header::of(rows);
    let file = header.file.to_owned();
    let code = header.need(None, &["code", "id"], "add it, with a code of its own per row")?;
    let kind = header.need(
        None,
        &["kind", "unit_kind"],
        "add it: estate, community, block, street, district or city",
    )?;
    let name = header.find(None, &["name"])?;
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
        let Some(unit_kind) = row.word::<UnitKind>(&file, Some(&kind))? else {
            let words = "write estate, community, block, street, district or city";
            return Err(row.bad(&file, &kind, words));
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
            RowGeometry::Point(_) => issues.push(
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
