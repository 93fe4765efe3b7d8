//! Levels, stops and escorts, worked out on paper.

use lifecircle_access::{Error, Escort, EscortLimit, Referral, WayBack, escort_trips, levels, one_stop};
use lifecircle_types::{Cost, DemandIx, FacilityIx, Millimetres, Speed, TravelMatrix, TravelTime};

const fn minutes(minutes: u32) -> TravelTime {
    TravelTime::from_minutes(minutes)
}

const fn metres(metres: u32) -> Millimetres {
    Millimetres::from_metres(metres)
}

fn in_minutes(rows: u32, columns: u32, trips: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips = trips.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), minutes(m)));
    TravelMatrix::new(rows, columns, minutes(60), trips).expect("trips within an hour")
}

fn in_metres(rows: u32, columns: u32, trips: &[(u32, u32, u32)]) -> TravelMatrix {
    let trips = trips.iter().map(|&(i, j, m)| (DemandIx(i), FacilityIx(j), metres(m)));
    TravelMatrix::new(rows, columns, metres(2000), trips).expect("ways within two kilometres")
}

fn cost(at: u32) -> Option<Cost> {
    Some(minutes(at).into())
}

fn chain<const N: usize>(facilities: [u32; N]) -> Vec<FacilityIx> {
    facilities.map(FacilityIx).to_vec()
}

/// Home 0: station 0 in 5, station 1 in 8 minutes; home 1: station 1 in 9; home 2 reaches none; home 3: station 2 in 2.
/// Stations: 0 to centre 0 in 20, 1 to centre 1 in 10, 2 to none. Centres: 0 to the hospital in 5, 1 in 30.
fn town() -> [TravelMatrix; 3] {
    [
        in_minutes(4, 3, &[(0, 0, 5), (0, 1, 8), (1, 1, 9), (3, 2, 2)]),
        in_minutes(3, 2, &[(0, 0, 20), (1, 1, 10)]),
        in_minutes(2, 1, &[(0, 0, 5), (1, 0, 30)]),
    ]
}

#[test]
fn the_cheapest_chain_depends_on_where_it_ends() {
    let [stations, centres, hospital] = town();
    let found = levels(&stations, &[&centres, &hospital], Referral::Cheapest).unwrap();
    assert_eq!(found.cost[0], [cost(5), cost(9), None, cost(2)]);
    // to a centre by the second station (8 + 10), to the hospital by the first (5 + 20 + 5, against 8 + 10 + 30)
    assert_eq!(found.cost[1], [cost(18), cost(19), None, None]);
    assert_eq!(found.cost[2], [cost(30), cost(49), None, None]);
    assert_eq!(found.chain, [chain([0, 0, 0]), chain([1, 1, 0]), chain([]), chain([2])]);
}

#[test]
fn step_by_step_people_go_to_the_next_at_hand() {
    let [stations, centres, hospital] = town();
    let found = levels(&stations, &[&centres, &hospital], Referral::Stepwise).unwrap();
    assert_eq!(found.cost[1], [cost(25), cost(19), None, None]);
    assert_eq!(found.cost[2], [cost(30), cost(49), None, None]);
    assert_eq!(found.chain[3], chain([2]), "a station that refers to nobody ends the chain");
}

#[test]
fn levels_that_do_not_fit_are_refused() {
    let [stations, centres, _] = town();
    let wrong = levels(&stations, &[&centres, &centres], Referral::Cheapest);
    assert!(matches!(wrong, Err(Error::LengthMismatch { expected: 2, found: 3, .. })));
    let lengths = in_metres(3, 2, &[]);
    assert!(matches!(levels(&stations, &[&lengths], Referral::Cheapest), Err(Error::OtherUnit { .. })));
    let alone = levels(&stations, &[], Referral::Stepwise).unwrap();
    assert_eq!((alone.cost.len(), alone.chain[0].as_slice()), (1, [FacilityIx(0)].as_slice()));
}

#[test]
fn a_stop_is_what_stands_around_each_facility() {
    // a row of four doors, 60 m apart: canteen, clinic, canteen, bank; a hundred metres take in the neighbours only
    let beside: Vec<_> = (0..3).flat_map(|a| [(a, a + 1, 60), (a + 1, a, 60)]).collect();
    let around = in_metres(4, 4, &beside);
    let offers = [vec![0], vec![1, 2], vec![0], vec![3]];
    let walks = in_metres(2, 4, &[(0, 0, 500), (0, 1, 560), (0, 2, 620), (0, 3, 680), (1, 3, 1000)]);
    let at = |within, radius| one_stop(&walks, metres(within), &around, metres(radius), &offers).unwrap();
    // around the canteen: 0, 1, 2; around the clinic the same, with a canteen twice; around the second canteen all four
    assert_eq!(
        (at(560, 100)[0].services, at(560, 100)[0].anchor),
        (3, Some((FacilityIx(0), metres(500).into())))
    );
    assert_eq!(
        (at(620, 100)[0].services, at(620, 100)[0].anchor),
        (4, Some((FacilityIx(2), metres(620).into())))
    );
    assert_eq!(at(620, 59)[0].services, 2, "alone the clinic offers two");
    assert_eq!((at(999, 100)[1].services, at(999, 100)[1].anchor), (0, None), "nothing is in reach");
    assert_eq!(at(1000, 100)[1].services, 2, "a bank with a canteen beside it");
    let short = one_stop(&walks, metres(500), &in_metres(4, 3, &[]), metres(100), &offers);
    assert!(matches!(short, Err(Error::LengthMismatch { .. })));
    let far = one_stop(&walks, metres(500), &around, metres(2001), &offers);
    assert!(matches!(far, Err(Error::MatrixTooShort { .. })));
}

#[test]
fn the_slower_sets_the_pace() {
    // 80 m a minute alone, 60 with a child; kindergartens 480 m and 600 m away
    let pace = |m| Speed::covering(metres(m), minutes(1)).unwrap();
    let ways = in_metres(2, 2, &[(0, 0, 480), (0, 1, 600)]);
    let trip = |back, limit| {
        let escort = Escort { escort: pace(80), escorted: pace(60), back, limit };
        escort_trips(&ways, &escort).unwrap()[0].map(|trip| (trip.facility.0, trip.there, trip.back))
    };
    let each = EscortLimit::EachWay(minutes(10));
    assert_eq!(trip(WayBack::Together, each), Some((0, minutes(8), minutes(8))));
    assert_eq!(trip(WayBack::Alone, each), Some((0, minutes(8), minutes(6))));
    assert_eq!(trip(WayBack::Alone, EscortLimit::RoundTrip(minutes(14))), Some((0, minutes(8), minutes(6))));
    assert_eq!(trip(WayBack::Alone, EscortLimit::RoundTrip(minutes(13))), None);
    assert_eq!(
        trip(WayBack::Together, EscortLimit::RoundTrip(minutes(16))),
        Some((0, minutes(8), minutes(8)))
    );
    assert_eq!(trip(WayBack::Together, EscortLimit::RoundTrip(minutes(15))), None);
    // work is 800 m from the near kindergarten and 320 m from the far one: 8 + 10 against 10 + 4
    let on = in_metres(2, 2, &[(0, 0, 800), (0, 1, 320)]);
    assert_eq!(trip(WayBack::On(&on), each), Some((1, minutes(10), minutes(4))));
    // who escorts may be the slower one
    let older = Escort { escort: pace(48), escorted: pace(60), back: WayBack::Alone, limit: each };
    let found = escort_trips(&ways, &older).unwrap();
    assert_eq!(found[0].map(|trip| trip.total()), Some(minutes(20)));
    assert_eq!(found[1], None, "nothing in reach");
}

#[test]
fn escorts_need_lengths_up_to_the_limit() {
    let pace = |m| Speed::covering(metres(m), minutes(1)).unwrap();
    let ways = in_metres(1, 1, &[(0, 0, 100)]);
    let escort = |limit, back| Escort { escort: pace(100), escorted: pace(100), back, limit };
    let far = escort(EscortLimit::EachWay(minutes(21)), WayBack::Alone);
    assert!(matches!(escort_trips(&ways, &far), Err(Error::MatrixTooShort { .. })));
    let there_and_back = escort(EscortLimit::RoundTrip(minutes(40)), WayBack::Together);
    assert!(escort_trips(&ways, &there_and_back).is_ok(), "20 minutes each way are 2000 m");
    let times = in_minutes(1, 1, &[(0, 0, 1)]);
    let near = escort(EscortLimit::EachWay(minutes(1)), WayBack::Together);
    assert!(matches!(escort_trips(&times, &near), Err(Error::OtherUnit { .. })));
    let on = escort(EscortLimit::EachWay(minutes(1)), WayBack::On(&times));
    assert!(matches!(escort_trips(&ways, &on), Err(Error::OtherUnit { .. })));
}
