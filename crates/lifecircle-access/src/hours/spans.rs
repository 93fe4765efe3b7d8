//! Spans of time round a period, as half-open pairs of whole numbers.

/// Puts spans of a line into order and joins those that touch.
pub(super) fn join(spans: &mut Vec<(u32, u32)>) {
    spans.sort_unstable();
    let mut last = 0;
    for at in 1..spans.len() {
        if spans[at].0 <= spans[last].1 {
            spans[last].1 = spans[last].1.max(spans[at].1);
        } else {
            last += 1;
            spans[last] = spans[at];
        }
    }
    spans.truncate(spans.len().min(last + 1));
}

/// Adds `start..start + length` round `period` to spans of a line from 0 to `period`.
pub(super) fn lay(start: u64, length: u64, period: u32, line: &mut Vec<(u32, u32)>) {
    if length >= u64::from(period) {
        line.push((0, period));
        return;
    }
    // both are below the period, which fits 32 bits
    let narrow = |value: u64| u32::try_from(value).unwrap_or(period);
    let start = start % u64::from(period);
    let end = start + length;
    line.push((narrow(start), narrow(end.min(u64::from(period)))));
    if end > u64::from(period) {
        line.push((0, narrow(end - u64::from(period))));
    }
}

/// The joined spans of a line as arcs of a circle: one that ends with the period goes on with one that starts it.
pub(super) fn round(line: &[(u32, u32)], period: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
    let around = match line {
        [first, .., last] if first.0 == 0 && last.1 == period => Some(first.1),
        _ => None,
    };
    let kept = if around.is_some() { &line[1..] } else { line };
    let last = kept.len().saturating_sub(1);
    kept.iter()
        .enumerate()
        .map(move |(at, &(start, end))| (start, end - start + around.filter(|_| at == last).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_beyond_the_end_is_at_the_start() {
        let mut line = vec![];
        lay(22, 4, 24, &mut line);
        lay(34, 2, 24, &mut line);
        join(&mut line);
        assert_eq!(line, [(0, 2), (10, 12), (22, 24)]);
        // as starts and lengths
        assert_eq!(round(&line, 24).collect::<Vec<_>>(), [(10, 2), (22, 4)]);
        lay(2, 20, 24, &mut line);
        join(&mut line);
        assert_eq!(line, [(0, 24)]);
        assert_eq!(round(&line, 24).collect::<Vec<_>>(), [(0, 24)]);
        line.clear();
        join(&mut line);
        assert_eq!(round(&line, 24).next(), None);
    }
}
