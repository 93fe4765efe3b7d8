//! Who lacks what, place by place.
//!
//! A city has tens of millions of gaps: they are found when they are asked for, some places at a time, and not kept.

use core::ops::Range;

use lifecircle_types::{
    Evidence, FacilitySet, FeatureTable, InvalidSet, LonLat, Millimetres, People, Rule, word_enum,
};

use crate::assess::{Inputs, required_rows};
use crate::assessment::Assessment;
use crate::tables::{measure, number_exact, people, text};

word_enum! {
    /// Why a resident place is outside a rule.
    GapCause, "gap cause" {
        /// The nearest facility is beyond the limit.
        Distance = "distance",
        /// Only a place of unknown level is near enough.
        LevelUnknown = "level_unknown",
        /// No facility can be reached at all.
        Unreachable = "unreachable",
        /// No street is near the place.
        NoStreet = "no_street",
        /// The place has no position.
        Unplaced = "unplaced",
        /// The unit has no facility.
        AbsentInUnit = "absent_in_unit",
    }
}

/// A resident place outside the rule of a required service, in the strict reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Gap {
    /// Row of the place.
    pub place: usize,
    /// Row of the service among the results.
    pub service: usize,
    /// Why.
    pub cause: GapCause,
    /// The trip to the nearest facility, where there is one.
    pub nearest: Option<Evidence>,
}

/// The gaps of some places, by place and then by service; places without residents have none.
///
/// # Panics
/// When `places` reaches beyond the residents, or `assessment` is not of `inputs`.
pub fn gaps<'a>(
    inputs: &'a Inputs<'a>,
    assessment: &'a Assessment,
    places: Range<usize>,
) -> impl Iterator<Item = Gap> + 'a {
    let required = required_rows(inputs);
    let lived_in = places.filter(|&place| inputs.residents.people()[place] > People::ZERO);
    lived_in.flat_map(move |place| {
        let zone = inputs.zone(place);
        let lacks = |row: &usize| !assessment.verdicts[*row][place] && inputs.rules[*row].is_must(zone);
        let lacking: Vec<usize> = required.iter().copied().filter(lacks).collect();
        lacking.into_iter().map(move |row| gap(inputs, assessment, row, place))
    })
}

fn gap(inputs: &Inputs<'_>, assessment: &Assessment, row: usize, place: usize) -> Gap {
    let nearest = inputs.evidence[row].strict.get(place);
    let rule = inputs.rules[row].rule.rule;
    let walks = matches!(rule, Rule::WalkTime(_) | Rule::WalkDistance(_));
    let cause = if assessment.lenient[row][place] {
        GapCause::LevelUnknown
    } else if inputs.residents.positions()[place].is_none() {
        GapCause::Unplaced
    } else if matches!(rule, Rule::PresenceInUnit(_)) {
        GapCause::AbsentInUnit
    } else if walks && !inputs.homes[place].on_street {
        GapCause::NoStreet
    } else if nearest.is_none() {
        GapCause::Unreachable
    } else {
        GapCause::Distance
    };
    Gap { place, service: row, cause, nearest }
}

/// The gaps of some places as a table: resident place × required service outside its rule, with the cause and the nearest
/// facility there is.
///
/// # Errors
/// Never for an assessment of these inputs.
///
/// # Panics
/// As [`gaps`].
pub fn gaps_table(
    inputs: &Inputs<'_>,
    facilities: &FacilitySet,
    assessment: &Assessment,
    places: Range<usize>,
) -> Result<FeatureTable, InvalidSet> {
    let gaps: Vec<Gap> = gaps(inputs, assessment, places).collect();
    let residents = inputs.residents;
    let mut table = FeatureTable::new(gaps.len());
    let service = |gap: &Gap| &assessment.services[gap.service];
    table.push("place", text(gaps.iter().map(|gap| Some(residents.ids()[gap.place].as_str()))))?;
    let unit = |gap: &Gap| inputs.homes[gap.place].unit.map(|unit| inputs.units[unit].code.as_str());
    table.push("unit", text(gaps.iter().map(unit)))?;
    let position = |gap: &Gap| residents.positions()[gap.place];
    let unit_name = |gap: &Gap| inputs.homes[gap.place].unit.map(|unit| inputs.units[unit].label());
    table.push("unit_name", text(gaps.iter().map(unit_name)))?;
    table.push("lon", number_exact(gaps.iter().map(|gap| position(gap).map(LonLat::lon))))?;
    table.push("lat", number_exact(gaps.iter().map(|gap| position(gap).map(LonLat::lat))))?;
    table.push("people", people(gaps.iter().map(|gap| residents.people()[gap.place])))?;
    table.push("service", text(gaps.iter().map(|gap| Some(service(gap).service.as_str()))))?;
    table.push("pack", text(gaps.iter().map(|gap| Some(service(gap).pack.as_str()))))?;
    table.push("rule", text(gaps.iter().map(|gap| Some(service(gap).rule.kind()))))?;
    let limit = |gap: &Gap| inputs.rules[gap.service].rule.rule_for(inputs.zone(gap.place)).limit();
    table.push("limit", text(gaps.iter().map(|gap| Some(limit(gap)))))?;
    table.push("cause", text(gaps.iter().map(|gap| Some(gap.cause.as_str()))))?;
    let nearest = |gap: &Gap| gap.nearest.map(|trip| facilities[trip.facility].id.as_str());
    table.push("nearest_facility", text(gaps.iter().map(nearest)))?;
    let name = |gap: &Gap| gap.nearest.and_then(|trip| facilities[trip.facility].name.as_deref());
    table.push("nearest_name", text(gaps.iter().map(name)))?;
    let metres = |of: fn(Evidence) -> Option<Millimetres>| {
        measure(gaps.iter().map(|gap| gap.nearest.and_then(of).map(|length| length.as_metres_f64())))
    };
    table.push("nearest_m", metres(|trip| trip.length))?;
    let minutes = |gap: &Gap| gap.nearest.and_then(|trip| trip.time).map(|time| time.as_minutes_f64());
    table.push("nearest_min", measure(gaps.iter().map(minutes)))?;
    table.push("straight_m", metres(|trip| trip.straight_length))?;
    Ok(table)
}
