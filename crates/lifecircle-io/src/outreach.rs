//! Tables of what comes to people: stops of mobile services, and care beds in homes.

use lifecircle_types::{Date, Fate, HomeBed, Imported, Issues, MobileStop};

use crate::csv::Table;
use crate::error::Result;
use crate::rows::{Field, Header, Row, Rows, check_unique, no_rows, position_columns};

/// Reads stops of a mobile service: `id`, `lon`, `lat`, `visits_a_year`, and where they are known `days` (joined by
/// semicolons); by id. Of a stop with days and without a number of visits the days are counted. A stop without a position is
/// rejected.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; two stops of one id; a
/// number of visits that is not that of the days.
///
/// ```
/// # use lifecircle_io::read_stops_csv;
/// let text = b"id,lon,lat,visits_a_year,days\na,105.2,30.4,12,\nb,105.3,30.4,,2025-03-01;2025-09-01\n";
/// let stops = read_stops_csv(text, "stops.csv")?.value;
/// assert_eq!((stops[0].visits, stops[1].visits), (Some(12), Some(2)));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_stops_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<MobileStop>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let id = header.need(None, &["id", "stop"], "add it with an id for every stop")?;
    let visits = header.find(None, &["visits_a_year", "visits", "days_a_year"])?;
    let days = header.find(None, &["days", "dates"])?;
    if visits.is_none() && days.is_none() {
        header.need(
            None,
            &["visits_a_year"],
            "add it with visits a year, or `days` with the days themselves",
        )?;
    }
    let position = position_columns(&table, None, None)?;
    let crs = table.crs();
    let (mut stops, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        let key = row.text(&id).ok_or_else(|| row.bad(name, &id, "every stop needs one"))?.to_owned();
        let served = days_of(&row, name, days.as_ref())?;
        let stated = count(&row, name, visits.as_ref())?;
        let counted = served.as_ref().map(|days| u32::try_from(days.len()).unwrap_or(u32::MAX));
        if let (Some(field), Some(stated), Some(counted)) = (&visits, stated, counted)
            && stated != counted
        {
            let remedy = format!("its days are {counted}: write as many, or leave one of the two empty");
            return Err(row.bad(name, field, &remedy));
        }
        let Some((at, _)) = row.position(name, position.as_ref(), crs)? else {
            fate.reject("no position");
            continue;
        };
        fate.used += 1;
        let visits = stated.or(counted);
        stops.push((row.number, MobileStop { id: key, position: Some(at), visits, days: served }));
    }
    if fate.rows == 0 {
        return Err(no_rows(name));
    }
    let ids: Vec<(&str, u64)> = stops.iter().map(|(row, stop)| (stop.id.as_str(), *row)).collect();
    check_unique(name, &ids)?;
    let mut stops: Vec<MobileStop> = stops.into_iter().map(|(_, stop)| stop).collect();
    stops.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Imported { value: stops, issues: Issues::new(), fate })
}

/// Reads care beds in homes: `id`, `place` (the id of a resident place), and where it is known `visits_a_month`; by id.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; two beds of one id.
///
/// ```
/// # use lifecircle_io::read_beds_csv;
/// let beds = read_beds_csv(b"id,place,visits_a_month\n1,home-7,4\n2,home-9,\n", "beds.csv")?.value;
/// assert_eq!((beds[0].place.as_str(), beds[1].visits), ("home-7", None));
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_beds_csv(bytes: &[u8], name: &str) -> Result<Imported<Vec<HomeBed>>> {
    let mut table = Table::new(bytes, name)?;
    let header = Header::of(&table);
    let id = header.need(None, &["id", "bed"], "add it with an id for every bed")?;
    let place = header.need(None, &["place", "home"], "add it with the ids of resident places")?;
    let visits = header.find(None, &["visits_a_month", "visits"])?;
    let (mut beds, mut fate, mut row) = (vec![], Fate::default(), Row::default());
    while table.next_row(&mut row)? {
        fate.rows += 1;
        fate.used += 1;
        let bed = HomeBed {
            id: row.text_of(Some(&id)).ok_or_else(|| row.bad(name, &id, "every bed needs one"))?,
            place: row
                .text_of(Some(&place))
                .ok_or_else(|| row.bad(name, &place, "name its resident place"))?,
            visits: count(&row, name, visits.as_ref())?,
        };
        beds.push((row.number, bed));
    }
    if fate.rows == 0 {
        return Err(no_rows(name));
    }
    let ids: Vec<(&str, u64)> = beds.iter().map(|(row, bed)| (bed.id.as_str(), *row)).collect();
    check_unique(name, &ids)?;
    let mut beds: Vec<HomeBed> = beds.into_iter().map(|(_, bed)| bed).collect();
    beds.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Imported { value: beds, issues: Issues::new(), fate })
}

/// The cell as a number of times; `None` when it is blank.
fn count(row: &Row, name: &str, field: Option<&Field>) -> Result<Option<u32>> {
    let Some(field) = field else { return Ok(None) };
    let Some(count) = row.whole(name, field)? else { return Ok(None) };
    u32::try_from(count).map(Some).map_err(|_| row.bad(name, field, "write a smaller number"))
}

/// Days of a cell, ascending, each once; `None` when it is blank.
fn days_of(row: &Row, name: &str, field: Option<&Field>) -> Result<Option<Vec<Date>>> {
    let Some((field, text)) = field.and_then(|field| Some((field, row.text(field)?))) else {
        return Ok(None);
    };
    let day = |day: &str| day.trim().parse::<Date>();
    let read: core::result::Result<Vec<Date>, _> = text.split(';').map(day).collect();
    let mut days =
        read.map_err(|_| row.bad(name, field, "write days as YYYY-MM-DD, joined by semicolons"))?;
    days.sort_unstable();
    days.dedup();
    Ok(Some(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_read_and_told() {
        let text = b"id,lon,lat,visits_a_year,days\nb,0,0,,2025-09-01; 2025-03-01;2025-03-01\na,1,1,3,\nc,,,1,\nd,1,1,,\n";
        let read = read_stops_csv(text, "s.csv").unwrap();
        let found: Vec<_> = read.value.iter().map(|stop| (stop.id.as_str(), stop.visits)).collect();
        assert_eq!(found, [("a", Some(3)), ("b", Some(2)), ("d", None)]);
        assert_eq!(read.fate.to_string(), "4 rows: 3 used, 0 moved, 1 rejected (1 no position)");
        assert_eq!(read.value[1].days.as_ref().map(Vec::len), Some(2));
    }

    #[test]
    fn wrong_stops_and_beds_are_refused_with_row_and_field() {
        let stop = |row: &str| {
            let text = format!("id,lon,lat,visits_a_year,days\n{row}\n");
            read_stops_csv(text.as_bytes(), "s.csv").unwrap_err().to_string()
        };
        assert!(stop("a,0,0,-1,").contains("visits_a_year"));
        assert!(stop("a,0,0,1.5,").contains("whole number"));
        assert!(stop("a,0,0,,2025-3").contains("joined by semicolons"));
        assert!(stop("a,0,0,2,2025-03-01").contains("its days are 1"));
        assert!(stop("a,0,,2,").contains("both longitude and latitude"));
        let twice = stop("a,0,0,2,\na,0,0,2,");
        assert!(twice.contains("rows 2 and 3"), "{twice}");
        assert!(stop(",0,0,2,").contains("every stop needs one"));
        let missing = read_stops_csv(b"id,lon,lat\na,0,0\n", "s.csv").unwrap_err().to_string();
        assert!(missing.contains("visits_a_year") && missing.contains("`days`"), "{missing}");
        let bed = |row: &str| {
            let text = format!("id,place,visits_a_month\n{row}\n");
            read_beds_csv(text.as_bytes(), "b.csv").unwrap_err().to_string()
        };
        assert!(bed("1,,4").contains("name its resident place"));
        let twice = bed("1,a,4\n1,b,4");
        assert!(twice.contains("rows 2 and 3"), "{twice}");
        assert!(bed("1,a,x").contains("visits_a_month"));
        assert!(read_beds_csv(b"id,place\n", "b.csv").unwrap_err().to_string().contains("at least one"));
    }
}
