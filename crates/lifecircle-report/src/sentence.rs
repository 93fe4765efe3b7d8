//! What standards ask and what was found, in whole sentences.

use lifecircle_indicators::{AppliedIndicator, Asked, Finding, Origin, Problem, SiteBelow, SiteFull};
use lifecircle_taxonomy::{Amount, Indicator, Pack, Quantity};
use lifecircle_types::{FacilityState, Rule};

use crate::Report;
use crate::language::Language;
use crate::number::{grouped, measured, metres, number, people};
use crate::phrase::Phrases;
use crate::word::Word;

/// "walk of at most 15 min".
pub(crate) fn rule(rule: Rule, language: Language) -> String {
    let minutes = |time: lifecircle_types::TravelTime| number(time.as_minutes_f64(), 1);
    let length = |length: lifecircle_types::Millimetres| metres(length.as_metres_f64());
    let both = match rule {
        Rule::WalkTime(time) => {
            [format!("walk of {} min", minutes(time)), format!("步行{}分钟", minutes(time))]
        }
        Rule::WalkDistance(limit) => {
            [format!("walk of {}", length(limit)), format!("步行 {}", length(limit))]
        }
        Rule::StraightRadius(limit) => {
            [format!("{} in a straight line", length(limit)), format!("直线 {}", length(limit))]
        }
        Rule::DriveTime(time) => {
            [format!("drive of {} min", minutes(time)), format!("驾车{}分钟", minutes(time))]
        }
        Rule::PresenceInUnit(kind) => [
            format!("one in the {}", kind.say(Language::English)),
            format!("每个{}一处", kind.say(Language::Chinese)),
        ],
        Rule::NoWalkingCatchment => ["comes to people".into(), "服务上门或线上".into()],
    };
    one_of(both, language)
}

fn one_of([en, zh]: [String; 2], language: Language) -> String {
    match language {
        Language::English => en,
        Language::Chinese => zh,
    }
}

/// "at least 90", "at most 5", "350 to 750".
pub(crate) fn amount(amount: Amount, language: Language) -> String {
    let figure = |value: f64| number(value, 6);
    match (amount.at_least, amount.at_most) {
        (Some(least), Some(most)) => format!("{}–{}", figure(least), figure(most)),
        (Some(least), None) => format!("{} {}", language.pick("at least", "不低于"), figure(least)),
        (None, Some(most)) => format!("{} {}", language.pick("at most", "不高于"), figure(most)),
        (None, None) => String::new(),
    }
}

/// What the clause of a problem asks.
pub(crate) fn asked(problem: &Problem, report: &Report<'_>, phrases: &Phrases<'_>) -> String {
    let language = phrases.language();
    match &problem.asks {
        Asked::Rule(asked) => rule(*asked, language),
        Asked::Site { measure, amount: asked } => {
            let measure = measure.say(language);
            let asked = amount(*asked, language);
            one_of([format!("{asked} {measure} at every site"), format!("每处{measure}{asked}")], language)
        }
        Asked::Indicator { en, zh, unit, amount: asked } => {
            let found =
                report.indicators.iter().find(|result| result.applied.indicator.key == problem.clause);
            let (name, unit) = match found {
                Some(result) => indicator_and_unit(&result.applied, report.packs, phrases),
                None => (language.named(en, zh.as_deref()).into(), phrases.say(unit)),
            };
            let asked = measured(&amount(*asked, language), &unit);
            format!("{name}{}{asked}", language.pick(": ", "："))
        }
        Asked::Room => language.pick("fewer users than places", "使用人数少于容量").into(),
    }
}

/// The name of an indicator. One that follows from a norm is named by what the norm asks for.
pub(crate) fn indicator(applied: &AppliedIndicator, packs: &[Pack], phrases: &Phrases<'_>) -> String {
    let (indicator, language) = (&applied.indicator, phrases.language());
    let named = language.named(&indicator.en, indicator.zh.as_deref());
    let pack = packs.iter().find(|pack| pack.key == applied.pack);
    let norm = pack.and_then(|pack| pack.norms().iter().find(|norm| norm.key == indicator.key));
    let Some(norm) = norm.filter(|_| applied.origin == Origin::Norm) else { return named.into() };
    let listed = match (&norm.what, norm.services.as_slice()) {
        (Some(what), _) => phrases.say(what),
        (None, services) => {
            let names: Vec<&str> = services.iter().take(3).map(|service| phrases.service(service)).collect();
            let names = names.join(language.pick(", ", "、"));
            match services.len().saturating_sub(3) {
                0 => names,
                more => {
                    one_of([format!("{names} and {more} more"), format!("{names}等{}类", more + 3)], language)
                }
            }
        }
    };
    let measure = norm.measure.say(language);
    let both = match (&indicator.count, &indicator.of) {
        (Quantity::Units(units), _) => {
            let kind = units.kind.say(language);
            [format!("{kind}: part of units that have {listed}"), format!("配有{listed}的{kind}占比")]
        }
        (Quantity::Facilities(count), _) if count.that.is_some() => [
            format!("{listed}: part of sites that keep the norm of {measure}"),
            format!("{listed}{measure}达标占比"),
        ],
        (Quantity::Facilities(_), Some(Quantity::Facilities(_))) => {
            [format!("{listed}: part of all {measure}"), format!("{listed}占全部{measure}的比重")]
        }
        (Quantity::People(_), Some(_)) => {
            [format!("residents per site of {listed}"), format!("每处{listed}服务人口")]
        }
        _ => {
            let per = phrases.say(&indicator.unit);
            [format!("{measure} of {listed} {per}"), format!("{listed}{measure}（{per}）")]
        }
    };
    one_of(both, language)
}

/// The name of an indicator, and the unit of its values as far as the name does not say it.
pub(crate) fn indicator_and_unit(
    applied: &AppliedIndicator,
    packs: &[Pack],
    phrases: &Phrases<'_>,
) -> (String, String) {
    let (name, unit) = (indicator(applied, packs, phrases), phrases.say(&applied.indicator.unit));
    if name.contains(&unit) { (name, String::new()) } else { (name, unit) }
}

/// What an indicator is to reach.
pub(crate) fn goal(asked: Amount, indicator: &Indicator, phrases: &Phrases<'_>) -> String {
    let asked = amount(asked, phrases.language());
    if indicator.unit == "%" { measured(&asked, "%") } else { asked }
}

/// The streets of a way: "Renmin Road 320 m, footway 40 m".
pub(crate) fn route(route: &str, phrases: &Phrases<'_>) -> String {
    if phrases.language() == Language::English {
        return route.into();
    }
    let steps = route.split(", ").map(|step| {
        let (street, length) =
            step.strip_suffix(" m").and_then(|step| step.rsplit_once(' ')).unwrap_or((step, ""));
        let class = street.strip_suffix("_link").unwrap_or(street);
        let is_class = class.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
        let known = HIGHWAYS.iter().find(|(highway, _)| *highway == class).map(|(_, chinese)| *chinese);
        let street = known.unwrap_or(if is_class { "其他道路" } else { street });
        if length.is_empty() { street.to_string() } else { format!("{street} {length} m") }
    });
    steps.collect::<Vec<_>>().join("、")
}

/// Streets without a name, by their class on the map.
const HIGHWAYS: &[(&str, &str)] = &[
    ("motorway", "高速公路"),
    ("trunk", "快速路"),
    ("primary", "主干路"),
    ("secondary", "次干路"),
    ("tertiary", "支路"),
    ("unclassified", "支路"),
    ("residential", "居住区道路"),
    ("living_street", "生活街道"),
    ("service", "内部道路"),
    ("pedestrian", "步行街"),
    ("footway", "步道"),
    ("path", "小径"),
    ("steps", "台阶"),
    ("cycleway", "自行车道"),
    ("track", "土路"),
    ("bridleway", "骑行道"),
    ("corridor", "走廊"),
];

/// What was found.
pub(crate) fn finding(finding: &Finding, name: impl Fn(&str) -> String, phrases: &Phrases<'_>) -> String {
    let language = phrases.language();
    let listed = |parts: Vec<String>| parts.join(language.pick("; ", "；"));
    match finding {
        Finding::Outside { people: without, of, rule: asked, mean_m, has_sites } => {
            let (without, of, asked) = (people(*without), people(*of), rule(*asked, language));
            let mut both = [
                format!("{without} of {of} residents are outside the rule, {asked}"),
                format!("{of}名居民中有{without}名不满足“{asked}”"),
            ];
            match mean_m {
                Some(mean) => {
                    let mean = metres(*mean);
                    both[0].push_str(&format!("; the nearest site is {mean} away on average"));
                    both[1].push_str(&format!("；到最近设施平均 {mean}"));
                }
                None if !has_sites => {
                    both[0].push_str("; there is no site");
                    both[1].push_str("；没有设施");
                }
                None => {}
            }
            one_of(both, language)
        }
        Finding::Below(sites) => {
            let one = |site: &SiteBelow| {
                let (facility, has, needs) =
                    (name(&site.facility), number(site.has, 6), number(site.needs, 6));
                let without: Vec<String> = site.without.iter().map(|word| phrases.say(word)).collect();
                let lacks = if without.is_empty() {
                    [String::new(), String::new()]
                } else {
                    [format!(" (no {})", without.join(", ")), format!("（缺{}）", without.join("、"))]
                };
                one_of(
                    [
                        format!("{facility} has {has}{} of {needs}", lacks[0]),
                        format!("{facility}现有 {has}{}，应有 {needs}", lacks[1]),
                    ],
                    language,
                )
            };
            listed(sites.iter().map(one).collect())
        }
        Finding::Silent { sites, measure } => {
            let (sites, measure) = (grouped(*sites as u64), measure.say(language));
            one_of(
                [
                    format!("{sites} sites do not state their {measure}"),
                    format!("{sites}处设施未说明{measure}"),
                ],
                language,
            )
        }
        Finding::NotInUse(sites) => {
            let one = |(facility, state): &(String, FacilityState)| {
                let (facility, state) = (name(facility), state.say(language));
                one_of([format!("{facility} is {state}"), format!("{facility}：{state}")], language)
            };
            listed(sites.iter().map(one).collect())
        }
        Finding::Full(sites) => {
            let one = |site: &SiteFull| {
                let (facility, users, places) =
                    (name(&site.facility), number(site.users, 1), number(site.places, 1));
                one_of(
                    [
                        format!("{facility} has {users} users for {places} places"),
                        format!("{facility}容量 {places}，使用 {users}"),
                    ],
                    language,
                )
            };
            listed(sites.iter().map(one).collect())
        }
        Finding::Missed { value, unit, amount: asked } => {
            let (value, asked) = (measured(&number(*value, 6), &phrases.say(unit)), amount(*asked, language));
            one_of([format!("{value}, {asked} asked"), format!("现值 {value}，要求{asked}")], language)
        }
        Finding::NotAssessed(reason) => phrases.say(reason),
    }
}
