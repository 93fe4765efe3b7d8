//! What units can give to one another while as many as possible stay served.
//!
//! An arc leads from a unit to its places (room: the unserved, who may come to be served; back: the served,
//! who may have to give way), from places to facilities, and back as far as people go there. A flow from one
//! unit to another serves so many more of the first and so many fewer of the second. Only places of a
//! bottleneck take part: elsewhere everybody is served in every plan.

use lifecircle_types::UnitIx;

use super::CapacityTask;
use super::cut::Shortages;
use super::flow::{ENDLESS, EVERY, FlowGraph, Way};
use super::network::{Network, Plan};

/// The units of places, numbered from zero.
pub(super) struct Homes {
    /// The units with people, ascending.
    pub(super) units: Vec<Option<UnitIx>>,
    /// Number of the unit, per row of the matrix; 0 for rows without people.
    pub(super) of_row: Vec<usize>,
    /// Number of the unit, per place.
    pub(super) of_place: Vec<usize>,
    /// People in reach of a facility, per unit.
    pub(super) reached: Vec<u64>,
}

impl Homes {
    pub(super) fn new(task: &CapacityTask<'_>, network: &Network) -> Self {
        let lived_in = task.homes.iter().zip(task.people).filter(|(_, people)| **people > 0);
        let mut units: Vec<_> = lived_in.map(|(home, _)| *home).collect();
        units.sort_unstable();
        units.dedup();
        let number = |home: &Option<UnitIx>| units.binary_search(home).unwrap_or(0);
        let of_row: Vec<usize> = task.homes.iter().map(number).collect();
        let of_place: Vec<usize> = network.row.iter().map(|&row| of_row[row]).collect();
        let mut reached = vec![0; units.len()];
        for (&home, &people) in of_place.iter().zip(&network.people) {
            reached[home] += people;
        }
        Self { units, of_row, of_place, reached }
    }
}

/// The graph, with a source above and a sink below the units.
pub(super) struct Exchange {
    pub(super) graph: FlowGraph,
    pub(super) source: usize,
    pub(super) sink: usize,
    /// Arcs from the source to every unit, and from it to the sink; their rooms are set by whoever asks.
    pub(super) from_source: Vec<usize>,
    pub(super) to_sink: Vec<usize>,
    /// Place and the arc from its unit.
    places: Vec<(usize, usize)>,
    /// Pair and its arc.
    pairs: Vec<(usize, usize)>,
    facilities: usize,
}

impl Exchange {
    /// `trades` says which pairs may be used, `yields` which places may lose service.
    pub(super) fn new(
        network: &Network,
        shortages: &Shortages,
        homes: &Homes,
        plan: &Plan,
        trades: impl Fn(usize, usize) -> bool,
        yields: impl Fn(usize) -> bool,
    ) -> Self {
        let (facilities, units) = (network.facilities(), homes.units.len());
        let (unit_node, place_node) = (facilities, facilities + units);
        let source = place_node + network.places();
        let sink = source + 1;
        let mut arcs = vec![];
        for unit in 0..units {
            arcs.push((source, unit_node + unit, 0, 0));
            arcs.push((unit_node + unit, sink, 0, 0));
        }
        let (mut place_rows, mut pair_rows) = (vec![], vec![]);
        for place in (0..network.places()).filter(|&place| shortages.of_place[place].is_some()) {
            let unserved = plan.unserved[place];
            let served = if yields(place) { network.people[place] - unserved } else { 0 };
            place_rows.push((place, arcs.len()));
            arcs.push((unit_node + homes.of_place[place], place_node + place, unserved, served));
            for pair in network.pairs(place).filter(|&pair| trades(place, pair)) {
                pair_rows.push((pair, arcs.len()));
                arcs.push((place_node + place, network.facility[pair], ENDLESS, plan.people[pair]));
            }
        }
        let (mut graph, at) = FlowGraph::new(sink + 1, &arcs);
        graph.part[source] = EVERY;
        graph.part[sink] = EVERY;
        let placed = |rows: Vec<(usize, usize)>| rows.into_iter().map(|(row, arc)| (row, at[arc])).collect();
        Self {
            graph,
            source,
            sink,
            from_source: (0..units).map(|unit| at[2 * unit]).collect(),
            to_sink: (0..units).map(|unit| at[2 * unit + 1]).collect(),
            places: placed(place_rows),
            pairs: placed(pair_rows),
            facilities,
        }
    }

    pub(super) fn unit_node(&self, unit: usize) -> usize {
        self.facilities + unit
    }

    /// The unit of a node, if it is one.
    pub(super) fn unit_at(&self, node: usize) -> Option<usize> {
        let unit = node.checked_sub(self.facilities)?;
        (unit < self.from_source.len()).then_some(unit)
    }

    /// Lets any number of people be traded with the source and the sink, but none by `unit`.
    fn open_all_but(&mut self, unit: usize) {
        for (other, (&from_source, &to_sink)) in self.from_source.iter().zip(&self.to_sink).enumerate() {
            let room = if other == unit { 0 } else { ENDLESS };
            self.graph.room[from_source] = room;
            self.graph.room[to_sink] = room;
        }
    }

    /// Adds to `unserved` what units have traded with the source and the sink, and ends the trade.
    pub(super) fn collect(&mut self, unserved: &mut [u64]) {
        for (unserved, (&from_source, &to_sink)) in
            unserved.iter_mut().zip(self.from_source.iter().zip(&self.to_sink))
        {
            *unserved += self.graph.room_back(to_sink);
            *unserved -= self.graph.room_back(from_source);
            self.graph.close(from_source);
            self.graph.close(to_sink);
        }
    }

    /// Unserved people per unit.
    pub(super) fn unserved(&self, homes: &Homes) -> Vec<u64> {
        let mut unserved = vec![0; homes.units.len()];
        for &(place, arc) in &self.places {
            unserved[homes.of_place[place]] += self.graph.room[arc];
        }
        unserved
    }

    /// Writes who goes where now.
    pub(super) fn write(&self, plan: &mut Plan) {
        for &(place, arc) in &self.places {
            plan.unserved[place] = self.graph.room[arc];
        }
        for &(pair, arc) in &self.pairs {
            plan.people[pair] = self.graph.room_back(arc);
        }
    }
}

/// The least and the most unserved people of every unit over all plans that serve the most.
///
/// The plans form the bases of a polymatroid: whatever one unit can gain in service it can gain without the
/// total falling. So one maximum flow from the unit, and one to it, give the two ends.
pub(super) fn ranges(
    network: &Network,
    shortages: &Shortages,
    homes: &Homes,
    plan: &Plan,
) -> Vec<(u64, u64)> {
    let mut exchange = Exchange::new(network, shortages, homes, plan, |_, _| true, |_| true);
    let mut unserved = exchange.unserved(homes);
    let mut people = vec![0; unserved.len()];
    for &(place, _) in &exchange.places {
        people[homes.of_place[place]] += network.people[place];
    }
    let short: u64 = unserved.iter().sum();
    let mut ranges = Vec::with_capacity(unserved.len());
    for unit in 0..unserved.len() {
        let (node, source, sink) = (exchange.unit_node(unit), exchange.source, exchange.sink);
        // every run starts from the plan that the last one left: neighbours have little to move
        exchange.open_all_but(unit);
        unserved[unit] -= exchange.graph.run(node, sink, Way::Along, unserved[unit]);
        exchange.collect(&mut unserved);
        let least = unserved[unit];
        exchange.open_all_but(unit);
        let most = people[unit].min(short) - least;
        unserved[unit] += exchange.graph.run(node, source, Way::Against, most);
        exchange.collect(&mut unserved);
        ranges.push((least, unserved[unit]));
    }
    ranges
}
