//! Who reaches what within a cutoff, pair by pair.
//!
//! One bounded search for every linked origin, or one for every facility over the reversed graph, whichever
//! are fewer. The ends on the other side hang at the nodes where their trips enter or leave the network, and
//! are met while the search walks over what it settled. Both ways sum the same integers, so they agree to the
//! last bit. Pairs on one segment are added with their direct stretch; of several costs the least counts.
//!
//! Searches run one by one, or 32 at a time on a [`PreparedGraph`]. Making one for a single run costs as much
//! as settling about [`PREPARING`] times all nodes, so it is begun when a few searches, evenly drawn, settle so
//! many nodes that all of them can be expected to settle more, and given up when it is foreseen to read more than
//! [`ENTRIES`] for every node that they can be expected to settle.

use lifecircle_types::{Cost, Progress, TravelMatrix};
use petgraph::visit::{EdgeRef, IntoEdges, NodeIndexable, Reversed};

use crate::error::{Error, Result, count};
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::linkage::Linkage;
use crate::nearest::{Target, order_of, raw_cutoff, spots};
use crate::order::PreparedGraph;
use crate::queries::{Entrance, Entry, STEP, Ticks, matrix};
use crate::rows::map_rows;
use crate::search::{SearchSpace, UnorderedSpace};
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
    let ends = Ends::new(graph, from, targets, facilities, options)?;
    let expected = ends.expected(graph);
    if expected >= PREPARING * graph.network().node_count() as u64
        && let Some(order) = order_of(graph, expected.saturating_mul(ENTRIES), progress)?
    {
        return ends.prepared(&PreparedGraph::new(graph, &order, progress)?, progress);
    }
    let entries = if ends.to.len() < ends.from.len() {
        let found = ends.search(Reversed(graph), &ends.to, &ends.from, progress)?;
        found.into_iter().map(|(owner, row, cost)| (row, owner, cost)).collect()
    } else {
        ends.search(graph, &ends.from, &ends.to, progress)?
    };
    ends.matrix(entries, progress)
}

/// How many times all nodes are settled in the time it takes to order and prepare a network.
const PREPARING: u64 = 16;

/// Entries of lists that an order may read for every node that searches can be expected to settle; fewer than for the
/// nearest of a service, as searches that stay near run in the cache.
const ENTRIES: u64 = 9;

/// Searches by which all are judged.
const SAMPLE: usize = 16;

/// Both sides of a matrix.
pub(crate) struct Ends {
    /// Where trips of every origin enter the network, by row.
    from: Vec<Entrance>,
    /// Where trips to every facility leave the network, by facility.
    to: Vec<Entrance>,
    /// Trips along one segment.
    direct: Vec<Entry>,
    rows: u32,
    facilities: u32,
    cutoff: Cost,
    bound: u32,
}

impl Ends {
    pub(crate) fn new(
        graph: WalkGraph<'_>,
        from: &Linkage,
        targets: &[Target],
        facilities: u32,
        options: &MatrixOptions,
    ) -> Result<Self> {
        let bound = raw_cutoff(graph, options.cutoff)?;
        let rows = count("origins", from.len(), u32::MAX - 1)?;
        let origins: Vec<(u32, Spot)> =
            (0..rows).zip(spots(graph, from)?).filter_map(|(row, spot)| Some((row, spot?))).collect();
        let mut spots = Vec::with_capacity(targets.len());
        for target in targets {
            if target.owner >= facilities {
                return Err(Error::OwnerOutOfRange { owner: target.owner, facilities });
            }
            spots.push((target.owner, Spot::new(graph, &target.link)?));
        }
        spots.sort_by_key(|&(owner, _)| owner);
        let entrance = |row| move |(node, cost)| Entrance { row, node, cost };
        let departures = origins.iter().flat_map(|(row, spot)| spot.departures().map(entrance(*row)));
        let arrivals = spots.iter().flat_map(|(owner, spot)| spot.arrivals().map(entrance(*owner)));
        Ok(Self {
            from: departures.collect(),
            to: arrivals.collect(),
            direct: direct(&origins, &spots, bound),
            rows,
            facilities,
            cutoff: options.cutoff,
            bound,
        })
    }

    /// The matrix, searched on a prepared graph.
    pub(crate) fn prepared(
        &self,
        graph: &PreparedGraph<'_>,
        progress: &dyn Progress,
    ) -> Result<TravelMatrix> {
        self.matrix(graph.pairs(&self.from, &self.to, self.bound, progress)?, progress)
    }

    fn matrix(&self, mut entries: Vec<Entry>, progress: &dyn Progress) -> Result<TravelMatrix> {
        entries.extend(&self.direct);
        matrix(self.rows, self.facilities, self.cutoff, &entries, progress)
    }

    /// How many nodes all searches can be expected to settle, judged by a few of them.
    fn expected(&self, graph: WalkGraph<'_>) -> u64 {
        let near = if self.to.len() < self.from.len() { &self.to } else { &self.from };
        if near.len() < 2 * SAMPLE {
            return 0;
        }
        let mut space = SearchSpace::new();
        let drawn = near.iter().step_by(near.len() / SAMPLE).take(SAMPLE);
        let settled: usize = drawn
            .map(|end| space.reach(graph, &[(end.node, end.cost)], self.bound, |arc| *arc.weight()).len())
            .sum();
        settled as u64 * near.len() as u64 / SAMPLE as u64
    }

    /// Costs between every row of `near` and every row of `far` within the cutoff: one search over `graph`
    /// for every row of `near`, started at all its ends together.
    fn search<G>(
        &self,
        graph: G,
        near: &[Entrance],
        far: &[Entrance],
        progress: &dyn Progress,
    ) -> Result<Vec<Entry>>
    where
        G: IntoEdges<NodeId = NodeIx, EdgeWeight = u32> + NodeIndexable + Sync,
    {
        let hung = far.iter().map(|end| (end.node.0, (end.cost, end.row))).collect();
        let far = Grouped::new(graph.node_bound(), hung);
        let mut rows: Vec<&[Entrance]> = near.chunk_by(|a, b| a.row == b.row).collect();
        // along the curve, so that searches find in the cache what the one before has read
        rows.sort_by_key(|ends| ends[0].node);
        let ticks = Ticks::new(STEP, rows.len(), progress)?;
        let found = map_rows(
            &rows,
            || (UnorderedSpace::default(), SearchSpace::new()),
            |(unordered, ordered), ends| {
                let seeds = ends.iter().map(|end| (end.node, end.cost));
                let ask = |passed| ticks.ask(passed);
                let mut entries = Vec::new();
                let mut meet = |node: usize, cost: u32| {
                    for &(rest, row) in far.of(node) {
                        let whole = cost.checked_add(rest).filter(|&cost| cost <= self.bound);
                        entries.extend(whole.map(|cost| (ends[0].row, row, cost)));
                    }
                };
                if UnorderedSpace::reaches(self.bound) {
                    unordered.costs(graph, seeds, self.bound, ask)?.for_each(|(node, cost)| meet(node, cost));
                } else {
                    let seeds: Vec<_> = seeds.collect();
                    let reached =
                        ordered.reach_unless(graph, &seeds, self.bound, |arc| *arc.weight(), ask)?;
                    reached.iter().for_each(|(node, cost)| meet(node.index(), cost));
                }
                ticks.one()?;
                Ok::<_, Error>(entries)
            },
        )?;
        Ok(found.concat())
    }
}

/// Trips along one segment, from any of `origins` to any of `targets`.
fn direct(origins: &[(u32, Spot)], targets: &[(u32, Spot)], bound: u32) -> Vec<Entry> {
    let mut by_segment: Vec<&(u32, Spot)> = targets.iter().collect();
    by_segment.sort_by_key(|(_, spot)| spot.segment);
    let mut entries = Vec::new();
    for (row, origin) in origins {
        let start = by_segment.partition_point(|(_, spot)| spot.segment < origin.segment);
        let here = by_segment[start..].iter().take_while(|(_, spot)| spot.segment == origin.segment);
        let costs = here.filter_map(|(owner, spot)| Some((*row, *owner, origin.direct(spot)?)));
        entries.extend(costs.filter(|&(_, _, cost)| cost <= bound));
    }
    entries
}
