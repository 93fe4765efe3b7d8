//! What changes, what people say, and whom services have to find.

use lifecircle_indicators::{Estimate, Unreached};
use lifecircle_types::ServiceKey;
use maud::{Markup, html};

use crate::number;
use crate::page::{Page, text};
use crate::sentence;
use crate::word::Word;

/// Rows of services and groups that the page lists.
const FIRST: usize = 60;

pub(crate) fn monitoring(page: &Page<'_>) -> Option<Markup> {
    let parts = [courses(page), opinions(page), tickets(page), promotions(page)];
    let parts: Vec<&Markup> = parts.iter().flatten().collect();
    (!parts.is_empty()).then(|| html! { @for part in parts { (part) } })
}

fn courses(page: &Page<'_>) -> Option<Markup> {
    let language = page.language();
    let place = page.report.courses.iter().filter(|course| course.unit.is_none());
    let figure =
        |value: Option<f64>| value.map_or_else(|| number::NONE.into(), |value| number::number(value, 2));
    let rows: Vec<Vec<Markup>> = place
        .map(|course| {
            let of = page.report.indicators.iter().find(|result| result.applied.indicator.key == course.indicator);
            let (name, unit) = of.map_or_else(
                || (page.language().named(&course.en, course.zh.as_deref()).to_string(), String::new()),
                |result| sentence::indicator_and_unit(&result.applied, page.report.packs, &page.phrases),
            );
            vec![
                html! { (name) @if !unit.is_empty() { br; small { (unit) } } },
                html! { (number::number(course.baseline, 2)) br; small { (number::number(course.baseline_time, 1).replace(',', "")) } },
                text(figure(course.value)),
                text(number::number(course.expected, 2)),
                html! { (number::number(course.target, 2)) br; small { (course.target_year) } },
                html! { @if let Some(light) = course.light { span class={"light " (light)} { (light.say(language)) } } },
                text(number::share(course.way_gone)),
                text(figure(course.per_year)),
                html! {
                    (figure(course.forecast))
                    @if let Some(on_course) = course.on_course {
                        br; small { (if on_course { page.say("will be kept", "可望达标") } else { page.say("will be missed", "恐难达标") }) }
                    }
                },
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        page.table(
            page.say("From baseline to target", "从基期到目标"),
            &[
                page.say("Indicator", "指标"),
                page.say("Baseline", "基期"),
                page.say("Value", "现值"),
                page.say("Asked for today", "当日应达"),
                page.say("Target", "目标"),
                page.say("Light", "状态灯"),
                page.say("Way gone", "完成进度"),
                page.say("Change a year", "年均变化"),
                page.say("Forecast for the target year", "目标年预测"),
            ],
            &rows,
        )
    })
}

/// What an opinion or a request is about: a service by its key, or the words of a form.
fn about(page: &Page<'_>, about: &str) -> Markup {
    let service =
        about.parse::<ServiceKey>().ok().filter(|key| page.report.inputs.catalogue.service(key).is_some());
    match service {
        Some(key) => text(page.phrases.service(&key)),
        None => html! { span translate="no" { (about) } },
    }
}

fn estimate(estimate: &Estimate) -> String {
    let one = |value: f64| number::number(value, 1);
    match estimate.low.zip(estimate.high) {
        Some((low, high)) => format!("{} ({}–{})", one(estimate.value), one(low), one(high)),
        None => one(estimate.value),
    }
}

fn opinions(page: &Page<'_>) -> Option<Markup> {
    let language = page.language();
    let place = page.report.opinions.iter().filter(|opinion| opinion.unit.is_none());
    let rows: Vec<Vec<Markup>> = place
        .map(|opinion| {
            let none = || number::NONE.to_string();
            vec![
                about(page, &opinion.about),
                text(number::count(opinion.answers)),
                text(opinion.satisfaction.as_ref().map_or_else(none, estimate)),
                text(opinion.importance.map_or_else(none, |value| number::number(value, 1))),
                text(opinion.quadrant.map_or("", |quadrant| quadrant.say(language))),
                text(opinion.kano.as_ref().map_or("", |kano| kano.class.say(language))),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        page.table(
            page.say("What people say, 0 to 100, with intervals of 95%", "居民评价（0—100，95%置信区间）"),
            &[
                page.say("About", "对象"),
                page.say("Answers", "答卷数"),
                page.say("Satisfaction", "满意度"),
                page.say("Importance", "重要度"),
                page.say("Among the others", "象限"),
                page.say("What it is to people", "需求类型"),
            ],
            &rows,
        )
    })
}

fn tickets(page: &Page<'_>) -> Option<Markup> {
    let place = page.report.tickets.iter().filter(|count| count.unit.is_none());
    let rows: Vec<Vec<Markup>> = place
        .map(|count| {
            vec![
                count
                    .about
                    .as_deref()
                    .map_or_else(|| text(page.say("all requests", "全部诉求")), |what| about(page, what)),
                text(number::count(count.tickets)),
                text(count.in_time_percent.as_ref().map_or_else(|| number::NONE.into(), estimate)),
                text(number::count(count.late)),
                text(number::count(count.overdue)),
                text(number::count(count.pending)),
                text(count.median_days.map_or_else(|| number::NONE.into(), |days| number::number(days, 1))),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        page.table(
            page.say("Requests of residents", "居民诉求"),
            &[
                page.say("About", "对象"),
                page.say("Requests", "件数"),
                page.say("Answered in time, %", "按时办结率（%）"),
                page.say("Late", "超期办结"),
                page.say("Overdue", "超期未办"),
                page.say("Pending", "办理中"),
                page.say("Median days", "办结天数中位数"),
            ],
            &rows,
        )
    })
}

fn promotions(page: &Page<'_>) -> Option<Markup> {
    let language = page.language();
    let rows: Vec<Vec<Markup>> = page
        .report
        .promotions
        .iter()
        .map(|promotion| {
            let reasons: Vec<&str> = promotion.urgency.iter().map(|urgency| urgency.say(language)).collect();
            vec![
                text(page.say(&promotion.en, &promotion.zh)),
                text(page.tier(promotion.tier)),
                text(promotion.to.say(language)),
                text(number::percent(promotion.without)),
                text(reasons.join(page.say(", ", "、"))),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        page.table(
            page.say("Services that ought to be promoted to a higher tier", "建议提升类别的服务"),
            &[
                page.say("Service", "服务"),
                page.say("Tier", "现类别"),
                page.say("Tier above", "建议类别"),
                page.say("Residents without it", "未覆盖居民"),
                page.say("Why", "理由"),
            ],
            &rows,
        )
    })
}

pub(crate) fn unreached(page: &Page<'_>) -> Option<Markup> {
    let all = page.report.unreached;
    let language = page.language();
    // a service for a group tells more than one for everyone
    let mut rows: Vec<&Unreached> = all.iter().filter(|row| row.is_for_group).collect();
    let of_groups = rows.len();
    if rows.is_empty() {
        rows = all.iter().collect();
    }
    if rows.is_empty() {
        return None;
    }
    rows.sort_by(|a, b| {
        b.unreached
            .total_cmp(&a.unreached)
            .then_with(|| (&a.group, &a.unit, &a.service).cmp(&(&b.group, &b.unit, &b.service)))
    });
    let groups = page.report.inputs.residents.groups().groups();
    let units = page.report.inputs.units;
    let cells: Vec<Vec<Markup>> = rows
        .iter()
        .take(FIRST)
        .map(|row| {
            let group = groups.iter().find(|group| group.name == row.group);
            let unit = units.find(&row.unit).map_or(row.unit.as_str(), |unit| units[unit].label());
            let comes: Vec<&str> = row.comes.iter().map(|way| way.say(language)).collect();
            vec![
                text(group.map_or_else(|| row.group.clone(), |group| page.phrases.group(group))),
                html! { span translate="no" { (unit) } },
                text(page.phrases.service(&row.service)),
                text(number::number(row.unreached, 0)),
                text(number::number(row.members, 0)),
                text(row.nearest_m.map_or_else(|| number::NONE.into(), number::metres)),
                text(comes.join(page.say(", ", "、"))),
            ]
        })
        .collect();
    Some(html! {
        p { (page.say("Members of groups who are entitled to a service where they live and do not reach it at their pace: those for whom a service can come.",
            "居住地应享有而按自身步速不能到达某项服务的人群：可由服务主动送达。")) }
        (page.table(
            if of_groups > 0 { page.say("Services for a group", "面向特定人群的服务") } else { page.say("Services for everyone", "面向全体居民的服务") },
            &[
                page.say("Group", "人群"),
                page.say("Unit", "单元"),
                page.say("Service", "服务"),
                page.say("Not reached", "未可达人数"),
                page.say("Members there", "该处人数"),
                page.say("Least walk", "最近步行距离"),
                page.say("It can come", "可送达方式"),
            ],
            &cells,
        ))
        (page.shown_of(cells.len(), all.len(), "unreached.csv"))
    })
}
