//! The smallest cut: places and facilities to which somebody unserved can be traced.
//!
//! From a place without service one comes to every facility it reaches, and from there to everyone who is
//! served there. All these facilities are full, or one more could be served. The set is the same for every
//! plan that serves the most.

use lifecircle_types::{DemandIx, FacilityIx};

use super::Bottleneck;
use super::network::{Network, Plan};

const NONE: usize = usize::MAX;

/// What the unserved lead to.
pub(super) struct Shortages {
    /// The bottleneck of a place, from zero; `None` where everybody is always served.
    pub(super) of_place: Vec<Option<usize>>,
    of_facility: Vec<Option<usize>>,
    count: usize,
}

impl Shortages {
    pub(super) fn new(network: &Network, plan: &Plan) -> Self {
        let mut served_by: Vec<Vec<usize>> = vec![vec![]; network.facilities()];
        for place in 0..network.places() {
            for pair in network.pairs(place).filter(|&pair| plan.people[pair] > 0) {
                served_by[network.facility[pair]].push(place);
            }
        }
        let mut found = Self {
            of_place: vec![None; network.places()],
            of_facility: vec![None; network.facilities()],
            count: 0,
        };
        let mut reached = vec![false; network.places()];
        let mut open: Vec<usize> = (0..network.places()).filter(|&place| plan.unserved[place] > 0).collect();
        for &place in &open {
            reached[place] = true;
        }
        // a facility leads on once; whoever reaches it belongs together
        let mut first_of = vec![NONE; network.facilities()];
        let mut groups = Groups::new(network.places());
        while let Some(place) = open.pop() {
            for pair in network.pairs(place) {
                let facility = network.facility[pair];
                if first_of[facility] != NONE {
                    groups.join(first_of[facility], place);
                    continue;
                }
                first_of[facility] = place;
                for &other in &served_by[facility] {
                    groups.join(place, other);
                    if !reached[other] {
                        reached[other] = true;
                        open.push(other);
                    }
                }
            }
        }
        let mut number = vec![None; network.places()];
        for place in (0..network.places()).filter(|&place| reached[place]) {
            let number = &mut number[groups.root(place)];
            if number.is_none() {
                *number = Some(found.count);
                found.count += 1;
            }
            found.of_place[place] = *number;
        }
        for (facility, &first) in first_of.iter().enumerate().filter(|(_, first)| **first != NONE) {
            found.of_facility[facility] = found.of_place[first];
        }
        found
    }

    pub(super) fn bottlenecks(&self, network: &Network) -> Vec<Bottleneck> {
        let mut bottlenecks = vec![Bottleneck::default(); self.count];
        for (place, bottleneck) in self.of_place.iter().enumerate() {
            if let Some(bottleneck) = bottleneck.map(|at| &mut bottlenecks[at]) {
                bottleneck.places.push(DemandIx::new(network.row[place]));
                bottleneck.people += network.people[place];
            }
        }
        for (facility, bottleneck) in self.of_facility.iter().enumerate() {
            if let Some(bottleneck) = bottleneck.map(|at| &mut bottlenecks[at]) {
                bottleneck.facilities.push(FacilityIx::new(facility));
                bottleneck.capacity += network.room[facility];
            }
        }
        bottlenecks
    }
}

/// Sets of things that belong together.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    /// Everything for itself.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The first of those that `one` belongs to.
    pub(super) fn root(&mut self, mut one: usize) -> usize {
        while self.0[one] != one {
            self.0[one] = self.0[self.0[one]];
            one = self.0[one];
        }
        one
    }

    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}
