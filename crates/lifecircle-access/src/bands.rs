//! How far a coverage could be off: other paces, other doors, other people.
//!
//! A draw takes one pace for everybody, moves the ends of every walk, and counts the people anew. Place `i` is covered
//! where some facility `j` has `cᵢⱼ + eᵢ + eⱼ ≤ Lᵢ f`: `Lᵢ` is the length that the rule allows there, `f` the factor of
//! the pace, and `eᵢ`, `eⱼ` are what the legs off the street are off. Every draw has a generator of its own (PCG-64), chosen
//! by the stated seed and its number and drawn from in order: the factor, places, facilities, people. So draws can be made
//! on any number of threads.

use lifecircle_types::{Cost, Millimetres, People, TravelMatrix, UnitIx};

use crate::equity::{Draws, check_draws, rank};
use crate::gravity::rows;
use crate::pairs::{check_length, check_reach};
use crate::{Chance, Coverage, Error, Result};

/// Where the people of a draw come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DrawnPeople {
    /// They are as they are counted.
    #[default]
    Counted,
    /// As many as there are in all are drawn anew, each to live at a place in proportion to its people (a multinomial
    /// draw). Time grows with the people.
    Redrawn,
}

/// What is measured, and what is not known about it.
#[derive(Clone, Copy, Debug)]
pub struct BandTask<'a> {
    /// Lengths from places to facilities, complete up to the length allowed at the quickest pace and twice what ends are
    /// off.
    pub matrix: &'a TravelMatrix,
    /// The length that the rule allows from every place, inclusive.
    pub limits: &'a [Millimetres],
    /// Whole people per place, as [`whole_persons`](crate::whole_persons) makes them.
    pub people: &'a [u64],
    /// The unit of every place; `None` where it lies in none.
    pub homes: &'a [Option<UnitIx>],
    /// The share of people from which on the verdict is that the rule is kept.
    pub target: f64,
    /// The slowest and the quickest pace as factors of the rule's; every pace between is as likely.
    pub pace: (f64, f64),
    /// How much either end of a walk may be off, more or less; every millimetre is as likely.
    pub ends: Millimetres,
    /// Where the people come from.
    pub drawn: DrawnPeople,
}

/// A coverage with the range of the draws.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Band {
    /// The coverage as it is measured.
    pub estimate: Coverage,
    /// The ends of the middle part of the draws and their median, as shares; `None` where there is nobody.
    pub shares: Option<[f64; 3]>,
    /// Draws in which the verdict is another than that of the estimate.
    pub flips: usize,
    /// Draws in which there was anybody.
    pub draws: usize,
}

impl Band {
    /// The share of draws in which the verdict is another; `None` where there is nobody.
    #[must_use]
    pub fn flip_share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "draws are far fewer than 2^53")]
        let share = self.flips as f64 / self.draws as f64;
        (self.draws > 0).then_some(share)
    }
}

/// The bands of all people and of every unit.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CoverageBands {
    /// Everybody.
    pub all: Band,
    /// Units with places, ascending; places in none come first.
    pub units: Vec<(Option<UnitIx>, Band)>,
}

/// How far coverages of a rule could be off, for all and by unit, and how often each verdict would be another.
///
/// The range holds the middle `level` of the draws, from rank `⌈(1 − level)/2 · m⌉` to `⌈(1 + level)/2 · m⌉` of `m`; its
/// middle is the one at rank `⌈m/2⌉`. O(draws times pairs), and people where they are redrawn. The ranges say what these
/// three unknowns do, and nothing of what else may be wrong.
///
/// # Errors
/// [`Error::LengthMismatch`] when a column does not fit the matrix; [`Error::MatrixTooShort`] where it ends before the
/// longest walk of any draw; [`Error::OtherUnit`] for a matrix of times; [`Error::BadParameter`] for a level, target or
/// paces outside their ranges, or no draws.
///
/// ```
/// # use lifecircle_access::{BandTask, Chance, DrawnPeople, coverage_bands};
/// # use lifecircle_types::{DemandIx, FacilityIx, Millimetres, TravelMatrix, UnitIx};
/// let m = Millimetres::from_metres;
/// let walks = [(0, 500), (1, 950)].map(|(i, d)| (DemandIx(i), FacilityIx(0), m(d)));
/// let found = coverage_bands(
///     &BandTask {
///         matrix: &TravelMatrix::new(2, 1, m(1500), walks)?,
///         limits: &[m(1000); 2],
///         people: &[60, 40],
///         homes: &[Some(UnitIx(0)), Some(UnitIx(1))],
///         target: 0.8,
///         pace: (0.8, 1.2),
///         ends: m(0),
///         drawn: DrawnPeople::Counted,
///     },
///     0.9,
///     Chance::default(),
/// )?;
/// // the second place is reached by those who walk at 0.95 of the pace or more: in five of eight draws
/// assert_eq!(found.all.shares, Some([0.6, 1.0, 1.0]));
/// assert_eq!(found.units[0].1.flips, 0);
/// assert!((found.units[1].1.flip_share().unwrap() - 0.375).abs() < 0.06);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage_bands(task: &BandTask<'_>, level: f64, chance: Chance) -> Result<CoverageBands> {
    task.check(level, chance)?;
    let mut units: Vec<Option<UnitIx>> = task.homes.to_vec();
    units.sort_unstable();
    units.dedup();
    let unit_of: Vec<usize> = task.homes.iter().map(|home| units.binary_search(home).unwrap_or(0)).collect();
    // the last row is everybody
    let everybody = units.len();
    let count = |people: &[u64], covered: &[bool]| {
        let mut counted = vec![(0_u64, 0_u64); everybody + 1];
        for ((&people, &covered), &unit) in people.iter().zip(covered).zip(&unit_of) {
            for row in [unit, everybody] {
                counted[row].1 += people;
                counted[row].0 += if covered { people } else { 0 };
            }
        }
        counted
    };
    let still = Draw::still(task);
    let estimate = count(task.people, &still.covered);
    let verdict = |(covered, all): (u64, u64)| (all > 0).then(|| share(covered, all) >= task.target);
    let counted = |draw: &mut Draw, number: usize| {
        draw.make(task, chance.seed, number);
        let people = match task.drawn {
            DrawnPeople::Counted => task.people,
            DrawnPeople::Redrawn => &draw.redrawn.people,
        };
        count(people, &draw.covered)
    };
    let mut found: Vec<Vec<f64>> = vec![Vec::with_capacity(chance.draws); everybody + 1];
    let mut flips = vec![0; everybody + 1];
    for draw in in_order(chance.draws, &still, counted) {
        for (row, counted) in draw.into_iter().enumerate() {
            if counted.1 > 0 {
                found[row].push(share(counted.0, counted.1));
                flips[row] += usize::from(verdict(counted) != verdict(estimate[row]));
            }
        }
    }
    let mut bands = found.into_iter().zip(flips).zip(estimate).map(|((mut shares, flips), estimate)| {
        shares.sort_by(f64::total_cmp);
        let at = |part: f64| shares[rank(part * count_of(shares.len())).min(shares.len()) - 1];
        let (low, high) = ((1.0 - level) / 2.0, (1.0 + level) / 2.0);
        let whole = People::whole;
        Band {
            estimate: Coverage { covered: whole(estimate.0), all: whole(estimate.1) },
            shares: (!shares.is_empty()).then(|| [at(low), at(0.5), at(high)]),
            flips,
            draws: shares.len(),
        }
    });
    let units = units.into_iter().zip(bands.by_ref()).collect();
    Ok(CoverageBands { units, all: bands.next().unwrap_or_default() })
}

impl BandTask<'_> {
    fn check(&self, level: f64, chance: Chance) -> Result<()> {
        check_draws(chance)?;
        check_length("people", self.people.len(), self.matrix.rows())?;
        check_length("homes", self.homes.len(), self.matrix.rows())?;
        check_length("limits", self.limits.len(), self.matrix.rows())?;
        let bad = |what, value, expected| Err(Error::BadParameter { what, value, expected });
        if !(level > 0.0 && level < 1.0) {
            return bad("the level", level, "a number between 0 and 1");
        }
        if !(0.0..=1.0).contains(&self.target) {
            return bad("the target", self.target, "a share from 0 to 1");
        }
        let (slow, quick) = self.pace;
        if !(slow > 0.0 && slow <= quick && quick <= 10.0) {
            return bad(
                "the slowest pace",
                slow,
                "a factor above 0 that is at most the quickest, itself at most 10",
            );
        }
        let limit = self.limits.iter().copied().max().unwrap_or_default();
        let longest = allowed(limit, quick).max(i64::from(limit.get())) + 2 * i64::from(self.ends.get());
        let longest = u32::try_from(longest).map_err(|_| Error::TooLarge { what: "the longest walks" })?;
        check_reach(self.matrix, Cost::Length(Millimetres::new(longest)))
    }
}

/// The length that a pace allows.
fn allowed(limit: Millimetres, factor: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "at most ten times 32 bits")]
    let allowed = libm::floor(f64::from(limit.get()) * factor) as i64;
    allowed
}

/// One draw, and the room it is made in.
#[derive(Clone)]
struct Draw {
    moved_i: Vec<i64>,
    moved_j: Vec<i64>,
    /// The places that are covered.
    covered: Vec<bool>,
    redrawn: Redrawn,
}

impl Draw {
    /// What is measured: nothing is off.
    fn still(task: &BandTask<'_>) -> Self {
        let mut draw = Self {
            moved_i: vec![0; task.people.len()],
            moved_j: vec![0; task.matrix.columns()],
            covered: vec![false; task.people.len()],
            redrawn: Redrawn::new(task.people),
        };
        draw.cover(task, 1.0);
        draw
    }

    /// Makes the draw of this number.
    fn make(&mut self, task: &BandTask<'_>, seed: u64, number: usize) {
        let mut draws = Draws::numbered(seed, number);
        let factor = task.pace.0 + (task.pace.1 - task.pace.0) * draws.unit();
        for moved in self.moved_i.iter_mut().chain(&mut self.moved_j) {
            *moved = draws.between(task.ends.get());
        }
        self.cover(task, factor);
        if task.drawn == DrawnPeople::Redrawn {
            self.redrawn.draw(&mut draws);
        }
    }

    fn cover(&mut self, task: &BandTask<'_>, factor: f64) {
        for (row, covered) in rows(task.matrix).zip(&mut self.covered) {
            let most = allowed(task.limits[row.index()], factor) - self.moved_i[row.index()];
            *covered = task
                .matrix
                .row(row)
                .any(|(facility, cost)| i64::from(cost.raw()) + self.moved_j[facility.index()] <= most);
        }
    }
}

/// What `made` finds in every draw, in their order; `still` is a draw to begin with.
#[cfg(feature = "parallel")]
fn in_order<T: Send>(
    draws: usize,
    still: &Draw,
    made: impl Fn(&mut Draw, usize) -> T + Send + Sync,
) -> Vec<T> {
    use rayon::prelude::{IntoParallelIterator, ParallelIterator};
    (0..draws).into_par_iter().map_init(|| still.clone(), made).collect()
}

/// What `made` finds in every draw, in their order; `still` is a draw to begin with.
#[cfg(not(feature = "parallel"))]
fn in_order<T>(draws: usize, still: &Draw, made: impl Fn(&mut Draw, usize) -> T) -> Vec<T> {
    let mut draw = still.clone();
    (0..draws).map(|number| made(&mut draw, number)).collect()
}

/// People who are drawn anew, as many as there are.
#[derive(Clone)]
struct Redrawn {
    /// Sums of people up to and with every place.
    up_to: Vec<u64>,
    people: Vec<u64>,
}

impl Redrawn {
    fn new(people: &[u64]) -> Self {
        let up_to = people.iter().scan(0, |sum, people| {
            *sum += people;
            Some(*sum)
        });
        Self { up_to: up_to.collect(), people: vec![0; people.len()] }
    }

    fn draw(&mut self, draws: &mut Draws) {
        self.people.fill(0);
        let all = self.up_to.last().copied().unwrap_or(0);
        for _ in 0..all {
            let person = draws.below(all);
            self.people[self.up_to.partition_point(|&up_to| up_to <= person)] += 1;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "people of a city are far fewer than 2^53")]
fn share(covered: u64, all: u64) -> f64 {
    covered as f64 / all as f64
}

#[expect(clippy::cast_precision_loss, reason = "draws are far fewer than 2^53")]
fn count_of(draws: usize) -> f64 {
    draws as f64
}
