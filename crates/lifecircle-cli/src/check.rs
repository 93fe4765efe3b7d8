//! A development plan, clause by clause, and the gate.

use std::path::Path;
use std::process::ExitCode;

use lifecircle::check_plan_file;
use lifecircle::indicators::{Clause, Gate, PlanCheck, Stage, Verdict, clauses_table};
use lifecircle::io::{OutputFolder, write_csv, write_json};
use lifecircle::taxonomy::Confidence;
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::commands::print;
use crate::indicators::figure;
use crate::summary::{right, table};

/// Lines of clauses that are not asked.
const SHOWN: usize = 8;

/// Checks a plan: 0 when it passes, 2 when it is refused, 3 when it stays open.
pub(crate) fn check(plan: &Path, out: Option<&Path>) -> Result<ExitCode> {
    let what = || format!("{} cannot be checked", plan.display());
    let checked = check_plan_file(plan).into_diagnostic().wrap_err_with(what)?;
    if let Some(folder) = out {
        let clauses = clauses_table(&checked).into_diagnostic()?;
        let mut output = OutputFolder::new(folder).into_diagnostic()?;
        output.add("check.csv", |w| write_csv(w, &clauses)).into_diagnostic()?;
        output.add("check.json", |w| write_json(w, &checked)).into_diagnostic()?;
        output.commit().into_diagnostic().wrap_err_with(what)?;
    }
    print(&format!("{}\n", text(&checked)))?;
    Ok(match checked.gate {
        Gate::Passed => ExitCode::SUCCESS,
        Gate::Refused => ExitCode::from(2),
        Gate::Open => ExitCode::from(3),
    })
}

fn text(checked: &PlanCheck) -> String {
    let stop = match checked.stage {
        Stage::Drawings => "the drawings may not be approved",
        Stage::Acceptance => "it may not be handed over",
    };
    let gate = match checked.gate {
        Gate::Passed => "PASSED: it keeps every clause that is asked of it".to_owned(),
        Gate::Refused => format!("REFUSED: {stop}"),
        Gate::Open => {
            "OPEN: something is not stated, misses a figure that nobody has confirmed, or nothing was asked"
                .to_owned()
        }
    };
    let count = |verdict| checked.with(verdict).count();
    let recalled =
        checked.with(Verdict::Refuse).filter(|clause| clause.confidence == Confidence::Memory).count();
    let recalled = if recalled > 0 {
        format!(" ({recalled} by figures that nobody has confirmed)")
    } else {
        String::new()
    };
    let mut parts = vec![
        format!("{}: {gate}", checked.name),
        format!(
            "{} clauses kept, {} missed{}, {} not to be told from the plan, {} not asked of it",
            count(Verdict::Pass),
            count(Verdict::Refuse),
            recalled,
            count(Verdict::Unstated),
            count(Verdict::NotAsked)
        ),
    ];
    for (verdict, head) in
        [(Verdict::Refuse, "Missed"), (Verdict::Unstated, "Not stated"), (Verdict::Pass, "Kept")]
    {
        let clauses: Vec<&Clause> = checked.with(verdict).collect();
        if clauses.is_empty() {
            continue;
        }
        let mut table = table(&[head, "needs", "has", "why", "pack", "source"]);
        for clause in clauses {
            let star = if clause.confidence == Confidence::Memory { "*" } else { "" };
            let shown = |value: Option<f64>| value.map_or_else(String::new, figure);
            table.add_row(vec![
                format!("{}{star}", clause.asks),
                shown(clause.needs),
                shown(clause.has),
                clause.reason.clone().unwrap_or_default(),
                clause.pack.clone(),
                clause.source.clone(),
            ]);
        }
        right(&mut table, 1);
        right(&mut table, 2);
        parts.push(table.to_string());
    }
    let rest: Vec<String> = checked
        .with(Verdict::NotAsked)
        .take(SHOWN)
        .map(|clause| format!("  {}: {}", clause.asks, clause.reason.as_deref().unwrap_or_default()))
        .collect();
    if !rest.is_empty() {
        let more = count(Verdict::NotAsked).saturating_sub(SHOWN);
        let more = if more > 0 { format!("\n  and {more} more (check.csv)") } else { String::new() };
        parts.push(format!("Not asked of this plan\n{}{more}", rest.join("\n")));
    }
    if checked.clauses.iter().any(|clause| clause.confidence == Confidence::Memory) {
        parts.push("* a figure that nobody has confirmed: it refuses nothing".into());
    }
    parts.join("\n\n")
}
