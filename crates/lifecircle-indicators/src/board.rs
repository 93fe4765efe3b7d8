//! The verdicts of all rules, summed: over everyone, over units, and place by place what is lacking.

use std::collections::BTreeMap;

use lifecircle_access::Coverage;
use lifecircle_types::{People, ZoneType};

use crate::assess::{Inputs, Verdicts, add};
use crate::assessment::{Range, Shares, UnitCoverage, UnitResult};

/// Rules, places and their verdicts.
pub(crate) struct Board<'a> {
    pub(crate) inputs: &'a Inputs<'a>,
    pub(crate) verdicts: &'a [Verdicts],
    /// Kind of place, per resident place.
    pub(crate) zones: &'a [Option<ZoneType>],
}

impl Board<'_> {
    /// Whether `row` is required of place `place`.
    fn is_required(&self, row: usize, place: usize) -> bool {
        self.inputs.rules[row].is_must(self.zones[place])
    }

    /// Required services of a place, and those met in both readings.
    fn score(&self, place: usize, rows: &[usize]) -> (u16, u16, u16) {
        let mut score = (0, 0, 0);
        for &row in rows.iter().filter(|&&row| self.is_required(row, place)) {
            score.0 += 1;
            score.1 += u16::from(self.verdicts[row].strict[place]);
            score.2 += u16::from(self.verdicts[row].lenient[place]);
        }
        score
    }

    pub(crate) fn met(&self, rows: &[usize]) -> Vec<(u16, u16, u16)> {
        (0..self.inputs.residents.len()).map(|place| self.score(place, rows)).collect()
    }

    pub(crate) fn shares(
        &self,
        scope: String,
        rows: &[usize],
        places: impl Iterator<Item = usize>,
    ) -> Shares {
        let services = rows.iter().map(|&row| self.inputs.rules[row].rule.service.clone()).collect();
        let mut shares = Shares { scope, services, ..Shares::default() };
        // people times services met, by number of required services: divided once, at the end
        let mut met_by_required: BTreeMap<u16, (u128, u128, People)> = BTreeMap::new();
        for place in places {
            let people = self.inputs.residents.people()[place];
            let (required, strict, lenient) = self.score(place, rows);
            if required == 0 {
                continue;
            }
            let range = |covered: fn(u16, u16) -> bool| {
                let part = |met| Coverage {
                    covered: if covered(met, required) { people } else { People::ZERO },
                    all: people,
                };
                Range { strict: part(strict), lenient: part(lenient) }
            };
            shares.every = add(shares.every, range(|met, required| met == required));
            shares.none = add(shares.none, range(|met, _| met == 0));
            let sums = met_by_required.entry(required).or_default();
            let times = |met: u16| u128::from(people.as_millionths()) * u128::from(met);
            *sums = (sums.0 + times(strict), sums.1 + times(lenient), sums.2 + people);
        }
        for (required, (strict, lenient, all)) in met_by_required {
            let divided = |sum: u128| {
                let rounded = (sum + u128::from(required) / 2) / u128::from(required);
                let covered = People::from_millionths(u64::try_from(rounded).unwrap_or(u64::MAX));
                Coverage { covered, all }
            };
            shares.mean = add(shares.mean, Range { strict: divided(strict), lenient: divided(lenient) });
        }
        shares
    }

    /// Coverage and shares of every unit.
    pub(crate) fn units(&self, rows: &[usize]) -> Vec<UnitResult> {
        let inputs = self.inputs;
        inputs
            .units
            .iter()
            .zip(inputs.places_by_unit())
            .map(|((_, unit), members)| {
                let coverage = rows.iter().map(|&row| {
                    let part = |holds: &[bool]| -> Coverage {
                        members
                            .iter()
                            .filter(|&&place| self.is_required(row, place))
                            .map(|&place| {
                                let all = inputs.residents.people()[place];
                                Coverage { covered: if holds[place] { all } else { People::ZERO }, all }
                            })
                            .sum()
                    };
                    let verdicts = &self.verdicts[row];
                    let coverage = Range { strict: part(&verdicts.strict), lenient: part(&verdicts.lenient) };
                    UnitCoverage { service: inputs.rules[row].rule.service.clone(), coverage }
                });
                UnitResult {
                    code: unit.code.clone(),
                    label: unit.label().into(),
                    kind: unit.kind,
                    coverage: coverage.collect(),
                    shares: self.shares("all".into(), rows, members.iter().copied()),
                }
            })
            .collect()
    }
}
