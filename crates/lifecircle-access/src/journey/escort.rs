//! Escort trips (policy 380): two walk together, and the slower sets the pace.

use lifecircle_types::{Cost, FacilityIx, Millimetres, Speed, TravelMatrix, TravelTime};

use crate::Result;
use crate::gravity::rows;
use crate::pairs::{check_length, check_reach};

/// What happens after the escorted person has arrived.
#[derive(Clone, Copy, Debug)]
pub enum WayBack<'a> {
    /// Both walk back home, at the pace of the slower: a visit to the clinic.
    Together,
    /// The escort walks home alone: a child is taken to kindergarten. It has to be fetched, too: that is another trip.
    Alone,
    /// The escort walks on alone, such as to work: for every home and facility the length from there to where the escort
    /// of this home goes on to, complete up to the limit.
    On(&'a TravelMatrix),
}

/// What the limit holds for, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscortLimit {
    /// Each of the two ways.
    EachWay(TravelTime),
    /// Both together.
    RoundTrip(TravelTime),
}

/// Who walks, and how far they may.
#[derive(Clone, Copy, Debug)]
pub struct Escort<'a> {
    /// The pace of the one who escorts.
    pub escort: Speed,
    /// The pace of the one who is escorted.
    pub escorted: Speed,
    /// What comes after.
    pub back: WayBack<'a>,
    /// How long it may take.
    pub limit: EscortLimit,
}

/// The shortest trip within the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscortTrip {
    /// Where to.
    pub facility: FacilityIx,
    /// The time there, together.
    pub there: TravelTime,
    /// The time back or on.
    pub back: TravelTime,
}

impl EscortTrip {
    /// Both ways.
    #[must_use]
    pub fn total(&self) -> TravelTime {
        self.there + self.back
    }
}

/// The shortest escort trip of every place that keeps within the limit; `None` where none does. Of trips that take as
/// long the one to the first facility. Linear in the pairs.
///
/// `matrix` holds lengths along ways that both can take. A way back is as long as the way there.
///
/// # Errors
/// [`Error::OtherUnit`](crate::Error::OtherUnit) for times in the place of lengths;
/// [`Error::MatrixTooShort`](crate::Error::MatrixTooShort) where a matrix ends before the limit;
/// [`Error::LengthMismatch`](crate::Error::LengthMismatch) where the ways on do not fit the ways there.
///
/// ```
/// # use lifecircle_access::{Escort, EscortLimit, WayBack, escort_trips};
/// # use lifecircle_types::{DemandIx, FacilityIx, Millimetres, Speed, TravelMatrix, TravelTime};
/// let (m, min) = (Millimetres::from_metres, TravelTime::from_minutes);
/// let matrix = TravelMatrix::new(1, 1, m(1200), [(DemandIx(0), FacilityIx(0), m(600))])?;
/// let adult = Speed::covering(m(80), min(1))?;
/// let child = Speed::covering(m(60), min(1))?;
/// let mut escort =
///     Escort { escort: adult, escorted: child, back: WayBack::Alone, limit: EscortLimit::EachWay(min(10)) };
/// // 600 m take a child 10 minutes, an adult 7½
/// let trip = escort_trips(&matrix, &escort)?[0].unwrap();
/// assert_eq!((trip.there, trip.back), (min(10), TravelTime::from_secs(450)));
/// escort.back = WayBack::Together;
/// assert_eq!(escort_trips(&matrix, &escort)?[0].unwrap().total(), min(20));
/// escort.limit = EscortLimit::RoundTrip(min(19));
/// assert_eq!(escort_trips(&matrix, &escort)?, [None]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn escort_trips(matrix: &TravelMatrix, escort: &Escort<'_>) -> Result<Vec<Option<EscortTrip>>> {
    let together = slower(escort.escort, escort.escorted);
    let longest = match (escort.limit, escort.back) {
        (EscortLimit::RoundTrip(time), WayBack::Together) => {
            TravelTime::from_millis(time.as_millis().div_ceil(2))
        }
        (EscortLimit::EachWay(time) | EscortLimit::RoundTrip(time), _) => time,
    };
    check_reach(matrix, Cost::Length(together.length_in(longest)))?;
    if let WayBack::On(on) = escort.back {
        check_length("ways on", on.rows(), matrix.rows())?;
        check_length("ways on", on.columns(), matrix.columns())?;
        let (EscortLimit::EachWay(limit) | EscortLimit::RoundTrip(limit)) = escort.limit;
        check_reach(on, Cost::Length(escort.escort.length_in(limit)))?;
    }
    let length = |cost: Cost| Millimetres::new(cost.raw());
    let best = |row| {
        let trips = matrix.row(row).filter_map(|(facility, cost)| {
            let there = together.time_for(length(cost));
            let back = match escort.back {
                WayBack::Together => there,
                WayBack::Alone => escort.escort.time_for(length(cost)),
                WayBack::On(on) => escort.escort.time_for(length(on.get(row, facility)?)),
            };
            let trip = EscortTrip { facility, there, back };
            let keeps = match escort.limit {
                EscortLimit::EachWay(limit) => there.max(back) <= limit,
                EscortLimit::RoundTrip(limit) => trip.total() <= limit,
            };
            keeps.then_some(trip)
        });
        trips.min_by_key(|trip| (trip.total(), trip.facility))
    };
    Ok(rows(matrix).map(best).collect())
}

/// The slower of two paces, compared exactly.
fn slower(one: Speed, other: Speed) -> Speed {
    // a pace is slower where a long way takes longer
    let far = Millimetres::from_metres(100_000);
    if one.time_for(far) >= other.time_for(far) { one } else { other }
}
