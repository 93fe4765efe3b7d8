//! Streets, waters and railways below the map, as far as they fit.

use geo::{LineString, Simplify};

use super::{Path, Plane};
use crate::{GroundKind, GroundLine};

/// Characters that the paths of the ground may take together.
const BUDGET: usize = 700_000;

/// The paths of the ground, from the back to the front.
#[derive(Debug)]
pub(crate) struct Ground {
    /// What each path is, as a class of the style sheet, and its course.
    pub(crate) paths: Vec<(&'static str, String)>,
    /// Whether smaller streets did not fit.
    pub(crate) leaves_out: bool,
}

const fn class_of(kind: GroundKind) -> &'static str {
    match kind {
        GroundKind::MainStreet => "main",
        GroundKind::Water => "water",
        GroundKind::Railway => "rail",
        GroundKind::Street => "street",
    }
}

pub(super) fn ground(lines: &[GroundLine<'_>], plane: &Plane) -> Ground {
    let mut left = BUDGET;
    let mut leaves_out = false;
    let mut paths = Vec::new();
    // what people know a place by comes first
    let by_weight = [GroundKind::Water, GroundKind::MainStreet, GroundKind::Railway, GroundKind::Street];
    for kind in by_weight {
        let mut path = Path::default();
        for line in lines.iter().filter(|line| line.kind == kind) {
            let course: Vec<(f64, f64)> = line.course.iter().map(|&at| plane.at(at)).collect();
            if course.iter().any(|&at| plane.holds(at)) {
                path.line(simple(course), false);
            }
        }
        if path.d.is_empty() {
            continue;
        }
        if path.d.len() > left {
            leaves_out = true;
            continue;
        }
        left -= path.d.len();
        paths.push((class_of(kind), path.d));
    }
    // small streets lie at the back
    paths.sort_by_key(|(class, _)| *class != class_of(GroundKind::Street));
    Ground { paths, leaves_out }
}

/// A course without the points that nobody sees missing.
pub(super) fn simple(course: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let line: LineString<f64> = course.into();
    line.simplify(1.5).0.into_iter().map(|point| (point.x, point.y)).collect()
}
