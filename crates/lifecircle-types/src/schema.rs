//! Schemas of types whose serde is written by hand.

use schemars::{Schema, json_schema};

/// The lines of a doc comment as one text.
fn text(doc: &[&str]) -> String {
    let lines: Vec<&str> = doc.iter().map(|line| line.trim()).collect();
    lines.join("\n").trim().to_owned()
}

/// One of several words, each with what it means.
#[must_use]
pub fn words(doc: &[&str], words: &[(&str, &[&str])]) -> Schema {
    let words: Vec<Schema> = words
        .iter()
        .map(|(word, doc)| json_schema!({ "description": text(doc), "type": "string", "const": word }))
        .collect();
    json_schema!({ "description": text(doc), "oneOf": words })
}
