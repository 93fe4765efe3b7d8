//! Resident places from rows.

use std::collections::BTreeMap;

use lifecircle_types::{
    DemandSet, Fate, GivenPosition, Group, Imported, Issues, LonLat, People, Placement, ResidentPlace,
    Severity,
};

use crate::crs::Crs;
use crate::error::{Error, Result};
use crate::rows::{
    Field, Header, Row, RowGeometry, Rows, check_unique, column_setters, no_rows, plain, position_columns,
    tell_of_conversion,
};

/// The columns of a file of residents; a column that is not named is found by its usual names.
///
/// | What | Usual names |
/// |---|---|
/// | id; rows without are numbered in an order of their own | `id`, `code` |
/// | degrees on WGS 84; both blank keeps the people as unplaced | `lon`, `lng`, `long`, `longitude`; `lat`, `latitude` |
/// | everyone who lives there | `people`, `population`, `residents`, `pop` |
/// | the same in another system ([`ResidentColumns::crs`]) | also `x`, `easting`, `xcoord`; `y`, `northing`, `ycoord` |
/// | code of the planning unit | `unit`, `unit_code` |
/// | people of a group | `age_0_14`, `age_65_plus`, `female`, `permit_holder`, `female_age_65_plus`, `group_disabled` ... (see [`Group::from_column`]) |
///
/// ```
/// # use lifecircle_io::ResidentColumns;
/// let columns = ResidentColumns::default().id("cell").people("POP2020");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResidentColumns {
    /// Column of the id.
    pub id: Option<String>,
    /// Column of the longitude.
    pub lon: Option<String>,
    /// Column of the latitude.
    pub lat: Option<String>,
    /// Coordinate system of the positions; degrees on WGS 84, or what the file itself names, when `None`.
    pub crs: Option<Crs>,
    /// Column of the people.
    pub people: Option<String>,
    /// Column of the unit code.
    pub unit: Option<String>,
    /// Groups by column, besides those whose column names say what they are.
    pub groups: BTreeMap<String, Group>,
}

impl ResidentColumns {
    column_setters! {
        id => "the id",
        lon => "the longitude",
        lat => "the latitude",
        people => "the people",
        unit => "the unit code",
    }

    /// Names the coordinate system of the positions.
    #[must_use]
    pub fn crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
    }

    /// Says that `column` counts the people of `group`.
    #[must_use]
    pub fn group(mut self, column: impl Into<String>, group: Group) -> Self {
        self.groups.insert(column.into(), group);
        self
    }
}

/// A place, the row it stands in, and its coordinates there where those are others.
struct Placed {
    row: u64,
    place: ResidentPlace,
    given: Option<GivenPosition>,
}

pub(crate) fn read(rows: &mut dyn Rows, columns: &ResidentColumns) -> Result<Imported<DemandSet>> {
    let header = Header::of(rows);
    let file = header.file.to_owned();
    let id = header.find(columns.id.as_deref(), &["id", "code"])?;
    let remedy = "add it, or name the column that counts everyone who lives there";
    let people =
        header.need(columns.people.as_deref(), &["people", "population", "residents", "pop"], remedy)?;
    let unit = header.find(columns.unit.as_deref(), &["unit", "unit_code"])?;
    let groups = group_fields(header, columns)?;
    let position = position_columns(rows, columns.lon.as_deref(), columns.lat.as_deref())?;

    let crs = rows.crs();

    let mut issues = Issues::new();
    let mut fate = Fate::default();
    let mut places: Vec<Placed> = vec![];
    let mut row = Row::default();
    while rows.next_row(&mut row)? {
        fate.rows += 1;
        let (at, given_at) = row.position(&file, position.as_ref(), crs)?.unzip();
        let key = match &id {
            None => String::new(),
            Some(field) => {
                row.text(field).ok_or_else(|| row.bad(&file, field, "give every row an id"))?.to_owned()
            }
        };
        let Some(count) = count(&row, &file, &people)? else {
            fate.reject("no number of people");
            continue;
        };
        // not the row's number: rows in another order tell the same story
        let subject = match (key.is_empty(), at) {
            (false, _) => key.clone(),
            (true, Some(at)) => format!("the place at {},{}", at.lon(), at.lat()),
            (true, None) => "a place without id and position".into(),
        };
        let mut by_group = Vec::with_capacity(groups.len());
        for (field, _) in &groups {
            let members = count_of_group(&row, &file, field, &subject, &mut issues)?;
            if members > count {
                issues.push(
                    Severity::Warning,
                    "group is larger than its place",
                    subject.as_str(),
                    format!("`{}` counts {members} of {count} people", field.name),
                );
            }
            by_group.push(members);
        }
        if at.is_none() {
            issues.push(
                Severity::Warning,
                "residents without a position",
                subject.as_str(),
                format!("{count} people are kept, but nothing can be near them"),
            );
        }
        fate.used += 1;
        places.push(Placed {
            row: row.number,
            given: given_at.flatten(),
            place: ResidentPlace {
                id: key,
                position: at,
                people: count,
                unit: row.text_of(unit.as_ref()),
                placement: if at.is_some() { Placement::Given } else { Placement::Unplaced },
                groups: by_group,
            },
        });
        row.geometry = RowGeometry::default();
    }
    if fate.rows == 0 {
        return Err(no_rows(&file));
    }
    if id.is_some() {
        let ids: Vec<_> = places.iter().map(|placed| (placed.place.id.as_str(), placed.row)).collect();
        check_unique(&file, &ids)?;
    } else {
        number(&mut places);
    }
    let given: Vec<&GivenPosition> = places.iter().filter_map(|placed| placed.given.as_ref()).collect();
    tell_of_conversion(&mut issues, &file, &given);
    // in the order that the set will have
    places.sort_by(|a, b| a.place.id.cmp(&b.place.id));
    let (places, given): (Vec<_>, Vec<_>) =
        places.into_iter().map(|placed| (placed.place, placed.given)).unzip();
    let groups = groups.into_iter().map(|(_, group)| group).collect();
    let set = || -> core::result::Result<_, lifecircle_types::InvalidSet> {
        let mut value = DemandSet::new(places, groups)?;
        if given.iter().any(Option::is_some) {
            value.keep_given(given)?;
        }
        Ok(value)
    };
    let value = set().map_err(|source| Error::Set { file, source })?;
    Ok(Imported { value, issues, fate })
}

fn group_fields(header: Header<'_>, columns: &ResidentColumns) -> Result<Vec<(Field, Group)>> {
    let mut groups = vec![];
    for (name, group) in &columns.groups {
        groups.push((header.named(name)?, group.clone()));
    }
    let taken = [&columns.id, &columns.lon, &columns.lat, &columns.people, &columns.unit];
    for field in header.fields() {
        let named =
            taken.iter().any(|name| name.as_deref().is_some_and(|name| plain(name) == plain(&field.name)));
        if named || groups.iter().any(|(other, _)| *other == field) {
            continue;
        }
        if let Some(group) = Group::from_column(&plain(&field.name)) {
            groups.push((field, group));
        }
    }
    groups.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    Ok(groups)
}

fn count(row: &Row, file: &str, field: &Field) -> Result<Option<People>> {
    row.amount(file, field)?
        .map(|number| {
            People::try_from_f64(number)
                .map_err(|wrong| row.bad(file, field, &format!("write {}", wrong.expected)))
        })
        .transpose()
}

fn count_of_group(
    row: &Row,
    file: &str,
    field: &Field,
    subject: &str,
    issues: &mut Issues,
) -> Result<People> {
    if let Some(people) = count(row, file, field)? {
        return Ok(people);
    }
    issues.push(
        Severity::Note,
        "blank number of a group",
        subject,
        format!("`{}` is blank, nobody was counted", field.name),
    );
    Ok(People::ZERO)
}

/// Numbers places in an order that does not depend on the rows: by position, people, unit and groups.
fn number(places: &mut [Placed]) {
    let position = |at: Option<LonLat>| at.map(|at| (at.lon(), at.lat()));
    places.sort_by(|a, b| {
        let (a, b) = (&a.place, &b.place);
        let (p, q) = (position(a.position), position(b.position));
        let by_position = match (p, q) {
            (Some(p), Some(q)) => p.0.total_cmp(&q.0).then(p.1.total_cmp(&q.1)),
            _ => p.is_none().cmp(&q.is_none()),
        };
        by_position
            .then(a.people.cmp(&b.people))
            .then_with(|| a.unit.cmp(&b.unit))
            .then_with(|| a.groups.cmp(&b.groups))
    });
    let width = places.len().to_string().len().max(6);
    for (at, placed) in places.iter_mut().enumerate() {
        placed.place.id = format!("r{:0width$}", at + 1);
    }
}
