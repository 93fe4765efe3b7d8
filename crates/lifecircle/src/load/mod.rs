//! A study from files: `study.toml` and what it names.

mod bases;
mod driving;
mod elevation;
mod facilities;
mod formats;
mod history;
mod options;
mod outreach;
mod packs;
mod residents;
mod streets;
mod units;

use std::path::{Path, PathBuf};

use lifecircle_io::read_text;
use lifecircle_taxonomy::Catalogue;
use lifecircle_types::{Fate, Issues, Millimetres, Progress};

pub use packs::open_pack;
pub(crate) use packs::open_pack_from;

use self::formats::has_extension;
use crate::config::{BasesConfig, StudyConfig, line_of};
use crate::files::{Files, Folder};
use crate::provenance::{InputRecord, InputRole};
use crate::study::Study;
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
        builder = self.history(self.values(builder, &units, &packs)?)?;
        builder = self.outreach(self.monitoring(builder, &units)?, &residents)?;
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

    /// What can be read in one way only, of services that exist.
    fn check_choices(&self, catalogue: &Catalogue) -> Result<()> {
        self.check_streets()?;
        self.check_residents()?;
        self.check_units()?;
        let residents = &self.config.residents;
        self.check_layer(
            residents.layer.as_deref(),
            residents.file.as_deref().unwrap_or_default(),
            &["residents", "layer"],
        )?;
        self.check_facilities(catalogue)
    }

    /// A layer is named of a GeoPackage alone.
    fn check_layer(&self, layer: Option<&str>, file: &str, path: &[&str]) -> Result<()> {
        if layer.is_none() || has_extension(file, "gpkg") {
            return Ok(());
        }
        Err(self.fault(path, "`layer` goes with a GeoPackage (.gpkg): remove it"))
    }

    /// A fault of the value that stands under these keys and places in lists.
    fn fault(&self, path: &[&str], problem: impl Into<String>) -> Error {
        let line = line_of(self.text, path);
        Error::Config { file: self.file.into(), line, problem: problem.into() }
    }
}

fn record(name: &str, role: InputRole, rows_are: &str, fate: Fate, issues: Issues) -> InputRecord {
    InputRecord { name: name.into(), role, rows_are: rows_are.into(), fate, moves: None, issues }
}
