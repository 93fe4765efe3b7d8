//! A uniform grid over axes, to find the ones near one of them.
//!
//! Cell `row * columns + column` lists, in `items[starts[cell]..starts[cell + 1]]`, the axes that come within `reach` of
//! it or nearly so. A long axis is laid down row by row, so it stands in the cells along it and not in all of its box.
//! There are at most a few cells for every axis.

use core::ops::RangeInclusive;

use geo::Coord;

use super::capsule::Axis;

/// Cells for every axis, on average, at most.
const CELLS_EACH: f64 = 4.0;

#[derive(Debug)]
pub(super) struct Grid {
    low: Coord<f64>,
    cell: f64,
    columns: usize,
    rows: usize,
    reach: f64,
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Grid {
    /// Takes O(n + cells along the axes).
    pub(super) fn new(axes: &[Axis], reach: f64) -> Self {
        let ends = || axes.iter().flat_map(|axis| [axis.from, axis.to]);
        let most = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
        let high = ends().fold(most, |a, b| Coord { x: a.x.max(b.x), y: a.y.max(b.y) });
        let low = ends().fold(-most, |a, b| Coord { x: a.x.min(b.x), y: a.y.min(b.y) });
        let size = high - low;
        #[expect(clippy::cast_precision_loss, reason = "a count that only sets the size of cells")]
        let cells = axes.len() as f64 * CELLS_EACH;
        let square = (size.x * size.y / cells).sqrt();
        let cell = (2.0 * reach).max(square).max(size.x / cells).max(size.y / cells);
        let mut grid = Self { low, cell, columns: 1, rows: 1, reach, starts: vec![], items: vec![] };
        grid.columns = grid.index(size.x, usize::MAX) + 1;
        grid.rows = grid.index(size.y, usize::MAX) + 1;
        let mut counts = vec![0_u32; grid.columns * grid.rows + 1];
        for axis in axes {
            grid.each_cell(axis, |cell| counts[cell] += 1);
        }
        let mut sum = 0;
        for count in &mut counts {
            sum += *count;
            *count = sum;
        }
        let mut items = vec![0; sum as usize];
        for (number, axis) in (0_u32..).zip(axes) {
            grid.each_cell(axis, |cell| {
                counts[cell] -= 1;
                items[counts[cell] as usize] = number;
            });
        }
        Self { starts: counts, items, ..grid }
    }

    /// Calls `visit` with every axis that comes within `2 * reach` of `axis`, itself among them, some repeatedly and
    /// some that are farther away.
    pub(super) fn each_near(&self, axis: &Axis, mut visit: impl FnMut(u32)) {
        self.each_cell(axis, |cell| {
            let items = self.starts[cell] as usize..self.starts[cell + 1] as usize;
            self.items[items].iter().for_each(|&item| visit(item));
        });
    }

    /// Every cell that a point within `reach` of the axis lies in, row by row.
    fn each_cell(&self, axis: &Axis, mut visit: impl FnMut(usize)) {
        let (from, to) = (axis.from - self.low, axis.to - self.low);
        let slope = (to.x - from.x) / (to.y - from.y);
        for row in self.span(from.y.min(to.y), from.y.max(to.y), self.rows) {
            #[expect(clippy::cast_precision_loss, reason = "rows are few")]
            let bottom = row as f64 * self.cell - self.reach;
            let top = bottom + self.cell + 2.0 * self.reach;
            let x_at = |y: f64| from.x + (y - from.y) * slope;
            // the part of the axis that comes within `reach` of the row
            let (mut left, mut right) = (from.x.min(to.x), from.x.max(to.x));
            if (to.y - from.y).abs() > self.reach {
                let (a, b) = (x_at(bottom), x_at(top));
                (left, right) = (left.max(a.min(b)), right.min(a.max(b)));
            }
            if left <= right {
                self.span(left, right, self.columns).for_each(|column| visit(row * self.columns + column));
            }
        }
    }

    /// The numbers of cells from `low - reach` to `high + reach`.
    fn span(&self, low: f64, high: f64, count: usize) -> RangeInclusive<usize> {
        self.index(low - self.reach, count - 1)..=self.index(high + self.reach, count - 1)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never below 0, and capped")]
    fn index(&self, metres: f64, most: usize) -> usize {
        if self.cell > 0.0 { ((metres / self.cell).max(0.0) as usize).min(most) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    proptest! {
        #[test]
        fn no_neighbour_is_missed(
            ends in proptest::collection::vec((-90..90_i32, -90..90_i32, -90..90_i32, -90..90_i32), 1..40),
            reach in 0.01..40.0_f64,
        ) {
            let at = |x: i32, y: i32| Coord { x: f64::from(x), y: f64::from(y) };
            let axes: Vec<Axis> = ends.iter().map(|&(a, b, c, d)| Axis::new([0, 1], [at(a, b), at(c, d)])).collect();
            let grid = Grid::new(&axes, reach);
            for axis in &axes {
                let mut near = vec![false; axes.len()];
                grid.each_near(axis, |other| near[other as usize] = true);
                for (other, near) in axes.iter().zip(near) {
                    prop_assert!(near || !axis.comes_within(other, 4.0 * reach * reach));
                }
            }
        }
    }
}
