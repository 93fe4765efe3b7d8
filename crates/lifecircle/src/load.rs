//! A study from files: `study.toml` and what it names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lifecircle_indicators::Source;
#[cfg(feature = "geotiff")]
use lifecircle_io::read_elevation_geotiff;
use lifecircle_io::{
    EdgeColumns, FacilityColumns, OsmExtract, OsmOptions, ResidentColumns, UnitColumns, read_area_groups_csv,
    read_beds_csv, read_buildings_geojson, read_control_totals_csv, read_edges_csv, read_facilities_csv,
    read_facilities_geojson, read_gates_csv, read_history_csv, read_matrix_csv, read_osm, read_residents_csv,
    read_residents_geojson, read_stops_csv, read_text, read_units_csv, read_units_geojson,
};
#[cfg(feature = "geotiff")]
use lifecircle_network::TerrainOptions;
use lifecircle_network::{DriveProfile, WalkProfile};
use lifecircle_population::{Ground, SpreadOptions, fit_groups, home_units, lay_group_share, spread};
use lifecircle_taxonomy::{Catalogue, Pack};
use lifecircle_types::{
    Building, Cost, DemandIx, DemandSet, FacilityIx, FacilitySet, Fate, Group, Imported, Issues, Millimetres,
    Progress, ResidentialLand, Severity, TravelTime, Unit, UnitKind, UnitSet, most_alike,
};

use crate::BandsOptions;
use crate::builder::{StudyBuilder, check_pack, check_services};
use crate::config::{
    BasesConfig, FROM_STREETS, FacilitiesConfig, ResidentsConfig, StreetsConfig, StudyConfig, UnitsConfig,
    line_of,
};
use crate::files::{Files, Folder};
use crate::outreach::{FamilyBedsConfig, MobileConfig};
use crate::provenance::{InputRecord, InputRole};
use crate::study::Study;
use crate::values::open_values;
use crate::voices::open_monitoring;
use crate::{Error, Result};

/// The name of a study's file in its folder.
pub(crate) const STUDY_FILE: &str = "study.toml";

/// What a map from OpenStreetMap has to be credited with.
const OSM_ATTRIBUTION: &str = "© OpenStreetMap contributors, Open Database License 1.0";

impl Study {
    /// Reads a study from its folder or from its `study.toml`, with every file it names.
    ///
    /// # Errors
    /// Whatever is wrong with a file, with its name and, where there is one, row, field and remedy.
    pub fn open(path: &Path, progress: &dyn Progress) -> Result<Self> {
        Self::open_parts(path, |_| (), progress)
    }

    /// Reads what [`Study::walks`] needs of a study: its streets, residents and facilities, and the units whose gates
    /// residents leave by. Whatever else the file names is not looked at.
    ///
    /// # Errors
    /// As [`Study::open`], for these files.
    pub fn open_for_walks(path: &Path, progress: &dyn Progress) -> Result<Self> {
        let walks_alone = |config: &mut StudyConfig| {
            (config.elevation, config.drive, config.drive_matrix) = (None, None, None);
            (config.hours, config.values, config.history) = (None, None, None);
            config.bands = None;
            (config.levels, config.one_stop, config.escort) = (vec![], vec![], vec![]);
            (config.home_visits, config.mobile, config.online) = (vec![], vec![], vec![]);
            (config.care, config.family_beds) = (None, None);
            (config.parity, config.seasons) = (vec![], vec![]);
            config.bases = BasesConfig::default();
            config.walkers = vec![];
            config.residents.groups_by_area = vec![];
            config.residents.group_totals.clear();
            // a census is spread over units
            if config.residents.census.is_none() {
                config.units = config.units.take().filter(|units| units.gates.is_some());
            }
        };
        Self::open_parts(path, walks_alone, progress)
    }

    fn open_parts(
        path: &Path,
        choose: impl FnOnce(&mut StudyConfig),
        progress: &dyn Progress,
    ) -> Result<Self> {
        let file = if path.is_dir() { path.join(STUDY_FILE) } else { path.to_path_buf() };
        let text = read_text(&file)?;
        let mut config = StudyConfig::from_toml(&file.display().to_string(), &text)?;
        choose(&mut config);
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let name = config.name.clone().unwrap_or_else(|| folder_name(&folder));
        let file = file.display().to_string();
        Loader { config: &config, text: &text, files: &Folder(&folder), file: &file }.load(name, progress)
    }

    /// Reads a study from its text and from wherever its files are; `file` names it in messages, `name` is for a study
    /// that states none.
    #[cfg(feature = "bundle")]
    pub(crate) fn open_from(
        files: &dyn Files,
        (file, text): (&str, &str),
        name: &str,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let config = StudyConfig::from_toml(file, text)?;
        let name = config.name.clone().unwrap_or_else(|| name.into());
        Loader { config: &config, text, files, file }.load(name, progress)
    }
}

/// The name of a folder, for a study that states none.
pub(crate) fn folder_name(folder: &Path) -> String {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    full.file_name().map_or_else(|| "study".into(), |name| name.to_string_lossy().into_owned())
}

struct Loader<'a> {
    config: &'a StudyConfig,
    text: &'a str,
    files: &'a dyn Files,
    file: &'a str,
}

impl Loader<'_> {
    fn load(&self, name: String, progress: &dyn Progress) -> Result<Study> {
        let config = self.config;
        let catalogue = self.catalogue()?;
        // what the study's own file gets wrong comes before the work of reading a map
        let packs = self.packs(&catalogue)?;
        let walkers = self.walkers()?;
        let group_totals = self.group_totals()?;
        self.check_choices(&catalogue)?;
        let severance = self.severance()?;
        let (streets_name, mut extract, issues) = self.streets(&catalogue, progress)?;
        let mut builder = Study::builder()
            .name(name)
            .date(config.date.to_string())
            .jurisdiction(&config.jurisdiction)
            .max_link(Millimetres::from_metres(config.max_link_m));
        let of_map = config.streets.file.is_some().then_some(OSM_ATTRIBUTION);
        if let Some(line) = config.streets.attribution.as_deref().or(of_map) {
            builder = builder.attribution(line);
        }
        for line in &config.attribution {
            builder = builder.attribution(line);
        }
        let places = std::mem::take(&mut extract.places);
        builder = builder.input(record(
            &streets_name,
            InputRole::Streets,
            if config.streets.file.is_some() { "ways of the map" } else { "edges" },
            extract.street_fate.clone(),
            issues,
        ));
        builder = self.facilities(builder, &catalogue, places, &extract.place_fate, &streets_name)?;
        let (units, unit_input) = self.units(&extract, &streets_name)?;
        let (units, gate_input) = self.gates(units)?;
        let (residents, resident_inputs) = self.residents(&units, &extract, &streets_name, group_totals)?;
        for input in resident_inputs.into_iter().chain(unit_input).chain(gate_input) {
            builder = builder.input(input);
        }
        if extract.barrier_fate.rows > 0 {
            let fate = extract.barrier_fate.clone();
            let rows = "waters, railways and walls of the map";
            builder = builder.input(record(&streets_name, InputRole::Streets, rows, fate, Issues::new()));
        }
        builder = self.hours(self.bands(builder)?)?;
        if let Some(settings) = severance {
            builder = builder.severance(settings);
        }
        if let Some(file) = &config.values {
            let bytes = self.files.bytes(file)?;
            let (values, input) = open_values(&bytes, &file_name(file), &units, &packs, config.date)?;
            builder = builder.values(values).input(input);
        }
        if let Some(file) = &config.history {
            let name = file_name(file);
            let Imported { value, issues, fate } = read_history_csv(&self.files.bytes(file)?, &name)?;
            builder = builder.history(&name, value).input(record(
                &name,
                InputRole::History,
                "events",
                fate,
                issues,
            ));
        }
        if let Some(monitoring) = &config.monitoring {
            for (key, value) in [
                ("satisfaction_target", monitoring.satisfaction_target),
                ("tolerance_percent", monitoring.tolerance_percent),
            ] {
                if value > 100 {
                    return Err(
                        self.fault(&["monitoring", key], format!("{value} is more than 100 per cent"))
                    );
                }
            }
            let (options, inputs) = open_monitoring(self.files, monitoring, &units)?;
            builder = inputs.into_iter().fold(builder.monitoring(options), StudyBuilder::input);
        }
        builder = self.outreach(builder, &residents)?;
        let (land, buildings, inputs) = self.bases(&mut extract, &streets_name)?;
        for input in inputs {
            builder = builder.input(input);
        }
        self.driving(self.elevation(builder)?)?
            .residential_land(land)
            .buildings(buildings)
            .streets(extract.streets)
            .barriers(extract.barriers)
            .open_gates(config.scenario.open_gates)
            .units(units)
            .residents(residents)
            .catalogue(catalogue)
            .packs(packs)
            .walkers(walkers)
            .levels(config.levels.iter().cloned())
            .one_stop(config.one_stop.iter().cloned())
            .escort(config.escort.iter().cloned())
            .parity(config.parity.iter().cloned())
            .seasons(config.seasons.iter().cloned())
            .build()
            .map_err(|error| match error {
                Error::Asked { list, at, field, problem } => {
                    let at = at.to_string();
                    let single = matches!(list, "care" | "family_beds");
                    let path = if single { vec![list, field] } else { vec![list, &at, field] };
                    self.fault(&path, format!("{list}: `{field}`: {problem}"))
                }
                other => other,
            })
    }

    /// What comes to people, with the tables that tell of it.
    fn outreach(&self, mut builder: StudyBuilder, residents: &DemandSet) -> Result<StudyBuilder> {
        let config = self.config;
        builder =
            builder.home_visits(config.home_visits.iter().cloned()).online(config.online.iter().cloned());
        if let Some(care) = &config.care {
            builder = builder.care(care.clone());
        }
        for (at, asked) in config.mobile.iter().enumerate() {
            if asked.stops.is_empty() {
                let problem = "mobile: `stops`: name the CSV with the stops";
                return Err(self.fault(&["mobile", &at.to_string(), "stops"], problem));
            }
            let name = file_name(&asked.stops);
            let Imported { value, issues, fate } = read_stops_csv(&self.files.bytes(&asked.stops)?, &name)?;
            builder = builder
                .mobile(MobileConfig { stops: name.clone(), ..asked.clone() }, value)
                .input(record(&name, InputRole::Outreach, "stops of mobile services", fate, issues));
        }
        if let Some(asked) = &config.family_beds {
            if asked.beds.is_empty() {
                let problem = "family_beds: `beds`: name the CSV with the beds";
                return Err(self.fault(&["family_beds", "beds"], problem));
            }
            let name = file_name(&asked.beds);
            let Imported { mut value, mut issues, mut fate } =
                read_beds_csv(&self.files.bytes(&asked.beds)?, &name)?;
            value.retain(|bed| {
                let is_known = residents.ids().binary_search(&bed.place).is_ok();
                if !is_known {
                    fate.used -= 1;
                    fate.reject("unknown resident place");
                    let detail = format!("no resident place has the id `{}`: it was left out", bed.place);
                    issues.push(Severity::Warning, "bed at an unknown place", &bed.id, detail);
                }
                is_known
            });
            builder = builder
                .family_beds(FamilyBedsConfig { beds: name.clone(), ..asked.clone() }, value)
                .input(record(&name, InputRole::Outreach, "care beds in homes", fate, issues));
        }
        Ok(builder)
    }

    /// The streets with all that their map shows, and their name.
    fn streets(
        &self,
        catalogue: &Catalogue,
        progress: &dyn Progress,
    ) -> Result<(String, OsmExtract, Issues)> {
        let config = self.config;
        let StreetsConfig { file, edges, nodes, crs, length, .. } = &config.streets;
        if let Some(edges) = edges {
            let mut columns = EdgeColumns::default();
            columns.crs = *crs;
            columns.length.clone_from(length);
            let name = file_name(edges);
            let bytes = self.files.bytes(edges)?;
            let nodes = match nodes {
                Some(nodes) => Some((self.files.bytes(nodes)?, file_name(nodes))),
                None => None,
            };
            let nodes = nodes.as_ref().map(|(bytes, name)| (bytes.as_slice(), name.as_str()));
            let Imported { value, issues, fate } = read_edges_csv(&bytes, &name, nodes, &columns)?;
            let mut extract = OsmExtract::default();
            (extract.streets, extract.street_fate) = (value, fate);
            return Ok((name, extract, issues));
        }
        let file = file.as_deref().unwrap_or_default();
        let name = file_name(file);
        let mut options = OsmOptions::default().source(&name);
        let asks = |base: &Option<String>| base.as_deref() == Some(FROM_STREETS);
        let census = config.residents.census.is_some();
        if !(census || asks(&config.bases.buildings)) {
            options = options.without_buildings();
        }
        if !(census || asks(&config.bases.land)) {
            options = options.without_residential_land();
        }
        if config.units.as_ref().is_none_or(|units| units.admin_level.is_none()) {
            options = options.without_areas();
        }
        let bytes = self.files.bytes(file)?;
        let Imported { value, issues, .. } = read_osm(&bytes, &name, catalogue, &options, progress)?;
        Ok((name, value, issues))
    }

    /// A layer is named of a GeoPackage alone.
    fn check_layer(&self, layer: Option<&str>, file: &str, path: &[&str]) -> Result<()> {
        if layer.is_none() || has_extension(file, "gpkg") {
            return Ok(());
        }
        Err(self.fault(path, "`layer` goes with a GeoPackage (.gpkg): remove it"))
    }

    /// Streets in one form, and nothing asked of a list of edges that only a map has.
    fn check_streets(&self) -> Result<()> {
        let StreetsConfig { file, edges, nodes, crs, length, .. } = &self.config.streets;
        if file.is_some() == edges.is_some() {
            return Err(self.fault(&["streets"], "streets need either `file` or `edges`, and not both"));
        }
        let of_edges = [("nodes", nodes.is_some()), ("crs", crs.is_some()), ("length", length.is_some())];
        if let Some((key, _)) = of_edges.iter().find(|(_, given)| *given && file.is_some()) {
            let problem = format!("`{key}` goes with `edges`, a map tells by itself: remove it");
            return Err(self.fault(&["streets", key], problem));
        }
        let shows = "a list of edges shows";
        let from_map = self.config.facilities.iter().position(|source| source.file == FROM_STREETS);
        if let Some(at) = from_map.filter(|_| edges.is_some()) {
            let problem = format!("{shows} no places: give `facilities` as a CSV or GeoJSON");
            return Err(self.fault(&["facilities", &at.to_string()], problem));
        }
        if edges.is_some() && self.config.units.as_ref().is_some_and(|units| units.admin_level.is_some()) {
            let problem = format!("{shows} no administrative areas: give units as a `file`");
            return Err(self.fault(&["units", "admin_level"], problem));
        }
        Ok(())
    }

    /// A fault of the value that stands under these keys and places in lists.
    fn fault(&self, path: &[&str], problem: impl Into<String>) -> Error {
        let line = line_of(self.text, path);
        Error::Config { file: self.file.into(), line, problem: problem.into() }
    }

    /// What can be read in one way only, of services that exist.
    fn check_choices(&self, catalogue: &Catalogue) -> Result<()> {
        self.check_streets()?;
        let residents = &self.config.residents;
        if residents.buildings.is_some() && residents.census.is_none() {
            let problem = "`buildings` goes with `census`, a `file` has its places: remove it";
            return Err(self.fault(&["residents", "buildings"], problem));
        }
        if residents.file.is_some() == residents.census.is_some() {
            return Err(self.fault(&["residents"], "residents need either `file` or `census`, and not both"));
        }
        let of_tables = [
            ("id", residents.id.is_some()),
            ("lon", residents.lon.is_some()),
            ("lat", residents.lat.is_some()),
            ("people", residents.people.is_some()),
            ("unit", residents.unit.is_some()),
            ("crs", residents.crs.is_some()),
        ];
        let is_raster = residents.file.as_deref().is_some_and(is_geotiff);
        if let Some((key, _)) = of_tables[..5].iter().find(|(_, given)| *given && is_raster) {
            let problem = format!("`{key}` names a column of a table, a raster has none: remove it");
            return Err(self.fault(&["residents", key], problem));
        }
        if let Some((key, _)) = of_tables.iter().find(|(_, given)| *given && residents.census.is_some()) {
            let problem = format!("`{key}` tells of a column of a `file`, a census has none: remove it");
            return Err(self.fault(&["residents", key], problem));
        }
        if let Some(units) = &self.config.units {
            if units.file.is_some() == units.admin_level.is_some() {
                return Err(self.fault(&["units"], "units need either `file` or `admin_level`, and not both"));
            }
            let of_files = [
                ("crs", units.crs.is_some()),
                ("code", units.code.is_some()),
                ("name", units.name.is_some()),
            ];
            if let Some((key, _)) = of_files.iter().find(|(_, given)| *given && units.file.is_none()) {
                let problem = format!("`{key}` goes with a `file`, a map tells by itself: remove it");
                return Err(self.fault(&["units", key], problem));
            }
            if !units.zones.is_empty() && units.file.is_some() {
                let problem = "`zones` goes with `admin_level`, a `file` has a column for it: remove it";
                return Err(self.fault(&["units", "zones"], problem));
            }
        }
        self.check_layer(
            residents.layer.as_deref(),
            residents.file.as_deref().unwrap_or_default(),
            &["residents", "layer"],
        )?;
        let mut from_map = false;
        for (at, source) in self.config.facilities.iter().enumerate() {
            let is_map = source.file == FROM_STREETS;
            let at_source = |problem| self.fault(&["facilities", &at.to_string()], problem);
            if is_map && from_map {
                return Err(at_source("`streets` is named twice: remove one"));
            }
            if source.crs.is_some() && is_map {
                return Err(at_source("`crs` goes with a table, a map has degrees on WGS 84: remove it"));
            }
            self.check_layer(
                source.layer.as_deref(),
                &source.file,
                &["facilities", &at.to_string(), "layer"],
            )?;
            from_map |= is_map;
            for service in source.services.keys() {
                check_services("the table of facilities", [service], catalogue).map_err(|error| {
                    let path = ["facilities", &at.to_string(), "services", service.as_str()];
                    self.fault(&path, error.to_string())
                })?;
            }
        }
        Ok(())
    }

    fn group_totals(&self) -> Result<Vec<(Group, u64)>> {
        let group = |(column, people): (&String, &u64)| {
            let group = Group::from_column(column).ok_or_else(|| {
                let problem = format!(
                    "`{column}` is no group: write age_0_14, age_65_plus, female, group_disabled or the like"
                );
                self.fault(&["residents", "group_totals", column], problem)
            })?;
            Ok((group, *people))
        };
        self.config.residents.group_totals.iter().map(group).collect()
    }

    fn facilities(
        &self,
        mut builder: StudyBuilder,
        catalogue: &Catalogue,
        mut places: FacilitySet,
        place_fate: &Fate,
        streets_name: &str,
    ) -> Result<StudyBuilder> {
        for source in &self.config.facilities {
            if source.file == FROM_STREETS {
                let map = Source::Map { name: streets_name.into(), complete: source.complete };
                builder = builder.facilities_from(std::mem::take(&mut places), map).input(record(
                    streets_name,
                    InputRole::Facilities,
                    "places of the map",
                    place_fate.clone(),
                    Issues::new(),
                ));
                continue;
            }
            let Imported { value, issues, fate } = self.facility_table(source, catalogue)?;
            let name = file_name(&source.file);
            let mut shows = value.services();
            shows.extend(source.services.keys());
            if source.complete {
                shows.extend(catalogue.services().iter().map(|service| &service.key));
            }
            let shows = shows.into_iter().cloned().collect();
            for facility in value.as_slice() {
                let named = facility.offers.iter().map(|offer| &offer.service);
                check_services(&format!("{name}: `{}`", facility.id), named, catalogue)?;
            }
            builder = builder
                .facilities_from(value, Source::Table { name: name.clone(), shows })
                .input(record(&name, InputRole::Facilities, "rows", fate, issues));
        }
        Ok(builder)
    }

    fn facility_table(
        &self,
        source: &FacilitiesConfig,
        catalogue: &Catalogue,
    ) -> Result<Imported<FacilitySet>> {
        let mut columns = FacilityColumns::default();
        columns.id.clone_from(&source.id);
        columns.lon.clone_from(&source.lon);
        columns.lat.clone_from(&source.lat);
        columns.crs = source.crs;
        columns.name.clone_from(&source.name);
        for (service, column) in &source.services {
            columns = columns.service(service.clone(), column);
        }
        if !source.tags.is_empty() {
            columns = columns.tagged(source.tags.clone(), Arc::new(catalogue.clone()));
        }
        let bytes = self.files.bytes(&source.file)?;
        let name = file_name(&source.file);
        #[cfg(feature = "gpkg")]
        if has_extension(&source.file, "gpkg") {
            let layer = source.layer.as_deref();
            return Ok(lifecircle_io::read_facilities_gpkg(&bytes, &name, layer, &columns)?);
        }
        #[cfg(feature = "parquet")]
        if is_parquet(&source.file) {
            return Ok(lifecircle_io::read_facilities_parquet(&bytes, &name, &columns)?);
        }
        Ok(if is_geojson(&source.file) {
            read_facilities_geojson(&bytes, &name, &columns)?
        } else {
            read_facilities_csv(&bytes, &name, &columns)?
        })
    }

    fn units(&self, extract: &OsmExtract, streets_name: &str) -> Result<(UnitSet, Option<InputRecord>)> {
        let Some(units) = &self.config.units else {
            return Ok((UnitSet::default(), None));
        };
        match units {
            UnitsConfig { file: Some(file), admin_level: None, kind, code, name, crs, layer, .. } => {
                self.check_layer(layer.as_deref(), file, &["units", "layer"])?;
                let mut columns = UnitColumns::default();
                columns.code.clone_from(code);
                columns.name.clone_from(name);
                (columns.every_kind, columns.crs) = (*kind, *crs);
                let bytes = self.files.bytes(file)?;
                let name = file_name(file);
                let Imported { value, issues, fate } = match file {
                    #[cfg(feature = "gpkg")]
                    file if has_extension(file, "gpkg") => {
                        lifecircle_io::read_units_gpkg(&bytes, &name, layer.as_deref(), &columns)?
                    }
                    #[cfg(feature = "parquet")]
                    file if is_parquet(file) => lifecircle_io::read_units_parquet(&bytes, &name, &columns)?,
                    file if is_geojson(file) => read_units_geojson(&bytes, &name, &columns)?,
                    _ => read_units_csv(&bytes, &name, &columns)?,
                };
                Ok((value, Some(record(&name, InputRole::Units, "rows", fate, issues))))
            }
            UnitsConfig { file: None, admin_level: Some(level), kind, zones, .. } => {
                let kind = kind.unwrap_or(UnitKind::Community);
                let set = self.map_units(extract, streets_name, *level, kind, zones)?;
                let fate = Fate { rows: set.len() as u64, used: set.len() as u64, ..Fate::default() };
                let rows = format!("administrative areas of level {level}");
                Ok((set, Some(record(streets_name, InputRole::Units, &rows, fate, Issues::new()))))
            }
            _ => Ok((UnitSet::default(), None)),
        }
    }

    /// Land and buildings to measure coverage by.
    fn bases(
        &self,
        extract: &mut OsmExtract,
        streets_name: &str,
    ) -> Result<(Vec<ResidentialLand>, Vec<Building>, Vec<InputRecord>)> {
        let config = &self.config.bases;
        let of_map = |key: &str| {
            if self.config.streets.file.is_some() {
                return Ok(());
            }
            Err(self.fault(&["bases", key], "edges show no land and no buildings: name a map in `streets`"))
        };
        let mut inputs = Vec::new();
        let account = |rows: &str, fate: &Fate| {
            record(streets_name, InputRole::Streets, rows, fate.clone(), Issues::new())
        };
        let census = self.config.residents.census.is_some();
        let land = match config.land.as_deref() {
            None => vec![],
            Some(FROM_STREETS) => {
                of_map("land")?;
                // with a census it stands in the account of the residents
                if !census {
                    inputs.push(account("residential land of the map", &extract.land_fate));
                }
                std::mem::take(&mut extract.residential_land)
            }
            Some(other) => {
                let problem = format!("`{other}` is no source of land: write \"{FROM_STREETS}\"");
                return Err(self.fault(&["bases", "land"], problem));
            }
        };
        let buildings = match config.buildings.as_deref() {
            None => vec![],
            Some(FROM_STREETS) => {
                of_map("buildings")?;
                if !census {
                    inputs.push(account("buildings of the map", &extract.building_fate));
                }
                std::mem::take(&mut extract.buildings)
            }
            Some(file) => {
                let name = file_name(file);
                let Imported { value, issues, fate } =
                    read_buildings_geojson(&self.files.bytes(file)?, &name, None)?;
                inputs.push(record(&name, InputRole::Residents, "buildings", fate, issues));
                value
            }
        };
        Ok((land, buildings, inputs))
    }

    /// The units with the gates of their estates.
    fn gates(&self, units: UnitSet) -> Result<(UnitSet, Option<InputRecord>)> {
        let config = self.config.units.as_ref();
        let Some((file, crs)) = config.and_then(|units| Some((units.gates.as_ref()?, units.crs))) else {
            return Ok((units, None));
        };
        let name = file_name(file);
        let Imported { value, mut issues, mut fate } = read_gates_csv(&self.files.bytes(file)?, &name, crs)?;
        let mut with_gates = units.as_slice().to_vec();
        for (code, gate) in value {
            let problem = match units.find(&code).map(|unit| &mut with_gates[unit.index()]) {
                Some(unit) if unit.boundary.is_some() => {
                    unit.gates.push(gate);
                    continue;
                }
                Some(_) => "its unit has no boundary",
                None => "no unit has its code",
            };
            fate.used -= 1;
            fate.reject(problem);
            issues.push(
                Severity::Warning,
                "gate without a wall",
                code,
                format!("{problem}: it was left out"),
            );
        }
        let units = UnitSet::new(with_gates).map_err(|source| Error::Set { input: name.clone(), source })?;
        Ok((units, Some(record(&name, InputRole::Units, "gates", fate, issues))))
    }

    /// Coverage by time, where the study asks for it.
    fn bands(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        let Some(config) = &self.config.bands else { return Ok(builder) };
        let mut options = BandsOptions::default();
        let check = |key: &str, value: f64, least: f64, most: f64| {
            if value > least && value <= most {
                return Ok(value / 100.0);
            }
            let problem =
                format!("{value} is out of range: write more than {least} and at most {most} per cent");
            Err(self.fault(&["bands", key], problem))
        };
        if let Some(level) = config.level_percent {
            options.level = check("level_percent", level, 0.0, 99.9)?;
        }
        if let Some(target) = config.target_percent {
            options.target = Some(check("target_percent", target, 0.0, 100.0)?);
        }
        if let Some([slow, quick]) = config.pace_percent {
            let pace = |value| check("pace_percent", value, 0.0, 1000.0);
            options.pace = (pace(slow)?, pace(quick)?);
            if slow > quick {
                return Err(self.fault(&["bands", "pace_percent"], "write the slowest pace first"));
            }
        }
        match config.draws {
            Some(0) => return Err(self.fault(&["bands", "draws"], "nothing is drawn: write at least 1")),
            Some(draws) => options.draws = draws,
            None => {}
        }
        if let Some(metres) = config.ends_m {
            if metres > 1000 {
                return Err(self.fault(&["bands", "ends_m"], "ends are off by metres: write at most 1000"));
            }
            options.ends = Millimetres::from_metres(metres);
        }
        options.seed = config.seed.unwrap_or(options.seed);
        options.redrawn = config.redraw_residents;
        Ok(builder.bands(options))
    }

    #[cfg(feature = "hours")]
    fn hours(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        use lifecircle_types::TravelTime;
        let Some(config) = &self.config.hours else { return Ok(builder) };
        if config.stay_min >= 24 * 60 {
            return Err(
                self.fault(&["hours", "stay_min"], "a stay is shorter than a day: write minutes below 1440")
            );
        }
        let mut options = crate::HoursOptions::default().stay(TravelTime::from_minutes(config.stay_min));
        if let Some(days) = &config.days {
            let bytes = self.files.bytes(days)?;
            options = options.special_days(lifecircle_io::read_days_csv(&bytes, &file_name(days))?);
        }
        Ok(builder.hours(options))
    }

    fn severance(&self) -> Result<Option<crate::SeveranceSettings>> {
        let settings = self.config.severance.map(|config| config.settings()).transpose();
        settings.map_err(|(key, problem)| self.fault(&["severance", key], problem))
    }

    #[cfg(not(feature = "hours"))]
    fn hours(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        match &self.config.hours {
            None => Ok(builder),
            Some(_) => {
                Err(self.fault(&["hours"], "this build has no opening hours: turn on the feature `hours`"))
            }
        }
    }

    fn map_units(
        &self,
        extract: &OsmExtract,
        streets_name: &str,
        level: u8,
        kind: UnitKind,
        zones: &std::collections::BTreeMap<String, lifecircle_types::ZoneType>,
    ) -> Result<UnitSet> {
        let mut units: Vec<Unit> = Vec::new();
        for area in extract.areas.iter().filter(|area| area.admin_level == level) {
            let mut unit = Unit::new(&area.id, kind);
            unit.name.clone_from(&area.name);
            unit.zone = area.name.as_ref().and_then(|name| zones.get(name)).copied();
            unit.boundary = Some(area.boundary.clone());
            units.push(unit);
        }
        if units.is_empty() {
            let mut levels: Vec<u8> = extract.areas.iter().map(|area| area.admin_level).collect();
            levels.sort_unstable();
            levels.dedup();
            let levels: Vec<String> = levels.iter().map(u8::to_string).collect();
            let remedy = if levels.is_empty() {
                "it has none of any level, give a `file`".into()
            } else {
                format!("it has levels {}", levels.join(", "))
            };
            return Err(self.fault(
                &["units", "admin_level"],
                format!(
                    "the map has no administrative areas of level {level} with a complete boundary: {remedy}"
                ),
            ));
        }
        if let Some(unknown) =
            zones.keys().find(|name| !units.iter().any(|unit| unit.name.as_ref() == Some(name)))
        {
            let names = units.iter().filter_map(|unit| unit.name.as_deref());
            let nearest = most_alike(unknown, names).unwrap_or_default();
            return Err(self.fault(
                &["units", "zones", unknown],
                format!("`{unknown}` is no area of level {level}; did you mean `{nearest}`?"),
            ));
        }
        UnitSet::new(units).map_err(|source| Error::Set { input: streets_name.into(), source })
    }

    fn residents(
        &self,
        units: &UnitSet,
        extract: &OsmExtract,
        streets_name: &str,
        group_totals: Vec<(Group, u64)>,
    ) -> Result<(DemandSet, Vec<InputRecord>)> {
        let config = &self.config.residents;
        let (input, mut residents, records) = match config {
            ResidentsConfig { file: Some(file), census: None, .. } => {
                let Imported { value, issues, fate } = self.resident_table(file)?;
                let name = file_name(file);
                let records = vec![record(&name, InputRole::Residents, "rows", fate, issues)];
                (name, value, records)
            }
            ResidentsConfig { file: None, census: Some(census), .. } => {
                let name = file_name(census);
                let totals = read_control_totals_csv(&self.files.bytes(census)?, &name)?;
                let dwellings = match &config.buildings {
                    Some(file) => {
                        let name = file_name(file);
                        let read = read_buildings_geojson(&self.files.bytes(file)?, &name, None)?;
                        Some((name, read))
                    }
                    None => None,
                };
                let ground = Ground {
                    buildings: dwellings.as_ref().map_or(&extract.buildings, |(_, read)| &read.value),
                    land: &extract.residential_land,
                    streets: &extract.streets,
                };
                let Imported { value, issues, fate } =
                    spread(units, &totals, ground, &SpreadOptions::default())
                        .map_err(|source| Error::Population { input: name.clone(), source })?;
                let of_map = |rows: &str, fate: &Fate| {
                    record(streets_name, InputRole::Residents, rows, fate.clone(), Issues::new())
                };
                let mut records = vec![record(&name, InputRole::Residents, "totals of areas", fate, issues)];
                match dwellings {
                    Some((name, Imported { issues, fate, .. })) => {
                        records.push(record(&name, InputRole::Residents, "dwellings", fate, issues));
                    }
                    None => records.push(of_map("buildings of the map", &extract.building_fate)),
                }
                records.push(of_map("residential land of the map", &extract.land_fate));
                (name, value, records)
            }
            _ => (String::new(), DemandSet::default(), vec![]),
        };
        if residents.total() == lifecircle_types::People::ZERO {
            return Err(Error::Nobody { input });
        }
        let (records, input) = self.fit_groups(&mut residents, units, records, input)?;
        for (group, people) in group_totals {
            let name = group.name.clone();
            let path = ["residents", "group_totals", &name];
            if residents.groups().groups().iter().any(|known| known.name == name) {
                let problem = format!("`{name}` is counted in {input} as well: remove it from one of them");
                return Err(self.fault(&path, problem));
            }
            lay_group_share(&mut residents, group, people)
                .map_err(|error| self.fault(&path, error.to_string()))?;
        }
        Ok((residents, records))
    }

    /// Groups that tables count by area, those of the census among them.
    fn fit_groups(
        &self,
        residents: &mut DemandSet,
        units: &UnitSet,
        mut records: Vec<InputRecord>,
        mut input: String,
    ) -> Result<(Vec<InputRecord>, String)> {
        let config = &self.config.residents;
        let mut tables = Vec::new();
        for file in config.census.iter().chain(&config.groups_by_area) {
            let name = file_name(file);
            let bytes = self.files.bytes(file)?;
            let Imported { value: rows, issues, fate } = read_area_groups_csv(&bytes, &name)?;
            let is_census = config.census.as_ref() == Some(file);
            if rows.iter().all(|row| row.groups.is_empty()) {
                if is_census {
                    continue;
                }
                let problem = format!(
                    "{name} has no column of a group: name one age_0_14, age_65_plus, female, registered, \
                     group_disabled or the like"
                );
                return Err(self.fault(&["residents", "groups_by_area"], problem));
            }
            if !is_census {
                records.push(record(&name, InputRole::Residents, "groups of areas", fate, issues));
                input = format!("{input}, {name}");
            }
            tables.push(rows);
        }
        if !tables.is_empty() {
            let homes = home_units(residents, units);
            let issues = fit_groups(residents, &homes, units, &tables)
                .map_err(|source| Error::Population { input: input.clone(), source })?;
            if let Some(last) = records.last_mut() {
                last.issues.extend(issues);
            }
        }
        Ok((records, input))
    }

    fn resident_table(&self, file: &str) -> Result<Imported<DemandSet>> {
        let config = &self.config.residents;
        let mut columns = ResidentColumns::default();
        columns.id.clone_from(&config.id);
        columns.lon.clone_from(&config.lon);
        columns.lat.clone_from(&config.lat);
        columns.crs = config.crs;
        columns.people.clone_from(&config.people);
        columns.unit.clone_from(&config.unit);
        let bytes = self.files.bytes(file)?;
        let name = file_name(file);
        #[cfg(feature = "geotiff")]
        if is_geotiff(file) {
            return Ok(lifecircle_io::read_residents_geotiff(&bytes, &name, config.crs)?);
        }
        #[cfg(feature = "gpkg")]
        if has_extension(file, "gpkg") {
            let layer = config.layer.as_deref();
            return Ok(lifecircle_io::read_residents_gpkg(&bytes, &name, layer, &columns)?);
        }
        #[cfg(feature = "parquet")]
        if is_parquet(file) {
            return Ok(lifecircle_io::read_residents_parquet(&bytes, &name, &columns)?);
        }
        Ok(if is_geojson(file) {
            read_residents_geojson(&bytes, &name, &columns)?
        } else {
            read_residents_csv(&bytes, &name, &columns)?
        })
    }

    fn catalogue(&self) -> Result<Catalogue> {
        let names = &self.config.catalogue;
        let texts: Vec<String> = names.iter().map(|name| self.files.text(name)).collect::<Result<_>>()?;
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Ok(Catalogue::builtin_with(&files)?)
    }

    fn packs(&self, catalogue: &Catalogue) -> Result<Vec<Pack>> {
        if self.config.packs.is_empty() {
            return Err(self.fault(&["packs"], "name at least one pack, or leave `packs` out"));
        }
        let mut packs = Vec::new();
        for (at, name) in self.config.packs.iter().enumerate() {
            let here = |error: Error| self.fault(&["packs", &at.to_string()], error.to_string());
            let is_file = has_extension(name, "toml");
            let input = if is_file { name.clone() } else { format!("the pack `{name}`") };
            let opened = open_pack_from(self.files, name, catalogue);
            let pack = opened.map_err(|error| if is_file { error } else { here(error) })?;
            let checked = check_pack(&input, &pack, self.config.date, &self.config.jurisdiction, catalogue);
            checked.map_err(|error| match error {
                Error::PackDoesNotHold { .. } => here(error),
                other => other,
            })?;
            packs.push(pack);
        }
        Ok(packs)
    }

    fn walkers(&self) -> Result<Vec<WalkProfile>> {
        let mut walkers = Vec::new();
        for (at, walker) in self.config.walkers.iter().enumerate() {
            let at = at.to_string();
            let found = walker.profiles(self.config.elevation.is_some());
            walkers.extend(found.map_err(|(key, problem)| self.fault(&["walkers", &at, key], problem))?);
        }
        Ok(walkers)
    }

    /// Adds trips by car.
    fn driving(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        match (&self.config.drive, &self.config.drive_matrix) {
            (None, None) => Ok(builder),
            (Some(_), Some(_)) => Err(self.fault(
                &["drive_matrix"],
                "trips by car are measured on the streets or read from a matrix: leave out [drive] or drive_matrix",
            )),
            (Some(drive), None) => {
                if drive.peak_percent == 0 {
                    let problem = "a trip takes more than 0 per cent of its time on empty streets";
                    return Err(self.fault(&["drive", "peak_percent"], problem));
                }
                let mut profile = DriveProfile::new(drive.peak_percent);
                if let Some(seconds) = drive.signal_s {
                    profile.signal = TravelTime::from_secs(seconds.into());
                }
                let usual = || "emergency_medical_station".parse().into_iter().collect();
                Ok(builder.driving(profile, drive.responding.clone().unwrap_or_else(usual)))
            }
            (None, Some(file)) => {
                let name = file_name(file);
                let table = read_matrix_csv(&self.files.bytes(file)?, &name)?;
                let time = |cost| match cost {
                    Cost::Time(time) => Ok(time),
                    Cost::Length(_) => Err(self.fault(
                        &["drive_matrix"],
                        format!("{name} holds lengths: a drive is measured in minutes, write travel_time_min"),
                    )),
                };
                let pair = |(home, facility, cost): (DemandIx, FacilityIx, Cost)| {
                    let (home, facility) =
                        (&table.origins[home.index()], &table.facilities[facility.index()]);
                    Ok((home.clone(), facility.clone(), time(cost)?))
                };
                let pairs = table.matrix.entries().map(pair).collect::<Result<Vec<_>>>()?;
                Ok(builder.drive_times(name.clone(), pairs))
            }
        }
    }

    /// Adds the heights of the ground.
    #[cfg(feature = "geotiff")]
    fn elevation(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        let Some(elevation) = &self.config.elevation else { return Ok(builder) };
        let (name, bytes) = (file_name(&elevation.file), self.files.bytes(&elevation.file)?);
        let read = read_elevation_geotiff(&bytes, &name, elevation.crs)?;
        let mut options = TerrainOptions::default();
        if let Some(metres) = elevation.stretch_m {
            options = options.stretch(Millimetres::from_metres(metres));
        }
        let heights = read.value;
        let input = record(&name, InputRole::Elevation, "cells of heights", read.fate, read.issues);
        Ok(builder.elevation(name, options, move |at| heights.at(at)).input(input))
    }

    /// Refuses heights, which are rasters.
    #[cfg(not(feature = "geotiff"))]
    fn elevation(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        match &self.config.elevation {
            None => Ok(builder),
            Some(_) => Err(self
                .fault(&["elevation"], "heights are read from GeoTIFF, which needs the feature `geotiff`")),
        }
    }
}

fn record(name: &str, role: InputRole, rows_are: &str, fate: Fate, issues: Issues) -> InputRecord {
    InputRecord { name: name.into(), role, rows_are: rows_are.into(), fate, moves: None, issues }
}

fn file_name(path: &str) -> String {
    Path::new(path).file_name().map_or_else(|| path.into(), |name| name.to_string_lossy().into_owned())
}

/// Opens a pack: a `.toml` file, or the key of a built-in pack. A file may inherit from a file beside it or from a
/// built-in pack.
///
/// ```
/// # use lifecircle::taxonomy::Catalogue;
/// let pack = lifecircle::open_pack("cn-shanghai", &Catalogue::builtin())?;
/// assert_eq!(pack.lineage, ["cn-plan-145"]);
/// # Ok::<(), lifecircle::Error>(())
/// ```
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Taxonomy`] when it is no sound pack or there is none.
pub fn open_pack(name: &str, catalogue: &Catalogue) -> Result<Pack> {
    open_pack_from(&Folder(Path::new("")), name, catalogue)
}

pub(crate) fn open_pack_from(files: &dyn Files, name: &str, catalogue: &Catalogue) -> Result<Pack> {
    let builtin = |key: &str| files.builtin_pack(key);
    if !has_extension(name, "toml") {
        return match builtin(name) {
            Some((file, text)) => Ok(Pack::read_with(&file, &text, catalogue, &builtin, &builtin)?),
            None => Ok(Pack::builtin_with(name, catalogue)?),
        };
    }
    let beside = Path::new(name).parent().unwrap_or(Path::new(""));
    let find = |parent: &str| {
        if has_extension(parent, "toml") {
            let text = files.text(&beside.join(parent).to_string_lossy());
            text.ok().map(|text| (parent.to_owned(), text))
        } else {
            builtin(parent)
        }
    };
    Ok(Pack::read_with(name, &files.text(name)?, catalogue, &find, &builtin)?)
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// A raster has no columns to name.
fn is_geotiff(path: &str) -> bool {
    has_extension(path, "tif") || has_extension(path, "tiff")
}

#[cfg(feature = "parquet")]
fn is_parquet(path: &str) -> bool {
    has_extension(path, "parquet") || has_extension(path, "geoparquet")
}

fn is_geojson(path: &str) -> bool {
    has_extension(path, "geojson") || has_extension(path, "json")
}
