//! What barriers cost the people beside them.
//!
//! Between two resident places `i` and `j`, `d` is the straight length between their positions and `w` the least walk from
//! `i` to `j`, legs included; P are people, r is the radius.
//!
//! | Quantity | Definition |
//! |---|---|
//! | around `i` | the people of all `j` with near ≤ d ≤ r; nearer ones are left out, as legs and street widths decide there |
//! | reached | those of them for whom a walk of at most `bound` is found, `bound` the longer of the walk and r times the limit |
//! | detour index of `i` | Σ Pⱼ w / Σ Pⱼ d over those reached: the circuity of the streets around a home |
//! | severed pair | both come to a street, d meets a barrier and w is more than the limit times d, or no walk within the bound is found |
//! | lost pair | a severed pair without a walk of at most the walk |
//!
//! A pair severed by several barriers counts for each of them, so that sums over barriers may exceed the people severed.
//! All sums are of integers, so they are the same in any order.

mod divide;
mod sight;

use lifecircle_types::{Barrier, LonLat, Millimetres, People, Progress};
use petgraph::visit::EdgeRef;
use rstar::RTree;
use rstar::primitives::GeomWithData;

pub use divide::Divide;
use divide::divides;
use sight::Sight;

use crate::approach::{Approaches, Standing};
use crate::error::{Error, Result};
use crate::graph::WalkGraph;
use crate::ids::NodeIx;
use crate::linkage::Link;
use crate::obstacle::Barriers;
use crate::precinct::Precincts;
use crate::queries::Ticks;
use crate::rows::map_rows;
use crate::search::{Reached, SearchSpace};
use crate::sphere::{Vector, chord_mm, vector};
use crate::trip::Spot;

/// How severance is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeveranceOptions {
    /// Whom a place is compared with: those at most so far as the crow flies, inclusive; 800 m unless set.
    pub radius: Millimetres,
    /// Those nearer than this are left out; 50 m unless set.
    pub near: Millimetres,
    /// The walk within which somebody counts as reachable at all, inclusive; 1000 m unless set, 15 minutes of the
    /// standard walker.
    pub walk: Millimetres,
    /// A walk of more than so many per cent of the straight line is a detour; 180 unless set.
    pub detour_percent: u32,
}

impl Default for SeveranceOptions {
    fn default() -> Self {
        Self {
            radius: Millimetres::from_metres(800),
            near: Millimetres::from_metres(50),
            walk: Millimetres::from_metres(1000),
            detour_percent: 180,
        }
    }
}

impl SeveranceOptions {
    /// Sets the radius.
    #[must_use]
    pub const fn radius(mut self, radius: Millimetres) -> Self {
        self.radius = radius;
        self
    }

    /// Sets the length below which pairs are left out.
    #[must_use]
    pub const fn near(mut self, near: Millimetres) -> Self {
        self.near = near;
        self
    }

    /// Sets the walk.
    #[must_use]
    pub const fn walk(mut self, walk: Millimetres) -> Self {
        self.walk = walk;
        self
    }

    /// Sets the limit of detours.
    #[must_use]
    pub const fn detour_percent(mut self, percent: u32) -> Self {
        self.detour_percent = percent;
        self
    }

    /// How far walks are looked for: a walk that is not found is longer than every limit.
    fn bound(&self) -> u32 {
        let longest = u64::from(self.radius.get()) * u64::from(self.detour_percent) / 100;
        u32::try_from(longest).unwrap_or(u32::MAX - 1).max(self.walk.get()).min(u32::MAX - 1)
    }

    fn is_detour(&self, walk: u32, straight: u32) -> bool {
        u64::from(walk) * 100 > u64::from(straight) * u64::from(self.detour_percent)
    }
}

/// Whom to ask about, and what stands between them.
#[derive(Clone, Copy, Debug)]
pub struct SeveranceTask<'a> {
    /// The streets, by length.
    pub graph: WalkGraph<'a>,
    /// The private streets beside them.
    pub precincts: &'a Precincts,
    /// Where places are.
    pub positions: &'a [Option<LonLat>],
    /// How they come to the streets, in the same order.
    pub approaches: &'a Approaches,
    /// Who lives there, in the same order.
    pub people: &'a [People],
    /// The barriers that legs go around, with the raised ones.
    pub barriers: &'a [Barrier],
}

/// One place and those around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlaceSeverance {
    /// People from near to the radius, as the crow flies.
    pub around: People,
    /// Those of them to whom a walk was found.
    pub reached: People,
    /// People severed from here.
    pub severed: People,
    /// Those of them who cannot be reached within the walk.
    pub lost: People,
    /// By which barriers, ascending.
    pub by: Vec<SeveredBy>,
    /// Σ Pⱼ w and Σ Pⱼ d over those reached, in millimetres times millionths of a person.
    walked: u128,
    straight: u128,
}

impl PlaceSeverance {
    /// Walked over straight length to those who are reached; `None` where nobody is.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a ratio, formed once")]
    pub fn detour_index(&self) -> Option<f64> {
        (self.straight > 0).then(|| self.walked as f64 / self.straight as f64)
    }
}

/// What one barrier severs from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeveredBy {
    /// The barrier, a row of [`Severance::divides`].
    pub divide: u32,
    /// People severed by it.
    pub severed: People,
    /// Those of them who cannot be reached within the walk.
    pub lost: People,
    /// The walk to its nearest crossing; `None` where none is found within the bound of the search.
    pub to_crossing: Option<Millimetres>,
}

/// The answers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Severance {
    /// Every place, in its order.
    pub places: Vec<PlaceSeverance>,
    /// Every barrier, by kind, name and id.
    pub divides: Vec<Divide>,
}

/// Who is severed from whom by which barrier, and how far people walk around.
///
/// A walk goes as [`trips_within`](crate::trips_within) has it: by any link of a place, and along private streets where
/// both ends lie on them. A straight line meets a barrier as the leg of a link does: more than 0.3 m from its ends, and
/// water not from within water. Takes a bounded search for every place, and for every pair within the radius
/// O(1), for severed ones O(b) with the b pieces of barriers in their direction.
///
/// Detour and severance as in Handy, Boarnet, Ewing & Killingsworth (2002), route directness; Levinson & El-Geneidy
/// (2009), circuity; Anciaes, Jones & Mindell (2016), community severance.
///
/// # Errors
/// [`Error::LengthMismatch`] when the columns differ in length, [`Error::WrongUnit`] for a graph of times,
/// [`Error::OtherLink`] for approaches to another network, [`Error::Cancelled`] when `progress` asks to stop.
///
/// ```
/// # use lifecircle_network::{Barriers, BuildOptions, LinkOptions, Linker, NetworkBuilder, Precincts, SeveranceOptions, SeveranceTask, WalkCosts, WalkGraph, WalkProfile, severance};
/// # use lifecircle_testkit::grid_town::GridTown;
/// # use lifecircle_types::{Barrier, BarrierKind, NoProgress, People, StreetRecords};
/// // two streets 100 m apart with a river between them, joined by a third after three blocks
/// let town = GridTown::new(3, 1, 100_000);
/// # let records = town.records();
/// # let keep = [town.east_west(0), town.east_west(1), town.north_south(3)];
/// # let ways = records.ways().iter().filter(|way| keep.contains(&way.id)).cloned().collect();
/// # let records = StreetRecords::new(records.nodes().to_vec(), ways);
/// # let network = NetworkBuilder::new(BuildOptions::default()).build(&records)?.value;
/// # let walker = WalkProfile::standard();
/// # let costs = WalkCosts::lengths(&network, &walker);
/// # let graph = WalkGraph::new(&network, &costs)?;
/// let line = vec![town.position_at(-50_000, 50_000), town.position_at(350_000, 50_000)];
/// let river = Barrier { id: "way/1".into(), kind: BarrierKind::Water, name: None, raised: false, line, gates: vec![] };
/// let homes = [Some(town.position(0, 0)), Some(town.position(0, 1))];
/// let task = SeveranceTask {
///     graph,
///     precincts: &Precincts::new(graph, &walker),
///     positions: &homes,
///     approaches: &Linker::new(graph, LinkOptions::default()).approach(&homes, &NoProgress)?,
///     people: &[People::whole(20), People::whole(30)],
///     barriers: &[river],
/// };
/// let found = severance(&task, &SeveranceOptions::default(), &NoProgress)?;
/// assert!((found.places[0].detour_index().unwrap() - 7.0).abs() < 1e-4); // 300 + 100 + 300 m for 100 m
/// assert_eq!(found.places[0].severed, People::whole(30));
/// assert_eq!(found.places[0].by[0].to_crossing.unwrap().get(), 350_000);
/// # Ok::<(), lifecircle_network::Error>(())
/// ```
pub fn severance(
    task: &SeveranceTask<'_>,
    options: &SeveranceOptions,
    progress: &dyn Progress,
) -> Result<Severance> {
    let SeveranceTask { graph, precincts, positions, approaches, people, barriers } = *task;
    for (what, found) in [("approaches", approaches.len()), ("people", people.len())] {
        if found != positions.len() {
            return Err(Error::LengthMismatch { what, expected: positions.len(), found });
        }
    }
    let unit = graph.unit();
    if unit != lifecircle_types::CostUnit::Length {
        return Err(Error::WrongUnit { expected: unit, found: lifecircle_types::CostUnit::Length });
    }
    let on_ground = Barriers::new(barriers);
    let (divides, divide_of) = divides(barriers, &on_ground, graph);
    let inside = if precincts.is_empty() { None } else { Some(precincts.graph(graph.network())?) };
    let mut places = Vec::with_capacity(positions.len());
    for (row, position) in positions.iter().enumerate() {
        let approach = &approaches.as_slice()[row];
        let private = approach.link.iter().filter(|_| approach.standing == Standing::Private);
        places.push(Place {
            open: Ends::new(graph, approaches.links(row))?,
            inside: inside.map_or(Ok(Ends::nowhere()), |inside| Ends::new(inside, private))?,
            in_water: position.is_some_and(|at| on_ground.is_in_water(at)),
            people: people[row],
        });
    }
    let crossings = |divide: &Divide| divide.crossings.iter().map(|link| Ends::new(graph, [link])).collect();
    let crossings = divides.iter().map(crossings).collect::<Result<_>>()?;
    let rows = (0_u32..).zip(positions).filter_map(|(row, at)| Some((row, (*at)?)));
    let known = rows.filter(|&(row, _)| people[row as usize] > People::ZERO);
    let index: Vec<_> = known.map(|(row, at)| GeomWithData::new(vector(at), row)).collect();
    let index = RTree::bulk_load(index);
    let all = Search {
        graph,
        inside,
        positions,
        places,
        crossings,
        index,
        divide_of,
        barriers: on_ground,
        options,
    };
    let rows: Vec<usize> = (0..positions.len()).collect();
    let ticks = Ticks::new("severance", rows.len(), progress)?;
    let places = map_rows(&rows, Scratch::default, |scratch, &row| {
        let place = all.place(row, scratch, &ticks)?;
        ticks.one()?;
        Ok::<_, Error>(place)
    })?;
    Ok(Severance { places, divides })
}

/// A place with its ways onto open and onto private streets.
struct Place {
    open: Ends,
    inside: Ends,
    in_water: bool,
    people: People,
}

/// Where a point stands on streets, and the nodes by which it is reached, each with the cost from there.
struct Ends {
    spots: Vec<Spot>,
    arrivals: Vec<(NodeIx, u32)>,
}

impl Ends {
    fn new<'a>(graph: WalkGraph<'_>, links: impl IntoIterator<Item = &'a Link>) -> Result<Self> {
        let spots = links.into_iter().map(|link| Spot::new(graph, link)).collect::<Result<Vec<Spot>>>()?;
        let arrivals = spots.iter().flat_map(Spot::arrivals).collect();
        Ok(Self { spots, arrivals })
    }

    const fn nowhere() -> Self {
        Self { spots: vec![], arrivals: vec![] }
    }
}

struct Search<'a> {
    graph: WalkGraph<'a>,
    inside: Option<WalkGraph<'a>>,
    positions: &'a [Option<LonLat>],
    places: Vec<Place>,
    /// The crossings of every barrier.
    crossings: Vec<Vec<Ends>>,
    /// Places with people.
    index: RTree<GeomWithData<Vector, u32>>,
    divide_of: Vec<Option<u32>>,
    barriers: Barriers,
    options: &'a SeveranceOptions,
}

#[derive(Default)]
struct Scratch {
    open: SearchSpace,
    inside: SearchSpace,
    seeds: Vec<(NodeIx, u32)>,
    sight: Option<Sight>,
    /// Barriers of one pair.
    of_pair: Vec<u32>,
    /// Barrier, people severed, people lost.
    by: Vec<(u32, People, People)>,
}

impl Search<'_> {
    fn place(&self, row: usize, scratch: &mut Scratch, ticks: &Ticks<'_>) -> Result<PlaceSeverance> {
        let mut found = PlaceSeverance::default();
        let Some(at) = self.positions[row] else { return Ok(found) };
        let (place, bound) = (&self.places[row], self.options.bound());
        let Scratch { open, inside, seeds, sight, of_pair, by } = scratch;
        let open = reach(self.graph, &place.open.spots, bound, open, seeds, ticks)?;
        let inside = match self.inside {
            Some(graph) if !place.inside.spots.is_empty() => {
                Some(reach(graph, &place.inside.spots, bound, inside, seeds, ticks)?)
            }
            _ => None,
        };
        let radius = self.options.radius;
        let sight = sight.get_or_insert_with(|| Sight::new(at));
        let mut looked = false;
        by.clear();
        // chords are shorter than arcs, and so is a rounded length by half a millimetre
        let farthest = (f64::from(radius.get()) + 1.0) / 1000.0 / lifecircle_types::EARTH_RADIUS_M;
        let eye = vector(at);
        for other in self.index.locate_within_distance(eye, farthest * farthest) {
            let target = &self.places[other.data as usize];
            let Some(to) = self.positions[other.data as usize] else { continue };
            let straight = straight(eye, *other.geom());
            if straight < self.options.near || straight > radius || other.data as usize == row {
                continue;
            }
            found.around += target.people;
            let by_open = walk(&open, &place.open, &target.open);
            let by_inside = inside.as_ref().and_then(|inside| walk(inside, &place.inside, &target.inside));
            let walked = by_open.into_iter().chain(by_inside).min().filter(|&walk| walk <= bound);
            if let Some(walk) = walked {
                found.reached += target.people;
                let people = u128::from(target.people.as_millionths());
                found.walked += people * u128::from(walk);
                found.straight += people * u128::from(straight.get());
                if !self.options.is_detour(walk, straight.get()) {
                    continue;
                }
            }
            // who has no street is cut off by that, not by a barrier
            if place.open.spots.is_empty() || target.open.spots.is_empty() {
                continue;
            }
            if !core::mem::replace(&mut looked, true) {
                sight.look(at, place.in_water, f64::from(radius.get()) / 1000.0 + 1.0, &self.barriers);
            }
            of_pair.clear();
            let crossed = sight.between(to, target.in_water).iter();
            of_pair.extend(crossed.filter_map(|&barrier| self.divide_of[barrier as usize]));
            of_pair.sort_unstable();
            of_pair.dedup();
            if of_pair.is_empty() {
                continue;
            }
            let is_lost = walked.is_none_or(|walk| walk > self.options.walk.get());
            let lost = if is_lost { target.people } else { People::ZERO };
            found.severed += target.people;
            found.lost += lost;
            by.extend(of_pair.iter().map(|&divide| (divide, target.people, lost)));
        }
        by.sort_unstable_by_key(|entry| entry.0);
        for of_one in by.chunk_by(|a, b| a.0 == b.0) {
            let divide = of_one[0].0;
            let crossings = self.crossings[divide as usize].iter();
            let nearest = crossings.filter_map(|crossing| walk(&open, &place.open, crossing));
            found.by.push(SeveredBy {
                divide,
                severed: of_one.iter().map(|entry| entry.1).sum(),
                lost: of_one.iter().map(|entry| entry.2).sum(),
                to_crossing: nearest.min().filter(|&walk| walk <= bound).map(Millimetres::new),
            });
        }
        Ok(found)
    }
}

/// What is reached from any of `from`.
fn reach<'s, 'g>(
    graph: WalkGraph<'g>,
    from: &[Spot],
    bound: u32,
    space: &'s mut SearchSpace,
    seeds: &mut Vec<(NodeIx, u32)>,
    ticks: &Ticks<'_>,
) -> Result<Reached<'s, WalkGraph<'g>>> {
    seeds.clear();
    seeds.extend(from.iter().flat_map(Spot::departures));
    space.reach_unless(graph, seeds, bound, |arc| *arc.weight(), |settled| Ok(ticks.ask(settled)?))
}

/// The least walk from `from`, of which `reached` tells, to `to`.
fn walk(reached: &Reached<'_, WalkGraph<'_>>, from: &Ends, to: &Ends) -> Option<u32> {
    let around = to.arrivals.iter().filter_map(|&(node, rest)| reached.cost(node)?.checked_add(rest));
    let direct = from.spots.iter().flat_map(|from| to.spots.iter().filter_map(|to| from.direct(to)));
    around.chain(direct).min()
}

/// The length between two positions to the millimetre, by their chord: over a kilometre it is a micrometre too short.
fn straight(from: Vector, to: Vector) -> Millimetres {
    let chord = chord_mm(crate::sphere::chord_2(from, to));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
    let length = libm::round(chord) as u32;
    Millimetres::new(length)
}
