//! How far coverages could be off, where a study asks for it.

use lifecircle_access::{Band, BandTask, Chance, CoverageBands, DrawnPeople, coverage_bands, whole_persons};
use lifecircle_types::{FacilityIx, FeatureTable, InvalidSet, Millimetres, Progress, ServiceKey, UnitIx};

use crate::Result;
use crate::columns::Rows;
use crate::outcome::Outcome;
use crate::walks::{WalkRule, travel_matrix};

/// The target of a rule that states none.
const TARGET: f64 = 0.8;

/// What is not known about a coverage.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BandsOptions {
    /// How often is drawn.
    pub draws: usize,
    /// The seed.
    pub seed: u64,
    /// The part of the draws that a band holds.
    pub level: f64,
    /// The slowest and the quickest pace as factors of the rule's.
    pub pace: (f64, f64),
    /// How much either end of a walk may be off.
    pub ends: Millimetres,
    /// Whether all residents are drawn anew, each to live at a place in proportion to its residents.
    pub redrawn: bool,
    /// The share of residents from which on a unit keeps a rule; the rule's own target where none is set, and 80 % where it
    /// states none.
    pub target: Option<f64>,
}

impl Default for BandsOptions {
    /// 999 draws from seed 1, the middle 90 % of them; paces from 0.8 to 1.2, ends of up to 25 m, residents as they are
    /// counted; the targets of the rules. Conventions of this project, to be set.
    fn default() -> Self {
        let Chance { draws, seed } = Chance::default();
        let ends = Millimetres::from_metres(25);
        Self { draws, seed, level: 0.9, pace: (0.8, 1.2), ends, redrawn: false, target: None }
    }
}

/// One service with its bands.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServiceBands {
    /// The service.
    pub service: ServiceKey,
    /// The share of residents from which on a unit keeps its rule.
    pub target: f64,
    /// For all and for every unit.
    pub bands: CoverageBands,
}

/// The bands of every assessed service with a rule of a walk.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bands {
    /// What was drawn.
    pub options: BandsOptions,
    /// The services, in the order of the assessment.
    pub services: Vec<ServiceBands>,
}

impl Outcome<'_> {
    /// How far the coverage of every assessed service with a rule of a walk could be off, for all and by the smallest unit
    /// around every home, over paces, the ends of walks and residents ([`coverage_bands`]). Facilities that count for
    /// certain are taken, whole residents, and every service draws from the same seed. The same on any number of threads.
    ///
    /// # Errors
    /// [`Error::Access`](crate::Error::Access) for options outside their ranges; cancelled by `progress`.
    pub fn bands(&self, options: &BandsOptions, progress: &dyn Progress) -> Result<Bands> {
        let homes: Vec<Option<UnitIx>> = self.homes.iter().map(|home| home.unit).collect();
        let people = whole_persons(self.study.residents.people(), &homes)?;
        let asked = self.rules_of_walks();
        let mut services = Vec::with_capacity(asked.len());
        for (done, WalkRule { row, limits }) in asked.iter().enumerate() {
            progress.advance("bands of coverages", done as u64, asked.len() as u64)?;
            let facilities = &self.candidates[*row].strict;
            let limit = limits.iter().copied().max().unwrap_or(Millimetres::ZERO);
            let walks = self.walks_within(facilities, options.farthest(limit), progress)?;
            let entries = walks.entries().filter_map(|(place, facility, cost)| {
                let column = facilities.binary_search(&facility).ok()?;
                Some((place, FacilityIx::new(column), cost))
            });
            let matrix = travel_matrix(walks.rows(), facilities.len(), walks.cutoff(), entries)?;
            let rule = &self.rules[*row];
            let target =
                options.target.or(rule.rule.target.as_ref().map(|target| target.share)).unwrap_or(TARGET);
            let task = BandTask {
                matrix: &matrix,
                limits,
                people: &people,
                homes: &homes,
                target,
                pace: options.pace,
                ends: options.ends,
                drawn: if options.redrawn { DrawnPeople::Redrawn } else { DrawnPeople::Counted },
            };
            let chance = Chance { draws: options.draws, seed: options.seed };
            let bands = coverage_bands(&task, options.level, chance)?;
            services.push(ServiceBands { service: rule.rule.service.clone(), target, bands });
        }
        Ok(Bands { options: options.clone(), services })
    }

    /// The table of `bands.csv`: for every service a row for all (`*`), for homes in no unit (blank) and for every unit with
    /// homes, with the residents, the coverage as it is measured, the ends and the middle of its draws, and the share of
    /// draws in which the verdict is another; `None` where the study does not ask for bands.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn bands_table(&self) -> Result<Option<FeatureTable>> {
        let table = |bands: &Bands| self.noted("bands", self.table_of(bands));
        self.bands.as_ref().map(table).transpose()
    }

    fn table_of(&self, bands: &Bands) -> core::result::Result<FeatureTable, InvalidSet> {
        let code = &|unit: Option<UnitIx>| unit.map(|unit| self.study.units[unit].code.clone());
        let rows: Vec<(&ServiceBands, Option<String>, &Band)> = bands
            .services
            .iter()
            .flat_map(|one| {
                let all = (one, Some("*".to_string()), &one.bands.all);
                let units = one.bands.units.iter();
                core::iter::once(all).chain(units.map(move |(unit, band)| (one, code(*unit), band)))
            })
            .collect();
        let rows = Rows(&rows);
        let part = |at: usize| rows.number(|row| Some(row.2.shares?[at]));
        rows.table([
            ("unit", rows.text(|row| row.1.as_deref())),
            ("service", rows.text(|row| Some(row.0.service.as_str()))),
            ("residents", rows.number(|row| Some(row.2.estimate.all.as_f64()))),
            ("coverage", rows.number(|row| row.2.estimate.share())),
            ("low", part(0)),
            ("middle", part(1)),
            ("high", part(2)),
            ("target", rows.number(|row| Some(row.0.target))),
            ("verdict_turns", rows.number(|row| row.2.flip_share())),
        ])
    }
}

impl BandsOptions {
    /// The longest walk of any draw of a rule of `limit`.
    fn farthest(&self, limit: Millimetres) -> Millimetres {
        let quickest = self.pace.1.clamp(1.0, 10.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let longest = (f64::from(limit.get()) * quickest).ceil() as u32;
        Millimetres::new(longest.saturating_add(self.ends.get().saturating_mul(2)))
    }
}
