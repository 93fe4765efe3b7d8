//! The curve of Lorenz: what part of all services reached belongs to the part of people that reaches least.

use lifecircle_access::Distribution;
use maud::{Markup, html};

use crate::number::{percent, plain};

const SIDE: f64 = 300.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 10.0;

/// Points of the curve kept in a drawing.
const POINTS: usize = 200;

/// The curve of values of people, by row, and the coefficient of Gini that goes with it; `None` where nobody has anything.
pub(crate) fn curve(values: &[f64], people: &[f64]) -> Option<(Vec<(f64, f64)>, f64)> {
    let shared = Distribution::new(values, people).ok()?;
    Some((shared.lorenz().ok()?, shared.gini().ok()?))
}

/// Draws the curve with its axes.
pub(crate) fn lorenz(title: &str, axes: (&str, &str), points: &[(f64, f64)]) -> Markup {
    let x = |share: f64| plain(LEFT + SIDE * share);
    let y = |share: f64| plain(TOP + SIDE * (1.0 - share));
    let step = points.len().div_ceil(POINTS).max(1);
    let kept = points.iter().enumerate().filter(|(at, _)| at % step == 0 || at + 1 == points.len());
    let course: Vec<String> = kept.map(|(_, point)| format!("{} {}", x(point.0), y(point.1))).collect();
    let course = course.join("L");
    html! {
        svg.chart.square viewBox={"0 0 " (plain(LEFT + SIDE + 14.0)) " " (plain(TOP + SIDE + 44.0))} role="img" aria-label=(title) {
            @for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
                line.grid x1=(x(share)) x2=(x(share)) y1=(y(0.0)) y2=(y(1.0)) {}
                line.grid x1=(x(0.0)) x2=(x(1.0)) y1=(y(share)) y2=(y(share)) {}
                text.tick x=(x(share)) y=(plain(TOP + SIDE + 16.0)) text-anchor="middle" { (percent(share)) }
                text.tick x=(plain(LEFT - 6.0)) y=(y(share)) text-anchor="end" { (percent(share)) }
            }
            path.under d={"M" (course) "L" (x(1.0)) " " (y(0.0)) "Z"} {}
            path.even d={"M" (x(0.0)) " " (y(0.0)) "L" (x(1.0)) " " (y(1.0))} {}
            path.curve d={"M" (course)} {}
            text x=(x(0.5)) y=(plain(TOP + SIDE + 36.0)) text-anchor="middle" { (axes.0) }
            text x="12" y=(y(0.5)) text-anchor="middle" transform={"rotate(-90 12 " (y(0.5)) ")"} { (axes.1) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_of_two_people_is_known_by_hand() {
        // one has 1, the other 3: half of the people have a quarter; G = 1 − 2·(1/16 + 5/16) = 1/4
        let (points, gini) = curve(&[3.0, 1.0], &[1.0, 1.0]).unwrap();
        assert_eq!(points, vec![(0.0, 0.0), (0.5, 0.25), (1.0, 1.0)]);
        assert!((gini - 0.25).abs() < 1e-12);
        let (even, none) = curve(&[2.0, 2.0], &[5.0, 1.0]).unwrap();
        assert_eq!(even.len(), 2, "people alike lie on one line");
        assert!(none.abs() < 1e-12);
        assert_eq!(curve(&[0.0], &[4.0]), None, "where nobody has anything there is nothing to share out");
    }
}
