//! Which lines of a map bar walkers, worked out by hand.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use lifecircle_io::{MemberKind, OsmData, OsmExtract, OsmMember, OsmOptions, read_osm_pbf, write_osm_pbf};
use lifecircle_types::{BarrierKind, Imported, LonLat, NoProgress, Offer, Shape, TagClassifier, Tags};

struct Nothing;

impl TagClassifier for Nothing {
    fn keys(&self) -> Vec<&str> {
        vec![]
    }

    fn classify(&self, _: &Tags, _: Shape) -> Vec<Offer> {
        vec![]
    }
}

/// A way: id, nodes, tags.
type Way<'a> = (i64, &'a [i64], &'a [(&'a str, &'a str)]);

/// Nodes 1 to 60 on a line, about 111 m apart, then as many a step to the north.
fn map(ways: &[Way<'_>], gates: &[i64]) -> OsmData {
    let tags = |pairs: &[(&str, &str)]| Tags::new(pairs.iter().copied());
    let mut data = OsmData::default();
    for id in 1..=120_i32 {
        let (lon, lat) = (f64::from((id - 1) % 60) / 1000.0, f64::from((id - 1) / 60) / 1000.0);
        let marks: &[(&str, &str)] = if gates.contains(&id.into()) { &[("barrier", "gate")] } else { &[] };
        data.nodes.push((id.into(), LonLat::new(lon, lat).unwrap(), tags(marks)));
    }
    for (id, nodes, pairs) in ways {
        data.ways.push((*id, nodes.to_vec(), tags(pairs)));
    }
    data
}

fn read(data: &OsmData) -> Imported<OsmExtract> {
    let mut bytes = vec![];
    write_osm_pbf(&mut bytes, data).unwrap();
    read_osm_pbf(&bytes, "map.osm.pbf", &Nothing, &OsmOptions::default(), &NoProgress).unwrap()
}

fn found(data: &OsmData) -> Vec<(String, BarrierKind, usize, usize)> {
    let read = read(data);
    assert!(read.fate.balances());
    let barriers = read.value.barriers.iter();
    barriers.map(|b| (b.id.clone(), b.kind, b.line.len(), b.gates.len())).collect()
}

#[test]
fn waters_railways_and_walls_with_gates() {
    let street: &[(&str, &str)] = &[("highway", "residential")];
    let data = map(
        &[
            (1, &[1, 61], street),
            (2, &[1, 2, 3], &[("waterway", "river")]),
            (3, &[4, 5], &[("waterway", "stream")]),
            (4, &[5, 6], &[("waterway", "river"), ("tunnel", "culvert")]),
            (5, &[7, 8], &[("railway", "rail")]),
            (6, &[8, 9], &[("railway", "rail"), ("bridge", "viaduct")]),
            (7, &[9, 10], &[("railway", "abandoned")]),
            // a wall with a gate, one that a street passes, one without a way in
            (8, &[20, 21, 22], &[("barrier", "wall")]),
            (9, &[60, 61, 62], &[("barrier", "fence")]),
            (10, &[30, 31], &[("barrier", "wall")]),
            (11, &[32, 33], &[("barrier", "hedge")]),
        ],
        &[21],
    );
    let expected = [
        ("way/2", BarrierKind::Water, 3, 0),
        ("way/5", BarrierKind::Railway, 2, 0),
        ("way/6", BarrierKind::Railway, 2, 0),
        ("way/8", BarrierKind::Wall, 3, 1),
        ("way/9", BarrierKind::Wall, 3, 1),
    ];
    assert_eq!(found(&data), expected.map(|(id, kind, points, gates)| (id.to_string(), kind, points, gates)));
    let raised: Vec<bool> = read(&data).value.barriers.iter().map(|barrier| barrier.raised).collect();
    assert_eq!(raised, [false, false, true, false, false], "the viaduct bars nobody");
    let fate = read(&data).value.barrier_fate;
    assert_eq!(fate.to_string(), "6 rows: 5 used, 0 moved, 1 rejected (1 a wall without a gate)");
}

#[test]
fn shores_of_relations_and_small_waters() {
    let mut data = map(
        &[
            (1, &[1, 61], &[("highway", "residential")]),
            // a lake in two pieces with an island, by relation
            (2, &[10, 15, 75], &[]),
            (3, &[75, 70, 10], &[]),
            (4, &[11, 12, 72, 11], &[]),
            // a lake of its own, and one that dries up
            (5, &[20, 23, 83, 20], &[("natural", "water")]),
            (6, &[30, 33, 93, 30], &[("natural", "water"), ("intermittent", "yes")]),
        ],
        &[],
    );
    data.nodes.extend([
        (201, LonLat::new(0.05, 0.0).unwrap(), Tags::default()),
        (202, LonLat::new(0.0503, 0.0).unwrap(), Tags::default()),
        (203, LonLat::new(0.0503, 0.0003).unwrap(), Tags::default()),
    ]);
    data.ways.push((7, vec![201, 202, 203, 201], Tags::new([("natural", "water")])));
    let member = |id: i64, role: &str| OsmMember { kind: MemberKind::Way, id, role: role.into() };
    let tags = Tags::new([("type", "multipolygon"), ("natural", "water"), ("name", "Jinjiang")]);
    data.relations.push((1, vec![member(2, "outer"), member(3, "outer"), member(4, "inner")], tags));
    let ids: Vec<String> = found(&data).into_iter().map(|barrier| barrier.0).collect();
    assert_eq!(ids, ["way/2", "way/3", "way/4", "way/5"]);
    let names: Vec<Option<String>> =
        read(&data).value.barriers.into_iter().map(|barrier| barrier.name).collect();
    let lake = Some("Jinjiang".to_string());
    assert_eq!(names, [lake.clone(), lake.clone(), lake, None], "shores have the name of their water");
    let fate = read(&data).value.barrier_fate;
    assert_eq!(fate.rejected, [("a water that people walk around".to_string(), 1)], "30 m across");
}

#[test]
fn a_line_with_missing_nodes_falls_into_pieces() {
    let data = map(
        &[
            (1, &[1, 61], &[("highway", "residential")]),
            (2, &[1, 2, 900, 3, 4, 901], &[("waterway", "canal")]),
            (3, &[900, 5], &[("waterway", "canal")]),
        ],
        &[],
    );
    let points: Vec<_> = found(&data).into_iter().map(|(id, _, points, _)| (id, points)).collect();
    assert_eq!(points, [("way/2".to_string(), 2), ("way/2".to_string(), 2)]);
    let fate = read(&data).value.barrier_fate;
    assert_eq!(fate.rejected, [("fewer than two known nodes in a row".to_string(), 1)]);
}

#[test]
fn barriers_can_be_left_out() {
    let street: &[(&str, &str)] = &[("highway", "residential")];
    let data = map(&[(1, &[1, 61], street), (2, &[1, 2], &[("waterway", "river")])], &[]);
    let mut bytes = vec![];
    write_osm_pbf(&mut bytes, &data).unwrap();
    let options = OsmOptions::default().without_barriers();
    let read = read_osm_pbf(&bytes, "map.osm.pbf", &Nothing, &options, &NoProgress).unwrap();
    assert!(read.value.barriers.is_empty());
    assert_eq!(read.value.barrier_fate.rows, 0);
}
