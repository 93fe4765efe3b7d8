//! Where two texts of one result differ: by row and column, by feature and property, or by the path of a value.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// A value that differs between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands, in words: `row 3, column people`.
    pub at: String,
    /// What the bundle holds; `None` where it holds nothing there.
    pub bundled: Option<String>,
    /// What came out again; `None` where nothing did.
    pub again: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| match value.as_deref() {
            None => "nothing".to_owned(),
            Some("") => "an empty cell".to_owned(),
            Some(value) => value.to_owned(),
        };
        write!(f, "{}: {} in the bundle, {} now", self.at, shown(&self.bundled), shown(&self.again))
    }
}

/// Differences of one file: how many there are, and the first of them.
pub(super) struct Differences {
    pub(super) count: u64,
    pub(super) first: Vec<Difference>,
}

/// Differences that are listed.
const SHOWN: usize = 5;
/// Letters of a value that are shown.
const LETTERS: usize = 60;

impl Differences {
    /// Compares two texts of a file whose bytes differ.
    pub(super) fn between(file: &str, bundled: &[u8], again: &[u8]) -> Self {
        let mut found = Self { count: 0, first: vec![] };
        let compared = match file.rsplit('.').next() {
            Some("csv") => found.tables(bundled, again),
            Some("geojson") => found.features(bundled, again),
            _ => found.values_of(bundled, again),
        };
        if compared.is_none() {
            found.add("the whole file", Some("what cannot be read".into()), Some("a sound file".into()));
        } else if found.count == 0 {
            let only = || Some("the same values".to_owned());
            found.add("the way it is written, not what it says", only(), only());
        }
        found
    }

    fn add(&mut self, at: impl Into<String>, bundled: Option<String>, again: Option<String>) {
        self.count += 1;
        if self.first.len() < SHOWN {
            let cut = |value: String| {
                let short: String = value.chars().take(LETTERS).collect();
                if short.len() < value.len() { format!("{short}…") } else { value }
            };
            self.first.push(Difference { at: at.into(), bundled: bundled.map(cut), again: again.map(cut) });
        }
    }

    /// `None` when one of them is no table.
    fn tables(&mut self, bundled: &[u8], again: &[u8]) -> Option<()> {
        let (bundled, again) = (Table::read(bundled)?, Table::read(again)?);
        self.counts("rows", bundled.rows.len(), again.rows.len());
        let columns: BTreeSet<&String> = bundled.columns.iter().chain(&again.columns).collect();
        for name in columns {
            let (old, new) = (bundled.column(name), again.column(name));
            let (Some(old), Some(new)) = (old, new) else {
                let stated = |at: Option<usize>| at.map(|_| "a column".to_owned());
                self.add(format!("column {name}"), stated(old), stated(new));
                continue;
            };
            for (row, (a, b)) in bundled.rows.iter().zip(&again.rows).enumerate() {
                if a[old] != b[new] {
                    // what a row is about mostly stands in its first cell
                    let about = if old == 0 { String::new() } else { format!(" ({})", &a[0]) };
                    let at = format!("row {}{about}, column {name}", row + 1);
                    self.add(at, Some(a[old].into()), Some(b[new].into()));
                }
            }
        }
        Some(())
    }

    fn counts(&mut self, what: &str, bundled: usize, again: usize) {
        if bundled != again {
            self.add(format!("number of {what}"), Some(bundled.to_string()), Some(again.to_string()));
        }
    }

    fn features(&mut self, bundled: &[u8], again: &[u8]) -> Option<()> {
        let bundled: Value = serde_json::from_slice(bundled).ok()?;
        let again: Value = serde_json::from_slice(again).ok()?;
        let (old, new) = (bundled["features"].as_array()?, again["features"].as_array()?);
        self.counts("features", old.len(), new.len());
        for (row, (a, b)) in old.iter().zip(new).enumerate() {
            let properties = &a["properties"];
            let about = ["id", "code"].iter().find_map(|key| properties[key].as_str());
            let about = about.map_or_else(String::new, |id| format!(" ({id})"));
            let here = format!("feature {}{about}", row + 1);
            self.values(&format!("{here}, "), properties, &b["properties"]);
            if a["geometry"] != b["geometry"] {
                let (a, b) = (a["geometry"].to_string(), b["geometry"].to_string());
                self.add(format!("{here}, its geometry"), Some(a), Some(b));
            }
        }
        let members = |of: &Value| {
            let members = of.as_object().cloned().unwrap_or_default();
            Value::Object(members.into_iter().filter(|(key, _)| key != "features").collect())
        };
        self.values("", &members(&bundled), &members(&again));
        Some(())
    }

    fn values_of(&mut self, bundled: &[u8], again: &[u8]) -> Option<()> {
        let bundled: Value = serde_json::from_slice(bundled).ok()?;
        self.values("", &bundled, &serde_json::from_slice(again).ok()?);
        Some(())
    }

    /// Compares values under a path.
    fn values(&mut self, path: &str, bundled: &Value, again: &Value) {
        match (bundled, again) {
            (Value::Object(old), Value::Object(new)) => {
                let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for key in keys {
                    let dot = if path.is_empty() || path.ends_with(' ') { "" } else { "." };
                    let path = format!("{path}{dot}{key}");
                    match (old.get(key), new.get(key)) {
                        (Some(old), Some(new)) => self.values(&path, old, new),
                        (old, new) => self.add(path, old.map(Value::to_string), new.map(Value::to_string)),
                    }
                }
            }
            (Value::Array(old), Value::Array(new)) => {
                self.counts(&format!("entries of {path}"), old.len(), new.len());
                for (at, (old, new)) in old.iter().zip(new).enumerate() {
                    self.values(&format!("{path}[{at}]"), old, new);
                }
            }
            (old, new) if old != new => self.add(path, Some(old.to_string()), Some(new.to_string())),
            _ => {}
        }
    }
}

struct Table {
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = csv::Reader::from_reader(bytes);
        let columns = reader.headers().ok()?.iter().map(String::from).collect();
        let rows = reader.records().collect::<Result<_, _>>().ok()?;
        Some(Self { columns, rows })
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str, bundled: &str, again: &str) -> (u64, Vec<String>) {
        let found = Differences::between(file, bundled.as_bytes(), again.as_bytes());
        (found.count, found.first.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_table_is_told_by_row_and_column() {
        let (count, lines) = told("gaps.csv", "place,people\na,1\nb,2\n", "place,people\na,1\nb,3\n");
        assert_eq!((count, lines), (1, vec!["row 2 (b), column people: 2 in the bundle, 3 now".into()]));
    }

    #[test]
    fn rows_and_columns_that_are_missing_are_told() {
        let (count, lines) = told("a.csv", "id,x\na,\n", "id,y\na,\nb,\n");
        let expected = [
            "number of rows: 1 in the bundle, 2 now",
            "column x: a column in the bundle, nothing now",
            "column y: nothing in the bundle, a column now",
        ];
        assert_eq!((count, lines), (3, expected.map(String::from).to_vec()));
        let (_, lines) = told("a.csv", "id,x\na,\n", "id,x\na,1\n");
        assert_eq!(lines, ["row 1 (a), column x: an empty cell in the bundle, 1 now"]);
    }

    #[test]
    fn a_feature_is_told_by_property_and_geometry() {
        let feature = |people: u8, lon: u8| {
            format!(
                r#"{{"name":"n","features":[{{"geometry":[{lon}],"properties":{{"code":"51","people":{people}}}}}]}}"#
            )
        };
        let (count, lines) = told("units.geojson", &feature(1, 0), &feature(2, 9));
        let expected = [
            "feature 1 (51), people: 1 in the bundle, 2 now",
            "feature 1 (51), its geometry: [0] in the bundle, [9] now",
        ];
        assert_eq!((count, lines), (2, expected.map(String::from).to_vec()));
    }

    #[test]
    fn a_value_is_told_by_its_path() {
        let (count, lines) =
            told("a.json", r#"{"a":[{"b":1},{"b":2}],"c":0}"#, r#"{"a":[{"b":1},{"b":5}],"d":0}"#);
        let expected = [
            "a[1].b: 2 in the bundle, 5 now",
            "c: 0 in the bundle, nothing now",
            "d: nothing in the bundle, 0 now",
        ];
        assert_eq!((count, lines), (3, expected.map(String::from).to_vec()));
    }

    #[test]
    fn all_are_counted_and_a_few_are_listed() {
        let rows = |value: u8| (0..9).fold(String::from("x\n"), |text, _| format!("{text}{value}\n"));
        let (count, lines) = told("a.csv", &rows(1), &rows(2));
        assert_eq!((count, lines.len()), (9, SHOWN));
    }

    #[test]
    fn what_is_written_otherwise_and_what_cannot_be_read_is_told() {
        let (count, lines) = told("a.json", "{\"a\":1}", "{ \"a\": 1 }");
        assert_eq!(count, 1);
        assert!(lines[0].starts_with("the way it is written"), "{lines:?}");
        let (_, lines) = told("a.json", "{", "{}");
        assert!(lines[0].starts_with("the whole file: what cannot be read"), "{lines:?}");
    }
}
