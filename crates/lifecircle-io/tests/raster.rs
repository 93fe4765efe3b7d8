//! Rasters of people: cells written by another encoder, and a real raster against another reader's sum.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::io::Cursor;

use lifecircle_io::{Error, read_bytes, read_elevation_geotiff, read_residents_geotiff};
use lifecircle_testkit::hostile::{damaged, noise};
use lifecircle_testkit::oracle;
use lifecircle_types::{DemandSet, Imported, LonLat, People};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use tiff::encoder::colortype::{Gray32Float, RGB8};
use tiff::encoder::{Compression, DeflateLevel, TiffEncoder};
use tiff::tags::Tag;

/// Key, place, count, value of the coordinate system.
type Keys = [u16; 8];

const DEGREES: Keys = [1, 1, 0, 1, 2048, 0, 1, 4326];

fn raster(cells: &[f32], width: u32, keys: &[u16], scale: [f64; 3], tie: [f64; 6]) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    let mut encoder =
        TiffEncoder::new(&mut bytes).unwrap().with_compression(Compression::Deflate(DeflateLevel::Best));
    let height = u32::try_from(cells.len()).unwrap() / width;
    let mut image = encoder.new_image::<Gray32Float>(width, height).unwrap();
    image.rows_per_strip(2).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &scale[..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &tie[..]).unwrap();
    tags.write_tag(Tag::GeoKeyDirectoryTag, keys).unwrap();
    tags.write_tag(Tag::GdalNodata, "-99999").unwrap();
    image.write_data(cells).unwrap();
    bytes.into_inner()
}

fn degrees(cells: &[f32]) -> Vec<u8> {
    raster(cells, 3, &DEGREES, [0.01, 0.02, 0.0], [0.0, 0.0, 0.0, 104.0, 31.0, 0.0])
}

fn read(bytes: &[u8]) -> Result<Imported<DemandSet>, Error> {
    read_residents_geotiff(bytes, "people.tif", None)
}

fn at(lon: f64, lat: f64) -> Option<LonLat> {
    LonLat::new(lon, lat).ok()
}

const CELLS: [f32; 9] = [1.5, 0.0, -99999.0, f32::NAN, 12.0, 0.0, 3.0, 0.25, 7.0];

#[test]
fn cells_are_places_at_their_centres() {
    let read = read(&degrees(&CELLS)).unwrap();
    assert_eq!(
        read.fate.to_string(),
        "9 rows: 5 used, 0 moved, 4 rejected (2 no data, 2 nobody lives in the cell)"
    );
    assert_eq!(read.value.total(), People::try_from_f64(23.75).unwrap());
    assert_eq!(
        read.value.ids(),
        ["r00001c00001", "r00002c00002", "r00003c00001", "r00003c00002", "r00003c00003"]
    );
    // half a cell of 0.01 by 0.02 degrees from the corner, then whole ones
    assert_eq!(read.value.positions()[0], at(104.005, 30.99));
    assert_eq!(read.value.positions()[4], at(104.025, 30.95));
    assert!(read.value.given().is_empty());
}

#[test]
fn projected_cells_are_converted() {
    let keys = [1, 1, 0, 1, 3072, 0, 1, 32648];
    // the corner lies 50 m to the north-west of 104.0657, 30.6598 in UTM
    let tie = [0.0, 0.0, 0.0, 410439.0687, 3392322.4008, 0.0];
    let bytes = raster(&[5.0, 0.0], 2, &keys, [100.0, 100.0, 0.0], tie);
    let read = read(&bytes).unwrap();
    assert_eq!(read.value.positions(), [at(104.0657, 30.6598)]);
    assert_eq!(read.value.given()[0].as_ref().unwrap().crs, "epsg:32648");
    assert!(read.issues.kinds().iter().any(|kind| kind.kind == "coordinates were converted"));
    // tied by the centre of its first cell
    let keys = [1, 1, 0, 2, 1025, 0, 1, 2, 2048, 0, 1, 4326];
    let bytes = raster(&[5.0], 1, &keys, [0.01, 0.01, 0.0], [0.0, 0.0, 0.0, 104.0, 31.0, 0.0]);
    assert_eq!(read_residents_geotiff(&bytes, "x", None).unwrap().value.positions(), [at(104.0, 31.0)]);
}

#[test]
fn faults_say_where_and_what_to_do() {
    let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    let mut cells = CELLS;
    cells[5] = -3.0;
    assert_eq!(
        message(&degrees(&cells)),
        "people.tif, row 2, field `column 3`: `-3` cannot be used: a cell cannot hold fewer than 0 people: state the \
         no-data value of the raster"
    );
    cells[5] = f32::INFINITY;
    assert!(message(&degrees(&cells)).contains("row 2, field `column 3`"));
    let swiss = raster(&CELLS, 3, &[1, 1, 0, 1, 3072, 0, 1, 2056], [1.0, 1.0, 0.0], [0.0; 6]);
    assert!(message(&swiss).contains("coordinates in EPSG:2056"));
    let nowhere = raster(&CELLS, 3, &DEGREES, [0.0, 0.0, 0.0], [0.0; 6]);
    assert!(message(&nowhere).contains("size of its cells"));
    let off = raster(&CELLS, 3, &DEGREES, [0.01, 0.01, 0.0], [0.0, 0.0, 0.0, 500_000.0, 31.0, 0.0]);
    assert!(message(&off).contains("row 1, field `column 1`"));
    let mut bytes = Cursor::new(vec![]);
    TiffEncoder::new(&mut bytes).unwrap().write_image::<RGB8>(1, 1, &[1, 2, 3]).unwrap();
    assert!(message(bytes.get_ref()).contains("people.tif needs 3 bands"));
    assert!(message(b"").contains("holds no cells"));
    assert!(message(b"id,lon,lat\n").contains("is not a GeoTIFF"));
    let whole = degrees(&CELLS);
    assert!(message(&whole[..whole.len() / 2]).contains("fetch or export it again"));
}

/// The sum and number of cells above zero that `numpy` and Pillow find in the same raster.
#[test]
fn a_real_raster_is_read_whole() {
    let test = "a_real_raster_is_read_whole";
    let Some(path) = oracle::file(test, "data/poa/poa_elevation.tif") else { return };
    let read = read_residents_geotiff(&read_bytes(&path).unwrap(), "poa_elevation.tif", None).unwrap();
    assert!(read.fate.balances());
    assert_eq!(read.fate.rows, 413 * 403);
    assert_eq!(read.value.total(), People::whole(SUM));
    assert_eq!(read.fate.used, ABOVE_ZERO);
    oracle::compared(test, 3);
}

const SUM: u64 = 7_916_486;
const ABOVE_ZERO: u64 = 146_851;

fn is_balanced(bytes: &[u8]) -> bool {
    read(bytes).map_or(true, |read| read.fate.balances())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn damaged_rasters(bytes in damaged(degrees(&CELLS))) {
        prop_assert!(is_balanced(&bytes));
    }

    #[test]
    fn bytes_without_sense(bytes in noise()) {
        prop_assert!(is_balanced(&[b"II*\0".as_slice(), &bytes].concat()));
    }
}

#[test]
fn heights_are_bilinear_and_never_made_up() {
    // centres of cells at longitudes 104.005, 104.015, 104.025 and latitudes 30.99, 30.97, 30.95
    let cells = [10.0, 20.0, -99999.0, 30.0, 50.0, 0.0, -5.0, 7.0, 7.0];
    let read = read_elevation_geotiff(&degrees(&cells), "dem.tif", None).unwrap();
    assert_eq!(read.fate.to_string(), "9 rows: 8 used, 0 moved, 1 rejected (1 no data)");
    let check = |lon: f64, lat: f64, expected: Option<f64>| {
        let found = read.value.at(LonLat::new(lon, lat).unwrap());
        let is_near = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
            (found, expected) => found == expected,
        };
        assert!(is_near, "{lon}, {lat}: {found:?} instead of {expected:?}");
    };
    check(104.005, 30.99, Some(10.0));
    check(104.010, 30.99, Some(15.0));
    check(104.010, 30.98, Some((10.0 + 20.0 + 30.0 + 50.0) / 4.0));
    check(104.0075, 30.975, Some(0.25 * (0.75 * 10.0 + 0.25 * 20.0) + 0.75 * (0.75 * 30.0 + 0.25 * 50.0)));
    check(104.025, 30.97, Some(0.0)); // 0 m is a height
    check(104.001, 30.999, Some(10.0)); // the outer half of a cell
    check(104.020, 30.98, None); // a cell without data has a part in it
    check(104.015, 30.98, Some(35.0)); // here it has none
    check(103.999, 30.99, None);
    check(104.005, 30.939, None);
}

#[test]
fn a_projected_raster_of_heights() {
    // cells of 100 m on UTM 48 north; the corner is (400000, 3400000)
    let keys: Keys = [1, 1, 0, 1, 3072, 0, 1, 32648];
    let bytes = raster(
        &[1.0, 2.0, 3.0, 4.0],
        2,
        &keys,
        [100.0, 100.0, 0.0],
        [0.0, 0.0, 0.0, 400_000.0, 3_400_000.0, 0.0],
    );
    let read = read_elevation_geotiff(&bytes, "dem.tif", None).unwrap().value;
    let crs = lifecircle_io::Crs::from_epsg(32648).unwrap();
    let middle = crs.position(400_100.0, 3_399_900.0).unwrap();
    assert!((read.at(middle).unwrap() - 2.5).abs() < 1e-6);
}

/// Sampled by numpy from the raster as tifffile 2025 reads it: bilinear between centres, as above.
#[test]
fn porto_alegre_has_the_heights_of_another_reader() {
    let Some(path) = oracle::file("heights", "data/poa/poa_elevation.tif") else { return };
    let read = read_elevation_geotiff(&read_bytes(&path).unwrap(), "poa_elevation.tif", None).unwrap();
    assert_eq!((read.fate.used, read.fate.rejected.len()), (413 * 403, 0));
    for &(lon, lat, expected) in HEIGHTS {
        let found = read.value.at(LonLat::new(lon, lat).unwrap()).unwrap();
        assert!((found - expected).abs() < 1e-5, "{lon}, {lat}: {found} instead of {expected}");
    }
    oracle::compared("heights", HEIGHTS.len());
}

const HEIGHTS: &[(f64, f64, f64)] = &[
    (-51.183218, -30.009366, 11.000000),
    (-51.166026, -30.08422, 213.281175),
    (-51.220314, -30.012001, 6.666000),
    (-51.253982, -30.01783, 0.000000),
    (-51.163585, -30.057183, 21.000000),
    (-51.219987, -30.078292, 84.121117),
    (-51.225486, -30.059729, 10.250400),
    (-51.196981, -30.047652, 9.094397),
    (-51.14093, -30.021012, 26.062565),
    (-51.183551, -29.999146, 3.667000),
    (-51.230002, -30.09146, 17.758403),
    (-51.184652, -30.104411, 196.035536),
    (-51.25051, -30.051953, 0.000000),
    (-51.201358, -30.007143, 7.079486),
    (-51.182747, -30.052039, 20.770401),
    (-51.197857, -30.081735, 51.007762),
    (-51.253237, -30.087874, 0.000000),
    (-51.175576, -30.08696, 214.334872),
    (-51.212395, -30.10889, 87.995027),
    (-51.15982, -30.0921, 163.485122),
    (-51.224032, -30.011246, 0.000000),
    (-51.196382, -30.014942, 11.024800),
    (-51.181549, -30.026681, 67.516916),
    (-51.244138, -30.049028, 0.000000),
];
