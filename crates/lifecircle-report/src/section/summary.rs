//! What a planner wants to know first.

use lifecircle_indicators::{Attainment, Shares};
use lifecircle_taxonomy::ProblemClass;
use lifecircle_types::{People, Placement};
use maud::{Markup, html};

use crate::language::Language;
use crate::number;
use crate::page::{Page, text};
use crate::register::{audience_text, entry};
use crate::section::distinct;
use crate::sentence;
use crate::word::Word;

/// Problems and units that the summary names.
const FIRST: usize = 8;

pub(crate) fn summary(page: &Page<'_>) -> Option<Markup> {
    let report = page.report;
    let assessment = report.assessment;
    let all = assessment.shares.first()?;
    let (required, must) = (all.services.len(), assessment.must);
    let share = number::share(assessment.assessed_share());
    let first = match page.language() {
        Language::English => format!("{required} of {must} required services could be assessed ({share})."),
        Language::Chinese => format!("应配服务{must}项，其中{required}项可以评估（{share}）。"),
    };
    let packs: Vec<String> = report.packs.iter().map(|pack| page.phrases.say(&pack.title)).collect();
    let residents = &assessment.residents;
    Some(html! {
        p.lead { (first) }
        p {
            (page.say("Day of the assessment: ", "评估日期：")) (report.inputs.date)
            (page.say(". Measured by: ", "。依据：")) (packs.join(page.say("; ", "；")))
            (page.say(". ", "。"))
        }
        (unconfirmed(page))
        div.cards {
            (page.card(page.say("Residents", "居民"), &number::people(residents.people),
                &count_of(page, residents.places, "places", "处居住地")))
            (share_cards(page, all))
            (target_card(page))
            (problem_card(page))
        }
        (unplaced(page))
        (missed_services(page))
        (missed_indicators(page))
        (first_problems(page))
        (worst_units(page))
    })
}

fn count_of(page: &Page<'_>, count: u64, en: &str, zh: &str) -> String {
    match page.language() {
        Language::English => format!("{} {en}", number::grouped(count)),
        Language::Chinese => format!("{}{zh}", number::grouped(count)),
    }
}

fn share_cards(page: &Page<'_>, all: &Shares) -> Markup {
    if all.services.is_empty() {
        return html! {};
    }
    html! {
        (page.card(page.say("Reach every required service", "全部应配服务均可达"), &number::range(&all.every), page.say("of residents", "的居民")))
        (page.card(page.say("Required services reached on average", "应配服务平均可达率"), &number::range(&all.mean), ""))
        (page.card(page.say("Reach none", "一项也不可达"), &number::range(&all.none), page.say("of residents", "的居民")))
    }
}

/// Targets of services and indicators of the whole place: met, open, missed.
fn attainments(page: &Page<'_>) -> Vec<Attainment> {
    let services = page.report.assessment.services.iter().filter_map(|service| service.attainment);
    let place = distinct(page).into_iter().filter_map(|result| result.values.first()?.attainment);
    services.chain(place).collect()
}

fn target_card(page: &Page<'_>) -> Markup {
    let all = attainments(page);
    let count = |wanted| all.iter().filter(|attainment| **attainment == wanted).count();
    let (met, open, missed) = (count(Attainment::Met), count(Attainment::Open), count(Attainment::Missed));
    if met + open + missed == 0 {
        return html! {};
    }
    let below = match page.language() {
        Language::English => format!("{missed} missed, {open} open"),
        Language::Chinese => format!("未达标{missed}项，待定{open}项"),
    };
    page.card(page.say("Targets met", "达标目标"), &format!("{met} / {}", met + open + missed), &below)
}

fn problem_card(page: &Page<'_>) -> Markup {
    let problems = page.report.problems;
    let floor = problems.iter().filter(|problem| problem.is_floor).count();
    let unknown = problems.iter().filter(|problem| problem.class == ProblemClass::NoData).count();
    let below = match page.language() {
        Language::English => format!("{floor} below the floor, {unknown} for lack of data"),
        Language::Chinese => format!("突破底线{floor}项，缺少数据{unknown}项"),
    };
    page.card(page.say("Problems", "问题"), &number::count(problems.len()), &below)
}

/// How much rests on figures that nobody has confirmed.
fn unconfirmed(page: &Page<'_>) -> Markup {
    let assessed: Vec<_> =
        page.report.assessment.services.iter().filter(|service| service.coverage.is_some()).collect();
    let (count, all) = (assessed.iter().filter(|service| service.is_unconfirmed()).count(), assessed.len());
    html! {
        @if count > 0 {
            p.note {
                (match page.language() {
                    Language::English => format!("{count} of the {all} rules behind these figures state numbers that nobody has confirmed; they are marked with *."),
                    Language::Chinese => format!("所依据的{all}条规则中，{count}条的数值未经核对，以*标示。"),
                })
            }
        }
    }
}

/// People whom the figures count and the map may not show.
fn unplaced(page: &Page<'_>) -> Markup {
    let residents = &page.report.assessment.residents;
    let nowhere = residents.by_placement.get(&Placement::Unplaced).copied().unwrap_or_default();
    let notes = [
        (
            nowhere,
            "have no position; every figure counts them as unserved",
            "名居民没有坐标，各项比例均按未覆盖计入",
        ),
        (
            residents.without_street - nowhere,
            "live where no street is within reach; every figure counts them as unserved",
            "名居民附近没有街道，各项比例均按未覆盖计入",
        ),
        (
            residents.on_islands,
            "live on streets cut off from the main network and reach only what lies there",
            "名居民所在街道与主路网不连通，只能到达该处的设施",
        ),
        (residents.outside_units, "live outside every unit", "名居民不在任何单元内"),
    ];
    html! {
        @for (people, en, zh) in notes {
            @if people > People::ZERO {
                p.note {
                    (match page.language() {
                        Language::English => format!("{} residents {en}.", number::people(people)),
                        Language::Chinese => format!("{}{zh}。", number::people(people)),
                    })
                }
            }
        }
    }
}

/// Services whose target is missed, the farthest from it first.
fn missed_services(page: &Page<'_>) -> Markup {
    let services = &page.report.assessment.services;
    let mut missed: Vec<_> = services
        .iter()
        .filter(|service| service.attainment == Some(Attainment::Missed))
        .filter_map(|service| Some((service, service.target.as_ref()?.share, service.coverage.as_ref()?)))
        .collect();
    missed.sort_by(|a, b| {
        let short = |(_, target, range): &(_, f64, &lifecircle_indicators::Range)| {
            target - range.strict.share().unwrap_or_default()
        };
        short(b).total_cmp(&short(a)).then_with(|| a.0.service.cmp(&b.0.service))
    });
    if missed.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = missed
        .iter()
        .take(FIRST)
        .map(|(service, target, range)| {
            vec![
                text(page.say(&service.en, &service.zh)),
                text(number::range(range)),
                text(number::percent(*target)),
                text(number::people(range.strict.all - range.strict.covered)),
            ]
        })
        .collect();
    html! {
        (page.table(
            page.say("Services farthest from their target", "距目标最远的服务"),
            &[page.say("Service", "服务"), page.say("Residents covered", "居民覆盖率"), page.say("Target", "目标"), page.say("Residents outside", "未覆盖人数")],
            &rows,
        ))
        (more(page, missed.len(), "Services", "服务覆盖"))
    }
}

/// Indicators of the whole place whose target is missed, the farthest from it first.
fn missed_indicators(page: &Page<'_>) -> Markup {
    let mut missed: Vec<_> = distinct(page)
        .into_iter()
        .filter_map(|result| {
            let place = result.values.first().filter(|value| value.attainment == Some(Attainment::Missed))?;
            let amount = place.target.as_ref()?.amount;
            let end = amount.at_least.or(amount.at_most)?.abs().max(f64::MIN_POSITIVE);
            Some((result, place, amount, place.short_by? / end))
        })
        .collect();
    missed.sort_by(|a, b| {
        b.3.total_cmp(&a.3).then_with(|| a.0.applied.indicator.key.cmp(&b.0.applied.indicator.key))
    });
    if missed.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = missed
        .iter()
        .take(FIRST)
        .map(|(result, place, amount, _)| {
            let (name, unit) =
                sentence::indicator_and_unit(&result.applied, page.report.packs, &page.phrases);
            vec![
                text(name),
                text(number::measured(&number::number(place.value.unwrap_or_default(), 2), &unit)),
                text(sentence::goal(*amount, &result.applied.indicator, &page.phrases)),
            ]
        })
        .collect();
    html! {
        (page.table(
            page.say("Indicators farthest from their target", "距目标最远的指标"),
            &[page.say("Indicator", "指标"), page.say("Value", "现值"), page.say("Target", "目标")],
            &rows,
        ))
        (more(page, missed.len(), "Indicators and targets", "指标与目标"))
    }
}

/// How many rows more stand in another section.
fn more(page: &Page<'_>, all: usize, en: &str, zh: &str) -> Markup {
    html! {
        @if all > FIRST {
            p.note {
                (match page.language() {
                    Language::English => format!("{} more stand under {en}.", all - FIRST),
                    Language::Chinese => format!("另有{}项见“{zh}”。", all - FIRST),
                })
            }
        }
    }
}

fn first_problems(page: &Page<'_>) -> Markup {
    let rows: Vec<Vec<Markup>> = page
        .report
        .problems
        .iter()
        .take(FIRST)
        .map(|problem| {
            let entry = entry(page.report, &page.phrases, problem);
            let who = audience_text(&entry, &page.phrases);
            vec![
                html! { a href={"#problem-" (problem.id)} { (entry.service) } },
                text(&entry.unit),
                text(problem.class.say(page.language())),
                html! { (number::people(problem.people)) @if !who.is_empty() { br; small { (who) } } },
                text(entry.remedies.first().copied().unwrap_or_default()),
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    page.table(
        page.say("The weightiest problems", "最突出的问题"),
        &[
            page.say("Service", "服务"),
            page.say("Unit", "单元"),
            page.say("Problem", "问题"),
            page.say("People affected", "影响人数"),
            page.say("First remedy", "首选措施"),
        ],
        &rows,
    )
}

fn worst_units(page: &Page<'_>) -> Markup {
    let worst = page.report.assessment.worst_units(FIRST);
    if worst.is_empty() {
        return html! {};
    }
    let rows: Vec<Vec<Markup>> = worst
        .iter()
        .map(|unit| {
            vec![
                html! { span translate="no" { (unit.label) } },
                text(unit.kind.say(page.language())),
                text(number::people(unit.shares.mean.strict.all)),
                text(number::range(&unit.shares.mean)),
                text(number::range(&unit.shares.every)),
            ]
        })
        .collect();
    page.table(
        page.say("Units that reach least", "可达最差的单元"),
        &[
            page.say("Unit", "单元"),
            page.say("Kind", "类型"),
            page.say("Residents", "居民"),
            page.say("Required services on average", "应配服务平均可达率"),
            page.say("Every one", "全部可达"),
        ],
        &rows,
    )
}
