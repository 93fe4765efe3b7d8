//! Laws of access by time of day, against a loop over every minute.

use lifecircle_access::{HoursCoverage, HoursTask, OpenHours, Period, coverage_by_time};
use lifecircle_types::{DemandIx, FacilityIx, People, TravelMatrix, TravelTime};
use proptest::prelude::*;

const DAYS: u32 = 2;
const MINUTES: u32 = DAYS * 24 * 60;

fn period() -> Period {
    Period::of_days(DAYS).expect("two days")
}

fn minutes(minutes: u32) -> TravelTime {
    TravelTime::from_minutes(minutes)
}

type Spans = Vec<(u32, u32)>;

fn spans() -> impl Strategy<Value = Spans> {
    let span = (0..MINUTES, prop_oneof![8 => 1..600_u32, 1 => Just(MINUTES)]);
    prop::collection::vec(span.prop_map(|(start, length)| (start, start + length)), 0..4)
}

#[derive(Debug, Clone)]
struct Town {
    trips: Vec<Option<u32>>,
    hours: Vec<(Spans, Spans)>,
    people: Vec<u64>,
    stay: u32,
}

const PLACES: u32 = 3;
const FACILITIES: u32 = 2;

fn town() -> impl Strategy<Value = Town> {
    let trips = prop::collection::vec(prop::option::of(0..40_u32), (PLACES * FACILITIES) as usize);
    let hours = prop::collection::vec((spans(), spans()), FACILITIES as usize);
    let people = prop::collection::vec(0..50_u64, PLACES as usize);
    (trips, hours, people, 0..120_u32).prop_map(|(trips, hours, people, stay)| Town {
        trips,
        hours,
        people,
        stay,
    })
}

impl Town {
    fn matrix(&self) -> TravelMatrix {
        let pairs = (0..PLACES).flat_map(|i| (0..FACILITIES).map(move |j| (i, j)));
        let trips = pairs
            .zip(&self.trips)
            .filter_map(|((i, j), trip)| Some((DemandIx(i), FacilityIx(j), minutes((*trip)?))));
        TravelMatrix::new(PLACES, FACILITIES, minutes(60), trips).expect("trips within an hour")
    }

    fn hours(&self) -> Vec<OpenHours> {
        let one = |(open, unknown): &(Spans, Spans)| {
            OpenHours::new(period(), open.clone(), unknown.clone()).expect("spans of two days")
        };
        self.hours.iter().map(one).collect()
    }

    fn people(&self) -> Vec<People> {
        self.people.iter().copied().map(People::whole).collect()
    }

    fn answer(&self, within: u32) -> HoursCoverage {
        coverage_by_time(&HoursTask {
            matrix: &self.matrix(),
            within: minutes(within),
            period: period(),
            hours: &self.hours(),
            people: &self.people(),
            stay: minutes(self.stay),
            slot: 60,
        })
        .expect("a task that fits")
    }

    /// Whether `place` is covered when it sets out at `minute`, by asking every minute of the stay.
    fn covered(&self, hours: &[OpenHours], place: u32, minute: u32, lenient: bool) -> bool {
        (0..FACILITIES).any(|facility| {
            let Some(trip) = self.trips[(place * FACILITIES + facility) as usize].filter(|trip| *trip <= 30)
            else {
                return false;
            };
            (0..=self.stay).all(|after| hours[facility as usize].at(minute + trip + after).unwrap_or(lenient))
        })
    }
}

fn no_less(more: &HoursCoverage, less: &HoursCoverage) -> bool {
    [(&more.strict, &less.strict), (&more.lenient, &less.lenient)].into_iter().all(|(more, less)| {
        let times = more.time.iter().zip(&less.time).all(|(more, less)| more >= less);
        let slots = more.slots.iter().zip(&less.slots).all(|(more, less)| more.covered >= less.covered);
        times
            && slots
            && more.worst.covered >= less.worst.covered
            && more.overall.covered >= less.overall.covered
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_minute_agrees(town in town()) {
        let answer = town.answer(30);
        let hours = town.hours();
        for (lenient, found) in [(false, &answer.strict), (true, &answer.lenient)] {
            let mut slots = vec![0_u64; (MINUTES / 60) as usize];
            let mut fewest = (u64::MAX, 0);
            let mut time = vec![0; PLACES as usize];
            for minute in 0..MINUTES {
                let mut now = 0;
                for place in 0..PLACES {
                    if town.covered(&hours, place, minute, lenient) {
                        now += town.people[place as usize];
                        time[place as usize] += 60_000;
                    }
                }
                slots[(minute / 60) as usize] += now;
                if now < fewest.0 {
                    fewest = (now, minute * 60_000);
                }
            }
            prop_assert_eq!(&found.time, &time);
            prop_assert_eq!((found.worst.covered, found.worst_at), (People::whole(fewest.0), fewest.1));
            // sixtieths of people, rounded to the millionth
            let mean = |sum: u64, count: u64| People::from_millionths((sum * 1_000_000 + count / 2) / count);
            for (found, slot) in found.slots.iter().zip(&slots) {
                prop_assert_eq!(found.covered, mean(*slot, 60));
            }
            let all = slots.iter().sum();
            prop_assert_eq!(found.overall.covered, mean(all, u64::from(MINUTES)));
        }
    }

    #[test]
    fn more_is_never_less(town in town(), spans in spans(), at in 0..FACILITIES as usize) {
        let answer = town.answer(30);
        // unknown hours may be open
        for (strict, lenient) in answer.strict.time.iter().zip(&answer.lenient.time) {
            prop_assert!(strict <= lenient);
        }
        prop_assert!(answer.strict.worst.covered <= answer.lenient.worst.covered);
        for found in [&answer.strict, &answer.lenient] {
            prop_assert!(found.overall.share().is_none_or(|share| (0.0..=1.0).contains(&share)));
            prop_assert!(found.slots.iter().all(|slot| found.worst.covered <= slot.covered));
        }
        // longer hours, a wider reach, a shorter stay
        let mut longer = town.clone();
        longer.hours[at].0.extend(spans);
        prop_assert!(no_less(&longer.answer(30), &answer));
        prop_assert!(no_less(&town.answer(40), &answer));
        let mut stays = town.clone();
        stays.stay += 7;
        prop_assert!(no_less(&answer, &stays.answer(30)));
        // hours that turn out to be open are between
        let mut told = town.clone();
        let unknown = std::mem::take(&mut told.hours[at].1);
        told.hours[at].0.extend(unknown);
        let told = told.answer(30);
        prop_assert!(no_less(&told, &answer));
        prop_assert_eq!(told.lenient, answer.lenient);
    }

    #[test]
    fn the_order_of_facilities_and_spans_is_only_an_order(town in town()) {
        let mut turned = town.clone();
        turned.hours.reverse();
        for (open, unknown) in &mut turned.hours {
            open.reverse();
            unknown.reverse();
        }
        turned.trips = town.trips.chunks(FACILITIES as usize).flat_map(|row| row.iter().rev().copied()).collect();
        prop_assert_eq!(turned.answer(30), town.answer(30));
    }
}
