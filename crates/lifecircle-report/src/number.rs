//! Numbers as people write them. They read alike in both languages: digits in groups of three, a point for decimals.

use lifecircle_access::Coverage;
use lifecircle_indicators::{Range, ScoreRange};
use lifecircle_types::People;

/// What stands where there is no figure.
pub(crate) const NONE: &str = "–";

/// `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(crate) fn count(number: usize) -> String {
    grouped(number as u64)
}

/// Whole people.
pub(crate) fn people(people: People) -> String {
    grouped(people.rounded())
}

/// At most `decimals` digits after the point, no zeros at the end.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let whole = whole.parse().map_or_else(|_| whole.to_string(), grouped);
    let text = if part.is_empty() { whole } else { format!("{whole}.{part}") };
    if value < 0.0 && text.bytes().any(|digit| digit.is_ascii_digit() && digit != b'0') {
        format!("−{text}")
    } else {
        text
    }
}

/// A value in its unit: `14.3%`, `1,046 children`.
pub(crate) fn measured(value: &str, unit: &str) -> String {
    match unit {
        "" => value.into(),
        "%" => format!("{value}%"),
        unit => format!("{value} {unit}"),
    }
}

/// A share from 0 to 1 as `85.3 %`: never rounded up to all nor down to nothing.
pub(crate) fn percent(share: f64) -> String {
    let tenths = 1000.0 * share;
    let text = if share < 1.0 && tenths >= 999.5 {
        "99.9".to_string()
    } else if share > 0.0 && tenths < 0.5 {
        "0.1".to_string()
    } else {
        number(100.0 * share, 1)
    };
    format!("{text}%")
}

pub(crate) fn share(share: Option<f64>) -> String {
    share.map_or_else(|| NONE.into(), percent)
}

pub(crate) fn coverage(coverage: Coverage) -> String {
    share(coverage.share())
}

/// `81.2%`, or `81.2–85%` where the readings differ.
pub(crate) fn range(range: &Range) -> String {
    let (strict, lenient) = (coverage(range.strict), coverage(range.lenient));
    let rises = range.strict.share() <= range.lenient.share();
    let (low, high) = if rises { (strict, lenient) } else { (lenient, strict) };
    if low == high { low } else { format!("{}–{high}", low.trim_end_matches('%')) }
}

/// `71.4`, or `71.4–80`.
pub(crate) fn score(score: Option<ScoreRange>) -> String {
    let Some(ScoreRange { certain, at_most }) = score else { return NONE.into() };
    let (low, high) = (number(certain, 1), number(at_most, 1));
    if low == high { low } else { format!("{low}–{high}") }
}

/// `840 m` or `3.2 km`.
pub(crate) fn metres(metres: f64) -> String {
    if metres < 9_999.5 {
        format!("{} m", number(metres, 0))
    } else {
        format!("{} km", number(metres / 1000.0, 1))
    }
}

/// Square metres of a drawing, kilometres of a scale: `x` to two decimals without a grouping, as SVG reads it.
pub(crate) fn plain(x: f64) -> String {
    let text = format!("{x:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes_and_nothing_becomes_all() {
        assert_eq!(
            (grouped(0), grouped(999), grouped(1_234_567)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
        assert_eq!(
            (number(1234.50, 2), number(-0.004, 2), number(-3.25, 1)),
            ("1,234.5".into(), "0".into(), "−3.2".into())
        );
        assert_eq!(
            (percent(1.0), percent(0.99999), percent(0.0), percent(0.00001)),
            ("100%".into(), "99.9%".into(), "0%".into(), "0.1%".into())
        );
        assert_eq!((metres(840.4), metres(12_340.0)), ("840 m".into(), "12.3 km".into()));
        assert_eq!((plain(-0.001), plain(3.10), plain(40.0)), ("0".into(), "3.1".into(), "40".into()));
    }
}
