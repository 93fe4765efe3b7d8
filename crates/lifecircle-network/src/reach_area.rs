//! The ground beside lines: everything within a width of them.
//!
//! A point off the lines is nearest to them either in the middle of a straight piece or at a corner. The ground is
//! therefore the union of a rectangle on each side of every piece and, at every corner, of the sector of those
//! directions that lean toward no piece there: none where pieces leave within every half plane, a wedge outside of a
//! bend, half a disc at an end. That union is exact, with pieces of any length, but for the arcs, which are drawn as
//! chords of at most [`STEP`]; their area is short by less than 0.3 %.
//!
//! Areas are measured on a plane around the middle of the lines ([`LocalFrame`]).

use core::f64::consts::{FRAC_PI_2, PI, TAU};

use geo::{Area, BooleanOps, Coord, LineString, MapCoords, MultiPolygon, Polygon, unary_union};
use lifecircle_types::{BoundingBox, LocalFrame, LonLat, Millimetres};

/// Angle between the corners of an arc, in radians.
const STEP: f64 = FRAC_PI_2 / 12.0;

/// By how much neighbouring shapes overlap, so that no gap opens between them: metres, and the same along an arc.
const OVERLAP_M: f64 = 0.0005;

/// The ground within reach, on a plane of metres.
#[derive(Clone, Debug)]
pub struct ReachArea {
    frame: LocalFrame,
    area: MultiPolygon<f64>,
}

impl ReachArea {
    /// The ground within `width` of `lines`; `None` without lines or width.
    pub(crate) fn beside(lines: &[Vec<LonLat>], width: Millimetres) -> Option<Self> {
        let frame = LocalFrame::around(BoundingBox::around(lines.iter().flatten().copied())?.centre());
        if width == Millimetres::ZERO {
            return None;
        }
        let radius = width.as_metres_f64();
        let mut shapes = Vec::new();
        let mut corners: Vec<Corner> = Vec::new();
        for line in lines {
            for ends in line.windows(2).filter(|ends| ends[0] != ends[1]) {
                let [from, to] = [ends[0], ends[1]].map(|at| frame.project(at));
                let angle = libm::atan2(to.y - from.y, to.x - from.x);
                shapes.push(band(from, to, angle, radius));
                corners.push(Corner { key: key(ends[0]), at: from, angle });
                corners.push(Corner { key: key(ends[1]), at: to, angle: libm::remainder(angle + PI, TAU) });
            }
        }
        corners.sort_by(|a, b| a.key.cmp(&b.key).then(a.angle.total_cmp(&b.angle)));
        shapes.extend(corners.chunk_by(|a, b| a.key == b.key).filter_map(|corner| sector(corner, radius)));
        Some(Self { frame, area: unary_union(&shapes) })
    }

    /// The ground within `radius` of `points` as the crow flies; `None` without points or radius.
    ///
    /// ```
    /// # use lifecircle_network::ReachArea;
    /// # use lifecircle_types::{LonLat, Millimetres};
    /// let ground = ReachArea::around(&[LonLat::new(8.5, 47.4)?], Millimetres::from_metres(100)).unwrap();
    /// assert!((ground.area_m2() / (100.0 * 100.0 * core::f64::consts::PI) - 1.0).abs() < 0.003);
    /// # Ok::<(), lifecircle_types::InvalidLonLat>(())
    /// ```
    #[must_use]
    pub fn around(points: &[LonLat], radius: Millimetres) -> Option<Self> {
        let frame = LocalFrame::around(BoundingBox::around(points.iter().copied())?.centre());
        if radius == Millimetres::ZERO {
            return None;
        }
        let disc = |&at: &LonLat| arc(frame.project(at), 0.0, TAU, radius.as_metres_f64());
        let mut places = points.to_vec();
        places.sort_by(|a, b| a.lon().total_cmp(&b.lon()).then(a.lat().total_cmp(&b.lat())));
        places.dedup();
        let discs: Vec<Polygon<f64>> = places.iter().map(disc).collect();
        Some(Self { frame, area: unary_union(&discs) })
    }

    /// What lies in any of `grounds`; `None` without one.
    #[must_use]
    pub fn joined(grounds: &[Self]) -> Option<Self> {
        let frame = grounds.first()?.frame;
        let into_frame = |ground: &Self| {
            ground.area.map_coords(|at| ground.frame.unproject(at).map_or(at, |at| frame.project(at)))
        };
        let areas: Vec<MultiPolygon<f64>> = grounds.iter().map(into_frame).collect();
        Some(Self { frame, area: unary_union(&areas) })
    }

    /// The ground itself, in metres east and north of its middle.
    #[must_use]
    pub const fn polygons(&self) -> &MultiPolygon<f64> {
        &self.area
    }

    /// Square metres.
    #[must_use]
    pub fn area_m2(&self) -> f64 {
        self.area.unsigned_area()
    }

    /// The share of `land`, in degrees, that lies within; overlaps of its polygons count once. `None` for land without
    /// an area.
    #[must_use]
    pub fn share_of(&self, land: &MultiPolygon<f64>) -> Option<f64> {
        let [within, all] = self.areas_of(land);
        (all > 0.0).then(|| (within / all).clamp(0.0, 1.0))
    }

    /// Square metres of `land`, in degrees, that lie within, and of all of it; overlaps of its polygons count once.
    #[must_use]
    pub fn areas_of(&self, land: &MultiPolygon<f64>) -> [f64; 2] {
        let land = self.on_plane(land);
        [self.area.intersection(&land).unsigned_area(), land.unsigned_area()]
    }

    fn on_plane(&self, land: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        let project = |at: Coord<f64>| LonLat::new(at.x, at.y).map_or(at, |at| self.frame.project(at));
        unary_union(&land.map_coords(project))
    }

    /// The ground in degrees, to seven decimal places.
    pub(crate) fn in_degrees(&self) -> MultiPolygon<f64> {
        let degrees = |at: Coord<f64>| {
            self.frame.unproject(at).map_or(at, |at| Coord { x: at.rounded().lon(), y: at.rounded().lat() })
        };
        self.area.map_coords(degrees)
    }
}

/// An end of a straight piece: where it is, and the direction in which the piece leaves.
struct Corner {
    key: (u64, u64),
    at: Coord<f64>,
    angle: f64,
}

fn key(at: LonLat) -> (u64, u64) {
    (at.lon().to_bits(), at.lat().to_bits())
}

fn off(at: Coord<f64>, angle: f64, radius: f64) -> Coord<f64> {
    Coord { x: at.x + radius * libm::cos(angle), y: at.y + radius * libm::sin(angle) }
}

/// Both sides of a straight piece.
fn band(from: Coord<f64>, to: Coord<f64>, angle: f64, radius: f64) -> Polygon<f64> {
    let (from, to) = (off(from, angle, -OVERLAP_M), off(to, angle, OVERLAP_M));
    let (left, right) = (angle + FRAC_PI_2, angle - FRAC_PI_2);
    let ring =
        [off(from, right, radius), off(to, right, radius), off(to, left, radius), off(from, left, radius)];
    Polygon::new(LineString(ring.into()), vec![])
}

/// The part of a disc around a corner that leans toward no piece; `corner` holds its pieces by direction.
fn sector(corner: &[Corner], radius: f64) -> Option<Polygon<f64>> {
    let next = |row: usize| {
        if row + 1 < corner.len() { corner[row + 1].angle } else { corner[0].angle + TAU }
    };
    let gaps = (0..corner.len()).map(|row| (next(row) - corner[row].angle, corner[row].angle));
    let (gap, from) = gaps.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let turn = gap - PI;
    if turn <= 1e-9 {
        return None;
    }
    let overlap = OVERLAP_M / radius;
    Some(arc(corner[0].at, from + FRAC_PI_2 - overlap, turn + 2.0 * overlap, radius))
}

/// A sector of a disc from the direction `start` on, or a whole disc.
fn arc(at: Coord<f64>, start: f64, turn: f64, radius: f64) -> Polygon<f64> {
    let steps = libm::ceil(turn / STEP);
    let mut ring = if turn < TAU { vec![at] } else { vec![] };
    let mut step = 0.0;
    while step <= steps {
        ring.push(off(at, start + turn * (step / steps), radius));
        step += 1.0;
    }
    Polygon::new(LineString(ring), vec![])
}
