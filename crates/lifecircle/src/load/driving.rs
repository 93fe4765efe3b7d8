//! Trips by car: by rule or from a matrix.

use lifecircle_io::read_matrix_csv;
use lifecircle_network::DriveProfile;
use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelTime};

use super::Loader;
use super::formats::file_name;
use crate::Result;
use crate::builder::StudyBuilder;

impl Loader<'_> {
    /// Adds trips by car.
    pub(super) fn driving(&self, builder: StudyBuilder) -> Result<StudyBuilder> {
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
}
