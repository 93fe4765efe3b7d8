//! Units of an earlier and a later year: which is which.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Area, BooleanOps, BoundingRect, Intersects, Rect};
use lifecircle_types::{UnitIx, UnitSet, word_enum};

word_enum! {
    /// By what two units are held to be the same.
    MatchedBy, "kind of match" {
        /// They have one code.
        Code = "code",
        /// They lie in one place.
        Overlap = "overlap",
    }
}

/// A unit that goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitPair {
    /// Its earlier code.
    pub earlier: String,
    /// Its later code.
    pub later: String,
    /// By what they are held to be the same.
    pub by: MatchedBy,
    /// The ground they share, as a part of the larger of the two; `None` where a boundary is not known.
    pub overlap: Option<f64>,
}

/// What became of units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitMatching {
    /// Units that go on, by their later codes.
    pub pairs: Vec<UnitPair>,
    /// Earlier units most of whose ground several later ones share, by code, with these.
    pub splits: Vec<(String, Vec<String>)>,
    /// Later units that took in most of several earlier ones, by code, with these.
    pub merges: Vec<(String, Vec<String>)>,
    /// Earlier units that do not go on, by code, those that were split or merged among them.
    pub gone: Vec<String>,
    /// Later units that nothing goes on in, by code.
    pub new: Vec<String>,
}

/// Finds the earlier unit of every later one.
///
/// Units of one kind and one code are the same. Of the others, two of a kind are the same when the ground that they
/// share is at least half of each. A later unit that has at least half of itself in an earlier one is a part of it: two
/// parts make a split; an earlier unit at least half of which lies in a later one was taken into it: two make a merge.
/// Takes a look at the box of every pair of units, and an intersection where boxes meet.
///
/// ```
/// # use lifecircle_population::match_units;
/// # use lifecircle_types::{Unit, UnitKind, UnitSet};
/// # use geo::{MultiPolygon, Rect};
/// let unit = |code: &str, from: f64, to: f64| {
///     let mut unit = Unit::new(code, UnitKind::Community);
///     unit.boundary = Some(MultiPolygon(vec![Rect::new((from, 0.0), (to, 1.0)).to_polygon()]));
///     unit
/// };
/// let earlier = UnitSet::new(vec![unit("a", 0.0, 2.0), unit("b", 2.0, 4.0)])?;
/// let later = UnitSet::new(vec![unit("x", 0.0, 1.0), unit("y", 1.0, 2.0), unit("z", 2.0, 3.8)])?;
/// let found = match_units(&earlier, &later);
/// assert_eq!((found.pairs[0].earlier.as_str(), found.pairs[0].later.as_str()), ("a", "x")); // a half each, the first
/// assert_eq!(found.pairs[1].later, "z");
/// assert_eq!(found.splits, [("a".to_string(), vec!["x".to_string(), "y".to_string()])]);
/// assert_eq!(found.new, ["y"]);
/// # Ok::<(), lifecircle_types::InvalidSet>(())
/// ```
#[must_use]
pub fn match_units(earlier: &UnitSet, later: &UnitSet) -> UnitMatching {
    let shared = shared_ground(earlier, later);
    let mut pairs: BTreeMap<UnitIx, (UnitIx, MatchedBy)> = BTreeMap::new();
    let mut taken: BTreeSet<UnitIx> = BTreeSet::new();
    for (new, unit) in later.iter() {
        if let Some(old) = earlier.find(&unit.code).filter(|&old| earlier[old].kind == unit.kind) {
            pairs.insert(new, (old, MatchedBy::Code));
            taken.insert(old);
        }
    }
    let mut closest: Vec<(&(UnitIx, UnitIx), &Shared)> =
        shared.iter().filter(|(_, shared)| shared.of_earlier >= 0.5 && shared.of_later >= 0.5).collect();
    // the largest part first; of equals the first codes
    closest.sort_by(|a, b| b.1.least().total_cmp(&a.1.least()).then_with(|| a.0.cmp(b.0)));
    for (&(old, new), _) in closest {
        if !taken.contains(&old) && !pairs.contains_key(&new) {
            pairs.insert(new, (old, MatchedBy::Overlap));
            taken.insert(old);
        }
    }
    let code = |units: &UnitSet, unit: UnitIx| units[unit].code.clone();
    let (mut parts, mut taken_in): (BTreeMap<UnitIx, Vec<UnitIx>>, BTreeMap<UnitIx, Vec<UnitIx>>) =
        Default::default();
    for (&(old, new), shared) in &shared {
        if shared.of_later >= 0.5 {
            parts.entry(old).or_default().push(new);
        }
        if shared.of_earlier >= 0.5 {
            taken_in.entry(new).or_default().push(old);
        }
    }
    let several = |found: BTreeMap<UnitIx, Vec<UnitIx>>, whole: &UnitSet, part: &UnitSet| {
        let found = found.into_iter().filter(|(_, parts)| parts.len() > 1);
        found
            .map(|(unit, parts)| {
                (code(whole, unit), parts.into_iter().map(|part_| code(part, part_)).collect())
            })
            .collect()
    };
    UnitMatching {
        splits: several(parts, earlier, later),
        merges: several(taken_in, later, earlier),
        gone: earlier
            .iter()
            .filter(|(old, _)| !taken.contains(old))
            .map(|(_, unit)| unit.code.clone())
            .collect(),
        new: later
            .iter()
            .filter(|(new, _)| !pairs.contains_key(new))
            .map(|(_, unit)| unit.code.clone())
            .collect(),
        pairs: pairs
            .into_iter()
            .map(|(new, (old, by))| UnitPair {
                earlier: code(earlier, old),
                later: code(later, new),
                by,
                overlap: shared.get(&(old, new)).map(Shared::least),
            })
            .collect(),
    }
}

/// Ground that two units share, as a part of each.
struct Shared {
    of_earlier: f64,
    of_later: f64,
}

impl Shared {
    fn least(&self) -> f64 {
        self.of_earlier.min(self.of_later)
    }
}

/// The ground that units of one kind share, by earlier and later unit. Areas stand in square degrees: only their ratios
/// count, and two units that meet lie at one latitude.
fn shared_ground(earlier: &UnitSet, later: &UnitSet) -> BTreeMap<(UnitIx, UnitIx), Shared> {
    let boxed = |units: &'_ UnitSet| -> Vec<(UnitIx, Rect<f64>)> {
        let boxes =
            units.iter().filter_map(|(ix, unit)| Some((ix, unit.boundary.as_ref()?.bounding_rect()?)));
        boxes.collect()
    };
    let mut earlier_boxes = boxed(earlier);
    earlier_boxes.sort_by(|a, b| a.1.min().x.total_cmp(&b.1.min().x));
    let mut shared = BTreeMap::new();
    for (new, bounds) in boxed(later) {
        let unit = &later[new];
        let near = earlier_boxes.iter().take_while(|(_, other)| other.min().x <= bounds.max().x);
        for &(old, _) in near.filter(|(_, other)| other.intersects(&bounds)) {
            if earlier[old].kind != unit.kind {
                continue;
            }
            let (Some(other), Some(boundary)) = (&earlier[old].boundary, &unit.boundary) else {
                continue;
            };
            let both = [other.unsigned_area(), boundary.unsigned_area()];
            if both.iter().any(|area| *area <= 0.0) || !other.intersects(boundary) {
                continue;
            }
            let common =
                if other == boundary { both[0] } else { other.intersection(boundary).unsigned_area() };
            shared.insert((old, new), Shared { of_earlier: common / both[0], of_later: common / both[1] });
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;
    use lifecircle_types::{Unit, UnitKind};
    use proptest::prelude::*;

    fn unit(code: &str, from: f64, to: f64) -> Unit {
        let mut unit = Unit::new(code, UnitKind::Community);
        unit.boundary = Some(MultiPolygon(vec![Rect::new((from, 0.0), (to, 1.0)).to_polygon()]));
        unit
    }

    fn set(units: &[Unit]) -> UnitSet {
        UnitSet::new(units.to_vec()).unwrap()
    }

    #[test]
    fn codes_come_first_then_ground() {
        let earlier =
            set(&[unit("a", 0.0, 1.0), unit("b", 1.0, 2.0), unit("c", 2.0, 3.0), unit("d", 3.0, 4.0)]);
        let mut moved = unit("d", 3.0, 4.0);
        moved.kind = UnitKind::Street;
        let later = set(&[unit("a", 1.0, 2.0), unit("bc", 1.0, 3.0), unit("e", 10.0, 11.0), moved]);
        let found = match_units(&earlier, &later);
        assert_eq!(found.pairs.len(), 2);
        assert_eq!(
            (found.pairs[0].by, found.pairs[0].overlap),
            (MatchedBy::Code, Some(0.0)),
            "a code is a name"
        );
        // `bc` holds all of `b` and of `c`, a half of itself each: the first goes on, and the merge is told
        assert_eq!((found.pairs[1].earlier.as_str(), found.pairs[1].later.as_str()), ("b", "bc"));
        assert_eq!(found.merges, [("bc".to_string(), vec!["b".to_string(), "c".to_string()])]);
        assert_eq!(found.gone, ["c", "d"]);
        assert_eq!(found.new, ["d", "e"], "a street is no community");
    }

    proptest! {
        /// Nobody is lost or counted twice, and to itself every unit goes on whole.
        #[test]
        fn every_unit_ends_in_one_list(cuts in prop::collection::vec(0.1..1.0_f64, 1..7), others in prop::collection::vec(0.1..1.0_f64, 1..7)) {
            let row = |cuts: &[f64], name: &str| {
                let mut at = 0.0;
                let units: Vec<Unit> = cuts.iter().enumerate().map(|(row, width)| {
                    at += width;
                    unit(&format!("{name}{row}"), at - width, at)
                }).collect();
                set(&units)
            };
            let (earlier, later) = (row(&cuts, "e"), row(&others, "l"));
            let found = match_units(&earlier, &later);
            prop_assert_eq!(found.pairs.len() + found.gone.len(), earlier.len());
            prop_assert_eq!(found.pairs.len() + found.new.len(), later.len());
            prop_assert!(found.pairs.iter().all(|pair| pair.overlap.is_some_and(|part| part >= 0.5 - 1e-9)));
            let back = match_units(&later, &earlier);
            prop_assert_eq!(back.pairs.len(), found.pairs.len());
            let same = match_units(&earlier, &row(&cuts, "l"));
            prop_assert!(same.gone.is_empty() && same.new.is_empty());
            prop_assert!(same.pairs.iter().all(|pair| (pair.overlap.unwrap() - 1.0).abs() < 1e-9));
        }
    }
}
