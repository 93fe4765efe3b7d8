use lifecircle_types::LonLat;
use proptest::prelude::{any, prop_assert, proptest};

use super::*;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn epsg(code: u16) -> Crs {
    Crs::from_epsg(code).unwrap()
}

/// Answers of PROJ 9 (`pyproj.Transformer.from_crs(4326, code, always_xy=True)`), to a tenth of a millimetre.
#[test]
fn projected_positions_are_those_of_proj() {
    let cases: [(u16, f64, f64, f64, f64); 19] = [
        (32648, 104.0657, 30.6598, 410489.0687, 3392272.4008),
        (32652, 126.6333, 45.75, 315918.6579, 5068995.463),
        (32722, -51.2177, -30.0346, 479010.601, 6677360.7184),
        (32648, 102.0, 0.0, 166021.4431, 0.0),
        (4526, 114.06, 22.54, 38506171.9992, 2493598.0441),
        (4547, 114.06, 22.54, 506171.9992, 2493598.0441),
        (4513, 75.3, 39.5, 25525804.0485, 4374057.0838),
        (4533, 134.7, 48.3, 45477742.51, 5351829.074),
        (4534, 75.0, 40.0, 500000.0, 4429529.0302),
        (4554, 136.2, 47.9, 589722.6932, 5308005.8501),
        (4491, 76.0, 38.0, 13587833.5513, 4207969.9459),
        (4502, 76.0, 38.0, 587833.5513, 4207969.9459),
        (4507, 104.0657, 30.6598, 410453.25, 3393629.8526),
        (3857, 104.0657, 30.6598, 11584540.733, 3588646.0646),
        (3879, 24.9414, 60.1719, 25496747.0985, 6673226.2855),
        (25832, 9.0, 52.0, 500000.0, 5761038.2125),
        (32749, 113.5, 22.2, 757747.5426, 12457090.0179),
        (32601, -179.0, 65.0, 405698.9876, 7209946.4461),
        (32760, 179.9, -45.0, 728564.4859, 5012957.6934),
    ];
    for (code, lon, lat, x, y) in cases {
        let [east, north] = epsg(code).coordinates(at(lon, lat)).unwrap();
        assert!((east - x).abs() < 1e-4 && (north - y).abs() < 1e-4, "{code}: {east} {north}");
        let back = epsg(code).position(x, y).unwrap();
        assert!(back.metres_to(at(lon, lat)) < 2e-4, "{code}: {back:?}");
    }
}

#[test]
fn names_are_read_and_written() {
    for name in ["wgs84", "gcj02", "bd09", "epsg:32648", "epsg:4547", "epsg:3857"] {
        assert_eq!(name.parse::<Crs>().unwrap().to_string(), name);
    }
    assert_eq!(" EPSG:4326 ".parse::<Crs>().unwrap(), Crs::WGS84);
    for name in ["", "epsg:", "epsg:2056", "epsg:32600", "epsg:99999999", "utm48"] {
        let text = name.parse::<Crs>().unwrap_err().to_string();
        assert!(text.contains("epsg:32601 to epsg:32660"), "{text}");
    }
}

#[test]
fn what_lies_outside_a_system_has_no_position() {
    // a northing in the place of the easting, and the other way round
    assert_eq!(epsg(4547).position(2_493_598.0, 506_171.0), None);
    assert_eq!(epsg(32648).position(f64::NAN, 0.0), None);
    assert_eq!(epsg(32648).position(f64::INFINITY, 0.0), None);
    assert_eq!(epsg(3857).position(3e7, 0.0), None);
    assert_eq!(Crs::GCJ02.position(200.0, 10.0), None);
    assert_eq!(epsg(32648).coordinates(at(-76.0, 10.0)), None);
    assert_eq!(epsg(3857).coordinates(at(0.0, 89.9)), None);
}

/// The shift in Shanghai is some 480 m to the south-east, that of Baidu about a kilometre in all.
#[test]
fn the_shift_has_its_known_size() {
    let shanghai = at(121.4737, 31.2304);
    let moved = |crs: Crs| {
        let [x, y] = crs.coordinates(shanghai).unwrap();
        shanghai.metres_to(at(x, y))
    };
    assert!((450.0..510.0).contains(&moved(Crs::GCJ02)), "{}", moved(Crs::GCJ02));
    assert!((900.0..1500.0).contains(&moved(Crs::BD09)), "{}", moved(Crs::BD09));
    let sydney = at(151.2, -33.86);
    for crs in [Crs::GCJ02, Crs::BD09] {
        assert_eq!(crs.coordinates(sydney), Some([151.2, -33.86]));
        assert_eq!(crs.position(151.2, -33.86), Some(sydney));
    }
}

/// Everything that has a code.
fn codes() -> Vec<u16> {
    (0..=u16::MAX).filter(|&code| Crs::from_epsg(code).is_some()).collect()
}

#[test]
fn the_codes_are_those_of_the_message() {
    // 3 of degrees, web Mercator, 2 x 60 + 11 UTM, 64 of CGCS2000, 13 of Finland
    assert_eq!(codes().len(), 3 + 1 + 131 + 64 + 13);
}

proptest! {
    /// Into every system and back within a tenth of a millimetre, wherever the system reaches.
    #[test]
    fn projecting_and_back_is_the_identity(which in any::<proptest::sample::Index>(), lon in -180.0..180.0, lat in -84.0..84.0) {
        let codes = codes();
        let crs = epsg(codes[which.index(codes.len())]);
        if let Some([x, y]) = crs.coordinates(at(lon, lat)) {
            let back = crs.position(x, y).unwrap();
            prop_assert!(back.metres_to(at(lon, lat)) < 1e-4, "{crs} {lon} {lat} {back:?}");
        }
    }

    /// Another implementation of the transverse Mercator, within six degrees of the meridian.
    #[test]
    fn proj4rs_agrees(zone in 1..=60_u16, off in -6.0..6.0_f64, lat in -80.0..84.0_f64) {
        use proj4rs::Proj;
        let north = lat >= 0.0;
        let meridian = f64::from(zone) * 6.0 - 183.0;
        let lon = (meridian + off + 540.0).rem_euclid(360.0) - 180.0;
        let south = if north { "" } else { "+south" };
        let utm = Proj::from_proj_string(&format!("+proj=utm +zone={zone} {south} +datum=WGS84 +units=m +no_defs")).unwrap();
        let degrees = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").unwrap();
        let mut point = (f64::to_radians(lon), f64::to_radians(lat), 0.0);
        proj4rs::transform::transform(&degrees, &utm, &mut point).unwrap();
        let [x, y] = epsg(if north { 32600 } else { 32700 } + zone).coordinates(at(lon, lat)).unwrap();
        prop_assert!((x - point.0).abs() < 1e-3 && (y - point.1).abs() < 1e-3, "{x} {y} {point:?}");
    }

    /// There and back under a millimetre everywhere in China, from both sides.
    #[test]
    fn shifting_and_back_is_the_identity(lon in 73.0..135.5, lat in 3.0..54.0) {
        for crs in [Crs::GCJ02, Crs::BD09] {
            let [x, y] = crs.coordinates(at(lon, lat)).unwrap();
            prop_assert!(crs.position(x, y).unwrap().metres_to(at(lon, lat)) < 1e-3);
            let [x, y] = crs.coordinates(crs.position(lon, lat).unwrap()).unwrap();
            prop_assert!(at(x, y).metres_to(at(lon, lat)) < 1e-3);
        }
    }

    /// Another implementation of the published formulas, where its outline of China has no say.
    #[test]
    fn coordtransform_agrees(lon in 103.0..116.0, lat in 27.0..38.0) {
        let (x, y) = coordtransform::wgs84_to_gcj02(lon, lat);
        let ours = Crs::GCJ02.coordinates(at(lon, lat)).unwrap();
        prop_assert!(at(x, y).metres_to(at(ours[0], ours[1])) < 1e-3);
        let (x, y) = coordtransform::gcj02_to_bd09(ours[0], ours[1]);
        let ours = Crs::BD09.coordinates(at(lon, lat)).unwrap();
        prop_assert!(at(x, y).metres_to(at(ours[0], ours[1])) < 1e-3);
    }
}
