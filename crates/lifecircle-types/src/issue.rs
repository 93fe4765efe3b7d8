//! Dirty data is a value, not an error: what was noticed, and where every input row went.

use core::fmt;

crate::word_enum! {
    /// How much an issue matters.
    Severity, "severity" {
        /// Good to know.
        Note = "note",
        /// The result may be off.
        Warning = "warning",
    }
}

/// Something noticed about one element of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issue {
    /// What kind of thing, in words that are the same for all of its kind.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// The element: a file's row, or an id such as `way/123`.
    pub subject: String,
    /// What was seen and done.
    pub detail: String,
}

/// How many issues of one kind there were, with the first few.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IssueCount {
    /// The kind.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// How many.
    pub count: u64,
    /// The first, in the order of their subjects, at most [`Issues::EXAMPLES`].
    pub examples: Vec<Issue>,
}

/// Issues by kind: all are counted, a few of each kind are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issues {
    kinds: Vec<IssueCount>,
}

impl Issues {
    /// Examples kept per kind.
    pub const EXAMPLES: usize = 20;

    /// Nothing noticed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts an issue.
    pub fn push(
        &mut self,
        severity: Severity,
        kind: impl Into<String>,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) {
        let kind = kind.into();
        let issue = Issue { kind: kind.clone(), severity, subject: subject.into(), detail: detail.into() };
        let entry = match self.kinds.binary_search_by(|known| known.kind.cmp(&kind)) {
            Ok(at) => &mut self.kinds[at],
            Err(at) => {
                self.kinds.insert(at, IssueCount { kind, severity, count: 0, examples: vec![] });
                &mut self.kinds[at]
            }
        };
        entry.count += 1;
        entry.severity = entry.severity.max(severity);
        let at = entry.examples.partition_point(|known| known <= &issue);
        if at < Self::EXAMPLES {
            entry.examples.insert(at, issue);
            entry.examples.truncate(Self::EXAMPLES);
        }
    }

    /// Adds everything of `other`.
    pub fn extend(&mut self, other: Self) {
        for kind in other.kinds {
            let unseen = kind.count - kind.examples.len() as u64;
            for issue in kind.examples {
                self.push(issue.severity, issue.kind, issue.subject, issue.detail);
            }
            if let Ok(at) = self.kinds.binary_search_by(|known| known.kind.cmp(&kind.kind)) {
                self.kinds[at].count += unseen;
            }
        }
    }

    /// Kinds in alphabetical order.
    #[must_use]
    pub fn kinds(&self) -> &[IssueCount] {
        &self.kinds
    }

    /// How many issues there are in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.kinds.iter().map(|kind| kind.count).sum()
    }
}

/// What became of the rows of one input.
///
/// Every row is used as it stands, moved (used at another position, such as a point on a street) or rejected
/// with a reason; `rows` is counted where rows are read, the others where they are decided, so the balance is
/// a check and not a definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fate {
    /// Rows of the input.
    pub rows: u64,
    /// Used as they stand.
    pub used: u64,
    /// Used at another position.
    pub moved: u64,
    /// Rejected, by reason in alphabetical order.
    pub rejected: Vec<(String, u64)>,
}

impl Fate {
    /// Counts a rejected row.
    pub fn reject(&mut self, reason: &str) {
        self.reject_many(reason, 1);
    }

    fn reject_many(&mut self, reason: &str, count: u64) {
        match self.rejected.binary_search_by(|(known, _)| known.as_str().cmp(reason)) {
            Ok(at) => self.rejected[at].1 += count,
            Err(at) => self.rejected.insert(at, (reason.into(), count)),
        }
    }

    /// Rejected rows in all.
    #[must_use]
    pub fn rejected_total(&self) -> u64 {
        self.rejected.iter().map(|(_, count)| count).sum()
    }

    /// Whether every row ended somewhere.
    ///
    /// ```
    /// # use lifecircle_types::Fate;
    /// let mut fate = Fate { rows: 3, used: 2, ..Fate::default() };
    /// assert!(!fate.balances());
    /// fate.reject("no position");
    /// assert!(fate.balances());
    /// ```
    #[must_use]
    pub fn balances(&self) -> bool {
        self.rows == self.used + self.moved + self.rejected_total()
    }
}

impl core::ops::AddAssign<&Self> for Fate {
    fn add_assign(&mut self, part: &Self) {
        self.rows += part.rows;
        self.used += part.used;
        self.moved += part.moved;
        for (reason, count) in &part.rejected {
            self.reject_many(reason, *count);
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} rows: {} used, {} moved, {} rejected",
            self.rows,
            self.used,
            self.moved,
            self.rejected_total()
        )?;
        for (at, (reason, count)) in self.rejected.iter().enumerate() {
            write!(f, "{}{count} {reason}", if at == 0 { " (" } else { ", " })?;
        }
        if self.rejected.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

/// A value read from dirty data, with what was noticed and where the rows went.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported<T> {
    /// The value.
    pub value: T,
    /// What was noticed.
    pub issues: Issues,
    /// Where the rows went.
    pub fate: Fate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_by_subject_are_kept_in_any_order() {
        let fill = |order: &mut dyn Iterator<Item = u32>| {
            let mut issues = Issues::new();
            order.for_each(|n| issues.push(Severity::Note, "cut way", format!("way/{n:04}"), ""));
            issues
        };
        let forth = fill(&mut (0..50));
        assert_eq!(forth, fill(&mut (0..50).rev()));
        assert_eq!((forth.total(), forth.kinds()[0].examples.len()), (50, Issues::EXAMPLES));
        let mut both = forth.clone();
        both.extend(forth);
        assert_eq!(both.total(), 100);
    }
}
