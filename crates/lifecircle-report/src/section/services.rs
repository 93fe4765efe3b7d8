//! Services: whether they could be assessed, who is covered, and the unit that misses each most.

use lifecircle_indicators::{Problem, ServiceResult, Shares};
use lifecircle_taxonomy::{Confidence, Requirement, Tier};
use lifecircle_types::People;
use maud::{Markup, html};

use crate::number;
use crate::page::{Page, text};
use crate::register::{audience_text, entry};
use crate::sentence;
use crate::word::Word;

pub(crate) fn services(page: &Page<'_>) -> Option<Markup> {
    let assessment = page.report.assessment;
    let tiers = Tier::ALL.iter().map(|tier| Some(*tier)).chain([None]);
    let parts = tiers.filter_map(|tier| {
        let services: Vec<&ServiceResult> = assessment
            .services
            .iter()
            .filter(|service| service.tier == tier && service.coverage.is_some())
            .collect();
        (!services.is_empty()).then(|| tier_table(page, tier, &services))
    });
    let parts: Vec<Markup> = parts.collect();
    Some(html! {
        (shares_table(page))
        @for part in &parts { (part) }
        p.note {
            (page.say("a–b: places of unknown level count for none, or for their family's usual level. In brackets: not required. *: the figure of the rule is unconfirmed.",
                "甲–乙：级别不明的设施不计入，或按其所属类别的通常级别计入。括号：非应配。*：规则数值未经核对。"))
        }
        (not_assessed(page))
    })
}

fn shares_table(page: &Page<'_>) -> Markup {
    let name = |shares: &Shares| match shares.scope.split_once(':') {
        Some(("tier", tier)) => tier.parse::<Tier>().map_or_else(
            |_| page.say("no tier here", "此地未定类别").to_string(),
            |tier| tier.say(page.language()).to_string(),
        ),
        Some(("domain", domain)) => page.phrases.domain(domain).to_string(),
        _ => page.say("all required services", "全部应配服务").to_string(),
    };
    let rows: Vec<Vec<Markup>> = page
        .report
        .assessment
        .shares
        .iter()
        .filter(|shares| !shares.services.is_empty())
        .map(|shares| {
            vec![
                text(name(shares)),
                text(number::count(shares.services.len())),
                text(number::range(&shares.every)),
                text(number::range(&shares.mean)),
                text(number::range(&shares.none)),
            ]
        })
        .collect();
    page.table(
        page.say("Residents by the required services they reach", "居民可达应配服务的比例"),
        &[
            page.say("Services", "服务"),
            page.say("Number", "项数"),
            page.say("Every one", "全部可达"),
            page.say("On average", "平均可达"),
            page.say("None", "均不可达"),
        ],
        &rows,
    )
}

fn tier_table(page: &Page<'_>, tier: Option<Tier>, services: &[&ServiceResult]) -> Markup {
    let language = page.language();
    let rows: Vec<Vec<Markup>> = services
        .iter()
        .map(|service| {
            let name = page.say(&service.en, &service.zh);
            let name = match service.requirement {
                Requirement::Must => name.to_string(),
                _ => format!("({name})"),
            };
            let own = service.pace.iter().find(|pace| pace.group.is_none() && pace.walker.is_none());
            let own = own.and_then(|pace| pace.own_pace.as_ref());
            let star = if service.confidence == Confidence::Memory { "*" } else { "" };
            let sites = match service.inventory.uncertain {
                0 => number::grouped(u64::from(service.inventory.facilities)),
                more => format!("{}+{more}?", number::grouped(u64::from(service.inventory.facilities))),
            };
            vec![
                text(name),
                html! { (sentence::rule(service.rule, language)) (star) },
                text(sites),
                html! {
                    @if let Some(range) = &service.coverage { (number::range(range)) }
                    @if service.inventory.state == lifecircle_indicators::InventoryState::Partial {
                        br; small { (service.inventory.state.say(language)) }
                    }
                },
                text(own.map_or_else(|| number::NONE.into(), number::range)),
                html! {
                    @if let Some(target) = &service.target { (number::percent(target.share)) " " }
                    @if let Some(attainment) = service.attainment {
                        span class={"verdict " (attainment)} { (attainment.say(language)) }
                    }
                },
                worst(page, service),
            ]
        })
        .collect();
    let caption = tier.map_or(page.say("no tier here", "此地未定类别"), |tier| tier.say(language));
    page.table(
        caption,
        &[
            page.say("Service", "服务"),
            page.say("Rule", "规则"),
            page.say("Sites", "设施数"),
            page.say("Residents covered", "居民覆盖率"),
            page.say("At own pace", "按自身步速"),
            page.say("Target", "目标"),
            page.say("Where it is missed most", "最突出的缺口"),
        ],
        &rows,
    )
}

/// The unit in which the rule of the service is missed by the weightiest problem.
fn worst(page: &Page<'_>, service: &ServiceResult) -> Markup {
    let of_rule = |problem: &&Problem| {
        {
            problem.service == service.service
                && problem.clause == "rule"
                && problem.kind.is_some()
                && problem.people > People::ZERO
        }
    };
    let mut problems: Vec<&Problem> = page.report.problems.iter().filter(of_rule).collect();
    problems.sort_by(|a, b| b.priority.total_cmp(&a.priority).then_with(|| a.id.cmp(&b.id)));
    let Some(problem) = problems.first() else { return html! { (number::NONE) } };
    let entry = entry(page.report, &page.phrases, problem);
    let who = audience_text(&entry, &page.phrases);
    html! {
        a href={"#problem-" (problem.id)} { span translate="no" { (entry.unit) } }
        (page.say(": ", "：")) (number::people(problem.people)) " " (page.say("residents", "人"))
        @if !who.is_empty() { br; small { (who) } }
        @if let Some((_, metres)) = &entry.nearest {
            br; small { (page.say("nearest ", "最近 ")) (number::metres(*metres)) }
        }
    }
}

/// What nobody could look at: no data is not no service.
fn not_assessed(page: &Page<'_>) -> Markup {
    let language = page.language();
    let rows: Vec<Vec<Markup>> = page
        .report
        .assessment
        .services
        .iter()
        .filter(|service| service.coverage.is_none())
        .map(|service| {
            vec![
                text(page.say(&service.en, &service.zh)),
                text(service.requirement.say(language)),
                text(sentence::rule(service.rule, language)),
                text(page.phrases.say(&service.inventory.reason)),
            ]
        })
        .collect();
    let names: Vec<&str> =
        page.report.assessment.no_rule.iter().map(|key| page.phrases.service(key)).collect();
    html! {
        @if !rows.is_empty() {
            (page.table(
                page.say("Not assessed: nobody knows how these are covered", "未评估：这些服务的覆盖情况不明"),
                &[page.say("Service", "服务"), page.say("Asked for", "要求程度"), page.say("Rule", "规则"), page.say("Why", "原因")],
                &rows,
            ))
        }
        @if !names.is_empty() {
            details {
                summary { (page.say("Services that no pack has a rule for", "标准包没有规则的服务")) }
                p { (names.join(page.say(", ", "、"))) }
            }
        }
    }
}
