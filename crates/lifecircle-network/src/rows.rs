//! Independent rows, answered in their order: one after the other, or by the caller's rayon pool where the
//! feature `parallel` is on. The answers are the same.

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
