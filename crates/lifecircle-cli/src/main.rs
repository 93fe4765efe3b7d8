#![doc = include_str!("../README.md")]

mod access;
mod bands;
mod bars;
mod beside;
mod bundle;
mod check;
mod commands;
mod compare;
mod hours;
mod indicators;
mod journeys;
mod matrix;
mod monitoring;
mod outreach;
mod packs;
mod problems;
mod report;
mod schema;
mod score;
mod severance;
mod summary;
mod synth;
mod tables;
mod walkers;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use miette::MietteHandlerOpts;

/// Who lives within a walk of which public service, who does not, and why.
#[derive(Debug, Parser)]
#[command(name = "lifecircle", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Assesses a place: coverage of every service, the three shares, the worst units, every gap.
    Assess {
        /// A folder with a `study.toml`, or the file itself.
        study: PathBuf,
        /// Folder for the results; `out` beside the study unless given.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Leaves out the files with rows for every home (`residents.geojson`, `links.geojson`, `gaps.csv`), which are gigabytes
        /// for a million homes.
        #[arg(long)]
        summary: bool,
        /// Prints no progress.
        #[arg(long)]
        quiet: bool,
    },
    /// Assesses a place and puts the study, all that it reads, its packs and the results into one ZIP file that anybody can
    /// check.
    Bundle {
        /// A folder with a `study.toml`, or the file itself.
        study: PathBuf,
        /// The file to write.
        #[arg(long)]
        out: PathBuf,
        /// Prints no progress.
        #[arg(long)]
        quiet: bool,
    },
    /// Checks a bundle: every file against its hash, every result against a run of the bundled study. Exit code 0 when all
    /// is the same, 2 when something differs, 1 for a file that is no bundle.
    Verify {
        /// The bundle.
        file: PathBuf,
        /// Prints no progress.
        #[arg(long)]
        quiet: bool,
    },
    /// Compares two runs by the same standards: years, scenarios, before and after.
    Compare {
        /// The earlier study: a folder with a `study.toml`, or the file itself.
        before: PathBuf,
        /// The later study.
        after: PathBuf,
        /// Folder for the results; `compare` beside the later study unless given.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Prints no progress.
        #[arg(long)]
        quiet: bool,
    },
    /// Computes accessibility measures from files: a travel matrix, supply and demand.
    Access(access::Arguments),
    /// Writes the walks of a study between residents and facilities as a travel matrix.
    Matrix(matrix::Arguments),
    /// Checks a pack and shows all it says, with what it inherits.
    CheckPack {
        /// A pack's file, or the key of a built-in pack.
        #[arg(required_unless_present = "list")]
        pack: Option<String>,
        /// Lists the built-in packs.
        #[arg(long, conflicts_with = "pack")]
        list: bool,
        /// Shows the rules, norms, indicators, scores and figures that hold on this day, `YYYY-MM-DD`; all of them unless given.
        #[arg(long)]
        date: Option<String>,
    },
    /// Checks a development plan against packs, clause by clause: exit code 0 when it passes, 2 when it is refused, 3 when
    /// something is not stated.
    Check {
        /// The plan's file.
        plan: PathBuf,
        /// Folder for `check.csv` and `check.json`; nothing is written unless given.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Writes the report of a study: one HTML file that works offline, in Chinese or English.
    Report(report::Arguments),
    /// Writes what results look like: a JSON Schema of every JSON and GeoJSON file, a description of every CSV, TypeScript
    /// types.
    Schema {
        /// Folder for the files.
        #[arg(long)]
        out: PathBuf,
    },
    /// Scores units from a table of values: which cities, which communities go first.
    Score(score::Arguments),
    /// Grows a synthetic city from a seed and writes it as a study.
    Synth(synth::Arguments),
}

fn main() -> ExitCode {
    // a terminal gets lines that fit; a file or another program gets each part of the message whole
    let wrap = std::io::stderr().is_terminal();
    // fails only when a hook is set already
    let _ = miette::set_hook(Box::new(move |_| Box::new(MietteHandlerOpts::new().wrap_lines(wrap).build())));
    let done = match Arguments::parse().command {
        Command::Check { plan, out } => check::check(&plan, out.as_deref()),
        Command::Verify { file, quiet } => bundle::verify(&file, quiet),
        command => run(command).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(report) => {
            #[expect(clippy::print_stderr, reason = "the command's one way to say what went wrong")]
            {
                eprintln!("{report:?}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Runs a command whose only answer is whether it could be done.
fn run(command: Command) -> miette::Result<()> {
    match command {
        Command::Assess { study, out, summary, quiet } => commands::assess(&study, out, summary, quiet),
        Command::Bundle { study, out, quiet } => bundle::bundle(&study, &out, quiet),
        Command::Verify { file, quiet } => bundle::verify(&file, quiet).map(|_| ()),
        Command::Compare { before, after, out, quiet } => compare::compare(&before, &after, out, quiet),
        Command::Access(arguments) => access::access(&arguments),
        Command::Matrix(arguments) => matrix::matrix(&arguments),
        Command::Check { plan, out } => check::check(&plan, out.as_deref()).map(|_| ()),
        Command::CheckPack { pack: Some(pack), date, .. } => commands::check_pack(&pack, date.as_deref()),
        Command::CheckPack { pack: None, .. } => commands::list_packs(),
        Command::Report(arguments) => report::report(&arguments),
        Command::Schema { out } => schema::schema(&out),
        Command::Score(arguments) => score::score(&arguments),
        Command::Synth(arguments) => synth::synth(&arguments),
    }
}
