#![doc = include_str!("../README.md")]

#[cfg(feature = "csv")]
mod amounts;
#[cfg(any(feature = "osm-pbf", feature = "geojson", feature = "gpkg", feature = "parquet"))]
mod area;
#[cfg(feature = "geojson")]
mod buildings;
mod crs;
#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "csv")]
mod days;
#[cfg(feature = "csv")]
mod edges;
#[cfg(feature = "geotiff")]
mod elevation;
mod error;
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
mod facilities;
#[cfg(feature = "csv")]
mod gates;
#[cfg(feature = "geojson")]
mod geojson;
#[cfg(feature = "parquet")]
mod geoparquet;
#[cfg(feature = "gpkg")]
mod gpkg;
#[cfg(feature = "csv")]
mod history;
#[cfg(feature = "csv")]
mod matrix;
mod open;
#[cfg(feature = "osm-pbf")]
mod osm;
#[cfg(feature = "csv")]
mod outreach;
#[cfg(feature = "geotiff")]
mod raster;
#[cfg(any(feature = "gpkg", feature = "parquet"))]
mod records;
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
mod residents;
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
mod rows;
#[cfg(any(feature = "geojson", feature = "gpkg", feature = "parquet"))]
mod shape;
mod text;
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
mod units;
#[cfg(feature = "csv")]
mod values;
#[cfg(feature = "csv")]
mod voices;
#[cfg(any(feature = "gpkg", feature = "parquet"))]
mod wkb;

#[cfg(feature = "csv")]
pub use amounts::{Amounts, read_amounts_csv};
pub use crs::Crs;
#[cfg(feature = "csv")]
pub use csv::{
    read_area_groups_csv, read_control_totals_csv, read_facilities_csv, read_gates_csv, read_residents_csv,
    read_units_csv, write_csv, write_csv_parts,
};
#[cfg(feature = "csv")]
pub use days::read_days_csv;
#[cfg(feature = "csv")]
pub use edges::{EdgeColumns, read_edges_csv};
#[cfg(feature = "geotiff")]
pub use elevation::{Elevation, read_elevation_geotiff};
pub use error::{Error, Result};
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
pub use facilities::FacilityColumns;
#[cfg(feature = "geojson")]
pub use geojson::{
    read_buildings_geojson, read_facilities_geojson, read_residents_geojson, read_units_geojson,
    write_geojson, write_json,
};
#[cfg(feature = "parquet")]
pub use geoparquet::{
    read_facilities_parquet, read_residents_parquet, read_units_parquet, write_parquet, write_parquet_parts,
};
#[cfg(feature = "gpkg")]
pub use gpkg::{read_facilities_gpkg, read_residents_gpkg, read_units_gpkg, write_gpkg};
#[cfg(feature = "csv")]
pub use history::read_history_csv;
#[cfg(all(feature = "csv", feature = "parquet"))]
pub use matrix::read_matrix_parquet;
#[cfg(feature = "csv")]
pub use matrix::{MatrixTable, read_matrix_csv};
pub use open::{OutputFolder, read_bytes, read_text};
#[cfg(feature = "osm-xml")]
pub use osm::read_osm_xml;
#[cfg(feature = "osm-pbf")]
pub use osm::{
    AdminArea, Compression, MemberKind, OsmData, OsmExtract, OsmMember, OsmOptions, OsmWriter, read_osm,
    read_osm_pbf, write_osm_pbf, write_osm_xml,
};
#[cfg(feature = "csv")]
pub use outreach::{read_beds_csv, read_stops_csv};
#[cfg(feature = "geotiff")]
pub use raster::read_residents_geotiff;
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
pub use residents::ResidentColumns;
#[cfg(any(feature = "csv", feature = "geojson", feature = "gpkg", feature = "parquet"))]
pub use units::UnitColumns;
#[cfg(feature = "csv")]
pub use values::read_values_csv;
#[cfg(feature = "csv")]
pub use voices::{read_series_csv, read_survey_csv, read_tickets_csv};
