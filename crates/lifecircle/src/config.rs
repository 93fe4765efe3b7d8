//! What `study.toml` may say. Paths are relative to the file's folder.
//!
//! The smallest study is five lines:
//!
//! ```
//! let text = r#"
//! date = "2025-06-30"
//! jurisdiction = "BR"
//! streets = "porto_alegre.osm.pbf"
//! residents = "hexagons.csv"
//! facilities = "clinics.csv"
//! "#;
//! let config = lifecircle::config::StudyConfig::from_toml("study.toml", text)?;
//! assert_eq!(config.packs, ["international-15min"]);
//! # Ok::<(), lifecircle::Error>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use lifecircle_io::Crs;
use lifecircle_taxonomy::Pack;
use lifecircle_types::{Date, ServiceKey, UnitKind, ZoneType};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
use toml::de::{DeTable, DeValue};

pub use crate::journey::{
    EscortConfig, EscortLimitConfig, LevelsConfig, OneStopConfig, ReferralConfig, WayBackConfig,
};
pub use crate::outreach::{
    AbleConfig, CareConfig, FamilyBedsConfig, HomeVisitsConfig, MobileConfig, OnlineConfig,
};
pub use crate::parity::ParityConfig;
pub use crate::seasons::SeasonConfig;
pub use crate::severance_config::SeveranceConfig;
pub use crate::walker_config::{
    BY_AGE, CrossingsConfig, CrossingsName, GradesConfig, SlopeConfig, SlopeName, StairsConfig, WHEELCHAIR,
    WaitsConfig, WalkerConfig, WheelsConfig,
};
use crate::{Error, Result};

/// A study in a file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyConfig {
    /// Name for people; the folder's name where there is none.
    #[serde(default)]
    pub name: Option<String>,
    /// The day the study is about, in quotes or as a date of TOML. Nothing reads the clock.
    #[serde(deserialize_with = "date")]
    pub date: Date,
    /// The place, such as `CN-51` or `IM`: it decides tiers and which packs hold.
    pub jurisdiction: String,
    /// Streets: a map extract, or a list of edges.
    #[serde(deserialize_with = "name_or_table")]
    pub streets: StreetsConfig,
    /// Residents.
    #[serde(deserialize_with = "name_or_table")]
    pub residents: ResidentsConfig,
    /// Sources of facilities; the map extract where none is named.
    #[serde(default = "streets_alone", deserialize_with = "one_or_many")]
    pub facilities: Vec<FacilitiesConfig>,
    /// Planning units.
    #[serde(default, deserialize_with = "name_or_table_optional")]
    pub units: Option<UnitsConfig>,
    /// Files that add services, tiers and tag rules to the built-in catalogue.
    #[serde(default)]
    pub catalogue: Vec<String>,
    /// Packs: built-in keys or `.toml` files; a later pack overrides an earlier one.
    #[serde(default = "default_packs")]
    pub packs: Vec<String>,
    /// Heights of the ground, for walkers who climb.
    #[serde(default, deserialize_with = "name_or_table_optional")]
    pub elevation: Option<ElevationConfig>,
    /// Trips by car on the streets, for rules of a drive.
    #[serde(default)]
    pub drive: Option<DriveConfig>,
    /// CSV with times by car that another tool measured, in the place of `drive`: `from_id` (a resident place), `to_id` (a
    /// facility) and `travel_time_min`.
    #[serde(default)]
    pub drive_matrix: Option<String>,
    /// Walkers for own pace: `by_age`, `wheelchair`, or walkers of the study's own.
    #[serde(default = "default_walkers", deserialize_with = "one_or_many")]
    pub walkers: Vec<WalkerConfig>,
    /// Farthest street that a resident or a facility is linked to, in metres.
    #[serde(default = "default_link")]
    pub max_link_m: u32,
    /// What else than residents coverage is measured by.
    #[serde(default)]
    pub bases: BasesConfig,
    /// How far coverages could be off, where it is asked for: `bands = {}` takes every default.
    #[serde(default)]
    pub bands: Option<BandsConfig>,
    /// Coverage by time of day, where it is asked for: `hours = {}` takes every default.
    #[serde(default)]
    pub hours: Option<HoursConfig>,
    /// What barriers cost, where it is asked for: `severance = {}` takes every default.
    #[serde(default)]
    pub severance: Option<SeveranceConfig>,
    /// Services of several levels: how long it takes to the first, and on to the others.
    #[serde(default)]
    pub levels: Vec<LevelsConfig>,
    /// Several services at one stop.
    #[serde(default)]
    pub one_stop: Vec<OneStopConfig>,
    /// Trips on which somebody brings somebody else.
    #[serde(default)]
    pub escort: Vec<EscortConfig>,
    /// Services whose workers come to homes.
    #[serde(default)]
    pub home_visits: Vec<HomeVisitsConfig>,
    /// Mobile services.
    #[serde(default)]
    pub mobile: Vec<MobileConfig>,
    /// Online services.
    #[serde(default)]
    pub online: Vec<OnlineConfig>,
    /// Care at three distances.
    #[serde(default)]
    pub care: Option<CareConfig>,
    /// Care beds in homes.
    #[serde(default)]
    pub family_beds: Option<FamilyBedsConfig>,
    /// Two groups of residents side by side.
    #[serde(default)]
    pub parity: Vec<ParityConfig>,
    /// Seasons of a year, each with a walker of its own.
    #[serde(default)]
    pub seasons: Vec<SeasonConfig>,
    /// CSV with values of indicators that nobody measures here: `key`, `value`, and where known `unit`, `year`, `source`.
    #[serde(default)]
    pub values: Option<String>,
    /// CSV with what happened to problems of the register. A run continues it and writes it with its results, beside the
    /// rectification list, the project list and the plan of the study's year.
    #[serde(default)]
    pub history: Option<String>,
    /// Courses to targets, a survey and requests, where it is asked for: `monitoring = {}` takes every default.
    #[serde(default)]
    pub monitoring: Option<MonitoringConfig>,
    /// What is imagined to be otherwise.
    #[serde(default)]
    pub scenario: ScenarioConfig,
    /// Lines of attribution that every output file carries, besides OpenStreetMap's.
    #[serde(default)]
    pub attribution: Vec<String>,
}

/// Where land and buildings come from, for coverage by them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BasesConfig {
    /// `streets`: the residential land of the map extract.
    pub land: Option<String>,
    /// `streets` for the buildings of the map extract, or a GeoJSON with a row per building.
    pub buildings: Option<String>,
}

/// What is not known about coverages, over which they are drawn anew.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BandsConfig {
    /// How often is drawn; 999 unless set.
    pub draws: Option<usize>,
    /// The seed; 1 unless set.
    pub seed: Option<u64>,
    /// The part of the draws that a band holds, in per cent; 90 unless set.
    pub level_percent: Option<f64>,
    /// The slowest and the quickest pace, in per cent of the rule's; 80 and 120 unless set.
    pub pace_percent: Option<[f64; 2]>,
    /// How many metres either end of a walk may be off; 25 unless set.
    pub ends_m: Option<u32>,
    /// Draws all residents anew as well, each to live at a place in proportion to its residents.
    pub redraw_residents: bool,
    /// The share of residents from which on a unit keeps a rule, in per cent; unless set the rule's own target, or 80.
    pub target_percent: Option<f64>,
}

/// How coverage by time of day is measured, in the week of the study's date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HoursConfig {
    /// CSV with holidays and days that count as others: `date`, `kind`, `as`.
    pub days: Option<String>,
    /// Minutes for which a door has to stay open after one arrives; none unless set.
    pub stay_min: u32,
}

/// What a study is monitored by.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MonitoringConfig {
    /// CSV with what earlier runs measured: `date`, `indicator`, `unit`, `value`, `pack`. A run continues it.
    pub series: Option<String>,
    /// CSV with answers to a survey: `about`, and where known `unit`, `group`, `satisfaction`, `importance`, `with_it`,
    /// `without_it`.
    pub survey: Option<String>,
    /// CSV with requests: `id`, `opened`, and where known `about`, `unit`, `lon`, `lat`, `closed`, `due`.
    pub tickets: Option<String>,
    /// How far behind its path an indicator may be and still be amber, in per cent of the whole way.
    pub tolerance_percent: u8,
    /// Days within which a request without a day of its own has to be answered.
    pub answer_days: Option<u16>,
    /// The satisfaction that is wanted, from 0 to 100.
    pub satisfaction_target: u8,
}

impl Default for MonitoringConfig {
    fn default() -> Self {
        Self {
            series: None,
            survey: None,
            tickets: None,
            tolerance_percent: 10,
            answer_days: None,
            satisfaction_target: 90,
        }
    }
}

/// What a study imagines to be otherwise than its inputs show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScenarioConfig {
    /// Everybody may pass private streets and gates.
    pub open_gates: bool,
}

/// A word that stands for the map extract of `streets`.
pub const FROM_STREETS: &str = "streets";

/// Where streets come from: a map, which may show places, dwellings and areas as well, or a list of edges.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StreetsConfig {
    /// Map extract: OpenStreetMap in PBF or, under the feature `osm-xml`, in XML.
    pub file: Option<String>,
    /// CSV with a row per edge.
    pub edges: Option<String>,
    /// CSV with a row per node of the edges, where the edges do not tell where their nodes are.
    pub nodes: Option<String>,
    /// Coordinate system of nodes and edges: `wgs84`, `gcj02`, `bd09` or `epsg:<code>`.
    #[serde(deserialize_with = "crs")]
    pub crs: Option<Crs>,
    /// Length that edges state, where its column is not found by itself.
    pub length: Option<String>,
    /// Whom the map has to be credited to; OpenStreetMap's contributors for a map extract that names nobody else.
    pub attribution: Option<String>,
}

/// Where residents come from: a table with positions, or a census of areas to be spread over the map's dwellings.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResidentsConfig {
    /// CSV or GeoJSON with a row per resident place; under their features a GeoPackage, a Parquet file or a raster.
    pub file: Option<String>,
    /// Layer of a GeoPackage that has several.
    pub layer: Option<String>,
    /// CSV with totals by area, to be placed on dwellings, residential land and streets of the map.
    pub census: Option<String>,
    /// GeoJSON with the dwellings of the census, in the place of the map's.
    pub buildings: Option<String>,
    /// Column names, where they are not found by themselves.
    pub id: Option<String>,
    /// Column of longitudes.
    pub lon: Option<String>,
    /// Column of latitudes.
    pub lat: Option<String>,
    /// Coordinate system of the positions: `gcj02`, `bd09`, `wgs84` or `epsg:<code>`; what the file says where none is
    /// named, and degrees on WGS 84 where it says nothing.
    #[serde(deserialize_with = "crs")]
    pub crs: Option<Crs>,
    /// Column of people.
    pub people: Option<String>,
    /// Column of unit codes.
    pub unit: Option<String>,
    /// CSV files with people of groups by area, fitted together; the groups of a `census` are fitted with them.
    pub groups_by_area: Vec<String>,
    /// Groups of which only a total for the whole study is known: laid over every place alike.
    pub group_totals: BTreeMap<String, u64>,
}

/// A source of facilities.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FacilitiesConfig {
    /// CSV or GeoJSON with a row per facility, or `streets` for the places of the map extract.
    pub file: String,
    /// Layer of a GeoPackage that has several.
    pub layer: Option<String>,
    /// The map or the table holds all places of every service: one of which it has none is 0 %, not "no data". Without
    /// it a table is taken to list all places of those services that it offers somewhere.
    pub complete: bool,
    /// Column names, where they are not found by themselves.
    pub id: Option<String>,
    /// Column of longitudes.
    pub lon: Option<String>,
    /// Column of latitudes.
    pub lat: Option<String>,
    /// Coordinate system of the positions: `gcj02`, `bd09`, `wgs84` or `epsg:<code>`; what the file says where none is
    /// named, and degrees on WGS 84 where it says nothing.
    #[serde(deserialize_with = "crs")]
    pub crs: Option<Crs>,
    /// Column of names.
    pub name: Option<String>,
    /// A table with a column per service: more than 0 means that the row offers it, with that capacity.
    pub services: BTreeMap<ServiceKey, String>,
    /// A table of somebody else's categories: tag keys with the columns that hold them, such as
    /// `{ category = "typecode" }`; tag rules of the catalogue say which services they mean.
    pub tags: BTreeMap<String, String>,
}

/// Where units come from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnitsConfig {
    /// GeoJSON or CSV with a row per unit.
    pub file: Option<String>,
    /// Layer of a GeoPackage that has several.
    pub layer: Option<String>,
    /// Coordinate system of the boundaries: `gcj02`, `bd09`, `wgs84` or `epsg:<code>`; what the file says where none is
    /// named, and degrees on WGS 84 where it says nothing.
    #[serde(deserialize_with = "crs")]
    pub crs: Option<Crs>,
    /// The administrative areas of this level in the map extract.
    pub admin_level: Option<u8>,
    /// Kind of those areas, or of every row of a file that has no column for it.
    pub kind: Option<UnitKind>,
    /// Column of codes, where it is not found by itself.
    pub code: Option<String>,
    /// Column of names, where it is not found by itself.
    pub name: Option<String>,
    /// CSV with the gates of walled estates: unit code, longitude and latitude, in the same coordinate system.
    pub gates: Option<String>,
    /// Kind of place, by the name of the area.
    pub zones: BTreeMap<String, ZoneType>,
}

/// How trips by car are measured on the streets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriveConfig {
    /// Time at the hour that is meant, in per cent of that on empty streets. There is no usual value: state it.
    pub peak_percent: u16,
    /// Mean delay at a signal in seconds; 10 unless set.
    #[serde(default)]
    pub signal_s: Option<u16>,
    /// Services that come to people, whose trips run from the facility to the home; `emergency_medical_station` unless
    /// set.
    #[serde(default)]
    pub responding: Option<Vec<ServiceKey>>,
}

/// Where heights of the ground come from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ElevationConfig {
    /// GeoTIFF of one band, in metres; under the feature `geotiff`.
    pub file: String,
    /// Coordinate system of a raster that does not name one.
    #[serde(deserialize_with = "crs")]
    pub crs: Option<Crs>,
    /// Shortest stretch of street that has a grade of its own, in metres; 30 unless set.
    pub stretch_m: Option<u32>,
}

impl StudyConfig {
    /// Reads a study; `file` names it in messages.
    ///
    /// # Errors
    /// [`Error::Config`] with file and line for an unknown key, a wrong type or a value out of range.
    pub fn from_toml(file: &str, text: &str) -> Result<Self> {
        read_toml(file, text)
    }
}

/// Reads a file in TOML; `file` names it in messages.
pub(crate) fn read_toml<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let mut problem = error.message().trim().replace('\n', "; ");
        let is_missing = problem.starts_with("missing field");
        // what the file as a whole lacks is said to be at its start
        let line = error
            .span()
            .filter(|span| !(is_missing && span.start == 0))
            .map(|span| line_at(text, span.start));
        if problem.starts_with("cannot extend value") {
            problem.push_str("; write the value as a table, such as [residents] with file = \"homes.csv\"");
        }
        if is_missing {
            problem.push_str(": add it");
        }
        Error::Config { file: file.into(), line, problem }
    })
}

/// The line, counted from one, of a byte.
fn line_at(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}

/// The line of a value in a TOML file, by its keys and places in lists from the outside in, such as
/// `walkers`, `1`, `key`; of what is not there the line of the innermost part that is, `None` when nothing is.
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
pub(crate) fn line_of(text: &str, path: &[&str]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let (first, inner) = path.split_first()?;
    let (key, mut value) = table.get_ref().get_key_value(*first)?;
    let mut line = line_at(text, key.span().start);
    for &part in inner {
        let inner = match value.get_ref() {
            DeValue::Table(table) => table.get_key_value(part).map(|(key, value)| (key.span().start, value)),
            DeValue::Array(list) => {
                part.parse().ok().and_then(|at: usize| list.get(at)).map(|value| (value.span().start, value))
            }
            _ => None,
        };
        let Some((start, inner)) = inner else { break };
        (line, value) = (line_at(text, start), inner);
    }
    Some(line)
}

fn streets_alone() -> Vec<FacilitiesConfig> {
    vec![FacilitiesConfig::from_name(FROM_STREETS.into())]
}

fn default_packs() -> Vec<String> {
    vec![Pack::DEFAULT.into()]
}

fn default_walkers() -> Vec<WalkerConfig> {
    vec![WalkerConfig::from_name(BY_AGE.into())]
}

const fn default_link() -> u32 {
    500
}

/// A table that may be written as its most important value alone.
trait FromName: Sized {
    fn from_name(name: String) -> Self;
}

impl FromName for StreetsConfig {
    fn from_name(name: String) -> Self {
        Self { file: Some(name), ..Self::default() }
    }
}

impl FromName for ResidentsConfig {
    fn from_name(name: String) -> Self {
        Self { file: Some(name), ..Self::default() }
    }
}

impl FromName for FacilitiesConfig {
    fn from_name(name: String) -> Self {
        Self { file: name, ..Self::default() }
    }
}

impl FromName for UnitsConfig {
    fn from_name(name: String) -> Self {
        Self { file: Some(name), ..Self::default() }
    }
}

impl FromName for ElevationConfig {
    fn from_name(name: String) -> Self {
        Self { file: name, ..Self::default() }
    }
}

impl FromName for WalkerConfig {
    fn from_name(name: String) -> Self {
        Self { key: name, ..Self::default() }
    }
}

struct NameOrTable<T>(PhantomData<T>);

impl<'de, T: FromName + Deserialize<'de>> Visitor<'de> for NameOrTable<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a table")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> std::result::Result<T, E> {
        Ok(T::from_name(name.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

fn name_or_table<'de, T, D>(deserializer: D) -> std::result::Result<T, D::Error>
where
    T: FromName + Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    deserializer.deserialize_any(NameOrTable(PhantomData))
}

fn name_or_table_optional<'de, T, D>(deserializer: D) -> std::result::Result<Option<T>, D::Error>
where
    T: FromName + Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    name_or_table(deserializer).map(Some)
}

pub(crate) fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Date, D::Error> {
    struct DateText;
    impl<'de> Visitor<'de> for DateText {
        type Value = Date;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a date such as 2025-06-30")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Date, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Date, A::Error> {
            let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
            self.visit_str(&date.to_string())
        }
    }
    deserializer.deserialize_any(DateText)
}

fn crs<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Crs>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

struct Item<T>(T);

impl<'de, T: FromName + Deserialize<'de>> Deserialize<'de> for Item<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        name_or_table(deserializer).map(Item)
    }
}

fn one_or_many<'de, T, D>(deserializer: D) -> std::result::Result<Vec<T>, D::Error>
where
    T: FromName + Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    struct OneOrMany<T>(PhantomData<T>);
    impl<'de, T: FromName + Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name, a table, or a list of them")
        }

        fn visit_str<E: serde::de::Error>(self, name: &str) -> std::result::Result<Vec<T>, E> {
            NameOrTable(PhantomData).visit_str(name).map(|one| vec![one])
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Vec<T>, A::Error> {
            NameOrTable(PhantomData).visit_map(map).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(Item(item)) = items.next_element()? {
                all.push(item);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(OneOrMany(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "date = '2025-06-30'\njurisdiction = 'IM'\nstreets = 'a.pbf'\n";

    #[test]
    fn names_and_tables_mean_the_same() {
        let read = |tail: &str| StudyConfig::from_toml("study.toml", &format!("{HEAD}{tail}")).unwrap();
        assert_eq!(read("residents = 'r.csv'"), read("[residents]\nfile = 'r.csv'"));
        let many = read("residents = 'r.csv'\nfacilities = ['streets', { file = 'f.csv', complete = true }]");
        assert_eq!(many.facilities.len(), 2);
        assert!(many.facilities[1].complete);
        assert_eq!(read("residents = 'r.csv'").facilities[0].file, FROM_STREETS);
    }

    #[test]
    fn faults_name_file_and_line() {
        let fault = |tail: &str| {
            StudyConfig::from_toml("study.toml", &format!("{HEAD}{tail}")).unwrap_err().to_string()
        };
        assert!(
            fault("residents = 'r.csv'\nwakers = []")
                .starts_with("study.toml, line 5: unknown field `wakers`")
        );
        assert!(fault("[residents]\nfile = 'r.csv'\npepole = 'p'").contains("unknown field `pepole`"));
        assert!(fault("residents = 5").contains("a name or a table"));
        assert_eq!(fault(""), "study.toml: missing field `residents`: add it");
    }

    #[test]
    fn dates_may_stand_without_quotes() {
        let read = |date: &str| StudyConfig::from_toml("study.toml", &HEAD.replace("'2025-06-30'", date));
        let fault = |date: &str| read(date).unwrap_err().to_string();
        assert!(fault("2025-06-30").contains("missing field `residents`"), "the date itself is fine");
        assert!(fault("2025-06-30T10:00:00").contains("is no date: expected YYYY-MM-DD"));
        assert!(fault("20250630").contains("a date such as 2025-06-30"));
    }

    #[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
    #[test]
    fn lines_of_keys() {
        let text = "a = 1\nb = [\n  'x',\n  { c = 2 },\n]\n[d]\ne = 1\n[d.f]\ng = 1\n[[h]]\n[[h]]\ni = 1\n";
        let check = |path: &str, expected| {
            let parts: Vec<&str> = path.split('.').collect();
            assert_eq!(line_of(text, &parts), expected, "{path}");
        };
        check("a", Some(1));
        check("a.b.c", Some(1));
        check("b.0", Some(3));
        check("b.1.c", Some(4));
        check("b.7", Some(2));
        check("d.e", Some(7));
        check("d.f.g", Some(9));
        check("d.x", Some(6));
        check("h.1.i", Some(12));
        check("z", None);
    }
}
