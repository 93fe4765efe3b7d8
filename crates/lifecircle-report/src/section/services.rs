//! Services: whether they could be assessed, who is covered, and the unit that misses each most.

use lifecircle_indicators::{Finding, Problem, ServiceResult};
use lifecircle_taxonomy::{Confidence, Requirement, Tier};
use lifecircle_types::{People, Rule};
use maud::{Markup, html};

use crate::number;
use crate::page::{Page, text};
use crate::register::{UNCONFIRMED, audience_groups, audience_text, entry};
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
            (page.say(
                "Two figures: places of unknown level count for none, or for their family's usual level. In brackets: not required. *: nobody has confirmed the figure of the rule.",
                "两个数值：级别不明的设施不计入，或按其所属类别的通常级别计入。括号：非应配。*：规则数值未经核对。",
            ))
        }
        p.note {
            (page.say(
                "At own pace every group walks at its own speed. A rule in metres that belongs to a circle of 5, 10 or 15 minutes is then asked in those minutes, so that people may go farther or less far than the metres say.",
                "按自身步速：各人群按各自速度步行。以米规定、且属于五分钟、十分钟或十五分钟生活圈的规则，此时按相应分钟数衡量，因此步行范围可能大于或小于所列米数。",
            ))
        }
        (not_assessed(page))
    })
}

fn shares_table(page: &Page<'_>) -> Markup {
    let rows: Vec<Vec<Markup>> = page
        .report
        .assessment
        .shares
        .iter()
        .filter(|shares| !shares.services.is_empty())
        .map(|shares| {
            vec![
                text(page.scope(&shares.scope)),
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
            let star = if service.confidence == Confidence::Memory { UNCONFIRMED } else { "" };
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
    let caption = page.tier(tier);
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

/// The unit in which most of the people whom the service is for are outside its rule.
fn worst(page: &Page<'_>, service: &ServiceResult) -> Markup {
    let groups = audience_groups(page.report, &service.service);
    let weight = |problem: &Problem| -> (u64, u64) {
        let ages = groups.iter().filter(|(_, group)| group.age.is_some());
        let for_them =
            ages.map(|(at, _)| problem.by_group.get(*at).map_or(0, |people| people.rounded())).sum();
        (for_them, problem.people.rounded())
    };
    let of_rule = |problem: &&Problem| {
        problem.service == service.service
            && problem.kind.is_some()
            && problem.people > People::ZERO
            && matches!(problem.evidence, Finding::Outside { .. })
    };
    let mut problems: Vec<&Problem> = page.report.problems.iter().filter(of_rule).collect();
    problems.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.id.cmp(&b.id)));
    let Some(problem) = problems.first() else { return html! { (number::NONE) } };
    let entry = entry(page.report, &page.phrases, problem);
    let who = audience_text(&entry, &page.phrases);
    html! {
        a href={"#problem-" (problem.id)} { span translate="no" { (entry.unit) } }
        (page.say(": ", "：")) (number::people(problem.people)) " " (page.say("residents", "人"))
        @if !who.is_empty() { br; small { (who) } }
        @if let Some(metres) = entry.mean_m {
            br; small { (page.say("nearest site on average ", "到最近设施平均 ")) (number::metres(metres)) }
        }
    }
}

/// What nobody could look at, and what no walk can measure: no data is not no service.
fn not_assessed(page: &Page<'_>) -> Markup {
    let services = || page.report.assessment.services.iter().filter(|service| service.coverage.is_none());
    let comes = |service: &&ServiceResult| service.rule == Rule::NoWalkingCatchment;
    let unknown: Vec<Vec<Markup>> =
        services().filter(|service| !comes(service)).map(|service| row(page, service)).collect();
    let coming: Vec<Vec<Markup>> = services().filter(comes).map(|service| row(page, service)).collect();
    let header = [
        page.say("Service", "服务"),
        page.say("Asked for", "要求程度"),
        page.say("Rule", "规则"),
        page.say("Why", "原因"),
    ];
    let names: Vec<&str> =
        page.report.assessment.no_rule.iter().map(|key| page.phrases.service(key)).collect();
    html! {
        @if !unknown.is_empty() {
            (page.table(page.say("Not assessed: nobody knows how these are covered", "未评估：这些服务的覆盖情况不明"), &header, &unknown))
        }
        @if !coming.is_empty() {
            (page.table(page.say("Services that come to people: no walk measures them", "上门或远程服务：不以步行衡量"), &header, &coming))
        }
        @if !names.is_empty() {
            details {
                summary { (page.say("Services that no pack has a rule for", "所用标准没有规则的服务")) }
                p { (names.join(page.say(", ", "、"))) }
            }
        }
    }
}

fn row(page: &Page<'_>, service: &ServiceResult) -> Vec<Markup> {
    let language = page.language();
    vec![
        text(page.say(&service.en, &service.zh)),
        text(service.requirement.say(language)),
        text(sentence::rule(service.rule, language)),
        text(page.phrases.say(&service.inventory.reason)),
    ]
}
