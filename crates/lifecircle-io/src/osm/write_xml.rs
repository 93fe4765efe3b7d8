//! Writes maps as XML, the form of OpenStreetMap that people and version control can read.
//!
//! One element a line, its tags and members indented below it; nodes, ways, relations, each as they are given. Equal
//! data gives equal bytes.

use std::io::Write;

use lifecircle_types::{LonLat, Tags};

use super::write::{MemberKind, OsmData};
use crate::error::{Error, Result};

/// Writes `data` in the XML format of OpenStreetMap (version 0.6), without versions, times and authors.
///
/// Positions have at most seven decimals; a character that XML cannot hold becomes U+FFFD.
///
/// # Errors
/// [`Error::Write`] when `w` refuses.
///
/// ```
/// # use lifecircle_io::{OsmData, write_osm_xml};
/// # use lifecircle_types::{LonLat, Tags};
/// let gate = (1, LonLat::new(105.2, 30.4)?, Tags::new([("barrier", "gate")]));
/// let map = OsmData { nodes: vec![gate], ..OsmData::default() };
/// let mut text = vec![];
/// write_osm_xml(&mut text, &map)?;
/// assert!(String::from_utf8(text)?.contains(r#"<node id="1" lat="30.4" lon="105.2">"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_osm_xml(mut w: impl Write, data: &OsmData) -> Result<()> {
    let refused = |source| Error::Write { what: "the map", source };
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\" generator=\"lifecircle\">\n",
    );
    let mut flush = |text: &mut String| {
        let written = w.write_all(text.as_bytes()).map_err(refused);
        text.clear();
        written
    };
    for (id, at, tags) in &data.nodes {
        let (lat, lon) = degrees(*at);
        element(&mut text, "node", &format!("id=\"{id}\" lat=\"{lat}\" lon=\"{lon}\""), &[], tags);
        flush(&mut text)?;
    }
    for (id, nodes, tags) in &data.ways {
        let members: Vec<String> = nodes.iter().map(|node| format!("<nd ref=\"{node}\"/>")).collect();
        element(&mut text, "way", &format!("id=\"{id}\""), &members, tags);
        flush(&mut text)?;
    }
    for (id, members, tags) in &data.relations {
        let member = |member: &super::OsmMember| {
            let kind = match member.kind {
                MemberKind::Node => "node",
                MemberKind::Way => "way",
                MemberKind::Relation => "relation",
            };
            format!("<member type=\"{kind}\" ref=\"{}\" role=\"{}\"/>", member.id, quoted(&member.role))
        };
        let members: Vec<String> = members.iter().map(member).collect();
        element(&mut text, "relation", &format!("id=\"{id}\""), &members, tags);
        flush(&mut text)?;
    }
    text.push_str("</osm>\n");
    flush(&mut text)?;
    w.flush().map_err(refused)
}

fn element(text: &mut String, kind: &str, attributes: &str, members: &[String], tags: &Tags) {
    if members.is_empty() && tags.is_empty() {
        *text += &format!("  <{kind} {attributes}/>\n");
        return;
    }
    *text += &format!("  <{kind} {attributes}>\n");
    for member in members {
        *text += &format!("    {member}\n");
    }
    for (key, value) in tags.iter() {
        *text += &format!("    <tag k=\"{}\" v=\"{}\"/>\n", quoted(key), quoted(value));
    }
    *text += &format!("  </{kind}>\n");
}

/// Latitude and longitude to seven decimals.
fn degrees(at: LonLat) -> (f64, f64) {
    let at = at.rounded();
    (at.lat(), at.lon())
}

/// A value between double quotes.
fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => text += "&amp;",
            '<' => text += "&lt;",
            '>' => text += "&gt;",
            '"' => text += "&quot;",
            '\t' => text += "&#9;",
            '\n' => text += "&#10;",
            '\r' => text += "&#13;",
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsmMember;

    #[test]
    fn elements_stand_one_a_line() {
        let data = OsmData {
            nodes: vec![(1, LonLat::new(-0.0, 0.1 + 0.2).unwrap(), Tags::default())],
            ways: vec![(2, vec![1, 1], Tags::new([("name", "A & \"B\" <\u{1}>\n")]))],
            relations: vec![(
                3,
                vec![OsmMember { kind: MemberKind::Way, id: 2, role: "outer".into() }],
                Tags::default(),
            )],
        };
        let mut text = vec![];
        write_osm_xml(&mut text, &data).unwrap();
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
            <osm version=\"0.6\" generator=\"lifecircle\">\n  \
            <node id=\"1\" lat=\"0.3\" lon=\"0\"/>\n  \
            <way id=\"2\">\n    <nd ref=\"1\"/>\n    <nd ref=\"1\"/>\n    \
            <tag k=\"name\" v=\"A &amp; &quot;B&quot; &lt;\u{fffd}&gt;&#10;\"/>\n  </way>\n  \
            <relation id=\"3\">\n    <member type=\"way\" ref=\"2\" role=\"outer\"/>\n  </relation>\n\
            </osm>\n";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
