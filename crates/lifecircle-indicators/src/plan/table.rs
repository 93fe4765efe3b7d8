//! A checked plan as a table.

use lifecircle_taxonomy::Confidence;
use lifecircle_types::{FeatureTable, InvalidSet};

use super::{Clause, PlanCheck};
use crate::tables::{flag, number, text};

/// A row per clause.
///
/// # Errors
/// Never: columns have names of their own.
pub fn clauses_table(check: &PlanCheck) -> Result<FeatureTable, InvalidSet> {
    let clauses = &check.clauses;
    let mut table = FeatureTable::new(clauses.len());
    let own = |what: fn(&Clause) -> Option<String>| text(clauses.iter().map(what));
    table.push("key", own(|clause| Some(clause.key.clone())))?;
    table.push("pack", own(|clause| Some(clause.pack.clone())))?;
    table.push("asks", own(|clause| Some(clause.asks.clone())))?;
    table.push("verdict", own(|clause| Some(clause.verdict.to_string())))?;
    table.push("needs", number(clauses.iter().map(|clause| clause.needs)))?;
    table.push("has", number(clauses.iter().map(|clause| clause.has)))?;
    table.push("reason", own(|clause| clause.reason.clone()))?;
    table.push("requirement", own(|clause| clause.requirement.map(|asked| asked.to_string())))?;
    table.push("confidence", own(|clause| Some(clause.confidence.to_string())))?;
    let unconfirmed = |clause: &Clause| Some(clause.confidence == Confidence::Memory);
    table.push("unconfirmed", flag(clauses.iter().map(unconfirmed)))?;
    table.push("source", own(|clause| Some(clause.source.clone())))?;
    Ok(table)
}
