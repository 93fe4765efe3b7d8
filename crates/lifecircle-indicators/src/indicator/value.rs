//! From counts to values and verdicts.

use lifecircle_access::Distribution;
use lifecircle_taxonomy::{Goal, Indicator, Quantity, Spread};
use lifecircle_types::{UnitIx, UnitKind};

use super::count::{Counter, Scope};
use super::norms::applied_norms;
use super::supply::{NoData, Supply, That};
use super::{IndicatorResult, Measured, UnitValue, applied_indicators};
use crate::area::Area;
use crate::between::Between;

/// Measures every indicator of the packs, for the whole place and for every unit of its kind and larger.
///
/// # Panics
/// When the columns of `all` do not belong together: a unit per facility, a reach per rule.
#[must_use]
pub fn measure_indicators(all: &Measured<'_>) -> Vec<IndicatorResult> {
    assert_eq!(all.facility_units.len(), all.facilities.len(), "one unit per facility");
    assert_eq!(all.reach.len(), all.inputs.rules.len(), "one reach per rule");
    let supply = Supply::new(all, applied_norms(all.packs, all.inputs.date));
    let counter = Counter::new(all, supply);
    let units = all.inputs.units;
    let mut kinds: Vec<UnitKind> = units.as_slice().iter().map(|unit| unit.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let measure = |applied: super::AppliedIndicator| {
        let indicator = &applied.indicator;
        let mut values = vec![value(&counter, indicator, None)];
        if let Some(least) = indicator.counted_over {
            for &kind in kinds.iter().rev().filter(|kind| **kind >= least) {
                let all_of_kind = counter.units_of(kind, Scope { unit: None, zone: None });
                values.extend(all_of_kind.into_iter().map(|unit| value(&counter, indicator, Some(unit))));
            }
        }
        IndicatorResult { applied, values }
    };
    applied_indicators(all.packs, all.inputs.date).into_iter().map(measure).collect()
}

fn value(counter: &Counter<'_>, indicator: &Indicator, unit: Option<UnitIx>) -> UnitValue {
    let Area { unit: code, label, kind } = Area::of(counter.all.inputs.units, unit);
    let zone = counter.common_zone(unit);
    let mut row = UnitValue {
        unit: code,
        label,
        kind,
        zone,
        value: None,
        at_most: None,
        is_exact: false,
        count: None,
        of: None,
        year: None,
        target: None,
        attainment: None,
        short_by: None,
        baseline: if unit.is_none() { indicator.baseline } else { None },
        way_gone: None,
        note: None,
    };
    let scope = Scope { unit, zone: indicator.zone };
    if let Quantity::Value { key } = &indicator.count {
        row.year = counter.stated(key, unit).and_then(|stated| stated.year);
    }
    let measured = match indicator.spread {
        Some(spread) => unequal(counter, indicator, spread, scope).map(Between::exactly),
        None => ratio(counter, indicator, scope, &mut row),
    };
    row.target = indicator.target_for(indicator.zone.or(zone)).copied();
    let found = match measured {
        Ok(found) => found,
        Err(reason) => {
            row.note = Some(reason);
            return row;
        }
    };
    row.value = Some(found.low);
    row.is_exact = found.is_exact();
    row.at_most = if row.is_exact { None } else { found.high };
    if let Some(goal) = &row.target {
        row.attainment = Some(found.stands_to(goal));
        row.short_by = Some(short_by(goal, found.low));
    } else if !indicator.target_in.is_empty() {
        row.note = Some("targets differ by kind of place, and this one is of several".into());
    }
    row.way_gone = row.baseline.zip(row.target).and_then(|(baseline, goal)| {
        let target = goal.amount.at_least.or(goal.amount.at_most)?;
        let way = target - baseline.value;
        (way.abs() > 0.0).then(|| (found.low - baseline.value) / way)
    });
    row
}

fn ratio(
    counter: &Counter<'_>,
    indicator: &Indicator,
    scope: Scope,
    row: &mut UnitValue,
) -> Result<Between, NoData> {
    let count = counter.count(&indicator.count, scope)?;
    row.count = Some(count.low);
    let per = |value: f64| value * indicator.per;
    let Some(of) = &indicator.of else {
        return Ok(Between { low: per(count.low), high: count.high.map(per) });
    };
    let of = counter.count(of, scope)?;
    row.of = Some(of.low);
    if of.high.is_some_and(|high| high <= 0.0) {
        return Err("there is nothing to divide by".into());
    }
    // a site that counts above counts below: what may be is held against what is certain
    let low = of.high.map_or(0.0, |high| per(count.low) / high);
    let high = count.high.filter(|_| of.low > 0.0).map(|high| per(high) / of.low);
    Ok(Between { low, high })
}

/// How unequal the ratio is between the units of a scope, or between its sites.
fn unequal(
    counter: &Counter<'_>,
    indicator: &Indicator,
    spread: Spread,
    scope: Scope,
) -> Result<f64, NoData> {
    let Some(of) = &indicator.of else {
        return Err("there is no ratio to compare".into());
    };
    let mut parts: Vec<(Between, Between)> = Vec::new();
    match (indicator.counted_over, &indicator.count, of) {
        (Some(kind), ..) => {
            for unit in counter.units_of(kind, scope) {
                let part = Scope { unit: Some(unit), zone: scope.zone };
                parts.push((counter.count(&indicator.count, part)?, counter.count(of, part)?));
            }
        }
        (None, Quantity::Facilities(count), Quantity::Facilities(of)) => {
            counter.supply.check_shown(&count.services)?;
            for site in counter.sites(&count.services, scope) {
                let sum = |what: &lifecircle_taxonomy::FacilityCount| {
                    counter.supply.sum([site], &what.services, what.measure, That::of(what))
                };
                if counter.supply.keeps(site, &count.services, That::of(count)).0 {
                    parts.push((sum(count)?, sum(of)?));
                }
            }
        }
        _ => return Err("there are neither units nor sites to compare".into()),
    }
    let unknown = parts.iter().filter(|(count, of)| !count.is_exact() || !of.is_exact()).count();
    if unknown > 0 {
        return Err(format!("{unknown} of {} do not state what is compared", parts.len()));
    }
    let (values, weights): (Vec<f64>, Vec<f64>) = parts
        .iter()
        .filter(|(_, of)| of.low > 0.0)
        .map(|(count, of)| (count.low / of.low * indicator.per, of.low))
        .unzip();
    let distribution = Distribution::new(&values, &weights).map_err(|error| error.to_string())?;
    let unequal = match spread {
        Spread::CoefficientOfVariation => distribution.variation(),
        Spread::Gini => distribution.gini(),
    };
    unequal.map_err(|reason| reason.to_string())
}

/// What `value` lacks of a goal.
fn short_by(goal: &Goal, value: f64) -> f64 {
    let below = goal.amount.at_least.map_or(0.0, |least| least - value);
    let above = goal.amount.at_most.map_or(0.0, |most| value - most);
    below.max(above).max(0.0)
}
