//! Laws of services without a walking catchment and of journeys, on random towns.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use lifecircle_access::{
    Escort, EscortLimit, HomeVisitTask, HomeVisits, OnlineGroup, Referral, UnknownCapacity, VisitTravel,
    WayBack, escort_trips, home_visits, levels, mobile_days, mobile_visits, nearest, one_stop, online,
};
use lifecircle_types::{Date, DemandIx, FacilityIx, Millimetres, People, Speed, TravelMatrix, TravelTime};
use proptest::prelude::*;

const fn minutes(minutes: u32) -> TravelTime {
    TravelTime::from_minutes(minutes)
}

const HOUR: TravelTime = minutes(60);
const FAR: Millimetres = Millimetres::from_metres(3000);

fn entries(rows: u32, columns: u32, most: usize) -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    prop::collection::vec((0..rows, 0..columns, 0..=30_u32), 0..most).prop_map(|raw| {
        let seen: BTreeMap<_, _> = raw.into_iter().map(|(i, j, cost)| ((i, j), cost)).collect();
        seen.into_iter().map(|((i, j), cost)| (i, j, cost)).collect()
    })
}

fn in_minutes(rows: u32, columns: u32, entries: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips = entries.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), minutes(m)));
    TravelMatrix::new(rows, columns, HOUR, trips).expect("trips within an hour")
}

/// Thirty metres to a unit of cost.
fn in_metres(rows: u32, columns: u32, entries: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips =
        entries.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), Millimetres::from_metres(30 * m)));
    TravelMatrix::new(rows, columns, FAR, trips).expect("ways within three kilometres")
}

/// The most visits of any plan, by trying all.
fn most_visits(pairs: &[(usize, usize, u64)], needed: &mut [u64], rest: &mut [u64]) -> u64 {
    let Some((&(place, depot, work), others)) = pairs.split_first() else {
        return 0;
    };
    let most = needed[place].min(rest[depot] / work);
    let mut best = 0;
    for visits in 0..=most {
        needed[place] -= visits;
        rest[depot] -= visits * work;
        best = best.max(visits + most_visits(others, needed, rest));
        needed[place] += visits;
        rest[depot] += visits * work;
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_plan_of_visits_beats_the_bound(
        trips in entries(4, 3, 9),
        needed in prop::collection::vec(0..4_u64, 4),
        hours in prop::collection::vec(0..300_u64, 3),
        depots in 1..=3_u32,
        each in prop::option::of(0..20_u32),
    ) {
        let trips: Vec<_> = trips.into_iter().filter(|trip| trip.1 < depots).collect();
        let matrix = in_minutes(4, depots, &trips);
        let wanted: Vec<_> = needed.iter().copied().map(Some).collect();
        let week: Vec<_> = hours[..depots as usize].iter().copied().map(Some).collect();
        let travel = each.map_or(VisitTravel::ThereAndBack, |each| VisitTravel::Each(minutes(each)));
        let task = HomeVisitTask {
            matrix: &matrix,
            within: minutes(20),
            needed: &wanted,
            minutes: &week,
            unknown: UnknownCapacity::Refuse,
            care: minutes(30),
            travel,
        };
        let found = home_visits(&task).unwrap();
        let work = |m: u32| 30 + u64::from(each.unwrap_or(2 * m));
        let pairs: Vec<_> = trips
            .iter()
            .filter(|trip| trip.2 <= 20)
            .map(|&(i, j, m)| (i as usize, j as usize, work(m)))
            .collect();
        let best = most_visits(&pairs, &mut needed.clone(), &mut hours.clone());
        prop_assert!(found.made <= best && best <= found.bound, "{} {best} {}", found.made, found.bound);
        if each.is_some() || depots == 1 {
            prop_assert_eq!((found.made, found.bound), (best, best));
        }
        // the plan can be carried out
        let mut total = 0_u128;
        for depot in 0..depots {
            let here = found.plan.iter().filter(|visit| visit.1 == FacilityIx(depot));
            let spent: u64 = here
                .map(|&(i, j, visits)| {
                    let way = trips.iter().find(|trip| (trip.0, trip.1) == (i.0, j.0)).unwrap();
                    visits * work(way.2)
                })
                .sum();
            prop_assert!(spent <= hours[depot as usize]);
            total += u128::from(spent) * 60_000;
        }
        prop_assert_eq!(total, found.work);
        prop_assert_eq!(found.plan.iter().map(|visit| visit.2).sum::<u64>(), found.made);
        for (place, needed) in needed.iter().enumerate() {
            let here = found.plan.iter().filter(|visit| visit.0.index() == place);
            let here: u64 = here.map(|visit| visit.2).sum();
            prop_assert!(here <= *needed);
        }
        prop_assert!(found.bound <= found.reached && found.reached <= found.needed);
    }

    #[test]
    fn wider_reach_never_makes_a_mobile_service_rarer(
        trips in entries(5, 4, 15),
        visits in prop::collection::vec(prop::option::of(0..100_u32), 4),
        within in 0..30_u32,
    ) {
        let matrix = in_minutes(5, 4, &trips);
        let near = mobile_visits(&matrix, minutes(within), &visits).unwrap();
        let wide = mobile_visits(&matrix, minutes(within + 1), &visits).unwrap();
        for (near, wide) in near.iter().zip(&wide) {
            prop_assert!(near.all <= wide.all && near.best <= wide.best && near.unknown <= wide.unknown);
            prop_assert!(u64::from(near.best) <= near.all);
        }
        // on the days that stand for these visits, days are at most the visits, and at least the best stop's
        let first = Date::new(2025, 1, 1).unwrap();
        let last = Date::new(2025, 12, 31).unwrap();
        let days: Vec<Option<Vec<Date>>> = visits
            .iter()
            .map(|count| count.map(|count| (0..count.cast_signed()).map(|k| first.after(3 * k).unwrap()).collect()))
            .collect();
        let met = mobile_days(&matrix, minutes(within), &days, first, last).unwrap();
        for (met, near) in met.iter().zip(&near) {
            prop_assert!(met.days >= near.best && u64::from(met.days) <= near.all);
            prop_assert_eq!(met.longest_wait.is_some(), met.days > 0);
            // waits go round the year
            prop_assert!(met.longest_wait.is_none_or(|wait| wait <= 365 && wait * met.days >= 365));
        }
    }

    #[test]
    fn everybody_is_counted_once_online(
        trips in entries(5, 2, 8),
        people in prop::collection::vec((0..500_000_000_u64, prop::option::of(0..=8_u64)), 5),
        able in prop::option::of(0.0..=1.0_f64),
    ) {
        let matrix = in_minutes(5, 2, &trips);
        let all: Vec<_> = people.iter().map(|(all, _)| People::from_millionths(*all)).collect();
        let part = |(all, eighths): &(u64, Option<u64>)| {
            eighths.map(|eighths| People::from_millionths(all * eighths / 8))
        };
        let entitled: Vec<_> = people.iter().map(part).collect();
        let group = |able| OnlineGroup { people: &all, entitled: &entitled, able };
        let found = online(&[group(able), group(None)], &matrix, minutes(15)).unwrap();
        let everybody: People = all.iter().copied().sum();
        for found in &found {
            prop_assert_eq!(found.tally().all(), everybody);
        }
        // what is known lies between what is certain and what is possible
        let (known, open) = (found[0].tally(), found[1].tally());
        prop_assert!(open.covered <= known.covered);
        prop_assert!(known.lenient().covered <= open.lenient().covered);
    }

    #[test]
    fn the_next_level_is_never_nearer(
        first in entries(6, 4, 18),
        second in entries(4, 3, 9),
        third in entries(3, 2, 5),
    ) {
        let first = in_minutes(6, 4, &first);
        let (second, third) = (in_minutes(4, 3, &second), in_minutes(3, 2, &third));
        let links = [&second, &third];
        let cheapest = levels(&first, &links, Referral::Cheapest).unwrap();
        let stepwise = levels(&first, &links, Referral::Stepwise).unwrap();
        prop_assert_eq!(&cheapest.cost[0], &nearest(&first, NonZeroU32::MIN));
        prop_assert_eq!(&stepwise.cost[0], &cheapest.cost[0]);
        for place in 0..6 {
            for level in 0..2 {
                for found in [&cheapest, &stepwise] {
                    if let Some(further) = found.cost[level + 1][place] {
                        let nearer = found.cost[level][place];
                        prop_assert!(nearer.is_some_and(|cost| cost.raw() <= further.raw()));
                    }
                }
                if let Some(stepwise) = stepwise.cost[level + 1][place] {
                    let cheapest = cheapest.cost[level + 1][place];
                    prop_assert!(cheapest.is_some_and(|cost| cost.raw() <= stepwise.raw()));
                }
            }
            // the chain costs what it says
            for found in [&cheapest, &stepwise] {
                let chain = &found.chain[place];
                let Some(last) = chain.len().checked_sub(1) else { continue };
                let legs = [&second, &third];
                let mut paid = first.get(DemandIx::new(place), chain[0]).unwrap().raw();
                for (pair, link) in chain.windows(2).zip(legs) {
                    paid += link.get(DemandIx(pair[0].0), pair[1]).unwrap().raw();
                }
                prop_assert_eq!(found.cost[last][place].map(|cost| cost.raw()), Some(paid));
                prop_assert!(found.cost.get(last + 1).is_none_or(|cost| cost[place].is_none()));
            }
        }
    }

    #[test]
    fn a_wider_stop_never_offers_less(
        walks in entries(5, 6, 20),
        doors in entries(6, 6, 20),
        offers in prop::collection::vec(prop::collection::vec(0..5_u32, 0..4), 6),
        within in 0..30_u32,
        radius in 0..30_u32,
    ) {
        let (walks, around) = (in_metres(5, 6, &walks), in_metres(6, 6, &doors));
        let metres = |units: u32| Millimetres::from_metres(30 * units);
        let at = |within, radius| one_stop(&walks, metres(within), &around, metres(radius), &offers).unwrap();
        let found = at(within, radius);
        let sets = |wider: &[lifecircle_access::OneStop]| {
            found.iter().zip(wider).all(|(here, wider)| here.services <= wider.services)
        };
        prop_assert!(sets(&at(within + 1, radius)) && sets(&at(within, radius + 1)));
        // as few as the best facility alone, as many as there are services
        for (place, found) in found.iter().enumerate() {
            prop_assert!(found.services <= 5);
            if let Some((anchor, cost)) = found.anchor {
                prop_assert_eq!(walks.get(DemandIx::new(place), anchor), Some(cost));
                prop_assert!(cost.raw() <= metres(within).get());
            }
        }
    }

    #[test]
    fn nobody_is_faster_with_somebody_by_the_hand(
        ways in entries(5, 4, 15),
        escort in 30..100_u32,
        escorted in 30..100_u32,
        limit in 1..30_u32,
    ) {
        let ways = in_metres(5, 4, &ways);
        let pace = |m| Speed::covering(Millimetres::from_metres(m), minutes(1)).unwrap();
        let trips = |escorted, back, limit| {
            escort_trips(&ways, &Escort { escort: pace(escort), escorted: pace(escorted), back, limit }).unwrap()
        };
        let each = EscortLimit::EachWay(minutes(limit));
        let together = trips(escorted, WayBack::Together, each);
        let returning = trips(escorted, WayBack::Alone, each);
        // somebody as fast as the escort changes nothing
        let alone = trips(escort, WayBack::Alone, each);
        let within = trips(escorted, WayBack::Together, EscortLimit::RoundTrip(minutes(limit)));
        for place in 0..5 {
            if let Some(trip) = together[place] {
                prop_assert!(returning[place].is_some_and(|quicker| quicker.total() <= trip.total()));
            }
            if let Some(trip) = returning[place] {
                prop_assert!(alone[place].is_some_and(|quicker| quicker.total() <= trip.total()));
                prop_assert!(trip.there <= minutes(limit) && trip.back <= minutes(limit));
            }
            if let Some(trip) = within[place] {
                prop_assert!(trip.total() <= minutes(limit));
                prop_assert_eq!(together[place], Some(trip));
            }
        }
    }

    #[test]
    fn the_order_of_rows_is_only_an_order(
        trips in entries(5, 4, 16),
        doors in entries(4, 4, 10),
        needed in prop::collection::vec(0..5_u64, 5),
        hours in prop::collection::vec(0..400_u64, 4),
        turn in 1..5_u32,
    ) {
        // row i becomes row i + turn
        let to = |i: u32| (i + turn) % 5;
        let from = |row: usize| to(u32::try_from(row).unwrap()) as usize;
        let turned: Vec<_> = trips.iter().map(|&(i, j, cost)| (to(i), j, cost)).collect();
        let (here, there) = (in_minutes(5, 4, &trips), in_minutes(5, 4, &turned));

        let frequency = [Some(1), Some(20), None, Some(300)];
        let visits = |matrix| mobile_visits(matrix, minutes(20), &frequency).unwrap();
        let (one, other) = (visits(&here), visits(&there));
        let link = in_minutes(4, 4, &doors);
        let chains = |matrix| levels(matrix, &[&link], Referral::Cheapest).unwrap();
        let (chain, turned_chain) = (chains(&here), chains(&there));
        for row in 0..5 {
            prop_assert_eq!(one[row], other[from(row)]);
            prop_assert_eq!(chain.cost[1][row], turned_chain.cost[1][from(row)]);
            prop_assert_eq!(&chain.chain[row], &turned_chain.chain[from(row)]);
        }

        let wanted: Vec<_> = needed.iter().copied().map(Some).collect();
        let mut turned_wanted = wanted.clone();
        turned_wanted.rotate_right(turn as usize % 5);
        let week: Vec<_> = hours.iter().copied().map(Some).collect();
        let answer = |matrix, needed| {
            home_visits(&HomeVisitTask {
                matrix,
                within: minutes(20),
                needed,
                minutes: &week,
                unknown: UnknownCapacity::Refuse,
                care: minutes(30),
                travel: VisitTravel::Each(minutes(10)),
            })
            .unwrap()
        };
        let (one, other) = (answer(&here, &wanted), answer(&there, &turned_wanted));
        let counts = |found: &HomeVisits| (found.needed, found.reached, found.made, found.bound);
        prop_assert_eq!(counts(&one), counts(&other));
        prop_assert_eq!((one.work, one.work_needed), (other.work, other.work_needed));
    }
}
