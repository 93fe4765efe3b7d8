//! The third walk over a file: nodes.

use lifecircle_types::{Facility, Fate, Issues, LonLat, Severity, Shape, StreetNode, Tags};

use super::blob::Room;
use super::block::{Block, Fixed};
use super::keys::{self, KeyUse};
use super::passes::{RawWay, Relations, Ways, repeated, usage};
use super::places::facility;
use super::walk::{MapFile, distinct};
use super::wire::Broken;
use crate::error::Result;

/// What the third walk finds: row `i` of every column belongs to the node `ids[i]`.
#[derive(Debug)]
pub(super) struct Nodes {
    /// Ids of the nodes that kept ways name, ascending.
    ids: Vec<i64>,
    positions: Vec<Option<Fixed>>,
    on_street: Vec<bool>,
    /// Passed by a street on which visitors come; empty where nobody asks.
    is_way_in: Vec<bool>,
    is_entrance: Vec<bool>,
    /// Tags of street nodes, by row.
    pub(super) tags: Vec<(usize, Tags)>,
    /// Nodes that are facilities, in file order.
    pub(super) places: Vec<(i64, Facility)>,
    pub(super) place_fate: Fate,
    pub(super) issues: Issues,
}

impl Nodes {
    fn row(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Where the node is, if the file has it.
    pub(super) fn position(&self, id: i64) -> Option<LonLat> {
        self.positions[self.row(id)?]?.lonlat()
    }

    pub(super) fn is_entrance(&self, id: i64) -> bool {
        self.row(id).is_some_and(|row| self.is_entrance[row])
    }

    pub(super) fn is_way_in(&self, id: i64) -> bool {
        self.row(id).is_some_and(|row| self.is_way_in.get(row) == Some(&true))
    }

    /// Rows of the street nodes that the file has.
    pub(super) fn of_streets(&self) -> Vec<usize> {
        (0..self.ids.len()).filter(|&row| self.on_street[row] && self.positions[row].is_some()).collect()
    }

    /// A street node without its tags.
    pub(super) fn street_node(&self, row: usize) -> StreetNode {
        let position = self.positions[row].and_then(Fixed::lonlat).expect("rows of streets have a position");
        StreetNode { id: self.ids[row], position, tags: Tags::default() }
    }

    /// Ids of the nodes that the file lacks, ascending.
    pub(super) fn missing(&self) -> Vec<i64> {
        let lacks = |&(_, position): &(&i64, &Option<Fixed>)| position.is_none();
        self.ids.iter().zip(&self.positions).filter(lacks).map(|(&id, _)| id).collect()
    }
}

impl MapFile<'_> {
    /// Reads the nodes that `ways` name, and those that are facilities themselves.
    pub(super) fn nodes(&self, relations: &Relations, ways: &Ways) -> Result<Nodes> {
        const STEP: &str = "reading nodes";
        let blocks: Vec<usize> =
            (0..self.blobs.len()).filter(|&number| relations.kinds[number].nodes).collect();
        let total = blocks.len() as u64;
        self.progress.advance(STEP, 0, total)?;
        let is_kept =
            |way: &&RawWay| way.street.is_some() || way.member || way.barrier.is_some() || way.is_closed();
        let ids = distinct(nodes_of_ways(ways, is_kept));
        self.progress.advance(STEP, 0, total)?;
        let (on_street, is_way_in) = if ways.found.iter().all(|way| way.is_street_alone()) {
            // nobody asks for ways into areas
            (vec![true; ids.len()], vec![])
        } else {
            let of_streets = nodes_of_ways(ways, |way| way.street.is_some());
            let of_ways_in = nodes_of_ways(ways, |way| way.street.as_ref().is_some_and(keys::is_way_in));
            (marked(&ids, &distinct(of_streets)), marked(&ids, &distinct(of_ways_in)))
        };
        let mut all = Nodes {
            positions: vec![None; ids.len()],
            is_entrance: vec![false; ids.len()],
            on_street,
            is_way_in,
            tags: vec![],
            places: vec![],
            place_fate: Fate::default(),
            issues: Issues::new(),
            ids,
        };
        // the columns that blocks read are lent to them, those they fill are not
        let (ids, on_street) = (core::mem::take(&mut all.ids), core::mem::take(&mut all.on_street));
        let read = |room: &mut Room, number: usize| {
            let begins_with = relations.begins_with[number];
            self.block(room, number, begins_with, |block| self.nodes_of(block, &ids, &on_street))
        };
        self.walk(STEP, &blocks, read, |block, (found, is_text)| {
            for (row, position, is_entrance) in found.rows {
                if all.positions[row].is_some() {
                    repeated(&mut all.issues, "node", ids[row]);
                } else {
                    all.positions[row] = Some(position);
                    all.is_entrance[row] = is_entrance;
                }
            }
            all.tags.extend(found.tags);
            all.places.extend(found.places);
            all.issues.extend(found.issues);
            all.place_fate.rows += found.outside;
            for _ in 0..found.outside {
                all.place_fate.reject("position is out of range");
            }
            if !is_text {
                self.not_text(block, &mut all.issues);
            }
        })?;
        (all.ids, all.on_street) = (ids, on_street);
        all.tags.sort_by_key(|&(row, _)| row);
        all.tags.dedup_by_key(|&mut (row, _)| row);
        Ok(all)
    }

    fn nodes_of(
        &self,
        block: &Block<'_>,
        ids: &[i64],
        on_street: &[bool],
    ) -> core::result::Result<BlockNodes, Broken> {
        let uses = self.keys.of(block.strings());
        let mut found = BlockNodes::default();
        let mut finder = Finder::new(ids);
        block.nodes(|node| {
            let all = node.tags.iter().fold(KeyUse::default(), |all, &(key, _)| all.with(usage(&uses, key)));
            let row = finder.find(node.id);
            if all.has(KeyUse::PLACE) {
                let tags = block.tags(node.tags, |_| true)?;
                let offers = self.classifier.classify(&tags, Shape::default());
                match node.position.and_then(Fixed::lonlat) {
                    _ if offers.is_empty() => {}
                    Some(position) => {
                        let id = format!("node/{}", node.id);
                        found.places.push((node.id, facility(id, &tags, offers, position, self.source)));
                    }
                    None => found.outside += 1,
                }
            }
            let Some(fixed) = node.position else {
                found.issues.push(
                    Severity::Warning,
                    "node lies outside the earth",
                    format!("node/{}", node.id),
                    "it was left out",
                );
                return Ok(());
            };
            let Some(row) = row else { return Ok(()) };
            let mut is_entrance = false;
            if all.has(KeyUse::NODE_TAG) {
                let tags = block.tags(node.tags, |key| usage(&uses, key).has(KeyUse::NODE_TAG))?;
                is_entrance = all.has(KeyUse::ENTRANCE) && keys::is_entrance(&tags);
                if on_street[row] {
                    found.tags.push((row, tags));
                }
            }
            found.rows.push((row, fixed, is_entrance));
            Ok(())
        })?;
        Ok(found)
    }
}

/// Ids of the nodes of some ways, as often as they are named.
fn nodes_of_ways(ways: &Ways, wanted: impl Fn(&&RawWay) -> bool) -> Vec<i64> {
    let mut ids = Vec::with_capacity(ways.found.iter().filter(&wanted).map(|way| way.nodes.len()).sum());
    for way in ways.found.iter().filter(&wanted) {
        ids.extend_from_slice(&way.nodes);
    }
    ids
}

/// Of each of `ids` whether it is among `some`; both ascend.
fn marked(ids: &[i64], some: &[i64]) -> Vec<bool> {
    let mut finder = Finder::new(some);
    ids.iter().map(|&id| finder.find(id).is_some()).collect()
}

/// What a block gives the third walk.
#[derive(Debug, Default)]
struct BlockNodes {
    rows: Vec<(usize, Fixed, bool)>,
    tags: Vec<(usize, Tags)>,
    places: Vec<(i64, Facility)>,
    /// Facilities outside the earth.
    outside: u64,
    issues: Issues,
}

/// Finds rows of ascending ids; fast when it is asked in ascending order.
struct Finder<'a> {
    ids: &'a [i64],
    /// No row before this one is asked for in ascending order.
    at: usize,
    /// The ids before and at this row; the ends of all numbers beyond the first and the last.
    between: (i64, i64),
}

impl<'a> Finder<'a> {
    const fn new(ids: &'a [i64]) -> Self {
        let first = if ids.is_empty() { i64::MAX } else { ids[0] };
        Self { ids, at: 0, between: (i64::MIN, first) }
    }

    #[inline]
    fn find(&mut self, id: i64) -> Option<usize> {
        if self.between.0 < id && id < self.between.1 {
            return None;
        }
        self.search(id)
    }

    fn search(&mut self, id: i64) -> Option<usize> {
        let from = if self.between.0 < id { self.at } else { 0 };
        let rest = &self.ids[from..];
        let mut reach = 1;
        while rest.get(reach - 1).is_some_and(|&other| other < id) {
            reach *= 2;
        }
        let near = &rest[..reach.min(rest.len())];
        let row = from + near.partition_point(|&other| other < id);
        let is_there = self.ids.get(row) == Some(&id);
        self.at = row + usize::from(is_there);
        let before = self.at.checked_sub(1).map_or(i64::MIN, |row| self.ids[row]);
        self.between = (before, self.ids.get(self.at).copied().unwrap_or(i64::MAX));
        is_there.then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_any_order() {
        let ids: Vec<i64> = (-50..50).map(|n| n * 3).collect();
        let mut finder = Finder::new(&ids);
        let forth = -160..160_i64;
        for id in forth.clone().chain(forth.rev()).chain([7, 6, 149, -150, 0, 3, 3, i64::MAX, i64::MIN]) {
            assert_eq!(finder.find(id), ids.binary_search(&id).ok(), "{id}");
        }
        assert_eq!(Finder::new(&[]).find(1), None);
    }
}
