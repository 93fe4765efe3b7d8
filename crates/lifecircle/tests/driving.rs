//! Rules of a drive, worked out on a town of squared paper: blocks of 500 m, 72 s each at the 25 km/h of its streets.
//!
//! A hospital, an emergency station and a fresh-food market stand together on the corner (0, 0); 10 people live at `near` on (1, 0), 10 at
//! `far` on (4, 4), and 10 at `lost`, 2 km from every street. The southern street may run one way to the east: from
//! `near` to the corner it is then three blocks, and one back.

use lifecircle::io::{OsmOptions, read_bytes, read_osm_pbf};
use lifecircle::network::{
    BuildOptions, DriveProfile, NetworkBuilder, SearchSpace, WalkGraph, petgraph::visit::EdgeRef,
};
use lifecircle::taxonomy::{Catalogue, Pack};
use lifecircle::types::{
    Certainty, DemandSet, Facility, FacilitySet, NoProgress, Offer, People, Placement, ResidentPlace,
    ServiceKey, StreetRecords, StreetWay, Tags, TravelTime,
};
use lifecircle::{Outcome, Study, StudyBuilder};
use lifecircle_testkit::grid_town::GridTown;
use lifecircle_testkit::oracle;

fn town() -> GridTown {
    GridTown::new(4, 4, 500_000)
}

fn streets(southern: &[(&str, &str)]) -> StreetRecords {
    let records = town().records();
    let ways = records.ways().iter().map(|way| StreetWay {
        tags: if way.id == town().east_west(0) {
            Tags::new(southern.iter().copied())
        } else {
            way.tags.clone()
        },
        ..way.clone()
    });
    StreetRecords::new(records.nodes().to_vec(), ways.collect())
}

const ONE_WAY: &[(&str, &str)] = &[("highway", "residential"), ("oneway", "yes")];
const SERVICES: [&str; 2] = ["general_hospital", "emergency_medical_station"];

/// The town under a rule of a drive of some minutes for both services.
fn study(minutes: u32, southern: &[(&str, &str)]) -> StudyBuilder {
    let home = |id: &str, x: i64, y: i64| ResidentPlace {
        id: id.into(),
        position: Some(town().position_at(x * 500_000, y * 500_000)),
        people: People::whole(10),
        unit: None,
        placement: Placement::Given,
        groups: vec![],
    };
    let homes = vec![home("near", 1, 0), home("far", 4, 4), home("lost", -4, 0)];
    let mut site = Facility::new("site", town().position(0, 0), "table");
    site.offers = SERVICES
        .map(|key| Offer {
            service: key.parse().expect("a key"),
            certainty: Certainty::Known,
            capacity: None,
        })
        .into();
    let rule = |service: &str| {
        format!(
            "[[rule]]\nservice = '{service}'\ndrive_minutes = {minutes}\nrequirement = 'must'\nconfidence = 'derived'\n\
             source = 's'\n"
        )
    };
    let pack = format!("key = 'cars'\ntitle = 'Cars'\n{}{}", rule(SERVICES[0]), rule(SERVICES[1]));
    Study::builder()
        .date("2025-06-30")
        .jurisdiction("XX")
        .streets(streets(southern))
        .facilities(FacilitySet::new(vec![site]).expect("one site"))
        .residents(DemandSet::new(homes, vec![]).expect("three homes"))
        .packs([Pack::from_toml("cars.toml", &pack).expect("a sound pack")])
}

/// People within the limit, for the hospital and for the station.
fn covered(study: StudyBuilder) -> [u64; 2] {
    let study = study.build().expect("a sound study");
    let outcome = study.assess(&NoProgress).expect("it has streets");
    SERVICES.map(|service| people(&outcome, service))
}

fn people(outcome: &Outcome<'_>, service: &str) -> u64 {
    let found = outcome.assessment.services.iter().find(|found| found.service.as_str() == service);
    found.expect("a rule").coverage.expect("driving is measured").strict.covered.rounded()
}

fn station() -> Vec<ServiceKey> {
    vec![SERVICES[1].parse().expect("a key")]
}

#[test]
fn a_drive_is_measured_at_the_stated_peak() {
    let plain = &[("highway", "residential")];
    let at = |minutes, peak| covered(study(minutes, plain).driving(DriveProfile::new(peak), []));
    assert_eq!(at(1, 100), [0, 0]); // a block is 72 s
    assert_eq!(at(1, 83), [10, 10]); // 59.8 s
    assert_eq!(at(9, 100), [10, 10]); // `far` is eight blocks, 576 s
    assert_eq!(at(10, 100), [20, 20]);
    assert_eq!(at(10, 105), [10, 10]); // 604.8 s
    assert_eq!(at(60, 100), [20, 20]); // `lost` has no road
}

#[test]
fn an_ambulance_drives_the_other_way() {
    let minutes = |minutes| covered(study(minutes, ONE_WAY).driving(DriveProfile::new(100), station()));
    assert_eq!(minutes(2), [0, 10]); // to the hospital three blocks, from the station one
    assert_eq!(minutes(4), [10, 10]);
}

#[test]
fn the_account_tells_the_peak_and_who_has_no_road() {
    let study = study(10, ONE_WAY).driving(DriveProfile::new(130), station()).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    let drive = outcome.provenance.drive.as_ref().unwrap();
    assert_eq!((drive.peak_percent, drive.turn_restrictions), (Some(130), "not applied"));
    let roads = outcome.provenance.inputs.last().unwrap();
    assert_eq!(roads.rows_are, "homes linked to roads for cars");
    assert_eq!((roads.fate.rows, roads.fate.used, roads.issues.kinds().len()), (3, 2, 1));
    let hospital =
        outcome.inputs().rules.iter().position(|rule| rule.rule.service.as_str() == SERVICES[0]).unwrap();
    let times: Vec<Option<u32>> = outcome.inputs().evidence[hospital]
        .strict
        .iter()
        .map(|trip| trip.and_then(|trip| trip.time).map(TravelTime::as_millis))
        .collect();
    // by id: far, lost, near
    assert_eq!(times, [Some(748_800), None, Some(280_800)]); // eight and three blocks at 93.6 s
}

#[test]
fn another_tools_times_take_the_place_of_the_streets() {
    let pair = |home: &str, facility: &str, minutes| {
        (home.to_string(), facility.to_string(), TravelTime::from_minutes(minutes))
    };
    let pairs = [
        pair("near", "site", 12),
        pair("near", "site", 9), // the shorter of two
        pair("lost", "site", 5),
        pair("nobody", "site", 1),
        pair("far", "nowhere", 1),
    ];
    let study = study(9, ONE_WAY).drive_times("ttm.csv", pairs).build().unwrap();
    let outcome = study.assess(&NoProgress).unwrap();
    assert_eq!(people(&outcome, SERVICES[0]), 20); // `far` has no time: not reached
    let read = outcome.provenance.inputs.last().unwrap();
    assert_eq!(
        read.fate.to_string(),
        "5 rows: 3 used, 0 moved, 2 rejected (1 unknown facility, 1 unknown resident place)"
    );
    assert_eq!(outcome.provenance.drive.as_ref().unwrap().matrix.as_deref(), Some("ttm.csv"));
}

#[test]
fn a_town_without_roads_is_refused() {
    let foot = Tags::new([("highway", "footway")]);
    let ways =
        town().records().ways().iter().map(|way| StreetWay { tags: foot.clone(), ..way.clone() }).collect();
    let streets = StreetRecords::new(town().records().nodes().to_vec(), ways);
    let study = study(9, ONE_WAY).streets(streets).driving(DriveProfile::new(100), []).build().unwrap();
    let error = study.assess(&NoProgress).unwrap_err().to_string();
    assert!(error.contains("no car may drive"), "{error}");
}

/// The oracle is a program of its own in Python: the extract by osmium, every vertex of every street a node, seconds in
/// double precision on empty streets, 10 s a signal, and scipy's Dijkstra between 6 and 10 junctions each, drawn at
/// random. Here a cost is a whole millisecond an arc, limits in miles are whole metres, and lengths millimetres a piece.
#[test]
fn porto_alegre_is_driven_as_another_program_drives() {
    const TEST: &str = "driving";
    let Some(pbf) = oracle::file(TEST, "data/poa/poa_osm.pbf") else { return };
    let bytes = read_bytes(&pbf).expect("the extract is there");
    let options = OsmOptions::default();
    let extract =
        read_osm_pbf(&bytes, "poa", &Catalogue::builtin(), &options, &NoProgress).expect("it is whole");
    let network = NetworkBuilder::new(BuildOptions::default())
        .build(&extract.value.streets)
        .expect("it has streets")
        .value;
    let costs = DriveProfile::new(100).costs(&network);
    let graph = WalkGraph::new(&network, &costs).unwrap();
    let mut space = SearchSpace::new();
    for &(from, to, seconds) in DRIVES {
        let [from, to] = [from, to].map(|id| network.node(id).expect("a junction"));
        let reached = space.reach(graph, &[(from, 0)], u32::MAX - 1, |arc| *arc.weight());
        let found = reached.cost(to).map(|cost| f64::from(cost) / 1000.0);
        let is_near = match (found, seconds) {
            (Some(found), Some(seconds)) => (found - seconds).abs() <= 0.1 + seconds * 1e-4,
            (found, seconds) => found == seconds,
        };
        assert!(is_near, "{from} to {to}: {found:?} instead of {seconds:?}");
    }
    oracle::compared(TEST, DRIVES.len());
}

/// From a junction of the map to another: seconds, or no way there.
const DRIVES: &[(i64, i64, Option<f64>)] = &[
    (832662617, 293823220, Some(917.865)),
    (832662617, 2136113494, Some(977.402)),
    (832662617, 583358102, Some(48.926)),
    (832662617, 309650237, Some(1182.138)),
    (832662617, 7159093561, Some(637.847)),
    (832662617, 4473468233, Some(293.946)),
    (832662617, 330037166, Some(496.052)),
    (832662617, 4469189945, Some(1237.449)),
    (832662617, 319119409, Some(982.476)),
    (832662617, 330047614, Some(773.101)),
    (445086635, 4472780426, Some(1314.991)),
    (445086635, 1051646483, Some(454.568)),
    (445086635, 442678026, Some(1233.030)),
    (445086635, 2485105647, Some(1250.187)),
    (445086635, 1999572855, Some(1312.039)),
    (445086635, 573282169, Some(958.563)),
    (445086635, 2283194581, Some(637.349)),
    (445086635, 2385960261, Some(1100.295)),
    (445086635, 4732283893, Some(776.358)),
    (445086635, 312897491, Some(826.040)),
    (2239754065, 897325567, Some(1421.789)),
    (2239754065, 638295900, Some(2115.007)),
    (2239754065, 299867906, Some(1902.472)),
    (2239754065, 3260498067, Some(1813.077)),
    (2239754065, 4451993745, Some(1733.928)),
    (2239754065, 430533103, Some(1760.667)),
    (2239754065, 455559771, Some(411.347)),
    (2239754065, 1407319733, Some(712.634)),
    (2239754065, 4469239805, Some(1725.592)),
    (2239754065, 2270648662, Some(962.354)),
    (438842749, 2511596019, Some(672.549)),
    (438842749, 330036397, Some(881.680)),
    (438842749, 4418265872, Some(630.677)),
    (438842749, 433823478, Some(794.277)),
    (438842749, 308417548, Some(806.605)),
    (438842749, 319124356, Some(767.107)),
    (438842749, 434834974, Some(158.805)),
    (438842749, 345901914, None),
    (438842749, 445842371, Some(817.966)),
    (438842749, 1251598320, Some(669.358)),
    (319530721, 2474422971, Some(1383.217)),
    (319530721, 573311678, Some(786.495)),
    (319530721, 313259552, Some(257.671)),
    (319530721, 2027227907, Some(804.455)),
    (319530721, 1140165026, Some(999.855)),
    (319530721, 2378129010, Some(360.516)),
    (319530721, 1152820268, Some(936.428)),
    (319530721, 445812472, Some(770.854)),
    (319530721, 2485152968, Some(530.166)),
    (319530721, 434716204, Some(947.834)),
    (2514499885, 1245951119, Some(358.898)),
    (2514499885, 2262230905, Some(1221.628)),
    (2514499885, 489809777, Some(835.631)),
    (2514499885, 2385960277, Some(1213.478)),
    (2514499885, 3703449152, Some(1886.426)),
    (2514499885, 4419071826, Some(1341.760)),
    (2514499885, 448647175, Some(1459.751)),
    (2514499885, 4470452126, Some(952.747)),
    (2514499885, 874384369, Some(1607.370)),
    (2514499885, 443341339, Some(635.416)),
];
