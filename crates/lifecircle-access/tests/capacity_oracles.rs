//! The most people served and the least walking against networkx 3.6.1 (`max_flow_min_cost`), an integer
//! network simplex of its own, on instances of three real cities; and against the capacitated
//! p-medians that `HiGHS` and CBC found there. In Macau also what every parish can have at least and at most, by
//! maximum flows of networkx with and without the parish.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use lifecircle_access::{
    CapacityTask, UnknownCapacity, allocate, check_allocation, most_served, whole_persons,
};
use lifecircle_testkit::oracle::{self, OracleTable};
use lifecircle_types::{DemandIx, FacilityIx, Millimetres, People, TravelMatrix, UnitIx};

struct Instance {
    people: Vec<u64>,
    capacity: Vec<u64>,
    matrix: TravelMatrix,
}

fn whole(number: Option<f64>) -> u64 {
    format!("{:.0}", number.expect("every row has one")).parse().expect("a whole number")
}

fn matrix(metres: &[Vec<f64>]) -> TravelMatrix {
    let length = |metres: &f64| Millimetres::try_from_metres_f64(*metres).expect("within a city");
    let rows = metres.iter().enumerate();
    let entries = rows.flat_map(|(i, row)| {
        row.iter().enumerate().map(move |(j, metres)| (DemandIx::new(i), FacilityIx::new(j), length(metres)))
    });
    let [rows, columns] =
        [metres.len(), metres[0].len()].map(|count| u32::try_from(count).expect("few of them"));
    TravelMatrix::new(rows, columns, Millimetres::from_metres(100_000), entries).expect("a whole table")
}

fn porto_alegre(test: &str, size: &str) -> Option<Instance> {
    let table = |what: &str| OracleTable::read(test, &format!("oracles/porto_alegre/loc_{size}_{what}.csv"));
    let (demand, sites, metres) = (table("demand")?, table("sites")?, table("dist_m")?);
    // a bare matrix: its first row is read as the header
    let rows = core::iter::once(metres.header()).chain(metres.rows().iter().map(Vec::as_slice));
    let metres: Vec<Vec<f64>> =
        rows.map(|row| row.iter().map(|field| field.parse().expect("metres")).collect()).collect();
    Some(Instance {
        people: demand.numbers("weight").map(whole).collect(),
        capacity: sites.numbers("capacity").map(whole).collect(),
        matrix: matrix(&metres),
    })
}

fn san_francisco(test: &str) -> Option<Instance> {
    let demand = OracleTable::read(test, "data/sf_location/SF_demand_205_centroid_uniform_weight.csv")?;
    let costs = OracleTable::read(test, "data/sf_location/cost_matrix_205x16_m.csv")?;
    // the tracts stand in another order than in the matrix, which has lost the zeros around their numbers
    let tract = |name: &str| name.trim_matches('"').trim_start_matches('0').trim_end_matches('0').to_owned();
    let people = demand.texts("\"POP2000\"").map(|people| people.parse().expect("whole people"));
    let people: BTreeMap<String, u64> = demand.texts("\"NAME\"").map(tract).zip(people).collect();
    let metres: Vec<Vec<f64>> = costs
        .rows()
        .iter()
        .map(|row| row[1..].iter().map(|field| field.parse().expect("metres")).collect())
        .collect();
    Some(Instance {
        people: costs.texts("DestinationName").map(|name| people[&tract(name)]).collect(),
        capacity: vec![1; metres[0].len()],
        matrix: matrix(&metres),
    })
}

/// People served and millimetres walked, proved.
fn solve(instance: &Instance, capacity: &[Option<u64>], metres: u32) -> (u64, u128) {
    let homes = vec![None; instance.people.len()];
    let task = CapacityTask {
        matrix: &instance.matrix,
        within: Millimetres::from_metres(metres).into(),
        people: &instance.people,
        homes: &homes,
        capacity,
        unknown: UnknownCapacity::Refuse,
    };
    let found = allocate(&task).expect("a task that can be answered");
    check_allocation(&task, &found).expect("a proof that holds");
    assert_eq!(most_served(&task), Ok(found.totals.clone()));
    (found.totals.served, found.walking)
}

/// What capacities are divided by, or the room at every store; metres; people served, millimetres walked.
type Answer = (u64, u32, u64, u128);

const PORTO_ALEGRE: [(&str, [Answer; 9]); 2] = [
    (
        "small",
        [
            (1, 1500, 16_188, 15_445_931_032),
            (1, 3000, 34_903, 54_688_937_412),
            (1, 6000, 38_103, 65_425_301_652),
            (3, 1500, 15_298, 14_373_176_369),
            (3, 3000, 32_087, 53_206_233_794),
            (3, 6000, 34_778, 65_318_798_627),
            (4, 1500, 14_168, 13_358_693_781),
            (4, 3000, 24_818, 36_453_944_659),
            (4, 6000, 26_082, 41_519_212_195),
        ],
    ),
    (
        "medium",
        [
            (1, 1500, 163_145, 129_016_673_213),
            (1, 3000, 177_199, 155_473_440_551),
            (1, 6000, 180_357, 167_285_071_070),
            (3, 1500, 132_441, 110_718_516_128),
            (3, 3000, 164_829, 204_402_421_254),
            (3, 6000, 169_798, 229_121_662_077),
            (4, 1500, 105_076, 79_032_428_059),
            (4, 3000, 125_548, 128_553_911_572),
            (4, 6000, 127_341, 135_494_052_784),
        ],
    ),
];

const SAN_FRANCISCO: [Answer; 8] = [
    (20_000, 3000, 314_505, 292_356_392_487),
    (20_000, 5000, 320_000, 311_252_195_702),
    (40_000, 3000, 614_505, 810_821_101_596),
    (40_000, 5000, 640_000, 903_334_131_136),
    (60_000, 3000, 811_665, 1_280_754_022_461),
    (60_000, 5000, 955_113, 1_946_865_348_792),
    (80_000, 3000, 811_665, 1_211_507_627_076),
    (80_000, 5000, 955_113, 1_753_638_442_696),
];

#[test]
fn two_cities_by_another_network_simplex() {
    const TEST: &str = "capacity of two cities by networkx";
    let mut compared = 0;
    for (size, answers) in PORTO_ALEGRE {
        let Some(instance) = porto_alegre(TEST, size) else { return };
        for (divisor, metres, served, walked) in answers {
            let capacity: Vec<_> = instance.capacity.iter().map(|room| Some(room / divisor)).collect();
            assert_eq!(
                solve(&instance, &capacity, metres),
                (served, walked),
                "{size}, {divisor}, {metres} m"
            );
            compared += 2;
        }
    }
    let Some(instance) = san_francisco(TEST) else { return };
    for (room, metres, served, walked) in SAN_FRANCISCO {
        let capacity = vec![Some(room); instance.capacity.len()];
        assert_eq!(solve(&instance, &capacity, metres), (served, walked), "{room} each, {metres} m");
        compared += 2;
    }
    oracle::compared(TEST, compared);
}

#[test]
fn splitting_places_beats_sending_them_whole() {
    const TEST: &str = "capacitated location models of spopt";
    let Some(instance) = porto_alegre(TEST, "small") else { return };
    let open = |sites: &[usize]| -> Vec<Option<u64>> {
        let room = |(site, &room): (usize, &u64)| Some(if sites.contains(&site) { room } else { 0 });
        instance.capacity.iter().enumerate().map(room).collect()
    };
    let all = instance.people.iter().sum::<u64>();
    // sites of the capacitated p-medians, which send each place whole, with Σ w·d of that and of everybody to
    // the nearest of these sites whatever its capacity, in thousandths of a person's metre: ours lies between
    let medians: [(&[usize], u128, u128); 3] = [
        (&[1, 4, 10, 11, 14, 16, 18, 19], 81_451_615_087, 79_938_327_217),
        (&[2, 3, 4, 8, 9, 10, 11, 14, 16, 18], 74_553_348_033, 72_749_412_946),
        (&[0, 2, 3, 4, 8, 9, 10, 11, 14, 16, 17, 18], 70_080_687_439, 68_317_822_394),
    ];
    for (sites, whole, nearest) in medians {
        let (served, walked) = solve(&instance, &open(sites), 100_000);
        assert_eq!(served, all);
        assert!((nearest..=whole).contains(&walked), "{walked} is not in {nearest}..={whole}");
    }
    // the fewest sites that can take everybody within a radius can; none of them can be spared
    let covers: [(&[usize], u32); 3] = [
        (&[1, 6, 9, 13, 14, 16, 19], 4713),
        (&[0, 4, 14, 17, 18, 19], 6127),
        (&[0, 1, 14, 16, 17, 18], 9426),
    ];
    let mut compared = medians.len();
    for (sites, metres) in covers {
        assert_eq!(solve(&instance, &open(sites), metres).0, all, "{metres} m");
        for spared in sites {
            let fewer: Vec<usize> = sites.iter().copied().filter(|site| site != spared).collect();
            assert!(solve(&instance, &open(&fewer), metres).0 < all, "{metres} m without {spared}");
            compared += 1;
        }
        compared += 1;
    }
    oracle::compared(TEST, compared);
}

/// Millimetres from a node to all that can be walked to, along the streets of the peninsula of Macau.
fn walked(streets: &BTreeMap<usize, Vec<(usize, u32)>>, from: usize) -> BTreeMap<usize, u32> {
    let (mut settled, mut open) = (BTreeMap::new(), BTreeSet::from([(0, from)]));
    while let Some((length, node)) = open.pop_first() {
        if settled.contains_key(&node) {
            continue;
        }
        settled.insert(node, length);
        let onward = streets.get(&node).into_iter().flatten();
        open.extend(onward.map(|&(to, further)| (length + further, to)));
    }
    settled
}

/// Of each parish: people in reach of a clinic, the least and the most of them unserved.
type Parishes = [(u64, u64, u64); 5];

/// Room at every clinic, metres, people reached and served, millimetres walked, parishes in alphabetical order.
const MACAU: [(u64, u32, u64, u64, u128, Parishes); 4] = [
    (
        30_000,
        500,
        310_515,
        219_391,
        62_692_885_575,
        [
            (134_051, 46_305, 69_038),
            (113_063, 22_086, 44_819),
            (31_318, 0, 0),
            (30_738, 0, 890),
            (1_345, 0, 0),
        ],
    ),
    (
        30_000,
        1_000,
        473_192,
        347_835,
        191_538_609_272,
        [
            (247_133, 70_830, 125_357),
            (133_920, 0, 54_527),
            (52_189, 0, 0),
            (32_133, 0, 29_411),
            (7_817, 0, 2_885),
        ],
    ),
    (
        50_000,
        1_000,
        473_192,
        473_192,
        294_554_610_388,
        [(247_133, 0, 0), (133_920, 0, 0), (52_189, 0, 0), (32_133, 0, 0), (7_817, 0, 0)],
    ),
    (
        30_000,
        2_000,
        532_858,
        390_000,
        254_538_208_963,
        [
            (256_381, 0, 142_858),
            (133_920, 0, 133_920),
            (53_840, 0, 53_840),
            (33_442, 0, 33_442),
            (55_275, 0, 55_275),
        ],
    ),
];

#[test]
fn clinics_and_parishes_of_macau() {
    const TEST: &str = "capacity and parishes of Macau by networkx";
    let Some(edges) = oracle::file(TEST, "data/macau/edges_directed.csv") else { return };
    let Some(points) = OracleTable::read(TEST, "data/macau/expected_pandana.csv") else { return };
    let Some(places) = OracleTable::read(TEST, "data/macau/pois_snapped.csv") else { return };
    let mut streets: BTreeMap<usize, Vec<(usize, u32)>> = BTreeMap::new();
    // the fields behind the first three may hold commas
    for line in fs::read_to_string(edges).expect("a text").lines().skip(1) {
        let [from, to, metres] = [0, 1, 2].map(|field| line.split(',').nth(field).expect("three fields"));
        let length = Millimetres::try_from_metres_f64(metres.parse().expect("metres")).expect("a street");
        let node = |field: &str| field.parse().expect("a node");
        streets.entry(node(from)).or_default().push((node(to), length.get()));
    }
    let node = |number: f64| -> usize { format!("{number:.0}").parse().expect("a node") };
    let clinics = places.texts("type").zip(places.numbers("node")).filter(|(kind, _)| *kind == "clinic");
    let mut clinics: Vec<usize> = clinics.filter_map(|(_, number)| number.map(node)).collect();
    clinics.sort_unstable();
    let homes_of: BTreeMap<&str, u32> =
        points.texts("parish").collect::<BTreeSet<_>>().into_iter().zip(0..).collect();
    let homes: Vec<_> = points.texts("parish").map(|parish| Some(UnitIx(homes_of[parish]))).collect();
    let people = points.numbers("population").map(|people| People::try_from_f64(people.unwrap_or(0.0)));
    let people: Vec<People> = people.map(|people| people.expect("people")).collect();
    let people = whole_persons(&people, &homes).expect("a parish each");
    let mut entries = vec![];
    for ((row, from), expected) in (0..).zip(points.numbers("node")).zip(points.numbers("clinic_m")) {
        let lengths = walked(&streets, node(from.expect("a node each")));
        let reached =
            clinics.iter().zip(0..).filter_map(|(clinic, column)| Some((column, *lengths.get(clinic)?)));
        let reached: Vec<(u32, u32)> = reached.collect();
        let nearest = reached.iter().map(|trip| trip.1).min().expect("one piece of streets");
        let gap = f64::from(nearest) / 1000.0 - expected.expect("a clinic each");
        assert!(gap.abs() < 0.02, "row {row}: {nearest} mm is not {expected:?} m by pandana");
        entries
            .extend(reached.into_iter().map(|(j, mm)| (DemandIx(row), FacilityIx(j), Millimetres::new(mm))));
    }
    let [rows, columns] =
        [people.len(), clinics.len()].map(|count| u32::try_from(count).expect("few of them"));
    let matrix = TravelMatrix::new(rows, columns, Millimetres::from_metres(100_000), entries).expect("trips");
    let mut compared = people.len();
    for (room, metres, reached, served, walking, parishes) in MACAU {
        let task = CapacityTask {
            matrix: &matrix,
            within: Millimetres::from_metres(metres).into(),
            people: &people,
            homes: &homes,
            capacity: &vec![Some(room); clinics.len()],
            unknown: UnknownCapacity::Refuse,
        };
        let found = allocate(&task).expect("a task that can be answered");
        check_allocation(&task, &found).expect("a proof that holds");
        assert_eq!((found.totals.reached, found.totals.served, found.walking), (reached, served, walking));
        let ours = found.units.iter().map(|unit| (unit.reached, unit.least_unserved, unit.most_unserved));
        assert_eq!(ours.collect::<Vec<_>>(), parishes, "{room} at a clinic, {metres} m");
        compared += 3 + 3 * parishes.len();
    }
    oracle::compared(TEST, compared);
}
