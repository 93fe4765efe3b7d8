//! Rational agents who spread until nobody gains by going elsewhere (RAAM, Saxon & Snow 2020), solved
//! exactly.
//!
//! Going from place `i` to facility `j` costs `κᵢⱼ + uⱼ`: the travel `κᵢⱼ = cᵢⱼ / τ` and the crowd
//! `uⱼ = Dⱼ / (ρ Sⱼ)`, where `Dⱼ = Σᵢ Xᵢⱼ` people come. In equilibrium all people of a place bear the same
//! cost `λᵢ` and nobody finds less; that is the optimum of a convex problem (Beckmann et al. 1956):
//!
//! ```text
//! min  Σ Xᵢⱼ κᵢⱼ + Σⱼ Dⱼ² / (2 ρ Sⱼ)    with  Σⱼ Xᵢⱼ = Pᵢ,  X ≥ 0
//! ```
//!
//! **Invariant of the search.** The pairs in use form a forest: most places send everybody to one facility, a
//! few are split. Along a tree all costs of a split place are equal, which fixes the crowds up to one number
//! per tree, and the people of the tree fix that. A pivot adds a pair that costs its place less than it
//! bears, moves people towards the equilibrium of the joined tree, and drops the pairs that run empty. Each
//! pivot lowers the objective and there are finitely many forests, so the search ends at the optimum, not
//! near it.
//!
//! **Certificate.** For any flows `X` with crowds `u`, and `λᵢ = minⱼ κᵢⱼ + uⱼ`, the gap to the optimum is at
//! most `Σ Xᵢⱼ (κᵢⱼ + uⱼ − λᵢ)`: what people bear above the best they could find. It is computed from the
//! flows alone.

use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, reduce};

use crate::pairs::{Pairs, check_column, check_reach, facilities_where, places_where};
use crate::{Error, Result};

/// How crowds weigh against travel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crowding {
    /// The travel cost τ that weighs as much as a facility with exactly ρ people per unit of supply.
    pub scale: Cost,
    /// The cost beyond which nobody goes, inclusive.
    pub within: Cost,
    /// The people per unit of supply ρ that make a crowd of 1; `None` takes all people over all supply.
    pub people_per_supply: Option<f64>,
}

/// The equilibrium of [`raam`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Raam {
    /// The cost that the people of every place bear, less is better; `None` where no supply is in reach.
    pub cost: Vec<Option<f64>>,
    /// People who come to every facility.
    pub load: Vec<f64>,
    /// Who goes where, in the order of the matrix.
    pub flows: Vec<(DemandIx, FacilityIx, f64)>,
    /// Places with people and no supply in reach: they are in no flow.
    pub excluded: Vec<DemandIx>,
    /// The people of these places.
    pub excluded_people: f64,
    /// Facilities to which nobody goes.
    pub unused: Vec<FacilityIx>,
    /// The value of the convex problem, in people times cost.
    pub objective: f64,
    /// The duality gap, in the same unit: the objective is at most this far above the optimum.
    pub gap: f64,
    /// Pivots made.
    pub pivots: usize,
}

/// The equilibrium cost of every place when people weigh travel against crowds: `λᵢ = minⱼ cᵢⱼ/τ + Dⱼ/(ρ
/// Sⱼ)`.
///
/// Facilities without supply take nobody in. People with no supply in reach are excluded and counted; places
/// without people bear what a person there would. Costs are unique, flows need not be. Linear in the pairs
/// per pass over the places, and in the facilities of a tree per pivot.
///
/// # Errors
/// As [`catchment`](crate::catchment) for the columns; [`Error::BadParameter`] for a scale of zero or a ρ
/// that is not above zero; [`Error::OtherUnit`], and [`Error::MatrixTooShort`] when `within` lies beyond the
/// matrix.
///
/// ```
/// # use lifecircle_access::{Crowding, raam};
/// # use lifecircle_types::{DemandIx, FacilityIx, TravelMatrix, TravelTime};
/// let min = TravelTime::from_minutes;
/// let times = [(0, 0), (1, 6)].map(|(j, minutes)| (DemandIx(0), FacilityIx(j), min(minutes)));
/// let matrix = TravelMatrix::new(1, 2, min(15), times)?;
/// // λ = D₁/5 = 6/10 + D₂/5 with D₁ + D₂ = 10: 6.5 and 3.5 people, all bear 1.3
/// let crowding = Crowding { scale: min(10).into(), within: min(15).into(), people_per_supply: None };
/// let found = raam(&matrix, &[1.0, 1.0], &[10.0], &crowding)?;
/// assert!((found.load[0] - 6.5).abs() < 1e-12 && (found.load[1] - 3.5).abs() < 1e-12);
/// assert!((found.cost[0].unwrap() - 1.3).abs() < 1e-12);
/// assert!(found.gap < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn raam(matrix: &TravelMatrix, supply: &[f64], demand: &[f64], crowding: &Crowding) -> Result<Raam> {
    let town = Town::new(matrix, supply, demand, crowding)?;
    let mut search = Search::new(&town);
    // far more than any forest has needed; the gap tells if it ever were too few
    let most = 1000 + 100 * (town.pairs.places() + town.pairs.facilities());
    let mut pivots = 0;
    loop {
        let before = pivots;
        for place in town.people_in_reach() {
            while pivots < most
                && let Some(pair) = search.cheaper(place)
            {
                search.pivot(place, pair);
                pivots += 1;
            }
        }
        if pivots == before || pivots == most {
            break;
        }
    }
    let mut flows: Vec<(usize, f64)> =
        search.in_use.into_iter().flatten().filter(|flow| flow.1 > 0.0).collect();
    flows.sort_unstable_by_key(|&(pair, _)| pair);
    Ok(town.certify(&flows, pivots))
}

/// Checks that `found` is an equilibrium of these inputs, from its flows alone: flows go to supply in reach
/// and add up to the people of every place, and the duality gap that they leave is at most `tolerance` of the
/// objective.
///
/// # Errors
/// As [`raam`]; [`Error::Unequal`] with what does not add up.
pub fn check_equilibrium(
    found: &Raam,
    matrix: &TravelMatrix,
    supply: &[f64],
    demand: &[f64],
    crowding: &Crowding,
    tolerance: f64,
) -> Result<()> {
    let town = Town::new(matrix, supply, demand, crowding)?;
    let mut flows = Vec::with_capacity(found.flows.len());
    let mut sent: Vec<Vec<f64>> = vec![vec![]; demand.len()];
    for &(place, facility, people) in &found.flows {
        let of_place = if place.index() < demand.len() { town.pairs.of_place(place.index()) } else { 0..0 };
        let pair = of_place.into_iter().find(|&pair| town.pairs.facility[pair] == facility.0);
        let remedy = "a flow has to be positive and go to supply in reach";
        let (left_name, right_name) = ("a flow's people", "what can flow there");
        let Some(pair) = pair.filter(|_| people > 0.0) else {
            return Err(Error::Unequal { left_name, left: people, right_name, right: 0.0, remedy });
        };
        flows.push((pair, people));
        sent[place.index()].push(people);
    }
    for place in town.people_in_reach() {
        let (left, right) = (reduce::sum(sent[place].iter().copied()), demand[place]);
        if (left - right).abs() > 1e-9 * right {
            let (left_name, right_name) = ("flows of a place", "its people");
            let remedy = "everybody with supply in reach has to go somewhere";
            return Err(Error::Unequal { left_name, left, right_name, right, remedy });
        }
    }
    let again = town.certify(&flows, found.pivots);
    if again.gap <= tolerance * again.objective {
        return Ok(());
    }
    let (left_name, right_name) = ("costs that people bear", "the least they could find");
    let (left, right) = (again.gap, 0.0);
    Err(Error::Unequal { left_name, left, right_name, right, remedy: "these flows are no equilibrium" })
}

/// The problem: pairs with their travel `κ`, people, and the crowd `1 / (ρ S)` that one person makes.
struct Town<'a> {
    pairs: Pairs<'static>,
    demand: &'a [f64],
    crowd: Vec<f64>,
}

impl<'a> Town<'a> {
    fn new(matrix: &TravelMatrix, supply: &[f64], demand: &'a [f64], crowding: &Crowding) -> Result<Self> {
        check_column("supply", supply, matrix.columns())?;
        check_column("demand", demand, matrix.rows())?;
        check_reach(matrix, crowding.within)?;
        let (expected, found) = (matrix.unit(), crowding.scale.unit());
        if expected != found {
            return Err(Error::OtherUnit { expected, found });
        }
        let rho = crowding.people_per_supply.unwrap_or_else(|| {
            let [people, all] = [demand, supply].map(|column| reduce::sum(column.iter().copied()));
            // without people or supply there are no crowds, and any ratio will do
            if people > 0.0 && all > 0.0 { people / all } else { 1.0 }
        });
        let scale = f64::from(crowding.scale.raw());
        for (what, value) in [("the scale", scale), ("the people per supply", rho)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::BadParameter { what, value, expected: "a finite number above zero" });
            }
        }
        let pairs = Pairs::new(matrix, |facility, cost| {
            let open = supply[facility.index()] > 0.0 && cost.raw() <= crowding.within.raw();
            Ok(open.then(|| f64::from(cost.raw()) / scale))
        })?;
        Ok(Self { pairs, demand, crowd: supply.iter().map(|supply| 1.0 / (rho * supply)).collect() })
    }

    fn people_in_reach(&self) -> impl Iterator<Item = usize> + use<'_, 'a> {
        (0..self.demand.len()).filter(|&i| self.demand[i] > 0.0 && !self.pairs.of_place(i).is_empty())
    }

    /// The pair of a place that costs it least with these crowds, the first of several, and its cost.
    fn best(&self, place: usize, crowds: &[f64]) -> Option<(usize, f64)> {
        let cost = |pair: usize| self.pairs.value[pair] + self.pairs.at_facility(crowds, pair);
        self.pairs.of_place(place).map(|pair| (pair, cost(pair))).min_by(|one, two| one.1.total_cmp(&two.1))
    }

    /// The result of these flows, ascending by pair, with everything derived from them.
    fn certify(&self, flows: &[(usize, f64)], pivots: usize) -> Raam {
        let pairs = &self.pairs;
        let mut people = vec![0.0; pairs.len()];
        for &(pair, flow) in flows {
            people[pair] = flow;
        }
        let load = pairs.facility_sums(|pair| people[pair]);
        // a facility without supply has no load, and its crowd is never asked for
        let crowds: Vec<f64> = load.iter().zip(&self.crowd).map(|(load, crowd)| load * crowd).collect();
        let cost: Vec<Option<f64>> =
            (0..pairs.places()).map(|place| self.best(place, &crowds).map(|(_, cost)| cost)).collect();
        let above = |&(pair, flow): &(usize, f64)| {
            let least = cost[pairs.place_of(pair)].unwrap_or(0.0);
            flow * (pairs.value[pair] + pairs.at_facility(&crowds, pair) - least)
        };
        let travel = flows.iter().map(|&(pair, flow)| flow * pairs.value[pair]);
        let crowding = load.iter().zip(&crowds).filter(|(load, _)| **load > 0.0);
        let crowding = crowding.map(|(load, crowd)| load * crowd / 2.0);
        let excluded = places_where(self.demand.len(), |i| self.demand[i] > 0.0 && cost[i].is_none());
        Raam {
            objective: reduce::sum(travel.chain(crowding)),
            gap: reduce::sum(flows.iter().map(above)),
            excluded_people: reduce::sum(excluded.iter().map(|place| self.demand[place.index()])),
            unused: facilities_where(load.len(), |facility| load[facility] <= 0.0),
            flows: flows.iter().map(|&(pair, flow)| pairs.named(pair, flow)).collect(),
            cost,
            load,
            excluded,
            pivots,
        }
    }
}

/// A forest of pairs in use, each tree in equilibrium.
struct Search<'a> {
    town: &'a Town<'a>,
    /// Per place, its pairs in use with their people.
    in_use: Vec<Vec<(usize, f64)>>,
    /// Per facility, the places with several pairs in use of which it has one.
    split: Vec<Vec<usize>>,
    /// Per facility, people of places that send everybody here.
    whole: Vec<f64>,
    /// Per facility, its crowd `u`.
    crowds: Vec<f64>,
    /// Per facility, the last tree walk that met it.
    met: Vec<usize>,
    /// Per facility, the last tree walk that brought it to equilibrium.
    settled: Vec<usize>,
    walks: usize,
}

/// A tree, walked from a facility: every facility with the place and pair that led to it, every place after
/// the facility that led to it.
#[derive(Default)]
struct Tree {
    /// Facility, its crowd relative to the root's, and the step (into `places`) that led to it.
    facilities: Vec<(usize, f64, Option<usize>)>,
    /// Place and the facility (into `facilities`) that led to it.
    places: Vec<(usize, usize)>,
}

impl<'a> Search<'a> {
    /// Everybody of a place goes where it costs least, given those who came before and the place itself.
    fn new(town: &'a Town<'a>) -> Self {
        let facilities = town.pairs.facilities();
        let mut search = Self {
            town,
            in_use: vec![vec![]; town.pairs.places()],
            split: vec![vec![]; facilities],
            whole: vec![0.0; facilities],
            crowds: vec![0.0; facilities],
            met: vec![0; facilities],
            settled: vec![0; facilities],
            walks: 0,
        };
        for place in town.people_in_reach() {
            let people = town.demand[place];
            let with_us = |pair: usize| {
                let facility = town.pairs.facility[pair] as usize;
                town.pairs.value[pair] + (search.whole[facility] + people) * town.crowd[facility]
            };
            let best = town.pairs.of_place(place).min_by(|&one, &two| with_us(one).total_cmp(&with_us(two)));
            let Some(pair) = best else { continue };
            search.in_use[place].push((pair, people));
            search.add_whole(town.pairs.facility[pair] as usize, people);
        }
        search
    }

    fn add_whole(&mut self, facility: usize, people: f64) {
        self.whole[facility] = reduce::sum([self.whole[facility], people]);
        self.crowds[facility] = self.whole[facility] * self.town.crowd[facility];
    }

    fn facility(&self, pair: usize) -> usize {
        self.town.pairs.facility[pair] as usize
    }

    /// A pair that costs a place less than it bears, beyond rounding.
    fn cheaper(&self, place: usize) -> Option<usize> {
        let &(pair, _) = self.in_use[place].first()?;
        let bears = self.town.pairs.value[pair] + self.crowds[self.facility(pair)];
        let (best, cost) = self.town.best(place, &self.crowds)?;
        let known = self.in_use[place].iter().any(|&(pair, _)| pair == best);
        (!known && cost < bears - 1e-12 * bears.max(1.0)).then_some(best)
    }

    /// Takes `pair` of `place` into use and restores the equilibrium of every tree it touches.
    fn pivot(&mut self, place: usize, pair: usize) {
        let (&(first, _), added) = (&self.in_use[place][0], self.facility(pair));
        let tree = self.walk(self.facility(first));
        let same_tree = self.met[added] == self.walks;
        let mut open: Vec<usize> = tree.facilities.iter().map(|facility| facility.0).collect();
        if self.in_use[place].len() == 1 {
            let facility = self.facility(first);
            self.add_whole(facility, -self.town.demand[place]);
            self.split[facility].push(place);
        }
        if same_tree {
            self.turn_cycle(place, pair);
        } else {
            open.push(added);
            self.in_use[place].push((pair, 0.0));
            self.split[added].push(place);
        }
        // trees that fall apart are settled part by part
        let before = self.walks;
        while let Some(facility) = open.pop() {
            if self.settled[facility] > before {
                continue;
            }
            let tree = self.walk(facility);
            let arrived = self.settle(&tree);
            for (facility, ..) in tree.facilities {
                if arrived {
                    self.settled[facility] = self.walks;
                } else {
                    open.push(facility);
                }
            }
        }
    }

    /// The tree of a facility. Crowds along it follow from the root's, since a split place bears equal costs.
    fn walk(&mut self, root: usize) -> Tree {
        self.walks += 1;
        self.met[root] = self.walks;
        let mut tree = Tree { facilities: vec![(root, 0.0, None)], places: vec![] };
        let mut at = 0;
        while let Some(&(facility, crowd, from)) = tree.facilities.get(at) {
            let from = from.map(|step| tree.places[step].0);
            for &place in self.split[facility].iter().filter(|&&place| Some(place) != from) {
                let step = tree.places.len();
                tree.places.push((place, at));
                let value = |pair: usize| self.town.pairs.value[pair];
                let here = self.in_use[place].iter().find(|flow| self.facility(flow.0) == facility);
                let bears = here.map_or(0.0, |&(pair, _)| value(pair)) + crowd;
                for &(pair, _) in &self.in_use[place] {
                    let next = self.facility(pair);
                    if next != facility {
                        self.met[next] = self.walks;
                        tree.facilities.push((next, bears - value(pair), Some(step)));
                    }
                }
            }
            at += 1;
        }
        tree
    }

    /// Moves people round the cycle that `pair` closes, as far as a pair runs empty: the crowds stay, travel
    /// falls.
    fn turn_cycle(&mut self, place: usize, pair: usize) {
        // from the added facility back to the place: pairs into a facility lose people, pairs out of it gain
        // them
        let tree = self.walk(self.facility(self.in_use[place][0].0));
        let steps_to_root = |facility: usize| {
            let mut at = tree.facilities.iter().position(|known| known.0 == facility);
            let mut path = vec![];
            while let Some(facility) = at {
                let step = tree.facilities[facility].2;
                path.extend(
                    step.map(|step| (tree.places[step].0, tree.facilities[facility].0, tree.places[step].1)),
                );
                at = step.map(|step| tree.places[step].1);
            }
            path
        };
        let mut moves = vec![];
        for (member, from, to) in steps_to_root(self.facility(pair)) {
            moves.push((member, from, -1.0));
            if member == place {
                break;
            }
            moves.push((member, tree.facilities[to].0, 1.0));
        }
        if moves.last().is_some_and(|last| last.0 != place) {
            // the root is the facility of the place's first pair
            moves.push((place, tree.facilities[0].0, -1.0));
        }
        let flow = |search: &Self, member: usize, facility: usize| {
            search.in_use[member].iter().position(|&(pair, _)| search.facility(pair) == facility)
        };
        let losing = moves.iter().filter(|step| step.2 < 0.0);
        let most = losing
            .filter_map(|&(member, facility, _)| {
                flow(self, member, facility).map(|at| self.in_use[member][at].1)
            })
            .fold(f64::INFINITY, f64::min);
        for &(member, facility, sign) in &moves {
            if let Some(at) = flow(self, member, facility) {
                self.in_use[member][at].1 += sign * most;
            }
        }
        self.in_use[place].push((pair, most));
        let added = self.facility(pair);
        self.split[added].push(place);
        for (member, ..) in moves {
            self.drop_empty(member);
        }
    }

    /// Moves the people of a tree towards its equilibrium; whether they arrived before a pair ran empty.
    fn settle(&mut self, tree: &Tree) -> bool {
        let town = self.town;
        // Σ (offset + root) / crowd per person = people of the tree
        let people = tree.facilities.iter().map(|&(facility, ..)| self.whole[facility]);
        let people = reduce::sum(people.chain(tree.places.iter().map(|&(place, _)| town.demand[place])));
        let room = reduce::sum(tree.facilities.iter().map(|&(facility, ..)| 1.0 / town.crowd[facility]));
        let taken = tree.facilities.iter().map(|&(facility, offset, _)| offset / town.crowd[facility]);
        let root = (people - reduce::sum(taken)) / room;
        // targets, from the leaves inward: what a facility lacks comes from the place before it
        let mut inflow: Vec<Vec<f64>> = vec![vec![]; tree.facilities.len()];
        let mut outflow: Vec<Vec<f64>> = vec![vec![]; tree.places.len()];
        let mut targets = vec![];
        let mut last_place = tree.places.len();
        for at in (0..tree.facilities.len()).rev() {
            // places after this facility's are done with their further facilities
            while last_place > 0 && tree.places[last_place - 1].1 >= at {
                last_place -= 1;
                let (place, to) = tree.places[last_place];
                let left = outflow[last_place].iter().map(|flow| -flow);
                let target = reduce::sum(core::iter::once(town.demand[place]).chain(left));
                targets.push((place, tree.facilities[to].0, target));
                inflow[to].push(target);
            }
            let (facility, offset, step) = tree.facilities[at];
            if let Some(step) = step {
                let load = (offset + root) / town.crowd[facility];
                let others = inflow[at].iter().map(|flow| -flow);
                let target = reduce::sum([load, -self.whole[facility]].into_iter().chain(others));
                targets.push((tree.places[step].0, facility, target));
                outflow[step].push(target);
            }
        }
        let mut moves = vec![];
        for (place, facility, target) in targets {
            let at = self.in_use[place].iter().position(|&(pair, _)| self.facility(pair) == facility);
            moves.extend(at.map(|at| (place, at, target)));
        }
        let until_empty = |&(place, at, target): &(usize, usize, f64)| {
            let now = self.in_use[place][at].1;
            if target < 0.0 { now / (now - target) } else { 1.0 }
        };
        let part = moves.iter().map(until_empty).fold(1.0, f64::min);
        let arrived = part >= 1.0;
        let empty: Vec<bool> = moves.iter().map(|step| step.2 < 0.0 && until_empty(step) <= part).collect();
        for (&(place, at, target), empty) in moves.iter().zip(empty) {
            let flow = &mut self.in_use[place][at].1;
            *flow = if arrived { target } else { *flow + part * (target - *flow) };
            if empty {
                *flow = 0.0;
            }
        }
        if arrived {
            for &(facility, offset, _) in &tree.facilities {
                self.crowds[facility] = offset + root;
            }
        } else {
            for &(place, _) in &tree.places {
                self.drop_empty(place);
            }
        }
        arrived
    }

    /// Takes the pairs of a place that nobody uses out of use.
    fn drop_empty(&mut self, place: usize) {
        let flows = core::mem::take(&mut self.in_use[place]);
        let was_split = flows.len() > 1;
        let (mut kept, dropped): (Vec<_>, Vec<_>) = flows.into_iter().partition(|flow| flow.1 > 0.0);
        if !was_split || dropped.is_empty() {
            kept.extend(dropped);
            self.in_use[place] = kept;
            return;
        }
        if let [(pair, flow)] = kept.as_mut_slice() {
            *flow = self.town.demand[place];
            let facility = self.facility(*pair);
            self.add_whole(facility, self.town.demand[place]);
            self.split[facility].retain(|&known| known != place);
        }
        for (pair, _) in dropped {
            let facility = self.facility(pair);
            self.split[facility].retain(|&known| known != place);
        }
        self.in_use[place] = kept;
    }
}
