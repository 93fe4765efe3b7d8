//! A city with its configuration, and the way from it to an assessment.

use std::collections::BTreeMap;

use lifecircle_indicators::{
    Candidates, History, Home, Inputs, InventoryState, RegisterOptions, Source, applied_rules, assess,
    candidates, inventory, without_rule,
};
use lifecircle_network::{
    Barriers, BuildOptions, LinkOptions, Linker, NetworkBuilder, Precincts, StreetNetwork, WalkCosts,
    WalkGraph, WalkProfile, motorways,
};
use lifecircle_population::home_units;
use lifecircle_taxonomy::{Catalogue, Pack};
use lifecircle_types::{
    Barrier, BarrierKind, Building, Date, DemandSet, Facility, FacilitySet, Imported, Issues, LonLat,
    MobileStop, Placement, Progress, ResidentialLand, Rule, Speed, StatedValue, StreetRecords, UnitSet,
};

use crate::asked::Asked;
use crate::builder::{StudyBuilder, input_name};
use crate::driving::Driving;
use crate::links::nearest_doors;
use crate::monitoring::MonitoringOptions;
use crate::outcome::Outcome;
use crate::provenance::{
    InputRecord, InputRole, PackRecord, Provenance, Settings, WalkerRecord, hash_facilities, hash_outreach,
    hash_residents, hash_streets, hash_terrain, hash_units, hash_values,
};
use crate::shifted::suspect;
use crate::trips::Trips;
use crate::walkers::{Heights, Shared, Walkers, by_key};
use crate::walks::Linked;
use crate::{Error, Result};

/// Farther than this from the streets a row is taken for a mistake in its coordinates.
const FAR_AWAY_KM: f64 = 100.0;

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
    pub(crate) barriers: Vec<Barrier>,
    pub(crate) residential_land: Vec<ResidentialLand>,
    pub(crate) buildings: Vec<Building>,
    pub(crate) values: Vec<StatedValue>,
    pub(crate) register: RegisterOptions,
    pub(crate) history: Option<(String, History)>,
    pub(crate) monitoring: Option<MonitoringOptions>,
    pub(crate) open_gates: bool,
    pub(crate) heights: Option<Heights>,
    pub(crate) driving: Option<Driving>,
    pub(crate) bands: Option<crate::BandsOptions>,
    pub(crate) severance: Option<crate::severance::SeveranceSettings>,
    #[cfg(feature = "hours")]
    pub(crate) hours: Option<crate::hours::HoursOptions>,
    pub(crate) asked: Asked,
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

    /// What nobody walks across off the streets, as the map shows it.
    #[must_use]
    pub fn barriers(&self) -> &[Barrier] {
        &self.barriers
    }

    /// Walks everyone to everything and applies the packs.
    ///
    /// # Errors
    /// No walkable street ([`Error::NoWalkableStreet`]), a row far away from every street ([`Error::FarAway`]), or cancelled.
    pub fn assess(&self, progress: &dyn Progress) -> Result<Outcome<'_>> {
        let Imported { value: network, issues, fate } = self.street_network(progress)?;
        let standard = self.standard_walker();
        let lengths = WalkCosts::lengths(&network, &standard);
        let graph = self.walk_graph(&network, &lengths)?;
        let precincts = Precincts::new(graph, &standard);
        let barriers = self.obstacles(graph);
        let linker = Linker::with_precincts(graph, self.link, &precincts).barriers(&barriers);
        let Linked { origins, arrivals, doors } = self.linked(&linker, progress)?;

        let rules = applied_rules(&self.packs, self.date);
        let found: Vec<Candidates> = rules
            .iter()
            .map(|rule| candidates(&self.catalogue, &rule.rule, &self.facilities, self.date))
            .collect();
        let usable: Vec<_> = rules.iter().map(|rule| self.usable(rule.rule.rule)).collect();
        let mut inventory =
            inventory(&self.catalogue, &rules, &found, &self.sources, &self.facilities, &usable);
        let measures = self.asked.measures();
        for (entry, rule) in inventory.iter_mut().zip(&rules) {
            if let (Rule::NoWalkingCatchment, Some(by)) = (rule.rule.rule, measures.get(&entry.service)) {
                entry.state = InventoryState::MeasuredOtherwise;
                entry.reason = format!("measured by {by}");
            }
        }
        let home_units = home_units(&self.residents, &self.units);
        let (drives, roads) = self.drives(&network, &barriers, &arrivals)?.unzip();
        let trips = Trips {
            drives: drives.as_ref(),
            study: self,
            graph,
            precincts: &precincts,
            origins: &origins,
            arrivals: &arrivals,
            doors: &doors,
        };
        let evidence = trips.evidence(&rules, &found, &home_units, progress)?;
        let reach = trips.reach(&rules, &found, &inventory, &home_units, progress)?;
        let homes: Vec<Home> = home_units
            .iter()
            .enumerate()
            .map(|(row, &unit)| {
                let link = origins.links(row).first();
                let on_main_network = link.is_some_and(|link| lengths.is_main(network.tail(link.arc)));
                Home { unit, on_street: link.is_some(), on_main_network }
            })
            .collect();
        let (terrain, heights) = self.terrain(&network)?.unzip();
        let shared = Shared {
            study: self,
            network: &network,
            terrain: terrain.as_ref(),
            standard: &trips,
            rules: &rules,
            found: &found,
            home_units: &home_units,
            progress,
        };
        let Walkers { all: walkers, accounts } = shared.walkers()?;
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
        let facility_doors = nearest_doors(&self.facilities, &arrivals, &doors);
        let streets = InputRecord {
            name: input_name(&self.inputs, InputRole::Streets),
            role: InputRole::Streets,
            rows_are: "ways of the street network".into(),
            fate,
            moves: None,
            issues,
        };
        let mut homes_linked = self.homes_linked(&network, &origins);
        let mut facilities_linked = self.facilities_linked(&network, &facility_doors);
        self.suspect_shifts(&linker, &mut homes_linked.issues, &mut facilities_linked.issues);
        let records = [streets, homes_linked, facilities_linked].into_iter().chain(heights).chain(roads);
        let mut provenance = self.provenance(records);
        if let Some(terrain) = &terrain {
            provenance.hashes.insert(InputRole::Elevation, hash_terrain(&network, terrain));
        }
        let mut outcome = Outcome {
            study: self,
            network,
            assessment,
            provenance,
            rules,
            candidates: found,
            inventory,
            evidence,
            homes,
            walkers,
            origins,
            arrivals,
            doors,
            facility_doors,
            bases: vec![],
            by_walker: accounts,
            bands: None,
            severance: None,
            #[cfg(feature = "hours")]
            hours: None,
            levels: vec![],
            one_stop: vec![],
            escort: vec![],
            home_visits: vec![],
            mobile: vec![],
            online: vec![],
            care: None,
            family_beds: None,
            parity: vec![],
            seasons: None,
            indicators: vec![],
            axes: vec![],
            scores: vec![],
            unreached: vec![],
            monitoring: None,
            problems: vec![],
            history: None,
            projects: vec![],
        };
        if !(self.residential_land.is_empty() && self.buildings.is_empty()) {
            outcome.bases = outcome.bases_of_all(progress)?;
        }
        if let Some(options) = &self.bands {
            outcome.bands = Some(outcome.bands(options, progress)?);
        }
        outcome.add_severance(progress)?;
        #[cfg(feature = "hours")]
        if let Some(options) = &self.hours {
            outcome.add_hours(options, progress)?;
        }
        outcome.answer(progress)?;
        outcome.measure(&reach, progress)?;
        Ok(outcome)
    }

    /// The streets as a network, near which everything has to lie.
    pub(crate) fn street_network(&self, progress: &dyn Progress) -> Result<Imported<StreetNetwork>> {
        progress.advance("building the street network", 0, 1)?;
        let built = NetworkBuilder::new(BuildOptions::default()).build(&self.streets)?;
        self.check_nothing_is_far_away(&built.value)?;
        progress.advance("building the street network", 1, 1)?;
        Ok(built)
    }

    pub(crate) fn walk_graph<'n>(
        &self,
        network: &'n StreetNetwork,
        lengths: &'n WalkCosts,
    ) -> Result<WalkGraph<'n>> {
        WalkGraph::new(network, lengths).map_err(|error| match error {
            lifecircle_network::Error::NoWalkableStreet { .. } => {
                Error::NoWalkableStreet { input: input_name(&self.inputs, InputRole::Streets) }
            }
            other => other.into(),
        })
    }

    pub(crate) fn standard_walker(&self) -> WalkProfile {
        let standard = WalkProfile::standard();
        if self.open_gates { standard.with_gates_open() } else { standard }
    }

    /// A walker of the study, by key.
    pub(crate) fn walker(&self, key: Option<&str>) -> Option<&WalkProfile> {
        by_key(&self.walkers, key?)
    }

    /// The pace of that walker; of the standard walker of the last pack where none is named.
    pub(crate) fn pace(&self, walker: Option<&str>) -> Speed {
        let standard =
            || self.packs.last().map_or_else(|| self.standard_walker().speed, |pack| pack.standard_walker);
        self.walker(walker).map_or_else(standard, |walker| walker.speed)
    }

    /// What legs off the streets must not cross: the barriers of the map, the roads that walkers may not use, and the
    /// boundaries of estates whose gates are known.
    pub(crate) fn obstacles(&self, graph: WalkGraph<'_>) -> Barriers {
        Barriers::new(&self.barrier_lines(graph))
    }

    /// Those lines, with the raised ones.
    pub(crate) fn barrier_lines(&self, graph: WalkGraph<'_>) -> Vec<Barrier> {
        let mut all = self.barriers.clone();
        all.extend(motorways(graph));
        for unit in self.units.as_slice().iter().filter(|unit| !unit.gates.is_empty()) {
            for polygon in unit.boundary.iter().flatten() {
                let corners = polygon.exterior().coords();
                all.push(Barrier {
                    id: unit.code.clone(),
                    kind: BarrierKind::Wall,
                    name: unit.name.clone(),
                    raised: false,
                    line: corners.filter_map(|corner| LonLat::new(corner.x, corner.y).ok()).collect(),
                    gates: unit.gates.clone(),
                });
            }
        }
        all
    }

    /// Warns of tables whose positions look shifted; a map's own places lie as its streets do.
    fn suspect_shifts(&self, linker: &Linker<'_>, homes: &mut Issues, facilities: &mut Issues) {
        let farthest = self.link.max_off_street;
        let given = self.residents.placements().iter().zip(self.residents.positions());
        let points: Vec<LonLat> = given
            .filter(|(placement, _)| **placement == Placement::Given)
            .filter_map(|(_, at)| *at)
            .collect();
        suspect(linker, &input_name(&self.inputs, InputRole::Residents), &points, farthest, homes);
        let mut by_source: BTreeMap<&str, Vec<LonLat>> = BTreeMap::new();
        for facility in self.facilities.as_slice().iter().filter(|facility| !self.is_from_map(facility)) {
            by_source.entry(&facility.source).or_default().push(facility.position);
        }
        for (source, points) in by_source {
            suspect(linker, source, &points, farthest, facilities);
        }
    }

    fn is_from_map(&self, facility: &Facility) -> bool {
        let named = |source: &Source| matches!(source, Source::Map { name, .. } if *name == facility.source);
        self.sources.iter().any(named)
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
        for facility in self.facilities.as_slice().iter().filter(|facility| !self.is_from_map(facility)) {
            for &at in facility.arrivals() {
                check(&|| facility.source.clone(), &facility.id, at)?;
            }
        }
        Ok(())
    }

    /// Whether this study can apply a rule, and if not, why.
    fn usable(&self, rule: Rule) -> std::result::Result<(), String> {
        match rule {
            Rule::DriveTime(_) if self.driving.is_none() => {
                Err("driving is not measured yet: add [drive] with a peak_percent, or a drive_matrix".into())
            }
            Rule::PresenceInUnit(kind) if !self.units.iter().any(|(_, unit)| unit.kind == kind) => {
                Err(format!("the study has no units of kind {kind}"))
            }
            _ => Ok(()),
        }
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
            hashes: {
                let mut hashes = BTreeMap::from([
                    (InputRole::Streets, hash_streets(&self.streets, &self.barriers)),
                    (InputRole::Residents, hash_residents(&self.residents)),
                    (InputRole::Facilities, hash_facilities(&self.facilities)),
                    (InputRole::Units, hash_units(&self.units)),
                ]);
                if !self.values.is_empty() {
                    hashes.insert(InputRole::Values, hash_values(&self.values));
                }
                let stops: Vec<&[MobileStop]> =
                    self.asked.mobile.iter().map(|(_, stops)| stops.as_slice()).collect();
                let beds = self.asked.family_beds.as_ref().map_or(&[][..], |(_, beds)| beds);
                if !(stops.is_empty() && beds.is_empty()) {
                    hashes.insert(InputRole::Outreach, hash_outreach(&stops, beds));
                }
                hashes
            },
            packs: self
                .packs
                .iter()
                .map(|pack| PackRecord {
                    key: pack.key.clone(),
                    title: pack.title.clone(),
                    jurisdiction: pack.jurisdiction.clone(),
                    inherits: pack.lineage.clone(),
                    standard_walker: WalkerRecord::new("standard", pack.standard_walker),
                })
                .collect(),
            walkers: self.walkers.iter().map(WalkerRecord::of).collect(),
            drive: self.driving.as_ref().map(Driving::record),
            settings: Settings {
                max_link_mm: self.link.max_off_street.get(),
                island_penalty_mm: self.link.island_penalty.get(),
                open_gates: self.open_gates,
            },
            attribution: self.attribution.clone(),
        }
    }
}
