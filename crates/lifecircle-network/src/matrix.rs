//! Who reaches what within a cutoff, pair by pair.
//!
//! One bounded search for every linked origin, or one for every facility over the reversed graph, whichever
//! are fewer. The ends on the other side hang at the nodes where their trips enter or leave the network, and
//! are met while the search walks over what it settled. Both ways sum the same integers, so they agree to the
//! last bit.

use core::sync::atomic::{AtomicU64, Ordering};

use lifecircle_types::{Cost, DemandIx, FacilityIx, Progress, TravelMatrix};
use petgraph::visit::{EdgeRef, IntoEdges, NodeIndexable, Reversed};

use crate::error::{Error, Result, count};
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::linkage::Linkage;
use crate::nearest::{Target, raw_cutoff, spots};
use crate::rows::map_rows;
use crate::search::SearchSpace;
use crate::trip::{Grouped, Spot};

/// How far a matrix looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MatrixOptions {
    /// Cost up to which the matrix is complete, inclusive; in the unit of the graph.
    pub cutoff: Cost,
}

impl MatrixOptions {
    /// Looks as far as `cutoff`, inclusive.
    #[must_use]
    pub fn new(cutoff: impl Into<Cost>) -> Self {
        Self { cutoff: cutoff.into() }
    }
}

/// The costs of all trips from `from` to the facilities that own `targets`, up to the cutoff (inclusive).
///
/// Row `i` is point `i` of `from`, column `o` the facility with owner `o` below `facilities`; of several
/// targets of one owner the cheapest counts. Rows without link and owners without target are empty. Takes
/// O(k log k) for every search, k being the nodes and arcs within the cutoff. Link both sides with the same
/// graph.
///
/// # Errors
/// [`Error::WrongUnit`] when the cutoff is not in the unit of the graph, [`Error::OwnerOutOfRange`] when an
/// owner is not below `facilities`, [`Error::OtherLink`] when a link does not lie on the network,
/// [`Error::TooMany`] beyond 2^32 - 2 origins, [`Error::Cancelled`] when `progress` asks to stop.
///
/// ```
/// # use lifecircle_network::{BuildOptions, LinkOptions, Linker, MatrixOptions, NetworkBuilder, Target, WalkCosts, WalkGraph, WalkProfile, travel_matrix};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # use lifecircle_types::{DemandIx, FacilityIx, Millimetres, NoProgress};
/// # let town = GridTown::new(3, 3, 100_000);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
/// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
/// # let walk = WalkGraph::new(&network, &costs)?;
/// let linker = Linker::new(walk, LinkOptions::default());
/// let homes = linker.link(&[Some(town.position(0, 0)), Some(town.position(3, 3))]);
/// let school = *linker.link(&[Some(town.position(0, 2))]).get(0).unwrap();
/// let options = MatrixOptions::new(Millimetres::from_metres(300));
/// let matrix = travel_matrix(walk, &homes, &[Target { owner: 0, link: school }], 1, &options, &NoProgress)?;
/// assert_eq!(matrix.get(DemandIx(0), FacilityIx(0)), Some(Millimetres::from_metres(200).into()));
/// assert_eq!(matrix.get(DemandIx(1), FacilityIx(0)), None); // four blocks away
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
pub fn travel_matrix(
    graph: WalkGraph<'_>,
    from: &Linkage,
    targets: &[Target],
    facilities: u32,
    options: &MatrixOptions,
    progress: &dyn Progress,
) -> Result<TravelMatrix> {
    let cutoff = raw_cutoff(graph, options.cutoff)?;
    let rows = count("origins", from.len(), u32::MAX - 1)?;
    let origins: Vec<End> =
        (0..rows).zip(spots(graph, from)?).filter_map(|(row, spot)| Some(End { row, spot: spot? })).collect();
    let mut ends = Vec::with_capacity(targets.len());
    for target in targets {
        if target.owner >= facilities {
            return Err(Error::OwnerOutOfRange { owner: target.owner, facilities });
        }
        ends.push(End { row: target.owner, spot: Spot::new(graph, &target.link)? });
    }
    ends.sort_by_key(|end| end.row);

    let owners = ends.chunk_by(|a, b| a.row == b.row).count();
    let search = Search { cutoff, progress };
    let entries = if owners < origins.len() {
        let found = search.between(
            Reversed(graph),
            (&ends, |spot, nodes| nodes.extend(spot.arrivals())),
            (&origins, |spot, nodes| nodes.extend(spot.departures())),
            |target, origin| origin.direct(target),
        )?;
        found.into_iter().map(|(owner, row, cost)| (row, owner, cost)).collect()
    } else {
        search.between(
            graph,
            (&origins, |spot, nodes| nodes.extend(spot.departures())),
            (&ends, |spot, nodes| nodes.extend(spot.arrivals())),
            Spot::direct,
        )?
    };
    let entries = entries
        .into_iter()
        .map(|(row, owner, cost): Entry| (DemandIx(row), FacilityIx(owner), graph.unit().cost(cost)));
    Ok(TravelMatrix::new(rows, facilities, options.cutoff, entries)?)
}

/// An end of trips: an origin, or one way into a facility.
#[derive(Clone, Copy, Debug)]
struct End {
    row: u32,
    spot: Spot,
}

/// Row on the near side, row on the far side, cost.
type Entry = (u32, u32, u32);

/// Ends of one side, sorted by row, and how their trips touch the network.
type Side<'a, N> = (&'a [End], N);

struct Search<'a> {
    cutoff: u32,
    progress: &'a dyn Progress,
}

impl Search<'_> {
    /// Costs between every row of `near` and every row of `far` within the cutoff: one search over `graph`
    /// for every row of `near`, started at all its ends together.
    fn between<G>(
        &self,
        graph: G,
        (near, near_nodes): Side<'_, impl Fn(&Spot, &mut Vec<(NodeIx, u32)>) + Sync + Send>,
        (far, far_nodes): Side<'_, impl Fn(&Spot, &mut Vec<(NodeIx, u32)>)>,
        direct: impl Fn(&Spot, &Spot) -> Option<u32> + Sync + Send,
    ) -> Result<Vec<Entry>>
    where
        G: IntoEdges<NodeId = NodeIx, EdgeWeight = u32> + NodeIndexable + Sync,
    {
        let mut at_node = Vec::with_capacity(2 * far.len());
        let mut nodes = Vec::new();
        for end in far {
            far_nodes(&end.spot, &mut nodes);
            at_node.extend(nodes.drain(..).map(|(node, cost)| (node.0, (cost, end.row))));
        }
        let at_node = Grouped::new(graph.node_bound(), at_node);
        let mut on_segment: Vec<&End> = far.iter().collect();
        on_segment.sort_by_key(|end| end.spot.segment);

        let rows: Vec<&[End]> = near.chunk_by(|a, b| a.row == b.row).collect();
        let total = rows.len() as u64;
        let done = AtomicU64::new(0);
        self.progress.advance(STEP, 0, total)?;
        let found = map_rows(
            &rows,
            || (SearchSpace::new(), Vec::new(), Vec::new()),
            |(space, seeds, pairs), ends| {
                seeds.clear();
                pairs.clear();
                for end in *ends {
                    near_nodes(&end.spot, seeds);
                    let start = on_segment.partition_point(|other| other.spot.segment < end.spot.segment);
                    let here =
                        on_segment[start..].iter().take_while(|other| other.spot.segment == end.spot.segment);
                    pairs.extend(here.filter_map(|other| Some((other.row, direct(&end.spot, &other.spot)?))));
                }
                let reached = space.reach(graph, seeds, self.cutoff, |arc| *arc.weight());
                for (node, cost) in reached.iter() {
                    for &(rest, row) in at_node.of(node.index()) {
                        pairs.extend(cost.checked_add(rest).map(|cost| (row, cost)));
                    }
                }
                pairs.retain(|&(_, cost)| cost <= self.cutoff);
                pairs.sort_unstable();
                pairs.dedup_by_key(|pair| pair.0);
                let entries: Vec<Entry> = pairs.iter().map(|&(row, cost)| (ends[0].row, row, cost)).collect();
                self.progress.advance(STEP, done.fetch_add(1, Ordering::Relaxed) + 1, total)?;
                Ok::<_, Error>(entries)
            },
        )?;
        Ok(found.concat())
    }
}

const STEP: &str = "travel matrix";
