//! Streets: a map or a list of edges.

use lifecircle_io::{EdgeColumns, OsmExtract, OsmOptions, read_edges_csv, read_osm};
use lifecircle_taxonomy::Catalogue;
use lifecircle_types::{Imported, Issues, Progress};

use super::Loader;
use super::formats::file_name;
use crate::Result;
use crate::config::{FROM_STREETS, StreetsConfig};

impl Loader<'_> {
    /// Streets in one form, and nothing asked of a list of edges that only a map has.
    pub(super) fn check_streets(&self) -> Result<()> {
        let StreetsConfig { file, edges, nodes, crs, length, .. } = &self.config.streets;
        if file.is_some() == edges.is_some() {
            return Err(self.fault(&["streets"], "streets need either `file` or `edges`, and not both"));
        }
        let of_edges = [("nodes", nodes.is_some()), ("crs", crs.is_some()), ("length", length.is_some())];
        if let Some((key, _)) = of_edges.iter().find(|(_, given)| *given && file.is_some()) {
            let problem = format!("`{key}` goes with `edges`, a map tells by itself: remove it");
            return Err(self.fault(&["streets", key], problem));
        }
        let shows = "a list of edges shows";
        let from_map = self.config.facilities.iter().position(|source| source.file == FROM_STREETS);
        if let Some(at) = from_map.filter(|_| edges.is_some()) {
            let problem = format!("{shows} no places: give `facilities` as a CSV or GeoJSON");
            return Err(self.fault(&["facilities", &at.to_string()], problem));
        }
        if edges.is_some() && self.config.units.as_ref().is_some_and(|units| units.admin_level.is_some()) {
            let problem = format!("{shows} no administrative areas: give units as a `file`");
            return Err(self.fault(&["units", "admin_level"], problem));
        }
        Ok(())
    }

    /// The streets with all that their map shows, and their name.
    pub(super) fn streets(
        &self,
        catalogue: &Catalogue,
        progress: &dyn Progress,
    ) -> Result<(String, OsmExtract, Issues)> {
        let config = self.config;
        let StreetsConfig { file, edges, nodes, crs, length, .. } = &config.streets;
        if let Some(edges) = edges {
            let mut columns = EdgeColumns::default();
            columns.crs = *crs;
            columns.length.clone_from(length);
            let name = file_name(edges);
            let bytes = self.files.bytes(edges)?;
            let nodes = match nodes {
                Some(nodes) => Some((self.files.bytes(nodes)?, file_name(nodes))),
                None => None,
            };
            let nodes = nodes.as_ref().map(|(bytes, name)| (bytes.as_slice(), name.as_str()));
            let Imported { value, issues, fate } = read_edges_csv(&bytes, &name, nodes, &columns)?;
            let mut extract = OsmExtract::default();
            (extract.streets, extract.street_fate) = (value, fate);
            return Ok((name, extract, issues));
        }
        let file = file.as_deref().unwrap_or_default();
        let name = file_name(file);
        let mut options = OsmOptions::default().source(&name);
        let asks = |base: &Option<String>| base.as_deref() == Some(FROM_STREETS);
        let census = config.residents.census.is_some();
        if !(census || asks(&config.bases.buildings)) {
            options = options.without_buildings();
        }
        if !(census || asks(&config.bases.land)) {
            options = options.without_residential_land();
        }
        if config.units.as_ref().is_none_or(|units| units.admin_level.is_none()) {
            options = options.without_areas();
        }
        let bytes = self.files.bytes(file)?;
        let Imported { value, issues, .. } = read_osm(&bytes, &name, catalogue, &options, progress)?;
        Ok((name, value, issues))
    }
}
