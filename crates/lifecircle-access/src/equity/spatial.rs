//! Whether neighbours have alike.

use lifecircle_types::reduce;

use super::{Distribution, Undefined};
use crate::pairs::check_length;
use crate::{Error, Result};

/// Who is whose neighbour, and how much that weighs: `wᵢⱼ` from place `i` to place `j`.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    row_start: Vec<usize>,
    neighbour: Vec<usize>,
    weight: Vec<f64>,
}

impl Neighbours {
    /// Neighbours from entries `(i, j, w)` in any order; the other direction is an entry of its own.
    ///
    /// # Errors
    /// [`Error::BadPair`] for an entry outside, of a place with itself or that stands twice;
    /// [`Error::BadValue`] for a weight that is not above zero.
    pub fn new(places: usize, entries: impl IntoIterator<Item = (usize, usize, f64)>) -> Result<Self> {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|&(from, to, _)| (from, to));
        let mut neighbours = Self { row_start: vec![0; places + 1], neighbour: vec![], weight: vec![] };
        let mut last = None;
        for (row, (from, to, weight)) in entries.into_iter().enumerate() {
            if from >= places || to >= places || from == to || last == Some((from, to)) {
                return Err(Error::BadPair { from, to });
            }
            if !(weight.is_finite() && weight > 0.0) {
                return Err(Error::BadValue { what: "weights of neighbours", row, value: weight });
            }
            last = Some((from, to));
            neighbours.row_start[from + 1] += 1;
            neighbours.neighbour.push(to);
            neighbours.weight.push(weight);
        }
        for place in 0..places {
            neighbours.row_start[place + 1] += neighbours.row_start[place];
        }
        Ok(neighbours)
    }

    /// The same with the weights of every place scaled to add up to 1; a place without neighbours stays so.
    #[must_use]
    pub fn row_standardised(mut self) -> Self {
        for place in 0..self.places() {
            let row = self.row_start[place]..self.row_start[place + 1];
            let sum = reduce::sum(self.weight[row.clone()].iter().copied());
            for weight in &mut self.weight[row] {
                *weight /= sum;
            }
        }
        self
    }

    /// Places.
    #[must_use]
    pub fn places(&self) -> usize {
        self.row_start.len() - 1
    }

    /// The neighbours of a place with their weights.
    fn of(&self, place: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let row = self.row_start[place]..self.row_start[place + 1];
        row.map(|at| (self.neighbour[at], self.weight[at]))
    }

    fn weight_of(&self, from: usize, to: usize) -> f64 {
        let row = self.row_start[from]..self.row_start[from + 1];
        let at = self.neighbour[row.clone()].binary_search(&to);
        at.map_or(0.0, |at| self.weight[row.start + at])
    }

    /// `term(i, j, w)` summed over all entries.
    fn sum(&self, term: impl Fn(usize, usize, f64) -> f64) -> f64 {
        let term = &term;
        reduce::sum((0..self.places()).flat_map(|from| self.of(from).map(move |(to, w)| term(from, to, w))))
    }
}

/// Moran's I with its moments under random placing.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Moran {
    /// I: above `expected` where neighbours are alike, below where they differ.
    pub index: f64,
    /// What it is on average when values are placed at random: `−1/(n − 1)`.
    pub expected: f64,
    /// Its variance then; `None` below four places.
    pub variance: Option<f64>,
    /// How many standard deviations it lies above what is expected; `None` without variance.
    pub deviations: Option<f64>,
}

/// Moran's I: `n/Σw · Σᵢⱼ wᵢⱼ zᵢ zⱼ / Σᵢ zᵢ²` with `z` the values less their mean (Moran 1950), and its variance
/// under randomisation (Cliff & Ord 1981). Every place counts once, whoever lives there; values may be
/// negative. Linear in the entries, but for a search per entry.
///
/// # Errors
/// [`Error::LengthMismatch`] and [`Error::BadValue`] for the values; [`Error::Undefined`] where all are equal
/// ([`Undefined::AllEqual`]) or nobody has a neighbour ([`Undefined::NoNeighbours`]).
///
/// ```
/// # use lifecircle_access::{Neighbours, moran};
/// // a street of four: 1 1 0 0; pairs of z = ±½ are +, −, + of ¼: I = 4/6 · 2(¼ − ¼ + ¼) / 1
/// let street = Neighbours::new(4, (0..3).flat_map(|i| [(i, i + 1, 1.0), (i + 1, i, 1.0)]))?;
/// let found = moran(&[1.0, 1.0, 0.0, 0.0], &street)?;
/// assert!((found.index - 1.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), lifecircle_access::Error>(())
/// ```
pub fn moran(values: &[f64], neighbours: &Neighbours) -> Result<Moran> {
    check_length("values", values.len(), neighbours.places())?;
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::BadValue { what: "values", row, value: values[row] });
    }
    let n = count(values.len());
    let mean = reduce::sum(values.iter().copied()) / n;
    let z: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares = reduce::sum(z.iter().map(|z| z * z));
    let s0 = neighbours.sum(|_, _, weight| weight);
    if s0 <= 0.0 {
        return Err(Undefined::NoNeighbours.into());
    }
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if squares <= n * (1e-15 * largest) * (1e-15 * largest) {
        return Err(Undefined::AllEqual.into());
    }
    let index = n / s0 * neighbours.sum(|from, to, weight| weight * z[from] * z[to]) / squares;
    let expected = -1.0 / (n - 1.0);
    let variance = (values.len() >= 4).then(|| {
        let s1 = neighbours.sum(|from, to, weight| weight * (weight + neighbours.weight_of(to, from)));
        let mut around: Vec<f64> =
            (0..neighbours.places()).map(|place| reduce::sum(neighbours.of(place).map(|(_, w)| w))).collect();
        for place in 0..neighbours.places() {
            for (to, weight) in neighbours.of(place) {
                around[to] += weight;
            }
        }
        let s2 = reduce::sum(around.iter().map(|around| around * around));
        let kurtosis = n * reduce::sum(z.iter().map(|z| z * z * z * z)) / (squares * squares);
        let square = s0 * s0;
        let normal = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * square);
        let peaked = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * square);
        (normal - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * square) - expected * expected
    });
    let deviations =
        variance.filter(|variance| *variance > 0.0).map(|variance| (index - expected) / variance.sqrt());
    Ok(Moran { index, expected, variance, deviations })
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 rows fit memory")]
pub(super) fn count(rows: usize) -> f64 {
    rows as f64
}

/// The Gini index as what lies between neighbours and what lies between all others.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SpatialGini {
    /// The whole: `near + far`.
    pub total: f64,
    /// Between neighbours.
    pub near: f64,
    /// Between people who are no neighbours.
    pub far: f64,
}

/// The Gini index over pairs of people, `Σᵢⱼ xᵢ xⱼ |Aᵢ − Aⱼ| / 2μ`, divided into pairs of neighbours and all
/// other pairs (Rey & Smith 2013, here with people as weights). Any weight above zero makes a neighbour; an
/// entry in one direction counts for one of the two pairs.
///
/// # Errors
/// [`Error::LengthMismatch`] when the places differ; [`Error::Undefined`] for [`Undefined::Nobody`] and
/// [`Undefined::NothingToShare`].
pub fn spatial_gini(spread: &Distribution, neighbours: &Neighbours) -> Result<SpatialGini> {
    check_length("neighbours", neighbours.places(), spread.rows())?;
    let (total, mean) = (spread.gini()?, spread.positive_mean()?);
    let share = |row: usize| spread.people[row] / spread.all;
    let near = neighbours
        .sum(|from, to, _| share(from) * share(to) * (spread.values[from] - spread.values[to]).abs() / mean);
    let near = near / 2.0;
    Ok(SpatialGini { total, near, far: (total - near).max(0.0) })
}
