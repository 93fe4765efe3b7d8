//! Nearest as the crow flies, for standards that state a radius.

use lifecircle_types::{LonLat, Millimetres};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::sphere::{Vector, chord_mm, vector};

/// How much shorter than its chord a rounded length can be, in millimetres.
const SLACK_MM: f64 = 1.0;

/// For every position of `from` the nearest of `to`: its owner and the great-circle length, rounded to the
/// millimetre; ties in whole millimetres go to the smaller owner.
///
/// `None` where there is no position, or nothing to be near to. An owner may have several positions. Takes
/// O(log n) a position.
///
/// ```
/// # use lifecircle_network::nearest_straight;
/// # use lifecircle_types::LonLat;
/// let at = |lon| LonLat::new(lon, 0.0);
/// let nearest = nearest_straight(&[Some(at(0.0)?), None], &[(7, at(0.002)?), (8, at(-0.001)?)]);
/// let (owner, length) = nearest[0].unwrap();
/// assert_eq!((owner, length.get()), (8, 111_195)); // a thousandth of a degree
/// assert_eq!(nearest[1], None);
/// # Ok::<(), lifecircle_types::InvalidLonLat>(())
/// ```
#[must_use]
pub fn nearest_straight(from: &[Option<LonLat>], to: &[(u32, LonLat)]) -> Vec<Option<(u32, Millimetres)>> {
    let tree = RTree::bulk_load(
        to.iter().map(|&target| GeomWithData::<Vector, _>::new(vector(target.1), target)).collect(),
    );
    from.iter()
        .map(|from| {
            let from = (*from)?;
            let mut best: Option<(Millimetres, u32)> = None;
            for (target, chord_2) in tree.nearest_neighbor_iter_with_distance_2(&vector(from)) {
                if best.is_some_and(|(length, _)| chord_mm(chord_2) > f64::from(length.get()) + SLACK_MM) {
                    break;
                }
                let (owner, position) = target.data;
                let found = (from.length_to(position), owner);
                best = Some(best.map_or(found, |best| best.min(found)));
            }
            best.map(|(length, owner)| (owner, length))
        })
        .collect()
}
/// All of `to` within `radius` (inclusive) of every position of `from`, by owner, each with its great-circle length,
/// rounded to the millimetre; of several positions of an owner the nearest counts. Takes O(log n + k) a position.
///
/// ```
/// # use lifecircle_network::straight_within;
/// # use lifecircle_types::{LonLat, Millimetres};
/// let at = |lon| LonLat::new(lon, 0.0);
/// let within = straight_within(&[Some(at(0.0)?)], &[(7, at(0.002)?), (8, at(-0.001)?)], Millimetres::from_metres(150));
/// assert_eq!(within, [[(8, Millimetres::new(111_195))]]);
/// # Ok::<(), lifecircle_types::InvalidLonLat>(())
/// ```
#[must_use]
pub fn straight_within(
    from: &[Option<LonLat>],
    to: &[(u32, LonLat)],
    radius: Millimetres,
) -> Vec<Vec<(u32, Millimetres)>> {
    let tree = RTree::bulk_load(
        to.iter().map(|&target| GeomWithData::<Vector, _>::new(vector(target.1), target)).collect(),
    );
    let one = |from: &Option<LonLat>| {
        let mut found: Vec<(u32, Millimetres)> = Vec::new();
        let Some(from) = *from else {
            return found;
        };
        for (target, chord_2) in tree.nearest_neighbor_iter_with_distance_2(&vector(from)) {
            if chord_mm(chord_2) > f64::from(radius.get()) + SLACK_MM {
                break;
            }
            let (owner, position) = target.data;
            let length = from.length_to(position);
            if length <= radius {
                found.push((owner, length));
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|entry| entry.0);
        found
    };
    from.iter().map(one).collect()
}
