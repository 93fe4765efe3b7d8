//! Home visits: workers of depot `j` drive or walk to people at place `i` and back.
//!
//! A place needs `dᵢ` visits a week, a depot has `Hⱼ` of working time a week, a visit takes `uᵢⱼ` of it: the care itself
//! and the travel. `xᵢⱼ` visits are made.
//!
//! ```text
//! max Σ xᵢⱼ     Σⱼ xᵢⱼ ≤ dᵢ     Σᵢ uᵢⱼ xᵢⱼ ≤ Hⱼ     xᵢⱼ = 0 where cᵢⱼ > T     xᵢⱼ whole
//! ```
//!
//! Where `u` is the same for all, this is a maximum flow, and the answer exact. Where `u` depends on who visits whom it
//! is a generalised assignment, which nobody solves fast: the answer is then a plan that can be carried out, and a
//! bound that no plan exceeds. The bound is the least of
//!
//! 1. the visits needed in reach;
//! 2. over depots, the visits that each could make if it had all places to itself, the shortest first;
//! 3. the shortest visits that fill the time which a maximum flow of time brings to places, every visit taken to last
//!    `minⱼ uᵢⱼ`.
//!
//! One depot alone visits the shortest first, and reaches the second bound: that too is exact.

use core::cmp::Reverse;

use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime, UnitIx};

use crate::gravity::rows;
use crate::pairs::{check_length, check_reach, facilities_where, places_where};
use crate::{CapacityTask, Error, Result, UnknownCapacity, allocate, most_served};

const MILLIS_A_MINUTE: u64 = 60_000;

/// How long workers travel for a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitTravel {
    /// From the depot to the home and back, by the matrix; the way back is taken to be as long as the way there.
    ThereAndBack,
    /// The same for every visit, such as from one home to the next on a round. Bases still serve only homes in reach.
    Each(TravelTime),
}

/// Who needs how many visits, and who makes them.
#[derive(Clone, Copy, Debug)]
pub struct HomeVisitTask<'a> {
    /// Times between homes and depots.
    pub matrix: &'a TravelMatrix,
    /// The farthest that a worker goes from the depot, inclusive.
    pub within: TravelTime,
    /// Visits a week that every place needs; `None` where that is not known.
    pub needed: &'a [Option<u64>],
    /// Working minutes a week of every depot; `None` where that is not known.
    pub minutes: &'a [Option<u64>],
    /// What that counts as.
    pub unknown: UnknownCapacity,
    /// Time that a visit takes at the home.
    pub care: TravelTime,
    /// Time that it takes on the way.
    pub travel: VisitTravel,
}

/// How many visits can be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HomeVisits {
    /// The time from the nearest depot to every place, whatever its working time; `None` beyond the limit.
    pub response: Vec<Option<TravelTime>>,
    /// Visits that are needed, as far as it is known.
    pub needed: u64,
    /// Those at places within the limit of a depot.
    pub reached: u64,
    /// Visits of the plan.
    pub made: u64,
    /// No plan makes more than these.
    pub bound: u64,
    /// The least working time that all visits in reach take, in milliseconds: each from the depot with the shortest way.
    pub work_needed: u128,
    /// The working time of the plan, in milliseconds.
    pub work: u128,
    /// Visits of the plan: to whom, from which depot, how many; ascending.
    pub plan: Vec<(DemandIx, FacilityIx, u64)>,
    /// Places whose need is not known; they are in no other number.
    pub unknown_need: Vec<DemandIx>,
    /// Bases whose working time is not known.
    pub assumed: Vec<FacilityIx>,
}

impl HomeVisits {
    /// Whether no plan makes more visits than this one, for certain.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.made == self.bound
    }

    /// Visits that are needed and not made, though a depot is in reach: workers are short.
    #[must_use]
    pub const fn unmade(&self) -> u64 {
        self.reached.saturating_sub(self.made)
    }
}

/// One way to make a visit.
#[derive(Clone, Copy)]
struct Way {
    /// Milliseconds of working time.
    work: u64,
    place: usize,
    depot: usize,
}

/// How many home visits a week can be made (policies 225 and 442), how much work they are, and how soon somebody is
/// there.
///
/// [`VisitTravel::Each`] and a single depot are answered exactly; otherwise [`HomeVisits::bound`] tells how far the plan
/// is from the best at most. Of the plans tried, by flow and the shortest visits first, the one with more visits is taken, then with less work. O(m log m) for `m`
/// pairs, beside two runs of [`allocate`](crate::allocate).
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::MatrixTooShort`] and [`Error::OtherUnit`] as for every measure;
/// [`Error::UnknownCapacity`] unless the task says what it counts as; [`Error::TooLarge`] where milliseconds of work
/// leave 62 bits; [`Error::BadParameter`] when a visit takes no time at all.
///
/// ```
/// # use lifecircle_access::{HomeVisitTask, UnknownCapacity, VisitTravel, home_visits};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime, UnitIx};
/// let min = TravelTime::from_minutes;
/// let times = [(0, 5), (1, 15)].map(|(i, t)| (DemandIx(i), FacilityIx(0), min(t)));
/// let found = home_visits(&HomeVisitTask {
///     matrix: &TravelMatrix::new(2, 1, min(30), times)?,
///     within: min(20),
///     needed: &[Some(3), Some(4)],
///     minutes: &[Some(300)],
///     unknown: UnknownCapacity::Refuse,
///     care: min(30),
///     travel: VisitTravel::ThereAndBack,
/// })?;
/// // a visit takes 40 minutes at the first place and 60 at the second: 3 · 40 + 3 · 60 = 300
/// assert_eq!((found.made, found.bound, found.unmade()), (6, 6, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn home_visits(task: &HomeVisitTask<'_>) -> Result<HomeVisits> {
    let matrix = task.matrix;
    check_reach(matrix, task.within.into())?;
    check_length("needed visits", task.needed.len(), matrix.rows())?;
    check_length("working time", task.minutes.len(), matrix.columns())?;
    let week = task.weeks()?;
    let ways = task.ways()?;
    let needed: Vec<u64> = task.needed.iter().map(|needed| needed.unwrap_or(0)).collect();
    if needed.iter().try_fold(0_u64, |sum, &needed| sum.checked_add(needed)).is_none() {
        return Err(Error::TooLarge { what: "needed visits" });
    }
    let mut shortest: Vec<Option<u64>> = vec![None; matrix.rows()];
    for way in &ways {
        shortest[way.place].get_or_insert(way.work);
    }
    let work_needed = needed.iter().zip(&shortest);
    let mut found = HomeVisits {
        response: rows(matrix).map(|row| task.response(row)).collect(),
        needed: needed.iter().sum(),
        reached: needed.iter().zip(&shortest).filter(|(_, work)| work.is_some()).map(|(need, _)| need).sum(),
        work_needed: work_needed
            .filter_map(|(&need, work)| Some(u128::from(need) * u128::from((*work)?)))
            .sum(),
        unknown_need: places_where(matrix.rows(), |place| task.needed[place].is_none()),
        assumed: facilities_where(matrix.columns(), |depot| task.minutes[depot].is_none()),
        ..HomeVisits::default()
    };
    let alone = alone(&ways, &needed, &week);
    let by_flow = task.by_time(&needed, &week, &shortest)?;
    found.bound = found.reached.min(alone).min(by_flow);

    let nearest_first = filled(&ways, &needed, &week, vec![]);
    let spread = filled(&ways, &needed, &week, task.spread(&ways, &needed, &week)?);
    let score = |plan: &[(Way, u64)]| {
        let work: u128 = plan.iter().map(|(way, visits)| u128::from(way.work) * u128::from(*visits)).sum();
        (plan.iter().map(|(_, visits)| *visits).sum::<u64>(), Reverse(work))
    };
    let best = if score(&spread) >= score(&nearest_first) { spread } else { nearest_first };
    let (made, Reverse(work)) = score(&best);
    (found.made, found.work) = (made, work);
    found.plan = best
        .iter()
        .map(|(way, visits)| (DemandIx::new(way.place), FacilityIx::new(way.depot), *visits))
        .collect();
    found.plan.sort_unstable();
    Ok(found)
}

impl HomeVisitTask<'_> {
    /// Working time of every depot in milliseconds; `None` without limit.
    fn weeks(&self) -> Result<Vec<Option<u64>>> {
        let week = |(depot, minutes): (usize, &Option<u64>)| match (minutes, self.unknown) {
            (Some(minutes), _) => {
                let millis = minutes.checked_mul(MILLIS_A_MINUTE).filter(|&millis| millis < 1 << 62);
                millis.map(Some).ok_or(Error::TooLarge { what: "minutes of working time" })
            }
            (None, UnknownCapacity::Refuse) => Err(Error::UnknownCapacity { facility: depot }),
            (None, UnknownCapacity::Nobody) => Ok(Some(0)),
            (None, UnknownCapacity::Everybody) => Ok(None),
        };
        self.minutes.iter().enumerate().map(week).collect()
    }

    /// All ways to make a visit, the shortest first, by place and depot where they are as long.
    fn ways(&self) -> Result<Vec<Way>> {
        let mut ways = Vec::new();
        for (place, depot, cost) in self.matrix.entries() {
            if cost.raw() > self.within.as_millis() {
                continue;
            }
            let travel = match self.travel {
                VisitTravel::ThereAndBack => 2 * u64::from(cost.raw()),
                VisitTravel::Each(time) => u64::from(time.as_millis()),
            };
            let work = u64::from(self.care.as_millis()) + travel;
            if work == 0 {
                let expected = "some time, for care or for travel";
                return Err(Error::BadParameter { what: "the time of a visit", value: 0.0, expected });
            }
            ways.push(Way { work, place: place.index(), depot: depot.index() });
        }
        ways.sort_unstable_by_key(|way| (way.work, way.place, way.depot));
        Ok(ways)
    }

    fn response(&self, row: DemandIx) -> Option<TravelTime> {
        let nearest = self.matrix.row(row).map(|(_, cost)| cost.raw()).min()?;
        (nearest <= self.within.as_millis()).then_some(TravelTime::from_millis(nearest))
    }

    fn flow<'a>(
        &'a self,
        people: &'a [u64],
        homes: &'a [Option<UnitIx>],
        capacity: &'a [Option<u64>],
    ) -> CapacityTask<'a> {
        // what has no limit here takes everybody
        let (within, unknown) = (self.within.into(), UnknownCapacity::Everybody);
        CapacityTask { matrix: self.matrix, within, people, homes, capacity, unknown }
    }

    /// The third bound.
    fn by_time(&self, needed: &[u64], week: &[Option<u64>], shortest: &[Option<u64>]) -> Result<u64> {
        let too_large = || Error::TooLarge { what: "milliseconds of needed work" };
        let work = |(&needed, work): (&u64, &Option<u64>)| {
            needed.checked_mul(work.unwrap_or(0)).filter(|&work| work < 1 << 62).ok_or_else(too_large)
        };
        let work: Vec<u64> = needed.iter().zip(shortest).map(work).collect::<Result<_>>()?;
        // time that is no whole visit at any place is lost where all visits are alike
        let alike = match self.travel {
            VisitTravel::Each(_) => shortest.iter().flatten().next().copied().unwrap_or(1),
            VisitTravel::ThereAndBack => 1,
        };
        let week: Vec<Option<u64>> = week.iter().map(|week| week.map(|week| week / alike * alike)).collect();
        let homes = vec![None; needed.len()];
        let mut time = most_served(&self.flow(&work, &homes, &week))?.served;
        let mut visits: Vec<(u64, u64)> =
            shortest.iter().zip(needed).filter_map(|(work, &needed)| Some(((*work)?, needed))).collect();
        visits.sort_unstable();
        let mut most = 0;
        for (work, needed) in visits {
            let here = needed.min(time / work);
            most += here;
            time -= here * work;
        }
        Ok(most)
    }

    /// A plan by maximum flow, for which every visit of a depot is taken to last as long as its longest.
    fn spread(&self, ways: &[Way], needed: &[u64], week: &[Option<u64>]) -> Result<Vec<(Way, u64)>> {
        let mut longest = vec![1; week.len()];
        for way in ways {
            longest[way.depot] = way.work;
        }
        let rooms: Vec<Option<u64>> =
            week.iter().zip(&longest).map(|(week, longest)| week.map(|week| week / longest)).collect();
        let homes = vec![None; needed.len()];
        let found = allocate(&self.flow(needed, &homes, &rooms))?;
        let visits = |way: &Way| {
            let pair = (DemandIx::new(way.place), FacilityIx::new(way.depot));
            let at = found.flows.binary_search_by_key(&pair, |flow| (flow.0, flow.1)).ok()?;
            Some((*way, found.flows[at].2))
        };
        Ok(ways.iter().filter_map(visits).collect())
    }
}

/// The second bound.
fn alone(ways: &[Way], needed: &[u64], week: &[Option<u64>]) -> u64 {
    let mut rest = week.to_vec();
    let made = ways.iter().map(|way| make(way, needed[way.place], &mut rest));
    made.fold(0, u64::saturating_add)
}

/// `plan`, filled up with what time is left, the shortest visits first.
fn filled(ways: &[Way], needed: &[u64], week: &[Option<u64>], plan: Vec<(Way, u64)>) -> Vec<(Way, u64)> {
    let (mut open, mut rest) = (needed.to_vec(), week.to_vec());
    let mut visits = vec![0; ways.len()];
    let key = |way: &Way| (way.work, way.place, way.depot);
    for (way, planned) in plan {
        open[way.place] -= planned;
        if let Some(rest) = &mut rest[way.depot] {
            *rest -= planned * way.work;
        }
        if let Ok(at) = ways.binary_search_by_key(&key(&way), key) {
            visits[at] = planned;
        }
    }
    for (way, visits) in ways.iter().zip(&mut visits) {
        let more = make(way, open[way.place], &mut rest);
        open[way.place] -= more;
        *visits += more;
    }
    ways.iter().copied().zip(visits).filter(|(_, visits)| *visits > 0).collect()
}

/// As many visits of `wanted` as the depot has time for.
fn make(way: &Way, wanted: u64, rest: &mut [Option<u64>]) -> u64 {
    let Some(rest) = &mut rest[way.depot] else {
        return wanted;
    };
    let made = wanted.min(*rest / way.work);
    *rest -= made * way.work;
    made
}
