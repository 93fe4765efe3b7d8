//! Where an assessment comes from: versions, canonical hashes of the inputs, settings, licences.
//!
//! A hash is the SHA-256 of an input's canonical form: its rows in canonical order, every text with its length,
//! every number in its exact bits. Shuffled rows or another spelling of the same table give the same hash.

use std::collections::BTreeMap;

use lifecircle_network::{Crossings, Slope, Stairs, StreetNetwork, Terrain, WalkProfile, Wheels, Winter};
use lifecircle_types::{
    Barrier, DemandSet, FacilitySet, Fate, HomeBed, Issues, LonLat, MobileStop, ServiceKey, Speed,
    StatedValue, StreetRecords, Tags, UnitSet, word_enum,
};
use sha2::{Digest, Sha256};

use crate::walkers::has_rules;

word_enum! {
    /// What an input is to a study.
    InputRole, "input role" {
        /// Streets.
        Streets = "streets",
        /// Residents.
        Residents = "residents",
        /// Facilities.
        Facilities = "facilities",
        /// Units.
        Units = "units",
        /// Heights of the ground.
        Elevation = "elevation",
        /// Trips by car.
        Driving = "driving",
        /// Values that nobody measures here.
        Values = "values",
        /// What happened to problems.
        History = "history",
        /// Series, surveys and requests.
        Monitoring = "monitoring",
        /// Stops of mobile services, and care beds in homes.
        Outreach = "outreach",
    }
}

/// One input: where its rows went, and the hash of what is used.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InputRecord {
    /// Name of the input.
    pub name: String,
    /// What it is to the study.
    pub role: InputRole,
    /// What the rows are.
    pub rows_are: String,
    /// Where its rows went.
    pub fate: Fate,
    /// How far rows were moved, where any was.
    pub moves: Option<Moves>,
    /// What was noticed.
    pub issues: Issues,
}

/// How far the moved rows of an input were moved. The move of every single row stands in the columns
/// `off_street_m` and `street` of its file.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Moves {
    /// Metres on average.
    pub mean_m: f64,
    /// Metres at most.
    pub longest_m: f64,
    /// The row that was moved farthest; of equals the first.
    pub longest: String,
    /// The street it was moved to.
    pub longest_to: String,
    /// Rows by how they stand to the streets ([`Standing`](lifecircle_network::Standing)).
    pub by_standing: BTreeMap<&'static str, u64>,
}

/// A pack as it was used.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackRecord {
    /// Key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Place it is made for.
    pub jurisdiction: String,
    /// Keys of the packs it inherits from, the nearest first.
    pub inherits: Vec<String>,
    /// Standard walker.
    pub standard_walker: WalkerRecord,
}

/// A walker as it was used.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalkerRecord {
    /// Key.
    pub key: String,
    /// Metres walked in 15 minutes on the level, in millimetres.
    pub millimetres_in_15_min: u32,
    /// The rules by which the walker goes, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<WalkerRules>,
}

/// The rules of a walker, as they were used.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WalkerRules {
    /// Whether stairs can be taken.
    pub stairs: Stairs,
    /// Time on stairs, in per cent of that on the level.
    pub stairs_percent: u16,
    /// What slopes do.
    pub slope: Slope,
    /// Waiting at crossings.
    pub crossings: Crossings,
    /// What bars wheels.
    pub wheels: Option<Wheels>,
    /// What winter does.
    pub winter: Option<Winter>,
}

impl WalkerRecord {
    pub(crate) fn new(key: &str, speed: Speed) -> Self {
        let quarter = lifecircle_types::TravelTime::from_minutes(15);
        Self { key: key.into(), millimetres_in_15_min: speed.length_in(quarter).get(), rules: None }
    }

    pub(crate) fn of(walker: &WalkProfile) -> Self {
        let WalkProfile { stairs, stairs_percent, slope, crossings, wheels, winter, .. } = *walker;
        let rules = WalkerRules { stairs, stairs_percent, slope, crossings, wheels, winter };
        Self { rules: has_rules(walker).then_some(rules), ..Self::new(&walker.key, walker.speed) }
    }
}

/// How trips by car were measured. Speeds are those of [`DriveProfile::speed`](lifecircle_network::DriveProfile::speed).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriveRecord {
    /// Time at the hour that is meant, in per cent of that on empty streets; `None` for times measured elsewhere.
    pub peak_percent: Option<u16>,
    /// Delay at a signal, in milliseconds.
    pub signal_ms: Option<u32>,
    /// What became of turn restrictions.
    pub turn_restrictions: &'static str,
    /// Services that come to people: trips from the facility to the home.
    pub responding: Vec<ServiceKey>,
    /// The matrix with the times measured elsewhere.
    pub matrix: Option<String>,
}

/// Settings that change results.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// Farthest street that anything is linked to.
    pub max_link_mm: u32,
    /// How much nearer an island of streets or a private street must be than the main network to be linked to.
    pub island_penalty_mm: u32,
    /// Whether everybody may pass private streets and gates.
    pub open_gates: bool,
}

/// Where an assessment comes from.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provenance {
    /// `lifecircle`.
    pub software: String,
    /// Version of this crate.
    pub version: String,
    /// Name of the study.
    pub study: String,
    /// The study's day.
    pub date: String,
    /// The study's place.
    pub jurisdiction: String,
    /// Inputs, in the order of their roles, and of one role as they were given.
    pub inputs: Vec<InputRecord>,
    /// SHA-256 of the canonical streets, residents, facilities and units.
    pub hashes: BTreeMap<InputRole, String>,
    /// Packs, in the order in which they override one another.
    pub packs: Vec<PackRecord>,
    /// Walkers of own pace.
    pub walkers: Vec<WalkerRecord>,
    /// How trips by car were measured, where they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drive: Option<DriveRecord>,
    /// Settings.
    pub settings: Settings,
    /// Attribution and licences.
    pub attribution: Vec<String>,
}

/// Feeds a hash with fields that cannot run into one another.
#[derive(Default)]
struct Canonical(Sha256);

impl Canonical {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text.as_bytes());
    }

    fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(u64::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn float(&mut self, value: f64) {
        self.number(value.to_bits());
    }

    fn position(&mut self, position: LonLat) {
        self.float(position.lon());
        self.float(position.lat());
    }

    fn tags(&mut self, tags: &Tags) {
        self.count(tags.iter().len());
        for (key, value) in tags.iter() {
            self.text(key);
            self.text(value);
        }
    }

    fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

pub(crate) fn hash_streets(streets: &StreetRecords, barriers: &[Barrier]) -> String {
    let mut hash = Canonical::default();
    hash.count(streets.nodes().len());
    for node in streets.nodes() {
        hash.number(node.id.cast_unsigned());
        hash.position(node.position);
        hash.tags(&node.tags);
    }
    hash.count(streets.ways().len());
    for way in streets.ways() {
        hash.number(way.id.cast_unsigned());
        hash.count(way.nodes.len());
        for node in &way.nodes {
            hash.number(node.cast_unsigned());
        }
        hash.tags(&way.tags);
    }
    hash.count(barriers.len());
    for barrier in barriers {
        hash.text(&barrier.id);
        hash.text(barrier.kind.as_str());
        hash.optional(barrier.name.as_deref(), Canonical::text);
        hash.number(barrier.raised.into());
        for line in [&barrier.line, &barrier.gates] {
            hash.count(line.len());
            for &at in line {
                hash.position(at);
            }
        }
    }
    hash.finish()
}

/// The grades as they are used: a raster cut elsewhere, or in another format, gives the same hash.
pub(crate) fn hash_terrain(network: &StreetNetwork, terrain: &Terrain) -> String {
    let mut hash = Canonical::default();
    hash.count(network.segment_count());
    for segment in network.segments() {
        let grades = terrain.grades(segment.along());
        hash.count(grades.len());
        for grade in grades {
            hash.optional(grade, Canonical::float);
        }
    }
    hash.finish()
}

pub(crate) fn hash_residents(residents: &DemandSet) -> String {
    let mut hash = Canonical::default();
    hash.count(residents.len());
    for place in residents.indices() {
        let row = place.index();
        hash.text(&residents.ids()[row]);
        hash.optional(residents.positions()[row], Canonical::position);
        hash.number(residents.people()[row].as_millionths());
        hash.optional(residents.unit_codes()[row].as_deref(), Canonical::text);
        hash.text(residents.placements()[row].as_str());
    }
    hash.count(residents.groups().groups().len());
    for (group, people) in residents.groups().iter() {
        hash.text(&group.name);
        hash.text(group.basis.as_str());
        for people in people {
            hash.number(people.as_millionths());
        }
    }
    hash.finish()
}

pub(crate) fn hash_facilities(facilities: &FacilitySet) -> String {
    let mut hash = Canonical::default();
    hash.count(facilities.len());
    for facility in facilities.as_slice() {
        hash.text(&facility.id);
        hash.optional(facility.name.as_deref(), Canonical::text);
        hash.position(facility.position);
        hash.count(facility.entrances.len());
        for entrance in &facility.entrances {
            hash.position(*entrance);
        }
        hash.count(facility.offers.len());
        for offer in &facility.offers {
            hash.text(offer.service.as_str());
            hash.text(offer.certainty.as_str());
            hash.optional(offer.capacity, Canonical::float);
        }
        let texts = [
            facility.hours.as_deref(),
            facility.provider.map(|word| word.as_str()),
            facility.operating_mode.map(|word| word.as_str()),
            facility.operator.as_deref(),
            facility.parent.as_deref(),
            Some(facility.status.state.as_str()),
            Some(&facility.source),
        ];
        for text in texts {
            hash.optional(text, Canonical::text);
        }
        for date in [facility.status.from, facility.status.until] {
            hash.optional(date, |hash, date| hash.text(&date.to_string()));
        }
        let numbers = [
            facility.price,
            facility.floor_area_m2,
            facility.site_area_m2,
            facility.staff,
            facility.users,
            facility.yearly_cost,
        ];
        for number in numbers {
            hash.optional(number, Canonical::float);
        }
        hash.count(facility.functions.len());
        for function in &facility.functions {
            hash.text(function);
        }
    }
    hash.finish()
}

pub(crate) fn hash_values(values: &[StatedValue]) -> String {
    let mut hash = Canonical::default();
    hash.count(values.len());
    for stated in values {
        hash.text(&stated.key);
        hash.optional(stated.unit.as_deref(), Canonical::text);
        hash.optional(stated.year, |hash, year| hash.number(year.into()));
        hash.float(stated.value);
        hash.optional(stated.source.as_deref(), Canonical::text);
    }
    hash.finish()
}

/// Stops and beds of all questions, in their order.
pub(crate) fn hash_outreach(stops: &[&[MobileStop]], beds: &[HomeBed]) -> String {
    let mut hash = Canonical::default();
    hash.count(stops.len());
    for stops in stops {
        hash.count(stops.len());
        for stop in *stops {
            hash.text(&stop.id);
            hash.optional(stop.position, Canonical::position);
            hash.optional(stop.visits, |hash, visits| hash.number(visits.into()));
            hash.optional(stop.days.as_ref(), |hash, days| {
                hash.count(days.len());
                for day in days {
                    hash.text(&day.to_string());
                }
            });
        }
    }
    hash.count(beds.len());
    for bed in beds {
        hash.text(&bed.id);
        hash.text(&bed.place);
        hash.optional(bed.visits, |hash, visits| hash.number(visits.into()));
    }
    hash.finish()
}

pub(crate) fn hash_units(units: &UnitSet) -> String {
    let mut hash = Canonical::default();
    hash.count(units.len());
    for unit in units.as_slice() {
        hash.text(&unit.code);
        hash.optional(unit.name.as_deref(), Canonical::text);
        hash.text(unit.kind.as_str());
        hash.optional(unit.parent.as_deref(), Canonical::text);
        hash.optional(unit.zone, |hash, zone| hash.text(zone.as_str()));
        hash.optional(unit.households, Canonical::number);
        hash.optional(unit.boundary.as_ref(), |hash, boundary| {
            hash.count(boundary.0.len());
            for polygon in boundary {
                hash.count(1 + polygon.interiors().len());
                for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                    hash.count(ring.0.len());
                    for corner in ring.coords() {
                        hash.float(corner.x);
                        hash.float(corner.y);
                    }
                }
            }
        });
        hash.count(unit.gates.len());
        for &gate in &unit.gates {
            hash.position(gate);
        }
    }
    hash.finish()
}

/// An account of rows for an input that was made in memory.
impl InputRecord {
    /// An input whose rows were all used.
    #[must_use]
    pub fn in_memory(name: impl Into<String>, role: InputRole, rows: usize) -> Self {
        let fate = Fate { rows: rows as u64, used: rows as u64, ..Fate::default() };
        Self { name: name.into(), role, rows_are: "rows".into(), fate, moves: None, issues: Issues::new() }
    }
}
