//! Two groups side by side: what permit holders have over what registered people have.

use std::collections::BTreeMap;

use lifecircle_indicators::Range;
use lifecircle_types::{FeatureTable, ServiceKey, UnitIx};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::asked::{Fault, Known, Question};
use crate::columns::{Rows, of_questions};
use crate::outcome::Outcome;
use crate::parts::{Part, Parts, Told};

/// Two groups of residents to be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ParityConfig {
    /// Its name in results; the groups joined by `:` unless set.
    pub key: Option<String>,
    /// Names of two groups of residents, such as `permit_holder` and `registered`: the first is held against the second;
    /// needed.
    pub groups: Vec<String>,
}

impl Question for ParityConfig {
    fn key(&self) -> String {
        self.key.clone().unwrap_or_else(|| self.groups.join(":"))
    }

    fn check(&self, known: &Known<'_>) -> core::result::Result<(), Fault> {
        let [one, other] = self.groups.as_slice() else {
            return Err((
                "groups",
                "name two groups of the residents: one, and whom it is held against".into(),
            ));
        };
        if one == other {
            return Err(("groups", format!("`{one}` is held against itself: name another group")));
        }
        known.group("groups", Some(one))?;
        known.group("groups", Some(other))?;
        Ok(())
    }
}

/// Two groups side by side, over the whole place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ParityFound"))]
#[non_exhaustive]
pub struct CityParity {
    /// Its name.
    pub key: String,
    /// What was asked.
    pub asked: ParityConfig,
    /// The whole place: all required services together, then service by service.
    pub whole: Vec<Parity>,
    /// Every unit in which both groups live, likewise.
    #[serde(skip)]
    pub units: Vec<Parity>,
}

/// Two groups of a unit side by side, by one service.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Parity {
    /// The unit; `None` is the whole place.
    #[serde(skip)]
    pub unit: Option<UnitIx>,
    /// The service; `None` are all required services.
    pub service: Option<ServiceKey>,
    /// Those of the first group who have it: of all required services, the mean share of them that a person has.
    pub one: GroupShare,
    /// Those of the second.
    pub other: GroupShare,
    /// The first share over the second, for certain; `None` where the second group has nothing.
    pub ratio: Option<f64>,
    /// The first share less the second, from -1 to 1, for certain.
    pub gap: Option<f64>,
}

/// The share of a group, for certain and at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupShare {
    /// Its people.
    pub people: lifecircle_types::People,
    /// For certain.
    pub strict: Option<f64>,
    /// At most.
    pub lenient: Option<f64>,
}

impl Outcome<'_> {
    /// Two groups of residents side by side, by every assessed service and by all required ones together, as the standard
    /// walker walks: the ratio of their shares and the difference.
    ///
    /// Where groups are known by area alone, homes of an area have one mix: the ratio then tells how they are spread over areas.
    ///
    /// # Errors
    /// [`Error::Asked`](crate::Error::Asked) for groups that the residents do not have.
    pub fn parity(&self, asked: &ParityConfig) -> Result<CityParity> {
        self.study.can_answer("parity", asked)?;
        let parts = self.parts();
        let (mut whole, mut units) = (vec![], vec![]);
        let mut add = |service: Option<&ServiceKey>, of: &dyn Fn(&Part<'_>) -> GroupShare| {
            let (here, there) = side_by_side(&parts, asked, service, of);
            whole.extend(here);
            units.extend(there);
        };
        let assessment = &self.assessment;
        let required = |place: usize| assessment.met[place];
        let all = |part: &Part<'_>| {
            let mean = |met: &dyn Fn(usize) -> u16| {
                part.mean_of(|place| {
                    let (required, ..) = required(place);
                    (required > 0).then(|| f64::from(met(place)) / f64::from(required))
                })
            };
            let (strict, lenient) = (mean(&|place| required(place).1), mean(&|place| required(place).2));
            GroupShare { people: part.all(), strict, lenient }
        };
        add(None, &all);
        for (row, service) in assessment.services.iter().enumerate() {
            if service.coverage.is_none() {
                continue;
            }
            let (strict, lenient) = (&assessment.verdicts[row], &assessment.lenient[row]);
            let of = |part: &Part<'_>| {
                let Range { strict, lenient } = part.range(|place| strict[place], |place| lenient[place]);
                GroupShare { people: strict.all, strict: strict.share(), lenient: lenient.share() }
            };
            add(Some(&service.service), &of);
        }
        units.sort_by_key(|row: &Parity| row.unit);
        Ok(CityParity { key: asked.key(), asked: asked.clone(), whole, units })
    }

    /// The table of `parity.csv`: for every question, unit and service two groups side by side; `None` where the study does
    /// not ask.
    ///
    /// # Errors
    /// Never for a study that was built.
    pub fn parity_table(&self) -> Result<Option<FeatureTable>> {
        let all = of_questions(&self.parity, |city| [&city.whole, &city.units]);
        let rows = Rows(&all);
        let number = |of: fn(&Parity) -> Option<f64>| rows.number(|row| of(row.1?));
        let group = |at: usize| rows.text(move |row| row.0.asked.groups.get(at).map(String::as_str));
        let figures = [
            ("service", rows.text(|row| row.1?.service.as_ref().map(ServiceKey::as_str))),
            ("group", group(0)),
            ("against", group(1)),
            ("people", number(|row| Some(row.one.people.as_f64()))),
            ("people_against", number(|row| Some(row.other.people.as_f64()))),
            ("share", number(|row| row.one.strict)),
            ("share_against", number(|row| row.other.strict)),
            ("share_lenient", number(|row| row.one.lenient)),
            ("share_lenient_against", number(|row| row.other.lenient)),
            ("ratio", number(|row| row.ratio)),
            ("gap", number(|row| row.gap)),
        ];
        let part = self.unit_columns(&rows, |row| row.1?.unit);
        let of_question = [("parity", rows.text(|row| Some(row.0.key.as_str())))];
        self.answers_table("parity", &rows, of_question.into_iter().chain(part).chain(figures))
    }
}

/// A row for the whole place and for every unit in which both groups live.
fn side_by_side(
    parts: &Parts<'_>,
    asked: &ParityConfig,
    service: Option<&ServiceKey>,
    of: &dyn Fn(&Part<'_>) -> GroupShare,
) -> (Vec<Parity>, Vec<Parity>) {
    type Shares = Vec<(Option<UnitIx>, GroupShare)>;
    let [one, other] = [0, 1].map(|at| {
        let group = asked.groups.get(at).map(String::as_str);
        parts.told(Told::Only(group), |part| (part.unit, of(part)))
    });
    let pairs = |one: Shares, other: Shares| {
        let other: BTreeMap<Option<UnitIx>, GroupShare> = other.into_iter().collect();
        let both = one.into_iter().filter_map(|(unit, one)| Some((unit, one, *other.get(&unit)?)));
        let strict = |one: GroupShare, other: GroupShare| one.strict.zip(other.strict);
        let row = |(unit, one, other)| Parity {
            unit,
            service: service.cloned(),
            one,
            other,
            ratio: strict(one, other).filter(|(_, other)| *other > 0.0).map(|(one, other)| one / other),
            gap: strict(one, other).map(|(one, other)| one - other),
        };
        both.map(row).collect()
    };
    (pairs(one.0, other.0), pairs(one.1, other.1))
}
