//! Measures by name, with what they need.

use core::num::NonZeroU32;

use lifecircle_access::{
    CatchmentForm, Choice, Crowding, Growth, Middle, Raam, balancing_cost, choice_diversity, cost_of_supply,
    coverage, crowdedness, cumulative, cumulative_interval, doubly_constrained, gravity, huff, log_sum,
    mean_of_nearest, nearest, participation, passive, raam, ranked, singly_constrained, spatial_availability,
    totally_constrained, variable_two_step_fca, weighted_mean,
};
use lifecircle_types::{Cost, DemandIx, FacilityIx, People};

use super::named::named;
use super::parameters::Parameter;
use super::{Task, fault};
use crate::Result;

/// What a measure has a value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeasureOf {
    /// Every place.
    Places,
    /// Every facility.
    Facilities,
    /// Places and facilities: flows and shares, where there are any.
    Pairs,
    /// Everybody together.
    Everybody,
}

/// A table that a measure needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeasureInput {
    /// Supply by facility.
    Supply,
    /// People by place.
    Demand,
    /// Costs between places.
    Neighbours,
}

/// How a measure stands to a decay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecayUse {
    /// It has none.
    None,
    /// `binary` unless another is named.
    Optional,
    /// It has to be named, as none is agreed on.
    Needed,
}

/// Values, and what else there is to say.
pub(super) struct Found {
    pub(super) values: Values,
    pub(super) notes: Vec<String>,
}

pub(super) enum Values {
    /// By place, by facility, or one for everybody.
    Rows(Vec<Option<f64>>),
    Pairs(Vec<(DemandIx, FacilityIx, f64)>),
}

enum Compute {
    /// Catchment measures share one pass.
    Form(CatchmentForm),
    With(fn(&Task<'_>) -> Result<Found>),
}

pub(super) struct Row {
    name: &'static str,
    about: &'static str,
    of: MeasureOf,
    inputs: &'static [MeasureInput],
    decay: DecayUse,
    takes: &'static [Parameter],
    compute: Compute,
}

named! {
    /// A measure that is asked for by name.
    ///
    /// ```
    /// # use lifecircle::{MeasureOf, NamedMeasure};
    /// let passive: NamedMeasure = "passive".parse()?;
    /// assert_eq!(passive.of(), MeasureOf::Facilities);
    /// # Ok::<(), lifecircle::Error>(())
    /// ```
    NamedMeasure, MEASURES, "measure"
}

impl NamedMeasure {
    /// What it has a value for.
    #[must_use]
    pub const fn of(self) -> MeasureOf {
        self.0.of
    }

    /// The tables that it needs beside the matrix.
    #[must_use]
    pub const fn inputs(self) -> &'static [MeasureInput] {
        self.0.inputs
    }

    /// How it stands to a decay.
    #[must_use]
    pub const fn decay(self) -> DecayUse {
        self.0.decay
    }

    /// Its parameters, beside those of its decay.
    #[must_use]
    pub const fn parameters(self) -> &'static [Parameter] {
        self.0.takes
    }

    pub(super) const fn form(self) -> Option<CatchmentForm> {
        match self.0.compute {
            Compute::Form(form) => Some(form),
            Compute::With(_) => None,
        }
    }

    /// Its values; of a catchment measure by a pass of its own.
    pub(super) fn compute(self, task: &Task<'_>) -> Result<Found> {
        match self.0.compute {
            Compute::With(compute) => compute(task),
            Compute::Form(form) => Ok(task.catchments(&[form])?.remove(0)),
        }
    }
}

const fn row(
    name: &'static str,
    of: MeasureOf,
    about: &'static str,
    inputs: &'static [MeasureInput],
    decay: DecayUse,
    takes: &'static [Parameter],
    compute: fn(&Task<'_>) -> Result<Found>,
) -> Row {
    Row { name, about, of, inputs, decay, takes, compute: Compute::With(compute) }
}

const fn form(name: &'static str, about: &'static str, decay: DecayUse, form: CatchmentForm) -> Row {
    Row { name, about, of: Places, inputs: BOTH, decay, takes: &[], compute: Compute::Form(form) }
}

const SUPPLY: &[MeasureInput] = &[MeasureInput::Supply];
const DEMAND: &[MeasureInput] = &[MeasureInput::Demand];
const BOTH: &[MeasureInput] = &[MeasureInput::Supply, MeasureInput::Demand];

use DecayUse::{Needed, None as NoDecay, Optional};
use MeasureOf::{Everybody, Facilities, Pairs, Places};
use Parameter as P;

/// In the order of docs/measures.md: what is near, what is around, catchments, constrained measures and choice.
#[rustfmt::skip] // a table: a row of it a line
static MEASURES: [Row; 35] = [
    row("nearest", Places, "cost of the k-th nearest facility", &[], NoDecay, &[P::K], |t| Ok(costs(nearest(&t.matrix, t.k()?)))),
    row("mean_of_nearest", Places, "mean cost of the k nearest", &[], NoDecay, &[P::K], |t| Ok(costs(mean_of_nearest(&t.matrix, t.k()?)))),
    row("cost_of_supply", Places, "least cost that holds the supply needed", SUPPLY, NoDecay, &[P::Need, P::NeedPerPerson], needed),
    row("balancing_cost", Places, "least cost at which supply keeps up with people", &[MeasureInput::Supply, MeasureInput::Demand, MeasureInput::Neighbours], NoDecay, &[P::NeedPerPerson], balanced),
    row("coverage", Everybody, "share of people with a facility within the cutoff", DEMAND, NoDecay, &[P::Cutoff], covered),
    row("cumulative", Places, "supply within the cutoff", SUPPLY, NoDecay, &[P::Cutoff], |t| known(cumulative(&t.matrix, t.supply(), t.cost(P::Cutoff)?)?)),
    row("interval_median", Places, "median of supply within several cutoffs", SUPPLY, NoDecay, &[P::Cutoffs], |t| interval(t, Middle::Median)),
    row("interval_mean", Places, "mean of supply within several cutoffs", SUPPLY, NoDecay, &[P::Cutoffs], |t| interval(t, Middle::Mean)),
    row("gravity", Places, "supply by decay (Hansen)", SUPPLY, Optional, &[], |t| known(gravity(&t.matrix, t.supply(), &*t.decay()?)?)),
    row("weighted_mean", Places, "mean of the supply column by decay", SUPPLY, Optional, &[], |t| rows(weighted_mean(&t.matrix, t.supply(), &*t.decay()?)?)),
    row("ranked", Places, "the nearest by rank and decay", &[], Optional, &[P::Ranks], |t| known(ranked(&t.matrix, t.list(P::Ranks)?, &*t.decay()?)?)),
    row("passive", Facilities, "people around a facility by decay", DEMAND, Optional, &[], |t| known(passive(&t.matrix, t.demand(), &*t.decay()?)?)),
    row("log_sum", Places, "log-sum of supply: the benefit of the best choice", SUPPLY, NoDecay, &[P::Scale, P::Cutoff], |t| rows(log_sum(&t.matrix, t.supply(), t.cost(P::Scale)?, t.cost(P::Cutoff)?)?)),
    form("2sfca", "two-step floating catchment: supply per person", Optional, CatchmentForm::TWO_STEP),
    form("e2sfca", "the same by a decay that has to be named", Needed, CatchmentForm::TWO_STEP),
    form("3sfca", "three-step floating catchment (Wan)", Optional, CatchmentForm::THREE_STEP),
    form("m2sfca", "modified two-step floating catchment (Delamater)", Optional, CatchmentForm::MODIFIED),
    form("mh3sfca", "modified Huff three-step floating catchment", Optional, CatchmentForm::HUFF),
    form("bfca", "balanced floating catchment: a level of service", Optional, CatchmentForm::BALANCED),
    row("v2sfca", Places, "two-step catchments that grow until they hold enough", BOTH, NoDecay, &[P::EnoughPeople, P::EnoughSupply, P::Cutoff], growing),
    row("i2sfca", Facilities, "people per unit of supply (inverted two-step)", BOTH, Optional, &[], |t| inverted(t, |found| found.crowdedness)),
    row("pressure", Places, "people per unit of supply around a place (inverted two-step)", BOTH, Optional, &[], |t| inverted(t, |found| found.pressure)),
    row("raam", Places, "cost in the equilibrium of rational agents", BOTH, NoDecay, CROWDING, |t| agents(t, |found| Values::Rows(found.cost))),
    row("raam_load", Facilities, "people who come in the equilibrium of rational agents", BOTH, NoDecay, CROWDING, |t| agents(t, |found| some(found.load))),
    row("raam_flows", Pairs, "who goes where in the equilibrium of rational agents", BOTH, NoDecay, CROWDING, |t| agents(t, |found| Values::Pairs(found.flows))),
    row("spatial_availability", Places, "supply that is a place's own", BOTH, Optional, &[P::Alpha], |t| available(t, |found| some(found.available))),
    row("availability_per_person", Places, "the same per person", BOTH, Optional, &[P::Alpha], |t| available(t, |found| Values::Rows(found.per_person))),
    row("singly_constrained", Places, "supply of a place when every facility gives all of it", BOTH, Optional, &[], single),
    row("totally_constrained", Places, "supply of a place when all together have all of it", SUPPLY, Optional, &[], total),
    row("doubly_constrained", Pairs, "flows that keep the totals of both sides", BOTH, Optional, &[P::Tolerance], double),
    row("huff", Facilities, "users by Huff's model", BOTH, Optional, &[], |t| chosen(t, huff_of, |found| some(found.users))),
    row("huff_shares", Pairs, "shares by Huff's model", BOTH, Optional, &[], |t| chosen(t, huff_of, |found| Values::Pairs(found.shares))),
    row("participation_users", Facilities, "users, when people may stay at home", BOTH, Optional, &[P::TypicalShare], |t| chosen(t, staying, |found| some(found.users))),
    row("participation", Places, "share of people who go anywhere", BOTH, Optional, &[P::TypicalShare], |t| chosen(t, staying, |found| some(found.taking_part))),
    row("choice_diversity", Places, "number of equal facilities that leave as much choice", SUPPLY, Optional, &[P::Order], |t| known(choice_diversity(&t.matrix, t.supply(), &*t.decay()?, t.number(P::Order)?)?)),
];

const CROWDING: &[Parameter] = &[P::Scale, P::Cutoff, P::PeoplePerSupply];

fn some(values: Vec<f64>) -> Values {
    Values::Rows(values.into_iter().map(Some).collect())
}

fn found(values: Values) -> Found {
    Found { values, notes: vec![] }
}

fn known(values: Vec<f64>) -> Result<Found> {
    Ok(found(some(values)))
}

fn rows(values: Vec<Option<f64>>) -> Result<Found> {
    Ok(found(Values::Rows(values)))
}

/// Costs in minutes or metres.
fn costs(costs: Vec<Option<Cost>>) -> Found {
    let number = |cost: Cost| match cost {
        Cost::Time(time) => time.as_minutes_f64(),
        Cost::Length(length) => length.as_metres_f64(),
    };
    found(Values::Rows(costs.into_iter().map(|cost| cost.map(number)).collect()))
}

fn needed(task: &Task<'_>) -> Result<Found> {
    let needed = match (task.is_given(P::Need), task.is_given(P::NeedPerPerson)) {
        (true, true) => {
            let problem = "it is given beside need: leave out one";
            return Err(fault(P::NeedPerPerson.as_str(), problem));
        }
        (false, true) => {
            let per_person = task.number(P::NeedPerPerson)?;
            if !task.has_demand() {
                let problem = "it needs demand: give a table with `id` and `demand`";
                return Err(fault(P::NeedPerPerson.as_str(), problem));
            }
            task.demand().iter().map(|people| people * per_person).collect()
        }
        _ => vec![task.number(P::Need)?; task.matrix.rows()],
    };
    Ok(costs(cost_of_supply(&task.matrix, task.supply(), &needed)?))
}

fn balanced(task: &Task<'_>) -> Result<Found> {
    let ratio = task.number(P::NeedPerPerson)?;
    let neighbours = task.neighbours()?;
    Ok(costs(balancing_cost(&task.matrix, task.supply(), neighbours, task.demand(), ratio)?))
}

fn covered(task: &Task<'_>) -> Result<Found> {
    let cutoff = task.cost_within(P::Cutoff)?;
    let people: Vec<People> = task
        .demand()
        .iter()
        .map(|&people| {
            People::try_from_f64(people)
                .map_err(|_| fault("demand", format!("{people} is no number of people")))
        })
        .collect::<Result<_>>()?;
    let holds: Vec<bool> = nearest(&task.matrix, NonZeroU32::MIN)
        .into_iter()
        .map(|cost| cost.is_some_and(|cost| cost.raw() <= cutoff.raw()))
        .collect();
    rows(vec![coverage(&people, &holds)?.share()])
}

fn interval(task: &Task<'_>, middle: Middle) -> Result<Found> {
    known(cumulative_interval(&task.matrix, task.supply(), &task.costs(P::Cutoffs)?, middle)?)
}

fn growing(task: &Task<'_>) -> Result<Found> {
    let growth = Growth {
        enough_people: task.number(P::EnoughPeople)?,
        enough_supply: task.number(P::EnoughSupply)?,
        at_most: task.cost(P::Cutoff)?,
    };
    let variable = variable_two_step_fca(&task.matrix, task.supply(), task.demand(), growth)?;
    Ok(Found { values: some(variable.catchment.access), notes: task.unused(&variable.catchment.unused) })
}

fn inverted(task: &Task<'_>, values: fn(lifecircle_access::Crowdedness) -> Vec<f64>) -> Result<Found> {
    let crowds = crowdedness(&task.matrix, task.supply(), task.demand(), &*task.decay()?)?;
    let notes = task.excluded(&crowds.excluded);
    Ok(Found { values: some(values(crowds)), notes })
}

fn agents(task: &Task<'_>, values: fn(Raam) -> Values) -> Result<Found> {
    let crowding = Crowding {
        scale: task.cost(P::Scale)?,
        within: task.cost(P::Cutoff)?,
        people_per_supply: task.optional(P::PeoplePerSupply)?,
    };
    let found = raam(&task.matrix, task.supply(), task.demand(), &crowding)?;
    let mut notes = task.excluded(&found.excluded);
    notes.extend(task.unused(&found.unused));
    notes.push(format!("at most {:.1e} of {} above the least total", found.gap, found.objective));
    Ok(Found { values: values(found), notes })
}

fn available(task: &Task<'_>, values: fn(lifecircle_access::Availability) -> Values) -> Result<Found> {
    let alpha = task.number(P::Alpha)?;
    let found = spatial_availability(&task.matrix, task.supply(), task.demand(), &*task.decay()?, alpha)?;
    let notes = task.unused(&found.unused);
    Ok(Found { values: values(found), notes })
}

fn single(task: &Task<'_>) -> Result<Found> {
    let found = singly_constrained(&task.matrix, task.supply(), task.demand(), &*task.decay()?)?;
    Ok(Found { notes: task.unused(&found.unused), values: some(found.available) })
}

fn total(task: &Task<'_>) -> Result<Found> {
    let found = totally_constrained(&task.matrix, task.supply(), &*task.decay()?)?;
    Ok(Found { notes: task.unused(&found.unused), values: some(found.available) })
}

fn double(task: &Task<'_>) -> Result<Found> {
    let tolerance = task.number(P::Tolerance)?;
    let found = doubly_constrained(&task.matrix, task.demand(), task.supply(), &*task.decay()?, tolerance)?;
    let mut notes = task.excluded(&found.excluded);
    notes.extend(task.unused(&found.unused));
    notes.push(format!("flows are at most {:.1e} off after {} rounds", found.residual, found.rounds));
    Ok(Found { values: Values::Pairs(found.flows), notes })
}

fn huff_of(task: &Task<'_>) -> Result<Choice> {
    Ok(huff(&task.matrix, task.supply(), task.demand(), &*task.decay()?)?)
}

fn staying(task: &Task<'_>) -> Result<Choice> {
    let share = task.number(P::TypicalShare)?;
    Ok(participation(&task.matrix, task.supply(), task.demand(), &*task.decay()?, share)?)
}

fn chosen(
    task: &Task<'_>,
    choice: fn(&Task<'_>) -> Result<Choice>,
    values: fn(Choice) -> Values,
) -> Result<Found> {
    let found = choice(task)?;
    let notes = task.excluded(&found.excluded);
    Ok(Found { values: values(found), notes })
}
