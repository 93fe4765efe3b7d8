//! Facilities from rows.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use lifecircle_types::{
    Certainty, Facility, FacilitySet, FacilityState, Fate, Imported, Issues, Offer, ServiceKey, Shape,
    Status, TagClassifier, Tags,
};

use crate::crs::Crs;
use crate::error::{Error, Result};
use crate::rows::{
    Field, Header, Row, RowGeometry, Rows, check_unique, column_setters, no_rows, position_columns,
    tell_of_conversion,
};

/// The columns of a file of facilities; a column that is not named is found by its usual names.
///
/// Services stand in one column (long form: keys separated by `;`, with capacities likewise) or in a column
/// each (wide form, [`FacilityColumns::services`]: a number above 0 offers the service with that capacity, 0 or
/// a blank does not). A table of somebody else's categories is read by tags instead
/// ([`FacilityColumns::tagged`]): the cells of a row, and its name, are classified like the tags of a map.
///
/// | What | Usual names |
/// |---|---|
/// | id | `id`, `code` |
/// | degrees on WGS 84 | `lon`, `lng`, `long`, `longitude`; `lat`, `latitude` |
/// | the same in another system ([`FacilityColumns::crs`]) | also `x`, `easting`, `xcoord`; `y`, `northing`, `ycoord` |
/// | services, capacities | `service`, `services`; `capacity`, `capacities` |
/// | name | `name` |
/// | opening hours, as in OpenStreetMap | `hours`, `opening_hours` |
/// | price per use | `price` |
/// | words of [`Provider`](lifecircle_types::Provider) and [`OperatingMode`](lifecircle_types::OperatingMode) | `provider`; `operating_mode` |
/// | who runs it; id of the main institution | `operator`; `parent` |
/// | word of [`FacilityState`], first and last day | `state`; `open_from`; `open_until` |
/// | square metres | `floor_area_m2`; `site_area_m2` |
/// | what it is equipped for, words joined by `;` | `functions` |
/// | full-time staff; people served a year; cost a year | `staff`; `users`; `yearly_cost` |
/// | where the row comes from; else the name of the file | `source` |
///
/// ```
/// # use lifecircle_io::FacilityColumns;
/// let columns = FacilityColumns::default().service("primary_school".parse()?, "schools");
/// # Ok::<(), lifecircle_types::InvalidText>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct FacilityColumns {
    /// Column of the id.
    pub id: Option<String>,
    /// Column of the longitude.
    pub lon: Option<String>,
    /// Column of the latitude.
    pub lat: Option<String>,
    /// Coordinate system of the positions; degrees on WGS 84, or what the file itself names, when `None`.
    pub crs: Option<Crs>,
    /// Column of the name.
    pub name: Option<String>,
    /// Column of the services, in the long form.
    pub service: Option<String>,
    /// Column of the capacities, in the long form.
    pub capacity: Option<String>,
    /// Column per service, in the wide form.
    pub services: BTreeMap<ServiceKey, String>,
    tags: BTreeMap<String, String>,
    classifier: Option<Classifier>,
}

#[derive(Clone)]
struct Classifier(Arc<dyn TagClassifier + Send + Sync>);

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Classifier")
    }
}

impl FacilityColumns {
    column_setters! {
        id => "the id",
        lon => "the longitude",
        lat => "the latitude",
        name => "the name",
    }

    /// Names the coordinate system of the positions.
    #[must_use]
    pub fn crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
    }

    /// Says that `column` counts the capacity of `service` (wide form).
    #[must_use]
    pub fn service(mut self, service: ServiceKey, column: impl Into<String>) -> Self {
        self.services.insert(service, column.into());
        self
    }

    /// Reads columns as tags, each a key with its column, such as `category` with `typecode`; `classifier` says which
    /// services a row with them offers.
    #[must_use]
    pub fn tagged<K: Into<String>, C: Into<String>>(
        mut self,
        tags: impl IntoIterator<Item = (K, C)>,
        classifier: Arc<dyn TagClassifier + Send + Sync>,
    ) -> Self {
        self.tags = tags.into_iter().map(|(key, column)| (key.into(), column.into())).collect();
        self.classifier = Some(Classifier(classifier));
        self
    }

    /// Names the column of service keys (long form).
    #[must_use]
    pub fn service_column(mut self, column: impl Into<String>) -> Self {
        self.service = Some(column.into());
        self
    }

    /// Names the column of capacities (long form).
    #[must_use]
    pub fn capacity_column(mut self, column: impl Into<String>) -> Self {
        self.capacity = Some(column.into());
        self
    }
}

/// The columns that tell what is offered.
struct OfferFields {
    services: Option<Field>,
    capacities: Option<Field>,
    wide: Vec<(ServiceKey, Field)>,
    tags: Vec<(String, Field)>,
    classifier: Option<Classifier>,
}

/// The columns that may be there.
struct Extras {
    name: Option<Field>,
    hours: Option<Field>,
    price: Option<Field>,
    provider: Option<Field>,
    operating_mode: Option<Field>,
    operator: Option<Field>,
    parent: Option<Field>,
    state: Option<Field>,
    open_from: Option<Field>,
    open_until: Option<Field>,
    floor_area: Option<Field>,
    site_area: Option<Field>,
    functions: Option<Field>,
    staff: Option<Field>,
    users: Option<Field>,
    yearly_cost: Option<Field>,
    source: Option<Field>,
}

pub(crate) fn read(rows: &mut dyn Rows, columns: &FacilityColumns) -> Result<Imported<FacilitySet>> {
    let header = Header::of(rows);
    let file = header.file.to_owned();
    let id = header.need(columns.id.as_deref(), &["id", "code"], "add it, with an id of its own per row")?;
    let offers = OfferFields::new(header, columns)?;
    let extras = Extras::new(header, columns)?;
    let position = position_columns(rows, columns.lon.as_deref(), columns.lat.as_deref())?;
    let crs = rows.crs();

    let mut fate = Fate::default();
    let mut facilities: Vec<(u64, Facility)> = vec![];
    let mut row = Row::default();
    while rows.next_row(&mut row)? {
        fate.rows += 1;
        let key = row.text(&id).ok_or_else(|| row.bad(&file, &id, "give every row an id"))?;
        let Some((at, given)) = row.position(&file, position.as_ref(), crs)? else {
            fate.reject("no position");
            continue;
        };
        let mut facility = Facility::new(key, at, file.as_str());
        facility.given = given;
        extras.read(&row, &file, &mut facility)?;
        facility.offers = offers.read(&row, &file, &facility)?;
        if facility.offers.is_empty() {
            fate.reject(if offers.tags.is_empty() { "offers no service" } else { "no service has its tags" });
            continue;
        }
        fate.used += 1;
        facilities.push((row.number, facility));
        row.geometry = RowGeometry::default();
    }
    if fate.rows == 0 {
        return Err(no_rows(&file));
    }
    if facilities.is_empty() {
        let remedy = if offers.tags.is_empty() {
            "fill its columns of longitude, latitude and service, or leave the file out"
        } else {
            "add tag rules for its categories to a catalogue file, or leave the file out"
        };
        return Err(Error::Empty { file, what: "row with a position and a service", remedy });
    }
    let ids: Vec<_> = facilities.iter().map(|(number, facility)| (facility.id.as_str(), *number)).collect();
    check_unique(&file, &ids)?;
    let facilities: Vec<Facility> = facilities.into_iter().map(|(_, facility)| facility).collect();
    let mut issues = Issues::new();
    let given: Vec<_> = facilities.iter().filter_map(|facility| facility.given.as_ref()).collect();
    tell_of_conversion(&mut issues, &file, &given);
    let value = FacilitySet::new(facilities).map_err(|source| Error::Set { file, source })?;
    Ok(Imported { value, issues, fate })
}

impl OfferFields {
    fn new(header: Header<'_>, columns: &FacilityColumns) -> Result<Self> {
        const SERVICE: [&str; 3] = ["service", "services", "service_key"];
        let mut wide = vec![];
        for (service, column) in &columns.services {
            wide.push((service.clone(), header.named(column)?));
        }
        let mut tags = vec![];
        for (key, column) in &columns.tags {
            tags.push((key.clone(), header.named(column)?));
        }
        let services = if wide.is_empty() && tags.is_empty() {
            let remedy =
                "add it with service keys such as primary_school, or name the column of each service";
            Some(header.need(columns.service.as_deref(), &SERVICE, remedy)?)
        } else {
            header.find(columns.service.as_deref(), &[])?
        };
        Ok(Self {
            capacities: match services {
                Some(_) => header.find(columns.capacity.as_deref(), &["capacity", "capacities"])?,
                None => None,
            },
            services,
            wide,
            tags,
            classifier: columns.classifier.clone(),
        })
    }

    fn read(&self, row: &Row, file: &str, facility: &Facility) -> Result<Vec<Offer>> {
        let mut offers: Vec<Offer> = vec![];
        let known = |service, capacity| Offer { service, certainty: Certainty::Known, capacity };
        for (service, field) in &self.wide {
            if let Some(capacity) = row.amount(file, field)?.filter(|&capacity| capacity > 0.0) {
                offers.push(known(service.clone(), Some(capacity)));
            }
        }
        if let Some((field, text)) = self.services.as_ref().and_then(|field| Some((field, row.text(field)?)))
        {
            let keys: Vec<&str> = text.split(';').map(str::trim).filter(|key| !key.is_empty()).collect();
            let capacities = self.capacities(row, file, keys.len())?;
            for (key, capacity) in keys.into_iter().zip(capacities) {
                let service: ServiceKey = key.parse().map_err(|wrong: lifecircle_types::InvalidText| {
                    row.bad(file, field, &format!("write keys of {}, separated by ;", wrong.expected))
                })?;
                if offers.iter().any(|offer| offer.service == service) {
                    return Err(row.bad(file, field, "name every service once"));
                }
                offers.push(known(service, capacity));
            }
        }
        for offer in self.classified(row, facility) {
            if !offers.iter().any(|known| known.service == offer.service) {
                offers.push(offer);
            }
        }
        Ok(offers)
    }

    /// What the cells that are read as tags say, together with the name.
    fn classified(&self, row: &Row, facility: &Facility) -> Vec<Offer> {
        let Some(Classifier(classifier)) = &self.classifier else {
            return vec![];
        };
        let cells = self.tags.iter().filter_map(|(key, field)| Some((key.as_str(), row.text(field)?)));
        let name = facility.name.as_deref().map(|name| ("name", name));
        let tags = Tags::new(cells.chain(name));
        classifier.classify(&tags, Shape { area_m2: facility.site_area_m2 })
    }

    /// One capacity per service of the long form.
    fn capacities(&self, row: &Row, file: &str, services: usize) -> Result<Vec<Option<f64>>> {
        let nothing = vec![None; services];
        let Some((field, text)) = self.capacities.as_ref().and_then(|field| Some((field, row.text(field)?)))
        else {
            return Ok(nothing);
        };
        let parts: Vec<&str> = text.split(';').map(str::trim).collect();
        if parts.len() != services {
            return Err(row.bad(file, field, "give one capacity per service, separated by ;"));
        }
        let number = |part: &str| {
            if part.is_empty() {
                return Ok(None);
            }
            match part.parse::<f64>() {
                Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
                _ => Err(row.bad(file, field, "write numbers that are not negative")),
            }
        };
        parts.into_iter().map(number).collect()
    }
}

impl Extras {
    fn new(header: Header<'_>, columns: &FacilityColumns) -> Result<Self> {
        let find = |aliases: &[&str]| header.find(None, aliases);
        Ok(Self {
            name: header.find(columns.name.as_deref(), &["name"])?,
            hours: find(&["hours", "opening_hours"])?,
            price: find(&["price"])?,
            provider: find(&["provider"])?,
            operating_mode: find(&["operating_mode"])?,
            operator: find(&["operator"])?,
            parent: find(&["parent"])?,
            state: find(&["state"])?,
            open_from: find(&["open_from"])?,
            open_until: find(&["open_until"])?,
            floor_area: find(&["floor_area_m2"])?,
            site_area: find(&["site_area_m2"])?,
            functions: find(&["functions"])?,
            staff: find(&["staff"])?,
            users: find(&["users"])?,
            yearly_cost: find(&["yearly_cost"])?,
            source: find(&["source"])?,
        })
    }

    fn read(&self, row: &Row, file: &str, facility: &mut Facility) -> Result<()> {
        let amount = |field: &Option<Field>| match field {
            Some(field) => row.amount(file, field),
            None => Ok(None),
        };
        facility.name = row.text_of(self.name.as_ref());
        facility.hours = row.text_of(self.hours.as_ref());
        facility.price = amount(&self.price)?;
        facility.provider = row.word(file, self.provider.as_ref())?;
        facility.operating_mode = row.word(file, self.operating_mode.as_ref())?;
        facility.operator = row.text_of(self.operator.as_ref());
        facility.parent = row.text_of(self.parent.as_ref());
        facility.status = Status {
            state: row.word(file, self.state.as_ref())?.unwrap_or(FacilityState::Open),
            from: row.word(file, self.open_from.as_ref())?,
            until: row.word(file, self.open_until.as_ref())?,
        };
        facility.floor_area_m2 = amount(&self.floor_area)?;
        facility.site_area_m2 = match (amount(&self.site_area)?, &row.geometry) {
            (None, RowGeometry::Area { area_m2, .. }) => Some(*area_m2),
            (stated, _) => stated,
        };
        if let Some(functions) = row.text_of(self.functions.as_ref()) {
            let words = functions.split(';').map(str::trim).filter(|word| !word.is_empty());
            facility.functions = words.map(str::to_owned).collect();
        }
        facility.staff = amount(&self.staff)?;
        facility.users = amount(&self.users)?;
        facility.yearly_cost = amount(&self.yearly_cost)?;
        if let Some(source) = row.text_of(self.source.as_ref()) {
            facility.source = source;
        }
        Ok(())
    }
}
