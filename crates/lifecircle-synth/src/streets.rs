//! Streets: sides of cells, cuts through them, lanes of the old town; and the ground beside them.
//!
//! Nodes and ways are numbered from 1 in the order in which they are made: corners and sides first, then cell by
//! cell. Marks of the two cells beside a side that lie within 7 m of each other, of a corner or of the break in the
//! middle become one node.

use std::collections::BTreeMap;

use geo_types::Coord;
use lifecircle_types::{LonLat, StreetNode, StreetWay, Tags};

use crate::layout::{EAST, Layout, NORTH, SOUTH, WEST};
use crate::names;
use crate::plan::{Class, Land, Patch, Plan};

/// Marks nearer than this are one place.
const SAME_PLACE_M: f64 = 7.0;

/// Everything the map shows, in the making.
#[derive(Debug, Default)]
pub(crate) struct Map {
    /// Nodes that streets pass, and those that only other things have.
    pub(crate) street_nodes: Vec<StreetNode>,
    pub(crate) ground_nodes: Vec<StreetNode>,
    pub(crate) street_ways: Vec<StreetWay>,
    pub(crate) ground_ways: Vec<StreetWay>,
}

impl Map {
    fn next_node(&self) -> i64 {
        (self.street_nodes.len() + self.ground_nodes.len()) as i64 + 1
    }

    fn next_way(&self) -> i64 {
        (self.street_ways.len() + self.ground_ways.len()) as i64 + 1
    }

    pub(crate) fn street_node(&mut self, plan: &Plan, at: Coord<f64>, tags: &[(&str, &str)]) -> i64 {
        let id = self.next_node();
        let tags = Tags::new(tags.iter().copied());
        self.street_nodes.push(StreetNode { id, position: plan.position(at), tags });
        id
    }

    pub(crate) fn ground_node(&mut self, plan: &Plan, at: Coord<f64>, tags: &[(&str, &str)]) -> i64 {
        let id = self.next_node();
        let tags = Tags::new(tags.iter().copied());
        self.ground_nodes.push(StreetNode { id, position: plan.position(at), tags });
        id
    }

    /// Something with a position of its own.
    pub(crate) fn place(&mut self, position: LonLat, tags: Tags) {
        let id = self.next_node();
        self.ground_nodes.push(StreetNode { id, position, tags });
    }

    /// A street along `nodes`, of which repeated ones count once; nothing where fewer than two are left.
    pub(crate) fn street(&mut self, mut nodes: Vec<i64>, tags: &[(&str, &str)]) {
        nodes.dedup();
        if nodes.len() > 1 {
            let id = self.next_way();
            self.street_ways.push(StreetWay { id, nodes, tags: Tags::new(tags.iter().copied()) });
        }
    }

    pub(crate) fn ground_way(&mut self, nodes: Vec<i64>, tags: &[(&str, &str)]) {
        let id = self.next_way();
        self.ground_ways.push(StreetWay { id, nodes, tags: Tags::new(tags.iter().copied()) });
    }

    /// An area with a ring of its own.
    pub(crate) fn area(&mut self, plan: &Plan, ring: &[Coord<f64>], tags: &[(&str, &str)]) {
        let mut nodes: Vec<i64> = ring.iter().map(|&at| self.ground_node(plan, at, &[])).collect();
        nodes.extend(nodes.first().copied());
        self.ground_way(nodes, tags);
    }
}

/// Nodes of the marks of a cell, line by line as its layout has them.
pub(crate) type MarkNodes = Vec<Vec<i64>>;

/// Ids of the nodes at `ts` of a street between two nodes, and all ids in order.
fn node_street(
    map: &mut Map,
    plan: &Plan,
    curve: &dyn Fn(f64) -> Coord<f64>,
    length: f64,
    ends: [i64; 2],
    fixed_middle: bool,
    ts: &[f64],
) -> (Vec<i64>, Vec<i64>) {
    let near = SAME_PLACE_M / length.max(1.0);
    let mut order: Vec<(f64, Option<usize>)> = ts.iter().enumerate().map(|(k, &t)| (t, Some(k))).collect();
    if fixed_middle {
        order.push((0.5, None));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut along = vec![ends[0]];
    let mut of_marks = vec![0; ts.len()];
    let (mut last, mut last_id) = (0.0, ends[0]);
    for (t, mark) in order {
        let at_middle = fixed_middle && (t - 0.5).abs() < near;
        let place = if at_middle { 0.5 } else { t };
        let id = if 1.0 - place < near {
            ends[1]
        } else if place - last < near {
            last_id
        } else {
            let id = map.street_node(plan, curve(place), &[]);
            along.push(id);
            (last, last_id) = (place, id);
            id
        };
        if let Some(mark) = mark {
            of_marks[mark] = id;
        }
    }
    along.push(ends[1]);
    (of_marks, along)
}

const fn class_word(class: Class) -> &'static str {
    match class {
        Class::Primary => "primary",
        Class::Secondary => "secondary",
        Class::Tertiary => "tertiary",
    }
}

/// Builds the streets along all sides and returns the nodes of every cell's marks on them.
pub(crate) fn build_sides(plan: &Plan, layouts: &[Layout], map: &mut Map) -> Vec<MarkNodes> {
    let mut marks: Vec<MarkNodes> =
        layouts.iter().map(|layout| vec![vec![]; layout.marks.len().max(4)]).collect();
    let cells: BTreeMap<(usize, usize), usize> =
        plan.cells.iter().enumerate().map(|(at, cell)| ((cell.column, cell.row), at)).collect();
    let (columns, rows) = (plan.column_count(), plan.row_count());
    let mut corners: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for j in 0..=rows {
        for i in 0..=columns {
            let east = if i < columns { plan.street_east(i, j) } else { None };
            let north = if j < rows { plan.street_north(i, j) } else { None };
            for (class, runs_east) in [(east, true), (north, false)] {
                let Some(class) = class else { continue };
                let end = if runs_east { (i + 1, j) } else { (i, j + 1) };
                let ends = [(i, j), end].map(|(i, j)| {
                    *corners
                        .entry((i, j))
                        .or_insert_with(|| map.street_node(plan, plan.corner(i, j), junction(plan, i, j)))
                });
                let beside = if runs_east {
                    [(Some(i), j.checked_sub(1), NORTH), (Some(i), Some(j), SOUTH)]
                } else {
                    [(i.checked_sub(1), Some(j), EAST), (Some(i), Some(j), WEST)]
                };
                let beside: Vec<(usize, usize)> = beside
                    .into_iter()
                    .filter_map(|(column, row, side)| Some((*cells.get(&(column?, row?))?, side)))
                    .collect();
                let ts: Vec<f64> = beside
                    .iter()
                    .flat_map(|&(cell, side)| layouts[cell].marks.get(side).into_iter().flatten().copied())
                    .collect();
                let curve = if runs_east { plan.side_east(i, j) } else { plan.side_north(i, j) };
                let (of_marks, along) =
                    node_street(map, plan, &|t| curve.at(t), curve.length(), ends, true, &ts);
                let mut rest = of_marks.as_slice();
                for &(cell, side) in &beside {
                    let number = layouts[cell].marks.get(side).map_or(0, Vec::len);
                    let (own, other) = rest.split_at(number);
                    marks[cell][side] = own.to_vec();
                    rest = other;
                }
                let (across, up) = plan.line_numbers(i, j);
                let number = if runs_east { up } else { across };
                let (name, latin) = names::street(number, runs_east, class == Class::Primary);
                let over = if runs_east { plan.is_barrier_column(i) } else { plan.is_barrier_row(j) };
                let mut tags = vec![("highway", class_word(class)), ("name", &name), ("name:en", &latin)];
                if class != Class::Tertiary {
                    tags.push(("sidewalk", "both"));
                }
                if over {
                    tags.extend([("bridge", "yes"), ("layer", "1")]);
                }
                map.street(along, &tags);
            }
        }
    }
    marks
}

/// Signals where wide streets meet, marked crossings elsewhere.
fn junction(plan: &Plan, i: usize, j: usize) -> &'static [(&'static str, &'static str)] {
    let (across, up) = plan.line_numbers(i, j);
    if across.rem_euclid(2) == 0 && up.rem_euclid(2) == 0 {
        &[("highway", "crossing"), ("crossing", "traffic_signals")]
    } else {
        &[("highway", "crossing"), ("crossing", "marked")]
    }
}

/// Builds the cuts of a cell and returns the nodes of all its marks.
pub(crate) fn build_cuts(
    plan: &Plan,
    patch: &Patch,
    layout: &Layout,
    mut nodes: MarkNodes,
    name: &str,
    map: &mut Map,
) -> MarkNodes {
    let (width, height) = patch.size();
    // bands come first in the layout, and shorter cuts end on them
    for (number, cut) in layout.cuts.iter().enumerate() {
        let line = number + 4;
        let ends = cut.ends.map(|(line, mark)| nodes[line][mark]);
        let [from, to] = cut.span;
        let length = (to - from) * if cut.runs_east { width } else { height };
        let curve = |t: f64| {
            let along = from + (to - from) * t;
            if cut.runs_east { patch.at(along, cut.at) } else { patch.at(cut.at, along) }
        };
        let breaks = from < 0.5 && 0.5 < to;
        let mut ts: Vec<f64> = layout.marks[line].iter().map(|at| (at - from) / (to - from)).collect();
        if breaks {
            ts.push((0.5 - from) / (to - from));
        }
        let (mut of_marks, along) = node_street(map, plan, &curve, length, ends, false, &ts);
        of_marks.truncate(layout.marks[line].len());
        nodes[line] = of_marks;
        let name = format!("{name}{}巷", number + 1);
        map.street(along, &[("highway", "residential"), ("name", &name)]);
    }
    nodes
}

/// Builds the lanes of an old town.
pub(crate) fn build_lanes(plan: &Plan, patch: &Patch, layout: &Layout, nodes: &MarkNodes, map: &mut Map) {
    let Some(lanes) = &layout.lanes else { return };
    let size = lanes.size;
    let mut ids = vec![0; (size + 1) * (size + 1)];
    for j in 0..=size {
        for i in 0..=size {
            ids[j * (size + 1) + i] = match (i, j) {
                // corners of the cell are on no lane
                (i, j) if (i == 0 || i == size) && (j == 0 || j == size) => continue,
                (i, 0) => nodes[SOUTH][i - 1],
                (i, j) if j == size => nodes[NORTH][i - 1],
                (0, j) => nodes[WEST][j - 1],
                (i, j) if i == size => nodes[EAST][j - 1],
                (i, j) => {
                    let (u, v) = lanes.corner(i, j);
                    map.street_node(plan, patch.at(u, v), &[])
                }
            };
        }
    }
    let id = |i: usize, j: usize| ids[j * (size + 1) + i];
    for j in 1..size {
        let class = if 2 * j == size { "residential" } else { "living_street" };
        map.street((0..=size).map(|i| id(i, j)).collect(), &[("highway", class)]);
    }
    for i in 1..size {
        let mut run = Vec::new();
        for j in 0..=size {
            run.push(id(i, j));
            if j == size || !lanes.leads_north(i, j) {
                let class = if run.len() > size / 2 { "living_street" } else { "footway" };
                map.street(core::mem::take(&mut run), &[("highway", class)]);
            }
        }
    }
    for &(i, j) in &lanes.diagonals {
        map.street(vec![id(i, j), id(i + 1, j + 1)], &[("highway", "footway")]);
    }
}

/// Water and rails, with a stretch beyond the city at both ends, and the stairs of footbridges.
pub(crate) fn build_barriers(plan: &Plan, marks: &[MarkNodes], map: &mut Map) {
    build_water(plan, map);
    build_track(plan, map);
    footbridges(plan, marks, map);
}

fn build_water(plan: &Plan, map: &mut Map) {
    const BANK: f64 = 0.14;
    let Some(row) = (0..plan.row_count()).find(|&row| plan.is_barrier_row(row)) else { return };
    let (mut south, mut north, mut middle) = (vec![], vec![], vec![]);
    for i in 0..=plan.column_count() {
        let (a, b) = (plan.corner(i, row), plan.corner(i, row + 1));
        south.push(a + (b - a) * BANK);
        north.push(a + (b - a) * (1.0 - BANK));
        middle.push((a + b) / 2.0);
    }
    for side in [&mut south, &mut north, &mut middle] {
        let (first, last) = (side[0], side[side.len() - 1]);
        side.insert(0, Coord { x: first.x - 600.0, y: first.y });
        side.push(Coord { x: last.x + 600.0, y: last.y });
    }
    let ring: Vec<Coord<f64>> = south.into_iter().chain(north.into_iter().rev()).collect();
    map.area(plan, &ring, &[("natural", "water"), ("water", "river")]);
    let nodes = middle.into_iter().map(|at| map.ground_node(plan, at, &[])).collect();
    map.ground_way(nodes, &[("waterway", "river"), ("name", "清江"), ("name:en", "Qing River")]);
}

fn build_track(plan: &Plan, map: &mut Map) {
    let Some(column) = (0..plan.column_count()).find(|&column| plan.is_barrier_column(column)) else {
        return;
    };
    let mut middle: Vec<Coord<f64>> =
        (0..=plan.row_count()).map(|j| (plan.corner(column, j) + plan.corner(column + 1, j)) / 2.0).collect();
    let (first, last) = (middle[0], middle[middle.len() - 1]);
    middle.insert(0, Coord { x: first.x, y: first.y - 600.0 });
    middle.push(Coord { x: last.x, y: last.y + 600.0 });
    let nodes = middle.into_iter().map(|at| map.ground_node(plan, at, &[])).collect();
    map.ground_way(nodes, &[("railway", "rail"), ("gauge", "1435"), ("usage", "main")]);
}

/// Over every seventh cell of the railway, from the middle of its western side to that of its eastern one.
fn footbridges(plan: &Plan, marks: &[MarkNodes], map: &mut Map) {
    for (number, (cell, nodes)) in
        plan.cells.iter().zip(marks).filter(|(cell, _)| cell.land == Land::Track).enumerate()
    {
        let (Some(&west), Some(&east)) = (nodes[WEST].first(), nodes[EAST].first()) else { continue };
        if number % 7 != 3 {
            continue;
        }
        let patch = plan.patch(cell.column, cell.row);
        let [foot, top] = [0.25, 0.75].map(|u| map.street_node(plan, patch.at(u, 0.5), &[]));
        map.street(vec![west, foot], &[("highway", "steps"), ("layer", "1")]);
        map.street(vec![foot, top], &[("highway", "footway"), ("bridge", "yes"), ("layer", "1")]);
        map.street(vec![top, east], &[("highway", "steps"), ("layer", "1")]);
    }
}
