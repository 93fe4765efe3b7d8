//! The XML reader: the same extract as from PBF, and messages that name the line.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::fmt::Write as _;

use lifecircle_io::{Error, OsmExtract, OsmOptions, read_bytes, read_osm, read_osm_pbf, read_osm_xml};
use lifecircle_types::{Certainty, Imported, NoProgress, Offer, Shape, TagClassifier, Tags};
use zlib_rs::{Deflate, DeflateFlush, Status};

/// Takes everything with an `amenity`, a `leisure` or a `shop` for a facility.
struct Any;

impl TagClassifier for Any {
    fn keys(&self) -> Vec<&str> {
        vec!["amenity", "leisure", "shop"]
    }

    fn classify(&self, tags: &Tags, _: Shape) -> Vec<Offer> {
        let value = ["amenity", "leisure", "shop"].into_iter().find_map(|key| tags.get(key));
        let service = value.and_then(|value| value.parse().ok());
        service
            .map(|service| Offer { service, certainty: Certainty::Known, capacity: None })
            .into_iter()
            .collect()
    }
}

fn read(bytes: &[u8]) -> Result<Imported<OsmExtract>, Error> {
    read_osm_xml(bytes, "town.osm", &Any, &OsmOptions::default(), &NoProgress)
}

fn message(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => write!(out, "&#{};", u32::from(c)).unwrap(),
            other => out.push(other),
        }
    }
    out
}

/// A map of another reader, as XML.
fn as_xml(pbf: &[u8]) -> String {
    let mut xml = String::from("<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n");
    let put_tags = |xml: &mut String, tags: &mut dyn Iterator<Item = (&str, &str)>| {
        for (key, value) in tags {
            writeln!(xml, "  <tag k=\"{}\" v=\"{}\"/>", escaped(key), escaped(value)).unwrap();
        }
    };
    // nanodegrees of these maps are whole ten-millionths of a degree
    let degrees = |nano: i64| {
        let sign = if nano < 0 { "-" } else { "" };
        format!("{sign}{}.{:07}", nano.abs() / 1_000_000_000, nano.abs() % 1_000_000_000 / 100)
    };
    let node =
        |xml: &mut String, id: i64, lon: i64, lat: i64, tags: &mut dyn Iterator<Item = (&str, &str)>| {
            writeln!(xml, " <node id=\"{id}\" lat=\"{}\" lon=\"{}\">", degrees(lat), degrees(lon)).unwrap();
            put_tags(xml, tags);
            xml.push_str(" </node>\n");
        };
    osmpbf::ElementReader::new(pbf)
        .for_each(|element| match element {
            osmpbf::Element::Node(n) => node(&mut xml, n.id(), n.nano_lon(), n.nano_lat(), &mut n.tags()),
            osmpbf::Element::DenseNode(n) => {
                node(&mut xml, n.id(), n.nano_lon(), n.nano_lat(), &mut n.tags())
            }
            osmpbf::Element::Way(way) => {
                writeln!(xml, " <way id=\"{}\">", way.id()).unwrap();
                for id in way.refs() {
                    writeln!(xml, "  <nd ref=\"{id}\"/>").unwrap();
                }
                put_tags(&mut xml, &mut way.tags());
                xml.push_str(" </way>\n");
            }
            osmpbf::Element::Relation(relation) => {
                writeln!(xml, " <relation id=\"{}\">", relation.id()).unwrap();
                for member in relation.members() {
                    let kind = match member.member_type {
                        osmpbf::RelMemberType::Node => "node",
                        osmpbf::RelMemberType::Way => "way",
                        osmpbf::RelMemberType::Relation => "relation",
                    };
                    let role = escaped(member.role().unwrap());
                    writeln!(xml, "  <member type='{kind}' ref='{}' role=\"{role}\"/>", member.member_id)
                        .unwrap();
                }
                put_tags(&mut xml, &mut relation.tags());
                xml.push_str(" </relation>\n");
            }
        })
        .unwrap();
    xml.push_str("</osm>\n");
    xml
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut deflate = Deflate::new(6, true, 16 + 15);
    let mut packed = vec![0; text.len() + 1024];
    assert_eq!(deflate.compress(text, &mut packed, DeflateFlush::Finish), Ok(Status::StreamEnd));
    packed.truncate(usize::try_from(deflate.total_out()).unwrap());
    packed
}

#[test]
fn an_island_is_the_same_in_every_format() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/isle-of-man/isle_of_man_2020-03-14.osm.pbf");
    let pbf = read_bytes(path.as_ref()).unwrap();
    let expected = read_osm_pbf(&pbf, "town.osm", &Any, &OsmOptions::default(), &NoProgress).unwrap();
    assert!(expected.value.streets.ways().len() > 1000 && expected.value.places.len() > 100);
    let xml = as_xml(&pbf);
    let plain = read(xml.as_bytes()).unwrap();
    assert_eq!(plain.value, expected.value);
    assert_eq!(plain.fate, expected.fate);
    assert_eq!(plain.issues, expected.issues);
    // two members of a gzip file are one text
    let (front, back) = xml.as_bytes().split_at(xml.len() / 3);
    let packed = [gzip(front), gzip(back)].concat();
    for bytes in [pbf.as_slice(), xml.as_bytes(), &packed] {
        let any = read_osm(bytes, "town.osm", &Any, &OsmOptions::default(), &NoProgress).unwrap();
        assert_eq!(any.value, expected.value);
    }
    let cut = read(&packed[..packed.len() / 2]).unwrap_err().to_string();
    assert!(cut.contains("damaged at byte") || cut.contains("town.osm is no OpenStreetMap XML"), "{cut}");
}

#[test]
fn faults_name_the_line() {
    let check = |body: &str, expected: &str| {
        let text = message(body);
        assert_eq!(
            text,
            format!(
                "town.osm is no OpenStreetMap XML at {expected}; correct it, or fetch or export it again"
            )
        );
    };
    check(
        "<osm>\n<node id=\"1\" lat=\"1\" lon=\"2\"/>\n",
        "line 3: the file ends before `</osm>`, it was cut",
    );
    check(
        "<osm>\n<node id=\"1\" lat=\"one\" lon=\"2\"/></osm>",
        "line 2: `lat` of a node is `one`, it must be a number of degrees",
    );
    check(
        "<osm>\n<node id=\"1\" lat=\"NaN\" lon=\"2\"/></osm>",
        "line 2: `lat` of a node is `NaN`, it must be a number of degrees",
    );
    check("<osm>\n\n<way id=\"x\"/></osm>", "line 3: `id` is `x`, it must be a whole number");
    check("<osm><way id=\"1\">\n<nd/></way></osm>", "line 2: `ref` is missing, it must be a whole number");
    check("<osm><way id=\"1\"><tag k=\"highway\"/></way></osm>", "line 1: a tag lacks `k` or `v`");
    check("<gpx></gpx>", "line 1: it begins with `<gpx>`, not `<osm>`");
    check("<?xml version='1.0'?>\n", "line 2: there is no `<osm>` in it");
    check("<?xml version='1.0' encoding='latin1'?><osm/>", "line 1: its encoding is latin1, not UTF-8");
    check(
        "<osm><relation id=\"1\"><member ref=\"1\"/></relation></osm>",
        "line 1: a member has no `type` of node, way or relation",
    );
    assert!(message("<osm><way id=\"1\"></node></osm>").contains("line 1"));
    assert!(message("<osmChange/>").contains("list of changes"));
    assert_eq!(
        message(""),
        "town.osm holds no map data: fetch or export the extract again; a download may have been cut short"
    );
    assert!(message("<osm/>").contains("no map data"));
    check("id,lon\n", "line 2: there is no `<osm>` in it");
    assert!(message("{}").contains("looks like JSON"));
}

#[test]
fn nothing_expands() {
    let laughs =
        "<?xml version='1.0'?>\n<!DOCTYPE osm [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>\n<osm/>";
    assert!(message(laughs).contains("line 2: a document type is not read"));
    let text = "<osm><node id='1' lat='1' lon='1'><tag k='name' v='&b;'/></node></osm>";
    assert!(message(text).contains("line 1"));
}

#[test]
fn deleted_elements_are_left_out_and_noted() {
    let text =
        "<osm><node id='1' visible='false'/><node id='-2' lat='0' lon='0'/><node id='3' lat='0' lon='0.01'/>
        <way id='1'><nd ref='-2'/><nd ref='3'/><tag k='highway' v='path'/></way>
        <way id='2' action='delete'><nd ref='-2'/><nd ref='3'/><tag k='highway' v='path'/></way></osm>";
    let read = read(text.as_bytes()).unwrap();
    assert_eq!(read.value.streets.ways().len(), 1);
    assert_eq!(read.issues.kinds()[0].kind, "deleted elements");
}

#[test]
fn bombs_are_refused() {
    // a mebibyte of blanks inside one tag, twenty times over, packs into some kilobytes
    let long = format!("<osm><node id='1' lat='1' lon='1'{}/></osm>", " ".repeat(20 << 20));
    let packed = gzip(long.as_bytes());
    assert!(packed.len() < 64 << 10);
    let text = read(&packed).unwrap_err().to_string();
    assert!(text.contains("a tag or a text is longer than 8 MiB"), "{text}");
    let tags = "<tag k='k' v='v'/>".repeat(1 << 20);
    let text = message(&format!("<osm><node id='1' lat='1' lon='1'>{tags}</node></osm>"));
    assert!(text.contains("an element is larger than 8 MiB"), "{text}");
}

#[test]
fn nodes_outside_the_earth_are_noted() {
    let far = "<osm><node id='1' lat='91' lon='1e300'/><node id='2' lat='0' lon='0'/></osm>";
    assert_eq!(read(far.as_bytes()).unwrap().issues.kinds()[0].kind, "node lies outside the earth");
}
