//! Sections of the page. Each is `None` where there is nothing to tell.

mod groups;
mod indicators;
mod maps;
mod methods;
mod monitoring;
mod problems;
mod scores;
mod services;
mod sources;
mod summary;
mod units;
mod work;

pub(crate) use groups::groups;
pub(crate) use indicators::{distinct, indicators};
pub(crate) use maps::{maps, script_words};
pub(crate) use methods::methods;
pub(crate) use monitoring::{monitoring, unreached};
pub(crate) use problems::problems;
pub(crate) use scores::scores;
pub(crate) use services::services;
pub(crate) use sources::sources;
pub(crate) use summary::summary;
pub(crate) use units::units;
pub(crate) use work::work;
