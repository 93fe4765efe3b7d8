//! Dwellings from rows: outlines with storeys and numbers of flats.

use lifecircle_types::{Building, BuildingUse, Fate, Imported, Issues};

use crate::error::Result;
use crate::rows::{Field, Header, Row, RowGeometry, Rows, check_unique, no_rows};

/// Storeys and flats that a building can have at most.
const MOST_LEVELS: f64 = 200.0;
const MOST_DWELLINGS: u64 = 10_000;

pub(crate) fn read(rows: &mut dyn Rows) -> Result<Imported<Vec<Building>>> {
    let header = Header::of(rows);
    let file = header.file.to_owned();
    let id = header.need(None, &["id"], "add it, with an id of its own per building")?;
    let levels = header.find(None, &["levels", "building:levels"])?;
    let dwellings = header.find(None, &["dwellings", "flats", "building:flats"])?;
    let mut fate = Fate::default();
    let mut found: Vec<(u64, Building)> = vec![];
    let mut row = Row::default();
    while rows.next_row(&mut row)? {
        fate.rows += 1;
        let key = row.text(&id).ok_or_else(|| row.bad(&file, &id, "give every building an id"))?.to_owned();
        let (levels, dwellings) =
            (storeys(&row, &file, levels.as_ref())?, flats(&row, &file, dwellings.as_ref())?);
        let RowGeometry::Area { inside, area_m2, .. } = core::mem::take(&mut row.geometry) else {
            fate.reject("no outline");
            continue;
        };
        fate.used += 1;
        found.push((
            row.number,
            Building {
                id: key,
                position: inside,
                footprint_m2: area_m2,
                levels,
                dwellings,
                usage: BuildingUse::Residential,
            },
        ));
    }
    if fate.rows == 0 {
        return Err(no_rows(&file));
    }
    check_unique(&file, &found.iter().map(|(number, b)| (b.id.as_str(), *number)).collect::<Vec<_>>())?;
    let mut value: Vec<Building> = found.into_iter().map(|(_, building)| building).collect();
    value.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Imported { value, issues: Issues::new(), fate })
}

fn storeys(row: &Row, file: &str, field: Option<&Field>) -> Result<Option<u16>> {
    let Some((field, levels)) = field.and_then(|field| Some((field, row.amount(file, field).transpose()?)))
    else {
        return Ok(None);
    };
    let levels = libm::floor(levels? + 0.5);
    if !(1.0..=MOST_LEVELS).contains(&levels) {
        return Err(row.bad(file, field, "write a number of storeys from 1 to 200, or leave it empty"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above: 1 to 200")]
    let levels = levels as u16;
    Ok(Some(levels))
}

fn flats(row: &Row, file: &str, field: Option<&Field>) -> Result<Option<u32>> {
    let Some((field, flats)) = field.and_then(|field| Some((field, row.whole(file, field).transpose()?)))
    else {
        return Ok(None);
    };
    let flats = u32::try_from(flats?).ok().filter(|&flats| flats > 0 && u64::from(flats) <= MOST_DWELLINGS);
    flats
        .map(Some)
        .ok_or_else(|| row.bad(file, field, "write a number of flats from 1 to 10000, or leave it empty"))
}
