//! How the figures were made, and what they do not say.

use maud::{Markup, html};

use crate::language::Language;
use crate::number;
use crate::page::{Page, text};
use crate::phrase::ages;

pub(crate) fn methods(page: &Page<'_>) -> Option<Markup> {
    let sources = &page.report.sources;
    let link = number::metres(sources.max_link.as_metres_f64());
    let island = number::metres(sources.island_penalty.as_metres_f64());
    let settings = match page.language() {
        Language::English => format!(
            "A home or a site is linked to the nearest point on a street that may be walked, at most {link} away; a street cut off from the main network is taken only when it is {island} nearer."
        ),
        Language::Chinese => format!(
            "住处和设施接入可步行街道上的最近点，最远 {link}；与主路网不连通的街道须近 {island} 以上才采用。"
        ),
    };
    let peak = sources.peak_percent.map(|percent| match page.language() {
        Language::English => format!("Trips by car take {percent}% of the time on empty streets."),
        Language::Chinese => format!("驾车时间按空闲路况的{percent}%计。"),
    });
    let points = [
        page.say("Walks follow the streets, from the home to the door, the legs off the street at both ends included. A service is reached when the walk keeps the limit of its rule; the limit itself is kept.",
            "步行沿街道计算，自住处至设施出入口，含两端离街路段。步行不超过规则限值即为可达，等于限值亦可达。"),
        page.say("The headline figures walk as the standard of the pack does, everyone alike; only they are held against targets. Beside them stand figures at the pace of each group.",
            "主要数据按标准包规定的标准步速计算，不分人群，只有这些数据与目标比较；另列各人群按自身步速的数据。"),
        page.say("Residents without a position or a street stay in every denominator. What no source shows is “not assessed” and outside every share: no data is not no service.",
            "没有坐标或附近没有街道的居民仍计入分母。没有来源的服务列为“未评估”，不计入任何比例：无数据不等于无服务。"),
        page.say("Places whose level is not known give two readings: they count for none, or for the usual level of their family.",
            "级别不明的设施给出两种读数：不计入，或按其所属类别的通常级别计入。"),
        page.say("A problem is a service, a class and a clause in a unit; its id stays the same from year to year. It is closed only when a later run no longer finds it.",
            "问题由单元、服务、类别和条款确定，编号逐年不变；只有后续测算不再发现才予销号。"),
    ];
    Some(html! {
        ul {
            @for point in points { li { (point) } }
            li { (settings) }
            @if let Some(peak) = peak { li { (peak) } }
            @if sources.open_gates { li { strong { (page.say("Scenario: everybody may pass private streets and gates.", "情景：所有人可通行内部道路和出入口。")) } } }
        }
        @if !sources.beside.is_empty() {
            p.note {
                (page.say("The study measures more than this report tells; `lifecircle assess` writes it as ", "本研究另有未列入本报告的结果，见评估结果文件 "))
                code translate="no" { (sources.beside.join(" ")) }
            }
        }
        (walkers(page))
    })
}

fn walkers(page: &Page<'_>) -> Markup {
    let language = page.language();
    let minutes = lifecircle_types::TravelTime::from_minutes(15);
    let length = |speed: lifecircle_types::Speed| number::metres(speed.length_in(minutes).as_metres_f64());
    let packs =
        page.report.packs.iter().map(|pack| (page.phrases.say(&pack.title), length(pack.standard_walker)));
    let own = page.report.inputs.walkers.iter().map(|walker| {
        let name = walker.ages.map_or_else(|| page.phrases.say(&walker.key), |band| ages(band, language));
        (name, length(walker.speed))
    });
    let rows: Vec<Vec<Markup>> =
        packs.chain(own).map(|(name, length)| vec![text(name), text(length)]).collect();
    page.table(
        page.say("How far who walks in 15 minutes on the level", "各类步行者平地15分钟步行距离"),
        &[page.say("Standard, or age", "标准或年龄"), page.say("Distance", "距离")],
        &rows,
    )
}
