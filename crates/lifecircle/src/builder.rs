//! Collecting a study, and checking that it fits together.

use std::sync::Arc;

use lifecircle_indicators::{History, RegisterOptions, Source};
use lifecircle_network::{DriveProfile, LinkOptions, TerrainOptions, WalkProfile};
use lifecircle_population::check_boundary;
use lifecircle_taxonomy::{Catalogue, Pack, PackRule};
use lifecircle_types::{
    Barrier, Building, Date, DemandSet, Facility, FacilitySet, Fate, HomeBed, Issues, LonLat, Millimetres,
    MobileStop, People, ProblemEvent, ResidentialLand, ServiceKey, StatedValue, StreetRecords, TravelTime,
    UnitSet, most_alike,
};

use crate::asked::{Asked, Known};
use crate::driving::{DriveTimes, Driving};
use crate::journey::{EscortConfig, LevelsConfig, OneStopConfig};
use crate::monitoring::MonitoringOptions;
use crate::outreach::{CareConfig, FamilyBedsConfig, HomeVisitsConfig, MobileConfig, OnlineConfig};
use crate::parity::ParityConfig;
use crate::provenance::{InputRecord, InputRole};
use crate::seasons::SeasonConfig;
use crate::study::Study;
use crate::walkers::Heights;
use crate::{Error, Result};

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
    catalogue: Option<Catalogue>,
    packs: Option<Vec<Pack>>,
    walkers: Option<Vec<WalkProfile>>,
    max_link: Option<Millimetres>,
    barriers: Vec<Barrier>,
    residential_land: Vec<ResidentialLand>,
    buildings: Vec<Building>,
    values: Vec<StatedValue>,
    register: RegisterOptions,
    history: Option<(String, Vec<ProblemEvent>)>,
    monitoring: Option<MonitoringOptions>,
    open_gates: bool,
    heights: Option<Heights>,
    driving: Option<Driving>,
    bands: Option<crate::BandsOptions>,
    severance: Option<crate::severance::SeveranceSettings>,
    #[cfg(feature = "hours")]
    hours: Option<crate::hours::HoursOptions>,
    asked: Asked,
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
        let shows = facilities.services().into_iter().cloned().collect();
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

    /// The catalogue of services; the built-in one where none is given.
    #[must_use]
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = Some(catalogue);
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

    /// What nobody walks across off the streets: waters, railways, walls. Roads that walkers may not use are found
    /// among the streets.
    #[must_use]
    pub fn barriers(mut self, barriers: Vec<Barrier>) -> Self {
        self.barriers = barriers;
        self
    }

    /// Residential land, for coverage by land ([`Outcome::bases`](crate::Outcome::bases)).
    #[must_use]
    pub fn residential_land(mut self, land: Vec<ResidentialLand>) -> Self {
        self.residential_land = land;
        self
    }

    /// Buildings, for coverage by residential buildings and dwellings ([`Outcome::bases`](crate::Outcome::bases)).
    #[must_use]
    pub fn buildings(mut self, buildings: Vec<Building>) -> Self {
        self.buildings = buildings;
        self
    }

    /// Values of indicators that nobody measures here, from yearbooks and budgets.
    #[must_use]
    pub fn values(mut self, values: Vec<StatedValue>) -> Self {
        self.values = values;
        self
    }

    /// What makes one problem of the register weigh more than another.
    #[must_use]
    pub fn register(mut self, options: RegisterOptions) -> Self {
        self.register = options;
        self
    }

    /// What happened to problems of the register so far, and the name of the file that says so: the run continues it.
    #[must_use]
    pub fn history(mut self, name: impl Into<String>, events: Vec<ProblemEvent>) -> Self {
        self.history = Some((name.into(), events));
        self
    }

    /// What the study is monitored by: courses to targets, a survey, requests.
    #[must_use]
    pub fn monitoring(mut self, options: MonitoringOptions) -> Self {
        self.monitoring = Some(options);
        self
    }

    /// Imagines that everybody may pass private streets and gates.
    #[must_use]
    pub fn open_gates(mut self, open: bool) -> Self {
        self.open_gates = open;
        self
    }

    /// Heights of the ground in metres, for walkers who climb ([`WalkProfile::slope`]); `None` where none is known.
    #[must_use]
    pub fn elevation(
        mut self,
        name: impl Into<String>,
        options: TerrainOptions,
        height: impl Fn(LonLat) -> Option<f64> + Send + Sync + 'static,
    ) -> Self {
        self.heights = Some(Heights { name: name.into(), options, at: Arc::new(height) });
        self
    }

    /// Measures trips by car on the streets, for rules of a drive. `responding` are services that come to people, such as
    /// `emergency_medical_station`: their trips run from the facility to the home.
    #[must_use]
    pub fn driving(
        mut self,
        profile: DriveProfile,
        responding: impl IntoIterator<Item = ServiceKey>,
    ) -> Self {
        self.driving = Some(Driving::Streets { profile, responding: responding.into_iter().collect() });
        self
    }

    /// Takes trips by car from another tool, in the place of the streets: public ids of a resident place and a facility,
    /// and the time between them. A pair that is not there is not reached; of a pair that is there twice the shorter
    /// time counts; ids that the study does not have are left out and counted.
    #[must_use]
    pub fn drive_times(
        mut self,
        name: impl Into<String>,
        pairs: impl IntoIterator<Item = (String, String, TravelTime)>,
    ) -> Self {
        let times = DriveTimes { name: name.into(), pairs: pairs.into_iter().collect() };
        self.driving = Some(Driving::Times(times));
        self
    }

    /// Measures how far coverages could be off as well ([`Outcome::bands`](crate::Outcome::bands)).
    #[must_use]
    pub fn bands(mut self, options: crate::BandsOptions) -> Self {
        self.bands = Some(options);
        self
    }

    /// Measures what barriers cost as well ([`Outcome::severance`](crate::Outcome::severance())).
    #[must_use]
    pub fn severance(mut self, settings: crate::severance::SeveranceSettings) -> Self {
        self.severance = Some(settings);
        self
    }

    /// Measures coverage by time of day as well ([`Outcome::hours`](crate::Outcome::hours)).
    #[cfg(feature = "hours")]
    #[must_use]
    pub fn hours(mut self, options: crate::HoursOptions) -> Self {
        self.hours = Some(options);
        self
    }

    /// Measures how long it takes to the levels of services as well ([`Outcome::levels`](crate::Outcome::levels())).
    #[must_use]
    pub fn levels(mut self, asked: impl IntoIterator<Item = LevelsConfig>) -> Self {
        self.asked.levels.extend(asked);
        self
    }

    /// Measures who finds several services at one stop as well ([`Outcome::one_stop`](crate::Outcome::one_stop())).
    #[must_use]
    pub fn one_stop(mut self, asked: impl IntoIterator<Item = OneStopConfig>) -> Self {
        self.asked.one_stop.extend(asked);
        self
    }

    /// Measures trips on which somebody brings somebody else as well ([`Outcome::escort`](crate::Outcome::escort())).
    #[must_use]
    pub fn escort(mut self, asked: impl IntoIterator<Item = EscortConfig>) -> Self {
        self.asked.escort.extend(asked);
        self
    }

    /// Measures services whose workers come to homes as well ([`Outcome::home_visits`](crate::Outcome::home_visits())).
    #[must_use]
    pub fn home_visits(mut self, asked: impl IntoIterator<Item = HomeVisitsConfig>) -> Self {
        self.asked.home_visits.extend(asked);
        self
    }

    /// Measures a mobile service with its stops as well ([`Outcome::mobile`](crate::Outcome::mobile())); the name of their
    /// file stands in the account of the study.
    #[must_use]
    pub fn mobile(mut self, asked: MobileConfig, stops: Vec<MobileStop>) -> Self {
        self.asked.mobile.push((asked, stops));
        self
    }

    /// Measures online services as well ([`Outcome::online`](crate::Outcome::online())).
    #[must_use]
    pub fn online(mut self, asked: impl IntoIterator<Item = OnlineConfig>) -> Self {
        self.asked.online.extend(asked);
        self
    }

    /// Measures care at three distances as well ([`Outcome::care`](crate::Outcome::care())).
    #[must_use]
    pub fn care(mut self, asked: CareConfig) -> Self {
        self.asked.care = Some(asked);
        self
    }

    /// Measures care beds in homes as well ([`Outcome::family_beds`](crate::Outcome::family_beds())).
    #[must_use]
    pub fn family_beds(mut self, asked: FamilyBedsConfig, beds: Vec<HomeBed>) -> Self {
        self.asked.family_beds = Some((asked, beds));
        self
    }

    /// Holds groups of residents against others as well ([`Outcome::parity`](crate::Outcome::parity())).
    #[must_use]
    pub fn parity(mut self, asked: impl IntoIterator<Item = ParityConfig>) -> Self {
        self.asked.parity.extend(asked);
        self
    }

    /// Measures coverage over the seasons of a year as well ([`Outcome::seasons`](crate::Outcome::seasons())).
    #[must_use]
    pub fn seasons(mut self, asked: impl IntoIterator<Item = SeasonConfig>) -> Self {
        self.asked.seasons.extend(asked);
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
    /// [`Error::Asked`] for what is asked beside the rules and cannot be answered,
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
        let catalogue = self.catalogue.unwrap_or_else(Catalogue::builtin);
        let packs = match self.packs {
            Some(packs) if !packs.is_empty() => packs,
            _ => vec![Pack::builtin_with(Pack::DEFAULT, &catalogue)?],
        };
        for pack in &packs {
            check_pack(&format!("the pack `{}`", pack.key), pack, date, &jurisdiction, &catalogue)?;
        }
        if let Some(Driving::Streets { responding, .. }) = &self.driving {
            check_services("the services that respond by car", responding, &catalogue)?;
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
        let begun = |(input, events): (String, Vec<ProblemEvent>)| match History::new(events) {
            Ok(history) => Ok((input, history)),
            Err(source) => Err(Error::History { input, source }),
        };
        let history = self.history.map(begun).transpose()?;
        let walkers = self.walkers.unwrap_or_else(WalkProfile::by_age);
        self.asked.check(&Known { catalogue: &catalogue, walkers: &walkers, residents: &residents })?;
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
            walkers,
            link: match self.max_link {
                Some(metres) => LinkOptions::default().max_off_street(metres),
                None => LinkOptions::default(),
            },
            barriers: self.barriers,
            residential_land: self.residential_land,
            buildings: self.buildings,
            values: self.values,
            register: self.register,
            history,
            monitoring: self.monitoring,
            open_gates: self.open_gates,
            heights: self.heights,
            driving: self.driving,
            bands: self.bands,
            severance: self.severance,
            #[cfg(feature = "hours")]
            hours: self.hours,
            asked: self.asked,
            attribution: self.attribution,
            inputs,
        })
    }
}

/// The names of all inputs of a role, in alphabetical order.
pub(crate) fn input_names(inputs: &[InputRecord], role: InputRole) -> String {
    let mut names: Vec<&str> =
        inputs.iter().filter(|input| input.role == role).map(|input| input.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { role.to_string() } else { names.join(", ") }
}

pub(crate) fn input_name(inputs: &[InputRecord], role: InputRole) -> String {
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
        let place: String = match pack.jurisdiction.as_str() {
            "*" => "anywhere".into(),
            code => format!("in `{code}`"),
        };
        return Err(Error::PackDoesNotHold {
            pack: pack.key.clone(),
            date: date.to_string(),
            jurisdiction: jurisdiction.into(),
            holds: place + &pack.validity.to_string(),
        });
    }
    let named = pack.rules().iter().flat_map(PackRule::named);
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
