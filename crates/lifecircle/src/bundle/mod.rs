//! Bundles: results with everything they follow from in one file, and the check that they do.
//!
//! A bundle is a ZIP archive:
//!
//! | Holds | What |
//! |---|---|
//! | `manifest.json` | length and SHA-256 of every other file, versions, canonical hashes, attribution ([`Manifest`]) |
//! | `study/` | the study's own file and, by their paths, the files that it reads from its folder |
//! | `outside/` | files that it reads from elsewhere; the manifest has the names by which the study calls them |
//! | `packs/` | the built-in packs that were used, with all that they inherit |
//! | `results/` | what [`Outcome::write`](crate::Outcome::write) writes |
//! | `README.txt` | words for whoever opens it |
//!
//! A run that is checked reads the bundle in memory: nothing is unpacked anywhere.

mod archive;
mod difference;
mod manifest;
mod verify;
mod write;

pub use difference::Difference;
pub use manifest::{BUNDLE_FORMAT, BundledFile, FileRole, Manifest};
pub use verify::{Finding, Note, Verification, verify_bundle};
pub use write::{Bundled, write_bundle};

const MANIFEST: &str = "manifest.json";
const README: &str = "README.txt";
const STUDY: &str = "study";
const OUTSIDE: &str = "outside";
const PACKS: &str = "packs";
const RESULTS: &str = "results";
