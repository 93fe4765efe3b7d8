//! What came out of a study: the assessment, where it comes from, and its files.

use core::cell::Cell;
use core::ops::Range;
use std::collections::BTreeMap;

use lifecircle_indicators::{
    AppliedRule, Assessment, Candidates, Gap, History, Home, IndicatorResult, Inputs, InventoryEntry,
    Problem, Project, ScoreResult, ServiceEvidence, UnitAxes, UnitScore, Unreached, Walker, axes_table,
    facilities_table, gaps, gaps_table, indicators_table, problems_table, residents_table, score_parts_table,
    scores_table, units_table, unreached_table,
};
use lifecircle_network::{Approach, Approaches, StreetNetwork};
use lifecircle_types::{ColumnValues, FacilityIx, FeatureTable, GivenPosition, InvalidSet, LonLat, Unit};

use crate::bases::Bases;
use crate::columns::Rows;
use crate::journey::{CityEscorts, CityLevels, CityStops};
use crate::links::{link_columns, links_table};
use crate::monitoring::Monitoring;
use crate::outreach::{CityBeds, CityCare, CityMobile, CityOnline, CityVisits};
use crate::parity::CityParity;
use crate::provenance::Provenance;
use crate::seasons::CitySeasons;
use crate::study::Study;
use crate::walkers::WalkerAccount;
use crate::{Error, Result};

/// Whether the files with rows for every home are written.
#[cfg(all(feature = "csv", feature = "geojson"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HomeFiles {
    Written,
    LeftOut,
}

/// Rows of a long table that are in memory at once.
#[cfg(all(feature = "csv", feature = "geojson"))]
const PART: usize = 1 << 18;

/// What takes the files of results, one by one: their names and what writes them.
#[cfg(all(feature = "csv", feature = "geojson"))]
pub(crate) type Add<'a> = dyn FnMut(&str, &mut Contents<'_>) -> Result<()> + 'a;

/// Adds a table as GeoJSON or as CSV, by its `name`, and lets go of it.
#[cfg(all(feature = "csv", feature = "geojson"))]
fn add_table(add: &mut Add<'_>, name: &str, table: FeatureTable) -> Result<()> {
    if name.ends_with(".geojson") {
        add(name, &mut |w| lifecircle_io::write_geojson(w, &table))
    } else {
        add(name, &mut |w| lifecircle_io::write_csv(w, &table))
    }
}

/// Adds a CSV about `count` things, of which `part` makes the rows of some, `at_once` at a time.
#[cfg(all(feature = "csv", feature = "geojson"))]
fn add_in_parts(
    add: &mut Add<'_>,
    name: &str,
    count: usize,
    at_once: usize,
    part: &dyn Fn(Range<usize>) -> Result<FeatureTable>,
) -> Result<()> {
    let mut failed = None;
    add(name, &mut |w| {
        // a part without rows has the header
        let starts = (0..count.max(1)).step_by(at_once);
        let parts = starts.map(|start| part(start..count.min(start + at_once)));
        lifecircle_io::write_csv_parts(
            w,
            parts.map_while(|part| part.map_err(|error| failed = Some(error)).ok()),
        )
    })?;
    failed.map_or(Ok(()), Err)
}

/// An assessment with all that stands behind it.
#[derive(Debug)]
pub struct Outcome<'a> {
    pub(crate) study: &'a Study,
    /// The street network that was walked.
    pub network: StreetNetwork,
    /// The assessment.
    pub assessment: Assessment,
    /// Where it comes from.
    pub provenance: Provenance,
    pub(crate) rules: Vec<AppliedRule>,
    pub(crate) candidates: Vec<Candidates>,
    pub(crate) inventory: Vec<InventoryEntry>,
    pub(crate) evidence: Vec<ServiceEvidence>,
    pub(crate) homes: Vec<Home>,
    pub(crate) walkers: Vec<Walker>,
    /// How every home comes to the streets, in the order of the residents.
    pub origins: Approaches,
    /// Every door: its facility and where it is.
    pub arrivals: Vec<(FacilityIx, LonLat)>,
    /// How every door comes to the streets, in the order of `arrivals`.
    pub doors: Approaches,
    /// The door with the shortest way to a street, per facility.
    pub(crate) facility_doors: Vec<Approach>,
    /// Coverage by land and buildings of every assessed service with a rule of a walk or a straight line; none where
    /// the study holds neither.
    pub bases: Vec<Bases>,
    /// Walkers by rules of their own: what their streets are, and what slopes do to them.
    pub by_walker: Vec<WalkerAccount>,
    /// How far coverages could be off, where the study asks for it.
    pub bands: Option<crate::Bands>,
    /// What barriers cost, where the study asks for it.
    pub severance: Option<crate::severance::CitySeverance>,
    /// Coverage by time of day, where the study asks for it.
    #[cfg(feature = "hours")]
    pub hours: Option<crate::hours::Hours>,
    /// Services of several levels, where the study asks for them.
    pub levels: Vec<CityLevels>,
    /// Several services at one stop, where the study asks for them.
    pub one_stop: Vec<CityStops>,
    /// Trips on which somebody brings somebody else, where the study asks for them.
    pub escort: Vec<CityEscorts>,
    /// Workers who come to homes, where the study asks for them.
    pub home_visits: Vec<CityVisits>,
    /// Mobile services, where the study asks for them.
    pub mobile: Vec<CityMobile>,
    /// Online services, where the study asks for them.
    pub online: Vec<CityOnline>,
    /// Care at three distances, where the study asks for it.
    pub care: Option<CityCare>,
    /// Care beds in homes, where the study asks for them.
    pub family_beds: Option<CityBeds>,
    /// Groups of residents held against others, where the study asks for it.
    pub parity: Vec<CityParity>,
    /// Coverage over the seasons of a year, where the study asks for it.
    pub seasons: Option<CitySeasons>,
    /// The indicators of the packs, for the whole place and its units, by key.
    pub indicators: Vec<IndicatorResult>,
    /// Reach, quality, balance and the other axes, over all required services, those of a tier and of a domain, for the
    /// whole place and its units.
    pub axes: Vec<UnitAxes>,
    /// The scores of the packs, by key.
    pub scores: Vec<ScoreResult>,
    /// Services that members of groups are entitled to and do not reach, by group and unit, ranked.
    pub unreached: Vec<Unreached>,
    /// Courses to targets, what people say, and what ought to be promoted; `None` where the study does not ask.
    pub monitoring: Option<Monitoring>,
    /// The problem register: the floor first, then by priority.
    pub problems: Vec<Problem>,
    /// What happened to problems, continued by this run; `None` where the study keeps no history.
    pub history: Option<History>,
    /// Problems bundled into work, where the study keeps a history.
    pub projects: Vec<Project>,
}

/// The format of the files of results. It rises when something that readers rely on goes: a file, a field, a column, or
/// its name, type, unit or meaning; what is added leaves it as it is.
pub const RESULTS_FORMAT: u32 = 1;

/// What `assessment.json` holds.
#[cfg(all(feature = "csv", feature = "geojson"))]
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "AssessmentFile"))]
pub(crate) struct Document<'a> {
    /// The format of all files of these results.
    format: u32,
    /// Where the assessment comes from.
    provenance: &'a Provenance,
    /// Required services that could be assessed, as a share of all that the packs call `must`.
    assessed_share_of_required: Option<f64>,
    /// What came out.
    assessment: &'a Assessment,
    /// Coverage by land and buildings, where the study holds either.
    #[serde(skip_serializing_if = "<[Bases]>::is_empty")]
    bases: &'a [Bases],
    /// Walkers by rules of their own.
    #[serde(skip_serializing_if = "<[WalkerAccount]>::is_empty")]
    by_walker: &'a [WalkerAccount],
    /// What `bands.csv` was drawn over.
    #[serde(skip_serializing_if = "Option::is_none")]
    bands_over: Option<&'a crate::BandsOptions>,
    /// Services of several levels, for the whole place.
    #[serde(skip_serializing_if = "<[CityLevels]>::is_empty")]
    levels: &'a [CityLevels],
    /// Several services at one stop, for the whole place.
    #[serde(skip_serializing_if = "<[CityStops]>::is_empty")]
    one_stop: &'a [CityStops],
    /// Trips on which somebody brings somebody else, for the whole place.
    #[serde(skip_serializing_if = "<[CityEscorts]>::is_empty")]
    escort: &'a [CityEscorts],
    /// Workers who come to homes, for the whole place.
    #[serde(skip_serializing_if = "<[CityVisits]>::is_empty")]
    home_visits: &'a [CityVisits],
    /// Mobile services, for the whole place.
    #[serde(skip_serializing_if = "<[CityMobile]>::is_empty")]
    mobile: &'a [CityMobile],
    /// Online services, for the whole place.
    #[serde(skip_serializing_if = "<[CityOnline]>::is_empty")]
    online: &'a [CityOnline],
    /// Care at three distances, for the whole place.
    #[serde(skip_serializing_if = "Option::is_none")]
    care: Option<&'a CityCare>,
    /// Care beds in homes, for the whole place.
    #[serde(skip_serializing_if = "Option::is_none")]
    family_beds: Option<&'a CityBeds>,
    /// Groups of residents held against others, for the whole place.
    #[serde(skip_serializing_if = "<[CityParity]>::is_empty")]
    parity: &'a [CityParity],
    /// Coverage over the seasons of a year, for the whole place.
    #[serde(skip_serializing_if = "Option::is_none")]
    seasons: Option<&'a CitySeasons>,
}

/// What writes the contents of a file.
#[cfg(all(feature = "csv", feature = "geojson"))]
pub(crate) type Contents<'a> = dyn FnMut(&mut dyn std::io::Write) -> lifecircle_io::Result<()> + 'a;

/// The coordinates as the sources give them, where any source has others than degrees on WGS 84.
fn given_columns(given: Vec<Option<&GivenPosition>>) -> Vec<(String, ColumnValues)> {
    if given.iter().all(Option::is_none) {
        return vec![];
    }
    let number =
        |of: fn(&GivenPosition) -> f64| ColumnValues::Number(given.iter().map(|at| at.map(of)).collect());
    let crs = given.iter().map(|at| at.map(|at| at.crs.clone())).collect();
    vec![
        ("given_x".into(), number(|at| at.x)),
        ("given_y".into(), number(|at| at.y)),
        ("given_crs".into(), ColumnValues::Text(crs)),
    ]
}

impl Outcome<'_> {
    /// The study.
    #[must_use]
    pub fn study(&self) -> &Study {
        self.study
    }

    /// Per resident place: units, evidence and verdicts, for interfaces that need more than the tables.
    #[must_use]
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs {
            catalogue: &self.study.catalogue,
            date: self.study.date,
            jurisdiction: &self.study.jurisdiction,
            residents: &self.study.residents,
            homes: &self.homes,
            units: &self.study.units,
            rules: &self.rules,
            inventory: &self.inventory,
            no_rule: &self.assessment.no_rule,
            evidence: &self.evidence,
            walkers: &self.walkers,
        }
    }

    /// The table of `residents.geojson`.
    ///
    /// # Errors
    /// [`Error::Set`] when a group is named like another column.
    pub fn residents_table(&self) -> Result<FeatureTable> {
        let build = || {
            let mut table = residents_table(&self.inputs(), &self.assessment)?;
            let given = given_columns(self.study.residents.given().iter().map(Option::as_ref).collect());
            let links = link_columns(&self.network, self.origins.as_slice());
            for (name, column) in given.into_iter().chain(links) {
                table.push(name, column)?;
            }
            Ok(table)
        };
        self.noted("residents", build())
    }

    /// The table of `units.geojson`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn units_table(&self) -> Result<FeatureTable> {
        let build = || {
            let mut table = units_table(&self.inputs(), &self.assessment)?;
            for result in &self.scores {
                let units = result.units.iter();
                let by_code: BTreeMap<&str, &UnitScore> =
                    units.filter_map(|scored| Some((scored.unit.as_deref()?, scored))).collect();
                let of = |unit: &Unit| by_code.get(unit.code.as_str()).copied();
                let units = Rows(self.study.units.as_slice());
                let key = &result.applied.score.key;
                table.push(format!("score_{key}"), units.number(|unit| Some(of(unit)?.score?.certain)))?;
                table.push(format!("grade_{key}"), units.text(|unit| of(unit)?.grade.as_deref()))?;
            }
            Ok(table)
        };
        self.noted("units", build())
    }

    /// The table of `facilities.geojson`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn facilities_table(&self) -> Result<FeatureTable> {
        let facilities = &self.study.facilities;
        let given = facilities.as_slice().iter().map(|facility| facility.given.as_ref()).collect();
        let extra = given_columns(given)
            .into_iter()
            .chain(link_columns(&self.network, &self.facility_doors))
            .collect();
        self.noted("facilities", facilities_table(facilities, extra))
    }

    /// The table of `gaps.csv`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn gaps_table(&self) -> Result<FeatureTable> {
        self.gaps_part(0..self.homes.len(), &Cell::new(true))
    }

    /// Resident places outside the rule of a required service, by place and then by service. Found as they are asked for.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        gaps(&self.inputs(), &self.assessment, 0..self.homes.len()).collect()
    }

    /// The rows of some places in that table; `is_first` until one was made.
    fn gaps_part(&self, places: Range<usize>, is_first: &Cell<bool>) -> Result<FeatureTable> {
        let build = || {
            let mut table = gaps_table(&self.inputs(), &self.study.facilities, &self.assessment, places)?;
            // in full once, in the first row: a column of it would be the largest of the file
            let mut lines = vec![Some("as above".to_string()); table.rows()];
            if let Some(first) = lines.first_mut().filter(|_| is_first.get()) {
                *first = Some(self.study.attribution.join("; "));
                is_first.set(false);
            }
            table.push("attribution", ColumnValues::Text(lines))?;
            Ok(table)
        };
        self.noted("gaps", build())
    }

    /// The table of `indicators.csv`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn indicators_table(&self) -> Result<FeatureTable> {
        self.noted("indicators", indicators_table(&self.indicators))
    }

    /// The table of `axes.csv`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn axes_table(&self) -> Result<FeatureTable> {
        self.noted("axes", axes_table(&self.axes))
    }

    /// The table of `unreached.csv`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn unreached_table(&self) -> Result<FeatureTable> {
        self.unreached_part(&self.unreached)
    }

    fn unreached_part(&self, rows: &[Unreached]) -> Result<FeatureTable> {
        self.noted("unreached", unreached_table(rows, &self.inputs()))
    }

    /// The tables of `scores.csv` and of `score_parts.csv`; `None` where no pack scores anything.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn scores_tables(&self) -> Result<Option<(FeatureTable, FeatureTable)>> {
        if self.scores.is_empty() {
            return Ok(None);
        }
        let parts = self.noted("score parts", score_parts_table(&self.scores))?;
        Ok(Some((self.noted("scores", scores_table(&self.scores))?, parts)))
    }

    /// The table of `problems.geojson` and `problems.csv`.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn problems_table(&self) -> Result<FeatureTable> {
        let table = problems_table(&self.problems, &self.study.residents, &self.study.facilities);
        self.noted("problems", table)
    }

    pub(crate) fn noted(
        &self,
        input: &str,
        table: std::result::Result<FeatureTable, InvalidSet>,
    ) -> Result<FeatureTable> {
        let mut table =
            table.map_err(|source| Error::Set { input: format!("the table of {input}"), source })?;
        table.note("name", input);
        table.note("attribution", self.study.attribution.join("; "));
        table.note("generator", format!("{} {}", self.provenance.software, self.provenance.version));
        Ok(table)
    }

    /// The table of `links.geojson`: for every home and every door of a facility the leg to its street, or the point
    /// that found none, and why.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn links_table(&self) -> Result<FeatureTable> {
        self.noted("links", links_table(self))
    }

    /// Writes `assessment.json`, `residents.geojson`, `units.geojson`, `facilities.geojson`, `links.geojson`, `gaps.csv`,
    /// `indicators.csv`, `axes.csv`, `unreached.csv`, `problems.csv`, `problems.geojson`, where packs score `scores.csv` and
    /// `score_parts.csv`, where the study asks for them `bands.csv`, `hours.csv`, `levels.csv`, `one_stop.csv`, `escort.csv`, `home_visits.csv`, `mobile.csv`, `online.csv`,
    /// `care.csv`, `family_beds.csv`, `parity.csv`, `seasons.csv`, the files of monitoring, for severance `severance.csv`
    /// and the GeoJSON of `severance`, `barriers`, `crossings` and `islands`, and where it keeps a history
    /// `history.csv` and `rectification`, `projects` and `plan` as CSV, GeoJSON and JSON into a folder: all of them or, when
    /// one fails, none.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    #[cfg(all(feature = "csv", feature = "geojson"))]
    pub fn write(&self, folder: &std::path::Path) -> Result<()> {
        self.write_files(folder, HomeFiles::Written)
    }

    /// As [`Outcome::write`], without the files that have rows for every home, `residents.geojson`, `links.geojson` and
    /// `gaps.csv`: of a million homes they are gigabytes.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    #[cfg(all(feature = "csv", feature = "geojson"))]
    pub fn write_summary(&self, folder: &std::path::Path) -> Result<()> {
        self.write_files(folder, HomeFiles::LeftOut)
    }

    #[cfg(all(feature = "csv", feature = "geojson"))]
    fn write_files(&self, folder: &std::path::Path, homes: HomeFiles) -> Result<()> {
        let mut output = lifecircle_io::OutputFolder::new(folder)?;
        self.each_file(homes, &mut |name, contents| Ok(output.add(name, contents)?))?;
        output.commit()?;
        Ok(())
    }

    /// Calls `add` for every file of the results, with its name and what writes it. Long tables are made when their turn
    /// comes, and the longest in parts: not all of them are in memory at once.
    #[cfg(all(feature = "csv", feature = "geojson"))]
    pub(crate) fn each_file(&self, homes: HomeFiles, add: &mut Add<'_>) -> Result<()> {
        use lifecircle_io::{write_csv, write_json};
        let document = Document {
            format: RESULTS_FORMAT,
            provenance: &self.provenance,
            assessed_share_of_required: self.assessment.assessed_share(),
            assessment: &self.assessment,
            bases: &self.bases,
            by_walker: &self.by_walker,
            bands_over: self.bands.as_ref().map(|bands| &bands.options),
            levels: &self.levels,
            one_stop: &self.one_stop,
            escort: &self.escort,
            home_visits: &self.home_visits,
            mobile: &self.mobile,
            online: &self.online,
            care: self.care.as_ref(),
            family_beds: self.family_beds.as_ref(),
            parity: &self.parity,
            seasons: self.seasons.as_ref(),
        };
        let monitoring = self.monitoring_tables()?;
        add("assessment.json", &mut |w| write_json(w, &document))?;
        if homes == HomeFiles::Written {
            add_table(add, "residents.geojson", self.residents_table()?)?;
        }
        add_table(add, "units.geojson", self.units_table()?)?;
        add_table(add, "facilities.geojson", self.facilities_table()?)?;
        if homes == HomeFiles::Written {
            add_table(add, "links.geojson", self.links_table()?)?;
            let (places, first) = (self.homes.len(), Cell::new(true));
            let at_once = PART / self.rules.len().clamp(1, PART);
            add_in_parts(add, "gaps.csv", places, at_once, &|places| self.gaps_part(places, &first))?;
        }
        add_table(add, "indicators.csv", self.indicators_table()?)?;
        add_table(add, "axes.csv", self.axes_table()?)?;
        if let Some((scores, parts)) = self.scores_tables()? {
            add_table(add, "scores.csv", scores)?;
            add_table(add, "score_parts.csv", parts)?;
        }
        let problems = self.problems_table()?;
        add("problems.csv", &mut |w| write_csv(w, &problems))?;
        add_table(add, "problems.geojson", problems)?;
        let rows = self.unreached.len();
        add_in_parts(add, "unreached.csv", rows, PART, &|rows| self.unreached_part(&self.unreached[rows]))?;
        for (name, table) in monitoring {
            let ending = if table.geometry().is_some() { "geojson" } else { "csv" };
            add_table(add, &format!("{name}.{ending}"), table)?;
        }
        if let Some(work) = self.work()? {
            add_table(add, "history.csv", work.history)?;
            for (name, table) in work.lists {
                add(&format!("{name}.csv"), &mut |w| write_csv(w, &table))?;
                add_table(add, &format!("{name}.geojson"), table)?;
            }
            add("rectification.json", &mut |w| write_json(w, &work.problems))?;
            add("projects.json", &mut |w| write_json(w, &self.projects))?;
            add("plan.json", &mut |w| write_json(w, &work.plan))?;
        }
        if let Some(table) = self.bands_table()? {
            add_table(add, "bands.csv", table)?;
        }
        for (name, table) in self.severance_tables()? {
            add_table(add, name, table)?;
        }
        for (name, table) in self.answer_tables()? {
            add_table(add, name, table)?;
        }
        #[cfg(feature = "hours")]
        if let Some(table) = self.hours_table()? {
            add_table(add, "hours.csv", table)?;
        }
        Ok(())
    }
}
