//! The course of an indicator: from its baseline to its target, and where it heads.
//!
//! The path to a target is a straight line, `b + (T − b)(t − t₀)/(t₁ − t₀)`. Years are ends of years: a baseline of 2020
//! stands at the end of 2020, a target of 2025 has to be reached by the end of 2025, and the middle of 2025 is 2024.5. An
//! indicator is green at or beyond its path, amber within a tolerance of it, a part of the whole way, and red
//! otherwise.

use std::collections::BTreeMap;

use lifecircle_taxonomy::Goal;
use lifecircle_types::{Date, SeriesValue, word_enum};

use crate::indicator::{IndicatorResult, UnitValue};

word_enum! {
    /// How an indicator stands to its path.
    Light, "light" {
        /// At or beyond it.
        Green = "green",
        /// Behind it, within the tolerance.
        Amber = "amber",
        /// Behind it by more.
        Red = "red",
    }
}

/// A straight path from where something stood to where it has to be.
///
/// ```
/// use lifecircle_indicators::{Light, Path};
/// let path = Path { from: 65.7, from_time: 2020.0, to: 80.0, to_time: 2025.0 };
/// assert!((path.expected(2023.0) - 74.28).abs() < 1e-9);
/// assert!((path.way_gone(73.0).unwrap() - 0.510490).abs() < 1e-6);
/// assert_eq!(path.light(2023.0, 73.0, 0.1), Light::Amber, "1.28 behind, of a way of 14.3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    /// The value at the beginning.
    pub from: f64,
    /// The time of the beginning, in years.
    pub from_time: f64,
    /// The target.
    pub to: f64,
    /// The time by which it has to be reached.
    pub to_time: f64,
}

impl Path {
    /// The value that the path asks for at a time: the baseline before it begins, the target after its end.
    #[must_use]
    pub fn expected(&self, time: f64) -> f64 {
        let length = self.to_time - self.from_time;
        let gone = if length > 0.0 { ((time - self.from_time) / length).clamp(0.0, 1.0) } else { 1.0 };
        self.from + (self.to - self.from) * gone
    }

    /// The part of the way that has been gone, `(x − b)/(T − b)`; `None` where there is no way.
    #[must_use]
    pub fn way_gone(&self, value: f64) -> Option<f64> {
        let way = self.to - self.from;
        (way.abs() > 0.0).then(|| (value - self.from) / way)
    }

    /// How `value` stands to the path at a time; `tolerance` is a part of the whole way. Where the baseline keeps the
    /// target already, the way is as long as the target is large.
    #[must_use]
    pub fn light(&self, time: f64, value: f64, tolerance: f64) -> Light {
        let way = self.to - self.from;
        let behind = if way >= 0.0 { self.expected(time) - value } else { value - self.expected(time) };
        let length = if way.abs() > 0.0 { way.abs() } else { self.to.abs() };
        if behind <= 1e-9 * length {
            Light::Green
        } else if behind <= tolerance * length {
            Light::Amber
        } else {
            Light::Red
        }
    }
}

/// The slope per year and the value at `time` of the straight line through points of time and value by least squares;
/// `None` with fewer than two times.
///
/// ```
/// use lifecircle_indicators::trend;
/// let (a_year, then) = trend(&[(2022.0, 60.0), (2023.0, 62.0), (2024.0, 64.0)], 2025.0).unwrap();
/// assert!((a_year - 2.0).abs() < 1e-9 && (then - 66.0).abs() < 1e-9);
/// ```
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a number of points")]
pub fn trend(points: &[(f64, f64)], time: f64) -> Option<(f64, f64)> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_time, mean_value) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|(at, _)| (at - mean_time) * (at - mean_time)).sum();
    if points.len() < 2 || spread <= 0.0 {
        return None;
    }
    let together: f64 = points.iter().map(|(at, value)| (at - mean_time) * (value - mean_value)).sum();
    let slope = together / spread;
    Some((slope, mean_value + slope * (time - mean_time)))
}

/// The time of a day, in years whose ends are whole numbers.
fn time_of(day: Date) -> f64 {
    let year = day.year();
    let (first, next) = (Date::new(year, 1, 1), Date::new(year.saturating_add(1), 1, 1));
    let (gone, days) = match (first, next) {
        (Some(first), Some(next)) => (day.days_since(first) + 1, next.days_since(first)),
        _ => (1, 1),
    };
    f64::from(year) - 1.0 + f64::from(gone) / f64::from(days)
}

/// The course of an indicator in a unit or in the whole place.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Course {
    /// Key of the indicator.
    pub indicator: String,
    /// English name.
    pub en: String,
    /// Chinese name.
    pub zh: Option<String>,
    /// What the value counts.
    pub measured_in: String,
    /// Code of the unit; `None` is the whole place.
    pub unit: Option<String>,
    /// Its name, or its code.
    pub label: String,
    /// The value; `None` where it is not known exactly.
    pub value: Option<f64>,
    /// Where the path begins.
    pub baseline: f64,
    /// When, in years.
    pub baseline_time: f64,
    /// Whether no pack states a baseline, and the path begins with the first value of the series.
    pub begins_with_series: bool,
    /// The end of the target that counts.
    pub target: f64,
    /// By the end of this year.
    pub target_year: u16,
    /// What the path asks for on the study's day.
    pub expected: f64,
    /// How the value stands to it.
    pub light: Option<Light>,
    /// The part of the way that has been gone.
    pub way_gone: Option<f64>,
    /// Values behind the trend, this run's among them.
    pub points: usize,
    /// Change per year.
    pub per_year: Option<f64>,
    /// Where the trend leads by the target year.
    pub forecast: Option<f64>,
    /// Whether the target will be kept if it goes on like that.
    pub on_course: Option<bool>,
}

/// The courses of indicators that have a target with a year and a baseline, the packs' or the first value of the series.
/// Values of the series that were measured by another pack do not count, nor do those of the study's day or later.
#[must_use]
pub fn courses(
    results: &[IndicatorResult],
    series: &[SeriesValue],
    day: Date,
    tolerance: f64,
) -> Vec<Course> {
    let mut before: BTreeMap<(&str, Option<&str>), Vec<&SeriesValue>> = BTreeMap::new();
    for value in series.iter().filter(|value| value.date < day) {
        before.entry((&value.indicator, value.unit.as_deref())).or_default().push(value);
    }
    let mut found = Vec::new();
    for result in results {
        let key = result.applied.indicator.key.as_str();
        for value in &result.values {
            let earlier = before.get(&(key, value.unit.as_deref())).map_or(&[][..], Vec::as_slice);
            let mut earlier: Vec<&SeriesValue> =
                earlier.iter().copied().filter(|earlier| earlier.pack == result.applied.pack).collect();
            earlier.sort_by_key(|earlier| earlier.date);
            found.extend(course(result, value, &earlier, day, tolerance));
        }
    }
    found
}

fn course(
    result: &IndicatorResult,
    value: &UnitValue,
    earlier: &[&SeriesValue],
    day: Date,
    tolerance: f64,
) -> Option<Course> {
    let indicator = &result.applied.indicator;
    let goal: Goal = value.target?;
    let (target, year) = (goal.amount.at_least.or(goal.amount.at_most)?, goal.year?);
    let now = value.year.map_or(f64::INFINITY, f64::from).min(time_of(day));
    // a value of a year that a series holds already is no second measurement
    let earlier = || earlier.iter().filter(|earlier| time_of(earlier.date) < now - 1e-9);
    let stated = value.baseline.map(|baseline| (f64::from(baseline.year), baseline.value));
    let first = earlier().next().map(|first| (time_of(first.date), first.value));
    let (baseline_time, baseline) = stated.or(first)?;
    let path = Path { from: baseline, from_time: baseline_time, to: target, to_time: f64::from(year) };
    let known = value.value.filter(|_| value.is_exact);
    let mut points: Vec<(f64, f64)> = stated.into_iter().collect();
    points.extend(earlier().map(|earlier| (time_of(earlier.date), earlier.value)));
    points.extend(known.map(|known| (now, known)));
    let headed = trend(&points, f64::from(year));
    Some(Course {
        indicator: indicator.key.clone(),
        en: indicator.en.clone(),
        zh: indicator.zh.clone(),
        measured_in: indicator.unit.clone(),
        unit: value.unit.clone(),
        label: value.label.clone(),
        value: known,
        baseline,
        baseline_time,
        begins_with_series: stated.is_none(),
        target,
        target_year: year,
        expected: path.expected(now),
        light: known.map(|known| {
            // beyond a target that the baseline kept already is no way back
            if goal.holds(known) { Light::Green } else { path.light(now, known, tolerance) }
        }),
        way_gone: known.and_then(|known| path.way_gone(known)),
        points: points.len(),
        per_year: headed.map(|(slope, _)| slope),
        forecast: headed.map(|(_, then)| then),
        on_course: headed.map(|(_, then)| goal.holds(then)),
    })
}

/// A series with what this run measured exactly: values of the same day are replaced, all others stay. A stated value of
/// a year that is over belongs to the last day of that year, however often it is stated.
#[must_use]
pub fn continued_series(results: &[IndicatorResult], series: &[SeriesValue], day: Date) -> Vec<SeriesValue> {
    let new = results.iter().flat_map(|result| {
        result.values.iter().filter(|value| value.is_exact).filter_map(|value| {
            let year_over = value.year.and_then(|year| Date::new(year, 12, 31)).filter(|end| *end < day);
            Some(SeriesValue {
                date: year_over.unwrap_or(day),
                indicator: result.applied.indicator.key.clone(),
                unit: value.unit.clone(),
                value: value.value?,
                pack: result.applied.pack.clone(),
            })
        })
    });
    let kept = series.iter().filter(|value| value.date != day).cloned();
    let mut all: BTreeMap<(Date, String, Option<String>), SeriesValue> = BTreeMap::new();
    for value in kept.chain(new) {
        all.insert((value.date, value.indicator.clone(), value.unit.clone()), value);
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_end_in_whole_numbers() {
        let time = |day: &str| time_of(day.parse().unwrap());
        assert!((time("2025-12-31") - 2025.0).abs() < 1e-12);
        assert!((time("2024-12-31") - 2024.0).abs() < 1e-12);
        assert!((time("2025-07-02") - 2024.5).abs() < 0.002, "{}", time("2025-07-02"));
        assert!(time("2025-01-01") > 2024.0);
    }

    #[test]
    fn the_path_of_the_plan() {
        // evaluation.md 11
        let path = Path { from: 65.7, from_time: 2020.0, to: 80.0, to_time: 2025.0 };
        for (year, expected) in
            [(2019.0, 65.7), (2021.0, 68.56), (2024.0, 77.14), (2025.0, 80.0), (2030.0, 80.0)]
        {
            assert!((path.expected(year) - expected).abs() < 1e-9, "{year}");
        }
    }

    #[test]
    fn downward_paths_are_behind_when_the_value_is_too_high() {
        let path = Path { from: 10.0, from_time: 2020.0, to: 0.0, to_time: 2030.0 };
        assert_eq!(path.light(2025.0, 5.0, 0.1), Light::Green);
        assert_eq!(path.light(2025.0, 4.0, 0.1), Light::Green);
        assert_eq!(path.light(2025.0, 6.0, 0.1), Light::Amber);
        assert_eq!(path.light(2025.0, 6.5, 0.1), Light::Red);
        let flat = Path { from: 80.0, to: 80.0, ..path };
        assert_eq!(
            (flat.light(2025.0, 79.0, 0.1), flat.light(2025.0, 60.0, 0.1)),
            (Light::Amber, Light::Red)
        );
        assert_eq!(flat.way_gone(79.0), None);
    }

    #[test]
    fn a_trend_needs_two_times() {
        assert_eq!(trend(&[(2024.0, 1.0)], 2025.0), None);
        assert_eq!(trend(&[(2024.0, 1.0), (2024.0, 3.0)], 2025.0), None);
        assert_eq!(trend(&[], 2025.0), None);
    }
}
