//! Options of what is measured beside coverage: bands, hours and severance.

use lifecircle_types::Millimetres;

use super::Loader;
#[cfg(feature = "hours")]
use super::formats::file_name;
use crate::builder::StudyBuilder;
use crate::{BandsOptions, Result, SeveranceSettings};

impl Loader<'_> {
    /// Bands of coverages, where the study asks for them.
    pub(super) fn bands(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
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

    /// Coverage by time, where the study asks for it.
    #[cfg(feature = "hours")]
    pub(super) fn hours(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        let Some(config) = &self.config.hours else { return Ok(builder) };
        if config.stay_min >= 24 * 60 {
            return Err(
                self.fault(&["hours", "stay_min"], "a stay is shorter than a day: write minutes below 1440")
            );
        }
        let mut options =
            crate::HoursOptions::default().stay(lifecircle_types::TravelTime::from_minutes(config.stay_min));
        if let Some(days) = &config.days {
            let bytes = self.files.bytes(days)?;
            options = options.special_days(lifecircle_io::read_days_csv(&bytes, &file_name(days))?);
        }
        Ok(builder.hours(options))
    }

    /// Refuses hours, which this build does not read.
    #[cfg(not(feature = "hours"))]
    pub(super) fn hours(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
        match &self.config.hours {
            None => Ok(builder),
            Some(_) => {
                Err(self.fault(&["hours"], "this build has no opening hours: turn on the feature `hours`"))
            }
        }
    }

    /// What barriers cost, where the study asks for it.
    pub(super) fn severance(&self) -> Result<Option<SeveranceSettings>> {
        let settings = self.config.severance.map(|config| config.settings()).transpose();
        settings.map_err(|(key, problem)| self.fault(&["severance", key], problem))
    }
}
