//! The report of a study.

use std::io::Write;
use std::path::Path;

use lifecircle_io::OutputFolder;
use lifecircle_report::{Account, GroundKind, GroundLine, Language, Report, Sources, write_html};
use lifecircle_types::BarrierKind;

use crate::Result;
use crate::outcome::Outcome;

/// Streets for cars that lead from place to place.
const MAIN: [&str; 5] = ["motorway", "trunk", "primary", "secondary", "tertiary"];

impl Outcome<'_> {
    /// Saves the report as a file: the whole of it or, where it cannot be written, nothing.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) with the path.
    pub fn save_report(&self, file: &Path, language: Language) -> Result<()> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut output = OutputFolder::new(folder)?;
        let failed = |source| lifecircle_io::Error::Write { what: "the report", source };
        output.add(&name, |w| self.write_report(w, language).map_err(failed))?;
        Ok(output.commit()?)
    }

    /// Writes the report: one HTML file that works offline, in Chinese or English. The same study gives the same bytes.
    ///
    /// # Errors
    /// Those of `w`.
    pub fn write_report(&self, w: impl Write, language: Language) -> std::io::Result<()> {
        let ground = self.ground();
        let software = format!("{} {}", self.provenance.software, self.provenance.version);
        let monitoring = self.monitoring.as_ref();
        let report = Report {
            study: &self.provenance.study,
            inputs: self.inputs(),
            assessment: &self.assessment,
            packs: &self.study.packs,
            facilities: &self.study.facilities,
            indicators: &self.indicators,
            axes: &self.axes,
            scores: &self.scores,
            problems: &self.problems,
            history: self.history.as_ref(),
            projects: &self.projects,
            unreached: &self.unreached,
            courses: monitoring.map_or(&[], |monitoring| &monitoring.courses),
            opinions: monitoring.map_or(&[], |monitoring| &monitoring.opinions),
            tickets: monitoring.map_or(&[], |monitoring| &monitoring.tickets),
            promotions: monitoring.map_or(&[], |monitoring| &monitoring.promotions),
            ground: &ground,
            sources: self.sources(&software),
        };
        write_html(w, &report, language)
    }

    /// Streets, waters and railways below the map.
    fn ground(&self) -> Vec<GroundLine<'_>> {
        let streets = self.network.segments().map(|segment| {
            let highway = segment.highway();
            let class = highway.strip_suffix("_link").unwrap_or(highway);
            let kind = if MAIN.contains(&class) { GroundKind::MainStreet } else { GroundKind::Street };
            GroundLine { kind, course: segment.shape() }
        });
        let barriers = self.study.barriers.iter().filter_map(|barrier| {
            let kind = match barrier.kind {
                BarrierKind::Water => GroundKind::Water,
                BarrierKind::Railway => GroundKind::Railway,
                BarrierKind::Motorway => GroundKind::MainStreet,
                BarrierKind::Wall => return None,
            };
            Some(GroundLine { kind, course: &barrier.line })
        });
        streets.chain(barriers).collect()
    }

    /// Files of what was measured and is not in the report.
    fn beside(&self) -> Vec<&'static str> {
        let mut files = Vec::new();
        #[cfg(feature = "hours")]
        files.extend(self.hours.as_ref().map(|_| "hours.csv"));
        files.extend(self.bands.as_ref().map(|_| "bands.csv"));
        files.extend(self.severance.as_ref().map(|_| "severance.csv"));
        files
    }

    fn sources<'a>(&'a self, software: &'a str) -> Sources<'a> {
        let provenance = &self.provenance;
        let account = |input: &'a crate::InputRecord| Account {
            name: &input.name,
            role: input.role.as_str(),
            rows_are: &input.rows_are,
            fate: &input.fate,
            moved_m: input.moves.as_ref().map(|moves| (moves.mean_m, moves.longest_m)),
            issues: input.issues.kinds(),
        };
        Sources {
            software,
            accounts: provenance.inputs.iter().map(account).collect(),
            hashes: provenance.hashes.iter().map(|(role, hash)| (role.as_str(), hash.as_str())).collect(),
            max_link: self.study.link.max_off_street,
            island_penalty: self.study.link.island_penalty,
            open_gates: provenance.settings.open_gates,
            peak_percent: provenance.drive.as_ref().and_then(|drive| drive.peak_percent),
            beside: self.beside(),
            attribution: &provenance.attribution,
        }
    }
}
