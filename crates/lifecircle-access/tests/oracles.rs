//! Healthcare and schools of Porto Alegre against tables of PySAL's `access`, which it computed in double
//! precision from minutes of six decimals; ours are whole milliseconds. PySAL leaves places without a pair
//! blank where the answer is 0.

use lifecircle_access::{
    Binary, CatchmentForm, Crowding, Decay, Gaussian, Power, Stepped, catchment, check_equilibrium,
    cumulative, gravity, raam, two_step_fca,
};
use lifecircle_testkit::oracle::{self, OracleTable};
use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, TravelTime};

struct City {
    matrix: TravelMatrix,
    supply: Vec<f64>,
    people: Vec<f64>,
    neighbours: TravelMatrix,
    results: OracleTable,
}

fn city(test: &str, service: &str) -> Option<City> {
    let read = |file: &str| OracleTable::read(test, &format!("oracles/porto_alegre/{file}.csv"));
    let hexes = read("hexes")?;
    let (demand, supply) = (read("access_demand")?, read(&format!("access_{service}_supply"))?);
    let (pairs, results) =
        (read(&format!("access_{service}_od"))?, read(&format!("access_{service}_results"))?);
    // origins and destinations are rows of the table of hexagons
    let rows: Vec<&str> = hexes.texts("id").collect();
    let place_of = |ids: &OracleTable| -> Vec<Option<u32>> {
        let ids: Vec<&str> = ids.texts("id").collect();
        let at =
            |row: &&str| ids.iter().position(|id| id == row).map(|at| u32::try_from(at).expect("few rows"));
        rows.iter().map(at).collect()
    };
    let (origin_of, facility_of) = (place_of(&demand), place_of(&supply));
    let index = |value: Option<f64>| -> usize {
        value.expect("every row has one").to_string().parse().expect("whole")
    };
    let entries = |pairs: &OracleTable, column_of: &[Option<u32>]| -> Vec<_> {
        let pairs = pairs.numbers("origin").zip(pairs.numbers("dest")).zip(pairs.numbers("minutes"));
        let entry = |((origin, to), minutes): ((Option<f64>, Option<f64>), Option<f64>)| {
            let time = TravelTime::try_from_secs_f64(minutes.expect("every pair has one") * 60.0)
                .expect("at most 45 minutes");
            let origin = origin_of[index(origin)].expect("origins live somewhere");
            (DemandIx(origin), FacilityIx(column_of[index(to)].expect("a known row")), time)
        };
        pairs.map(entry).collect()
    };
    let columns = u32::try_from(supply.rows().len()).expect("few facilities");
    let origins = u32::try_from(demand.rows().len()).expect("few places");
    Some(City {
        matrix: TravelMatrix::new(
            origins,
            columns,
            TravelTime::from_minutes(45),
            entries(&pairs, &facility_of),
        )
        .expect("pairs within 45 minutes"),
        neighbours: TravelMatrix::new(
            origins,
            origins,
            TravelTime::from_minutes(20),
            entries(&read("access_neighbor_od")?, &origin_of),
        )
        .expect("pairs within 20 minutes"),
        supply: supply.numbers(service).map(Option::unwrap_or_default).collect(),
        people: demand.numbers("population").map(Option::unwrap_or_default).collect(),
        results,
    })
}

fn minutes(minutes: f64) -> Cost {
    TravelTime::try_from_secs_f64(minutes * 60.0).expect("a few minutes").into()
}

fn check(test: &str, column: &str, found: &[f64], results: &OracleTable) -> usize {
    for (row, (found, expected)) in found.iter().zip(results.numbers(column)).enumerate() {
        let expected = expected.unwrap_or(0.0);
        let gap = (found - expected).abs();
        assert!(
            gap <= 2e-5 * expected.abs().max(1e-6),
            "{test}, {column}, row {row}: {found} is not {expected}"
        );
    }
    found.len()
}

#[test]
fn catchments_of_a_real_city() {
    const TEST: &str = "catchment measures of PySAL access";
    let mut compared = 0;
    for service in ["healthcare", "schools"] {
        let Some(city) = city(TEST, service) else { return };
        let City { matrix, supply, people, neighbours, results } = &city;
        let steps = |bands: &[(f64, f64)]| {
            Stepped::new(bands.iter().map(|&(upper, weight)| (minutes(upper), weight)).collect()).unwrap()
        };
        let reached = cumulative(matrix, supply, minutes(15.0)).unwrap();
        compared += check(TEST, "cumulative_15", &reached, results);
        let living = cumulative(neighbours, people, minutes(15.0)).unwrap();
        let ratio: Vec<f64> = reached.iter().zip(living).map(|(supply, people)| supply / people).collect();
        compared += check(TEST, "fca_ratio_15", &ratio, results);
        let gaussian = Gaussian::new(minutes(7.5), minutes(45.0)).unwrap();
        compared +=
            check(TEST, "catchment_gaussian_7.5", &gravity(matrix, supply, &gaussian).unwrap(), results);
        // 5 / max(x, ½) is ten times a power decay that is full up to half a minute
        let power = Power::new(1.0, minutes(0.5), minutes(45.0)).unwrap();
        let tenfold: Vec<f64> = gravity(matrix, supply, &power).unwrap().iter().map(|a| a * 10.0).collect();
        compared += check(TEST, "gravity_scale5_alpha-1_min0.5", &tenfold, results);
        let choice_steps = steps(&[(10.0, 0.962), (20.0, 0.704), (30.0, 0.377), (45.0, 0.042)]);
        let near = steps(&[(5.0, 1.0), (10.0, 0.68), (15.0, 0.22)]);
        let floating = |decay: &dyn Decay| two_step_fca(matrix, supply, people, decay).unwrap().access;
        let columns: [(&str, &dyn Decay); 4] = [
            ("2sfca_15", &Binary::within(minutes(15.0))),
            ("e2sfca_default_10_20_30", &steps(&[(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)])),
            ("e2sfca_5_10_15", &near),
            ("e2sfca_gaussian_7.5_max30", &Gaussian::new(minutes(7.5), minutes(30.0)).unwrap()),
        ];
        for (column, decay) in columns {
            compared += check(TEST, column, &floating(decay), results);
        }
        for (column, decay) in [("3sfca_default", &choice_steps), ("3sfca_5_10_15", &near)] {
            let three = catchment(matrix, supply, people, decay, CatchmentForm::THREE_STEP).unwrap();
            compared += check(TEST, column, &three.access, results);
        }
    }
    oracle::compared(TEST, compared);
}

#[test]
fn the_equilibrium_of_a_real_city() {
    const TEST: &str = "RAAM at equilibrium, by water-filling";
    let Some(oracle) = OracleTable::read(TEST, "oracles/porto_alegre/access_raam_equilibrium.csv") else {
        return;
    };
    let Some(json) = oracle::file(TEST, "oracles/porto_alegre/access_raam_equilibrium.json") else { return };
    let json = std::fs::read_to_string(json).unwrap();
    let mut compared = 0;
    for service in ["healthcare", "schools"] {
        let Some(City { matrix, supply, people, results, .. }) = &city(TEST, service) else { return };
        for scale in [60, 15] {
            let case = format!("{service}_tau{scale}");
            let stated = |key: &str| -> f64 {
                let (_, rest) = json.split_once(&format!("\"{case}\"")).expect("the case is there");
                let (_, rest) = rest.split_once(&format!("\"{key}\":")).expect("the key is there");
                rest.split([',', '}']).next().unwrap().trim().parse().unwrap()
            };
            let scale_cost = minutes(f64::from(scale));
            let crowding = Crowding { scale: scale_cost, within: minutes(45.0), people_per_supply: None };
            let found = raam(matrix, supply, people, &crowding).unwrap();
            check_equilibrium(&found, matrix, supply, people, &crowding, 1e-14).unwrap();
            // the oracle stopped with pairs that cost up to a stated gap too much, and gaps add up along a
            // chain of pairs; half a millisecond per trip is 5e-7 of the scale
            assert!(found.objective <= stated("beckmann") * (1.0 + 1e-6), "{case}: {}", found.objective);
            let expected = oracle.numbers(&format!("raam_equilibrium_{case}"));
            for (row, (found, expected)) in found.cost.iter().zip(expected).enumerate() {
                assert_eq!(found.is_some(), expected.is_some(), "{case}, row {row}");
                let gap = found.unwrap_or(0.0) - expected.unwrap_or(0.0);
                assert!(gap.abs() <= 2.0 * stated("kkt_gap") + 1e-5, "{case}, row {row}: off by {gap}");
                compared += 1;
            }
            // PySAL moves whole persons for 150 rounds and ends near the equilibrium, not at it
            let column = if scale == 60 { "raam_tau60" } else { "raam_tau15_rho" };
            let gaps = found.cost.iter().zip(results.numbers(column));
            let gaps: Vec<f64> =
                gaps.filter_map(|(found, peer)| Some((found.as_ref()? - peer?).abs())).collect();
            let mean = gaps.iter().sum::<f64>() / f64::from(u32::try_from(gaps.len()).unwrap());
            assert!(mean < 0.03 && gaps.iter().all(|gap| *gap < 0.5), "{case}: {mean} from PySAL");
            compared += gaps.len();
        }
    }
    oracle::compared(TEST, compared);
}
