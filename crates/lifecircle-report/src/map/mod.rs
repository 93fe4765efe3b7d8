//! The map: what it draws is prepared here, and drawn by `script.js`.
//!
//! Positions become whole map units on a plane around the middle of the place, `x` to the east and `y` to the south. A unit is
//! at least a metre and at least a ten-thousandth of the place.

mod ground;
mod layers;
mod marks;

pub(crate) use layers::{Layers, layers, marks_are};

use lifecircle_types::{BoundingBox, LocalFrame, LonLat};

use crate::Report;

/// The part of the place beyond its outermost homes that is shown.
const MARGIN: f64 = 0.03;

/// From degrees to map units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plane {
    frame: LocalFrame,
    /// Metres from the origin of the frame to the north-western corner.
    west: f64,
    north: f64,
    /// Metres per unit.
    pub(crate) unit_m: f64,
    /// Size of the drawing, in units.
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Plane {
    /// A plane that holds every resident place and every unit; `None` where nothing has a position.
    pub(crate) fn of(report: &Report<'_>) -> Option<Self> {
        let inputs = &report.inputs;
        let homes = inputs.residents.positions().iter().flatten().copied();
        let shapes = inputs.units.as_slice().iter().filter_map(|unit| unit.boundary.as_ref());
        let polygons = shapes.flat_map(|shape| shape.iter());
        let corners = polygons.flat_map(|polygon| polygon.exterior().coords());
        let corners = corners.filter_map(|corner| LonLat::new(corner.x, corner.y).ok());
        let bounds = BoundingBox::around(homes.chain(corners))?;
        let frame = LocalFrame::around(bounds.centre());
        let (low, high) = (frame.project(bounds.min), frame.project(bounds.max));
        let (width, height) = (high.x - low.x, high.y - low.y);
        let margin = (MARGIN * width.max(height)).max(50.0);
        let unit_m = (width.max(height) / 10_000.0).max(1.0);
        Some(Self {
            frame,
            west: low.x - margin,
            north: high.y + margin,
            unit_m,
            width: ((width + 2.0 * margin) / unit_m).round(),
            height: ((height + 2.0 * margin) / unit_m).round(),
        })
    }

    /// Where a position lies, in whole units.
    pub(crate) fn at(&self, position: LonLat) -> (f64, f64) {
        let at = self.frame.project(position);
        (((at.x - self.west) / self.unit_m).round(), ((self.north - at.y) / self.unit_m).round())
    }

    /// Whether a point lies on the drawing.
    pub(crate) fn holds(&self, (x, y): (f64, f64)) -> bool {
        (0.0..=self.width).contains(&x) && (0.0..=self.height).contains(&y)
    }
}

/// Draws the courses of lines as one path of relative steps.
#[derive(Debug, Default)]
pub(crate) struct Path {
    pub(crate) d: String,
    pen: (f64, f64),
}

impl Path {
    /// Adds a line; closed lines end with `z`.
    pub(crate) fn line(&mut self, points: impl IntoIterator<Item = (f64, f64)>, closed: bool) {
        let mut first = None;
        let mut previous = None;
        for point in points {
            if previous == Some(point) {
                continue;
            }
            let (dx, dy) = (point.0 - self.pen.0, point.1 - self.pen.1);
            self.d.push(if first.is_none() { 'm' } else { 'l' });
            self.d.push_str(&format!("{dx} {dy}"));
            first = first.or(Some(point));
            previous = Some(point);
            self.pen = point;
        }
        if let Some(first) = first.filter(|_| closed) {
            self.d.push('z');
            self.pen = first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_by_steps_from_where_it_stands() {
        let mut path = Path::default();
        path.line([(10.0, 10.0), (20.0, 10.0), (20.0, 10.0), (20.0, 30.0)], true);
        path.line([(11.0, 12.0), (11.0, 15.0)], false);
        assert_eq!(path.d, "m10 10l10 0l0 20zm1 2l0 3");
    }
}
