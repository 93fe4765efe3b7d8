//! Scores and grades, and the axes they are made of.

use lifecircle_indicators::{ScoreResult, UnitScore};
use maud::{Markup, html};

use crate::language::Language;
use crate::number;
use crate::page::{Page, fifth, text};
use crate::word::Word;

pub(crate) fn scores(page: &Page<'_>) -> Option<Markup> {
    let (scored, unscored): (Vec<&ScoreResult>, Vec<&ScoreResult>) =
        page.report.scores.iter().partition(|result| result.units.iter().any(|unit| unit.score.is_some()));
    let axes = axes(page);
    if page.report.scores.is_empty() && axes.is_none() {
        return None;
    }
    Some(html! {
        @if let Some(axes) = axes { (axes) }
        (matrix(page, &scored))
        @for result in scored {
            details { summary { (name(page, result)) } (score(page, result)) }
        }
        @if !unscored.is_empty() {
            details {
                summary { (page.say("Scores of which too little is known", "资料不足、未能评分的项目")) }
                ul { @for result in unscored { li { (name(page, result)) (page.say(": ", "：")) (why(page, result)) } } }
            }
        }
    })
}

/// Every score of every unit that has one.
fn matrix(page: &Page<'_>, scored: &[&ScoreResult]) -> Markup {
    let mut units: Vec<&UnitScore> = Vec::new();
    for unit in scored.iter().flat_map(|result| &result.units) {
        if unit.score.is_some() && units.iter().all(|known| known.unit != unit.unit) {
            units.push(unit);
        }
    }
    units.sort_by(|a, b| (a.unit.is_some(), b.kind, &a.unit).cmp(&(b.unit.is_some(), a.kind, &b.unit)));
    if units.is_empty() {
        return html! {};
    }
    let cell = |result: &ScoreResult, unit: &UnitScore| {
        let found = result.units.iter().find(|scored| scored.unit == unit.unit);
        let value = found.and_then(|scored| scored.score);
        let grade = found.and_then(|scored| scored.grade.as_deref()).unwrap_or_default();
        html! {
            @if let Some(score) = value {
                td class=(fifth(score.certain / 100.0)) { (number::score(value)) " " span translate="no" { (grade) } }
            } @else { td {} }
        }
    };
    html! {
        div.wide tabindex="0" {
            table {
                caption { (page.say("Scores and grades of units", "各单元得分与等级")) }
                thead { tr {
                    th scope="col" { (page.say("Unit", "单元")) }
                    th scope="col" { (page.say("Kind", "类型")) }
                    @for result in scored { th scope="col" { (name(page, result)) } }
                } }
                tbody {
                    @for unit in units {
                        tr {
                            th scope="row" { (page.phrases.say(&unit.label)) }
                            td { (unit.kind.map_or("", |kind| kind.say(page.language()))) }
                            @for result in scored { (cell(result, unit)) }
                        }
                    }
                }
            }
        }
    }
}

fn name<'a>(page: &Page<'_>, result: &'a ScoreResult) -> &'a str {
    let score = &result.applied.score;
    page.language().named(&score.en, score.zh.as_deref())
}

fn why(page: &Page<'_>, result: &ScoreResult) -> String {
    let own = result.units.first().and_then(|unit| unit.note.as_deref());
    page.phrases.say(result.note.as_deref().or(own).unwrap_or_default())
}

fn score(page: &Page<'_>, result: &ScoreResult) -> Markup {
    let language = page.language();
    let row = |unit: &UnitScore| {
        let rank = unit.rank.map_or_else(
            || number::NONE.into(),
            |rank| match unit.rank_range {
                Some((best, worst)) if best != worst => format!("{rank} ({best}–{worst})"),
                _ => rank.to_string(),
            },
        );
        vec![
            html! { span translate="no" { (page.phrases.say(&unit.label)) } },
            text(unit.kind.map_or("", |kind| kind.say(language))),
            text(number::score(unit.score)),
            html! {
                span translate="no" { (unit.grade.as_deref().unwrap_or_default()) }
                @if unit.is_capped { br; small { (page.say("capped: a bottom-line service is missing", "缺底线服务，等级受限")) } }
            },
            text(rank),
            text(number::percent(unit.assessed)),
            html! {
                @if let Some(eligible) = unit.eligible { (eligible.say(language)) }
                @if unit.is_chosen { " " strong { (page.say("chosen", "入选")) } }
            },
        ]
    };
    let has_conditions = result.units.iter().any(|unit| unit.eligible.is_some());
    let mut header = vec![
        page.say("Unit", "单元"),
        page.say("Kind", "类型"),
        page.say("Score", "得分"),
        page.say("Grade", "等级"),
        page.say("Rank (when weights move)", "排名（权重变动时）"),
        page.say("Known", "已知权重"),
    ];
    if has_conditions {
        header.push(page.say("Conditions", "条件"));
    }
    let mut units: Vec<&UnitScore> = result.units.iter().filter(|unit| unit.score.is_some()).collect();
    units.sort_by_key(|unit| (unit.unit.is_some(), core::cmp::Reverse(unit.kind), unit.rank));
    let without = result.units.len() - units.len();
    let rows: Vec<Vec<Markup>> = units
        .into_iter()
        .map(|unit| {
            let mut cells = row(unit);
            cells.truncate(header.len());
            cells
        })
        .collect();
    let score = &result.applied.score;
    html! {
        (page.table(name(page, result), &header, &rows))
        @if without > 0 {
            p.note {
                (match language {
                    Language::English => format!("{} units have no score: too little of what it is made of is known there.", number::count(without)),
                    Language::Chinese => format!("{}个单元因资料不足未评分。", number::count(without)),
                })
            }
        }
        p.note { (page.say("Source: ", "来源：")) (page.phrases.say(&score.backing.source)) " (" (score.backing.confidence.say(language)) ")" }
    }
}

/// The four words of the policy and what stands behind them, for the whole place.
fn axes(page: &Page<'_>) -> Option<Markup> {
    let place =
        page.report.axes.iter().filter(|axes| axes.unit.is_none() && !axes.scope.starts_with("domain:"));
    let one =
        |score: Option<f64>| score.map_or_else(|| number::NONE.into(), |score| number::number(score, 1));
    let rows: Vec<Vec<Markup>> = place
        .map(|axes| {
            let worst = axes.worst_group.as_deref().and_then(|name| {
                page.report.inputs.residents.groups().groups().iter().find(|group| group.name == name)
            });
            vec![
                text(page.scope(&axes.scope)),
                text(number::score(axes.reach)),
                text(number::score(axes.quality)),
                text(one(axes.balance)),
                text(number::score(axes.inclusiveness)),
                html! { (one(axes.fairness)) @if let Some(group) = worst { br; small { (page.phrases.group(group)) } } },
                text(one(axes.convenience)),
                text(one(axes.friendly_young)),
                text(one(axes.friendly_working)),
                text(one(axes.friendly_old)),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        page.table(
            page.say("The whole place from every side, 0 to 100", "全域各维度得分（0—100）"),
            &[
                page.say("Services", "服务"),
                page.say("Reach", "可达"),
                page.say("Quality", "优质"),
                page.say("Balance", "均衡"),
                page.say("Inclusiveness", "普惠"),
                page.say("Fairness (worst group)", "公平（最弱人群）"),
                page.say("Convenience", "便捷"),
                page.say("Young", "青少年友好"),
                page.say("Working age", "劳动年龄友好"),
                page.say("Old", "老年友好"),
            ],
            &rows,
        )
    })
}
