//! How a file is walked: whatever the order and the make of its blocks, whatever is asked for, and as often as it is told.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use lifecircle_io::{
    Compression, Error, MemberKind, OsmData, OsmMember, OsmOptions, OsmWriter, read_osm_pbf,
};
use lifecircle_types::{Cancelled, LonLat, NoFacilities, NoProgress, Progress, StreetRecords, Tags};

const NODES: i64 = 3000;

/// A hundred streets of thirty nodes, on each a house and residential land of three corners; a crossing here and there.
fn street_map() -> OsmData {
    let mut data = OsmData::default();
    let tags = |pairs: &[(&str, &str)]| Tags::new(pairs.iter().copied());
    for id in 1..=NODES {
        let crossing = if id % 500 == 0 { tags(&[("highway", "crossing")]) } else { Tags::default() };
        let lon = f64::from(i32::try_from(id * id % 7919).unwrap()) / 1e4;
        let lat = f64::from(i32::try_from(id % 7).unwrap()) / 1e3;
        data.nodes.push((id, LonLat::new(lon, lat).unwrap(), crossing));
    }
    for first in (1..NODES).step_by(30) {
        let ring = vec![first, first + 1, first + 2, first];
        data.ways.push((10 * first, (first..first + 30).collect(), tags(&[("highway", "footway")])));
        let house = tags(&[("building", "yes"), ("addr:housenumber", &first.to_string())]);
        data.ways.push((10 * first + 1, ring.clone(), house));
        data.ways.push((10 * first + 2, ring, Tags::default()));
        let member = OsmMember { kind: MemberKind::Way, id: 10 * first + 2, role: "outer".into() };
        let land = tags(&[("type", "multipolygon"), ("landuse", "residential")]);
        data.relations.push((first, vec![member], land));
    }
    data
}

fn written(data: &OsmData, compression: Compression, elements: usize) -> Vec<u8> {
    let mut bytes = vec![];
    OsmWriter::default()
        .compression(compression)
        .elements_per_block(elements)
        .write(&mut bytes, data)
        .unwrap();
    bytes
}

fn streets(bytes: &[u8]) -> StreetRecords {
    read_osm_pbf(bytes, "x", &NoFacilities, &OsmOptions::streets(), &NoProgress).unwrap().value.streets
}

fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let end = bytes.iter().position(|&byte| byte < 0x80).unwrap();
    let value = bytes[..=end].iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
    (value, &bytes[end + 1..])
}

/// The blobs of a file: each with its header, and its body.
fn blobs(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut blobs = vec![];
    while let Some((length, after)) = bytes.split_first_chunk::<4>() {
        let header = u32::from_be_bytes(*length) as usize;
        // the size of the body follows the kind, of which the second byte is the length
        let body = number(&after[usize::from(after[1]) + 3..header]).0;
        let (blob, rest) = bytes.split_at(4 + header + body);
        blobs.push((blob, &blob[4 + header..]));
        bytes = rest;
    }
    blobs
}

fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = vec![];
    while value >= 0x80 {
        bytes.push(u8::try_from(value % 0x80).unwrap() | 0x80);
        value /= 0x80;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// A blob that is not compressed.
fn raw_blob(content: &[u8]) -> Vec<u8> {
    let body = [vec![0x0a], varint(content.len()), content.to_vec()].concat();
    let header = [b"\x0a\x07OSMData\x18".to_vec(), varint(body.len())].concat();
    [u32::try_from(header.len()).unwrap().to_be_bytes().to_vec(), header, body].concat()
}

#[test]
fn streets_alone_are_the_streets_of_everything() {
    for (compression, elements) in
        [(Compression::Zlib, 8000), (Compression::Zlib, 700), (Compression::Raw, 50)]
    {
        let bytes = written(&street_map(), compression, elements);
        let everything =
            read_osm_pbf(&bytes, "x", &NoFacilities, &OsmOptions::default(), &NoProgress).unwrap().value;
        assert_eq!((everything.streets.ways().len(), everything.streets.nodes().len()), (100, 3000));
        assert_eq!((everything.buildings.len(), everything.residential_land.len()), (100, 100));
        assert_eq!(streets(&bytes), everything.streets);
    }
}

#[test]
fn blocks_may_come_in_any_order() {
    let bytes = written(&street_map(), Compression::Zlib, 300);
    let blobs = blobs(&bytes);
    let (header, blocks) = blobs.split_first().unwrap();
    let backwards: Vec<u8> =
        [header].into_iter().chain(blocks.iter().rev()).flat_map(|blob| blob.0).copied().collect();
    for options in [OsmOptions::default(), OsmOptions::streets()] {
        let read = |bytes| read_osm_pbf(bytes, "x", &NoFacilities, &options, &NoProgress).unwrap();
        assert_eq!(read(&backwards), read(&bytes));
    }
}

#[test]
fn blocks_may_hold_more_than_they_begin_with() {
    // without tags on nodes the strings of ways and nodes may stand one after the other
    let mut data = street_map();
    data.nodes.iter_mut().for_each(|node| node.2 = Tags::default());
    let bytes = written(&data, Compression::Raw, 100);
    let blobs = blobs(&bytes);
    let content = |blob: &(&[u8], &[u8])| number(&blob.1[1..]).1.to_vec();
    let contents: Vec<Vec<u8>> = blobs[1..].iter().map(content).collect();
    // thirty blocks of nodes, three of ways, one of relations
    assert_eq!(contents.len(), 34);
    let (nodes, others) = contents.split_at(30);
    for begin_with_nodes in [true, false] {
        let mut mixed = blobs[0].0.to_vec();
        for (at, block) in nodes.iter().enumerate() {
            let other = others.get(at).cloned().unwrap_or_default();
            let strings_first = |block: &[u8]| {
                let (length, rest) = number(&block[1..]);
                (block[..block.len() - rest.len() + length].to_vec(), rest[length..].to_vec())
            };
            if other.is_empty() || !begin_with_nodes {
                mixed.extend(raw_blob(&[other, block.clone()].concat()));
            } else {
                // all strings of the others, their first one for none included, then the groups, nodes first
                let ((strings, groups), (_, nodes)) = (strings_first(&other), strings_first(block));
                mixed.extend(raw_blob(&[strings, nodes, groups].concat()));
            }
        }
        for options in [OsmOptions::default(), OsmOptions::streets()] {
            let read = |bytes| read_osm_pbf(bytes, "x", &NoFacilities, &options, &NoProgress).unwrap();
            assert_eq!(read(&mixed), read(&bytes), "{begin_with_nodes}");
        }
    }
}

#[test]
fn of_several_damages_the_first_in_the_file_is_told() {
    let bytes = written(&street_map(), Compression::Zlib, 1000);
    let offsets: Vec<usize> = blobs(&bytes)
        .iter()
        .scan(0, |end, blob| {
            *end += blob.0.len();
            Some(*end - blob.0.len())
        })
        .collect();
    // three blocks of nodes, one of ways, one of relations
    assert_eq!(offsets.len(), 6);
    for damaged in [vec![4], vec![2, 4], vec![3, 5], vec![1, 2, 3, 4, 5]] {
        let mut broken = bytes.clone();
        for &block in &damaged {
            let end = offsets.get(block + 1).copied().unwrap_or(bytes.len());
            // the check sum at the end of a block
            broken[end - 1] ^= 1;
        }
        for options in [OsmOptions::default(), OsmOptions::streets()] {
            match read_osm_pbf(&broken, "x", &NoFacilities, &options, &NoProgress) {
                Err(Error::Damaged { offset, .. }) => {
                    assert_eq!(offset, offsets[damaged[0]] as u64, "{damaged:?}");
                }
                other => panic!("{damaged:?}: {other:?}"),
            }
        }
    }
}

/// Remembers what it is told, and stops at one call.
struct Watch {
    told: Mutex<Vec<(String, u64, u64)>>,
    stop_at: usize,
    calls: AtomicUsize,
}

impl Progress for Watch {
    fn advance(&self, step: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        self.told.lock().unwrap().push((step.into(), done, total));
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if call == self.stop_at { Err(Cancelled) } else { Ok(()) }
    }
}

#[test]
fn progress_is_told_every_64_blocks_and_may_stop_each_time() {
    // 600 blocks of nodes
    let bytes = written(&street_map(), Compression::Zlib, 5);
    for options in [OsmOptions::default(), OsmOptions::streets()] {
        let watched = |stop_at| {
            let watch = Watch { told: Mutex::default(), stop_at, calls: AtomicUsize::new(0) };
            let read = read_osm_pbf(&bytes, "x", &NoFacilities, &options, &watch);
            (read, watch.told.into_inner().unwrap())
        };
        let (whole, told) = watched(usize::MAX);
        assert!(whole.is_ok());
        for pair in told.windows(2) {
            let ((step, done, total), (next, now, _)) = (&pair[0], &pair[1]);
            assert!(if step == next { (*done..=done + 64).contains(now) } else { done == total }, "{pair:?}");
        }
        assert_eq!(told.last(), Some(&("reading nodes".into(), 600, 600)));
        for stop_at in 0..told.len() {
            let (stopped, heard) = watched(stop_at);
            assert!(matches!(stopped, Err(Error::Cancelled(_))), "{stop_at}");
            assert_eq!(heard, told[..=stop_at]);
        }
    }
}

#[cfg(feature = "parallel")]
#[test]
fn threads_do_not_matter() {
    let bytes = written(&street_map(), Compression::Zlib, 40);
    for options in [OsmOptions::default(), OsmOptions::streets()] {
        let read = || read_osm_pbf(&bytes, "x", &NoFacilities, &options, &NoProgress).unwrap();
        let expected = read();
        for threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(read), expected, "{threads} threads");
        }
    }
}
