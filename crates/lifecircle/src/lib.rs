#![doc = include_str!("../README.md")]
//!
//! | You look for | It is |
//! |---|---|
//! | a city with its configuration | [`Study`], [`StudyBuilder`] |
//! | what `study.toml` may say | [`config`] |
//! | what came out, and the files of it | [`Outcome`], [`Provenance`] |
//! | one coverage by people, land, buildings and units | [`Outcome::bases`], [`Bases`] |
//! | how far coverages could be off | [`Outcome::bands`], [`Bands`] |
//! | who is severed from whom by rivers, railways and walls | [`Outcome::severance`](Outcome::severance()), [`CitySeverance`] |
//! | who finds a door open, by weekday and hour (feature `hours`) | `Outcome::hours`, `Hours` |
//! | journeys of several parts: levels, one stop, escorts | [`journey`], [`Outcome::levels`](Outcome::levels()) |
//! | services that come to people: home visits, mobile and online services, care | [`outreach`], [`Outcome::home_visits`](Outcome::home_visits()) |
//! | two groups side by side, and coverage over the seasons | [`Outcome::parity`](Outcome::parity()), [`Outcome::seasons`](Outcome::seasons()) |
//! | results with all they follow from in one file, and the check that they do (feature `bundle`) | `bundle` |
//! | JSON Schemas and TypeScript types of all results (feature `schema`) | `schema` |
//! | a report as one HTML file (feature `report`) | `Outcome::save_report`, `Language` |
//! | a synthetic city (feature `synth`): its files, the profile of its streets | `CityWriter`, `street_profile`, `synth` |
//! | one stage alone | [`taxonomy`], [`network`], [`access`], [`population`], [`indicators`], [`io`], [`types`] |

pub use lifecircle_access as access;
pub use lifecircle_indicators as indicators;
pub use lifecircle_io as io;
pub use lifecircle_network as network;
pub use lifecircle_population as population;
#[cfg(feature = "synth")]
pub use lifecircle_synth as synth;
pub use lifecircle_taxonomy as taxonomy;
pub use lifecircle_types as types;

mod asked;
mod bands;
mod bases;
mod builder;
#[cfg(feature = "bundle")]
pub mod bundle;
#[cfg(feature = "synth")]
mod city;
mod columns;
mod comparison;
pub mod config;
mod driving;
mod error;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
mod files;
#[cfg(feature = "hours")]
mod hours;
pub mod journey;
mod links;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
mod load;
#[cfg(feature = "csv")]
mod measure;
mod measured;
mod monitoring;
mod outcome;
pub mod outreach;
mod parity;
mod parts;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
mod plan_file;
mod provenance;
#[cfg(feature = "report")]
mod report;
mod routes;
#[cfg(feature = "schema")]
pub mod schema;
mod seasons;
mod severance;
mod severance_config;
mod shifted;
mod study;
mod trips;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
mod values;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
mod voices;
mod walker_config;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
mod walker_rules;
mod walkers;
mod walks;
mod ways;
#[cfg(all(feature = "csv", feature = "geojson"))]
mod work;

pub use bands::{Bands, BandsOptions, ServiceBands};
pub use bases::{Bases, BasesOptions, Density, SizeBand, UnitsWithOne};
pub use builder::StudyBuilder;
#[cfg(feature = "synth")]
pub use city::{CityFormat, CityWriter, Existing, street_profile};
pub use comparison::{Comparison, ServiceChange};
pub use error::Error;
#[cfg(feature = "hours")]
pub use hours::{Hours, HoursOptions, RefusedHours, ServiceHours};
#[cfg(feature = "report")]
pub use lifecircle_report::Language;
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
pub use load::open_pack;
#[cfg(feature = "csv")]
pub use measure::{
    DecayUse, MeasureInput, MeasureOf, MeasureOptions, MeasureTables, NamedDecay, NamedMeasure, Parameter,
    ParameterKind, measure_table,
};
pub use monitoring::{Monitoring, MonitoringOptions};
pub use outcome::{Outcome, RESULTS_FORMAT};
pub use parity::{CityParity, GroupShare, Parity, ParityConfig};
#[cfg(all(feature = "csv", feature = "geojson", feature = "osm-pbf"))]
pub use plan_file::check_plan_file;
pub use provenance::{
    DriveRecord, InputRecord, InputRole, Moves, PackRecord, Provenance, Settings, WalkerRecord, WalkerRules,
};
pub use seasons::{CitySeasons, SeasonConfig, SeasonCoverage};
pub use severance::{BarrierCost, CitySeverance, ComponentAccount, SeveranceSettings, UnitSeverance};
pub use study::Study;
pub use walkers::{Changed, SlopeEffect, WalkerAccount};
pub use walks::Walks;

/// The result of this crate's fallible functions.
pub type Result<T> = core::result::Result<T, Error>;

/// Keeps the front page of the project true.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
#[derive(Debug)]
pub struct FrontPage;
