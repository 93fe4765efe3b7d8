//! `lifecircle synth`: a city from a seed, its files and its profile.

use std::path::PathBuf;

use clap::Args;
use lifecircle::synth::{City, CityProfile, SynthOptions, grow};
use lifecircle::types::LonLat;
use lifecircle::{CityFormat, CityWriter, Existing, street_profile};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::bars::Bars;
use crate::commands::print;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder for the city; must be new or empty.
    folder: PathBuf,
    /// Residents, 10000 to 20000000.
    #[arg(long, default_value_t = SynthOptions::default().people)]
    people: u64,
    /// Communities; of some 8,000 people each unless given.
    #[arg(long)]
    communities: Option<u64>,
    /// Chooses the city.
    #[arg(long, default_value_t = SynthOptions::default().seed)]
    seed: u64,
    /// Longitude of the middle of the city, in degrees.
    #[arg(long, default_value_t = SynthOptions::default().anchor.lon(), allow_negative_numbers = true)]
    lon: f64,
    /// Latitude of the middle of the city, in degrees.
    #[arg(long, default_value_t = SynthOptions::default().anchor.lat(), allow_negative_numbers = true)]
    lat: f64,
    /// First year.
    #[arg(long, default_value_t = SynthOptions::default().year)]
    year: u16,
    /// Years: with 2, tables of the year after and a list of the changes.
    #[arg(long, default_value_t = SynthOptions::default().years)]
    years: u8,
    /// Share of estates with a wall, 0 to 1.
    #[arg(long, default_value_t = SynthOptions::default().walled_share)]
    walled_share: f64,
    /// Bridges; 0 is a city without a river, and by default the size decides.
    #[arg(long)]
    bridges: Option<u32>,
    /// Streets over the railway; 0 is a city without one, and by default the size decides.
    #[arg(long)]
    rail_crossings: Option<u32>,
    /// How far the plan strays from squared paper, 0 to 1.
    #[arg(long, default_value_t = SynthOptions::default().irregularity)]
    irregularity: f64,
    /// Entrances of a building, 1 to 8, each a resident place of its own.
    #[arg(long, default_value_t = SynthOptions::default().entrances)]
    entrances: u8,
    /// Share of the entrances of estates to which a way is on the map, 0 to 1.
    #[arg(long, default_value_t = SynthOptions::default().door_ways)]
    door_ways: f64,
    /// How much is wrong with the services, 0 to 1.
    #[arg(long, default_value_t = SynthOptions::default().flaws)]
    flaws: f64,
    /// Formats, separated by commas: `pbf` and `osm` for streets, `csv` and `geojson` for tables.
    #[arg(long, value_delimiter = ',', default_values_t = [CityFormat::Pbf, CityFormat::Csv])]
    format: Vec<CityFormat>,
    /// Replaces files of the same names in a folder that is not empty.
    #[arg(long)]
    replace: bool,
    /// Prints no progress.
    #[arg(long)]
    quiet: bool,
}

/// Grows and writes a city, and prints its profile.
pub(crate) fn synth(arguments: &Arguments) -> Result<()> {
    let what = || format!("no city can be grown in {}", arguments.folder.display());
    let anchor = LonLat::new(arguments.lon, arguments.lat).into_diagnostic().wrap_err_with(what)?;
    let options = SynthOptions {
        seed: arguments.seed,
        people: arguments.people,
        communities: arguments.communities,
        anchor,
        year: arguments.year,
        years: arguments.years,
        walled_share: arguments.walled_share,
        bridges: arguments.bridges,
        rail_crossings: arguments.rail_crossings,
        irregularity: arguments.irregularity,
        entrances: arguments.entrances,
        door_ways: arguments.door_ways,
        flaws: arguments.flaws,
    };
    let bars = Bars::new(arguments.quiet);
    let existing = if arguments.replace { Existing::Replace } else { Existing::Keep };
    let writer = CityWriter::new(&arguments.folder, &arguments.format, existing);
    let writer = writer.into_diagnostic().wrap_err_with(what)?;
    let city = grow(&options, &bars).into_diagnostic().wrap_err_with(what)?;
    writer.write(&city, &bars).into_diagnostic().wrap_err_with(what)?;
    let profile = profile(&city, &bars).wrap_err_with(what)?;
    drop(bars);
    print(&format!("{profile}\n\nCity: {}\n", arguments.folder.display()))
}

fn profile(city: &City, bars: &Bars) -> Result<CityProfile> {
    let homes: Vec<LonLat> = city.residents.positions().iter().copied().flatten().collect();
    let streets = street_profile(&city.streets, &homes, bars).into_diagnostic()?;
    Ok(CityProfile { streets: Some(streets), ..CityProfile::of(city) })
}
