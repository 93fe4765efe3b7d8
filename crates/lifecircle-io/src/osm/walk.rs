//! A file and the walks over its blocks, several blocks at a time.

use lifecircle_types::{Issues, Progress, Severity, TagClassifier};

use super::OsmOptions;
use super::blob::{Blob, Room, Rooms, damaged};
use super::block::{Block, Kinds};
use super::keys::Keys;
use super::wire::Broken;
use crate::error::Result;

/// Blocks that are decoded before their results are taken.
const BATCH: usize = 64;

/// How the first walk learns what a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Survey {
    /// From its beginning, unless the block is wanted at once; a block that turns out to hold more is an error.
    Beginnings,
    /// From all of it.
    Whole,
}

/// A file and what is asked of it.
pub(super) struct MapFile<'f> {
    pub(super) name: &'f str,
    pub(super) blobs: &'f [Blob<'f>],
    pub(super) keys: &'f Keys,
    pub(super) classifier: &'f dyn TagClassifier,
    pub(super) options: &'f OsmOptions,
    pub(super) source: &'f str,
    pub(super) progress: &'f dyn Progress,
    pub(super) survey: Survey,
    pub(super) rooms: &'f Rooms,
}

impl MapFile<'_> {
    /// Decodes the blocks of these numbers with `read` and hands the results to `take`, in order. While results are
    /// taken, the next blocks are decoded.
    pub(super) fn walk<T: Send>(
        &self,
        step: &str,
        blocks: &[usize],
        read: impl Fn(&mut Room, usize) -> Result<T> + Sync,
        mut take: impl FnMut(usize, T) + Send,
    ) -> Result<()> {
        let decode = |&block: &usize| {
            let mut room = self.rooms.take();
            let found = read(&mut room, block);
            self.rooms.give_back(room);
            found
        };
        let total = blocks.len() as u64;
        let mut done = 0;
        self.progress.advance(step, done, total)?;
        let mut decoded: (&[usize], Vec<Result<T>>) = (&[], vec![]);
        for batch in blocks.chunks(BATCH).chain([&[][..]]) {
            let (taking, found) = core::mem::take(&mut decoded);
            let take_all = || -> Result<()> {
                for (&block, found) in taking.iter().zip(found) {
                    take(block, found?);
                }
                Ok(())
            };
            let (next, taken) = at_once(|| in_order(batch, decode), take_all);
            taken?;
            decoded = (batch, next);
            if !batch.is_empty() {
                done += batch.len() as u64;
                self.progress.advance(step, done, total)?;
            }
        }
        Ok(())
    }

    /// Decodes a block with `read`. Where its beginning alone was seen, it must hold what it begins with; then
    /// the second part of the answer tells whether its strings are text.
    pub(super) fn block<T>(
        &self,
        room: &mut Room,
        number: usize,
        begins_with: Option<Kinds>,
        read: impl FnOnce(&Block<'_>) -> core::result::Result<T, Broken>,
    ) -> Result<(T, bool)> {
        let blob = &self.blobs[number];
        let content = room.content(blob, self.name)?;
        self.parsed(blob, content, |block| {
            let is_new = begins_with.is_some();
            if begins_with.is_some_and(|kinds| block.kinds() != Ok(kinds)) {
                return Err(Broken("a block holds more kinds of elements than it begins with"));
            }
            Ok((read(block)?, !is_new || block.is_text()))
        })
    }

    /// Parses the content of a block and decodes it with `read`.
    pub(super) fn parsed<T>(
        &self,
        blob: &Blob<'_>,
        content: &[u8],
        read: impl FnOnce(&Block<'_>) -> core::result::Result<T, Broken>,
    ) -> Result<T> {
        let found = Block::parse(content).and_then(|block| read(&block));
        found.map_err(|Broken(what)| damaged(self.name, blob.offset, what))
    }

    /// Tells of a block whose strings are not text.
    pub(super) fn not_text(&self, block: usize, issues: &mut Issues) {
        let subject = format!("block at byte {}", self.blobs[block].offset);
        issues.push(
            Severity::Warning,
            "text is not UTF-8",
            subject,
            "the bytes that do not fit were replaced",
        );
    }
}

/// Both results; at the same time, under the feature `parallel`.
#[cfg(feature = "parallel")]
pub(super) fn at_once<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "parallel"))]
pub(super) fn at_once<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}

/// What `map` makes of each item, in the order of the items.
#[cfg(feature = "parallel")]
pub(super) fn in_order<I: Sync, T: Send>(items: &[I], map: impl Fn(&I) -> T + Sync + Send) -> Vec<T> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
    items.par_iter().map(map).collect()
}

/// What `map` makes of each item, in the order of the items.
#[cfg(not(feature = "parallel"))]
pub(super) fn in_order<I, T>(items: &[I], map: impl Fn(&I) -> T) -> Vec<T> {
    items.iter().map(map).collect()
}

/// Sorts numbers and keeps each once.
pub(super) fn distinct(mut numbers: Vec<i64>) -> Vec<i64> {
    sort(&mut numbers);
    numbers.dedup();
    numbers
}

/// Sorts the smaller numbers and the larger ones at the same time.
fn sort(numbers: &mut [i64]) {
    const FEW: usize = 1 << 17;
    if numbers.len() < FEW {
        return numbers.sort_unstable();
    }
    let (low, _, high) = numbers.select_nth_unstable(numbers.len() / 2);
    at_once(|| sort(low), || sort(high));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_numbers_are_sorted_and_kept_once() {
        // 7,919 is prime to 500,000, so each number from 0 on comes up once in every 500,000
        let numbers: Vec<i64> = (0..1_000_000_i64).map(|n| n * 7919 % 500_000).collect();
        assert_eq!(distinct(numbers), (0..500_000).collect::<Vec<_>>());
        assert_eq!(distinct(vec![3, i64::MAX, -1, 3, i64::MIN]), [i64::MIN, -1, 3, i64::MAX]);
        assert!(distinct(vec![]).is_empty());
    }
}
