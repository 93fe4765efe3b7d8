//! A pack on the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::{CellAlignment, Table};
use lifecircle::taxonomy::{
    Amount, Base, Catalogue, Confidence, Figure, Indicator, Norm, Pack, PackRule, Requirement, Score,
};
use lifecircle::types::{Date, ServiceKey};

use crate::summary::table;

/// All that a pack says on a day, or on any day.
pub(crate) fn pack_tables(pack: &Pack, catalogue: &Catalogue, day: Option<Date>) -> String {
    let holds = |validity: lifecircle::taxonomy::Validity| day.is_none_or(|day| validity.holds(day));
    let rules: Vec<_> = pack.rules().iter().filter(|rule| holds(rule.validity)).collect();
    let norms: Vec<_> = pack.norms().iter().filter(|norm| holds(norm.validity)).collect();
    let figures: Vec<_> = pack.figures().iter().filter(|figure| holds(figure.validity)).collect();
    let indicators: Vec<_> = pack.indicators().iter().filter(|row| holds(row.validity)).collect();
    let scores: Vec<_> = pack.scores().iter().filter(|score| holds(score.validity)).collect();
    let rows =
        Rows { rules: &rules, norms: &norms, figures: &figures, indicators: &indicators, scores: &scores };
    let head = head(pack, &rows);
    if let Some(day) = day.filter(|day| !pack.validity.holds(*day)) {
        return format!("{head}\n\nit does not hold on {day}: a study of that day refuses it");
    }
    let mut parts = vec![head];
    if !rules.is_empty() {
        parts.push(rule_table(catalogue, &rules));
    }
    if !norms.is_empty() {
        parts.push(norm_table(&norms));
    }
    if !indicators.is_empty() {
        parts.push(indicator_table(&indicators));
    }
    if !scores.is_empty() {
        parts.push(score_table(&scores));
    }
    if !figures.is_empty() {
        parts.push(figure_table(&figures));
    }
    parts.extend(unseen(catalogue, &rules));
    parts.join("\n\n")
}

/// The rows of a pack that hold.
struct Rows<'a> {
    rules: &'a [&'a PackRule],
    norms: &'a [&'a Norm],
    figures: &'a [&'a Figure],
    indicators: &'a [&'a Indicator],
    scores: &'a [&'a Score],
}

fn head(pack: &Pack, rows: &Rows<'_>) -> String {
    let place =
        if pack.jurisdiction == "*" { "anywhere".to_owned() } else { format!("in {}", pack.jurisdiction) };
    let mut text = format!("{}: {}\nholds {place}{}", pack.key, pack.title, pack.validity);
    if !pack.lineage.is_empty() {
        let _ = write!(text, "; inherits from {}", pack.lineage.join(", then "));
    }
    let asked = |requirement| rows.rules.iter().filter(|rule| rule.requirement == requirement).count();
    let _ = write!(
        text,
        "\n{} rules ({} must, {} as needed, {} feature), {} norms, {} indicators, {} scores, {} figures",
        rows.rules.len(),
        asked(Requirement::Must),
        asked(Requirement::AsNeeded),
        asked(Requirement::Feature),
        rows.norms.len(),
        rows.indicators.len(),
        rows.scores.len(),
        rows.figures.len()
    );
    let mut sure: BTreeMap<Confidence, usize> = BTreeMap::new();
    let backings = rows.rules.iter().map(|rule| &rule.backing);
    let backings = backings.chain(rows.norms.iter().map(|norm| &norm.backing));
    let backings = backings.chain(rows.indicators.iter().map(|indicator| &indicator.backing));
    let backings = backings.chain(rows.scores.iter().map(|score| &score.backing));
    for backing in backings.chain(rows.figures.iter().map(|figure| &figure.backing)) {
        *sure.entry(backing.confidence).or_default() += 1;
    }
    let counts: Vec<_> = sure.iter().map(|(confidence, count)| format!("{count} {confidence}")).collect();
    let _ = write!(text, "\nhow sure they are: {}", counts.join(", "));
    text
}

fn rule_table(catalogue: &Catalogue, rules: &[&PackRule]) -> String {
    let mut table = table(&["Rule", "asked", "limit", "over", "level", "sure", "source"]);
    for rule in rules {
        let mut limit = rule.rule.to_string();
        if let Some(also) = rule.also {
            let _ = write!(limit, " ({also})");
        }
        for (zone, other) in &rule.rule_in {
            let _ = write!(limit, "; {zone}: {}", other.limit());
        }
        let mut asked = rule.requirement.to_string();
        for (zone, other) in &rule.requirement_in {
            let _ = write!(asked, "; {zone}: {other}");
        }
        if !rule.accepts.is_empty() {
            let names: Vec<String> = rule.accepts.iter().map(|key| key.as_str().replace('_', " ")).collect();
            let _ = write!(limit, "; also to: {}", names.join(", "));
        }
        if let Some(target) = &rule.target {
            let _ = write!(asked, "; {} % of residents", target.share * 100.0);
        }
        table.add_row(vec![
            catalogue
                .service(&rule.service)
                .map_or_else(|| rule.service.to_string(), |service| service.en.clone()),
            asked.replace('_', " "),
            limit.replace('_', " "),
            rule.counted_over.map_or_else(String::new, |unit| unit.to_string()),
            rule.level.clone().unwrap_or_default(),
            rule.backing.confidence.to_string(),
            rule.backing.source.clone(),
        ]);
    }
    table.to_string()
}

fn norm_table(norms: &[&Norm]) -> String {
    let mut table = table(&["Norm", "amount", "of", "per", "over", "sure", "source"]);
    for norm in norms {
        let mut of = norm.measure.to_string();
        let wish = norm.preferred.map(|wish| format!("wished for: {wish}"));
        for more in [norm.what.clone(), norm.level.clone(), wish].into_iter().flatten() {
            let _ = write!(of, ", {more}");
        }
        let base = norm.base.to_string().replace('_', " ");
        let mut per = match norm.base {
            Base::Whole => format!("{} of all", norm.per),
            _ if (norm.per - 1.0).abs() < f64::EPSILON => base,
            _ => format!("{} {base}", norm.per),
        };
        for more in [norm.ages.map(|ages| ages.to_string()), norm.case.clone()].into_iter().flatten() {
            let _ = write!(per, ", {more}");
        }
        table.add_row(vec![
            norm.key.clone(),
            amount(norm.amount),
            of.replace('_', " "),
            per,
            norm.counted_over.map_or_else(String::new, |unit| unit.to_string()),
            norm.backing.confidence.to_string(),
            norm.backing.source.clone(),
        ]);
    }
    with_amounts(table)
}

fn indicator_table(indicators: &[&Indicator]) -> String {
    let mut table = table(&["Indicator", "target", "unit", "better", "over", "sure", "source"]);
    for indicator in indicators {
        let mut target = indicator.target.map_or_else(String::new, |goal| amount(goal.amount));
        for (zone, goal) in &indicator.target_in {
            let before = if target.is_empty() { "" } else { "; " };
            let _ = write!(target, "{before}{zone}: {}", amount(goal.amount));
        }
        table.add_row(vec![
            format!("{}: {}", indicator.key, indicator.en),
            target.replace('_', " "),
            indicator.unit.clone(),
            indicator.better.to_string(),
            indicator.counted_over.map_or_else(String::new, |unit| unit.to_string()),
            indicator.backing.confidence.to_string(),
            indicator.backing.source.clone(),
        ]);
    }
    with_amounts(table)
}

fn score_table(scores: &[&Score]) -> String {
    let mut table = table(&["Score", "parts", "combined", "over", "sure", "source"]);
    for score in scores {
        let parts = score.parts.iter().zip(&score.weights);
        let parts: Vec<String> =
            parts.map(|(part, weight)| format!("{:.0} % {}", 100.0 * weight, part.of)).collect();
        table.add_row(vec![
            format!("{}: {}", score.key, score.en),
            parts.join("; ").replace('_', " "),
            score.combine.to_string(),
            score.counted_over.map_or_else(String::new, |unit| unit.to_string()),
            score.backing.confidence.to_string(),
            score.backing.source.clone(),
        ]);
    }
    table.to_string()
}

fn figure_table(figures: &[&Figure]) -> String {
    let mut table = table(&["Figure", "amount", "unit", "year", "kind", "sure", "source"]);
    for figure in figures {
        table.add_row(vec![
            figure
                .level
                .as_ref()
                .map_or_else(|| figure.en.clone(), |level| format!("{}: {level}", figure.en)),
            amount(figure.amount),
            figure.unit.clone(),
            figure.year.map_or_else(String::new, |year| year.to_string()),
            figure.kind.to_string(),
            figure.backing.confidence.to_string(),
            figure.backing.source.clone(),
        ]);
    }
    with_amounts(table)
}

/// The table, its second column of amounts to the right.
fn with_amounts(mut table: Table) -> String {
    if let Some(amounts) = table.column_mut(1) {
        amounts.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn amount(amount: Amount) -> String {
    match (amount.at_least, amount.at_most) {
        (None, None) => String::new(),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (Some(low), Some(high)) if low.total_cmp(&high).is_eq() => low.to_string(),
        (Some(low), Some(high)) => format!("{low} to {high}"),
    }
}

/// Services that are required and that no map shows: they need a table.
fn unseen(catalogue: &Catalogue, rules: &[&PackRule]) -> Option<String> {
    let is_seen = |rule: &PackRule| {
        rule.counting(catalogue).any(|service: &ServiceKey| catalogue.map_quality(service).is_some())
    };
    let names: Vec<String> = rules
        .iter()
        .filter(|rule| rule.requirement == Requirement::Must && !is_seen(rule))
        .map(|rule| rule.service.as_str().replace('_', " "))
        .collect();
    (!names.is_empty())
        .then(|| format!("no map shows these, which are required; they need a table: {}", names.join(", ")))
}
