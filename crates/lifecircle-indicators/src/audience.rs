//! Whom a service is for.

use lifecircle_taxonomy::Audience;
use lifecircle_types::{AgeBand, Group};

/// Whether a service is for a group: for everyone, for ages that overlap its own, for what its members have in common.
/// Of a group of which no age is told, such as permit holders, nobody knows who has the age of a service for some ages.
pub(crate) fn is_for(audiences: &[Audience], group: &Group) -> bool {
    audiences.is_empty()
        || audiences.iter().any(|audience| match audience {
            Audience::Everyone => true,
            Audience::Ages(ages) => group.age.is_some_and(|own| {
                let end = |band: AgeBand| band.to.unwrap_or(u8::MAX);
                ages.from <= end(own) && own.from <= end(*ages)
            }),
            Audience::Condition(key) => group.vulnerability.as_ref() == Some(key),
        })
}
