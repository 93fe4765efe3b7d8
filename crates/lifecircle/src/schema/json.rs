//! JSON Schemas of JSON and GeoJSON, and descriptions of tables in the words of Frictionless Table Schema.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::column::{Kind, Name, Table};
use super::{generator, version};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a file, with the definitions of `generator`.
pub(super) fn whole(file: &str, about: &str, schema: Schema, mut generator: SchemaGenerator) -> Value {
    let mut whole = schema.to_value();
    whole["$schema"] = DIALECT.into();
    whole["$id"] = format!("urn:lifecircle:results:{}:{file}", version()).into();
    whole["title"] = file.into();
    whole["description"] = about.into();
    let definitions = generator.take_definitions(true);
    if !definitions.is_empty() {
        whole["$defs"] = Value::Object(definitions);
    }
    whole
}

/// The schema of a GeoJSON file.
pub(super) fn features(table: &Table) -> Value {
    let mut generator = generator();
    let (mut named, mut like, mut required) = (Map::new(), Map::new(), Vec::new());
    for column in table.columns() {
        let schema = column.schema(&mut generator).to_value();
        match column.name {
            Name::Exactly(name) => {
                named.insert(name.into(), schema);
                if !column.is_optional {
                    required.push(name);
                }
            }
            Name::Like { pattern, shown, .. } => {
                let mut schema = schema;
                schema["title"] = shown.into();
                like.insert(pattern.into(), schema);
            }
        }
    }
    let mut properties = json!({ "type": "object", "properties": named, "required": required });
    if !like.is_empty() {
        properties["patternProperties"] = Value::Object(like);
    }
    let mut geometry: Vec<Value> = table.geometry.iter().map(|kind| shape(kind)).collect();
    if table.is_placeless {
        geometry.push(json!({ "type": "null" }));
    }
    let geometry = if geometry.len() == 1 { geometry.remove(0) } else { json!({ "anyOf": geometry }) };
    let schema = json!({
        "type": "object",
        "properties": {
            "type": { "const": "FeatureCollection" },
            "name": { "description": "What the features are.", "type": "string" },
            "attribution": { "description": "Attribution and licences of the data.", "type": "string" },
            "generator": { "description": "The software and its version.", "type": "string" },
            "features": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "type": { "const": "Feature" },
                        "geometry": geometry,
                        "properties": properties
                    },
                    "required": ["type", "geometry", "properties"]
                }
            }
        },
        "required": ["type", "name", "attribution", "generator", "features"]
    });
    let schema = Schema::try_from(schema).unwrap_or_default();
    whole(table.file, table.rows, schema, generator)
}

/// A geometry in degrees on WGS 84, longitude first.
fn shape(kind: &str) -> Value {
    let position = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    let list = |items: Value, least: u8| json!({ "type": "array", "items": items, "minItems": least });
    let coordinates = match kind {
        "LineString" => list(position, 2),
        "MultiLineString" => list(list(position, 2), 0),
        "Polygon" => list(list(position, 4), 1),
        "MultiPolygon" => list(list(list(position, 4), 1), 0),
        _ => position,
    };
    json!({
        "type": "object",
        "properties": { "type": { "const": kind }, "coordinates": coordinates },
        "required": ["type", "coordinates"]
    })
}

/// The description of a CSV.
pub(super) fn rows(table: &Table) -> Value {
    let mut generator = generator();
    let (mut fields, mut like) = (Vec::new(), Vec::new());
    for column in table.columns() {
        let kind = match column.kind {
            Kind::Text | Kind::Word(_) | Kind::Choice(_) => "string",
            Kind::Day => "date",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Flag => "boolean",
        };
        let mut field = json!({
            "type": kind,
            "description": column.about,
            "constraints": { "required": !column.is_blank }
        });
        if let Some(unit) = column.unit {
            field["unit"] = unit.into();
        }
        let words = match column.kind {
            Kind::Choice(words) => words.iter().map(|word| Value::from(*word)).collect(),
            Kind::Word(words) => {
                let schema = words(&mut generator).to_value();
                let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
                let definition = named.and_then(|name| generator.definitions().get(name)).unwrap_or(&schema);
                let words = definition["oneOf"].as_array().into_iter().flatten();
                words.map(|word| word["const"].clone()).collect()
            }
            _ => vec![],
        };
        if !words.is_empty() {
            field["constraints"]["enum"] = Value::Array(words);
        }
        match column.name {
            Name::Exactly(name) => {
                field["name"] = name.into();
                if column.is_optional {
                    field["optional"] = true.into();
                }
                fields.push(field);
            }
            Name::Like { shown, pattern, .. } => {
                field["name"] = shown.into();
                field["pattern"] = pattern.into();
                like.push(field);
            }
        }
    }
    let mut table = json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "$id": format!("urn:lifecircle:results:{}:{}", version(), table.file),
        "title": table.file,
        "description": table.rows,
        "fields": fields,
        "missingValues": [""],
    });
    if !like.is_empty() {
        table["patternFields"] = Value::Array(like);
    }
    table
}

/// Keys in alphabetical order, whatever `serde_json` was built with; descriptions without the marks of Rust's documentation,
/// no names of Rust's number types.
pub(super) fn tidy(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(String, Value)> = members.into_iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            let kept = sorted.into_iter().filter(|(key, value)| !(key == "format" && value.is_string()));
            let one = |(key, value): (String, Value)| match value {
                Value::String(text) if key == "description" => (key, plain(&text).into()),
                value => (key, tidy(value)),
            };
            Value::Object(kept.map(one).collect())
        }
        Value::Array(entries) => Value::Array(entries.into_iter().map(tidy).collect()),
        value => value,
    }
}

/// A doc comment as one line of plain words: links are their texts.
fn plain(doc: &str) -> String {
    let mut text = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    while let Some(start) = text.find("[`") {
        let Some(end) = text[start..].find("`]").map(|at| start + at) else { break };
        let named = text[start + 2..end].to_owned();
        let rest = &text[end + 2..];
        let link = rest.strip_prefix('(').and_then(|rest| rest.find(')')).map_or(0, |close| close + 2);
        text = format!("{}{named}{}", &text[..start], &rest[link..]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doc_comments_become_plain_words() {
        let check = |doc, expected| assert_eq!(plain(doc), expected);
        check("Two\nlines.", "Two lines.");
        check("How ([`Standing`](lifecircle_network::Standing)) it [`is`].", "How (Standing) it is.");
        check("An open [`end", "An open [`end");
    }
}
