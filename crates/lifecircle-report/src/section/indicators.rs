//! Indicators of the whole place against their targets.

use std::collections::BTreeSet;

use lifecircle_indicators::{Attainment, IndicatorResult, UnitValue};
use lifecircle_taxonomy::Confidence;
use maud::{Markup, html};

use crate::language::Language;
use crate::number;
use crate::page::{Page, text};
use crate::sentence;
use crate::word::Word;

pub(crate) fn indicators(page: &Page<'_>) -> Option<Markup> {
    let mut known: Vec<(&IndicatorResult, &UnitValue)> = Vec::new();
    let mut unknown: Vec<(&IndicatorResult, &UnitValue)> = Vec::new();
    for result in distinct(page) {
        if let Some(place) = result.values.first() {
            if place.value.is_some() { known.push((result, place)) } else { unknown.push((result, place)) }
        }
    }
    if known.is_empty() && unknown.is_empty() {
        return None;
    }
    // what is missed comes first, then what is open, what is met, and what has no target
    known.sort_by_key(|(_, place)| match place.attainment {
        Some(Attainment::Missed) => 0,
        Some(Attainment::Open) => 1,
        Some(Attainment::Met) => 2,
        None => 3,
    });
    let rows: Vec<Vec<Markup>> = known.iter().map(|(result, place)| row(page, result, place)).collect();
    let without: Vec<Vec<Markup>> = unknown
        .iter()
        .map(|(result, place)| {
            vec![
                text(sentence::indicator(&result.applied, page.report.packs, &page.phrases)),
                text(page.phrases.say(place.note.as_deref().unwrap_or_default())),
                text(page.phrases.say(&result.applied.indicator.backing.source)),
            ]
        })
        .collect();
    Some(html! {
        (page.table(
            page.say("Indicators of the whole place", "全域指标"),
            &[
                page.say("Indicator", "指标"),
                page.say("Value", "现值"),
                page.say("Target", "目标"),
                page.say("Verdict", "判定"),
                page.say("Units that miss it", "未达标单元"),
                page.say("Source", "来源"),
            ],
            &rows,
        ))
        @if !without.is_empty() {
            details {
                summary {
                    (match page.language() {
                        Language::English => format!("{} indicators without a value", without.len()),
                        Language::Chinese => format!("{}项指标没有数值", without.len()),
                    })
                }
                (page.table(page.say("No data", "缺少数据"), &[page.say("Indicator", "指标"), page.say("Why", "原因"), page.say("Source", "来源")], &without))
            }
        }
    })
}

fn row(page: &Page<'_>, result: &IndicatorResult, place: &UnitValue) -> Vec<Markup> {
    let (indicator, language) = (&result.applied.indicator, page.language());
    let (name, unit) = sentence::indicator_and_unit(&result.applied, page.report.packs, &page.phrases);
    let low = number::number(place.value.unwrap_or_default(), 2);
    let value = match (place.is_exact, place.at_most) {
        (true, _) => low,
        (false, Some(high)) => format!("{low}–{}", number::number(high, 2)),
        (false, None) => format!("≥ {low}"),
    };
    let units =
        result.values.iter().filter(|value| value.unit.is_some() && value.kind == indicator.counted_over);
    let of: Vec<&UnitValue> = units.filter(|value| value.attainment.is_some()).collect();
    let missed = of.iter().filter(|value| value.attainment == Some(Attainment::Missed)).count();
    let star = if indicator.backing.confidence == Confidence::Memory { "*" } else { "" };
    vec![
        html! {
            (name)
            @if let Some(zone) = indicator.zone { " (" (zone.say(language)) ")" }
        },
        html! { (number::measured(&value, &unit)) @if let Some(year) = place.year { " (" (year) ")" } },
        html! {
            @if let Some(goal) = &place.target {
                (sentence::goal(goal.amount, indicator, &page.phrases)) (star)
                @if let Some(year) = goal.year { " (" (year) ")" }
            }
        },
        html! {
            @if let Some(attainment) = place.attainment { span class={"verdict " (attainment)} { (attainment.say(language)) } }
        },
        text(if of.is_empty() { number::NONE.into() } else { format!("{missed} / {}", of.len()) }),
        text(page.phrases.say(&indicator.backing.source)),
    ]
}

/// Indicators, those once that say the same by another key.
pub(crate) fn distinct<'a>(page: &'a Page<'_>) -> Vec<&'a IndicatorResult> {
    let mut seen = BTreeSet::new();
    let said = |result: &IndicatorResult| {
        let place = result.values.first()?;
        let ends = place
            .target
            .map(|goal| [goal.amount.at_least, goal.amount.at_most].map(|end| end.map(f64::to_bits)));
        let name = sentence::indicator(&result.applied, page.report.packs, &page.phrases);
        Some((name, place.value.map(f64::to_bits), ends, result.applied.indicator.zone))
    };
    page.report.indicators.iter().filter(|result| said(result).is_none_or(|said| seen.insert(said))).collect()
}
