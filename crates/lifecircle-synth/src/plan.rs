//! The plan: a bent lattice of cells, what each is for, and the units they make up.
//!
//! Lines of a lattice run east-west and north-south; the strips between them are narrow at the centre (370 to 500 m,
//! by the size of the city) and up to 2.2 times as wide at the edge. Cells are taken in the order of their distance from the
//! centre until enough of them are lived in, so that every quarter of the city is a staircase and all of it hangs
//! together. A lived-in cell is a community of some 8,000 people.
//!
//! A river is a strip of its own between two rows, a railway one between two columns. Only bridges and crossings
//! lead over their cells.
//!
//! Corners are moved off the lattice and the streets between them are broken in the middle. Everything inside a cell
//! is laid out on the unit square and mapped by a Coons patch between its four sides: `u` runs east, `v` north, and
//! within each quarter of the square straight lines of constant `u` or `v` stay straight.
//!
//! | Unit | Cells |
//! |---|---|
//! | community | one that is lived in |
//! | block | 2 x 2 |
//! | street | 4 x 4; the halves south and north of the middle where a town has 6 to 12 communities |
//! | district | 12 x 12 |

use std::collections::BTreeMap;

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use lifecircle_types::{LocalFrame, LonLat, ZoneType};

use crate::draws::{Draws, Purpose, apportion, count, whole};
use crate::options::SynthOptions;

/// What a cell is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Land {
    OldTown,
    Estates,
    NewTown,
    Village,
    Park,
    Industry,
    Offices,
    Water,
    Track,
}

impl Land {
    pub(crate) const fn is_lived_in(self) -> bool {
        matches!(self, Self::OldTown | Self::Estates | Self::NewTown | Self::Village)
    }

    /// Whether it is a strip of river or railway.
    pub(crate) const fn is_barrier(self) -> bool {
        matches!(self, Self::Water | Self::Track)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) column: usize,
    pub(crate) row: usize,
    pub(crate) land: Land,
    /// Residents.
    pub(crate) people: u64,
    /// 0 at the centre, 1 at the edge.
    pub(crate) remoteness: f64,
    pub(crate) zone: ZoneType,
    /// Block, street and district: rows of their lists.
    pub(crate) lies_in: [usize; 3],
    /// Code of its community, where it is one.
    pub(crate) code: Option<String>,
}

/// A block, a street or a district.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) code: String,
    /// Code of the next larger unit.
    pub(crate) parent: String,
    /// Its cells, in the order of the plan.
    pub(crate) cells: Vec<usize>,
    pub(crate) people: u64,
    pub(crate) zone: ZoneType,
}

/// A strip between two lines.
#[derive(Clone, Copy, Debug)]
struct Strip {
    /// Number on squared paper, 0 just east or north of the centre; a barrier has that of the strip before it.
    number: i32,
    barrier: bool,
    width: f64,
}

/// How important a street is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Primary,
    Secondary,
    Tertiary,
}

/// Numbers of the lines that meet there.
type Corner = (usize, usize);

/// A side of cells: two straight pieces from its first corner, west or south, to its second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Curve([Coord<f64>; 3]);

impl Curve {
    /// The point at `t` from 0 to 1; the break lies at 0.5.
    pub(crate) fn at(&self, t: f64) -> Coord<f64> {
        let [a, m, b] = self.0;
        if t < 0.5 { a + (m - a) * (2.0 * t) } else { m + (b - m) * (2.0 * t - 1.0) }
    }

    pub(crate) fn length(&self) -> f64 {
        let [a, m, b] = self.0;
        libm::hypot(m.x - a.x, m.y - a.y) + libm::hypot(b.x - m.x, b.y - m.y)
    }
}

/// The map from the unit square to a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patch {
    south: Curve,
    north: Curve,
    west: Curve,
    east: Curve,
}

impl Patch {
    pub(crate) fn at(&self, u: f64, v: f64) -> Coord<f64> {
        let corners = (self.south.at(0.0) * (1.0 - u) + self.south.at(1.0) * u) * (1.0 - v)
            + (self.north.at(0.0) * (1.0 - u) + self.north.at(1.0) * u) * v;
        self.south.at(u) * (1.0 - v)
            + self.north.at(u) * v
            + self.west.at(v) * (1.0 - u)
            + self.east.at(v) * u
            - corners
    }

    /// Width and height in metres, the means of opposite sides.
    pub(crate) fn size(&self) -> (f64, f64) {
        (
            f64::midpoint(self.south.length(), self.north.length()),
            f64::midpoint(self.west.length(), self.east.length()),
        )
    }

    /// The outline of a rectangle of the unit square, counter-clockwise and open, with every point at which one of
    /// its sides breaks.
    pub(crate) fn outline(&self, (u0, v0, u1, v1): (f64, f64, f64, f64)) -> Vec<Coord<f64>> {
        let breaks = |from: f64, to: f64| if from < 0.5 && 0.5 < to { Some(0.5) } else { None };
        let (across, up) = (breaks(u0, u1), breaks(v0, v1));
        let mut ring = vec![self.at(u0, v0)];
        ring.extend(across.map(|u| self.at(u, v0)));
        ring.push(self.at(u1, v0));
        ring.extend(up.map(|v| self.at(u1, v)));
        ring.push(self.at(u1, v1));
        ring.extend(across.map(|u| self.at(u, v1)));
        ring.push(self.at(u0, v1));
        ring.extend(up.map(|v| self.at(u0, v)));
        ring
    }
}

/// Area inside a ring in square metres.
pub(crate) fn area_m2(ring: &[Coord<f64>]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let twice: f64 = ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    libm::fabs(twice) / 2.0
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) options: SynthOptions,
    frame: LocalFrame,
    columns: Vec<Strip>,
    rows: Vec<Strip>,
    /// Positions of lines.
    xs: Vec<f64>,
    ys: Vec<f64>,
    pub(crate) cells: Vec<Cell>,
    at: BTreeMap<(usize, usize), usize>,
    /// Lines with a bridge, of those that run north, and with a crossing, of those that run east.
    bridges: Vec<usize>,
    crossings: Vec<usize>,
    pub(crate) blocks: Vec<Group>,
    pub(crate) streets: Vec<Group>,
    pub(crate) districts: Vec<Group>,
}

/// Code of the city; in no register of places.
pub(crate) const CITY: &str = "5199";

/// People of a community, on average.
const COMMUNITY: u64 = 8000;
/// Residents from which a city has a river and a railway unless the options say otherwise.
const RIVER_FROM: u64 = 30_000;
const RAIL_FROM: u64 = 100_000;
const WATER_M: f64 = 160.0;
const TRACK_M: f64 = 60.0;
/// Share of cells that nobody lives in.
const NOT_LIVED_IN: f64 = 0.24;

impl Plan {
    pub(crate) fn new(options: &SynthOptions) -> Self {
        let seed = options.seed;
        let communities =
            options.communities.unwrap_or_else(|| (options.people + COMMUNITY / 2) / COMMUNITY).max(1);
        let wanted = usize::try_from(communities).unwrap_or(usize::MAX);
        let taken = take_cells(options, wanted);
        let farthest = taken.last().map_or(1.0, |cell| distance(cell.0, cell.1));
        let span = |axis: fn(&(i32, i32, Land)) -> i32| {
            let low = taken.iter().map(axis).min().unwrap_or(0);
            let high = taken.iter().map(axis).max().unwrap_or(0);
            (low, high)
        };
        let (across, up) = (span(|cell| cell.0), span(|cell| cell.1));
        let mut chance = Draws::new(seed, Purpose::Barriers, 0);
        let wants =
            |number: Option<u32>, from: u64| number.map_or(options.people >= from, |number| number > 0);
        let river =
            wants(options.bridges, RIVER_FROM).then(|| line_between(up, 0.0, 0.3, &mut chance)).flatten();
        let rail = wants(options.rail_crossings, RAIL_FROM)
            .then(|| line_between(across, 0.3, 0.6, &mut chance))
            .flatten();
        let columns = strips(across, rail.map(|line| (line, TRACK_M)), options, 1.0, 0);
        let rows = strips(up, river.map(|line| (line, WATER_M)), options, 0.9, 1);
        let (xs, ys) = (lines(&columns), lines(&rows));
        let mut plan = Self {
            options: *options,
            frame: LocalFrame::around(options.anchor),
            columns,
            rows,
            xs,
            ys,
            cells: vec![],
            at: BTreeMap::new(),
            bridges: vec![],
            crossings: vec![],
            blocks: vec![],
            streets: vec![],
            districts: vec![],
        };
        plan.place(&taken, farthest);
        plan.choose_crossings(&mut chance);
        plan.settle();
        plan.group();
        plan
    }

    /// Puts cells on the lattice, row by row, and barriers between them.
    fn place(&mut self, taken: &[(i32, i32, Land)], farthest: f64) {
        let land: BTreeMap<(i32, i32), Land> = taken.iter().map(|&(i, j, land)| ((i, j), land)).collect();
        let new_side = Draws::new(self.options.seed, Purpose::NewTowns, 0).row(4);
        for row in 0..self.rows.len() {
            for column in 0..self.columns.len() {
                let (over, along) = (self.columns[column], self.rows[row]);
                let (i, j) = (over.number, along.number);
                let known = |di: i32, dj: i32| land.contains_key(&(i + di, j + dj));
                let here = match (over.barrier, along.barrier) {
                    (false, false) => land.get(&(i, j)).copied(),
                    (false, true) => (known(0, 0) && known(0, 1)).then_some(Land::Water),
                    (true, false) => (known(0, 0) && known(1, 0)).then_some(Land::Track),
                    (true, true) => {
                        let around = known(0, 0) && known(0, 1) && known(1, 0) && known(1, 1);
                        around.then_some(Land::Water)
                    }
                };
                let Some(land) = here else { continue };
                let remoteness = distance(i, j) / farthest.max(1.0);
                self.at.insert((column, row), self.cells.len());
                self.cells.push(Cell {
                    column,
                    row,
                    land,
                    people: 0,
                    remoteness,
                    zone: zone(land, remoteness, (i, j), new_side, taken.len()),
                    lies_in: [0; 3],
                    code: None,
                });
            }
        }
    }

    /// Bridges and crossings evenly over the lines that can have one, and on both sides of the other barrier.
    fn choose_crossings(&mut self, chance: &mut Draws) {
        let track = self.columns.iter().position(|strip| strip.barrier);
        let water = self.rows.iter().position(|strip| strip.barrier);
        if let Some(row) = water {
            let can = |line: &usize| {
                self.at.contains_key(&(*line, row)) || *line > 0 && self.at.contains_key(&(*line - 1, row))
            };
            let lines: Vec<usize> = (0..=self.columns.len()).filter(can).collect();
            let (west, east) =
                lines.split_at(lines.partition_point(|&line| track.is_none_or(|track| line <= track)));
            let sides = [west.to_vec(), east.to_vec()];
            self.bridges = spread_over(&sides, self.options.bridges, 0.45, chance);
        }
        if let Some(column) = track {
            let can = |line: &usize| {
                self.at.contains_key(&(column, *line))
                    || *line > 0 && self.at.contains_key(&(column, *line - 1))
            };
            let lines: Vec<usize> = (0..=self.rows.len()).filter(can).collect();
            let (south, north) =
                lines.split_at(lines.partition_point(|&line| water.is_none_or(|water| line <= water)));
            let sides = [south.to_vec(), north.to_vec()];
            self.crossings = spread_over(&sides, self.options.rail_crossings, 0.55, chance);
        }
    }

    /// Gives every lived-in cell its residents.
    fn settle(&mut self) {
        let seed = self.options.seed;
        let irregular = self.options.irregularity > 0.0;
        let weights: Vec<u64> = self
            .cells
            .iter()
            .map(|cell| {
                let mut chance = Draws::new(seed, Purpose::Weight, cell.row << 16 | cell.column);
                match (cell.land.is_lived_in(), irregular) {
                    (false, _) => 0,
                    (true, false) => 1000,
                    (true, true) => whole(1060.0 - 120.0 * cell.remoteness + 70.0 * chance.around()),
                }
            })
            .collect();
        let people = apportion(self.options.people, weights.iter().copied());
        for (cell, people) in self.cells.iter_mut().zip(people) {
            cell.people = people;
        }
    }

    /// Makes blocks, streets and districts, numbered from south to north and from west to east.
    fn group(&mut self) {
        let communities = self.cells.iter().filter(|cell| cell.land.is_lived_in()).count();
        let is_town = (6..=12).contains(&communities);
        let keys: Vec<[(i32, i32); 3]> = self
            .cells
            .iter()
            .map(|cell| {
                let (i, j) = (self.columns[cell.column].number, self.rows[cell.row].number);
                let part = |number: i32, shift: i32, size: i32| (number + shift).div_euclid(size);
                let key = |shift, size| (part(j, shift, size), part(i, shift, size));
                let street = if is_town { (i32::from(j >= 0), 0) } else { key(2, 4) };
                [key(0, 2), street, key(6, 12)]
            })
            .collect();
        self.districts = self.groups(&keys, 2, |number, _| (format!("{CITY}{number:02}"), CITY.into()));
        let districts = self.districts.clone();
        self.streets = self.groups(&keys, 1, |number, cell: &Cell| {
            let district = &districts[cell.lies_in[2]].code;
            (format!("{district}{number:03}"), district.clone())
        });
        let streets = self.streets.clone();
        self.blocks = self.groups(&keys, 0, |number, cell: &Cell| {
            let street = &streets[cell.lies_in[1]].code;
            (format!("{street}b{number}"), street.clone())
        });
        let mut numbers = vec![0; self.streets.len()];
        for cell in &mut self.cells {
            if cell.land.is_lived_in() {
                let number = &mut numbers[cell.lies_in[1]];
                *number += 1;
                cell.code = Some(format!("{}{number:03}", self.streets[cell.lies_in[1]].code));
            }
        }
    }

    /// Groups of one level, numbered from 1 inside the next larger one.
    fn groups(
        &mut self,
        keys: &[[(i32, i32); 3]],
        level: usize,
        code: impl Fn(usize, &Cell) -> (String, String),
    ) -> Vec<Group> {
        let mut members: BTreeMap<(i32, i32), Vec<usize>> = BTreeMap::new();
        for (at, key) in keys.iter().enumerate() {
            members.entry(key[level]).or_default().push(at);
        }
        let mut numbers: BTreeMap<Option<(i32, i32)>, usize> = BTreeMap::new();
        let mut groups = Vec::with_capacity(members.len());
        for cells in members.into_values() {
            let number = numbers.entry(keys[cells[0]].get(level + 1).copied()).or_default();
            *number += 1;
            let (code, parent) = code(*number, &self.cells[cells[0]]);
            let count = |zone| {
                let inside =
                    |cell: &&usize| self.cells[**cell].land.is_lived_in() && self.cells[**cell].zone == zone;
                cells.iter().filter(inside).count()
            };
            let zones = [ZoneType::Urban, ZoneType::NewCity, ZoneType::Rural];
            let zone = zones.into_iter().rev().max_by_key(|&zone| count(zone)).unwrap_or(ZoneType::Urban);
            let people = cells.iter().map(|&cell| self.cells[cell].people).sum();
            for &cell in &cells {
                self.cells[cell].lies_in[level] = groups.len();
            }
            groups.push(Group { code, parent, cells, people, zone });
        }
        groups
    }

    /// A position on the earth, to seven decimals.
    pub(crate) fn position(&self, at: Coord<f64>) -> LonLat {
        self.frame.unproject(at).expect("the options keep cities off the poles and the date line").rounded()
    }

    pub(crate) fn column_count(&self) -> usize {
        self.columns.len()
    }

    pub(crate) fn row_count(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn cell_at(&self, column: Option<usize>, row: Option<usize>) -> Option<&Cell> {
        self.at.get(&(column?, row?)).map(|&at| &self.cells[at])
    }

    /// Where the lines `i` and `j` meet.
    pub(crate) fn corner(&self, i: usize, j: usize) -> Coord<f64> {
        let mut chance = Draws::new(self.options.seed, Purpose::Corner, j << 16 | i);
        let reach = 0.2 * self.options.irregularity;
        let (dx, dy) = (chance.around(), chance.around());
        Coord {
            x: self.xs[i] + dx * reach * narrowest(&self.columns, i),
            y: self.ys[j] + dy * reach * narrowest(&self.rows, j),
        }
    }

    /// The side along line `j` over column `i`.
    pub(crate) fn side_east(&self, i: usize, j: usize) -> Curve {
        self.curve(self.corner(i, j), self.corner(i + 1, j), (j << 16 | i) << 1)
    }

    /// The side along line `i` over row `j`.
    pub(crate) fn side_north(&self, i: usize, j: usize) -> Curve {
        self.curve(self.corner(i, j), self.corner(i, j + 1), (j << 16 | i) << 1 | 1)
    }

    fn curve(&self, a: Coord<f64>, b: Coord<f64>, part: usize) -> Curve {
        let bend =
            0.05 * self.options.irregularity * Draws::new(self.options.seed, Purpose::Edge, part).around();
        let middle = (a + b) / 2.0;
        let across = Coord { x: a.y - b.y, y: b.x - a.x };
        Curve([a, middle + across * bend, b])
    }

    pub(crate) fn patch(&self, column: usize, row: usize) -> Patch {
        Patch {
            south: self.side_east(column, row),
            north: self.side_east(column, row + 1),
            west: self.side_north(column, row),
            east: self.side_north(column + 1, row),
        }
    }

    /// The street along line `j` over column `i`, where there is one.
    pub(crate) fn street_east(&self, i: usize, j: usize) -> Option<Class> {
        let beside = [self.cell_at(Some(i), j.checked_sub(1)), self.cell_at(Some(i), Some(j))];
        let there = if self.columns[i].barrier {
            self.crossings.binary_search(&j).is_ok()
        } else {
            beside.into_iter().flatten().any(|cell| !cell.land.is_barrier())
        };
        there.then(|| class(line_number(&self.rows, j)))
    }

    /// The street along line `i` over row `j`, where there is one.
    pub(crate) fn street_north(&self, i: usize, j: usize) -> Option<Class> {
        let beside = [self.cell_at(i.checked_sub(1), Some(j)), self.cell_at(Some(i), Some(j))];
        let there = if self.rows[j].barrier {
            self.bridges.binary_search(&i).is_ok()
        } else {
            beside.into_iter().flatten().any(|cell| !cell.land.is_barrier())
        };
        there.then(|| class(line_number(&self.columns, i)))
    }

    pub(crate) fn is_barrier_column(&self, i: usize) -> bool {
        self.columns[i].barrier
    }

    pub(crate) fn is_barrier_row(&self, j: usize) -> bool {
        self.rows[j].barrier
    }

    /// Numbers of the lines on squared paper, for their names.
    pub(crate) fn line_numbers(&self, i: usize, j: usize) -> (i32, i32) {
        (line_number(&self.columns, i), line_number(&self.rows, j))
    }

    /// The area that cells cover.
    pub(crate) fn boundary(&self, cells: &[usize]) -> MultiPolygon<f64> {
        let inside: std::collections::BTreeSet<(usize, usize)> =
            cells.iter().map(|&cell| (self.cells[cell].column, self.cells[cell].row)).collect();
        // sides with a cell on their left and none on their right, by the corner where they start
        let mut sides: BTreeMap<Corner, (Corner, Curve, bool)> = BTreeMap::new();
        for &(i, j) in &inside {
            let free = |di: isize, dj: isize| {
                let beside = i.checked_add_signed(di).zip(j.checked_add_signed(dj));
                beside.is_none_or(|beside| !inside.contains(&beside))
            };
            if free(0, -1) {
                sides.insert((i, j), ((i + 1, j), self.side_east(i, j), true));
            }
            if free(1, 0) {
                sides.insert((i + 1, j), ((i + 1, j + 1), self.side_north(i + 1, j), true));
            }
            if free(0, 1) {
                sides.insert((i + 1, j + 1), ((i, j + 1), self.side_east(i, j + 1), false));
            }
            if free(-1, 0) {
                sides.insert((i, j + 1), ((i, j), self.side_north(i, j), false));
            }
        }
        let mut polygons = Vec::new();
        while let Some((&start, _)) = sides.first_key_value() {
            let mut ring = Vec::new();
            let mut corner = start;
            while let Some((next, curve, forth)) = sides.remove(&corner) {
                for t in if forth { [0.0, 0.5] } else { [1.0, 0.5] } {
                    ring.push(curve.at(t));
                }
                corner = next;
            }
            polygons.push(self.polygon(&ring));
        }
        MultiPolygon(polygons)
    }

    /// A polygon in degrees from an open ring in metres.
    pub(crate) fn polygon(&self, ring: &[Coord<f64>]) -> Polygon<f64> {
        let mut degrees: Vec<Coord<f64>> = ring
            .iter()
            .map(|&at| self.position(at))
            .map(|position| Coord { x: position.lon(), y: position.lat() })
            .collect();
        degrees.extend(degrees.first().copied());
        Polygon::new(LineString(degrees), vec![])
    }
}

/// Cells in the order of their distance from the centre, until `wanted` of them are lived in.
fn take_cells(options: &SynthOptions, wanted: usize) -> Vec<(i32, i32, Land)> {
    // a circle with room for twice the cells, and some for small cities
    let reach = 3 + i32::try_from(count((wanted as f64).sqrt())).unwrap_or(i32::MAX);
    let mut places: Vec<(i32, i32)> =
        (-reach..reach).flat_map(|j| (-reach..reach).map(move |i| (i, j))).collect();
    places.sort_by_key(|&(i, j)| ((2 * i + 1).pow(2) + (2 * j + 1).pow(2), j, i));
    let likely = (wanted as f64 / (1.0 - NOT_LIVED_IN) / core::f64::consts::PI).sqrt().max(1.0);
    let mut lived_in = 0;
    let mut taken = Vec::new();
    for (i, j) in places {
        if lived_in == wanted {
            break;
        }
        let part = usize::try_from((j + 4096) << 16 | (i + 4096)).unwrap_or(0);
        let mut chance = Draws::new(options.seed, Purpose::Land, part);
        let land = if options.irregularity > 0.0 {
            land(distance(i, j) / likely, &mut chance)
        } else {
            Land::Estates
        };
        lived_in += usize::from(land.is_lived_in());
        taken.push((i, j, land));
    }
    taken
}

fn distance(i: i32, j: i32) -> f64 {
    libm::hypot(f64::from(i) + 0.5, f64::from(j) + 0.5)
}

fn land(remoteness: f64, chance: &mut Draws) -> Land {
    // fewer at the centre
    if chance.chance(NOT_LIVED_IN - 0.1 * (0.7 - remoteness)) {
        return match chance.unit() {
            x if x < 0.3 => Land::Park,
            x if x < 0.3 + 0.45 * remoteness => Land::Industry,
            _ => Land::Offices,
        };
    }
    let x = chance.unit();
    let (old, new) = match remoteness {
        r if r < 0.4 => (0.45, 0.0),
        r if r < 0.75 => (0.1, 0.2),
        _ => (0.0, 0.45),
    };
    if x < old {
        Land::OldTown
    } else if x < old + new {
        Land::NewTown
    } else if remoteness > 0.93 && x > 0.75 {
        Land::Village
    } else {
        Land::Estates
    }
}

/// New towns lie on one side of a city, villages at the edge of a large one.
fn zone(land: Land, remoteness: f64, (i, j): (i32, i32), new_side: usize, cells: usize) -> ZoneType {
    let (x, y) = (2 * i + 1, 2 * j + 1);
    let ahead = [x, y, -x, -y][new_side];
    let aside = [y, x, y, x][new_side].abs();
    if cells >= 16 && remoteness > 0.6 && ahead > aside {
        ZoneType::NewCity
    } else if land == Land::Village || cells >= 60 && remoteness > 0.92 {
        ZoneType::Rural
    } else {
        ZoneType::Urban
    }
}

/// A line between strips `low` and `high`, between `near` and `far` of the way from the middle to the edge.
fn line_between((low, high): (i32, i32), near: f64, far: f64, chance: &mut Draws) -> Option<i32> {
    let half = f64::from(high - low + 1) / 2.0;
    let sign = chance.pick(&[-1.0, 1.0]);
    let offset = sign * chance.between(near, far) * half;
    #[expect(clippy::cast_possible_truncation, reason = "lines of a lattice are few")]
    let line = libm::round(offset) as i32;
    (low < high).then(|| line.clamp(low + 1, high))
}

fn strips(
    (low, high): (i32, i32),
    barrier: Option<(i32, f64)>,
    options: &SynthOptions,
    stretch: f64,
    axis: usize,
) -> Vec<Strip> {
    let narrow = (500.0 - 40.0 * libm::log10(options.people as f64 / 10_000.0)).clamp(360.0, 500.0);
    let half = (f64::from(high - low + 1) / 2.0).max(1.0);
    let mut strips = Vec::new();
    for number in low..=high {
        let part = usize::try_from((number + 4096) << 1).unwrap_or(0) | axis;
        let mut chance = Draws::new(options.seed, Purpose::Strip, part);
        let from_centre = libm::fabs(f64::from(number) + 0.5) - 0.5;
        let plain = narrow * (1.0 + 1.2 * from_centre / half) * stretch;
        let width = plain * (1.0 + 0.2 * options.irregularity * chance.around());
        strips.push(Strip { number, barrier: false, width });
        if let Some((line, width)) = barrier
            && line == number + 1
        {
            strips.push(Strip { number, barrier: true, width });
        }
    }
    strips
}

/// Positions of the lines around strips, 0 where strip 0 begins, or the last strip before it ends.
fn lines(strips: &[Strip]) -> Vec<f64> {
    let mut lines = vec![0.0];
    for strip in strips {
        lines.push(lines.last().copied().unwrap_or(0.0) + strip.width);
    }
    let centre = strips.iter().position(|strip| strip.number >= 0).unwrap_or(strips.len());
    let zero = lines[centre];
    lines.iter().map(|line| line - zero).collect()
}

fn narrowest(strips: &[Strip], line: usize) -> f64 {
    let before = line.checked_sub(1).map(|at| strips[at].width);
    let after = strips.get(line).map(|strip| strip.width);
    before.into_iter().chain(after).fold(f64::MAX, f64::min)
}

/// The number of a line on squared paper: that of the strip east or north of it.
fn line_number(strips: &[Strip], line: usize) -> i32 {
    match strips.get(line) {
        Some(strip) if strip.barrier => strip.number + 1,
        Some(strip) => strip.number,
        None => strips.last().map_or(0, |strip| strip.number + 1),
    }
}

/// Every fourth line bounds streets, every other one blocks.
const fn class(number: i32) -> Class {
    match number.rem_euclid(4) {
        2 => Class::Primary,
        0 => Class::Secondary,
        _ => Class::Tertiary,
    }
}

/// As many lines as wanted of each side in turn, evenly, at least one a side; ascending.
fn spread_over(sides: &[Vec<usize>], wanted: Option<u32>, usual: f64, chance: &mut Draws) -> Vec<usize> {
    let all: usize = sides.iter().map(Vec::len).sum();
    let wanted = wanted.map_or((usual * all as f64).max(3.0), f64::from);
    let mut chosen = Vec::new();
    for side in sides.iter().filter(|side| !side.is_empty()) {
        let share = wanted * side.len() as f64 / all as f64;
        let number = count(share + 0.5).clamp(1, side.len());
        let start = chance.unit();
        for k in 0..number {
            chosen.push(
                side[count((k as f64 + start) / number as f64 * side.len() as f64).min(side.len() - 1)],
            );
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communities_have_5000_to_12000_people_and_sum_to_the_city() {
        for people in [10_000, 11_999, 12_000, 19_999, 20_000, 60_000, 99_999, 1_000_000] {
            for seed in 0..20 {
                let plan = Plan::new(&SynthOptions { people, seed, ..SynthOptions::default() });
                assert_eq!(plan.cells.iter().map(|cell| cell.people).sum::<u64>(), people);
                for cell in plan.cells.iter().filter(|cell| cell.land.is_lived_in()) {
                    assert!((5000..=12_000).contains(&cell.people), "{people} {seed}: {}", cell.people);
                }
            }
        }
    }

    #[test]
    fn outlines_are_one_ring() {
        for seed in 0..10 {
            let plan = Plan::new(&SynthOptions { people: 700_000, seed, ..SynthOptions::default() });
            for group in plan.blocks.iter().chain(&plan.streets).chain(&plan.districts) {
                assert_eq!(plan.boundary(&group.cells).0.len(), 1, "{}", group.code);
            }
        }
    }
}
