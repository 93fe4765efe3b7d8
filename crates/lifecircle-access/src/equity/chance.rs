//! How far a number could be by chance. One generator (PCG-64) from the stated seed, drawn from in order, so
//! the same call has the same answer everywhere.

use lifecircle_types::reduce;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

use super::spatial::count;
use super::{Distribution, Measured, Undefined};
use crate::pairs::check_length;
use crate::{Error, Result};

/// Draws and where they start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// How often is drawn.
    pub draws: usize,
    /// The seed.
    pub seed: u64,
}

impl Default for Chance {
    /// 999 draws from seed 1.
    fn default() -> Self {
        Self { draws: 999, seed: 1 }
    }
}

/// Draws of one generator, in order.
pub(crate) struct Draws(Pcg64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        // the increment of the published generator
        Self(Pcg64::new(u128::from(seed), 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96))
    }

    /// The draws of a number of its own: nothing of what other numbers draw tells anything of them.
    pub(crate) fn numbered(seed: u64, number: usize) -> Self {
        // states far apart for numbers that are neighbours (SplitMix64)
        let mixed = |salt: u64| {
            let mut z =
                seed.wrapping_add(salt).wrapping_add((number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            u128::from(z ^ (z >> 31))
        };
        let state = mixed(0) << 64 | mixed(0xd1b5_4a32_d192_ed03);
        Self(Pcg64::new(state, 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96))
    }

    /// A row below `rows`.
    fn row(&mut self, rows: usize) -> usize {
        usize::try_from(self.below(rows as u64)).unwrap_or(0)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `-most` to `most`.
    pub(crate) fn between(&mut self, most: u32) -> i64 {
        self.below(2 * u64::from(most) + 1).cast_signed() - i64::from(most)
    }

    /// A number from 0 up to, and without, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits")]
        let bits = (self.0.next_u64() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }
}

/// What is drawn, with replacement, to see how a number could have come out.
#[derive(Clone, Copy, Debug)]
pub enum Resampled<'a> {
    /// Whole districts, by the label of every row: neighbours are alike, so single places would make a number
    /// look more certain than it is. This is the one to use where districts are known.
    Districts(&'a [usize]),
    /// Single places, as if they knew nothing of one another.
    Places,
}

/// A number with the range in which it would lie if the city had been put together otherwise.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bootstrap {
    /// The number itself.
    pub estimate: Measured,
    /// The ends of the middle part of the draws; undefined where every draw is.
    pub interval: Measured<(f64, f64)>,
    /// The part of draws between the ends, such as 0.95.
    pub level: f64,
    /// What was drawn: `districts` or `places`.
    pub resampled: &'static str,
    /// How many of them there are, and are drawn each time.
    pub units: usize,
    /// How often was drawn.
    pub draws: usize,
    /// Draws in which the number was undefined; they are in no interval.
    pub undefined: usize,
    /// The seed.
    pub seed: u64,
}

/// The percentile interval of `statistic` by the bootstrap (Efron 1979): as many units as there are are drawn with
/// replacement, people and all, and the number is computed anew. Time grows with the draws times the rows.
///
/// The ends are the draws at ranks `⌈(1 − level)/2 · m⌉` and `⌈(1 + level)/2 · m⌉` of the `m` defined ones. The
/// statistic sees rows in their places: people who were not drawn count 0 times.
///
/// # Errors
/// [`Error::LengthMismatch`] when there is not one district per row; [`Error::BadParameter`] for a level
/// that is not between 0 and 1 or for no draws; any error of `statistic` but [`Error::Undefined`], which
/// is counted.
///
/// ```
/// # use lifecircle_access::{Chance, Distribution, Resampled, bootstrap};
/// let spread = Distribution::new(&[1.0, 2.0, 3.0, 4.0], &[10.0; 4])?;
/// let districts = Resampled::Districts(&[0, 0, 1, 1]);
/// let found = bootstrap(&spread, districts, 0.95, Chance::default(), |spread| Ok(spread.mean()?))?;
/// // two districts with means 1.5 and 3.5: one of them twice, or both
/// assert_eq!((found.estimate, found.interval), (Ok(2.5), Ok((1.5, 3.5))));
/// assert_eq!((found.resampled, found.units), ("districts", 2));
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn bootstrap(
    spread: &Distribution,
    resampled: Resampled<'_>,
    level: f64,
    chance: Chance,
    statistic: impl Fn(&Distribution) -> Result<f64>,
) -> Result<Bootstrap> {
    if !(level > 0.0 && level < 1.0) {
        let (what, expected) = ("the level", "a number between 0 and 1");
        return Err(Error::BadParameter { what, value: level, expected });
    }
    check_draws(chance)?;
    let (name, units, unit_of) = match resampled {
        Resampled::Places => ("places", spread.rows(), (0..spread.rows()).collect()),
        Resampled::Districts(labels) => {
            check_length("districts", labels.len(), spread.rows())?;
            let mut districts = labels.to_vec();
            districts.sort_unstable();
            districts.dedup();
            let number = |label| districts.binary_search(label).unwrap_or(0);
            ("districts", districts.len(), labels.iter().map(number).collect::<Vec<_>>())
        }
    };
    let measured = |spread: &Distribution| match statistic(spread) {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Undefined(reason)) => Ok(Err(reason)),
        Err(error) => Err(error),
    };
    let estimate = measured(spread)?;
    let mut draws = Draws::new(chance.seed);
    let (mut found, mut reason) = (Vec::with_capacity(chance.draws), Undefined::Nobody);
    let mut times = vec![0.0; units];
    let mut row_times = vec![0.0; spread.rows()];
    for _ in 0..chance.draws {
        times.fill(0.0);
        for _ in 0..units {
            times[draws.row(units)] += 1.0;
        }
        for (row_times, &unit) in row_times.iter_mut().zip(&unit_of) {
            *row_times = times[unit];
        }
        match measured(&spread.repeated(&row_times))? {
            Ok(value) => found.push(value),
            Err(undefined) => reason = undefined,
        }
    }
    found.sort_by(f64::total_cmp);
    let end = |part: f64| found[rank(part * count(found.len())).min(found.len()) - 1];
    let interval =
        if found.is_empty() { Err(reason) } else { Ok((end((1.0 - level) / 2.0), end((1.0 + level) / 2.0))) };
    Ok(Bootstrap {
        estimate,
        interval,
        level,
        resampled: name,
        units,
        draws: chance.draws,
        undefined: chance.draws - found.len(),
        seed: chance.seed,
    })
}

/// The rank of a part, from 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and a number of draws"
)]
pub(crate) fn rank(part: f64) -> usize {
    // a level such as 0.95 is a hair off its decimal
    libm::ceil(part - 1e-9).max(1.0) as usize
}

pub(crate) fn check_draws(chance: Chance) -> Result<()> {
    if chance.draws > 0 {
        return Ok(());
    }
    Err(Error::BadParameter { what: "the number of draws", value: 0.0, expected: "at least one" })
}

/// How often chance alone does what was found.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PermutationTest {
    /// The statistic of the values where they stand.
    pub observed: f64,
    /// Its mean over the draws.
    pub expected: f64,
    /// Draws in which it is at least as large.
    pub at_least: usize,
    /// How often was drawn.
    pub draws: usize,
    /// `(at_least + 1) / (draws + 1)`: small where chance rarely does as much.
    pub p_value: f64,
}

/// Shuffles values over the places and computes `statistic` each time: how often it comes out at least as large
/// as it is, such as Moran's I or the part of the Gini index between people who are no neighbours.
///
/// # Errors
/// [`Error::BadParameter`] for no draws; whatever `statistic` returns as an error.
///
/// ```
/// # use lifecircle_access::{Chance, Neighbours, moran, permutation_test};
/// let street = Neighbours::new(9, (0..8).flat_map(|i| [(i, i + 1, 1.0), (i + 1, i, 1.0)]))?;
/// let rising: Vec<f64> = (0..9).map(f64::from).collect();
/// let found = permutation_test(&rising, Chance::default(), |values| Ok(moran(values, &street)?.index))?;
/// assert!(found.p_value < 0.01);
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn permutation_test(
    values: &[f64],
    chance: Chance,
    statistic: impl Fn(&[f64]) -> Result<f64>,
) -> Result<PermutationTest> {
    check_draws(chance)?;
    let observed = statistic(values)?;
    let (mut draws, mut shuffled) = (Draws::new(chance.seed), values.to_vec());
    let mut found = Vec::with_capacity(chance.draws);
    for _ in 0..chance.draws {
        for last in (1..shuffled.len()).rev() {
            shuffled.swap(last, draws.row(last + 1));
        }
        found.push(statistic(&shuffled)?);
    }
    // sums in another order are the same number
    let as_large = observed - 1e-12 * observed.abs();
    let at_least = found.iter().filter(|&&value| value >= as_large).count();
    Ok(PermutationTest {
        observed,
        expected: reduce::sum(found) / count(chance.draws),
        at_least,
        draws: chance.draws,
        p_value: count(at_least + 1) / count(chance.draws + 1),
    })
}
