//! The most that flows from one node to another (Dinitz 1970).
//!
//! Arcs lie in compressed rows: those of node `v` are `first[v]..first[v + 1]`, in the order given. Arc `a`
//! and its way back `back[a]` share what flows: sending along one adds room to the other. Only arcs within
//! one part are used; the arcs of a node of part [`EVERY`] always are. Time grows with the square of the
//! nodes times the arcs at worst, and with a few passes over the arcs in practice.

/// The part of a node that belongs to all.
pub(super) const EVERY: u32 = u32::MAX;

const UNSEEN: u32 = u32::MAX;

/// Room for whatever comes; two of them still add up.
pub(super) const ENDLESS: u64 = 1 << 62;

/// Whether people flow in the direction of the search, or towards its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Along,
    Against,
}

pub(super) struct FlowGraph {
    first: Vec<usize>,
    to: Vec<usize>,
    back: Vec<usize>,
    pub(super) room: Vec<u64>,
    pub(super) part: Vec<u32>,
    /// Arcs from the start of the last search; [`UNSEEN`] where it did not come.
    level: Vec<u32>,
    /// Nodes in the order in which the last search met them.
    met: Vec<usize>,
    turn: Vec<usize>,
    path: Vec<usize>,
}

impl FlowGraph {
    /// A graph of arcs `(from, to, room, room back)`; returns the place of each in the rows.
    pub(super) fn new(nodes: usize, arcs: &[(usize, usize, u64, u64)]) -> (Self, Vec<usize>) {
        let mut first = vec![0; nodes + 1];
        for &(from, to, ..) in arcs {
            first[from + 1] += 1;
            first[to + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let (mut to, mut back, mut room) =
            (vec![0; 2 * arcs.len()], vec![0; 2 * arcs.len()], vec![0; 2 * arcs.len()]);
        let mut places = Vec::with_capacity(arcs.len());
        for &(from, head, forth_room, back_room) in arcs {
            let forth = next[from];
            next[from] += 1;
            let opposite = next[head];
            next[head] += 1;
            (to[forth], back[forth], room[forth]) = (head, opposite, forth_room);
            (to[opposite], back[opposite], room[opposite]) = (from, forth, back_room);
            places.push(forth);
        }
        let graph = Self {
            turn: first.clone(),
            first,
            to,
            back,
            room,
            part: vec![0; nodes],
            level: vec![UNSEEN; nodes],
            met: vec![],
            path: vec![],
        };
        (graph, places)
    }

    /// What has flowed back along an arc, or may still: the room of the way back.
    pub(super) fn room_back(&self, arc: usize) -> u64 {
        self.room[self.back[arc]]
    }

    /// After a run that sent less than it could: the nodes that its start still reaches, itself among them.
    pub(super) fn reached(&self) -> &[usize] {
        &self.met
    }

    /// Tail and head of every arc, ways back among them.
    pub(super) fn arcs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let rows = self.first.windows(2).enumerate();
        rows.flat_map(|(from, row)| self.to[row[0]..row[1]].iter().map(move |&to| (from, to)))
    }

    /// Lets nothing more through an arc, either way.
    pub(super) fn close(&mut self, arc: usize) {
        let back = self.back[arc];
        (self.room[arc], self.room[back]) = (0, 0);
    }

    /// Sends up to `most` between `start` and `goal`, and says how much flows: from `start` to `goal` along
    /// the arcs, or from `goal` to `start`. Either way it is searched from `start`, so that a goal at hand is
    /// found without looking further.
    pub(super) fn run(&mut self, start: usize, goal: usize, way: Way, most: u64) -> u64 {
        let mut all = 0;
        while all < most && self.search(start, goal, way) {
            all += self.block(start, goal, way, most - all);
        }
        all
    }

    /// The room of an arc for what flows this way.
    fn room_for(&self, arc: usize, way: Way) -> u64 {
        match way {
            Way::Along => self.room[arc],
            Way::Against => self.room[self.back[arc]],
        }
    }

    fn open(&self, from: usize, arc: usize, way: Way) -> bool {
        let (one, other) = (self.part[from], self.part[self.to[arc]]);
        self.room_for(arc, way) > 0 && (one == other || one == EVERY || other == EVERY)
    }

    /// Levels of the nodes that the start reaches, up to that of the goal; whether the goal is among them.
    fn search(&mut self, start: usize, goal: usize, way: Way) -> bool {
        let mut met = core::mem::take(&mut self.met);
        for node in met.drain(..) {
            self.level[node] = UNSEEN;
        }
        met.push(start);
        self.level[start] = 0;
        let mut at = 0;
        while let Some(&node) = met.get(at)
            && self.level[node] < self.level[goal]
        {
            at += 1;
            for arc in self.first[node]..self.first[node + 1] {
                let to = self.to[arc];
                if self.level[to] == UNSEEN && self.open(node, arc, way) {
                    self.level[to] = self.level[node] + 1;
                    met.push(to);
                }
            }
        }
        for &node in &met {
            self.turn[node] = self.first[node];
        }
        self.met = met;
        self.level[goal] != UNSEEN
    }

    /// Sends up to `most` on paths that only go to higher levels.
    fn block(&mut self, start: usize, goal: usize, way: Way, most: u64) -> u64 {
        let mut path = core::mem::take(&mut self.path);
        path.clear();
        let (mut node, mut all) = (start, 0);
        while all < most {
            if node == goal {
                let room = path.iter().map(|&arc| self.room_for(arc, way)).min().unwrap_or(0);
                let amount = room.min(most - all);
                for &arc in &path {
                    self.send(arc, way, amount);
                }
                all += amount;
                // the search goes on before the first arc that is full now
                let full = path.iter().position(|&arc| self.room_for(arc, way) == 0).unwrap_or(0);
                node = self.to[self.back[path[full]]];
                path.truncate(full);
            }
            let end = self.first[node + 1];
            let higher = self.level[node] + 1;
            let onward = (self.turn[node]..end)
                .find(|&arc| self.level[self.to[arc]] == higher && self.open(node, arc, way));
            self.turn[node] = onward.unwrap_or(end);
            if let Some(arc) = onward {
                path.push(arc);
                node = self.to[arc];
            } else if let Some(arc) = path.pop() {
                node = self.to[self.back[arc]];
                self.turn[node] += 1;
            } else {
                break;
            }
        }
        self.path = path;
        all
    }

    fn send(&mut self, arc: usize, way: Way, amount: u64) {
        let (along, back) = match way {
            Way::Along => (arc, self.back[arc]),
            Way::Against => (self.back[arc], arc),
        };
        self.room[along] -= amount;
        self.room[back] += amount;
    }
}
