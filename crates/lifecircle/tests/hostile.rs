//! Damaged texts of packs, catalogues and studies: an error that names the file, or a value; never a panic.

use lifecircle::config::StudyConfig;
use lifecircle::taxonomy::{Catalogue, Pack};
use lifecircle_testkit::hostile::{damaged, noise};
use proptest::prelude::{ProptestConfig, prop_assert, proptest};

const PACK: &str = include_str!("../../lifecircle-taxonomy/data/packs/cn-gb50180.toml");
const CATALOGUE: &str = include_str!("../../lifecircle-taxonomy/data/catalogue/health.toml");
const STUDY: &str = include_str!("../../../examples/isle-of-man/study.toml");

/// The first part of a text, so that damage hits more than comments and repetitions.
fn start(text: &str) -> Vec<u8> {
    text.as_bytes()[..text.len().min(3000)].to_vec()
}

fn read_all(bytes: &[u8]) -> Vec<Option<String>> {
    let text = String::from_utf8_lossy(bytes);
    vec![
        Pack::from_toml("x.toml", &text).err().map(|error| error.to_string()),
        Catalogue::builtin_with(&[("x.toml", &text)]).err().map(|error| error.to_string()),
        StudyConfig::from_toml("x.toml", &text).err().map(|error| error.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_texts_are_errors_or_values(
        pack in damaged(start(PACK)), catalogue in damaged(start(CATALOGUE)), study in damaged(start(STUDY)), noise in noise(),
    ) {
        for bytes in [pack, catalogue, study, noise] {
            for message in read_all(&bytes).into_iter().flatten() {
                prop_assert!(message.starts_with("x.toml"), "{message}");
            }
        }
    }
}

#[test]
fn the_sound_texts_are_values() {
    let own = PACK.replacen("key = \"cn-gb50180\"", "key = \"own\"", 1);
    assert!(Pack::from_toml("x.toml", &own).is_ok());
    let message = Catalogue::builtin_with(&[("x.toml", CATALOGUE)]).unwrap_err().to_string();
    assert!(message.contains("is described twice, first in health.toml"), "sound, and built in: {message}");
    assert!(StudyConfig::from_toml("x.toml", STUDY).is_ok());
}
