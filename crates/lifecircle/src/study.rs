//! A city with its configuration, and the way from it to an assessment.

use std::collections::BTreeMap;

use lifecircle_indicators::{
    AppliedRule, Candidates, Home, Inputs, ServiceEvidence, Source, Walker, applied_rules, assess,
    candidates, inventory, without_rule,
};
use lifecircle_network::{
    BuildOptions, Link, LinkFate, LinkOptions, Linkage, Linker, NearestTrip, NetworkBuilder, StreetNetwork,
    Target, WalkCosts, WalkGraph, WalkProfile, nearest_each, nearest_straight,
};
use lifecircle_population::{UnitIndex, check_boundary};
use lifecircle_taxonomy::{Catalogue, Pack};
use lifecircle_types::{
    Cost, Date, DemandSet, Evidence, Facility, FacilityIx, FacilitySet, Fate, Imported, Issues, LonLat,
    Millimetres, People, Progress, Rule, ServiceKey, Severity, StreetRecords, UnitIx, UnitSet, most_alike,
};

use crate::outcome::Outcome;
use crate::provenance::{
    InputRecord, InputRole, Moves, PackRecord, Provenance, Settings, WalkerRecord, hash_facilities,
    hash_residents, hash_streets, hash_units,
};
use crate::{Error, Result};

/// Farther than this from the streets a row is taken for a mistake in its coordinates.
const FAR_AWAY_KM: f64 = 100.0;

/// Collects what a study consists of.
#[derive(Debug, Default)]
pub struct StudyBuilder {
    name: String,
    date: Option<String>,
    jurisdiction: Option<String>,
    streets: Option<StreetRecords>,
    residents: Option<DemandSet>,
    units: UnitSet,
    facilities: Vec<(FacilitySet, Source)>,
    packs: Option<Vec<Pack>>,
    walkers: Option<Vec<WalkProfile>>,
    max_link: Option<Millimetres>,
    attribution: Vec<String>,
    inputs: Vec<InputRecord>,
}

impl StudyBuilder {
    /// Names the study for people.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The day the study is about, `YYYY-MM-DD`.
    #[must_use]
    pub fn date(mut self, date: impl Into<String>) -> Self {
        self.date = Some(date.into());
        self
    }

    /// The place the study is about, such as `CN-51` or `IM`.
    #[must_use]
    pub fn jurisdiction(mut self, jurisdiction: impl Into<String>) -> Self {
        self.jurisdiction = Some(jurisdiction.into());
        self
    }

    /// The streets.
    #[must_use]
    pub fn streets(mut self, streets: StreetRecords) -> Self {
        self.streets = Some(streets);
        self
    }

    /// The residents.
    #[must_use]
    pub fn residents(mut self, residents: DemandSet) -> Self {
        self.residents = Some(residents);
        self
    }

    /// The planning units.
    #[must_use]
    pub fn units(mut self, units: UnitSet) -> Self {
        self.units = units;
        self
    }

    /// A table of facilities. It is taken to list all facilities of every service that it offers somewhere; for
    /// those services, places of a map are left aside.
    #[must_use]
    pub fn facilities(self, facilities: FacilitySet) -> Self {
        let mut shows: Vec<ServiceKey> = facilities
            .as_slice()
            .iter()
            .flat_map(|f| f.offers.iter().map(|offer| offer.service.clone()))
            .collect();
        shows.sort();
        shows.dedup();
        let name = facilities
            .as_slice()
            .first()
            .map_or("facilities", |facility| facility.source.as_str())
            .to_string();
        self.facilities_from(facilities, Source::Table { name, shows })
    }

    /// The places of a map, recognised by their tags. What a map without places does not show stays "no data".
    #[must_use]
    pub fn map_places(self, places: FacilitySet) -> Self {
        let name = places.as_slice().first().map_or("map", |facility| facility.source.as_str()).to_string();
        self.facilities_from(places, Source::Map { name, complete: false })
    }

    /// Facilities with a statement of what their source shows.
    #[must_use]
    pub fn facilities_from(mut self, facilities: FacilitySet, source: Source) -> Self {
        self.facilities.push((facilities, source));
        self
    }

    /// The packs, a later one overriding an earlier; `international-15min` where none is given.
    #[must_use]
    pub fn packs(mut self, packs: impl IntoIterator<Item = Pack>) -> Self {
        self.packs = Some(packs.into_iter().collect());
        self
    }

    /// Walkers for own pace; [`WalkProfile::by_age`] where none is given.
    #[must_use]
    pub fn walkers(mut self, walkers: impl IntoIterator<Item = WalkProfile>) -> Self {
        self.walkers = Some(walkers.into_iter().collect());
        self
    }

    /// Farthest street that a resident or a facility is linked to; 500 m where none is given.
    #[must_use]
    pub fn max_link(mut self, metres: Millimetres) -> Self {
        self.max_link = Some(metres);
        self
    }

    /// A line of attribution that every output file carries.
    #[must_use]
    pub fn attribution(mut self, line: impl Into<String>) -> Self {
        let line = line.into();
        if !self.attribution.contains(&line) {
            self.attribution.push(line);
        }
        self
    }

    /// Where the rows of an input went, for the account of the study.
    #[must_use]
    pub fn input(mut self, input: InputRecord) -> Self {
        self.inputs.push(input);
        self
    }

    /// Checks that everything is there and fits together.
    ///
    /// # Errors
    /// [`Error::Missing`] for what is not there, [`Error::PackDoesNotHold`], [`Error::UnknownService`],
    /// [`Error::Boundary`] for a unit whose boundary crosses itself, [`Error::Set`] when facilities of two sources
    /// share an id, or the date is none.
    pub fn build(self) -> Result<Study> {
        let missing = |what, remedy| Error::Missing { what, remedy };
        let date = self.date.ok_or(missing("date", "state the day it is about, such as 2025-06-30"))?;
        let date: Date = date.parse()?;
        let jurisdiction = self
            .jurisdiction
            .ok_or(missing("jurisdiction", "state the place it is about, such as CN-51 or IM"))?;
        let streets = self.streets.ok_or(missing("streets", "give it a street map"))?;
        let residents =
            self.residents.ok_or(missing("residents", "give it a table with at least one resident"))?;
        if residents.total() == People::ZERO {
            return Err(Error::Nobody { input: input_name(&self.inputs, InputRole::Residents) });
        }
        let catalogue = Catalogue::builtin();
        let packs = match self.packs {
            Some(packs) if !packs.is_empty() => packs,
            _ => vec![Pack::builtin(Pack::DEFAULT)?],
        };
        for pack in &packs {
            check_pack(&format!("the pack `{}`", pack.key), pack, date, &jurisdiction, &catalogue)?;
        }
        for (_, unit) in self.units.iter() {
            if let Some(boundary) = &unit.boundary {
                check_boundary(boundary).map_err(|source| Error::Boundary {
                    input: input_name(&self.inputs, InputRole::Units),
                    code: unit.code.clone(),
                    source,
                })?;
            }
        }
        let (facilities, sources, left_aside) = combine(self.facilities, &catalogue)?;
        let mut inputs = self.inputs;
        inputs.extend(left_aside);
        Ok(Study {
            name: self.name,
            date,
            jurisdiction,
            streets,
            residents,
            units: self.units,
            facilities,
            sources,
            catalogue,
            packs,
            walkers: self.walkers.unwrap_or_else(WalkProfile::by_age),
            link: match self.max_link {
                Some(metres) => LinkOptions::default().max_off_street(metres),
                None => LinkOptions::default(),
            },
            attribution: self.attribution,
            inputs,
        })
    }
}

/// The names of all inputs of a role, in alphabetical order.
fn input_names(inputs: &[InputRecord], role: InputRole) -> String {
    let mut names: Vec<&str> =
        inputs.iter().filter(|input| input.role == role).map(|input| input.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { role.to_string() } else { names.join(", ") }
}

fn input_name(inputs: &[InputRecord], role: InputRole) -> String {
    inputs
        .iter()
        .find(|input| input.role == role)
        .map_or_else(|| role.to_string(), |input| input.name.clone())
}

pub(crate) fn check_pack(
    input: &str,
    pack: &Pack,
    date: Date,
    jurisdiction: &str,
    catalogue: &Catalogue,
) -> Result<()> {
    if !pack.holds(date, jurisdiction) {
        let place = match pack.jurisdiction.as_str() {
            "*" => "anywhere".into(),
            code => format!("in `{code}`"),
        };
        let days = match (pack.valid_from, pack.valid_to) {
            (Some(from), Some(to)) => format!(" from {from} to {to}"),
            (Some(from), None) => format!(" from {from} on"),
            (None, Some(to)) => format!(" until {to}"),
            (None, None) => String::new(),
        };
        return Err(Error::PackDoesNotHold {
            pack: pack.key.clone(),
            date: date.to_string(),
            jurisdiction: jurisdiction.into(),
            holds: place + &days,
        });
    }
    let named = pack.rules().iter().flat_map(|rule| std::iter::once(&rule.service).chain(&rule.accepts));
    check_services(input, named, catalogue)
}

pub(crate) fn check_services<'a>(
    input: &str,
    services: impl IntoIterator<Item = &'a ServiceKey>,
    catalogue: &Catalogue,
) -> Result<()> {
    match services.into_iter().find(|service| catalogue.find(service).is_none()) {
        Some(unknown) => {
            let keys = catalogue.services().iter().map(|service| service.key.as_str());
            let nearest = most_alike(unknown.as_str(), keys).unwrap_or_default().into();
            Err(Error::UnknownService { input: input.into(), service: unknown.to_string(), nearest })
        }
        None => Ok(()),
    }
}

/// One set of all facilities. What a table shows is taken from it alone: the map's offers of it are left out, and
/// the account of it says so.
fn combine(
    parts: Vec<(FacilitySet, Source)>,
    catalogue: &Catalogue,
) -> Result<(FacilitySet, Vec<Source>, Vec<InputRecord>)> {
    let mut shown: Vec<ServiceKey> = Vec::new();
    for (_, source) in &parts {
        if let Source::Table { name, shows } = source {
            check_services(name, shows, catalogue)?;
            shown.extend(shows.iter().cloned());
        }
    }
    let mut all: Vec<Facility> = Vec::new();
    let (mut sources, mut accounts) = (Vec::new(), Vec::new());
    for (facilities, source) in parts {
        let Source::Map { name, .. } = &source else {
            all.extend(facilities.into_vec());
            sources.push(source);
            continue;
        };
        let mut fate = Fate { rows: facilities.len() as u64, ..Fate::default() };
        for mut facility in facilities.into_vec() {
            facility.offers.retain(|offer| !shown.contains(&offer.service));
            if facility.offers.is_empty() {
                fate.reject("a table lists all places of its services");
            } else {
                fate.used += 1;
                all.push(facility);
            }
        }
        if !shown.is_empty() {
            accounts.push(InputRecord {
                name: name.clone(),
                role: InputRole::Facilities,
                rows_are: "places of the map beside tables".into(),
                fate,
                moves: None,
                issues: Issues::new(),
            });
        }
        sources.push(source);
    }
    let facilities = FacilitySet::new(all)
        .map_err(|source| Error::Set { input: "the facilities of all sources".into(), source })?;
    Ok((facilities, sources, accounts))
}

/// A city with its configuration: immutable, checked, in memory.
#[derive(Debug)]
pub struct Study {
    pub(crate) name: String,
    pub(crate) date: Date,
    pub(crate) jurisdiction: String,
    pub(crate) streets: StreetRecords,
    pub(crate) residents: DemandSet,
    pub(crate) units: UnitSet,
    pub(crate) facilities: FacilitySet,
    pub(crate) sources: Vec<Source>,
    pub(crate) catalogue: Catalogue,
    pub(crate) packs: Vec<Pack>,
    pub(crate) walkers: Vec<WalkProfile>,
    pub(crate) link: LinkOptions,
    pub(crate) attribution: Vec<String>,
    pub(crate) inputs: Vec<InputRecord>,
}

impl Study {
    /// Starts a study.
    #[must_use]
    pub fn builder() -> StudyBuilder {
        StudyBuilder::default()
    }

    /// Name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The streets.
    #[must_use]
    pub fn streets(&self) -> &StreetRecords {
        &self.streets
    }

    /// The residents.
    #[must_use]
    pub fn residents(&self) -> &DemandSet {
        &self.residents
    }

    /// The units.
    #[must_use]
    pub fn units(&self) -> &UnitSet {
        &self.units
    }

    /// The facilities of all sources.
    #[must_use]
    pub fn facilities(&self) -> &FacilitySet {
        &self.facilities
    }

    /// Walks everyone to everything and applies the packs.
    ///
    /// # Errors
    /// No walkable street ([`Error::NoWalkableStreet`]), a row far away from every street ([`Error::FarAway`]), or cancelled.
    pub fn assess(&self, progress: &dyn Progress) -> Result<Outcome<'_>> {
        progress.advance("building the street network", 0, 1)?;
        let Imported { value: network, issues, fate } =
            NetworkBuilder::new(BuildOptions::default()).build(&self.streets)?;
        let standard = WalkProfile::standard();
        let lengths = WalkCosts::lengths(&network, &standard);
        let graph = WalkGraph::new(&network, &lengths).map_err(|error| match error {
            lifecircle_network::Error::NoWalkableStreet { .. } => {
                Error::NoWalkableStreet { input: input_name(&self.inputs, InputRole::Streets) }
            }
            other => other.into(),
        })?;
        self.check_nothing_is_far_away(&network)?;
        progress.advance("building the street network", 1, 1)?;

        progress.advance("linking to streets", 0, 2)?;
        let linker = Linker::new(graph, self.link);
        let origins = linker.link(self.residents.positions());
        progress.advance("linking to streets", 1, 2)?;
        let arrivals: Vec<(FacilityIx, LonLat)> =
            self.facilities.iter().flat_map(|(ix, f)| f.arrivals().iter().map(move |&at| (ix, at))).collect();
        let points: Vec<Option<LonLat>> = arrivals.iter().map(|&(_, at)| Some(at)).collect();
        let doors = linker.link(&points);
        progress.advance("linking to streets", 2, 2)?;

        let rules = applied_rules(&self.packs);
        let found: Vec<Candidates> = rules
            .iter()
            .map(|rule| candidates(&self.catalogue, &rule.rule, &self.facilities, self.date))
            .collect();
        let usable: Vec<_> = rules.iter().map(|rule| self.usable(rule.rule.rule)).collect();
        let inventory = inventory(&self.catalogue, &rules, &found, &self.sources, &self.facilities, &usable);
        let home_units = self.home_units();
        let trips = Trips { study: self, graph, origins: &origins, arrivals: &arrivals, doors: &doors };
        let evidence = trips.evidence(&rules, &found, &home_units, progress)?;
        let homes: Vec<Home> = home_units
            .iter()
            .enumerate()
            .map(|(row, &unit)| {
                let link = origins.get(row);
                let on_main_network = link.is_some_and(|link| lengths.is_main(network.tail(link.arc)));
                Home { unit, on_street: link.is_some(), on_main_network }
            })
            .collect();
        let walkers: Vec<Walker> = self
            .walkers
            .iter()
            .map(|walker| Walker { key: walker.key.clone(), speed: walker.speed, ages: walker.ages })
            .collect();
        let no_rule = without_rule(&self.catalogue, &rules, &self.facilities);
        let inputs = Inputs {
            catalogue: &self.catalogue,
            date: self.date,
            jurisdiction: &self.jurisdiction,
            residents: &self.residents,
            homes: &homes,
            units: &self.units,
            rules: &rules,
            inventory: &inventory,
            no_rule: &no_rule,
            evidence: &evidence,
            walkers: &walkers,
        };
        progress.advance("applying the standards", 0, 1)?;
        let assessment = assess(&inputs);
        progress.advance("applying the standards", 1, 1)?;
        let facility_links = nearest_door(&self.facilities, &arrivals, &doors);
        let streets = InputRecord {
            name: input_name(&self.inputs, InputRole::Streets),
            role: InputRole::Streets,
            rows_are: "ways of the street network".into(),
            fate,
            moves: None,
            issues,
        };
        let accounts = [
            streets,
            self.homes_linked(&network, &origins),
            self.facilities_linked(&network, &facility_links),
        ];
        let provenance = self.provenance(accounts);
        Ok(Outcome {
            study: self,
            network,
            assessment,
            provenance,
            rules,
            inventory,
            evidence,
            homes,
            walkers,
            origins,
            facility_links,
        })
    }

    /// A row a hundred kilometres from the streets is a mistake in its coordinates, not a remote home.
    fn check_nothing_is_far_away(&self, network: &StreetNetwork) -> Result<()> {
        let Some(extent) = network.bounding_box() else {
            return Ok(());
        };
        let kilometres = |at: LonLat| {
            let lon = at.lon().clamp(extent.min.lon(), extent.max.lon());
            let lat = at.lat().clamp(extent.min.lat(), extent.max.lat());
            LonLat::new(lon, lat).map_or(0.0, |edge| at.metres_to(edge) / 1000.0)
        };
        let check = |input: &dyn Fn() -> String, id: &str, at: LonLat| {
            let remedy = match LonLat::new(at.lat(), at.lon()) {
                Ok(swapped) if kilometres(swapped) <= FAR_AWAY_KM => {
                    "longitude and latitude seem to be swapped, exchange them"
                }
                _ => "check its coordinates, in degrees on WGS 84, or the map",
            };
            let kilometres = kilometres(at);
            if kilometres <= FAR_AWAY_KM {
                return Ok(());
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most half the earth"
            )]
            let kilometres = kilometres as u64;
            Err(Error::FarAway { input: input(), id: id.into(), at, kilometres, remedy })
        };
        for (id, at) in self.residents.ids().iter().zip(self.residents.positions()) {
            if let Some(at) = at {
                check(&|| input_name(&self.inputs, InputRole::Residents), id, *at)?;
            }
        }
        // a map may hold places at the far end of a ferry; a table's row there is a mistake
        let from_map = |facility: &Facility| {
            let named =
                |source: &Source| matches!(source, Source::Map { name, .. } if *name == facility.source);
            self.sources.iter().any(named)
        };
        for facility in self.facilities.as_slice().iter().filter(|facility| !from_map(facility)) {
            for &at in facility.arrivals() {
                check(&|| facility.source.clone(), &facility.id, at)?;
            }
        }
        Ok(())
    }

    /// Whether this study can apply a rule, and if not, why.
    fn usable(&self, rule: Rule) -> std::result::Result<(), String> {
        match rule {
            Rule::DriveTime(_) => Err("driving is not measured yet".into()),
            Rule::PresenceInUnit(kind) if !self.units.iter().any(|(_, unit)| unit.kind == kind) => {
                Err(format!("the study has no units of kind {kind}"))
            }
            _ => Ok(()),
        }
    }

    /// The unit of each resident place: the one its source names, else the smallest around it.
    fn home_units(&self) -> Vec<Option<UnitIx>> {
        let index = UnitIndex::new(&self.units);
        let places = self.residents.unit_codes().iter().zip(self.residents.positions());
        places
            .map(|(code, at)| {
                let named = code.as_ref().and_then(|code| self.units.find(code));
                named.or_else(|| at.and_then(|at| index.locate(at)))
            })
            .collect()
    }

    /// Where every resident place went: to a street, or nowhere.
    fn homes_linked(&self, network: &StreetNetwork, origins: &Linkage) -> InputRecord {
        let mut fate = Fate { rows: self.residents.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut links = Vec::new();
        for ((id, people), row) in self.residents.ids().iter().zip(self.residents.people()).zip(0..) {
            match origins.fate(row) {
                LinkFate::Linked(link) => links.push((id.as_str(), link)),
                LinkFate::NoPosition => fate.reject("no position"),
                LinkFate::TooFar { nearest } => {
                    fate.reject(&self.no_street());
                    issues.push(
                        Severity::Warning,
                        "home beyond every street",
                        id,
                        format!("{people} people, who stay in every share as unserved{}", farther(*nearest)),
                    );
                }
            }
        }
        for (id, code) in self.residents.ids().iter().zip(self.residents.unit_codes()) {
            let unknown = |code: &&String| !self.units.is_empty() && self.units.find(code).is_none();
            if let Some(code) = code.as_ref().filter(unknown) {
                let detail = format!("`{code}`; it was counted in the unit around it, if there is one");
                issues.push(Severity::Warning, "unit code that no unit has", id, detail);
            }
        }
        fate.moved = links.len() as u64;
        InputRecord {
            name: input_names(&self.inputs, InputRole::Residents),
            role: InputRole::Residents,
            rows_are: "homes linked to streets".into(),
            fate,
            moves: moves(network, &links),
            issues,
        }
    }

    /// Where every facility went: its nearest door to a street, or nowhere.
    fn facilities_linked(&self, network: &StreetNetwork, doors: &[Option<Link>]) -> InputRecord {
        let mut fate = Fate { rows: self.facilities.len() as u64, ..Fate::default() };
        let mut issues = Issues::new();
        let mut links = Vec::new();
        for (facility, door) in self.facilities.as_slice().iter().zip(doors) {
            if let Some(link) = door {
                links.push((facility.id.as_str(), link));
            } else {
                fate.reject(&self.no_street());
                let name = facility.name.as_deref().unwrap_or("without a name");
                let detail = format!("{name}: nobody can walk to it");
                issues.push(Severity::Warning, "facility beyond every street", &facility.id, detail);
            }
        }
        fate.moved = links.len() as u64;
        InputRecord {
            name: input_names(&self.inputs, InputRole::Facilities),
            role: InputRole::Facilities,
            rows_are: "facilities linked to streets".into(),
            fate,
            moves: moves(network, &links),
            issues,
        }
    }

    fn no_street(&self) -> String {
        format!("no street within {} m", self.link.max_off_street.as_metres_f64())
    }

    fn provenance(&self, accounts: impl IntoIterator<Item = InputRecord>) -> Provenance {
        let mut inputs = self.inputs.clone();
        inputs.extend(accounts);
        inputs.sort_by_key(|input| input.role);
        Provenance {
            software: "lifecircle".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            study: self.name.clone(),
            date: self.date.to_string(),
            jurisdiction: self.jurisdiction.clone(),
            inputs,
            hashes: BTreeMap::from([
                (InputRole::Streets, hash_streets(&self.streets)),
                (InputRole::Residents, hash_residents(&self.residents)),
                (InputRole::Facilities, hash_facilities(&self.facilities)),
                (InputRole::Units, hash_units(&self.units)),
            ]),
            packs: self
                .packs
                .iter()
                .map(|pack| PackRecord {
                    key: pack.key.clone(),
                    title: pack.title.clone(),
                    jurisdiction: pack.jurisdiction.clone(),
                    standard_walker: WalkerRecord::new("standard", pack.standard_walker),
                })
                .collect(),
            walkers: self.walkers.iter().map(|walker| WalkerRecord::new(&walker.key, walker.speed)).collect(),
            settings: Settings {
                max_link_mm: self.link.max_off_street.get(),
                island_penalty_mm: self.link.island_penalty.get(),
            },
            attribution: self.attribution.clone(),
        }
    }
}

/// How far rows were moved, by their ids and links; `None` when none was.
fn moves(network: &StreetNetwork, links: &[(&str, &Link)]) -> Option<Moves> {
    let mut longest = links.first()?;
    for link in links {
        if link.1.off_street > longest.1.off_street {
            longest = link;
        }
    }
    let total: u64 = links.iter().map(|(_, link)| u64::from(link.off_street.get())).sum();
    #[expect(clippy::cast_precision_loss, reason = "a mean for display")]
    let mean_m = total as f64 / links.len() as f64 / 1000.0;
    Some(Moves {
        mean_m,
        longest_m: longest.1.off_street.as_metres_f64(),
        longest: longest.0.into(),
        longest_to: street_of(network, longest.1),
    })
}

/// How far a street is that is too far.
fn farther(nearest: Option<Millimetres>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; the nearest street is {nearest} away"))
}

/// Name and way of the street that a link leads to.
pub(crate) fn street_of(network: &StreetNetwork, link: &Link) -> String {
    let way = format!("way/{}", network.way_id(link.arc));
    network.street_name(link.arc).map_or(way.clone(), |name| format!("{name} ({way})"))
}

/// The row of the linked door with the shortest off-street leg, per facility.
fn nearest_door(
    facilities: &FacilitySet,
    arrivals: &[(FacilityIx, LonLat)],
    doors: &Linkage,
) -> Vec<Option<Link>> {
    let mut nearest: Vec<Option<Link>> = vec![None; facilities.len()];
    for (row, (facility, _)) in arrivals.iter().enumerate() {
        if let Some(link) = doors.get(row) {
            let known = &mut nearest[facility.index()];
            if known.is_none_or(|known| link.off_street < known.off_street) {
                *known = Some(*link);
            }
        }
    }
    nearest
}

/// Everything that trips need.
struct Trips<'a> {
    study: &'a Study,
    graph: WalkGraph<'a>,
    origins: &'a Linkage,
    arrivals: &'a [(FacilityIx, LonLat)],
    doors: &'a Linkage,
}

impl Trips<'_> {
    /// For every rule the trips of both readings, and to any level of its family.
    fn evidence(
        &self,
        rules: &[AppliedRule],
        found: &[Candidates],
        home_units: &[Option<UnitIx>],
        progress: &dyn Progress,
    ) -> Result<Vec<ServiceEvidence>> {
        // the walks of all rules go into one call, so that they share threads
        let mut walks: Vec<Vec<Target>> = Vec::new();
        let readings: Vec<[Option<Vec<FacilityIx>>; 3]> = found
            .iter()
            .map(|found| {
                let both = || merged(&found.strict, &found.lenient_only);
                [
                    Some(found.strict.clone()),
                    (!found.lenient_only.is_empty()).then(both),
                    found.any_level.clone(),
                ]
            })
            .collect();
        let mut walk_of = vec![[None; 3]; rules.len()];
        for (row, rule) in rules.iter().enumerate() {
            if !matches!(rule.rule.rule, Rule::WalkTime(_) | Rule::WalkDistance(_)) {
                continue;
            }
            for (reading, facilities) in readings[row].iter().enumerate() {
                if let Some(facilities) = facilities {
                    walk_of[row][reading] = Some(walks.len());
                    walks.push(self.targets(facilities));
                }
            }
        }
        let walked = nearest_each(self.graph, self.origins, &walks, None, progress)?;
        let mut evidence = Vec::with_capacity(rules.len());
        for (row, rule) in rules.iter().enumerate() {
            let trips = |reading: usize| -> Option<Vec<Option<Evidence>>> {
                let facilities = readings[row][reading].as_ref()?;
                Some(match rule.rule.rule {
                    Rule::WalkTime(_) | Rule::WalkDistance(_) => {
                        let walk: usize = walk_of[row][reading]?;
                        self.walk_evidence(&walked[walk], rule)
                    }
                    Rule::StraightRadius(_) => self.straight_evidence(facilities),
                    Rule::PresenceInUnit(kind) => self.presence_evidence(facilities, home_units, kind),
                    Rule::DriveTime(_) | Rule::NoWalkingCatchment => vec![None; home_units.len()],
                })
            };
            let strict = trips(0).unwrap_or_default();
            evidence.push(ServiceEvidence { strict, lenient: trips(1), any_level: trips(2) });
        }
        Ok(evidence)
    }

    /// The doors of `facilities` on the streets.
    fn targets(&self, facilities: &[FacilityIx]) -> Vec<Target> {
        self.arrivals
            .iter()
            .enumerate()
            .filter(|(_, (facility, _))| facilities.binary_search(facility).is_ok())
            .filter_map(|(row, (facility, _))| {
                Some(Target { owner: facility.0, link: *self.doors.get(row)? })
            })
            .collect()
    }

    fn walk_evidence(&self, walked: &[Option<NearestTrip>], rule: &AppliedRule) -> Vec<Option<Evidence>> {
        let positions = self.study.residents.positions();
        let one = |(at, trip): (&Option<LonLat>, &Option<NearestTrip>)| {
            let trip = trip.as_ref()?;
            let Cost::Length(length) = trip.cost else {
                return None;
            };
            let facility = FacilityIx(trip.owner);
            Some(Evidence {
                facility,
                length: Some(length),
                time: Some(rule.standard_walker.time_for(length)),
                straight_length: at.map(|at| self.crow_flight(at, facility)),
            })
        };
        positions.iter().zip(walked).map(one).collect()
    }

    /// To the nearest arrival of a facility as the crow flies.
    fn crow_flight(&self, from: LonLat, facility: FacilityIx) -> Millimetres {
        let arrivals = self.study.facilities[facility].arrivals();
        arrivals.iter().map(|&to| from.length_to(to)).min().unwrap_or(Millimetres::MAX)
    }

    fn straight_evidence(&self, facilities: &[FacilityIx]) -> Vec<Option<Evidence>> {
        let to: Vec<(u32, LonLat)> = self
            .arrivals
            .iter()
            .filter(|(facility, _)| facilities.binary_search(facility).is_ok())
            .map(|&(facility, at)| (facility.0, at))
            .collect();
        let nearest = nearest_straight(self.study.residents.positions(), &to);
        let evidence = |(owner, length)| Evidence {
            facility: FacilityIx(owner),
            length: None,
            time: None,
            straight_length: Some(length),
        };
        nearest.into_iter().map(|found| found.map(evidence)).collect()
    }

    fn presence_evidence(
        &self,
        facilities: &[FacilityIx],
        home_units: &[Option<UnitIx>],
        kind: lifecircle_types::UnitKind,
    ) -> Vec<Option<Evidence>> {
        let units = &self.study.units;
        let index = UnitIndex::new(units);
        let of_kind = |unit: UnitIx| units.lineage(unit).find(|&unit| units[unit].kind == kind);
        let mut first: Vec<Option<FacilityIx>> = vec![None; units.len()];
        for &facility in facilities {
            if let Some(unit) = index.locate(self.study.facilities[facility].position).and_then(of_kind) {
                first[unit.index()].get_or_insert(facility);
            }
        }
        let evidence = |facility| Evidence { facility, length: None, time: None, straight_length: None };
        home_units.iter().map(|unit| first[unit.and_then(of_kind)?.index()].map(evidence)).collect()
    }
}

/// Two ascending lists as one.
fn merged(a: &[FacilityIx], b: &[FacilityIx]) -> Vec<FacilityIx> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all
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
