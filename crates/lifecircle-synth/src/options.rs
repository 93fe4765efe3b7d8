//! What a city is grown from.

use core::ops::RangeInclusive;

use lifecircle_types::LonLat;

use crate::error::{Error, Result};

/// What a city is grown from. Equal options give equal cities.
///
/// ```
/// use lifecircle_synth::SynthOptions;
///
/// let town = SynthOptions { people: 60_000, seed: 7, ..SynthOptions::default() };
/// assert!(town.check().is_ok());
/// let nobody = SynthOptions { people: 0, ..town };
/// assert_eq!(nobody.check().unwrap_err().to_string(), "people is 0: expected 10000 to 20000000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SynthOptions {
    /// Chooses the city among all of its kind.
    pub seed: u64,
    /// Residents, 10,000 to 20,000,000; the city has exactly as many.
    pub people: u64,
    /// Communities among which they live, of 6,000 to 10,500 people on average; `None` makes them of some 8,000.
    pub communities: Option<u64>,
    /// Where the middle of the city lies, between 65° south and 65° north and 178° west and east; fields in
    /// Sichuan unless set.
    pub anchor: LonLat,
    /// The first year, 2000 to 2100.
    pub year: u16,
    /// Years to tell of: 1, or 2 for a second table of services and residents with known changes.
    pub years: u8,
    /// Share of the estates outside the old town that have a wall, 0 to 1.
    pub walled_share: f64,
    /// Bridges over the river, up to 200; 0 is a city without a river. `None` lets the size decide: a river from 30,000
    /// people on, with a bridge at every second or third street. With a railway there is at least one on each side of
    /// it, and likewise for the next field.
    pub bridges: Option<u32>,
    /// Streets over the railway, up to 200; 0 is a city without one. `None` lets the size decide: a railway from 100,000
    /// people on, with a crossing at every second street.
    pub rail_crossings: Option<u32>,
    /// How far the plan strays from squared paper, 0 to 1. At 0 streets are straight, blocks alike, and everybody
    /// lives in estates of one kind.
    pub irregularity: f64,
    /// Entrances of a building, 1 to 8, side by side along it; each is a resident place of its own.
    pub entrances: u8,
    /// Share of the entrances of estates to which a way from the footway is on the map, 0 to 1. Homes do not move; a map
    /// with such ways has two nodes more for each.
    pub door_ways: f64,
    /// How much is wrong with the services, 0 to 1: 0 is a city in which every service stands in full.
    pub flaws: f64,
}

/// Fields between Chengdu and Suining.
const ANCHOR: (f64, f64) = (105.2, 30.4);

impl Default for SynthOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            people: 60_000,
            communities: None,
            anchor: LonLat::new(ANCHOR.0, ANCHOR.1).expect("a position on the earth"),
            year: 2025,
            years: 1,
            walled_share: 0.8,
            bridges: None,
            rail_crossings: None,
            irregularity: 0.6,
            entrances: 1,
            door_ways: 0.0,
            flaws: 0.5,
        }
    }
}

impl SynthOptions {
    /// Checks every option against its range.
    ///
    /// # Errors
    /// [`Error::Option`] names the first that is out of range.
    pub fn check(&self) -> Result<()> {
        within("people", self.people, 10_000..=20_000_000, "10000 to 20000000")?;
        if let Some(communities) = self.communities {
            within("communities", communities, 1..=u64::MAX, "at least 1")?;
            let expected = "such that 6000 to 10500 people live in each";
            within("communities", communities, self.people.div_ceil(10_500)..=self.people / 6000, expected)?;
        }
        within("anchor", self.anchor.lat(), -65.0..=65.0, "a latitude from -65 to 65 degrees")?;
        within("anchor", self.anchor.lon(), -178.0..=178.0, "a longitude from -178 to 178 degrees")?;
        within("year", self.year, 2000..=2100, "2000 to 2100")?;
        within("years", self.years, 1..=2, "1 or 2")?;
        within("walled_share", self.walled_share, 0.0..=1.0, "0 to 1")?;
        within("bridges", self.bridges.unwrap_or(0), 0..=200, "0 to 200")?;
        within("rail_crossings", self.rail_crossings.unwrap_or(0), 0..=200, "0 to 200")?;
        within("irregularity", self.irregularity, 0.0..=1.0, "0 to 1")?;
        within("entrances", self.entrances, 1..=8, "1 to 8")?;
        within("door_ways", self.door_ways, 0.0..=1.0, "0 to 1")?;
        within("flaws", self.flaws, 0.0..=1.0, "0 to 1")
    }
}

fn within<T: PartialOrd + ToString>(
    option: &'static str,
    value: T,
    range: RangeInclusive<T>,
    expected: &'static str,
) -> Result<()> {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(Error::Option { option, value: value.to_string(), expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_options_are_refused_by_name() {
        let sound = SynthOptions::default();
        let check = |options: SynthOptions, name: &str| {
            let message = options.check().unwrap_err().to_string();
            assert!(message.starts_with(name), "{message}");
        };
        check(SynthOptions { people: 0, ..sound }, "people is 0");
        check(SynthOptions { people: u64::MAX, ..sound }, "people is 18446744073709551615");
        check(SynthOptions { communities: Some(0), ..sound }, "communities is 0");
        check(SynthOptions { communities: Some(11), ..sound }, "communities is 11: expected such that");
        let pole = LonLat::new(0.0, 90.0).unwrap();
        check(SynthOptions { anchor: pole, ..sound }, "anchor is 90");
        let edge = LonLat::new(-180.0, 0.0).unwrap();
        check(SynthOptions { anchor: edge, ..sound }, "anchor is -180");
        check(SynthOptions { years: 3, ..sound }, "years is 3");
        check(SynthOptions { year: 1999, ..sound }, "year is 1999");
        check(SynthOptions { walled_share: f64::NAN, ..sound }, "walled_share is NaN");
        check(SynthOptions { irregularity: 1.5, ..sound }, "irregularity is 1.5");
        check(SynthOptions { entrances: 0, ..sound }, "entrances is 0");
        check(SynthOptions { door_ways: 1.01, ..sound }, "door_ways is 1.01");
        check(SynthOptions { flaws: -0.1, ..sound }, "flaws is -0.1");
        check(SynthOptions { bridges: Some(201), ..sound }, "bridges is 201");
        check(SynthOptions { rail_crossings: Some(u32::MAX), ..sound }, "rail_crossings is");
        assert!(LonLat::new(f64::NAN, 30.0).is_err(), "a position that is none cannot be given at all");
        sound.check().unwrap();
    }
}
