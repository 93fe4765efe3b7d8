//! Laws of every measure on random matrices.

use lifecircle_access::{
    Binary, Catchment, CatchmentForm, Crowding, Custom, Decay, Error, Exponential, Gaussian, Group, Growth,
    Kernel, Linear, LogGaussian, Logistic, Middle, Plateau, Power, Raam, RootExponential, SoftThreshold,
    Stepped, TruncatedGaussian, balancing_cost, catchment, catchments, check_conservation, check_decay,
    check_equilibrium, choice_diversity, cost_of_supply, coverage, crowdedness, cumulative,
    cumulative_interval, doubly_constrained, gravity, grouped_catchment, huff, log_sum, mean_of_nearest,
    nearest, participation, passive, raam, ranked, singly_constrained, spatial_availability,
    totally_constrained, two_step_fca, variable_two_step_fca, weighted_mean,
};
use lifecircle_types::{Cost, CostUnit, DemandIx, FacilityIx, People, TravelMatrix, TravelTime, reduce};
use proptest::prelude::*;
use std::num::NonZeroU32;

const ROWS: u32 = 12;
const COLUMNS: u32 = 6;
const CUTOFF: TravelTime = TravelTime::from_minutes(30);

type Entry = (DemandIx, FacilityIx, TravelTime);

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (0..ROWS, 0..COLUMNS, 0..=CUTOFF.as_millis());
    prop::collection::vec(entry, 0..60).prop_map(|raw| {
        let mut seen = std::collections::BTreeMap::new();
        for (row, column, cost) in raw {
            seen.insert((row, column), cost);
        }
        seen.into_iter().map(|((r, c), t)| (DemandIx(r), FacilityIx(c), TravelTime::from_millis(t))).collect()
    })
}

/// Costs of whole minutes, so that ties are common.
fn minute_entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (0..ROWS, 0..COLUMNS, 0..=30_u32);
    prop::collection::vec(entry, 0..60).prop_map(|raw| {
        let seen: std::collections::BTreeMap<_, _> = raw.into_iter().map(|(r, c, t)| ((r, c), t)).collect();
        seen.into_iter()
            .map(|((r, c), t)| (DemandIx(r), FacilityIx(c), TravelTime::from_minutes(t)))
            .collect()
    })
}

/// Amounts of which some are nothing.
fn amounts(count: u32) -> impl Strategy<Value = Vec<f64>> {
    let amount = prop_oneof![1 => Just(0.0), 4 => 0.5..500.0f64, 1 => (1..9u32).prop_map(f64::from)];
    prop::collection::vec(amount, count as usize)
}

fn matrix_of(entries: Vec<Entry>) -> TravelMatrix {
    TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).expect("entries fit")
}

fn received(found: &Catchment, demand: &[f64]) -> f64 {
    found.access.iter().zip(demand).map(|(access, people)| access * people).sum()
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1e-9)
}

fn all_close(one: &[f64], other: &[f64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| close(*one, *other))
}

struct AnyDecay(Box<dyn Decay>);

impl std::fmt::Debug for AnyDecay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "weighs {} at 4 min", self.0.weight(TravelTime::from_minutes(4).into()))
    }
}

/// Decays that end within the cutoff.
fn decays() -> impl Strategy<Value = AnyDecay> {
    (0..8_u32, 1..20_u32).prop_map(|(family, half)| {
        let half = TravelTime::from_minutes(half);
        let fits = "the parameters fit";
        AnyDecay(match family {
            0 => Box::new(Binary::within(half)),
            1 => Box::new(Linear::half_at(TravelTime::from_millis(half.as_millis() / 2))),
            2 => Box::new(Exponential::half_at(half, CUTOFF).expect(fits)),
            3 => Box::new(Gaussian::half_at(half, CUTOFF).expect(fits)),
            4 => Box::new(TruncatedGaussian::half_at(half)),
            5 => Box::new(Kernel::half_at(half)),
            6 => Box::new(Logistic::half_at(half, TravelTime::from_minutes(2), CUTOFF).expect(fits)),
            _ => Box::new(SoftThreshold::half_at(half, 5.0, CUTOFF).expect(fits)),
        })
    })
}

proptest! {
    #[test]
    fn supply_with_demand_in_reach_is_conserved(
        entries in entries(),
        supply in prop::collection::vec(0.0..500.0f64, COLUMNS as usize),
        demand in prop::collection::vec(1.0..500.0f64, ROWS as usize),
    ) {
        let matrix = TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).unwrap();
        let access = two_step_fca(&matrix, &supply, &demand, &Linear::to_zero_at(CUTOFF)).unwrap().access;
        let reached: f64 = (0..COLUMNS)
            .filter(|&column| matrix.entries().any(|(_, f, c)| f.0 == column && c.raw() < CUTOFF.as_millis()))
            .map(|column| supply[column as usize])
            .sum();
        let received: f64 = access.iter().zip(&demand).map(|(a, p)| a * p).sum();
        prop_assert!((received - reached).abs() <= 1e-6 * reached.max(1.0), "{received} of {reached}");
    }

    #[test]
    fn weights_by_the_block_are_those_one_by_one(
        decay in decays(),
        bands in prop::collection::btree_map(0..60_000_u32, 0..=0_u8, 1..20),
        costs in prop::collection::vec(0..70_000_u32, 0..1500),
    ) {
        // more bands than are counted in one go, and fewer
        let count = bands.len();
        let weight = |band: usize| f64::from(u32::try_from(count - band).unwrap()) / 20.0;
        let bands = bands.into_keys().enumerate().map(|(band, upper)| (CostUnit::Time.cost(upper), weight(band)));
        let stepped = Stepped::new(bands.collect()).unwrap();
        let all: [&dyn Decay; 2] = [&*decay.0, &stepped];
        for decay in all {
            let mut together = vec![f64::NAN; costs.len()];
            decay.weigh_all(CostUnit::Time, &costs, &mut together);
            for (&cost, found) in costs.iter().zip(together) {
                prop_assert_eq!(found.to_bits(), decay.weight(CostUnit::Time.cost(cost)).to_bits());
            }
        }
    }

    /// A pair keeps its band or its weight: the sums are the same, bit for bit.
    #[test]
    fn bands_weigh_what_the_decay_does(
        bands in prop::collection::btree_map(0..=CUTOFF.as_millis(), 0..=0_u8, 1..20),
        entries in entries(),
        supply in prop::collection::vec(0.0..500.0f64, COLUMNS as usize),
        demand in prop::collection::vec(0.0..500.0f64, ROWS as usize),
    ) {
        let count = bands.len();
        let weight = |band: usize| f64::from(u32::try_from(count - band).unwrap()) / 20.0;
        let bands = bands.into_keys().enumerate().map(|(band, upper)| (CostUnit::Time.cost(upper), weight(band)));
        let stepped = Stepped::new(bands.collect()).unwrap();
        let one_by_one = Custom::new(stepped.zero_beyond(), |cost: Cost| stepped.weight(cost));
        let matrix = TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).unwrap();
        for form in [CatchmentForm::TWO_STEP, CatchmentForm::THREE_STEP, CatchmentForm::HUFF] {
            let banded = catchment(&matrix, &supply, &demand, &stepped, form).unwrap();
            prop_assert_eq!(banded, catchment(&matrix, &supply, &demand, &one_by_one, form).unwrap());
        }
    }

    #[test]
    fn cumulative_is_the_sum_of_what_is_near(
        entries in entries(),
        supply in prop::collection::vec(prop_oneof![0.0..9e15_f64, (0..1000_u32).prop_map(f64::from)], COLUMNS as usize),
        whole: bool,
        limit in 0..=30_u32,
    ) {
        // whole numbers are added as integers, where they fit
        let supply: Vec<f64> = if whole { supply.iter().map(|amount| amount.floor()).collect() } else { supply };
        let matrix = matrix_of(entries);
        let limit = TravelTime::from_minutes(limit);
        let found = cumulative(&matrix, &supply, limit).unwrap();
        for (row, found) in found.into_iter().enumerate() {
            let near = matrix.row(DemandIx::new(row)).filter(|(_, cost)| cost.raw() <= limit.as_millis());
            let expected = reduce::sum(near.map(|(facility, _)| supply[facility.index()]));
            prop_assert_eq!(found.to_bits(), expected.to_bits());
        }
    }

    #[test]
    fn another_facility_never_lowers_coverage(entries in entries(), limit in 0..=30u32) {
        let limit = TravelTime::from_minutes(limit);
        let people = vec![People::whole(7); ROWS as usize];
        let share = |entries: Vec<_>| {
            let matrix = TravelMatrix::new(ROWS, COLUMNS, CUTOFF, entries).unwrap();
            let reached: Vec<_> = nearest(&matrix, NonZeroU32::MIN)
                .into_iter()
                .map(|cost| cost.is_some_and(|cost| cost.raw() <= limit.as_millis()))
                .collect();
            coverage(&people, &reached).unwrap().covered
        };
        let fewer: Vec<_> = entries.iter().copied().filter(|(_, f, _)| f.0 != 3).collect();
        prop_assert!(share(fewer) <= share(entries));
    }

    #[test]
    fn the_order_of_entries_changes_no_bit(
        entries in entries(), supply in amounts(COLUMNS), demand in amounts(ROWS),
    ) {
        let forwards = everything(&matrix_of(entries.clone()), &supply, &demand);
        let backwards = everything(&matrix_of(entries.into_iter().rev().collect()), &supply, &demand);
        prop_assert_eq!(forwards, backwards);
    }

    #[test]
    fn forms_give_away_what_they_say(
        entries in entries(), decay in decays(), supply in amounts(COLUMNS), demand in amounts(ROWS),
    ) {
        let matrix = matrix_of(entries);
        use CatchmentForm as Form;
        let forms = [Form::TWO_STEP, Form::THREE_STEP, Form::MODIFIED, Form::HUFF, Form::BALANCED];
        let found = catchments(&matrix, &supply, &demand, &*decay.0, &forms).unwrap();
        for conserving in &found[..2] {
            check_conservation(conserving, &supply, &demand).unwrap();
        }
        let all: f64 = supply.iter().sum();
        for losing in &found[2..4] {
            prop_assert!(received(losing, &demand) <= all * (1.0 + 1e-9));
        }
        let balanced = [&found[4].access, &found[4].ratio].map(|values| values.iter().sum::<f64>());
        prop_assert!(close(balanced[0], balanced[1]), "{balanced:?}");
        for found in &found {
            prop_assert_eq!(found.access.len(), ROWS as usize, "empty places stay");
            prop_assert!(found.access.iter().chain(&found.ratio).all(|value| value.is_finite() && *value >= 0.0));
            for unused in &found.unused {
                prop_assert_eq!(found.ratio[unused.index()].to_bits(), 0);
            }
        }
    }

    #[test]
    fn availability_per_person_is_the_two_step_catchment(
        entries in entries(), decay in decays(), supply in amounts(COLUMNS), demand in amounts(ROWS),
    ) {
        let matrix = matrix_of(entries);
        let floating = two_step_fca(&matrix, &supply, &demand, &*decay.0).unwrap();
        let available = singly_constrained(&matrix, &supply, &demand, &*decay.0).unwrap();
        for (place, per_person) in available.per_person.iter().enumerate() {
            prop_assert_eq!(per_person.is_some(), demand[place] > 0.0);
            prop_assert!(per_person.is_none_or(|value| close(value, floating.access[place])));
        }
        // whatever the exponent, what is given away is what the facilities in use have
        for alpha in [0.0, 0.5, 3.0] {
            let found = spatial_availability(&matrix, &supply, &demand, &*decay.0, alpha).unwrap();
            let used = supply.iter().enumerate().filter(|(j, _)| !found.unused.contains(&FacilityIx::new(*j)));
            let used: f64 = used.map(|(_, supply)| supply).sum();
            prop_assert!(close(found.available.iter().sum(), used));
        }
    }

    #[test]
    fn crowdedness_is_the_two_step_catchment_seen_from_the_facilities(
        entries in entries(), decay in decays(), supply in amounts(COLUMNS), demand in amounts(ROWS),
    ) {
        let turned = entries.iter().map(|&(i, j, cost)| (DemandIx(j.0), FacilityIx(i.0), cost));
        let turned = TravelMatrix::new(COLUMNS, ROWS, CUTOFF, turned).unwrap();
        let found = crowdedness(&matrix_of(entries), &supply, &demand, &*decay.0).unwrap();
        let mirrored = two_step_fca(&turned, &demand, &supply, &*decay.0).unwrap();
        prop_assert!(all_close(&found.crowdedness, &mirrored.access));
        let excluded: f64 = found.excluded.iter().map(|place| demand[place.index()]).sum();
        let people: f64 = found.crowdedness.iter().zip(&supply).map(|(c, s)| c * s).sum();
        prop_assert!(close(people + excluded, demand.iter().sum()));
    }

    #[test]
    fn groups_of_one_kind_are_one_group(
        entries in entries(), supply in amounts(COLUMNS), one in amounts(ROWS), other in amounts(ROWS),
    ) {
        let matrix = matrix_of(entries);
        let decay = Linear::to_zero_at(CUTOFF);
        let group = |demand| Group { matrix: &matrix, demand, decay: &decay };
        let both: Vec<f64> = one.iter().zip(&other).map(|(one, other)| one + other).collect();
        for form in [CatchmentForm::TWO_STEP, CatchmentForm::THREE_STEP, CatchmentForm::HUFF] {
            let apart = grouped_catchment(&supply, &[group(&one), group(&other)], form).unwrap();
            let together = catchment(&matrix, &supply, &both, &decay, form).unwrap();
            prop_assert!(all_close(&apart.ratio, &together.ratio));
            prop_assert!(apart.access.iter().all(|access| all_close(access, &together.access)));
        }
    }

    #[test]
    fn twice_the_supply_is_twice_the_access(
        entries in entries(), decay in decays(), supply in amounts(COLUMNS), demand in amounts(ROWS),
    ) {
        let matrix = matrix_of(entries);
        let twice = |column: &[f64]| -> Vec<f64> { column.iter().map(|value| value * 2.0).collect() };
        use CatchmentForm as Form;
        for form in [Form::TWO_STEP, Form::THREE_STEP, Form::MODIFIED, Form::HUFF, Form::BALANCED] {
            let find = |supply: &[f64], demand: &[f64]| {
                catchment(&matrix, supply, demand, &*decay.0, form).unwrap().access
            };
            let once = find(&supply, &demand);
            prop_assert!(all_close(&twice(&once), &find(&twice(&supply), &demand)));
            prop_assert!(all_close(&once, &find(&twice(&supply), &twice(&demand))));
        }
        let around = gravity(&matrix, &supply, &*decay.0).unwrap();
        prop_assert!(all_close(&twice(&around), &gravity(&matrix, &twice(&supply), &*decay.0).unwrap()));
    }

    #[test]
    fn another_facility_lowers_nothing_that_does_not_compete(
        entries in entries(), decay in decays(), supply in amounts(COLUMNS), needed in amounts(ROWS),
    ) {
        let fewer = matrix_of(entries.iter().copied().filter(|(_, f, _)| f.0 != 3).collect());
        let more = matrix_of(entries);
        let risen = |fewer: &[f64], more: &[f64]| fewer.iter().zip(more).all(|(fewer, more)| more >= fewer);
        let around = |matrix| gravity(matrix, &supply, &*decay.0).unwrap();
        prop_assert!(risen(&around(&fewer), &around(&more)));
        let within = |matrix| cumulative(matrix, &supply, TravelTime::from_minutes(11)).unwrap();
        prop_assert!(risen(&within(&fewer), &within(&more)));
        let far = |matrix| -> Vec<u32> {
            let costs = cost_of_supply(matrix, &supply, &needed).unwrap();
            costs.into_iter().map(|cost| cost.map_or(u32::MAX, Cost::raw)).collect()
        };
        prop_assert!(far(&fewer).iter().zip(far(&more)).all(|(fewer, more)| more <= *fewer));
        let benefit = |matrix| -> Vec<f64> {
            let sums = log_sum(matrix, &supply, TravelTime::from_minutes(5), CUTOFF).unwrap();
            sums.into_iter().map(|sum| sum.unwrap_or(f64::NEG_INFINITY)).collect()
        };
        let risen_but_for_rounding =
            benefit(&fewer).iter().zip(benefit(&more)).all(|(fewer, more)| more >= fewer - 1e-9);
        prop_assert!(risen_but_for_rounding);
    }

    #[test]
    fn agents_come_to_rest(
        entries in minute_entries(), supply in amounts(COLUMNS), demand in amounts(ROWS), scale in 1..60_u32,
    ) {
        let matrix = matrix_of(entries);
        let scale = TravelTime::from_minutes(scale).into();
        let crowding = Crowding { scale, within: CUTOFF.into(), people_per_supply: None };
        let found = raam(&matrix, &supply, &demand, &crowding).unwrap();
        check_equilibrium(&found, &matrix, &supply, &demand, &crowding, 1e-12).unwrap();
        let all: f64 = demand.iter().sum();
        prop_assert!(close(found.load.iter().sum::<f64>() + found.excluded_people, all));
        // all of twice as much changes no cost, and crowds half as heavy leave nobody worse off
        let twice = |column: &[f64]| -> Vec<f64> { column.iter().map(|value| value * 2.0).collect() };
        let costs = |found: &[Option<f64>]| -> Vec<f64> { found.iter().map(|cost| cost.unwrap_or(-1.0)).collect() };
        let again = raam(&matrix, &twice(&supply), &twice(&demand), &crowding).unwrap();
        prop_assert!(all_close(&costs(&found.cost), &costs(&again.cost)));
        let rho = Some(2.0 * all / supply.iter().sum::<f64>()).filter(|rho| rho.is_finite() && *rho > 0.0);
        let lighter = raam(&matrix, &supply, &demand, &Crowding { people_per_supply: rho, ..crowding }).unwrap();
        let mean = |found: &Raam| -> f64 { found.cost.iter().flatten().zip(0..).map(|(cost, _)| cost).sum() };
        prop_assert!(rho.is_none() || mean(&lighter) <= mean(&found) * (1.0 + 1e-9));
    }

    #[test]
    fn double_constraints_hold_on_both_sides(
        costs in prop::collection::vec(0..=30_u32, (ROWS * COLUMNS) as usize),
        sent in prop::collection::vec(1.0..99.0f64, ROWS as usize),
        taken in prop::collection::vec(1.0..99.0f64, COLUMNS as usize),
    ) {
        let cells = (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (DemandIx(row), FacilityIx(column))));
        let entries = cells.zip(costs).map(|((i, j), minutes)| (i, j, TravelTime::from_minutes(minutes)));
        let matrix = matrix_of(entries.collect());
        let (all, room): (f64, f64) = (sent.iter().sum(), taken.iter().sum());
        let taken: Vec<f64> = taken.iter().map(|amount| amount * all / room).collect();
        let decay = Exponential::half_at(TravelTime::from_minutes(8), CUTOFF).unwrap();
        let found = doubly_constrained(&matrix, &sent, &taken, &decay, 1e-10).unwrap();
        let total = |side: &dyn Fn(&(DemandIx, FacilityIx, f64)) -> bool| -> f64 {
            found.flows.iter().filter(|flow| side(flow)).map(|flow| flow.2).sum()
        };
        for (i, sent) in (0..).zip(&sent) {
            prop_assert!(close(total(&|flow| flow.0.0 == i), *sent));
        }
        for (j, taken) in (0..).zip(&taken) {
            prop_assert!(close(total(&|flow| flow.1.0 == j), *taken));
        }
        let unequal = doubly_constrained(&matrix, &sent, &vec![all; COLUMNS as usize], &decay, 1e-9);
        prop_assert!(matches!(unequal, Err(Error::Unequal { .. })), "{unequal:?}");
    }

    #[test]
    fn choices_add_up(
        entries in entries(), decay in decays(), supply in amounts(COLUMNS), demand in amounts(ROWS),
    ) {
        let matrix = matrix_of(entries);
        let found = huff(&matrix, &supply, &demand, &*decay.0).unwrap();
        let excluded: f64 = found.excluded.iter().map(|place| demand[place.index()]).sum();
        prop_assert!(close(found.users.iter().sum::<f64>() + excluded, demand.iter().sum()));
        prop_assert_eq!(&participation(&matrix, &supply, &demand, &*decay.0, 1.0).unwrap(), &found);
        let some = participation(&matrix, &supply, &demand, &*decay.0, 0.2).unwrap();
        for (some, all) in some.users.iter().zip(&found.users) {
            prop_assert!(some <= all);
        }
        // a higher order counts less of the rare; none counts more than there are
        let diversity = |order| choice_diversity(&matrix, &supply, &*decay.0, order).unwrap();
        let numbers = [0.0, 0.5, 1.0, 2.0, 9.0].map(diversity);
        for place in 0..ROWS as usize {
            let count = found.shares.iter().filter(|share| share.0.index() == place).count();
            prop_assert!(close(numbers[0][place], f64::from(u32::try_from(count).unwrap())));
            prop_assert!(numbers.windows(2).all(|pair| pair[1][place] <= pair[0][place] * (1.0 + 1e-9)));
            prop_assert!(count == 0 || numbers[4][place] >= 1.0 - 1e-9);
        }
    }

    #[test]
    fn catchments_that_never_have_enough_are_two_step_catchments(
        entries in entries(), supply in amounts(COLUMNS), demand in amounts(ROWS), limit in 0..=30_u32,
    ) {
        let matrix = matrix_of(entries);
        let at_most = TravelTime::from_minutes(limit).into();
        let growth = Growth { enough_people: 1e12, enough_supply: 1e12, at_most };
        let grown = variable_two_step_fca(&matrix, &supply, &demand, growth).unwrap();
        let plain = two_step_fca(&matrix, &supply, &demand, &Binary::within(at_most)).unwrap();
        prop_assert!(all_close(&grown.catchment.access, &plain.access));
        prop_assert!(all_close(&grown.catchment.ratio, &plain.ratio));
        prop_assert_eq!(grown.catchment.unused, plain.unused);
        prop_assert!(grown.facility_range.iter().chain(&grown.place_range).all(|range| *range == at_most));
    }

    #[test]
    fn intervals_lie_between_their_ends(entries in entries(), supply in amounts(COLUMNS)) {
        let matrix = matrix_of(entries);
        let cutoffs: Vec<Cost> = (10..=20).map(|m| TravelTime::from_minutes(m).into()).collect();
        let [low, high] = [10, 20].map(|m| cumulative(&matrix, &supply, TravelTime::from_minutes(m)).unwrap());
        for middle in [Middle::Median, Middle::Mean] {
            let between = cumulative_interval(&matrix, &supply, &cutoffs, middle).unwrap();
            for ((low, between), high) in low.iter().zip(&between).zip(&high) {
                prop_assert!(low - 1e-9 <= *between && *between <= high + 1e-9);
            }
        }
        // an interval of one cutoff is that cutoff
        let one = cumulative_interval(&matrix, &supply, &cutoffs[..1], Middle::Mean).unwrap();
        prop_assert!(all_close(&one, &low));
    }

    #[test]
    fn every_half_weight_point_is_one(
        half in 1..4_000_000_u32, full in 1..2_000_000_u32, wide in 1..2_000_000_u32,
    ) {
        let time = TravelTime::from_millis;
        let (at, far) = (time(half), time(8_000_000));
        let rest = Gaussian::half_at(time(half - half / 3), far).unwrap();
        let mut decays: Vec<Box<dyn Decay>> = vec![
            Box::new(Exponential::half_at(at, far).unwrap()),
            Box::new(RootExponential::half_at(at, far).unwrap()),
            Box::new(Gaussian::half_at(at, far).unwrap()),
            Box::new(TruncatedGaussian::half_at(at)),
            Box::new(Kernel::half_at(at)),
            Box::new(Linear::half_at(at)),
            Box::new(SoftThreshold::half_at(at, 3.0, far).unwrap()),
            Box::new(Plateau::then(time(half / 3), rest).unwrap()),
        ];
        // those that have no such point with these parameters refuse
        if let Ok(power) = Power::half_at(at, time(full), far) {
            decays.push(Box::new(power));
            decays.push(Box::new(LogGaussian::half_at(at, time(full), far).unwrap()));
        }
        if let Ok(logistic) = Logistic::half_at(at, time(wide), far) {
            decays.push(Box::new(logistic));
        }
        for (n, decay) in decays.iter().enumerate() {
            check_decay(decay.as_ref()).unwrap();
            prop_assert!((decay.weight(at.into()) - 0.5).abs() < 1e-9, "{n}: {}", decay.weight(at.into()));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused(
        row in 0..COLUMNS as usize, bad in prop::sample::select(vec![f64::NAN, f64::INFINITY, -1.0]),
    ) {
        let matrix = matrix_of(vec![(DemandIx(0), FacilityIx(0), TravelTime::from_minutes(3))]);
        let (fine, people) = ([1.0; COLUMNS as usize], [1.0; ROWS as usize]);
        let (mut supply, mut demand) = (fine, people);
        supply[row] = bad;
        demand[row] = bad;
        let decay = Binary::within(CUTOFF);
        let crowding =
            Crowding { scale: CUTOFF.into(), within: CUTOFF.into(), people_per_supply: None };
        let growth = Growth { enough_people: 1.0, enough_supply: 1.0, at_most: CUTOFF.into() };
        let named = |found: Option<Error>, column: &str| {
            matches!(found, Some(Error::BadValue { what, row: at, .. }) if what == column && at == row)
        };
        for (supply, demand, column) in [(&supply, &people, "supply"), (&fine, &demand, "demand")] {
            prop_assert!(named(two_step_fca(&matrix, supply, demand, &decay).err(), column));
            prop_assert!(named(crowdedness(&matrix, supply, demand, &decay).err(), column));
            prop_assert!(named(variable_two_step_fca(&matrix, supply, demand, growth).err(), column));
            prop_assert!(named(singly_constrained(&matrix, supply, demand, &decay).err(), column));
            prop_assert!(named(huff(&matrix, supply, demand, &decay).err(), column));
            prop_assert!(named(participation(&matrix, supply, demand, &decay, 0.2).err(), column));
            prop_assert!(named(raam(&matrix, supply, demand, &crowding).err(), column));
        }
        prop_assert!(named(totally_constrained(&matrix, &supply, &decay).err(), "supply"));
        prop_assert!(named(choice_diversity(&matrix, &supply, &decay, 1.0).err(), "supply"));
        prop_assert!(named(cost_of_supply(&matrix, &supply, &people).err(), "supply"));
        prop_assert!(named(gravity(&matrix, &supply, &decay).err(), "opportunities"));
        prop_assert!(named(log_sum(&matrix, &supply, CUTOFF, CUTOFF).err(), "opportunities"));
        prop_assert!(named(weighted_mean(&matrix, &supply, &decay).err(), "values"));
        prop_assert!(named(ranked(&matrix, &supply, &decay).err(), "rank weights"));
        prop_assert!(named(passive(&matrix, &demand, &decay).err(), "people"));
        prop_assert!(named(doubly_constrained(&matrix, &demand, &fine, &decay, 1e-6).err(), "origins"));
        prop_assert!(named(doubly_constrained(&matrix, &people, &supply, &decay, 1e-6).err(), "destinations"));
    }
}

/// Every measure, to the last bit.
fn everything(matrix: &TravelMatrix, supply: &[f64], demand: &[f64]) -> Vec<String> {
    use CatchmentForm as Form;
    let forms = [Form::TWO_STEP, Form::THREE_STEP, Form::MODIFIED, Form::HUFF, Form::BALANCED];
    let decay = Exponential::half_at(TravelTime::from_minutes(7), CUTOFF).expect("it fits");
    let two = NonZeroU32::MIN.saturating_add(1);
    let crowding = Crowding { scale: CUTOFF.into(), within: CUTOFF.into(), people_per_supply: Some(3.0) };
    let growth = Growth { enough_people: 300.0, enough_supply: 0.5, at_most: CUTOFF.into() };
    // shortest form that reads back as the same bits
    vec![
        format!("{:?}", catchments(matrix, supply, demand, &decay, &forms)),
        format!("{:?}", crowdedness(matrix, supply, demand, &decay)),
        format!("{:?}", variable_two_step_fca(matrix, supply, demand, growth)),
        format!("{:?}", spatial_availability(matrix, supply, demand, &decay, 1.5)),
        format!("{:?}", totally_constrained(matrix, supply, &decay)),
        format!("{:?}", huff(matrix, supply, demand, &decay)),
        format!("{:?}", participation(matrix, supply, demand, &decay, 0.2)),
        format!("{:?}", choice_diversity(matrix, supply, &decay, 1.0)),
        format!("{:?}", raam(matrix, supply, demand, &crowding)),
        format!("{:?}", gravity(matrix, supply, &decay)),
        format!("{:?}", weighted_mean(matrix, supply, &decay)),
        format!("{:?}", passive(matrix, demand, &decay)),
        format!("{:?}", ranked(matrix, &[3.0, 1.0], &decay)),
        format!("{:?}", log_sum(matrix, supply, CUTOFF, CUTOFF)),
        format!("{:?}", cost_of_supply(matrix, supply, demand)),
        format!("{:?}", (nearest(matrix, two), mean_of_nearest(matrix, two))),
    ]
}

#[test]
fn supply_keeps_up_or_never_does() {
    let min = TravelTime::from_minutes;
    let at = |entries: &[(u32, u32, u32)], columns| {
        let entries = entries.iter().map(|&(i, j, t)| (DemandIx(i), FacilityIx(j), min(t)));
        TravelMatrix::new(2, columns, min(30), entries).unwrap()
    };
    let (jobs, homes) =
        (at(&[(0, 0, 5), (0, 1, 12), (1, 0, 12)], 2), at(&[(0, 0, 0), (0, 1, 10), (1, 1, 0), (1, 0, 10)], 2));
    // first place: 10 people at once, 40 jobs at 5: enough. Second: 80 people at once, 90 from 10, 40 jobs at
    // 12: never
    let found = balancing_cost(&jobs, &[40.0, 60.0], &homes, &[10.0, 80.0], 1.0).unwrap();
    assert_eq!(found, [Some(min(5).into()), None]);
    // 0.4 jobs per person: the second place has 40 where it needs 36
    let found = balancing_cost(&jobs, &[40.0, 60.0], &homes, &[10.0, 80.0], 0.4).unwrap();
    assert_eq!(found, [Some(min(5).into()), Some(min(12).into())]);
    let short = TravelMatrix::new(2, 2, min(20), homes.entries()).unwrap();
    assert!(matches!(
        balancing_cost(&jobs, &[1.0; 2], &short, &[1.0; 2], 1.0),
        Err(Error::MatrixTooShort { .. })
    ));
}
