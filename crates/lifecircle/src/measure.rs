//! Measures by name, from a travel matrix and columns of supply and demand in files.

use std::num::NonZeroU32;

use lifecircle_access::{
    Binary, CatchmentForm, Decay, Exponential, Gaussian, Kernel, Linear, Stepped, TruncatedGaussian,
    catchments, crowdedness, gravity, log_sum, nearest, passive, spatial_availability, totally_constrained,
    weighted_mean,
};
use lifecircle_io::{Amounts, MatrixTable};
use lifecircle_types::{
    ColumnValues, Cost, CostUnit, DemandIx, FacilityIx, FeatureTable, Millimetres, TravelMatrix, TravelTime,
    word_enum,
};

use crate::{Error, Result};

word_enum! {
    /// A measure, by the name under which it is asked for.
    NamedMeasure, "measure" {
        /// The cost to the nearest facility.
        Nearest = "nearest",
        /// Supply within the cutoff.
        Cumulative = "cumulative",
        /// Supply by decay (Hansen).
        Gravity = "gravity",
        /// The mean of the supply column by decay.
        WeightedMean = "weighted_mean",
        /// The log-sum of supply.
        LogSum = "log_sum",
        /// Two-step floating catchment.
        TwoStep = "2sfca",
        /// Two-step floating catchment by a decay that has to be named.
        Enhanced = "e2sfca",
        /// Three-step floating catchment.
        ThreeStep = "3sfca",
        /// Modified two-step floating catchment.
        Modified = "m2sfca",
        /// Modified Huff three-step floating catchment.
        Huff = "mh3sfca",
        /// Balanced floating catchment.
        Balanced = "bfca",
        /// Spatial availability: supply of every place.
        Availability = "spatial_availability",
        /// Totally constrained accessibility.
        Constrained = "totally_constrained",
        /// People around every facility.
        Passive = "passive",
        /// People per unit of supply at every facility (inverted two-step).
        Crowdedness = "i2sfca",
    }
}

word_enum! {
    /// How weight falls with cost, by name.
    NamedDecay, "decay" {
        /// 1 up to the cutoff.
        Binary = "binary",
        /// A weight per band of cost.
        Stepped = "stepped",
        /// Straight down to 0 at the cutoff.
        Linear = "linear",
        /// Exponential, half at `half`.
        Exponential = "exponential",
        /// Gaussian, half at `half`.
        Gaussian = "gaussian",
        /// Truncated Gaussian, 0 at the cutoff.
        TruncatedGaussian = "truncated_gaussian",
        /// Epanechnikov kernel, 0 at the cutoff.
        Kernel = "kernel",
    }
}

/// Parameters of measures, in minutes for a matrix of times and in metres for one of lengths.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MeasureOptions {
    /// The farthest that counts, inclusive.
    pub cutoff: Option<f64>,
    /// How weight falls; `binary` where a measure takes it without being told.
    pub decay: Option<NamedDecay>,
    /// The cost at which a facility counts half.
    pub half: Option<f64>,
    /// Upper cost, inclusive, and weight of every band.
    pub steps: Vec<(f64, f64)>,
    /// The scale of the log-sum.
    pub scale: Option<f64>,
    /// The cost up to which the matrix holds every pair, where that is more than its largest.
    pub complete: Option<f64>,
}

impl NamedMeasure {
    /// Whether it has a value per facility, where others have one per place.
    #[must_use]
    pub const fn is_of_facilities(self) -> bool {
        matches!(self, Self::Passive | Self::Crowdedness)
    }

    const fn form(self) -> Option<CatchmentForm> {
        match self {
            Self::TwoStep | Self::Enhanced => Some(CatchmentForm::TWO_STEP),
            Self::ThreeStep => Some(CatchmentForm::THREE_STEP),
            Self::Modified => Some(CatchmentForm::MODIFIED),
            Self::Huff => Some(CatchmentForm::HUFF),
            Self::Balanced => Some(CatchmentForm::BALANCED),
            _ => None,
        }
    }

    const fn needs_demand(self) -> bool {
        self.form().is_some() || matches!(self, Self::Availability) || self.is_of_facilities()
    }

    const fn needs_supply(self) -> bool {
        !matches!(self, Self::Nearest | Self::Passive)
    }
}

/// A table of `measures` over a travel matrix: `id` and a column per measure, by id.
///
/// With `supply`, its ids are the facilities, with `demand` its ids the places, so that who reaches nothing stays; an
/// id of the matrix that they lack is an error. Without, the matrix's own ids are taken. Catchment measures of one call
/// share one pass over the matrix.
///
/// # Errors
/// [`Error::Measure`] for what a measure lacks, an option that nothing uses, measures of places and of facilities in one
/// table, or an id that a table lacks; [`Error::Access`] where the matrix ends before the cutoff.
///
/// ```
/// # use lifecircle::{MeasureOptions, NamedMeasure, measure_table};
/// # use lifecircle::io::{read_amounts_csv, read_matrix_csv};
/// let matrix = read_matrix_csv(b"from_id,to_id,travel_time\nnorth,clinic,5\nsouth,clinic,9\n", "ttm.csv")?;
/// let supply = read_amounts_csv(b"id,supply\nclinic,10\n", "supply.csv", None)?;
/// let demand = read_amounts_csv(b"id,people\nfar,50\nnorth,60\nsouth,40\n", "demand.csv", None)?;
/// let mut options = MeasureOptions::default();
/// options.cutoff = Some(9.0);
/// let table = measure_table(&matrix, Some(&supply), Some(&demand), &[NamedMeasure::TwoStep], &options)?;
/// let mut text = vec![];
/// lifecircle::io::write_csv(&mut text, &table)?;
/// assert_eq!(text, b"id,2sfca\nfar,0.0\nnorth,0.1\nsouth,0.1\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn measure_table(
    matrix: &MatrixTable,
    supply: Option<&Amounts>,
    demand: Option<&Amounts>,
    measures: &[NamedMeasure],
    options: &MeasureOptions,
) -> Result<FeatureTable> {
    let task = Task::new(matrix, supply, demand, options)?;
    for (at, measure) in measures.iter().enumerate() {
        if measures[..at].contains(measure) {
            return Err(fault(measure.as_str(), "it stands twice: name every measure once"));
        }
        task.check(*measure)?;
    }
    task.check_unused(measures)?;
    let of_facilities = measures.first().is_some_and(|measure| measure.is_of_facilities());
    if let Some(other) = measures.iter().find(|measure| measure.is_of_facilities() != of_facilities) {
        let problem = "it has a value per facility and others one per place, or the other way round: ask for them apart";
        return Err(fault(other.as_str(), problem));
    }
    let ids = if of_facilities { &task.facilities } else { &task.places };
    let mut table = FeatureTable::new(ids.len());
    let problem = |source| Error::Set { input: "the table of measures".into(), source };
    table.push("id", ColumnValues::Text(ids.iter().cloned().map(Some).collect())).map_err(problem)?;
    let mut shared = task.catchments(measures)?.into_iter();
    for measure in measures {
        let values = match measure.form() {
            Some(_) => shared.next().unwrap_or_default(),
            None => task.values(*measure)?,
        };
        table.push(measure.as_str(), ColumnValues::Number(values)).map_err(problem)?;
    }
    Ok(table)
}

struct Task<'a> {
    places: Vec<String>,
    facilities: Vec<String>,
    matrix: TravelMatrix,
    supply: Option<Vec<f64>>,
    demand: Option<Vec<f64>>,
    options: &'a MeasureOptions,
}

fn fault(what: &str, problem: impl Into<String>) -> Error {
    Error::Measure { what: what.into(), problem: problem.into() }
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

impl<'a> Task<'a> {
    fn new(
        table: &MatrixTable,
        supply: Option<&Amounts>,
        demand: Option<&Amounts>,
        options: &'a MeasureOptions,
    ) -> Result<Self> {
        let facilities = side(&table.facilities, supply, "a facility")?;
        let places = side(&table.origins, demand, "a place")?;
        let unit = table.matrix.unit();
        let cutoff = match options.complete {
            Some(complete) => {
                let cutoff = cost("complete", complete, unit)?;
                if cutoff.raw() < table.matrix.cutoff().raw() {
                    return Err(fault(
                        "complete",
                        "it is less than the largest cost of the matrix: leave it out",
                    ));
                }
                cutoff
            }
            None => table.matrix.cutoff(),
        };
        let entries = table.matrix.entries().map(|(place, facility, cost)| {
            (DemandIx::new(places.at[place.index()]), FacilityIx::new(facilities.at[facility.index()]), cost)
        });
        let count = |ids: &[String]| DemandIx::new(ids.len()).0;
        let matrix = TravelMatrix::new(count(&places.ids), count(&facilities.ids), cutoff, entries)
            .map_err(|source| Error::Network(source.into()))?;
        let (supply, demand) = (facilities.amounts, places.amounts);
        Ok(Self { places: places.ids, facilities: facilities.ids, matrix, supply, demand, options })
    }

    fn check(&self, measure: NamedMeasure) -> Result<()> {
        let name = measure.as_str();
        if measure.needs_supply() && self.supply.is_none() {
            return Err(fault(name, "it needs supply: give a table with `id` and `supply`"));
        }
        if measure.needs_demand() && self.demand.is_none() {
            return Err(fault(name, "it needs demand: give a table with `id` and `demand`"));
        }
        if measure == NamedMeasure::Enhanced && self.options.decay.is_none() {
            let words: Vec<&str> = NamedDecay::ALL.iter().map(|decay| decay.as_str()).collect();
            return Err(fault(
                name,
                format!("it needs a decay, as none is agreed on: name one of {}", words.join(", ")),
            ));
        }
        Ok(())
    }

    /// Options that no measure looks at are mistakes.
    fn check_unused(&self, measures: &[NamedMeasure]) -> Result<()> {
        let options = self.options;
        let decays = measures.iter().any(|measure| {
            !matches!(measure, NamedMeasure::Nearest | NamedMeasure::Cumulative | NamedMeasure::LogSum)
        });
        let decay = options.decay.unwrap_or(NamedDecay::Binary);
        let stepped = decays && decay == NamedDecay::Stepped;
        let halved = decays && !matches!(decay, NamedDecay::Binary | NamedDecay::Stepped);
        let cut =
            measures.iter().any(|measure| matches!(measure, NamedMeasure::Cumulative | NamedMeasure::LogSum))
                || (decays && !stepped);
        let unused = [
            ("decay", options.decay.is_some() && !decays),
            ("steps", !options.steps.is_empty() && !stepped),
            ("half", options.half.is_some() && !halved),
            ("cutoff", options.cutoff.is_some() && !cut),
            ("scale", options.scale.is_some() && !measures.contains(&NamedMeasure::LogSum)),
        ];
        match unused.iter().find(|(_, unused)| *unused) {
            Some((name, _)) => Err(fault(
                name,
                "no measure that is asked for takes it: remove it, or name the decay that does",
            )),
            None => Ok(()),
        }
    }

    fn cost(&self, name: &str, value: Option<f64>) -> Result<Cost> {
        let value = value.ok_or_else(|| {
            fault(name, "it is needed: give it in minutes, or in metres for a matrix of lengths")
        })?;
        cost(name, value, self.matrix.unit())
    }

    fn decay(&self) -> Result<Box<dyn Decay>> {
        let options = self.options;
        let cutoff = || self.cost("cutoff", options.cutoff);
        let half = || self.cost("half", options.half);
        let zero_or_half = || match (options.cutoff, options.half) {
            (Some(_), Some(_)) => {
                Err(fault("half", "this decay is stated by its cutoff or by its half: leave out one"))
            }
            (None, Some(_)) => Ok((half()?, false)),
            _ => Ok((cutoff()?, true)),
        };
        Ok(match options.decay.unwrap_or(NamedDecay::Binary) {
            NamedDecay::Binary => Box::new(Binary::within(cutoff()?)),
            NamedDecay::Stepped => {
                let band = |&(to, weight): &(f64, f64)| Ok((cost("steps", to, self.matrix.unit())?, weight));
                let bands: Vec<(Cost, f64)> = options.steps.iter().map(band).collect::<Result<_>>()?;
                if bands.is_empty() {
                    return Err(fault("steps", "it is needed: give bands such as 10:1,20:0.68,30:0.22"));
                }
                Box::new(Stepped::new(bands)?)
            }
            NamedDecay::Linear => match zero_or_half()? {
                (at, true) => Box::new(Linear::to_zero_at(at)),
                (at, false) => Box::new(Linear::half_at(at)),
            },
            NamedDecay::Exponential => Box::new(Exponential::half_at(half()?, cutoff()?)?),
            NamedDecay::Gaussian => Box::new(Gaussian::half_at(half()?, cutoff()?)?),
            NamedDecay::TruncatedGaussian => match zero_or_half()? {
                (at, true) => Box::new(TruncatedGaussian::to_zero_at(at)),
                (at, false) => Box::new(TruncatedGaussian::half_at(at)),
            },
            NamedDecay::Kernel => match zero_or_half()? {
                (at, true) => Box::new(Kernel::to_zero_at(at)),
                (at, false) => Box::new(Kernel::half_at(at)),
            },
        })
    }

    /// All catchment measures, in their order.
    fn catchments(&self, measures: &[NamedMeasure]) -> Result<Vec<Vec<Option<f64>>>> {
        let forms: Vec<CatchmentForm> = measures.iter().filter_map(|measure| measure.form()).collect();
        let (Some(supply), Some(demand), false) = (&self.supply, &self.demand, forms.is_empty()) else {
            return Ok(vec![]);
        };
        let found = catchments(&self.matrix, supply, demand, self.decay()?.as_ref(), &forms)?;
        Ok(found.into_iter().map(|found| found.access.into_iter().map(Some).collect()).collect())
    }

    fn values(&self, measure: NamedMeasure) -> Result<Vec<Option<f64>>> {
        let none = vec![];
        let supply = self.supply.as_ref().unwrap_or(&none);
        let demand = self.demand.as_ref().unwrap_or(&none);
        let matrix = &self.matrix;
        let known = |values: Vec<f64>| values.into_iter().map(Some).collect();
        Ok(match measure {
            NamedMeasure::Nearest => {
                let of = |cost: Option<Cost>| {
                    cost.map(|cost| match cost {
                        Cost::Time(time) => time.as_minutes_f64(),
                        Cost::Length(length) => length.as_metres_f64(),
                    })
                };
                nearest(matrix, NonZeroU32::MIN).into_iter().map(of).collect()
            }
            NamedMeasure::Cumulative => {
                let cutoff = self.cost("cutoff", self.options.cutoff)?;
                known(gravity(matrix, supply, &Binary::within(cutoff))?)
            }
            NamedMeasure::Gravity => known(gravity(matrix, supply, self.decay()?.as_ref())?),
            NamedMeasure::WeightedMean => weighted_mean(matrix, supply, self.decay()?.as_ref())?,
            NamedMeasure::LogSum => {
                let scale = self.cost("scale", self.options.scale)?;
                log_sum(matrix, supply, scale, self.cost("cutoff", self.options.cutoff)?)?
            }
            NamedMeasure::Availability => {
                known(spatial_availability(matrix, supply, demand, self.decay()?.as_ref(), 1.0)?.available)
            }
            NamedMeasure::Constrained => {
                known(totally_constrained(matrix, supply, self.decay()?.as_ref())?.available)
            }
            NamedMeasure::Passive => known(passive(matrix, demand, self.decay()?.as_ref())?),
            NamedMeasure::Crowdedness => {
                known(crowdedness(matrix, supply, demand, self.decay()?.as_ref())?.crowdedness)
            }
            NamedMeasure::TwoStep
            | NamedMeasure::Enhanced
            | NamedMeasure::ThreeStep
            | NamedMeasure::Modified
            | NamedMeasure::Huff
            | NamedMeasure::Balanced => vec![],
        })
    }
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
