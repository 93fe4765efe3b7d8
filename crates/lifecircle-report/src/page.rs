//! The page: head, sections, and what its script reads.

use lifecircle_taxonomy::Tier;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use crate::language::Language;
use crate::map::{Layers, layers};
use crate::phrase::Phrases;
use crate::register::register;
use crate::word::Word;
use crate::{Report, number, section};

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/script.js");

/// A report on its way to a page.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) report: &'a Report<'a>,
    pub(crate) phrases: Phrases<'a>,
    pub(crate) layers: Option<Layers>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(report: &'a Report<'a>, language: Language) -> Self {
        let phrases = Phrases::new(language, report.packs, report.inputs.catalogue);
        let layers = layers(report, &phrases);
        Self { report, phrases, layers }
    }

    /// One of two texts that say the same.
    pub(crate) const fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.phrases.language().pick(en, zh)
    }

    /// The name of a tier, or of services that have none here.
    pub(crate) fn tier(&self, tier: Option<Tier>) -> &'static str {
        tier.map_or(self.language().pick("no tier here", "此地未定类别"), |tier| {
            tier.say(self.language())
        })
    }

    /// The name of a scope of services, such as `tier:basic` or `domain:health`.
    pub(crate) fn scope<'t>(&'t self, scope: &'t str) -> &'t str {
        match scope.split_once(':') {
            Some(("tier", tier)) => self.tier(tier.parse().ok()),
            Some(("domain", domain)) => self.phrases.domain(domain),
            _ => self.say("all required services", "全部应配服务"),
        }
    }

    pub(crate) const fn language(&self) -> Language {
        self.phrases.language()
    }

    pub(crate) fn html(&self) -> Markup {
        let title = format!(
            "{} — {}",
            self.report.study,
            self.say("15-minute life circle", "十五分钟生活圈评估报告")
        );
        let plane = self.layers.as_ref().map(|layers| &layers.plane);
        let problems = register(self.report, &self.phrases, plane);
        let sections: Vec<(&str, &str, Markup)> = [
            ("summary", self.say("Summary", "摘要"), section::summary(self)),
            ("maps", self.say("Map", "地图"), section::maps(self)),
            ("services", self.say("Services", "服务覆盖"), section::services(self)),
            ("groups", self.say("Who is served", "人群与公平"), section::groups(self)),
            ("units", self.say("Units by domain", "单元与领域"), section::units(self)),
            ("scores", self.say("Scores and grades", "评分与等级"), section::scores(self)),
            ("indicators", self.say("Indicators and targets", "指标与目标"), section::indicators(self)),
            ("problems", self.say("Problem register", "问题台账"), section::problems(self)),
            ("work", self.say("Work to do", "整改项目"), section::work(self)),
            ("unreached", self.say("Services find people", "服务找人"), section::unreached(self)),
            ("monitoring", self.say("Monitoring", "动态监测"), section::monitoring(self)),
            ("methods", self.say("Methods", "评估方法"), section::methods(self)),
            ("sources", self.say("Sources", "数据来源"), section::sources(self)),
        ]
        .into_iter()
        .filter_map(|(id, title, content)| Some((id, title, content?)))
        .collect();
        html! {
            (DOCTYPE)
            html lang=(self.language().tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="generator" content=(self.report.sources.software);
                    meta http-equiv="Content-Security-Policy"
                        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
                    link rel="icon" href="data:,";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { span translate="no" { (self.report.study) } }
                        p.subtitle { (self.say("15-minute life circle: who reaches which service, who does not, and why", "十五分钟生活圈：谁能步行到达哪些服务，谁不能，原因何在")) }
                        nav aria-label=(self.say("Sections", "目录")) {
                            @for (id, title, _) in &sections { a href={"#" (id)} { (title) } " " }
                        }
                    }
                    main {
                        @for (id, title, content) in &sections {
                            section id=(id) {
                                h2 { (title) }
                                (content)
                            }
                        }
                    }
                    footer {
                        p translate="no" { (self.report.sources.software) }
                    }
                    (self.data("map-data", self.layers.as_ref().map_or(&Value::Null, |layers| &layers.data)))
                    (self.data("register-data", &problems))
                    (self.data("words", &section::script_words(self)))
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    /// Data for programs and the script; `<` cannot end the element early.
    fn data(&self, id: &str, data: &Value) -> Markup {
        let text = data.to_string().replace('<', "\\u003c");
        html! { script type="application/json" id=(id) { (PreEscaped(text)) } }
    }

    /// A table that scrolls sideways on narrow screens; the first column stays.
    pub(crate) fn table(&self, caption: &str, header: &[&str], rows: &[Vec<Markup>]) -> Markup {
        html! {
            div.wide tabindex="0" {
                table {
                    caption { (caption) }
                    thead { tr { @for title in header { th scope="col" { (title) } } } }
                    tbody {
                        @for row in rows {
                            tr {
                                @for (at, cell) in row.iter().enumerate() {
                                    @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A figure in a box: what it is, how much, and what stands below.
    pub(crate) fn card(&self, title: &str, figure: &str, below: &str) -> Markup {
        html! { div.card { span.title { (title) } strong { (figure) } @if !below.is_empty() { span.below { (below) } } } }
    }

    /// How many rows of a longer list are shown, and where the others are.
    pub(crate) fn shown_of(&self, shown: usize, all: usize, file: &str) -> Markup {
        html! {
            @if shown < all {
                p.note {
                    (match self.language() {
                        Language::English => format!("The first {} of {}; `lifecircle assess` writes all of them as ", number::count(shown), number::count(all)),
                        Language::Chinese => format!("列出前{}项，共{}项；全部见评估结果文件 ", number::count(shown), number::count(all)),
                    })
                    code translate="no" { (file) }
                }
            }
        }
    }
}

/// The class of a share by fifths: `h0` to `h4`.
pub(crate) fn fifth(share: f64) -> &'static str {
    match share {
        share if share < 0.2 => "h0",
        share if share < 0.4 => "h1",
        share if share < 0.6 => "h2",
        share if share < 0.8 => "h3",
        _ => "h4",
    }
}

/// Text as the content of a cell.
pub(crate) fn text(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}
