//! A street on squared paper with homes along it, and tables as text.

use lifecircle::types::{
    Certainty, ColumnValues, DemandSet, Facility, FacilitySet, FeatureTable, Group, Offer, People, Placement,
    ResidentPlace, Unit, UnitKind, UnitSet,
};
use lifecircle::{Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;

/// A home: its id and corner, its people, those of them in every group, and its unit, `E` or `W`. Of a home without a corner
/// nobody knows where it is.
pub(crate) type Home<'a> = (&'a str, Option<u32>, u64, &'a [u64], &'a str);

/// A facility at a corner that offers a service.
pub(crate) fn place(town: GridTown, id: &str, corner: u32, service: &str, certainty: Certainty) -> Facility {
    let mut facility = Facility::new(id, town.position(corner, 0), "register");
    let service = service.parse().expect("a key");
    facility.offers = vec![Offer { service, certainty, capacity: None }];
    facility
}

/// A study of the street with its homes, the columns of their groups and facilities.
pub(crate) fn study(
    town: GridTown,
    homes: &[Home<'_>],
    groups: &[&str],
    facilities: Vec<Facility>,
) -> StudyBuilder {
    let home = |&(id, corner, people, groups, unit): &Home<'_>| ResidentPlace {
        id: id.into(),
        position: corner.map(|corner| town.position(corner, 0)),
        people: People::whole(people),
        unit: Some(unit.into()),
        placement: if corner.is_some() { Placement::Given } else { Placement::Unplaced },
        groups: groups.iter().copied().map(People::whole).collect(),
    };
    let groups = groups.iter().map(|name| Group::from_column(name).expect("a group")).collect();
    let homes = homes.iter().map(home).collect();
    let units = ["E", "W"].map(|code| Unit::new(code, UnitKind::Community));
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(town.records())
        .residents(DemandSet::new(homes, groups).expect("every home once"))
        .facilities(FacilitySet::new(facilities).expect("every id once"))
        .units(UnitSet::new(units.into()).expect("two units"))
}

/// Rows of a table as text, of the columns that are named; empty cells as "-".
pub(crate) fn rows(table: &FeatureTable, names: &[&str]) -> Vec<String> {
    let cell = |name: &&str, row: usize| {
        let column = table.columns().iter().find(|column| column.name == **name).expect(name);
        let text = match &column.values {
            ColumnValues::Text(cells) => cells[row].clone(),
            ColumnValues::Number(cells) => cells[row].map(|cell| format!("{cell:.4}")),
            ColumnValues::Integer(cells) => cells[row].map(|cell| cell.to_string()),
            other => panic!("{other:?}"),
        };
        text.unwrap_or_else(|| "-".into())
    };
    (0..table.rows())
        .map(|row| names.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" "))
        .collect()
}
