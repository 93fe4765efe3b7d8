//! Healthcare and schools of Porto Alegre against tables of PySAL's `access`, which it computed in double
//! precision from minutes of six decimals; ours are whole milliseconds. PySAL leaves places without a pair blank
//! where the answer is 0.

use lifecircle_access::{Binary, Decay, Gaussian, Stepped, cumulative, gravity, two_step_fca};
use lifecircle_testkit::oracle::{self, OracleTable};
use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, TravelTime};

struct City {
    matrix: TravelMatrix,
    supply: Vec<f64>,
    people: Vec<f64>,
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
    let entries = pairs.numbers("origin").zip(pairs.numbers("dest")).zip(pairs.numbers("minutes"));
    let entries = entries.map(|((origin, facility), minutes)| {
        let time = TravelTime::try_from_secs_f64(minutes.expect("every pair has one") * 60.0)
            .expect("at most 45 minutes");
        let origin = origin_of[index(origin)].expect("origins live somewhere");
        (DemandIx(origin), FacilityIx(facility_of[index(facility)].expect("a known facility")), time)
    });
    let columns = u32::try_from(supply.rows().len()).expect("few facilities");
    let origins = u32::try_from(demand.rows().len()).expect("few places");
    Some(City {
        matrix: TravelMatrix::new(origins, columns, TravelTime::from_minutes(45), entries)
            .expect("pairs within 45 minutes"),
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
        let City { matrix, supply, people, results } = &city;
        let steps = |bands: &[(f64, f64)]| {
            Stepped::new(bands.iter().map(|&(upper, weight)| (minutes(upper), weight)).collect()).unwrap()
        };
        let reached = cumulative(matrix, supply, minutes(15.0)).unwrap();
        compared += check(TEST, "cumulative_15", &reached, results);
        let gaussian = Gaussian::new(minutes(7.5), minutes(45.0)).unwrap();
        compared +=
            check(TEST, "catchment_gaussian_7.5", &gravity(matrix, supply, &gaussian).unwrap(), results);
        let floating = |decay: &dyn Decay| two_step_fca(matrix, supply, people, decay).unwrap().access;
        let columns: [(&str, &dyn Decay); 4] = [
            ("2sfca_15", &Binary::within(minutes(15.0))),
            ("e2sfca_default_10_20_30", &steps(&[(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)])),
            ("e2sfca_5_10_15", &steps(&[(5.0, 1.0), (10.0, 0.68), (15.0, 0.22)])),
            ("e2sfca_gaussian_7.5_max30", &Gaussian::new(minutes(7.5), minutes(30.0)).unwrap()),
        ];
        for (column, decay) in columns {
            compared += check(TEST, column, &floating(decay), results);
        }
    }
    oracle::compared(TEST, compared);
}
