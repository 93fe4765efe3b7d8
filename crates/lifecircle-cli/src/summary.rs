//! The table on the terminal.

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use lifecircle::access::Portion;
use lifecircle::indicators::{Attainment, InventoryState, Range, ServiceResult};
use lifecircle::taxonomy::Requirement;
use lifecircle::types::{AgeBand, Group, GroupBasis, People, Placement, Rule, ServiceKey};
use lifecircle::{Density, Moves, Outcome};

use crate::bands::bands;
use crate::beside::{parity, seasons};
use crate::hours::hours;
use crate::indicators::{indicators, scores};
use crate::journeys::journeys;
use crate::monitoring::monitoring;
use crate::outreach::outreach;
use crate::problems::problems;
use crate::severance::severance;
use crate::walkers::{driving, walkers};

/// Share of residents from which a fault of the map stands in the headline.
const NOTABLE: f64 = 0.01;

/// What a planner wants to see first, in the order in which they want to see it.
pub(crate) fn summary(outcome: &Outcome<'_>) -> String {
    let parts = [
        headline(outcome),
        shares(outcome),
        services(outcome),
        walkers(outcome),
        driving(outcome),
        bases(outcome),
        bands(outcome),
        hours(outcome),
        severance(outcome),
        journeys(outcome),
        outreach(outcome),
        parity(outcome),
        seasons(outcome),
        indicators(outcome),
        scores(outcome),
        monitoring(outcome),
        problems(outcome),
        worst_units(outcome),
        account(outcome),
    ];
    let parts: Vec<_> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

fn headline(outcome: &Outcome<'_>) -> String {
    let assessment = &outcome.assessment;
    let required = assessment.shares.first().map_or(0, |all| all.services.len());
    let mut text = format!(
        "{required} of {} required services could be assessed ({}).\n",
        assessment.must,
        percent(assessment.assessed_share())
    );
    let provenance = &outcome.provenance;
    let packs: Vec<_> = provenance.packs.iter().map(|pack| pack.title.as_str()).collect();
    let residents = &assessment.residents;
    let _ = writeln!(text, "{}, {}, by: {}", provenance.study, provenance.date, packs.join("; "));
    if provenance.settings.open_gates {
        let _ = writeln!(text, "scenario: everybody may pass private streets and gates");
    }
    let _ = writeln!(text, "{} residents in {} places", people(residents.people), grouped(residents.places));
    let share = |part: People| part.share_of(residents.people).unwrap_or(0.0);
    let nowhere = residents.by_placement.get(&Placement::Unplaced).copied().unwrap_or_default();
    if share(nowhere) >= NOTABLE {
        let _ = writeln!(
            text,
            "{} of them ({}) have no position; every figure counts them as unserved",
            people(nowhere),
            percent(Some(share(nowhere)))
        );
    }
    let without_street = residents.without_street - nowhere;
    if share(without_street) >= NOTABLE {
        let _ = writeln!(
            text,
            "{} of them ({}) live where the map has no street within reach; every figure counts them as unserved",
            people(without_street),
            percent(Some(share(without_street)))
        );
    }
    if share(residents.on_islands) >= NOTABLE {
        let _ = writeln!(
            text,
            "{} of them ({}) live on streets cut off from the main network and reach only what lies on their island; \
             look for closed or missing links in the map",
            people(residents.on_islands),
            percent(Some(share(residents.on_islands)))
        );
    }
    text
}

fn shares(outcome: &Outcome<'_>) -> String {
    let mut table = table(&["Residents with", "every required service", "on average", "none"]);
    for shares in &outcome.assessment.shares {
        if shares.services.is_empty() || shares.scope.starts_with("domain:") {
            continue;
        }
        let name = match shares.scope.strip_prefix("tier:") {
            Some("none") => format!("no tier here ({} services)", shares.services.len()),
            Some(tier) => format!("tier {} ({} services)", tier.replace('_', " "), shares.services.len()),
            None => format!("all {} services", shares.services.len()),
        };
        table.add_row(vec![name, range(&shares.every), range(&shares.mean), range(&shares.none)]);
    }
    right(&mut table, 1);
    table.to_string()
}

/// Coverage by residents, land, buildings and units, where the study holds land or buildings.
fn bases(outcome: &Outcome<'_>) -> String {
    let Some(first) = outcome.bases.first() else { return String::new() };
    let kinds: Vec<_> = first.units.iter().map(|units| units.kind).collect();
    let mut header: Vec<String> =
        ["Covered", "residents", "residential land", "residential buildings", "dwellings"]
            .map(String::from)
            .into();
    header.extend(kinds.iter().map(|kind| format!("one in the {kind}")));
    header.extend(["residents/ha within", "beyond"].map(String::from));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = table(&header);
    let portion = |portion: Option<Portion>| percent(portion.and_then(Portion::share));
    for bases in &outcome.bases {
        let per_ha = |of: fn(&Density) -> Option<f64>| {
            bases.density.as_ref().and_then(of).map_or_else(|| "-".into(), |density| format!("{density:.0}"))
        };
        let mut row = vec![
            title(outcome, &bases.service).to_string(),
            bases.people.as_ref().map_or_else(|| "-".into(), range),
            portion(bases.land),
            portion(bases.buildings),
            portion(bases.dwellings),
        ];
        row.extend(bases.units.iter().map(|units| portion(Some(units.units))));
        row.extend([per_ha(|density| density.within_per_ha), per_ha(|density| density.beyond_per_ha)]);
        table.add_row(row);
    }
    right(&mut table, 1);
    let off_land = outcome.bases.iter().find_map(|bases| bases.density).map(|density| density.off_land);
    let note = off_land.filter(|off| *off > People::ZERO).map_or_else(String::new, |off| {
        format!("\nhomes of {} residents lie on no residential land of the map", people(off))
    });
    format!("{table}{note}")
}

fn services(outcome: &Outcome<'_>) -> String {
    let assessment = &outcome.assessment;
    let young_and_old = young_and_old(assessment.residents.groups.iter().map(|total| &total.group));
    let own_pace = assessment
        .services
        .iter()
        .any(|service| service.pace.iter().any(|pace| pace.group.is_none() && pace.walker.is_none()));
    let mut header: Vec<String> =
        ["Service", "rule", "places", "residents", "target", ""].map(String::from).into();
    for group in &young_and_old {
        header.extend(is_counted(group).then(|| group_title(group)));
        header.push(format!("{} at own pace", group_title(group)));
    }
    header.extend(own_pace.then(|| "all at own pace".to_string()));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = table(&header);
    for service in &assessment.services {
        table.add_row(service_row(service, &young_and_old, own_pace));
    }
    right(&mut table, 2);
    let mut notes = not_assessed(&assessment.services);
    if assessment
        .services
        .iter()
        .any(|s| s.coverage.is_some_and(|c| !c.is_exact()) || s.inventory.uncertain > 0)
    {
        notes.push(
            "a-b: places of unknown level count for none, or for their family's usual level".to_string(),
        );
    }
    let beside = |service: &ServiceResult| {
        let (own, any) = (service.coverage?.lenient.share()?, service.any_level?.share()?);
        (any > own).then(|| format!("{} {}", service.en, percent(Some(any))))
    };
    let levels: Vec<_> = assessment.services.iter().filter_map(beside).collect();
    if !levels.is_empty() {
        notes.push(format!("if every level counted, which it does not: {}", levels.join(", ")));
    }
    if !assessment.no_rule.is_empty() {
        let names: Vec<_> =
            assessment.no_rule.iter().map(|service| service.as_str().replace('_', " ")).collect();
        notes.push(format!("no rule in these packs: {}", names.join(", ")));
    }
    if assessment.services.iter().any(|service| service.requirement != Requirement::Must) {
        notes.push("(in brackets): not required".to_string());
    }
    let by_distance =
        |service: &ServiceResult| matches!(service.rule, Rule::WalkDistance(_)) && !service.pace.is_empty();
    if own_pace && assessment.services.iter().any(by_distance) {
        notes.push(
            "at own pace, a rule in metres is asked in the minutes that stand beside it, where there are any"
                .into(),
        );
    }
    if assessment.services.iter().any(ServiceResult::is_unconfirmed) {
        notes.push("*: unconfirmed figure".to_string());
    }
    let mut sources: Vec<&str> =
        assessment.services.iter().filter_map(|s| Some(s.target.as_ref()?.source.as_str())).collect();
    sources.sort_unstable();
    sources.dedup();
    notes.extend(sources.iter().map(|source| format!("target: {source}")));
    let laid: Vec<_> =
        young_and_old.iter().filter(|group| !is_counted(group)).map(|g| group_title(g)).collect();
    if !laid.is_empty() {
        notes.push(format!(
            "{}: one share for the whole place, laid over every home alike; where they live is not known, and with \
             the standard walker their figure is that of all residents",
            laid.join(", ")
        ));
    }
    let fitted: Vec<_> = young_and_old.iter().filter(|group| group.basis == GroupBasis::Fitted).collect();
    if !fitted.is_empty() {
        notes.push(format!(
            "{}: fitted to totals of areas; inside an area every home has the same mix",
            fitted.iter().map(|group| group_title(group)).collect::<Vec<_>>().join(", ")
        ));
    }
    notes.insert(0, table.to_string());
    notes.join("\n")
}

/// The widest band of the young and that of the old; of several equally wide ones the first.
fn young_and_old<'a>(groups: impl Iterator<Item = &'a Group> + Clone) -> Vec<&'a Group> {
    let plain = groups.filter(|group| {
        group.sex.is_none() && group.status.is_none() && group.vulnerability.is_none() && group.age.is_some()
    });
    let years = |group: &&Group| group.age.map_or(0, |age| age.to.unwrap_or(u8::MAX) - age.from);
    let widest = |keep: fn(AgeBand) -> bool| {
        let kept = plain.clone().filter(|group| group.age.is_some_and(keep));
        kept.min_by_key(|group| core::cmp::Reverse(years(group)))
    };
    widest(|age| age.is_under(18)).into_iter().chain(widest(|age| age.from >= 60)).collect()
}

/// Why services could not be assessed, or only in part: one line per reason.
fn not_assessed(services: &[ServiceResult]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for service in services.iter().filter(|service| {
        matches!(service.inventory.state, InventoryState::NotAssessed | InventoryState::Partial)
    }) {
        let reason = service.inventory.reason.as_str();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(&service.en),
            None => reasons.push((reason, vec![&service.en])),
        }
    }
    let line = |(reason, names): (&str, Vec<&str>)| {
        format!("not assessed, or only in part: {}: {reason}", names.join(", "))
    };
    reasons.into_iter().map(line).collect()
}

/// Whether a group was counted by place or by area: else its figure with the standard walker is that of everyone.
fn is_counted(group: &Group) -> bool {
    group.basis != GroupBasis::WholePlaceShare
}

/// An age band in words, or the name of another group.
fn group_title(group: &Group) -> String {
    let is_band = group.sex.is_none() && group.status.is_none() && group.vulnerability.is_none();
    match group.age.filter(|_| is_band) {
        Some(AgeBand { from, to: None }) => format!("{from} and over"),
        Some(AgeBand { from: 0, to: Some(to) }) => format!("under {}", u16::from(to) + 1),
        Some(AgeBand { from, to: Some(to) }) => format!("{from} to {to}"),
        None => group.name.replace('_', " "),
    }
}

fn service_row(service: &ServiceResult, groups: &[&Group], own_pace: bool) -> Vec<String> {
    let bracket = |text: String| {
        if service.requirement == Requirement::Must { text } else { format!("({text})") }
    };
    let star = if service.is_unconfirmed() { "*" } else { "" };
    let inventory = &service.inventory;
    let places = match (inventory.state, inventory.uncertain) {
        (state, _) if !state.has_verdicts() => "-".into(),
        (_, 0) => grouped(u64::from(inventory.facilities)),
        (_, more) => format!("{}+{more}?", inventory.facilities),
    };
    let mut row = vec![bracket(service.en.clone()), format!("{}{star}", service.rule), places];
    let Some(coverage) = &service.coverage else {
        let otherwise = inventory.state == InventoryState::MeasuredOtherwise;
        let state = if otherwise { "see below" } else { "not assessed" };
        row.extend([state.into(), String::new(), String::new()]);
        row.extend(groups.iter().map(|_| String::new()));
        row.extend(groups.iter().filter(|group| is_counted(group)).map(|_| String::new()));
        row.extend(own_pace.then(String::new));
        return row;
    };
    let hint = if inventory.state == InventoryState::Partial { "partial: " } else { "" };
    row.push(format!("{hint}{}", range(coverage)));
    row.push(service.target.as_ref().map_or_else(String::new, |target| percent(Some(target.share))));
    row.push(match service.attainment {
        Some(Attainment::Met) => "met".into(),
        Some(Attainment::Open) => "open".into(),
        Some(Attainment::Missed) => "missed".into(),
        None => String::new(),
    });
    // everyone as one walker is a line of its own
    let listed = || service.pace.iter().filter(|pace| pace.group.is_some() || pace.walker.is_none());
    let pace = |group: Option<&str>| listed().find(|pace| pace.group.as_deref() == group);
    let own = |group| pace(group).and_then(|pace| pace.own_pace.as_ref()).map_or_else(String::new, range);
    for group in groups {
        let name = Some(group.name.as_str());
        let standard = || pace(name).map_or_else(String::new, |pace| range(&pace.standard));
        row.extend(is_counted(group).then(standard));
        row.push(own(name));
    }
    row.extend(own_pace.then(|| own(None)));
    row
}

fn worst_units(outcome: &Outcome<'_>) -> String {
    let worst = outcome.assessment.worst_units(10);
    if worst.is_empty() {
        return String::new();
    }
    let mut table = table(&[
        "Worst units",
        "residents",
        "every service",
        "on average",
        "none",
        "farthest behind the place",
    ]);
    for unit in &worst {
        let shares = &unit.shares;
        // what the unit lacks most, measured by what the whole place has
        let place = |service: &ServiceKey| {
            let known = outcome.assessment.services.iter().find(|known| known.service == *service);
            known.and_then(|known| known.coverage?.strict.share()).unwrap_or(0.0)
        };
        let mut behind: Vec<(f64, f64, &ServiceKey)> = unit
            .coverage
            .iter()
            .filter_map(|part| {
                let share = part.coverage.strict.share()?;
                Some((place(&part.service) - share, share, &part.service))
            })
            .collect();
        behind.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.cmp(b.2)));
        let behind: Vec<_> = behind
            .iter()
            .take(2)
            .map(|(_, share, service)| format!("{} {}", title(outcome, service), percent(Some(*share))))
            .collect();
        table.add_row(vec![
            unit.label.clone(),
            people(shares.mean.strict.all),
            range(&shares.every),
            range(&shares.mean),
            range(&shares.none),
            behind.join(", "),
        ]);
    }
    right(&mut table, 1);
    if let Some(column) = table.column_mut(5) {
        column.set_cell_alignment(CellAlignment::Left);
    }
    table.to_string()
}

/// The name for people of a service.
pub(crate) fn title<'o>(outcome: &'o Outcome<'_>, service: &'o ServiceKey) -> &'o str {
    let known = outcome.assessment.services.iter().find(|known| known.service == *service);
    known.map_or(service.as_str(), |known| known.en.as_str())
}

/// Where every row went.
fn account(outcome: &Outcome<'_>) -> String {
    let mut text = String::from("Where the input went\n");
    for input in &outcome.provenance.inputs {
        let balance = if input.fate.balances() { "" } else { "  DOES NOT BALANCE" };
        let _ =
            writeln!(text, "  {} ({}, {}): {}{balance}", input.name, input.role, input.rows_are, input.fate);
        if let Some(moves) = &input.moves {
            let Moves { mean_m, longest_m, longest, longest_to, by_standing } = moves;
            let _ = writeln!(
                text,
                "    moved {mean_m:.0} m on average, {longest_m:.0} m at most ({longest} to {longest_to})"
            );
            let standings: Vec<_> =
                by_standing.iter().map(|(standing, rows)| format!("{standing} {rows}")).collect();
            let _ = writeln!(text, "    standing: {}", standings.join(", "));
        }
        for kind in input.issues.kinds() {
            let first = kind.examples.first();
            let example = first
                .map_or_else(String::new, |issue| format!(", such as {}: {}", issue.subject, issue.detail));
            let _ =
                writeln!(text, "    {}: {} x {}{}", kind.severity, kind.count, kind.kind, example.trim_end());
        }
    }
    let residents = &outcome.assessment.residents;
    let share = |part: People| percent(part.share_of(residents.people));
    if residents.without_street > People::ZERO {
        let _ = writeln!(
            text,
            "  residents of homes without a street: {} ({}), in every share as unserved",
            people(residents.without_street),
            share(residents.without_street)
        );
    }
    if residents.by_placement.keys().any(|placement| *placement != Placement::Given) {
        let parts: Vec<_> = residents
            .by_placement
            .iter()
            .map(|(placement, people)| format!("{placement} {}", share(*people)))
            .collect();
        let _ = writeln!(text, "  residents placed on: {}", parts.join(", "));
    }
    if !outcome.study().units().is_empty() && residents.outside_units > People::ZERO {
        let _ = writeln!(text, "  outside every unit: {} residents", people(residents.outside_units));
    }
    text
}

pub(crate) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.iter().copied());
    table
}

pub(crate) fn right(table: &mut Table, from: usize) {
    for column in table.column_iter_mut().skip(from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

pub(crate) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "no data".into(), |share| format!("{:.1} %", share * 100.0))
}

/// One figure, or both readings where they differ in print, the smaller first.
pub(crate) fn range(range: &Range) -> String {
    let (strict, lenient) = (percent(range.strict.share()), percent(range.lenient.share()));
    match (range.strict.share(), range.lenient.share()) {
        (Some(a), Some(b)) if strict != lenient => {
            let (low, high) = if a < b { (strict, lenient) } else { (lenient, strict) };
            format!("{}-{high}", low.trim_end_matches(" %"))
        }
        _ => strict,
    }
}

pub(crate) fn people(people: People) -> String {
    grouped(people.rounded())
}

/// With commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let check = |number, expected: &str| assert_eq!(grouped(number), expected);
        check(0, "0");
        check(999, "999");
        check(83_314, "83,314");
        check(1_000_000, "1,000,000");
    }
}
