//! Lines that nobody walks across: shores, rails, walls.

use lifecircle_types::{Barrier, BarrierKind, BoundingBox, Fate, LonLat, Tags};

use super::keys;
use super::nodes::Nodes;
use super::passes::RawWay;

/// What makes a way a barrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawBarrier {
    pub(super) kind: BarrierKind,
    name: Option<String>,
    raised: bool,
}

impl RawBarrier {
    /// The barrier that a way with these tags is; `shore` is the name of the water whose outline it is, if it is one.
    pub(super) fn of(tags: &Tags, shore: Option<Option<&str>>) -> Option<Self> {
        let (kind, raised) = match shore {
            Some(_) => (BarrierKind::Water, false),
            None => keys::barrier_kind(tags)?,
        };
        let name = shore.flatten().or_else(|| tags.get("name")).map(String::from);
        Some(Self { kind, name, raised })
    }
}

/// Waters whose outline is less than this across are walked around.
const SMALL_WATER_M: f64 = 100.0;

/// The barriers among `ways`, by way, and where they went.
pub(super) fn barriers(ways: &[RawWay], nodes: &Nodes) -> (Vec<Barrier>, Fate) {
    let (mut found, mut fate) = (Vec::new(), Fate::default());
    for way in ways {
        let Some(RawBarrier { kind, ref name, raised }) = way.barrier else { continue };
        fate.rows += 1;
        if kind == BarrierKind::Wall && openings(&way.nodes, nodes).is_empty() {
            fate.reject("a wall without a gate");
            continue;
        }
        let lines = lines(&way.nodes, nodes);
        if lines.is_empty() {
            fate.reject("fewer than two known nodes in a row");
            continue;
        }
        if kind == BarrierKind::Water && way.is_closed() && across(&lines[0]) < SMALL_WATER_M {
            fate.reject("a water that people walk around");
            continue;
        }
        fate.used += 1;
        for (line, gates) in lines {
            let gates = if kind == BarrierKind::Wall { gates } else { vec![] };
            let (id, name) = (format!("way/{}", way.id), name.clone());
            found.push(Barrier { id, kind, name, raised, line, gates });
        }
    }
    (found, fate)
}

/// Nodes of a wall by which it is passed.
fn openings(chain: &[i64], nodes: &Nodes) -> Vec<LonLat> {
    let passes = |id: &&i64| nodes.is_entrance(**id) || nodes.is_way_in(**id);
    let mut openings: Vec<LonLat> =
        chain.iter().filter(passes).filter_map(|&id| nodes.position(id)).collect();
    openings.sort_by(|a, b| a.lon().total_cmp(&b.lon()).then_with(|| a.lat().total_cmp(&b.lat())));
    openings.dedup();
    openings
}

/// A line with its openings.
type Line = (Vec<LonLat>, Vec<LonLat>);

/// Runs of known nodes, two at least.
fn lines(chain: &[i64], nodes: &Nodes) -> Vec<Line> {
    chain
        .split(|&id| nodes.position(id).is_none())
        .filter(|run| run.len() > 1)
        .map(|run| (run.iter().filter_map(|&id| nodes.position(id)).collect(), openings(run, nodes)))
        .collect()
}

fn across((line, _): &Line) -> f64 {
    BoundingBox::around(line.iter().copied()).map_or(0.0, |bounds| bounds.min.metres_to(bounds.max))
}
