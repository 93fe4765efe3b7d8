//! The walks of a study are those of its assessment.
#![cfg(feature = "osm-xml")]

use std::path::Path;

use lifecircle::Study;
use lifecircle::types::{ColumnValues, Date, FacilityIx, Millimetres, NoProgress};

#[test]
fn walks_alone_are_those_of_an_assessment() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/xinan-new-town");
    let limit = Millimetres::from_metres(300);
    let whole = Study::open(&folder, &NoProgress).unwrap();
    let outcome = whole.assess(&NoProgress).unwrap();
    let date: Date = outcome.provenance.date.parse().unwrap();
    let open = whole.facilities().iter().filter(|(_, facility)| facility.status.is_open_on(date));
    let facilities = open.map(|(ix, _)| ix).collect::<Vec<FacilityIx>>();
    assert!(facilities.len() < whole.facilities().len(), "some are not open yet, or no longer");
    let expected = outcome.walks_within(&facilities, limit, &NoProgress).unwrap();
    // read without units, walkers, values and whatever else walks do not need
    let alone = Study::open_for_walks(&folder, &NoProgress).unwrap();
    let walks = alone.walks(limit, &NoProgress).unwrap();
    assert!(!expected.is_empty());
    assert!(walks.matrix == expected, "{} walks, not {}", walks.matrix.len(), expected.len());
    // in parts of whole places, of which none holds more than a hundred thousand rows
    let sizes: Vec<usize> = walks.parts().map(|part| part.rows()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), expected.len());
    assert!(sizes.iter().all(|&rows| rows <= 100_000));
    let first = walks.parts().next().unwrap();
    let ColumnValues::Text(from) = &first.columns()[0].values else { panic!("ids are text") };
    let entry = expected.entries().next().unwrap();
    assert_eq!(from[0].as_ref(), Some(&whole.residents().ids()[entry.0.index()]));
}
