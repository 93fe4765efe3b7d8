//! Where everything comes from: what became of every row, hashes, licences.

use lifecircle_types::Severity;
use maud::{Markup, html};

use crate::number;
use crate::page::{Page, text};
use crate::word::Word;

pub(crate) fn sources(page: &Page<'_>) -> Option<Markup> {
    let sources = &page.report.sources;
    let rows: Vec<Vec<Markup>> = sources
        .accounts
        .iter()
        .map(|account| {
            let rejected: Vec<String> = account
                .fate
                .rejected
                .iter()
                .map(|(reason, count)| format!("{} {}", number::grouped(*count), page.phrases.say(reason)))
                .collect();
            vec![
                html! { span translate="no" { (account.name) } },
                text(page.phrases.say(account.role)),
                text(page.phrases.say(account.rows_are)),
                text(number::grouped(account.fate.rows)),
                text(number::grouped(account.fate.used)),
                html! {
                    (number::grouped(account.fate.moved))
                    @if let Some((mean, longest)) = account.moved_m {
                        br; small {
                            (page.say("mean ", "平均 ")) (number::metres(mean)) (page.say(", at most ", "，最远 ")) (number::metres(longest))
                        }
                    }
                },
                html! { (number::grouped(account.fate.rejected_total())) @for reason in &rejected { br; small { (reason) } } },
            ]
        })
        .collect();
    let packs: Vec<Vec<Markup>> = page
        .report
        .packs
        .iter()
        .map(|pack| {
            vec![
                text(page.phrases.say(&pack.title)),
                html! { code translate="no" { (pack.key) } },
                html! { code translate="no" { (pack.jurisdiction) } },
                html! { code translate="no" { (pack.lineage.join(" ")) } },
            ]
        })
        .collect();
    Some(html! {
        (page.table(
            page.say("What became of every row", "每行数据的去向"),
            &[
                page.say("Input", "数据"),
                page.say("What for", "用途"),
                page.say("Rows are", "行的含义"),
                page.say("Rows", "行数"),
                page.say("Used", "采用"),
                page.say("Moved", "就近接入"),
                page.say("Rejected", "舍弃"),
            ],
            &rows,
        ))
        (issues(page))
        (placements(page))
        (page.table(
            page.say("Packs", "所用标准"),
            &[page.say("Title", "名称"), page.say("Key", "代码"), page.say("Made for", "适用地"), page.say("Inherits from", "继承自")],
            &packs,
        ))
        details {
            summary { (page.say("Hashes of the inputs as they were used", "所用数据的校验值")) }
            ul { @for (role, hash) in &sources.hashes { li { (page.phrases.say(role)) " " code translate="no" { (hash) } } } }
        }
        h3 { (page.say("Licences", "许可与署名")) }
        ul { @for line in sources.attribution { li translate="no" { (line) } } }
    })
}

/// What was noticed in the inputs.
fn issues(page: &Page<'_>) -> Markup {
    let found = page
        .report
        .sources
        .accounts
        .iter()
        .flat_map(|account| account.issues.iter().map(move |issue| (account, issue)));
    let rows: Vec<Vec<Markup>> = found
        .map(|(account, issue)| {
            let example = issue.examples.first().map_or("", |example| example.subject.as_str());
            let severity = match issue.severity {
                Severity::Note => page.say("note", "提示"),
                Severity::Warning => page.say("warning", "警告"),
            };
            vec![
                text(page.phrases.say(&issue.kind)),
                text(severity),
                text(number::grouped(issue.count)),
                html! { span translate="no" { (account.name) } },
                html! { code translate="no" { (example) } },
            ]
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    page.table(
        page.say("What was noticed", "数据问题"),
        &[
            page.say("What", "内容"),
            page.say("Weight", "程度"),
            page.say("How many", "数量"),
            page.say("Input", "数据"),
            page.say("The first", "首例"),
        ],
        &rows,
    )
}

fn placements(page: &Page<'_>) -> Markup {
    let residents = &page.report.assessment.residents;
    let rows: Vec<Vec<Markup>> = residents
        .by_placement
        .iter()
        .map(|(placement, people)| {
            vec![
                text(placement.say(page.language())),
                text(number::people(*people)),
                text(number::share(people.share_of(residents.people))),
            ]
        })
        .collect();
    page.table(
        page.say("How residents were placed", "居民定位方式"),
        &[page.say("Position", "坐标"), page.say("Residents", "居民"), page.say("Share", "占比")],
        &rows,
    )
}
