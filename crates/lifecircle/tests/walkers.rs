//! Walkers on the real ground of Porto Alegre.
#![cfg(feature = "geotiff")]

use std::collections::BTreeMap;

use lifecircle::io::{Elevation, OsmOptions, read_bytes, read_elevation_geotiff, read_osm_pbf};
use lifecircle::network::{
    BuildOptions, NetworkBuilder, SearchSpace, Slope, StreetNetwork, Terrain, TerrainOptions, WalkCosts,
    WalkGraph, WalkProfile, petgraph::visit::EdgeRef,
};
use lifecircle::taxonomy::Catalogue;
use lifecircle::types::NoProgress;
use lifecircle_testkit::oracle;

fn porto_alegre(test: &str) -> Option<(StreetNetwork, Elevation)> {
    let (pbf, dem) =
        (oracle::file(test, "data/poa/poa_osm.pbf")?, oracle::file(test, "data/poa/poa_elevation.tif")?);
    let bytes = read_bytes(&pbf).expect("the extract is there");
    let options = OsmOptions::default();
    let extract =
        read_osm_pbf(&bytes, "poa", &Catalogue::builtin(), &options, &NoProgress).expect("it is whole");
    let network =
        NetworkBuilder::new(BuildOptions::default()).build(&extract.value.streets).expect("it has streets");
    let bytes = read_bytes(&dem).expect("the raster is there");
    let heights = read_elevation_geotiff(&bytes, "dem", None).expect("it is whole");
    Some((network.value, heights.value))
}

/// The oracle is a program of its own in Python: the extract by osmium, the raster by tifffile, bilinear heights,
/// junctions, stretches and Tobler's function in double precision without any rounding, heights between bridges by a
/// system of linear equations, trips by scipy's Dijkstra between 6 and 10 junctions each, drawn at random.
///
/// Here a rise is rounded to the millimetre (a grade by at most 1 mm in 30 m, a factor by 0.012 %) and a cost to the
/// millimetre an arc.
#[test]
fn tobler_on_real_ground() {
    const TEST: &str = "Tobler on real ground";
    let Some((network, heights)) = porto_alegre(TEST) else { return };
    let terrain = Terrain::new(&network, TerrainOptions::default(), |at| heights.at(at)).unwrap();
    let account = terrain.account();
    assert!((account.known_m - KNOWN_M).abs() < 100.0, "{account:?}");
    assert!((account.unknown_m - UNKNOWN_M).abs() < 100.0, "{account:?}");
    let walker = WalkProfile::standard().slope(Slope::Tobler);
    let costs = WalkCosts::level_lengths(&network, &walker, Some(&terrain)).unwrap();
    let graph = WalkGraph::new(&network, &costs).unwrap();
    let mut by_origin: BTreeMap<i64, Vec<(i64, f64)>> = BTreeMap::new();
    for &(from, to, metres) in TRIPS {
        by_origin.entry(from).or_default().push((to, metres));
    }
    let mut space = SearchSpace::new();
    for (from, trips) in by_origin {
        let seeds = [(network.node(from).expect("a junction"), 0)];
        let reached = space.reach(graph, &seeds, u32::MAX - 1, |arc| *arc.weight());
        for (to, metres) in trips {
            let found = f64::from(reached.cost(network.node(to).expect("a junction")).unwrap()) / 1000.0;
            let allowed = metres * 2e-4 + 0.1;
            assert!((found - metres).abs() <= allowed, "{from} to {to}: {found} instead of {metres}");
        }
    }
    oracle::compared(TEST, TRIPS.len());
}

/// Metres of street with heights at both ends of their stretch, and without.
const KNOWN_M: f64 = 1_958_334.1;
const UNKNOWN_M: f64 = 63_829.2;

/// From a junction of the map to another: metres on the level that take as long.
const TRIPS: &[(i64, i64, f64)] = &[
    (2378128945, 4461015010, 3707.400),
    (2378128945, 5416366160, 835.825),
    (2378128945, 314563664, 1614.475),
    (2378128945, 3069384831, 4588.360),
    (2378128945, 6363817565, 2138.007),
    (2378128945, 5433533705, 4256.335),
    (2378128945, 4773202107, 4627.334),
    (2378128945, 442232935, 3891.192),
    (2378128945, 2485152824, 3450.206),
    (2378128945, 2450830884, 5545.060),
    (4461900427, 1999572831, 1585.715),
    (4461900427, 2256253259, 5165.012),
    (4461900427, 2485152790, 4021.394),
    (4461900427, 4251845297, 2296.169),
    (4461900427, 868393723, 2807.114),
    (4461900427, 5404423597, 3110.927),
    (4461900427, 4473578411, 3783.274),
    (4461900427, 4472811272, 2617.741),
    (4461900427, 4484311919, 4596.104),
    (4461900427, 2541614136, 3993.945),
    (2811323970, 4459740010, 4524.851),
    (2811323970, 2429384518, 3972.821),
    (2811323970, 2429353939, 4251.658),
    (2811323970, 3703449152, 5330.670),
    (2811323970, 925665935, 3053.337),
    (2811323970, 5423750202, 5042.392),
    (2811323970, 477296364, 997.067),
    (2811323970, 3331088733, 5431.007),
    (2811323970, 4511383444, 5540.407),
    (2811323970, 4847871064, 3202.029),
    (430532894, 313267745, 2897.556),
    (430532894, 442388405, 2830.155),
    (430532894, 321007377, 3873.903),
    (430532894, 434834986, 1997.509),
    (430532894, 3618665466, 4410.415),
    (430532894, 3115284494, 2045.850),
    (430532894, 621505625, 1722.888),
    (430532894, 4494485130, 3009.105),
    (430532894, 2190656150, 1711.995),
    (430532894, 4497332958, 1937.808),
    (433823349, 832783597, 3361.858),
    (433823349, 1199276872, 2895.222),
    (433823349, 3618665196, 3815.220),
    (433823349, 4422055346, 5461.376),
    (433823349, 4418265601, 5160.119),
    (433823349, 4495645569, 543.223),
    (433823349, 295518358, 5824.363),
    (433823349, 4495457598, 2091.554),
    (433823349, 2508970209, 4319.762),
    (433823349, 1164132297, 3715.483),
    (2595671436, 597470327, 5275.461),
    (2595671436, 652715193, 5214.806),
    (2595671436, 2527527311, 5475.347),
    (2595671436, 312739355, 5729.915),
    (2595671436, 4499343260, 3854.486),
    (2595671436, 332151749, 3795.236),
    (2595671436, 300464062, 5552.833),
    (2595671436, 295747422, 5352.582),
    (2595671436, 2275796679, 1396.234),
    (2595671436, 4459740520, 3975.018),
];
