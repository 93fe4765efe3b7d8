//! `lifecircle compare`: what changed between two runs.

use std::path::{Path, PathBuf};

use lifecircle::indicators::{Change, Range};
use lifecircle::{Comparison, Study};
use miette::{IntoDiagnostic, Result, WrapErr};

use crate::bars::Bars;
use crate::commands::{beside, print};
use crate::summary::{people, right, table};

/// Services and problems in the tables.
const SHOWN: usize = 12;

pub(crate) fn compare(before: &Path, after: &Path, out: Option<PathBuf>, quiet: bool) -> Result<()> {
    let cannot = |study: &Path| format!("{} cannot be assessed", study.display());
    let bars = Bars::new(quiet);
    let earlier = Study::open(before, &bars).into_diagnostic().wrap_err_with(|| cannot(before))?;
    let later = Study::open(after, &bars).into_diagnostic().wrap_err_with(|| cannot(after))?;
    let earlier = earlier.assess(&bars).into_diagnostic().wrap_err_with(|| cannot(before))?;
    let later = later.assess(&bars).into_diagnostic().wrap_err_with(|| cannot(after))?;
    drop(bars);
    let what = || format!("{} and {} cannot be compared", before.display(), after.display());
    let comparison = Comparison::new(&earlier, &later).into_diagnostic().wrap_err_with(what)?;
    let out = out.unwrap_or_else(|| beside(after).join("compare"));
    comparison.write(&out).into_diagnostic().wrap_err_with(what)?;
    print(&format!("{}\n\nResults: {}\n", report(&comparison), out.display()))
}

fn report(comparison: &Comparison<'_>) -> String {
    let (before, after) = (&comparison.before.provenance, &comparison.after.provenance);
    let residents = |assessment: &lifecircle::indicators::Assessment| people(assessment.residents.people);
    let head = format!(
        "{}, {}: {} residents\n{}, {}: {} residents",
        before.study,
        before.date,
        residents(&comparison.before.assessment),
        after.study,
        after.date,
        residents(&comparison.after.assessment),
    );
    let mut parts = vec![head, services(comparison), problems(comparison), units(comparison)];
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// The services whose coverage moved most.
fn services(comparison: &Comparison<'_>) -> String {
    let share = |range: Option<Range>| range.and_then(|range| range.strict.share());
    let mut moved: Vec<(&str, f64, f64)> = comparison
        .services
        .iter()
        .filter_map(|service| Some((service.en.as_str(), share(service.before)?, share(service.after)?)))
        .filter(|(_, before, after)| (after - before).abs() >= 0.000_5)
        .collect();
    moved.sort_by(|a, b| (b.2 - b.1).abs().total_cmp(&(a.2 - a.1).abs()).then_with(|| a.0.cmp(b.0)));
    if moved.is_empty() {
        return "No service covers another share of the residents.".into();
    }
    let mut table = table(&["Residents covered", "before", "after", "points"]);
    for (name, before, after) in moved.iter().take(SHOWN) {
        let points = (after - before) * 100.0;
        table.add_row(vec![
            (*name).into(),
            format!("{:.1} %", before * 100.0),
            format!("{:.1} %", after * 100.0),
            format!("{points:+.1}"),
        ]);
    }
    right(&mut table, 1);
    table.to_string()
}

fn problems(comparison: &Comparison<'_>) -> String {
    let counts = Change::ALL.iter().map(|&change| format!("{} {change}", comparison.count(change)));
    let text = format!("Problems: {}", counts.collect::<Vec<_>>().join(", "));
    let mut table = table(&["Change", "unit", "service", "class", "gap before", "gap after", ""]);
    let gap = |gap: Option<f64>| gap.map_or_else(String::new, |gap| format!("{gap:.1}"));
    let mut shown = 0;
    for wanted in [Change::New, Change::Worse, Change::Solved, Change::Better] {
        for change in comparison.problems.iter().filter(|change| change.change == wanted).take(SHOWN / 4) {
            let Some(problem) = comparison.problem(change) else { continue };
            let of =
                |row: Option<usize>, all: &[lifecircle::indicators::Problem]| row.map(|row| all[row].gap);
            table.add_row(vec![
                wanted.to_string(),
                problem.label.clone(),
                problem.service.as_str().replace('_', " "),
                problem.class.as_str().replace('_', " "),
                gap(of(change.before, &comparison.before.problems)),
                gap(of(change.after, &comparison.after.problems)),
                problem.gap_in.clone(),
            ]);
            shown += 1;
        }
    }
    if shown == 0 {
        return text;
    }
    right(&mut table, 4);
    format!("{text}\n\n{table}\nall of them in changes.csv")
}

/// Units that did not simply go on.
fn units(comparison: &Comparison<'_>) -> String {
    let matching = &comparison.units;
    let mut lines = Vec::new();
    for (unit, parts) in &matching.splits {
        lines.push(format!("unit {unit} was split into {}", parts.join(", ")));
    }
    for (unit, parts) in &matching.merges {
        lines.push(format!("unit {unit} took in {}", parts.join(", ")));
    }
    if !matching.gone.is_empty() {
        lines.push(format!("units that do not go on: {}", matching.gone.join(", ")));
    }
    if !matching.new.is_empty() {
        lines.push(format!("new units: {}", matching.new.join(", ")));
    }
    lines.join("\n")
}
