//! What others state and what was before: values of indicators, the history of problems, monitoring.

use lifecircle_io::read_history_csv;
use lifecircle_taxonomy::Pack;
use lifecircle_types::{Imported, UnitSet};

use super::formats::file_name;
use super::{Loader, record};
use crate::Result;
use crate::builder::StudyBuilder;
use crate::provenance::InputRole;
use crate::values::open_values;
use crate::voices::open_monitoring;

impl Loader<'_> {
    /// Adds values of indicators that are stated.
    pub(super) fn values(
        &self,
        builder: StudyBuilder,
        units: &UnitSet,
        packs: &[Pack],
    ) -> Result<StudyBuilder> {
        let Some(file) = &self.config.values else { return Ok(builder) };
        let bytes = self.files.bytes(file)?;
        let (values, input) = open_values(&bytes, &file_name(file), units, packs, self.config.date)?;
        Ok(builder.values(values).input(input))
    }

    /// Adds what happened to problems.
    pub(super) fn history(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        let Some(file) = &self.config.history else { return Ok(builder) };
        let name = file_name(file);
        let Imported { value, issues, fate } = read_history_csv(&self.files.bytes(file)?, &name)?;
        let input = record(&name, InputRole::History, "events", fate, issues);
        Ok(builder.history(&name, value).input(input))
    }

    /// Adds series, surveys and requests.
    pub(super) fn monitoring(&self, builder: StudyBuilder, units: &UnitSet) -> Result<StudyBuilder> {
        let Some(monitoring) = &self.config.monitoring else { return Ok(builder) };
        for (key, value) in [
            ("satisfaction_target", monitoring.satisfaction_target),
            ("tolerance_percent", monitoring.tolerance_percent),
        ] {
            if value > 100 {
                return Err(self.fault(&["monitoring", key], format!("{value} is more than 100 per cent")));
            }
        }
        let (options, inputs) = open_monitoring(self.files, monitoring, units)?;
        Ok(inputs.into_iter().fold(builder.monitoring(options), StudyBuilder::input))
    }
}
