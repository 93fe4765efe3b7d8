//! From street records to a network.
//!
//! 1. Every way that is a street is cut into chains of known nodes: a missing node ends a chain, because the
//!    street's course beyond it is not known, and a node repeated in a row counts once.
//! 2. A node is a junction when chains pass it twice or more, a chain ends there, or a private gate stands there;
//!    chains are split at junctions into segments.
//! 3. Junctions become nodes in Hilbert order, segments become arcs in both directions.
//!
//! Records arrive sorted by id, so the order in which a source listed them changes nothing.

use lifecircle_types::{Fate, Imported, Issues, LonLat, Severity, StreetRecords, StreetWay, Tags};

use crate::error::{Result, count};
use crate::hilbert::hilbert_key;
use crate::ids::NodeIx;
use crate::network::{StreetNetwork, Way, piece_mm};
use crate::profile::{is_private_gate, is_street};

/// How to build a network. There is nothing to choose yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildOptions {}

/// Builds a [`StreetNetwork`] from street records.
#[derive(Clone, Copy, Debug, Default)]
pub struct NetworkBuilder {
    _options: BuildOptions,
}

impl NetworkBuilder {
    /// A builder with `options`.
    #[must_use]
    pub const fn new(options: BuildOptions) -> Self {
        Self { _options: options }
    }

    /// Builds the network of every street in `records`; who may walk on it is decided later.
    ///
    /// The fate counts ways: used, or rejected as `not a street` or for having `fewer than two known nodes in
    /// a row`. Missing nodes, repeated nodes and pieces without length (1 mm in the network) are issues.
    /// Takes time in the order of the records' size times its logarithm.
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::Error::TooMany) beyond 2^32 - 2 nodes or shape points or 2^31 - 1 segments.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, NetworkBuilder};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// let town = GridTown::new(2, 1, 100_000);
    /// let built = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?;
    /// assert_eq!(built.value.node_count(), 6); // 3 x 2 corners
    /// assert_eq!(built.value.segment_count(), 7); // 2 x 2 east-west and 3 north-south
    /// assert!(built.fate.balances());
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn build(self, records: &StreetRecords) -> Result<Imported<StreetNetwork>> {
        let mut issues = Issues::new();
        let mut fate = Fate::default();
        let chains = chains(records, &mut issues, &mut fate);
        let cuts = Cuts::of(records, &chains);
        let network = assemble(records, &chains, &cuts, &mut issues)?;
        Ok(Imported { value: network, issues, fate })
    }
}

/// A chain of known nodes of one way, as rows of the records' nodes; at least two, no row twice in a row.
struct Chain<'a> {
    way: &'a StreetWay,
    nodes: Vec<usize>,
}

fn chains<'a>(records: &'a StreetRecords, issues: &mut Issues, fate: &mut Fate) -> Vec<Chain<'a>> {
    let mut chains = Vec::new();
    for way in records.ways() {
        fate.rows += 1;
        if !is_street(&way.tags) {
            fate.reject("not a street");
            continue;
        }
        let before = chains.len();
        let (mut missing, mut repeated) = (0_usize, 0_usize);
        let mut nodes: Vec<usize> = Vec::new();
        let mut close = |nodes: &mut Vec<usize>| {
            let nodes = core::mem::take(nodes);
            if nodes.len() > 1 {
                chains.push(Chain { way, nodes });
            }
        };
        for id in &way.nodes {
            match records.nodes().binary_search_by_key(id, |node| node.id) {
                Ok(row) if nodes.last() == Some(&row) => repeated += 1,
                Ok(row) => nodes.push(row),
                Err(_) => {
                    missing += 1;
                    close(&mut nodes);
                }
            }
        }
        close(&mut nodes);
        let subject = || format!("way/{}", way.id);
        if missing > 0 {
            issues.push(
                Severity::Note,
                "street with missing nodes",
                subject(),
                format!(
                    "{missing} of {} nodes are not in the source; the street is cut there",
                    way.nodes.len()
                ),
            );
        }
        if repeated > 0 {
            issues.push(
                Severity::Note,
                "street with repeated nodes",
                subject(),
                format!("{repeated} nodes follow themselves and count once"),
            );
        }
        if chains.len() > before {
            fate.used += 1;
        } else {
            fate.reject("fewer than two known nodes in a row");
        }
    }
    chains
}

/// Where chains are cut: the network's nodes and their order.
struct Cuts {
    /// Rows of the records' nodes, in the order of the network.
    rows: Vec<usize>,
    /// The network's node of every row of the records' nodes.
    node: Vec<Option<NodeIx>>,
}

impl Cuts {
    fn of(records: &StreetRecords, chains: &[Chain<'_>]) -> Self {
        // 0, 1, or "two or more" passages; the end of a chain counts as two
        let mut passages = vec![0_u8; records.nodes().len()];
        for Chain { nodes, .. } in chains {
            for &row in nodes {
                passages[row] = (passages[row] + 1).min(2);
            }
            for row in [nodes[0], nodes[nodes.len() - 1]] {
                passages[row] = 2;
            }
            for &row in nodes {
                if is_private_gate(&records.nodes()[row].tags) {
                    passages[row] = 2;
                }
            }
        }
        let mut rows: Vec<_> = (0..passages.len()).filter(|&row| passages[row] == 2).collect();
        rows.sort_by_cached_key(|&row| {
            let node = &records.nodes()[row];
            (hilbert_key(node.position), node.id)
        });
        let mut node = vec![None; passages.len()];
        for (at, &row) in rows.iter().enumerate() {
            node[row] = u32::try_from(at).ok().map(NodeIx);
        }
        Self { rows, node }
    }
}

fn assemble(
    records: &StreetRecords,
    chains: &[Chain<'_>],
    cuts: &Cuts,
    issues: &mut Issues,
) -> Result<StreetNetwork> {
    let nodes = count("nodes", cuts.rows.len(), u32::MAX - 1)?;
    let mut network = StreetNetwork {
        osm_id: cuts.rows.iter().map(|&row| records.nodes()[row].id).collect(),
        position: cuts.rows.iter().map(|&row| records.nodes()[row].position).collect(),
        first_shape: vec![0],
        ..StreetNetwork::default()
    };
    let gate = |node: &u32| is_private_gate(&records.nodes()[cuts.rows[*node as usize]].tags);
    network.private_gates = (0..nodes).filter(gate).collect();
    let tagged = |node: u32| Some((node, tags_of(records, cuts.rows[node as usize])?));
    network.node_tags = (0..nodes).filter_map(tagged).collect();
    network.by_osm_id = (0..nodes).collect();
    network.by_osm_id.sort_unstable_by_key(|&node| network.osm_id[node as usize]);

    // arcs as (tail, head, side), sorted into rows below
    let mut arcs: Vec<(u32, u32, u32)> = Vec::new();
    for Chain { way, nodes } in chains {
        if network.ways.last().is_none_or(|known| known.id != way.id) {
            network.ways.push(Way { id: way.id, tags: way.tags.clone() });
        }
        let mut start = None;
        for (at, &row) in nodes.iter().enumerate() {
            let Some(end) = cuts.node[row] else { continue };
            if let Some((from, tail)) = start.replace((at, end)) {
                push_segment(records, &nodes[from..=at], way.id, &mut network, issues)?;
                let side = count("segments", network.length_mm.len() - 1, u32::MAX / 2 - 1)? * 2;
                arcs.push((tail.0, end.0, side));
                arcs.push((end.0, tail.0, side + 1));
            }
        }
    }
    network.lay_arcs(arcs);
    Ok(network)
}

/// The tags of a node that has any.
fn tags_of(records: &StreetRecords, row: usize) -> Option<Tags> {
    Some(&records.nodes()[row].tags).filter(|tags| !tags.is_empty()).cloned()
}

fn push_segment(
    records: &StreetRecords,
    rows: &[usize],
    way: i64,
    network: &mut StreetNetwork,
    issues: &mut Issues,
) -> Result<()> {
    let position = |row: usize| -> LonLat { records.nodes()[row].position };
    let mut length = 0_u32;
    for pair in rows.windows(2) {
        let (from, to) = (position(pair[0]), position(pair[1]));
        if from.length_to(to).get() == 0 {
            issues.push(
                Severity::Note,
                "street piece without length",
                format!("way/{way}"),
                format!(
                    "nodes {} and {} lie in one place; the piece counts 1 mm",
                    records.nodes()[pair[0]].id,
                    records.nodes()[pair[1]].id
                ),
            );
        }
        length = length.saturating_add(piece_mm(from, to));
    }
    let segment = count("segments", network.length_mm.len(), u32::MAX / 2 - 1)?;
    let between = (0_u32..).zip(rows).take(rows.len() - 1).skip(1);
    network.inner_tags.extend(between.filter_map(|(at, &row)| Some((segment, at, tags_of(records, row)?))));
    network.length_mm.push(length);
    network.way_of.push(count("ways", network.ways.len() - 1, u32::MAX - 1)?);
    network.shape.extend(rows.iter().map(|&row| position(row)));
    network.first_shape.push(count("shape points", network.shape.len(), u32::MAX - 1)?);
    Ok(())
}

/// `first[v]` counts the entries of `node_of` below `v`.
pub(crate) fn first_rows(nodes: u32, node_of: &[u32]) -> Vec<u32> {
    let mut first = vec![0; nodes as usize + 1];
    for &node in node_of {
        first[node as usize + 1] += 1;
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    first
}
