//! Surveys, requests and series: what people say, and what was measured before.

use lifecircle_types::{Fate, Imported, Issues, SeriesValue, SurveyAnswer, Ticket};

use crate::crs::Crs;
use crate::csv::Table;
use crate::error::Result;
use crate::rows::{Field, Header, Row, Rows, check_unique};

/// Reads answers to a survey, one row for each question that somebody answered: `about` (or `service`), and where known
/// `unit`, `group`, `satisfaction`, `importance`, `with_it` and `without_it`, in steps from 1 to 5. A row without any
/// answer is rejected; a file without rows is a survey without answers.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy.
///
/// ```
/// # use lifecircle_io::read_survey_csv;
/// let text = b"service,group,satisfaction,importance\nlibrary,age_60_plus,4,5\nlibrary,age_60_plus,,\n";
/// let read = read_survey_csv(text, "survey.csv")?;
/// assert_eq!(read.value[0].satisfaction, Some(4));
/// assert_eq!(read.fate.to_string(), "2 rows: 1 used, 0 moved, 1 rejected (1 no answer)");
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_survey_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<SurveyAnswer>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let about = header.need(None, &["about", "service", "item"], "add it with what was asked about")?;
    let unit = header.find(None, &["unit", "unit_code"])?;
    let group = header.find(None, &["group"])?;
    let steps = ["satisfaction", "importance", "with_it", "without_it"]
        .map(|field| header.find(None, &[field]))
        .into_iter()
        .collect::<Result<Vec<Option<Field>>>>()?;
    let (mut answers, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        let asked = row.text(&about).ok_or_else(|| row.bad(name, &about, "say what was asked about"))?;
        let step = |field: &Option<Field>| -> Result<Option<u8>> {
            let Some(field) = field else {
                return Ok(None);
            };
            let Some(step) = row.whole(name, field)? else {
                return Ok(None);
            };
            let known = u8::try_from(step).ok().filter(|step| (1..=5).contains(step));
            known.map(Some).ok_or_else(|| row.bad(name, field, "write a step from 1 to 5"))
        };
        let found = steps.iter().map(step).collect::<Result<Vec<_>>>()?;
        if found.iter().all(Option::is_none) {
            fate.reject("no answer");
            continue;
        }
        fate.used += 1;
        answers.push(SurveyAnswer {
            about: asked.to_owned(),
            unit: row.text_of(unit.as_ref()),
            group: row.text_of(group.as_ref()),
            satisfaction: found[0],
            importance: found[1],
            with_it: found[2],
            without_it: found[3],
        });
    }
    Ok(Imported { value: answers, issues: Issues::new(), fate })
}

/// Reads requests: `id`, `opened`, and where known `about` (or `service`), `unit`, `lon` and `lat`, `closed` and `due`; by
/// id.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; a request that was
/// answered or due before it was made, two of one id.
///
/// ```
/// # use lifecircle_io::read_tickets_csv;
/// let text = b"id,service,opened,closed\n7,library,2025-03-01,2025-03-09\n";
/// let read = read_tickets_csv(text, "tickets.csv")?;
/// assert_eq!(read.value[0].closed.map(|day| day.to_string()).as_deref(), Some("2025-03-09"));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_tickets_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<Ticket>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let id = header.need(None, &["id", "ticket"], "add it with an id for every request")?;
    let opened = header.need(None, &["opened", "date"], "add it with the day, YYYY-MM-DD")?;
    let about = header.find(None, &["about", "service", "item"])?;
    let unit = header.find(None, &["unit", "unit_code"])?;
    let closed = header.find(None, &["closed", "answered"])?;
    let due = header.find(None, &["due", "deadline"])?;
    let lon = header.find(None, &["lon", "lng", "long", "longitude"])?;
    let position = match lon {
        Some(lon) => Some((lon, header.need(None, &["lat", "latitude"], "add it, in degrees on WGS 84")?)),
        None => None,
    };
    let (mut tickets, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        fate.used += 1;
        let key = row.text(&id).ok_or_else(|| row.bad(name, &id, "every request needs one"))?;
        let made = row
            .word(name, Some(&opened))?
            .ok_or_else(|| row.bad(name, &opened, "write the day, YYYY-MM-DD"))?;
        let later = |field: &Option<Field>| -> Result<Option<lifecircle_types::Date>> {
            let day = row.word::<lifecircle_types::Date>(name, field.as_ref())?;
            match (day, field) {
                (Some(day), Some(field)) if day < made => {
                    Err(row.bad(name, field, "the request was made later: write a day from then on"))
                }
                _ => Ok(day),
            }
        };
        let place = row.position(name, position.as_ref(), Crs::WGS84)?.map(|(at, _)| at);
        let ticket = Ticket {
            id: key.to_owned(),
            about: row.text_of(about.as_ref()),
            unit: row.text_of(unit.as_ref()),
            position: place,
            opened: made,
            closed: later(&closed)?,
            due: later(&due)?,
        };
        tickets.push((row.number, ticket));
    }
    let ids: Vec<(&str, u64)> = tickets.iter().map(|(row, ticket)| (ticket.id.as_str(), *row)).collect();
    check_unique(name, &ids)?;
    let mut tickets: Vec<Ticket> = tickets.into_iter().map(|(_, ticket)| ticket).collect();
    tickets.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Imported { value: tickets, issues: Issues::new(), fate })
}

/// Reads what earlier runs measured: `date`, `indicator`, `unit` (blank is the whole place), `value` and `pack`; by day,
/// indicator and unit. A file without rows is a series that begins.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; two rows of one day,
/// indicator and unit.
///
/// ```
/// # use lifecircle_io::read_series_csv;
/// let text = b"date,indicator,unit,value,pack\n2024-06-30,stations,,71.5,cn-plan-145\n";
/// assert_eq!(read_series_csv(text, "series.csv")?.value[0].value, 71.5);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_series_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<SeriesValue>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let date = header.need(None, &["date", "day"], "add it with the day, YYYY-MM-DD")?;
    let key = header.need(None, &["indicator", "key"], "add it with the key of the indicator")?;
    let value = header.need(None, &["value"], "add it with what was measured")?;
    let pack = header.need(None, &["pack"], "add it with the pack that it was measured by")?;
    let unit = header.find(None, &["unit", "unit_code"])?;
    let (mut values, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        fate.used += 1;
        let missing = |field, remedy| row.bad(name, field, remedy);
        let measured = SeriesValue {
            date: row.word(name, Some(&date))?.ok_or_else(|| missing(&date, "write the day, YYYY-MM-DD"))?,
            indicator: row.text_of(Some(&key)).ok_or_else(|| missing(&key, "name the indicator"))?,
            unit: row.text_of(unit.as_ref()),
            value: row.number(name, &value)?.ok_or_else(|| missing(&value, "write what was measured"))?,
            pack: row.text_of(Some(&pack)).ok_or_else(|| missing(&pack, "name the pack"))?,
        };
        values.push((row.number, measured));
    }
    let id = |value: &SeriesValue| {
        let unit = value.unit.as_deref().unwrap_or("the whole place");
        format!("{}, {unit}, {}", value.indicator, value.date)
    };
    let ids: Vec<(String, u64)> = values.iter().map(|(row, value)| (id(value), *row)).collect();
    check_unique(name, &ids.iter().map(|(id, row)| (id.as_str(), *row)).collect::<Vec<_>>())?;
    let mut values: Vec<SeriesValue> = values.into_iter().map(|(_, value)| value).collect();
    values.sort_by(|a, b| (a.date, &a.indicator, &a.unit).cmp(&(b.date, &b.indicator, &b.unit)));
    Ok(Imported { value: values, issues: Issues::new(), fate })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_answers_and_requests_are_refused_with_row_and_field() {
        let survey = |row: &str| {
            read_survey_csv(format!("about,satisfaction\n{row}\n").as_bytes(), "s.csv")
                .unwrap_err()
                .to_string()
        };
        assert!(survey("library,6").contains("from 1 to 5"));
        assert!(survey(",4").contains("asked about"));
        let ticket = |row: &str| {
            let text = format!("id,opened,closed,due,lon,lat\n{row}\n");
            read_tickets_csv(text.as_bytes(), "t.csv").unwrap_err().to_string()
        };
        assert!(ticket("1,2025-03-02,2025-03-01,,,").contains("made later"));
        assert!(ticket("1,2025-03-02,,2025-03-01,,").contains("due"));
        assert!(ticket("1,,,,,").contains("YYYY-MM-DD"));
        assert!(ticket("1,2025-03-02,,,400,0").contains("row 2"));
        assert!(ticket("1,2025-03-02,,,,\n1,2025-03-02,,,,").contains('3'));
        let series =
            read_series_csv(b"date,indicator,value,pack\n2024-01-01,a,1,p\n2024-01-01,a,2,p\n", "v.csv");
        assert!(series.unwrap_err().to_string().contains("a, the whole place, 2024-01-01"));
    }
}
