//! Evening out: of all plans that serve the most with the least walking, the one in which the unserved are
//! spread most evenly over units.
//!
//! With `u` of the `r` people in reach unserved, `Σ u²/r` is made as small as it can be in whole people. The
//! unserved counts that such plans can have are the bases of an integral polymatroid, on which this is also
//! the plan whose largest share `u/r` is least, then the next, and so on (Fujishige 1980, up to whole
//! people). It is found by decomposition (Groenevelt 1991): give every unit of a part its even share; where
//! that cannot be, the part falls into units that have too many even so and the others, which from then on
//! are evened out apart.
//!
//! The plans are those on arcs that cost a place no more than it bears (complementary slackness with the
//! prices of the search).

use super::cut::{Groups, Shortages};
use super::exchange::{Exchange, Homes};
use super::flow::{EVERY, Way};
use super::network::Network;
use super::simplex::Optimum;

pub(super) fn even_out(network: &Network, shortages: &Shortages, homes: &Homes, optimum: &mut Optimum) {
    let cost = |pair: usize| i64::from(network.cost[pair]) + optimum.price[network.facility[pair]];
    let bears: Vec<i64> =
        (0..network.places()).map(|place| network.pairs(place).map(cost).min().unwrap_or(i64::MAX)).collect();
    let worth = optimum.worth;
    let mut exchange = Exchange::new(
        network,
        shortages,
        homes,
        &optimum.plan,
        |place, pair| cost(pair) == bears[place].min(worth),
        |place| bears[place] == worth,
    );
    let mut unserved = exchange.unserved(homes);
    let mut parts = connected(&mut exchange, unserved.len());
    let mut next_part = u32::try_from(exchange.graph.part.len()).unwrap_or(EVERY);
    while let Some(units) = parts.pop() {
        if units.len() < 2 {
            continue;
        }
        let total = units.iter().map(|&unit| unserved[unit]).sum();
        let weights: Vec<u64> = units.iter().map(|&unit| homes.reached[unit]).collect();
        let mut needed = 0;
        for (&unit, even) in units.iter().zip(even_shares(total, &weights)) {
            let (more, fewer) = (unserved[unit].saturating_sub(even), even.saturating_sub(unserved[unit]));
            exchange.graph.room[exchange.from_source[unit]] = more;
            exchange.graph.room[exchange.to_sink[unit]] = fewer;
            needed += more;
        }
        let moved = exchange.graph.run(exchange.source, exchange.sink, Way::Along, needed);
        exchange.collect(&mut unserved);
        if moved < needed {
            let (above, below) = split(&mut exchange, &units, next_part);
            next_part += 1;
            parts.extend([below, above]);
        }
    }
    exchange.write(&mut optimum.plan);
}

/// Units by the parts of the graph that hang together, and the nodes marked with their part.
fn connected(exchange: &mut Exchange, units: usize) -> Vec<Vec<usize>> {
    let nodes = exchange.graph.part.len();
    let mut groups = Groups::new(nodes);
    for (from, to) in exchange.graph.arcs() {
        if exchange.graph.part[from] != EVERY && exchange.graph.part[to] != EVERY {
            groups.join(from, to);
        }
    }
    for node in 0..nodes {
        if exchange.graph.part[node] != EVERY {
            exchange.graph.part[node] = u32::try_from(groups.root(node)).unwrap_or(EVERY);
        }
    }
    let mut by_part: Vec<(u32, usize)> =
        (0..units).map(|unit| (exchange.graph.part[exchange.unit_node(unit)], unit)).collect();
    by_part.sort_unstable();
    by_part.chunk_by(|one, other| one.0 == other.0).map(|part| part.iter().map(|at| at.1).collect()).collect()
}

/// Moves what the source still reaches to a part of its own; the units there and the others.
fn split(exchange: &mut Exchange, units: &[usize], part: u32) -> (Vec<usize>, Vec<usize>) {
    let reached = exchange.graph.reached().to_vec();
    for &node in &reached {
        if exchange.graph.part[node] != EVERY {
            exchange.graph.part[node] = part;
        }
    }
    let mut above: Vec<usize> = reached.into_iter().filter_map(|node| exchange.unit_at(node)).collect();
    above.sort_unstable();
    let below = units.iter().copied().filter(|unit| above.binary_search(unit).is_err()).collect();
    (above, below)
}

/// Whole shares of `total` that make `Σ u²/w` least: each further unit goes where `(2u + 1)/w` is least
/// (the method of Sainte-Laguë), to the earlier of several. The weights add up to at least `total`.
fn even_shares(total: u64, weights: &[u64]) -> Vec<u64> {
    let all: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    let quota = |&weight: &u64| u128::from(total) * u128::from(weight) / all.max(1);
    let mut shares: Vec<u64> =
        weights.iter().map(|weight| u64::try_from(quota(weight)).unwrap_or(total)).collect();
    let mut left = total - shares.iter().sum::<u64>();
    // the cost of one more, and what one fewer saves, as odd numbers over weights
    let less = |one: (u64, usize), other: (u64, usize)| {
        u128::from(one.0) * u128::from(weights[other.1]) < u128::from(other.0) * u128::from(weights[one.1])
    };
    loop {
        let open = (0..weights.len()).filter(|&at| weights[at] > 0);
        let more = |at: usize| (2 * shares[at] + 1, at);
        let Some(cheapest) =
            open.clone().map(more).reduce(|best, one| if less(one, best) { one } else { best })
        else {
            return shares;
        };
        if left > 0 {
            left -= 1;
            shares[cheapest.1] += 1;
            continue;
        }
        let fewer = |at: usize| (2 * shares[at] - 1, at);
        let given = open.filter(|&at| shares[at] > 0).map(fewer);
        let dearest = given.reduce(|best, one| if less(best, one) { one } else { best });
        match dearest {
            Some(dearest) if less(cheapest, dearest) => {
                shares[cheapest.1] += 1;
                shares[dearest.1] -= 1;
            }
            _ => return shares,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shares_follow_weights() {
        assert_eq!(even_shares(30, &[60, 40, 200]), [6, 4, 20]);
        // one person between two alike: the earlier; a unit of nobody gets nothing; 5/5 = 1/1
        assert_eq!(even_shares(1, &[5, 5]), [1, 0]);
        assert_eq!(even_shares(3, &[0, 5, 1]), [0, 3, 0]);
        assert_eq!(even_shares(4, &[0, 5, 1]), [0, 3, 1]);
        assert!(even_shares(0, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn no_exchange_of_one_person_is_more_even(
            weights in prop::collection::vec(0..60u64, 1..6), part in 0..=100u64,
        ) {
            let all: u64 = weights.iter().sum();
            let total = all * part / 100;
            let shares = even_shares(total, &weights);
            prop_assert_eq!(shares.iter().sum::<u64>(), total);
            for (one, other) in (0..weights.len()).flat_map(|a| (0..weights.len()).map(move |b| (a, b))) {
                prop_assert!(shares[one] <= weights[one]);
                if one != other && shares[one] > 0 && weights[other] > 0 {
                    // (u − 1)²/w + (v + 1)²/z ≥ u²/w + v²/z
                    let (saved, added) = (2 * shares[one] - 1, 2 * shares[other] + 1);
                    prop_assert!(added * weights[one] >= saved * weights[other]);
                }
            }
        }
    }
}
