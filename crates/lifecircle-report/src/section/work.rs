//! Work: problems bundled into projects.

use maud::{Markup, html};

use crate::number;
use crate::page::{Page, text};
use crate::word::Word;

/// Projects that the page lists.
const FIRST: usize = 100;

pub(crate) fn work(page: &Page<'_>) -> Option<Markup> {
    let projects = page.report.projects;
    if projects.is_empty() {
        return None;
    }
    let language = page.language();
    let rows: Vec<Vec<Markup>> = projects
        .iter()
        .take(FIRST)
        .map(|project| {
            vec![
                text(page.phrases.service(&project.service)),
                html! { span translate="no" { (page.phrases.say(&project.label)) } },
                text(project.remedy.say(language)),
                text(number::people(project.people)),
                html! {
                    (project.status.say(language))
                    @if let Some(mode) = project.mode { br; small { (mode.say(language)) } }
                },
                text(project.due.map_or_else(|| number::NONE.into(), |due| due.to_string())),
                text(project.budget.map_or_else(|| number::NONE.into(), |budget| number::number(budget, 2))),
                text(project.responsible.say(language)),
                text(project.funding.say(language)),
            ]
        })
        .collect();
    Some(html! {
        (page.table(
            page.say("Projects: one remedy for one service in one unit", "项目清单：一处单元一项服务一种措施"),
            &[
                page.say("Service", "服务"),
                page.say("Unit", "单元"),
                page.say("Remedy", "措施"),
                page.say("People affected", "影响人数"),
                page.say("Status", "状态"),
                page.say("Due", "期限"),
                page.say("Budget", "预算"),
                page.say("In charge", "责任层级"),
                page.say("Who pays", "资金来源"),
            ],
            &rows,
        ))
        (page.shown_of(rows.len(), projects.len(), "projects.csv"))
    })
}
