//! What scores may be made of: keys of the pack, and never themselves.

use lifecircle_types::most_alike;

use super::{Figure, Indicator, Norm, Score, Scored};

/// The keys that parts of scores may name.
pub(super) struct Known<'a> {
    pub norms: &'a [Norm],
    pub figures: &'a [Figure],
    pub indicators: &'a [Indicator],
}

impl Known<'_> {
    pub(super) fn check(&self, score: &Score, scores: &[String]) -> Result<(), String> {
        let norms = self.norms.iter().map(|norm| norm.key.as_str());
        let figures = self.figures.iter().map(|figure| figure.key.as_str());
        let indicators = self.indicators.iter().map(|indicator| indicator.key.as_str());
        let mut measured: Vec<&str> = norms.chain(figures).chain(indicators).collect();
        measured.sort_unstable();
        let asked = score.parts.iter().filter_map(|part| match &part.of {
            Scored::Indicator(key) => {
                Some((key, "indicator, norm or figure", measured.binary_search(&key.as_str()).is_ok()))
            }
            Scored::Score(key) => Some((key, "score", scores.contains(key))),
            Scored::Axis(..) | Scored::FriendlyFor(..) => None,
        });
        let conditions = score.eligible.iter().map(|condition| {
            let key = &condition.indicator;
            (key, "indicator, norm or figure", measured.binary_search(&key.as_str()).is_ok())
        });
        for (key, what, is_known) in asked.chain(conditions) {
            if !is_known {
                let all = measured.iter().copied().chain(scores.iter().map(String::as_str));
                let nearest = most_alike(key, all).unwrap_or_default();
                return Err(format!("the pack has no {what} `{key}`; did you mean `{nearest}`?"));
            }
        }
        Ok(())
    }
}

/// A way along which scores come back to themselves, if there is one.
pub(super) fn circle_of(scores: &[Score]) -> Option<String> {
    fn walk<'a>(
        scores: &'a [Score],
        key: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut Vec<&'a str>,
    ) -> Option<String> {
        if way.contains(&key) {
            return Some(format!("{} → {key}", way.join(" → ")));
        }
        if done.contains(&key) {
            return None;
        }
        way.push(key);
        for score in scores.iter().filter(|score| score.key == key) {
            for part in &score.parts {
                if let Scored::Score(next) = &part.of
                    && let Some(circle) = walk(scores, next, way, done)
                {
                    return Some(circle);
                }
            }
        }
        way.pop();
        done.push(key);
        None
    }
    let mut done = Vec::new();
    scores.iter().find_map(|score| walk(scores, &score.key, &mut Vec::new(), &mut done))
}
