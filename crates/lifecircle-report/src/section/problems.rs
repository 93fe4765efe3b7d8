//! The problem register: filters for the script, and the first rows for everyone.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::language::Language;
use crate::number;
use crate::page::{Page, text};
use crate::register::{audience_text, entry};
use crate::word::Word;

/// Rows that stand in the page without its script.
const FIRST: usize = 50;

pub(crate) fn problems(page: &Page<'_>) -> Option<Markup> {
    let problems = page.report.problems;
    if problems.is_empty() {
        return Some(html! { p { (page.say("No problem was found.", "未发现问题。")) } });
    }
    let filter = |id: &str, title: &str| {
        html! { label { (title) " " select data-filter=(id) { option value="" { (page.say("all", "全部")) } } } }
    };
    let header = [
        page.say("Service", "服务"),
        page.say("Unit", "单元"),
        page.say("Problem", "问题"),
        page.say("People affected", "影响人数"),
        page.say("Asked", "要求"),
        page.say("Walk to the nearest site, on average", "到最近设施的平均步行距离"),
        page.say("Since", "发现日期"),
        page.say("Status", "状态"),
    ];
    Some(html! {
        @if page.report.history.is_none() {
            p.note { (page.say("The study keeps no history: “since” is the day of this assessment.", "本研究未保存历史记录：“发现日期”即本次评估日期。")) }
        }
        (by_class(page))
        div.controls #filters hidden {
            (filter("service_name", page.say("Service", "服务")))
            (filter("unit_kind", page.say("Kind of unit", "单元类型")))
            (filter("unit_name", page.say("Unit", "单元")))
            (filter("class", page.say("Problem", "问题")))
            (filter("cause", page.say("Cause", "原因")))
            (filter("tier", page.say("Tier", "类别")))
            (filter("domain", page.say("Domain", "领域")))
            (filter("status", page.say("Status", "状态")))
            (filter("responsible", page.say("In charge", "责任层级")))
            label { input type="checkbox" #only-floor; " " (page.say("below the floor", "突破底线")) }
            label { (page.say("Search", "搜索")) " " input type="search" #search; }
            label { (page.say("Order", "排序")) " "
                select #order {
                    option value="" { (page.say("as the register has it", "按台账顺序")) }
                    option value="people" { (page.say("people affected", "影响人数")) }
                    option value="for" { (page.say("people for whom the service is", "服务对象人数")) }
                    option value="mean_m" { (page.say("walk to the nearest site", "到最近设施的平均距离")) }
                }
            }
        }
        p #register-count aria-live="polite" {}
        div.wide tabindex="0" {
            table #register {
                caption { (page.say("Problems: the floor first, then by priority", "问题清单：底线优先，其次按优先度")) }
                thead { tr { @for title in header { th scope="col" { (title) } } } }
                tbody {
                    @for problem in problems.iter().take(FIRST) {
                        @let entry = entry(page.report, &page.phrases, problem);
                        @let who = audience_text(&entry, &page.phrases);
                        tr id={"problem-" (problem.id)} {
                            th scope="row" { (entry.service) }
                            td translate="no" { (entry.unit) }
                            td { (problem.class.say(page.language())) br; small { (problem.cause.say(page.language())) } }
                            td { (number::people(problem.people)) @if !who.is_empty() { br; small { (who) } } }
                            td { (entry.asks) br; small { (entry.clause) } }
                            td {
                                @if let Some(mean) = entry.mean_m { (number::metres(mean)) }
                                @if let Some((name, metres)) = &entry.nearest { br; small { span translate="no" { (name) } " " (number::metres(*metres)) } }
                            }
                            td { (entry.since) }
                            td { (problem.status.say(page.language())) }
                        }
                    }
                }
            }
        }
        button type="button" #register-more hidden { (page.say("Show more", "显示更多")) }
        button type="button" #register-all hidden { (page.say("Show all, to print them", "全部显示（便于打印）")) }
        noscript { (page.shown_of(FIRST.min(problems.len()), problems.len(), "problems.csv")) }
        p.note {
            (match page.language() {
                Language::English => "Below an average walk stands the nearest site of the home where most of the people affected live, and its walk. ≈: a group that was not counted place by place. *: nobody has confirmed the figure. Priority is severity times people weighted by group, importance of the service and feasibility of the remedy; what residents lack of a basic required service is the floor and comes first.",
                Language::Chinese => "平均距离之下为受影响人数最多的居住地的最近设施及其步行距离。≈：该人群并非逐点统计。*：数值未经核对。优先度为严重程度、按人群加权的人数、服务重要性与措施可行性之积；居民缺少应配的基本公共服务属于底线问题，排在最前。",
            })
        }
    })
}

fn by_class(page: &Page<'_>) -> Markup {
    let mut counts = BTreeMap::new();
    for problem in page.report.problems {
        let row: &mut (usize, usize) = counts.entry(problem.class).or_default();
        row.0 += 1;
        row.1 += usize::from(problem.is_floor);
    }
    let rows: Vec<Vec<Markup>> = counts
        .iter()
        .map(|(class, (all, floor))| {
            vec![text(class.say(page.language())), text(number::count(*all)), text(number::count(*floor))]
        })
        .collect();
    page.table(
        page.say("Problems by class", "问题分类"),
        &[page.say("Class", "类别"), page.say("Problems", "问题数"), page.say("Below the floor", "突破底线")],
        &rows,
    )
}
