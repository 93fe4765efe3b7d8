//! Columns of tables that have a row for each of some things.

use lifecircle_indicators::Range;
use lifecircle_types::{ColumnValues, FeatureTable, InvalidSet};

/// What a table has rows for.
pub(crate) struct Rows<'a, R>(pub(crate) &'a [R]);

impl<'a, R> Rows<'a, R> {
    pub(crate) fn text<T: Into<String>>(&self, of: impl Fn(&'a R) -> Option<T>) -> ColumnValues {
        ColumnValues::Text(self.0.iter().map(|row| of(row).map(Into::into)).collect())
    }

    pub(crate) fn number(&self, of: impl Fn(&'a R) -> Option<f64>) -> ColumnValues {
        ColumnValues::Number(self.0.iter().map(of).collect())
    }

    /// Whole numbers; one that is too large is left out.
    pub(crate) fn whole<N: TryInto<i64>>(&self, of: impl Fn(&'a R) -> Option<N>) -> ColumnValues {
        ColumnValues::Integer(self.0.iter().map(|row| of(row)?.try_into().ok()).collect())
    }

    /// How many of a range there are and which share they have, each for certain and at most.
    pub(crate) fn range<'c>(
        &self,
        [people, people_lenient, share, share_lenient]: [&'c str; 4],
        of: impl Fn(&'a R) -> Option<Range>,
    ) -> [(&'c str, ColumnValues); 4] {
        [
            (people, self.number(|row| Some(of(row)?.strict.covered.as_f64()))),
            (people_lenient, self.number(|row| Some(of(row)?.lenient.covered.as_f64()))),
            (share, self.number(|row| of(row)?.strict.share())),
            (share_lenient, self.number(|row| of(row)?.lenient.share())),
        ]
    }

    /// The table of some columns.
    ///
    /// # Errors
    /// [`InvalidSet`] when two columns have one name.
    pub(crate) fn table<'c>(
        &self,
        columns: impl IntoIterator<Item = (&'c str, ColumnValues)>,
    ) -> Result<FeatureTable, InvalidSet> {
        let mut table = FeatureTable::new(self.0.len());
        columns.into_iter().try_for_each(|(name, values)| table.push(name, values))?;
        Ok(table)
    }
}

/// The rows of every question's answer, each with its question; a question without any has one row of its own.
pub(crate) fn of_questions<Q, R>(questions: &[Q], rows: impl Fn(&Q) -> [&[R]; 2]) -> Vec<(&Q, Option<&R>)> {
    let each = |question| {
        let [whole, units] = rows(question);
        let found = whole.iter().chain(units).map(move |row| (question, Some(row)));
        let none = (whole.is_empty() && units.is_empty()).then_some((question, None));
        none.into_iter().chain(found)
    };
    questions.iter().flat_map(each).collect()
}
