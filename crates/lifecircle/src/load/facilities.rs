//! Facilities, from the map and from tables.

use std::sync::Arc;

use lifecircle_indicators::Source;
use lifecircle_io::{FacilityColumns, read_facilities_csv, read_facilities_geojson};
use lifecircle_taxonomy::Catalogue;
use lifecircle_types::{FacilitySet, Fate, Imported, Issues};

#[cfg(feature = "gpkg")]
use super::formats::has_extension;
#[cfg(feature = "parquet")]
use super::formats::is_parquet;
use super::formats::{file_name, is_geojson};
use super::{Loader, record};
use crate::Result;
use crate::builder::{StudyBuilder, check_services};
use crate::config::{FROM_STREETS, FacilitiesConfig};
use crate::provenance::InputRole;

impl Loader<'_> {
    /// The map once, and tables of services that exist.
    pub(super) fn check_facilities(&self, catalogue: &Catalogue) -> Result<()> {
        let mut from_map = false;
        for (at, source) in self.config.facilities.iter().enumerate() {
            let is_map = source.file == FROM_STREETS;
            let at_source = |problem| self.fault(&["facilities", &at.to_string()], problem);
            if is_map && from_map {
                return Err(at_source("`streets` is named twice: remove one"));
            }
            if source.crs.is_some() && is_map {
                return Err(at_source("`crs` goes with a table, a map has degrees on WGS 84: remove it"));
            }
            self.check_layer(
                source.layer.as_deref(),
                &source.file,
                &["facilities", &at.to_string(), "layer"],
            )?;
            from_map |= is_map;
            for service in source.services.keys() {
                check_services("the table of facilities", [service], catalogue).map_err(|error| {
                    let path = ["facilities", &at.to_string(), "services", service.as_str()];
                    self.fault(&path, error.to_string())
                })?;
            }
        }
        Ok(())
    }

    pub(super) fn facilities(
        &self,
        mut builder: StudyBuilder,
        catalogue: &Catalogue,
        mut places: FacilitySet,
        place_fate: &Fate,
        streets_name: &str,
    ) -> Result<StudyBuilder> {
        for source in &self.config.facilities {
            if source.file == FROM_STREETS {
                let map = Source::Map { name: streets_name.into(), complete: source.complete };
                builder = builder.facilities_from(std::mem::take(&mut places), map).input(record(
                    streets_name,
                    InputRole::Facilities,
                    "places of the map",
                    place_fate.clone(),
                    Issues::new(),
                ));
                continue;
            }
            let Imported { value, issues, fate } = self.facility_table(source, catalogue)?;
            let name = file_name(&source.file);
            let mut shows = value.services();
            shows.extend(source.services.keys());
            if source.complete {
                shows.extend(catalogue.services().iter().map(|service| &service.key));
            }
            let shows = shows.into_iter().cloned().collect();
            for facility in value.as_slice() {
                let named = facility.offers.iter().map(|offer| &offer.service);
                check_services(&format!("{name}: `{}`", facility.id), named, catalogue)?;
            }
            builder = builder
                .facilities_from(value, Source::Table { name: name.clone(), shows })
                .input(record(&name, InputRole::Facilities, "rows", fate, issues));
        }
        Ok(builder)
    }

    fn facility_table(
        &self,
        source: &FacilitiesConfig,
        catalogue: &Catalogue,
    ) -> Result<Imported<FacilitySet>> {
        let mut columns = FacilityColumns::default();
        columns.id.clone_from(&source.id);
        columns.lon.clone_from(&source.lon);
        columns.lat.clone_from(&source.lat);
        columns.crs = source.crs;
        columns.name.clone_from(&source.name);
        for (service, column) in &source.services {
            columns = columns.service(service.clone(), column);
        }
        if !source.tags.is_empty() {
            columns = columns.tagged(source.tags.clone(), Arc::new(catalogue.clone()));
        }
        let bytes = self.files.bytes(&source.file)?;
        let name = file_name(&source.file);
        #[cfg(feature = "gpkg")]
        if has_extension(&source.file, "gpkg") {
            let layer = source.layer.as_deref();
            return Ok(lifecircle_io::read_facilities_gpkg(&bytes, &name, layer, &columns)?);
        }
        #[cfg(feature = "parquet")]
        if is_parquet(&source.file) {
            return Ok(lifecircle_io::read_facilities_parquet(&bytes, &name, &columns)?);
        }
        Ok(if is_geojson(&source.file) {
            read_facilities_geojson(&bytes, &name, &columns)?
        } else {
            read_facilities_csv(&bytes, &name, &columns)?
        })
    }
}
