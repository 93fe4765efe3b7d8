//! `lifecircle access`: measures from files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};
use lifecircle::io::{Amounts, read_amounts_csv, read_bytes};
use lifecircle::{
    DecayUse, MeasureInput, MeasureOf, MeasureOptions, MeasureTables, NamedDecay, NamedMeasure, Parameter,
    ParameterKind, measure_table,
};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::commands::print;
use crate::tables::{read_matrix, write_parts};

#[derive(Debug, Args)]
#[command(after_help = measures_and_decays())]
pub(crate) struct Arguments {
    /// CSV or, under the feature `parquet`, Parquet with `from_id`, `to_id` and `travel_time_min` or `length_m`.
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
    /// Costs between places, as `--matrix`.
    #[arg(long)]
    neighbours: Option<PathBuf>,
    /// Measures, separated by commas: see below.
    #[arg(long, value_delimiter = ',', required = true)]
    measure: Vec<NamedMeasure>,
    /// How weight falls: see below.
    #[arg(long)]
    decay: Option<NamedDecay>,
    #[command(flatten)]
    parameters: Parameters,
    /// The cost up to which the matrix holds every pair, where that is more than its largest.
    #[arg(long)]
    complete: Option<f64>,
    /// The file to write: CSV, or under the feature `parquet` what ends in `.parquet`.
    #[arg(long)]
    out: PathBuf,
}

/// The parameters that are given, each an option of its own.
#[derive(Debug)]
struct Parameters(Vec<(Parameter, Vec<f64>)>);

impl Args for Parameters {
    fn augment_args(command: Command) -> Command {
        let option = |parameter: &Parameter| {
            let argument = Arg::new(parameter.as_str()).long(parameter.as_str()).help(parameter.about());
            argument.value_name(match parameter.kind() {
                ParameterKind::Cost => "COST",
                ParameterKind::Costs => "COSTS",
                ParameterKind::Count => "COUNT",
                ParameterKind::Numbers => "NUMBERS",
                ParameterKind::Bands => "COST:WEIGHT,…",
                _ => "NUMBER",
            })
        };
        command
            .next_help_heading("Parameters, costs in minutes or metres")
            .args(Parameter::ALL.iter().map(option))
            .next_help_heading(None)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Parameters {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, Error> {
        let mut given = vec![];
        for &parameter in Parameter::ALL {
            if let Some(text) = matches.get_one::<String>(parameter.as_str()) {
                let values = numbers(parameter, text).ok_or_else(|| {
                    let expected = match parameter.kind() {
                        ParameterKind::Bands => "costs with a weight each, such as 10:1,20:0.68",
                        ParameterKind::Costs | ParameterKind::Numbers => "numbers, such as 20,25,30",
                        _ => "a number",
                    };
                    let name = parameter.as_str();
                    Error::raw(ErrorKind::InvalidValue, format!("`--{name} {text}`: write {expected}\n"))
                })?;
                given.push((parameter, values));
            }
        }
        Ok(Self(given))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The numbers of a parameter's value; of bands the cost and the weight of each in turn.
fn numbers(parameter: Parameter, text: &str) -> Option<Vec<f64>> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match parameter.kind() {
        ParameterKind::Costs | ParameterKind::Numbers => text.split(',').map(number).collect(),
        ParameterKind::Bands => {
            let band = |text: &str| {
                let (to, weight) = text.split_once(':')?;
                Some([number(to)?, number(weight)?])
            };
            let bands: Option<Vec<[f64; 2]>> = text.split(',').map(band).collect();
            Some(bands?.into_flattened())
        }
        _ => Some(vec![number(text)?]),
    }
}

/// A line for every measure and every decay, with what each needs.
fn measures_and_decays() -> String {
    let mut text = String::new();
    let groups = [
        (MeasureOf::Places, "Measures of places"),
        (MeasureOf::Facilities, "Measures of facilities"),
        (MeasureOf::Pairs, "Measures of pairs, each alone"),
        (MeasureOf::Everybody, "Measures of everybody"),
    ];
    for (of, title) in groups {
        let _ = writeln!(text, "{title}:");
        for measure in NamedMeasure::all().filter(|measure| measure.of() == of) {
            let tables = measure.inputs().iter().map(|input| match input {
                MeasureInput::Supply => "supply",
                MeasureInput::Demand => "demand",
                _ => "neighbours",
            });
            let decay = match measure.decay() {
                DecayUse::Optional => Some("[decay]"),
                DecayUse::Needed => Some("decay"),
                _ => None,
            };
            let needs: Vec<&str> =
                tables.chain(decay).chain(measure.parameters().iter().map(|p| p.as_str())).collect();
            let _ = writeln!(text, "  {:<24}{} ({})", measure.name(), measure.about(), needs.join(", "));
        }
        text.push('\n');
    }
    text.push_str("Decays; binary where a measure may have one and none is named:\n");
    for decay in NamedDecay::all() {
        let way = |way: &[Parameter]| way.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(", ");
        let ways: Vec<String> = decay.ways().map(way).collect();
        let _ = writeln!(text, "  {:<24}{} ({})", decay.name(), decay.about(), ways.join("; or "));
    }
    text.push_str("\nFormulas, sources and edge cases stand in docs/measures.md.");
    text
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
    let costs = |path: &Path| read_matrix(path).wrap_err_with(what);
    let matrix = costs(&arguments.matrix)?;
    let neighbours = arguments.neighbours.as_deref().map(costs).transpose()?;
    let supply = amounts(&arguments.supply, &arguments.supply_column)?;
    let demand = amounts(&arguments.demand, &arguments.demand_column)?;
    let mut options = MeasureOptions::default();
    for (parameter, values) in &arguments.parameters.0 {
        options = options.with(*parameter, values.iter().copied());
    }
    if let Some(decay) = arguments.decay {
        options = options.decay(decay);
    }
    if let Some(complete) = arguments.complete {
        options = options.complete(complete);
    }
    let tables = MeasureTables {
        matrix: &matrix,
        supply: supply.as_ref(),
        demand: demand.as_ref(),
        neighbours: neighbours.as_ref(),
    };
    let (table, notes) =
        measure_table(tables, &arguments.measure, &options).into_diagnostic().wrap_err_with(what)?;
    let rows = table.rows();
    write_parts(&arguments.out, core::iter::once(table)).wrap_err_with(what)?;
    let mut told = format!("{rows} rows: {}\n", arguments.out.display());
    for note in notes {
        let _ = writeln!(told, "{note}");
    }
    print(&told)
}
