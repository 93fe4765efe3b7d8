//! Travel matrices that another tool made.

use std::collections::BTreeMap;

use lifecircle_types::{Cost, DemandIx, FacilityIx, Millimetres, TravelMatrix, TravelTime};

use crate::csv::Table;
use crate::error::{Error, Result, shorten};
use crate::rows::{Field, Header, Row, Rows, no_rows};

/// A travel matrix and what its rows and columns stand for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MatrixTable {
    /// Ids of the resident places, ascending: row `i` of the matrix belongs to `origins[i]`.
    pub origins: Vec<String>,
    /// Ids of the facilities, ascending: column `j` of the matrix belongs to `facilities[j]`.
    pub facilities: Vec<String>,
    /// The matrix; as read, complete up to its largest value.
    pub matrix: TravelMatrix,
}

impl MatrixTable {
    /// The same matrix for a stated cutoff, inclusive: pairs beyond it are left out. A cutoff above the largest
    /// value says that the file is complete up to it.
    ///
    /// # Errors
    /// [`Error::Matrix`] when the cutoff is in the other unit.
    pub fn within(self, cutoff: impl Into<Cost>) -> Result<Self> {
        let cutoff = cutoff.into();
        let entries = self
            .matrix
            .entries()
            .filter(|(.., cost)| cost.unit() != cutoff.unit() || cost.raw() <= cutoff.raw());
        let (rows, columns) = (count(self.origins.len()), count(self.facilities.len()));
        let matrix = TravelMatrix::new(rows, columns, cutoff, entries)
            .map_err(|source| Error::Matrix { file: "the travel matrix".into(), source })?;
        Ok(Self { matrix, ..self })
    }
}

/// Reads a travel matrix: `from_id`, `to_id`, and `travel_time_min` (minutes) or `length_m` (metres).
///
/// A blank cost means that the pair is not connected. `travel_time`, `travel_time_p50`, `distance_m` and
/// `distance` are understood too, in the same units. The largest value is taken for the cutoff;
/// [`MatrixTable::within`] states another.
///
/// # Errors
/// What is wrong with the file as a whole or with one value of it, with file, row, field and remedy; a pair that
/// stands in two rows is refused.
///
/// ```
/// # use lifecircle_io::read_matrix_csv;
/// # use lifecircle_types::TravelTime;
/// let table = read_matrix_csv(b"from_id,to_id,travel_time_min\nhome,clinic,7.5\nhome,school,12\n", "ttm.csv")?;
/// assert_eq!(table.facilities, ["clinic", "school"]);
/// assert_eq!(table.matrix.cutoff(), TravelTime::from_minutes(12).into());
/// assert_eq!(table.within(TravelTime::from_minutes(10))?.matrix.len(), 1);
/// # Ok::<(), lifecircle_io::Error>(())
/// ```
pub fn read_matrix_csv(bytes: &[u8], name: &str) -> Result<MatrixTable> {
    read(&mut Table::new(bytes, name)?, name)
}

/// Reads a travel matrix in Parquet, with the columns of [`read_matrix_csv`].
///
/// # Errors
/// As [`read_matrix_csv`], with row and column.
#[cfg(feature = "parquet")]
pub fn read_matrix_parquet(bytes: &[u8], name: &str) -> Result<MatrixTable> {
    read(&mut crate::geoparquet::rows(bytes, name, None)?, name)
}

fn read(table: &mut dyn Rows, name: &str) -> Result<MatrixTable> {
    let header = Header::of(table);
    let from =
        header.need(None, &["from_id", "from", "origin", "origin_id"], "add it with the ids of origins")?;
    let to = header.need(
        None,
        &["to_id", "to", "destination", "destination_id"],
        "add it with the ids of facilities",
    )?;
    let time = header.find(None, &["travel_time_min", "travel_time", "travel_time_p50"])?;
    let (cost, in_time) = match time {
        Some(field) => (field, true),
        None => {
            let remedy = "add it, or length_m";
            let lengths = ["length_m", "distance_m", "distance"];
            match header.find(None, &lengths)? {
                Some(field) => (field, false),
                None => (header.need(None, &["travel_time_min"], remedy)?, true),
            }
        }
    };
    let (mut origins, mut facilities) = (Ids::default(), Ids::default());
    let mut entries: Vec<(u32, u32, u64, u32)> = vec![];
    let mut row = Row::default();
    let mut rows = 0_u64;
    while table.next_row(&mut row)? {
        rows += 1;
        let id = |field: &Field| row.text(field).ok_or_else(|| row.bad(name, field, "write an id"));
        let origin = origins.index(id(&from)?);
        let facility = facilities.index(id(&to)?);
        let Some(value) = row.amount(name, &cost)? else {
            continue;
        };
        let raw = if in_time {
            TravelTime::try_from_secs_f64(value * 60.0).map(TravelTime::as_millis)
        } else {
            Millimetres::try_from_metres_f64(value).map(Millimetres::get)
        };
        let raw =
            raw.map_err(|_| row.bad(name, &cost, "write at most 71,000 minutes or 4,294 kilometres"))?;
        entries.push((origin, facility, row.number, raw));
    }
    if rows == 0 {
        return Err(no_rows(name));
    }
    let (origins, origin_rank) = origins.sorted();
    let (facilities, facility_rank) = facilities.sorted();
    for (origin, facility, ..) in &mut entries {
        *origin = origin_rank[*origin as usize];
        *facility = facility_rank[*facility as usize];
    }
    entries.sort_unstable();
    if let Some(pair) = entries.windows(2).find(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
        let (from, to) = (&origins[pair[0].0 as usize], &facilities[pair[0].1 as usize]);
        return Err(Error::DuplicateId {
            file: name.into(),
            id: format!("{} to {}", shorten(from), shorten(to)),
            first_row: pair[0].2,
            second_row: pair[1].2,
        });
    }
    let unit = if in_time { TravelTime::ZERO.into() } else { Cost::from(Millimetres::ZERO) }.unit();
    let cutoff = unit.cost(entries.iter().map(|entry| entry.3).max().unwrap_or(0));
    let cells = entries.iter().map(|&(o, f, _, raw)| (DemandIx(o), FacilityIx(f), unit.cost(raw)));
    let matrix = TravelMatrix::new(count(origins.len()), count(facilities.len()), cutoff, cells)
        .map_err(|source| Error::Matrix { file: name.into(), source })?;
    Ok(MatrixTable { origins, facilities, matrix })
}

/// A file of less than 2^32 rows has fewer ids than that.
fn count(ids: usize) -> u32 {
    u32::try_from(ids).unwrap_or(u32::MAX)
}

/// Ids in the order of their first row.
#[derive(Default)]
struct Ids(BTreeMap<String, u32>);

impl Ids {
    fn index(&mut self, id: &str) -> u32 {
        if let Some(&known) = self.0.get(id) {
            return known;
        }
        let index = count(self.0.len());
        self.0.insert(id.into(), index);
        index
    }

    /// The ids ascending, and for each index its place among them.
    fn sorted(self) -> (Vec<String>, Vec<u32>) {
        let mut rank = vec![0; self.0.len()];
        for (at, &index) in self.0.values().enumerate() {
            rank[index as usize] = count(at);
        }
        (self.0.into_keys().collect(), rank)
    }
}
