//! Scores from a table of values: which cities, which communities go first.

use std::path::PathBuf;

use lifecircle::indicators::{Attainment, ScoreResult, UnitScore, score_stated, scores_table};
use lifecircle::io::{OutputFolder, read_values_csv, write_csv};
use lifecircle::open_pack;
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::Date;
use miette::{IntoDiagnostic, Result, WrapErr, miette};

use crate::commands::print;
use crate::indicators::score as shown;
use crate::summary::{right, table};

/// Lines of a score.
const SHOWN: usize = 20;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The pack that scores: its file, or the key of a built-in pack.
    pack: String,
    /// Values by unit: a table with the columns `key`, `unit`, `value` and, where there are several, `year`.
    values: PathBuf,
    /// The day on which the pack has to hold, `YYYY-MM-DD`; later values are left out.
    #[arg(long)]
    date: Date,
    /// This score alone; every score that the table says something about unless given.
    #[arg(long)]
    key: Option<String>,
    /// Folder for `scores.csv`; nothing is written unless given.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(crate) fn score(arguments: &Arguments) -> Result<()> {
    let name = arguments.values.display().to_string();
    let what = || format!("{name} cannot be scored");
    let pack = open_pack(&arguments.pack, &Catalogue::builtin()).into_diagnostic().wrap_err_with(what)?;
    let bytes = std::fs::read(&arguments.values).into_diagnostic().wrap_err_with(what)?;
    let read = read_values_csv(&bytes, &name).into_diagnostic().wrap_err_with(what)?;
    if read.value.iter().all(|value| value.unit.is_none()) {
        let help = "add a column `unit` with the code or name of the unit of each value";
        return Err(miette!(help = help, "no value names a unit")).wrap_err_with(what);
    }
    let mut results = score_stated(core::slice::from_ref(&pack), &read.value, arguments.date);
    let known: Vec<String> = results.iter().map(|result| result.applied.score.key.clone()).collect();
    if let Some(key) = &arguments.key {
        results.retain(|result| result.applied.score.key == *key);
    }
    if results.is_empty() {
        let asked: Vec<&str> = pack.scores().iter().map(|score| score.key.as_str()).collect();
        return Err(miette!(
            help = "a score is made of indicators with `what = \"value\"`: their keys belong into the column `key`",
            "`{}` scores {} on {}, and the table says something about {}",
            pack.key,
            listed(&asked),
            arguments.date,
            listed(&known)
        ))
        .wrap_err_with(what);
    }
    if let Some(folder) = &arguments.out {
        let scored = scores_table(&results).into_diagnostic()?;
        let mut output = OutputFolder::new(folder).into_diagnostic()?;
        output.add("scores.csv", |w| write_csv(w, &scored)).into_diagnostic()?;
        output.commit().into_diagnostic().wrap_err_with(what)?;
    }
    let tables: Vec<String> = results.iter().map(one).collect();
    print(&format!("{name}: {}\n\n{}\n", read.fate, tables.join("\n\n")))
}

fn listed(words: &[impl AsRef<str>]) -> String {
    if words.is_empty() {
        return "nothing".into();
    }
    words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

fn one(result: &ScoreResult) -> String {
    let score = &result.applied.score;
    let mut units: Vec<&UnitScore> = result.units.iter().filter(|unit| unit.unit.is_some()).collect();
    // chosen ones first, then by rank; the unranked last
    units.sort_by_key(|unit| (!unit.is_chosen, unit.rank.unwrap_or(u32::MAX)));
    let chosen = units.iter().filter(|unit| unit.is_chosen).count();
    let mut table = table(&[score.en.as_str(), "score", "rank", "if weights move", ""]);
    for unit in units.iter().take(SHOWN) {
        let range = unit.rank_range.map_or_else(String::new, |(best, worst)| format!("{best} to {worst}"));
        let stands = match (unit.is_chosen, unit.eligible) {
            (true, _) => "chosen",
            (false, Some(Attainment::Missed)) => "not eligible",
            (false, Some(Attainment::Open)) => "nobody knows whether it is eligible",
            _ => "",
        };
        let rank = unit.rank.map_or_else(String::new, |rank| rank.to_string());
        table.add_row(vec![unit.label.clone(), shown(unit), rank, range, stands.into()]);
    }
    right(&mut table, 1);
    right(&mut table, 2);
    let more = units.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!("\n{more} more in scores.csv") } else { String::new() };
    let head = match score.choose {
        Some(many) => format!("{chosen} of {} units chosen, up to {many} wanted", units.len()),
        None => format!("{} units", units.len()),
    };
    let last = units.iter().filter(|unit| unit.is_chosen).filter_map(|unit| unit.rank).max();
    let passed_over = |unit: &&&UnitScore| {
        !unit.is_chosen && unit.eligible == Some(Attainment::Met) && unit.rank.is_some() && unit.rank == last
    };
    let tied = units.iter().filter(passed_over).count();
    let head = if tied > 0 {
        format!("{head}; {tied} more share the rank of the last: of equals the first codes are chosen")
    } else {
        head
    };
    let note = result.note.as_ref().map_or_else(String::new, |note| format!("\n{note}"));
    format!("{}: {head}{note}\n{table}{rest}", score.key)
}
