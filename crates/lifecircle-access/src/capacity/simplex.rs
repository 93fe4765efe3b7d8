//! The most people served, and the least walking among all ways to serve them, by the network simplex.
//!
//! People flow from places to facilities and on to a root; a facility lets its capacity through, at no cost.
//! Who goes nowhere flows straight to the root at the cost `worth`, which is more than any chain of changes
//! can save in walking, so that serving one more person always comes first.
//!
//! **Nodes** are the facilities, the root, then the places. The basis is a tree on them. Most places are
//! leaves, whose people all go one way; at most as many places are split as there are facilities. So the tree
//! that has to be walked and kept is one of facilities and split places, while a leaf is its one arc: it has
//! no potential of its own and stands in no list. A facility whose arc to the root is not in the tree is full.
//!
//! **Invariant.** From every node a further person could flow to the root along the tree (Cunningham 1976:
//! strongly feasible), so a pivot that moves nobody cannot be repeated and the search ends. The leaving arc is
//! the last one that blocks, counted along the cycle from its apex.

use super::network::{Network, Plan};

const NONE: usize = usize::MAX;

/// The plan and its prices.
pub(super) struct Optimum {
    pub(super) plan: Plan,
    /// Per facility: what room for one person fewer would cost. Since one more person could flow to the root
    /// along the tree, its potentials are the costs of that, and so the same for every best plan.
    pub(super) price: Vec<i64>,
    /// What it is worth to serve one person more.
    pub(super) worth: i64,
    pub(super) pivots: u64,
}

pub(super) fn least_walking(network: &Network) -> Optimum {
    let longest = network.cost.iter().copied().max().unwrap_or(0);
    // a chain of changes goes through every facility once; both factors are below 2^30 and 2^33
    let chain = i64::try_from(network.facilities()).unwrap_or(i64::MAX).saturating_add(1);
    let worth = chain.saturating_mul(i64::from(longest) + 1);
    let mut search = Search::new(network, worth);
    search.run();
    search.optimum()
}

/// An arc that enters the tree, in the direction in which people start to flow.
#[derive(Clone, Copy)]
struct Entering {
    from: usize,
    to: usize,
    pair: usize,
}

struct Search<'a> {
    network: &'a Network,
    worth: i64,
    root: usize,
    /// Per facility: the cost to the root along the tree.
    potential: Vec<i64>,
    /// Per facility: arcs to the root along the tree.
    depth: Vec<usize>,
    /// Per node: the next node towards the root, the pair of the arc between them, and its people.
    parent: Vec<usize>,
    pair: Vec<usize>,
    flow: Vec<u64>,
    /// Children that are facilities or split places; those of the root are not listed.
    first_child: Vec<usize>,
    next: Vec<usize>,
    previous: Vec<usize>,
    listed: Vec<bool>,
    path: Vec<usize>,
    pivots: u64,
}

impl<'a> Search<'a> {
    /// Everybody goes to the nearest facility that keeps room for one more, or nowhere.
    fn new(network: &'a Network, worth: i64) -> Self {
        let root = network.facilities();
        let nodes = root + 1 + network.places();
        let mut search = Self {
            network,
            worth,
            root,
            potential: network.room.iter().map(|&room| if room == 0 { worth } else { 0 }).collect(),
            depth: vec![1; root],
            parent: vec![root; nodes],
            pair: vec![NONE; nodes],
            flow: vec![0; nodes],
            first_child: vec![NONE; nodes],
            next: vec![NONE; nodes],
            previous: vec![NONE; nodes],
            listed: vec![false; nodes],
            path: vec![],
            pivots: 0,
        };
        for place in 0..network.places() {
            let (node, people) = (search.node(place), network.people[place]);
            let fits = |&pair: &usize| {
                let facility = network.facility[pair];
                people < network.room[facility].saturating_sub(search.flow[facility])
            };
            let nearest = network.pairs(place).filter(fits).min_by_key(|&pair| network.cost[pair]);
            search.flow[node] = people;
            if let Some(pair) = nearest {
                search.parent[node] = network.facility[pair];
                search.pair[node] = pair;
                search.flow[network.facility[pair]] += people;
            }
        }
        search
    }

    fn node(&self, place: usize) -> usize {
        self.root + 1 + place
    }

    /// The cost from a place to the root along the tree.
    fn place_potential(&self, node: usize) -> i64 {
        match self.parent[node] {
            parent if parent == self.root => self.worth,
            parent => i64::from(self.network.cost[self.pair[node]]) + self.potential[parent],
        }
    }

    fn depth(&self, node: usize) -> usize {
        if node == self.root {
            0
        } else if node < self.root {
            self.depth[node]
        } else if self.parent[node] == self.root {
            1
        } else {
            self.depth[self.parent[node]] + 1
        }
    }

    fn run(&mut self) {
        loop {
            let before = self.pivots;
            for place in 0..self.network.places() {
                while let Some(entering) = self.cheaper(place) {
                    self.pivot(entering);
                }
            }
            // room that is worth less than nothing is not used up
            for facility in 0..self.root {
                if self.parent[facility] != self.root && self.potential[facility] < 0 {
                    self.pivot(Entering { from: self.root, to: facility, pair: NONE });
                }
            }
            if self.pivots == before {
                return;
            }
        }
    }

    /// The arc that costs a place least, the first of several, if that is less than it bears.
    fn cheaper(&self, place: usize) -> Option<Entering> {
        let network = self.network;
        let from = self.node(place);
        let bears = self.place_potential(from);
        let (mut best, mut to, mut found) = (self.worth, self.root, NONE);
        for pair in network.pairs(place) {
            let facility = network.facility[pair];
            let cost = i64::from(network.cost[pair]) + self.potential[facility];
            if cost < best {
                (best, to, found) = (cost, facility, pair);
            }
        }
        (best < bears).then_some(Entering { from, to, pair: found })
    }

    /// How many more can flow from the parent of `node` to it.
    fn room_down(&self, node: usize) -> u64 {
        let up = node > self.root || self.parent[node] == self.root;
        if up { self.flow[node] } else { u64::MAX }
    }

    /// How many more can flow from `node` to its parent.
    fn room_up(&self, node: usize) -> u64 {
        if node > self.root {
            u64::MAX
        } else if self.parent[node] == self.root {
            self.network.room[node] - self.flow[node]
        } else {
            self.flow[node]
        }
    }

    fn apex(&self, mut one: usize, mut other: usize) -> usize {
        while one != other {
            if self.depth(one) >= self.depth(other) {
                one = self.parent[one];
            } else {
                other = self.parent[other];
            }
        }
        one
    }

    fn pivot(&mut self, entering: Entering) {
        self.pivots += 1;
        let Entering { from, to, .. } = entering;
        let apex = self.apex(from, to);
        let (mut moved, mut leaving, mut before) = (u64::MAX, NONE, true);
        let mut node = from;
        while node != apex {
            if self.room_down(node) < moved {
                (moved, leaving) = (self.room_down(node), node);
            }
            node = self.parent[node];
        }
        node = to;
        while node != apex {
            if self.room_up(node) <= moved {
                (moved, leaving, before) = (self.room_up(node), node, false);
            }
            node = self.parent[node];
        }
        self.push(from, apex, moved, false);
        self.push(to, apex, moved, true);
        // the arc of a full facility empties by what now flows past it
        let flow = if from == self.root { self.network.room[to] - moved } else { moved };
        if before {
            self.hang(from, to, entering.pair, flow, leaving);
        } else {
            self.hang(to, from, entering.pair, flow, leaving);
        }
    }

    /// Moves people along the tree between `node` and `apex`: up, or down.
    fn push(&mut self, mut node: usize, apex: usize, moved: u64, up: bool) {
        while node != apex {
            let rises = node > self.root || self.parent[node] == self.root;
            if rises == up {
                self.flow[node] += moved;
            } else {
                self.flow[node] -= moved;
            }
            node = self.parent[node];
        }
    }

    /// Takes the subtree below the arc of `last` off the tree and hangs it by its node `first` on `parent`.
    fn hang(&mut self, first: usize, parent: usize, pair: usize, flow: u64, last: usize) {
        let mut path = core::mem::take(&mut self.path);
        path.clear();
        let root = self.root;
        let mut arc = (parent, pair, flow);
        let mut node = first;
        let cut_from = loop {
            self.unlist(node);
            path.push(node);
            let old = (self.parent[node], self.pair[node], self.flow[node]);
            (self.parent[node], self.pair[node], self.flow[node]) = arc;
            if node == last {
                break old.0;
            }
            arc = (node, old.1, old.2);
            node = old.0;
        };
        for &node in &path {
            if node < self.root && self.parent[node] != self.root {
                self.list(node);
            }
        }
        for node in path.iter().copied().chain([parent, cut_from]).filter(|&node| node > root) {
            let split = self.first_child[node] != NONE && self.parent[node] != self.root;
            match (split, self.listed[node]) {
                (true, false) => self.list(node),
                (false, true) => self.unlist(node),
                _ => {}
            }
        }
        path.clear();
        path.push(first);
        while let Some(node) = path.pop() {
            if node < self.root {
                (self.potential[node], self.depth[node]) = match self.parent[node] {
                    parent if parent == self.root => (0, 1),
                    parent => {
                        let cost = i64::from(self.network.cost[self.pair[node]]);
                        (self.place_potential(parent) - cost, self.depth(parent) + 1)
                    }
                };
            }
            let mut child = self.first_child[node];
            while child != NONE {
                path.push(child);
                child = self.next[child];
            }
        }
        self.path = path;
    }

    fn list(&mut self, node: usize) {
        let parent = self.parent[node];
        let next = self.first_child[parent];
        (self.next[node], self.previous[node], self.listed[node]) = (next, NONE, true);
        if next != NONE {
            self.previous[next] = node;
        }
        self.first_child[parent] = node;
    }

    fn unlist(&mut self, node: usize) {
        if !self.listed[node] {
            return;
        }
        let (next, previous) = (self.next[node], self.previous[node]);
        if previous == NONE {
            self.first_child[self.parent[node]] = next;
        } else {
            self.next[previous] = next;
        }
        if next != NONE {
            self.previous[next] = previous;
        }
        self.listed[node] = false;
    }

    fn optimum(self) -> Optimum {
        let mut plan =
            Plan { people: vec![0; self.network.cost.len()], unserved: vec![0; self.network.places()] };
        for place in 0..self.network.places() {
            let node = self.node(place);
            if self.parent[node] == self.root {
                plan.unserved[place] = self.flow[node];
            }
        }
        for node in 0..self.parent.len() {
            if self.pair[node] != NONE {
                plan.people[self.pair[node]] = self.flow[node];
            }
        }
        Optimum { plan, price: self.potential, worth: self.worth, pivots: self.pivots }
    }
}
