//! Every reader against damaged bytes: an error or a full account, never a panic, never memory without bounds.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use lifecircle_io::{
    Compression, Crs, EdgeColumns, FacilityColumns, MemberKind, OsmData, OsmMember, OsmOptions, OsmWriter,
    ResidentColumns, UnitColumns, read_buildings_geojson, read_control_totals_csv, read_edges_csv,
    read_facilities_csv, read_facilities_geojson, read_matrix_csv, read_osm_pbf, read_residents_csv,
    read_residents_geojson, read_units_csv, read_units_geojson,
};
use lifecircle_testkit::hostile::{damaged, noise};
use lifecircle_types::{Certainty, Fate, LonLat, NoProgress, Offer, Shape, TagClassifier, Tags};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

/// Takes everything with an `amenity` for a school.
struct Any;

impl TagClassifier for Any {
    fn keys(&self) -> Vec<&str> {
        vec!["amenity"]
    }

    fn classify(&self, tags: &Tags, _: Shape) -> Vec<Offer> {
        tags.get("amenity")
            .map(|_| Offer {
                service: "primary_school".parse().unwrap(),
                certainty: Certainty::Known,
                capacity: None,
            })
            .into_iter()
            .collect()
    }
}

fn map(compression: Compression) -> Vec<u8> {
    let at = |n: i64| LonLat::new(n as f64 / 1000.0, (n % 3) as f64 / 1000.0).unwrap();
    let tags = |pairs: &[(&str, &str)]| Tags::new(pairs.iter().copied());
    let member = |id, role: &str| OsmMember { kind: MemberKind::Way, id, role: role.into() };
    let data = OsmData {
        nodes: (0..12)
            .map(|n| {
                (
                    n,
                    at(n),
                    if n % 4 == 0 {
                        tags(&[("amenity", "school"), ("entrance", "yes")])
                    } else {
                        Tags::default()
                    },
                )
            })
            .collect(),
        ways: vec![
            (1, (0..12).collect(), tags(&[("highway", "residential"), ("name", "一号路")])),
            (2, vec![0, 1, 2, 4, 0], tags(&[("building", "house"), ("building:levels", "2")])),
            (3, vec![3, 4, 5, 7, 3], tags(&[("amenity", "school"), ("landuse", "residential")])),
            (4, vec![6, 7, 8], Tags::default()),
            (5, vec![6, 10, 8], Tags::default()),
        ],
        relations: vec![(
            1,
            vec![member(4, "outer"), member(5, "outer"), member(2, "inner")],
            tags(&[
                ("type", "boundary"),
                ("boundary", "administrative"),
                ("admin_level", "8"),
                ("amenity", "x"),
            ]),
        )],
    };
    let mut bytes = vec![];
    OsmWriter::default().compression(compression).elements_per_block(6).write(&mut bytes, &data).unwrap();
    bytes
}

#[cfg(feature = "osm-xml")]
const XML: &str = "<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n\
    <node id='1' lat='0' lon='0'><tag k='amenity' v='school &amp; more'/></node>\n\
    <node id='2' lat='0' lon='0.001'/><node id='3' lat='0.001' lon='0.001' visible='true'/>\n\
    <way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/><tag k='highway' v='path'/></way>\n\
    <way id='2'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='1'/><tag k='building' v='&#121;es'/></way>\n\
    <relation id='1'><member type='way' ref='2' role='outer'/><tag k='type' v='boundary'/></relation>\n</osm>\n";

const RESIDENTS: &str = "id,lon,lat,people,unit,age_0_14,female\n\
    a,104.06,30.66,120,c1,20,61\nb,104.07,30.67,80.5,c1,,40\nc,,,12,c2,1,6\nd,104.08,30.66,,c2,,\n";
const FACILITIES: &str = "id;lon;lat;service;capacity;name;provider;state;open_from;price\n\
    s1;104.06;30.66;primary_school;600;\"School; 1\";government;open;2020-01-01;0\n\
    s2;104.07;30.67;clinic;;;;;;\ns3;;;clinic;;;;;;\ns4;104.07;30.67;;;;;;;\n";
const UNITS: &str = "code,name,kind,parent,zone,households\nc1,玉林,community,s1,urban,900\ns1,浆洗街,street,d1,,\nd1,武侯,district,,,\n";
const TOTALS: &str = "area,population,note\nPeel,5374,x\nRushen|Santon,2500,\"a, b\"\n";
const EDGES: &str = "lon,lat,u,v,length_m,highway,wkt\n0,0,1,2,111.2,footway,\n0.001,0,2,1,111.2,footway,\n\
    0,0,1,3,300,\"['steps', 'path']\",\"LINESTRING (0 0, 0.001 0.001, 0.002 0.002)\"\n0.002,0.002,3,3,,,\n";
const MATRIX: &str = "from_id,to_id,travel_time_min\na,x,7.5\na,y,12\nb,x,\nb,y,3\n";
const FEATURES: &str = r#"{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    "features": [
    {"type": "Feature", "id": 1, "geometry": {"type": "Point", "coordinates": [104.06, 30.66]},
     "properties": {"code": "c1", "kind": "community", "people": 120, "service": ["clinic", "park"]}},
    {"type": "Feature", "id": 2, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0.01, 0], [0.01, 0.01], [0, 0]]]},
     "properties": {"code": "c2", "kind": "community", "people": 8.5, "service": "clinic"}},
    {"type": "Feature", "id": 3, "geometry": null, "properties": {"code": "d1", "kind": "district", "people": null}}]}"#;

fn balanced<T, E>(read: Result<T, E>, fates: impl FnOnce(&T) -> Vec<&Fate>) -> bool {
    read.is_err() || read.is_ok_and(|value| fates(&value).into_iter().all(Fate::balances))
}

fn map_is_balanced(bytes: &[u8]) -> bool {
    balanced(read_osm_pbf(bytes, "x", &Any, &OsmOptions::default(), &NoProgress), |read| {
        let extract = &read.value;
        vec![
            &read.fate,
            &extract.street_fate,
            &extract.place_fate,
            &extract.building_fate,
            &extract.land_fate,
            &extract.area_fate,
        ]
    })
}

#[cfg(feature = "osm-xml")]
fn xml_is_balanced(bytes: &[u8]) -> bool {
    balanced(lifecircle_io::read_osm_xml(bytes, "x", &Any, &OsmOptions::default(), &NoProgress), |read| {
        vec![&read.fate, &read.value.street_fate, &read.value.place_fate]
    })
}

#[cfg(feature = "osm-xml")]
fn gzip(text: &[u8]) -> Vec<u8> {
    let mut deflate = zlib_rs::Deflate::new(6, true, 16 + 15);
    let mut packed = vec![0; text.len() + 256];
    deflate.compress(text, &mut packed, zlib_rs::DeflateFlush::Finish).unwrap();
    packed.truncate(usize::try_from(deflate.total_out()).unwrap());
    packed
}

fn tables_are_balanced(bytes: &[u8]) -> bool {
    let (residents, facilities) = (ResidentColumns::default(), FacilityColumns::default());
    let wide = FacilityColumns::default().service("clinic".parse().unwrap(), "people");
    let shifted = ResidentColumns::default().crs(Crs::BD09);
    let metres = ResidentColumns::default().crs("epsg:4526".parse().unwrap());
    balanced(read_residents_csv(bytes, "x", &residents), |read| vec![&read.fate])
        && balanced(read_residents_csv(bytes, "x", &shifted), |read| vec![&read.fate])
        && balanced(read_residents_csv(bytes, "x", &metres), |read| vec![&read.fate])
        && balanced(read_facilities_csv(bytes, "x", &facilities), |read| vec![&read.fate])
        && balanced(read_facilities_csv(bytes, "x", &wide), |read| vec![&read.fate])
        && balanced(read_units_csv(bytes, "x", &UnitColumns::default()), |read| vec![&read.fate])
        && balanced(read_edges_csv(bytes, "x", None, &EdgeColumns::default()), |read| vec![&read.fate])
        && balanced(
            read_edges_csv(EDGES.as_bytes(), "x", Some((bytes, "n")), &EdgeColumns::default()),
            |read| vec![&read.fate],
        )
        && balanced(read_control_totals_csv(bytes, "x"), |_| vec![])
        && balanced(read_matrix_csv(bytes, "x"), |_| vec![])
}

fn features_are_balanced(bytes: &[u8]) -> bool {
    let (residents, facilities) = (ResidentColumns::default(), FacilityColumns::default());
    balanced(read_residents_geojson(bytes, "x", &residents), |read| vec![&read.fate])
        && balanced(read_facilities_geojson(bytes, "x", &facilities), |read| vec![&read.fate])
        && balanced(read_buildings_geojson(bytes, "x", None), |read| vec![&read.fate])
        && balanced(read_units_geojson(bytes, "x", &UnitColumns::default()), |read| vec![&read.fate])
}

#[test]
fn the_undamaged_files_are_read() {
    for compression in [Compression::Raw, Compression::Zlib] {
        assert!(read_osm_pbf(&map(compression), "x", &Any, &OsmOptions::default(), &NoProgress).is_ok());
    }
    let (residents, facilities) = (ResidentColumns::default(), FacilityColumns::default());
    assert!(read_residents_csv(RESIDENTS.as_bytes(), "x", &residents).is_ok());
    assert!(read_facilities_csv(FACILITIES.as_bytes(), "x", &facilities).is_ok());
    assert!(read_units_csv(UNITS.as_bytes(), "x", &UnitColumns::default()).is_ok());
    assert!(read_control_totals_csv(TOTALS.as_bytes(), "x").is_ok());
    assert!(read_edges_csv(EDGES.as_bytes(), "x", None, &EdgeColumns::default()).is_ok());
    assert!(read_matrix_csv(MATRIX.as_bytes(), "x").is_ok());
    assert!(read_residents_geojson(FEATURES.as_bytes(), "x", &residents).is_ok());
    assert!(read_facilities_geojson(FEATURES.as_bytes(), "x", &facilities).is_ok());
    assert!(read_units_geojson(FEATURES.as_bytes(), "x", &UnitColumns::default()).is_ok());
    #[cfg(feature = "osm-xml")]
    for bytes in [XML.as_bytes().to_vec(), gzip(XML.as_bytes())] {
        assert!(lifecircle_io::read_osm_xml(&bytes, "x", &Any, &OsmOptions::default(), &NoProgress).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn raw_maps(bytes in damaged(map(Compression::Raw))) {
        prop_assert!(map_is_balanced(&bytes));
    }

    #[test]
    fn compressed_maps(bytes in damaged(map(Compression::Zlib))) {
        prop_assert!(map_is_balanced(&bytes));
    }

    #[test]
    fn residents(bytes in damaged(RESIDENTS.into())) {
        prop_assert!(tables_are_balanced(&bytes));
    }

    #[test]
    fn facilities(bytes in damaged(FACILITIES.into())) {
        prop_assert!(tables_are_balanced(&bytes));
    }

    #[test]
    fn units(bytes in damaged(UNITS.into())) {
        prop_assert!(tables_are_balanced(&bytes));
    }

    #[test]
    fn edges(bytes in damaged(EDGES.into())) {
        prop_assert!(tables_are_balanced(&bytes));
    }

    #[test]
    fn totals(bytes in damaged(TOTALS.into())) {
        prop_assert!(tables_are_balanced(&bytes));
    }

    #[test]
    fn matrices(bytes in damaged(MATRIX.into())) {
        prop_assert!(tables_are_balanced(&bytes));
    }

    #[test]
    fn features(bytes in damaged(FEATURES.into())) {
        prop_assert!(features_are_balanced(&bytes));
    }

    #[cfg(feature = "osm-xml")]
    #[test]
    fn maps_in_xml(bytes in damaged(XML.into())) {
        prop_assert!(xml_is_balanced(&bytes));
    }

    #[cfg(feature = "osm-xml")]
    #[test]
    fn packed_maps_in_xml(bytes in damaged(gzip(XML.as_bytes()))) {
        prop_assert!(xml_is_balanced(&bytes));
    }

    #[test]
    fn bytes_without_sense(bytes in noise()) {
        prop_assert!(map_is_balanced(&bytes) && tables_are_balanced(&bytes) && features_are_balanced(&bytes));
    }
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = format!(r#"{{"type": "FeatureCollection", "features": {}"#, "[".repeat(100_000));
    assert!(read_units_geojson(deep.as_bytes(), "x", &UnitColumns::default()).is_err());
}

/// Peak memory of this process in bytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[test]
fn lengths_that_lie_set_no_memory_aside() {
    // a thousand blocks that claim 32 MiB each in a few bytes, and bodies that claim to be 2^62 long
    let mut header = b"\x0a\x07OSMData\x18".to_vec();
    let body = b"\x10\x80\x80\x80\x10\x1a\x04\x78\x9c\x03\x00";
    header.push(u8::try_from(body.len()).unwrap());
    let mut bytes = map(Compression::Raw);
    for _ in 0..1000 {
        bytes.extend(u32::try_from(header.len()).unwrap().to_be_bytes());
        bytes.extend(&header);
        bytes.extend(body);
    }
    assert!(read_osm_pbf(&bytes, "x", &Any, &OsmOptions::default(), &NoProgress).is_err());
    let long = b"\0\0\0\x14\x0a\x09OSMHeader\x18\x80\x80\x80\x80\x80\x80\x80\x80\x40";
    assert!(read_osm_pbf(long, "x", &Any, &OsmOptions::default(), &NoProgress).is_err());
    if let Some(peak) = peak_memory() {
        assert!(peak < 512 * 1024 * 1024, "{peak} bytes");
    }
}
