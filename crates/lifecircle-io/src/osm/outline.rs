//! The area of a way or a relation, from the positions of its nodes.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use lifecircle_types::LonLat;

use super::nodes::Nodes;
use super::passes::{RawRelation, RawWay, Ways};
use super::rings::assemble;
use crate::area::{Measured, canonical, doubled, measure, ring_holds};

/// Distance of the points along the outline of open ground, in metres.
const STEP_M: f64 = 25.0;

/// Why an element has no area; the words stand in fates.
pub(super) type NoArea = &'static str;

/// An area and the nodes along its outer rings.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) boundary: MultiPolygon<f64>,
    pub(super) measured: Measured,
    nodes: Vec<i64>,
}

impl Outline {
    /// The area of a closed way.
    pub(super) fn of_way(way: &RawWay, nodes: &Nodes) -> Result<Self, NoArea> {
        if !way.is_closed() {
            return Err("not a closed outline");
        }
        let ring = ring(&way.nodes, nodes)?;
        Self::new(vec![Polygon::new(ring, vec![])], way.nodes.clone())
    }

    /// The area of a relation: outer rings, less the inner rings within them.
    pub(super) fn of_relation(relation: &RawRelation, ways: &Ways, nodes: &Nodes) -> Result<Self, NoArea> {
        let rings = |ids: &[i64]| -> Result<Vec<Vec<i64>>, NoArea> {
            let pieces: Vec<&[i64]> = ids
                .iter()
                .map(|&id| ways.get(id).map(|way| way.nodes.as_slice()))
                .collect::<Option<_>>()
                .ok_or("outline has missing ways")?;
            let rings = assemble(&pieces);
            if rings.open { Err("ring does not close") } else { Ok(rings.closed) }
        };
        let outer = rings(&relation.outer)?;
        if outer.is_empty() {
            return Err("outline has no outer ring");
        }
        let mut polygons = Vec::with_capacity(outer.len());
        for chain in &outer {
            polygons.push(Polygon::new(ring(chain, nodes)?, vec![]));
        }
        for chain in rings(&relation.inner)? {
            add_hole(&mut polygons, ring(&chain, nodes)?);
        }
        Self::new(polygons, outer.concat())
    }

    fn new(polygons: Vec<Polygon<f64>>, nodes: Vec<i64>) -> Result<Self, NoArea> {
        let boundary = canonical(polygons);
        let measured = measure(&boundary).ok_or("outline encloses no area")?;
        Ok(Self { boundary, measured, nodes })
    }

    /// The entrances and gates on the outline or, where none is mapped, its nodes on streets; of `open` ground that
    /// no street touches, the outline itself, a point at least every [`STEP_M`] metres.
    pub(super) fn entrances(&self, nodes: &Nodes, open: bool) -> Vec<LonLat> {
        let positions = |take: &dyn Fn(i64) -> bool| -> Vec<LonLat> {
            self.nodes.iter().filter(|&&id| take(id)).filter_map(|&id| nodes.position(id)).collect()
        };
        let mapped = positions(&|id| nodes.is_entrance(id));
        let mapped = if mapped.is_empty() { positions(&|id| nodes.is_way_in(id)) } else { mapped };
        if mapped.is_empty() && open { self.along() } else { mapped }
    }

    /// Points along the outer rings.
    fn along(&self) -> Vec<LonLat> {
        let corner = |at: Coord<f64>| LonLat::new(at.x, at.y).ok();
        let mut points = Vec::new();
        for polygon in &self.boundary {
            for pair in polygon.exterior().0.windows(2) {
                let (Some(from), Some(to)) = (corner(pair[0]), corner(pair[1])) else { continue };
                let pieces = libm::ceil(from.metres_to(to) / STEP_M).clamp(1.0, 1000.0);
                let mut piece = 0.0;
                while piece < pieces {
                    let along = piece / pieces;
                    let between = |a: f64, b: f64| libm::round((a + (b - a) * along) * 1e7) / 1e7;
                    let at = LonLat::new(between(from.lon(), to.lon()), between(from.lat(), to.lat()));
                    points.extend(at.ok());
                    piece += 1.0;
                }
            }
        }
        points
    }
}

fn ring(chain: &[i64], nodes: &Nodes) -> Result<LineString<f64>, NoArea> {
    if chain.len() < 4 {
        return Err("outline has fewer than three corners");
    }
    chain
        .iter()
        .map(|&id| nodes.position(id).map(|p| Coord { x: p.lon(), y: p.lat() }))
        .collect::<Option<Vec<_>>>()
        .map(LineString)
        .ok_or("outline has missing nodes")
}

/// Cuts `hole` out of the smallest polygon that holds it; a hole outside of all of them is no hole.
fn add_hole(polygons: &mut [Polygon<f64>], hole: LineString<f64>) {
    let holder = polygons
        .iter()
        .enumerate()
        .filter(|(_, polygon)| {
            let outer = &polygon.exterior().0;
            // a corner on the outer ring tells nothing, so that the first one off it decides
            let corner = hole.0.iter().find(|corner| !outer.contains(corner)).or(hole.0.first());
            corner.is_some_and(|&corner| ring_holds(outer, corner))
        })
        .min_by(|(_, a), (_, b)| {
            let size = |polygon: &Polygon<f64>| doubled(&polygon.exterior().0).abs();
            size(a).total_cmp(&size(b))
        })
        .map(|(at, _)| at);
    if let Some(at) = holder {
        polygons[at].interiors_push(hole);
    }
}
