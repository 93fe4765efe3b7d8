//! Who is served: groups, and how evenly people are.

use lifecircle_indicators::{Range, ServiceResult};
use lifecircle_taxonomy::Requirement;
use lifecircle_types::{Group, People};
use maud::{Markup, html};

use crate::chart::{Bar, bars, curve, lorenz};
use crate::language::Language;
use crate::number;
use crate::page::{Page, text};
use crate::word::Word;

pub(crate) fn groups(page: &Page<'_>) -> Option<Markup> {
    let bars_of_groups = group_bars(page);
    let evenness = evenness(page);
    if bars_of_groups.is_none() && evenness.is_none() {
        return None;
    }
    Some(html! {
        @if let Some(bars) = bars_of_groups { (bars) }
        @if let Some(evenness) = evenness { (evenness) }
        (by_service(page))
    })
}

/// Required services that are for the group, with its coverage: at its own pace, where that matters.
fn reached<'a>(page: &'a Page<'_>, group: &'a Group) -> impl Iterator<Item = (&'a ServiceResult, &'a Range)> {
    let services = page.report.assessment.services.iter();
    services.filter(|service| service.requirement == Requirement::Must).filter_map(move |service| {
        let record = page.report.inputs.catalogue.service(&service.service)?;
        service.coverage?;
        if !record.is_for(group) {
            return None;
        }
        let pace = service.pace.iter().find(|pace| pace.group.as_deref() == Some(group.name.as_str()))?;
        Some((service, pace.own_pace.as_ref().unwrap_or(&pace.standard)))
    })
}

/// Bars of everyone and of every group over the required services that are for everyone: the same for all, so that bars
/// can be held against one another.
fn group_bars(page: &Page<'_>) -> Option<Markup> {
    let (inputs, assessment) = (&page.report.inputs, page.report.assessment);
    let for_all: Vec<usize> = (0..assessment.services.len())
        .filter(|&row| assessment.services[row].coverage.is_some())
        .filter(|&row| assessment.services[row].requirement == Requirement::Must)
        .filter(|&row| {
            let record = inputs.catalogue.service(&assessment.services[row].service);
            record.is_some_and(|record| !record.is_for_some())
        })
        .collect();
    if for_all.is_empty() {
        return None;
    }
    let groups = inputs.residents.groups();
    let mut found = Vec::new();
    for (at, (group, people)) in groups.iter().enumerate() {
        let Some((mark, length)) = reach(page, &for_all, people, Some(group)) else { continue };
        let all = assessment
            .residents
            .groups
            .get(at)
            .map_or_else(String::new, |total| number::people(total.people));
        let basis = group.basis.say(page.language());
        let note = match page.language() {
            Language::English => format!("{all} people, {basis}"),
            Language::Chinese => format!("{all}人，{basis}"),
        };
        let kind = (group.age.is_none(), group.status, group.vulnerability.clone(), group.sex);
        let age = group.age.map(|age| (age.from, age.to));
        found.push(((kind, age), Bar { label: page.phrases.group(group), length, mark, note }));
    }
    // ages in their order, then other groups, each kind together
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    let (mark, length) = reach(page, &for_all, inputs.residents.people(), None)?;
    let label = page.say("everyone", "全体居民").to_string();
    let everyone = Bar { label, length, mark, note: String::new() };
    let all: Vec<Bar> = core::iter::once(everyone).chain(found.into_iter().map(|(_, bar)| bar)).collect();
    Some(html! {
        figure {
            div.wide tabindex="0" { (bars(page.say("Coverage by group", "分人群覆盖率"), &all)) }
            figcaption {
                (match page.language() {
                    Language::English => format!("Coverage by group over the {} required services that are for everyone, the same for all groups. Bar: at the group's own pace; line: as the standard walks.", for_all.len()),
                    Language::Chinese => format!("分人群覆盖率：面向全体居民的{}项应配服务，各人群口径一致。条：按自身步速；竖线：按标准步速。", for_all.len()),
                })
            }
        }
    })
}

/// The part of the services that people reach, as the standard walks and at their own pace.
fn reach(page: &Page<'_>, rows: &[usize], people: &[People], group: Option<&Group>) -> Option<(f64, f64)> {
    let assessment = page.report.assessment;
    let (mut standard, mut own_pace, mut all) = (0.0, 0.0, 0.0);
    for &row in rows {
        let of_rule = |strict: &dyn Fn(usize) -> bool| -> f64 {
            let within = people.iter().enumerate().filter(|(place, _)| strict(*place));
            within.map(|(_, people)| *people).sum::<People>().as_f64()
        };
        let everyone = of_rule(&|_| true);
        let within = of_rule(&|place| assessment.verdicts[row][place]);
        let pace = assessment.services[row].pace.iter().find(|pace| match group {
            Some(group) => pace.group.as_deref() == Some(group.name.as_str()),
            None => pace.group.is_none() && pace.walker.is_none(),
        });
        let own = pace.and_then(|pace| pace.own_pace.as_ref()?.strict.share());
        all += everyone;
        standard += within;
        own_pace += own.map_or(within, |share| share * everyone);
    }
    (all > 0.0).then(|| (standard / all, own_pace / all))
}

/// How evenly people reach the required services.
fn evenness(page: &Page<'_>) -> Option<Markup> {
    let assessment = page.report.assessment;
    let people = page.report.inputs.residents.people();
    let (values, people): (Vec<f64>, Vec<f64>) = assessment
        .met
        .iter()
        .zip(people)
        .filter(|((required, ..), _)| *required > 0)
        .map(|((required, strict, _), people)| (f64::from(*strict) / f64::from(*required), people.as_f64()))
        .unzip();
    let (points, gini) = curve(&values, &people)?;
    let half = share_of_least(&points, 0.5);
    let said = match page.language() {
        Language::English => format!(
            "The half of residents that reaches least has {} of all services reached; evenly it would be 50%. The coefficient of Gini is {}: 0 is even.",
            number::percent(half),
            number::number(gini, 3)
        ),
        Language::Chinese => format!(
            "可达最差的一半居民拥有全部可达服务的{}，完全均衡时为50%。基尼系数{}，0为完全均衡。",
            number::percent(half),
            number::number(gini, 3)
        ),
    };
    Some(html! {
        figure {
            (lorenz(
                page.say("Curve of Lorenz of services reached", "可达服务的洛伦兹曲线"),
                (page.say("residents, those who reach least first", "居民（由少到多）"), page.say("services reached", "可达服务累计占比")),
                &points,
            ))
            figcaption { (said) }
        }
    })
}

/// The height of the curve over a part of the people.
fn share_of_least(points: &[(f64, f64)], part: f64) -> f64 {
    let next = points.partition_point(|point| point.0 < part).min(points.len() - 1);
    let ((x0, y0), (x1, y1)) = (points[next.saturating_sub(1)], points[next]);
    if x1 > x0 { y0 + (y1 - y0) * (part - x0) / (x1 - x0) } else { y1 }
}

/// Coverage by service and group.
fn by_service(page: &Page<'_>) -> Markup {
    let mut groups: Vec<&Group> =
        page.report.inputs.residents.groups().groups().iter().filter(|group| group.age.is_some()).collect();
    groups.sort_by_key(|group| group.age.map(|age| (age.from, age.to)));
    let services: Vec<&ServiceResult> = page
        .report
        .assessment
        .services
        .iter()
        .filter(|service| service.coverage.is_some() && !service.pace.is_empty())
        .collect();
    if groups.is_empty() || services.is_empty() {
        return html! {};
    }
    let titles: Vec<String> = groups.iter().map(|group| page.phrases.group(group)).collect();
    let header: Vec<&str> =
        core::iter::once(page.say("Service", "服务")).chain(titles.iter().map(String::as_str)).collect();
    let rows: Vec<Vec<Markup>> = services
        .iter()
        .map(|service| {
            let mut row = vec![text(page.say(&service.en, &service.zh))];
            row.extend(groups.iter().map(|group| {
                let figure = reached(page, group).find(|(of, _)| of.service == service.service);
                text(figure.map_or_else(String::new, |(_, range)| number::range(range)))
            }));
            row
        })
        .filter(|row| row.iter().skip(1).any(|cell| !cell.0.is_empty()))
        .collect();
    html! {
        details {
            summary { (page.say("Coverage of required services by age", "应配服务分年龄覆盖率")) }
            (page.table(page.say("Residents of an age covered, of services that are for them", "服务对象分年龄覆盖率"), &header, &rows))
        }
    }
}
