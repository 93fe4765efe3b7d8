//! Independent answers in their order: one after the other, or by the caller's rayon pool where the `parallel` feature is on.

/// What `answer` makes of every one of `items`, in their order.
#[cfg(feature = "parallel")]
pub(crate) fn each<T: Sync, R: Send>(items: &[T], answer: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
    items.par_iter().map(answer).collect()
}

/// What `answer` makes of every one of `items`, in their order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn each<T, R>(items: &[T], answer: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(answer).collect()
}
