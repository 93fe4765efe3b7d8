//! The pairs that a measure looks at, by place and by facility.
//!
//! The pairs of place `i` are `row_start[i]..row_start[i + 1]`, by facility; pair `k` leads to `facility[k]`.
//! `value[k]` is the weight of a pair, at least zero. Sums over a place follow its facilities and those over
//! a facility its places, so they do not depend on the order of anything else.

use core::cell::OnceCell;
use core::ops::{Index, Range};
use std::borrow::Cow;

use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, reduce};

use crate::{Decay, Error, Result};

/// Weights below this count as none: their quotients would leave the range of a double.
const LEAST_WEIGHT: f64 = 1e-150;

/// Pairs whose weights are asked for at once: they stay in the nearest cache.
const BLOCK: usize = 256;

/// Bands that a pair keeps in a byte; the last holds what lies beyond a decay.
const BANDS: usize = 16;

/// A weight for every pair.
#[derive(Clone, Debug)]
pub(crate) enum Weights {
    Each(Vec<f64>),
    /// By the band of the pair: an eighth of the memory, which is what a sum over pairs waits for.
    Banded {
        band: Vec<u8>,
        weight: [f64; BANDS],
    },
}

impl Weights {
    fn len(&self) -> usize {
        match self {
            Self::Each(weights) => weights.len(),
            Self::Banded { band, .. } => band.len(),
        }
    }

    /// By the bands of `decay`, if it has any, and few enough, that rise.
    fn banded(decay: &dyn Decay, costs: &[u32]) -> Result<Option<Self>> {
        let bands = decay.bands();
        let rising = bands.windows(2).all(|pair| pair[0].0.raw() < pair[1].0.raw());
        if bands.is_empty() || bands.len() >= BANDS || !rising {
            return Ok(None);
        }
        let mut weight = [0.0; BANDS];
        for (of_band, &(upper, weight)) in weight.iter_mut().zip(&bands) {
            check_weight(upper, weight)?;
            *of_band = counted(weight);
        }
        let mut band = Vec::with_capacity(costs.len());
        let mut before = [0_u32; BLOCK];
        for costs in costs.chunks(BLOCK) {
            before.fill(0);
            for (upper, _) in &bands {
                let upper = upper.raw();
                for (before, &cost) in before.iter_mut().zip(costs) {
                    *before += u32::from(cost > upper);
                }
            }
            // at most as many as there are bands
            band.extend(before[..costs.len()].iter().map(|before| before.to_le_bytes()[0]));
        }
        Ok(Some(Self::Banded { band, weight }))
    }
}

impl Index<usize> for Weights {
    type Output = f64;

    fn index(&self, pair: usize) -> &f64 {
        match self {
            Self::Each(weights) => &weights[pair],
            Self::Banded { band, weight } => &weight[usize::from(band[pair]) % BANDS],
        }
    }
}

/// A weight as it counts.
fn counted(weight: f64) -> f64 {
    if weight > LEAST_WEIGHT { weight } else { 0.0 }
}

pub(crate) struct Pairs<'m> {
    row_start: Cow<'m, [usize]>,
    facilities: usize,
    pub(crate) facility: Cow<'m, [u32]>,
    pub(crate) value: Weights,
    /// The place of every pair, once somebody asks.
    place: OnceCell<Vec<u32>>,
}

/// The pairs of every facility, by place.
pub(crate) struct ByFacility {
    start: Vec<usize>,
    pair: Vec<usize>,
}

impl ByFacility {
    /// The pairs of a facility.
    pub(crate) fn of(&self, facility: usize) -> &[usize] {
        &self.pair[self.start[facility]..self.start[facility + 1]]
    }
}

impl<'m> Pairs<'m> {
    /// All pairs with the weight that `decay` gives them; refuses a matrix that ends before the decay.
    pub(crate) fn weighed(matrix: &'m TravelMatrix, decay: &dyn Decay) -> Result<Self> {
        check_reach(matrix, decay.zero_beyond())?;
        let (row_start, facility, costs) = matrix.as_rows();
        let of = |value| Self {
            row_start: Cow::Borrowed(row_start),
            facilities: matrix.columns(),
            facility: Cow::Borrowed(facility),
            value,
            place: OnceCell::new(),
        };
        if let Some(banded) = Weights::banded(decay, costs)? {
            return Ok(of(banded));
        }
        let unit = matrix.unit();
        let mut value = Vec::with_capacity(costs.len());
        let mut weights = [0.0; BLOCK];
        for block in costs.chunks(BLOCK) {
            let weights = &mut weights[..block.len()];
            decay.weigh_all(unit, block, weights);
            if !weights.iter().fold(true, |sound, weight| sound & (0.0..=1.0).contains(weight)) {
                // as it would have been found one by one
                for (&cost, &weight) in block.iter().zip(weights.iter()) {
                    check_weight(unit.cost(cost), weight)?;
                }
            }
            value.extend(weights.iter().map(|&weight| counted(weight)));
        }
        Ok(of(Weights::Each(value)))
    }

    /// The pairs of `matrix` for which `value` has one.
    pub(crate) fn new(
        matrix: &TravelMatrix,
        mut value: impl FnMut(FacilityIx, Cost) -> Result<Option<f64>>,
    ) -> Result<Self> {
        let mut row_start = Vec::with_capacity(matrix.rows() + 1);
        let (mut facilities, mut values) =
            (Vec::with_capacity(matrix.len()), Vec::with_capacity(matrix.len()));
        row_start.push(0);
        for place in (0..matrix.rows()).map(DemandIx::new) {
            for (facility, cost) in matrix.row(place) {
                if let Some(value) = value(facility, cost)? {
                    facilities.push(facility.0);
                    values.push(value);
                }
            }
            row_start.push(values.len());
        }
        Ok(Self {
            row_start: Cow::Owned(row_start),
            facilities: matrix.columns(),
            facility: Cow::Owned(facilities),
            value: Weights::Each(values),
            place: OnceCell::new(),
        })
    }

    pub(crate) fn places(&self) -> usize {
        self.row_start.len() - 1
    }

    pub(crate) const fn facilities(&self) -> usize {
        self.facilities
    }

    pub(crate) fn len(&self) -> usize {
        self.value.len()
    }

    /// The pairs of a place.
    pub(crate) fn of_place(&self, place: usize) -> Range<usize> {
        self.row_start[place]..self.row_start[place + 1]
    }

    /// The place of every pair.
    fn place(&self) -> &[u32] {
        self.place.get_or_init(|| {
            let rows = (0_u32..).zip(self.row_start.windows(2));
            rows.flat_map(|(place, row)| core::iter::repeat_n(place, row[1] - row[0])).collect()
        })
    }

    /// The pairs the other way round.
    pub(crate) fn by_facility(&self) -> ByFacility {
        let mut start = vec![0; self.facilities + 1];
        for &facility in &*self.facility {
            start[facility as usize + 1] += 1;
        }
        for facility in 0..self.facilities {
            start[facility + 1] += start[facility];
        }
        let (mut next, mut by_facility) = (start.clone(), vec![0; self.len()]);
        for (pair, &facility) in self.facility.iter().enumerate() {
            by_facility[next[facility as usize]] = pair;
            next[facility as usize] += 1;
        }
        ByFacility { start, pair: by_facility }
    }

    /// What the facilities of every place hold, by weight: `Σⱼ column[j] · weights[k]`.
    pub(crate) fn around_places(&self, column: &[f64], weights: &Weights) -> Vec<f64> {
        match weights {
            Weights::Each(weights) => self.gather(column, weights, |weight| weight),
            Weights::Banded { band, weight } => {
                self.gather(column, band, |band| weight[usize::from(band) % BANDS])
            }
        }
    }

    fn gather<W: Copy>(&self, column: &[f64], weights: &[W], weight: impl Fn(W) -> f64) -> Vec<f64> {
        let around = |row: &[usize]| {
            let (facilities, weights) = (&self.facility[row[0]..row[1]], &weights[row[0]..row[1]]);
            reduce::sum_of(facilities, weights, |facility, of_pair| {
                column[facility as usize] * weight(of_pair)
            })
        };
        self.row_start.windows(2).map(around).collect()
    }

    /// What the places of every facility hold, by weight: `Σᵢ column[i] · weights[k]`.
    pub(crate) fn around_facilities(&self, column: &[f64], weights: &Weights) -> Vec<f64> {
        match weights {
            Weights::Each(weights) => self.scatter(column, weights, |weight| weight),
            Weights::Banded { band, weight } => {
                self.scatter(column, band, |band| weight[usize::from(band) % BANDS])
            }
        }
    }

    fn scatter<W: Copy>(&self, column: &[f64], weights: &[W], weight: impl Fn(W) -> f64) -> Vec<f64> {
        let mut sums = vec![reduce::Running::default(); self.facilities];
        for (row, &here) in self.row_start.windows(2).zip(column) {
            let pairs = self.facility[row[0]..row[1]].iter().zip(&weights[row[0]..row[1]]);
            for (&facility, &of_pair) in pairs {
                sums[facility as usize].add(here * weight(of_pair));
            }
        }
        sums.into_iter().map(reduce::Running::total).collect()
    }

    /// `term` summed over the pairs of every place.
    pub(crate) fn place_sums(&self, term: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..self.places()).map(|place| reduce::sum(self.of_place(place).map(&term))).collect()
    }

    /// `term` summed over the pairs of every facility.
    pub(crate) fn facility_sums(&self, term: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![reduce::Running::default(); self.facilities];
        for (pair, &facility) in self.facility.iter().enumerate() {
            sums[facility as usize].add(term(pair));
        }
        sums.into_iter().map(reduce::Running::total).collect()
    }

    /// The place of `pair`.
    pub(crate) fn place_of(&self, pair: usize) -> usize {
        self.place()[pair] as usize
    }

    /// What `column`, one value per place, holds at the place of `pair`.
    pub(crate) fn at_place(&self, column: &[f64], pair: usize) -> f64 {
        column[self.place_of(pair)]
    }

    /// What `column`, one value per facility, holds at the facility of `pair`.
    pub(crate) fn at_facility(&self, column: &[f64], pair: usize) -> f64 {
        column[self.facility[pair] as usize]
    }

    /// `amount` with the names of its pair.
    pub(crate) fn named(&self, pair: usize, amount: f64) -> (DemandIx, FacilityIx, f64) {
        (DemandIx::new(self.place_of(pair)), FacilityIx(self.facility[pair]), amount)
    }
}

/// The weight of a decay, which may be a stranger's.
pub(crate) fn weigh(decay: &dyn Decay, cost: Cost) -> Result<f64> {
    let weight = decay.weight(cost);
    check_weight(cost, weight)?;
    Ok(weight)
}

fn check_weight(cost: Cost, weight: f64) -> Result<()> {
    if (0.0..=1.0).contains(&weight) {
        return Ok(());
    }
    Err(Error::BadDecay { cost, weight, problem: "a weight lies between 0 and 1" })
}

pub(crate) fn check_length(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(Error::LengthMismatch { what, expected, found }) }
}

pub(crate) fn check_column(what: &'static str, column: &[f64], expected: usize) -> Result<()> {
    check_length(what, column.len(), expected)?;
    match column.iter().position(|value| !value.is_finite() || *value < 0.0) {
        Some(row) => Err(Error::BadValue { what, row, value: column[row] }),
        None => Ok(()),
    }
}

pub(crate) fn check_reach(matrix: &TravelMatrix, needed: Cost) -> Result<()> {
    let has = matrix.cutoff();
    if needed.unit() != has.unit() {
        return Err(Error::OtherUnit { expected: has.unit(), found: needed.unit() });
    }
    if needed.raw() > has.raw() { Err(Error::MatrixTooShort { needed, has }) } else { Ok(()) }
}

/// A number that must be finite and at least zero.
pub(crate) fn check_amount(what: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    Err(Error::BadParameter { what, value, expected: "a finite number of at least zero" })
}

/// The facilities for which `idle` holds.
pub(crate) fn facilities_where(columns: usize, idle: impl Fn(usize) -> bool) -> Vec<FacilityIx> {
    (0..columns).filter(|&facility| idle(facility)).map(FacilityIx::new).collect()
}

/// The places for which `left_out` holds.
pub(crate) fn places_where(rows: usize, left_out: impl Fn(usize) -> bool) -> Vec<DemandIx> {
    (0..rows).filter(|&place| left_out(place)).map(DemandIx::new).collect()
}

/// `part / whole`, and nothing of nothing.
pub(crate) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The least cost at which amounts in rising order of cost add up to `needed`; `None` when they never do.
pub(crate) fn cost_of_amount(rising: &[(u32, f64)], needed: f64) -> Option<u32> {
    if needed <= 0.0 {
        return Some(0);
    }
    // how many of the nearest are needed: sums of amounts that are not negative never fall
    let enough = |count: usize| reduce::sum(rising[..count].iter().map(|&(_, amount)| amount)) >= needed;
    let (mut too_few, mut plenty) = (0, rising.len());
    if !enough(plenty) {
        return None;
    }
    while plenty - too_few > 1 {
        let middle = usize::midpoint(too_few, plenty);
        if enough(middle) { plenty = middle } else { too_few = middle }
    }
    Some(rising[plenty - 1].0)
}
