//! Areas in degrees: size, a position inside, canonical form.
//!
//! A ring is closed: its last position repeats its first. Sizes come from the shoelace formula in a
//! [`LocalFrame`] around the centre of the ring's box, in square metres; holes are taken off. They are right
//! to about one percent for sites and districts away from the poles.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use lifecircle_types::{BoundingBox, LocalFrame, LonLat, reduce};

/// What is known about an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    /// Square metres, holes taken off; more than zero.
    pub(crate) area_m2: f64,
    /// A position inside the largest part, rounded to ten-millionths of a degree.
    pub(crate) inside: LonLat,
}

/// Measures `area`, or `None` when it encloses nothing or leaves the earth.
pub(crate) fn measure(area: &MultiPolygon<f64>) -> Option<Measured> {
    let mut sizes = Vec::with_capacity(area.0.len());
    let mut largest: Option<(f64, LonLat)> = None;
    for polygon in &area.0 {
        let Some(flat) = Flat::new(polygon) else { continue };
        let size = flat.size();
        if size <= 0.0 {
            continue;
        }
        sizes.push(size);
        if largest.is_none_or(|(most, _)| size > most) {
            largest = Some((size, flat.inside(polygon)?));
        }
    }
    let area_m2 = reduce::sum(sizes);
    let (_, inside) = largest?;
    (area_m2 > 0.0 && area_m2.is_finite()).then_some(Measured { area_m2, inside })
}

/// Turns outer rings counter-clockwise and holes clockwise, starts every ring at its south-western position,
/// and orders polygons and holes by that position: equal areas get equal bytes.
pub(crate) fn canonical(polygons: Vec<Polygon<f64>>) -> MultiPolygon<f64> {
    let mut polygons: Vec<_> = polygons
        .into_iter()
        .map(|polygon| {
            let (outer, holes) = polygon.into_inner();
            let mut holes: Vec<_> = holes.into_iter().map(|ring| canonical_ring(ring, false)).collect();
            holes.sort_by(compare_rings);
            Polygon::new(canonical_ring(outer, true), holes)
        })
        .collect();
    polygons.sort_by(|a, b| compare_rings(a.exterior(), b.exterior()));
    MultiPolygon(polygons)
}

fn compare_rings(a: &LineString<f64>, b: &LineString<f64>) -> core::cmp::Ordering {
    let positions = |ring: &LineString<f64>| ring.0.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>();
    let (a, b) = (positions(a), positions(b));
    a.iter()
        .zip(&b)
        .map(|(p, q)| p.0.total_cmp(&q.0).then(p.1.total_cmp(&q.1)))
        .find(|order| order.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn canonical_ring(mut ring: LineString<f64>, counter_clockwise: bool) -> LineString<f64> {
    ring.close();
    if (doubled(&ring.0) > 0.0) != counter_clockwise {
        ring.0.reverse();
    }
    ring.0.pop();
    let first = (0..ring.0.len()).min_by(|&a, &b| {
        let (p, q) = (ring.0[a], ring.0[b]);
        p.x.total_cmp(&q.x).then(p.y.total_cmp(&q.y))
    });
    ring.0.rotate_left(first.unwrap_or(0));
    ring.close();
    ring
}

/// Twice the signed size of a closed ring in squares of its own unit, positive when counter-clockwise.
///
/// Taken from its first corner, so that far-away origins cost no digits.
pub(crate) fn doubled(ring: &[Coord<f64>]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    reduce::sum(ring.windows(2).map(|pair| {
        let (p, q) = (pair[0] - origin, pair[1] - origin);
        p.x * q.y - q.x * p.y
    }))
}

/// Whether `point` lies inside the closed `ring`, by counting crossings to its east.
pub(crate) fn ring_holds(ring: &[Coord<f64>], point: Coord<f64>) -> bool {
    ring.windows(2).filter(|pair| crossing(pair[0], pair[1], point.y).is_some_and(|x| x > point.x)).count()
        % 2
        == 1
}

/// Where the line from `p` to `q` crosses the height `y`; a line that only touches it from above does not.
fn crossing(p: Coord<f64>, q: Coord<f64>, y: f64) -> Option<f64> {
    ((p.y <= y) != (q.y <= y)).then(|| p.x + (y - p.y) / (q.y - p.y) * (q.x - p.x))
}

/// A polygon in metres around the centre of its box.
struct Flat {
    frame: LocalFrame,
    rings: Vec<Vec<Coord<f64>>>,
}

impl Flat {
    fn new(polygon: &Polygon<f64>) -> Option<Self> {
        let position = |p: &Coord<f64>| LonLat::new(p.x, p.y).ok();
        let outer: Vec<_> = polygon.exterior().0.iter().map(position).collect::<Option<_>>()?;
        let frame = LocalFrame::around(BoundingBox::around(outer)?.centre());
        let rings = core::iter::once(polygon.exterior())
            .chain(polygon.interiors())
            .map(|ring| ring.0.iter().map(|p| position(p).map(|p| frame.project(p))).collect())
            .collect::<Option<_>>()?;
        Some(Self { frame, rings })
    }

    fn size(&self) -> f64 {
        let size = |ring: &Vec<Coord<f64>>| doubled(ring).abs() / 2.0;
        let mut sizes = self.rings.iter().map(size);
        let outer = sizes.next().unwrap_or(0.0);
        outer - reduce::sum(sizes)
    }

    fn holds(&self, point: Coord<f64>) -> bool {
        self.rings.iter().filter(|ring| ring_holds(ring, point)).count() == 1
            && self.rings.first().is_some_and(|outer| ring_holds(outer, point))
    }

    /// The centroid if it lies inside, else the middle of the widest stretch inside on a line through the area.
    fn inside(&self, polygon: &Polygon<f64>) -> Option<LonLat> {
        let centroid = self.centroid().filter(|&point| self.holds(point));
        let point = centroid.or_else(|| {
            let heights = self.rings[0].iter().map(|p| p.y);
            let (low, high) = heights.fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)));
            [0.5, 0.25, 0.75, 0.375, 0.625]
                .into_iter()
                .find_map(|share| self.widest(low + (high - low) * share))
        });
        let position = point.and_then(|point| self.frame.unproject(point)).or_else(|| {
            let corner = polygon.exterior().0.first()?;
            LonLat::new(corner.x, corner.y).ok()
        })?;
        let round = |degrees: f64| libm::round(degrees * 1e7) / 1e7;
        LonLat::new(round(position.lon()), round(position.lat())).ok()
    }

    fn centroid(&self) -> Option<Coord<f64>> {
        let (mut weights, mut xs, mut ys) = (vec![], vec![], vec![]);
        for (at, ring) in self.rings.iter().enumerate() {
            let turn = if (doubled(ring) > 0.0) == (at == 0) { 1.0 } else { -1.0 };
            for pair in ring.windows(2) {
                let (p, q) = (pair[0], pair[1]);
                let weight = turn * (p.x * q.y - q.x * p.y);
                weights.push(weight);
                xs.push(weight * (p.x + q.x));
                ys.push(weight * (p.y + q.y));
            }
        }
        let weight = 3.0 * reduce::sum(weights);
        let point = Coord { x: reduce::sum(xs) / weight, y: reduce::sum(ys) / weight };
        (point.x.is_finite() && point.y.is_finite()).then_some(point)
    }

    fn widest(&self, y: f64) -> Option<Coord<f64>> {
        let lines = self.rings.iter().flat_map(|ring| ring.windows(2));
        let mut crossings: Vec<f64> = lines.filter_map(|pair| crossing(pair[0], pair[1], y)).collect();
        crossings.sort_by(f64::total_cmp);
        let mut widest: Option<(f64, f64)> = None;
        for stretch in crossings.chunks_exact(2) {
            let width = stretch[1] - stretch[0];
            if width > 0.0 && widest.is_none_or(|(most, _)| width > most) {
                widest = Some((width, f64::midpoint(stretch[0], stretch[1])));
            }
        }
        widest.map(|(_, x)| Coord { x, y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(outer: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> Polygon<f64> {
        let ring = |corners: &[(f64, f64)]| LineString::from(corners.to_vec());
        Polygon::new(ring(outer), holes.iter().map(|hole| ring(hole)).collect())
    }

    #[test]
    fn a_square_at_the_equator() {
        // 0.01 degrees are 1111.95 m: the square has 1.2364 km2, with a quarter of it cut out 0.9273 km2
        let side = 0.01;
        let outer = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
        let whole = measure(&canonical(vec![polygon(&outer, &[])])).unwrap();
        assert!((whole.area_m2 / 1_236_431.0 - 1.0).abs() < 1e-4, "{whole:?}");
        assert_eq!(whole.inside, LonLat::new(0.005, 0.005).unwrap());
        let hole: &[_] = &[(0.0025, 0.0025), (0.0075, 0.0025), (0.0075, 0.0075), (0.0025, 0.0075)];
        let holed = measure(&canonical(vec![polygon(&outer, &[hole])])).unwrap();
        assert!((holed.area_m2 / whole.area_m2 - 0.75).abs() < 1e-9);
        // the centroid falls into the hole: the position lies in one of the side stretches
        assert!(holed.inside.lon() < 0.0025 || holed.inside.lon() > 0.0075, "{holed:?}");
    }

    #[test]
    fn a_horseshoe_has_a_position_inside() {
        let shoe =
            [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (2.0, 3.0), (2.0, 1.0), (1.0, 1.0), (1.0, 3.0), (0.0, 3.0)];
        let shoe = shoe.map(|(x, y)| (x / 1000.0, y / 1000.0));
        let area = canonical(vec![polygon(&shoe, &[])]);
        let inside = measure(&area).unwrap().inside;
        let point = Coord { x: inside.lon(), y: inside.lat() };
        assert!(ring_holds(&area.0[0].exterior().0, point), "{inside:?}");
    }

    #[test]
    fn direction_and_start_do_not_matter() {
        let forth = polygon(&[(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)], &[]);
        let back = polygon(&[(2.0, 1.0), (2.0, 0.0), (0.0, 0.0), (0.0, 1.0)], &[]);
        assert_eq!(canonical(vec![forth]), canonical(vec![back]));
    }

    #[test]
    fn what_encloses_nothing_has_no_measure() {
        assert_eq!(measure(&canonical(vec![])), None);
        assert_eq!(measure(&canonical(vec![polygon(&[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)], &[])])), None);
        assert_eq!(measure(&MultiPolygon(vec![polygon(&[(500.0, 1.0), (2.0, 2.0), (1.0, 9.0)], &[])])), None);
    }
}
