//! Land and buildings to measure coverage by.

use lifecircle_io::{OsmExtract, read_buildings_geojson};
use lifecircle_types::{Building, Fate, Imported, Issues, ResidentialLand};

use super::formats::file_name;
use super::{Loader, record};
use crate::Result;
use crate::config::FROM_STREETS;
use crate::provenance::{InputRecord, InputRole};

impl Loader<'_> {
    /// Land and buildings to measure coverage by.
    pub(super) fn bases(
        &self,
        extract: &mut OsmExtract,
        streets_name: &str,
    ) -> Result<(Vec<ResidentialLand>, Vec<Building>, Vec<InputRecord>)> {
        let config = &self.config.bases;
        let of_map = |key: &str| {
            if self.config.streets.file.is_some() {
                return Ok(());
            }
            Err(self.fault(&["bases", key], "edges show no land and no buildings: name a map in `streets`"))
        };
        let mut inputs = Vec::new();
        let account = |rows: &str, fate: &Fate| {
            record(streets_name, InputRole::Streets, rows, fate.clone(), Issues::new())
        };
        let census = self.config.residents.census.is_some();
        let land = match config.land.as_deref() {
            None => vec![],
            Some(FROM_STREETS) => {
                of_map("land")?;
                // with a census it stands in the account of the residents
                if !census {
                    inputs.push(account("residential land of the map", &extract.land_fate));
                }
                std::mem::take(&mut extract.residential_land)
            }
            Some(other) => {
                let problem = format!("`{other}` is no source of land: write \"{FROM_STREETS}\"");
                return Err(self.fault(&["bases", "land"], problem));
            }
        };
        let buildings = match config.buildings.as_deref() {
            None => vec![],
            Some(FROM_STREETS) => {
                of_map("buildings")?;
                if !census {
                    inputs.push(account("buildings of the map", &extract.building_fate));
                }
                std::mem::take(&mut extract.buildings)
            }
            Some(file) => {
                let name = file_name(file);
                let Imported { value, issues, fate } =
                    read_buildings_geojson(&self.files.bytes(file)?, &name, None)?;
                inputs.push(record(&name, InputRole::Residents, "buildings", fate, issues));
                value
            }
        };
        Ok((land, buildings, inputs))
    }
}
