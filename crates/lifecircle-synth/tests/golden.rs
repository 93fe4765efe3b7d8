//! One small city, row for row: whoever changes a byte of it says so in the changelog.
//!
//! The golden file holds the number of rows of every part and a hash (FNV-1a, 64 bits) of them. `UPDATE_GOLDEN=1`
//! rewrites it.

use std::fmt::Debug;
use std::fs;

use lifecircle_synth::{SynthOptions, grow};
use lifecircle_types::{DemandSet, NoProgress};

fn line<T: Debug>(part: &str, rows: impl IntoIterator<Item = T>) -> String {
    let (mut hash, mut number) = (0xcbf2_9ce4_8422_2325_u64, 0);
    for row in rows {
        number += 1;
        for byte in format!("{row:?}\n").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{part}: {number} rows, {hash:016x}\n")
}

fn residents(part: &str, set: &DemandSet) -> String {
    let columns = set.groups().iter().map(|(group, people)| format!("{} {people:?}", group.name));
    let places = set.ids().iter().zip(set.positions()).zip(set.people()).zip(set.unit_codes());
    line(part, places) + &line(&format!("groups of {part}"), columns)
}

#[test]
fn a_small_city_stays_as_it_is() {
    let options = SynthOptions { people: 40_000, seed: 7, years: 2, ..SynthOptions::default() };
    let city = grow(&options, &NoProgress).unwrap();
    let next = city.second_year.as_ref().unwrap();
    let text = [
        line("nodes of streets", city.streets.nodes()),
        line("streets", city.streets.ways()),
        line("nodes of ground", &city.ground.nodes),
        line("ways of ground", &city.ground.ways),
        residents("residents", &city.residents),
        line("facilities", city.facilities.as_slice()),
        line("flaws", &city.flaws),
        line("units", city.units.as_slice()),
        line("vacant spaces", &city.vacant),
        residents("residents of the second year", &next.residents),
        line("facilities of the second year", next.facilities.as_slice()),
        line("changes", &next.changes),
    ]
    .concat();
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/city.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(golden, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(golden).unwrap_or_default(), "see the head of this file");
}
