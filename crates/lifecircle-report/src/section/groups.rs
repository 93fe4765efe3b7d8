//! Who is served: groups, and how evenly people are.

use lifecircle_indicators::ServiceResult;
use lifecircle_taxonomy::Requirement;
use lifecircle_types::Group;
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

/// Required services with a figure of the group, and whether the group walks at its own pace.
fn reached<'a>(
    page: &'a Page<'_>,
    group: &'a Group,
) -> impl Iterator<Item = (&'a ServiceResult, &'a lifecircle_indicators::Range, bool)> {
    let services = page.report.assessment.services.iter();
    services.filter(|service| service.requirement == Requirement::Must).filter_map(move |service| {
        let record = page.report.inputs.catalogue.service(&service.service)?;
        service.coverage?;
        if !record.is_for(group) {
            return None;
        }
        let pace = service.pace.iter().find(|pace| pace.group.as_deref() == Some(group.name.as_str()))?;
        Some((service, pace.own_pace.as_ref().unwrap_or(&pace.standard), pace.own_pace.is_some()))
    })
}

#[expect(clippy::cast_precision_loss, reason = "a number of services")]
fn group_bars(page: &Page<'_>) -> Option<Markup> {
    let groups = page.report.inputs.residents.groups();
    let mut found = Vec::new();
    for (at, (group, _)) in groups.iter().enumerate() {
        let (mut certain, mut at_most) = (Vec::new(), Vec::new());
        for (_, range, _) in reached(page, group) {
            if let (Some(strict), Some(lenient)) = (range.strict.share(), range.lenient.share()) {
                certain.push(strict);
                at_most.push(lenient);
            }
        }
        if certain.is_empty() {
            continue;
        }
        let mean =
            |shares: &[f64]| lifecircle_types::reduce::sum(shares.iter().copied()) / shares.len() as f64;
        let people = page
            .report
            .assessment
            .residents
            .groups
            .get(at)
            .map_or_else(String::new, |total| number::people(total.people));
        let note = match page.language() {
            Language::English => {
                format!("{people} people, {} services, {}", certain.len(), group.basis.say(page.language()))
            }
            Language::Chinese => {
                format!("{people}人，{}项服务，{}", certain.len(), group.basis.say(page.language()))
            }
        };
        let age = group.age.map(|age| (age.from, age.to));
        found.push((
            age.is_none(),
            age,
            Bar {
                label: page.phrases.group(group),
                certain: mean(&certain),
                at_most: mean(&at_most),
                mark: None,
                note,
            },
        ));
    }
    // ages in their order, then other groups
    found.sort_by_key(|(is_other, age, _)| (*is_other, *age));
    let mean = page.report.assessment.shares.first()?.mean;
    let all = Bar {
        label: page.say("everyone, as the standard walks", "全体居民（标准步速）").into(),
        certain: mean.strict.share()?,
        at_most: mean.lenient.share()?,
        mark: None,
        note: String::new(),
    };
    if found.is_empty() {
        return None;
    }
    let all: Vec<Bar> = core::iter::once(all).chain(found.into_iter().map(|(_, _, bar)| bar)).collect();
    Some(html! {
        figure {
            (bars(page.say("Coverage by group", "分人群覆盖率"), &all))
            figcaption {
                (page.say("Coverage by group: the mean over the required services that are for the group, at its own pace where that is known. Light: what may be, where the level of places is not known.",
                    "分人群覆盖率：对该人群适用的应配服务的平均覆盖率，已知时按其自身步速计。浅色：级别不明的设施若计入可达到的值。"))
            }
        }
    })
}

/// How evenly people reach the required services.
fn evenness(page: &Page<'_>) -> Option<Markup> {
    let assessment = page.report.assessment;
    let people = page.report.inputs.residents.people();
    let values: Vec<(f64, f64)> = assessment
        .met
        .iter()
        .zip(people)
        .filter(|((required, ..), _)| *required > 0)
        .map(|((required, strict, _), people)| (f64::from(*strict) / f64::from(*required), people.as_f64()))
        .collect();
    let (points, gini) = curve(&values)?;
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
    let groups: Vec<&Group> =
        page.report.inputs.residents.groups().groups().iter().filter(|group| group.age.is_some()).collect();
    let mut groups = groups;
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
                let figure = reached(page, group).find(|(of, ..)| of.service == service.service);
                text(figure.map_or_else(String::new, |(_, range, _)| number::range(range)))
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
