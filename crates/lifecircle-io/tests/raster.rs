//! Rasters of people: cells written by another encoder, and a real raster against another reader's sum.
#![expect(clippy::unwrap_used, reason = "a helper of tests that fails, fails the test")]

use std::io::Cursor;

use lifecircle_io::{Error, read_bytes, read_residents_geotiff};
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
