//! A block of map elements, walked in place.
//!
//! A block has one table of strings; tags are pairs of indices into it. Ids, coordinates and references are
//! differences to the one before. Positions are kept as whole ten-millionths of a degree ([`Fixed`]), the
//! precision of the map itself.

use std::borrow::Cow;

use lifecircle_types::{LonLat, Tags};

use super::wire::{Broken, NO_END, Wire};

/// A table of strings cannot have more entries than this; the tables of real files have some thousands.
const MOST_STRINGS: usize = 1 << 21;
/// Nanodegrees in one unit of [`Fixed`].
const NANODEGREES: i64 = 100;

/// Pairs of string indices: key, value.
pub(super) type TagPairs = Vec<(u32, u32)>;

/// A position in ten-millionths of a degree, within range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fixed {
    lon: i32,
    lat: i32,
}

impl Fixed {
    const UNITS: f64 = 1e7;

    /// `None` outside the earth.
    fn new(lon: i32, lat: i32) -> Option<Self> {
        (lon.unsigned_abs() <= 1_800_000_000 && lat.unsigned_abs() <= 900_000_000)
            .then_some(Self { lon, lat })
    }

    /// From nanodegrees, rounded half up; `None` outside the earth.
    fn from_nanodegrees(lon: i64, lat: i64) -> Option<Self> {
        let unit = |nano: i64| i32::try_from(nano.checked_add(NANODEGREES / 2)?.div_euclid(NANODEGREES)).ok();
        Self::new(unit(lon)?, unit(lat)?)
    }

    /// The double nearest to the decimal number of degrees.
    pub(super) fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon) / Self::UNITS, f64::from(self.lat) / Self::UNITS)
    }

    /// As a position; always in range.
    pub(super) fn lonlat(self) -> Option<LonLat> {
        let (lon, lat) = self.degrees();
        LonLat::new(lon, lat).ok()
    }
}

/// A node.
#[derive(Debug)]
pub(super) struct NodeRecord<'b> {
    pub(super) id: i64,
    /// `None` when it lies outside the earth.
    pub(super) position: Option<Fixed>,
    pub(super) tags: &'b [(u32, u32)],
}

/// A way; its references are decoded when asked for.
#[derive(Debug)]
pub(super) struct WayRecord<'a, 'b> {
    pub(super) id: i64,
    pub(super) tags: &'b [(u32, u32)],
    refs: &'a [u8],
}

impl WayRecord<'_, '_> {
    /// Ids of the nodes, in order.
    pub(super) fn nodes(&self) -> Result<Vec<i64>, Broken> {
        let mut wire = Wire(self.refs);
        let mut id = 0_i64;
        // a number ends with the byte whose first bit is not set
        let mut nodes = Vec::with_capacity(self.refs.iter().filter(|&&byte| byte < 0x80).count());
        while !wire.is_empty() {
            id = add(id, wire.zigzag()?)?;
            nodes.push(id);
        }
        Ok(nodes)
    }
}

/// A relation; its members are decoded when asked for.
#[derive(Debug)]
pub(super) struct RelationRecord<'a, 'b> {
    pub(super) id: i64,
    pub(super) tags: &'b [(u32, u32)],
    roles: &'a [u8],
    members: &'a [u8],
    kinds: &'a [u8],
}

impl RelationRecord<'_, '_> {
    /// Calls `visit` with the id and the role of every member that is a way.
    pub(super) fn ways(&self, mut visit: impl FnMut(i64, u32)) -> Result<(), Broken> {
        let (mut roles, mut members, mut kinds) = (Wire(self.roles), Wire(self.members), Wire(self.kinds));
        let mut id = 0_i64;
        while !members.is_empty() {
            id = add(id, members.zigzag()?)?;
            let (kind, role) = (kinds.varint()?, roles.index()?);
            if kind == 1 {
                visit(id, role);
            }
        }
        Ok(())
    }
}

/// What kind of elements the first group of a block begins with, if `bytes`, its first ones, reach so far.
pub(super) fn first_kind(bytes: &[u8]) -> Option<Kinds> {
    const GROUP: u64 = 2 << 3 | 2;
    let mut wire = Wire(bytes);
    loop {
        let mut ahead = wire;
        if ahead.varint().ok()? == GROUP && ahead.varint().ok()? > 0 {
            let mut kinds = Kinds::default();
            kinds.add(ahead.varint().ok()? >> 3);
            return (kinds != Kinds::default()).then_some(kinds);
        }
        wire.field().ok()??;
    }
}

/// What kinds of elements a block holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) nodes: bool,
    pub(super) ways: bool,
    pub(super) relations: bool,
}

impl Kinds {
    /// Counts in what a field of a group holds.
    fn add(&mut self, field: u64) {
        match field {
            1 | 2 => self.nodes = true,
            3 => self.ways = true,
            4 => self.relations = true,
            _ => {}
        }
    }
}

/// A parsed block; elements are still bytes.
#[derive(Debug)]
pub(super) struct Block<'a> {
    strings: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    lon_offset: i64,
    lat_offset: i64,
}

impl<'a> Block<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Broken> {
        let mut block =
            Self { strings: vec![], groups: vec![], granularity: NANODEGREES, lon_offset: 0, lat_offset: 0 };
        let mut wire = Wire(bytes);
        while let Some((field, value)) = wire.field()? {
            match field {
                1 => block.read_strings(value.bytes()?)?,
                2 => block.groups.push(value.bytes()?),
                17 => block.granularity = value.varint()?.cast_signed(),
                19 => block.lat_offset = value.varint()?.cast_signed(),
                20 => block.lon_offset = value.varint()?.cast_signed(),
                _ => {}
            }
        }
        Ok(block)
    }

    fn read_strings(&mut self, bytes: &'a [u8]) -> Result<(), Broken> {
        let mut wire = Wire(bytes);
        while let Some((field, value)) = wire.field()? {
            if field == 1 {
                if self.strings.len() == MOST_STRINGS {
                    return Err(Broken("a block has more than two million strings"));
                }
                self.strings.push(value.bytes()?);
            }
        }
        Ok(())
    }

    /// The strings, by index.
    pub(super) fn strings(&self) -> &[&'a [u8]] {
        &self.strings
    }

    /// Whether every string is text.
    pub(super) fn is_text(&self) -> bool {
        self.strings.iter().all(|text| core::str::from_utf8(text).is_ok())
    }

    /// The string at `index`, which a tag or a role names.
    pub(super) fn string(&self, index: u32) -> Result<&'a [u8], Broken> {
        self.strings
            .get(index as usize)
            .copied()
            .ok_or(Broken("a tag or a role names a string that is not there"))
    }

    /// The string as text; bytes that are not UTF-8 become replacement characters.
    pub(super) fn text(&self, index: u32) -> Result<Cow<'a, str>, Broken> {
        self.string(index).map(String::from_utf8_lossy)
    }

    /// The tags among `pairs` whose keys `keep` takes.
    pub(super) fn tags(
        &self,
        pairs: &[(u32, u32)],
        mut keep: impl FnMut(u32) -> bool,
    ) -> Result<Tags, Broken> {
        let mut tags = Vec::with_capacity(pairs.len());
        for &(key, value) in pairs {
            if keep(key) {
                tags.push((self.text(key)?, self.text(value)?));
            }
        }
        Ok(Tags::new(tags))
    }

    /// What the block holds.
    pub(super) fn kinds(&self) -> Result<Kinds, Broken> {
        let mut kinds = Kinds::default();
        for group in &self.groups {
            let mut wire = Wire(group);
            while let Some((field, _)) = wire.field()? {
                kinds.add(field);
            }
        }
        Ok(kinds)
    }

    /// Calls `visit` for every node, in order.
    pub(super) fn nodes(
        &self,
        mut visit: impl FnMut(NodeRecord<'_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let mut tags = TagPairs::new();
        for group in &self.groups {
            let mut wire = Wire(group);
            while let Some((field, value)) = wire.field()? {
                match field {
                    1 => self.plain_node(value.bytes()?, &mut tags, &mut visit)?,
                    2 => self.dense_nodes(value.bytes()?, &mut tags, &mut visit)?,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn plain_node(
        &self,
        bytes: &[u8],
        tags: &mut TagPairs,
        visit: &mut impl FnMut(NodeRecord<'_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let (mut id, mut lon, mut lat) = (None, None, None);
        let (mut keys, mut values): (&[u8], &[u8]) = (&[], &[]);
        let mut wire = Wire(bytes);
        while let Some((field, value)) = wire.field()? {
            match field {
                1 => id = Some(unzigzag(value.varint()?)),
                2 => keys = value.bytes()?,
                3 => values = value.bytes()?,
                8 => lat = Some(unzigzag(value.varint()?)),
                9 => lon = Some(unzigzag(value.varint()?)),
                _ => {}
            }
        }
        let (Some(id), Some(lon), Some(lat)) = (id, lon, lat) else {
            return Err(Broken("a node lacks its id or its position"));
        };
        read_tags(keys, values, tags)?;
        visit(NodeRecord { id, position: self.position(lon, lat), tags })
    }

    fn dense_nodes(
        &self,
        bytes: &[u8],
        tags: &mut TagPairs,
        visit: &mut impl FnMut(NodeRecord<'_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let mut columns: [&[u8]; 4] = [&[]; 4];
        let mut wire = Wire(bytes);
        while let Some((field, value)) = wire.field()? {
            match field {
                1 => columns[0] = value.bytes()?,
                8 => columns[1] = value.bytes()?,
                9 => columns[2] = value.bytes()?,
                10 => columns[3] = value.bytes()?,
                _ => {}
            }
        }
        let [mut ids, mut lats, mut lons] = [columns[0], columns[1], columns[2]].map(Column::new);
        let mut pairs = Wire(columns[3]);
        let tagged = !pairs.is_empty();
        let [mut id, mut lat, mut lon] = [[0; ROWS]; 3];
        loop {
            let (mut rows, mut broken) = ids.fill(&mut id);
            let is_last = rows < ROWS;
            for (column, values) in [(&mut lats, &mut lat), (&mut lons, &mut lon)] {
                let (filled, error) = column.fill(&mut values[..rows]);
                if filled < rows {
                    (rows, broken) = (filled, Some(error.unwrap_or(NO_END)));
                }
            }
            for ((&id, &lat), &lon) in id.iter().zip(&lat).zip(&lon).take(rows) {
                tags.clear();
                if tagged {
                    loop {
                        let key = pairs.index()?;
                        if key == 0 {
                            break;
                        }
                        tags.push((key, pairs.index()?));
                    }
                }
                visit(NodeRecord { id, position: self.position(lon, lat), tags })?;
            }
            if let Some(broken) = broken {
                return Err(broken);
            }
            if is_last {
                break;
            }
        }
        if lats.wire.is_empty() && lons.wire.is_empty() && pairs.is_empty() {
            Ok(())
        } else {
            Err(Broken("the columns of packed nodes differ in length"))
        }
    }

    /// Calls `visit` for every way, in order.
    pub(super) fn ways(
        &self,
        mut visit: impl FnMut(&WayRecord<'a, '_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let mut tags = TagPairs::new();
        self.elements(3, |bytes| {
            let mut id = None;
            let (mut keys, mut values, mut refs): (&[u8], &[u8], &[u8]) = (&[], &[], &[]);
            let mut wire = Wire(bytes);
            while let Some((field, value)) = wire.field()? {
                match field {
                    1 => id = Some(value.varint()?.cast_signed()),
                    2 => keys = value.bytes()?,
                    3 => values = value.bytes()?,
                    8 => refs = value.bytes()?,
                    _ => {}
                }
            }
            let id = id.ok_or(Broken("a way lacks its id"))?;
            read_tags(keys, values, &mut tags)?;
            visit(&WayRecord { id, tags: &tags, refs })
        })
    }

    /// Calls `visit` for every relation, in order.
    pub(super) fn relations(
        &self,
        mut visit: impl FnMut(&RelationRecord<'a, '_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let mut tags = TagPairs::new();
        self.elements(4, |bytes| {
            let mut id = None;
            let mut columns: [&[u8]; 5] = [&[]; 5];
            let mut wire = Wire(bytes);
            while let Some((field, value)) = wire.field()? {
                match field {
                    1 => id = Some(value.varint()?.cast_signed()),
                    2 => columns[0] = value.bytes()?,
                    3 => columns[1] = value.bytes()?,
                    8 => columns[2] = value.bytes()?,
                    9 => columns[3] = value.bytes()?,
                    10 => columns[4] = value.bytes()?,
                    _ => {}
                }
            }
            let id = id.ok_or(Broken("a relation lacks its id"))?;
            let [keys, values, roles, members, kinds] = columns;
            read_tags(keys, values, &mut tags)?;
            visit(&RelationRecord { id, tags: &tags, roles, members, kinds })
        })
    }

    fn elements(
        &self,
        kind: u64,
        mut visit: impl FnMut(&'a [u8]) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        for group in &self.groups {
            let mut wire = Wire(group);
            while let Some((field, value)) = wire.field()? {
                if field == kind {
                    visit(value.bytes()?)?;
                }
            }
        }
        Ok(())
    }

    fn position(&self, lon: i64, lat: i64) -> Option<Fixed> {
        if (self.granularity, self.lon_offset, self.lat_offset) == (NANODEGREES, 0, 0) {
            return Fixed::new(i32::try_from(lon).ok()?, i32::try_from(lat).ok()?);
        }
        let nano = |offset: i64, value: i64| offset.checked_add(self.granularity.checked_mul(value)?);
        Fixed::from_nanodegrees(nano(self.lon_offset, lon)?, nano(self.lat_offset, lat)?)
    }
}

/// Rows of packed nodes that are decoded at a time, column by column.
const ROWS: usize = 512;

/// A column of packed numbers, each the difference to the one before.
struct Column<'a> {
    wire: Wire<'a>,
    last: i64,
}

impl<'a> Column<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { wire: Wire(bytes), last: 0 }
    }

    /// Decodes as many numbers as `values` holds or are left; tells how many, and what is wrong with the next.
    fn fill(&mut self, values: &mut [i64]) -> (usize, Option<Broken>) {
        let Self { mut wire, mut last } = *self;
        let mut broken = None;
        let mut filled = 0;
        for value in &mut *values {
            if wire.is_empty() {
                break;
            }
            match wire.zigzag().and_then(|difference| add(last, difference)) {
                Ok(number) => (*value, last) = (number, number),
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
            filled += 1;
        }
        *self = Self { wire, last };
        (filled, broken)
    }
}

fn read_tags(keys: &[u8], values: &[u8], tags: &mut TagPairs) -> Result<(), Broken> {
    tags.clear();
    let (mut keys, mut values) = (Wire(keys), Wire(values));
    while !keys.is_empty() {
        tags.push((keys.index()?, values.index()?));
    }
    if values.is_empty() { Ok(()) } else { Err(Broken("an element has more values than keys")) }
}

fn add(total: i64, difference: i64) -> Result<i64, Broken> {
    total.checked_add(difference).ok_or(Broken("a number has more than 64 bits"))
}

const fn unzigzag(raw: u64) -> i64 {
    (raw >> 1).cast_signed() ^ -(raw & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_equal_their_decimal_form() {
        let check = |nano: i64, expected: Option<f64>| {
            let got = Fixed::from_nanodegrees(nano, 0).map(|fixed| fixed.degrees().0);
            assert_eq!(got, expected, "{nano}");
        };
        check(104_061_234_500, Some(104.061_234_5));
        check(-4_482_100_000, Some(-4.4821));
        check(49, Some(0.0));
        check(50, Some(1e-7));
        check(180_000_000_000, Some(180.0));
        check(180_000_000_100, None);
        check(i64::MAX, None);
        check(i64::MIN, None);
    }
}
