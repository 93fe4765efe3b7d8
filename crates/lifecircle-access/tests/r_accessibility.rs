//! Belo Horizonte and Porto Alegre against the R package `accessibility` 1.4, which works in double precision
//! from minutes. Where the package leaves a blank the answer is 0, or nothing within the matrix for a cost.

use std::collections::BTreeMap;
use std::fs;

use lifecircle_access::{
    Binary, CatchmentForm, Decay, Exponential, Linear, Logistic, Middle, Power, Stepped, catchment,
    cost_of_supply, cumulative, cumulative_interval, gravity, spatial_availability, two_step_fca,
};
use lifecircle_testkit::oracle::{self, OracleTable};
use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix, TravelTime};
use zlib_rs::{Inflate, InflateFlush};

/// A city whose places are also its facilities.
struct City {
    matrix: TravelMatrix,
    ids: Vec<String>,
    people: Vec<f64>,
    supplies: BTreeMap<&'static str, Vec<f64>>,
}

fn minutes(minutes: f64) -> Cost {
    TravelTime::try_from_secs_f64(minutes * 60.0).expect("a few minutes").into()
}

fn index(row: usize) -> u32 {
    u32::try_from(row).expect("few rows")
}

fn matrix(places: usize, cutoff: f64, trips: impl Iterator<Item = (usize, usize, f64)>) -> TravelMatrix {
    let trips = trips.map(|(from, to, time)| (DemandIx(index(from)), FacilityIx(index(to)), minutes(time)));
    TravelMatrix::new(index(places), index(places), minutes(cutoff), trips).expect("trips within the cutoff")
}

fn column(table: &OracleTable, name: &str) -> Vec<f64> {
    table.numbers(name).map(Option::unwrap_or_default).collect()
}

/// The text of a gzip file.
fn unpacked(packed: &[u8]) -> String {
    let length = packed[packed.len() - 4..].try_into().map(u32::from_le_bytes).expect("a gzip trailer");
    let mut text = vec![0; usize::try_from(length).expect("it fits memory")];
    let mut inflate = Inflate::new(true, 16 + 15);
    inflate.decompress(packed, &mut text, InflateFlush::Finish).expect("a whole archive");
    String::from_utf8(text).expect("text")
}

fn belo_horizonte(test: &str) -> Option<City> {
    let land = OracleTable::read(test, "data/belo_horizonte_access/land_use_data.csv")?;
    let trips = oracle::file(test, "data/belo_horizonte_access/travel_matrix.csv.gz")?;
    let trips = unpacked(&fs::read(trips).expect("the matrix can be read"));
    let ids: Vec<String> = land.texts("id").map(str::to_owned).collect();
    let row: BTreeMap<&str, usize> = ids.iter().map(String::as_str).zip(0..).collect();
    let trips = trips.lines().skip(1).map(|line| {
        let mut fields = line.split(',');
        let mut next = || fields.next().expect("three fields");
        (row[next()], row[next()], next().parse().expect("minutes"))
    });
    Some(City {
        matrix: matrix(ids.len(), 120.0, trips),
        people: column(&land, "population"),
        supplies: ["jobs", "schools"].map(|name| (name, column(&land, name))).into(),
        ids,
    })
}

/// Ours against one column of expected values, by row; a blank is 0.
#[track_caller]
fn check(case: &str, found: &[f64], expected: &[Option<f64>]) -> usize {
    assert_eq!(found.len(), expected.len(), "{case}");
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        let expected = expected.unwrap_or(0.0);
        let close = (found - expected).abs() <= 1e-11 * expected.abs();
        assert!(close, "{case}, row {row}: {found} is not {expected}");
    }
    found.len()
}

/// The same for costs; a blank and an infinity are none.
#[track_caller]
fn check_costs(case: &str, found: &[Option<Cost>], expected: &[Option<f64>]) -> usize {
    let expected: Vec<_> =
        expected.iter().map(|cost| cost.filter(|cost| cost.is_finite()).map(minutes)).collect();
    assert_eq!(found, expected, "{case}");
    found.len()
}

fn in_minutes(costs: &[Option<Cost>]) -> Vec<Option<f64>> {
    costs.iter().map(|cost| cost.map(|cost| f64::from(cost.raw()) / 60_000.0)).collect()
}

#[test]
fn belo_horizonte_in_24_tables() {
    const TEST: &str = "Belo Horizonte by the R package accessibility";
    let Some(city) = belo_horizonte(TEST) else { return };
    let City { matrix, ids, people, supplies } = &city;
    let expected = |file: &str, column: &str| -> Option<Vec<Option<f64>>> {
        let table = OracleTable::read(TEST, &format!("data/belo_horizonte_access/expected/{file}.csv"))?;
        assert!(table.texts("id").eq(ids.iter().map(String::as_str)), "{file} is in another order");
        Some(table.numbers(column).collect())
    };
    let mut compared = 0;
    let mut table = |file: &str, column: &str, found: &[f64]| -> Option<()> {
        compared += check(file, found, &expected(file, column)?);
        Some(())
    };
    let far = minutes(120.0);
    let (binary, exponential) =
        (Binary::within(minutes(30.0)), Exponential::scaled(minutes(10.0), far).unwrap());
    let mut all = || -> Option<()> {
        for name in ["jobs", "schools"] {
            let supply = &supplies[name];
            for cutoff in [15, 30, 45] {
                let found = cumulative(matrix, supply, minutes(f64::from(cutoff))).unwrap();
                table(&format!("cumulative_{name}_{cutoff}"), name, &found)?;
            }
            let decays: [(&str, &dyn Decay); 2] = [("binary_30", &binary), ("exp_0.1", &exponential)];
            for (decay_name, decay) in decays {
                let two_step = two_step_fca(matrix, supply, people, decay).unwrap();
                table(&format!("fca_2sfca_{name}_{decay_name}"), name, &two_step.access)?;
                let balanced = catchment(matrix, supply, people, decay, CatchmentForm::BALANCED).unwrap();
                table(&format!("fca_bfca_{name}_{decay_name}"), name, &balanced.access)?;
            }
        }
        let (jobs, schools) = (&supplies["jobs"], &supplies["schools"]);
        // a step of the package begins at its cost, a band of ours ends there: one millisecond apart
        let steps = [(10, 1.0), (20, 0.67), (30, 0.33)];
        let steps = steps.map(|(upper, weight)| (TravelTime::from_millis(upper * 60_000 - 1).into(), weight));
        let decays: [(&str, &dyn Decay); 4] = [
            ("linear_50", &Linear::to_zero_at(minutes(50.0))),
            ("logistic_30_5", &Logistic::new(minutes(30.0), minutes(5.0), far).unwrap()),
            ("power_0.1", &Power::new(0.1, minutes(1.0), far).unwrap()),
            ("stepped_10_20_30__0.67_0.33_0", &Stepped::new(steps.to_vec()).unwrap()),
        ];
        for (name, decay) in decays {
            table(&format!("gravity_jobs_{name}"), "jobs", &gravity(matrix, jobs, decay).unwrap())?;
        }
        table("gravity_schools_exp_0.1", "schools", &gravity(matrix, schools, &exponential).unwrap())?;
        // the file is named after the mean and holds the median, the package's default
        let cutoffs: Vec<Cost> = (20..=30).map(|cutoff| minutes(f64::from(cutoff))).collect();
        let median = cumulative_interval(matrix, jobs, &cutoffs, Middle::Median).unwrap();
        table("cumulative_interval_jobs_20_30_mean", "jobs", &median)?;
        // blank in 36 places without people, which claim nothing
        let available = spatial_availability(matrix, jobs, people, &exponential, 1.0).unwrap();
        table("spatial_availability_jobs_exp_0.1", "jobs", &available.available)?;
        Some(())
    };
    if all().is_none() {
        return;
    }
    for (file, needed) in [("cost_to_closest_schools", 1.0), ("cost_to_closest_schools_n3", 3.0)] {
        let Some(expected) = expected(file, "travel_time") else { return };
        let costs = cost_of_supply(matrix, &supplies["schools"], &vec![needed; ids.len()]).unwrap();
        compared += check_costs(file, &costs, &expected);
    }
    // the package asks for more than as many jobs as people, though it documents as many; it looks at whole
    // minutes
    let Some(peer) = expected("balancing_cost_jobs", "travel_time") else { return };
    let costs = in_minutes(&cost_of_supply(matrix, &supplies["jobs"], people).unwrap());
    let mut ties = vec![];
    for (row, (&found, peer)) in costs.iter().zip(&peer).enumerate() {
        if found.map(f64::ceil) != *peer {
            let within = cumulative(matrix, &supplies["jobs"], minutes(found.unwrap())).unwrap()[row];
            assert!((within - people[row]).abs() < 1e-9, "row {row}: {found:?} is not {peer:?}");
            ties.push((found, *peer));
        }
        compared += 1;
    }
    assert_eq!(ties, [(Some(8.0), Some(12.0)), (Some(14.0), Some(15.0))], "exactly as many jobs as people");
    assert_eq!(compared, 24 * 898);
    oracle::compared(TEST, compared);
}

/// The sixteen columns that the package computed for two more cities.
fn sixteen_columns(
    case: &str,
    city: &City,
    schools: &str,
    cutoff: f64,
    tolerance: f64,
    results: &OracleTable,
) -> usize {
    let City { matrix, ids, people, supplies } = city;
    let row: BTreeMap<&str, usize> = ids.iter().map(String::as_str).zip(0..).collect();
    let order: Vec<usize> = results.texts("id").map(|id| row[id]).collect();
    let supply = &supplies["main"];
    let far = minutes(cutoff);
    let scaled = |scale: f64| Exponential::scaled(minutes(scale), far).expect("it fits");
    let steps = [(10, 1.0), (20, 0.67), (30, 0.33)];
    let steps = steps.map(|(upper, weight)| (TravelTime::from_millis(upper * 60_000 - 1).into(), weight));
    let around = |decay: &dyn Decay| gravity(matrix, supply, decay).expect("it fits");
    let shared =
        |decay: &dyn Decay, form| catchment(matrix, supply, people, decay, form).expect("it fits").access;
    let cutoffs: Vec<Cost> = (20..=40).map(|cutoff| minutes(f64::from(cutoff))).collect();
    let columns = [
        ("cumulative_15", cumulative(matrix, supply, minutes(15.0)).expect("it fits")),
        ("cumulative_30", cumulative(matrix, supply, minutes(30.0)).expect("it fits")),
        // named after the mean, holds the median
        (
            "interval_mean_20_40",
            cumulative_interval(matrix, supply, &cutoffs, Middle::Median).expect("it fits"),
        ),
        ("gravity_exp_0.2", around(&scaled(5.0))),
        ("gravity_linear_30", around(&Linear::to_zero_at(minutes(30.0)))),
        ("gravity_power_1.5", around(&Power::new(1.5, minutes(1.0), far).expect("it fits"))),
        ("gravity_stepped_10_20_30", around(&Stepped::new(steps.to_vec()).expect("it fits"))),
        ("gravity_logistic_30_5", around(&Logistic::new(minutes(30.0), minutes(5.0), far).expect("it fits"))),
        ("2sfca_exp_0.2", shared(&scaled(5.0), CatchmentForm::TWO_STEP)),
        ("2sfca_binary_15", shared(&Binary::within(minutes(15.0)), CatchmentForm::TWO_STEP)),
        ("bfca_exp_0.2", shared(&scaled(5.0), CatchmentForm::BALANCED)),
        (
            "spatial_availability_exp_0.1",
            spatial_availability(matrix, supply, people, &scaled(10.0), 1.0).expect("it fits").available,
        ),
    ];
    let mut compared = 0;
    for (column, found) in columns {
        for (&row, expected) in order.iter().zip(results.numbers(column)) {
            let mut expected = expected.unwrap_or(0.0);
            if column == "gravity_power_1.5" {
                // the package leaves out what stands at no cost, where its power has no value; ours is full
                // there
                let here = matrix.row(DemandIx(index(row))).filter(|(_, cost)| cost.raw() == 0);
                expected += here.map(|(facility, _)| supply[facility.index()]).sum::<f64>();
            }
            let found = found[row];
            let close = (found - expected).abs() <= tolerance * expected.abs().max(1e-9);
            assert!(close, "{case}, {column}, {}: {found} is not {expected}", ids[row]);
            compared += 1;
        }
    }
    for (column, needed) in [("cost_to_closest_1", 1.0), ("cost_to_closest_n3", 3.0)] {
        let found = cost_of_supply(matrix, &supplies[schools], &vec![needed; ids.len()]).expect("it fits");
        let found: Vec<Option<Cost>> = order.iter().map(|&row| found[row]).collect();
        compared += check_costs(column, &found, &results.numbers(column).collect::<Vec<_>>());
    }
    let longest = matrix.entries().map(|(.., cost)| cost.raw()).max().unwrap_or(0);
    let found = cost_of_supply(matrix, supply, people).expect("it fits");
    for (&row, peer) in order.iter().zip(results.numbers("balancing_cost")) {
        let ours = found[row].map(|cost| (f64::from(cost.raw()) / 60_000.0).ceil());
        if ours != peer {
            // where there are as many, not more, the package looks further; and it ends at the last whole
            // minute before its longest trip
            let cost = found[row].expect("ours reaches at least as far");
            let within = cumulative(matrix, supply, cost).expect("it fits")[row];
            let tie = (within - people[row]).abs() < 1e-9;
            let late = cost.raw() / 60_000 == longest / 60_000;
            assert!(tie || late, "{case}, {}: {ours:?} is not {peer:?}", ids[row]);
        }
        compared += 1;
    }
    compared
}

#[test]
fn two_more_cities_in_sixteen_columns() {
    const TEST: &str = "a part of Belo Horizonte, and Porto Alegre, by the R package accessibility";
    let read = |file: &str| OracleTable::read(TEST, &format!("oracles/porto_alegre/{file}.csv"));
    let city =
        |land: &OracleTable, trips: &OracleTable, supplies: &[(&'static str, &str)], cutoff: f64| -> City {
            let [from, to, time] = ["origin", "dest", "minutes"].map(|name| column(trips, name));
            let index = |value: f64| -> usize { value.to_string().parse().expect("whole") };
            let trips =
                from.into_iter().zip(to).zip(time).map(|((from, to), time)| (index(from), index(to), time));
            City {
                matrix: matrix(land.rows().len(), cutoff, trips),
                ids: land.texts("id").map(str::to_owned).collect(),
                people: column(land, "population"),
                supplies: supplies.iter().map(|&(name, from)| (name, column(land, from))).collect(),
            }
        };
    let mut compared = 0;
    let tables =
        (read("rpkg_example_land_use"), read("rpkg_example_travel_matrix"), read("rpkg_example_access"));
    let (Some(land), Some(trips), Some(results)) = tables else { return };
    let supplies = [("main", "jobs"), ("schools", "schools")];
    compared +=
        sixteen_columns("part", &city(&land, &trips, &supplies, 120.0), "schools", 120.0, 1e-11, &results);
    let tables = (read("hexes"), read("access_healthcare_od"), read("rpkg_city_access"));
    let (Some(land), Some(trips), Some(results)) = tables else { return };
    let poa = city(&land, &trips, &[("main", "healthcare")], 45.0);
    compared += sixteen_columns("Porto Alegre", &poa, "main", 45.0, 2e-5, &results);
    oracle::compared(TEST, compared);
}
