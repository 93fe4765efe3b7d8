//! Networks from plain arrays: of a graph of your own, or of a program that kept one.
//!
//! A segment states its length, which need not be that of its course: what a graph's arc costs, it costs. A point
//! linked to such a segment lies at the same share of its length as of its course.

use lifecircle_types::{LonLat, Millimetres, Tags};

use crate::error::{Error, Result, count};
use crate::hilbert::hilbert_key;
use crate::network::{Arcs, StreetNetwork, Way};

/// A node of [`NetworkParts`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodePart {
    /// Its id, which no other node has.
    pub id: i64,
    /// Where it is.
    pub position: LonLat,
}

/// A way of [`NetworkParts`]: what its segments have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayPart {
    /// Its id; ways are listed by ascending ids.
    pub id: i64,
    /// Its tags, by which a profile says who may walk on it.
    pub tags: Tags,
}

/// A segment of [`NetworkParts`]: a street between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentPart {
    /// Row of its way; segments are listed by ascending ways.
    pub way: u32,
    /// Row of the node where it starts, in the direction of the way.
    pub tail: u32,
    /// Row of the node where it ends.
    pub head: u32,
    /// Its length, at least a millimetre.
    pub length: Millimetres,
    /// Positions between its ends, from tail to head; none for a straight street.
    pub between: Vec<LonLat>,
}

/// A network as plain arrays, from which [`StreetNetwork::from_parts`] builds one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkParts {
    /// Nodes in any order.
    pub nodes: Vec<NodePart>,
    /// Ways by id.
    pub ways: Vec<WayPart>,
    /// Segments by way, and along the way.
    pub segments: Vec<SegmentPart>,
}

impl StreetNetwork {
    /// Builds a network from plain arrays. Every segment becomes two arcs; parallel segments and loops stay as
    /// they are, a node without segments stays too, and there are no private gates. Takes O(n log n).
    ///
    /// # Errors
    /// [`Error::InvalidPart`] when two nodes share an id, ways or segments are out of order, a segment names a
    /// node or a way that is not there, or has no length; [`Error::TooMany`] beyond 2^32 - 2 nodes or
    /// shape points or 2^31 - 1 segments.
    ///
    /// ```
    /// # use lifecircle_network::{NetworkParts, NodePart, SegmentPart, StreetNetwork, WayPart};
    /// # use lifecircle_types::{LonLat, Millimetres, Tags};
    /// let node = |id, lon| LonLat::new(lon, 0.0).map(|position| NodePart { id, position });
    /// let parts = NetworkParts {
    ///     nodes: vec![node(1, 0.0)?, node(2, 0.001)?],
    ///     ways: vec![WayPart { id: 7, tags: Tags::new([("highway", "footway")]) }],
    ///     segments: vec![SegmentPart { way: 0, tail: 0, head: 1, length: Millimetres::from_metres(120), between: vec![] }],
    /// };
    /// let network = StreetNetwork::from_parts(parts)?;
    /// let arc = network.arcs().next().unwrap();
    /// assert_eq!(network.length(arc), Millimetres::from_metres(120)); // stated, not measured
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_parts(parts: NetworkParts) -> Result<Self> {
        let NetworkParts { nodes, ways, segments } = parts;
        let node_count = count("nodes", nodes.len(), u32::MAX - 1)?;
        count("segments", segments.len(), u32::MAX / 2)?;
        let invalid = |what, row| Error::InvalidPart { what, row };
        if let Some(row) = ways.windows(2).position(|pair| pair[0].id >= pair[1].id) {
            return Err(invalid("the ways are not in the order of their ids", row + 1));
        }
        if let Some(row) = segments.windows(2).position(|pair| pair[0].way > pair[1].way) {
            return Err(invalid("the segments are not in the order of their ways", row + 1));
        }

        let mut order: Vec<u32> = (0..node_count).collect();
        order.sort_by_cached_key(|&row| {
            let node = &nodes[row as usize];
            (hilbert_key(node.position), node.id)
        });
        let mut node_of = vec![0; nodes.len()];
        for (node, &row) in (0..node_count).zip(&order) {
            node_of[row as usize] = node;
        }
        let mut network = Self {
            osm_id: order.iter().map(|&row| nodes[row as usize].id).collect(),
            position: order.iter().map(|&row| nodes[row as usize].position).collect(),
            by_osm_id: (0..node_count).collect(),
            first_shape: vec![0],
            ..Self::default()
        };
        network.by_osm_id.sort_unstable_by_key(|&node| network.osm_id[node as usize]);
        let id = |node: u32| network.osm_id[node as usize];
        if let Some(pair) = network.by_osm_id.windows(2).find(|pair| id(pair[0]) == id(pair[1])) {
            let row = order[pair[0] as usize].max(order[pair[1] as usize]) as usize;
            return Err(invalid("the node has the id of another", row));
        }

        let mut ends = Vec::with_capacity(segments.len());
        for (row, segment) in segments.into_iter().enumerate() {
            let end = |node: u32| {
                node_of.get(node as usize).copied().ok_or(invalid("the segment names no node", row))
            };
            let (tail, head) = (end(segment.tail)?, end(segment.head)?);
            if segment.way as usize >= ways.len() {
                return Err(invalid("the segment names no way", row));
            }
            if segment.length == Millimetres::new(0) {
                return Err(invalid("the segment has no length", row));
            }
            network.length_mm.push(segment.length.get());
            network.way_of.push(segment.way);
            network.shape.push(network.position[tail as usize]);
            network.shape.extend(segment.between);
            network.shape.push(network.position[head as usize]);
            network.first_shape.push(count("shape points", network.shape.len(), u32::MAX - 1)?);
            ends.push([tail, head]);
        }
        network.ways = ways.into_iter().map(|way| Way { id: way.id, tags: way.tags }).collect();
        network.lay(Arcs::new(node_count, &ends));
        Ok(network)
    }
}
