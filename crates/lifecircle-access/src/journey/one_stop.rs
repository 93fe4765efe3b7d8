//! One stop: several services within a few steps of each other.
//!
//! Every facility is an anchor; around it stand the facilities within the radius `r` of it, itself included. The stop
//! offers what any of these offers. So a stop does not depend on the order in which facilities are listed, and one
//! facility may belong to several stops.

use lifecircle_types::{Cost, DemandIx, FacilityIx, TravelMatrix};

use crate::gravity::rows;
use crate::pairs::{check_length, check_reach};
use crate::{Error, Result};

/// The best that a place finds at one stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OneStop {
    /// Required services at the stop in reach that has the most of them.
    pub services: u32,
    /// Its anchor, and what it costs to get there: of stops with as many services the nearest, then the first. `None`
    /// where no stop in reach has any.
    pub anchor: Option<(FacilityIx, Cost)>,
}

/// How many of the required services every place finds within one stop, at a facility within `within` (inclusive).
///
/// `offers` lists the required services of every facility, by number, in any order; `around` the costs between facilities,
/// complete up to `radius` (inclusive; 100 m is the usual walk from door to door), in metres of street or as the crow
/// flies. A facility need not stand beside itself. A place finds `k` services at one stop where
/// [`OneStop::services`]` >= k`. O(pairs of both, times services at a stop).
///
/// # Errors
/// [`Error::LengthMismatch`], [`Error::MatrixTooShort`] and [`Error::OtherUnit`] for either matrix.
///
/// ```
/// # use lifecircle_access::one_stop;
/// # use lifecircle_types::{DemandIx, FacilityIx, Millimetres, TravelMatrix};
/// let m = Millimetres::from_metres;
/// // a kindergarten (0), a canteen (1) 80 m from it, and a clinic (2) 80 m farther
/// let doors = [(0, 1, 80), (1, 0, 80), (1, 2, 80), (2, 1, 80)];
/// let around = TravelMatrix::new(3, 3, m(100), doors.map(|(a, b, d)| (DemandIx(a), FacilityIx(b), m(d))))?;
/// let walks = [(0, 400), (1, 480), (2, 560)].map(|(j, d)| (DemandIx(0), FacilityIx(j), m(d)));
/// let walks = TravelMatrix::new(1, 3, m(600), walks)?;
/// let offers = [vec![0], vec![1], vec![2]];
/// // all three are within 100 m of the canteen
/// let found = one_stop(&walks, m(500), &around, m(100), &offers)?;
/// assert_eq!((found[0].services, found[0].anchor), (3, Some((FacilityIx(1), m(480).into()))));
/// // who walks 450 m gets to the kindergarten alone, with the canteen beside it
/// assert_eq!(one_stop(&walks, m(450), &around, m(100), &offers)?[0].services, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn one_stop(
    matrix: &TravelMatrix,
    within: impl Into<Cost>,
    around: &TravelMatrix,
    radius: impl Into<Cost>,
    offers: &[Vec<u32>],
) -> Result<Vec<OneStop>> {
    let (within, radius) = (within.into(), radius.into());
    check_reach(matrix, within)?;
    check_reach(around, radius)?;
    check_length("offers", offers.len(), matrix.columns())?;
    check_length("facilities around facilities", around.rows(), matrix.columns())?;
    check_length("facilities around facilities", around.columns(), matrix.columns())?;
    let mut here = Vec::new();
    let mut at_stop = |anchor: DemandIx| {
        here.clear();
        here.extend_from_slice(&offers[anchor.index()]);
        for (beside, _) in around.row(anchor).filter(|(_, cost)| cost.raw() <= radius.raw()) {
            here.extend_from_slice(&offers[beside.index()]);
        }
        here.sort_unstable();
        here.dedup();
        u32::try_from(here.len()).map_err(|_| Error::TooLarge { what: "services" })
    };
    let services: Vec<u32> = rows(around).map(&mut at_stop).collect::<Result<_>>()?;
    let best = |row: DemandIx| {
        let stops = matrix.row(row).filter(|(_, cost)| cost.raw() <= within.raw());
        let found = stops
            .map(|(anchor, cost)| (services[anchor.index()], anchor, cost))
            .filter(|(services, ..)| *services > 0)
            .min_by_key(|&(services, anchor, cost)| (core::cmp::Reverse(services), cost.raw(), anchor));
        found.map_or(OneStop::default(), |(services, anchor, cost)| OneStop {
            services,
            anchor: Some((anchor, cost)),
        })
    };
    Ok(rows(matrix).map(best).collect())
}
