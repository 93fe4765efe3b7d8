//! Gates of units.

use lifecircle_types::{Fate, Imported, Issues, LonLat};

use crate::error::Result;
use crate::rows::{Header, Row, Rows, no_rows, position_columns};

/// Gates of units: pairs of unit code and position. A row without a position is rejected.
pub(crate) fn read_gates(rows: &mut dyn Rows) -> Result<Imported<Vec<(String, LonLat)>>> {
    let header = Header::of(rows);
    let file = header.file.to_owned();
    let remedy = "add it, with the code of the unit that the gate belongs to";
    let unit = header.need(None, &["unit", "unit_code", "code"], remedy)?;
    let position = position_columns(rows, None, None)?;
    let crs = rows.crs();
    let (mut gates, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while rows.next_row(&mut row)? {
        fate.rows += 1;
        let code = row.text(&unit).ok_or_else(|| row.bad(&file, &unit, "name the unit of every gate"))?;
        match row.position(&file, position.as_ref(), crs)? {
            Some((at, _)) => {
                fate.used += 1;
                gates.push((code.to_owned(), at));
            }
            None => fate.reject("no position"),
        }
    }
    if fate.rows == 0 {
        return Err(no_rows(&file));
    }
    gates.sort_by(|a, b| {
        let place = |at: LonLat| (at.lon(), at.lat());
        a.0.cmp(&b.0).then_with(|| place(a.1).partial_cmp(&place(b.1)).unwrap_or(core::cmp::Ordering::Equal))
    });
    Ok(Imported { value: gates, issues: Issues::new(), fate })
}
