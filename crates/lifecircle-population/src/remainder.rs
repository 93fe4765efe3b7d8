//! Whole numbers in proportion to weights (Hamilton's method of largest remainders).

/// `total` whole units in proportion to `weights`: every share is its exact quota rounded down or up, and the
/// shares add up to `total`.
///
/// Of equal remainders the earlier index wins. When every weight is zero, or there is none, every share is zero.
/// O(n log n).
#[must_use]
pub fn largest_remainder(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let quota = |weight: u64| u128::from(total) * u128::from(weight);
    let mut shares: Vec<u64> =
        weights.iter().map(|&weight| u64::try_from(quota(weight) / sum).unwrap_or(u64::MAX)).collect();
    let left = total - shares.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&at| (core::cmp::Reverse(quota(weights[at]) % sum), at));
    for at in order.into_iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        shares[at] += 1;
    }
    shares
}

/// As [`largest_remainder`], but no share exceeds its cap; what a cap turns away goes to the others in
/// proportion. Returns the shares and what found no room.
pub(crate) fn capped_remainder(total: u64, weights: &[u64], caps: &[u64]) -> (Vec<u64>, u64) {
    let mut shares = vec![0; weights.len()];
    let mut open: Vec<u64> = weights.to_vec();
    let mut left = total;
    loop {
        let more = largest_remainder(left, &open);
        let mut turned_away = 0;
        for (at, more) in more.into_iter().enumerate() {
            let room = caps[at] - shares[at];
            if more >= room {
                open[at] = 0;
            }
            shares[at] += more.min(room);
            turned_away += more.saturating_sub(room);
        }
        // without open weights nothing was handed out at all
        if turned_away == 0 || open.iter().all(|&weight| weight == 0) {
            let placed: u64 = shares.iter().sum();
            return (shares, total - placed);
        }
        left = turned_away;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nobody_is_lost_and_quotas_hold(total in 0..1_000_000u64, weights in prop::collection::vec(0..1000u64, 1..50)) {
            let shares = largest_remainder(total, &weights);
            let sum: u64 = weights.iter().sum();
            prop_assert_eq!(shares.iter().sum::<u64>(), if sum == 0 { 0 } else { total });
            for (share, weight) in shares.iter().zip(&weights) {
                let floor = (total * weight).checked_div(sum).unwrap_or(0);
                prop_assert!(*share == floor || *share == floor + 1);
            }
        }

        #[test]
        fn caps_hold_and_nobody_is_lost(total in 0..10_000u64, parts in prop::collection::vec((0..100u64, 0..300u64), 1..50)) {
            let (weights, caps): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            let (shares, left) = capped_remainder(total, &weights, &caps);
            prop_assert_eq!(shares.iter().sum::<u64>() + left, total);
            prop_assert!(shares.iter().zip(&caps).all(|(share, cap)| share <= cap));
            let room: u64 = weights.iter().zip(&caps).filter(|(w, _)| **w > 0).map(|(_, cap)| cap).sum();
            prop_assert_eq!(left, total.saturating_sub(room), "people stay out only when every cap is full");
        }
    }
}
