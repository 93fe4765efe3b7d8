//! The map with its layers, and the words its script says.

use lifecircle_types::People;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::language::Language;
use crate::map::marks_are;
use crate::number;
use crate::page::Page;
use crate::word::Word;

pub(crate) fn maps(page: &Page<'_>) -> Option<Markup> {
    let layers = page.layers.as_ref()?;
    let group = |title: &str, options: &[(String, String)]| {
        html! {
            @if !options.is_empty() {
                optgroup label=(title) { @for (key, name) in options { option value=(key) { (name) } } }
            }
        }
    };
    let mut units = vec![];
    if !layers.units.is_empty() {
        units.push((
            "mean".to_string(),
            page.say("part of the required services that residents reach", "居民平均可达应配服务比例")
                .to_string(),
        ));
        units.extend(layers.grades.iter().map(|(key, name)| (format!("grade:{key}"), name.clone())));
    }
    let homes = [(
        "lacking".to_string(),
        page.say("required services out of reach", "缺少的应配服务项数").to_string(),
    )];
    let services: Vec<_> =
        layers.services.iter().map(|(key, name)| (format!("service:{key}"), name.clone())).collect();
    let problems = [
        ("problems".to_string(), page.say("all problems", "全部问题").to_string()),
        ("floor".to_string(), page.say("problems below the floor", "突破底线的问题").to_string()),
    ];
    Some(html! {
        div.controls {
            label { (page.say("Layer", "图层")) " "
                select #layer {
                    (group(page.say("Units", "单元"), &units))
                    (group(page.say("Homes", "居住地"), &homes))
                    (group(page.say("Coverage of a service", "单项服务覆盖"), &services))
                    (group(page.say("Problems", "问题"), &problems))
                }
            }
            label #kind-label { (page.say("Kind of unit", "单元类型")) " "
                select #kind {
                    @for kind in &layers.kinds { option value=(kind.as_str()) { (kind.say(page.language())) } }
                }
            }
            span.zoom {
                button type="button" #zoom-in title=(page.say("nearer", "放大")) { "+" }
                button type="button" #zoom-out title=(page.say("farther", "缩小")) { "−" }
                button type="button" #zoom-all { (page.say("all", "全图")) }
            }
        }
        figure #map-figure {
            svg #map viewBox={"0 0 " (layers.plane.width) " " (layers.plane.height)} role="application" tabindex="0"
                aria-label=(page.say("Map of the place", "全域地图")) preserveAspectRatio="xMidYMid meet" {
                g #units {
                    @for (row, (unit, d)) in layers.units.iter().enumerate() {
                        path.unit data-row=(row) data-kind=(page.report.inputs.units.as_slice()[*unit].kind) d=(d) {}
                    }
                }
                g #ground { @for (class, d) in &layers.ground.paths { path.(class) d=(d) {} } }
                g #marks {}
                g #sites {}
                g #points {}
                g #chosen {}
                g #scale {}
            }
            div #legend aria-live="polite" {}
            div #told aria-live="polite" {}
            figcaption {
                (marks_are(layers.side_m, page.language()))
                @if layers.unplaced > People::ZERO {
                    " " (match page.language() {
                        Language::English => format!("{} residents have no position and are on no map; every figure counts them.", number::people(layers.unplaced)),
                        Language::Chinese => format!("{}名居民没有坐标，不在图上，但计入各项比例。", number::people(layers.unplaced)),
                    })
                }
                @if layers.ground.leaves_out {
                    " " (page.say("Small streets are not drawn.", "小街道未绘出。"))
                }
                " " (page.say("Touch the map to ask about a place; with keys: arrows, + and −, Enter asks about the middle.", "点按地图可查看详情；键盘：方向键移动，+和−缩放，回车键查看图中央。"))
                " " (page.say("North is up.", "上北下南。"))
            }
        }
        noscript { p.note { (page.say("The layers of the map need scripts, which this browser does not run. Every figure stands in the tables below.", "浏览器未启用脚本，地图图层无法显示；各项数据见下方表格。")) } }
    })
}

/// What the script says.
pub(crate) fn script_words(page: &Page<'_>) -> Value {
    WORDS
        .iter()
        .map(|(key, en, zh)| ((*key).to_string(), json!(page.say(en, zh))))
        .collect::<Map<_, _>>()
        .into()
}

/// Words that the script says: their key, in English and in Chinese.
const WORDS: &[(&str, &str, &str)] = &[
    ("mean", "Required services that residents reach on average", "居民平均可达应配服务比例"),
    ("grade", "Grade", "等级"),
    ("score", "Score", "得分"),
    ("no_data", "no data", "无数据"),
    ("lacking", "Required services out of reach", "缺少的应配服务项数"),
    ("covered", "within the rule", "达标"),
    ("unknown", "only a place of unknown level is near", "附近仅有级别不明的设施"),
    ("outside", "outside the rule", "未达标"),
    ("facilities", "facilities that count", "计入的设施"),
    ("residents", "{} residents", "居民{}人"),
    ("semicolon", "; ", "；"),
    ("coverage", "Residents covered", "居民覆盖率"),
    ("partial", "hints only", "仅有线索"),
    ("problem", "problem", "问题"),
    ("floor", "below the floor", "突破底线"),
    ("people", "People affected", "影响人数"),
    ("list", "Its problems in the register", "在台账中查看其问题"),
    ("lacks", "Lacks", "缺少"),
    ("lacks_nothing", "Lacks no required service", "应配服务齐全"),
    ("of", "of", "/"),
    ("between", ": ", "："),
    ("and", ", ", "、"),
    ("shown", "shown", "显示"),
    ("all", "all", "全部"),
    ("more", "Show more", "显示更多"),
    ("nearest", "Nearest site instead", "现有最近设施"),
    ("route", "Way there", "路线"),
    ("evidence", "Evidence", "依据"),
    ("asks", "Asked", "要求"),
    ("clause", "Clause", "条款"),
    ("gap", "Gap", "差距"),
    ("pack", "Pack", "所属标准"),
    ("remedies", "Remedies", "措施"),
    ("responsible", "In charge", "责任层级"),
    ("funding", "Who pays", "资金来源"),
    ("since", "Since", "发现日期"),
    ("status", "Status", "状态"),
    ("id", "Id", "编号"),
    ("groups", "By group", "分人群"),
    ("for", "of them for whom it is", "其中服务对象"),
    ("cause", "Cause", "原因"),
    ("tier", "Tier", "类别"),
    ("within", "Within", "所属"),
    ("priority", "Priority", "优先度"),
];
