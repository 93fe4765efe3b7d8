//! What results look like, for programs that read them: a JSON Schema (draft 2020-12) of every JSON and GeoJSON file, a
//! table description of every CSV, and TypeScript types of all of them.
//!
//! JSON files are described by the types that serde writes them from; tables by one list of columns, which a test holds
//! against the files of real studies, both ways.

mod column;
mod json;
mod tables;
mod typescript;

use lifecircle_indicators::{PlanCheck, Problem, Project};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::Value;

use crate::RESULTS_FORMAT;
use crate::outcome::Document;
use tables::TABLES;

/// JSON files: name, what the file holds, and its type in TypeScript.
const DOCUMENTS: [(&str, &str, &str); 5] = [
    ("assessment.json", "The assessment and where it comes from.", "AssessmentFile"),
    ("check.json", "A development plan, checked clause by clause.", "PlanCheck"),
    ("plan.json", "Projects that are planned or in progress and due by the end of the year.", "Project[]"),
    ("projects.json", "Problems bundled into work.", "Project[]"),
    ("rectification.json", "Problems that somebody has to solve.", "Problem[]"),
];

/// A file that describes results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// Its name: that of the file that it describes with `.schema.json` behind it, or `lifecircle.d.ts`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Every schema of the results of this version, by name, and the TypeScript types.
///
/// ```
/// let files = lifecircle::schema::schema_files();
/// let gaps = files.iter().find(|file| file.name == "gaps.csv.schema.json").unwrap();
/// assert!(gaps.text.contains("Why the place is outside."));
/// ```
#[must_use]
pub fn schema_files() -> Vec<SchemaFile> {
    let mut files: Vec<SchemaFile> = DOCUMENTS
        .iter()
        .map(|(file, about, _)| {
            let mut generator = generator();
            let schema = document(file, &mut generator);
            as_file(file, json::whole(file, about, schema, generator))
        })
        .collect();
    files.extend(TABLES.iter().map(|table| {
        let schema = if table.geometry.is_empty() { json::rows(table) } else { json::features(table) };
        as_file(table.file, schema)
    }));
    files.push(SchemaFile { name: "lifecircle.d.ts".into(), text: typescript::types() });
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// Schemas of what is written, not of what would be read.
fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().for_serialize().into_generator()
}

/// The schema of the value of a JSON file.
fn document(file: &str, generator: &mut SchemaGenerator) -> schemars::Schema {
    match file {
        "assessment.json" => generator.subschema_for::<Document<'_>>(),
        "check.json" => generator.subschema_for::<PlanCheck>(),
        "rectification.json" => generator.subschema_for::<Vec<Problem>>(),
        _ => generator.subschema_for::<Vec<Project>>(),
    }
}

fn as_file(file: &str, schema: Value) -> SchemaFile {
    SchemaFile { name: format!("{file}.schema.json"), text: format!("{:#}\n", json::tidy(schema)) }
}

/// The version of the schemas as it stands in their names.
fn version() -> String {
    format!("v{RESULTS_FORMAT}")
}
