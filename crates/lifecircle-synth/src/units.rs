//! The units of the plan as a set: city, districts, streets, blocks, communities, estates.

use lifecircle_types::{Unit, UnitKind, UnitSet, ZoneType};

use crate::error::Result;
use crate::estates::Estate;
use crate::names;
use crate::plan::{CITY, Group, Plan};

/// Every unit with its boundary; households add up at every level.
pub(crate) fn units(plan: &Plan, estates: &[Estate]) -> Result<UnitSet> {
    let mut households = vec![0; plan.cells.len()];
    let mut units = Vec::with_capacity(estates.len() + 2 * plan.cells.len());
    for (number, estate) in estates.iter().enumerate() {
        let cell = &plan.cells[estate.cell];
        let own = estate.kind.households(estate.people);
        households[estate.cell] += own;
        units.push(Unit {
            name: Some(names::estate(number, estate.kind.ending())),
            parent: cell.code.clone(),
            zone: Some(cell.zone),
            households: Some(own),
            boundary: Some(plan.polygon(&estate.outline).into()),
            ..Unit::new(estate.code.clone(), UnitKind::Estate)
        });
    }
    for (number, cell) in plan.cells.iter().enumerate() {
        let Some(code) = &cell.code else { continue };
        units.push(Unit {
            name: Some(names::community(number)),
            parent: Some(plan.blocks[cell.lies_in[0]].code.clone()),
            zone: Some(cell.zone),
            households: Some(households[number]),
            boundary: Some(plan.boundary(&[number])),
            ..Unit::new(code.clone(), UnitKind::Community)
        });
    }
    let mut add = |kind: UnitKind, groups: &[Group], name: &dyn Fn(usize, &Group) -> String| {
        for (number, group) in groups.iter().enumerate() {
            units.push(Unit {
                name: Some(name(number, group)),
                parent: Some(group.parent.clone()),
                zone: Some(group.zone),
                households: Some(group.cells.iter().map(|&cell| households[cell]).sum()),
                boundary: Some(plan.boundary(&group.cells)),
                ..Unit::new(group.code.clone(), kind)
            });
        }
    };
    add(UnitKind::Block, &plan.blocks, &|number, group| {
        let street = plan.cells[group.cells[0]].lies_in[1];
        names::block(street, number % 4)
    });
    add(UnitKind::Street, &plan.streets, &|number, group| {
        names::sub_district(number, group.zone == ZoneType::Rural)
    });
    add(UnitKind::District, &plan.districts, &|number, _| names::district(number));
    let all: Vec<usize> = (0..plan.cells.len()).collect();
    units.push(Unit {
        name: Some("清江市 Qingjiang".into()),
        zone: Some(ZoneType::Urban),
        households: Some(households.iter().sum()),
        boundary: Some(plan.boundary(&all)),
        ..Unit::new(CITY, UnitKind::City)
    });
    Ok(UnitSet::new(units)?)
}
