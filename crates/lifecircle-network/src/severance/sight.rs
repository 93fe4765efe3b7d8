//! Which barriers the straight lines from one place cross.
//!
//! The pieces around a place are sorted into [`SECTORS`] directions from it, so that a line is tried against the few that
//! lie in its direction. A direction is the share of a turn by taxicab angle, which keeps the order of angles without
//! their functions; a piece lies in one sector more on either side, so that rounding cannot hide it.

use lifecircle_types::{BarrierKind, LonLat};
use rstar::AABB;

use crate::obstacle::{Barriers, TOUCH_M, plane, share_crossed};

const SECTORS: usize = 256;

/// Scratch of the lines from one place at a time.
#[derive(Debug)]
pub(super) struct Sight {
    eye: LonLat,
    in_water: bool,
    pieces: Vec<([f64; 2], [f64; 2], BarrierKind, u32)>,
    sectors: Vec<Vec<u32>>,
    crossed: Vec<u32>,
}

impl Sight {
    pub(super) fn new(eye: LonLat) -> Self {
        Self { eye, in_water: false, pieces: vec![], sectors: vec![vec![]; SECTORS], crossed: vec![] }
    }

    /// Looks around from `eye` as far as `radius_m`; water bars nothing where it is `in_water`.
    pub(super) fn look(&mut self, eye: LonLat, in_water: bool, radius_m: f64, barriers: &Barriers) {
        (self.eye, self.in_water) = (eye, in_water);
        self.pieces.clear();
        self.sectors.iter_mut().for_each(Vec::clear);
        let up = radius_m / 110_000.0;
        let across = up / libm::cos(eye.lat().to_radians()).max(1e-3);
        let [x, y] = plane(eye);
        let around = AABB::from_corners([x - across, y - up], [x + across, y + up]);
        for piece in barriers.pieces.locate_in_envelope_intersecting(&around) {
            let number = u32::try_from(self.pieces.len()).expect("an index of barriers counts with 32 bits");
            let (from, to) = (piece.geom().from, piece.geom().to);
            self.pieces.push((from, to, piece.data.0, piece.data.1));
            let (first, count) = sectors_of(direction([x, y], from), direction([x, y], to));
            for sector in first..first + count {
                self.sectors[sector % SECTORS].push(number);
            }
        }
    }

    /// The rows of the barriers between the place and `to`, in no order, maybe more than once.
    pub(super) fn between(&mut self, to: LonLat, in_water: bool) -> &[u32] {
        self.crossed.clear();
        let (a, b) = (plane(self.eye), plane(to));
        let length_m = self.eye.metres_to(to);
        if length_m > 2.0 * TOUCH_M && (b[0] - a[0]).abs() <= 180.0 {
            let touch = TOUCH_M / length_m;
            let without_water = in_water || self.in_water;
            for &piece in &self.sectors[sector(direction(a, b))] {
                let (c, d, kind, row) = self.pieces[piece as usize];
                let bars = !(without_water && kind == BarrierKind::Water);
                if bars
                    && let Some(share) = share_crossed(a, b, c, d)
                    && touch < share
                    && share < 1.0 - touch
                {
                    self.crossed.push(row);
                }
            }
        }
        &self.crossed
    }
}

/// Share of a turn, 0 to 1, at which `to` is seen from `eye`.
fn direction(eye: [f64; 2], to: [f64; 2]) -> f64 {
    let [x, y] = [to[0] - eye[0], to[1] - eye[1]];
    let along = x / (x.abs() + y.abs()).max(f64::MIN_POSITIVE);
    if y >= 0.0 { (1.0 - along) / 4.0 } else { (3.0 + along) / 4.0 }
}

fn sector(direction: f64) -> usize {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let sectors = SECTORS as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a direction is 0 to 1")]
    let sector = (direction * sectors) as usize;
    sector.min(SECTORS - 1)
}

/// The first sector of a piece whose ends lie in these directions, and how many it takes: those on the shorter way from
/// one to the other, or all where the piece passes so near that either way may be the shorter.
fn sectors_of(from: f64, to: f64) -> (usize, usize) {
    let ahead = (to - from).rem_euclid(1.0);
    if (ahead - 0.5).abs() < 0.01 {
        return (0, SECTORS);
    }
    let (first, last) = if ahead < 0.5 { (sector(from), sector(to)) } else { (sector(to), sector(from)) };
    let count = (last + SECTORS - first) % SECTORS + 1;
    ((first + SECTORS - 1) % SECTORS, (count + 2).min(SECTORS))
}
