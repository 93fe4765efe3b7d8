#![doc = include_str!("../README.md")]

pub mod browser;
pub mod grid_town;
pub mod hostile;
pub mod oracle;
