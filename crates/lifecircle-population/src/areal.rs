//! Points and areas: which unit a point lies in, and whether a boundary is sound.

use geo::indexed::IntervalTreeMultiPolygon;
use geo::{BoundingRect, Contains, Intersects, MultiPolygon, Point, Rect, Validation};
use lifecircle_types::{DemandSet, LonLat, Unit, UnitIx, UnitSet, most_alike};

use crate::{Error, Result};

/// Finds the smallest unit around a point.
///
/// A point on the border of two units of one kind belongs to the one whose code comes first.
#[derive(Debug)]
pub struct UnitIndex<'a> {
    /// Units with a boundary, by kind, then by code.
    areas: Vec<Area<'a>>,
}

struct Area<'a> {
    unit: UnitIx,
    bounds: Rect<f64>,
    boundary: &'a MultiPolygon<f64>,
    tree: IntervalTreeMultiPolygon<f64>,
}

impl core::fmt::Debug for Area<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Area").field("unit", &self.unit).field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

impl<'a> UnitIndex<'a> {
    /// Indexes the units that have a boundary.
    #[must_use]
    pub fn new(units: &'a UnitSet) -> Self {
        let mut areas: Vec<Area<'a>> = units
            .iter()
            .filter_map(|(unit, record)| {
                let boundary = record.boundary.as_ref()?;
                let bounds = boundary.bounding_rect()?;
                Some(Area { unit, bounds, boundary, tree: IntervalTreeMultiPolygon::new(boundary) })
            })
            .collect();
        areas.sort_by_key(|area| (units[area.unit].kind, area.unit));
        Self { areas }
    }

    /// The smallest unit around `position`, its border included.
    #[must_use]
    pub fn locate(&self, position: LonLat) -> Option<UnitIx> {
        let point = Point::new(position.lon(), position.lat());
        let near = || self.areas.iter().filter(|area| area.bounds.intersects(&point));
        let inside = near().find(|area| area.tree.contains(&point));
        inside.or_else(|| near().find(|area| area.boundary.intersects(&point))).map(|area| area.unit)
    }
}

/// Finds out whether points lie on any of some areas, borders included.
///
/// ```
/// # use lifecircle_population::AreaIndex;
/// # use lifecircle_types::LonLat;
/// let field = geo::Rect::new((8.0, 47.0), (8.1, 47.1)).to_polygon();
/// let fields = [geo::MultiPolygon(vec![field])];
/// let index = AreaIndex::new(&fields);
/// assert!(index.holds(LonLat::new(8.05, 47.05)?) && !index.holds(LonLat::new(8.2, 47.05)?));
/// # Ok::<(), lifecircle_types::InvalidLonLat>(())
/// ```
#[derive(Debug)]
pub struct AreaIndex<'a> {
    areas: Vec<Area<'a>>,
}

impl<'a> AreaIndex<'a> {
    /// Indexes areas in degrees; those without extent hold nothing.
    #[must_use]
    pub fn new(areas: &'a [MultiPolygon<f64>]) -> Self {
        let area = |(row, boundary): (usize, &'a MultiPolygon<f64>)| {
            let (unit, bounds) = (UnitIx::new(row), boundary.bounding_rect()?);
            Some(Area { unit, bounds, boundary, tree: IntervalTreeMultiPolygon::new(boundary) })
        };
        Self { areas: areas.iter().enumerate().filter_map(area).collect() }
    }

    /// Whether `position` lies on one of them.
    #[must_use]
    pub fn holds(&self, position: LonLat) -> bool {
        let point = Point::new(position.lon(), position.lat());
        let near = || self.areas.iter().filter(|area| area.bounds.intersects(&point));
        near().any(|area| area.tree.contains(&point)) || near().any(|area| area.boundary.intersects(&point))
    }
}

/// The unit of each resident place: the one that its source names, else the smallest around it.
#[must_use]
pub fn home_units(residents: &DemandSet, units: &UnitSet) -> Vec<Option<UnitIx>> {
    let index = UnitIndex::new(units);
    let places = residents.unit_codes().iter().zip(residents.positions());
    places
        .map(|(code, at)| {
            let named = code.as_ref().and_then(|code| units.find(code));
            named.or_else(|| at.and_then(|at| index.locate(at)))
        })
        .collect()
}

/// The unit that a table calls by its code or its name.
pub(crate) fn find_area(units: &UnitSet, name: &str) -> Result<UnitIx> {
    let named = |(_, unit): &(UnitIx, &Unit)| unit.name.as_deref() == Some(name);
    let found = units.find(name).or_else(|| units.iter().find(named).map(|(ix, _)| ix));
    found.ok_or_else(|| {
        let nearest = most_alike(name, units.as_slice().iter().map(Unit::label)).unwrap_or_default().into();
        Error::UnknownArea { name: name.into(), nearest }
    })
}

/// Checks that a boundary is a sound polygon: closed rings that neither cross nor touch themselves.
///
/// # Errors
/// [`Error::BadBoundary`] with the first fault.
pub fn check_boundary(boundary: &MultiPolygon<f64>) -> Result<()> {
    boundary.check_validation().map_err(|fault| Error::BadBoundary { problem: fault.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Polygon};
    use lifecircle_types::UnitKind;

    fn square(code: &str, kind: UnitKind, x: f64, size: f64) -> Unit {
        let ring = vec![(x, 0.0), (x + size, 0.0), (x + size, size), (x, size), (x, 0.0)];
        let mut unit = Unit::new(code, kind);
        unit.boundary = Some(MultiPolygon::new(vec![Polygon::new(LineString::from(ring), vec![])]));
        unit
    }

    #[test]
    fn the_smallest_unit_wins_and_a_shared_border_goes_to_the_first_code() {
        let units = UnitSet::new(vec![
            square("city", UnitKind::City, 0.0, 2.0),
            square("b", UnitKind::Community, 1.0, 1.0),
            square("a", UnitKind::Community, 0.0, 1.0),
        ])
        .unwrap();
        let index = UnitIndex::new(&units);
        let at =
            |lon, lat| index.locate(LonLat::new(lon, lat).unwrap()).map(|unit| units[unit].code.as_str());
        assert_eq!(at(0.5, 0.5), Some("a"));
        assert_eq!(at(1.5, 0.5), Some("b"));
        assert_eq!(at(1.5, 1.5), Some("city"));
        assert_eq!(at(0.5, 0.0), Some("a"), "the outer border belongs to the unit");
        assert_eq!(at(3.0, 0.5), None);
    }

    #[test]
    fn a_self_crossing_boundary_is_refused() {
        let bow = LineString::from(vec![(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]);
        let bow = MultiPolygon::new(vec![Polygon::new(bow, vec![])]);
        assert!(matches!(check_boundary(&bow), Err(Error::BadBoundary { .. })));
        let units = [square("a", UnitKind::Estate, 0.0, 1.0)];
        check_boundary(units[0].boundary.as_ref().unwrap()).unwrap();
    }
}
