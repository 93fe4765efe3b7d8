//! What a cell is divided into, before anything is built: cuts and blocks, or the lanes of an old town.
//!
//! Coordinates are those of the unit square of the cell. Every place where something inside meets a street is a
//! *mark* on a line; the first four lines are the sides of the cell (south, north, west, east), the others its cuts.
//! Marks become nodes of the map when both cells beside a side have made theirs.

use crate::draws::{Draws, Purpose, count};
use crate::plan::{Cell, Land, Patch, Plan};

pub(crate) const SOUTH: usize = 0;
pub(crate) const NORTH: usize = 1;
pub(crate) const WEST: usize = 2;
pub(crate) const EAST: usize = 3;

/// What kind of housing an estate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EstateKind {
    /// Lanes of an old town.
    OldLane,
    /// Homes that a work unit built for its staff (单位大院).
    WorkUnit,
    /// Commodity housing of the years around 2005.
    Commodity,
    /// Towers of the last years.
    New,
    /// Rented homes of young workers.
    Rental,
    /// Houses of a village or market town.
    Village,
}

impl EstateKind {
    /// People on a square metre, relative to each other.
    pub(crate) const fn density(self) -> f64 {
        match self {
            Self::New | Self::Rental => 1.3,
            Self::Commodity => 1.1,
            Self::OldLane | Self::WorkUnit => 1.0,
            Self::Village => 0.7,
        }
    }
}

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockUse {
    Estate {
        kind: EstateKind,
        walled: bool,
    },
    School,
    Green,
    /// Offices, works: buildings without residents.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// Side of the block: south, north, west or east.
    pub(crate) side: usize,
    /// Where on that side, as `u` or `v`.
    pub(crate) at: f64,
    /// Line and number of its mark.
    pub(crate) mark: (usize, usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// West, south, east, north.
    pub(crate) rectangle: (f64, f64, f64, f64),
    /// Lines along its four sides.
    lines: [usize; 4],
    pub(crate) usage: BlockUse,
    pub(crate) gates: Vec<Gate>,
}

/// A street inside a cell.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    /// Whether it runs east, at constant `v`.
    pub(crate) runs_east: bool,
    /// The constant coordinate.
    pub(crate) at: f64,
    /// Line and number of the marks at its two ends.
    pub(crate) ends: [(usize, usize); 2],
    /// The other coordinate of its ends.
    pub(crate) span: [f64; 2],
}

/// Lanes of an old town: `size` x `size` plots between corners on a bent lattice.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    pub(crate) size: usize,
    /// Row by row from the south, each from the west.
    corners: Vec<(f64, f64)>,
    /// Whether the lane north of corner `(i, j)` is there; like the corners.
    north: Vec<bool>,
    /// Plots with a way across.
    pub(crate) diagonals: Vec<(usize, usize)>,
}

impl Lanes {
    pub(crate) fn corner(&self, i: usize, j: usize) -> (f64, f64) {
        self.corners[j * (self.size + 1) + i]
    }

    pub(crate) fn leads_north(&self, i: usize, j: usize) -> bool {
        self.north[j * (self.size + 1) + i]
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Marks per line: sides first, then cuts.
    pub(crate) marks: Vec<Vec<f64>>,
    pub(crate) cuts: Vec<Cut>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) lanes: Option<Lanes>,
}

impl Layout {
    pub(crate) fn new(plan: &Plan, cell: &Cell, patch: &Patch) -> Self {
        let mut chance = Draws::new(plan.options.seed, Purpose::Layout, cell.row << 16 | cell.column);
        let irregularity = plan.options.irregularity;
        let mut layout = Self { marks: vec![vec![]; 4], ..Self::default() };
        let (width, height) = patch.size();
        let pieces = |length: f64, target: f64| count(length / target + 0.5).max(1);
        match cell.land {
            Land::Water => {}
            Land::Track => {
                layout.mark(WEST, 0.5);
                layout.mark(EAST, 0.5);
            }
            Land::OldTown => layout.lay_lanes(2 * pieces(width, 170.0), irregularity, &mut chance),
            land => {
                let target = match land {
                    Land::Estates => 200.0,
                    Land::NewTown => 260.0,
                    Land::Village => 170.0,
                    Land::Industry => 300.0,
                    Land::Offices => 150.0,
                    _ => f64::MAX,
                };
                let (across, up) = (pieces(width, target), pieces(height, target));
                layout.cut(across, up, irregularity, &mut chance);
                layout.assign(cell, plan, &mut chance);
                layout.open_gates(patch, irregularity, &mut chance);
            }
        }
        layout
    }

    fn mark(&mut self, line: usize, at: f64) -> (usize, usize) {
        self.marks[line].push(at);
        (line, self.marks[line].len() - 1)
    }

    /// Full cuts into bands, and shorter ones that divide each band.
    fn cut(&mut self, across: usize, up: usize, irregularity: f64, chance: &mut Draws) {
        let bands_run_east = irregularity == 0.0 || chance.chance(0.5);
        let (bands, parts) = if bands_run_east { (up, across) } else { (across, up) };
        let (low_side, high_side) = if bands_run_east { (SOUTH, NORTH) } else { (WEST, EAST) };
        let (from_side, to_side) = if bands_run_east { (WEST, EAST) } else { (SOUTH, NORTH) };
        let band_lines: Vec<(usize, f64)> = (0..=bands)
            .map(|band| match band {
                0 => (low_side, 0.0),
                band if band == bands => (high_side, 1.0),
                band => {
                    let at = uneven(band, bands, irregularity, chance);
                    let ends = [self.mark(from_side, at), self.mark(to_side, at)];
                    (self.add_cut(bands_run_east, at, ends, [0.0, 1.0]), at)
                }
            })
            .collect();
        for pair in band_lines.windows(2) {
            let [(low_line, low), (high_line, high)] = [pair[0], pair[1]];
            let mut walls = vec![(from_side, 0.0)];
            for part in 1..parts {
                let at = uneven(part, parts, irregularity, chance);
                if !chance.chance(0.2 * irregularity) {
                    let ends = [self.mark(low_line, at), self.mark(high_line, at)];
                    walls.push((self.add_cut(!bands_run_east, at, ends, [low, high]), at));
                }
            }
            walls.push((to_side, 1.0));
            for side in walls.windows(2) {
                let [(from_line, from), (to_line, to)] = [side[0], side[1]];
                let (rectangle, lines) = if bands_run_east {
                    ((from, low, to, high), [low_line, high_line, from_line, to_line])
                } else {
                    ((low, from, high, to), [from_line, to_line, low_line, high_line])
                };
                self.blocks.push(Block { rectangle, lines, usage: BlockUse::Other, gates: vec![] });
            }
        }
    }

    fn add_cut(&mut self, runs_east: bool, at: f64, ends: [(usize, usize); 2], span: [f64; 2]) -> usize {
        self.cuts.push(Cut { runs_east, at, ends, span });
        self.marks.push(vec![]);
        self.marks.len() - 1
    }

    fn assign(&mut self, cell: &Cell, plan: &Plan, chance: &mut Draws) {
        let plain = plan.options.irregularity == 0.0;
        for block in &mut self.blocks {
            let x = chance.unit();
            let kind = match cell.land {
                Land::Park => {
                    block.usage = BlockUse::Green;
                    continue;
                }
                Land::Estates if plain || x < 0.5 => EstateKind::Commodity,
                Land::Estates if x < 0.9 - 0.3 * cell.remoteness => EstateKind::WorkUnit,
                Land::NewTown if x < 0.75 => EstateKind::New,
                Land::Estates | Land::NewTown => EstateKind::Rental,
                Land::Village => EstateKind::Village,
                _ => continue,
            };
            block.usage = BlockUse::Estate { kind, walled: chance.chance(plan.options.walled_share) };
        }
        if cell.land.is_lived_in() && self.blocks.len() >= 4 && !plain {
            let (school, green) = (chance.row(self.blocks.len()), chance.row(self.blocks.len()));
            if chance.chance(0.6) {
                self.blocks[school].usage = BlockUse::School;
            }
            if chance.chance(0.4) && green != school {
                self.blocks[green].usage = BlockUse::Green;
            }
        }
    }

    fn open_gates(&mut self, patch: &Patch, irregularity: f64, chance: &mut Draws) {
        for at in 0..self.blocks.len() {
            let block = self.blocks[at].clone();
            let (u0, v0, u1, v1) = block.rectangle;
            let (width, height) = patch.size();
            let long = (u1 - u0) * width + (v1 - v0) * height > 450.0;
            let number = match block.usage {
                BlockUse::Estate { walled: true, .. } if irregularity == 0.0 => 2,
                BlockUse::Estate { walled: true, .. } => {
                    1 + usize::from(chance.chance(0.75))
                        + usize::from(chance.chance(if long { 0.7 } else { 0.25 }))
                }
                BlockUse::School => 1,
                BlockUse::Estate { walled: false, .. } | BlockUse::Green => 4,
                BlockUse::Other => 0,
            };
            let mut sides = [SOUTH, NORTH, WEST, EAST];
            if irregularity > 0.0 {
                for last in (1..4).rev() {
                    sides.swap(last, chance.row(last + 1));
                }
            }
            for &side in &sides[..number] {
                let (low, high) = if side < WEST { (u0, u1) } else { (v0, v1) };
                let share = 0.5 + 0.25 * irregularity * chance.around();
                let along = low + (high - low) * share;
                let mark = self.mark(block.lines[side], along);
                self.blocks[at].gates.push(Gate { side, at: along, mark });
            }
        }
    }

    fn lay_lanes(&mut self, size: usize, irregularity: f64, chance: &mut Draws) {
        let part = |k: usize| k as f64 / size as f64;
        let mut corners = Vec::with_capacity((size + 1) * (size + 1));
        let mut north = Vec::with_capacity(corners.capacity());
        for j in 0..=size {
            for i in 0..=size {
                let reach = 0.3 * irregularity / size as f64;
                let (du, dv) = (reach * chance.around(), reach * chance.around());
                // sides break in their middle
                let moved = |k: usize, other: usize, by: f64| {
                    let fixed = k == 0 || k == size || 2 * k == size && (other == 0 || other == size);
                    part(k) + if fixed { 0.0 } else { by }
                };
                corners.push((moved(i, j, du), moved(j, i, dv)));
                let inner = i > 0 && i < size && j < size;
                north.push(inner && !chance.chance(0.3 * irregularity));
            }
        }
        let lanes = Lanes { size, corners, north, diagonals: vec![] };
        for k in 1..size {
            let (south, north) = (lanes.corner(k, 0).0, lanes.corner(k, size).0);
            let (west, east) = (lanes.corner(0, k).1, lanes.corner(size, k).1);
            for (side, at) in [(SOUTH, south), (NORTH, north), (WEST, west), (EAST, east)] {
                self.mark(side, at);
            }
        }
        let inner = (1..size - 1).flat_map(|j| (1..size - 1).map(move |i| (i, j)));
        let diagonals = inner.filter(|_| chance.chance(0.3 * irregularity)).collect();
        self.lanes = Some(Lanes { diagonals, ..lanes });
    }
}

/// Place `part` of `parts` equal ones, moved by up to a quarter of one.
fn uneven(part: usize, parts: usize, irregularity: f64, chance: &mut Draws) -> f64 {
    (part as f64 + 0.25 * irregularity * chance.around()) / parts as f64
}
