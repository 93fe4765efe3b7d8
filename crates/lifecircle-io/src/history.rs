//! The history of a problem register: one event a row, the oldest first.

use lifecircle_types::{Fate, Imported, Issues, ProblemEvent};

use crate::csv::Table;
use crate::error::Result;
use crate::rows::{Header, Row, Rows};

/// Reads what happened to problems: `problem` (an id), `date`, `status`, and where known `by`, `note`, `mode`, `due` and
/// `budget`. The order of rows is kept: a history only grows at its end. A file without rows is a history that begins.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy.
///
/// ```
/// # use lifecircle_io::read_history_csv;
/// let text = b"problem,date,status,by\n0123456789abcdef,2025-07-01,found,re-measurement\n";
/// let read = read_history_csv(text, "history.csv")?;
/// assert_eq!(read.value[0].status.as_str(), "found");
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_history_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<ProblemEvent>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let problem = header.need(None, &["problem", "problem_id", "id"], "add it with the id of the problem")?;
    let date = header.need(None, &["date", "day"], "add it with the day, YYYY-MM-DD")?;
    let status = header.need(None, &["status"], "add it, such as verified or planned")?;
    let by = header.find(None, &["by", "who"])?;
    let note = header.find(None, &["note", "remark"])?;
    let mode = header.find(None, &["mode"])?;
    let due = header.find(None, &["due", "deadline"])?;
    let budget = header.find(None, &["budget", "investment"])?;
    let (mut events, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        fate.used += 1;
        let missing = |field, remedy| row.bad(name, field, remedy);
        let id = row.text(&problem).ok_or_else(|| missing(&problem, "name the problem of every event"))?;
        events.push(ProblemEvent {
            problem: id.to_owned(),
            date: row.word(name, Some(&date))?.ok_or_else(|| missing(&date, "write the day, YYYY-MM-DD"))?,
            status: row
                .word(name, Some(&status))?
                .ok_or_else(|| missing(&status, "say how far the problem came, such as planned"))?,
            by: row.text_of(by.as_ref()),
            note: row.text_of(note.as_ref()),
            mode: row.word(name, mode.as_ref())?,
            due: row.word(name, due.as_ref())?,
            budget: budget.as_ref().map(|field| row.amount(name, field)).transpose()?.flatten(),
        });
    }
    Ok(Imported { value: events, issues: Issues::new(), fate })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_events_are_refused_with_row_and_field() {
        let refused = |row: &str| {
            let text = format!("problem,date,status,due,budget,mode\n{row}\n");
            let error = read_history_csv(text.as_bytes(), "h.csv").unwrap_err().to_string();
            assert!(error.contains("h.csv") && error.contains("row 2"), "{error}");
            error
        };
        assert!(refused(",2025-07-01,found,,,").contains("name the problem"));
        assert!(refused("p,July,found,,,").contains("YYYY-MM-DD"));
        assert!(refused("p,2025-07-01,done,,,").contains("accepted"));
        assert!(refused("p,2025-07-01,planned,2025-02-30,,").contains("due"));
        assert!(refused("p,2025-07-01,planned,,-3,").contains("not negative"));
        assert!(refused("p,2025-07-01,planned,,,steal").contains("convert"));
        assert!(read_history_csv(b"problem,date,status\n", "h.csv").unwrap().value.is_empty());
    }
}
