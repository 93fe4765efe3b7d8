//! Independent rows, answered in their order: one after the other, or by the caller's rayon pool where the
//! feature `parallel` is on. The answers are the same.

use core::convert::Infallible;

/// Maps `rows`; each worker keeps a scratch space made by `space`. Stops at the first error.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map_rows<T: Sync, S, R: Send, E: Send>(
    rows: &[T],
    space: impl Fn() -> S + Sync + Send,
    answer: impl Fn(&mut S, &T) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    let mut space = space();
    rows.iter().map(|row| answer(&mut space, row)).collect()
}

/// Maps `rows`; each worker keeps a scratch space made by `space`. Stops at some error, if there is one.
#[cfg(feature = "parallel")]
pub(crate) fn map_rows<T: Sync, S, R: Send, E: Send>(
    rows: &[T],
    space: impl Fn() -> S + Sync + Send,
    answer: impl Fn(&mut S, &T) -> Result<R, E> + Sync + Send,
) -> Result<Vec<R>, E> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
    rows.par_iter().map_init(space, answer).collect()
}

/// Items that are worked on by one thread in one go.
const CHUNK: usize = 1024;

/// What `answer` makes of each chunk of `items`, in order.
pub(crate) fn map_chunks<'a, T: Sync, R: Send>(
    items: &'a [T],
    answer: impl Fn(&'a [T]) -> R + Sync + Send,
) -> Vec<R> {
    let chunks: Vec<&'a [T]> = items.chunks(CHUNK).collect();
    let Ok(answers) = map_rows(&chunks, || (), |(), chunk| Ok::<_, Infallible>(answer(chunk)));
    answers
}

/// Sorts items of which no two are alike.
pub(crate) fn sort<T: Ord + Send>(items: &mut [T]) {
    #[cfg(feature = "parallel")]
    rayon::slice::ParallelSliceMut::par_sort_unstable(items);
    #[cfg(not(feature = "parallel"))]
    items.sort_unstable();
}

/// Both results; at the same time, under the feature `parallel`.
#[cfg(feature = "parallel")]
pub(crate) fn at_once<A: Send, B: Send>(
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    rayon::join(a, b)
}

/// Both results; at the same time, under the feature `parallel`.
#[cfg(not(feature = "parallel"))]
pub(crate) fn at_once<A, B>(a: impl FnOnce() -> A, b: impl FnOnce() -> B) -> (A, B) {
    (a(), b())
}
