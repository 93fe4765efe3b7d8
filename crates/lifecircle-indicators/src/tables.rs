//! The assessment as neutral tables. Every column with a unit carries it in its name; a missing figure is an
//! empty cell.

use geo_types::{Geometry, Point};
use lifecircle_types::{ColumnValues, Evidence, FacilitySet, FeatureTable, InvalidSet, LonLat, People};

use crate::Inputs;
use crate::assessment::{self, Assessment};
use crate::evidence::EvidenceColumn;

type Result<T> = core::result::Result<T, InvalidSet>;

pub(crate) fn text<T: Into<String>>(values: impl IntoIterator<Item = Option<T>>) -> ColumnValues {
    ColumnValues::Text(values.into_iter().map(|value| value.map(Into::into)).collect())
}

/// Metres and minutes: three decimals, a millimetre and a twentieth of a second.
pub(crate) fn measure(values: impl IntoIterator<Item = Option<f64>>) -> ColumnValues {
    number(values.into_iter().map(|value| value.map(|value| (value * 1e3).round() / 1e3)))
}

pub(crate) fn number(values: impl IntoIterator<Item = Option<f64>>) -> ColumnValues {
    ColumnValues::Number(
        values.into_iter().map(|value| value.filter(|v| v.is_finite()).map(rounded)).collect(),
    )
}

pub(crate) fn flag(values: impl IntoIterator<Item = Option<bool>>) -> ColumnValues {
    ColumnValues::Flag(values.into_iter().collect())
}

pub(crate) fn people(values: impl IntoIterator<Item = People>) -> ColumnValues {
    number(values.into_iter().map(|people| Some(people.as_f64())))
}

fn count(values: impl IntoIterator<Item = u16>) -> ColumnValues {
    ColumnValues::Integer(values.into_iter().map(|value| Some(i64::from(value))).collect())
}

/// Six decimals: millionths of a person, and shares far below a person.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn point(position: LonLat) -> Geometry<f64> {
    Geometry::Point(Point::new(position.lon(), position.lat()))
}

/// Resident places: people, groups, services met, and for every assessed service the nearest facility's length
/// and time with the standard walker and whether the rule holds.
///
/// # Errors
/// [`InvalidSet`] when a group is named like another column.
pub fn residents_table(inputs: &Inputs<'_>, assessment: &Assessment) -> Result<FeatureTable> {
    let residents = inputs.residents;
    let mut table = FeatureTable::new(residents.len());
    table.push("id", text(residents.ids().iter().map(Some)))?;
    table.push("people", people(residents.people().iter().copied()))?;
    let unit_of = |home: &crate::Home| home.unit.map(|unit| inputs.units[unit].code.as_str());
    table.push("unit", text(inputs.homes.iter().map(unit_of)))?;
    table.push("placement", text(residents.placements().iter().map(|p| Some(p.as_str()))))?;
    table.push(
        "on_street",
        ColumnValues::Flag(inputs.homes.iter().map(|home| Some(home.on_street)).collect()),
    )?;
    for (group, column) in residents.groups().iter() {
        table.push(group.name.clone(), people(column.iter().copied()))?;
    }
    table.push("required", count(assessment.met.iter().map(|met| met.0)))?;
    table.push("met", count(assessment.met.iter().map(|met| met.1)))?;
    table.push("met_lenient", count(assessment.met.iter().map(|met| met.2)))?;
    for (row, service) in assessment.services.iter().enumerate() {
        if !service.inventory.state.has_verdicts() {
            continue;
        }
        let trips = &inputs.evidence[row].strict;
        let straight = matches!(service.rule, lifecircle_types::Rule::StraightRadius(_));
        let metres = |trips: &EvidenceColumn| {
            let length = |trip: Evidence| if straight { trip.straight_length } else { trip.length };
            measure(trips.iter().map(|trip| trip.and_then(length).map(|mm| mm.as_metres_f64())))
        };
        table.push(format!("{}_m", service.service), metres(trips))?;
        let minutes =
            trips.iter().map(|trip| trip.and_then(|trip| trip.time).map(|time| time.as_minutes_f64()));
        if !straight {
            table.push(format!("{}_min", service.service), measure(minutes))?;
        }
        let met = assessment.verdicts[row].iter().map(|&met| Some(met)).collect();
        table.push(format!("{}_met", service.service), ColumnValues::Flag(met))?;
        if let Some(lenient) = &inputs.evidence[row].lenient {
            table.push(format!("{}_lenient_m", service.service), metres(lenient))?;
        }
        if let Some(any_level) = &inputs.evidence[row].any_level {
            table.push(format!("{}_any_level_m", service.service), metres(any_level))?;
        }
    }
    table.set_geometry(residents.positions().iter().map(|position| position.map(point)).collect())?;
    Ok(table)
}

/// Units with their boundary, people, the three shares and the coverage of every required service.
///
/// # Errors
/// Never for an assessment of these inputs.
pub fn units_table(inputs: &Inputs<'_>, assessment: &Assessment) -> Result<FeatureTable> {
    let units = &assessment.units;
    let mut table = FeatureTable::new(units.len());
    table.push("code", text(units.iter().map(|unit| Some(unit.code.as_str()))))?;
    table.push("name", text(units.iter().map(|unit| Some(unit.label.as_str()))))?;
    table.push("kind", text(units.iter().map(|unit| Some(unit.kind.as_str()))))?;
    table.push("parent", text(inputs.units.iter().map(|(_, unit)| unit.parent.as_deref())))?;
    table.push("people", people(units.iter().map(|unit| unit.shares.mean.strict.all)))?;
    let mut ranges: Vec<(String, Vec<assessment::Range>)> = vec![
        ("every_share".into(), units.iter().map(|unit| unit.shares.every).collect()),
        ("mean_share".into(), units.iter().map(|unit| unit.shares.mean).collect()),
        ("none_share".into(), units.iter().map(|unit| unit.shares.none).collect()),
    ];
    let services = assessment.shares.first().map_or(&[][..], |all| &all.services);
    for (at, service) in services.iter().enumerate() {
        ranges.push((
            format!("{service}_share"),
            units.iter().map(|unit| unit.coverage[at].coverage).collect(),
        ));
    }
    for (name, ranges) in ranges {
        let exact = ranges.iter().all(assessment::Range::is_exact);
        table.push(name.clone(), number(ranges.iter().map(|range| range.strict.share())))?;
        if !exact {
            table
                .push(format!("{name}_lenient"), number(ranges.iter().map(|range| range.lenient.share())))?;
        }
    }
    let boundary =
        |(_, unit): (_, &lifecircle_types::Unit)| unit.boundary.clone().map(Geometry::MultiPolygon);
    table.set_geometry(inputs.units.iter().map(boundary).collect())?;
    Ok(table)
}

/// Facilities with their services and how sure they are, capacity, status and source. `extra` are more columns,
/// one value per facility, such as how each was linked to a street.
///
/// # Errors
/// [`InvalidSet`] when an extra column is of another length or named like one of these.
pub fn facilities_table(
    facilities: &FacilitySet,
    extra: Vec<(String, ColumnValues)>,
) -> Result<FeatureTable> {
    let list = facilities.as_slice();
    let mut table = FeatureTable::new(list.len());
    table.push("id", text(list.iter().map(|facility| Some(facility.id.as_str()))))?;
    table.push("name", text(list.iter().map(|facility| facility.name.as_deref())))?;
    let joined = |each: &dyn Fn(&lifecircle_types::Offer) -> Option<String>| {
        let column = list.iter().map(|facility| {
            let parts: Vec<String> = facility.offers.iter().filter_map(each).collect();
            (!parts.is_empty()).then(|| parts.join(";"))
        });
        text(column.collect::<Vec<_>>())
    };
    table.push("services", joined(&|offer| Some(offer.service.to_string())))?;
    table.push("certainty", joined(&|offer| Some(offer.certainty.to_string())))?;
    table.push(
        "capacity",
        joined(&|offer| offer.capacity.map(|capacity| format!("{}={capacity}", offer.service))),
    )?;
    table.push(
        "entrances",
        ColumnValues::Integer(list.iter().map(|f| i64::try_from(f.entrances.len()).ok()).collect()),
    )?;
    table.push("hours", text(list.iter().map(|facility| facility.hours.as_deref())))?;
    table.push("price", number(list.iter().map(|facility| facility.price)))?;
    table.push("state", text(list.iter().map(|facility| Some(facility.status.state.as_str()))))?;
    table.push("floor_area_m2", number(list.iter().map(|facility| facility.floor_area_m2)))?;
    table.push("site_area_m2", number(list.iter().map(|facility| facility.site_area_m2)))?;
    table.push("source", text(list.iter().map(|facility| Some(facility.source.as_str()))))?;
    for (name, values) in extra {
        table.push(name, values)?;
    }
    table.set_geometry(list.iter().map(|facility| Some(point(facility.position))).collect())?;
    Ok(table)
}

/// Degrees, as they were given.
pub(crate) fn number_exact(values: impl IntoIterator<Item = Option<f64>>) -> ColumnValues {
    ColumnValues::Number(values.into_iter().collect())
}
