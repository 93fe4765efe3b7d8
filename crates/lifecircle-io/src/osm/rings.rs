//! Rings from the pieces of an outline: ways that come in any order and direction.
//!
//! A piece is a chain of node ids. Pieces are joined where their ends meet, smallest way id first; whenever the
//! chain comes back to an end it has passed, that loop is cut off as a ring, so rings that touch at a node stay
//! apart. The work is in `O(n log n)` of the number of pieces.

use std::collections::BTreeMap;

/// Rings put together from pieces.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rings {
    /// Closed chains of node ids; the last repeats the first.
    pub(super) closed: Vec<Vec<i64>>,
    /// Whether some pieces do not close.
    pub(super) open: bool,
}

/// Puts together `pieces`, given by ascending way id.
pub(super) fn assemble(pieces: &[&[i64]]) -> Rings {
    let mut rings = Rings::default();
    // unused pieces by end node, the smallest way last
    let mut ends: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut used = vec![false; pieces.len()];
    for (at, piece) in pieces.iter().enumerate().rev() {
        let (Some(&first), Some(&last)) = (piece.first(), piece.last()) else {
            continue;
        };
        if first == last {
            if piece.len() > 1 {
                rings.closed.push(piece.to_vec());
            }
            used[at] = true;
        } else {
            ends.entry(first).or_default().push(at);
            ends.entry(last).or_default().push(at);
        }
    }
    rings.closed.reverse();
    for start in 0..pieces.len() {
        if !used[start] {
            walk(start, pieces, &mut ends, &mut used, &mut rings);
        }
    }
    rings
}

/// Follows pieces from `start` until none is left to go on with.
fn walk(
    start: usize,
    pieces: &[&[i64]],
    ends: &mut BTreeMap<i64, Vec<usize>>,
    used: &mut [bool],
    rings: &mut Rings,
) {
    let Some(&first) = pieces[start].first() else {
        return;
    };
    // the chain so far, and where in it each passed end stands
    let mut chain = vec![first];
    let mut passed = BTreeMap::from([(first, 0_usize)]);
    let mut next = Some(start);
    while let Some(at) = next {
        used[at] = true;
        let piece = pieces[at];
        let here = chain.last().copied();
        if piece.first().copied() == here {
            chain.extend(piece.iter().skip(1));
        } else {
            chain.extend(piece.iter().rev().skip(1));
        }
        let Some(&end) = chain.last() else { return };
        if let Some(&from) = passed.get(&end) {
            rings.closed.push(chain[from..].to_vec());
            for node in &chain[from + 1..] {
                // only ends are known here; inner nodes of pieces are no places to join
                if *node != end && passed.get(node).is_some_and(|&at| at > from) {
                    passed.remove(node);
                }
            }
            chain.truncate(from + 1);
        } else {
            passed.insert(end, chain.len() - 1);
        }
        next = ends.get_mut(&end).and_then(|list| {
            while let Some(&at) = list.last() {
                if !used[at] {
                    return Some(at);
                }
                list.pop();
            }
            None
        });
    }
    if chain.len() > 1 {
        rings.open = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&[i64]], closed: &[&[i64]], open: bool) {
        let rings = assemble(pieces);
        let got: Vec<&[i64]> = rings.closed.iter().map(Vec::as_slice).collect();
        assert_eq!((got.as_slice(), rings.open), (closed, open), "{pieces:?}");
    }

    #[test]
    fn pieces_join_in_any_direction() {
        check(&[&[1, 2, 3, 1]], &[&[1, 2, 3, 1]], false);
        check(&[&[1, 2, 3], &[3, 4, 1]], &[&[1, 2, 3, 4, 1]], false);
        check(&[&[1, 2, 3], &[1, 4, 3]], &[&[1, 2, 3, 4, 1]], false);
        check(
            &[&[1, 2], &[5, 6], &[2, 3], &[7, 5], &[3, 1], &[6, 7]],
            &[&[1, 2, 3, 1], &[5, 6, 7, 5]],
            false,
        );
    }

    #[test]
    fn rings_that_touch_stay_apart() {
        // two triangles that share node 1
        check(&[&[1, 2, 3], &[3, 1], &[1, 4, 5], &[5, 1]], &[&[1, 2, 3, 1], &[1, 4, 5, 1]], false);
        // two triangles joined at 1, entered at 2: the loop 1-4-5-1 is cut off on the way
        check(&[&[2, 1], &[1, 4, 5], &[5, 1], &[1, 3, 2]], &[&[1, 4, 5, 1], &[2, 1, 3, 2]], false);
    }

    #[test]
    fn what_does_not_close_is_open() {
        check(&[&[1, 2], &[2, 3]], &[], true);
        check(&[&[1, 2, 3, 1], &[8, 9]], &[&[1, 2, 3, 1]], true);
        check(&[], &[], false);
        check(&[&[], &[1]], &[], false);
    }

    #[test]
    fn a_hundred_thousand_pieces_between_two_nodes_take_no_time() {
        let pieces: Vec<Vec<i64>> = (0..100_000).map(|n| vec![1, n + 10, 2]).collect();
        let pieces: Vec<&[i64]> = pieces.iter().map(Vec::as_slice).collect();
        assert_eq!(assemble(&pieces).closed.len(), 50_000);
    }
}
