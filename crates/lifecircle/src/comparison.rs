//! Two runs held against each other: years, scenarios, before and after.

use std::collections::BTreeMap;

use lifecircle_indicators::{Change, Problem, ProblemChange, Range, changes_table, compare_registers};
use lifecircle_population::{UnitMatching, match_units};
use lifecircle_types::{FeatureTable, ServiceKey};

use crate::outcome::Outcome;
use crate::provenance::Provenance;
use crate::{Error, Result};

/// The coverage of a service in both runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceChange {
    /// The service.
    pub service: ServiceKey,
    /// Its English name.
    pub en: String,
    /// Coverage in the earlier run; `None` where it was not assessed.
    pub before: Option<Range>,
    /// Coverage in the later run.
    pub after: Option<Range>,
}

/// What changed from one run to another.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The earlier run.
    pub before: &'a Outcome<'a>,
    /// The later run.
    pub after: &'a Outcome<'a>,
    /// Which unit is which.
    pub units: UnitMatching,
    /// What became of every problem.
    pub problems: Vec<ProblemChange>,
    /// Services in the order of their keys.
    pub services: Vec<ServiceChange>,
}

impl<'a> Comparison<'a> {
    /// Compares two runs by the same standards. Days, residents, facilities, streets and scenarios may differ: they are
    /// what is compared.
    ///
    /// # Errors
    /// [`Error::NotComparable`] when packs, walkers, linkage or the bases of coverage differ.
    pub fn new(before: &'a Outcome<'a>, after: &'a Outcome<'a>) -> Result<Self> {
        check(before, after)?;
        let units = match_units(before.study().units(), after.study().units());
        let pairs = units.pairs.iter().map(|pair| (pair.earlier.clone(), pair.later.clone()));
        let renamed: BTreeMap<String, String> = pairs.collect();
        let problems = compare_registers(&before.problems, &after.problems, &renamed);
        let mut services: BTreeMap<&ServiceKey, ServiceChange> = BTreeMap::new();
        for (outcome, is_later) in [(before, false), (after, true)] {
            for found in &outcome.assessment.services {
                let row = services.entry(&found.service).or_insert_with(|| ServiceChange {
                    service: found.service.clone(),
                    en: found.en.clone(),
                    before: None,
                    after: None,
                });
                *(if is_later { &mut row.after } else { &mut row.before }) = found.coverage;
            }
        }
        let services = services.into_values().collect();
        Ok(Self { before, after, units, problems, services })
    }

    /// The problem that a change is about: the later one, or the earlier where there is no later.
    #[must_use]
    pub fn problem(&self, change: &ProblemChange) -> Option<&'a Problem> {
        change
            .after
            .map(|row| &self.after.problems[row])
            .or(change.before.map(|row| &self.before.problems[row]))
    }

    /// How many problems changed in a way.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.problems.iter().filter(|one| one.change == change).count()
    }

    /// The table of `changes.csv` and `changes.geojson`.
    ///
    /// # Errors
    /// Never for two runs.
    pub fn changes_table(&self) -> Result<FeatureTable> {
        let table = changes_table(&self.problems, &self.before.problems, &self.after.problems);
        self.after.noted("changes", table)
    }

    /// Writes `changes.csv` and `changes.geojson` into a folder: both or, when one fails, none.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    #[cfg(all(feature = "csv", feature = "geojson"))]
    pub fn write(&self, folder: &std::path::Path) -> Result<()> {
        use lifecircle_io::{OutputFolder, write_csv, write_geojson};
        let changes = self.changes_table()?;
        let mut output = OutputFolder::new(folder)?;
        output.add("changes.csv", |w| write_csv(w, &changes))?;
        output.add("changes.geojson", |w| write_geojson(w, &changes))?;
        output.commit()?;
        Ok(())
    }
}

/// Fails where a difference would come from how was measured, not from what is.
fn check(before: &Outcome<'_>, after: &Outcome<'_>) -> Result<()> {
    let differ = |what, before: String, after: String| {
        if before == after { Ok(()) } else { Err(Error::NotComparable { what, before, after }) }
    };
    let (a, b) = (&before.provenance, &after.provenance);
    let packs = |provenance: &Provenance| {
        let keys: Vec<&str> = provenance.packs.iter().map(|pack| pack.key.as_str()).collect();
        keys.join(", ")
    };
    differ("packs", packs(a), packs(b))?;
    let walkers = |provenance: &Provenance| {
        let standard = provenance.packs.iter().map(|pack| &pack.standard_walker);
        let all = standard.chain(&provenance.walkers);
        let words = all.map(|walker| format!("{walker:?}"));
        words.collect::<Vec<_>>().join(", ")
    };
    if walkers(a) != walkers(b) {
        let named = |provenance: &Provenance| {
            let keys: Vec<&str> = provenance.walkers.iter().map(|walker| walker.key.as_str()).collect();
            format!("{} walkers ({})", keys.len(), keys.join(", "))
        };
        let (before, after) = (named(a), named(b));
        return Err(Error::NotComparable { what: "walkers", before, after });
    }
    let link = |provenance: &Provenance| {
        format!("streets up to {} m away", f64::from(provenance.settings.max_link_mm) / 1000.0)
    };
    differ("linkage", link(a), link(b))?;
    let bases = |outcome: &Outcome<'_>| {
        let study = outcome.study();
        let mut words = vec!["residents"];
        if !study.residential_land.is_empty() {
            words.push("land");
        }
        if !study.buildings.is_empty() {
            words.push("buildings");
        }
        words.join(", ")
    };
    differ("bases of coverage", bases(before), bases(after))?;
    differ("jurisdictions", a.jurisdiction.clone(), b.jurisdiction.clone())
}
