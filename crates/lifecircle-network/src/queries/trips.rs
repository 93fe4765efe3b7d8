//! Trips from and to the inside of streets, on a prepared graph.

use lifecircle_types::{Cancelled, Cost, DemandIx, FacilityIx, Progress, TravelMatrix};
use petgraph::Direction;

use crate::error::{Error, Result};
use crate::linkage::Linkage;
use crate::matrix::{Ends, MatrixOptions};
use crate::nearest::{LONGEST, NearestTrip, STEP, Service, Target, raw_cutoff, spots};
use crate::order::PreparedGraph;
use crate::order::lanes::{Kernel, LANES, Line, NARROW_NONE, Ranked, none};
use crate::order::select::Selection;
use crate::order::sweep::{NO_LIMIT, Seed, Sweep};
use crate::queries::Ticks;
use crate::rows::map_rows;
use crate::trip::Spot;

/// Origins that are searched before their rows are shown, at least.
const SLAB: usize = 4096;

/// Tells how far the whole is when a part of its rows is done.
struct Part<'a> {
    start: usize,
    rows: usize,
    all: usize,
    progress: &'a dyn Progress,
}

impl Progress for Part<'_> {
    fn advance(&self, step: &str, done: u64, total: u64) -> core::result::Result<(), Cancelled> {
        let here = (self.rows as u64 * done).checked_div(total).unwrap_or(0);
        self.progress.advance(step, self.start as u64 + here, self.all as u64)
    }
}

/// Lines of a row: costs and owners.
const LINES: usize = 2;

impl PreparedGraph<'_> {
    /// For each of `services` the nearest target of every origin: what [`nearest_each`](crate::nearest_each)
    /// answers, to the last bit, by one sweep for every 16 services.
    ///
    /// # Errors
    /// As [`nearest_each`](crate::nearest_each).
    pub fn nearest_each(
        &self,
        origins: &Linkage,
        services: &[Vec<Target>],
        cutoff: Option<Cost>,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Option<NearestTrip>>>> {
        let graph = self.graph();
        let cutoff = cutoff.map_or(Ok(LONGEST), |cutoff| raw_cutoff(graph, cutoff))?;
        let origins = spots(graph, origins)?;
        let services =
            services.iter().map(|targets| Service::new(graph, targets)).collect::<Result<Vec<_>>>()?;
        let ticks = Ticks::new(STEP, services.len(), progress)?;
        self.nearest_of_services(&origins, &services, cutoff, &ticks)
    }

    /// The costs of all trips within a cutoff: what [`travel_matrix`](crate::travel_matrix) answers, to the
    /// last bit, by one sweep for every 32 origins or facilities, whichever are fewer.
    ///
    /// # Errors
    /// As [`travel_matrix`](crate::travel_matrix).
    pub fn travel_matrix(
        &self,
        from: &Linkage,
        targets: &[Target],
        facilities: u32,
        options: &MatrixOptions,
        progress: &dyn Progress,
    ) -> Result<TravelMatrix> {
        Ends::new(self.graph(), from, targets, facilities, options)?.prepared(self, progress)
    }

    /// The rows of [`PreparedGraph::travel_matrix`], one after the other, without keeping them: `visit` is shown
    /// each origin, in order, and what it reaches, by facility.
    ///
    /// Origins are searched in slabs of 4096 or of a sixteenth of the nodes, whichever is more; memory holds the
    /// entries of one slab.
    ///
    /// # Errors
    /// As [`travel_matrix`](crate::travel_matrix); what was visited before stands.
    ///
    /// ```
    /// # use lifecircle_network::{BuildOptions, EliminationOrder, LinkOptions, Linker, MatrixOptions, NetworkBuilder, PreparedGraph, Target, WalkCosts, WalkGraph, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # use lifecircle_types::{Millimetres, NoProgress};
    /// # let town = GridTown::new(3, 3, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    /// # let walk = WalkGraph::new(&network, &costs)?;
    /// # let order = EliminationOrder::new(&network, &NoProgress)?;
    /// # let linker = Linker::new(walk, LinkOptions::default());
    /// let prepared = PreparedGraph::new(walk, &order, &NoProgress)?;
    /// let homes = linker.link(&[Some(town.position(0, 0)), Some(town.position(3, 3))]);
    /// let school = [Target { owner: 0, link: *linker.link(&[Some(town.position(0, 2))]).get(0).unwrap() }];
    /// let options = MatrixOptions::new(Millimetres::from_metres(300));
    /// let mut reached = Vec::new();
    /// prepared.travel_rows(&homes, &school, 1, &options, &NoProgress, |_, row| reached.push(row.len()))?;
    /// assert_eq!(reached, [1, 0]); // two blocks away, and four
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn travel_rows(
        &self,
        from: &Linkage,
        targets: &[Target],
        facilities: u32,
        options: &MatrixOptions,
        progress: &dyn Progress,
        mut visit: impl FnMut(DemandIx, &[(FacilityIx, Cost)]),
    ) -> Result<()> {
        let slab = SLAB.max(self.order().node_count() / 16);
        let mut row = Vec::new();
        for start in (0..from.len()).step_by(slab) {
            let end = from.len().min(start + slab);
            let here = Linkage::new((start..end).map(|point| *from.fate(point)).collect());
            let progress = Part { start, rows: end - start, all: from.len(), progress };
            let ends = Ends::new(self.graph(), &here, targets, facilities, options)?;
            let matrix = ends.prepared(self, &progress)?;
            for at in 0..matrix.rows() {
                row.clear();
                row.extend(matrix.row(DemandIx::new(at)));
                visit(DemandIx::new(start + at), &row);
            }
        }
        Ok(())
    }

    pub(crate) fn nearest_of_services(
        &self,
        origins: &[Option<Spot>],
        services: &[Service],
        cutoff: u32,
        ticks: &Ticks<'_>,
    ) -> Result<Vec<Vec<Option<NearestTrip>>>> {
        let most = services.iter().flat_map(|service| &service.sources).map(|source| source.1).max();
        let narrow = cutoff < NARROW_NONE || self.stays_below(NARROW_NONE, most.unwrap_or(0));
        let place = &self.order().place;
        let departures = origins.iter().flatten().flat_map(Spot::departures);
        let (_, descent) = self.costs(Direction::Incoming);
        let selection = Selection::of(self.order(), descent, departures.map(|(node, _)| place[node.index()]));
        let groups: Vec<&[Service]> = services.chunks(LANES).collect();
        let scratch = || (Sweep::default(), Vec::new());
        let answers = map_rows(&groups, scratch, |(sweep, rows), group| {
            if narrow {
                self.sweep_group::<Ranked<false>>(&selection, group, sweep, rows, ticks)?;
            } else {
                self.sweep_group::<Ranked<true>>(&selection, group, sweep, rows, ticks)?;
            }
            let answer = |(lane, service): (usize, &Service)| {
                service.answers(self.graph(), origins, cutoff, |node| {
                    let [costs, owners] = &rows[selection.row(place[node.index()])];
                    Some((costs.0[lane], owners.0[lane])).filter(|&(cost, _)| cost < none(!narrow))
                })
            };
            let answers: Vec<_> = group.iter().enumerate().map(answer).collect();
            ticks.some(group.len())?;
            Ok::<_, Error>(answers)
        })?;
        Ok(answers.into_iter().flatten().collect())
    }

    /// Fills `rows` with the nearest target of each service of `group`, for every place of `selection`.
    fn sweep_group<K: Kernel<LINES>>(
        &self,
        selection: &Selection,
        group: &[Service],
        sweep: &mut Sweep,
        rows: &mut Vec<[Line; LINES]>,
        ticks: &Ticks<'_>,
    ) -> Result<()> {
        let order = self.order();
        let (climb, _) = self.costs(Direction::Incoming);
        let mut seeds: Vec<Seed> = Vec::new();
        for (lane, service) in (0_u32..).zip(group) {
            seeds.extend(service.sources.iter().map(|&(node, cost, owner)| Seed {
                place: order.place[node.index()],
                lane,
                cost,
                owner,
            }));
        }
        seeds.sort_unstable_by_key(|seed| seed.place);
        sweep.climb::<LINES, K>(order, climb, &seeds, NO_LIMIT, ticks)?;
        rows.resize(selection.len(), K::NONE);
        sweep.descend::<LINES, K>(selection.ladders(), ticks, |row, label| rows[row] = *label)
    }
}
