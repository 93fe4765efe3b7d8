#![doc = include_str!("../README.md")]

mod bars;
mod commands;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
        /// Prints no progress.
        #[arg(long)]
        quiet: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Assess { study, out, quiet } => commands::assess(&study, out, quiet),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            #[expect(clippy::print_stderr, reason = "the command's one way to say what went wrong")]
            {
                eprintln!("{report:?}");
            }
            ExitCode::FAILURE
        }
    }
}
