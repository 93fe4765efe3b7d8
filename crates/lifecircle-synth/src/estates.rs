//! Estates and their buildings: walls, gates, inner footways, and where the dwellings stand.
//!
//! An estate outside the old town is a block less a strip of 9 m along its streets. Buildings stand in rows that face
//! south, each north of a footway; the footways of the rows are joined at both ends. A gate is a node of the wall and
//! of the footway from the street to the nearest row or joint, and nothing else passes the wall. Homes lie nearer to
//! their footway than to any street outside, so that whoever is linked to the nearest street is linked inside.
//!
//! In the old town an estate is a quarter of its cell, without a wall, and buildings stand in the corners of plots.

use core::ops::Range;

use geo_types::Coord;

use crate::draws::{Draws, Purpose, apportion, count, whole};
use crate::layout::{Block, BlockUse, EAST, EstateKind, Lanes, Layout, NORTH, SOUTH, WEST};
use crate::plan::{Cell, Patch, Plan, area_m2};
use crate::streets::{Map, MarkNodes};

#[derive(Clone, Debug)]
pub(crate) struct Estate {
    /// Its cell.
    pub(crate) cell: usize,
    pub(crate) code: String,
    pub(crate) kind: EstateKind,
    pub(crate) walled: bool,
    pub(crate) people: u64,
    pub(crate) gates: usize,
    /// Open ring in metres.
    pub(crate) outline: Vec<Coord<f64>>,
    pub(crate) entrances: Range<usize>,
}

/// Where the residents of a building, or of a part of it, go in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entrance {
    pub(crate) at: Coord<f64>,
    pub(crate) people: u64,
}

/// A building before its residents are known.
struct Slab {
    at: Coord<f64>,
    ring: [Coord<f64>; 4],
    length_m: f64,
}

impl Slab {
    /// Where entrance `k` of `number` is, side by side along the building.
    fn entrance(&self, k: usize, number: usize) -> Coord<f64> {
        self.at + (self.ring[1] - self.ring[0]) * (along(k, number) / 2.0)
    }
}

/// The middle of part `k` of `number` equal ones, from -1 to 1.
fn along(k: usize, number: usize) -> f64 {
    (2 * k + 1) as f64 / number as f64 - 1.0
}

/// From the middle of the street to the wall, and on to the inner footways.
const SETBACK_M: f64 = 9.0;
const VERGE_M: f64 = 10.0;
/// From a footway to the middle of the buildings north of it.
const DOOR_M: f64 = 11.0;
const DEPTH_M: f64 = 12.0;
/// From a footway to the doors of the buildings north of it.
const STEP_M: f64 = DOOR_M - DEPTH_M / 2.0;
/// Length of building that one staircase takes, and people on a full floor of it.
const STAIRCASE_M: f64 = 17.0;
const PEOPLE_PER_FLOOR: f64 = 4.7;

impl EstateKind {
    /// Metres from row to row, and of building and gap along a row.
    const fn rows(self) -> (f64, f64, f64) {
        match self {
            Self::New => (46.0, 30.0, 18.0),
            Self::Rental => (32.0, 36.0, 10.0),
            Self::Commodity => (34.0, 36.0, 12.0),
            Self::OldLane | Self::WorkUnit => (28.0, 36.0, 8.0),
            Self::Village => (26.0, 18.0, 10.0),
        }
    }

    /// How an estate of the kind is named.
    pub(crate) const fn ending(self) -> (&'static str, &'static str) {
        match self {
            Self::OldLane => ("里", " Lane"),
            Self::WorkUnit => ("大院", " Compound"),
            Self::Commodity => ("花园", " Garden"),
            Self::New => ("新城", " New Town"),
            Self::Rental => ("公寓", " Apartments"),
            Self::Village => ("村", " Village"),
        }
    }
}

/// Homes of a cell: builds its estates and places its residents.
pub(crate) struct Homes<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) map: &'a mut Map,
    pub(crate) estates: &'a mut Vec<Estate>,
    pub(crate) entrances: &'a mut Vec<Entrance>,
}

impl Homes<'_> {
    /// Builds everything inside cell number `at`, the streets aside.
    pub(crate) fn build(&mut self, at: usize, patch: &Patch, layout: &Layout, nodes: &MarkNodes) {
        let plan = self.plan;
        let cell = &plan.cells[at];
        for block in &layout.blocks {
            match block.usage {
                BlockUse::School => self.school(patch, block, nodes),
                BlockUse::Green => self.green(patch, block, nodes),
                BlockUse::Estate { .. } | BlockUse::Other => {}
            }
        }
        if !cell.land.is_lived_in() {
            return;
        }
        let sites: Vec<(EstateKind, bool, Vec<Coord<f64>>)> = match &layout.lanes {
            Some(lanes) => quarters(lanes)
                .map(|quarter| (EstateKind::OldLane, false, lane_outline(patch, lanes, quarter)))
                .collect(),
            None => homes(layout)
                .map(|(block, kind, walled)| (kind, walled, patch.outline(wall(patch, block))))
                .collect(),
        };
        let room =
            |site: &(EstateKind, bool, Vec<Coord<f64>>)| whole(area_m2(&site.2) * site.0.density()).max(1);
        let people = apportion(cell.people, sites.iter().map(room).collect::<Vec<_>>().into_iter());
        let code = cell.code.clone().unwrap_or_default();
        let mut chance = Draws::new(plan.options.seed, Purpose::Houses, at);
        let mut doors = Draws::new(plan.options.seed, Purpose::Doors, at);
        for (number, ((kind, walled, outline), people)) in sites.into_iter().zip(people).enumerate() {
            let (slabs, gates) = match &layout.lanes {
                Some(lanes) => {
                    let quarter = quarters(lanes).nth(number).unwrap_or_default();
                    (plots(patch, lanes, quarter, &mut chance), 0)
                }
                None => {
                    let block = homes(layout).nth(number).map_or(&layout.blocks[0], |home| home.0);
                    (self.estate(patch, block, kind, walled, nodes, &mut doors), block.gates.len())
                }
            };
            if !walled {
                self.map.area(plan, &outline, &[("landuse", "residential")]);
            }
            let first = self.entrances.len();
            self.house(cell, kind, people, &slabs, &mut chance);
            let entrances = first..self.entrances.len();
            let code = format!("{code}e{:02}", number + 1);
            self.estates.push(Estate { cell: at, code, kind, walled, people, gates, outline, entrances });
        }
    }

    /// Shares the residents of an estate among its buildings and draws these.
    fn house(&mut self, cell: &Cell, kind: EstateKind, people: u64, slabs: &[Slab], chance: &mut Draws) {
        let uneven = if self.plan.options.irregularity > 0.0 { 0.25 } else { 0.0 };
        let weights: Vec<u64> = slabs
            .iter()
            .map(|slab| whole(100.0 * slab.length_m * (1.0 + uneven * chance.around())).max(1))
            .collect();
        debug_assert!(!slabs.is_empty(), "cell {} {} has a home without buildings", cell.column, cell.row);
        for (slab, people) in slabs.iter().zip(apportion(people, weights.iter().copied())) {
            let floor = (slab.length_m / STAIRCASE_M).max(1.0) * PEOPLE_PER_FLOOR;
            let levels = count(people as f64 / floor + 0.99).clamp(1, 33).to_string();
            let usage = if kind == EstateKind::Village { "house" } else { "apartments" };
            self.map.area(self.plan, &slab.ring, &[("building", usage), ("building:levels", &levels)]);
            let number = usize::from(self.plan.options.entrances);
            let shares = apportion(people, (0..number).map(|_| 1));
            for (k, people) in shares.into_iter().enumerate() {
                self.entrances.push(Entrance { at: slab.entrance(k, number), people });
            }
        }
    }

    /// Walls, gates and footways of an estate; returns where its buildings stand.
    fn estate(
        &mut self,
        patch: &Patch,
        block: &Block,
        kind: EstateKind,
        walled: bool,
        nodes: &MarkNodes,
        doors: &mut Draws,
    ) -> Vec<Slab> {
        let plan = self.plan;
        let (width, height) = patch.size();
        let (u0, v0, u1, v1) = wall(patch, block);
        let inner = |low: f64, high: f64, verge: f64| (low + verge).min(f64::midpoint(low, high));
        let (west, east) = (inner(u0, u1, VERGE_M / width), u1 - (inner(u0, u1, VERGE_M / width) - u0));
        let (pitch, length_m, gap_m) = kind.rows();
        let low = inner(v0, v1, VERGE_M / height);
        let high = (v1 - (DOOR_M + DEPTH_M) / height).max(low);
        let rows = 1 + count((high - low) * height / pitch);
        let row_at = |row: usize| low + (high - low) * (row as f64 / (rows - 1).max(1) as f64);
        let long = (east - west) * width;
        let in_row = count((long + gap_m) / (length_m + gap_m)).max(1);
        let share = (east - west) / in_row as f64;
        let half = (length_m.min(long) / 2.0 / width, DEPTH_M / 2.0 / height);
        let slab_at = |k: usize| west + share * (k as f64 + 0.5);
        // a footway through the gaps in the middle, where it shortens the way around
        let middle = west + share * (in_row / 2) as f64;
        let mut through = vec![];

        // where something joins a footway: rows by u, the two spines by v
        let mut south = vec![];
        let mut north = vec![];
        let mut spines = [vec![], vec![]];
        let mut wall_nodes: [Vec<(f64, i64)>; 4] = Default::default();
        for gate in &block.gates {
            let street = nodes[gate.mark.0][gate.mark.1];
            let (wall_at, joint_at) = match gate.side {
                SOUTH => ((gate.at, v0), (gate.at.clamp(west, east), low)),
                NORTH => ((gate.at, v1), (gate.at.clamp(west, east), row_at(rows - 1))),
                WEST => ((u0, gate.at), (west, gate.at.clamp(low, row_at(rows - 1)))),
                _ => ((u1, gate.at), (east, gate.at.clamp(low, row_at(rows - 1)))),
            };
            let tags: &[(&str, &str)] =
                if walled { &[("barrier", "gate"), ("access", "private")] } else { &[] };
            let gate_node = self.map.street_node(plan, patch.at(wall_at.0, wall_at.1), tags);
            let joint = self.map.street_node(plan, patch.at(joint_at.0, joint_at.1), &[]);
            self.map
                .street(vec![street, gate_node, joint], &[("highway", "service"), ("service", "driveway")]);
            match gate.side {
                SOUTH => south.push((joint_at.0, joint)),
                NORTH if rows > 1 => north.push((joint_at.0, joint)),
                NORTH => south.push((joint_at.0, joint)),
                WEST => spines[0].push((joint_at.1, joint)),
                _ => spines[1].push((joint_at.1, joint)),
            }
            let along = if gate.side < WEST { wall_at.0 } else { wall_at.1 };
            wall_nodes[gate.side].push((along, gate_node));
        }
        let mut slabs = Vec::new();
        for row in 0..rows {
            let v = row_at(row);
            let ends = [west, east].map(|u| self.map.street_node(plan, patch.at(u, v), &[]));
            let mut path = vec![(west, ends[0])];
            if row == 0 {
                path.append(&mut south);
            }
            if row + 1 == rows {
                path.append(&mut north);
            }
            path.push((east, ends[1]));
            if in_row >= 4 {
                let node = self.map.street_node(plan, patch.at(middle, v), &[]);
                path.push((middle, node));
                through.push((v, node));
            }
            if west < 0.5 && 0.5 < east {
                path.push((0.5, self.map.street_node(plan, patch.at(0.5, v), &[])));
            }
            let number = usize::from(plan.options.entrances);
            for door in (0..in_row * number).filter(|_| doors.chance(plan.options.door_ways)) {
                let aside = along(door % number, number) * half.0;
                let u = slab_at(door / number) + aside;
                let joint = self.map.street_node(plan, patch.at(u, v), &[]);
                let door = self.map.street_node(plan, patch.at(u, v + STEP_M / height), &[]);
                self.map.street(vec![joint, door], &[("highway", "footway")]);
                path.push((u, joint));
            }
            self.footway(path, "footway");
            for (spine, end) in spines.iter_mut().zip(ends) {
                spine.push((v, end));
            }
            let v = v + DOOR_M / height;
            for k in 0..in_row {
                let u = slab_at(k);
                let ring = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
                    .map(|(x, y)| patch.at(u + x * half.0, v + y * half.1));
                slabs.push(Slab { at: patch.at(u, v), ring, length_m: length_m.min(long) });
            }
        }
        for spine in spines {
            self.footway(spine, "service");
        }
        self.footway(through, "footway");
        if walled {
            self.wall(patch, (u0, v0, u1, v1), wall_nodes);
        }
        slabs
    }

    /// A footway through nodes in the order of their places.
    fn footway(&mut self, mut places: Vec<(f64, i64)>, class: &str) {
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.map.street(places.into_iter().map(|(_, node)| node).collect(), &[("highway", class)]);
    }

    /// A wall around a rectangle through its gates, and the land inside.
    fn wall(
        &mut self,
        patch: &Patch,
        (u0, v0, u1, v1): (f64, f64, f64, f64),
        mut gates: [Vec<(f64, i64)>; 4],
    ) {
        let plan = self.plan;
        for side in &mut gates {
            side.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let corners = [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]
            .map(|(u, v)| self.map.ground_node(plan, patch.at(u, v), &[]));
        let forth = |side: &Vec<(f64, i64)>| side.iter().map(|gate| gate.1).collect::<Vec<_>>();
        let back = |side: &Vec<(f64, i64)>| side.iter().rev().map(|gate| gate.1).collect::<Vec<_>>();
        let mut ring = vec![corners[0]];
        ring.extend(forth(&gates[SOUTH]));
        ring.push(corners[1]);
        ring.extend(forth(&gates[EAST]));
        ring.push(corners[2]);
        ring.extend(back(&gates[NORTH]));
        ring.push(corners[3]);
        ring.extend(back(&gates[WEST]));
        ring.push(corners[0]);
        self.map.ground_way(ring.clone(), &[("barrier", "wall")]);
        self.map.ground_way(ring, &[("landuse", "residential")]);
    }

    /// A walled schoolyard with one gate.
    fn school(&mut self, patch: &Patch, block: &Block, nodes: &MarkNodes) {
        let plan = self.plan;
        let (u0, v0, u1, v1) = wall(patch, block);
        let middle = self.map.street_node(plan, patch.at(f64::midpoint(u0, u1), f64::midpoint(v0, v1)), &[]);
        for gate in &block.gates {
            let street = nodes[gate.mark.0][gate.mark.1];
            let at = on_wall((u0, v0, u1, v1), gate.side, gate.at);
            let node = self.map.street_node(plan, patch.at(at.0, at.1), &[("barrier", "gate")]);
            self.map.street(vec![street, node, middle], &[("highway", "footway")]);
        }
        self.map.area(plan, &patch.outline((u0, v0, u1, v1)), &[("landuse", "education")]);
    }

    /// A park with ways from its entrances to the middle; the last of four has steps.
    fn green(&mut self, patch: &Patch, block: &Block, nodes: &MarkNodes) {
        let plan = self.plan;
        let rectangle = wall(patch, block);
        let (u0, v0, u1, v1) = rectangle;
        let middle = self.map.street_node(plan, patch.at(f64::midpoint(u0, u1), f64::midpoint(v0, v1)), &[]);
        for (number, gate) in block.gates.iter().enumerate() {
            let street = nodes[gate.mark.0][gate.mark.1];
            let at = on_wall(rectangle, gate.side, gate.at);
            let node = self.map.street_node(plan, patch.at(at.0, at.1), &[("entrance", "yes")]);
            self.map.street(vec![street, node], &[("highway", "footway")]);
            let class = if number == 3 { "steps" } else { "footway" };
            self.map.street(vec![node, middle], &[("highway", class)]);
        }
        self.map.area(plan, &patch.outline(rectangle), &[("leisure", "park")]);
    }
}

fn on_wall((u0, v0, u1, v1): (f64, f64, f64, f64), side: usize, at: f64) -> (f64, f64) {
    match side {
        SOUTH => (at, v0),
        NORTH => (at, v1),
        WEST => (u0, at),
        _ => (u1, at),
    }
}

/// The rectangle of a block inside its streets.
pub(crate) fn wall(patch: &Patch, block: &Block) -> (f64, f64, f64, f64) {
    let (width, height) = patch.size();
    let (u0, v0, u1, v1) = block.rectangle;
    (u0 + SETBACK_M / width, v0 + SETBACK_M / height, u1 - SETBACK_M / width, v1 - SETBACK_M / height)
}

fn homes(layout: &Layout) -> impl Iterator<Item = (&Block, EstateKind, bool)> {
    layout.blocks.iter().filter_map(|block| match block.usage {
        BlockUse::Estate { kind, walled } => Some((block, kind, walled)),
        _ => None,
    })
}

/// The four quarters of an old town, by the plots where they begin.
fn quarters(lanes: &Lanes) -> impl Iterator<Item = (usize, usize)> + use<> {
    let half = lanes.size / 2;
    [(0, 0), (half, 0), (0, half), (half, half)].into_iter()
}

fn lane_outline(patch: &Patch, lanes: &Lanes, (i0, j0): (usize, usize)) -> Vec<Coord<f64>> {
    let half = lanes.size / 2;
    let corner = |i: usize, j: usize| {
        let (u, v) = lanes.corner(i, j);
        patch.at(u, v)
    };
    let south = (0..half).map(|k| corner(i0 + k, j0));
    let east = (0..half).map(|k| corner(i0 + half, j0 + k));
    let north = (0..half).map(|k| corner(i0 + half - k, j0 + half));
    let west = (0..half).map(|k| corner(i0, j0 + half - k));
    south.chain(east).chain(north).chain(west).collect()
}

/// Point of a plot: `x` and `y` run from 0 to 1 between its corners.
pub(crate) fn in_plot(patch: &Patch, lanes: &Lanes, (i, j): (usize, usize), x: f64, y: f64) -> Coord<f64> {
    let corner = |i: usize, j: usize| {
        let (u, v) = lanes.corner(i, j);
        patch.at(u, v)
    };
    (corner(i, j) * (1.0 - x) + corner(i + 1, j) * x) * (1.0 - y)
        + (corner(i, j + 1) * (1.0 - x) + corner(i + 1, j + 1) * x) * y
}

/// Up to four buildings in every plot of a quarter; plots with a way across have two.
fn plots(patch: &Patch, lanes: &Lanes, (i0, j0): (usize, usize), chance: &mut Draws) -> Vec<Slab> {
    let half = lanes.size / 2;
    let mut slabs = Vec::new();
    for j in j0..j0 + half {
        for i in i0..i0 + half {
            let crossed = lanes.diagonals.contains(&(i, j));
            for (x, y) in [(0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)] {
                if crossed && (x < 0.5) == (y < 0.5) || !crossed && x > 0.5 && y > 0.5 && chance.chance(0.3) {
                    continue;
                }
                let ring = [(-0.15, -0.12), (0.15, -0.12), (0.15, 0.12), (-0.15, 0.12)]
                    .map(|(dx, dy)| in_plot(patch, lanes, (i, j), x + dx, y + dy));
                let length_m = libm::hypot(ring[1].x - ring[0].x, ring[1].y - ring[0].y);
                slabs.push(Slab { at: in_plot(patch, lanes, (i, j), x, y), ring, length_m });
            }
        }
    }
    slabs
}
