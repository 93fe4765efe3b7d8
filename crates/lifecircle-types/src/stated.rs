//! Values that nobody measures here: they come from yearbooks, budgets and registers.

/// A value as a table states it, such as life expectancy or a budget.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StatedValue {
    /// What it is the value of: the key of an indicator, a norm or a figure, or a name that an indicator asks for.
    pub key: String,
    /// Code of the unit it speaks of; `None` is the whole place.
    pub unit: Option<String>,
    /// Its year; `None` is always.
    pub year: Option<u16>,
    /// The value, in the indicator's unit.
    pub value: f64,
    /// Where it comes from.
    pub source: Option<String>,
}
