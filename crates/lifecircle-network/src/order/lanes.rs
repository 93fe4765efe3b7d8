//! Labels side by side: sixteen questions in a [`Line`], which the compiler turns into vector instructions.
//!
//! A row of a sweep is an array of `N` lines. A [`Kernel`] says what they hold:
//!
//! | Kernel | Lines of a row | Holds in lane `l` |
//! |---|---|---|
//! | [`Costs`] | `N` | the least cost, of 16 `N` questions |
//! | [`Ranked`] | `N / 2` of costs, as many of owners | the least costs of different owners, ascending, equals by owner |
//!
//! A narrow kernel (`WIDE` is false) adds without a check and cuts costs off at [`NARROW_NONE`]. It serves where
//! greater ones are not asked for, or no shortest way of the graph is as long, and is up to twice as fast as a
//! wide one, which saturates at 2^32 - 1.

use crate::order::customise::NO_WAY;

/// Questions in a line.
pub(crate) const LANES: usize = 16;

/// Sixteen lanes, in a cache line of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(crate) struct Line(pub(crate) [u32; LANES]);

impl Line {
    pub(crate) const fn of(value: u32) -> Self {
        Self([value; LANES])
    }
}

/// What narrow kernels hold for no way. A narrow arc costs at most one more, so that no sum wraps.
pub(crate) const NARROW_NONE: u32 = (1 << 30) - 1;

/// What a sweep keeps for a place, and how a label walks along an arc.
pub(crate) trait Kernel<const N: usize> {
    /// The label of a place that nothing has reached.
    const NONE: [Line; N];

    /// How many of the lines, from the first, hold costs.
    const COSTS: usize;

    /// Lowers lane `lane` of `label` to a source of `cost`.
    fn put(label: &mut [Line; N], lane: usize, cost: u32, owner: u32);

    /// Lowers `label` to what comes `from` a neighbour along an arc of `cost`.
    fn relax(label: &mut [Line; N], from: &[Line; N], cost: u32);
}

/// What stands for no way.
pub(crate) const fn none(wide: bool) -> u32 {
    if wide { NO_WAY } else { NARROW_NONE }
}

/// Adds the cost of an arc to labels. Both are below 2^31 in narrow kernels, so that signed comparisons,
/// which every processor has, are right for them.
#[inline(always)]
fn add<const WIDE: bool>(label: u32, cost: u32) -> u32 {
    if WIDE { label.saturating_add(cost) } else { label.wrapping_add(cost) }
}

#[inline(always)]
fn less<const WIDE: bool>(a: u32, b: u32) -> bool {
    if WIDE { a < b } else { a.cast_signed() < b.cast_signed() }
}

#[inline(always)]
fn arc<const WIDE: bool>(cost: u32) -> u32 {
    if WIDE { cost } else { cost.min(NARROW_NONE + 1) }
}

/// Least costs.
pub(crate) struct Costs<const WIDE: bool>;

impl<const WIDE: bool, const N: usize> Kernel<N> for Costs<WIDE> {
    const NONE: [Line; N] = [Line::of(none(WIDE)); N];
    const COSTS: usize = N;

    fn put(label: &mut [Line; N], lane: usize, cost: u32, _: u32) {
        let old = &mut label[lane / LANES].0[lane % LANES];
        *old = cost.min(*old);
    }

    #[inline(always)]
    fn relax(label: &mut [Line; N], from: &[Line; N], cost: u32) {
        let cost = arc::<WIDE>(cost);
        for (label, from) in label.iter_mut().zip(from) {
            for (label, from) in label.0.iter_mut().zip(&from.0) {
                let new = add::<WIDE>(*from, cost);
                *label = if less::<WIDE>(new, *label) { new } else { *label };
            }
        }
    }
}

/// Least costs of different owners.
pub(crate) struct Ranked<const WIDE: bool>;

impl<const WIDE: bool, const N: usize> Kernel<N> for Ranked<WIDE> {
    const NONE: [Line; N] = {
        let mut lines = [Line::of(u32::MAX); N];
        let mut rank = 0;
        while rank < N / 2 {
            lines[rank] = Line::of(none(WIDE));
            rank += 1;
        }
        lines
    };
    const COSTS: usize = N / 2;

    fn put(label: &mut [Line; N], lane: usize, cost: u32, owner: u32) {
        let mut source = <Self as Kernel<N>>::NONE;
        source[0].0[lane] = cost.min(none(WIDE));
        source[N / 2].0[lane] = owner;
        Self::relax(label, &source, 0);
    }

    #[inline(always)]
    fn relax(label: &mut [Line; N], from: &[Line; N], cost: u32) {
        let cost = arc::<WIDE>(cost);
        // one after the other until none enters: what follows in `from` costs no less
        let _ = enter::<WIDE, N, 0>(label, from, cost)
            && enter::<WIDE, N, 1>(label, from, cost)
            && enter::<WIDE, N, 2>(label, from, cost)
            && enter::<WIDE, N, 3>(label, from, cost)
            && enter::<WIDE, N, 4>(label, from, cost)
            && enter::<WIDE, N, 5>(label, from, cost)
            && enter::<WIDE, N, 6>(label, from, cost)
            && enter::<WIDE, N, 7>(label, from, cost);
    }
}

/// Inserts rank `RANK` of `from`, if there is one, unless it enters no lane.
#[inline(always)]
fn enter<const WIDE: bool, const N: usize, const RANK: usize>(
    label: &mut [Line; N],
    from: &[Line; N],
    cost: u32,
) -> bool {
    let ranks = N / 2;
    if RANK >= ranks {
        return false;
    }
    let mut new = from[RANK].0;
    new.iter_mut().for_each(|lane| *lane = add::<WIDE>(*lane, cost));
    let enters = some_enter::<WIDE>(&new, &label[ranks - 1].0);
    if enters {
        insert::<WIDE, N, RANK>(label, new, from[ranks + RANK].0);
    }
    enters
}

/// Whether some lane of `new` is a way, and costs no more than the last rank.
#[inline(always)]
fn some_enter<const WIDE: bool>(new: &[u32; LANES], last: &[u32; LANES]) -> bool {
    let mut some = 0;
    for (&new, &last) in new.iter().zip(last) {
        some |= u32::from(less::<WIDE>(new, none(WIDE)) & !less::<WIDE>(last, new));
    }
    some != 0
}

/// Inserts a cost and its owner into every lane, unless the owner is there at less; `AHEAD` different owners
/// that come before it have been inserted already, so that it goes no further to the front than that.
#[inline(always)]
fn insert<const WIDE: bool, const N: usize, const AHEAD: usize>(
    label: &mut [Line; N],
    mut costs: [u32; LANES],
    new_owners: [u32; LANES],
) {
    let (costs_of, owners_of) = label.split_at_mut(N / 2);
    let mut owners = new_owners;
    for (rank, (old_costs, old_owners)) in costs_of.iter_mut().zip(owners_of).enumerate() {
        for lane in 0..LANES {
            let (old_cost, old_owner) = (old_costs.0[lane], old_owners.0[lane]);
            let (cost, owner) = (costs[lane], owners[lane]);
            let same = old_owner == new_owners[lane];
            let first =
                (rank >= AHEAD) & (less::<WIDE>(cost, old_cost) | ((cost == old_cost) & (owner < old_owner)));
            old_costs.0[lane] = if first { cost } else { old_cost };
            old_owners.0[lane] = if first { owner } else { old_owner };
            // what is pushed back moves on, and an owner's greater cost is dropped
            let (back, back_owner) = if first { (old_cost, old_owner) } else { (cost, owner) };
            costs[lane] = if same { none(WIDE) } else { back };
            owners[lane] = if same { u32::MAX } else { back_owner };
        }
    }
}

/// Lowers `label` to what comes from rows `rungs` of `ladder` along arcs of `costs`.
///
/// Kept apart from its callers, as [`push`] is, so that the lanes stay in vector registers.
#[inline(never)]
pub(crate) fn pull<const N: usize, K: Kernel<N>>(
    label: &mut [Line; N],
    ladder: &[[Line; N]],
    rungs: &[u32],
    costs: &[u32],
) {
    let mut lowest = *label;
    for (&rung, &cost) in rungs.iter().zip(costs) {
        K::relax(&mut lowest, &ladder[rung as usize], cost);
    }
    *label = lowest;
}

/// Lowers rows `rungs` of `ladder` to what comes from `label` along arcs of `costs`.
#[inline(never)]
pub(crate) fn push<const N: usize, K: Kernel<N>>(
    ladder: &mut [[Line; N]],
    label: &[Line; N],
    rungs: &[u32],
    costs: &[u32],
) {
    let from = *label;
    for (&rung, &cost) in rungs.iter().zip(costs) {
        K::relax(&mut ladder[rung as usize], &from, cost);
    }
}
