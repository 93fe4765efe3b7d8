//! From street records to a network.
//!
//! 1. Every way that is a street is cut into chains of known nodes: a missing node ends a chain, because the
//!    street's course beyond it is not known, and a node repeated in a row counts once.
//! 2. A node is a junction when chains pass it twice or more, a chain ends there, or a private gate stands there;
//!    chains are split at junctions into segments.
//! 3. Junctions become nodes in Hilbert order, segments become arcs in both directions.
//!
//! Records arrive sorted by id, so the order in which a source listed them changes nothing. Ways are worked on by the
//! thousand, side by side under the feature `parallel`, and put together in their order.

use core::convert::Infallible;

use lifecircle_types::{
    Fate, Imported, Issues, LonLat, Severity, StreetNode, StreetRecords, StreetWay, Tags,
};

use crate::error::{Result, count};
use crate::hilbert::hilbert_key;
use crate::lookup::RowsById;
use crate::network::{Arcs, StreetNetwork, Way, piece_mm};
use crate::profile::{is_private_gate, is_street};
use crate::rows::{at_once, map_chunks, map_rows, sort};

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
        count("nodes", records.nodes().len(), u32::MAX - 1)?;
        let mut issues = Issues::new();
        let mut fate = Fate::default();
        let rows = RowsById::new(records.nodes().iter().map(|node| node.id));
        let mut chains = map_chunks(records.ways(), |ways| Chains::of(ways, &rows));
        for some in &mut chains {
            issues.extend(core::mem::take(&mut some.issues));
            fate += &some.fate;
        }
        let cuts = Cuts::of(records, &chains);
        let segments =
            map_rows(&chains, || (), |(), some| Ok::<_, Infallible>(Segments::of(records, some, &cuts)));
        let Ok(segments) = segments;
        let network = assemble(records, &cuts, segments, &mut issues)?;
        Ok(Imported { value: network, issues, fate })
    }
}

/// Chains of known nodes of some ways in a row.
struct Chains<'a> {
    /// The way of each chain, and where its nodes end in `nodes`.
    chains: Vec<(&'a StreetWay, usize)>,
    /// Rows of the records' nodes; of each chain at least two, no row twice in a row.
    nodes: Vec<u32>,
    issues: Issues,
    fate: Fate,
}

impl<'a> Chains<'a> {
    fn of(ways: &'a [StreetWay], rows: &RowsById) -> Self {
        let mut all = Self { chains: vec![], nodes: vec![], issues: Issues::new(), fate: Fate::default() };
        for way in ways {
            all.fate.rows += 1;
            if !is_street(&way.tags) {
                all.fate.reject("not a street");
                continue;
            }
            let before = all.chains.len();
            let (mut missing, mut repeated) = (0_usize, 0_usize);
            let mut start = all.nodes.len();
            for &id in &way.nodes {
                match rows.find(id) {
                    Some(row) if all.nodes[start..].last() == Some(&row) => repeated += 1,
                    Some(row) => all.nodes.push(row),
                    None => {
                        missing += 1;
                        all.close(way, start);
                        start = all.nodes.len();
                    }
                }
            }
            all.close(way, start);
            all.tell(way, missing, repeated);
            if all.chains.len() > before {
                all.fate.used += 1;
            } else {
                all.fate.reject("fewer than two known nodes in a row");
            }
        }
        all
    }

    /// Ends the chain that begins at `start`; a single node is none.
    fn close(&mut self, way: &'a StreetWay, start: usize) {
        if self.nodes.len() - start > 1 {
            self.chains.push((way, self.nodes.len()));
        } else {
            self.nodes.truncate(start);
        }
    }

    fn tell(&mut self, way: &StreetWay, missing: usize, repeated: usize) {
        let subject = || format!("way/{}", way.id);
        if missing > 0 {
            self.issues.push(
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
            self.issues.push(
                Severity::Note,
                "street with repeated nodes",
                subject(),
                format!("{repeated} nodes follow themselves and count once"),
            );
        }
    }

    /// Each chain: its way, its nodes.
    fn iter(&self) -> impl Iterator<Item = (&'a StreetWay, &[u32])> {
        let mut start = 0;
        self.chains
            .iter()
            .map(move |&(way, end)| (way, &self.nodes[core::mem::replace(&mut start, end)..end]))
    }
}

/// Where chains are cut: the network's nodes and their order.
struct Cuts {
    /// Rows of the records' nodes, in the order of the network.
    rows: Vec<u32>,
    /// The network's node of every row of the records' nodes, or [`NO_CUT`].
    node: Vec<u32>,
    /// Whether the records' node is a private gate, of the nodes in the order of the network.
    gates: Vec<u32>,
}

const NO_CUT: u32 = u32::MAX;

impl Cuts {
    fn of(records: &StreetRecords, chains: &[Chains<'_>]) -> Self {
        let (mut passages, gates) = at_once(|| passages(records, chains), || private_gates(records));
        for &row in &gates {
            let passed = &mut passages[row as usize];
            *passed = if *passed > 0 { 2 } else { 0 };
        }
        let cut: Vec<u32> =
            (0_u32..).zip(&passages).filter(|(_, passed)| **passed == 2).map(|(row, _)| row).collect();
        // rows ascend by id
        let keys = map_chunks(&cut, |rows| {
            let key = |&row: &u32| (hilbert_key(records.nodes()[row as usize].position), row);
            rows.iter().map(key).collect::<Vec<_>>()
        });
        let mut keys = keys.concat();
        sort(&mut keys);
        let mut node = vec![NO_CUT; passages.len()];
        for (at, &(_, row)) in (0_u32..).zip(&keys) {
            node[row as usize] = at;
        }
        let mut gates: Vec<u32> =
            gates.iter().map(|&row| node[row as usize]).filter(|&node| node != NO_CUT).collect();
        gates.sort_unstable();
        Self { rows: keys.into_iter().map(|(_, row)| row).collect(), node, gates }
    }
}

/// How often chains pass each of the records' nodes: never, once, or twice and more, as the end of a chain counts.
fn passages(records: &StreetRecords, chains: &[Chains<'_>]) -> Vec<u8> {
    let mut passages = vec![0_u8; records.nodes().len()];
    for (_, nodes) in chains.iter().flat_map(Chains::iter) {
        for &row in nodes {
            let passed = &mut passages[row as usize];
            *passed = (*passed + 1).min(2);
        }
        for row in [nodes[0], nodes[nodes.len() - 1]] {
            passages[row as usize] = 2;
        }
    }
    passages
}

/// Rows of the records' nodes that are private gates.
fn private_gates(records: &StreetRecords) -> Vec<u32> {
    let tagged = (0_u32..).zip(records.nodes()).filter(|(_, node)| !node.tags.is_empty());
    tagged.filter(|(_, node)| is_private_gate(&node.tags)).map(|(row, _)| row).collect()
}

/// The segments of some ways in a row; rows and places count from the first of them.
#[derive(Default)]
struct Segments {
    /// Nodes of the network at the ends of each segment.
    ends: Vec<[u32; 2]>,
    length_mm: Vec<u32>,
    way_of: Vec<u32>,
    /// Where the positions of each segment end.
    shape_ends: Vec<u32>,
    shape: Vec<LonLat>,
    inner_tags: Vec<(u32, u32, Tags)>,
    ways: Vec<Way>,
    issues: Issues,
}

/// A node along a chain.
struct Passed {
    row: u32,
    /// The node of the network, or [`NO_CUT`].
    node: u32,
    position: LonLat,
    is_tagged: bool,
}

impl Segments {
    fn of(records: &StreetRecords, chains: &Chains<'_>, cuts: &Cuts) -> Self {
        let mut all = Self::default();
        // memory is asked for all nodes before any is looked at, which is faster
        let passed = |&row: &u32| {
            let StreetNode { position, ref tags, .. } = records.nodes()[row as usize];
            Passed { row, node: cuts.node[row as usize], position, is_tagged: !tags.is_empty() }
        };
        let passed: Vec<Passed> = chains.nodes.iter().map(passed).collect();
        let mut chain_start = 0;
        for &(way, chain_end) in &chains.chains {
            if all.ways.last().is_none_or(|known| known.id != way.id) {
                all.ways.push(Way { id: way.id, tags: way.tags.clone() });
            }
            let chain = &passed[core::mem::replace(&mut chain_start, chain_end)..chain_end];
            let mut start = None;
            for (at, &Passed { node: end, .. }) in chain.iter().enumerate() {
                if end == NO_CUT {
                    continue;
                }
                if let Some((from, tail)) = start.replace((at, end)) {
                    all.ends.push([tail, end]);
                    all.push(records, &chain[from..=at]);
                }
            }
        }
        all
    }

    fn push(&mut self, records: &StreetRecords, nodes: &[Passed]) {
        let (segment, way) = (in_32_bits(self.length_mm.len()), in_32_bits(self.ways.len() - 1));
        let mut length = 0_u32;
        for pair in nodes.windows(2) {
            let (from, to) = (pair[0].position, pair[1].position);
            let piece = piece_mm(from, to);
            if piece == 1 && from.length_to(to).get() == 0 {
                self.tell_point(records, [pair[0].row, pair[1].row]);
            }
            length = length.saturating_add(piece);
        }
        let inner = (0_u32..).zip(nodes).take(nodes.len() - 1).skip(1).filter(|(_, node)| node.is_tagged);
        let tags = |row: u32| records.nodes()[row as usize].tags.clone();
        self.inner_tags.extend(inner.map(|(at, node)| (segment, at, tags(node.row))));
        self.shape.extend(nodes.iter().map(|node| node.position));
        self.length_mm.push(length);
        self.way_of.push(way);
        self.shape_ends.push(in_32_bits(self.shape.len()));
    }

    fn tell_point(&mut self, records: &StreetRecords, rows: [u32; 2]) {
        let [from, to] = rows.map(|row| records.nodes()[row as usize].id);
        let way = self.ways.last().map_or(0, |way| way.id);
        self.issues.push(
            Severity::Note,
            "street piece without length",
            format!("way/{way}"),
            format!("nodes {from} and {to} lie in one place; the piece counts 1 mm"),
        );
    }
}

/// Rows of a few ways; should they not fit, [`assemble`] finds their sum too large.
fn in_32_bits(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn assemble(
    records: &StreetRecords,
    cuts: &Cuts,
    mut parts: Vec<Segments>,
    issues: &mut Issues,
) -> Result<StreetNetwork> {
    let total = |of: fn(&Segments) -> usize| parts.iter().map(of).sum::<usize>();
    let segments = total(|part| part.length_mm.len());
    let points = total(|part| part.shape.len());
    count("segments", segments, u32::MAX / 2)?;
    count("shape points", points, u32::MAX - 1)?;
    let mut network = StreetNetwork {
        length_mm: Vec::with_capacity(segments),
        way_of: Vec::with_capacity(segments),
        first_shape: Vec::with_capacity(segments + 1),
        ways: Vec::with_capacity(total(|part| part.ways.len())),
        private_gates: cuts.gates.clone(),
        // rows ascend by id
        by_osm_id: cuts.node.iter().copied().filter(|&node| node != NO_CUT).collect(),
        ..StreetNetwork::default()
    };
    let ends: Vec<_> = parts.iter_mut().map(|part| core::mem::take(&mut part.ends)).collect();
    let mut shapes = Vec::with_capacity(parts.len());
    let fill = || {
        network.first_shape.push(0);
        for part in parts {
            let (segment, way) = (in_32_bits(network.length_mm.len()), in_32_bits(network.ways.len()));
            let point = network.first_shape.last().copied().unwrap_or(0);
            network.length_mm.extend(part.length_mm);
            network.way_of.extend(part.way_of.iter().map(|row| way + row));
            network.first_shape.extend(part.shape_ends.iter().map(|end| point + end));
            let inner_tags = part.inner_tags.into_iter();
            network.inner_tags.extend(inner_tags.map(|(row, at, tags)| (segment + row, at, tags)));
            network.ways.extend(part.ways);
            issues.extend(part.issues);
            shapes.push(part.shape);
        }
        network.shape = shapes.concat();
        for part in map_chunks(&cuts.rows, |rows| nodes_of(records, rows)) {
            let first = in_32_bits(network.osm_id.len());
            network.osm_id.extend(part.osm_id);
            network.position.extend(part.position);
            network.node_tags.extend(part.tags.into_iter().map(|(node, tags)| (first + node, tags)));
        }
    };
    let ((), arcs) = at_once(fill, || Arcs::new(in_32_bits(cuts.rows.len()), &ends.concat()));
    network.lay(arcs);
    Ok(network)
}

/// Columns of some nodes of the network in a row; tags by place among them, of those that have any.
struct NodeColumns {
    osm_id: Vec<i64>,
    position: Vec<LonLat>,
    tags: Vec<(u32, Tags)>,
}

fn nodes_of(records: &StreetRecords, rows: &[u32]) -> NodeColumns {
    let nodes = || rows.iter().map(|&row| &records.nodes()[row as usize]);
    let tagged = (0_u32..).zip(nodes()).filter(|(_, node)| !node.tags.is_empty());
    NodeColumns {
        osm_id: nodes().map(|node| node.id).collect(),
        position: nodes().map(|node| node.position).collect(),
        tags: tagged.map(|(at, node)| (at, node.tags.clone())).collect(),
    }
}

/// `first[v]` counts the entries of `node_of` below `v`.
pub(crate) fn first_rows(nodes: u32, node_of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0; nodes as usize + 1];
    for node in node_of {
        first[node as usize + 1] += 1;
    }
    for at in 1..first.len() {
        first[at] += first[at - 1];
    }
    first
}
