//! What comes to people, with the tables of stops and of beds.

use lifecircle_io::{read_beds_csv, read_stops_csv};
use lifecircle_types::{DemandSet, Imported, Severity};

use super::formats::file_name;
use super::{Loader, record};
use crate::Result;
use crate::builder::StudyBuilder;
use crate::outreach::{FamilyBedsConfig, MobileConfig};
use crate::provenance::InputRole;

impl Loader<'_> {
    /// What comes to people, with the tables that tell of it.
    pub(super) fn outreach(&self, mut builder: StudyBuilder, residents: &DemandSet) -> Result<StudyBuilder> {
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
}
