//! Residents: from a table or a raster, or a census spread over dwellings; and their groups.

use lifecircle_io::{
    OsmExtract, ResidentColumns, read_area_groups_csv, read_buildings_geojson, read_control_totals_csv,
    read_residents_csv, read_residents_geojson,
};
use lifecircle_population::{Ground, SpreadOptions, fit_groups, home_units, lay_group_share, spread};
use lifecircle_types::{DemandSet, Fate, Group, Imported, Issues, People, UnitSet};

#[cfg(feature = "gpkg")]
use super::formats::has_extension;
#[cfg(feature = "parquet")]
use super::formats::is_parquet;
use super::formats::{file_name, is_geojson, is_geotiff};
use super::{Loader, record};
use crate::config::ResidentsConfig;
use crate::provenance::{InputRecord, InputRole};
use crate::{Error, Result};

impl Loader<'_> {
    /// Residents in one form, and nothing asked of it that it does not have.
    pub(super) fn check_residents(&self) -> Result<()> {
        let residents = &self.config.residents;
        if residents.buildings.is_some() && residents.census.is_none() {
            let problem = "`buildings` goes with `census`, a `file` has its places: remove it";
            return Err(self.fault(&["residents", "buildings"], problem));
        }
        if residents.file.is_some() == residents.census.is_some() {
            return Err(self.fault(&["residents"], "residents need either `file` or `census`, and not both"));
        }
        let of_tables = [
            ("id", residents.id.is_some()),
            ("lon", residents.lon.is_some()),
            ("lat", residents.lat.is_some()),
            ("people", residents.people.is_some()),
            ("unit", residents.unit.is_some()),
            ("crs", residents.crs.is_some()),
        ];
        let is_raster = residents.file.as_deref().is_some_and(is_geotiff);
        if let Some((key, _)) = of_tables[..5].iter().find(|(_, given)| *given && is_raster) {
            let problem = format!("`{key}` names a column of a table, a raster has none: remove it");
            return Err(self.fault(&["residents", key], problem));
        }
        if let Some((key, _)) = of_tables.iter().find(|(_, given)| *given && residents.census.is_some()) {
            let problem = format!("`{key}` tells of a column of a `file`, a census has none: remove it");
            return Err(self.fault(&["residents", key], problem));
        }
        Ok(())
    }

    pub(super) fn group_totals(&self) -> Result<Vec<(Group, u64)>> {
        let group = |(column, people): (&String, &u64)| {
            let group = Group::from_column(column).ok_or_else(|| {
                let problem = format!(
                    "`{column}` is no group: write age_0_14, age_65_plus, female, group_disabled or the like"
                );
                self.fault(&["residents", "group_totals", column], problem)
            })?;
            Ok((group, *people))
        };
        self.config.residents.group_totals.iter().map(group).collect()
    }

    pub(super) fn residents(
        &self,
        units: &UnitSet,
        extract: &OsmExtract,
        streets_name: &str,
        group_totals: Vec<(Group, u64)>,
    ) -> Result<(DemandSet, Vec<InputRecord>)> {
        let config = &self.config.residents;
        let (input, mut residents, records) = match config {
            ResidentsConfig { file: Some(file), census: None, .. } => {
                let Imported { value, issues, fate } = self.resident_table(file)?;
                let name = file_name(file);
                let records = vec![record(&name, InputRole::Residents, "rows", fate, issues)];
                (name, value, records)
            }
            ResidentsConfig { file: None, census: Some(census), .. } => {
                let name = file_name(census);
                let totals = read_control_totals_csv(&self.files.bytes(census)?, &name)?;
                let dwellings = match &config.buildings {
                    Some(file) => {
                        let name = file_name(file);
                        let read = read_buildings_geojson(&self.files.bytes(file)?, &name, None)?;
                        Some((name, read))
                    }
                    None => None,
                };
                let ground = Ground {
                    buildings: dwellings.as_ref().map_or(&extract.buildings, |(_, read)| &read.value),
                    land: &extract.residential_land,
                    streets: &extract.streets,
                };
                let Imported { value, issues, fate } =
                    spread(units, &totals, ground, &SpreadOptions::default())
                        .map_err(|source| Error::Population { input: name.clone(), source })?;
                let of_map = |rows: &str, fate: &Fate| {
                    record(streets_name, InputRole::Residents, rows, fate.clone(), Issues::new())
                };
                let mut records = vec![record(&name, InputRole::Residents, "totals of areas", fate, issues)];
                match dwellings {
                    Some((name, Imported { issues, fate, .. })) => {
                        records.push(record(&name, InputRole::Residents, "dwellings", fate, issues));
                    }
                    None => records.push(of_map("buildings of the map", &extract.building_fate)),
                }
                records.push(of_map("residential land of the map", &extract.land_fate));
                (name, value, records)
            }
            _ => (String::new(), DemandSet::default(), vec![]),
        };
        if residents.total() == People::ZERO {
            return Err(Error::Nobody { input });
        }
        let (records, input) = self.fit_groups(&mut residents, units, records, input)?;
        for (group, people) in group_totals {
            let name = group.name.clone();
            let path = ["residents", "group_totals", &name];
            if residents.groups().groups().iter().any(|known| known.name == name) {
                let problem = format!("`{name}` is counted in {input} as well: remove it from one of them");
                return Err(self.fault(&path, problem));
            }
            lay_group_share(&mut residents, group, people)
                .map_err(|error| self.fault(&path, error.to_string()))?;
        }
        Ok((residents, records))
    }

    /// Groups that tables count by area, those of the census among them.
    fn fit_groups(
        &self,
        residents: &mut DemandSet,
        units: &UnitSet,
        mut records: Vec<InputRecord>,
        mut input: String,
    ) -> Result<(Vec<InputRecord>, String)> {
        let config = &self.config.residents;
        let mut tables = Vec::new();
        for file in config.census.iter().chain(&config.groups_by_area) {
            let name = file_name(file);
            let bytes = self.files.bytes(file)?;
            let Imported { value: rows, issues, fate } = read_area_groups_csv(&bytes, &name)?;
            let is_census = config.census.as_ref() == Some(file);
            if rows.iter().all(|row| row.groups.is_empty()) {
                if is_census {
                    continue;
                }
                let problem = format!(
                    "{name} has no column of a group: name one age_0_14, age_65_plus, female, registered, \
                     group_disabled or the like"
                );
                return Err(self.fault(&["residents", "groups_by_area"], problem));
            }
            if !is_census {
                records.push(record(&name, InputRole::Residents, "groups of areas", fate, issues));
                input = format!("{input}, {name}");
            }
            tables.push(rows);
        }
        if !tables.is_empty() {
            let homes = home_units(residents, units);
            let issues = fit_groups(residents, &homes, units, &tables)
                .map_err(|source| Error::Population { input: input.clone(), source })?;
            if let Some(last) = records.last_mut() {
                last.issues.extend(issues);
            }
        }
        Ok((records, input))
    }

    fn resident_table(&self, file: &str) -> Result<Imported<DemandSet>> {
        let config = &self.config.residents;
        let mut columns = ResidentColumns::default();
        columns.id.clone_from(&config.id);
        columns.lon.clone_from(&config.lon);
        columns.lat.clone_from(&config.lat);
        columns.crs = config.crs;
        columns.people.clone_from(&config.people);
        columns.unit.clone_from(&config.unit);
        let bytes = self.files.bytes(file)?;
        let name = file_name(file);
        #[cfg(feature = "geotiff")]
        if is_geotiff(file) {
            return Ok(lifecircle_io::read_residents_geotiff(&bytes, &name, config.crs)?);
        }
        #[cfg(feature = "gpkg")]
        if has_extension(file, "gpkg") {
            let layer = config.layer.as_deref();
            return Ok(lifecircle_io::read_residents_gpkg(&bytes, &name, layer, &columns)?);
        }
        #[cfg(feature = "parquet")]
        if is_parquet(file) {
            return Ok(lifecircle_io::read_residents_parquet(&bytes, &name, &columns)?);
        }
        Ok(if is_geojson(file) {
            read_residents_geojson(&bytes, &name, &columns)?
        } else {
            read_residents_csv(&bytes, &name, &columns)?
        })
    }
}
