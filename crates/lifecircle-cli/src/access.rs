//! Researchers' commands: a travel matrix out of a study, and measures out of files.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Args;
use lifecircle::io::{Amounts, OutputFolder, read_amounts_csv, read_bytes, read_matrix_csv, write_csv};
use lifecircle::types::{FeatureTable, Millimetres};
use lifecircle::{MeasureOptions, NamedDecay, NamedMeasure, Study, measure_table};
use miette::{IntoDiagnostic, Result, WrapErr, miette};

use crate::bars::Bars;
use crate::commands::print;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// CSV with `from_id`, `to_id` and `travel_time_min` or `length_m`.
    #[arg(long)]
    matrix: PathBuf,
    /// CSV with `id` and the supply of every facility.
    #[arg(long)]
    supply: Option<PathBuf>,
    /// Column of supply; found by itself where it is called `supply` or `capacity`.
    #[arg(long, requires = "supply")]
    supply_column: Option<String>,
    /// CSV with `id` and the people of every place.
    #[arg(long)]
    demand: Option<PathBuf>,
    /// Column of people; found by itself where it is called `demand`, `population` or `people`.
    #[arg(long, requires = "demand")]
    demand_column: Option<String>,
    /// Measures, separated by commas: nearest, cumulative, gravity, `weighted_mean`, `log_sum`, 2sfca, e2sfca, 3sfca,
    /// m2sfca, mh3sfca, bfca, `spatial_availability`, `totally_constrained`; passive and i2sfca are of facilities.
    #[arg(long, value_delimiter = ',', required = true, value_parser = named::<NamedMeasure>)]
    measure: Vec<NamedMeasure>,
    /// The farthest that counts, inclusive: minutes, or metres for a matrix of lengths.
    #[arg(long)]
    cutoff: Option<f64>,
    /// How weight falls: binary, stepped, linear, exponential, gaussian, `truncated_gaussian` or kernel.
    #[arg(long, value_parser = named::<NamedDecay>)]
    decay: Option<NamedDecay>,
    /// The cost at which a facility counts half.
    #[arg(long)]
    half: Option<f64>,
    /// Bands of a stepped decay, as upper cost and weight: 10:1,20:0.68,30:0.22.
    #[arg(long, value_delimiter = ',', value_parser = band)]
    steps: Vec<(f64, f64)>,
    /// The scale of the log-sum.
    #[arg(long)]
    scale: Option<f64>,
    /// The cost up to which the matrix holds every pair, where that is more than its largest.
    #[arg(long)]
    complete: Option<f64>,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct MatrixArguments {
    /// A folder with a `study.toml`, or the file itself.
    study: PathBuf,
    /// The longest walk in metres, inclusive.
    #[arg(long, default_value_t = 1000)]
    cutoff_m: u32,
    /// The file to write.
    #[arg(long)]
    out: PathBuf,
    /// Prints no progress.
    #[arg(long)]
    quiet: bool,
}

fn named<T: std::str::FromStr<Err = lifecircle::types::InvalidText>>(
    text: &str,
) -> std::result::Result<T, String> {
    text.parse().map_err(|wrong: lifecircle::types::InvalidText| format!("write {}", wrong.expected))
}

fn band(text: &str) -> std::result::Result<(f64, f64), String> {
    let parts = text.split_once(':').and_then(|(to, weight)| Some((to.parse().ok()?, weight.parse().ok()?)));
    parts.ok_or_else(|| "write a cost and a weight, such as 20:0.68".into())
}

pub(crate) fn access(arguments: &Arguments) -> Result<()> {
    let what = || "the measures cannot be computed".to_string();
    let name = |path: &Path| path.display().to_string();
    let amounts = |path: &Option<PathBuf>, column: &Option<String>| -> Result<Option<Amounts>> {
        let Some(path) = path else { return Ok(None) };
        let bytes = read_bytes(path).into_diagnostic().wrap_err_with(what)?;
        read_amounts_csv(&bytes, &name(path), column.as_deref())
            .into_diagnostic()
            .wrap_err_with(what)
            .map(Some)
    };
    let bytes = read_bytes(&arguments.matrix).into_diagnostic().wrap_err_with(what)?;
    let matrix = read_matrix_csv(&bytes, &name(&arguments.matrix)).into_diagnostic().wrap_err_with(what)?;
    let supply = amounts(&arguments.supply, &arguments.supply_column)?;
    let demand = amounts(&arguments.demand, &arguments.demand_column)?;
    let mut options = MeasureOptions::default();
    (options.cutoff, options.decay, options.half) = (arguments.cutoff, arguments.decay, arguments.half);
    (options.scale, options.complete) = (arguments.scale, arguments.complete);
    options.steps.clone_from(&arguments.steps);
    let table = measure_table(&matrix, supply.as_ref(), demand.as_ref(), &arguments.measure, &options)
        .into_diagnostic()
        .wrap_err_with(what)?;
    write(&table, &arguments.out).wrap_err_with(what)?;
    print(&format!("{} rows: {}\n", table.rows(), arguments.out.display()))
}

pub(crate) fn matrix(arguments: &MatrixArguments) -> Result<()> {
    let what = || format!("the walks of {} cannot be written", arguments.study.display());
    let bars = Bars::new(arguments.quiet);
    let study = Study::open(&arguments.study, &bars).into_diagnostic().wrap_err_with(what)?;
    let outcome = study.assess(&bars).into_diagnostic().wrap_err_with(what)?;
    let limit = Millimetres::from_metres(arguments.cutoff_m);
    let table = outcome.walks_table(limit, &bars).into_diagnostic().wrap_err_with(what)?;
    drop(bars);
    write(&table, &arguments.out).wrap_err_with(what)?;
    print(&format!("{} walks of at most {limit}: {}\n", table.rows(), arguments.out.display()))
}

/// Writes a file as a whole or not at all.
fn write(table: &FeatureTable, out: &Path) -> Result<()> {
    let beside = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = out.file_name().and_then(OsStr::to_str);
    let name = name.ok_or_else(|| miette!("{} names no file: name one to write", out.display()))?;
    let mut folder = OutputFolder::new(beside).into_diagnostic()?;
    folder.add(name, |w| write_csv(w, table)).into_diagnostic()?;
    folder.commit().into_diagnostic()
}
