//! How columns of results are described.

use schemars::{Schema, SchemaGenerator, json_schema};

/// What a column holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// A day, `YYYY-MM-DD`.
    Day,
    Integer,
    Number,
    Flag,
    /// One of the words of an enum.
    Word(fn(&mut SchemaGenerator) -> Schema),
    /// Any of these texts.
    Choice(&'static [&'static str]),
}

/// How a column is called.
#[derive(Clone, Copy)]
pub(super) enum Name {
    Exactly(&'static str),
    /// One column for each of several things: `<thing>`, a regular expression, and template literals of TypeScript.
    Like {
        shown: &'static str,
        pattern: &'static str,
        templates: &'static [&'static str],
    },
}

/// A column of a table, or one for each of several things.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) name: Name,
    pub(super) kind: Kind,
    pub(super) unit: Option<&'static str>,
    pub(super) about: &'static str,
    /// A cell may be empty, or `null`.
    pub(super) is_blank: bool,
    /// Not every study has it.
    pub(super) is_optional: bool,
}

impl Column {
    const fn new(name: &'static str, kind: Kind, unit: Option<&'static str>, about: &'static str) -> Self {
        Self { name: Name::Exactly(name), kind, unit, about, is_blank: false, is_optional: false }
    }

    /// A cell may be empty.
    pub(super) const fn or_blank(self) -> Self {
        Self { is_blank: true, ..self }
    }

    /// Not every study has the column.
    pub(super) const fn or_absent(self) -> Self {
        Self { is_optional: true, ..self }
    }

    /// A column for each of several things.
    pub(super) const fn for_each(self, pattern: &'static str, templates: &'static [&'static str]) -> Self {
        let shown = match self.name {
            Name::Exactly(shown) | Name::Like { shown, .. } => shown,
        };
        Self { name: Name::Like { shown, pattern, templates }, is_optional: true, ..self }
    }

    /// The schema of a cell.
    pub(super) fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        let mut schema = match self.kind {
            Kind::Text => json_schema!({ "type": "string" }),
            Kind::Day => json_schema!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$" }),
            Kind::Integer => json_schema!({ "type": "integer" }),
            Kind::Number => json_schema!({ "type": "number" }),
            Kind::Flag => json_schema!({ "type": "boolean" }),
            Kind::Word(words) => words(generator),
            Kind::Choice(words) => json_schema!({ "enum": words }),
        };
        if self.is_blank {
            schema = json_schema!({ "anyOf": [schema, { "type": "null" }] });
        }
        schema.insert("description".into(), self.about.into());
        if let Some(unit) = self.unit {
            schema.insert("unit".into(), unit.into());
        }
        schema
    }
}

pub(super) const fn text(name: &'static str, about: &'static str) -> Column {
    Column::new(name, Kind::Text, None, about)
}

pub(super) const fn day(name: &'static str, about: &'static str) -> Column {
    Column::new(name, Kind::Day, None, about)
}

pub(super) const fn integer(name: &'static str, unit: &'static str, about: &'static str) -> Column {
    Column::new(name, Kind::Integer, Some(unit), about)
}

pub(super) const fn number(name: &'static str, unit: &'static str, about: &'static str) -> Column {
    Column::new(name, Kind::Number, Some(unit), about)
}

/// A number whose unit stands in another column.
pub(super) const fn figure(name: &'static str, about: &'static str) -> Column {
    Column::new(name, Kind::Number, None, about)
}

pub(super) const fn flag(name: &'static str, about: &'static str) -> Column {
    Column::new(name, Kind::Flag, None, about)
}

pub(super) const fn choice(
    name: &'static str,
    words: &'static [&'static str],
    about: &'static str,
) -> Column {
    Column::new(name, Kind::Choice(words), None, about)
}

pub(super) const fn word(
    name: &'static str,
    words: fn(&mut SchemaGenerator) -> Schema,
    about: &'static str,
) -> Column {
    Column::new(name, Kind::Word(words), None, about)
}

/// A file with a table.
pub(super) struct Table {
    /// Name of the file.
    pub(super) file: &'static str,
    /// What its rows are.
    pub(super) rows: &'static str,
    pub(super) columns: &'static [&'static [Column]],
    /// Kinds of geometry, for GeoJSON.
    pub(super) geometry: &'static [&'static str],
    /// Rows without a geometry.
    pub(super) is_placeless: bool,
}

impl Table {
    pub(super) const fn csv(
        file: &'static str,
        rows: &'static str,
        columns: &'static [&'static [Column]],
    ) -> Self {
        Self { file, rows, columns, geometry: &[], is_placeless: false }
    }

    pub(super) const fn geojson(
        file: &'static str,
        rows: &'static str,
        geometry: &'static [&'static str],
        columns: &'static [&'static [Column]],
    ) -> Self {
        Self { file, rows, columns, geometry, is_placeless: false }
    }

    /// Some rows show nowhere.
    pub(super) const fn or_nowhere(self) -> Self {
        Self { is_placeless: true, ..self }
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().flat_map(|part| part.iter())
    }

    /// The name of the file without its ending, as a type is called: `score_parts.csv` is `ScoreParts`.
    pub(super) fn type_name(&self) -> String {
        let stem = self.file.split('.').next().unwrap_or_default();
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        };
        stem.split('_').map(capital).collect()
    }
}
