//! Words that were meant: how far apart two spellings are, and which known word is nearest to one that is not.

/// Letters to change, add or leave out to get from `a` to `b`; words of more than 64 letters count as far apart.
///
/// O(length of `a` x length of `b`).
///
/// ```
/// # use lifecircle_types::spelling_distance;
/// assert_eq!(spelling_distance("population", "popluation"), 2);
/// ```
#[must_use]
pub fn spelling_distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 64;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut line: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut corner = line[0];
        line[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = corner + usize::from(from != to);
            corner = line[j + 1];
            line[j + 1] = changed.min(corner + 1).min(line[j] + 1);
        }
    }
    line[b.len()]
}

/// The word of `known` that is nearest to `word`, of equals the first in alphabetical order; `None` when there is
/// none.
///
/// ```
/// # use lifecircle_types::most_alike;
/// assert_eq!(most_alike("farmacy", ["park", "pharmacy"]), Some("pharmacy"));
/// ```
#[must_use]
pub fn most_alike<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known.into_iter().min_by_key(|known| (spelling_distance(&word, &known.to_lowercase()), *known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_between_words() {
        let check = |a: &str, b: &str, expected| assert_eq!(spelling_distance(a, b), expected, "{a} {b}");
        check("", "", 0);
        check("lon", "lat", 2);
        check("people", "", 6);
        check("人口", "人口数", 1);
    }

    #[test]
    fn case_does_not_matter_and_ties_go_by_the_alphabet() {
        assert_eq!(most_alike("SANTON", ["Bride", "Santon"]), Some("Santon"));
        assert_eq!(most_alike("b", ["c", "a"]), Some("a"));
        assert_eq!(most_alike("b", []), None);
    }
}
