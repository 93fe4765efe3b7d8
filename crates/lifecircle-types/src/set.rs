//! Checks that every set makes at its door.

use crate::error::InvalidSet;

pub(crate) fn check_size(what: &'static str, rows: usize) -> Result<(), InvalidSet> {
    if u32::try_from(rows).is_ok_and(|rows| rows < u32::MAX) {
        Ok(())
    } else {
        Err(InvalidSet::TooMany { what, rows })
    }
}

/// Expects ids in ascending order.
pub(crate) fn check_unique<'a>(
    what: &'static str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<(), InvalidSet> {
    let mut last = None;
    for id in ids {
        if last == Some(id) {
            return Err(InvalidSet::DuplicateId { what, id: id.into() });
        }
        last = Some(id);
    }
    Ok(())
}
