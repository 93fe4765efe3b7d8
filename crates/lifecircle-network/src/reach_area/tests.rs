//! The outline on squared paper, then against the general union, then as laws.

use core::f64::consts::PI;

use geo::{Area, BooleanOps, Euclidean, Length, MultiPolygon, Validation, Winding};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::dissolve::stitched;
use super::stitch::canonical;
use super::union::united;
use super::*;

type Piece = [(f64, f64); 2];

fn frame() -> LocalFrame {
    LocalFrame::around(LonLat::new(8.5, 47.4).unwrap())
}

fn at((x, y): (f64, f64)) -> LonLat {
    frame().unproject(Coord { x, y }).unwrap()
}

fn lines(pieces: &[Piece]) -> Vec<Vec<LonLat>> {
    pieces.iter().map(|piece| piece.iter().map(|&corner| at(corner)).collect()).collect()
}

fn ground(pieces: &[Piece], metres: f64) -> MultiPolygon<f64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some metres")]
    let width = Millimetres::new((metres * 1000.0) as u32);
    ReachArea::beside(&lines(pieces), width).unwrap().area
}

/// Squared streets of `blocks` blocks each way.
fn town(blocks: u32, block: f64) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for row in 0..=blocks {
        for column in 0..blocks {
            let (row, from, to) =
                (f64::from(row) * block, f64::from(column) * block, f64::from(column + 1) * block);
            pieces.push([(from, row), (to, row)]);
            pieces.push([(row, from), (row, to)]);
        }
    }
    pieces
}

fn near(found: f64, expected: f64, share: f64) {
    assert!((found - expected).abs() <= share * expected, "{found} and not {expected}");
}

fn holes(ground: &MultiPolygon<f64>) -> usize {
    ground.0.iter().map(|polygon| polygon.interiors().len()).sum()
}

#[test]
fn blocks_deeper_than_the_ground_are_holes() {
    // 4 x 4 blocks of 100 m: inside of every block a square of 50 m, of 2 m, nothing
    for (width, hole) in [(25.0, 50.0), (49.0, 2.0), (50.0, 0.0), (75.0, 0.0)] {
        let ground = ground(&town(4, 100.0), width);
        let outer = (400.0 + 2.0 * width) * (400.0 + 2.0 * width) - (4.0 - PI) * width * width;
        assert_eq!((ground.0.len(), holes(&ground)), (1, if hole > 0.0 { 16 } else { 0 }), "{width} m");
        near(ground.unsigned_area(), outer - 16.0 * hole * hole, 1e-3);
        // a hole has four corners, and the outer ring a quarter of a circle at each of its four
        assert!(ground.0[0].interiors().iter().all(|hole| hole.0.len() == 5));
        let corners = ground.0[0].exterior().0.len();
        assert!((4 * 13..=4 * 15 + 1).contains(&corners), "{corners} corners");
    }
}

#[test]
fn sets_that_do_not_touch_are_polygons_of_their_own() {
    // a ring of streets, one piece inside of its hole, and one far away
    let mut pieces = town(1, 200.0);
    pieces.extend([[(90.0, 100.0), (110.0, 100.0)], [(900.0, 0.0), (950.0, 0.0)]]);
    let found = ground(&pieces, 20.0);
    assert_eq!((found.0.len(), holes(&found)), (3, 1));
    // of its first corner: the ring of streets, what lies in its hole, what lies beyond
    let areas: Vec<f64> = found.0.iter().map(Area::unsigned_area).collect();
    near(areas[0], 240.0 * 240.0 - (4.0 - PI) * 400.0 - 160.0 * 160.0, 1e-3);
    near(areas[1], 20.0 * 40.0 + PI * 400.0, 2e-3);
    near(areas[2], 50.0 * 40.0 + PI * 400.0, 2e-3);
    // two pieces that just do not touch, and two that do
    for (gap, count) in [(40.01, 2), (40.0, 1), (39.99, 1)] {
        let beside = [[(0.0, 0.0), (100.0, 0.0)], [(0.0, gap), (100.0, gap)]];
        assert_eq!(ground(&beside, 20.0).0.len(), count, "{gap} m apart");
    }
}

#[test]
fn what_is_said_twice_counts_once() {
    let band = |length: f64, width: f64| length * 2.0 * width + PI * width * width;
    let lone = [(0.0, 0.0), (100.0, 0.0)];
    let cases: [(&str, Vec<Piece>); 6] = [
        ("repeated and turned round", vec![lone, lone, [lone[1], lone[0]]]),
        ("overlapping on one line", vec![[(0.0, 0.0), (70.0, 0.0)], [(30.0, 0.0), (100.0, 0.0)]]),
        ("one inside the other", vec![lone, [(20.0, 0.0), (40.0, 0.0)]]),
        ("sharing one end", vec![lone, [(0.0, 0.0), (40.0, 0.0)]]),
        ("end to end", vec![[(0.0, 0.0), (50.0, 0.0)], [(50.0, 0.0), (100.0, 0.0)]]),
        ("in pieces of 10 cm", (0..1000).map(|n| [n, n + 1].map(|n| (f64::from(n) / 10.0, 0.0))).collect()),
    ];
    for (name, pieces) in cases {
        let found = ground(&pieces, 25.0);
        assert_eq!((found.0.len(), holes(&found)), (1, 0), "{name}");
        near(found.unsigned_area(), band(100.0, 25.0), 1e-3);
        assert!(
            found.0[0].exterior().0.len() <= 2 * 25 + 5,
            "{name}: {} corners",
            found.0[0].exterior().0.len()
        );
    }
}

#[test]
fn discs_join_where_they_meet() {
    let radius = Millimetres::from_metres(100);
    let disc = PI * 100.0 * 100.0;
    // two at a distance of r share 2 r² (π / 3 - √3 / 4)
    let shared = 2.0 * 100.0 * 100.0 * (PI / 3.0 - 3.0_f64.sqrt() / 4.0);
    let two = |apart: f64| ReachArea::around(&[at((0.0, 0.0)), at((apart, 0.0))], radius).unwrap().area;
    near(two(100.0).unsigned_area(), 2.0 * disc - shared, 3e-3);
    near(two(0.0).unsigned_area(), disc, 3e-3);
    assert_eq!([two(199.0).0.len(), two(201.0).0.len()], [1, 2]);
    // six around the seat of a seventh close a hole
    let six: Vec<LonLat> = (0..6)
        .map(|n| (libm::sin(f64::from(n) * PI / 3.0), libm::cos(f64::from(n) * PI / 3.0)))
        .map(|(x, y)| at((x * 190.0, y * 190.0)))
        .collect();
    assert_eq!(holes(&ReachArea::around(&six, radius).unwrap().area), 1);
}

#[test]
fn the_general_union_comes_in_the_same_form() {
    // turned a little, so that every ring has one most western corner
    let pieces: Vec<Piece> =
        town(2, 100.0).into_iter().map(|piece| piece.map(|(x, y)| (x + 0.2 * y, y - 0.2 * x))).collect();
    let corners = lines(&pieces);
    let (nodes, pairs) = network(frame(), corners.iter().map(|line| [line[0], line[1]]));
    let (found, _) = stitched(&nodes, pairs.clone(), 25.0);
    let (found, other) = (canonical(found), canonical(united(&nodes, &pairs, 25.0)));
    assert_eq!((other.0.len(), holes(&other)), (1, 4));
    near(other.unsigned_area(), found.unsigned_area(), 1e-4);
    assert!(other.0[0].exterior().is_ccw() && other.0[0].interiors().iter().all(Winding::is_cw));
    // hole by hole, the same first corner; the chords of the outer arcs are others
    for (a, b) in found.0[0].interiors().iter().zip(other.0[0].interiors()) {
        let apart = a.0[0] - b.0[0];
        assert!(apart.x.abs() + apart.y.abs() < 0.01, "{a:?} {b:?}");
    }
    for ring in core::iter::once(other.0[0].exterior()).chain(other.0[0].interiors()) {
        assert!(ring.0.iter().all(|corner| ring.0[0].x <= corner.x));
    }
}

/// Pieces on paper of 5 m and beside it: common nodes, crossings without nodes, parallels, overlaps, turns back.
fn drawn() -> impl Strategy<Value = Vec<Piece>> {
    let on_paper = (0..30_u8, 0..30_u8).prop_map(|(x, y)| (f64::from(x) * 5.0, f64::from(y) * 5.0));
    let anywhere = (0.0..150.0_f64, 0.0..150.0_f64);
    let place = prop_oneof![4 => on_paper.clone(), 1 => anywhere];
    let free = proptest::collection::vec((place.clone(), place), 1..25)
        .prop_map(|ends| ends.into_iter().map(|(from, to)| [from, to]).collect::<Vec<Piece>>());
    // a walk that turns by right angles or back, in steps of 1 cm to 40 m
    let steps = proptest::collection::vec(
        (0..4_u8, prop_oneof![Just(0.01), Just(1.0), Just(20.0), Just(40.0)]),
        1..25,
    );
    let walk = (on_paper, steps).prop_map(|(start, steps)| {
        let mut from = start;
        let mut pieces = Vec::new();
        for (turn, length) in steps {
            let (x, y) = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][usize::from(turn)];
            let to = (from.0 + x * length, from.1 + y * length);
            pieces.push([from, to]);
            from = to;
        }
        pieces
    });
    // the streets of a town, some of them missing, some with a parallel 1 m beside
    let streets = (1..5_u32, any::<u64>(), any::<u64>()).prop_map(|(blocks, kept, doubled)| {
        let mut pieces = Vec::new();
        for (n, piece) in town(blocks, 40.0).into_iter().enumerate() {
            if kept >> (n % 64) & 1 == 1 {
                pieces.push(piece);
            }
            if doubled >> (n % 64) & 1 == 1 {
                pieces.push(piece.map(|(x, y)| (x + 1.0, y + 1.0)));
            }
        }
        pieces
    });
    prop_oneof![free, walk, streets].prop_filter("streets", |pieces| pieces.iter().any(|[a, b]| a != b))
}

fn width() -> impl Strategy<Value = f64> {
    prop_oneof![Just(2.5), Just(5.0), Just(10.0), Just(20.0), Just(25.0), 0.5..60.0_f64]
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    /// The same ground as the general union draws, but for the chords of arcs and the nudges.
    #[test]
    fn the_outline_is_that_of_the_general_union(pieces in drawn(), width in width()) {
        let lines = lines(&pieces);
        let pairs = lines.iter().map(|line| [line[0], line[1]]).filter(|[from, to]| from != to);
        let (nodes, pairs) = network(frame(), pairs);
        let expected = MultiPolygon(united(&nodes, &pairs, width));
        let (found, open) = stitched(&nodes, pairs, width);
        prop_assert!(open.is_empty(), "{} axes are left over", open.len());
        let found = MultiPolygon(found);
        let around: f64 = found.0.iter().map(|polygon| {
            let rings = core::iter::once(polygon.exterior()).chain(polygon.interiors());
            rings.map(|ring| Euclidean.length(ring)).sum::<f64>()
        }).sum();
        // an arc may be drawn by other chords: by less than r (1 - cos 3.75°) at any place
        let astray = found.xor(&expected).unsigned_area();
        prop_assert!(astray < around * (0.0022 * width + 0.002), "{astray} m2 beside {around} m");
        let (area, all) = (found.unsigned_area(), expected.unsigned_area());
        prop_assert!((area - all).abs() < 1e-3 * all, "{area} and not {all}");
    }

    /// Outer rings run counter-clockwise, holes clockwise, and no ring touches itself or another.
    #[test]
    fn rings_are_sound(pieces in drawn(), width in width()) {
        let found = ground(&pieces, width);
        for polygon in &found.0 {
            prop_assert!(polygon.exterior().is_ccw());
            prop_assert!(polygon.interiors().iter().all(Winding::is_cw));
            prop_assert!(polygon.is_valid(), "{:?}", polygon.validation_errors());
        }
    }

    /// Pieces in any order and direction give the same bytes.
    #[test]
    fn order_and_direction_change_nothing(pieces in drawn(), width in width(), turned in any::<u32>()) {
        let mut other = pieces.clone();
        other.rotate_left(turned as usize % pieces.len());
        for (n, piece) in other.iter_mut().enumerate() {
            if turned >> (n % 32) & 1 == 1 {
                piece.reverse();
            }
        }
        prop_assert_eq!(ground(&pieces, width), ground(&other, width));
    }
}
