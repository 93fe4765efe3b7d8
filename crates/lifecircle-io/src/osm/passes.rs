//! The three walks over a file: relations, ways, nodes.
//!
//! Of an element without a role nothing is kept; whether a key matters is looked up once per string of a
//! block, not once per tag.

use lifecircle_types::{
    BarrierKind, Facility, Fate, Issues, LonLat, Progress, Severity, Shape, TagClassifier, Tags,
};

use super::OsmOptions;
use super::barriers::RawBarrier;
use super::blob::{Blob, damaged, no_data};
use super::block::{Block, Fixed, Kinds, RelationRecord, WayRecord};
use super::keys::{self, KeyUse, Keys};
use super::places::facility;
use super::wire::Broken;
use crate::error::Result;

/// Blocks that are decoded before their results are taken.
const BATCH: usize = 32;

/// A file and what is asked of it.
pub(super) struct MapFile<'f> {
    pub(super) name: &'f str,
    pub(super) blobs: &'f [Blob<'f>],
    pub(super) keys: &'f Keys,
    pub(super) classifier: &'f dyn TagClassifier,
    pub(super) options: &'f OsmOptions,
    pub(super) source: &'f str,
    pub(super) progress: &'f dyn Progress,
}

/// What the area of a way or a relation may stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AreaRoles {
    pub(super) place: bool,
    pub(super) building: bool,
    pub(super) land: bool,
    pub(super) admin_level: Option<u8>,
}

impl AreaRoles {
    pub(super) fn any(self) -> bool {
        self != Self::default()
    }
}

/// A relation that may be an area.
#[derive(Debug)]
pub(super) struct RawRelation {
    pub(super) id: i64,
    pub(super) tags: Tags,
    pub(super) outer: Vec<i64>,
    pub(super) inner: Vec<i64>,
    pub(super) roles: AreaRoles,
}

/// A way that is a street, may be an area, or is a piece of one.
#[derive(Debug)]
pub(super) struct RawWay {
    pub(super) id: i64,
    pub(super) nodes: Vec<i64>,
    /// Tags of a street.
    pub(super) street: Option<Tags>,
    /// All tags, where the way may be an area.
    pub(super) tags: Tags,
    pub(super) roles: AreaRoles,
    /// Whether a kept relation names it.
    pub(super) member: bool,
    /// The barrier that it is, or that a relation makes of it.
    pub(super) barrier: Option<RawBarrier>,
}

impl RawWay {
    /// Whether the way comes back to its first node.
    pub(super) fn is_closed(&self) -> bool {
        self.nodes.len() > 1 && self.nodes.first() == self.nodes.last()
    }
}

/// What the first walk finds.
#[derive(Debug)]
pub(super) struct Relations {
    /// By id.
    pub(super) found: Vec<RawRelation>,
    /// Outlines of waters, by way, with the name of the water.
    shores: Vec<(i64, Option<String>)>,
    /// Kinds of elements, by block.
    kinds: Vec<Kinds>,
    pub(super) issues: Issues,
}

impl Relations {
    /// The way as an outline of a water, with the name of the water if one has a name.
    fn shore(&self, way: i64) -> Option<&(i64, Option<String>)> {
        let after = self.shores.partition_point(|shore| shore.0 <= way);
        self.shores[..after].last().filter(|shore| shore.0 == way)
    }
}

/// What the second walk finds.
#[derive(Debug)]
pub(super) struct Ways {
    /// By id.
    pub(super) found: Vec<RawWay>,
    pub(super) issues: Issues,
}

impl Ways {
    pub(super) fn get(&self, id: i64) -> Option<&RawWay> {
        let at = self.found.binary_search_by_key(&id, |way| way.id).ok()?;
        Some(&self.found[at])
    }
}

/// What the third walk finds: row `i` of every column belongs to the node `ids[i]`.
#[derive(Debug)]
pub(super) struct Nodes {
    /// Ids of the nodes that kept ways name, ascending.
    ids: Vec<i64>,
    positions: Vec<Option<Fixed>>,
    on_street: Vec<bool>,
    /// Passed by a street on which visitors come.
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
        self.row(id).is_some_and(|row| self.is_way_in[row])
    }

    /// Street nodes of the file: row, id, position.
    pub(super) fn of_streets(&self) -> impl Iterator<Item = (usize, i64, LonLat)> + '_ {
        self.ids.iter().enumerate().filter_map(|(row, &id)| {
            let position = self.positions[row].filter(|_| self.on_street[row])?.lonlat()?;
            Some((row, id, position))
        })
    }
}

impl MapFile<'_> {
    /// Reads the relations that may be areas, and what each block holds.
    pub(super) fn relations(&self) -> Result<Relations> {
        let mut all = Relations { found: vec![], shores: vec![], kinds: vec![], issues: Issues::new() };
        let read = |block: &Block<'_>| {
            let kinds = block.kinds()?;
            let uses = self.keys.of(block.strings());
            let (mut found, mut shores) = (vec![], vec![]);
            if kinds.relations {
                block.relations(|record| {
                    found.extend(self.relation(block, &uses, record, &mut shores)?);
                    Ok(())
                })?;
            }
            let clean = block.strings().iter().all(|text| core::str::from_utf8(text).is_ok());
            Ok((kinds, clean, found, shores))
        };
        self.walk(
            "reading relations",
            |_| true,
            read,
            |blob, (kinds, clean, found, shores)| {
                all.kinds.push(kinds);
                all.found.extend(found);
                all.shores.extend(shores);
                if !clean {
                    let block = format!("block at byte {}", blob.offset);
                    all.issues.push(
                        Severity::Warning,
                        "text is not UTF-8",
                        block,
                        "the bytes that do not fit were replaced",
                    );
                }
            },
        )?;
        if all.kinds.iter().all(|&kinds| kinds == Kinds::default()) {
            return Err(no_data(self.name));
        }
        all.found.sort_by_key(|relation| relation.id);
        all.shores.sort_unstable();
        drop_repeated(&mut all.found, "relation", |relation| relation.id, &mut all.issues);
        Ok(all)
    }

    fn relation(
        &self,
        block: &Block<'_>,
        uses: &[KeyUse],
        record: &RelationRecord<'_, '_>,
        shores: &mut Vec<(i64, Option<String>)>,
    ) -> core::result::Result<Option<RawRelation>, Broken> {
        const AREA: KeyUse = KeyUse::PLACE
            .with(KeyUse::BUILDING)
            .with(KeyUse::LAND)
            .with(KeyUse::BOUNDARY)
            .with(KeyUse::BARRIER);
        if !record.tags.iter().any(|&(key, _)| usage(uses, key).has(AREA)) {
            return Ok(None);
        }
        let tags = block.tags(record.tags, |_| true)?;
        if !matches!(tags.get("type"), Some("multipolygon" | "boundary")) {
            return Ok(None);
        }
        let place = record.tags.iter().any(|&(key, _)| usage(uses, key).has(KeyUse::PLACE));
        let roles = self.area_roles(&tags, place, true);
        let is_water =
            self.options.barriers && matches!(keys::barrier_kind(&tags), Some((BarrierKind::Water, _)));
        if !(roles.any() || is_water) {
            return Ok(None);
        }
        let (mut outer, mut inner) = (vec![], vec![]);
        let mut broken = None;
        record.ways(|id, role| match block.string(role) {
            Ok(b"inner") => inner.push(id),
            // other roles name things beside the outline, such as a label
            Ok(b"outer" | b"") => outer.push(id),
            Ok(_) => {}
            Err(error) => broken = Some(error),
        })?;
        if let Some(error) = broken {
            return Err(error);
        }
        for ids in [&mut outer, &mut inner] {
            ids.sort_unstable();
            ids.dedup();
        }
        if is_water {
            let name = tags.get("name").map(String::from);
            shores.extend(outer.iter().chain(&inner).map(|&way| (way, name.clone())));
        }
        Ok(roles.any().then_some(RawRelation { id: record.id, tags, outer, inner, roles }))
    }

    fn area_roles(&self, tags: &Tags, place: bool, relation: bool) -> AreaRoles {
        AreaRoles {
            place,
            building: self.options.buildings && keys::is_building(tags),
            land: self.options.residential_land && keys::is_residential_land(tags),
            admin_level: keys::admin_level(tags).filter(|_| relation && self.options.areas),
        }
    }

    /// Reads the ways that are streets, may be areas, or are named by `relations`.
    pub(super) fn ways(&self, relations: &Relations) -> Result<Ways> {
        let mut members: Vec<i64> =
            relations.found.iter().flat_map(|r| r.outer.iter().chain(&r.inner).copied()).collect();
        members.sort_unstable();
        members.dedup();
        let read = |block: &Block<'_>| {
            let uses = self.keys.of(block.strings());
            let mut found = vec![];
            block.ways(|record| {
                let member = members.binary_search(&record.id).is_ok();
                let shore = relations.shore(record.id);
                found.extend(self.way(block, &uses, record, member, shore)?);
                Ok(())
            })?;
            Ok(found)
        };
        let mut all = Ways { found: vec![], issues: Issues::new() };
        self.walk("reading ways", |at| relations.kinds[at].ways, read, |_, found| all.found.extend(found))?;
        all.found.sort_by_key(|way| way.id);
        drop_repeated(&mut all.found, "way", |way| way.id, &mut all.issues);
        Ok(all)
    }

    fn way(
        &self,
        block: &Block<'_>,
        uses: &[KeyUse],
        record: &WayRecord<'_, '_>,
        member: bool,
        shore: Option<&(i64, Option<String>)>,
    ) -> core::result::Result<Option<RawWay>, Broken> {
        const AREA: KeyUse = KeyUse::PLACE.with(KeyUse::BUILDING).with(KeyUse::LAND);
        let all = record.tags.iter().fold(KeyUse::default(), |all, &(key, _)| all.with(usage(uses, key)));
        let is_street = all.has(KeyUse::STREET);
        let may_bar = self.options.barriers && all.has(KeyUse::BARRIER);
        if !(is_street || member || shore.is_some() || may_bar || all.has(AREA)) {
            return Ok(None);
        }
        let barrier = if shore.is_some() || may_bar {
            RawBarrier::of(&block.tags(record.tags, |_| true)?, shore.map(|(_, name)| name.as_deref()))
        } else {
            None
        };
        if !(is_street || member || barrier.is_some() || all.has(AREA)) {
            return Ok(None);
        }
        let mut way = RawWay {
            id: record.id,
            nodes: record.nodes()?,
            street: None,
            tags: Tags::default(),
            roles: AreaRoles::default(),
            member,
            barrier,
        };
        if all.has(AREA) {
            let tags = block.tags(record.tags, |_| true)?;
            // an open way is no site: it stays only to be counted, and only if it would be one
            let place = all.has(KeyUse::PLACE)
                && (way.is_closed() || !self.classifier.classify(&tags, Shape::default()).is_empty());
            way.roles = self.area_roles(&tags, place, false);
            if way.roles.any() {
                way.tags = tags;
            }
        }
        if is_street {
            way.street = Some(block.tags(record.tags, |key| usage(uses, key).has(KeyUse::STREET_TAG))?);
        }
        Ok((is_street || member || way.barrier.is_some() || way.roles.any()).then_some(way))
    }

    /// Reads the nodes that `ways` name, and those that are facilities themselves.
    pub(super) fn nodes(&self, relations: &Relations, ways: &Ways) -> Result<Nodes> {
        let mut ids: Vec<i64> = ways
            .found
            .iter()
            .filter(|way| way.street.is_some() || way.member || way.barrier.is_some() || way.is_closed())
            .flat_map(|way| way.nodes.iter().copied())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        let mut all = Nodes {
            positions: vec![None; ids.len()],
            on_street: vec![false; ids.len()],
            is_way_in: vec![false; ids.len()],
            is_entrance: vec![false; ids.len()],
            tags: vec![],
            places: vec![],
            place_fate: Fate::default(),
            issues: Issues::new(),
            ids,
        };
        for way in &ways.found {
            let Some(street) = &way.street else { continue };
            let way_in = keys::is_way_in(street);
            for &id in &way.nodes {
                if let Some(row) = all.row(id) {
                    all.on_street[row] = true;
                    all.is_way_in[row] |= way_in;
                }
            }
        }
        // the columns that blocks read are lent to them, those they fill are not
        let (ids, on_street) = (core::mem::take(&mut all.ids), core::mem::take(&mut all.on_street));
        self.walk(
            "reading nodes",
            |at| relations.kinds[at].nodes,
            |block| self.nodes_of(block, &ids, &on_street),
            |_, found| {
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
            },
        )?;
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
        let mut finder = Finder { ids, at: 0 };
        block.nodes(|node| {
            let all = node.tags.iter().fold(KeyUse::default(), |all, &(key, _)| all.with(usage(&uses, key)));
            let row = finder.find(node.id);
            let position = node.position.and_then(|fixed| Some((fixed, fixed.lonlat()?)));
            if all.has(KeyUse::PLACE) {
                let tags = block.tags(node.tags, |_| true)?;
                let offers = self.classifier.classify(&tags, Shape::default());
                match position {
                    _ if offers.is_empty() => {}
                    Some((_, position)) => {
                        let id = format!("node/{}", node.id);
                        found.places.push((node.id, facility(id, &tags, offers, position, self.source)));
                    }
                    None => found.outside += 1,
                }
            }
            let Some((fixed, _)) = position else {
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

    /// Decodes the blocks that `wanted` names by number with `read` and hands the results to `take`, in order.
    fn walk<T: Send>(
        &self,
        step: &str,
        wanted: impl Fn(usize) -> bool,
        read: impl Fn(&Block<'_>) -> core::result::Result<T, Broken> + Sync,
        mut take: impl FnMut(&Blob<'_>, T),
    ) -> Result<()> {
        let wanted: Vec<&Blob<'_>> =
            self.blobs.iter().enumerate().filter(|&(at, _)| wanted(at)).map(|(_, blob)| blob).collect();
        let total = wanted.len() as u64;
        let decode = |blob: &Blob<'_>| {
            let content = blob.content(self.name)?;
            let found = Block::parse(&content).and_then(|block| read(&block));
            found.map_err(|Broken(what)| damaged(self.name, blob.offset, what))
        };
        let mut done = 0;
        self.progress.advance(step, done, total)?;
        for batch in wanted.chunks(BATCH) {
            for (blob, found) in batch.iter().zip(in_order(batch, decode)) {
                take(blob, found?);
            }
            done += batch.len() as u64;
            self.progress.advance(step, done, total)?;
        }
        Ok(())
    }
}

/// What `map` makes of each item, in the order of the items.
#[cfg(feature = "parallel")]
pub(super) fn in_order<'f, I: Sync, T: Send>(items: &[&'f I], map: impl Fn(&'f I) -> T + Sync) -> Vec<T> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
    items.par_iter().map(|&item| map(item)).collect()
}

/// What `map` makes of each item, in the order of the items.
#[cfg(not(feature = "parallel"))]
pub(super) fn in_order<'f, I, T>(items: &[&'f I], map: impl Fn(&'f I) -> T) -> Vec<T> {
    items.iter().map(|&item| map(item)).collect()
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
    at: usize,
}

impl Finder<'_> {
    fn find(&mut self, id: i64) -> Option<usize> {
        let behind = self.at > 0 && self.ids[self.at - 1] < id;
        let from = if behind { self.at } else { 0 };
        let rest = &self.ids[from..];
        let mut reach = 1;
        while rest.get(reach - 1).is_some_and(|&other| other < id) {
            reach *= 2;
        }
        let near = &rest[..reach.min(rest.len())];
        self.at = from + near.partition_point(|&other| other < id);
        (self.ids.get(self.at) == Some(&id)).then_some(self.at)
    }
}

fn usage(uses: &[KeyUse], key: u32) -> KeyUse {
    uses.get(key as usize).copied().unwrap_or_default()
}

fn repeated(issues: &mut Issues, kind: &str, id: i64) {
    issues.push(
        Severity::Warning,
        "element appears twice",
        format!("{kind}/{id}"),
        "it was taken as it stands first",
    );
}

/// Keeps the first of equal ids in a sorted list.
fn drop_repeated<T>(found: &mut Vec<T>, kind: &str, id: impl Fn(&T) -> i64, issues: &mut Issues) {
    found.dedup_by(|later, earlier| {
        let same = id(later) == id(earlier);
        if same {
            repeated(issues, kind, id(later));
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_any_order() {
        let ids: Vec<i64> = (-50..50).map(|n| n * 3).collect();
        let mut finder = Finder { ids: &ids, at: 0 };
        let forth = -160..160_i64;
        for id in forth.clone().chain(forth.rev()).chain([7, 6, 149, -150, 0, 3]) {
            assert_eq!(finder.find(id), ids.binary_search(&id).ok(), "{id}");
        }
        assert_eq!(Finder { ids: &[], at: 0 }.find(1), None);
    }
}
