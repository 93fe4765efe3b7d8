//! The ground beside lines: everything within a width of them.
//!
//! The ground is a union of capsules, one for each straight piece; [`dissolve`] finds its outline, [`stitch`] joins it to
//! rings. It is exact, with pieces of any length, but for two things: arcs are drawn as chords of at most
//! [`STEP`](stitch::STEP), which takes less than 0.3 % off the area of what they bound, and the outline may stand up to
//! 1.5 mm off, so that no coincidence of streets leaves a gap and straight streets have no corners. Gaps thinner than a
//! millimetre are closed.
//!
//! Areas are measured on a plane around the middle of the lines ([`LocalFrame`]).

mod capsule;
mod dissolve;
mod grid;
mod stitch;
#[cfg(test)]
mod tests;
mod union;

use geo::{Area, BooleanOps, BoundingRect, Coord, Intersects, MapCoords, MultiPolygon, Polygon, unary_union};
use lifecircle_types::{BoundingBox, LocalFrame, LonLat, Millimetres};

use dissolve::{Node, dissolved};

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
        let lines = lines.iter().map(|line| line.windows(2).map(|ends| [ends[0], ends[1]]));
        let (nodes, pairs) = network(frame, lines.flatten().filter(|[from, to]| from != to));
        Some(Self { frame, area: dissolved(&nodes, pairs, width.as_metres_f64()) })
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
        let (nodes, pairs) = network(frame, points.iter().map(|&at| [at, at]));
        Some(Self { frame, area: dissolved(&nodes, pairs, radius.as_metres_f64()) })
    }

    /// What lies in any of `grounds`; `None` without one.
    #[must_use]
    pub fn joined(grounds: &[Self]) -> Option<Self> {
        if let [only] = grounds {
            return Some(only.clone());
        }
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
        let all = land.unsigned_area();
        let Some(extent) = self.area.bounding_rect() else { return [0.0, all] };
        let meets =
            |polygon: &Polygon<f64>| polygon.bounding_rect().is_some_and(|own| own.intersects(&extent));
        let near = MultiPolygon(land.0.into_iter().filter(meets).collect());
        [self.area.intersection(&near).unsigned_area(), all]
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

/// The distinct positions and straight pieces, in an order that depends on nothing else.
fn network(
    frame: LocalFrame,
    pieces: impl Iterator<Item = [LonLat; 2]> + Clone,
) -> (Vec<Node>, Vec<[u32; 2]>) {
    let order = |a: LonLat, b: LonLat| a.lon().total_cmp(&b.lon()).then(a.lat().total_cmp(&b.lat()));
    let mut ends: Vec<(LonLat, usize)> = pieces.flatten().enumerate().map(|(slot, at)| (at, slot)).collect();
    ends.sort_unstable_by(|a, b| order(a.0, b.0).then(a.1.cmp(&b.1)));
    let mut rows = vec![0_u32; ends.len()];
    let mut nodes: Vec<Node> = Vec::new();
    for (row, same) in (0_u32..).zip(ends.chunk_by(|a, b| a.0 == b.0)) {
        nodes.push(Node { position: same[0].0, at: frame.project(same[0].0) });
        same.iter().for_each(|&(_, slot)| rows[slot] = row);
    }
    let mut pairs: Vec<[u32; 2]> =
        rows.as_chunks::<2>().0.iter().map(|&[a, b]| [a.min(b), a.max(b)]).collect();
    pairs.sort_unstable();
    pairs.dedup();
    (nodes, pairs)
}
