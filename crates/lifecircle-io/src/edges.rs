//! Streets from lists of edges: a row per edge, with the nodes at its ends.
//!
//! The course of an edge is its own geometry, or the straight line between its nodes; nodes have their positions
//! from a table of their own, or from the rows that start there. Walkers go both ways, so rows of one course are one
//! street, whichever way they run. Lengths are measured along the course, as of every street; a stated length is
//! kept as the tag `length` and compared.
//!
//! Streets are ordered by their lower and higher node, their course and their length, and numbered in that order
//! from 1; corners of a course inside a street get the ids -1, -2 and so on. The order of rows changes nothing.

use std::collections::BTreeMap;

use lifecircle_types::{
    Fate, Imported, Issues, LonLat, Severity, StreetNode, StreetRecords, StreetWay, Tags, reduce,
};

use crate::crs::{Crs, Remedy, located};
use crate::csv::Table;
use crate::error::{Error, Result};
use crate::rows::{Field, Header, Row, Rows, check_unique, no_rows, position_columns};

/// A stated length differs from the course when it is off by more than this share of it, and a metre.
const SAME_LENGTH: f64 = 0.05;
/// A course begins at its node when it does so within this many metres.
const AT_NODE_M: f64 = 1.0;

/// The columns of a list of edges; a column that is not named is found by its usual names.
///
/// | What | Usual names |
/// |---|---|
/// | ids of the nodes, whole numbers | `start_node`, `from_node`, `from`, `u`; `end_node`, `to_node`, `to`, `v` |
/// | position of the first node, where there is no table of nodes | `lon`, `xcoord`, `x`; `lat`, `ycoord`, `y` and the like |
/// | course, as a `LINESTRING` in WKT | `wkt`, `geometry` |
/// | length in metres | `length`, `length_m` |
/// | class and name, as in OpenStreetMap | `highway`; `name` |
///
/// A table of nodes has `node` (or `id`, `node_id`) and the columns of positions.
///
/// ```
/// # use lifecircle_io::EdgeColumns;
/// let columns = EdgeColumns::default().crs("epsg:32648".parse()?);
/// # Ok::<(), lifecircle_types::InvalidText>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EdgeColumns {
    /// Column of the first node.
    pub from: Option<String>,
    /// Column of the last node.
    pub to: Option<String>,
    /// Column of the length.
    pub length: Option<String>,
    /// Coordinate system of positions and courses; degrees on WGS 84 when `None`.
    pub crs: Option<Crs>,
}

impl EdgeColumns {
    /// Names the columns of the first and the last node.
    #[must_use]
    pub fn nodes(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        (self.from, self.to) = (Some(from.into()), Some(to.into()));
        self
    }

    /// Names the column of the length.
    #[must_use]
    pub fn length(mut self, column: impl Into<String>) -> Self {
        self.length = Some(column.into());
        self
    }

    /// Names the coordinate system of positions and courses.
    #[must_use]
    pub fn crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
    }
}

/// Where nodes are, each with the row that says so.
type Nodes = BTreeMap<i64, (LonLat, u64)>;

/// A row that may become a street.
struct Edge {
    /// Lower and higher node.
    ends: [i64; 2],
    /// Corners between the ends, from the lower node to the higher.
    corners: Vec<LonLat>,
    stated_m: Option<f64>,
    /// Whether the row starts at the higher node.
    backward: bool,
    highway: Option<String>,
    name: Option<String>,
}

/// Reads streets from a list of edges, with a table of their nodes (bytes and name) or without.
///
/// The fate counts rows of edges. The first row of a course is used, of rows with different lengths that of the
/// shortest; the others are rejected as the other direction or a parallel edge of the same course. A loop without a
/// course of its own and an edge whose node has no position are rejected. Noted are loops, parallel edges of
/// different courses, nodes without an edge, courses that begin away from their node (they are joined to it by a
/// straight line) and stated lengths that differ from the course by more than 5 % and a metre. Rows without a class
/// count as `highway=unclassified`, open to walkers; of several classes the first counts.
///
/// # Errors
/// What is wrong with a file as a whole or with one value of it, with file, row, field and remedy; two positions of
/// one node.
///
/// ```
/// # use lifecircle_io::{EdgeColumns, read_edges_csv};
/// let text = b"XCoord,YCoord,START_NODE,END_NODE,EDGE,LENGTH\n\
///     355664.99,3337756.51,1,2,1,1309.13\n355652.52,3339065.55,2,1,1,1309.13\n";
/// let columns = EdgeColumns::default().crs("epsg:32648".parse()?);
/// let read = read_edges_csv(text, "edges.csv", None, &columns)?;
/// assert_eq!(read.value.ways()[0].nodes, [1, 2]);
/// assert_eq!(read.fate.to_string(), "2 rows: 1 used, 0 moved, 1 rejected (1 other direction of a street)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_edges_csv(
    bytes: &[u8],
    name: &str,
    nodes: Option<(&[u8], &str)>,
    c: &EdgeColumns,
) -> Result<Imported<StreetRecords>> {
    let table = Table::new(bytes, name)?.located_in(c.crs);
    let mut issues = Issues::new();
    let nodes = match nodes {
        Some((bytes, name)) => nodes_of_table(&mut Table::new(bytes, name)?.located_in(c.crs))?,
        None => nodes_of_edges(bytes, name, c)?,
    };
    let mut fate = Fate::default();
    let mut edges = edges(table, &nodes, c, &mut fate, &mut issues)?;
    if fate.rows == 0 {
        return Err(no_rows(name));
    }
    edges.sort_by(|a, b| {
        let corners = |edge: &Edge| edge.corners.iter().map(|at| (at.lon(), at.lat())).collect::<Vec<_>>();
        let course = |a: &Edge, b: &Edge| {
            let (a, b) = (corners(a), corners(b));
            let each = a.iter().zip(&b).map(|(p, q)| p.0.total_cmp(&q.0).then(p.1.total_cmp(&q.1)));
            each.fold(core::cmp::Ordering::Equal, core::cmp::Ordering::then).then(a.len().cmp(&b.len()))
        };
        let metres = |edge: &Edge| edge.stated_m.unwrap_or(f64::INFINITY);
        (a.ends.cmp(&b.ends))
            .then_with(|| course(a, b))
            .then_with(|| metres(a).total_cmp(&metres(b)))
            .then(a.backward.cmp(&b.backward))
            .then_with(|| (&a.highway, &a.name).cmp(&(&b.highway, &b.name)))
    });
    let value = streets(&edges, &nodes, &mut fate, &mut issues);
    if value.ways().is_empty() {
        let remedy = "give edges between nodes that have positions";
        return Err(Error::Empty { file: name.into(), what: "edge that can be a street", remedy });
    }
    Ok(Imported { value, issues, fate })
}

fn nodes_of_table(table: &mut Table<'_>) -> Result<Nodes> {
    let header = Header::of(table);
    let file = header.file.to_owned();
    let id = header.need(None, &["node", "node_id", "id"], "add it with the ids that the edges name")?;
    let position = position_columns(table, None, None)?;
    let crs = table.crs();
    let mut nodes = Nodes::new();
    let mut rows: Vec<(String, u64)> = vec![];
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        let key = node_id(&row, &file, &id)?;
        if let Some((at, _)) = row.position(&file, position.as_ref(), crs)? {
            nodes.insert(key, (at, row.number));
        }
        rows.push((key.to_string(), row.number));
    }
    if rows.is_empty() {
        return Err(no_rows(&file));
    }
    check_unique(&file, &rows.iter().map(|(id, row)| (id.as_str(), *row)).collect::<Vec<_>>())?;
    Ok(nodes)
}

/// Nodes from the rows that start there.
fn nodes_of_edges(bytes: &[u8], name: &str, c: &EdgeColumns) -> Result<Nodes> {
    let mut table = Table::new(bytes, name)?.located_in(c.crs);
    let from = Header::of(&table).need(c.from.as_deref(), FROM, FROM_REMEDY)?;
    let position = position_columns(&table, None, None)?;
    let crs = table.crs();
    let mut nodes = Nodes::new();
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        let key = node_id(&row, name, &from)?;
        let Some((at, _)) = row.position(name, position.as_ref(), crs)? else { continue };
        let (known, first_row) = *nodes.entry(key).or_insert((at, row.number));
        if known != at {
            let remedy = format!(
                "give the node one position, it stands {:.1} m away in row {first_row}",
                known.metres_to(at)
            );
            return Err(row.bad(name, &from, &remedy));
        }
    }
    Ok(nodes)
}

const FROM: &[&str] = &["start_node", "from_node", "from", "u"];
const FROM_REMEDY: &str = "add it with the id of the node at which the edge starts";
const TO: &[&str] = &["end_node", "to_node", "to", "v"];

fn node_id(row: &Row, file: &str, field: &Field) -> Result<i64> {
    let id = row.text(field).and_then(|text| text.parse::<i64>().ok());
    // below zero are the corners of courses
    id.filter(|&id| id >= 0)
        .ok_or_else(|| row.bad(file, field, "write the id of a node, a whole number from 0"))
}

fn edges(
    mut table: Table<'_>,
    nodes: &Nodes,
    c: &EdgeColumns,
    fate: &mut Fate,
    issues: &mut Issues,
) -> Result<Vec<Edge>> {
    let header = Header::of(&table);
    let file = header.file.to_owned();
    let from = header.need(c.from.as_deref(), FROM, FROM_REMEDY)?;
    let to = header.need(c.to.as_deref(), TO, "add it with the id of the node at which the edge ends")?;
    let length = header.find(c.length.as_deref(), &["length", "length_m"])?;
    let course = header.find(None, &["wkt", "geometry"])?;
    let highway = header.find(None, &["highway"])?;
    let name = header.find(None, &["name"])?;
    let crs = table.crs();
    let mut edges = vec![];
    let mut row = Row::default();
    while table.next_row(&mut row)? {
        fate.rows += 1;
        let (start, end) = (node_id(&row, &file, &from)?, node_id(&row, &file, &to)?);
        let stated_m = match &length {
            Some(field) => row.amount(&file, field)?,
            None => None,
        };
        let mut corners = match course.as_ref().and_then(|field| Some((field, row.text(field)?))) {
            Some((field, text)) => line(text, crs).map_err(|remedy| row.bad(&file, field, &remedy))?,
            None => vec![],
        };
        let (Some(&(first, _)), Some(&(last, _))) = (nodes.get(&start), nodes.get(&end)) else {
            let missing = if nodes.contains_key(&start) { end } else { start };
            issues.push(
                Severity::Warning,
                "edge of a node without a position",
                format!("node {missing}"),
                "the edge was left out",
            );
            fate.reject("a node without a position");
            continue;
        };
        let mut apart = false;
        for (node, corner) in [(first, corners.first()), (last, corners.last())] {
            apart |= corner.is_some_and(|&corner| corner.metres_to(node) > AT_NODE_M);
        }
        if apart {
            issues.push(
                Severity::Note,
                "course that begins or ends away from its node",
                format!("edge {start}-{end}"),
                "it was joined to the node by a straight line",
            );
        } else if corners.len() >= 2 {
            // the nodes stand for the ends
            corners.pop();
            corners.remove(0);
        }
        if start == end && corners.len() < 2 {
            fate.reject("a loop without a course");
            continue;
        }
        let mut backward = end < start;
        if start == end {
            let key = |at: &LonLat| (at.lon(), at.lat());
            backward = corners.iter().rev().map(key).lt(corners.iter().map(key));
        }
        if backward {
            corners.reverse();
        }
        edges.push(Edge {
            ends: [start.min(end), start.max(end)],
            corners,
            stated_m,
            backward,
            highway: highway
                .as_ref()
                .and_then(|field| row.text(field))
                .map(|text| listed(text).swap_remove(0)),
            name: name.as_ref().and_then(|field| row.text(field)).map(|text| listed(text).join("; ")),
        });
    }
    Ok(edges)
}

/// Streets of sorted edges; what is left of them is accounted for.
fn streets(edges: &[Edge], nodes: &Nodes, fate: &mut Fate, issues: &mut Issues) -> StreetRecords {
    let (mut records, mut ways): (Vec<StreetNode>, Vec<StreetWay>) = (vec![], vec![]);
    let mut used: BTreeMap<i64, LonLat> = BTreeMap::new();
    let (mut corner, mut last): (i64, Option<&Edge>) = (0, None);
    for edge in edges {
        let [from, to] = edge.ends;
        let before = last.filter(|last| last.ends == edge.ends);
        if let Some(same) = before.filter(|last| last.corners == edge.corners) {
            fate.reject(if same.backward == edge.backward {
                "parallel edge of the same course"
            } else {
                "other direction of a street"
            });
            continue;
        }
        if before.is_some() {
            let subject = format!("edge {from}-{to}");
            issues.push(Severity::Note, "parallel edges of different courses", subject, "each is a street");
        }
        if from == to {
            let subject = format!("edge {from}-{to}");
            issues.push(Severity::Note, "loop", subject, "it comes back to its node");
        }
        last = Some(edge);
        fate.used += 1;
        let (start, end) = (nodes[&from].0, nodes[&to].0);
        used.extend([(from, start), (to, end)]);
        let mut ids = vec![from];
        for &position in &edge.corners {
            corner -= 1;
            ids.push(corner);
            records.push(StreetNode { id: corner, position, tags: Tags::default() });
        }
        ids.push(to);
        let id = i64::try_from(fate.used).unwrap_or(i64::MAX);
        ways.push(StreetWay { id, nodes: ids, tags: edge.tags() });
        if let Some(stated) = edge.stated_m {
            let course: Vec<LonLat> =
                core::iter::once(start).chain(edge.corners.iter().copied()).chain([end]).collect();
            let measured = reduce::sum(course.windows(2).map(|pair| pair[0].metres_to(pair[1])));
            if (stated - measured).abs() > (SAME_LENGTH * measured).max(1.0) {
                issues.push(
                    Severity::Warning,
                    "stated length differs from the course",
                    format!("edge {from}-{to}"),
                    format!("{stated:.0} m are stated, {measured:.0} m were taken"),
                );
            }
        }
    }
    for id in nodes.keys().filter(|id| !used.contains_key(id)) {
        issues.push(Severity::Note, "node without a street", format!("node {id}"), "it was left out");
    }
    records.extend(used.into_iter().map(|(id, position)| StreetNode { id, position, tags: Tags::default() }));
    StreetRecords::new(records, ways)
}

impl Edge {
    fn tags(&self) -> Tags {
        let class = self.highway.clone().unwrap_or_else(|| "unclassified".into());
        let length = self.stated_m.map(|metres| ("length", metres.to_string()));
        let name = self.name.clone().map(|name| ("name", name));
        Tags::new([Some(("highway", class)), name, length].into_iter().flatten())
    }
}

/// The words of a cell: one, or a list as Python writes it (`['footway', 'steps']`). Never none.
fn listed(text: &str) -> Vec<String> {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let words = inner.map(|inner| {
        let plain = inner.split(", ").map(|word| word.trim_matches(['\'', '"', ' ']).to_owned());
        plain.filter(|word| !word.is_empty()).collect::<Vec<_>>()
    });
    words.filter(|words| !words.is_empty()).unwrap_or_else(|| vec![text.to_owned()])
}

/// The corners of a `LINESTRING` in WKT; heights are passed over.
fn line(text: &str, crs: Crs) -> core::result::Result<Vec<LonLat>, Remedy> {
    const REMEDY: &str = "write a course as LINESTRING (x y, x y)";
    let upper = text.get(..10).map(str::to_ascii_uppercase);
    let body =
        upper.filter(|kind| kind == "LINESTRING").and_then(|_| text.get(10..)).ok_or(REMEDY)?.trim_start();
    let body = body.trim_start_matches(['Z', 'z', 'M', 'm', ' ']);
    let body = body.strip_prefix('(').and_then(|body| body.trim_end().strip_suffix(')')).ok_or(REMEDY)?;
    let corner = |corner: &str| {
        let mut numbers = corner.split_whitespace().map(str::parse::<f64>);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(x)), Some(Ok(y))) => located(crs, [x, y]).map(|(at, _)| at),
            _ => Err(REMEDY.into()),
        }
    };
    let corners: Vec<LonLat> = body.split(',').map(corner).collect::<core::result::Result<_, _>>()?;
    if corners.len() < 2 { Err(REMEDY.into()) } else { Ok(corners) }
}

#[cfg(test)]
#[path = "edges_tests.rs"]
mod tests;
