//! Stated values of a study: read, and held against what asks for them.

use std::collections::BTreeSet;

use lifecircle_indicators::{applied_indicators, asked_values};
use lifecircle_io::read_values_csv;
use lifecircle_taxonomy::Pack;
use lifecircle_types::{Date, Imported, Severity, StatedValue, UnitSet, most_alike};

use crate::Result;
use crate::provenance::{InputRecord, InputRole};

/// Reads the values; those of units that are not there and of keys that nothing asks for are left out and listed.
pub(crate) fn open_values(
    bytes: &[u8],
    name: &str,
    units: &UnitSet,
    packs: &[Pack],
    day: Date,
) -> Result<(Vec<StatedValue>, InputRecord)> {
    let Imported { value, mut issues, mut fate } = read_values_csv(bytes, name)?;
    let indicators = applied_indicators(packs, day);
    let asked: BTreeSet<&str> = asked_values(&indicators).collect();
    let mut kept = Vec::with_capacity(value.len());
    for stated in value {
        let (problem, remedy) = match &stated.unit {
            Some(code) if units.find(code).is_none() => {
                let known = units.as_slice().iter().map(|unit| unit.code.as_str());
                ("no unit has its code", most_alike(code, known))
            }
            _ if !asked.contains(stated.key.as_str()) => {
                ("no indicator of the packs asks for it", most_alike(&stated.key, asked.iter().copied()))
            }
            _ => {
                kept.push(stated);
                continue;
            }
        };
        fate.used -= 1;
        fate.reject(problem);
        let meant = remedy.map_or_else(String::new, |word| format!("; did you mean `{word}`?"));
        let subject =
            stated.unit.map_or_else(|| stated.key.clone(), |unit| format!("{} of {unit}", stated.key));
        issues.push(Severity::Warning, "value left out", subject, format!("{problem}{meant}"));
    }
    let input = InputRecord {
        name: name.into(),
        role: InputRole::Values,
        rows_are: "stated values".into(),
        fate,
        moves: None,
        issues,
    };
    Ok((kept, input))
}
