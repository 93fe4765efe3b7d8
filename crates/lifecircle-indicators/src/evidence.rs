//! The trips behind the verdicts, by rule and reading.

use lifecircle_types::{Evidence, FacilityIx, Millimetres, Speed, TravelTime};

/// Stands for what a trip does not have.
const NONE: u32 = u32::MAX;

/// One reading of a rule: for each resident place the trip to the nearest facility that counts, or none.
///
/// Takes 4 bytes a place for the facility and for each quantity that some trip has. Lengths and times at the end of what
/// can be represented count as none.
///
/// ```
/// use lifecircle_indicators::EvidenceColumn;
/// use lifecircle_types::{Evidence, FacilityIx, Millimetres, Speed};
///
/// let length = Some(Millimetres::new(500_000));
/// let walk = Evidence { facility: FacilityIx(7), length, time: None, straight_length: None };
/// let pace = Speed::try_from_metres_per_second(1.25)?;
/// let column = EvidenceColumn::walks(pace, [None, Some(walk)]);
/// assert_eq!(column.get(0), None);
/// assert_eq!(column.get(1).and_then(|walk| walk.time).map(|time| time.as_minutes_f64()), Some(400.0 / 60.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct EvidenceColumn {
    facility: Vec<u32>,
    length: Vec<u32>,
    time: Vec<u32>,
    straight_length: Vec<u32>,
    /// Whose walks these are, where times follow from lengths.
    pace: Option<Speed>,
}

impl EvidenceColumn {
    /// Walks at a pace: times follow from lengths, and those of `trips` are not looked at.
    pub fn walks(pace: Speed, trips: impl IntoIterator<Item = Option<Evidence>>) -> Self {
        let without_time = |trip: Option<Evidence>| trip.map(|trip| Evidence { time: None, ..trip });
        Self { pace: Some(pace), ..trips.into_iter().map(without_time).collect() }
    }

    /// Resident places.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.facility.len()
    }

    /// Whether there is no resident place, as of what is not assessed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.facility.is_empty()
    }

    /// The length of a place's trip along streets.
    #[must_use]
    pub fn length(&self, place: usize) -> Option<Millimetres> {
        self.length.get(place).copied().filter(|&length| length != NONE).map(Millimetres::new)
    }

    /// The trip of a place; `None` where there is none, and beyond the last place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Evidence> {
        let known = |column: &Vec<u32>| column.get(place).copied().filter(|&value| value != NONE);
        let facility = FacilityIx(known(&self.facility)?);
        let length = self.length(place);
        let time = match self.pace {
            Some(pace) => length.map(|length| pace.time_for(length)),
            None => known(&self.time).map(TravelTime::from_millis),
        };
        let straight_length = known(&self.straight_length).map(Millimetres::new);
        Some(Evidence { facility, length, time, straight_length })
    }

    /// The trips, by place.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<Evidence>> + '_ {
        (0..self.len()).map(|place| self.get(place))
    }
}

impl FromIterator<Option<Evidence>> for EvidenceColumn {
    fn from_iter<I: IntoIterator<Item = Option<Evidence>>>(trips: I) -> Self {
        let trips = trips.into_iter();
        let places = trips.size_hint().0;
        let mut columns = Self { facility: Vec::with_capacity(places), ..Self::default() };
        for (row, trip) in trips.enumerate() {
            columns.facility.push(trip.map_or(NONE, |trip| trip.facility.0));
            // a column begins with the first value that it has
            let keep = |column: &mut Vec<u32>, value: Option<u32>| {
                if column.is_empty() && value.is_some() {
                    column.reserve_exact(places);
                    column.resize(row, NONE);
                }
                if value.is_some() || !column.is_empty() {
                    column.push(value.unwrap_or(NONE));
                }
            };
            keep(&mut columns.length, trip.and_then(|trip| trip.length).map(Millimetres::get));
            keep(&mut columns.time, trip.and_then(|trip| trip.time).map(TravelTime::as_millis));
            keep(
                &mut columns.straight_length,
                trip.and_then(|trip| trip.straight_length).map(Millimetres::get),
            );
        }
        columns
    }
}

impl PartialEq for EvidenceColumn {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// The trips of one rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceEvidence {
    /// To facilities that count for certain.
    pub strict: EvidenceColumn,
    /// To facilities of either reading; `None` when there are no others.
    pub lenient: Option<EvidenceColumn>,
    /// To facilities of any level of the service's family; `None` when it is no level.
    pub any_level: Option<EvidenceColumn>,
    /// Walks to facilities that count for certain, wherever they are; `None` where the rule itself asks for a trip.
    pub elsewhere: Option<EvidenceColumn>,
}

impl ServiceEvidence {
    /// The trips that tell how far the nearest facility is, inside the rule or beyond.
    pub(crate) fn nearest(&self) -> &EvidenceColumn {
        self.elsewhere.as_ref().unwrap_or(&self.strict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_gives_back_what_it_was_given() {
        let trip = |facility, length: Option<u32>, time: Option<u32>, straight: Option<u32>| {
            Some(Evidence {
                facility: FacilityIx(facility),
                length: length.map(Millimetres::new),
                time: time.map(TravelTime::from_millis),
                straight_length: straight.map(Millimetres::new),
            })
        };
        let given = [
            None,
            trip(3, Some(1), None, None),
            trip(0, None, None, Some(5)),
            None,
            trip(9, Some(0), Some(0), Some(0)),
            trip(9, None, None, None),
        ];
        let column: EvidenceColumn = given.into_iter().collect();
        assert_eq!(column.iter().collect::<Vec<_>>(), given);
        assert_eq!((column.len(), column.get(6)), (6, None));
        assert_eq!(column.length.len(), 6, "a column that has begun has every place");

        let present = [None, trip(2, None, None, None)];
        let column: EvidenceColumn = present.into_iter().collect();
        assert_eq!((column.iter().collect::<Vec<_>>(), column.length.len()), (present.to_vec(), 0));
        assert!(EvidenceColumn::default().is_empty());

        // 600 m at 1 m/s, whatever the time that came with it
        let pace = Speed::try_from_metres_per_second(1.0).unwrap();
        let walks = EvidenceColumn::walks(pace, [trip(1, Some(600_000), Some(7), Some(400_000)), None]);
        assert_eq!(walks.get(0), trip(1, Some(600_000), Some(600_000), Some(400_000)));
        assert_eq!((walks.length(0), walks.length(1)), (Some(Millimetres::new(600_000)), None));
        assert_eq!(walks, [walks.get(0), None].into_iter().collect());
    }
}
