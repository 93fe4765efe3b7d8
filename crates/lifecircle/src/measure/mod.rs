//! Measures by name, from a travel matrix and columns of supply and demand in files.
//!
//! Three tables say what there is: [`NamedMeasure`], [`NamedDecay`] and [`Parameter`]. Whatever is given and looked at by
//! nothing that is asked for is refused, by its name.

mod decays;
mod measures;
mod named;
mod parameters;

use core::num::NonZeroU32;

use lifecircle_access::{CatchmentForm, Decay, catchments};
use lifecircle_io::{Amounts, MatrixTable};
use lifecircle_types::{
    ColumnValues, Cost, CostUnit, DemandIx, FacilityIx, FeatureTable, Millimetres, TravelMatrix, TravelTime,
    reduce,
};

pub use decays::NamedDecay;
pub use measures::{DecayUse, MeasureInput, MeasureOf, NamedMeasure};
pub use parameters::{MeasureOptions, Parameter, ParameterKind};

use crate::walks::travel_matrix;
use crate::{Error, Result};
use measures::{Found, Values};
use parameters::missing;

/// What measures are computed from.
#[derive(Clone, Copy, Debug)]
pub struct MeasureTables<'a> {
    /// Costs from places to facilities.
    pub matrix: &'a MatrixTable,
    /// Supply by facility; its ids are the facilities, in use or not.
    pub supply: Option<&'a Amounts>,
    /// People by place; its ids are the places, whether they reach anything or not.
    pub demand: Option<&'a Amounts>,
    /// Costs between places, each with itself.
    pub neighbours: Option<&'a MatrixTable>,
}

/// A table of `measures` over a travel matrix, and what there is to say of them.
///
/// Measures of places or of facilities have `id` and a column each, by id; one of pairs has `from_id`, `to_id` and its
/// column; measures of everybody have one row, `*`. An id of the matrix that `supply` or `demand` lacks is an error;
/// without them the matrix's own ids are taken. Catchment measures of one call share one pass over the matrix. The lines
/// beside the table name facilities that nobody comes to, places that reach nothing, and how exact a search was.
///
/// # Errors
/// [`Error::Measure`] for what a measure lacks, an option that nothing uses, measures of places and of facilities in one
/// table, or an id that a table lacks; [`Error::Access`] where the matrix ends before the cutoff.
///
/// ```
/// # use lifecircle::{MeasureOptions, MeasureTables, Parameter, measure_table};
/// # use lifecircle::io::{read_amounts_csv, read_matrix_csv};
/// let matrix = read_matrix_csv(b"from_id,to_id,travel_time\nnorth,clinic,5\nsouth,clinic,9\n", "ttm.csv")?;
/// let supply = read_amounts_csv(b"id,supply\nclinic,10\n", "supply.csv", None)?;
/// let demand = read_amounts_csv(b"id,people\nfar,50\nnorth,60\nsouth,40\n", "demand.csv", None)?;
/// let tables = MeasureTables { matrix: &matrix, supply: Some(&supply), demand: Some(&demand), neighbours: None };
/// let options = MeasureOptions::default().with(Parameter::Cutoff, [9.0]);
/// let (table, notes) = measure_table(tables, &["2sfca".parse()?], &options)?;
/// let mut text = vec![];
/// lifecircle::io::write_csv(&mut text, &table)?;
/// assert_eq!(text, b"id,2sfca\nfar,0.0\nnorth,0.1\nsouth,0.1\n");
/// assert!(notes.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn measure_table(
    tables: MeasureTables<'_>,
    measures: &[NamedMeasure],
    options: &MeasureOptions,
) -> Result<(FeatureTable, Vec<String>)> {
    let task = Task::new(tables, options)?;
    for (at, measure) in measures.iter().enumerate() {
        if measures[..at].contains(measure) {
            return Err(fault(measure.name(), "it stands twice: name every measure once"));
        }
        task.check(*measure)?;
    }
    task.check_unused(tables, measures)?;
    let Some(first) = measures.first() else {
        return Err(fault("measure", "none is asked for: name one"));
    };
    if let Some(other) = measures.iter().find(|measure| measure.of() != first.of()) {
        let problem =
            format!("it does not have a value for each of what `{}` has: ask for them apart", first.name());
        return Err(fault(other.name(), problem));
    }
    let forms: Vec<CatchmentForm> = measures.iter().filter_map(|measure| measure.form()).collect();
    let mut shared = if forms.is_empty() { vec![] } else { task.catchments(&forms)? }.into_iter();
    let (mut columns, mut notes) = (vec![], vec![]);
    for measure in measures {
        let of_form = measure.form().and_then(|_| shared.next());
        let found = of_form.map_or_else(|| measure.compute(&task), Ok)?;
        notes.extend(found.notes.iter().map(|note| format!("{}: {note}", measure.name())));
        columns.push((measure.name(), found.values));
    }
    Ok((task.table(first.of(), columns)?, notes))
}

fn fault(what: &str, problem: impl Into<String>) -> Error {
    Error::Measure { what: what.into(), problem: problem.into() }
}

struct Task<'a> {
    places: Vec<String>,
    facilities: Vec<String>,
    matrix: TravelMatrix,
    supply: Option<Vec<f64>>,
    demand: Option<Vec<f64>>,
    neighbours: Option<TravelMatrix>,
    options: &'a MeasureOptions,
}

/// One side of the matrix.
struct Side {
    ids: Vec<String>,
    /// Where each id of the matrix stands among them.
    at: Vec<usize>,
    amounts: Option<Vec<f64>>,
}

/// The ids of a table, or of the matrix where there is none; `what` is what the matrix names with them.
fn side(own: &[String], amounts: Option<&Amounts>, what: &str) -> Result<Side> {
    let Some(amounts) = amounts else {
        return Ok(Side { ids: own.to_vec(), at: (0..own.len()).collect(), amounts: None });
    };
    let place = |id: &String| {
        amounts.rows.binary_search_by(|row| row.0.cmp(id)).map_err(|_| {
            let remedy = "add one, with 0 where there is nothing";
            fault(&amounts.file, format!("it has no row for `{id}`, which is {what} of the matrix: {remedy}"))
        })
    };
    let at = own.iter().map(place).collect::<Result<_>>()?;
    let (ids, numbers) = amounts.rows.iter().cloned().unzip();
    Ok(Side { ids, at, amounts: Some(numbers) })
}

/// `table` with rows and columns at the places of `from` and `to`.
fn placed(table: &MatrixTable, from: &Side, to: &Side, cutoff: Cost) -> Result<TravelMatrix> {
    let entries = table.matrix.entries().map(|(place, facility, cost)| {
        (DemandIx::new(from.at[place.index()]), FacilityIx::new(to.at[facility.index()]), cost)
    });
    travel_matrix(from.ids.len(), to.ids.len(), cutoff, entries)
}

impl<'a> Task<'a> {
    fn new(tables: MeasureTables<'_>, options: &'a MeasureOptions) -> Result<Self> {
        let table = tables.matrix;
        let facilities = side(&table.facilities, tables.supply, "a facility")?;
        let places = side(&table.origins, tables.demand, "a place")?;
        let own = table.matrix.cutoff();
        let cutoff = match options.complete {
            None => own,
            Some(complete) => {
                let cutoff = cost("complete", complete, own.unit())?;
                if cutoff.raw() < own.raw() {
                    let problem = "it is less than the largest cost of the matrix: leave it out";
                    return Err(fault("complete", problem));
                }
                cutoff
            }
        };
        let matrix = placed(table, &places, &facilities, cutoff)?;
        let neighbours = match (tables.neighbours, tables.demand) {
            (Some(near), Some(demand)) => {
                let from = side(&near.origins, Some(demand), "a place")?;
                let to = side(&near.facilities, Some(demand), "a place")?;
                // a table that ends before the matrix is refused where it is used
                let farthest = near.matrix.cutoff();
                let farthest = if options.complete.is_some() && farthest.unit() == cutoff.unit() {
                    farthest.unit().cost(farthest.raw().max(cutoff.raw()))
                } else {
                    farthest
                };
                Some(placed(near, &from, &to, farthest)?)
            }
            _ => None,
        };
        Ok(Self {
            places: places.ids,
            facilities: facilities.ids,
            matrix,
            supply: facilities.amounts,
            demand: places.amounts,
            neighbours,
            options,
        })
    }

    fn check(&self, measure: NamedMeasure) -> Result<()> {
        for input in measure.inputs() {
            let problem = match input {
                MeasureInput::Supply if self.supply.is_none() => {
                    "it needs supply: give a table with `id` and `supply`"
                }
                MeasureInput::Demand if self.demand.is_none() => {
                    "it needs demand: give a table with `id` and `demand`"
                }
                MeasureInput::Neighbours if self.neighbours.is_none() => {
                    "it needs neighbours: give a matrix of costs between places"
                }
                _ => continue,
            };
            return Err(fault(measure.name(), problem));
        }
        if measure.decay() == DecayUse::Needed && self.options.decay.is_none() {
            let names: Vec<&str> = NamedDecay::all().map(NamedDecay::name).collect();
            let problem = format!("it needs a decay, as none is agreed on: name one of {}", names.join(", "));
            return Err(fault(measure.name(), problem));
        }
        Ok(())
    }

    /// What is given and nothing looks at is a mistake.
    fn check_unused(&self, tables: MeasureTables<'_>, measures: &[NamedMeasure]) -> Result<()> {
        let names: Vec<&str> = measures.iter().map(|measure| measure.name()).collect();
        let unused = |what: &str| {
            let by = names.join(", ");
            Err(fault(
                what,
                format!("it is not used by {by}: remove it, or name the measure or decay that takes it"),
            ))
        };
        let decays = measures.iter().any(|measure| measure.decay() != DecayUse::None);
        if self.options.decay.is_some() && !decays {
            return unused("decay");
        }
        let decay = self.options.decay.unwrap_or(NamedDecay::DEFAULT);
        for parameter in self.options.all_given() {
            let of_decay = decays && decay.ways().any(|way| way.contains(&parameter));
            if !of_decay && !measures.iter().any(|measure| measure.parameters().contains(&parameter)) {
                return unused(parameter.as_str());
            }
        }
        let near = measures.iter().any(|measure| measure.inputs().contains(&MeasureInput::Neighbours));
        if tables.neighbours.is_some() && !near { unused("neighbours") } else { Ok(()) }
    }

    fn supply(&self) -> &[f64] {
        self.supply.as_deref().unwrap_or_default()
    }

    fn demand(&self) -> &[f64] {
        self.demand.as_deref().unwrap_or_default()
    }

    fn has_demand(&self) -> bool {
        self.demand.is_some()
    }

    fn neighbours(&self) -> Result<&TravelMatrix> {
        self.neighbours.as_ref().ok_or_else(|| fault("neighbours", "it is needed: give costs between places"))
    }

    fn is_given(&self, parameter: Parameter) -> bool {
        !self.options.given(parameter).is_empty()
    }

    /// A parameter of one number, where it is given.
    fn optional(&self, parameter: Parameter) -> Result<Option<f64>> {
        match self.options.given(parameter) {
            [] => Ok(None),
            [value] => Ok(Some(*value)),
            _ => Err(fault(parameter.as_str(), "it is one number: give one")),
        }
    }

    fn number(&self, parameter: Parameter) -> Result<f64> {
        let value = self.optional(parameter)?.or(parameter.default());
        value.ok_or_else(|| missing(parameter))
    }

    fn list(&self, parameter: Parameter) -> Result<&[f64]> {
        let values = self.options.given(parameter);
        if values.is_empty() { Err(missing(parameter)) } else { Ok(values) }
    }

    fn k(&self) -> Result<NonZeroU32> {
        let k = self.number(Parameter::K)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked on the next line"
        )]
        let whole = k as u32;
        let exact = f64::from(whole).total_cmp(&k).is_eq();
        NonZeroU32::new(whole).filter(|_| exact).ok_or_else(|| {
            fault(Parameter::K.as_str(), format!("{k} is no rank: give a whole number from 1"))
        })
    }

    fn cost(&self, parameter: Parameter) -> Result<Cost> {
        cost(parameter.as_str(), self.number(parameter)?, self.matrix.unit())
    }

    /// A cost up to which the matrix holds every pair.
    fn cost_within(&self, parameter: Parameter) -> Result<Cost> {
        let (needed, has) = (self.cost(parameter)?, self.matrix.cutoff());
        if needed.raw() <= has.raw() {
            return Ok(needed);
        }
        Err(lifecircle_access::Error::MatrixTooShort { needed, has }.into())
    }

    fn costs(&self, parameter: Parameter) -> Result<Vec<Cost>> {
        let unit = self.matrix.unit();
        self.list(parameter)?.iter().map(|&value| cost(parameter.as_str(), value, unit)).collect()
    }

    /// Costs with a weight each.
    fn bands(&self, parameter: Parameter) -> Result<Vec<(Cost, f64)>> {
        let (bands, rest) = self.list(parameter)?.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(missing(parameter));
        }
        let unit = self.matrix.unit();
        bands.iter().map(|&[to, weight]| Ok((cost(parameter.as_str(), to, unit)?, weight))).collect()
    }

    fn decay(&self) -> Result<Box<dyn Decay>> {
        self.options.decay.unwrap_or(NamedDecay::DEFAULT).build(self)
    }

    /// Catchment measures, in the order of their forms.
    fn catchments(&self, forms: &[CatchmentForm]) -> Result<Vec<Found>> {
        let found = catchments(&self.matrix, self.supply(), self.demand(), &*self.decay()?, forms)?;
        Ok(found
            .into_iter()
            .map(|found| Found {
                notes: self.unused(&found.unused),
                values: Values::Rows(found.access.into_iter().map(Some).collect()),
            })
            .collect())
    }

    /// Names facilities that nobody comes to.
    fn unused(&self, facilities: &[FacilityIx]) -> Vec<String> {
        let ids = facilities.iter().map(|facility| &self.facilities[facility.index()]);
        listed("facilities to which nobody comes", ids).into_iter().collect()
    }

    /// Names places whose people reach nothing.
    fn excluded(&self, places: &[DemandIx]) -> Vec<String> {
        let ids = places.iter().map(|place| &self.places[place.index()]);
        let people = reduce::sum(places.iter().map(|place| self.demand()[place.index()]));
        listed(&format!("places that reach nothing, of {people} people"), ids).into_iter().collect()
    }

    fn table(&self, of: MeasureOf, columns: Vec<(&'static str, Values)>) -> Result<FeatureTable> {
        let problem = |source| Error::Set { input: "the table of measures".into(), source };
        let text = |ids: Vec<String>| ColumnValues::Text(ids.into_iter().map(Some).collect());
        let mut pushed: Vec<(&str, ColumnValues)> = vec![];
        if of != MeasureOf::Pairs {
            let ids = match of {
                MeasureOf::Facilities => self.facilities.clone(),
                MeasureOf::Everybody => vec!["*".into()],
                MeasureOf::Places | MeasureOf::Pairs => self.places.clone(),
            };
            pushed.push(("id", text(ids)));
        }
        for (name, values) in columns {
            match values {
                Values::Rows(values) => pushed.push((name, ColumnValues::Number(values))),
                Values::Pairs(pairs) => {
                    if !pushed.is_empty() {
                        return Err(fault(name, "its rows are pairs of its own: ask for it alone"));
                    }
                    let from = pairs.iter().map(|pair| self.places[pair.0.index()].clone()).collect();
                    let to = pairs.iter().map(|pair| self.facilities[pair.1.index()].clone()).collect();
                    let amounts = pairs.iter().map(|pair| Some(pair.2)).collect();
                    pushed = vec![
                        ("from_id", text(from)),
                        ("to_id", text(to)),
                        (name, ColumnValues::Number(amounts)),
                    ];
                }
            }
        }
        let rows = pushed.first().map_or(0, |(_, values)| match values {
            ColumnValues::Text(ids) => ids.len(),
            _ => 0,
        });
        let mut table = FeatureTable::new(rows);
        for (name, values) in pushed {
            table.push(name, values).map_err(problem)?;
        }
        Ok(table)
    }
}

/// How many there are and the first of them; nothing where there are none.
fn listed<'a>(what: &str, ids: impl ExactSizeIterator<Item = &'a String>) -> Option<String> {
    const SHOWN: usize = 5;
    let count = ids.len();
    let first: Vec<&str> = ids.take(SHOWN).map(String::as_str).collect();
    let more = if count > SHOWN { ", …" } else { "" };
    (count > 0).then(|| format!("{what}: {count} ({}{more})", first.join(", ")))
}

/// A cost in minutes or metres.
fn cost(name: &str, value: f64, unit: CostUnit) -> Result<Cost> {
    let found = match unit {
        CostUnit::Time => TravelTime::try_from_secs_f64(value * 60.0).map(Cost::from),
        CostUnit::Length => Millimetres::try_from_metres_f64(value).map(Cost::from),
    };
    found.map_err(|_| {
        fault(name, format!("{value} is no cost: give minutes, or metres for a matrix of lengths"))
    })
}
