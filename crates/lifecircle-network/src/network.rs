//! The street network: topology, lengths, shapes and tags. What a walker pays is elsewhere
//! ([`WalkCosts`](crate::WalkCosts)), so that many profiles share one network.
//!
//! Nodes `v` are junctions and street ends, in the order of a Hilbert curve, ties by the map's id.
//! A segment `s` is a piece of one way between two nodes, in the order of ways (by id) and along the way;
//! its canonical direction is that of the way. It is walked by two arcs, one each way:
//!
//! | Array | Holds |
//! |---|---|
//! | `first_out[v]..first_out[v + 1]` | the arcs that leave `v`, by head, then by segment |
//! | `tail[a]`, `head[a]` | the ends of arc `a` |
//! | `side[a]` | `2 s` for the arc along segment `s`, `2 s + 1` for the arc against it |
//! | `first_in[v]..first_in[v + 1]` in `in_arc` | the arcs that enter `v`, ascending |
//! | `arcs_of[s]` | the arc along `s` and the arc against it |
//! | `length_mm[s]` | length in millimetres, at least 1; at most 2^32 - 1, where it saturates |
//! | `first_shape[s]..first_shape[s + 1]` in `shape` | positions along `s`, both ends included |
//! | `way_of[s]` | the way, a row of `ways` |
//! | `private_gates` | nodes with a gate that strangers may not pass, ascending |
//! | `node_tags` | nodes that the map tags, with the tags, ascending |
//! | `inner_tags` | points inside segments that the map tags: segment, place among its positions, tags; ascending |
//!
//! Parallel segments and loops (a segment from a node to itself) are kept as they are.

use lifecircle_types::{BoundingBox, LonLat, Millimetres, Tags};

use crate::build::first_rows;
use crate::ids::{ArcIx, NodeIx};

/// A way of the map: its id and tags, kept once for all its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) id: i64,
    pub(crate) tags: Tags,
}

/// A street network: nodes, arcs in both directions, lengths, shapes and tags. Build one with [`NetworkBuilder`](crate::NetworkBuilder).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreetNetwork {
    pub(crate) osm_id: Vec<i64>,
    pub(crate) position: Vec<LonLat>,
    pub(crate) by_osm_id: Vec<u32>,
    pub(crate) first_out: Vec<u32>,
    pub(crate) tail: Vec<u32>,
    pub(crate) head: Vec<u32>,
    pub(crate) side: Vec<u32>,
    pub(crate) first_in: Vec<u32>,
    pub(crate) in_arc: Vec<u32>,
    pub(crate) arcs_of: Vec<[u32; 2]>,
    pub(crate) length_mm: Vec<u32>,
    pub(crate) first_shape: Vec<u32>,
    pub(crate) shape: Vec<LonLat>,
    pub(crate) way_of: Vec<u32>,
    pub(crate) ways: Vec<Way>,
    pub(crate) private_gates: Vec<u32>,
    pub(crate) node_tags: Vec<(u32, Tags)>,
    pub(crate) inner_tags: Vec<(u32, u32, Tags)>,
}

/// Length of the straight piece between two neighbouring shape points: whole millimetres, at least one, the
/// same in both directions.
pub(crate) fn piece_mm(from: LonLat, to: LonLat) -> u32 {
    from.length_to(to).get().max(1)
}

impl StreetNetwork {
    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.position.len()
    }

    /// Number of arcs: two for every segment.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.tail.len()
    }

    /// Number of segments.
    #[must_use]
    pub fn segment_count(&self) -> usize {
        self.length_mm.len()
    }

    /// Where `node` is.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn position(&self, node: NodeIx) -> LonLat {
        self.position[node.index()]
    }

    /// The id of `node` in the map.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn osm_id(&self, node: NodeIx) -> i64 {
        self.osm_id[node.index()]
    }

    /// The node with the map's id `osm_id`; `None` when no street ends or meets another there.
    /// Takes a binary search.
    #[must_use]
    pub fn node(&self, osm_id: i64) -> Option<NodeIx> {
        self.by_osm_id
            .binary_search_by_key(&osm_id, |&node| self.osm_id[node as usize])
            .ok()
            .map(|at| NodeIx(self.by_osm_id[at]))
    }

    /// Nodes in their order.
    #[must_use]
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeIx> + use<> {
        (0..NodeIx::new(self.node_count()).0).map(NodeIx)
    }

    /// Arcs in their order: by tail, then by head, then by segment.
    #[must_use]
    pub fn arcs(&self) -> impl ExactSizeIterator<Item = ArcIx> + use<> {
        (0..ArcIx::new(self.arc_count()).0).map(ArcIx)
    }

    /// The arcs that leave `node`.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn out_arcs(&self, node: NodeIx) -> impl ExactSizeIterator<Item = ArcIx> + use<> {
        (self.first_out[node.index()]..self.first_out[node.index() + 1]).map(ArcIx)
    }

    /// The arcs that enter `node`.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn in_arcs(&self, node: NodeIx) -> impl ExactSizeIterator<Item = ArcIx> + '_ {
        let range = self.first_in[node.index()] as usize..self.first_in[node.index() + 1] as usize;
        self.in_arc[range].iter().map(|&arc| ArcIx(arc))
    }

    /// The node where `arc` starts.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn tail(&self, arc: ArcIx) -> NodeIx {
        NodeIx(self.tail[arc.index()])
    }

    /// The node where `arc` ends.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn head(&self, arc: ArcIx) -> NodeIx {
        NodeIx(self.head[arc.index()])
    }

    /// Length of `arc`: the sum of its straight pieces, each a great-circle length of at least 1 mm rounded
    /// to whole millimetres. Both arcs of a segment have the same length.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn length(&self, arc: ArcIx) -> Millimetres {
        Millimetres::new(self.length_mm[self.segment_of(arc)])
    }

    /// The arc that walks the same segment the other way.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn opposite(&self, arc: ArcIx) -> ArcIx {
        let side = self.side[arc.index()] as usize;
        ArcIx(self.arcs_of[side / 2][1 - side % 2])
    }

    /// The id of the way that `arc` is part of.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn way_id(&self, arc: ArcIx) -> i64 {
        self.segment(arc).way_id()
    }

    /// The tags of the way that `arc` is part of.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn tags(&self, arc: ArcIx) -> &Tags {
        self.segment(arc).tags()
    }

    /// The name of the street, where it has one.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn street_name(&self, arc: ArcIx) -> Option<&str> {
        self.segment(arc).name()
    }

    /// The positions along `arc`, from tail to head, both included.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn shape(&self, arc: ArcIx) -> impl ExactSizeIterator<Item = LonLat> + '_ {
        let shape = self.shape_of(self.segment_of(arc));
        let against = self.is_against(arc);
        (0..shape.len()).map(move |at| shape[if against { shape.len() - 1 - at } else { at }])
    }

    /// The segment that `arc` walks.
    ///
    /// # Panics
    /// When `arc` is not of this network.
    #[must_use]
    pub fn segment(&self, arc: ArcIx) -> Segment<'_> {
        Segment { network: self, row: self.segment_of(arc) }
    }

    /// Every segment, by way id and along the way: what it takes to draw the streets.
    #[must_use]
    pub fn segments(&self) -> impl ExactSizeIterator<Item = Segment<'_>> {
        (0..self.segment_count()).map(|row| Segment { network: self, row })
    }

    /// The smallest rectangle around every street; `None` for an empty network.
    #[must_use]
    pub fn bounding_box(&self) -> Option<BoundingBox> {
        BoundingBox::around(self.shape.iter().copied())
    }

    /// Takes the arcs of its segments.
    pub(crate) fn lay(&mut self, arcs: Arcs) {
        let Arcs { first_out, tail, head, side, in_arc, arcs_of } = arcs;
        // both arcs of a segment: as many enter a node as leave it
        self.first_in.clone_from(&first_out);
        self.first_out = first_out;
        (self.tail, self.head, self.side) = (tail, head, side);
        (self.in_arc, self.arcs_of) = (in_arc, arcs_of);
    }

    /// Whether a gate stands on `node` that strangers may not pass.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn is_private_gate(&self, node: NodeIx) -> bool {
        assert!(node.index() < self.node_count(), "{node} is not of this network");
        self.private_gates.binary_search(&node.0).is_ok()
    }

    /// The tags of `node` itself, such as a crossing, a signal or a kerb; `None` where the map has none.
    ///
    /// # Panics
    /// When `node` is not of this network.
    #[must_use]
    pub fn node_tags(&self, node: NodeIx) -> Option<&Tags> {
        assert!(node.index() < self.node_count(), "{node} is not of this network");
        let at = self.node_tags.binary_search_by_key(&node.0, |entry| entry.0).ok()?;
        Some(&self.node_tags[at].1)
    }

    pub(crate) fn segment_of(&self, arc: ArcIx) -> usize {
        self.side[arc.index()] as usize / 2
    }

    pub(crate) fn is_against(&self, arc: ArcIx) -> bool {
        self.side[arc.index()] % 2 == 1
    }

    pub(crate) fn shape_of(&self, segment: usize) -> &[LonLat] {
        &self.shape[self.first_shape[segment] as usize..self.first_shape[segment + 1] as usize]
    }
}

/// The arcs of a network, in rows as [`StreetNetwork`] has them.
pub(crate) struct Arcs {
    first_out: Vec<u32>,
    tail: Vec<u32>,
    head: Vec<u32>,
    side: Vec<u32>,
    in_arc: Vec<u32>,
    arcs_of: Vec<[u32; 2]>,
}

impl Arcs {
    /// Two arcs for every segment; `ends` has the nodes where it starts and where it ends.
    pub(crate) fn new(nodes: u32, ends: &[[u32; 2]]) -> Self {
        let first_out = first_rows(nodes, ends.iter().flatten().copied());
        let mut rows = vec![(0, 0); 2 * ends.len()];
        let mut next = first_out.clone();
        for (along, &[start, end]) in (0_u32..).step_by(2).zip(ends) {
            for (tail, head, side) in [(start, end, along), (end, start, along + 1)] {
                let place = &mut next[tail as usize];
                rows[*place as usize] = (head, side);
                *place += 1;
            }
        }
        let mut arcs_of = vec![[0; 2]; ends.len()];
        let mut tails = Vec::with_capacity(rows.len());
        for (tail, row) in (0..nodes).zip(first_out.windows(2)) {
            rows[row[0] as usize..row[1] as usize].sort_unstable();
            for arc in row[0]..row[1] {
                let side = rows[arc as usize].1 as usize;
                arcs_of[side / 2][side % 2] = arc;
                tails.push(tail);
            }
        }
        // what enters a node are the opposites of what leaves it
        let opposite = |&(_, side): &(u32, u32)| arcs_of[side as usize / 2][1 - side as usize % 2];
        let mut in_arc: Vec<u32> = rows.iter().map(opposite).collect();
        for row in first_out.windows(2) {
            in_arc[row[0] as usize..row[1] as usize].sort_unstable();
        }
        let (head, side) = rows.into_iter().unzip();
        Self { first_out, tail: tails, head, side, in_arc, arcs_of }
    }
}

/// A segment of a network: a piece of one way between two nodes.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    network: &'a StreetNetwork,
    row: usize,
}

impl<'a> Segment<'a> {
    /// The arc in the direction of the way.
    #[must_use]
    pub fn along(&self) -> ArcIx {
        ArcIx(self.network.arcs_of[self.row][0])
    }

    /// The arc against the direction of the way.
    #[must_use]
    pub fn against(&self) -> ArcIx {
        ArcIx(self.network.arcs_of[self.row][1])
    }

    /// Its length.
    #[must_use]
    pub fn length(&self) -> Millimetres {
        Millimetres::new(self.network.length_mm[self.row])
    }

    /// Its positions in the direction of the way, both ends included.
    #[must_use]
    pub fn shape(&self) -> &'a [LonLat] {
        self.network.shape_of(self.row)
    }

    /// The id of its way.
    #[must_use]
    pub fn way_id(&self) -> i64 {
        self.way().id
    }

    /// The tags of its way.
    #[must_use]
    pub fn tags(&self) -> &'a Tags {
        &self.way().tags
    }

    /// The class of the street: the value of `highway`.
    #[must_use]
    pub fn highway(&self) -> &'a str {
        self.tags().get("highway").unwrap_or_default()
    }

    /// The name of the street, where it has one.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.tags().get("name")
    }

    fn way(&self) -> &'a Way {
        &self.network.ways[self.network.way_of[self.row] as usize]
    }
}
