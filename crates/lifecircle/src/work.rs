//! Lists of work: what to rectify, projects, the plan of a year, and the history behind them.

use lifecircle_indicators::{
    Problem, Project, history_table, plan_of, problems_table, projects_table, to_rectify,
};
use lifecircle_types::FeatureTable;

use crate::Result;
use crate::outcome::Outcome;

/// What is written where a study keeps a history.
pub(crate) struct Work<'a> {
    pub(crate) history: FeatureTable,
    /// Tables by the name of their file.
    pub(crate) lists: [(&'static str, FeatureTable); 3],
    pub(crate) problems: Vec<&'a Problem>,
    pub(crate) plan: Vec<&'a Project>,
}

impl Outcome<'_> {
    /// The lists of work; `None` where the study keeps no history.
    pub(crate) fn work(&self) -> Result<Option<Work<'_>>> {
        let Some(history) = &self.history else {
            return Ok(None);
        };
        let problems: Vec<&Problem> = to_rectify(&self.problems).collect();
        let residents = self.study.residents();
        let rectification = problems_table(&problems, residents, self.study.facilities());
        let plan: Vec<&Project> = plan_of(&self.projects, self.study.date.year()).collect();
        Ok(Some(Work {
            history: self.noted("history", history_table(history))?,
            lists: [
                ("rectification", self.noted("rectification", rectification)?),
                ("projects", self.noted("projects", projects_table(&self.projects))?),
                ("plan", self.noted("plan", projects_table(&plan))?),
            ],
            problems,
            plan,
        }))
    }
}
