//! The first two walks over a file: relations, then ways. [`nodes`](super::nodes) has the third.
//!
//! Of an element without a role nothing is kept; whether a key matters is looked up once per string of a
//! block, not once per tag. The blocks of a file are mostly of one kind, so the first walk inflates of most blocks
//! just the beginning, which tells the kind. A later walk then inflates the block and finds that it is of this kind,
//! or else the file is read again, all blocks first.

use lifecircle_types::{BarrierKind, Issues, Severity, Shape, Tags};

use super::barriers::RawBarrier;
use super::blob::{Room, no_data};
use super::block::{self, Block, Kinds, RelationRecord, WayRecord};
use super::keys::{self, KeyUse};
use super::walk::{MapFile, Survey, distinct};
use super::wire::Broken;
use crate::error::Result;

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
    /// Whether the way is a street and nothing besides.
    pub(super) fn is_street_alone(&self) -> bool {
        self.street.is_some() && !(self.member || self.barrier.is_some() || self.roles.any())
    }

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
    /// Kinds of elements that are still to be read, by block.
    pub(super) kinds: Vec<Kinds>,
    /// What a block begins with, where no more of it was seen.
    pub(super) begins_with: Vec<Option<Kinds>>,
    /// Ways that were read at once.
    ways: Vec<RawWay>,
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

impl MapFile<'_> {
    /// Reads the relations that may be areas, and what each block holds. Ways are read as well where no relation
    /// could matter to them.
    pub(super) fn relations(&self) -> Result<Relations> {
        let mut all = Relations {
            found: vec![],
            shores: vec![],
            kinds: vec![],
            begins_with: vec![],
            ways: vec![],
            issues: Issues::new(),
        };
        let quick = self.survey == Survey::Beginnings;
        let ways_too = quick && !self.keys.of_areas();
        let wait = |kinds: &Kinds| quick && (kinds.nodes || kinds.ways && !ways_too);
        let read = |room: &mut Room, number: usize| {
            let blob = &self.blobs[number];
            let waits = |bytes: &[u8]| block::first_kind(bytes).filter(wait);
            let (content, begins_with) = room.content_unless(blob, self.name, waits)?;
            if let Some(kinds) = begins_with {
                return Ok(Surveyed { kinds, begins_with, is_text: true, ..Surveyed::default() });
            }
            self.parsed(blob, content, |block| {
                let mut found = Surveyed { kinds: block.kinds()?, ..Surveyed::default() };
                let uses = self.keys.of(block.strings());
                if found.kinds.relations {
                    block.relations(|record| {
                        found.relations.extend(self.relation(block, &uses, record, &mut found.shores)?);
                        Ok(())
                    })?;
                }
                if found.kinds.ways && ways_too {
                    block.ways(|record| {
                        found.ways.extend(self.way(block, &uses, record, false, None)?);
                        Ok(())
                    })?;
                }
                found.is_text = block.is_text();
                Ok(found)
            })
        };
        let blocks: Vec<usize> = (0..self.blobs.len()).collect();
        let mut is_empty = true;
        self.walk("reading relations", &blocks, read, |block, mut found| {
            is_empty &= found.kinds == Kinds::default();
            found.kinds.ways &= !ways_too;
            all.kinds.push(found.kinds);
            all.begins_with.push(found.begins_with);
            all.found.append(&mut found.relations);
            all.shores.append(&mut found.shores);
            all.ways.append(&mut found.ways);
            if !found.is_text {
                self.not_text(block, &mut all.issues);
            }
        })?;
        if is_empty {
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
        if !record.tags.iter().any(|&(key, _)| usage(uses, key).has(KeyUse::OF_RELATION)) {
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
    pub(super) fn ways(&self, relations: &mut Relations) -> Result<Ways> {
        let mut all = Ways { found: core::mem::take(&mut relations.ways), issues: Issues::new() };
        let relations = &*relations;
        let members =
            distinct(relations.found.iter().flat_map(|r| r.outer.iter().chain(&r.inner).copied()).collect());
        let read = |room: &mut Room, number: usize| {
            self.block(room, number, relations.begins_with[number], |block| {
                let uses = self.keys.of(block.strings());
                let mut found = vec![];
                block.ways(|record| {
                    let member = members.binary_search(&record.id).is_ok();
                    let shore = relations.shore(record.id);
                    found.extend(self.way(block, &uses, record, member, shore)?);
                    Ok(())
                })?;
                Ok(found)
            })
        };
        let blocks: Vec<usize> =
            (0..self.blobs.len()).filter(|&number| relations.kinds[number].ways).collect();
        self.walk("reading ways", &blocks, read, |block, (mut found, is_text)| {
            all.found.append(&mut found);
            if !is_text {
                self.not_text(block, &mut all.issues);
            }
        })?;
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
}

/// What the first walk finds in a block.
#[derive(Default)]
struct Surveyed {
    kinds: Kinds,
    begins_with: Option<Kinds>,
    relations: Vec<RawRelation>,
    shores: Vec<(i64, Option<String>)>,
    ways: Vec<RawWay>,
    is_text: bool,
}

/// What the key of this number in the strings of a block is asked for.
pub(super) fn usage(uses: &[KeyUse], key: u32) -> KeyUse {
    uses.get(key as usize).copied().unwrap_or_default()
}

pub(super) fn repeated(issues: &mut Issues, kind: &str, id: i64) {
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
