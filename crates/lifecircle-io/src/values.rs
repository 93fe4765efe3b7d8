//! Stated values: one value a row.

use lifecircle_types::{Fate, Imported, Issues, StatedValue};

use crate::csv::Table;
use crate::error::Result;
use crate::rows::{Header, Row, Rows, check_unique, no_rows};

/// Reads values of indicators: `key` (or `indicator`), `value`, and where known `unit` (a code; blank is the whole
/// place), `year` and `source`; in the order of keys, units and years. A row without a value is rejected.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; two rows of one
/// key, unit and year are refused.
///
/// ```
/// # use lifecircle_io::read_values_csv;
/// let text = b"key,unit,year,value\nlife_expectancy,,2024,79.1\nlife_expectancy,,2023,\n";
/// let read = read_values_csv(text, "values.csv")?;
/// assert_eq!((read.value[0].year, read.value[0].value), (Some(2024), 79.1));
/// assert_eq!(read.fate.to_string(), "2 rows: 1 used, 0 moved, 1 rejected (1 no value)");
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_values_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<StatedValue>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let key = header.need(None, &["key", "indicator"], "add it with the key of the indicator")?;
    let value = header.need(None, &["value", "amount"], "add it with the value, in the indicator's unit")?;
    let unit = header.find(None, &["unit", "unit_code", "code"])?;
    let year = header.find(None, &["year"])?;
    let source = header.find(None, &["source", "origin"])?;
    let (mut values, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        let key = row.text(&key).ok_or_else(|| row.bad(name, &key, "name the indicator of every value"))?;
        let stated_year = match &year {
            None => None,
            Some(field) => match row.whole(name, field)? {
                None => None,
                Some(year) => Some(
                    u16::try_from(year)
                        .ok()
                        .filter(|year| (1000..=9999).contains(year))
                        .ok_or_else(|| row.bad(name, field, "write a year of four digits"))?,
                ),
            },
        };
        let Some(amount) = row.number(name, &value)? else {
            fate.reject("no value");
            continue;
        };
        fate.used += 1;
        let stated = StatedValue {
            key: key.to_owned(),
            unit: row.text_of(unit.as_ref()),
            year: stated_year,
            value: amount,
            source: row.text_of(source.as_ref()),
        };
        values.push((row.number, stated));
    }
    if fate.rows == 0 {
        return Err(no_rows(name));
    }
    let id = |stated: &StatedValue| {
        let unit = stated.unit.as_deref().unwrap_or("the whole place");
        let year = stated.year.map_or_else(|| "always".to_owned(), |year| year.to_string());
        format!("{}, {unit}, {year}", stated.key)
    };
    let ids: Vec<(String, u64)> = values.iter().map(|(number, stated)| (id(stated), *number)).collect();
    check_unique(name, &ids.iter().map(|(id, number)| (id.as_str(), *number)).collect::<Vec<_>>())?;
    let mut values: Vec<StatedValue> = values.into_iter().map(|(_, stated)| stated).collect();
    values.sort_by(|a, b| (&a.key, &a.unit, a.year).cmp(&(&b.key, &b.unit, b.year)));
    Ok(Imported { value: values, issues: Issues::new(), fate })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_are_refused_with_row_and_field() {
        let refused = |text: &str| read_values_csv(text.as_bytes(), "v.csv").unwrap_err().to_string();
        assert!(refused("key,value\n").contains("rows"), "{}", refused("key,value\n"));
        let twice = refused("key,value,year\na,1,2024\nb,1,2024\na,2,2024\n");
        assert!(twice.contains("a, the whole place, 2024") && twice.contains('4'), "{twice}");
        let year = refused("key,value,year\na,1,24\n");
        assert!(year.contains("four digits") && year.contains("row 2"), "{year}");
        assert!(refused("key,value\na,much\n").contains("plain number"));
        assert!(refused("key,value\n,3\n").contains("name the indicator"));
        assert!(refused("name,value\na,3\n").contains("key"));
    }

    #[test]
    fn rows_come_in_one_order() {
        let read = |text: &str| read_values_csv(text.as_bytes(), "v.csv").unwrap().value;
        let a = read("key;value;unit\nb;1;\na;2;u2\na;-3,5;u1\n".replace(",5", ".5").as_str());
        let b = read("key;value;unit\na;-3.5;u1\na;2;u2\nb;1;\n");
        assert_eq!(a, b);
        assert_eq!(a[0].unit.as_deref(), Some("u1"));
    }
}
