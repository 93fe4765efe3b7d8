//! The sparse travel matrix: who reaches what, at which cost.
//!
//! Rows are resident places, columns are facilities. Row `i` has the entries `row_start[i]..row_start[i + 1]`,
//! sorted by column. A pair without an entry costs more than the cutoff or cannot be walked at all.

use crate::error::InvalidMatrix;
use crate::ids::{DemandIx, FacilityIx};
use crate::quantity::{Cost, CostUnit};

/// A sparse matrix of travel times or lengths, complete up to its cutoff (inclusive).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TravelMatrix {
    cutoff: Cost,
    columns: u32,
    row_start: Vec<usize>,
    column: Vec<u32>,
    cost: Vec<u32>,
}

impl TravelMatrix {
    /// Builds a matrix of `rows` x `columns` from entries in any order.
    ///
    /// # Errors
    /// [`InvalidMatrix`] when an entry lies outside, appears twice, or costs more than `cutoff` or in the
    /// other unit.
    ///
    /// ```
    /// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
    /// let five = TravelTime::from_minutes(5);
    /// let matrix = TravelMatrix::new(2, 1, TravelTime::from_minutes(15), [(DemandIx(0), FacilityIx(0), five)])?;
    /// assert_eq!(matrix.get(DemandIx(0), FacilityIx(0)), Some(five.into()));
    /// assert_eq!(matrix.get(DemandIx(1), FacilityIx(0)), None);
    /// # Ok::<(), lifecircle_types::InvalidMatrix>(())
    /// ```
    pub fn new<C: Into<Cost>>(
        rows: u32,
        columns: u32,
        cutoff: impl Into<Cost>,
        entries: impl IntoIterator<Item = (DemandIx, FacilityIx, C)>,
    ) -> Result<Self, InvalidMatrix> {
        let cutoff = cutoff.into();
        let mut sorted = Vec::new();
        for (row, column, cost) in entries {
            let (row, column, cost) = (row.0, column.0, cost.into());
            if row >= rows || column >= columns {
                return Err(InvalidMatrix::OutOfRange { row, column, rows, columns });
            }
            if cost.unit() != cutoff.unit() || cost.raw() > cutoff.raw() {
                return Err(InvalidMatrix::BeyondCutoff { row, column, cost, cutoff });
            }
            sorted.push((row, column, cost.raw()));
        }
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 == pair[1].1) {
            return Err(InvalidMatrix::Duplicate { row: pair[0].0, column: pair[0].1 });
        }
        let mut row_start = vec![0; rows as usize + 1];
        for &(row, ..) in &sorted {
            row_start[row as usize + 1] += 1;
        }
        for row in 0..rows as usize {
            row_start[row + 1] += row_start[row];
        }
        Ok(Self {
            cutoff,
            columns,
            row_start,
            column: sorted.iter().map(|entry| entry.1).collect(),
            cost: sorted.iter().map(|entry| entry.2).collect(),
        })
    }

    /// Builds a matrix from its rows: row `i` has the entries `row_start[i]..row_start[i + 1]` of `column` and
    /// `cost`, in raw units of `cutoff`, by ascending column. Takes O(entries).
    ///
    /// # Errors
    /// [`InvalidMatrix`] when the rows do not add up to the entries, or an entry lies outside, does not follow
    /// the one before it, or costs more than `cutoff`.
    ///
    /// ```
    /// # use lifecircle_types::{DemandIx, FacilityIx, Millimetres, TravelMatrix};
    /// let metre = Millimetres::from_metres(1);
    /// let matrix = TravelMatrix::from_rows(3, metre, vec![0, 2, 2], vec![0, 2], vec![700, 1000])?;
    /// assert_eq!(matrix.get(DemandIx(0), FacilityIx(2)), Some(metre.into()));
    /// assert_eq!(matrix.row(DemandIx(1)).len(), 0);
    /// # Ok::<(), lifecircle_types::InvalidMatrix>(())
    /// ```
    pub fn from_rows(
        columns: u32,
        cutoff: impl Into<Cost>,
        row_start: Vec<usize>,
        column: Vec<u32>,
        cost: Vec<u32>,
    ) -> Result<Self, InvalidMatrix> {
        let cutoff = cutoff.into();
        let entries = column.len();
        let whole = row_start.first() == Some(&0) && row_start.last() == Some(&entries);
        if !whole || !row_start.is_sorted() || cost.len() != entries {
            return Err(InvalidMatrix::Rows { entries });
        }
        let rows = u32::try_from(row_start.len() - 1).map_err(|_| InvalidMatrix::Rows { entries })?;
        for (row, range) in (0_u32..).zip(row_start.windows(2)) {
            let here = &column[range[0]..range[1]];
            if let Some(pair) = here.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(InvalidMatrix::Unsorted { row, column: pair[1] });
            }
            if let Some(&column) = here.last().filter(|&&last| last >= columns) {
                return Err(InvalidMatrix::OutOfRange { row, column, rows, columns });
            }
            let costs = here.iter().zip(&cost[range[0]..range[1]]);
            if let Some((&column, &cost)) = costs.into_iter().find(|&(_, &cost)| cost > cutoff.raw()) {
                let cost = cutoff.unit().cost(cost);
                return Err(InvalidMatrix::BeyondCutoff { row, column, cost, cutoff });
            }
        }
        Ok(Self { cutoff, columns, row_start, column, cost })
    }

    /// What [`TravelMatrix::from_rows`] builds it from: where each row starts, and the columns and raw costs of all
    /// entries. For loops over all pairs.
    #[must_use]
    pub fn as_rows(&self) -> (&[usize], &[u32], &[u32]) {
        (&self.row_start, &self.column, &self.cost)
    }

    /// Resident places.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.row_start.len() - 1
    }

    /// Facilities.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns as usize
    }

    /// Pairs within the cutoff.
    #[must_use]
    pub fn len(&self) -> usize {
        self.column.len()
    }

    /// Whether nobody reaches anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.column.is_empty()
    }

    /// The cost up to which the matrix is complete, inclusive.
    #[must_use]
    pub const fn cutoff(&self) -> Cost {
        self.cutoff
    }

    /// The unit of every cost.
    #[must_use]
    pub const fn unit(&self) -> CostUnit {
        self.cutoff.unit()
    }

    /// What place `origin` reaches, by facility.
    #[must_use]
    pub fn row(&self, origin: DemandIx) -> impl ExactSizeIterator<Item = (FacilityIx, Cost)> + '_ {
        let range = self.row_start[origin.index()]..self.row_start[origin.index() + 1];
        let unit = self.unit();
        self.column[range.clone()]
            .iter()
            .zip(&self.cost[range])
            .map(move |(&column, &cost)| (FacilityIx(column), unit.cost(cost)))
    }

    /// The cost from `origin` to `facility`; `None` means more than the cutoff.
    #[must_use]
    pub fn get(&self, origin: DemandIx, facility: FacilityIx) -> Option<Cost> {
        let range = self.row_start[origin.index()]..self.row_start[origin.index() + 1];
        let at = self.column[range.clone()].binary_search(&facility.0).ok()?;
        Some(self.unit().cost(self.cost[range.start + at]))
    }

    /// Every entry, by row, then by column.
    pub fn entries(&self) -> impl Iterator<Item = (DemandIx, FacilityIx, Cost)> + '_ {
        (0..self.rows()).map(DemandIx::new).flat_map(|row| self.row(row).map(move |(f, cost)| (row, f, cost)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Millimetres, TravelTime};

    #[test]
    fn entries_come_back_sorted() {
        let m = |x| Millimetres::from_metres(x);
        let given = [
            (DemandIx(1), FacilityIx(1), m(3)),
            (DemandIx(0), FacilityIx(2), m(9)),
            (DemandIx(1), FacilityIx(0), m(5)),
        ];
        let matrix = TravelMatrix::new(3, 3, m(10), given).unwrap();
        let entries: Vec<_> = matrix.entries().map(|(row, column, cost)| (row.0, column.0, cost)).collect();
        assert_eq!(entries, [(0, 2, m(9).into()), (1, 0, m(5).into()), (1, 1, m(3).into())]);
        assert_eq!(matrix.row(DemandIx(2)).len(), 0);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let new = |entries: &[(u32, u32, Cost)]| {
            let entries = entries.iter().map(|&(d, f, c)| (DemandIx(d), FacilityIx(f), c));
            TravelMatrix::new(2, 2, TravelTime::from_secs(10), entries)
        };
        let second: Cost = TravelTime::from_secs(1).into();
        assert!(matches!(new(&[(2, 0, second)]), Err(InvalidMatrix::OutOfRange { .. })));
        assert!(matches!(new(&[(0, 0, second), (0, 0, second)]), Err(InvalidMatrix::Duplicate { .. })));
        let late: Cost = TravelTime::from_millis(10_001).into();
        assert!(matches!(new(&[(0, 0, late)]), Err(InvalidMatrix::BeyondCutoff { .. })));
        let metre: Cost = Millimetres::from_metres(1).into();
        assert!(matches!(new(&[(0, 0, metre)]), Err(InvalidMatrix::BeyondCutoff { .. })));
    }
}
