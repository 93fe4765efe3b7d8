//! Surveys, requests and series of a study: read, and held against its units.

use lifecircle_io::{read_series_csv, read_survey_csv, read_tickets_csv};
use lifecircle_types::{Fate, Imported, Issues, Severity, UnitSet};

use crate::Result;
use crate::config::MonitoringConfig;
use crate::files::Files;
use crate::monitoring::MonitoringOptions;
use crate::provenance::{InputRecord, InputRole};

/// Reads what a study is monitored by. A unit that is not there is left out of its row, and listed.
pub(crate) fn open_monitoring(
    files: &dyn Files,
    config: &MonitoringConfig,
    units: &UnitSet,
) -> Result<(MonitoringOptions, Vec<InputRecord>)> {
    let mut inputs = Vec::new();
    let mut record = |file: &str, rows_are: &str, fate: Fate, issues: Issues| {
        inputs.push(InputRecord {
            name: file.into(),
            role: InputRole::Monitoring,
            rows_are: rows_are.into(),
            fate,
            moves: None,
            issues,
        });
    };
    let check = |subject: &str, unit: &mut Option<String>, issues: &mut Issues| {
        if let Some(code) = unit.take_if(|code| units.find(code).is_none()) {
            let detail = format!("no unit has the code {code}: it counts for the whole place alone");
            issues.push(Severity::Warning, "unit left out", subject, detail);
        }
    };
    let mut options = MonitoringOptions {
        tolerance: f64::from(config.tolerance_percent) / 100.0,
        answer_days: config.answer_days,
        satisfaction_target: config.satisfaction_target.into(),
        ..MonitoringOptions::default()
    };
    if let Some(file) = &config.series {
        let Imported { value, issues, fate } = read_series_csv(&files.bytes(file)?, file)?;
        record(file, "values of earlier runs", fate, issues);
        options.series = Some(value);
    }
    if let Some(file) = &config.survey {
        let Imported { mut value, mut issues, fate } = read_survey_csv(&files.bytes(file)?, file)?;
        for answer in &mut value {
            check(&answer.about, &mut answer.unit, &mut issues);
        }
        record(file, "answers", fate, issues);
        options.survey = value;
    }
    if let Some(file) = &config.tickets {
        let Imported { mut value, mut issues, fate } = read_tickets_csv(&files.bytes(file)?, file)?;
        for ticket in &mut value {
            check(&ticket.id, &mut ticket.unit, &mut issues);
        }
        record(file, "requests", fate, issues);
        options.tickets = value;
    }
    Ok((options, inputs))
}
