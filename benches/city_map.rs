//! A street map like a city's extract, of any size: streets with the vertices of their curves, footways, buildings,
//! areas, single trees and shops, relations. It has the mix of real extracts (nine nodes to a way, most ways are
//! buildings, one node in four on a street, one in thirty with tags) and their order: a map grows by uploads of some
//! dozen nodes here and there, whose ids follow each other with small gaps, in half of the uploads in the order of
//! drawing and in the others in none. A node takes 4.7
//! bytes and a way 20 (on the Isle of Man 5.5 and 29), so there is more to read in a byte than in a real extract's.
//!
//! Blocks of the city measure 120 m; corners, curves and buildings are moved from the grid by draws from a seed.

use lifecircle::io::{MemberKind, OsmData, OsmMember};
use lifecircle_types::{LonLat, Tags};

use crate::draws;

/// Ten-millionths of a degree: about 120 m north, and east at 52 degrees.
const BLOCK: [i64; 2] = [17_500, 10_800];
const SOUTH_WEST: [i64; 2] = [47_000_000, 518_000_000];
/// Nodes of a block, on average.
const NODES_PER_BLOCK: usize = 86;
/// Uploads in which a block is mapped: its streets, then what stands in it.
const UPLOADS: usize = 6;
const SEED: u64 = 7;

/// Nodes of streets that ways of several blocks pass: the south-west corner of a block, and the vertices of the street
/// east of it and of the one north of it.
#[derive(Clone, Default)]
struct Corner {
    node: i64,
    along: [Vec<i64>; 2],
}

type Way = (Vec<i64>, Tags);

struct Mapper<D> {
    draw: D,
    data: OsmData,
    node: i64,
    way: i64,
}

impl<D: FnMut(u32) -> u32> Mapper<D> {
    fn below(&mut self, bound: u32) -> i64 {
        i64::from((self.draw)(bound))
    }

    /// The next id: gaps as in maps, where six in ten are 1.
    fn gap(&mut self) -> i64 {
        match self.below(100) {
            0..=63 => 1,
            64..=87 => 2,
            88..=95 => 3 + self.below(4),
            96..=98 => 8 + self.below(300),
            _ => 1000 + self.below(100_000),
        }
    }

    fn node(&mut self, [x, y]: [i64; 2], tags: Tags) -> i64 {
        self.node += self.gap();
        #[expect(clippy::cast_precision_loss, reason = "ten digits")]
        let degrees = |units: i64| units as f64 / 1e7;
        let at = LonLat::new(degrees(x), degrees(y)).expect("the city lies in the Netherlands");
        self.data.nodes.push((self.node, at, tags));
        self.node
    }

    fn way(&mut self, nodes: Vec<i64>, tags: Tags) {
        self.way += self.gap();
        self.data.ways.push((self.way, nodes, tags));
    }

    fn moved(&mut self, [x, y]: [i64; 2], by: u32) -> [i64; 2] {
        let half = i64::from(by / 2);
        [x + self.below(by) - half, y + self.below(by) - half]
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        let at = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX));
        from[usize::try_from(at).unwrap_or_default()]
    }

    /// The streets of the block whose south-west corner is at `base`: their nodes, and ways within the block.
    fn streets(&mut self, base: [i64; 2]) -> (Corner, Vec<Way>) {
        let tags = match self.below(12) {
            0 => Tags::new([("highway", "crossing"), ("crossing", "marked")]),
            1 => Tags::new([("highway", "traffic_signals")]),
            _ => Tags::default(),
        };
        let at = self.moved(base, 2000);
        let mut corner = Corner { node: self.node(at, tags), ..Corner::default() };
        for (axis, step) in [(0, [BLOCK[0] / 6, 0]), (1, [0, BLOCK[1] / 6])] {
            let mut vertex = base;
            for _ in 0..3 + self.below(4) {
                vertex = self.moved([vertex[0] + step[0], vertex[1] + step[1]], 1200);
                let id = self.node(vertex, Tags::default());
                corner.along[axis].push(id);
            }
        }
        let paths = (0..1 + self.below(3)).map(|_| self.path(base, &corner)).collect();
        (corner, paths)
    }

    /// A part of what stands in a block.
    fn places(&mut self, base: [i64; 2]) -> Vec<Way> {
        let mut ways: Vec<Way> = (0..1 + self.below(3).min(1)).map(|_| self.building(base)).collect();
        if self.below(10) < 3 {
            let at = self.inside(base);
            let around = self.outline(at, 2500, 5, 14);
            let tags = match self.below(5) {
                0 => Tags::new([("landuse", "residential")]),
                1 => Tags::new([("leisure", "park"), ("name", "Park")]),
                2 => Tags::new([("natural", "water")]),
                3 => Tags::new([("amenity", "parking"), ("surface", "asphalt")]),
                _ => Tags::new([("landuse", "grass")]),
            };
            ways.push((around, tags));
        }
        if self.below(2) == 0 {
            let at = self.inside(base);
            let tags = match self.below(6) {
                0 => Tags::new([("shop", "bakery".into()), ("name", format!("Shop {}", self.below(5000)))]),
                1 => Tags::new([("amenity", "bench"), ("backrest", "yes")]),
                _ => Tags::new([("natural", "tree")]),
            };
            self.node(at, tags);
        }
        ways
    }

    /// Puts the ids of the nodes from row `first` on into no order; tells the new id of an old one.
    fn shuffle_ids(&mut self, first: usize) -> impl Fn(&mut i64) + use<D> {
        let old: Vec<i64> = self.data.nodes[first..].iter().map(|node| node.0).collect();
        let mut new = old.clone();
        shuffle(&mut new, &mut self.draw);
        for (node, id) in self.data.nodes[first..].iter_mut().zip(&new) {
            node.0 = *id;
        }
        self.data.nodes[first..].sort_unstable_by_key(|node| node.0);
        move |id| *id = old.binary_search(id).map_or(*id, |at| new[at])
    }

    fn inside(&mut self, base: [i64; 2]) -> [i64; 2] {
        [base[0] + 1500 + self.below(14_000), base[1] + 1000 + self.below(8500)]
    }

    /// A closed outline of `least` corners or up to `more` more.
    fn outline(&mut self, middle: [i64; 2], radius: u32, least: i64, more: u32) -> Vec<i64> {
        let corners = least + self.below(more);
        let mut nodes = Vec::new();
        for corner in 0..corners {
            // around the sides of a square
            let (side, along) = (corner * 4 / corners, i64::from(radius));
            let [x, y] = [[-along, -along], [along, -along], [along, along], [-along, along]]
                [usize::try_from(side).unwrap_or_default()];
            let at = self.moved([middle[0] + x, middle[1] + y], radius);
            nodes.push(self.node(at, Tags::default()));
        }
        nodes.push(nodes[0]);
        nodes
    }

    fn building(&mut self, base: [i64; 2]) -> Way {
        let at = self.inside(base);
        let outline = self.outline(at, 600, 4, 5);
        let kind = self.pick(&["yes", "yes", "yes", "house", "apartments", "garage"]);
        let mut tags = vec![("building", String::from(kind))];
        if self.below(2) == 0 {
            tags.push(("addr:street", format!("Street {}", self.below(20_000))));
            tags.push(("addr:housenumber", (1 + self.below(200)).to_string()));
        }
        if self.below(4) == 0 {
            tags.push(("building:levels", (1 + self.below(9)).to_string()));
        }
        (outline, Tags::new(tags))
    }

    /// A footway or a service road from the corner, or from beside it, into the block.
    fn path(&mut self, base: [i64; 2], corner: &Corner) -> Way {
        let mut nodes = vec![if self.below(2) == 0 { corner.node } else { corner.along[0][0] }];
        for _ in 0..3 + self.below(6) {
            let at = self.inside(base);
            nodes.push(self.node(at, Tags::default()));
        }
        let tags = match self.below(4) {
            0 => Tags::new([("highway", "service"), ("service", "driveway"), ("access", "private")]),
            1 => Tags::new([("highway", "path"), ("surface", "unpaved")]),
            _ => Tags::new([("highway", "footway")]),
        };
        (nodes, tags)
    }

    /// Streets of two blocks that begin at the corner of the block `x`, `y`.
    fn long_streets(&mut self, corners: &[Corner], side: usize, [x, y]: [usize; 2]) {
        for (axis, from) in [(0, x), (1, y)] {
            if from % 2 == 1 {
                continue;
            }
            let at = |along: usize| &corners[if axis == 0 { y * side + along } else { along * side + x }];
            let to = (from + 2).min(side - 1);
            let mut nodes = Vec::new();
            for along in from..to {
                nodes.push(at(along).node);
                nodes.extend(&at(along).along[axis]);
            }
            nodes.push(at(to).node);
            let class = self.pick(&["residential", "residential", "tertiary", "living_street", "secondary"]);
            let mut tags =
                vec![("highway", String::from(class)), ("name", format!("Street {}", self.below(20_000)))];
            if self.below(2) == 0 {
                tags.push(("surface", "asphalt".into()));
                tags.push(("maxspeed", "30".into()));
            }
            if self.below(3) == 0 {
                tags.push(("sidewalk", "both".into()));
            }
            if self.below(5) == 0 {
                tags.push(("oneway", "yes".into()));
            }
            if nodes.len() > 1 {
                self.way(nodes, Tags::new(tags));
            }
        }
    }
}

/// A map of about so many nodes, the same on every machine.
///
/// # Panics
/// Never: the city lies on the earth.
#[must_use]
pub fn city_map(nodes: usize) -> OsmData {
    let side = (nodes / NODES_PER_BLOCK).isqrt().max(2);
    let mut mapper = Mapper { draw: draws(SEED), data: OsmData::default(), node: 1_000_000, way: 100_000 };
    let mut uploads: Vec<usize> = (0..side * side * UPLOADS).collect();
    shuffle(&mut uploads, &mut mapper.draw);
    let block = |upload: usize| [upload / UPLOADS % side, upload / UPLOADS / side];
    let mut corners = vec![Corner::default(); side * side];
    let mut ways: Vec<Vec<Way>> = Vec::with_capacity(uploads.len());
    for &upload in &uploads {
        let place = |axis: usize| {
            SOUTH_WEST[axis] + i64::try_from(block(upload)[axis]).unwrap_or_default() * BLOCK[axis]
        };
        let base = [place(0), place(1)];
        // what the rest of the world uploads meanwhile
        mapper.node += mapper.below(8000);
        let first = mapper.data.nodes.len();
        let (mut corner, mut uploaded) = match upload % UPLOADS {
            0 => mapper.streets(base),
            _ => (Corner::default(), mapper.places(base)),
        };
        if mapper.below(2) == 0 {
            let renumber = mapper.shuffle_ids(first);
            renumber(&mut corner.node);
            corner.along.iter_mut().flatten().for_each(&renumber);
            uploaded.iter_mut().flat_map(|way| &mut way.0).for_each(&renumber);
        }
        if upload % UPLOADS == 0 {
            corners[upload / UPLOADS] = corner;
        }
        ways.push(uploaded);
    }
    for (&upload, ways) in uploads.iter().zip(ways) {
        mapper.way += mapper.below(1000);
        for (nodes, tags) in ways {
            mapper.way(nodes, tags);
        }
        if upload % UPLOADS == 0 {
            mapper.long_streets(&corners, side, block(upload));
        }
    }
    relations(&mut mapper.data);
    mapper.data
}

fn shuffle<T>(items: &mut [T], mut draw: impl FnMut(u32) -> u32) {
    for at in (1..items.len()).rev() {
        let other = draw(u32::try_from(at + 1).unwrap_or(u32::MAX));
        items.swap(at, other as usize);
    }
}

/// A route of twelve ways and a park of one for every hundred ways.
fn relations(data: &mut OsmData) {
    let member = |id: i64, role: &str| OsmMember { kind: MemberKind::Way, id, role: role.into() };
    let mut id = 1000;
    for ways in data.ways.chunks(100) {
        let route = ways.iter().step_by(8).take(12).map(|way| member(way.0, "")).collect();
        let tags = Tags::new([("type", "route".into()), ("route", "bus".into()), ("ref", id.to_string())]);
        data.relations.push((id, route, tags));
        let park = Tags::new([("type", "multipolygon"), ("leisure", "park")]);
        data.relations.push((id + 1, vec![member(ways[0].0, "outer")], park));
        id += 3;
    }
}
