//! Trips from and to the inside of streets, on a prepared graph.

use lifecircle_types::{Cost, Progress, TravelMatrix};
use petgraph::Direction;

use crate::error::{Error, Result};
use crate::linkage::Linkage;
use crate::matrix::{Ends, MatrixOptions};
use crate::nearest::{LONGEST, NearestTrip, STEP, Service, Target, raw_cutoff, spots};
use crate::order::PreparedGraph;
use crate::order::lanes::{Kernel, LANES, Line, NARROW_NONE, Ranked, none};
use crate::order::select::Selection;
use crate::order::sweep::{Seed, Sweep};
use crate::queries::Ticks;
use crate::rows::map_rows;
use crate::trip::Spot;

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
        seeds.sort_unstable();
        sweep.climb::<LINES, K>(order, climb, &seeds, u32::MAX, ticks)?;
        rows.resize(selection.len(), K::NONE);
        sweep.descend::<LINES, K>(selection.ladders(), ticks, |row, label| rows[row] = *label)
    }
}
