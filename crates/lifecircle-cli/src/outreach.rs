//! Services that come to people, on the terminal.

use lifecircle::Outcome;
use lifecircle::outreach::{CityBeds, CityCare, CityMobile, CityOnline, CityVisits};
use lifecircle::types::People;

use crate::journeys::{hidden, mean, one_decimal, spaced, told};
use crate::summary::{percent, range};

/// A line or two for every service that comes to people and that the study asks about.
pub(crate) fn outreach(outcome: &Outcome<'_>) -> String {
    let visits = outcome.home_visits.iter().map(visits);
    let mobile = outcome.mobile.iter().map(mobile);
    let online = outcome.online.iter().map(online);
    let care = outcome.care.iter().map(care);
    let beds = outcome.family_beds.iter().map(beds);
    visits.chain(mobile).chain(online).chain(care).chain(beds).collect::<Vec<_>>().join("\n")
}

fn visits(city: &CityVisits) -> String {
    let found = || {
        let Some(all) = city.whole.first() else { return "nobody to be visited".into() };
        let most =
            if all.made_lenient > all.made { format!(" to {}", all.made_lenient) } else { String::new() };
        let sure = if city.bound > all.made {
            format!(", at most {} by any plan", city.bound)
        } else {
            String::new()
        };
        format!(
            "{}{most} of {} visits a week can be made{sure}; {} are in reach, which take {:.0} hours, and {:.0} hours are \
             planned; a carer is there in {}",
            all.made,
            all.needed,
            all.reached,
            city.hours_needed,
            city.hours_planned,
            mean(all.response_min)
        )
    };
    let unstated = match city.depots_without_staff {
        0 => String::new(),
        depots => format!("; {depots} depots state no staff"),
    };
    let told = told(city.not_assessed.as_deref(), found);
    format!("Home visits, {}: {told}{unstated}{}", spaced(&city.key), hidden(&city.no_data))
}

fn mobile(city: &CityMobile) -> String {
    let Some(all) = city.whole.first() else { return String::new() };
    let what = if city.counted_by_days { "days" } else { "visits" };
    let unknown = match city.stops_unknown {
        0 => String::new(),
        stops => format!("; of {stops} of {} stops nobody knows how often they are served", city.stops),
    };
    let mean = one_decimal(all.mean_visits);
    format!(
        "Mobile, {}: {} of residents have {} {what} a year and more within {} min; {mean} on average{unknown}",
        spaced(&city.key),
        range(&all.enough),
        city.asked.visits_a_year,
        city.asked.within_min,
    )
}

fn online(city: &CityOnline) -> String {
    let Some(all) = city.whole.first() else {
        return format!("Online, {}: nobody in question", spaced(&city.key));
    };
    let share = |part: People| percent(part.share_of(all.covered.strict.all));
    format!(
        "Online, {}: {} come to it; {} alone, {} with help within {} min, {} not at all; of {} nobody knows whether they \
         manage{}",
        spaced(&city.key),
        range(&all.covered),
        share(all.alone),
        share(all.assisted),
        city.asked.within_min,
        share(all.unable),
        share(all.either + all.undecided),
        hidden(&city.no_data),
    )
}

fn care(city: &CityCare) -> String {
    let found = || {
        let Some(all) = city.whole.first() else { return "nobody in question".into() };
        let who = all.group.as_ref().map_or_else(|| "residents".into(), spaced);
        let share = |part: People| percent(part.share_of(all.people));
        format!(
            "of {who} {} have it at the bedside, {} near, {} around; {} all three, {} none",
            share(all.bedside),
            share(all.near),
            share(all.around),
            share(all.every),
            share(all.none)
        )
    };
    format!("Care: {}{}", told(city.not_assessed.as_deref(), found), hidden(&city.no_data))
}

fn beds(city: &CityBeds) -> String {
    let found = || {
        let Some(all) = city.whole.first() else { return "none".into() };
        format!(
            "{} of {} are supported; {} too far, {} visited too seldom, of {} nobody knows how often; there is room for {}",
            all.supported, all.beds, all.too_far, all.too_seldom, all.unknown, city.with_room
        )
    };
    format!("Care beds at home: {}{}", told(city.not_assessed.as_deref(), found), hidden(&city.no_data))
}
