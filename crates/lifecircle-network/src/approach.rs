//! By which streets a point's trips start and end.
//!
//! Most points have one link. A home on a private street has one for each of its exits, with the walk along the
//! private streets in its leg; a home inside a wall, without a street of its own, one for each gate, with the straight
//! line to the gate in its leg. Every point keeps what became of it.

use std::collections::BTreeMap;

use lifecircle_types::{Cost, DemandIx, FacilityIx, LonLat, Millimetres, Progress, TravelMatrix};

use crate::error::{Result, count};
use crate::graph::WalkGraph;
use crate::linkage::{Found, Ground, Link, LinkFate, Linkage, Linker, Sought};
use crate::matrix::{MatrixOptions, travel_matrix};
use crate::nearest::{NearestTrip, Target, nearest_each};
use crate::obstacle::{Barriers, Obstacle};
use crate::precinct::Precincts;
use crate::rows::map_rows;

lifecircle_types::word_enum! {
    /// How a point stands to the streets.
    Standing, "standing" {
        /// On a street of the main component.
        Street = "street",
        /// On a private street, left by its exits.
        Private = "private",
        /// Inside a wall without a street of its own, left by the gates.
        Gates = "gates",
        /// On an island of streets.
        Island = "island",
        /// On a street beyond an obstacle, as none is in reach without one.
        Across = "across",
        /// The nearest street lies beyond the maximum.
        TooFar = "too_far",
        /// The point has no position.
        NoPosition = "no_position",
    }
}

/// What became of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approach {
    /// How it stands to the streets.
    pub standing: Standing,
    /// Where it touches the first street, private or not, or its nearest gate; `None` without a street.
    pub link: Option<Link>,
    /// What the leg crosses, where it crosses something.
    pub obstacle: Option<Obstacle>,
    /// The leg to the nearest street that walkers may use, chosen or not, beyond the maximum too.
    pub nearest: Option<Millimetres>,
}

/// The approaches of many points, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Approaches {
    points: Vec<Approach>,
    /// The links of point `p` are `links[first[p]..first[p + 1]]`.
    first: Vec<usize>,
    links: Vec<Link>,
}

impl Approaches {
    fn new(rows: Vec<(Approach, Vec<Link>)>) -> Self {
        let mut all = Self { points: vec![], first: vec![0], links: vec![] };
        for (point, links) in rows {
            all.points.push(point);
            all.links.extend(links);
            all.first.push(all.links.len());
        }
        all
    }

    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// What became of every point.
    #[must_use]
    pub fn as_slice(&self) -> &[Approach] {
        &self.points
    }

    /// The links of point `point` on open streets, nearest first; none where it has no street.
    ///
    /// # Panics
    /// When there is no such point.
    #[must_use]
    pub fn links(&self, point: usize) -> &[Link] {
        &self.links[self.first[point]..self.first[point + 1]]
    }

    /// Every link as a point of its own.
    fn linkage(&self) -> Linkage {
        Linkage::new(self.links.iter().copied().map(LinkFate::Linked).collect())
    }

    /// The points on private streets, the others without link.
    fn private(&self) -> Linkage {
        let fate = |point: &Approach| match point.link {
            Some(link) if point.standing == Standing::Private => LinkFate::Linked(link),
            _ => LinkFate::NoPosition,
        };
        Linkage::new(self.points.iter().map(fate).collect())
    }

    fn has_private(&self) -> bool {
        self.points.iter().any(|point| point.standing == Standing::Private)
    }
}

/// Walks along private streets are looked for up to here.
const FARTHEST_EXIT: Millimetres = Millimetres::from_metres(5000);

impl Linker<'_> {
    /// How every point comes to the streets; `None` is a point without position.
    ///
    /// A point goes to a street by the rules of [`LinkOptions`](crate::LinkOptions), around barriers and over private
    /// streets. Where it would be on an island or beyond an obstacle and a closed wall with gates surrounds it, it
    /// goes by all the gates of that wall, however far they are. Takes O(log n) a point, and a search for every point
    /// on a private street.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled) when `progress` asks to stop.
    ///
    /// ```
    /// # use lifecircle_network::{Barriers, BuildOptions, LinkOptions, Linker, NetworkBuilder, Standing, WalkCosts, WalkGraph, WalkProfile};
    /// # use lifecircle_testkit::grid_town::GridTown;
    /// # use lifecircle_types::{Barrier, BarrierKind, NoProgress};
    /// # let town = GridTown::new(2, 2, 100_000);
    /// # let network = NetworkBuilder::new(BuildOptions::default()).build(&town.records())?.value;
    /// # let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    /// // a canal runs 5 m north of the first street; the home lies beyond it
    /// let line = vec![town.position_at(-10_000, 5_000), town.position_at(300_000, 5_000)];
    /// let canal = Barrier { id: "way/1".into(), kind: BarrierKind::Water, name: None, raised: false, line, gates: vec![] };
    /// let barriers = Barriers::new(&[canal]);
    /// let linker = Linker::new(WalkGraph::new(&network, &costs)?, LinkOptions::default()).barriers(&barriers);
    /// let home = town.position_at(30_000, 20_000);
    /// let approaches = linker.approach(&[Some(home)], &NoProgress)?;
    /// let approach = approaches.as_slice()[0];
    /// assert_eq!(approach.standing, Standing::Street);
    /// assert_eq!(approach.link.unwrap().off_street.get(), 30_000); // the street to the west, not the one at 20 m
    /// # Ok::<(), lifecircle_network::Error>(())
    /// ```
    pub fn approach(&self, points: &[Option<LonLat>], progress: &dyn Progress) -> Result<Approaches> {
        let total = points.len() as u64;
        progress.advance(STEP, 0, total)?;
        let mut rows = Vec::with_capacity(points.len());
        for batch in points.chunks(BATCH) {
            rows.extend(map_rows(
                batch,
                || (),
                |(), point| Ok::<_, crate::Error>(point.map(|at| (at, self.seek(at, true)))),
            )?);
            progress.advance(STEP, rows.len() as u64, total)?;
        }
        let inside = self.ways_out(&rows, progress)?;
        let mut gates = GateLinks { linker: self, known: BTreeMap::new() };
        let rows = rows.into_iter().enumerate().map(|(row, found)| match found {
            None => (nowhere(Standing::NoPosition, None), vec![]),
            Some((at, sought)) => self.approach_one(at, sought, inside.get(&row), &mut gates),
        });
        Ok(Approaches::new(rows.collect()))
    }

    fn approach_one(
        &self,
        at: LonLat,
        sought: Sought,
        exits: Option<&Vec<Link>>,
        gates: &mut GateLinks<'_, '_>,
    ) -> (Approach, Vec<Link>) {
        let nearest = sought.nearest;
        if let Some(found) = &sought.free {
            let link = self.finished(&found.candidate);
            let approach = |standing| Approach { standing, link: Some(link), obstacle: None, nearest };
            match (found.ground, exits) {
                (Ground::Main, _) => return (approach(Standing::Street), vec![link]),
                (Ground::Private, Some(exits)) => return (approach(Standing::Private), exits.clone()),
                // a private street without an exit is no way out
                (Ground::Private, None) => {
                    return self.approach_one(at, self.seek(at, false), None, gates);
                }
                (Ground::Island, _) => {}
            }
        }
        let by_gates = gates.of(at);
        if let Some(&first) = by_gates.first() {
            let approach = Approach { standing: Standing::Gates, link: Some(first), obstacle: None, nearest };
            return (approach, by_gates);
        }
        let Some(Found { candidate, obstacle, .. }) = sought.free.or(sought.barred) else {
            return (nowhere(Standing::TooFar, nearest), vec![]);
        };
        let link = self.finished(&candidate);
        let standing = if obstacle.is_some() { Standing::Across } else { Standing::Island };
        (Approach { standing, link: Some(link), obstacle, nearest }, vec![link])
    }

    /// For every row on a private street its exits as links, nearest first.
    fn ways_out(
        &self,
        rows: &[Option<(LonLat, Sought)>],
        progress: &dyn Progress,
    ) -> Result<BTreeMap<usize, Vec<Link>>> {
        let Some(precincts) = self.precincts.filter(|precincts| !precincts.is_empty()) else {
            return Ok(BTreeMap::new());
        };
        let network = self.graph.network();
        let private = |row: &Option<(LonLat, Sought)>| {
            let found = row.as_ref()?.1.free.as_ref()?;
            (found.ground == Ground::Private).then(|| self.finished(&found.candidate))
        };
        let (inside, links): (Vec<usize>, Vec<LinkFate>) = rows
            .iter()
            .enumerate()
            .filter_map(|(row, found)| Some((row, LinkFate::Linked(private(found)?))))
            .unzip();
        let (mut targets, mut outside) = (Vec::new(), Vec::new());
        for [open, link] in precincts.links(self.graph) {
            targets.push(Target { owner: count("exits", outside.len(), u32::MAX - 1)?, link });
            outside.push(open);
        }
        let exits = count("exits", outside.len(), u32::MAX - 1)?;
        let options = MatrixOptions::new(FARTHEST_EXIT);
        let graph = precincts.graph(network)?;
        let matrix = travel_matrix(graph, &Linkage::new(links), &targets, exits, &options, progress)?;
        let mut ways = BTreeMap::new();
        for (at, row) in inside.into_iter().enumerate() {
            let link = |(exit, cost): (FacilityIx, Cost)| match cost {
                Cost::Length(off_street) => Some(Link { off_street, ..outside[exit.index()] }),
                Cost::Time(_) => None,
            };
            let mut links: Vec<Link> = matrix.row(DemandIx::new(at)).filter_map(link).collect();
            links.sort_by_key(|link| (link.off_street, link.arc));
            if !links.is_empty() {
                ways.insert(row, links);
            }
        }
        Ok(ways)
    }
}

const fn nowhere(standing: Standing, nearest: Option<Millimetres>) -> Approach {
    Approach { standing, link: None, obstacle: None, nearest }
}

const STEP: &str = "linking to streets";

/// Points between two looks at whether to stop.
const BATCH: usize = 4096;

/// The streets at gates, looked up once a gate.
struct GateLinks<'l, 'a> {
    linker: &'l Linker<'a>,
    known: BTreeMap<(u64, u64), Option<Link>>,
}

impl GateLinks<'_, '_> {
    /// The links of a point by the gates of the wall around it, nearest gate first.
    fn of(&mut self, at: LonLat) -> Vec<Link> {
        let gates = self.linker.barriers.map_or(&[][..], |barriers: &Barriers| barriers.gates_around(at));
        let mut links: Vec<Link> = gates
            .iter()
            .filter_map(|&gate| {
                let key = (gate.lon().to_bits(), gate.lat().to_bits());
                let linker = self.linker;
                let link = *self.known.entry(key).or_insert_with(|| {
                    let found = linker.seek(gate, false).free.filter(|found| found.ground == Ground::Main)?;
                    Some(linker.finished(&found.candidate))
                });
                link.map(|link| Link { off_street: at.length_to(gate) + link.off_street, ..link })
            })
            .collect();
        links.sort_by_key(|link| (link.off_street, link.arc, link.offset));
        links
    }
}

/// For each of `services` the nearest facility of every origin, by any of its links: `answer[service][origin]`.
///
/// A service lists the doors of its facilities as pairs of owner and row of `doors`. Like
/// [`nearest_each`], with trips that stay on private streets where both ends lie on them; in graphs of lengths only,
/// as private streets count lengths.
///
/// # Errors
/// Those of [`nearest_each`].
///
/// # Panics
/// When a service names a door that is not in `doors`.
pub fn nearest_trips(
    graph: WalkGraph<'_>,
    precincts: &Precincts,
    origins: &Approaches,
    doors: &Approaches,
    services: &[Vec<(u32, usize)>],
    cutoff: Option<Cost>,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Option<NearestTrip>>>> {
    let open = |service: &Vec<(u32, usize)>| -> Vec<Target> {
        let links =
            |&(owner, door): &(u32, usize)| doors.links(door).iter().map(move |&link| Target { owner, link });
        service.iter().flat_map(links).collect()
    };
    let targets: Vec<Vec<Target>> = services.iter().map(open).collect();
    let by_link = nearest_each(graph, &origins.linkage(), &targets, cutoff, progress)?;
    let least = |trips: &[Option<NearestTrip>]| {
        trips.iter().flatten().min_by_key(|trip| (trip.cost.raw(), trip.owner)).copied()
    };
    let mut nearest: Vec<Vec<Option<NearestTrip>>> = by_link
        .iter()
        .map(|trips| origins.first.windows(2).map(|ends| least(&trips[ends[0]..ends[1]])).collect())
        .collect();
    if precincts.is_empty() || !origins.has_private() || !doors.has_private() {
        return Ok(nearest);
    }
    let inside = doors.private();
    let private = |service: &Vec<(u32, usize)>| -> Vec<Target> {
        service.iter().filter_map(|&(owner, door)| Some(Target { owner, link: *inside.get(door)? })).collect()
    };
    let targets: Vec<Vec<Target>> = services.iter().map(private).collect();
    let within =
        nearest_each(precincts.graph(graph.network())?, &origins.private(), &targets, cutoff, progress)?;
    for (trips, within) in nearest.iter_mut().zip(within) {
        for (trip, within) in trips.iter_mut().zip(within) {
            *trip = least(&[*trip, within]);
        }
    }
    Ok(nearest)
}

/// Every facility of a service within `cutoff` of every origin, by any of its links: row `i` is origin `i`, column `o`
/// the facility with owner `o` below `facilities`.
///
/// A service lists the doors of its facilities as pairs of owner and row of `doors`. Like [`travel_matrix`], with trips
/// that stay on private streets where both ends lie on them; in graphs of lengths only.
///
/// # Errors
/// Those of [`travel_matrix`].
///
/// # Panics
/// When the service names a door that is not in `doors`.
#[expect(
    clippy::too_many_arguments,
    reason = "as for nearest_trips, with the size and the reach of the matrix"
)]
pub fn trips_within(
    graph: WalkGraph<'_>,
    precincts: &Precincts,
    origins: &Approaches,
    doors: &Approaches,
    service: &[(u32, usize)],
    facilities: u32,
    cutoff: Millimetres,
    progress: &dyn Progress,
) -> Result<TravelMatrix> {
    let options = MatrixOptions::new(cutoff);
    let links =
        |&(owner, door): &(u32, usize)| doors.links(door).iter().map(move |&link| Target { owner, link });
    let targets: Vec<Target> = service.iter().flat_map(links).collect();
    let by_link = travel_matrix(graph, &origins.linkage(), &targets, facilities, &options, progress)?;
    let mut within = None;
    if !precincts.is_empty() && origins.has_private() && doors.has_private() {
        let inside = doors.private();
        let private = |&(owner, door): &(u32, usize)| Some(Target { owner, link: *inside.get(door)? });
        let targets: Vec<Target> = service.iter().filter_map(private).collect();
        let graph = precincts.graph(graph.network())?;
        within = Some(travel_matrix(graph, &origins.private(), &targets, facilities, &options, progress)?);
    }
    let (mut row_start, mut column, mut cost) = (vec![0], Vec::new(), Vec::new());
    let mut row: Vec<(u32, u32)> = Vec::new();
    for (origin, ends) in origins.first.windows(2).enumerate() {
        row.clear();
        let by_links = (ends[0]..ends[1]).flat_map(|link| by_link.row(DemandIx::new(link)));
        let inside = within.iter().flat_map(|within| within.row(DemandIx::new(origin)));
        row.extend(by_links.chain(inside).map(|(facility, cost)| (facility.0, cost.raw())));
        row.sort_unstable();
        row.dedup_by_key(|entry| entry.0);
        column.extend(row.iter().map(|entry| entry.0));
        cost.extend(row.iter().map(|entry| entry.1));
        row_start.push(column.len());
    }
    Ok(TravelMatrix::from_rows(facilities, cutoff, row_start, column, cost)
        .expect("rows are sorted, each facility once"))
}
