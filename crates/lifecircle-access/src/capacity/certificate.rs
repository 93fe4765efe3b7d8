//! The proof that an allocation is the best there is, from its numbers alone.

use lifecircle_types::{Cost, DemandIx, FacilityIx};

use super::network::Network;
use super::{Allocation, CapacityTask};
use crate::pairs::check_length;
use crate::{Error, Result};

type Flow = (DemandIx, FacilityIx, u64);

/// Checks that `found` answers `task`: that it is a plan, that no plan serves more, and that none that serves
/// as many walks less. Linear in the pairs.
///
/// - **A plan.** Flows go to facilities within the cutoff and add up to what every place, facility, unit and
///   the whole are said to have.
/// - **Nobody more.** Places of bottlenecks reach facilities of bottlenecks alone; the capacity of these and
///   the people of the other places in reach add up to the people served. No plan serves more than such a
///   cut lets through.
/// - **No less walking.** With `pⱼ` the price of a facility and `w` the worth of a person served, a place
///   bears `vᵢ = min(w, minⱼ cᵢⱼ + pⱼ)`. Who goes, goes where it costs `vᵢ`; who is left out lives where
///   `vᵢ = w`; a price above zero stands at full facilities only. Then `Σ vᵢ dᵢ − Σ pⱼ Sⱼ` is both what the
///   plan costs and the least that any can.
///
/// The ranges of units are only checked to hold what is reported; they have no proof of their own.
///
/// # Errors
/// [`Error::Uncertified`] with the first claim that does not hold, and its row; otherwise as
/// [`allocate`](crate::allocate).
pub fn check_allocation(task: &CapacityTask<'_>, found: &Allocation) -> Result<()> {
    let network = Network::new(task)?;
    let (rows, columns) = (task.people.len(), task.capacity.len());
    let lengths = [
        ("homes", task.homes.len(), rows),
        ("places in reach", found.in_reach.len(), rows),
        ("people served", found.served_at.len(), rows),
        ("used capacity", found.used.len(), columns),
        ("free capacity", found.free.len(), columns),
        ("prices", found.certificate.price.len(), columns),
    ];
    for (what, length, expected) in lengths {
        check_length(what, length, expected)?;
    }
    is_plan(task, &network, found)?;
    is_most(task, &network, found)?;
    is_least_walking(&network, found)
}

fn claim(holds: bool, claim: &'static str, row: usize) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::Uncertified { claim, row }) }
}

fn is_plan(task: &CapacityTask<'_>, network: &Network, found: &Allocation) -> Result<()> {
    let mut served = vec![0_u64; found.served_at.len()];
    let mut used = vec![0_u64; found.used.len()];
    let mut walking = 0_u128;
    let ascending = found.flows.windows(2).all(|flows| (flows[0].0, flows[0].1) < (flows[1].0, flows[1].1));
    claim(ascending, "flows stand in the order of the matrix, each once", 0)?;
    for (row, &(place, facility, people)) in found.flows.iter().enumerate() {
        let known = place.index() < served.len() && facility.index() < used.len() && people > 0;
        let cost = if known { task.matrix.get(place, facility) } else { None };
        let cost = cost.filter(|cost| cost.raw() <= task.within.raw());
        claim(cost.is_some(), "flows are of people and go to facilities within the cutoff", row)?;
        // what a place and a facility have bounds the sums before they are compared
        let fits = people <= task.people[place.index()];
        claim(fits, "a flow is not larger than its place", row)?;
        served[place.index()] = served[place.index()].saturating_add(people);
        used[facility.index()] = used[facility.index()].saturating_add(people);
        walking += u128::from(cost.map_or(0, Cost::raw)) * u128::from(people);
    }
    for (row, &people) in served.iter().enumerate() {
        let right = people == found.served_at[row] && people <= task.people[row];
        claim(right, "people served are the flows of a place, and not more than its people", row)?;
    }
    for (row, &people) in used.iter().enumerate() {
        let fits = network.limit[row].is_none_or(|limit| people <= limit);
        claim(
            fits && people == found.used[row],
            "a facility takes those who come, and no more than it can",
            row,
        )?;
        let free = network.limit[row].map(|limit| limit - people);
        claim(free == found.free[row], "free capacity is capacity less who comes", row)?;
    }
    let mut in_reach = vec![false; found.in_reach.len()];
    for &row in &network.row {
        in_reach[row] = true;
    }
    claim(in_reach == found.in_reach, "places in reach have people and a facility within the cutoff", 0)?;
    let totals = (task.people.iter().sum(), network.people.iter().sum(), served.iter().sum(), walking);
    let said = (found.totals.people, found.totals.reached, found.totals.served, found.walking);
    claim(totals == said, "totals are the sums of their parts", 0)?;
    let rising = found.units.windows(2).all(|units| units[0].unit < units[1].unit);
    claim(rising, "units stand in ascending order, each once", 0)?;
    let mut sums = vec![(0, 0, 0); found.units.len()];
    for (row, home) in task.homes.iter().enumerate().filter(|(row, _)| task.people[*row] > 0) {
        let unit = found.units.binary_search_by_key(home, |unit| unit.unit);
        let sums = unit.ok().map(|unit| &mut sums[unit]);
        let Some((people, reached, in_service)) = sums else {
            return claim(false, "every person is in one unit", row);
        };
        *people += task.people[row];
        *reached += if in_reach[row] { task.people[row] } else { 0 };
        *in_service += served[row];
    }
    for (row, (unit, sums)) in found.units.iter().zip(sums).enumerate() {
        claim(sums == (unit.people, unit.reached, unit.served), "units are the sums of their places", row)?;
        let range = unit.least_unserved..=unit.most_unserved;
        claim(range.contains(&unit.unserved()), "a unit's unserved people lie within their range", row)?;
    }
    Ok(())
}

fn is_most(task: &CapacityTask<'_>, network: &Network, found: &Allocation) -> Result<()> {
    let mut short_places = vec![None; task.people.len()];
    let mut short_facilities = vec![None; task.capacity.len()];
    let mut through = 0_u64;
    for (row, bottleneck) in found.totals.bottlenecks.iter().enumerate() {
        let mut capacity = 0_u64;
        for facility in &bottleneck.facilities {
            let limited = network.limit.get(facility.index()).is_some_and(Option::is_some);
            claim(limited, "only a limited facility is a bottleneck", row)?;
            claim(
                short_facilities[facility.index()].replace(row).is_none(),
                "bottlenecks share nothing",
                row,
            )?;
            capacity = network.room[facility.index()].saturating_add(capacity);
        }
        for place in &bottleneck.places {
            let known = place.index() < short_places.len();
            claim(
                known && short_places[place.index()].replace(row).is_none(),
                "bottlenecks share nothing",
                row,
            )?;
        }
        let people: u64 = bottleneck.places.iter().map(|place| task.people[place.index()]).sum();
        let sums = (people, capacity) == (bottleneck.people, bottleneck.capacity);
        claim(sums && capacity < people, "a bottleneck has more people than capacity", row)?;
        through = capacity.saturating_add(through);
    }
    for (place, &row) in network.row.iter().enumerate() {
        match short_places[row] {
            None => through = network.people[place].saturating_add(through),
            short => {
                let inside =
                    network.pairs(place).all(|pair| short_facilities[network.facility[pair]] == short);
                claim(inside, "a place of a bottleneck reaches facilities of that bottleneck alone", row)?;
            }
        }
    }
    claim(through == found.totals.served, "as many are served as the bottlenecks let through", 0)
}

fn is_least_walking(network: &Network, found: &Allocation) -> Result<()> {
    let price = |facility: usize| u128::from(found.certificate.price[facility]);
    let worth = u128::from(found.certificate.worth);
    for (facility, free) in found.free.iter().enumerate() {
        let full = *free == Some(0);
        claim(full || price(facility) == 0, "only room at a full facility has a price", facility)?;
    }
    let mut bears = vec![0; found.served_at.len()];
    for (place, &row) in network.row.iter().enumerate() {
        let cost = |pair: usize| u128::from(network.cost[pair]) + price(network.facility[pair]);
        bears[row] = network.pairs(place).map(cost).min().unwrap_or(worth).min(worth);
        let everybody = found.served_at[row] == network.people[place];
        claim(
            everybody || bears[row] == worth,
            "who is left out could not be served for less than it is worth",
            row,
        )?;
    }
    let pairs = (0..network.places()).flat_map(|place| network.pairs(place).map(move |pair| (place, pair)));
    let mut flows = found.flows.iter().enumerate().peekable();
    for (place, pair) in pairs {
        let (row, facility) = (network.row[place], network.facility[pair]);
        let here = |(_, flow): &(usize, &Flow)| (flow.0.index(), flow.1.index()) == (row, facility);
        if let Some((at, _)) = flows.next_if(here) {
            let cost = u128::from(network.cost[pair]) + price(facility);
            claim(cost == bears[row], "who goes, goes where it costs least", at)?;
        }
    }
    claim(flows.next().is_none(), "flows go to facilities within the cutoff", 0)
}
