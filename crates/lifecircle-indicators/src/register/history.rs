//! The life of problems: found, verified, assigned, planned, in progress, accepted, closed or reopened.
//!
//! A history only grows. People write what they decide and do; a run writes what it measures: `found`, `closed` and
//! `reopened` are its words alone, so nothing is closed that was not measured again.

use std::collections::{BTreeMap, BTreeSet};

use lifecircle_types::{Date, ProblemEvent, ProblemStatus};
use thiserror::Error as ThisError;

use super::Problem;

/// Who writes what a run measures.
pub const RUN: &str = "re-measurement";

/// An event that cannot follow those before it.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("event {number}, `{problem}` {status}: {reason}")]
pub struct InvalidEvent {
    /// Its number, from 1.
    pub number: usize,
    /// Id of the problem.
    pub problem: String,
    /// What it says.
    pub status: ProblemStatus,
    /// Why it cannot follow, and what can.
    pub reason: String,
}

/// Events in the order in which they were written down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    events: Vec<ProblemEvent>,
    /// The events of every problem, the oldest first.
    of: BTreeMap<String, Vec<usize>>,
}

impl History {
    /// A history of events in their order.
    ///
    /// # Errors
    /// [`InvalidEvent`] for the first event that cannot follow those before it.
    pub fn new(events: impl IntoIterator<Item = ProblemEvent>) -> Result<Self, InvalidEvent> {
        let mut history = Self::default();
        for event in events {
            history.add(event)?;
        }
        Ok(history)
    }

    /// Adds what somebody decided or did.
    ///
    /// A problem moves forward, and may pass over steps. It has to be found first, its days never run backwards, and
    /// only a run says that it is found, closed or reopened.
    ///
    /// ```
    /// # use lifecircle_indicators::{History, RUN};
    /// # use lifecircle_types::{ProblemEvent, ProblemStatus};
    /// # let event = |status, by: &str| ProblemEvent { problem: "p".into(), date: "2025-07-01".parse().unwrap(), status,
    /// #     by: Some(by.into()), note: None, mode: None, due: None, budget: None };
    /// let mut history = History::new([event(ProblemStatus::Found, RUN)])?;
    /// history.add(event(ProblemStatus::Assigned, "Jinxiu sub-district"))?;
    /// assert!(history.add(event(ProblemStatus::Verified, "somebody")).is_err(), "it does not go back");
    /// assert!(history.add(event(ProblemStatus::Closed, "somebody")).is_err(), "only a run closes");
    /// # Ok::<(), lifecircle_indicators::InvalidEvent>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidEvent`] when it cannot follow.
    pub fn add(&mut self, event: ProblemEvent) -> Result<(), InvalidEvent> {
        let last = self.last(&event.problem);
        let of_run =
            matches!(event.status, ProblemStatus::Found | ProblemStatus::Closed | ProblemStatus::Reopened);
        let reason = if of_run != (event.by.as_deref() == Some(RUN)) {
            if of_run {
                Some(format!("only a run says so, by `{RUN}`: write `accepted`, and measure again"))
            } else {
                Some(format!("`{RUN}` stands for a run: name who decided it"))
            }
        } else {
            match last {
                None if event.status != ProblemStatus::Found => {
                    Some("no run has found it: check its id".to_owned())
                }
                None => None,
                Some(last) if event.date < last.date => {
                    Some(format!("{} is before {}, its last event", event.date, last.date))
                }
                Some(last) => follows(last.status, event.status).err(),
            }
        };
        if let Some(reason) = reason {
            let number = self.events.len() + 1;
            return Err(InvalidEvent { number, problem: event.problem, status: event.status, reason });
        }
        self.of.entry(event.problem.clone()).or_default().push(self.events.len());
        self.events.push(event);
        Ok(())
    }

    /// Every event, the oldest first.
    #[must_use]
    pub fn events(&self) -> &[ProblemEvent] {
        &self.events
    }

    /// The last event of a problem.
    #[must_use]
    pub fn last(&self, problem: &str) -> Option<&ProblemEvent> {
        self.of(problem).next_back()
    }

    /// The day on which a run first found a problem.
    #[must_use]
    pub fn found_on(&self, problem: &str) -> Option<Date> {
        self.of(problem).next().map(|event| event.date)
    }

    /// What a problem was last said of something: the due day, the budget or the mode of its latest event that names one.
    pub(super) fn latest<T>(&self, problem: &str, of: impl Fn(&ProblemEvent) -> Option<T>) -> Option<T> {
        self.of(problem).rev().find_map(of)
    }

    fn of(&self, problem: &str) -> impl DoubleEndedIterator<Item = &ProblemEvent> {
        self.of.get(problem).into_iter().flatten().map(|&at| &self.events[at])
    }

    /// Holds the problems of a run against the history: what is new is found, what is gone is closed, what was accepted
    /// or closed and is still there is reopened. Every problem gets its status.
    ///
    /// # Errors
    /// [`InvalidEvent`] when the run is older than the last event of a problem that it would write about.
    pub fn remeasure(&mut self, problems: &mut [Problem], day: Date) -> Result<(), InvalidEvent> {
        let event = |problem: &str, status, note: Option<String>| ProblemEvent {
            problem: problem.into(),
            date: day,
            status,
            by: Some(RUN.into()),
            note,
            mode: None,
            due: None,
            budget: None,
        };
        let found: BTreeSet<&str> = problems.iter().map(|problem| problem.id.as_str()).collect();
        let is_open = |id: &str| self.last(id).is_some_and(|last| last.status != ProblemStatus::Closed);
        let gone: Vec<String> =
            self.of.keys().filter(|id| !found.contains(id.as_str()) && is_open(id)).cloned().collect();
        for id in gone {
            self.add(event(&id, ProblemStatus::Closed, Some("not found any more".into())))?;
        }
        for problem in problems {
            let (status, note) = match self.last(&problem.id).map(|last| (last.status, last.date)) {
                None => (ProblemStatus::Found, Some(problem.evidence.to_string())),
                Some((ProblemStatus::Accepted, since)) => {
                    (ProblemStatus::Reopened, Some(format!("accepted on {since}, and still there")))
                }
                Some((ProblemStatus::Closed, since)) => {
                    (ProblemStatus::Reopened, Some(format!("closed on {since}, and there again")))
                }
                Some((status, _)) => {
                    problem.status = status;
                    continue;
                }
            };
            self.add(event(&problem.id, status, note))?;
            problem.status = status;
        }
        Ok(())
    }
}

/// Whether a status can follow another, and if not, why.
fn follows(before: ProblemStatus, after: ProblemStatus) -> Result<(), String> {
    use ProblemStatus::{Accepted, Closed, Found, Reopened};
    match (before, after) {
        (_, Found) => Err("it was found before: a run reopens it".into()),
        (Closed, Reopened) | (Accepted, Reopened) => Ok(()),
        (_, Reopened) => Err("only what was accepted or closed is reopened".into()),
        (Closed, _) => Err("it is closed: a run that finds it again reopens it".into()),
        (_, Closed) => Ok(()),
        (Reopened, _) => Ok(()),
        (before, after) if after > before => Ok(()),
        (before, _) => Err(format!("it is {before} already: a problem moves forward")),
    }
}
