//! The part of an order that it takes to answer for some places: these and all their ancestors.

use crate::order::EliminationOrder;
use crate::order::sweep::Ladders;

/// Some places with all their ancestors, laid out as an order is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    place: Vec<u32>,
    depth: Vec<u32>,
    first: Vec<u32>,
    rung: Vec<u32>,
    cost: Vec<u32>,
    /// Row of every place of the order, [`NOT`] if it is not selected.
    row: Vec<u32>,
}

const NOT: u32 = u32::MAX;

impl Selection {
    /// Selects `places` and their ancestors, with what the arcs to what is above them cost.
    pub(crate) fn of(order: &EliminationOrder, cost: &[u32], places: impl Iterator<Item = u32>) -> Self {
        let mut selection = Self { first: vec![0], row: vec![NOT; order.node_count()], ..Self::default() };
        for place in places {
            let mut next = Some(place);
            while let Some(place) = next.filter(|&place| selection.row[place as usize] == NOT) {
                selection.row[place as usize] = 0;
                selection.place.push(place);
                next = order.parent(place as usize);
            }
        }
        selection.place.sort_unstable();
        for (row, &place) in (0..).zip(&selection.place) {
            selection.row[place as usize] = row;
            let arcs = order.above(place as usize);
            selection.depth.push(order.depth[place as usize]);
            selection.rung.extend(&order.rung[arcs.clone()]);
            selection.cost.extend(&cost[arcs]);
            selection.first.push(u32::try_from(selection.rung.len()).expect("fewer than in the order"));
        }
        selection
    }

    pub(crate) fn ladders(&self) -> Ladders<'_> {
        Ladders {
            place: Some(&self.place),
            depth: &self.depth,
            first: &self.first,
            rung: &self.rung,
            cost: &self.cost,
        }
    }

    /// The row of `place`, which was selected.
    pub(crate) fn row(&self, place: u32) -> usize {
        self.row[place as usize] as usize
    }

    /// Number of places.
    pub(crate) fn len(&self) -> usize {
        self.place.len()
    }
}
