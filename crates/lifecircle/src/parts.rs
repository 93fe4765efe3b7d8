//! The whole place, its units and their groups of residents: what measures are told by.

use lifecircle_access::Coverage;
use lifecircle_indicators::Range;
use lifecircle_types::{
    ColumnValues, DemandSet, FeatureTable, People, TravelTime, Unit, UnitIx, reduce::Running,
};

use crate::Result;
use crate::columns::Rows;
use crate::outcome::Outcome;

/// Whom a measure is told of.
#[derive(Clone, Copy)]
pub(crate) enum Told<'a> {
    /// Everybody, and every group.
    EveryGroup,
    /// One group; everybody where none is named.
    Only(Option<&'a str>),
}

/// Some residents of a part of the place.
pub(crate) struct Part<'a> {
    /// The unit; `None` is the whole place.
    pub(crate) unit: Option<UnitIx>,
    /// The group; `None` is everybody.
    pub(crate) group: Option<&'a str>,
    /// Their places.
    places: &'a [usize],
    /// Their people at every place of the study.
    people: &'a [People],
}

/// The places of the whole and of every unit, with everybody who lives there.
pub(crate) struct Parts<'a> {
    residents: &'a DemandSet,
    /// Every place of the study.
    everywhere: Vec<usize>,
    /// Places by unit.
    members: Vec<Vec<usize>>,
}

impl Parts<'_> {
    /// A row for each of some residents: those of the whole place first, then those of every unit, everybody before groups.
    /// Units and groups of nobody have none.
    pub(crate) fn told<R>(&self, of: Told<'_>, mut row: impl FnMut(&Part<'_>) -> R) -> (Vec<R>, Vec<R>) {
        let everybody = (None, self.residents.people());
        let groups =
            self.residents.groups().iter().map(|(group, people)| (Some(group.name.as_str()), people));
        let groups: Vec<(Option<&str>, &[People])> = match of {
            Told::EveryGroup => core::iter::once(everybody).chain(groups).collect(),
            Told::Only(None) => vec![everybody],
            Told::Only(name) => groups.filter(|(group, _)| *group == name).collect(),
        };
        let mut all = |unit: Option<UnitIx>, places: &[usize]| -> Vec<R> {
            let parts = groups.iter().map(|&(group, people)| Part { unit, group, places, people });
            let inhabited = parts.filter(|part| part.all() > People::ZERO);
            inhabited.map(|part| row(&part)).collect()
        };
        let whole = all(None, &self.everywhere);
        let units = self.members.iter().enumerate();
        (whole, units.flat_map(|(unit, places)| all(Some(UnitIx::new(unit)), places)).collect())
    }
}

impl Outcome<'_> {
    /// The parts that measures are told of; to be made once for all that are told.
    pub(crate) fn parts(&self) -> Parts<'_> {
        let residents = &self.study.residents;
        let everywhere = (0..residents.len()).collect();
        Parts { residents, everywhere, members: self.inputs().places_by_unit() }
    }

    /// Columns that say which part of the place a row is of.
    pub(crate) fn unit_columns<R>(
        &self,
        rows: &Rows<'_, R>,
        of: impl Fn(&R) -> Option<UnitIx>,
    ) -> [(&'static str, ColumnValues); 3] {
        let unit = |row: &R| Some(&self.study.units[of(row)?]);
        [
            ("unit_code", rows.text(|row| Some(unit(row)?.code.clone()))),
            ("unit_label", rows.text(|row| Some(unit(row).map_or("the whole place", Unit::label)))),
            ("unit_kind", rows.text(|row| Some(unit(row)?.kind.as_str()))),
        ]
    }

    /// Columns that say which residents a row is of.
    pub(crate) fn part_columns<R>(
        &self,
        rows: &Rows<'_, R>,
        of: impl Fn(&R) -> Option<(Option<UnitIx>, Option<&str>)>,
    ) -> [(&'static str, ColumnValues); 4] {
        let [code, label, kind] = self.unit_columns(rows, |row| of(row)?.0);
        [code, label, kind, ("group", rows.text(|row| Some(of(row)?.1?.to_owned())))]
    }

    /// The table of the answers to the questions under a key of `study.toml`; `None` where there is none.
    pub(crate) fn answers_table<'c, R>(
        &self,
        name: &str,
        rows: &Rows<'_, R>,
        columns: impl IntoIterator<Item = (&'c str, ColumnValues)>,
    ) -> Result<Option<FeatureTable>> {
        if rows.0.is_empty() { Ok(None) } else { self.noted(name, rows.table(columns)).map(Some) }
    }
}

impl<'a> Part<'a> {
    /// Its places with somebody of it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, People)> + use<'a> {
        let people = self.people;
        let at = self.places.iter().map(move |&place| (place, people[place]));
        at.filter(|(_, people)| *people > People::ZERO)
    }

    /// All of them.
    pub(crate) fn all(&self) -> People {
        self.iter().map(|(_, people)| people).sum()
    }

    /// The sum of whole numbers over its places.
    pub(crate) fn sum(&self, of: impl Fn(usize) -> u64) -> u64 {
        self.iter().map(|(place, _)| of(place)).sum()
    }

    /// Those for whom it holds.
    pub(crate) fn coverage(&self, holds: impl Fn(usize) -> bool) -> Coverage {
        let covered = self.iter().filter(|(place, _)| holds(*place)).map(|(_, people)| people).sum();
        Coverage { covered, all: self.all() }
    }

    /// Those for whom it holds for certain, and those for whom it may.
    pub(crate) fn range(&self, strict: impl Fn(usize) -> bool, lenient: impl Fn(usize) -> bool) -> Range {
        let lenient = |place| strict(place) || lenient(place);
        Range { strict: self.coverage(&strict), lenient: self.coverage(lenient) }
    }

    /// The mean of whole numbers over those who have one.
    pub(crate) fn mean(&self, of: impl Fn(usize) -> Option<u64>) -> Option<f64> {
        let (mut sum, mut all) = (0_u128, 0_u128);
        for (place, people) in self.iter() {
            if let Some(value) = of(place) {
                sum += u128::from(people.as_millionths()) * u128::from(value);
                all += u128::from(people.as_millionths());
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a mean, formed once")]
        (all > 0).then(|| sum as f64 / all as f64)
    }

    /// The mean over those who have a value.
    pub(crate) fn mean_of(&self, of: impl Fn(usize) -> Option<f64>) -> Option<f64> {
        let (mut sum, mut all) = (Running::default(), People::ZERO);
        for (place, people) in self.iter() {
            if let Some(value) = of(place) {
                sum.add(people.as_f64() * value);
                all += people;
            }
        }
        (all > People::ZERO).then(|| sum.total() / all.as_f64())
    }

    /// The mean time in minutes over those who have one.
    pub(crate) fn mean_minutes(&self, of: impl Fn(usize) -> Option<TravelTime>) -> Option<f64> {
        let millis = self.mean(|place| of(place).map(|time| u64::from(time.as_millis())));
        millis.map(|millis| millis / 60_000.0)
    }
}
