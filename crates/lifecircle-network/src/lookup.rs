//! Rows of ascending ids, found fast.
//!
//! The range of the ids is cut into equal parts, several rows each on average; a list of where each part begins is short
//! enough for the processor's cache, so that a search mostly waits for memory once.

/// Rows of a part on average, at least.
const ROWS_PER_PART: usize = 8;

/// Ascending ids, no two alike.
pub(crate) struct RowsById {
    ids: Vec<i64>,
    least: i64,
    /// An id is in the part of its distance from the least one over two to this power.
    shift: u32,
    /// The first row of each part, and the end of the last.
    starts: Vec<u32>,
}

impl RowsById {
    /// Takes the ids of at most 2^32 - 1 rows.
    pub(crate) fn new(ids: impl Iterator<Item = i64>) -> Self {
        let ids: Vec<i64> = ids.collect();
        let (least, most) = (ids.first().copied().unwrap_or(0), ids.last().copied().unwrap_or(0));
        let parts = ids.len() / ROWS_PER_PART;
        let width = u64::BITS - distance(least, most).leading_zeros();
        let shift = width.saturating_sub(parts.checked_ilog2().unwrap_or(0));
        let mut starts = vec![0];
        for (row, &id) in (0_u32..).zip(&ids) {
            starts.resize(part(least, id, shift) + 1, row);
        }
        starts.push(u32::try_from(ids.len()).unwrap_or(u32::MAX));
        Self { ids, least, shift, starts }
    }

    /// The row of `id`.
    pub(crate) fn find(&self, id: i64) -> Option<u32> {
        let part = if id < self.least { return None } else { part(self.least, id, self.shift) };
        let (&start, &end) = (self.starts.get(part)?, self.starts.get(part + 1)?);
        let ids = &self.ids[start as usize..end as usize];
        let at = ids.partition_point(|&other| other < id);
        (ids.get(at) == Some(&id)).then(|| start + u32::try_from(at).unwrap_or(0))
    }
}

const fn distance(least: i64, id: i64) -> u64 {
    id.wrapping_sub(least).cast_unsigned()
}

fn part(least: i64, id: i64, shift: u32) -> usize {
    let part = distance(least, id).checked_shr(shift).unwrap_or(0);
    usize::try_from(part).unwrap_or(usize::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_any_order() {
        let ids: Vec<i64> = (-500..500).map(|n| n * 3 + n * n % 2).collect();
        let rows = RowsById::new(ids.iter().copied());
        let forth = -1600..1600_i64;
        for id in forth.clone().chain(forth.rev()).chain([7, 6, 1497, -1500, 0, 3, i64::MAX, i64::MIN]) {
            let expected = ids.binary_search(&id).ok().and_then(|row| u32::try_from(row).ok());
            assert_eq!(rows.find(id), expected, "{id}");
        }
        let ends = RowsById::new([i64::MIN, -1, 0, i64::MAX].into_iter());
        let found = [i64::MIN, -2, -1, 0, 1, i64::MAX].map(|id| ends.find(id));
        assert_eq!(found, [Some(0), None, Some(1), Some(2), None, Some(3)]);
        assert_eq!(RowsById::new([5].into_iter()).find(5), Some(0));
        assert_eq!(RowsById::new([].into_iter()).find(1), None);
    }
}
