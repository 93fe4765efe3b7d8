//! Units of the place, and the gates of their estates.

use std::collections::BTreeMap;

use lifecircle_io::{OsmExtract, UnitColumns, read_gates_csv, read_units_csv, read_units_geojson};
use lifecircle_types::{Fate, Imported, Issues, Severity, Unit, UnitKind, UnitSet, ZoneType, most_alike};

#[cfg(feature = "gpkg")]
use super::formats::has_extension;
#[cfg(feature = "parquet")]
use super::formats::is_parquet;
use super::formats::{file_name, is_geojson};
use super::{Loader, record};
use crate::config::UnitsConfig;
use crate::provenance::{InputRecord, InputRole};
use crate::{Error, Result};

impl Loader<'_> {
    /// Units in one form, and nothing asked of it that it does not have.
    pub(super) fn check_units(&self) -> Result<()> {
        let Some(units) = &self.config.units else { return Ok(()) };
        if units.file.is_some() == units.admin_level.is_some() {
            return Err(self.fault(&["units"], "units need either `file` or `admin_level`, and not both"));
        }
        let of_files =
            [("crs", units.crs.is_some()), ("code", units.code.is_some()), ("name", units.name.is_some())];
        if let Some((key, _)) = of_files.iter().find(|(_, given)| *given && units.file.is_none()) {
            let problem = format!("`{key}` goes with a `file`, a map tells by itself: remove it");
            return Err(self.fault(&["units", key], problem));
        }
        if !units.zones.is_empty() && units.file.is_some() {
            let problem = "`zones` goes with `admin_level`, a `file` has a column for it: remove it";
            return Err(self.fault(&["units", "zones"], problem));
        }
        Ok(())
    }

    pub(super) fn units(
        &self,
        extract: &OsmExtract,
        streets_name: &str,
    ) -> Result<(UnitSet, Option<InputRecord>)> {
        let Some(units) = &self.config.units else {
            return Ok((UnitSet::default(), None));
        };
        match units {
            UnitsConfig { file: Some(file), admin_level: None, kind, code, name, crs, layer, .. } => {
                self.check_layer(layer.as_deref(), file, &["units", "layer"])?;
                let mut columns = UnitColumns::default();
                columns.code.clone_from(code);
                columns.name.clone_from(name);
                (columns.every_kind, columns.crs) = (*kind, *crs);
                let bytes = self.files.bytes(file)?;
                let name = file_name(file);
                let Imported { value, issues, fate } = match file {
                    #[cfg(feature = "gpkg")]
                    file if has_extension(file, "gpkg") => {
                        lifecircle_io::read_units_gpkg(&bytes, &name, layer.as_deref(), &columns)?
                    }
                    #[cfg(feature = "parquet")]
                    file if is_parquet(file) => lifecircle_io::read_units_parquet(&bytes, &name, &columns)?,
                    file if is_geojson(file) => read_units_geojson(&bytes, &name, &columns)?,
                    _ => read_units_csv(&bytes, &name, &columns)?,
                };
                Ok((value, Some(record(&name, InputRole::Units, "rows", fate, issues))))
            }
            UnitsConfig { file: None, admin_level: Some(level), kind, zones, .. } => {
                let kind = kind.unwrap_or(UnitKind::Community);
                let set = self.map_units(extract, streets_name, *level, kind, zones)?;
                let fate = Fate { rows: set.len() as u64, used: set.len() as u64, ..Fate::default() };
                let rows = format!("administrative areas of level {level}");
                Ok((set, Some(record(streets_name, InputRole::Units, &rows, fate, Issues::new()))))
            }
            _ => Ok((UnitSet::default(), None)),
        }
    }

    fn map_units(
        &self,
        extract: &OsmExtract,
        streets_name: &str,
        level: u8,
        kind: UnitKind,
        zones: &BTreeMap<String, ZoneType>,
    ) -> Result<UnitSet> {
        let mut units: Vec<Unit> = Vec::new();
        for area in extract.areas.iter().filter(|area| area.admin_level == level) {
            let mut unit = Unit::new(&area.id, kind);
            unit.name.clone_from(&area.name);
            unit.zone = area.name.as_ref().and_then(|name| zones.get(name)).copied();
            unit.boundary = Some(area.boundary.clone());
            units.push(unit);
        }
        if units.is_empty() {
            let mut levels: Vec<u8> = extract.areas.iter().map(|area| area.admin_level).collect();
            levels.sort_unstable();
            levels.dedup();
            let levels: Vec<String> = levels.iter().map(u8::to_string).collect();
            let remedy = if levels.is_empty() {
                "it has none of any level, give a `file`".into()
            } else {
                format!("it has levels {}", levels.join(", "))
            };
            return Err(self.fault(
                &["units", "admin_level"],
                format!(
                    "the map has no administrative areas of level {level} with a complete boundary: {remedy}"
                ),
            ));
        }
        if let Some(unknown) =
            zones.keys().find(|name| !units.iter().any(|unit| unit.name.as_ref() == Some(name)))
        {
            let names = units.iter().filter_map(|unit| unit.name.as_deref());
            let nearest = most_alike(unknown, names).unwrap_or_default();
            return Err(self.fault(
                &["units", "zones", unknown],
                format!("`{unknown}` is no area of level {level}; did you mean `{nearest}`?"),
            ));
        }
        UnitSet::new(units).map_err(|source| Error::Set { input: streets_name.into(), source })
    }

    /// The units with the gates of their estates.
    pub(super) fn gates(&self, units: UnitSet) -> Result<(UnitSet, Option<InputRecord>)> {
        let config = self.config.units.as_ref();
        let Some((file, crs)) = config.and_then(|units| Some((units.gates.as_ref()?, units.crs))) else {
            return Ok((units, None));
        };
        let name = file_name(file);
        let Imported { value, mut issues, mut fate } = read_gates_csv(&self.files.bytes(file)?, &name, crs)?;
        let mut with_gates = units.as_slice().to_vec();
        for (code, gate) in value {
            let problem = match units.find(&code).map(|unit| &mut with_gates[unit.index()]) {
                Some(unit) if unit.boundary.is_some() => {
                    unit.gates.push(gate);
                    continue;
                }
                Some(_) => "its unit has no boundary",
                None => "no unit has its code",
            };
            fate.used -= 1;
            fate.reject(problem);
            issues.push(
                Severity::Warning,
                "gate without a wall",
                code,
                format!("{problem}: it was left out"),
            );
        }
        let units = UnitSet::new(with_gates).map_err(|source| Error::Set { input: name.clone(), source })?;
        Ok((units, Some(record(&name, InputRole::Units, "gates", fate, issues))))
    }
}
